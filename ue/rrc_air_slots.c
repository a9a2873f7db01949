/* The UE's radio by slots of a model: what ue/air.h has for whoever runs it. */
#include "ue/rrc_air.h"

void ue_air_found(struct ue_host *host, const struct ue_found *f)
{
	ue_slots_found(&host->air_radio->slots, f);
}

void ue_air_not_found(struct ue_host *host)
{
	static const struct ue_found nothing;
	struct ue_slots *s = &host->air_radio->slots;

	s->upper.not_found(s->upper.arg, &nothing);
}

void ue_air_sync(struct ue_host *host, bool heard, float snr_db)
{
	ue_slots_sync(&host->air_radio->slots, heard, snr_db);
}

void ue_air_slot(struct ue_host *host, const struct slot_time *t)
{
	struct ue_air *a = host->air_radio;
	uint64_t now_ns = env_now_ns(host->env);

	ue_air_paged_as(a);
	ue_stack_now(a->stack, now_ns);
	ue_air_turn(a);
	ue_slots_run(&a->slots, t, now_ns);
	arena_reset(&host->arena);
}

uint64_t ue_air_deadline_ns(const struct ue_host *host)
{
	const struct ue_air *a = host->air_radio;
	uint64_t next_ns = ue_stack_deadline_ns(a->stack);

	if (a->pending && (!a->leaving || a->parting) && a->camped &&
		ue_rrc_state(ue_stack_rrc(a->stack)) == UE_RRC_IDLE)
		return 0;
	return a->leaving && a->leave_ns < next_ns ? a->leave_ns : next_ns;
}

bool ue_air_is_in_cell(const struct ue_host *host, uint16_t *c_rnti, uint32_t *advance_tc)
{
	const struct ue_slots *s = &host->air_radio->slots;

	*c_rnti = s->ue ? ue_phy_c_rnti(s->ue) : 0;
	*advance_tc = s->advance_tc;
	return s->ue != NULL;
}
