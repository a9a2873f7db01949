/*
 * Bearer Context Setup at the CU-UP (37.483 8.3.1; 38.401 8.9.2): a UE's PDU sessions with their DRBs.
 * A session is set up with at least one of its DRBs, a context with at least one session.
 */
#include "base/ip.h"
#include "gnb/cuup/parts.h"

static struct e1ap_cause no_resources(void)
{
	return (struct e1ap_cause){ .tag = E1AP_CAUSE_TAG_MISC,
		.u.misc = E1AP_CAUSE_MISC_NOT_ENOUGH_USER_PLANE_PROCESSING_RESOURCES };
}

uint64_t cuup_flows_read(const struct e1ap_qos_flow_qos_parameter_list *in)
{
	uint64_t flows = 0;

	for (size_t i = 0; i < in->count; i++)
		flows |= UINT64_C(1) << (in->items[i].qos_flow_identifier & 63);
	return flows;
}

static bool key_read(struct bytes in, uint8_t key[16])
{
	return in.len == 16 && bytes_copy(key, 16, in); /* 33.501 A.8: the 128 least significant bits */
}

/* False: algorithms that are not there, or no keys for them. */
bool cuup_security_read(struct cuup_context *c, const struct e1ap_security_information *in)
{
	const struct e1ap_security_algorithm *a = &in->security_algorithm;
	const struct e1ap_up_securitykey *k = &in->up_securitykey;

	c->has_integrity = a->has_integrity_protection_algorithm && k->has_integrity_protection_key &&
			   a->integrity_protection_algorithm != E1AP_INTEGRITY_PROTECTION_ALGORITHM_NIA0;
	c->keys.ea = (enum nea_alg)a->ciphering_algorithm;
	c->keys.ia = c->has_integrity ? (enum nia_alg)a->integrity_protection_algorithm : NIA0;
	return a->ciphering_algorithm < E1AP_CIPHERING_ALGORITHM_N &&
	       key_read(k->encryption_key, c->keys.k_enc) &&
	       (!c->has_integrity ||
		       (a->integrity_protection_algorithm < E1AP_INTEGRITY_PROTECTION_ALGORITHM_N &&
			       key_read(k->integrity_protection_key, c->keys.k_int)));
}

/* The gNB's end. False: header compression, or what 38.331 does not have. */
bool cuup_pdcp_read(const struct e1ap_pdcp_configuration *in, struct pdcp_config *out)
{
	const struct e1ap_pdcp_configuration_ext_ies *ext = in->ie_extensions;

	if (in->rlc_mode != E1AP_RLC_MODE_RLC_AM && in->rlc_mode != E1AP_RLC_MODE_RLC_UM_BIDIRECTIONAL)
		return false;
	if (in->pdcp_sn_size_dl > E1AP_PDCP_SN_SIZE_S_18 || in->pdcp_sn_size_ul > E1AP_PDCP_SN_SIZE_S_18 ||
		(in->rohc_parameters && in->rohc_parameters->tag != E1AP_ROHC_PARAMETERS_TAG_NONE))
		return false;
	out->bearer = in->rlc_mode == E1AP_RLC_MODE_RLC_AM ? PDCP_AM_DRB : PDCP_UM_DRB;
	out->tx_direction = 1;
	out->tx_sn_bits = in->pdcp_sn_size_dl == E1AP_PDCP_SN_SIZE_S_18 ? 18 : 12;
	out->rx_sn_bits = in->pdcp_sn_size_ul == E1AP_PDCP_SN_SIZE_S_18 ? 18 : 12;
	out->out_of_order_delivery = in->has_out_of_order_delivery;
	out->status_report_required =
		ext && ext->has_pdcp_status_report_indication &&
		ext->pdcp_status_report_indication != E1AP_PDCP_STATUS_REPORT_INDICATION_UPLINK;
	out->discard_ms = out->reordering_ms = PDCP_INFINITY;
	return (!in->has_discard_timer || e1ap_discard_timer_ms(in->discard_timer, &out->discard_ms)) &&
	       (!in->t_reordering_timer ||
		       e1ap_t_reordering_ms(in->t_reordering_timer->t_reordering, &out->reordering_ms));
}

