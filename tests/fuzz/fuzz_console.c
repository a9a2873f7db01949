/*
 * libFuzzer: an administrator of the console asks for anything, and the core answers anything. The first
 * octet chooses the operation; octets of 0xff part the parameter of its path, its query, its body, and the
 * answers of the core. Nothing may fall, each request has one answer, and what goes to the core is of the
 * lines that it should have.
 */
#include <stdlib.h>

#include "base/commit.h"
#include "base/test_env.h"
#include "console/operations.h"

enum { PARTS = 8, ASSOC = 1, REQUEST_SIZE = 1 << 17 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct table_column columns[] = { { "imsi", TABLE_TEXT, "" }, { "number", TABLE_NUMBER, "" },
	{ "since", TABLE_TIME, "" } };
static const struct table table_of[] = { { "ues", "", columns, 3 }, { "sessions", "", columns, 3 },
	{ "flows", "", columns, 3 }, { "gnbs", "", columns, 3 }, { "upfs", "", columns, 3 },
	{ "warnings", "", columns, 3 }, { "alarms", "", columns, 3 }, { "events", "", columns, 3 },
	{ "subscribers", "", columns, 3 }, { "profiles", "", columns, 3 } };
static const struct table *tables[ARRAY_LEN(table_of)];

static struct console_words why(const char *event, const char *reason, const char *cause)
{
	return (struct console_words){ "{imsi} at {gnb} {", "do {dnn}" };
}

static bool trace(struct bytes body, bool detail, console_tell_fn *tell, void *arg, struct console_trace *out)
{
	struct console_message m = { .from = "UE", .to = "AMF", .text = "x", .detail = detail ? "y" : NULL };

	*out = (struct console_trace){ .next = body.len, .more = body.len & 1 };
	tell(arg, &m);
	return body.len > 0;
}

/* Each line is a subscriber, or no one. */
static void subscribers(struct bytes file, console_line_fn *tell, void *arg)
{
	struct cursor c = cursor_of(file);

	for (unsigned long line = 1; cursor_left(&c) > 0; line++) {
		const uint8_t *end = memchr(c.at, '\n', cursor_left(&c));
		struct bytes text = cursor_bytes(&c, end ? (size_t)(end - c.at) : cursor_left(&c));

		cursor_skip(&c, end ? 1 : 0);
		tell(arg, line, text, text.len & 1 ? "odd" : NULL);
	}
}

static struct console_config config = { .session_idle_s = 1800, .session_max_s = 43200 };
static struct console_facts facts = {
	.tables = tables, .why = why, .trace = trace, .subscribers = subscribers, .version = "x"
};

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void hear(struct room room, enum msg_kind kind, uint16_t port, struct bytes data)
{
	struct msg m = { .kind = kind, .port = port, .assoc = ASSOC, .data = data };

	room.ops->on_msg(room.self, &m);
}

/* A session without a password's price. */
static void log_in(struct console *c, char cookie[SECRET_SIZE], const char **csrf)
{
	struct user u = { .name = "anna", .role = ROLE_ADMINISTRATOR };
	struct session *s;

	must(user_put(c, &u));
	s = session_begin(c, "anna", cookie);
	must(s != NULL);
	*csrf = s->csrf;
}

static size_t split(struct bytes in, struct bytes parts[PARTS])
{
	size_t count = 0;

	for (size_t i = 0; i < PARTS; i++)
		parts[i] = BYTES_NONE;
	while (count < PARTS) {
		const uint8_t *end = in.len ? memchr(in.data, 0xff, in.len) : NULL;
		size_t len = end ? (size_t)(end - in.data) : in.len;

		parts[count++] = bytes_of(in.data, len);
		if (!end)
			break;
		in = bytes_of(end + 1, in.len - len - 1);
	}
	return count;
}

static void put_request(struct writer *w, const struct operation *op, const struct bytes parts[PARTS],
	const char *cookie, const char *csrf)
{
	size_t len = strcspn(op->path, "{");

	text_put(w, "%s %.*s", http_method_name(op->method), (int)len, op->path);
	if (op->path[len]) {
		json_percent_write(w, parts[0].len ? parts[0] : bytes_of_str("1"));
		text_put(w, "%s", strchr(op->path, '}') + 1);
	}
	text_put(w, "?after=");
	json_percent_write(w, parts[1]);
	text_put(w,
		"&q=1&limit=3&detail=yes&watch=status&range=hour HTTP/1.1\r\nHost: h\r\nCookie: "
		"%s=%s\r\nX-CSRF-Token: %s\r\n"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		session_cookie, cookie, csrf, parts[2].len);
	writer_put(w, parts[2]);
}

/* Lines of a question: a command, and what it is about; keys are in none. */
static void check_question(struct bytes q)
{
	static const char export[] = "subscriber export keys", add[] = "subscriber add\n",
			  plan[] = "subscriber plan\n";
	bool many = (q.len >= sizeof(add) && !memcmp(q.data, add, sizeof(add) - 1)) ||
		    (q.len >= sizeof(plan) && !memcmp(q.data, plan, sizeof(plan) - 1));
	size_t lines = 0;

	must(q.len < sizeof(export) || memcmp(q.data, export, sizeof(export) - 1) != 0);
	for (size_t i = 0; i < q.len; i++) {
		must(q.data[i] >= ' ' || q.data[i] == '\n' || (many && q.data[i] == '\t'));
		lines += q.data[i] == '\n';
	}
	must(lines <= (many ? CONSOLE_IMPORT_LINES_MAX + 1 : 3));
}

/* What the keeper is asked begins with what it knows. */
static void check_keeper(struct bytes q)
{
	static const char *const begins[] = { "network ", "backup ", "disks" };
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(begins); i++)
		known |= q.len >= strlen(begins[i]) && !memcmp(q.data, begins[i], strlen(begins[i]));
	must(known && q.len <= 1 << 16);
}

