/* A backup of the running core, made where its store is. */
#pragma once

#include "ops/network.h"

/* Into a new file, which is there as a whole or not at all; the core is asked by its control socket, and may
 * take wait_s for a checkpoint. False with a message on stderr. */
MUST_USE bool backup_make(const struct network *n, const char *config, const char *file,
	struct bytes passphrase, unsigned wait_s);
