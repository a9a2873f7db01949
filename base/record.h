/*
 * Described records: the persistent part of a context as a table of {tag, type, offset}. The same table
 * stores it, reads it back (also in the next version: unknown tags are skipped, missing ones stay zero)
 * and shows it. Fields with zero values take no room.
 *
 * On disk: a sequence of tag (1 octet), length (2 octets, big endian), value.
 */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"

enum record_type {
	RECORD_UINT, /* uint8_t, uint16_t, uint32_t, uint64_t or bool by size; stored without leading zeros */
	RECORD_OCTETS, /* size octets in place */
	RECORD_STR,    /* char[size], terminated */
	RECORD_SECRET, /* as RECORD_OCTETS, never shown */
	RECORD_STRUCT, /* a nested record, `sub` */
	RECORD_LIST, /* array in place of `count_max` elements of `size`, count (uint8_t) at `count_offset` */
};

struct record_field {
	uint8_t tag; /* never reuse a number within a record */
	enum record_type type;
	const char *name;
	uint16_t offset, size;
	uint16_t count_offset, count_max;
	const struct record_def *sub;
};

struct record_def {
	const char *name;
	const struct record_field *fields;
	size_t field_count;
};

#define RECORD_MEMBER_SIZE(s, m) sizeof(((struct s *)0)->m)

#define RECORD_U(t, s, m) { t, RECORD_UINT, #m, offsetof(struct s, m), RECORD_MEMBER_SIZE(s, m), 0, 0, NULL }
#define RECORD_O(t, s, m)                                                                                    \
	{ t, RECORD_OCTETS, #m, offsetof(struct s, m), RECORD_MEMBER_SIZE(s, m), 0, 0, NULL }
#define RECORD_S(t, s, m) { t, RECORD_STR, #m, offsetof(struct s, m), RECORD_MEMBER_SIZE(s, m), 0, 0, NULL }
#define RECORD_K(t, s, m)                                                                                    \
	{ t, RECORD_SECRET, #m, offsetof(struct s, m), RECORD_MEMBER_SIZE(s, m), 0, 0, NULL }
#define RECORD_SUB(t, s, m, d)                                                                               \
	{ t, RECORD_STRUCT, #m, offsetof(struct s, m), RECORD_MEMBER_SIZE(s, m), 0, 0, d }
#define RECORD_L(t, s, m, n, d)                                                                              \
	{ t, RECORD_LIST, #m, offsetof(struct s, m), RECORD_MEMBER_SIZE(s, m[0]), offsetof(struct s, n),     \
		ARRAY_LEN(((struct s *)0)->m), d }

/* False when it does not fit the writer. */
MUST_USE bool record_encode(const struct record_def *def, const void *from, struct writer *w);

/* Reads into `to`, whose described fields must be zero. False on octets that are not such a record. */
MUST_USE bool record_decode(const struct record_def *def, struct bytes in, void *to);

/* "name=value name=value"; secrets as "***". */
void record_print(const struct record_def *def, const void *from, struct writer *w);
