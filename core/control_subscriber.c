/* Provisioning at the control port. A refused line takes nothing with it but its own batch. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "core/internal.h"
#include "core/subscriber_line.h"
#include "crypto/aka_function.h"

#define LOG_ROOM "core"

bool core_control_expect_commit(struct core *core, uint64_t assoc, struct writer *w)
{
	if (core->client_count == CORE_CONTROL_CLIENTS_MAX) {
		text_put(w, "error\ntoo many changes are under way\n");
		return false;
	}
	core->clients[core->client_count++] = (struct core_client){ assoc, core->env->turn->epoch };
	return true;
}

/* Whoever has got a profile by the line at hand is changed by it. NULL, or why not. */
static const char *join(struct core *core, const char *was)
{
	char name[SUBSCRIBER_PROFILE_SIZE];
	struct supi supi;

	str_copy(name, sizeof(name), core->line->subscriber.profile);
	if (!name[0] || !strcmp(name, was) || !supi_parse(core->line->subscriber.imsi, &supi))
		return NULL;
	return core_profile_apply(core, &supi, name);
}

static bool add_line(struct core *core, struct bytes text, unsigned number, struct writer *w)
{
	struct subscriber_line *l = core->line;
	char error[SUBSCRIBER_LINE_ERROR];
	bool ok = core_subscriber_line(core, text, error);
	const char *why;

	if (!ok) {
		text_put(w, "error\nline %u: %s\n", number, error);
	} else if (!core_subscriber_add(core, &l->subscriber, bytes_of(l->k, l->k_len),
			   bytes_of(l->opc, l->opc_len), l->sqn)) {
		ok = false;
		text_put(w, "error\nline %u: the keys could not be sealed, or the store is full\n", number);
	} else if ((why = join(core, ""))) {
		ok = false;
		text_put(w, "error\nline %u: profile: %s\n", number, why);
	}
	explicit_bzero(l, sizeof(*l));
	return ok;
}

/* Each line a subscriber; all of them or none. keep false: whether they would be taken. */
static void subscriber_lines(
	struct core *core, const struct msg *m, struct cursor *in, struct writer *w, bool keep)
{
	unsigned added = 0, line = 0;
	bool ok = true;

	if (!store_savepoint(core->env->store)) {
		text_put(w, "error\nthe store refuses the change: is the disk full?\n");
		return;
	}
	while (ok && cursor_left(in) > 0) {
		struct bytes text = core_control_line(in);

		line++;
		if (text.len == 0)
			continue;
		ok = add_line(core, text, line, w);
		added += ok;
	}
	if (ok && !keep)
		text_put(w, "ok\n%u good\n", added);
	if (!ok || !keep || !core_control_expect_commit(core, m->assoc, w)) {
		store_rollback_to(core->env->store);
		return;
	}
	store_release(core->env->store);
	text_put(w, "ok\n%u added\n", added);
}

static void subscriber_add(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	subscriber_lines(core, m, in, w, true);
}

static void subscriber_check(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	subscriber_lines(core, m, in, w, false);
}

/* Octets of lines: whether as many will find room, once they come in batches. */
static void subscriber_room(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	uint64_t octets;

	if (!text_uint(core_control_line(in), UINT64_MAX / 2, &octets))
		text_put(w, "error\nexpected a number of octets\n");
	else if (!store_reserve(core->env->store, 2 * octets))
		text_put(w, "error\nthe store has no room for so many: is the disk full?\n");
	else
		text_put(w, "ok\n");
}

bool core_control_whose(struct bytes text, struct supi *out)
{
	char word[SUPI_STR_SIZE + 1]; /* an IMEISV is the longest */

	if (text.len == 0 || text.len >= sizeof(word))
		return false;
	str_copy(word, text.len + 1, (const char *)text.data);
	return supi_of_plain(word, out);
}

bool core_control_supi(struct cursor *in, struct supi *supi, struct writer *w)
{
	struct bytes line = core_control_line(in);
	char text[32];

	if (line.len < sizeof(text)) {
		str_copy(text, line.len + 1, (const char *)line.data);
		if (supi_parse(text, supi))
			return true;
	}
	text_put(w, "error\nexpected an IMSI: 5 to 15 digits\n");
	return false;
}

/* Reads the SUPI and loads its subscriber into core->line; false, answered, when there is none. */
static bool load(struct core *core, struct cursor *in, struct supi *supi, uint64_t *sqn, struct writer *w)
{
	if (!core_control_supi(in, supi, w))
		return false;
	if (core_subscriber_get(core, supi, &core->line->subscriber, sqn))
		return true;
	text_put(w, "error\nthere is no subscriber %s\n", supi->imsi);
	return false;
}

static void subscriber_show(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct supi supi;
	uint64_t sqn;

	if (!load(core, in, &supi, &sqn, w))
		return;
	text_put(w, "ok\n");
	core->line->sqn = sqn;
	core->line->k_len = 0;
	subscriber_line_print(core->line, w);
	text_put(w, "\n");
}

static bool open_keys(const struct core *core, struct subscriber_line *l)
{
	return core_subscriber_keys(core, &l->subscriber, l->k, &l->k_len, l->opc, &l->opc_len);
}

