/* The contents of registration messages, 24.501 8.2.6 to 8.2.9. */
#include <stdio.h>

#include "core/amf/emergency.h"
#include "core/amf/home_update.h"
#include "core/amf/ladn.h"
#include "core/amf/mobility.h"
#include "core/amf/security_context.h"

/* A value of the network (24.501 table 10.2.2): a phone tries again within the minute, not all at once. */
enum { T3346_MIN_S = 30, T3346_SPREAD_S = 16 };

bool amf_registration_is_supported(uint8_t registration_type)
{
	return registration_type >= NAS_REGISTRATION_INITIAL &&
	       registration_type <= NAS_REGISTRATION_EMERGENCY;
}

/* What counts only when it came protected: all but the cleartext IEs of 4.4.6. */
static void take_protected(
	const struct amf *amf, struct amf_registration *p, const struct nas_registration_request *m)
{
	p->has_pdu_session_status = m->has_pdu_session_status;
	p->pdu_session_status = m->pdu_session_status;
	p->has_uplink_data_status = m->has_uplink_data_status;
	p->uplink_data_status = m->has_uplink_data_status ? m->uplink_data_status : 0;
	p->requested_nssai.count = 0;
	if (m->has_requested_nssai)
		for (size_t i = 0; i < m->requested_nssai.count && i < SNSSAI_MAX; i++)
			p->requested_nssai.items[p->requested_nssai.count++] =
				m->requested_nssai.items[i].snssai;
	p->has_requested_drx = m->has_requested_drx_parameters;
	p->requested_drx = m->requested_drx_parameters;
	p->has_mico = m->has_mico_indication;
	p->mico = m->mico_indication;
	p->has_t3324 = m->has_t3324;
	p->t3324 = m->t3324;
	p->has_requested_t3512 = m->has_requested_t3512;
	p->requested_t3512 = m->requested_t3512;
	p->has_edrx =
		m->has_requested_extended_drx_parameters && m->requested_extended_drx_parameters.len > 0;
	p->edrx = p->has_edrx ? m->requested_extended_drx_parameters.data[0] : 0;
	p->ladns = m->has_ladn_indication ? amf_ladn_asked(amf, &m->ladn_indication) : UINT8_MAX;
	p->radio_capability_changed = m->has_update_type && m->update_type & NAS_UPDATE_NG_RAN_RCU;
}

void amf_registration_take(const struct amf *amf, struct amf_registration *p,
	const struct nas_registration_request *m, bool is_protected)
{
	p->registration_type = m->registration_type & NAS_REGISTRATION_TYPE_MASK;
	if (p->registration_type == 0) /* unused: means this (9.11.3.7) */
		p->registration_type = NAS_REGISTRATION_INITIAL;
	p->follow_on_request = m->registration_type & NAS_REGISTRATION_FOLLOW_ON;
	p->ue_ngksi = m->ngksi & NAS_KSI_MASK;
	if (m->has_ue_security_capability)
		p->capability = m->ue_security_capability;
	if (is_protected)
		take_protected(amf, p, m);
}

static struct nas_nssai nssai_to_nas(const struct nssai *from, struct nas_s_nssai items[SNSSAI_MAX])
{
	for (uint8_t i = 0; i < from->count; i++)
		items[i] = (struct nas_s_nssai){ .snssai = from->items[i] };
	return (struct nas_nssai){ from->count, items };
}

static void rejected_add(struct nas_rejected_nssai *out, const struct nssai *from, uint8_t cause)
{
	for (uint8_t i = 0; i < from->count && out->count < SNSSAI_MAX; i++)
		out->items[out->count++] =
			(struct nas_rejected_s_nssai){ .cause = cause, .snssai = from->items[i] };
}

