/* The resource indication value: a range of resource blocks as one number, 38.214 5.1.2.2.2 and 6.1.2.2.2. */
#pragma once

#include "base/bytes.h"

enum { PHY_DCI_RB_MAX = 275 };

/* Bits of a resource indication value in n_rb blocks (7.3.1.2.1). */
unsigned phy_dci_riv_bits(unsigned n_rb);

/* 38.214 5.1.2.2.2: length blocks from start on, of n_rb. False if they are not within. */
bool phy_dci_riv(uint32_t *riv, unsigned start, unsigned length, unsigned n_rb);
bool phy_dci_riv_range(uint32_t riv, unsigned n_rb, unsigned *start, unsigned *length);

/* K of 38.214 5.1.2.2.2: what start and length are multiples of when the size is another bandwidth's. */
unsigned phy_dci_riv_scale(unsigned n_active, unsigned n_initial);
