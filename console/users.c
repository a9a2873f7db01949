/* Users and API tokens. */
#include "console/operations.h"

struct new_user {
	const char *name, *password;
	uint8_t role;
};
BODY(new_user_table, { JSON_V("name", json_text, new_user, name), .mandatory = true },
	{ JSON_E("role", role_names, new_user, role), .mandatory = true },
	{ JSON_V("password", json_text, new_user, password), .mandatory = true, .secret = true });

struct user_change {
	const char *password;
	uint8_t role;
	bool disabled, has_disabled;
};
BODY(user_change_table, { JSON_E("role", role_names, user_change, role) },
	{ JSON_V("disabled", json_bool, user_change, disabled), JSON_HAS(user_change, has_disabled) },
	{ JSON_V("password", json_text, user_change, password), .secret = true });

struct user_shown {
	const char *name;
	uint64_t created_ms, changed_ms, blocked_ms;
	uint32_t failures;
	uint8_t role;
	bool disabled;
};
BODY(user_table, { JSON_V("name", json_text, user_shown, name), .mandatory = true },
	{ JSON_E("role", role_names, user_shown, role), .mandatory = true },
	{ JSON_V("disabled", json_bool, user_shown, disabled), .mandatory = true },
	{ JSON_V("created", json_date_time, user_shown, created_ms), .mandatory = true },
	{ JSON_V("password_changed", json_date_time, user_shown, changed_ms), .mandatory = true },
	{ JSON_V("failures", json_uint, user_shown, failures), .mandatory = true },
	{ JSON_V("blocked_until", json_date_time, user_shown, blocked_ms) });

static const struct json_field user_root = { .kind = JSON_OBJECT, .sub = &user_table };

static struct user_shown shown(const struct user *u, uint64_t now_s)
{
	return (struct user_shown){ .name = u->name,
		.role = u->role,
		.disabled = u->disabled,
		.created_ms = u->created_s * MS_PER_S,
		.changed_ms = u->changed_s * MS_PER_S,
		.failures = u->failures,
		.blocked_ms = u->blocked_until_s > now_s ? u->blocked_until_s * MS_PER_S : 0 };
}

struct listing {
	struct call *call;
	const char *owner; /* of tokens; NULL: everybody's */
	bool any;
};

static void put_item(struct listing *l, const struct json_field *root, const void *from)
{
	struct writer *w = call_json(l->call, ROW_SIZE_MAX);

	text_put(w, l->any ? "," : "");
	l->any = true;
	json_encode(root, from, NULL, w);
}

static bool list_user(void *arg, struct bytes key, struct bytes value)
{
	struct listing *l = arg;
	struct user u = { 0 };
	struct user_shown s;

	if (record_decode(&user_def, value, &u) && u.role < ROLES) {
		s = shown(&u, env_utc_ms(l->call->console->env) / MS_PER_S);
		put_item(l, &user_root, &s);
	}
	explicit_bzero(&u, sizeof(u));
	return true;
}

static void list(struct call *call, enum store_table table, store_scan_fn *fn, const char *owner)
{
	struct listing l = { call, owner, false };

	text_put(call_json(call, 64), "{\"rows\":[");
	if (!store_scan(call->console->env->store, table, fn, &l)) {
		call_refuse(call, HTTP1_INTERNAL_ERROR, "the store cannot be read");
		return;
	}
	text_put(call_json(call, 64), "],\"next\":null}");
	call_answer(call, HTTP1_OK);
}

void run_users(struct call *call)
{
	list(call, STORE_CONSOLE_USER, list_user, NULL);
}

