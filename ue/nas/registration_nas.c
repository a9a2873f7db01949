/* The contents of registration messages (24.501 8.2.6, 8.2.7) and the UE's identities. */
#include "ue/internal.h"

#include "crypto/nea.h"
#include "crypto/nia.h"

static bool suci_make(struct ue *ue)
{
	struct writer w = writer_of(ue->suci, sizeof(ue->suci));
	uint8_t eph_private[SUCI_PRIVATE_LEN];
	bool ok;

	env_random(ue->host->env, eph_private, sizeof(eph_private));
	ok = usim_suci(&ue->usim, &ue->profile->suci, eph_private, &w);
	explicit_bzero(eph_private, sizeof(eph_private));
	ue->suci_len = ok ? (uint8_t)w.len : 0;
	ue->suci_until_ns = 0;
	if (!ok)
		log_error(ue->host->env->log, "imsi-%s: no SUCI: the home network's public key is not one",
			ue->usim.supi.imsi);
	return ok;
}

bool ue_identity_suci(struct ue *ue, struct nas_mobile_identity *out, bool sent)
{
	uint64_t now = env_now_ns(ue->host->env);
	uint32_t t3519_ms = ue->profile->t3519_ms ? ue->profile->t3519_ms : T3519_MS;

	if ((ue->suci_len == 0 || (ue->suci_until_ns && ue->suci_until_ns <= now)) && !suci_make(ue))
		return false;
	if (sent && !ue->suci_until_ns)
		ue->suci_until_ns = now + (uint64_t)t3519_ms * NS_PER_MS;
	*out = (struct nas_mobile_identity){ .type = NAS_IDENTITY_SUCI };
	out->suci.supi_format = NAS_SUPI_IMSI;
	out->suci.plmn = ue->usim.home;
	str_copy(out->suci.routing_indicator, sizeof(out->suci.routing_indicator),
		ue->home.parameters.routing_indicator[0] ? ue->home.parameters.routing_indicator
		: ue->profile->suci.routing_indicator[0] ? ue->profile->suci.routing_indicator
							 : "0");
	out->suci.protection_scheme = (uint8_t)ue->profile->suci.scheme;
	out->suci.home_network_key_id =
		ue->profile->suci.scheme == SUCI_NULL ? 0 : ue->profile->suci.home_network_key_id;
	out->suci.scheme_output = bytes_of(ue->suci, ue->suci_len);
	return true;
}

bool ue_identity_best(struct ue *ue, struct nas_mobile_identity *out, bool sent)
{
	if (!ue->has_guti && !usim_is_present(&ue->usim)) { /* 24.501 5.5.1.2.2: the PEI */
		*out = (struct nas_mobile_identity){ .type = NAS_IDENTITY_IMEISV };
		str_copy(out->imei, sizeof(out->imei), ue->imeisv);
		return true;
	}
	if (!ue->has_guti)
		return ue_identity_suci(ue, out, sent);
	*out = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI, .guti = ue->guti };
	return true;
}

void ue_identity_take_guti(struct ue *ue, const struct nas_mobile_identity *id)
{
	if (id->type != NAS_IDENTITY_5G_GUTI)
		return;
	ue_s_tmsi_take(ue, &id->guti);
	/* T3519 ends; the next SUCI is another one. */
	ue->suci_len = 0;
	ue->suci_until_ns = 0;
}

struct nas_ue_security_capability ue_capability(const struct ue *ue)
{
	if (ue->profile->security_capability.len >= 2)
		return ue->profile->security_capability;
	/* 24.501 9.11.3.54: the first bit is algorithm 0 */
	return (struct nas_ue_security_capability){ 2,
		{ (uint8_t)(0xff00 >> NEA_ALG_COUNT), (uint8_t)(0xff00 >> NIA_ALG_COUNT) } };
}

/* 5.5.1.2.2: what is configured; else, and the network is told so, the default configured NSSAI. */
static void requested_nssai(
	const struct ue *ue, struct nas_registration_request *m, struct nas_s_nssai *nssai)
{
	bool by_default = ue->profile->slice_count == 0;
	const struct snssai *from = by_default ? ue->home.parameters.default_nssai : ue->profile->slices;
	size_t count = by_default ? ue->home.parameters.default_nssai_count : ue->profile->slice_count;

	m->has_requested_nssai = count > 0;
	m->requested_nssai = (struct nas_nssai){ count, nssai };
	for (size_t i = 0; i < count && i < SNSSAI_MAX; i++)
		nssai[i] = (struct nas_s_nssai){ .snssai = from[i] };
	m->has_network_slicing_indication = by_default && count > 0;
	m->network_slicing_indication = NAS_SLICING_DEFAULT_CONFIGURED;
}

