/* What UPFs report of a session's use: octets and Ethernet addresses, each to whom it is. */
#include "core/smf/ethernet.h"
#include "core/smf/smf_bed.h"

enum { RULE = 3, MAC = 0x020000 };

static struct smf_session *ethernet_session(struct bed *b)
{
	struct smf_session *s;

	bed_establish(b);
	s = smf_session_by_ref(b->smf, b->ref);
	s->type = NAS_PDU_ETHERNET;
	return s;
}

static void report_macs(struct bed *b, struct smf_session *s, uint64_t *detected, size_t detected_count,
	uint64_t *removed, size_t removed_count)
{
	struct pfcp_mac_addresses come = { .mac = detected, .mac_count = detected_count },
				  gone = { .mac = removed, .mac_count = removed_count };
	struct pfcp_usage_report report = { .urr_id = URR_SESSION,
		.has_ethernet_traffic_information = true,
		.ethernet_traffic_information = { .detected = &come,
			.detected_count = 1,
			.removed = &gone,
			.removed_count = removed_count > 0 } };

	smf_n4_usage(b->smf, s, &report, 1);
}

static void addresses_come_and_go(void **state)
{
	uint64_t three[] = { 1, 2, 3 }, again[] = { 2, 4 }, first[] = { 1 }, unknown[] = { 9 },
		 all[] = { 2, 3, 4 };
	struct bed *b = *state;
	struct smf_session *s = ethernet_session(b);

	report_macs(b, s, three, 0, first, 1); /* nobody is known yet */
	assert_null(s->ethernet);
	report_macs(b, s, three, 3, NULL, 0);
	assert_int_equal(s->ethernet->mac_count, 3);
	report_macs(b, s, again, 2, NULL, 0);
	assert_int_equal(s->ethernet->mac_count, 4);
	report_macs(b, s, NULL, 0, first, 1);
	assert_int_equal(s->ethernet->mac_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_not_equal(s->ethernet->macs[i], 1);
	assert_int_equal(s->ethernet->macs[0] + s->ethernet->macs[1] + s->ethernet->macs[2], 2 + 3 + 4);
	report_macs(b, s, NULL, 0, unknown, 1);
	assert_int_equal(s->ethernet->mac_count, 3);
	report_macs(b, s, first, 1, all, 3); /* gone before come */
	assert_int_equal(s->ethernet->mac_count, 1);
	assert_int_equal(s->ethernet->macs[0], 1);
}

static void addresses_to_the_limit(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = ethernet_session(b);
	uint64_t macs[SMF_MACS_MAX + 1];

	for (size_t i = 0; i < ARRAY_LEN(macs); i++)
		macs[i] = MAC + i;
	report_macs(b, s, macs, ARRAY_LEN(macs), NULL, 0);
	assert_int_equal(s->ethernet->mac_count, SMF_MACS_MAX);
	report_macs(b, s, &macs[SMF_MACS_MAX], 1, macs, 1);
	assert_int_equal(s->ethernet->mac_count, SMF_MACS_MAX);
	assert_int_equal(s->ethernet->macs[SMF_MACS_MAX - 1], MAC + SMF_MACS_MAX);
	assert_false(smf_ethernet_add(s, MAC));
	smf_session_dirty(b->smf, s); /* and all of it is stored */
	bed_run(b);
	bed_restart(b);
	s = smf_session_by_ref(b->smf, b->ref);
	assert_int_equal(s->ethernet->mac_count, SMF_MACS_MAX);
}

/* A UPF that reports addresses of another session type, or says nothing of any. */
static void addresses_of_others(void **state)
{
	uint64_t mac[] = { 1 };
	struct bed *b = *state;
	struct smf_session *s = ethernet_session(b);
	const struct pfcp_usage_report nothing = { .urr_id = URR_SESSION };

	smf_n4_usage(b->smf, s, &nothing, 1);
	s->type = NAS_PDU_IPV4;
	report_macs(b, s, mac, 1, NULL, 0);
	assert_null(s->ethernet);
}

static void octets_are_counted_where_they_were(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = ethernet_session(b);
	struct smf_match match = { .usage_threshold = 0 };
	struct smf_flow flow = { .qfi = 2, .rule_id = RULE, .match = &match };
	struct pfcp_volume volume = {
		.has_uplink = true, .uplink = 10, .has_downlink = true, .downlink = 20
	};
	struct pfcp_usage_report reports[] = {
		{ .urr_id = URR_SESSION, .has_volume_measurement = true, .volume_measurement = volume },
		{ .urr_id = 0, .has_volume_measurement = true, .volume_measurement = volume },
		{ .urr_id = URR_SESSION, .volume_measurement = volume }, /* its octets are not there */
		{ .urr_id = 999, .has_volume_measurement = true, .volume_measurement = volume },
	};
	const struct smf_match *counted;

	assert_true(smf_flows_add(&s->flows, &flow));
	counted = s->flows.more[0].match;
	for (uint32_t id = URR_SESSION + 1; counted->uplink_octets == 0 && id < 999; id++) {
		reports[1].urr_id = id; /* the flow's, whichever it is */
		smf_n4_usage(b->smf, s, &reports[1], 1);
	}
	assert_int_equal(counted->uplink_octets, 10);
	assert_int_equal(counted->downlink_octets, 20);
	assert_int_equal(counted->used, 0); /* nobody asked */
	assert_int_equal(s->uplink_octets + s->downlink_octets, 0);
	reports[0].volume_measurement.has_downlink = false;
	smf_n4_usage(b->smf, s, reports, ARRAY_LEN(reports));
	assert_int_equal(s->uplink_octets, 10);
	assert_int_equal(s->downlink_octets, 0);
	reports[0].volume_measurement.has_downlink = true;
	reports[0].volume_measurement.has_uplink = false;
	smf_n4_usage(b->smf, s, reports, 1);
	assert_int_equal(s->uplink_octets, 10);
	assert_int_equal(s->downlink_octets, 20);
	assert_int_equal(counted->uplink_octets, 20);
	assert_int_equal(counted->downlink_octets, 40);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(addresses_come_and_go),
		TEST(addresses_to_the_limit),
		TEST(addresses_of_others),
		TEST(octets_are_counted_where_they_were),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
