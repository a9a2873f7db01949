#include "wire/per/test_random.h"

#include "wire/per/scalar.h"

enum {
	RANDOM_OCTETS = 40,        /* most octets of a string without an upper bound */
	RANDOM_CONTENTS = 1 << 16, /* most octets of what an octet string contains */
	RANDOM_ITEMS = 3,          /* most items of a list, beyond what it needs */
	RANDOM_ARENA = 256 << 20,
	RANDOM_ENCODED = 16 << 20,
};

struct random {
	uint64_t state;
	struct arena arena;
	enum per_rule rule;
	int budget; /* composites that may still be added where they are optional */
};

static void random_value(struct random *r, const struct per_type *type, void *out);

static uint64_t random_next(struct random *r)
{
	/* xorshift64* */
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * 2685821657736338717u;
}

/* 0..most, its ends more often than the rest. */
static uint64_t random_upto(struct random *r, uint64_t most)
{
	uint64_t v = random_next(r);

	if (v % 8 == 0)
		return 0;
	if (v % 8 == 1)
		return most;
	return most == UINT64_MAX ? random_next(r) : random_next(r) % (most + 1);
}

static void *random_alloc(struct random *r, size_t size)
{
	void *at = arena_alloc(&r->arena, size ? size : 1);

	assert_non_null(at);
	return at;
}

/* A size within the root of the type's constraint. */
static size_t random_size(struct random *r, const struct per_type *type, size_t more)
{
	uint64_t span = type->unbounded || type->span > more ? more : type->span;

	return (size_t)type->lb + random_upto(r, span);
}

static struct bytes random_octets(struct random *r, size_t n, bool text)
{
	uint8_t *data = random_alloc(r, n);

	for (size_t i = 0; i < n; i++)
		data[i] = text ? (uint8_t)('A' + random_next(r) % 26) : (uint8_t)random_next(r);
	return bytes_of(data, n);
}

static void random_bits(struct random *r, const struct per_type *type, struct per_bits *out)
{
	size_t n = random_size(r, type, 8 * RANDOM_OCTETS);
	uint8_t *data = random_alloc(r, (n + 7) / 8 + 1);

	for (size_t i = 0; i < n; i += 8)
		data[i / 8] = (uint8_t)random_next(r);
	*out = (struct per_bits){ data, n };
}

/* An encoded value of the type that an octet string contains. */
static struct bytes random_contents(struct random *r, const struct per_type *type)
{
	struct writer w = writer_of(random_alloc(r, RANDOM_CONTENTS), RANDOM_CONTENTS);
	void *value = random_alloc(r, type->size);

	random_value(r, type, value);
	assert_true(per_encode(type, r->rule, value, &w));
	return writer_bytes(&w);
}

static void random_scalar(struct random *r, const struct per_type *type, void *out)
{
	switch ((enum per_kind)type->kind) {
	case PER_KIND_BOOL:
		*(bool *)out = random_next(r) >> 63;
		break;
	case PER_KIND_INT:
		if (type->no_lower || type->unbounded)
			scalar_set(out, type->width, (uint64_t)type->lb + random_upto(r, 100000));
		else
			scalar_set(out, type->width, (uint64_t)type->lb + random_upto(r, type->span));
		break;
	case PER_KIND_ENUM:
		*(unsigned *)out = (unsigned)random_upto(r, type->count - 1);
		break;
	case PER_KIND_UINT_BITS:
		scalar_set(out, type->width, random_next(r) >> (64 - type->lb));
		break;
	case PER_KIND_BITS:
		random_bits(r, type, out);
		break;
	case PER_KIND_OCTETS:
		*(struct bytes *)out = per_inner(type)
					       ? random_contents(r, per_inner(type))
					       : random_octets(r, random_size(r, type, RANDOM_OCTETS), false);
		break;
	case PER_KIND_UTF8:
		*(struct bytes *)out = random_octets(r, 1 + random_size(r, type, RANDOM_OCTETS), true);
		break;
	case PER_KIND_STRING:
		*(struct bytes *)out = random_octets(r, random_size(r, type, RANDOM_OCTETS), true);
		break;
	case PER_KIND_OID:
		*(struct bytes *)out = bytes_of("\x2a\x03", 2);
		break;
	default:
		break;
	}
}

