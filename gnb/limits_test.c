/* The gNB at its limits: exactly at each and one over, with the cause that a refusal gives. */
#include "gnb/gnb_bed.h"
#include "gnb/internal.h"

static const uint8_t nas[] = { 0x7e, 0, 0x41 };
static const uint8_t teid[] = { 0, 0, 0x77, 0x77 };

static void ue_comes(struct bed *b, uint32_t index)
{
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(
		uu_rrc_encode(&(struct uu_rrc_msg){ .type = UU_RRC_SETUP_REQUEST, .nas = BYTES(nas) }, &w));
	bed_ue_sends_pdu(b, (struct uu_pdu){ index, UU_SRB0, writer_bytes(&w) });
}

/* 38.412 7: stream 0 is for what belongs to no UE, if there is another. */
static void test_streams(void **state)
{
	static const struct {
		uint16_t streams, expected[3];
	} cases[] = { { 0, { 0, 0, 0 } }, { 1, { 0, 0, 0 } }, { 2, { 1, 1, 1 } }, { 3, { 1, 2, 1 } },
		{ 4, { 1, 2, 3 } } };
	struct bed *b = *state;

	bed_ready(b);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		b->gnb->amfs[0].streams = cases[i].streams;
		b->gnb->amfs[0].next_stream = 0;
		for (uint32_t k = 0; k < 3; k++) {
			const struct msg *m;

			ue_comes(b, (uint32_t)i * 3 + k);
			m = bed_next(b, GNB_PORT_N2);
			assert_non_null(m);
			assert_int_equal(m->stream, cases[i].expected[k]);
		}
	}
}

/* The QFIs of a flow list, and the tunnel's address of so many bits. */
struct wish {
	int64_t qfis[3];
	size_t qfi_count, address_bits;
	bool integrity, ciphering;
};

static struct bytes setup_transfer(struct bed *b, const struct wish *wish)
{
	static const uint8_t address[20] = { 10, 0, 0, 3 };
	struct ngap_qos_flow_setup_request_item flows[3] = { 0 };
	struct ngap_security_indication security = { wish->integrity
							     ? NGAP_INTEGRITY_PROTECTION_INDICATION_REQUIRED
							     : NGAP_INTEGRITY_PROTECTION_INDICATION_PREFERRED,
		wish->ciphering ? NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED
				: NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_NOT_NEEDED };
	struct ngap_pdu_session_resource_setup_request_transfer t = { 0 };
	struct ngap_gtp_tunnel *tunnel = &t.ul_ngu_up_tnl_information.u.gtp_tunnel;

	t.ul_ngu_up_tnl_information.tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL;
	tunnel->transport_layer_address = (struct per_bits){ address, wish->address_bits };
	tunnel->gtp_teid = BYTES(teid);
	for (size_t i = 0; i < wish->qfi_count; i++) {
		struct ngap_qos_flow_level_qos_parameters *q = &flows[i].qos_flow_level_qos_parameters;

		flows[i].qos_flow_identifier = wish->qfis[i];
		q->qos_characteristics.tag = NGAP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC5_QI;
		q->qos_characteristics.u.non_dynamic5_qi.five_qi = 9;
		q->allocation_and_retention_priority.priority_level_arp = 8;
	}
	t.qos_flow_setup_request_list = (struct ngap_qos_flow_setup_request_list){ wish->qfi_count, flows };
	t.security_indication = wish->integrity || wish->ciphering ? &security : NULL;
	return ngap_value_bytes(&ngap_pdu_session_resource_setup_request_transfer_type, &t, &b->arena);
}

static const struct wish plain = { { 1 }, 1, 32, false };

static void ask(struct bed *b, const uint8_t *psis, size_t count, const struct wish *wish)
{
	struct ngap_pdu_session_resource_setup_item_su_req items[GNB_ITEMS_MAX + 1] = { 0 };
	struct ngap_pdu_session_resource_setup_request m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id,
		.pdu_session_resource_setup_list_su_req = { count, items } };
	uint8_t sst = 1;

	for (size_t i = 0; i < count; i++) {
		items[i].pdu_session_id = psis[i];
		items[i].s_nssai.sst = bytes_of(&sst, 1);
		items[i].pdu_session_resource_setup_request_transfer = setup_transfer(b, wish);
	}
	bed_amf_sends(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_REQUEST, &m);
}

