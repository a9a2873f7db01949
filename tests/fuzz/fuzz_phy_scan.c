/* The doors of fuzz_phy that take recordings, or make one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "radio/phy/search/rach.h"
#include "radio/phy/search/follow.h"
#include "radio/phy/waveform/measure.h"
#include "tests/fuzz/fuzz_phy.h"

enum { AIR_MS = 4, AIR_FFT = 512 }; /* of the recording that is spoilt */

static const double air_rate_hz = AIR_FFT * 15e3;

static const struct phy_waveform_config air_config = {
	.n_cell_id = 42,
	.prbs = 25,
	.fft_size = AIR_FFT,
	.pattern = PHY_SSB_CASE_A,
	.l_max = 8,
	.period_ms = 20,
	.sent = 1,
	.band = PHY_BAND_5_MHZ,
	.dmrs_type_a_position = 2,
	.coreset_zero = 1, /* from the carrier's first block on */
	.search_space_zero = 2,
	.sib1 = { (const uint8_t *)"any octets do for a SIB1", 24 },
	.amplitude = 1,
};

/* The cell's samples of AIR_MS. */
static const struct phy_cf *air(void)
{
	static struct phy_cf samples[AIR_MS * AIR_FFT * 15];
	static bool made;
	enum phy_waveform_error e;
	struct phy_waveform *w;
	struct kern kern;

	if (made)
		return samples;
	made = true;
	kern_init(&kern, KERN_REFERENCE);
	w = phy_waveform_new(&air_config, &e);
	if (!w)
		fprintf(stderr, "%s\n", phy_waveform_error_text(e));
	if (!w)
		abort();
	for (unsigned ms = 0; ms < AIR_MS; ms++)
		phy_waveform_run(w, &kern, samples + (size_t)ms * AIR_FFT * 15);
	phy_waveform_free(w);
	return samples;
}

/* Samples of a cell, at some scale, with noise and spoilt places: all finite, at most 1e9. */
static struct phy_cf *samples_of(struct fuzz *f, size_t *count)
{
	static const float scales[] = { 1, 0, 1e-18f, 1e-9f, 1e-3f, 1e3f, 1e8f };
	size_t from = fuzz_u16(f) % 64,
	       n = fuzz_bool(f) ? AIR_MS * AIR_FFT * 15 : fuzz_u16(f) % (AIR_FFT * 60);
	float scale = scales[fuzz_u8(f) % ARRAY_LEN(scales)];
	const struct phy_cf *sent = air();
	struct phy_cf *x = fuzz_samples(f, n);

	for (size_t i = 0; i < n; i++) {
		float re = x[i].re + sent[(from + i) % (AIR_FFT * 60)].re * scale;
		float im = x[i].im + sent[(from + i) % (AIR_FFT * 60)].im * scale;

		x[i].re = fabsf(re) <= 1e9f ? re : isfinite(re) ? copysignf(1e9f, re) : 0;
		x[i].im = fabsf(im) <= 1e9f ? im : isfinite(im) ? copysignf(1e9f, im) : 0;
	}
	*count = n;
	return x;
}

static struct phy_recording recording_of(struct fuzz *f)
{
	struct phy_recording in = { .rate_hz = air_rate_hz };

	in.samples = samples_of(f, &in.count);
	return in;
}

void fuzz_cell_search(struct fuzz *f)
{
	static struct phy_cell_search *usual;
	struct phy_cell_search *s;
	struct phy_recording in = recording_of(f);
	struct phy_cells cells = { 0 };
	double low = fuzz_double(f), high = fuzz_double(f);

	s = phy_cell_search_new(fuzz_double(f), fuzz_double(f), fuzz_u16(f));
	phy_cell_search_free(s);
	usual = usual ? usual : phy_cell_search_new(air_rate_hz, 15e3, AIR_MS * AIR_FFT * 15);
	if (low <= air_rate_hz && high >= -air_rate_hz && !(high - low < 40e3)) { /* more is slow */
		low = -7.5e3;
		high = 7.5e3;
	}
	phy_cell_search_take(usual, &f->kern, &in);
	phy_cell_search_run(usual, &f->kern, low, high, fuzz_bool(f) ? 8 : 4u << fuzz_u8(f) % 5,
		(enum phy_cell_blocks)(1 + fuzz_u8(f) % 3), &cells);
	for (unsigned i = 0; i < cells.count; i++) {
		if (!isfinite(cells.cell[i].frequency_hz) || !isfinite(cells.cell[i].start))
			abort();
	}
}

