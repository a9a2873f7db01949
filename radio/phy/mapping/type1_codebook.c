#include "radio/phy/mapping/type1_codebook.h"

#include <math.h>

#include "radio/phy/mapping/tables.h"
#include "radio/phy/signals/complex.h"

/* A single port has no codebook (38.214 5.2.2.2): the layer is the port. */
static const struct phy_type1_row one_port = { .layers = 1 };

/* Rows of a number of layers stand together. */
static const struct phy_type1_row *rows_of(unsigned ports, unsigned layers, size_t *n)
{
	const struct phy_type1_row *rows = ports == 1   ? &one_port
					   : ports == 2 ? phy_csi_type1_sp_2ports
							: phy_csi_type1_sp_4ports;
	size_t all = ports == 1   ? 1
		     : ports == 2 ? phy_csi_type1_sp_2ports_n
		     : ports == 4 ? phy_csi_type1_sp_4ports_n
				  : 0;
	size_t first = 0;

	while (first < all && rows[first].layers != layers)
		first++;
	for (*n = 0; first + *n < all && rows[first + *n].layers == layers;)
		++*n;
	return rows + first;
}

size_t phy_type1_count(unsigned ports, unsigned layers)
{
	size_t n;

	(void)rows_of(ports, layers, &n);
	return n;
}

struct phy_pmi phy_type1_precoder(
	struct phy_cf w[PHY_CSI_PORTS_MAX][PHY_CSI_LAYERS_MAX], unsigned ports, unsigned layers, size_t at)
{
	size_t n;
	const struct phy_type1_row *r = rows_of(ports, layers, &n) + at;
	float scale = 1 / sqrtf((float)(ports * layers));

	for (unsigned p = 0; p < ports; p++) {
		for (unsigned l = 0; l < layers; l++) {
			struct phy_cf unit = phy_cf_unit((float)M_PI / 4 * (float)r->phase[p][l]);

			w[p][l] = (struct phy_cf){ scale * unit.re, scale * unit.im };
		}
	}
	return (struct phy_pmi){ r->i11, r->i13, r->i2 };
}

bool phy_type1_find(unsigned ports, unsigned layers, const struct phy_pmi *pmi, size_t *at)
{
	size_t n;
	const struct phy_type1_row *r = rows_of(ports, layers, &n);

	for (*at = 0; *at < n; ++*at, r++)
		if (r->i11 == pmi->i11 && r->i13 == pmi->i13 && r->i2 == pmi->i2)
			return true;
	return false;
}
