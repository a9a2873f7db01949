/*
 * What phy_waveform_* sends is found again by cell search and SIB1 reading. --full [cells]: so many cells of
 * each row of each table of CORESET 0 (default 2).
 */
#include <math.h>
#include <stdlib.h>

#include "radio/phy/phy_test.h"
#include "radio/phy/search/band.h"
#include "radio/phy/signals/ofdm.h"
#include "radio/phy/search/sib1.h"
#include "radio/phy/waveform/n78_test.h"
#include "radio/phy/waveform/sib1_message.h"
#include "wire/rrc/rrc.h"

static struct kern kern;
static struct phy_sib1_reader *reader;

static struct phy_cf *send(const struct phy_waveform_config *c, unsigned ms, struct phy_recording *in)
{
	enum phy_waveform_error e;
	struct phy_waveform *w = phy_waveform_new(c, &e);
	struct phy_cf *samples;
	size_t n;

	assert_int_equal(e, PHY_WAVEFORM_OK);
	assert_non_null(w);
	n = phy_waveform_subframe_samples(w);
	samples = calloc(n * ms, sizeof(*samples));
	assert_non_null(samples);
	for (unsigned i = 0; i < ms; i++)
		phy_waveform_run(w, &kern, samples + i * n);
	phy_waveform_free(w);
	*in = (struct phy_recording){ samples, n * ms, (double)n * 1000 };
	return samples;
}

static bool sib1_read(
	const struct phy_waveform_config *c, const struct phy_recording *in, const struct phy_cell *cell)
{
	struct phy_carrier carrier = phy_carrier_fit(cell, (double)c->carrier_hz);
	struct phy_mib mib;
	struct phy_sib1_place place = { cell, &mib, &carrier, c->pattern, c->band };
	enum phy_sib1_outcome outcome;
	struct phy_sib1 sib1;

	if (!phy_mib_decode(&mib, &cell->payload))
		return false;
	outcome = phy_sib1_read(reader, &kern, in, &place, &sib1);
	if (outcome != PHY_SIB1_READ || sib1.octets < c->sib1.len ||
		memcmp(sib1.data, c->sib1.data, c->sib1.len) != 0) {
		print_message("SIB1 of pci %u: %s, ssb %u, k_ssb %u, pattern %u\n", cell->n_cell_id,
			phy_sib1_outcome_text(outcome), cell->payload.ssb_index, mib.k_ssb,
			sib1.coreset0.pattern);
		return false;
	}
	for (size_t i = c->sib1.len; i < sib1.octets; i++)
		if (sib1.data[i] != 0)
			return false;
	return mib.coreset_zero == c->coreset_zero && mib.search_space_zero == c->search_space_zero;
}

/* Is it the one cell that a search finds, with all its MIB and SIB1? */
static bool found_within(const struct phy_waveform_config *c, unsigned ms, double around_hz)
{
	struct phy_waveform_place place;
	struct phy_recording in;
	struct phy_cf *samples = send(c, ms, &in);
	struct phy_cell_search *s =
		phy_cell_search_new(in.rate_hz, 15000u << phy_ssb_mu(c->pattern), in.count);
	struct phy_cells cells = { 0 };
	const struct phy_cell *cell = cells.cell;
	bool ok;

	assert_non_null(s);
	assert_int_equal(phy_waveform_place(c, &place), PHY_WAVEFORM_OK);
	phy_cell_search_take(s, &kern, &in);
	phy_cell_search_run(s, &kern, (double)c->ssb_offset_hz - around_hz,
		(double)c->ssb_offset_hz + around_hz, c->l_max == 64 ? 64 : 8,
		c->band == PHY_BAND_3_MHZ ? PHY_CELL_BLOCKS_PUNCTURED : PHY_CELL_BLOCKS_WHOLE, &cells);
	phy_cell_search_free(s);
	ok = cells.count == 1 && cell->n_cell_id == c->n_cell_id &&
	     (c->sent >> cell->payload.ssb_index & 1) &&
	     fabs(cell->frequency_hz - (double)c->ssb_offset_hz) < 0.01 * cell->scs_hz;
	if (!ok)
		print_message(
			"%u cells for pci %u, the first is %u\n", cells.count, c->n_cell_id, cell->n_cell_id);
	ok = ok && sib1_read(c, &in, cell);
	free(samples);
	return ok;
}

