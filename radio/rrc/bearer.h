/*
 * Radio bearers between RRC and the layers that carry them: RLC-Config and PDCP-Config
 * of 38.331 6.3.2, as the configurations of radio/rlc and radio/pdcp at the UE, and back. The gNB
 * has the mirror of each.
 */
#pragma once

#include "radio/pdcp/pdcp.h"
#include "radio/rlc/rlc.h"
#include "wire/rrc/rrc.h"

/* The UE's entity. False: a spare value, or what 38.331 does not have. Sequence numbers that are left out
 * stay as *ue has them. */
MUST_USE bool rrc_rlc_read(const struct rrc_rlc_config *in, struct rlc_config *ue);
/* False: a time that RRC has no value for, not even a longer one. */
MUST_USE bool rrc_rlc_make(const struct rlc_config *ue, struct rrc_rlc_config *out);

/* Likewise; bearer, identity and direction are ue's already. Header compression that is on, and what comes
 * with several RLC entities, is refused. */
MUST_USE bool rrc_pdcp_read(const struct rrc_pdcp_config *in, struct pdcp_config *ue);
/* drb: where the part of DRBs goes. */
MUST_USE bool rrc_pdcp_make(
	const struct pdcp_config *ue, struct rrc_pdcp_config_drb *drb, struct rrc_pdcp_config *out);

/* 38.331 9.2.1: what SRB1 to 3 have without a word. */
struct rlc_config rrc_srb_rlc(void);
struct pdcp_config rrc_srb_pdcp(uint8_t srb, uint8_t tx_direction);

/* The gNB's end of a UE's bearer: the directions are the other way round. */
struct rlc_config rrc_rlc_mirror(const struct rlc_config *ue);
struct pdcp_config rrc_pdcp_mirror(const struct pdcp_config *ue);
