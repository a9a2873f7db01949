/* The core from outside: one room with N2, N4 and the operator's control port. */
#include "core/internal.h"

static void core_on_msg(void *self, const struct msg *m)
{
	struct core *core = self;

	for (uint8_t i = 0; i < core->config.amf_count; i++)
		if (m->port == core_port_n2(i))
			amf_on_n2(core->amfs[i], m);
	if (m->port == CORE_PORT_N4)
		smf_on_n4(core->smf, m);
	else if (m->port == CORE_PORT_N4U)
		smf_on_n4u(core->smf, m);
	else if (m->port == CORE_PORT_CONTROL)
		core_control_receive(core, m);
	core_settle(core);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t core_next_deadline_ns(void *self)
{
	struct core *core = self;
	uint64_t next = sbi_next_deadline_ns(core->bus);

	for (uint8_t i = 0; i < core->nf_count; i++)
		next = earlier(next, timers_next_ns(&core->nfs[i]->timers));
	for (uint8_t i = 0; i < core->config.amf_count; i++)
		next = earlier(next, amf_store_next_ns(core->amfs[i]));
	next = earlier(next, smf_store_next_ns(core->smf));
	next = earlier(next, core->alarms.look_ns);
	next = earlier(next, core->profiles.next_ns);
	return core_control_has_lost(core) ? 0 : next;
}

static void core_on_deadline(void *self, uint64_t now_ns)
{
	struct core *core = self;

	core_control_tell_lost(core);
	for (uint8_t i = 0; i < core->nf_count; i++)
		timers_run(&core->nfs[i]->timers, now_ns);
	sbi_on_deadline(core->bus, now_ns);
	core_alarms_look(core, now_ns);
	core_profiles_run(core, now_ns);
	core_settle(core);
}

static void core_on_committed(void *self, uint64_t epoch)
{
	struct core *core = self;

	for (uint8_t i = 0; i < core->config.amf_count; i++)
		amf_on_committed(core->amfs[i], epoch);
	smf_on_committed(core->smf, epoch);
	core_alarms_committed(core, epoch);
	core_control_committed(core, epoch);
}

struct room core_room(struct core *core)
{
	static const struct room_ops ops = { core_on_msg, core_next_deadline_ns, core_on_deadline,
		core_on_committed };

	return (struct room){ &ops, core };
}
