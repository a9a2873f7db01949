/* Inside console/: what the files share. */
#pragma once

#include "base/hash.h"
#include "base/list.h"
#include "base/pool.h"
#include "base/record.h"
#include "base/text.h"
#include "console/console.h"
#include "console/notices.h"
#include "console/numbered.h"
#include "crypto/password.h"
#include "proto/http/http2.h"
#include "wire/json/table.h"

enum internal_limit {
	USER_NAME_SIZE = 33,
	PASSWORD_MIN = 12,
	PASSWORD_MAX = 128,
	SECRET_LEN = 32,                  /* octets of a token or a session's name */
	SECRET_SIZE = 2 * SECRET_LEN + 1, /* as hexadecimal text */
	PARAM_SIZE = 48,                  /* of a path's {imsi} or {name} */
	CALL_ARENA_MAX = 512 << 10,
	ROW_SIZE_MAX = 8192, /* of an answer's row as JSON */
};

enum role { ROLE_VIEWER = 1, ROLE_OPERATOR, ROLE_ADMINISTRATOR, ROLE_AUDITOR, ROLES };

/* Bits of roles. */
#define MAY(role) (1u << (role))
enum {
	OPEN = 0, /* nobody need be known */
	VIEWERS = MAY(ROLE_VIEWER) | MAY(ROLE_OPERATOR) | MAY(ROLE_ADMINISTRATOR) | MAY(ROLE_AUDITOR),
	OPERATORS = MAY(ROLE_OPERATOR) | MAY(ROLE_ADMINISTRATOR),
	AUDITORS = MAY(ROLE_AUDITOR) | MAY(ROLE_ADMINISTRATOR),
	ADMINISTRATORS = MAY(ROLE_ADMINISTRATOR),
};

/* Who may see SUPIs and where they are; to others cells of that kind are masked. */
enum { SEE_PERSONAL = OPERATORS };

extern const char *const role_names[ROLES];

/* Of the store. */
struct user {
	char name[USER_NAME_SIZE];
	uint8_t role; /* enum role */
	bool disabled;
	uint8_t salt[PASSWORD_SALT_LEN], hash[PASSWORD_HASH_LEN];
	uint64_t created_s, changed_s; /* its password */
	uint32_t failures;             /* wrong passwords since the last right one */
	uint64_t blocked_until_s;
};

struct token {
	uint8_t digest[TOKEN_DIGEST_LEN]; /* the key of its record */
	char name[USER_NAME_SIZE], owner[USER_NAME_SIZE];
	uint8_t role;
	uint64_t created_s, until_s;
};

struct session {
	struct link link; /* oldest use first */
	uint8_t digest[TOKEN_DIGEST_LEN];
	char csrf[SECRET_SIZE];
	char user[USER_NAME_SIZE];
	uint64_t begun_ns, used_ns;
};

/* A failure of a name that nobody has: it is treated as one of a user. */
struct stranger {
	uint64_t digest;
	uint32_t failures;
	uint64_t blocked_until_s;
};
enum { STRANGERS = 64 };

/* Somebody's look at somebody's data, that is in the audit log. */
struct look {
	uint64_t digest, until_ns;
};
enum { LOOKS = 64, LOOK_S = 300 };

/* Who asks. */
struct who {
	char name[USER_NAME_SIZE]; /* empty: nobody */
	enum role role;
	struct session *session; /* NULL: by a token */
};

struct call;
struct operation;

/* A connection, and what it has sent that is not a request yet. */
struct connection {
	struct hash_node node;
	struct link link;  /* of all connections */
	struct link ready; /* of those that may have a request */
	uint64_t assoc;
	struct addr peer;
	uint8_t *in; /* owned */
	size_t in_len, in_cap;
	uint64_t until_ns; /* for the rest of a request, or its beginning */
	struct call *call; /* being answered: what comes meanwhile waits */
	struct console *console;
	struct http2 *h2; /* owned; NULL: it speaks HTTP/1.1. Then each stream has a call of its own */
	bool receiving;   /* h2 is being given octets: what it has to send is taken behind them */
	bool continued;   /* HTTP1_CONTINUE is sent */
	bool waits;       /* it has more requests than are taken in a turn */
	bool closing;
};

