/* What phones and gNBs of the field send beside the plain case: payloads of others, DRX, radio capabilities,
 * what counts only when it came protected. */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

static void payload(struct amf_bed *b, uint8_t type, int psi)
{
	static const uint8_t octets[] = { 0x2e, 1, 1, 0xc1, 0xff, 0xff };
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT };

	m.ul_nas_transport.payload_container_type = type;
	m.ul_nas_transport.payload_container = BYTES(octets);
	m.ul_nas_transport.has_pdu_session_id = psi >= 0;
	m.ul_nas_transport.pdu_session_id = (uint8_t)psi;
	amf_bed_say_protected(b, &m);
}

/* 24.501 5.4.5.2: a payload with nobody to serve it never comes back as one of a session. */
static void payloads_of_others(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	amf_bed_register(b);
	amf_bed_settle(b);
	b->read = b->sent_count;
	for (uint8_t type = NAS_PAYLOAD_SMS; type <= NAS_PAYLOAD_EVENT_NOTIFICATION; type++) {
		payload(b, type, -1);
		payload(b, type, 5);
		amf_bed_silent(b);
	}
	payload(b, NAS_PAYLOAD_MULTIPLE, -1);
	amf_bed_silent(b);
	for (uint8_t type = NAS_PAYLOAD_EVENT_NOTIFICATION + 1; type < NAS_PAYLOAD_MULTIPLE; type++) {
		payload(b, type, -1);
		amf_bed_expect(b, NAS_GMM_STATUS, &m);
		assert_int_equal(m.gmm_status.cause, NAS_CAUSE_INVALID_MANDATORY);
	}
	payload(b, NAS_PAYLOAD_N1_SM, -1);
	amf_bed_expect(b, NAS_GMM_STATUS, &m);
	assert_int_equal(m.gmm_status.cause, NAS_CAUSE_CONDITIONAL_IE);
	payload(b, NAS_PAYLOAD_N1_SM, 16);
	amf_bed_expect(b, NAS_GMM_STATUS, &m);
	payload(b, NAS_PAYLOAD_N1_SM, 5); /* a session that there is not */
	amf_bed_expect(b, NAS_DL_NAS_TRANSPORT, &m);
	assert_int_equal(m.dl_nas_transport.cause, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
	assert_int_equal(m.dl_nas_transport.pdu_session_id, 5);
}

/* As far as SECURITY MODE COMMAND, with the request in the clear; then SECURITY MODE COMPLETE with the
 * complete message, or without. */
static void register_with(struct amf_bed *b, const struct nas_msg *clear, const struct nas_msg *complete)
{
	struct nas_msg m = { .type = NAS_SECURITY_MODE_COMPLETE };

	b->clear = clear;
	amf_bed_secure(b);
	m.security_mode_complete.has_nas_message_container = complete != NULL;
	if (complete)
		m.security_mode_complete.nas_message_container = test_nas_plain(&b->nas, complete);
	amf_bed_say(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &m));
	amf_bed_settle(b);
}

static void accepted(struct amf_bed *b, struct nas_msg *m)
{
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, m);
}

/* 5.5.1.2.4: DRX is negotiated when the UE asks, in what came protected. */
static void drx_is_negotiated(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg clear = amf_bed_request(), complete = amf_bed_request(), m;

	complete.registration_request.has_requested_drx_parameters = true;
	complete.registration_request.requested_drx_parameters = 3;
	register_with(b, &clear, &complete);
	accepted(b, &m);
	assert_true(m.registration_accept.has_negotiated_drx_parameters);
	assert_int_equal(m.registration_accept.negotiated_drx_parameters, 3);
}

/* 4.4.6: what only the clear message had is nobody's word. */
static void clear_text_does_not_decide(void **state)
{
	struct amf_bed *b = *state;
	struct nas_s_nssai other = { .snssai = { 77, SNSSAI_NO_SD } };
	struct nas_msg clear = amf_bed_request(), m;

	clear.registration_request.has_requested_nssai = true;
	clear.registration_request.requested_nssai = (struct nas_nssai){ 1, &other };
	clear.registration_request.has_requested_drx_parameters = true;
	clear.registration_request.has_pdu_session_status = true;
	register_with(b, &clear, NULL);
	accepted(b, &m);
	assert_false(m.registration_accept.has_rejected_nssai);
	assert_false(m.registration_accept.has_negotiated_drx_parameters);
	assert_false(m.registration_accept.has_pdu_session_status);
}

