/*
 * The UE's cell group as RRC has configured it so far (TS 38.331 5.3.5.5): logical channels with their RLC
 * entities, and the MAC. Deltas are applied to a copy, so a configuration that cannot be complied with
 * changes nothing (5.3.5.8.2).
 */
#pragma once

#include "radio/rrc/bearer.h"
#include "radio/rrc/drx.h"
#include "ue/mac/mac.h"

struct ue_cell_group_bearer {
	bool there, srb;
	uint8_t rb_id; /* SRB 1 to 3, DRB 1 to 32 */
	struct rlc_config rlc;
	struct ue_mac_channel_config mac;
};

struct ue_cell_group {
	struct ue_cell_group_bearer bearers[UE_MAC_LCID_MAX + 1]; /* by LCID; 0 is not used */
	struct ue_mac_config mac; /* on_pucch of requests is of the physical layer's configuration */
	struct mac_drx_config drx;
	uint8_t tag_id;
	uint32_t alignment_ms;       /* timeAlignmentTimer; UE_MAC_INFINITY */
	uint32_t data_inactivity_ms; /* dataInactivityTimer; UE_MAC_INFINITY: there is none */
};

/* What a delta did to bearers: bit n is LCID n. After a full configuration what was added may have been
 * there.
 */
struct ue_cell_group_change {
	uint64_t added, modified, released, reestablished;
};

/* 5.3.3.4, 9.2.2: what holds before RRCSetup has said anything. alignment_ms: of SIB1. */
void ue_cell_group_init(struct ue_cell_group *g, uint32_t alignment_ms);

/* 5.3.5.11, 5.3.7.3: only signalling bearers are left, and the defaults of 9.2.1 and 9.2.2. */
void ue_cell_group_full(struct ue_cell_group *g, uint32_t alignment_ms);

/* 5.3.7.3: MAC and SRB1 have their defaults, the other bearers what they had. False: there is no SRB1. */
MUST_USE bool ue_cell_group_reestablish(
	struct ue_cell_group *g, uint32_t alignment_ms, struct ue_cell_group_change *change);

/* False: it cannot be complied with; *g is as it was, *change is empty. */
MUST_USE bool ue_cell_group_apply(struct ue_cell_group *g, const struct rrc_cell_group_config *config,
	struct ue_cell_group_change *change);
