/* SS/PBCH blocks: sequences and layout against what 38.211 and 38.213 write down, the receiver against
 * channels. */
#include <math.h>

#include "radio/phy/search/band.h"
#include "radio/phy/channels/mib.h"
#include "radio/phy/phy_test.h"
#include "radio/phy/channels/ssb_receive.h"

static struct phy_pbch pbch;
static struct phy_ssb block;
/* 7.4.2.2, 7.4.2.3: written out bit by bit, another way than the product's. */
static void test_sequences(void **state)
{
	static const uint8_t pss_start[7] = { 0, 1, 1, 0, 1, 1, 1 }; /* x(0) to x(6) */
	int8_t d[PHY_SYNC_LENGTH];
	uint8_t x[254], x0[254] = { 1 }, x1[254] = { 1 };

	for (unsigned i = 0; i < 7; i++)
		x[i] = pss_start[i];
	for (unsigned i = 0; i < 247; i++) {
		x[i + 7] = (x[i + 4] + x[i]) % 2;
		x0[i + 7] = (x0[i + 4] + x0[i]) % 2;
		x1[i + 7] = (x1[i + 1] + x1[i]) % 2;
	}
	for (unsigned id = 0; id < PHY_CELL_IDS; id++) {
		unsigned n1 = id / 3, n2 = id % 3, m0 = 15 * (n1 / 112) + 5 * n2, m1 = n1 % 112;

		phy_sss(d, id);
		for (unsigned n = 0; n < PHY_SYNC_LENGTH; n++)
			assert_int_equal(d[n], (1 - 2 * x0[(n + m0) % 127]) * (1 - 2 * x1[(n + m1) % 127]));
		phy_pss(d, n2);
		for (unsigned n = 0; n < PHY_SYNC_LENGTH; n++)
			assert_int_equal(d[n], 1 - 2 * x[(n + 43 * n2) % 127]);
	}
}

/* Table 7.4.3.1-1, element by element. */
static void test_layout(void **state)
{
	for (unsigned id = 0; id < 8; id++) {
		struct phy_pbch_payload p = { .sfn = 5, .ssb_index = 2 };
		unsigned dmrs = 0, data = 0;
		struct phy_ssb_layout layout;

		assert_true(phy_ssb_transmit(&pbch, &block, &p, 8, id, 2));
		phy_ssb_layout_init(&layout, id);
		for (unsigned l = 0; l < 4; l++) {
			for (unsigned k = 0; k < 240; k++) {
				float size = hypotf(block.re[l][k].re, block.re[l][k].im), want = 1;
				bool sync = k >= 56 && k <= 182;

				if (l == 0)
					want = sync ? 2 : 0;
				else if (l == 2 && k >= 48 && k <= 191)
					want = sync ? 1 : 0;
				else if (k % 4 == id % 4)
					assert_int_equal(layout.dmrs[dmrs++], 240 * l + k);
				else
					assert_int_equal(layout.data[data++], 240 * l + k);
				assert_true(fabsf(size - want) < 1e-6f);
			}
		}
		assert_int_equal(dmrs, 144);
		assert_int_equal(data, 432);
	}
}

/* 38.213 4.1. */
static void test_patterns(void **state)
{
	static const unsigned d_first[] = { 4, 8, 16, 20, 32, 36, 44, 48, 60, 64, 72, 76, 88, 92, 100, 104,
		144 };
	static const unsigned e_first[] = { 8, 12, 16, 20, 32, 36, 40, 44, 64 };

	assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_A, 0), 2);
	assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_A, 7), 50);
	assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_B, 3), 20);
	assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_B, 4), 32);
	assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_B, 7), 48);
	assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_C, 5), 36);
	for (unsigned i = 0; i < ARRAY_LEN(d_first); i++)
		assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_D, i), d_first[i]);
	assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_D, 63), 20 + 28 * 18);
	for (unsigned i = 0; i < ARRAY_LEN(e_first); i++)
		assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_E, i), e_first[i]);
	assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_E, 32), 8 + 56 * 5);
	assert_int_equal(phy_ssb_first_symbol(PHY_SSB_CASE_E, 63), 44 + 56 * 8);
	assert_int_equal(phy_ssb_l_max(PHY_SSB_CASE_A, 3000000000u, false), 4);
	assert_int_equal(phy_ssb_l_max(PHY_SSB_CASE_A, 3000000001u, false), 8);
	assert_int_equal(phy_ssb_l_max(PHY_SSB_CASE_C, 1879999999, true), 4);
	assert_int_equal(phy_ssb_l_max(PHY_SSB_CASE_C, 1880000000, true), 8);
	assert_int_equal(phy_ssb_l_max(PHY_SSB_CASE_C, 2100000000, false), 4);
	assert_int_equal(phy_ssb_l_max(PHY_SSB_CASE_E, 28000000000u, true), 64);
}

