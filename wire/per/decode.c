/* Decoding of SEQUENCE, SEQUENCE OF, CHOICE and open types: X.691 clauses 19, 20, 23 and 11.2. */
#include "wire/per/per.h"

#include "wire/per/decoder.h"
#include "wire/per/scalar.h"

enum {
	OPTIONALS_MAX = 256, /* components of a bitmap of presence; tools/asn1c.py refuses more */
};

static bool decode_value(struct decoder *d, const struct per_type *type, void *out);

static bool decode_member(struct decoder *d, const struct per_member *member, void *out)
{
	void *at = decode_place(d, member, out);

	return at && decode_value(d, per_member_type(member), at);
}

/* Reads n flags of presence, n up to OPTIONALS_MAX, to set. */
static void decode_bitmap(struct decoder *d, size_t n, uint64_t *set)
{
	for (size_t i = 0; i < n; i += 64) {
		unsigned take = n - i < 64 ? (unsigned)(n - i) : 64;

		set[i / 64] = bits_get(&d->in, take) << (64 - take);
	}
}

static bool bitmap_has(const uint64_t *set, size_t i)
{
	return set[i / 64] >> (63 - i % 64) & 1;
}

static void set_fallback(const struct per_member *member, void *out)
{
	const struct per_type *type = per_member_type(member);
	unsigned width = type->kind == PER_KIND_BOOL ? 1 : type->width;

	if (member->form == PER_FORM_PLAIN)
		scalar_set((uint8_t *)out + member->offset, width, (uint64_t)member->fallback);
}

/* Components members[0..count) with their bitmap, optionals of them being optional. */
static bool decode_components(
	struct decoder *d, const struct per_member *members, size_t count, size_t optionals, void *out)
{
	uint64_t set[OPTIONALS_MAX / 64] = { 0 };
	size_t bit = 0;

	decode_bitmap(d, optionals, set);
	if (d->in.failed)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct per_member *member = &members[i];

		if (member->optional && !bitmap_has(set, bit++)) {
			if (member->has_default)
				set_fallback(member, out);
			continue;
		}
		if (!decode_member(d, member, out))
			return false;
	}
	return true;
}

/* An addition group [[ ]] within its open type: a SEQUENCE of its members (19.9). */
static bool decode_group(
	struct decoder *d, const struct per_type *type, const struct per_addition *group, void *out)
{
	const struct per_member *members = &per_members(type)[group->first];
	struct bit_reader after, contents;
	size_t optionals = 0;
	bool ok;

	for (size_t i = 0; i < group->count; i++)
		optionals += members[i].optional;
	if (!decode_open(d, &contents))
		return decode_fault(d, type);
	after = d->in;
	d->in = contents;
	ok = decode_components(d, members, group->count, optionals, out);
	ok = ok && decode_is_complete(d, contents.at);
	d->in = after;
	return ok ? true : decode_fault(d, type);
}

/* The number of extension additions, at most that of bits that follow (19.8). */
static size_t decode_addition_count(struct decoder *d)
{
	bool more = false;
	size_t n;

	if (!bits_flag(&d->in))
		return bits_get(&d->in, 6) + 1;
	n = decode_length(d, &more);
	if (more)
		bits_fail(&d->in);
	return n;
}

static bool decode_skip(struct decoder *d, const struct per_type *type)
{
	struct bit_reader contents;

	if (++d->unknown > PER_UNKNOWN_MAX || !decode_open(d, &contents))
		return decode_fault(d, type);
	if (d->diag->ignored < UINT16_MAX)
		d->diag->ignored++;
	return true;
}

/* Addition i of the sender's version, which is present. */
static bool decode_addition(struct decoder *d, const struct per_type *type, size_t i, void *out)
{
	const struct per_addition *addition;
	const struct per_member *member;
	void *at;

	if (i >= type->addition_count)
		return decode_skip(d, type);
	addition = &per_additions(type)[i];
	if (addition->group)
		return decode_group(d, type, addition, out);
	member = &per_members(type)[addition->first];
	at = decode_place(d, member, out);
	return at && decode_in_open(d, per_member_type(member), at);
}

static bool decode_additions(struct decoder *d, const struct per_type *type, void *out)
{
	size_t n = decode_addition_count(d);
	struct bit_reader bitmap = d->in;

	if (d->in.failed || n > bits_left(&d->in))
		return decode_fault(d, type);
	d->in.at += n;
	for (size_t i = 0; i < n; i++) {
		if (bits_flag(&bitmap) && !decode_addition(d, type, i, out))
			return false;
	}
	return true;
}

