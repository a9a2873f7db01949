/*
 * Trying a password. Each try costs as much, whether the name is somebody's or not; after some that were
 * wrong a name rests, longer each time; and all names together have so many tries a second, so that nobody
 * keeps the console at hashing (33.117 4.2.3.4.3.3, 4.2.3.4.5).
 */
#include "console/internal.h"
#include "crypto/equal.h"

#define LOG_ROOM "console"

enum { FREE_FAILURES = 5, REST_S = 30, REST_MAX_S = 900, GUESSES_A_SECOND = 8 };

/* The name's own place, or one that is forgotten for it. */
static struct stranger *stranger_of(struct console *c, const char *name)
{
	uint64_t digest = bytes_digest(bytes_of_str(name));
	struct stranger *s;

	for (size_t i = 0; i < STRANGERS; i++)
		if (c->strangers[i].failures > 0 && c->strangers[i].digest == digest)
			return &c->strangers[i];
	s = &c->strangers[c->stranger_next];
	c->stranger_next = (c->stranger_next + 1) % STRANGERS;
	*s = (struct stranger){ .digest = digest };
	return s;
}

static uint64_t rest_s(uint32_t failures)
{
	uint64_t s = REST_S;

	if (failures < FREE_FAILURES)
		return 0;
	for (uint32_t i = FREE_FAILURES; i < failures && s < REST_MAX_S; i++)
		s *= 2;
	return s < REST_MAX_S ? s : REST_MAX_S;
}

static bool guess_is_free(struct console *c, uint64_t now_s)
{
	if (c->guesses_s != now_s) {
		c->guesses_s = now_s;
		c->guesses = 0;
	}
	return c->guesses++ < GUESSES_A_SECOND;
}

static bool is_right(struct console *c, const struct user *u, bool known, const char *password)
{
	uint8_t hash[PASSWORD_HASH_LEN];
	bool ok = password_hash(bytes_of_str(password), u->salt, hash) && known && !u->disabled &&
		  crypto_equal(BYTES(hash), BYTES(u->hash));

	explicit_bzero(hash, sizeof(hash));
	return ok;
}

enum password_verdict password_check(
	struct console *c, const char *name, const char *password, struct user *out, unsigned *wait_s)
{
	uint64_t now_s = env_utc_ms(c->env) / MS_PER_S;
	bool known = user_name_is_good(name) && user_get(c, name, out);
	struct stranger *stranger = known ? NULL : stranger_of(c, name);
	uint32_t *failures = known ? &out->failures : &stranger->failures;
	uint64_t *until_s = known ? &out->blocked_until_s : &stranger->blocked_until_s;
	bool right;

	*wait_s = 1;
	if (*until_s > now_s) {
		*wait_s = (unsigned)(*until_s - now_s);
		return PASSWORD_BLOCKED;
	}
	if (!guess_is_free(c, now_s))
		return PASSWORD_BUSY;
	right = is_right(c, out, known, password);
	*failures = right ? 0 : *failures + 1;
	*until_s = right ? 0 : now_s + rest_s(*failures);
	if (known && !user_put(c, out))
		log_error(c->env->log, "the store refuses to count a login of %s: is the disk full?", name);
	return right ? PASSWORD_RIGHT : PASSWORD_WRONG;
}
