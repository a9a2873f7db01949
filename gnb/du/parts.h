/* Inside gnb/du. */
#pragma once

#include "gnb/du/du.h"
#include "gnb/du/sched/sched.h"
#include "radio/cell/grant.h"
#include "radio/cell/pucch.h"
#include "radio/mac/drx.h"

enum {
	DU_RING = 32, /* slots that are planned ahead, at most K1 and K2 of Msg3 */
	DU_PREAMBLES_MAX = 8,
	DU_PAGES_MAX = 64,
	DU_TRANSMISSIONS_MAX = 8,
	DU_BLOCKS_MAX = 1024, /* under way in the downlink: two a slot, and those that wait to go again */
	DU_LOST_MS = 2000,    /* so long nothing was heard that should have been */
	DU_CONTENTION_MS = 60,
	DU_CHANGING_MS = 10000,    /* longer than a CU waits: then a UE is taken to have what it was sent */
	DU_WARNINGS_MAX = 8,       /* of whatever kind */
	DU_REPORTS_MISSED_MAX = 8, /* in a row: then it is taken for one that does not report */
};

/* What is heard of a UE's channel, above noise. */
struct du_power {
	bool known;
	float db;
	uint64_t next_ns; /* not before then another command */
};

/* How late it is heard. */
struct du_timing {
	float late_s;
	uint8_t samples;
	uint64_t next_ns,
		probe_ns; /* not before then another command; then one that only asks for an answer */
};

/* The UE's timer (38.321 5.2), where it is finite; all zero: it does not run yet. */
struct du_alignment {
	uint64_t until_ns; /* 0: it does not end */
	uint64_t keep_ns;  /* when the next command is sent */
	bool ended;        /* what follows from that is done */
	uint8_t preamble, orders;
	uint64_t order_ns;     /* not before then another order; until then the preamble is this UE's */
	uint64_t responded_ns; /* to that preamble; 0: not yet */
};

enum du_ue_state {
	DU_UE_NONE,
	DU_UE_MSG3,       /* the response was sent */
	DU_UE_CONTENTION, /* Msg3 has come */
	DU_UE_ANSWERED,   /* Msg4 is under way */
	DU_UE_CONNECTED,
};

/* A block under way: how it was sent, so that it can be again. */
struct du_block {
	bool again; /* it waits for its retransmission */
	uint16_t first_prb, prbs;
	enum phy_mcs_table table;
	uint8_t mcs, time; /* time: row of PDSCH times, with which its size goes */
	bool configured;   /* as the UE was taken for in the last transmission */
	bool aligns;       /* there is a timing advance command in it */
	uint64_t sent_ns;  /* last */
};

struct du_cell_ue {
	enum du_ue_state state;
	uint16_t c_rnti;
	uint64_t until_ns; /* of states before DU_UE_CONNECTED */
	struct du_ue *mac;
	struct cell_own own;
	/* It has what `own` says: by RRCSetup in Msg4, or later if it is re-established. As long as that is
	 * not sure, what is sent again goes as if it were the other way, in turns. */
	bool configured, unsure;
	uint64_t changing_ns; /* since when it is being configured otherwise; 0: it is not */
	int16_t pdcch_cb;     /* hundredths of a dB on top of its CQI, for PDCCHs that it did not hear */
	bool reports;         /* CQIs have come */
	uint8_t reports_missed;
	bool wants_uplink;  /* asked for */
	struct bytes heard; /* Msg3's SDU, while it is handled */
	uint16_t returns;   /* the C-RNTI that Msg3 names instead; 0: none */
	uint8_t ccch[DU_CCCH_MAX];
	uint16_t ccch_octets;
	struct du_block down[DU_HARQ_PROCESSES], up[DU_HARQ_PROCESSES];
	struct du_power pusch_power, pucch_power;
	struct mac_drx drx; /* what the UE must be doing */
	struct du_timing timing;
	struct du_alignment alignment;
	uint64_t silent_ns; /* since when it is not heard where it should have been; 0: it is */
	bool lost;          /* told to whoever is above */
};

/* What a slot to come expects. */
struct du_due_pusch {
	uint16_t ue;
	uint8_t process;
	bool new_data, msg3;
	struct phy_pusch_config config;
};

/* HARQ-ACK of a UE, of the PDSCHs of several slots: in the order of their DAIs (38.213 9.1.3.1). */
struct du_due_ack {
	uint16_t ue;
	uint8_t n, process[SERVED_CELL_ACKS_MAX];
	struct phy_pucch_config config; /* of one bit or two */
};

