/* Entries of what a call is about to do, without which it does nothing. */
#include "console/operations.h"

bool audit_begin(struct call *call, const char *subject, struct bytes before)
{
	uint64_t number = call->console->audit.next;

	if (!audit_write(call, call->who.name, subject, before, "begun")) {
		call_refuse(call, HTTP1_UNAVAILABLE,
			"the audit log does not take it, so it is not done: is the disk of console.store "
			"full?");
		return false;
	}
	call->audit = number;
	return true;
}

/* A page that is looked at for a while is one look. */
static bool seen_lately(struct call *call)
{
	struct console *c = call->console;
	uint64_t now_ns = env_now_ns(c->env);
	char text[USER_NAME_SIZE + PARAM_SIZE + 64];
	struct writer w = writer_of(text, sizeof(text));
	struct look *look;
	uint64_t digest;

	text_put(&w, "%s %s %s", call->who.name, call->op->id, call->param);
	digest = bytes_digest(writer_bytes(&w));
	for (size_t i = 0; i < LOOKS; i++)
		if (c->looks[i].digest == digest && now_ns < c->looks[i].until_ns)
			return true;
	look = &c->looks[c->look_next++ % LOOKS];
	*look = (struct look){ digest, now_ns + LOOK_S * NS_PER_S };
	return false;
}

bool audit_personal(struct call *call)
{
	return seen_lately(call) || audit_begin(call, call->param, BYTES_NONE);
}
