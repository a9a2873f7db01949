#include "ue/phy/type1_codebook.h"

#include "base/test.h"
#include "radio/cell/grant.h"

enum { ROUNDS = 20000, PERIOD = 5, K1_END = 16, ROWS = 4 };

static uint32_t seed;

static unsigned any(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* A slot as letters of its symbols, of patterns of five slots. */
static const char *const patterns[] = { "DDDSU", "DSUUU", "DDSUU", "DDDDS" };

struct scene {
	struct cell cell;
	struct cell_own own;
	const char *pattern;
	unsigned s_downlink, s_uplink; /* of S */
	unsigned k1[CELL_K1S_MAX], k1_n;
	bool heard[K1_END], ack[K1_END];
};

static bool is_uplink(const struct scene *s, unsigned slot, unsigned symbol)
{
	char of = s->pattern[slot % PERIOD];

	return of == 'U' || (of == 'S' && symbol >= 14 - s->s_uplink);
}

static struct phy_tdd pattern_of(const struct scene *s)
{
	struct phy_tdd t = { .mu = 1, .patterns = 1, .pattern = { { .period_us = 2500 } } };
	unsigned n = 0;

	for (; s->pattern[n] == 'D'; n++)
		t.pattern[0].downlink_slots++;
	t.pattern[0].downlink_symbols = (uint8_t)s->s_downlink;
	t.pattern[0].uplink_symbols = (uint8_t)s->s_uplink;
	for (n++; s->pattern[n] == 'U'; n++)
		t.pattern[0].uplink_slots++;
	return t;
}

static void lists(struct scene *s)
{
	s->cell.pdsch_times_n = (uint8_t)(1 + any(ROWS));
	s->own.pdsch_times_n = (uint8_t)any(ROWS + 1); /* 0: the cell's */
	for (unsigned i = 0; i < s->cell.pdsch_times_n; i++)
		s->cell.pdsch_times[i] = (struct phy_time_domain){ .s = (uint8_t)any(4), .l = 0 };
	for (unsigned i = 0; i < s->cell.pdsch_times_n; i++)
		s->cell.pdsch_times[i].l = (uint8_t)(3 + any(12 - s->cell.pdsch_times[i].s));
	for (unsigned i = 0; i < s->own.pdsch_times_n; i++)
		s->own.pdsch_times[i] = (struct phy_time_domain){ .s = 2, .l = (uint8_t)(3 + any(10)) };
}

static void make(struct scene *s)
{
	*s = (struct scene){ .pattern = patterns[any(ARRAY_LEN(patterns))], .s_downlink = 1 + any(8) };
	s->s_uplink = any(6);
	s->cell = (struct cell){ .mu = 1, .paired = any(4) == 0, .type_a_position = 2 };
	s->cell.tdd = pattern_of(s);
	lists(s);
	s->own.semi_static = true;
	s->own.spaces[any(CELL_SPACES_MAX)] = (struct cell_space){ .there = true, .configured = any(4) > 0 };
	s->own.pdsch.two_codewords = any(4) == 0;
	s->own.bundled_on_pucch = any(2);
	for (s->k1_n = 0; s->k1_n < 1 + any(CELL_K1S_MAX - 1);) {
		unsigned k1 = 1 + any(15);

		s->own.pdsch.k1[s->k1_n] = (uint8_t)k1;
		s->k1[s->k1_n++] = k1;
	}
	s->own.pdsch.k1_n = (uint8_t)s->k1_n;
}

/* The pseudo-code of 9.1.2.1: for each slot timing of K1, from the greatest, the rows that are not struck;
 * then a bit, or two, for each occasion. */
static unsigned by_the_clause(uint8_t out[64], const struct scene *s, unsigned n_u)
{
	bool two = s->own.pdsch.two_codewords && !s->own.bundled_on_pucch, dci_1_1 = false;
	unsigned n = 0;

	for (unsigned i = 0; i < CELL_SPACES_MAX; i++)
		dci_1_1 = dci_1_1 || s->own.spaces[i].configured;
	for (unsigned k1 = K1_END; k1-- > 0;) {
		bool in_set = !dci_1_1 && k1 >= 1 && k1 <= 8;
		unsigned rows = 0;

		for (unsigned k = 0; dci_1_1 && k < s->k1_n; k++)
			in_set = in_set || s->k1[k] == k1;
		for (unsigned r = 0; in_set && r < s->cell.pdsch_times_n + s->own.pdsch_times_n; r++) {
			const struct phy_time_domain *t =
				r < s->cell.pdsch_times_n ? &s->cell.pdsch_times[r]
							  : &s->own.pdsch_times[r - s->cell.pdsch_times_n];
			bool struck = false;

			for (unsigned l = t->s; l < t->s + t->l && !s->cell.paired; l++)
				struck = struck || is_uplink(s, n_u + 20480 - k1, l);
			rows += !struck;
		}
		if (rows == 0)
			continue;
		out[n++] = s->heard[k1] && s->ack[k1];
		if (two)
			out[n++] = 0;
	}
	return n;
}

static void test_against_the_clause(void **state)
{
	unsigned sizes[UE_ACKS_MAX + 1] = { 0 };

	seed = 38213;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct ue_type1 t = { .n = 0 };
		struct ue_acks got;
		struct scene s;
		uint8_t expected[64];
		unsigned slot = any(20480), n;
		struct slot_time up = slot_time_of(1, slot);

		make(&s);
		for (unsigned k1 = 1; k1 < K1_END; k1++) {
			s.heard[k1] = any(3) == 0;
			s.ack[k1] = any(2);
			if (s.heard[k1])
				ue_type1_add(&t, k1, s.ack[k1], false, false);
		}
		ue_type1_codebook(&got, &t, &s.cell, &s.own, &(struct ue_type1_slot){ up, 32, false });
		n = by_the_clause(expected, &s, slot);
		assert_in_range(n, 0, UE_ACKS_MAX);
		assert_int_equal(got.n, n);
		assert_memory_equal(got.bits, expected, n);
		sizes[n]++;
	}
	for (unsigned n = 0; n <= CELL_K1S_MAX; n++)
		assert_true(sizes[n] > 0);
}