static const struct ngap_pdu_session_resource_setup_response *asked(struct bed *b)
{
	return bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE)
		.u.pdu_session_resource_setup_response;
}

/* Why one of those that failed did. */
static int setup_cause(struct bed *b, const struct ngap_pdu_session_resource_setup_response *r, size_t i)
{
	struct ngap_pdu_session_resource_setup_unsuccessful_transfer t;
	struct per_diag diag;

	assert_non_null(r->pdu_session_resource_failed_to_setup_list_su_res);
	assert_true(i < r->pdu_session_resource_failed_to_setup_list_su_res->count);
	assert_true(ngap_value_decode(&ngap_pdu_session_resource_setup_unsuccessful_transfer_type,
		r->pdu_session_resource_failed_to_setup_list_su_res->items[i]
			.pdu_session_resource_setup_unsuccessful_transfer,
		&b->arena, &t, &diag));
	assert_int_equal(t.cause.tag, NGAP_CAUSE_TAG_RADIO_NETWORK);
	return (int)t.cause.u.radio_network;
}

/* Identities 1 to 15; as many items as a request may have, and one more. */
static void test_setup_items(void **state)
{
	struct bed *b = *state;
	const struct ngap_pdu_session_resource_setup_response *r;
	uint8_t psis[GNB_ITEMS_MAX + 1];

	for (size_t i = 0; i <= GNB_ITEMS_MAX; i++)
		psis[i] = (uint8_t)i;
	bed_connected(b);
	ask(b, psis, GNB_ITEMS_MAX + 1, &plain);
	r = asked(b);
	assert_null(r->pdu_session_resource_setup_list_su_res);
	assert_int_equal(r->pdu_session_resource_failed_to_setup_list_su_res->count, GNB_ITEMS_MAX + 1);
	for (size_t i = 0; i <= GNB_ITEMS_MAX; i++) {
		assert_int_equal(
			r->pdu_session_resource_failed_to_setup_list_su_res->items[i].pdu_session_id, i);
		assert_int_equal(
			setup_cause(b, r, i), NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE);
	}
	assert_int_equal(bed_stat(b, GNB_STAT_SESSION_FAILURES), GNB_ITEMS_MAX + 1);
	assert_null(bed_next(b, GNB_PORT_AIR));
	bed_forget(b);
	ask(b, psis, GNB_ITEMS_MAX, &plain);
	for (uint8_t drb = 1; drb <= PDU_SESSIONS_MAX; drb++)
		bed_bearer_answer(b, drb, true);
	r = asked(b);
	assert_int_equal(r->pdu_session_resource_setup_list_su_res->count, PDU_SESSIONS_MAX);
	assert_int_equal(r->pdu_session_resource_failed_to_setup_list_su_res->count, 1);
	assert_int_equal(setup_cause(b, r, 0), NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID);
	psis[0] = PDU_SESSIONS_MAX + 1;
	ask(b, psis, 2, &plain);
	r = asked(b);
	assert_int_equal(setup_cause(b, r, 0), NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID);
	assert_int_equal(setup_cause(b, r, 1), NGAP_CAUSE_RADIO_NETWORK_MULTIPLE_PDU_SESSION_ID_INSTANCES);
	assert_int_equal(gnb_numbers(b->gnb).sessions, PDU_SESSIONS_MAX);
	assert_int_equal(bed_stat(b, GNB_STAT_SESSIONS), PDU_SESSIONS_MAX);
	bed_bearer_answer(b, PDU_SESSIONS_MAX + 1, true);
	assert_int_equal(bed_stat(b, GNB_STAT_AIR_REFUSED), 1);
}

