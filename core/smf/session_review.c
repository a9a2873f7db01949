/*
 * Another configuration while there are sessions: what has no place in it any more is released by the network
 * (23.502 4.3.4.2 step 1f), some at a time.
 *
 *   a data network or slice that is no more    #36: the UE asks for no other (24.501 6.3.3.3)
 *   another pool, a UPF that is no more        #39: it asks at once for another, which is elsewhere
 */
#include "core/smf/data_networks.h"

/* Not before the UPFs have read theirs: what is asked for again may be of a pool that is new to them. */
enum { SETTLE_MS = 500, PAUSE_MS = 10 };

/* An address that is of a pool, and not the data network's own there. A static one may be of no pool. */
static bool has_pool(const struct smf *smf, const struct smf_session *s, uint8_t family)
{
	struct ip ip = family == SMF_V4 ? ip_from_v4(s->ue.ipv4) : (struct ip){ s->ue.ipv6_prefix, 0 };

	for (uint8_t i = 0; i < s->dnn->pool_count; i++)
		if (ip_family(s->dnn->pools[i].ip) == ip_family(ip) && prefix_has(&s->dnn->pools[i], ip))
			return !smf_address_pool_keeps(
				&smf->pools[smf->pool_of[s->dnn - smf->config.dnns][i]], &s->ue);
	return s->static_address & family;
}

static bool has_pools(const struct smf *smf, const struct smf_session *s)
{
	uint8_t families = smf_session_address_families(s) & s->address_taken;

	for (uint8_t family = SMF_V4; family <= SMF_V6; family++)
		if (families & family && !has_pool(smf, s, family))
			return false;
	return true;
}

/* Why it cannot stay; 0: it can. */
static uint8_t cause_of(const struct smf *smf, const struct smf_session *s)
{
	if (s->dnn->withdrawn)
		return NAS_5GSM_REGULAR_DEACTIVATION;
	if (s->upf != SMF_UPF_NONE && (smf->upfs[s->upf].withdrawn || !smf_upf_has(s, s->upf)))
		return NAS_5GSM_REACTIVATION_REQUESTED;
	return has_pools(smf, s) ? 0 : NAS_5GSM_REACTIVATION_REQUESTED;
}

static void review_session(struct smf *smf, struct smf_session *s)
{
	uint8_t cause = s->state < SM_RELEASING && s->dnn ? cause_of(smf, s) : 0;

	if (!cause)
		return;
	if (s->state < SM_ACCEPTING) {
		smf->review_again = true; /* once it is what it becomes */
		return;
	}
	may_fail(smf_release_session(smf, &s->supi, s->pdu_session_id, cause));
}

static void review(void *owner, struct timer *t)
{
	struct smf *smf = owner;
	uint32_t pause_ms = PAUSE_MS;

	for (int i = 0; i < SMF_RESTORE_BATCH; i++) {
		struct smf_session *s = pool_next(&smf->sessions, &smf->review_at);

		if (!s) {
			if (!smf->review_again)
				return;
			smf->review_again = false;
			smf->review_at = 0;
			pause_ms = MS_PER_S;
			break;
		}
		smf->review_at++;
		if (!s->gone)
			review_session(smf, s);
	}
	timer_set(&smf->nf.timers, t, env_now_ns(smf->nf.env) + pause_ms * NS_PER_MS, review);
}

void smf_session_review(struct smf *smf)
{
	smf->review_at = 0;
	timer_set(&smf->nf.timers, &smf->review, env_now_ns(smf->nf.env) + SETTLE_MS * NS_PER_MS, review);
}
