/* Downlink packets that wait, by BARs (29.244 7.5.2.6) and limits, and what is reported of them. */
#include "base/test.h"

#include "core/upf/upf_bed.h"

enum { SESSION_MAX = 3, ALL_MAX = 5, UES = 4 };

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids[UES];
static struct pfcp_msg mod;
static struct pfcp_session_modification_request *const req = &mod.session_modification_request;
static const struct pfcp_session_report_request *const report = &bed.response.session_report_request;
static uint8_t inner[2048];
static struct pfcp_update_far far_update;

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	c.buffered_max = ALL_MAX;
	c.buffered_session_max = SESSION_MAX;
	c.buffered_s = 20;
	bed_init(&bed, &c);
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	rules.far[1].apply_action.bits = PFCP_APPLY_BUFF | PFCP_APPLY_NOCP;
	mod = (struct pfcp_msg){ .type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true };
	return bed_associate(&bed) ? 0 : -1;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

/* The UE's session, whose downlink waits. */
static uint8_t establish(unsigned ue)
{
	bed_session_fill(&rules, BED_UE + ue, BED_GNB_TEID + ue, 0x77 + ue);
	rules.far[1].apply_action.bits = PFCP_APPLY_BUFF | PFCP_APPLY_NOCP;
	return bed_establish(&bed, &rules, &ids[ue]);
}

/* With a BAR of that count; 0: without a count. */
static uint8_t establish_bar(uint8_t id, uint8_t count)
{
	struct pfcp_session_establishment_request *r = &rules.m.session_establishment_request;

	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	rules.far[1].apply_action.bits = PFCP_APPLY_BUFF | PFCP_APPLY_NOCP;
	rules.far[1].has_bar_id = true;
	rules.far[1].bar_id = 1;
	r->has_create_bar = true;
	r->create_bar = (struct pfcp_create_bar){ .bar_id = id,
		.has_suggested_buffering_packets_count = count > 0,
		.suggested_buffering_packets_count = count };
	return bed_establish(&bed, &rules, &ids[0]);
}

/* A packet for the UE that names itself by its port. */
static size_t down(unsigned ue, uint16_t port)
{
	bed_give(&bed, UPF_PORT_N6, 0, 0, bed_udp(inner, BED_DN, BED_UE + ue, 53, port, 100));
	return bed.sent_count;
}

static uint8_t modify(unsigned ue)
{
	mod.seid = ids[ue].seid;
	assert_true(bed_request(&bed, &mod));
	mod = (struct pfcp_msg){ .type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true };
	return bed.response.session_modification_response.cause;
}

static void act(unsigned ue, uint16_t action)
{
	far_update = (struct pfcp_update_far){
		.far_id = 2, .has_apply_action = true, .apply_action.bits = action
	};
	req->update_far = &far_update;
	req->update_far_count = 1;
	assert_int_equal(modify(ue), PFCP_CAUSE_ACCEPTED);
}

/* The gNB gets packets of these ports, one G-PDU each, in this order, and no others (0 ends). */
static void sent_in_order(const uint16_t *ports)
{
	for (size_t i = 0; i < bed.sent_count; i++) {
		if (bed.sent[i].port != UPF_PORT_N3)
			continue;
		assert_true(*ports != 0);
		assert_int_equal(gtpu_be16(bed.sent[i].data + 16 + 22), *ports++);
	}
	assert_int_equal(*ports, 0);
}

static void forwards(unsigned ue, const uint16_t *ports)
{
	act(ue, PFCP_APPLY_FORW);
	sent_in_order(ports);
}

static bool downlink_reported(void)
{
	for (size_t i = 0; i < bed.sent_count; i++)
		if (bed_decode(&bed, i) && bed.response.type == PFCP_SESSION_REPORT_REQUEST &&
			report->report_type.bits & PFCP_REPORT_DLDR)
			return true;
	return false;
}

/* The SMF answers the report decoded last. */
static void answer_report(struct pfcp_msg *m)
{
	uint8_t buf[256];
	struct writer w = writer_of(buf, sizeof(buf));

	m->type = PFCP_SESSION_REPORT_RESPONSE;
	m->has_seid = true;
	m->seid = ids[0].seid;
	m->sequence = bed.response.sequence;
	m->session_report_response.cause = PFCP_CAUSE_ACCEPTED;
	assert_true(pfcp_encode(m, &w));
	bed_give(&bed, UPF_PORT_N4, BED_SMF, 8805, writer_bytes(&w));
}