/* Two paths, a turn between symbols and noise: what is measured is what was done to the block. */
static void test_receive(void **state)
{
	for (unsigned i = 0; i < 30; i++) {
		unsigned id = (unsigned)(draw() % 1008), wrong = 0;
		struct phy_pbch_payload p = { .sfn = (uint16_t)(draw() % 1024),
			.ssb_index = (uint8_t)(draw() % 8) };
		float turn = (float)((double)(draw() % 6000) / 1000 - 3), noise = i % 2 ? 0.01f : 0.1f,
		      shares[PHY_SSB_I_BARS];
		struct phy_cf sent[PHY_PBCH_SYMBOLS];
		struct phy_ssb_measure m;
		float llr[PHY_PBCH_E];
		unsigned best = 0;

		assert_true(phy_ssb_transmit(&pbch, &block, &p, 8, id, 1));
		assert_true(phy_pbch_transmit(&pbch, sent, &p, 8, id));
		for (unsigned l = 0; l < 4; l++) {
			for (unsigned k = 0; k < 240; k++) {
				double a = turn * ((int)l - 1) - 0.03 * k, b = a - 0.15 * k;
				struct phy_cf h = { (float)(cos(a) + 0.4 * cos(b)),
					(float)(sin(a) + 0.4 * sin(b)) };
				struct phy_cf x = block.re[l][k];
				float s = sqrtf(noise / 2);

				block.re[l][k].re = x.re * h.re - x.im * h.im + s * (float)gaussian();
				block.re[l][k].im = x.re * h.im + x.im * h.re + s * (float)gaussian();
			}
		}
		phy_ssb_dmrs_correlate(shares, &block, id);
		for (unsigned b = 1; b < PHY_SSB_I_BARS; b++)
			best = shares[b] > shares[best] ? b : best;
		assert_int_equal(best, p.ssb_index);
		assert_true(phy_ssb_receive(&block, id, p.ssb_index, llr, &m));
		assert_true(fabsf(m.turn_rad - turn) < 0.05f);
		assert_true(m.power > 0.9f && m.power < 1.5f);
		assert_true(m.noise > 0.6f * noise && m.noise < 2 * noise);
		assert_true(fabsf(m.delay_samples - (float)(0.03 * 240 / (2 * M_PI))) < 3);
		for (unsigned n = 0; n < PHY_PBCH_SYMBOLS; n++)
			wrong += ((llr[2 * n] < 0) != (sent[n].re < 0)) +
				 ((llr[2 * n + 1] < 0) != (sent[n].im < 0));
		assert_true(wrong < (i % 2 ? 3 : 60));
	}
}

static void test_receive_nonsense(void **state)
{
	static const float values[] = { 0, NAN, INFINITY, 1e30f };
	float llr[PHY_PBCH_E], shares[PHY_SSB_I_BARS];
	struct phy_ssb_measure m;

	for (size_t v = 0; v < ARRAY_LEN(values); v++) {
		for (unsigned l = 0; l < 4; l++) {
			for (unsigned k = 0; k < 240; k++)
				block.re[l][k] = (struct phy_cf){ values[v], -values[v] };
		}
		phy_ssb_dmrs_correlate(shares, &block, 5);
		assert_false(phy_ssb_receive(&block, 5, 3, llr, &m));
	}
}

/*
 * Two antennas that fade by themselves, turned alike, at -8 dB: together they know the turn far better than
 * each does; one that is silent and one that shows no numbers spoil nothing.
 */
