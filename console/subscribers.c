/* Subscribers: found, shown, added, changed, removed, by the requests that the command line sends too. */
#include "console/rows.h"
#include "console/subscriber_body.h"

enum { LINE_MAX = 8192 };

struct changing {
	char line[LINE_MAX]; /* of the request */
	const char *imsi;
	const char *done; /* what is said of it in the audit log */
};

static bool digits_only(struct call *call, const char *text, size_t min, size_t max, const char *what)
{
	size_t len = strspn(text, "0123456789");

	if (text[len] == '\0' && len >= min && len <= max)
		return true;
	call_refuse(call, HTTP1_BAD_REQUEST, "expected %s", what);
	return false;
}

static bool imsi_of_path(struct call *call)
{
	return digits_only(call, call->param, 5, 15, "an IMSI of 5 to 15 digits");
}

bool subscriber_of_path(struct call *call)
{
	if (!strncmp(call->param, "imei-", 5))
		return digits_only(call, call->param + 5, 14, 16, "imei- and 14 to 16 digits");
	return imsi_of_path(call);
}

void run_subscribers(struct call *call)
{
	const char *digits = call_query(call, "q");
	struct rows *rows;

	if (!digits_only(call, digits ? digits : "", 0, 15, "q of at most 15 digits, somewhere in the IMSI"))
		return;
	if (table_begin(call, "subscribers", digits ? digits : "", &rows))
		table_ask(call);
}

static void shown(struct call *call, bool ok, struct bytes body)
{
	if (!ok) {
		audit_end(call, "refused", body);
		call_core_refuses(call, HTTP1_NOT_FOUND, body);
		return;
	}
	subscriber_json_of(body, call_json(call, 2 * body.len + 1024));
	audit_end(call, "done", BYTES_NONE);
	call_answer(call, HTTP1_OK);
}

void run_subscriber(struct call *call)
{
	if (imsi_of_path(call))
		call_ask_line(call, shown, "subscriber show", "%s", call->param);
}

/* How it is now: the answer, and in the audit log beside how it was. */
static void after(struct call *call, bool ok, struct bytes body)
{
	const struct changing *ch = call->state;
	bool made = call->method == HTTP_POST;

	audit_end(call, ch->done, ok ? body : BYTES_NONE);
	if (!ok) {
		call_core_refuses(call, HTTP1_NOT_FOUND, body);
		return;
	}
	subscriber_json_of(body, call_json(call, 2 * body.len + 1024));
	call_answer(call, made ? HTTP1_CREATED : HTTP1_OK);
}

static void changed(struct call *call, bool ok, struct bytes body)
{
	struct changing *ch = call->state;
	bool removes = call->method == HTTP_DELETE;

	explicit_bzero(ch->line, sizeof(ch->line));
	if (!ok) {
		char reason[160];
		size_t len = body.len < sizeof(reason) - 1 ? body.len : sizeof(reason) - 1;

		str_copy(reason, len + 1, body.len ? (const char *)body.data : "");
		reason[strcspn(reason, "\n")] = '\0';
		audit_end(call, reason, BYTES_NONE);
		call_core_refuses(call, HTTP1_BAD_REQUEST, body);
	} else if (removes) {
		audit_end(call, ch->done, BYTES_NONE);
		call_answer(call, HTTP1_NO_CONTENT);
	} else {
		call_ask_line(call, after, "subscriber show", "%s", ch->imsi);
	}
}

/* How it was is known: the entry is kept in the turn in which the order leaves. */
static void before(struct call *call, bool ok, struct bytes body)
{
	struct changing *ch = call->state;

	if (!ok)
		call_core_refuses(call, HTTP1_NOT_FOUND, body);
	else if (!audit_begin(call, ch->imsi, body))
		return;
	else if (call->method == HTTP_DELETE)
		call_ask_line(call, changed, "subscriber remove", "%s", ch->imsi);
	else
		call_ask_line(call, changed, "subscriber set", "%s\n%s", ch->imsi, ch->line);
}

/* The body as a line in the state; its IMSI is the path's, or of a new one its own. NULL, answered. */
static struct changing *take_line(struct call *call, const char *imsi)
{
	struct subscriber_body *b = call_body(call, &subscriber_table, sizeof(*b));
	struct changing *ch = b ? arena_alloc(&call->arena, sizeof(*ch)) : NULL;
	struct writer w = writer_of(ch ? ch->line : NULL, ch ? LINE_MAX - 1 : 0);

