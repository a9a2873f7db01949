/*
 * "subscriber plan": what lines of subscribers would do, one by one: add, change what, leave as it is, or be
 * refused and why. Of it nothing is kept, and no key is in the answer.
 */
#include "base/text.h"
#include "core/internal.h"
#include "core/subscriber_line.h"
#include "crypto/equal.h"

enum { PRINTED_MAX = 8192 };

/* Keys of a subscriber as it was; wiped after use. */
struct keys_before {
	uint8_t k[AKA_K_MAX], opc[sizeof(((struct subscriber_line *)0)->opc)];
	uint8_t k_len, opc_len;
};

static struct bytes next_word(struct cursor *c)
{
	const uint8_t *start, *end;

	while (cursor_left(c) > 0 && *c->at == ' ')
		cursor_skip(c, 1);
	start = c->at;
	end = cursor_left(c) > 0 ? memchr(start, ' ', cursor_left(c)) : NULL;
	return cursor_bytes(c, end ? (size_t)(end - start) : cursor_left(c));
}

static bool has_word(struct bytes line, struct bytes word)
{
	struct cursor c = cursor_of(line);
	struct bytes w;

	while ((w = next_word(&c)).len > 0)
		if (bytes_equal(w, word))
			return true;
	return false;
}

/* The words of `line` that `other` has not, behind `before`; true: there is one. */
static bool put_other_words(struct bytes line, struct bytes other, const char *before, struct writer *w)
{
	struct cursor c = cursor_of(line);
	struct bytes word;
	bool any = false;

	while ((word = next_word(&c)).len > 0) {
		if (has_word(other, word))
			continue;
		text_put(w, "%s%s%.*s", any ? " " : "", before, (int)word.len, (const char *)word.data);
		any = true;
	}
	return any;
}

/* Both lines without keys and SQN; what differs, as "new words -old words". True: something does. */
static bool put_differences(struct core *core, struct writer *w)
{
	static uint8_t was[PRINTED_MAX], is[PRINTED_MAX];
	struct writer a = writer_of(was, sizeof(was)), b = writer_of(is, sizeof(is));
	static struct subscriber_line shown; /* without keys and SQN */
	bool added, gone;
	size_t at;

	shown.subscriber = core->line->subscriber;
	subscriber_line_print(&shown, &b);
	shown.subscriber = *core->old;
	subscriber_line_print(&shown, &a);
	added = put_other_words(writer_bytes(&b), writer_bytes(&a), "", w);
	at = w->len;
	text_put(w, added ? " " : "");
	gone = put_other_words(writer_bytes(&a), writer_bytes(&b), "-", w);
	if (!gone)
		w->len = at;
	return added || gone;
}

static bool keys_differ(struct core *core, const struct keys_before *was)
{
	const struct subscriber_line *l = core->line;

	return !crypto_equal(bytes_of(was->k, was->k_len), bytes_of(l->k, l->k_len)) ||
	       !crypto_equal(bytes_of(was->opc, was->opc_len), bytes_of(l->opc, l->opc_len));
}

/* "what IMSI why" of the line in core->line, whose subscriber was there before. */
static void put_change(struct core *core, const struct keys_before *was, struct writer *w)
{
	const char *imsi = core->line->subscriber.imsi;
	size_t start = w->len;
	bool keys = keys_differ(core, was);

	text_put(w, "change\t%s\t%s", imsi, keys ? "keys" : "");
	text_put(w, keys ? " " : "");
	if (put_differences(core, w) || keys)
		return;
	w->len = start;
	text_put(w, "same\t%s\t", imsi);
}

/* Each line by itself, but two of them may want the same address: what is taken stays until the end. */
static void plan_line(struct core *core, struct bytes text, struct writer *w)
{
	char error[SUBSCRIBER_LINE_ERROR];
	struct subscriber_line *l = core->line;
	struct keys_before was = { 0 };
	struct supi supi;
	uint64_t sqn;
	bool there;

	*l = (struct subscriber_line){ 0 };
	if (!core_subscriber_line(core, text, error)) {
		text_put(w, "refuse\t%s\t%s", l->subscriber.imsi, error);
		return;
	}
	there = supi_parse(l->subscriber.imsi, &supi) && core_subscriber_get(core, &supi, core->old, &sqn) &&
		core_subscriber_keys(core, core->old, was.k, &was.k_len, was.opc, &was.opc_len);
	if (!core_subscriber_add(
		    core, &l->subscriber, bytes_of(l->k, l->k_len), bytes_of(l->opc, l->opc_len), l->sqn))
		text_put(w, "refuse\t%s\tthe store is full", l->subscriber.imsi);
	else if (there)
		put_change(core, &was, w);
	else
		text_put(w, "add\t%s\t", l->subscriber.imsi);
	explicit_bzero(&was, sizeof(was));
}

void core_subscriber_plan(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	unsigned line = 0;

	if (!store_savepoint(core->env->store)) {
		text_put(w, "error\nthe store refuses the change: is the disk full?\n");
		return;
	}
	text_put(w, "ok\n");
	while (cursor_left(in) > 0 && line < CORE_PLAN_LINES_MAX) {
		text_put(w, "%u\t", ++line);
		plan_line(core, core_control_line(in), w);
		text_put(w, "\n");
	}
	explicit_bzero(core->line, sizeof(*core->line));
	store_rollback_to(core->env->store);
	if (cursor_left(in) == 0)
		return;
	w->len = 0;
	text_put(w, "error\nmore than %d lines\n", CORE_PLAN_LINES_MAX);
}
