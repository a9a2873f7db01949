/* Encoding of IE containers: TS 38.413 9.4.7. IEs stand in the order of their set, with its criticality. */
#include "wire/per/encoder.h"
#include "wire/per/scalar.h"

const void *encode_place(const struct per_member *member, const void *in)
{
	const uint8_t *at = (const uint8_t *)in + member->offset;

	return member->form == PER_FORM_POINTER ? *(void *const *)at : (const void *)at;
}

static bool container_is_empty(const struct per_type *type, const void *in)
{
	for (size_t i = 0; i < type->count; i++) {
		if (encode_has(&per_members(type)[i], in))
			return false;
	}
	return true;
}

bool encode_has(const struct per_member *member, const void *in)
{
	const struct per_type *type = per_member_type(member);

	switch ((enum per_form)member->form) {
	case PER_FORM_NONE:
		return !member->optional;
	case PER_FORM_PLAIN:
		if (!member->has_default)
			return true;
		return scalar_get((const uint8_t *)in + member->offset,
			       type->kind == PER_KIND_BOOL ? 1 : type->width,
			       type->is_signed) != (uint64_t)member->fallback;
	case PER_FORM_FLAG:
	case PER_FORM_HAS:
		return *((const bool *)in + member->flag);
	case PER_FORM_LOST:
		return !*((const bool *)in + member->flag);
	case PER_FORM_POINTER:
		break;
	}
	in = encode_place(member, in);
	/* a container of at least one IE (SIZE (1..)) is absent when it has none */
	return in && !(type->kind == PER_KIND_CONTAINER && type->lb > 0 && container_is_empty(type, in));
}

bool encode_in_open(struct encoder *e, const struct per_type *type, const void *in)
{
	size_t mark = encode_open_begin(e);

	return e->value(e, type, in) && encode_open_end(e, mark);
}

static bool encode_ie(struct encoder *e, const struct per_member *member, const void *in)
{
	const void *at = encode_place(member, in);

	bits_pad(&e->out);
	bits_put(&e->out, member->id, 16);
	bits_put(&e->out, member->criticality, 2);
	return at ? encode_in_open(e, per_member_type(member), at) : bits_refuse(&e->out);
}

bool encode_container(struct encoder *e, const struct per_type *type, const void *in)
{
	uint64_t n = 0;

	for (size_t i = 0; i < type->count; i++)
		n += encode_has(&per_members(type)[i], in);
	if (n < (uint64_t)type->lb)
		return bits_refuse(&e->out);
	encode_span(e, n - (uint64_t)type->lb, type->span);
	for (size_t i = 0; i < type->count; i++) {
		if (encode_has(&per_members(type)[i], in) && !encode_ie(e, &per_members(type)[i], in))
			return false;
	}
	return !e->out.failed;
}

bool encode_single(struct encoder *e, const struct per_type *type, const void *in)
{
	unsigned tag = type->bare ? 1 : *(const unsigned *)in;
	const struct per_ie *unknown;

	if (tag == 0 || tag > type->count + 1U)
		return bits_refuse(&e->out);
	if (tag <= type->count)
		return encode_ie(e, &per_members(type)[tag - 1], in);
	unknown = (const struct per_ie *)((const uint8_t *)in + (type->bare ? 0 : type->unknown));
	bits_pad(&e->out);
	bits_put(&e->out, unknown->id, 16);
	if (unknown->criticality > PER_NOTIFY)
		return bits_refuse(&e->out);
	bits_put(&e->out, unknown->criticality, 2);
	return encode_open_octets(e, unknown->value);
}
