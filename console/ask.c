/*
 * Questions to the core, and to the keeper of this host's files: of each one is under way, the others wait in
 * order. Each has one answer, also where whoever was asked is away or silent.
 */
#include <stdarg.h>
#include <stdio.h>

#include "console/internal.h"

#define LOG_ROOM "console"

enum { QUESTION_MAX = 16384 };

static const char core_away[] = "the core does not answer",
		  keeper_away[] = "the console's keeper of files does not answer: restart the console";

void ask_init(struct console *c)
{
	c->core =
		(struct asked){ .port = CONSOLE_PORT_CORE, .patience_s = CONSOLE_CORE_S, .away = core_away };
	c->keeper = (struct asked){
		.port = CONSOLE_PORT_KEEPER, .patience_s = CONSOLE_KEEPER_S, .away = keeper_away
	};
	list_init(&c->core.questions);
	list_init(&c->keeper.questions);
}

static struct call *first_waiting(struct asked *a)
{
	struct link *l = list_first(&a->questions);

	return l ? container_of(l, struct call, link) : NULL;
}

static void hear(struct call *call, bool ok, struct bytes body)
{
	call_heard *heard = call->heard;

	call->heard = NULL;
	heard(call, ok, body);
}

/* The next question leaves. One that does not fit the outbox is answered by its time-out. */
static void ask_next(struct console *c, struct asked *a)
{
	struct call *call = a->call ? NULL : first_waiting(a);

	if (!call)
		return;
	list_remove(&call->link);
	a->call = call;
	a->asking = true;
	a->until_ns = env_now_ns(c->env) + a->patience_s * NS_PER_S;
	may_fail(outbox_send(c->env->outbox, a->port, 0, 0, call->question));
}

static void ask(struct call *call, struct asked *a, struct bytes question, call_heard *heard)
{
	call->question = question;
	call->heard = heard;
	list_append(&a->questions, &call->link);
	if (!a->asking)
		ask_next(call->console, a);
}

void call_ask(struct call *call, struct bytes question, call_heard *heard)
{
	ask(call, &call->console->core, question, heard);
}

/* False, answered: memory is out. */
static bool put_lines(struct call *call, const char *command, struct bytes lines, struct bytes *question)
{
	size_t size = strlen(command) + 2 + lines.len; /* text is terminated */
	struct writer w = writer_of(arena_alloc(&call->arena, size), size);

	if (!w.data) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return false;
	}
	text_put(&w, "%s\n", command);
	writer_put(&w, lines);
	*question = writer_bytes(&w);
	return true;
}

void call_ask_lines(struct call *call, call_heard *heard, const char *command, struct bytes lines)
{
	struct bytes question;

	if (put_lines(call, command, lines, &question))
		ask(call, &call->console->core, question, heard);
}

void call_ask_keeper(struct call *call, call_heard *heard, const char *command, struct bytes lines)
{
	struct bytes question;

	if (put_lines(call, command, lines, &question))
		ask(call, &call->console->keeper, question, heard);
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
	return reason.data == (const uint8_t *)core_away || reason.data == (const uint8_t *)keeper_away;
}

void call_core_refuses(struct call *call, enum http_code code, struct bytes reason)
{
	while (reason.len > 0 && reason.data[reason.len - 1] == '\n')
		reason.len--;
	if (call_core_is_away(reason))
		call_refuse_later(call, HTTP1_UNAVAILABLE, 1, (const char *)reason.data);
	else
		call_refuse(call, code, "%.*s", (int)reason.len, (const char *)reason.data);
}

static void heard(struct console *c, struct asked *a, struct bytes answer)
{
	static const char good[] = "ok\n", bad[] = "error\n";
	struct call *call = a->call;
	struct cursor in = cursor_of(answer);
	bool ok = answer.len >= sizeof(good) - 1 && !memcmp(answer.data, good, sizeof(good) - 1);

	if (!a->asking)
		return; /* nothing was asked */
	a->call = NULL;
	a->asking = false;
	cursor_skip(&in, ok ? sizeof(good) - 1 : sizeof(bad) - 1);
	if (call)
		hear(call, ok && !in.failed, cursor_rest(&in));
	if (!a->asking)
		ask_next(c, a);
}

/* Whoever asked, and whoever waits, hears that nobody is there. */
static void gone(struct console *c, struct asked *a)
{
	struct bytes away = bytes_of_str(a->away);
	struct call *call = a->call;

	c->stat[CONSOLE_STAT_CORE_SILENT]++;
	a->call = NULL;
	a->asking = true; /* nothing is asked meanwhile */
	if (call)
		hear(call, false, away);
	while ((call = first_waiting(a))) {
		list_remove(&call->link);
		hear(call, false, away);
	}
	a->asking = false;
}

void ask_on_msg(struct console *c, const struct msg *m)
{
	struct asked *a = m->port == CONSOLE_PORT_CORE ? &c->core : &c->keeper;

	if (m->kind == MSG_DATA)
		heard(c, a, m->data);
	else if (m->kind == MSG_DOWN)
		gone(c, a);
}

uint64_t ask_next_ns(const struct console *c)
{
	uint64_t a = c->core.asking ? c->core.until_ns : NEVER,
		 b = c->keeper.asking ? c->keeper.until_ns : NEVER;

	return a < b ? a : b;
}

static void due(struct console *c, struct asked *a, uint64_t now_ns)
{
	struct msg close = { .kind = MSG_DOWN, .port = a->port };

	if (!a->asking || a->until_ns > now_ns)
		return;
	log_warn(c->env->log, "no answer within %u s: %s", a->patience_s, a->away);
	may_fail(outbox_put(c->env->outbox, &close));
	gone(c, a);
}

void ask_due(struct console *c, uint64_t now_ns)
{
	due(c, &c->core, now_ns);
	due(c, &c->keeper, now_ns);
}
