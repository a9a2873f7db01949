/*
 * Establishment of a PDU session, 23.502 4.3.2.2.1.
 *
 *   UE  -> AMF  UL NAS TRANSPORT with PDU SESSION ESTABLISHMENT REQUEST    24.501 5.4.5.2.3, 6.4.1.2
 *   AMF -> UDM  Nudm_SDM_Get                       29.503 5.2.2.2: is the DNN subscribed in the slice, or
 *                                                  which is the default one
 *   AMF -> NRF  Nnrf_NFDiscovery                   29.510 5.3.2.2: which SMF serves them
 *   AMF -> SMF  Nsmf_PDUSession_CreateSMContext    29.502 5.2.2.2
 *   SMF -> AMF  N1N2MessageTransfer                29.518 5.2.2.3.1: what UE and gNB get (n1n2_transfer.c)
 */
#include "core/amf/ladn.h"

#include <stdlib.h>

/* Asks the SMF for a session whose slice and DNN are settled. */
static void session_create(struct amf *amf, struct amf_ue *ue, struct amf_session *s)
{
	char uri[SBI_URI_SIZE];
	const struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	struct user_location location = { c ? &c->location : NULL };
	const struct supi nobody = { "" };
	bool unproved = supi_is_imei(&ue->supi); /* 29.502 6.1.6.2.2: by its PEI */
	char pei[SUPI_STR_SIZE], gpsi[GPSI_STR_SIZE];
	struct nsmf_create_sm_context_req
		req = { .data = {
				.supi = unproved ? nobody : ue->supi,
				.gpsi = gpsi_str(ue->msisdn, gpsi),
				.pei = unproved ? supi_str(&ue->supi, pei) : NULL,
				.pdu_session_id = s->pdu_session_id,
				.dnn = s->dnn,
				.s_nssai = &s->snssai,
				.serving_nf_id = amf->nf.nf_instance_id,
				.guami = &amf->config.guami,
				.serving_network = amf->config.guami.plmn,
				.request_type = s->emergency ? REQUEST_TYPE_INITIAL_EMERGENCY_REQUEST
						: s->request_type == NAS_REQUEST_EXISTING
							? REQUEST_TYPE_EXISTING_PDU_SESSION
							: REQUEST_TYPE_INITIAL_REQUEST,
				.old_pdu_session_id = s->old_pdu_session_id,
				.n1_sm_msg = bytes_of(s->held, s->held_len),
				.an_type = ACCESS_TYPE_THREE_GPP_ACCESS,
				.rat_type = RAT_TYPE_NR,
				.presence_in_ladn = amf_ladn_presence(amf, ue, s->dnn),
				.ue_location = c ? &location : NULL,
				.sm_context_status_uri = uri,
			} };

	s->callback = env_random_u32(amf->nf.env);
	s->presence = (uint8_t)req.data.presence_in_ladn;
	/* Empty when it cannot be made: then nothing is notified. */
	may_fail(sbi_callback_uri(amf->nf.self, SBI_CALLBACK_SM_CONTEXT_STATUS,
		&(struct sbi_callback){ supi_key(&ue->supi), s->callback }, uri));
	amf->stat[AMF_STAT_SESSIONS]++;
	sbi_call(amf->nf.self, s->smf, SBI_SMF_CREATE_SM_CONTEXT, &req, amf_session_token(amf, ue, s));
}

static void session_refuse(
	struct amf *amf, struct amf_ue *ue, struct amf_session *s, enum event_reason reason, uint8_t cause)
{
	amf_ue_event_no_session(amf, ue, s->pdu_session_id, &s->snssai, s->dnn, reason, cause);
	amf_session_not_forwarded(amf, ue, s->pdu_session_id, bytes_of(s->held, s->held_len), cause);
	amf_session_free(amf, ue, s);
}

