/*
 * Registration, 23.502 4.2.2.2 and 24.501 5.5.1. A request is judged and raises what is next (dispatch.c has
 * the order of it all).
 *
 *   UE  -> AMF  REGISTRATION REQUEST            24.501 5.5.1.2.2, 5.5.1.3.2
 *               identification, authentication, security mode control: unless its MAC proves a context
 *   AMF -> UDM  Nudm_UECM_Registration          29.503 5.3.2.2.2
 *   AMF -> UDM  Nudm_SDM_Get                    29.503 5.2.2.2
 *   AMF -> NSSF Nnssf_NSSelection_Get           29.531 5.2.2.2
 *   AMF -> PCF  Npcf_AMPolicyControl_Create     29.507 4.2.2
 *   AMF -> UE   REGISTRATION ACCEPT (T3550)     24.501 5.5.1.2.4, 5.5.1.3.4; in INITIAL CONTEXT SETUP
 *                                               REQUEST
 *               or REGISTRATION REJECT          5.5.1.2.5, 5.5.1.3.5
 *   UE  -> AMF  REGISTRATION COMPLETE           5.5.1.2.4
 *   AMF -> UE   CONFIGURATION UPDATE COMMAND    5.4.4.2: names and the time, where they are configured
 */
#include <stdio.h>

#include "core/amf/emergency.h"
#include "core/amf/home_update.h"
#include "core/amf/ladn.h"
#include "core/amf/mobility.h"
#include "core/amf/paging.h"

/* What every UE has: NEA0 to 128-NEA2, 128-NIA1 and 128-NIA2 (33.501 5.3.2 and 5.3.3; 24.501 5.5.1.2.8 h). */
static bool has_mandatory_algorithms(const struct nas_ue_security_capability *c)
{
	return nas_ue_security_capable(c, NAS_CAP_EA, 0) && nas_ue_security_capable(c, NAS_CAP_EA, 1) &&
	       nas_ue_security_capable(c, NAS_CAP_EA, 2) && nas_ue_security_capable(c, NAS_CAP_IA, 1) &&
	       nas_ue_security_capable(c, NAS_CAP_IA, 2);
}

/* What the request leads to, once it is taken. */
static enum fsm_outcome registration_next(struct amf *amf, struct amf_ue *ue, const struct amf_nas *nas,
	const struct nas_registration_request *m)
{
	struct amf_registration *p = amf_registration_of(ue);
	const struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	uint8_t cause = amf_emergency_refusal(amf, ue);

	if (cause)
		return amf_registration_reject(amf, ue, cause);
	if (!amf_registration_is_supported(p->registration_type)) {
		/* Not a cause that would keep the UE away: it may register otherwise. */
		return amf_registration_reject(amf, ue, NAS_CAUSE_PROTOCOL_ERROR);
	}
	if (!amf_gnb_has_tai(amf, c->gnb, &c->location.tai) && !amf_emergency_is_asked(p))
		return amf_registration_reject(amf, ue, NAS_5GMM_TRACKING_AREA_NOT_ALLOWED);
	if (nas->is_protected) {
		if (supi_is_imei(&ue->supi) || !nas_security_wears_out(&ue->security))
			return amf_mm_event(amf, ue, MM_EV_SECURED, NULL);
		snprintf(p->supi_or_suci, sizeof(p->supi_or_suci), "imsi-%s", ue->supi.imsi);
		return amf_mm_event(amf, ue, MM_EV_AUTHENTICATE, NULL);
	}
	/* Without a context the algorithms follow from the capability: a UE that left it out must begin
	 * again.
	 */
	if (p->capability.len == 0) {
		return amf_registration_reject(
			amf, ue, NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK);
	}
	if (!has_mandatory_algorithms(&p->capability))
		return amf_registration_reject(amf, ue, NAS_5GMM_UE_SECURITY_CAPABILITIES_MISMATCH);
	if (amf_identity_text(&m->mobile_identity, p->supi_or_suci))
		return amf_mm_event(amf, ue, MM_EV_AUTHENTICATE, NULL);
	if (amf_emergency_takes_pei(amf, ue, &m->mobile_identity))
		return amf_mm_event(amf, ue, MM_EV_UNPROVED, NULL);
	return amf_mm_event(amf, ue, MM_EV_IDENTIFY, NULL);
}

