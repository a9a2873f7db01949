/* A scenario's course: making, killing and starting its rooms, and the clock. */
#include <stdlib.h>

#include "tests/scenario/scenario.h"
#include "wire/gtpu/gtpu.h"

enum { UES_IP = 0x0a000201, RESTART_MS = 200 };

static void on_log(void *arg, const char *node, const char *room, const char *text)
{
	struct scn *s = arg;
	char *line = s->log[s->log_next++ % SCN_LOG_LINES];

	snprintf(line, SCN_LOG_WIDTH, "%12.6f %-5s %s: %s", (double)sim_now_ns(s->sim) / 1e9, node, room,
		text);
	if (s->verbose)
		puts(line);
	if (strstr(text, "please report this"))
		snprintf(s->defect, sizeof(s->defect), "%s reports a fault of ours: %s", node, text);
}

void scn_on_ue_event(void *arg, struct ue *ue, const struct ue_event_info *e)
{
	struct scn *s = arg;

	for (size_t i = 1; i <= SCN_UES_MAX; i++) {
		struct scn_ue *u = &s->ues[i];
		bool ended = e->event == UE_EVENT_REGISTRATION_FAILED ||
			     e->event == UE_EVENT_SESSION_FAILED || e->event == UE_EVENT_SESSION_DOWN ||
			     e->event == UE_EVENT_DEREGISTERED || e->event == UE_EVENT_SESSION_CHANGED;

		if (!u->ue || u->ue != ue)
			continue;
		u->events[e->event]++;
		if (ended && e->cause)
			u->cause = e->cause;
		if (s->verbose)
			printf("%12.6f ue %zu: %s (event %d, cause %u)\n", (double)sim_now_ns(s->sim) / 1e9,
				i, e->text, e->event, e->cause);
	}
}

void scn_init(struct scn *s, const struct scn_script *script, const struct scn_variant *v, bool verbose)
{
	s->script = script;
	s->variant = *v;
	s->verbose = verbose;
	if (!s->variant.seed)
		s->variant.seed = 1;
}

void scn_fini(struct scn *s)
{
	crowd_free(s->crowd);
	free(s->datagrams);
	ue_host_free(s->host);
	scn_samples_fini(s);
	scn_mac_fini(s);
	for (size_t i = 0; i <= SCN_GNBS_MAX; i++)
		gnb_free(s->gnbs[i].gnb);
	core_free(s->core);
	upf_free(s->upf);
	sim_free(s->sim);
}

bool scn_network_begin(struct scn *s)
{
	struct addr ues = addr_from_v4(UES_IP, 4997), n4u = s->core_config.smf.n4_address;
	bool ok;

	if (s->sim)
		return scn_fail(s, "one network a script");
	s->sim = sim_new(s->variant.seed);
	if (!s->sim)
		return scn_fail(s, "memory is out");
	sim_set_log(s->sim, s->verbose ? LOG_DEBUG : LOG_INFO, on_log, s);
	sim_set_filter(s->sim, scn_filter, s);
	sim_set_sink(s->sim, scn_sink, s);
	n4u.port = GTPU_UDP_PORT;
	s->core_node = sim_node_add(s->sim, "core", true);
	s->upf_node = sim_node_add(s->sim, "upf", false);
	s->ue_node = sim_node_add(s->sim, "ues", false);
	ok = sim_bind_datagram(s->core_node, CORE_PORT_N4, &s->core_config.smf.n4_address) &&
	     sim_bind_datagram(s->core_node, CORE_PORT_N4U, &n4u) &&
	     sim_bind_datagram(s->upf_node, UPF_PORT_N4, &s->upf_config.n4_address) &&
	     sim_bind_datagram(s->upf_node, UPF_PORT_N3, &s->upf_config.n3_address) &&
	     sim_bind_radio(s->ue_node, UE_PORT_AIR, &ues);
	for (uint8_t i = 0; ok && i < s->core_config.amf_count; i++)
		ok = sim_bind_server(s->core_node, core_port_n2(i), &s->n2[i]);
	s->host = ue_host_new(sim_node_env(s->ue_node), SCN_UES_MAX + 1);
	if (!ok || !s->host)
		return scn_fail(s, "the network cannot be made");
	ue_host_set_event(s->host, scn_on_ue_event, s);
	sim_node_set_room(s->ue_node, ue_host_room(s->host));
	return true;
}

bool scn_core_start(struct scn *s, bool counts_lost)
{
	if (s->core && !sim_is_alive(s->core_node)) { /* at a commit of the operator's doing */
		core_free(s->core);
		s->core = NULL;
	}
	if (s->core)
		return scn_fail(s, "the core is running");
	s->core_config.sbi_wire = s->variant.sbi_wire;
	s->core = core_new(&s->core_config, counts_lost, sim_node_env(s->core_node));
	if (!s->core)
		return scn_fail(s, "the core does not start");
	sim_node_set_room(s->core_node, core_room(s->core));
	if (s->kept && core_amf_numbers(s->core).registered != s->kept_registered)
		snprintf(s->defect, sizeof(s->defect), "%u UEs were registered, the store brings back %u",
			s->kept_registered, core_amf_numbers(s->core).registered);
	s->kept = false;
	return true;
}

