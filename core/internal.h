/* What the files of the assembly share: core.c makes it, room.c is its outside, control.c the operator's. */
#pragma once

#include "base/turn.h"
#include "core/af/af.h"
#include "core/alarm.h"
#include "core/ausf/ausf.h"
#include "core/core.h"
#include "core/nrf/nrf.h"
#include "core/profile.h"
#include "core/trace_ring.h"

#define LOG_ROOM "core"

enum { CORE_NFS_ALONE = 8, CORE_NFS_MAX = CORE_NFS_ALONE + CORE_AMFS_MAX };

/* A client of the control port whose change is not confirmed yet. */
struct core_client {
	uint64_t assoc, epoch;
};

/* Events of subscribers. */
enum core_event_stat { CORE_EVENT_KEPT, CORE_EVENT_LOST, CORE_EVENT_UNPROVED, CORE_EVENT_STAT_COUNT };

enum { CORE_EVENTS_WAITING = 64 };

struct core_events {
	struct event_sink sink;
	uint32_t max;
	uint64_t next; /* number of the next one */
	uint64_t unproved_s;
	uint32_t unproved; /* in that second */
	uint32_t count;
	struct event waiting[CORE_EVENTS_WAITING]; /* of the turn under way */
	uint64_t stat[CORE_EVENT_STAT_COUNT];
};

/* Traces: trace.c keeps messages, trace_control.c gives them out. */
enum core_trace_stat { CORE_TRACE_KEPT, CORE_TRACE_TOO_LONG, CORE_TRACE_REFUSED, CORE_TRACE_STAT_COUNT };

/* A client that traces; assoc 0: none. */
struct core_tracing {
	uint64_t assoc, from; /* from: number of the first message that it may have seen */
	uint32_t uid, pid;
	struct supi supi;
};

struct core_trace {
	struct trace_ring ring;       /* memory NULL: there is none */
	uint64_t now_ns, utc_ns;      /* the same moment */
	uint64_t epoch, from;         /* the turn under way, and the number of its first message */
	uint64_t pending;             /* the N2 message at hand */
	bool secret[SBI_OP_COUNT][2]; /* requests and answers that have any */
	struct trace_reader reader;
	struct core_tracing clients[CORE_CONTROL_CLIENTS_MAX];
	uint64_t stat[CORE_TRACE_STAT_COUNT];
};

struct core {
	struct env *env;
	struct core_config config; /* without its secrets */
	struct sbi_bus *bus;
	struct nrf *nrf;
	struct nssf *nssf;
	struct pcf *pcf;
	struct udr *udr;
	struct udm *udm;
	struct ausf *ausf;
	struct smf *smf;
	struct af *af;
	struct amf *amfs[CORE_AMFS_MAX]; /* config.amf_count */
	uint8_t nf_count;
	struct nf *nfs[CORE_NFS_MAX];
	struct core_events events;
	struct core_alarms alarms;
	struct core_profiles profiles;
	struct core_trace trace;
	core_nas_tap_fn *nas_tap; /* of the process */
	void *nas_tap_arg;
	/* control.c */
	bool provisioned; /* subscribers changed, for good, since the process last asked */
	size_t client_count;
	struct core_client clients[CORE_CONTROL_CLIENTS_MAX];
	struct subscriber_line *line; /* the one at hand: too large for the stack */
	struct subscriber *old;       /* what a line changes */
	uint8_t reply[CORE_CONTROL_MESSAGE_MAX];
	uint8_t rows[CORE_CONTROL_MESSAGE_MAX - 2048]; /* of a page of a table, its head left out */
};

/* core.c: what the functions asked of one another is answered, and what changed is put to the store. */
void core_settle(struct core *core);

/* secrets.c: keeps in the store by what core_seal_check knows the key again. */
MUST_USE bool core_seal_prove(struct env *env, const uint8_t seal_key[SEAL_KEY_LEN]);

/* events.c */
/* What the store has, and from now on what happens. False: the store cannot be read. */
MUST_USE bool core_events_restore(struct core *core, uint32_t max);
/* Puts those of the turn. */
void core_events_store(struct core *core);
extern const struct table core_event_table;
/* Looks on from *at, for whose events (NULL: all), and writes at most one row; false: at the end. */
bool core_event_row(struct core *core, const struct supi *whose, uint64_t *at, struct writer *w);
/* The place of the last so many. */
uint64_t core_events_back(const struct core *core, uint64_t count);
void core_event_stats(const struct core *core, struct stats *out);

/* tables.c: a page of the table of that name, from a place that the page before gave (empty: from the start).
 * Of events those of one subscriber, if an IMSI is given, and "-100" as a place begins with the last hundred;
 * of subscribers those with these digits in their IMSI. */
void core_table_page(
	struct core *core, struct bytes name, struct bytes place, struct bytes imsi, struct writer *w);

