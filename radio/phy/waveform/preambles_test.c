/*
 * Preambles by SIB1: what is sent in occasions of every kind of carrier is heard in them and nothing else,
 * where the recording has it; frequencies are looked for by a transform of the whole, RA-RNTIs
 * by 38.321 5.1.3 written out.
 */
#include "radio/phy/waveform/preambles.h"

#include <stdlib.h>

#include "radio/phy/phy_test.h"
#include "radio/phy/search/sib1.h"
#include "radio/phy/waveform/sib1_message.h"
#include "wire/rrc/rrc.h"

enum { ARENA_OCTETS = 16384, FRAME_MS = 10, MS = 14, TRANSFORM = 16384 };

static struct kern kern;

struct cell {
	unsigned band, bandwidth_mhz;
	uint8_t mu;
	uint16_t prbs;
	unsigned fft_size;
	enum phy_ssb_case pattern;
	/* RACH-ConfigCommon, changed in our own SIB1; 0 for the index that has */
	uint8_t index, fdm, zone, start;
};

static const struct cell cells[] = {
	{ 3, 20, 0, 106, 2048, PHY_SSB_CASE_A, 0, 0, 12, 0 },
	{ 3, 20, 0, 106, 2048, PHY_SSB_CASE_A, 27, 2, 8, 50 }, /* format 0 in all subframes, four occasions */
	{ 3, 20, 0, 106, 2048, PHY_SSB_CASE_A, 47, 1, 13, 11 }, /* format 1, over several subframes */
	{ 78, 20, 1, 51, 1024, PHY_SSB_CASE_C, 0, 0, 12, 0 },
	{ 78, 20, 1, 51, 1024, PHY_SSB_CASE_C, 102, 1, 10, 3 },
	{ 257, 100, 3, 66, 1024, PHY_SSB_CASE_D, 0, 1, 11, 30 },
};

static void change(struct rrc_bcch_dl_sch_message *m, const struct cell *c)
{
	struct rrc_sib1 *sib1 = &m->message.u.c1.u.system_information_block_type1;
	struct rrc_rach_config_generic *g =
		&sib1->serving_cell_config_common->uplink_config_common->initial_uplink_bwp
			 .rach_config_common->u.setup.rach_config_generic;

	if (c->index)
		g->prach_configuration_index = c->index;
	g->msg1_fdm = (enum rrc_rach_config_generic_msg1_fdm)c->fdm;
	g->msg1_frequency_start = c->start;
	g->zero_correlation_zone_config = c->zone;
}

static struct bytes sib1_of(const struct cell *c, uint8_t octets[PHY_SIB1_OCTETS_MAX])
{
	const struct phy_waveform_config cell = { .mu = c->mu,
		.prbs = c->prbs,
		.pattern = c->pattern,
		.l_max = c->pattern == PHY_SSB_CASE_D ? 64 : 8,
		.period_ms = 20,
		.sent = 1 };
	const struct phy_waveform_place place = { 0 };
	const struct phy_sib1_message message = { &cell, &place, c->band, c->bandwidth_mhz,
		c->band == 3 ? UINT64_C(1842500000) : UINT64_C(3550020000), { 0, 0, 1 }, { 0, 1 }, 2, 1, 1 };
	uint8_t own[PHY_SIB1_OCTETS_MAX];
	struct writer w = writer_of(own, sizeof(own)), changed = writer_of(octets, PHY_SIB1_OCTETS_MAX);
	uint64_t first[ARENA_OCTETS / 8];
	struct rrc_bcch_dl_sch_message m;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, first, sizeof(first), 0);
	assert_true(phy_sib1_message_encode(&message, &w));
	assert_true(rrc_decode(&rrc_bcch_dl_sch_message_type, writer_bytes(&w), &arena, &m, &diag));
	change(&m, c);
	assert_true(rrc_encode(&rrc_bcch_dl_sch_message_type, &m, &changed));
	arena_fini(&arena);
	return writer_bytes(&changed);
}

static void take(const struct cell *c, struct phy_rach *r)
{
	uint8_t octets[PHY_SIB1_OCTETS_MAX];

	assert_int_equal(phy_rach_init(r, sib1_of(c, octets)), PHY_RACH_OK);
}

