/*
 * What JSON tables are written with. A table describes a struct; nested objects may lie in a nested struct
 * (JSON_OBJ), or flat in the same one (JSON_GROUP).
 *
 * Zeros are absent: an optional field whose member is zero (or what its codec calls empty) is not written,
 * and a key that is not there leaves zero. Where zero is a value, give the field a `has` member.
 */
#pragma once

#include "wire/json/json.h"

enum json_form { JSON_STRING, JSON_NUMBER, JSON_BOOL };

/* How a scalar is read and written. base is the struct; the member is at base + f->offset. */
struct json_codec {
	enum json_form form;
	bool (*read)(const struct json_field *f, struct bytes text, void *base);
	void (*write)(const struct json_field *f, const void *base, struct writer *w);
	bool (*empty)(const struct json_field *f, const void *base); /* NULL: the member's octets are zero */
	void (*absent)(const struct json_field *f, void *base);      /* NULL: the member stays zero */
};

enum json_kind {
	JSON_VALUE,  /* codec */
	JSON_OBJECT, /* sub */
	JSON_LIST,   /* item; without a count: an array of one, of which others are skipped */
	JSON_MAP,    /* as a list, its elements under keys read by map_key */
	JSON_BINARY, /* struct bytes, {"contentId": text} and a part of type text2 */
	JSON_VIA,    /* another struct, made for the JSON, and its field */
};

struct json_object {
	const struct json_field *fields;
	uint8_t count;
};

/*
 * For JSON whose shape is not the struct's: `to` fills a zeroed view (false: nothing to say), `from` takes
 * it.
 */
struct json_via {
	size_t size;
	const struct json_field *field;
	bool (*to)(const void *base, void *view);
	bool (*from)(const void *view, void *base);
};

struct json_field {
	const char *key;
	enum json_kind kind;
	bool mandatory;
	bool cut;                 /* lists and maps: elements beyond `most` are dropped, not refused */
	uint16_t offset, size;    /* of the member; of a list, of its first element */
	uint16_t has;             /* 1 + offset of a bool; 0: none */
	uint16_t when, when_size; /* written only if these octets are not zero; when_size 0: no condition */
	uint16_t count;           /* 1 + offset of a uint8_t: elements, or octets of json_hex_var; 0: none */
	uint16_t most;
	uint64_t min, max;        /* of numbers; max 0: what the member holds */
	const char *const *names; /* json_enum: by value; NULL is no value */
	uint16_t name_count;
	const char *text, *text2; /* constants; content id and type; before and after a URI segment */
	const struct json_codec *codec;
	const struct json_object *sub;
	const struct json_field *item;
	const struct json_field *map_key;
	const struct json_via *via;
};

/* Codecs. Numbers and enums are unsigned members of 1, 2, 4 or 8 octets. */
extern const struct json_codec json_uint, json_bool, json_str, json_enum;
extern const struct json_codec json_hex;         /* exactly size octets */
extern const struct json_codec json_hex_var;     /* up to size octets, `count` of them */
extern const struct json_codec json_base64;      /* the same, RFC 4648 clause 4 */
extern const struct json_codec json_date_time;   /* uint64_t, ms since 1970 UTC; RFC 3339 */
extern const struct json_codec json_const;       /* the string `text`, nothing else */
extern const struct json_codec json_true;        /* true, nothing else */
extern const struct json_codec json_emit;        /* the string `text`; what is read is ignored */
extern const struct json_codec json_uri_segment; /* char[]: the URI's part between text and text2 */
/* Codecs of 3GPP's data types, TS 29.571. */
extern const struct json_codec json_bit_rate;      /* uint64_t bit/s, "1 Gbps" */
extern const struct json_codec json_supi;          /* struct supi, "imsi-..." */
extern const struct json_codec json_mcc, json_mnc; /* of a struct plmn */
extern const struct json_codec json_plmn_text;     /* struct plmn, "00101" */
extern const struct json_codec json_tac;           /* uint32_t of 24 bits */
extern const struct json_codec json_nr_cell_id;    /* uint64_t of 36 bits */
extern const struct json_codec json_sd;            /* uint32_t; absent: SNSSAI_NO_SD */
extern const struct json_codec json_snssai_text;   /* struct snssai, "1-010203" (29.571 5.4.4.2) */
extern const struct json_codec json_amf_id;        /* of a struct guami */
extern const struct json_codec json_ipv4;          /* uint32_t, host order */
extern const struct json_codec json_ipv4_text;     /* char[] */

#define JSON_AT(s, m)      .offset = offsetof(struct s, m), .size = sizeof(((struct s *)0)->m)
#define JSON_HAS(s, m)     .has = offsetof(struct s, m) + 1
#define JSON_COUNT(s, m)   .count = offsetof(struct s, m) + 1
#define JSON_WHEN(s, m)    .when = offsetof(struct s, m), .when_size = sizeof(((struct s *)0)->m)
#define JSON_RANGE(lo, hi) .min = lo, .max = hi
#define JSON_NAMES(list)   .names = list, .name_count = ARRAY_LEN(list)

#define JSON_V(k, c, s, m)          .key = k, .codec = &c, JSON_AT(s, m)
#define JSON_E(k, list, s, m)       .key = k, .codec = &json_enum, JSON_NAMES(list), JSON_AT(s, m)
#define JSON_C(k, t)                .key = k, .codec = &json_const, .text = t
#define JSON_EMIT(k, t)             .key = k, .codec = &json_emit, .text = t
#define JSON_OBJ(k, o, s, m)        .key = k, .kind = JSON_OBJECT, .sub = &o, JSON_AT(s, m)
#define JSON_GROUP(k, o)            .key = k, .kind = JSON_OBJECT, .sub = &o
#define JSON_BIN(k, id, type, s, m) .key = k, .kind = JSON_BINARY, .text = id, .text2 = type, JSON_AT(s, m)
#define JSON_ITEMS(k, i, s, m, n)                                                                            \
	.key = k, .kind = JSON_LIST, .item = &i, JSON_AT(s, m[0]), .most = ARRAY_LEN(((struct s *)0)->m),    \
	JSON_COUNT(s, n)
/* An array of one object that lies flat in the same struct. */
#define JSON_ONE(k, i)     .key = k, .kind = JSON_LIST, .item = &i
#define JSON_THROUGH(k, v) .key = k, .kind = JSON_VIA, .via = &v

/* A table from its rows: { JSON_V(...), .mandatory = true }, ... */
#define JSON_TABLE(name, ...)                                                                                \
	static const struct json_field name##_fields[] = { __VA_ARGS__ };                                    \
	static const struct json_object name = { name##_fields, ARRAY_LEN(name##_fields) }
#define JSON_ROOT(name, object)                                                                              \
	static const struct json_field name = { .kind = JSON_OBJECT, .mandatory = true, .sub = &object }
