/*
 * The control port: what operators ask of the running core, and provisioning. One message is a request: a
 * command, then lines of arguments. The answer begins with "ok" or "error", then lines; like all that the
 * core sends it leaves when the turn is kept. A refused line takes nothing with it but its own batch.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "core/internal.h"
#include "core/subscriber_line.h"
#include "crypto/aka_function.h"

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

/* The client whose request is at hand hears of it if its change is lost. False: too many wait. */
static bool expect_commit(struct core *core, uint64_t assoc, struct writer *w)
{
	if (core->client_count == CORE_CONTROL_CLIENTS_MAX) {
		text_put(w, "error\ntoo many changes are under way\n");
		return false;
	}
	core->clients[core->client_count++] = (struct core_client){ assoc, core->env->turn->epoch };
	return true;
}

/* Its static addresses are nobody else's. */
static bool addresses_free(struct core *core, const struct subscriber *s, char error[SUBSCRIBER_LINE_ERROR])
{
	struct supi owner;

	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++) {
			struct addr a = addr_from_v4(s->slices[i].dnns[d].static_ipv4, 0);
			char text[ADDR_STR_SIZE];

			if (!core_static_owner(core, addr_v4(&a), &owner) || !strcmp(owner.imsi, s->imsi))
				continue;
			snprintf(error, SUBSCRIBER_LINE_ERROR, "ip: %s is the static address of imsi-%s",
				addr_str(&a, text), owner.imsi);
			return false;
		}
	return true;
}

