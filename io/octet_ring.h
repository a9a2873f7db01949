/* Records of octets from one thread to one other, in memory of fixed size, without a lock. */
#pragma once

#include <stdatomic.h>

#include "base/bytes.h"

struct octet_ring {
	uint8_t *memory;
	uint64_t size;
	_Atomic uint64_t put, taken; /* octets, of records and what is between them, since the beginning */
};

/* octets: a power of two. False: no memory. */
MUST_USE bool octet_ring_init(struct octet_ring *r, uint64_t octets);
void octet_ring_fini(struct octet_ring *r);

/* Of the thread that puts: head and data one after the other, as one record. False: there is no room.
 * *wake: whoever takes has, or will have, found the ring empty. */
MUST_USE bool octet_ring_put(struct octet_ring *r, struct bytes head, struct bytes data, bool *wake);

/* Of the thread that takes: the oldest record, aligned to 8 octets, valid until octet_ring_take(). None: no
 * data. */
struct bytes octet_ring_oldest(const struct octet_ring *r);
void octet_ring_take(struct octet_ring *r);
