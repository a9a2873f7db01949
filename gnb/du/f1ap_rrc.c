/* RRC message transfer at the DU (38.473 8.4), and the UE's beginning and loss. */
#include "gnb/du/f1ap_internal.h"

static void not_named(void *owner, struct timer *t)
{
	du_f1ap_ue_release(owner, container_of(t, struct du_f1ap_ue, silence));
}

static struct du_f1ap_ue *ue_new(struct du_f1ap *f, uint16_t c_rnti)
{
	struct du_f1ap_ue *ue = du_f1ap_ue_by_c_rnti(f, c_rnti) ? NULL : pool_alloc(&f->ues);
	uint32_t place;

	if (!ue) {
		f->stats.refused++;
		return NULL;
	}
	place = pool_index(&f->ues, ue);
	f->generations[place]++;
	ue->id = f->generations[place] << DU_F1AP_GENERATION_SHIFT | place;
	ue->c_rnti = c_rnti;
	hash_insert(&f->by_c_rnti, &ue->by_c_rnti, c_rnti, 0);
	timer_set(&f->timers, &ue->silence, env_now_ns(f->config.env) + DU_F1AP_CU_MS * (uint64_t)NS_PER_MS,
		not_named);
	return ue;
}

bool du_f1ap_ccch_received(struct du_f1ap *f, const struct ncgi *cell, uint16_t c_rnti, struct bytes rrc,
	struct bytes cell_group)
{
	struct du_f1ap_ue *ue = f->up ? ue_new(f, c_rnti) : NULL;
	uint8_t plmn[PLMN_OCTETS];
	struct f1ap_initial_ul_rrc_message_transfer m = { .c_rnti = c_rnti,
		.rrc_container = rrc,
		.has_du_to_cu_rrc_container = cell_group.len > 0,
		.du_to_cu_rrc_container = cell_group,
		.transaction_id = ++f->transaction };

	if (!ue)
		return false;
	plmn_to_ap(&cell->plmn, plmn);
	m.nr_cgi = (struct f1ap_nr_cgi){ BYTES(plmn), cell->nci };
	m.gnb_du_ue_f1ap_id = ue->id;
	if (du_f1ap_send(f, F1AP_MSG_INITIAL_UL_RRC_MESSAGE_TRANSFER, &m))
		return true;
	du_f1ap_ue_free(f, ue);
	return false;
}

void du_f1ap_srb_received(struct du_f1ap *f, uint16_t c_rnti, uint8_t srb, struct bytes pdcp_pdu)
{
	struct du_f1ap_ue *ue = du_f1ap_ue_by_c_rnti(f, c_rnti);
	struct f1ap_ul_rrc_message_transfer m = { .srbid = srb, .rrc_container = pdcp_pdu };

	if (!ue || !ue->has_cu_id) {
		f->stats.unknown_ue++;
		return;
	}
	m.gnb_cu_ue_f1ap_id = ue->cu_id;
	m.gnb_du_ue_f1ap_id = ue->id;
	may_fail(du_f1ap_send(f, F1AP_MSG_UL_RRC_MESSAGE_TRANSFER, &m));
}

void du_f1ap_link_failed(struct du_f1ap *f, uint16_t c_rnti, enum f1ap_cause_radio_network cause)
{
	struct du_f1ap_ue *ue = du_f1ap_ue_by_c_rnti(f, c_rnti);
	struct f1ap_ue_context_release_request m = { .cause = { .tag = F1AP_CAUSE_TAG_RADIO_NETWORK,
							     .u.radio_network = cause } };

	if (!ue)
		return;
	if (!ue->has_cu_id) { /* the CU has not said a word yet, and may name it later: then it is unknown */
		du_f1ap_ue_release(f, ue);
		return;
	}
	m.gnb_cu_ue_f1ap_id = ue->cu_id;
	m.gnb_du_ue_f1ap_id = ue->id;
	may_fail(du_f1ap_send(f, F1AP_MSG_UE_CONTEXT_RELEASE_REQUEST, &m));
}

/* 8.4.2.2, 38.401 8.7: the context that it had under its old name is the UE's. */
static void old_context(struct du_f1ap *f, const struct du_f1ap_ue *ue, uint32_t cu_id, uint32_t old_id)
{
	struct du_f1ap_ue *old = du_f1ap_ue_find(f, cu_id, old_id);
	uint16_t from;

	if (!old || old == ue)
		return;
	from = old->c_rnti;
	du_f1ap_ue_free(f, old);
	f->config.lower.moved(f->config.lower.arg, from, ue->c_rnti);
}

void du_f1ap_dl_rrc(struct du_f1ap *f, const struct f1ap_dl_rrc_message_transfer *m)
{
	struct du_f1ap_ue *ue = du_f1ap_ue_find(f, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);

	if (!ue) {
		du_f1ap_unknown_ue(f, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);
		return;
	}
	if (m->has_old_gnb_du_ue_f1ap_id)
		old_context(f, ue, m->gnb_cu_ue_f1ap_id, m->old_gnb_du_ue_f1ap_id);
	if (m->srbid == 0)
		f->config.lower.ccch_send(f->config.lower.arg, ue->c_rnti, m->rrc_container);
	else if (m->srbid <= 2)
		f->config.lower.srb_send(
			f->config.lower.arg, ue->c_rnti, (uint8_t)m->srbid, m->rrc_container);
	else
		f->stats.refused++;
}
