/* Random access (38.321 5.1), each step with each of its failures; and UEs that meet on one preamble. */
#include "base/test.h"

#include "ue/mac/random_access.h"

enum { MS = 1000000 };

static const struct ue_ra_config config = { .received_target_power_dbm = -100,
	.delta_preamble_db = -3,
	.ramping_step_db = 2,
	.trans_max = 3,
	.response_window_ns = 10 * MS,
	.contention_ms = 48,
	.first_preamble = 8,
	.group_a = 40,
	.group_b = 12,
	.msg3_size_group_a = 7,
	.group_b_path_loss_db = 100,
	.si_first = 60,
	.si_count = 4 };

static struct ue_ra_start start = { .identity = "sixoct", .msg3_octets = 7, .random = 5 };

/* A response with a backoff and one RAR. */
static struct bytes response(uint8_t preamble, uint8_t backoff, uint16_t temporary_c_rnti)
{
	static uint8_t octets[32];
	struct writer w = writer_of(octets, sizeof(octets));
	struct mac_rar other = { .rapid = (uint8_t)(preamble ^ 1), .temporary_c_rnti = 1 }, rar = {
		.rapid = preamble, .timing_advance = 77, .temporary_c_rnti = temporary_c_rnti
	};

	mac_rar_write_backoff(&w, backoff, true);
	mac_rar_write(&w, &other, true);
	mac_rar_write(&w, &rar, false);
	return writer_bytes(&w);
}

static void test_contention_based(void **state)
{
	struct ue_ra r;

	ue_ra_init(&r, &config);
	ue_ra_begin(&r, &start, 0);
	assert_true(r.state == UE_RA_PREAMBLE && r.preamble == 8 + 5 && r.not_before_ns == 0);
	assert_int_equal(ue_ra_power_dbm(&r), -103);
	ue_ra_preamble_sent(&r, 2 * MS);
	assert_true(r.state == UE_RA_RESPONSE && r.deadline_ns == 12 * MS);
	assert_false(ue_ra_response(&r, response(20, 3, 9))); /* not ours */
	assert_true(ue_ra_response(&r, response(13, 3, 0x4601)));
	assert_true(r.state == UE_RA_MSG3 && r.rar.timing_advance == 77 && r.temporary_c_rnti == 0x4601);
	ue_ra_msg3_sent(&r, 20 * MS);
	assert_true(r.state == UE_RA_CONTENTION && r.deadline_ns == 68 * MS);
	ue_ra_msg3_sent(&r, 30 * MS); /* a retransmission starts the timer again */
	assert_true(r.deadline_ns == 78 * MS);
	assert_true(ue_ra_identity_heard(&r, bytes_of("sixoct", 6), 0, 31 * MS));
	assert_true(r.state == UE_RA_DONE && r.temporary_c_rnti == 0x4601);
	ue_ra_run(&r, 0, UINT64_MAX - 1);
	assert_int_equal(r.state, UE_RA_DONE);
}

/* With a C-RNTI a grant for it ends the contention; a foreign identity does not concern it. */
static void test_c_rnti(void **state)
{
	struct ue_ra_start s = start;
	struct ue_ra r;

	ue_ra_init(&r, &config);
	s.has_c_rnti = true;
	ue_ra_begin(&r, &s, 0);
	ue_ra_c_rnti_heard(&r); /* not yet */
	assert_int_equal(r.state, UE_RA_PREAMBLE);
	ue_ra_preamble_sent(&r, 0);
	assert_true(ue_ra_response(&r, response(r.preamble, 0, 5)));
	ue_ra_msg3_sent(&r, MS);
	assert_false(ue_ra_identity_heard(&r, bytes_of("others", 6), 0, MS));
	assert_int_equal(r.state, UE_RA_CONTENTION);
	ue_ra_c_rnti_heard(&r);
	assert_int_equal(r.state, UE_RA_DONE);
}

/* Without an answer: more power, a backoff within what was said, and after preambleTransMax RRC hears of it,
 * once. */
static void test_nobody_answers(void **state)
{
	struct ue_ra r;
	uint64_t now = 0;

	ue_ra_init(&r, &config);
	ue_ra_begin(&r, &start, 0);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(ue_ra_power_dbm(&r), -103 + 2 * i);
		assert_int_equal(r.problem, i >= 3);
		ue_ra_preamble_sent(&r, now);
		if (i == 1)
			assert_false(
				ue_ra_response(&r, response((uint8_t)(r.preamble ^ 2), 8, 5))); /* 160 ms */
		now += 10 * MS;
		ue_ra_run(&r, 0, now - 1);
		assert_int_equal(r.state, UE_RA_RESPONSE);
		ue_ra_run(&r, 0x12345678u * (unsigned)(i + 1), now);
		assert_int_equal(r.state, UE_RA_PREAMBLE);
		assert_in_range(r.preamble, 8, 47);
		if (i == 0)
			assert_true(r.not_before_ns == now);
		else
			assert_in_range(r.not_before_ns, now, now + 160 * (uint64_t)MS);
		now = r.not_before_ns;
	}
	assert_int_equal(r.stats.problems, 1);
	assert_int_equal(r.stats.no_response, 6);
}

