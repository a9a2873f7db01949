/* RRC messages over F1AP (38.473 8.4): those of SRB0 as they are, those of SRB1 and SRB2 as PDCP PDUs. */
#include "gnb/cucp/internal.h"

enum { SN_MASK = 0xfff }; /* of SRBs, 38.323 6.3.2 */

static bool cell_find(const struct cucp_du *du, const struct f1ap_nr_cgi *cgi, uint8_t *out)
{
	struct ncgi wanted = cucp_cgi_of(cgi);

	for (uint8_t i = 0; i < du->cell_count; i++) {
		if (du->cells[i].cgi.nci != wanted.nci || !plmn_equal(&du->cells[i].cgi.plmn, &wanted.plmn))
			continue;
		*out = i;
		return true;
	}
	return false;
}

/* 8.4.1: the UE's first message, and what it names. A DU UE F1AP ID that is in use again is of a UE that the
 * DU has no more. */
void cucp_initial_ul(struct cucp *c, uint32_t du, const struct f1ap_initial_ul_rrc_message_transfer *m)
{
	struct bytes cell_group = m->has_du_to_cu_rrc_container ? m->du_to_cu_rrc_container : BYTES_NONE;
	uint8_t memory[CUCP_ARENA_OCTETS], cell;
	struct rrc_ul_ccch_message rrc;
	struct per_diag diag;
	struct arena arena;
	struct cucp_ue *ue;
	bool ok;

	arena_init(&arena, memory, sizeof(memory), CUCP_ARENA_LIMIT);
	ok = rrc_decode(&rrc_ul_ccch_message_type, m->rrc_container, &arena, &rrc, &diag) &&
	     rrc.message.tag == RRC_UL_CCCH_MESSAGE_TYPE_TAG_C1 &&
	     cell_find(&c->dus[du], &m->nr_cgi, &cell) && m->c_rnti >= 0 && m->c_rnti <= UINT16_MAX;
	ue = ok ? cucp_ue_new(c, du, m->gnb_du_ue_f1ap_id, cell, (uint16_t)m->c_rnti) : NULL;
	c->stats.not_comprehended += !ok;
	if (ue && rrc.message.u.c1.tag == RRC_UL_CCCH_MESSAGE_TYPE_C1_TAG_RRC_SETUP_REQUEST) {
		cucp_setup_request(ue, &rrc.message.u.c1.u.rrc_setup_request, cell_group);
	} else if (ue &&
		   rrc.message.u.c1.tag == RRC_UL_CCCH_MESSAGE_TYPE_C1_TAG_RRC_REESTABLISHMENT_REQUEST) {
		cucp_reestablishment_request(ue, &rrc.message.u.c1.u.rrc_reestablishment_request, cell_group);
	} else if (ue) { /* resume, or system information on request */
		struct f1ap_cause cause = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);

		c->stats.not_comprehended++;
		cucp_lose(ue, &cause);
	}
	arena_fini(&arena);
}

static void dcch_handle(
	struct cucp_ue *ue, const struct rrc_ul_dcch_message_type_c1 *m, const struct sdu *sdu)
{
	switch (m->tag) {
	case RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_SETUP_COMPLETE:
		cucp_setup_complete(ue, &m->u.rrc_setup_complete);
		break;
	case RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_SECURITY_MODE_COMPLETE:
		cucp_security_answered(ue, m->u.security_mode_complete.rrc_transaction_identifier, sdu, true);
		break;
	case RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_SECURITY_MODE_FAILURE:
		cucp_security_answered(ue, m->u.security_mode_failure.rrc_transaction_identifier, sdu, false);
		break;
	case RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_UE_CAPABILITY_INFORMATION:
		cucp_capability_received(ue, &m->u.ue_capability_information);
		break;
	case RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_UL_INFORMATION_TRANSFER:
		cucp_nas_received(ue, &m->u.ul_information_transfer);
		break;
	case RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_RECONFIGURATION_COMPLETE:
		cucp_reconfiguration_complete(ue, &m->u.rrc_reconfiguration_complete);
		break;
	case RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_REESTABLISHMENT_COMPLETE:
		cucp_reestablishment_complete(ue, &m->u.rrc_reestablishment_complete);
		break;
	case RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_MEASUREMENT_REPORT:
		cucp_measurement_report(ue, &m->u.measurement_report);
		break;
	default:
		ue->c->stats.not_comprehended++;
	}
}

static void dcch_read(struct cucp_ue *ue, const struct sdu *sdu)
{
	uint8_t memory[CUCP_ARENA_OCTETS];
	struct rrc_ul_dcch_message m;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), CUCP_ARENA_LIMIT);
	if (rrc_decode(&rrc_ul_dcch_message_type, sdu_bytes(sdu), &arena, &m, &diag) &&
		m.message.tag == RRC_UL_DCCH_MESSAGE_TYPE_TAG_C1)
		dcch_handle(ue, &m.message.u.c1, sdu);
	else
		ue->c->stats.not_comprehended++;
	arena_fini(&arena);
}

/*
 * The UE ciphers what follows SecurityModeComplete (38.331 5.3.4.3), and RLC may bring that first: PDCP would
 * take it for plain. Only what is next in order goes to it until the answer has been read.
 */
static bool is_held(struct cucp_ue *ue, const struct rrc_srb *s, struct bytes pdu)
{
	struct cursor c = cursor_of(pdu);
	struct sdu *sdu;

	if (ue->procedure != CUCP_SECURITY || s->id != 1 ||
		(cursor_u16(&c) & SN_MASK) == (pdcp_rx_deliv(s->pdcp) & SN_MASK))
		return false;
	sdu = ue->held.count < CUCP_HELD_MAX ? sdu_of(ue->c->config.pool, pdu) : NULL;
	if (sdu)
		sdu_queue_put(&ue->held, sdu);
	else
		ue->c->stats.refused++;
	return true;
}

static void srb_receive(struct cucp_ue *ue, struct rrc_srb *s, struct sdu *sdu)
{
	struct cucp *c = ue->c;

	rrc_srb_receive(s, sdu, env_now_ns(c->config.env));
	while ((sdu = sdu_queue_take(&s->received))) {
		if (ue->procedure != CUCP_RELEASE)
			dcch_read(ue, sdu);
		sdu_free(c->config.pool, sdu);
	}
	c->stats.integrity_failures += s->integrity_failed; /* the UE notices a wrong key by itself */
	s->integrity_failed = false;
}

/* 8.4.3. No procedure of a message frees the UE: it is released by the DU's word, or by time. */
void cucp_ul(struct cucp *c, uint32_t du, const struct f1ap_ul_rrc_message_transfer *m)
{
	struct cucp_ue *ue = cucp_ue_find(c, du, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);
	struct rrc_srb *s = ue && m->srbid >= 1 && m->srbid <= RRC_SRB_MAX ? &ue->srb[m->srbid] : NULL;
	struct sdu *sdu;

	if (s && s->pdcp && is_held(ue, s, m->rrc_container))
		return;
	sdu = s && s->pdcp ? sdu_of(c->config.pool, m->rrc_container) : NULL;
	if (!sdu) {
		c->stats.refused += ue != NULL;
		return;
	}
	srb_receive(ue, s, sdu);
	while (ue->procedure != CUCP_SECURITY && ue->srb[1].pdcp && (sdu = sdu_queue_take(&ue->held)))
		srb_receive(ue, &ue->srb[1], sdu);
}
