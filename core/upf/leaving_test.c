/* A UPF that is to end asks its SMFs to release it, 29.244 6.2.7.3. */
#include "core/upf/upf_bed.h"

static struct bed bed;
static struct upf_config config;
static struct bed_session rules;

static int setup(void **state)
{
	bed_config(&config);
	bed_init(&bed, &config);
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	return 0;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

/* How often it has asked that SMF since the last look, and answered nothing else. */
static unsigned asks(uint32_t smf)
{
	struct addr at = addr_from_v4(smf, 0);
	unsigned asked = 0;

	for (size_t i = 0; i < bed.sent_count; i++) {
		if (bed.sent[i].port != UPF_PORT_N4 || !addr_same_host(&bed.sent[i].peer, &at) ||
			!bed_decode(&bed, i) || bed.response.type != PFCP_ASSOCIATION_UPDATE_REQUEST)
			continue;
		asked++;
		assert_true(bed.response.association_update_request.has_association_release_request);
		assert_int_equal(bed.response.association_update_request.association_release_request.bits, 1);
		assert_false(bed.response.association_update_request.has_graceful_release_period);
	}
	return asked;
}

static void released(uint32_t smf)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_RELEASE_REQUEST };

	assert_true(bed_request_from(&bed, smf, &m));
	assert_int_equal(bed.response.association_release_response.cause, PFCP_CAUSE_ACCEPTED);
}

/* Each SMF that it is associated with, and again as long as there is no answer; its sessions go on until it
 * is released. */
static void leaves(void **state)
{
	struct bed_session_ids ids;

	assert_true(bed_associate_from(&bed, BED_SMF, 1, false));
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	upf_leave(bed.upf);
	bed_collect(&bed);
	assert_int_equal(asks(BED_SMF), 1);
	assert_int_equal(asks(BED_SMF2), 0);
	bed_pass_ms(&bed, PFCP_T1_MS + 1);
	assert_int_equal(asks(BED_SMF), 1);
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
	released(BED_SMF);
	assert_int_equal(upf_numbers(bed.upf).sessions, 0);
	assert_int_equal(upf_numbers(bed.upf).smfs_associated, 0);
}

/* An SMF that has restarted and comes again, and another that comes first now, hear it at once. */
static void leaves_who_comes(void **state)
{
	upf_leave(bed.upf);
	bed_collect(&bed);
	assert_int_equal(asks(BED_SMF) + asks(BED_SMF2), 0);
	assert_true(bed_associate_from(&bed, BED_SMF, 1, false));
	assert_int_equal(asks(BED_SMF), 1);
	assert_true(bed_associate_from(&bed, BED_SMF2, 1, false));
	assert_int_equal(asks(BED_SMF2), 1);
	released(BED_SMF);
	assert_int_equal(upf_numbers(bed.upf).smfs_associated, 1);
	released(BED_SMF2);
	assert_int_equal(upf_numbers(bed.upf).smfs_associated, 0);
	assert_true(bed_associate_from(&bed, BED_SMF, 2, false));
	assert_int_equal(asks(BED_SMF), 1);
}

/* It refuses at first: it is asked again, until it lets the UPF go. */
static void refused_at_first(void **state)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_UPDATE_RESPONSE };
	uint8_t octets[64];
	struct writer w;

	assert_true(bed_associate_from(&bed, BED_SMF, 1, false));
	upf_leave(bed.upf);
	bed_collect(&bed);
	assert_int_equal(asks(BED_SMF), 1);
	for (int i = 0; i < 2; i++) {
		m.sequence = bed.response.sequence;
		m.association_update_response.cause = i ? PFCP_CAUSE_ACCEPTED : PFCP_CAUSE_NO_ASSOCIATION;
		m.association_update_response.node_id = bed.response.association_update_request.node_id;
		w = writer_of(octets, sizeof(octets));
		assert_true(pfcp_encode(&m, &w));
		bed_give(&bed, UPF_PORT_N4, BED_SMF, PFCP_UDP_PORT, writer_bytes(&w));
		bed_pass_ms(&bed, 1001);
		assert_int_equal(asks(BED_SMF), !i);
	}
	released(BED_SMF);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = { TEST(leaves), TEST(leaves_who_comes), TEST(refused_at_first) };

	return cmocka_run_group_tests_name("core/upf leaving", tests, NULL, NULL);
}
