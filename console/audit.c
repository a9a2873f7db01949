/* The audit log: a ring of entries in the store, whose key is the entry's number. */
#include "console/operations.h"

#define LOG_ROOM "console"

static const struct record_field fields[] = {
	RECORD_U(1, audit, utc_ms),
	RECORD_S(2, audit, who),
	RECORD_S(3, audit, from),
	RECORD_S(4, audit, action),
	RECORD_S(5, audit, subject),
	RECORD_S(6, audit, outcome),
	RECORD_S(7, audit, before),
	RECORD_S(8, audit, after),
};
const struct record_def audit_def = { "audit", fields, ARRAY_LEN(fields) };

bool audit_restore(struct console *c)
{
	return numbered_restore(&c->audit, c->env->store, STORE_CONSOLE_AUDIT, CONSOLE_AUDIT_MAX);
}

bool audit_get(struct console *c, uint64_t number, struct audit *out)
{
	struct bytes value;

	*out = (struct audit){ 0 };
	if (!numbered_get(&c->audit, c->env->store, number, &value) || !record_decode(&audit_def, value, out))
		return false;
	out->number = number;
	return true;
}

static bool put(struct console *c, const struct audit *a)
{
	static uint8_t octets[sizeof(struct audit) + 64];
	struct writer w = writer_of(octets, sizeof(octets));

	return record_encode(&audit_def, a, &w) &&
	       numbered_put(&c->audit, c->env->store, a->number, writer_bytes(&w));
}

static void set_text(char *to, size_t size, struct bytes from)
{
	size_t len = from.len < size - 1 ? from.len : size - 1;

	while (len > 0 && from.data[len - 1] == '\n')
		len--;
	str_copy(to, len + 1, len ? (const char *)from.data : "");
}

bool audit_write(
	struct call *call, const char *who, const char *subject, struct bytes before, const char *outcome)
{
	static struct audit a;
	struct console *c = call->console;
	struct addr host = call->peer;

	host.port = 0;
	a = (struct audit){ .number = c->audit.next, .utc_ms = env_utc_ms(c->env) };
	str_copy(a.who, sizeof(a.who), who);
	addr_str(&host, a.from);
	str_copy(a.action, sizeof(a.action), call->op->id);
	str_copy(a.subject, sizeof(a.subject), subject);
	str_copy(a.outcome, sizeof(a.outcome), outcome);
	set_text(a.before, sizeof(a.before), before);
	if (!put(c, &a)) {
		log_error(c->env->log, "audit: the store takes no entry: %s of %s: %s", call->op->id, who,
			outcome);
		return false;
	}
	return true;
}

void audit_end(struct call *call, const char *outcome, struct bytes after)
{
	static struct audit a;

	if (!call->audit || !audit_get(call->console, call->audit, &a))
		return;
	str_copy(a.outcome, sizeof(a.outcome), outcome);
	set_text(a.after, sizeof(a.after), after);
	if (!put(call->console, &a))
		log_error(call->console->env->log, "audit: how entry %llu ended is not kept: %s",
			(unsigned long long)a.number, outcome);
	call->audit = 0;
}
