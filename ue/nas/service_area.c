/*
 * Service area restrictions, 24.501 5.3.5.2 and 9.11.3.49: where it is not allowed, the UE registers, and
 * answers to paging, but begins no service and no signalling of sessions.
 */
#include "ue/internal.h"

/* The list in place of the one before; NULL: all areas are allowed. */
void ue_service_area_take(struct ue *ue, const struct nas_tai_list *list)
{
	struct ue_service_area *a = &ue->service_area;

	*a = (struct ue_service_area){ .restricted = false };
	for (size_t i = 0; list && i < list->count; i++) {
		const struct nas_tai_partial *p = &list->items[i];

		if (p->type == NAS_TAI_LIST_WHOLE_PLMN)
			continue; /* all of them are allowed */
		a->restricted = true;
		a->not_allowed = p->not_allowed;
		for (size_t k = 0; k < p->count && a->count < UE_AREA_MAX; k++)
			a->tacs[a->count++] = p->tais[k].tac;
	}
}

bool ue_service_is_allowed(const struct ue *ue)
{
	const struct ue_service_area *a = &ue->service_area;
	const struct ue_cell *cell = ue_cell_of(ue);

	if (!a->restricted || !cell)
		return true;
	for (uint8_t i = 0; i < a->count; i++)
		if (a->tacs[i] == cell->tai.tac)
			return !a->not_allowed;
	return a->not_allowed;
}
