/* Encoding of lengths, numbers, strings and open types: X.691 clauses 11 to 17, 24 and 30. */
#include "wire/per/encoder.h"

#include "wire/per/scalar.h"

enum {
	TEXT_MAX = 512,
};

void encode_span(struct encoder *e, uint64_t v, uint64_t span)
{
	unsigned bits = bits_of(span);

	if (v > span) {
		bits_refuse(&e->out);
	} else if (!e->out.aligned || span < 255) {
		bits_put(&e->out, v, bits);
	} else if (span <= 65535) {
		bits_pad(&e->out);
		bits_put(&e->out, v, span == 255 ? 8 : 16);
	} else {
		/* 11.5.7.4: the number of octets, then they */
		unsigned octets = v ? (bits_of(v) + 7) / 8 : 1;

		encode_span(e, octets - 1, (bits + 7) / 8 - 1);
		bits_pad(&e->out);
		bits_put(&e->out, v, 8 * octets);
	}
}

size_t encode_length(struct encoder *e, size_t n)
{
	size_t units;

	bits_pad(&e->out);
	if (n < 128) {
		bits_put(&e->out, n, 8);
		return n;
	}
	if (n < PER_FRAGMENT) {
		bits_put(&e->out, 0x8000 | n, 16);
		return n;
	}
	units = n / PER_FRAGMENT < 4 ? n / PER_FRAGMENT : 4;
	bits_put(&e->out, 0xc0 | units, 8);
	return units * PER_FRAGMENT;
}

static void encode_unsigned(struct encoder *e, uint64_t v)
{
	unsigned octets = v ? (bits_of(v) + 7) / 8 : 1;

	encode_length(e, octets);
	bits_put(&e->out, v, 8 * octets);
}

static void encode_signed(struct encoder *e, int64_t v)
{
	uint64_t magnitude = v < 0 ? ~(uint64_t)v : (uint64_t)v;
	unsigned octets = bits_of(magnitude) / 8 + 1;

	encode_length(e, octets);
	bits_put(&e->out, (uint64_t)v, 8 * octets);
}

void encode_small(struct encoder *e, uint64_t v)
{
	if (v < 64) {
		bits_put(&e->out, v, 7);
		return;
	}
	bits_put(&e->out, 1, 1);
	encode_unsigned(e, v);
}

static void encode_int(struct encoder *e, const struct per_type *type, const void *in)
{
	uint64_t v = scalar_get(in, type->width, type->is_signed);
	uint64_t above = v - (uint64_t)type->lb;
	bool low = !type->no_lower && (type->is_signed ? (int64_t)v < type->lb : v < (uint64_t)type->lb);
	bool in_root = !low && (type->unbounded || above <= type->span);

	if (type->extensible)
		bits_put(&e->out, !in_root, 1);
	if (!in_root && !type->extensible)
		bits_refuse(&e->out);
	else if (!in_root || type->no_lower)
		encode_signed(e, (int64_t)v);
	else if (type->unbounded)
		encode_unsigned(e, above);
	else
		encode_span(e, above, type->span);
}

static void encode_enum(struct encoder *e, const struct per_type *type, const void *in)
{
	unsigned v = *(const unsigned *)in;

	if (type->extensible)
		bits_put(&e->out, v >= type->root, 1);
	if (v < type->root)
		encode_span(e, v, type->root - 1);
	else if (type->extensible)
		encode_small(e, v - type->root);
	else
		bits_refuse(&e->out);
}

/* Units [from, from + n) of unit_bits. */
static void put_units(struct encoder *e, const uint8_t *data, size_t from, size_t n, unsigned unit_bits)
{
	size_t bits = n * unit_bits;

	/* from is a multiple of PER_FRAGMENT, thus of 8 bits */
	data += from * unit_bits / 8;
	bits_put_octets(&e->out, data, bits / 8);
	if (bits & 7)
		bits_put(&e->out, data[bits / 8] >> (8 - (bits & 7)), bits & 7);
}

/* n units with an unconstrained length, in fragments if need be (11.9.3.8). */
static void put_fragments(struct encoder *e, const uint8_t *data, size_t n, unsigned unit_bits)
{
	size_t from = 0, take;

	do {
		take = encode_length(e, n - from);
		if (take > 0)
			put_units(e, data, from, take, unit_bits);
		from += take;
	} while (take >= PER_FRAGMENT && !e->out.failed);
}

static void encode_string(
	struct encoder *e, const struct per_type *type, unsigned unit_bits, const uint8_t *data, size_t n)
{
	bool in_root = n >= (uint64_t)type->lb && (type->unbounded || n - (uint64_t)type->lb <= type->span);