static bool found_again(const struct phy_waveform_config *c, unsigned ms)
{
	return found_within(c, ms, 200e3);
}

/* SIB1 without a rest of noise beside a silent place of the SS/PBCH block's size: no PSS is seen there. */
static void test_silence(void **state)
{
	struct phy_waveform_config c = n78;

	(void)state;
	c.n_cell_id = 162;
	c.mu = 0;
	c.prbs = 160;
	c.fft_size = 2048;
	c.carrier_hz = UINT64_C(4033155000);
	c.sent = 8;
	c.ssb_offset_hz = 5340000;
	c.coreset_zero = 7;
	c.search_space_zero = 10;
	assert_true(found_within(&c, 24, 2e6));
}

static void test_n78(void **state)
{
	(void)state;
	assert_true(found_again(&n78, 24));
}

/*
 * The PSS of the first block by 38.211 5.3.1 and 5.4 written out: subcarrier k of a block around f_1 is the
 * radio frequency f_1 + k Delta f, in phase 0 where the symbol's prefix ends; what a mixer at f_0 makes of
 * it. start: of the useful part, in samples from the frame's beginning.
 */
static void check_pss(const struct phy_waveform_config *c, unsigned start)
{
	double rate = c->fft_size * 15000.0 * (1 << c->mu), scs = 15000.0 * (1 << phy_ssb_mu(c->pattern));
	double f0 = (double)c->carrier_hz, f1 = f0 + (double)c->ssb_offset_hz, error = 0, power = 0;
	struct phy_recording in;
	struct phy_cf *samples = send(c, 1, &in);
	int8_t d[PHY_SYNC_LENGTH];

	phy_pss(d, c->n_cell_id % 3);
	for (unsigned i = 0; i < rate / scs; i += 7) {
		double t_l = start / rate, t = (start + i) / rate, re = 0, im = 0;

		for (int k = 0; k < PHY_SYNC_LENGTH; k++) {
			double turns = fmod((f1 - f0 + (k - 64) * scs) * (t - t_l), 1) - fmod(f0 * t_l, 1);

			re += d[k] * cos(2 * M_PI * turns);
			im += d[k] * sin(2 * M_PI * turns);
		}
		re *= (double)c->amplitude / sqrt(rate / scs);
		im *= (double)c->amplitude / sqrt(rate / scs);
		power += re * re + im * im;
		re -= (double)samples[start + i].re;
		im -= (double)samples[start + i].im;
		error += re * re + im * im;
	}
	if (error > 1e-8 * power)
		print_message("PSS off by %.1f dB\n", 10 * log10(error / power));
	assert_true(error <= 1e-8 * power);
	free(samples);
}

static void test_formula(void **state)
{
	struct phy_waveform_config c = n78;

	(void)state;
	c.sib1 = BYTES_NONE;
	/* symbol 2 of 30 kHz: 1024 samples and prefixes of 88, 72 and 72 */
	check_pss(&c, 88 + 1024 + 72 + 1024 + 72);
	c.ssb_offset_hz = -225000; /* half a subcarrier off the carrier's */
	check_pss(&c, 88 + 1024 + 72 + 1024 + 72);
	/* symbol 2 of 15 kHz at the same rate: 2048 samples, prefixes of 160, 144 and 144 */
	c.pattern = PHY_SSB_CASE_A;
	check_pss(&c, 160 + 2048 + 144 + 2048 + 144);
	/* 240 kHz in 120: symbol 8, 512 samples in each of all, 64 more in the first prefix */
	c.pattern = PHY_SSB_CASE_E;
	c.mu = 3;
	c.l_max = 64;
	c.band = PHY_BAND_FR2_1;
	c.carrier_hz = UINT64_C(28000080000);
	c.prbs = 66;
	c.ssb_offset_hz = -8 * 120000;
	check_pss(&c, 64 + 8 * (512 + 36) + 36);
	/* no phases: all symbols alike but for the place beside the carrier's middle */
	c.carrier_hz = 0;
	check_pss(&c, 64 + 8 * (512 + 36) + 36);
}

