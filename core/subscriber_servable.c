/* Whether a subscriber is one that this network can serve; what is refused names itself and what to do. */
#include <inttypes.h>
#include <stdio.h>

#include "core/subscriber_line.h"

/* 23.501 table 5.7.4-1: the standardized 5QIs of GBR and delay-critical GBR flows, which no default QoS flow
 * may have (5.7.2.7). */
static bool five_qi_is_gbr(uint8_t five_qi)
{
	static const struct {
		uint8_t first, last;
	} gbr[] = { { 1, 4 }, { 65, 67 }, { 71, 76 }, { 82, 90 } };

	for (size_t i = 0; i < ARRAY_LEN(gbr); i++)
		if (five_qi >= gbr[i].first && five_qi <= gbr[i].last)
			return true;
	return false;
}

static bool check_plmn(const struct core_config *config, const char *imsi, char error[SUBSCRIBER_LINE_ERROR])
{
	char plmn[PLMN_STR_SIZE];

	plmn_str(&config->plmn, plmn);
	if (!strncmp(imsi, plmn, strlen(plmn)) && strlen(imsi) > strlen(plmn))
		return true;
	snprintf(error, SUBSCRIBER_LINE_ERROR, "imsi: %s is not of this network, whose IMSIs begin with %s",
		imsi, plmn);
	return false;
}

static const struct smf_dnn *dnn_of(
	const struct core_config *config, const struct subscriber_slice *slice, const char *dnn)
{
	for (uint8_t i = 0; i < config->smf.dnn_count; i++) {
		const struct smf_dnn *d = &config->smf.dnns[i];

		if (d->snssai.sst == slice->sst && d->snssai.sd == slice->sd && dnn_equal(d->dnn, dnn))
			return d;
	}
	return NULL;
}

/* The pool of the DNN that the address, or (of IPv6) the /64, is of; NULL: none, or it is not served. */
static const struct prefix *pool_with(const struct smf_dnn *d, struct ip ip)
{
	for (uint8_t i = 0; d && i < d->pool_count; i++)
		if (prefix_has(&d->pools[i], ip))
			return &d->pools[i];
	return NULL;
}

/* The DNN of the subscription that has the address in its pools; NULL when none has. */
static struct subscriber_dnn *dnn_with(const struct core_config *config, struct subscriber *s, struct ip ip)
{
	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t k = 0; k < s->slices[i].dnn_count; k++) {
			struct subscriber_dnn *d = &s->slices[i].dnns[k];

			if (pool_with(dnn_of(config, &s->slices[i], d->dnn), ip))
				return d;
		}
	return NULL;
}

/* The addresses of a pool that no UE may have, as core/smf/address_pool.c keeps them back. */
static const char *never_a_ues(const struct prefix *pool, struct ip ip)
{
	uint32_t n = ip_v4(ip) - ip_v4(pool->ip);

	if (ip_family(ip) == IP_FAMILY_V6)
		return pool->bits <= 62 && ip.high == pool->ip.high ? "the data network's own" : NULL;
	if (pool->bits > 30)
		return NULL;
	return n == 0                          ? "the network's own"
	       : n == 1                        ? "the gateway's"
	       : n == UINT32_MAX >> pool->bits ? "broadcast"
					       : NULL;
}

static bool address_refused(struct ip ip, const char *why, char error[SUBSCRIBER_LINE_ERROR])
{
	struct addr a = ip_to_addr(ip, 0);
	char text[ADDR_STR_SIZE];

	snprintf(error, SUBSCRIBER_LINE_ERROR, "ip: %s is %s", addr_str(&a, text), why);
	return false;
}

static bool take_address(const struct core_config *config, struct subscriber *s, struct ip ip,
	char error[SUBSCRIBER_LINE_ERROR])
{
	struct subscriber_dnn *dnn = ip_is_none(ip) ? NULL : dnn_with(config, s, ip);

	if (ip_is_none(ip))
		return true;
	if (!dnn)
		return address_refused(ip, "in the pool of none of the subscriber's DNNs", error);
	if (ip_family(ip) == IP_FAMILY_V4)
		dnn->static_ipv4 = ip_v4(ip);
	else
		dnn->static_ipv6 = ip.high;
	return true;
}

