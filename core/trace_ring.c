#include "core/trace_ring.h"

#include <stdlib.h>
#include <string.h>

#include "core/nf/whose.h"

enum { LINE = 64, AHEAD = 8 * LINE }; /* octets of a line of the cache; so far ahead of what is written */
enum { UNIT = 8, OCTETS_PER_PLACE = 128 }; /* shorter messages fill the directory before the memory */

static size_t in_units(size_t octets)
{
	return (octets + UNIT - 1) / UNIT * UNIT;
}

bool trace_ring_init(struct trace_ring *r, size_t octets)
{
	*r = (struct trace_ring){ .size = in_units(octets), .first = 1, .next = 1 };
	r->place_count = octets / OCTETS_PER_PLACE;
	r->memory = calloc(1, r->size);
	r->places = calloc(r->place_count, sizeof(*r->places));
	return r->memory && r->places && r->place_count > 0;
}

void trace_ring_fini(struct trace_ring *r)
{
	/* What was never written to is not touched. */
	if (r->memory)
		explicit_bzero(r->memory, r->first > 1 ? r->size : r->at);
	free(r->memory);
	free(r->places);
	*r = (struct trace_ring){ 0 };
}

static size_t place_of(const struct trace_ring *r, uint64_t number)
{
	return (size_t)r->places[number % r->place_count] * UNIT;
}

struct trace_entry *trace_ring_at(const struct trace_ring *r, uint64_t number)
{
	if (number < r->first || number >= r->next)
		return NULL;
	return (struct trace_entry *)(void *)(r->memory + place_of(r, number));
}

/* The oldest of the lap before go, as far as they stand before `end`. */
static void evict(struct trace_ring *r, size_t end)
{
	while (r->first < r->next && place_of(r, r->first) >= r->at && place_of(r, r->first) < end)
		r->first++;
}

struct trace_entry *trace_ring_begin(struct trace_ring *r, size_t octets)
{
	size_t size = in_units(sizeof(struct trace_entry) + octets);
	struct trace_entry *e;

	if (size > r->size / 4)
		return NULL;
	if (size > r->size - r->at) {
		evict(r, r->size);
		r->at = 0;
	}
	evict(r, r->at + size);
	if (r->next - r->first == r->place_count)
		r->first++;
	e = (struct trace_entry *)(void *)(r->memory + r->at);
	*e = (struct trace_entry){ 0 };
	return e;
}

/* What is written next was written a lap ago, so it is far from the processor: most of what the ring costs.
 */
static void fetch_ahead(const struct trace_ring *r)
{
	for (size_t ahead = 0; ahead < AHEAD && r->at + ahead < r->size; ahead += LINE)
		__builtin_prefetch(r->memory + r->at + ahead, 1);
}

uint64_t trace_ring_end(struct trace_ring *r, size_t octets)
{
	r->places[r->next % r->place_count] = (uint32_t)(r->at / UNIT);
	r->at += in_units(sizeof(struct trace_entry) + octets);
	fetch_ahead(r);
	return r->next++;
}

uint64_t trace_ring_since(const struct trace_ring *r, uint64_t utc_ns)
{
	uint64_t low = r->first, high = r->next;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (trace_ring_at(r, middle)->utc_ns < utc_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_known(uint64_t whose)
{
	return whose != 0 && !(whose & WHOSE_UNKNOWN);
}

uint64_t trace_ring_whose(const struct trace_ring *r, uint64_t whose)
{
	const struct trace_entry *head =
		whose & WHOSE_UNKNOWN ? trace_ring_at(r, whose & ~WHOSE_UNKNOWN) : NULL;

	return head && is_known(head->whose) ? head->whose : whose;
}

void trace_ring_assign(struct trace_ring *r, uint64_t number, uint64_t whose)
{
	struct trace_entry *e = trace_ring_at(r, number), *head;
	uint64_t first = whose & ~WHOSE_UNKNOWN;

	if (!e || is_known(e->whose))
		return;
	e->whose = whose;
	if (!(whose & WHOSE_UNKNOWN) || first == number)
		return;
	head = trace_ring_at(r, first);
	if (!head) {
		e->whose = 0; /* the ring has gone round since the UE came: nobody will know */
	} else if (is_known(head->whose)) {
		e->whose = head->whose;
	} else {
		e->chain = head->chain;
		head->chain = number;
	}
}

void trace_ring_known(struct trace_ring *r, uint64_t whose, uint64_t key)
{
	uint64_t first = whose & ~WHOSE_UNKNOWN;
	struct trace_entry *head = trace_ring_at(r, first), *e;

	if (!head || is_known(head->whose))
		return;
	for (uint64_t n = head->chain; n > first; n = e->chain) {
		e = trace_ring_at(r, n);
		e->whose = key;
	}
	head->whose = key;
}
