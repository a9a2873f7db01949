/* Writing messages from their tables. */
#include "wire/tlv/engine.h"

static const void *at(const void *msg, size_t offset)
{
	return (const uint8_t *)msg + offset;
}

static uint64_t uint_load(const void *value, size_t size)
{
	switch (size) {
	case 1:
		return *(const uint8_t *)value;
	case 2:
		return *(const uint16_t *)value;
	case 4:
		return *(const uint32_t *)value;
	default:
		return *(const uint64_t *)value;
	}
}

/* As many octets as were received, the row demands, or the bits need. */
static void flags_encode(const struct tlv_ie *ie, const struct tlv_flags *flags, struct writer *w)
{
	unsigned n = flags->octets > ie->min ? flags->octets : ie->min;

	while (n < 8 && flags->bits >> (8 * n))
		n++;
	for (unsigned i = 0; i < n; i++)
		writer_u8(w, i < 8 ? (uint8_t)(flags->bits >> (8 * i)) : 0);
}

static void value_encode(const struct tlv_ie *ie, const void *value, struct writer *w)
{
	const struct tlv_codec *codec = ie->codec;

	switch (codec->kind) {
	case TLV_UINT:
		writer_uint(w, uint_load(value, codec->size), codec->octets);
		break;
	case TLV_FIXED:
		writer_put(w, bytes_of(value, codec->size));
		break;
	case TLV_BYTES:
		writer_put(w, *(const struct bytes *)value);
		break;
	case TLV_FLAGS:
		flags_encode(ie, value, w);
		break;
	case TLV_GROUP:
		tlv_encode_pfcp(codec->group, value, w);
		break;
	case TLV_VALUE:
	case TLV_TEXT:
		codec->encode(w, value);
		break;
	case TLV_SPARE:
	case TLV_CHARS:
		break;
	}
}

/* The value with a length field of n octets before it, or none; its length must be one the row allows. */
static void sized_encode(const struct tlv_ie *ie, const void *value, struct writer *w, size_t n)
{
	size_t mark = n ? writer_mark(w, n) : w->len, len;

	value_encode(ie, value, w);
	if (w->failed)
		return;
	len = w->len - mark - n;
	if (len < ie->min || len > ie->max)
		w->failed = true;
	else if (n > 0)
		writer_patch(w, mark, n);
}

static void nas_element(const struct tlv_ie *ie, const void *msg, struct writer *w, bool *second)
{
	const void *value = at(msg, ie->offset);
	uint8_t half = ie->codec->kind == TLV_UINT ? *(const uint8_t *)value : 0;

	switch (ie->format) {
	case TLV_FMT_HALF:
		if (half > 15)
			w->failed = true;
		else if (!*second)
			writer_u8(w, half);
		else if (!w->failed)
			w->data[w->len - 1] |= (uint8_t)(half << 4);
		*second = !*second;
		break;
	case TLV_FMT_TV1:
		writer_u8(w, (uint8_t)(ie->type | (half & 15)));
		break;
	case TLV_FMT_TV:
	case TLV_FMT_TLV:
	case TLV_FMT_TLVE:
		writer_u8(w, (uint8_t)ie->type);
		sized_encode(ie, value, w, ie->format == TLV_FMT_TV ? 0 : ie->format == TLV_FMT_TLV ? 1 : 2);
		break;
	default:
		sized_encode(ie, value, w, ie->format == TLV_FMT_V ? 0 : ie->format == TLV_FMT_LV ? 1 : 2);
	}
}

void tlv_encode_nas(const struct tlv_group *g, const void *msg, struct writer *w)
{
	bool second = false;

	for (int i = 0; i < g->ie_count; i++) {
		const struct tlv_ie *ie = &g->ies[i];

		if (ie->has == TLV_NO_OFFSET || *(const bool *)at(msg, ie->has))
			nas_element(ie, msg, w, &second);
	}
}

/* How many values the row has in this message, and where the first is. */
static size_t values_of(const struct tlv_ie *ie, const void *msg, const uint8_t **first)
{
	*first = at(msg, ie->offset);
	if (ie->count == TLV_NO_OFFSET)
		return ie->has == TLV_NO_OFFSET || *(const bool *)at(msg, ie->has);
	*first = *(const uint8_t *const *)at(msg, ie->offset);
	return *(const size_t *)at(msg, ie->count);
}

void tlv_encode_pfcp(const struct tlv_group *g, const void *msg, struct writer *w)
{
	for (int i = 0; i < g->ie_count; i++) {
		const struct tlv_ie *ie = &g->ies[i];
		const uint8_t *value;
		size_t n = values_of(ie, msg, &value);

		if (n == 0 && ie->presence == TLV_MANDATORY)
			w->failed = true;
		for (size_t k = 0; k < n; k++) {
			writer_u16(w, ie->type);
			sized_encode(ie, value + k * ie->codec->size, w, 2);
		}
	}
}

void tlv_encode_gtpu(const struct tlv_group *g, const void *msg, struct writer *w)
{
	for (int i = 0; i < g->ie_count; i++) {
		const struct tlv_ie *ie = &g->ies[i];

		if (ie->has != TLV_NO_OFFSET && !*(const bool *)at(msg, ie->has))
			continue;
		writer_u8(w, (uint8_t)ie->type);
		sized_encode(ie, at(msg, ie->offset), w,
			ie->format == TLV_FMT_TV    ? 0
			: ie->format == TLV_FMT_TLV ? 1
						    : 2);
	}
}
