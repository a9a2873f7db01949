/*
 * What the UE wants of its PDU sessions: 24.501 6.4, and the automatic session.
 *
 *   UE                                          SMF
 *    |-- PDU SESSION ESTABLISHMENT REQUEST ------>|    6.4.1.2; T3580
 *    |-- PDU SESSION MODIFICATION REQUEST ------->|    6.4.2.2; T3581
 *    |-- PDU SESSION RELEASE REQUEST ------------>|    6.4.3.2; T3582
 *    |   four repetitions each; session_answer.c has what comes back
 *    |   an idle UE asks for service first (5.6.1.1 c), service_request.c
 */
#include "ue/internal.h"

#include <assert.h>

enum { PACKET_FILTERS = UE_QOS_FILTERS_MAX << 5, PCO_ASKED_MAX = 8 }; /* 9.11.4.9: 11 bits */

/* A PTI that no session of the UE uses: 1 to 254 (24.007 11.2.3.1a). */
static uint8_t pti_new(struct ue *ue)
{
	ue->next_pti = ue->next_pti % 254 + 1;
	for (const struct ue_session *s = ue->sessions; s; s = s->next)
		if (s->pti == ue->next_pti)
			return pti_new(ue);
	return ue->next_pti;
}

static struct ue_session *session_new(struct ue *ue)
{
	struct ue_session *s;
	uint8_t psi = 1;

	while (psi <= UE_SESSIONS_PER_UE_MAX && ue_session_find(ue, psi))
		psi++;
	s = psi <= UE_SESSIONS_PER_UE_MAX ? pool_alloc(&ue->host->sessions) : NULL;
	if (!s)
		return NULL;
	s->ue = ue;
	s->info.psi = psi;
	s->info.snssai.sd = SNSSAI_NO_SD;
	s->pti = pti_new(ue);
	s->next = ue->sessions;
	ue->sessions = s;
	return s;
}

static uint8_t type_of(uint8_t ordered)
{
	return ordered ? ordered : (uint8_t)NAS_PDU_IPV4;
}

uint8_t ue_session_begin(struct ue *ue, const struct ue_session_order *o)
{
	struct ue_session *s = session_new(ue);

	if (!s)
		return 0;
	s->asked_dnn = o->dnn != NULL;
	if (o->dnn)
		str_copy(s->info.dnn, sizeof(s->info.dnn), o->dnn);
	s->emergency = o->emergency;
	s->type_asked = type_of(o->type);
	s->old_psi = o->old_psi;
	s->asked_snssai = o->snssai != NULL;
	if (o->snssai)
		s->info.snssai = *o->snssai;
	if (ue_sm_event(s, SM_EV_ESTABLISH, NULL) == FSM_OK)
		return s->info.psi;
	ue_session_free(s);
	return 0;
}

static uint8_t establish(struct ue *ue, const struct ue_session_order *o)
{
	if (ue->state != MM_REGISTERED || ue->emergency_only || !ue_service_is_allowed(ue) ||
		!ue_ladn_is_here(ue, o->dnn) || ue_backoff_until_ns(ue, o) ||
		ue_backoff_type(ue, o, type_of(o->type)) != type_of(o->type))
		return 0;
	return ue_session_begin(ue, o);
}

uint8_t ue_session_establish_type(struct ue *ue, const char *dnn, const struct snssai *snssai, uint8_t type)
{
	return establish(ue, &(struct ue_session_order){ .dnn = dnn, .snssai = snssai, .type = type });
}

/* 24.501 6.3.2.3: another session, in place of the one whose address ends. */
void ue_session_replace(struct ue_session *s)
{
	if (s->replaced)
		return;
	s->replaced = true;
	establish(s->ue, &(struct ue_session_order){ .dnn = s->info.dnn[0] ? s->info.dnn : NULL,
				 .snssai = s->asked_snssai ? &s->info.snssai : NULL,
				 .type = s->type_asked,
				 .old_psi = s->info.psi });
}

uint8_t ue_session_establish(struct ue *ue, const char *dnn, const struct snssai *snssai)
{
	return ue_session_establish_type(ue, dnn, snssai, ue->profile->session_type);
}

bool ue_session_release(struct ue *ue, uint8_t psi)
{
	struct ue_session *s = ue_session_find(ue, psi);
	uint8_t cause = NAS_5GSM_REGULAR_DEACTIVATION;

	return s && ue->state == MM_REGISTERED && ue_service_is_allowed(ue) &&
	       ue_sm_event(s, SM_EV_RELEASE, &cause) == FSM_OK;
}

static struct ue_session_order automatic(const struct ue *ue)
{
	struct ue_session_order o = { .dnn = ue->profile->dnn[0] ? ue->profile->dnn : NULL };

	o.type = ue_backoff_type(ue, &o, type_of(ue->profile->session_type));
	return o;
}

