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

const struct core_command core_alarm_commands[CORE_ALARM_COMMANDS] = {
	{ "alarm acknowledge", acknowledge },
};
