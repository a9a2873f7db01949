/* A message on its way to a room. */
#include "io/bind_impl.h"

struct bind_port *bind_find(const struct bind *b, uint16_t port)
{
	for (size_t i = 0; i < b->port_count; i++)
		if (b->ports[i]->port == port)
			return b->ports[i];
	return NULL;
}

void bind_tell_taps(struct bind *b, bool in, const struct msg *m)
{
	for (size_t i = 0; i < b->tap_count; i++)
		b->taps[i].msg(b->taps[i].arg, in, m);
}

void bind_hand(struct bind_port *p, const struct msg *m)
{
	struct bind *b = p->bind;

	b->stats.in++;
	bind_tell_taps(b, true, m);
	p->room.ops->on_msg(p->room.self, m);
}

void bind_deliver(struct bind *b, const struct msg *m)
{
	struct bind_port *p = bind_find(b, m->port);

	if (p)
		bind_hand(p, m);
}
