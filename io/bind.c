#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/stats.h"
#include "io/bind_impl.h"

_Static_assert((int)BIND_ROOMS_MAX <= (int)TURN_ROOMS_MAX, "each room hears of commits");

struct bind *bind_new(struct loop *l, struct env *env)
{
	struct bind *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->loop = l;
	b->env = env;
	turn_init(&b->turn, env, bind_leave, b);
	outbox_init(&b->wired, BIND_WIRED_MAX);
	b->hook = (struct loop_hook){ bind_next_ns, bind_due, bind_turn_end, LOOP_COMMIT, b, NULL };
	loop_hook_add(l, &b->hook);
	return b;
}

static void bind_port_free(struct bind_port *p)
{
	if (p->watched)
		loop_unwatch(p->bind->loop, &p->watch);
	udp_free(p->udp);
	if (p->unix_server)
		unix_free(p->unix_server);
	samples_free(p->samples);
	device_free(p->device);
	bind_cross_free(p->incoming);
	free(p->tun_buf);
	free(p);
}

void bind_free(struct bind *b)
{
	if (!b)
		return;
	loop_hook_remove(b->loop, &b->hook);
	for (size_t i = 0; i < b->port_count; i++)
		bind_port_free(b->ports[i]);
	turn_fini(&b->turn);
	outbox_fini(&b->wired);
	free(b->tokens);
	free(b);
}

bool bind_room(struct bind *b, const struct room *room)
{
	if (b->room_count >= BIND_ROOMS_MAX || !turn_room_add(&b->turn, room))
		return false;
	b->rooms[b->room_count++] = *room;
	return true;
}

/* A port in the table's next place, not yet in it. NULL with errno. */
static struct bind_port *bind_port_new(
	struct bind *b, const struct room *room, uint16_t port, enum bind_kind kind)
{
	struct bind_port *p;

	if (b->port_count >= BIND_PORTS_MAX || bind_find(b, port)) {
		errno = b->port_count >= BIND_PORTS_MAX ? ENOSPC : EEXIST;
		return NULL;
	}
	p = calloc(1, sizeof(*p));
	if (p) {
		p->bind = b;
		p->room = *room;
		p->port = port;
		p->kind = kind;
	}
	return p;
}

/* Puts it in the table if `ok`; else frees it, errno kept. */
static bool bind_port_keep(struct bind_port *p, bool ok)
{
	int error = errno;

	if (ok)
		p->bind->ports[p->bind->port_count++] = p;
	else
		bind_port_free(p);
	errno = error;
	return ok;
}

static bool bind_port_watch(struct bind_port *p, int fd, void (*ready)(void *arg, uint32_t events))
{
	p->watch = (struct loop_watch){ fd, EPOLLIN, ready, p };
	p->watched = loop_watch(p->bind->loop, &p->watch);
	return p->watched;
}

bool bind_sctp_server(struct bind *b, const struct room *room, uint16_t port, struct io_sctp *sctp,
	const struct addr *local, size_t count, uint32_t ppid)
{
	struct bind_port *p = bind_port_new(b, room, port, BIND_SCTP_SERVER);
	struct io_sctp_user user = bind_sctp_user(p);

	if (!p)
		return false;
	p->sctp = sctp;
	p->ppid = ppid;
	return bind_port_keep(p, io_sctp_listen(sctp, local, count, &user));
}

bool bind_sctp_client(struct bind *b, const struct room *room, uint16_t port, struct io_sctp *sctp,
	const struct addr *local, uint16_t count, uint32_t ppid)
{
	struct bind_port *p = bind_port_new(b, room, port, BIND_SCTP_CLIENT);

	if (!p)
		return false;
	p->sctp = sctp;
	p->ppid = ppid;
	p->local = *local;
	return bind_port_keep(p, io_sctp_reserve(sctp, local, count));
}

bool bind_udp(struct bind *b, const struct room *room, uint16_t port, const struct addr *local,
	const struct udp_config *config)
{
	struct udp_config c = config ? *config : (struct udp_config){ 0 };
	struct bind_port *p = bind_port_new(b, room, port, BIND_UDP);

	if (!p)
		return false;
	c.offload = false; /* what GRO keeps back is not seen by epoll */
	c.join = true;
	p->udp = udp_open(local, &c);
	return bind_port_keep(p, p->udp && bind_port_watch(p, udp_fd(p->udp), bind_udp_ready));
}

