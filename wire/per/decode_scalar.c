/* Decoding of lengths, numbers and strings: X.691 clauses 11 to 17, 24 and 30. */
#include "wire/per/decoder.h"

#include "wire/per/scalar.h"

bool decode_fault(struct decoder *d, const struct per_type *type)
{
	if (d->diag->fault < PER_FAULT_TRANSFER_SYNTAX) {
		d->diag->fault = PER_FAULT_TRANSFER_SYNTAX;
		d->diag->where = per_name(type);
		d->diag->offset_bits = d->in.at;
	}
	return bits_fail(&d->in);
}

bool decode_exhausted(struct decoder *d)
{
	if (d->diag->fault < PER_FAULT_EXHAUSTED) {
		d->diag->fault = PER_FAULT_EXHAUSTED;
		d->diag->where = "arena";
		d->diag->offset_bits = d->in.at;
	}
	return bits_fail(&d->in);
}

uint64_t decode_span(struct decoder *d, uint64_t span)
{
	unsigned bits = bits_of(span);
	uint64_t v;

	if (!d->in.aligned || span < 255) {
		v = bits_get(&d->in, bits);
	} else if (span <= 65535) {
		bits_align(&d->in);
		v = bits_get(&d->in, span == 255 ? 8 : 16);
	} else {
		/* 11.5.7.4: the number of octets, then they */
		unsigned octets = (unsigned)decode_span(d, (bits + 7) / 8 - 1) + 1;

		if (octets > 8) {
			bits_fail(&d->in);
			return 0;
		}
		bits_align(&d->in);
		v = bits_get(&d->in, 8 * octets);
	}
	if (v > span) {
		bits_fail(&d->in);
		return 0;
	}
	return v;
}

size_t decode_length(struct decoder *d, bool *more)
{
	uint64_t v;

	*more = false;
	bits_align(&d->in);
	v = bits_get(&d->in, 8);
	if (v < 0x80)
		return v;
	if (v < 0xc0)
		return (v & 0x3f) << 8 | bits_get(&d->in, 8);
	v &= 0x3f;
	if (v < 1 || v > 4) {
		bits_fail(&d->in);
		return 0;
	}
	*more = true;
	return v * PER_FRAGMENT;
}

/* A number of octets counted before it, as 11.8 has them; at most 8 of them. */
static uint64_t decode_counted(struct decoder *d, bool is_signed)
{
	bool more;
	size_t octets = decode_length(d, &more);
	uint64_t v;

	if (more || octets < 1 || octets > 9) {
		bits_fail(&d->in);
		return 0;
	}
	v = bits_get(&d->in, octets == 9 ? 8 : 8 * (unsigned)octets);
	if (octets == 9) {
		if (v != 0 || is_signed) {
			bits_fail(&d->in);
			return 0;
		}
		v = bits_get(&d->in, 64);
	} else if (is_signed && octets < 8 && v >> (8 * octets - 1)) {
		v |= ~(uint64_t)0 << (8 * octets);
	}
	return v;
}

size_t decode_small(struct decoder *d)
{
	uint64_t v;

	if (!bits_flag(&d->in))
		return bits_get(&d->in, 6);
	v = decode_counted(d, false);
	if (v > 65535) {
		bits_fail(&d->in);
		return 0;
	}
	return v;
}

static void decode_int(struct decoder *d, const struct per_type *type, void *out)
{
	uint64_t v;

	if ((type->extensible && bits_flag(&d->in)) || type->no_lower) {
		v = decode_counted(d, true);
	} else if (type->unbounded) {
		v = decode_counted(d, false);
		if (v > UINT64_MAX - (type->lb > 0 ? (uint64_t)type->lb : 0))
			bits_fail(&d->in);
		v += (uint64_t)type->lb;
	} else {
		v = decode_span(d, type->span) + (uint64_t)type->lb;
	}
	scalar_set(out, type->width, v);
}

static void decode_enum(struct decoder *d, const struct per_type *type, void *out)
{
	size_t v;

	if (type->extensible && bits_flag(&d->in)) {
		v = decode_small(d) + type->root;
		if (v >= type->count)
			d->not_comprehended = true;
	} else {
		v = decode_span(d, type->root - 1);
	}
	scalar_set(out, sizeof(unsigned), v);
}

/*
 * Joins the fragments of a string of units of unit_bits, the first of which is n units long and is
 * followed by more (11.9.3.8); the total is checked against what the input can hold before it is taken.
 */
static uint8_t *decode_fragments(struct decoder *d, size_t n, unsigned unit_bits, size_t *total)
{
	size_t room = bits_left(&d->in) / unit_bits, used = 0;
	uint8_t *whole = arena_alloc(d->arena, room * unit_bits / 8 + 1);
	struct bit_writer join = { whole, 0, 8 * (room * unit_bits / 8 + 1), false, false };
	bool more = true;

	if (!whole) {
		decode_exhausted(d);
		return NULL;
	}
	while (!d->in.failed) {
		if (n > room - used || n > bits_left(&d->in) / unit_bits) {
			bits_fail(&d->in);
			break;
		}
		for (size_t bits = n * unit_bits; bits > 0;) {
			unsigned take = bits < 56 ? (unsigned)bits : 56;

			bits_put(&join, bits_get(&d->in, take), take);
			bits -= take;
		}
		used += n;
		if (!more)
			break;
		n = decode_length(d, &more);
	}
	*total = used;
	return d->in.failed ? NULL : whole;
}

/*
 * n units of unit_bits as a view of the input, or copied when not octet-aligned there; the first
 * of several fragments when more.
 */