bool scn_upf_start(struct scn *s)
{
	if (s->upf)
		return scn_fail(s, "the UPF is running");
	s->upf = upf_new(&s->upf_config, sim_node_env(s->upf_node));
	if (!s->upf)
		return scn_fail(s, "the UPF does not start");
	sim_node_set_room(s->upf_node, upf_room(s->upf));
	return true;
}

bool scn_gnb_start(struct scn *s, struct scn_gnb *g)
{
	if (g->gnb)
		return scn_fail(s, "%s is running", g->name);
	g->gnb = gnb_new(&g->config, sim_node_env(g->node));
	if (!g->gnb)
		return scn_fail(s, "%s does not start", g->name);
	sim_node_set_room(g->node, gnb_room(g->gnb));
	return true;
}

void scn_core_kill(struct scn *s, bool keep)
{
	s->kept = keep;
	s->kept_registered = core_amf_numbers(s->core).registered;
	sim_kill(s->core_node, keep);
	core_free(s->core);
	s->core = NULL;
}

void scn_upf_kill(struct scn *s)
{
	sim_kill(s->upf_node, false);
	upf_free(s->upf);
	s->upf = NULL;
}

void scn_gnb_kill(struct scn *s, struct scn_gnb *g)
{
	sim_kill(g->node, false);
	gnb_free(g->gnb);
	g->gnb = NULL;
}

/* What the UEs have by what they were sent: the core must have it too after a restart. */
static void confirmed(struct scn *s, uint32_t *registered, uint32_t *sessions)
{
	*registered = *sessions = 0;
	for (size_t i = 1; i <= SCN_UES_MAX; i++) {
		struct ue_session_info info;
		struct ue_state state;

		if (!s->ues[i].ue)
			continue;
		ue_state(s->ues[i].ue, &state);
		if (strcmp(state.mm_state, "5GMM-REGISTERED") != 0 ||
			!strcmp(state.supi.imsi, s->withdrawn.imsi))
			continue;
		++*registered;
		for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
			*sessions += ue_session_info(s->ues[i].ue, psi, &info) && info.active;
	}
}

/* The sweep killed the core: it comes back with its store, and has what it promised. */
static void core_revive(struct scn *s)
{
	uint32_t registered, sessions;

	confirmed(s, &registered, &sessions);
	core_free(s->core);
	s->core = NULL;
	sim_run(s->sim, NULL, NULL, RESTART_MS);
	if (!scn_core_start(s, false))
		return;
	if (core_amf_numbers(s->core).registered < registered)
		scn_fail(s, "%u UEs were registered when the core was killed, it restored %u", registered,
			core_amf_numbers(s->core).registered);
	if (smf_numbers(core_smf(s->core)).sessions < sessions ||
		core_amf_numbers(s->core).sessions < sessions)
		scn_fail(s,
			"%u sessions were confirmed when the core was killed, the SMF restored %u, the AMF "
			"%u",
			sessions, smf_numbers(core_smf(s->core)).sessions,
			core_amf_numbers(s->core).sessions);
}

/* True when a node has died: the one of the sweep is brought back, the core of a script stays dead. */
static bool died(struct scn *s)
{
	if (s->core && !sim_is_alive(s->core_node)) {
		if (s->sweep_kill == s->core_node) {
			core_revive(s);
		} else {
			core_free(s->core);
			s->core = NULL;
		}
		return true;
	}
	if (s->upf && !sim_is_alive(s->upf_node)) {
		scn_upf_kill(s);
		sim_run(s->sim, NULL, NULL, RESTART_MS);
		return scn_upf_start(s);
	}
	for (size_t i = 0; i <= SCN_GNBS_MAX; i++)
		if (s->gnbs[i].gnb && !sim_is_alive(s->gnbs[i].node)) {
			scn_gnb_kill(s, &s->gnbs[i]);
			sim_run(s->sim, NULL, NULL, RESTART_MS);
			return scn_gnb_start(s, &s->gnbs[i]);
		}
	return false;
}

void scn_sweep_end(struct scn *s)
{
	if (!s->sweep_over && s->sweep_kill)
		s->commits = (uint32_t)sim_commits(s->sweep_kill) - s->commits_before;
	if (!s->sweep_over)
		scn_mac_sweep_end(s);
	s->sweep_over = true;
}

struct until {
	struct scn *s;
	bool (*done)(void *arg);
	void *arg;
};

static bool until(void *arg)
{
	struct until *u = arg;

	scn_data_network(u->s);
	scn_datagrams_deliver(u->s);
	scn_meanwhile_begin(u->s);
	return u->s->error[0] || (u->done && u->done(u->arg));
}

bool scn_run(struct scn *s, bool (*done)(void *arg), void *arg, uint64_t ms)
{
	struct until u = { s, done, arg };
	uint64_t end_ns = sim_now_ns(s->sim) + ms * NS_PER_MS;

	for (;;) {
		uint64_t now_ns = sim_now_ns(s->sim);

		if (sim_run(s->sim, until, &u,
			    now_ns < end_ns ? (end_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS : 0))
			return !s->error[0];
		if (!died(s) || s->error[0])
			break;
	}
	return !done && !s->error[0];
}
