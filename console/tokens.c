/* API tokens: shown once, kept as a digest, with an end; they never may more than whoever made them. */
#include "console/operations.h"

enum { TOKEN_DAYS_MAX = 3650, TOKENS_OF_ONE_MAX = 16, TOKEN_ID_SIZE = 33, ID_OCTETS = 16 };

struct new_token {
	const char *name;
	uint8_t role;
	uint32_t days;
};
BODY(new_token_table, { JSON_V("name", json_text, new_token, name), .mandatory = true },
	{ JSON_E("role", role_names, new_token, role) },
	{ JSON_V("days", json_uint, new_token, days), .mandatory = true, JSON_RANGE(1, TOKEN_DAYS_MAX) });

struct token_shown {
	const char *token, *id, *name, *owner;
	uint8_t role;
	uint64_t created_ms, until_ms;
};
BODY(token_table, { JSON_V("token", json_text, token_shown, token) },
	{ JSON_V("id", json_text, token_shown, id), .mandatory = true },
	{ JSON_V("name", json_text, token_shown, name), .mandatory = true },
	{ JSON_V("owner", json_text, token_shown, owner), .mandatory = true },
	{ JSON_E("role", role_names, token_shown, role), .mandatory = true },
	{ JSON_V("created", json_date_time, token_shown, created_ms), .mandatory = true },
	{ JSON_V("until", json_date_time, token_shown, until_ms), .mandatory = true });

/* By the first half of its digest, from which nobody makes the token. */
static const char *id_of(struct bytes digest, char id[TOKEN_ID_SIZE])
{
	struct writer w = writer_of(id, TOKEN_ID_SIZE - 1);

	text_hex(&w, bytes_of(digest.data, ID_OCTETS));
	id[w.len] = '\0';
	return id;
}

struct walk {
	struct call *call;
	const char *owner; /* NULL: everybody's */
	const char *id;    /* looked for */
	unsigned count, all;
	bool found;
	struct token token;
};

static bool walk_one(void *arg, struct bytes key, struct bytes value)
{
	struct walk *k = arg;
	struct token t = { 0 };
	char id[TOKEN_ID_SIZE];

	k->all++;
	if (key.len != TOKEN_DIGEST_LEN || !record_decode(&token_def, value, &t) ||
		(k->owner && strcmp(t.owner, k->owner) != 0))
		return true;
	k->count++;
	if (k->id && !strcmp(k->id, id_of(key, id))) {
		k->found = true;
		k->token = t;
		bytes_copy(k->token.digest, sizeof(k->token.digest), key);
	}
	return true;
}

static bool walk(struct call *call, struct walk *k, const char *id)
{
	*k = (struct walk){
		.call = call, .owner = call->who.role == ROLE_ADMINISTRATOR ? NULL : call->who.name, .id = id
	};
	return store_scan(call->console->env->store, STORE_CONSOLE_TOKEN, walk_one, k);
}

static bool list_one(void *arg, struct bytes key, struct bytes value)
{
	static const struct json_field root = { .kind = JSON_OBJECT, .sub = &token_table };
	struct walk *k = arg;
	struct token t = { 0 };
	char id[TOKEN_ID_SIZE];
	struct token_shown s;
	struct writer *w;

	if (key.len != TOKEN_DIGEST_LEN || !record_decode(&token_def, value, &t) || t.role >= ROLES ||
		(k->owner && strcmp(t.owner, k->owner) != 0))
		return true;
	s = (struct token_shown){ NULL, id_of(key, id), t.name, t.owner, t.role, t.created_s * MS_PER_S,
		t.until_s * MS_PER_S };
	w = call_json(k->call, ROW_SIZE_MAX);
	text_put(w, k->count++ ? "," : "");
	json_encode(&root, &s, NULL, w);
	return true;
}

void run_tokens(struct call *call)
{
	struct walk k = { .call = call,
		.owner = call->who.role == ROLE_ADMINISTRATOR ? NULL : call->who.name };

	text_put(call_json(call, 64), "{\"rows\":[");
	if (!store_scan(call->console->env->store, STORE_CONSOLE_TOKEN, list_one, &k)) {
		call_refuse(call, HTTP1_INTERNAL_ERROR, "the store cannot be read");
		return;
	}
	text_put(call_json(call, 64), "],\"next\":null}");
	call_answer(call, HTTP1_OK);
}

static void keep(struct call *call, struct token *t)
{
	char secret[SECRET_SIZE], id[TOKEN_ID_SIZE];
	struct token_shown s = { secret, id, t->name, t->owner, t->role, t->created_s * MS_PER_S,
		t->until_s * MS_PER_S };

	if (!secret_make(call->console, secret, t->digest) || !audit_begin(call, t->name, BYTES_NONE))
		return;
	if (!token_put(call->console, t)) {
		audit_end(call, "the store refuses", BYTES_NONE);
		call_refuse_later(call, HTTP1_UNAVAILABLE, 5, "the store refuses: is the disk full?");
	} else {
		id_of(BYTES(t->digest), id);
		audit_end(call, "added", bytes_of_str(role_names[t->role]));
		call_answer_object(call, HTTP1_CREATED, &token_table, &s);
	}
	explicit_bzero(secret, sizeof(secret));
}

void run_token_add(struct call *call)
{
	uint64_t now_s = env_utc_ms(call->console->env) / MS_PER_S;
	const struct new_token *n = call_body(call, &new_token_table, sizeof(*n));
	struct token t = { .created_s = now_s };
	struct walk k;

	if (!n)
		return;
	t.role = n->role ? n->role : (uint8_t)call->who.role;
	t.until_s = now_s + n->days * UINT64_C(86400);
	str_copy(t.owner, sizeof(t.owner), call->who.name);
	str_copy(t.name, sizeof(t.name), n->name);
	if (!user_name_is_good(n->name))
		call_refuse(call, HTTP1_BAD_REQUEST, "a name has 1 to 32 of a-z, 0-9, dot, dash and _");
	else if (t.role != call->who.role && call->who.role != ROLE_ADMINISTRATOR)
		call_refuse(call, HTTP1_FORBIDDEN, "a token may not more than you");
	else if (!walk(call, &k, NULL) || k.all >= CONSOLE_TOKENS_MAX ||
		 (k.owner && k.count >= TOKENS_OF_ONE_MAX))
		call_refuse(call, HTTP1_CONFLICT, "there are as many tokens as may be");
	else
		keep(call, &t);
}

void run_token_remove(struct call *call)
{
	struct walk k;

	if (!walk(call, &k, call->param) || !k.found) {
		call_refuse(call, HTTP1_NOT_FOUND, "there is no such token of yours");
		return;
	}
	if (!audit_begin(call, k.token.name, bytes_of_str(k.token.owner)))
		return;
	if (token_del(call->console, k.token.digest)) {
		audit_end(call, "removed", BYTES_NONE);
		call_answer(call, HTTP1_NO_CONTENT);
	} else {
		audit_end(call, "the store refuses", BYTES_NONE);
		call_refuse_later(call, HTTP1_UNAVAILABLE, 5, "the store refuses: is the disk full?");
	}
}
