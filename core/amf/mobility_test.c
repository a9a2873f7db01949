/* How UEs may be reached, and where they may be served: what UE, gNB and SMF get of it. */
#include "core/amf/amf_bed.h"

#include "core/amf/ladn.h"
#include "core/amf/mobility.h"

enum { TAC = 1, OTHER_TAC = 2 };

static const uint32_t here[] = { TAC }, elsewhere[] = { OTHER_TAC };
static const struct area area_here = { { 1, here }, NULL }, area_elsewhere = { { 1, elsewhere }, NULL };
static const struct service_area_restriction not_here = {
	.restriction_type = RESTRICTION_TYPE_NOT_ALLOWED_AREAS, .areas = { 1, &area_here }
};
static const struct service_area_restriction only_elsewhere = {
	.restriction_type = RESTRICTION_TYPE_ALLOWED_AREAS, .areas = { 1, &area_elsewhere }
};

/* As far as its accept, which it does not complete. */
static struct nas_registration_accept accepted(struct amf_bed *b)
{
	struct nas_msg m;

	amf_bed_secure(b);
	amf_bed_complete_security(b);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	b->tmsi = m.registration_accept.guti.guti.tmsi;
	return m.registration_accept;
}

static void refused(struct amf_bed *b, uint8_t cause)
{
	struct nas_msg m;

	amf_bed_secure(b);
	amf_bed_complete_security(b);
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(m.registration_reject.cause, cause);
	assert_int_equal(b->header, NAS_INTEGRITY_CIPHERED);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
}

static void completed(struct amf_bed *b)
{
	struct nas_msg complete = { .type = NAS_REGISTRATION_COMPLETE };

	amf_bed_context_is_set_up(b);
	amf_bed_say_protected(b, &complete);
	assert_int_equal(amf_bed_ue(b)->state, MM_REGISTERED);
}

/* The last context that a gNB was given. */
static const struct ngap_initial_context_setup_request *context(struct amf_bed *b)
{
	const struct ngap_initial_context_setup_request *m = NULL;
	struct ngap_pdu pdu;

	b->read = 0;
	while (amf_bed_next(b, &pdu))
		if (pdu.message == NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST)
			m = pdu.u.initial_context_setup_request;
	assert_non_null(m);
	return m;
}

static void wants(struct amf_bed *b)
{
	b->transfer_cause = SBI_CAUSE_COUNT;
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 1);
}

static void idle(struct amf_bed *b)
{
	amf_bed_session(b, 1);
	amf_bed_released(b);
	amf_bed_settle(b);
	b->read = b->sent_count;
}

/* 24.501 5.3.6: who asks gets it where the subscription allows it; nobody else. */
static void test_mico_not_asked(void **state)
{
	struct amf_bed *b = *state;
	struct nas_registration_accept a;

	b->am.mico_allowed = true;
	a = accepted(b);
	assert_false(a.has_mico_indication || a.has_t3324 || a.has_negotiated_extended_drx_parameters);
	assert_false(context(b)->core_network_assistance_information_for_inactive->has_mico_mode_indication);
}

static void test_mico_not_subscribed(void **state)
{
	struct amf_bed *b = *state;
	const struct nas_registration_request asks = { .has_mico_indication = true,
		.has_t3324 = true,
		.t3324 = nas_timer3_of(60),
		.has_requested_t3512 = true,
		.requested_t3512 = nas_timer3_of(7200) };
	struct nas_registration_accept a;

	b->asks = &asks;
	a = accepted(b);
	assert_false(a.has_mico_indication || a.has_t3324);
	assert_int_equal(a.t3512, nas_timer3_of(b->config.t3512_s));
	assert_null(amf_bed_ue(b)->mobility);
}

/* 23.501 5.4.1.3: who wants the idle UE hears at once that it is not reachable; 24.501 5.3.7: and then it
 * goes. */
