/* The secrets that are the network's own, in a file beside the store. */
#pragma once

#include "core/core.h"

enum {
	SECRETS_ERROR_SIZE = 320,
	SECRETS_HN_KEYS = 2,
	SECRETS_SIZE = SEAL_KEY_LEN + SECRETS_HN_KEYS * SUCI_PRIVATE_LEN, /* as the file has them */
};

/*
 * Fills in the sealing key and, with own_hn_keys, the home network keys for when the configuration has none.
 * A file is made for a store in which nothing is sealed. False, with what to do in error, when the file is
 * damaged, or missing, or not the one that the store was sealed with.
 */
bool secrets_load(const char *path, struct env *env, bool own_hn_keys, struct core_config *config,
	char error[SECRETS_ERROR_SIZE]);

/* The same from the file's octets; false if they are none. */
bool secrets_take(struct bytes file, bool own_hn_keys, struct core_config *config);
