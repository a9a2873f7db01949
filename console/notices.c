/*
 * Alarms that go out (console.alarms): the core's list is looked at every other second and compared with what
 * was told of it, which the store keeps, so a restart tells nothing twice and misses nothing that lasts. What
 * comes and goes between two looks is not told, and what there is no budget for waits until there is: a gNB
 * that flaps is a notice now and then, never a flood.
 */
#include "console/operations.h"
#include "console/rows.h"

enum { TICK_S = 2, PER_MINUTE = 60, PLACE_SIZE = 24 };

static bool is_any(const struct console *c)
{
	for (unsigned i = 0; i < NOTICE_OUTLETS; i++)
		if (notice_outlet_is_set(&c->config->alarms, (enum notice_outlet)i))
			return true;
	return false;
}

static struct bytes key_of(uint64_t id, uint8_t buf[8])
{
	struct writer w = writer_of(buf, 8);

	writer_u64(&w, id);
	return writer_bytes(&w);
}

static bool restore_one(void *arg, struct bytes key, struct bytes value)
{
	struct notices *n = arg;
	struct cursor k = cursor_of(key), v = cursor_of(value);
	struct told t = { .id = cursor_u64(&k), .raised_s = cursor_u64(&v), .severity = cursor_u8(&v) };

	if (!k.failed && !v.failed && n->count < NOTICES_TOLD_MAX)
		n->told[n->count++] = t;
	return true;
}

bool notices_restore(struct console *c)
{
	c->notices = (struct notices){ .next_ns = is_any(c) ? 0 : NEVER, .budget = PER_MINUTE };
	return store_scan(c->env->store, STORE_CONSOLE_NOTICE, restore_one, &c->notices);
}

uint64_t notices_next_ns(const struct console *c)
{
	return c->notices.next_ns;
}

static struct told *told_of(struct notices *n, uint64_t id)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->told[i].id == id)
			return &n->told[i];
	return NULL;
}

static struct bytes cell(const struct row *row, const char *column)
{
	size_t i = rows_column(row->table, column);

	return i == SIZE_MAX ? BYTES_NONE : row->cells[i];
}

/* What is to be told of the alarm; NULL: nothing new. */
static const char *change_of(
	const struct console *c, const struct told *t, uint64_t raised_s, size_t severity)
{
	if (severity == 0)
		return t && t->severity > 0 ? "cleared" : NULL;
	if (!t || t->severity == 0 || t->raised_s != raised_s)
		return severity >= c->config->alarms.least ? "raised" : NULL;
	return t->severity != severity ? "changed" : NULL;
}

/* It is kept that this was told. False: nothing is changed. */
static bool keep(struct console *c, struct told *t, const struct told *now)
{
	uint8_t key[8], octets[16];
	struct writer w = writer_of(octets, sizeof(octets));

	writer_u64(&w, now->raised_s);
	writer_u8(&w, now->severity);
	if (!store_savepoint(c->env->store))
		return false;
	if (store_put(c->env->store, STORE_CONSOLE_NOTICE, key_of(now->id, key), writer_bytes(&w))) {
		store_release(c->env->store);
		*t = *now;
		return true;
	}
	store_rollback_to(c->env->store);
	return false;
}

/* The columns of the alarm's row, as cells of a notice. */
static void put(struct console *c, const struct row *row, const char *change, struct writer *w)
{
	static const char *const columns[NOTICE_CELLS] = { [NOTICE_ID] = "id",
		[NOTICE_SEVERITY] = "severity",
		[NOTICE_OBJECT] = "object",
		[NOTICE_DETAIL] = "detail",
		[NOTICE_PROBLEM] = "problem",
		[NOTICE_REMEDY] = "remedy",
		[NOTICE_EVENT_TYPE] = "event_type",
		[NOTICE_CAUSE] = "cause",
		[NOTICE_RAISED] = "raised" };
	struct writer time = writer_of((uint8_t[24]){ 0 }, 23);
	struct notice n = { 0 };

	text_put(&time, "%llu", (unsigned long long)(env_utc_ms(c->env) / 1000));
	for (size_t i = 0; i < NOTICE_CELLS; i++)
		if (columns[i])
			n.cells[i] = cell(row, columns[i]);
	n.cells[NOTICE_CHANGE] = bytes_of_str(change);
	n.cells[NOTICE_TIME] = writer_bytes(&time);
	notice_put(&n, w);
}

