#include "console/history.h"

static const struct record_field fields[] = {
	RECORD_U(1, version, utc_ms),
	RECORD_S(2, version, who),
	RECORD_S(3, version, version),
	RECORD_S(4, version, text),
};
const struct record_def version_def = { "version", fields, ARRAY_LEN(fields) };

static struct version at_hand;

bool history_restore(struct console *c)
{
	return numbered_restore(&c->history, c->env->store, STORE_CONSOLE_NETWORK, CONSOLE_HISTORY_MAX);
}

const struct version *history_get(struct console *c, uint64_t number)
{
	struct bytes value;

	at_hand = (struct version){ 0 };
	if (!numbered_get(&c->history, c->env->store, number, &value) ||
		!record_decode(&version_def, value, &at_hand))
		return NULL;
	at_hand.number = number;
	return &at_hand;
}

static bool put(struct console *c, const struct version *v)
{
	static uint8_t octets[sizeof(struct version) + 64];
	struct writer w = writer_of(octets, sizeof(octets));

	return record_encode(&version_def, v, &w) &&
	       numbered_put(&c->history, c->env->store, v->number, writer_bytes(&w));
}

bool history_put(struct console *c, const char *who, const char *version, struct bytes text)
{
	const struct version *newest = history_get(c, c->history.next - 1);

	if (newest && !strcmp(newest->version, version))
		return true;
	if (text.len >= HISTORY_TEXT_MAX)
		return false;
	at_hand = (struct version){ .number = c->history.next, .utc_ms = env_utc_ms(c->env) };
	str_copy(at_hand.who, sizeof(at_hand.who), who ? who : "");
	str_copy(at_hand.version, sizeof(at_hand.version), version);
	bytes_copy((uint8_t *)at_hand.text, sizeof(at_hand.text) - 1, text);
	return put(c, &at_hand);
}
