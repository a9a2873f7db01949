/* TDD patterns symbol by symbol as 38.213 11.1 says it in words, patterns of the field written out, and the
 * table. */
#include "base/test.h"

#include "radio/phy/mapping/slot_format.h"

/* D, U and F of slots in a row. */
static void text_of(char *text, const struct phy_tdd *t, unsigned mu, unsigned slots)
{
	unsigned symbols = t->extended ? 12 : 14;

	for (unsigned s = 0; s < slots; s++) {
		struct phy_slot_format f = phy_tdd_slot(t, mu, s);

		assert_int_equal(f.downlink & f.uplink, 0);
		for (unsigned l = 0; l < symbols; l++)
			*text++ = f.downlink >> l & 1 ? 'D' : f.uplink >> l & 1 ? 'U' : 'F';
	}
	*text = '\0';
}

/* The default patterns of TS 38.104: 15 kHz 3D1S1U, S = 10D:2G:2U; 30 kHz 7D1S2U, S = 6D:4G:4U. */
static void patterns_of_the_field(void **state)
{
	struct phy_tdd t = { .mu = 0, .patterns = 1, .pattern = { { 5000, 3, 1, 10, 2 } } };
	char text[20 * 14 + 1];

	assert_true(phy_tdd_legal(&t));
	text_of(text, &t, 0, 5);
	assert_string_equal(text, "DDDDDDDDDDDDDD"
				  "DDDDDDDDDDDDDD"
				  "DDDDDDDDDDDDDD"
				  "DDDDDDDDDDFFUU"
				  "UUUUUUUUUUUUUU");
	text_of(text, &t, 1, 10); /* at 30 kHz each symbol is two */
	assert_string_equal(text + 6 * 14, "DDDDDDDDDDDDDD"
					   "DDDDDDFFFFUUUU"
					   "UUUUUUUUUUUUUU"
					   "UUUUUUUUUUUUUU");
	t = (struct phy_tdd){ .mu = 1, .patterns = 1, .pattern = { { 5000, 7, 2, 6, 4 } } };
	assert_true(phy_tdd_legal(&t));
	text_of(text, &t, 1, 20);
	for (unsigned s = 0; s < 20; s++)
		assert_memory_equal(text + 14 * s,
			s % 10 < 7    ? "DDDDDDDDDDDDDD"
			: s % 10 == 7 ? "DDDDDDFFFFUUUU"
				      : "UUUUUUUUUUUUUU",
			14);
	/* two patterns: DDDSU of 2.5 ms, then DDDDDDDSUU less a part */
	t = (struct phy_tdd){
		.mu = 1, .patterns = 2, .pattern = { { 3000, 3, 2, 6, 4 }, { 2000, 4, 0, 0, 0 } }
	};
	assert_true(phy_tdd_legal(&t));
	text_of(text, &t, 1, 10);
	assert_memory_equal(text + 3 * 14,
		"DDDDDDFFFFUUUU"
		"UUUUUUUUUUUUUU"
		"UUUUUUUUUUUUUU"
		"DDDDDDDDDDDDDD",
		4 * 14);
	assert_memory_equal(text + 9 * 14, "DDDDDDDDDDDDDD", 14);
}

