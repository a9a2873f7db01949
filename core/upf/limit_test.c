/* Where things end: exactly as many as allowed, and one more; exactly as much, and one octet more. */
#include "base/test.h"

#include "core/upf/upf_bed.h"

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids;
static uint8_t inner[2048], outer[2048];
static struct pfcp_session_establishment_request *const req = &rules.m.session_establishment_request;
static const struct pfcp_session_establishment_response *const rsp =
	&bed.response.session_establishment_response;

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

/* Accepted, or refused for want of room and nothing left behind. */
static void tried(bool good)
{
	assert_int_equal(
		bed_establish(&bed, &rules, &ids), good ? PFCP_CAUSE_ACCEPTED : PFCP_CAUSE_NO_RESOURCES);
	assert_int_equal(upf_numbers(bed.upf).sessions, good);
	if (good)
		return;
	assert_false(rsp->has_failed_rule_id || rsp->has_offending_ie);
	assert_int_equal(bed.upf->urrs.used + bed.upf->meters.used, 0);
	assert_int_equal(bed.upf->data.by_teid.count + bed.upf->data.by_ue_ip.count, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REJECTED), 1);
}

/* Rules of each kind beside the usual ones, all like the second. */
static struct pfcp_create_pdr pdr[UPF_PDRS_MAX + 1];
static struct pfcp_create_far far[UPF_FARS_MAX + 1];
static struct pfcp_create_qer qer[UPF_QERS_MAX + 1];
static struct pfcp_create_urr urr[UPF_URRS_MAX + 1];

static void with_rules(size_t pdrs, size_t fars, size_t qers, size_t urrs)
{
	for (uint16_t i = 0; i < UPF_PDRS_MAX + 1; i++) {
		pdr[i] = rules.pdr[i > 0];
		far[i] = rules.far[i > 0];
		qer[i] = rules.qer[i > 0];
		urr[i] = rules.urr[0];
		pdr[i].pdr_id = i + 1;
		far[i].far_id = qer[i].qer_id = urr[i].urr_id = i + 1u;
	}
	req->create_pdr = pdr;
	req->create_far = far;
	req->create_qer = qer;
	req->create_urr = urr;
	req->create_pdr_count = pdrs;
	req->create_far_count = fars;
	req->create_qer_count = qers;
	req->create_urr_count = urrs;
}

static void most_rules(void **state)
{
	with_rules(UPF_PDRS_MAX, UPF_FARS_MAX, UPF_QERS_MAX, UPF_URRS_MAX);
	tried(true);
}

static void too_many_pdrs(void **state)
{
	with_rules(UPF_PDRS_MAX + 1, 2, 2, 1);
	tried(false);
}

static void too_many_fars(void **state)
{
	with_rules(2, UPF_FARS_MAX + 1, 2, 1);
	tried(false);
}

static void too_many_qers(void **state)
{
	with_rules(2, 2, UPF_QERS_MAX + 1, 1);
	tried(false);
}

static void too_many_urrs(void **state)
{
	with_rules(2, 2, 2, UPF_URRS_MAX + 1);
	tried(false);
}

/* QERs and URRs of one PDR. */
static void of_a_pdr(bool good, size_t qers, size_t urrs)
{
	static uint32_t some[UPF_PDR_QERS_MAX + 1] = { 1, 2, 3, 4, 5 };

	with_rules(2, 2, UPF_PDR_QERS_MAX + 1, UPF_PDR_URRS_MAX + 1);
	pdr[1].qer_id = pdr[1].urr_id = some;
	pdr[1].qer_id_count = qers;
	pdr[1].urr_id_count = urrs;
	tried(good);
}

static void most_of_a_pdr(void **state)
{
	of_a_pdr(true, UPF_PDR_QERS_MAX, UPF_PDR_URRS_MAX);
}

static void too_many_qers_of_a_pdr(void **state)
{
	of_a_pdr(false, UPF_PDR_QERS_MAX + 1, UPF_PDR_URRS_MAX);
}

static void too_many_urrs_of_a_pdr(void **state)
{
	of_a_pdr(false, UPF_PDR_QERS_MAX, UPF_PDR_URRS_MAX + 1);
}