/* What an accept or reject reports of rejected slices, in items; false: nothing. */
static bool rejected_nssai(const struct amf_registration *p, struct nas_rejected_s_nssai items[SNSSAI_MAX],
	struct nas_rejected_nssai *out)
{
	*out = (struct nas_rejected_nssai){ 0, items };
	rejected_add(out, &p->rejected_in_plmn, NAS_NSSAI_REJECTED_IN_PLMN);
	rejected_add(out, &p->rejected_in_ta, NAS_NSSAI_REJECTED_IN_REGISTRATION_AREA);
	return out->count > 0;
}

static struct nas_mobile_identity guti_of(const struct amf *amf, const struct amf_ue *ue)
{
	return (struct nas_mobile_identity){
		.type = NAS_IDENTITY_5G_GUTI,
		.guti = { amf->config.guami, ue->tmsi },
	};
}

bool amf_registration_accept_send(struct amf *amf, struct amf_ue *ue)
{
	struct amf_registration *p = amf_registration_of(ue);
	struct nas_s_nssai allowed[SNSSAI_MAX], configured[SNSSAI_MAX];
	struct nas_rejected_s_nssai rejected[SNSSAI_MAX];
	struct tai tais[AMF_TACS_MAX];
	struct nas_tai_partial area = { NAS_TAI_LIST_ONE_PLMN, false, amf_registration_area(amf, ue, tais),
		tais };
	uint8_t edrx, numbers[AMF_EMERGENCY_LIST_MAX];
	struct nas_msg m = { .type = NAS_REGISTRATION_ACCEPT };
	struct nas_registration_accept *a = &m.registration_accept;

	a->registration_result = NAS_RESULT_3GPP | (ue->emergency ? NAS_RESULT_EMERGENCY : 0);
	a->has_guti = a->has_tai_list = a->has_allowed_nssai = a->has_t3512 = a->has_network_feature_support =
		true;
	a->guti = guti_of(amf, ue);
	a->tai_list = (struct nas_tai_list){ 1, &area };
	a->allowed_nssai = nssai_to_nas(&ue->allowed_nssai, allowed);
	a->t3512 = amf_t3512(amf, ue);
	amf_reachability_accept(ue, &edrx, a);
	a->has_ladn_information = amf_ladn_information(amf, ue, &a->ladn_information);
	a->has_service_area_list = amf_mobility_service_areas(amf, ue, &a->service_area_list);
	a->network_feature_support = (struct tlv_flags){ .octets = 2,
		.bits = (amf->config.ims_voice && ue->ran.voice != AMF_VOICE_UNSUPPORTED
					? NAS_FEATURE_IMS_VOPS_3GPP
					: 0) |
			(amf_emergency_is_served(amf) ? NAS_FEATURE_EMC_NR : 0) };
	a->emergency_number_list = amf_emergency_numbers(amf, numbers);
	a->has_emergency_number_list = a->emergency_number_list.len > 0;
	a->has_rejected_nssai = rejected_nssai(p, rejected, &a->rejected_nssai);
	a->has_configured_nssai = p->configured_nssai.count > 0;
	a->configured_nssai = nssai_to_nas(&p->configured_nssai, configured);
	a->has_pdu_session_status = p->has_pdu_session_status;
	a->pdu_session_status = amf_session_status(ue);
	/* 5.5.1.2.4: answered when it was asked; every value that the UE wants can be paged with. */
	a->has_negotiated_drx_parameters = p->has_requested_drx;
	a->negotiated_drx_parameters = p->requested_drx;
	ue->drx = p->has_requested_drx ? p->requested_drx : 0;
	/* 5.5.1.3.4, 9.11.3.42: a bit of 1 is a session asked for that does not come back. */
	a->has_reactivation_result = p->has_uplink_data_status;
	a->reactivation_result = p->uplink_data_status & (uint16_t)~p->user_plane.ready;
	amf_steering_accept(amf, ue, a);
	/* T3550 repeats it, also when it cannot be sent now. */
	if (!amf_n1_keep(amf, &p->p, NAS_INTEGRITY_CIPHERED, &m, amf->config.t3550_ms))
		return false;
	may_fail(amf_accept_send(amf, ue, &m));
	return true;
}

