/* OpenSSL's memory. */
#pragma once

#include "base/must_use.h"

#include <stdbool.h>

/* Takes it from malloc() with the reserve behind (base/reserve.h): refused some at its initialisation OpenSSL
 * is not usable any more, and crashes. Before any other use of it, or false. */
MUST_USE bool crypto_memory_begin(void);
