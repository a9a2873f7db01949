#include "crypto/burst_portable.h"

bool burst_portable_keys(struct burst_keys *keys, enum nea_alg ea, const uint8_t k_enc[16], enum nia_alg ia,
	const uint8_t k_int[16])
{
	*keys = (struct burst_keys){ .ea = ea, .ia = ia };
	return bytes_copy(keys->k_enc, 16, bytes_of(k_enc, 16)) &&
	       bytes_copy(keys->k_int, 16, bytes_of(k_int, 16)) && ea < NEA_ALG_COUNT && ia < NIA_ALG_COUNT;
}

void burst_portable_mac(struct burst_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct burst_job *j = &jobs[i];

		may_fail(nia_mac(j->keys->ia, j->keys->k_int, j->count, j->bearer, j->direction, j->data,
			(size_t)j->len * 8, j->mac));
	}
}

void burst_portable_crypt(struct burst_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct burst_job *j = &jobs[i];

		may_fail(nea_crypt(j->keys->ea, j->keys->k_enc, j->count, j->bearer, j->direction, j->data,
			(size_t)j->len * 8));
	}
}
