/* What stands in the way now: looked at once a second. Without a second look an alarm goes. */
#include <inttypes.h>
#include <stdio.h>

#include "core/internal.h"

enum {
	UPF_AWAY_S = 3, /* a restart is no alarm */
	STORE_CALM_S = 30,
	ANSWER_CALM_S = 60,
	POOL_RAISED_PERCENT = 90,
	POOL_CLEARED_PERCENT = 80,
	CLOCK_STEP_MS = 2000, /* more than a clock that is slewed differs within a second */
	CLOCK_CALM_S = 600,
};

_Static_assert(
	(int)SMF_UPFS_MAX == ARRAY_LEN(((struct core_alarms *)0)->upf_there_ns), "each UPF is watched");

static bool is_recent(uint64_t then_ns, uint64_t now_ns, unsigned seconds)
{
	return then_ns != 0 && now_ns - then_ns < seconds * (uint64_t)NS_PER_S;
}

static void look_at_upfs(struct core *core, uint64_t now_ns)
{
	char object[ALARM_OBJECT_SIZE], name[SMF_UPF_NAME_SIZE];
	bool associated;

	for (uint8_t i = 0; smf_upf_state(core->smf, i, name, &associated); i++) {
		uint64_t *there_ns = &core->alarms.upf_there_ns[i];

		if (associated)
			*there_ns = now_ns;
		snprintf(object, sizeof(object), "UPF %s", name);
		if (!associated && (now_ns - *there_ns >= UPF_AWAY_S * (uint64_t)NS_PER_S ||
					   core_alarm_is_active(core, ALARM_UPF_AWAY, object)))
			core_alarm_stands(core, ALARM_UPF_AWAY, object, ALARM_CRITICAL, "no association");
	}
}

static void look_at_pools(struct core *core)
{
	char object[ALARM_OBJECT_SIZE], detail[ALARM_DETAIL_SIZE], text[PREFIX_STR_SIZE];
	struct smf_pool_use use;

	for (uint8_t i = 0; smf_pool_use(core->smf, i, &use); i++) {
		uint64_t percent = (uint64_t)use.used * 100 / use.size;

		snprintf(object, sizeof(object), "pool %s", prefix_str(&use.prefix, text));
		snprintf(detail, sizeof(detail), "%" PRIu32 " of %" PRIu32 " in use", use.used, use.size);
		if (percent < POOL_CLEARED_PERCENT ||
			(percent < POOL_RAISED_PERCENT &&
				!core_alarm_is_active(core, ALARM_POOL_NEAR_FULL, object)))
			continue;
		core_alarm_stands(core, ALARM_POOL_NEAR_FULL, object,
			use.used == use.size ? ALARM_CRITICAL : ALARM_MAJOR, detail);
	}
}

static void look_at_store(struct core *core, uint64_t now_ns)
{
	struct core_alarms *as = &core->alarms;

	if (core->env->turn->lost != as->lost_epoch)
		as->lost_ns = now_ns;
	as->lost_epoch = core->env->turn->lost;
	if (as->refused || is_recent(as->lost_ns, now_ns, STORE_CALM_S))
		core_alarm_stands(
			core, ALARM_STORE_FAILS, "core.store", ALARM_CRITICAL, "changes are refused");
}

static void look_at_load(struct core *core)
{
	char object[ALARM_OBJECT_SIZE];

	for (uint8_t i = 0; i < core->config.amf_count; i++) {
		if (!amf_is_overloaded(core->amfs[i]))
			continue;
		snprintf(object, sizeof(object), "AMF %s", core->config.amfs[i].name);
		core_alarm_stands(core, ALARM_OVERLOAD, object, ALARM_MAJOR, "new UEs are put off");
	}
}

static void look_at_answers(struct core *core, uint64_t now_ns)
{
	struct core_alarms *as = &core->alarms;
	struct stats s;

	sbi_stats(core->bus, &s);
	if (s.values[SBI_STAT_TIMEOUTS] != as->timeouts)
		as->timeout_ns = now_ns;
	as->timeouts = s.values[SBI_STAT_TIMEOUTS];
	if (is_recent(as->timeout_ns, now_ns, ANSWER_CALM_S))
		core_alarm_stands(
			core, ALARM_NO_ANSWER, "core", ALARM_MAJOR, "the log names function and operation");
}

/* No clock runs before this was written: it has no battery, and nobody has told it the time. */
static const uint64_t clock_begin_ms = UINT64_C(1672531200000); /* 2023-01-01 */

static void look_at_clock(struct core *core, uint64_t now_ns)
{
	struct core_alarms *as = &core->alarms;
	uint64_t utc_ms = env_utc_ms(core->env);
	int64_t is_ms = (int64_t)utc_ms - (int64_t)(now_ns / NS_PER_MS), set_ms = is_ms - as->clock_ms;
	char detail[ALARM_DETAIL_SIZE];

	if (as->clock_ms != 0 && (set_ms > CLOCK_STEP_MS || set_ms < -CLOCK_STEP_MS)) {
		as->clock_ns = now_ns;
		as->clock_set_ms = set_ms;
	}
	as->clock_ms = is_ms;
	if (utc_ms < clock_begin_ms) {
		core_alarm_stands(core, ALARM_CLOCK, "clock", ALARM_MAJOR, "it has never been set");
	} else if (is_recent(as->clock_ns, now_ns, CLOCK_CALM_S)) {
		snprintf(detail, sizeof(detail), "it was set by %+" PRId64 " s", as->clock_set_ms / 1000);
		core_alarm_stands(core, ALARM_CLOCK, "clock", ALARM_WARNING, detail);
	}
}

static bool stands_by_itself(const struct core_alarm *a, uint64_t now_ns)
{
	if (a->kind == ALARM_CERTIFICATE || a->kind == ALARM_DISK)
		return now_ns < a->until_ns;
	return a->kind == ALARM_GNB_AWAY; /* of which the AMF tells */
}

void core_alarms_look(struct core *core, uint64_t now_ns)
{
	struct core_alarms *as = &core->alarms;

	if (now_ns < as->look_ns)
		return;
	as->look_ns = now_ns + CORE_ALARM_LOOK_MS * (uint64_t)NS_PER_MS;
	for (size_t i = 0; i < CORE_ALARMS_MAX; i++)
		as->list[i].seen = stands_by_itself(&as->list[i], now_ns);
	look_at_upfs(core, now_ns);
	look_at_pools(core);
	look_at_store(core, now_ns);
	look_at_load(core);
	look_at_answers(core, now_ns);
	look_at_clock(core, now_ns);
	for (size_t i = 0; i < CORE_ALARMS_MAX; i++)
		if (as->list[i].severity != ALARM_CLEARED && !as->list[i].seen)
			core_alarm_clear(core, &as->list[i]);
}
