/* Decoded values as text (base/printer.h): a member a value, the contents of octets below them. */
#include <inttypes.h>
#include <stdio.h>

#include "wire/per/per.h"

#include "base/text.h"
#include "wire/per/encoder.h"
#include "wire/per/scalar.h"

enum { CONTENTS_MAX = 65536 }; /* arena for the contents of an octet string */

static void print_named(struct printer *p, enum per_rule rule, const char *name, const struct per_type *type,
	const void *value);

/* What an octet string contains, in place of its octets; false if it does not decode. */
static bool print_contents(struct printer *p, enum per_rule rule, const char *name,
	const struct per_type *type, struct bytes octets)
{
	struct arena arena;
	struct per_diag diag;
	void *value;
	bool ok;

	arena_init(&arena, NULL, 0, 16 * (octets.len + CONTENTS_MAX));
	value = arena_alloc(&arena, type->size ? type->size : 1);
	ok = value && p->depth < PER_DEPTH_MAX && per_decode(type, rule, octets, &arena, value, &diag);
	if (ok)
		print_named(p, rule, name, type, value);
	arena_fini(&arena);
	return ok;
}

static void print_bits(struct printer *p, const char *name, const char *type, const struct per_bits *bits)
{
	char hex[2 * PRINT_OCTETS_SHOWN + 8];
	struct writer w = writer_of(hex, sizeof(hex) - 1);
	size_t whole = bits->len_bits / 8, spare = bits->len_bits & 7;

	text_hex(&w, bytes_of(bits->data, whole < PRINT_OCTETS_SHOWN ? whole : PRINT_OCTETS_SHOWN));
	if (whole > PRINT_OCTETS_SHOWN)
		text_put(&w, "...");
	else if (spare)
		text_put(&w, "%02x", bits->data[whole] & ~(0xff >> spare) & 0xff);
	print_value(p, name, type, "%.*s (%zu bits)", (int)w.len, hex, bits->len_bits);
}

static void print_number(struct printer *p, const char *name, const struct per_type *type, const void *value)
{
	if (type->kind == PER_KIND_UINT_BITS)
		print_value(p, name, per_name(type), "0x%0*" PRIx64, (int)(type->lb + 3) / 4,
			scalar_get(value, type->width, false));
	else if (type->is_signed)
		print_value(
			p, name, per_name(type), "%" PRId64, (int64_t)scalar_get(value, type->width, true));
	else
		print_value(p, name, per_name(type), "%" PRIu64, scalar_get(value, type->width, false));
}

static void print_enum(struct printer *p, const char *name, const struct per_type *type, unsigned v)
{
	if (v < type->count)
		print_value(p, name, per_name(type), "%s", per_value_name(type, v));
	else
		print_value(p, name, per_name(type), "unknown (%u)", v);
}

static void print_scalar(struct printer *p, enum per_rule rule, const char *name, const struct per_type *type,
	const void *value)
{
	const struct bytes *octets = value;

	switch ((enum per_kind)type->kind) {
	case PER_KIND_BOOL:
		print_value(p, name, per_name(type), "%s", *(const bool *)value ? "true" : "false");
		break;
	case PER_KIND_INT:
	case PER_KIND_UINT_BITS:
		print_number(p, name, type, value);
		break;
	case PER_KIND_ENUM:
		print_enum(p, name, type, *(const unsigned *)value);
		break;
	case PER_KIND_BITS:
		print_bits(p, name, per_name(type), value);
		break;
	case PER_KIND_UTF8:
	case PER_KIND_STRING:
		print_string(p, name, per_name(type), *octets);
		break;
	case PER_KIND_OCTETS:
	case PER_KIND_OID:
		if (print_is_secret(p, name, per_name(type)) || !per_inner(type) ||
			!print_contents(p, rule, name, per_inner(type), *octets))
			print_octets(p, name, per_name(type), *octets);
		break;
	default:
		print_value(p, name, per_name(type), "-");
	}
}

/* "id-" before the names of IEs adds nothing. */
static const char *short_name(const char *name)
{
	return !strncmp(name, "id-", 3) ? name + 3 : name;
}

static void print_member(
	struct printer *p, enum per_rule rule, const struct per_member *member, const void *value)
{
	const void *at = encode_place(member, value);
	const char *name = short_name(per_member_name(member));

	if (member->form == PER_FORM_NONE || member->form == PER_FORM_HAS || !at)
		print_value(p, name, per_name(per_member_type(member)), "-");
	else
		print_named(p, rule, name, per_member_type(member), at);
}

static void print_list(
	struct printer *p, enum per_rule rule, const struct per_type *type, const struct per_list *list)
{
	size_t size = per_inner(type)->size ? per_inner(type)->size : 1;
	char name[24];

