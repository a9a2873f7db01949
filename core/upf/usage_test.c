/* Usage reports by their triggers (29.244 8.2.19, 8.2.41), and quotas that end where they must. */
#include "base/test.h"

#include "core/upf/upf_bed.h"

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids;
static uint8_t inner[2048], outer[2048];
static const struct pfcp_session_report_request *const report = &bed.response.session_report_request;
static struct pfcp_create_urr *const urr = &rules.urr[0];

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	bed_init(&bed, &c);
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	urr->measurement_method.bits = PFCP_MEASURE_VOLUME | PFCP_MEASURE_DURATION;
	return bed_associate(&bed) ? 0 : -1;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static void asks(uint32_t triggers)
{
	urr->reporting_triggers.bits = triggers;
}

static void establish(void)
{
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
}

/* A packet of the UE: whether it passes. */
static bool up(size_t len)
{
	bool passed = false;

	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT,
		bed_gpdu(outer, ids.teid, 9, bed_udp(inner, BED_UE, BED_DN, 1000, 53, len)));
	for (size_t i = 0; i < bed.sent_count; i++)
		passed |= bed.sent[i].port == UPF_PORT_N6;
	return passed;
}

static void down(size_t len)
{
	bed_give(&bed, UPF_PORT_N6, 0, 0, bed_udp(inner, BED_DN, BED_UE, 53, 1000, len));
}

static void answer(void)
{
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));
	struct pfcp_msg m = { .type = PFCP_SESSION_REPORT_RESPONSE,
		.has_seid = true,
		.seid = ids.seid,
		.sequence = bed.response.sequence,
		.session_report_response.cause = PFCP_CAUSE_ACCEPTED };

	assert_true(pfcp_encode(&m, &w));
	bed_give(&bed, UPF_PORT_N4, BED_SMF, 8805, writer_bytes(&w));
}

/* What was sent has a report of these triggers, and it is decoded; of 0: it has none. Answered. */
static bool reported(uint64_t trigger)
{
	for (size_t i = 0; i < bed.sent_count; i++) {
		if (bed.sent[i].port != UPF_PORT_N4 || !bed_decode(&bed, i) ||
			bed.response.type != PFCP_SESSION_REPORT_REQUEST || !report->usage_report_count)
			continue;
		if (!trigger)
			return false;
		assert_int_equal(
			report->usage_report[report->usage_report_count - 1].usage_report_trigger.bits,
			trigger);
		return true;
	}
	return !trigger;
}

/* Seconds pass, one by one. */
static void wait_s(unsigned s)
{
	while (s--)
		bed_pass_ms(&bed, 1000);
}

/* As many packets as begin within the quota, not one more; whichever volume it is of. */
static void volume_quota(void **state)
{
	asks(PFCP_TRIGGER_VOLQU);
	urr->has_volume_quota = true;
	urr->volume_quota = (struct pfcp_volume){ .has_total = true, .total = 1000 };
	establish();
	for (int i = 0; i < 9; i++)
		assert_true(up(100));
	assert_true(reported(0));
	assert_true(up(100));
	assert_true(reported(PFCP_USAGE_VOLQU));
	assert_int_equal(report->usage_report[0].volume_measurement.total, 1000);
	answer();
	assert_false(up(100));
	assert_int_equal(bed_stat(&bed, UPF_STAT_QUOTA), 1);
}

static void time_quota(void **state)
{
	asks(PFCP_TRIGGER_TIMQU);
	urr->has_time_quota = true;
	urr->time_quota = 10;
	establish();
	wait_s(60); /* not used yet */
	assert_true(reported(0));
	assert_true(up(100));
	bed_pass_ms(&bed, 9999);
	assert_true(up(100));
	assert_true(reported(0));
	bed_pass_ms(&bed, 1);
	assert_true(reported(PFCP_USAGE_TIMQU));
	assert_int_equal(report->usage_report[0].duration_measurement, 10);
	answer();
	assert_false(up(100));
}

/* Silence does not use time up, where the SMF says what silence is. */
static void time_quota_without_silence(void **state)
{
	asks(PFCP_TRIGGER_TIMQU);
	urr->has_time_quota = true;
	urr->time_quota = 10;
	urr->has_inactivity_detection_time = true;
	urr->inactivity_detection_time = 2;
	establish();
	assert_true(up(100));
	wait_s(100);
	assert_true(reported(0));
	assert_true(up(100));
	for (int i = 0; i < 6; i++) {
		wait_s(1);
		assert_true(up(100));
	}
	assert_true(reported(0));
	for (int i = 0; i < 3 && reported(0); i++)
		bed_pass_ms(&bed, 1000);
	assert_true(reported(PFCP_USAGE_TIMQU));
	assert_in_range(report->usage_report[0].duration_measurement, 9, 11);
}

