/*
 * The data networks that an SMF serves, and their pools: those of its configuration, and those that come
 * and go while it runs. What goes is kept for as long as sessions have it, which session_review.c ends.
 */
#include "core/smf/data_networks.h"

/* A place for a pool: of one that is gone, and has nothing out any more, or another. SMF_POOLS_MAX: none. */
static uint8_t pool_place(struct smf *smf)
{
	uint8_t i = 0;

	while (i < smf->pool_count && !(smf->pools[i].gone && smf->pools[i].used == 0))
		i++;
	if (i == smf->pool_count && i < SMF_POOLS_MAX)
		smf->pool_count++;
	else if (i < SMF_POOLS_MAX)
		smf_address_pool_fini(&smf->pools[i]);
	return i;
}

/* What of it others had that are gone is out yet. False: memory is out. */
static bool pool_new(
	struct smf *smf, const struct smf_dnn *dnn, const struct prefix *prefix, struct address_pool *out)
{
	if (!smf_address_pool_init(out, prefix, dnn->delegated_bits, dnn->address_hold_s))
		return false;
	for (uint8_t i = 0; i < smf->pool_count; i++) {
		if (!smf->pools[i].gone || smf_address_pool_inherit(out, &smf->pools[i]))
			continue;
		smf_address_pool_fini(out);
		return false;
	}
	return true;
}

/* A pool of a DNN: that of another one with the same prefix, or its own. Part of another's is no pool. */
static bool pool_begin(struct smf *smf, const struct smf_dnn *dnn, const struct prefix *prefix, uint8_t *of)
{
	char text[PREFIX_STR_SIZE];
	struct address_pool p;

	for (*of = 0; *of < smf->pool_count; ++*of) {
		const struct address_pool *other = &smf->pools[*of];

		if (!other->gone && prefix_equal(&other->prefix, prefix))
			return true;
		if (!other->gone && prefix_overlap(&other->prefix, prefix)) {
			log_error(smf->nf.env->log, "the address pool %s of \"%s\" overlaps another one",
				prefix_str(prefix, text), dnn->dnn);
			return false;
		}
	}
	if (!pool_new(smf, dnn, prefix, &p))
		return false;
	*of = pool_place(smf);
	if (*of == SMF_POOLS_MAX) {
		smf_address_pool_fini(&p);
		return false;
	}
	smf->pools[*of] = p;
	return true;
}

/* Those that the other configuration has no more: what lies there may be another's from now on. */
static void pools_leave(struct smf *smf, const struct smf_config *config)
{
	for (uint8_t i = 0; i < smf->pool_count; i++) {
		bool there = false;

		for (uint8_t k = 0; k < config->dnn_count; k++)
			for (uint8_t n = 0; n < config->dnns[k].pool_count; n++)
				there |= prefix_equal(&config->dnns[k].pools[n], &smf->pools[i].prefix);
		smf->pools[i].gone |= !there;
	}
}

/* A pool is gone as long as no data network has it. */
static void pools_settle(struct smf *smf)
{
	for (uint8_t i = 0; i < smf->pool_count; i++)
		smf->pools[i].gone = true;
	for (uint8_t i = 0; i < smf->config.dnn_count; i++)
		for (uint8_t k = 0; !smf->config.dnns[i].withdrawn && k < smf->config.dnns[i].pool_count; k++)
			smf->pools[smf->pool_of[i][k]].gone = false;
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

		if (d->withdrawn)
			continue;
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
	to->mtu = from->mtu ? from->mtu : (uint16_t)SMF_MTU;
	for (size_t i = 0; i < ARRAY_LEN(to->dns); i++) {
		to->dns[i] = from->dns[i];
		to->dns6[i] = from->dns6[i];
	}
	for (size_t i = 0; i < ARRAY_LEN(to->p_cscfs); i++)
		to->p_cscfs[i] = from->p_cscfs[i];
}

/* The pools that it has from now on. False: one of them is not to be had. */
static bool take_pools(
	struct smf *smf, uint8_t i, const struct smf_config *config, const struct smf_dnn *from)
{
	struct smf_dnn *d = &smf->config.dnns[i];
	uint8_t of[SMF_DNN_POOLS_MAX], count = 0;
	bool ok = true;