/* The pairs of spacings that have a table of CORESET 0. */
static const struct family {
	enum phy_ssb_case pattern;
	uint8_t mu;
	enum phy_band_class band;
	uint16_t prbs[3]; /* carriers, the least that holds all first */
} families[] = {
	{ PHY_SSB_CASE_A, 0, PHY_BAND_3_MHZ, { 15, 15, 15 } },
	{ PHY_SSB_CASE_A, 0, PHY_BAND_5_MHZ, { 106, 133, 160 } },
	{ PHY_SSB_CASE_A, 1, PHY_BAND_5_MHZ, { 65, 78, 106 } },
	{ PHY_SSB_CASE_B, 0, PHY_BAND_5_MHZ, { 106, 133, 160 } },
	{ PHY_SSB_CASE_B, 1, PHY_BAND_5_MHZ, { 65, 78, 106 } },
	{ PHY_SSB_CASE_C, 0, PHY_BAND_5_MHZ, { 106, 133, 160 } },
	{ PHY_SSB_CASE_C, 1, PHY_BAND_5_MHZ, { 65, 78, 106 } },
	{ PHY_SSB_CASE_C, 0, PHY_BAND_40_MHZ, { 216, 216, 270 } },
	{ PHY_SSB_CASE_C, 1, PHY_BAND_40_MHZ, { 106, 106, 133 } },
	{ PHY_SSB_CASE_D, 2, PHY_BAND_FR2_1, { 132, 264, 264 } },
	{ PHY_SSB_CASE_D, 3, PHY_BAND_FR2_1, { 132, 132, 132 } },
	{ PHY_SSB_CASE_E, 2, PHY_BAND_FR2_1, { 132, 264, 264 } },
	{ PHY_SSB_CASE_E, 3, PHY_BAND_FR2_1, { 132, 132, 132 } },
};

static uint16_t fft_of(unsigned used)
{
	unsigned n = 128;

	while (n <= used)
		n = n & (n - 1) ? n / 3 * 4 : n % 256 ? 2 * n : n / 2 * 3;
	return (uint16_t)n;
}

static uint8_t octets[PHY_SIB1_OCTETS_MAX];

/* A cell that is drawn, not yet one that the standard allows. */
static struct phy_waveform_config drawn(const struct family *f, unsigned row)
{
	bool fr2 = f->pattern >= PHY_SSB_CASE_D;
	unsigned few = below(3);
	int64_t scs = INT64_C(15000) << f->mu, room;
	struct phy_waveform_config c = {
		.n_cell_id = (uint16_t)below(1008),
		.mu = f->mu,
		.prbs = f->prbs[few],
		.first_crb = (uint16_t)below(100),
		.carrier_hz = fr2 ? UINT64_C(24250080000) + below(100000) * UINT64_C(60000)
				  : UINT64_C(3100005000) + below(100000) * UINT64_C(15000),
		.pattern = f->pattern,
		.l_max = fr2        ? 64
			 : below(2) ? 4
				    : 8,
		.half_frame = below(2),
		.period_ms = below(2)   ? 20
			     : below(2) ? 10
					: 5,
		.band = f->band,
		.sfn = (uint16_t)below(1024),
		.coreset_zero = (uint8_t)row,
		.search_space_zero = (uint8_t)below(16),
		.sib1 = { octets, 40 + below(60) },
		.amplitude = 0.05f,
	};

	c.fft_size = fft_of(c.prbs * PHY_SC_PER_PRB);
	for (unsigned i = 0; i <= below(3); i++)
		c.sent |= UINT64_C(1) << below(c.l_max);
	c.dmrs_type_a_position = below(2) ? 3 : 2;
	room = c.prbs * PHY_SC_PER_PRB * scs - 2 * phy_waveform_half_ssb_hz(&c);
	room /= fr2 ? scs : 15000;
	c.ssb_offset_hz = (below((unsigned)room + 1) - room / 2) * (fr2 ? scs : 15000);
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)draw();
	return c;
}

