/*
 * Authentication of a UE that is registered, 24.501 5.4.1.3.2 and 33.501 6.9.4: asked for by the operator, by
 * age, or before a NAS COUNT is used up (24.501 4.4.3.5). An idle UE is paged first.
 *
 *   AMF -> UE   AUTHENTICATION REQUEST                authentication.c, under the present keys
 *   AMF -> UE   SECURITY MODE COMMAND                 security_mode.c: the new keys are in use; rekeying.c
 */
#include "core/amf/authentication.h"
#include "core/amf/paging.h"

enum { SECONDS_PER_HOUR = 3600 };

static bool is_old(struct amf *amf, const struct amf_ue *ue)
{
	uint64_t now_s = env_utc_ms(amf->nf.env) / MS_PER_S;

	/* A clock that was set back makes nobody old. */
	return amf->config.reauthenticate_h > 0 &&
	       now_s >= ue->secured_s + (uint64_t)amf->config.reauthenticate_h * SECONDS_PER_HOUR;
}

static bool begin(struct amf *amf, struct amf_ue *ue)
{
	struct amf_reauthentication *p;
	uint32_t most_ms = amf_paging_ms(amf, ue) + AMF_TRANSFER_WAIT_S * 1000;

	if (amf_authentication_of(ue) || amf_security_mode_of(ue) || amf_procedure_find(ue, AMF_REKEYING))
		return true; /* it is under way */
	p = (struct amf_reauthentication *)amf_procedure_begin(amf, ue, AMF_REAUTHENTICATION);
	if (!p)
		return amf_procedure_find(ue, AMF_REAUTHENTICATION) != NULL;
	p->until_ns = env_now_ns(amf->nf.env) + most_ms * (uint64_t)NS_PER_MS;
	if (amf_paging_is_possible(ue) && amf_paging_begin(amf, ue, 0))
		amf_procedure_wait(amf, &p->p, most_ms);
	else
		amf_procedure_wait(amf, &p->p, 0);
	return true;
}

bool amf_reauthenticate(struct amf *amf, const struct supi *supi)
{
	struct amf_ue *ue = amf_ue_by_supi(amf, supi);

	return ue && ue->registered && !ue->emergency && begin(amf, ue);
}

void amf_reauthentication_due(struct amf *amf, struct amf_ue *ue)
{
	if (ue->state == MM_REGISTERED && ue->security.active && !ue->emergency &&
		(is_old(amf, ue) || nas_security_wears_out(&ue->security)))
		begin(amf, ue);
}

/* The UE is connected and nothing else is under way, or it does not come. */
void amf_reauthentication_expired(struct amf *amf, struct amf_procedure *p)
{
	struct amf_ue *ue = p->ue;
	uint64_t now = env_now_ns(amf->nf.env), until = ((struct amf_reauthentication *)p)->until_ns;
	bool waits = amf_procedure_waits(p);

	if (waits && now < until) {
		amf_procedure_wait(amf, p, (uint32_t)((until - now) / NS_PER_MS) + 1);
		return;
	}
	amf_procedure_end(amf, p);
	if (!waits && ue->state == MM_REGISTERED && amf_connection_for(ue, AMF_FOR_NAS))
		amf_authentication_start(amf, ue, NULL);
	else
		amf_ue_event(amf, ue, EVENT_NOT_AUTHENTICATED, EVENT_UNREACHABLE, 0);
}
