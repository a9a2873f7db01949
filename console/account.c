/* Users and tokens in the store. */
#include "console/internal.h"

enum { OCTETS_MAX = 512 };

const char *const role_names[ROLES] = { [ROLE_VIEWER] = "viewer",
	[ROLE_OPERATOR] = "operator",
	[ROLE_ADMINISTRATOR] = "administrator",
	[ROLE_AUDITOR] = "auditor" };

/* Tags are never used for something else. */
static const struct record_field user_fields[] = {
	RECORD_S(1, user, name),
	RECORD_U(2, user, role),
	RECORD_U(3, user, disabled),
	RECORD_K(4, user, salt),
	RECORD_K(5, user, hash),
	RECORD_U(6, user, created_s),
	RECORD_U(7, user, changed_s),
	RECORD_U(8, user, failures),
	RECORD_U(9, user, blocked_until_s),
};
const struct record_def user_def = { "user", user_fields, ARRAY_LEN(user_fields) };

static const struct record_field token_fields[] = {
	RECORD_S(1, token, name),
	RECORD_S(2, token, owner),
	RECORD_U(3, token, role),
	RECORD_U(4, token, created_s),
	RECORD_U(5, token, until_s),
};
const struct record_def token_def = { "token", token_fields, ARRAY_LEN(token_fields) };

bool user_get(struct console *c, const char *name, struct user *out)
{
	struct bytes value;

	*out = (struct user){ 0 };
	return store_get(c->env->store, STORE_CONSOLE_USER, bytes_of_str(name), &value) &&
	       record_decode(&user_def, value, out) && out->role < ROLES;
}

/* A store that refuses costs this change, not the turn. */
static bool put(struct console *c, enum store_table table, struct bytes key, const struct record_def *def,
	const void *from)
{
	uint8_t octets[OCTETS_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!store_savepoint(c->env->store))
		return false;
	if (record_encode(def, from, &w) && store_put(c->env->store, table, key, writer_bytes(&w))) {
		store_release(c->env->store);
		return true;
	}
	store_rollback_to(c->env->store);
	return false;
}

static bool del(struct console *c, enum store_table table, struct bytes key)
{
	if (!store_savepoint(c->env->store))
		return false;
	if (store_del(c->env->store, table, key)) {
		store_release(c->env->store);
		return true;
	}
	store_rollback_to(c->env->store);
	return false;
}

bool user_put(struct console *c, const struct user *u)
{
	return put(c, STORE_CONSOLE_USER, bytes_of_str(u->name), &user_def, u);
}

bool user_del(struct console *c, const char *name)
{
	return del(c, STORE_CONSOLE_USER, bytes_of_str(name));
}

struct counting {
	bool administrators;
	unsigned count;
};

static bool count_one(void *arg, struct bytes key, struct bytes value)
{
	struct counting *n = arg;
	struct user u = { 0 };

	if (!n->administrators ||
		(record_decode(&user_def, value, &u) && u.role == ROLE_ADMINISTRATOR && !u.disabled))
		n->count++;
	explicit_bzero(&u, sizeof(u));
	return true;
}

unsigned user_count(struct console *c, bool administrators)
{
	struct counting n = { administrators, 0 };

	return store_scan(c->env->store, STORE_CONSOLE_USER, count_one, &n) ? n.count : CONSOLE_USERS_MAX;
}

bool user_name_is_good(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");

	return len > 0 && len < USER_NAME_SIZE && name[len] == '\0';
}

static bool has_one_of(const char *text, const char *set)
{
	return text[strcspn(text, set)] != '\0';
}

/* 33.117 4.2.3.4.3.1: three of four kinds of characters; a long one, of several words, needs no such trick.
 */
const char *password_is_weak(const char *name, const char *password)
{
	size_t len = strlen(password);
	unsigned kinds = has_one_of(password, "abcdefghijklmnopqrstuvwxyz") +
			 has_one_of(password, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") +
			 has_one_of(password, "0123456789");
	bool repeats = len > 0 && strspn(password, (char[]){ password[0], '\0' }) == len;

	kinds += password[strspn(
			 password, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] != '\0';
	if (len < PASSWORD_MIN || len > PASSWORD_MAX)
		return "a password has 12 to 128 octets";
	if (strstr(password, name) || repeats)
		return "the password has the user's name in it, or is one character again and again";
	if (kinds < 3 && len < 20)
		return "of small letters, capitals, digits and others a password has three; or 20 characters";
	return NULL;
}

bool user_set_password(struct console *c, struct user *u, const char *password)
{
	env_random(c->env, u->salt, sizeof(u->salt));
	u->failures = 0;
	u->blocked_until_s = 0;
	u->changed_s = env_utc_ms(c->env) / MS_PER_S;
	return password_hash(bytes_of_str(password), u->salt, u->hash);
}

bool token_put(struct console *c, const struct token *t)
{
	return put(c, STORE_CONSOLE_TOKEN, BYTES(t->digest), &token_def, t);
}

bool token_get(struct console *c, const uint8_t digest[TOKEN_DIGEST_LEN], struct token *out)
{
	struct bytes value;

	*out = (struct token){ 0 };
	if (!store_get(c->env->store, STORE_CONSOLE_TOKEN, bytes_of(digest, TOKEN_DIGEST_LEN), &value) ||
		!record_decode(&token_def, value, out) || out->role >= ROLES)
		return false;
	return bytes_copy(out->digest, sizeof(out->digest), bytes_of(digest, TOKEN_DIGEST_LEN));
}

bool token_del(struct console *c, const uint8_t digest[TOKEN_DIGEST_LEN])
{
	return del(c, STORE_CONSOLE_TOKEN, bytes_of(digest, TOKEN_DIGEST_LEN));
}

bool secret_make(struct console *c, char text[SECRET_SIZE], uint8_t digest[TOKEN_DIGEST_LEN])
{
	uint8_t octets[SECRET_LEN];
	struct writer w = writer_of(text, SECRET_SIZE - 1);

	env_random(c->env, octets, sizeof(octets));
	text_hex(&w, BYTES(octets));
	text[w.len] = '\0';
	explicit_bzero(octets, sizeof(octets));
	return token_digest(bytes_of(text, w.len), digest);
}
