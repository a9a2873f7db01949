/*
 * Signalling over days (console.signalling_mib): twice a second what has come is fetched from the core's
 * memory, as it lies there, and given to the keeper, who keeps it on the disk and decodes what somebody asks
 * for.
 */
#include <inttypes.h>

#include "console/operations.h"

enum { TICK_MS = 500 };

static bool is_on(const struct console *c)
{
	return c->config->signalling_mib > 0;
}

uint64_t signalling_next_ns(const struct console *c)
{
	return is_on(c) && !c->signalling.asking ? c->signalling.next_ns : NEVER;
}

static void end(struct call *call)
{
	call->console->signalling.asking = false;
	call_answer(call, HTTP1_NO_CONTENT); /* it is the console's own */
}

static void kept(struct call *call, bool ok, struct bytes body)
{
	struct console *c = call->console;
	struct signalling *s = &c->signalling;

	if (ok)
		s->place = s->fetched;
	else
		c->stat[CONSOLE_STAT_SIGNALLING_LOST]++;
	if (ok && s->more)
		s->next_ns = env_now_ns(c->env);
	end(call);
}

/* "NEXT LOST", then entries. */
static void fetched(struct call *call, bool ok, struct bytes body)
{
	struct console *c = call->console;
	struct signalling *s = &c->signalling;
	const uint8_t *line_end = body.len ? memchr(body.data, '\n', body.len) : NULL;
	const uint8_t *blank = line_end ? memchr(body.data, ' ', (size_t)(line_end - body.data)) : NULL;
	struct bytes entries;
	uint64_t lost = 0;

	if (!ok || !blank ||
		!text_uint(bytes_of(body.data, (size_t)(blank - body.data)), UINT64_MAX, &s->fetched) ||
		!text_uint(bytes_of(blank + 1, (size_t)(line_end - blank - 1)), UINT64_MAX, &lost)) {
		s->place = 0; /* a core that begins anew counts from one */
		end(call);
		return;
	}
	c->stat[CONSOLE_STAT_SIGNALLING_LOST] += lost;
	entries = bytes_of(line_end + 1, body.len - (size_t)(line_end + 1 - body.data));
	s->more = entries.len > 0;
	if (entries.len > 0) {
		call_ask_keeper(call, kept, "signalling keep", entries);
		return;
	}
	s->place = s->fetched;
	end(call);
}

void signalling_due(struct console *c, uint64_t now_ns)
{
	struct signalling *s = &c->signalling;
	struct call *call;

	if (signalling_next_ns(c) > now_ns)
		return;
	s->next_ns = now_ns + TICK_MS * NS_PER_MS;
	call = call_own(c);
	if (!call)
		return;
	s->asking = true;
	if (s->place > 0)
		call_ask_line(call, fetched, "trace keep", "%" PRIu64, s->place);
	else
		call_ask_line(call, fetched, "trace keep", "%s", "");
}