static void test_mico(void **state)
{
	struct amf_bed *b = *state;
	const struct nas_registration_request asks = { .has_mico_indication = true,
		.has_requested_t3512 = true,
		.requested_t3512 = nas_timer3_of(7200) };
	struct nas_registration_accept a;

	b->am.mico_allowed = true;
	b->asks = &asks;
	a = accepted(b);
	assert_true(a.has_mico_indication);
	assert_int_equal(a.mico_indication, 0);
	assert_int_equal(a.t3512, nas_timer3_of(7200));
	assert_true(context(b)->core_network_assistance_information_for_inactive->has_mico_mode_indication);
	completed(b);
	idle(b);
	wants(b);
	assert_int_equal(b->transfer_cause, SBI_UE_NOT_REACHABLE);
	amf_bed_silent(b);
	amf_bed_restart(b);
	wants(b);
	assert_int_equal(b->transfer_cause, SBI_UE_NOT_REACHABLE);
	amf_bed_pass(b, 7200 * 1000 + 230 * 1000);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	amf_bed_pass(b, 20 * 1000);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
}

/* 23.501 5.31.7.4 */
static void test_active_time(void **state)
{
	struct amf_bed *b = *state;
	const struct nas_registration_request asks = {
		.has_mico_indication = true, .has_t3324 = true, .t3324 = nas_timer3_of(60)
	};
	struct nas_registration_accept a;
	struct ngap_pdu pdu;

	b->am.mico_allowed = true;
	b->asks = &asks;
	a = accepted(b);
	assert_true(a.has_t3324);
	assert_int_equal(a.t3324, nas_timer3_of(60));
	completed(b);
	idle(b);
	amf_bed_pass(b, 50 * 1000);
	wants(b);
	assert_true(amf_bed_sent(b, NGAP_MSG_PAGING, &pdu));
	amf_bed_pass(b, 11 * 1000); /* the paging is over, too */
	b->read = b->sent_count;
	wants(b);
	assert_int_equal(b->transfer_cause, SBI_UE_NOT_REACHABLE);
	amf_bed_silent(b);
}

/* 5.31.7.5: the timer runs from the registration on, and begins again while the UE is connected. */
static void test_strict(void **state)
{
	struct amf_bed *b = *state;
	const struct nas_registration_request asks = { .has_mico_indication = true,
		.mico_indication = NAS_MICO_SPRTI };
	struct nas_registration_accept a;

	b->am.mico_allowed = b->am.has_subs_reg_timer = true;
	b->am.subs_reg_timer = 600;
	b->asks = &asks;
	a = accepted(b);
	assert_int_equal(a.mico_indication, NAS_MICO_SPRTI);
	assert_int_equal(a.t3512, nas_timer3_of(600));
	completed(b);
	amf_bed_pass(b, 700 * 1000);
	idle(b); /* it expires at 1200 s, four minutes before the end */
	amf_bed_pass(b, 730 * 1000);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	amf_bed_pass(b, 15 * 1000);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
}

/* T3512 by subscriber, without any mode. */
static void test_t3512(void **state)
{
	struct amf_bed *b = *state;

	b->am.has_subs_reg_timer = true;
	b->am.subs_reg_timer = 1200;
	assert_int_equal(accepted(b).t3512, nas_timer3_of(1200));
	completed(b);
	idle(b);
	amf_bed_pass(b, (1200 + 235) * 1000);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	amf_bed_pass(b, 10 * 1000);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
}

/* 24.008 10.5.5.32 and 38.413 9.3.1.227: what NR does not have becomes shorter; windows from 10.24 s on. */
static void test_edrx(void **state)
{
	struct amf_bed *b = *state;
	const uint8_t wanted = 0x34; /* 61.44 s, windows of 5.12 s */
	const struct nas_registration_request asks = { .has_requested_extended_drx_parameters = true,
		.requested_extended_drx_parameters = bytes_of(&wanted, 1),
		.has_requested_drx_parameters = true,
		.requested_drx_parameters = 4 };
	const struct ngap_core_network_assistance_information_for_inactive *assistance;
	struct nas_registration_accept a;
	struct ngap_pdu pdu;

	b->asks = &asks;
	a = accepted(b);
	assert_true(a.has_negotiated_extended_drx_parameters);
	assert_int_equal(a.negotiated_extended_drx_parameters.data[0], 0x33);
	assert_int_equal(a.negotiated_drx_parameters, 4);
	assistance = context(b)->core_network_assistance_information_for_inactive;
	assert_int_equal(assistance->ue_specific_drx, NGAP_PAGING_DRX_V256);
	assert_int_equal(assistance->ie_extensions->nr_paging_edrx_information->nr_paging_edrx_cycle,
		NGAP_NR_PAGING_EDRX_CYCLE_HF4);
	assert_int_equal(assistance->ue_identity_index_value.u.index_length10, b->tmsi & 1023);
	completed(b);
	idle(b);
	wants(b);
	assert_true(amf_bed_sent(b, NGAP_MSG_PAGING, &pdu));
	assert_int_equal(pdu.u.paging->nr_paging_edrx_information->nr_paging_edrx_cycle,
		NGAP_NR_PAGING_EDRX_CYCLE_HF4);
	assert_int_equal(pdu.u.paging->nr_paging_edrx_information->nr_paging_time_window,
		NGAP_NR_PAGING_TIME_WINDOW_S4);
	/* the attempts last a cycle */
	amf_bed_pass(b, 40000);
	assert_non_null(amf_procedure_find(amf_bed_ue(b), AMF_PAGING));
	amf_bed_pass(b, 2000);
	assert_null(amf_procedure_find(amf_bed_ue(b), AMF_PAGING));
}

