/* The CU-CP's end of E1AP beside CU-UPs of the test's own hand: what it orders, and what it makes of answers.
 */
#include "base/test_env.h"
#include "gnb/cucp/e1ap_parts.h"

enum { UPS = 3, CONTEXTS = 3, PSI = 5, UP_ID = 77, EVENTS = 8 };

static const enum e1ap_system_bearer_context_modification_response_tag modified_of_ng_ran =
	E1AP_SYSTEM_BEARER_CONTEXT_MODIFICATION_RESPONSE_TAG_NG_RAN_BEARER_CONTEXT_MODIFICATION_RESPONSE;
static const enum e1ap_system_bearer_context_modification_required_tag required_of_ng_ran =
	E1AP_SYSTEM_BEARER_CONTEXT_MODIFICATION_REQUIRED_TAG_NG_RAN_BEARER_CONTEXT_MODIFICATION_REQUIRED;
static const enum e1ap_ue_associated_logical_e1_connection_item_res_tag is_item =
	E1AP_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM_RES_TAG_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM;
static struct test_env t;
static struct cucp_e1ap *e;
static struct arena arena;
static struct e1ap_pdu got; /* the last that the CU-CP sent, and to whom */
static uint32_t got_up;
static unsigned sent;
static struct plmn plmn, foreign;
static const struct snssai slice = { 1, SNSSAI_NO_SD }, other_slice = { 2, 5 };
static bool same_again;
static int user; /* whom events name */

static struct {
	unsigned answered, failed, lost, released;
	uint32_t again_up, again_old;
	uint8_t count;
	struct cucp_e1_session_answer answers[CUCP_E1_SESSIONS_MAX];
	struct e1ap_cause cause;
	unsigned activities, downlinks, usages, removals;
	struct {
		uint8_t psi, drb;
		bool active;
		uint64_t ul, dl;
	} event[EVENTS];
} heard;

static void on_answered(void *arg, void *of, const struct cucp_e1_session_answer *sessions, uint8_t count)
{
	assert_ptr_equal(of, &user);
	heard.answered++;
	heard.count = count;
	memcpy(heard.answers, sessions, count * sizeof(*sessions));
}

static void on_failed(void *arg, void *of, const struct e1ap_cause *cause)
{
	heard.failed++;
	heard.cause = *cause;
}

static void on_lost(void *arg, void *of, const struct e1ap_cause *cause)
{
	heard.lost++;
	heard.cause = *cause;
}

static void on_activity(void *arg, void *of, uint8_t psi, uint8_t drb, bool active)
{
	unsigned i = heard.activities++ % EVENTS;

	heard.event[i].psi = psi;
	heard.event[i].drb = drb;
	heard.event[i].active = active;
}

static void on_downlink(void *arg, void *of, uint8_t psi)
{
	heard.event[heard.downlinks++ % EVENTS].psi = psi;
}

static void on_usage(void *arg, void *of, uint8_t drb, uint64_t ul, uint64_t dl)
{
	unsigned i = heard.usages++ % EVENTS;

	heard.event[i].drb = drb;
	heard.event[i].ul = ul;
	heard.event[i].dl = dl;
}

static void on_removed(void *arg, void *of, uint8_t psi, uint8_t drb)
{
	unsigned i = heard.removals++ % EVENTS;

	heard.event[i].psi = psi;
	heard.event[i].drb = drb;
}

static void e1ap_send(void *arg, uint32_t up, struct bytes pdu)
{
	struct per_diag diag;

	sent++;
	got_up = up;
	assert_true(e1ap_decode(arena_bytes(&arena, pdu), &arena, &got, &diag));
}

static bool on_again(void *arg, uint32_t up, uint32_t old)
{
	heard.again_up = up;
	heard.again_old = old;
	return same_again;
}

static void on_released(void *arg, uint32_t up)
{
	heard.released++;
}

static void give(uint32_t up, enum e1ap_message message, const void *body)
{
	uint8_t octets[8192];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(e1ap_encode(message, body, &w));
	sent = 0;
	cucp_e1ap_received(e, up, writer_bytes(&w));
}

static int setup(void **state)
{
	const struct cucp_e1ap_config c = { .env = &t.env,
		.name = "cp",
		.plmns = &plmn,
		.plmn_count = 1,
		.contexts_max = CONTEXTS,
		.ups_max = UPS,
		.upper = { NULL, on_answered, on_failed, on_activity, on_downlink, on_usage, on_removed,
			on_lost },
		.send = e1ap_send,
		.again = on_again,
		.released = on_released };

	memset(&heard, 0, sizeof(heard));
	sent = 0;
	same_again = false;
	test_env_init(&t, 1, false);
	arena_init(&arena, NULL, 0, 1 << 22);
	assert_true(plmn_parse("00101", &plmn) && plmn_parse("00102", &foreign));
	e = cucp_e1ap_new(&c);
	return e ? 0 : -1;
}

static int teardown(void **state)
{
	cucp_e1ap_free(e);
	arena_fini(&arena);
	test_env_fini(&t);
	return 0;
}

static void pass_ms(uint32_t ms)
{
	t.now_ns += ms * (uint64_t)NS_PER_MS;
	cucp_e1ap_run(e);
}

static void cause_is(const struct e1ap_cause *is, enum e1ap_cause_radio_network wanted)
{
	assert_int_equal(is->tag, E1AP_CAUSE_TAG_RADIO_NETWORK);
	assert_int_equal(is->u.radio_network, wanted);
}

/* --- CU-UPs come */

static struct e1ap_gnb_cu_up_e1_setup_request coming(
	uint64_t id, const struct plmn *of, const struct snssai *of_slice)
{
	struct e1ap_supported_plmns_item *item = arena_alloc(&arena, sizeof(*item));
	struct e1ap_slice_support_list *list = arena_alloc(&arena, sizeof(*list));
	uint8_t *octets = arena_alloc(&arena, PLMN_OCTETS + E1AP_SD_OCTETS);

	plmn_to_ap(of, octets);
	*item = (struct e1ap_supported_plmns_item){ .plmn_identity = bytes_of(octets, PLMN_OCTETS) };
	if (of_slice) {
		list->count = 1;
		list->items = arena_alloc(&arena, sizeof(*list->items));
		list->items[0].snssai = e1ap_snssai_of(of_slice, octets + PLMN_OCTETS);
		item->slice_support_list = list;
	}
	return (struct e1ap_gnb_cu_up_e1_setup_request){ .transaction_id = 9,
		.gnb_cu_up_id = id,
		.cn_support = E1AP_CN_SUPPORT_C_5GC,
		.supported_plmns = { 1, item } };
}

