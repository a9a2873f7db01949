/* Bearer contexts by an E1AP of the test's own hand: what is wrong with a request, and what is as asked. */
#include "base/test_env.h"
#include "gnb/cuup/parts.h"

enum { CP_ID = 9, DRBS = 3, PSI = 5, UPF_TEID = 0x1000, DU_TEID = 0x2000, CONTEXTS = 4 };

static const enum e1ap_system_bearer_context_modification_request_tag of_ng_ran =
	E1AP_SYSTEM_BEARER_CONTEXT_MODIFICATION_REQUEST_TAG_NG_RAN_BEARER_CONTEXT_MODIFICATION_REQUEST;
enum { KEY_LEN = 16 };

static struct test_env t;
static struct cuup_node *n;
static struct arena arena;
static struct e1ap_pdu got; /* the last that the CU-UP sent */
static unsigned sent;
static struct plmn plmn;
static const struct snssai slice = { 1, SNSSAI_NO_SD };
static uint8_t key[KEY_LEN + 1]; /* one that is too long has so many */
static uint8_t upf_teid[E1AP_TEID_OCTETS], du_teid[E1AP_TEID_OCTETS], other_teid[E1AP_TEID_OCTETS];
static uint8_t upf_ip[4] = { 10, 0, 0, 9 }, du_ip[4] = { 10, 1, 0, 9 };
static uint8_t plmn_octets[PLMN_OCTETS];

static void e1ap_send(void *arg, struct bytes pdu)
{
	struct per_diag diag;
	struct e1ap_pdu p;

	assert_true(e1ap_decode(arena_bytes(&arena, pdu), &arena, &p, &diag));
	if (p.message == E1AP_MSG_GNB_CU_UP_STATUS_INDICATION)
		return; /* of its load */
	sent++;
	got = p;
}

static void datagram_send(void *arg, const struct addr *to, struct bytes datagram)
{
}

static void give(enum e1ap_message message, const void *body)
{
	uint8_t octets[8192];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(e1ap_encode(message, body, &w));
	sent = 0;
	cuup_node_e1ap_received(n, writer_bytes(&w));
}

static int setup(void **state)
{
	struct cuup_node_config c = { .env = &t.env,
		.id = 1,
		.name = "cuup",
		.plmns = &plmn,
		.plmn_count = 1,
		.slices = &slice,
		.slice_count = 1,
		.contexts_max = CONTEXTS,
		.n3 = addr_from_v4(0x0a000001, 2152),
		.f1u = addr_from_v4(0x0a010001, 2152),
		.e1ap_send = e1ap_send,
		.n3_send = datagram_send,
		.f1u_send = datagram_send };

	test_env_init(&t, 1, false);
	arena_init(&arena, NULL, 0, 1 << 22);
	assert_true(plmn_parse("00101", &plmn));
	n = cuup_node_new(&c);
	assert_non_null(n);
	cuup_node_begin(n);
	assert_int_equal(got.message, E1AP_MSG_GNB_CU_UP_E1_SETUP_REQUEST);
	give(E1AP_MSG_GNB_CU_UP_E1_SETUP_RESPONSE,
		&(struct e1ap_gnb_cu_up_e1_setup_response){
			.transaction_id = got.u.gnb_cu_up_e1_setup_request->transaction_id });
	assert_true(cuup_node_is_up(n));
	return 0;
}

static int teardown(void **state)
{
	cuup_node_free(n);
	arena_fini(&arena);
	test_env_fini(&t);
	return 0;
}

/* --- a request, which tests change before it is given */

static struct {
	struct e1ap_bearer_context_setup_request m;
	struct e1ap_pdu_session_resource_to_setup_item session[2];
	struct e1ap_drb_to_setup_item_ng_ran drb[DRBS];
	struct e1ap_qos_flow_qos_parameter_item flow[DRBS];
	struct e1ap_cell_group_information_item cells;
	struct e1ap_rohc_parameters rohc;
	struct e1ap_t_reordering_timer reordering;
	struct e1ap_pdcp_configuration_ext_ies pdcp_ext;
	struct e1ap_pdcp_sn_status_information numbers;
} r;

static struct e1ap_pdu_session_resource_to_setup_list *sessions(void)
{
	return &r.m.system_bearer_context_setup_request.u.ng_ran_bearer_context_setup_request
			.pdu_session_resource_to_setup_list;
}

static struct e1ap_security_information security(void)
{
	return (struct e1ap_security_information){ { E1AP_CIPHERING_ALGORITHM_C_128_NEA2, true,
							   E1AP_INTEGRITY_PROTECTION_ALGORITHM_I_128_NIA2 },
		{ bytes_of(key, KEY_LEN), true, bytes_of(key, KEY_LEN) } };
}

