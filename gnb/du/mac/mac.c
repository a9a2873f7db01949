#include "gnb/du/mac/mac.h"

#include <stdlib.h>

struct du_ue *du_ue_new(const struct du_ue_upper *upper, size_t octets_max)
{
	struct du_ue *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->upper = *upper;
	u->octets_max = octets_max;
	u->memory = calloc(DU_HARQ_PROCESSES, octets_max);
	if (!u->memory) {
		free(u);
		return NULL;
	}
	for (uint8_t i = 0; i < DU_HARQ_PROCESSES; i++)
		u->downlink[i].pdu = u->memory + i * octets_max;
	for (uint8_t i = 0; i < DU_LCIDS; i++)
		u->channels[i].lcg = MAC_LCGS;
	return u;
}

void du_ue_free(struct du_ue *u)
{
	if (!u)
		return;
	explicit_bzero(u->memory, DU_HARQ_PROCESSES * u->octets_max);
	free(u->memory);
	free(u);
}

bool du_channel_set(struct du_ue *u, uint8_t lcid, const struct du_channel *c)
{
	if (lcid == 0 || lcid >= DU_LCIDS || c->priority == 0 || c->priority > 16 || c->lcg > MAC_LCGS)
		return false;
	u->channels[lcid] = *c;
	return true;
}
