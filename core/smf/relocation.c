/*
 * Change of a session's anchor, at the operator's will: 23.502 4.3.5.1 (SSC mode 2), 4.3.5.2 (SSC mode 3).
 *
 *   UE                     SMF
 *    |<- RELEASE COMMAND ---|    mode 2: #39, the UE asks for another session at once (24.501 6.3.3.3)
 *
 *    |<- MODIFICATION ------|    mode 3: #39 and how long the address lasts (6.3.2.2, 24.008 10.5.6.3)
 *    |-- COMPLETE --------->|    from now on it lasts so long
 *    |-- ESTABLISHMENT ---->|    another session, naming the old one
 *    |<- RELEASE COMMAND ---|    when the time is over
 */
#include <stdlib.h>

#include "core/smf/relocation.h"

static uint64_t utc_s(const struct smf *smf)
{
	return env_utc_ms(smf->nf.env) / MS_PER_S;
}

static void relocation_over(void *owner, struct timer *t)
{
	struct smf_session *s = container_of(t, struct smf_relocation, timer)->s;

	if (s->state != SM_ESTABLISHED)
		return;
	s->n1_cause = NAS_5GSM_REGULAR_DEACTIVATION;
	smf_session_event(owner, s, SM_EV_RELEASE_COMMAND, NULL);
}

static void relocation_wait(struct smf *smf, struct smf_relocation *r)
{
	uint64_t now_s = utc_s(smf), left_s = r->until_s > now_s ? r->until_s - now_s : 0;

	timer_set(&smf->nf.timers, &r->timer, env_now_ns(smf->nf.env) + left_s * NS_PER_S, relocation_over);
}

static struct smf_relocation *relocation_begin(struct smf_session *s)
{
	if (!s->relocation)
		s->relocation = calloc(1, sizeof(*s->relocation));
	if (s->relocation)
		s->relocation->s = s;
	return s->relocation;
}

void smf_relocation_told(struct smf *smf, struct smf_session *s)
{
	struct smf_relocation *r = s->relocation;

	if (!r || r->until_s)
		return;
	r->until_s = utc_s(smf) + SMF_ADDRESS_LIFETIME_S;
	relocation_wait(smf, r);
	smf_session_dirty(smf, s);
	log_info(smf->nf.env->log, "imsi-%s: PDU session %u ends in %d s: its UE asks for another one",
		s->supi.imsi, s->pdu_session_id, SMF_ADDRESS_LIFETIME_S);
}

bool smf_relocation_restore(struct smf *smf, struct smf_session *s, uint64_t until_s)
{
	if (!relocation_begin(s))
		return false;
	s->relocation->until_s = until_s;
	if (until_s)
		relocation_wait(smf, s->relocation);
	return true;
}

enum smf_relocated smf_relocate_session(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id)
{
	struct smf_session *s = smf_session_find(smf, supi, pdu_session_id);

	if (!s || s->state != SM_ESTABLISHED)
		return SMF_RELOCATE_NO_SESSION;
	if (s->ssc_mode < NAS_SSC_2)
		return SMF_RELOCATE_STAYS;
	smf->stat[SMF_STAT_RELOCATIONS]++;
	if (s->ssc_mode == NAS_SSC_2)
		return smf_release_session(smf, supi, pdu_session_id, NAS_5GSM_REACTIVATION_REQUESTED)
			       ? SMF_RELOCATED
			       : SMF_RELOCATE_NO_SESSION;
	if (s->relocation) /* it is under way */
		return SMF_RELOCATED;
	if (!relocation_begin(s))
		return SMF_RELOCATE_NO_SESSION;
	smf_session_dirty(smf, s);
	smf_session_event(smf, s, SM_EV_MODIFY, NULL);
	return SMF_RELOCATED;
}

/* Bits of 24.501 9.11.4.5: SSC mode n is bit n - 1. */
static uint8_t ssc_bits(const struct ssc_modes *modes)
{
	uint8_t bits = 0;

	for (uint32_t i = 0; i < modes->allowed_ssc_modes.count; i++)
		if (modes->allowed_ssc_modes.items[i] <= SSC_MODE_SSC_MODE_3)
			bits |= (uint8_t)(1u << modes->allowed_ssc_modes.items[i] >> 1);
	if (modes->default_ssc_mode <= SSC_MODE_SSC_MODE_3)
		bits |= (uint8_t)(1u << modes->default_ssc_mode >> 1);
	return bits ? bits : 1;
}

bool smf_ssc_select(struct smf_session *s, const struct ssc_modes *modes, uint8_t asked)
{
	bool ip = smf_session_families(s) != 0;
	uint8_t allowed = s->static_address ? 1 : ssc_bits(modes) & (ip ? 7 : 3), mode = asked;

	s->ssc_allowed = allowed = allowed ? allowed : 1;
	if (!mode && modes->default_ssc_mode && allowed >> (modes->default_ssc_mode - 1u) & 1)
		mode = (uint8_t)modes->default_ssc_mode;
	if (!mode)
		mode = (uint8_t)(__builtin_ctz(allowed) + 1);
	s->ssc_mode = mode;
	return mode <= NAS_SSC_3 && allowed >> (mode - 1) & 1;
}
