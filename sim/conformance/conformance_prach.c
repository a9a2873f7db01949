/* PRACH: 38.104 8.4, one antenna to 2, 4 or 8; a detection at another time than that of sending is none. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "radio/phy/prach/prach.h"
#include "sim/channel/channel.h"
#include "sim/conformance/conformance.h"
#include "sim/conformance/tables.h"

enum { START = 16, STEPS = 10 };

/* 8.4.2.2: the preambles are sent later from one to the next, by steps of this, behind half of N_CS (format
 * 0). */
#define STEP_S 0.1e-6

struct trial {
	const struct conformance_prach_row *row;
	struct kern kern;
	struct phy_prach plan;
	struct phy_prach_place place;
	struct phy_prach_signal *signal;
	struct phy_prach_detector *detector;
	struct phy_prach_received received;
	unsigned preamble;
	double base_s, rate_hz;
	size_t n;
	struct phy_cf *sent, *samples[PHY_PRACH_ANTENNAS_MAX];
};

static size_t rows(void)
{
	return conformance_prach_requirements_fr1_n;
}

static bool row(size_t i, struct conformance_row *out)
{
	const struct conformance_prach_row *r = &conformance_prach_requirements_fr1[i];

	if (i >= rows())
		return false;
	snprintf(out->text, sizeof(out->text), "%s: PRACH format %s, %g kHz, %u antennas, %s, offset %g Hz",
		r->table, r->name, r->spacing_khz, r->antennas, r->fading ? "TDLC300-100" : "AWGN",
		r->offset_hz);
	out->snr_db = r->snr_db;
	out->allowed = 0.01;
	return true;
}

static void trial_close(struct trial *t)
{
	phy_prach_signal_free(t->signal);
	phy_prach_detector_free(t->detector);
	free(t->sent);
	for (unsigned a = 0; a < ARRAY_LEN(t->samples); a++)
		free(t->samples[a]);
	free(t);
}

/* The test preambles of 38.104 Table A.6-1 in the narrowest carrier that holds them. */
static bool choose(struct trial *t, const struct conformance_prach_row *r)
{
	bool is_long = r->format == PHY_PRACH_0;
	struct phy_prach_config c = {
		.format = r->format, .l_ra = is_long ? 839 : 139, .mu = r->spacing_khz == 30
	};
	unsigned n_cs = is_long ? 13 : r->spacing_khz == 30 ? 46 : 23, prbs, k_bar;

	c.root_index = is_long ? 22 : 0;
	t->preamble = is_long ? 32 : 0;
	for (c.zone = 0; c.zone < 16; c.zone++) {
		if (phy_prach_init(&t->plan, &c) == PHY_PRACH_OK && t->plan.n_cs == n_cs)
			break;
	}
	if (c.zone == 16 || !phy_prach_blocks(&t->plan, c.mu, &prbs, &k_bar))
		return false;
	t->place = (struct phy_prach_place){ c.mu, prbs, 0, is_long ? 128 : 256, START, 0 };
	t->rate_hz = 15e3 * (1 << c.mu) * t->place.fft_size;
	t->base_s = is_long ? 0.5 * n_cs / (839 * 1250.0) : 0;
	return true;
}

static struct trial *trial_open(const struct conformance_prach_row *r)
{
	struct trial *t = calloc(1, sizeof(*t));
	bool ok;

	if (!t)
		return NULL;
	t->row = r;
	kern_init(&t->kern, KERN_LEVELS - 1);
	ok = choose(t, r);
	if (ok) {
		t->signal = phy_prach_signal_new(&t->plan, t->place.pusch_mu, t->place.fft_size);
		t->detector = phy_prach_detector_new(&t->plan);
		/* behind it what the channel is late by, and a delay */
		t->n = phy_prach_samples(&t->plan, &t->place) + 2 * CHANNEL_LATENCY + 4 * START;
		t->sent = calloc(t->n, sizeof(*t->sent));
	}
	for (unsigned a = 0; ok && a < r->antennas; a++) {
		t->samples[a] = calloc(t->n, sizeof(**t->samples));
		ok = t->samples[a] != NULL;
	}
	if (ok && t->signal && t->detector && t->sent &&
		phy_prach_send(t->signal, &t->kern, t->preamble, &t->place, t->sent))
		return t;
	trial_close(t);
	return NULL;
}

/* One preamble; whether it was detected in time. False in *ok: out of memory. */
static bool detected(struct trial *t, double snr_db, double delay_s, uint64_t seed, bool *ok)
{
	struct channel_config c = { .profile = t->row->fading ? CHANNEL_TDLC300 : CHANNEL_AWGN,
		.uplink = true,
		.tx = 1,
		.rx = t->row->antennas,
		.rate_hz = t->rate_hz,
		.doppler_hz = t->row->fading ? 100 : 0,
		.cfo_hz = t->row->offset_hz,
		.delay_samples = delay_s * t->rate_hz,
		.snr_db = snr_db,
		.signal_power = 1,
		.seed = seed };
	const struct phy_cf *in[] = { t->sent }, *received[PHY_PRACH_ANTENNAS_MAX];
	struct phy_prach_found found[PHY_PRACH_PREAMBLES];
	struct channel *channel = channel_new(&c);
	unsigned count;

	*ok = channel != NULL;
	if (!channel)
		return false;
	channel_run(channel, t->samples, in, t->n);
	channel_free(channel);
	for (unsigned a = 0; a < t->row->antennas; a++)
		received[a] = t->samples[a] + CHANNEL_LATENCY;
	*ok = phy_prach_receive(t->signal, &t->kern, &t->place, received, t->row->antennas, &t->received);
	count = *ok ? phy_prach_detect(t->detector, &t->kern, &t->received, found) : 0;
	for (unsigned i = 0; i < count; i++) {
		if (found[i].preamble == t->preamble)
			return fabs(found[i].delay_s - delay_s) * 1e6 <= t->row->tolerance_us;
	}
	return false;
}

static bool run(size_t i, double snr_db, unsigned slots, uint64_t seed, struct conformance_count *out)
{
	struct trial *t = i < rows() ? trial_open(&conformance_prach_requirements_fr1[i]) : NULL;
	bool ok = t != NULL;

	for (unsigned s = 0; ok && s < slots; s++) {
		out->failures += !detected(
			t, snr_db, t->base_s + s % STEPS * STEP_S, (seed + s + 1) * 0x9e3779b97f4a7c15u, &ok);
		out->trials++;
	}
	if (t)
		trial_close(t);
	return ok;
}

const struct conformance_set conformance_prach = { "PRACH", 4000, rows, row, run };
