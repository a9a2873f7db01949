/*
 * Emergency services, 24.501 5.5.1.2, 6.4.1 and 23.501 5.16.4: a registration for them alone, where the
 * network would not have the UE otherwise; a session of them, whatever restrictions there are.
 */
#include "ue/internal.h"

bool ue_registration_is_initial(const struct ue *ue)
{
	return ue->registration_type == NAS_REGISTRATION_INITIAL ||
	       ue->registration_type == NAS_REGISTRATION_EMERGENCY;
}

bool ue_emergency_is_unproved(const struct ue *ue)
{
	return ue->security.active && ue->security.ia == 0;
}

/* 5.4.2.3: and the key set identifier 0 */
bool ue_emergency_takes_null(const struct ue *ue, const struct nas_security_mode_command *m)
{
	return ue->state == MM_REGISTERED_INITIATED && ue->registration_type == NAS_REGISTRATION_EMERGENCY &&
	       (m->ngksi & NAS_KSI_MASK) == 0 && m->selected_algorithms.integrity == 0 &&
	       m->selected_algorithms.ciphering == 0;
}

bool ue_register_emergency(struct ue *ue)
{
	bool before = ue->emergency_only, ok;

	ue->emergency_only = true;
	ok = ue_register(ue);
	if (!ok)
		ue->emergency_only = before;
	return ok;
}

/* An idle UE asks for service first (5.6.1.1 d). */
bool ue_session_establish_emergency(struct ue *ue)
{
	if (ue->state != MM_REGISTERED || ue_emergency_calls(ue))
		return false; /* 23.501 5.16.4.1: one at a time */
	if (ue->secured)
		return ue_session_begin(ue, &(struct ue_session_order){ .type = ue->profile->session_type,
						    .emergency = true }) != 0;
	ue->emergency_pending = true;
	if (ue_mm_event(ue, MM_EV_SERVICE, &(uint8_t){ NAS_SERVICE_EMERGENCY }) == FSM_OK)
		return true;
	ue->emergency_pending = false;
	return false;
}

void ue_emergency_connected(struct ue *ue)
{
	if (!ue->emergency_pending)
		return;
	ue->emergency_pending = false;
	ue_session_begin(
		ue, &(struct ue_session_order){ .type = ue->profile->session_type, .emergency = true });
}

/* 9.11.3.5, 9.11.3.6, 24.008 10.5.3.13. */
void ue_emergency_take(struct ue *ue, const struct nas_registration_accept *a)
{
	struct cursor c = cursor_of(a->has_emergency_number_list ? a->emergency_number_list : BYTES_NONE);

	ue->emergency_only = a->registration_result & NAS_RESULT_EMERGENCY;
	ue->emergency_served =
		a->has_network_feature_support && a->network_feature_support.bits & NAS_FEATURE_EMC_NR;
	for (ue->emergency_numbers = 0; cursor_left(&c) > 0 && !c.failed; ue->emergency_numbers++)
		cursor_skip(&c, cursor_u8(&c));
}
