/*
 * PDSCH of several layers. What it sends against a second implementation, over random configurations; what is
 * received of all numbers of layers and antennas, by precoders that change from one group of blocks to the
 * next.
 * --bench: the time of a slot.
 */
#include <time.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/clauses_test.h"
#include "radio/phy/channels/pdsch.h"
#include "radio/phy/phy_test.h"

enum {
	GRID_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB,
	CODED_MAX = GRID_MAX * 8,
	OCTETS_MAX = SEGMENT_A_MAX / 8 + 8,
};

static struct kern kern;
static struct phy_chest_filters *filters;
static struct phy_pdsch_sender *sender;
static struct phy_pdsch_receiver *receiver;
static struct phy_harq *harq[PHY_CODEWORDS_MAX];
static struct phy_pdsch plan;
static struct phy_precoding precoders[PHY_PRGS_MAX];
static struct phy_cf re[PHY_PORTS_MAX][GRID_MAX], want[PHY_PORTS_MAX][GRID_MAX];
static struct phy_grid ports[PHY_PORTS_MAX], antennas[PHY_ANTENNAS_MAX];
static uint8_t blocks[PHY_CODEWORDS_MAX][OCTETS_MAX], back[PHY_CODEWORDS_MAX][OCTETS_MAX];
static const uint8_t *const tb[PHY_CODEWORDS_MAX] = { blocks[0], blocks[1] };
static uint8_t *const got[PHY_CODEWORDS_MAX] = { back[0], back[1] };
static uint8_t coded[CODED_MAX / 8], bits[PHY_CODEWORDS_MAX][CODED_MAX], sequence[CODED_MAX];

/* The antennas receive into want[]. */
static void open_grids(const struct phy_pdsch_config *c, unsigned more, unsigned below)
{
	for (unsigned i = 0; i < PHY_PORTS_MAX; i++) {
		ports[i] = (struct phy_grid){ re[i], (uint16_t)(c->bwp_prbs + more),
			(uint16_t)(c->bwp_start - below), c->extended ? 12 : 14 };
		antennas[i] = ports[i];
		antennas[i].re = want[i];
	}
}

/* 14 symbols from 0 on, DM-RS in 2 and 11 with nothing beside it, of two symbols from five layers on. */
static struct phy_pdsch_config plain_config(unsigned prbs, unsigned mcs, unsigned layers)
{
	struct phy_pdsch_config c = { .mu = 1,
		.bwp_prbs = (uint16_t)prbs,
		.time = { .s = 0, .l = 14 },
		.dmrs = { .double_symbol = layers > 4,
			.additional = 1,
			.type_a_position = 2,
			.groups_without_data = 2,
			.n_id = { 77, 78 } },
		.layers = (uint8_t)layers,
		.ports = { 0, 1, 2, 3, 4, 5, 6, 7 },
		.rnti = 0x4601,
		.n_id = 77,
		.codeword = { { .mcs = (uint8_t)mcs }, { .mcs = (uint8_t)(mcs > 2 ? mcs - 2 : 0) } } };

	c.prbs.n = (uint16_t)prbs;
	for (unsigned i = 0; i < prbs; i++)
		c.prbs.at[i] = (uint16_t)i;
	return c;
}

static void make_blocks(void)
{
	for (unsigned q = 0; q < plan.codewords; q++) {
		draw_packed(blocks[q], plan.sch[q].a);
		phy_harq_reset(harq[q]);
	}
}

/* A precoder a group, of columns that have nothing to do with one another; their power is 1 a layer. */
static void make_precoders(unsigned ports_n)
{
	for (unsigned i = 0; i < phy_pdsch_prgs(&plan); i++) {
		struct phy_precoding *w = &precoders[i];

		*w = (struct phy_precoding){ .ports = (uint8_t)ports_n, .layers = plan.config.layers };
		for (unsigned l = 0; l < w->layers; l++) {
			double power = 0;

			for (unsigned p = 0; p < ports_n; p++) {
				w->w[p][l] = gaussian_cf();
				power += hypot(w->w[p][l].re, w->w[p][l].im) *
					 hypot(w->w[p][l].re, w->w[p][l].im);
			}
			for (unsigned p = 0; p < ports_n; p++) {
				w->w[p][l].re /= (float)sqrt(power);
				w->w[p][l].im /= (float)sqrt(power);
			}
		}
	}
}

