/* Alarms for operators: what they are called, and their table. */
#include "core/internal.h"

/* Event types and probable causes as X.721 names them. */
static const struct {
	enum alarm_severity severity;
	const char *event_type, *cause, *problem, *remedy;
} words[ALARM_KIND_COUNT] = {
	[ALARM_UPF_AWAY] = { ALARM_CRITICAL, "communicationsAlarm", "communicationsSubsystemFailure",
		"the UPF has no association with the SMF; its sessions carry nothing new",
		"Is freehold upf running (its log), and does UDP port 8805 reach it? It is taken back by "
		"itself." },
	[ALARM_GNB_AWAY] = { ALARM_MAJOR, "communicationsAlarm", "communicationsSubsystemFailure",
		"a gNB that was set up has lost its N2 association; its cells serve nobody",
		"Is the gNB powered, and does SCTP port 38412 reach n2_address? If it is gone for good, "
		"clear the alarm (freehold alarms --clear)." },
	[ALARM_POOL_NEAR_FULL] = { ALARM_MAJOR, "qualityOfServiceAlarm", "resourceAtOrNearingCapacity",
		"a pool of UE addresses is nearly used up; new sessions will be refused",
		"Give the data network a larger pool, or one more (dnns in network.yaml); freehold sessions "
		"shows "
		"who has them." },
	[ALARM_STORE_FAILS] = { ALARM_CRITICAL, "processingErrorAlarm", "storageCapacityProblem",
		"the store does not keep changes; nothing that rests on them is answered",
		"Is the disk full (df), or failing (dmesg)? Make room where core.store is; it goes on by "
		"itself." },
	[ALARM_OVERLOAD] = { ALARM_MAJOR, "qualityOfServiceAlarm", "congestion",
		"messages wait too long; load control puts new UEs off",
		"A storm after an outage passes by itself. If it stays: a faster processor, or more AMFs." },
	[ALARM_CERTIFICATE] = { ALARM_MINOR, "securityServiceOrMechanismViolation", "keyExpired",
		"a certificate is near its end; browsers will refuse the console",
		"One by the console's own authority is made again when it is restarted; one of yours is to "
		"be "
		"replaced (console.certificate)." },
	[ALARM_DISK] = { ALARM_MAJOR, "processingErrorAlarm", "storageCapacityProblem",
		"a disk is nearly full; soon nothing more is kept",
		"Make room (df, du): old logs, backups, recordings. When it is full, no UE registers." },
	[ALARM_CLOCK] = { ALARM_MAJOR, "processingErrorAlarm", "timingProblem",
		"the clock of this host is or was wrong; certificates, tokens and the log go by it",
		"Have it set by NTP (timedatectl, chrony). It is over ten minutes after it was last set." },
	[ALARM_NO_ANSWER] = { ALARM_MAJOR, "processingErrorAlarm", "responseTimeExcessive",
		"a network function did not answer another in time",
		"See the log for its name; if it goes on, keep the log and restart the core: sessions "
		"stay." },
};

enum alarm_severity core_alarm_severity(enum alarm_kind kind)
{
	return words[kind].severity;
}

const char *core_alarm_problem(enum alarm_kind kind)
{
	return words[kind].problem;
}

static const struct table_column columns[] = {
	{ "id", TABLE_NUMBER, "of the alarm" },
	{ "severity", TABLE_TEXT, "critical, major, minor, warning; cleared: it is over" },
	{ "object", TABLE_TEXT, "managed object" },
	{ "detail", TABLE_TEXT, "" },
	{ "problem", TABLE_TEXT, "specific problem" },
	{ "remedy", TABLE_TEXT, "what to do" },
	{ "event_type", TABLE_TEXT, "as X.733 has it" },
	{ "cause", TABLE_TEXT, "probable cause, as X.733 has it" },
	{ "times", TABLE_NUMBER, "raised so often" },
	{ "raised", TABLE_TIME, "the last time" },
	{ "changed", TABLE_TIME, "" },
	{ "cleared", TABLE_TIME, "" },
	{ "acknowledged", TABLE_TIME, "" },
	{ "acknowledged_by", TABLE_TEXT, "" },
};
const struct table core_alarm_table = { "alarms", "what stands in the way, and what to do", columns,
	ARRAY_LEN(columns) };

static void put_row(const struct core_alarm *a, struct writer *w)
{
	static const char *const severities[] = { "cleared", "warning", "minor", "major", "critical" };
	struct table_row r = table_row_begin(&core_alarm_table, w);

	table_number(&r, a->id);
	table_text(&r, severities[a->severity]);
	table_text(&r, a->object);
	table_text(&r, a->detail);
	table_text(&r, words[a->kind].problem);
	table_text(&r, words[a->kind].remedy);
	table_text(&r, words[a->kind].event_type);
	table_text(&r, words[a->kind].cause);
	table_number(&r, a->times);
	table_time(&r, a->raised_ms / MS_PER_S);
	table_time(&r, a->changed_ms / MS_PER_S);
	table_time(&r, a->cleared_ms / MS_PER_S);
	table_time(&r, a->acknowledged_ms / MS_PER_S);
	if (a->acknowledged_by[0])
		table_text(&r, a->acknowledged_by);
	else
		table_none(&r);
	table_row_end(&r);
}

bool core_alarm_row(const struct core *core, uint64_t *at, struct writer *w)
{
	while (*at < CORE_ALARMS_MAX && core->alarms.list[*at].id == 0)
		++*at;
	if (*at >= CORE_ALARMS_MAX)
		return false;
	put_row(&core->alarms.list[(*at)++], w);
	return true;
}
