#include "proto/pfcp_internal.h"

#include <stdlib.h>

bool pfcp_cache_init(struct pfcp_cache *c, uint64_t seed, uint32_t max, size_t octets_max)
{
	*c = (struct pfcp_cache){ .octets_max = octets_max };
	list_init(&c->ages);
	pool_init(&c->pool, sizeof(struct pfcp_cached), max);
	return hash_init(&c->by_request, seed);
}

void pfcp_cache_fini(struct pfcp_cache *c)
{
	list_each(l, next, &c->ages)
		free((void *)(uintptr_t)container_of(l, struct pfcp_cached, link)->response.data);
	hash_fini(&c->by_request);
	pool_fini(&c->pool);
}

struct pfcp_cached *pfcp_cache_find(struct pfcp_cache *c, uint64_t peer, uint32_t sequence)
{
	return hash_get(&c->by_request, peer, sequence, struct pfcp_cached, by_request);
}

void pfcp_cache_drop(struct pfcp_cache *c, struct pfcp_cached *e)
{
	hash_remove(&c->by_request, &e->by_request);
	list_remove(&e->link);
	c->octets -= e->response.len;
	free((void *)(uintptr_t)e->response.data);
	pool_free(&c->pool, e);
}

static bool pfcp_cache_drop_oldest(struct pfcp_cache *c, const struct pfcp_cached *but)
{
	struct link *l = list_first(&c->ages);
	struct pfcp_cached *e = l ? container_of(l, struct pfcp_cached, link) : NULL;

	if (!e || e == but)
		return false;
	pfcp_cache_drop(c, e);
	return true;
}

void pfcp_cache_expire(struct pfcp_cache *c, uint64_t now_ns)
{
	list_each(l, next, &c->ages)
	{
		struct pfcp_cached *e = container_of(l, struct pfcp_cached, link);

		if (e->expiry_ns > now_ns)
			break;
		pfcp_cache_drop(c, e);
	}
}

struct pfcp_cached *pfcp_cache_add(struct pfcp_cache *c, uint64_t peer, uint32_t sequence, uint64_t expiry_ns)
{
	struct pfcp_cached *e = pfcp_cache_find(c, peer, sequence);

	if (e)
		pfcp_cache_drop(c, e);
	if (c->pool.used == c->pool.max)
		pfcp_cache_drop_oldest(c, NULL);
	e = pool_alloc(&c->pool);
	if (!e)
		return NULL;
	e->expiry_ns = expiry_ns;
	hash_insert(&c->by_request, &e->by_request, peer, sequence);
	list_append(&c->ages, &e->link);
	return e;
}

void pfcp_cache_set(struct pfcp_cache *c, struct pfcp_cached *e, struct bytes response)
{
	uint8_t *copy;

	while (c->octets + response.len > c->octets_max)
		if (!pfcp_cache_drop_oldest(c, e))
			return;
	copy = malloc(response.len);
	if (!copy)
		return;
	bytes_copy(copy, response.len, response);
	free((void *)(uintptr_t)e->response.data);
	c->octets += response.len - e->response.len;
	e->response = bytes_of(copy, response.len);
}
