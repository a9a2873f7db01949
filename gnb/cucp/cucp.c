/* The CU-CP, and its UEs: found by what names them on F1, or by the C-RNTI that they had. */
#include <stdlib.h>

#include "gnb/cucp/internal.h"

struct cucp *cucp_new(const struct cucp_config *config)
{
	struct cucp *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->config = *config;
	c->dus = calloc(config->dus_max, sizeof(*c->dus));
	c->generations = calloc(config->ues_max, sizeof(*c->generations));
	if (!c->dus || !c->generations || config->ues_max >> CUCP_GENERATION_SHIFT ||
		!hash_init(&c->by_c_rnti, env_random_u32(config->env))) {
		free(c->dus);
		free(c->generations);
		free(c);
		return NULL;
	}
	pool_init(&c->ues, sizeof(struct cucp_ue), config->ues_max);
	timers_init(&c->timers, c);
	return c;
}

void cucp_free(struct cucp *c)
{
	if (!c)
		return;
	for (uint32_t i = 0;; i++) {
		struct cucp_ue *ue = pool_next(&c->ues, &i);

		if (!ue)
			break;
		cucp_ue_free(ue);
	}
	pool_fini(&c->ues);
	hash_fini(&c->by_c_rnti);
	timers_fini(&c->timers);
	free(c->generations);
	free(c->dus);
	free(c);
}

static void srb_submit(void *arg, uint8_t srb, struct sdu *pdu)
{
	struct cucp_ue *ue = arg;

	may_fail(cucp_dl_send(ue, srb, sdu_bytes(pdu))); /* refused is counted; the guard sees to it */
	sdu_free(ue->c->config.pool, pdu);
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
	ue->home = (struct rrc_srb_home){ ue, srb_submit, 1, c->config.pool, c->config.engine };
	hash_insert(&c->by_c_rnti, &ue->by_c_rnti, nci, c_rnti);
	ue->hashed = true;
	return ue;
}

void cucp_ue_free(struct cucp_ue *ue)
{
	struct cucp *c = ue->c;

	timer_stop(&c->timers, &ue->guard);
	for (uint8_t i = 1; i <= RRC_SRB_MAX; i++)
		rrc_srb_end(&ue->srb[i]);
	for (uint8_t i = 1; i <= CUCP_DRBS_MAX; i++)
		if (ue->bearers[i].nas)
			sdu_free(c->config.pool, ue->bearers[i].nas);
	if (ue->hashed)
		hash_remove(&c->by_c_rnti, &ue->by_c_rnti);
	pool_free(&c->ues, ue);
}

struct cucp_ue *cucp_ue_find(struct cucp *c, uint32_t du, uint32_t cu_id, uint32_t du_id)
{
	struct cucp_ue *ue = pool_at(&c->ues, cu_id & ((1u << CUCP_GENERATION_SHIFT) - 1));

	if (ue && ue->cu_id == cu_id && ue->du == du && ue->du_id == du_id)
		return ue;
	c->stats.unknown_ue++;
	cucp_unknown_ue(c, du, cu_id, du_id);
	return NULL;
}

const struct cucp_cell *cucp_cell_at(const struct cucp_ue *ue)
{
	return &ue->c->dus[ue->du].cells[ue->cell];
}

struct f1ap_cause cucp_cause(enum f1ap_cause_radio_network cause)
{
	return (struct f1ap_cause){ .tag = F1AP_CAUSE_TAG_RADIO_NETWORK, .u.radio_network = cause };
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
	if (!ue->known)
		return;
	if (ue->capability_wanted)
		cucp_enquiry_send(ue);
	else if (ue->secured && cucp_context_due(ue))
		cucp_context_begin(ue);
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

void cucp_f1_lost(struct cucp *c, uint32_t du)
{
	struct f1ap_cause cause = { .tag = F1AP_CAUSE_TAG_TRANSPORT,
		.u.transport = F1AP_CAUSE_TRANSPORT_UNSPECIFIED };

	c->dus[du].up = false;
	for (uint32_t i = 0;; i++) {
		struct cucp_ue *ue = pool_next(&c->ues, &i);

		if (!ue)
			return;
		if (ue->du == du)
			cucp_ue_drop(ue, &cause);
	}
}

const struct cucp_cell *cucp_cell_of(const struct cucp *c, const struct ncgi *cgi)
{
	for (uint32_t d = 0; d < c->config.dus_max; d++)
		for (uint8_t i = 0; c->dus[d].up && i < c->dus[d].cell_count; i++)
			if (c->dus[d].cells[i].cgi.nci == cgi->nci &&
				plmn_equal(&c->dus[d].cells[i].cgi.plmn, &cgi->plmn))
				return &c->dus[d].cells[i];
	return NULL;
}

uint32_t cucp_ues(const struct cucp *c)
{
	return c->ues.used;
}

struct cucp_stats cucp_stats(const struct cucp *c)
{
	return c->stats;
}

uint64_t cucp_deadline_ns(const struct cucp *c)
{
	return timers_next_ns(&c->timers);
}

void cucp_run(struct cucp *c)
{
	timers_run(&c->timers, env_now_ns(c->config.env));
}
