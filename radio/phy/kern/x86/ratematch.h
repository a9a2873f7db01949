/* What the levels of the kernels of rate matching share. */
#pragma once

#include "radio/phy/kern/kern.h"

void kern_avx2_bits_interleave(uint8_t *out, const uint8_t *in, size_t cols, unsigned q);
