/* Requirements of TS 38.104: tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "sim/blocks/blocks.h"

/* 8.2.1.2 and 8.2.2.2: 70% of the throughput of a fixed reference channel, at this SNR. */
struct phy_requirement {
	const char *table, *frc;
	bool type_b, transform_precoding;
	uint8_t scs_khz;
	uint16_t n_rb;
	uint8_t q_m;
	uint16_t rate_x2048;
	uint8_t layers, n_tx, n_rx;
	enum channel_profile profile;
	uint16_t doppler_hz;
	double snr_db;
};

extern const struct phy_requirement phy_pusch_requirements[];
extern const size_t phy_pusch_requirements_n;