void fuzz_sib1(struct fuzz *f)
{
	static struct phy_sib1_reader *reader;
	struct phy_recording in = recording_of(f);
	struct phy_cell cell = { .n_cell_id = 42, .l_max = 8, .scs_hz = 15e3, .start = 2 * 548 + 40 };
	struct phy_mib mib = {
		.k_ssb = 6, .dmrs_type_a_position = 2, .coreset_zero = 1, .search_space_zero = 2
	};
	struct phy_carrier carrier = { 0 };
	struct phy_sib1_place place = { &cell, &mib, &carrier, (enum phy_ssb_case)fuzz_u8(f) % PHY_SSB_CASES,
		(enum phy_band_class)fuzz_upto(f, PHY_BAND_CLASSES - 1) };
	struct phy_sib1 sib1;

	if (fuzz_bool(f)) {
		cell.n_cell_id = fuzz_u16(f) % PHY_CELL_IDS;
		cell.l_max = 4u << fuzz_u8(f) % 5;
		cell.payload.ssb_index = fuzz_u8(f) % 64;
		cell.scs_hz = 15000 << fuzz_u8(f) % 5;
		cell.start = fuzz_double(f);
		mib = (struct phy_mib){ (uint16_t)fuzz_upto(f, 1023), fuzz_bool(f), fuzz_bool(f),
			fuzz_u8(f) % 32, 3, fuzz_u8(f) % 16, fuzz_u8(f) % 16 };
		carrier = (struct phy_carrier){ .nominal_hz = fuzz_double(f),
			.cfo_hz = fuzz_double(f),
			.turning = fuzz_bool(f),
			.turn_hz = fuzz_double(f) };
	}
	reader = reader ? reader : phy_sib1_reader_new();
	(void)phy_sib1_read(reader, &f->kern, &in, &place, &sib1);
}

void fuzz_scan(struct fuzz *f)
{
	static struct phy_scan scan;
	struct phy_scan_config config = { .centre_hz = fuzz_double(f), .spacings = 1 };
	size_t count;
	struct phy_cf *samples = samples_of(f, &count);
	double rate_hz;

	config.raster_only = fuzz_bool(f);
	rate_hz = fuzz_double(f);
	if (rate_hz >= 3.6e6 && rate_hz <= 1e9)
		rate_hz = fuzz_bool(f) ? 3.6e6 : 3.84e6;
	if (fuzz_bool(f))
		config.spacings = fuzz_u32(f);
	(void)phy_scan_run(&f->kern, samples, count, rate_hz, &config, &scan);
}

/* A cell that is said to be in samples where anything may be. */
void fuzz_follow(struct fuzz *f)
{
	struct phy_recording in = recording_of(f);
	struct phy_scan_cell found = { .cell = { .scs_hz = 15e3, .l_max = 8, .start = 2 * 548 + 40 } };
	struct phy_follow *follow;
	struct phy_followed at;
	uint64_t first;
	size_t n;

	found.cell.n_cell_id = fuzz_bool(f) ? 42 : fuzz_u16(f) % PHY_CELL_IDS;
	found.cell.payload.ssb_index = fuzz_u8(f) % 8;
	found.cell.payload.sfn = fuzz_u16(f) % 1024;
	found.cell.frequency_hz = fuzz_upto(f, 30000) - 15e3;
	found.cell.start += fuzz_upto(f, 20000);
	follow = phy_follow_new(&found, in.rate_hz);
	for (unsigned i = 0; follow && i < 3; i++) {
		phy_follow_next(follow, &first, &n);
		phy_follow_block(follow, &f->kern, &in, fuzz_bool(f) ? first : 0, &at);
		if (!isfinite(at.start) || !isfinite(at.frequency_hz) || !isfinite(at.clock_ppm))
			abort();
	}
	phy_follow_free(follow);
}

