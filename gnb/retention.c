/*
 * Retention of UEs, 38.413 8.7.1.2: while the association to their AMF is missing, UEs keep their connection
 * and their user plane, and signalling waits.
 *
 *   gNB                           AMF
 *    |  (the association is lost)  |    UEs with a context and nothing under way stay
 *    |-- NG SETUP REQUEST -------->|    with UE Retention Information, if there are any
 *    |<- NG SETUP RESPONSE --------|    with it: they go on; without it, or after a guard: they are released
 */
#include "gnb/internal.h"

static void ue_end(struct gnb *gnb, struct gnb_ue *ue)
{
	gnb_rrc_end(gnb, ue, GNB_RRC_FAILED);
	gnb_ue_free(gnb, ue);
}

static void ues_end(struct gnb *gnb, struct gnb_amf *amf)
{
	list_each(l, next, &amf->ues) ue_end(gnb, container_of(l, struct gnb_ue, link));
}

static void retention_expired(void *owner, struct timer *t)
{
	struct gnb *gnb = owner;
	struct gnb_amf *amf = container_of(t, struct gnb_amf, retention);

	log_warn(gnb->env->log, "AMF %s does not return; its UEs are released", amf->name);
	ues_end(gnb, amf);
}

/* What is under way would have two outcomes: the AMF gives such a UE up as well. */
void gnb_retention_begin(struct gnb *gnb, struct gnb_amf *amf)
{
	uint32_t kept = 0;

	list_each(l, next, &amf->ues)
	{
		struct gnb_ue *ue = container_of(l, struct gnb_ue, link);

		if (!ue->context || ue->handover || !list_empty(&ue->procedures)) {
			ue_end(gnb, ue);
			continue;
		}
		if (ue->releasing)
			timer_stop(&gnb->timers, &ue->timer);
		kept++;
	}
	log_warn(gnb->env->log, "AMF %s is gone; %u UEs are retained", amf->name, kept);
	if (kept > 0)
		timer_set(&gnb->timers, &amf->retention,
			env_now_ns(gnb->env) + (uint64_t)GNB_RETENTION_MS * NS_PER_MS, retention_expired);
}

void gnb_retention_end(struct gnb *gnb, struct gnb_amf *amf, bool kept)
{
	timer_stop(&gnb->timers, &amf->retention);
	if (!kept) {
		ues_end(gnb, amf);
		return;
	}
	list_each(l, next, &amf->ues)
	{
		struct gnb_ue *ue = container_of(l, struct gnb_ue, link);

		if (ue->stream >= amf->streams)
			ue->stream = gnb_n2_stream(amf);
		gnb_ue_release_again(gnb, ue);
	}
}
