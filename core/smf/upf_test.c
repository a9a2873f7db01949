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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(by_dnn_and_load),
		TEST(retries_double),
		TEST(reports_of_unknown_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
