/*
 * The text of network.yaml without its keys, for people to read and to edit, and with them again: each stands
 * as '***' and a tag that is its own, so that it may be moved, or stay where others are removed.
 */
#pragma once

#include "ops/network.h"

/* False with a message: it does not read, or out is too small. */
MUST_USE bool network_mask(
	const char *file, struct bytes text, struct writer *out, char error[CONFIG_ERROR_SIZE]);
/* Tags become the keys that `current` has; those that are written out stay. False with a message. */
MUST_USE bool network_unmask(const char *file, struct bytes masked, struct bytes current, struct writer *out,
	char error[CONFIG_ERROR_SIZE]);
