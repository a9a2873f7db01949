/* Sessions: who is logged in, in memory alone; they end with the process. */
#include "console/internal.h"
#include "crypto/equal.h"

/* RFC 6265bis 4.1.3.2: with this prefix no other host and no plain HTTP can have set it. */
const char session_cookie[] = "__Host-freehold";

static const char bearer[] = "Bearer ";

static void end(struct console *c, struct session *s)
{
	list_remove(&s->link);
	pool_free(&c->sessions, s);
}

void session_end(struct console *c, struct session *s)
{
	uint32_t i = 0;
	struct call *call;

	while ((call = pool_next(&c->calls, &i))) {
		if (call->who.session == s)
			call->who.session = NULL;
		i++;
	}
	end(c, s);
}

void sessions_end_of(struct console *c, const char *user, const struct session *but)
{
	list_each(l, tmp, &c->used_sessions)
	{
		struct session *s = container_of(l, struct session, link);

		if (s != but && !strcmp(s->user, user))
			session_end(c, s);
	}
}

static bool is_over(const struct console *c, const struct session *s, uint64_t now_ns)
{
	return now_ns >= s->used_ns + c->config->session_idle_s * NS_PER_S ||
	       now_ns >= s->begun_ns + c->config->session_max_s * NS_PER_S;
}

/* Those that are over go here: nobody asks for them. Where there is no place, the one that was not used for
 * longest gives way. */
struct session *session_begin(struct console *c, const char *user, char cookie[SECRET_SIZE])
{
	struct link *oldest;
	uint8_t csrf_digest[TOKEN_DIGEST_LEN];
	struct session *s;

	list_each(l, tmp,
		&c->used_sessions) if (is_over(c, container_of(l, struct session, link), env_now_ns(c->env)))
		session_end(c, container_of(l, struct session, link));
	oldest = list_first(&c->used_sessions);
	if (c->sessions.used == CONSOLE_SESSIONS_MAX && oldest)
		session_end(c, container_of(oldest, struct session, link));
	s = pool_alloc(&c->sessions);
	if (!s)
		return NULL;
	s->begun_ns = s->used_ns = env_now_ns(c->env);
	str_copy(s->user, sizeof(s->user), user);
	list_append(&c->used_sessions, &s->link);
	if (secret_make(c, cookie, s->digest) && secret_make(c, s->csrf, csrf_digest))
		return s;
	end(c, s);
	return NULL;
}

static struct session *session_of(struct console *c, struct bytes cookie)
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	struct session *found = NULL;

	if (cookie.len != SECRET_SIZE - 1 || !token_digest(cookie, digest))
		return NULL;
	list_each(l, tmp, &c->used_sessions)
	{
		struct session *s = container_of(l, struct session, link);

		if (crypto_equal(BYTES(s->digest), BYTES(digest)))
			found = s;
	}
	return found && !is_over(c, found, env_now_ns(c->env)) ? found : NULL;
}

/* The role is the user's at this moment, not that of the login. */
static bool take_user(struct console *c, const char *name, struct who *out)
{
	struct user u;
	bool ok = user_get(c, name, &u) && !u.disabled;

	if (ok) {
		str_copy(out->name, sizeof(out->name), name);
		out->role = u.role;
	}
	explicit_bzero(&u, sizeof(u));
	return ok;
}

static bool take_token(struct console *c, struct bytes text, struct who *out)
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	struct token t;

	if (text.len != SECRET_SIZE - 1 || !token_digest(text, digest) || !token_get(c, digest, &t) ||
		t.until_s <= env_utc_ms(c->env) / MS_PER_S || !take_user(c, t.owner, out))
		return false;
	/* A token never may more than its owner, whose role may have changed since. */
	if (out->role != ROLE_ADMINISTRATOR && t.role != out->role)
		return false;
	out->role = t.role;
	return true;
}

bool session_who(struct console *c, const struct http1_request *r, bool background, struct who *out)
{
	struct bytes authorization = http1_field(r, "authorization"), cookie;

	*out = (struct who){ 0 };
	if (authorization.len > 0)
		return authorization.len > sizeof(bearer) - 1 &&
		       !memcmp(authorization.data, bearer, sizeof(bearer) - 1) &&
		       take_token(c,
			       bytes_of(authorization.data + sizeof(bearer) - 1,
				       authorization.len - (sizeof(bearer) - 1)),
			       out);
	if (!http_cookie(http1_field(r, "cookie"), session_cookie, &cookie))
		return true;
	out->session = session_of(c, cookie);
	if (!out->session || !take_user(c, out->session->user, out)) {
		out->session = NULL;
		return false;
	}
	if (!background) { /* pages that ask again by themselves keep nobody logged in */
		out->session->used_ns = env_now_ns(c->env);
		list_remove(&out->session->link);
		list_append(&c->used_sessions, &out->session->link);
	}
	return true;
}
