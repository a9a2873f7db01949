/*
 * Session modification, 29.244 7.5.4: each refusal with its cause and the rule it is about, after which all
 * is as before; and what the response and later reports hold (7.5.5, 7.5.8).
 */
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

static void begin(void)
{
	mod = (struct pfcp_msg){
		.type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true, .seid = ids.seid
	};
}

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	bed_init(&bed, &c);
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	if (!bed_associate(&bed) || bed_establish(&bed, &rules, &ids) != PFCP_CAUSE_ACCEPTED)
		return -1;
	begin();
	return 0;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static struct upf_session *session_of(uint32_t ue)
{
	return upf_table_find(&bed.upf->data.by_ue_ip, upf_key_ip(ip_from_v4(ue)));
}

static uint8_t modify(void)
{
	assert_true(bed_request(&bed, &mod));
	begin();
	return rsp->cause;
}

static size_t up(uint32_t ue, uint32_t teid)
{
	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT,
		bed_gpdu(outer, teid, 9, bed_udp(inner, ue, BED_DN, 1000, 53, 100)));
	return bed.sent_count;
}

static size_t down(uint32_t ue)
{
	bed_give(&bed, UPF_PORT_N6, 0, 0, bed_udp(inner, BED_DN, ue, 53, 1000, 100));
	return bed.sent_count;
}

/* The request is refused so, counted, and nothing has changed; it is empty again. */
static void refused(uint8_t cause, uint16_t offending, int rule_type, uint32_t rule_id)
{
	const struct upf_rules *before = session_of(BED_UE)->rules;
	uint64_t counted = bed_stat(&bed, UPF_STAT_REJECTED), modified = bed_stat(&bed, UPF_STAT_MODIFIED);

	assert_int_equal(modify(), cause);
	assert_int_equal(bed.response.seid, 0x77);
	assert_int_equal(rsp->has_offending_ie ? rsp->offending_ie : 0, offending);
	assert_int_equal(rsp->has_failed_rule_id, rule_type >= 0);
	if (rule_type >= 0) {
		assert_int_equal(rsp->failed_rule_id.type, rule_type);
		assert_int_equal(rsp->failed_rule_id.id, rule_id);
	}
	assert_int_equal(rsp->usage_report_count + rsp->created_pdr_count, 0);
	assert_ptr_equal(session_of(BED_UE)->rules, before);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REJECTED), counted + 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_MODIFIED), modified);
	assert_int_equal(up(BED_UE, ids.teid), 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N6);
	assert_int_equal(down(BED_UE), 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N3);
}

/* Traffic endpoints, MARs and SRRs were not announced (8.2.25). */
static void what_is_not_served(void **state)
{
	static struct pfcp_remove_traffic_endpoint gone = { 1 };
	static struct pfcp_create_traffic_endpoint made = { .traffic_endpoint_id = 1 };
	static struct pfcp_update_traffic_endpoint changed = { .traffic_endpoint_id = 1 };
	static struct bytes rule = { (const uint8_t *)"\0\0\0", 3 };

	for (int i = 0; i < 9; i++) {
		struct bytes *const one = &rule;

		req->remove_traffic_endpoint = &gone;
		req->create_traffic_endpoint = &made;
		req->update_traffic_endpoint = &changed;
		req->remove_mar = req->create_mar = req->update_mar = one;
		req->remove_srr = req->create_srr = req->update_srr = one;
		req->remove_traffic_endpoint_count = i == 0;
		req->create_traffic_endpoint_count = i == 1;
		req->update_traffic_endpoint_count = i == 2;
		req->remove_mar_count = i == 3;
		req->create_mar_count = i == 4;
		req->update_mar_count = i == 5;
		req->remove_srr_count = i == 6;
		req->create_srr_count = i == 7;
		req->update_srr_count = i == 8;
		refused(PFCP_CAUSE_SERVICE_NOT_SUPPORTED, 0, -1, 0);
	}
}

/* 8.2.123, 8.2.80: the rule that is not there is named with its kind. */
static void rules_that_are_not_there(void **state)
{
	req->remove_pdr = &(struct pfcp_remove_pdr){ 9 };
	req->remove_pdr_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_PDR, 9);
	req->remove_far = &(struct pfcp_remove_far){ 9 };
	req->remove_far_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_FAR, 9);
	req->remove_qer = &(struct pfcp_remove_qer){ 9 };
	req->remove_qer_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_QER, 9);
	req->remove_urr = &(struct pfcp_remove_urr){ 9 };
	req->remove_urr_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_URR, 9);
	req->update_pdr = &(struct pfcp_update_pdr){ .pdr_id = 9 };
	req->update_pdr_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_PDR, 9);
	req->update_far = &(struct pfcp_update_far){ .far_id = 9 };
	req->update_far_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_FAR, 9);
	req->update_qer = &(struct pfcp_update_qer){ .qer_id = 9 };
	req->update_qer_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_QER, 9);
	req->update_urr = &(struct pfcp_update_urr){ .urr_id = 9 };
	req->update_urr_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_URR, 9);
	req->query_urr = &(struct pfcp_query_urr){ 9 };
	req->query_urr_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_URR, 9);
}