/* *asked: by which port the core or the keeper is asked; 0: nobody is. */
static unsigned look(struct test_env *t, uint16_t *asked)
{
	unsigned answers = 0;

	*asked = 0;
	for (struct outbox_item *i = t->outbox.head; i; i = i->next) {
		answers += i->msg.port == CONSOLE_PORT_HTTP && i->msg.kind == MSG_DATA &&
			   i->msg.data.len > 9 && !memcmp(i->msg.data.data, "HTTP/1.1 ", 9);
		if (i->msg.port == CONSOLE_PORT_HTTP || i->msg.kind != MSG_DATA)
			continue;
		*asked = i->msg.port;
		if (i->msg.port == CONSOLE_PORT_CORE)
			check_question(i->msg.data);
		else
			check_keeper(i->msg.data);
	}
	test_env_forget(t);
	return answers;
}

static void ask(struct test_env *t, struct console *c, struct bytes request, const struct bytes *answers,
	size_t count)
{
	struct room room = console_room(c);
	unsigned answered;
	uint16_t asked;

	hear(room, MSG_UP, CONSOLE_PORT_HTTP, BYTES_NONE);
	hear(room, MSG_DATA, CONSOLE_PORT_HTTP, request);
	answered = look(t, &asked);
	for (size_t i = 0; asked; i++) {
		if (i < count)
			hear(room, MSG_DATA, asked, answers[i]);
		else
			hear(room, MSG_DOWN, asked, BYTES_NONE);
		answered += look(t, &asked);
	}
	must(answered == 1);
	hear(room, MSG_DOWN, CONSOLE_PORT_HTTP, BYTES_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char octets[REQUEST_SIZE];
	static struct test_env t;
	struct writer w = writer_of(octets, sizeof(octets));
	struct bytes parts[PARTS];
	char cookie[SECRET_SIZE];
	const struct operation *op;
	struct console *c;
	const char *csrf;
	size_t count;

	if (size == 0)
		return 0;
	op = &operations[data[0] % operation_count];
	if (op->run == run_first || op->run == run_login || op->run == run_password)
		return 0; /* each is a password's price */
	for (size_t i = 0; i < ARRAY_LEN(table_of); i++)
		tables[i] = &table_of[i];
	facts.table_count = ARRAY_LEN(table_of);
	count = split(bytes_of(data + 1, size - 1), parts);
	test_env_init(&t, 1, true);
	c = console_new(&config, &facts, &t.env);
	must(c != NULL);
	log_in(c, cookie, &csrf);
	put_request(&w, op, parts, cookie, csrf);
	if (!w.failed)
		ask(&t, c, writer_bytes(&w), parts + 3, count > 3 ? count - 3 : 0);
	console_free(c);
	test_env_fini(&t);
	return 0;
}
