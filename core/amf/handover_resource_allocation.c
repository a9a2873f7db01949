/*
 * Handover resource allocation, 38.413 8.4.2 and 23.502 4.9.1.3.2 steps 9 to 11.
 *
 *   AMF -> target  HANDOVER REQUEST                8.4.2.2: a connection of its own, a fresh {NH, NCC}
 *   target -> AMF  HANDOVER REQUEST ACKNOWLEDGE    8.4.2.2: its AP ID, the sessions' parts go to their SMFs
 *               or HANDOVER FAILURE                8.4.2.3
 */
#include "core/amf/handover.h"
#include "core/amf/mobility.h"

static struct ngap_cause target_fails(void)
{
	return ngap_cause_radio(
		NGAP_CAUSE_RADIO_NETWORK_HO_FAILURE_IN_TARGET_5_GC_NGRAN_NODE_OR_TARGET_SYSTEM);
}

static bool request_sessions(struct amf *amf, const struct amf_handover *h,
	struct ngap_pdu_session_resource_setup_list_ho_req *out)
{
	out->items = arena_array(&amf->arena, PDU_SESSIONS_MAX, sizeof(*out->items));
	for (uint8_t id = 1; out->items && id <= PDU_SESSIONS_MAX; id++) {
		struct ngap_pdu_session_resource_setup_item_ho_req *item = &out->items[out->count];
		const struct amf_session *s =
			amf_moving_has(h->sessions.ready, id) ? amf_moving_session(h->p.ue, id) : NULL;

		if (!s)
			continue;
		*item = (struct ngap_pdu_session_resource_setup_item_ho_req){ .pdu_session_id = id,
			.handover_request_transfer = amf_moving_info(&h->sessions, id) };
		if (!ngap_s_nssai_of(&s->snssai, &amf->arena, &item->s_nssai))
			return false;
		out->count++;
	}
	return out->count > 0;
}

/*
 * 33.501 6.9.2.3.3: {NH, NCC} are fresh, whatever becomes of the handover. Where a gNB has yet to get K_gNB
 * of another K_AMF, this one gets it, and the UE is told so.
 */
static bool keys_fill(
	struct amf *amf, struct amf_handover *h, uint8_t k_gnb[KDF_KEY_LEN], struct ngap_handover_request *m)
{
	struct amf_rekeying *r = amf_rekeying_of(h->p.ue);

	h->rekeys = r != NULL;
	if (!r)
		return amf_next_hop_fresh(amf, h->p.ue, &m->security_context);
	r->sent = false; /* the source has refused it, or will */
	m->has_new_security_context_ind = true;
	m->new_security_context_ind = NGAP_NEW_SECURITY_CONTEXT_IND_TRUE;
	m->security_context = (struct ngap_security_context){ .next_hop_chaining_count = 0,
		.next_hop_nh = { k_gnb, 8 * KDF_KEY_LEN } };
	return amf_k_gnb(h->p.ue, k_gnb);
}

static bool request_send(struct amf *amf, struct amf_handover *h, struct amf_connection *c)
{
	struct amf_ue *ue = h->p.ue;
	struct ngap_mobility_restriction_list none = { .serving_plmn = ngap_plmn_of(
							       &amf->config.guami.plmn, &amf->arena) };
	struct ngap_mobility_restriction_list *restrictions = amf_ie_mobility_restrictions(amf, ue);
	struct ngap_handover_request m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.handover_type = NGAP_HANDOVER_TYPE_INTRA5GS,
		.cause = h->cause,
		.ue_aggregate_maximum_bit_rate = { (int64_t)ue->ambr.downlink_bps,
			(int64_t)ue->ambr.uplink_bps },
		.ue_security_capabilities = amf_ie_security_capabilities(amf, ue),
		.source_to_target_transparent_container = bytes_of(h->container, h->container_len),
		.mobility_restriction_list = restrictions ? restrictions : &none,
		.core_network_assistance_information_for_inactive = amf_ie_assistance(amf, ue),
		.has_masked_imeisv = ue->masked_imeisv != 0,
		.masked_imeisv = ue->masked_imeisv,
	};
	uint8_t k_gnb[KDF_KEY_LEN];
	bool sent;

	sent = request_sessions(amf, h, &m.pdu_session_resource_setup_list_ho_req) &&
	       ngap_guami_of(&amf->config.guami, &amf->arena, &m.guami) &&
	       amf_ie_allowed_nssai(amf, ue, &m.allowed_nssai) && keys_fill(amf, h, k_gnb, &m) &&
	       amf_n2_send_ue(amf, c, NGAP_MSG_HANDOVER_REQUEST, &m);
	explicit_bzero(k_gnb, sizeof(k_gnb));
	return sent;
}