	for (uint8_t k = 0; k < from->pool_count; k++) {
		bool taken = pool_begin(smf, d, &from->pools[k], &of[count]);

		count += taken;
		ok &= taken;
	}
	d->pool_count = count;
	for (uint8_t k = 0; k < count; k++) {
		smf->pool_of[i][k] = of[k];
		d->pools[k] = smf->pools[of[k]].prefix;
		for (uint8_t n = 0; n < from->pool_count; n++)
			if (prefix_equal(&d->pools[k], &from->pools[n]))
				d->behind[k] = smf_upfs_behind(smf, config, from->behind[n]);
	}
	return ok;
}

/* A row for one more: of one that is gone with its sessions, or behind all. The row of all others stays the
 * last. */
static uint8_t dnn_place(struct smf *smf)
{
	uint64_t(*rows)[SMF_DNN_STAT_COUNT] = smf->figures.by_dnn;
	uint8_t at = 0;

	while (at < smf->config.dnn_count &&
		!(smf->config.dnns[at].withdrawn && smf->gone == 0 && rows[at][SMF_DNN_SESSIONS] == 0))
		at++;
	if (at == SMF_DNNS_MAX)
		return at;
	for (size_t k = 0; k < SMF_DNN_STAT_COUNT; k++) {
		if (at == smf->config.dnn_count)
			rows[at + 1][k] = rows[at][k];
		else
			rows[smf->config.dnn_count][k] += rows[at][k];
		rows[at][k] = 0;
	}
	smf->config.dnn_count += at == smf->config.dnn_count;
	return at;
}

static bool add_dnn(struct smf *smf, const struct smf_config *config, const struct smf_dnn *from)
{
	uint8_t at = dnn_place(smf);

	if (at == SMF_DNNS_MAX)
		return false;
	smf->config.dnns[at] = *from;
	smf->config.dnns[at].pool_count = 0;
	smf->guaranteed[at] = (struct ambr){ 0 };
	return smf_data_network_begin(smf, at) && take_pools(smf, at, config, from);
}

/* One that was withdrawn comes back as whatever it is now. */
static bool take_again(
	struct smf *smf, uint8_t i, const struct smf_config *config, const struct smf_dnn *from)
{
	struct smf_dnn *d = &smf->config.dnns[i], before = *d;

	if (d->withdrawn) {
		*d = *from;
		d->pool_count = before.pool_count;
		for (uint8_t k = 0; k < before.pool_count; k++)
			d->pools[k] = before.pools[k];
		d->mtu = d->mtu ? d->mtu : (uint16_t)SMF_MTU;
	}
	take_dnn(d, from);
	return take_pools(smf, i, config, from);
}

static uint8_t find(const struct smf *smf, const struct smf_dnn *d)
{
	uint8_t i = 0;

	while (i < smf->config.dnn_count && !(snssai_equal(&smf->config.dnns[i].snssai, &d->snssai) &&
						    dnn_equal(smf->config.dnns[i].dnn, d->dnn)))
		i++;
	return i;
}

static void withdraw(struct smf *smf, const struct smf_config *config)
{
	char text[SNSSAI_STR_SIZE];

	for (uint8_t i = 0; i < smf->config.dnn_count; i++) {
		struct smf_dnn *d = &smf->config.dnns[i];
		bool there = false;

		for (uint8_t k = 0; k < config->dnn_count; k++)
			there |= snssai_equal(&d->snssai, &config->dnns[k].snssai) &&
				 dnn_equal(d->dnn, config->dnns[k].dnn);
		if (!there && !d->withdrawn)
			log_warn(smf->nf.env->log,
				"DNN %s of slice %s is no more: its %u sessions are released", d->dnn,
				snssai_str(&d->snssai, text), (unsigned)smf_count_of_dnn(smf, d));
		d->withdrawn |= !there;
	}
}

void smf_take_config(struct smf *smf, const struct smf_config *config)
{
	bool ok = smf_upfs_take(smf, config);

	config_take_live(&smf_config_section, &smf->config, config);
	withdraw(smf, config);
	pools_leave(smf, config);
	for (uint8_t k = 0; k < config->dnn_count; k++) {
		uint8_t i = find(smf, &config->dnns[k]);

		if (i == smf->config.dnn_count)
			ok &= add_dnn(smf, config, &config->dnns[k]);
		else
			ok &= take_again(smf, i, config, &config->dnns[k]);
	}
	pools_settle(smf);
	if (!ok)
		log_error(smf->nf.env->log,
			"not all data networks, pools and UPFs of the configuration are taken: "
			"memory is out, or there are too many");
	smf_session_review(smf);
	smf_profile(smf);
	nf_start(&smf->nf); /* the profile replaces that of before (29.510 5.2.2.3) */
}