/* Keeps what was changed; what the audit log has of it is what is shown. */
static void keep_user(struct call *call, const struct user *u, const struct user *old, enum http_code code)
{
	uint64_t now_s = env_utc_ms(call->console->env) / MS_PER_S;
	struct user_shown s = shown(u, now_s), was = old ? shown(old, now_s) : (struct user_shown){ 0 };
	char text[1024];
	struct writer w = writer_of(text, sizeof(text));

	if (old)
		json_encode(&user_root, &was, NULL, &w);
	if (!audit_begin(call, u->name, writer_bytes(&w)))
		return;
	if (!user_put(call->console, u)) {
		audit_end(call, "the store refuses", BYTES_NONE);
		call_refuse_later(call, HTTP1_UNAVAILABLE, 5, "the store refuses: is the disk full?");
		return;
	}
	w = writer_of(text, sizeof(text));
	json_encode(&user_root, &s, NULL, &w);
	audit_end(call, old ? "changed" : "added", writer_bytes(&w));
	call_answer_object(call, code, &user_table, &s);
}

void run_user_add(struct call *call)
{
	struct console *c = call->console;
	const struct new_user *n = call_body(call, &new_user_table, sizeof(*n));
	struct user u = { .created_s = env_utc_ms(c->env) / MS_PER_S }, there;
	const char *wrong;

	if (!n)
		return;
	wrong = user_name_is_good(n->name) ? password_is_weak(n->name, n->password)
					   : "a name has 1 to 32 of a-z, 0-9, dot, dash and _";
	u.role = n->role;
	str_copy(u.name, sizeof(u.name), n->name);
	if (wrong)
		call_refuse(call, HTTP1_BAD_REQUEST, "%s", wrong);
	else if (user_get(c, n->name, &there))
		call_refuse(call, HTTP1_CONFLICT, "there is a user of that name");
	else if (user_count(c, false) >= CONSOLE_USERS_MAX)
		call_refuse(call, HTTP1_CONFLICT, "there are %d users, as many as may be", CONSOLE_USERS_MAX);
	else if (!user_set_password(c, &u, n->password))
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
	else
		keep_user(call, &u, NULL, HTTP1_CREATED);
	explicit_bzero(&u, sizeof(u));
}

/* Loads the user of the path. False, answered: there is none. */
static bool load(struct call *call, struct user *u)
{
	if (user_name_is_good(call->param) && user_get(call->console, call->param, u))
		return true;
	call_refuse(call, HTTP1_NOT_FOUND, "there is no such user");
	return false;
}

/* Nobody locks everybody out. */
static bool stays_one(struct call *call, const struct user *u, bool is_still)
{
	if (u->role != ROLE_ADMINISTRATOR || u->disabled || is_still || user_count(call->console, true) > 1)
		return true;
	call_refuse(call, HTTP1_CONFLICT, "it is the last administrator");
	return false;
}

void run_user_change(struct call *call)
{
	struct console *c = call->console;
	const struct user_change *ch = call_body(call, &user_change_table, sizeof(*ch));
	struct user old, u;
	const char *weak;

	if (!ch || !load(call, &old))
		return;
	u = old;
	u.role = ch->role ? ch->role : u.role;
	u.disabled = ch->has_disabled ? ch->disabled : u.disabled;
	weak = ch->password ? password_is_weak(u.name, ch->password) : NULL;
	if (weak) {
		call_refuse(call, HTTP1_BAD_REQUEST, "%s", weak);
	} else if (stays_one(call, &old, u.role == ROLE_ADMINISTRATOR && !u.disabled)) {
		if (ch->password && !user_set_password(c, &u, ch->password)) {
			call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		} else {
			if (u.disabled || ch->password)
				sessions_end_of(c, u.name, call->who.session);
			keep_user(call, &u, &old, HTTP1_OK);
		}
	}
	explicit_bzero(&u, sizeof(u));
	explicit_bzero(&old, sizeof(old));
}

void run_user_remove(struct call *call)
{
	struct console *c = call->console;
	struct user u;

	if (!load(call, &u) || !stays_one(call, &u, false) ||
		!audit_begin(call, u.name, bytes_of_str(role_names[u.role])))
		return;
	if (!user_del(c, u.name)) {
		audit_end(call, "the store refuses", BYTES_NONE);
		call_refuse_later(call, HTTP1_UNAVAILABLE, 5, "the store refuses: is the disk full?");
		return;
	}
	sessions_end_of(c, u.name, NULL);
	audit_end(call, "removed", BYTES_NONE);
	call_answer(call, HTTP1_NO_CONTENT);
}
