/* The choice among UPFs, by DNN and load, the bounds of the association's retries, and reports. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

static uint32_t upf_of(struct bed *b, const char *dnn, uint8_t pdu_session_id)
{
	char n1[64];

	snprintf(n1, sizeof(n1), "2e %02x 05 c1 ff ff 91", pdu_session_id);
	bed_create(b, dnn, pdu_session_id, n1);
	assert_int_equal(b->answer.cause, SBI_OK);
	return b->sessions[b->session_count - 1].upf & 0xff;
}

static void by_dnn_and_load(void **state)
{
	struct bed *b = *state;

	b->config.upf_count = 3;
	for (uint8_t i = 1; i < 3; i++) {
		b->config.upfs[i].address = b->config.upfs[0].address;
		b->config.upfs[i].address.ip[3] = (uint8_t)(2 + i);
	}
	b->config.upfs[2].dnn_count = 1; /* for others only */
	str_copy(b->config.upfs[2].dnns[0], DNN_STR_SIZE, "ims");
	bed_restart(b);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 3);
	assert_int_equal(upf_of(b, "internet", 1), 2);
	assert_int_equal(upf_of(b, "internet", 2), 3);
	assert_int_equal(upf_of(b, "internet", 3), 2);
	bed_release(b); /* the third: the first UPF is no more loaded than the second */
	assert_int_equal(upf_of(b, "internet", 4), 2);
	assert_int_equal(b->smf->upfs[2].sessions, 0);
	str_copy(b->config.upfs[2].dnns[0], DNN_STR_SIZE, "INTERNET"); /* domain names have no case */
	bed_restart(b);
	assert_int_equal(upf_of(b, "internet", 5), 4);
}

/* Doubled with each attempt, up to the bound, and from the beginning after a success. */
static void retries_double(void **state)
{
	struct bed *b = *state;
	const struct smf_upf *u = &b->smf->upfs[0];
	uint32_t expected = SMF_ASSOCIATION_RETRY_MS;

	b->upf_off = true;
	bed_pass(b, PFCP_HEARTBEAT_MS + PFCP_GIVE_UP_MS);
	assert_false(u->associated);
	for (int i = 0; i < 8; i++) {
		uint32_t asked;

		while (u->asking) /* until the attempt is given up */
			bed_pass(b, 100);
		asked = b->upf_requests[PFCP_ASSOCIATION_SETUP_REQUEST];
		bed_pass(b, expected - 3100 < expected ? expected - 3100 : 0);
		assert_int_equal(b->upf_requests[PFCP_ASSOCIATION_SETUP_REQUEST], asked);
		while (!u->asking)
			bed_pass(b, 100);
		expected = expected * 2 < SMF_ASSOCIATION_RETRY_MAX_MS ? expected * 2
								       : SMF_ASSOCIATION_RETRY_MAX_MS;
		assert_int_equal(u->retry_ms, expected);
	}
	assert_int_equal(u->retry_ms, SMF_ASSOCIATION_RETRY_MAX_MS);
	b->upf_off = false;
	bed_pass(b, SMF_ASSOCIATION_RETRY_MAX_MS + PFCP_GIVE_UP_MS);
	assert_true(u->associated);
	assert_int_equal(u->retry_ms, SMF_ASSOCIATION_RETRY_MS);
}

/* A report of no session, or of another UPF's: refused, and nothing else. */
static void reports_of_unknown_sessions(void **state)
{
	struct bed *b = *state;
	struct pfcp_usage_report usage = { .urr_id = URR_SESSION,
		.usage_report_trigger = { PFCP_USAGE_TERMR, 3 },
		.has_volume_measurement = true,
		.volume_measurement = { .has_uplink = true, .uplink = 7 } };
	struct pfcp_msg m = { .type = PFCP_SESSION_REPORT_REQUEST, .sequence = 1, .has_seid = true };
	struct smf_session *s;

	b->config.upf_count = 2;
	b->config.upfs[1].address = b->config.upfs[0].address;
	b->config.upfs[1].address.ip[3] = 3;
	bed_restart(b);
	bed_establish(b);
	s = smf_session_by_ref(b->smf, b->ref);
	m.session_report_request.report_type = pfcp_flags(PFCP_REPORT_USAR);
	m.session_report_request.usage_report_count = 1;
	m.session_report_request.usage_report = &usage;
	m.seid = s->seid + 1;
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(b->report_cause, PFCP_CAUSE_SESSION_NOT_FOUND);
	assert_int_equal(b->report_seid, 0); /* 7.2.2.4.2 */
	assert_int_equal(s->uplink_octets, 0);
	m.seid = s->seid;
	m.sequence++;
	b->upf_addr.ip[3] = 3; /* not the UPF of the session */
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(b->report_cause, PFCP_CAUSE_SESSION_NOT_FOUND);
	assert_int_equal(b->report_seid, 0); /* 7.2.2.4.2 */
	assert_int_equal(s->uplink_octets, 0);
	m.sequence++;
	b->upf_addr.ip[3] = 2;
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(b->report_cause, PFCP_CAUSE_ACCEPTED);
	assert_int_equal(b->report_seid, s->up_seid);
	assert_int_equal(s->uplink_octets, 7);
	assert_int_equal(bed_stat(b, SMF_STAT_N4_REPORTS), 3);
}