/* SDF filters: so many in each of the PDRs. */
static void with_filters(size_t pdrs, size_t each)
{
	static struct pfcp_sdf_filter filter[UPF_FILTERS_MAX];

	for (size_t i = 0; i < UPF_FILTERS_MAX; i++)
		filter[i] = (struct pfcp_sdf_filter){ .has_flow_description = true,
			.flow_description = BYTES("permit out ip from any to assigned") };
	for (size_t i = 0; i < UPF_FILTERS_MAX; i++)
		filter[i].flow_description.len--; /* without the NUL */
	with_rules(pdrs, 2, 2, 1);
	for (size_t i = 0; i < pdrs; i++) {
		pdr[i].pdi.sdf_filter = filter;
		pdr[i].pdi.sdf_filter_count = i < UPF_FILTERS_MAX / each ? each : 1;
	}
}

static void most_filters(void **state)
{
	with_filters(4, UPF_FILTERS_MAX / 4);
	tried(true);
}

static void too_many_filters(void **state)
{
	with_filters(5, UPF_FILTERS_MAX / 4);
	tried(false);
}

static void too_many_filters_of_a_pdr(void **state)
{
	with_filters(2, UPF_FILTERS_MAX / 4 + 1);
	tried(false);
}

/* Two of the session's QERs have a bit rate, so two meters are needed. */
static void meters_exhausted(void **state)
{
	rules.qer[1].has_mbr = true;
	bed.upf->meters.max = 1;
	tried(false);
	bed.upf->meters.max = 2;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.upf->meters.used, 2);
}

static void urrs_exhausted(void **state)
{
	bed.upf->urrs.max = 0;
	tried(false);
	bed.upf->urrs.max = 1;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
}

static struct pfcp_msg modification(void)
{
	return (struct pfcp_msg){
		.type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true, .seid = ids.seid
	};
}

/* A modification that needs one more changes nothing, and gives back what it took; the bucket of a removed
 * rate can be taken again. */
static void modification_exhausted(void **state)
{
	struct pfcp_create_qer q[2] = { { .qer_id = 8, .has_mbr = true, .mbr = { 9, 9 } },
		{ .qer_id = 9, .has_mbr = true, .mbr = { 9, 9 } } };
	struct pfcp_msg m;
	const struct upf_session *s;
	const struct upf_rules *before;

	bed.upf->meters.max = 2;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	s = upf_table_find(&bed.upf->data.by_ue_ip, upf_key_ip(ip_from_v4(BED_UE)));
	before = s->rules;
	m = modification();
	m.session_modification_request.create_qer = q;
	m.session_modification_request.create_qer_count = 2;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(bed.response.session_modification_response.cause, PFCP_CAUSE_NO_RESOURCES);
	assert_ptr_equal(s->rules, before);
	assert_int_equal(bed.upf->meters.used, 1);
	m = modification();
	m.session_modification_request.create_qer = q;
	m.session_modification_request.create_qer_count = 1;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(bed.response.session_modification_response.cause, PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.upf->meters.used, 2);
}

static bool passes(bool up, size_t len)
{
	struct upf_packet p;
	struct bytes data = up ? bed_gpdu(outer, ids.teid, 9, bed_udp(inner, BED_UE, BED_DN, 1, 2, len))
			       : bed_udp(inner, BED_DN, BED_UE, 1, 2, len);

	p = (struct upf_packet){ .data = data.data,
		.len = (uint32_t)data.len,
		.linear = (uint32_t)data.len,
		.peer = ip_from_v4(BED_GNB) };
	bed_burst(&bed, 0, up, &p, 1);
	return p.verdict != UPF_DROP;
}

