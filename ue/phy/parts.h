/* Inside ue/phy. */
#pragma once

#include "radio/cell/pucch.h"
#include "ue/mac/harq.h"
#include "ue/phy/power.h"
#include "ue/phy/type1_codebook.h"
#include "ue/phy/ue_phy.h"

enum {
	UE_PHY_RING = 32, /* slots to come that something is due in: K1 and K2 with Msg3's offset are below */
	UE_PHY_ASSIGNMENTS = 4,
	UE_PHY_AHEAD = 4, /* PDSCHs, and CSI-RS, of slots to come */
	UE_PHY_CSI_RS = 2,
	UE_PHY_SPACES = 5 + CELL_SPACES_MAX, /* two of system information, of paging, of random access; the
						common one, its own */
	UE_PHY_P_RNTI = 0xfffe,              /* 38.321 Table 7.1-1 */
	UE_PHY_SI_RNTI = 0xffff,
};

/* What is due in a slot to come. */
struct ue_phy_due {
	bool pusch, new_data, msg3;
	uint8_t process;
	struct phy_pusch_config config;
	uint64_t granted; /* the slot of its DCI */
	struct ue_acks acks;
	struct ue_type1 type1; /* in their place, until the slot is sent */
	uint8_t silent;        /* bits of its codebook for what was not received */
	/* As the last of the DCIs says: for up to two bits, and the indicator for more. */
	struct phy_pucch_config pucch;
	uint8_t pucch_resource;
	bool common; /* of the cell: the UE had no resources, nor requests, when it was assigned */
	/* As DCI 0_1 says of HARQ-ACK on PUSCH: struct cell_pusch_grant. */
	uint8_t dai, beta;
	/* Reports that are asked for, by place; without data there is nothing else. */
	uint8_t csi[CELL_TRIGGERED_MAX], csi_n;
	bool no_data;
};

/* The last of a report: the periodic one is the first, those that are asked for follow. */
struct ue_phy_csi {
	bool has; /* measured since it was configured */
	uint8_t csi_rs;
	uint8_t n, bits[CELL_CSI_BITS_MAX];
};

/* A semi-persistent report (38.214 5.2.1.5.2). */
struct ue_phy_sp {
	bool on, next;
	uint64_t turns_ns; /* when it is as `next` has it; 0: it stays */
	struct phy_pusch_config config;
	uint8_t beta;
	uint64_t first; /* of PUSCH: the slot, as ue_phy_count() has it */
};

/* A PDSCH of the slot at hand, or of one to come. */
struct ue_phy_assignment {
	uint64_t slot; /* as ue_phy_count() has it */
	struct cell_pdsch_grant grant;
	enum phy_dci_kind kind;
	uint16_t rnti;
	struct phy_candidate at;
	uint8_t n_cce;
};

