/* 38.321 5.7, slot by slot, against when a UE is awake as the clause says it, in slots of half a millisecond.
 */
#include "base/test.h"

#include "radio/mac/drx.h"

enum { SLOT_NS = 500000, MS = 1000000, SLOTS = 400 };

static struct mac_drx d;
static char seen[SLOTS + 1];
static unsigned at; /* the slot at hand, from SFN 0 on */

static const struct mac_drx_config config = { .there = true,
	.on_us = 2000,
	.inactivity_ms = 5,
	.cycle_ms = 40,
	.offset_ms = 13,
	.rtt_dl_symbols = 28,
	.rtt_ul_symbols = 14,
	.again_dl_slots = 3,
	.again_ul_slots = 2 };

static void begin(const struct mac_drx_config *c)
{
	mac_drx_init(&d, c, SLOT_NS);
	at = 0;
}

static uint64_t now_ns(void)
{
	return at * (uint64_t)SLOT_NS;
}

/* Up to this slot, which is begun too. */
static void to(unsigned slot)
{
	for (; at <= slot; at++) {
		mac_drx_slot(&d, at / 2, at % 2, now_ns());
		seen[at] = mac_drx_is_active(&d, now_ns()) ? '#' : '.';
	}
	at--;
	seen[at + 1] = 0;
}

/* Awake in [from, end) and not otherwise, among the slots from `first` on. */
static void assert_awake(unsigned first, unsigned from, unsigned end)
{
	for (unsigned i = first; i <= at; i++)
		if ((seen[i] == '#') != (i >= from && i < end))
			fail_msg("slot %u: %s", i, seen);
}

/* Subframe 13 of each 40, for 2 ms; with an offset of a slot a slot later. */
static void test_on_duration(void **state)
{
	struct mac_drx_config c = config;

	begin(&c);
	to(25 + 80);
	assert_awake(0, 26, 30);
	to(140);
	assert_awake(80, 106, 110);
	c.slot_offset_us = 500;
	begin(&c);
	to(79);
	assert_awake(0, 27, 31);
	c.there = false;
	begin(&c);
	to(79);
	assert_awake(0, 0, 80);
}

/* From the slot of the PDCCH 5 ms on, each time anew. */
static void test_inactivity(void **state)
{
	begin(&config);
	to(27);
	mac_drx_new(&d, now_ns());
	to(33);
	mac_drx_new(&d, now_ns());
	to(80);
	assert_awake(0, 26, 33 + 11);
	to(100);
	mac_drx_new(&d, now_ns());
	mac_drx_command(&d, false, now_ns());
	to(104);
	assert_awake(80, 0, 0);
}

/* Not decoded: from the RTT (2 slots) behind the answer on for 3 slots; decoded: never. A PUSCH: for 2. */
static void test_again(void **state)
{
	begin(&config);
	to(40);
	mac_drx_answered(&d, 4, false, now_ns() + 4 * (uint64_t)SLOT_NS);
	to(70);
	assert_awake(31, 46, 49);
	to(71);
	mac_drx_answered(&d, 4, true, now_ns());
	mac_drx_sent(&d, 9, now_ns() + SLOT_NS);
	to(100);
	assert_awake(71, 73, 75);
}

/* Behind the inactivity timer three cycles of 10 ms, offset 3; then the long one again. */
static void test_short_cycle(void **state)
{
	struct mac_drx_config c = config;

	c.short_ms = 10;
	c.short_cycles = 3;
	begin(&c);
	to(26);
	mac_drx_new(&d, now_ns()); /* until slot 36 */
	to(45);
	assert_awake(0, 26, 37);
	to(60); /* 23 ms */
	assert_awake(37, 46, 50);
	to(80);
	assert_awake(60, 66, 70);
	to(95);
	assert_awake(80, 86, 90);
	to(180); /* 40 + 13 ms */
	assert_awake(95, 106, 110);
	to(200);
	mac_drx_command(&d, false, now_ns());
	to(212);
	assert_awake(190, 206, 210);
	mac_drx_command(&d, true, now_ns());
	to(260);
	assert_awake(213, 0, 0);
}

/* Two are the same when each member is. */
static void test_same(void **state)
{
#define OTHER(member) { .there = true, .member = 1 }
	static const struct mac_drx_config plain = { .there = true };
	static const struct mac_drx_config others[] = { { .there = false }, OTHER(on_us),
		OTHER(slot_offset_us), OTHER(inactivity_ms), OTHER(cycle_ms), OTHER(offset_ms),
		OTHER(short_ms), OTHER(short_cycles), OTHER(rtt_dl_symbols), OTHER(rtt_ul_symbols),
		OTHER(again_dl_slots), OTHER(again_ul_slots) };
	struct mac_drx_config copy = config;

	assert_true(mac_drx_same(&copy, &config));
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		assert_false(mac_drx_same(&plain, &others[i]));
		assert_false(mac_drx_same(&others[i], &plain));
		copy = others[i];
		assert_true(mac_drx_same(&copy, &others[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_on_duration),
		cmocka_unit_test(test_inactivity),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_short_cycle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