static void comes(uint32_t up, uint64_t id, int capacity, const struct snssai *of_slice)
{
	struct e1ap_gnb_cu_up_e1_setup_request m = coming(id, &plmn, of_slice);

	m.has_gnb_cu_up_capacity = capacity >= 0;
	m.gnb_cu_up_capacity = (uint8_t)capacity;
	give(up, E1AP_MSG_GNB_CU_UP_E1_SETUP_REQUEST, &m);
	assert_int_equal(got.message, E1AP_MSG_GNB_CU_UP_E1_SETUP_RESPONSE);
	assert_int_equal(got.u.gnb_cu_up_e1_setup_response->transaction_id, 9);
	assert_true(bytes_equal(got.u.gnb_cu_up_e1_setup_response->gnb_cu_cp_name, bytes_of_str("cp")));
	assert_true(cucp_e1_is_up(e, up));
	assert_int_equal(cucp_e1_up_of(e, id), up);
}

static void is_refused(
	uint32_t up, const struct e1ap_gnb_cu_up_e1_setup_request *m, enum e1ap_time_to_wait wait)
{
	uint64_t before = cucp_e1ap_stats(e).refused;

	give(up, E1AP_MSG_GNB_CU_UP_E1_SETUP_REQUEST, m);
	assert_int_equal(got.message, E1AP_MSG_GNB_CU_UP_E1_SETUP_FAILURE);
	assert_int_equal(got.u.gnb_cu_up_e1_setup_failure->transaction_id, 9);
	assert_true(got.u.gnb_cu_up_e1_setup_failure->has_time_to_wait);
	assert_int_equal(got.u.gnb_cu_up_e1_setup_failure->time_to_wait, wait);
	assert_false(cucp_e1_is_up(e, up));
	assert_int_equal(cucp_e1ap_stats(e).refused, before + 1);
}

static void test_setup(void **state)
{
	struct e1ap_gnb_cu_up_e1_setup_request m = coming(1, &foreign, NULL);

	is_refused(0, &m, E1AP_TIME_TO_WAIT_V60S);
	cause_is(&got.u.gnb_cu_up_e1_setup_failure->cause,
		E1AP_CAUSE_RADIO_NETWORK_RESOURCES_NOT_AVAILABLE_FOR_THE_SLICE);
	m = coming(1, &plmn, NULL);
	m.cn_support = E1AP_CN_SUPPORT_C_EPC;
	is_refused(0, &m, E1AP_TIME_TO_WAIT_V60S);
	comes(0, 1, 10, NULL);
	m = coming(1, &plmn, NULL);
	is_refused(1, &m, E1AP_TIME_TO_WAIT_V10S); /* the ID is another's */
	assert_true(heard.again_up == 1 && heard.again_old == 0);
	assert_int_equal(got.u.gnb_cu_up_e1_setup_failure->cause.tag, E1AP_CAUSE_TAG_PROTOCOL);
	assert_true(cucp_e1_is_up(e, 0));
	same_again = true;
	comes(1, 1, 10, NULL);
	same_again = false;
	assert_false(cucp_e1_is_up(e, 0));
	assert_int_equal(cucp_e1_up_of(e, 2), UPS);
	cucp_e1_lost(e, 1);
	assert_int_equal(cucp_e1_up_of(e, 1), UPS);
}

/* 8.2.4: we begin, where the CU-UP does not; each answer, to the millisecond. */
static void test_begin(void **state)
{
	struct e1ap_gnb_cu_cp_e1_setup_failure f = { .has_time_to_wait = true,
		.time_to_wait = E1AP_TIME_TO_WAIT_V20S };
	struct e1ap_gnb_cu_up_e1_setup_request what = coming(3, &plmn, NULL);
	struct e1ap_gnb_cu_cp_e1_setup_response r = { .gnb_cu_up_id = 3,
		.cn_support = E1AP_CN_SUPPORT_C_5GC,
		.supported_plmns = what.supported_plmns };

	cucp_e1_expect(e, 2);
	pass_ms(CUCP_E1_SETUP_MS - 1);
	assert_int_equal(sent, 0);
	assert_true(cucp_e1ap_deadline_ns(e) == t.now_ns + NS_PER_MS);
	pass_ms(1);
	assert_int_equal(sent, 1);
	assert_int_equal(got_up, 2);
	assert_int_equal(got.message, E1AP_MSG_GNB_CU_CP_E1_SETUP_REQUEST);
	assert_true(bytes_equal(got.u.gnb_cu_cp_e1_setup_request->gnb_cu_cp_name, bytes_of_str("cp")));
	r.transaction_id = f.transaction_id = got.u.gnb_cu_cp_e1_setup_request->transaction_id;
	f.transaction_id++;
	f.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
	give(2, E1AP_MSG_GNB_CU_CP_E1_SETUP_FAILURE, &f); /* of another */
	f.transaction_id--;
	give(2, E1AP_MSG_GNB_CU_CP_E1_SETUP_FAILURE, &f);
	pass_ms(20000 - 1);
	assert_int_equal(sent, 0);
	pass_ms(1);
	assert_int_equal(sent, 1);
	assert_int_equal(got.message, E1AP_MSG_GNB_CU_CP_E1_SETUP_REQUEST);
	give(2, E1AP_MSG_GNB_CU_CP_E1_SETUP_RESPONSE, &r); /* of the one before */
	assert_false(cucp_e1_is_up(e, 2));
	assert_int_equal(cucp_e1ap_stats(e).not_comprehended, 1);
	r.transaction_id = got.u.gnb_cu_cp_e1_setup_request->transaction_id;
	give(2, E1AP_MSG_GNB_CU_CP_E1_SETUP_RESPONSE, &r);
	assert_true(cucp_e1_is_up(e, 2));
	assert_int_equal(cucp_e1ap_deadline_ns(e), NEVER);
	assert_int_equal(e->ups[2].capacity, UINT8_MAX);
	/* 8.2.7: we end it, answered or not. */
	cucp_e1_release(e, 2);
	assert_int_equal(got.message, E1AP_MSG_E1_RELEASE_REQUEST);
	assert_false(cucp_e1_is_up(e, 2));
	pass_ms(CUCP_E1_SETUP_MS - 1);
	assert_int_equal(heard.released, 0);
	pass_ms(1);
	assert_int_equal(heard.released, 1);
	give(2, E1AP_MSG_E1_RELEASE_RESPONSE, &(struct e1ap_e1_release_response){ .transaction_id = 1 });
	assert_int_equal(heard.released, 1);
	cucp_e1_release(e, 2);
	give(2, E1AP_MSG_E1_RELEASE_RESPONSE, &(struct e1ap_e1_release_response){ .transaction_id = 1 });
	assert_int_equal(heard.released, 2);
	assert_int_equal(cucp_e1ap_deadline_ns(e), NEVER);
}