static bool decode_units(struct decoder *d, size_t n, unsigned unit_bits, bool more, struct per_bits *out)
{
	size_t total = n, bits;
	uint8_t *copy;

	if (d->in.failed || n > bits_left(&d->in) / unit_bits)
		return bits_fail(&d->in);
	if (more) {
		out->data = decode_fragments(d, n, unit_bits, &total);
		out->len_bits = total * unit_bits;
		return out->data != NULL;
	}
	bits = n * unit_bits;
	if ((d->in.at & 7) == 0) {
		out->data = bits ? d->in.data + (d->in.at >> 3) : NULL;
		out->len_bits = bits;
		d->in.at += bits;
		return true;
	}
	copy = arena_alloc(d->arena, bits / 8 + 1);
	if (!copy)
		return decode_exhausted(d);
	bits_get_octets(&d->in, copy, bits / 8);
	if (bits & 7)
		copy[bits / 8] = (uint8_t)(bits_get(&d->in, bits & 7) << (8 - (bits & 7)));
	out->data = copy;
	out->len_bits = bits;
	return true;
}

/*
 * The size and contents of a string. Contents of more than short_bits, and all of variable size,
 * are octet-aligned in the ALIGNED variant (16.9 to 16.11, 17.6 to 17.8, 30.5.6, 30.5.7).
 */
static bool decode_string(
	struct decoder *d, const struct per_type *type, unsigned unit_bits, struct per_bits *out)
{
	bool extended = type->extensible && bits_flag(&d->in), more = false;
	uint64_t ub = (uint64_t)type->lb + type->span;
	size_t n;

	if (!extended && !type->unbounded && ub < 65536) {
		n = (size_t)type->lb + decode_span(d, type->span);
		if (scalar_is_aligned(type, unit_bits) && n > 0)
			bits_align(&d->in);
		return decode_units(d, n, unit_bits, false, out);
	}
	n = decode_length(d, &more);
	if (!decode_units(d, n, unit_bits, more, out))
		return false;
	n = out->len_bits / unit_bits;
	if (!extended && (n < (uint64_t)type->lb || (!type->unbounded && n > ub)))
		return bits_fail(&d->in);
	return true;
}

/* A value outside the type's alphabet is not comprehended (TS 38.413 10.3.1), as one outside a logical range.
 */
static void judge_characters(struct decoder *d, const struct per_type *type, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!scalar_is_character(type, text.data[i]))
			d->not_comprehended = true;
}

static void decode_text(struct decoder *d, const struct per_type *type, struct bytes *out)
{
	unsigned unit_bits = d->in.aligned ? 8 : type->width;
	struct per_bits bits = { NULL, 0 };
	struct bit_reader chars;
	uint8_t *text;

	if (!decode_string(d, type, unit_bits, &bits))
		return;
	if (unit_bits == 8) {
		*out = bytes_of(bits.data, bits.len_bits / 8);
		judge_characters(d, type, *out);
		return;
	}
	chars = (struct bit_reader){ bits.data, 0, bits.len_bits, false, false };
	text = arena_alloc(d->arena, bits.len_bits / unit_bits + 1);
	if (!text) {
		decode_exhausted(d);
		return;
	}
	for (size_t i = 0; i < bits.len_bits / unit_bits; i++)
		text[i] = (uint8_t)bits_get(&chars, unit_bits);
	*out = bytes_of(text, bits.len_bits / unit_bits);
	judge_characters(d, type, *out);
}

bool decode_scalar(struct decoder *d, const struct per_type *type, void *out)
{
	struct per_bits bits = { NULL, 0 };

	switch ((enum per_kind)type->kind) {
	case PER_KIND_BOOL:
		*(bool *)out = bits_flag(&d->in);
		break;
	case PER_KIND_INT:
		decode_int(d, type, out);
		break;
	case PER_KIND_ENUM:
		decode_enum(d, type, out);
		break;
	case PER_KIND_UINT_BITS:
		if (type->lb > 16)
			bits_align(&d->in);
		scalar_set(out, type->width, bits_get(&d->in, (unsigned)type->lb));
		break;
	case PER_KIND_BITS:
		if (decode_string(d, type, 1, out))
			break;
		return decode_fault(d, type);
	case PER_KIND_STRING:
		decode_text(d, type, out);
		break;
	case PER_KIND_OCTETS:
	case PER_KIND_UTF8:
	case PER_KIND_OID:
		if (decode_string(d, type, 8, &bits))
			*(struct bytes *)out = bytes_of(bits.data, bits.len_bits / 8);
		break;
	default:
		break;
	}
	return d->in.failed ? decode_fault(d, type) : true;
}

bool decode_open_octets(struct decoder *d, struct bytes *out)
{
	struct per_bits bits = { NULL, 0 };
	bool more;
	size_t n = decode_length(d, &more);

	if (!decode_units(d, n, 8, more, &bits))
		return false;
	*out = bytes_of(bits.data, bits.len_bits / 8);
	return true;
}

bool decode_open(struct decoder *d, struct bit_reader *contents)
{
	struct per_bits bits;
	bool more;
	size_t n = decode_length(d, &more);

	*contents = d->in;
	if (!more) {
		if (d->in.failed || n > bits_left(&d->in) / 8)
			return bits_fail(&d->in);
		contents->end = d->in.at + 8 * n;
		d->in.at = contents->end;
		return true;
	}
	if (!decode_units(d, n, 8, true, &bits))
		return false;
	contents->data = bits.data;
	contents->at = 0;
	contents->end = bits.len_bits;
	return true;
}