/* What a transfer may ask for; -1: it is set up, with the flows asked for. */
static void test_setup_transfers(void **state)
{
	enum { UP = -1 };
	static const struct {
		struct wish wish;
		int cause;
	} cases[] = {
		{ { { 0, 63 }, 2, 32, false }, UP },
		{ { { 5 }, 1, 128, false }, UP },
		{ { { 5, 6, 7 }, 3, 160, false }, UP },
		{ { { 5, 6, 5 }, 3, 32, false }, NGAP_CAUSE_RADIO_NETWORK_MULTIPLE_QOS_FLOW_ID_INSTANCES },
		{ { { 5 }, 1, 31, false }, NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED },
		{ { { 5 }, 1, 159, false }, NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED },
		{ { { 5 }, 1, 32, true }, NGAP_CAUSE_RADIO_NETWORK_UP_INTEGRITY_PROTECTION_NOT_POSSIBLE },
		{ { { 5 }, 1, 32, false, true },
			NGAP_CAUSE_RADIO_NETWORK_UP_CONFIDENTIALITY_PROTECTION_NOT_POSSIBLE },
	};
	struct bed *b = *state;

	bed_connected(b);
	for (uint8_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ngap_pdu_session_resource_setup_response_transfer t;
		const struct ngap_pdu_session_resource_setup_response *r;
		const struct ngap_associated_qos_flow_list *flows =
			&t.dl_qos_flow_per_tnl_information.associated_qos_flow_list;
		uint8_t psi = i + 1;
		struct per_diag diag;

		bed_forget(b);
		ask(b, &psi, 1, &cases[i].wish);
		if (cases[i].cause != UP) {
			assert_int_equal(setup_cause(b, asked(b), 0), cases[i].cause);
			assert_null(bed_next(b, GNB_PORT_AIR));
			continue;
		}
		bed_bearer_answer(b, psi, true);
		r = asked(b);
		assert_true(ngap_value_decode(&ngap_pdu_session_resource_setup_response_transfer_type,
			r->pdu_session_resource_setup_list_su_res->items[0]
				.pdu_session_resource_setup_response_transfer,
			&b->arena, &t, &diag));
		assert_int_equal(flows->count, cases[i].wish.qfi_count);
		for (size_t k = 0; k < flows->count; k++)
			assert_int_equal(flows->items[k].qos_flow_identifier, cases[i].wish.qfis[k]);
	}
}

static void modify(struct bed *b, uint8_t psi, size_t count,
	const struct ngap_pdu_session_resource_modify_request_transfer *t)
{
	struct ngap_pdu_session_resource_modify_item_mod_req items[GNB_ITEMS_MAX + 1] = { 0 };
	struct ngap_pdu_session_resource_modify_request m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id,
		.pdu_session_resource_modify_list_mod_req = { count, items } };

	for (size_t i = 0; i < count; i++) {
		items[i].pdu_session_id = psi;
		items[i].pdu_session_resource_modify_request_transfer = ngap_value_bytes(
			&ngap_pdu_session_resource_modify_request_transfer_type, t, &b->arena);
	}
	bed_amf_sends(b, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_REQUEST, &m);
}

static const struct ngap_pdu_session_resource_modify_response *modified(struct bed *b)
{
	return bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_RESPONSE)
		.u.pdu_session_resource_modify_response;
}

static int modify_cause(struct bed *b, const struct ngap_pdu_session_resource_modify_response *r, size_t i)
{
	struct ngap_pdu_session_resource_modify_unsuccessful_transfer t;
	struct per_diag diag;

	assert_null(r->pdu_session_resource_modify_list_mod_res);
	assert_true(ngap_value_decode(&ngap_pdu_session_resource_modify_unsuccessful_transfer_type,
		r->pdu_session_resource_failed_to_modify_list_mod_res->items[i]
			.pdu_session_resource_modify_unsuccessful_transfer,
		&b->arena, &t, &diag));
	assert_int_equal(t.cause.tag, NGAP_CAUSE_TAG_RADIO_NETWORK);
	return (int)t.cause.u.radio_network;
}

static struct ngap_ul_ngu_up_tnl_modify_item tunnel_of(const struct addr *upf, size_t bits)
{
	struct ngap_ul_ngu_up_tnl_modify_item item = { 0 };
	struct ngap_up_transport_layer_information *ways[] = { &item.ul_ngu_up_tnl_information,
		&item.dl_ngu_up_tnl_information };

	for (size_t i = 0; i < 2; i++) {
		ways[i]->tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL;
		ways[i]->u.gtp_tunnel.transport_layer_address = (struct per_bits){ upf->ip, bits };
		ways[i]->u.gtp_tunnel.gtp_teid = BYTES(teid);
	}
	return item;
}

