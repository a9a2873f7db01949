/* An entry of the ring as a message: of a service operation what it lies as in the bus becomes HTTP. */
#include <stdio.h>

#include "base/text.h"
#include "core/trace_ring.h"
#include "wire/sbi/sbi_json.h"

static const char *reason_of(uint16_t status)
{
	switch (status) {
	case 200:
		return "OK";
	case 201:
		return "Created";
	case 204:
		return "No Content";
	default:
		return "Error";
	}
}

/* As HTTP/1.1 has it: what the services' HTTP/2 messages hold. */
static void put_http(const struct trace_entry *e, const struct sbi_http *http, struct writer *w)
{
	if (e->flags & TRACE_ANSWER)
		text_put(w, "HTTP/1.1 %u %s\r\n", http->status, reason_of(http->status));
	else
		text_put(w, "%s %s HTTP/1.1\r\nHost: %s\r\n", http->method, http->path,
			nf_type_name(e->producer));
	if (http->location)
		text_put(w, "Location: %s\r\n", http->location);
	if (http->content_type)
		text_put(w, "Content-Type: %s\r\n", http->content_type);
	text_put(w, "Content-Length: %zu\r\n\r\n", http->body.len);
	writer_put(w, http->body);
}

/* *body is NULL where there was none. */
static bool take_body(struct trace_reader *t, const struct trace_entry *e, void **body)
{
	*body = e->body ? arena_alloc(&t->arena, e->octets) : NULL;
	if (!*body)
		return !e->body;
	bytes_copy(*body, e->octets, bytes_of(e + 1, e->octets));
	return e->flags & TRACE_ANSWER ? sbi_response_move(e->op, *body, e->body, e->octets)
				       : sbi_request_move(e->op, *body, e->body, e->octets);
}

static void put_sbi(struct trace_reader *t, const struct trace_entry *e, bool whole, struct trace_message *m)
{
	struct writer text = writer_of(t->http, sizeof(t->http));
	enum sbi_op_id op = e->op;
	struct sbi_http http;
	void *body;
	bool ok;

	snprintf(t->title, sizeof(t->title), "%s%s%s", sbi_ops[op].name, e->flags & TRACE_ANSWER ? " " : "",
		e->flags & TRACE_ANSWER ? sbi_cause_name(e->cause) : "");
	m->title = bytes_of_str(t->title);
	m->consumer = e->consumer;
	m->producer = e->producer;
	if (!whole)
		return;
	ok = take_body(t, e, &body);
	if (ok && e->flags & TRACE_ANSWER)
		ok = sbi_response_encode(op, e->cause, body, &t->arena, &http);
	else if (ok)
		ok = body && sbi_request_encode(op, body, &t->arena, &http);
	if (ok)
		put_http(e, &http, &text);
	if (ok && !text.failed)
		m->octets = writer_bytes(&text);
}

void trace_entry_read(struct trace_reader *t, uint64_t number, const struct trace_entry *e, bool whole,
	struct trace_message *out)
{
	const uint8_t *at = (const uint8_t *)(e + 1);

	*out = (struct trace_message){ .number = number,
		.utc_ns = e->utc_ns,
		.kind = e->kind,
		.in = e->flags & TRACE_IN,
		.lost = e->flags & TRACE_LOST,
		.peer = e->peer };
	if (e->kind == TRACE_SBI) {
		put_sbi(t, e, whole, out);
	} else {
		out->octets = bytes_of(at, e->octets);
		out->plain = bytes_of(at + e->octets, e->plain);
	}
}

bool trace_entry_is_sound(struct bytes octets)
{
	const struct trace_entry *e = (const void *)octets.data;

	return octets.len >= sizeof(*e) && e->kind <= TRACE_SBI && e->op < SBI_OP_COUNT &&
	       e->cause < SBI_CAUSE_COUNT && e->consumer < NF_TYPE_COUNT && e->producer < NF_TYPE_COUNT &&
	       (uint64_t)e->octets + e->plain == octets.len - sizeof(*e) && e->peer.len <= sizeof(e->peer.ip);
}
