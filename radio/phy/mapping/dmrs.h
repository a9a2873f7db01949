/* Demodulation reference signals of the shared channels: 38.211 6.4.1.1, 7.4.1.1. One antenna port. */
#pragma once

#include "radio/phy/signals/modulation.h"
#include "radio/phy/mapping/pusch_allocation.h"
#include "radio/phy/signals/low_papr2.h"

enum { PHY_DMRS_PER_PRB_MAX = 6, PHY_DMRS_CRB_MAX = 2200 + PHY_PRB_MAX };

enum phy_sequence_hopping { PHY_SEQUENCE_STAYS, PHY_SEQUENCE_HOPS_GROUPS, PHY_SEQUENCE_HOPS };

/* The sequence of a PUSCH with transform precoding (38.211 6.4.1.1.1.2), over its whole allocation. */
struct phy_dmrs_low_papr {
	bool used;
	bool pi2_bpsk; /* dmrs-UplinkTransformPrecoding: type 2, of n_id[n_scid] */
	enum phy_sequence_hopping hopping;
	uint16_t n_id;               /* n_ID^RS: nPUSCH-Identity or the cell's identity */
	uint16_t first_crb, prbs;    /* the allocation: 12 prbs are legal for phy_dft_legal() */
	const struct phy_dfts *dfts; /* with pi2_bpsk */
};

struct phy_dmrs {
	bool type2;         /* dmrs-Type */
	bool double_symbol; /* maxLength 2, and chosen by the DCI */
	bool per_group;     /* dmrs-Downlink-r16, dmrs-Uplink-r16: CDM groups have sequences of their own */
	uint8_t additional; /* dmrs-AdditionalPosition, 0 to 3 */
	uint8_t type_a_position;     /* dmrs-TypeA-Position, 2 or 3 */
	uint8_t groups_without_data; /* CDM groups that carry no data: 1 to 3 (2 with type 1) */
	uint8_t port;                /* antenna port less 1000: 0 to 7, with type 2 to 11 */
	uint8_t n_scid;              /* 0 or 1 */
	uint16_t n_id[2];            /* scramblingID0, scramblingID1 or the cell's identity */
	uint16_t reference_crb; /* where the sequence begins: 0, for SIB1 the lowest block of CORESET 0 */
	struct phy_dmrs_low_papr low_papr;
};

/* Does the configuration type have such a port, and enough CDM groups without data to keep its REs free? */
bool phy_dmrs_legal(const struct phy_dmrs *d);

/* The symbols of the slot that hold DM-RS of a PDSCH (Tables 7.4.1.1.2-3 and -4), bit 0 for symbol 0; 0 for
 * a combination that the tables or the text under them do not have. */
uint16_t phy_dmrs_pdsch_symbols(const struct phy_dmrs *d, const struct phy_time_domain *t);

/*
 * Those of a PDSCH of mapping type B whose first collides with CORESETs (symbols of the slot): moved behind
 * them; 0 where 7.4.1.1.2 has no such position.
 */
uint16_t phy_dmrs_pdsch_moved(
	const struct phy_dmrs *d, const struct phy_time_domain *t, bool extended, uint16_t coresets);

/*
 * The same of a PUSCH (Tables 6.4.1.1.3-3 and -4), or of its two hops within the slot (Table 6.4.1.1.3-6).
 */
uint16_t phy_dmrs_pusch_symbols(
	const struct phy_dmrs *d, const struct phy_time_domain *t, enum phy_pusch_hopping hopping);

/* The REs of a resource block that belong to a CDM group, bit 0 for subcarrier 0; and to the port's own. */
uint16_t phy_dmrs_group_mask(const struct phy_dmrs *d, unsigned group);
uint16_t phy_dmrs_own_mask(const struct phy_dmrs *d);

/*
 * The REs of a resource block that are of any of these ports, all else being as *d has it; 0 when one of them
 * is not legal, or there twice.
 */
uint16_t phy_dmrs_ports_mask(const struct phy_dmrs *d, const uint8_t *ports, unsigned n);

/* The REs of a resource block that carry no data beside DM-RS: of all CDM groups without; and how many. */
uint16_t phy_dmrs_groups_mask(const struct phy_dmrs *d);

static inline unsigned phy_dmrs_groups_re(const struct phy_dmrs *d)
{
	return (unsigned)__builtin_popcount(phy_dmrs_groups_mask(d));
}

/* The amplitude of DM-RS over that of data (38.214 Table 4.1-1). */
float phy_dmrs_amplitude(const struct phy_dmrs *d);

/* REs of the port in a resource block: 6, or 4 with type 2. */
static inline unsigned phy_dmrs_per_prb(const struct phy_dmrs *d)
{
	return d->type2 ? 4 : 6;
}

/* Is symbol l the second of a pair of these DM-RS symbols? With double symbols all of them are pairs. */
static inline bool phy_dmrs_second(uint16_t dmrs_symbols, unsigned l)
{
	return __builtin_popcount(dmrs_symbols & ((1u << l) - 1)) % 2;
}

/* The subcarrier Delta by which the port is shifted. */
unsigned phy_dmrs_delta(const struct phy_dmrs *d);

/* Scratch of a thread. */
struct phy_dmrs_work {
	uint8_t bits[PHY_DMRS_CRB_MAX * 3 / 2 + 8];
	struct phy_constellation qpsk;
	struct phy_cf low_papr[PHY_DFT_MAX / 2], scratch[PHY_DFT_MAX];
};

bool phy_dmrs_work_init(struct phy_dmrs_work *w);

/*
 * What the port sends on its REs, amplitude and all, in the prbs resource blocks from first_crb on, both
 * within PHY_DMRS_CRB_MAX and not below the reference: lowest subcarrier first; out has room for
 * PHY_DMRS_PER_PRB_MAX * (prbs + 1). second: the later one of a double symbol. A low-PAPR sequence fills its
 * allocation, which lies within those blocks; what is outside has no meaning.
 */
void phy_dmrs_symbol(struct phy_dmrs_work *w, const struct kern *k, const struct phy_dmrs *d,
	unsigned slot_symbols, unsigned slot, unsigned symbol, bool second, unsigned first_crb, unsigned prbs,
	struct phy_cf *out);
