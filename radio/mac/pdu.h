/*
 * MAC PDUs of DL-SCH and UL-SCH (TS 38.321 6.1.2, 6.2.1), subPDU by subPDU. MAC SDUs and control elements are
 * views into the PDU.
 */
#pragma once

#include "base/cursor.h"

enum mac_channel { MAC_DL_SCH, MAC_UL_SCH };

/* LCIDs of Tables 6.2.1-1 and 6.2.1-2; 1 to 32 are logical channels. */
enum {
	MAC_CCCH = 0, /* uplink: of 64 bits */
	MAC_LCID_LAST = 32,
	MAC_ELCID_2 = 33, /* two octets of eLCID follow */
	MAC_ELCID_1 = 34,
	MAC_PADDING = 63,

	MAC_DL_RECOMMENDED_BIT_RATE = 47,
	MAC_DL_SP_ZP_CSI_RS = 48,
	MAC_DL_PUCCH_SPATIAL_RELATION = 49,
	MAC_DL_SP_SRS = 50,
	MAC_DL_SP_CSI_ON_PUCCH = 51,
	MAC_DL_TCI_PDCCH = 52,
	MAC_DL_TCI_PDSCH = 53,
	MAC_DL_APERIODIC_CSI_TRIGGER = 54,
	MAC_DL_SP_CSI_RS = 55,
	MAC_DL_DUPLICATION = 56,
	MAC_DL_SCELL_4 = 57,
	MAC_DL_SCELL_1 = 58,
	MAC_DL_LONG_DRX_COMMAND = 59,
	MAC_DL_DRX_COMMAND = 60,
	MAC_DL_TIMING_ADVANCE = 61,
	MAC_DL_CONTENTION_RESOLUTION = 62,

	MAC_UL_REDCAP_CCCH_48 = 35,
	MAC_UL_REDCAP_CCCH_64 = 36,
	MAC_UL_TIMING_ADVANCE_REPORT = 44,
	MAC_UL_LBT_FAILURE_4 = 48,
	MAC_UL_LBT_FAILURE_1 = 49,
	MAC_UL_CCCH_48 = 52,
	MAC_UL_BIT_RATE_QUERY = 53,
	MAC_UL_CONFIGURED_GRANT_CONFIRMATION = 55,
	MAC_UL_SINGLE_ENTRY_PHR = 57,
	MAC_UL_C_RNTI = 58,
	MAC_UL_SHORT_TRUNCATED_BSR = 59,
	MAC_UL_LONG_TRUNCATED_BSR = 60,
	MAC_UL_SHORT_BSR = 61,
	MAC_UL_LONG_BSR = 62,
};

struct mac_subpdu {
	uint8_t lcid;
	struct bytes data; /* SDU, control element, or padding */
};

enum mac_read {
	MAC_SUBPDU,
	MAC_END,
	MAC_UNKNOWN, /* a reserved LCID, or one that is not supported: the rest of the PDU counts for nothing
			(5.13) */
	MAC_CUT,     /* longer than what is left */
};

/* The next subPDU. Padding is the last there is: MAC_END follows it. */
MUST_USE enum mac_read mac_read(struct cursor *c, enum mac_channel channel, struct mac_subpdu *out);

/* CCCH, DCCH or DTCH, and no control element. */
MUST_USE bool mac_is_sdu(enum mac_channel channel, uint8_t lcid);

/* Octets of a subPDU with len octets of data. */
MUST_USE size_t mac_subpdu_size(enum mac_channel channel, uint8_t lcid, size_t len);

/* Fails the writer when there is no room, or when a fixed size is another. */
void mac_write(struct writer *w, enum mac_channel channel, uint8_t lcid, struct bytes data);

/*
 * The subheader of an SDU whose octets, at most `most`, the caller then writes itself at the returned place;
 * mac_sdu_end() tells how many it were, and closes up where that is fewer than the subheader was made for.
 * NULL: no room for a subheader and an octet.
 */
MUST_USE uint8_t *mac_sdu_begin(struct writer *w, uint8_t lcid, size_t most);
void mac_sdu_end(struct writer *w, uint8_t lcid, const uint8_t *at, size_t len);

/* Fills what is left of the writer, if anything is. */
void mac_pad(struct writer *w);
