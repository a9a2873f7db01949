/* The first administrator, and who comes and goes after that. */
#include "console/operations.h"
#include "crypto/equal.h"

#define LOG_ROOM "console"

struct first {
	const char *token, *name, *password;
};
BODY(first_table, { JSON_V("token", json_text, first, token), .mandatory = true, .secret = true },
	{ JSON_V("name", json_text, first, name), .mandatory = true },
	{ JSON_V("password", json_text, first, password), .mandatory = true, .secret = true });

struct login {
	const char *name, *password;
};
BODY(login_table, { JSON_V("name", json_text, login, name), .mandatory = true },
	{ JSON_V("password", json_text, login, password), .mandatory = true, .secret = true });

struct change {
	const char *old, *new;
};
BODY(password_table, { JSON_V("old", json_text, change, old), .mandatory = true, .secret = true },
	{ JSON_V("new", json_text, change, new), .mandatory = true, .secret = true });

struct session_answer {
	const char *name, *csrf;
	uint8_t role;
	uint32_t idle_s;
};
BODY(session_table, { JSON_V("name", json_text, session_answer, name), .mandatory = true },
	{ JSON_E("role", role_names, session_answer, role), .mandatory = true },
	{ JSON_V("csrf", json_text, session_answer, csrf) },
	{ JSON_V("idle_s", json_uint, session_answer, idle_s), .mandatory = true });

static void answer_session(struct call *call, enum http_code code)
{
	struct session_answer a = { .name = call->who.name,
		.csrf = call->who.session ? call->who.session->csrf : NULL,
		.role = (uint8_t)call->who.role,
		.idle_s = call->console->config->session_idle_s };

	call_answer_object(call, code, &session_table, &a);
}

/* A new name of the session at each login: one that was there before is nobody's (session fixation). */
static void begin_session(struct call *call, const struct user *u)
{
	struct console *c = call->console;
	char secret[SECRET_SIZE], from[ADDR_STR_SIZE], *cookie = arena_alloc(&call->arena, 160);
	struct writer w = writer_of(cookie, cookie ? 159 : 0);
	struct session *s = session_begin(c, u->name, secret);

	if (!s || !cookie) {
		call_refuse_later(call, HTTP1_UNAVAILABLE, 1, "memory is out");
		return;
	}
	text_put(&w, "%s=%s; Path=/; Secure; HttpOnly; SameSite=Strict", session_cookie, secret);
	explicit_bzero(secret, sizeof(secret));
	call->set_cookie = cookie;
	call->who.session = s;
	call->who.role = u->role;
	str_copy(call->who.name, sizeof(call->who.name), u->name);
	c->stat[CONSOLE_STAT_LOGINS]++;
	may_fail(audit_write(call, u->name, "", BYTES_NONE, "done"));
	log_info(c->env->log, "%s is logged in from %s", u->name, addr_str(&call->peer, from));
	answer_session(call, HTTP1_OK);
}

static bool first_is_right(struct console *c, const char *token)
{
	uint8_t digest[TOKEN_DIGEST_LEN];

	return c->first_link[0] && token_digest(bytes_of_str(token), digest) &&
	       crypto_equal(BYTES(digest), BYTES(c->first_digest));
}

/* One of that name who is there already is it from now on, with another password and without old sessions. */
static void make_first(struct call *call, const struct first *f)
{
	struct console *c = call->console;
	struct user u;
	const char *weak = user_name_is_good(f->name) ? password_is_weak(f->name, f->password)
						      : "a name has 1 to 32 of a-z, 0-9, dot, dash and _";

	if (weak) {
		call_refuse(call, HTTP1_BAD_REQUEST, "%s", weak);
		return;
	}
	if (!user_get(c, f->name, &u))
		u = (struct user){ .created_s = env_utc_ms(c->env) / MS_PER_S };
	u.role = ROLE_ADMINISTRATOR;
	u.disabled = false;
	str_copy(u.name, sizeof(u.name), f->name);
	if (!user_set_password(c, &u, f->password) || !user_put(c, &u)) {
		call_refuse_later(call, HTTP1_UNAVAILABLE, 5, "memory is out, or the disk is full");
		return;
	}
	explicit_bzero(c->first_link, sizeof(c->first_link));
	sessions_end_of(c, u.name, NULL);
	log_info(c->env->log, "%s is an administrator, by the link of the start", u.name);
	begin_session(call, &u);
	explicit_bzero(&u, sizeof(u));
}

