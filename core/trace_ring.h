/*
 * The ring: messages by number, the oldest overwritten by the newest. An entry is put whole behind the one
 * before it, so it stands in one piece and never moves; a directory has the place of each.
 */
#pragma once

#include "base/arena.h"
#include "core/trace.h"

enum trace_flag { TRACE_IN = 1, TRACE_LOST = 2, TRACE_ANSWER = 4 };

struct trace_entry {
	uint64_t utc_ns;
	uint64_t whose; /* core/nf/whose.h */
	/* Of those of one UE that is not known yet: in the first of them the number of the last, in each
	 * other one that of the one before. */
	uint64_t chain;
	const void *body; /* of a service operation: where its struct was, which is behind this; NULL: none */
	uint32_t octets, plain; /* lengths of what is behind this */
	uint8_t kind, flags;    /* enum trace_flag */
	uint8_t op, cause, consumer, producer;
	struct addr peer;
};

/* What is needed to read entries of service operations: the arena is the caller's to wipe after each. */
struct trace_reader {
	struct arena arena;
	char title[128];
	uint8_t http[32768];
};

/* A view of the entry, and of the reader. whole false: of a service operation the title alone, since the
 * entry is of a process whose structs may lie otherwise. */
void trace_entry_read(struct trace_reader *t, uint64_t number, const struct trace_entry *e, bool whole,
	struct trace_message *out);
/* Whether octets, aligned as an entry is, can be one. */
bool trace_entry_is_sound(struct bytes octets);

struct trace_ring {
	uint8_t *memory;
	uint32_t *places; /* of the entry n at n % place_count, in units of 8 octets */
	size_t size, at;  /* at: where the next one goes */
	uint64_t place_count;
	uint64_t first, next; /* numbers: of the oldest, and of the one to come; from 1 */
};

/* Memory is touched as it fills. False: there is none. */
MUST_USE bool trace_ring_init(struct trace_ring *r, size_t octets);
/* Wipes it. */
void trace_ring_fini(struct trace_ring *r);

/* Room for an entry of up to that many octets behind its struct, zeroed itself; NULL: the ring is too small.
 */
struct trace_entry *trace_ring_begin(struct trace_ring *r, size_t octets);
/* Keeps what was begun, with so many octets; its number. */
uint64_t trace_ring_end(struct trace_ring *r, size_t octets);

/* NULL: it is overwritten, or has not come. */
struct trace_entry *trace_ring_at(const struct trace_ring *r, uint64_t number);
/* The first at utc_ns or later; times may have been set back in between. */
uint64_t trace_ring_since(const struct trace_ring *r, uint64_t utc_ns);

/* The same, or, of whom is known by now, their supi_key(). */
uint64_t trace_ring_whose(const struct trace_ring *r, uint64_t whose);
/* The entry concerns them. */
void trace_ring_assign(struct trace_ring *r, uint64_t number, uint64_t whose);
/* Whoever was unknown is: key is a supi_key(). What was assigned to `whose` is theirs, and what will be. */
void trace_ring_known(struct trace_ring *r, uint64_t whose, uint64_t key);
