#include "gnb/du/room.h"

#include <stdlib.h>

#include "base/timers.h"
#include "gnb/du/figures.h"
#include "gnb/du/stream.h"

#define LOG_ROOM "gnb"

struct du_room {
	struct du_room_config config;
	struct du_node *node;
	struct du_stream *stream;
	double rate_hz;
	struct timers timers;
	struct timer reconnect;
	uint64_t f1; /* the association; 0: none */
	uint16_t streams;
	uint32_t backoff_ms;
	bool leaving;
	bool on_air; /* the cell is sent: F1 is up, and there are samples */
	uint64_t sent, received,
		begun;       /* samples since both ways began anew; the first that was the cell's */
	size_t owed;         /* samples that came and were not answered yet */
	unsigned lead_slots; /* that are sent before their time */
	uint64_t epoch_ns;   /* when sample 0 was due */
	struct timer answer; /* of what is owed */
	struct phy_cf *block;
	struct du_figures figures;
};

/* --- F1 */

static void connect(void *owner, struct timer *t);

static void connect_later(struct du_room *d)
{
	if (d->leaving)
		return;
	timer_set(&d->timers, &d->reconnect, env_now_ns(d->config.env) + d->backoff_ms * (uint64_t)NS_PER_MS,
		connect);
	d->backoff_ms = d->backoff_ms < DU_RECONNECT_MAX_MS / 2 ? d->backoff_ms * 2 : DU_RECONNECT_MAX_MS;
}

/* What cannot be opened is told as MSG_DOWN. */
static void connect(void *owner, struct timer *t)
{
	struct du_room *d = owner;

	if (!outbox_put(d->config.env->outbox, &(struct msg){ .kind = MSG_UP,
						       .port = (uint16_t)(d->config.port + DU_PORT_F1),
						       .token = 1,
						       .peer = d->config.cu }))
		connect_later(d);
}

static void on_f1_data(struct du_room *d, struct bytes pdu)
{
	struct du_f1ap *f1ap = du_node_f1ap(d->node);
	bool was_up = du_f1ap_is_up(f1ap), was_active = du_f1ap_is_active(f1ap, 0), active;

	du_f1ap_received(f1ap, pdu);
	active = du_f1ap_is_active(f1ap, 0);
	if (du_f1ap_is_up(f1ap) && !was_up) {
		d->backoff_ms = DU_RECONNECT_MS;
		log_info(d->config.env->log, "%s: F1 is set up", d->config.name);
	}
	if (active != was_active)
		log_info(d->config.env->log, "%s: the cell is %s the air", d->config.name,
			active ? "on" : "off");
}

static void disconnect(struct du_room *d)
{
	if (d->f1)
		may_fail(outbox_put(
			d->config.env->outbox, &(struct msg){ .kind = MSG_DOWN,
						       .port = (uint16_t)(d->config.port + DU_PORT_F1),
						       .assoc = d->f1 }));
}

static void f1_removed(void *arg)
{
	disconnect(arg);
}

void du_room_leave(struct du_room *d)
{
	struct du_f1ap *f1ap = du_node_f1ap(d->node);
	bool up = du_f1ap_is_up(f1ap);

	d->leaving = true;
	timer_stop(&d->timers, &d->reconnect);
	du_f1ap_remove(f1ap);
	if (!up)
		disconnect(d);
}

/* What comes is of now, not of the last slot that was run. */
static void slots_wake(struct du_room *d)
{
	if (!d->config.by_slots)
		return;
	du_node_run(d->node, env_now_ns(d->config.env));
	d->config.l1_wake(d->config.l1_arg);
}

static void on_f1(struct du_room *d, const struct msg *m)
{
	struct du_f1ap *f1ap = du_node_f1ap(d->node);

	slots_wake(d);
	if (m->kind == MSG_UP) {
		d->f1 = m->assoc;
		d->streams = m->out_streams;
		timer_stop(&d->timers, &d->reconnect);
		du_f1ap_begin(f1ap);
	} else if (m->kind == MSG_DATA && m->assoc == d->f1) {
		on_f1_data(d, m->data);
	} else if (m->kind == MSG_DOWN && !d->f1) {
		connect_later(d);
	} else if (m->kind == MSG_DOWN && m->assoc == d->f1) {
		d->f1 = 0;
		if (du_f1ap_is_up(f1ap))
			log_warn(d->config.env->log,
				"%s: its CU is gone; the cell is silent until it is back", d->config.name);
		du_f1ap_lost(f1ap);
		connect_later(d);
	}
}