enum fsm_outcome amf_registration_request(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct amf_nas *nas = arg;
	const struct nas_registration_request *m;
	const struct nas_msg *complete;
	struct nas_msg inner;
	struct amf_registration *p;

	if (nas->initial && !amf_load_admits(amf, nas->connection)) {
		amf_count_turned_away(amf, &nas->msg->registration_request, NAS_5GMM_CONGESTION);
		return amf_registration_put_off(amf, ue);
	}
	p = (struct amf_registration *)amf_procedure_begin(amf, ue, AMF_REGISTRATION);
	if (!p) {
		amf_count_turned_away(amf, &nas->msg->registration_request, NAS_5GMM_CONGESTION);
		return amf_registration_reject(amf, ue, NAS_5GMM_CONGESTION);
	}
	p->begun_ns = env_now_ns(amf->nf.env);
	p->request_digest = bytes_digest(nas->plain);
	complete = amf_nas_complete(amf, ue, nas, &inner);
	if (!complete)
		return amf_registration_reject(amf, ue, NAS_CAUSE_INVALID_MANDATORY);
	m = &complete->registration_request;
	p->capability = ue->capability;
	amf_registration_take(amf, p, m, nas->is_protected);
	return registration_next(amf, ue, nas, m);
}

/* 5.5.1.2.8 d and e: the same request again changes nothing; another one begins again. */
enum fsm_outcome amf_registration_restart(void *room, void *context, const void *arg)
{
	struct amf_ue *ue = context;
	const struct amf_nas *nas = arg;
	const struct amf_registration *p = amf_registration_of(ue);

	if (p && p->request_digest == bytes_digest(nas->plain))
		return FSM_OK;
	return amf_mm_event(room, ue, MM_EV_RESTART, arg);
}

static struct sbi_token token(struct amf *amf, struct amf_ue *ue)
{
	return amf_procedure_token(amf, &amf_registration_of(ue)->p);
}

static void ask_uecm(struct amf *amf, struct amf_ue *ue)
{
	char uri[SBI_URI_SIZE];
	struct nudm_amf_registration_req req = { ue->supi,
		{
			.amf_instance_id = amf->nf.nf_instance_id,
			.dereg_callback_uri = uri,
			.guami = amf->config.guami,
			.rat_type = RAT_TYPE_NR,
			.initial_registration_ind =
				amf_registration_of(ue)->registration_type == NAS_REGISTRATION_INITIAL,
		} };

	ue->callback = env_random_u32(amf->nf.env);
	/* Empty when it cannot be made: then nothing is notified. */
	may_fail(sbi_callback_uri(amf->nf.self, SBI_CALLBACK_DEREG_NOTIFY,
		&(struct sbi_callback){ supi_key(&ue->supi), ue->callback }, uri));
	nf_call(&amf->nf, SBI_UDM_AMF_REGISTRATION, &req, token(amf, ue));
}

static void ask_am_data(struct amf *amf, struct amf_ue *ue)
{
	struct nudm_sdm_get_req req = { ue->supi, amf->config.guami.plmn };

	nf_call(&amf->nf, SBI_UDM_GET_AM_DATA, &req, token(amf, ue));
}

static void ask_slices(struct amf *amf, struct amf_ue *ue)
{
	const struct amf_registration *p = amf_registration_of(ue);
	struct subscribed_snssai subscribed[2 * SNSSAI_MAX] = { 0 };
	struct nnssf_ns_selection_req req = {
		.nf_type = NF_AMF,
		.nf_id = amf->nf.nf_instance_id,
		.tai = ue->tai,
		.slice_info = {
			.subscribed_nssai = { 0, subscribed },
			.requested_nssai = { p->requested_nssai.count, p->requested_nssai.items },
		},
	};
	uint32_t *count = &req.slice_info.subscribed_nssai.count;

	for (uint8_t i = 0; i < p->default_nssai.count; i++)
		subscribed[(*count)++] = (struct subscribed_snssai){ p->default_nssai.items[i], true };
	for (uint8_t i = 0; i < p->subscribed_nssai.count; i++)
		subscribed[(*count)++] = (struct subscribed_snssai){ p->subscribed_nssai.items[i], false };
	nf_call(&amf->nf, SBI_NSSF_NS_SELECTION, &req, token(amf, ue));
}

static void ask_policy(struct amf *amf, struct amf_ue *ue)
{
	char uri[SBI_URI_SIZE];
	struct npcf_am_policy_create_req req = { .data = {
							 .notification_uri = uri,
							 .supi = ue->supi,
							 .access_type = ACCESS_TYPE_THREE_GPP_ACCESS,
							 .serving_plmn = &amf->config.guami.plmn,
							 .allowed_snssais = { ue->allowed_nssai.count,
								 ue->allowed_nssai.items },
							 .guami = &amf->config.guami,
							 .supp_feat = "0",
						 } };

	/* Empty when it cannot be made: then nothing is notified. */
	may_fail(sbi_callback_uri(amf->nf.self, SBI_CALLBACK_AM_POLICY,
		&(struct sbi_callback){ supi_key(&ue->supi), ue->callback }, uri));
	nf_call(&amf->nf, SBI_PCF_AM_POLICY_CREATE, &req, token(amf, ue));
}

