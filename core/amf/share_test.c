/* gNBs that flood the AMF, and those that want in. */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

enum { FLOOD_A = 8, FLOOD_B = 9 };

static void asks(struct amf_bed *b, uint64_t assoc)
{
	struct nas_msg m = amf_bed_request();

	b->assoc = assoc;
	b->ran_id++;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
}

static void flood(struct amf_bed *b, uint32_t each)
{
	struct nas_msg m;

	amf_bed_ng_setup(b, FLOOD_A, 2);
	amf_bed_ng_setup(b, FLOOD_B, 3);
	for (uint32_t i = 0; i < 2 * each; i++) {
		asks(b, i % 2 ? FLOOD_B : FLOOD_A);
		amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	}
}

static uint32_t unproved(struct amf_bed *b, uint64_t assoc)
{
	return amf_gnb_find(b->amf, assoc)->unproved_count;
}

/* Whatever of it is used up: another gNB's UE gets in, and registers; one of the flood's oldest goes. */
static void test_others_get_in(void **state)
{
	struct amf_bed *b = *state;
	struct pool *pools[] = { &b->amf->procedures[AMF_REGISTRATION],
		&b->amf->procedures[AMF_AUTHENTICATION], &b->amf->ues, &b->amf->connections };
	uint32_t first;
	struct ngap_pdu pdu;

	first = b->ran_id + 1;
	flood(b, 8);
	for (size_t i = 0; i < ARRAY_LEN(pools); i++) {
		uint32_t max = pools[i]->max;

		pools[i]->max = pools[i]->used;
		asks(b, BED_ASSOC);
		assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
		assert_int_equal(
			pdu.u.ue_context_release_command->ue_ngap_ids.u.ue_ngap_id_pair.ran_ue_ngap_id,
			first + i);
		assert_true(amf_bed_sent(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &pdu));
		assert_int_equal(pdu.u.downlink_nas_transport->ran_ue_ngap_id, b->ran_id);
		pools[i]->max = max;
	}
	assert_int_equal(b->amf->stat[AMF_STAT_YIELDED], ARRAY_LEN(pools));
	assert_int_equal(unproved(b, FLOOD_A) + unproved(b, FLOOD_B), 16 - ARRAY_LEN(pools));
	assert_int_equal(unproved(b, BED_ASSOC), ARRAY_LEN(pools));
	assert_int_equal(b->amf->stat[AMF_STAT_EXHAUSTED], 0);
}

/* Down to its own share, but not below that of others. */
static void test_equal_shares(void **state)
{
	struct amf_bed *b = *state;

	flood(b, 6);
	b->amf->procedures[AMF_REGISTRATION].max = 12;
	for (int i = 0; i < 20; i++)
		asks(b, BED_ASSOC);
	assert_int_equal(unproved(b, BED_ASSOC), 4);
	assert_int_equal(unproved(b, FLOOD_A), 4);
	assert_int_equal(unproved(b, FLOOD_B), 4);
	assert_int_equal(b->amf->gnbs_asking, 3);
}

/* One that has proved who it is does not yield. */
static void test_proved_stay(void **state)
{
	struct amf_bed *b = *state;

	b->assoc = BED_ASSOC;
	amf_bed_register(b);
	assert_int_equal(unproved(b, BED_ASSOC), 0);
	flood(b, 2);
	b->amf->ues.max = b->amf->ues.used;
	for (int i = 0; i < 8; i++)
		asks(b, FLOOD_A);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_int_equal(unproved(b, FLOOD_B), 2);
}

/* A gNB at its own limit: the oldest of its own. */
static void test_own_limit(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;
	uint32_t first = b->ran_id + 1;

	asks(b, BED_ASSOC);
	amf_gnb_find(b->amf, BED_ASSOC)->connection_count += AMF_CONNECTIONS_PER_GNB_MAX - 1;
	asks(b, BED_ASSOC);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(
		pdu.u.ue_context_release_command->ue_ngap_ids.u.ue_ngap_id_pair.ran_ue_ngap_id, first);
	assert_int_equal(unproved(b, BED_ASSOC), 1);
	amf_gnb_find(b->amf, BED_ASSOC)->connection_count -= AMF_CONNECTIONS_PER_GNB_MAX - 1;
}

/* Nor does a flood have the window of load control for itself. */
static void test_window(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	flood(b, 10);
	b->busy_permille = 1000;
	asks(b, FLOOD_A);
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	amf_bed_pass(b, 100); /* 31 of them under way, and one message in the time */
	asks(b, FLOOD_A);
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	asks(b, BED_ASSOC);
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_others_get_in),
		TEST(test_equal_shares),
		TEST(test_proved_stay),
		TEST(test_own_limit),
		TEST(test_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
