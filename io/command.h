/* A program of the operator's, run by one who can wait: no shell, nothing of ours open but the standard
 * error. */
#pragma once

#include "base/bytes.h"

enum { COMMAND_S = 30 };

/* argv[0] is its path; argv ends with NULL. It has input on its standard input, and an environment of PATH
 * alone. What has not ended after COMMAND_S is killed. False with a message: it did not end with 0. */
MUST_USE bool command_run(char *const argv[], struct bytes input, char *error, size_t error_size);
