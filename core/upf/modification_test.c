/* Rules created, updated and removed; usage and what else is reported. */
#include "base/test.h"

#include "core/upf/upf_bed.h"

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids;
static uint8_t inner[2048], outer[2048];
static struct pfcp_msg mod;
static struct pfcp_session_modification_request *const req = &mod.session_modification_request;
static const struct pfcp_session_modification_response *const rsp =
	&bed.response.session_modification_response;
static const struct pfcp_session_report_request *const report = &bed.response.session_report_request;

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	bed_init(&bed, &c);
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	return bed_associate(&bed) ? 0 : -1;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static void establish(void)
{
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	mod = (struct pfcp_msg){
		.type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true, .seid = ids.seid
	};
}

static uint8_t modify(void)
{
	assert_true(bed_request(&bed, &mod));
	mod = (struct pfcp_msg){
		.type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true, .seid = ids.seid
	};
	return rsp->cause;
}

static size_t up(uint16_t dport, size_t len)
{
	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT,
		bed_gpdu(outer, ids.teid, 9, bed_udp(inner, BED_UE, BED_DN, 1000, dport, len)));
	return bed.sent_count;
}

static size_t down(uint16_t sport, size_t len)
{
	bed_give(&bed, UPF_PORT_N6, 0, 0, bed_udp(inner, BED_DN, BED_UE, sport, 1000, len));
	return bed.sent_count;
}

static void activation(void **state)
{
	struct pfcp_update_far far = {
		.far_id = 2, .has_apply_action = true, .apply_action.bits = PFCP_APPLY_FORW
	};

	rules.far[1].apply_action.bits = PFCP_APPLY_DROP;
	rules.far[1].has_forwarding_parameters = false;
	establish();
	assert_int_equal(down(53, 100), 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_DISCARDED), 1);
	req->update_far = &far;
	req->update_far_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_CONDITIONAL_IE_MISSING);
	assert_int_equal(rsp->offending_ie, UPF_IE_FORWARDING_PARAMETERS);
	far.has_update_forwarding_parameters = true;
	far.update_forwarding_parameters.has_destination_interface = true;
	far.update_forwarding_parameters.has_outer_header_creation = true;
	far.update_forwarding_parameters.outer_header_creation = (struct pfcp_outer_header_creation){
		.description = PFCP_OHC_GTPU_IPV4, .teid = 0x55, .ipv4 = { 10, 1, 0, 2 }
	};
	req->update_far = &far;
	req->update_far_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.response.seid, 0x77);
	assert_int_equal(down(53, 100), 1);
	assert_int_equal(gtpu_be32(bed.sent[0].data + 4), 0x55);
	/* Another tunnel, and the end of the first. */
	far.update_forwarding_parameters.outer_header_creation.teid = 0x56;
	far.update_forwarding_parameters.has_smreq_flags = true;
	far.update_forwarding_parameters.smreq_flags.bits = PFCP_SMREQ_SNDEM;
	req->update_far = &far;
	req->update_far_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.sent_count, 2);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N3);
	assert_int_equal(bed.sent[0].data[1], GTPU_END_MARKER);
	assert_int_equal(gtpu_be32(bed.sent[0].data + 4), 0x55);
}

/* The last element is wrong: nothing of the request is done. */
static void all_or_nothing(void **state)
{
	struct pfcp_update_qer qer[2] = { { .qer_id = 1, .has_gate_status = true, .gate_status = 5 },
		{ .qer_id = 9 } };
	struct pfcp_remove_pdr pdr = { 2 };
	struct upf_rules *before;

	establish();
	before = ((struct upf_session *)upf_table_find(
			  &bed.upf->data.by_ue_ip, upf_key_ip(ip_from_v4(BED_UE))))
			 ->rules;
	req->update_qer = qer;
	req->update_qer_count = 2;
	req->remove_pdr = &pdr;
	req->remove_pdr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_RULE_FAILURE);
	assert_int_equal(rsp->failed_rule_id.type, PFCP_RULE_QER);
	assert_int_equal(rsp->failed_rule_id.id, 9);
	assert_ptr_equal(before, ((struct upf_session *)upf_table_find(
					  &bed.upf->data.by_ue_ip, upf_key_ip(ip_from_v4(BED_UE))))
					 ->rules);
	assert_int_equal(up(53, 100), 1);
	assert_int_equal(down(53, 100), 1);
	mod.seid ^= UINT64_C(1) << 40;
	assert_int_equal(modify(), PFCP_CAUSE_SESSION_NOT_FOUND);
	assert_int_equal(bed.response.seid, 0);
	assert_false(rsp->has_offending_ie);
}