/* A legal cell of this row; false if none is drawn soon. */
static bool draw_legal(const struct family *f, unsigned row, struct phy_waveform_config *c)
{
	static struct phy_sib1_schedule schedule;
	struct phy_waveform_place place;

	for (unsigned i = 0; i < 2000; i++) {
		*c = drawn(f, row);
		if (phy_waveform_check(c, &place, &schedule) == PHY_WAVEFORM_OK)
			return true;
	}
	return false;
}

static bool one_cell(const struct family *f, unsigned row)
{
	struct phy_waveform_config c;
	bool ok;

	if (!draw_legal(f, row, &c)) {
		print_message(
			"case %c, %u kHz, row %u: no cell drawn\n", "ABCDE"[f->pattern], 15u << f->mu, row);
		return false;
	}
	ok = found_again(&c, 40);
	if (!ok)
		print_message(
			"case %c, %u kHz, row %u: sent %#llx, search space %u, half %u, period %u, prbs %u, "
			"offset %lld, carrier %llu, fft %u, l_max %u, sfn %u: not found again\n",
			"ABCDE"[f->pattern], 15u << f->mu, row, (unsigned long long)c.sent,
			c.search_space_zero, c.half_frame, c.period_ms, c.prbs, (long long)c.ssb_offset_hz,
			(unsigned long long)c.carrier_hz, c.fft_size, c.l_max, c.sfn);
	return ok;
}

static bool row_exists(const struct family *f, unsigned row)
{
	struct phy_coreset0_cell cell = { (uint16_t)(15u << phy_ssb_mu(f->pattern)), (uint16_t)(15u << f->mu),
		f->band, 0 };
	struct phy_coreset0 z;

	return phy_coreset0_find(&z, &cell, row);
}

/* One row of each family; all of them with --full. */
static void test_families(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		unsigned row;

		if (families[i].prbs[0] > 110 && i % 3 != 0)
			continue; /* the wide ones take long */
		do
			row = below(16);
		while (!row_exists(&families[i], row));
		assert_true(one_cell(&families[i], row));
	}
}

/* 38.508-1 Table 4.3.1.1.1.78-1: n78, 20 MHz at 15 kHz, SS/PBCH block of 30 kHz. */
static void test_place(void **state)
{
	static const struct {
		uint64_t carrier_hz;
		unsigned first_crb, gscn, k_ssb, coreset0, coreset_offset, offset_to_point_a;
	} rows[] = {
		{ UINT64_C(3310020000), 0, 7711, 8, 1, 0, 6 },
		{ UINT64_C(3549990000), 102, 7878, 6, 1, 3, 111 },
		{ UINT64_C(3789990000), 504, 8044, 2, 0, 2, 508 },
	};
	struct phy_waveform_config c = n78;
	struct phy_waveform_place place;

	(void)state;
	c.mu = 0;
	c.prbs = 106;
	c.fft_size = 2048;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		c.carrier_hz = rows[i].carrier_hz;
		c.first_crb = (uint16_t)rows[i].first_crb;
		c.coreset_zero = (uint8_t)rows[i].coreset0;
		c.ssb_offset_hz = (int64_t)phy_gscn_hz(rows[i].gscn) - (int64_t)c.carrier_hz;
		assert_int_equal(phy_waveform_place(&c, &place), PHY_WAVEFORM_OK);
		assert_int_equal(place.k_ssb, rows[i].k_ssb);
		assert_int_equal(place.offset_to_point_a, rows[i].offset_to_point_a);
		assert_int_equal(place.coreset_crb, c.first_crb + rows[i].coreset_offset);
	}
}

