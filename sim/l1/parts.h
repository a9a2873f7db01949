/* Inside the model of the physical layer. */
#pragma once

#include "gnb/du/room.h"
#include "sim/l1/curves.h"
#include "sim/l1/l1.h"
#include "ue/mac/harq.h"
#include "ue/phy/stream.h"

enum {
	L1_SENT_MAX = 256,       /* by UEs in a slot */
	L1_UCI_PUSCH = 16,       /* bits of HARQ-ACK, or of a report, on a PUSCH */
	L1_CSI_VALUES = 3 * 275, /* of a CSI-RS of row 1 over the widest carrier */
	L1_GNB_SOFT = 4096,      /* soft buffers of a gNB, by C-RNTI and process */
	L1_UE_SOFT = UE_HARQ_PROCESSES + 1,
	L1_NOT_FOUND_MS = UE_STREAM_SEARCH_MS + UE_STREAM_PAUSE_MS,
};

/* A block that is received, once or more: what it draws is drawn once, so that what n receptions decode n + 1
 * decode too. */
struct l1_soft {
	uint16_t rnti;
	uint8_t process, receptions;
	double snr; /* of all receptions together */
	double lot; /* 0 to 1 */
};

/* What a UE sends in a slot, as it arrives. */
struct l1_sent {
	double snr;    /* of a resource element, as a ratio */
	double late_s; /* behind where it should be */
	bool is_pusch, is_pucch, is_prach, is_srs, sr;
	struct phy_pusch_config pusch;
	struct phy_pucch_config pucch;
	struct phy_ul_prach prach;
	struct phy_srs_config srs;
	struct bytes tb;                              /* the UE's until the slot is over */
	uint8_t uci[L1_UCI_PUSCH], csi[L1_UCI_PUSCH]; /* csi: part 1, of a PUSCH */
};

/* What is drawn of, all along. */
struct l1_model {
	struct l1_curves *curves;
	uint64_t chance;
	uint64_t blocks, lose; /* transport blocks begun; which of them, counted from 1, is lost for good */
	double preamble_s;     /* a preamble that comes later is taken for another one; 0: however late */
	double silence;        /* how often a PUCCH is heard that nobody sends */
	struct l1_soft gnb_soft[L1_GNB_SOFT];
	struct phy_ul_rach rach[L1_PRACH_MAX];
	struct phy_cf csi_rs[L1_CSI_VALUES]; /* the channel as the last CSI-RS showed it */
};

static inline double l1_draw(struct l1_model *m)
{
	uint64_t z = (m->chance += UINT64_C(0x9e3779b97f4a7c15)); /* splitmix64 */

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

/* An end of the air at a UE. */
struct l1_end {
	struct l1_air *air;
	struct ue_host *host; /* NULL: not joined */
	struct l1_way way;
	double snr;
	bool silent, sure; /* sure: no SS/PBCH block is lost at that SNR */
	bool in_cell, ran; /* ran: in the slot at hand */
	uint16_t c_rnti;
	uint32_t advance_tc;
	uint64_t next_ns;
	/* Of a search. */
	bool has_mib;
	struct cell_found found;
	uint16_t sfn;
	uint64_t give_up_ns;
	struct l1_soft sib1;
	struct l1_soft soft[L1_UE_SOFT];
};

struct l1_air {
	struct l1_air_config config;
	struct l1_model model;
	struct du_room *du;
	bool on;              /* the cell is sent */
	uint64_t gnb_next_ns; /* when it wants a slot */
	uint64_t next_ns;     /* of all, but for beginning with a slot */
	uint64_t last_ns;     /* of the last slot that was run */
	struct slot_time now;
	uint32_t searching; /* UEs that look for a cell */
	struct l1_downlink dl;
	struct l1_uplink ul;
	struct l1_sent sent[L1_SENT_MAX];
	size_t sent_n;
	uint64_t stat[L1_STATS];
	struct l1_end ends[]; /* config.ues_max of them */
};

static inline const struct cell *l1_cell(const struct l1_air *a)
{
	return &du_cell(du_node_mac(du_room_node(a->du)))->cell;
}

double l1_db(double ratio);

/* soft.c: another reception of a block; new_data: the first of another one. True: it is decoded. */
MUST_USE bool l1_receive_block(
	struct l1_model *m, struct l1_soft *s, bool new_data, unsigned mcs, unsigned prbs, double snr);

/* downlink.c: what a UE at that SNR hears of a slot, of what it asks for. */
MUST_USE bool l1_hears_ssb(struct l1_model *m, double snr_db);
void l1_downlink(struct l1_model *m, struct l1_soft soft[L1_UE_SOFT], double snr_db,
	const struct phy_dl_slot *sent, struct phy_dl_slot_rx *slot);
/* SIB1 of a UE that has nothing yet, combined with what came of it before; empty: there is none in the slot,
 * or it is lost. */
struct bytes l1_hears_sib1(
	struct l1_model *m, struct l1_soft *s, double snr_db, const struct phy_dl_slot *sent);

/* search.c: a slot of a UE that has no cell. */
void l1_search(struct l1_end *e, uint64_t at_ns);

/* uplink.c: what the gNB gets of all that was sent. */
void l1_uplink(struct l1_model *m, const struct l1_sent *sent, size_t n, struct l1_uplink *ul);
