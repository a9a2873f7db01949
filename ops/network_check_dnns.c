/* Data networks: names, pools, networks behind UEs, servers. */
#include "ops/network_check.h"

/* What UEs may have: of IPv4 no address of RFC 6890 that is nobody's (this network, loopback, multicast and
 * reserved ones), of IPv6 global unicast or unique local ones, /64s. */
static const char *pool_doubt(const struct prefix *p)
{
	uint8_t first = (uint8_t)(ip_v4(p->ip) >> 24);

	if (ip_family(p->ip) == IP_FAMILY_V6)
		return p->bits >= 8 && p->bits <= 63 &&
				       (p->ip.high >> 61 == 1 || p->ip.high >> 57 == 0xfc >> 1)
			       ? NULL
			       : "expected an IPv6 prefix of 8 to 63 bits out of 2000::/3 or fc00::/7";
	return p->bits >= 8 && p->bits <= 29 && first != 0 && first != 127 && first < 224
		       ? NULL
		       : "expected a prefix of 8 to 29 bits of unicast addresses, not 0/8, 127/8 or 224/3";
}

/* A pool of a slice is of one that there is, and each slice has as many as there is room for. */
static bool check_slices(const struct network *n, const struct network_dnn *d, struct config_doubt *doubt)
{
	uint8_t of_all = 0;

	for (uint8_t k = 0; k < d->pool_count; k++) {
		const struct network_pool *p = &d->pools[k];
		uint8_t same = 0, s = 0;

		while (s < n->slice_count && !snssai_equal(&p->slice, &n->slices[s]))
			s++;
		if (p->of_slice && s == n->slice_count)
			return network_doubt(doubt, p, "expected one of slices before the =");
		for (uint8_t m = 0; p->of_slice && m <= k; m++)
			same += d->pools[m].of_slice && snssai_equal(&p->slice, &d->pools[m].slice);
		of_all += !p->of_slice;
		if ((p->of_slice ? same : of_all) > SMF_DNN_POOLS_MAX)
			return network_doubt(doubt, p, "expected fewer: a slice has 8 pools at most");
	}
	return true;
}

/* Its pools: usable, and apart from all before them. */
static bool check_pools(struct network *n, uint8_t i, struct config_doubt *doubt)
{
	struct network_dnn *d = &n->dnns[i];

	if (d->pool_count == 0 && !d->ethernet[0])
		return network_doubt(doubt, &d->pool_count, "expected at least one prefix, or ethernet");
	if (d->ethernet_bridge[0] && !d->ethernet[0])
		return network_doubt(doubt, d->ethernet_bridge, "expected ethernet beside it");
	if (!check_slices(n, d, doubt))
		return false;
	for (uint8_t k = 0; k < d->pool_count; k++) {
		const struct prefix *p = &d->pools[k].prefix;

		if (pool_doubt(p))
			return network_doubt(doubt, &d->pools[k], pool_doubt(p));
		if (ip_family(p->ip) == IP_FAMILY_V6 && d->mtu < 1280) /* RFC 8200 5 */
			return network_doubt(doubt, &d->mtu, "expected an mtu of 1280 or more with IPv6");
		if (ip_family(p->ip) == IP_FAMILY_V6 && d->delegated_bits && p->bits + 2 > d->delegated_bits)
			return network_doubt(doubt, &d->pools[k],
				"expected an IPv6 prefix of at least two bits less than prefix_delegation");
		for (uint8_t o = 0; o <= i; o++)
			for (uint8_t m = 0; m < (o < i ? n->dnns[o].pool_count : k); m++)
				if (prefix_overlap(p, &n->dnns[o].pools[m].prefix))
					return network_doubt(doubt, &d->pools[k],
						"expected a pool that overlaps no other");
	}
	return true;
}

static const char *framed_doubt(const struct prefix *p)
{
	struct ip first = p->ip;

	if (ip_family(first) == IP_FAMILY_V6)
		return p->bits >= 8 && (first.high >> 61 == 1 || first.high >> 57 == 0xfc >> 1)
			       ? NULL
			       : "expected a prefix of 8 bits or more out of 2000::/3 or fc00::/7";
	return p->bits >= 8 && ip_is_host(first)
		       ? NULL
		       : "expected a prefix of 8 bits or more of unicast addresses, not 0/8, 127/8 or 224/3";
}

