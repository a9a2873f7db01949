/* Requirements of TS 38.104 clause 8 and TS 38.101-4 clause 5, made from tables/<name>.csv by
 * tools/phy_tables.py at build time. */
#pragma once

#include "radio/phy/channels/mcs.h"
#include "radio/phy/prach/prach.h"
#include "sim/channel/channel.h"

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

struct conformance_prach_row {
	const char *table, *name;
	enum phy_prach_format format;
	double spacing_khz;
	uint8_t antennas;
	bool fading; /* TDLC300-100, else white noise alone */
	double offset_hz, snr_db, tolerance_us;
};

extern const struct conformance_prach_row conformance_prach_requirements_fr1[];
extern const size_t conformance_prach_requirements_fr1_n;

extern const struct conformance_pucch_row conformance_pucch_f0_requirements_fr1[];
extern const struct conformance_pucch_row conformance_pucch_f1_f2_requirements_v19[];
extern const struct conformance_pucch_row conformance_pucch_f3_requirements_fr1[];
extern const struct conformance_pucch_row conformance_pucch_f4_requirements_fr1[];
extern const size_t conformance_pucch_f0_requirements_fr1_n, conformance_pucch_f1_f2_requirements_v19_n,
	conformance_pucch_f3_requirements_fr1_n, conformance_pucch_f4_requirements_fr1_n;

/* 8.2.1.2 and 8.2.2.2: 70% of the throughput of a fixed reference channel, at this SNR. */
struct conformance_pusch_row {
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
	uint8_t symbols, additional; /* of the allocation; of DM-RS */
	bool ptrs;
};

extern const struct conformance_pusch_row conformance_pusch_requirements[];
extern const size_t conformance_pusch_requirements_n;

/* 38.101-4 5.2: a share of the throughput of a reference channel, at this SNR. */
struct conformance_ue_pdsch_row {
	const char *table, *test, *reference;
	uint8_t scs_khz;
	uint16_t carrier_rb, first_rb, n_rb;
	enum phy_mcs_table mcs_table;
	uint8_t mcs;
	uint32_t payload; /* bits of a slot that is the downlink's alone */
	uint8_t layers, n_tx, n_rx;
	enum channel_profile profile;
	uint16_t doppler_hz, speed_kmh; /* of a train */
	enum channel_correlation correlation;
	uint8_t prg, additional, groups; /* PRG size, 0 for wideband; DM-RS; CDM groups without data */
	bool type_b;
	uint8_t start, symbols, share; /* percent */
	double snr_db;
};

extern const struct conformance_ue_pdsch_row conformance_ue_pdsch_requirements[];
extern const size_t conformance_ue_pdsch_requirements_n;

/* 38.101-4 5.3, 7.3.2.2: one of a hundred is missed. */
struct conformance_ue_pdcch_row {
	const char *table, *test, *reference;
	uint8_t scs_khz;
	uint16_t n_rb;
	uint8_t symbols, al, dci_bits, n_tx, n_rx;
	enum channel_profile profile;
	uint16_t doppler_hz;
	enum channel_correlation correlation;
	bool interleaved;
	uint8_t bundle, interleaver;
	double snr_db;
};

extern const struct conformance_ue_pdcch_row conformance_ue_pdcch_requirements[];
extern const size_t conformance_ue_pdcch_requirements_n;

/* 38.101-4 5.4, 7.4: the same. */
struct conformance_ue_pbch_row {
	const char *table, *test;
	uint8_t scs_khz;
	bool known;
	uint8_t n_rx;
	enum channel_profile profile;
	uint16_t doppler_hz;
	double snr_db;
};

extern const struct conformance_ue_pbch_row conformance_ue_pbch_requirements[];
extern const size_t conformance_ue_pbch_requirements_n;

/* 38.101-4 6.2: of fading (Doppler above 0) alpha and gamma are required. */
struct conformance_ue_cqi_row {
	const char *table, *test;
	uint8_t scs_khz;
	uint16_t n_rb;
	uint8_t n_rx, rank;
	enum channel_profile profile;
	uint16_t doppler_hz;
	enum channel_correlation correlation;
	double snr_db;
	uint8_t alpha, gamma_percent;
};

extern const struct conformance_ue_cqi_row conformance_ue_cqi_requirements[];
extern const size_t conformance_ue_cqi_requirements_n;

/* UCI on PUSCH of 16QAM at R = 658/1024. */
struct conformance_uci_row {
	const char *table, *frc;
	bool type_b;
	uint8_t part; /* of CSI, that is counted: 1 or 2 */
	uint8_t scs_khz;
	uint16_t n_rb;
	enum channel_profile profile;
	uint16_t doppler_hz;
	uint8_t bits[2];
	uint8_t symbols, additional; /* of the allocation; of DM-RS */
	bool ptrs;
	double snr_db;
};

extern const struct conformance_uci_row conformance_uci_on_pusch_requirements[];
extern const size_t conformance_uci_on_pusch_requirements_n;
