/* Public warnings that a cell broadcasts: which it takes, how often they go out, and when they end. */
#include "base/test.h"

#include <string.h>

#include "gnb/du/parts.h"

enum { SECOND_SLOTS = 1000, PERIOD_S = 2, SERIAL = 0x5a0f, SEGMENT = 40, HOLES = 7 };

static struct du *du;
static struct l1_downlink dl;
static uint64_t slots;

static void nothing_of_ue(void *arg, uint16_t ue)
{
}

static void no_ccch(void *arg, uint16_t ue, uint16_t c_rnti, struct bytes sdu)
{
	fail();
}

static int setup(void **state)
{
	static const struct du_upper upper = { NULL, no_ccch, nothing_of_ue, nothing_of_ue };
	const struct du_config c = { .cell = { .pci = 1,
					     .band = 3,
					     .arfcn = 368500,
					     .bandwidth_mhz = 10,
					     .mcc = { 0, 0, 1 },
					     .mnc = { 0, 1 },
					     .mnc_digits = 2,
					     .tac = 7,
					     .cell_identity = 0x19b01 },
		.c_rnti_first = 0x4601 };
	const char *wrong;

	slots = 0;
	du = du_new(&c, &upper, &wrong);
	if (!du)
		fail_msg("%s", wrong);
	return 0;
}

static int teardown(void **state)
{
	du_free(du);
	return 0;
}

/* So many slots; how many SI messages went out whose first octets are these two. */
static unsigned go(unsigned count, uint8_t first, uint8_t second)
{
	unsigned seen = 0;

	while (count-- > 0) {
		struct slot_time t = slot_time_of(0, slots);

		du_slot_send(du, &t, slots++ * 1000000, &dl);
		for (size_t i = 0; i < dl.slot.pdsch_n; i++)
			seen += dl.pdsch[i].tb[0].data[0] == first && dl.pdsch[i].tb[0].data[1] == second;
	}
	return seen;
}

static bool warn(uint8_t sib, uint16_t id, size_t n, size_t octets, uint32_t period_s, uint32_t times)
{
	static uint8_t text[DU_SEGMENTS_MAX + 1][DU_SI_MAX + 1];
	struct bytes messages[DU_SEGMENTS_MAX + 1];
	const struct du_warning w = { sib, id, SERIAL, messages, n, period_s, times };

	for (size_t i = 0; i < n; i++) {
		text[i][0] = (uint8_t)id;
		text[i][1] = (uint8_t)i;
		messages[i] = bytes_of(text[i], octets);
	}
	return du_warn(du, &w);
}

static uint16_t sent_when_ended(uint16_t id)
{
	uint16_t sent = UINT16_MAX;

	assert_true(du_warn_end(du, id, SERIAL, &sent));
	return sent;
}

static void test_limits(void **state)
{
	uint16_t sent = HOLES;

	assert_false(warn(6, 0x10, 1, DU_SI_MAX + 1, 0, 0));
	assert_false(warn(6, 0x10, 0, SEGMENT, 0, 0));
	assert_false(warn(6, 0x10, DU_SEGMENTS_MAX + 1, SEGMENT, 0, 0));
	assert_false(du_has_warnings(du));
	for (uint16_t i = 0; i < DU_WARNINGS_MAX; i++)
		assert_true(warn(8, (uint16_t)(0x20 + i), DU_SEGMENTS_MAX, DU_SI_MAX, PERIOD_S, 0));
	assert_false(warn(8, 0x40, 1, SEGMENT, PERIOD_S, 0));
	for (uint16_t i = 0; i < DU_WARNINGS_MAX; i++) { /* each goes on, and is not another one */
		assert_true(warn(8, (uint16_t)(0x20 + i), 1, SEGMENT, PERIOD_S, 0));
		assert_int_equal(du->warnings[i].n, DU_SEGMENTS_MAX);
	}
	assert_false(warn(7, 0x21, 1, SEGMENT, PERIOD_S, 0)); /* of another kind, which has no room */
	assert_false(du_warn_end(du, 0x40, SERIAL, &sent));
	assert_false(du_warn_end(du, 0x21, SERIAL + 1, &sent));
	assert_int_equal(sent, HOLES);
	assert_true(du_warn_end(du, 0x21, SERIAL, &sent));
	assert_true(warn(8, 0x40, 1, SEGMENT, PERIOD_S, 0));
	assert_int_equal(du->warnings[1].id, 0x40);
	du_warn_end_all(du);
	assert_false(du_has_warnings(du));
	for (uint16_t i = 0; i < DU_WARNINGS_MAX; i++)
		assert_null(du->warnings[i].octets);
}