static void look_at(void *arg, const struct row *row)
{
	struct console *c = arg;
	struct notices *n = &c->notices;
	uint64_t id, raised_s = 0;
	size_t severity = notice_severity(cell(row, "severity"));
	struct told *t;
	const char *change;
	uint8_t octets[NOTICE_SIZE];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!text_uint(cell(row, "id"), UINT64_MAX, &id) || severity == SIZE_MAX ||
		!text_uint(cell(row, "raised"), UINT64_MAX, &raised_s))
		return;
	t = told_of(n, id);
	if (t)
		t->seen = true;
	change = change_of(c, t, raised_s, severity);
	if (!change || n->budget == 0 || (!t && n->count == NOTICES_TOLD_MAX))
		return;
	put(c, row, change, &w);
	if (!keep(c, t ? t : &n->told[n->count], &(struct told){ id, raised_s, (uint8_t)severity, true }))
		return;
	n->count += t == NULL;
	n->budget--;
	c->stat[CONSOLE_STAT_NOTICES]++;
	/* An outbox that is full is counted. */
	may_fail(outbox_send(c->env->outbox, CONSOLE_PORT_NOTICES, 0, 0, writer_bytes(&w)));
}

/* Alarms that the core has no longer, since others needed their places. */
static void forget_unseen(struct console *c)
{
	struct notices *n = &c->notices;
	uint8_t key[8];

	for (size_t i = n->count; i-- > 0;) {
		if (n->told[i].seen)
			continue;
		if (!store_savepoint(c->env->store))
			return;
		if (!store_del(c->env->store, STORE_CONSOLE_NOTICE, key_of(n->told[i].id, key))) {
			store_rollback_to(c->env->store);
			return;
		}
		store_release(c->env->store);
		n->told[i] = n->told[--n->count];
	}
}

static void ask_page(struct call *call, const char *place);

static void heard(struct call *call, bool ok, struct bytes body)
{
	struct console *c = call->console;
	const struct table *t = rows_table(c->facts, "alarms");
	char place[PLACE_SIZE];

	if (ok && t && rows_place(&body, place, sizeof(place)) && rows_each(t, body, look_at, c)) {
		if (strcmp(place, "end") != 0) {
			ask_page(call, place);
			return;
		}
		forget_unseen(c);
	}
	call_answer(call, HTTP1_NO_CONTENT); /* it is the console's own */
}

static void ask_page(struct call *call, const char *place)
{
	call_ask_line(call, heard, "table", "alarms\n%s\n", place);
}

void notices_due(struct console *c, uint64_t now_ns)
{
	struct notices *n = &c->notices;
	uint64_t since_s;
	struct call *call;

	if (n->next_ns > now_ns)
		return;
	n->next_ns = now_ns + TICK_S * NS_PER_S;
	since_s = (now_ns - n->budget_ns) / NS_PER_S;
	if (since_s > 0) {
		n->budget = since_s < PER_MINUTE - n->budget ? n->budget + (uint32_t)since_s : PER_MINUTE;
		n->budget_ns = now_ns;
	}
	for (size_t i = 0; i < n->count; i++)
		n->told[i].seen = false;
	call = call_own(c);
	if (call)
		ask_page(call, "");
}

static struct bytes take_cell(struct bytes *line)
{
	const uint8_t *end = line->len ? memchr(line->data, '\t', line->len) : NULL;
	struct bytes part = bytes_of(line->data, end ? (size_t)(end - line->data) : line->len);

	*line = end ? bytes_of(end + 1, line->len - part.len - 1) : BYTES_NONE;
	return part;
}

