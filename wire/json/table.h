/*
 * What JSON tables are written with. A table describes a struct; tools/openapi.py makes most of them.
 *
 * Lists are { uint32_t count; items } (struct json_list), maps the same of entries that begin with
 * `const char *key`; objects lie in place, or behind a pointer that is NULL when they are not there. What a
 * pointer points to is the arena's or the caller's.
 *
 * Zeros are absent: an optional field whose member is zero (or what its codec calls empty) is not written,
 * and a key that is not there leaves zero. Where zero is a value, give the field a `has` member.
 */
#pragma once

#include "wire/json/json.h"

enum json_form { JSON_STRING, JSON_NUMBER, JSON_BOOL, JSON_ANY };

/* Whether the member points to something that a copy needs for itself. */
enum json_hold { JSON_HOLDS_NOTHING, JSON_HOLDS_TEXT, JSON_HOLDS_BYTES };

/* How a scalar is read and written. base is the struct; the member is at base + f->offset. */
struct json_codec {
	enum json_form form;
	bool (*read)(const struct json_field *f, struct bytes text, struct arena *arena, void *base);
	void (*write)(const struct json_field *f, const void *base, struct writer *w);
	bool (*empty)(const struct json_field *f, const void *base); /* NULL: the member's octets are zero */
	void (*absent)(const struct json_field *f, void *base);      /* NULL: the member stays zero */
	enum json_hold hold;
};

enum json_kind {
	JSON_VALUE,  /* codec */
	JSON_OBJECT, /* sub */
	JSON_LIST,   /* struct json_list of item */
	JSON_MAP,    /* struct json_list of entries: const char *key, and item at its offset */
	JSON_BINARY, /* struct bytes, {"contentId": text} and a part of type text2 */
};

struct json_list {
	uint32_t count;
	void *items;
};

struct json_object {
	const struct json_field *fields;
	uint8_t count;
	bool or_text; /* in its place there may be a string alone, which is the first of the fields */
};

struct json_field {
	const char *key;
	enum json_kind kind;
	bool mandatory;
	bool pointer; /* the member points to the object; of an element, NULL is the JSON null */
	bool secret;  /* printed as *** */
	uint16_t offset;
	uint16_t size;            /* of the member; of an object, an element or an entry */
	uint16_t has;             /* 1 + offset of a bool; 0: none */
	uint16_t most;            /* octets of json_text; 0: no bound but the text's */
	uint64_t min, max;        /* of numbers; max 0: what the member holds */
	const char *const *names; /* json_enum: by value; NULL is no value */
	uint16_t name_count;
	uint16_t other;           /* json_enum: the value of names that are not known; 0: they are refused */
	const char *text, *text2; /* content id and type */
	const struct json_codec *codec;
	const struct json_object *sub;
	const struct json_field *item;
};

/* Codecs. Numbers and enums are unsigned members of 1, 2, 4 or 8 octets. */
extern const struct json_codec json_uint, json_bool, json_enum;
extern const struct json_codec json_text;       /* const char *, terminated */
extern const struct json_codec json_hex;        /* an array of exactly size octets */
extern const struct json_codec json_hex_octets; /* struct bytes, in hexadecimal */
extern const struct json_codec json_base64;     /* struct bytes, RFC 4648 clause 4 */
extern const struct json_codec json_any;        /* struct bytes: any JSON, as its text */
extern const struct json_codec json_date_time;  /* uint64_t, ms since 1970 UTC; RFC 3339 */
/* Codecs of 3GPP's data types, TS 29.571. */
extern const struct json_codec json_bit_rate;      /* uint64_t bit/s, "1 Gbps" */
extern const struct json_codec json_supi;          /* struct supi, "imsi-..." */
extern const struct json_codec json_mcc, json_mnc; /* of a struct plmn */
extern const struct json_codec json_plmn_text;     /* struct plmn, "00101" */
extern const struct json_codec json_tac;           /* uint32_t of 24 bits */
extern const struct json_codec json_nr_cell_id;    /* uint64_t of 36 bits */
extern const struct json_codec json_sd;            /* uint32_t; absent: SNSSAI_NO_SD */
extern const struct json_codec json_amf_id;        /* of a struct guami */
extern const struct json_codec json_ipv4;          /* uint32_t, host order */

#define JSON_AT(s, m)      .offset = offsetof(struct s, m), .size = sizeof(((struct s *)0)->m)
#define JSON_HAS(s, m)     .has = offsetof(struct s, m) + 1
#define JSON_RANGE(lo, hi) .min = lo, .max = hi
#define JSON_NAMES(list)   .names = list, .name_count = ARRAY_LEN(list)

#define JSON_V(k, c, s, m)    .key = k, .codec = &c, JSON_AT(s, m)
#define JSON_E(k, list, s, m) .key = k, .codec = &json_enum, JSON_NAMES(list), JSON_AT(s, m)
#define JSON_OBJ(k, o, s, m)  .key = k, .kind = JSON_OBJECT, .sub = &o, JSON_AT(s, m)
/* A list: i describes its items. */
#define JSON_ITEMS(k, i, s, m)                                                                               \
	.key = k, .kind = JSON_LIST, .item = &i, .offset = offsetof(struct s, m),                            \
	.size = sizeof(*((struct s *)0)->m.items)

/* A table from its rows: { JSON_V(...), .mandatory = true }, ... */
#define JSON_TABLE(name, ...)                                                                                \
	static const struct json_field name##_fields[] = { __VA_ARGS__ };                                    \
	static const struct json_object name = { name##_fields, ARRAY_LEN(name##_fields) }
