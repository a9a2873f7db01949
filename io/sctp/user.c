/* SCTP in user space, by libusrsctp in callback form and without threads of its own. */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "io/sctp/user.h"
#include "io/udp.h"
#include "base/room.h"

#define LOG_ROOM "sctp"

enum {
	SCTP_TICK_MS = 10,       /* of the timers, while there is traffic */
	SCTP_IDLE_TICK_MS = 100, /* while there is none */
	SCTP_ACTIVE_MS = 1000,   /* traffic this recent counts */
	SCTP_AHEAD_MS = 20,      /* that timers may run early for SACKs at once */
};

static struct sctp_user_socket *sctp_user_socket_new(
	struct sctp_user *u, const struct io_sctp_user *user, struct sctp_user_socket *first)
{
	struct sctp_user_socket *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->stack = u;
	s->user = *user;
	s->first = first;
	s->service = first ? ++u->services : 0;
	s->so = first ? first->so : sctp_stack_socket(s, &u->base.config);
	if (!s->so) {
		free(s);
		return NULL;
	}
	s->next = u->sockets;
	u->sockets = s;
	return s;
}

/* Outside of callbacks only: closing a socket inside its own is not for libusrsctp. */
static void sctp_user_socket_free(struct sctp_user *u, struct sctp_user_socket *s)
{
	for (struct sctp_user_socket **at = &u->sockets; *at; at = &(*at)->next)
		if (*at == s) {
			*at = s->next;
			break;
		}
	for (uint16_t i = 0; i < s->wire_count; i++)
		sctp_wire_drop_port(&u->wire, s->wire_sockets[i], s->port);
	if (!s->first)
		sctp_stack_close(s->so);
	free(s);
}

static bool sctp_user_take_ports(
	struct sctp_user *u, struct sctp_user_socket *s, const struct addr *local, size_t count)
{
	s->port = local[0].port;
	for (size_t i = 0; i < count; i++) {
		int index = sctp_wire_take_port(&u->wire, &local[i], s->listener, &s->port);

		if (index < 0)
			return false;
		s->wire_sockets[s->wire_count++] = (uint16_t)index;
		sctp_wire_set_service(&u->wire, (uint16_t)index, s->port, s->service);
	}
	return true;
}

/* Who listens on the port already, at other addresses. */
static struct sctp_user_socket *sctp_user_listener(struct sctp_user *u, uint16_t port)
{
	for (struct sctp_user_socket *s = u->sockets; s; s = s->next)
		if (s->listener && !s->first && s->port == port)
			return s;
	return NULL;
}

/* libusrsctp knows our end by its port alone, so a port has one socket there, whatever its addresses. */
static bool sctp_user_listen(
	struct io_sctp *io, const struct addr *local, size_t count, const struct io_sctp_user *user)
{
	struct sctp_user *u = (struct sctp_user *)io;
	struct sctp_user_socket *first = sctp_user_listener(u, local[0].port);
	struct sctp_user_socket *s = sctp_user_socket_new(u, user, first);
	int error;

	if (!s)
		return false;
	s->listener = true;
	if (sctp_user_take_ports(u, s, local, count) &&
		(first || (sctp_stack_bind(s->so, s->port) && sctp_stack_listen(s->so))))
		return true;
	error = errno;
	sctp_user_socket_free(u, s);
	errno = error;
	return false;
}

static bool sctp_user_reserve(struct io_sctp *io, const struct addr *local, uint16_t count)
{
	return sctp_wire_reserve(&((struct sctp_user *)io)->wire, local, count);
}

static struct sctp_user_assoc *sctp_user_start_client(
	struct sctp_user *u, struct sctp_user_socket *s, const struct addr *local, const struct addr *peer)
{
	struct addr wire_peer = *peer;
	struct sctp_peer *p;

	wire_peer.port = u->base.mode == IO_SCTP_UDP ? u->base.config.udp_peer_port : 0;
	if (u->assoc_count >= u->base.config.assocs_max) {
		errno = ENOBUFS;
		return NULL;
	}
	if (!sctp_user_take_ports(u, s, local, 1) || !sctp_stack_bind(s->so, s->port))
		return NULL;
	p = sctp_peers_add(&u->peers, SCTP_PEER_LIVE, &wire_peer, peer->port, s->port);
	if (!p) {
		errno = ENOBUFS;
		return NULL;
	}
	p->socket = s->wire_sockets[0];
	s->client = sctp_assoc_new(u, s, p);
	if (!s->client) {
		sctp_peers_remove(&u->peers, p);
		errno = ENOBUFS;
		return NULL;
	}
	if (sctp_stack_connect(s->so, p))
		return s->client;
	sctp_assoc_end(u, s->client, IO_SCTP_DOWN_FAILED, false);
	return NULL;
}