struct ue_phy {
	const struct cell *home; /* as SIB1 has it; what of it moves is system information */
	/* As the active bandwidth parts have it (bandwidth_parts.c). */
	const struct cell *cell;
	struct cell active;
	struct cell_parts parts;
	uint8_t downlink_part, uplink_part;
	uint64_t part_since_ns; /* the slot in which one became active */
	uint64_t part_until_ns; /* bwp-InactivityTimer; 0: it does not run */
	struct l1_ue l1;
	struct ue_phy_upper upper;
	struct ue_mac *mac;
	struct ue_downlink downlink;
	struct ue_harq harq;
	struct ue_ra ra;
	struct cell_own own;
	uint16_t c_rnti;
	uint16_t ue_id; /* UE_PHY_NOT_PAGED */
	struct {
		struct cell_space sib1; /* search space 0, but for its occasions */
		bool wants_sib1;
		uint16_t sibs;
		uint64_t until_ns;
	} si;
	uint16_t ra_rnti; /* of the preamble that waits for its response */
	uint8_t ccch[8];
	uint8_t ccch_octets;
	uint32_t advance_tc;
	struct ue_power power;
	struct mac_drx drx;
	bool pusch_at_most, pucch_at_most; /* the last one had no more power to give */
	struct ue_phy_due due[UE_PHY_RING];
	uint64_t stat[UE_PHY_STATS];
	/* Of the slot at hand. */
	struct slot_time now;
	uint64_t now_ns, slots;
	struct slot_time up; /* the slot that is sent */
	uint64_t up_ns, up_slots;
	struct phy_dl_pdcch_rx pdcch[UE_PHY_SPACES];
	const struct cell_space *space[UE_PHY_SPACES];
	struct ue_phy_assignment assignment[UE_PHY_ASSIGNMENTS];
	struct phy_dl_pdsch_rx pdsch[UE_PHY_ASSIGNMENTS];
	uint8_t assignments;
	struct ue_phy_assignment ahead[UE_PHY_AHEAD];
	uint8_t ahead_n;
	struct phy_dl_csi_rs_rx csi_rs[UE_PHY_CSI_RS];
	uint8_t csi_rs_at[UE_PHY_CSI_RS], csi_rs_n; /* their places in the UE's list */
	struct {
		uint64_t slot;
		uint8_t csi_rs;
	} csi_ahead[UE_PHY_AHEAD];
	uint8_t csi_ahead_n;
	struct ue_phy_csi csi[1 + CELL_ASKED_MAX];
	struct ue_phy_sp sp[CELL_ASKED_MAX];
	uint8_t answered_in; /* slots until the block at hand is answered */
	uint8_t csi_bits[CELL_TRIGGERED_MAX * CELL_CSI_BITS_MAX]; /* of the slot that is sent */
	struct phy_reserved reserved[CELL_RESERVED_MAX];
};

static inline struct ue_phy_due *ue_phy_due_in(struct ue_phy *p, unsigned slots)
{
	return &p->due[(p->slots + slots) % UE_PHY_RING];
}

/* 38.321 5.7: Active Time, but for random access, which looks for its PDCCHs anyway. */
static inline bool ue_phy_is_awake(const struct ue_phy *p, uint64_t when_ns)
{
	return mac_drx_is_active(&p->drx, when_ns) || ue_mac_sr_is_pending(p->mac) ||
	       (p->ra.state != UE_RA_IDLE && p->ra.state != UE_RA_DONE);
}

/* The end of a slot so many behind the one that is received. */
static inline uint64_t ue_phy_end_ns(const struct ue_phy *p, unsigned slots)
{
	return p->now_ns + (slots + 1) * slot_ns(p->cell->mu);
}

static inline uint64_t ue_phy_up_end_ns(const struct ue_phy *p)
{
	return p->up_ns + slot_ns(p->cell->mu);
}

static inline uint64_t ue_phy_count(const struct ue_phy *p, const struct slot_time *t)
{
	return (uint64_t)t->sfn * cell_frame_slots(p->cell) + t->slot;
}

/* monitoring.c: the PDCCHs of the slot, and what their DCIs say. How many spaces are looked at. */
MUST_USE unsigned ue_phy_monitor(struct ue_phy *p);
/* Looks for nothing in those that are beyond what a UE monitors. */
void ue_phy_keep_budget(struct ue_phy *p, unsigned spaces);
void ue_phy_take_dcis(struct ue_phy *p, unsigned spaces);

/* downlink.c */
void ue_phy_take_assignments(struct ue_phy *p);

/* What an MCS says of its block's rate. */
static inline uint16_t ue_phy_rate(enum phy_mcs_table table, unsigned mcs)
{
	const struct phy_mcs *row = phy_mcs_row(table, mcs);

	return row ? row->rate_x2048 : 0;
}

/* system_information.c: the spaces of this slot; how many there are then. */
MUST_USE unsigned ue_phy_si_monitor(struct ue_phy *p, unsigned n);
/* As radio/cell has it: NULL is search space 0. */
const struct cell_space *ue_phy_space_of(const struct ue_phy *p, const struct cell_space *space);
/* space.c */
/* The nth: it is looked at behind the last of this CORESET that is at the same symbols, and spared what that
 * has found. */