static struct e1ap_drb_to_setup_item_ng_ran drb_of(uint8_t i)
{
	r.flow[i].qos_flow_identifier = (uint8_t)(i + 1);
	r.flow[i].qos_flow_level_qos_parameters.qos_characteristics.tag =
		E1AP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC_5_QI;
	r.flow[i].qos_flow_level_qos_parameters.qos_characteristics.u.non_dynamic_5_qi.five_qi = 9;
	r.flow[i].qos_flow_level_qos_parameters.ngranallocation_retention_priority.priority_level = 8;
	return (struct e1ap_drb_to_setup_item_ng_ran){ .drb_id = i + 1,
		.sdap_configuration = { i ? E1AP_DEFAULT_DRB_FALSE : E1AP_DEFAULT_DRB_TRUE,
			E1AP_SDAP_HEADER_UL_PRESENT, E1AP_SDAP_HEADER_DL_PRESENT },
		.pdcp_configuration = { .pdcp_sn_size_ul = E1AP_PDCP_SN_SIZE_S_12,
			.pdcp_sn_size_dl = E1AP_PDCP_SN_SIZE_S_18,
			.rlc_mode = E1AP_RLC_MODE_RLC_AM },
		.cell_group_information = { 1, &r.cells },
		.qos_flow_information_to_be_setup = { 1, &r.flow[i] } };
}

/* One session with two DRBs. */
static void request(void)
{
	struct writer w = writer_of(upf_teid, 4);

	memset(&r, 0, sizeof(r));
	memset(key, 7, sizeof(key));
	writer_u32(&w, UPF_TEID);
	w = writer_of(du_teid, 4);
	writer_u32(&w, DU_TEID);
	plmn_to_ap(&plmn, plmn_octets);
	for (uint8_t i = 0; i < DRBS; i++)
		r.drb[i] = drb_of(i);
	r.session[0] = (struct e1ap_pdu_session_resource_to_setup_item){ .pdu_session_id = PSI,
		.snssai = { .sst = { plmn_octets, 1 } },
		.security_indication = { E1AP_INTEGRITY_PROTECTION_INDICATION_PREFERRED,
			E1AP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED },
		.ng_ul_up_tnl_information = e1ap_tunnel(BYTES(upf_ip), UPF_TEID, upf_teid),
		.drb_to_setup_list_ng_ran = { 2, r.drb } };
	r.session[0].snssai = e1ap_snssai_of(&slice, arena_alloc(&arena, E1AP_SD_OCTETS));
	r.m = (struct e1ap_bearer_context_setup_request){ .gnb_cu_cp_ue_e1ap_id = CP_ID,
		.security_information = security(),
		.uedl_aggregate_maximum_bit_rate = 1000000,
		.serving_plmn = BYTES(plmn_octets),
		.activity_notification_level = E1AP_ACTIVITY_NOTIFICATION_LEVEL_UE,
		.system_bearer_context_setup_request.tag =
			E1AP_SYSTEM_BEARER_CONTEXT_SETUP_REQUEST_TAG_NG_RAN_BEARER_CONTEXT_SETUP_REQUEST };
	*sessions() = (struct e1ap_pdu_session_resource_to_setup_list){ 1, r.session };
}

static const struct e1ap_ng_ran_bearer_context_setup_response *is_set_up(void)
{
	give(E1AP_MSG_BEARER_CONTEXT_SETUP_REQUEST, &r.m);
	assert_int_equal(sent, 1);
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_SETUP_RESPONSE);
	assert_int_equal(got.u.bearer_context_setup_response->gnb_cu_cp_ue_e1ap_id, r.m.gnb_cu_cp_ue_e1ap_id);
	return &got.u.bearer_context_setup_response->system_bearer_context_setup_response.u
			.ng_ran_bearer_context_setup_response;
}

static void release(void)
{
	struct e1ap_bearer_context_release_command m = { .gnb_cu_cp_ue_e1ap_id = CP_ID,
		.gnb_cu_up_ue_e1ap_id = got.u.bearer_context_setup_response->gnb_cu_up_ue_e1ap_id,
		.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_NORMAL_RELEASE) };

	give(E1AP_MSG_BEARER_CONTEXT_RELEASE_COMMAND, &m);
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_RELEASE_COMPLETE);
	assert_int_equal(cuup_node_contexts(n), 0);
	assert_int_equal(n->sessions.used + n->bearers.used, 0);
	request();
}

static void cause_is(const struct e1ap_cause *is, struct e1ap_cause wanted)
{
	assert_int_equal(is->tag, wanted.tag);
	assert_int_equal(is->u.radio_network, wanted.u.radio_network);
}

/* Nothing is left of it. */
static void is_refused(struct e1ap_cause wanted)
{
	uint64_t before = n->stats.refused;
	uint32_t contexts = cuup_node_contexts(n), bearers = n->bearers.used;

	give(E1AP_MSG_BEARER_CONTEXT_SETUP_REQUEST, &r.m);
	assert_int_equal(sent, 1);
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_SETUP_FAILURE);
	assert_int_equal(got.u.bearer_context_setup_failure->gnb_cu_cp_ue_e1ap_id, r.m.gnb_cu_cp_ue_e1ap_id);
	cause_is(&got.u.bearer_context_setup_failure->cause, wanted);
	assert_true(n->stats.refused > before);
	assert_int_equal(cuup_node_contexts(n), contexts);
	assert_int_equal(n->bearers.used, bearers);
	request();
}

/* --- 37.483 8.3.1 */

#define NO_PDCP e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_PDCP_CONFIGURATION_NOT_SUPPORTED)
#define NO_NEA  e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_ENCRYPTION_ALGORITHMS_NOT_SUPPORTED)
#define NO_TUNNEL                                                                                            \
	((struct e1ap_cause){ E1AP_CAUSE_TAG_TRANSPORT, { .transport = E1AP_CAUSE_TRANSPORT_UNSPECIFIED } })