/* 1 Mbit/s is 8 us an octet; the bucket holds 2000 octets of 16 ms. */
static void bucket_depth(void **state)
{
	struct upf_packet p;

	rules.qer[0].mbr = (struct pfcp_bit_rate){ 1000, 1000 };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	for (int i = 0; i < 4; i++)
		assert_true(passes(true, UPF_BUCKET_MS * 1000 / 8 / 4));
	assert_false(passes(true, 1000));
	assert_int_equal(bed_stat(&bed, UPF_STAT_SHAPED), 1);
	assert_true(passes(false, 28)); /* each way has its own */
	bed.t.now_ns += 1000 * UINT64_C(8000) - 1;
	assert_int_equal(bed_due(&bed, 0, &p, 1), 0);
	bed.t.now_ns += 1;
	bed.t.now_ns += 1;
	assert_int_equal(bed_due(&bed, 0, &p, 1), 1);
	assert_int_equal(p.len, 1000);
	/* However long nothing passes, it holds no more. */
	bed.t.now_ns += 100 * NS_PER_S;
	assert_int_equal(bed_due(&bed, 0, &p, 1), 0);
	for (int i = 0; i < 4; i++)
		assert_true(passes(true, UPF_BUCKET_MS * 1000 / 8 / 4));
	assert_false(passes(true, 28));
}

/* What is longer than the bucket passes when it is full, and is paid for after. */
static void longer_than_bucket(void **state)
{
	struct upf_packet p;

	rules.qer[0].mbr = (struct pfcp_bit_rate){ 500, 500 };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	assert_true(passes(false, 1500));
	assert_false(passes(false, 1500));
	bed.t.now_ns += 1500 * UINT64_C(16000);
	assert_int_equal(bed_due(&bed, 0, &p, 1), 0);
	bed.t.now_ns += 1;
	assert_int_equal(bed_due(&bed, 0, &p, 1), 1);
}

/* So many octets wait, then one more costs the oldest its place; none is lost otherwise. */
static void backlog_depth(void **state)
{
	struct upf_packet p;
	size_t left = 0;

	rules.qer[0].mbr = (struct pfcp_bit_rate){ 500, 500 };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	for (int i = 0; i < 1 + UPF_BACKLOG_OCTETS_MIN / 1000; i++)
		assert_true(passes(false, 1000) == (i < 1));
	assert_int_equal(bed_stat(&bed, UPF_STAT_RATE), 0);
	assert_false(passes(false, 1000));
	assert_int_equal(bed_stat(&bed, UPF_STAT_RATE), 1);
	for (int i = 0; i < 1000; i++, bed.t.now_ns += NS_PER_MS)
		left += bed_due(&bed, 0, &p, 1);
	assert_int_equal(left, UPF_BACKLOG_OCTETS_MIN / 1000);
	assert_true(upf_worker_next_ns(upf_worker_at(bed.upf, 0)) == NEVER);
}

/* What waits goes with its session, whoever gets the address. */
static void backlog_of_the_dead(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true };
	struct upf_packet p;

	rules.qer[0].mbr = (struct pfcp_bit_rate){ 1000, 1000 };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	for (int i = 0; i < 10; i++)
		passes(i % 2, 1000);
	m.seid = ids.seid;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	bed.t.now_ns += NS_PER_S;
	assert_int_equal(bed_due(&bed, 0, &p, 1), 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_RATE), 6);
	assert_true(passes(false, 1000));
}

/* Of 1 Gbit/s 2,000,000 octets. */
static void bucket_of_time(void **state)
{
	uint64_t octets = 0;

	rules.qer[0].mbr = (struct pfcp_bit_rate){ 1000000, 1000000 };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	while (passes(false, 1000))
		octets += 1000;
	assert_int_equal(octets, UINT64_C(1000000) * 1000 / 8 * UPF_BUCKET_MS / 1000);
}

static void no_rate(void **state)
{
	rules.qer[0].mbr = (struct pfcp_bit_rate){ 0, 1000 };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	assert_false(passes(true, 28));
	assert_true(passes(false, 28));
}

/* Of two buckets, one empty: the other is not charged. */
static void all_buckets_or_none(void **state)
{
	struct upf_packet p;

	rules.qer[0].mbr = (struct pfcp_bit_rate){ 1000, 1000 };
	rules.qer[1].has_mbr = true;
	rules.qer[1].mbr = (struct pfcp_bit_rate){ 2000, 2000 };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	for (int i = 0; i < 2; i++)
		assert_true(passes(true, 1000));
	for (int i = 0; i < 100; i++)
		assert_false(passes(true, 1000));
	for (int i = 0; i < 100; i++)
		assert_int_equal(bed_due(&bed, 0, &p, 1), 0);
	bed.t.now_ns += 1000 * UINT64_C(8000) + 1; /* one more of the first, two of the second */
	assert_int_equal(bed_due(&bed, 0, &p, 1), 1);
	assert_int_equal(bed_due(&bed, 0, &p, 1), 0);
}

