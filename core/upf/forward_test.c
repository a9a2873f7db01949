/* What a source gNB forwards to a target through the UPF, and end markers both ways. */
#include "base/test.h"

#include "core/upf/upf_bed.h"

enum { TARGET = BED_GNB + 1, TARGET_TEID = 0x2000, FORWARDING_TEID = 0x3000, PDR = 128, FAR = 3 };

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids;
static uint8_t inner[2048], outer[2048];
static struct pfcp_create_pdr pdr;
static struct pfcp_create_far far;
static uint32_t teid; /* of the UPF, for what is forwarded */
static uint8_t workers = 1;
static bool strangers; /* no gNBs are configured */

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	c.workers = workers;
	c.gnb_count = strangers ? 0 : c.gnb_count;
	bed_init(&bed, &c);
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	assert_true(bed_associate(&bed));
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	return 0;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static struct pfcp_outer_header_creation to(uint32_t ip, uint32_t id)
{
	struct pfcp_outer_header_creation o = { .description = PFCP_OHC_GTPU_IPV4, .teid = id };
	struct writer w = writer_of(o.ipv4, sizeof(o.ipv4));

	writer_u32(&w, ip);
	return o;
}

static uint8_t modify(struct pfcp_msg *m)
{
	m->type = PFCP_SESSION_MODIFICATION_REQUEST;
	m->has_seid = true;
	m->seid = ids.seid;
	assert_true(bed_request(&bed, m));
	return bed.response.session_modification_response.cause;
}

/* As core/smf has it: no address, no QER, no URR. */
static void forward(void)
{
	struct pfcp_msg m = { 0 };
	struct pfcp_session_modification_request *r = &m.session_modification_request;

	pdr = (struct pfcp_create_pdr){ .pdr_id = PDR,
		.precedence = 255,
		.has_far_id = true,
		.far_id = FAR,
		.pdi = { .source_interface = PFCP_INTERFACE_ACCESS,
			.has_local_f_teid = true,
			.local_f_teid = { .has_ipv4 = true, .choose = true } } };
	far = (struct pfcp_create_far){ .far_id = FAR,
		.apply_action = { PFCP_APPLY_FORW, 2 },
		.has_forwarding_parameters = true,
		.forwarding_parameters = { .destination_interface = PFCP_INTERFACE_ACCESS,
			.has_outer_header_creation = true,
			.outer_header_creation = to(TARGET, FORWARDING_TEID) } };
	r->create_pdr = &pdr;
	r->create_far = &far;
	r->create_pdr_count = r->create_far_count = 1;
	assert_int_equal(modify(&m), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.response.session_modification_response.created_pdr_count, 1);
	teid = bed.response.session_modification_response.created_pdr[0].local_f_teid.teid;
	assert_int_not_equal(teid, 0);
	assert_int_not_equal(teid, ids.teid);
}

/* The downlink of the session goes to the target, with the end of the path marked. */
static void switch_path(void)
{
	struct pfcp_msg m = { 0 };
	struct pfcp_update_far u = { .far_id = 2,
		.has_update_forwarding_parameters = true,
		.update_forwarding_parameters = { .has_outer_header_creation = true,
			.outer_header_creation = to(TARGET, TARGET_TEID),
			.has_smreq_flags = true,
			.smreq_flags = { PFCP_SMREQ_SNDEM, 1 } } };

	m.session_modification_request.update_far = &u;
	m.session_modification_request.update_far_count = 1;
	assert_int_equal(modify(&m), PFCP_CAUSE_ACCEPTED);
}

static void give(uint32_t from, const struct gtpu_header *h, struct bytes payload)
{
	size_t head = gtpu_header_encode(h, payload.len, outer);

	assert_true(bytes_copy(outer + head, sizeof(outer) - head, payload));
	bed_give(&bed, UPF_PORT_N3, from, GTPU_UDP_PORT, bytes_of(outer, head + payload.len));
}

static struct bytes packet(void)
{
	return bed_udp(inner, BED_DN, BED_UE, 1000, 2000, 100);
}

static void expect(struct gtpu_header *h, struct bytes *payload, uint32_t ip, uint32_t id)
{
	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N3);
	assert_int_equal(addr_v4(&bed.sent[0].peer), ip);
	assert_int_equal(
		gtpu_header_decode(bytes_of(bed.sent[0].data, bed.sent[0].len), h, payload), GTPU_OK);
	assert_int_equal(h->teid, id);
}

