/*
 * Alarms, kept in the store so that a restart has them: one a kind and managed object. What stands is raised
 * once and logged once; what ends is cleared and stays in the list, until an alarm needs its place. The store
 * may be what the alarm is about: an alarm that it refuses stays in memory and is tried again.
 */
#include <inttypes.h>

#include "core/internal.h"

enum { ALARM_RECORD_MAX = 512 };

_Static_assert(sizeof(struct core_alarm) + 3 * 16 <= ALARM_RECORD_MAX, "an alarm fits its record");

static const struct record_field fields[] = {
	RECORD_U(1, core_alarm, id),
	RECORD_U(2, core_alarm, kind),
	RECORD_U(3, core_alarm, severity),
	RECORD_S(4, core_alarm, object),
	RECORD_S(5, core_alarm, detail),
	RECORD_S(6, core_alarm, acknowledged_by),
	RECORD_U(7, core_alarm, raised_ms),
	RECORD_U(8, core_alarm, changed_ms),
	RECORD_U(9, core_alarm, cleared_ms),
	RECORD_U(10, core_alarm, acknowledged_ms),
	RECORD_U(11, core_alarm, times),
};
static const struct record_def alarm_def = { "alarm", fields, ARRAY_LEN(fields) };

static const struct stat_def stat_defs[CORE_ALARM_STAT_COUNT] = {
	[CORE_ALARM_RAISED] = { "raised", "alarms raised" },
	[CORE_ALARM_REFUSED] = { "refused", "alarms for which the list had no place" },
	[CORE_ALARM_ACTIVE] = { "active", "alarms that stand now", NULL, STAT_GAUGE },
	[CORE_ALARM_UNACKNOWLEDGED] = { "unacknowledged", "of them those that nobody has acknowledged", NULL,
		STAT_GAUGE },
};
const struct stat_group core_alarm_stat_group = { "alarms", stat_defs, CORE_ALARM_STAT_COUNT };

static void changed(struct core *core, struct core_alarm *a, uint64_t now_ms)
{
	struct core_alarms *as = &core->alarms;

	a->changed_ms = now_ms;
	a->unkept = true;
	as->stat[CORE_ALARM_ACTIVE] = as->stat[CORE_ALARM_UNACKNOWLEDGED] = 0;
	for (size_t i = 0; i < CORE_ALARMS_MAX; i++) {
		bool active = as->list[i].severity != ALARM_CLEARED;

		as->stat[CORE_ALARM_ACTIVE] += active;
		as->stat[CORE_ALARM_UNACKNOWLEDGED] += active && !as->list[i].acknowledged_ms;
	}
}

static struct core_alarm *find(struct core *core, enum alarm_kind kind, const char *object)
{
	for (size_t i = 0; i < CORE_ALARMS_MAX; i++) {
		struct core_alarm *a = &core->alarms.list[i];

		if (a->id && a->kind == kind && !strcmp(a->object, object))
			return a;
	}
	return NULL;
}

bool core_alarm_is_active(const struct core *core, enum alarm_kind kind, const char *object)
{
	for (size_t i = 0; i < CORE_ALARMS_MAX; i++) {
		const struct core_alarm *a = &core->alarms.list[i];

		if (a->severity != ALARM_CLEARED && a->kind == kind && !strcmp(a->object, object))
			return true;
	}
	return false;
}

/* An empty place, or that of the alarm that was cleared longest ago; NULL: all stand, or of gNBs too many. */
static struct core_alarm *place_for(struct core *core, enum alarm_kind kind)
{
	struct core_alarm *best = NULL;
	unsigned gnbs = 0;

	for (size_t i = 0; i < CORE_ALARMS_MAX; i++) {
		struct core_alarm *a = &core->alarms.list[i];

		if (a->severity != ALARM_CLEARED)
			gnbs += a->kind == ALARM_GNB_AWAY;
		else if (!best || a->cleared_ms < best->cleared_ms)
			best = a;
	}
	return kind == ALARM_GNB_AWAY && gnbs >= CORE_ALARMS_GNBS_MAX ? NULL : best;
}

static void raise_it(struct core *core, enum alarm_kind kind, const char *object,
	enum alarm_severity severity, const char *detail)
{
	uint64_t now_ms = env_utc_ms(core->env);
	struct core_alarm *a = find(core, kind, object);

	if (!a) {
		a = place_for(core, kind);
		if (!a) {
			core->alarms.stat[CORE_ALARM_REFUSED]++;
			return;
		}
		*a = (struct core_alarm){ .id = core->alarms.next_id++, .kind = (uint8_t)kind };
		str_copy(a->object, sizeof(a->object), object);
	}
	a->severity = (uint8_t)severity;
	a->raised_ms = now_ms;
	a->cleared_ms = a->acknowledged_ms = 0;
	a->acknowledged_by[0] = '\0';
	a->times++;
	a->seen = true;
	str_copy(a->detail, sizeof(a->detail), detail);
	changed(core, a, now_ms);
	core->alarms.stat[CORE_ALARM_RAISED]++;
	log_warn(core->env->log, "alarm %" PRIu64 ": %s (%s): %s; freehold alarms has what to do", a->id,
		a->object, a->detail, core_alarm_problem(kind));
}

void core_alarm_stands(struct core *core, enum alarm_kind kind, const char *object,
	enum alarm_severity severity, const char *detail)
{
	struct core_alarm *a = find(core, kind, object);

