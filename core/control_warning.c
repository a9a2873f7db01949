/*
 * Public warnings at the control port: the command, then lines of key=value.
 *
 *   warning send      id, serial, text; repeat=SECONDS (60), count=BROADCASTS (0: until it is cancelled),
 * area=TAC,... warning cancel    id, serial
 */
#include "base/text.h"
#include "core/internal.h"

enum { TEXT_MAX = 4096 };

static bool number_of(struct bytes value, uint64_t min, uint64_t max, uint16_t *out)
{
	uint64_t v;

	if (!text_uint(value, max, &v) || v < min)
		return false;
	*out = (uint16_t)v;
	return true;
}

/* text is the caller's, of TEXT_MAX octets. */
static bool take(struct bytes word, struct amf_warning_order *o, char *text)
{
	struct bytes v;

	if (core_control_value(word, "id=", &v))
		return number_of(v, 0, UINT16_MAX, &o->id);
	if (core_control_value(word, "serial=", &v))
		return number_of(v, 0, UINT16_MAX, &o->serial);
	if (core_control_value(word, "repeat=", &v))
		return number_of(v, 1, UINT16_MAX, &o->repetition_s);
	if (core_control_value(word, "count=", &v))
		return number_of(v, 0, UINT16_MAX, &o->broadcasts);
	if (core_control_value(word, "area=", &v))
		return core_control_tacs(v, o->area, &o->area_count);
	if (!core_control_value(word, "text=", &v) || v.len >= TEXT_MAX)
		return false;
	str_copy(text, v.len + 1, (const char *)v.data);
	return true;
}

/* False, answered: something is wrong, or missing. */
static bool read_order(struct cursor *in, struct amf_warning_order *o, char text[TEXT_MAX], struct writer *w)
{
	bool id = false, serial = false;

	text[0] = '\0';
	*o = (struct amf_warning_order){ .repetition_s = 60, .text = text };
	while (cursor_left(in) > 0) {
		struct bytes word = core_control_line(in), v;

		id |= core_control_value(word, "id=", &v);
		serial |= core_control_value(word, "serial=", &v);
		if (word.len == 0 || take(word, o, text))
			continue;
		text_put(w, "error\n%.*s: expected id, serial, text, repeat, count or area with its value\n",
			(int)(word.len < 40 ? word.len : 40), (const char *)word.data);
		return false;
	}
	if (!id || !serial)
		text_put(w, "error\nexpected id and serial, 0 to 65535\n");
	return id && serial;
}

static void warning_send(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct amf_warning_order o;
	char text[TEXT_MAX];
	const char *refusal;

	if (!read_order(in, &o, text, w) || !core_control_expect_commit(core, m->assoc, w))
		return;
	refusal = core_warn(core, &o);
	if (!refusal) {
		text_put(w, "ok\n");
		return;
	}
	core->client_count--;
	text_put(w, "error\n%s\n", refusal);
}

static void warning_cancel(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct amf_warning_order o;
	char text[TEXT_MAX];

	if (!read_order(in, &o, text, w) || !core_control_expect_commit(core, m->assoc, w))
		return;
	if (core_warning_cancel(core, o.id, o.serial)) {
		text_put(w, "ok\n");
		return;
	}
	core->client_count--;
	text_put(w, "error\nthere is no such warning\n");
}

const struct core_command core_warning_commands[CORE_WARNING_COMMANDS] = {
	{ "warning send", warning_send },
	{ "warning cancel", warning_cancel },
};
