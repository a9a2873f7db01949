/* UPF selection, 23.501 6.3.3.3: by data network, addresses and load. */
#include "core/smf/internal.h"

static bool upf_serves(const struct smf_upf *u, const struct smf_dnn *dnn)
{
	for (uint8_t i = 0; i < u->config->dnn_count; i++)
		if (dnn_equal(u->config->dnns[i], dnn->dnn))
			return true;
	return u->config->dnn_count == 0;
}

bool smf_upf_has(const struct smf_session *s, uint8_t upf)
{
	for (uint8_t i = 0; i < s->dnn->pool_count; i++) {
		const struct prefix *p = &s->dnn->pools[i];

		if (s->dnn->behind[i] && !(s->dnn->behind[i] >> upf & 1) &&
			((s->ue.ipv4 && prefix_has(p, ip_from_v4(s->ue.ipv4))) ||
				(s->ue.ipv6_prefix && prefix_has(p, (struct ip){ s->ue.ipv6_prefix, 0 }))))
			return false;
	}
	return true;
}

uint8_t smf_upf_select(const struct smf *smf, const struct smf_session *s, uint16_t tried)
{
	uint8_t best = SMF_UPF_NONE;

	for (uint8_t i = 0; i < smf->config.upf_count; i++) {
		const struct smf_upf *u = &smf->upfs[i];

		if (!(tried >> i & 1) && u->associated && !u->leaving && !u->drained && !u->withdrawn &&
			upf_serves(u, s->dnn) && smf_upf_has(s, i) &&
			(best == SMF_UPF_NONE || u->sessions < smf->upfs[best].sessions))
			best = i;
	}
	return best;
}
