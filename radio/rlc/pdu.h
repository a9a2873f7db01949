/* RLC PDUs (38.322 6.2): headers of UMD and AMD PDUs, and STATUS PDUs. */
#pragma once

#include "base/cursor.h"

/* Segmentation info, 6.2.3.4. */
enum rlc_si { RLC_SI_COMPLETE = 0, RLC_SI_FIRST = 1, RLC_SI_LAST = 2, RLC_SI_MIDDLE = 3 };

struct rlc_header {
	bool poll; /* AMD only */
	enum rlc_si si;
	uint32_t sn; /* a UMD PDU of a complete SDU has none: 0 */
	uint16_t so; /* 0 in first segments and complete SDUs */
};

/* Octets of a header; sn_bits tells 6 and 12 (UMD), 12 and 18 (AMD). */
static inline size_t rlc_header_size(bool am, uint8_t sn_bits, enum rlc_si si)
{
	size_t so = si == RLC_SI_LAST || si == RLC_SI_MIDDLE ? 2 : 0;

	if (!am && si == RLC_SI_COMPLETE)
		return 1;
	return (sn_bits == 6 ? 1 : sn_bits == 12 ? 2 : 3) + so;
}

void rlc_umd_write(struct writer *w, uint8_t sn_bits, const struct rlc_header *h);
void rlc_amd_write(struct writer *w, uint8_t sn_bits, const struct rlc_header *h);

/* False: too short, without data, or the SO of a segment that is not the first is 0. */
MUST_USE bool rlc_umd_read(struct cursor *c, uint8_t sn_bits, struct rlc_header *h);

/* Of a data PDU (the D/C bit is the caller's to look at). */
MUST_USE bool rlc_amd_read(struct cursor *c, uint8_t sn_bits, struct rlc_header *h);

static inline bool rlc_is_control(struct bytes pdu)
{
	return pdu.len > 0 && !(pdu.data[0] & 0x80);
}

enum { RLC_SO_END = 0xffff /* 6.2.3.15: to the last octet of the SDU */ };

/* One set of a STATUS PDU: what is missing of the SDUs sn to sn + range - 1. */
struct rlc_nack {
	uint32_t sn;
	uint32_t range; /* SDUs, 1 to 255 */
	bool has_so;
	uint16_t so_start; /* the first octet missing of the first of them */
	uint16_t so_end;   /* the last octet missing of the last of them, or RLC_SO_END */
};

/* A STATUS PDU is read and written set by set; its first octets have ACK_SN. */
enum { RLC_STATUS_SIZE = 3 };

static inline size_t rlc_nack_size(uint8_t sn_bits, const struct rlc_nack *n)
{
	return (sn_bits == 12 ? 2 : 3) + (n->has_so ? 4 : 0) + (n->range > 1 ? 1 : 0);
}

void rlc_status_write(struct writer *w, uint8_t sn_bits, uint32_t ack_sn, bool more);
void rlc_nack_write(struct writer *w, uint8_t sn_bits, const struct rlc_nack *n, bool more);

/* False: too short, or a control PDU that is no STATUS PDU. */
MUST_USE bool rlc_status_read(struct cursor *c, uint8_t sn_bits, uint32_t *ack_sn, bool *more);
MUST_USE bool rlc_nack_read(struct cursor *c, uint8_t sn_bits, struct rlc_nack *n, bool *more);