struct du_due {
	struct du_due_pusch pusch[L1_PUSCH_MAX];
	struct du_due_ack ack[L1_PUSCH_MAX];
	uint8_t pusch_n, ack_n;
};

struct du_preamble {
	uint16_t ra_rnti;
	uint16_t ue; /* that was ordered to it; DU_NO_UE: it is of contention */
	uint8_t preamble;
	uint16_t timing_advance;
	uint64_t until_ns;
};

struct du_page {
	uint16_t ue_id;
	uint8_t octets, pcch[DU_PCCH_MAX];
};

/* A public warning while it is broadcast. */
struct du_warning_kept {
	uint8_t *octets; /* of all segments, each an SI message; NULL: there is none */
	uint16_t at[DU_SEGMENTS_MAX + 1];
	uint8_t sib, n, next;
	uint16_t id, serial;
	uint32_t times; /* 0: until it is cancelled */
	uint64_t begun_ns, period_ns;
};

/* What a PUCCH of the slot at hand is. */
struct du_pucch_use {
	uint16_t ue;
	bool sr, ack,
		csi; /* a scheduling request's resource or bit; HARQ-ACK and a report are expected on it */
};

struct du {
	struct du_upper upper;
	struct du_tap tap;
	struct served_cell cell;
	uint64_t stat[DU_STATS];
	uint64_t spread[DU_SPREADS][PHY_MCS_ROWS];
	uint64_t now_ns;
	struct slot_time now, up; /* the slot that is sent, the one that is received */
	uint64_t slots, up_slots; /* the same, counted in 1024 frames */
	uint16_t next_c_rnti;
	struct du_cell_ue ues[DU_UES_MAX];
	uint16_t ues_end; /* behind the last that is there */
	struct du_preamble preambles[DU_PREAMBLES_MAX];
	uint8_t preambles_n;
	struct du_page pages[DU_PAGES_MAX]; /* in the order of their coming */
	uint8_t pages_n;
	struct du_warning_kept warnings[DU_WARNINGS_MAX];
	uint8_t warning_at[3];                 /* whose segments are sent, of SIB6 to SIB8 */
	uint64_t window_sent[PHY_SIB1_SI_MAX]; /* the last, by SI message, and one */
	struct sched downlink, uplink;
	struct {
		uint8_t symbols, dmrs_re;
	} pdsch[CELL_TIMES_MAX];           /* by row of PDSCH times: what sizes follow from */
	struct cell_space space;           /* of UEs that are configured, but for the C-RNTI */
	struct du_due due[DU_RING], taken; /* taken: of the slot that has come; UEs may end meanwhile */
	struct du_pucch_use use[L1_PUCCH_MAX];
	/* Of the slots at hand. */
	struct l1_downlink *dl;
	struct l1_uplink *ul;
	uint32_t counted; /* PDCCHs that are DCIs 0_1 */
	uint64_t cces;    /* of CORESET 0 that are taken */
	bool down;        /* all of the slot is downlink: what is for all goes in such ones alone */
	bool common;      /* there is a PDSCH that is not a UE's own */
	bool csi;         /* there are CSI-RS, which PDSCHs of UEs that are configured go around */
	struct phy_reserved reserved[CELL_RESERVED_MAX];
	uint16_t free_prb;       /* of the downlink's part: from here on nothing common is sent */
	bool short_message_sent; /* with a page */
	uint8_t rar[256], pcch[256], information[512];
	size_t block_octets;                /* of the largest transport block, either way */
	struct pool blocks;                 /* of those under way in the downlink */
	struct phy_srs_estimate *soundings; /* of the slot at hand; NULL: the cell has none */
	uint16_t sounds[L1_SRS_MAX];        /* whose */
};

/* One that carries what is for all, if there is room. */
static inline bool du_is_free_for_all(const struct du *d)
{
	return d->down && !d->common && !d->csi && d->dl->slot.ssb_n == 0;
}

static inline struct du_due *du_due_in(struct du *d, unsigned slots)
{
	return &d->due[(d->slots + slots) % DU_RING];
}

static inline uint16_t du_place(const struct du *d, const struct du_cell_ue *u)
{
	return (uint16_t)(u - d->ues);
}

