/* Files of a ring of messages, between those that write and search them. Internal to io/. */
#pragma once

#include "io/message_ring.h"

enum { MESSAGE_RING_PATH_SIZE = 256, MESSAGE_RING_NAME_SIZE = 24 };

#define MESSAGE_RING_MAGIC "fhsig\1\0" /* with its end 8 octets */

/* Of a segment; then records. Numbers are of this machine: the ring is no file to be carried about. */
struct segment_head {
	char magic[8];
	uint64_t stamp, first_ns;
};

struct record_head {
	uint64_t key, utc_ns, number;
	uint32_t len, check; /* check: of all else, and of the octets */
};

/* Of an index, sorted by key and time; then entries. */
struct index_head {
	char magic[8];
	uint64_t stamp, first_ns, last_ns, count;
};

struct index_entry {
	uint64_t key, utc_ns;
	uint32_t place, len; /* of the record, in its segment */
};

struct message_ring {
	char folder[MESSAGE_RING_PATH_SIZE - MESSAGE_RING_NAME_SIZE];
	uint64_t octets_max, stamp;
	uint32_t first, next; /* numbers of the segments there are; the last one is written to */
	int fd;               /* of that one, -1: it is not begun */
	uint32_t at;
	uint64_t segment_ns; /* of its first message */
	struct index_entry *index;
	size_t count, cap;
	uint64_t newest_ns, newest_number, oldest_ns;
};

void message_ring_path(
	const struct message_ring *r, uint32_t segment, const char *kind, char path[MESSAGE_RING_PATH_SIZE]);
uint32_t message_ring_check(const struct record_head *h, struct bytes octets);
/* By key, time, and place. */
int message_ring_compare(const void *a, const void *b);
/* Of a segment, which is open then. False: it is none. */
MUST_USE bool message_ring_head(
	const struct message_ring *r, uint32_t segment, struct segment_head *head, int *fd);
