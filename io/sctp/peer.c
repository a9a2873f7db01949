#include "io/sctp/peer.h"

#include <stdlib.h>

bool sctp_peers_init(struct sctp_peers *t, uint32_t max, uint32_t half_open_max, uint64_t seed)
{
	uint32_t size = 64;

	while (size < max * 2)
		size *= 2;
	*t = (struct sctp_peers){
		.max = max, .half_open_max = half_open_max, .table_mask = size - 1, .seed = seed
	};
	t->peers = calloc(max, sizeof(*t->peers));
	t->table = calloc(size, sizeof(struct sctp_path *));
	t->free_slots = calloc(max, sizeof(*t->free_slots));
	if (t->peers && t->table && t->free_slots)
		return true;
	sctp_peers_fini(t);
	return false;
}

void sctp_peers_fini(struct sctp_peers *t)
{
	free(t->peers);
	free(t->table);
	free(t->free_slots);
	*t = (struct sctp_peers){ 0 };
}

/* Seeded, so that nobody outside can choose addresses that meet in one bucket. */
static struct sctp_path **sctp_peers_bucket(
	struct sctp_peers *t, const struct addr *a, uint16_t remote_port, uint32_t local_end)
{
	uint64_t h = t->seed ^ ((uint64_t)remote_port << 48 | (uint64_t)local_end << 16 | a->port);

	for (uint8_t i = 0; i < a->len; i++)
		h = (h ^ a->ip[i]) * UINT64_C(0x9e3779b97f4a7c15);
	h ^= h >> 32;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return &t->table[(h >> 32) & t->table_mask];
}

struct sctp_peer *sctp_peers_find(struct sctp_peers *t, const struct addr *from, uint16_t remote_port,
	uint32_t local_end, struct sctp_path **path)
{
	struct sctp_path *p = *sctp_peers_bucket(t, from, remote_port, local_end);

	while (p && !(p->peer->remote_port == remote_port && p->peer->local_end == local_end &&
			    addr_equal(&p->addr, from)))
		p = p->next;
	if (path)
		*path = p;
	return p ? p->peer : NULL;
}

struct sctp_peer *sctp_peers_find_tag(
	struct sctp_peers *t, uint32_t tag, uint16_t remote_port, uint32_t local_end)
{
	for (uint32_t i = 0; tag != 0 && i < t->high; i++) {
		struct sctp_peer *p = &t->peers[i];

		if (p->state != SCTP_PEER_FREE && (p->tag == tag || p->offered_tag == tag) &&
			p->remote_port == remote_port && p->local_end == local_end)
			return p;
	}
	return NULL;
}

struct sctp_peer *sctp_peers_at(struct sctp_peers *t, uint32_t slot)
{
	return slot < t->high && t->peers[slot].state != SCTP_PEER_FREE ? &t->peers[slot] : NULL;
}

static void sctp_peers_unlink_half_open(struct sctp_peers *t, struct sctp_peer *p)
{
	*(p->older ? &p->older->newer : &t->oldest) = p->newer;
	*(p->newer ? &p->newer->older : &t->newest) = p->older;
	p->older = p->newer = NULL;
	t->half_open--;
}

static void sctp_peers_link_half_open(struct sctp_peers *t, struct sctp_peer *p)
{
	p->older = t->newest;
	p->newer = NULL;
	*(t->newest ? &t->newest->newer : &t->oldest) = p;
	t->newest = p;
	t->half_open++;
}

static struct sctp_peer *sctp_peers_take(struct sctp_peers *t, enum sctp_peer_state state)
{
	if (state == SCTP_PEER_HALF_OPEN && t->half_open >= t->half_open_max) {
		sctp_peers_remove(t, t->oldest);
		t->recycled++;
	}
	if (t->used >= t->max) {
		if (!t->oldest)
			return NULL;
		sctp_peers_remove(t, t->oldest);
		t->recycled++;
	}
	if (t->free_count > 0)
		return &t->peers[t->free_slots[--t->free_count]];
	t->peers[t->high].slot = t->high;
	return &t->peers[t->high++];
}

