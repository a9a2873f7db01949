/* NSSF, TS 29.531: which slices a UE may use where it is (23.501 5.15.5.2.1). */
#pragma once

#include "core/nf/nf.h"

/* A slice of the network and where it is offered. */
struct nssf_slice {
	struct snssai snssai;
	uint8_t tac_count; /* 0: in every tracking area */
	uint32_t tacs[16];
};

struct nssf_config {
	struct plmn plmn;
	uint8_t slice_count;
	struct nssf_slice slices[SNSSAI_MAX];
};

struct nssf;

/* NULL when memory is refused. */
MUST_USE struct nssf *nssf_new(const struct nssf_config *config, struct env *env, struct sbi_bus *bus);
void nssf_free(struct nssf *nssf);
void nssf_take_config(struct nssf *nssf, const struct nssf_config *config);
struct nf *nssf_nf(struct nssf *nssf);

enum nssf_stat { NSSF_STAT_SELECTIONS, NSSF_STAT_NONE_ALLOWED, NSSF_STAT_COUNT };

extern const struct stat_group nssf_stat_group;
void nssf_stats(const struct nssf *nssf, struct stats *out);