static void session_up(struct bed *b, uint8_t psi)
{
	bed_connected(b);
	ask(b, &psi, 1, &plain);
	bed_bearer_answer(b, 1, true);
	bed_forget(b);
}

static void test_modify_items(void **state)
{
	struct ngap_qos_flow_add_or_modify_request_item flow = { .qos_flow_identifier = 1 };
	struct ngap_qos_flow_add_or_modify_request_list flows = { 1, &flow };
	struct ngap_pdu_session_resource_modify_request_transfer t = { .qos_flow_add_or_modify_request_list =
									       &flows };
	struct bed *b = *state;
	const struct ngap_pdu_session_resource_modify_response *r;

	session_up(b, 1);
	modify(b, PDU_SESSIONS_MAX, GNB_ITEMS_MAX, &t);
	r = modified(b);
	assert_int_equal(r->pdu_session_resource_failed_to_modify_list_mod_res->count, GNB_ITEMS_MAX);
	for (size_t i = 0; i < GNB_ITEMS_MAX; i++)
		assert_int_equal(modify_cause(b, r, i), NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID);
	modify(b, 1, GNB_ITEMS_MAX + 1, &t);
	assert_int_equal(bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION).u.error_indication->cause->u.misc,
		NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD);
	assert_null(bed_next(b, GNB_PORT_AIR));
	modify(b, PDU_SESSIONS_MAX + 1, 1, &t);
	assert_int_equal(modify_cause(b, modified(b), 0), NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID);
}

/* Flows at both ends of their numbers are added and named in the answer. */
static void test_modify_transfers(void **state)
{
	struct ngap_qos_flow_add_or_modify_request_item added[] = { { .qos_flow_identifier = 0 },
		{ .qos_flow_identifier = GNB_QFI_MAX } };
	struct ngap_qos_flow_add_or_modify_request_list adds = { 2, added };
	struct ngap_qos_flow_with_cause_item gone[] = {
		{ .qos_flow_identifier = 0, .cause = ngap_cause_of_nas(NGAP_CAUSE_NAS_NORMAL_RELEASE) },
		{ .qos_flow_identifier = GNB_QFI_MAX,
			.cause = ngap_cause_of_nas(NGAP_CAUSE_NAS_NORMAL_RELEASE) }
	};
	struct ngap_qos_flow_list_with_cause releases = { 2, gone };
	struct bed *b = *state;
	struct ngap_pdu_session_resource_modify_request_transfer t = { .qos_flow_add_or_modify_request_list =
									       &adds };
	struct ngap_pdu_session_resource_modify_response_transfer answer;
	struct gnb_session *s;
	struct per_diag diag;

	session_up(b, 1);
	s = gnb_ue_of_ran_id(b->gnb, &b->gnb->amfs[0], b->ran_ue_ngap_id)->sessions[1];
	modify(b, 1, 1, &t);
	bed_bearer_answer(b, 1, true);
	assert_true(ngap_value_decode(&ngap_pdu_session_resource_modify_response_transfer_type,
		modified(b)
			->pdu_session_resource_modify_list_mod_res->items[0]
			.pdu_session_resource_modify_response_transfer,
		&b->arena, &answer, &diag));
	assert_int_equal(answer.qos_flow_add_or_modify_response_list->count, 2);
	assert_int_equal(answer.qos_flow_add_or_modify_response_list->items[0].qos_flow_identifier, 0);
	assert_int_equal(
		answer.qos_flow_add_or_modify_response_list->items[1].qos_flow_identifier, GNB_QFI_MAX);
	assert_true(s->flows == (UINT64_C(1) << GNB_QFI_MAX | 3));
	t = (struct ngap_pdu_session_resource_modify_request_transfer){ .qos_flow_to_release_list =
										&releases };
	modify(b, 1, 1, &t);
	bed_bearer_answer(b, 1, false); /* the UE does not take it */
	assert_int_equal(modify_cause(b, modified(b), 0),
		NGAP_CAUSE_RADIO_NETWORK_FAILURE_IN_RADIO_INTERFACE_PROCEDURE);
	assert_true(s->flows == (UINT64_C(1) << GNB_QFI_MAX | 3)); /* as it was (8.2.3.3) */
	assert_int_equal(gnb_numbers(b->gnb).sessions, 1);         /* it stays (8.2.3.4) */
}

