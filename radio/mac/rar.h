/* The MAC PDU of a random access response (38.321 6.1.5, 6.2.2, 6.2.3). */
#pragma once

#include "base/cursor.h"

/* The RAR UL grant, 27 bits (38.213 Table 8.2-1). */
struct mac_rar_grant {
	bool frequency_hopping;
	uint16_t frequency_resource; /* 14 bits */
	uint8_t time_resource;       /* 4 bits */
	uint8_t mcs;                 /* 4 bits */
	uint8_t tpc;                 /* 3 bits */
	bool csi_request;
};

struct mac_rar {
	uint8_t rapid;           /* 0 to 63 */
	uint16_t timing_advance; /* 0 to 3846 */
	struct mac_rar_grant grant;
	uint16_t temporary_c_rnti;
};

enum { MAC_RAR_SIZE = 1 + 7, MAC_BACKOFF_SIZE = 1, MAC_TIMING_ADVANCE_MAX = 3846 };

enum mac_rar_read {
	MAC_RAR_BACKOFF, /* *backoff is set */
	MAC_RAR_RESPONSE,
	MAC_RAR_END,
	MAC_RAR_BAD,
};

/*
 * The next subPDU; *more, true before the first, is false behind the last. The si_rapid_count preambles from
 * si_rapid_first on are for requests of system information: their responses have no RAR, so all but the RAPID
 * is zero.
 */
MUST_USE enum mac_rar_read mac_rar_read(struct cursor *c, bool *more, uint8_t *backoff, struct mac_rar *rar,
	uint8_t si_rapid_first, uint8_t si_rapid_count);

/* The backoff indicator comes first, if it comes. `more`: another subPDU follows. */
void mac_rar_write_backoff(struct writer *w, uint8_t backoff, bool more);
void mac_rar_write(struct writer *w, const struct mac_rar *rar, bool more);