void ue_session_auto(struct ue *ue)
{
	struct ue_session_order o = automatic(ue);

	if (!ue->profile->auto_session || ue->dormant || ue->sessions || timer_is_set(&ue->session_retry) ||
		ue->state != MM_REGISTERED)
		return;
	if (ue_backoff_until_ns(ue, &o)) {
		ue_session_auto_later(ue);
		return;
	}
	/* Idle: a connection first; its registration update ends here again. */
	if (!ue->secured)
		ue_mm_event(ue, MM_EV_UPDATE, &(uint8_t){ NAS_REGISTRATION_MOBILITY });
	else if (usim_is_present(&ue->usim))
		establish(ue, &o);
	else
		ue_session_begin(ue,
			&(struct ue_session_order){ .type = ue->profile->session_type, .emergency = true });
}

static void auto_timer(void *owner, struct timer *t)
{
	ue_session_auto(container_of(t, struct ue, session_retry));
}

void ue_session_auto_later(struct ue *ue)
{
	struct ue_session_order o = automatic(ue);
	uint64_t until_ns = ue_backoff_until_ns(ue, &o), ms = SESSION_RETRY_MS;

	if (!ue->profile->auto_session || until_ns == UINT64_MAX)
		return;
	if (until_ns)
		ms = (until_ns - env_now_ns(ue->host->env) + NS_PER_MS - 1) / NS_PER_MS;
	ue_timer_set(ue, &ue->session_retry, (uint32_t)(ms < UINT32_MAX ? ms : UINT32_MAX), 0, auto_timer);
}

bool ue_session_modify(struct ue *ue, uint8_t psi)
{
	struct ue_session *s = ue_session_find(ue, psi);

	return s && ue->state == MM_REGISTERED && ue_service_is_allowed(ue) && ue_backoff_modifies(s) &&
	       ue_sm_event(s, SM_EV_MODIFY, NULL) == FSM_OK;
}

/* What the network is asked for in the ePCO (24.008 10.5.6.3); the count. */
static size_t asked_of(const struct ue_session *s, struct nas_pco_item items[PCO_ASKED_MAX])
{
	static const struct nas_pco_item of_ip[] = {
		{ NAS_PCO_IP_ALLOCATION_VIA_NAS, BYTES_NONE },
		{ NAS_PCO_DNS_IPV4, BYTES_NONE },
		{ NAS_PCO_IPV4_LINK_MTU, BYTES_NONE },
		{ NAS_PCO_P_CSCF_IPV4, BYTES_NONE },
		{ NAS_PCO_P_CSCF_IPV6, BYTES_NONE },
		{ NAS_PCO_MSISDN, BYTES_NONE },
		{ NAS_PCO_DNS_IPV6, BYTES_NONE },
	};
	size_t count = s->type_asked & NAS_PDU_IPV6 ? ARRAY_LEN(of_ip) : ARRAY_LEN(of_ip) - 1;

	_Static_assert(ARRAY_LEN(of_ip) <= PCO_ASKED_MAX, "room for all");
	if (s->type_asked > NAS_PDU_IPV4V6) {
		items[0] =
			(struct nas_pco_item){ s->type_asked == NAS_PDU_ETHERNET ? NAS_PCO_ETHERNET_MTU
										 : NAS_PCO_UNSTRUCTURED_MTU,
				BYTES_NONE };
		return 1;
	}
	for (size_t i = 0; i < count; i++)
		items[i] = of_ip[i];
	return count;
}

static bool establishment_request_send(struct ue_session *s)
{
	struct nas_pco_item asked[PCO_ASKED_MAX];
	size_t count = asked_of(s, asked);
	struct nas_msg m = { .type = NAS_PDU_SESSION_ESTABLISHMENT_REQUEST };
	struct nas_pdu_session_establishment_request *r = &m.pdu_session_establishment_request;
	struct ue_session_order o = ue_session_order_of(s);

	r->integrity_max_data_rate = 0xffff; /* 9.11.4.7: full data rate, both ways */
	r->has_pdu_session_type = r->has_ssc_mode = r->has_epco = true;
	r->pdu_session_type = s->type_asked;
	r->ssc_mode = ue_backoff_ssc_mode(
		s->ue, &o, s->ue->profile->ssc_mode ? s->ue->profile->ssc_mode : (uint8_t)NAS_SSC_1);
	r->has_always_on_requested = s->ue->profile->always_on;
	r->always_on_requested = 1;
	r->epco = (struct nas_pco){ count, asked };
	r->has_gsm_capability = true;
	r->gsm_capability = (struct tlv_flags){ NAS_5GSM_RQOS, 1 };
	return ue_session_send(s, &m, s->emergency ? NAS_REQUEST_INITIAL_EMERGENCY : NAS_REQUEST_INITIAL);
}

static bool release_request_send(struct ue_session *s)
{
	struct nas_msg m = { .type = NAS_PDU_SESSION_RELEASE_REQUEST };

	m.pdu_session_release_request.has_cause = true;
	m.pdu_session_release_request.cause = s->release_cause;
	return ue_session_send(s, &m, 0);
}

