/* Data inactivity (38.321 5.19, 38.331 5.3.8.5): a UE that its network has forgotten leaves by itself. */
#include "ue/rrc/internal.h"

static void expired(void *owner, struct timer *t)
{
	ue_rrc_fail(owner, UE_RRC_FAILURE);
}

void ue_rrc_data_seen(struct ue_rrc_connection *c)
{
	if (c->state == UE_RRC_CONNECTED && c->group.data_inactivity_ms != UE_MAC_INFINITY)
		ue_rrc_timer_start(c, T_DATA_INACTIVITY, c->group.data_inactivity_ms, expired);
	else
		ue_rrc_timer_stop(c, T_DATA_INACTIVITY);
}
