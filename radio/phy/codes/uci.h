/*
 * The coding of uplink control information (38.212 6.3.1.2 to 6.3.1.5 and, alike, 6.3.2.2 to 6.3.2.5): the
 * code, the CRC and the blocks of a payload of 1 to 1706 bits. Bits are one an octet.
 */
#pragma once

#include "radio/phy/codes/polar.h"

enum {
	PHY_UCI_BITS_MAX = 1706,                   /* 5.3.1: two blocks of 1024 bits less the CRC at most */
	PHY_UCI_BLOCKS_MAX = 2,                    /* 5.2.1 */
	PHY_UCI_SMALL_E_MAX = 1 << 20,             /* of the small codes: sums stay within 32 bits */
	PHY_UCI_POLAR_E_MAX = 2 * PHY_POLAR_E_MAX, /* of two blocks, 5.4.1.3 */
};

enum phy_uci_error {
	PHY_UCI_OK,
	PHY_UCI_BITS,       /* none, or more than 1706 */
	PHY_UCI_MODULATION, /* bits a symbol: 1, 2, 4, 6 or 8 */
	PHY_UCI_ROOM,       /* fewer coded bits than the code must have */
	PHY_UCI_TOO_LONG,   /* more than it can have */
	PHY_UCI_ERRORS,
};

const char *phy_uci_error_text(enum phy_uci_error e);

/* How a payload is coded; made by phy_uci_init. */
struct phy_uci {
	uint32_t e;     /* E_UCI: coded bits in all */
	uint32_t e_r;   /* of a block */
	uint16_t a;     /* bits of the payload */
	uint16_t a_r;   /* of a block, with the filler zero before the first */
	uint8_t blocks; /* 0: a small code */
	uint8_t crc;    /* enum crc_kind */
	uint8_t q_m;
	float sigmas_least; /* of phy_uci_sigmas_least, for 1 %; less where even all coded bits do not reach
			       it */
};

enum phy_uci_error phy_uci_init(struct phy_uci *u, unsigned a, uint32_t e, unsigned q_m);

/* What it works in: polar codes made already, and a decoder; one a thread. NULL when memory is out. */
struct phy_uci_codec *phy_uci_codec_new(void);
void phy_uci_codec_free(struct phy_uci_codec *c);

/* The a bits to e bits; those of 1 and 2 bits may hold placeholders (enum phy_placeholder). */
void phy_uci_encode(struct phy_uci_codec *c, const struct phy_uci *u, const uint8_t *bits, uint8_t *out);

struct phy_uci_result {
	/*
	 * The bits are taken: where nothing was sent that happens once in a hundred times at most (more often
	 * with fewer than about 20 coded bits). Else none was sent, or it was lost.
	 */
	bool ok;
	bool crc_ok;  /* of every block; always so without CRC */
	float sigmas; /* see phy_uci_sigmas_least */
};

/*
 * Decodes e LLRs, descrambled, of about 4 a nat and of any scale that is the same for all. The a bits are
 * written whatever the verdict.
 */
struct phy_uci_result phy_uci_decode(struct phy_uci_codec *c, const struct kern *k, const struct phy_uci *u,
	const int8_t *llr, uint8_t *bits);

/*
 * The correlation of the code word that was decided for with the LLRs, over the root of the sum of their
 * squares, is normal of variance 1 for any one code word if nothing was sent: the signs of the LLRs are then
 * even, whatever their sizes. What it must be so that the most likely of 2^a words is above it with the
 * probability of false_alarm at most (by the union bound).
 */
float phy_uci_sigmas_least(unsigned a, double false_alarm);