static bool check_address(const struct smf_dnn *served, struct ip ip, char error[SUBSCRIBER_LINE_ERROR])
{
	const struct prefix *pool = pool_with(served, ip);
	const char *why = pool ? never_a_ues(pool, ip) : "not in the pool of its DNN";

	return ip_is_none(ip) || !why || address_refused(ip, why, error);
}

static bool is_framed(const struct smf_dnn *d, const struct prefix *route)
{
	for (uint8_t i = 0; d && i < d->framed_count; i++)
		if (prefix_has(&d->framed[i], route->ip) && route->bits >= d->framed[i].bits)
			return true;
	return false;
}

static bool route_refused(const struct prefix *route, const char *why, char error[SUBSCRIBER_LINE_ERROR])
{
	char text[PREFIX_STR_SIZE];

	snprintf(error, SUBSCRIBER_LINE_ERROR, "framed_route: %s is %s", prefix_str(route, text), why);
	return false;
}

/* One of the line goes to the first DNN that has its range. */
static bool take_route(const struct core_config *config, struct subscriber *s, const struct prefix *route,
	char error[SUBSCRIBER_LINE_ERROR])
{
	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t k = 0; k < s->slices[i].dnn_count; k++) {
			struct subscriber_dnn *d = &s->slices[i].dnns[k];

			if (!is_framed(dnn_of(config, &s->slices[i], d->dnn), route))
				continue;
			if (d->route_count == SUBSCRIBER_ROUTES_MAX)
				return route_refused(route, "one too many", error);
			d->routes[d->route_count++] = *route;
			return true;
		}
	return route_refused(route, "in framed_routes of none of the subscriber's DNNs", error);
}

static bool check_routes(
	const struct smf_dnn *served, const struct subscriber_dnn *d, char error[SUBSCRIBER_LINE_ERROR])
{
	for (uint8_t i = 0; i < d->route_count; i++) {
		if (!is_framed(served, &d->routes[i]))
			return route_refused(&d->routes[i], "not in framed_routes of its DNN", error);
		for (uint8_t k = 0; k < i; k++)
			if (prefix_overlap(&d->routes[i], &d->routes[k]))
				return route_refused(&d->routes[i], "part of another of its routes", error);
	}
	return true;
}

static bool check_dnn(const struct core_config *config, const struct subscriber_slice *slice,
	const struct subscriber_dnn *d, char error[SUBSCRIBER_LINE_ERROR])
{
	const struct smf_dnn *served = dnn_of(config, slice, d->dnn);

	if (five_qi_is_gbr(d->five_qi)) {
		snprintf(error, SUBSCRIBER_LINE_ERROR,
			"five_qi: %u is of GBR flows; the default flow has a non-GBR one, like 9",
			d->five_qi);
		return false;
	}
	return check_address(served, ip_from_v4(d->static_ipv4), error) &&
	       check_address(served, (struct ip){ d->static_ipv6, 0 }, error) &&
	       check_routes(served, d, error);
}

bool subscriber_servable(const struct core_config *config, struct subscriber *s,
	const struct subscriber_dnn *line, char error[SUBSCRIBER_LINE_ERROR])
{
	if (!check_plmn(config, s->imsi, error) ||
		!take_address(config, s, ip_from_v4(line->static_ipv4), error) ||
		!take_address(config, s, (struct ip){ line->static_ipv6, 0 }, error))
		return false;
	for (uint8_t i = 0; i < line->route_count; i++)
		if (!take_route(config, s, &line->routes[i], error))
			return false;
	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++)
			if (!check_dnn(config, &s->slices[i], &s->slices[i].dnns[d], error))
				return false;
	return true;
}
