#include "gnb/cuup/room.h"

#include <stdlib.h>

#include "base/timers.h"
#include "wire/e1ap/e1ap.h"

#define LOG_ROOM "gnb"

enum cuup_figure {
	CUUP_UL_PACKETS,
	CUUP_UL_OCTETS,
	CUUP_UL_DROPPED,
	CUUP_DL_PACKETS,
	CUUP_DL_OCTETS,
	CUUP_DL_DROPPED,
	CUUP_HELD,
	CUUP_FOREIGN,
	CUUP_F1U_LOST,
	CUUP_F1U_MALFORMED,
	CUUP_N3_ERRORS,
	CUUP_F1U_ERRORS,
	CUUP_E1AP_FAULTS,
	CUUP_REFUSED,
	CUUP_E1AP_NOT_COMPREHENDED,
	CUUP_UNKNOWN_UE,
	CUUP_SETUP_FAILURES,
	CUUP_CONTEXTS,
	CUUP_E1,
	CUUP_OVERLOADED,
	CUUP_FIGURES
};

struct cuup_room {
	struct cuup_room_config config;
	struct cuup_node *node;
	struct timers timers;
	struct timer reconnect, run;
	uint64_t e1; /* the association; 0: none */
	uint16_t streams;
	uint32_t backoff_ms;
	bool leaving;
	uint64_t shown[CUUP_FIGURES];
};

static uint16_t port_of(const struct cuup_room *r, enum cuup_port port)
{
	return (uint16_t)(r->config.port + port);
}

static struct outbox *outbox_of(const struct cuup_room *r)
{
	return r->config.node.env->outbox;
}

static void after(struct cuup_room *r, struct timer *t, uint32_t ms, timer_fn *fn)
{
	timer_set(&r->timers, t, env_now_ns(r->config.node.env) + ms * (uint64_t)NS_PER_MS, fn);
}

static void connect(void *owner, struct timer *t);

static void connect_later(struct cuup_room *r)
{
	if (r->leaving)
		return;
	after(r, &r->reconnect, r->backoff_ms, connect);
	r->backoff_ms = r->backoff_ms < CUUP_RECONNECT_MAX_MS / 2 ? r->backoff_ms * 2 : CUUP_RECONNECT_MAX_MS;
}

/* What cannot be opened is told as MSG_DOWN. */
static void connect(void *owner, struct timer *t)
{
	struct cuup_room *r = owner;

	if (!outbox_put(outbox_of(r), &(struct msg){ .kind = MSG_UP,
					      .port = port_of(r, CUUP_PORT_E1),
					      .token = 1,
					      .peer = r->config.cp }))
		connect_later(r);
}

static void on_e1_data(struct cuup_room *r, struct bytes pdu)
{
	bool was_up = cuup_node_is_up(r->node);

	cuup_node_e1ap_received(r->node, pdu);
	if (was_up || !cuup_node_is_up(r->node))
		return;
	r->backoff_ms = CUUP_RECONNECT_MS;
	log_info(r->config.node.env->log, "%s: E1 is set up", r->config.node.name);
}

static void disconnect(struct cuup_room *r)
{
	if (r->e1)
		may_fail(outbox_put(outbox_of(r),
			&(struct msg){ .kind = MSG_DOWN, .port = port_of(r, CUUP_PORT_E1), .assoc = r->e1 }));
}

static void e1_released(void *arg)
{
	disconnect(arg);
}

void cuup_room_leave(struct cuup_room *r)
{
	bool up = cuup_node_is_up(r->node);

	r->leaving = true;
	timer_stop(&r->timers, &r->reconnect);
	cuup_node_release(r->node);
	if (!up)
		disconnect(r);
}

static void on_e1(struct cuup_room *r, const struct msg *m)
{
	if (m->kind == MSG_UP) {
		r->e1 = m->assoc;
		r->streams = m->out_streams;
		timer_stop(&r->timers, &r->reconnect);
		cuup_node_begin(r->node);
	} else if (m->kind == MSG_DATA && m->assoc == r->e1) {
		on_e1_data(r, m->data);
	} else if (m->kind == MSG_DOWN && (!r->e1 || m->assoc == r->e1)) {
		if (cuup_node_is_up(r->node))
			log_warn(r->config.node.env->log,
				"%s: the CU-CP is gone; no user data until it is back", r->config.node.name);
		r->e1 = 0;
		cuup_node_lost(r->node);
		connect_later(r);
	}
}

static void run(void *owner, struct timer *t)
{
	struct cuup_room *r = owner;

	cuup_node_run(r->node);
	if (cuup_node_contexts(r->node) > 0)
		after(r, &r->run, CUUP_RUN_MS, run);
}

static void on_msg(void *self, const struct msg *m)
{
	struct cuup_room *r = self;

	switch (m->port - r->config.port) {
	case CUUP_PORT_E1:
		on_e1(r, m);
		break;
	case CUUP_PORT_N3:
		if (m->kind == MSG_DATA)
			cuup_node_n3_received(r->node, &m->peer, m->data);
		break;
	case CUUP_PORT_F1U:
		if (m->kind == MSG_DATA)
			cuup_node_f1u_received(r->node, &m->peer, m->data);
		break;
	default:
		break;
	}
	if (!timer_is_set(&r->run) && cuup_node_contexts(r->node) > 0)
		after(r, &r->run, CUUP_RUN_MS, run);
}

static uint64_t next_deadline_ns(void *self)
{
	struct cuup_room *r = self;
	uint64_t own_ns = timers_next_ns(&r->timers), node_ns = cuup_node_deadline_ns(r->node);

	return own_ns < node_ns ? own_ns : node_ns;
}