/* DDDSU at 30 kHz: what a slot U answers, counted by hand. */
static void test_written_out(void **state)
{
	static const uint8_t k1[] = { 7, 4, 5, 6, 3, 2, 1 };
	struct scene s = { .pattern = "DDDSU", .s_downlink = 10, .s_uplink = 2 };
	struct ue_type1 t = { .n = 0 };
	const struct slot_time up = slot_time_of(1, 14); /* U: 13 is S, 12 to 10 D, 9 U, 8 S, 7 D */
	struct ue_acks got;

	s.cell = (struct cell){ .mu = 1, .tdd = pattern_of(&s), .type_a_position = 2, .pdsch_times_n = 1 };
	s.cell.pdsch_times[0] = (struct phy_time_domain){ .s = 2, .l = 12 };
	s.own = (struct cell_own){ .pdsch.k1_n = 7, .spaces[0] = { .there = true, .configured = true } };
	for (unsigned i = 0; i < ARRAY_LEN(k1); i++)
		s.own.pdsch.k1[i] = k1[i];
	ue_type1_add(&t, 4, true, false, false);
	ue_type1_add(&t, 2, true, false, false);
	ue_type1_codebook(&got, &t, &s.cell, &s.own, &(struct ue_type1_slot){ up, 32, false });
	assert_int_equal(got.n, 4); /* 7, 4, 3, 2: slots 7, 10, 11, 12; 12 symbols from 2 on are not in S */
	assert_memory_equal(got.bits, ((uint8_t[]){ 0, 1, 0, 1 }), 4);
	s.own.pdsch_times_n = 1;
	s.own.pdsch_times[0] = (struct phy_time_domain){ .s = 2, .l = 8 };
	ue_type1_codebook(&got, &t, &s.cell, &s.own, &(struct ue_type1_slot){ up, 32, false });
	assert_int_equal(got.n, 6); /* 6 and 1 too, which are S */
	assert_memory_equal(got.bits, ((uint8_t[]){ 0, 0, 1, 0, 1, 0 }), 6);
	assert_int_equal(ue_type1_silent(&t, &got), 4);
	/* 9.1.2.2: what was assigned after the PUSCH of the slot is a NACK on it. */
	ue_type1_add(&t, 1, true, false, true);
	ue_type1_codebook(&got, &t, &s.cell, &s.own, &(struct ue_type1_slot){ up, 32, true });
	assert_memory_equal(got.bits, ((uint8_t[]){ 0, 0, 1, 0, 1, 0 }), 6);
	ue_type1_codebook(&got, &t, &s.cell, &s.own, &(struct ue_type1_slot){ up, 32, false });
	assert_memory_equal(got.bits, ((uint8_t[]){ 0, 0, 1, 0, 1, 1 }), 6);
}

/* 9.1.2: one DCI 1_0 with counter DAI 1 and nothing else is answered with its bit alone. */
static void test_by_itself(void **state)
{
	struct ue_type1 t = { .n = 0 };
	struct ue_acks got;
	struct cell c = { .mu = 0, .paired = true };
	struct cell_own o = { .semi_static = true };
	const struct slot_time up =
		slot_time_of(0, 3); /* so that the slots answered are of the frame before */

	assert_false(ue_type1_goes_on_pusch(&t, 0) || ue_type1_goes_on_pusch(&t, 1));
	assert_true(ue_type1_goes_on_pusch(&t, 2));
	ue_type1_add(&t, 5, true, true, false);
	assert_true(ue_type1_goes_on_pusch(&t, 0) && ue_type1_goes_on_pusch(&t, 1));
	ue_type1_codebook(&got, &t, &c, &o, &(struct ue_type1_slot){ up, 32, false });
	assert_true(got.n == 1 && got.bits[0] == 1);
	ue_type1_add(&t, 4, true, true, false);
	assert_false(ue_type1_goes_on_pusch(&t, 1));
	ue_type1_codebook(&got, &t, &c, &o, &(struct ue_type1_slot){ up, 32, false });
	assert_int_equal(got.n, 8); /* K1 8 to 1 of DCI 1_0 */
	assert_memory_equal(got.bits, ((uint8_t[]){ 0, 0, 0, 1, 1, 0, 0, 0 }), 8);
	t = (struct ue_type1){ .n = 0 };
	ue_type1_add(&t, 5, true, false, false); /* of DCI 1_1, or with another count */
	assert_false(ue_type1_goes_on_pusch(&t, 1));
	ue_type1_codebook(&got, &t, &c, &o, &(struct ue_type1_slot){ up, 32, false });
	assert_int_equal(got.n, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_the_clause),
		cmocka_unit_test(test_written_out),
		cmocka_unit_test(test_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