/* Changes the subscriber of core->line by what the line gives. */
static void change(struct core *core, const struct msg *m, struct bytes line, struct writer *w)
{
	struct subscriber_line *l = core->line;
	char error[SUBSCRIBER_LINE_ERROR], profile[SUBSCRIBER_PROFILE_SIZE];
	const char *why;

	*core->old = l->subscriber;
	str_copy(profile, sizeof(profile), l->subscriber.profile);
	if (!open_keys(core, l)) {
		text_put(w, "error\nits keys do not open; add it again\n");
	} else if (!subscriber_line_change(line, &core->config, core->old, l, error) ||
		   !core_subscriber_addresses_free(core, &l->subscriber, error)) {
		text_put(w, "error\n%s\n", error);
	} else if (core_control_expect_commit(core, m->assoc, w)) {
		if (core_subscriber_change(core, core->old, &l->subscriber, bytes_of(l->k, l->k_len),
			    bytes_of(l->opc, l->opc_len), l->sqn)) {
			why = join(core, profile);
			text_put(w, "ok\nchanged%s%s\n", why ? "; but not by its profile: " : "",
				why ? why : "");
			return;
		}
		core->client_count--;
		text_put(w, "error\nthe store refuses the change: is the disk full?\n");
	}
}

/* The IMSI, then a line of what changes. */
static void subscriber_set(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct supi supi;

	if (load(core, in, &supi, &core->line->sqn, w))
		change(core, m, core_control_line(in), w);
	explicit_bzero(core->line, sizeof(*core->line));
}

static void subscriber_remove(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct supi supi;
	uint64_t sqn;

	if (!load(core, in, &supi, &sqn, w) || !core_control_expect_commit(core, m->assoc, w))
		return;
	if (core_subscriber_remove(core, &supi)) {
		text_put(w, "ok\nremoved\n");
		return;
	}
	core->client_count--;
	text_put(w, "error\nthe store refuses the change: is the disk full?\n");
}

struct list {
	struct writer *w;
	unsigned count;
};

static bool list_one(void *arg, const struct supi *supi, const struct subscriber *s)
{
	struct list *list = arg;

	if (s)
		text_put(list->w, "%s %s %u slices\n", s->imsi, aka_alg_name(s->algorithm), s->slice_count);
	else
		text_put(list->w, "%s does not read: add it again\n", supi->imsi);
	return ++list->count < CORE_CONTROL_PAGE;
}

/* A page after the IMSI of the argument line (none: from the start). */
static void subscriber_list(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct list list = { .w = w };
	bool from_start = cursor_left(in) == 0;
	struct supi after;

	if (!from_start && !core_control_supi(in, &after, w))
		return;
	text_put(w, "ok\n");
	if (!core_subscriber_each(core, from_start ? NULL : &after, list_one, &list)) {
		w->len = 0;
		text_put(w, "error\nthe store cannot be read\n");
	}
}

struct export
{
	struct core *core;
	struct writer *w;
	bool keys;
	unsigned count;
};

static bool export_refused(struct export *e, const struct supi *supi, const char *what)
{
	log_error(e->core->env->log, "imsi-%s: %s: not exported", supi->imsi, what);
	e->w->len = 0;
	text_put(e->w, "error\nof %s %s; add it again\n", supi->imsi, what);
	return false;
}

/* One that does not read, or whose keys do not open, ends the export: half of the subscribers are not all of
 * them. */
static bool export_one(void *arg, const struct supi *supi, const struct subscriber *s)
{
	struct export *e = arg;
	struct subscriber_line *l = e->core->line;

	if (!s)
		return export_refused(e, supi, "the record does not read");
	l->subscriber = *s;
	l->sqn = core_subscriber_sqn(e->core, supi);
	l->k_len = 0;
	if (e->keys && !open_keys(e->core, l))
		return export_refused(e, supi, "the keys do not open");
	subscriber_line_print(l, e->w);
	text_put(e->w, "\n");
	e->count++;
	return e->w->cap - e->w->len > SUBSCRIBER_LINE_MAX;
}

/* A page as for `subscriber list`, each subscriber as a line for `subscriber add`. */
static void export_page(
	struct core *core, const struct msg *m, struct cursor *in, struct writer *w, bool keys)
{
	struct export e = { .core = core, .w = w, .keys = keys };
	bool from_start = cursor_left(in) == 0;
	struct supi after;

	if (!from_start && !core_control_supi(in, &after, w))
		return;
	text_put(w, "ok\n");
	if (!core_subscriber_each(core, from_start ? NULL : &after, export_one, &e)) {
		w->len = 0;
		text_put(w, "error\nthe store cannot be read\n");
	}
	if (keys && e.count > 0)
		log_access(core->env->log, LOG_ROOM,
			"secrets: uid %u (pid %u) exported the keys of %u subscribers up to imsi-%s", m->uid,
			m->pid, e.count, core->line->subscriber.imsi);
	explicit_bzero(core->line, sizeof(*core->line));
}

static void subscriber_export(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	export_page(core, m, in, w, false);
}

/* The control socket hears root and the core's own user alone. */
static void subscriber_export_keys(
	struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	export_page(core, m, in, w, true);
}

const struct core_command core_subscriber_commands[CORE_SUBSCRIBER_COMMANDS] = {
	{ "subscriber add", subscriber_add },
	{ "subscriber check", subscriber_check },
	{ "subscriber plan", core_subscriber_plan },
	{ "subscriber room", subscriber_room },
	{ "subscriber show", subscriber_show },
	{ "subscriber list", subscriber_list },
	{ "subscriber set", subscriber_set },
	{ "subscriber export", subscriber_export },
	{ "subscriber export keys", subscriber_export_keys },
	{ "subscriber remove", subscriber_remove },
};