static void oldest_of_the_session_goes(void **state)
{
	assert_int_equal(establish(0), PFCP_CAUSE_ACCEPTED);
	for (uint16_t i = 1; i <= SESSION_MAX + 2; i++)
		down(0, 1000 + i);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFERED), SESSION_MAX + 2);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFER_FULL), 2);
	forwards(0, (uint16_t[]){ 1003, 1004, 1005, 0 });
	down(0, 1006);
	sent_in_order((uint16_t[]){ 1006, 0 });
}

static void oldest_of_all_goes(void **state)
{
	for (unsigned ue = 0; ue < 3; ue++)
		assert_int_equal(establish(ue), PFCP_CAUSE_ACCEPTED);
	for (uint16_t i = 0; i < 2; i++)
		for (unsigned ue = 0; ue < 3; ue++)
			down(ue, (uint16_t)(1000 + 10 * ue + i));
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFER_FULL), 1);
	assert_int_equal(bed.upf->data.workers[0]->buffer.count, ALL_MAX);
	forwards(0, (uint16_t[]){ 1001, 0 });
	forwards(2, (uint16_t[]){ 1020, 1021, 0 });
	forwards(1, (uint16_t[]){ 1010, 1011, 0 });
	assert_int_equal(bed.upf->data.workers[0]->buffer.count, 0);
}

/* Slots and queues are found again, however often all of them were used. */
static void room_comes_back(void **state)
{
	for (unsigned ue = 0; ue < UES; ue++)
		assert_int_equal(establish(ue), PFCP_CAUSE_ACCEPTED);
	for (int round = 0; round < 50; round++) {
		for (uint16_t i = 0; i < 7; i++)
			down((unsigned)(round + i) % UES, (uint16_t)(1000 + i));
		for (unsigned ue = 0; ue < UES; ue++) {
			act(ue, PFCP_APPLY_FORW);
			act(ue, PFCP_APPLY_BUFF | PFCP_APPLY_NOCP);
		}
		assert_int_equal(bed.upf->data.workers[0]->buffer.count, 0);
	}
	down(1, 7);
	down(2, 8);
	down(1, 9);
	forwards(1, (uint16_t[]){ 7, 9, 0 });
	forwards(2, (uint16_t[]){ 8, 0 });
}

/* Whoever gets the address next gets none of what waited for the one before. */
static void not_for_the_next(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true };

	assert_int_equal(establish(0), PFCP_CAUSE_ACCEPTED);
	down(0, 1000);
	m.seid = ids[0].seid;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFER_STALE), 1);
	assert_int_equal(establish(0), PFCP_CAUSE_ACCEPTED);
	forwards(0, (uint16_t[]){ 0 });
}

/* As above, where the next takes the address from a session that its SMF has forgotten. */
static void not_for_the_replacing(void **state)
{
	assert_int_equal(establish(0), PFCP_CAUSE_ACCEPTED);
	down(0, 1000);
	assert_int_equal(establish(0), PFCP_CAUSE_ACCEPTED);
	forwards(0, (uint16_t[]){ 0 });
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFER_STALE), 1);
}

/* 8.2.100 */
static void suggested_count(void **state)
{
	struct pfcp_update_bar *u = &req->update_bar;

	assert_int_equal(establish_bar(1, 2), PFCP_CAUSE_ACCEPTED);
	for (uint16_t i = 0; i < 4; i++)
		down(0, 1000 + i);
	forwards(0, (uint16_t[]){ 1002, 1003, 0 });
	act(0, PFCP_APPLY_BUFF);
	req->has_update_bar = true;
	*u = (struct pfcp_update_bar){ .bar_id = 1,
		.has_suggested_buffering_packets_count = true,
		.suggested_buffering_packets_count = 4 };
	assert_int_equal(modify(0), PFCP_CAUSE_ACCEPTED);
	for (uint16_t i = 0; i < 5; i++)
		down(0, 1010 + i);
	forwards(0, (uint16_t[]){ 1011, 1012, 1013, 1014, 0 });
	act(0, PFCP_APPLY_BUFF);
	req->has_update_bar = true;
	*u = (struct pfcp_update_bar){ .bar_id = 1, .has_suggested_buffering_packets_count = true };
	assert_int_equal(modify(0), PFCP_CAUSE_ACCEPTED);
	down(0, 1020);
	assert_int_equal(bed_stat(&bed, UPF_STAT_NOT_BUFFERED), 1);
	forwards(0, (uint16_t[]){ 0 });
	act(0, PFCP_APPLY_BUFF);
	req->has_remove_bar = true;
	req->remove_bar.bar_id = 1;
	assert_int_equal(modify(0), PFCP_CAUSE_ACCEPTED);
	down(0, 1030);
	forwards(0, (uint16_t[]){ 1030, 0 });
}