static struct phy_dmrs random_dmrs(unsigned bwp_start)
{
	return (struct phy_dmrs){ .type2 = pick(0, 1),
		.double_symbol = pick(0, 1),
		.per_group = pick(0, 1),
		.additional = (uint8_t)pick(0, 2),
		.type_a_position = (uint8_t)pick(2, 3),
		.groups_without_data = (uint8_t)pick(1, 3),
		.n_scid = (uint8_t)pick(0, 1),
		.n_id = { (uint16_t)draw(), (uint16_t)draw() },
		.reference_crb = (uint16_t)(pick(0, 1) * pick(0, bwp_start)) };
}

static struct phy_pdsch_config random_config(struct phy_reserved *reserved)
{
	struct phy_pdsch_config c = plain_config(pick(1, 20), 0, pick(1, 8));
	bool shuffled = pick(0, 1);
	unsigned n = 0;

	c.mu = (uint8_t)pick(0, 3);
	c.extended = c.mu == 2 && pick(0, 1);
	c.bwp_start = (uint16_t)pick(5, 50);
	for (unsigned i = 0; i < c.bwp_prbs; i++) {
		if (pick(0, 4))
			c.prbs.at[n++] = (uint16_t)i;
	}
	for (unsigned i = n; i-- > 1 && shuffled;) { /* virtual blocks in any order */
		unsigned j = pick(0, i);
		uint16_t other = c.prbs.at[j];

		c.prbs.at[j] = c.prbs.at[i];
		c.prbs.at[i] = other;
	}
	c.prbs.n = (uint16_t)n;
	c.time = (struct phy_time_domain){ pick(0, 1), 0, (uint8_t)pick(0, 6), (uint8_t)pick(2, 14) };
	c.dmrs = random_dmrs(c.bwp_start);
	for (unsigned i = 0; i < PHY_LAYERS_MAX; i++)
		c.ports[i] = (uint8_t)(pick(0, 9) ? i : pick(0, 11));
	c.ptrs = (struct phy_ptrs_config){ (uint8_t)(pick(0, 1) << pick(0, 2)), (uint8_t)(2 << pick(0, 1)),
		(uint8_t)pick(0, 3), pick(0, 1) };
	c.prg_prbs = (uint8_t)(2 * pick(0, 2));
	c.rnti = (uint16_t)draw();
	c.n_id = (uint16_t)pick(0, 1023);
	c.mcs_table = pick(0, 3);
	for (unsigned q = 0; q < PHY_CODEWORDS_MAX; q++)
		c.codeword[q] =
			(struct phy_pdsch_codeword){ (uint8_t)pick(0, 27), (uint8_t)pick(0, 3), 0, 0 };
	*reserved = (struct phy_reserved){ (uint16_t)(draw() & draw() & 0x3fff), (uint16_t)pick(0, 0xfff),
		(uint16_t)pick(0, 70), (uint16_t)pick(0, 10) };
	c.reserved = reserved;
	c.reserved_n = pick(0, 1);
	return c;
}

/* What a layer has on an RE of a block, at the antenna ports: 38.211 7.3.1.4, 38.214 5.1.2.3. */
static void add(const struct phy_pdsch_config *c, unsigned layer, unsigned l, unsigned prb, unsigned k,
	double a, struct phy_cf v, bool precoded)
{
	unsigned crb = c->bwp_start + prb, group = 0;

	if (c->prg_prbs > 0)
		group = crb / c->prg_prbs - c->bwp_start / c->prg_prbs;
	for (unsigned p = 0; p < (precoded ? precoders[0].ports : c->layers); p++) {
		size_t at = ((size_t)l * ports[p].prbs + crb - ports[p].first_crb) * 12 + k;
		struct phy_cf f = precoded ? precoders[group].w[p][layer] : (struct phy_cf){ p == layer, 0 };

		want[p][at].re += (float)(a * (f.re * v.re - f.im * v.im));
		want[p][at].im += (float)(a * (f.re * v.im + f.im * v.re));
	}
}