static void test_receive_array(void **state)
{
	static struct phy_ssb heard[4];
	const struct phy_ssb *rx[4] = { &heard[0], &heard[1], &heard[2], &heard[3] };
	double alone = 0, together = 0;

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		struct phy_pbch_payload p = { .ssb_index = (uint8_t)(i % 8) };
		static float llrs[4][PHY_PBCH_E];
		float *llr[4] = { llrs[0], llrs[1], llrs[2], llrs[3] }, turn = 0.4f;
		struct phy_ssb_measure m[4], one;

		assert_true(phy_ssb_transmit(&pbch, &block, &p, 8, 77, 1));
		memset(heard, 0, sizeof(heard));
		for (unsigned a = 0; a < 4; a += 2) {
			struct phy_cf h = gaussian_cf();

			for (unsigned n = 0; n < 4 * 240; n++) {
				struct phy_cf x = block.re[n / 240][n % 240], w = gaussian_cf();
				double t = (double)turn * ((int)(n / 240) - 1);
				struct phy_cf g = { (float)(cos(t) * (double)h.re - sin(t) * (double)h.im),
					(float)(cos(t) * (double)h.im + sin(t) * (double)h.re) };

				heard[a].re[n / 240][n % 240] =
					(struct phy_cf){ x.re * g.re - x.im * g.im + 2.5f * w.re,
						x.re * g.im + x.im * g.re + 2.5f * w.im };
			}
		}
		heard[3].re[2][100].re = NAN;
		heard[3].re[2][100].im = 1;
		assert_int_equal(phy_ssb_receive_array(rx, 4, 77, p.ssb_index, llr, m), 0x5);
		assert_true(m[0].turn_rad == m[2].turn_rad);
		assert_true(phy_ssb_receive(&heard[0], 77, p.ssb_index, llr[1], &one));
		together += fabs((double)(m[0].turn_rad - turn));
		alone += fabs((double)(one.turn_rad - turn));
	}
	print_message("turn missed by %.3f alone, %.3f together\n", alone / 60, together / 60);
	assert_true(together < 0.7 * alone);
}

/* What a recording's level is does not matter to the SSS, far beyond what files hold. */
static void test_sss_levels(void **state)
{
	static const float levels[] = { 1e-15f, 1, 1e15f };
	struct phy_cf pss[PHY_SYNC_LENGTH] = { 0 }, sss[PHY_SYNC_LENGTH] = { 0 }, like[PHY_CELL_ID_1S];
	int8_t p[PHY_SYNC_LENGTH], s[PHY_SYNC_LENGTH];

	phy_pss(p, 1);
	phy_sss(s, 3 * 111 + 1);
	for (size_t v = 0; v < ARRAY_LEN(levels); v++) {
		for (unsigned n = 0; n < PHY_SYNC_LENGTH; n++) {
			pss[n].re = levels[v] * (float)p[n];
			sss[n].re = levels[v] * (float)s[n];
		}
		phy_sss_correlate(like, pss, sss, 1);
		assert_true(like[111].re > 0.9f && like[111].re < 1.01f);
	}
}

/* 38.104 5.4.3.1. */
static void test_raster(void **state)
{
	assert_int_equal(phy_gscn_near(3.5e9, false), 7846);
	assert_true(phy_gscn_hz(7846) == 3499.68e6);
	assert_true(phy_gscn_hz(2) == 1.25e6); /* N 1, M 1 */
	assert_true(phy_gscn_hz(3) == 1.35e6); /* M 3 */
	assert_true(phy_gscn_hz(7498) == 2499 * 1.2e6 + 250e3);
	assert_true(phy_gscn_hz(22256) == 24250.08e6);
	assert_true(phy_gscn_hz(1) == 0 && phy_gscn_hz(26639 + 31635) == 0);
	for (unsigned n = 2; n <= 26639; n++) {
		assert_int_equal(phy_gscn_near(phy_gscn_hz(n), false), n);
		assert_int_equal(phy_gscn_near(phy_gscn_hz(n) + 49e3, false), n);
	}
	assert_int_equal(phy_gscn_near(2999.5e6, false), 7498); /* 2999.05 MHz, the next is 3000 */
	assert_int_equal(phy_gscn_near(2999.55e6, false), 7499);
	assert_int_equal(phy_gscn_near(0, false), 0);
	assert_int_equal(phy_gscn_near(NAN, false), 0);
	assert_int_equal(phy_gscn_near(2e11, false), 0);
}

/* Table 5.4.3.1-2: N * 600 kHz + M * 50 kHz + 300 kHz, none of which is an entry of the other raster. */
static void test_narrow_raster(void **state)
{
	unsigned gscn = 26640;

	for (unsigned n = 1; n <= 1665; n++) {
		for (unsigned m = 1; m <= 5 && gscn <= 31634; m += 2, gscn++) {
			double hz = n * 600e3 + m * 50e3 + 300e3;

			assert_int_equal(gscn, 26638 + 3 * n + (m + 1) / 2 - 2);
			assert_true(phy_gscn_hz(gscn) == hz);
			assert_true(phy_gscn_is_narrow(gscn));
			assert_int_equal(phy_gscn_near(hz, true), gscn);
			assert_int_equal(phy_gscn_near(hz + 49e3, true), gscn);
			assert_true(fabs(phy_gscn_hz(phy_gscn_near(hz, false)) - hz) > 90e3);
		}
	}
	assert_int_equal(gscn, 31635);
	assert_true(phy_gscn_hz(33802) == 1433.25e6 && phy_gscn_hz(33804) == 1433.75e6);
	assert_int_equal(phy_gscn_near(1433.35e6, true), 33803);
	assert_int_equal(phy_gscn_near(1200e6, true), 0);
	assert_int_equal(phy_gscn_near(0.2e6, true), 0);
	assert_true(phy_gscn_hz(31635) == 0 && phy_gscn_hz(33805) == 0 && !phy_gscn_is_narrow(7846));
}

