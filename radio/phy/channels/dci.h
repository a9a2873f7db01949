/*
 * Downlink control information (38.212 7.3.1): what a DCI holds, and its bits. A layout is a format's list of
 * fields with their widths; the same engine packs and unpacks all of them.
 */
#pragma once

#include "radio/phy/channels/dci_riv.h"

enum {
	PHY_DCI_BITS_MIN = 12,  /* 7.3.1 */
	PHY_DCI_BITS_MAX = 140, /* with the CRC what the polar code takes */
	PHY_DCI_OCTETS = (PHY_DCI_BITS_MAX + 7) / 8,
};

/* Formats, and for 1_0 whose RNTI scrambles the CRC. */
enum phy_dci_kind {
	PHY_DCI_0_0, /* C-RNTI, CS-RNTI, MCS-C-RNTI, TC-RNTI */
	PHY_DCI_1_0_SI,
	PHY_DCI_1_0_P,
	PHY_DCI_1_0_RA,
	PHY_DCI_1_0_MSGB,
	PHY_DCI_1_0_TC,
	PHY_DCI_1_0_C,     /* also CS-RNTI and MCS-C-RNTI */
	PHY_DCI_1_0_ORDER, /* C-RNTI, frequency assignment all ones: a PDCCH order. C unpacks to it */
	PHY_DCI_0_1,
	PHY_DCI_1_1,
	PHY_DCI_KINDS,
};

enum phy_dci_field {
	PHY_DCI_IDENTIFIER, /* 0 uplink, 1 downlink; pack sets it */
	PHY_DCI_CARRIER,
	PHY_DCI_BWP,
	PHY_DCI_FREQUENCY,
	PHY_DCI_TIME,
	PHY_DCI_HOPPING,
	PHY_DCI_VRB_TO_PRB,
	PHY_DCI_PRB_BUNDLING,
	PHY_DCI_RATE_MATCHING,
	PHY_DCI_ZP_CSI_RS,
	PHY_DCI_MCS,
	PHY_DCI_NDI,
	PHY_DCI_RV,
	PHY_DCI_MCS_2,
	PHY_DCI_NDI_2,
	PHY_DCI_RV_2, /* of the second transport block */
	PHY_DCI_HARQ_PROCESS,
	PHY_DCI_DAI, /* the first one in 0_1 */
	PHY_DCI_DAI_2,
	PHY_DCI_TPC,
	PHY_DCI_PUCCH_RESOURCE,
	PHY_DCI_HARQ_TIMING, /* PDSCH-to-HARQ_feedback timing indicator */
	PHY_DCI_SRS_RESOURCE,
	PHY_DCI_PRECODING, /* precoding information and number of layers */
	PHY_DCI_ANTENNA_PORTS,
	PHY_DCI_TCI,
	PHY_DCI_SRS_REQUEST,
	PHY_DCI_CSI_REQUEST,
	PHY_DCI_CBGTI,
	PHY_DCI_CBGFI,
	PHY_DCI_PTRS_DMRS,
	PHY_DCI_BETA_OFFSET,
	PHY_DCI_DMRS_INIT, /* DMRS sequence initialization */
	PHY_DCI_UL_SCH,
	PHY_DCI_OPEN_LOOP, /* open-loop power control parameter set indication */
	PHY_DCI_PRIORITY,
	PHY_DCI_INVALID_SYMBOLS, /* invalid symbol pattern indicator */
	PHY_DCI_MIN_OFFSET,      /* minimum applicable scheduling offset indicator */
	PHY_DCI_SI,              /* system information indicator: 0 SIB1, 1 another */
	PHY_DCI_SHORT_INDICATOR,
	PHY_DCI_SHORT_MESSAGES,
	PHY_DCI_TB_SCALING,
	PHY_DCI_SFN_LSB,
	PHY_DCI_PREAMBLE,
	PHY_DCI_SSB,
	PHY_DCI_PRACH_MASK,
	PHY_DCI_UL_SUL,
	PHY_DCI_RESERVED,
	PHY_DCI_PADDING,
	PHY_DCI_FIELDS,
};

struct phy_dci {
	enum phy_dci_kind kind;
	uint32_t field[PHY_DCI_FIELDS]; /* 0 for those that the layout does not have */
};

/* Made by phy_dci_layout_*; the caller may then set the last two. */
struct phy_dci_layout {
	enum phy_dci_kind kind;
	uint16_t n_rb; /* the resource indication value's bandwidth; 0: the assignment is not one */
	uint8_t bits;  /* of the whole */
	uint8_t items;
	struct {
		uint8_t field, width;
	} item[PHY_DCI_FIELDS];
	uint8_t hop_bits; /* of the frequency assignment when its hopping flag is set (38.214 6.3) */
	bool tolerant;    /* reserved bits may be anything, as a network of a later release sends them */
};

/* Bandwidths that decide the sizes of 0_0 and 1_0, in resource blocks. */
struct phy_dci_bandwidth {
	uint16_t initial_dl; /* of CORESET 0, or of the initial downlink BWP if the cell has none */
	uint16_t initial_ul;
	uint16_t active_dl, active_ul; /* 0 before there is one */
	bool sul;                      /* supplementaryUplink: 0_0 names the carrier if it has room */
};

/*
 * 0_0 and 1_0 as a common search space has them (7.3.1.0 step 0), or a UE-specific one whose sizes step 4
 * reduced. False for another kind or bandwidths out of 1 to 275.
 */
bool phy_dci_layout_common(
	struct phy_dci_layout *l, enum phy_dci_kind kind, const struct phy_dci_bandwidth *b);

/* As a UE-specific search space has them (step 1): 0_0 and 1_0_C. */
bool phy_dci_layout_specific(
	struct phy_dci_layout *l, enum phy_dci_kind kind, const struct phy_dci_bandwidth *b);

/*
 * 0_1 or 1_1 with these widths by enum phy_dci_field (those fixed by the standard may be left 0). riv_rb: the
 * bandwidth if the frequency assignment is of type 1 alone, else 0. fallback_bits: the size of 0_0 and 1_0 in
 * UE-specific search spaces, from which it must differ (step 2), or 0. False for a width that the format
 * cannot have.
 */
bool phy_dci_layout_configured(struct phy_dci_layout *l, enum phy_dci_kind kind,
	const uint8_t width[PHY_DCI_FIELDS], unsigned riv_rb, unsigned fallback_bits);

/*
 * The bits, the first in the most significant place of octet 0, zeros behind. False if a value does not fit
 * its field, or is one that unpacking refuses.
 */
bool phy_dci_pack(const struct phy_dci_layout *l, const struct phy_dci *dci, uint8_t bits[PHY_DCI_OCTETS]);

/*
 * False for bits that are no DCI of this layout: another format's identifier, a resource indication value
 * that indicates nothing, padding that is not zero, reserved values.
 */
bool phy_dci_unpack(const struct phy_dci_layout *l, const uint8_t *bits, struct phy_dci *dci);
