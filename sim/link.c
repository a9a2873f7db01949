/* Virtual links: datagrams by address, and associations that neither lose nor reorder. */
#include <stdlib.h>

#include "sim/internal.h"

enum { SIM_STREAMS = 16, SIM_DETECT_MS = 50 }; /* when an end notices that the other has died */

static bool sim_bind(struct sim_node *n, enum sim_port_kind kind, uint16_t port, const struct addr *local)
{
	struct sim *s = n->sim;

	if (s->port_count == SIM_PORTS_MAX)
		return false;
	s->ports[s->port_count++] =
		(struct sim_port){ .node = n, .kind = kind, .port = port, .local = *local };
	return true;
}

bool sim_bind_datagram(struct sim_node *n, uint16_t port, const struct addr *local)
{
	return sim_bind(n, SIM_DATAGRAM, port, local);
}

bool sim_bind_radio(struct sim_node *n, uint16_t port, const struct addr *local)
{
	return sim_bind(n, SIM_RADIO, port, local);
}

bool sim_bind_server(struct sim_node *n, uint16_t port, const struct addr *local)
{
	return sim_bind(n, SIM_SERVER, port, local);
}

bool sim_bind_client(struct sim_node *n, uint16_t port, const struct addr *local)
{
	return sim_bind(n, SIM_CLIENT, port, local);
}

static struct sim_port *port_of(struct sim_node *n, uint16_t port)
{
	for (size_t i = 0; i < n->sim->port_count; i++)
		if (n->sim->ports[i].node == n && n->sim->ports[i].port == port)
			return &n->sim->ports[i];
	return NULL;
}

static const struct sim_port *port_at(struct sim *s, enum sim_port_kind kind, const struct addr *a)
{
	for (size_t i = 0; i < s->port_count; i++)
		if (s->ports[i].kind == kind && addr_equal(&s->ports[i].local, a))
			return &s->ports[i];
	return NULL;
}

static struct sim_event *schedule(
	struct sim *s, uint64_t at_ns, struct sim_node *to, struct sim_assoc *assoc, const struct msg *m)
{
	struct sim_event *e = calloc(1, sizeof(*e) + m->data.len);

	if (!e)
		return NULL;
	e->to = to;
	e->assoc = assoc;
	e->life = to->lives;
	e->msg = *m;
	bytes_copy(e->data, m->data.len, m->data);
	e->msg.data = bytes_of(e->data, m->data.len);
	timer_set(&s->queue, &e->timer, at_ns, s->arrive);
	return e;
}

static void wire_send(struct sim *s, const struct sim_port *from, const struct msg *m)
{
	struct msg arrived = { .kind = m->kind, .port = from->far->port, .data = m->data };
	struct sim_event *e =
		schedule(s, s->now_ns + from->delay_us * UINT64_C(1000), from->far->node, NULL, &arrived);

	if (e && (from->node->silent || from->far->node->silent))
		memset(e->data, 0, m->data.len);
}

bool sim_wire(struct sim_node *a, uint16_t a_port, struct sim_node *z, uint16_t z_port, uint32_t delay_us)
{
	struct sim *s = a->sim;
	struct addr none = { 0 };
	struct sim_port *ends = &s->ports[s->port_count];

	if (!sim_bind(a, SIM_WIRE, a_port, &none) || !sim_bind(z, SIM_WIRE, z_port, &none))
		return false;
	for (unsigned i = 0; i < 2; i++) {
		ends[i].far = &ends[1 - i];
		ends[i].delay_us = delay_us;
		wire_send(s, &ends[i], &(struct msg){ .kind = MSG_UP });
	}
	return true;
}

void sim_set_silent(struct sim_node *n, bool silent)
{
	n->silent = silent;
}

static uint64_t delay_ns(struct sim *s)
{
	uint64_t us = s->link.delay_us;

	if (s->link.jitter_us)
		us += sim_random(&s->random) % s->link.jitter_us;
	return us * 1000;
}

static struct sim_assoc *assoc_find(struct sim *s, uint64_t id)
{
	return s->assocs ? hash_get(&s->assoc_by_id, id, 0, struct sim_assoc, by_id) : NULL;
}

/* In order, after all that was sent before on this association. */
static void send_assoc(struct sim *s, struct sim_assoc *from, struct msg *m, uint64_t extra_ns)
{
	struct sim_assoc *to = from->peer;
	uint64_t at_ns = s->now_ns + delay_ns(s) + extra_ns;

	if (at_ns <= to->last_arrival_ns)
		at_ns = to->last_arrival_ns;
	to->last_arrival_ns = at_ns;
	m->assoc = to->id;
	m->port = to->port;
	m->peer = from->local;
	schedule(s, at_ns, to->node, to, m);
}

static struct sim_assoc *assoc_new(
	struct sim *s, struct sim_node *node, uint16_t port, const struct addr *local)
{
	struct sim_assoc *a = calloc(1, sizeof(*a));