#define NO_ROOM                                                                                              \
	((struct e1ap_cause){ E1AP_CAUSE_TAG_MISC,                                                           \
		{ .misc = E1AP_CAUSE_MISC_NOT_ENOUGH_USER_PLANE_PROCESSING_RESOURCES } })

static void test_as_asked(void **state)
{
	const struct e1ap_ng_ran_bearer_context_setup_response *s;
	const struct e1ap_pdu_session_resource_setup_item *item;
	struct cuup_context *c;
	struct bytes address;
	uint32_t teid;

	request();
	s = is_set_up();
	assert_null(s->pdu_session_resource_failed_list);
	assert_int_equal(s->pdu_session_resource_setup_list.count, 1);
	item = &s->pdu_session_resource_setup_list.items[0];
	assert_int_equal(item->pdu_session_id, PSI);
	assert_non_null(item->security_result);
	assert_int_equal(item->security_result->integrity_protection_result,
		E1AP_INTEGRITY_PROTECTION_RESULT_PERFORMED);
	assert_int_equal(item->security_result->confidentiality_protection_result,
		E1AP_CONFIDENTIALITY_PROTECTION_RESULT_PERFORMED);
	assert_null(item->drb_failed_list_ng_ran);
	assert_int_equal(item->drb_setup_list_ng_ran.count, 2);
	c = cuup_context_find(n, CP_ID, got.u.bearer_context_setup_response->gnb_cu_up_ue_e1ap_id);
	assert_non_null(c);
	assert_true(e1ap_tunnel_read(&item->ng_dl_up_tnl_information, &address, &teid));
	assert_true(bytes_equal(address, bytes_of(n->config.n3.ip, 4)));
	assert_int_equal(teid, c->sessions[0]->teid);
	for (size_t i = 0; i < 2; i++) {
		const struct e1ap_drb_setup_item_ng_ran *d = &item->drb_setup_list_ng_ran.items[i];
		const struct cuup_bearer *b = cuup_bearer_of(c->sessions[0], (int64_t)i + 1);

		assert_int_equal(d->drb_id, i + 1);
		assert_int_equal(d->flow_setup_list.count, 1);
		assert_int_equal(d->flow_setup_list.items[0].qos_flow_identifier, i + 1);
		assert_int_equal(d->ul_up_transport_parameters.count, 1);
		assert_true(e1ap_tunnel_read(
			&d->ul_up_transport_parameters.items[0].up_tnl_information, &address, &teid));
		assert_true(bytes_equal(address, bytes_of(n->config.f1u.ip, 4)));
		assert_int_equal(teid, b->teid);
		assert_int_equal(b->flows, 2u << i);
		assert_int_equal(b->sn_bits, 18);
		assert_int_equal(b->ul_sn_bits, 12);
		assert_true(b->am);
		assert_int_equal(b->discard_ms, PDCP_INFINITY);
	}
	assert_int_equal(c->sessions[0]->default_drb, 1);
	assert_int_equal(c->sessions[0]->upf.teid, UPF_TEID);
	assert_true(c->sessions[0]->integrity && c->sessions[0]->ciphering && !c->suspended);
	assert_int_equal(c->keys.ea, NEA2);
	assert_int_equal(c->keys.ia, NIA2);
	assert_memory_equal(c->keys.k_enc, key, KEY_LEN);
	assert_memory_equal(c->keys.k_int, key, KEY_LEN);
	release();
}

static void test_refused(void **state)
{
	request();
	r.m.security_information.up_securitykey.encryption_key.len = KEY_LEN - 1;
	is_refused(NO_NEA);
	r.m.security_information.up_securitykey.integrity_protection_key.len = KEY_LEN + 1;
	is_refused(NO_NEA);
	r.session[0].snssai.sst.data = (const uint8_t *)"\x02";
	is_refused(e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_RESOURCES_NOT_AVAILABLE_FOR_THE_SLICE));
	r.session[0].ng_ul_up_tnl_information.u.gtp_tunnel.transport_layer_address.len_bits = 24;
	is_refused(NO_TUNNEL);
	r.session[0].drb_to_setup_list_ng_ran.count = 1;
	r.drb[0].pdcp_configuration.rlc_mode = E1AP_RLC_MODE_RLC_TM;
	is_refused(NO_PDCP);
	r.session[0].drb_to_setup_list_ng_ran.count = 1;
	r.drb[0].pdcp_configuration.rohc_parameters = &r.rohc;
	r.rohc = (struct e1ap_rohc_parameters){ E1AP_ROHC_PARAMETERS_TAG_ROHC, { .rohc = { 15, 2 } } };
	is_refused(NO_PDCP);
	r.session[0].drb_to_setup_list_ng_ran.count = 1;
	r.drb[0].drb_id = 33;
	is_refused(NO_ROOM);
	r.session[0].security_indication.integrity_protection_indication =
		E1AP_INTEGRITY_PROTECTION_INDICATION_REQUIRED;
	r.m.security_information.up_securitykey.has_integrity_protection_key = false;
	is_refused(e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UP_INTEGRITY_PROTECTION_NOT_POSSIBLE));
	r.session[0].security_indication.integrity_protection_indication =
		E1AP_INTEGRITY_PROTECTION_INDICATION_REQUIRED;
	r.m.security_information.security_algorithm.integrity_protection_algorithm =
		E1AP_INTEGRITY_PROTECTION_ALGORITHM_NIA0;
	is_refused(e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UP_INTEGRITY_PROTECTION_NOT_POSSIBLE));
	/* The same UE again, and more UEs than there may be. */
	is_set_up();
	is_refused(
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_ALREADY_ALLOCATED_GNB_CU_CP_UE_E1AP_ID));
	for (uint32_t i = 1; i < CONTEXTS; i++) {
		request();
		r.m.gnb_cu_cp_ue_e1ap_id = CP_ID + i;
		is_set_up();
	}
	request();
	r.m.gnb_cu_cp_ue_e1ap_id = CP_ID + CONTEXTS;
	is_refused(NO_ROOM);
}

