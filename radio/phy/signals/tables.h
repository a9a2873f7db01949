/* Tables of TS 38.211, made from tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "base/bytes.h"

/* 38.211 5.2.2.2: phi(n) of the low-PAPR base sequences, a row for each u; r(n) = exp(j phi(n) pi / 4). */
extern const int8_t phy_lowpapr_phi_6[30][6];
extern const int8_t phy_lowpapr_phi_12[30][12];
extern const int8_t phy_lowpapr_phi_18[30][18];
extern const int8_t phy_lowpapr_phi_24[30][24];

/* 38.211 5.2.3.2: low-PAPR sequences of type 2, a row for each u: phi(n), exp(j phi(n) pi / 8); and bits. */
extern const int8_t phy_lowpapr2_phi_6[30][6];
extern const uint8_t phy_lowpapr2_bits_12[30][12];
extern const uint8_t phy_lowpapr2_bits_18[30][18];
extern const uint8_t phy_lowpapr2_bits_24[30][24];
