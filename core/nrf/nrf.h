/* NRF, TS 29.510: NF profiles by registration and heart-beat, and their discovery. */
#pragma once

#include "core/nf/nf.h"

enum nrf_limit {
	NRF_PROFILES_MAX = 64,
	NRF_MISSED_BEATS = 3, /* heart-beats missed until an instance is SUSPENDED */
};

struct nrf;

/* NULL when memory is refused. */
MUST_USE struct nrf *nrf_new(const struct plmn *plmn, struct env *env, struct sbi_bus *bus);
void nrf_free(struct nrf *nrf);
struct nf *nrf_nf(struct nrf *nrf);

enum nrf_stat {
	NRF_STAT_REG_REQ,
	NRF_STAT_REG_SUCC,
	NRF_STAT_REG_FAIL,
	NRF_STAT_DISC_REQ,
	NRF_STAT_DISC_SUCC,
	NRF_STAT_DISC_NONE,
	NRF_STAT_COUNT
};

extern const struct stat_group nrf_stat_group;
void nrf_stats(const struct nrf *nrf, struct stats *out);