/* The test PDSCH of all slots comes through, those with SS/PBCH blocks too. */
static void check_test_pdsch(const struct phy_waveform_config *c, unsigned want_slots)
{
	struct phy_ofdm_config oc = { c->mu, c->extended, c->prbs, c->fft_size, 0, c->carrier_hz };
	enum phy_waveform_error e;
	struct phy_waveform *w = phy_waveform_new(c, &e);
	struct phy_chest_filters *filters = phy_chest_filters_new();
	struct phy_pdsch_receiver *rx = phy_pdsch_receiver_new(filters, 1, 1);
	struct phy_harq *harq = phy_harq_new(SEGMENT_A_MAX);
	struct phy_cf *re = calloc((size_t)c->prbs * 12 * 14, sizeof(*re));
	uint8_t *tb = calloc(2, SEGMENT_A_MAX / 8 + 1), *sent = tb + SEGMENT_A_MAX / 8 + 1;
	struct phy_recording in;
	struct phy_cf *samples = send(c, 10, &in);
	struct phy_ofdm ofdm;
	unsigned slots = 0;

	assert_non_null(w);
	assert_true(phy_ofdm_init(&ofdm, &oc));
	for (unsigned slot = 0, at = 0; slot < 10u << c->mu; slot++) {
		unsigned in_subframe = slot % (1u << c->mu);
		struct phy_grid g = { re, c->prbs, c->first_crb, (uint8_t)ofdm.symbols };
		const struct phy_pdsch *p = phy_waveform_test_plan(w, c->sfn, slot);
		struct phy_pdsch_result result;

		phy_ofdm_demodulate(&ofdm, &kern, re, samples + at, in_subframe);
		at += phy_ofdm_slot_samples(&ofdm, in_subframe);
		if (!p)
			continue;
		phy_harq_reset(harq);
		assert_true(phy_pdsch_receive(rx, &kern, p, slot, &g, 1, &harq, &tb, &result));
		phy_waveform_test_data(c, c->sfn, slot, sent, p->sch[0].a / 8);
		if (!result.ok)
			print_message("slot %u: not decoded, %.1f dB\n", slot,
				(double)result.channel.channel.snr_db);
		assert_true(result.ok);
		assert_memory_equal(tb, sent, p->sch[0].a / 8);
		slots++;
	}
	assert_int_equal(slots, want_slots);
	phy_ofdm_fini(&ofdm);
	phy_waveform_free(w);
	phy_pdsch_receiver_free(rx);
	phy_chest_filters_free(filters);
	phy_harq_free(harq);
	free(re);
	free(tb);
	free(samples);
}

static void test_test_pdsch(void **state)
{
	struct phy_waveform_config c = n78;

	(void)state;
	c.test_pdsch = true;
	c.test_mcs = 16;
	c.sent = 0xf;
	c.search_space_zero = 6; /* O = 7: slots 14 to 17 */
	check_test_pdsch(&c, 16);
	c.tdd = (struct phy_waveform_tdd){ 10, 7, 2, 6, 4 };
	c.search_space_zero = 4;
	check_test_pdsch(&c, 14 - 4);
	/* 60 kHz with the extended prefix, blocks of 15 kHz; no SIB1 */
	c = n78;
	c.test_pdsch = true;
	c.test_mcs_table = PHY_MCS_256QAM;
	c.test_mcs = 8;
	c.mu = 2;
	c.extended = true;
	c.prbs = 24;
	c.fft_size = 512;
	c.pattern = PHY_SSB_CASE_A;
	c.sib1 = BYTES_NONE;
	check_test_pdsch(&c, 40);
}

/* A search finds the cell under a full load of data too. */
static void test_loaded(void **state)
{
	struct phy_waveform_config c = n78;

	(void)state;
	c.test_pdsch = true;
	c.test_mcs = 10;
	c.sent = 0x21;
	assert_true(found_again(&c, 24));
}

static void refused(struct phy_waveform_config c, enum phy_waveform_error want)
{
	enum phy_waveform_error e;

	phy_waveform_free(phy_waveform_new(&c, &e));
	if (e != want)
		print_message(
			"%s instead of %s\n", phy_waveform_error_text(e), phy_waveform_error_text(want));
	assert_int_equal(e, want);
}

