/*
 * Who gets which resource blocks of a slot, in one direction, and at what modulation and coding: link
 * adaptation from CQI and from what HARQ says, retransmissions first, then guaranteed bit rates, then
 * proportional fairness weighed by the priority of 5QIs (23.501 5.7.4). It knows no channel and no clock: the
 * DU says what waits and what came, and makes DCIs of the answer.
 */
#pragma once

#include "base/cursor.h"
#include "radio/phy/channels/mcs.h"
#include "radio/phy/receivers/csi_report.h"

enum { SCHED_UES_MAX = 256, SCHED_PRBS_MAX = 275, SCHED_GIVEN_MAX = 32 };

/* A direction of a cell, as far as sizes follow from it. */
struct sched_cell {
	uint16_t prbs;            /* of the bandwidth part */
	uint8_t symbols, dmrs_re; /* of an allocation: struct phy_tbs */
	uint8_t given_max;        /* allocations a slot: what PDCCH has room for, at most SCHED_GIVEN_MAX */
	uint8_t layers;
	uint8_t mcs_less; /* so many of the highest are not given: others than DM-RS take of the blocks too */
	uint8_t block_error_percent; /* of first transmissions, 1 to 50: the target of the outer loop */
	uint16_t average_slots;      /* over which rates are averaged */
};

/* A block that was not decoded: it goes again as it was. */
struct sched_again {
	uint8_t process, mcs;
	uint16_t prbs;
	uint32_t octets;
};

struct sched_ue {
	bool there;
	/* What the DU says before each slot. */
	bool may;         /* it listens in this slot, and has a free process */
	uint32_t waiting; /* octets, subheaders included */
	uint8_t priority; /* of the most urgent that waits: 5QI priority level, 1 to 127 */
	uint32_t guaranteed_octets_s;
	bool has_again;
	struct sched_again again;
	/* What link adaptation knows. */
	enum phy_mcs_table table;
	enum phy_cqi_table cqi_table;
	bool reported;     /* a CQI has come: it is no guess */
	uint8_t cqi;       /* 0: out of range */
	int16_t offset_cb; /* hundredths of a dB on top of what the CQI says */
	bool settled;      /* a block was not decoded: that offset is about right */
	/* What it got. */
	float rate; /* octets a slot, averaged */
	float owed; /* octets of its guarantee that it has not got, or got ahead */
};

/* Why somebody got what; printed on request. */
enum sched_reason { SCHED_RETRANSMISSION, SCHED_GUARANTEE, SCHED_FAIRNESS, SCHED_REASONS };

struct sched_given {
	uint16_t ue;
	uint16_t first_prb, prbs;
	uint8_t mcs, process; /* process: of retransmissions */
	uint32_t octets;      /* of the transport block */
	enum sched_reason reason;
	float metric; /* of SCHED_FAIRNESS, SCHED_GUARANTEE: what it won by */
};

struct sched {
	struct sched_cell cell;
	uint32_t slots_s; /* slots of this direction in a second */
	uint16_t count;   /* UEs up to the last that is there */
	struct sched_ue ues[SCHED_UES_MAX];
	uint16_t turn; /* who is looked at first among equals */
};

/* False: the cell is none that can be. */
MUST_USE bool sched_init(struct sched *s, const struct sched_cell *cell, uint32_t slots_s);

/* False: there is no such place, or somebody has it. */
MUST_USE bool sched_ue_add(struct sched *s, uint16_t ue);
void sched_ue_remove(struct sched *s, uint16_t ue);

/* Octets of a transport block; 0: the MCS has no size of its own. */
MUST_USE uint32_t sched_octets(
	const struct sched_cell *cell, enum phy_mcs_table table, uint16_t prbs, uint8_t mcs);

/*
 * A slot of this direction with PRBs [first_prb, first_prb + prbs). How many were given; in the order in
 * which they were. Averages and debts are those behind the slot.
 */
MUST_USE size_t sched_slot(
	struct sched *s, uint16_t first_prb, uint16_t prbs, struct sched_given given[SCHED_GIVEN_MAX]);

/* link_adaptation.c */
/* The MCS that a UE can have now. */
MUST_USE uint8_t sched_mcs(const struct sched_cell *cell, const struct sched_ue *u);
/* What is taken for one until it reports; and what it reports. */
void sched_cqi_guess(struct sched_ue *u, uint8_t cqi);
void sched_cqi(struct sched_ue *u, uint8_t cqi);
/* What log2(1 + SNR) makes of the efficiency of its CQI, in hundredths of a dB. */
MUST_USE float sched_cqi_cb(const struct sched_ue *u);
/* A first transmission was decoded, or not. */
void sched_first_transmission(const struct sched_cell *cell, struct sched_ue *u, bool decoded);

/* explain.c: one allocation as a line of a table (CSV), without its end. Of a retransmission alone the
 * process is told, of others what they won by. */
extern const char sched_explain_columns[];
void sched_explain(const struct sched *s, const struct sched_given *g, struct writer *w);