	if ((!in_root && !type->extensible) || (n > 0 && !data)) {
		bits_refuse(&e->out);
		return;
	}
	if (type->extensible)
		bits_put(&e->out, !in_root, 1);
	if (!in_root || type->unbounded || (uint64_t)type->lb + type->span >= 65536) {
		put_fragments(e, data, n, unit_bits);
		return;
	}
	encode_span(e, n - (uint64_t)type->lb, type->span);
	if (n == 0)
		return;
	if (scalar_is_aligned(type, unit_bits))
		bits_pad(&e->out);
	put_units(e, data, 0, n, unit_bits);
}

/* Characters of seven bits, unaligned: up to TEXT_MAX octets, as none of ours is longer than 150. */
static void encode_text(struct encoder *e, const struct per_type *type, struct bytes text)
{
	uint8_t packed[TEXT_MAX];
	struct bit_writer chars = { packed, 0, 8 * sizeof(packed), false, false };
	unsigned unit_bits = e->out.aligned ? 8 : type->width;

	if (unit_bits == 8) {
		encode_string(e, type, 8, text.data, text.len);
		return;
	}
	for (size_t i = 0; i < text.len && !chars.failed; i++)
		bits_put(&chars, text.data[i], unit_bits);
	if (chars.failed)
		bits_refuse(&e->out);
	else
		encode_string(e, type, unit_bits, packed, text.len);
}

bool encode_scalar(struct encoder *e, const struct per_type *type, const void *in)
{
	const struct per_bits *bits = in;
	const struct bytes *octets = in;

	switch ((enum per_kind)type->kind) {
	case PER_KIND_BOOL:
		bits_put(&e->out, *(const bool *)in, 1);
		break;
	case PER_KIND_INT:
		encode_int(e, type, in);
		break;
	case PER_KIND_ENUM:
		encode_enum(e, type, in);
		break;
	case PER_KIND_UINT_BITS: {
		uint64_t v = scalar_get(in, type->width, false);

		if (type->lb > 16)
			bits_pad(&e->out);
		if (bits_of(v) > type->lb)
			bits_refuse(&e->out);
		bits_put(&e->out, v, (unsigned)type->lb);
		break;
	}
	case PER_KIND_BITS:
		encode_string(e, type, 1, bits->data, bits->len_bits);
		break;
	case PER_KIND_STRING:
		encode_text(e, type, *octets);
		break;
	case PER_KIND_OCTETS:
	case PER_KIND_UTF8:
	case PER_KIND_OID:
		encode_string(e, type, 8, octets->data, octets->len);
		break;
	default:
		break;
	}
	return !e->out.failed;
}

bool encode_open_octets(struct encoder *e, struct bytes contents)
{
	put_fragments(e, contents.data, contents.len, 8);
	return !e->out.failed;
}

/*
 * The length of the contents is not known before they are encoded: room for a length of one octet is
 * left, and the contents start at an octet boundary, so that both variants encode them as they stand.
 */
size_t encode_open_begin(struct encoder *e)
{
	size_t mark;

	bits_pad(&e->out);
	mark = e->out.at;
	bits_put(&e->out, 0, 8);
	if (e->out.at & 7)
		bits_put(&e->out, 0, 8 - (e->out.at & 7));
	return mark;
}

/* Moves n octets of contents from octet index from to where the writer will be after a length. */
static bool put_moved(struct encoder *e, size_t from, size_t n)
{
	struct bit_writer *w = &e->out;
	size_t lengths = n < 128 ? 1 : n < PER_FRAGMENT ? 2 : 2 + 2 * (n / PER_FRAGMENT), to;
	const uint8_t *contents;

	/* out of the way of the lengths, then into place */
	to = w->at / 8 + lengths + 1;
	if (to > from) {
		if (n > w->cap_bits / 8 || to > w->cap_bits / 8 - n)
			return false;
		memmove(w->data + to, w->data + from, n);
		from = to;
	}
	contents = w->data + from;
	return encode_open_octets(e, bytes_of(contents, n));
}

bool encode_open_end(struct encoder *e, size_t mark)
{
	struct bit_writer *w = &e->out;
	size_t from = (mark + 15) / 8, n;

	if (w->at & 7)
		bits_put(w, 0, 8 - (w->at & 7));
	if (w->at / 8 == from)
		bits_put(w, 0, 8); /* 11.2.1: at least one octet */
	if (w->failed)
		return false;
	n = w->at / 8 - from;
	if ((mark & 7) == 0 && n < 128) {
		w->data[mark / 8] = (uint8_t)n;
		return true;
	}
	if ((mark & 7) == 0 && n < PER_FRAGMENT) {
		bits_put(w, 0, 8);
		if (w->failed)
			return false;
		memmove(w->data + from + 1, w->data + from, n);
		w->data[mark / 8] = (uint8_t)(0x80 | n >> 8);
		w->data[mark / 8 + 1] = (uint8_t)n;
		return true;
	}
	w->at = mark;
	if (!put_moved(e, from, n))
		return bits_refuse(w);
	return true;
}
