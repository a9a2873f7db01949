/* AUSF, TS 29.509: 5G-AKA and EAP-AKA' of the home network (33.501 6.1.3). */
#pragma once

#include "core/nf/nf.h"
#include "crypto/seal.h"

enum ausf_limit {
	AUSF_AUTH_MAX = 65536,    /* authentications under way */
	AUSF_AUTH_TIMEOUT_S = 60, /* a UE that never answers */
};

enum ausf_stat {
	AUSF_STAT_CHALLENGES,
	AUSF_STAT_SUCCESSES,
	AUSF_STAT_FAILURES,
	AUSF_STAT_EXPIRED,
	AUSF_STAT_STEERINGS_PROTECTED,
	AUSF_STAT_UPDATES_PROTECTED,
	AUSF_STAT_COUNT
};

struct ausf;

/* seal_key is copied: wipe it. counts_lost: the store may be older than what was sent. NULL when memory or
 * the store refuses. */
MUST_USE struct ausf *ausf_new(const struct plmn *plmn, const uint8_t seal_key[SEAL_KEY_LEN],
	bool counts_lost, struct env *env, struct sbi_bus *bus);
void ausf_free(struct ausf *ausf);
struct nf *ausf_nf(struct ausf *ausf);
/* The subscriber is removed. */
void ausf_forget(struct ausf *ausf, const struct supi *supi);
extern const struct stat_group ausf_stat_group;
void ausf_stats(const struct ausf *ausf, struct stats *out);