#define REFUSED(error, ...)                                                                                  \
	do {                                                                                                 \
		struct phy_waveform_config c = n78;                                                          \
		__VA_ARGS__;                                                                                 \
		refused(c, PHY_WAVEFORM_##error);                                                            \
	} while (0)

static void test_refused(void **state)
{
	(void)state;
	REFUSED(IDENTITY, c.n_cell_id = 1008);
	REFUSED(CARRIER, c.mu = 4);
	REFUSED(CARRIER, c.extended = true);
	REFUSED(CARRIER, c.prbs = 276);
	REFUSED(CARRIER, c.prbs = 0);
	REFUSED(CARRIER, c.first_crb = 2200);
	REFUSED(CARRIER, c.carrier_hz = UINT64_C(1) << 40);
	REFUSED(SSB_SPACING, c.mu = 3);
	REFUSED(SSB_SPACING, c.pattern = PHY_SSB_CASES);
	REFUSED(SSB_SPACING, c.pattern = PHY_SSB_CASE_D);
	REFUSED(RATE, c.fft_size = 512);
	REFUSED(RATE, c.fft_size = 1000);
	REFUSED(RATE, c.fft_size = 8192; c.pattern = PHY_SSB_CASE_A);
	REFUSED(TDD, c.tdd.period_slots = 7);
	REFUSED(TDD, c.tdd = (struct phy_waveform_tdd){ 10, 8, 2, 6, 4 });
	REFUSED(SSB_L_MAX, c.l_max = 64);
	REFUSED(SSB_L_MAX, c.l_max = 5);
	REFUSED(SSB_INDEX, c.sent = 0);
	REFUSED(SSB_INDEX, c.sent = 256);
	REFUSED(SSB_PERIOD, c.period_ms = 15);
	REFUSED(SSB_OUTSIDE, c.ssb_offset_hz = 5595000);
	REFUSED(SSB_OUTSIDE, c.ssb_offset_hz = INT64_MIN);
	REFUSED(SSB_RASTER, c.ssb_offset_hz = 180001);
	REFUSED(SSB_UPLINK, c.tdd = (struct phy_waveform_tdd){ 10, 0, 9, 0, 0 }; c.sent = 4);
	REFUSED(MIB, c.sfn = 1024);
	REFUSED(MIB, c.dmrs_type_a_position = 4);
	REFUSED(MIB, c.coreset_zero = 16);
	REFUSED(TYPE_A_POSITION, c.coreset_zero = 6);
	REFUSED(CORESET0, c.pattern = PHY_SSB_CASE_A; c.mu = 1; c.coreset_zero = 14);
	REFUSED(CORESET0, c.band = PHY_BAND_SHARED);
	REFUSED(CORESET0_OUTSIDE, c.ssb_offset_hz = 5400000; c.coreset_zero = 14);
	REFUSED(SEARCH_SPACE0, c.pattern = PHY_SSB_CASE_D; c.mu = 3; c.l_max = 64; c.band = PHY_BAND_FR2_1;
		c.coreset_zero = 0; c.search_space_zero = 15; c.ssb_offset_hz = 0);
	REFUSED(CORESET0_TAKEN, c.search_space_zero = 11); /* symbols 2 and 3, as the block */
	REFUSED(CORESET0_TAKEN, c.tdd = (struct phy_waveform_tdd){ 10, 1, 8, 0, 0 }; c.search_space_zero = 6);
	REFUSED(SIB1_LENGTH, c.sib1.len = 373);
	REFUSED(SIB1_EXTENDED, c.mu = 2; c.extended = true; c.prbs = 24; c.fft_size = 512);
	REFUSED(SIB1_PLACE, c.sib1 = bytes_of(octets, 372); c.coreset_zero = 3; c.search_space_zero = 0;
		c.sent = 3);
	REFUSED(TEST_MCS, c.test_pdsch = true; c.test_mcs = 29);
	REFUSED(AMPLITUDE, c.amplitude = NAN);
	REFUSED(AMPLITUDE, c.amplitude = 0);
}

/* Configurations of nonsense are refused, or run without harm. */
static void test_nonsense(void **state)
{
	static struct phy_cf out[8192 * 15 * 8];

	(void)state;
	for (unsigned i = 0; i < 3000; i++) {
		struct phy_waveform_config c =
			below(3) ? n78 : drawn(&families[below(ARRAY_LEN(families))], below(16));
		uint8_t *at = (uint8_t *)&c;
		enum phy_waveform_error e;
		struct phy_waveform *w;

		for (unsigned k = below(4); k > 0; k--)
			at[below(offsetof(struct phy_waveform_config, sib1))] ^= (uint8_t)(1u << below(8));
		c.half_frame = *(uint8_t *)&c.half_frame & 1;
		c.extended = *(uint8_t *)&c.extended & 1;
		c.cell_barred = false;
		w = phy_waveform_new(&c, &e);
		if (w && i % 16 == 0)
			phy_waveform_run(w, &kern, out);
		phy_waveform_free(w);
	}
}

/* Our own SIB1 decodes to what it was made of. */
static void test_message(void **state)
{
	struct phy_waveform_config c = n78;
	struct phy_waveform_place place;
	struct phy_sib1_message m = { &c, &place, 66, 20, UINT64_C(2155000000), { 0, 0, 1 }, { 0, 1 }, 2, 7,
		99 };
	uint64_t memory[1024];
	uint8_t out[PHY_SIB1_OCTETS_MAX], in_one_group, groups;
	struct writer w = writer_of(out, sizeof(out));
	struct rrc_bcch_dl_sch_message message;
	const struct rrc_sib1 *sib1;
	struct per_diag diag;
	struct arena arena;

	(void)state;
	assert_int_equal(phy_waveform_place(&c, &place), PHY_WAVEFORM_OK);
	assert_true(phy_sib1_message_encode(&m, &w));
	arena_init(&arena, memory, sizeof(memory), 0);
	assert_true(rrc_decode(&rrc_bcch_dl_sch_message_type, bytes_of(out, w.len), &arena, &message, &diag));
	sib1 = &message.message.u.c1.u.system_information_block_type1;
	assert_int_equal(
		sib1->serving_cell_config_common->downlink_config_common.frequency_info_dl.offset_to_point_a,
		32);
	/* n66: 400 MHz below; point A is 51 blocks' half below that: 1745.82 MHz is ARFCN 349164 */
	assert_int_equal(sib1->serving_cell_config_common->uplink_config_common->frequency_info_ul
				 .absolute_frequency_point_a,
		349164);
	assert_int_equal(sib1->serving_cell_config_common->ssb_positions_in_burst.in_one_group, 0x80);
	arena_fini(&arena);
	m.band = 29; /* downlink only */
	assert_false(phy_sib1_message_encode(&m, &w));
	assert_true(phy_sib1_positions(UINT64_C(0x8100000000000081), 64, &in_one_group, &groups));
	assert_int_equal(in_one_group, 0x81);
	assert_int_equal(groups, 0x81);
	assert_false(phy_sib1_positions(0x0103, 64, &in_one_group, &groups));
}

static int full(unsigned cells)
{
	unsigned failed = 0, run = 0;

	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		for (unsigned row = 0; row < 16; row++) {
			for (unsigned k = 0; row_exists(&families[i], row) && k < cells; k++, run++)
				failed += !one_cell(&families[i], row);
		}
		printf("case %c at %u kHz: %u of %u cells not found again so far\n",
			"ABCDE"[families[i].pattern], 15u << families[i].mu, failed, run);
		fflush(stdout);
	}
	return failed > 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_formula),
		cmocka_unit_test(test_n78),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_loaded),
		cmocka_unit_test(test_test_pdsch),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_nonsense),
	};
	int status;

	kern_init(&kern, KERN_LEVELS - 1);
	reader = phy_sib1_reader_new();
	if (argc > 1 && strcmp(argv[1], "--full") == 0)
		status = full(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 2);
	else
		status = cmocka_run_group_tests(tests, NULL, NULL);
	phy_sib1_reader_free(reader);
	return status;
}
