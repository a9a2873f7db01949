/*
 * What a PUSCH sends. The grids against a second implementation, written from the clauses one resource
 * element after the other in doubles; and, where FREEHOLD_PHY_VECTORS names their folder, against slots of a
 * foreign one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/clauses_test.h"
#include "radio/phy/channels/pusch_parts.h"
#include "radio/phy/phy_test.h"

enum { GRID_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB, CODED_MAX = GRID_MAX * 32 };

static struct kern kern;
static struct phy_dfts *dfts;
static struct phy_pusch_sender *sender;
static struct phy_pusch plan;
static struct phy_cf re[PHY_UL_PORTS_MAX][GRID_MAX], want[PHY_UL_PORTS_MAX][GRID_MAX];
static struct phy_grid grids[PHY_UL_PORTS_MAX];
static uint8_t tb[SEGMENT_A_MAX / 8 + 8], coded[CODED_MAX / 8], sequence[CODED_MAX];

static void open_grids(unsigned prbs, unsigned first_crb, bool extended)
{
	for (unsigned i = 0; i < PHY_UL_PORTS_MAX; i++)
		grids[i] =
			(struct phy_grid){ re[i], (uint16_t)prbs, (uint16_t)first_crb, extended ? 12 : 14 };
	memset(re, 0, sizeof(re));
	memset(want, 0, sizeof(want));
}

static unsigned hop_shift(const struct phy_pusch_config *c, unsigned slot, unsigned l)
{
	bool moved = (c->hopping == PHY_PUSCH_HOPPING_INTRA && l >= c->time.s + c->time.l / 2u) ||
		     (c->hopping == PHY_PUSCH_HOPPING_INTER && slot % 2);

	return moved ? (c->prbs.at[0] + c->hop_offset) % c->bwp_prbs - c->prbs.at[0] : 0;
}

static void add(unsigned layer, unsigned l, unsigned subcarrier, double a, struct phy_cf v)
{
	const struct phy_precoding *w = &plan.precoding;

	for (unsigned p = 0; p < w->ports; p++) {
		struct phy_cf *to = &want[p][l * grids[p].prbs * 12u + subcarrier];
		struct phy_cf f = w->w[p][layer];

		to->re += (float)(a * (f.re * v.re - f.im * v.im));
		to->im += (float)(a * (f.re * v.im + f.im * v.re));
	}
}

/* The DM-RS of a symbol: 6.4.1.1.1 and 6.4.1.1.3. */
static void expect_dmrs(const struct phy_pusch_config *c, unsigned slot, unsigned l, unsigned layer)
{
	static struct phy_cf low_papr[PHY_DFT_MAX], scratch[PHY_DFT_MAX];
	const struct phy_dmrs *d = &c->dmrs;
	unsigned l1 = d->double_symbol && __builtin_popcount(plan.dmrs_symbols & ((1u << l) - 1)) % 2;
	unsigned slot_symbols = c->extended ? 12 : 14, first = l - (c->transform_precoding ? l1 : 0);
	uint32_t c_init = clauses_dmrs_init(d, c->ports[layer], slot_symbols, slot, first);
	unsigned m = c->prbs.n * 6u, base = c->bwp_start - grids[0].first_crb + hop_shift(c, slot, l);

	if (c->transform_precoding) {
		bool pi2 = d->low_papr.pi2_bpsk && plan.modulation == PHY_PI2_BPSK;
		unsigned u = pi2 ? d->n_id[d->n_scid] : d->low_papr.n_id, v = 0;

		clauses_gold(sequence, d->low_papr.hopping == PHY_SEQUENCE_HOPS_GROUPS ? u / 30 : u,
			8 * (slot_symbols * slot + first + 1));
		if (d->low_papr.hopping == PHY_SEQUENCE_HOPS_GROUPS) {
			for (unsigned i = 0; i < 8; i++)
				u += (unsigned)sequence[8 * (slot_symbols * slot + first) + i] << i;
		} else if (d->low_papr.hopping == PHY_SEQUENCE_HOPS && m >= 72) {
			v = sequence[slot_symbols * slot + first];
		}
		if (pi2)
			phy_low_papr2(dfts, m, u % 30, c_init, low_papr, scratch);
		else
			assert_true(phy_low_papr(low_papr, m, u % 30, v));
	} else {
		clauses_gold(sequence, c_init, 2 * 6 * (c->bwp_start + PHY_PRB_MAX));
	}
	for (unsigned i = 0; i < c->prbs.n; i++) {
		unsigned prb = c->prbs.at[i], crb = c->bwp_start + prb + hop_shift(c, slot, l);

		for (unsigned k = 0; k < 12; k++) {
			unsigned pairs = d->type2 ? 2 : 3, at;
			struct clauses_pilot pilot;

			if (!clauses_pilot(&pilot, d, c->ports[layer], l1, k))
				continue;
			at = 2 * ((crb - d->reference_crb) * pairs + pilot.n) + pilot.k_prime;
			add(layer, l, 12 * (base + prb) + k, pilot.factor,
				c->transform_precoding ? low_papr[6 * i + 2 * pilot.n + pilot.k_prime]
						       : clauses_point(sequence + 2 * at, 2, 0));
		}
	}
}

