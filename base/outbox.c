#include <assert.h>

#include "base/room.h"

void outbox_init_in(struct outbox *o, void *first, size_t first_size, size_t limit)
{
	*o = (struct outbox){ 0 };
	arena_init(&o->arena, first, first_size, limit);
	o->tail = &o->head;
}

void outbox_init(struct outbox *o, size_t limit)
{
	outbox_init_in(o, NULL, 0, limit);
}

void outbox_fini(struct outbox *o)
{
	arena_wipe(&o->arena);
	arena_fini(&o->arena);
}

void outbox_reset(struct outbox *o)
{
	arena_wipe(&o->arena);
	o->head = NULL;
	o->tail = &o->head;
	o->count = 0;
}

void outbox_move(struct outbox *to, struct outbox *from)
{
	size_t limit = from->arena.limit;
	uint64_t refused = from->refused;

	assert(!from->arena.first); /* the caller's memory stays with one */
	*to = *from;
	if (!to->head)
		to->tail = &to->head;
	outbox_init(from, limit);
	from->refused = refused;
}

bool outbox_put(struct outbox *o, const struct msg *m)
{
	struct outbox_item *item = arena_alloc(&o->arena, sizeof(*item));
	struct bytes copy = arena_bytes(&o->arena, m->data);

	if (!item || copy.len != m->data.len) {
		o->refused++;
		return false;
	}
	item->msg = *m;
	item->msg.data = copy;
	*o->tail = item;
	o->tail = &item->next;
	o->count++;
	return true;
}

bool outbox_send(struct outbox *o, uint16_t port, uint64_t assoc, uint16_t stream, struct bytes data)
{
	struct msg m = { .kind = MSG_DATA, .port = port, .stream = stream, .assoc = assoc, .data = data };

	return outbox_put(o, &m);
}

bool outbox_send_to(struct outbox *o, uint16_t port, const struct addr *peer, struct bytes data)
{
	struct msg m = { .kind = MSG_DATA, .port = port, .peer = *peer, .data = data };

	return outbox_put(o, &m);
}
