/* What the parts of PRACH share. */
#pragma once

#include "radio/phy/prach/prach.h"
#include "radio/phy/prach/tables.h"
#include "radio/phy/signals/complex.h"

/* q u = 1 modulo l; u is 1 to l - 1. */
unsigned prach_inverse(unsigned l, unsigned u);

/* The groups that repetitions are summed up in, so that a group is short against the turn by an offset of 400
 * Hz. */
unsigned prach_groups(const struct phy_prach *p);

static inline bool prach_is_long(enum phy_prach_format format)
{
	return format <= PHY_PRACH_3;
}

/* exp(j 2 pi i / l) for i below l. */
void prach_roots_of_unity(unsigned l, struct phy_cf *out);

/* conj(x_u(q k)) of the root: y_u(k) over y_u(0). */
void prach_reference(
	const struct phy_cf *unit, unsigned l, const struct phy_prach_root *root, struct phy_cf *out);
