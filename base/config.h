/*
 * Configuration: YAML text read into C structs by tables. A table's row is the one place of a key: name,
 * member, range, default, help; the room that uses the value has it. Everything is checked: unknown keys,
 * missing ones, duplicates, kinds, ranges, and what a section's own check adds; an error gives file, line,
 * key and what was expected.
 */
#pragma once

#include "base/addr.h"
#include "base/arena.h"

struct config_field;
struct config_section;

enum config_kind {
	CONFIG_VALUE,   /* a scalar, read by `read` */
	CONFIG_SECTION, /* a mapping, described by `section` */
	CONFIG_INLINE,  /* keys of `section` that stand among those of this one */
	CONFIG_LIST,    /* a sequence of values (read) or mappings (section) into an array in place */
};

/* Reads a scalar's text into out of `size` octets; false when it is not one. */
typedef bool config_read(const char *text, const struct config_field *field, void *out);

struct config_field {
	const char *key;
	enum config_kind kind;
	bool required;
	bool lone;   /* of a list of values: one may stand without its brackets */
	bool secret; /* of a value: a key that is shown to nobody */
	bool live;   /* a change is taken while the process runs; of a list of values: all of it */
	/* Whether it, of a list all of it, may be taken while the process runs, the section as it is and as
	 * it is wanted; NULL: as live says, of a list only live keys of its elements, where it is as long as
	 * before. */
	bool (*live_if)(const void *is, const void *wanted);
	uint32_t offset;
	uint32_t size;         /* of the member, or of a list's element */
	uint32_t count_offset; /* lists: of the uint8_t count */
	uint16_t count_max;
	config_read *read;
	uint64_t min, max;     /* for numbers */
	const char *expected;  /* "a port from 1 to 65535"; NULL: by the reader's kind */
	const char *otherwise; /* the default as text, of a list words; NULL: zeros */
	const struct config_section *section;
	const char *help;
};

/* What a check found: where (the address of a member or element that was read), and what was expected. */
struct config_doubt {
	const void *where;
	char what[240];
};

struct config_section {
	const struct config_field *fields;
	size_t field_count;
	/* Completes and checks what was read into `at`; NULL: nothing to check. False with *doubt. */
	bool (*check)(void *at, struct config_doubt *doubt);
};

enum { CONFIG_ERROR_SIZE = 480 };

/* Sets every default of the section in out, which is zeroed first. */
void config_defaults(const struct config_section *section, void *out, size_t size);

/*
 * Reads text (of `file`, for messages) into out of `size` octets, over the defaults. Strings are copied into
 * the struct. False with a message in error; out then holds nothing of use.
 */
MUST_USE bool config_load(const struct config_section *root, const char *file, struct bytes text, void *out,
	size_t size, char error[CONFIG_ERROR_SIZE]);

/*
 * Where the text has what is `offset` octets into the struct that config_load reads from it: "FILE:LINE:
 * KEY", of the list or section around it if the text does not have it. Empty where the text cannot be read.
 */
void config_where(const struct config_section *root, const char *file, struct bytes text, size_t size,
	size_t offset, char where[CONFIG_ERROR_SIZE]);

/* A secret of a text: its octets there, from start to end with its quotes, and its value. */
enum { CONFIG_SECRET_SIZE = 136 };
struct config_secret {
	size_t start, end;
	char value[CONFIG_SECRET_SIZE];
};

/* The values of keys that are secret by their tables, in the order of the text, whatever else is wrong with
 * it; the caller wipes them. False with a message: the text is no YAML, or has more than cap. */
MUST_USE bool config_secrets(const struct config_section *root, const char *file, struct bytes text,
	struct config_secret *out, size_t cap, size_t *count, char error[CONFIG_ERROR_SIZE]);

/* What a field wants, in words. */
void config_expected(const struct config_field *f, char *text, size_t cap);

/* A key, as a reference has it. Texts that there are none of are empty. */
struct config_entry {
	const char *path; /* "core.amfs[].set" */
	const char *key;  /* "set" */
	const char *expected, *otherwise, *help;
	unsigned depth; /* sections around it */
	bool section, list, required, live;
};