enum fsm_outcome amf_registration_subscribe(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct amf_registration *p = amf_registration_of(ue);

	if (p->registration_type == NAS_REGISTRATION_INITIAL || p->radio_capability_changed)
		amf_ue_radio_capability_forget(amf, ue);
	if (p->registration_type == NAS_REGISTRATION_INITIAL || amf_emergency_is_asked(p))
		amf_session_release_all(amf, ue);
	else if (p->has_pdu_session_status)
		amf_session_reconcile(amf, ue, p->pdu_session_status);
	ue->emergency = amf_emergency_is_only(ue);
	if (ue->emergency) {
		amf_emergency_allow(amf, ue);
		return amf_mm_event(amf, ue, MM_EV_SUBSCRIBED, NULL);
	}
	ask_uecm(amf, ue);
	return FSM_OK;
}

/* No more slices are kept than an NSSAI of NAS holds (24.501 9.11.3.37). */
static void nssai_add(struct nssai *to, const struct snssai *s)
{
	if (to->count < SNSSAI_MAX)
		to->items[to->count++] = *s;
}

static void nssai_take(struct nssai *to, const struct snssai_list *from)
{
	to->count = 0;
	for (uint32_t i = 0; i < from->count; i++)
		nssai_add(to, &from->items[i]);
}

/* 0, or the 5GMM cause to refuse the UE with. */
static uint8_t take_am_data(
	struct amf *amf, struct amf_ue *ue, const struct access_and_mobility_subscription_data *data)
{
	static const struct snssai_list none;
	struct amf_registration *p = amf_registration_of(ue);
	uint32_t tac = ue->tai.tac;
	uint8_t cause;

	amf_steering_of_subscription(amf, ue, data->sor_info);
	amf_subscription_take(ue, data);
	nssai_take(&p->default_nssai, data->nssai ? &data->nssai->default_single_nssais : &none);
	nssai_take(&p->subscribed_nssai, data->nssai ? &data->nssai->single_nssais : &none);
	if (!amf_mobility_take(ue, data) || !amf_ladn_take(amf, ue, data, p->ladns))
		return NAS_5GMM_CONGESTION;
	cause = amf_emergency_has(ue) ? 0 : amf_mobility_refusal(amf, ue, tac); /* 23.501 5.16.4.3 */
	if (!cause &&
		(!amf_mobility_use_area(amf, ue, tac, p->registration_type == NAS_REGISTRATION_INITIAL) ||
			!amf_reachability_agree(amf, ue, p)))
		return NAS_5GMM_CONGESTION;
	return cause;
}

static void take_slices(struct amf_ue *ue, const struct authorized_network_slice_info *info)
{
	struct amf_registration *p = amf_registration_of(ue);

	ue->allowed_nssai.count = p->configured_nssai.count = 0;
	for (uint32_t i = 0; i < info->allowed_nssai_list.count; i++) {
		const struct allowed_nssai *list = &info->allowed_nssai_list.items[i];

		for (uint32_t n = 0; list->access_type == ACCESS_TYPE_THREE_GPP_ACCESS &&
				     n < list->allowed_snssai_list.count;
			n++)
			nssai_add(&ue->allowed_nssai, &list->allowed_snssai_list.items[n].allowed_snssai);
	}
	for (uint32_t i = 0; i < info->configured_nssai.count; i++)
		nssai_add(&p->configured_nssai, &info->configured_nssai.items[i].configured_snssai);
	nssai_take(&p->rejected_in_plmn, &info->rejected_nssai_in_plmn);
	nssai_take(&p->rejected_in_ta, &info->rejected_nssai_in_ta);
}

/* The sessions with data to send come with the accept (23.502 4.2.2.2.2 step 17), or the UE waits for none.
 */
static enum fsm_outcome activate(struct amf *amf, struct amf_ue *ue)
{
	struct amf_registration *p = amf_registration_of(ue);

	if (amf_mobility_allows(ue, ue->tai.tac))
		p->user_plane.asked =
			amf_session_activate(amf, ue, p->uplink_data_status | amf_n1n2_transfer_sessions(ue));
	if (!p->user_plane.asked)
		return amf_mm_event(amf, ue, MM_EV_SUBSCRIBED, NULL);
	amf_procedure_wait(amf, &p->p, AMF_ACTIVATION_WAIT_MS);
	return FSM_OK;
}

