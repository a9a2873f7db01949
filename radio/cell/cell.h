/*
 * A cell as both ends of its air know it, from nothing but MIB and SIB1 (TS 38.331 6.2.2, 6.3.2), in the
 * terms of 38.211 to 38.214. A gNB reads its own system information with this too, so that it sends what it
 * said it would.
 */
#pragma once

#include "radio/cell/space.h"
#include "radio/cell/system_information.h"
#include "radio/phy/channels/mib.h"
#include "radio/phy/channels/pucch.h"
#include "radio/phy/channels/ssb.h"
#include "radio/phy/channels/type0_pdcch.h"
#include "radio/phy/mapping/pusch_allocation.h"
#include "radio/phy/mapping/slot_format.h"
#include "radio/phy/search/rach.h"

enum {
	CELL_TIMES_MAX = 16, /* of a time domain allocation list */
};

/* A carrier of one direction, and a bandwidth part of it: the one that a UE begins with, or the active one.
 */
struct cell_carrier {
	uint64_t hz; /* f_0 of 38.211 5.4: its middle */
	uint16_t first_crb, prbs;
	uint16_t bwp_start, bwp_prbs; /* start as a common resource block */
	uint16_t widest_prbs;         /* of all bandwidth parts that are configured: 38.212 5.4.2.1 */
};

/* RACH-ConfigCommon, less where preambles are (struct phy_rach). */
struct cell_rach {
	int16_t received_target_power_dbm;
	uint8_t ramping_step_db, trans_max;
	uint16_t response_window_slots;
	uint8_t contention_ms;
	uint8_t preambles; /* of contention, of the SS/PBCH block */
	bool msg3_transform_precoding;
};

/* PCCH-Config (38.304 7.1). */
struct cell_pcch {
	uint16_t cycle;    /* T, frames */
	uint16_t frames;   /* N, paging frames of a cycle */
	uint8_t occasions; /* Ns, of a paging frame */
	uint8_t offset;    /* PF_offset */
	uint16_t first[4]; /* monitoring occasion of a paging frame that each begins with */
};

struct cell {
	uint16_t pci;
	uint8_t mu;
	bool paired;
	uint16_t band;
	struct cell_carrier downlink, uplink;
	struct phy_tdd tdd; /* if it is not paired */
	/* SS/PBCH blocks, of the carrier's spacing */
	enum phy_ssb_case pattern;
	uint8_t l_max, ssb_index; /* index: of the block that was read */
	bool half_frame;
	uint64_t ssb_sent; /* bit i: index i */
	uint8_t ssb_period_ms;
	uint16_t ssb_first_sc; /* of the carrier's grid: the first that is there */
	bool ssb_punctured;    /* a channel of 3 MHz (38.211 7.4.3.1) */
	uint8_t type_a_position;
	struct phy_type0_pdcch type0;
	/* commonControlResourceSet; id 0: there is none */
	uint8_t common_coreset_id;
	struct phy_coreset common_coreset;
	/* what SIB1 has besides */
	struct cell_space random_access, paging; /* paging.there: it has occasions of its own */
	struct cell_pcch pcch;
	struct cell_space information; /* of system information beside SIB1; there with id 0: where SIB1 is */
	struct cell_si si;
	struct phy_time_domain pdsch_times[CELL_TIMES_MAX],
		pusch_times[CELL_TIMES_MAX];  /* k0: of PUSCH, K2 */
	uint8_t pdsch_times_n, pusch_times_n; /* 0: the default ones */
	/* Of uplink power (38.213 7): what SS/PBCH blocks have on an RE, and what is wanted of a block at the
	 * gNB. */
	int8_t ssb_power_dbm;
	bool has_p0_pusch; /* else preambleReceivedTargetPower holds, with msg3-DeltaPreamble */
	int16_t p0_pusch_dbm, p0_pucch_dbm;
	int8_t msg3_delta_db;
	uint8_t pucch_resource_common; /* UINT8_MAX: there is none */
	enum phy_pucch_groups pucch_groups;
	uint16_t pucch_hopping_id;
	bool pusch_group_hopping;
	bool has_rach; /* in this bandwidth part; SIB1's has it */
	struct phy_rach rach;
	struct cell_rach access;
	uint32_t alignment_ms; /* timeAlignmentTimerCommon; UINT32_MAX: infinity */
	struct phy_dci_bandwidth bandwidth;
	uint16_t initial_ul_start; /* of the initial uplink part, which bandwidth.initial_ul is of */
};

