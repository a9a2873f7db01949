/*
 * Packets on their way through layer 2. A buffer holds one PDU or SDU in one piece, with room before it for
 * the headers and behind it for the MAC-I that the layers below will add, so that nothing is copied between
 * layers. Buffers are of two sizes and come from a pool with a limit; whoever has one gives it on or frees
 * it.
 */
#pragma once

#include "base/pool.h"

enum {
	SDU_LEN_MAX = 9000, /* of a PDCP SDU, 38.323 4.3.1 */
	SDU_HEAD = 16,      /* SDAP 1, PDCP 3, to spare */
	SDU_TAIL = 8,       /* MAC-I 4 */
};

/* Octets of an SDU from `from` up to, not including, `to`. */
struct sdu_range {
	uint16_t from, to;
};

enum { SDU_PENDING_MAX = 4 };

/* What an RLC entity in acknowledged mode knows of an SDU that it sends (38.322 5.3). */
struct sdu_arq {
	struct sdu *next_pending, *prev_pending; /* of those to be sent again */
	uint32_t sn;                             /* counted on without modulus; valid once octets were sent */
	uint16_t sent;                           /* octets that were sent once at least */
	uint8_t retx_count;                      /* RETX_COUNT */
	uint8_t pending_count;                   /* 0: it is not among them */
	bool considered;                         /* for retransmission, once at least: retx_count counts */
	uint32_t status;                         /* number of the STATUS PDU that counted last */
	struct sdu_range pending[SDU_PENDING_MAX]; /* apart from each other, ascending */
};

struct sdu {
	struct sdu *next, *prev; /* in the queue that has it */
	struct sdu_arq arq;
	uint64_t tag;        /* of the layer above; handed on as it is */
	uint64_t expires_ns; /* discardTimer of 38.323 5.3: not to be sent from then on; 0 and UINT64_MAX:
				never */
	uint8_t *data;
	uint32_t len;
	uint32_t cap; /* of octets */
	uint8_t octets[];
};

struct sdu_pool {
	struct pool small, large;
};

/* In the order of their coming. */
struct sdu_queue {
	struct sdu *first, *last;
	uint32_t count;
	uint64_t octets;
};

void sdu_pool_init(struct sdu_pool *p, uint32_t small_max, uint32_t large_max);
void sdu_pool_fini(struct sdu_pool *p);

/* An empty buffer with room for len octets. NULL (counted by the pool) at the limit, or when len is above
 * SDU_LEN_MAX. */
MUST_USE struct sdu *sdu_new(struct sdu_pool *p, size_t len);

/* One that holds a copy of data. */
MUST_USE struct sdu *sdu_of(struct sdu_pool *p, struct bytes data);

/* Wipes it too: what users send stays nowhere. */
void sdu_free(struct sdu_pool *p, struct sdu *s);

/* How many octets it can hold from its data on. */
static inline size_t sdu_room(const struct sdu *s)
{
	return (size_t)(s->octets + s->cap - s->data);
}

static inline struct bytes sdu_bytes(const struct sdu *s)
{
	return bytes_of(s->data, s->len);
}

/* Room for n octets before the data, which are the caller's to write; NULL: there is not so much. */
MUST_USE static inline uint8_t *sdu_push(struct sdu *s, size_t n)
{
	if (n > (size_t)(s->data - s->octets))
		return NULL;
	s->data -= n;
	s->len += (uint32_t)n;
	return s->data;
}

/* Room for n octets behind the data. */
MUST_USE static inline uint8_t *sdu_append(struct sdu *s, size_t n)
{
	uint8_t *at = s->data + s->len;

	if (n > sdu_room(s) - s->len)
		return NULL;
	s->len += (uint32_t)n;
	return at;
}

/* Takes n octets off the front; false: there are fewer. */
MUST_USE static inline bool sdu_pull(struct sdu *s, size_t n)
{
	if (n > s->len)
		return false;
	s->data += n;
	s->len -= (uint32_t)n;
	return true;
}

/* s must be in no queue. */
void sdu_queue_put(struct sdu_queue *q, struct sdu *s);
/* The first; NULL when there is none. */
struct sdu *sdu_queue_take(struct sdu_queue *q);
/* Behind `before`, which is in q; NULL: as the first. */
void sdu_queue_insert(struct sdu_queue *q, struct sdu *before, struct sdu *s);
/* s must be in q. */
void sdu_queue_remove(struct sdu_queue *q, struct sdu *s);
void sdu_queue_clear(struct sdu_queue *q, struct sdu_pool *p);
