/*
 * UCI on PUSCH: where its parts lie, against the steps of 38.212 6.2.7 written out with sets in their own
 * words, and from end to end.
 */
#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/pusch.h"
#include "radio/phy/phy_test.h"

enum { GRID_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB };

static struct kern kern;
static struct phy_dfts *dfts;
static struct phy_chest_filters *filters;
static struct phy_pusch_sender *sender;
static struct phy_pusch_receiver *receiver;
static struct phy_harq *harq;
static struct phy_pusch plan;
static struct phy_cf re[PHY_UL_PORTS_MAX][GRID_MAX];
static struct phy_grid grids[PHY_UL_PORTS_MAX];
static uint8_t tb[SEGMENT_A_MAX / 8 + 8], back[SEGMENT_A_MAX / 8 + 8];
static uint8_t uci[PHY_PUSCH_UCI_PARTS][PHY_UCI_BITS_MAX];

static struct phy_pusch_config random_config(void)
{
	static const uint16_t bits[] = { 0, 1, 2, 3, 7, 11, 12, 19, 20, 40, 100, 400 };
	struct phy_pusch_config c = { .mu = 1,
		.bwp_prbs = (uint16_t)pick(4, 40),
		.time = { .type_b = pick(0, 1), .s = 0, .l = (uint8_t)pick(6, 14) },
		.dmrs = { .additional = (uint8_t)pick(0, 2),
			.type_a_position = 2,
			.groups_without_data = (uint8_t)pick(1, 2),
			.n_id = { 7, 8 } },
		.layers = (uint8_t)pick(1, 2),
		.ports = { 0, 1 },
		.rnti = 0x4601,
		.n_id = 77,
		.mcs = (uint8_t)pick(0, 24),
		.hopping = pick(0, 2) ? PHY_PUSCH_NO_HOPPING : PHY_PUSCH_HOPPING_INTRA,
		.uci = { .bits = { bits[pick(0, 11)], bits[pick(0, 11)], bits[pick(0, 11)] },
			.beta = { (uint8_t)pick(0, 15), (uint8_t)pick(0, 18), (uint8_t)pick(0, 18) },
			.alpha = pick(0, 3),
			.no_data = !pick(0, 4) } };

	c.prbs.n = c.bwp_prbs;
	for (unsigned i = 0; i < c.prbs.n; i++)
		c.prbs.at[i] = (uint16_t)i;
	return c;
}

/* Sets of 6.2.7 by symbol and subcarrier: who holds an RE, and which are reserved. */
static uint8_t holder[PHY_SYMBOLS_MAX][PHY_PRB_MAX * 12];
static bool reserved[PHY_SYMBOLS_MAX][PHY_PRB_MAX * 12];

enum { FREE = 9 };

/* Writes `count` REs from symbol l up to `end`, as the pseudo code has it. */
static void steps(unsigned l, unsigned end, unsigned count, unsigned who)
{
	unsigned m_sc = 12u * plan.config.prbs.n, done = 0;

	for (; l < end && done < count; l++) {
		static unsigned set[PHY_PRB_MAX * 12];
		unsigned m = 0, d, n;

		for (unsigned k = 0; k < m_sc && !(plan.dmrs_symbols >> l & 1); k++) {
			bool mine = who == FREE || who == PHY_PUSCH_CSI_1
					    ? holder[l][k] == FREE && !reserved[l][k]
					    : holder[l][k] == FREE;

			if (mine)
				set[m++] = k;
		}
		if (m == 0)
			continue;
		d = count - done >= m ? 1 : m / (count - done);
		n = count - done >= m ? m : count - done;
		for (unsigned j = 0; j < n; j++) {
			if (who == FREE)
				reserved[l][set[j * d]] = true;
			else
				holder[l][set[j * d]] = (uint8_t)who;
		}
		done += n;
	}
	assert_int_equal(done, count);
}

static void both_hops(bool csi, unsigned count, unsigned who)
{
	unsigned end = plan.config.time.s + plan.config.time.l,
		 hop = plan.hop_symbol < end ? plan.hop_symbol : end;
	unsigned l = plan.config.time.s, part = hop < end ? count / 2 : count;

	for (unsigned i = 0; i < 2 && l < end; i++, l = hop, hop = end, part = count - part) {
		unsigned first = l;

		if (csi) {
			while (plan.dmrs_symbols >> first & 1)
				first++;
		} else {
			while (!(plan.dmrs_symbols >> first & 1))
				first++;
			while (plan.dmrs_symbols >> first & 1)
				first++;
		}
		steps(first, hop, part, who);
	}
}

