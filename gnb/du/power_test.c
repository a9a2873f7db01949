/* Closed-loop power: when a UE is told to send with more or less, to the edges of what is left alone. */
#include "base/test.h"

#include <math.h>

#include "gnb/du/parts.h"

enum { DOWN, STAY, UP, UP_MORE, SHOWS_NS = 15000000 };

static struct du du;
static struct du_cell_ue ue;

static uint8_t told(float db)
{
	du.now_ns = ue.pucch_power.next_ns;
	ue.pucch_power.db = db;
	return du_power_pucch_tpc(&du, &ue);
}

static void test_edges(void **state)
{
	ue.pucch_power = (struct du_power){ .db = 99 };
	assert_int_equal(du_power_pucch_tpc(&du, &ue), STAY); /* nothing was heard */
	ue.pucch_power.known = true;
	assert_int_equal(told(15), STAY);
	assert_int_equal(told(17), STAY);
	assert_int_equal(told(17.125f), DOWN);
	assert_true(ue.pucch_power.db == 16.125f);
	assert_int_equal(told(13.5f), STAY);
	assert_int_equal(told(13.375f), UP);
	assert_true(ue.pucch_power.db == 14.375f);
	assert_int_equal(told(11), UP);
	assert_int_equal(told(10.875f), UP_MORE);
	assert_true(ue.pucch_power.db == 13.875f);
}

/* One command, until it shows. */
static void test_waits(void **state)
{
	ue.pucch_power = (struct du_power){ .known = true, .db = 0 };
	du.now_ns = 5;
	assert_int_equal(du_power_pucch_tpc(&du, &ue), UP_MORE);
	assert_true(ue.pucch_power.next_ns == 5 + SHOWS_NS);
	du.now_ns = 5 + SHOWS_NS - 1;
	assert_int_equal(du_power_pucch_tpc(&du, &ue), STAY);
	du.now_ns++;
	assert_int_equal(du_power_pucch_tpc(&du, &ue), UP_MORE);
	assert_true(ue.pucch_power.db == 6);
}

static void test_heard(void **state)
{
	struct phy_pucch_user r = { .detected = true, .power = 100, .noise = 1 };

	ue.pucch_power = (struct du_power){ .known = false };
	r.detected = false;
	du_power_pucch_heard(&ue, &r);
	assert_false(ue.pucch_power.known);
	r.detected = true;
	r.noise = 1e-9f;
	du_power_pucch_heard(&ue, &r);
	assert_false(ue.pucch_power.known);
	r = (struct phy_pucch_user){ .detected = true, .power = 1e-9f, .noise = 1 };
	du_power_pucch_heard(&ue, &r);
	assert_false(ue.pucch_power.known);
	r = (struct phy_pucch_user){ .detected = true, .power = 100, .noise = 1 };
	du_power_pucch_heard(&ue, &r);
	assert_true(ue.pucch_power.known && fabsf(ue.pucch_power.db - 20) < 1e-4f);
	r.power = 1; /* a quarter of what is new */
	du_power_pucch_heard(&ue, &r);
	assert_true(fabsf(ue.pucch_power.db - 15) < 1e-4f);
	r.power = INFINITY;
	du_power_pucch_heard(&ue, &r);
	assert_true(fabsf(ue.pucch_power.db - 15) < 1e-4f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
