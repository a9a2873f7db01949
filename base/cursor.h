/*
 * Bounds-checked reading and writing of big-endian octets. Every octet of a message goes through
 * one of these. Errors stick: read or write a whole group, then test `failed` once; a failed
 * cursor yields zeros and never moves out of its bounds.
 */
#pragma once

#include "base/bytes.h"

/* Reads the octets [at, end). */
struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

/* Writes into data[0..cap); len octets are written so far. */
struct writer {
	uint8_t *data;
	size_t cap;
	size_t len;
	bool failed;
};

static inline struct cursor cursor_of(struct bytes b)
{
	return (struct cursor){ b.data, b.len ? b.data + b.len : b.data, false };
}

static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* The next n octets as a view, consumed; fails and returns an empty view when fewer are left. */
static inline struct bytes cursor_bytes(struct cursor *c, size_t n)
{
	const uint8_t *at = c->at;

	if (c->failed || n > cursor_left(c)) {
		c->failed = true;
		return BYTES_NONE;
	}
	if (n > 0)
		c->at += n;
	return bytes_of(at, n);
}

static inline struct bytes cursor_rest(struct cursor *c)
{
	return cursor_bytes(c, cursor_left(c));
}

static inline void cursor_skip(struct cursor *c, size_t n)
{
	(void)cursor_bytes(c, n);
}

/* An unsigned integer of n octets, n from 1 to 8. */
static inline uint64_t cursor_uint(struct cursor *c, size_t n)
{
	struct bytes b = cursor_bytes(c, n);
	uint64_t v = 0;

	for (size_t i = 0; i < b.len; i++)
		v = v << 8 | b.data[i];
	return v;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	return (uint8_t)cursor_uint(c, 1);
}

static inline uint16_t cursor_u16(struct cursor *c)
{
	return (uint16_t)cursor_uint(c, 2);
}

static inline uint32_t cursor_u24(struct cursor *c)
{
	return (uint32_t)cursor_uint(c, 3);
}

static inline uint32_t cursor_u32(struct cursor *c)
{
	return (uint32_t)cursor_uint(c, 4);
}

static inline uint64_t cursor_u64(struct cursor *c)
{
	return cursor_uint(c, 8);
}

/* Copies the next n octets to dst. */
static inline void cursor_copy(struct cursor *c, void *dst, size_t n)
{
	struct bytes b = cursor_bytes(c, n);

	if (b.len == n && n > 0)
		memcpy(dst, b.data, n);
	else if (n > 0)
		memset(dst, 0, n);
}

/* A cursor over the next n octets, which are consumed here. */
static inline struct cursor cursor_sub(struct cursor *c, size_t n)
{
	struct cursor sub = cursor_of(cursor_bytes(c, n));

	sub.failed = c->failed;
	return sub;
}

static inline struct writer writer_of(void *data, size_t cap)
{
	return (struct writer){ data, cap, 0, false };
}

static inline struct bytes writer_bytes(const struct writer *w)
{
	return w->failed ? BYTES_NONE : bytes_of(w->data, w->len);
}

/* Room for n octets at the end, to be filled by the caller; NULL when they do not fit. */
static inline uint8_t *writer_reserve(struct writer *w, size_t n)
{
	uint8_t *at = w->data + w->len;

	if (w->failed || n > w->cap - w->len) {
		w->failed = true;
		return NULL;
	}
	w->len += n;
	return at;
}

/* Writes v in n octets, n from 1 to 8; fails when v needs more. */
static inline void writer_uint(struct writer *w, uint64_t v, size_t n)
{
	uint8_t *at = writer_reserve(w, n);

	if (!at)
		return;
	if (n < 8 && v >> (8 * n)) {
		w->failed = true;
		return;
	}
	for (size_t i = n; i-- > 0; v >>= 8)
		at[i] = (uint8_t)v;
}

static inline void writer_u8(struct writer *w, uint8_t v)
{
	writer_uint(w, v, 1);
}

static inline void writer_u16(struct writer *w, uint16_t v)
{
	writer_uint(w, v, 2);
}

static inline void writer_u24(struct writer *w, uint32_t v)
{
	writer_uint(w, v, 3);
}

static inline void writer_u32(struct writer *w, uint32_t v)
{
	writer_uint(w, v, 4);
}

static inline void writer_u64(struct writer *w, uint64_t v)
{
	writer_uint(w, v, 8);
}

static inline void writer_put(struct writer *w, struct bytes b)
{
	uint8_t *at = writer_reserve(w, b.len);

	if (at && b.data) /* nothing may be NULL */
		memcpy(at, b.data, b.len);
}

/*
 * A length field of n octets to be known later: writes zeros and returns its offset;
 * writer_patch() then sets it to the number of octets written after it.
 */
static inline size_t writer_mark(struct writer *w, size_t n)
{
	size_t offset = w->len;

	writer_uint(w, 0, n);
	return offset;
}

static inline void writer_patch(struct writer *w, size_t offset, size_t n)
{
	size_t v;

	if (w->failed)
		return;
	v = w->len - offset - n;
	if (n < sizeof(v) && v >> (8 * n)) {
		w->failed = true;
		return;
	}
	for (size_t i = n; i-- > 0; v >>= 8)
		w->data[offset + i] = (uint8_t)v;
}