/* A part of a request: the rest is as asked, and what was not is told with its cause. */
static void test_in_part(void **state)
{
	const struct e1ap_ng_ran_bearer_context_setup_response *s;
	const struct e1ap_pdu_session_resource_setup_item *item;

	request();
	r.drb[1].drb_id = 1; /* twice */
	s = is_set_up();
	item = &s->pdu_session_resource_setup_list.items[0];
	assert_int_equal(item->drb_setup_list_ng_ran.count, 1);
	assert_int_equal(item->drb_failed_list_ng_ran->count, 1);
	assert_int_equal(item->drb_failed_list_ng_ran->items[0].drb_id, 1);
	cause_is(&item->drb_failed_list_ng_ran->items[0].cause,
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_MULTIPLE_DRB_ID_INSTANCES));
	assert_int_equal(n->stats.refused, 1);
	release();
	sessions()->count = 2;
	r.session[1] = r.session[0];
	s = is_set_up();
	assert_int_equal(s->pdu_session_resource_setup_list.count, 1);
	assert_int_equal(s->pdu_session_resource_failed_list->count, 1);
	assert_int_equal(s->pdu_session_resource_failed_list->items[0].pdu_session_id, PSI);
	cause_is(&s->pdu_session_resource_failed_list->items[0].cause,
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_MULTIPLE_PDU_SESSION_ID_INSTANCES));
	release();
	/* No integrity protection where nobody needs it, and none is told of. */
	r.session[0].security_indication =
		(struct e1ap_security_indication){ E1AP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED,
			E1AP_CONFIDENTIALITY_PROTECTION_INDICATION_NOT_NEEDED };
	s = is_set_up();
	assert_null(s->pdu_session_resource_setup_list.items[0].security_result);
	release();
	r.session[0].security_indication =
		(struct e1ap_security_indication){ E1AP_INTEGRITY_PROTECTION_INDICATION_PREFERRED,
			E1AP_CONFIDENTIALITY_PROTECTION_INDICATION_NOT_NEEDED };
	r.m.security_information.security_algorithm.has_integrity_protection_algorithm = false;
	s = is_set_up();
	item = &s->pdu_session_resource_setup_list.items[0];
	assert_int_equal(item->security_result->integrity_protection_result,
		E1AP_INTEGRITY_PROTECTION_RESULT_NOT_PERFORMED);
	assert_int_equal(item->security_result->confidentiality_protection_result,
		E1AP_CONFIDENTIALITY_PROTECTION_RESULT_NOT_PERFORMED);
	release();
}

static const struct cuup_context *context(void)
{
	return cuup_context_find(n, CP_ID, got.u.bearer_context_setup_response->gnb_cu_up_ue_e1ap_id);
}

