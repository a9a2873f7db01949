/*
 * Packed Encoding Rules (ITU-T X.691), both variants, by one interpreter of const descriptors which
 * tools/asn1c.py writes. The IE containers of NGAP, F1AP and E1AP (TS 38.413 9.4.7) are decoded into
 * structs with a member an IE, and their errors judged by clause 10 of TS 38.413.
 *
 * How ASN.1 becomes C (snake case, acronyms together, prefix of the protocol):
 *   INTEGER             smallest fitting uintN_t or intN_t; int64_t if extensible or unconstrained
 *   BOOLEAN, NULL       bool; nothing
 *   ENUMERATED          enum, values in order; a value of X_N or more is an extension unknown to us
 *   OCTET STRING, character strings, OBJECT IDENTIFIER     struct bytes
 *   BIT STRING          fixed size up to 64: uintN_t, the last bit is the least significant;
 *                       every other: struct per_bits
 *   SEQUENCE OF         struct { size_t count; T *items; }
 *   CHOICE              struct { enum tag; union u; }; tag X_TAG_NONE (0) is no value, which cannot be
 *                       encoded; a tag of X_TAG_N or more is an extension unknown to us, in u.unknown
 *   IE alone (ProtocolIE-SingleContainer)    as CHOICE; unknown IEs have X_TAG_N and u.unknown
 *   OPTIONAL            scalars and views: bool has_x and x; composites: pointer, NULL is absent
 *   DEFAULT             the plain member: decoding sets the default, encoding leaves it out; among
 *                       the extension additions as OPTIONAL
 *   extension additions as OPTIONAL
 *   mandatory IE        the plain member; where its criticality allows the message to be processed
 *                       without it, also bool no_x: set by decoding when it is missing (38.413 10.3.5)
 * A struct of zeros is a valid start for encoding. Members without anything to hold are left out.
 * Views point into the input if octet-aligned there, else into the arena.
 */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"
#include "base/printer.h"

struct per_type;

enum per_rule {
	PER_ALIGNED,   /* NGAP, F1AP, E1AP */
	PER_UNALIGNED, /* RRC */
};

/* A string of len_bits bits, the first one the most significant of data[0]; what follows them is undefined.
 */
struct per_bits {
	const uint8_t *data;
	size_t len_bits;
};

/* TS 38.413 9.3.1.1 and 10.3.2; the values are those of the ASN.1. */
enum per_criticality {
	PER_REJECT,
	PER_IGNORE,
	PER_NOTIFY,
};

/* An IE that is not in the object set. */
struct per_ie {
	uint16_t id;
	uint8_t criticality; /* enum per_criticality */
	struct bytes value;
};

/* What is wrong with a message; the worst comes last (TS 38.413 10.2 to 10.3.6). */
enum per_fault {
	PER_FAULT_NONE,
	PER_FAULT_NOTIFY,              /* abstract-syntax-error-ignore-and-notify */
	PER_FAULT_REJECT,              /* abstract-syntax-error-reject */
	PER_FAULT_FALSELY_CONSTRUCTED, /* abstract-syntax-error-falsely-constructed-message */
	PER_FAULT_TRANSFER_SYNTAX,     /* transfer-syntax-error: not decodable */
	PER_FAULT_EXHAUSTED,           /* the arena's limit, not the peer's mistake */
};

enum per_verdict {
	PER_PROCESS,
	PER_PROCESS_AND_NOTIFY, /* process, and report the IEs of the diag */
	PER_REFUSE,             /* do not process; report */
	PER_DROP,               /* do not process, do not report: unknown procedure of criticality ignore */
};

/* TS 38.413 9.3.1.3, Type of Error; the values are those of the ASN.1. */
enum per_ie_error {
	PER_NOT_UNDERSTOOD,
	PER_MISSING,
};

enum {
	PER_DIAG_IES_MAX = 16,  /* reported; the standard allows up to 256 */
	PER_DEPTH_MAX = 64,     /* nested types: the deepest of our protocols has 29 */
	PER_UNKNOWN_MAX = 4096, /* unknown extensions in one message */
};

struct per_diag_ie {
	uint16_t id;
	uint8_t criticality; /* enum per_criticality */
	uint8_t error;       /* enum per_ie_error */
};

struct per_diag {
	enum per_fault fault;
	enum per_verdict verdict;
	bool has_procedure; /* the next three are known: set by the PDU decoders */
	uint8_t procedure_code;
	uint8_t triggering_message;    /* 0 initiating, 1 successful, 2 unsuccessful */
	uint8_t procedure_criticality; /* enum per_criticality */
	bool unknown_procedure;        /* 38.413 10.3.4.1: not comprehended */
	uint16_t count;                /* entries of ies */
	uint16_t dropped;              /* further ones for which there was no room */
	uint16_t ignored;              /* unknown IEs and extensions of criticality ignore */
	struct per_diag_ie ies[PER_DIAG_IES_MAX];
	const char *where;  /* type in which decoding stopped, for logs; NULL if it did not */
	size_t offset_bits; /* where in the innermost open type it stopped */
	bool has_where_ie;  /* it stopped within an IE of the message, where_ie */
	uint16_t where_ie;
};

/*
 * Decodes one value of type from in to out, which is as large as the type's C struct. All that is
 * variable comes from arena. True: out may be processed (diag->verdict PER_PROCESS or
 * PER_PROCESS_AND_NOTIFY). False: out holds what was understood, is safe to read and print, and
 * serves only to answer the sender. Octets after the value are a fault in the ALIGNED variant; in
 * the UNALIGNED one they are padding (TS 38.331 8.5).
 */
MUST_USE bool per_decode(const struct per_type *type, enum per_rule rule, struct bytes in,
	struct arena *arena, void *out, struct per_diag *diag);

/* As a complete encoding (X.691 11.1): at least one octet. False: no room, or in is not a valid value. */
MUST_USE bool per_encode(const struct per_type *type, enum per_rule rule, const void *in, struct writer *w);

/* A value for people (base/printer.h); strings that contain types we know are decoded too. */
void per_print(const struct per_type *type, enum per_rule rule, const void *value, struct printer *p);

/*
 * "radioNetwork: unspecified" of a CHOICE of ENUMERATEDs, as Cause is in every protocol; "none" of NULL, of
 * no alternative and of one that we do not know.
 */
void per_cause_text(const struct per_type *type, const void *cause, char *text, size_t size);

/* sizeof the C value. */
size_t per_size(const struct per_type *type);

/* The n first bits of b as a number, n up to 64; missing ones are 0. */
uint64_t per_bits_uint(struct per_bits b, size_t n);
