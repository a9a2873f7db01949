/*
 * The engine of the protocols made of type-length-value elements: NAS (TS 24.007 clause 11.2), PFCP
 * (TS 29.244 clause 8.1) and GTP-U (TS 29.281 clause 8.1). A message or a grouped element is a const
 * table of rows over a C struct; the same rows decode, encode and print it.
 */
#pragma once

#include "base/arena.h"
#include "base/bytes.h"
#include "base/cursor.h"
#include "base/printer.h"

/* Members of a message struct: an optional value, optional octets of fixed length, a list in the arena. */
#define TLV_OPT(ctype, member)                                                                               \
	bool has_##member;                                                                                   \
	ctype member
#define TLV_OPT_OCTETS(member, n)                                                                            \
	bool has_##member;                                                                                   \
	uint8_t member[n]
#define TLV_LIST(ctype, member)                                                                              \
	size_t member##_count;                                                                               \
	ctype *member

/*
 * Flag octets that later releases may lengthen. Bit b (1 to 8) of the nth value octet (from 0) is bit
 * 8 * n + b - 1 of `bits`. octets is the length received; to send, 0 means as many as the bits need.
 */
struct tlv_flags {
	uint64_t bits;
	uint8_t octets;
};

enum tlv_fault_kind {
	TLV_OK = 0,
	TLV_TOO_SHORT,          /* less than a header or message type: ignore the message */
	TLV_BAD_HEADER,         /* not this protocol, or a header that contradicts itself */
	TLV_BAD_VERSION,        /* PFCP or GTP version not supported */
	TLV_BAD_MESSAGE_LENGTH, /* header length and octets received differ */
	TLV_UNKNOWN_MESSAGE,
	TLV_MISSING_MANDATORY,
	TLV_BAD_MANDATORY,    /* mandatory element with a wrong value */
	TLV_BAD_LENGTH,       /* mandatory element with a wrong length */
	TLV_BAD_CONDITIONAL,  /* NAS: syntactically incorrect conditional element */
	TLV_NOT_COMPREHENDED, /* unknown or out-of-sequence element marked "comprehension required" */
	TLV_NO_MEMORY,        /* the arena is at its limit */
};

/* Why a message was refused. cause is the protocol's own value; answer: whether to send it to the peer.
 */
struct tlv_fault {
	enum tlv_fault_kind kind;
	uint8_t cause;
	uint16_t ie;         /* IEI or element type at fault; 0 for imperative parts without one */
	const char *ie_name; /* its name in the tables, or NULL */
	bool answer;
};

/* The first optional element of a group that could not be decoded, and so counts as absent. */
struct tlv_wrong {
	uint16_t type; /* 0: there is none */
	uint8_t kind;  /* enum tlv_fault_kind */
};

enum tlv_format {
	TLV_FMT_HALF = 1, /* NAS V 1/2: first of a pair in bits 4 to 1, second in bits 8 to 5 */
	TLV_FMT_V,
	TLV_FMT_TV1, /* NAS TV of one octet: IEI in bits 8 to 5 */
	TLV_FMT_TV,
	TLV_FMT_LV,
	TLV_FMT_TLV,
	TLV_FMT_LVE,
	TLV_FMT_TLVE,
	TLV_FMT_16, /* PFCP: type and length of two octets */
};

enum tlv_presence { TLV_MANDATORY, TLV_OPTIONAL, TLV_CONDITIONAL };

enum tlv_kind {
	TLV_SPARE,
	TLV_UINT,
	TLV_FIXED, /* octets in an array */
	TLV_BYTES, /* struct bytes */
	TLV_FLAGS, /* struct tlv_flags */
	TLV_GROUP, /* a table of its own */
	TLV_VALUE, /* functions */
	TLV_TEXT,  /* functions; the value is a const char *, terminated */
	TLV_CHARS, /* part of a value, for printing only: a terminated char array */
};

struct tlv_group;
struct tlv_field;

enum { TLV_SHOW_SIZE = 160 }; /* octets of a value shown as one text */

/* How a value is read, written and shown. */
struct tlv_codec {
	enum tlv_kind kind;
	uint16_t size;  /* of the C value; of TLV_UINT its octets in memory (1, 2, 4, 8) */
	uint8_t octets; /* TLV_UINT: octets on the wire */
	/* The cursor spans the value's octets; octets left unread are ignored. TLV_OK, TLV_BAD_* or
	 * TLV_NO_MEMORY. */
	enum tlv_fault_kind (*decode)(struct cursor *c, struct arena *arena, void *value);
	/* Writes the value's octets; failure sticks in the writer. */
	void (*encode)(struct writer *w, const void *value);
	void (*show)(const void *value, char text[TLV_SHOW_SIZE]); /* the value as one text; may be NULL */
	const struct tlv_field *fields; /* TLV_VALUE: what to print, without show */
	uint8_t field_count;
	const struct tlv_group *group;
};

#define TLV_NO_OFFSET UINT16_MAX

/* One element of a message or group. Lengths are of the value, without type and length octets. */
struct tlv_ie {
	const char *name;
	const char *clause;
	const struct tlv_codec *codec;
	uint16_t type;
	uint16_t min, max;
	uint16_t offset; /* of the value; of a list, of its pointer */
	uint16_t has;    /* offset of the bool, or TLV_NO_OFFSET */
	uint16_t count;  /* offset of a list's size_t, or TLV_NO_OFFSET */
	uint8_t format;
	uint8_t presence;
};

struct tlv_group {
	const char *name;
	const char *clause;
	const struct tlv_ie *ies;
	uint16_t ie_count;
	uint16_t size;  /* of the C struct */
	uint8_t type;   /* message type; 0 for a grouped element */
	uint16_t wrong; /* of PFCP: offset of a struct tlv_wrong; 0: what counts as absent is not told */
};

/* Part of a decoded value, for printing. */
struct tlv_field {
	const char *name;
	const struct tlv_codec *codec;
	uint16_t offset;
	uint16_t has;
	uint16_t count;
};
