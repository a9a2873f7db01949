/* Bursts where there is no intel-ipsec-mb. */
#include <stdlib.h>

#include "crypto/burst_portable.h"

struct burst {
	bool unused;
};

struct burst *burst_new(bool portable)
{
	return calloc(1, sizeof(struct burst));
}

void burst_free(struct burst *b)
{
	free(b);
}

bool burst_keys_make(struct burst *b, struct burst_keys *keys, enum nea_alg ea, const uint8_t k_enc[16],
	enum nia_alg ia, const uint8_t k_int[16])
{
	return burst_portable_keys(keys, ea, k_enc, ia, k_int);
}

void burst_mac(struct burst *b, struct burst_job *jobs, size_t n)
{
	burst_portable_mac(jobs, n);
}

void burst_crypt(struct burst *b, struct burst_job *jobs, size_t n)
{
	burst_portable_crypt(jobs, n);
}
