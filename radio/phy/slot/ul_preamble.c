/* A UE's preamble, made when it begins and sent slot after slot. */
#include <math.h>
#include <stdlib.h>

#include "radio/phy/slot/ul_parts.h"

struct ul_preamble {
	const struct kern *kern;
	struct phy_slot_carrier carrier;
	struct phy_prach plan;
	struct phy_prach_signal *signal;
	size_t n, at; /* samples made and sent */
	struct slot_time last;
	struct phy_cf *samples;
	size_t samples_max;
};

struct ul_preamble *ul_preamble_new(const struct phy_slot_config *c, const struct kern *k)
{
	struct ul_preamble *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->kern = k;
	p->carrier = c->carrier;
	if (phy_prach_init(&p->plan, &c->preambles) == PHY_PRACH_OK) {
		p->samples_max = slot_prach_samples(&p->plan, &c->carrier);
		p->signal = phy_prach_signal_new(&p->plan, c->carrier.mu, c->carrier.fft_size);
		p->samples = calloc(p->samples_max, sizeof(*p->samples));
	}
	if (p->signal && p->samples)
		return p;
	ul_preamble_free(p);
	return NULL;
}

void ul_preamble_free(struct ul_preamble *p)
{
	if (!p)
		return;
	phy_prach_signal_free(p->signal);
	free(p->samples);
	free(p);
}

enum phy_slot_error ul_preamble_begin(
	struct ul_preamble *p, const struct slot_time *now, const struct phy_ul_prach *what, const char **why)
{
	struct phy_prach_place place;
	enum phy_slot_error e = slot_prach_place(&place, &p->plan, &p->carrier, now, &what->place, why);
	size_t n;

	if (e != PHY_SLOT_OK)
		return e;
	if (!slot_time_follows(&p->last, now))
		p->n = p->at;
	n = phy_prach_samples(&p->plan, &place);
	if (p->at < p->n || n > p->samples_max)
		return PHY_SLOT_TOO_MANY;
	if (!isfinite(what->amplitude) ||
		!phy_prach_send(p->signal, p->kern, what->preamble, &place, p->samples)) {
		*why = "no such preamble or amplitude";
		return PHY_SLOT_CHANNEL;
	}
	p->kern->cf_scale(&p->samples->re, &p->samples->re, n, what->amplitude, 0);
	p->n = n;
	p->at = 0;
	return PHY_SLOT_OK;
}

void ul_preamble_add(struct ul_preamble *p, const struct slot_time *now, struct phy_cf *out, size_t n)
{
	size_t left;

	if (p->at > 0 && !slot_time_follows(&p->last, now))
		p->n = p->at;
	p->last = *now;
	left = p->n - p->at;
	n = n < left ? n : left;
	for (size_t i = 0; i < n; i++) {
		out[i].re += p->samples[p->at + i].re;
		out[i].im += p->samples[p->at + i].im;
	}
	p->at += n;
}