/* --- orders */

static struct pdcp_security keys = { NEA2, NIA2, { 1, 2 }, { 3, 4 } };
static struct cucp_bearer bearer[2];
static struct cucp_e1_session session;
static struct cucp_e1_numbers numbers = { 2, 5 << 12 | 7, 3 << 18 | 9 };
static struct cucp_tunnel far_end = { { 10, 0, 0, 9 }, 4, 0x1234 };

static struct cucp_e1_order order(void)
{
	for (uint8_t i = 0; i < 2; i++) {
		bearer[i] = (struct cucp_bearer){ .drb = i + 1,
			.psi = PSI,
			.is_default = i == 0,
			.snssai = slice,
			.flow_count = 1,
			.flows = { { .qfi = i + 3, .five_qi = 9, .priority = 8 } },
			.pdcp = { .bearer = i ? PDCP_UM_DRB : PDCP_AM_DRB,
				.tx_sn_bits = 18,
				.rx_sn_bits = 12,
				.tx_sdap = true,
				.discard_ms = 100,
				.reordering_ms = i ? 20 : PDCP_INFINITY } };
	}
	session = (struct cucp_e1_session){ .psi = PSI,
		.type = E1AP_PDU_SESSION_TYPE_IPV4V6,
		.snssai = slice,
		.integrity = E1AP_INTEGRITY_PROTECTION_INDICATION_PREFERRED,
		.ciphering = E1AP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED,
		.n3_ul = far_end,
		.inactivity_s = 11,
		.add = bearer,
		.add_count = 2,
		.numbers = &numbers,
		.numbers_count = 1 };
	return (struct cucp_e1_order){
		.plmn = plmn, .keys = &keys, .dl_ambr_bps = 1000, .add = &session, .add_count = 1
	};
}

static struct cucp_e1_context *ordered(void)
{
	struct cucp_e1_order o = order();

	return cucp_e1_context_setup(e, &user, &o);
}

static void tunnel_is(const struct e1ap_up_tnl_information *in)
{
	struct bytes address;
	uint32_t teid;

	assert_true(e1ap_tunnel_read(in, &address, &teid));
	assert_true(bytes_equal(address, bytes_of(far_end.address, 4)) && teid == 0x1234);
}

static void drbs_are(const struct e1ap_drb_to_setup_list_ng_ran *list)
{
	const struct e1ap_drb_to_setup_item_ng_ran *d = list->items;

	assert_int_equal(list->count, 2);
	for (uint8_t i = 0; i < 2; i++) {
		assert_int_equal(d[i].drb_id, i + 1);
		assert_int_equal(d[i].sdap_configuration.default_drb,
			i ? E1AP_DEFAULT_DRB_FALSE : E1AP_DEFAULT_DRB_TRUE);
		assert_int_equal(d[i].sdap_configuration.sdap_header_ul, E1AP_SDAP_HEADER_UL_PRESENT);
		assert_int_equal(d[i].sdap_configuration.sdap_header_dl, E1AP_SDAP_HEADER_DL_ABSENT);
		assert_int_equal(d[i].pdcp_configuration.pdcp_sn_size_ul, E1AP_PDCP_SN_SIZE_S_18);
		assert_int_equal(d[i].pdcp_configuration.pdcp_sn_size_dl, E1AP_PDCP_SN_SIZE_S_12);
		assert_int_equal(d[i].pdcp_configuration.rlc_mode,
			i ? E1AP_RLC_MODE_RLC_UM_BIDIRECTIONAL : E1AP_RLC_MODE_RLC_AM);
		assert_int_equal(d[i].pdcp_configuration.discard_timer, E1AP_DISCARD_TIMER_MS100);
		assert_int_equal(d[i].qos_flow_information_to_be_setup.items[0].qos_flow_identifier, i + 3);
		assert_int_equal(d[i].qos_flow_information_to_be_setup.items[0]
					 .qos_flow_level_qos_parameters.ngranallocation_retention_priority
					 .priority_level,
			8);
	}
	assert_null(d[0].pdcp_configuration.t_reordering_timer);
	assert_int_equal(d[1].pdcp_configuration.t_reordering_timer->t_reordering, E1AP_T_REORDERING_MS20);
	assert_null(d[0].pdcp_sn_status_information);
	assert_int_equal(d[1].pdcp_sn_status_information->pdcp_status_transfer_dl.pdcp_sn, 7);
	assert_int_equal(d[1].pdcp_sn_status_information->pdcp_status_transfer_dl.hfn, 5);
	assert_int_equal(d[1].pdcp_sn_status_information->pdcp_status_transfer_ul.count_value.pdcp_sn, 9);
	assert_int_equal(d[1].pdcp_sn_status_information->pdcp_status_transfer_ul.count_value.hfn, 3);
}

static void test_order(void **state)
{
	const struct e1ap_bearer_context_setup_request *m;
	const struct e1ap_pdu_session_resource_to_setup_item *s;

	comes(0, 1, 10, NULL);
	assert_non_null(ordered());
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_SETUP_REQUEST);
	m = got.u.bearer_context_setup_request;
	assert_int_equal(m->uedl_aggregate_maximum_bit_rate, 1000);
	assert_int_equal(m->activity_notification_level, E1AP_ACTIVITY_NOTIFICATION_LEVEL_PDU_SESSION);
	assert_false(m->has_ue_inactivity_timer);
	assert_int_equal(m->security_information.security_algorithm.ciphering_algorithm,
		E1AP_CIPHERING_ALGORITHM_C_128_NEA2);
	assert_int_equal(m->security_information.security_algorithm.integrity_protection_algorithm,
		E1AP_INTEGRITY_PROTECTION_ALGORITHM_I_128_NIA2);
	assert_memory_equal(m->security_information.up_securitykey.encryption_key.data, keys.k_enc, 16);
	assert_memory_equal(
		m->security_information.up_securitykey.integrity_protection_key.data, keys.k_int, 16);
	assert_int_equal(m->system_bearer_context_setup_request.u.ng_ran_bearer_context_setup_request
				 .pdu_session_resource_to_setup_list.count,
		1);
	s = m->system_bearer_context_setup_request.u.ng_ran_bearer_context_setup_request
		    .pdu_session_resource_to_setup_list.items;
	assert_int_equal(s->pdu_session_id, PSI);
	assert_int_equal(s->pdu_session_type, E1AP_PDU_SESSION_TYPE_IPV4V6);
	assert_int_equal(s->security_indication.integrity_protection_indication,
		E1AP_INTEGRITY_PROTECTION_INDICATION_PREFERRED);
	assert_int_equal(s->security_indication.confidentiality_protection_indication,
		E1AP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED);
	assert_true(s->has_pdu_session_inactivity_timer && s->pdu_session_inactivity_timer == 11);
	tunnel_is(&s->ng_ul_up_tnl_information);
	drbs_are(&s->drb_to_setup_list_ng_ran);
}

