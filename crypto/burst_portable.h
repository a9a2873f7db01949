/* Inside crypto: bursts by nea.h and nia.h, one packet after the other. */
#pragma once

#include "crypto/burst.h"

MUST_USE bool burst_portable_keys(struct burst_keys *keys, enum nea_alg ea, const uint8_t k_enc[16],
	enum nia_alg ia, const uint8_t k_int[16]);
void burst_portable_mac(struct burst_job *jobs, size_t n);
void burst_portable_crypt(struct burst_job *jobs, size_t n);