/* Of the slice's DNNs the one asked for, or the default one (23.501 5.6.1); NULL when there is none. */
static const char *session_dnn(const struct dnn_info_list *dnns, const struct amf_session *s)
{
	for (uint32_t d = 0; d < dnns->count; d++)
		if (s->dnn[0] ? dnn_equal(s->dnn, dnns->items[d].dnn) : dnns->items[d].default_dnn_indicator)
			return dnns->items[d].dnn;
	return NULL;
}

static const char *session_subscribed_dnn(
	const struct smf_selection_subscription_data *data, const struct amf_session *s)
{
	const char *dnn = NULL;

	for (uint32_t i = 0; !dnn && i < data->subscribed_snssai_infos.count; i++) {
		struct snssai slice;

		if (snssai_parse(data->subscribed_snssai_infos.entries[i].key, &slice) &&
			snssai_equal(&slice, &s->snssai))
			dnn = session_dnn(&data->subscribed_snssai_infos.entries[i].value.dnn_infos, s);
	}
	return dnn;
}

static void session_discover(struct amf *amf, struct amf_ue *ue, struct amf_session *s)
{
	struct nnrf_nf_discover_req find = { NF_SMF, NF_AMF, { 1, &s->snssai }, s->dnn };

	nf_call(&amf->nf, SBI_NRF_NF_DISCOVER, &find, amf_session_token(amf, ue, s));
}

static void session_on_select_data(
	struct amf *amf, struct amf_ue *ue, struct amf_session *s, const struct sbi_answer *a)
{
	const struct nudm_smf_select_data_rsp *rsp = a->body;
	char slice[SNSSAI_STR_SIZE];
	const char *dnn;

