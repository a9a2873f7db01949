/*
 * The command "trace" of the control port: who may, what is written down of it, and the messages page by
 * page.
 *
 *   trace, IMSI or imei-..., place    place: empty is from now on, "-SECONDS" from so long ago, else a
 * number, as the last answer gave it
 *
 * The answer: the next place, how many of the network's messages are lost before this page, "known" or
 * "unknown", "more" or "end", since when (ms since 1970) all is there (0: since the core began); then
 * messages (core/trace.h). A client traces one subscriber at a time; its trace ends with another one, or with
 * its connection.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "core/internal.h"
#include "wire/sbi/sbi_json.h"

/* Entries a page: a large ring costs the core little a turn. */
enum { LOOKED_AT_MAX = 8192 };

_Static_assert(sizeof(((struct core_trace *)0)->http) + 1024 < sizeof(((struct core *)0)->rows) &&
		       (int)CORE_TRACE_OCTETS_MAX + 1024 < (int)sizeof(((struct core *)0)->rows),
	"a message fits a page, so each page gets on");

static bool is_allowed(const struct core *core, uint32_t uid)
{
	for (uint8_t i = 0; i < core->config.trace_user_count; i++)
		if (core->config.trace_users[i] == uid)
			return true;
	return uid == 0;
}

/* The trace of the client, which begins with this request if it is not under way, or has begun later. */
static bool begins(
	struct core *core, const struct msg *m, const struct supi *supi, uint64_t at, const char *from)
{
	struct core_tracing *c = core_tracing_of(core, m->assoc);
	char name[SUPI_STR_SIZE];

	if (c && !strcmp(c->supi.imsi, supi->imsi) && at >= c->from)
		return true;
	core_trace_ends(core, m->assoc);
	c = core_tracing_of(core, 0);
	if (!c)
		return false;
	*c = (struct core_tracing){ m->assoc, at, m->uid, m->pid, *supi };
	log_access(core->env->log, LOG_ROOM, "personal data: uid %u (pid %u) traces %s, %s", m->uid, m->pid,
		supi_str(supi, name), from);
	if (core->events.sink.take)
		core->events.sink.take(core, &(struct event){ .kind = EVENT_TRACED, .supi = *supi });
	return true;
}

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
static bool take_body(struct core_trace *t, const struct trace_entry *e, void **body)
{
	*body = e->body ? arena_alloc(&t->arena, e->octets) : NULL;
	if (!*body)
		return !e->body;
	bytes_copy(*body, e->octets, bytes_of(e + 1, e->octets));
	return e->flags & TRACE_ANSWER ? sbi_response_move(e->op, *body, e->body, e->octets)
				       : sbi_request_move(e->op, *body, e->body, e->octets);
}