static void on_deadline(void *self, uint64_t now_ns)
{
	struct cuup_room *r = self;

	timers_run(&r->timers, now_ns);
	if (cuup_node_deadline_ns(r->node) <= now_ns)
		cuup_node_run(r->node);
}

struct room cuup_room_of(struct cuup_room *r)
{
	static const struct room_ops ops = { on_msg, next_deadline_ns, on_deadline };

	return (struct room){ &ops, r };
}

static void e1ap_send(void *arg, struct bytes pdu)
{
	struct cuup_room *r = arg;

	if (r->e1)
		may_fail(outbox_send(outbox_of(r), port_of(r, CUUP_PORT_E1), r->e1,
			e1ap_stream(pdu, r->streams), pdu)); /* timers see to it */
}

static void n3_send(void *arg, const struct addr *to, struct bytes datagram)
{
	struct cuup_room *r = arg;

	may_fail(outbox_send_to(
		outbox_of(r), port_of(r, CUUP_PORT_N3), to, datagram)); /* as if lost on the way */
}

static void f1u_send(void *arg, const struct addr *to, struct bytes datagram)
{
	struct cuup_room *r = arg;

	may_fail(outbox_send_to(
		outbox_of(r), port_of(r, CUUP_PORT_F1U), to, datagram)); /* as if lost on the way */
}

struct cuup_room *cuup_room_new(const struct cuup_room_config *c)
{
	struct cuup_room *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->config = *c;
	r->config.node.arg = r;
	r->config.node.e1ap_send = e1ap_send;
	r->config.node.n3_send = n3_send;
	r->config.node.f1u_send = f1u_send;
	r->config.node.e1_released = e1_released;
	r->backoff_ms = CUUP_RECONNECT_MS;
	timers_init(&r->timers, r);
	r->node = cuup_node_new(&r->config.node);
	if (r->node) {
		timer_set(&r->timers, &r->reconnect, env_now_ns(c->node.env), connect);
		return r;
	}
	cuup_room_free(r);
	return NULL;
}

void cuup_room_free(struct cuup_room *r)
{
	if (!r)
		return;
	cuup_node_free(r->node);
	free(r);
}

struct cuup_node *cuup_room_node(struct cuup_room *r)
{
	return r->node;
}

static const struct stat_def stat_defs[CUUP_FIGURES] = {
	[CUUP_UL_PACKETS] = { "uplink_packets", "user packets to N3" },
	[CUUP_UL_OCTETS] = { "uplink_bytes", "octets of user packets to N3", NULL, STAT_COUNTER, "bytes" },
	[CUUP_UL_DROPPED] = { "uplink_dropped", "user packets of UEs without a QoS flow" },
	[CUUP_DL_PACKETS] = { "downlink_packets", "user packets to DUs" },
	[CUUP_DL_OCTETS] = { "downlink_bytes", "octets of user packets to DUs", NULL, STAT_COUNTER, "bytes" },
	[CUUP_DL_DROPPED] = { "downlink_dropped", "without a DRB, or what waited was too much or too old" },
	[CUUP_HELD] = { "held", "user packets that waited for room at the DU" },
	[CUUP_FOREIGN] = { "foreign", "packets of a tunnel, and not from its other end" },
	[CUUP_F1U_LOST] = { "f1u_lost", "packets to DUs that did not arrive" },
	[CUUP_F1U_MALFORMED] = { "f1u_malformed", "frames of DUs that are none of TS 38.425" },
	[CUUP_N3_ERRORS] = { "n3_error_indications", "Error Indications of UPFs, of tunnels in use" },
	[CUUP_F1U_ERRORS] = { "f1u_error_indications", "Error Indications of DUs, of tunnels in use" },
	[CUUP_E1AP_FAULTS] = { "e1ap_faults", "E1AP messages refused by 37.483 clause 10" },
	[CUUP_REFUSED] = { "refused", "what the CU-CP asked for and did not get" },
	[CUUP_E1AP_NOT_COMPREHENDED] = { "e1ap_not_comprehended",
		"E1AP messages without a meaning where they came" },
	[CUUP_UNKNOWN_UE] = { "unknown_ue", "E1AP messages about UEs that are not there" },
	[CUUP_SETUP_FAILURES] = { "setup_failures", "E1 Setups that the CU-CP refused" },
	[CUUP_CONTEXTS] = { "bearer_contexts", "UEs with a bearer context", NULL, STAT_GAUGE },
	[CUUP_E1] = { "e1", "1 while E1 is set up", NULL, STAT_GAUGE },
	[CUUP_OVERLOADED] = { "overloaded", "1 while the CU-CP is told to bring no further UEs", NULL,
		STAT_GAUGE },
};
const struct stat_group cuup_stat_group = { "cuup", stat_defs, CUUP_FIGURES };

void cuup_room_figures(struct cuup_room *r, struct stats_list *l)
{
	struct cuup_node_stats s = cuup_node_stats(r->node);
	const uint64_t shown[CUUP_FIGURES] = { s.ul_packets, s.ul_octets, s.ul_dropped, s.dl_packets,
		s.dl_octets, s.dl_dropped, s.held, s.foreign, s.f1u_lost, s.f1u_malformed, s.n3_errors,
		s.f1u_errors, s.e1ap_faults, s.refused, s.not_comprehended, s.unknown_ue, s.setup_failures,
		cuup_node_contexts(r->node), cuup_node_is_up(r->node), cuup_node_is_overloaded(r->node) };

	for (enum cuup_figure f = 0; f < CUUP_FIGURES; f++)
		r->shown[f] = shown[f];
	stats_add(l, (struct stats){ .group = &cuup_stat_group,
			     .values = r->shown,
			     .label = "cuup",
			     .name = r->config.node.name });
}
