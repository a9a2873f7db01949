/* Rooms of one binding that talk to each other: what one sends the other hears in the next turn. */
#include "io/bind_impl.h"

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
	if (!outbox_put(o, &arrived))
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
