/* The passphrase of a backup, from a file or the terminal. */
#pragma once

#include "ops/options.h"

enum { PASSPHRASE_SIZE = 256, PASSPHRASE_MIN = 8 };

/* The first line of file, or (NULL) what is typed unseen, twice if it is new. Wipe it. False with a message
 * on stderr. */
MUST_USE bool passphrase_read(const char *file, bool new, char out[PASSPHRASE_SIZE]);
