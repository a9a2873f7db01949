/* The generic codecs and the reading of one value. */
#include "wire/tlv/engine.h"

#include "base/addr.h"

#define UINT_CODEC(ctype, n) { .kind = TLV_UINT, .size = sizeof(ctype), .octets = n }

const struct tlv_codec tlv_spare = { .kind = TLV_SPARE };
const struct tlv_codec tlv_bool = UINT_CODEC(bool, 1);
const struct tlv_codec tlv_u8 = UINT_CODEC(uint8_t, 1);
const struct tlv_codec tlv_u16 = UINT_CODEC(uint16_t, 2);
const struct tlv_codec tlv_u24 = UINT_CODEC(uint32_t, 3);
const struct tlv_codec tlv_u32 = UINT_CODEC(uint32_t, 4);
const struct tlv_codec tlv_u64 = UINT_CODEC(uint64_t, 8);
const struct tlv_codec tlv_bytes = { .kind = TLV_BYTES, .size = sizeof(struct bytes) };
const struct tlv_codec tlv_flags = { .kind = TLV_FLAGS, .size = sizeof(struct tlv_flags) };
const struct tlv_codec tlv_chars = { .kind = TLV_CHARS };
const struct tlv_codec tlv_fixed3 = { .kind = TLV_FIXED, .size = 3 };
/* Four octets are an IPv4 address everywhere. */
static void ipv4_show(const void *value, char text[TLV_SHOW_SIZE])
{
	struct addr a = addr_from_bytes(bytes_of(value, 4), 0);

	addr_str(&a, text);
}

const struct tlv_codec tlv_fixed4 = { .kind = TLV_FIXED, .size = 4, .show = ipv4_show };
const struct tlv_codec tlv_fixed6 = { .kind = TLV_FIXED, .size = 6 };
const struct tlv_codec tlv_fixed7 = { .kind = TLV_FIXED, .size = 7 };
const struct tlv_codec tlv_fixed8 = { .kind = TLV_FIXED, .size = 8 };
const struct tlv_codec tlv_fixed14 = { .kind = TLV_FIXED, .size = 14 };
const struct tlv_codec tlv_fixed16 = { .kind = TLV_FIXED, .size = 16 };

static void uint_store(void *value, size_t size, uint64_t v)
{
	switch (size) {
	case 1:
		*(uint8_t *)value = (uint8_t)v;
		break;
	case 2:
		*(uint16_t *)value = (uint16_t)v;
		break;
	case 4:
		*(uint32_t *)value = (uint32_t)v;
		break;
	default:
		*(uint64_t *)value = v;
	}
}

static void flags_decode(struct cursor *c, struct tlv_flags *flags)
{
	size_t n = cursor_left(c);

	*flags = (struct tlv_flags){ .octets = (uint8_t)(n < 8 ? n : 8) };
	for (unsigned i = 0; i < flags->octets; i++)
		flags->bits |= (uint64_t)cursor_u8(c) << (8 * i);
}

enum tlv_fault_kind tlv_value_decode(
	const struct tlv_ie *ie, struct cursor *c, struct arena *arena, void *value, struct tlv_fault *fault)
{
	const struct tlv_codec *codec = ie->codec;
	enum tlv_fault_kind kind = TLV_OK;

	switch (codec->kind) {
	case TLV_UINT:
		uint_store(value, codec->size, cursor_uint(c, codec->octets));
		break;
	case TLV_FIXED:
		cursor_copy(c, value, codec->size);
		break;
	case TLV_BYTES:
		*(struct bytes *)value = cursor_rest(c);
		break;
	case TLV_FLAGS:
		flags_decode(c, value);
		break;
	case TLV_VALUE:
	case TLV_TEXT:
		kind = codec->decode(c, arena, value);
		break;
	case TLV_GROUP: /* of PFCP only, decode_16.c */
	case TLV_SPARE:
	case TLV_CHARS:
		break;
	}
	if (kind == TLV_OK && c->failed)
		kind = TLV_BAD_LENGTH;
	if (kind != TLV_OK)
		tlv_fail(fault, kind, ie);
	return kind;
}
