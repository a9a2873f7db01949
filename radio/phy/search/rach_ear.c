#include <math.h>
#include <stdlib.h>

#include "radio/phy/search/rach.h"

/* An occasion is received as the only one of a carrier as wide: what the resampler passes of its rate holds
 * it. */
static const double passed = 0.9;

struct phy_rach_ear {
	const struct phy_rach *rach;
	unsigned fft_size;
	double rate_hz;
	struct phy_resampler resampler;
	struct phy_prach_signal *signal[2]; /* by plan */
	struct phy_prach_detector *detector[2];
	struct phy_prach_received received;
	struct phy_cf *samples;
};

static struct phy_prach_place place_of(const struct phy_rach_ear *e, const struct phy_prach_occasion *o)
{
	return (struct phy_prach_place){ e->rach->mu, e->rach->prbs, 0, e->fft_size, 0, o->extra_tc };
}

struct phy_rach_ear *phy_rach_ear_new(const struct phy_rach *r, double rate_hz)
{
	struct phy_prach_occasion longest = { .extra_tc = PHY_PRACH_TC_PER_SUBFRAME };
	struct phy_rach_ear *e = calloc(1, sizeof(*e));
	size_t n = 0;
	bool ok;

	if (!e)
		return NULL;
	e->rach = r;
	for (e->fft_size = 128; r->prbs * 12 > passed * e->fft_size;)
		e->fft_size *= 2;
	e->rate_hz = e->fft_size * (15e3 * (1 << r->mu));
	ok = phy_resampler_init(&e->resampler, rate_hz, e->rate_hz);
	for (unsigned p = 0; ok && p < ARRAY_LEN(e->signal); p++) {
		struct phy_prach_place place = place_of(e, &longest);
		size_t samples = phy_prach_samples(&r->plan[p], &place);

		e->signal[p] = phy_prach_signal_new(&r->plan[p], r->mu, e->fft_size);
		e->detector[p] = phy_prach_detector_new(&r->plan[p]);
		n = samples > n ? samples : n;
		ok = e->signal[p] && e->detector[p];
	}
	e->samples = ok ? calloc(n, sizeof(*e->samples)) : NULL;
	if (e->samples)
		return e;
	phy_rach_ear_free(e);
	return NULL;
}

void phy_rach_ear_free(struct phy_rach_ear *e)
{
	if (!e)
		return;
	for (unsigned p = 0; p < ARRAY_LEN(e->signal); p++) {
		phy_prach_signal_free(e->signal[p]);
		phy_prach_detector_free(e->detector[p]);
	}
	phy_resampler_fini(&e->resampler);
	free(e->samples);
	free(e);
}

unsigned phy_rach_hear(struct phy_rach_ear *e, const struct kern *k, const struct phy_recording *in,
	double frame_start, unsigned slot, const struct phy_prach_occasion *o, unsigned fdm,
	struct phy_prach_found found[PHY_PRACH_PREAMBLES])
{
	const struct phy_rach *r = e->rach;
	unsigned p = phy_rach_plan(r, o);
	struct phy_prach_place place = place_of(e, o);
	size_t n = phy_prach_samples(&r->plan[p], &place);
	double block_hz = 12 * 15e3 * (1 << r->mu);
	double middle_hz = (r->first_prb + fdm * r->prbs + r->prbs / 2.0 - r->grid_prbs / 2.0) * block_hz;
	double subframe = slot / (r->slots / 10),
	       start_s = subframe * 1e-3 + o->start_tc * 1e-3 / PHY_PRACH_TC_PER_SUBFRAME;
	double start = frame_start + start_s * in->rate_hz;
	const struct phy_cf *antenna[] = { e->samples };

	if (!(start >= 0) || start + (double)n / e->rate_hz * in->rate_hz > (double)in->count)
		return 0;
	phy_resample(&e->resampler, k, in, middle_hz, start, e->samples, n);
	if (!phy_prach_receive(e->signal[p], k, &place, antenna, 1, &e->received))
		return 0;
	return phy_prach_detect(e->detector[p], k, &e->received, found);
}