/* The type inside the container is judged as that of the clear message is. */
static void emergency_in_the_container(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg clear = amf_bed_request(), complete = amf_bed_request(), m;

	complete.registration_request.registration_type = 4;
	register_with(b, &clear, &complete);
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
}

/* 33.501 5.3: a UE that lacks what each must have is not one, or its capability was bidden down. */
static void mandatory_algorithms(void **state)
{
	static const struct {
		uint8_t ea, ia;
		bool good;
	} capabilities[] = { { 0x40, 0x40, false }, { 0x20, 0x20, false }, { 0xe0, 0x40, false },
		{ 0xe0, 0x20, false }, { 0x60, 0x60, false }, { 0xa0, 0xe0, false }, { 0xc0, 0xe0, false },
		{ 0, 0, false }, { 0xe0, 0x60, true }, { 0xf0, 0xf0, true } };
	struct amf_bed *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(capabilities); i++) {
		struct nas_msg request = amf_bed_request(), m;

		request.registration_request.ue_security_capability.octets[0] = capabilities[i].ea;
		request.registration_request.ue_security_capability.octets[1] = capabilities[i].ia;
		b->ran_id = (uint32_t)i + 1;
		amf_bed_begin(b, test_nas_plain(&b->nas, &request));
		amf_bed_settle(b);
		if (capabilities[i].good) {
			amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
			continue;
		}
		amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
		assert_int_equal(m.registration_reject.cause, NAS_5GMM_UE_SECURITY_CAPABILITIES_MISMATCH);
	}
}

/* 38.413 8.14.1, 23.501 5.4.4.1: kept for the next connection, also by the next process; gone at an initial
 * registration. */
static void radio_capability(void **state)
{
	static const uint8_t octets[] = "what only gNBs read";
	struct amf_bed *b = *state;
	struct ngap_ue_radio_capability_info_indication info = { .ran_ue_ngap_id = BED_RAN_ID,
		.ue_radio_capability = BYTES(octets) };
	struct ngap_pdu pdu;
	size_t before;

	amf_bed_register(b);
	info.amf_ue_ngap_id = b->amf_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_RADIO_CAPABILITY_INFO_INDICATION, &info);
	assert_true(bytes_equal(amf_ue_radio_capability(b->amf, amf_bed_ue(b)), BYTES(octets)));
	amf_bed_released(b);
	amf_bed_restart(b);
	before = b->read = b->sent_count;
	amf_bed_service(b);
	b->read = before;
	assert_true(amf_bed_sent(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST, &pdu));
	assert_true(pdu.u.initial_context_setup_request->has_ue_radio_capability);
	assert_true(bytes_equal(pdu.u.initial_context_setup_request->ue_radio_capability, BYTES(octets)));
	amf_bed_released(b);
	amf_bed_register(b);
	assert_int_equal(amf_ue_radio_capability(b->amf, amf_bed_ue(b)).len, 0);
}

/* A UE with session 1, idle, comes back by a service request or registration that asks for sessions 1 and 2.
 */
static void idle_with_a_session(struct amf_bed *b)
{
	amf_bed_register(b);
	amf_bed_session(b, 1);
	amf_bed_released(b);
	amf_bed_settle(b);
	b->read = b->sent_count;
	b->update_type = N2_SM_PDU_RES_SETUP_REQ;
}

static void ask_service(struct amf_bed *b)
{
	struct nas_msg m = { .type = NAS_SERVICE_REQUEST };
	struct nas_service_request *r = &m.service_request;

	r->ngksi = b->ngksi;
	r->s_tmsi = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_S_TMSI };
	r->s_tmsi.s_tmsi =
		(struct nas_s_tmsi){ b->config.guami.amf_set_id, b->config.guami.amf_pointer, b->tmsi };
	r->has_uplink_data_status = true;
	r->uplink_data_status = 1 << 1 | 1 << 2;
	b->ran_id++;
	amf_bed_begin(b, test_nas_protected(&b->nas, NAS_INTEGRITY, &m));
	amf_bed_settle(b);
}

/* The sessions of the next INITIAL CONTEXT SETUP REQUEST, by identity; the NAS message in it. */
static uint16_t context_with(struct amf_bed *b, enum nas_msg_type type, struct nas_msg *m)
{
	size_t before = b->read;
	struct ngap_pdu pdu;
	uint16_t bits = 0;
	const struct ngap_pdu_session_resource_setup_list_cxt_req *list;

	assert_true(amf_bed_sent(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST, &pdu));
	list = pdu.u.initial_context_setup_request->pdu_session_resource_setup_list_cxt_req;
	for (size_t i = 0; list && i < list->count; i++)
		bits |= (uint16_t)(1u << list->items[i].pdu_session_id);
	assert_int_equal(
		list != NULL, pdu.u.initial_context_setup_request->ue_aggregate_maximum_bit_rate != NULL);
	b->read = before;
	amf_bed_expect(b, type, m);
	return bits;
}

