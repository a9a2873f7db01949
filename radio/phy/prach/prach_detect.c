/*
 * Finding preambles: the correlation with each root at all delays at once, by a transform. What is compared
 * with the threshold is its power over the energy received, summed up over antennas and groups: where nothing
 * was sent a sum of that many exponential variables. A preamble is the highest place of its window of delays.
 * Places that a stronger one explains are none: its sidelobes, and, since a frequency offset of part of the
 * spacing shifts some of its power by the inverse of u, what lies there. Of few samples (139) what was found
 * is taken out and the rest searched again, since it hides others of less power.
 */
#include <stdlib.h>

#include "radio/phy/prach/prach_detector.h"
#include "radio/phy/signals/lines.h"

enum { OFFSETS_MAX = 5, ROUNDS = 4, CANCEL_L = 139 };

#define FALSE_ALARM 1e-3  /* of all preambles together, 38.104 8.4.1.1 */
#define MORE_PLACES 1.5   /* places that are tried, of those that are independent */
#define OFFSET_HZ   625.0 /* of the frequency, at most; it moves power to the next subcarrier */
/*
 * What was sent with one root is on another, over its mean, at most: between places it varies as noise does,
 * and alike in all branches.
 */
#define CROSS           14.0f
#define SIDELOBE_CLOSE  1.5f /* places of L_RA: what lies nearer is the peak itself */
#define SIDELOBE_FACTOR 2.0f /* over the envelope (pi d)^-2 */
#define LEFT_WITHIN     3.0f /* places of L_RA around what was taken out, where its rest is */

static unsigned transform_size(unsigned l)
{
	return l == 139 ? 256 : l == 571 ? 1024 : l == 839 ? 1536 : 2048;
}

/* What a sum of n exponential variables of mean 1 exceeds with a probability. */
static float exceeded(unsigned n, double probability)
{
	double low = 0, high = 500;

	for (unsigned i = 0; i < 60; i++) {
		double t = (low + high) / 2, term = exp(-t), sum = 0;

		for (unsigned j = 0; j < n; j++) {
			sum += term;
			term *= t / (j + 1);
		}
		if (sum > probability)
			low = t;
		else
			high = t;
	}
	return (float)high;
}

/* Where a preamble may show: without offset, and shifted by the inverse of u once or twice either way. */
static unsigned offsets_of(const struct phy_prach *p, unsigned root, float offsets[OFFSETS_MAX])
{
	unsigned n = p->config.set == PHY_PRACH_UNRESTRICTED ? 1 : p->config.set == PHY_PRACH_TYPE_A ? 3 : 5;

	for (int i = 0; i < (int)n; i++)
		offsets[i] = (float)((i + 1) / 2 * (i % 2 ? 1 : -1) * (int)p->roots[root].inverse);
	return n;
}

static float threshold(const struct phy_prach *p, unsigned branches)
{
	float offsets[OFFSETS_MAX];
	double places = PHY_PRACH_PREAMBLES * (p->n_cs ? p->n_cs : p->config.l_ra) * MORE_PLACES;

	return exceeded(branches, FALSE_ALARM / (places * offsets_of(p, 0, offsets)));
}

struct phy_prach_detector *phy_prach_detector_new(const struct phy_prach *p)
{
	struct phy_prach_detector *d = calloc(1, sizeof(*d));
	unsigned n = transform_size(p->config.l_ra), l = p->config.l_ra;
	struct phy_cf unit[PHY_PRACH_L_MAX];

	if (!d)
		return NULL;
	d->plan = p;
	d->reference = calloc(p->roots_n, sizeof(*d->reference));
	d->in = phy_lines_new(3 * (size_t)n * sizeof(*d->in));
	d->power = phy_lines_new(n * sizeof(*d->power));
	d->above = calloc(n, sizeof(*d->above));
	if (!d->reference || !d->in || !d->power || !d->above || !phy_fft_init(&d->fft, n, false)) {
		phy_prach_detector_free(d);
		return NULL;
	}
	d->out = d->in + n;
	d->work = d->out + n;
	prach_roots_of_unity(l, unit);
	for (unsigned r = 0; r < p->roots_n; r++)
		prach_reference(unit, l, &p->roots[r], d->reference[r]);
	for (unsigned i = 1; i < ARRAY_LEN(d->least); i++)
		d->least[i] = threshold(p, i);
	return d;
}

void phy_prach_detector_free(struct phy_prach_detector *d)
{
	if (!d)
		return;
	phy_fft_fini(&d->fft);
	free(d->reference);
	free(d->in);
	free(d->power);
	free(d->above);
	free(d);
}

