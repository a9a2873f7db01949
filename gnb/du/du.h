/*
 * A DU's MAC with its scheduler over one cell (TS 38.321, 38.213, 38.214): what is broadcast, random access,
 * and the UEs that have come of it. It is driven slot by slot: du_slot_send() says what a slot sends (DL_TTI,
 * TX_DATA), du_slot_expect() what is expected in one (UL_TTI), du_slot_receive() takes what came (CRC,
 * RX_DATA, UCI, RACH). RRC is above, behind F1AP; RLC entities are whoever has them, given by LCID.
 */
#pragma once

#include "gnb/du/capability.h"
#include "gnb/du/cell/served_cell.h"
#include "gnb/du/mac/mac.h"
#include "gnb/du/sched/sched.h"
#include "radio/l1.h"

enum {
	DU_UES_MAX = SERVED_CELL_UES_MAX,
	DU_CCCH_MAX = 512,    /* an SDU of SRB0 for a UE: RRCSetup */
	DU_PCCH_MAX = 32,     /* octets of a PCCH-Message with one record */
	DU_SI_MAX = 372,      /* octets of an SI message: 2976 bits (38.331 5.2.1) */
	DU_SEGMENTS_MAX = 64, /* of a warning */
	DU_NO_UE = 0xffff,
	/* C-RNTIs: above what may be an RA-RNTI (38.321 5.1.3), so that no UE takes a response for its own.
	 */
	DU_C_RNTI_FIRST = 14 * 80 * 8 * 2 + 1,
	DU_C_RNTI_LAST = 65000,
};

struct du_upper {
	void *arg;
	/* An SDU of SRB0 from a UE that has just come, by its place and C-RNTI. */
	void (*ccch)(void *arg, uint16_t ue, uint16_t c_rnti, struct bytes sdu);
	/* It has what was sent on SRB0. */
	void (*configured)(void *arg, uint16_t ue);
	/* It came back by random access: what 38.331 5.3.12 names may be gone. */
	void (*returned)(void *arg, uint16_t ue);
	/* It is not heard any more, or never came. */
	void (*lost)(void *arg, uint16_t ue);
};

enum du_stat {
	DU_STAT_PREAMBLES,
	DU_STAT_PREAMBLES_UNANSWERED, /* no room for a UE, or too late */
	DU_STAT_RESPONSES,
	DU_STAT_MSG3,
	DU_STAT_MSG3_RETRANSMISSIONS,
	DU_STAT_MSG3_LOST, /* given up */
	DU_STAT_CONTENTIONS_RESOLVED,
	DU_STAT_RETURNS, /* UEs that came back by random access */
	DU_STAT_UES_LOST,
	DU_STAT_DL_BLOCKS, /* first transmissions */
	DU_STAT_DL_RETRANSMISSIONS,
	DU_STAT_DL_ERRORS, /* first transmissions that were not decoded */
	DU_STAT_DL_LOST,   /* given up */
	DU_STAT_UL_BLOCKS,
	DU_STAT_UL_RETRANSMISSIONS,
	DU_STAT_UL_ERRORS,
	DU_STAT_UL_LOST,
	DU_STAT_TIMING_ADVANCES,  /* commands that change something */
	DU_STAT_PROBES,           /* that do not: a UE has not been heard for long */
	DU_STAT_ALIGNMENTS_ENDED, /* UEs whose timeAlignmentTimer ran out */
	DU_STAT_ORDERS,           /* to random access, by PDCCH */
	DU_STAT_ORDERS_OBEYED,
	DU_STAT_SCHEDULING_REQUESTS,
	DU_STAT_SOUNDINGS,       /* heard */
	DU_STAT_PAGINGS,         /* sent */
	DU_STAT_PAGINGS_REFUSED, /* too many wait, or too long */
	DU_STAT_NO_CCE,          /* a PDCCH found no place */
	DU_STATS,
};

/* How often each CQI was reported, and each MCS used for a first transmission; row: the CQI or MCS. */
enum du_spread { DU_SPREAD_CQI, DU_SPREAD_DL_MCS, DU_SPREAD_UL_MCS, DU_SPREADS };

struct du_config {
	struct served_cell_config cell;
	uint16_t c_rnti_first; /* of the first UE, of those below */
};

struct du;

