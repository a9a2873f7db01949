#include "radio/phy/codes/polar_cache.h"

#include <stdlib.h>

struct phy_polar_cache {
	uint64_t calls;
	struct {
		uint64_t used_at; /* which call; 0: empty */
		enum phy_polar_use use;
		struct phy_polar code;
	} slot[PHY_POLAR_CACHE];
};

struct phy_polar_cache *phy_polar_cache_new(void)
{
	return calloc(1, sizeof(struct phy_polar_cache));
}

void phy_polar_cache_free(struct phy_polar_cache *c)
{
	free(c);
}

const struct phy_polar *phy_polar_cache_get(
	struct phy_polar_cache *c, enum phy_polar_use use, unsigned k, unsigned e)
{
	unsigned oldest = 0;

	c->calls++;
	for (unsigned i = 0; i < PHY_POLAR_CACHE; i++) {
		if (c->slot[i].used_at > 0 && c->slot[i].use == use && c->slot[i].code.k == k &&
			c->slot[i].code.e == e) {
			c->slot[i].used_at = c->calls;
			return &c->slot[i].code;
		}
		if (c->slot[i].used_at < c->slot[oldest].used_at)
			oldest = i;
	}
	c->slot[oldest].used_at = 0;
	if (!phy_polar_init(&c->slot[oldest].code, use, k, e))
		return NULL;
	c->slot[oldest].use = use;
	c->slot[oldest].used_at = c->calls;
	return &c->slot[oldest].code;
}