static bool is_ptrs(const struct phy_pusch_config *c, unsigned l, unsigned prb, unsigned k)
{
	return clauses_ptrs_in_symbol(l, c->time.s, c->time.l, plan.dmrs_symbols, c->dmrs.double_symbol,
		       c->ptrs.time_density) &&
	       clauses_ptrs(&c->ptrs, c->dmrs.type2, c->ports[c->ptrs_layer], c->rnti, &c->prbs, prb, k);
}

/* The PT-RS of a symbol, as the hop's first DM-RS are: 6.4.1.2.1.1; how many. */
static unsigned expect_ptrs(const struct phy_pusch_config *c, unsigned slot, unsigned l)
{
	static const double db[] = { 0, 3, 4.77, 6 };
	unsigned port = c->ports[c->ptrs_layer], pairs = c->dmrs.type2 ? 2 : 3, first = c->time.s, n = 0;

	if (c->hopping == PHY_PUSCH_HOPPING_INTRA && l >= c->time.s + c->time.l / 2u)
		first = c->time.s + c->time.l / 2u;
	while (!(plan.dmrs_symbols >> first & 1))
		first++;
	clauses_gold(sequence, clauses_dmrs_init(&c->dmrs, port, c->extended ? 12 : 14, slot, first),
		2 * 6 * (c->bwp_start + PHY_PRB_MAX));
	for (unsigned i = 0; i < 12u * c->prbs.n; i++) {
		unsigned prb = c->prbs.at[i / 12], at, to = prb + hop_shift(c, slot, l);
		struct clauses_pilot pilot = { 0 };

		if (!is_ptrs(c, l, prb, i % 12))
			continue;
		assert_true(clauses_pilot(&pilot, &c->dmrs, port, false, i % 12));
		at = 2 * ((c->bwp_start + to - c->dmrs.reference_crb) * pairs + pilot.n) + pilot.k_prime;
		add(c->ptrs_layer, l, 12 * (c->bwp_start - grids[0].first_crb + to) + i % 12,
			c->ptrs.all_power ? pow(10, db[c->layers - 1] / 20) : 1,
			clauses_point(sequence + 2 * at, 2, 0));
		n++;
	}
	return n;
}

/* The codeword as sent, bits one an octet. */
static uint8_t *expect_bits(const struct phy_pusch_config *c)
{
	static uint8_t bits[CODED_MAX];
	struct phy_sch_encoder *e = phy_sch_encoder_new();

	assert_true(phy_sch_encode(e, &kern, &plan.sch, tb, coded));
	phy_sch_encoder_free(e);
	clauses_gold(sequence, (uint32_t)c->rnti << 15 | c->n_id, plan.sch.g);
	for (uint32_t i = 0; i < plan.sch.g; i++)
		bits[i] = (uint8_t)(bits_get(coded, i) ^ sequence[i]);
	return bits;
}

/* Is place t of the m before the transform one of PT-RS? A row a number of groups and samples: Table
 * 6.4.1.2.2.2-1. */
static bool is_sample(const struct phy_ptrs_groups *g, unsigned t, unsigned m, unsigned *which)
{
	unsigned starts[5][8] = { { m / 4 - 1, 3 * m / 4 - 1 }, { 0, m - 4 },
		{ m / 8 - 1, 3 * m / 8 - 1, 5 * m / 8 - 1, 7 * m / 8 - 1 },
		{ 0, m / 4 + m / 8 - 2, 2 * m / 4 + m / 8 - 2, m - 4 },
		{ 0, m / 8 + m / 16 - 2, 2 * m / 8 + m / 16 - 2, 3 * m / 8 + m / 16 - 2,
			4 * m / 8 + m / 16 - 2, 5 * m / 8 + m / 16 - 2, 6 * m / 8 + m / 16 - 2, m - 4 } };
	unsigned row = g->groups == 8 ? 4 : g->groups - 2u + g->samples / 4u;

	for (unsigned i = 0; i < g->groups; i++) {
		if (t >= starts[row][i] && t < starts[row][i] + g->samples) {
			*which = i * g->samples + t - starts[row][i];
			return true;
		}
	}
	return false;
}

