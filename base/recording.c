#include "base/recording.h"

static const char magic[8] = "FHREC 3\n";

enum { FRAME = 5, HEADER_MAX = 128 }; /* kind and length; octets of a record before its last octets */

void recording_init(
	struct recording *r, uint64_t limit, bool (*write)(void *arg, struct bytes octets), void *arg)
{
	*r = (struct recording){ .write = write, .arg = arg, .left = limit };
	r->ended = !write(arg, BYTES(magic));
}

static void put(struct recording *r, struct bytes octets)
{
	if (!r->ended && octets.len > 0 && !r->write(r->arg, octets))
		r->ended = true;
}

/* One record: what `fixed` holds, then `rest`. */
static void record(struct recording *r, enum record_kind kind, struct bytes fixed, struct bytes rest)
{
	uint8_t frame[FRAME];
	struct writer w = writer_of(frame, sizeof(frame));
	size_t len = fixed.len + rest.len;

	if (r->ended)
		return;
	if (FRAME + len > r->left || len > RECORD_MAX) {
		kind = RECORD_FULL;
		fixed = rest = BYTES_NONE;
		len = 0;
	}
	writer_u8(&w, kind);
	writer_u32(&w, (uint32_t)len);
	put(r, writer_bytes(&w));
	put(r, fixed);
	put(r, rest);
	r->left -= kind == RECORD_FULL ? 0 : FRAME + len;
	r->ended |= kind == RECORD_FULL || kind == RECORD_END;
}

void recording_mark(struct recording *r, enum record_kind kind, uint64_t number)
{
	uint8_t fixed[8];
	struct writer w = writer_of(fixed, sizeof(fixed));

	writer_u64(&w, number);
	record(r, kind, writer_bytes(&w), BYTES_NONE);
}

void recording_random(struct recording *r, struct bytes octets)
{
	record(r, RECORD_RANDOM, BYTES_NONE, octets);
}

/* All of a message but its data, which is the rest of the record. */
static void put_msg(struct writer *w, const struct msg *m)
{
	writer_u8(w, m->kind);
	writer_u16(w, m->port);
	writer_u16(w, m->stream);
	writer_u16(w, m->out_streams);
	writer_u16(w, m->in_streams);
	writer_u64(w, m->assoc);
	writer_u32(w, m->token);
	writer_u32(w, m->waited_us);
	writer_u16(w, m->busy_permille);
	writer_u32(w, m->uid);
	writer_u32(w, m->pid);
	writer_u8(w, m->peer.len);
	writer_put(w, bytes_of(m->peer.ip, sizeof(m->peer.ip)));
	writer_u16(w, m->peer.port);
}

static bool get_msg(struct cursor *c, struct msg *m)
{
	*m = (struct msg){ .kind = (enum msg_kind)cursor_u8(c) };
	m->port = cursor_u16(c);
	m->stream = cursor_u16(c);
	m->out_streams = cursor_u16(c);
	m->in_streams = cursor_u16(c);
	m->assoc = cursor_u64(c);
	m->token = cursor_u32(c);
	m->waited_us = cursor_u32(c);
	m->busy_permille = cursor_u16(c);
	m->uid = cursor_u32(c);
	m->pid = cursor_u32(c);
	m->peer.len = cursor_u8(c);
	cursor_copy(c, m->peer.ip, sizeof(m->peer.ip));
	m->peer.port = cursor_u16(c);
	m->data = cursor_rest(c);
	return !c->failed && m->kind <= MSG_DOWN && m->peer.len <= sizeof(m->peer.ip);
}

void recording_in(struct recording *r, uint64_t now_ns, const struct msg *m)
{
	uint8_t fixed[HEADER_MAX];
	struct writer w = writer_of(fixed, sizeof(fixed));

	writer_u64(&w, now_ns);
	put_msg(&w, m);
	record(r, RECORD_IN, writer_bytes(&w), m->data);
}

void recording_out(struct recording *r, const struct msg *m)
{
	uint8_t fixed[HEADER_MAX];
	struct writer w = writer_of(fixed, sizeof(fixed));

	put_msg(&w, m);
	record(r, RECORD_OUT, writer_bytes(&w), m->data);
}

void recording_head(struct recording *r, const struct record_head *head)
{
	uint8_t fixed[HEADER_MAX * 4];
	struct writer w = writer_of(fixed, sizeof(fixed));

	writer_put(&w, bytes_of(head->role, sizeof(head->role)));
	writer_u64(&w, head->start_ns);
	writer_u8(&w, head->counts_lost);
	writer_u8(&w, head->part);
	writer_u16(&w, (uint16_t)head->secrets.len);
	writer_put(&w, head->secrets);
	if (w.failed)
		r->ended = true;
	record(r, RECORD_HEAD, writer_bytes(&w), head->config);
	explicit_bzero(fixed, sizeof(fixed));
}

struct store_walk {
	struct recording *r;
	enum store_table table;
};

static bool record_entry(void *arg, struct bytes key, struct bytes value)
{
	const struct store_walk *walk = arg;
	uint8_t fixed[HEADER_MAX];
	struct writer w = writer_of(fixed, sizeof(fixed));

	writer_u8(&w, walk->table);
	writer_u8(&w, (uint8_t)key.len);
	writer_put(&w, key);
	record(walk->r, RECORD_ENTRY, writer_bytes(&w), value);
	return true;
}

bool recording_store(struct recording *r, struct store *store)
{
	struct store_walk walk = { r, STORE_META };
	bool ok = true;

	for (; ok && walk.table <= STORE_TABLE_LAST; walk.table++)
		ok = store_scan(store, walk.table, record_entry, &walk);
	return ok;
}

bool recording_begins(struct cursor *c)
{
	return bytes_equal(cursor_bytes(c, sizeof(magic)), BYTES(magic));
}

static bool get_head(struct cursor *c, struct record_head *head)
{
	cursor_copy(c, head->role, sizeof(head->role));
	head->role[RECORD_ROLE_SIZE - 1] = '\0';
	head->start_ns = cursor_u64(c);
	head->counts_lost = cursor_u8(c);
	head->part = cursor_u8(c);
	head->secrets = cursor_bytes(c, cursor_u16(c));
	head->config = cursor_rest(c);
	return !c->failed;
}

static bool get_item(struct cursor *c, struct record_item *item)
{
	switch (item->kind) {
	case RECORD_HEAD:
		return get_head(c, &item->head);
	case RECORD_ENTRY:
		item->table = (enum store_table)cursor_u8(c);
		item->key = cursor_bytes(c, cursor_u8(c));
		item->value = cursor_rest(c);
		return !c->failed && item->table >= STORE_META && item->table <= STORE_TABLE_LAST;
	case RECORD_IN:
		item->now_ns = cursor_u64(c);
		return get_msg(c, &item->msg);
	case RECORD_OUT:
		return get_msg(c, &item->msg);
	case RECORD_RANDOM:
		item->value = cursor_rest(c);
		return !c->failed;
	case RECORD_READY:
	case RECORD_DEADLINE:
	case RECORD_UTC:
	case RECORD_TURN:
	case RECORD_END:
		item->now_ns = item->number = cursor_u64(c);
		return !c->failed;
	case RECORD_FULL:
		return true;
	}
	return false;
}

bool recording_next(struct cursor *c, struct record_item *item)
{
	struct cursor in;

	if (cursor_left(c) == 0)
		return false;
	*item = (struct record_item){ .kind = (enum record_kind)cursor_u8(c) };
	in = cursor_sub(c, cursor_u32(c));
	if (!c->failed && get_item(&in, item))
		return true;
	c->failed = true;
	return false;
}
