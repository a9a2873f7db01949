/*
 * UPFs that come and go while the SMF runs. One that goes gets no sessions; those that it has are released
 * with #39 (session_review.c), then the association is (upf_release.c, 29.244 6.2.8).
 */
#include "core/smf/data_networks.h"

static uint8_t find(const struct smf *smf, const struct addr *address)
{
	uint8_t i = 0;

	while (i < smf->config.upf_count && !addr_same_host(&smf->config.upfs[i].address, address))
		i++;
	return i;
}

uint16_t smf_upfs_behind(const struct smf *smf, const struct smf_config *config, uint16_t behind)
{
	uint16_t out = 0;

	for (uint8_t i = 0; i < config->upf_count; i++) {
		uint8_t at = find(smf, &config->upfs[i].address);

		if (behind >> i & 1 && at < smf->config.upf_count)
			out |= (uint16_t)(1u << at);
	}
	return out;
}

static void take(struct smf_upf_config *to, const struct smf_upf_config *from)
{
	str_copy(to->name, sizeof(to->name), from->name);
	for (to->dnn_count = 0; to->dnn_count < from->dnn_count; to->dnn_count++)
		str_copy(to->dnns[to->dnn_count], DNN_STR_SIZE, from->dnns[to->dnn_count]);
}

static bool add(struct smf *smf, const struct smf_upf_config *from)
{
	struct smf_upf *u = &smf->upfs[smf->config.upf_count];

	if (smf->config.upf_count == SMF_UPFS_MAX || from->address.len != 4)
		return false;
	smf->config.upfs[smf->config.upf_count] = *from;
	if (!smf_upf_add(smf, u))
		return false;
	smf->config.upf_count++;
	return true;
}

static void withdraw(struct smf *smf, const struct smf_config *config)
{
	for (uint8_t i = 0; i < smf->config.upf_count; i++) {
		struct smf_upf *u = &smf->upfs[i];
		bool there = false;

		for (uint8_t k = 0; k < config->upf_count; k++)
			there |= addr_same_host(&u->config->address, &config->upfs[k].address);
		if (there == !u->withdrawn)
			continue;
		u->withdrawn = !there;
		if (there)
			smf_upf_begin(smf, u);
		else
			smf_upf_withdraw(smf, u);
	}
}

bool smf_upfs_take(struct smf *smf, const struct smf_config *config)
{
	bool ok = true;

	withdraw(smf, config);
	for (uint8_t k = 0; k < config->upf_count; k++) {
		uint8_t at = find(smf, &config->upfs[k].address);

		if (at == smf->config.upf_count)
			ok &= add(smf, &config->upfs[k]);
		else
			take(&smf->config.upfs[at], &config->upfs[k]);
	}
	return ok;
}