static inline void du_tell_given(
	const struct du *d, bool uplink, const struct sched *s, const struct sched_given *given, size_t n)
{
	for (size_t i = 0; d->tap.given && i < n; i++)
		d->tap.given(d->tap.arg,
			&(struct du_given){ &d->now, uplink, d->ues[given[i].ue].c_rnti, s, &given[i] });
}

/* broadcast.c */
void du_broadcast(struct du *d);

/* csi.c */
void du_csi_rs_send(struct du *d);
/* A report of this UE is due in a slot; and nothing beside it may be. */
bool du_report_is_due(const struct du_cell_ue *u, uint64_t slots);
bool du_report_is_alone(const struct du_cell_ue *u, uint64_t slots);
/* bits: NULL: it said nothing. */
void du_report_take(struct du *d, struct du_cell_ue *u, const uint8_t *bits);

/* srs.c */
/* UEs sound in a slot, which has no PUSCH then. */
bool du_is_kept_for_srs(const struct du *d, uint64_t slots);
void du_srs_expect(struct du *d);
void du_srs_take(struct du *d);

/* power.c */
/* Of one of which nothing better is known. */
void du_power_srs_heard(struct du *d, struct du_cell_ue *u, float snr_db);
void du_power_pusch_heard(struct du *d, struct du_cell_ue *u, const struct phy_ul_pusch_rx *rx);
void du_power_pucch_heard(struct du_cell_ue *u, const struct phy_pucch_user *r);
/* The TPC field of a grant, and of an assignment. */
uint8_t du_power_pusch_tpc(struct du *d, struct du_cell_ue *u);
uint8_t du_power_pucch_tpc(struct du *d, struct du_cell_ue *u);

/* timing.c */
void du_timing_heard(struct du_cell_ue *u, float delay_s);
void du_timing_run(struct du *d, struct du_cell_ue *u);
/* It was heard. */
void du_timing_alive(const struct du *d, struct du_cell_ue *u);

/* alignment.c */
/* It may send more than preambles. */
static inline bool du_is_aligned(const struct du *d, const struct du_cell_ue *u)
{
	return u->alignment.until_ns == 0 || d->now_ns < u->alignment.until_ns;
}
/* A block with a command, sent then, was acknowledged; it has come back by random access of its own. */
void du_alignment_kept(struct du *d, struct du_cell_ue *u, uint64_t sent_ns);
void du_alignment_returned(struct du *d, struct du_cell_ue *u);
void du_alignment_run(struct du *d, struct du_cell_ue *u);
/* When there is a command to be sent; UINT64_MAX: never. */
uint64_t du_alignment_deadline_ns(const struct du *d, const struct du_cell_ue *u);
/* PDCCH orders of a slot. */
void du_orders(struct du *d);
/* Who was ordered to a preamble; DU_NO_UE: nobody. Its response has gone out; the PUSCH of that has come, or
 * has not. */
uint16_t du_ordered_to(const struct du *d, uint8_t preamble);
void du_order_responded(struct du *d, struct du_cell_ue *u);
void du_order_answered(struct du *d, struct du_cell_ue *u, const struct phy_ul_pusch_rx *rx);

/* warning.c */
void du_warnings_send(struct du *d);
/* Short Messages (38.331 6.5) that UEs are to hear now; 0: none. */
uint8_t du_short_message(const struct du *d);

/* paging.c */
void du_pages_send(struct du *d);
/* Slots from this one to the next in which one of those is paged; UINT32_MAX: nobody is. */
uint32_t du_pages_next(const struct du *d, uint64_t from);

/* control.c: a DCI on free CCEs of CORESET 0, for a UE that has nothing yet, or for all; space NULL: that of
 * SIB1. The place in dl->pdcch, or -1. */
int du_dci_put(struct du *d, const struct cell_space *space, uint16_t rnti, const struct phy_dci *dci);
/* For a UE, on as many CCEs as it needs. */
int du_dci_put_for(
	struct du *d, const struct du_cell_ue *u, const struct cell_space *space, const struct phy_dci *dci);
/* Whether one would find a place. */
MUST_USE bool du_dci_fits(const struct du *d, const struct du_cell_ue *u);
/* It heard a PDCCH, or did not: it answered, or said nothing. */
void du_dci_heard(struct du_cell_ue *u, bool heard);
/* A PDSCH that the DCI at this place schedules; its transport block's octets, 0: it cannot be (the DCI is
 * taken back). */
size_t du_pdsch_put(struct du *d, int at, const struct cell_own *own, const struct cell_space *space,
	uint16_t rnti, const struct phy_dci *dci, struct cell_pdsch_grant *grant);
