/* Tables of 38.104 Annex A, made from tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "radio/phy/waveform/reference_channel.h"
#include "radio/phy/waveform/test_preamble.h"

extern const struct phy_frc phy_frc_fr1_pusch[];
extern const size_t phy_frc_fr1_pusch_n;
extern const struct phy_test_preamble phy_prach_test_preambles[];
extern const size_t phy_prach_test_preambles_n;