/* The answer of the core to a question: ok, or not with the reason in body. */
typedef void call_heard(struct call *call, bool ok, struct bytes body);

/* A request that is being answered. */
struct call {
	struct link link; /* among the questions that wait */
	struct console *console;
	uint64_t assoc;  /* of the connection, which may have gone */
	uint32_t stream; /* of HTTP/2; 0: the connection is of HTTP/1.1 */
	struct addr peer;
	const struct operation *op;
	struct who who;
	enum http_method method;
	bool keep_alive;
	char param[PARAM_SIZE];
	struct bytes query, body;
	struct arena arena;
	struct bytes question;  /* to the core */
	call_heard *heard;      /* NULL: nothing is asked */
	uint8_t *out;           /* owned: the answer's body */
	struct writer w;        /* of it */
	void *state;            /* the operation's own, in the arena */
	uint64_t audit;         /* its entry; 0: none */
	const char *set_cookie; /* NULL: none */
};

/* Whom the console asks. */
struct asked {
	struct link questions; /* calls that wait */
	struct call *call;     /* whose question is under way; NULL: nobody's any more */
	bool asking;
	uint64_t until_ns;
	enum console_port port;
	uint32_t patience_s;
	const char *away;
};

/* What viewers may be told of, by the bit. */
enum live_topic {
	LIVE_STATUS,
	LIVE_ALARMS,
	LIVE_GNBS,
	LIVE_UPFS,
	LIVE_UES,
	LIVE_SESSIONS,
	LIVE_EVENTS,
	LIVE_TOPICS
};

/* Who has a stream of events. */
struct viewer {
	struct link link;
	uint64_t assoc;
	uint32_t stream;   /* of HTTP/2; 0: the connection is its own */
	uint64_t until_ns; /* of a stream, which its connection outlives */
	uint32_t topics;
	char imsi[PARAM_SIZE]; /* whose ladder it follows; empty: nobody's */
	bool placed;
	uint64_t place; /* in the core's signalling */
};

enum console_stat {
	CONSOLE_STAT_REQUESTS,
	CONSOLE_STAT_BAD_REQUESTS,
	CONSOLE_STAT_TIMED_OUT,
	CONSOLE_STAT_BUSY,
	CONSOLE_STAT_LOGINS,
	CONSOLE_STAT_LOGINS_REFUSED,
	CONSOLE_STAT_FORBIDDEN,
	CONSOLE_STAT_CORE_SILENT,
	CONSOLE_STAT_VIEWERS,
	CONSOLE_STAT_VIEWERS_REFUSED,
	CONSOLE_STAT_NOTICES,
	CONSOLE_STAT_SIGNALLING_LOST,
	CONSOLE_STAT_COUNT
};

/* What is kept of it over days. */
struct signalling {
	uint64_t next_ns;
	uint64_t place, fetched; /* in the core's memory: that is kept up to, and of the page under way */
	bool asking, more;
};

struct console {
	const struct console_config *config;
	const struct console_facts *facts;
	struct env *env;
	struct hash by_assoc;
	struct pool connections, calls, sessions, viewers;
	struct link all_connections, ready_connections, used_sessions;
	const struct operation *operations;
	size_t operation_count;
	struct asked core, keeper;
	char first_link[CONSOLE_LINK_SIZE]; /* empty: there is a user */
	uint8_t first_digest[TOKEN_DIGEST_LEN];
	struct link viewer_list;
	uint64_t live_next_ns, live_digests[LIVE_TOPICS];
	unsigned live_pending; /* questions for viewers that have no answer yet */
	uint64_t figures_next_ns, health_next_ns;
	struct notices notices;
	struct signalling signalling;
	struct numbered audit, history; /* history: of network.yaml */
	struct stranger strangers[STRANGERS];
	size_t stranger_next;
	struct look looks[LOOKS];
	size_t look_next;
	uint32_t guesses; /* passwords that may be tried in this second */
	uint64_t guesses_s;
	uint64_t stat[CONSOLE_STAT_COUNT];
};

