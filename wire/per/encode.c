/* Encoding of SEQUENCE, SEQUENCE OF and CHOICE: X.691 clauses 19, 20 and 23. */
#include "wire/per/per.h"

#include "wire/per/encoder.h"
#include "wire/per/scalar.h"

static bool encode_value(struct encoder *e, const struct per_type *type, const void *in);

static bool encode_member(struct encoder *e, const struct per_member *member, const void *in)
{
	const void *at = encode_place(member, in);

	return at ? encode_value(e, per_member_type(member), at) : bits_refuse(&e->out);
}

static bool encode_components(
	struct encoder *e, const struct per_member *members, size_t count, const void *in)
{
	for (size_t i = 0; i < count; i++) {
		if (members[i].optional)
			bits_put(&e->out, encode_has(&members[i], in), 1);
	}
	for (size_t i = 0; i < count; i++) {
		if ((!members[i].optional || encode_has(&members[i], in)) &&
			!encode_member(e, &members[i], in))
			return false;
	}
	return !e->out.failed;
}

static bool addition_is_present(
	const struct per_type *type, const struct per_addition *addition, const void *in)
{
	for (size_t i = 0; i < addition->count; i++) {
		const struct per_member *member = &per_members(type)[addition->first + i];

		if (member->form != PER_FORM_NONE && encode_has(member, in))
			return true;
	}
	return false;
}

/* The number of additions up to the last one present. */
static size_t addition_count(const struct per_type *type, const void *in)
{
	size_t n = type->addition_count;

	while (n > 0 && !addition_is_present(type, &per_additions(type)[n - 1], in))
		n--;
	return n;
}

/* A mandatory member of a group that is present must be present too. */
static bool group_is_whole(const struct per_member *members, size_t count, const void *in)
{
	for (size_t i = 0; i < count; i++) {
		if (!members[i].optional && !encode_has(&members[i], in))
			return false;
	}
	return true;
}

static bool encode_addition(
	struct encoder *e, const struct per_type *type, const struct per_addition *addition, const void *in)
{
	const struct per_member *members = &per_members(type)[addition->first];
	size_t mark;

	if (!addition_is_present(type, addition, in))
		return true;
	mark = encode_open_begin(e);
	if (addition->group) {
		if (!group_is_whole(members, addition->count, in))
			return bits_refuse(&e->out);
		return encode_components(e, members, addition->count, in) && encode_open_end(e, mark);
	}
	return encode_member(e, members, in) && encode_open_end(e, mark);
}

/* All additions that we know have a bit in the bitmap (19.7). */
static bool encode_additions(struct encoder *e, const struct per_type *type, const void *in)
{
	size_t n = type->addition_count;

	if (n <= 64) {
		bits_put(&e->out, n - 1, 7);
	} else {
		bits_put(&e->out, 1, 1);
		encode_length(e, n);
	}
	for (size_t i = 0; i < n; i++)
		bits_put(&e->out, addition_is_present(type, &per_additions(type)[i], in), 1);
	for (size_t i = 0; i < n; i++) {
		if (!encode_addition(e, type, &per_additions(type)[i], in))
			return false;
	}
	return true;
}

static bool encode_sequence(struct encoder *e, const struct per_type *type, const void *in)
{
	bool extended = type->extensible && addition_count(type, in) > 0;

	if (type->extensible)
		bits_put(&e->out, extended, 1);
	if (!encode_components(e, per_members(type), type->root, in))
		return false;
	return !extended || encode_additions(e, type, in);
}

static bool encode_items(
	struct encoder *e, const struct per_type *type, const struct per_list *list, size_t from, size_t n)
{
	size_t size = per_inner(type)->size ? per_inner(type)->size : 1;

	for (size_t i = from; i < from + n; i++) {
		if (!encode_value(e, per_inner(type), list->items + i * size))
			return false;
	}
	return !e->out.failed;
}

static bool encode_list(struct encoder *e, const struct per_type *type, const struct per_list *in)
{
	size_t n = in->count, from = 0, take;
	bool in_root = n >= (uint64_t)type->lb && (type->unbounded || n - (uint64_t)type->lb <= type->span);

	if ((!in_root && !type->extensible) || (n > 0 && !in->items))
		return bits_refuse(&e->out);
	if (type->extensible)
		bits_put(&e->out, !in_root, 1);
	if (in_root && !type->unbounded && (uint64_t)type->lb + type->span < 65536) {
		encode_span(e, n - (uint64_t)type->lb, type->span);
		return encode_items(e, type, in, 0, n);
	}
	do {
		take = encode_length(e, n - from);
		if (!encode_items(e, type, in, from, take))
			return false;
		from += take;
	} while (take >= PER_FRAGMENT);
	return true;
}

static bool encode_choice(struct encoder *e, const struct per_type *type, const void *in)
{
	unsigned tag = *(const unsigned *)in;
	const struct per_member *member;
	const void *at;

	if (tag == 0 || (tag > type->root && !type->extensible))
		return bits_refuse(&e->out);
	tag--;
	if (type->extensible)
		bits_put(&e->out, tag >= type->root, 1);
	if (tag < type->root)
		encode_span(e, tag, type->root - 1);
	else
		encode_small(e, tag - type->root);
	if (tag >= type->count)
		return encode_open_octets(e, *(const struct bytes *)((const uint8_t *)in + type->unknown));
	member = &per_members(type)[tag];
	at = encode_place(member, in);
	if (!at)
		return bits_refuse(&e->out);
	return tag < type->root ? encode_value(e, per_member_type(member), at)
				: encode_in_open(e, per_member_type(member), at);
}

static bool encode_value(struct encoder *e, const struct per_type *type, const void *in)
{
	bool ok;

	if (type->kind < PER_KIND_SEQUENCE)
		return encode_scalar(e, type, in);
	if (e->depth >= PER_DEPTH_MAX)
		return bits_refuse(&e->out);
	e->depth++;
	switch ((enum per_kind)type->kind) {
	case PER_KIND_SEQUENCE:
		ok = encode_sequence(e, type, in);
		break;
	case PER_KIND_LIST:
		ok = encode_list(e, type, in);
		break;
	case PER_KIND_CHOICE:
		ok = encode_choice(e, type, in);
		break;
	case PER_KIND_CONTAINER:
		ok = encode_container(e, type, in);
		break;
	default:
		ok = encode_single(e, type, in);
	}
	e->depth--;
	return ok;
}

struct encoder encoder_of(const struct writer *w, bool aligned)
{
	return (struct encoder){ .out = { w->data, 8 * w->len, 8 * w->cap, aligned, w->failed },
		.value = encode_value };
}

bool per_encode(const struct per_type *type, enum per_rule rule, const void *in, struct writer *w)
{
	struct encoder e = encoder_of(w, rule == PER_ALIGNED);

	if (w->failed || !encode_value(&e, type, in)) {
		w->failed = true;
		return false;
	}
	if (e.out.at & 7)
		bits_put(&e.out, 0, 8 - (e.out.at & 7));
	if (e.out.at == 8 * w->len)
		bits_put(&e.out, 0, 8); /* 11.1.3 */
	w->failed = e.out.failed;
	if (!w->failed)
		w->len = e.out.at / 8;
	return !w->failed;
}

size_t per_size(const struct per_type *type)
{
	return type->size;
}

uint64_t per_bits_uint(struct per_bits b, size_t n)
{
	struct bit_reader r = { b.data, 0, b.len_bits, false, false };
	size_t have = n < b.len_bits ? n : b.len_bits;

	return bits_get(&r, (unsigned)have) << (n - have);
}