/* What was read of the air before SIB1. */
struct cell_found {
	uint16_t pci;
	uint8_t mu, l_max, ssb_index;
	uint64_t ssb_hz;    /* where its subcarrier 120 is, in the air */
	bool ssb_punctured; /* as on a channel of 3 MHz */
	struct phy_mib mib;
};

enum cell_error {
	CELL_OK,
	CELL_NO_SIB1,  /* octets that are none, or without servingCellConfigCommon */
	CELL_BAND,     /* none that is known */
	CELL_CARRIER,  /* no carrier, or bandwidth part of it, of the spacing of SS/PBCH blocks */
	CELL_SSB,      /* outside the carrier, or of another spacing */
	CELL_CORESET0, /* a row that is none, or outside the carrier */
	CELL_SPACE,    /* a search space that cannot be, or none for random access */
	CELL_TIMES,    /* a time domain allocation that cannot be */
	CELL_RACH,     /* no random access, or one that cannot be */
	CELL_TDD,
	CELL_ERRORS,
};

const char *cell_error_text(enum cell_error e);

/* sib1: a BCCH-DL-SCH-Message. *c is of no use after an error. */
MUST_USE enum cell_error cell_read(struct cell *c, const struct cell_found *found, struct bytes sib1);

/* Masks of a slot's symbols, that both directions have in a paired band. slot: of the frame. */
struct phy_slot_format cell_slot_format(const struct cell *c, unsigned sfn, unsigned slot);

/* All symbols are of that direction. */
bool cell_slot_is_downlink(const struct cell *c, unsigned sfn, unsigned slot);
bool cell_slot_is_uplink(const struct cell *c, unsigned sfn, unsigned slot);

/* Occasions of random access that begin in this slot of the frame; in unpaired spectrum those in uplink
 * (38.213 8.1). */
unsigned cell_rach_occasions(const struct cell *c, unsigned sfn, unsigned slot,
	struct phy_prach_occasion out[PHY_PRACH_OCCASIONS_MAX]);

/* Whether the SS/PBCH block of an index is in this slot of the frame; *symbol: its first. */
bool cell_ssb_in_slot(const struct cell *c, unsigned index, unsigned sfn, unsigned slot, unsigned *symbol);

/* Time domain allocation lists, for both directions; k0 of a PUSCH is its K2. NULL: an empty list. */
MUST_USE bool cell_pdsch_times_read(struct phy_time_domain out[CELL_TIMES_MAX], uint8_t *n,
	const struct rrc_pdsch_time_domain_resource_allocation_list *in, unsigned type_a_position);
MUST_USE bool cell_pusch_times_read(struct phy_time_domain out[CELL_TIMES_MAX], uint8_t *n,
	const struct rrc_pusch_time_domain_resource_allocation_list *in, unsigned mu);

/*
 * 38.304 7.1: whether UEs of an index (5G-S-TMSI modulo 1024) are paged in this slot of the frame. Not where
 * they are paged by search space 0, nor in occasions that reach beyond their frame.
 */
bool cell_is_paging_slot(const struct cell *c, unsigned ue_id, unsigned sfn, unsigned slot);

/* 38.213 13: whether the PDCCH of SIB1 is looked for in this slot of the frame. */
bool cell_sib1_in_slot(const struct cell *c, unsigned sfn, unsigned slot);

static inline unsigned cell_frame_slots(const struct cell *c)
{
	return 10u << c->mu;
}