/* One answer after the other: UDM, UDM, NSSF, PCF. */
enum fsm_outcome amf_registration_answer(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct sbi_answer *a = arg;
	const struct npcf_am_policy_create_rsp *policy = a->body;
	uint8_t cause;

	if (a->cause != SBI_OK) {
		log_info(amf->nf.env->log, "imsi-%s: %s answers %s", ue->supi.imsi, sbi_ops[a->op].name,
			sbi_cause_name(a->cause));
		return amf_registration_refused(amf, ue, a->cause);
	}
	switch (a->op) {
	case SBI_UDM_AMF_REGISTRATION:
		ask_am_data(amf, ue);
		return FSM_OK;
	case SBI_UDM_GET_AM_DATA:
		cause = take_am_data(amf, ue, &((const struct nudm_am_data_rsp *)a->body)->data);
		if (cause)
			return amf_registration_reject(amf, ue, cause);
		ask_slices(amf, ue);
		return FSM_OK;
	case SBI_NSSF_NS_SELECTION:
		take_slices(ue, &((const struct nnssf_ns_selection_rsp *)a->body)->data);
		if (ue->allowed_nssai.count == 0) {
			return amf_registration_reject(amf, ue, NAS_5GMM_NO_NETWORK_SLICES_AVAILABLE);
		}
		ask_policy(amf, ue);
		return FSM_OK;
	case SBI_PCF_AM_POLICY_CREATE:
		str_copy(ue->policy_id, sizeof(ue->policy_id), policy->policy_id);
		ue->pcf = a->from;
		if (policy->data.ue_ambr)
			ue->ambr = *policy->data.ue_ambr;
		return activate(amf, ue);
	default:
		return FSM_OK;
	}
}

enum fsm_outcome amf_registration_accept(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	char name[48];

	if (!amf_ue_allocate_tmsi(amf, ue))
		return amf_registration_reject(amf, ue, NAS_5GMM_CONGESTION);
	ue->tai = amf_connection_for(ue, AMF_FOR_NAS)->location.tai;
	ue->area_old = false; /* the accept has it */
	if (ue->mobility)
		ue->mobility->areas_changed = false;
	amf_ue_set_registered(amf, ue, true);
	amf_ue_dirty(amf, ue);
	if (!amf_registration_accept_send(amf, ue))
		return amf_registration_reject(amf, ue, NAS_5GMM_CONGESTION);
	amf->stat[AMF_STAT_REGISTRATIONS]++;
	amf_count_accept(amf, ue, amf_registration_of(ue));
	amf_ue_event(amf, ue, EVENT_REGISTERED, EVENT_NO_REASON, 0);
	log_info(amf->nf.env->log, "%s is registered at %s", amf_ue_str(amf, ue, name),
		amf_connection_for(ue, AMF_FOR_NAS)->gnb->name);
	return FSM_OK;
}

/* arg is NULL when T3550 expired for the last time: registered, with both GUTIs valid (5.5.1.2.8 c). */
enum fsm_outcome amf_registration_complete(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct amf_registration *p = amf_registration_of(ue);
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	bool release = p->registration_type == NAS_REGISTRATION_PERIODIC && !p->follow_on_request;

	amf_steering_complete(amf, ue, arg);
	amf_procedure_end(amf, &p->p);
	timer_stop(&amf->nf.timers, &c->guard);
	amf_reachability_begin(amf, ue);
	amf_ladn_moved(amf, ue);
	if (!release)
		amf_reauthentication_due(amf, ue);
	if (arg)
		amf_ue_tmsi_acknowledged(amf, ue);
	if (arg && !release) {
		amf_configuration_update(amf, ue);
		amf_configuration_update_due(amf, ue); /* of a change since the accept */
	}
	if (release)
		amf_connection_release(amf, c, ngap_cause_of_nas(NGAP_CAUSE_NAS_NORMAL_RELEASE));
	return FSM_OK;
}

void amf_registration_ended(struct amf *amf, struct amf_procedure *p)
{
	amf_count_request(amf, p->ue, (struct amf_registration *)p);
}

/* T3550; before it, the SMFs have answered, or have not for too long. */
void amf_registration_expired(struct amf *amf, struct amf_procedure *p)
{
	if (p->ue->state == MM_SUBSCRIBING) {
		amf_mm_event(amf, p->ue, MM_EV_SUBSCRIBED, NULL);
		return;
	}
	if (!amf_n1_repeat(amf, p, amf->config.t3550_ms))
		amf_mm_event(amf, p->ue, MM_EV_REGISTRATION_COMPLETE, NULL);
}

/* The connection is gone before the end: a UE that was registered still is, another is forgotten. */
enum fsm_outcome amf_registration_abandon(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;

	if (!ue->registered) {
		amf_ue_free(amf, ue);
		return FSM_GONE;
	}
	amf_ue_became_idle(amf, ue); /* as a registered one, which ends the procedures */
	return FSM_OK;
}
