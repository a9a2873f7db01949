/*
 * What moves, told as it does: viewers have a stream of Server-Sent Events (HTML 9.2), each only the name of
 * what is another than before. What it is now they ask for as ever, so roles, masks and the audit log are
 * where they always are. The core is asked once a second for all viewers together, and not at all without
 * any. A stream ends after a minute; the browser comes again by itself, and is asked who it is.
 */
#include "console/operations.h"

enum { TICK_MS = 1000, STREAM_MAX_S = 60 };

/* By the bit of a viewer's topics. */
static const struct {
	const char *name, *question;
} topics[LIVE_TOPICS] = {
	[LIVE_STATUS] = { "status", "status\n" },
	[LIVE_ALARMS] = { "alarms", "table\nalarms\n\n" },
	[LIVE_GNBS] = { "gnbs", "table\ngnbs\n\n" },
	[LIVE_UPFS] = { "upfs", "table\nupfs\n\n" },
	[LIVE_UES] = { "ues", "table\nues\n\n" },
	[LIVE_SESSIONS] = { "sessions", "table\nsessions\n\n" },
	[LIVE_EVENTS] = { "events", "table\nevents\n-1\n" },
};

/* A question of the console's own, for no connection. */
struct asked_live {
	unsigned topic;
	uint64_t viewer; /* of a ladder: its connection */
	uint32_t stream; /* and stream */
};

static struct viewer *viewer_of(struct console *c, uint64_t assoc, uint32_t stream)
{
	list_each(l, tmp, &c->viewer_list)
	{
		struct viewer *v = container_of(l, struct viewer, link);

		if (v->assoc == assoc && v->stream == stream)
			return v;
	}
	return NULL;
}

static void leave(struct console *c, struct viewer *v)
{
	list_remove(&v->link);
	pool_free(&c->viewers, v);
}

void live_leave(struct console *c, uint64_t assoc, uint32_t stream)
{
	list_each(l, tmp, &c->viewer_list)
	{
		struct viewer *v = container_of(l, struct viewer, link);

		if (v->assoc == assoc && (stream == 0 || v->stream == stream))
			leave(c, v);
	}
}

/* Connections end by themselves; streams of one that goes on are ended. */
static void end_streams(struct console *c, uint64_t now_ns)
{
	list_each(l, tmp, &c->viewer_list)
	{
		struct viewer *v = container_of(l, struct viewer, link);

		uint64_t assoc = v->assoc;
		uint32_t stream = v->stream;

		if (stream == 0 || v->until_ns > now_ns)
			continue;
		leave(c, v); /* its stream's end is told to nobody any more */
		reply_more(c, assoc, stream, BYTES_NONE, true);
	}
}

static void tell(struct console *c, const struct viewer *v, const char *name)
{
	char text[64];
	struct writer w = writer_of(text, sizeof(text));

	text_put(&w, "event: %s\ndata: changed\n\n", name);
	reply_more(c, v->assoc, v->stream, writer_bytes(&w), false);
}

static void end(struct call *call)
{
	struct console *c = call->console;

	c->live_pending--;
	call_answer(call, HTTP1_NO_CONTENT); /* there is no connection */
}

static void heard(struct call *call, bool ok, struct bytes body)
{
	const struct asked_live *a = call->state;
	struct console *c = call->console;
	uint64_t digest = ok ? bytes_digest(body) : 0;

	if (digest != c->live_digests[a->topic]) {
		c->live_digests[a->topic] = digest;
		list_each(l, tmp, &c->viewer_list)
		{
			const struct viewer *v = container_of(l, struct viewer, link);

			if (v->topics & (1u << a->topic))
				tell(c, v, topics[a->topic].name);
		}
	}
	end(call);
}

static void count_one(void *arg, const struct console_message *m)
{
	++*(unsigned *)arg;
}

static void ladder_heard(struct call *call, bool ok, struct bytes body)
{
	const struct asked_live *a = call->state;
	struct viewer *v = viewer_of(call->console, a->viewer, a->stream);
	struct console_trace page;
	unsigned count = 0;

	if (v && ok && call->console->facts->trace(body, false, count_one, &count, &page)) {
		if (v->placed && count > 0)
			tell(call->console, v, "ladder");
		v->placed = true;
		v->place = page.next;
	}
	end(call);
}

/* NULL: so many requests are being answered that this look is left out. */
static struct call *own_call(struct console *c, unsigned topic, uint64_t viewer, uint32_t stream)
{
	struct call *call = call_own(c);
	struct asked_live *a;

