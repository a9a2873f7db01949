/* HARQ at the UE (38.321 5.3.2, 5.4.2): NDIs of each process, and what is sent again. */
#include "base/test.h"

#include "ue/mac/harq.h"

static struct ue_harq h;

static int setup(void **state)
{
	return ue_harq_init(&h, 100) ? 0 : -1;
}

static int teardown(void **state)
{
	ue_harq_fini(&h);
	return 0;
}

enum { OCTETS = 40, RATE = 1000 };

static enum ue_harq_downlink assigned(uint8_t process, enum ue_harq_rnti rnti, bool ndi)
{
	return ue_harq_assignment(&h, process, rnti, ndi, &(struct ue_harq_size){ OCTETS, RATE });
}

static enum ue_harq_uplink granted(uint8_t process, enum ue_harq_rnti rnti, bool ndi, size_t octets)
{
	return ue_harq_grant(&h, process, rnti, ndi, &(struct ue_harq_size){ octets, RATE });
}

static void test_downlink(void **state)
{
	assert_int_equal(assigned(3, UE_HARQ_C_RNTI, false), UE_HARQ_DECODE); /* the very first */
	assert_int_equal(assigned(3, UE_HARQ_C_RNTI, false), UE_HARQ_COMBINE);
	assert_true(ue_harq_decoded(&h, 3));
	assert_int_equal(assigned(3, UE_HARQ_C_RNTI, false), UE_HARQ_HAVE_IT);
	assert_false(ue_harq_decoded(&h, 3));
	assert_int_equal(assigned(4, UE_HARQ_C_RNTI, false), UE_HARQ_DECODE);
	assert_int_equal(assigned(3, UE_HARQ_C_RNTI, true), UE_HARQ_DECODE);
	assert_true(ue_harq_decoded(&h, 3));
	ue_harq_reset(&h);
	assert_int_equal(assigned(3, UE_HARQ_C_RNTI, true), UE_HARQ_DECODE);
}

/* Msg4, and then the first assignment for the C-RNTI: new whatever its NDI says. */
static void test_temporary(void **state)
{
	assert_int_equal(assigned(0, UE_HARQ_TEMPORARY_C_RNTI, true), UE_HARQ_DECODE);
	assert_int_equal(assigned(0, UE_HARQ_TEMPORARY_C_RNTI, true), UE_HARQ_COMBINE);
	assert_true(ue_harq_decoded(&h, 0));
	assert_int_equal(assigned(0, UE_HARQ_C_RNTI, true), UE_HARQ_DECODE);
	assert_int_equal(assigned(0, UE_HARQ_C_RNTI, true), UE_HARQ_COMBINE);
	/* Another Temporary C-RNTI, whose NDI happens to be the same. */
	assert_int_equal(assigned(1, UE_HARQ_TEMPORARY_C_RNTI, true), UE_HARQ_DECODE);
	assert_true(ue_harq_decoded(&h, 1));
	ue_harq_temporary_ends(&h);
	assert_int_equal(assigned(1, UE_HARQ_TEMPORARY_C_RNTI, true), UE_HARQ_DECODE);
}

static void test_uplink(void **state)
{
	assert_int_equal(
		granted(2, UE_HARQ_C_RNTI, false, 101), UE_HARQ_IGNORE); /* more than there is room for */
	assert_int_equal(granted(2, UE_HARQ_C_RNTI, false, 40), UE_HARQ_BUILD);
	memset(ue_harq_room(&h, 2), 7, 40);
	ue_harq_stored(&h, 2, 40, true);
	assert_int_equal(granted(2, UE_HARQ_C_RNTI, false, 40), UE_HARQ_REPEAT);
	assert_true(ue_harq_pdu(&h, 2).len == 40 && ue_harq_pdu(&h, 2).data[39] == 7);
	assert_int_equal(granted(2, UE_HARQ_C_RNTI, false, 41), UE_HARQ_IGNORE);
	assert_int_equal(granted(3, UE_HARQ_C_RNTI, false, 40), UE_HARQ_BUILD);
	ue_harq_stored(
		&h, 3, 40, false); /* skipped: the next grant, whatever its NDI, is for something new */
	assert_int_equal(granted(3, UE_HARQ_C_RNTI, false, 40), UE_HARQ_BUILD);
	assert_int_equal(granted(2, UE_HARQ_C_RNTI, true, 40), UE_HARQ_BUILD);
}