/* A tunnel is moved, or refused; what the UE does not take leaves it as it was. */
static void test_modify_tunnel(void **state)
{
	struct bed *b = *state;
	struct addr upf = b->amf;
	struct ngap_ul_ngu_up_tnl_modify_item tunnel = tunnel_of(&upf, 32);
	struct ngap_ul_ngu_up_tnl_modify_list tunnels = { 1, &tunnel };
	struct ngap_pdu_session_resource_modify_request_transfer t = { .ul_ngu_up_tnl_modify_list =
									       &tunnels };
	struct gnb_session *s;
	uint32_t before;

	session_up(b, 1);
	s = gnb_ue_of_ran_id(b->gnb, &b->gnb->amfs[0], b->ran_ue_ngap_id)->sessions[1];
	before = s->ul_teid;
	modify(b, 1, 1, &t);
	bed_bearer_answer(b, 1, false);
	assert_int_equal(modify_cause(b, modified(b), 0),
		NGAP_CAUSE_RADIO_NETWORK_FAILURE_IN_RADIO_INTERFACE_PROCEDURE);
	assert_int_equal(s->ul_teid, before);
	assert_ptr_equal(gnb_session_by_remote(b->gnb, &b->upf, before), s);
	assert_null(gnb_session_by_remote(b->gnb, &upf, 0x7777));
	modify(b, 1, 1, &t);
	bed_bearer_answer(b, 1, true);
	assert_non_null(modified(b)->pdu_session_resource_modify_list_mod_res);
	assert_int_equal(s->ul_teid, 0x7777);
	assert_true(addr_same_host(&s->upf, &upf));
	assert_ptr_equal(gnb_session_by_remote(b->gnb, &upf, 0x7777), s);
	assert_null(gnb_session_by_remote(b->gnb, &b->upf, 0x7777));
	tunnel = tunnel_of(&b->upf, 31);
	modify(b, 1, 1, &t);
	assert_int_equal(modify_cause(b, modified(b), 0), NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
	assert_true(addr_same_host(&s->upf, &upf));
}

/* 8.3.2.2, 8.3.3.2: exactly the sessions that there are, the last identity too; without any no list. */
static void test_release_lists(void **state)
{
	static const uint8_t last = PDU_SESSIONS_MAX;
	struct bed *b = *state;
	struct ngap_ue_context_release_command m = {
		.cause = ngap_cause_of_nas(NGAP_CAUSE_NAS_NORMAL_RELEASE),
		.ue_ngap_ids = { .tag = NGAP_UE_NGAP_IDS_TAG_AMF_UE_NGAP_ID, .u.amf_ue_ngap_id = AMF_UE_ID }
	};
	const struct ngap_pdu_session_resource_list_cxt_rel_req *asked_list;
	const struct ngap_pdu_session_resource_list_cxt_rel_cpl *list;

	session_up(b, last);
	bed_ue_leaves(b);
	asked_list = bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST)
			     .u.ue_context_release_request->pdu_session_resource_list_cxt_rel_req;
	assert_int_equal(asked_list->count, 1);
	assert_int_equal(asked_list->items[0].pdu_session_id, last);
	bed_amf_sends(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &m);
	list = bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE)
		       .u.ue_context_release_complete->pdu_session_resource_list_cxt_rel_cpl;
	assert_int_equal(list->count, 1);
	assert_int_equal(list->items[0].pdu_session_id, last);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 0);
	bed_amf_sends(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &m); /* there is none any more */
	assert_int_equal(
		bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION).u.error_indication->cause->u.radio_network,
		NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID);
}

static void test_release_without_sessions(void **state)
{
	struct bed *b = *state;

	bed_connected(b);
	bed_ue_leaves(b);
	assert_null(bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST)
			.u.ue_context_release_request->pdu_session_resource_list_cxt_rel_req);
}

/* User packets keep a UE active on their way down too. */
static void test_downlink_is_activity(void **state)
{
	struct bed *b = *state;
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = 1 } };
	uint8_t datagram[128] = { 0 };
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_N3, .peer = b->upf };

	b->gnb->config.inactivity_ms = 5000;
	session_up(b, 1);
	bed_pass(b, 3000);
	h.teid = gnb_ue_of_ran_id(b->gnb, &b->gnb->amfs[0], b->ran_ue_ngap_id)->sessions[1]->dl_teid;
	m.data = bytes_of(datagram, gtpu_header_encode(&h, 20, datagram) + 20);
	bed_deliver(b, &m);
	assert_int_equal(bed_stat(b, GNB_STAT_DOWNLINK_PACKETS), 1);
	bed_pass(b, 4999);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_pass(b, 1);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
}

