/* Messages as they come (38.331 5.1.2, clause 10): decoded, in order, to their procedures. */
#include "ue/rrc/internal.h"

static void dcch_handle(
	struct ue_rrc_connection *c, const struct rrc_dl_dcch_message_type_c1 *m, struct ue_rrc_message *of)
{
	switch (m->tag) {
	case RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_RECONFIGURATION:
		ue_rrc_reconfiguration(c, &m->u.rrc_reconfiguration, &of->arena);
		break;
	case RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_RELEASE:
		ue_rrc_release(c, &m->u.rrc_release);
		break;
	case RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_SECURITY_MODE_COMMAND:
		ue_rrc_security_mode_command(c, &m->u.security_mode_command, of->sdu);
		break;
	case RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_DL_INFORMATION_TRANSFER:
		ue_rrc_information(c, &m->u.dl_information_transfer);
		break;
	case RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_UE_CAPABILITY_ENQUIRY:
		ue_rrc_capability_enquiry(c, &m->u.ue_capability_enquiry, &of->arena);
		break;
	case RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_COUNTER_CHECK:
		ue_rrc_counter_check(c, &m->u.counter_check);
		break;
	default: /* 10.2: of a type that this UE does not have */
		c->stats.not_comprehended++;
	}
}

/* While it re-establishes, the UE has ears for the answer alone: whatever else comes without protection is
 * nobody's word. */
static bool is_in_state(
	const struct ue_rrc_connection *c, uint8_t srb, enum rrc_dl_dcch_message_type_c1_tag tag)
{
	bool is_answer = tag == RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_REESTABLISHMENT;
	bool is_srb2 = tag == RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_DL_INFORMATION_TRANSFER;

	return c->state == (is_answer ? UE_RRC_REESTABLISHING : UE_RRC_CONNECTED) && (srb == 1 || is_srb2) &&
	       (!timer_is_set(&c->timer[T_RELEASE]) || tag == RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_RELEASE);
}

static void dcch_read(struct ue_rrc_connection *c, struct ue_rrc_message *of)
{
	struct rrc_dl_dcch_message m;
	struct per_diag diag;

	if (!rrc_decode(&rrc_dl_dcch_message_type, sdu_bytes(of->sdu), &of->arena, &m, &diag) ||
		m.message.tag != RRC_DL_DCCH_MESSAGE_TYPE_TAG_C1)
		c->stats.not_comprehended++;
	else if (!is_in_state(c, of->srb, m.message.u.c1.tag))
		c->stats.out_of_state++;
	else if (m.message.u.c1.tag == RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_REESTABLISHMENT)
		ue_rrc_reestablishment(c, &m.message.u.c1.u.rrc_reestablishment, of->sdu);
	else
		dcch_handle(c, &m.message.u.c1, of);
}

void ue_rrc_srb_received(struct ue_rrc_connection *c, uint8_t srb, struct sdu *pdu)
{
	struct rrc_srb *s = srb >= 1 && srb <= RRC_SRB_MAX ? &c->srb[srb] : NULL;
	struct ue_rrc_message of = { .srb = srb };

	if (!s || !s->pdcp) {
		sdu_free(c->config.pool, pdu);
		return;
	}
	rrc_srb_receive(s, pdu, env_now_ns(c->config.env));
	while ((of.sdu = sdu_queue_take(&s->received))) {
		arena_init(&of.arena, of.memory, sizeof(of.memory), UE_RRC_ARENA_LIMIT);
		dcch_read(c, &of);
		arena_fini(&of.arena);
		sdu_free(c->config.pool, of.sdu);
	}
	if (!s->integrity_failed)
		return;
	s->integrity_failed = false;
	c->stats.integrity_failures++;
	if (c->state == UE_RRC_CONNECTED) /* 5.3.7.2 */
		ue_rrc_reestablish(c, RRC_REESTABLISHMENT_CAUSE_OTHER_FAILURE);
}

void ue_rrc_contention_resolved(struct ue_rrc_connection *c, uint16_t c_rnti)
{
	c->c_rnti = c_rnti;
}

void ue_rrc_ccch_received(struct ue_rrc_connection *c, struct bytes sdu)
{
	uint8_t memory[UE_RRC_ARENA_OCTETS];
	struct rrc_dl_ccch_message m;
	struct arena arena;
	struct per_diag diag;

	arena_init(&arena, memory, sizeof(memory), UE_RRC_ARENA_LIMIT);
	if (!rrc_decode(&rrc_dl_ccch_message_type, sdu, &arena, &m, &diag) ||
		m.message.tag != RRC_DL_CCCH_MESSAGE_TYPE_TAG_C1) {
		c->stats.not_comprehended++;
	} else if (m.message.u.c1.tag == RRC_DL_CCCH_MESSAGE_TYPE_C1_TAG_RRC_SETUP) {
		ue_rrc_setup_received(c, &m.message.u.c1.u.rrc_setup, &arena);
	} else if (m.message.u.c1.tag == RRC_DL_CCCH_MESSAGE_TYPE_C1_TAG_RRC_REJECT) {
		ue_rrc_reject_received(c, &m.message.u.c1.u.rrc_reject);
	} else {
		c->stats.not_comprehended++;
	}
	arena_fini(&arena);
}