/* 38.211 7.4.3.1: nothing is sent in subcarriers 0 to 47 and 192 to 239, and half the PBCH is enough. */
static void test_punctured(void **state)
{
	const struct phy_pbch_payload sent = { { 0x11, 0x22, 0x33 }, 700, false, false, 2 };
	struct phy_pbch_burst burst = { .half_frames_on = 0 };
	struct phy_ssb_measure m;
	struct phy_pbch_payload got;
	struct phy_ssb whole;
	struct kern kern;

	kern_init(&kern, KERN_LEVELS - 1);
	phy_pbch_init(&pbch);
	assert_true(phy_ssb_transmit(&pbch, &whole, &sent, 4, 321, 1));
	block = whole;
	phy_ssb_puncture(&block);
	for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++)
		for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
			bool kept = k >= 48 && k <= 191;

			assert_true(block.re[l][k].re == (kept ? whole.re[l][k].re : 0) &&
				    block.re[l][k].im == (kept ? whole.re[l][k].im : 0));
		}
	/* noise of -3 dB, also where nothing was sent, until it is punctured once more */
	add_noise(block.re[0], PHY_SSB_SYMBOLS * PHY_SSB_SUBCARRIERS, 0.5);
	phy_ssb_puncture(&block);
	assert_true(phy_ssb_receive(&block, 321, 2, burst.llr, &m));
	assert_true(m.power > 0.8f && m.power < 1.3f && m.noise > 0.35f && m.noise < 0.7f);
	for (unsigned i = 0; i < PHY_PBCH_E; i++)
		assert_true(isfinite(burst.llr[i]));
	assert_true(phy_pbch_receive(&pbch, &kern, &burst, 1, 4, 321, 2, &got));
	assert_memory_equal(got.mib + 1, sent.mib + 1, 2); /* the first octet has bits of the SFN */
	assert_int_equal(got.sfn, 700);
}

/* The bits of 38.331's MIB, one by one. */
static void test_mib(void **state)
{
	struct phy_mib mib = { .sfn = 0x2a7,
		.scs_common_high = true,
		.k_ssb = 0x15,
		.dmrs_type_a_position = 3,
		.coreset_zero = 9,
		.search_space_zero = 4,
		.cell_barred = false,
		.intra_freq_reselection = true },
		       back;
	struct phy_pbch_payload p = { 0 };

	assert_true(phy_mib_encode(&mib, 8, &p));
	/* 0, 101010 (SFN), 1, 0101 (k_SSB), 1 (pos3), 1001, 0100, 1 (notBarred), 0 (allowed), 0 */
	assert_int_equal(p.mib[0], 0x55);
	assert_int_equal(p.mib[1], 0x5c);
	assert_int_equal(p.mib[2], 0xa4);
	assert_true(p.k_ssb_msb);
	assert_true(phy_mib_decode(&back, &p));
	assert_true(back.sfn == mib.sfn && back.half_frame == mib.half_frame && back.k_ssb == mib.k_ssb);
	assert_true(back.scs_common_high && back.dmrs_type_a_position == 3 && !back.spare);
	assert_true(back.coreset_zero == 9 && back.search_space_zero == 4);
	assert_true(!back.cell_barred && back.intra_freq_reselection);
	p.mib[0] |= 0x80;
	assert_false(phy_mib_decode(&back, &p));
	mib.k_ssb = 16;
	assert_false(phy_mib_encode(&mib, 64, &p));
	mib.k_ssb = 0;
	mib.sfn = 1024;
	assert_false(phy_mib_encode(&mib, 8, &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_receive),
		cmocka_unit_test(test_receive_nonsense),
		cmocka_unit_test(test_receive_array),
		cmocka_unit_test(test_sss_levels),
		cmocka_unit_test(test_raster),
		cmocka_unit_test(test_narrow_raster),
		cmocka_unit_test(test_punctured),
		cmocka_unit_test(test_mib),
	};

	phy_pbch_init(&pbch);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