	if (!call)
		return NULL;
	c->live_pending++;
	a = arena_alloc(&call->arena, sizeof(*a));
	call->state = a;
	if (a) {
		*a = (struct asked_live){ topic, viewer, stream };
		return call;
	}
	end(call);
	return NULL;
}

static void ask_ladder(struct console *c, const struct viewer *v)
{
	struct call *call = own_call(c, 0, v->assoc, v->stream);

	if (call && v->placed)
		call_ask_line(call, ladder_heard, "trace", "%s\n%llu", v->imsi, (unsigned long long)v->place);
	else if (call)
		call_ask_line(call, ladder_heard, "trace", "%s\n-1", v->imsi);
}

static void look(struct console *c)
{
	uint32_t wanted = 0;
	struct call *call;

	list_each(l, tmp, &c->viewer_list)
	{
		const struct viewer *v = container_of(l, struct viewer, link);

		wanted |= v->topics;
		if (v->imsi[0])
			ask_ladder(c, v);
	}
	for (unsigned i = 0; i < LIVE_TOPICS; i++) {
		call = wanted & (1u << i) ? own_call(c, i, 0, 0) : NULL;
		if (call)
			call_ask(call, bytes_of_str(topics[i].question), heard);
	}
}

uint64_t live_next_ns(const struct console *c)
{
	return list_empty(&c->viewer_list) || c->live_pending > 0 ? NEVER : c->live_next_ns;
}

void live_due(struct console *c, uint64_t now_ns)
{
	if (live_next_ns(c) > now_ns)
		return;
	c->live_next_ns = now_ns + TICK_MS * NS_PER_MS;
	end_streams(c, now_ns);
	look(c);
}

static bool add_topic(struct bytes name, uint32_t *out)
{
	for (unsigned i = 0; i < LIVE_TOPICS; i++) {
		if (!bytes_equal(name, bytes_of_str(topics[i].name)))
			continue;
		*out |= 1u << i;
		return true;
	}
	return false;
}

/* "status,alarms". False: one is not known, or there is none. */
static bool read_topics(const char *text, uint32_t *out)
{
	while (text && *text) {
		size_t len = strcspn(text, ",");

		if (!add_topic(bytes_of(text, len), out))
			return false;
		text += len + (text[len] == ',');
	}
	return *out != 0;
}

/* A ladder is followed by those who may see it, and that is written down. False, answered. */
static bool may_follow(struct call *call, const char *imsi)
{
	if (!imsi)
		return true;
	if (!call_sees_personal(call)) {
		call_refuse(call, HTTP1_FORBIDDEN, "your role may not see signalling");
		return false;
	}
	str_copy(call->param, PARAM_SIZE, imsi);
	return subscriber_of_path(call) && audit_personal(call);
}

void run_live(struct call *call)
{
	struct console *c = call->console;
	const char *imsi = call_query(call, "ladder"), *seconds = call_query(call, "seconds");
	uint64_t lasts_s = STREAM_MAX_S;
	uint32_t wanted = 0;
	struct viewer *v;

	if (!read_topics(call_query(call, "watch"), &wanted) ||
		(seconds && (!text_uint(bytes_of_str(seconds), STREAM_MAX_S, &lasts_s) || lasts_s == 0))) {
		call_refuse(call, HTTP1_BAD_REQUEST,
			"watch is one or more of status, alarms, gnbs, upfs, ues, sessions, events, commas "
			"between; seconds 1 to %d",
			STREAM_MAX_S);
		return;
	}
	if (!may_follow(call, imsi))
		return;
	v = pool_alloc(&c->viewers);
	if (!v) {
		c->stat[CONSOLE_STAT_VIEWERS_REFUSED]++;
		call_refuse_later(call, HTTP1_UNAVAILABLE, 10, "so many look already");
		return;
	}
	c->stat[CONSOLE_STAT_VIEWERS]++;
	v->assoc = call->assoc;
	v->stream = call->stream;
	v->until_ns = env_now_ns(c->env) + lasts_s * NS_PER_S;
	v->topics = wanted;
	str_copy(v->imsi, sizeof(v->imsi), imsi ? imsi : "");
	list_append(&c->viewer_list, &v->link);
	audit_end(call, "done", BYTES_NONE);
	call_stream(call, (uint32_t)lasts_s);
}
