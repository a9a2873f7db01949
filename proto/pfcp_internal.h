/* What the files of a PFCP node share. */
#pragma once

#include "base/hash.h"
#include "base/list.h"
#include "base/pool.h"
#include "proto/pfcp.h"

#define LOG_ROOM "pfcp"

/* A response kept for a request that comes again (29.244 6.4). */
struct pfcp_cached {
	struct hash_node by_request; /* (peer index and port, sequence) */
	struct link link;            /* by age */
	uint64_t digest;             /* of the request: a restarted peer reuses sequence numbers */
	uint64_t expiry_ns;
	struct bytes response; /* allocated; empty while the owner has not answered */
	uint8_t type;          /* of the request */
};

struct pfcp_cache {
	struct hash by_request;
	struct pool pool;
	struct link ages;
	size_t octets, octets_max;
};

MUST_USE bool pfcp_cache_init(struct pfcp_cache *c, uint64_t seed, uint32_t max, size_t octets_max);
void pfcp_cache_fini(struct pfcp_cache *c);

struct pfcp_cached *pfcp_cache_find(struct pfcp_cache *c, uint64_t peer, uint32_t sequence);

/* An entry for a request; an older one of the same key goes, and the oldest at the limit. NULL: no memory. */
struct pfcp_cached *pfcp_cache_add(
	struct pfcp_cache *c, uint64_t peer, uint32_t sequence, uint64_t expiry_ns);
/* Copies the response into its entry; one that does not fit is not kept. */
void pfcp_cache_set(struct pfcp_cache *c, struct pfcp_cached *e, struct bytes response);
void pfcp_cache_drop(struct pfcp_cache *c, struct pfcp_cached *e);
void pfcp_cache_expire(struct pfcp_cache *c, uint64_t now_ns);

/* An own request until its response. */
struct pfcp_transaction {
	struct hash_node by_sequence; /* (peer index, sequence) */
	struct timer timer;           /* T1 */
	struct pfcp_peer *peer;
	struct pfcp_token token;
	struct bytes octets; /* allocated */
	uint64_t begun_ns;
	uint8_t type, sendings;
};

struct pfcp_node {
	struct pfcp_node_config config;
	const struct pfcp_node_ops *ops;
	void *owner;
	struct env *env;
	struct timers *timers;
	struct pool transactions;
	struct hash by_sequence;
	struct pfcp_cache cache;
	struct arena arena;
	size_t request_octets;
	uint32_t sequence, peer_count;
	uint32_t strangers; /* heart-beats answered in this second */
	uint64_t strangers_s;
	pfcp_tap_fn *tap;
	void *tap_arg;
	struct pfcp_peer peers[PFCP_PEERS_MAX];
	uint64_t stat[PFCP_STAT_COUNT];
	uint8_t buffer[PFCP_MSG_MAX];
};

/* pfcp_request.c */
void pfcp_send(
	struct pfcp_node *n, const struct pfcp_peer *p, uint16_t port, uint64_t whose, struct bytes octets);
void pfcp_transaction_free(struct pfcp_node *n, struct pfcp_transaction *t);
/* Ends the transaction, then reports it to its owner; m is NULL when there is no usable response. */
void pfcp_complete(struct pfcp_node *n, struct pfcp_transaction *t, const struct pfcp_msg *m);
/* The Recovery Time Stamp of a heart-beat or association setup. */
void pfcp_take_recovery(struct pfcp_peer *p, const struct pfcp_msg *m);

/* pfcp_response.c: the key of an origin in the cache, with the sequence. */
static inline uint64_t pfcp_origin_key(const struct pfcp_origin *o)
{
	return (uint64_t)o->peer->index << 16 | o->port;
}