static bool is_reserved(const struct phy_pdsch_config *c, unsigned l, unsigned crb, unsigned k)
{
	const struct phy_reserved *r = c->reserved;

	return c->reserved_n > 0 && r->symbols >> l & 1 && r->re >> k & 1 && crb >= r->first_crb &&
	       crb < r->first_crb + r->prbs;
}

/* The layer that PT-RS go with: 38.214 5.1.6.3. */
static unsigned expect_ptrs_layer(const struct phy_pdsch_config *c)
{
	unsigned first = c->layers > 4 ? c->layers / 2 : c->layers;
	bool other = c->layers > 4 && c->codeword[1].mcs > c->codeword[0].mcs;
	unsigned best = other ? first : 0;

	for (unsigned i = 0; i < c->layers; i++) {
		if ((i >= first) == other && c->ports[i] < c->ports[best])
			best = i;
	}
	return best;
}

static bool is_ptrs(const struct phy_pdsch_config *c, unsigned l, unsigned prb, unsigned k)
{
	return clauses_ptrs_in_symbol(l, c->time.s, c->time.l, plan.dmrs_symbols, c->dmrs.double_symbol,
		       c->ptrs.time_density) &&
	       clauses_ptrs(
		       &c->ptrs, c->dmrs.type2, c->ports[expect_ptrs_layer(c)], c->rnti, &c->prbs, prb, k);
}

static void expect_dmrs(
	const struct phy_pdsch_config *c, unsigned slot, unsigned l, unsigned layer, bool precoded)
{
	const struct phy_dmrs *d = &c->dmrs;
	bool second = d->double_symbol && __builtin_popcount(plan.dmrs_symbols & ((1u << l) - 1)) % 2;

	clauses_gold(sequence, clauses_dmrs_init(d, c->ports[layer], c->extended ? 12 : 14, slot, l),
		2 * 6 * (c->bwp_start + c->bwp_prbs + 1u));
	for (unsigned i = 0; i < 12u * c->prbs.n; i++) {
		unsigned prb = c->prbs.at[i / 12], pairs = d->type2 ? 2 : 3, at;
		struct clauses_pilot pilot;

		if (!clauses_pilot(&pilot, d, c->ports[layer], second, i % 12))
			continue;
		at = 2 * ((c->bwp_start + prb - d->reference_crb) * pairs + pilot.n) + pilot.k_prime;
		add(c, layer, l, prb, i % 12, pilot.factor, clauses_point(sequence + 2 * at, 2, 0), precoded);
	}
}

/* The codewords as sent, bits one an octet. */
static void expect_bits(const struct phy_pdsch_config *c)
{
	struct phy_sch_encoder *e = phy_sch_encoder_new();

	for (unsigned q = 0; q < plan.codewords; q++) {
		assert_true(phy_sch_encode(e, &kern, &plan.sch[q], tb[q], coded));
		clauses_gold(sequence, (uint32_t)c->rnti << 15 | q << 14 | c->n_id, plan.sch[q].g);
		for (uint32_t i = 0; i < plan.sch[q].g; i++)
			bits[q][i] = (uint8_t)(bits_get(coded, i) ^ sequence[i]);
	}
	phy_sch_encoder_free(e);
}

/* PT-RS of a symbol; how many. */
static unsigned expect_ptrs(const struct phy_pdsch_config *c, unsigned slot, unsigned l, bool precoded)
{
	static const double db[] = { 0, 3, 4.77, 6, 7, 7.78 };
	unsigned layer = expect_ptrs_layer(c), port = c->ports[layer], n = 0;
	unsigned first = (unsigned)__builtin_ctz(plan.dmrs_symbols), pairs = c->dmrs.type2 ? 2 : 3;

	clauses_gold(sequence, clauses_dmrs_init(&c->dmrs, port, c->extended ? 12 : 14, slot, first),
		2 * 6 * (c->bwp_start + c->bwp_prbs + 1u));
	for (unsigned i = 0; i < 12u * c->prbs.n; i++) {
		unsigned prb = c->prbs.at[i / 12], crb = c->bwp_start + prb, at;
		struct clauses_pilot pilot = { 0 };

		if (!is_ptrs(c, l, prb, i % 12) || is_reserved(c, l, crb, i % 12))
			continue;
		assert_true(clauses_pilot(&pilot, &c->dmrs, port, false, i % 12));
		at = 2 * ((crb - c->dmrs.reference_crb) * pairs + pilot.n) + pilot.k_prime;
		add(c, layer, l, prb, i % 12, c->ptrs.all_power ? pow(10, db[c->layers - 1] / 20) : 1,
			clauses_point(sequence + 2 * at, 2, 0), precoded);
		n++;
	}
	return n;
}