/* "OUTLET\tSENT\tWAITING\tLOST\tERROR" of who sends. */
void notices_on_msg(struct console *c, const struct msg *m)
{
	struct bytes line = m->data;
	struct outlet_state s = { 0 };
	enum notice_outlet outlet;

	if (m->kind != MSG_DATA || !notice_outlet_named(take_cell(&line), &outlet) ||
		!text_uint(take_cell(&line), UINT64_MAX, &s.sent) ||
		!text_uint(take_cell(&line), UINT64_MAX, &s.waiting) ||
		!text_uint(take_cell(&line), UINT64_MAX, &s.lost))
		return;
	str_copy(s.error, line.len < sizeof(s.error) ? line.len + 1 : sizeof(s.error),
		line.len ? (const char *)line.data : "");
	c->notices.outlets[outlet] = s;
}

struct outlet_shown {
	const char *name, *to, *error;
	uint64_t sent, waiting, lost;
};
BODY(outlet_table, { JSON_V("name", json_text, outlet_shown, name), .mandatory = true },
	{ JSON_V("to", json_text, outlet_shown, to), .mandatory = true },
	{ JSON_V("sent", json_uint, outlet_shown, sent), .mandatory = true },
	{ JSON_V("waiting", json_uint, outlet_shown, waiting), .mandatory = true },
	{ JSON_V("lost", json_uint, outlet_shown, lost), .mandatory = true },
	{ JSON_V("error", json_text, outlet_shown, error), .mandatory = true });

static void put_outlet(struct call *call, enum notice_outlet outlet, bool first)
{
	const struct console *c = call->console;
	const struct outlet_state *s = &c->notices.outlets[outlet];
	struct writer *w = call_json(call, ROW_SIZE_MAX), to = writer_of((uint8_t[512]){ 0 }, 511);

	notice_outlet_place(&c->config->alarms, outlet, &to);
	text_put(w, "%s{\"name\":\"%s\",\"to\":", first ? "" : ",", notice_outlet_names[outlet]);
	json_text_of(w, writer_bytes(&to));
	text_put(w, ",\"sent\":%llu,\"waiting\":%llu,\"lost\":%llu,\"error\":", (unsigned long long)s->sent,
		(unsigned long long)s->waiting, (unsigned long long)s->lost);
	json_text_of(w, bytes_of_str(s->error));
	text_put(w, "}");
}

void run_outlets(struct call *call)
{
	bool first = true;

	text_put(call_json(call, 64), "{\"rows\":[");
	for (unsigned i = 0; i < NOTICE_OUTLETS; i++) {
		if (!notice_outlet_is_set(&call->console->config->alarms, (enum notice_outlet)i))
			continue;
		put_outlet(call, (enum notice_outlet)i, first);
		first = false;
	}
	text_put(call_json(call, 64), "],\"next\":null}");
	call_answer(call, HTTP1_OK);
}

void run_outlet_test(struct call *call)
{
	struct console *c = call->console;
	uint8_t octets[NOTICE_SIZE], time[24];
	struct writer w = writer_of(octets, sizeof(octets)), t = writer_of(time, sizeof(time) - 1);
	enum notice_outlet outlet;
	struct notice n;

	if (!notice_outlet_named(bytes_of_str(call->param), &outlet) ||
		!notice_outlet_is_set(&c->config->alarms, outlet)) {
		call_refuse(call, HTTP1_NOT_FOUND, "network.yaml has no such outlet (console.alarms)");
		return;
	}
	if (!audit_begin(call, call->param, BYTES_NONE))
		return;
	text_put(&t, "%llu", (unsigned long long)(env_utc_ms(c->env) / 1000));
	n = notice_of_test(writer_bytes(&t));
	notice_put(&n, &w);
	may_fail(
		outbox_send(c->env->outbox, CONSOLE_PORT_NOTICES, 1 + (uint64_t)outlet, 0, writer_bytes(&w)));
	audit_end(call, "sent", BYTES_NONE);
	call_answer(call, HTTP1_NO_CONTENT);
}
