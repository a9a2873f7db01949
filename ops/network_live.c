/*
 * What of slices, data networks and UPFs is taken while the processes run: slices, data networks, pools and
 * UPFs come and go, pools grow, shrink and move. Whose sessions end for that, network_change.c tells before.
 * What wants other interfaces of hosts is for a restart.
 */
#include "ops/network_live.h"

#include <string.h>

#include "ops/network_check.h"

bool network_slices_change(const void *is, const void *wanted)
{
	const struct network *a = is;

	/* CU-UPs have told their slices when they were set up (38.463 8.2.3). */
	return a->gnb_count == 0 || a->radio.air == NETWORK_AIR_MESSAGES;
}

/* What a real cell broadcasts of it, and its DU has told, is for a restart. */
bool network_tac_changes(const void *is, const void *wanted)
{
	const struct network_cell *a = is, *b = wanted;

	return a->radio.band == 0 && b->radio.band == 0;
}

/* Buffers are as long as packets were at the start. */
bool network_mtu_changes(const void *is, const void *wanted)
{
	const struct network_dnn *a = is, *b = wanted;

	return b->mtu <= a->mtu;
}

static const struct network_dnn *dnn_of(const struct network *n, const char *name)
{
	for (uint8_t i = 0; i < n->dnn_count; i++)
		if (dnn_equal(n->dnns[i].name, name))
			return &n->dnns[i];
	return NULL;
}

/* What others had of it goes over as it is: prefixes of one length, addresses that rest as long. */
static bool pool_may_be(const struct network *n, const struct network_dnn *d, const struct prefix *p)
{
	for (uint8_t i = 0; i < n->dnn_count; i++)
		for (uint8_t k = 0; k < n->dnns[i].pool_count; k++)
			if (prefix_overlap(&n->dnns[i].pools[k].prefix, p) &&
				(n->dnns[i].delegated_bits != d->delegated_bits ||
					n->dnns[i].address_hold_s != d->address_hold_s))
				return false;
	return true;
}

static bool pools_may_be(const struct network *n, const struct network_dnn *d)
{
	for (uint8_t i = 0; i < d->pool_count; i++)
		if (!pool_may_be(n, d, &d->pools[i].prefix))
			return false;
	return true;
}

static void note_fixed(void *arg, const char *key, bool live)
{
	static const char pool[] = "pool";

	*(bool *)arg |= !live && strncmp(key, pool, sizeof(pool) - 1) != 0;
}

