/* For freehold check: 0, or 1 with a message. */
#pragma once

#include "ops/control_client.h"
#include "ops/network.h"

int check_change(const struct control_place *place, const struct network *n, const char *file);