static void test_short_edrx(void **state)
{
	struct amf_bed *b = *state;
	const uint8_t wanted = 0x31; /* 10.24 s: no window */
	const struct nas_registration_request asks = { .has_requested_extended_drx_parameters = true,
		.requested_extended_drx_parameters = bytes_of(&wanted, 1) };

	b->asks = &asks;
	assert_int_equal(accepted(b).negotiated_extended_drx_parameters.data[0], 0x01);
	assert_false(context(b)
			->core_network_assistance_information_for_inactive->ie_extensions
			->nr_paging_edrx_information->has_nr_paging_time_window);
}

/* 24.501 5.5.1.2.5 */
static void test_forbidden(void **state)
{
	struct amf_bed *b = *state;

	b->am.forbidden_areas = (struct area_list){ 1, &area_here };
	refused(b, NAS_5GMM_NO_SUITABLE_CELLS_IN_TRACKING_AREA);
}

static void test_forbidden_by_rat(void **state)
{
	struct amf_bed *b = *state;
	const enum rat_type rats[] = { RAT_TYPE_EUTRA, RAT_TYPE_NR };

	b->am.rat_restrictions = (struct rat_type_list){ 1, rats };
	accepted(b); /* E-UTRA is not our business */
	amf_bed_released(b);
	b->am.rat_restrictions.count = 2;
	b->ran_id++;
	refused(b, NAS_5GMM_N1_MODE_NOT_ALLOWED);
}

static void test_forbidden_core(void **state)
{
	struct amf_bed *b = *state;
	const enum core_network_type core = CORE_NETWORK_TYPE_FIVE_GC;

	b->am.core_network_type_restrictions = (struct core_network_type_list){ 1, &core };
	refused(b, NAS_5GMM_N1_MODE_NOT_ALLOWED);
}

/* More areas than can be kept would restrict otherwise than the subscription has it. */
static void test_too_many_areas(void **state)
{
	struct amf_bed *b = *state;
	uint32_t tacs[AMF_AREAS_MAX + 1];
	const struct area many = { { ARRAY_LEN(tacs), tacs }, NULL };

	for (size_t i = 0; i < ARRAY_LEN(tacs); i++)
		tacs[i] = (uint32_t)(100 + i);
	b->am.forbidden_areas = (struct area_list){ 1, &many };
	refused(b, NAS_5GMM_CONGESTION);
}

static uint32_t tac_of(struct bytes octets)
{
	return ngap_tac(octets);
}

