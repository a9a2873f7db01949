/*
 * UE-requested PDU session establishment: 23.502 4.3.2.2.1, 24.501 6.4.1, Nsmf_PDUSession_CreateSMContext.
 *
 *   UE      gNB     AMF     SMF     UPF   UDM   PCF
 *   |--- REQUEST --->|- Crt ->|      |     |     |     24.501 6.4.1.2
 *   |       |        |        |-- sm-data >|     |     29.503 5.2.2.2.5
 *   |       |        |        |-- UECM --->|     |     29.503 5.3.2.2.4
 *   |       |        |        |-- SmPol Create ->|     29.512 4.2.2
 *   |       |        |<- 201 -|- Est>|     |     |     29.244 6.3.2
 *   |<---- ACCEPT ---|<- Trf -|      |     |     |     29.518 5.2.2.3.1
 *   |       |<-- N2 -|        |      |     |     |     38.413 9.3.4.1; guard 15 s
 *   |       |-- N2 ->|- Upd ->|- Mod>|     |     |     service_request.c: the gNB's tunnel
 */
#include <strings.h>

#include "core/smf/modification.h"
#include "core/smf/relocation.h"

/* Answers with an error and PDU SESSION ESTABLISHMENT REJECT. */
static void create_refuse(struct smf *smf, uint64_t request_id, enum sbi_cause cause, uint8_t pdu_session_id,
	uint8_t pti, uint8_t gsm_cause, uint8_t ssc_allowed)
{
	struct nsmf_create_sm_context_rsp rsp = { .error.n1_sm_msg = smf_nas_sm_reject(
							  smf, pdu_session_id, pti, gsm_cause, ssc_allowed) };

	smf_count_failed(smf, gsm_cause);
	sbi_answer(smf->nf.bus, request_id, cause, &rsp);
}

/* Refuses the session in the making, which ends. Always FSM_GONE, for actions to return. */
static enum fsm_outcome establish_refuse_because(struct smf *smf, struct smf_session *s,
	enum event_reason reason, enum sbi_cause cause, uint8_t gsm_cause)
{
	uint64_t request_id = s->request_id;

	smf_session_tell(smf, s, EVENT_SESSION_REJECTED, reason, gsm_cause);
	log_info(smf->nf.env->log, "imsi-%s: PDU session %u of DNN \"%s\" refused: %s, %s", s->supi.imsi,
		s->pdu_session_id, s->dnn->dnn, sbi_cause_name(cause), nas_5gsm_cause_name(gsm_cause));
	s->request_id = 0;
	create_refuse(smf, request_id, cause, s->pdu_session_id, s->pti, gsm_cause, s->ssc_allowed);
	smf_session_event(smf, s, SM_EV_END, NULL);
	return FSM_GONE;
}

static enum fsm_outcome establish_refuse(
	struct smf *smf, struct smf_session *s, enum sbi_cause cause, uint8_t gsm_cause)
{
	return establish_refuse_because(smf, s, smf_refusal_reason(cause, gsm_cause), cause, gsm_cause);
}

/* 24.501 7.3.1, 7.3.2, 7.5.1: the message itself. The 5GSM cause to refuse it with, or 0. */
static uint8_t create_check_n1(const struct sm_context_create_data *req, const struct nas_msg *m,
	bool decoded, const struct tlv_fault *fault)
{
	if (!decoded)
		return fault->cause ? fault->cause : NAS_CAUSE_INVALID_MANDATORY;
	if (m->type != NAS_PDU_SESSION_ESTABLISHMENT_REQUEST)
		return NAS_CAUSE_MESSAGE_NOT_COMPATIBLE;
	if (m->pti == 0 || m->pti == 0xff)
		return NAS_5GSM_INVALID_PTI_VALUE;
	if (m->pdu_session_id != req->pdu_session_id || req->pdu_session_id == 0 ||
		req->pdu_session_id > PDU_SESSIONS_MAX)
		return NAS_5GSM_INVALID_PDU_SESSION_IDENTITY;
	return 0;
}