static void refused_bars(void **state)
{
	const struct pfcp_session_modification_response *r = &bed.response.session_modification_response;

	assert_int_equal(establish_bar(2, 2), PFCP_CAUSE_RULE_FAILURE); /* the FAR's is another */
	assert_int_equal(bed.response.session_establishment_response.failed_rule_id.type, PFCP_RULE_FAR);
	assert_int_equal(establish_bar(1, 2), PFCP_CAUSE_ACCEPTED);
	req->has_create_bar = true;
	req->create_bar.bar_id = 1;
	assert_int_equal(modify(0), PFCP_CAUSE_RULE_FAILURE);
	assert_int_equal(r->failed_rule_id.type, PFCP_RULE_BAR);
	assert_int_equal(r->failed_rule_id.id, 1);
	req->has_update_bar = true;
	req->update_bar.bar_id = 3;
	assert_int_equal(modify(0), PFCP_CAUSE_RULE_FAILURE);
	assert_int_equal(r->failed_rule_id.id, 3);
	req->has_remove_bar = true;
	req->remove_bar.bar_id = 4;
	assert_int_equal(modify(0), PFCP_CAUSE_RULE_FAILURE);
	assert_int_equal(r->failed_rule_id.id, 4);
	for (uint8_t id = 2; id <= UPF_BARS_MAX + 1; id++) {
		req->has_create_bar = true;
		req->create_bar.bar_id = id;
		assert_int_equal(
			modify(0), id <= UPF_BARS_MAX ? PFCP_CAUSE_ACCEPTED : PFCP_CAUSE_NO_RESOURCES);
	}
}

/* 8.2.27: DSCP of the packet, of either family, and the flow. */
static void reported_with_dscp(void **state)
{
	struct bytes packet;

	assert_int_equal(establish(0), PFCP_CAUSE_ACCEPTED);
	packet = bed_udp(inner, BED_DN, BED_UE, 53, 1000, 100);
	inner[1] = 46 << 2 | 2;
	bed_give(&bed, UPF_PORT_N6, 0, 0, packet);
	assert_true(downlink_reported());
	assert_true(report->downlink_data_report.has_downlink_data_service_information);
	assert_true(report->downlink_data_report.downlink_data_service_information.has_paging_policy);
	assert_int_equal(report->downlink_data_report.downlink_data_service_information.paging_policy, 46);
	assert_true(report->downlink_data_report.downlink_data_service_information.has_qfi);
	assert_int_equal(report->downlink_data_report.downlink_data_service_information.qfi, 9);
}

static void set_delay(uint8_t delay)
{
	req->has_update_bar = true;
	req->update_bar = (struct pfcp_update_bar){ .bar_id = 1,
		.has_downlink_data_notification_delay = true,
		.downlink_data_notification_delay = delay };
	assert_int_equal(modify(0), PFCP_CAUSE_ACCEPTED);
}

/* 8.2.28: units of 50 ms; a UE that comes meanwhile is not reported. */
static void reported_after_delay(void **state)
{
	struct pfcp_msg m = { 0 };

	assert_int_equal(establish_bar(1, 2), PFCP_CAUSE_ACCEPTED);
	set_delay(3);
	down(0, 1000);
	assert_false(downlink_reported());
	bed_pass_ms(&bed, 149);
	assert_false(downlink_reported());
	bed_pass_ms(&bed, 1);
	assert_true(downlink_reported());
	answer_report(&m);
	act(0, PFCP_APPLY_FORW);
	act(0, PFCP_APPLY_BUFF | PFCP_APPLY_NOCP);
	down(0, 1001);
	assert_false(downlink_reported());
	bed_pass_ms(&bed, 100);
	forwards(0, (uint16_t[]){ 1001, 0 });
	bed_pass_ms(&bed, 1000);
	assert_false(downlink_reported());
}

