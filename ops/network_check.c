/*
 * What the parts of a network share is handed to each: PLMN, tracking areas, slices, data networks, and names
 * for what has none. What they must agree on is checked: no two of one name, address or pool, nothing that
 * refers to what is not there.
 */
#include <stdio.h>

#include "ops/network.h"

static bool doubt_at(struct config_doubt *doubt, const void *where, const char *what)
{
	doubt->where = where;
	str_copy(doubt->what, sizeof(doubt->what), what);
	return false;
}

static void name_it(char *name, size_t size, const char *what, unsigned number)
{
	if (!name[0])
		snprintf(name, size, "%s%u", what, number);
}

/* No two of count texts `size` apart are the same. */
static bool check_distinct(
	struct config_doubt *doubt, const char *first, uint8_t count, size_t size, const char *what)
{
	for (uint8_t i = 1; i < count; i++)
		for (uint8_t k = 0; k < i; k++)
			if (!strcmp(first + i * size, first + k * size))
				return doubt_at(doubt, first + i * size, what);
	return true;
}

static bool prefixes_overlap(const struct prefix4 *a, const struct prefix4 *b)
{
	uint8_t bits = a->bits < b->bits ? a->bits : b->bits;

	return bits == 0 || (a->ip ^ b->ip) >> (32 - bits) == 0;
}

static bool pool_is_usable(const struct prefix4 *p)
{
	/* RFC 6890: this network, loopback, multicast and reserved addresses are nobody's. */
	return p->bits >= 8 && p->bits <= 29 && p->ip >> 24 != 0 && p->ip >> 24 != 127 &&
	       p->ip >> 28 != 0xe && p->ip >> 28 != 0xf;
}

static bool check_dnns(struct network *n, struct config_doubt *doubt)
{
	uint8_t octets[DNN_STR_SIZE];
	size_t len;

	for (uint8_t i = 0; i < n->dnn_count; i++) {
		struct network_dnn *d = &n->dnns[i];

		if (!dnn_to_labels(d->name, octets, sizeof(octets), &len))
			return doubt_at(doubt, d->name,
				"expected a DNN: labels of letters, digits and hyphens with dots between");
		if (!pool_is_usable(&d->pool))
			return doubt_at(doubt, &d->pool,
				"expected a prefix of 8 to 29 bits of unicast addresses, not 0/8, 127/8 or "
				"224/3");
		for (uint8_t k = 0; k < d->dns_count; k++)
			if (d->dns[k].len != 4)
				return doubt_at(doubt, &d->dns[k], "expected an IPv4 address");
		for (uint8_t k = 0; k < i; k++)
			if (prefixes_overlap(&d->pool, &n->dnns[k].pool))
				return doubt_at(doubt, &d->pool, "expected a pool that overlaps no other");
	}
	return check_distinct(doubt, n->dnns[0].name, n->dnn_count, sizeof(n->dnns[0]),
		"expected a DNN that is not there yet");
}

static bool check_lists(struct network *n, struct config_doubt *doubt)
{
	if (n->tac_count == 0)
		return doubt_at(doubt, &n->tac_count, "expected at least one entry in tacs");
	if (n->slice_count == 0)
		return doubt_at(doubt, &n->slice_count, "expected at least one entry in slices");
	if (n->dnn_count == 0)
		return doubt_at(doubt, &n->dnn_count, "expected at least one entry in dnns");
	if (n->dnn_count * n->slice_count > SMF_DNNS_MAX)
		return doubt_at(
			doubt, &n->dnn_count, "expected fewer: data networks times slices may be 32 at most");
	for (uint8_t i = 1; i < n->tac_count; i++)
		for (uint8_t k = 0; k < i; k++)
			if (n->tacs[i] == n->tacs[k])
				return doubt_at(
					doubt, &n->tacs[i], "expected a tracking area that is not there yet");
	for (uint8_t i = 1; i < n->slice_count; i++)
		for (uint8_t k = 0; k < i; k++)
			if (snssai_equal(&n->slices[i], &n->slices[k]))
				return doubt_at(
					doubt, &n->slices[i], "expected a slice that is not there yet");
	return true;
}

static bool check_amfs(struct network *n, struct config_doubt *doubt)
{
	struct network_core *core = &n->core;

	for (uint8_t i = 0; i < core->amf_count; i++) {
		struct network_amf *a = &core->amfs[i];
		struct amf_config *c = &a->config;

		name_it(c->name, sizeof(c->name), "amf-", i + 1u);
		c->guami.plmn = n->plmn;
		c->tac_count = n->tac_count;
		c->slice_count = n->slice_count;
		for (uint8_t k = 0; k < n->tac_count; k++)
			c->tacs[k] = n->tacs[k];
		for (uint8_t k = 0; k < n->slice_count; k++)
			c->slices[k] = n->slices[k];
		for (uint8_t k = 0; k < i; k++) {
			const struct network_amf *other = &core->amfs[k];

			if (guami_equal(&c->guami, &other->config.guami))
				return doubt_at(
					doubt, a, "expected region, set and pointer that no other AMF has");
			if (addr_same_host(&a->n2_address, &other->n2_address) &&
				a->n2_port == other->n2_port)
				return doubt_at(doubt, &a->n2_address,
					"expected an n2_address that no other AMF has");
		}
	}
	return check_distinct(doubt, core->amfs[0].config.name, core->amf_count, sizeof(core->amfs[0]),
		"expected a name that no other AMF has");
}