/* 23.502 4.2.3.2 steps 4 to 12: one round trip over N2; what does not come back is named. */
static void service_brings_the_sessions(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	idle_with_a_session(b);
	ask_service(b);
	amf_bed_pass(b, 1);
	assert_int_equal(context_with(b, NAS_SERVICE_ACCEPT, &m), 1 << 1);
	assert_true(m.service_accept.has_reactivation_result);
	assert_int_equal(m.service_accept.reactivation_result, 1 << 2);
	amf_bed_context_is_set_up(b);
	amf_bed_silent(b);
	assert_null(amf_bed_ue(b)->procedures);
}

/* An SMF that does not answer does not hold the UE up for long. */
static void service_without_the_smf(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	idle_with_a_session(b);
	b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = true;
	ask_service(b);
	amf_bed_pass(b, AMF_ACTIVATION_WAIT_MS - 100);
	amf_bed_silent(b);
	amf_bed_pass(b, 200);
	assert_int_equal(context_with(b, NAS_SERVICE_ACCEPT, &m), 0);
	assert_int_equal(m.service_accept.reactivation_result, 1 << 1 | 1 << 2);
}

/* 24.501 5.5.1.3.4: likewise with a registration. */
static void registration_brings_the_sessions(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg request = amf_bed_request(), m;
	struct nas_registration_request *r = &request.registration_request;

	idle_with_a_session(b);
	r->registration_type = NAS_REGISTRATION_MOBILITY | NAS_REGISTRATION_FOLLOW_ON;
	r->ngksi = b->ngksi;
	r->mobile_identity = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI,
		.guti = { b->config.guami, b->tmsi } };
	r->has_uplink_data_status = true;
	r->uplink_data_status = 1 << 1 | 1 << 2;
	b->ran_id++;
	amf_bed_begin(b, test_nas_protected(&b->nas, NAS_INTEGRITY, &request));
	amf_bed_settle(b);
	amf_bed_pass(b, 1);
	assert_int_equal(context_with(b, NAS_REGISTRATION_ACCEPT, &m), 1 << 1);
	assert_true(m.registration_accept.has_reactivation_result);
	assert_int_equal(m.registration_accept.reactivation_result, 1 << 2);
}

static struct nas_msg by_guti(const struct amf_bed *b)
{
	struct nas_msg m = amf_bed_request();

	m.registration_request.ngksi = b->ngksi;
	m.registration_request.mobile_identity = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI,
		.guti = { b->config.guami, b->tmsi } };
	return m;
}

static void leaves(struct amf_bed *b, bool is_protected)
{
	struct nas_msg m = { .type = NAS_DEREGISTRATION_REQUEST_UE };
	struct ngap_ue_context_release_complete done = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id };

	m.deregistration_request_ue.deregistration_type = NAS_DEREGISTRATION_SWITCH_OFF | 1;
	m.deregistration_request_ue.ngksi = b->ngksi;
	m.deregistration_request_ue.mobile_identity = by_guti(b).registration_request.mobile_identity;
	if (is_protected)
		amf_bed_say_protected(b, &m);
	amf_bed_settle(b);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE, &done);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
	b->read = b->sent_count;
}

/* 33.501 6.8.1.1.1: a UE that has left comes back by its 5G-GUTI without identity and AKA; also over a
 * restart of the AMF; and each time with other COUNTs. */
static void context_outlives_the_stay(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg complete = { .type = NAS_REGISTRATION_COMPLETE }, m;
	uint32_t challenges;

	amf_bed_register(b);
	challenges = b->script[SBI_AUSF_AUTHENTICATE].requests;
	for (int restart = 0; restart < 3; restart++) {
		uint32_t count = b->nas.security.count[NAS_DOWNLINK];

		leaves(b, true);
		if (restart == 1)
			amf_bed_restart(b);
		m = by_guti(b);
		b->ran_id++;
		amf_bed_begin(b, test_nas_protected(&b->nas, NAS_INTEGRITY, &m));
		amf_bed_settle(b);
		amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
		assert_true(b->nas.security.count[NAS_DOWNLINK] > count);
		b->tmsi = m.registration_accept.guti.guti.tmsi;
		amf_bed_context_is_set_up(b);
		amf_bed_say_protected(b, &complete);
		assert_int_equal(amf_numbers(b->amf).registered, 1);
	}
	assert_int_equal(b->script[SBI_AUSF_AUTHENTICATE].requests, challenges);
}