/* 8.2.29: kept for 40 seconds, five of them, though 20 are usual; then dropped, and reported again. */
static void extended(void **state)
{
	static const uint8_t five = 5;
	struct pfcp_msg m = { 0 };

	assert_int_equal(establish_bar(1, 2), PFCP_CAUSE_ACCEPTED);
	down(0, 1000);
	assert_true(downlink_reported());
	m.session_report_response.has_update_bar = true;
	m.session_report_response.update_bar = (struct pfcp_update_bar){ .bar_id = 1,
		.has_dl_buffering_duration = true,
		.dl_buffering_duration = 20, /* of 2 seconds */
		.has_dl_buffering_suggested_packet_count = true,
		.dl_buffering_suggested_packet_count = { &five, 1 } };
	answer_report(&m);
	for (uint16_t i = 1; i < 4; i++)
		down(0, 1000 + i);
	bed_pass_ms(&bed, 39000);
	assert_false(downlink_reported());
	forwards(0, (uint16_t[]){ 1000, 1001, 1002, 1003, 0 });
	act(0, PFCP_APPLY_BUFF | PFCP_APPLY_NOCP);
	down(0, 1004);
	assert_true(downlink_reported());
	down(0, 1005);
	assert_false(downlink_reported());
	bed_pass_ms(&bed, 1000); /* over */
	down(0, 1006);
	assert_true(downlink_reported());
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFER_STALE), 2);
	forwards(0, (uint16_t[]){ 1006, 0 });
}

/* 8.2.31, 8.2.32: DROBU */
static void dropped_on_request(void **state)
{
	struct pfcp_msg m = { 0 };

	assert_int_equal(establish_bar(1, 5), PFCP_CAUSE_ACCEPTED);
	down(0, 1000);
	assert_true(downlink_reported());
	m.session_report_response.has_srrsp_flags = true;
	m.session_report_response.srrsp_flags = (struct tlv_flags){ PFCP_SRRSP_DROBU, 1 };
	answer_report(&m);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFER_STALE), 1);
	down(0, 1001);
	req->has_smreq_flags = true;
	req->smreq_flags = (struct tlv_flags){ PFCP_SMREQ_DROBU, 1 };
	assert_int_equal(modify(0), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFER_STALE), 2);
	down(0, 1002);
	forwards(0, (uint16_t[]){ 1002, 0 });
}

/* What waits longer than it may goes when it is looked at, and only then. */
static void waited_too_long(void **state)
{
	assert_int_equal(establish(0), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(establish(1), PFCP_CAUSE_ACCEPTED);
	down(0, 1000);
	bed_pass_ms(&bed, 10000);
	down(0, 1001);
	bed_pass_ms(&bed, 10000);
	act(1, PFCP_APPLY_FORW); /* of another session */
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFER_STALE), 0);
	act(0, PFCP_APPLY_BUFF);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFER_STALE), 1);
	forwards(0, (uint16_t[]){ 1001, 0 });
}

/* Where the ring to the worker is full, all that waits is judged. */
static void look_at_all(void **state)
{
	struct upf_ring *looks = &bed.upf->data.workers[0]->looks;

	assert_int_equal(establish(0), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(establish(1), PFCP_CAUSE_ACCEPTED);
	down(0, 1000);
	down(1, 1010);
	down(1, 1011);
	for (struct upf_look *l; (l = upf_ring_next(looks)); upf_ring_push(looks))
		*l = (struct upf_look){ .seid = ids[1].seid + 1000 };
	forwards(1, (uint16_t[]){ 1010, 1011, 0 });
	assert_int_equal(bed.upf->data.workers[0]->buffer.count, 1);
	forwards(0, (uint16_t[]){ 1000, 0 });
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(oldest_of_the_session_goes),
		TEST(oldest_of_all_goes),
		TEST(room_comes_back),
		TEST(not_for_the_next),
		TEST(not_for_the_replacing),
		TEST(suggested_count),
		TEST(refused_bars),
		TEST(reported_with_dscp),
		TEST(reported_after_delay),
		TEST(extended),
		TEST(dropped_on_request),
		TEST(waited_too_long),
		TEST(look_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
