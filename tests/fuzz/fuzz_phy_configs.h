/* Configurations of channels, field by field from the input, for the doors of each and for that of a whole
 * slot. */
#pragma once

#include "radio/phy/channels/pucch.h"
#include "radio/phy/channels/pusch.h"
#include "radio/phy/channels/srs.h"
#include "radio/phy/mapping/csi_rs.h"
#include "tests/fuzz/fuzz_phy.h"

struct phy_pusch_config fuzz_pusch_config(struct fuzz *f);
struct phy_pucch_config fuzz_pucch_config(struct fuzz *f);
struct phy_srs_config fuzz_srs_config(struct fuzz *f);
struct phy_csi_rs_config fuzz_csi_rs_config(struct fuzz *f);
