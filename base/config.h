/*
 * Configuration: YAML text read into C structs by tables. Everything is checked: unknown keys, missing
 * ones, duplicates, kinds and ranges; an error says file, line, key and what was expected.
 */
#pragma once

#include "base/addr.h"
#include "base/arena.h"

struct config_field;
struct config_section;

enum config_kind {
	CONFIG_VALUE,   /* a scalar, read by `read` */
	CONFIG_SECTION, /* a mapping, described by `section` */
	CONFIG_LIST,    /* a sequence of values (read) or mappings (section) into an array in place */
};

/* Reads a scalar's text into out of `size` octets; false when it is not one. */
typedef bool config_read(const char *text, const struct config_field *field, void *out);

struct config_field {
	const char *key;
	enum config_kind kind;
	bool required;
	uint16_t offset;
	uint16_t size;         /* of the member, or of a list's element */
	uint16_t count_offset; /* lists: of the uint8_t count */
	uint16_t count_max;
	config_read *read;
	uint64_t min, max;    /* for numbers */
	const char *expected; /* "a port from 1 to 65535"; NULL: said by the reader's kind */
	const struct config_section *section;
	const char *help;
};

struct config_section {
	const struct config_field *fields;
	size_t field_count;
};

enum { CONFIG_ERROR_SIZE = 320 };

/*
 * Reads text (of `file`, for messages) into out, which holds the defaults. Strings are copied into the
 * struct. False with a message in error.
 */
MUST_USE bool config_load(const struct config_section *root, const char *file, struct bytes text, void *out,
	char error[CONFIG_ERROR_SIZE]);

/* Readers. */
config_read config_read_uint;   /* uint8_t to uint64_t by size, within min and max; 0x for hex */
config_read config_read_bool;   /* true, false, yes, no */
config_read config_read_str;    /* char[size] */
config_read config_read_addr;   /* struct addr, without a port */
config_read config_read_prefix; /* struct prefix4 */
config_read config_read_rate;   /* uint64_t bit/s: "100 Mbps", "1.5 Gbps", or a plain number */

#define CONFIG_AT(s, m) offsetof(struct s, m), sizeof(((struct s *)0)->m)
#define CONFIG_UINT(s, m, lo, hi, h)                                                                         \
	{ #m, CONFIG_VALUE, false, CONFIG_AT(s, m), 0, 0, config_read_uint, lo, hi, NULL, NULL, h }
#define CONFIG_BOOL(s, m, h)                                                                                 \
	{ #m, CONFIG_VALUE, false, CONFIG_AT(s, m), 0, 0, config_read_bool, 0, 0, NULL, NULL, h }
#define CONFIG_STR(s, m, h)                                                                                  \
	{ #m, CONFIG_VALUE, false, CONFIG_AT(s, m), 0, 0, config_read_str, 0, 0, NULL, NULL, h }
#define CONFIG_ADDR(s, m, h)                                                                                 \
	{ #m, CONFIG_VALUE, false, CONFIG_AT(s, m), 0, 0, config_read_addr, 0, 0, NULL, NULL, h }
#define CONFIG_PREFIX(s, m, h)                                                                               \
	{ #m, CONFIG_VALUE, false, CONFIG_AT(s, m), 0, 0, config_read_prefix, 0, 0, NULL, NULL, h }
#define CONFIG_RATE(s, m, h)                                                                                 \
	{ #m, CONFIG_VALUE, false, CONFIG_AT(s, m), 0, 0, config_read_rate, 0, 0, NULL, NULL, h }
#define CONFIG_CUSTOM(s, m, fn, what, h)                                                                     \
	{ #m, CONFIG_VALUE, false, CONFIG_AT(s, m), 0, 0, fn, 0, 0, what, NULL, h }
#define CONFIG_SUB(s, m, sec, h)                                                                             \
	{ #m, CONFIG_SECTION, false, CONFIG_AT(s, m), 0, 0, NULL, 0, 0, NULL, sec, h }
#define CONFIG_SUBS(s, m, n, sec, h)                                                                         \
	{ #m, CONFIG_LIST, false, CONFIG_AT(s, m[0]), offsetof(struct s, n), ARRAY_LEN(((struct s *)0)->m),  \
		NULL, 0, 0, NULL, sec, h }
#define CONFIG_VALUES(s, m, n, fn, lo, hi, what, h)                                                          \
	{ #m, CONFIG_LIST, false, CONFIG_AT(s, m[0]), offsetof(struct s, n), ARRAY_LEN(((struct s *)0)->m),  \
		fn, lo, hi, what, NULL, h }
