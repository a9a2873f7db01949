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
	       check_address(served, (struct ip){ d->static_ipv6, 0 }, error);
}

bool subscriber_servable(const struct core_config *config, struct subscriber *s,
	const struct subscriber_dnn *line, char error[SUBSCRIBER_LINE_ERROR])
{
	if (!check_plmn(config, s->imsi, error) ||
		!take_address(config, s, ip_from_v4(line->static_ipv4), error) ||
		!take_address(config, s, (struct ip){ line->static_ipv6, 0 }, error))
		return false;
	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++)
			if (!check_dnn(config, &s->slices[i], &s->slices[i].dnns[d], error))
				return false;
	return true;
}
