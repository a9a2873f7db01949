/*
 * The sounding reference signal: 38.211 6.4.1.4. A resource of 1, 2 or 4 ports is checked once
 * (phy_srs_init); each of its symbols is then sent, or received, where hopping puts it. No resources for
 * positioning, no partial sounding.
 */
#pragma once

#include "radio/phy/signals/grid.h"

enum {
	PHY_SRS_PORTS_MAX = 4,
	PHY_SRS_ANTENNAS_MAX = 8,
	PHY_SRS_LENGTH_MAX = 272 * PHY_SC_PER_PRB / 2,
	PHY_SRS_BLOCKS_MAX = PHY_SRS_LENGTH_MAX / 2,
};

/* groupOrSequenceHopping. */
enum phy_srs_hopping { PHY_SRS_NEITHER, PHY_SRS_GROUP, PHY_SRS_SEQUENCE };

struct phy_srs_config {
	uint8_t mu;         /* 0 to 3 */
	bool extended;      /* cyclic prefix; with mu 2 only */
	uint16_t bwp_start; /* CRB */
	uint16_t bwp_prbs;
	uint8_t ports;        /* 1, 2 or 4 */
	uint8_t symbols;      /* 1, 2 or 4; 8, 10, 12 or 14 too */
	uint8_t start;        /* startPosition: counted backwards from the slot's last symbol */
	uint8_t repetition;   /* repetitionFactor: divides symbols */
	uint8_t comb;         /* K_TC: 2, 4 or 8 */
	uint8_t comb_offset;  /* below comb */
	uint8_t cyclic_shift; /* below 8, 12 or 6 */
	uint8_t c_srs, b_srs, b_hop;
	uint8_t position;    /* freqDomainPosition n_RRC, 0 to 67 */
	uint16_t freq_shift; /* freqDomainShift n_shift, 0 to 268 */
	enum phy_srs_hopping hopping;
	uint16_t n_id; /* sequenceId, 0 to 1023 */
	/* Slots between transmissions and the first of them; 0: aperiodic. */
	uint16_t period, offset;
};

enum phy_srs_error {
	PHY_SRS_OK,
	PHY_SRS_NUMEROLOGY, /* mu above 3, or an extended prefix without mu 2 */
	PHY_SRS_BANDWIDTH,  /* a bandwidth part of no blocks or too many */
	PHY_SRS_PORTS,      /* not 1, 2 or 4 */
	PHY_SRS_TIME,    /* symbols that the slot does not have, or a repetition that does not divide them */
	PHY_SRS_COMB,    /* not 2, 4 or 8; or an offset beyond */
	PHY_SRS_SHIFT,   /* a cyclic shift that the comb does not have */
	PHY_SRS_ROW,     /* no such c-SRS, b-SRS, b-hop, position or shift */
	PHY_SRS_HOPPING, /* no such kind, or an identity above 1023 */
	PHY_SRS_PERIOD,  /* an offset that is not below the period */
	PHY_SRS_OUTSIDE, /* beyond the bandwidth part, at some hop */
	PHY_SRS_ERRORS,
};

const char *phy_srs_error_text(enum phy_srs_error e);

/* The plan. */
struct phy_srs {
	struct phy_srs_config config;
	uint16_t length;       /* M_sc: samples of a symbol and port */
	uint8_t shifts;        /* n_cs^max */
	uint8_t ports_of_comb; /* that share a comb offset */
	uint8_t first_symbol;
};

enum phy_srs_error phy_srs_init(struct phy_srs *p, const struct phy_srs_config *c);

/* Is it sent in this slot? Always, if aperiodic. */
bool phy_srs_due(const struct phy_srs *p, unsigned frame, unsigned slot);

/* The subcarrier, from CRB 0 on, of a port's first sample in symbol l of the resource. */
unsigned phy_srs_first(const struct phy_srs *p, unsigned frame, unsigned slot, unsigned l, unsigned port);

/*
 * Adds the signal of all symbols to the ports' grids, with the power 1 over all ports together. False, with
 * nothing done, for other grids or a slot in which it is not sent.
 */
bool phy_srs_send(const struct phy_srs *p, unsigned frame, unsigned slot, const struct phy_grid *ports);

/*
 * The channel as a symbol shows it: of each port and antenna the mean over each `block` samples, which are
 * block * comb subcarriers, from `first` (of port 0, from CRB 0 on); the last block ends with the signal, and
 * so may overlap.
 */
struct phy_srs_estimate {
	unsigned first, block, blocks;
	float power;   /* of a port's channel, on an RE and antenna, mean */
	float noise;   /* variance on an RE; what the channel changes within a block is noise too */
	float delay_s; /* mean delay behind the transform's window */
	struct phy_cf h[PHY_SRS_PORTS_MAX][PHY_SRS_ANTENNAS_MAX][PHY_SRS_BLOCKS_MAX];
};

/* What receiving works in; one a thread. NULL when memory is out. */
struct phy_srs_work *phy_srs_work_new(void);
void phy_srs_work_free(struct phy_srs_work *w);

/* Symbol l of the resource, on 1 to 8 antennas. False, with nothing done, as for sending. */
bool phy_srs_receive(struct phy_srs_work *w, const struct kern *k, const struct phy_srs *p, unsigned frame,
	unsigned slot, unsigned l, const struct phy_grid *grids, unsigned antennas,
	struct phy_srs_estimate *out);