static struct phy_cf *send(
	const struct cell *c, const struct phy_rach *r, uint64_t sent, size_t late, size_t *count)
{
	struct phy_preambles *p = phy_preambles_new(r, sent, c->fft_size, 0, 1);
	size_t n = (size_t)c->fft_size * 15 << c->mu;
	struct phy_cf *x = calloc(MS * n + late, sizeof(*x));

	assert_non_null(p);
	assert_non_null(x);
	for (unsigned i = 0; i < MS; i++)
		phy_preambles_run(p, &kern, x + late + i * n);
	phy_preambles_free(p);
	*count = MS * n + late;
	return x;
}

/* All occasions of the first frame have these preambles, so late; how many occasions there are. */
static unsigned hear(const struct phy_rach *r, const struct phy_recording *in, double frame_start,
	uint64_t sent, double delay_s)
{
	struct phy_rach_ear *ear = phy_rach_ear_new(r, in->rate_hz);
	unsigned count = 0;

	assert_non_null(ear);
	for (unsigned slot = 0; slot < r->slots; slot++) {
		struct phy_prach_occasion o[PHY_PRACH_OCCASIONS_MAX];
		unsigned n = phy_rach_occasions(r, 0, slot, o);

		for (unsigned i = 0; i < n * r->fdm; i++, count++) {
			struct phy_prach_found found[PHY_PRACH_PREAMBLES];
			unsigned heard = phy_rach_hear(
				ear, &kern, in, frame_start, slot, &o[i / r->fdm], i % r->fdm, found);
			uint64_t which = 0;

			for (unsigned f = 0; f < heard; f++) {
				which |= UINT64_C(1) << found[f].preamble;
				assert_true(fabs((double)found[f].delay_s - delay_s) < 3e-7);
			}
			assert_int_equal(which, sent);
		}
	}
	phy_rach_ear_free(ear);
	return count;
}

static void test_heard(void **state)
{
	static const unsigned occasions[] = { 1, 40, 4, 1, 12, 40 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		const struct cell *c = &cells[i];
		double rate_hz = c->fft_size * (15e3 * (1 << c->mu));
		uint64_t sent = UINT64_C(1) << 5 | UINT64_C(1) << 33;
		size_t count, late = 100 + (size_t)(draw() % 50), delay = c->mu == 3 ? 3 : 20;
		struct phy_recording in;
		struct phy_cf *x;
		struct phy_rach r;
		unsigned n;

		take(c, &r);
		x = send(c, &r, sent, late + delay, &count);
		add_noise(x, count, 0.09);
		in = (struct phy_recording){ x, count, rate_hz };
		n = hear(&r, &in, (double)late, sent, (double)delay / rate_hz);
		assert_int_equal(n, occasions[i]);
		free(x);
	}
}

/* Noise alone, and preambles of other roots, are none; nor is what is cut off at either end. */
static void test_not_heard(void **state)
{
	const struct cell *c = &cells[0];
	struct phy_prach_found found[PHY_PRACH_PREAMBLES];
	struct phy_prach_occasion o[PHY_PRACH_OCCASIONS_MAX];
	struct phy_recording in = { .rate_hz = 30.72e6 };
	struct phy_rach_ear *ear;
	struct phy_prach_config config;
	struct phy_rach r, other;
	struct phy_cf *x;
	size_t count;

	(void)state;
	take(c, &r);
	take(c, &other);
	config = other.plan[0].config;
	config.root_index = 300;
	assert_int_equal(phy_prach_init(&other.plan[0], &config), PHY_PRACH_OK);
	x = send(c, &other, UINT64_C(1) << 9, 0, &count);
	in.samples = x;
	in.count = count;
	(void)hear(&r, &in, 0, 0, 0);
	free(x);
	x = send(c, &r, 1, 0, &count);
	ear = phy_rach_ear_new(&r, in.rate_hz);
	assert_non_null(ear);
	assert_int_equal(phy_rach_occasions(&r, 0, 1, o), 1);
	in = (struct phy_recording){ x, count, in.rate_hz };
	assert_int_equal(phy_rach_hear(ear, &kern, &in, 0, 1, o, 0, found), 1);
	in.count = 2 * 30720 - 4000;
	assert_int_equal(phy_rach_hear(ear, &kern, &in, 0, 1, o, 0, found), 0);
	in.count = count;
	assert_int_equal(phy_rach_hear(ear, &kern, &in, -30730, 1, o, 0, found), 0);
	assert_int_equal(phy_rach_hear(ear, &kern, &in, (double)NAN, 1, o, 0, found), 0);
	phy_rach_ear_free(ear);
	free(x);
}

