#include "gnb/du/mac/mac.h"

#include <stdlib.h>

struct du_ue *du_ue_new(const struct du_ue_upper *upper, struct pool *blocks)
{
	struct du_ue *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->upper = *upper;
	for (uint8_t i = 0; i < DU_HARQ_PROCESSES; i++)
		u->downlink[i].blocks = blocks;
	for (uint8_t i = 0; i < DU_LCIDS; i++)
		u->channels[i].lcg = MAC_LCGS;
	return u;
}

void du_ue_free(struct du_ue *u)
{
	if (!u)
		return;
	for (uint8_t i = 0; i < DU_HARQ_PROCESSES; i++)
		du_harq_room_back(&u->downlink[i]);
	free(u);
}

bool du_channel_set(struct du_ue *u, uint8_t lcid, const struct du_channel *c)
{
	if (lcid == 0 || lcid >= DU_LCIDS || c->priority == 0 || c->priority > 16 || c->lcg > MAC_LCGS)
		return false;
	u->channels[lcid] = *c;
	return true;
}