/* A UE that did not answer may have the bearer all the same: it is released. */
static void test_unanswered_bearer(void **state)
{
	static const uint8_t psi = 1;
	struct bed *b = *state;

	bed_connected(b);
	ask(b, &psi, 1, &plain);
	bed_forget(b);
	bed_pass(b, GNB_AIR_GUARD_MS);
	assert_int_equal(
		setup_cause(b, asked(b), 0), NGAP_CAUSE_RADIO_NETWORK_FAILURE_IN_RADIO_INTERFACE_PROCEDURE);
	assert_int_equal(bed_ue_gets(b, UU_RRC_BEARER_RELEASE).drb, 1);
}

/* Each value of Time To Wait (9.3.1.56), and none. */
static void test_time_to_wait(void **state)
{
	static const uint32_t waits_s[] = { 1, 2, 5, 10, 20, 60, 10 };
	struct ngap_ng_setup_failure f = { .cause = ngap_cause_of_misc(NGAP_CAUSE_MISC_UNSPECIFIED) };
	struct bed *b = *state;

	bed_associate(b);
	for (size_t i = 0; i < ARRAY_LEN(waits_s); i++) {
		f.has_time_to_wait = i < NGAP_TIME_TO_WAIT_N;
		f.time_to_wait = (enum ngap_time_to_wait)(f.has_time_to_wait ? i : 0);
		bed_amf_sends(b, NGAP_MSG_NG_SETUP_FAILURE, &f);
		bed_pass(b, waits_s[i] * MS_PER_S - 1);
		assert_null(bed_next(b, GNB_PORT_N2));
		bed_pass(b, 1);
		bed_amf_gets(b, NGAP_MSG_NG_SETUP_REQUEST);
	}
	assert_int_equal(bed_stat(b, GNB_STAT_NG_SETUP_FAILURES), ARRAY_LEN(waits_s));
	bed_pass(b, GNB_SETUP_GUARD_MS - 1); /* and without any answer */
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_pass(b, 1);
	bed_amf_gets(b, NGAP_MSG_NG_SETUP_REQUEST);
}

/* What makes a configuration none. */
static void test_configurations(void **state)
{
	struct bed *b = *state;
	const struct gnb_config good = b->config;
	struct gnb_config bad[] = { good, good, good, good, good, good, good, good, good, good, good, good };
	struct gnb_config edge = good;
	struct gnb *gnb;

	bad[0].gnb_id_bits = 21;
	bad[1].gnb_id_bits = 33;
	bad[2].gnb_id = 1 << 22;
	bad[3].cells[0].id = 1 << 14;
	bad[4].name[0] = '\0';
	bad[5].cell_count = 0;
	bad[6].cell_count = GNB_CELLS_MAX + 1;
	bad[7].slice_count = 0;
	bad[8].slice_count = SNSSAI_MAX + 1;
	bad[9].amf_count = 0;
	bad[10].amf_count = GNB_AMFS_MAX + 1;
	bad[11].n3_address.len = 0;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_null(gnb_new(&bad[i], &b->t.env));
	edge.gnb_id_bits = 32;
	edge.gnb_id = 0xffffffff;
	edge.cell_count = GNB_CELLS_MAX;
	edge.cells[GNB_CELLS_MAX - 1].id = 15;
	edge.slice_count = SNSSAI_MAX;
	edge.amf_count = GNB_AMFS_MAX;
	gnb = gnb_new(&edge, &b->t.env);
	assert_non_null(gnb);
	gnb_free(gnb);
	edge.cells[GNB_CELLS_MAX - 1].id = 16;
	assert_null(gnb_new(&edge, &b->t.env));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_streams, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_setup_items, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_setup_transfers, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_modify_items, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_modify_transfers, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_modify_tunnel, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_release_lists, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_release_without_sessions, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_downlink_is_activity, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_unanswered_bearer, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_time_to_wait, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_configurations, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
