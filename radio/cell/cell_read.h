/* Inside radio/cell: the parts of BWP-DownlinkCommon and BWP-UplinkCommon, of SIB1 and of other bandwidth
 * parts alike. False: what cannot be. */
#pragma once

#include "radio/cell/cell.h"

/* Where it is in the carrier, which is known; of the same numerology. */
MUST_USE bool cell_part_place_read(struct cell_carrier *c, const struct rrc_bwp *bwp, unsigned mu);

/* Spaces that it does not name are not there. */
MUST_USE bool cell_spaces_read(struct cell *c, const struct rrc_pdcch_config_common *p);

/* NULL, or a release: nothing is read. */
MUST_USE bool cell_pdsch_common_read(struct cell *c, const struct rrc_setup_release_pdsch_config_common *p);
MUST_USE bool cell_pusch_common_read(struct cell *c, const struct rrc_setup_release_pusch_config_common *p);
/* False also where there is no resource common to all. */
MUST_USE bool cell_pucch_common_read(struct cell *c, const struct rrc_setup_release_pucch_config_common *p);
MUST_USE bool cell_access_read(struct cell *c, const struct rrc_rach_config_common *r);

/* Of the bandwidth part. */
bool cell_coreset_is_within(const struct phy_coreset *s, const struct cell_carrier *at);
