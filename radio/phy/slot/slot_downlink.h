/*
 * The downlink of a slot: what a gNB sends, and what a UE expects and gets. Names are those of 38.211 and
 * 38.212; the parts are what 5G FAPI's DL_TTI.request and TX_DATA.request speak of. Counts and arrays are the
 * caller's; what a slot may hold was said when the end was made.
 */
#pragma once

#include "radio/phy/channels/pdcch.h"
#include "radio/phy/channels/pdsch.h"
#include "radio/phy/channels/ssb_receive.h"
#include "radio/phy/receivers/csi_measure.h"
#include "radio/phy/slot/slot.h"

/* Where an SS/PBCH block of the carrier's spacing lies. */
struct phy_slot_ssb_place {
	uint16_t n_cell_id;
	uint8_t l_max;
	uint8_t first_symbol; /* of the slot */
	uint16_t first_sc;    /* of the carrier's grid: its first, or that which is left of it */
	bool punctured;       /* as on a channel of 3 MHz (38.211 7.4.3.1) */
};

struct phy_dl_ssb {
	struct phy_slot_ssb_place place;
	struct phy_pbch_payload payload;
	float amplitude;
	float pss_gain; /* over that, 1 or sqrt(2) */
	uint8_t antenna;
};

struct phy_dl_pdcch {
	struct phy_pdcch_occasion occasion; /* its slot is the one at hand */
	struct phy_candidate at;
	uint16_t rnti;
	uint8_t bits; /* of the DCI, packed */
	uint8_t dci[PHY_DCI_OCTETS];
	float amplitude;
	uint8_t antenna;
};

struct phy_dl_pdsch {
	struct phy_pdsch_config config;
	struct bytes tb[PHY_CODEWORDS_MAX]; /* of each codeword; packed, whole octets */
	uint8_t antenna;                    /* its first */
	/* As phy_pdsch_send() has them: port i is antenna `antenna` + i. */
	const struct phy_precoding *precoders;
};

/* Port 3000 + i from antenna i. */
struct phy_dl_csi_rs {
	struct phy_csi_rs_config config;
	float amplitude;
};

struct phy_dl_slot {
	struct slot_time time;
	uint16_t symbols; /* mask of those that are downlink, 0 for all */
	const struct phy_dl_ssb *ssb;
	const struct phy_dl_pdcch *pdcch;
	const struct phy_dl_pdsch *pdsch;
	const struct phy_dl_csi_rs *csi_rs;
	size_t ssb_n, pdcch_n, pdsch_n, csi_rs_n;
};

struct phy_dl_sender;

/* NULL for what cannot be, or when memory is out. */
struct phy_dl_sender *phy_dl_sender_new(const struct phy_slot_config *c);
void phy_dl_sender_free(struct phy_dl_sender *s);

/* phy_slot_samples() to each antenna's out. False, with nothing done, for a slot that cannot be. */
bool phy_dl_send(struct phy_dl_sender *s, const struct phy_dl_slot *slot, struct phy_cf *const *out,
	struct phy_slot_refusal *refusal);

/* What a UE expects. Results are beside what asked for them, and valid until the next slot. */
struct phy_dl_ssb_rx {
	struct phy_slot_ssb_place place;
	uint8_t ssb_index; /* expected, with half_frame */
	bool half_frame;
	bool ok; /* the payload came, from the antenna that hears it best */
	struct phy_pbch_payload payload;
	struct phy_ssb_measure measure;
};

enum { PHY_DL_FOUND_MAX = 8, PHY_DL_HARQS_MAX = 32 };

struct phy_dl_pdcch_rx {
	struct phy_pdcch_search search; /* its slot is the one at hand, and taken what was found before */
	/* One before it, of the same CORESET and DMRS, or NULL: there are no PDCCHs on CCEs of what was found
	 * there. */
	const struct phy_dl_pdcch_rx *after;
	unsigned found_n;
	struct phy_pdcch_found found[PHY_DL_FOUND_MAX];
};

struct phy_dl_pdsch_rx {
	struct phy_pdsch_config config;
	uint8_t harq_process; /* of the RNTI, below PHY_DL_HARQS_MAX */
	bool new_data[PHY_CODEWORDS_MAX];
	struct phy_pdsch_result result;
	struct bytes tb[PHY_CODEWORDS_MAX]; /* each of use if result.sch[] of it is ok */
};

struct phy_dl_csi_rs_rx {
	struct phy_csi_rs_config config;
	bool ok;
	struct phy_csi_measurement measurement;
	const struct phy_cf *h[PHY_SLOT_ANTENNAS_MAX]; /* as phy_csi_rs_receive() gives it */
};

struct phy_dl_slot_rx {
	struct slot_time time;
	uint16_t symbols;
	struct phy_dl_ssb_rx *ssb;
	struct phy_dl_pdcch_rx *pdcch;
	struct phy_dl_pdsch_rx *pdsch;
	struct phy_dl_csi_rs_rx *csi_rs;
	size_t ssb_n, pdcch_n, pdsch_n, csi_rs_n;
};

struct phy_dl_receiver;

struct phy_dl_receiver *phy_dl_receiver_new(const struct phy_slot_config *c);
void phy_dl_receiver_free(struct phy_dl_receiver *r);

/*
 * From phy_slot_samples() of each antenna. in is NULL for more of the slot before it, which is kept: what a
 * DCI says of the same slot. False, with nothing done, for a slot that cannot be.
 */
bool phy_dl_receive(struct phy_dl_receiver *r, struct phy_dl_slot_rx *slot, const struct phy_cf *const *in,
	struct phy_slot_refusal *refusal);