static void test_lost_contention(void **state)
{
	struct ue_ra r;

	ue_ra_init(&r, &config);
	ue_ra_begin(&r, &start, 0);
	ue_ra_preamble_sent(&r, 0);
	assert_true(ue_ra_response(&r, response(r.preamble, 0, 5)));
	ue_ra_msg3_sent(&r, MS);
	assert_false(ue_ra_identity_heard(&r, bytes_of("others", 6), 77, 2 * MS));
	assert_true(r.state == UE_RA_PREAMBLE && r.temporary_c_rnti == 0 && r.counter == 2);
	assert_in_range(r.not_before_ns, 2 * MS, 7 * MS); /* index 0: 5 ms */
	ue_ra_preamble_sent(&r, 10 * MS);
	assert_true(ue_ra_response(&r, response(r.preamble, 0, 6)));
	ue_ra_msg3_sent(&r, 11 * MS);
	ue_ra_run(&r, 1, 59 * MS); /* ra-ContentionResolutionTimer */
	assert_true(r.state == UE_RA_PREAMBLE && r.counter == 3);
	assert_int_equal(r.stats.lost_contentions, 2);
}

static void test_contention_free_and_requests(void **state)
{
	struct ue_ra_start s = { .contention_free = true, .preamble = 63, .has_c_rnti = true, .random = 9 };
	struct ue_ra r;

	ue_ra_init(&r, &config);
	r.config.si_count = 0;
	ue_ra_begin(&r, &s, 0);
	assert_int_equal(r.preamble, 63);
	ue_ra_preamble_sent(&r, 0);
	ue_ra_run(&r, 0xffffffff, 10 * MS);
	assert_true(r.preamble == 63 && r.not_before_ns == 10 * MS);
	ue_ra_preamble_sent(&r, 20 * MS);
	assert_true(ue_ra_response(&r, response(63, 1, 5)));
	assert_true(r.state == UE_RA_DONE && r.rar.timing_advance == 77);
	ue_ra_init(&r, &config);
	s = (struct ue_ra_start){ .si_request = true, .preamble = 61 };
	ue_ra_begin(&r, &s, 0);
	ue_ra_preamble_sent(&r, 0);
	assert_true(ue_ra_response(&r, bytes_of("\x7d", 1)));
	assert_int_equal(r.state, UE_RA_DONE);
	ue_ra_begin(&r, &s, 0);
	for (int i = 0; i < 3; i++) {
		ue_ra_preamble_sent(&r, 0);
		ue_ra_run(&r, 0, 10 * MS);
	}
	assert_true(r.state == UE_RA_IDLE && r.problem);
}

/* 5.1.2: group B for what is large, if the UE is near enough; each preamble of a group as often. */
static void test_groups(void **state)
{
	struct ue_ra_start s = start;
	unsigned taken[64] = { 0 };
	struct ue_ra r;

	ue_ra_init(&r, &config);
	for (uint32_t i = 0; i < 1200; i++) {
		s.random = i * 2654435761u >> 3;
		s.msg3_octets = 8;
		s.has_c_rnti = true;
		s.path_loss_db = i & 1 ? 99 : 100; /* 100 is too far */
		ue_ra_begin(&r, &s, 0);
		taken[r.preamble]++;
	}
	for (unsigned p = 0; p < 64; p++)
		assert_in_range(taken[p], p >= 8 && p < 60 ? 5 : 0,
			p >= 8 && p < 48    ? 30
			: p >= 48 && p < 60 ? 80
					    : 0);
	s.has_c_rnti = false;
	s.path_loss_db = 140;
	ue_ra_begin(&r, &s, 0);
	assert_true(r.group_b);
}

static void test_numbers(void **state)
{
	assert_int_equal(ue_ra_rnti(0, 0, 0, false), 1);
	assert_int_equal(ue_ra_rnti(13, 79, 7, true), 1 + 13 + 14 * 79 + 14 * 80 * 7 + 14 * 80 * 8);
	assert_int_equal(ue_ra_delta_long_db(2), -6);
	assert_int_equal(ue_ra_delta_short_db('A', 1, 1), 11);
	assert_int_equal(ue_ra_delta_short_db('B', 4, 0), 0);
	assert_int_equal(ue_ra_delta_short_db('C', 0, 1), 14);
	assert_int_equal(ue_ra_delta_short_db('C', 2, 0), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contention_based),
		cmocka_unit_test(test_c_rnti),
		cmocka_unit_test(test_nobody_answers),
		cmocka_unit_test(test_lost_contention),
		cmocka_unit_test(test_contention_free_and_requests),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
