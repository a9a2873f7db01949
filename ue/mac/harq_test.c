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

static void test_downlink(void **state)
{
	assert_int_equal(
		ue_harq_assignment(&h, 3, UE_HARQ_C_RNTI, false), UE_HARQ_DECODE); /* the very first */
	assert_int_equal(ue_harq_assignment(&h, 3, UE_HARQ_C_RNTI, false), UE_HARQ_COMBINE);
	assert_true(ue_harq_decoded(&h, 3));
	assert_int_equal(ue_harq_assignment(&h, 3, UE_HARQ_C_RNTI, false), UE_HARQ_HAVE_IT);
	assert_false(ue_harq_decoded(&h, 3));
	assert_int_equal(ue_harq_assignment(&h, 4, UE_HARQ_C_RNTI, false), UE_HARQ_DECODE);
	assert_int_equal(ue_harq_assignment(&h, 3, UE_HARQ_C_RNTI, true), UE_HARQ_DECODE);
	assert_true(ue_harq_decoded(&h, 3));
	ue_harq_reset(&h);
	assert_int_equal(ue_harq_assignment(&h, 3, UE_HARQ_C_RNTI, true), UE_HARQ_DECODE);
}

/* Msg4, and then the first assignment for the C-RNTI: new whatever its NDI says. */
static void test_temporary(void **state)
{
	assert_int_equal(ue_harq_assignment(&h, 0, UE_HARQ_TEMPORARY_C_RNTI, true), UE_HARQ_DECODE);
	assert_int_equal(ue_harq_assignment(&h, 0, UE_HARQ_TEMPORARY_C_RNTI, true), UE_HARQ_COMBINE);
	assert_true(ue_harq_decoded(&h, 0));
	assert_int_equal(ue_harq_assignment(&h, 0, UE_HARQ_C_RNTI, true), UE_HARQ_DECODE);
	assert_int_equal(ue_harq_assignment(&h, 0, UE_HARQ_C_RNTI, true), UE_HARQ_COMBINE);
	/* Another Temporary C-RNTI, whose NDI happens to be the same. */
	assert_int_equal(ue_harq_assignment(&h, 1, UE_HARQ_TEMPORARY_C_RNTI, true), UE_HARQ_DECODE);
	assert_true(ue_harq_decoded(&h, 1));
	ue_harq_temporary_ends(&h);
	assert_int_equal(ue_harq_assignment(&h, 1, UE_HARQ_TEMPORARY_C_RNTI, true), UE_HARQ_DECODE);
}

static void test_uplink(void **state)
{
	assert_int_equal(ue_harq_grant(&h, 2, UE_HARQ_C_RNTI, false, 101),
		UE_HARQ_IGNORE); /* more than there is room for */
	assert_int_equal(ue_harq_grant(&h, 2, UE_HARQ_C_RNTI, false, 40), UE_HARQ_BUILD);
	memset(ue_harq_room(&h, 2), 7, 40);
	ue_harq_stored(&h, 2, 40, true);
	assert_int_equal(ue_harq_grant(&h, 2, UE_HARQ_C_RNTI, false, 40), UE_HARQ_REPEAT);
	assert_true(ue_harq_pdu(&h, 2).len == 40 && ue_harq_pdu(&h, 2).data[39] == 7);
	assert_int_equal(ue_harq_grant(&h, 2, UE_HARQ_C_RNTI, false, 41), UE_HARQ_IGNORE);
	assert_int_equal(ue_harq_grant(&h, 3, UE_HARQ_C_RNTI, false, 40), UE_HARQ_BUILD);
	ue_harq_stored(
		&h, 3, 40, false); /* skipped: the next grant, whatever its NDI, is for something new */
	assert_int_equal(ue_harq_grant(&h, 3, UE_HARQ_C_RNTI, false, 40), UE_HARQ_BUILD);
	assert_int_equal(ue_harq_grant(&h, 2, UE_HARQ_C_RNTI, true, 40), UE_HARQ_BUILD);
}

/* Msg3: built for the first response, repeated for a grant to the Temporary C-RNTI and for a later response.
 */
static void test_message_3(void **state)
{
	assert_int_equal(ue_harq_grant(&h, 0, UE_HARQ_TEMPORARY_C_RNTI, false, 9), UE_HARQ_IGNORE);
	assert_int_equal(ue_harq_grant(&h, 0, UE_HARQ_RAR, false, 9), UE_HARQ_BUILD);
	ue_harq_stored(&h, 0, 9, true);
	assert_int_equal(ue_harq_grant(&h, 0, UE_HARQ_TEMPORARY_C_RNTI, true, 9), UE_HARQ_REPEAT);
	assert_int_equal(ue_harq_grant(&h, 0, UE_HARQ_RAR, false, 9), UE_HARQ_REPEAT);
	ue_harq_flush(&h, 0);
	assert_int_equal(ue_harq_grant(&h, 0, UE_HARQ_RAR, false, 9), UE_HARQ_BUILD);
	ue_harq_stored(&h, 0, 9, true);
	ue_harq_flush(&h, 0); /* done */
	assert_int_equal(ue_harq_grant(&h, 0, UE_HARQ_C_RNTI, true, 30), UE_HARQ_BUILD);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_downlink), TEST(test_temporary), TEST(test_uplink),
		TEST(test_message_3) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
