/* One UE: made, asked, and given what its user wants. */
#include "ue/internal.h"
#include "ue/rrc_sim.h"

static bool ue_init(struct ue *ue, const struct ue_config *config)
{
	if (supi_is_imei(&config->supi))
		ue->usim.supi = config->supi;
	else if (!usim_init(&ue->usim, &config->supi, &config->profile->home, &config->key))
		return false;
	ue->profile = config->profile;
	ue->radio.gnb = config->gnb;
	str_copy(ue->imeisv, sizeof(ue->imeisv), config->imeisv);
	ue->t3512_s = T3512_S;
	/* Not the one of an earlier life of this UE. */
	ue->radio.connection = (uint16_t)env_random_u32(ue->host->env);
	return true;
}

static void ue_begin(void *owner, struct timer *t)
{
	struct ue *ue = container_of(t, struct ue, timer);

	ue_mm_event(ue, MM_EV_REGISTER, NULL);
}

struct ue *ue_new(struct ue_host *host, const struct ue_config *config)
{
	struct ue *ue = pool_alloc(&host->ues);

	if (!ue)
		return NULL;
	ue->host = host;
	if (!ue_init(ue, config)) {
		pool_free(&host->ues, ue);
		return NULL;
	}
	/* In a turn of its own: the caller has yet to see the UE. */
	if (ue->profile->auto_register)
		ue_timer_set(ue, &ue->timer, 0, 0, ue_begin);
	return ue;
}

void ue_free(struct ue *ue)
{
	struct ue_host *host = ue->host;

	while (ue->sessions)
		ue_session_free(ue->sessions);
	ue_s_tmsi_forget(ue);
	ue_ladn_forget(ue);
	ue_forbidden_erase(ue);
	ue_backoff_forget(ue);
	timer_stop(&host->timers, &ue->timer);
	timer_stop(&host->timers, &ue->t3512);
	timer_stop(&host->timers, &ue->t3324);
	timer_stop(&host->timers, &ue->t3520);
	timer_stop(&host->timers, &ue->radio.keepalive);
	timer_stop(&host->timers, &ue->radio.silence);
	timer_stop(&host->timers, &ue->session_retry);
	ue_move_end(ue);
	explicit_bzero(ue, sizeof(*ue));
	pool_free(&host->ues, ue);
}

struct ue *ue_at(struct ue_host *host, uint32_t index)
{
	return pool_at(&host->ues, index);
}

bool ue_prepare_suci(struct ue *ue)
{
	struct nas_mobile_identity unused;

	return ue_identity_suci(ue, &unused, false);
}

bool ue_register(struct ue *ue)
{
	bool ok;

	ue->dormant = false;
	if (!usim_is_present(&ue->usim) && !ue->emergency_only)
		return false;
	ok = ue_mm_event(ue, MM_EV_REGISTER, NULL) == FSM_OK;
	arena_reset(&ue->host->arena);
	return ok;
}

bool ue_deregister(struct ue *ue, bool switch_off)
{
	bool ok;

	ue->dormant = true;
	ok = ue_mm_event(ue, MM_EV_DEREGISTER, &switch_off) != FSM_UNLISTED;
	arena_reset(&ue->host->arena);
	return ok;
}

void ue_state(const struct ue *ue, struct ue_state *out)
{
	*out = (struct ue_state){
		.mm_state = ue_mm_state_name(ue),
		.registered = ue->state == MM_REGISTERED || ue->state == MM_REGISTERED_ATTEMPTING ||
			      ue->state == MM_SERVICE_REQUEST_INITIATED,
		.connected = ue->radio.connected,
		.secured = ue->secured,
		.supi = ue->usim.supi,
		.has_guti = ue->has_guti,
		.guti = ue->guti,
		.ea = ue->security.ea,
		.ia = ue->security.ia,
		.network = ue->network,
		.parameters = ue->home.parameters,
		.steering = ue->home.steering,
		.gnb = ue->radio.gnb,
		.ncc = ue->radio.as.keys.ncc,
		.emergency = ue->emergency_only,
		.emergency_served = ue->emergency_served,
		.emergency_numbers = ue->emergency_numbers,
		.mico = ue->reachability.mico,
		.strict = ue->reachability.strict,
		.restricted = !ue_service_is_allowed(ue),
		.t3512_s = ue->t3512_s,
		.active_s = ue->reachability.active_s,
		.edrx = ue->reachability.edrx,
	};
	if (ue->radio.as.active)
		bytes_copy(out->k_gnb, sizeof(out->k_gnb), BYTES(ue->radio.as.keys.k_gnb));
	for (const struct ue_session *s = ue->sessions; s; s = s->next)
		out->sessions += s->state == SM_ACTIVE;
}

bool ue_session_info(const struct ue *ue, uint8_t psi, struct ue_session_info *out)
{
	const struct ue_session *s = ue_session_find(ue, psi);

	if (!s)
		return false;
	*out = s->info;
	out->active = s->state == SM_ACTIVE;
	out->has_user_plane = s->drb != 0;
	out->has_integrity = s->has_integrity;
	out->has_ciphering = s->has_ciphering;
	out->rules = s->qos ? s->qos->rule_count : 1;
	out->flows = UINT64_C(1) << s->rule.qfi;
	for (uint8_t i = 0; s->qos && i < s->qos->rule_count; i++)
		out->flows |= UINT64_C(1) << s->qos->rules[i].qfi;
	return true;
}

uint8_t ue_session_flow_of(const struct ue *ue, uint8_t psi, struct bytes packet)
{
	const struct ue_session *s = ue_session_find(ue, psi);

	return s ? ue_flow_of_packet(s, packet) : 0;
}
