/* UEs: found by what names them on F1, or by the C-RNTI that they had; what is sent to one, and its loss. */
#include "gnb/cucp/internal.h"

bool cucp_dl_send(struct cucp_ue *ue, uint8_t srb, struct bytes container)
{
	struct f1ap_dl_rrc_message_transfer m = { .gnb_cu_ue_f1ap_id = ue->cu_id,
		.gnb_du_ue_f1ap_id = ue->du_id,
		.has_old_gnb_du_ue_f1ap_id = ue->has_old_du_id,
		.old_gnb_du_ue_f1ap_id = ue->old_du_id,
		.srbid = srb,
		.rrc_container = container };

	ue->has_old_du_id = false;
	return cucp_f1ap_send(ue->c, ue->du, F1AP_MSG_DL_RRC_MESSAGE_TRANSFER, &m);
}

bool cucp_send_on(struct cucp_ue *ue, uint8_t srb, const struct rrc_dl_dcch_message_type_c1 *m)
{
	struct rrc_dl_dcch_message whole = { .message = {
						     .tag = RRC_DL_DCCH_MESSAGE_TYPE_TAG_C1, .u.c1 = *m } };
	bool sent =
		rrc_srb_send(&ue->srb[srb], &rrc_dl_dcch_message_type, &whole, env_now_ns(ue->c->config.env));

	ue->c->stats.refused += !sent;
	return sent;
}

bool cucp_ccch_send(struct cucp_ue *ue, const struct rrc_dl_ccch_message *m)
{
	uint8_t octets[SDU_LEN_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	if (rrc_encode(&rrc_dl_ccch_message_type, m, &w))
		return cucp_dl_send(ue, 0, writer_bytes(&w));
	ue->c->stats.refused++;
	return false;
}

static void srb_submit(void *arg, uint8_t srb, struct sdu *pdu)
{
	struct cucp_ue *ue = arg;

	may_fail(cucp_dl_send(ue, srb, sdu_bytes(pdu))); /* refused is counted; the guard sees to it */
	sdu_free(ue->c->config.pool, pdu);
}

static void on_plain(void *arg, bool sent, struct bytes message)
{
	const struct cucp_ue *ue = arg;

	ue->c->tap(ue->c->tap_arg, !sent, message);
}

struct cucp_ue *cucp_ue_new(struct cucp *c, uint32_t du, uint32_t du_id, uint8_t cell, uint16_t c_rnti)
{
	struct cucp_ue *ue = pool_alloc(&c->ues);
	uint64_t nci = c->dus[du].cells[cell].cgi.nci;
	struct cucp_ue *earlier = hash_get(&c->by_c_rnti, nci, c_rnti, struct cucp_ue, by_c_rnti);
	uint32_t place;

	if (!ue) {
		c->stats.refused++;
		return NULL;
	}
	if (earlier) { /* the DU has given the C-RNTI to another: nobody returns by it */
		hash_remove(&c->by_c_rnti, &earlier->by_c_rnti);
		earlier->hashed = false;
	}
	place = pool_index(&c->ues, ue);
	c->generations[place]++;
	ue->c = c;
	ue->du = du;
	ue->du_id = du_id;
	ue->cu_id = c->generations[place] << CUCP_GENERATION_SHIFT | place;
	ue->cell = cell;
	ue->c_rnti = c_rnti;
	ue->home = (struct rrc_srb_home){ ue, srb_submit, 1, c->config.pool, c->config.engine,
		c->tap ? on_plain : NULL };
	hash_insert(&c->by_c_rnti, &ue->by_c_rnti, nci, c_rnti);
	ue->hashed = true;
	return ue;
}

struct cucp_bearer_slot *cucp_bearer_at(const struct cucp_ue *ue, int64_t drb)
{
	return drb >= 1 && drb <= CUCP_DRBS_MAX ? ue->bearers[drb] : NULL;
}

bool cucp_bearer_is(const struct cucp_ue *ue, uint8_t drb, enum cucp_bearer_state state)
{
	return ue->bearers[drb] && ue->bearers[drb]->state == state;
}

void cucp_bearer_free(struct cucp_ue *ue, uint8_t drb)
{
	struct cucp_bearer_slot *s = ue->bearers[drb];

	if (!s)
		return;
	if (s->nas)
		sdu_free(ue->c->config.pool, s->nas);
	pool_free(&ue->c->bearers, s);
	ue->bearers[drb] = NULL;
}

void cucp_required_drop(struct cucp_ue *ue)
{
	if (ue->required)
		sdu_free(ue->c->config.pool, ue->required);
	ue->required = NULL;
	ue->owes_confirm = false;
}

void cucp_ue_free(struct cucp_ue *ue)
{
	struct cucp *c = ue->c;

	timer_stop(&c->timers, &ue->guard);
	list_remove(&ue->waiting);
	for (uint8_t i = 1; i <= RRC_SRB_MAX; i++)
		rrc_srb_end(&ue->srb[i]);
	for (uint8_t i = 1; i <= CUCP_DRBS_MAX; i++)
		cucp_bearer_free(ue, i);
	if (ue->capability)
		sdu_free(c->config.pool, ue->capability);
	cucp_required_drop(ue);
	sdu_queue_clear(&ue->held, c->config.pool);
	sdu_queue_clear(&ue->nas_waiting, c->config.pool);
	if (ue->hashed)
		hash_remove(&c->by_c_rnti, &ue->by_c_rnti);
	pool_free(&c->ues, ue);
}

struct cucp_ue *cucp_ue_look_up(const struct cucp *c, uint32_t du, uint32_t cu_id, uint32_t du_id)
{
	struct cucp_ue *ue = pool_at(&c->ues, cu_id & ((1u << CUCP_GENERATION_SHIFT) - 1));

	return ue && ue->cu_id == cu_id && ue->du == du && ue->du_id == du_id ? ue : NULL;
}

struct cucp_ue *cucp_ue_find(struct cucp *c, uint32_t du, uint32_t cu_id, uint32_t du_id)
{
	struct cucp_ue *ue = cucp_ue_look_up(c, du, cu_id, du_id);

	if (ue)
		return ue;
	c->stats.unknown_ue++;
	cucp_unknown_ue(c, du, cu_id, du_id);
	return NULL;
}

const struct cucp_cell *cucp_cell_at(const struct cucp_ue *ue)
{
	return &ue->c->dus[ue->du].cells[ue->cell];
}

static void unanswered(void *owner, struct timer *t)
{
	struct cucp_ue *ue = container_of(t, struct cucp_ue, guard);
	struct f1ap_cause cause = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_RL_FAILURE_OTHERS);

	ue->c->stats.timeouts++;
	if (ue->procedure == CUCP_RELEASE) /* the DU owes the answer still; it names nobody then */
		cucp_ue_free(ue);
	else
		cucp_lose(ue, &cause);
}