struct sctp_peer *sctp_peers_add(struct sctp_peers *t, enum sctp_peer_state state, const struct addr *from,
	uint16_t remote_port, uint32_t local_end)
{
	struct sctp_peer *p = sctp_peers_take(t, state);

	if (!p)
		return NULL;
	p->state = state;
	p->remote_port = remote_port;
	p->local_end = local_end;
	t->used++;
	if (state == SCTP_PEER_HALF_OPEN)
		sctp_peers_link_half_open(t, p);
	if (!sctp_peers_add_path(t, p, from)) {
		sctp_peers_remove(t, p);
		return NULL;
	}
	return p;
}

struct sctp_path *sctp_peers_add_path(struct sctp_peers *t, struct sctp_peer *peer, const struct addr *addr)
{
	struct sctp_path *path;
	struct sctp_path **bucket;

	if (peer->path_count >= IO_SCTP_ADDRS_MAX ||
		sctp_peers_find(t, addr, peer->remote_port, peer->local_end, NULL))
		return NULL;
	path = &peer->paths[peer->path_count++];
	bucket = sctp_peers_bucket(t, addr, peer->remote_port, peer->local_end);
	*path = (struct sctp_path){ *addr, *bucket, peer };
	*bucket = path;
	return path;
}

static void sctp_peers_unhash(struct sctp_peers *t, struct sctp_path *path)
{
	struct sctp_path **at =
		sctp_peers_bucket(t, &path->addr, path->peer->remote_port, path->peer->local_end);

	while (*at && *at != path)
		at = &(*at)->next;
	if (*at)
		*at = path->next;
}

void sctp_peers_promote(struct sctp_peers *t, struct sctp_peer *peer)
{
	struct addr current = peer->paths[peer->current].addr;

	if (peer->state == SCTP_PEER_HALF_OPEN) {
		sctp_peers_unlink_half_open(t, peer);
		peer->state = SCTP_PEER_LIVE;
	}
	if (peer->offered_tag)
		peer->tag = peer->offered_tag;
	for (uint8_t i = 0; i < peer->path_count; i++)
		sctp_peers_unhash(t, &peer->paths[i]);
	peer->path_count = 0;
	peer->current = 0;
	sctp_peers_add_path(t, peer, &current);
	for (uint8_t i = 0; i < peer->pending_count; i++)
		sctp_peers_add_path(t, peer, &peer->pending[i]);
	peer->pending_count = 0;
}

void sctp_peers_remove(struct sctp_peers *t, struct sctp_peer *peer)
{
	bool registered = peer->registered;
	uint32_t slot = peer->slot;

	if (peer->state == SCTP_PEER_FREE)
		return;
	if (peer->state == SCTP_PEER_HALF_OPEN)
		sctp_peers_unlink_half_open(t, peer);
	t->leaving -= peer->leaving;
	for (uint8_t i = 0; i < peer->path_count; i++)
		sctp_peers_unhash(t, &peer->paths[i]);
	*peer = (struct sctp_peer){ .registered = registered, .slot = slot };
	t->free_slots[t->free_count++] = slot;
	t->used--;
}

void sctp_peers_leave(struct sctp_peers *t, struct sctp_peer *peer)
{
	peer->assoc = NULL;
	t->leaving += !peer->leaving;
	peer->leaving = true;
}

void sctp_peers_stay(struct sctp_peers *t, struct sctp_peer *peer)
{
	if (!peer->leaving)
		return;
	peer->leaving = false;
	t->leaving--;
	if (peer->state == SCTP_PEER_LIVE) {
		peer->state = SCTP_PEER_HALF_OPEN;
		peer->tag = 0;
		sctp_peers_link_half_open(t, peer);
	}
}

void sctp_peers_sweep(struct sctp_peers *t)
{
	for (uint32_t i = 0; t->leaving > 0 && i < t->high; i++)
		if (t->peers[i].leaving)
			sctp_peers_remove(t, &t->peers[i]);
}