/* subscriber_table.c: the next with these digits in its IMSI; false: at the end. */
extern const struct table core_subscriber_table;
bool core_subscriber_row(struct core *core, struct bytes part, uint64_t *at, struct writer *w);

/* trace.c */
/* False: no memory for the ring. */
MUST_USE bool core_trace_init(struct core *core);
void core_trace_fini(struct core *core);
/* Has the taps of the functions as ring and process want them. */
void core_trace_watch(struct core *core);
/* What a turn sent that is lost by now is marked. */
void core_trace_settle(struct core *core);
void core_trace_stats(const struct core *core, struct stats *out);
/* The trace that the client of the control port has under way; NULL: none. 0: a free place. */
struct core_tracing *core_tracing_of(struct core *core, uint64_t assoc);
/* The client is gone. */
void core_trace_ends(struct core *core, uint64_t assoc);

/* trace_control.c */
bool core_trace_is_allowed(const struct core *core, uint32_t uid);
/* trace_keeping.c */
void core_trace_keep_command(struct core *core, const struct msg *m, struct cursor *in, struct writer *w);
/* trace_control.c */
void core_trace_command(struct core *core, const struct msg *m, struct cursor *in, struct writer *w);

/* control.c */
struct core_command {
	const char *name;
	void (*run)(struct core *core, const struct msg *m, struct cursor *in, struct writer *w);
};
void core_control_receive(struct core *core, const struct msg *m);
/* Answers clients whose changes were lost. */
void core_control_tell_lost(struct core *core);
bool core_control_has_lost(const struct core *core);
void core_control_committed(struct core *core, uint64_t epoch);

/* control_alarm.c */
/* control_change.c */
enum { CORE_CHANGE_COMMANDS = 1 };
extern const struct core_command core_change_commands[CORE_CHANGE_COMMANDS];

enum { CORE_ALARM_COMMANDS = 3 };
extern const struct core_command core_alarm_commands[CORE_ALARM_COMMANDS];

/* control_application.c */
enum { CORE_APPLICATION_COMMANDS = 3 };
extern const struct core_command core_application_commands[CORE_APPLICATION_COMMANDS];
/* False: there is no such session; else af_answer() has what came of it. */
bool core_application_add(struct core *core, const struct af_order *o);

/* control_subscriber.c: commands of provisioning */
enum { CORE_SUBSCRIBER_COMMANDS = 10 };
extern const struct core_command core_subscriber_commands[CORE_SUBSCRIBER_COMMANDS];
/* control_line.c: its static addresses and framed routes are nobody else's; false with whose. */
MUST_USE bool core_subscriber_addresses_free(struct core *core, const struct subscriber *s, char error[160]);
/* Reads a line into core->line, and looks that its addresses are nobody else's; false with what is wrong. */
MUST_USE bool core_subscriber_line(struct core *core, struct bytes text, char error[160]);
/* control_plan.c */
void core_subscriber_plan(struct core *core, const struct msg *m, struct cursor *in, struct writer *w);
/* The client whose request is at hand hears of it if its change is lost. False, answered: too many wait. */
bool core_control_expect_commit(struct core *core, uint64_t assoc, struct writer *w);
/* The IMSI of the next line; false, answered: it is none. */
bool core_control_supi(struct cursor *in, struct supi *supi, struct writer *w);
/* Of an event, a UE or a message: it may go by its equipment (supi_of_plain). */
#define CORE_EXPECTED_WHOSE "expected an IMSI of 5 to 15 digits, or imei- and the digits of an IMEI or IMEISV"
bool core_control_whose(struct bytes text, struct supi *out);

/* control_profile.c */
enum { CORE_PROFILE_COMMANDS = 2 };
extern const struct core_command core_profile_commands[CORE_PROFILE_COMMANDS];

/* control_flow.c */
enum { CORE_FLOW_COMMANDS = 2 };
extern const struct core_command core_flow_commands[CORE_FLOW_COMMANDS];
/* control_ran.c */
enum { CORE_RAN_COMMANDS = 2 };
extern const struct core_command core_ran_commands[CORE_RAN_COMMANDS];
/* What follows "key="; false: the word begins otherwise. */
bool core_control_value(struct bytes word, const char *key, struct bytes *out);
/* Adds TACs between commas; false: something else, or too many. */
bool core_control_tacs(struct bytes text, uint32_t out[AMF_AREA_TACS_MAX], uint8_t *count);

/* control_update.c */
enum { CORE_UPDATE_COMMANDS = 2 };
extern const struct core_command core_update_commands[CORE_UPDATE_COMMANDS];

/* control_warning.c */
enum { CORE_WARNING_COMMANDS = 2 };
extern const struct core_command core_warning_commands[CORE_WARNING_COMMANDS];
/* The next line of a request, without its end; empty at the end. */
struct bytes core_control_line(struct cursor *c);
