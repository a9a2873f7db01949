/* A view of octets owned by somebody else, and fixed-capacity copies of one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/must_use.h"

/* Octets owned elsewhere; valid as long as their owner keeps them. data may be NULL when len is 0. */
struct bytes {
	const uint8_t *data;
	size_t len;
};

#define BYTES(array)     ((struct bytes){ (const uint8_t *)(array), sizeof(array) })
#define BYTES_NONE       ((struct bytes){ NULL, 0 })
#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

static inline struct bytes bytes_of(const void *data, size_t len)
{
	return (struct bytes){ data, len };
}

static inline struct bytes bytes_of_str(const char *s)
{
	return (struct bytes){ (const uint8_t *)s, strlen(s) };
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Copies src into dst of cap octets; false, with dst untouched, if it does not fit. */
static inline bool bytes_copy(void *dst, size_t cap, struct bytes src)
{
	if (src.len > cap)
		return false;
	if (src.len > 0)
		memcpy(dst, src.data, src.len);
	return true;
}

/* FNV-1a: tells a repeated message from another one; no defence against somebody who wants two alike. */
static inline uint64_t bytes_digest(struct bytes b)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < b.len; i++)
		h = (h ^ b.data[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* Copies a C string with truncation; dst is always terminated. cap must be at least 1. */
static inline void str_copy(char *dst, size_t cap, const char *src)
{
	size_t len = strnlen(src, cap - 1);

	memcpy(dst, src, len);
	dst[len] = '\0';
}
