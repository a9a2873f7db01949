/*
 * The control port: what operators ask of the running core; control_subscriber.c has provisioning. One
 * message is a request: a command, then lines of arguments. The answer begins with "ok" or "error", then
 * lines; like all that the core sends it leaves when the turn is kept.
 */
#include "base/text.h"
#include "core/internal.h"

static void status(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct amf_numbers a = core_amf_numbers(core);
	struct smf_numbers s = smf_numbers(core->smf);
	struct stats_list figures = { 0 };

	text_put(w, "ok\ngnbs %u\nconnections %u\nues_registered %u\nsessions %u\nsessions_active %u\n",
		a.gnbs, a.connections, a.registered, s.sessions, s.active);
	text_put(w, "upfs %u\nupfs_associated %u\nupfs_drained %u\naddresses_in_use %u\n", s.upfs,
		s.upfs_associated, s.upfs_drained, s.addresses);
	core_figures(core, &figures);
	for (size_t i = 0; i < figures.count; i++)
		may_fail(stats_print(&figures.items[i], w)); /* the writer keeps the failure */
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
	struct bytes name = core_control_line(in), place = core_control_line(in);

	core_table_page(core, name, place, core_control_line(in), w);
}

/* What a checkpoint made from now on has in it, so that whoever asked knows it again. */
static void checkpoint(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct bytes token = core_control_line(in);
	bool ok;

	if (token.len == 0 || token.len > CORE_CHECKPOINT_TOKEN_MAX) {
		text_put(w, "error\nexpected a token\n");
		return;
	}
	if (!core_control_expect_commit(core, m->assoc, w))
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

/* The IMSI, then "again" or nothing. */
static void deregister(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct supi supi;
	bool again;

	if (!core_control_supi(in, &supi, w))
		return;
	again = bytes_equal(core_control_line(in), bytes_of_str("again"));
	if (core_deregister(core, &supi, again))
		text_put(w, "ok\n");
	else
		text_put(w, "error\nimsi-%s is not registered\n", supi.imsi);
}

static void reauthenticate(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct supi supi;

	if (!core_control_supi(in, &supi, w))
		return;
	if (core_reauthenticate(core, &supi))
		text_put(w, "ok\n");
	else
		text_put(w, "error\nimsi-%s is not registered\n", supi.imsi);
}

/* The IMSI, then the PDU session identity. */
static void relocate(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct supi supi;
	uint64_t id;

	if (!core_control_supi(in, &supi, w))
		return;
	if (!text_uint(core_control_line(in), PDU_SESSIONS_MAX, &id)) {
		text_put(w, "error\nexpected a PDU session identity\n");
		return;
	}
	switch (core_session_relocate(core, &supi, (uint8_t)id)) {
	case SMF_RELOCATED:
		text_put(w, "ok\n");
		break;
	case SMF_RELOCATE_STAYS:
		text_put(w, "error\nPDU session %u of imsi-%s is of SSC mode 1: it stays where it is\n",
			(unsigned)id, supi.imsi);
		break;
	default:
		text_put(w, "error\nimsi-%s has no PDU session %u\n", supi.imsi, (unsigned)id);
	}
}

/* The UPF's name or N4 address. */
static void drain_upf(
	struct core *core, const struct msg *m, struct cursor *in, struct writer *w, bool drained)
{
	struct bytes upf = core_control_line(in);

	if (!core_control_expect_commit(core, m->assoc, w))
		return;
	if (smf_upf_drain(core->smf, upf, drained)) {
		text_put(w, "ok\n");
		return;
	}
	core->client_count--;
	text_put(
		w, "error\nthere is no UPF \"%.*s\" (freehold upfs)\n", (int)upf.len, (const char *)upf.data);
}

static void drain(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	drain_upf(core, m, in, w, true);
}

static void undrain(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	drain_upf(core, m, in, w, false);
}

static const struct core_command commands[] = {
	{ "status", status },
	{ "table", table },
	{ "keys", keys },
	{ "checkpoint", checkpoint },
	{ "deregister", deregister },
	{ "reauthenticate", reauthenticate },
	{ "relocate", relocate },
	{ "drain", drain },
	{ "undrain", undrain },
	{ "trace", core_trace_command },
	{ "trace keep", core_trace_keep_command },
};

static bool run(struct core *core, const struct core_command *list, size_t count, struct bytes name,
	const struct msg *m, struct cursor *in, struct writer *w)
{
	for (size_t i = 0; i < count; i++) {
		if (!bytes_equal(name, bytes_of_str(list[i].name)))
			continue;
		list[i].run(core, m, in, w);
		return true;
	}
	return false;
}

void core_control_receive(struct core *core, const struct msg *m)
{
	struct cursor in = cursor_of(m->data);
	struct writer w = writer_of(core->reply, sizeof(core->reply));
	struct bytes name;
	bool known;

	if (m->kind == MSG_DOWN)
		core_trace_ends(core, m->assoc);
	if (m->kind != MSG_DATA)
		return;
	name = core_control_line(&in);
	known = run(core, commands, ARRAY_LEN(commands), name, m, &in, &w) ||
		run(core, core_subscriber_commands, CORE_SUBSCRIBER_COMMANDS, name, m, &in, &w) ||
		run(core, core_profile_commands, CORE_PROFILE_COMMANDS, name, m, &in, &w) ||
		run(core, core_flow_commands, CORE_FLOW_COMMANDS, name, m, &in, &w) ||
		run(core, core_application_commands, CORE_APPLICATION_COMMANDS, name, m, &in, &w) ||
		run(core, core_ran_commands, CORE_RAN_COMMANDS, name, m, &in, &w) ||
		run(core, core_update_commands, CORE_UPDATE_COMMANDS, name, m, &in, &w) ||
		run(core, core_warning_commands, CORE_WARNING_COMMANDS, name, m, &in, &w) ||
		run(core, core_alarm_commands, CORE_ALARM_COMMANDS, name, m, &in, &w) ||
		run(core, core_change_commands, CORE_CHANGE_COMMANDS, name, m, &in, &w);
	if (!known)
		text_put(&w, "error\nunknown command\n");
	if (w.failed) {
		w = writer_of(core->reply, sizeof(core->reply));
		text_put(&w, "error\nthe answer is too long\n");
	}
	/* An outbox that is full is counted; the operator's client times out. */
	may_fail(outbox_send(core->env->outbox, CORE_PORT_CONTROL, m->assoc, 0, writer_bytes(&w)));
	explicit_bzero(core->reply, w.len); /* keys may be in it */
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