static const struct network_dnn *dnn_find(const struct network *n, const char *name)
{
	for (uint8_t i = 0; i < n->dnn_count; i++)
		if (!strcmp(n->dnns[i].name, name))
			return &n->dnns[i];
	return NULL;
}

static void protect(struct upf_config *c, uint32_t ip)
{
	if (ip != 0 && c->protected_count < UPF_PROTECTED_MAX)
		c->protected[c->protected_count++] = (struct prefix4){ ip, 32 };
}

/* The addresses of the network's own that UEs must never reach. */
static void protect_all(const struct network *n, struct upf_config *c)
{
	protect(c, addr_v4(&n->core.smf.n4_address));
	for (uint8_t i = 0; i < n->core.amf_count; i++)
		protect(c, addr_v4(&n->core.amfs[i].n2_address));
	for (uint8_t i = 0; i < c->smf_count; i++)
		protect(c, addr_v4(&c->smfs[i]));
	for (uint8_t i = 0; i < c->gnb_count; i++)
		if (c->gnbs[i].bits == 32) /* named by its whole address */
			protect(c, c->gnbs[i].ip);
}

/* The longest packet: the largest MTU of what it serves, and what N3 puts before it. */
static void upf_take_mtu(struct network_upf *u, const struct network_dnn *d)
{
	uint32_t packet_max = d->mtu + NETWORK_N3_HEADER_MAX;

	u->mtu = u->mtu && u->mtu < d->mtu ? u->mtu : d->mtu;
	u->config.packet_max = packet_max > u->config.packet_max ? packet_max : u->config.packet_max;
}

static void upf_serve(struct network_upf *u, const struct network_dnn *d)
{
	u->config.pools[u->config.pool_count++] = d->pool;
	str_copy(u->config.dnns[u->config.dnn_count++], DNN_STR_SIZE, d->name);
	upf_take_mtu(u, d);
}

/* The data networks that it serves, who commands it, what it protects. */
static bool complete_upf(struct network *n, struct network_upf *u, struct config_doubt *doubt)
{
	struct upf_config *c = &u->config;

	for (uint8_t k = 0; k < u->dnn_count; k++)
		if (!dnn_find(n, u->dnns[k]))
			return doubt_at(doubt, u->dnns[k], "expected one of the names in dnns");
	for (uint8_t i = 0; i < n->dnn_count; i++) {
		bool serves = u->dnn_count == 0;

		for (uint8_t k = 0; k < u->dnn_count; k++)
			serves = serves || !strcmp(u->dnns[k], n->dnns[i].name);
		if (serves)
			upf_serve(u, &n->dnns[i]);
	}
	if (c->smf_count == 0)
		c->smfs[c->smf_count++] = n->core.smf.n4_address;
	protect_all(n, c);
	for (uint8_t i = 0; i < c->smf_count; i++)
		if (addr_same_host(&c->smfs[i], &n->core.smf.n4_address))
			return true;
	return doubt_at(doubt, &c->smf_count,
		"expected core.n4_address among them: nobody of this network could command it");
}

static bool upf_serves(const struct network_upf *u, const char *dnn)
{
	for (uint8_t i = 0; i < u->config.dnn_count; i++)
		if (!strcmp(u->config.dnns[i], dnn))
			return true;
	return false;
}

/* Nothing of u is another's. */
static bool check_upf_alone(
	const struct network_upf *u, const struct network_upf *other, struct config_doubt *doubt)
{
	const struct upf_config *c = &u->config, *o = &other->config;

	if (addr_same_host(&c->n4_address, &o->n4_address))
		return doubt_at(doubt, &c->n4_address, "expected an n4_address that no other UPF has");
	if (addr_same_host(&c->n3_address, &o->n3_address))
		return doubt_at(doubt, &c->n3_address, "expected an n3_address that no other UPF has");
	for (uint8_t i = 0; i < c->dnn_count; i++)
		if (upf_serves(other, c->dnns[i]))
			return doubt_at(doubt, u,
				"expected dnns that no other UPF serves: their addresses lead to one UPF");
	return true;
}

static bool check_upfs(struct network *n, struct config_doubt *doubt)
{
	for (uint8_t i = 0; i < n->upf_count; i++) {
		struct network_upf *u = &n->upfs[i];

		name_it(u->name, sizeof(u->name), "upf-", i + 1u);
		name_it(u->tun, sizeof(u->tun), "fh", i);
		if (!complete_upf(n, u, doubt))
			return false;
		for (uint8_t k = 0; k < i; k++)
			if (!check_upf_alone(u, &n->upfs[k], doubt))
				return false;
	}
	for (uint8_t i = 0; i < n->dnn_count; i++) {
		uint8_t k = 0;

		while (k < n->upf_count && !upf_serves(&n->upfs[k], n->dnns[i].name))
			k++;
		if (k == n->upf_count)
			return doubt_at(doubt, n->dnns[i].name, "expected a UPF in upfs that serves it");
	}
	return check_distinct(doubt, n->upfs[0].name, n->upf_count, sizeof(n->upfs[0]),
		"expected a name that no other UPF has");
}

