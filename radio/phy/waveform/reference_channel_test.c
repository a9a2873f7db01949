/*
 * Reference channels beside the sizes that Annex A prints for them, and received: samples back to the blocks
 * that were sent.
 */
#include "radio/phy/waveform/reference_channel.h"

#include <stdlib.h>

#include "radio/phy/codes/segment.h"
#include "radio/phy/phy_test.h"
#include "radio/phy/signals/ofdm.h"
#include "radio/phy/waveform/tables.h"

enum { FFT = 1024, SEED = 5 };

static struct kern kern;

/* The narrowest carrier that has so many blocks, without a transform to go with. */
static struct phy_waveform_config carrier(const struct phy_frc *f)
{
	return (struct phy_waveform_config){ .n_cell_id = 17,
		.mu = f->scs_khz == 60 ? 2 : f->scs_khz == 30,
		.prbs = (uint16_t)(f->n_rb + 2),
		.fft_size = FFT,
		.carrier_hz = UINT64_C(3500000000),
		.seed = SEED,
		.amplitude = 0.1f };
}

static void test_sizes(void **state)
{
	(void)state;
	assert_true(phy_frc_fr1_pusch_n > 100);
	for (size_t i = 0; i < phy_frc_fr1_pusch_n; i++) {
		const struct phy_frc *f = &phy_frc_fr1_pusch[i];
		struct phy_waveform_config c = carrier(f);
		struct phy_pusch_config config;
		struct segmentation s;
		struct phy_pusch p;

		assert_ptr_equal(phy_frc_find(f->name), f);
		if (!phy_frc_pusch(&config, f, &c) || phy_pusch_init(&p, &config) != PHY_PUSCH_OK)
			fail_msg("%s", f->name);
		if (p.sch.a != f->payload_bits || p.g != f->total_bits)
			fail_msg("%s: %u of %u, %u of %u", f->name, p.sch.a, f->payload_bits, p.g,
				f->total_bits);
		assert_true(segment_init(&s, segment_base_graph(p.sch.a, p.sch.rate_x2048), p.sch.a));
		assert_int_equal(s.blocks, f->code_blocks);
		c.prbs = (uint16_t)(f->n_rb - 1);
		assert_false(phy_frc_pusch(&config, f, &c));
		c.mu++;
		c.prbs = 275;
		assert_false(phy_frc_pusch(&config, f, &c));
	}
	assert_null(phy_frc_find("G-FR1-A3-15"));
	assert_null(phy_frc_find(""));
}

/* The grids of a slot of the samples. */
static void demodulate(const struct phy_waveform_config *c, unsigned layers, struct phy_cf *const *x,
	unsigned slot, struct phy_cf *const *re)
{
	struct phy_ofdm_config o = { c->mu, false, c->prbs, c->fft_size, 0, c->carrier_hz };
	struct phy_ofdm ofdm;

	assert_true(phy_ofdm_init(&ofdm, &o));
	for (unsigned i = 0; i < layers; i++) {
		size_t at = 0;

		for (unsigned s = 0; s < slot; s++)
			at += phy_ofdm_slot_samples(&ofdm, s);
		phy_ofdm_demodulate(&ofdm, &kern, re[i], x[i] + at, slot);
	}
	phy_ofdm_fini(&ofdm);
}

/* What a base station makes of a slot of its antennas, and what was sent. */
static void receive(
	const struct phy_frc *f, const struct phy_waveform_config *c, struct phy_cf *const *re, unsigned slot)
{
	struct phy_chest_filters *filters = phy_chest_filters_new();
	struct phy_dfts *dfts = phy_dfts_new();
	struct phy_pusch_receiver *rx = phy_pusch_receiver_new(filters, dfts, f->layers, f->layers);
	struct phy_grid grids[PHY_UL_PORTS_MAX];
	struct phy_pusch_config config;
	struct phy_pusch_result result;
	struct phy_harq *harq = phy_harq_new(f->payload_bits);
	uint8_t *sent = calloc(1, f->payload_bits / 8 + 1), *got = calloc(1, f->payload_bits / 8 + 1);
	struct phy_pusch p;

	assert_true(rx && harq && sent && got && phy_frc_pusch(&config, f, c));
	assert_int_equal(phy_pusch_init(&p, &config), PHY_PUSCH_OK);
	for (unsigned i = 0; i < f->layers; i++)
		grids[i] = (struct phy_grid){ re[i], c->prbs, 0, 14 };
	phy_harq_reset(harq);
	assert_true(phy_pusch_receive(rx, &kern, &p, slot, grids, f->layers, harq, got, &result));
	assert_true(result.ok);
	phy_waveform_test_data(c, 1, slot, sent, f->payload_bits / 8);
	assert_memory_equal(sent, got, f->payload_bits / 8);
	phy_pusch_receiver_free(rx);
	phy_harq_free(harq);
	phy_dfts_free(dfts);
	phy_chest_filters_free(filters);
	free(sent);
	free(got);
}

static void test_received(void **state)
{
	static const char *const names[] = { "G-FR1-A1-1", "G-FR1-A2-2", "G-FR1-A3-22", "G-FR1-A3-32",
		"G-FR1-A5-11", "G-FR1-A7-3", "G-FR1-A9-1" };

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(names); n++) {
		const struct phy_frc *f = phy_frc_find(names[n]);
		struct phy_waveform_config c = carrier(f);
		size_t samples = (size_t)FFT * 15 << c.mu;
		struct phy_cf *x[PHY_UL_PORTS_MAX], *re[PHY_UL_PORTS_MAX];
		struct phy_reference *r;

		c.sfn = 1;
		c.tdd = (struct phy_waveform_tdd){ .period_slots = 5, .dl_slots = 3, .ul_slots = 1 };
		r = phy_reference_new(f, &c);
		assert_non_null(r);
		for (unsigned i = 0; i < f->layers; i++) {
			x[i] = calloc(samples, sizeof(*x[i]));
			re[i] = calloc((size_t)c.prbs * 12 * 14, sizeof(*re[i]));
		}
		/* the first slot that is the uplink's alone: the fifth */
		for (unsigned ms = 0; ms <= 4u >> c.mu; ms++)
			phy_reference_run(r, &kern, x);
		demodulate(&c, f->layers, x, 4u & ((1u << c.mu) - 1), re);
		receive(f, &c, re, 4);
		demodulate(&c, f->layers, x, (4u & ((1u << c.mu) - 1)) ^ (c.mu > 0), re);
		if (c.mu > 0) /* and its neighbour is silent */
			assert_true(kern.cf_energy(&re[0]->re, (size_t)c.prbs * 12 * 14) < 1e-6f);
		phy_reference_free(r);
		for (unsigned i = 0; i < f->layers; i++) {
			free(x[i]);
			free(re[i]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_received),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
