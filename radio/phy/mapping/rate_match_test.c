/* What PDSCH is matched around: patterns by their bits, LTE's CRS by the formulas of 36.211 port by port. */
#include "base/test.h"
#include "radio/phy/mapping/rate_match.h"

enum { ROOM = 250, SUBCARRIERS = 140 * PHY_SC_PER_PRB };

static struct phy_reserved room[ROOM];
static bool taken[PHY_SYMBOLS_MAX][SUBCARRIERS], want[PHY_SYMBOLS_MAX][SUBCARRIERS];

static struct phy_reserved_list open_list(size_t n)
{
	return (struct phy_reserved_list){ room, n, 0, 0 };
}

static void spread(const struct phy_reserved_list *l)
{
	memset(taken, 0, sizeof(taken));
	assert_int_equal(l->lost, 0);
	for (size_t i = 0; i < l->n; i++) {
		const struct phy_reserved *r = &l->at[i];

		assert_true(r->symbols >> PHY_SYMBOLS_MAX == 0 && r->re >> PHY_SC_PER_PRB == 0);
		for (unsigned j = 0; j < PHY_SYMBOLS_MAX * r->prbs * 12u; j++) {
			unsigned s = j / (r->prbs * 12u), k = j % (r->prbs * 12u);

			if (r->symbols >> s & 1 && r->re >> k % 12 & 1)
				taken[s][r->first_crb * 12u + k] = true;
		}
	}
}

static void test_pattern(void **state)
{
	/* blocks 1, 2 and 9 of a bandwidth part from CRB 20 on; symbol 3 of even slots, 0 and 13 of odd ones
	 */
	struct phy_rate_match_pattern p = { 20, 10, { 0x60, 0x40 }, true, 1u << 3 | 1u << 14 | 1u << 27, 4,
		0x5 };
	struct phy_reserved_list l;

	for (unsigned sfn = 0; sfn < 8; sfn++) {
		for (unsigned slot = 0; slot < 20; slot++) {
			unsigned unit = (sfn * 20 + slot) / 2 % 4;

			l = open_list(ROOM);
			assert_true(phy_rate_match_pattern(&l, &p, 1, false, sfn, slot));
			assert_int_equal(l.n, unit == 0 || unit == 2 ? 2 : 0);
			if (l.n == 0)
				continue;
			assert_int_equal(room[0].symbols, slot % 2 ? 1 << 0 | 1 << 13 : 1 << 3);
			assert_true(room[0].first_crb == 21 && room[0].prbs == 2 && room[0].re == 0xfff);
			assert_true(room[1].first_crb == 29 && room[1].prbs == 1);
		}
	}
	l = open_list(1);
	assert_true(phy_rate_match_pattern(&l, &p, 1, false, 0, 0));
	assert_int_equal(l.lost, 1);
	p.period = 1, p.two_slots = false; /* every slot, whatever the pattern */
	p.pattern = 0;
	l = open_list(ROOM);
	assert_true(phy_rate_match_pattern(&l, &p, 0, false, 1, 9));
	assert_int_equal(l.n, 2);
	p.period = 3;
	assert_false(phy_rate_match_pattern(&l, &p, 0, false, 0, 0));
	p.period = 40, p.two_slots = true; /* 80 ms */
	assert_false(phy_rate_match_pattern(&l, &p, 0, false, 0, 0));
	assert_true(phy_rate_match_pattern(&l, &p, 1, false, 0, 0));
	p.prbs = 0;
	assert_false(phy_rate_match_pattern(&l, &p, 1, false, 0, 0));
}

/* 36.211 6.10.1.2: v of a port in symbol l (0 to 6) of LTE's slot n_s; -1 for none. */
static int v_of(unsigned port, unsigned l, unsigned n_s)
{
	if (port < 2)
		return l == 0 ? (port == 0 ? 0 : 3) : l == 4 ? (port == 0 ? 3 : 0) : -1;
	if (l != 1)
		return -1;
	return (int)(port == 2 ? 3 * (n_s % 2) : 3 + 3 * (n_s % 2));
}

static void expect_crs(const struct phy_lte_crs *c)
{
	memset(want, 0, sizeof(want));
	for (unsigned s = 0; s < PHY_SYMBOLS_MAX; s++) {
		for (unsigned i = 0; i < 2u * c->prbs * c->ports; i++) {
			unsigned port = i % c->ports, m = i / c->ports;
			int v = v_of(port, s % 7, s / 7);
			unsigned k;

			if (v < 0 || (c->mbsfn && s >= (c->ports == 4 ? 2 : 1)))
				continue;
			k = 6 * m + ((unsigned)v + c->v_shift) % 6;
			/* no subcarrier of LTE's is at the carrier itself */
			want[s][c->first + k + (k >= c->prbs * 6u ? 1 : 0)] = true;
		}
	}
}

static void test_crs(void **state)
{
	static const uint8_t bandwidths[] = { 6, 15, 25, 50, 75, 100 }, ports[] = { 1, 2, 4 };
	struct phy_lte_crs bad = { 0, 7, 1, 0, false };
	struct phy_reserved_list l = open_list(ROOM);

	for (unsigned i = 0; i < 6 * 3 * 6 * 2; i++) {
		struct phy_lte_crs c = { (uint16_t)(7 * i % 200), bandwidths[i % 6], ports[i / 6 % 3],
			(uint8_t)(i / 18 % 6), i / 108 };

		l = open_list(ROOM);
		assert_true(phy_lte_crs(&l, &c));
		spread(&l);
		expect_crs(&c);
		assert_memory_equal(taken, want, sizeof(taken));
	}
	assert_false(phy_lte_crs(&l, &bad));
	bad.prbs = 6, bad.ports = 3;
	assert_false(phy_lte_crs(&l, &bad));
	bad.ports = 2, bad.v_shift = 6;
	assert_false(phy_lte_crs(&l, &bad));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pattern),
		cmocka_unit_test(test_crs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