/* PT-RS at place t: 6.4.1.2.1.2. */
static struct phy_cf sample_of(const struct phy_pusch_config *c, unsigned slot, unsigned t, unsigned which)
{
	static const double w[4][4] = { { 1, 1, 1, 1 }, { 1, -1, 1, -1 }, { 1, 1, -1, -1 },
		{ 1, -1, -1, 1 } };
	static const double beta[] = { 1, 1, 1.3416407865, 1.5275252317, 1.6269784337 };
	unsigned first = c->time.s, symbols = c->extended ? 12 : 14, n_id = c->dmrs.low_papr.n_id;
	unsigned n = c->ptrs.groups.samples;
	double size = beta[plan.sch.q_m / 2] * w[c->rnti % n][which % n] / sqrt(2),
	       angle = M_PI / 2 * (t % 2);
	double v;

	while (!clauses_ptrs_in_symbol(
		first, c->time.s, c->time.l, plan.dmrs_symbols, c->dmrs.double_symbol, c->ptrs.time_density))
		first++;
	clauses_gold(sequence,
		(uint32_t)((((uint64_t)(symbols * slot + first + 1) * (2 * n_id + 1)) << 17) + 2 * n_id) &
			0x7fffffff,
		32);
	v = size * (1 - 2 * sequence[which]);
	return (struct phy_cf){ (float)(v * (cos(angle) - sin(angle))),
		(float)(v * (cos(angle) + sin(angle))) };
}

/* A value at place t of the m before the transform, on all of its subcarriers: 6.3.1.4. */
static void spread(unsigned l, unsigned subcarrier, unsigned t, unsigned m, struct phy_cf v)
{
	for (unsigned f = 0; f < m; f++) {
		double a = -2 * M_PI * ((uint64_t)t * f % m) / m;
		struct phy_cf turned = { (float)(v.re * cos(a) - v.im * sin(a)),
			(float)(v.re * sin(a) + v.im * cos(a)) };

		add(0, l, subcarrier + f, 1 / sqrt(m), turned);
	}
}

static unsigned ptrs_sent, samples_sent;

/* The data of symbol l from symbol *at of the codeword on, with transform precoding. */
static void expect_spread(
	const struct phy_pusch_config *c, const uint8_t *bits, unsigned slot, unsigned l, size_t *at)
{
	unsigned base = c->bwp_start - grids[0].first_crb + hop_shift(c, slot, l), q = plan.sch.q_m, which;
	unsigned m = 12u * c->prbs.n, first = 12 * (base + c->prbs.at[0]);
	bool ptrs = clauses_ptrs_in_symbol(
		l, c->time.s, c->time.l, plan.dmrs_symbols, c->dmrs.double_symbol, c->ptrs.time_density);

	for (unsigned t = 0; t < m && !(plan.dmrs_symbols >> l & 1); t++) {
		if (ptrs && is_sample(&c->ptrs.groups, t, m, &which)) {
			spread(l, first, t, m, sample_of(c, slot, t, which));
			samples_sent++;
			continue;
		}
		spread(l, first, t, m, clauses_point(bits + *at * q, q, *at));
		++*at;
	}
}

/* The same without. */
static void expect_data(
	const struct phy_pusch_config *c, const uint8_t *bits, unsigned slot, unsigned l, size_t *at)
{
	unsigned base = c->bwp_start - grids[0].first_crb + hop_shift(c, slot, l), q = plan.sch.q_m;
	bool dmrs = plan.dmrs_symbols >> l & 1;

	for (unsigned i = 0; i < 12u * c->prbs.n; i++) {
		unsigned k = i % 12, group = c->dmrs.type2 ? k % 6 / 2 : k % 2;

		if (dmrs && group < c->dmrs.groups_without_data)
			continue;
		if (c->ptrs.time_density > 0 && is_ptrs(c, l, c->prbs.at[i / 12], k))
			continue;
		for (unsigned layer = 0; layer < c->layers; layer++, ++*at)
			add(layer, l, 12 * (base + c->prbs.at[i / 12]) + k, 1,
				clauses_point(bits + *at * q, q, *at));
	}
}