static uint64_t sctp_user_connect(struct io_sctp *io, const struct addr *local, const struct addr *peer,
	const struct io_sctp_user *user)
{
	struct sctp_user *u = (struct sctp_user *)io;
	struct addr source = { 0 };
	struct sctp_user_socket *s;
	struct sctp_user_assoc *a;
	int error;

	if (local)
		source = *local;
	else if (!udp_route_source(peer, &source))
		return 0;
	s = sctp_user_socket_new(u, user, NULL);
	if (!s)
		return 0;
	a = sctp_user_start_client(u, s, &source, peer);
	if (a)
		return a->handle;
	error = errno;
	sctp_user_socket_free(u, s);
	errno = error;
	return 0;
}

/* Not at once: the caller may be inside a callback of the stack. */
static void sctp_user_abort(struct io_sctp *io, uint64_t assoc)
{
	struct sctp_user *u = (struct sctp_user *)io;
	struct sctp_user_assoc *a = sctp_assoc_find(u, assoc);

	if (a)
		a->abort_wanted = u->pending = true;
}

static enum sctp_sent sctp_user_try(void *assoc, uint16_t stream, uint32_t ppid, struct bytes data)
{
	return sctp_stack_send(assoc, stream, ppid, data) ? SCTP_SENT : sctp_sent_of(errno);
}

static bool sctp_user_send(
	struct io_sctp *io, uint64_t assoc, uint16_t stream, uint32_t ppid, struct bytes data)
{
	struct sctp_user *u = (struct sctp_user *)io;
	struct sctp_user_assoc *a = sctp_assoc_find(u, assoc);

	if (!a || !a->up || a->abort_wanted || stream >= a->out_streams)
		return false;
	return sctp_queue_send(&a->queue, io, sctp_user_try, a, stream, ppid, data);
}

static void sctp_user_shutdown(struct io_sctp *io, uint64_t assoc)
{
	struct sctp_user *u = (struct sctp_user *)io;
	struct sctp_user_assoc *a = sctp_assoc_find(u, assoc);

	if (a && a->up && a->queue.head)
		a->queue.end_wanted = true;
	else if (a && (!a->up || !sctp_stack_shutdown(a)))
		sctp_user_abort(io, assoc);
}

static void sctp_user_drain(struct sctp_user *u)
{
	for (uint32_t i = 0; u->base.queued > 0 && i < u->assocs_high; i++) {
		struct sctp_user_assoc *a = u->assocs[i];

		if (!a || !a->queue.head || a->abort_wanted)
			continue;
		if (!sctp_queue_drain(&a->queue, &u->base, sctp_user_try, a)) {
			log_warn(u->base.log, "peer does not take what is sent: association aborted");
			a->abort_wanted = u->pending = true;
		} else if (!a->queue.head && a->queue.end_wanted && !sctp_stack_shutdown(a)) {
			a->abort_wanted = u->pending = true;
		}
	}
}

static void sctp_user_abort_now(struct sctp_user *u, uint32_t slot)
{
	struct sctp_user_assoc *a = u->assocs[slot];
	uint64_t handle = a->handle;

	if (a->up && a->socket->listener)
		sctp_stack_abort(a); /* usually ends it in a notification */
	a = u->assocs[slot];
	if (a && a->handle == handle)
		sctp_assoc_end(u, a, IO_SCTP_DOWN_ABORTED, true);
}

static void sctp_user_run_pending(struct sctp_user *u)
{
	struct sctp_user_socket *next;

	u->pending = false;
	for (uint32_t i = 0; i < u->assocs_high; i++)
		if (u->assocs[i] && u->assocs[i]->abort_wanted)
			sctp_user_abort_now(u, i);
	for (struct sctp_user_socket *s = u->sockets; s; s = next) {
		next = s->next;
		if (s->closing)
			sctp_user_socket_free(u, s);
	}
}

static uint64_t sctp_user_next_ns(void *arg)
{
	struct sctp_user *u = arg;
	uint64_t tick = SCTP_TICK_MS;

	if (u->pending)
		return 0;
	if (u->peers.used == 0)
		return NEVER;
	if (u->owing > 0)
		tick = 1;
	else if (loop_now_ns(u->base.loop) - u->active_ns > (uint64_t)SCTP_ACTIVE_MS * NS_PER_MS)
		tick = SCTP_IDLE_TICK_MS;
	return u->ticked_ns + tick * NS_PER_MS;
}

