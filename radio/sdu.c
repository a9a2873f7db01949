#include "radio/sdu.h"

enum { SMALL_CAP = SDU_HEAD + 1600 + SDU_TAIL, LARGE_CAP = SDU_HEAD + SDU_LEN_MAX + SDU_TAIL };

void sdu_pool_init(struct sdu_pool *p, uint32_t small_max, uint32_t large_max)
{
	pool_init(&p->small, sizeof(struct sdu) + SMALL_CAP, small_max);
	pool_init(&p->large, sizeof(struct sdu) + LARGE_CAP, large_max);
}

void sdu_pool_fini(struct sdu_pool *p)
{
	pool_fini(&p->small);
	pool_fini(&p->large);
}

struct sdu *sdu_new(struct sdu_pool *p, size_t len)
{
	bool small = SDU_HEAD + len + SDU_TAIL <= SMALL_CAP;
	struct sdu *s = len > SDU_LEN_MAX ? NULL : pool_alloc(small ? &p->small : &p->large);

	if (!s)
		return NULL;
	s->cap = small ? SMALL_CAP : LARGE_CAP;
	s->data = s->octets + SDU_HEAD;
	return s;
}

struct sdu *sdu_of(struct sdu_pool *p, struct bytes data)
{
	struct sdu *s = sdu_new(p, data.len);

	if (s && bytes_copy(s->data, sdu_room(s), data))
		s->len = (uint32_t)data.len;
	return s;
}

void sdu_free(struct sdu_pool *p, struct sdu *s)
{
	if (s)
		pool_free(s->cap == SMALL_CAP ? &p->small : &p->large, s);
}

void sdu_queue_insert(struct sdu_queue *q, struct sdu *before, struct sdu *s)
{
	struct sdu **at = before ? &before->next : &q->first;

	s->prev = before;
	s->next = *at;
	*at = s;
	*(s->next ? &s->next->prev : &q->last) = s;
	q->count++;
	q->octets += s->len;
}

void sdu_queue_put(struct sdu_queue *q, struct sdu *s)
{
	sdu_queue_insert(q, q->last, s);
}

void sdu_queue_remove(struct sdu_queue *q, struct sdu *s)
{
	*(s->prev ? &s->prev->next : &q->first) = s->next;
	*(s->next ? &s->next->prev : &q->last) = s->prev;
	s->next = s->prev = NULL;
	q->count--;
	q->octets -= s->len;
}

struct sdu *sdu_queue_take(struct sdu_queue *q)
{
	struct sdu *s = q->first;

	if (s)
		sdu_queue_remove(q, s);
	return s;
}

void sdu_queue_clear(struct sdu_queue *q, struct sdu_pool *p)
{
	for (struct sdu *s; (s = sdu_queue_take(q));)
		sdu_free(p, s);
}
