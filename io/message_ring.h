/*
 * Messages on the disk, the newest of so many octets, found by whom they concern and when: a ring of
 * segments, the oldest of which goes as a whole. Each has beside it, once it is full, an index by key and
 * time, which is searched where it lies; of the one that is written to the index is in memory. What a kill
 * leaves half written is left out.
 */
#pragma once

#include "base/bytes.h"

enum {
	MESSAGE_RING_SEGMENT = 32 << 20,
	MESSAGE_RING_SEGMENTS_MAX = 4096,
	MESSAGE_RING_MESSAGE_MAX = 65536,
};

struct message_ring;

struct kept_message {
	uint64_t key, utc_ns, number;
	bool foreign; /* by a process of another stamp: what lies in it may be laid out otherwise */
	struct bytes octets;
};

/* Folder and files are made as need be. stamp: of what writes the octets. octets_max: at least two segments.
 * NULL: errno. */
MUST_USE struct message_ring *message_ring_open(const char *folder, uint64_t octets_max, uint64_t stamp);
void message_ring_close(struct message_ring *r);

/* What is not newer than the newest that is there is left out, as kept. False: errno. */
MUST_USE bool message_ring_put(struct message_ring *r, const struct kept_message *m);

/* Tells those of the key from the time on, the oldest first, until tell() returns false. False: a file does
 * not read. */
typedef bool kept_message_fn(void *arg, const struct kept_message *m);
MUST_USE bool message_ring_find(
	struct message_ring *r, uint64_t key, uint64_t from_ns, kept_message_fn *tell, void *arg);

/* When the oldest message is of, in ns since 1970; 0: there is none. */
uint64_t message_ring_since(const struct message_ring *r);