	if (!a || (!s->assocs && !hash_init(&s->assoc_by_id, s->seed))) {
		free(a);
		return NULL;
	}
	a->id = ++s->assoc_id;
	a->node = node;
	a->port = port;
	a->local = *local;
	a->open = true;
	a->next = s->assocs;
	s->assocs = a;
	hash_insert(&s->assoc_by_id, &a->by_id, a->id, 0);
	return a;
}

/* MSG_UP out: the peer's server accepts, or the opener hears that nobody does. */
static void open_assoc(struct sim_node *from, const struct sim_port *port, const struct msg *m)
{
	struct sim *s = from->sim;
	const struct sim_port *server = port_at(s, SIM_SERVER, &m->peer);
	struct msg up = { .kind = MSG_UP, .out_streams = SIM_STREAMS, .in_streams = SIM_STREAMS };
	struct msg refused = { .kind = MSG_DOWN, .port = m->port, .token = m->token, .peer = m->peer };
	struct sim_assoc *here, *there;

	if (!server || !server->node->alive) {
		schedule(s, s->now_ns + SIM_DETECT_MS * NS_PER_MS, from, NULL, &refused);
		return;
	}
	here = assoc_new(s, from, port->port, &port->local);
	there = assoc_new(s, server->node, server->port, &server->local);
	if (!here || !there)
		return;
	here->peer = there;
	there->peer = here;
	send_assoc(s, here, &up, 0);
	up.token = m->token;
	send_assoc(s, there, &up, 0);
}

static void close_assoc(struct sim *s, struct sim_assoc *a, uint64_t extra_ns)
{
	struct msg down = { .kind = MSG_DOWN };

	if (!a->open)
		return;
	a->open = false;
	if (a->peer->open && a->peer->node->alive) {
		a->peer->open = false;
		send_assoc(s, a, &down, extra_ns);
	}
}

void sim_assocs_break(struct sim_node *n)
{
	for (struct sim_assoc *a = n->sim->assocs; a; a = a->next)
		if (a->node == n)
			close_assoc(n->sim, a, SIM_DETECT_MS * NS_PER_MS);
}

void sim_break(struct sim_node *n, uint16_t port)
{
	for (struct sim_assoc *a = n->sim->assocs; a; a = a->next) {
		struct msg down = { .kind = MSG_DOWN };

		if (a->node != n || a->port != port || !a->open)
			continue;
		close_assoc(n->sim, a, SIM_DETECT_MS * NS_PER_MS);
		send_assoc(n->sim, a->peer, &down, SIM_DETECT_MS * NS_PER_MS);
	}
}

void sim_assocs_free(struct sim *s)
{
	if (s->assocs)
		hash_fini(&s->assoc_by_id);
	while (s->assocs) {
		struct sim_assoc *a = s->assocs;

		s->assocs = a->next;
		free(a);
	}
}

static void send_datagram(struct sim_node *from, struct sim_port *port, const struct msg *m)
{
	struct sim *s = from->sim;
	const struct sim_port *to = port_at(s, port->kind, &m->peer);
	struct msg arrived = { .kind = MSG_DATA, .peer = port->local, .data = m->data };
	uint64_t at_ns;

	if (!to)
		return;
	if (port->kind == SIM_DATAGRAM && s->link.loss_permille &&
		sim_random(&s->random) % 1000 < s->link.loss_permille)
		return;
	if (port->kind == SIM_RADIO && s->slots) {
		sim_radio_send(s, port, to, m->data);
		return;
	}
	at_ns = s->now_ns + delay_ns(s);
	if (port->kind == SIM_RADIO) {
		at_ns = at_ns > port->last_arrival_ns ? at_ns : port->last_arrival_ns;
		port->last_arrival_ns = at_ns;
	}
	arrived.port = to->port;
	schedule(s, at_ns, to->node, NULL, &arrived);
}

void sim_send(struct sim_node *from, const struct msg *m)
{
	struct sim *s = from->sim;
	struct sim_port *port = port_of(from, m->port);
	struct sim_assoc *a;
	struct msg data = *m;

	if (s->filter && !s->filter(s->filter_arg, from, m))
		return;
	if (!port) {
		if (s->sink)
			s->sink(s->sink_arg, from, m);
		return;
	}
	if (port->kind == SIM_DATAGRAM || port->kind == SIM_RADIO) {
		send_datagram(from, port, m);
		return;
	}
	if (port->kind == SIM_WIRE) {
		wire_send(s, port, m);
		return;
	}
	if (m->kind == MSG_UP) {
		open_assoc(from, port, m);
		return;
	}
	a = assoc_find(s, m->assoc);
	if (!a || a->node != from || !a->open)
		return;
	if (m->kind == MSG_DOWN)
		close_assoc(s, a, 0);
	else
		send_assoc(s, a, &data, 0);
}
