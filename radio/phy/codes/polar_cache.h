/* Polar codes made once and kept; the least lately used gives way. */
#pragma once

#include "radio/phy/codes/polar.h"

enum { PHY_POLAR_CACHE = 24 };

struct phy_polar_cache;

/* One a thread. NULL when memory is out. */
struct phy_polar_cache *phy_polar_cache_new(void);
void phy_polar_cache_free(struct phy_polar_cache *c);

/* The code, good until the next PHY_POLAR_CACHE - 1 calls; NULL for what phy_polar_init refuses. */
const struct phy_polar *phy_polar_cache_get(
	struct phy_polar_cache *c, enum phy_polar_use use, unsigned k, unsigned e);
