/* What the console knows of the core: its tables, what its events mean, and how its signalling reads. */
#pragma once

#include "console/console.h"

struct console_facts console_facts(const char *version);
