/*
 * The data networks that an SMF serves, and their pools: those of its configuration, and those that come
 * while it runs. None goes and none moves while sessions may have it: that wants a restart.
 */
#include "core/smf/internal.h"

/* A pool of a DNN: that of another one with the same prefix, or its own. Part of another's is no pool. */
static bool pool_begin(struct smf *smf, const struct smf_dnn *dnn, const struct prefix *prefix, uint8_t *of)
{
	char text[PREFIX_STR_SIZE];

	for (*of = 0; *of < smf->pool_count; ++*of) {
		const struct prefix *other = &smf->pools[*of].prefix;

		if (prefix_equal(other, prefix))
			return true;
		if (prefix_overlap(other, prefix)) {
			log_error(smf->nf.env->log, "the address pool %s of \"%s\" overlaps another one",
				prefix_str(prefix, text), dnn->dnn);
			return false;
		}
	}
	return smf->pool_count < SMF_POOLS_MAX && smf_address_pool_init(&smf->pools[smf->pool_count++],
							  prefix, dnn->delegated_bits, dnn->address_hold_s);
}

bool smf_data_network_begin(struct smf *smf, uint8_t i)
{
	struct smf_dnn *d = &smf->config.dnns[i];

	if (d->dns_count > SMF_DNS_MAX || d->dns6_count > SMF_DNS_MAX || d->pool_count > SMF_DNN_POOLS_MAX ||
		(d->delegated_bits && (d->delegated_bits < SMF_DELEGATED_BITS_MIN || d->delegated_bits > 64)))
		return false;
	for (uint8_t k = 0; k < d->pool_count; k++)
		if (!pool_begin(smf, d, &d->pools[k], &smf->pool_of[i][k]))
			return false;
	d->mtu = d->mtu ? d->mtu : (uint16_t)SMF_MTU;
	return true;
}

/* smfInfo of the NRF profile: each slice with its DNNs. */
void smf_profile(struct smf *smf)
{
	struct smf_served *served = &smf->served;

	*served = (struct smf_served){ 0 };
	for (uint8_t i = 0; i < smf->config.dnn_count; i++) {
		const struct smf_dnn *d = &smf->config.dnns[i];
		uint32_t n = 0;

		while (n < served->info.s_nssai_smf_info_list.count &&
			!snssai_equal(&served->slices[n].s_nssai, &d->snssai))
			n++;
		if (n == served->info.s_nssai_smf_info_list.count) {
			served->snssais[n] = served->slices[n].s_nssai = d->snssai;
			served->slices[n].dnn_smf_info_list.items = served->dnns[n];
			served->info.s_nssai_smf_info_list.count++;
		}
		served->dnns[n][served->slices[n].dnn_smf_info_list.count++].dnn = d->dnn;
	}
	served->info.s_nssai_smf_info_list.items = served->slices;
	smf->nf.profile.s_nssais =
		(struct snssai_list){ served->info.s_nssai_smf_info_list.count, served->snssais };
	if (smf->config.dnn_count > 0)
		smf->nf.profile.smf_info = &served->info;
}

static void take_dnn(struct smf_dnn *to, const struct smf_dnn *from)
{
	to->dns_count = from->dns_count;
	to->dns6_count = from->dns6_count;
	to->p_cscf_count = from->p_cscf_count;
	to->sessions_max = from->sessions_max;
	to->guaranteed = from->guaranteed;
	for (size_t i = 0; i < ARRAY_LEN(to->dns); i++) {
		to->dns[i] = from->dns[i];
		to->dns6[i] = from->dns6[i];
	}
	for (size_t i = 0; i < ARRAY_LEN(to->p_cscfs); i++)
		to->p_cscfs[i] = from->p_cscfs[i];
}

/* Another pool is taken behind those there are; one that has grown grows. False: memory is out. */
static bool take_pools(struct smf *smf, uint8_t i, const struct smf_dnn *from)
{
	struct smf_dnn *d = &smf->config.dnns[i];

	for (uint8_t k = 0; k < from->pool_count; k++) {
		if (k < d->pool_count) {
			if (!smf_address_pool_grow(&smf->pools[smf->pool_of[i][k]], &from->pools[k]))
				return false;
		} else if (!pool_begin(smf, d, &from->pools[k], &smf->pool_of[i][k])) {
			return false;
		}
		d->pools[k] = from->pools[k];
		d->behind[k] = from->behind[k];
		d->pool_count = d->pool_count > k + 1 ? d->pool_count : (uint8_t)(k + 1);
	}
	return true;
}

/* The row of all others stays the last one. */
static bool add_dnn(struct smf *smf, const struct smf_dnn *from)
{
	uint8_t at = smf->config.dnn_count;
	uint64_t(*rows)[SMF_DNN_STAT_COUNT] = smf->figures.by_dnn;

	if (at == SMF_DNNS_MAX)
		return false;
	smf->config.dnns[at] = *from;
	if (!smf_data_network_begin(smf, at))
		return false;
	smf->guaranteed[at] = (struct ambr){ 0 };
	smf->config.dnn_count++;
	for (size_t k = 0; k < SMF_DNN_STAT_COUNT; k++) {
		rows[at + 1][k] = rows[at][k];
		rows[at][k] = 0;
	}
	return true;
}

static uint8_t find(const struct smf *smf, const struct smf_dnn *d)
{
	uint8_t i = 0;

	while (i < smf->config.dnn_count && !(snssai_equal(&smf->config.dnns[i].snssai, &d->snssai) &&
						    dnn_equal(smf->config.dnns[i].dnn, d->dnn)))
		i++;
	return i;
}

/* Which data networks they have now, by their address. */
static void take_upfs(struct smf *smf, const struct smf_config *config)
{
	for (uint8_t i = 0; i < smf->config.upf_count; i++)
		for (uint8_t k = 0; k < config->upf_count; k++) {
			struct smf_upf_config *to = &smf->config.upfs[i];
			const struct smf_upf_config *from = &config->upfs[k];

			if (!addr_same_host(&to->address, &from->address))
				continue;
			for (to->dnn_count = 0; to->dnn_count < from->dnn_count; to->dnn_count++)
				str_copy(to->dnns[to->dnn_count], DNN_STR_SIZE, from->dnns[to->dnn_count]);
		}
}

void smf_take_config(struct smf *smf, const struct smf_config *config)
{
	uint8_t before = smf->config.dnn_count;
	bool ok = true;

	config_take_live(&smf_config_section, &smf->config, config);
	take_upfs(smf, config);
	for (uint8_t k = 0; k < config->dnn_count; k++) {
		uint8_t i = find(smf, &config->dnns[k]);

		if (i == smf->config.dnn_count) {
			ok &= add_dnn(smf, &config->dnns[k]);
			continue;
		}
		take_dnn(&smf->config.dnns[i], &config->dnns[k]);
		ok &= take_pools(smf, i, &config->dnns[k]);
	}
	if (!ok)
		log_error(smf->nf.env->log, "not all data networks and pools of the configuration are taken: "
					    "memory is out, or there are too many");
	if (smf->config.dnn_count == before)
		return;
	smf_profile(smf);
	nf_start(&smf->nf); /* the profile replaces that of before (29.510 5.2.2.3) */
}
