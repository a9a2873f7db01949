/* OFDM of 38.211 5.3.1 with the phases of 5.4: a slot of resource elements to samples, and back. */
#pragma once

#include "radio/phy/signals/fft.h"
#include "radio/phy/signals/grid.h"

enum { PHY_OFDM_FFT_MAX = 8192, PHY_OFDM_MU_MAX = 4 /* which only SS/PBCH blocks have */ };

struct phy_ofdm_config {
	unsigned mu;       /* subcarrier spacing 15 kHz * 2^mu, 0 to 4 */
	bool extended;     /* cyclic prefix; with mu 2 only (Table 4.2-1) */
	unsigned prbs;     /* 1 to PHY_PRB_MAX; 12 times that must be below fft_size */
	unsigned fft_size; /* a multiple of 128 that phy_fft_init takes; the sample rate is this times the
			      spacing */
	int k0; /* of 5.3.1: by how many subcarriers the grid's middle lies above the carrier's; mostly 0 */
	uint64_t carrier_hz; /* f_0 of 5.4, below 2^40; 0 for no phases */
};

struct phy_ofdm {
	struct phy_ofdm_config config;
	unsigned symbols; /* a slot: 14, or 12 */
	struct phy_fft to_time, to_frequency;
	/* Of each symbol of a subframe: exp(-j 2 pi f_0 t) of 5.4 over the root of fft_size. */
	struct phy_cf phase[(1 << PHY_OFDM_MU_MAX) * PHY_SYMBOLS_MAX];
	struct phy_cf *work; /* two transforms long; hence one struct for each thread */
};

/* False for what config cannot be, or when memory is out; nothing is then held. */
bool phy_ofdm_init(struct phy_ofdm *o, const struct phy_ofdm_config *config);

void phy_ofdm_fini(struct phy_ofdm *o);

/* Samples of the cyclic prefix of a symbol, and of a whole slot; slot counts within the subframe
 * (more starts again). */
unsigned phy_ofdm_prefix(const struct phy_ofdm *o, unsigned slot, unsigned symbol);
unsigned phy_ofdm_slot_samples(const struct phy_ofdm *o, unsigned slot);

/* Samples of the slot before a symbol's prefix. */
unsigned phy_ofdm_symbol_at(const struct phy_ofdm *o, unsigned slot, unsigned symbol);

/*
 * grid: symbol by symbol 12 * prbs values, subcarrier 0 of the grid first. out: phy_ofdm_slot_samples(). Both
 * directions keep the energy: a fully loaded grid of mean power 1 gives samples of mean power 12 * prbs /
 * fft_size.
 */
void phy_ofdm_modulate(struct phy_ofdm *o, const struct kern *kern, struct phy_cf *out,
	const struct phy_cf *grid, unsigned slot);
void phy_ofdm_demodulate(struct phy_ofdm *o, const struct kern *kern, struct phy_cf *grid,
	const struct phy_cf *in, unsigned slot);

/* One symbol of that; out and in begin with its prefix, grid with its first subcarrier. */
void phy_ofdm_modulate_symbol(struct phy_ofdm *o, const struct kern *kern, struct phy_cf *out,
	const struct phy_cf *grid, unsigned slot, unsigned symbol);
void phy_ofdm_demodulate_symbol(struct phy_ofdm *o, const struct kern *kern, struct phy_cf *grid,
	const struct phy_cf *in, unsigned slot, unsigned symbol);
