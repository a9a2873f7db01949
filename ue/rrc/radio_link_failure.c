/* Detection of radio link failure (38.331 5.3.10). */
#include "ue/rrc/internal.h"

/* 5.3.10.3 */
static void link_failed(struct ue_rrc_connection *c)
{
	c->stats.radio_link_failures++;
	ue_rrc_reestablish(c, RRC_REESTABLISHMENT_CAUSE_OTHER_FAILURE);
}

static void t310_expired(void *owner, struct timer *t)
{
	link_failed(owner);
}

/* 5.3.10.1: not while T300, T301 or T311 runs, which are other states. */
void ue_rrc_out_of_sync(struct ue_rrc_connection *c)
{
	c->in_sync = 0;
	if (c->state != UE_RRC_CONNECTED || timer_is_set(&c->timer[T310]) ||
		timer_is_set(&c->timer[T_RELEASE]) || ++c->out_of_sync < c->cell.n310)
		return;
	c->out_of_sync = 0;
	ue_rrc_timer_start(c, T310, c->cell.t310_ms, t310_expired);
}

/* 5.3.10.2 */
void ue_rrc_in_sync(struct ue_rrc_connection *c)
{
	c->out_of_sync = 0;
	if (timer_is_set(&c->timer[T310]) && ++c->in_sync >= c->cell.n311)
		ue_rrc_link_watch_stop(c);
}

void ue_rrc_radio_problem(struct ue_rrc_connection *c)
{
	if (c->state == UE_RRC_CONNECTED)
		link_failed(c);
}
