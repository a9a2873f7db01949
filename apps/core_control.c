/*
 * One message is a request: a command, then lines of arguments. The answer begins with "ok" or "error",
 * then lines. Changes are committed before they are confirmed.
 */
#include "apps/core_control.h"

#include <inttypes.h>
#include <stdlib.h>

#include "apps/subscriber_line.h"
#include "base/text.h"
#include "io/unix_socket.h"

#define LOG_ROOM "control"

enum { LIST_PAGE = 200 };

struct core_control {
	struct core *core;
	const struct core_config *config;
	struct env *env;
	struct unix_server *server;
	bool changed;
	uint8_t reply[UNIX_MSG_MAX];
};

/* The next line of c, without its end; empty at the end. */
static struct bytes next_line(struct cursor *c)
{
	const uint8_t *start = c->at;
	const uint8_t *end = memchr(start, '\n', cursor_left(c));
	struct bytes line = cursor_bytes(c, end ? (size_t)(end - start) : cursor_left(c));

	if (end)
		cursor_skip(c, 1);
	return line;
}

static bool commit(struct core_control *c, struct writer *w)
{
	if (store_commit(c->env->store)) {
		c->changed = true;
		return true;
	}
	w->len = 0;
	text_put(w, "error\nthe store refuses the change: is the disk full?\n");
	return false;
}

/* Each line a subscriber; all of them or none. */
static void subscriber_add(struct core_control *c, struct cursor *in, struct writer *w)
{
	char error[SUBSCRIBER_LINE_ERROR];
	struct subscriber_line *l = calloc(1, sizeof(*l));
	unsigned added = 0, line = 0;
	bool ok = l != NULL;

	while (ok && cursor_left(in) > 0) {
		struct bytes text = next_line(in);

		line++;
		if (text.len == 0)
			continue;
		ok = subscriber_line_read(text, c->config, l, error);
		if (!ok) {
			text_put(w, "error\nline %u: %s\n", line, error);
		} else if (!core_subscriber_add(c->core, &l->subscriber, bytes_of(l->k, l->k_len),
				   bytes_of(l->opc, l->opc_len), l->sqn)) {
			ok = false;
			text_put(w,
				"error\nline %u: the key or OPc has a wrong length, or the store is full\n",
				line);
		}
		added += ok;
	}
	if (l)
		explicit_bzero(l, sizeof(*l));
	free(l);
	if (!ok)
		store_rollback(c->env->store);
	else if (commit(c, w))
		text_put(w, "ok\n%u added\n", added);
}

static bool read_supi(struct cursor *in, struct supi *supi, struct writer *w)
{
	struct bytes line = next_line(in);
	char text[32];

	if (line.len < sizeof(text)) {
		str_copy(text, line.len + 1, (const char *)line.data);
		if (supi_parse(text, supi))
			return true;
	}
	text_put(w, "error\nexpected an IMSI: 5 to 15 digits\n");
	return false;
}

static void subscriber_show(struct core_control *c, struct cursor *in, struct writer *w)
{
	struct subscriber *s = calloc(1, sizeof(*s));
	struct supi supi;
	uint64_t sqn;

	if (s && read_supi(in, &supi, w)) {
		if (core_subscriber_get(c->core, &supi, s, &sqn)) {
			text_put(w, "ok\n");
			subscriber_line_print(s, sqn, w);
			text_put(w, "\n");
		} else {
			text_put(w, "error\nthere is no subscriber %s\n", supi.imsi);
		}
	}
	free(s);
}

static void subscriber_remove(struct core_control *c, struct cursor *in, struct writer *w)
{
	struct supi supi;

	if (!read_supi(in, &supi, w))
		return;
	if (!core_subscriber_remove(c->core, &supi)) {
		store_rollback(c->env->store);
		text_put(w, "error\nthere is no subscriber %s\n", supi.imsi);
	} else if (commit(c, w)) {
		text_put(w, "ok\nremoved\n");
	}
}

struct list {
	struct writer *w;
	uint64_t after;
	unsigned count;
};