/* 38.415 5.5.2.1: QFI, RQI and PPI stay what they are; before the switch and after. */
static void container_is_kept(void **state)
{
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_DL,
			.qfi = 33,
			.rqi = true,
			.has_ppi = true,
			.ppi = 5 } },
			   got;
	struct bytes payload;

	forward();
	h.teid = teid;
	for (int after = 0; after < 2; after++) {
		give(BED_GNB, &h, packet());
		expect(&got, &payload, TARGET, FORWARDING_TEID);
		assert_true(got.has_pdu_session);
		assert_int_equal(got.pdu_session.pdu_type, GTPU_PDU_DL);
		assert_int_equal(got.pdu_session.qfi, 33);
		assert_true(got.pdu_session.rqi);
		assert_int_equal(got.pdu_session.ppi, 5);
		assert_true(bytes_equal(payload, packet()));
		if (!after)
			switch_path();
	}
	assert_int_equal(bed_stat(&bed, UPF_STAT_FORWARDED), 2);
	assert_int_equal(bed_stat(&bed, UPF_STAT_DL_PACKETS), 0);
	/* without a container there is none to keep */
	h.has_pdu_session = false;
	give(BED_GNB, &h, packet());
	expect(&got, &payload, TARGET, FORWARDING_TEID);
	assert_false(got.has_pdu_session);
}

/* 29.281 7.3.2: one at the source when its path is left, none at the target; and the source's own goes on. */
static void end_markers(void **state)
{
	struct gtpu_header h = { .type = GTPU_END_MARKER }, got;
	struct bytes payload;
	uint32_t markers = 0;

	forward();
	switch_path();
	for (size_t i = 0; i < bed.sent_count; i++) {
		if (bed.sent[i].port != UPF_PORT_N3)
			continue;
		markers++;
		assert_int_equal(bed.sent[i].data[1], GTPU_END_MARKER);
		assert_int_equal(addr_v4(&bed.sent[i].peer), BED_GNB);
		assert_int_equal(gtpu_be32(bed.sent[i].data + 4), BED_GNB_TEID);
	}
	assert_int_equal(markers, 1);
	h.teid = teid;
	give(BED_GNB, &h, BYTES_NONE);
	expect(&got, &payload, TARGET, FORWARDING_TEID);
	assert_int_equal(got.type, GTPU_END_MARKER);
	assert_int_equal(payload.len, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_END_MARKERS), 1);
	/* in another tunnel it ends with us */
	h.teid = ids.teid;
	give(TARGET, &h, BYTES_NONE);
	assert_int_equal(bed.sent_count, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_SIGNALLING), 1);
}

/* The UE's first packets at the target come before the SMF has told of it. */
static void uplink_of_the_target(void **state)
{
	bed_give(&bed, UPF_PORT_N3, TARGET, GTPU_UDP_PORT,
		bed_gpdu(outer, ids.teid, 9, bed_udp(inner, BED_UE, BED_DN, 1000, 2000, 100)));
	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N6);
}

/* It is no way into the session for others, and none to the data network. */
static void forwarding_only(void **state)
{
	struct gtpu_header h = { .type = GTPU_G_PDU };

	forward();
	h.teid = teid;
	give(0x0b000001, &h, packet());
	assert_int_equal(bed.sent_count, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_FOREIGN), 1);
	give(BED_GNB, &h, bed_udp(inner, BED_UE, BED_DN, 1000, 2000, 100));
	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N3);
}

static void removed(void **state)
{
	struct pfcp_msg m = { 0 };
	struct pfcp_remove_pdr gone_pdr = { PDR };
	struct pfcp_remove_far gone_far = { FAR };
	struct gtpu_header h = { .type = GTPU_G_PDU };

	forward();
	m.session_modification_request.remove_pdr = &gone_pdr;
	m.session_modification_request.remove_far = &gone_far;
	m.session_modification_request.remove_pdr_count = m.session_modification_request.remove_far_count = 1;
	assert_int_equal(modify(&m), PFCP_CAUSE_ACCEPTED);
	bed_pass_ms(&bed, 1 + UPF_RESTORE_GRACE_S * 1000);
	h.teid = teid;
	give(BED_GNB, &h, packet());
	assert_int_equal(bed_stat(&bed, UPF_STAT_UNKNOWN_TEID), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_FORWARDED), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(container_is_kept),
		TEST(end_markers),
		TEST(uplink_of_the_target),
		TEST(forwarding_only),
		TEST(removed),
	};
	const struct CMUnitTest without[] = { TEST(container_is_kept), TEST(end_markers), TEST(removed) };
	int failed = 0;

	for (workers = 1; workers <= 2; workers++)
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	workers = 1;
	strangers = true;
	failed += cmocka_run_group_tests(without, NULL, NULL);
	return failed;
}
