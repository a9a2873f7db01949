/* What DCI format 1_0 defines of a PDSCH: 38.214 5.1.2, 5.1.3, 5.1.6.2, with what SIB1 needs before any RRC.
 */
#pragma once

#include "radio/phy/channels/pdsch.h"

enum phy_pdsch_for {
	PHY_PDSCH_SI_TYPE0, /* SI-RNTI, Type0-PDCCH search space: SIB1 */
	PHY_PDSCH_SI,       /* SI-RNTI, Type0A */
	PHY_PDSCH_PAGING,
	PHY_PDSCH_RANDOM_ACCESS, /* RA-RNTI, MsgB-RNTI */
	PHY_PDSCH_COMMON,        /* TC-RNTI, C-RNTI and the like in a common search space */
	PHY_PDSCH_OWN,           /* C-RNTI and the like in the UE's own search space */
};

struct phy_pdsch_dci_1_0 {
	enum phy_pdsch_for kind;
	uint16_t rnti;
	/* fields of the DCI (38.212 7.3.1.2.1) */
	uint32_t riv;
	uint8_t time; /* 0 to 15 */
	bool interleaved;
	uint8_t mcs;
	uint8_t rv;
	uint8_t tb_scaling; /* paging and random access; else 0 */
	/* the cell */
	uint8_t mu;
	bool extended;
	uint16_t n_id;                /* of the data's scrambling: the cell's identity, or configured */
	uint16_t dmrs_n_id;           /* the same of DM-RS */
	uint8_t pattern;              /* of SS/PBCH block and CORESET 0, 1 to 3 */
	uint8_t type_a_position;      /* dmrs-TypeA-Position: 2 or 3 */
	uint16_t bwp_start, bwp_prbs; /* the bandwidth part; for SIB1 what CORESET 0 covers */
	uint16_t riv_prbs;      /* the RIV's bandwidth: CORESET 0 or the initial part's; own: bwp_prbs */
	uint8_t riv_scale;      /* K of 38.214 5.1.2.2.2, phy_dci_riv_scale(); 0 and 1: none */
	uint16_t coreset_start; /* lowest block of the DCI's CORESET within the part; own: 0 */
	const struct phy_time_domain *times; /* pdsch-TimeDomainAllocationList, or NULL for the default */
	uint8_t times_n;
	enum phy_mcs_table mcs_table; /* own: as configured for 1_0; others have the first */
	uint8_t overhead;             /* xOverhead, for C-RNTI and the like; others have none */
	uint32_t lbrm_bits;
};

/* Fills *c for phy_pdsch_init; no reservations, nothing kept. What the DCI cannot mean is refused. */
enum phy_pdsch_error phy_pdsch_from_dci_1_0(struct phy_pdsch_config *c, const struct phy_pdsch_dci_1_0 *d);