/* What carrier and cell a waveform is asked for. */
static void waveform_of(struct fuzz *f, struct phy_waveform_config *c)
{
	c->n_cell_id = (uint16_t)fuzz_upto(f, 1008);
	c->mu = (uint8_t)fuzz_upto(f, 4);
	c->extended = fuzz_u8(f) > 200;
	c->prbs = (uint16_t)fuzz_upto(f, 60);
	c->first_crb = (uint16_t)fuzz_upto(f, 40);
	c->fft_size = (uint16_t)(fuzz_u8(f) < 250 ? 128u << fuzz_u8(f) % 4 : fuzz_u16(f));
	c->carrier_hz = fuzz_u64(f) >> fuzz_u8(f) % 64;
	c->tdd = (struct phy_waveform_tdd){ (uint16_t)(fuzz_bool(f) ? 10u << fuzz_u8(f) % 3 : fuzz_u16(f)),
		(uint16_t)fuzz_upto(f, 10), (uint16_t)fuzz_upto(f, 10), (uint8_t)fuzz_upto(f, 14),
		(uint8_t)fuzz_upto(f, 14) };
	c->pattern = (enum phy_ssb_case)fuzz_upto(f, PHY_SSB_CASES);
	c->l_max = (uint8_t)(4u << fuzz_u8(f) % 5);
	c->half_frame = fuzz_bool(f);
	c->period_ms = fuzz_bool(f) ? 5 : fuzz_u8(f);
	c->sent = fuzz_u64(f) >> fuzz_u8(f) % 64;
	c->ssb_offset_hz = (int64_t)(int8_t)fuzz_u8(f) * 15000 * (1 + fuzz_u8(f) % 12);
	c->band = (enum phy_band_class)fuzz_upto(f, PHY_BAND_CLASSES);
	c->sfn = (uint16_t)fuzz_upto(f, 1024);
	c->dmrs_type_a_position = (uint8_t)fuzz_upto(f, 4);
	c->coreset_zero = (uint8_t)fuzz_upto(f, 16);
	c->search_space_zero = (uint8_t)fuzz_upto(f, 16);
}

void fuzz_waveform(struct fuzz *f)
{
	struct phy_waveform_config c = air_config;
	struct phy_waveform_place place;
	struct phy_sib1_schedule schedule;
	enum phy_waveform_error e;
	struct phy_waveform *w;
	unsigned ms = 1 + fuzz_u8(f) % 3;

	if (fuzz_u8(f) < 200)
		waveform_of(f, &c);
	c.sib1 = bytes_of(fuzz_octets(f, 400), fuzz_upto(f, 380));
	if (c.sib1.len > 400)
		c.sib1.len = 400;
	c.test_pdsch = fuzz_bool(f);
	c.test_mcs_table = (enum phy_mcs_table)fuzz_upto(f, 4);
	c.test_mcs = (uint8_t)fuzz_upto(f, 32);
	c.amplitude = fuzz_float(f);
	c.model = (enum phy_test_model)(fuzz_u8(f) < 200 ? 0 : fuzz_upto(f, PHY_TEST_MODELS));
	e = phy_waveform_check(&c, &place, &schedule);
	w = phy_waveform_new(&c, &e);
	for (struct phy_cf *out; w && c.prbs <= 60 && ms > 0; ms--) {
		out = fuzz_room(f, phy_waveform_subframe_samples(w) * sizeof(*out));
		phy_waveform_run(w, &f->kern, out);
	}
	phy_waveform_free(w);
}

void fuzz_measure(struct fuzz *f)
{
	static struct phy_measurement m;
	struct phy_waveform_config c = air_config;
	size_t count;
	const struct phy_cf *samples = samples_of(f, &count);

	if (fuzz_bool(f)) {
		c.sib1.len = 0;
		c.model = (enum phy_test_model)fuzz_upto(f, PHY_TEST_MODELS);
	}
	if (phy_waveform_measure(&c, &f->kern, samples, count, &m) != PHY_MEASURE_OK)
		return;
	if (!isfinite(m.cfo_hz) || !isfinite(m.power) || !isfinite(m.occupied_low_hz))
		abort();
}

/* A SIB1, and a recording of the uplink that it tells. */
void fuzz_rach(struct fuzz *f)
{
	struct phy_prach_found found[PHY_PRACH_PREAMBLES];
	struct phy_prach_occasion o[PHY_PRACH_OCCASIONS_MAX];
	struct phy_recording in = recording_of(f);
	double frame_start = fuzz_double(f);
	unsigned frame = fuzz_u16(f) % 1024, n = 0;
	struct bytes sib1 = cursor_rest(&f->c);
	struct phy_rach_ear *ear;
	struct phy_rach r;

	if (phy_rach_init(&r, sib1) != PHY_RACH_OK)
		return;
	ear = phy_rach_ear_new(&r, air_rate_hz);
	for (unsigned slot = 0; ear && n == 0 && slot < r.slots; slot++) {
		n = phy_rach_occasions(&r, frame, slot, o);
		for (unsigned i = 0; i < n * r.fdm; i++) {
			if (phy_rach_rnti(&r, slot, &o[i / r.fdm], i % r.fdm) > 0xffff)
				abort();
			(void)phy_rach_hear(
				ear, &f->kern, &in, frame_start, slot, &o[i / r.fdm], i % r.fdm, found);
		}
	}
	phy_rach_ear_free(ear);
}
