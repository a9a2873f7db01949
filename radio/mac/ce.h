/* Control elements of fixed size (38.321 6.1.3), without their subheaders. */
#pragma once

#include "base/cursor.h"

enum { MAC_CONTENTION_RESOLUTION_LEN = 6 };

/* 6.1.3.4: T_A of 38.213 4.2, 31 changes nothing. */
struct mac_timing_advance {
	uint8_t tag_id;  /* 0 to 3 */
	uint8_t command; /* 0 to 63 */
};

/* 6.1.3.16: of the uplink's part, as the indicator of a DCI names it; bit i of `active` is S_i. */
struct mac_sp_csi {
	uint8_t serving_cell, bwp;
	uint8_t active;
};

/* 6.1.3.8; values as 38.133 10.1.17 and 10.1.18 map them. */
struct mac_phr {
	bool power_backoff;
	uint8_t ph;     /* 0 to 63: below -32 dB, then 1 dB each up to 55, 2 dB from there on */
	uint8_t mpe;    /* 0 to 3, or reserved */
	uint8_t p_cmax; /* 0 to 63: below -29 dBm, then 1 dB each */
};

void mac_c_rnti_write(struct writer *w, uint16_t c_rnti);
MUST_USE bool mac_c_rnti_read(struct bytes data, uint16_t *c_rnti);

void mac_timing_advance_write(struct writer *w, const struct mac_timing_advance *ta);
MUST_USE bool mac_timing_advance_read(struct bytes data, struct mac_timing_advance *ta);

void mac_sp_csi_write(struct writer *w, const struct mac_sp_csi *s);
MUST_USE bool mac_sp_csi_read(struct bytes data, struct mac_sp_csi *s);

void mac_phr_write(struct writer *w, const struct mac_phr *phr);
MUST_USE bool mac_phr_read(struct bytes data, struct mac_phr *phr);
