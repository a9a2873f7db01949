/*
 * The polar code of 38.212 5.3.1 with its rate matching (5.4.1), for DCI, BCH and UCI. Bits are one an octet;
 * LLRs are int8, positive for a zero. The CRC is the caller's: k counts it, and decoding asks an accept
 * function.
 */
#pragma once

#include "radio/phy/kern/kern.h"

enum {
	PHY_POLAR_N_MAX = 1024,
	PHY_POLAR_E_MAX = 8192,
	PHY_POLAR_K_DL_MAX = 164, /* K_IL_max of 5.3.1.1 */
	PHY_POLAR_LIST_MAX = KERN_POLAR_LIST,
};

enum phy_polar_use {
	PHY_POLAR_DOWNLINK, /* DCI and BCH: n_max 9, interleaved input, no interleaved output */
	PHY_POLAR_UPLINK,   /* UCI: n_max 10, parity-check bits for k from 18 to 25, interleaved output */
};

/* What u_n is. */
enum phy_polar_kind { PHY_POLAR_FROZEN, PHY_POLAR_INFO, PHY_POLAR_PARITY };

/* A code of one (use, k, e); read only after phy_polar_init, so that threads may share it. */
struct phy_polar {
	unsigned k, e, n, log2_n, n_pc;
	bool shortened;
	uint8_t kind[PHY_POLAR_N_MAX];        /* enum phy_polar_kind */
	uint16_t before[PHY_POLAR_N_MAX + 1]; /* how many of u_0 to u_(i-1) are not frozen */
	uint16_t info[PHY_POLAR_N_MAX];       /* which u carry c'_0 to c'_(k-1) */
	uint16_t input[PHY_POLAR_N_MAX];      /* c'_i = c_input[i] */
	uint16_t
		shortened_at[PHY_POLAR_N_MAX]; /* the n - e coded bits that are known to be 0, if shortened */
	uint16_t output[PHY_POLAR_E_MAX];      /* f_i = d_output[i] */
};

/* k bits with CRC into e; false for what the standard cannot code: k > e, k over the largest block, e too
 * large. */
bool phy_polar_init(struct phy_polar *p, enum phy_polar_use use, unsigned k, unsigned e);

/* Codes the k bits in into the e bits out. */
void phy_polar_encode(const struct phy_polar *p, uint8_t *out, const uint8_t *in);

/* Room for decoding, about 100 kB; nothing in it is read before it is written. */
struct phy_polar_decoder {
	const struct phy_polar *code;
	const struct kern *kern;
	/*
	 * The paths (a list of one has no measure but its metric), and what goes along with them: see enum
	 * phy_polar_turn in polar_node.h.
	 */
	struct kern_polar_list list;
	int16_t root[PHY_POLAR_N_MAX];
	/*
	 * LLRs and decisions (0 or -1) of the node at hand of stage s, 2^s vectors of all paths from vector
	 * 2^s on (values in place of vectors for a list of one); decisions of left and right halves.
	 */
	int16_t llr[2 * PHY_POLAR_N_MAX * PHY_POLAR_LIST_MAX];
	int16_t bit[2][2 * PHY_POLAR_N_MAX * PHY_POLAR_LIST_MAX];
	uint8_t signs[PHY_POLAR_N_MAX]; /* of the coded bits, then of u: bit p for path p */
};

/* Whether these k bits (CRC at the end) are what was sent; called with the likeliest first. */
typedef bool phy_polar_accept(const void *arg, const uint8_t *bits, unsigned k);

/*
 * Decodes e LLRs by successive cancellation with a list of 1 to 8 paths. The first candidate that accept
 * takes (any, if accept is NULL) is left in the k bits of out, and *metric (may be NULL) is what it cost
 * in units of the LLRs. False if there is none: out then holds the last one tried.
 */
bool phy_polar_decode(struct phy_polar_decoder *dec, const struct phy_polar *p, const struct kern *kern,
	uint8_t *out, const int8_t *llr, unsigned list, phy_polar_accept *accept, const void *arg,
	int32_t *metric);

/* x = u G_N in place, of n bits (a power of two, 32 to 1024) packed in words with bit i of the whole in bit i
 * mod 64. */
void phy_polar_transform(uint64_t *x, unsigned n);
