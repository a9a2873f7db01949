/* Tables of TS 38.211 6.3.3, made from tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "radio/phy/prach/prach.h"

/* A row of the random access configurations, Tables 6.3.3.2-2 to -4. */
struct phy_prach_schedule {
	enum phy_prach_format format, last; /* of all occasions of a slot, and of its last one */
	uint8_t x;                          /* frames with n_f mod x = y */
	uint32_t y;                         /* mask */
	uint64_t slots;                     /* mask of subframes, or of slots of 60 kHz */
	uint8_t first_symbol;
	uint8_t prach_slots; /* within a subframe, or a slot of 60 kHz; 0: long formats */
	uint8_t occasions;   /* within a PRACH slot; 0: long formats */
	uint8_t symbols;     /* of an occasion */
};

struct phy_prach_shape {
	uint8_t repetitions;
	uint16_t prefix; /* in 64 T_c; of short formats at 15 kHz */
};

/* Table 6.3.3.2-1. */
struct phy_prach_combination {
	uint16_t l_ra;
	uint32_t prach_hz, pusch_hz;
	uint8_t prbs;
	uint8_t k_bar;
};

enum { PHY_PRACH_FR1_PAIRED_ROWS = 256, PHY_PRACH_FR1_UNPAIRED_ROWS = 263, PHY_PRACH_FR2_ROWS = 256 };

extern const struct phy_prach_schedule phy_prach_config_fr1_paired[PHY_PRACH_FR1_PAIRED_ROWS];
extern const struct phy_prach_schedule phy_prach_config_fr1_unpaired[PHY_PRACH_FR1_UNPAIRED_ROWS];
extern const struct phy_prach_schedule phy_prach_config_fr2_unpaired[PHY_PRACH_FR2_ROWS];
extern const struct phy_prach_shape phy_prach_preamble_long[4], phy_prach_preamble_short[9];
extern const struct phy_prach_combination phy_prach_scs_combinations[];
extern const size_t phy_prach_scs_combinations_n;

enum { PRACH_NONE = 0xffff }; /* a row that a restricted set does not have */

/* N_CS by zeroCorrelationZoneConfig: unrestricted, type A, type B; of short formats by length. */
extern const uint16_t phy_prach_ncs_1k25[16][3], phy_prach_ncs_5k[16][3], phy_prach_ncs_short[16][3];

/* u by logical root index. */
extern const uint16_t phy_prach_root_u_139[138], phy_prach_root_u_571[570], phy_prach_root_u_839[838],
	phy_prach_root_u_1151[1150];
