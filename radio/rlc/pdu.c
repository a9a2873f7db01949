#include "radio/rlc/pdu.h"

static bool has_so(enum rlc_si si)
{
	return si == RLC_SI_LAST || si == RLC_SI_MIDDLE;
}

void rlc_umd_write(struct writer *w, uint8_t sn_bits, const struct rlc_header *h)
{
	uint8_t si = (uint8_t)(h->si << 6);

	if (h->si == RLC_SI_COMPLETE) {
		writer_u8(w, si);
		return;
	}
	if (sn_bits == 6)
		writer_u8(w, (uint8_t)(si | (h->sn & 0x3f)));
	else
		writer_u16(w, (uint16_t)(si << 8 | (h->sn & 0xfff)));
	if (has_so(h->si))
		writer_u16(w, h->so);
}

void rlc_amd_write(struct writer *w, uint8_t sn_bits, const struct rlc_header *h)
{
	uint32_t first = 0x80u | (h->poll ? 0x40u : 0) | (uint32_t)h->si << 4;

	if (sn_bits == 12)
		writer_u16(w, (uint16_t)(first << 8 | (h->sn & 0xfff)));
	else
		writer_u24(w, first << 16 | (h->sn & 0x3ffff));
	if (has_so(h->si))
		writer_u16(w, h->so);
}

/* The rest of a header, behind which there must be data. */
static bool read_so(struct cursor *c, struct rlc_header *h)
{
	if (has_so(h->si))
		h->so = cursor_u16(c);
	return !c->failed && cursor_left(c) > 0 && has_so(h->si) == (h->so > 0);
}

bool rlc_umd_read(struct cursor *c, uint8_t sn_bits, struct rlc_header *h)
{
	uint8_t first = cursor_u8(c);

	*h = (struct rlc_header){ .si = (enum rlc_si)(first >> 6) };
	if (h->si != RLC_SI_COMPLETE)
		h->sn = sn_bits == 6 ? first & 0x3f : (uint32_t)(first & 0xf) << 8 | cursor_u8(c);
	return read_so(c, h);
}

bool rlc_amd_read(struct cursor *c, uint8_t sn_bits, struct rlc_header *h)
{
	uint32_t first = cursor_u16(c);

	*h = (struct rlc_header){ .poll = first & 0x4000, .si = (enum rlc_si)(first >> 12 & 3) };
	h->sn = sn_bits == 12 ? first & 0xfff : (first & 0x3ff) << 8 | cursor_u8(c);
	return read_so(c, h);
}

void rlc_status_write(struct writer *w, uint8_t sn_bits, uint32_t ack_sn, bool more)
{
	/* D/C 0, CPT 000, ACK_SN, E1, R */
	writer_u24(w, sn_bits == 12 ? (ack_sn & 0xfff) << 8 | (more ? 0x80u : 0)
				    : (ack_sn & 0x3ffff) << 2 | (more ? 2u : 0));
}

bool rlc_status_read(struct cursor *c, uint8_t sn_bits, uint32_t *ack_sn, bool *more)
{
	uint32_t v = cursor_u24(c);

	if (c->failed || v >> 20 != 0)
		return false;
	*ack_sn = sn_bits == 12 ? v >> 8 & 0xfff : v >> 2 & 0x3ffff;
	*more = v & (sn_bits == 12 ? 0x80u : 2u);
	return true;
}

void rlc_nack_write(struct writer *w, uint8_t sn_bits, const struct rlc_nack *n, bool more)
{
	uint32_t bits = (more ? 4u : 0) | (n->has_so ? 2u : 0) | (n->range > 1 ? 1u : 0); /* E1, E2, E3 */

	if (sn_bits == 12)
		writer_u16(w, (uint16_t)((n->sn & 0xfff) << 4 | bits << 1));
	else
		writer_u24(w, (n->sn & 0x3ffff) << 6 | bits << 3);
	if (n->has_so) {
		writer_u16(w, n->so_start);
		writer_u16(w, n->so_end);
	}
	if (n->range > 1)
		writer_u8(w, (uint8_t)n->range);
}

bool rlc_nack_read(struct cursor *c, uint8_t sn_bits, struct rlc_nack *n, bool *more)
{
	uint32_t v = sn_bits == 12 ? cursor_u16(c) : cursor_u24(c);
	uint32_t bits = sn_bits == 12 ? v >> 1 : v >> 3;

	*n = (struct rlc_nack){ .sn = sn_bits == 12 ? v >> 4 : v >> 6, .range = 1, .has_so = bits & 2 };
	*more = bits & 4;
	if (n->has_so) {
		n->so_start = cursor_u16(c);
		n->so_end = cursor_u16(c);
	}
	if (bits & 1)
		n->range = cursor_u8(c);
	return !c->failed && n->range > 0 && (n->range > 1 || n->so_start <= n->so_end);
}
