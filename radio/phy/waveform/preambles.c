#include "radio/phy/waveform/preambles.h"

#include <stdlib.h>

struct phy_preambles {
	const struct phy_rach *rach;
	uint64_t sent;
	unsigned fft_size, subframe; /* the next one, from SFN 0 on */
	float amplitude;
	size_t n, room; /* samples of a subframe, and of what may begin in one */
	struct phy_prach_signal *signal[2];
	struct phy_cf *one, *sum; /* a preamble; all from the beginning of the subframe on */
};

struct phy_preambles *phy_preambles_new(
	const struct phy_rach *r, uint64_t sent, unsigned fft_size, unsigned sfn, float amplitude)
{
	struct phy_preambles *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->rach = r;
	p->sent = sent;
	p->fft_size = fft_size;
	p->subframe = sfn * 10;
	p->amplitude = amplitude;
	p->n = (size_t)fft_size * 15 << r->mu;
	for (unsigned i = 0; i < ARRAY_LEN(p->signal); i++) {
		struct phy_prach_place last = { r->mu, r->grid_prbs, r->first_prb, fft_size, (double)p->n,
			PHY_PRACH_TC_PER_SUBFRAME };
		size_t room = phy_prach_samples(&r->plan[i], &last);

		p->signal[i] = phy_prach_signal_new(&r->plan[i], r->mu, fft_size);
		p->room = room > p->room ? room : p->room;
	}
	p->one = calloc(p->room, sizeof(*p->one));
	p->sum = calloc(p->room, sizeof(*p->sum));
	if (p->signal[0] && p->signal[1] && p->one && p->sum)
		return p;
	phy_preambles_free(p);
	return NULL;
}

void phy_preambles_free(struct phy_preambles *p)
{
	if (!p)
		return;
	phy_prach_signal_free(p->signal[0]);
	phy_prach_signal_free(p->signal[1]);
	free(p->one);
	free(p->sum);
	free(p);
}

/* All preambles of an occasion onto the sum. */
static void add_occasion(
	struct phy_preambles *p, const struct kern *k, const struct phy_prach_occasion *o, unsigned fdm)
{
	const struct phy_rach *r = p->rach;
	unsigned plan = phy_rach_plan(r, o);
	struct phy_prach_place place = { r->mu, r->grid_prbs, r->first_prb + fdm * r->prbs, p->fft_size,
		(double)o->start_tc * (double)p->n / PHY_PRACH_TC_PER_SUBFRAME, o->extra_tc };
	size_t n = phy_prach_samples(&r->plan[plan], &place);

	for (unsigned i = 0; i < PHY_PRACH_PREAMBLES; i++) {
		if (!(p->sent >> i & 1) || !phy_prach_send(p->signal[plan], k, i, &place, p->one))
			continue;
		for (size_t j = 0; j < n; j++) {
			p->sum[j].re += p->one[j].re;
			p->sum[j].im += p->one[j].im;
		}
	}
}

void phy_preambles_run(struct phy_preambles *p, const struct kern *k, struct phy_cf *out)
{
	struct phy_prach_occasion o[PHY_PRACH_OCCASIONS_MAX];
	unsigned per = p->rach->slots / 10, first = p->subframe % 10 * per;

	for (unsigned slot = first; slot < first + per; slot++) {
		unsigned n = phy_rach_occasions(p->rach, p->subframe / 10 % 1024, slot, o);

		for (unsigned i = 0; i < n; i++)
			for (unsigned f = 0; f < p->rach->fdm; f++)
				add_occasion(p, k, &o[i], f);
	}
	k->cf_scale(&out->re, &p->sum->re, p->n, p->amplitude, 0);
	memmove(p->sum, p->sum + p->n, (p->room - p->n) * sizeof(*p->sum));
	memset(p->sum + p->room - p->n, 0, p->n * sizeof(*p->sum));
	p->subframe++;
}
