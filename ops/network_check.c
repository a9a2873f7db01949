/*
 * What the parts of a network share is handed to each: PLMN, tracking areas, slices, data networks, and names
 * for what has none. What they must agree on is checked: no two of one name, address or pool, nothing that
 * refers to what is not there.
 */
#include "ops/network_check.h"

_Static_assert(
	(int)SMF_POOLS_MAX == 64 && (int)SMF_POOLS_MAX <= (int)UPF_POOLS_MAX, "a UPF has room for all");

static bool check_lists(struct network *n, struct config_doubt *doubt)
{
	unsigned pools = 0;

	if (n->tac_count == 0)
		return network_doubt(doubt, &n->tac_count, "expected at least one entry in tacs");
	if (n->slice_count == 0)
		return network_doubt(doubt, &n->slice_count, "expected at least one entry in slices");
	if (n->dnn_count == 0)
		return network_doubt(doubt, &n->dnn_count, "expected at least one entry in dnns");
	for (uint8_t i = 0; i < n->dnn_count; i++)
		pools += n->dnns[i].pool_count;
	if (pools > SMF_POOLS_MAX)
		return network_doubt(doubt, &n->dnn_count, "expected 64 pools at most");
	if (n->dnn_count * n->slice_count > SMF_DNNS_MAX)
		return network_doubt(
			doubt, &n->dnn_count, "expected fewer: data networks times slices may be 32 at most");
	for (uint8_t i = 1; i < n->tac_count; i++)
		for (uint8_t k = 0; k < i; k++)
			if (n->tacs[i] == n->tacs[k])
				return network_doubt(
					doubt, &n->tacs[i], "expected a tracking area that is not there yet");
	for (uint8_t i = 1; i < n->slice_count; i++)
		for (uint8_t k = 0; k < i; k++)
			if (snssai_equal(&n->slices[i], &n->slices[k]))
				return network_doubt(
					doubt, &n->slices[i], "expected a slice that is not there yet");
	return true;
}

static bool is_any_host(const struct addr *a)
{
	static const struct addr none;

	return memcmp(a->ip, none.ip, sizeof(none.ip)) == 0;
}

/* Whether gNBs could not tell which of the two they connect to; 0.0.0.0 and :: are all addresses. */
static bool n2_overlaps(const struct network_amf *a, const struct network_amf *b)
{
	return a->n2_port == b->n2_port &&
	       (addr_same_host(&a->n2_address, &b->n2_address) || is_any_host(&a->n2_address) ||
		       is_any_host(&b->n2_address));
}

/* What is a's alone is not the other's; what all share is the same. */
static bool check_amf_beside(
	const struct network_amf *a, const struct network_amf *other, struct config_doubt *doubt)
{
	if (guami_equal(&a->config.guami, &other->config.guami))
		return network_doubt(doubt, a, "expected region, set and pointer that no other AMF has");
	if (n2_overlaps(a, other))
		return network_doubt(doubt, &a->n2_address, "expected an n2_address that no other AMF has");
	/* One SCTP serves all of the core (io/sctp/sctp.h). */
	if (a->sctp.transport != other->sctp.transport)
		return network_doubt(
			doubt, &a->sctp.transport, "expected the n2_transport of the other AMFs");
	if (a->sctp.udp_port != other->sctp.udp_port)
		return network_doubt(
			doubt, &a->sctp.udp_port, "expected the sctp_udp_port of the other AMFs");
	return true;
}

static bool check_amfs(struct network *n, struct config_doubt *doubt)
{
	struct network_core *core = &n->core;

	for (uint8_t i = 0; i < core->amf_count; i++) {
		struct network_amf *a = &core->amfs[i];
		struct amf_config *c = &a->config;

		network_name(c->name, sizeof(c->name), "amf-", i + 1u);
		c->guami.plmn = n->plmn;
		c->tac_count = n->tac_count;
		c->slice_count = n->slice_count;
		for (uint8_t k = 0; k < n->tac_count; k++)
			c->tacs[k] = n->tacs[k];
		for (uint8_t k = 0; k < n->slice_count; k++)
			c->slices[k] = n->slices[k];
		for (uint8_t k = 0; k < i; k++)
			if (!check_amf_beside(a, &core->amfs[k], doubt))
				return false;
	}
	return network_distinct(doubt, core->amfs[0].config.name, core->amf_count, sizeof(core->amfs[0]),
		"expected a name that no other AMF has");
}

static const struct network_dnn *dnn_find(const struct network *n, const char *name)
{
	for (uint8_t i = 0; i < n->dnn_count; i++)
		if (dnn_equal(n->dnns[i].name, name))
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
	protect(c, addr_v4(&n->core.smf.n4u_address));
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

	if (d->pool_count)
		u->mtu = u->mtu && u->mtu < d->mtu ? u->mtu : d->mtu;
	u->config.packet_max = packet_max > u->config.packet_max ? packet_max : u->config.packet_max;
}

/* The pool of the data network leads to the UPF. */
static bool upf_has_pool(const struct network_upf *u, const struct network_dnn *d, uint8_t pool)
{
	for (uint8_t i = 0; i < u->pool_count; i++)
		if (prefix_equal(&u->pools[i], &d->pools[pool].prefix))
			return true;
	return u->pool_count == 0;
}