/* Without amf_addresses: the AMFs of this file. */
static void complete_gnb(const struct network *n, struct network_gnb *g, unsigned number)
{
	struct gnb_config *c = &g->config;

	name_it(c->name, sizeof(c->name), "gnb-", number);
	if (c->gnb_id == 0)
		c->gnb_id = number;
	c->plmn = n->plmn;
	c->cell_id = 1;
	c->tac_count = n->tac_count;
	for (uint8_t i = 0; i < n->tac_count; i++)
		c->tacs[i] = n->tacs[i];
	c->slice_count = n->slice_count;
	for (uint8_t i = 0; i < n->slice_count; i++)
		c->slices[i] = n->slices[i];
	for (uint8_t i = 0; i < c->amf_count; i++)
		c->amfs[i].port = g->amf_port;
	for (uint8_t i = 0; c->amf_count == 0 && i < n->core.amf_count; i++) {
		c->amfs[i] = n->core.amfs[i].n2_address;
		c->amfs[i].port = n->core.amfs[i].n2_port;
	}
	if (c->amf_count == 0)
		c->amf_count = n->core.amf_count;
}

static bool check_gnbs(struct network *n, struct config_doubt *doubt)
{
	for (uint8_t i = 0; i < n->gnb_count; i++) {
		struct network_gnb *g = &n->gnbs[i];

		complete_gnb(n, g, i + 1u);
		for (uint8_t k = 0; k < i; k++) {
			const struct network_gnb *other = &n->gnbs[k];

			if (g->config.gnb_id == other->config.gnb_id)
				return doubt_at(
					doubt, &g->config.gnb_id, "expected an id that no other gNB has");
			if (addr_same_host(&g->config.n3_address, &other->config.n3_address))
				return doubt_at(doubt, &g->config.n3_address,
					"expected an n3_address that no other gNB has");
			if (addr_same_host(&g->air_address, &other->air_address) &&
				g->air_port == other->air_port)
				return doubt_at(doubt, &g->air_address,
					"expected air_address and air_port that no other gNB has");
		}
	}
	return check_distinct(doubt, n->gnbs[0].config.name, n->gnb_count, sizeof(n->gnbs[0]),
		"expected a name that no other gNB has");
}

static const struct network_gnb *gnb_find(const struct network *n, const char *name)
{
	for (uint8_t i = 0; i < n->gnb_count; i++)
		if (!strcmp(n->gnbs[i].config.name, name))
			return &n->gnbs[i];
	return NULL;
}

/* Where its cell is: named, given by address, or the first. */
static bool complete_ue(struct network *n, struct network_ue *u, struct config_doubt *doubt)
{
	const struct network_gnb *g = u->gnb[0] ? gnb_find(n, u->gnb) : n->gnb_count ? &n->gnbs[0] : NULL;

	if (u->gnb[0] && !g)
		return doubt_at(doubt, u->gnb, "expected the name of one of gnbs");
	if (u->gnb[0] && u->gnb_address.len)
		return doubt_at(doubt, &u->gnb_address, "expected gnb or gnb_address, not both");
	if (!u->gnb_address.len && !g)
		return doubt_at(doubt, u, "expected gnb_address, or a gNB in gnbs");
	u->config.gnb = u->gnb_address.len ? u->gnb_address : g->air_address;
	u->config.gnb.port = u->gnb_address.len ? u->gnb_port : g->air_port;
	if (u->profile.slice_count == 0)
		u->profile.slices[u->profile.slice_count++] = n->slices[0];
	u->profile.home = n->plmn;
	u->profile.auto_register = u->profile.auto_session = true;
	return true;
}

static bool check_ues(struct network *n, struct config_doubt *doubt)
{
	for (uint8_t i = 0; i < n->ue_count; i++) {
		struct network_ue *u = &n->ues[i];

		name_it(u->name, sizeof(u->name), "ue-", i + 1u);
		name_it(u->tun, sizeof(u->tun), "ue", i);
		if (!complete_ue(n, u, doubt))
			return false;
		for (uint8_t k = 0; k < i; k++)
			if (!strcmp(u->config.supi.imsi, n->ues[k].config.supi.imsi))
				return doubt_at(
					doubt, &u->config.supi, "expected an IMSI that no other UE has");
	}
	return check_distinct(doubt, n->ues[0].tun, n->ue_count, sizeof(n->ues[0]),
		       "expected a tun that no other UE has") &&
	       check_distinct(doubt, n->ues[0].name, n->ue_count, sizeof(n->ues[0]),
		       "expected a name that no other UE has");
}

bool network_check(void *at, struct config_doubt *doubt)
{
	struct network *n = at;

	return check_lists(n, doubt) && check_dnns(n, doubt) && check_amfs(n, doubt) &&
	       check_upfs(n, doubt) && check_gnbs(n, doubt) && check_ues(n, doubt);
}