void ue_phy_search_begin(struct ue_phy *p, unsigned n, uint8_t coreset_id, unsigned first_symbol);
void ue_phy_space_add(struct ue_phy *p, unsigned *n, const struct cell_space *space, uint16_t rnti);

/* grants.c: of a DCI 0_0, or of a response. */
void ue_phy_granted(struct ue_phy *p, const struct cell_pusch_grant *g, enum ue_harq_rnti rnti);

/* csi.c */
void ue_phy_csi_expect(struct ue_phy *p, struct phy_dl_slot_rx *slot);
void ue_phy_csi_announced(struct ue_phy *p, struct phy_dl_slot_rx *slot);
void ue_phy_csi_take(struct ue_phy *p);
/* A grant asks for reports, by their trigger. */
void ue_phy_csi_asked(struct ue_phy *p, struct ue_phy_due *due, const struct cell_trigger *t);
/* In the slot that is sent, on PUCCH: its content, and its resource; NULL: none is due. */
MUST_USE const struct ue_phy_csi *ue_phy_csi_on_pucch(
	const struct ue_phy *p, const struct phy_pucch_config **at);
/* The bits of what a PUSCH was asked for, one behind the other; how many. */
MUST_USE unsigned ue_phy_csi_join(struct ue_phy *p, const struct ue_phy_due *due);
/* What was measured for reports that are otherwise now is of no use. */
void ue_phy_csi_begin(struct ue_phy *p);

/* semi_persistent_csi.c */
void ue_phy_sp_command(struct ue_phy *p, const struct mac_sp_csi *s);
/* False: a DCI that is none of SP-CSI-RNTI. */
MUST_USE bool ue_phy_sp_dci(struct ue_phy *p, const struct phy_dci *dci);
void ue_phy_sp_forget(struct ue_phy *p);
MUST_USE bool ue_phy_sp_is_on(const struct ue_phy *p, unsigned asked, uint64_t when_ns);
/* Where one is due on PUSCH in the slot that is sent, and nothing else is. */
void ue_phy_sp_run(struct ue_phy *p, struct ue_phy_due *due);

/* pucch.c: false: nothing goes. */
MUST_USE bool ue_phy_pucch(struct ue_phy *p, struct ue_phy_due *due, struct phy_ul_pucch *out);

/* srs.c: taken: mask of symbols that are not for it. False: nothing is due. */
MUST_USE bool ue_phy_sound(struct ue_phy *p, uint16_t taken, struct phy_srs_config *out, float *gain);

/* alignment.c: 38.331 5.3.12, wherefore the layer above hears of it. */
void ue_phy_release_uplink(struct ue_phy *p);
void ue_phy_alignment_run(struct ue_phy *p);

/* bandwidth_parts.c: 38.213 12, 38.321 5.15. */
void ue_phy_part_activate(struct ue_phy *p, unsigned downlink, unsigned uplink);
/* Random access begins: in a part that has it. */
void ue_phy_part_for_access(struct ue_phy *p);
/* A DCI of these formats: where it indicates another part that one becomes active, and the fields are its.
 * False: there is no such part, or it may not be now. */
MUST_USE bool ue_phy_part_indicated(struct ue_phy *p, struct phy_dci *dci, bool tci);
/* An assignment or a grant has come. */
void ue_phy_part_used(struct ue_phy *p);
void ue_phy_part_run(struct ue_phy *p);

/* access.c */
struct ue_ra_config ue_phy_access_config(const struct cell *c);
/* A PDCCH order. False: it cannot be obeyed. */
MUST_USE bool ue_phy_ordered(struct ue_phy *p, const struct phy_dci *dci);
void ue_phy_access_wished(struct ue_phy *p);
void ue_phy_response(struct ue_phy *p, struct bytes pdu);
/* True: the preamble is to be sent now. */
MUST_USE bool ue_phy_preamble(struct ue_phy *p, struct phy_ul_prach *out);
void ue_phy_access_run(struct ue_phy *p);
/* A transport block for the Temporary C-RNTI. True: the contention is won by it. */
MUST_USE bool ue_phy_contention(struct ue_phy *p, struct bytes pdu);