/* The data of symbol l, from RE *at of those for data on: Table 7.3.1.3-1. */
static void expect_data(const struct phy_pdsch_config *c, unsigned l, size_t *at, bool precoded)
{
	unsigned first = c->layers > 4 ? c->layers / 2 : c->layers;

	for (unsigned i = 0; i < 12u * c->prbs.n; i++) {
		unsigned k = i % 12, prb = c->prbs.at[i / 12], group = c->dmrs.type2 ? k % 6 / 2 : k % 2;
		unsigned crb = c->bwp_start + prb;

		if (plan.dmrs_symbols >> l & 1 && group < c->dmrs.groups_without_data)
			continue;
		if (is_reserved(c, l, crb, k) || is_ptrs(c, l, prb, k))
			continue;
		for (unsigned layer = 0; layer < c->layers; layer++) {
			unsigned q = layer >= first, of = q ? c->layers - first : first;
			size_t symbol = *at * of + layer - q * first;

			add(c, layer, l, prb, k, 1,
				clauses_point(bits[q] + symbol * plan.sch[q].q_m, plan.sch[q].q_m, symbol),
				precoded);
		}
		++*at;
	}
}

static size_t ptrs_sent;

/* REs that a layer's signal does not reach keep what they had. */
static const struct phy_cf before = { 3, -5 };

static void compare(const struct phy_pdsch_config *c, unsigned slot, bool precoded)
{
	unsigned count = precoded ? precoders[0].ports : c->layers;
	size_t n = 12u * ports[0].prbs * ports[0].symbols, at = 0, pilots = 0, written = 0;

	expect_bits(c);
	for (unsigned p = 0; p < count; p++)
		memset(want[p], 0, n * sizeof(want[p][0]));
	for (unsigned l = c->time.s; l < c->time.s + c->time.l; l++) {
		expect_data(c, l, &at, precoded);
		pilots += c->ptrs.time_density > 0 ? expect_ptrs(c, slot, l, precoded) : 0;
		for (unsigned layer = 0; plan.dmrs_symbols >> l & 1 && layer < c->layers; layer++)
			expect_dmrs(c, slot, l, layer, precoded);
	}
	assert_int_equal(at, plan.plan.re);
	for (size_t i = 0; i < count * n; i++) {
		struct phy_cf is = re[i / n][i % n], should = want[i / n][i % n];
		bool own = fabsf(is.re - before.re) > 0 || fabsf(is.im - before.im) > 0;

		written += own;
		if (own ? fabsf(is.re - should.re) > 2e-4f || fabsf(is.im - should.im) > 2e-4f
			: should.re != 0 || should.im != 0)
			fail_msg("%u layers, port %zu, RE %zu: %g %g, not %g %g", c->layers, i / n, i % n,
				(double)is.re, (double)is.im, (double)should.re, (double)should.im);
	}
	ptrs_sent += pilots;
	assert_int_equal(
		written, count * (at + pilots +
					 (size_t)c->prbs.n * (unsigned)__builtin_popcount(plan.dmrs_re) *
						 (unsigned)__builtin_popcount(plan.dmrs_symbols)));
}