/* PDCP's parameters, and numbers that go on; silence, at each level. */
static void test_parameters(void **state)
{
	const struct cuup_context *c;
	const struct cuup_bearer *b;
	const struct pdcp *p;

	request();
	r.drb[0].pdcp_configuration =
		(struct e1ap_pdcp_configuration){ .pdcp_sn_size_ul = E1AP_PDCP_SN_SIZE_S_18,
			.pdcp_sn_size_dl = E1AP_PDCP_SN_SIZE_S_12,
			.rlc_mode = E1AP_RLC_MODE_RLC_UM_BIDIRECTIONAL,
			.t_reordering_timer = &r.reordering,
			.has_discard_timer = true,
			.discard_timer = E1AP_DISCARD_TIMER_MS100,
			.ie_extensions = &r.pdcp_ext };
	r.reordering.t_reordering = E1AP_T_REORDERING_MS20;
	r.numbers.pdcp_status_transfer_dl = (struct e1ap_pdcp_count){ 5, 3 };
	r.numbers.pdcp_status_transfer_ul.count_value = (struct e1ap_pdcp_count){ 7, 1 };
	r.drb[0].pdcp_sn_status_information = &r.numbers;
	r.m.has_ue_inactivity_timer = true;
	r.m.ue_inactivity_timer = 7200;
	r.m.has_bearer_context_status_change = true;
	r.m.bearer_context_status_change = E1AP_BEARER_CONTEXT_STATUS_CHANGE_SUSPEND;
	is_set_up();
	c = context();
	b = cuup_bearer_of(c->sessions[0], 1);
	assert_int_equal(b->sn_bits, 12);
	assert_int_equal(b->ul_sn_bits, 18);
	assert_false(b->am);
	assert_int_equal(b->discard_ms, 100);
	p = cuup_drb_pdcp(c->sessions[0]->entity, 1);
	assert_int_equal(pdcp_tx_next(p), 3 << 12 | 5);
	assert_int_equal(pdcp_rx_deliv(p), 1 << 18 | 7);
	assert_int_equal(b->window.next, 3 << 12 | 5);
	assert_true(c->suspended);
	assert_int_equal(c->activity.limit_s, 7200);
	assert_int_equal(c->sessions[0]->activity.limit_s + b->activity.limit_s, 0);
	release();
	r.m.activity_notification_level = E1AP_ACTIVITY_NOTIFICATION_LEVEL_PDU_SESSION;
	r.session[0].has_pdu_session_inactivity_timer = true;
	r.session[0].pdu_session_inactivity_timer = 1;
	r.m.has_ue_inactivity_timer = true;
	r.m.ue_inactivity_timer = 9;
	r.m.has_bearer_context_status_change = true;
	r.m.bearer_context_status_change = E1AP_BEARER_CONTEXT_STATUS_CHANGE_RESUME;
	is_set_up();
	c = context();
	assert_false(c->suspended);
	assert_int_equal(c->activity.limit_s, 0);
	assert_int_equal(c->sessions[0]->activity.limit_s, 1);
	release();
	r.m.activity_notification_level = E1AP_ACTIVITY_NOTIFICATION_LEVEL_DRB;
	r.drb[1].has_drb_inactivity_timer = true;
	r.drb[1].drb_inactivity_timer = 3;
	is_set_up();
	c = context();
	assert_int_equal(cuup_bearer_of(c->sessions[0], 1)->activity.limit_s, 0);
	assert_int_equal(cuup_bearer_of(c->sessions[0], 2)->activity.limit_s, 3);
	release();
}

/* 38.414 5.3: of a dual-stack UPF the address of our own kind. */
static void test_dual_stack(void **state)
{
	static uint8_t both[20] = { 10, 0, 0, 9, 0x20, 0x01, 0x0d, 0xb8 };

	request();
	r.session[0].ng_ul_up_tnl_information = e1ap_tunnel(BYTES(both), UPF_TEID, upf_teid);
	is_set_up();
	assert_int_equal(context()->sessions[0]->upf.addr.len, 4);
	assert_memory_equal(context()->sessions[0]->upf.addr.ip, both, 4);
	release();
}

/* --- 37.483 8.3.2 */

static struct {
	struct e1ap_bearer_context_modification_request m;
	struct e1ap_system_bearer_context_modification_request system;
	struct e1ap_pdu_session_resource_to_setup_mod_list add;
	struct e1ap_pdu_session_resource_to_setup_mod_item add_item;
	struct e1ap_drb_to_setup_mod_item_ng_ran add_drbs[2];
	struct e1ap_pdu_session_resource_to_modify_list change;
	struct e1ap_pdu_session_resource_to_modify_item change_item;
	struct e1ap_drb_to_setup_list_ng_ran drb_add;
	struct e1ap_drb_to_modify_list_ng_ran drb_change;
	struct e1ap_drb_to_modify_item_ng_ran drb_item;
	struct e1ap_drb_to_remove_list_ng_ran drb_remove;
	struct e1ap_drb_to_remove_item_ng_ran drb_gone;
	struct e1ap_pdcp_configuration pdcp;
	struct e1ap_up_parameters up;
	struct e1ap_up_parameters_item up_item;
	struct e1ap_up_tnl_information upf;
	struct e1ap_security_information security;
	struct e1ap_pdu_session_resource_to_remove_list remove;
	struct e1ap_pdu_session_resource_to_remove_item gone;
	struct e1ap_qos_flow_qos_parameter_list flows;
} m;

static uint32_t up_id;

/* A change of the session that there is, which says nothing yet. */
static struct e1ap_ng_ran_bearer_context_modification_request *change(void)
{
	struct e1ap_ng_ran_bearer_context_modification_request *ran =
		&m.system.u.ng_ran_bearer_context_modification_request;

	memset(&m, 0, sizeof(m));
	m.system.tag = of_ng_ran;
	m.m = (struct e1ap_bearer_context_modification_request){ .gnb_cu_cp_ue_e1ap_id = CP_ID,
		.gnb_cu_up_ue_e1ap_id = up_id,
		.system_bearer_context_modification_request = &m.system };
	m.change_item.pdu_session_id = PSI;
	m.change = (struct e1ap_pdu_session_resource_to_modify_list){ 1, &m.change_item };
	ran->pdu_session_resource_to_modify_list = &m.change;
	return ran;
}

static struct e1ap_drb_to_modify_item_ng_ran *drb_change(int64_t drb)
{
	change();
	m.drb_item.drb_id = drb;
	m.drb_change = (struct e1ap_drb_to_modify_list_ng_ran){ 1, &m.drb_item };
	m.change_item.drb_to_modify_list_ng_ran = &m.drb_change;
	m.pdcp = drb_of(0).pdcp_configuration;
	return &m.drb_item;
}