	if (!b)
		return NULL;
	call->state = ch;
	if (!ch) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return NULL;
	}
	ch->imsi = imsi ? imsi : b->words[0];
	if (imsi && b->words[0] && strcmp(b->words[0], imsi) != 0) {
		call_refuse(call, HTTP1_BAD_REQUEST, "imsi is not to be changed");
		return NULL;
	}
	if (imsi)
		b->words[0] = NULL;
	if (subscriber_line_of(b, &w) && w.len > 0)
		return ch;
	call_refuse(call, HTTP1_BAD_REQUEST, "a value has a comma or a control character, or there is none");
	return NULL;
}

/* The core takes a line of one that is there for another subscription of it: here that is a mistake. */
static void absent(struct call *call, bool ok, struct bytes body)
{
	const struct changing *ch = call->state;

	if (ok)
		call_refuse(call, HTTP1_CONFLICT, "there is a subscriber %s: change it, or remove it first",
			ch->imsi);
	else if (call_core_is_away(body))
		call_core_refuses(call, HTTP1_UNAVAILABLE, body);
	else if (audit_begin(call, ch->imsi, BYTES_NONE))
		call_ask_line(call, changed, "subscriber add", "%s", ch->line);
}

void run_subscriber_add(struct call *call)
{
	struct changing *ch = take_line(call, NULL);

	if (!ch)
		return;
	if (!ch->imsi) {
		call_refuse(call, HTTP1_BAD_REQUEST, "/imsi is missing");
		return;
	}
	if (!digits_only(call, ch->imsi, 5, 15, "an IMSI of 5 to 15 digits"))
		return;
	ch->done = "added";
	call_ask_line(call, absent, "subscriber show", "%s", ch->imsi);
}

void run_subscriber_change(struct call *call)
{
	struct changing *ch = imsi_of_path(call) ? take_line(call, call->param) : NULL;

	if (!ch)
		return;
	ch->done = "changed";
	call_ask_line(call, before, "subscriber show", "%s", ch->imsi);
}

void run_subscriber_remove(struct call *call)
{
	struct changing *ch;

	if (!imsi_of_path(call))
		return;
	ch = arena_alloc(&call->arena, sizeof(*ch));
	call->state = ch;
	if (!ch) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return;
	}
	ch->imsi = call->param;
	ch->done = "removed";
	call_ask_line(call, before, "subscriber show", "%s", ch->imsi);
}

static void ordered(struct call *call, bool ok, struct bytes body)
{
	audit_end(call, ok ? "done" : "refused", BYTES_NONE);
	if (ok)
		call_answer(call, HTTP1_NO_CONTENT);
	else
		call_core_refuses(call, HTTP1_CONFLICT, body);
}

struct deregister {
	bool again;
};
BODY(deregister_table, { JSON_V("again", json_bool, deregister, again) });

void run_deregister(struct call *call)
{
	const struct deregister *d =
		imsi_of_path(call) ? call_body(call, &deregister_table, sizeof(*d)) : NULL;

	if (d && audit_begin(call, call->param, BYTES_NONE))
		call_ask_line(call, ordered, "deregister", "%s\n%s", call->param, d->again ? "again" : "");
}

void run_reauthenticate(struct call *call)
{
	if (imsi_of_path(call) && audit_begin(call, call->param, BYTES_NONE))
		call_ask_line(call, ordered, "reauthenticate", "%s", call->param);
}

struct upf_order {
	bool drained;
};
BODY(upf_table, { JSON_V("drained", json_bool, upf_order, drained), .mandatory = true });

void run_upf_change(struct call *call)
{
	const struct upf_order *o = call_body(call, &upf_table, sizeof(*o));

	if (!o)
		return;
	if (call->param[strcspn(call->param, "\n\r\t")] != '\0')
		call_refuse(call, HTTP1_NOT_FOUND, "there is no such UPF");
	else if (audit_begin(call, call->param, bytes_of_str(o->drained ? "" : "drained")))
		call_ask_line(call, ordered, o->drained ? "drain" : "undrain", "%s", call->param);
}

void run_alarm_clear(struct call *call)
{
	if (digits_only(call, call->param, 1, 19, "the number of an alarm") &&
		audit_begin(call, call->param, BYTES_NONE))
		call_ask_line(call, ordered, "alarm clear", "%s", call->param);
}

void run_alarm_acknowledge(struct call *call)
{
	if (digits_only(call, call->param, 1, 19, "the number of an alarm") &&
		audit_begin(call, call->param, BYTES_NONE))
		call_ask_line(call, ordered, "alarm acknowledge", "%s\n%s", call->param, call->who.name);
}
