/*
 * Questions to the core: one is under way, the others wait in order. Each has one answer, also where the core
 * is away or silent.
 */
#include <stdarg.h>
#include <stdio.h>

#include "console/internal.h"

#define LOG_ROOM "console"

enum { QUESTION_MAX = 16384 };

static const char away[] = "the core does not answer";

static struct call *first_waiting(struct console *c)
{
	struct link *l = list_first(&c->questions);

	return l ? container_of(l, struct call, link) : NULL;
}

static void hear(struct call *call, bool ok, struct bytes body)
{
	call_heard *heard = call->heard;

	call->heard = NULL;
	heard(call, ok, body);
}

/* The next question leaves. One that does not fit the outbox is answered by its time-out. */
static void ask_next(struct console *c)
{
	struct call *call = c->asked ? NULL : first_waiting(c);

	if (!call)
		return;
	list_remove(&call->link);
	c->asked = call;
	c->asking = true;
	c->asked_until_ns = env_now_ns(c->env) + CONSOLE_CORE_S * NS_PER_S;
	may_fail(outbox_send(c->env->outbox, CONSOLE_PORT_CORE, 0, 0, call->question));
}

void call_ask(struct call *call, struct bytes question, call_heard *heard)
{
	struct console *c = call->console;

	call->question = question;
	call->heard = heard;
	list_append(&c->questions, &call->link);
	if (!c->asking)
		ask_next(c);
}

void call_ask_lines(struct call *call, call_heard *heard, const char *command, struct bytes lines)
{
	size_t size = strlen(command) + 2 + lines.len; /* text is terminated */
	struct writer w = writer_of(arena_alloc(&call->arena, size), size);

	if (!w.data) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return;
	}
	text_put(&w, "%s\n", command);
	writer_put(&w, lines);
	call_ask(call, writer_bytes(&w), heard);
}

void call_ask_line(struct call *call, call_heard *heard, const char *command, const char *format, ...)
{
	char line[QUESTION_MAX];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (len >= 0 && (size_t)len < sizeof(line))
		call_ask_lines(call, heard, command, bytes_of(line, (size_t)len));
	else
		call_refuse(call, HTTP1_CONTENT_TOO_LARGE, "too much for one request");
	explicit_bzero(line, sizeof(line));
}

bool call_core_is_away(struct bytes reason)
{
	return reason.data == (const uint8_t *)away;
}

void call_core_refuses(struct call *call, enum http_code code, struct bytes reason)
{
	while (reason.len > 0 && reason.data[reason.len - 1] == '\n')
		reason.len--;
	if (call_core_is_away(reason))
		call_refuse_later(call, HTTP1_UNAVAILABLE, 1, away);
	else
		call_refuse(call, code, "%.*s", (int)reason.len, (const char *)reason.data);
}

void ask_heard(struct console *c, struct bytes answer)
{
	static const char good[] = "ok\n", bad[] = "error\n";
	struct call *call = c->asked;
	struct cursor in = cursor_of(answer);
	bool ok = answer.len >= sizeof(good) - 1 && !memcmp(answer.data, good, sizeof(good) - 1);

	if (!c->asking)
		return; /* nothing was asked */
	c->asked = NULL;
	c->asking = false;
	cursor_skip(&in, ok ? sizeof(good) - 1 : sizeof(bad) - 1);
	if (call)
		hear(call, ok && !in.failed, cursor_rest(&in));
	if (!c->asking)
		ask_next(c);
}

/* Whoever asked, and whoever waits, hears that the core is not there. */
void ask_gone(struct console *c)
{
	struct call *call = c->asked;

	c->stat[CONSOLE_STAT_CORE_SILENT]++;
	c->asked = NULL;
	c->asking = true; /* nothing is asked meanwhile */
	if (call)
		hear(call, false, bytes_of_str(away));
	while ((call = first_waiting(c))) {
		list_remove(&call->link);
		hear(call, false, bytes_of_str(away));
	}
	c->asking = false;
}

uint64_t ask_next_ns(const struct console *c)
{
	return c->asking ? c->asked_until_ns : NEVER;
}

void ask_due(struct console *c, uint64_t now_ns)
{
	struct msg close = { .kind = MSG_DOWN, .port = CONSOLE_PORT_CORE };

	if (!c->asking || c->asked_until_ns > now_ns)
		return;
	log_warn(c->env->log, "the core did not answer within %u s", CONSOLE_CORE_S);
	may_fail(outbox_put(c->env->outbox, &close));
	ask_gone(c);
}
