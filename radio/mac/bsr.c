#include "radio/mac/bsr.h"

#include "radio/mac/pdu.h"

/* The first level that octets does not exceed; the last is for what exceeds all. */
static uint8_t index_in(const int32_t *levels, uint8_t count, uint32_t octets)
{
	uint8_t low = 0, high = (uint8_t)(count - 1);

	while (low < high) {
		uint8_t middle = (uint8_t)((low + high) / 2);

		if (octets <= (uint32_t)levels[middle])
			high = middle;
		else
			low = (uint8_t)(middle + 1);
	}
	return low;
}

uint8_t mac_bsr_index_5(uint32_t octets)
{
	return index_in(bsr_5bit_bytes, ARRAY_LEN(bsr_5bit_bytes), octets);
}

uint8_t mac_bsr_index_8(uint32_t octets)
{
	return index_in(bsr_8bit_bytes, ARRAY_LEN(bsr_8bit_bytes), octets);
}

static bool read_short(struct cursor *c, struct mac_bsr *out)
{
	uint8_t v = cursor_u8(c);

	out->lcgs = out->known = (uint8_t)(1 << (v >> 5));
	out->octets[v >> 5] = (uint32_t)bsr_5bit_bytes[v & 0x1f];
	return true;
}

/* A truncated one ends where the padding ended: which groups it has is in an order that only the UE knows
 * (5.4.5). */
static bool read_long(struct cursor *c, struct mac_bsr *out)
{
	out->lcgs = cursor_u8(c);
	if (out->truncated && cursor_left(c) != (size_t)__builtin_popcount(out->lcgs))
		return cursor_left(c) < (size_t)__builtin_popcount(out->lcgs) &&
		       cursor_rest(c).len <= MAC_LCGS;
	out->known = out->lcgs;
	for (uint8_t i = 0; i < MAC_LCGS; i++) {
		uint8_t index = out->lcgs >> i & 1 ? cursor_u8(c) : 0;

		if (index >= ARRAY_LEN(bsr_8bit_bytes))
			return false; /* 255 is reserved */
		out->octets[i] = (uint32_t)bsr_8bit_bytes[index];
	}
	return true;
}

bool mac_bsr_read(uint8_t lcid, struct bytes data, struct mac_bsr *out)
{
	struct cursor c = cursor_of(data);
	bool ok;

	*out = (struct mac_bsr){ .truncated = lcid == MAC_UL_SHORT_TRUNCATED_BSR ||
					      lcid == MAC_UL_LONG_TRUNCATED_BSR };
	switch (lcid) {
	case MAC_UL_SHORT_BSR:
	case MAC_UL_SHORT_TRUNCATED_BSR:
		ok = read_short(&c, out);
		break;
	case MAC_UL_LONG_BSR:
	case MAC_UL_LONG_TRUNCATED_BSR:
		ok = read_long(&c, out);
		break;
	default:
		return false;
	}
	return ok && !c.failed && cursor_left(&c) == 0;
}

void mac_bsr_write_short(struct writer *w, const struct mac_bsr *b)
{
	uint8_t lcg = b->known ? (uint8_t)__builtin_ctz(b->known) : 0;

	writer_u8(w, (uint8_t)(lcg << 5 | (b->known ? mac_bsr_index_5(b->octets[lcg]) : 0)));
}

void mac_bsr_write_long(struct writer *w, const struct mac_bsr *b)
{
	writer_u8(w, b->known);
	for (uint8_t i = 0; i < MAC_LCGS; i++)
		if (b->known >> i & 1)
			writer_u8(w, mac_bsr_index_8(b->octets[i]));
}

void mac_bsr_write_truncated(struct writer *w, const struct mac_bsr *b, const uint8_t *order, size_t count)
{
	writer_u8(w, b->lcgs);
	for (size_t i = 0; i < count && !w->failed && w->len < w->cap; i++)
		writer_u8(w, mac_bsr_index_8(b->octets[order[i]]));
}
