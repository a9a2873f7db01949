/* Readable text of decoded values: a line a value, two blanks of indent a level. */
#include <stdarg.h>
#include <stdio.h>

#include "wire/per/per.h"

#include "wire/per/encoder.h"
#include "wire/per/scalar.h"

enum {
	LINE_MAX_LEN = 256,   /* octets of one formatted piece */
	OCTETS_SHOWN = 64,    /* of a string; the rest is counted */
	CONTENTS_MAX = 65536, /* arena for the contents of an octet string */
};

struct printer {
	struct writer *w;
	enum per_rule rule;
	unsigned depth;
};

static void print_value(struct printer *p, const struct per_type *type, const void *value);

__attribute__((format(printf, 2, 3))) static void put(struct printer *p, const char *format, ...)
{
	char line[LINE_MAX_LEN];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(line))
		n = (int)strnlen(line, sizeof(line) - 1);
	writer_put(p->w, bytes_of(line, (size_t)n));
}

static void indent(struct printer *p)
{
	put(p, "%*s", 2 * (int)p->depth, "");
}

static void print_octets(struct printer *p, const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < n && i < OCTETS_SHOWN; i++)
		put(p, "%02x", data[i]);
	if (n > OCTETS_SHOWN)
		put(p, "... (%zu octets)", n);
}

static void print_text(struct printer *p, struct bytes text)
{
	put(p, "\"");
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		/* what is not printable ASCII never reaches a terminal or log as it is */
		put(p, c >= ' ' && c < 0x7f && c != '"' && c != '\\' ? "%c" : "\\x%02x", c);
	}
	put(p, "\"");
}

/* What an octet string contains, below it; nothing if it does not decode. */
static void print_contents(struct printer *p, const struct per_type *type, struct bytes octets)
{
	struct arena arena;
	struct per_diag diag;
	void *value;

	arena_init(&arena, NULL, 0, 16 * (octets.len + CONTENTS_MAX));
	value = arena_alloc(&arena, type->size ? type->size : 1);
	if (value && p->depth < PER_DEPTH_MAX && per_decode(type, p->rule, octets, &arena, value, &diag)) {
		p->depth++;
		indent(p);
		put(p, "%s: ", type->name);
		print_value(p, type, value);
		p->depth--;
	}
	arena_fini(&arena);
}

static void print_scalar(struct printer *p, const struct per_type *type, const void *value)
{
	const struct per_bits *bits = value;
	const struct bytes *octets = value;
	unsigned v;

	switch ((enum per_kind)type->kind) {
	case PER_KIND_BOOL:
		put(p, *(const bool *)value ? "true\n" : "false\n");
		break;
	case PER_KIND_INT:
		if (type->is_signed)
			put(p, "%lld\n", (long long)scalar_get(value, type->width, true));
		else
			put(p, "%llu\n", (unsigned long long)scalar_get(value, type->width, false));
		break;
	case PER_KIND_ENUM:
		v = *(const unsigned *)value;
		if (v < type->count)
			put(p, "%s\n", type->values[v]);
		else
			put(p, "unknown (%u)\n", v);
		break;
	case PER_KIND_UINT_BITS:
		put(p, "0x%0*llx (%lld bits)\n", (int)(type->lb + 3) / 4,
			(unsigned long long)scalar_get(value, type->width, false), (long long)type->lb);
		break;
	case PER_KIND_BITS:
		print_octets(p, bits->data, bits->len_bits / 8);
		if (bits->len_bits & 7)
			put(p, "%02x",
				bits->data[bits->len_bits / 8] & ~(0xff >> (bits->len_bits & 7)) & 0xff);
		put(p, " (%zu bits)\n", bits->len_bits);
		break;
	case PER_KIND_UTF8:
	case PER_KIND_STRING:
		print_text(p, *octets);
		put(p, "\n");
		break;
	case PER_KIND_OCTETS:
	case PER_KIND_OID:
		print_octets(p, octets->data, octets->len);
		put(p, "\n");
		if (type->inner)
			print_contents(p, type->inner, *octets);
		break;
	default:
		put(p, "-\n");
	}
}

