/*
 * The lists of 5GS forbidden tracking areas, 24.501 5.3.13: "regional provision of service" (#12) and
 * "roaming"
 * (#13, #15). There the UE registers for emergency services alone (5.5.1.2.5), and elsewhere as before. What
 * the network said with assured integrity stands for the day, the rest until T3247 (5.3.20.2); nothing does
 * when the UE is switched off.
 */
#include <stdlib.h>

#include "ue/internal.h"

bool ue_forbidden_cause(uint8_t cause)
{
	return cause == NAS_5GMM_TRACKING_AREA_NOT_ALLOWED ||
	       cause == NAS_5GMM_ROAMING_NOT_ALLOWED_IN_THIS_TRACKING_AREA ||
	       cause == NAS_5GMM_NO_SUITABLE_CELLS_IN_TRACKING_AREA;
}

/* Without the i-th. */
static void drop(struct ue_forbidden_list *l, uint8_t i)
{
	for (l->count--; i < l->count; i++)
		l->items[i] = l->items[i + 1];
}

/* The area of a full list that was put there first gives way. */
static void put(struct ue_forbidden_list *l, const struct tai *tai, uint64_t until_ns)
{
	for (uint8_t i = l->count; i-- > 0;)
		if (tai_equal(&l->items[i].tai, tai))
			drop(l, i);
	if (l->count == UE_FORBIDDEN_MAX)
		drop(l, 0);
	l->items[l->count++] = (struct ue_forbidden_area){ *tai, until_ns };
}

bool ue_forbidden_add(struct ue *ue, uint8_t cause, bool is_protected)
{
	const struct ue_cell *cell = ue_cell_of(ue);
	uint64_t ms = is_protected ? UE_FORBIDDEN_MS
				   : T3247_MIN_MS + env_random_u32(ue->host->env) % T3247_SPREAD_MS;

	if (!cell)
		return false;
	if (!ue->forbidden)
		ue->forbidden = calloc(1, sizeof(*ue->forbidden));
	if (!ue->forbidden)
		return false;
	put(&ue->forbidden->lists[cause == NAS_5GMM_TRACKING_AREA_NOT_ALLOWED ? UE_FORBIDDEN_REGIONAL
									      : UE_FORBIDDEN_ROAMING],
		&cell->tai, env_now_ns(ue->host->env) + ms * NS_PER_MS);
	return true;
}

/* Until when; 0: it is not. */
static uint64_t until_ns(const struct ue *ue, const struct tai *tai)
{
	uint64_t until = 0;

	for (int k = 0; ue->forbidden && k < UE_FORBIDDEN_LISTS; k++)
		for (uint8_t i = 0; i < ue->forbidden->lists[k].count; i++) {
			const struct ue_forbidden_area *a = &ue->forbidden->lists[k].items[i];

			if (tai_equal(&a->tai, tai) && a->until_ns > env_now_ns(ue->host->env) &&
				a->until_ns > until)
				until = a->until_ns;
		}
	return until;
}

uint64_t ue_forbidden_until_ns(const struct ue *ue)
{
	const struct ue_cell *cell = ue_cell_of(ue);

	return cell ? until_ns(ue, &cell->tai) : 0;
}

const struct ue_cell *ue_forbidden_elsewhere(const struct ue *ue)
{
	for (size_t i = 0; i < ue->host->cell_count; i++) {
		const struct ue_cell *cell = &ue->host->cells[i];

		if (plmn_equal(&cell->tai.plmn, &ue->profile->home) && !until_ns(ue, &cell->tai))
			return cell;
	}
	return NULL;
}

bool ue_forbidden_leave(struct ue *ue)
{
	const struct ue_cell *cell;

	if (ue->radio.connected || !ue_forbidden_until_ns(ue))
		return true;
	cell = ue_forbidden_elsewhere(ue);
	if (!cell)
		return false;
	ue->radio.gnb = cell->at;
	return true;
}

void ue_forbidden_erase(struct ue *ue)
{
	free(ue->forbidden);
	ue->forbidden = NULL;
}
