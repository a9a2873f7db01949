/* An idle UE goes to another cell, 38.304 5.2.4: what the NAS makes of it is 24.501 5.5.1.3.2 a. */
#include "ue/internal.h"

const struct ue_cell *ue_cell_of(const struct ue *ue)
{
	if (ue->host->air_radio)
		return ue_air_cell(ue->host);
	for (size_t i = 0; i < ue->host->cell_count; i++)
		if (addr_equal(&ue->host->cells[i].at, &ue->radio.gnb))
			return &ue->host->cells[i];
	return NULL;
}

void ue_cell_entered(struct ue *ue)
{
	uint8_t type = NAS_REGISTRATION_MOBILITY;
	const struct ue_cell *cell = ue_cell_of(ue);

	if (ue->radio.connected)
		return;
	if (ue->state == MM_REGISTERED && cell && !ue_mm_area_has(ue, &cell->tai))
		ue_mm_event(ue, MM_EV_UPDATE, &type);
	else if (ue->state == MM_DEREGISTERED_ATTEMPTING)
		ue_mm_event(ue, MM_EV_REGISTER, NULL); /* this area may be one that is not forbidden */
	arena_reset(&ue->host->arena);
}

bool ue_reselect(struct ue *ue, const struct addr *gnb)
{
	if (ue->radio.connected)
		return false;
	ue->radio.gnb = *gnb;
	ue_cell_entered(ue);
	return true;
}
