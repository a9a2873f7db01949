/* Rate matching of the LDPC code, TS 38.212 5.4.2, and the way back with soft combining. */
#pragma once

#include "radio/phy/kern/kern.h"
#include "radio/phy/codes/segment.h"

enum {
	/* Bits of one rate-matched code block, for which the scratch is made: 3840 at 30/1024, and a little.
	 */
	RATE_MATCH_E_MAX = 147456,
	LLR_KNOWN_ZERO = 127,
};

/* Log-likelihood ratios are int8_t: positive means 0. */

struct rate_match {
	uint32_t e;       /* bits sent of this code block */
	uint16_t n;       /* bits of the coded block */
	uint16_t n_cb;    /* of the circular buffer */
	uint16_t k0;      /* where the redundancy version begins */
	uint16_t fill_at; /* filler: [fill_at, fill_end) is not sent */
	uint16_t fill_end;
	uint8_t q_m; /* bits a modulation symbol: 1, 2, 4, 6, 8 or 10 */
};

/* Scratch of one thread. */
struct rate_match_work {
	uint8_t bits[RATE_MATCH_E_MAX / 8 + 8];
	int8_t llrs[RATE_MATCH_E_MAX];
};

/*
 * E_r of 5.4.2.1 for code block r of c: g is the bits of all, in symbols of layers * q_m bits; a multiple of
 * it.
 */
uint32_t rate_match_e(uint32_t g, unsigned layers, unsigned q_m, unsigned c, unsigned r);

/*
 * lbrm_bits is TBS_LBRM of 5.4.2.1, or 0 for the whole buffer; rv is 0 to 3. False for what no configuration
 * can give: e of 0, above RATE_MATCH_E_MAX or no multiple of q_m, an unknown q_m, or a buffer of filler only.
 */
bool rate_match_init(struct rate_match *m, const struct segmentation *s, uint32_t lbrm_bits, unsigned rv,
	unsigned q_m, uint32_t e);

/* Rows of parity that the encoder must make for these bits: see ldpc_encode. */
unsigned rate_match_rows(const struct rate_match *m, const struct segmentation *s);

/* From d(0).. of ldpc_encode, as far as rate_match_rows gives, the m->e bits to send, packed. */
void rate_match(const struct kern *k, struct rate_match_work *w, const struct rate_match *m, const uint8_t *d,
	uint8_t *out);

/* Adds the m->e received LLRs to soft[0..n), saturating; the caller clears soft for a new block. */
void rate_dematch(const struct kern *k, struct rate_match_work *w, const struct rate_match *m,
	const int8_t *llrs, int8_t *soft);
