/* What the tables of a protocol are written with, and the engine's entry points. */
#pragma once

#include "wire/tlv/tlv.h"

/* The generic codecs. */
extern const struct tlv_codec tlv_spare, tlv_u8, tlv_u16, tlv_u24, tlv_u32, tlv_u64, tlv_bytes, tlv_flags;
extern const struct tlv_codec tlv_bool, tlv_chars, tlv_fixed3, tlv_fixed4, tlv_fixed6, tlv_fixed7, tlv_fixed8,
	tlv_fixed14, tlv_fixed16;

/*
 * Rows, within a file that defines MSG as the struct: TLV_M for mandatory, TLV_O for optional and TLV_C for
 * conditional elements (with a has_ member); the _LIST rows point to a count and an array in the arena.
 */
#define TLV_ROW(member_, iei_, fmt_, min_, max_, codec_, clause_, presence_, offset_, has_, count_)          \
	{ .name = #member_,                                                                                  \
		.clause = clause_,                                                                           \
		.codec = &codec_,                                                                            \
		.type = iei_,                                                                                \
		.min = min_,                                                                                 \
		.max = max_,                                                                                 \
		.offset = offset_,                                                                           \
		.has = has_,                                                                                 \
		.count = count_,                                                                             \
		.format = TLV_FMT_##fmt_,                                                                    \
		.presence = presence_ }
#define TLV_M(member, iei, fmt, min, max, codec, clause)                                                     \
	TLV_ROW(member, iei, fmt, min, max, codec, clause, TLV_MANDATORY, offsetof(MSG, member),             \
		TLV_NO_OFFSET, TLV_NO_OFFSET)
