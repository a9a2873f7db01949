/*
 * The cell that a DU serves: from what an operator says of it to all that follows - where its SS/PBCH block
 * is, CORESET 0, MIB and SIB1 with their times - and, read from those as a UE would, struct cell.
 */
#pragma once

#include "gnb/du/cell/config.h"
#include "radio/cell/own.h"
#include "radio/mac/drx.h"
#include "radio/phy/search/sib1.h"
#include "radio/phy/waveform/sib1_message.h"

struct served_cell {
	struct served_cell_config config;
	struct phy_waveform_config broadcast; /* sib1 points to the octets */
	struct phy_waveform_place place;
	struct phy_sib1_schedule schedule;
	struct phy_mib mib;
	uint8_t prach_zone;                    /* zeroCorrelationZoneConfig */
	uint8_t si_n, si_sib[PHY_SIB1_SI_MAX]; /* what SIB1 says of other system information */
	uint16_t sib1_octets;
	uint8_t sib1[PHY_SIB1_OCTETS_MAX]; /* zeros behind: its transport block has padding */
	struct cell cell;
	struct mac_drx_config drx;    /* but for the offset */
	uint8_t srs_slot;             /* of SRS, in each interval of slots; beyond it: there are none */
	struct phy_srs_config srs;    /* but for the comb offset and the slot */
	struct cell_csi_rs csi_rs[2]; /* what UEs measure, and the REs that are silent beside it; or none */
};

/* NULL: done; else what is wrong. */
const char *served_cell_init(struct served_cell *s, const struct served_cell_config *c);

/* From now on SIB1 schedules these SIBs, a message each; false: it cannot, and is as it was. */
MUST_USE bool served_cell_inform(struct served_cell *s, const uint8_t *sibs, uint8_t n);

/* The least slots from a PDSCH to its HARQ-ACK and from a grant to its PUSCH, 4 to 7. */
unsigned served_cell_k_min(const struct served_cell *s);
/* Slots from a PDSCH in this slot to its HARQ-ACK, up to 8; 0: a UE's own have none here. */
unsigned served_cell_k1(const struct served_cell *s, unsigned sfn, unsigned slot);
/* Whether grants for the uplink of the slot K2 behind are given in this one; each slot is granted in one. */
bool served_cell_grants(const struct served_cell *s, unsigned sfn, unsigned slot, unsigned k2);
/* The row of PDSCH times for a slot; false: it has none. */
MUST_USE bool served_cell_pdsch_row(const struct served_cell *s, unsigned sfn, unsigned slot, uint8_t *row);

/* What a UE has for itself: resources by its place in the cell. False: the cell has no more. */
MUST_USE bool served_cell_own(struct cell_own *o, const struct served_cell *s, unsigned place);

/* budget.c: whether a UE that has this looks into all of its search spaces in each slot (38.213 10.1). */
bool served_cell_within_budget(const struct served_cell *s, const struct cell_own *own);

/* UEs have other resources for scheduling requests each, but share those for HARQ-ACK: whether two UEs cannot
 * answer in one slot. */
bool served_cell_same_answer(unsigned place, unsigned other);
/* Slots from one scheduling request to the next. */
unsigned served_cell_sr_period(const struct served_cell *s);

/* Where its SS/PBCH blocks are (38.104 5.4.2.1). */
MUST_USE uint32_t served_cell_ssb_arfcn(const struct served_cell *s);
/* On-durations of UEs are spread over the cycle. */
struct mac_drx_config served_cell_drx(const struct served_cell *s, unsigned place);

/* csi.c: UEs are to report channel quality; slots from one report to the next, and from CSI-RS to CSI-RS. */
bool served_cell_has_reports(const struct served_cell *s);
uint16_t served_cell_report_period(const struct served_cell *s);
/* Where its CSI-RS are, in slots that have nothing for all UEs; counted in 1024 frames. */
void served_cell_csi_rs(struct served_cell *s);
bool served_cell_is_csi_slot(const struct served_cell *s, uint64_t slots);
struct cell_csi_report served_cell_report(const struct served_cell *s, unsigned place);

/* srs.c: slots in which UEs sound the uplink, up to SERVED_CELL_SRS_A_SLOT of them in each; counted in 1024
 * frames. Nothing else of the blocks that PUSCH may have is sent in them. */
bool served_cell_is_srs_slot(const struct served_cell *s, uint64_t slots);
/* there: false: the cell has none for this UE. */
struct cell_srs served_cell_srs(const struct served_cell *s, unsigned place);

/* Blocks at the uplink's lower edge that PUCCH has. */
uint8_t served_cell_low_prbs(const struct served_cell *s);
/* Blocks of the uplink's bandwidth part that PUSCH may have in a slot: not those of PUCCH, and none of an
 * occasion of random access. */
void served_cell_pusch_prbs(
	const struct served_cell *s, unsigned sfn, unsigned slot, uint16_t *first, uint16_t *prbs);

/* Samples of a symbol: the least of 2^n and 3 * 2^n that a carrier needs. */
unsigned served_cell_fft_size(unsigned prbs);

enum {
	SERVED_CELL_UES_MAX = 256,
	SERVED_CELL_UES = 64,         /* if nothing is said */
	SERVED_CELL_PUCCH_USERS = 18, /* of a block, told apart by six cyclic shifts and three covers */
	SERVED_CELL_SSB_PERIOD_MS = 10,
	SERVED_CELL_PUCCH_PRBS = 2, /* at each edge of the uplink; at the lower one those of format 2 behind,
				       and that of reports */
	SERVED_CELL_FORMAT2_PRBS = 3,
	SERVED_CELL_SRS_A_SLOT = 4,
	SERVED_CELL_CONTENTION_PREAMBLES = 56, /* where some are kept for UEs that are ordered */
	SERVED_CELL_K1_MAX = 8,                /* of DCI 1_0 (38.213 9.2.3) */
	SERVED_CELL_ACKS_MAX = 7,              /* bits of HARQ-ACK of a UE in a slot */
};