static void test_sent(void **state)
{
	unsigned legal = 0, layers[PHY_LAYERS_MAX + 1] = { 0 }, groups = 0;

	for (unsigned i = 0; legal < 300; i++) {
		struct phy_reserved reserved;
		struct phy_pdsch_config c;
		bool precoded;
		unsigned slot;

		seed = i * 1000003u;
		kern_init(&kern, i % KERN_LEVELS);
		c = random_config(&reserved);
		slot = pick(0, (10u << c.mu) - 1);
		precoded = pick(0, 3);
		if (phy_pdsch_init(&plan, &c) != PHY_PDSCH_OK)
			continue;
		legal++;
		layers[c.layers]++;
		make_blocks();
		make_precoders(pick(1, 8));
		groups += precoded && phy_pdsch_prgs(&plan) > 1;
		open_grids(&c, pick(0, 3) + 4, pick(0, 4));
		for (size_t n = 0; n < PHY_PORTS_MAX * (size_t)GRID_MAX; n++)
			re[n / GRID_MAX][n % GRID_MAX] = before;
		assert_true(
			phy_pdsch_send(sender, &kern, &plan, slot, tb, precoded ? precoders : NULL, ports));
		compare(&c, slot, precoded);
	}
	print_message("layers %u %u %u %u %u %u %u %u, %u by groups, %zu PT-RS\n", layers[1], layers[2],
		layers[3], layers[4], layers[5], layers[6], layers[7], layers[8], groups, ptrs_sent);
	for (unsigned n = 1; n <= PHY_LAYERS_MAX; n++)
		assert_true(layers[n] > 2);
	assert_true(groups > 30 && ptrs_sent > 1000);
}

/* Each port to each antenna over two paths, one a little late; noise of this variance. */
static void pass(unsigned ports_n, unsigned count, double noise)
{
	size_t width = ports[0].prbs * 12u, n = width * ports[0].symbols;

	for (unsigned a = 0; a < count; a++) {
		memset(want[a], 0, n * sizeof(want[a][0]));
		add_noise(want[a], n, noise);
		for (unsigned p = 0; p < ports_n; p++)
			add_two_paths(want[a], re[p], n, width, 0.01);
	}
}

static struct phy_pdsch_result receive(unsigned slot, unsigned count)
{
	struct phy_pdsch_result result;

	assert_true(phy_pdsch_receive(receiver, &kern, &plan, slot, antennas, count, harq, got, &result));
	return result;
}

static bool came(const struct phy_pdsch_result *r)
{
	for (unsigned q = 0; q < plan.codewords; q++) {
		if (!r->sch[q].ok || !same_bits(blocks[q], back[q], plan.sch[q].a))
			return false;
	}
	return r->ok;
}

/* Sends from so many ports by precoders (0: a port a layer) to so many antennas. */
static struct phy_pdsch_result once(unsigned slot, unsigned ports_n, unsigned count, double noise)
{
	make_blocks();
	open_grids(&plan.config, 0, 0);
	for (unsigned p = 0; p < PHY_PORTS_MAX; p++)
		memset(re[p], 0, sizeof(re[p]));
	if (ports_n > 0)
		make_precoders(ports_n);
	assert_true(phy_pdsch_send(sender, &kern, &plan, slot, tb, ports_n > 0 ? precoders : NULL, ports));
	pass(ports_n > 0 ? ports_n : plan.config.layers, count, noise);
	return receive(slot, count);
}

/* Every number of layers, at as many antennas and at 8, at each level. */
static void test_layers(void **state)
{
	for (unsigned i = 0; i < KERN_LEVELS * 8 * 2; i++) {
		unsigned layers = 1 + i % 8, count = i / 8 % 2 ? 8 : layers;
		struct phy_pdsch_config c = plain_config(24, layers < 3 ? 10 : 4, layers);
		struct phy_pdsch_result r;

		kern_init(&kern, i / 16);
		seed = 100 + i;
		assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
		r = once(3, 0, count, count > layers ? 0.03 : 1e-4);
		if (!came(&r))
			fail_msg("%u layers at %u antennas", layers, count);
		assert_int_equal(r.channel.antennas, count);
	}
}

/*
 * Groups of 2 and 4 blocks whose precoders differ come through when the receiver knows of them, and not when
 * it takes them for one.
 */