static void removal(void **state)
{
	struct pfcp_remove_pdr pdr = { 1 };
	struct pfcp_remove_far far = { 1 };
	struct pfcp_remove_urr urr = { 1 };
	struct pfcp_update_pdr update = { .pdr_id = 2 };

	establish();
	req->remove_far = &far;
	req->remove_far_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_RULE_FAILURE); /* a PDR still refers to it */
	req->remove_far = &far;
	req->remove_far_count = 1;
	req->remove_pdr = &pdr;
	req->remove_pdr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(up(53, 100), 1); /* an error indication */
	assert_int_equal(bed_stat(&bed, UPF_STAT_UNKNOWN_TEID), 1);
	assert_int_equal(down(53, 100), 1);
	req->remove_urr = &urr;
	req->remove_urr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_RULE_FAILURE);
	req->remove_pdr = &(struct pfcp_remove_pdr){ 7 };
	req->remove_pdr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_RULE_FAILURE);
	req->update_pdr = &update;
	req->update_pdr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
}

static void query(void **state)
{
	struct pfcp_query_urr urr = { 1 };

	establish();
	up(53, 100);
	down(53, 200);
	req->query_urr = &urr;
	req->query_urr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(rsp->usage_report_count, 1);
	assert_true(rsp->usage_report[0].usage_report_trigger.bits & PFCP_USAGE_IMMER);
	assert_int_equal(rsp->usage_report[0].volume_measurement.uplink, 100);
	assert_int_equal(rsp->usage_report[0].volume_measurement.downlink, 200);
	assert_int_equal(rsp->usage_report[0].ur_seqn, 0);
	req->has_smreq_flags = true;
	req->smreq_flags.bits = PFCP_SMREQ_QAURR;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(rsp->usage_report[0].volume_measurement.total, 0);
	assert_int_equal(rsp->usage_report[0].ur_seqn, 1);
	urr.urr_id = 3;
	req->query_urr = &urr;
	req->query_urr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_RULE_FAILURE);
}

/* The newest report; older ones are repeated, as nobody answers. */
static bool reported(uint64_t trigger)
{
	for (size_t i = bed.sent_count; i-- > 0;)
		if (bed.sent[i].port == UPF_PORT_N4 && bed_decode(&bed, i) &&
			bed.response.type == PFCP_SESSION_REPORT_REQUEST)
			return report->usage_report_count == 1 &&
			       report->usage_report[0].usage_report_trigger.bits == trigger;
	return false;
}

static void volume_threshold(void **state)
{
	rules.urr[0].reporting_triggers.bits = PFCP_TRIGGER_VOLTH;
	rules.urr[0].has_volume_threshold = true;
	rules.urr[0].volume_threshold = (struct pfcp_volume){ .has_total = true, .total = 1000 };
	establish();
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 9; i++) {
			up(53, 100);
			assert_false(reported(PFCP_USAGE_VOLTH));
		}
		down(53, 100);
		assert_true(reported(PFCP_USAGE_VOLTH));
		assert_int_equal(report->usage_report[0].volume_measurement.total, 1000);
		assert_int_equal(report->usage_report[0].ur_seqn, round);
	}
}

