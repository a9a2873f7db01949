#include "gnb/cuup/node.h"

#include <stdlib.h>

#include "gnb/cuup/parts.h"

enum { WAITING_SMALL = 65536, WAITING_LARGE = 256 };

static void n3_put(void *arg, const struct addr *to, struct bytes datagram)
{
	struct cuup_node *n = arg;

	n->config.n3_send(n->config.arg, to, datagram);
}

static void f1u_put(void *arg, const struct addr *to, struct bytes datagram)
{
	struct cuup_node *n = arg;

	n->config.f1u_send(n->config.arg, to, datagram);
}

static void paths_init(struct cuup_node *n)
{
	static const uint8_t n3_known[] = { GTPU_EXT_PDU_SESSION_CONTAINER },
			     f1u_known[] = { GTPU_EXT_NR_RAN_CONTAINER };

	n->n3_path = (struct gtpu_path){ .env = n->config.env,
		.own = n->config.n3,
		.arg = n,
		.send = n3_put,
		.extensions = BYTES(n3_known) };
	n->f1u_path = (struct gtpu_path){ .env = n->config.env,
		.own = n->config.f1u,
		.arg = n,
		.send = f1u_put,
		.extensions = BYTES(f1u_known) };
}

struct cuup_node *cuup_node_new(const struct cuup_node_config *config)
{
	struct cuup_node *n = calloc(1, sizeof(*n));
	const struct cuup_upper upper = { n, cuup_n3_packet, cuup_f1u_pdu, cuup_f1u_discard };
	uint32_t sessions_max = config->contexts_max * CUUP_SESSIONS_MEAN;
	bool ok;

	if (!n || config->contexts_max >> CUUP_GENERATION_SHIFT) {
		free(n);
		return NULL;
	}
	n->config = *config;
	pool_init(&n->contexts, sizeof(struct cuup_context), config->contexts_max);
	pool_init(&n->sessions, sizeof(struct cuup_pdu_session), sessions_max);
	pool_init(&n->bearers, sizeof(struct cuup_bearer), config->contexts_max * CUUP_DRBS_MEAN);
	sdu_pool_init(&n->waiting_sdus, WAITING_SMALL, WAITING_LARGE);
	list_init(&n->waiting);
	timers_init(&n->timers, n);
	paths_init(n);
	n->generations = calloc(config->contexts_max, sizeof(*n->generations));
	n->cuup = cuup_new(&upper, sessions_max);
	ok = hash_init(&n->n3, env_random_u32(config->env));
	ok = hash_init(&n->f1u, env_random_u32(config->env)) && ok;
	ok = hash_init(&n->by_cp_id, env_random_u32(config->env)) && ok;
	ok = hash_init(&n->upfs, env_random_u32(config->env)) && ok;
	ok = hash_init(&n->dus, env_random_u32(config->env)) && ok;
	if (n->generations && n->cuup && ok)
		return n;
	cuup_node_free(n);
	return NULL;
}

void cuup_node_free(struct cuup_node *n)
{
	if (!n)
		return;
	cuup_contexts_free(n);
	cuup_free(n->cuup);
	pool_fini(&n->contexts);
	pool_fini(&n->sessions);
	pool_fini(&n->bearers);
	hash_fini(&n->n3);
	hash_fini(&n->f1u);
	hash_fini(&n->by_cp_id);
	hash_fini(&n->upfs);
	hash_fini(&n->dus);
	sdu_pool_fini(&n->waiting_sdus);
	free(n->generations);
	free(n);
}

bool cuup_node_is_up(const struct cuup_node *n)
{
	return n->up;
}

uint32_t cuup_node_contexts(const struct cuup_node *n)
{
	return n->contexts.used;
}

struct cuup_node_stats cuup_node_stats(const struct cuup_node *n)
{
	return n->stats;
}

uint64_t cuup_node_deadline_ns(const struct cuup_node *n)
{
	return timers_next_ns(&n->timers);
}

void cuup_node_run(struct cuup_node *n)
{
	uint64_t now_ns = env_now_ns(n->config.env);

	timers_run(&n->timers, now_ns);
	cuup_load_check(n);
	cuup_run(n->cuup, now_ns);
	list_each(l, tmp, &n->waiting) cuup_window_run(container_of(l, struct cuup_bearer, waits), now_ns);
}