bool amf_handover_allocate(struct amf *amf, struct amf_handover *h)
{
	struct amf_gnb *gnb = amf_gnb_by_node(amf, h->target_node);
	struct ngap_cause wanted = h->cause;
	struct amf_connection *c;

	h->cause = target_fails();
	if (!gnb || gnb->absent || !h->sessions.ready)
		return false;
	h->cause = ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD);
	c = amf_connection_prepare(amf, gnb, h->p.ue);
	if (!c) {
		amf->stat[AMF_STAT_EXHAUSTED]++;
		return false;
	}
	h->cause = wanted;
	c->location.tai = h->tai;
	if (!request_send(amf, h, c)) {
		c->ue = NULL;
		amf_connection_free(amf, c);
		h->cause = ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD);
		return false;
	}
	c->asked = true;
	h->p.ue->target = c;
	h->step = HANDOVER_ALLOCATING;
	amf_connection_put(amf, c);
	amf_procedure_wait(amf, &h->p, AMF_HANDOVER_ALLOCATION_MS);
	return true;
}

/* The handover that waits for the target's answer; NULL: it is over, or was not asked of this gNB. */
static struct amf_handover *handover_allocating(struct amf *amf, struct amf_gnb *gnb, bool no_id, uint64_t id)
{
	struct amf_connection *c = no_id ? NULL : amf_connection_by_amf_id(amf, gnb, id);
	struct amf_handover *h = c && c->ue && c->ue->target == c ? amf_handover_of(c->ue) : NULL;

	amf->whose = c ? c->whose : 0;
	if (h && h->step == HANDOVER_ALLOCATING)
		return h;
	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	if (!c && !no_id)
		amf_n2_error_indication(amf, gnb, &id, NULL,
			ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID));
	return NULL;
}

/* The SMFs get what the target has made of their sessions; a session that it does not mention has failed. */
static void sessions_admitted(
	struct amf *amf, struct amf_handover *h, const struct ngap_handover_request_acknowledge *m)
{
	const struct ngap_pdu_session_resource_admitted_list *admitted =
		&m->pdu_session_resource_admitted_list;
	const struct ngap_pdu_session_resource_failed_to_setup_list_ho_ack *failed =
		m->pdu_session_resource_failed_to_setup_list_ho_ack;
	struct sm_context_update_data data = { .ho_state = HO_STATE_PREPARED };
	uint16_t left = h->sessions.ready;

	for (size_t i = 0; !m->no_pdu_session_resource_admitted_list && i < admitted->count; i++) {
		uint8_t id = admitted->items[i].pdu_session_id;
		const struct amf_session *s =
			amf_moving_has(left, id) ? amf_moving_session(h->p.ue, id) : NULL;

		if (!s)
			continue;
		left &= (uint16_t)~(1u << id);
		data.n2_sm_info_type = N2_SM_HANDOVER_REQ_ACK;
		data.n2_sm_info = admitted->items[i].handover_request_acknowledge_transfer;
		amf_moving_ask(amf, &h->p, &h->sessions, s, &data);
	}
	for (size_t i = 0; failed && i < failed->count; i++) {
		uint8_t id = failed->items[i].pdu_session_id;
		const struct amf_session *s =
			amf_moving_has(left, id) ? amf_moving_session(h->p.ue, id) : NULL;

		if (!s)
			continue;
		data.n2_sm_info_type = N2_SM_HANDOVER_RES_ALLOC_FAIL;
		data.n2_sm_info = failed->items[i].handover_resource_allocation_unsuccessful_transfer;
		left &= (uint16_t)~(1u << id);
		amf_moving_fail(&h->sessions, id);
		amf_moving_ask(amf, &h->p, &h->sessions, s, &data);
	}
	for (uint8_t id = 1; id <= PDU_SESSIONS_MAX; id++)
		if (amf_moving_has(left, id))
			amf_moving_fail(&h->sessions, id);
}

/* 8.4.2.2 */
void amf_handover_request_acknowledge(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_handover_request_acknowledge *m = body;
	struct amf_handover *h = handover_allocating(amf, gnb, m->no_amf_ue_ngap_id, m->amf_ue_ngap_id);

	if (!h)
		return;
	if (m->no_ran_ue_ngap_id || !amf_connection_name(amf, h->p.ue->target, m->ran_ue_ngap_id)) {
		amf_handover_fail(amf, h, target_fails());
		return;
	}
	if (!amf_handover_container(h, m->target_to_source_transparent_container)) {
		amf_handover_fail(amf, h, ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD));
		return;
	}
	h->step = HANDOVER_ADMITTED;
	sessions_admitted(amf, h, m);
	amf_procedure_wait(amf, &h->p, h->sessions.asked ? AMF_HANDOVER_SMF_MS : 0);
}

/* 8.4.2.3: the target has nothing of the UE. */
void amf_handover_failure(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_handover_failure *m = body;
	struct amf_handover *h = handover_allocating(amf, gnb, m->no_amf_ue_ngap_id, m->amf_ue_ngap_id);
	struct amf_connection *c = h ? h->p.ue->target : NULL;

	if (!h)
		return;
	c->ue = NULL;
	h->p.ue->target = NULL;
	amf_connection_free(amf, c);
	amf_handover_fail(amf, h, m->no_cause ? target_fails() : m->cause);
}