/* A session for the request, or NULL and why not. */
static struct smf_session *create_session(struct smf *smf, const struct sm_context_create_data *req,
	const struct nas_msg *m, uint8_t *gsm_cause, enum sbi_cause *cause)
{
	const struct smf_dnn *dnn = smf_dnn_find(smf, req->dnn, req->s_nssai);
	struct smf_session *old = smf_session_find(smf, &req->supi, req->pdu_session_id), *s;
	const struct nas_pdu_session_establishment_request *wishes = &m->pdu_session_establishment_request;
	uint8_t type;

	*cause = SBI_DNN_NOT_SUPPORTED;
	*gsm_cause = smf_dnn_find(smf, req->dnn, NULL) ? NAS_5GSM_MISSING_OR_UNKNOWN_DNN_IN_A_SLICE
						       : NAS_5GSM_MISSING_OR_UNKNOWN_DNN;
	/* 23.501 5.16.4.1: a DNN of emergency services is for those alone, which are in no other. */
	if (!dnn || dnn->emergency != (req->request_type == REQUEST_TYPE_INITIAL_EMERGENCY_REQUEST))
		return NULL;
	*cause = SBI_OUT_OF_LADN_SERVICE_AREA;
	*gsm_cause = NAS_5GSM_OUT_OF_LADN_SERVICE_AREA;
	if (smf_ladn_refuses(dnn, req->presence_in_ladn))
		return NULL;
	*cause = SBI_N1_SM_ERROR;
	*gsm_cause = NAS_5GSM_PDU_SESSION_DOES_NOT_EXIST;
	if (req->request_type == REQUEST_TYPE_EXISTING_PDU_SESSION && !old)
		return NULL;
	if (!smf_type_select(wishes->has_pdu_session_type ? wishes->pdu_session_type : 0,
		    smf_types_served(dnn), 0, &type, gsm_cause)) {
		*cause = SBI_PDUTYPE_NOT_SUPPORTED;
		return NULL;
	}
	*cause = SBI_INSUFFICIENT_RESOURCES;
	*gsm_cause = old && old->dnn == dnn ? 0 : smf_congestion_cause(smf, dnn);
	if (*gsm_cause)
		return NULL;
	if (old) /* 29.502 5.2.2.2.1: the new session replaces it */
		smf_session_event(smf, old, SM_EV_END, NULL);
	s = smf_session_new(smf, &req->supi, req->pdu_session_id);
	*gsm_cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	if (!s)
		return NULL;
	s->dnn = dnn;
	s->asked_us = (uint32_t)(env_now_ns(smf->nf.env) / 1000) | 1;
	smf_count_session(smf, s, true);
	s->snssai = *req->s_nssai;
	s->pti = m->pti;
	s->msisdn = req->gpsi ? msisdn_of_gpsi(req->gpsi) : 0;
	smf_nas_sm_take_request(s, wishes);
	s->always_on = dnn->always_on == SMF_ALWAYS_ON_ALL ||
		       (dnn->always_on == SMF_ALWAYS_ON_ASKED && s->always_on_asked);
	return s;
}

void smf_establish_request(struct smf *smf, const struct sbi_request *r)
{
	const struct sm_context_create_data identified = smf_identified(r->body), *req = &identified;
	struct nudm_sm_data_req ask = { .supi = req->supi, .plmn = req->serving_network, .dnn = req->dnn };
	struct tlv_fault fault = { 0 };
	struct nas_msg m = { 0 };
	struct smf_session *s;
	enum sbi_cause cause = SBI_N1_SM_ERROR;
	uint8_t gsm_cause;
	bool decoded;

	smf_count_asked(smf, req->dnn && req->s_nssai ? smf_dnn_find(smf, req->dnn, req->s_nssai) : NULL);
	if (!req->dnn || !req->s_nssai || !req->supi.imsi[0]) {
		sbi_answer(smf->nf.bus, r->id, SBI_MANDATORY_IE_MISSING, NULL);
		return;
	}
	arena_reset(&smf->arena);
	decoded = nas_decode(req->n1_sm_msg, &smf->arena, &m, &fault);
	gsm_cause = create_check_n1(req, &m, decoded, &fault);
	if (gsm_cause != 0)
		smf->stat[SMF_STAT_N1_REFUSED]++;
	s = gsm_cause ? NULL : create_session(smf, req, &m, &gsm_cause, &cause);
	if (!s) {
		smf_tell_no_session(smf, req, cause, gsm_cause);
		create_refuse(smf, r->id, cause, req->pdu_session_id, m.pti, gsm_cause, 0);
		return;
	}
	s->request_id = r->id;
	s->amf = r->from;
	sbi_callback_octets(req->sm_context_status_uri, s->status_callback);
	ask.single_nssai = s->snssai;
	if (s->dnn->emergency)
		smf_session_event(smf, s, SM_EV_EMERGENCY, NULL);
	else
		nf_call(&smf->nf, SBI_UDM_GET_SM_DATA, &ask, smf_n11_token(smf, s));
}

