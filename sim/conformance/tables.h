/* Requirements of TS 38.104 clause 8, made from tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "base/bytes.h"

/* What is counted, and the largest share of it. */
enum conformance_what {
	CONFORMANCE_ACK_MISSED,  /* ACKs not taken for ACKs: 1 % */
	CONFORMANCE_NACK_TO_ACK, /* NACKs taken for ACKs: 0.1 % */
	CONFORMANCE_UCI_LOST,    /* payloads: 1 % */
};

struct conformance_pucch_row {
	const char *table;
	uint8_t format;
	enum conformance_what what;
	uint8_t antennas;
	uint8_t scs_khz;
	uint16_t carrier_prbs;
	uint8_t symbols;
	uint8_t prbs;
	bool additional_dmrs;
	double snr_db;
};

extern const struct conformance_pucch_row conformance_pucch_f0_requirements_fr1[];
extern const struct conformance_pucch_row conformance_pucch_f1_f2_requirements_v19[];
extern const struct conformance_pucch_row conformance_pucch_f3_requirements_fr1[];
extern const struct conformance_pucch_row conformance_pucch_f4_requirements_fr1[];
extern const size_t conformance_pucch_f0_requirements_fr1_n, conformance_pucch_f1_f2_requirements_v19_n,
	conformance_pucch_f3_requirements_fr1_n, conformance_pucch_f4_requirements_fr1_n;
