/*
 * Application sessions of operators at the control port, as an application asks for them by N5 (29.514). A
 * new one is the command, the IMSI, then a line for each word "key=value" (core/af/order.c); a change and an
 * end have the session's name in place of the IMSI.
 */
#include "base/text.h"
#include "core/internal.h"

static bool words_read(struct cursor *in, struct af_order *o, struct writer *w)
{
	char error[AF_ERROR_SIZE];

	while (cursor_left(in) > 0) {
		struct bytes word = core_control_line(in);

		if (word.len == 0 || af_order_take(o, word, error))
			continue;
		text_put(w, "error\n%s\n", error);
		return false;
	}
	return true;
}

/* The PCF has answered in this turn, or it has not been reached. */
static struct af_answer asked(struct core *core)
{
	core_settle(core);
	return af_answer(core->af);
}

static const char *text_of(enum sbi_cause cause)
{
	switch (cause) {
	case SBI_PDU_SESSION_NOT_AVAILABLE:
		return "the PCF has no such session";
	case SBI_REQUESTED_SERVICE_NOT_AUTHORIZED:
		return "more is to be guaranteed than application_gbr_uplink_bps or _downlink_bps of the DNN "
		       "allows";
	case SBI_INVALID_SERVICE_INFORMATION:
		return "filter and media are needed; audio and video need bandwidth, of which least is a "
		       "part";
	case SBI_FILTER_RESTRICTIONS:
		return "filter: the address after \"to\" must be the UE's own, \"assigned\" or \"any\"";
	case SBI_INSUFFICIENT_RESOURCES:
		return "the session has as many flows, or applications, as there may be";
	case SBI_APPLICATION_SESSION_CONTEXT_NOT_FOUND:
		return "there is no such application session (any more)";
	case SBI_CAUSE_COUNT:
		return "the PCF does not answer";
	default:
		return sbi_cause_name(cause);
	}
}

static void put_answer(struct core *core, struct af_answer a, const char *name, struct writer *w)
{
	if (a.cause == SBI_OK) {
		text_put(w, "ok\napplication %s\n", name);
		return;
	}
	core->client_count--;
	text_put(w, "error\n%s\n", text_of(a.cause));
}

static void add(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct af_answer a;
	struct af_order o;

	af_order_begin(&o);
	if (!core_control_supi(in, &o.supi, w) || !words_read(in, &o, w))
		return;
	if (!core_control_expect_commit(core, m->assoc, w))
		return;
	if (!core_application_add(core, &o)) {
		core->client_count--;
		text_put(w, "error\nthe subscriber has no such session of IP\n");
		return;
	}
	a = af_answer(core->af);
	put_answer(core, a, a.app_session_id, w);
}

static void name_read(struct cursor *in, char out[APP_SESSION_ID_SIZE])
{
	struct bytes line = core_control_line(in);

	str_copy(out, line.len < APP_SESSION_ID_SIZE ? line.len + 1 : 1, (const char *)line.data);
}

static void change(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	char name[APP_SESSION_ID_SIZE];
	struct af_order o;

	af_order_begin(&o);
	name_read(in, name);
	if (!words_read(in, &o, w) || !core_control_expect_commit(core, m->assoc, w))
		return;
	af_update(core->af, name, &o);
	put_answer(core, asked(core), name, w);
}

static void end(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	char name[APP_SESSION_ID_SIZE];

	name_read(in, name);
	if (!core_control_expect_commit(core, m->assoc, w))
		return;
	af_delete(core->af, name);
	put_answer(core, asked(core), name, w);
}

const struct core_command core_application_commands[CORE_APPLICATION_COMMANDS] = {
	{ "application add", add },
	{ "application change", change },
	{ "application delete", end },
};

bool core_application_add(struct core *core, const struct af_order *o)
{
	struct smf_place place;
	struct af_target t;

	if (!smf_session_place(core->smf, &o->supi, o->pdu_session_id, o->dnn, &place))
		return false;
	t = (struct af_target){ .ipv4 = place.ipv4,
		.ipv6_prefix = place.ipv6_prefix,
		.snssai = place.snssai,
		.pdu_session_id = place.pdu_session_id };
	str_copy(t.dnn, sizeof(t.dnn), place.dnn);
	af_create(core->af, o, &t);
	core_settle(core);
	return true;
}

enum sbi_cause core_application(struct core *core, const struct supi *supi, char name[APP_SESSION_ID_SIZE],
	bool ends, struct bytes words)
{
	struct cursor in = cursor_of(words);
	char error[AF_ERROR_SIZE];
	struct af_order o;

	af_order_begin(&o);
	o.supi = *supi;
	while (cursor_left(&in) > 0)
		if (!af_order_take(&o, core_control_line(&in), error))
			return SBI_INVALID_SERVICE_INFORMATION;
	if (ends)
		af_delete(core->af, name);
	else if (name[0])
		af_update(core->af, name, &o);
	else if (!core_application_add(core, &o))
		return SBI_PDU_SESSION_NOT_AVAILABLE;
	core_settle(core);
	if (!name[0])
		str_copy(name, APP_SESSION_ID_SIZE, af_answer(core->af).app_session_id);
	return af_answer(core->af).cause;
}