/* The configuration of the DNN in the slice, or NULL: the UDM may answer more than was asked for. */
static const struct dnn_configuration *subscribed_dnn(
	const struct session_management_subscription_data_list *list, const struct smf_session *s)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const struct session_management_subscription_data *data = &list->items[i];

		for (uint32_t d = 0;
			snssai_equal(&data->single_nssai, &s->snssai) && d < data->dnn_configurations.count;
			d++)
			if (dnn_equal(data->dnn_configurations.entries[d].key, s->dnn->dnn))
				return &data->dnn_configurations.entries[d].value;
	}
	return NULL;
}

static bool take_subscription(const struct smf *smf, struct smf_session *s, const struct dnn_configuration *d)
{
	if (d->session_ambr)
		s->ambr = *d->session_ambr;
	smf_flows_begin(
		&s->flows, d->five_g_qos_profile ? d->five_g_qos_profile : &(const struct default_qos){ 0 });
	smf_flow_mark(&s->flows.first, &smf->config);
	smf_session_take_static(s, &d->static_ip_address);
	return smf_session_take_routes(s, d);
}

/* The subscription: Nudm_SDM_Get, then Nudm_UECM_Registration. */
enum fsm_outcome smf_establish_subscribed(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sbi_answer *a = arg;
	const struct nudm_sm_data_rsp *rsp = a->body;
	const struct dnn_configuration *dnn = a->cause == SBI_OK ? subscribed_dnn(&rsp->data, s) : NULL;
	struct nudm_smf_registration_req req = { s->supi, s->pdu_session_id,
		{
			.smf_instance_id = smf->nf.nf_instance_id,
			.pdu_session_id = s->pdu_session_id,
			.single_nssai = s->snssai,
			.dnn = s->dnn->dnn,
			.plmn_id = smf->config.plmn,
		} };

	if (a->cause == SBI_USER_NOT_FOUND || a->cause == SBI_DATA_NOT_FOUND || a->cause == SBI_DNN_DENIED ||
		(a->cause == SBI_OK && !dnn))
		return establish_refuse(
			smf, s, SBI_DNN_DENIED, NAS_5GSM_REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED);
	if (a->cause != SBI_OK)
		return establish_refuse(smf, s, SBI_NETWORK_FAILURE, NAS_5GSM_NETWORK_FAILURE);
	if (!smf_type_select(s->type_asked,
		    smf_types_served(s->dnn) & smf_types_subscribed(&dnn->pdu_session_types),
		    (uint8_t)dnn->pdu_session_types.default_session_type, &s->type, &s->n1_cause))
		return establish_refuse(smf, s, SBI_PDUTYPE_NOT_SUPPORTED, s->n1_cause);
	if (!take_subscription(smf, s, dnn))
		return establish_refuse(smf, s, SBI_INSUFFICIENT_RESOURCES, NAS_5GSM_INSUFFICIENT_RESOURCES);
	if (!smf_ssc_select(s, &dnn->ssc_modes, s->ssc_asked))
		return establish_refuse(smf, s, SBI_SSC_NOT_SUPPORTED, NAS_5GSM_NOT_SUPPORTED_SSC_MODE);
	nf_call(&smf->nf, SBI_UDM_SMF_REGISTRATION, &req, smf_n11_token(smf, s));
	return FSM_OK;
}

