/* The CU-CP: its DUs, cells and UEs as a whole. */
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
	pool_init(&c->bearers, sizeof(struct cucp_bearer_slot), config->ues_max * CUCP_BEARERS_A_UE);
	timers_init(&c->timers, c);
	list_init(&c->waiting);
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
	pool_fini(&c->bearers);
	hash_fini(&c->by_c_rnti);
	free(c->generations);
	free(c->dus);
	free(c);
}

void cucp_f1_lost(struct cucp *c, uint32_t du)
{
	struct f1ap_cause cause = { .tag = F1AP_CAUSE_TAG_TRANSPORT,
		.u.transport = F1AP_CAUSE_TRANSPORT_UNSPECIFIED };

	c->dus[du].up = c->dus[du].removing = false;
	for (uint32_t i = 0;; i++) {
		struct cucp_ue *ue = pool_next(&c->ues, &i);

		if (!ue)
			return;
		if (ue->du == du)
			cucp_ue_drop(ue, &cause);
	}
}

bool cucp_f1_is_up(const struct cucp *c, uint32_t du)
{
	return c->dus[du].up;
}

void cucp_set_rrc_tap(struct cucp *c, cucp_rrc_tap_fn *fn, void *arg)
{
	c->tap = fn;
	c->tap_arg = arg;
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