/* NULL, with *wrong, for a cell that cannot be; *wrong is NULL then when memory is out. */
MUST_USE struct du *du_new(const struct du_config *c, const struct du_upper *upper, const char **wrong);
void du_free(struct du *d);

const struct served_cell *du_cell(const struct du *d);
uint64_t du_stat(const struct du *d, enum du_stat s);
uint64_t du_spread(const struct du *d, enum du_spread s, unsigned row);
/* That are in the cell, from the response to their preamble on. */
MUST_USE unsigned du_ues(const struct du *d);

/* How the physical layer beneath must be made; antennas, rate and workers are the caller's to add. */
struct phy_slot_config du_phy_downlink(const struct du *d), du_phy_uplink(const struct du *d);

/*
 * Downlink and uplink of a slot need not be at hand at the same time: a radio takes what is sent some slots
 * ahead (fewer than K1 and K2) of what it brings. now_ns: of the slot that is sent, from any beginning.
 */
void du_slot_send(struct du *d, const struct slot_time *t, uint64_t now_ns, struct l1_downlink *dl);
/* What is expected in a slot, and, when it has come, what came: nothing of the DU is called between the two.
 */
void du_slot_expect(struct du *d, const struct slot_time *t, struct l1_uplink *ul);
void du_slot_receive(struct du *d, const struct l1_uplink *ul);

/* Besides what is broadcast there is nothing to send and nothing awaited: from the slot of that number,
 * counted from any frame 0, so many may be left out until a UE is paged (UINT32_MAX: nobody is). */
MUST_USE bool du_is_quiet(const struct du *d, uint64_t slot, uint64_t now_ns, uint32_t *slots);
/* An allocation, as the scheduler has just made it: sched tells why (sched_explain). */
struct du_given {
	const struct slot_time *time;
	bool uplink;
	uint16_t c_rnti;
	const struct sched *sched;
	const struct sched_given *given;
};

/* For traces: what a slot sends, once that is said; what came; and who was given what. Each may be NULL. */
struct du_tap {
	void *arg;
	void (*sent)(void *arg, const struct slot_time *t, const struct l1_downlink *dl);
	void (*received)(void *arg, const struct slot_time *t, const struct l1_uplink *ul);
	void (*given)(void *arg, const struct du_given *g);
};
void du_set_tap(struct du *d, const struct du_tap *tap);

/* From above: an SDU of SRB0, which goes with the contention resolution (at most DU_CCCH_MAX octets). False:
 * there is no such UE, or it has had one. */
MUST_USE bool du_ccch_send(struct du *d, uint16_t ue, struct bytes sdu);
/* A PCCH-Message for UEs of an index, in their next paging occasion (38.304 7.1). False: too many wait. */
MUST_USE bool du_page(struct du *d, uint16_t ue_id, struct bytes pcch);
/* A public warning as SI messages (BCCH-DL-SCH-Message), one a segment. */
struct du_warning {
	uint8_t sib; /* 6 to 8 */
	uint16_t id, serial;
	const struct bytes *messages;
	size_t n;
	uint32_t period_s, times; /* times 0: until it ends; period 0: once */
};
/* It is broadcast from now on, or is already. False: there is no room. */
MUST_USE bool du_warn(struct du *d, const struct du_warning *w);
/* No more; sent: how often it was. False: there is none. */
MUST_USE bool du_warn_end(struct du *d, uint16_t id, uint16_t serial, uint16_t *sent);
void du_warn_end_all(struct du *d);
MUST_USE bool du_has_warnings(const struct du *d);

/* What the UE will have for itself, once it has had that SDU: what its CellGroupConfig says. */
const struct cell_own *du_ue_own(const struct du *d, uint16_t ue);
/* What a UE is capable of is known: true: it is to have something else for itself, what du_ue_own() says
 * then. Until it has applied that it is served by what means the same before and after (DCI 0_0 and 1_0 in a
 * common space). */
MUST_USE bool du_ue_adapt(struct du *d, uint16_t ue, const struct du_capability *c);
/* It is being given du_ue_own() anew, and has not applied that. */
void du_ue_changing(struct du *d, uint16_t ue);
/* It has applied that (38.473: RRC Reconfiguration Complete). */
void du_ue_reconfigured(struct du *d, uint16_t ue);
/* For its channels (du_channel_set) and their figures. NULL: there is no such UE. */
struct du_ue *du_ue_mac(struct du *d, uint16_t ue);
void du_ue_release(struct du *d, uint16_t ue);