/* Lets the stack's clock go on with ours, less what it is ahead; but by one step if a SACK waits for it. */
static void sctp_user_tick(struct sctp_user *u, uint64_t now_ns)
{
	uint64_t elapsed_ms = (now_ns - u->ticked_ns) / NS_PER_MS;
	uint32_t steps;

	if (elapsed_ms < SCTP_TICK_MS && (u->owing == 0 || elapsed_ms == 0))
		return;
	u->ticked_ns += elapsed_ms * NS_PER_MS;
	/* After a pause without peers, or one of the whole process, no timer is to fire early. */
	steps = elapsed_ms > 2 * SCTP_IDLE_TICK_MS ? SCTP_TICK_MS : (uint32_t)elapsed_ms;
	if (steps <= u->ahead_ms && u->owing > 0) {
		u->ahead_ms = u->ahead_ms - steps + 1;
		steps = 1;
	} else {
		uint32_t ahead = u->ahead_ms < steps ? u->ahead_ms : steps;

		u->ahead_ms -= ahead;
		steps -= ahead;
	}
	if (steps > 0)
		sctp_stack_tick(steps);
}

static void sctp_user_due(void *arg, uint64_t now_ns)
{
	struct sctp_user *u = arg;

	sctp_user_tick(u, now_ns);
	if (u->pending)
		sctp_user_run_pending(u);
}

/*
 * DATA is acknowledged at the end of the turn it came in: with the answer if there is one, else by
 * itself. The stack would wait for a tick of its clock; it gets one, some milliseconds in advance at most.
 */
static void sctp_user_turn_end(void *arg)
{
	struct sctp_user *u = arg;

	sctp_user_drain(u);
	if (u->owing > 0 && u->ahead_ms < SCTP_AHEAD_MS) {
		u->ahead_ms++;
		sctp_stack_tick(1);
	}
	sctp_wire_flush(&u->wire);
	sctp_peers_sweep(&u->peers);
	u->base.stats.peers = u->peers.used;
	u->base.stats.half_open_recycled = u->peers.recycled;
}

static void sctp_user_free(struct io_sctp *io)
{
	struct sctp_user *u = (struct sctp_user *)io;

	u->shutting_down = true;
	for (uint32_t i = 0; i < u->assocs_high; i++)
		if (u->assocs[i])
			sctp_user_abort_now(u, i);
	while (u->sockets)
		sctp_user_socket_free(u, u->sockets);
	sctp_stack_stop();
	sctp_wire_flush(&u->wire);
	loop_hook_remove(u->base.loop, &u->hook);
	sctp_wire_fini(&u->wire);
	sctp_peers_fini(&u->peers);
	free(u->assocs);
	free(u);
}

static const struct io_sctp_ops sctp_user_ops = {
	.free = sctp_user_free,
	.listen = sctp_user_listen,
	.reserve = sctp_user_reserve,
	.connect = sctp_user_connect,
	.send = sctp_user_send,
	.shutdown = sctp_user_shutdown,
	.abort = sctp_user_abort,
};

struct io_sctp *sctp_user_open(struct loop *l, const struct io_sctp_config *config, struct log *log)
{
	struct sctp_user *u = calloc(1, sizeof(*u));
	uint64_t seed = 0;

	if (!u)
		return NULL;
	u->base = (struct io_sctp){ &sctp_user_ops, config->mode, *config, { 0 }, l, log };
	u->assocs = calloc(config->assocs_max + SCTP_ASSOCS_SPARE, sizeof(struct sctp_user_assoc *));
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed) || !u->assocs ||
		!sctp_peers_init(
			&u->peers, config->assocs_max + config->half_open_max, config->half_open_max, seed))
		goto no_peers;
	if (!sctp_wire_init(&u->wire, l, &u->base.config, &u->base.stats))
		goto no_wire;
	u->wire.input = sctp_demux_input;
	u->wire.arg = u;
	if (!sctp_stack_start(u))
		goto no_stack;
	u->ticked_ns = u->active_ns = loop_now_ns(l);
	u->hook = (struct loop_hook){ sctp_user_next_ns, sctp_user_due, sctp_user_turn_end, LOOP_FLUSH, u,
		NULL };
	loop_hook_add(l, &u->hook);
	return &u->base;
no_stack:
	sctp_wire_fini(&u->wire);
no_wire:
	sctp_peers_fini(&u->peers);
no_peers:
	free(u->assocs);
	free(u);
	return NULL;
}