static void f1ap_send(void *arg, struct bytes pdu)
{
	struct du_room *d = arg;

	if (d->f1)
		may_fail(outbox_send(d->config.env->outbox, (uint16_t)(d->config.port + DU_PORT_F1), d->f1,
			f1ap_stream(pdu, d->streams), pdu)); /* timers see to it */
}

/* --- F1-U */

static void f1u_send(void *arg, const struct addr *to, struct bytes datagram)
{
	struct du_room *d = arg;

	may_fail(outbox_send_to(d->config.env->outbox, (uint16_t)(d->config.port + DU_PORT_F1U), to,
		datagram)); /* as if lost on the way */
}

/* --- samples */

/* The next n, at most a slot. Without a CU there is no cell (38.473 8.2.3); one that the CU has off the air
 * (8.2.5) goes on in silence, and its UEs are lost to it as any are. */
static void send(struct du_room *d, size_t n)
{
	bool up = du_f1ap_is_up(du_node_f1ap(d->node));

	if (up && !d->on_air) {
		du_stream_restart(d->stream);
		d->begun = d->sent;
	}
	d->on_air = up;
	d->sent += n;
	if (up) {
		du_node_run(d->node, du_stream_now_ns(d->stream));
		du_stream_send(d->stream, d->block, n);
	}
	if (!du_f1ap_is_active(du_node_f1ap(d->node), 0)) {
		for (size_t i = 0; i < n; i++)
			d->block[i] = (struct phy_cf){ 0, 0 };
	}
	may_fail(outbox_put(d->config.env->outbox,
		&(struct msg){ .kind = MSG_DATA,
			.port = (uint16_t)(d->config.port + DU_PORT_SAMPLES),
			.data = bytes_of(d->block, n * sizeof(*d->block)) })); /* counted there */
}

static timer_fn answer_due;

/* When the sample of a number is due. */
static uint64_t due_ns(const struct du_room *d, uint64_t sample)
{
	return d->epoch_ns + (uint64_t)((double)sample * 1e9 / d->rate_hz);
}

/* Answers what is owed, as far as its time has come: no sample is sent earlier than the lead before it is
 * due. */
static void answer(struct du_room *d)
{
	size_t slot = du_stream_slot_samples(d->stream);
	uint64_t now_ns = env_now_ns(d->config.env), next_ns = due_ns(d, d->sent - d->lead_slots * slot);

	if (now_ns > next_ns + DU_BEHIND_MS * (uint64_t)NS_PER_MS)
		d->epoch_ns += now_ns - next_ns;
	while (d->owed > 0 &&
		(d->config.own_clock || (next_ns = due_ns(d, d->sent - d->lead_slots * slot)) <= now_ns)) {
		size_t n = d->owed < slot ? d->owed : slot;

		d->owed -= n;
		send(d, n);
	}
	if (d->owed > 0)
		timer_set(&d->timers, &d->answer, next_ns, answer_due);
}

static void answer_due(void *owner, struct timer *t)
{
	answer(owner);
}

static void begin_anew(struct du_room *d)
{
	d->on_air = false;
	d->sent = d->received = 0;
	d->owed = 0;
	d->epoch_ns = env_now_ns(d->config.env);
	timer_stop(&d->timers, &d->answer);
	for (unsigned i = 0; i < d->lead_slots; i++)
		send(d, du_stream_slot_samples(d->stream));
}

static void on_samples(struct du_room *d, const struct msg *m)
{
	size_t slot = du_stream_slot_samples(d->stream);
	const struct phy_cf *in = (const void *)m->data.data;
	size_t left = m->data.len / sizeof(*in);

	if (m->kind == MSG_UP)
		begin_anew(d);
	for (size_t n; m->kind == MSG_DATA && left > 0; left -= n, in += n) {
		n = left < slot ? left : slot;
		/* what answers the silence before the cell is none of it */
		if (d->on_air && d->received < d->begun && d->begun - d->received < n)
			n = (size_t)(d->begun - d->received);
		if (d->on_air && d->received >= d->begun)
			du_stream_receive(d->stream, in, n);
		d->received += n;
		d->owed += n;
		answer(d);
	}
}

