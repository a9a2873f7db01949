/* Inside radio/cell: what grants of all formats have alike, and those of the configured formats. */
#pragma once

#include "radio/cell/grant.h"

enum phy_pdsch_error cell_pdsch_configured(struct cell_pdsch_grant *g, const struct cell *c,
	const struct cell_own *own, uint16_t rnti, const struct phy_dci *dci);
MUST_USE bool cell_pusch_configured(struct cell_pusch_grant *g, const struct cell *c,
	const struct cell_own *own, uint16_t rnti, const struct phy_dci *dci);

/* 38.214 6.3.1: the first bits of the assignment choose the offset of the hop, and are taken off it; of so
 * many. */
MUST_USE bool cell_pusch_hop(
	struct phy_pusch_config *f, const struct cell_pusch *p, uint32_t *field, unsigned width);

/* DM-RS sequences of a PUSCH, as far as they are configured for its mapping type (38.211 6.4.1.1.1). */
struct phy_dmrs cell_pusch_sequences(const struct cell *c, const struct cell_dmrs *d);
