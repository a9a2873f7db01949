/* A message of a trace as octets of the control port, both ways. */
#include "base/cursor.h"
#include "core/trace.h"

static void put(struct writer *w, struct bytes b)
{
	writer_u32(w, (uint32_t)b.len);
	writer_put(w, b);
}

void trace_message_write(const struct trace_message *m, struct writer *w)
{
	writer_u64(w, m->number);
	writer_u64(w, m->utc_ns);
	writer_u8(w, m->kind);
	writer_u8(w, m->in);
	writer_u8(w, m->lost);
	writer_u8(w, m->consumer);
	writer_u8(w, m->producer);
	writer_u8(w, m->peer.len);
	writer_put(w, bytes_of(m->peer.ip, sizeof(m->peer.ip)));
	writer_u16(w, m->peer.port);
	put(w, m->title);
	put(w, m->octets);
	put(w, m->plain);
}

bool trace_message_read(struct cursor *c, struct trace_message *m)
{
	*m = (struct trace_message){ .number = cursor_u64(c) };
	m->utc_ns = cursor_u64(c);
	m->kind = cursor_u8(c);
	m->in = cursor_u8(c);
	m->lost = cursor_u8(c);
	m->consumer = cursor_u8(c);
	m->producer = cursor_u8(c);
	m->peer.len = cursor_u8(c);
	cursor_copy(c, m->peer.ip, sizeof(m->peer.ip));
	m->peer.port = cursor_u16(c);
	m->title = cursor_bytes(c, cursor_u32(c));
	m->octets = cursor_bytes(c, cursor_u32(c));
	m->plain = cursor_bytes(c, cursor_u32(c));
	return !c->failed && m->kind <= TRACE_SBI && m->peer.len <= sizeof(m->peer.ip) &&
	       m->consumer < NF_TYPE_COUNT && m->producer < NF_TYPE_COUNT;
}
