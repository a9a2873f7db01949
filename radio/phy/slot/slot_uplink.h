/*
 * The uplink of a slot: what a UE sends, and what a gNB expects and gets. The parts are what 5G FAPI's
 * UL_TTI.request speaks of; results are those of CRC, RX_DATA, UCI, SRS and RACH.indication.
 */
#pragma once

#include "radio/phy/channels/pucch.h"
#include "radio/phy/channels/pusch.h"
#include "radio/phy/channels/srs.h"
#include "radio/phy/slot/slot.h"

struct phy_ul_pusch {
	struct phy_pusch_config config;
	struct bytes tb;                         /* packed, whole octets; none without UL-SCH */
	const uint8_t *uci[PHY_PUSCH_UCI_PARTS]; /* one bit an octet */
};

struct phy_ul_pucch {
	struct phy_pucch_config config; /* its signal goes out at antenna 0 */
	const uint8_t *uci;             /* one bit an octet */
	bool sr;
};

/* Of a carrier's occasion that begins in this slot. */
struct phy_ul_prach_place {
	struct phy_prach_occasion occasion; /* by the subframe, as phy_prach_occasions() gives it */
	uint16_t first_prb;                 /* of the carrier, with n_RA of 38.211 5.3.2 */
};

struct phy_ul_prach {
	struct phy_ul_prach_place place;
	uint8_t preamble;
	float amplitude;
};

struct phy_ul_slot {
	struct slot_time time;
	uint16_t symbols; /* mask of those that are uplink, 0 for all */
	const struct phy_ul_pusch *pusch;
	const struct phy_ul_pucch *pucch;
	const struct phy_srs_config *srs;
	const struct phy_ul_prach *prach; /* or NULL: at antenna 0, beside nothing else */
	/* Amplitudes of what is in the slot; 0: 1. The preamble has its own; SRS have theirs, and their
	 * symbols to themselves where it is not that of the rest. */
	float gain, srs_gain;
	size_t pusch_n, pucch_n, srs_n;
};

struct phy_ul_sender;

/* NULL for what cannot be, or when memory is out. */
struct phy_ul_sender *phy_ul_sender_new(const struct phy_slot_config *c);
void phy_ul_sender_free(struct phy_ul_sender *s);

/*
 * As phy_dl_send(). A preamble that is longer than its slot goes on in the next ones; it ends where one is
 * left out, or refused. */
bool phy_ul_send(struct phy_ul_sender *s, const struct phy_ul_slot *slot, struct phy_cf *const *out,
	struct phy_slot_refusal *refusal);

/* What a gNB expects. Results are beside what asked for them, and valid until the next slot. */
struct phy_ul_pusch_rx {
	struct phy_pusch_config config;
	uint8_t harq_process; /* of the RNTI */
	bool new_data;
	struct phy_pusch_result result;
	struct bytes tb; /* of use if result.ok */
};

struct phy_ul_pucch_rx {
	struct phy_pucch_config config;
	struct phy_pucch_user result; /* its uci has the bits, one an octet */
};

struct phy_ul_srs_rx {
	struct phy_srs_config config;
	struct phy_srs_estimate *estimates; /* the caller's: one for each symbol */
};

/* Expected by place; found when it is over, in the slot of its last sample; lost with a slot in between. */
struct phy_ul_rach {
	struct slot_time began;
	struct phy_ul_prach_place place;
	unsigned found_n;
	struct phy_prach_found found[PHY_PRACH_PREAMBLES];
};

struct phy_ul_slot_rx {
	struct slot_time time;
	uint16_t symbols;
	struct phy_ul_pusch_rx *pusch;
	struct phy_ul_pucch_rx *pucch;
	struct phy_ul_srs_rx *srs;
	const struct phy_ul_prach_place *prach;
	size_t pusch_n, pucch_n, srs_n, prach_n;
	const struct phy_ul_rach *rach; /* a result */
	size_t rach_n;
};

struct phy_ul_receiver;

struct phy_ul_receiver *phy_ul_receiver_new(const struct phy_slot_config *c);
void phy_ul_receiver_free(struct phy_ul_receiver *r);

/* From phy_slot_samples() of each antenna. False, with nothing done, for a slot that cannot be. */
bool phy_ul_receive(struct phy_ul_receiver *r, struct phy_ul_slot_rx *slot, const struct phy_cf *const *in,
	struct phy_slot_refusal *refusal);