static void test_groups(void **state)
{
	unsigned known[2] = { 0 }, unknown = 0;

	kern_init(&kern, KERN_LEVELS - 1);
	for (unsigned i = 0; i < 40; i++) {
		struct phy_pdsch_config c = plain_config(25, 24, 1 + i / 2 % 2);
		struct phy_pdsch_result r;

		seed = i;
		c.bwp_start = (uint16_t)pick(0, 3);
		c.prg_prbs = i % 2 ? 4 : 2;
		assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
		r = once(3, 4, 4, i / 4 % 2 ? 0.0003 : 0.00003);
		known[i % 2] += came(&r);
		c.prg_prbs = 0;
		assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
		phy_harq_reset(harq[0]);
		r = receive(3, 4);
		unknown += came(&r);
	}
	print_message("groups of 2: %u of 20, of 4: %u; taken for one: %u\n", known[0], known[1], unknown);
	assert_true(known[0] == 20 && known[1] == 20);
	assert_true(unknown <= 14);
}

/* Interference that the antennas have in common is suppressed at four of them (MMSE-IRC), not at one. */
static void test_interference(void **state)
{
	struct phy_pdsch_config c = plain_config(50, 9, 2);
	unsigned alone = 0, together = 0;

	kern_init(&kern, KERN_LEVELS - 1);
	for (unsigned i = 0; i < 10; i++) {
		unsigned count = i % 2 ? 4 : 2;
		struct phy_cf from[4];
		struct phy_pdsch_result r;

		seed = i;
		assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
		(void)once(1, 2, count, 0.01);
		phy_harq_reset(harq[0]);
		for (unsigned a = 0; a < count; a++)
			from[a] = gaussian_cf();
		for (size_t n = 0; n < 14 * 12 * 50; n++) {
			struct phy_cf v = gaussian_cf();

			for (unsigned a = 0; a < count; a++) {
				want[a][n].re += 1.4f * (from[a].re * v.re - from[a].im * v.im);
				want[a][n].im += 1.4f * (from[a].re * v.im + from[a].im * v.re);
			}
		}
		r = receive(1, count);
		*(i % 2 ? &together : &alone) += came(&r);
	}
	assert_int_equal(together, 5);
	assert_true(alone <= 1);
}

/* Phase noise: a walk from symbol to symbol. */
static void wander(unsigned count, double step)
{
	size_t width = antennas[0].prbs * 12u;
	double phase = 0;

	for (unsigned l = 0; l < antennas[0].symbols; l++, phase += step * gaussian()) {
		struct phy_cf turn = { (float)cos(phase), (float)sin(phase) };

		for (size_t i = 0; i < count * width; i++) {
			struct phy_cf *v = &want[i / width][l * width + i % width];

			*v = (struct phy_cf){ v->re * turn.re - v->im * turn.im,
				v->re * turn.im + v->im * turn.re };
		}
	}
}

/* A phase that walks is followed by PT-RS of every symbol and of every other, and by nothing without them. */
static void test_phase(void **state)
{
	unsigned came_n[3] = { 0 };

	kern_init(&kern, KERN_LEVELS - 1);
	for (unsigned i = 0; i < 30; i++) {
		struct phy_pdsch_config c = plain_config(40, 20, 1 + i / 3 % 2);
		struct phy_pdsch_result r;

		seed = i;
		c.mu = 3;
		c.ptrs = (struct phy_ptrs_config){ (uint8_t)(i % 3), 2, 0, true };
		assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
		(void)once(1, 2, 4, 0.002);
		wander(4, 0.15);
		phy_harq_reset(harq[0]);
		r = receive(1, 4);
		came_n[i % 3] += came(&r);
	}
	print_message("of 10 came %u without PT-RS, %u with one a symbol, %u with one in two\n", came_n[0],
		came_n[1], came_n[2]);
	assert_true(came_n[0] <= 3 && came_n[1] >= 9 && came_n[2] >= 7);
}