static bool decode_sequence(struct decoder *d, const struct per_type *type, void *out)
{
	bool extended = type->extensible && bits_flag(&d->in);

	if (d->in.failed)
		return decode_fault(d, type);
	if (!decode_components(d, per_members(type), type->root, type->optionals, out))
		return decode_fault(d, type);
	return !extended || decode_additions(d, type, out);
}

static bool decode_items(struct decoder *d, const struct per_type *type, size_t n, struct per_list *out)
{
	const struct per_type *inner = per_inner(type);
	size_t size = inner->size ? inner->size : 1, total = out->count + n;
	uint8_t *items;

	if (n > bits_left(&d->in) / (inner->min_bits ? inner->min_bits : 1) && inner->min_bits)
		return decode_fault(d, type);
	if (n == 0)
		return true;
	items = arena_array(d->arena, total, size);
	if (!items)
		return decode_exhausted(d);
	if (out->count > 0)
		memcpy(items, out->items, out->count * size);
	out->items = items;
	for (out->count = total - n; out->count < total; out->count++) {
		if (!decode_value(d, inner, items + out->count * size))
			return false;
	}
	return true;
}

static bool decode_list(struct decoder *d, const struct per_type *type, struct per_list *out)
{
	bool extended = type->extensible && bits_flag(&d->in), more = false;
	uint64_t ub = (uint64_t)type->lb + type->span;
	size_t n;

	if (!extended && !type->unbounded && ub < 65536) {
		n = (size_t)type->lb + decode_span(d, type->span);
		return d->in.failed ? decode_fault(d, type) : decode_items(d, type, n, out);
	}
	do {
		n = decode_length(d, &more);
		if (d->in.failed || (!type->unbounded && !extended && n > ub - out->count))
			return decode_fault(d, type);
		if (!decode_items(d, type, n, out))
			return false;
	} while (more);
	if (!extended && out->count < (uint64_t)type->lb)
		return decode_fault(d, type);
	return true;
}

static bool decode_choice(struct decoder *d, const struct per_type *type, void *out)
{
	bool extended = type->extensible && bits_flag(&d->in);
	size_t index = extended ? decode_small(d) + type->root : decode_span(d, type->root - 1);
	const struct per_member *member;
	void *at;

	if (d->in.failed)
		return decode_fault(d, type);
	if (index >= type->count) {
		struct bytes unknown = BYTES_NONE;

		if (++d->unknown > PER_UNKNOWN_MAX || !decode_open_octets(d, &unknown))
			return decode_fault(d, type);
		d->not_comprehended = true;
		*(unsigned *)out = (unsigned)index + 1;
		*(struct bytes *)((uint8_t *)out + type->unknown) = unknown;
		return true;
	}
	member = &per_members(type)[index];
	at = decode_place(d, member, out);
	if (!at)
		return false;
	*(unsigned *)out = (unsigned)index + 1;
	return extended ? decode_in_open(d, per_member_type(member), at)
			: decode_value(d, per_member_type(member), at);
}

static bool decode_value(struct decoder *d, const struct per_type *type, void *out)
{
	bool ok;

	if (type->kind < PER_KIND_SEQUENCE)
		return decode_scalar(d, type, out);
	if (d->depth >= PER_DEPTH_MAX)
		return decode_fault(d, type);
	d->depth++;
	switch ((enum per_kind)type->kind) {
	case PER_KIND_SEQUENCE:
		ok = decode_sequence(d, type, out);
		break;
	case PER_KIND_LIST:
		ok = decode_list(d, type, out);
		break;
	case PER_KIND_CHOICE:
		ok = decode_choice(d, type, out);
		break;
	case PER_KIND_CONTAINER:
		ok = decode_container(d, type, out);
		break;
	default:
		ok = decode_single(d, type, out);
	}
	d->depth--;
	return ok;
}

static enum per_verdict verdict_of(enum per_fault fault)
{
	if (fault == PER_FAULT_NONE)
		return PER_PROCESS;
	return fault == PER_FAULT_NOTIFY ? PER_PROCESS_AND_NOTIFY : PER_REFUSE;
}

bool per_decode(const struct per_type *type, enum per_rule rule, struct bytes in, struct arena *arena,
	void *out, struct per_diag *diag)
{
	struct decoder d = {
		.in = { in.data, 0, 8 * in.len, rule == PER_ALIGNED, false },
		.value = decode_value,
		.arena = arena,
		.diag = diag,
	};

	memset(diag, 0, sizeof(*diag));
	memset(out, 0, type->size);
	if (in.len > SIZE_MAX / 8)
		decode_fault(&d, type);
	else if (decode_value(&d, type, out) && rule == PER_ALIGNED && !decode_is_complete(&d, 0))
		decode_fault(&d, type);
	diag->verdict = verdict_of(diag->fault);
	return diag->verdict == PER_PROCESS || diag->verdict == PER_PROCESS_AND_NOTIFY;
}