/* 23.501 5.3.4.1.1: registered, with the area for UE and gNB; nothing begins there, from neither side. */
static void test_restricted(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_mobility_restriction_list *r;
	struct nas_registration_accept a;
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT }, back;
	uint32_t creates;

	b->am.service_area_restriction = &not_here;
	b->am.forbidden_areas = (struct area_list){ 1, &area_elsewhere };
	a = accepted(b);
	assert_true(a.has_service_area_list);
	assert_int_equal(a.service_area_list.count, 1);
	assert_true(a.service_area_list.items[0].not_allowed);
	assert_int_equal(a.service_area_list.items[0].tais[0].tac, TAC);
	r = context(b)->mobility_restriction_list;
	assert_int_equal(tac_of(r->forbidden_area_information->items[0].forbidden_tacs.items[0]), OTHER_TAC);
	assert_null(r->service_area_information->items[0].allowed_tacs);
	assert_int_equal(tac_of(r->service_area_information->items[0].not_allowed_tacs->items[0]), TAC);
	completed(b);
	m.ul_nas_transport = (struct nas_ul_nas_transport){ .payload_container_type = NAS_PAYLOAD_N1_SM,
		.payload_container = bytes_of("\x2e\x01\x01\xc1", 4),
		.has_pdu_session_id = true,
		.pdu_session_id = 1,
		.has_request_type = true,
		.request_type = NAS_REQUEST_INITIAL };
	creates = b->script[SBI_UDM_GET_SMF_SELECT_DATA].requests;
	b->read = b->sent_count;
	amf_bed_say_protected(b, &m);
	amf_bed_expect(b, NAS_DL_NAS_TRANSPORT, &back);
	assert_int_equal(back.dl_nas_transport.cause, NAS_5GMM_RESTRICTED_SERVICE_AREA);
	assert_int_equal(b->script[SBI_UDM_GET_SMF_SELECT_DATA].requests, creates);
	idle(b);
	wants(b);
	assert_int_equal(b->transfer_cause, SBI_UE_IN_NON_ALLOWED_AREA);
	amf_bed_silent(b);
}

static void service(struct amf_bed *b, uint8_t type, enum nas_msg_type answer, struct nas_msg *out)
{
	struct nas_msg m = { .type = NAS_SERVICE_REQUEST };

	m.service_request.ngksi = b->ngksi;
	m.service_request.service_type = type;
	m.service_request.s_tmsi = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_S_TMSI };
	m.service_request.s_tmsi.s_tmsi.amf_set_id = b->config.guami.amf_set_id;
	m.service_request.s_tmsi.s_tmsi.amf_pointer = b->config.guami.amf_pointer;
	m.service_request.s_tmsi.s_tmsi.tmsi = b->tmsi;
	b->ran_id++;
	b->read = b->sent_count;
	amf_bed_begin(b, test_nas_protected(&b->nas, NAS_INTEGRITY, &m));
	amf_bed_expect(b, answer, out);
}

/* 24.501 5.6.1.5: #28, but for priority; the UE stays registered. Where nothing is allowed, all there is is
 * not. */
static void test_service(void **state)
{
	struct amf_bed *b = *state;
	struct nas_registration_accept a;
	struct nas_msg m;

	b->am.service_area_restriction = &only_elsewhere;
	a = accepted(b);
	assert_false(a.service_area_list.items[0].not_allowed);
	assert_int_equal(a.service_area_list.items[0].tais[0].tac, OTHER_TAC);
	completed(b);
	idle(b);
	service(b, NAS_SERVICE_DATA, NAS_SERVICE_REJECT, &m);
	assert_int_equal(m.service_reject.cause, NAS_5GMM_RESTRICTED_SERVICE_AREA);
	assert_int_equal(b->header, NAS_INTEGRITY_CIPHERED);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	service(b, NAS_SERVICE_HIGH_PRIORITY, NAS_SERVICE_ACCEPT, &m);
}

/* 23.501 5.3.4.1.2: the first areas that it comes to, after a restart too. */
static void test_areas_max(void **state)
{
	struct amf_bed *b = *state;
	const struct service_area_restriction one = { .has_max_num_of_t_as = true, .max_num_of_t_as = 1 };
	struct nas_registration_accept a;

	b->am.service_area_restriction = &one;
	a = accepted(b);
	assert_false(a.service_area_list.items[0].not_allowed);
	assert_int_equal(a.service_area_list.items[0].tais[0].tac, TAC);
	completed(b);
	amf_bed_restart(b);
	assert_true(amf_mobility_allows(amf_bed_ue(b), TAC));
	assert_false(amf_mobility_allows(amf_bed_ue(b), OTHER_TAC));
}