/* 6.4.2.2 */
static bool modification_request_send(struct ue_session *s)
{
	struct nas_msg m = { .type = NAS_PDU_SESSION_MODIFICATION_REQUEST };

	m.pdu_session_modification_request.has_max_packet_filters = true;
	m.pdu_session_modification_request.max_packet_filters = PACKET_FILTERS;
	if (s->request && !ue_flow_request_fill(s, &m.pdu_session_modification_request))
		return false;
	return ue_session_send(s, &m, NAS_REQUEST_MODIFICATION);
}

/* 24.501 5.6.1.1 c: signalling is pending. What waits for the connection counts as sent. */
static bool connection_wanted(struct ue_session *s)
{
	uint8_t type = s->emergency ? NAS_SERVICE_EMERGENCY : NAS_SERVICE_SIGNALLING;

	s->waits = !s->ue->radio.connected &&
		   (s->ue->state == MM_SERVICE_REQUEST_INITIATED || s->ue->state == MM_REGISTERED_INITIATED ||
			   ue_mm_event(s->ue, MM_EV_SERVICE, &type) == FSM_OK);
	return s->waits;
}

/* The message of the procedure under way, and its timer. */
static bool procedure_send(struct ue_session *s, uint8_t state)
{
	static const struct {
		bool (*send)(struct ue_session *s);
		uint32_t ms;
	} procedures[SM_STATE_COUNT] = {
		[SM_ACTIVE_PENDING] = { establishment_request_send, T3580_MS },
		[SM_MODIFICATION_PENDING] = { modification_request_send, T3581_MS },
		[SM_INACTIVE_PENDING] = { release_request_send, T3582_MS },
	};
	const struct ue_profile *p = s->ue->profile;
	uint32_t ms = state == SM_ACTIVE_PENDING         ? p->t3580_ms
		      : state == SM_MODIFICATION_PENDING ? p->t3581_ms
							 : p->t3582_ms;

	assert(procedures[state].send);
	if (!(s->ue->secured ? procedures[state].send(s) : connection_wanted(s)))
		return false;
	ue_timer_set(s->ue, &s->timer, ms, procedures[state].ms, ue_session_timer);
	return true;
}

static bool is_pending(const struct ue_session *s)
{
	return s->state == SM_ACTIVE_PENDING || s->state == SM_MODIFICATION_PENDING ||
	       s->state == SM_INACTIVE_PENDING;
}

void ue_session_connected(struct ue *ue)
{
	for (struct ue_session *s = ue->sessions; s; s = s->next) {
		if (s->waits && is_pending(s))
			procedure_send(s, s->state); /* what cannot go is repeated by the timer that runs */
		s->waits = false;
	}
}

enum fsm_outcome ue_session_request(void *room, void *context, const void *arg)
{
	return fsm_outcome_of(procedure_send(context, SM_ACTIVE_PENDING));
}

static bool procedure_begin(struct ue_session *s, uint8_t state)
{
	s->pti = pti_new(s->ue);
	s->done_pti = 0;
	s->retries = 0;
	return procedure_send(s, state);
}

enum fsm_outcome ue_session_release_request(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;

	s->release_cause = *(const uint8_t *)arg;
	return fsm_outcome_of(procedure_begin(s, SM_INACTIVE_PENDING));
}

enum fsm_outcome ue_session_modification_request(void *room, void *context, const void *arg)
{
	return fsm_outcome_of(procedure_begin(context, SM_MODIFICATION_PENDING));
}

/* T3580, T3581 and T3582: four repetitions, then the procedure is given up (6.4.1.6, 6.4.2.5, 6.4.3.5). */
enum fsm_outcome ue_session_repeat(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;

	/* A message that cannot go counts as sent. */
	if (s->retries++ == UE_SM_RETRIES_MAX)
		return ue_sm_event(s, SM_EV_GIVE_UP, NULL);
	if (!procedure_send(s, s->state))
		ue_timer_set(s->ue, &s->timer, 0, T3580_MS, ue_session_timer);
	return FSM_OK;
}

enum fsm_outcome ue_session_given_up(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;
	struct ue *ue = s->ue;

	if (s->state == SM_ACTIVE_PENDING) {
		ue_say(ue, UE_EVENT_SESSION_FAILED, s->info.psi, 0, "session %u: no answer", s->info.psi);
		ue_session_auto_later(ue);
	}
	ue_sm_event(s, SM_EV_LOCAL_RELEASE, NULL);
	return FSM_GONE;
}

enum fsm_outcome ue_session_end(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;
	struct ue *ue = s->ue;
	uint8_t psi = s->info.psi;
	bool was_up = s->state != SM_ACTIVE_PENDING && s->state != SM_INACTIVE;

	ue_session_free(s);
	if (was_up)
		ue_say(ue, UE_EVENT_SESSION_DOWN, psi, 0, "session %u is released locally", psi);
	return FSM_GONE;
}