static void compare(unsigned slot)
{
	const struct phy_pusch_config *c = &plan.config;
	const uint8_t *bits = expect_bits(c);
	size_t at = 0;

	for (unsigned l = c->time.s; l < c->time.s + c->time.l; l++) {
		if (c->transform_precoding)
			expect_spread(c, bits, slot, l, &at);
		else
			expect_data(c, bits, slot, l, &at);
		if (!c->transform_precoding && c->ptrs.time_density > 0)
			ptrs_sent += expect_ptrs(c, slot, l);
		for (unsigned layer = 0; plan.dmrs_symbols >> l & 1 && layer < c->layers; layer++)
			expect_dmrs(c, slot, l, layer);
	}
	assert_int_equal(at * plan.sch.q_m, plan.sch.g);
	for (unsigned p = 0; p < PHY_UL_PORTS_MAX; p++) {
		for (unsigned i = 0; i < 12u * grids[p].prbs * grids[p].symbols; i++) {
			if (fabsf(re[p][i].re - want[p][i].re) > 1e-4f ||
				fabsf(re[p][i].im - want[p][i].im) > 1e-4f)
				fail_msg("port %u, symbol %u, subcarrier %u: %f %f, not %f %f", p,
					i / (12u * grids[p].prbs), i % (12u * grids[p].prbs),
					(double)re[p][i].re, (double)re[p][i].im, (double)want[p][i].re,
					(double)want[p][i].im);
		}
	}
}

