/* From a cell that was found to the octets of its SIB1: CORESET 0, Type0-PDCCH, PDSCH (38.213 13, 38.214 5).
 */
#pragma once

#include "radio/phy/search/carrier.h"
#include "radio/phy/channels/mib.h"
#include "radio/phy/channels/type0_pdcch.h"

enum { PHY_SIB1_OCTETS_MAX = 372 }; /* 2976 bits, 38.331 5.2.1 */

/* What a cell search does not find by itself. */
struct phy_sib1_place {
	const struct phy_cell *cell;
	const struct phy_mib *mib;
	const struct phy_carrier *carrier;
	enum phy_ssb_case pattern;
	enum phy_band_class band;
};

struct phy_sib1 {
	uint16_t octets;
	uint8_t data[PHY_SIB1_OCTETS_MAX]; /* BCCH-DL-SCH-Message, with the padding of the transport block */
	uint16_t sfn;                      /* where it was read, at last */
	uint8_t slot;
	uint8_t al, mcs;
	uint8_t transmissions; /* that were combined */
	float snr_db;          /* of the PDSCH */
	struct phy_coreset0 coreset0;
	double coreset0_hz; /* its middle, from the recording's centre, as received */
};

enum phy_sib1_outcome {
	PHY_SIB1_READ,
	PHY_SIB1_NO_CORESET0, /* the MIB has none, or one that the tables do not have: another place or no
				 cell to camp on */
	PHY_SIB1_OUTSIDE,     /* the recording does not reach over CORESET 0, or over no slot of its PDCCH */
	PHY_SIB1_NO_PDCCH,
	PHY_SIB1_NO_PDSCH, /* scheduled, but it could not be decoded */
	PHY_SIB1_MEMORY,
};

const char *phy_sib1_outcome_text(enum phy_sib1_outcome o);

/* From the beginning of a half frame to the useful part of its symbol n, of a spacing of 15 kHz * 2^mu. */
double phy_symbol_start_s(unsigned mu, unsigned n);

/* What reading works in; NULL when memory is out. */
struct phy_sib1_reader *phy_sib1_reader_new(void);
void phy_sib1_reader_free(struct phy_sib1_reader *r);

/* Samples must be finite. *sib1 is filled as far as it came: coreset0 unless there is none. */
enum phy_sib1_outcome phy_sib1_read(struct phy_sib1_reader *r, const struct kern *k,
	const struct phy_recording *in, const struct phy_sib1_place *place, struct phy_sib1 *sib1);