/* Sets a member, and what marks it as there. */
static void random_member(struct random *r, const struct per_member *member, void *out)
{
	uint8_t *at = (uint8_t *)out + member->offset;

	if (member->form == PER_FORM_FLAG || member->form == PER_FORM_HAS)
		*((bool *)out + member->flag) = true;
	if (member->form == PER_FORM_POINTER) {
		void *below = random_alloc(r, per_member_type(member)->size);

		*(void **)at = below;
		at = below;
	}
	random_value(r, per_member_type(member), at);
}

static bool random_wants(struct random *r)
{
	return r->budget > 0 && random_next(r) % 3 != 0;
}

static void random_members(struct random *r, const struct per_type *type, void *out)
{
	for (size_t i = 0; i < type->root; i++) {
		const struct per_member *member = &per_members(type)[i];
		bool needed = !member->optional || member->has_default;

		if (member->form == PER_FORM_NONE ? needed : needed || random_wants(r))
			random_member(r, member, out);
	}
	for (size_t i = 0; i < type->addition_count; i++) {
		const struct per_addition *addition = &per_additions(type)[i];

		if (!random_wants(r))
			continue;
		for (size_t j = addition->first; j < addition->first + addition->count; j++) {
			if (per_members(type)[j].form != PER_FORM_NONE)
				random_member(r, &per_members(type)[j], out);
		}
	}
}

static void random_list(struct random *r, const struct per_type *type, struct per_list *out)
{
	size_t size = per_inner(type)->size ? per_inner(type)->size : 1;

	out->count = random_size(r, type, r->budget > 0 ? RANDOM_ITEMS : 0);
	out->items = random_alloc(r, out->count * size);
	for (size_t i = 0; i < out->count; i++)
		random_value(r, per_inner(type), out->items + i * size);
}

static void random_value(struct random *r, const struct per_type *type, void *out)
{
	size_t choices = type->count;

	if (type->kind < PER_KIND_SEQUENCE) {
		random_scalar(r, type, out);
		return;
	}
	r->budget--;
	if (type->kind == PER_KIND_LIST) {
		random_list(r, type, out);
	} else if (type->kind == PER_KIND_SEQUENCE || type->kind == PER_KIND_CONTAINER) {
		random_members(r, type, out);
	} else if (type->bare) {
		*(struct per_ie *)out = (struct per_ie){ 60000, PER_IGNORE, bytes_of("\x00", 1) };
	} else {
		/* an alternative without members of sets we do not know */
		size_t i = (size_t)random_upto(r, choices - 1);

		*(unsigned *)out = (unsigned)i + 1;
		random_member(r, &per_members(type)[i], out);
	}
}

void random_check(const struct per_type *type, enum per_rule rule, unsigned seeds, int budget,
	void (*each)(struct bytes encoded))
{
	static uint8_t first[RANDOM_ENCODED], second[RANDOM_ENCODED];

	for (unsigned seed = 1; seed <= seeds; seed++) {
		struct writer w = writer_of(first, sizeof(first)), again = writer_of(second, sizeof(second));
		struct random r = { .state = seed * 0x9e3779b97f4a7c15u, .rule = rule, .budget = budget };
		struct per_diag diag;
		void *value, *back;

		arena_init(&r.arena, NULL, 0, RANDOM_ARENA);
		value = random_alloc(&r, type->size);
		back = random_alloc(&r, type->size);
		random_value(&r, type, value);
		if (!per_encode(type, rule, value, &w))
			fail_msg("%s, seed %u: not encoded", per_name(type), seed);
		if (!per_decode(type, rule, writer_bytes(&w), &r.arena, back, &diag) ||
			diag.fault != PER_FAULT_NONE)
			fail_msg("%s, seed %u: fault %d in %s", per_name(type), seed, diag.fault,
				diag.where ? diag.where : "?");
		assert_true(per_encode(type, rule, back, &again));
		if (!bytes_equal(writer_bytes(&w), writer_bytes(&again)))
			fail_msg("%s, seed %u: encodes to other octets", per_name(type), seed);
		if (each)
			each(writer_bytes(&w));
		arena_fini(&r.arena);
	}
}