/* Where the power of an occasion lies: in its blocks, by a transform over the carrier's rate. */
static void test_frequency(void **state)
{
	static struct phy_cf out[TRANSFORM], work[TRANSFORM];
	const struct cell *c = &cells[1];
	double block = 12 * 15e3 / (30.72e6 / TRANSFORM), within = 0, all = 0;
	struct phy_fft fft;
	struct phy_rach r;
	struct phy_cf *x;
	size_t count;

	(void)state;
	take(c, &r);
	assert_int_equal(r.first_prb, 50);
	assert_int_equal(r.prbs, 6);
	assert_int_equal(r.fdm, 4);
	x = send(c, &r, 1, 0, &count);
	assert_true(phy_fft_init(&fft, TRANSFORM, false));
	phy_fft_run(&fft, &kern, out, x + 8000, work);
	for (int i = 0; i < TRANSFORM; i++) {
		double bin = i < TRANSFORM / 2 ? i : i - TRANSFORM, prb = bin / block + 106 / 2.0;
		double power = (double)out[i].re * (double)out[i].re + (double)out[i].im * (double)out[i].im;

		all += power;
		within += prb > 50 && prb < 50 + 4 * 6 ? power : 0;
	}
	assert_true(within > 0.99 * all);
	phy_fft_fini(&fft);
	free(x);
}

static void test_rnti(void **state)
{
	const struct phy_prach_occasion fr1 = { .symbol = 2, .slot = 1 }, fr2 = { .symbol = 7, .slot = 1 };
	struct phy_rach r;

	(void)state;
	take(&cells[3], &r); /* 30 kHz: subframe 9, its second slot is slot 19 */
	assert_int_equal(phy_rach_rnti(&r, 9, &fr1, 0), 1 + 2 + 14 * 19);
	assert_int_equal(phy_rach_rnti(&r, 9, &fr1, 3), 1 + 2 + 14 * 19 + 14 * 80 * 3);
	take(&cells[5], &r); /* 120 kHz: slot 39 of 60 kHz, its second slot is slot 79 */
	assert_int_equal(phy_rach_rnti(&r, 39, &fr2, 0), 1 + 7 + 14 * 79);
}

static void test_refused(void **state)
{
	static const struct {
		struct cell cell;
		enum phy_rach_error error;
	} cases[] = {
		{ { 3, 20, 0, 106, 2048, PHY_SSB_CASE_A, 0, 2, 12, 90 },
			PHY_RACH_CARRIER }, /* 24 blocks from 90 on */
		{ { 3, 20, 0, 106, 2048, PHY_SSB_CASE_A, 0, 0, 12, 101 }, PHY_RACH_CARRIER },
		{ { 3, 20, 0, 106, 2048, PHY_SSB_CASE_A, 110, 0, 12, 0 },
			PHY_RACH_PREAMBLES }, /* short, with 839 */
	};
	uint8_t octets[PHY_SIB1_OCTETS_MAX];
	struct bytes sib1;
	struct phy_rach r;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(phy_rach_init(&r, sib1_of(&cases[i].cell, octets)), cases[i].error);
	sib1 = sib1_of(&cells[0], octets);
	sib1.len /= 2;
	assert_int_equal(phy_rach_init(&r, sib1), PHY_RACH_NO_SIB1);
	assert_int_equal(phy_rach_init(&r, bytes_of(octets, 0)), PHY_RACH_NO_SIB1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heard),
		cmocka_unit_test(test_not_heard),
		cmocka_unit_test(test_frequency),
		cmocka_unit_test(test_rnti),
		cmocka_unit_test(test_refused),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
