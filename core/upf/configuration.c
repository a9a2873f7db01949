/*
 * What of a UPF's configuration comes and goes while it runs: pools, data networks, slices. The workers read
 * pools meanwhile, so an entry is there before it is counted, and one that goes keeps its place.
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

/* Of IPv4, bit n: no pool of the configuration has all of the nth. */
static uint64_t gone(const struct upf_config *c, const struct upf_config *wanted)
{
	uint64_t out = 0;

	for (uint8_t i = 0; i < c->pool_count; i++) {
		bool there = false;

		for (uint8_t k = 0; k < wanted->pool_count; k++)
			there |= prefix4_has(&wanted->pools[k], c->pools[i].ip) &&
				 wanted->pools[k].bits <= c->pools[i].bits;
		out |= there ? 0 : UINT64_C(1) << i;
	}
	return out;
}

static uint64_t gone6(const struct upf_config *c, const struct upf_config *wanted)
{
	uint64_t out = 0;

	for (uint8_t i = 0; i < c->pool6_count; i++) {
		bool there = false;

		for (uint8_t k = 0; k < wanted->pool6_count; k++)
			there |= prefix_has(&wanted->pools6[k], c->pools6[i].ip) &&
				 wanted->pools6[k].bits <= c->pools6[i].bits;
		out |= there ? 0 : UINT64_C(1) << i;
	}
	return out;
}

static bool has_dnn(const struct upf_config *c, const char *dnn)
{
	for (uint8_t i = 0; i < c->dnn_count; i++)
		if (dnn_equal(c->dnns[i], dnn))
			return true;
	return false;
}

/* Places are rows of what is counted: one that is no more is taken where there is no other left. */
static void add_dnn(struct upf_config *c, const struct upf_config *wanted, const char *dnn)
{
	uint8_t at = c->dnn_count;

	if (has_dnn(c, dnn))
		return;
	for (uint8_t i = 0; c->dnn_count == UPF_DNNS_MAX && i < c->dnn_count; i++)
		if (!has_dnn(wanted, c->dnns[i]))
			at = i;
	if (at == UPF_DNNS_MAX)
		return;
	str_copy(c->dnns[at], DNN_STR_SIZE, dnn);
	c->dnn_count += at == c->dnn_count;
}

static bool has_slice(const struct upf_config *c, const struct snssai *slice)
{
	for (uint8_t i = 0; i < c->slice_count; i++)
		if (snssai_equal(&c->slices[i], slice))
			return true;
	return false;
}

static void add_slice(struct upf_config *c, const struct upf_config *wanted, const struct snssai *slice)
{
	uint8_t at = c->slice_count;

	if (has_slice(c, slice))
		return;
	for (uint8_t i = 0; c->slice_count == SNSSAI_MAX && i < c->slice_count; i++)
		if (!has_slice(wanted, &c->slices[i]))
			at = i;
	if (at == SNSSAI_MAX)
		return;
	c->slices[at] = *slice;
	c->slice_count += at == c->slice_count;
}

void upf_take_config(struct upf *upf, const struct upf_config *config)
{
	struct upf_config *c = &upf->config;

	for (uint8_t i = 0; i < config->pool_count; i++)
		add_pool(c, &config->pools[i]);
	for (uint8_t i = 0; i < config->pool6_count; i++)
		add_pool6(c, &config->pools6[i]);
	__atomic_store_n(&c->pools_gone, gone(c, config), __ATOMIC_RELAXED);
	__atomic_store_n(&c->pools6_gone, gone6(c, config), __ATOMIC_RELAXED);
	for (uint8_t i = 0; i < config->slice_count; i++)
		add_slice(c, config, &config->slices[i]);
	for (uint8_t i = 0; i < config->dnn_count; i++)
		add_dnn(c, config, config->dnns[i]);
}