/* complete: with what may not be sent in the clear (4.4.6). */
void ue_registration_request_fill(
	struct ue *ue, bool complete, struct nas_registration_request *m, struct ue_request_parts *parts)
{
	struct nas_s_nssai *nssai = parts->nssai;

	m->registration_type = ue->registration_type;
	if ((ue->profile->auto_session && ue->registration_type == NAS_REGISTRATION_INITIAL) ||
		ue->registration_type == NAS_REGISTRATION_EMERGENCY)
		m->registration_type |= NAS_REGISTRATION_FOLLOW_ON;
	m->ngksi = ue->security.active ? ue->security.ngksi : NAS_KSI_NONE;
	m->has_ue_security_capability = ue->registration_type != NAS_REGISTRATION_PERIODIC;
	m->ue_security_capability = ue_capability(ue);
	if (!complete)
		return;
	ue_reachability_request(ue, parts->edrx, m);
	/* 23.501 5.16.4.1: no slices in limited service. */
	if (ue->registration_type != NAS_REGISTRATION_PERIODIC) {
		m->has_gmm_capability = true;
		m->gmm_capability = (struct tlv_flags){ .octets = 1 };
		if (!ue->emergency_only)
			requested_nssai(ue, m, nssai);
	}
	if (!ue_registration_is_initial(ue)) {
		m->has_pdu_session_status = true;
		m->pdu_session_status = ue_session_status(ue);
	}
	if (ue->registration_type == NAS_REGISTRATION_MOBILITY && ue->sessions && ue_service_is_allowed(ue)) {
		m->has_uplink_data_status = true;
		m->uplink_data_status = ue_ladn_sessions_here(ue);
	}
}

struct bytes ue_registration_request_complete(struct ue *ue)
{
	struct ue_request_parts parts;
	struct nas_msg m = { .type = NAS_REGISTRATION_REQUEST };

	ue_registration_request_fill(ue, true, &m.registration_request, &parts);
	if (!ue_identity_best(ue, &m.registration_request.mobile_identity, true))
		return BYTES_NONE;
	return ue_nas_encoded(ue, &m);
}

/* With a security context: protected, the rest ciphered in the NAS message container; else in the clear. */
bool ue_registration_send(struct ue *ue)
{
	struct ue_request_parts parts;
	struct nas_msg m = { .type = NAS_REGISTRATION_REQUEST };
	struct nas_registration_request *r = &m.registration_request;
	struct bytes complete;

	ue_registration_request_fill(ue, ue->secured, r, &parts);
	if (!ue_identity_best(ue, &r->mobile_identity, true))
		return false;
	if (ue->security.active && !ue->radio.connected) {
		complete = ue_registration_request_complete(ue);
		/* The container is ciphered with the count of the message it is in: the operation is its own
		 * inverse. */
		r->has_nas_message_container =
			complete.len > 0 &&
			nas_decipher_container(&ue->security, NAS_UPLINK, ue->security.count[NAS_UPLINK],
				complete, &ue->host->arena, &r->nas_message_container);
	}
	return ue_nas_send(ue, &m);
}

void ue_registration_take_accept(struct ue *ue, const struct nas_registration_accept *a)
{
	if (a->has_guti)
		ue_identity_take_guti(ue, &a->guti);
	if (a->has_tai_list)
		ue_mm_area_take(ue, &a->tai_list);
	ue_emergency_take(ue, a);
	ue_reachability_take(ue, a);
	ue_ladn_take(ue, a->has_ladn_information ? &a->ladn_information : NULL);
	ue_service_area_take(ue, a->has_service_area_list ? &a->service_area_list : NULL);
	if (a->has_t3502)
		ue->t3502_ms = nas_timer2_s(a->t3502) == NAS_TIMER_DEACTIVATED
				       ? 0
				       : nas_timer2_s(a->t3502) * MS_PER_S;
	ue->network.ims_voice =
		a->has_network_feature_support && a->network_feature_support.bits & NAS_FEATURE_IMS_VOPS_3GPP;
	if (ue->network.ims_voice)
		log_info(ue->host->env->log, "imsi-%s: IMS voice over PS session is supported here",
			ue->usim.supi.imsi);
	if (a->has_allowed_nssai) {
		ue->allowed_count = 0;
		for (size_t i = 0; i < a->allowed_nssai.count && i < SNSSAI_MAX; i++)
			ue->allowed[ue->allowed_count++] = a->allowed_nssai.items[i].snssai;
	}
	if (a->has_pdu_session_status)
		ue_session_reconcile(ue, a->pdu_session_status);
}