static bool add_line(struct core *core, struct bytes text, unsigned number, struct writer *w)
{
	struct subscriber_line *l = core->line;
	char error[SUBSCRIBER_LINE_ERROR];
	bool ok = subscriber_line_read(text, &core->config, l, error) &&
		  addresses_free(core, &l->subscriber, error);

	if (!ok) {
		text_put(w, "error\nline %u: %s\n", number, error);
	} else if (!core_subscriber_add(core, &l->subscriber, bytes_of(l->k, l->k_len),
			   bytes_of(l->opc, l->opc_len), l->sqn)) {
		ok = false;
		text_put(w, "error\nline %u: the keys could not be sealed, or the store is full\n", number);
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
		struct bytes text = next_line(in);

		line++;
		if (text.len == 0)
			continue;
		ok = add_line(core, text, line, w);
		added += ok;
	}
	if (ok && !keep)
		text_put(w, "ok\n%u good\n", added);
	if (!ok || !keep || !expect_commit(core, m->assoc, w)) {
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

/* Reads the SUPI and loads its subscriber into core->line; false, answered, when there is none. */
static bool load(struct core *core, struct cursor *in, struct supi *supi, uint64_t *sqn, struct writer *w)
{
	if (!read_supi(in, supi, w))
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
	subscriber_line_print(&core->line->subscriber, sqn, w);
	text_put(w, "\n");
}

static void subscriber_remove(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct supi supi;
	uint64_t sqn;

	if (!load(core, in, &supi, &sqn, w) || !expect_commit(core, m->assoc, w))
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

static bool list_one(void *arg, const struct subscriber *s)
{
	struct list *list = arg;

	text_put(list->w, "%s %s %u slices\n", s->imsi, aka_alg_name(s->algorithm), s->slice_count);
	return ++list->count < CORE_CONTROL_PAGE;
}

/* A page after the IMSI of the argument line (none: from the start). */
static void subscriber_list(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct list list = { .w = w };
	bool from_start = cursor_left(in) == 0;
	struct supi after;

	if (!from_start && !read_supi(in, &after, w))
		return;
	text_put(w, "ok\n");
	if (!core_subscriber_each(core, from_start ? NULL : &after, list_one, &list)) {
		w->len = 0;
		text_put(w, "error\nthe store cannot be read\n");
	}
}

static void print_stats(void *arg, const struct stats *s)
{
	may_fail(stats_print(s, arg)); /* the writer keeps the failure */
}

static void status(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct amf_numbers a = core_amf_numbers(core);
	struct smf_numbers s = smf_numbers(core->smf);

	text_put(w, "ok\ngnbs %u\nconnections %u\nues_registered %u\nsessions %u\nsessions_active %u\n",
		a.gnbs, a.connections, a.registered, s.sessions, s.active);
	text_put(w, "upfs %u\nupfs_associated %u\naddresses_in_use %u\n", s.upfs, s.upfs_associated,
		s.addresses);
	core_stats_each(core, print_stats, w);
}

/* The home network's public keys, to be provisioned on USIMs. */
static void keys(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	text_put(w, "ok\n");
	for (uint8_t i = 0; i < core->config.udm.hn_key_count; i++) {
		const struct udm_hn_key *k = &core->config.udm.hn_keys[i];

		text_put(w, "id=%u profile=%c public_key=", k->id, k->scheme == SUCI_PROFILE_A ? 'A' : 'B');
		text_hex(w, core_hn_public_key(core, i));
		text_put(w, "\n");
	}
}

static void table(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct bytes name = next_line(in);

	core_table_page(core, name, next_line(in), w);
}

/* What a checkpoint made from now on has in it, so that whoever asked knows it again. */
static void checkpoint(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct bytes token = next_line(in);
	bool ok;

	if (token.len == 0 || token.len > CORE_CHECKPOINT_TOKEN_MAX) {
		text_put(w, "error\nexpected a token\n");
		return;
	}
	if (!expect_commit(core, m->assoc, w))
		return;
	ok = store_savepoint(core->env->store);
	if (ok && store_put(core->env->store, STORE_META, bytes_of_str(CORE_CHECKPOINT_KEY), token)) {
		store_release(core->env->store);
		text_put(w, "ok\n");
		return;
	}
	if (ok)
		store_rollback_to(core->env->store);
	core->client_count--;
	text_put(w, "error\nthe store refuses the change: is the disk full?\n");
}

static const struct control_command {
	const char *name;
	void (*run)(struct core *core, const struct msg *m, struct cursor *in, struct writer *w);
} commands[] = {
	{ "subscriber add", subscriber_add },
	{ "subscriber check", subscriber_check },
	{ "subscriber show", subscriber_show },
	{ "subscriber list", subscriber_list },
	{ "subscriber remove", subscriber_remove },
	{ "status", status },
	{ "table", table },
	{ "keys", keys },
	{ "checkpoint", checkpoint },
};

void core_control_receive(struct core *core, const struct msg *m)
{
	struct cursor in = cursor_of(m->data);
	struct writer w = writer_of(core->reply, sizeof(core->reply));
	struct bytes name = next_line(&in);
	bool known = false;

	if (m->kind != MSG_DATA)
		return;
	for (size_t i = 0; i < ARRAY_LEN(commands) && !known; i++) {
		known = bytes_equal(name, bytes_of_str(commands[i].name));
		if (known)
			commands[i].run(core, m, &in, &w);
	}
	if (!known)
		text_put(&w, "error\nunknown command\n");
	if (w.failed) {
		w = writer_of(core->reply, sizeof(core->reply));
		text_put(&w, "error\nthe answer is too long\n");
	}
	/* An outbox that is full is counted; the operator's client times out. */
	may_fail(outbox_send(core->env->outbox, CORE_PORT_CONTROL, m->assoc, 0, writer_bytes(&w)));
}

static bool is_lost(const struct core *core, const struct core_client *c)
{
	return c->epoch <= core->env->turn->lost;
}

bool core_control_has_lost(const struct core *core)
{
	for (size_t i = 0; i < core->client_count; i++)
		if (is_lost(core, &core->clients[i]))
			return true;
	return false;
}

void core_control_tell_lost(struct core *core)
{
	for (size_t i = core->client_count; i-- > 0;) {
		if (!is_lost(core, &core->clients[i]))
			continue;
		may_fail(outbox_send(core->env->outbox, CORE_PORT_CONTROL, core->clients[i].assoc, 0,
			bytes_of_str("error\nthe store did not take the change: is the disk full?\n")));
		core->clients[i] = core->clients[--core->client_count];
	}
}

void core_control_committed(struct core *core, uint64_t epoch)
{
	for (size_t i = core->client_count; i-- > 0;) {
		if (core->clients[i].epoch > epoch)
			continue;
		core->clients[i] = core->clients[--core->client_count];
		core->provisioned = true;
	}
}

bool core_take_provisioned(struct core *core)
{
	bool provisioned = core->provisioned;

	core->provisioned = false;
	return provisioned;
}