/* The UPF is to end, after a period (29.244 8.2.78), -1: at once. */
static void asks_to_leave(struct bed *b, int period)
{
	static uint32_t sequence = 100;
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_UPDATE_REQUEST, .sequence = sequence++ };

	m.association_update_request.has_association_release_request = true;
	m.association_update_request.association_release_request = (struct tlv_flags){ 1, 1 }; /* SARR */
	m.association_update_request.has_graceful_release_period = period >= 0;
	m.association_update_request.graceful_release_period = (uint8_t)period;
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(b->upf_requests[PFCP_ASSOCIATION_UPDATE_RESPONSE], 1);
	bed_pass(b, 1);
}

static void comes_back(struct bed *b)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_SETUP_REQUEST, .sequence = 900 };

	m.association_setup_request.recovery_time_stamp = b->upf_recovery;
	m.association_setup_request.has_up_function_features = true;
	m.association_setup_request.up_function_features = (struct tlv_flags){ PFCP_UP_FTUP, 2 };
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
	bed_create(b, "internet", 9, "2e 09 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_OK);
}

/* 6.2.8.3: within the period its session goes on, and it gets no other; then that is released, and the
 * association. */
static void leaves_gracefully(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_establish(b);
	asks_to_leave(b, 1 << 5 | 2); /* twice a minute */
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_PEER_NOT_RESPONDING);
	b->transfer_count = 0;
	bed_pass(b, 119000);
	assert_int_equal(b->transfer_count, 0);
	assert_int_equal(smf_numbers(b->smf).active, 1);
	bed_pass(b, 2000);
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(m.type, NAS_PDU_SESSION_RELEASE_COMMAND);
	assert_int_equal(m.pdu_session_release_command.cause, NAS_5GSM_REACTIVATION_REQUESTED);
	assert_int_equal(b->upf_requests[PFCP_ASSOCIATION_RELEASE_REQUEST], 0);
	smf_session_ref(smf_session_by_seid(b->smf, b->sessions[0].cp_seid), b->ref);
	bed_update_both(b, "2e 01 00 d4", N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	bed_pass(b, SMF_UPF_LEAVING_LOOK_MS);
	assert_int_equal(b->upf_requests[PFCP_ASSOCIATION_RELEASE_REQUEST], 1);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	bed_pass(b, 10 * SMF_ASSOCIATION_RETRY_MAX_MS);
	assert_int_equal(b->upf_requests[PFCP_ASSOCIATION_SETUP_REQUEST], 1); /* it is not asked */
	comes_back(b);
}

/* Without a period it ends at once; a session whose UE does not answer does not keep it. */
static void leaves_at_once(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->transfer_count = 0;
	asks_to_leave(b, -1);
	assert_int_equal(bed_nas(b, &bed_last_transfer(b)->n1).type, NAS_PDU_SESSION_RELEASE_COMMAND);
	for (int i = 0; i < SMF_UPF_LEAVING_MS / 1000 + 2; i++) {
		b->transfer_count = 0;
		bed_pass(b, 1000);
	}
	assert_int_equal(b->upf_requests[PFCP_ASSOCIATION_RELEASE_REQUEST], 1);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	comes_back(b);
}

/* One without sessions goes at once, whatever the period; an update about features is none of this. */
static void leaves_empty(void **state)
{
	struct bed *b = *state;
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_UPDATE_REQUEST, .sequence = 50 };

	m.association_update_request.has_up_function_features = true;
	m.association_update_request.up_function_features = pfcp_flags(PFCP_UP_FTUP);
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
	assert_false(b->smf->upfs[0].leaving);
	b->upf_requests[PFCP_ASSOCIATION_UPDATE_RESPONSE] = 0;
	asks_to_leave(b, 7 << 5);
	bed_pass(b, 1);
	assert_int_equal(b->upf_requests[PFCP_ASSOCIATION_RELEASE_REQUEST], 1);
	comes_back(b);
}

