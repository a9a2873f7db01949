/* Alarms at the control port: `alarm acknowledge`. */
#include <stdio.h>

#include "base/text.h"
#include "core/internal.h"

/* The number, then who: a user of the console; without, the process's owner. */
static void acknowledge(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct bytes number = core_control_line(in), user = core_control_line(in);
	char who[ALARM_USER_SIZE];
	uint64_t id;

	if (!text_uint(number, UINT64_MAX, &id) || user.len >= sizeof(who)) {
		text_put(w, "error\nexpected the id of an alarm (freehold alarms)\n");
		return;
	}
	if (user.len > 0)
		str_copy(who, user.len + 1, (const char *)user.data);
	else
		snprintf(who, sizeof(who), "uid %u", m->uid);
	if (!core_control_expect_commit(core, m->assoc, w))
		return;
	if (core_alarm_acknowledge(core, id, who)) {
		text_put(w, "ok\n");
		return;
	}
	core->client_count--;
	text_put(w, "error\nthere is no alarm %.*s (freehold alarms)\n", (int)number.len,
		(const char *)number.data);
}

/* The number: of a gNB that is gone for good. */
static void clear(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct bytes number = core_control_line(in);
	uint64_t id;

	if (!text_uint(number, UINT64_MAX, &id)) {
		text_put(w, "error\nexpected the id of an alarm (freehold alarms)\n");
		return;
	}
	if (!core_control_expect_commit(core, m->assoc, w))
		return;
	if (core_alarm_dismiss(core, id)) {
		text_put(w, "ok\n");
		return;
	}
	core->client_count--;
	text_put(w,
		"error\nalarm %.*s is none of a gNB that is away: others are cleared when they are over\n",
		(int)number.len, (const char *)number.data);
}

static struct bytes cell_of(struct cursor *line)
{
	const uint8_t *end = cursor_left(line) ? memchr(line->at, '\t', cursor_left(line)) : NULL;
	struct bytes text = cursor_bytes(line, end ? (size_t)(end - line->at) : cursor_left(line));

	cursor_skip(line, end ? 1 : 0);
	return text;
}

static bool take_text(struct bytes text, char *out, size_t size)
{
	if (text.len >= size)
		return false;
	str_copy(out, text.len + 1, text.len ? (const char *)text.data : "");
	return true;
}

/* "KIND\tOBJECT\tSEVERITY\tDETAIL"; false: it is not one. */
static bool take_report(struct core *core, struct cursor *line)
{
	static const struct {
		const char *name;
		enum alarm_kind kind;
	} kinds[] = { { "certificate", ALARM_CERTIFICATE }, { "disk", ALARM_DISK } };
	static const char *const severities[] = { "cleared", "warning", "minor", "major", "critical" };
	char object[ALARM_OBJECT_SIZE], detail[ALARM_DETAIL_SIZE];
	struct bytes kind = cell_of(line), name = cell_of(line), severity = cell_of(line);

	if (name.len == 0 || !take_text(name, object, sizeof(object)) ||
		!take_text(cursor_rest(line), detail, sizeof(detail)))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		for (size_t s = ALARM_WARNING; s < ARRAY_LEN(severities); s++)
			if (bytes_equal(kind, bytes_of_str(kinds[i].name)) &&
				bytes_equal(severity, bytes_of_str(severities[s]))) {
				core_alarm_reported(
					core, kinds[i].kind, object, (enum alarm_severity)s, detail);
				return true;
			}
	return false;
}

/* What processes beside the core see; it stands as long as it is reported again. */
static void report(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	while (cursor_left(in) > 0) {
		struct cursor line = cursor_of(core_control_line(in));

		if (take_report(core, &line))
			continue;
		text_put(
			w, "error\nexpected a kind, an object, a severity and a detail, with tabs between\n");
		return;
	}
	text_put(w, "ok\n");
}

const struct core_command core_alarm_commands[CORE_ALARM_COMMANDS] = {
	{ "alarm acknowledge", acknowledge },
	{ "alarm clear", clear },
	{ "alarm report", report },
};