static bool upf_has_pool_of(const struct network_upf *u, const struct network_dnn *d)
{
	uint8_t i = 0;

	while (i < d->pool_count && !upf_has_pool(u, d, i))
		i++;
	return i < d->pool_count;
}

static bool upf_serve(struct network_upf *u, const struct network_dnn *d, struct config_doubt *doubt)
{
	struct upf_config *c = &u->config;

	for (uint8_t i = 0; i < d->pool_count; i++) {
		const struct prefix *p = &d->pools[i].prefix;

		if (!upf_has_pool(u, d, i))
			continue;
		if (ip_family(p->ip) == IP_FAMILY_V4)
			c->pools[c->pool_count++] = (struct prefix4){ ip_v4(p->ip), p->bits };
		else
			c->pools6[c->pool6_count++] = *p;
	}
	str_copy(u->config.dnns[u->config.dnn_count++], DNN_STR_SIZE, d->name);
	upf_take_mtu(u, d);
	for (uint8_t i = 0; i < d->framed_count && u->framed_count < UPF_POOLS_MAX; i++)
		u->framed[u->framed_count++] = d->framed[i];
	if (!d->ethernet[0])
		return true;
	if (c->lan_count == UPF_LANS_MAX)
		return network_doubt(doubt, d->ethernet, "expected fewer: a UPF has 8 of them at most");
	for (uint8_t i = 0; i < c->lan_count; i++)
		if (!strcmp(u->lans[i]->ethernet, d->ethernet))
			return network_doubt(
				doubt, d->ethernet, "expected a name that no other interface has");
	u->lans[c->lan_count] = d;
	str_copy(c->lans[c->lan_count++], DNN_STR_SIZE, d->name);
	return true;
}

/* N4 and N3 of this core and its UPFs are over IPv4. */
static bool check_ipv4(const struct network *n, struct config_doubt *doubt)
{
	if (n->core.smf.n4_address.len != 4)
		return network_doubt(doubt, &n->core.smf.n4_address, "expected an IPv4 address");
	if (n->core.smf.n4u_address.len == 16)
		return network_doubt(doubt, &n->core.smf.n4u_address, "expected an IPv4 address");
	for (uint8_t i = 0; i < n->upf_count; i++) {
		const struct upf_config *c = &n->upfs[i].config;

		if (c->n4_address.len != 4)
			return network_doubt(doubt, &c->n4_address, "expected an IPv4 address");
		if (c->n3_address.len != 4)
			return network_doubt(doubt, &c->n3_address, "expected an IPv4 address");
	}
	return true;
}

/* The data networks that it serves, who commands it, what it protects. */
static bool complete_upf(struct network *n, struct network_upf *u, struct config_doubt *doubt)
{
	struct upf_config *c = &u->config;

	for (uint8_t k = 0; k < u->dnn_count; k++)
		if (!dnn_find(n, u->dnns[k]))
			return network_doubt(doubt, u->dnns[k], "expected one of the names in dnns");
	for (uint8_t i = 0; i < n->dnn_count; i++) {
		bool serves = u->dnn_count == 0 && (u->pool_count == 0 || upf_has_pool_of(u, &n->dnns[i]));

		for (uint8_t k = 0; k < u->dnn_count; k++)
			serves = serves || dnn_equal(u->dnns[k], n->dnns[i].name);
		if (serves && !upf_serve(u, &n->dnns[i], doubt))
			return false;
	}
	if (u->pool_count && c->pool_count + c->pool6_count != u->pool_count)
		return network_doubt(doubt, &u->pool_count,
			"expected pools of its data networks, each once, as dnns have them");
	u->mtu = u->mtu ? u->mtu : (uint16_t)SMF_MTU; /* of an interface that nothing is sent to */
	if (u->nat && !u->forwarding)
		return network_doubt(doubt, &u->forwarding, "expected yes, since nat needs it");
	c->slice_count = n->slice_count;
	for (uint8_t i = 0; i < n->slice_count; i++)
		c->slices[i] = n->slices[i];
	if (c->smf_count == 0)
		c->smfs[c->smf_count++] = n->core.smf.n4_address;
	protect_all(n, c);
	for (uint8_t i = 0; i < c->smf_count; i++)
		if (addr_same_host(&c->smfs[i], &n->core.smf.n4_address))
			return true;
	return network_doubt(doubt, &c->smf_count,
		"expected core.n4_address among them: nobody of this network could command it");
}

static bool upf_serves(const struct network_upf *u, const char *dnn)
{
	for (uint8_t i = 0; i < u->config.dnn_count; i++)
		if (dnn_equal(u->config.dnns[i], dnn))
			return true;
	return false;
}

/* What leads to one UPF alone: pools, the port of a LAN, networks behind UEs. */
static bool is_shared(
	const struct network_upf *u, const struct network_upf *other, const struct network_dnn *d)
{
	if (!upf_serves(u, d->name) || !upf_serves(other, d->name))
		return false;
	for (uint8_t i = 0; i < d->pool_count; i++)
		if (upf_has_pool(u, d, i) && upf_has_pool(other, d, i))
			return true;
	return d->ethernet[0] || d->framed_count;
}