static void test_order_refused(void **state)
{
	const struct e1ap_bearer_context_setup_request *m;
	struct cucp_e1_order o = order();

	comes(0, 1, 10, NULL);
	assert_non_null(ordered());
	/* Of the UE's silence, if anybody wants to know. */
	o.inactivity_s = 6;
	assert_non_null(cucp_e1_context_setup(e, &user, &o));
	m = got.u.bearer_context_setup_request;
	assert_int_equal(m->activity_notification_level, E1AP_ACTIVITY_NOTIFICATION_LEVEL_UE);
	assert_true(m->has_ue_inactivity_timer && m->ue_inactivity_timer == 6);
	/* What cannot be said is not asked for. */
	o = order();
	o.keys = NULL;
	assert_null(cucp_e1_context_setup(e, &user, &o));
	o = order();
	bearer[1].flow_count = 0;
	assert_null(cucp_e1_context_setup(e, &user, &o));
	assert_int_equal(cucp_e1_contexts(e), 2);
	assert_int_equal(e->ups[0].contexts, 2);
	/* No CU-UP, and no room. */
	o = order();
	session.snssai = other_slice;
	o.plmn = foreign;
	assert_null(cucp_e1_context_setup(e, &user, &o));
	assert_int_equal(cucp_e1ap_stats(e).no_cuup, 1);
	assert_non_null(ordered());
	assert_null(ordered());
	assert_int_equal(cucp_e1ap_stats(e).refused, 1);
	assert_int_equal(cucp_e1ap_stats(e).no_cuup, 1);
}

/* By slice, capacity, what each has, and whether it is overloaded or silent. */
static void test_choice(void **state)
{
	struct e1ap_gnb_cu_up_status_indication load = { .transaction_id = 1,
		.gnb_cu_up_overload_information = E1AP_GNB_CU_UP_OVERLOAD_INFORMATION_OVERLOADED };

	comes(0, 1, 9, &other_slice);
	assert_null(cucp_e1_choose(e, &plmn, &slice));
	comes(1, 2, 9, &slice);
	comes(2, 3, 19, NULL);
	assert_ptr_equal(cucp_e1_choose(e, &plmn, &other_slice), &e->ups[2]);
	assert_ptr_equal(cucp_e1_choose(e, &plmn, &slice), &e->ups[2]);
	assert_null(cucp_e1_choose(e, &foreign, &slice));
	e->ups[2].contexts = 1; /* two of twenty are as many as one of ten: the first */
	assert_ptr_equal(cucp_e1_choose(e, &plmn, &slice), &e->ups[1]);
	e->ups[2].contexts = 0;
	give(2, E1AP_MSG_GNB_CU_UP_STATUS_INDICATION, &load);
	assert_ptr_equal(cucp_e1_choose(e, &plmn, &slice), &e->ups[1]);
	load.gnb_cu_up_overload_information = E1AP_GNB_CU_UP_OVERLOAD_INFORMATION_NOT_OVERLOADED;
	give(2, E1AP_MSG_GNB_CU_UP_STATUS_INDICATION, &load);
	assert_ptr_equal(cucp_e1_choose(e, &plmn, &slice), &e->ups[2]);
	e->ups[2].silent = true;
	assert_ptr_equal(cucp_e1_choose(e, &plmn, &slice), &e->ups[1]);
	e->ups[1].silent = true;
	assert_ptr_equal(cucp_e1_choose(e, &plmn, &slice), &e->ups[2]);
	e->ups[1].silent = e->ups[2].silent = false;
	e->ups[2].capacity = 0; /* it is to become empty */
	assert_ptr_equal(cucp_e1_choose(e, &plmn, &slice), &e->ups[1]);
	cucp_e1_lost(e, 1);
	assert_ptr_equal(cucp_e1_choose(e, &plmn, &slice), &e->ups[2]);
}

/* --- answers */

static uint8_t teid_octets[E1AP_TEID_OCTETS], bad_octets[E1AP_TEID_OCTETS];

static struct e1ap_up_parameters_item up_to(bool good)
{
	return (struct e1ap_up_parameters_item){
		good ? e1ap_tunnel(bytes_of(far_end.address, 4), 0x1234, teid_octets)
		     : e1ap_tunnel(bytes_of(far_end.address, 3), 1, bad_octets)
	};
}

static struct cucp_e1_context *set_up(bool n3_good)
{
	struct e1ap_up_parameters_item good = up_to(true), bad = up_to(false);
	struct e1ap_qos_flow_item flow = { .qos_flow_identifier = 3 };
	struct e1ap_drb_setup_item_ng_ran drbs[2] = {
		{ .drb_id = 1, .ul_up_transport_parameters = { 1, &good }, .flow_setup_list = { 1, &flow } },
		{ .drb_id = 2, .ul_up_transport_parameters = { 1, &bad }, .flow_setup_list = { 1, &flow } }
	};
	struct e1ap_drb_failed_item_ng_ran no = { 3, e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };
	struct e1ap_drb_failed_list_ng_ran failed_drbs = { 1, &no };
	struct e1ap_security_result result = { E1AP_INTEGRITY_PROTECTION_RESULT_PERFORMED,
		E1AP_CONFIDENTIALITY_PROTECTION_RESULT_NOT_PERFORMED };
	struct e1ap_pdu_session_resource_setup_item item = { .pdu_session_id = PSI,
		.security_result = &result,
		.ng_dl_up_tnl_information = up_to(n3_good).up_tnl_information,
		.drb_setup_list_ng_ran = { 2, drbs },
		.drb_failed_list_ng_ran = &failed_drbs };
	struct e1ap_pdu_session_resource_failed_item gone = { PSI + 1,
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };
	struct e1ap_pdu_session_resource_failed_list failed = { 1, &gone };
	struct cucp_e1_context *c = ordered();
	struct e1ap_bearer_context_setup_response m = { .gnb_cu_cp_ue_e1ap_id = c->id,
		.gnb_cu_up_ue_e1ap_id = UP_ID };