static void volume_quota(void **state)
{
	struct pfcp_update_urr urr = {
		.urr_id = 1, .has_volume_quota = true, .volume_quota = { .has_total = true, .total = 200 }
	};

	rules.urr[0].reporting_triggers.bits = PFCP_TRIGGER_VOLQU;
	rules.urr[0].has_volume_quota = true;
	rules.urr[0].volume_quota = (struct pfcp_volume){ .has_total = true, .total = 300 };
	establish();
	up(53, 100);
	up(53, 100);
	up(53, 100);
	assert_true(reported(PFCP_USAGE_VOLQU));
	assert_int_equal(up(53, 100), 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_QUOTA), 1);
	req->update_urr = &urr;
	req->update_urr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(up(53, 100), 1);
	up(53, 100);
	assert_true(reported(PFCP_USAGE_VOLQU));
	assert_int_equal(up(53, 100), 0);
}

static void by_time(void **state)
{
	rules.urr[0].measurement_method.bits = PFCP_MEASURE_VOLUME | PFCP_MEASURE_DURATION;
	rules.urr[0].reporting_triggers.bits = PFCP_TRIGGER_PERIO | PFCP_TRIGGER_TIMTH;
	rules.urr[0].has_measurement_period = true;
	rules.urr[0].measurement_period = 10;
	rules.urr[0].has_time_threshold = true;
	rules.urr[0].time_threshold = 25;
	establish();
	bed_pass_ms(&bed, 9000);
	assert_int_equal(bed.sent_count, 0);
	bed_pass_ms(&bed, 1000);
	assert_true(reported(PFCP_USAGE_PERIO));
	assert_int_equal(report->usage_report[0].duration_measurement, 0);
	up(53, 100); /* time counts from the first packet */
	bed_pass_ms(&bed, 10000);
	assert_true(reported(PFCP_USAGE_PERIO));
	assert_int_equal(report->usage_report[0].duration_measurement, 10);
	assert_int_equal(report->usage_report[0].volume_measurement.total, 100);
}

/* With the association gone its deadlines stay in the future, and what was counted is reported later. */
static void nobody_listens(void **state)
{
	struct pfcp_msg heartbeat = { .type = PFCP_HEARTBEAT_REQUEST };

	rules.urr[0].measurement_method.bits = PFCP_MEASURE_VOLUME | PFCP_MEASURE_DURATION;
	rules.urr[0].reporting_triggers.bits = PFCP_TRIGGER_PERIO | PFCP_TRIGGER_TIMTH;
	rules.urr[0].has_measurement_period = true;
	rules.urr[0].measurement_period = 10;
	rules.urr[0].has_time_threshold = true;
	rules.urr[0].time_threshold = 5;
	establish();
	up(53, 100);
	heartbeat.heartbeat_request.recovery_time_stamp = 2; /* the SMF has restarted */
	assert_true(bed_request(&bed, &heartbeat));
	bed_pass_ms(&bed, 5000);
	bed_pass_ms(&bed, 5000);
	assert_true(bed_associate_from(&bed, BED_SMF, 2, true));
	bed_pass_ms(&bed, 10000);
	assert_true(reported(PFCP_USAGE_PERIO | PFCP_USAGE_TIMTH));
	assert_int_equal(report->usage_report[0].volume_measurement.total, 100);
}

static void downlink_data(void **state)
{
	rules.far[1].apply_action.bits = PFCP_APPLY_BUFF | PFCP_APPLY_NOCP;
	establish();
	assert_int_equal(down(53, 100), 1);
	assert_true(bed_decode(&bed, 0));
	assert_true(report->report_type.bits & PFCP_REPORT_DLDR);
	assert_int_equal(report->downlink_data_report.pdr_id[0], 2);
	assert_int_equal(down(53, 100), 0); /* once */
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFERED), 2);
}