static bool is_same(const struct network_dnn *a, const struct network_dnn *b)
{
	bool fixed = false;

	config_differences(&network_dnn_section, a, b, note_fixed, &fixed);
	return !fixed;
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

/* Of the kind that needs nothing but addresses and routes. */
static bool is_plain(const struct network_dnn *d)
{
	return !d->ethernet[0] && d->far_end.len == 0 && d->framed_count == 0 && d->ladn_tac_count == 0 &&
	       !d->emergency;
}

/* Longer packets want other buffers. */
static bool may_come(const struct network *n, const struct network_dnn *d)
{
	uint16_t least = UINT16_MAX, most = 0;

	for (uint8_t i = 0; i < n->dnn_count; i++) {
		least = n->dnns[i].mtu < least ? n->dnns[i].mtu : least;
		most = n->dnns[i].mtu > most ? n->dnns[i].mtu : most;
	}
	return is_plain(d) && d->mtu >= least && d->mtu <= most;
}

bool network_dnns_change(const void *is, const void *wanted)
{
	const struct network *a = is, *b = wanted;

	if (a->dnn_count == 0 || b->dnn_count == 0)
		return false;
	for (uint8_t i = 0; i < b->dnn_count; i++) {
		const struct network_dnn *d = &b->dnns[i], *before = dnn_of(a, d->name);

		if (!has_families(a, d) || !pools_may_be(a, d) ||
			!(before ? is_same(before, d) : may_come(a, d)))
			return false;
	}
	for (uint8_t i = 0; i < a->dnn_count; i++)
		if (!is_plain(&a->dnns[i]) && !dnn_of(b, a->dnns[i].name))
			return false;
	return true;
}

bool network_pcc_rules_change(const void *is, const void *wanted)
{
	return true; /* the PCF reviews each session */
}

static void note_restart(void *arg, const char *key, bool live)
{
	*(bool *)arg |= !live;
}

/* A process more, beside those that have their addresses and interfaces for a while even if they go. */
static bool upf_may_come(const struct network *n, const struct network_upf *u)
{
	for (uint8_t i = 0; i < n->upf_count; i++) {
		const struct network_upf *other = &n->upfs[i];

		if (addr_same_host(&other->config.n4_address, &u->config.n4_address) ||
			addr_same_host(&other->config.n3_address, &u->config.n3_address) ||
			!strcmp(other->tun, u->tun))
			return false;
	}
	return u->config.lan_count == 0;
}

/* UPFs come and go; those that stay are as they were but for live keys. */
bool network_upfs_change(const void *is, const void *wanted)
{
	const struct network *a = is, *b = wanted;
	bool fixed = !network_slices_change(a, b) || !network_dnns_change(a, b);

	for (uint8_t i = 0; i < b->upf_count && !fixed; i++) {
		uint8_t k = 0;

		while (k < a->upf_count && strcmp(a->upfs[k].name, b->upfs[i].name) != 0)
			k++;
		if (k == a->upf_count)
			fixed = !upf_may_come(a, &b->upfs[i]);
		else
			config_differences(
				&network_upf_section, &a->upfs[k], &b->upfs[i], note_restart, &fixed);
	}
	return !fixed;
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

static void hand_cells(const struct network_gnb *from, struct gnb_cell *cells)
{
	for (uint8_t k = 0; k < from->cell_count; k++)
		cells[k].tac = from->cells[k].config.tac;
}

/* To AMFs, gNBs, those that have them for neighbours, and UEs. */
static void hand_tacs(struct network *n)
{
	uint16_t at = 0;

	for (uint8_t i = 0; i < n->core.amf_count; i++) {
		struct amf_config *c = &n->core.amfs[i].config;

		for (c->tac_count = 0; c->tac_count < n->tac_count; c->tac_count++)
			c->tacs[c->tac_count] = n->tacs[c->tac_count];
	}
	for (uint8_t i = 0; i < n->gnb_count; i++) {
		struct network_gnb *g = &n->gnbs[i];

		hand_cells(g, g->config.cells);
		for (uint8_t k = 0; k < g->config.neighbour_count; k++)
			hand_cells(network_gnb_named(n, g->config.neighbours[k].name),
				g->config.neighbours[k].cells);
		for (uint8_t k = 0; k < g->cell_count && at < n->air_count; k++)
			n->air[at++].tai.tac = g->cells[k].config.tac;
	}
}

/* What a UPF serves by the check of what is wanted, if all that it rests on is taken. */
static void hand_upf(struct network_upf *is, const struct network_upf *wanted)
{
	struct upf_config *to = &is->config;
	const struct upf_config *from = &wanted->config;

	is->mtu = wanted->mtu < is->mtu ? wanted->mtu : is->mtu;
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

static void note_any(void *arg, const char *key, bool live)
{
	*(bool *)arg = true;
}

/* All of it is what is wanted: no key of these is for a restart. */
static bool is_taken(const struct network *is, const struct network *wanted)
{
	bool differs = is->slice_count != wanted->slice_count || is->dnn_count != wanted->dnn_count ||
		       is->upf_count != wanted->upf_count;

	for (uint8_t i = 0; i < is->slice_count && !differs; i++)
		differs = !snssai_equal(&is->slices[i], &wanted->slices[i]);
	for (uint8_t i = 0; i < is->dnn_count && !differs; i++)
		config_differences(&network_dnn_section, &is->dnns[i], &wanted->dnns[i], note_any, &differs);
	return !differs;
}

void network_hand_round(struct network *is, const struct network *wanted)
{
	hand_slices(is, wanted);
	hand_tacs(is);
	for (uint8_t i = 0; i < is->upf_count; i++)
		for (uint8_t k = 0; k < is->upfs[i].config.lan_count; k++)
			is->upfs[i].lans[k] = dnn_of(is, is->upfs[i].config.lans[k]);
	if (!is_taken(is, wanted))
		return;
	for (uint8_t i = 0; i < is->upf_count && i < wanted->upf_count; i++)
		if (!strcmp(is->upfs[i].name, wanted->upfs[i].name))
			hand_upf(&is->upfs[i], &wanted->upfs[i]);
}
