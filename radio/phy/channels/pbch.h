/* The physical broadcast channel: BCH coding of 38.212 7.1, scrambling and symbols of 38.211 7.3.3, DM-RS
 * of 7.4.1.4. */
#pragma once

#include "radio/phy/codes/polar.h"
#include "radio/phy/signals/sequence.h"

enum {
	PHY_PBCH_E = 864,       /* bits in an SS/PBCH block */
	PHY_PBCH_SYMBOLS = 432, /* QPSK */
	PHY_PBCH_DMRS = 144,    /* of them in an SS/PBCH block */
	PHY_PBCH_MIB_OCTETS = 3,
	PHY_PBCH_BURSTS_MAX = 32, /* that are decoded together */
};

/* What a PBCH carries (7.1.1). */
struct phy_pbch_payload {
	uint8_t mib[PHY_PBCH_MIB_OCTETS]; /* BCCH-BCH-Message; its systemFrameNumber is taken from sfn */
	uint16_t sfn;                     /* 0 to 1023 */
	bool half_frame;                  /* the second */
	bool k_ssb_msb;                   /* bit 4 of k_SSB; L_max below 64 only */
	uint8_t ssb_index;                /* candidate SS/PBCH block index, below L_max */
};

/* The DM-RS of a block: i_bar is i_SSB + 4 n_hf for L_max 4, else the three least significant bits of i_SSB.
 */
void phy_pbch_dmrs(struct phy_cf out[PHY_PBCH_DMRS], unsigned n_cell_id, unsigned i_bar);
unsigned phy_pbch_i_bar(unsigned l_max, unsigned ssb_index, bool half_frame);

/* What coding and decoding need; made once, one a thread for decoding. */
struct phy_pbch {
	struct phy_polar code;
	struct phy_polar_decoder decoder;
};

void phy_pbch_init(struct phy_pbch *p);

/* Can a block of this L_max, 4, 8 or 64, and cell have the payload? */
bool phy_pbch_legal(const struct phy_pbch_payload *payload, unsigned l_max, unsigned n_cell_id);

/* The symbols of a block; false for a payload that it cannot have. */
bool phy_pbch_transmit(const struct phy_pbch *p, struct phy_cf out[PHY_PBCH_SYMBOLS],
	const struct phy_pbch_payload *payload, unsigned l_max, unsigned n_cell_id);

/* A block as received, one of several of the same SSB index. */
struct phy_pbch_burst {
	float llr[PHY_PBCH_E];   /* scrambled as sent, positive for a zero, of any common scale */
	unsigned half_frames_on; /* 5 ms after the first burst times this; 0 for the first */
};

/*
 * Decodes bursts together: what differs between their payloads follows from the time between them, all cases
 * of it are tried. *payload is what the first burst carries. i_bar as found from the DM-RS. False when no CRC
 * agrees, or one agrees with what is too unlike the LLRs to be more than chance.
 */
bool phy_pbch_receive(struct phy_pbch *p, const struct kern *k, const struct phy_pbch_burst *bursts,
	unsigned count, unsigned l_max, unsigned n_cell_id, unsigned i_bar, struct phy_pbch_payload *payload);