	m.system_bearer_context_setup_response.tag =
		E1AP_SYSTEM_BEARER_CONTEXT_SETUP_RESPONSE_TAG_NG_RAN_BEARER_CONTEXT_SETUP_RESPONSE;
	m.system_bearer_context_setup_response.u.ng_ran_bearer_context_setup_response =
		(struct e1ap_ng_ran_bearer_context_setup_response){ .pdu_session_resource_setup_list = { 1,
									    &item },
			.pdu_session_resource_failed_list = &failed };
	give(0, E1AP_MSG_BEARER_CONTEXT_SETUP_RESPONSE, &m);
	assert_int_equal(sent, 0);
	assert_int_equal(c->procedure, CUCP_E1_NONE);
	return c;
}

static void test_answer(void **state)
{
	const struct cucp_e1_session_answer *s = heard.answers;

	comes(0, 1, 10, NULL);
	set_up(true);
	assert_int_equal(heard.answered, 1);
	assert_int_equal(heard.count, 2);
	assert_true(s[0].psi == PSI && s[0].ok && s[0].has_n3_dl && s[0].n3_dl.teid == 0x1234);
	assert_int_equal(s[0].n3_dl.address_len, 4);
	assert_memory_equal(s[0].n3_dl.address, far_end.address, 4);
	assert_true(s[0].has_result && s[0].integrity && !s[0].ciphering);
	assert_int_equal(s[0].drb_count, 3);
	assert_true(s[0].drbs[0].drb == 1 && s[0].drbs[0].ok && s[0].drbs[0].has_ul &&
		    s[0].drbs[0].ul.teid == 0x1234 && !s[0].drbs[0].has_numbers);
	assert_true(s[0].drbs[1].drb == 2 && !s[0].drbs[1].ok);
	assert_true(s[0].drbs[2].drb == 3 && !s[0].drbs[2].ok && !s[0].drbs[2].has_ul);
	assert_true(s[1].psi == PSI + 1 && !s[1].ok && !s[1].has_result && s[1].drb_count == 0);
	set_up(false);
	assert_true(heard.answered == 2 && !s[0].ok && !s[0].has_n3_dl);
	assert_int_equal(cucp_e1ap_deadline_ns(e), NEVER);
}

static struct cucp_e1_context *modified(const struct e1ap_ng_ran_bearer_context_modification_response *what)
{
	struct cucp_e1_context *c = set_up(true);
	struct e1ap_system_bearer_context_modification_response system = { .tag = modified_of_ng_ran };
	struct e1ap_bearer_context_modification_response m = { .gnb_cu_cp_ue_e1ap_id = c->id,
		.gnb_cu_up_ue_e1ap_id = UP_ID,
		.system_bearer_context_modification_response = what ? &system : NULL };

	if (what)
		system.u.ng_ran_bearer_context_modification_response = *what;
	give(0, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_RESPONSE, &m); /* nobody has asked */
	assert_int_equal(heard.answered, 1);
	assert_int_equal(cucp_e1ap_stats(e).not_comprehended, 1);
	assert_true(cucp_e1_context_modify(c, &(struct cucp_e1_order){ .status = CUCP_E1_SUSPEND }));
	assert_false(cucp_e1_context_modify(c, &(struct cucp_e1_order){ .status = CUCP_E1_RESUME }));
	give(0, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_RESPONSE, &m);
	assert_int_equal(heard.answered, 2);
	assert_int_equal(cucp_e1ap_deadline_ns(e), NEVER);
	return c;
}

static void test_modified(void **state)
{
	struct e1ap_up_parameters_item good = up_to(true);
	struct e1ap_qos_flow_item flow = { .qos_flow_identifier = 3 };
	struct e1ap_drb_setup_mod_item_ng_ran new_drb = {
		.drb_id = 4, .ul_up_transport_parameters = { 1, &good }, .flow_setup_list = { 1, &flow }
	};
	struct e1ap_drb_failed_mod_item_ng_ran not_new = { 5,
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };
	struct e1ap_drb_failed_mod_list_ng_ran not_new_list = { 1, &not_new };
	struct e1ap_pdu_session_resource_setup_mod_item added = { .pdu_session_id = 1,
		.ng_dl_up_tnl_information = good.up_tnl_information,
		.drb_setup_mod_list_ng_ran = { 1, &new_drb },
		.drb_failed_mod_list_ng_ran = &not_new_list };
	struct e1ap_pdu_session_resource_setup_mod_list adds = { 1, &added };
	struct e1ap_pdu_session_resource_failed_mod_item not_added = { 2,
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };
	struct e1ap_pdu_session_resource_failed_mod_list not_adds = { 1, &not_added };
	struct e1ap_pdcp_sn_status_information are = { { .count_value = { 7, 1 } }, { 5, 2 } };
	struct e1ap_drb_modified_item_ng_ran changed = { .drb_id = 6, .pdcp_sn_status_information = &are };
	struct e1ap_drb_modified_list_ng_ran changes = { 1, &changed };
	struct e1ap_drb_failed_to_modify_item_ng_ran not_changed = { 7,
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };
	struct e1ap_drb_failed_to_modify_list_ng_ran not_changes = { 1, &not_changed };
	struct e1ap_pdu_session_resource_modified_item session_is = { .pdu_session_id = 3,
		.drb_modified_list_ng_ran = &changes,
		.drb_failed_to_modify_list_ng_ran = &not_changes };
	struct e1ap_pdu_session_resource_modified_list sessions_are = { 1, &session_is };
	struct e1ap_pdu_session_resource_failed_to_modify_item session_is_not = { 4,
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };
	struct e1ap_pdu_session_resource_failed_to_modify_list sessions_are_not = { 1, &session_is_not };
	const struct e1ap_ng_ran_bearer_context_modification_response what = { &adds, &not_adds,
		&sessions_are, &sessions_are_not };
	const struct cucp_e1_session_answer *s = heard.answers;

	comes(0, 1, 10, NULL);
	modified(&what);
	assert_int_equal(heard.count, 4);
	assert_true(s[0].psi == 1 && s[0].ok && s[0].n3_dl.teid == 0x1234 && s[0].drb_count == 2);
	assert_true(s[0].drbs[0].drb == 4 && s[0].drbs[0].ok && s[0].drbs[0].has_ul);
	assert_true(s[0].drbs[1].drb == 5 && !s[0].drbs[1].ok);
	assert_true(s[1].psi == 2 && !s[1].ok);
	assert_true(s[2].psi == 3 && s[2].ok && !s[2].has_n3_dl && s[2].drb_count == 2);
	assert_true(
		s[2].drbs[0].drb == 6 && s[2].drbs[0].ok && !s[2].drbs[0].has_ul && s[2].drbs[0].has_numbers);
	assert_int_equal(s[2].drbs[0].numbers.pdcp_status_transfer_dl.pdcp_sn, 5);
	assert_int_equal(s[2].drbs[0].numbers.pdcp_status_transfer_dl.hfn, 2);
	assert_int_equal(s[2].drbs[0].numbers.pdcp_status_transfer_ul.count_value.pdcp_sn, 7);
	assert_true(s[2].drbs[1].drb == 7 && !s[2].drbs[1].ok && !s[2].drbs[1].has_numbers);
	assert_true(s[3].psi == 4 && !s[3].ok);
}

