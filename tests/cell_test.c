/* A UE comes into a DU's cell through samples: SIB1 to packets both ways. */
#include "base/test.h"

#include "tests/cell_bed.h"

static void show(const struct cell_bed *b)
{
	static const char *const names[DU_STATS] = { "preambles", "unanswered", "responses", "msg3", "msg3 lost",
		"resolved", "ues lost", "dl", "dl again", "dl lost", "ul", "ul again", "ul lost", "sr", "no cce" };

	for (unsigned i = 0; i < DU_STATS; i++)
		print_message("%s %u, ", names[i], (unsigned)du_stat(b->du, (enum du_stat)i));
	print_message("\nUE: ");
	for (unsigned i = 0; i < UE_PHY_STATS; i++)
		print_message("%u, ", (unsigned)ue_phy_stat(b->ue, (enum ue_phy_stat)i));
	print_message("\n");
}

static void test_access(void **state)
{
	static struct cell_bed b;
	static const uint8_t request[BED_CCCH] = { 1, 2, 3, 4, 5, 6 };
	struct served_cell_config c = cell_bed_config();

	cell_bed_begin(&b, &c);
	cell_bed_run(&b, 20);
	assert_true(ue_phy_access(b.ue, BYTES(request), b.slot * 1000000));
	cell_bed_run(&b, 60);
	show(&b);
	assert_true(b.connected);
	assert_int_equal(ue_phy_c_rnti(b.ue), 0x4601);
	for (unsigned i = 0; i < 50; i++) {
		cell_bed_send(&b, true, 1400);
		cell_bed_send(&b, false, 1400);
	}
	cell_bed_run(&b, 400);
	show(&b);
	print_message("%u down %u up\n", (unsigned)b.got_down, (unsigned)b.got_up);
	assert_int_equal(b.got_down, 50 * 1400);
	assert_int_equal(b.got_up, 50 * 1400);
	cell_bed_end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_access),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
