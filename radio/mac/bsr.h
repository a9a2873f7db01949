/* Buffer status reports (38.321 6.1.3.1). */
#pragma once

#include "base/cursor.h"

enum { MAC_LCGS = 8 };

/* Made from tables/bsr_5bit.csv and bsr_8bit.csv: octets of each level, of which the last is "more". */
extern const int32_t bsr_5bit_bytes[32];
extern const int32_t bsr_8bit_bytes[255];

struct mac_bsr {
	uint8_t lcgs;              /* mask: those that are reported, or (truncated) that have data */
	bool truncated;            /* there is more than what stands here */
	uint8_t known;             /* mask: those with a value */
	uint32_t octets[MAC_LCGS]; /* the level: at most so many, the highest level at least */
};

/* The index of a number of octets. */
MUST_USE uint8_t mac_bsr_index_5(uint32_t octets);
MUST_USE uint8_t mac_bsr_index_8(uint32_t octets);

/* Reads the control element of that LCID: short, long, truncated or not. False: it is none, or has another
 * length. */
MUST_USE bool mac_bsr_read(uint8_t lcid, struct bytes data, struct mac_bsr *out);

/* Writes the control element (no subheader) of MAC_UL_SHORT_BSR: the first group of b->known, or group 0 with
 * nothing. */
void mac_bsr_write_short(struct writer *w, const struct mac_bsr *b);

/* MAC_UL_LONG_BSR: all of b->known. */
void mac_bsr_write_long(struct writer *w, const struct mac_bsr *b);

/* MAC_UL_LONG_TRUNCATED_BSR: b->lcgs have data, the values of b->known stand in order[0..count), as the
 * clause orders them; as many as fit. */
void mac_bsr_write_truncated(struct writer *w, const struct mac_bsr *b, const uint8_t *order, size_t count);