/* Who cannot prove the context does not get it, and does not spoil it; who has left has no service. */
static void context_is_its_ues(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;
	struct bytes octets;
	struct test_nas good;

	amf_bed_register(b);
	leaves(b, true);
	good = b->nas;
	b->nas.security.k_nas_int[0] ^= 1;
	m = by_guti(b);
	b->ran_id++;
	octets = test_nas_protected(&b->nas, NAS_INTEGRITY, &m);
	amf_bed_begin(b, octets);
	amf_bed_expect(b, NAS_IDENTITY_REQUEST, &m);
	b->nas = good;
	b->ran_id++;
	ask_service(b);
	amf_bed_expect(b, NAS_SERVICE_REJECT, &m);
	assert_int_equal(m.service_reject.cause, NAS_5GMM_IMPLICITLY_DE_REGISTERED);
}

/* Once the UE has authenticated again, the context it had left with is nobody's. */
static void context_ends_with_the_next(void **state)
{
	struct amf_bed *b = *state;
	struct test_nas old;
	struct nas_msg m;

	amf_bed_register(b);
	leaves(b, true);
	old = b->nas;
	m = by_guti(b);
	b->ran_id++;
	amf_bed_register(b); /* by its SUCI */
	b->nas = old;
	b->ran_id++;
	amf_bed_begin(b, test_nas_protected(&b->nas, NAS_INTEGRITY, &m));
	amf_bed_expect(b, NAS_IDENTITY_REQUEST, &m);
}

/* 38.413 8.3.1: the gNB is asked for the UE's context once, whatever the UE repeats before it answers. */
static void context_is_set_up_once(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;
	struct nas_msg m;

	amf_bed_accept(b); /* in INITIAL CONTEXT SETUP REQUEST, unanswered */
	m = by_guti(b);
	m.registration_request.registration_type = NAS_REGISTRATION_MOBILITY | NAS_REGISTRATION_FOLLOW_ON;
	b->read = b->sent_count;
	amf_bed_say(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, &m));
	amf_bed_settle(b);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_DOWNLINK_NAS_TRANSPORT);
	assert_false(amf_bed_next(b, &pdu));
	amf_bed_context_is_set_up(b);
	assert_false(amf_bed_next(b, &pdu));
}

/* 24.501 4.4.3.5: before a NAS COUNT is used up the UE authenticates, whatever its MAC proves. */
static void counts_wear_out(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	amf_bed_register(b);
	amf_bed_released(b);
	amf_bed_ue(b)->security.count[NAS_UPLINK] = b->nas.security.count[NAS_UPLINK] =
		NAS_COUNT_MAX - NAS_COUNT_RENEW - 1;
	b->read = b->sent_count;
	ask_service(b); /* the last one */
	amf_bed_pass(b, 1);
	amf_bed_expect(b, NAS_SERVICE_ACCEPT, &m);
	amf_bed_released(b);
	b->read = b->sent_count;
	ask_service(b);
	amf_bed_expect(b, NAS_SERVICE_REJECT, &m);
	m = by_guti(b);
	b->ran_id++;
	amf_bed_begin(b, test_nas_protected(&b->nas, NAS_INTEGRITY, &m));
	amf_bed_settle(b);
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
}

/* 24.501 5.5.1.2.8: a UE that lost its context on a secured connection begins over, and ends the old one. */
static void begins_over_in_the_clear(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_context_release_complete done = { 0 };
	struct nas_msg m = amf_bed_request();
	struct ngap_pdu pdu;

	amf_bed_register(b);
	b->read = b->sent_count;
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	done = (struct ngap_ue_context_release_complete){ .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id };
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE, &done);
	assert_int_equal(amf_numbers(b->amf).registered, 1); /* nobody has proved anything */
	b->ran_id++;
	b->read = b->sent_count;
	amf_bed_register(b);
	assert_int_equal(amf_numbers(b->amf).ues, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(payloads_of_others), TEST(drx_is_negotiated),
		TEST(clear_text_does_not_decide), TEST(emergency_in_the_container),
		TEST(mandatory_algorithms), TEST(radio_capability), TEST(service_brings_the_sessions),
		TEST(service_without_the_smf), TEST(registration_brings_the_sessions),
		TEST(context_outlives_the_stay), TEST(context_is_set_up_once), TEST(context_is_its_ues),
		TEST(context_ends_with_the_next), TEST(counts_wear_out), TEST(begins_over_in_the_clear) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
