/* Demodulation reference signals of the shared channels: 38.211 7.4.1.1. One antenna port. */
#pragma once

#include "radio/phy/signals/modulation.h"
#include "radio/phy/mapping/pdsch_allocation.h"

enum { PHY_DMRS_PER_PRB_MAX = 6, PHY_DMRS_CRB_MAX = 2200 + PHY_PRB_MAX };

struct phy_dmrs {
	bool type2;                  /* dmrs-Type */
	bool double_symbol;          /* maxLength 2, and chosen by the DCI */
	bool per_group;              /* dmrs-Downlink-r16: CDM groups have sequences of their own */
	uint8_t additional;          /* dmrs-AdditionalPosition, 0 to 3 */
	uint8_t type_a_position;     /* dmrs-TypeA-Position, 2 or 3 */
	uint8_t groups_without_data; /* CDM groups that carry no data: 1 to 3 (2 with type 1) */
	uint8_t port;                /* antenna port less 1000: 0 to 7, with type 2 to 11 */
	uint8_t n_scid;              /* 0 or 1 */
	uint16_t n_id[2];            /* scramblingID0, scramblingID1 or the cell's identity */
	uint16_t reference_crb; /* where the sequence begins: 0, for SIB1 the lowest block of CORESET 0 */
};

/* Does the configuration type have such a port, and enough CDM groups without data to keep its REs free? */
bool phy_dmrs_legal(const struct phy_dmrs *d);

/* The symbols of the slot that hold DM-RS of a PDSCH (Tables 7.4.1.1.2-3 and -4), bit 0 for symbol 0; 0 for
 * a combination that the tables or the text under them do not have. */
uint16_t phy_dmrs_pdsch_symbols(const struct phy_dmrs *d, const struct phy_time_domain *t);

/* The REs of a resource block that belong to a CDM group, bit 0 for subcarrier 0; and to the port's own. */
uint16_t phy_dmrs_group_mask(const struct phy_dmrs *d, unsigned group);
uint16_t phy_dmrs_own_mask(const struct phy_dmrs *d);

/* The amplitude of DM-RS over that of data (38.214 Table 4.1-1). */
float phy_dmrs_amplitude(const struct phy_dmrs *d);

/* REs of the port in a resource block: 6, or 4 with type 2. */
static inline unsigned phy_dmrs_per_prb(const struct phy_dmrs *d)
{
	return d->type2 ? 4 : 6;
}

/* The subcarrier Delta by which the port is shifted. */
unsigned phy_dmrs_delta(const struct phy_dmrs *d);

/* Scratch of a thread. */
struct phy_dmrs_work {
	uint8_t bits[PHY_DMRS_CRB_MAX * 3 / 2 + 8];
	struct phy_constellation qpsk;
};

bool phy_dmrs_work_init(struct phy_dmrs_work *w);

/*
 * What the port sends on its REs, amplitude and all, in the prbs resource blocks from first_crb on, both
 * within PHY_DMRS_CRB_MAX and not below the reference: lowest subcarrier first; out has room for
 * PHY_DMRS_PER_PRB_MAX * (prbs + 1). second: the later one of a double symbol.
 */
void phy_dmrs_symbol(struct phy_dmrs_work *w, const struct kern *k, const struct phy_dmrs *d,
	unsigned slot_symbols, unsigned slot, unsigned symbol, bool second, unsigned first_crb, unsigned prbs,
	struct phy_cf *out);