#define TLV_O(member, iei, fmt, min, max, codec, clause)                                                     \
	TLV_ROW(member, iei, fmt, min, max, codec, clause, TLV_OPTIONAL, offsetof(MSG, member),              \
		offsetof(MSG, has_##member), TLV_NO_OFFSET)
#define TLV_C(member, iei, fmt, min, max, codec, clause)                                                     \
	TLV_ROW(member, iei, fmt, min, max, codec, clause, TLV_CONDITIONAL, offsetof(MSG, member),           \
		offsetof(MSG, has_##member), TLV_NO_OFFSET)
#define TLV_LIST_ROW(member, iei, fmt, min, max, codec, clause, presence)                                    \
	TLV_ROW(member, iei, fmt, min, max, codec, clause, presence, offsetof(MSG, member), TLV_NO_OFFSET,   \
		offsetof(MSG, member##_count))
#define TLV_M_LIST(...) TLV_LIST_ROW(__VA_ARGS__, TLV_MANDATORY)
#define TLV_O_LIST(...) TLV_LIST_ROW(__VA_ARGS__, TLV_OPTIONAL)
#define TLV_C_LIST(...) TLV_LIST_ROW(__VA_ARGS__, TLV_CONDITIONAL)
/* A spare half octet, to keep pairs. */
#define TLV_SPARE_HALF                                                                                       \
	{ .name = "spare",                                                                                   \
		.clause = "9.5",                                                                             \
		.codec = &tlv_spare,                                                                         \
		.format = TLV_FMT_HALF,                                                                      \
		.has = TLV_NO_OFFSET,                                                                        \
		.count = TLV_NO_OFFSET,                                                                      \
		.presence = TLV_MANDATORY }

#define TLV_GROUP_OF(name_, clause_, type_, ctype, rows)                                                     \
	{ .name = name_,                                                                                     \
		.clause = clause_,                                                                           \
		.ies = rows,                                                                                 \
		.ie_count = ARRAY_LEN(rows),                                                                 \
		.size = sizeof(ctype),                                                                       \
		.type = type_ }
/* One whose elements narrow what it stands for: wrong is the struct's member of type struct tlv_wrong. */
#define TLV_GROUP_TELLING(name_, clause_, ctype, rows)                                                       \
	{ .name = name_,                                                                                     \
		.clause = clause_,                                                                           \
		.ies = rows,                                                                                 \
		.ie_count = ARRAY_LEN(rows),                                                                 \
		.size = sizeof(ctype),                                                                       \
		.wrong = offsetof(ctype, wrong) }
#define TLV_GROUP_EMPTY(name_, clause_, type_) { .name = name_, .clause = clause_, .type = type_ }
#define TLV_GROUP_CODEC(ctype, group_)         { .kind = TLV_GROUP, .size = sizeof(ctype), .group = &group_ }

/* A value read and written by functions name_decode and name_encode, shown by name_fields. */
#define TLV_VALUE_CODEC(ctype, name)                                                                         \
	{ .kind = TLV_VALUE,                                                                                 \
		.size = sizeof(ctype),                                                                       \
		.decode = name##_decode,                                                                     \
		.encode = name##_encode,                                                                     \
		.fields = name##_fields,                                                                     \
		.field_count = ARRAY_LEN(name##_fields) }

/* The same of a value that is shown as one text by name_show. */
#define TLV_SHOWN_CODEC(ctype, name)                                                                         \
	{ .kind = TLV_VALUE,                                                                                 \
		.size = sizeof(ctype),                                                                       \
		.decode = name##_decode,                                                                     \
		.encode = name##_encode,                                                                     \
		.show = name##_show }

/* Fields of a value, for printing, within a file that defines VAL as the struct. */
#define TLV_SHOW(member, codec_) { #member, &codec_, offsetof(VAL, member), TLV_NO_OFFSET, TLV_NO_OFFSET }
#define TLV_SHOW_IF(member, has_, codec_)                                                                    \
	{ #member, &codec_, offsetof(VAL, member), offsetof(VAL, has_), TLV_NO_OFFSET }
#define TLV_SHOW_LIST(member, count_, codec_)                                                                \
	{ #member, &codec_, offsetof(VAL, member), TLV_NO_OFFSET, offsetof(VAL, count_) }

/*
 * Decoding: out is g->size octets and is cleared first. On false, fault has kind, ie and ie_name; the
 * protocol adds its cause. NAS: TS 24.501 clauses 7.5 to 7.7. PFCP: TS 29.244 clause 7.6. GTP-U: TS 29.281
 * clause 7.3.
 */
MUST_USE bool tlv_decode_nas(
	const struct tlv_group *g, struct cursor *c, struct arena *arena, void *out, struct tlv_fault *fault);
MUST_USE bool tlv_decode_pfcp(
	const struct tlv_group *g, struct cursor *c, struct arena *arena, void *out, struct tlv_fault *fault);
MUST_USE bool tlv_decode_gtpu(
	const struct tlv_group *g, struct cursor *c, struct arena *arena, void *out, struct tlv_fault *fault);

/* One value from the octets of c, by the row; for the three above. */
enum tlv_fault_kind tlv_value_decode(
	const struct tlv_ie *ie, struct cursor *c, struct arena *arena, void *value, struct tlv_fault *fault);

/* Encoding. The writer fails when it is full or a value cannot be encoded. */
void tlv_encode_nas(const struct tlv_group *g, const void *msg, struct writer *w);
void tlv_encode_pfcp(const struct tlv_group *g, const void *msg, struct writer *w);
void tlv_encode_gtpu(const struct tlv_group *g, const void *msg, struct writer *w);

/* What a message holds, for people (base/printer.h). */
void tlv_print(const struct tlv_group *g, const void *msg, struct printer *p);

/* Sets the fault and returns false. */
static inline bool tlv_fail(struct tlv_fault *fault, enum tlv_fault_kind kind, const struct tlv_ie *ie)
{
	*fault = (struct tlv_fault){ .kind = kind, .ie = ie ? ie->type : 0, .ie_name = ie ? ie->name : NULL };
	return false;
}

/* count elements of size octets, zeroed, for a list of a value codec; NULL at the arena's limit or for none.
 */
static inline void *tlv_array(struct arena *arena, size_t count, size_t size)
{
	return count ? arena_array(arena, count, size) : NULL;
}
