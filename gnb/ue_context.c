/* UE contexts: made, freed, and found by the ids of N2. */
#include <stdlib.h>

#include "gnb/handover.h"

static struct gnb_ue *ue_begin(struct gnb *gnb, struct gnb_amf *amf, struct gnb_ue *ue)
{
	ue->amf = amf;
	ue->ran_ue_ngap_id = ++gnb->generation << GNB_UE_INDEX_BITS | pool_index(&gnb->ues, ue);
	ue->stream = gnb_n2_stream(amf);
	list_init(&ue->procedures);
	list_append(&amf->ues, &ue->link);
	ue->heard_ns = ue->active_ns = ue->since_ns = env_now_ns(gnb->env);
	return ue;
}

struct gnb_ue *gnb_ue_new(struct gnb *gnb, struct gnb_amf *amf, const struct gnb_radio *at)
{
	struct gnb_ue *ue = pool_alloc(&gnb->ues);

	if (!ue || !gnb_rrc_accept(gnb, ue, at)) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		if (ue)
			pool_free(&gnb->ues, ue);
		return NULL;
	}
	return ue_begin(gnb, amf, ue);
}

struct gnb_ue *gnb_ue_expected(struct gnb *gnb, struct gnb_amf *amf, uint8_t cell)
{
	struct gnb_ue *ue = pool_alloc(&gnb->ues);

	if (!ue) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return NULL;
	}
	ue->radio.cell = cell;
	return ue_begin(gnb, amf, ue);
}

void gnb_ue_set_amf(struct gnb_ue *ue, struct gnb_amf *amf)
{
	list_remove(&ue->link);
	ue->amf = amf;
	ue->stream = gnb_n2_stream(amf);
	list_append(&amf->ues, &ue->link);
}

void gnb_ue_free(struct gnb *gnb, struct gnb_ue *ue)
{
	if (ue->handover)
		gnb_handover_free(gnb, ue->handover);
	if (ue->context)
		log_info(gnb->env->log, "RAN UE %u is released", ue->ran_ue_ngap_id);
	list_each(l, next, &ue->procedures)
		gnb_procedure_free(gnb, container_of(l, struct gnb_procedure, link));
	for (uint8_t psi = 0; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi])
			gnb_session_free(gnb, ue->sessions[psi]);
	gnb_rrc_end(gnb, ue, GNB_RRC_FORGOTTEN);
	timer_stop(&gnb->timers, &ue->timer);
	list_remove(&ue->link);
	gnb->contexts -= ue->context;
	gnb->stat[GNB_STAT_RELEASES]++;
	free(ue->location);
	free(ue->restrictions);
	explicit_bzero(ue->k_gnb, sizeof(ue->k_gnb));
	explicit_bzero(ue->nh, sizeof(ue->nh));
	pool_free(&gnb->ues, ue);
}

struct gnb_ue *gnb_ue_of_ran_id(struct gnb *gnb, const struct gnb_amf *amf, uint32_t ran_ue_ngap_id)
{
	struct gnb_ue *ue = pool_at(&gnb->ues, ran_ue_ngap_id & ((1u << GNB_UE_INDEX_BITS) - 1));

	return ue && ue->amf == amf && ue->ran_ue_ngap_id == ran_ue_ngap_id ? ue : NULL;
}

struct gnb_ue *gnb_ue_of_amf_id(struct gnb_amf *amf, uint64_t amf_ue_ngap_id)
{
	list_each(l, next, &amf->ues)
	{
		struct gnb_ue *ue = container_of(l, struct gnb_ue, link);

		if (ue->has_amf_ue_ngap_id && ue->amf_ue_ngap_id == amf_ue_ngap_id)
			return ue;
	}
	return NULL;
}

/* 38.413 10.6: the first message of the AMF for a UE gives its AMF UE NGAP ID; from then on it must be that
 * one. */
struct gnb_ue *gnb_n2_ue_find(
	struct gnb *gnb, struct gnb_amf *amf, uint64_t amf_ue_ngap_id, uint32_t ran_ue_ngap_id)
{
	struct gnb_ue *ue = gnb_ue_of_ran_id(gnb, amf, ran_ue_ngap_id);
	enum ngap_cause_radio_network cause = NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID;

	if (ue && !ue->has_amf_ue_ngap_id) {
		ue->has_amf_ue_ngap_id = true;
		gnb->stat[GNB_STAT_UECNTX_SUCC]++;
		ue->amf_ue_ngap_id = amf_ue_ngap_id;
	}
	if (ue && ue->amf_ue_ngap_id == amf_ue_ngap_id)
		return ue;
	if (ue)
		cause = NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID;
	gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
	gnb_n2_send_error_indication(gnb, amf, &amf_ue_ngap_id, &ran_ue_ngap_id, ngap_cause_radio(cause));
	return NULL;
}