/* What other rules still refer to cannot go. */
static void rules_in_use(void **state)
{
	req->remove_far = &(struct pfcp_remove_far){ 2 };
	req->remove_far_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_PDR, 2);
	req->remove_qer = &(struct pfcp_remove_qer){ 2 };
	req->remove_qer_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_PDR, 1);
	req->remove_urr = &(struct pfcp_remove_urr){ 1 };
	req->remove_urr_count = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_PDR, 1);
}

/* A PDR more, for downlink: without a FAR, or with parts that are not there. */
static void references_of_a_pdr(void **state)
{
	static uint32_t nine[] = { 9 };

	for (int i = 0; i < 4; i++) {
		struct pfcp_create_pdr pdr = rules.pdr[1];

		pdr.pdr_id = 3;
		pdr.has_far_id = i != 0;
		pdr.far_id = i == 1 ? 9 : 2;
		if (i == 2) {
			pdr.qer_id = nine;
			pdr.qer_id_count = 1;
		}
		if (i == 3)
			pdr.urr_id = nine;
		req->create_pdr = &pdr;
		req->create_pdr_count = 1;
		if (i == 0)
			refused(PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_FAR_ID, -1, 0);
		else
			refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_PDR, 3);
	}
}

/* The address of another session is not to be had; one that is free is, and the old one is free then. */
static void another_address(void **state)
{
	struct pfcp_update_pdr pdr[2] = { 0 };
	struct bed_session others;
	struct bed_session_ids other;

	bed_session_fill(&others, BED_UE + 1, BED_GNB_TEID + 1, 0x78);
	assert_int_equal(bed_establish(&bed, &others, &other), PFCP_CAUSE_ACCEPTED);
	for (uint8_t free = 0; free < 2; free++) {
		for (uint16_t i = 0; i < 2; i++) {
			pdr[i].pdr_id = (uint16_t)(i + 1);
			pdr[i].has_pdi = true;
			pdr[i].pdi = rules.pdr[i].pdi;
			pdr[i].pdi.ue_ip_address.ipv4[3] = (uint8_t)((BED_UE & 0xff) + 1 + free);
			if (i == 0)
				pdr[i].pdi.local_f_teid = (struct pfcp_f_teid){
					.has_ipv4 = true, .teid = ids.teid, .ipv4 = { 10, 1, 0, 1 }
				};
		}
		req->update_pdr = pdr;
		req->update_pdr_count = 2;
		if (!free)
			refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_PDR, 1);
		else
			assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	}
	assert_null(session_of(BED_UE));
	assert_int_equal(down(BED_UE), 0);
	assert_int_equal(down(BED_UE + 2), 1);
	assert_int_equal(down(BED_UE + 1), 1);
	assert_int_equal(up(BED_UE + 2, ids.teid), 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N6);
}

/* 7.5.4.1, 7.2.2.4.2: without an association, or of a session that is not this SMF's. */
static void whose_session(void **state)
{
	struct pfcp_msg release = { .type = PFCP_ASSOCIATION_RELEASE_REQUEST };

	assert_true(bed_associate_from(&bed, BED_SMF2, 1, false));
	assert_true(bed_request_from(&bed, BED_SMF2, &mod));
	assert_int_equal(rsp->cause, PFCP_CAUSE_SESSION_NOT_FOUND);
	assert_int_equal(bed.response.seid, 0);
	assert_true(bed_request_from(&bed, BED_SMF2, &release));
	begin();
	assert_true(bed_request_from(&bed, BED_SMF2, &mod));
	assert_int_equal(rsp->cause, PFCP_CAUSE_NO_ASSOCIATION);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REJECTED), 2);
	assert_int_equal(down(BED_UE), 1);
}

