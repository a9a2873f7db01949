/* Sessions of before a change of the configuration. */
#include "core/smf/internal.h"

static bool is_in_pools(const struct smf_session *s)
{
	uint8_t found = 0;

	for (uint8_t i = 0; i < s->dnn->pool_count; i++) {
		const struct prefix *p = &s->dnn->pools[i];

		if (prefix_has(p, ip_from_v4(s->ue.ipv4)))
			found |= SMF_V4;
		if (s->ue.ipv6_prefix && prefix_has(p, (struct ip){ s->ue.ipv6_prefix, 0 }))
			found |= SMF_V6;
	}
	return s->type > NAS_PDU_IPV4V6 || found == s->type;
}

/* Addresses of a pool that is not the DNN's any more lead to no UPF. */
void smf_warn_of_pools(const struct smf *smf)
{
	const struct smf_session *s, *first = NULL;
	uint32_t outside = 0;

	for (uint32_t i = 0; (s = pool_next(&smf->sessions, &i)) != NULL; i++) {
		if (s->state == SM_DELETING || is_in_pools(s))
			continue;
		first = first ? first : s;
		outside++;
	}
	if (first)
		log_warn(smf->nf.env->log,
			"%u sessions have addresses outside the pool of their DNN, like PDU session %u of "
			"imsi-%s: "
			"what is sent to them is lost until their UEs ask for new ones; removing and adding "
			"the "
			"subscriber, or restarting the UE, brings that about",
			outside, first->pdu_session_id, first->supi.imsi);
}