static void on_msg(void *self, const struct msg *m)
{
	struct du_room *d = self;

	switch (m->port - d->config.port) {
	case DU_PORT_F1:
		on_f1(d, m);
		break;
	case DU_PORT_F1U:
		slots_wake(d);
		if (m->kind == MSG_DATA)
			du_node_f1u_received(d->node, &m->peer, m->data);
		break;
	case DU_PORT_SAMPLES:
		on_samples(d, m);
		break;
	default:
		break;
	}
}

static uint64_t next_deadline_ns(void *self)
{
	struct du_room *d = self;
	uint64_t own_ns = timers_next_ns(&d->timers), f1_ns = du_f1ap_deadline_ns(du_node_f1ap(d->node));

	return own_ns < f1_ns ? own_ns : f1_ns;
}

static void on_deadline(void *self, uint64_t now_ns)
{
	struct du_room *d = self;

	timers_run(&d->timers, now_ns);
	du_f1ap_run(du_node_f1ap(d->node));
	slots_wake(d);
}

bool du_room_slot(struct du_room *d)
{
	d->on_air = du_f1ap_is_up(du_node_f1ap(d->node));
	if (d->on_air)
		du_node_run(d->node, env_now_ns(d->config.env));
	return d->on_air;
}

uint64_t du_room_slots_next_ns(const struct du_room *d)
{
	const struct du *mac = du_node_mac(d->node);
	uint64_t now_ns = env_now_ns(d->config.env), next_ns = du_node_deadline_ns(d->node);
	uint64_t ns = slot_ns(du_cell(mac)->cell.mu), slot = (now_ns + ns - 1) / ns;
	uint32_t slots;

	if (!du_f1ap_is_up(du_node_f1ap(d->node)))
		return NEVER;
	if (!du_is_quiet(mac, slot, now_ns, &slots))
		return now_ns;
	return slots != UINT32_MAX && (slot + slots) * ns < next_ns ? (slot + slots) * ns : next_ns;
}

struct room du_room_of(struct du_room *d)
{
	static const struct room_ops ops = { on_msg, next_deadline_ns, on_deadline };

	return (struct room){ &ops, d };
}

struct du_room *du_room_new(const struct du_room_config *c, const char **wrong)
{
	struct du_room *d = calloc(1, sizeof(*d));
	struct du_node_config node = { .env = c->env,
		.du = c->du,
		.plmn = c->plmn,
		.id = c->id,
		.name = c->name,
		.f1u = c->f1u,
		.arg = d,
		.f1ap_send = f1ap_send,
		.f1_removed = f1_removed,
		.f1u_send = f1u_send };

	*wrong = NULL;
	if (!d)
		return NULL;
	d->config = *c;
	d->backoff_ms = DU_RECONNECT_MS;
	timers_init(&d->timers, d);
	d->node = du_node_new(&node, wrong);
	if (d->node) {
		const struct served_cell *cell = du_cell(du_node_mac(d->node));

		d->lead_slots = c->own_clock ? served_cell_k_min(cell) - 1 : DU_LEAD_SLOTS;
		d->rate_hz = cell->broadcast.fft_size * 15e3 * (1 << cell->cell.mu);
		d->stream = c->by_slots ? NULL : du_stream_new(du_node_mac(d->node), d->rate_hz);
		d->block = d->stream ? calloc(du_stream_slot_samples(d->stream), sizeof(*d->block)) : NULL;
	}
	if (d->block || (d->node && c->by_slots)) {
		timer_set(&d->timers, &d->reconnect, env_now_ns(c->env), connect);
		return d;
	}
	du_room_free(d);
	return NULL;
}

void du_room_free(struct du_room *d)
{
	if (!d)
		return;
	du_stream_free(d->stream);
	du_node_free(d->node);
	free(d->block);
	free(d);
}

double du_room_rate_hz(const struct du_room *d)
{
	return d->rate_hz;
}

struct du_node *du_room_node(struct du_room *d)
{
	return d->node;
}

void du_room_figures(struct du_room *d, struct stats_list *l)
{
	du_figures_add(&d->figures, d->node, d->config.name, l);
}