static void draw_dmrs(struct phy_pusch_config *c)
{
	static const uint8_t first[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
	unsigned start = pick(0, 11);

	c->dmrs = (struct phy_dmrs){ .type2 = !c->transform_precoding && pick(0, 1),
		.double_symbol = !pick(0, 2),
		.per_group = !c->transform_precoding && pick(0, 1),
		.additional = (uint8_t)pick(0, 3),
		.type_a_position = (uint8_t)pick(2, 3),
		.groups_without_data = (uint8_t)(c->transform_precoding ? 2 : pick(1, 3)),
		.n_scid = (uint8_t)pick(0, 1),
		.n_id = { (uint16_t)draw(), (uint16_t)draw() },
		.low_papr = {
			.pi2_bpsk = pick(0, 1), .hopping = pick(0, 2), .n_id = (uint16_t)pick(0, 1007) } };
	for (unsigned i = 0; i < c->layers; i++)
		c->ports[i] = first[(start + i) % (pick(0, 3) ? 4 : 12)];
}

/* A configuration that may be illegal; the grids are opened for it. */
static struct phy_pusch_config random_config(void)
{
	struct phy_pusch_config c = { .mu = (uint8_t)pick(0, 3),
		.hopping = pick(0, 2),
		.transform_precoding = !pick(0, 2),
		.codebook = pick(0, 1),
		.antenna_ports = (uint8_t)(1u << pick(0, 2)),
		.tpmi = (uint8_t)(pick(0, 27) % pick(1, 28)),
		.rnti = (uint16_t)draw(),
		.n_id = (uint16_t)pick(0, 1023),
		.mcs = (uint8_t)pick(0, 28),
		.overhead = (uint8_t)(6 * (pick(0, 3) * pick(0, 1))) };
	unsigned prbs = pick(1, 40), carrier = pick(0, 200), start, n;

	c.extended = c.mu == 2 && pick(0, 1);
	c.layers = (uint8_t)(c.transform_precoding ? 1 : pick(1, 4));
	c.mcs_table =
		c.transform_precoding
			? (pick(0, 4) ? pick(PHY_MCS_TP_64QAM, PHY_MCS_TP_PI2_64QAM_LOW_SE) : PHY_MCS_256QAM)
			: pick(0, 2);
	c.bwp_prbs = (uint16_t)pick(1, prbs);
	c.bwp_start = (uint16_t)(carrier + pick(0, prbs - c.bwp_prbs));
	c.hop_offset = (uint16_t)pick(0, c.bwp_prbs);
	start = pick(0, c.bwp_prbs - 1), n = pick(1, c.bwp_prbs - start);
	for (unsigned i = 0; i < n; i++) {
		if (c.hopping == PHY_PUSCH_NO_HOPPING && !c.transform_precoding && i > 0 && !pick(0, 5))
			continue;
		c.prbs.at[c.prbs.n++] = (uint16_t)(start + i);
	}
	c.time = (struct phy_time_domain){ pick(0, 1), 0, (uint8_t)pick(0, 13), (uint8_t)pick(1, 14) };
	if (!c.time.type_b)
		c.time.s = 0;
	draw_dmrs(&c);
	if (pick(0, 1)) {
		c.ptrs = (struct phy_ptrs_config){ (uint8_t)(1 << pick(0, 2)), (uint8_t)(2 << pick(0, 1)),
			(uint8_t)pick(0, 3), pick(0, 1),
			{ (uint8_t)(2 << pick(0, 2)), (uint8_t)(2 << pick(0, 1)) } };
		c.ptrs_layer = (uint8_t)pick(0, c.layers - 1u);
	}
	c.dmrs.reference_crb = c.transform_precoding ? 0 : (uint16_t)(pick(0, 1) * pick(0, c.bwp_start));
	open_grids(prbs, carrier, c.extended);
	return c;
}

static void test_random(void **state)
{
	unsigned legal = 0, precoded = 0, hops = 0, layers[5] = { 0 }, errors[PHY_PUSCH_ERRORS] = { 0 };

	for (unsigned i = 0; legal < 250; i++) {
		struct phy_pusch_config c;
		enum phy_pusch_error e;
		unsigned slot;

		seed = i * 1000003u;
		c = random_config();
		slot = pick(0, (10u << c.mu) - 1);
		e = phy_pusch_init(&plan, &c);
		errors[e]++;
		if (e != PHY_PUSCH_OK)
			continue;
		for (size_t j = 0; j < bits_octets(plan.sch.a); j++)
			tb[j] = (uint8_t)draw();
		if (!phy_pusch_send(sender, &kern, &plan, slot, tb, grids)) {
			assert_true(plan.sch.a > plan.sch.g); /* more filler than coded bits */
			continue;
		}
		compare(slot);
		legal++;
		precoded += c.transform_precoding;
		hops += c.hopping != PHY_PUSCH_NO_HOPPING;
		layers[c.layers]++;
	}
	print_message("%u with transform precoding, %u hopping, layers %u %u %u %u, %u PT-RS, %u before a "
		      "transform\n",
		precoded, hops, layers[1], layers[2], layers[3], layers[4], ptrs_sent, samples_sent);
	for (unsigned e = 0; e < PHY_PUSCH_ERRORS; e++) {
		if (errors[e] > 0)
			print_message("  %s: %u\n", phy_pusch_error_text(e), errors[e]);
	}
	assert_true(samples_sent > 500 && ptrs_sent > 150 && precoded > 20 && hops > 20 && layers[2] > 10 &&
		    layers[3] > 5 && layers[4] > 5);
}

static const struct phy_pusch_config plain = { .mu = 1,
	.bwp_prbs = 20,
	.time = { .l = 14 },
	.prbs = { 4, { 2, 3, 4, 5 } },
	.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2 },
	.layers = 1,
	.ports = { 0, 1, 2, 3 } };

#define REFUSED(error, ...)                                                                                  \
	do {                                                                                                 \
		c = plain;                                                                                   \
		__VA_ARGS__;                                                                                 \
		assert_int_equal(phy_pusch_init(&plan, &c), error);                                          \
		named |= 1u << (error);                                                                      \
	} while (0)

static void test_refused_ptrs(void **state)
{
	struct phy_pusch_config c;
	unsigned named = 0;

	REFUSED(PHY_PUSCH_PTRS, c.ptrs = ((struct phy_ptrs_config){ 1, 3, 0, false }));
	REFUSED(PHY_PUSCH_PTRS, c.ptrs = ((struct phy_ptrs_config){ 1, 2, 4, false }));
	REFUSED(PHY_PUSCH_PTRS, c.ptrs = ((struct phy_ptrs_config){ 1, 2, 0, false }), c.ptrs_layer = 4);
	REFUSED(PHY_PUSCH_PTRS, c.transform_precoding = true, c.mcs_table = PHY_MCS_TP_64QAM,
		c.ptrs.time_density = 1, c.ptrs.groups = ((struct phy_ptrs_groups){ 8, 2 }));
	REFUSED(PHY_PUSCH_PTRS, c.transform_precoding = true, c.mcs_table = PHY_MCS_TP_64QAM,
		c.ptrs.time_density = 4, c.ptrs.groups = ((struct phy_ptrs_groups){ 2, 2 }));
	assert_int_equal(named, 1u << PHY_PUSCH_PTRS);
}