/* 38.401 8.9.4: another node had the DRB before; its numbers go on. */
static void numbers_continue(
	struct cuup_bearer *b, const struct e1ap_pdcp_sn_status_information *in, const struct pdcp_config *c)
{
	uint32_t tx = e1ap_count_read(&in->pdcp_status_transfer_dl, c->tx_sn_bits);
	uint32_t rx = e1ap_count_read(&in->pdcp_status_transfer_ul.count_value, c->rx_sn_bits);

	pdcp_continue(cuup_drb_pdcp(b->session->entity, b->drb), tx, rx, rx);
	cuup_window_begin(b, tx);
}

/* NULL: *why. */
static struct cuup_bearer *drb_setup(
	struct cuup_pdu_session *s, const struct e1ap_drb_to_setup_item_ng_ran *in, struct e1ap_cause *why)
{
	struct cuup_drb d = { .drb = (uint8_t)in->drb_id,
		.is_default = in->sdap_configuration.default_drb == E1AP_DEFAULT_DRB_TRUE,
		.flows = cuup_flows_read(&in->qos_flow_information_to_be_setup) };
	struct cuup_bearer *b;

	*why = no_resources();
	if (in->drb_id < 1 || in->drb_id > CUUP_DRB_IDENTITY_MAX)
		return NULL;
	*why = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_MULTIPLE_DRB_ID_INSTANCES);
	if (cuup_has_drb(s->context, d.drb)) /* it is one of the UE (38.331 6.3.2), and its key's */
		return NULL;
	*why = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_PDCP_CONFIGURATION_NOT_SUPPORTED);
	if (!cuup_pdcp_read(&in->pdcp_configuration, &d.pdcp))
		return NULL;
	d.pdcp.rb_id = d.drb;
	d.pdcp.integrity = s->integrity;
	d.pdcp.tx_sdap = in->sdap_configuration.sdap_header_dl == E1AP_SDAP_HEADER_DL_PRESENT;
	d.pdcp.rx_sdap = in->sdap_configuration.sdap_header_ul == E1AP_SDAP_HEADER_UL_PRESENT;
	*why = no_resources();
	b = cuup_bearer_new(s, &d);
	if (!b)
		return NULL;
	if (in->pdcp_sn_status_information)
		numbers_continue(b, in->pdcp_sn_status_information, &d.pdcp);
	cuup_activity_begin(&b->activity, s->context->level == E1AP_ACTIVITY_NOTIFICATION_LEVEL_DRB,
		in->has_drb_inactivity_timer ? in->drb_inactivity_timer : 0,
		env_now_ns(s->context->node->config.env));
	return b;
}

/* Where uplink of the DRB is to go, and which flows it has. False: no memory. */
static bool drb_answer(const struct cuup_bearer *b, const struct e1ap_drb_to_setup_item_ng_ran *in,
	struct e1ap_drb_setup_item_ng_ran *out, struct arena *arena)
{
	const struct addr *own = &b->session->context->node->config.f1u;
	struct e1ap_up_parameters_item *up = arena_alloc(arena, sizeof(*up));
	uint8_t *teid = arena_alloc(arena, E1AP_TEID_OCTETS);
	size_t flows = in->qos_flow_information_to_be_setup.count;
	struct e1ap_qos_flow_item *items = arena_array(arena, flows, sizeof(*items));

	if (!up || !teid || !items)
		return false;
	for (size_t i = 0; i < flows; i++)
		items[i].qos_flow_identifier =
			in->qos_flow_information_to_be_setup.items[i].qos_flow_identifier;
	up->up_tnl_information = e1ap_tunnel(bytes_of(own->ip, own->len), b->teid, teid);
	*out = (struct e1ap_drb_setup_item_ng_ran){
		.drb_id = b->drb, .ul_up_transport_parameters = { 1, up }, .flow_setup_list = { flows, items }
	};
	return true;
}