/* One kind with SIB1's word for it, each of another kind one more; the same identity may be of two kinds. */
static void test_kinds(void **state)
{
	assert_true(warn(6, 0x10, 1, SEGMENT, PERIOD_S, 0));
	assert_int_equal(du->cell.si_n, 1);
	assert_int_equal(du->cell.si_sib[0], 6);
	assert_true(warn(8, 0x10, 1, SEGMENT, PERIOD_S, 0));
	assert_true(warn(8, 0x11, 1, SEGMENT, PERIOD_S, 0));
	assert_int_equal(du->cell.si_n, 2);
	assert_int_equal(du->cell.si_sib[1], 8);
	assert_true(warn(7, 0x12, 1, SEGMENT, PERIOD_S, 0));
	assert_int_equal(du->cell.si_n, 3);
	assert_int_equal(du->cell.si_sib[1], 7);
	sent_when_ended(0x10); /* of both */
	assert_int_equal(du->cell.si_n, 2);
	assert_int_equal(du->cell.si_sib[0], 7);
}

/* All segments in turn, over and over, until it is cancelled: then it has been sent once a period begun. */
static void test_segments(void **state)
{
	enum { SEGMENTS = 3 };
	unsigned seen[SEGMENTS] = { 0 };

	assert_true(warn(8, 0x30, SEGMENTS, DU_SI_MAX, PERIOD_S, 0));
	for (unsigned k = 0; k < SECOND_SLOTS; k++) {
		unsigned before = seen[0] + seen[1] + seen[2];

		go(1, 0, 0);
		for (size_t i = 0; i < dl.slot.pdsch_n; i++)
			if (dl.pdsch[i].tb[0].data[0] == 0x30 && dl.pdsch[i].tb[0].data[1] < SEGMENTS) {
				assert_int_equal(dl.pdsch[i].tb[0].data[1], before % SEGMENTS);
				seen[dl.pdsch[i].tb[0].data[1]]++;
				for (size_t o = 2; o < DU_SI_MAX; o++)
					assert_int_equal(dl.pdsch[i].tb[0].data[o], 0);
			}
	}
	assert_true(seen[SEGMENTS - 1] > 0);
	assert_int_equal(sent_when_ended(0x30), 1);
	assert_int_equal(go(SECOND_SLOTS, 0x30, 0), 0);
	assert_true(warn(8, 0x31, 1, SEGMENT, PERIOD_S, 0));
	assert_true(go(2 * PERIOD_S * SECOND_SLOTS + 10, 0x31, 0) > 0);
	assert_int_equal(sent_when_ended(0x31), 3);
	assert_true(warn(8, 0x32, 1, SEGMENT, 0, 0));
	go(10, 0, 0);
	assert_int_equal(sent_when_ended(0x32), 1);
}

/* It ends by itself after its number of broadcasts; a single one when all have had the time to hear of it. */
static void test_ends(void **state)
{
	unsigned cycle_slots = du->cell.cell.pcch.cycle * 10u;

	assert_true(warn(8, 0x40, 1, SEGMENT, PERIOD_S, 3));
	assert_true(go(3 * PERIOD_S * SECOND_SLOTS, 0x40, 0) > 0);
	assert_true(du_has_warnings(du));
	go(1, 0, 0);
	assert_false(du_has_warnings(du));
	assert_true(warn(6, 0x41, 1, SEGMENT, 0, 1));
	go(2 * cycle_slots - 1, 0, 0);
	assert_true(du_has_warnings(du));
	go(1, 0, 0);
	assert_false(du_has_warnings(du));
	assert_true(warn(7, 0x42, 1, SEGMENT, PERIOD_S, 0)); /* until it is cancelled */
	go(4 * cycle_slots, 0, 0);
	assert_true(du_has_warnings(du));
}

/* 38.331 6.5: in a cycle's paging occasions UEs are told to look; not before, and not for ever. */
static void test_short_messages(void **state)
{
	unsigned cycle_slots = du->cell.cell.pcch.cycle * 10u;

	assert_int_equal(du_short_message(du), 0);
	go(5, 0, 0);
	assert_true(warn(8, 0x50, 1, SEGMENT, PERIOD_S, 0));
	assert_int_equal(du_short_message(du), 1 << 6);
	go(cycle_slots - 1, 0, 0);
	assert_int_equal(du_short_message(du), 1 << 6);
	go(1, 0, 0);
	assert_int_equal(du_short_message(du), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_limits),
		TEST(test_kinds),
		TEST(test_segments),
		TEST(test_ends),
		TEST(test_short_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