	for (size_t i = 0; i < list->count && i < PRINT_ITEMS_SHOWN && !p->w->failed; i++) {
		struct writer w = writer_of(name, sizeof(name) - 1);

		text_put(&w, "%zu", i);
		name[w.len] = '\0';
		print_named(p, rule, name, per_inner(type), list->items + i * size);
	}
	if (list->count > PRINT_ITEMS_SHOWN)
		print_value(p, "...", NULL, "%zu in all", list->count);
}

static void print_choice(
	struct printer *p, enum per_rule rule, const struct per_type *type, const void *value)
{
	unsigned tag = *(const unsigned *)value;
	const struct per_ie *ie =
		(const struct per_ie *)((const uint8_t *)value + (type->bare ? 0 : type->unknown));
	const struct bytes *octets = (const struct bytes *)((const uint8_t *)value + type->unknown);
	char name[40];
	struct writer w = writer_of(name, sizeof(name) - 1);

	if (!type->bare && tag == 0) {
		print_value(p, "none", NULL, "-");
	} else if (!type->bare && tag <= type->count) {
		print_member(p, rule, &per_members(type)[tag - 1], value);
	} else {
		if (type->kind == PER_KIND_SINGLE)
			text_put(&w, "unknown IE %u", ie->id);
		else
			text_put(&w, "unknown alternative %u", tag);
		name[w.len] = '\0';
		print_octets(p, name, NULL, type->kind == PER_KIND_SINGLE ? ie->value : *octets);
	}
}

static void print_members(
	struct printer *p, enum per_rule rule, const struct per_type *type, const void *value)
{
	for (size_t i = 0; i < type->count && !p->w->failed; i++) {
		const struct per_member *member = &per_members(type)[i];

		if (member->form != PER_FORM_NONE && (encode_has(member, value) || member->has_default))
			print_member(p, rule, member, value);
	}
}

static void print_below(struct printer *p, enum per_rule rule, const struct per_type *type, const void *value)
{
	if (type->kind == PER_KIND_LIST)
		print_list(p, rule, type, value);
	else if (type->kind == PER_KIND_CHOICE || type->kind == PER_KIND_SINGLE)
		print_choice(p, rule, type, value);
	else
		print_members(p, rule, type, value);
}

static void print_named(struct printer *p, enum per_rule rule, const char *name, const struct per_type *type,
	const void *value)
{
	if (type->kind < PER_KIND_SEQUENCE) {
		print_scalar(p, rule, name, type, value);
	} else if (p->depth >= PER_DEPTH_MAX) {
		print_value(p, name, per_name(type), "...");
	} else {
		print_open(p, name, per_name(type));
		print_below(p, rule, type, value);
		print_close(p);
	}
}

void per_print(const struct per_type *type, enum per_rule rule, const void *value, struct printer *p)
{
	if (type->kind < PER_KIND_SEQUENCE) {
		print_scalar(p, rule, per_name(type), type, value);
		return;
	}
	print_begin(p, "%s", per_name(type));
	print_below(p, rule, type, value);
	print_end(p);
}

void per_cause_text(const struct per_type *type, const void *cause, char *text, size_t size)
{
	unsigned tag = cause ? *(const unsigned *)cause : 0;
	const struct per_member *group;
	unsigned value;

	str_copy(text, size, "none");
	if (tag == 0 || tag > type->count ||
		per_member_type(&per_members(type)[tag - 1])->kind != PER_KIND_ENUM)
		return;
	group = &per_members(type)[tag - 1];
	value = *(const unsigned *)encode_place(group, cause);
	type = per_member_type(group);
	snprintf(text, size, "%s: %s", per_member_name(group),
		value < type->count ? per_value_name(type, value) : "unknown");
}

void per_pdu_print(const struct per_pdu_table *table, const struct per_pdu *pdu, struct printer *p)
{
	static const char *const kinds[] = { "initiatingMessage", "successfulOutcome",
		"unsuccessfulOutcome" };
	_Static_assert(ARRAY_LEN(kinds) == PER_UNSUCCESSFUL + 1 &&
			       ARRAY_LEN(((struct per_procedure *)0)->messages) == ARRAY_LEN(kinds),
		"one for each kind of outcome");

	if (pdu->message == 0 || pdu->message >= table->message_count) {
		print_begin(p, "unknown %s of procedure %u", kinds[pdu->kind], pdu->procedure_code);
		print_end(p);
	} else if (!pdu->body) {
		print_begin(p, "%s", per_pdu_name(table, pdu->message));
		print_end(p);
	} else {
		per_print(table->messages[pdu->message].type, PER_ALIGNED, pdu->body, p);
	}
}

const char *per_pdu_name(const struct per_pdu_table *table, uint16_t message)
{
	return table->messages[message < table->message_count ? message : 0].name;
}
