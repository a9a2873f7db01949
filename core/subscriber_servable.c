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

/* The DNN of the subscription whose pool has the address; NULL when none has. */
static struct subscriber_dnn *dnn_with(
	const struct core_config *config, struct subscriber *s, uint32_t ipv4, const struct smf_dnn **served)
{
	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t k = 0; k < s->slices[i].dnn_count; k++) {
			*served = dnn_of(config, &s->slices[i], s->slices[i].dnns[k].dnn);
			if (*served && prefix4_has(&(*served)->pool, ipv4))
				return &s->slices[i].dnns[k];
		}
	return NULL;
}

/* The addresses of a pool that no UE may have, as core/smf/address_pool.c keeps them back. */
static const char *never_a_ues(const struct prefix4 *pool, uint32_t ipv4)
{
	uint32_t n = ipv4 - pool->ip;

	if (pool->bits > 30)
		return NULL;
	return n == 0                          ? "the network's own"
	       : n == 1                        ? "the gateway's"
	       : n == UINT32_MAX >> pool->bits ? "broadcast"
					       : NULL;
}

static bool address_refused(uint32_t ipv4, const char *why, char error[SUBSCRIBER_LINE_ERROR])
{
	struct addr a = addr_from_v4(ipv4, 0);
	char text[ADDR_STR_SIZE];

	snprintf(error, SUBSCRIBER_LINE_ERROR, "ip: %s is %s", addr_str(&a, text), why);
	return false;
}

static bool take_address(const struct core_config *config, struct subscriber *s, uint32_t ipv4,
	char error[SUBSCRIBER_LINE_ERROR])
{
	const struct smf_dnn *served;
	struct subscriber_dnn *dnn = dnn_with(config, s, ipv4, &served);

	if (!dnn)
		return address_refused(ipv4, "in the pool of none of the subscriber's DNNs", error);
	dnn->static_ipv4 = ipv4;
	return true;
}

static bool check_dnn(const struct core_config *config, const struct subscriber_slice *slice,
	const struct subscriber_dnn *d, char error[SUBSCRIBER_LINE_ERROR])
{
	const struct smf_dnn *served = dnn_of(config, slice, d->dnn);
	const char *why;

	if (five_qi_is_gbr(d->five_qi)) {
		snprintf(error, SUBSCRIBER_LINE_ERROR,
			"five_qi: %u is of GBR flows; the default flow has a non-GBR one, like 9",
			d->five_qi);
		return false;
	}
	if (!d->static_ipv4)
		return true;
	why = served && prefix4_has(&served->pool, d->static_ipv4)
		      ? never_a_ues(&served->pool, d->static_ipv4)
		      : "not in the pool of its DNN";
	return !why || address_refused(d->static_ipv4, why, error);
}

bool subscriber_servable(const struct core_config *config, struct subscriber *s, uint32_t static_ipv4,
	char error[SUBSCRIBER_LINE_ERROR])
{
	if (!check_plmn(config, s->imsi, error) ||
		(static_ipv4 != 0 && !take_address(config, s, static_ipv4, error)))
		return false;
	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++)
			if (!check_dnn(config, &s->slices[i], &s->slices[i].dnns[d], error))
				return false;
	return true;
}