	if (a->cause != SBI_OK) {
		session_refuse(amf, ue, s, EVENT_FAULT, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
		return;
	}
	dnn = dnn_is_of(s->dnn, &amf->config.guami.plmn) ? session_subscribed_dnn(&rsp->data, s) : NULL;
	if (!dnn || strlen(dnn) >= DNN_STR_SIZE) {
		log_info(amf->nf.env->log, "imsi-%s: DNN \"%s\" is not subscribed in slice %s", ue->supi.imsi,
			s->dnn, snssai_str(&s->snssai, slice));
		session_refuse(amf, ue, s, EVENT_DNN_NOT_SUBSCRIBED,
			NAS_5GMM_DNN_NOT_SUPPORTED_OR_NOT_SUBSCRIBED_IN_THE_SLICE);
		return;
	}
	if (amf_session_set_dnn(amf, s, dnn))
		session_discover(amf, ue, s);
	else
		session_refuse(amf, ue, s, EVENT_EXHAUSTED, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
}

static void session_on_smf_found(
	struct amf *amf, struct amf_ue *ue, struct amf_session *s, const struct sbi_answer *a)
{
	const struct nnrf_nf_discover_rsp *found = a->body;
	char slice[SNSSAI_STR_SIZE];

	if (a->cause == SBI_OK && found->data.nf_instances.count > 0) {
		s->smf = sbi_instance(amf->nf.bus, NF_SMF, found->data.nf_instances.items[0].nf_instance_id);
		session_create(amf, ue, s);
		return;
	}
	log_warn(amf->nf.env->log, "imsi-%s: no SMF serves DNN \"%s\" in slice %s", ue->supi.imsi, s->dnn,
		snssai_str(&s->snssai, slice));
	session_refuse(
		amf, ue, s, EVENT_DNN_NOT_SERVED, NAS_5GMM_DNN_NOT_SUPPORTED_OR_NOT_SUBSCRIBED_IN_THE_SLICE);
}

static void session_on_created(
	struct amf *amf, struct amf_ue *ue, struct amf_session *s, const struct sbi_answer *a)
{
	const struct nsmf_create_sm_context_rsp *rsp = a->body;

	if (a->cause == SBI_OK) {
		s->creating = false;
		amf_session_hold(s, BYTES_NONE);
		s->smf = a->from;
		str_copy(s->sm_context_ref, sizeof(s->sm_context_ref), rsp->sm_context_ref);
		amf_ue_dirty(amf, ue);
		return;
	}
	log_info(amf->nf.env->log, "imsi-%s: PDU session %u refused: %s", ue->supi.imsi, s->pdu_session_id,
		sbi_cause_name(a->cause));
	if (rsp && rsp->error.n1_sm_msg.len > 0) {
		amf_session_deliver(amf, ue, s, rsp->error.n1_sm_msg, N2_SM_ABSENT, BYTES_NONE);
		amf_session_free(amf, ue, s);
	} else {
		session_refuse(amf, ue, s, EVENT_FAULT, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
	}
}

/* A session in the making, with a copy of the UE's message; NULL when there is no room. */
static struct amf_session *session_new(
	struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m, const char *dnn)
{
	struct amf_session *s = amf_session_new(amf, m->pdu_session_id, dnn);

	if (!s)
		return NULL;
	if (!amf_session_hold(s, m->payload_container)) {
		amf_session_drop(amf, s);
		return NULL;
	}
	s->creating = true;
	s->generation = ++amf->generation;
	s->next = ue->sessions;
	ue->sessions = s;
	return s;
}

static bool slice_is_allowed(const struct amf_ue *ue, const struct snssai *snssai)
{
	for (uint8_t i = 0; i < ue->allowed_nssai.count; i++)
		if (snssai_equal(&ue->allowed_nssai.items[i], snssai))
			return true;
	return false;
}

/* 5.4.5.2.3 a 1: the request for a new session. */
void amf_session_request(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m)
{
	struct amf_session *s = amf_session_find(ue, m->pdu_session_id);
	struct snssai snssai = ue->allowed_nssai.items[0];
	struct nudm_sdm_get_req ask = { ue->supi, amf->config.guami.plmn };
	char slice[SNSSAI_STR_SIZE];

	if (s && s->creating)
		return; /* repeated while the first is on its way */
	if (s)
		amf_session_release(amf, ue, s);
	s = NULL;
	if (m->has_s_nssai)
		snssai = m->s_nssai.snssai;
	if (!slice_is_allowed(ue, &snssai))
		log_info(amf->nf.env->log, "imsi-%s: PDU session %u refused: slice %s is not allowed",
			ue->supi.imsi, m->pdu_session_id, snssai_str(&snssai, slice));
	else
		s = session_new(amf, ue, m, m->has_dnn ? m->dnn : "");
	if (!s) {
		amf_ue_event_no_session(amf, ue, m->pdu_session_id, &snssai, m->has_dnn ? m->dnn : "",
			slice_is_allowed(ue, &snssai) ? EVENT_EXHAUSTED : EVENT_SLICE_NOT_ALLOWED,
			NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
		amf_session_not_forwarded(
			amf, ue, m->pdu_session_id, m->payload_container, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
		return;
	}
	s->snssai = snssai;
	s->request_type = m->request_type;
	s->old_pdu_session_id = m->has_old_pdu_session_id ? m->old_pdu_session_id : 0;
	nf_call(&amf->nf, SBI_UDM_GET_SMF_SELECT_DATA, &ask, amf_session_token(amf, ue, s));
}

bool amf_session_begin(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m,
	const struct snssai *slice, const char *dnn)
{
	struct amf_session *s = amf_session_find(ue, m->pdu_session_id);

	if (s && s->creating)
		return true; /* repeated while the first is on its way */
	if (s)
		amf_session_release(amf, ue, s);
	s = session_new(amf, ue, m, dnn);
	if (!s)
		return false;
	s->snssai = *slice;
	s->emergency = true;
	s->request_type = m->request_type;
	session_discover(amf, ue, s);
	return true;
}

void amf_session_establishing(
	struct amf *amf, struct amf_ue *ue, struct amf_session *s, const struct sbi_answer *a)
{
	if (a->op == SBI_UDM_GET_SMF_SELECT_DATA)
		session_on_select_data(amf, ue, s, a);
	else if (a->op == SBI_NRF_NF_DISCOVER)
		session_on_smf_found(amf, ue, s, a);
	else if (a->op == SBI_SMF_CREATE_SM_CONTEXT)
		session_on_created(amf, ue, s, a);
}