size_t cuup_drbs_setup(struct cuup_pdu_session *s, const struct e1ap_drb_to_setup_list_ng_ran *in,
	struct e1ap_drb_setup_list_ng_ran *done, struct e1ap_drb_failed_list_ng_ran *failed,
	struct arena *arena)
{
	done->items = arena_array(arena, in->count, sizeof(*done->items));
	failed->items = arena_array(arena, in->count, sizeof(*failed->items));
	if (!done->items || !failed->items)
		return 0;
	for (size_t i = 0; i < in->count; i++) {
		struct e1ap_drb_failed_item_ng_ran *f = &failed->items[failed->count];
		struct cuup_bearer *b = drb_setup(s, &in->items[i], &f->cause);

		if (b && drb_answer(b, &in->items[i], &done->items[done->count], arena)) {
			done->count++;
			continue;
		}
		if (b)
			cuup_bearer_free(b);
		f->drb_id = in->items[i].drb_id;
		failed->count++;
	}
	s->context->node->stats.refused += failed->count;
	return done->count;
}

/* 33.501 6.6.2: what is required and cannot be refuses the session. False: *why. */
static bool protection_decide(
	struct cuup_pdu_session *s, const struct e1ap_security_indication *in, struct e1ap_cause *why)
{
	const struct cuup_context *c = s->context;

	s->integrity = c->has_integrity &&
		       in->integrity_protection_indication != E1AP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED;
	s->ciphering = in->confidentiality_protection_indication !=
		       E1AP_CONFIDENTIALITY_PROTECTION_INDICATION_NOT_NEEDED;
	*why = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UP_INTEGRITY_PROTECTION_NOT_POSSIBLE);
	return s->integrity ||
	       in->integrity_protection_indication != E1AP_INTEGRITY_PROTECTION_INDICATION_REQUIRED;
}

/* It is told where it was left to us. */
static struct e1ap_security_result *protection_result(
	const struct cuup_pdu_session *s, const struct e1ap_security_indication *in, struct arena *arena)
{
	struct e1ap_security_result *r;

	if (in->integrity_protection_indication != E1AP_INTEGRITY_PROTECTION_INDICATION_PREFERRED &&
		in->confidentiality_protection_indication !=
			E1AP_CONFIDENTIALITY_PROTECTION_INDICATION_PREFERRED)
		return NULL;
	r = arena_alloc(arena, sizeof(*r));
	if (!r)
		return NULL;
	r->integrity_protection_result = s->integrity ? E1AP_INTEGRITY_PROTECTION_RESULT_PERFORMED
						      : E1AP_INTEGRITY_PROTECTION_RESULT_NOT_PERFORMED;
	r->confidentiality_protection_result = s->ciphering
						       ? E1AP_CONFIDENTIALITY_PROTECTION_RESULT_PERFORMED
						       : E1AP_CONFIDENTIALITY_PROTECTION_RESULT_NOT_PERFORMED;
	return r;
}

/* Of a dual-stack end, the address of our own kind (38.414 5.3). */
bool cuup_peer_read(
	const struct e1ap_up_tnl_information *in, const struct addr *own, struct addr *peer, uint32_t *teid)
{
	struct bytes address;

	if (!e1ap_tunnel_read(in, &address, teid))
		return false;
	if (address.len == 4 + 16)
		address = own->len == 4 ? bytes_of(address.data, 4) : bytes_of(address.data + 4, 16);
	*peer = addr_from_bytes(address, GTPU_UDP_PORT);
	return ip_is_tunnel_end(ip_from_addr(peer), ip_from_addr(own));
}

static bool slice_is_ours(const struct cuup_node_config *c, const struct e1ap_snssai *in)
{
	struct snssai s = e1ap_snssai_read(in);
	bool ours = c->slice_count == 0;

	for (size_t i = 0; i < c->slice_count; i++)
		ours = ours || snssai_equal(&c->slices[i], &s);
	return ours;
}

