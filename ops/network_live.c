/*
 * What grows is taken while the processes run: slices, data networks and their pools may be added, a pool may
 * be replaced by one that it is part of. What goes or moves is for a restart, which tells whom it interrupts
 * (network_change.c).
 */
#include "ops/network_live.h"

#include <string.h>

bool network_slices_grow(const void *is, const void *wanted)
{
	const struct network *a = is, *b = wanted;

	/* CU-UPs have told their slices when they were set up (38.463 8.2.3). */
	if (b->slice_count < a->slice_count || (a->gnb_count && a->radio.air != NETWORK_AIR_MESSAGES))
		return false;
	for (uint8_t i = 0; i < a->slice_count; i++)
		if (!snssai_equal(&a->slices[i], &b->slices[i]))
			return false;
	return true;
}

/* The same, or one that it is part of. */
static bool prefix_grows(const struct prefix *a, const struct prefix *b)
{
	return prefix_equal(a, b) ||
	       (ip_family(a->ip) == ip_family(b->ip) && b->bits <= a->bits && prefix_has(b, a->ip));
}

static bool pools_grow(const struct network_dnn *a, const struct network_dnn *b)
{
	if (b->pool_count < a->pool_count)
		return false;
	for (uint8_t i = 0; i < a->pool_count; i++)
		if (a->pools[i].of_slice != b->pools[i].of_slice ||
			(a->pools[i].of_slice && !snssai_equal(&a->pools[i].slice, &b->pools[i].slice)) ||
			!prefix_grows(&a->pools[i].prefix, &b->pools[i].prefix))
			return false;
	/* A slice that had those of all may not have its own at once: its sessions would be outside. */
	for (uint8_t i = a->pool_count; i < b->pool_count; i++)
		for (uint8_t k = 0; b->pools[i].of_slice && k <= a->pool_count; k++)
			if (k == a->pool_count)
				return false;
			else if (a->pools[k].of_slice && snssai_equal(&a->pools[k].slice, &b->pools[i].slice))
				break;
	return true;
}

static void note_fixed(void *arg, const char *key, bool live)
{
	static const char pool[] = "pool";

	*(bool *)arg |= !live && strncmp(key, pool, sizeof(pool) - 1) != 0;
}

static bool dnn_grows(const struct network_dnn *a, const struct network_dnn *b)
{
	bool fixed = false;

	config_differences(&network_dnn_section, a, b, note_fixed, &fixed);
	return !fixed && pools_grow(a, b);
}

/* A family that no data network has yet wants more of hosts than an address. */
static bool has_family(const struct network *n, const struct prefix *p)
{
	for (uint8_t i = 0; i < n->dnn_count; i++)
		for (uint8_t k = 0; k < n->dnns[i].pool_count; k++)
			if (ip_family(n->dnns[i].pools[k].prefix.ip) == ip_family(p->ip))
				return true;
	return false;
}

static bool has_families(const struct network *n, const struct network_dnn *d)
{
	for (uint8_t i = 0; i < d->pool_count; i++)
		if (!has_family(n, &d->pools[i].prefix))
			return false;
	return true;
}

/* One more of the kind that needs nothing but addresses and routes; longer packets want other buffers. */
static bool may_come(const struct network *n, const struct network_dnn *d)
{
	uint16_t least = UINT16_MAX, most = 0;

	for (uint8_t i = 0; i < n->dnn_count; i++) {
		least = n->dnns[i].mtu < least ? n->dnns[i].mtu : least;
		most = n->dnns[i].mtu > most ? n->dnns[i].mtu : most;
	}
	return !d->ethernet[0] && d->far_end.len == 0 && d->framed_count == 0 && d->ladn_tac_count == 0 &&
	       !d->emergency && has_families(n, d) && d->mtu >= least && d->mtu <= most;
}