bool bind_tun(struct bind *b, const struct room *room, uint16_t port, struct tun *tun, size_t mtu)
{
	struct bind_port *p = bind_port_new(b, room, port, BIND_TUN);

	if (!p)
		return false;
	p->tun = tun;
	p->mtu = mtu;
	p->tun_buf = malloc(BIND_TUN_BUF);
	return bind_port_keep(p, p->tun_buf && bind_port_watch(p, tun->fd, bind_tun_ready));
}

bool bind_unix(struct bind *b, const struct room *room, uint16_t port, const char *path)
{
	struct bind_port *p = bind_port_new(b, room, port, BIND_UNIX);
	struct unix_user user = { bind_unix_request, bind_unix_closed, p };

	if (!p)
		return false;
	p->unix_server = unix_listen(b->loop, path, &user);
	return bind_port_keep(p, p->unix_server != NULL);
}

bool bind_samples(struct bind *b, const struct room *room, uint16_t port, const struct samples_config *c)
{
	struct bind_port *p = bind_port_new(b, room, port, BIND_SAMPLES);
	struct samples_user user = bind_samples_user(p);

	if (!p)
		return false;
	p->samples = samples_open(b->loop, b->env->log, c, &user);
	return bind_port_keep(p, p->samples != NULL);
}

bool bind_device(struct bind *b, const struct room *room, uint16_t port, const struct device_config *c)
{
	struct bind_port *p = bind_port_new(b, room, port, BIND_DEVICE);
	struct device_user user = bind_device_user(p);

	if (!p)
		return false;
	p->device = device_open(b->loop, b->env->log, c, &user);
	return bind_port_keep(p, p->device != NULL);
}

static struct bind_port *bind_port_add(
	struct bind *b, const struct room *room, uint16_t port, enum bind_kind kind)
{
	struct bind_port *p = bind_port_new(b, room, port, kind);

	return p && bind_port_keep(p, true) ? p : NULL;
}

/* The end that several may be joined to. NULL with errno. */
static struct bind_port *bind_far_end(struct bind *b, const struct bind_wire_end *to)
{
	struct bind_port *far = bind_find(b, to->port);

	if (far && far->kind != BIND_WIRE) {
		errno = EEXIST;
		return NULL;
	}
	if (!far)
		far = bind_port_add(b, &to->room, to->port, BIND_WIRE);
	if (far)
		far->local = to->local;
	return far;
}

static struct bind_port *bind_near_end(
	struct bind *b, const struct bind_wire_end *from, struct bind_port *far)
{
	struct bind_port *p = far ? bind_port_add(b, &from->room, from->port, BIND_WIRE) : NULL;

	if (!p)
		return NULL;
	p->far = far;
	p->local = from->local;
	return p;
}

bool bind_wire(struct bind *b, const struct bind_wire_end *from, const struct bind_wire_end *to)
{
	return bind_near_end(b, from, bind_far_end(b, to)) != NULL;
}

/* Each binding has both ends: its own, and one that stands for the other's. */
bool bind_wire_between(struct bind *from_bind, const struct bind_wire_end *from, struct bind *to_bind,
	const struct bind_wire_end *to)
{
	struct bind_port *far = bind_far_end(to_bind, to), *near = bind_near_end(to_bind, from, far),
			 *other_far = near ? bind_far_end(from_bind, to) : NULL,
			 *other_near = bind_near_end(from_bind, from, other_far);

	return other_near && bind_wire_cross(near, other_far);
}

bool bind_custom(struct bind *b, const struct room *room, uint16_t port,
	bool (*send)(void *arg, const struct msg *m), void *arg)
{
	struct bind_port *p = bind_port_add(b, room, port, BIND_CUSTOM);

	if (!p)
		return false;
	p->send = send;
	p->send_arg = arg;
	return true;
}

bool bind_tap_add(struct bind *b, const struct bind_tap *tap)
{
	if (b->tap_count == BIND_TAPS_MAX)
		return false;
	b->taps[b->tap_count++] = *tap;
	return true;
}