static void report_answered(uint8_t cause)
{
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));
	struct pfcp_msg m = { .type = PFCP_SESSION_REPORT_RESPONSE, .has_seid = true };

	rules.far[1].apply_action.bits = PFCP_APPLY_BUFF | PFCP_APPLY_NOCP;
	establish();
	down(53, 100);
	assert_true(bed_decode(&bed, 0));
	m.sequence = bed.response.sequence;
	m.session_report_response.cause = cause;
	assert_true(pfcp_encode(&m, &w));
	bed_give(&bed, UPF_PORT_N4, BED_SMF, PFCP_UDP_PORT, writer_bytes(&w));
	assert_int_equal(bed.upf->reports_pending, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS_LOST), 0);
}

/* The SMF answers a report with "session context not found": the session is ended here too. */
static void unknown_to_smf(void **state)
{
	report_answered(PFCP_CAUSE_SESSION_NOT_FOUND);
	assert_int_equal(upf_numbers(bed.upf).sessions, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_DELETED), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS_TAKEN), 0);
}

static void known_to_smf(void **state)
{
	report_answered(PFCP_CAUSE_ACCEPTED);
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_DELETED), 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS_TAKEN), 1);
}

/* A second uplink PDR of better precedence, with a filter, whose FAR drops. */
static size_t filtered(const char *description, uint16_t dport)
{
	struct pfcp_create_pdr pdr[3] = { rules.pdr[0], rules.pdr[1], rules.pdr[0] };
	struct pfcp_create_far far[3] = { rules.far[0], rules.far[1],
		{ .far_id = 3, .apply_action.bits = PFCP_APPLY_DROP } };
	struct pfcp_sdf_filter filter = { .has_flow_description = true,
		.flow_description = bytes_of_str(description) };
	struct pfcp_session_establishment_request *r = &rules.m.session_establishment_request;

	pdr[0].pdi.local_f_teid.has_choose_id = pdr[2].pdi.local_f_teid.has_choose_id = true;
	pdr[2].pdr_id = 3;
	pdr[2].precedence = 1;
	pdr[2].far_id = 3;
	pdr[2].pdi.sdf_filter = &filter;
	pdr[2].pdi.sdf_filter_count = 1;
	r->create_pdr = pdr;
	r->create_far = far;
	r->create_pdr_count = r->create_far_count = 3;
	establish();
	return up(dport, 100);
}

static void sdf_filters(void **state)
{
	static const struct {
		const char *text;
		bool matches; /* 10.45.0.2:1000 to 8.8.8.8:53, UDP */
	} cases[] = {
		{ "permit out ip from any to assigned", true },
		{ "permit out 17 from 8.8.8.8 53 to assigned 1000", true },
		{ "permit out 17 from 8.8.0.0/16 50-60,70 to 10.45.0.2 1000", true },
		{ "permit out 6 from any to assigned", false },
		{ "permit out 17 from 8.8.8.8 54 to assigned", false },
		{ "permit out 17 from 8.8.9.0/24 to assigned", false },
		{ "permit out 17 from any to 10.45.0.3", false },
		{ "permit out 17 from any to any 1-999,1001-65535", false },
		{ "permit out ip from any 53 to any", true },
	};
	static const char *const bad[] = { "", "permit", "permit in ip from any to any",
		"permit out ip from any", "permit out 256 from any to any", "permit out ip from 1.2.3 to any",
		"permit out ip from any 70000 to any", "permit out ip from any 5-4 to any",
		"permit out ip from any 1,2,3,4 to any", "permit out ip from any 1, to any",
		"permit out ip from any to any established", "permit out ip from 10.0.0.0/33 to any" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(filtered(cases[i].text, 53), cases[i].matches ? 0 : 1);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct pfcp_sdf_filter f = { .has_flow_description = true,
			.flow_description = bytes_of_str(bad[i]) };
		struct upf_filter out;

		assert_false(upf_filter_read(&f, &out));
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(activation), TEST(all_or_nothing), TEST(removal),
		TEST(query), TEST(volume_threshold), TEST(volume_quota), TEST(by_time), TEST(nobody_listens),
		TEST(downlink_data), TEST(unknown_to_smf), TEST(known_to_smf), TEST(sdf_filters) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