	if (!a || a->severity == ALARM_CLEARED) {
		raise_it(core, kind, object, severity, detail);
		return;
	}
	a->seen = true;
	if (a->severity == severity)
		return;
	a->severity = (uint8_t)severity;
	str_copy(a->detail, sizeof(a->detail), detail);
	changed(core, a, env_utc_ms(core->env));
}

void core_alarm_reported(struct core *core, enum alarm_kind kind, const char *object,
	enum alarm_severity severity, const char *detail)
{
	struct core_alarm *a;

	core_alarm_stands(core, kind, object, severity, detail);
	a = find(core, kind, object);
	if (a)
		a->until_ns = env_now_ns(core->env) + CORE_ALARM_REPORT_S * (uint64_t)NS_PER_S;
}

bool core_alarm_dismiss(struct core *core, uint64_t id)
{
	for (size_t i = 0; id && i < CORE_ALARMS_MAX; i++) {
		struct core_alarm *a = &core->alarms.list[i];

		if (a->id != id || a->kind != ALARM_GNB_AWAY || a->severity == ALARM_CLEARED)
			continue;
		core_alarm_clear(core, a);
		return true;
	}
	return false;
}

void core_alarm_clear(struct core *core, struct core_alarm *a)
{
	a->severity = ALARM_CLEARED;
	a->cleared_ms = env_utc_ms(core->env);
	changed(core, a, a->cleared_ms);
	log_info(core->env->log, "alarm %" PRIu64 ": %s: cleared", a->id, a->object);
}

bool core_alarm_acknowledge(struct core *core, uint64_t id, const char *who)
{
	for (size_t i = 0; id && i < CORE_ALARMS_MAX; i++) {
		struct core_alarm *a = &core->alarms.list[i];

		if (a->id != id)
			continue;
		a->acknowledged_ms = env_utc_ms(core->env);
		str_copy(a->acknowledged_by, sizeof(a->acknowledged_by), who);
		changed(core, a, a->acknowledged_ms);
		return true;
	}
	return false;
}

static void take(void *arg, enum alarm_kind kind, const char *object, const char *detail, bool stands)
{
	struct core *core = arg;
	struct core_alarm *a;

	if (stands) {
		core_alarm_stands(core, kind, object, core_alarm_severity(kind), detail);
		return;
	}
	a = find(core, kind, object);
	if (a && a->severity != ALARM_CLEARED)
		core_alarm_clear(core, a);
}

static bool put(struct core *core, const struct core_alarm *a)
{
	uint8_t key = (uint8_t)(a - core->alarms.list), octets[ALARM_RECORD_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!store_savepoint(core->env->store))
		return false;
	if (record_encode(&alarm_def, a, &w) &&
		store_put(core->env->store, STORE_ALARM, bytes_of(&key, 1), writer_bytes(&w))) {
		store_release(core->env->store);
		return true;
	}
	store_rollback_to(core->env->store);
	return false;
}

void core_alarms_store(struct core *core)
{
	struct core_alarms *as = &core->alarms;

	as->refused = false;
	for (size_t i = 0; i < CORE_ALARMS_MAX; i++) {
		struct core_alarm *a = &as->list[i];

		if (!a->unkept && (a->epoch == 0 || a->epoch > core->env->turn->lost))
			continue;
		a->unkept = !put(core, a);
		a->epoch = a->unkept ? 0 : core->env->turn->epoch;
		as->refused |= a->unkept;
	}
}

void core_alarms_committed(struct core *core, uint64_t epoch)
{
	for (size_t i = 0; i < CORE_ALARMS_MAX; i++)
		if (core->alarms.list[i].epoch <= epoch)
			core->alarms.list[i].epoch = 0;
}

static bool restore_one(void *arg, struct bytes key, struct bytes value)
{
	struct core *core = arg;
	struct core_alarm a = { 0 };

	if (key.len != 1 || key.data[0] >= CORE_ALARMS_MAX || !record_decode(&alarm_def, value, &a) ||
		a.kind == 0 || a.kind >= ALARM_KIND_COUNT || a.severity > ALARM_CRITICAL)
		return true; /* of a later version */
	a.until_ns = env_now_ns(core->env) + CORE_ALARM_REPORT_S * (uint64_t)NS_PER_S;
	core->alarms.list[key.data[0]] = a;
	if (a.id >= core->alarms.next_id)
		core->alarms.next_id = a.id + 1;
	return true;
}

bool core_alarms_restore(struct core *core)
{
	struct core_alarms *as = &core->alarms;

	as->next_id = 1;
	as->sink = (struct alarm_sink){ take, core };
	as->lost_epoch = core->env->turn->lost;
	for (size_t i = 0; i < ARRAY_LEN(as->upf_there_ns); i++)
		as->upf_there_ns[i] = env_now_ns(core->env);
	as->look_ns = env_now_ns(core->env) + CORE_ALARM_LOOK_MS * (uint64_t)NS_PER_MS;
	if (!store_scan(core->env->store, STORE_ALARM, restore_one, core))
		return false;
	for (size_t i = 0; i < CORE_ALARMS_MAX; i++) {
		as->stat[CORE_ALARM_ACTIVE] += as->list[i].severity != ALARM_CLEARED;
		as->stat[CORE_ALARM_UNACKNOWLEDGED] +=
			as->list[i].severity != ALARM_CLEARED && !as->list[i].acknowledged_ms;
	}
	return true;
}

uint32_t core_alarms_active(const struct core *core)
{
	return (uint32_t)core->alarms.stat[CORE_ALARM_ACTIVE];
}

struct stats core_alarm_stats(const struct core *core)
{
	return (struct stats){ &core_alarm_stat_group, core->alarms.stat };
}
