#include "crypto/aka_function.h"

static const struct aka_function *const rows[] = {
	[AKA_MILENAGE] = &aka_milenage,
	[AKA_TUAK] = &aka_tuak,
};

_Static_assert(ARRAY_LEN(rows) == AKA_ALG_COUNT, "each algorithm has its row");

const struct aka_function *aka_function(unsigned alg)
{
	return alg < ARRAY_LEN(rows) ? rows[alg] : NULL;
}

bool aka_alg_named(const char *name, enum aka_alg *out)
{
	for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
		if (!strcmp(rows[i]->name, name)) {
			*out = (enum aka_alg)i;
			return true;
		}
	return false;
}

const char *aka_alg_name(unsigned alg)
{
	const struct aka_function *f = aka_function(alg);

	return f ? f->name : "unknown";
}

bool aka_lengths_valid(unsigned alg, size_t k_len, size_t opc_len)
{
	const struct aka_function *f = aka_function(alg);
	bool ok = false;

	if (!f)
		return false;
	for (size_t i = 0; i < AKA_K_LENS; i++)
		ok |= k_len != 0 && f->k_lens[i] == k_len;
	return ok && opc_len == f->opc_len;
}