/* A session without DRBs; NULL: *why. */
static struct cuup_pdu_session *session_begin(struct cuup_context *c,
	const struct e1ap_pdu_session_resource_to_setup_item *in, struct e1ap_cause *why)
{
	struct cuup_pdu_session *s;
	struct addr upf;
	uint32_t teid;

	*why = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_MULTIPLE_PDU_SESSION_ID_INSTANCES);
	if (cuup_session_of(c, in->pdu_session_id))
		return NULL;
	*why = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_RESOURCES_NOT_AVAILABLE_FOR_THE_SLICE);
	if (!slice_is_ours(&c->node->config, &in->snssai))
		return NULL;
	*why = (struct e1ap_cause){ .tag = E1AP_CAUSE_TAG_TRANSPORT,
		.u.transport = E1AP_CAUSE_TRANSPORT_UNSPECIFIED };
	if (!cuup_peer_read(&in->ng_ul_up_tnl_information, &c->node->config.n3, &upf, &teid))
		return NULL;
	*why = no_resources();
	s = cuup_pdu_session_new(c, in->pdu_session_id);
	if (!s)
		return NULL;
	if (!protection_decide(s, &in->security_indication, why)) {
		cuup_pdu_session_free(s);
		return NULL;
	}
	cuup_remote_set(&c->node->upfs, &s->upf, &upf, teid);
	cuup_activity_begin(&s->activity, c->level == E1AP_ACTIVITY_NOTIFICATION_LEVEL_PDU_SESSION,
		in->has_pdu_session_inactivity_timer ? in->pdu_session_inactivity_timer : 0,
		env_now_ns(c->node->config.env));
	return s;
}

bool cuup_session_setup(struct cuup_context *c, const struct e1ap_pdu_session_resource_to_setup_item *in,
	struct e1ap_pdu_session_resource_setup_item *done, struct e1ap_cause *failed, struct arena *arena)
{
	const struct addr *own = &c->node->config.n3;
	struct e1ap_drb_failed_list_ng_ran *refused = arena_alloc(arena, sizeof(*refused));
	uint8_t *teid = arena_alloc(arena, E1AP_TEID_OCTETS);
	struct cuup_pdu_session *s;

	*failed = no_resources();
	s = refused && teid ? session_begin(c, in, failed) : NULL;
	if (!s)
		return false;
	*done = (struct e1ap_pdu_session_resource_setup_item){ .pdu_session_id = in->pdu_session_id,
		.security_result = protection_result(s, &in->security_indication, arena),
		.ng_dl_up_tnl_information = e1ap_tunnel(bytes_of(own->ip, own->len), s->teid, teid) };
	if (cuup_drbs_setup(s, &in->drb_to_setup_list_ng_ran, &done->drb_setup_list_ng_ran, refused, arena) ==
		0) {
		if (refused->count > 0)
			*failed = refused->items[0].cause;
		cuup_pdu_session_free(s);
		return false;
	}
	done->drb_failed_list_ng_ran = refused->count ? refused : NULL;
	return true;
}

static void failure_send(struct cuup_node *n, uint32_t cp_id, struct e1ap_cause cause)
{
	struct e1ap_bearer_context_setup_failure m = { .gnb_cu_cp_ue_e1ap_id = cp_id, .cause = cause };

	n->stats.refused++;
	may_fail(cuup_e1ap_send(n, E1AP_MSG_BEARER_CONTEXT_SETUP_FAILURE, &m));
}

/* All sessions of the request; false: none was set up, *why of the last. */
static bool sessions_setup(struct cuup_context *c, const struct e1ap_pdu_session_resource_to_setup_list *in,
	struct e1ap_bearer_context_setup_response *m, struct e1ap_cause *why, struct arena *arena)
{
	struct e1ap_pdu_session_resource_failed_list *failed = arena_alloc(arena, sizeof(*failed));
	struct e1ap_pdu_session_resource_setup_list *done =
		&m->system_bearer_context_setup_response.u.ng_ran_bearer_context_setup_response
			 .pdu_session_resource_setup_list;

