/* The host of UEs: their room. */
#include <stdlib.h>

#include "ue/rrc_ops.h"

static void host_on_msg(void *self, const struct msg *m)
{
	struct ue_host *host = self;

	if (m->kind != MSG_DATA && m->port != UE_PORT_SAMPLES)
		return;
	if (m->port == UE_PORT_AIR)
		ue_data_on_air(host, m);
	else if (m->port == UE_PORT_TUN || m->port == UE_PORT_LINK)
		ue_tun_on_msg(host, m);
	else if (m->port == UE_PORT_SAMPLES && host->air_radio)
		ue_rrc_on_msg(host, m);
	arena_reset(&host->arena);
}

static uint64_t host_next_deadline_ns(void *self)
{
	struct ue_host *host = self;

	return timers_next_ns(&host->timers);
}

static void host_on_deadline(void *self, uint64_t now_ns)
{
	struct ue_host *host = self;

	timers_run(&host->timers, now_ns);
	arena_reset(&host->arena);
}

struct room ue_host_room(struct ue_host *host)
{
	static const struct room_ops ops = { host_on_msg, host_next_deadline_ns, host_on_deadline };

	return (struct room){ &ops, host };
}

static const struct ue_rrc_user rrc_user = {
	.k_gnb = ue_as_k_gnb,
	.is_unproved = ue_emergency_is_unproved,
	.handed_over = ue_handed_over,
	.moved = ue_moved,
	.nas_received = ue_nas_receive,
	.paged = ue_paged,
	.warned = ue_warned,
	.bearer_set = ue_bearer_set,
	.bearer_released = ue_bearer_released,
	.packet = ue_session_packet,
	.reflective_qos = ue_session_reflect,
	.cell_entered = ue_cell_entered,
	.connection_ended = ue_connection_ended,
};

struct ue_host *ue_host_new(struct env *env, uint32_t max)
{
	struct ue_host *host = max > 0 && max <= UE_MAX ? calloc(1, sizeof(*host)) : NULL;

	if (!host)
		return NULL;
	host->env = env;
	host->rrc = &rrc_user;
	host->radio = &ue_rrc_sim;
	host->mm_fsm = &ue_mm_fsm;
	host->sm_fsm = &ue_sm_fsm;
	timers_init(&host->timers, host);
	pool_init(&host->ues, sizeof(struct ue), max);
	pool_init(&host->sessions, sizeof(struct ue_session), max * UE_SESSIONS_PER_UE_MAX);
	ue_mobility_init(host, max);
	arena_init(&host->arena, NULL, 0, 1 << 20);
	if (hash_init(&host->by_s_tmsi, env_random_u32(env)))
		return host;
	ue_host_free(host);
	return NULL;
}

void ue_host_free(struct ue_host *host)
{
	if (!host)
		return;
	for (uint32_t i = 0;; i++) {
		struct ue *ue = pool_next(&host->ues, &i);

		if (!ue)
			break;
		ue_free(ue);
	}
	ue_air_free(host->air_radio);
	hash_fini(&host->by_s_tmsi);
	pool_fini(&host->moves);
	pool_fini(&host->sessions);
	pool_fini(&host->ues);
	arena_reset(&host->arena);
	arena_fini(&host->arena);
	explicit_bzero(host, sizeof(*host));
	free(host);
}

void ue_host_set_cells(struct ue_host *host, const struct ue_cell *cells, size_t count)
{
	host->cells = cells;
	host->cell_count = count;
}

void ue_host_set_event(struct ue_host *host, ue_event_fn *fn, void *arg)
{
	host->event = fn;
	host->event_arg = arg;
}

void ue_host_set_nas_tap(struct ue_host *host, ue_nas_tap_fn *fn, void *arg)
{
	host->tap = fn;
	host->tap_arg = arg;
}

static const struct stat_def stat_defs[UE_STAT_COUNT] = {
	[UE_STAT_AIR_REFUSED] = { "air_refused", "malformed or unexpected messages of the air link" },
	[UE_STAT_NAS_RECEIVED] = { "nas_received", "NAS messages received" },
	[UE_STAT_NAS_REFUSED] = { "nas_refused", "NAS messages refused by 24.501 clause 7" },
	[UE_STAT_NAS_INTEGRITY] = { "nas_integrity", "NAS messages without the integrity they need" },
	[UE_STAT_NAS_UNEXPECTED] = { "nas_unexpected", "NAS messages not compatible with the state" },
	[UE_STAT_REGISTRATIONS] = { "registrations", "registrations accepted" },
	[UE_STAT_REGISTRATION_REJECTS] = { "registration_rejects", "registrations rejected" },
	[UE_STAT_DEREGISTRATIONS] = { "deregistrations", "de-registrations" },
	[UE_STAT_AUTHENTICATION_FAILURES] = { "authentication_failures", "challenges the USIM refused" },
	[UE_STAT_CONNECTION_FAILURES] = { "connection_failures", "air connections that failed" },
	[UE_STAT_SESSIONS] = { "sessions", "PDU sessions established" },
	[UE_STAT_SESSION_REJECTS] = { "session_rejects", "PDU sessions refused" },
	[UE_STAT_DELEGATIONS_ASKED] = { "delegations_asked",
		"DHCPv6 messages sent for a prefix to delegate" },
	[UE_STAT_SOLICITATIONS] = { "router_solicitations", "sent for sessions with IPv6" },
	[UE_STAT_ADVERTISEMENTS_REFUSED] = { "router_advertisements_refused",
		"router advertisements that are not valid" },
	[UE_STAT_PACKETS_UP] = { "packets_up", "user packets sent" },
	[UE_STAT_PACKETS_DOWN] = { "packets_down", "user packets received" },
	[UE_STAT_PACKETS_DROPPED] = { "packets_dropped", "user packets without a session for them" },
	[UE_STAT_HANDOVERS] = { "handovers", "arrivals in another cell" },
	[UE_STAT_HANDOVER_FAILURES] = { "handover_failures", "handovers that did not end in the other cell" },
	[UE_STAT_WARNINGS] = { "warnings", "broadcasts of public warnings that were heard" },
	[UE_STAT_REESTABLISHMENTS] = { "reestablishments", "connections re-established after that" },
	[UE_STAT_STEERED] = { "steered", "lists of preferred PLMNs by home networks" },
	[UE_STAT_STEERING_REFUSED] = { "steering_refused", "such lists that were not proved" },
	[UE_STAT_PARAMETERS_UPDATED] = { "parameters_updated", "updates of UE parameters by home networks" },
	[UE_STAT_PARAMETERS_REFUSED] = { "parameters_refused", "updates that were not proved" },
};
const struct stat_group ue_host_stat_group = { "ue", stat_defs, UE_STAT_COUNT };

void ue_host_stats(const struct ue_host *host, struct stats *out)
{
	*out = (struct stats){ &ue_host_stat_group, host->stat };
}