/* Every legal pattern, counted symbol by symbol. */
static void every_pattern(void **state)
{
	static const uint16_t periods[] = { 500, 625, 1000, 1250, 2000, 2500, 5000, 10000 };

	for (unsigned i = 0; i < 4 * ARRAY_LEN(periods) * 64; i++) {
		unsigned mu = i % 4, period = periods[i / 4 % ARRAY_LEN(periods)],
			 r = i / 4 / ARRAY_LEN(periods);
		unsigned slots = (period << mu) / 1000;
		struct phy_tdd t = { .mu = (uint8_t)mu,
			.patterns = 1,
			.pattern = { { (uint16_t)period, (uint16_t)(r % 3), (uint16_t)(r / 3 % 3),
				(uint8_t)(r * 5 % 14), (uint8_t)(r * 3 % 14) } } };
		const struct phy_tdd_pattern *p = &t.pattern[0];
		unsigned count[3] = { 0 };

		if (!phy_tdd_legal(&t)) {
			/* too long, or not of whole slots, or overlapping */
			assert_true((period << mu) % 1000 != 0 ||
				    p->downlink_slots * 14u + p->downlink_symbols + p->uplink_slots * 14u +
						    p->uplink_symbols >
					    slots * 14 ||
				    p->downlink_slots + p->uplink_slots + 2u > slots);
			continue;
		}
		for (unsigned s = 0; s < slots; s++) {
			struct phy_slot_format f = phy_tdd_slot(&t, mu, s + 3 * slots),
					       again = phy_tdd_slot(&t, mu, s);

			assert_memory_equal(&f, &again, sizeof(f));
			count[0] += (unsigned)__builtin_popcount(f.downlink);
			count[1] += (unsigned)__builtin_popcount(f.uplink);
		}
		assert_int_equal(count[0], p->downlink_slots * 14 + p->downlink_symbols);
		assert_int_equal(count[1], p->uplink_slots * 14 + p->uplink_symbols);
		assert_int_equal(phy_tdd_slot(&t, mu, 0).downlink & 1, count[0] > 0);
		assert_int_equal(phy_tdd_slot(&t, mu, slots - 1).uplink >> 13, count[1] > 0);
	}
}

static void refused(void **state)
{
	struct phy_tdd fine = { .mu = 1, .patterns = 1, .pattern = { { 2500, 3, 1, 10, 2 } } }, t = fine;

	assert_true(phy_tdd_legal(&fine));
	t.pattern[0].period_us = 2400;
	assert_false(phy_tdd_legal(&t));
	t.pattern[0].period_us = 625; /* 38.213: mu 3 only */
	assert_false(phy_tdd_legal(&t));
	t = fine;
	t.mu = 4;
	assert_false(phy_tdd_legal(&t));
	t = fine;
	t.extended = true;
	assert_false(phy_tdd_legal(&t));
	t = fine;
	t.patterns = 0;
	assert_false(phy_tdd_legal(&t));
	t = fine;
	t.pattern[0].downlink_slots = 4; /* and a part of a fifth, which is uplink */
	assert_false(phy_tdd_legal(&t));
	t = fine;
	t.pattern[0].downlink_symbols = 14;
	assert_false(phy_tdd_legal(&t));
	t = fine;
	t.patterns = 2;
	t.pattern[1] = (struct phy_tdd_pattern){ 500, 1, 0, 0, 0 }; /* 3 ms do not divide 20 */
	assert_false(phy_tdd_legal(&t));
}

static void dedicated(void **state)
{
	struct phy_slot_format f = { 0x003f, 0x3c00 }, kept = f;

	assert_true(phy_tdd_dedicate(&f, 14, 8, 5));
	assert_int_equal(f.downlink, 0x00ff);
	assert_int_equal(f.uplink, 0x3e00);
	f = kept;
	assert_false(phy_tdd_dedicate(&f, 14, 11, 0));
	assert_false(phy_tdd_dedicate(&f, 14, 0, 9));
	assert_false(phy_tdd_dedicate(&f, 14, 8, 7));
	assert_memory_equal(&f, &kept, sizeof(f));
	assert_true(phy_tdd_dedicate(&f, 14, 0, 0));
	assert_memory_equal(&f, &kept, sizeof(f));
}

static void formats(void **state)
{
	struct phy_slot_format f;

	assert_true(phy_slot_format_of(&f, 0) && f.downlink == 0x3fff && f.uplink == 0);
	assert_true(phy_slot_format_of(&f, 1) && f.downlink == 0 && f.uplink == 0x3fff);
	assert_true(phy_slot_format_of(&f, 2) && f.downlink == 0 && f.uplink == 0);
	assert_true(phy_slot_format_of(&f, 55) && f.downlink == 0x3f03 &&
		    f.uplink == 0x00e0); /* DDFFFUUUDDDDDD */
	for (unsigned i = 0; i < 56; i++)
		assert_true(phy_slot_format_of(&f, i) && (f.downlink & f.uplink) == 0);
	assert_false(phy_slot_format_of(&f, 56));
	assert_false(phy_slot_format_of(&f, 255));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_of_the_field),
		cmocka_unit_test(every_pattern),
		cmocka_unit_test(refused),
		cmocka_unit_test(dedicated),
		cmocka_unit_test(formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