static void test_nothing_modified(void **state)
{
	comes(0, 1, 10, NULL);
	modified(NULL);
	assert_int_equal(heard.count, 0);
}

static void session_changes(const struct e1ap_pdu_session_resource_to_modify_item *item)
{
	const struct e1ap_drb_to_modify_item_ng_ran *drbs = item->drb_to_modify_list_ng_ran->items;

	assert_int_equal(item->pdu_session_id, PSI);
	tunnel_is(item->ng_ul_up_tnl_information);
	assert_null(item->drb_to_setup_list_ng_ran);
	assert_int_equal(item->drb_to_remove_list_ng_ran->count, 1);
	assert_int_equal(item->drb_to_remove_list_ng_ran->items[0].drb_id, 2);
	assert_int_equal(item->drb_to_modify_list_ng_ran->count, 2);
	assert_int_equal(drbs[0].drb_id, 1);
	tunnel_is(&drbs[0].dl_up_parameters->items[0].up_tnl_information);
	assert_null(drbs[0].pdcp_configuration);
	assert_true(drbs[1].has_pdcp_sn_status_request);
	assert_true(drbs[1].pdcp_configuration->has_pdcp_reestablishment);
	assert_false(drbs[1].pdcp_configuration->has_pdcp_data_recovery);
	assert_int_equal(drbs[1].flow_mapping_information->count, 1);
}

/* What an order of a change says. */
static void test_change(void **state)
{
	static const uint8_t remove[] = { 9 }, drbs_gone[] = { 2 };
	struct cucp_e1_attachment attach = { 1, far_end };
	const struct e1ap_bearer_context_modification_request *m;
	const struct e1ap_ng_ran_bearer_context_modification_request *r;
	const struct e1ap_pdu_session_resource_to_modify_item *item;
	struct cucp_e1_change change = { .bearer = &bearer[0], .reestablish = true, .numbers = true };
	struct cucp_e1_session to_change;
	struct cucp_e1_context *c;
	struct cucp_e1_order o;

	comes(0, 1, 10, NULL);
	c = set_up(true);
	o = order();
	to_change = (struct cucp_e1_session){ .psi = PSI,
		.n3_ul = far_end,
		.attach = &attach,
		.attach_count = 1,
		.change = &change,
		.change_count = 1,
		.remove = drbs_gone,
		.remove_count = 1 };
	session.psi = PSI + 1;
	o.modify = &to_change;
	o.modify_count = 1;
	o.remove = remove;
	o.remove_count = 1;
	o.status = CUCP_E1_RESUME;
	assert_true(cucp_e1_context_modify(c, &o));
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_REQUEST);
	m = got.u.bearer_context_modification_request;
	assert_true(m->gnb_cu_cp_ue_e1ap_id == c->id && m->gnb_cu_up_ue_e1ap_id == UP_ID);
	assert_true(m->has_bearer_context_status_change);
	assert_int_equal(m->bearer_context_status_change, E1AP_BEARER_CONTEXT_STATUS_CHANGE_RESUME);
	assert_memory_equal(m->security_information->up_securitykey.encryption_key.data, keys.k_enc, 16);
	r = &m->system_bearer_context_modification_request->u.ng_ran_bearer_context_modification_request;
	assert_int_equal(r->pdu_session_resource_to_setup_mod_list->count, 1);
	assert_int_equal(r->pdu_session_resource_to_setup_mod_list->items[0].pdu_session_id, PSI + 1);
	assert_int_equal(
		r->pdu_session_resource_to_setup_mod_list->items[0].drb_to_setup_mod_list_ng_ran.count, 2);
	assert_int_equal(r->pdu_session_resource_to_setup_mod_list->items[0]
				 .drb_to_setup_mod_list_ng_ran.items[1]
				 .drb_id,
		2);
	tunnel_is(&r->pdu_session_resource_to_setup_mod_list->items[0].ng_ul_up_tnl_information);
	assert_int_equal(r->pdu_session_resource_to_remove_list->count, 1);
	assert_int_equal(r->pdu_session_resource_to_remove_list->items[0].pdu_session_id, 9);
	assert_int_equal(r->pdu_session_resource_to_modify_list->count, 1);
	item = r->pdu_session_resource_to_modify_list->items;
	session_changes(item);
	give(0, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_FAILURE,
		&(struct e1ap_bearer_context_modification_failure){ .gnb_cu_cp_ue_e1ap_id = c->id,
			.gnb_cu_up_ue_e1ap_id = UP_ID,
			.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) });
	assert_int_equal(heard.failed, 1);
	assert_int_equal(cucp_e1_contexts(e), 1);
}

/* Nothing but that it goes on; of a UE that the CU-UP does not have. */
static void test_no_change(void **state)
{
	const struct e1ap_bearer_context_modification_request *m;
	struct cucp_e1_context *c;

	comes(0, 1, 10, NULL);
	c = set_up(true);
	assert_true(cucp_e1_context_modify(c, &(struct cucp_e1_order){ .status = CUCP_E1_GOES_ON }));
	m = got.u.bearer_context_modification_request;
	assert_false(m->has_bearer_context_status_change);
	assert_null(m->system_bearer_context_modification_request);
	assert_null(m->security_information);
	give(0, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_FAILURE,
		&(struct e1ap_bearer_context_modification_failure){ .gnb_cu_cp_ue_e1ap_id = c->id,
			.gnb_cu_up_ue_e1ap_id = UP_ID,
			.cause = e1ap_radio_cause(
				E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_E1AP_ID) });
	assert_true(heard.failed == 0 && heard.lost == 1 && cucp_e1_contexts(e) == 0);
}

/* --- time, and what comes unasked */