/* Of two codewords each has its own MCS, HARQ and verdict. */
static void test_codewords(void **state)
{
	struct phy_pdsch_config c = plain_config(24, 2, 6);
	struct phy_pdsch_result r;

	kern_init(&kern, KERN_LEVELS - 1);
	c.codeword[1].mcs = 27;
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	assert_int_equal(plan.codewords, 2);
	assert_int_equal(plan.sch[0].layers, 3);
	assert_int_equal(plan.modulation[1], PHY_64QAM);
	seed = 4;
	r = once(3, 0, 8, 0.1);
	assert_true(r.sch[0].ok && !r.sch[1].ok && !r.ok);
	assert_true(same_bits(blocks[0], back[0], plan.sch[0].a));
	c.layers = 7;
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	assert_int_equal(plan.sch[0].layers, 3);
	assert_int_equal(plan.sch[1].layers, 4);
	c.codeword[1].mcs = 32;
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_MCS);
}

static void test_refused(void **state)
{
	struct phy_pdsch_config c = plain_config(20, 5, 2);
	struct phy_pdsch_result result;

	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	make_blocks();
	make_precoders(4);
	open_grids(&c, 0, 0);
	precoders[0].layers = 1;
	assert_false(phy_pdsch_send(sender, &kern, &plan, 0, tb, precoders, ports));
	precoders[0].layers = 2, precoders[0].ports = 0;
	assert_false(phy_pdsch_send(sender, &kern, &plan, 0, tb, precoders, ports));
	precoders[0].ports = 9;
	assert_false(phy_pdsch_send(sender, &kern, &plan, 0, tb, precoders, ports));
	precoders[0].ports = 4, ports[3].prbs = 19;
	assert_false(phy_pdsch_send(sender, &kern, &plan, 0, tb, precoders, ports));
	assert_false(phy_pdsch_receive(receiver, &kern, &plan, 0, antennas, 0, harq, got, &result));
	assert_false(phy_pdsch_receive(receiver, &kern, &plan, 0, antennas, 9, harq, got, &result));
	assert_false(phy_pdsch_receive(receiver, &kern, &plan, 20, antennas, 1, harq, got, &result));
	antennas[1].symbols = 12;
	assert_false(phy_pdsch_receive(receiver, &kern, &plan, 0, antennas, 2, harq, got, &result));
	assert_null(phy_pdsch_receiver_new(filters, 9, 1));
	assert_null(phy_pdsch_receiver_new(filters, 1, 9));
	assert_null(phy_pdsch_receiver_new(filters, 0, 1));
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void bench_one(unsigned layers)
{
	struct phy_pdsch_config c = plain_config(273, 27, layers);
	double send = 1, take = 1;
	struct phy_pdsch_result r;

	c.mcs_table = PHY_MCS_256QAM;
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	r = once(3, 4, 4, 1e-5);
	for (unsigned i = 0; i < 50; i++) {
		double start = seconds(), middle;

		assert_true(phy_pdsch_send(sender, &kern, &plan, 3, tb, precoders, ports));
		middle = seconds();
		phy_harq_reset(harq[0]);
		r = receive(3, 4);
		send = fmin(send, middle - start);
		take = fmin(take, seconds() - middle);
	}
	assert_true(came(&r));
	printf("pdsch_transmit_slot_273_%u_layers_4_ports %.1f us\n", layers, send * 1e6);
	printf("pdsch_receive_slot_273_%u_layers_4_antennas %.1f us\n", layers, take * 1e6);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sent),
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_interference),
		cmocka_unit_test(test_phase),
		cmocka_unit_test(test_codewords),
		cmocka_unit_test(test_refused),
	};
	int failed = 0;

	kern_init(&kern, KERN_LEVELS - 1);
	filters = phy_chest_filters_new();
	sender = phy_pdsch_sender_new();
	receiver = phy_pdsch_receiver_new(filters, PHY_ANTENNAS_MAX, PHY_LAYERS_MAX);
	for (unsigned q = 0; q < PHY_CODEWORDS_MAX; q++)
		harq[q] = phy_harq_new(SEGMENT_A_MAX);
	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		for (unsigned layers = 1; layers <= 4; layers *= 2)
			bench_one(layers);
	} else {
		failed = cmocka_run_group_tests(tests, NULL, NULL);
	}
	for (unsigned q = 0; q < PHY_CODEWORDS_MAX; q++)
		phy_harq_free(harq[q]);
	phy_pdsch_sender_free(sender);
	phy_pdsch_receiver_free(receiver);
	phy_chest_filters_free(filters);
	return failed;
}
