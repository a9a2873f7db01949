/*
 * The console: what operators see and do in a browser, and the API below it, as a room. It asks the core by
 * its control socket, for the same tables and with the same requests as the command line, and keeps users,
 * tokens and an audit log in a store of its own. It has no subscriber's key and no interface of the network.
 */
#pragma once

#include "base/config.h"
#include "base/env.h"
#include "base/stats.h"
#include "base/table.h"
#include "console/notice.h"

enum console_port {
	CONSOLE_PORT_HTTP = 1, /* octets of HTTP/1.1; an association is a connection */
	CONSOLE_PORT_CORE,    /* messages of the core's control socket. Out: a request, connecting if need be;
				 MSG_DOWN closes. In: its answer; MSG_DOWN: there will be none */
	CONSOLE_PORT_KEEPER,  /* likewise of who keeps this host's files (apps/console_keeper.c) */
	CONSOLE_PORT_NOTICES, /* out: a notice (console/notice.h), to the outlet of assoc - 1, or with 0 to
				all. In: what became of an outlet's (notices.c) */
};

enum console_limit {
	CONSOLE_PATH_SIZE = 108,
	CONSOLE_NAMES_MAX = 8,
	CONSOLE_NAME_SIZE = 128,
	CONSOLE_CONNECTIONS_MAX = 512,
	CONSOLE_CALLS_MAX = 64, /* requests that are being answered */
	CONSOLE_BODY_MAX = 65536,
	CONSOLE_ANSWER_MAX = 2 << 20,
	CONSOLE_REQUEST_S = 10,   /* from the first octet of a request to its last */
	CONSOLE_IDLE_S = 75,      /* between two requests */
	CONSOLE_CORE_S = 10,      /* for an answer of the core */
	CONSOLE_KEEPER_S = 60,    /* of the keeper of files: a backup waits for a checkpoint */
	CONSOLE_VIEWERS_MAX = 64, /* who are told what moves */
	CONSOLE_USERS_MAX = 256,
	CONSOLE_TOKENS_MAX = 256,
	CONSOLE_SESSIONS_MAX = 256,
	CONSOLE_AUDIT_MAX = 100000,     /* entries kept */
	CONSOLE_HISTORY_MAX = 100,      /* versions of network.yaml */
	CONSOLE_IMPORT_LINES_MAX = 256, /* subscribers of one request, as the core takes them */
	CONSOLE_SIGNALLING_MIB_MIN = 64,
	CONSOLE_SIGNALLING_MIB_MAX = 131072,
	CONSOLE_LINK_SIZE = 65,
};

/* Keys of `console` in network.yaml. */
struct console_config {
	struct addr address; /* len 0: there is no console */
	uint16_t port;
	char store[CONSOLE_PATH_SIZE];
	uint8_t name_count;
	char names[CONSOLE_NAMES_MAX][CONSOLE_NAME_SIZE];
	char certificate[CONSOLE_PATH_SIZE], key[CONSOLE_PATH_SIZE]; /* empty: of an own authority */
	uint32_t session_idle_s, session_max_s;
	struct notice_config alarms;
	uint32_t signalling_mib; /* on disk, of all subscribers; 0: none is kept */
};

extern const struct config_section console_config_section;

/* What an event means in plain words, and what to do (NULL: nothing); words in braces are its cells. */
struct console_words {
	const char *words, *advice;
};

/* A message of a subscriber's signalling. */
struct console_message {
	uint64_t number, utc_ns;
	const char *from, *to, *text;
	const char *detail;         /* NULL: not asked for */
	const char *dissector;      /* as Wireshark names what the octets are: "ngap" */
	struct bytes octets, plain; /* plain: of NAS, deciphered */
};

/* A page of them: where the next begins, and how many of the network's messages are lost before this one. */
struct console_trace {
	uint64_t next, lost;
	bool more;
};

/* Reads what the core answers to "trace", and tells each message; detail: the first one whole. False: the
 * core is of another version. */
typedef void console_tell_fn(void *arg, const struct console_message *m);
typedef bool console_trace_fn(
	struct bytes body, bool detail, console_tell_fn *tell, void *arg, struct console_trace *out);

/* Reads a file of subscribers, in any form that `freehold subscriber import` takes: tells each as a line for
 * the core, or what is wrong with it. */
typedef void console_line_fn(void *arg, unsigned long line, struct bytes text, const char *wrong);
typedef void console_source_fn(struct bytes file, console_line_fn *tell, void *arg);

/* What others know: the core's tables, and what its events mean. */
struct console_facts {
	const struct table *const *tables;
	size_t table_count;
	struct console_words (*why)(const char *event, const char *reason, const char *cause);
	console_trace_fn *trace;
	console_source_fn *subscribers;
	const char *version;
	uint64_t certificate_until_s; /* UTC; 0: not known */
};

struct console;

/* config and facts are kept. NULL when memory is out or the store does not read. */
MUST_USE struct console *console_new(
	const struct console_config *config, const struct console_facts *facts, struct env *env);
void console_free(struct console *c);
struct room console_room(struct console *c);

/* The secret of the link that makes the first administrator; NULL once there is a user. */
const char *console_first_link(const struct console *c);
/* There is such a link although there are users: for whoever has the host, and no administrator's password
 * any more. False: libcrypto refuses. */
MUST_USE bool console_offer_link(struct console *c);

/* The API as an OpenAPI 3.1 document, made of the tables that it is run by. */
void console_openapi(const struct console_facts *facts, struct writer *w);

/* How often a part of the page or an operation was asked for, refused, and so on. */
void console_stats(const struct console *c, struct stats *out);
extern const struct stat_group console_stat_group;