/* False: there is no energy. */
static bool normalize(struct phy_prach_detector *d, const struct kern *k, const struct phy_prach_received *r)
{
	unsigned used = 0;

	for (unsigned a = 0; a < r->antennas; a++)
		used += prach_normalize(d, k, r->y[a], a, r->groups) > 0;
	return used > 0;
}

/* The power of a root at all places, to d->power. Behind L_RA values d->in stays zero. */
static void correlate(
	struct phy_prach_detector *d, const struct kern *k, unsigned root, unsigned antennas, unsigned groups)
{
	unsigned n = d->fft.n;

	for (unsigned i = 0; i < antennas * groups; i++) {
		k->cf_mul_conj(&d->in->re, &d->y[i / groups][i % groups]->re, &d->reference[root]->re,
			d->plan->config.l_ra);
		phy_fft_run(&d->fft, k, d->out, d->in, d->work);
		if (i == 0) {
			k->cf_power(d->power, &d->out->re, n);
			continue;
		}
		k->cf_power(&d->work->re, &d->out->re, n);
		for (unsigned t = 0; t < n; t++)
			d->power[t] += (&d->work->re)[t];
	}
}

/* The highest of the places from `first` on. */
static int highest(const struct phy_prach_detector *d, int first, int count)
{
	int peak = first;

	for (int t = first; t < first + count; t++)
		peak = d->power[t] > d->power[peak] ? t : peak;
	return peak;
}

/* The highest place of a window that ends at `top`, and where it lies between its neighbours. */
static void search(
	const struct phy_prach_detector *d, unsigned preamble, float top, struct prach_candidate *best)
{
	int n = (int)d->fft.n, l = d->plan->config.l_ra, last = (int)floorf(top + 0.5f), peak;
	int length = d->plan->n_cs ? d->plan->n_cs * n / l : n, first = last - length + 1;
	int turns = (first % n + n) % n - first; /* a multiple of n */
	int before_end = first + turns + length > n ? n - first - turns : length;
	float most, before, after, curve;

	peak = highest(d, first + turns, before_end);
	if (before_end < length) {
		int around = highest(d, 0, length - before_end);

		peak = d->power[around] > d->power[peak] ? around + n : peak;
	}
	peak -= turns;
	most = d->power[(peak + turns) % n];
	if (!(most > best->power))
		return;
	before = d->power[((peak - 1) % n + n) % n];
	after = d->power[((peak + 1) % n + n) % n];
	curve = 2 * most - before - after;
	*best = (struct prach_candidate){ preamble, d->plan->preambles[preamble].root, (float)peak, top,
		most };
	if (curve > 0 && fabsf(after - before) <= curve)
		best->at += (after - before) / (2 * curve);
}

/* Places of L_RA between two, around. */
static float apart(const struct phy_prach_detector *d, float a, float b)
{
	float n = (float)d->fft.n, x = fabsf(fmodf(a - b, n));

	return fminf(x, n - x) * (float)d->plan->config.l_ra / n;
}

/* Of the power of a peak, what an offset of the frequency moves to the next subcarrier at most: half, if it
 * may be both. */
static float ghost_of(const struct phy_prach *p)
{
	float part = p->config.set == PHY_PRACH_UNRESTRICTED ? (float)(OFFSET_HZ / p->spacing_hz) : 0.5f,
	      ratio = part / (1 - part);

	return fminf(ratio * ratio, 0.5f);
}

/* What a peak is so far away, at most; as much as itself where it cannot be told apart. */
static float lobe(float away)
{
	return away < SIDELOBE_CLOSE ? 1 : SIDELOBE_FACTOR / ((float)(M_PI * M_PI) * away * away);
}

/* The power that a stronger one leaves where another was found, at most. */
static float left_by(
	const struct phy_prach_detector *d, const struct prach_candidate *by, const struct prach_candidate *c)
{
	float l = d->plan->config.l_ra, q = (float)d->plan->roots[by->root].inverse * (float)d->fft.n / l;
	float away = fminf(apart(d, c->at, by->at + q), apart(d, c->at, by->at - q));

	if (c->root != by->root)
		return by->left * CROSS / l;
	return by->power * fmaxf(lobe(apart(d, c->at, by->at)), ghost_of(d->plan) * lobe(away));
}