static void test_unanswered(void **state)
{
	struct cucp_e1_context *c;
	uint32_t id;

	comes(0, 1, 10, NULL);
	c = ordered();
	id = c->id;
	sent = 0;
	pass_ms(CUCP_E1_MS - 1);
	assert_int_equal(sent, 0);
	pass_ms(1);
	assert_int_equal(sent, 1);
	assert_int_equal(got.message, E1AP_MSG_RESET);
	assert_int_equal(got.u.reset->reset_type.tag, E1AP_RESET_TYPE_TAG_PART_OF_E1_INTERFACE);
	assert_int_equal(got.u.reset->reset_type.u.part_of_e1_interface.count, 1);
	assert_int_equal(got.u.reset->reset_type.u.part_of_e1_interface.items[0]
				 .u.ue_associated_logical_e1_connection_item.gnb_cu_cp_ue_e1ap_id,
		id);
	assert_true(heard.failed == 1 && heard.lost == 0 && cucp_e1_contexts(e) == 0);
	assert_int_equal(cucp_e1ap_stats(e).timeouts, 1);
	assert_true(e->ups[0].silent);
	c = set_up(true);
	assert_false(e->ups[0].silent);
	assert_true(cucp_e1_context_modify(c, &(struct cucp_e1_order){ .status = CUCP_E1_SUSPEND }));
	pass_ms(CUCP_E1_MS);
	assert_true(heard.failed == 1 && heard.lost == 1 && cucp_e1_contexts(e) == 0);
	c = set_up(true);
	cucp_e1_context_release(c);
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_RELEASE_COMMAND);
	cause_is(&got.u.bearer_context_release_command->cause, E1AP_CAUSE_RADIO_NETWORK_NORMAL_RELEASE);
	pass_ms(CUCP_E1_MS);
	assert_true(heard.failed == 1 && heard.lost == 1 && cucp_e1_contexts(e) == 0);
}

/* A release before the answer waits for the name that the CU-UP gives. */
static void test_release(void **state)
{
	struct cucp_e1_context *c;
	struct e1ap_bearer_context_release_complete done = { .gnb_cu_up_ue_e1ap_id = UP_ID };
	struct e1ap_bearer_context_release_request asks = { .gnb_cu_up_ue_e1ap_id = UP_ID,
		.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };

	comes(0, 1, 10, NULL);
	c = ordered();
	done.gnb_cu_cp_ue_e1ap_id = c->id;
	sent = 0;
	cucp_e1_context_release(c);
	cucp_e1_context_release(c);
	assert_int_equal(sent, 0);
	give(0, E1AP_MSG_BEARER_CONTEXT_RELEASE_COMPLETE, &done); /* of nothing yet */
	assert_int_equal(cucp_e1ap_stats(e).not_comprehended, 1);
	give(0, E1AP_MSG_BEARER_CONTEXT_SETUP_FAILURE,
		&(struct e1ap_bearer_context_setup_failure){ .gnb_cu_cp_ue_e1ap_id = c->id + 1,
			.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) });
	assert_int_equal(cucp_e1ap_stats(e).unknown_ue, 1);
	give(0, E1AP_MSG_BEARER_CONTEXT_SETUP_FAILURE,
		&(struct e1ap_bearer_context_setup_failure){ .gnb_cu_cp_ue_e1ap_id = c->id,
			.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) });
	assert_true(heard.failed + heard.lost == 0 && cucp_e1_contexts(e) == 0);
	c = set_up(true);
	asks.gnb_cu_cp_ue_e1ap_id = done.gnb_cu_cp_ue_e1ap_id = c->id;
	give(0, E1AP_MSG_BEARER_CONTEXT_RELEASE_REQUEST, &asks);
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_RELEASE_COMMAND);
	assert_int_equal(heard.lost, 1);
	give(0, E1AP_MSG_BEARER_CONTEXT_RELEASE_REQUEST, &asks); /* it is at it */
	assert_true(sent == 0 && heard.lost == 1);
	give(0, E1AP_MSG_BEARER_CONTEXT_RELEASE_COMPLETE, &done);
	assert_int_equal(cucp_e1_contexts(e), 0);
}

static void give_activity(const struct cucp_e1_context *c)
{
	struct e1ap_pdu_session_resource_activity_item sessions[] = {
		{ 5, E1AP_PDU_SESSION_RESOURCE_ACTIVITY_ACTIVE },
		{ 6, E1AP_PDU_SESSION_RESOURCE_ACTIVITY_NOT_ACTIVE }
	};
	struct e1ap_drb_activity_item drbs[] = { { 2, E1AP_DRB_ACTIVITY_NOT_ACTIVE },
		{ 3, E1AP_DRB_ACTIVITY_ACTIVE } };
	struct e1ap_bearer_context_inactivity_notification quiet = { .gnb_cu_cp_ue_e1ap_id = c->id,
		.gnb_cu_up_ue_e1ap_id = UP_ID };

	quiet.activity_information =
		(struct e1ap_activity_information){ .tag = E1AP_ACTIVITY_INFORMATION_TAG_UE_ACTIVITY,
			.u.ue_activity = E1AP_UE_ACTIVITY_ACTIVE };
	give(0, E1AP_MSG_BEARER_CONTEXT_INACTIVITY_NOTIFICATION, &quiet);
	quiet.activity_information = (struct e1ap_activity_information){
		.tag = E1AP_ACTIVITY_INFORMATION_TAG_PDU_SESSION_RESOURCE_ACTIVITY_LIST,
		.u.pdu_session_resource_activity_list = { 2, sessions }
	};
	give(0, E1AP_MSG_BEARER_CONTEXT_INACTIVITY_NOTIFICATION, &quiet);
	quiet.activity_information =
		(struct e1ap_activity_information){ .tag = E1AP_ACTIVITY_INFORMATION_TAG_DRB_ACTIVITY_LIST,
			.u.drb_activity_list = { 2, drbs } };
	give(0, E1AP_MSG_BEARER_CONTEXT_INACTIVITY_NOTIFICATION, &quiet);
}

static void give_data(const struct cucp_e1_context *c)
{
	struct e1ap_qos_flow_item flow = { .qos_flow_identifier = 3 };
	struct e1ap_pdu_session_to_notify_item told = { .pdu_session_id = 7, .qos_flow_list = { 1, &flow } };
	struct e1ap_pdu_session_to_notify_list told_list = { 1, &told };
	struct e1ap_dl_data_notification data = { .gnb_cu_cp_ue_e1ap_id = c->id,
		.gnb_cu_up_ue_e1ap_id = UP_ID,
		.pdu_session_to_notify_list = &told_list };

	give(0, E1AP_MSG_DL_DATA_NOTIFICATION, &data);
}

static void give_usage(const struct cucp_e1_context *c)
{
	uint8_t from[4] = { 1 }, to[4] = { 2 };
	struct e1ap_drb_usage_report_item octets[2] = { { BYTES(from), BYTES(to), 100, 200 },
		{ BYTES(from), BYTES(to), 300, 400 } };
	struct e1ap_data_usage_report_item used = { 3, E1AP_RAT_TYPE_NR, { 2, octets } };
	struct e1ap_data_usage_report usage = { .gnb_cu_cp_ue_e1ap_id = c->id,
		.gnb_cu_up_ue_e1ap_id = UP_ID,
		.data_usage_report_list = { 1, &used } };

	give(0, E1AP_MSG_DATA_USAGE_REPORT, &usage);
}