static void another_quota(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true };
	struct pfcp_update_urr u = { .urr_id = 1, .has_volume_quota = true };

	asks(PFCP_TRIGGER_TIMQU | PFCP_TRIGGER_VOLQU);
	urr->has_time_quota = true;
	urr->time_quota = 1;
	establish();
	assert_true(up(100));
	wait_s(1);
	assert_true(reported(PFCP_USAGE_TIMQU));
	answer();
	assert_false(up(100));
	u.volume_quota = (struct pfcp_volume){ .has_total = true, .total = 1000 };
	m.seid = ids.seid;
	m.session_modification_request.update_urr = &u;
	m.session_modification_request.update_urr_count = 1;
	assert_true(bed_request(&bed, &m));
	assert_false(up(100)); /* there is no more time */
	u.has_time_quota = true;
	u.time_quota = 5;
	assert_true(bed_request(&bed, &m));
	assert_true(up(100));
	wait_s(4);
	assert_true(up(100));
	wait_s(1);
	assert_false(up(100));
}

/* 8.2.48: nobody used it for so long: it is no longer good. */
static void holding_time(void **state)
{
	asks(PFCP_TRIGGER_QUHTI);
	urr->has_volume_quota = true;
	urr->volume_quota = (struct pfcp_volume){ .has_total = true, .total = 100000 };
	urr->has_quota_holding_time = true;
	urr->quota_holding_time = 5;
	establish();
	wait_s(4);
	assert_true(up(100));
	wait_s(4);
	assert_true(up(100));
	wait_s(4);
	assert_true(reported(0));
	wait_s(1);
	if (reported(0))
		wait_s(1); /* the second of the packet counts as a whole */
	assert_true(reported(PFCP_USAGE_QUHTI));
	answer();
	assert_false(up(100));
}

static void starts_and_stops(void **state)
{
	asks(PFCP_TRIGGER_START | PFCP_TRIGGER_STOPT);
	urr->has_inactivity_detection_time = true;
	urr->inactivity_detection_time = 3;
	establish();
	for (int i = 0; i < 2; i++) {
		up(100);
		assert_true(reported(PFCP_USAGE_START));
		answer();
		up(100);
		assert_true(reported(0));
		wait_s(2);
		up(100);
		assert_true(reported(0));
		for (int k = 0; k < 4 && reported(0); k++)
			wait_s(1);
		assert_true(reported(PFCP_USAGE_STOPT));
		assert_int_equal(report->usage_report[0].volume_measurement.total, 200);
		answer();
		wait_s(30);
		assert_true(reported(0));
	}
}

/* 8.2.49: packets, or octets. */
static void dropped_downlink(void **state)
{
	static const uint8_t threshold[] = { 3, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 3, 0xe8 };

	asks(PFCP_TRIGGER_DROTH);
	rules.far[1].apply_action.bits = PFCP_APPLY_DROP;
	rules.far[1].has_forwarding_parameters = false;
	urr->has_dropped_dl_traffic_threshold = true;
	urr->dropped_dl_traffic_threshold = BYTES(threshold);
	establish();
	for (int i = 0; i < 4; i++)
		down(100);
	assert_true(reported(0));
	down(100);
	assert_true(reported(PFCP_USAGE_DROTH));
	assert_int_equal(report->usage_report[0].volume_measurement.total, 0);
	answer();
	down(600);
	assert_true(reported(0));
	down(400);
	assert_true(reported(PFCP_USAGE_DROTH));
}