/* The preambles of a root that are above the threshold. */
static unsigned search_root(const struct phy_prach_detector *d, const struct kern *k, unsigned root,
	float least, struct prach_candidate *out)
{
	const struct phy_prach *p = d->plan;
	float offsets[OFFSETS_MAX], scale = (float)d->fft.n / (float)p->config.l_ra;
	unsigned count = 0, ways = offsets_of(p, root, offsets);

	if (k->find_least(d->above, d->power, d->fft.n, least) == 0)
		return 0;
	for (unsigned v = 0; v < PHY_PRACH_PREAMBLES; v++) {
		struct prach_candidate best = { .power = least };

		for (unsigned i = 0; p->preambles[v].root == root && i < ways; i++)
			search(d, v, ((float)p->preambles[v].shift + offsets[i]) * scale, &best);
		if (best.power > least)
			out[count++] = best;
	}
	return count;
}

static int stronger(const void *a, const void *b)
{
	float x = ((const struct prach_candidate *)a)->power, y = ((const struct prach_candidate *)b)->power;

	return x > y ? -1 : x < y;
}

static bool is_known(const struct prach_findings *f, unsigned preamble)
{
	for (unsigned i = 0; i < f->n; i++) {
		if (f->at[i].preamble == preamble)
			return true;
	}
	return false;
}

/* From the strongest on, what stands out of all that stronger ones leave there goes to the findings. */
static void sift(const struct phy_prach_detector *d, struct prach_candidate *all, unsigned count,
	struct prach_findings *f)
{
	float branches = (float)(f->antennas * f->groups), l = d->plan->config.l_ra;

	qsort(all, count, sizeof(*all), stronger);
	for (unsigned i = 0; i < count; i++) {
		float limit = d->least[f->antennas * f->groups];

		for (unsigned j = 0; j < f->n; j++)
			limit += left_by(d, &f->at[j], &all[i]);
		if (!(all[i].power > limit) || is_known(f, all[i].preamble))
			continue;
		all[i].left = all[i].power;
		all[i].share = fminf((all[i].power - branches) / (branches * l), 0.999f);
		f->at[f->n++] = all[i];
	}
}

/* The most that is left of what was taken out of this root. */
static void measure_left(const struct phy_prach_detector *d, unsigned root, struct prach_findings *f)
{
	int n = (int)d->fft.n, around = (int)(LEFT_WITHIN * (float)n / (float)d->plan->config.l_ra);

	for (struct prach_candidate *c = f->at; c < f->at + f->n; c++) {
		int middle = (int)lrintf(c->at);

		c->left = c->root == root ? 0 : c->left;
		for (int t = middle - around; c->root == root && t <= middle + around; t++)
			c->left = fmaxf(c->left, d->power[(t % n + n) % n]);
	}
}

static void search_all(struct phy_prach_detector *d, const struct kern *k, struct prach_findings *f)
{
	struct prach_candidate all[PHY_PRACH_PREAMBLES];
	unsigned count = 0;

	for (unsigned root = 0; root < d->plan->roots_n; root++) {
		correlate(d, k, root, f->antennas, f->groups);
		measure_left(d, root, f);
		count += search_root(d, k, root, d->least[f->antennas * f->groups], all + count);
	}
	sift(d, all, count, f);
}

static struct phy_prach_found conclude(const struct phy_prach_detector *d, const struct prach_candidate *c,
	const struct phy_prach_received *r)
{
	const struct phy_prach *p = d->plan;
	float late = (c->top - c->at) / (float)d->fft.n / (float)p->spacing_hz;

	return (struct phy_prach_found){ (uint8_t)c->preamble, fmaxf(late, 0),
		c->share / (1 - c->share) * (float)r->groups / (float)p->repetitions };
}

static int by_number(const void *a, const void *b)
{
	return (int)((const struct prach_candidate *)a)->preamble -
	       (int)((const struct prach_candidate *)b)->preamble;
}

unsigned phy_prach_detect(struct phy_prach_detector *d, const struct kern *k,
	const struct phy_prach_received *r, struct phy_prach_found found[PHY_PRACH_PREAMBLES])
{
	struct prach_findings f = { .antennas = r->antennas, .groups = r->groups };

	if (!normalize(d, k, r))
		return 0;
	search_all(d, k, &f);
	for (unsigned round = 1, before = 0; round < ROUNDS && d->plan->config.l_ra == CANCEL_L; round++) {
		unsigned first = before;

		before = f.n;
		if (first == f.n || !prach_cancel(d, k, &f, first))
			break;
		search_all(d, k, &f);
	}
	qsort(f.at, f.n, sizeof(*f.at), by_number);
	for (unsigned i = 0; i < f.n; i++)
		found[i] = conclude(d, &f.at[i], r);
	return f.n;
}