/* Calls line() for each key in the order of the tables, sections and lists of them before what is in them. */
typedef void config_reference_fn(void *arg, const struct config_entry *entry);
void config_reference(const struct config_section *root, config_reference_fn *line, void *arg);

/* Copies the values of live keys of `from` into `to`, two structs of the section; lists of sections that
 * differ in length are left as they are. */
void config_take_live(const struct config_section *section, void *to, const void *from);

/* Calls differs() for each key whose value is another in b than in a, two structs of the root: a list of
 * other length by its name, else its elements' keys, "upfs[0].name". */
typedef void config_differs_fn(void *arg, const char *key, bool live);
void config_differences(const struct config_section *root, const void *a, const void *b,
	config_differs_fn *differs, void *arg);

/* Readers. */
config_read config_read_uint;       /* uint8_t to uint64_t by size, within min and max; 0x for hex */
config_read config_read_real;       /* double, within min and max, which are signed here */
config_read config_read_bool;       /* true, false, yes, no */
config_read config_read_str;        /* char[size] */
config_read config_read_addr;       /* struct addr, without a port */
config_read config_read_prefix;     /* struct prefix4 */
config_read config_read_prefix_any; /* struct prefix */
config_read config_read_rate;       /* uint64_t bit/s: "100 Mbps", "1.5 Gbps", or a plain number */

/* For readers of one word out of a few: the value goes into the member, an integer or enum by size. */
struct config_choice {
	const char *word;
	uint8_t value;
};

bool config_choose(const struct config_choice *choices, size_t count, const char *text,
	const struct config_field *field, void *out);

/* Rows: { CONFIG_UINT("mtu", struct_tag, member, 576, 9000, "1400", "help"), .required = true } */
#define CONFIG_AT(s, m)                    .offset = offsetof(struct s, m), .size = sizeof(((struct s *)0)->m)
#define CONFIG_KEY(k, s, m, r, d, h)       .key = k, .read = r, CONFIG_AT(s, m), .otherwise = d, .help = h
#define CONFIG_UINT(k, s, m, lo, hi, d, h) CONFIG_KEY(k, s, m, config_read_uint, d, h), .min = lo, .max = hi
#define CONFIG_BOOL(k, s, m, d, h)         CONFIG_KEY(k, s, m, config_read_bool, d, h)
#define CONFIG_STR(k, s, m, d, h)          CONFIG_KEY(k, s, m, config_read_str, d, h)
#define CONFIG_ADDR(k, s, m, d, h)         CONFIG_KEY(k, s, m, config_read_addr, d, h)
#define CONFIG_PREFIX(k, s, m, d, h)       CONFIG_KEY(k, s, m, config_read_prefix, d, h)
#define CONFIG_RATE(k, s, m, d, h)         CONFIG_KEY(k, s, m, config_read_rate, d, h)
#define CONFIG_OWN(k, s, m, r, what, d, h) CONFIG_KEY(k, s, m, r, d, h), .expected = what
#define CONFIG_SUB(k, s, m, sec, h)                                                                          \
	.key = k, .kind = CONFIG_SECTION, CONFIG_AT(s, m), .section = sec, .help = h
#define CONFIG_KEYS_OF(s, m, sec) .kind = CONFIG_INLINE, CONFIG_AT(s, m), .section = sec
#define CONFIG_LIST_AT(k, s, m, n)                                                                           \
	.key = k, .kind = CONFIG_LIST, CONFIG_AT(s, m[0]), .count_offset = offsetof(struct s, n),            \
	.count_max = ARRAY_LEN(((struct s *)0)->m)
#define CONFIG_SUBS(k, s, m, n, sec, h) CONFIG_LIST_AT(k, s, m, n), .section = sec, .help = h
#define CONFIG_VALUES(k, s, m, n, r, what, d, h)                                                             \
	CONFIG_LIST_AT(k, s, m, n), .read = r, .expected = what, .otherwise = d, .help = h