/* Each refusal by its name. */
static void test_refused(void **state)
{
	struct phy_pusch_config c = plain;
	unsigned named = 0;

	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
	REFUSED(PHY_PUSCH_NUMEROLOGY, c.mu = 4);
	REFUSED(PHY_PUSCH_NUMEROLOGY, c.extended = true);
	REFUSED(PHY_PUSCH_BANDWIDTH, c.bwp_prbs = 276);
	REFUSED(PHY_PUSCH_TIME, c.time.s = 1, c.time.l = 10);
	REFUSED(PHY_PUSCH_PRBS, c.prbs.at[0] = 3);
	REFUSED(PHY_PUSCH_PRBS, c.prbs.at[3] = 20);
	REFUSED(PHY_PUSCH_HOPPING, c.hopping = PHY_PUSCH_HOPPING_INTER, c.prbs.at[3] = 6);
	REFUSED(PHY_PUSCH_HOPPING, c.hopping = PHY_PUSCH_HOPPING_INTER, c.hop_offset = 15);
	REFUSED(PHY_PUSCH_HOPPING, c.hopping = PHY_PUSCH_HOPPINGS);
	REFUSED(PHY_PUSCH_LAYERS, c.layers = 5);
	REFUSED(PHY_PUSCH_LAYERS, c.layers = 2, c.transform_precoding = true);
	REFUSED(PHY_PUSCH_PRECODING, c.codebook = true, c.antenna_ports = 2, c.tpmi = 6);
	REFUSED(PHY_PUSCH_TRANSFORM, c.transform_precoding = true, c.prbs.at[3] = 6);
	REFUSED(PHY_PUSCH_TRANSFORM, c.transform_precoding = true, c.prbs.n = 7, c.prbs.at[4] = 6,
		c.prbs.at[5] = 7, c.prbs.at[6] = 8);
	REFUSED(PHY_PUSCH_DMRS, c.ports[0] = 4);
	REFUSED(PHY_PUSCH_DMRS, c.layers = 2, c.ports[1] = 0);
	REFUSED(PHY_PUSCH_DMRS, c.ports[0] = 2, c.dmrs.groups_without_data = 1);
	REFUSED(PHY_PUSCH_DMRS_TRANSFORM, c.transform_precoding = true, c.dmrs.groups_without_data = 1);
	REFUSED(PHY_PUSCH_DMRS_TIME, c.dmrs.double_symbol = true, c.dmrs.additional = 2);
	REFUSED(PHY_PUSCH_DMRS_REFERENCE, c.dmrs.reference_crb = 1);
	REFUSED(PHY_PUSCH_IDENTITY, c.n_id = 1024);
	REFUSED(PHY_PUSCH_IDENTITY, c.dmrs.n_scid = 2);
	REFUSED(PHY_PUSCH_PTRS, c.ptrs = ((struct phy_ptrs_config){ 3, 2, 0, false }));
	REFUSED(PHY_PUSCH_MCS, c.mcs_table = PHY_MCS_1024QAM);
	REFUSED(PHY_PUSCH_MCS, c.mcs_table = PHY_MCS_TP_64QAM);
	REFUSED(PHY_PUSCH_MCS, c.mcs = 32);
	REFUSED(PHY_PUSCH_KEPT, c.mcs = 29);
	REFUSED(PHY_PUSCH_KEPT, c.kept_tbs = 1000);
	REFUSED(PHY_PUSCH_TBS, c.overhead = 5);
	REFUSED(PHY_PUSCH_RV, c.rv = 4);
	REFUSED(PHY_PUSCH_UCI, c.uci.bits[0] = 1707);
	REFUSED(PHY_PUSCH_NO_RE, c.time.type_b = true, c.time.l = 1, c.mcs = 29, c.kept_tbs = 24,
		c.kept_rate_x2048 = 100);
	named |= 1u << PHY_PUSCH_OK;
	assert_int_equal(named, (1u << PHY_PUSCH_ERRORS) - 1);
	for (unsigned e = 0; e < PHY_PUSCH_ERRORS; e++)
		assert_true(strlen(phy_pusch_error_text(e)) > 1);
#undef REFUSED
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_refused_ptrs),
	};
	int failed;

	kern_init(&kern, KERN_LEVELS - 1);
	dfts = phy_dfts_new();
	sender = phy_pusch_sender_new(dfts);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	phy_pusch_sender_free(sender);
	phy_dfts_free(dfts);
	return failed;
}