/* 8.2.5: an SDF filter's identity stands for the filter that has it in another PDR. */
static void filters_by_identity(void **state)
{
	struct pfcp_create_pdr pdr[2] = { rules.pdr[1], rules.pdr[1] };
	struct pfcp_create_far far = { .far_id = 3, .apply_action.bits = PFCP_APPLY_DROP };
	struct pfcp_sdf_filter whole = { .has_flow_description = true,
		.flow_description = bytes_of_str("permit out 17 from any 99 to assigned"),
		.has_filter_id = true,
		.filter_id = 7 },
			       alone = { .has_filter_id = true, .filter_id = 8 };

	pdr[0].pdr_id = 3;
	pdr[0].precedence = 100;
	pdr[0].pdi.sdf_filter = &whole;
	pdr[0].pdi.sdf_filter_count = 1;
	pdr[1].pdr_id = 4;
	pdr[1].precedence = 50;
	pdr[1].far_id = 3;
	pdr[1].pdi.sdf_filter = &alone;
	pdr[1].pdi.sdf_filter_count = 1;
	req->create_far = &far;
	req->create_far_count = 1;
	req->create_pdr = pdr;
	req->create_pdr_count = 2;
	refused(PFCP_CAUSE_RULE_FAILURE, 0, PFCP_RULE_PDR, 4);
	alone.filter_id = 7;
	req->create_far = &far;
	req->create_far_count = 1;
	req->create_pdr = pdr;
	req->create_pdr_count = 2;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(down(BED_UE), 1); /* from port 53: neither */
	bed_give(&bed, UPF_PORT_N6, 0, 0, bed_udp(inner, BED_DN, BED_UE, 99, 1000, 100));
	assert_int_equal(bed.sent_count, 0); /* dropped by the one of better precedence */
	assert_int_equal(bed_stat(&bed, UPF_STAT_DISCARDED), 1);
}

/* 5.2.1: of two that match the lower value of precedence wins; where it is the same, the older identity. */
static void precedence(void **state)
{
	for (int better = 0; better < 2; better++) {
		struct pfcp_create_far far = { .far_id = 3, .apply_action.bits = PFCP_APPLY_DROP };
		struct pfcp_create_pdr pdr = rules.pdr[1];

		pdr.pdr_id = 3;
		pdr.far_id = 3;
		pdr.precedence = better ? 254 : 255;
		req->create_far = &far;
		req->create_pdr = &pdr;
		req->create_far_count = req->create_pdr_count = 1;
		assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
		assert_int_equal(down(BED_UE), !better);
		req->remove_pdr = &(struct pfcp_remove_pdr){ 3 };
		req->remove_far = &(struct pfcp_remove_far){ 3 };
		req->remove_pdr_count = req->remove_far_count = 1;
		assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
		assert_int_equal(down(BED_UE), 1);
	}
}

/* 7.5.4.1: the SMF may change its F-SEID: the response and all that follows go there. */
static void another_f_seid(void **state)
{
	req->has_cp_f_seid = true;
	req->cp_f_seid = (struct pfcp_f_seid){ .has_ipv4 = true, .seid = 0x99, .ipv4 = { 10, 0, 0, 1 } };
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.response.seid, 0x99);
	req->query_urr = &(struct pfcp_query_urr){ 9 };
	req->query_urr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_RULE_FAILURE);
	assert_int_equal(bed.response.seid, 0x99);
	assert_int_equal(bed_stat(&bed, UPF_STAT_MODIFIED), 1);
}

static const struct pfcp_usage_report *usage_of(uint32_t urr_id)
{
	const struct pfcp_usage_report *found = NULL;

	for (size_t i = 0; i < rsp->usage_report_count; i++)
		if (rsp->usage_report[i].urr_id == urr_id) {
			assert_null(found); /* once */
			found = &rsp->usage_report[i];
		}
	return found;
}

/* 7.5.5.2: a URR that goes is reported for the last time; with QAURR all others are, each with the query's
 * reference. */
static void usage_reports(void **state)
{
	struct pfcp_create_urr urr[2] = { rules.urr[0], rules.urr[0] };

	urr[0].urr_id = 2;
	urr[1].urr_id = 3;
	req->create_urr = urr;
	req->create_urr_count = 2;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(rsp->usage_report_count, 0);
	assert_int_equal(down(BED_UE), 1);
	req->remove_urr = &(struct pfcp_remove_urr){ 2 };
	req->remove_urr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(rsp->usage_report_count, 1);
	assert_int_equal(usage_of(2)->usage_report_trigger.bits, PFCP_USAGE_TERMR);
	assert_false(usage_of(2)->has_query_urr_reference);
	req->has_smreq_flags = true;
	req->smreq_flags.bits = PFCP_SMREQ_QAURR;
	req->has_query_urr_reference = true;
	req->query_urr_reference = 0x1234;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(rsp->usage_report_count, 2);
	assert_int_equal(usage_of(1)->usage_report_trigger.bits, PFCP_USAGE_IMMER);
	assert_int_equal(usage_of(1)->volume_measurement.downlink, 100);
	assert_int_equal(usage_of(3)->usage_report_trigger.bits, PFCP_USAGE_IMMER);
	assert_true(usage_of(3)->has_query_urr_reference);
	assert_int_equal(usage_of(3)->query_urr_reference, 0x1234);
	/* one alone, without a reference */
	req->query_urr = &(struct pfcp_query_urr){ 3 };
	req->query_urr_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(rsp->usage_report_count, 1);
	assert_int_equal(usage_of(3)->urr_id, 3);
	assert_false(usage_of(3)->has_query_urr_reference);
}