/* Whether the identity that was given is one of this network. */
static bool is_of_our_plmn(const struct amf *amf, const struct amf_ue *ue)
{
	const struct amf_registration *p = amf_registration_of(ue);
	const struct plmn *plmn = &amf->config.guami.plmn;
	char mcc[4], mnc[4], suci[24], digits[PLMN_STR_SIZE];

	plmn_digits(plmn, mcc, mnc);
	snprintf(suci, sizeof(suci), "suci-0-%s-%s-", mcc, mnc);
	plmn_str(plmn, digits);
	return p && p->supi_or_suci[0] ? !strncmp(p->supi_or_suci, suci, strlen(suci))
				       : !strncmp(ue->supi.imsi, digits, strlen(digits));
}

/*
 * The cause when another function refuses (24.501 annex A). What a fault of ours may have brought about never
 * bars the USIM; what the operator may mend is the operator's choice (amfs: cause_unknown, cause_fault).
 */
static enum nas_5gmm_cause registration_cause(
	const struct amf *amf, const struct amf_ue *ue, enum sbi_cause cause)
{
	enum nas_5gmm_cause fault = amf->config.cause_fault ? amf->config.cause_fault : NAS_5GMM_CONGESTION;
	enum nas_5gmm_cause unknown =
		amf->config.cause_unknown ? amf->config.cause_unknown : NAS_5GMM_5GS_SERVICES_NOT_ALLOWED;

	switch (cause) {
	case SBI_USER_NOT_FOUND:
		return is_of_our_plmn(amf, ue) ? unknown : NAS_5GMM_PLMN_NOT_ALLOWED;
	case SBI_AUTHENTICATION_REJECTED:
		return NAS_5GMM_ILLEGAL_UE;
	case SBI_INVALID_HN_PUBLIC_KEY_IDENTIFIER:
	case SBI_INVALID_SCHEME_OUTPUT:
		return fault;
	case SBI_SERVING_NETWORK_NOT_AUTHORIZED:
		return NAS_5GMM_SERVING_NETWORK_NOT_AUTHORIZED;
	case SBI_UNKNOWN_5GS_SUBSCRIPTION:
	case SBI_DATA_NOT_FOUND:
		return NAS_5GMM_5GS_SERVICES_NOT_ALLOWED;
	default:
		return fault;
	}
}

static enum event_reason refusal_reason(const struct amf *amf, const struct amf_ue *ue, enum sbi_cause cause)
{
	switch (cause) {
	case SBI_USER_NOT_FOUND:
		return is_of_our_plmn(amf, ue) ? EVENT_UNKNOWN_SUBSCRIBER : EVENT_OTHER_NETWORK;
	case SBI_AUTHENTICATION_REJECTED:
		return EVENT_WRONG_KEY;
	case SBI_INVALID_HN_PUBLIC_KEY_IDENTIFIER:
	case SBI_INVALID_SCHEME_OUTPUT:
		return EVENT_HOME_NETWORK_KEY;
	case SBI_UNKNOWN_5GS_SUBSCRIPTION:
	case SBI_DATA_NOT_FOUND:
		return EVENT_UNKNOWN_SUBSCRIBER;
	default:
		return EVENT_FAULT;
	}
}