static void test_layout(void **state)
{
	unsigned legal = 0, punctured_n = 0, no_data = 0, hops = 0;

	for (unsigned i = 0; legal < 200 && i < 5000; i++) {
		struct phy_pusch_config c;
		unsigned at = 0, per, counts[4] = { 0 };

		seed = i * 7919u;
		c = random_config();
		if (phy_pusch_init(&plan, &c) != PHY_PUSCH_OK || !plan.uci.used)
			continue;
		legal++;
		no_data += c.uci.no_data;
		hops += plan.hop_symbol < 14;
		per = plan.sch.q_m * c.layers;
		memset(holder, FREE, sizeof(holder));
		memset(reserved, 0, sizeof(reserved));
		if (c.uci.bits[0] > 2)
			both_hops(false, plan.uci.code[0].e / per, PHY_PUSCH_ACK);
		for (unsigned n = 0; n < plan.plan.re; n++)
			punctured_n += plan.uci.re[n] >> 7;
		/* what is reserved is not told: beside HARQ-ACK of 0 to 2 bits only the sums are looked at */
		for (unsigned l = 0; l < 14; l++) {
			for (unsigned n = 0; n < plan.plan.symbol_re[l]; n++, at++) {
				unsigned kind = plan.uci.re[at] & 0x3f;

				assert_in_range(kind, 0, 3);
				counts[kind]++;
				if (plan.dmrs_symbols >> l & 1)
					assert_int_equal(plan.uci.re[at], 3);
				if (plan.uci.re[at] & 0x80)
					counts[0]++;
				if (c.uci.bits[0] > 2 && !(plan.dmrs_symbols >> l & 1))
					assert_int_equal(kind == 0, holder[l][n] == PHY_PUSCH_ACK);
			}
		}
		for (unsigned part = 0; part < 3; part++)
			assert_int_equal(counts[part] * per, plan.uci.code[part].e);
		if (c.uci.bits[0] > 2) { /* nothing is reserved: the rest by the same steps */
			both_hops(true, plan.uci.code[1].e / per, PHY_PUSCH_CSI_1);
			both_hops(true, plan.uci.code[2].e / per, PHY_PUSCH_CSI_2);
			at = 0;
			for (unsigned l = 0; l < 14; l++) {
				for (unsigned n = 0; n < plan.plan.symbol_re[l]; n++, at++) {
					unsigned want = holder[l][n] == FREE ? 3 : holder[l][n];

					if (!(plan.dmrs_symbols >> l & 1))
						assert_int_equal(plan.uci.re[at], want);
				}
			}
		}
	}
	print_message("%u layouts, %u without data, %u hopping, %u REs punctured\n", legal, no_data, hops,
		punctured_n);
	assert_true(legal == 200 && no_data > 10 && hops > 10 && punctured_n > 100);
}

/* G-FR1-A4-11 with 4 bits of HARQ-ACK and 20 of each part of CSI: the numbers of 6.3.2.4 by hand. */
static void test_counts(void **state)
{
	struct phy_pusch_config c = { .mu = 1,
		.bwp_prbs = 24,
		.time = { .l = 14 },
		.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2 },
		.layers = 1,
		.mcs = 16,
		.uci = { .bits = { 4, 20, 20 }, .beta = { 11, 13, 13 }, .alpha = PHY_ALPHA_1 } };

	for (c.prbs.n = 0; c.prbs.n < 24; c.prbs.n++)
		c.prbs.at[c.prbs.n] = c.prbs.n;
	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
	/* G-FR1-A4-11: 8968 bits, two code blocks of 4608 bits and 12 symbols of 288 REs: K = 22 * 208 = 4576
	 */
	assert_int_equal(plan.sch.a, 8968);
	/* ceil(4 * 20 * 3456 / 9152) and ceil(31 * 6.25 * 3456 / 9152) */
	assert_int_equal(plan.uci.code[0].e, 4 * 31);
	assert_int_equal(plan.uci.code[1].e, 4 * 74);
	assert_int_equal(plan.uci.code[2].e, 4 * 74);
	assert_int_equal(plan.sch.g, 4 * (3456 - 31 - 74 - 74));
}

