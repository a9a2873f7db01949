/*
 * What comes to a UPF's configuration while it runs: pools, data networks, slices. The workers read pools
 * while they are added, so an entry is there before it is counted; and none goes.
 */
#include "core/upf/internal.h"

static void add_pool(struct upf_config *c, const struct prefix4 *p)
{
	for (uint8_t i = 0; i < c->pool_count; i++)
		if (c->pools[i].ip == p->ip && c->pools[i].bits == p->bits)
			return;
	if (c->pool_count == UPF_POOLS_MAX)
		return;
	c->pools[c->pool_count] = *p;
	__atomic_store_n(&c->pool_count, (uint8_t)(c->pool_count + 1), __ATOMIC_RELEASE);
}

static void add_pool6(struct upf_config *c, const struct prefix *p)
{
	for (uint8_t i = 0; i < c->pool6_count; i++)
		if (prefix_equal(&c->pools6[i], p))
			return;
	if (c->pool6_count == UPF_POOLS_MAX)
		return;
	c->pools6[c->pool6_count] = *p;
	__atomic_store_n(&c->pool6_count, (uint8_t)(c->pool6_count + 1), __ATOMIC_RELEASE);
}

static void add_dnn(struct upf_config *c, const char *dnn)
{
	for (uint8_t i = 0; i < c->dnn_count; i++)
		if (dnn_equal(c->dnns[i], dnn))
			return;
	if (c->dnn_count < UPF_DNNS_MAX)
		str_copy(c->dnns[c->dnn_count++], DNN_STR_SIZE, dnn);
}

void upf_take_config(struct upf *upf, const struct upf_config *config)
{
	struct upf_config *c = &upf->config;

	for (uint8_t i = 0; i < config->pool_count; i++)
		add_pool(c, &config->pools[i]);
	for (uint8_t i = 0; i < config->pool6_count; i++)
		add_pool6(c, &config->pools6[i]);
	for (; c->slice_count < config->slice_count; c->slice_count++)
		c->slices[c->slice_count] = config->slices[c->slice_count];
	for (uint8_t i = 0; i < config->dnn_count; i++)
		add_dnn(c, config->dnns[i]);
}