struct addr bind_local(const struct bind *b, uint16_t port)
{
	struct bind_port *p = bind_find(b, port);

	if (p && p->samples)
		return samples_local(p->samples);
	return p && p->udp ? udp_local(p->udp) : (struct addr){ 0 };
}

struct bind_stats bind_stats(const struct bind *b)
{
	struct bind_stats stats = b->stats;

	stats.dropped = b->turn.stats.dropped;
	stats.commits_failed = b->turn.stats.lost;
	return stats;
}

static const struct stat_def stat_defs[] = {
	{ "messages_in", "messages given to rooms" },
	{ "messages_out", "messages of rooms that were sent" },
	{ "messages_dropped", "messages of turns that the store did not keep" },
	{ "messages_unsendable", "messages without a way, or refused by the transport" },
	{ "commits_failed", "turns that the store did not keep" },
	{ "foreign_ppid", "messages of another payload protocol than their port's, dropped" },
	{ "turns", "turns that had something to keep or to send" },
};
const struct stat_group bind_stat_group = { "io", stat_defs, ARRAY_LEN(stat_defs) };
_Static_assert(sizeof(struct bind_stats) == sizeof(uint64_t) * ARRAY_LEN(stat_defs), "a row for each");

static const struct stat_def udp_defs[] = {
	{ "datagrams_in", "datagrams received" },
	{ "datagrams_out", "datagrams sent" },
	{ "truncated", "datagrams that were too long, dropped" },
	{ "send_failed", "datagrams that the kernel refused" },
};
const struct stat_group bind_udp_group = { "udp", udp_defs, ARRAY_LEN(udp_defs) };
_Static_assert(sizeof(struct udp_stats) == sizeof(uint64_t) * ARRAY_LEN(udp_defs), "a row for each");

/* Figures, which are all uint64_t, added to those of other ports. */
static void add(void *sum, const void *one, size_t count)
{
	uint64_t *to = sum;
	const uint64_t *from = one;

	for (size_t i = 0; i < count; i++)
		to[i] += from[i];
}

static bool add_samples(struct bind *b, const struct bind_port *p)
{
	struct samples_stats s;

	if (p->kind != BIND_SAMPLES)
		return false;
	s = samples_stats(p->samples);
	add(&b->shown_samples, &s, samples_stat_group.count);
	return true;
}

/* Only where there are ports for them. */
void bind_radio_figures(struct bind *b, struct stats_list *l)
{
	bool samples = false;

	b->shown_samples = (struct samples_stats){ 0 };
	for (size_t i = 0; i < b->port_count; i++)
		samples |= add_samples(b, b->ports[i]);
	if (samples)
		stats_add(l, (struct stats){ .group = &samples_stat_group,
				     .values = (const uint64_t *)(const void *)&b->shown_samples });
	for (size_t i = 0; i < b->port_count; i++)
		if (b->ports[i]->kind == BIND_DEVICE)
			device_figures(b->ports[i]->device, l);
}

void bind_figures(struct bind *b, struct stats_list *l)
{
	b->shown = bind_stats(b);
	b->shown_udp = (struct udp_stats){ 0 };
	for (size_t i = 0; i < b->port_count; i++) {
		struct udp_stats s = { 0 };

		if (b->ports[i]->kind == BIND_UDP)
			s = udp_stats(b->ports[i]->udp);
		b->shown_udp.in += s.in;
		b->shown_udp.out += s.out;
		b->shown_udp.truncated += s.truncated;
		b->shown_udp.send_failed += s.send_failed;
	}
	stats_add(l, (struct stats){ .group = &bind_stat_group,
			     .values = (const uint64_t *)(const void *)&b->shown });
	stats_add(l, (struct stats){ .group = &bind_udp_group,
			     .values = (const uint64_t *)(const void *)&b->shown_udp });
	bind_radio_figures(b, l);
}

void bind_unix_own(struct bind *b, uint16_t port, bind_own_fn *own, void *arg)
{
	struct bind_port *p = bind_find(b, port);

	assert(p && p->kind == BIND_UNIX);
	p->own = own;
	p->own_arg = arg;
}
