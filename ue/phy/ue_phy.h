/*
 * A UE in its cell, slot by slot, below RRC (TS 38.213, 38.214 with the MAC of 38.321): which PDCCHs it looks
 * for, what their DCIs make it receive and send, HARQ-ACK, scheduling requests, random access. It begins with
 * SIB1 read (struct cell) and stands over whatever receives and sends slots (radio/l1.h).
 */
#pragma once

#include "radio/cell/parts.h"
#include "radio/l1.h"
#include "radio/mac/drx.h"
#include "ue/mac/downlink.h"
#include "ue/mac/mac.h"
#include "ue/mac/random_access.h"

enum { UE_PHY_NOT_PAGED = 0xffff };

struct ue_phy_upper {
	void *arg;
	/* Any 32 bits. */
	uint32_t (*random)(void *arg);
	/* An SDU of SRB0, with the random access won that asked for it. */
	void (*ccch)(void *arg, struct bytes sdu);
	/* A PCCH-Message, while it is idle. */
	void (*pcch)(void *arg, struct bytes sdu);
	/* Short Messages (38.331 6.5), idle or connected. */
	void (*short_messages)(void *arg, uint8_t bits);
	/* A BCCH-DL-SCH-Message that was asked for. */
	void (*bcch)(void *arg, struct bytes message);
	/* 38.321 5.1.4, 5.1.5: too many preambles; random access goes on. */
	void (*random_access_problem)(void *arg);
	/* 38.321 5.2, 5.4.4: what has gone for 38.331 5.3.12 (cell_parts_release_uplink()). */
	void (*uplink_released)(void *arg);
	/* Uplink is to be sent earlier, by so many T_c of 38.211 4.1 in all. */
	void (*timing_advance)(void *arg, uint32_t tc);
};

enum ue_phy_stat {
	UE_PHY_STAT_DCIS,
	UE_PHY_STAT_DCIS_REFUSED, /* that cannot be: another's, or a network's mistake */
	UE_PHY_STAT_DL_BLOCKS,
	UE_PHY_STAT_DL_ERRORS, /* not decoded */
	UE_PHY_STAT_DL_REPEATED,
	UE_PHY_STAT_UL_BLOCKS, /* new ones */
	UE_PHY_STAT_UL_REPEATED,
	UE_PHY_STAT_SLOTS_REFUSED, /* by the physical layer */
	UE_PHY_STAT_SLOTS_SLEPT,   /* in which no PDCCH is looked for while it is connected */
	UE_PHY_STAT_REPORTS,       /* of channel quality */
	UE_PHY_STAT_SOUNDINGS,
	UE_PHY_STAT_ORDERS,           /* to random access, by PDCCH */
	UE_PHY_STAT_ALIGNMENTS_ENDED, /* timeAlignmentTimer ran out */
	UE_PHY_STAT_SPACES_LEFT,      /* search spaces that are more than a UE must look into, a slot each */
	UE_PHY_STAT_PARTS,            /* bandwidth parts become active, but by RRC */
	UE_PHY_STAT_CQI,              /* the last that was measured */
	UE_PHY_STATS,
};

struct ue_phy;

/* c and what upper and l1 name must outlive it. NULL: out of memory. */
MUST_USE struct ue_phy *ue_phy_new(
	const struct cell *c, const struct l1_ue *l1, const struct ue_phy_upper *upper, size_t block_octets);
void ue_phy_free(struct ue_phy *p);

/* How the physical layer beneath must be made, for downlink and uplink of the cell. */
struct phy_slot_config ue_phy_downlink_config(const struct cell *c, unsigned fft_size, size_t block_octets);
struct phy_slot_config ue_phy_uplink_config(const struct cell *c, unsigned fft_size, size_t block_octets);

/* Once a slot each; a slot is sent when the one of that number was received, or some slots (fewer than K1 and
 * K2) ahead of it. now_ns: when it begins. */
void ue_phy_receive(struct ue_phy *p, const struct slot_time *t, uint64_t now_ns);
void ue_phy_send(struct ue_phy *p, const struct slot_time *t, uint64_t now_ns);

/* Nothing is sent, awaited or under way: whoever runs it may leave out slots in which nothing is sent to it,
 * to all but the timers of what it was given. */
MUST_USE bool ue_phy_is_quiet(const struct ue_phy *p, uint64_t now_ns);

/* Random access with an SDU of SRB0, 6 or 8 octets, in Msg3 (38.321 5.1). */
MUST_USE bool ue_phy_access(struct ue_phy *p, struct bytes ccch, uint64_t now_ns);
/* 38.304 7.1: 5G-S-TMSI modulo 1024; UE_PHY_NOT_PAGED: it has none. */
void ue_phy_paged_as(struct ue_phy *p, uint16_t ue_id);
/* System information is looked for until then (38.331 5.2.2.3.2): SIB1, and messages with any of these SIBs;
 * in place of what was looked for before. */
void ue_phy_inform(struct ue_phy *p, bool sib1, uint16_t sibs, uint64_t until_ns);
/* What RRC has configured; it takes effect at once. */
void ue_phy_configure(struct ue_phy *p, const struct cell_parts *parts);
/* timeAlignmentTimer (38.321 5.2). */
void ue_phy_alignment(struct ue_phy *p, uint32_t alignment_ms);
/* What it has of discontinuous reception. */
void ue_phy_sleep(struct ue_phy *p, const struct mac_drx_config *drx);
/* 38.321 5.12: back to where it was before random access. */
void ue_phy_reset(struct ue_phy *p);

struct ue_mac *ue_phy_mac(struct ue_phy *p);
/* Where RLC entities are known for the downlink. */
struct ue_downlink *ue_phy_downlink(struct ue_phy *p);
/* 0: none. */
uint16_t ue_phy_c_rnti(const struct ue_phy *p);
uint64_t ue_phy_stat(const struct ue_phy *p, enum ue_phy_stat s);