bool network_dnns_grow(const void *is, const void *wanted)
{
	const struct network *a = is, *b = wanted;

	if (a->dnn_count == 0 || b->dnn_count < a->dnn_count)
		return false;
	for (uint8_t i = 0; i < b->dnn_count; i++)
		if (i < a->dnn_count ? !dnn_grows(&a->dnns[i], &b->dnns[i]) || !has_families(a, &b->dnns[i])
				     : !may_come(a, &b->dnns[i]))
			return false;
	return true;
}

bool network_pcc_rules_change(const void *is, const void *wanted)
{
	return true; /* the PCF reviews each session */
}

bool network_upf_dnns_grow(const void *is, const void *wanted)
{
	const struct network_upf *a = is, *b = wanted;

	/* Without names it serves all, from with them to without it may lose some, and the other way round.
	 */
	if ((a->dnn_count == 0) != (b->dnn_count == 0) || b->dnn_count < a->dnn_count)
		return false;
	for (uint8_t i = 0; i < a->dnn_count; i++)
		if (!dnn_equal(a->dnns[i], b->dnns[i]))
			return false;
	return true;
}

bool network_upf_pools_grow(const void *is, const void *wanted)
{
	const struct network_upf *a = is, *b = wanted;

	if ((a->pool_count == 0) != (b->pool_count == 0) || b->pool_count < a->pool_count)
		return false;
	for (uint8_t i = 0; i < a->pool_count; i++)
		if (!prefix_grows(&a->pools[i], &b->pools[i]))
			return false;
	return true;
}

static void hand_slices(struct network *is, const struct network *wanted)
{
	for (uint8_t i = 0; i < is->core.amf_count; i++) {
		struct amf_config *c = &is->core.amfs[i].config;

		for (c->slice_count = 0; c->slice_count < is->slice_count; c->slice_count++)
			c->slices[c->slice_count] = is->slices[c->slice_count];
	}
	for (uint8_t i = 0; i < is->gnb_count; i++) {
		struct gnb_config *c = &is->gnbs[i].config;

		for (c->slice_count = 0; c->slice_count < is->slice_count; c->slice_count++)
			c->slices[c->slice_count] = is->slices[c->slice_count];
	}
}

/* What a UPF serves by the check of what is wanted, if all that it rests on is taken. */
static void hand_upf(struct network_upf *is, const struct network_upf *wanted)
{
	struct upf_config *to = &is->config;
	const struct upf_config *from = &wanted->config;

	if (is->dnn_count != wanted->dnn_count || is->pool_count != wanted->pool_count ||
		to->lan_count != from->lan_count)
		return;
	for (to->pool_count = 0; to->pool_count < from->pool_count; to->pool_count++)
		to->pools[to->pool_count] = from->pools[to->pool_count];
	for (to->pool6_count = 0; to->pool6_count < from->pool6_count; to->pool6_count++)
		to->pools6[to->pool6_count] = from->pools6[to->pool6_count];
	for (to->dnn_count = 0; to->dnn_count < from->dnn_count; to->dnn_count++)
		str_copy(to->dnns[to->dnn_count], DNN_STR_SIZE, from->dnns[to->dnn_count]);
	for (to->slice_count = 0; to->slice_count < from->slice_count; to->slice_count++)
		to->slices[to->slice_count] = from->slices[to->slice_count];
}

/* All of it is what is wanted: no key of these is for a restart. */
static bool is_taken(const struct network *is, const struct network *wanted)
{
	return is->slice_count == wanted->slice_count && is->dnn_count == wanted->dnn_count &&
	       network_slices_grow(is, wanted) && network_dnns_grow(is, wanted) &&
	       network_slices_grow(wanted, is) && network_dnns_grow(wanted, is);
}

void network_hand_round(struct network *is, const struct network *wanted)
{
	hand_slices(is, wanted);
	if (!is_taken(is, wanted))
		return;
	for (uint8_t i = 0; i < is->upf_count && i < wanted->upf_count; i++)
		if (!strcmp(is->upfs[i].name, wanted->upfs[i].name))
			hand_upf(&is->upfs[i], &wanted->upfs[i]);
}
