/* Encoding of IE containers: TS 38.413 9.4.7. IEs stand in the order of their set, with its criticality. */
#include "wire/per/encoder.h"

static bool encode_ie(struct encoder *e, const struct per_member *member, const void *in)
{
	const void *at = encode_place(member, in);

	bits_pad(&e->out);
	bits_put(&e->out, member->id, 16);
	bits_put(&e->out, member->criticality, 2);
	return at ? encode_in_open(e, member->type, at) : bits_refuse(&e->out);
}

bool encode_container(struct encoder *e, const struct per_type *type, const void *in)
{
	uint64_t n = 0;

	for (size_t i = 0; i < type->count; i++)
		n += encode_has(&type->members[i], in);
	if (n < (uint64_t)type->lb)
		return bits_refuse(&e->out);
	encode_span(e, n - (uint64_t)type->lb, type->span);
	for (size_t i = 0; i < type->count; i++) {
		if (encode_has(&type->members[i], in) && !encode_ie(e, &type->members[i], in))
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
		return encode_ie(e, &type->members[tag - 1], in);
	unknown = (const struct per_ie *)((const uint8_t *)in + (type->bare ? 0 : type->unknown));
	bits_pad(&e->out);
	bits_put(&e->out, unknown->id, 16);
	if (unknown->criticality > PER_NOTIFY)
		return bits_refuse(&e->out);
	bits_put(&e->out, unknown->criticality, 2);
	return encode_open_octets(e, unknown->value);
}