static void reports_paths(struct bed *b, bool failure, uint32_t first, uint32_t count)
{
	static uint32_t sequence = 700;
	struct pfcp_msg m = { .type = PFCP_NODE_REPORT_REQUEST, .sequence = ++sequence };
	struct pfcp_node_report_request *r = &m.node_report_request;
	struct pfcp_remote_gtpu_peer peers[SMF_PATHS_LOST_MAX + 1];
	struct pfcp_user_plane_path_report report = { .remote_gtp_u_peer_count = count,
		.remote_gtp_u_peer = peers };

	for (uint32_t i = 0; i < count; i++) {
		peers[i] = (struct pfcp_remote_gtpu_peer){ .has_ipv4 = true };
		v4_octets(first + i, peers[i].ipv4);
	}
	r->node_report_type = pfcp_flags(failure ? PFCP_NODE_REPORT_UPFR : PFCP_NODE_REPORT_UPRR);
	if (failure) {
		r->user_plane_path_failure_report = &report;
		r->user_plane_path_failure_report_count = 1;
	} else {
		r->user_plane_path_recovery_report = &report;
		r->user_plane_path_recovery_report_count = 1;
	}
	b->upf_requests[PFCP_NODE_REPORT_RESPONSE] = 0;
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(b->upf_requests[PFCP_NODE_REPORT_RESPONSE], 1);
}

static void shows(struct bed *b, const char *not_reached)
{
	char row[2048] = "";
	struct writer w = writer_of((uint8_t *)row, sizeof(row) - 1);
	uint32_t at = 0;

	assert_true(smf_upf_row(b->smf, &at, &w));
	assert_non_null(strstr(row, not_reached));
}

/* 29.244 7.4.5: paths that fail are said once and shown until they are back, or the UPF is away; sessions
 * stay. */
static void node_report(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	reports_paths(b, true, 0x0a040001, 2);
	reports_paths(b, true, 0x0a040001, 1);
	assert_int_equal(bed_stat(b, SMF_STAT_PATHS_LOST), 2);
	assert_int_equal(smf_numbers(b->smf).paths_lost, 2);
	shows(b, "10.4.0.1,10.4.0.2");
	reports_paths(b, false, 0x0a040001, 1);
	reports_paths(b, false, 0x0a040009, 1); /* not reported before */
	assert_int_equal(smf_numbers(b->smf).paths_lost, 1);
	shows(b, "10.4.0.2");
	reports_paths(b, true, 0x0a050001, SMF_PATHS_LOST_MAX + 1);
	assert_int_equal(smf_numbers(b->smf).paths_lost, SMF_PATHS_LOST_MAX);
	assert_int_equal(smf_numbers(b->smf).active, 1);
	asks_to_leave(b, -1); /* away, it is asked nothing more */
	bed_pass(b, 2 * SMF_UPF_LEAVING_MS);
	assert_int_equal(smf_numbers(b->smf).paths_lost, 0);
}

/* 29.244 8.2.28, 8.2.100: of a UPF that can (DDND, UDBC), and of the operator's wish; else there is no BAR.
 */
static void buffering(void **state)
{
	static const struct {
		uint64_t features;
		uint16_t delay_ms;
		uint8_t packets, delay_told, packets_told;
	} cases[] = {
		{ PFCP_UP_DDND | PFCP_UP_UDBC, 101, 9, 3, 9 },
		{ PFCP_UP_DDND | PFCP_UP_UDBC, SMF_NOTIFICATION_DELAY_MAX_MS, 0, 255, 0 },
		{ PFCP_UP_DDND, 50, 9, 1, 0 },
		{ PFCP_UP_UDBC, 50, 9, 0, 9 },
		{ 0, 50, 9, 0, 0 },
		{ PFCP_UP_DDND | PFCP_UP_UDBC, 0, 0, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bed *b = *state;

		b->upf_features = cases[i].features;
		b->config.notification_delay_ms = cases[i].delay_ms;
		b->config.suggested_packets = cases[i].packets;
		bed_restart(b);
		upf_of(b, "internet", 1);
		assert_int_equal(b->notification_delay, cases[i].delay_told);
		assert_int_equal(b->suggested, cases[i].packets_told);
		bed_teardown(state);
		bed_setup(state);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(by_dnn_and_load),
		TEST(retries_double),
		TEST(node_report),
		TEST(buffering),
		TEST(leaves_gracefully),
		TEST(leaves_at_once),
		TEST(leaves_empty),
		TEST(reports_of_unknown_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
