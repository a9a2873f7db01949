/* The N1 NAS signalling connection (24.501 5.3.1), and the bearers of its sessions. */
#include "ue/ipv6.h"

bool ue_connection_send(struct ue *ue, struct bytes nas)
{
	bool serves = ue->state == MM_SERVICE_REQUEST_INITIATED;
	struct ue_rrc_request r = { .emergency = ue->emergency_only || ue->emergency_pending ||
						 ue_emergency_calls(ue),
		.paged = serves && ue->service_type == NAS_SERVICE_MOBILE_TERMINATED,
		.user_data = serves && ue->service_type == NAS_SERVICE_DATA,
		.has_s_tmsi = ue->has_guti,
		.s_tmsi = { ue->guti.guami.amf_set_id, ue->guti.guami.amf_pointer, ue->guti.tmsi },
		.nas = nas };

	if (ue->radio.connected)
		return ue_rrc_send_nas(ue, nas);
	if (!ue_rrc_connect(ue, &r))
		return false;
	ue->secured = false;
	ue_reachability_connected(ue);
	ue_say(ue, UE_EVENT_CONNECTED, 0, 0, "connection requested");
	return true;
}

static void user_plane_gone(struct ue *ue)
{
	ue->secured = false;
	timer_stop(&ue->host->timers, &ue->t3520);
	for (struct ue_session *s = ue->sessions; s; s = s->next)
		s->drb = 0;
}

void ue_connection_leave(struct ue *ue, bool tell)
{
	if (!ue->radio.connected)
		return;
	ue_rrc_leave(ue, tell);
	user_plane_gone(ue);
	ue_say(ue, UE_EVENT_IDLE, 0, 0, "connection left");
}

/* What was pending is judged by the event. */
void ue_connection_ended(struct ue *ue, bool failed)
{
	user_plane_gone(ue);
	ue->host->stat[UE_STAT_CONNECTION_FAILURES] += failed;
	ue_say(ue, UE_EVENT_IDLE, 0, 0, failed ? "connection failed" : "connection released");
	ue_mm_event(ue, failed ? MM_EV_FAILED : MM_EV_RELEASED, NULL);
	if (!ue->radio.connected)
		ue_parameters_idle(ue);
}

/* 5.5.1.3.2 a */
void ue_moved(struct ue *ue, const struct tai *tai)
{
	uint8_t type = NAS_REGISTRATION_MOBILITY;

	if (ue->area_count > 0 && !ue_mm_area_has(ue, tai))
		ue_mm_event(ue, MM_EV_UPDATE, &type);
}

/* The UE is elsewhere, or has other keys: what the target did not take has no bearer any more. */
void ue_handed_over(struct ue *ue, const struct ue_bearer *bearers, size_t count, const struct tai *tai)
{
	for (struct ue_session *s = ue->sessions; s; s = s->next) {
		s->drb = 0;
		for (size_t i = 0; i < count; i++)
			if (bearers[i].psi == s->info.psi)
				s->drb = bearers[i].drb;
	}
	if (tai)
		ue_moved(ue, tai);
}

/* A bearer of a session there is not (any more) is refused. */
bool ue_bearer_set(struct ue *ue, const struct ue_bearer *b)
{
	struct ue_session *s = ue_session_find(ue, b->psi), *other = ue_session_of_drb(ue, b->drb);

	if (!s || s->state == SM_INACTIVE || (other && other != s))
		return false;
	s->drb = b->drb;
	s->has_integrity = b->integrity;
	s->has_ciphering = b->ciphering;
	ue_ipv6_begin(s);
	ue_delegation_begin(s);
	ue_say(ue, UE_EVENT_USER_PLANE, b->psi, 0, "session %u has its user plane%s%s", b->psi,
		b->integrity ? ", integrity protected" : "", b->ciphering ? ", ciphered" : "");
	return true;
}

void ue_bearer_released(struct ue *ue, uint8_t drb)
{
	struct ue_session *s = ue_session_of_drb(ue, drb);

	if (s)
		s->drb = 0;
}