static bool list_one(void *arg, const struct subscriber *s)
{
	struct list *list = arg;
	struct supi supi;

	if (!supi_parse(s->imsi, &supi) || supi_key(&supi) <= list->after)
		return true;
	text_put(list->w, "%s %s %u slices\n", s->imsi, s->algorithm == AUTH_TUAK ? "tuak" : "milenage",
		s->slice_count);
	return ++list->count < LIST_PAGE;
}

/* A page after the IMSI of the argument line (none: from the start). */
static void subscriber_list(struct core_control *c, struct cursor *in, struct writer *w)
{
	struct list list = { .w = w };
	struct supi supi;

	if (cursor_left(in) > 0) {
		if (!read_supi(in, &supi, w))
			return;
		list.after = supi_key(&supi);
	}
	text_put(w, "ok\n");
	core_subscriber_each(c->core, list_one, &list);
}

static void print_stats(void *arg, const struct stats *s)
{
	stats_print(s, arg);
}

static void status(struct core_control *c, struct cursor *in, struct writer *w)
{
	struct amf_numbers a = amf_numbers(core_amf(c->core));
	struct smf_numbers s = smf_numbers(core_smf(c->core));

	text_put(w, "ok\ngnbs %u\nconnections %u\nues_registered %u\nsessions %u\nsessions_active %u\n",
		a.gnbs, a.connections, a.registered, s.sessions, s.active);
	text_put(w, "upfs %u\nupfs_associated %u\naddresses_in_use %u\n", s.upfs, s.upfs_associated,
		s.addresses);
	core_stats_each(c->core, print_stats, w);
}

/* The home network's public keys, to be provisioned on USIMs. */
static void keys(struct core_control *c, struct cursor *in, struct writer *w)
{
	text_put(w, "ok\n");
	for (uint8_t i = 0; i < c->config->udm.hn_key_count; i++) {
		const struct udm_hn_key *k = &c->config->udm.hn_keys[i];

		text_put(w, "id=%u profile=%c public_key=", k->id, k->scheme == SUCI_PROFILE_A ? 'A' : 'B');
		text_hex(w, core_hn_public_key(c->core, i));
		text_put(w, "\n");
	}
}

static const struct control_command {
	const char *name;
	void (*run)(struct core_control *c, struct cursor *in, struct writer *w);
} commands[] = {
	{ "subscriber add", subscriber_add },
	{ "subscriber show", subscriber_show },
	{ "subscriber list", subscriber_list },
	{ "subscriber remove", subscriber_remove },
	{ "status", status },
	{ "keys", keys },
};

static void on_request(void *arg, uint32_t client, struct bytes message)
{
	struct core_control *c = arg;
	struct cursor in = cursor_of(message);
	struct writer w = writer_of(c->reply, sizeof(c->reply));
	struct bytes name = next_line(&in);
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(commands) && !known; i++) {
		known = bytes_equal(name, bytes_of_str(commands[i].name));
		if (known)
			commands[i].run(c, &in, &w);
	}
	if (!known)
		text_put(&w, "error\nunknown command\n");
	if (w.failed) {
		w = writer_of(c->reply, sizeof(c->reply));
		text_put(&w, "error\nthe answer is too long\n");
	}
	unix_reply(c->server, client, writer_bytes(&w));
}

struct core_control *core_control_new(struct loop *loop, const char *path, struct core *core,
	const struct core_config *config, struct env *env)
{
	struct core_control *c = calloc(1, sizeof(*c));
	struct unix_user user = { .request = on_request, .arg = c };

	if (!c)
		return NULL;
	c->core = core;
	c->config = config;
	c->env = env;
	c->server = unix_listen(loop, path, &user);
	if (!c->server) {
		free(c);
		return NULL;
	}
	return c;
}

bool core_control_take_changed(struct core_control *c)
{
	bool changed = c->changed;

	c->changed = false;
	return changed;
}

void core_control_free(struct core_control *c)
{
	if (!c)
		return;
	unix_free(c->server);
	free(c);
}