/* connection.c: who is connected, and what they have sent. */
void connection_up(struct console *c, const struct msg *m);
void connection_down(struct console *c, uint64_t assoc);
struct connection *connection_of(struct console *c, uint64_t assoc);
/* More octets; false: too many. */
MUST_USE bool connection_keep(struct connection *k, struct bytes data);
/* The request's octets are out of the way, once its call has copied what it needs. */
void connection_take(struct connection *k, size_t octets);
void connection_forget(struct connection *k);
void connection_expect(struct console *c, struct connection *k, uint32_t seconds);
/* Its call is answered; it may have its next request already, which dispatch() takes. */
void connection_answered(struct console *c, struct connection *k);
void connection_is_ready(struct console *c, struct connection *k);
uint64_t connections_next_ns(const struct console *c);
void connections_end(struct console *c);

/* dispatch.c: requests to operations. */
void dispatch(struct console *c);
void dispatch_data(struct console *c, const struct msg *m);
void dispatch_due(struct console *c, uint64_t now_ns);

/* reply.c: the octets of an answer. */
struct reply {
	enum http_code code;
	const char *type; /* NULL: no body */
	struct bytes body;
	bool keep_alive, head;
	bool stream; /* its end is the connection's, and not now */
	const char *set_cookie, *etag, *allow;
	unsigned retry_after_s; /* 0: not told */
};
void reply_send(struct console *c, struct connection *k, uint32_t stream, const struct reply *r);
/* More of an answer that goes on; end: it is the last. */
void reply_more(struct console *c, uint64_t assoc, uint32_t stream, struct bytes text, bool end);
/* What HTTP/2 has to send leaves. */
void reply_flush(struct console *c, struct connection *k);