void cucp_guard(struct cucp_ue *ue, enum cucp_procedure p, uint32_t ms)
{
	ue->procedure = p;
	timer_set(&ue->c->timers, &ue->guard, env_now_ns(ue->c->config.env) + ms * (uint64_t)NS_PER_MS,
		unanswered);
}

void cucp_done(struct cucp_ue *ue)
{
	ue->procedure = CUCP_NONE;
	timer_stop(&ue->c->timers, &ue->guard);
	list_remove(&ue->waiting);
	list_append(&ue->c->waiting, &ue->waiting);
}

/* rrc: a PDCP PDU of SRB1, or none. */
void cucp_context_release_send(struct cucp_ue *ue, const struct f1ap_cause *cause, struct bytes rrc)
{
	struct f1ap_ue_context_release_command m = { .gnb_cu_ue_f1ap_id = ue->cu_id,
		.gnb_du_ue_f1ap_id = ue->du_id,
		.cause = *cause,
		.has_rrc_container = rrc.len > 0,
		.rrc_container = rrc,
		.has_srbid = rrc.len > 0,
		.srbid = 1 };

	may_fail(cucp_f1ap_send(ue->c, ue->du, F1AP_MSG_UE_CONTEXT_RELEASE_COMMAND, &m));
	cucp_guard(ue, CUCP_RELEASE, CUCP_F1_MS);
}

void cucp_lose(struct cucp_ue *ue, const struct f1ap_cause *cause)
{
	struct cucp *c = ue->c;
	void *user = ue->user;
	bool known = ue->known;

	ue->known = false;
	cucp_context_release_send(ue, cause, BYTES_NONE);
	if (known)
		c->config.upper.connection_lost(c->config.upper.arg, user, cause);
}

void cucp_ue_drop(struct cucp_ue *ue, const struct f1ap_cause *cause)
{
	struct cucp *c = ue->c;
	void *user = ue->user;
	bool known = ue->known;

	cucp_ue_free(ue);
	if (known)
		c->config.upper.connection_lost(c->config.upper.arg, user, cause);
}
