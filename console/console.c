/* The room: what comes in goes to connections or questions, and time to both. */
#include "console/console.h"

#include <stdlib.h>

#include "console/history.h"

const char *console_first_link(const struct console *c)
{
	return c->first_link[0] ? c->first_link : NULL;
}

bool console_offer_link(struct console *c)
{
	return secret_make(c, c->first_link, c->first_digest);
}

static bool start(struct console *c)
{
	uint64_t seed;

	env_random(c->env, &seed, sizeof(seed));
	if (!hash_init(&c->by_assoc, seed) || !audit_restore(c) || !history_restore(c) || !notices_restore(c))
		return false;
	return user_count(c, false) > 0 || console_offer_link(c);
}

struct console *console_new(
	const struct console_config *config, const struct console_facts *facts, struct env *env)
{
	struct console *c = calloc(1, sizeof(*c));

	_Static_assert((int)CONSOLE_LINK_SIZE == (int)SECRET_SIZE, "the link is a secret");
	if (!c)
		return NULL;
	c->config = config;
	c->facts = facts;
	c->env = env;
	c->operations = operations;
	c->operation_count = operation_count;
	list_init(&c->all_connections);
	list_init(&c->ready_connections);
	ask_init(c);
	list_init(&c->viewer_list);
	list_init(&c->used_sessions);
	pool_init(&c->connections, sizeof(struct connection), CONSOLE_CONNECTIONS_MAX);
	pool_init(&c->calls, sizeof(struct call), CONSOLE_CALLS_MAX);
	pool_init(&c->sessions, sizeof(struct session), CONSOLE_SESSIONS_MAX);
	pool_init(&c->viewers, sizeof(struct viewer), CONSOLE_VIEWERS_MAX);
	if (start(c))
		return c;
	console_free(c);
	return NULL;
}

void console_free(struct console *c)
{
	if (!c)
		return;
	calls_end(c);
	connections_end(c);
	pool_fini(&c->connections);
	pool_fini(&c->calls);
	pool_fini(&c->sessions);
	pool_fini(&c->viewers);
	hash_fini(&c->by_assoc);
	explicit_bzero(c, sizeof(*c));
	free(c);
}

static void leave(struct console *c, uint64_t assoc)
{
	live_leave(c, assoc, 0);
	connection_down(c, assoc);
}

static void on_http(struct console *c, const struct msg *m)
{
	if (m->kind == MSG_UP)
		connection_up(c, m);
	else if (m->kind == MSG_DOWN)
		leave(c, m->assoc);
	else
		dispatch_data(c, m);
}

static void on_msg(void *self, const struct msg *m)
{
	struct console *c = self;

	if (m->port == CONSOLE_PORT_HTTP)
		on_http(c, m);
	else if (m->port == CONSOLE_PORT_NOTICES)
		notices_on_msg(c, m);
	else
		ask_on_msg(c, m);
	dispatch(c);
}

static uint64_t next_deadline_ns(void *self)
{
	const struct console *c = self;
	uint64_t a = connections_next_ns(c), b = ask_next_ns(c), live = live_next_ns(c);

	a = a < b ? a : b;
	a = a < live ? a : live;
	a = a < notices_next_ns(c) ? a : notices_next_ns(c);
	a = a < signalling_next_ns(c) ? a : signalling_next_ns(c);
	a = a < c->health_next_ns ? a : c->health_next_ns;
	return a < c->figures_next_ns ? a : c->figures_next_ns;
}

static void on_deadline(void *self, uint64_t now_ns)
{
	struct console *c = self;

	ask_due(c, now_ns);
	live_due(c, now_ns);
	figures_due(c, now_ns);
	health_due(c, now_ns);
	notices_due(c, now_ns);
	signalling_due(c, now_ns);
	dispatch_due(c, now_ns);
	dispatch(c);
}

void console_openapi(const struct console_facts *facts, struct writer *w)
{
	openapi_print(operations, operation_count, facts, w);
}

struct room console_room(struct console *c)
{
	static const struct room_ops ops = {
		.on_msg = on_msg, .next_deadline_ns = next_deadline_ns, .on_deadline = on_deadline
	};

	return (struct room){ &ops, c };
}

static const struct stat_def defs[CONSOLE_STAT_COUNT] = {
	[CONSOLE_STAT_REQUESTS] = { "requests", "HTTP requests that were read" },
	[CONSOLE_STAT_BAD_REQUESTS] = { "bad_requests", "what came and was no request" },
	[CONSOLE_STAT_TIMED_OUT] = { "timed_out", "requests that came too slowly" },
	[CONSOLE_STAT_BUSY] = { "busy", "requests refused because so many were being answered" },
	[CONSOLE_STAT_LOGINS] = { "logins", "logins" },
	[CONSOLE_STAT_LOGINS_REFUSED] = { "logins_refused", "logins refused" },
	[CONSOLE_STAT_FORBIDDEN] = { "forbidden",
		"requests of users whose role may not, or from other sites" },
	[CONSOLE_STAT_VIEWERS] = { "viewers", "streams of events that began" },
	[CONSOLE_STAT_VIEWERS_REFUSED] = { "viewers_refused", "those refused because so many were looking" },
	[CONSOLE_STAT_NOTICES] = { "notices",
		"alarms raised, changed and cleared that were given to their outlets" },
	[CONSOLE_STAT_SIGNALLING_LOST] = { "signalling_lost",
		"messages that went out of the core's memory before they were kept, and pages that the disk "
		"did not take" },
	[CONSOLE_STAT_CORE_SILENT] = { "core_silent",
		"questions that the core, or the keeper of files, did not answer" },
};
const struct stat_group console_stat_group = { "console", defs, CONSOLE_STAT_COUNT };

void console_stats(const struct console *c, struct stats *out)
{
	*out = (struct stats){ &console_stat_group, c->stat };
}
