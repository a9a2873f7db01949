/* Search spaces and CORESETs as RRC has them (38.331 6.3.2), for both ends. */
#pragma once

#include "radio/phy/mapping/search_space.h"
#include "wire/rrc/rrc.h"

/* A search space and the CORESET that it is in. */
struct cell_space {
	bool there;
	uint8_t id, coreset_id;
	bool configured; /* DCI 0_1 and 1_1, not 0_0 and 1_0 */
	bool other;      /* a common one of neither: nothing that a UE here looks for */
	bool tci;        /* its CORESET's DCI 1_1 has a transmission configuration indication */
	struct phy_search_space space;
	struct phy_coreset coreset;
};

/* Bit strings of RRC have their first bit in the most significant place, masks here in the least: both ways.
 */
uint64_t cell_bits_turned(uint64_t bits, unsigned width);

/* bwp_start: of the bandwidth part that it is configured for. False: 38.211 or 38.331 do not have it. */
MUST_USE bool cell_coreset_read(
	struct phy_coreset *out, const struct rrc_control_resource_set *in, unsigned bwp_start, unsigned pci);

/* All but the CORESET, which is the caller's to set before it asks phy_search_space_valid. False for what has
 * spare values, or not all that a new one needs. */
MUST_USE bool cell_space_read(struct cell_space *out, const struct rrc_search_space *in);