static const struct e1ap_ng_ran_bearer_context_modification_response *is_modified(void)
{
	const struct e1ap_bearer_context_modification_response *a;

	give(E1AP_MSG_BEARER_CONTEXT_MODIFICATION_REQUEST, &m.m);
	assert_int_equal(sent, 1);
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_RESPONSE);
	a = got.u.bearer_context_modification_response;
	assert_int_equal(a->gnb_cu_cp_ue_e1ap_id, CP_ID);
	assert_int_equal(a->gnb_cu_up_ue_e1ap_id, up_id);
	return a->system_bearer_context_modification_response
		       ? &a->system_bearer_context_modification_response->u
				  .ng_ran_bearer_context_modification_response
		       : NULL;
}

static struct cuup_pdu_session *modifiable(void)
{
	struct cuup_context *c;

	request();
	is_set_up();
	up_id = got.u.bearer_context_setup_response->gnb_cu_up_ue_e1ap_id;
	c = cuup_context_find(n, CP_ID, up_id);
	assert_non_null(c);
	return c->sessions[0];
}

static void drb_is_refused(struct e1ap_cause wanted)
{
	const struct e1ap_ng_ran_bearer_context_modification_response *a = is_modified();
	const struct e1ap_pdu_session_resource_modified_item *item =
		&a->pdu_session_resource_modified_list->items[0];

	assert_int_equal(a->pdu_session_resource_modified_list->count, 1);
	assert_null(item->drb_modified_list_ng_ran);
	assert_int_equal(item->drb_failed_to_modify_list_ng_ran->count, 1);
	assert_int_equal(item->drb_failed_to_modify_list_ng_ran->items[0].drb_id, m.drb_item.drb_id);
	cause_is(&item->drb_failed_to_modify_list_ng_ran->items[0].cause, wanted);
}

static void test_drb_modified(void **state)
{
	struct cuup_pdu_session *s = modifiable();
	const struct e1ap_ng_ran_bearer_context_modification_response *a;
	const struct e1ap_pdcp_sn_status_information *numbers;

	drb_change(3);
	drb_is_refused(e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_DRB_ID));
	drb_change(1)->dl_up_parameters = &m.up;
	m.up = (struct e1ap_up_parameters){ 1, &m.up_item };
	m.up_item.up_tnl_information = e1ap_tunnel(bytes_of(du_ip, 3), DU_TEID, du_teid);
	drb_is_refused(NO_TUNNEL);
	assert_int_equal(cuup_bearer_of(s, 1)->du.addr.len, 0);
	drb_change(1)->pdcp_configuration = &m.pdcp;
	m.pdcp.pdcp_sn_size_dl = E1AP_PDCP_SN_SIZE_S_12;
	drb_is_refused(NO_PDCP);
	drb_change(1)->pdcp_configuration = &m.pdcp;
	m.pdcp.pdcp_sn_size_ul = E1AP_PDCP_SN_SIZE_S_18;
	drb_is_refused(NO_PDCP);
	drb_change(1)->pdcp_configuration = &m.pdcp;
	m.pdcp.rlc_mode = E1AP_RLC_MODE_RLC_UM_BIDIRECTIONAL;
	drb_is_refused(NO_PDCP);
	/* As asked: the DU's end, numbers, data recovery and flows. */
	drb_change(2)->pdcp_configuration = &m.pdcp;
	m.pdcp.has_pdcp_data_recovery = true;
	m.drb_item.dl_up_parameters = &m.up;
	m.up = (struct e1ap_up_parameters){ 1, &m.up_item };
	m.up_item.up_tnl_information = e1ap_tunnel(BYTES(du_ip), DU_TEID, du_teid);
	m.drb_item.has_pdcp_sn_status_request = true;
	m.drb_item.flow_mapping_information = &m.flows;
	m.flows = (struct e1ap_qos_flow_qos_parameter_list){ 2, r.flow };
	a = is_modified();
	assert_null(a->pdu_session_resource_failed_to_modify_list);
	assert_null(a->pdu_session_resource_modified_list->items[0].drb_failed_to_modify_list_ng_ran);
	assert_int_equal(a->pdu_session_resource_modified_list->items[0].drb_modified_list_ng_ran->count, 1);
	assert_int_equal(
		a->pdu_session_resource_modified_list->items[0].drb_modified_list_ng_ran->items[0].drb_id, 2);
	numbers = a->pdu_session_resource_modified_list->items[0]
			  .drb_modified_list_ng_ran->items[0]
			  .pdcp_sn_status_information;
	assert_non_null(numbers);
	assert_int_equal(numbers->pdcp_status_transfer_dl.pdcp_sn, 0);
	assert_int_equal(cuup_bearer_of(s, 2)->du.teid, DU_TEID);
	assert_memory_equal(cuup_bearer_of(s, 2)->du.addr.ip, du_ip, 4);
	assert_int_equal(cuup_bearer_of(s, 2)->flows, 6);
	assert_int_equal(cuup_bearer_of(s, 1)->flows, 0); /* another has them now */
	drb_change(2);
	a = is_modified();
	assert_null(a->pdu_session_resource_modified_list->items[0]
			.drb_modified_list_ng_ran->items[0]
			.pdcp_sn_status_information);
	assert_int_equal(cuup_bearer_of(s, 2)->du.teid, DU_TEID);
}

