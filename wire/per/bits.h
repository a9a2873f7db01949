/* Bits of an encoding, most significant first. Errors stick, as with base/cursor.h. */
#pragma once

#include "base/cursor.h"

enum {
	PER_FRAGMENT = 16384, /* X.691 11.9.3.8: items of a fragment unit */
};

/* The bits [at, end) of data. */
struct bit_reader {
	const uint8_t *data;
	size_t at;
	size_t end;
	bool aligned;
	bool failed;
};

static inline size_t bits_left(const struct bit_reader *r)
{
	return r->end - r->at;
}

static inline bool bits_fail(struct bit_reader *r)
{
	r->failed = true;
	r->at = r->end;
	return false;
}

/* n bits as a number, n up to 64; 0 when fewer are left. */
static inline uint64_t bits_get(struct bit_reader *r, unsigned n)
{
	uint64_t v = 0;

	if (n > bits_left(r)) {
		bits_fail(r);
		return 0;
	}
	while (n > 0) {
		unsigned used = r->at & 7, take = 8 - used;
		uint8_t octet = r->data[r->at >> 3] & (0xff >> used);

		if (take > n) {
			octet >>= take - n;
			take = n;
		}
		v = v << take | octet;
		r->at += take;
		n -= take;
	}
	return v;
}

MUST_USE static inline bool bits_flag(struct bit_reader *r)
{
	bool v;

	if (r->at >= r->end)
		return bits_fail(r);
	v = r->data[r->at >> 3] >> (7 - (r->at & 7)) & 1;
	r->at++;
	return v;
}

/* In the ALIGNED variant, moves to the next octet. */
static inline void bits_align(struct bit_reader *r)
{
	if (r->aligned && (r->at & 7)) {
		r->at = (r->at + 7) & ~(size_t)7;
		if (r->at > r->end)
			bits_fail(r);
	}
}

/* The smallest number of bits that hold v. */
static inline unsigned bits_of(uint64_t v)
{
	return v ? 64 - (unsigned)__builtin_clzll(v) : 0;
}

/* Writes at the bit at of data[0..cap_bits). Octets beyond at may hold anything. */
struct bit_writer {
	uint8_t *data;
	size_t at;
	size_t cap_bits;
	bool aligned;
	bool failed;
};

static inline bool bits_refuse(struct bit_writer *w)
{
	w->failed = true;
	return false;
}

/* The n low bits of v, n up to 64. */
static inline void bits_put(struct bit_writer *w, uint64_t v, unsigned n)
{
	if (w->failed || n > w->cap_bits - w->at) {
		w->failed = true;
		return;
	}
	while (n > 0) {
		unsigned used = w->at & 7, room = 8 - used, take = n < room ? n : room;
		uint8_t part = (uint8_t)(v >> (n - take) & (0xff >> (8 - take)));
		uint8_t *octet = &w->data[w->at >> 3];

		*octet = (uint8_t)((used ? *octet & ~(0xff >> used) : 0) | part << (room - take));
		w->at += take;
		n -= take;
	}
}

/* In the ALIGNED variant, pads with zeros to the next octet. */
static inline void bits_pad(struct bit_writer *w)
{
	if (w->aligned && (w->at & 7))
		bits_put(w, 0, 8 - (w->at & 7));
}

/* n octets at whatever bit position. */
static inline void bits_put_octets(struct bit_writer *w, const uint8_t *data, size_t n)
{
	if (w->failed || n > (w->cap_bits - w->at) / 8) {
		w->failed = true;
		return;
	}
	if ((w->at & 7) == 0) {
		if (n > 0)
			memmove(w->data + (w->at >> 3), data, n);
		w->at += 8 * n;
		return;
	}
	for (size_t i = 0; i < n; i++)
		bits_put(w, data[i], 8);
}

/* n octets from whatever bit position. */
static inline void bits_get_octets(struct bit_reader *r, uint8_t *out, size_t n)
{
	if (n > bits_left(r) / 8) {
		bits_fail(r);
		return;
	}
	if ((r->at & 7) == 0) {
		if (n > 0)
			memcpy(out, r->data + (r->at >> 3), n);
		r->at += 8 * n;
		return;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)bits_get(r, 8);
}