static void give_removal(const struct cucp_e1_context *c)
{
	struct e1ap_drb_required_to_remove_item_ng_ran drb = { 2,
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };
	struct e1ap_drb_required_to_remove_list_ng_ran drb_list = { 1, &drb };
	struct e1ap_pdu_session_resource_required_to_modify_item change = { .pdu_session_id = 5,
		.drb_required_to_remove_list_ng_ran = &drb_list };
	struct e1ap_pdu_session_resource_required_to_modify_list change_list = { 1, &change };
	struct e1ap_pdu_session_resource_to_remove_item gone = { .pdu_session_id = 6 };
	struct e1ap_pdu_session_resource_to_remove_list gone_list = { 1, &gone };
	struct e1ap_bearer_context_modification_required wants = { .gnb_cu_cp_ue_e1ap_id = c->id,
		.gnb_cu_up_ue_e1ap_id = UP_ID };

	wants.system_bearer_context_modification_required.tag = required_of_ng_ran;
	wants.system_bearer_context_modification_required.u.ng_ran_bearer_context_modification_required =
		(struct e1ap_ng_ran_bearer_context_modification_required){ &change_list, &gone_list };
	give(0, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_REQUIRED, &wants);
}

static void event_is(unsigned i, uint8_t psi, uint8_t drb)
{
	assert_int_equal(heard.event[i].psi, psi);
	assert_int_equal(heard.event[i].drb, drb);
}

static void test_unasked(void **state)
{
	struct cucp_e1_context *c;

	comes(0, 1, 10, NULL);
	c = set_up(true);
	give_activity(c);
	event_is(0, 0, 0);
	event_is(1, 5, 0);
	event_is(2, 6, 0);
	event_is(3, 0, 2);
	event_is(4, 0, 3);
	assert_true(heard.event[0].active && heard.event[1].active && !heard.event[2].active &&
		    !heard.event[3].active && heard.event[4].active);
	give_data(c);
	assert_int_equal(heard.event[0].psi, 7);
	give_usage(c);
	assert_true(heard.event[0].drb == 3 && heard.event[0].ul == 100 && heard.event[0].dl == 200);
	assert_true(heard.event[1].drb == 3 && heard.event[1].ul == 300 && heard.event[1].dl == 400);
	give_removal(c);
	assert_int_equal(sent, 1);
	assert_int_equal(got.message, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_CONFIRM);
	event_is(0, 5, 2);
	event_is(1, 6, 0);
	cucp_e1_context_release(c); /* nothing of it is heard any more */
	give_activity(c);
	give_data(c);
	give_usage(c);
	give_removal(c);
	assert_int_equal(sent, 0);
	assert_true(
		heard.activities == 5 && heard.downlinks == 1 && heard.usages == 2 && heard.removals == 2);
	assert_int_equal(cucp_e1ap_stats(e).unknown_ue, 0);
}

/* 8.2.1: those that it names, or all. 8.2.2: one that it does not have. */
static void test_reset(void **state)
{
	struct e1ap_ue_associated_logical_e1_connection_item_res items[3] = { 0 };
	struct e1ap_reset m = { .transaction_id = 5,
		.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED),
		.reset_type = { .tag = E1AP_RESET_TYPE_TAG_PART_OF_E1_INTERFACE,
			.u.part_of_e1_interface = { 3, items } } };
	struct e1ap_cause unknown =
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_E1AP_ID);
	struct e1ap_error_indication error = { .has_gnb_cu_cp_ue_e1ap_id = true,
		.has_gnb_cu_up_ue_e1ap_id = true,
		.gnb_cu_up_ue_e1ap_id = UP_ID };
	const struct e1ap_ue_associated_logical_e1_connection_list_res_ack *list;
	struct cucp_e1_context *c[3];

	comes(0, 1, 10, NULL);
	for (size_t i = 0; i < 3; i++) {
		c[i] = set_up(true);
		items[i].tag = is_item;
		items[i].u.ue_associated_logical_e1_connection_item =
			(struct e1ap_ue_associated_logical_e1_connection_item){ true, c[i]->id, i != 1,
				UP_ID };
	}
	items[2].u.ue_associated_logical_e1_connection_item.gnb_cu_up_ue_e1ap_id++;
	give(0, E1AP_MSG_RESET, &m);
	assert_int_equal(sent, 1);
	assert_int_equal(got.message, E1AP_MSG_RESET_ACKNOWLEDGE);
	assert_int_equal(got.u.reset_acknowledge->transaction_id, 5);
	list = got.u.reset_acknowledge->ue_associated_logical_e1_connection_list_res_ack;
	assert_int_equal(list->count, 3);
	assert_true(heard.lost == 1 && cucp_e1_contexts(e) == 2);
	cause_is(&heard.cause, E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
	error.gnb_cu_cp_ue_e1ap_id = c[1]->id;
	error.cause = &m.cause;
	give(0, E1AP_MSG_ERROR_INDICATION, &error);
	assert_int_equal(cucp_e1_contexts(e), 2);
	error.cause = &unknown;
	give(0, E1AP_MSG_ERROR_INDICATION, &error);
	assert_true(heard.lost == 2 && cucp_e1_contexts(e) == 1);
	m.reset_type.tag = E1AP_RESET_TYPE_TAG_E1_INTERFACE;
	m.reset_type.u.e1_interface = E1AP_RESET_ALL_RESET_ALL;
	give(0, E1AP_MSG_RESET, &m);
	assert_int_equal(got.message, E1AP_MSG_RESET_ACKNOWLEDGE);
	assert_null(got.u.reset_acknowledge->ue_associated_logical_e1_connection_list_res_ack);
	assert_true(heard.lost == 3 && cucp_e1_contexts(e) == 0);
	set_up(true);
	cucp_e1_reset(e, 0);
	assert_int_equal(got.message, E1AP_MSG_RESET);
	assert_int_equal(got.u.reset->reset_type.tag, E1AP_RESET_TYPE_TAG_E1_INTERFACE);
	assert_true(heard.lost == 4 && cucp_e1_contexts(e) == 0);
	sent = 0;
	cucp_e1_reset(e, 1); /* which is not there */
	assert_int_equal(sent, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_setup), TEST(test_begin), TEST(test_order),
		TEST(test_order_refused), TEST(test_choice), TEST(test_answer), TEST(test_modified),
		TEST(test_nothing_modified), TEST(test_change), TEST(test_no_change), TEST(test_unanswered),
		TEST(test_release), TEST(test_unasked), TEST(test_reset) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