static void test_session_modified(void **state)
{
	struct cuup_pdu_session *s = modifiable();
	const struct e1ap_ng_ran_bearer_context_modification_response *a;
	const struct e1ap_pdu_session_resource_modified_item *item;

	change();
	m.change_item.pdu_session_id = PSI + 1;
	a = is_modified();
	assert_null(a->pdu_session_resource_modified_list);
	assert_int_equal(a->pdu_session_resource_failed_to_modify_list->count, 1);
	assert_int_equal(a->pdu_session_resource_failed_to_modify_list->items[0].pdu_session_id, PSI + 1);
	cause_is(&a->pdu_session_resource_failed_to_modify_list->items[0].cause,
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID));
	change();
	m.upf = e1ap_tunnel(bytes_of(upf_ip, 3), UPF_TEID, upf_teid);
	m.change_item.ng_ul_up_tnl_information = &m.upf;
	a = is_modified();
	cause_is(&a->pdu_session_resource_failed_to_modify_list->items[0].cause, NO_TUNNEL);
	assert_int_equal(s->upf.teid, UPF_TEID);
	change();
	m.upf = e1ap_tunnel(BYTES(upf_ip), UPF_TEID + 1, other_teid);
	m.change_item.ng_ul_up_tnl_information = &m.upf;
	m.drb_gone.drb_id = 2;
	m.drb_remove = (struct e1ap_drb_to_remove_list_ng_ran){ 1, &m.drb_gone };
	m.change_item.drb_to_remove_list_ng_ran = &m.drb_remove;
	m.drb_add = (struct e1ap_drb_to_setup_list_ng_ran){ 2, &r.drb[1] };
	m.change_item.drb_to_setup_list_ng_ran = &m.drb_add;
	r.drb[2].pdcp_configuration.rlc_mode = E1AP_RLC_MODE_RLC_TM;
	a = is_modified();
	item = &a->pdu_session_resource_modified_list->items[0];
	assert_int_equal(item->pdu_session_id, PSI);
	assert_int_equal(item->drb_setup_list_ng_ran->count, 1);
	assert_int_equal(item->drb_setup_list_ng_ran->items[0].drb_id, 2);
	assert_int_equal(item->drb_failed_list_ng_ran->count, 1);
	assert_int_equal(item->drb_failed_list_ng_ran->items[0].drb_id, 3);
	cause_is(&item->drb_failed_list_ng_ran->items[0].cause, NO_PDCP);
	assert_int_equal(s->upf.teid, UPF_TEID + 1);
	assert_int_equal(n->bearers.used, 2);
	change();
	m.drb_gone.drb_id = 3; /* which there is not */
	m.drb_remove = (struct e1ap_drb_to_remove_list_ng_ran){ 1, &m.drb_gone };
	m.change_item.drb_to_remove_list_ng_ran = &m.drb_remove;
	a = is_modified();
	assert_null(a->pdu_session_resource_failed_to_modify_list);
	assert_int_equal(n->bearers.used, 2);
}

/* A session that comes, with one of two DRBs, and goes; one that does not come. */
static void test_session_added(void **state)
{
	const struct e1ap_ng_ran_bearer_context_modification_response *a;
	const struct e1ap_pdu_session_resource_setup_mod_item *item;
	struct e1ap_ng_ran_bearer_context_modification_request *ran;

	modifiable();
	for (int bad = 0; bad <= 1; bad++) {
		ran = change();
		ran->pdu_session_resource_to_modify_list = NULL;
		ran->pdu_session_resource_to_setup_mod_list = &m.add;
		m.add = (struct e1ap_pdu_session_resource_to_setup_mod_list){ 1, &m.add_item };
		m.add_item = (struct e1ap_pdu_session_resource_to_setup_mod_item){ .pdu_session_id = PSI + 1,
			.snssai = r.session[0].snssai,
			.security_indication = r.session[0].security_indication,
			.ng_ul_up_tnl_information = r.session[0].ng_ul_up_tnl_information,
			.drb_to_setup_mod_list_ng_ran = { 2, m.add_drbs } };
		for (uint8_t i = 0; i < 2; i++)
			m.add_drbs[i] = (struct e1ap_drb_to_setup_mod_item_ng_ran){ .drb_id = 3 + i,
				.sdap_configuration = r.drb[0].sdap_configuration,
				.pdcp_configuration = r.drb[0].pdcp_configuration,
				.cell_group_information = r.drb[0].cell_group_information,
				.flow_mapping_information = { 1, &r.flow[2] } };
		m.add_drbs[1].pdcp_configuration.rlc_mode = E1AP_RLC_MODE_RLC_TM;
		if (bad)
			m.add_item.drb_to_setup_mod_list_ng_ran =
				(struct e1ap_drb_to_setup_mod_list_ng_ran){ 1, &m.add_drbs[1] };
		a = is_modified();
		if (bad) {
			assert_null(a->pdu_session_resource_setup_mod_list);
			assert_int_equal(a->pdu_session_resource_failed_mod_list->count, 1);
			assert_int_equal(
				a->pdu_session_resource_failed_mod_list->items[0].pdu_session_id, PSI + 1);
			cause_is(&a->pdu_session_resource_failed_mod_list->items[0].cause, NO_PDCP);
			assert_int_equal(n->sessions.used, 1);
			continue;
		}
		assert_null(a->pdu_session_resource_failed_mod_list);
		item = &a->pdu_session_resource_setup_mod_list->items[0];
		assert_int_equal(item->pdu_session_id, PSI + 1);
		assert_non_null(item->security_result);
		assert_int_equal(item->drb_setup_mod_list_ng_ran.count, 1);
		assert_int_equal(item->drb_setup_mod_list_ng_ran.items[0].drb_id, 3);
		assert_int_equal(item->drb_setup_mod_list_ng_ran.items[0].flow_setup_list.count, 1);
		assert_int_equal(item->drb_failed_mod_list_ng_ran->count, 1);
		assert_int_equal(item->drb_failed_mod_list_ng_ran->items[0].drb_id, 4);
		cause_is(&item->drb_failed_mod_list_ng_ran->items[0].cause, NO_PDCP);
		assert_int_equal(n->bearers.used, 3);
		ran = change();
		ran->pdu_session_resource_to_modify_list = NULL;
		ran->pdu_session_resource_to_remove_list = &m.remove;
		m.gone.pdu_session_id = PSI + 1;
		m.remove = (struct e1ap_pdu_session_resource_to_remove_list){ 1, &m.gone };
		assert_null(is_modified());
		assert_int_equal(n->sessions.used, 1);
		assert_int_equal(n->bearers.used, 2);
	}
}