/* 23.501 5.6.5: what of the registration area it has, of those that are subscribed, and asked for. */
static void test_ladn(void **state)
{
	struct amf_bed *b = *state;
	static const char *const dnns[] = { "internet", "local", "far" };
	const char *named[] = { "far" };
	const char *two[] = { "FAR", "others" }, *of_another_kind[] = { "internet" };
	const struct nas_registration_request asks = { .has_ladn_indication = true,
		.ladn_indication = { 1, named } };
	struct nas_registration_accept a;

	b->config.ladns[0] = (struct amf_ladn){ "local", 2, { TAC, OTHER_TAC } };
	b->config.ladns[1] = (struct amf_ladn){ "far", 1, { OTHER_TAC } };
	b->config.ladns[2] = (struct amf_ladn){ "others", 1, { TAC } };
	b->config.ladn_count = 3;
	amf_bed_restart(b);
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	b->am.subscribed_dnn_list = (struct text_list){ ARRAY_LEN(dnns), dnns };
	a = accepted(b);
	assert_true(a.has_ladn_information);
	assert_int_equal(a.ladn_information.count, 1);
	assert_string_equal(a.ladn_information.items[0].dnn, "local");
	assert_int_equal(a.ladn_information.items[0].tai_list.items[0].count, 1);
	assert_int_equal(a.ladn_information.items[0].tai_list.items[0].tais[0].tac, TAC);
	assert_int_equal(amf_ladn_asked(b->amf, &(struct nas_dnns){ 0 }), 7);
	assert_int_equal(amf_ladn_asked(b->amf, &(struct nas_dnns){ 2, two }), 6);
	assert_int_equal(amf_ladn_asked(b->amf, &(struct nas_dnns){ 1, of_another_kind }), 0);
	assert_int_equal(amf_ladn_presence(b->amf, amf_bed_ue(b), "LOCAL"), PRESENCE_STATE_IN_AREA);
	assert_int_equal(amf_ladn_presence(b->amf, amf_bed_ue(b), "far"), PRESENCE_STATE_OUT_OF_AREA);
	assert_int_equal(amf_ladn_presence(b->amf, amf_bed_ue(b), "internet"), PRESENCE_STATE_ABSENT);
	amf_bed_released(b);
	b->ran_id++;
	b->asks = &asks;
	assert_false(accepted(b).has_ladn_information); /* it is in none of its areas */
}

/* The operator changes it: the UE has to acknowledge, and its gNB hears; lost, it is sent again. */
static void test_change(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg complete = { .type = NAS_CONFIGURATION_UPDATE_COMPLETE }, m;
	struct ngap_pdu pdu;

	accepted(b);
	completed(b);
	b->am.service_area_restriction = &not_here;
	b->read = b->sent_count;
	amf_subscription_changed(b->amf, &amf_bed_ue(b)->supi, &b->am);
	amf_bed_settle(b);
	for (int sent = 0; sent < 2; sent++) {
		assert_true(amf_bed_sent(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &pdu));
		assert_non_null(pdu.u.downlink_nas_transport->mobility_restriction_list);
		b->read--;
		amf_bed_expect(b, NAS_CONFIGURATION_UPDATE_COMMAND, &m);
		assert_true(m.configuration_update_command.service_area_list.items[0].not_allowed);
		amf_bed_pass(b, AMF_T3555_MS);
	}
	assert_true(amf_bed_ue(b)->mobility->areas_changed);
	amf_bed_say_protected(b, &complete);
	assert_false(amf_bed_ue(b)->mobility->areas_changed);
	b->read = b->sent_count;
	amf_subscription_changed(b->amf, &amf_bed_ue(b)->supi, &b->am);
	amf_bed_settle(b);
	amf_bed_silent(b); /* nothing has changed */
	b->am.forbidden_areas = (struct area_list){ 1, &area_here };
	amf_subscription_changed(b->amf, &amf_bed_ue(b)->supi, &b->am);
	amf_bed_settle(b);
	amf_bed_expect(b, NAS_DEREGISTRATION_REQUEST_NETWORK, &m);
	assert_int_equal(m.deregistration_request_network.cause, NAS_5GMM_NO_SUITABLE_CELLS_IN_TRACKING_AREA);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_mico_not_asked), TEST(test_mico_not_subscribed),
		TEST(test_mico), TEST(test_active_time), TEST(test_strict), TEST(test_t3512), TEST(test_edrx),
		TEST(test_short_edrx), TEST(test_forbidden), TEST(test_forbidden_by_rat),
		TEST(test_forbidden_core), TEST(test_too_many_areas), TEST(test_restricted),
		TEST(test_service), TEST(test_areas_max), TEST(test_ladn), TEST(test_change) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
