/* Entries of the store whose key is a number that goes up: a ring of the newest `max`. Inside console/. */
#pragma once

#include "base/store.h"

struct numbered {
	uint64_t first, next; /* entries there are: from first up to, not including, next */
	uint64_t max;
	uint8_t table; /* enum store_table */
};

/* False: the store does not read. */
MUST_USE bool numbered_restore(struct numbered *n, struct store *store, uint8_t table, uint64_t max);
/* A view of the store's; false: there is none. */
MUST_USE bool numbered_get(
	const struct numbered *n, struct store *store, uint64_t number, struct bytes *value);
/* A new entry, at next, or one of those there are; the oldest goes where there are too many. False: nothing
 * is changed. */
MUST_USE bool numbered_put(struct numbered *n, struct store *store, uint64_t number, struct bytes value);