static enum fsm_outcome establish_without_address(struct smf *smf, struct smf_session *s)
{
	smf->stat[SMF_STAT_ADDRESSES_OUT]++;
	if (s->static_address)
		smf_address_reclaim(smf, s);
	return establish_refuse_because(smf, s, s->static_address ? EVENT_STATIC_ADDRESS : EVENT_NO_ADDRESS,
		SBI_INSUFFICIENT_RESOURCES, NAS_5GSM_INSUFFICIENT_RESOURCES);
}

/* With its addresses, by which applications name the session to the PCF (29.513 6.2). */
enum fsm_outcome smf_establish_authorize(struct smf *smf, struct smf_session *s)
{
	const struct smf_flow *flow = &s->flows.first;
	struct default_qos qos = { flow->five_qi, flow->arp, flow->priority_level };
	struct prefix prefix = { .bits = 64 };
	char uri[SBI_URI_SIZE], v6[PREFIX_STR_SIZE], gpsi[GPSI_STR_SIZE];
	struct npcf_sm_policy_create_req req = { .data = {
							 .supi = s->supi,
							 .gpsi = gpsi_str(s->msisdn, gpsi),
							 .invalid_supi = supi_is_imei(&s->supi),
							 .pdu_session_id = s->pdu_session_id,
							 .pdu_session_type = (enum pdu_session_type)s->type,
							 .dnn = s->dnn->dnn,
							 .notification_uri = uri,
							 .subs_sess_ambr = &s->ambr,
							 .subs_def_qos = &qos,
							 .slice_info = s->snssai,
						 } };

	if (!smf_session_take_address(smf, s))
		return establish_without_address(smf, s);
	prefix.ip.high = smf_session_families(s) & SMF_V6 ? s->ue.ipv6_prefix : 0;
	req.data.ipv4_address = smf_session_families(s) & SMF_V4 ? s->ue.ipv4 : 0;
	req.data.ipv6_address_prefix = prefix.ip.high ? prefix_str(&prefix, v6) : NULL;
	/* Empty when it cannot be made: then nothing is notified. */
	may_fail(sbi_callback_uri(smf->nf.self, SBI_CALLBACK_SM_POLICY,
		&(struct sbi_callback){ s->seid, s->pdu_session_id }, uri));
	nf_call(&smf->nf, SBI_PCF_SM_POLICY_CREATE, &req, smf_n11_token(smf, s));
	return FSM_OK;
}

/* Registered at the UDM. */
enum fsm_outcome smf_establish_registered(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sbi_answer *a = arg;

	if (a->cause != SBI_OK)
		return establish_refuse(smf, s, SBI_NETWORK_FAILURE, NAS_5GSM_NETWORK_FAILURE);
	s->registered = true;
	return smf_establish_authorize(smf, s);
}

/* UPF, PFCP session; the AMF gets its answer before the UPF gives its. */
enum fsm_outcome smf_establish_authorized(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sbi_answer *a = arg;
	const struct npcf_sm_policy_create_rsp *policy = a->body;
	char ref[SM_CONTEXT_REF_SIZE];
	struct nsmf_create_sm_context_rsp rsp = { .sm_context_ref = ref };

	if (a->cause != SBI_OK)
		return establish_refuse(smf, s, SBI_NETWORK_FAILURE, NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED);
	str_copy(s->policy_id, sizeof(s->policy_id), policy->policy_id);
	s->pcf = a->from;
	may_fail(smf_policy_take(smf, s, &policy->data));
	s->upf = smf_upf_select(smf, s, 0);
	if (s->upf == SMF_UPF_NONE)
		return establish_refuse(smf, s, SBI_PEER_NOT_RESPONDING, NAS_5GSM_INSUFFICIENT_RESOURCES);
	smf->upfs[s->upf].sessions++;
	s->smf_buffers = smf_upf_sends_downlink(&smf->upfs[s->upf]) && s->type <= NAS_PDU_IPV4V6;
	if (!smf_n4_establish(smf, s))
		return establish_refuse(smf, s, SBI_INSUFFICIENT_RESOURCES, NAS_5GSM_INSUFFICIENT_RESOURCES);
	smf_session_ref(s, ref);
	smf_n11_answer(smf, s, SBI_OK, &rsp);
	return FSM_OK;
}