static void put_sbi(struct core *core, const struct trace_entry *e, struct trace_message *m, char title[128])
{
	struct core_trace *t = &core->trace;
	struct writer text = writer_of(t->http, sizeof(t->http));
	enum sbi_op_id op = e->op;
	struct sbi_http http;
	void *body;
	bool ok;

	snprintf(title, 128, "%s%s%s", sbi_ops[op].name, e->flags & TRACE_ANSWER ? " " : "",
		e->flags & TRACE_ANSWER ? sbi_cause_name(e->cause) : "");
	m->title = bytes_of_str(title);
	m->consumer = e->consumer;
	m->producer = e->producer;
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

static void put_message(struct core *core, uint64_t number, const struct trace_entry *e, struct writer *w)
{
	const uint8_t *at = (const uint8_t *)(e + 1);
	struct trace_message m = { .number = number,
		.utc_ns = e->utc_ns,
		.kind = e->kind,
		.in = e->flags & TRACE_IN,
		.lost = e->flags & TRACE_LOST,
		.peer = e->peer };
	char title[128];

	if (e->kind == TRACE_SBI) {
		put_sbi(core, e, &m, title);
	} else {
		m.octets = bytes_of(at, e->octets);
		m.plain = bytes_of(at + e->octets, e->plain);
	}
	trace_message_write(&m, w);
	arena_wipe(&core->trace.arena);
}

/* Those of the subscriber from *at on that fit; *at is where the next page begins. */
static void put_messages(struct core *core, uint64_t key, uint64_t *at, struct writer *w)
{
	const struct trace_ring *r = &core->trace.ring;

	for (unsigned looked = 0; *at < r->next && looked < LOOKED_AT_MAX; looked++, ++*at) {
		const struct trace_entry *e = trace_ring_at(r, *at);
		size_t before = w->len;

		if (e->whose != key)
			continue;
		put_message(core, *at, e, w);
		if (w->failed) {
			w->len = before; /* on the next page */
			w->failed = false;
			return;
		}
	}
}

/* Since when all there was is there, in ms since 1970; 0: since the core began. */
static uint64_t reaches_back(const struct trace_ring *r)
{
	return r->first > 1 ? trace_ring_at(r, r->first)->utc_ns / NS_PER_MS : 0;
}

static void put_page(struct core *core, const struct supi *supi, uint64_t at, struct writer *w)
{
	struct writer messages = writer_of(core->rows, sizeof(core->rows));
	const struct trace_ring *r = &core->trace.ring;
	uint64_t lost = at > 0 && at < r->first ? r->first - at : 0;
	bool known = core_subscriber_get(core, supi, core->old, &(uint64_t){ 0 });

	core_trace_settle(core);
	at = at < r->first ? r->first : at > r->next ? r->next : at;
	put_messages(core, supi_key(supi), &at, &messages);
	text_put(w, "ok\n%" PRIu64 " %" PRIu64 " %s %s %" PRIu64 "\n", at, lost, known ? "known" : "unknown",
		at < r->next ? "more" : "end", reaches_back(r));
	writer_put(w, writer_bytes(&messages));
	explicit_bzero(core->old, sizeof(*core->old));
}

/* Where a trace begins. False: the text is no place. */
static bool take_place(struct core *core, struct bytes text, uint64_t *at, char *from, size_t size)
{
	const struct trace_ring *r = &core->trace.ring;
	uint64_t seconds, utc_ns = env_utc_ms(core->env) * NS_PER_MS;

	snprintf(from, size, "from now");
	*at = r->next;
	if (text.len == 0)
		return true;
	if (text.data[0] != '-') {
		snprintf(from, size, "from message %.*s", (int)(text.len < 20 ? text.len : 20),
			(const char *)text.data);
		return text_uint(text, UINT64_MAX, at);
	}
	if (!text_uint(bytes_of(text.data + 1, text.len - 1), CORE_TRACE_LAST_S_MAX, &seconds))
		return false;
	snprintf(from, size, "from the last %" PRIu64 " seconds", seconds);
	*at = trace_ring_since(r, utc_ns > seconds * NS_PER_S ? utc_ns - seconds * NS_PER_S : 0);
	return true;
}

void core_trace_command(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct bytes imsi = core_control_line(in), place = core_control_line(in);
	char from[64], name[SUPI_STR_SIZE];
	struct supi supi = { 0 };
	uint64_t at;

	if (!core_control_whose(imsi, &supi)) {
		text_put(w, "error\n" CORE_EXPECTED_WHOSE "\n");
	} else if (!is_allowed(core, m->uid)) {
		core->trace.stat[CORE_TRACE_REFUSED]++;
		log_access(core->env->log, LOG_ROOM,
			"personal data: uid %u (pid %u) is refused a trace of %s: it is not in "
			"core.trace_users",
			m->uid, m->pid, supi_str(&supi, name));
		text_put(w,
			"error\nuser %u may not trace subscribers: run it as root, or name the user in "
			"core.trace_users of "
			"network.yaml and restart the core\n",
			m->uid);
	} else if (!core->trace.ring.memory) {
		text_put(w, "error\nthe core keeps no signalling: core.trace_ring_mib is 0\n");
	} else if (!take_place(core, place, &at, from, sizeof(from))) {
		text_put(w, "error\nexpected a place in the trace\n");
	} else if (!begins(core, m, &supi, at, from)) {
		text_put(w, "error\nas many traces as there may be run already\n");
	} else {
		put_page(core, &supi, at, w);
	}
}