/* Msg3: built for the first response, repeated for a grant to the Temporary C-RNTI and for a later response.
 */
static void test_message_3(void **state)
{
	assert_int_equal(granted(0, UE_HARQ_TEMPORARY_C_RNTI, false, 9), UE_HARQ_IGNORE);
	assert_int_equal(granted(0, UE_HARQ_RAR, false, 9), UE_HARQ_BUILD);
	ue_harq_stored(&h, 0, 9, true);
	assert_int_equal(granted(0, UE_HARQ_TEMPORARY_C_RNTI, true, 9), UE_HARQ_REPEAT);
	assert_int_equal(granted(0, UE_HARQ_RAR, false, 9), UE_HARQ_REPEAT);
	ue_harq_flush(&h, 0);
	assert_int_equal(granted(0, UE_HARQ_RAR, false, 9), UE_HARQ_BUILD);
	ue_harq_stored(&h, 0, 9, true);
	ue_harq_flush(&h, 0); /* done */
	assert_int_equal(granted(0, UE_HARQ_C_RNTI, true, 30), UE_HARQ_BUILD);
}

/* An MCS of no rate of its own: the block's last size and rate hold; a new block cannot have it. */
static void test_kept_sizes(void **state)
{
	struct ue_harq_size size = { 0, 0 };

	assert_int_equal(ue_harq_assignment(&h, 5, UE_HARQ_C_RNTI, true, &size), UE_HARQ_UNKNOWN);
	assert_int_equal(assigned(5, UE_HARQ_C_RNTI, true), UE_HARQ_DECODE);
	assert_int_equal(ue_harq_assignment(&h, 5, UE_HARQ_C_RNTI, true, &size), UE_HARQ_COMBINE);
	assert_true(size.octets == OCTETS && size.rate_x2048 == RATE);
	size = (struct ue_harq_size){ OCTETS, RATE + 1 };
	assert_int_equal(ue_harq_assignment(&h, 5, UE_HARQ_C_RNTI, true, &size), UE_HARQ_COMBINE);
	size.octets = size.rate_x2048 = 0;
	assert_int_equal(ue_harq_assignment(&h, 5, UE_HARQ_C_RNTI, true, &size), UE_HARQ_COMBINE);
	assert_int_equal(size.rate_x2048, RATE + 1);
	size.octets = 0;
	assert_int_equal(ue_harq_assignment(&h, 5, UE_HARQ_C_RNTI, false, &size), UE_HARQ_UNKNOWN);
	assert_int_equal(
		assigned(5, UE_HARQ_C_RNTI, true), UE_HARQ_COMBINE); /* as if it had not been heard */

	size = (struct ue_harq_size){ 0, 0 };
	assert_int_equal(ue_harq_grant(&h, 5, UE_HARQ_C_RNTI, true, &size), UE_HARQ_IGNORE);
	assert_int_equal(granted(5, UE_HARQ_C_RNTI, true, 40), UE_HARQ_BUILD);
	ue_harq_stored(&h, 5, 40, true);
	assert_int_equal(ue_harq_grant(&h, 5, UE_HARQ_C_RNTI, true, &size), UE_HARQ_REPEAT);
	assert_true(size.octets == 40 && size.rate_x2048 == RATE);
	size = (struct ue_harq_size){ 0, 0 };
	assert_int_equal(ue_harq_grant(&h, 5, UE_HARQ_C_RNTI, false, &size), UE_HARQ_IGNORE);
	assert_int_equal(granted(5, UE_HARQ_C_RNTI, true, 40), UE_HARQ_REPEAT);
	ue_harq_flush(&h, 5);
	assert_int_equal(ue_harq_grant(&h, 5, UE_HARQ_C_RNTI, true, &size), UE_HARQ_IGNORE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_downlink), TEST(test_temporary), TEST(test_uplink),
		TEST(test_message_3), TEST(test_kept_sizes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
