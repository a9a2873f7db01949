/* What several 5GMM procedures share: the connection's end, what is forgotten, T3520, T3346. */
#include "ue/internal.h"

void ue_mm_forget_security(struct ue *ue)
{
	nas_security_clear(&ue->security);
	nas_security_clear(&ue->fresh);
}

/* "Shall delete 5G-GUTI, last visited registered TAI, TAI list and ngKSI" */
void ue_mm_forget_guti(struct ue *ue)
{
	ue_s_tmsi_forget(ue);
	ue_mm_forget_security(ue);
}

/* 5.3.5: the list replaces what was before. */
void ue_mm_area_take(struct ue *ue, const struct nas_tai_list *list)
{
	ue->area_count = 0;
	for (size_t i = 0; i < list->count; i++)
		for (size_t k = 0; k < list->items[i].count && ue->area_count < UE_AREA_MAX; k++) {
			const struct nas_tai_partial *p = &list->items[i];
			struct tai tai = p->tais[k];

			ue->area[ue->area_count++] = tai;
		}
}

bool ue_mm_area_has(const struct ue *ue, const struct tai *tai)
{
	for (uint8_t i = 0; i < ue->area_count; i++)
		if (tai_equal(&ue->area[i], tai))
			return true;
	return false;
}

/* A network that does not go on after its challenge was answered as wrong is a false one (5.4.1.3.7). */
void ue_t3520_expired(void *owner, struct timer *t)
{
	struct ue *ue = container_of(t, struct ue, t3520);

	ue_connection_leave(ue, true);
	ue_mm_event(ue, MM_EV_FAILED, NULL);
}

/* 5.5.1.2.5, 5.6.1.5: a value whose integrity is not assured does not count, but one of the default range. */
void ue_mm_congestion(struct ue *ue, uint32_t s, bool is_protected)
{
	if (s == 0 || s == NAS_TIMER_DEACTIVATED)
		return;
	if (!is_protected)
		s = T3346_MIN_S + env_random_u32(ue->host->env) % T3346_SPREAD_S;
	ue->congested_until_ns = env_now_ns(ue->host->env) + s * NS_PER_S;
}

uint64_t ue_mm_put_off_until_ns(const struct ue *ue)
{
	return ue->congested_until_ns > ue->radio.barred_until_ns ? ue->congested_until_ns
								  : ue->radio.barred_until_ns;
}

enum fsm_outcome ue_mm_registered_idle(void *room, void *context, const void *arg)
{
	struct ue *ue = context;

	ue_reachability_idle(ue);
	return FSM_OK;
}

/* 5.5.1.3.2 f: the connection is recovered by a registration update. */
enum fsm_outcome ue_mm_connection_failed(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	uint8_t type = NAS_REGISTRATION_MOBILITY;

	ue_reachability_idle(ue);
	if (ue->sessions)
		ue_mm_event(ue, MM_EV_UPDATE, &type);
	return FSM_OK;
}