static void print_member(struct printer *p, const struct per_member *member, const void *value)
{
	const void *at = encode_place(member, value);

	indent(p);
	put(p, "%s: ", member->name);
	if (member->form == PER_FORM_NONE || member->form == PER_FORM_HAS || !at)
		put(p, "-\n");
	else
		print_value(p, member->type, at);
}

static void print_list(struct printer *p, const struct per_type *type, const struct per_list *list)
{
	size_t size = type->inner->size ? type->inner->size : 1;

	put(p, "(%zu)\n", list->count);
	p->depth++;
	for (size_t i = 0; i < list->count && !p->w->failed; i++) {
		indent(p);
		put(p, "%zu: ", i);
		print_value(p, type->inner, list->items + i * size);
	}
	p->depth--;
}

static void print_choice(struct printer *p, const struct per_type *type, const void *value)
{
	unsigned tag = *(const unsigned *)value;
	const struct per_ie *ie =
		(const struct per_ie *)((const uint8_t *)value + (type->bare ? 0 : type->unknown));
	const struct bytes *octets = (const struct bytes *)((const uint8_t *)value + type->unknown);

	if (!type->bare && tag == 0) {
		put(p, "none\n");
	} else if (!type->bare && tag <= type->count) {
		put(p, "\n");
		p->depth++;
		print_member(p, &type->members[tag - 1], value);
		p->depth--;
	} else if (type->kind == PER_KIND_SINGLE) {
		put(p, "unknown IE %u: ", ie->id);
		print_octets(p, ie->value.data, ie->value.len);
		put(p, "\n");
	} else {
		put(p, "unknown alternative %u: ", tag);
		print_octets(p, octets->data, octets->len);
		put(p, "\n");
	}
}

static void print_value(struct printer *p, const struct per_type *type, const void *value)
{
	if (type->kind < PER_KIND_SEQUENCE) {
		print_scalar(p, type, value);
	} else if (p->depth >= PER_DEPTH_MAX) {
		put(p, "...\n");
	} else if (type->kind == PER_KIND_LIST) {
		print_list(p, type, value);
	} else if (type->kind == PER_KIND_CHOICE || type->kind == PER_KIND_SINGLE) {
		print_choice(p, type, value);
	} else {
		put(p, "\n");
		p->depth++;
		for (size_t i = 0; i < type->count && !p->w->failed; i++) {
			const struct per_member *member = &type->members[i];

			if (member->form != PER_FORM_NONE &&
				(encode_has(member, value) || member->has_default))
				print_member(p, member, value);
		}
		p->depth--;
	}
}

bool per_print(const struct per_type *type, enum per_rule rule, const void *value, struct writer *w)
{
	struct printer p = { w, rule, 0 };

	put(&p, "%s: ", type->name);
	print_value(&p, type, value);
	return !w->failed;
}

bool per_pdu_print(const struct per_pdu_table *table, const struct per_pdu *pdu, struct writer *w)
{
	static const char *const kinds[] = { "initiatingMessage", "successfulOutcome",
		"unsuccessfulOutcome" };
	_Static_assert(ARRAY_LEN(kinds) == PER_UNSUCCESSFUL + 1 &&
			       ARRAY_LEN(((struct per_procedure *)0)->messages) == ARRAY_LEN(kinds),
		"one for each kind of outcome");
	struct printer p = { w, PER_ALIGNED, 0 };

	put(&p, "%s, procedure %u, %s\n", kinds[pdu->kind], pdu->procedure_code,
		per_pdu_name(table, pdu->message));
	if (!pdu->body || pdu->message == 0 || pdu->message >= table->message_count)
		return !w->failed;
	return per_print(table->messages[pdu->message].type, PER_ALIGNED, pdu->body, w);
}

const char *per_pdu_name(const struct per_pdu_table *table, uint16_t message)
{
	return table->messages[message < table->message_count ? message : 0].name;
}