	*why = no_resources();
	done->items = arena_array(arena, in->count, sizeof(*done->items));
	if (failed)
		failed->items = arena_array(arena, in->count, sizeof(*failed->items));
	if (!failed || !done->items || !failed->items)
		return false;
	for (size_t i = 0; i < in->count; i++) {
		struct e1ap_pdu_session_resource_failed_item *f = &failed->items[failed->count];

		if (cuup_session_setup(c, &in->items[i], &done->items[done->count], &f->cause, arena)) {
			done->count++;
			continue;
		}
		f->pdu_session_id = in->items[i].pdu_session_id;
		*why = f->cause;
		failed->count++;
	}
	m->system_bearer_context_setup_response.u.ng_ran_bearer_context_setup_response
		.pdu_session_resource_failed_list = failed->count ? failed : NULL;
	return done->count > 0;
}

static bool request_read(
	struct cuup_context *c, const struct e1ap_bearer_context_setup_request *m, struct e1ap_cause *why)
{
	*why = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_ENCRYPTION_ALGORITHMS_NOT_SUPPORTED);
	if (!cuup_security_read(c, &m->security_information))
		return false;
	*why = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
	if (m->system_bearer_context_setup_request.tag !=
		E1AP_SYSTEM_BEARER_CONTEXT_SETUP_REQUEST_TAG_NG_RAN_BEARER_CONTEXT_SETUP_REQUEST)
		return false; /* this is not of an EPC */
	c->level = (uint8_t)m->activity_notification_level;
	c->suspended = m->has_bearer_context_status_change &&
		       m->bearer_context_status_change == E1AP_BEARER_CONTEXT_STATUS_CHANGE_SUSPEND;
	cuup_activity_begin(&c->activity, c->level == E1AP_ACTIVITY_NOTIFICATION_LEVEL_UE,
		m->has_ue_inactivity_timer ? m->ue_inactivity_timer : 0, env_now_ns(c->node->config.env));
	return true;
}

void cuup_bearer_context_setup(
	struct cuup_node *n, const struct e1ap_bearer_context_setup_request *in, struct arena *arena)
{
	struct e1ap_bearer_context_setup_response m = { .gnb_cu_cp_ue_e1ap_id = in->gnb_cu_cp_ue_e1ap_id };
	bool there = hash_find(&n->by_cp_id, in->gnb_cu_cp_ue_e1ap_id, 0) != NULL;
	struct cuup_context *c = there ? NULL : cuup_context_new(n, in->gnb_cu_cp_ue_e1ap_id);
	struct e1ap_cause why = no_resources();

	if (there)
		why = e1ap_radio_cause(
			E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_ALREADY_ALLOCATED_GNB_CU_CP_UE_E1AP_ID);
	if (!c) {
		failure_send(n, in->gnb_cu_cp_ue_e1ap_id, why);
		return;
	}
	m.gnb_cu_up_ue_e1ap_id = c->id;
	m.system_bearer_context_setup_response.tag =
		E1AP_SYSTEM_BEARER_CONTEXT_SETUP_RESPONSE_TAG_NG_RAN_BEARER_CONTEXT_SETUP_RESPONSE;
	if (!request_read(c, in, &why) ||
		!sessions_setup(c,
			&in->system_bearer_context_setup_request.u.ng_ran_bearer_context_setup_request
				.pdu_session_resource_to_setup_list,
			&m, &why, arena)) {
		failure_send(n, c->cp_id, why);
		cuup_context_free(c);
		return;
	}
	cuup_watch(c);
	if (!cuup_e1ap_send(n, E1AP_MSG_BEARER_CONTEXT_SETUP_RESPONSE, &m))
		cuup_context_free(c); /* the CU-CP will give it up */
}
