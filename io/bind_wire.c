/* Rooms that talk to each other: what one sends the other hears in the next turn, of one binding or of
 * another that has a thread of its own. */
#include "io/bind_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { CROSS_OCTETS = 4 << 20 };

/* One way between two bindings, kept by the one that hears. */
struct bind_cross {
	struct octet_ring ring; /* of a struct msg each, and its data behind it */
	struct bind *to;
	struct loop_watch watch; /* of an eventfd */
};

static void tell(struct bind_cross *c)
{
	const uint64_t one = 1;

	while (write(c->watch.fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static bool cross(struct bind_cross *c, const struct msg *m)
{
	bool wake;

	if (!octet_ring_put(&c->ring, bytes_of(m, sizeof(*m)), m->data, &wake))
		return false;
	if (wake)
		tell(c);
	return true;
}

static void cross_ready(void *arg, uint32_t events)
{
	struct bind_cross *c = arg;
	struct bytes record;
	uint64_t n;

	if (read(c->watch.fd, &n, sizeof(n)) < 0)
		return;
	for (size_t i = 0; i < BIND_TURN_MAX && (record = octet_ring_oldest(&c->ring)).len > 0; i++) {
		struct msg m = *(const struct msg *)(const void *)record.data;

		m.data = bytes_of(record.data + sizeof(m), record.len - sizeof(m));
		bind_deliver(c->to, &m);
		octet_ring_take(&c->ring);
	}
	if (octet_ring_oldest(&c->ring).len > 0)
		tell(c);
}

void bind_cross_free(struct bind_cross *c)
{
	if (!c)
		return;
	if (c->watch.fd >= 0) {
		loop_unwatch(c->to->loop, &c->watch);
		close(c->watch.fd);
	}
	octet_ring_fini(&c->ring);
	free(c);
}

static struct bind_cross *cross_new(struct bind *to)
{
	struct bind_cross *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->to = to;
	c->watch = (struct loop_watch){ eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), EPOLLIN, cross_ready, c, 0 };
	if (c->watch.fd >= 0 && octet_ring_init(&c->ring, CROSS_OCTETS) && loop_watch(to->loop, &c->watch))
		return c;
	bind_cross_free(c);
	return NULL;
}

bool bind_wire_cross(struct bind_port *near, struct bind_port *far)
{
	near->incoming = cross_new(near->bind);
	far->incoming = cross_new(far->bind);
	if (!near->incoming || !far->incoming)
		return false;
	near->outgoing = far->incoming;
	far->outgoing = near->incoming;
	return true;
}

/* Which of those that are joined to a port a message of its room is for; NULL: none. */
static struct bind_port *near_of(const struct bind_port *far, const struct msg *m)
{
	for (size_t i = 0; i < far->bind->port_count; i++) {
		struct bind_port *p = far->bind->ports[i];

		if (p->kind == BIND_WIRE && p->far == far &&
			(m->assoc ? p->port == m->assoc : addr_same_host(&p->local, &m->peer)))
			return p;
	}
	return NULL;
}

/* An association is named by the port of who opened it. */
bool bind_wire_say(struct bind_port *p, const struct msg *m)
{
	struct bind_port *to = p->far ? p->far : near_of(p, m);
	struct outbox *o = &p->bind->wired;
	struct msg arrived = *m;

	if (!to)
		return false;
	if (m->kind == MSG_UP)
		arrived.assoc = p->port;
	arrived.port = to->port;
	arrived.peer = p->local;
	arrived.token = 0;
	if (!(to->outgoing ? cross(to->outgoing, &arrived) : outbox_put(o, &arrived)))
		return false;
	if (m->kind != MSG_UP)
		return true;
	arrived.port = p->port;
	arrived.peer = to->local;
	arrived.token = m->token;
	return outbox_put(o, &arrived);
}

void bind_wire_due(struct bind *b)
{
	struct outbox now;

	if (b->wired.count == 0)
		return;
	outbox_move(&now, &b->wired);
	for (struct outbox_item *item = now.head; item; item = item->next)
		bind_deliver(b, &item->msg);
	outbox_fini(&now);
}
