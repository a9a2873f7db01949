/* Keccak-f[1600] (FIPS 202 clause 3), the permutation of TUAK. Internal to crypto/. */
#pragma once

#include <stdint.h>

/* state: lane (x, y) at index x + 5 y. */
void keccak_f1600(uint64_t state[25]);
