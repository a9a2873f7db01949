/* The descriptors that tools/asn1c.py writes and the interpreter reads. */
#pragma once

#include "wire/per/pdu.h" /* beside per.h what every protocol's header needs */

enum per_kind {
	PER_KIND_NULL,
	PER_KIND_BOOL,
	PER_KIND_INT,
	PER_KIND_ENUM,
	PER_KIND_UINT_BITS, /* BIT STRING of a fixed size up to 64, as a number */
	PER_KIND_BITS,
	PER_KIND_OCTETS,
	PER_KIND_UTF8,   /* its SIZE is not PER-visible: X.691 10.3.11 */
	PER_KIND_STRING, /* PrintableString, VisibleString: X.691 30 */
	PER_KIND_OID,
	/* composites */
	PER_KIND_SEQUENCE,
	PER_KIND_LIST,
	PER_KIND_CHOICE,
	PER_KIND_CONTAINER, /* ProtocolIE-Container and its like: a member an IE */
	PER_KIND_SINGLE,    /* ProtocolIE-SingleContainer: one IE of a set */
};

/* The characters that a PER_KIND_STRING may have (X.680 41). */
enum per_alphabet {
	PER_ALPHABET_ANY,       /* 7 bits: IA5String */
	PER_ALPHABET_PRINTABLE, /* letters, digits, space and '()+,-./:=? */
	PER_ALPHABET_VISIBLE,   /* space to ~ */
	PER_ALPHABET_NUMERIC,   /* digits and space */
};

/* How a member stands in the C struct. */
enum per_form {
	PER_FORM_NONE,    /* nothing to hold */
	PER_FORM_PLAIN,   /* x */
	PER_FORM_FLAG,    /* has_x and x */
	PER_FORM_HAS,     /* has_x alone */
	PER_FORM_LOST,    /* no_x and x */
	PER_FORM_POINTER, /* *x */
};

/*
 * The descriptors refer to each other by int32_t, the distance in octets from the reference to what it refers
 * to; 0: to nothing. So they need no relocation: every process has them from the file, and of the protocols
 * that it does not speak no page is read.
 */
static inline const void *per_at(const int32_t *ref)
{
	return *ref ? (const uint8_t *)ref + *ref : NULL;
}

/* A component, alternative or IE. */
struct per_member {
	int64_t fallback; /* of DEFAULT */
	int32_t type;     /* per_member_type */
	int32_t name;     /* per_member_name */
	uint32_t offset;  /* of x */
	uint32_t flag;    /* offset of has_x or no_x */
	uint16_t id;      /* of an IE */
	uint8_t form;     /* enum per_form */
	uint8_t criticality;
	bool optional; /* OPTIONAL or DEFAULT on the wire; of an IE: not mandatory */
	bool has_default;
};

/* An extension addition of a SEQUENCE: members first..first+count-1; group: they are a [[ ]]. */
struct per_addition {
	uint16_t first;
	uint16_t count;
	bool group;
};

struct per_type {
	int32_t name;      /* per_name */
	int32_t members;   /* per_members */
	int32_t additions; /* per_additions */
	int32_t inner;     /* per_inner */
	int32_t values;    /* per_value_name */
	uint8_t kind;      /* enum per_kind */
	bool extensible;
	bool is_signed;       /* of the C integer */
	bool unbounded;       /* no upper bound: of a size or an INTEGER */
	bool no_lower;        /* INTEGER without a lower bound */
	bool has_private_ids; /* container: IEs are identified by PrivateIE-ID */
	bool bare;            /* single of an empty set: the C value is struct per_ie */
	uint8_t alphabet;     /* enum per_alphabet */
	uint8_t width;      /* octets of the C integer; of a string: 7 or 8, bits of a character unaligned */
	uint16_t min_bits;  /* no encoding is shorter */
	uint16_t root;      /* values, alternatives or components in the root */
	uint16_t count;     /* values of an enum; members */
	uint16_t optionals; /* optional components in the root */
	uint16_t addition_count;
	uint32_t size;    /* sizeof the C value */
	uint32_t unknown; /* choice, single: offset of u.unknown */
	int64_t lb;       /* least value or size */
	uint64_t span;    /* greatest less least value or size */
};

static inline const char *per_name(const struct per_type *type)
{
	return per_at(&type->name);
}

static inline const struct per_member *per_members(const struct per_type *type)
{
	return per_at(&type->members);
}

static inline const struct per_addition *per_additions(const struct per_type *type)
{
	return per_at(&type->additions);
}

/* The element of a list; what octets contain, NULL where the ASN.1 does not say. */
static inline const struct per_type *per_inner(const struct per_type *type)
{
	return per_at(&type->inner);
}

/* The name of a value of an enum that has it: value is less than type->count. */
static inline const char *per_value_name(const struct per_type *type, size_t value)
{
	const int32_t *values = per_at(&type->values);

	return per_at(&values[value]);
}

static inline const struct per_type *per_member_type(const struct per_member *member)
{
	return per_at(&member->type);
}

/* As in the ASN.1. */
static inline const char *per_member_name(const struct per_member *member)
{
	return per_at(&member->name);
}

/* The C value of a list, whatever its elements are. */
struct per_list {
	size_t count;
	uint8_t *items;
};

/* TS 38.413 9.4.7: maxProtocolIEs, and the most members a generated container has. */
enum {
	PER_IES_MAX = 65535,
	PER_MEMBERS_MAX = 256,
};