/* A packet that reaches the quota passes, the next one does not: 300 octets are three of 100, 301 four. */
static void quota(uint64_t octets, int want, int direction)
{
	int passed = 0;

	rules.urr[0].reporting_triggers.bits = PFCP_TRIGGER_VOLQU;
	rules.urr[0].has_volume_quota = true;
	rules.urr[0].volume_quota = (struct pfcp_volume){ .has_total = direction == 0,
		.total = octets,
		.has_uplink = direction == 1,
		.uplink = octets,
		.has_downlink = direction == 2,
		.downlink = octets };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	while (passed < 10 && passes(direction != 2, 100))
		passed++;
	assert_int_equal(passed, want);
}

static void quotas(void **state)
{
	for (int direction = 0; direction < 3; direction++) {
		quota(299, 3, direction);
		quota(300, 3, direction);
		quota(301, 4, direction);
		quota(1, 1, direction);
		quota(0, 0, direction);
	}
	quota(UINT64_MAX, 10, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_QUOTA), 15);
}

/* Another quota counts from when it is granted; what had passed before is forgotten. */
static void quota_again(void **state)
{
	struct pfcp_update_urr u = {
		.urr_id = 1, .has_volume_quota = true, .volume_quota = { .has_total = true, .total = 200 }
	};
	struct pfcp_msg m;

	quota(300, 3, 0);
	m = modification();
	m.session_modification_request.update_urr = &u;
	m.session_modification_request.update_urr_count = 1;
	assert_true(bed_request(&bed, &m));
	assert_true(passes(true, 100));
	assert_true(passes(true, 100));
	assert_false(passes(true, 100));
}

/* Just below its threshold a URR is silent; at it a report goes out, once. */
static void threshold(void **state)
{
	rules.urr[0].reporting_triggers.bits = PFCP_TRIGGER_VOLTH;
	rules.urr[0].has_volume_threshold = true;
	rules.urr[0].volume_threshold = (struct pfcp_volume){ .has_uplink = true, .uplink = 201 };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	passes(true, 100);
	passes(true, 100);
	passes(false, 1000);
	upf_collect_notes(bed.upf);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS), 0);
	passes(true, 28);
	upf_collect_notes(bed.upf);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS), 1);
	upf_collect_notes(bed.upf);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS), 1);
}

static void f_teids(void **state)
{
	struct pfcp_f_teid *f = &rules.pdr[0].pdi.local_f_teid;

	*f = (struct pfcp_f_teid){ .has_ipv4 = true, .teid = 0, .ipv4 = { 10, 1, 0, 1 } };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_INVALID_F_TEID_ALLOCATION);
	f->teid = UINT32_MAX;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	ids.teid = UINT32_MAX;
	assert_true(passes(true, 100));
	ids.teid = 0;
	passes(true, 100);
	assert_int_equal(bed_stat(&bed, UPF_STAT_UNKNOWN_TEID), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(most_rules), TEST(too_many_pdrs), TEST(too_many_fars),
		TEST(too_many_qers), TEST(too_many_urrs), TEST(most_of_a_pdr), TEST(too_many_qers_of_a_pdr),
		TEST(too_many_urrs_of_a_pdr), TEST(most_filters), TEST(too_many_filters),
		TEST(too_many_filters_of_a_pdr), TEST(meters_exhausted), TEST(urrs_exhausted),
		TEST(modification_exhausted), TEST(bucket_depth), TEST(longer_than_bucket),
		TEST(backlog_depth), TEST(backlog_of_the_dead), TEST(bucket_of_time), TEST(no_rate),
		TEST(all_buckets_or_none), TEST(quotas), TEST(quota_again), TEST(threshold), TEST(f_teids) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