/* Of what the AMF refuses by itself. */
static enum event_reason rejection_reason(uint8_t cause)
{
	switch (cause) {
	case NAS_5GMM_CONGESTION:
		return EVENT_EXHAUSTED;
	case NAS_5GMM_NO_NETWORK_SLICES_AVAILABLE:
		return EVENT_NO_SLICE;
	case NAS_5GMM_TRACKING_AREA_NOT_ALLOWED:
		return EVENT_TRACKING_AREA;
	case NAS_5GMM_UE_SECURITY_CAPABILITIES_MISMATCH:
		return EVENT_NO_ALGORITHM;
	case NAS_5GMM_PEI_NOT_ACCEPTED:
		return EVENT_EMERGENCY;
	case NAS_5GMM_N1_MODE_NOT_ALLOWED:
	case NAS_5GMM_ROAMING_NOT_ALLOWED_IN_THIS_TRACKING_AREA:
	case NAS_5GMM_NO_SUITABLE_CELLS_IN_TRACKING_AREA:
		return EVENT_RESTRICTED;
	default:
		return EVENT_NO_REASON;
	}
}

uint8_t amf_t3346(struct amf *amf)
{
	return nas_timer2_of(T3346_MIN_S + env_random_u32(amf->nf.env) % T3346_SPREAD_S);
}

static void reject_send(struct amf *amf, struct amf_ue *ue, uint8_t cause)
{
	struct nas_rejected_s_nssai items[SNSSAI_MAX];
	struct nas_msg m = { .type = NAS_REGISTRATION_REJECT, .registration_reject.cause = cause };
	struct nas_registration_reject *r = &m.registration_reject;
	const struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	const struct amf_registration *p = amf_registration_of(ue);

	if (p)
		r->has_rejected_nssai = rejected_nssai(p, items, &r->rejected_nssai);
	r->has_t3346 = cause == NAS_5GMM_CONGESTION;
	r->t3346 = r->has_t3346 ? amf_t3346(amf) : 0;
	amf_n1_send(amf, ue, c->secured && ue->security.active ? NAS_INTEGRITY_CIPHERED : NAS_PLAIN, &m);
}

static enum fsm_outcome registration_reject(
	struct amf *amf, struct amf_ue *ue, enum event_reason reason, uint8_t cause)
{
	struct amf_registration *p = amf_registration_of(ue);
	char name[48];

	amf_ue_event(amf, ue, EVENT_REGISTRATION_REJECTED, reason, cause);
	amf->stat[AMF_STAT_REGISTRATION_REJECTS]++;
	if (p)
		amf_count_reject(amf, ue, p, cause);
	log_info(amf->nf.env->log, "%s: registration rejected, cause %u (%s)", amf_ue_str(amf, ue, name),
		cause, nas_5gmm_cause_name(cause));
	reject_send(amf, ue, cause);
	/* A UE that was registered is not any more; its context goes with the connection. */
	amf_ue_set_registered(amf, ue, false);
	amf_ue_dirty(amf, ue);
	amf_connection_release(
		amf, amf_connection_for(ue, AMF_FOR_NAS), ngap_cause_of_nas(NGAP_CAUSE_NAS_UNSPECIFIED));
	return FSM_GONE;
}

enum fsm_outcome amf_registration_reject(struct amf *amf, struct amf_ue *ue, uint8_t cause)
{
	return registration_reject(amf, ue, rejection_reason(cause), cause);
}

enum fsm_outcome amf_registration_refused(struct amf *amf, struct amf_ue *ue, enum sbi_cause cause)
{
	return registration_reject(
		amf, ue, refusal_reason(amf, ue, cause), (uint8_t)registration_cause(amf, ue, cause));
}

/* 5.5.1.2.5, 5.5.1.3.5: a UE that is registered still is. */
enum fsm_outcome amf_registration_put_off(struct amf *amf, struct amf_ue *ue)
{
	amf_ue_event(amf, ue, EVENT_REGISTRATION_REJECTED, EVENT_OVERLOAD, NAS_5GMM_CONGESTION);
	reject_send(amf, ue, NAS_5GMM_CONGESTION);
	if (!ue->registered && ue->security.active)
		amf_security_context_keep(amf, ue);
	amf_connection_release(amf, amf_connection_for(ue, AMF_FOR_NAS),
		ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD));
	return FSM_GONE;
}
