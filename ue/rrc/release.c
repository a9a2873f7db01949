/* RRC connection release (38.331 5.3.8). */
#include "ue/rrc/internal.h"

enum { RELEASE_MS = 60 }; /* 5.3.8.3: for RLC to say that it came */

static void released(void *owner, struct timer *t)
{
	struct ue_rrc_connection *c = owner;

	ue_rrc_idle(c, &c->ending);
}

void ue_rrc_release(struct ue_rrc_connection *c, const struct rrc_rrc_release *m)
{
	const struct rrc_rrc_release_ies *ies = &m->critical_extensions.u.rrc_release;
	const struct rrc_redirected_carrier_info *to = ies->redirected_carrier_info;

	if (m->critical_extensions.tag != RRC_RRC_RELEASE_CRITICAL_EXTENSIONS_TAG_RRC_RELEASE) {
		c->stats.not_comprehended++;
		return;
	}
	if (timer_is_set(&c->timer[T_RELEASE])) /* repeated */
		return;
	/* Before AS security nothing but the wait time counts, and the cause is another. */
	c->ending = (struct ue_rrc_ending){ .cause = c->as.active ? UE_RRC_RELEASED : UE_RRC_OTHER };
	if (ies->non_critical_extension && ies->non_critical_extension->has_wait_time)
		c->ending.wait_s = ies->non_critical_extension->wait_time;
	if (c->as.active && to && to->tag == RRC_REDIRECTED_CARRIER_INFO_TAG_NR) {
		c->ending.redirected = true;
		c->ending.carrier_arfcn = to->u.nr.carrier_freq;
	}
	ue_rrc_link_watch_stop(c);
	ue_rrc_barring_stop(c, false);
	ue_rrc_t302_start(c, c->ending.wait_s);
	ue_rrc_timer_start(c, T_RELEASE, RELEASE_MS, released);
}