/* Everything comes, data and UCI; of HARQ-ACK of 1 or 2 bits too, which punctures. */
static void test_end_to_end(void **state)
{
	unsigned legal = 0, lost = 0, lost_tb = 0;

	for (unsigned i = 0; legal < 120; i++) {
		const uint8_t *bits[PHY_PUSCH_UCI_PARTS] = { uci[0], uci[1], uci[2] };
		struct phy_pusch_config c;
		struct phy_pusch_result r;
		bool came;

		seed = i * 104729u;
		c = random_config();
		if (phy_pusch_init(&plan, &c) != PHY_PUSCH_OK || !plan.uci.used ||
			(plan.sch.g > 0 && plan.sch.a > 0.8 * plan.sch.g))
			continue;
		legal++;
		for (size_t j = 0; j < bits_octets(plan.sch.a); j++)
			tb[j] = (uint8_t)draw();
		for (unsigned part = 0; part < 3; part++) {
			for (unsigned j = 0; j < c.uci.bits[part]; j++)
				uci[part][j] = draw() & 1;
		}
		memset(re, 0, sizeof(re));
		for (unsigned p = 0; p < PHY_UL_PORTS_MAX; p++)
			grids[p] = (struct phy_grid){ re[p], c.bwp_prbs, 0, 14 };
		phy_harq_reset(harq);
		assert_true(phy_pusch_send_uci(sender, &kern, &plan, 3, tb, bits, grids));
		for (unsigned p = 0; p < c.layers; p++)
			add_noise(re[p], 14 * 12u * c.bwp_prbs, 9e-4);
		assert_true(phy_pusch_receive(receiver, &kern, &plan, 3, grids, c.layers, harq, back, &r));
		for (unsigned part = 0; part < 3; part++) {
			if (c.uci.bits[part] == 0)
				continue;
			assert_non_null(r.uci[part].bits);
			came = memcmp(r.uci[part].bits, uci[part], c.uci.bits[part]) == 0;
			lost += !came;
			/* of few coded bits it cannot be told that anything was sent */
			if (came && plan.uci.code[part].e > 60)
				assert_true(r.uci[part].code.ok);
		}
		if (plan.sch.g > 0)
			lost_tb += !r.ok || memcmp(tb, back, plan.sch.a / 8) != 0;
	}
	print_message("%u slots, %u parts and %u transport blocks lost\n", legal, lost, lost_tb);
	assert_in_range(lost, 0, 4); /* of few coded bits, punctured */
	assert_in_range(lost_tb, 0, 4);
}

static void test_refused(void **state)
{
	struct phy_pusch_config c = random_config();
	const uint8_t *none[PHY_PUSCH_UCI_PARTS] = { NULL };

	c.hopping = PHY_PUSCH_NO_HOPPING;
	c.layers = 1;
	c.mcs = 5;
	c.time.l = 14;
#define REFUSED(...)                                                                                         \
	c.uci = (struct phy_pusch_uci_config){ __VA_ARGS__ };                                                \
	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_UCI)
	REFUSED(.bits = { 3 }, .beta = { 21 });
	REFUSED(.bits = { 0, 3 }, .beta = { 0, 19 });
	REFUSED(.bits = { 0, 0, 3 });
	REFUSED(.bits = { 3 }, .no_data = true);
	REFUSED(.no_data = true);
	REFUSED(.bits = { 1707 });
	REFUSED(.bits = { 1 }, .alpha = 4);
	c.uci = (struct phy_pusch_uci_config){ .bits = { 3 } };
	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
	assert_false(phy_pusch_send_uci(sender, &kern, &plan, 0, tb, none, grids));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_end_to_end),
		cmocka_unit_test(test_refused),
	};
	int failed;

	kern_init(&kern, KERN_LEVELS - 1);
	dfts = phy_dfts_new();
	filters = phy_chest_filters_new();
	sender = phy_pusch_sender_new(dfts);
	receiver = phy_pusch_receiver_new(filters, dfts, 2, 2);
	harq = phy_harq_new(SEGMENT_A_MAX);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	phy_harq_free(harq);
	phy_pusch_receiver_free(receiver);
	phy_pusch_sender_free(sender);
	phy_chest_filters_free(filters);
	phy_dfts_free(dfts);
	return failed;
}
