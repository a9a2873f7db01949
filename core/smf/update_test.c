/* UpdateSMContext with N1 and N2 together, activation without a UPF, guards, and late answers. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

#define RELEASE_REQUEST  "2e 01 09 d1"
#define RELEASE_COMPLETE "2e 01 09 d4"

static void n1_and_n2_end_a_release(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_n1(b, RELEASE_REQUEST);
	bed_update_both(b, RELEASE_COMPLETE, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(b->notifications, 1);
}

/* The gNB's part waits for the UPF; the UE's answer does not. */
static void n1_beside_a_setup_response(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_create(b, "internet", 1, BED_REQUEST);
	b->transfer_count = 0;
	bed_update_both(b, "2e 01 09 d4", N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATED);
	assert_int_equal(smf_numbers(b->smf).active, 1);
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(m.type, NAS_GSM_STATUS);
	assert_int_equal(m.gsm_status.cause, NAS_5GSM_PTI_MISMATCH);
	assert_int_equal(b->answers, 2); /* each request once */
}

static void release_request_beside_a_setup_response(void **state)
{
	struct bed *b = *state;

	bed_create(b, "internet", 1, BED_REQUEST);
	b->transfer_count = 0;
	bed_update_both(b, RELEASE_REQUEST, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_int_equal(b->answers, 2);
	assert_int_equal(bed_nas(b, &bed_last_transfer(b)->n1).type, NAS_PDU_SESSION_RELEASE_COMMAND);
	assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_REL_CMD);
	bed_update_both(b, RELEASE_COMPLETE, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(b->session_count, 0);
}

/* What of N2 is refused does not keep N1 from being answered. */
static void n1_beside_a_bad_n2(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_both(b, RELEASE_REQUEST, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	assert_int_equal(smf_session_by_ref(b->smf, b->ref)->state, SM_RELEASING);
}

/* Nobody asked: the downlink stays where it is. */
static void setup_response_not_asked_for(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a0400ff, 0x99));
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	assert_int_equal(b->sessions[0].dl_teid, 0x77);
	assert_int_equal(smf_numbers(b->smf).active, 1);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bytes_of("\xff", 1));
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	assert_int_equal(smf_numbers(b->smf).active, 1);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a0400ff, 0x99));
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	assert_false(b->sessions[0].forwards);
}

/* Tunnels that end at no other host: as if the gNB had refused. */
static void setup_response_that_leads_nowhere(void **state)
{
	struct bed *b = *state;
	const struct smf_session *s;

	bed_establish(b);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	s = smf_session_by_ref(b->smf, b->ref);
	const uint32_t ends[] = { 0x7f000001, 0xe0000001, 0xffffffff, 0, ip_v4(s->uplink.ip),
		addr_v4(&b->upf_addr), s->ue.ipv4 };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		bed_update_cnx(b, UP_CNX_ACTIVATING);
		bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, ends[i], 0x99));
		assert_int_equal(b->answer.up_cnx_state, UP_CNX_DEACTIVATED);
		assert_false(b->sessions[0].forwards);
		assert_int_equal(bed_stat(b, SMF_STAT_N2_REFUSED), i + 1);
	}
}

static struct bytes usage(struct bed *b, uint64_t uplink, uint64_t downlink)
{
	static uint8_t octets[128];
	struct writer w = writer_of(octets, sizeof(octets));
	struct ngap_volume_timed_report_item item = { bytes_of("\1\2\3\4", 4), bytes_of("\1\2\3\5", 4),
		uplink, downlink };
	struct ngap_pdu_session_usage_report report = { .pdu_session_timed_report_list = { 1, &item } };
	struct ngap_qos_flows_usage_report_item flow = { .qos_flow_identifier = 1,
		.qos_flows_timed_report_list = { 1, &item } };
	struct ngap_qos_flows_usage_report_list flows = { 1, &flow };
	struct ngap_secondary_rat_usage_information info = { uplink ? &report : NULL,
		uplink ? NULL : &flows };
	const struct ngap_secondary_rat_data_usage_report_transfer t = { &info };

	assert_true(ngap_value_encode(&ngap_secondary_rat_data_usage_report_transfer_type, &t, &w));
	return writer_bytes(&w);
}

/* 23.502 4.21: of the session, or flow by flow; it survives a restart, and no number of a peer wraps it. */
static void secondary_rat_usage(void **state)
{
	struct bed *b = *state;
	const struct smf_session *s;

	bed_establish(b);
	bed_update_n2(b, N2_SM_SECONDARY_RAT_USAGE, usage(b, 1000, 20));
	bed_update_n2(b, N2_SM_SECONDARY_RAT_USAGE, usage(b, 0, 7));
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_restart(b);
	s = smf_session_by_ref(b->smf, b->ref);
	assert_int_equal(s->secondary->uplink_octets, 1000);
	assert_int_equal(s->secondary->downlink_octets, 27);
	bed_update_n2(b, N2_SM_SECONDARY_RAT_USAGE, usage(b, UINT64_MAX, 0));
	assert_true(s->secondary->uplink_octets == UINT64_MAX);
	bed_update_n2(b, N2_SM_SECONDARY_RAT_USAGE, bytes_of("\xff", 1));
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	assert_int_equal(bed_stat(b, SMF_STAT_N2_REFUSED), 1);
	assert_int_equal(s->up, UP_ACTIVE);
}

/* In idle mode the UPF goes: there is no user plane to be had until it is back. */
static void activation_without_upf(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	b->upf_off = true;
	bed_pass(b, 20000);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	assert_int_equal(b->answer.cause, SBI_PEER_NOT_RESPONDING);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_DEACTIVATED);
	assert_int_equal(b->answer.n2.len, 0);
	assert_int_equal(smf_session_by_ref(b->smf, b->ref)->up, UP_INACTIVE);
	assert_false(timer_is_set(&smf_session_by_ref(b->smf, b->ref)->timer)); /* nothing is guarded */
	b->upf_off = false;
	bed_pass(b, 60000);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATING);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_true(b->sessions[0].forwards);
}

