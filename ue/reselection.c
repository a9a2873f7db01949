/* An idle UE goes to another cell, 38.304 5.2.4: what the NAS makes of it is 24.501 5.5.1.3.2 a. */
#include "ue/internal.h"

const struct ue_cell *ue_cell_at(const struct ue_host *host, const struct addr *at)
{
	for (size_t i = 0; i < host->cell_count; i++)
		if (addr_equal(&host->cells[i].at, at))
			return &host->cells[i];
	return NULL;
}

const struct ue_cell *ue_cell_of(const struct ue *ue)
{
	return ue->host->air_radio ? ue_air_cell(ue->host) : ue_cell_at(ue->host, &ue->radio.gnb);
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

void ue_host_cells_changed(struct ue_host *host)
{
	struct ue *ue;

	for (uint32_t i = 0; (ue = pool_next(&host->ues, &i)) != NULL; i++) {
		const struct ue_cell *cell = ue_cell_of(ue);

		if (cell && ue->radio.connected)
			ue_moved(ue, &cell->tai);
		else
			ue_cell_entered(ue);
	}
	arena_reset(&host->arena);
}

bool ue_reselect(struct ue *ue, const struct addr *gnb)
{
	if (ue->radio.connected)
		return false;
	ue->radio.gnb = *gnb;
	ue_cell_entered(ue);
	return true;
}
