#include "console/history.h"

static const struct record_field fields[] = {
	RECORD_U(1, version, utc_ms),
	RECORD_S(2, version, who),
	RECORD_S(3, version, version),
	RECORD_S(4, version, text),
};
const struct record_def version_def = { "version", fields, ARRAY_LEN(fields) };

static struct version at_hand;

static struct bytes key_of(uint64_t number, uint8_t buf[8])
{
	struct writer w = writer_of(buf, 8);

	writer_u64(&w, number);
	return writer_bytes(&w);
}

static bool restore_one(void *arg, struct bytes key, struct bytes value)
{
	struct console *c = arg;
	struct cursor in = cursor_of(key);
	uint64_t number = cursor_u64(&in);

	if (c->history_next == 1)
		c->history_first = number;
	c->history_next = number + 1;
	return true;
}

bool history_restore(struct console *c)
{
	c->history_first = c->history_next = 1;
	return store_scan(c->env->store, STORE_CONSOLE_NETWORK, restore_one, c);
}

const struct version *history_get(struct console *c, uint64_t number)
{
	struct bytes value;
	uint8_t key[8];

	at_hand = (struct version){ 0 };
	if (!store_get(c->env->store, STORE_CONSOLE_NETWORK, key_of(number, key), &value) ||
		!record_decode(&version_def, value, &at_hand))
		return NULL;
	at_hand.number = number;
	return &at_hand;
}

static bool put(struct console *c, const struct version *v)
{
	static uint8_t octets[sizeof(struct version) + 64];
	struct writer w = writer_of(octets, sizeof(octets));
	struct store *store = c->env->store;
	bool full = v->number >= c->history_first + CONSOLE_HISTORY_MAX;
	uint8_t key[8];

	if (!store_savepoint(store))
		return false;
	if (record_encode(&version_def, v, &w) &&
		store_put(store, STORE_CONSOLE_NETWORK, key_of(v->number, key), writer_bytes(&w)) &&
		(!full || store_del(store, STORE_CONSOLE_NETWORK, key_of(c->history_first, key)))) {
		store_release(store);
		c->history_first += full;
		return true;
	}
	store_rollback_to(store);
	return false;
}

bool history_put(struct console *c, const char *who, const char *version, struct bytes text)
{
	const struct version *newest = history_get(c, c->history_next - 1);

	if (newest && !strcmp(newest->version, version))
		return true;
	if (text.len >= HISTORY_TEXT_MAX)
		return false;
	at_hand = (struct version){ .number = c->history_next, .utc_ms = env_utc_ms(c->env) };
	str_copy(at_hand.who, sizeof(at_hand.who), who ? who : "");
	str_copy(at_hand.version, sizeof(at_hand.version), version);
	bytes_copy((uint8_t *)at_hand.text, sizeof(at_hand.text) - 1, text);
	if (!put(c, &at_hand))
		return false;
	c->history_next++;
	return true;
}