/* The guard of an activation: not a moment earlier. */
static void activation_guard(void **state)
{
	struct bed *b = *state;
	const struct smf_session *s;

	bed_establish(b);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	s = smf_session_by_ref(b->smf, b->ref);
	b->transfer_count = 0;
	bed_pass(b, SMF_SETUP_GUARD_MS - 100);
	assert_int_equal(s->up, UP_ACTIVATING);
	assert_int_equal(b->transfer_count, 0);
	bed_pass(b, 100);
	assert_int_equal(s->up, UP_INACTIVE);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(b->transfers[0].n2_type, N2_SM_PDU_RES_REL_CMD);
	assert_int_equal(b->transfers[0].n1.len, 0);
	/* The gNB's answer begins nothing: the next service request gets a setup request of its own. */
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(s->up, UP_INACTIVE);
	assert_int_equal(b->transfer_count, 1);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_SETUP_REQ);
	assert_true(b->answer.n2.len > 0);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x79));
	assert_int_equal(s->up, UP_ACTIVE);
	assert_int_equal(b->sessions[0].dl_teid, 0x79);
}

static void t3592_repeats_exactly(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_n1(b, RELEASE_REQUEST);
	b->transfer_count = 0;
	for (uint32_t n = 1; n <= SMF_RETRIES_MAX; n++) {
		bed_pass(b, SMF_T3592_MS - 100);
		assert_int_equal(b->transfer_count, n - 1);
		bed_pass(b, 100);
		assert_int_equal(b->transfer_count, n);
		assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_REL_CMD);
	}
	bed_pass(b, SMF_T3592_MS - 100);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	bed_pass(b, 100);
	assert_int_equal(b->transfer_count, SMF_RETRIES_MAX);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(bed_stat(b, SMF_STAT_T3592_EXPIRED), 1);
}

static void hold_and_end(struct bed *b)
{
	b->hold_registration = true;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->registrations, 1);
	smf_session_event(
		b->smf, smf_session_find(b->smf, &(struct supi){ "001010000000001" }, 1), SM_EV_END, NULL);
	bed_run(b);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(b->deregistrations, 0);
}

/* The session ended while the UDM registered it: its entry goes. */
static void registered_too_late(void **state)
{
	struct bed *b = *state;

	hold_and_end(b);
	bed_udm_registered(b, SBI_OK);
	bed_run(b);
	assert_int_equal(b->deregistrations, 1);
}

static void refused_too_late(void **state)
{
	struct bed *b = *state;

	hold_and_end(b);
	bed_udm_registered(b, SBI_NF_CONGESTION);
	bed_run(b);
	assert_int_equal(b->deregistrations, 0);
}

/* ... but not that of the session that has taken its place. */
static void registered_late_for_a_successor(void **state)
{
	struct bed *b = *state;
	uint64_t first;

	hold_and_end(b);
	first = b->held;
	b->hold_registration = false;
	bed_establish(b);
	b->held = first;
	bed_udm_registered(b, SBI_OK);
	bed_run(b);
	assert_int_equal(b->deregistrations, 0);
	assert_int_equal(smf_numbers(b->smf).active, 1);
}

/* After the time-out of the question, which refused the session. */
static void registered_after_the_time_out(void **state)
{
	struct bed *b = *state;

	b->hold_registration = true;
	bed_create(b, "internet", 1, BED_REQUEST);
	bed_pass(b, SBI_TIMEOUT_MS + 1000);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	bed_udm_registered(b, SBI_OK);
	bed_run(b);
	assert_int_equal(b->deregistrations, 1);
}

/*
 * The turn in which the gNB's tunnel is sent to the UPF is lost. PFCP repeats the request, but it does not
 * leave before the store has the session as it is.
 */
static void a_lost_turn_is_not_repeated_unstored(void **state)
{
	struct bed *b = *state;

	bed_create(b, "internet", 1, BED_REQUEST);
	b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST] = 0;
	store_mem_fail_put(b->store, 1);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_int_equal(b->turn.stats.lost, 1);
	assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], 0);
	store_mem_fail_put(b->store, 1); /* nor will it take the session at the first repetition */
	b->t.now_ns += (uint64_t)PFCP_T1_MS * NS_PER_MS;
	timers_run(&smf_nf(b->smf)->timers, b->t.now_ns);
	bed_run(b);
	assert_int_equal(b->turn.stats.lost, 2);
	assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], 0);
	b->t.now_ns += (uint64_t)PFCP_T1_MS * NS_PER_MS;
	timers_run(&smf_nf(b->smf)->timers, b->t.now_ns);
	bed_run(b);
	assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], 1);
	assert_true(b->sessions[0].forwards);
	bed_restart(b); /* and so it is after a restart */
	assert_int_equal(smf_numbers(b->smf).active, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(n1_and_n2_end_a_release),
		TEST(setup_response_not_asked_for),
		TEST(setup_response_that_leads_nowhere),
		TEST(n1_beside_a_setup_response),
		TEST(release_request_beside_a_setup_response),
		TEST(n1_beside_a_bad_n2),
		TEST(secondary_rat_usage),
		TEST(activation_without_upf),
		TEST(activation_guard),
		TEST(t3592_repeats_exactly),
		TEST(registered_too_late),
		TEST(refused_too_late),
		TEST(registered_late_for_a_successor),
		TEST(registered_after_the_time_out),
		TEST(a_lost_turn_is_not_repeated_unstored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
