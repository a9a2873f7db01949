/* Numbers of the C structs, by width; what decoder and encoder must agree about. */
#pragma once

#include "wire/per/type.h"

static inline void scalar_set(void *at, unsigned width, uint64_t v)
{
	switch (width) {
	case 1:
		*(uint8_t *)at = (uint8_t)v;
		break;
	case 2:
		*(uint16_t *)at = (uint16_t)v;
		break;
	case 4:
		*(uint32_t *)at = (uint32_t)v;
		break;
	default:
		*(uint64_t *)at = v;
	}
}

/* Sign-extended when is_signed. */
static inline uint64_t scalar_get(const void *at, unsigned width, bool is_signed)
{
	switch (width) {
	case 1:
		return is_signed ? (uint64_t)*(const int8_t *)at : *(const uint8_t *)at;
	case 2:
		return is_signed ? (uint64_t)*(const int16_t *)at : *(const uint16_t *)at;
	case 4:
		return is_signed ? (uint64_t)*(const int32_t *)at : *(const uint32_t *)at;
	default:
		return *(const uint64_t *)at;
	}
}

/*
 * Whether a character is taken in a string of the type. Of a PrintableString every visible one is: vendors
 * name their nodes "gnb_1", which X.680 41.4 does not have, and would be refused with their NG Setup; control
 * characters and what is not ASCII are nobody's name.
 */
static inline bool scalar_is_character(const struct per_type *type, uint8_t c)
{
	bool digit = c >= '0' && c <= '9';

	switch ((enum per_alphabet)type->alphabet) {
	case PER_ALPHABET_PRINTABLE:
	case PER_ALPHABET_VISIBLE:
		return c >= ' ' && c <= '~';
	case PER_ALPHABET_NUMERIC:
		return digit || c == ' ';
	default:
		return c < 0x80;
	}
}

/*
 * Whether the contents of a string of a size within its root are octet-aligned: X.691 16.9 (up to 16
 * bits), 17.6 (up to 2 octets), 30.5.6 and 30.5.7 (characters).
 */
static inline bool scalar_is_aligned(const struct per_type *type, unsigned unit_bits)
{
	uint64_t most = ((uint64_t)type->lb + type->span) * unit_bits;

	if (type->span == 0)
		return most > 16;
	return type->kind != PER_KIND_STRING || most >= 16;
}