/* 8.2.55: a URR goes with another's report, counted to the same moment. */
static void linked(void **state)
{
	static uint32_t first = 1;
	struct pfcp_create_urr two[2];
	uint32_t both[] = { 1, 2 };

	asks(PFCP_TRIGGER_VOLTH);
	urr->has_volume_threshold = true;
	urr->volume_threshold = (struct pfcp_volume){ .has_total = true, .total = 300 };
	two[0] = *urr;
	two[1] = (struct pfcp_create_urr){ .urr_id = 2,
		.measurement_method = { PFCP_MEASURE_VOLUME, 1 },
		.reporting_triggers = { PFCP_TRIGGER_LIUSA, 3 },
		.linked_urr_id = &first,
		.linked_urr_id_count = 1 };
	rules.m.session_establishment_request.create_urr = two;
	rules.m.session_establishment_request.create_urr_count = 2;
	rules.pdr[0].urr_id = both;
	rules.pdr[0].urr_id_count = 2;
	establish();
	down(100); /* of the first alone */
	up(100);
	assert_true(reported(0));
	up(100);
	assert_true(reported(PFCP_USAGE_LIUSA));
	assert_int_equal(report->usage_report_count, 2);
	assert_int_equal(report->usage_report[0].usage_report_trigger.bits, PFCP_USAGE_VOLTH);
	assert_int_equal(report->usage_report[0].volume_measurement.total, 300);
	assert_int_equal(report->usage_report[1].urr_id, 2);
	assert_int_equal(report->usage_report[1].volume_measurement.total, 200);
}

/* Before and after the monitoring time, in the next report; another threshold holds from then on. */
static void monitoring_time(void **state)
{
	asks(PFCP_TRIGGER_VOLTH);
	urr->has_volume_threshold = true;
	urr->volume_threshold = (struct pfcp_volume){ .has_total = true, .total = 1000 };
	urr->has_monitoring_time = true;
	urr->monitoring_time = pfcp_time(bed.upf->env) + 10;
	urr->has_subsequent_volume_threshold = true;
	urr->subsequent_volume_threshold = (struct pfcp_volume){ .has_total = true, .total = 300 };
	establish();
	for (int i = 0; i < 4; i++)
		up(100);
	wait_s(10);
	assert_true(reported(0));
	up(100);
	up(100);
	assert_true(reported(0));
	up(100);
	assert_true(reported(PFCP_USAGE_VOLTH));
	assert_int_equal(report->usage_report_count, 2);
	assert_int_equal(report->usage_report[0].usage_report_trigger.bits, PFCP_USAGE_MONIT);
	assert_int_equal(report->usage_report[0].volume_measurement.total, 400);
	assert_int_equal(report->usage_report[0].usage_information.bits, 1);
	assert_int_equal(report->usage_report[0].duration_measurement, 10);
	assert_int_equal(report->usage_report[1].volume_measurement.total, 300);
	assert_int_equal(report->usage_report[1].usage_information.bits, 2);
	assert_int_equal(report->usage_report[0].end_time, report->usage_report[1].start_time);
	assert_int_equal(report->usage_report[1].ur_seqn, report->usage_report[0].ur_seqn + 1);
	answer();
	up(100);
	up(100);
	up(100);
	assert_true(reported(PFCP_USAGE_VOLTH));
	assert_int_equal(report->usage_report_count, 1);
}

/* What a trigger needs and is not there (cause 67), and what is not served. */
static void refused(void **state)
{
	static const struct {
		uint32_t trigger;
		uint8_t cause;
		uint16_t ie;
	} cases[] = {
		{ PFCP_TRIGGER_TIMQU, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_TIME_QUOTA },
		{ PFCP_TRIGGER_QUHTI, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_QUOTA_HOLDING_TIME },
		{ PFCP_TRIGGER_QUVTI, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_QUOTA_VALIDITY_TIME },
		{ PFCP_TRIGGER_DROTH, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_DROPPED_DL_THRESHOLD },
		{ PFCP_TRIGGER_LIUSA, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_LINKED_URR_ID },
		{ PFCP_TRIGGER_EVETH, PFCP_CAUSE_RULE_FAILURE, 0 },
		{ PFCP_TRIGGER_ENVCL, PFCP_CAUSE_RULE_FAILURE, 0 },
	};
	const struct pfcp_session_establishment_response *r = &bed.response.session_establishment_response;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		asks(cases[i].trigger);
		assert_int_equal(bed_establish(&bed, &rules, &ids), cases[i].cause);
		assert_int_equal(r->has_offending_ie ? r->offending_ie : 0, cases[i].ie);
	}
	asks(PFCP_TRIGGER_DROTH);
	urr->has_dropped_dl_traffic_threshold = true;
	urr->dropped_dl_traffic_threshold = bytes_of("\1\0\0", 3);
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_INVALID_LENGTH);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(volume_quota),
		TEST(time_quota),
		TEST(time_quota_without_silence),
		TEST(another_quota),
		TEST(holding_time),
		TEST(starts_and_stops),
		TEST(dropped_downlink),
		TEST(linked),
		TEST(monitoring_time),
		TEST(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
