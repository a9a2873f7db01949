/* Profiles of subscribers at the control port. */
#include "base/text.h"
#include "core/internal.h"

/* False, answered: it is none. */
static bool take_name(struct cursor *in, char name[SUBSCRIBER_PROFILE_SIZE], struct writer *w)
{
	struct bytes text = core_control_line(in);

	if (text.len > 0 && text.len < SUBSCRIBER_PROFILE_SIZE) {
		str_copy(name, text.len + 1, (const char *)text.data);
		return true;
	}
	text_put(w, "error\nexpected the name of a profile\n");
	return false;
}

/* The name, then a line of settings. */
static void set(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	char name[SUBSCRIBER_PROFILE_SIZE];
	const char *why;

	if (!take_name(in, name, w) || !core_control_expect_commit(core, m->assoc, w))
		return;
	why = core_profile_set(core, name, core_control_line(in));
	if (!why) {
		text_put(w, "ok\n");
		return;
	}
	core->client_count--;
	text_put(w, "error\n%s\n", why);
}

static void remove_one(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	char name[SUBSCRIBER_PROFILE_SIZE];

	if (!take_name(in, name, w) || !core_control_expect_commit(core, m->assoc, w))
		return;
	if (core_profile_remove(core, name)) {
		text_put(w, "ok\n");
		return;
	}
	core->client_count--;
	text_put(w, "error\nthere is no profile %s (freehold profiles)\n", name);
}

const struct core_command core_profile_commands[CORE_PROFILE_COMMANDS] = {
	{ "profile set", set },
	{ "profile remove", remove_one },
};
