/* Sessions and the addresses of the pools: those of before a change of the configuration, and who has which.
 */
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
	return s->type == NAS_PDU_ETHERNET || (found == smf_session_address_families(s) &&
						      (s->upf == SMF_UPF_NONE || smf_upf_has(s, s->upf)));
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

/* The static address is another session's, which got it before it was its owner's: that one gets another. */
void smf_address_reclaim(struct smf *smf, const struct smf_session *owner)
{
	struct smf_session *holder = smf_session_by_address(smf, owner);

	if (!holder || !strcmp(holder->supi.imsi, owner->supi.imsi))
		return;
	log_warn(smf->nf.env->log,
		"imsi-%s: its static address is in use by imsi-%s, whose session is released",
		owner->supi.imsi, holder->supi.imsi);
	may_fail(smf_release_session(
		smf, &holder->supi, holder->pdu_session_id, NAS_5GSM_REACTIVATION_REQUESTED));
}

bool smf_session_place(const struct smf *smf, const struct supi *supi, uint8_t pdu_session_id,
	const char *dnn, struct smf_place *out)
{
	for (uint8_t id = 1; id <= PDU_SESSIONS_MAX; id++) {
		const struct smf_session *s = smf_session_find((struct smf *)smf, supi, id);

		if (!s || (pdu_session_id && id != pdu_session_id) ||
			(dnn[0] && !dnn_equal(dnn, s->dnn->dnn)) || !s->address_taken ||
			!smf_session_families(s))
			continue;
		*out = (struct smf_place){ id, s->dnn->dnn, s->snssai, s->ue.ipv4, s->ue.ipv6_prefix };
		return true;
	}
	return false;
}