void run_first(struct call *call)
{
	const struct first *f = call_body(call, &first_table, sizeof(*f));

	if (!f)
		return;
	if (first_is_right(call->console, f->token)) {
		make_first(call, f);
		return;
	}
	may_fail(audit_write(call, "", "", BYTES_NONE, "refused: not the link"));
	call_refuse(call, HTTP1_FORBIDDEN,
		"the link is not valid: it is printed at the start, and goes once there is a user");
}

/* What happened is logged, and what is told does not say whether there is such a user. */
static void refuse_login(struct call *call, const char *name, enum password_verdict verdict, unsigned wait_s)
{
	static const char *const outcomes[] = { [PASSWORD_WRONG] = "refused: wrong name or password",
		[PASSWORD_BLOCKED] = "refused: after too many wrong passwords",
		[PASSWORD_BUSY] = "refused: too many logins at a time" };
	char from[ADDR_STR_SIZE];
	bool good = user_name_is_good(name);

	call->console->stat[CONSOLE_STAT_LOGINS_REFUSED]++;
	log_warn(call->console->env->log, "login of %s from %s %s", good ? name : "no name",
		addr_str(&call->peer, from), outcomes[verdict]);
	if (verdict != PASSWORD_BUSY)
		may_fail(audit_write(call, good ? name : "", "", BYTES_NONE, outcomes[verdict]));
	if (verdict == PASSWORD_WRONG)
		call_refuse(call, HTTP1_FORBIDDEN, "name or password is wrong");
	else
		call_refuse_later(call, HTTP1_TOO_MANY, wait_s,
			verdict == PASSWORD_BLOCKED ? "too many wrong passwords: wait and try again"
						    : "too many logins at a time: try again");
}

void run_login(struct call *call)
{
	const struct login *l = call_body(call, &login_table, sizeof(*l));
	enum password_verdict verdict;
	unsigned wait_s;
	struct user u;

	if (!l)
		return;
	verdict = password_check(call->console, l->name, l->password, &u, &wait_s);
	if (verdict == PASSWORD_RIGHT)
		begin_session(call, &u);
	else
		refuse_login(call, l->name, verdict, wait_s);
	explicit_bzero(&u, sizeof(u));
}

void run_logout(struct call *call)
{
	static const char gone[] = "__Host-freehold=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";

	may_fail(audit_write(call, call->who.name, "", BYTES_NONE, "done"));
	if (call->who.session)
		session_end(call->console, call->who.session);
	call->set_cookie = gone;
	call_answer(call, HTTP1_NO_CONTENT);
}

void run_session(struct call *call)
{
	answer_session(call, HTTP1_OK);
}

/* One's own password: the old one is asked for, and other sessions of the user end. */
void run_password(struct call *call)
{
	struct console *c = call->console;
	const struct change *p = call_body(call, &password_table, sizeof(*p));
	enum password_verdict verdict;
	unsigned wait_s;
	const char *weak;
	struct user u;

	if (!p)
		return;
	weak = password_is_weak(call->who.name, p->new);
	verdict = weak ? PASSWORD_WRONG : password_check(c, call->who.name, p->old, &u, &wait_s);
	if (weak) {
		call_refuse(call, HTTP1_BAD_REQUEST, "%s", weak);
	} else if (verdict != PASSWORD_RIGHT) {
		refuse_login(call, call->who.name, verdict, wait_s);
	} else if (!user_set_password(c, &u, p->new) || !user_put(c, &u)) {
		call_refuse_later(call, HTTP1_UNAVAILABLE, 5, "memory is out, or the disk is full");
	} else {
		sessions_end_of(c, u.name, call->who.session);
		may_fail(audit_write(call, u.name, "", BYTES_NONE, "done"));
		call_answer(call, HTTP1_NO_CONTENT);
	}
	explicit_bzero(&u, sizeof(u));
}
