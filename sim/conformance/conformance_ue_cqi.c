/*
 * CQI of a UE (38.101-4 6.2): of white noise, that reports hardly vary and that their median is the highest
 * format which comes; of fading, that reports follow it and carry more than a fixed format. An SNR and the
 * one 1 dB above: one of them has to do.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/blocks/cqi.h"
#include "sim/conformance/conformance.h"
#include "sim/conformance/tables.h"

enum { SLOTS = 400, FIGURES = 3, AWAY = 1 /* of the median */ };

#define DELAY_S 8e-3 /* from what is measured to what is sent by it */

static const char *const texts[2][FIGURES] = {
	{ "reports near the median, %", "blocks of the best format that come, %",
		"blocks one above that are lost, %" },
	{ "reports beside the median, %", "throughput over that of the median", "blocks that are lost, %" },
};

static bool fades(const struct conformance_ue_cqi_row *r)
{
	return r->doppler_hz > 0;
}

static size_t rows(void)
{
	return conformance_ue_cqi_requirements_n * FIGURES;
}

/* 38.101-4: 90 % and BLER of 0.1; alpha, gamma, and BLER of at least 0.02. */
static double least_of(const struct conformance_ue_cqi_row *r, unsigned figure)
{
	if (fades(r))
		return figure == 0 ? r->alpha : figure == 1 ? r->gamma_percent / 100.0 : 2;
	return figure == 2 ? 10 : 90;
}

static bool row(size_t i, struct conformance_figure *to)
{
	const struct conformance_ue_cqi_row *r = &conformance_ue_cqi_requirements[i / FIGURES];

	if (i >= rows())
		return false;
	*to = (struct conformance_figure){ .least = least_of(r, i % FIGURES) };
	snprintf(to->text, sizeof(to->text), "%s UE %s, %u kHz, 2x%u, %.0f dB: %s", r->table, r->test,
		r->scs_khz, r->n_rx, r->snr_db, texts[fades(r)][i % FIGURES]);
	return true;
}

static int ascending(const void *a, const void *b)
{
	return *(const uint8_t *)a - *(const uint8_t *)b;
}

static unsigned median_of(const uint8_t *cqi, unsigned n)
{
	uint8_t *sorted = calloc(n, 1);
	unsigned median = 0;

	if (!sorted)
		return 0;
	bytes_copy(sorted, n, bytes_of(cqi, n));
	qsort(sorted, n, 1, ascending);
	median = sorted[n / 2];
	free(sorted);
	return median;
}

static double share_near(const uint8_t *cqi, unsigned n, unsigned median)
{
	unsigned near = 0;

	for (unsigned i = 0; i < n; i++)
		near += cqi[i] + AWAY >= median && cqi[i] <= median + AWAY;
	return 100.0 * near / n;
}

/* The share of blocks of a format that come, in percent; none above the highest. */
static double share_come(struct cqi_link *l, unsigned cqi, unsigned n)
{
	unsigned came = 0;

	for (unsigned i = 0; i < n; i++)
		came += cqi_link_send(l, cqi) > 0;
	return 100.0 * came / n;
}

static bool measure_noise(struct cqi_link *l, unsigned n, uint64_t seed, uint8_t *cqi, double ours[FIGURES])
{
	unsigned median;

	if (!cqi_link_begin(l, seed))
		return false;
	for (unsigned i = 0; i < n; i++)
		cqi[i] = (uint8_t)cqi_link_report(l);
	median = median_of(cqi, n);
	ours[0] = share_near(cqi, n, median);
	ours[1] = share_come(l, median, n);
	ours[2] = 100 - share_come(l, median + 1, n);
	if (ours[1] < 90) { /* then the one below has to come, as this one does not */
		ours[2] = 100 - ours[1];
		ours[1] = share_come(l, median - 1, n);
	}
	return true;
}

/* Every time another fading, the same for a seed; of a CQI or, if it is 0, of what is reported. */
static bool send_all(struct cqi_link *l, unsigned n, uint64_t seed, unsigned fixed, uint8_t *cqi,
	double *bits, unsigned *lost)
{
	*bits = *lost = 0;
	for (unsigned i = 0; i < n; i++) {
		uint32_t came;

		if (!cqi_link_begin(l, seed + i))
			return false;
		cqi[i] = (uint8_t)cqi_link_report(l);
		cqi_link_wait(l, DELAY_S);
		came = cqi_link_send(l, fixed ? fixed : cqi[i]);
		*bits += came;
		*lost += came == 0;
	}
	return true;
}

static bool measure_fading(struct cqi_link *l, unsigned n, uint64_t seed, uint8_t *cqi, double ours[FIGURES])
{
	double followed, still;
	unsigned median, lost, unused;

	if (!send_all(l, n, seed, 0, cqi, &followed, &lost))
		return false;
	median = median_of(cqi, n);
	if (median == 0 || !send_all(l, n, seed, median, cqi, &still, &unused))
		return false;
	ours[0] = 100 - share_near(cqi, n, median);
	ours[1] = followed / fmax(still, 1);
	ours[2] = 100.0 * lost / n;
	return true;
}

/* All figures of a test at an SNR. */
static bool measure_at(const struct conformance_ue_cqi_row *r, double snr_db, unsigned n, uint64_t seed,
	double ours[FIGURES])
{
	struct cqi_config c = { .mu = r->scs_khz == 30,
		.prbs = r->n_rb,
		.antennas = r->n_rx,
		.rank = r->rank,
		.air = { .profile = r->profile, .correlation = r->correlation, .doppler_hz = r->doppler_hz },
		.snr_db = snr_db };
	const char *why;
	struct cqi_link *l = cqi_link_new(&c, &why);
	uint8_t *cqi = calloc(n, 1);
	bool ok = l && cqi && (fades(r) ? measure_fading : measure_noise)(l, n, seed, cqi, ours);

	cqi_link_free(l);
	free(cqi);
	return ok;
}

/* Of two SNRs that which all figures hold at, or else the first. */
static bool measure(size_t i, unsigned slots, uint64_t seed, double *ours)
{
	const struct conformance_ue_cqi_row *r = &conformance_ue_cqi_requirements[i / FIGURES];
	double at[2][FIGURES];

	if (i >= rows())
		return false;
	for (unsigned s = 0; s < 2; s++) {
		bool held = true;

		if (!measure_at(r, r->snr_db + s, slots, seed, at[s]))
			return false;
		for (unsigned f = 0; f < FIGURES; f++)
			held = held && at[s][f] >= least_of(r, f);
		*ours = at[s][i % FIGURES];
		if (held)
			return true;
	}
	*ours = at[0][i % FIGURES];
	return true;
}

const struct conformance_figures conformance_ue_cqi = { "CQI of UEs", SLOTS, rows, row, measure };