/* 5.2.4.2: an end marker where it is asked for, into the tunnel that is left, and into no other. */
static void end_markers(void **state)
{
	struct pfcp_update_far far[2] = { { .far_id = 1 }, { .far_id = 2 } };

	for (int i = 0; i < 2; i++) {
		far[i].has_update_forwarding_parameters = true;
		far[i].update_forwarding_parameters.has_smreq_flags = true;
		far[i].update_forwarding_parameters.smreq_flags.bits = i == 0 ? PFCP_SMREQ_SNDEM : 0;
	}
	req->update_far = far;
	req->update_far_count = 2;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.sent_count, 1); /* FAR 1 has no tunnel, FAR 2 did not ask */
	far[1].update_forwarding_parameters.smreq_flags.bits = PFCP_SMREQ_SNDEM;
	req->update_far = far;
	req->update_far_count = 2;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.sent_count, 2);
	assert_int_equal(bed.sent[0].data[1], GTPU_END_MARKER);
	assert_int_equal(gtpu_be32(bed.sent[0].data + 4), BED_GNB_TEID);
}

static void downlink_is(uint64_t action)
{
	struct pfcp_update_far far = { .far_id = 2, .has_apply_action = true, .apply_action.bits = action };

	req->update_far = &far;
	req->update_far_count = 1;
	assert_int_equal(modify(), PFCP_CAUSE_ACCEPTED);
}

static void report_answered(uint8_t cause)
{
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));
	struct pfcp_msg m = { .type = PFCP_SESSION_REPORT_RESPONSE, .has_seid = true };

	m.sequence = bed.response.sequence;
	m.session_report_response.cause = cause;
	assert_true(pfcp_encode(&m, &w));
	bed_give(&bed, UPF_PORT_N4, BED_SMF, PFCP_UDP_PORT, writer_bytes(&w));
}

/* Downlink data of an idle UE, which is reported, each time that it has become idle. */
static void idle(void)
{
	downlink_is(PFCP_APPLY_FORW);
	downlink_is(PFCP_APPLY_BUFF | PFCP_APPLY_NOCP);
}

/* So many reports may be unanswered, and no more; what is lost is counted. */
static void reports_max(void **state)
{
	idle();
	bed.upf->reports_pending = UPF_REPORTS_PENDING_MAX;
	assert_int_equal(down(BED_UE), 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS_LOST), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS), 0);
	idle();
	bed.upf->reports_pending = UPF_REPORTS_PENDING_MAX - 1;
	assert_int_equal(down(BED_UE), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS), 1);
	assert_int_equal(bed.upf->reports_pending, UPF_REPORTS_PENDING_MAX);
	assert_true(bed_decode(&bed, 0));
	assert_int_equal(bed.response.seid, 0x77);
	report_answered(PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.upf->reports_pending, UPF_REPORTS_PENDING_MAX - 1);
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS_LOST), 1);
	bed.upf->reports_pending = 0;
}

/* 7.2.2.3: a report that nobody answers is lost, and makes room. */
static void report_not_answered(void **state)
{
	idle();
	assert_int_equal(down(BED_UE), 1);
	assert_int_equal(bed.upf->reports_pending, 1);
	for (int i = 0; i < 60; i++)
		bed_pass_ms(&bed, 1000);
	assert_int_equal(bed.upf->reports_pending, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS_LOST), 1);
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(what_is_not_served), TEST(rules_that_are_not_there),
		TEST(rules_in_use), TEST(references_of_a_pdr), TEST(another_address), TEST(whose_session),
		TEST(filters_by_identity), TEST(precedence), TEST(another_f_seid), TEST(usage_reports),
		TEST(end_markers), TEST(reports_max), TEST(report_not_answered) };

	return cmocka_run_group_tests_name("core/upf changes", tests, NULL, NULL);
}
