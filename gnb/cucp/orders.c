/* Orders for a UE that wait until what was ordered before is done: one procedure at a time. */
#include "gnb/cucp/internal.h"

/* 38.473 8.3.5: first, since what the DU says from now on is newer. */
static void required_begin(struct cucp_ue *ue)
{
	struct sdu_pool *pool = ue->c->config.pool;
	struct sdu *cell_group = ue->required;

	ue->required = NULL;
	ue->owes_confirm = true;
	cucp_reconfigure(ue, sdu_bytes(cell_group));
	sdu_free(pool, cell_group);
}

static void next_begin(struct cucp_ue *ue)
{
	if (ue->procedure != CUCP_NONE || !ue->known || !ue->secured)
		return;
	cucp_nas_waiting_send(ue);
	if (ue->required)
		required_begin(ue);
	else if (ue->capability_wanted)
		cucp_enquiry_send(ue);
	else if (cucp_context_due(ue))
		cucp_context_begin(ue);
}

void cucp_orders_run(struct cucp *c)
{
	for (struct link *first; (first = list_first(&c->waiting));) {
		list_remove(first);
		next_begin(container_of(first, struct cucp_ue, waiting));
	}
}

static bool is_reachable(const struct cucp_ue *ue)
{
	return ue->known && (ue->secured || ue->procedure == CUCP_SECURITY) && ue->procedure != CUCP_RELEASE;
}

bool cucp_capability_enquire(struct cucp_ue *ue)
{
	if (!is_reachable(ue) || ue->capability_wanted || ue->procedure == CUCP_CAPABILITY)
		return false;
	ue->capability_wanted = true;
	next_begin(ue);
	return true;
}

/* The slot of a bearer that is new or at rest; NULL: it is under way, or there is no room. */
static struct cucp_bearer_slot *slot_for(struct cucp_ue *ue, uint8_t drb)
{
	if (drb < 1 || drb > CUCP_DRBS_MAX)
		return NULL;
	if (!ue->bearers[drb])
		ue->bearers[drb] = pool_alloc(&ue->c->bearers);
	else if (ue->bearers[drb]->state != CUCP_BEARER_UP)
		return NULL;
	return ue->bearers[drb];
}

bool cucp_bearer_set(struct cucp_ue *ue, const struct cucp_bearer *b, struct bytes nas)
{
	struct cucp_bearer_slot *s;
	struct sdu *sdu = NULL;

	if (!is_reachable(ue) || b->flow_count == 0 || b->flow_count > CUCP_FLOWS_MAX)
		return false;
	if (nas.len > 0 && !(sdu = sdu_of(ue->c->config.pool, nas)))
		return false;
	s = slot_for(ue, b->drb);
	if (!s) {
		if (sdu)
			sdu_free(ue->c->config.pool, sdu);
		return false;
	}
	s->b = *b;
	s->nas = sdu;
	s->state = CUCP_BEARER_WANTED;
	next_begin(ue);
	return true;
}

bool cucp_bearer_release(struct cucp_ue *ue, uint8_t drb, struct bytes nas)
{
	struct cucp_bearer_slot *s = cucp_bearer_at(ue, drb);
	struct sdu *sdu = NULL;

	if (!s || !is_reachable(ue) || s->state != CUCP_BEARER_UP)
		return false;
	if (nas.len > 0 && !(sdu = sdu_of(ue->c->config.pool, nas)))
		return false;
	s->nas = sdu;
	s->state = CUCP_BEARER_UNWANTED;
	next_begin(ue);
	return true;
}
