/*
 * Uplink power (38.213 7.1.1, 7.2.1, 7.4): what a UE sends PUSCH, PUCCH and preambles with, from the path
 * loss that it measures, from what the cell has configured, and from TPC commands. Powers are in dBm over the
 * whole channel.
 *
 * Samples have no unit of their own. Here an RE of power 1 is UE_POWER_SENT_DBM where it is sent, and
 * UE_POWER_HEARD_DBM where it is received: a channel of gain 1 is a path loss of 70 dB.
 */
#pragma once

#include "radio/cell/own.h"
#include "radio/mac/ce.h"
#include "radio/phy/channels/pusch.h"
#include "radio/phy/prach/prach.h"

enum {
	UE_POWER_CMAX_DBM = 23, /* P_CMAX: power class 3 (38.101-1 6.2.1) */
	UE_POWER_MIN_DBM = -40, /* 38.101-1 6.3.1 */
	UE_POWER_SENT_DBM = -17,
	UE_POWER_HEARD_DBM = -87,
};

struct ue_power {
	float path_loss_db; /* of the SS/PBCH block, filtered */
	bool measured;
	/* Closed loop: f and g. */
	int16_t f_db, g_db;
	int16_t ramped_db; /* by the preamble that was answered, above the first */
};

void ue_power_init(struct ue_power *p);
/* An SS/PBCH block's REs had this power. */
void ue_power_heard(struct ue_power *p, const struct cell *c, float power);
/* A random access response: what its preamble ramped up, and its TPC (38.213 Table 8.2-2), which both loops
 * begin with. */
void ue_power_response(struct ue_power *p, uint8_t ramped_db, uint8_t tpc);
/* TPC commands of DCIs 0_0 and 0_1, and of 1_0 and 1_1. own: NULL: nothing is configured. at_most: power is
 * at P_CMAX. */
void ue_power_tpc_pusch(struct ue_power *p, const struct cell_own *own, uint8_t tpc, bool at_most);
void ue_power_tpc_pucch(struct ue_power *p, uint8_t tpc, bool at_most);

/* What a channel would have without a limit. msg3: of the grant of a response. */
MUST_USE float ue_power_pusch_dbm(const struct ue_power *p, const struct cell *c, const struct cell_own *own,
	const struct phy_pusch_config *pusch, size_t octets, bool msg3);
MUST_USE float ue_power_pucch_dbm(const struct ue_power *p, const struct cell *c, const struct cell_own *own,
	const struct phy_pucch_config *pucch);
/* Of sounding over so many blocks (7.3.1), whose loop is PUSCH's. */
MUST_USE float ue_power_srs_dbm(
	const struct ue_power *p, const struct cell *c, const struct cell_srs *srs, unsigned prbs);
/* Between what it can and P_CMAX. */
MUST_USE float ue_power_limited_dbm(float dbm);
/* The amplitude of the REs of so many blocks, and of a preamble. mu: of the carrier. */
MUST_USE float ue_power_amplitude(float dbm, unsigned prbs);
MUST_USE float ue_power_re_amplitude(float dbm, unsigned res);
MUST_USE float ue_power_preamble_amplitude(
	const struct ue_power *p, int target_dbm, const struct phy_prach *preamble, unsigned mu);
/* 38.213 7.7.1, 38.133 10.1.17 and 10.1.18. */
MUST_USE struct mac_phr ue_power_headroom(float pusch_dbm);