/* Of the context as such: keys, suspension, how silence is told. */
static void test_context_modified(void **state)
{
	struct cuup_context *c = modifiable()->context;
	uint8_t fresh[16] = { 9 };

	change();
	m.m.system_bearer_context_modification_request = NULL;
	m.security = security();
	m.security.up_securitykey.encryption_key = BYTES(fresh);
	m.m.security_information = &m.security;
	m.m.has_bearer_context_status_change = true;
	m.m.bearer_context_status_change = E1AP_BEARER_CONTEXT_STATUS_CHANGE_SUSPEND;
	m.m.has_activity_notification_level = true;
	m.m.activity_notification_level = E1AP_ACTIVITY_NOTIFICATION_LEVEL_DRB;
	c->notified = true;
	assert_null(is_modified());
	assert_memory_equal(c->keys.k_enc, fresh, 16);
	assert_true(c->suspended && !c->notified);
	assert_int_equal(c->level, E1AP_ACTIVITY_NOTIFICATION_LEVEL_DRB);
	change();
	m.m.system_bearer_context_modification_request = NULL;
	m.m.has_ue_inactivity_timer = true;
	m.m.ue_inactivity_timer = 20;
	assert_null(is_modified());
	assert_int_equal(c->activity.limit_s, 0); /* it is of DRBs */
	assert_true(c->suspended);
	m.m.has_activity_notification_level = true;
	m.m.activity_notification_level = E1AP_ACTIVITY_NOTIFICATION_LEVEL_UE;
	m.m.has_bearer_context_status_change = true;
	m.m.bearer_context_status_change = E1AP_BEARER_CONTEXT_STATUS_CHANGE_RESUME;
	assert_null(is_modified());
	assert_int_equal(c->activity.limit_s, 20);
	assert_false(c->suspended);
	change();
	m.security = security();
	m.security.up_securitykey.encryption_key.len = KEY_LEN - 1;
	m.m.security_information = &m.security;
	give(E1AP_MSG_BEARER_CONTEXT_MODIFICATION_REQUEST, &m.m);
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_FAILURE);
	cause_is(&got.u.bearer_context_modification_failure->cause, NO_NEA);
	change();
	m.m.gnb_cu_up_ue_e1ap_id++;
	give(E1AP_MSG_BEARER_CONTEXT_MODIFICATION_REQUEST, &m.m);
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_FAILURE);
	assert_int_equal(
		got.u.bearer_context_modification_failure->gnb_cu_up_ue_e1ap_id, m.m.gnb_cu_up_ue_e1ap_id);
	cause_is(&got.u.bearer_context_modification_failure->cause,
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_E1AP_ID));
	assert_int_equal(n->stats.unknown_ue, 1);
	assert_int_equal(n->stats.refused, 2);
}

/* 37.483 8.3.6: each level's silence once, at its time. */
static void test_silence(void **state)
{
	request();
	r.m.has_ue_inactivity_timer = true;
	r.m.ue_inactivity_timer = 2;
	is_set_up();
	sent = 0;
	assert_true(cuup_node_deadline_ns(n) == t.now_ns + 2 * NS_PER_S);
	t.now_ns += 2 * NS_PER_S - 1;
	cuup_node_run(n);
	assert_int_equal(sent, 0);
	t.now_ns++;
	cuup_node_run(n);
	assert_int_equal(sent, 1);
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_INACTIVITY_NOTIFICATION);
	assert_int_equal(got.u.bearer_context_inactivity_notification->activity_information.tag,
		E1AP_ACTIVITY_INFORMATION_TAG_UE_ACTIVITY);
	assert_int_equal(got.u.bearer_context_inactivity_notification->activity_information.u.ue_activity,
		E1AP_UE_ACTIVITY_NOT_ACTIVE);
	t.now_ns += 100 * NS_PER_S;
	cuup_node_run(n);
	assert_int_equal(sent, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_as_asked), TEST(test_refused), TEST(test_in_part),
		TEST(test_parameters), TEST(test_dual_stack), TEST(test_drb_modified),
		TEST(test_session_modified), TEST(test_session_added), TEST(test_context_modified),
		TEST(test_silence) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
