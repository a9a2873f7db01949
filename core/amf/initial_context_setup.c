/*
 * Initial context setup, 38.413 8.3.1.
 *
 *   AMF -> gNB  INITIAL CONTEXT SETUP REQUEST   8.3.1.2: keys, slices, and a NAS message for the UE
 *   gNB -> AMF  INITIAL CONTEXT SETUP RESPONSE  8.3.1.2: the user plane asked for follows
 *   gNB -> AMF  INITIAL CONTEXT SETUP FAILURE   8.3.1.3: the connection is released
 */
#include "core/amf/handover.h"
#include "core/amf/mobility.h"

/* The sessions whose SMF has answered in time come with the context; false when the arena is full. */
static bool sessions_of(
	struct amf *amf, const struct amf_ue *ue, struct ngap_pdu_session_resource_setup_list_cxt_req *out)
{
	for (const struct amf_session *s = ue->sessions; s; s = s->next) {
		struct ngap_pdu_session_resource_setup_item_cxt_req *item = &out->items[out->count];

		if (s->creating || s->held_len == 0)
			continue;
		*item = (struct ngap_pdu_session_resource_setup_item_cxt_req){ .pdu_session_id =
										       s->pdu_session_id,
			.pdu_session_resource_setup_request_transfer = bytes_of(s->held, s->held_len) };
		if (!ngap_s_nssai_of(&s->snssai, &amf->arena, &item->s_nssai))
			return false;
		out->count++;
	}
	return true;
}

/* Without an answer nobody knows what the gNB has: a registered UE begins again on another connection. */
void amf_initial_context_setup_expired(struct amf *amf, struct amf_procedure *p)
{
	struct amf_ue *ue = p->ue;
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);

	amf_procedure_end(amf, p);
	if (c && ue->state == MM_REGISTERED)
		amf_connection_release(amf, c,
			ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON));
}

static void context_setup_wait(struct amf *amf, struct amf_ue *ue)
{
	struct amf_procedure *p = amf_procedure_begin(amf, ue, AMF_CONTEXT_SETUP);

	if (p)
		amf_procedure_wait(amf, p, AMF_CONTEXT_SETUP_S * 1000);
	for (struct amf_session *s = ue->sessions; s; s = s->next)
		if (!s->creating)
			amf_session_hold(s, BYTES_NONE);
}

/* 8.3.1: gives the gNB the UE's context, with a NAS message for the UE. */
static bool context_setup_send(struct amf *amf, struct amf_ue *ue, struct bytes nas)
{
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	struct ngap_pdu_session_resource_setup_item_cxt_req items[PDU_SESSIONS_MAX];
	struct ngap_pdu_session_resource_setup_list_cxt_req sessions = { 0, items };
	struct ngap_ue_aggregate_maximum_bit_rate ambr = { (int64_t)ue->ambr.downlink_bps,
		(int64_t)ue->ambr.uplink_bps };
	uint8_t k_gnb[KDF_KEY_LEN];
	struct ngap_initial_context_setup_request m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.ue_security_capabilities = amf_ie_security_capabilities(amf, ue),
		.security_key = { k_gnb, 256 },
		.has_nas_pdu = nas.len > 0,
		.nas_pdu = nas,
		.has_masked_imeisv = ue->masked_imeisv != 0,
		.masked_imeisv = ue->masked_imeisv,
		.ue_radio_capability = amf_ue_radio_capability(amf, ue),
		.core_network_assistance_information_for_inactive = amf_ie_assistance(amf, ue),
		.mobility_restriction_list = amf_ie_mobility_restrictions(amf, ue),
	};
	bool sent;

	m.has_ue_radio_capability = m.ue_radio_capability.len > 0;
	if (!sessions_of(amf, ue, &sessions))
		return false;
	if (sessions.count > 0) {
		m.pdu_session_resource_setup_list_cxt_req = &sessions;
		m.ue_aggregate_maximum_bit_rate = &ambr;
	}
	if (!ngap_guami_of(&amf->config.guami, &amf->arena, &m.guami) ||
		!amf_ie_allowed_nssai(amf, ue, &m.allowed_nssai) || !amf_k_gnb(ue, k_gnb))
		return false;
	amf_next_hop_restart(amf, ue);
	sent = amf_n2_send_ue(amf, c, NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST, &m);
	explicit_bzero(k_gnb, sizeof(k_gnb));
	c->asked |= sent;
	for (size_t i = 0; sent && i < sessions.count; i++)
		amf_connection_set_pending(amf, c, items[i].pdu_session_id, true);
	amf_connection_put(amf, c);
	context_setup_wait(amf, ue);
	return sent;
}

bool amf_accept_send(struct amf *amf, struct amf_ue *ue, const struct nas_msg *accept)
{
	const struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);

	if (!c->context_setup && !amf_procedure_find(ue, AMF_CONTEXT_SETUP))
		return context_setup_send(amf, ue, amf_n1_protected(amf, ue, NAS_INTEGRITY_CIPHERED, accept));
	if (!amf_n1_send(amf, ue, NAS_INTEGRITY_CIPHERED, accept))
		return false;
	if (c->context_setup) /* or else once it is */
		amf_session_deliver_held(amf, ue);
	return true;
}