/* Nothing of u is another's. */
static bool check_upf_alone(const struct network *n, const struct network_upf *u,
	const struct network_upf *other, struct config_doubt *doubt)
{
	const struct upf_config *c = &u->config, *o = &other->config;

	if (addr_same_host(&c->n4_address, &o->n4_address))
		return network_doubt(doubt, &c->n4_address, "expected an n4_address that no other UPF has");
	if (addr_same_host(&c->n3_address, &o->n3_address))
		return network_doubt(doubt, &c->n3_address, "expected an n3_address that no other UPF has");
	for (uint8_t i = 0; i < n->dnn_count; i++)
		if (is_shared(u, other, &n->dnns[i]))
			return network_doubt(doubt, u,
				"expected dnns that no other UPF serves, or pools of them that no other UPF "
				"has: "
				"addresses, Ethernet and framed routes lead to one UPF");
	return true;
}

/* Each pool of it leads to a UPF. */
static bool check_served(const struct network *n, const struct network_dnn *d, struct config_doubt *doubt)
{
	uint8_t k = 0;

	while (k < n->upf_count && !upf_serves(&n->upfs[k], d->name))
		k++;
	if (k == n->upf_count)
		return network_doubt(doubt, d->name, "expected a UPF in upfs that serves it");
	for (uint8_t i = 0; i < d->pool_count; i++) {
		for (k = 0; k < n->upf_count; k++)
			if (upf_serves(&n->upfs[k], d->name) && upf_has_pool(&n->upfs[k], d, i))
				break;
		if (k == n->upf_count)
			return network_doubt(
				doubt, &d->pools[i], "expected a UPF in upfs that has it in pools");
	}
	return true;
}

static bool check_upfs(struct network *n, struct config_doubt *doubt)
{
	for (uint8_t i = 0; i < n->upf_count; i++) {
		struct network_upf *u = &n->upfs[i];

		network_name(u->name, sizeof(u->name), "upf-", i + 1u);
		network_name(u->tun, sizeof(u->tun), "fh", i);
		if (!complete_upf(n, u, doubt))
			return false;
		for (uint8_t k = 0; k < i; k++)
			if (!check_upf_alone(n, u, &n->upfs[k], doubt))
				return false;
	}
	for (uint8_t i = 0; i < n->dnn_count; i++)
		if (!check_served(n, &n->dnns[i], doubt))
			return false;
	return network_distinct(doubt, n->upfs[0].name, n->upf_count, sizeof(n->upfs[0]),
		"expected a name that no other UPF has");
}

/* Who serves figures, and in which network namespace. */
struct server {
	const struct network_metrics *metrics;
	const char *netns;
};

static bool serves_where(const struct server *a, const struct server *b)
{
	const struct addr *x = &a->metrics->address, *y = &b->metrics->address;

	return x->len > 0 && x->len == y->len && a->metrics->port == b->metrics->port &&
	       !strcmp(a->netns, b->netns) && (addr_same_host(x, y) || is_any_host(x) || is_any_host(y));
}

static bool check_metrics(const struct network *n, struct config_doubt *doubt)
{
	struct server all[2 + NETWORK_UPFS_MAX + NETWORK_GNBS_MAX + NETWORK_CUUPS_MAX + NETWORK_DUS_MAX +
			  NETWORK_UES_MAX];
	size_t count = 0;

	all[count++] = (struct server){ &n->core.metrics, n->core.netns };
	for (uint8_t i = 0; i < n->upf_count; i++)
		all[count++] = (struct server){ &n->upfs[i].metrics, n->upfs[i].netns };
	for (uint8_t i = 0; i < n->gnb_count; i++)
		all[count++] = (struct server){ &n->gnbs[i].metrics, n->gnbs[i].netns };
	for (uint8_t i = 0; i < n->cuup_count; i++)
		all[count++] = (struct server){ &n->cuups[i].metrics, n->cuups[i].netns };
	for (uint8_t i = 0; i < n->du_count; i++)
		all[count++] = (struct server){ &n->dus[i].metrics, n->dus[i].netns };
	for (uint8_t i = 0; i < n->ue_count; i++)
		all[count++] = (struct server){ &n->ues[i].metrics, n->ues[i].netns };
	all[count++] = (struct server){ &n->medium.metrics, "" };
	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (serves_where(&all[i], &all[k]))
				return network_doubt(doubt, &all[i].metrics->address,
					"expected a metrics_address and metrics_port of its own");
	return true;
}

bool network_check(void *at, struct config_doubt *doubt)
{
	struct network *n = at;

	return check_lists(n, doubt) && network_check_dnns(n, doubt) && check_amfs(n, doubt) &&
	       check_ipv4(n, doubt) && check_upfs(n, doubt) && network_check_gnbs(n, doubt) &&
	       network_check_split(n, doubt) && network_check_air(n, doubt) && network_check_ues(n, doubt) &&
	       check_metrics(n, doubt);
}
