/*
 * PDCCH from DCI bits to the grid and back. --full [trials]: the SNR for 1% of blocks lost, and false alarms over
 * more noise. --bench: times.
 */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/test.h"
#include "radio/phy/bits.h"
#include "radio/phy/coreset0.h"
#include "radio/phy/pdcch.h"
#include "radio/phy/type0.h"

enum { PRBS = PHY_PRB_MAX, SYMBOLS = PHY_SYMBOLS_MAX, SUBCARRIERS = PRBS * PHY_SC_PER_PRB };

static struct phy_polar_cache *codes;
static struct phy_pdcch_receiver *rx;
static struct kern kern;
static struct phy_cf res[SUBCARRIERS * SYMBOLS];
static struct phy_grid grid = { res, PRBS, 0, SYMBOLS };
static uint64_t seed = 1;

static uint64_t draw(void)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static double uniform(void)
{
	return ((double)(draw() >> 11) + 0.5) / 9007199254740992.0;
}

static double gaussian(void)
{
	return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

static void clear(unsigned prbs, unsigned first_crb)
{
	grid.prbs = (uint16_t)prbs;
	grid.first_crb = (uint16_t)first_crb;
	memset(res, 0, sizeof(res));
}

static void add_noise(double snr_db, unsigned symbols)
{
	double sigma = sqrt(pow(10, -snr_db / 10) / 2);

	for (unsigned i = 0; i < symbols * grid.prbs * 12u; i++) {
		res[i].re += (float)(sigma * gaussian());
		res[i].im += (float)(sigma * gaussian());
	}
}

/* Two taps: delays in samples of an FFT of 4096, the second with this amplitude; mean power one. */
static void two_taps(double delay, double apart, double second, double phase)
{
	double norm = 1 / sqrt(1 + second * second);

	for (unsigned l = 0; l < grid.symbols; l++) {
		for (unsigned k = 0; k < grid.prbs * 12u; k++) {
			double a = phase - 2 * M_PI * k * delay / 4096, b = a - 2 * M_PI * k * apart / 4096;
			double re = norm * (cos(a) + second * cos(b)), im = norm * (sin(a) + second * sin(b));
			struct phy_cf *x = phy_grid_at(&grid, l, k), y = *x;

			x->re = (float)(y.re * re - y.im * im);
			x->im = (float)(y.re * im + y.im * re);
		}
	}
}

static struct phy_pdcch_search search_for(const struct phy_pdcch_occasion *o, unsigned bits, uint16_t rnti)
{
	return (struct phy_pdcch_search){
		.occasion = *o, .sizes = 1, .size = { (uint8_t)bits }, .rntis = 1, .rnti = { rnti } };
}

static void random_dci(uint8_t *dci, unsigned bits)
{
	memset(dci, 0, PHY_DCI_OCTETS);
	for (unsigned i = 0; i < bits; i++)
		bits_set(dci, i, draw() & 1);
}

/* CORESET 0 of 48 blocks; the one the figures are about. */
static struct phy_coreset coreset0(unsigned n_symb)
{
	struct phy_coreset0 z = { 1, n_symb == 1 ? 96 : 48, (uint8_t)n_symb, 0 };
	struct phy_coreset c;

	assert_true(phy_coreset0_init(&c, &z, 0, 123));
	return c;
}

/* Blocks of `trials` lost at an SNR with DCI of 41 bits. */
static unsigned lost(const struct phy_coreset *c, unsigned al, double snr_db, unsigned trials, bool per_bundle)
{
	struct phy_pdcch_occasion o = { .coreset = c, .slot = 3, .first_symbol = 0, .n_id = 123 };
	struct phy_pdcch_search s = search_for(&o, 41, 0xffff);
	uint8_t dci[PHY_DCI_OCTETS];
	unsigned bad = 0;

	s.candidates = 1;
	s.candidate[0].al = (uint8_t)al;
	s.per_bundle = per_bundle;
	for (unsigned t = 0; t < trials; t++) {
		struct phy_pdcch_found f;

		random_dci(dci, 41);
		clear(c->n_rb, 0);
		assert_true(phy_pdcch_transmit(codes, &o, s.candidate[0], 0xffff, dci, 41, 1, &grid));
		two_taps(20 * uniform(), 0, 0, 7 * uniform());
		add_noise(snr_db, c->n_symb);
		if (phy_pdcch_find(rx, &kern, &s, &grid, &f, 1) != 1 || memcmp(f.dci, dci, sizeof(dci)) != 0)
			bad++;
	}
	return bad;
}

int main(int argc, char **argv)
{
	struct phy_coreset c = coreset0(1);

	kern_init(&kern, KERN_LEVELS - 1);
	codes = phy_polar_cache_new();
	rx = phy_pdcch_receiver_new();
	for (unsigned al = 1; al <= 16; al *= 2)
		for (double snr = -9; snr < 5; snr += 1) {
			unsigned n = lost(&c, al, snr, 200, false), m = lost(&c, al, snr, 200, true);
			if (n < 100 || m < 100)
				printf("al %u snr %.1f lost %u per bundle %u\n", al, snr, n, m);
			if (m == 0) break;
		}
	return 0;
}
