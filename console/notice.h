/*
 * What leaves the house of an alarm: to syslog, to a webhook, to a command (console.alarms). The console
 * makes notices, who sends them are children of it, each for one outlet (apps/console_outlets.c).
 */
#pragma once

#include "base/config.h"
#include "base/cursor.h"
#include "base/url.h"

enum notice_outlet { NOTICE_SYSLOG, NOTICE_WEBHOOK, NOTICE_COMMAND, NOTICE_OUTLETS };

enum syslog_transport { SYSLOG_NONE, SYSLOG_UDP, SYSLOG_TCP, SYSLOG_LOCAL };

enum notice_limit {
	NOTICE_ARGS_MAX = 8,
	NOTICE_ARG_SIZE = 128,
	NOTICE_FILE_SIZE = 108,
	NOTICE_SECRET_SIZE = 129,
	NOTICE_SIZE = 1536, /* as a line */
	NOTICE_JSON_SIZE = 4096,
};

/* Keys of `console.alarms` in network.yaml. */
struct notice_config {
	uint8_t least;            /* enum alarm_severity */
	uint8_t syslog_transport; /* enum syslog_transport */
	struct addr syslog_address;
	uint16_t syslog_port;
	char webhook[URL_SIZE]; /* empty: none */
	char webhook_ca[NOTICE_FILE_SIZE], webhook_token[NOTICE_SECRET_SIZE];
	uint8_t command_count; /* 0: none */
	char command[NOTICE_ARGS_MAX][NOTICE_ARG_SIZE];
};

extern const struct config_section notice_config_section;

/* "syslog", "webhook", "command". */
extern const char *const notice_outlet_names[NOTICE_OUTLETS];
MUST_USE bool notice_outlet_named(struct bytes name, enum notice_outlet *out);
bool notice_outlet_is_set(const struct notice_config *c, enum notice_outlet outlet);
/* Where it leads to, for people: of a URL the host alone, as its path may be a secret. */
void notice_outlet_place(const struct notice_config *c, enum notice_outlet outlet, struct writer *w);

/* Cells of a notice, in the order of its line, tabs between. */
enum notice_cell {
	NOTICE_CHANGE, /* raised, changed, cleared; test: an operator tries the outlet */
	NOTICE_ID,
	NOTICE_SEVERITY,
	NOTICE_OBJECT,
	NOTICE_DETAIL,
	NOTICE_PROBLEM,
	NOTICE_REMEDY,
	NOTICE_EVENT_TYPE,
	NOTICE_CAUSE,
	NOTICE_RAISED, /* seconds of UTC */
	NOTICE_TIME,   /* likewise, when it is made */
	NOTICE_CELLS
};

struct notice {
	struct bytes cells[NOTICE_CELLS]; /* views into the line */
};

/* False: it is none. */
MUST_USE bool notice_read(struct bytes line, struct notice *out);
void notice_put(const struct notice *n, struct writer *w);
/* What an operator tries an outlet with; its cells are constants but for the times, whose text is given. */
struct notice notice_of_test(struct bytes utc_s);
/* As an object of JSON; outlets that take text have its members "change", "severity", ... */
void notice_json(const struct notice *n, struct writer *w);
/* enum alarm_severity of a name; SIZE_MAX: it is none. */
size_t notice_severity(struct bytes name);
