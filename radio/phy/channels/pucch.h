/*
 * The physical uplink control channel, formats 0 to 4: 38.211 6.3.2 and 6.4.1.3, 38.213 9.2. A configuration
 * is checked and laid out once (phy_pucch_init); sending and receiving then follow the plan. Antenna port
 * 2000, no interlaces; one slot at a time (repetitions are the caller's).
 */
#pragma once

#include "radio/phy/codes/uci.h"
#include "radio/phy/signals/grid.h"
#include "radio/phy/signals/modulation.h"

enum {
	PHY_PUCCH_PRBS_MAX = 16,
	PHY_PUCCH_ANTENNAS_MAX = 8,
	PHY_PUCCH_USERS_MAX = 36, /* of one resource, received together: 12 shifts, 3 codes that matter */
};

/* pucch-GroupHopping. */
enum phy_pucch_groups { PHY_PUCCH_NEITHER, PHY_PUCCH_ENABLE, PHY_PUCCH_DISABLE };

struct phy_pucch_config {
	uint8_t format;
	uint8_t mu;         /* 0 to 3 */
	bool extended;      /* cyclic prefix; with mu 2 only */
	uint16_t bwp_start; /* CRB */
	uint16_t bwp_prbs;
	uint16_t first_prb;   /* startingPRB */
	uint16_t second_prb;  /* secondHopPRB, if hopping */
	bool hopping;         /* intraSlotFrequencyHopping */
	uint8_t prbs;         /* of formats 2 and 3; else 1 */
	uint8_t first_symbol; /* startingSymbolIndex */
	uint8_t symbols;      /* nrofSymbols */
	enum phy_pucch_groups groups;
	uint16_t hopping_id;   /* hoppingId, or the cell's identity */
	uint8_t initial_shift; /* initialCyclicShift of formats 0 and 1 */
	uint8_t occ;           /* timeDomainOCC of format 1, occ-Index of format 4 */
	uint8_t occ_length;    /* of format 4: 2 or 4 */
	bool additional_dmrs;  /* of formats 3 and 4 */
	bool pi2_bpsk;         /* of formats 3 and 4 */
	bool low_papr_type2;   /* dmrs-UplinkTransformPrecodingPUCCH; refused */
	uint16_t rnti;         /* of formats 2 to 4 */
	uint16_t n_id;         /* dataScramblingIdentityPUSCH, or the cell's identity */
	uint16_t dmrs_id;      /* N_ID^0 of format 2: scramblingID0, or the cell's identity */
	/*
	 * Formats 0 and 1: HARQ-ACK bits, 0 to 2, none meaning a scheduling request alone. Formats 2 to 4:
	 * bits of all UCI, in the order of 38.212 6.3.1.1, 3 or more.
	 */
	uint16_t bits;
	bool sr; /* of format 0 with HARQ-ACK: a scheduling request may come along (38.213 9.2.5.1) */
};

enum phy_pucch_error {
	PHY_PUCCH_OK,
	PHY_PUCCH_FORMAT,     /* above 4 */
	PHY_PUCCH_NUMEROLOGY, /* mu above 3, or an extended prefix without mu 2 */
	PHY_PUCCH_BANDWIDTH,  /* a bandwidth part of no blocks or too many */
	PHY_PUCCH_TIME,       /* symbols that the format or the slot does not have */
	PHY_PUCCH_PRBS,       /* none, outside the bandwidth part, or a number that the format cannot have */
	PHY_PUCCH_HOPPING,    /* of a single symbol; or no such kind of group hopping */
	PHY_PUCCH_IDENTITY,   /* above 1023 */
	PHY_PUCCH_SHIFT,      /* initial cyclic shift above 11 */
	PHY_PUCCH_OCC,        /* no such orthogonal sequence */
	PHY_PUCCH_BITS,       /* more, or fewer, than the format carries */
	PHY_PUCCH_SR,         /* beside HARQ-ACK with format 0 only */
	PHY_PUCCH_LOW_PAPR_2, /* not offered */
	PHY_PUCCH_UCI,        /* the resource elements do not hold the UCI: see phy_uci_error */
	PHY_PUCCH_ERRORS,
};

const char *phy_pucch_error_text(enum phy_pucch_error e);

/* The plan. */
struct phy_pucch {
	struct phy_pucch_config config;
	struct phy_uci uci;    /* formats 2 to 4 */
	uint16_t dmrs_symbols; /* mask over the slot's symbols */
	uint16_t data_symbols; /* likewise; format 2 has both in each */
	uint8_t first_hop;     /* symbols of it; all without hopping */
	uint8_t uci_symbols;
};

enum phy_pucch_error phy_pucch_init(struct phy_pucch *p, const struct phy_pucch_config *c);

/* Sequences, filters and transforms that all share; read only after they were made. NULL when memory is out.
 */
struct phy_pucch_tables *phy_pucch_tables_new(void);
void phy_pucch_tables_free(struct phy_pucch_tables *t);

/* What sending or receiving works in; one a thread; tables stay the caller's. NULL when memory is out. */
struct phy_pucch_work *phy_pucch_work_new(const struct phy_pucch_tables *tables);
void phy_pucch_work_free(struct phy_pucch_work *w);

/*
 * Writes the channel of this slot of the frame to its REs, adding to what is there: several users may share
 * them. Mean power 1. uci: bits one an octet; sr: a positive scheduling request (formats 0 and 1; alone it is
 * true, for a negative one nothing is sent). False, with nothing done, when the grid is another one or the
 * slot is none of the frame.
 */
bool phy_pucch_send(struct phy_pucch_work *w, const struct kern *k, const struct phy_pucch *p, unsigned slot,
	const uint8_t *uci, bool sr, struct phy_grid *grid);

/* Formats 0 and 1: do two users have one resource, and so must be received together? */
bool phy_pucch_shares(const struct phy_pucch_config *a, const struct phy_pucch_config *b);

/* A user of a resource, and what came from it. */
struct phy_pucch_user {
	const struct phy_pucch *pucch;
	uint8_t *uci;  /* room for the bits, one an octet */
	bool detected; /* else nothing was sent, or it was lost; uci then is of no use */
	bool sr;       /* a positive scheduling request */
	float power;   /* of the user, on an RE and antenna */
	float noise;   /* variance on an RE */
	float delay_s; /* of the signal behind the transform's window; 0 if not detected */
	float sigmas;  /* formats 2 to 4: see phy_uci_result */
};

/*
 * What came in this slot on 1 to 8 antennas, a grid each. Users of formats 0 and 1 that share symbols, blocks
 * and sequence are told apart together and their noise is found together: give all of a resource in one call.
 * Of each user that sends nothing one of a hundred is taken for one that does, at most. False, with nothing
 * done, when grids are other ones, users of formats 0 and 1 do not share a resource, or there are none or too
 * many.
 */
bool phy_pucch_receive(struct phy_pucch_work *w, const struct kern *k, unsigned slot,
	const struct phy_grid *grids, unsigned antennas, struct phy_pucch_user *users, unsigned count);
