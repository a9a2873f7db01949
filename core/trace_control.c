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

/* Entries a page: a large ring costs the core little a turn. */
enum { LOOKED_AT_MAX = 8192 };

_Static_assert(sizeof(((struct trace_reader *)0)->http) + 1024 < sizeof(((struct core *)0)->rows) &&
		       (int)CORE_TRACE_OCTETS_MAX + 1024 < (int)sizeof(((struct core *)0)->rows),
	"a message fits a page, so each page gets on");

bool core_trace_is_allowed(const struct core *core, uint32_t uid)
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

static void put_message(struct core *core, uint64_t number, const struct trace_entry *e, struct writer *w)
{
	struct trace_message m;

	trace_entry_read(&core->trace.reader, number, e, true, &m);
	trace_message_write(&m, w);
	arena_wipe(&core->trace.reader.arena);
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
	} else if (!core_trace_is_allowed(core, m->uid)) {
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
