/* The alarms that the core keeps: alarm.c raises and clears them, alarm_watch.c looks for what stands,
 * alarm_table.c tells operators. */
#pragma once

#include "base/stats.h"
#include "base/table.h"
#include "core/nf/alarm.h"

struct core;

enum core_alarm_limit {
	CORE_ALARMS_MAX = 128,                      /* the cleared ones give way, the oldest first */
	CORE_ALARMS_GNBS_MAX = CORE_ALARMS_MAX / 2, /* of gNBs, whose number is their business */
	CORE_ALARM_LOOK_MS = 1000,
	CORE_ALARM_REPORT_S = 150, /* so long a report stands; it is repeated once a minute */
};

/* One a kind and managed object: what stands again has the same. Its place in the store is that in the list.
 */
struct core_alarm {
	uint64_t id; /* 0: none */
	uint8_t kind, severity;
	char object[ALARM_OBJECT_SIZE], detail[ALARM_DETAIL_SIZE], acknowledged_by[ALARM_USER_SIZE];
	uint64_t raised_ms, changed_ms, cleared_ms, acknowledged_ms; /* UTC; 0: not */
	uint32_t times;                                              /* raised so often */
	/* not kept */
	bool seen;         /* by the look under way */
	uint64_t until_ns; /* of one that is reported: how long it stands without another report */
	bool unkept;       /* the store is to have it */
	uint64_t epoch;    /* in which it was put there; 0: it is confirmed */
};

enum core_alarm_stat {
	CORE_ALARM_RAISED,
	CORE_ALARM_REFUSED,
	CORE_ALARM_ACTIVE,
	CORE_ALARM_UNACKNOWLEDGED,
	CORE_ALARM_STAT_COUNT
};

struct core_alarms {
	struct alarm_sink sink;
	uint64_t next_id, look_ns;
	struct core_alarm list[CORE_ALARMS_MAX];
	uint64_t upf_there_ns[16]; /* when each was last associated */
	uint64_t lost_epoch, lost_ns, timeouts, timeout_ns;
	int64_t clock_ms;     /* UTC less the time that runs on */
	int64_t clock_set_ms; /* by how much it was set */
	uint64_t clock_ns;    /* when; 0: never */
	bool refused;         /* the store did not take one */
	uint64_t stat[CORE_ALARM_STAT_COUNT];
};

/* alarm.c */
/* What the store has. False: it cannot be read. */
bool core_alarms_restore(struct core *core);
/* It stands: it is raised, or goes on, perhaps with another severity. */
void core_alarm_stands(struct core *core, enum alarm_kind kind, const char *object,
	enum alarm_severity severity, const char *detail);
bool core_alarm_is_active(const struct core *core, enum alarm_kind kind, const char *object);
void core_alarm_clear(struct core *core, struct core_alarm *a);
/* Somebody beside the core sees it. */
void core_alarm_reported(struct core *core, enum alarm_kind kind, const char *object,
	enum alarm_severity severity, const char *detail);
/* An alarm of a gNB that will not come again is over: others end by themselves. False: it is none. */
bool core_alarm_dismiss(struct core *core, uint64_t id);
/* False: there is none of that number. */
bool core_alarm_acknowledge(struct core *core, uint64_t id, const char *who);
/* Puts what changed, behind a savepoint: an alarm is no reason to lose a turn. */
void core_alarms_store(struct core *core);
void core_alarms_committed(struct core *core, uint64_t epoch);
struct stats core_alarm_stats(const struct core *core);

/* alarm_watch.c: raises what stands and clears what does not, when it is time to look. */
void core_alarms_look(struct core *core, uint64_t now_ns);

/* alarm_table.c */
extern const struct table core_alarm_table;
bool core_alarm_row(const struct core *core, uint64_t *at, struct writer *w);
/* Severity without anything that says more, and the words of the log. */
enum alarm_severity core_alarm_severity(enum alarm_kind kind);
const char *core_alarm_problem(enum alarm_kind kind);