/* The networks behind UEs are apart from what UEs have, and from those of data networks before it. */
static bool check_framed(struct network *n, uint8_t i, struct config_doubt *doubt)
{
	struct network_dnn *d = &n->dnns[i];

	for (uint8_t k = 0; k < d->framed_count; k++) {
		const struct prefix *p = &d->framed[k];

		if (framed_doubt(p))
			return network_doubt(doubt, p, framed_doubt(p));
		for (uint8_t o = 0; o < n->dnn_count; o++)
			for (uint8_t m = 0; m < n->dnns[o].pool_count; m++)
				if (prefix_overlap(p, &n->dnns[o].pools[m].prefix))
					return network_doubt(
						doubt, p, "expected a range that overlaps no pool");
		for (uint8_t o = 0; o <= i; o++)
			for (uint8_t m = 0; m < (o < i ? n->dnns[o].framed_count : k); m++)
				if (prefix_overlap(p, &n->dnns[o].framed[m]))
					return network_doubt(
						doubt, p, "expected a range that overlaps no other");
	}
	return true;
}

/* The far end of unstructured sessions is a host, no UE, and there are addresses for the other end. */
static bool check_far_end(const struct network *n, const struct network_dnn *d, struct config_doubt *doubt)
{
	struct ip ip = ip_from_addr(&d->far_end);
	bool has_pool = false;

	if ((d->far_end.len != 0) != (d->far_end_port != 0))
		return network_doubt(doubt, d->far_end.len ? (const void *)&d->far_end : &d->far_end_port,
			"expected far_end and far_end_port together");
	if (d->far_end.len == 0)
		return true;
	for (uint8_t i = 0; i < n->dnn_count; i++)
		for (uint8_t k = 0; k < n->dnns[i].pool_count; k++)
			if (prefix_has(&n->dnns[i].pools[k].prefix, ip))
				return network_doubt(doubt, &d->far_end, "expected an address of no pool");
	for (uint8_t k = 0; k < d->pool_count; k++)
		has_pool |= ip_family(d->pools[k].prefix.ip) == ip_family(ip);
	if (!has_pool)
		return network_doubt(doubt, &d->far_end, "expected a pool of its family");
	return ip_is_host(ip) || network_doubt(doubt, &d->far_end, "expected an address of a host");
}

/* No more of a family than UEs are sent. */
static bool check_dns(const struct network_dnn *d, struct config_doubt *doubt)
{
	uint8_t count[2] = { 0, 0 };

	for (uint8_t k = 0; k < d->dns_count; k++)
		if (++count[d->dns[k].len == 16] > SMF_DNS_MAX)
			return network_doubt(doubt, &d->dns[k], "expected two servers of a family at most");
	return true;
}

bool network_check_dnns(struct network *n, struct config_doubt *doubt)
{
	uint8_t octets[DNN_STR_SIZE];
	unsigned ladns = 0, emergencies = 0;
	size_t len;

	for (uint8_t i = 0; i < n->dnn_count; i++) {
		struct network_dnn *d = &n->dnns[i];

		if (!dnn_to_labels(d->name, octets, sizeof(octets), &len))
			return network_doubt(doubt, d->name,
				"expected a DNN: labels of letters, digits and hyphens with dots between");
		if (!check_pools(n, i, doubt) || !check_framed(n, i, doubt) || !check_dns(d, doubt) ||
			!check_far_end(n, d, doubt))
			return false;
		ladns += d->ladn_tac_count > 0;
		emergencies += d->emergency;
		if (emergencies > 1)
			return network_doubt(doubt, &d->emergency, "expected one DNN with emergency at most");
		if (ladns > AMF_LADNS_MAX)
			return network_doubt(doubt, &d->ladn_tac_count,
				"expected ladn_tacs of eight data networks at most");
		for (uint8_t k = 0; k < i; k++)
			if (dnn_equal(d->name, n->dnns[k].name))
				return network_doubt(doubt, d->name, "expected a DNN that is not there yet");
	}
	return true;
}
