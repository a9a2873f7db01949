/*
 * The engine of the JSON bodies of the service operations (RFC 8259): const tables define which member of a
 * C struct is which key; the same tables decode, encode and name what is wrong. Pure; what it needs of
 * memory is the caller's arena.
 */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"
#include "base/printer.h"

enum json_limit {
	JSON_DEPTH_MAX = 32,     /* nested objects and arrays in a text */
	JSON_TEXT_MAX = 1 << 20, /* octets of a text */
	JSON_FIELDS_MAX = 64,    /* fields of one object's table */
	JSON_SCALAR_MAX = 1024,  /* octets of a string that a codec writes */
	JSON_PATH_SIZE = 128,    /* of a JSON pointer in a fault; longer ones are cut */
	JSON_PARTS_MAX = 64,
	JSON_ID_SIZE = 24,
};

/* The application errors of TS 29.500 table 5.2.7.2-1 that a body can cause. */
enum json_cause {
	JSON_OK,
	JSON_INVALID_FORMAT,      /* INVALID_MSG_FORMAT: not JSON, or a known key stands twice */
	JSON_MANDATORY_MISSING,   /* MANDATORY_IE_MISSING */
	JSON_MANDATORY_INCORRECT, /* MANDATORY_IE_INCORRECT */
	JSON_OPTIONAL_INCORRECT,  /* OPTIONAL_IE_INCORRECT: also anything wrong inside an optional object */
	JSON_NO_MEMORY,           /* the arena is at its limit */
};

struct json_fault {
	enum json_cause cause;
	char path[JSON_PATH_SIZE]; /* JSON pointer (RFC 6901) of what is wrong; empty: the whole text */
};

/* Binary parts of a multipart body, which {"contentId": ...} refers to (TS 29.502 6.1.2.4). */
struct json_part {
	struct bytes id;
	struct bytes type; /* Content-Type */
	struct bytes body;
	char made[JSON_ID_SIZE]; /* of an id that was made when encoding */
};

struct json_parts {
	uint8_t count;
	struct json_part items[JSON_PARTS_MAX];
};

struct json_field; /* wire/json/table.h */
struct json_object;

/*
 * Decodes text as `root` describes into out, which must be zero. parts: those of the message, or NULL.
 * Texts, lists and maps are in the arena; binaries point into the parts. False with a fault; out is then
 * undefined.
 */
MUST_USE bool json_decode(const struct json_field *root, struct bytes text, struct arena *arena,
	const struct json_parts *parts, void *out, struct json_fault *fault);

/*
 * Encodes `from`; binaries are added to parts (NULL: there are none). The writer fails when it is full or
 * a value cannot be encoded (out of its range, not UTF-8, an enum without a name).
 */
void json_encode(const struct json_field *root, const void *from, struct json_parts *parts, struct writer *w);

/* What `from` holds, for people (base/printer.h): secrets are ***; binaries are what the policy knows them to
 * be. */
void json_print(const struct json_field *root, const void *from, struct printer *p);
void json_print_object(const struct json_object *o, const void *from, struct printer *p);

/*
 * Makes a copy that shares no memory with what it is a copy of. base is a struct whose members were copied as
 * they stand: everything that they point to is copied into the arena. False when the arena refuses.
 */
MUST_USE bool json_copy(const struct json_field *f, struct arena *arena, void *base);
MUST_USE bool json_copy_object(const struct json_object *o, struct arena *arena, void *base);

/*
 * A copy that lay in one piece of octets, with all that it points to, was moved to another place as it is:
 * its pointers are put right. False: one points elsewhere. No pointer is a member of two fields.
 */
struct json_moved {
	const void *from;
	void *to;
	size_t octets;
};
MUST_USE bool json_move(const struct json_field *f, const struct json_moved *moved, void *base);
MUST_USE bool json_move_object(const struct json_object *o, const struct json_moved *moved, void *base);

/* Zeros in place of the secrets in a copy (json_copy); whether a struct of the table can hold any. */
void json_blank(const struct json_field *f, void *base);
void json_blank_object(const struct json_object *o, void *base);
bool json_has_secret(const struct json_field *f);

/* Whether the two structs hold the same. */
bool json_equal(const struct json_field *f, const void *a, const void *b);
bool json_equal_object(const struct json_object *o, const void *a, const void *b);

/* One scalar as plain text, as in paths and queries: no quotes, no escapes. */
MUST_USE bool json_scalar_read(
	const struct json_field *f, struct bytes text, struct arena *arena, void *base);
void json_scalar_write(const struct json_field *f, const void *base, struct writer *w);

/* Whether the field, were it optional, would be encoded: its value is not the empty one. */
bool json_is_filled(const struct json_field *f, const void *base);

/*
 * Percent-encoding of RFC 3986: all but unreserved characters. Decoding goes to the arena; false on a bad
 * one.
 */
void json_percent_write(struct writer *w, struct bytes text);
MUST_USE bool json_percent_read(struct bytes text, struct arena *arena, struct bytes *out);

/* A string with its quotes and escapes. The writer fails where the text is not UTF-8. */
void json_write_string(struct writer *w, struct bytes text);

/* Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates). */
bool json_is_utf8(struct bytes text);