/* call.c: what is answered. */
/* With what was written to call_json(). Each ends the call. */
void call_answer(struct call *call, enum http_code code);
/* {"error": "..."} */
void call_refuse(struct call *call, enum http_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void call_refuse_later(struct call *call, enum http_code code, unsigned retry_after_s, const char *text);
/* A call of the console's own, for no connection: it ends as others do. NULL: so many are being answered. */
struct call *call_own(struct console *c);
/* A stream of events begins, and ends after so many seconds. */
void call_stream(struct call *call, uint32_t seconds);
/* The writer of the answer's body, with room for so many octets more. */
struct writer *call_json(struct call *call, size_t octets);
/* The body into a zeroed struct of the operation's table, in the arena; NULL: it is refused. */
void *call_body(struct call *call, const struct json_object *table, size_t size);
void call_answer_object(
	struct call *call, enum http_code code, const struct json_object *table, const void *from);
/* A value of the query, decoded and terminated; NULL: there is none. */
const char *call_query(struct call *call, const char *name);
bool call_sees_personal(const struct call *call);
void calls_end(struct console *c);

/* ask.c: questions to the core and to the keeper, of each one after the other. */
void ask_init(struct console *c);
void call_ask(struct call *call, struct bytes question, call_heard *heard);
void call_ask_line(struct call *call, call_heard *heard, const char *command, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Likewise with lines of any length that a message of the core has room for. */
void call_ask_lines(struct call *call, call_heard *heard, const char *command, struct bytes lines);
/* Of the keeper of files. */
void call_ask_keeper(struct call *call, call_heard *heard, const char *command, struct bytes lines);
/* The core's refusal, or that it does not answer, as the call's end. */
void call_core_refuses(struct call *call, enum http_code code, struct bytes reason);
bool call_core_is_away(struct bytes reason);
void ask_on_msg(struct console *c, const struct msg *m);
uint64_t ask_next_ns(const struct console *c);
void ask_due(struct console *c, uint64_t now_ns);

/* live.c: viewers. The connection has gone, or this stream of it (0: all). */
void live_leave(struct console *c, uint64_t assoc, uint32_t stream);
uint64_t live_next_ns(const struct console *c);
void live_due(struct console *c, uint64_t now_ns);

/* figures.c: the core is looked at once a minute. */
void figures_due(struct console *c, uint64_t now_ns);

/* signalling.c: what the core's memory has is kept on the disk. */
uint64_t signalling_next_ns(const struct console *c);
void signalling_due(struct console *c, uint64_t now_ns);

/* health.c: what the core cannot see is reported to it once a minute. */
void health_due(struct console *c, uint64_t now_ns);

/* account.c: users and tokens in the store. */
MUST_USE bool user_get(struct console *c, const char *name, struct user *out);
MUST_USE bool user_put(struct console *c, const struct user *u);
MUST_USE bool user_del(struct console *c, const char *name);
unsigned user_count(struct console *c, bool administrators);
bool user_name_is_good(const char *name);
/* NULL, or what is wrong with it. */
const char *password_is_weak(const char *name, const char *password);
MUST_USE bool user_set_password(struct console *c, struct user *u, const char *password);
MUST_USE bool token_put(struct console *c, const struct token *t);
MUST_USE bool token_get(struct console *c, const uint8_t digest[TOKEN_DIGEST_LEN], struct token *out);
MUST_USE bool token_del(struct console *c, const uint8_t digest[TOKEN_DIGEST_LEN]);
extern const struct record_def user_def, token_def;
/* A random secret as text, and its digest. */
MUST_USE bool secret_make(struct console *c, char text[SECRET_SIZE], uint8_t digest[TOKEN_DIGEST_LEN]);

/* password.c: whether it is this user's; counts, slows down, and takes as long for a name that nobody has. */
enum password_verdict { PASSWORD_RIGHT, PASSWORD_WRONG, PASSWORD_BLOCKED, PASSWORD_BUSY };
enum password_verdict password_check(
	struct console *c, const char *name, const char *password, struct user *out, unsigned *wait_s);

/* session.c */
/* A new one, whose cookie is in cookie; NULL: no room. */
struct session *session_begin(struct console *c, const char *user, char cookie[SECRET_SIZE]);
void session_end(struct console *c, struct session *s);
/* Those of a user, but `but` (NULL: none is left out). */
void sessions_end_of(struct console *c, const char *user, const struct session *but);
/* Who sends the request, by cookie or bearer token. False: it has one that is not valid. */
bool session_who(struct console *c, const struct http1_request *r, bool background, struct who *out);
extern const char session_cookie[];

/* audit.c: what was done, by whom, when, before, after. */
struct audit {
	uint64_t number, utc_ms;
	char who[USER_NAME_SIZE], from[ADDR_STR_SIZE], action[48], subject[PARAM_SIZE], outcome[160];
	char before[2048], after[2048];
};
extern const struct record_def audit_def;
MUST_USE bool audit_restore(struct console *c);
MUST_USE bool audit_get(struct console *c, uint64_t number, struct audit *out);
/* A new entry of the call's operation. False, logged: it cannot be kept. before: empty, or what is there. */
MUST_USE bool audit_write(
	struct call *call, const char *who, const char *subject, struct bytes before, const char *outcome);
/* How the call's entry ended, if it has one; what says nothing ends with its status code. */
void audit_end(struct call *call, const char *outcome, struct bytes after);

/* audit_order.c: an entry for what the call is about to do; it is kept in the turn in which that leaves.
 * False, answered: it cannot be kept, so it is not done. */
MUST_USE bool audit_begin(struct call *call, const char *subject, struct bytes before);
/* The same of a look at personal data, once in a while. */
MUST_USE bool audit_personal(struct call *call);

/* json.c: pieces of answers. */
void json_key(struct writer *w, const char *key, bool first);
void json_text_of(struct writer *w, struct bytes text);
void json_time_s(struct writer *w, uint64_t utc_s);
