/* The secrets that are the network's own, in a file beside the store. */
#pragma once

#include "core/core.h"

enum { SECRETS_ERROR_SIZE = 320 };

/*
 * Fills in the sealing key and, with own_hn_keys, the home network keys for when the configuration has none.
 * A file is made for a store in which nothing is sealed. False, with what to do in error, when the file is
 * damaged, or missing, or not the one that the store was sealed with.
 */
bool secrets_load(const char *path, struct env *env, bool own_hn_keys, struct core_config *config,
	char error[SECRETS_ERROR_SIZE]);