/* Likewise, of a block whose size and rate stay where the MCS has none. */
size_t du_pdsch_put_kept(struct du *d, int at, const struct du_cell_ue *u, const struct cell_space *space,
	const struct phy_dci *dci, const struct phy_pdsch_codeword *kept);
/* Its octets, which stay the caller's until the slot is over. */
void du_pdsch_fill(struct du *d, struct bytes tb);
/* The last PDSCH is common: no other such one in this slot, and UEs' own above it. */
void du_pdsch_is_common(struct du *d);

/* random_access.c */
void du_preambles_take(struct du *d);
void du_responses(struct du *d);
void du_msg3_take(struct du *d, const struct phy_ul_pusch_rx *rx, const struct du_due_pusch *due);
/* Msg3s that are to come again, in the lowest of these blocks of the slot that this row of times leads to. */
void du_msg3_again(struct du *d, uint8_t row, uint16_t *first, uint16_t *prbs);
void du_msg4(struct du *d);

/* downlink.c: a block under way goes out once more, or for the first time. False: it does not go, and waits.
 */
bool du_block_send(struct du *d, struct du_cell_ue *u, uint8_t process);
void du_downlink(struct du *d);
/* bits: NULL: it said nothing. sure: that it was the UE, not noise. */
void du_acks_take(struct du *d, const struct du_due_ack *ack, const uint8_t *bits, bool sure);

/* expect.c */
void du_uplink_expect(struct du *d);
/* HARQ-ACK of a UE in a slot, and its PUSCH but Msg3; NULL: none. */
const struct du_due_ack *du_acks_of(const struct du_due *due, uint16_t ue);
struct phy_ul_pusch_rx *du_pusch_of(struct du *d, const struct du_due *due, uint16_t ue);
void du_report_on_pusch(struct phy_pusch_config *p, const struct du_cell_ue *u);

/* uplink.c */
void du_uplink(struct du *d);
/* Once the slot's PDSCHs are known: DCIs 0_1 say how many HARQ-ACKs go on their PUSCH. */
void du_uplink_count(struct du *d);
void du_uplink_take(struct du *d);

/* It looks for its PDCCHs in this slot (38.321 5.7): a request of its own keeps it awake too. */
static inline bool du_is_awake(const struct du *d, const struct du_cell_ue *u)
{
	return !u->configured || u->wants_uplink || mac_drx_is_active(&u->drx, d->now_ns);
}
/* The end of the slot that has come, in the time of the one that is sent. */
static inline uint64_t du_up_end_ns(const struct du *d)
{
	return d->now_ns - (d->slots - d->up_slots - 1) * slot_ns(d->cell.cell.mu);
}

/* ue.c */
/* What it has for itself; NULL: nothing yet. */
static inline const struct cell_own *du_own(const struct du_cell_ue *u)
{
	return u->configured ? &u->own : NULL;
}
/* Where it looks for its DCIs. */
static inline const struct cell_space *du_space(const struct du *d, const struct du_cell_ue *u)
{
	return u->configured && u->changing_ns == 0 ? &u->own.spaces[0] : &d->cell.cell.random_access;
}
/* By DCI 0_1 and 1_1 there, others have 64QAM (38.214 5.1.3.1, 6.1.4.1). */
static inline enum phy_mcs_table du_dl_table(const struct du *d, const struct du_cell_ue *u)
{
	return du_space(d, u)->configured ? u->own.pdsch.shared.mcs_table : PHY_MCS_64QAM;
}
static inline enum phy_mcs_table du_ul_table(const struct du *d, const struct du_cell_ue *u)
{
	return du_space(d, u)->configured ? u->own.pusch.shared.mcs_table : PHY_MCS_64QAM;
}
/* CQIs that go as far as an MCS table does. */
static inline enum phy_cqi_table du_cqi_table(enum phy_mcs_table t)
{
	return t == PHY_MCS_256QAM ? PHY_CQI_256QAM : PHY_CQI_64QAM;
}
struct du_cell_ue *du_ue_begin(struct du *d);
/* It has been heard as one that is configured. */
void du_ue_configured(struct du *d, uint16_t ue);
/* Once a slot: DRX; a change ends in time. */
void du_ue_run(struct du *d, struct du_cell_ue *u);
struct du_cell_ue *du_ue_at(struct du *d, uint16_t ue);
void du_ue_heard(struct du *d, struct du_cell_ue *u, bool heard);