/* The UPF has the session: accept to the UE, setup request to the gNB. */
enum fsm_outcome smf_establish_accept(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	struct bytes n1 = smf_nas_sm_accept(smf, s), n2 = smf_n2_sm_setup_request(smf, s);

	smf_session_dirty(smf, s);
	if (n1.len == 0 || n2.len == 0) {
		log_error(smf->nf.env->log, "imsi-%s: PDU session %u cannot be encoded for UE and gNB",
			s->supi.imsi, s->pdu_session_id);
		return smf_establish_abort(smf, s, NULL);
	}
	smf_session_guard(smf, s, smf->config.setup_guard_ms);
	s->gnb_has = true;
	smf_session_ask_gnb(s);
	smf_flows_ask_ue(&s->flows);
	smf_n11_transfer(smf, s, n1, N2_IE_PDU_RES_SETUP_REQ, n2);
	return FSM_OK;
}

static enum fsm_outcome establish_give_up(struct smf *smf, struct smf_session *s)
{
	smf_count_failed(smf, NAS_5GSM_INSUFFICIENT_RESOURCES);
	s->notify = true;
	smf_session_event(smf, s, SM_EV_END, NULL);
	return FSM_GONE;
}

/* After the AMF had its answer: the UE gets the reject through N1N2MessageTransfer. */
enum fsm_outcome smf_establish_abort(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;

	log_info(smf->nf.env->log, "imsi-%s: PDU session %u given up in state \"%s\"", s->supi.imsi,
		s->pdu_session_id, smf->life->state_names[s->state]);
	smf_n11_reply(u, SBI_OK, NULL);
	smf_n11_transfer(smf, s,
		smf_nas_sm_reject(smf, s->pdu_session_id, s->pti, NAS_5GSM_INSUFFICIENT_RESOURCES, 0),
		N2_IE_ABSENT, BYTES_NONE);
	smf_session_tell(smf, s, EVENT_SESSION_REJECTED, EVENT_UPF_REFUSED, NAS_5GSM_INSUFFICIENT_RESOURCES);
	return establish_give_up(smf, s);
}

/*
 * The gNB failed, or is silent. Whether the UE has the accept nobody knows: if not, the reject ends its
 * procedure; if so, it ignores that, and the session that it believes in is released.
 */
enum fsm_outcome smf_establish_withdraw(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;

	log_info(smf->nf.env->log, "imsi-%s: PDU session %u: no resources at the gNB", s->supi.imsi,
		s->pdu_session_id);
	smf_session_tell(smf, s, EVENT_SESSION_REJECTED, EVENT_GNB_REFUSED, NAS_5GSM_INSUFFICIENT_RESOURCES);
	smf_count_failed(smf, NAS_5GSM_INSUFFICIENT_RESOURCES);
	smf_n11_reply(u, SBI_OK, NULL);
	s->gnb_has &= !u;
	smf_n11_transfer(smf, s,
		smf_nas_sm_reject(smf, s->pdu_session_id, s->pti, NAS_5GSM_INSUFFICIENT_RESOURCES, 0),
		N2_IE_ABSENT, BYTES_NONE);
	s->n1_cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	return smf_release_command(smf, s, NULL);
}

enum fsm_outcome smf_establish_undelivered(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	smf_session_tell(smf, s, EVENT_SESSION_REJECTED, EVENT_UNDELIVERED, 0);
	return establish_give_up(smf, s);
}

/* The first that is heard of the gNB, or of the UE's going: the session is established, and from here on its
 * user plane has its own state, which takes the same event. */
enum fsm_outcome smf_establish_set_up(void *room, void *context, const void *arg)
{
	return smf_session_event(room, context, SM_EV_FIRST_RESPONSE, arg);
}

enum fsm_outcome smf_establish_activate(void *room, void *context, const void *arg)
{
	return smf_session_event(room, context, SM_EV_ACTIVATE, arg);
}

enum fsm_outcome smf_establish_deactivate(void *room, void *context, const void *arg)
{
	return smf_session_event(room, context, SM_EV_DEACTIVATE, arg);
}
