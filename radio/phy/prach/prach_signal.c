/* Preambles as samples of a carrier, and back to their subcarriers (38.211 5.3.2). */
#include <stdlib.h>

#include "radio/phy/prach/prach_parts.h"
#include "radio/phy/signals/lines.h"

enum { PARTS_MAX = 9 };

struct phy_prach_signal {
	const struct phy_prach *plan;
	unsigned pusch_mu, fft_size;
	double rate_hz;
	unsigned n;     /* samples of a repetition */
	unsigned parts; /* transforms of part samples each make one of n: sample parts * i + r is of part r */
	unsigned part;
	struct phy_fft to_time, to_frequency;
	struct phy_cf unit[PHY_PRACH_L_MAX], sequence[PHY_PRACH_L_MAX];
	struct phy_cf *cycle;           /* n */
	struct phy_cf *in, *out, *work; /* of a part */
};

void prach_roots_of_unity(unsigned l, struct phy_cf *out)
{
	for (unsigned i = 0; i < l; i++)
		out[i] = (struct phy_cf){ (float)cos(2 * M_PI * i / l), (float)sin(2 * M_PI * i / l) };
}

void prach_reference(
	const struct phy_cf *unit, unsigned l, const struct phy_prach_root *root, struct phy_cf *out)
{
	/* x_u(i) turns by -u i (i + 1) / 2 of l; the exponent of k is u q k (q k + 1) / 2, made step by step
	 */
	for (unsigned k = 0, i = 0, at = 0; k < l; k++) {
		out[k] = unit[at];
		/* from i to i + q: u (q i + q (q + 1) / 2), of which u q is 1 */
		at = (unsigned)((at + i + (uint64_t)(root->inverse + 1) * ((l + 1) / 2)) % l);
		i = (i + root->inverse) % l;
	}
}

void phy_prach_sequence(const struct phy_prach *p, unsigned preamble, struct phy_cf *out)
{
	const struct phy_prach_preamble *which = &p->preambles[preamble];
	const struct phy_prach_root *root = &p->roots[which->root];
	unsigned l = p->config.l_ra;
	struct phy_cf unit[PHY_PRACH_L_MAX];
	double re = 0, im = 0;

	prach_roots_of_unity(l, unit);
	for (uint64_t i = 0; i < l; i++) { /* y_u(0) */
		unsigned at = (unsigned)(i * (i + 1) / 2 % l * root->u % l);

		re += cos(2 * M_PI * at / l);
		im -= sin(2 * M_PI * at / l);
	}
	prach_reference(unit, l, root, out);
	for (unsigned k = 0, at = 0; k < l; k++, at = (at + which->shift) % l)
		out[k] = phy_cf_mul(phy_cf_mul(out[k], unit[at]), (struct phy_cf){ (float)re, (float)im });
}

/* A size of phy_fft_init. */
static bool transformable(unsigned n)
{
	unsigned odd = n >> __builtin_ctz(n);

	return n >= PHY_FFT_MIN && n <= PHY_FFT_MAX && (odd == 1 || odd == 3);
}

/* Splits n samples into few transforms. */
static bool split(struct phy_prach_signal *s)
{
	for (s->parts = 1; s->parts <= PARTS_MAX; s->parts++) {
		s->part = s->n / s->parts;
		if (s->n % s->parts == 0 && transformable(s->part))
			return true;
	}
	return false;
}

struct phy_prach_signal *phy_prach_signal_new(const struct phy_prach *p, unsigned pusch_mu, unsigned fft_size)
{
	struct phy_prach_signal *s = calloc(1, sizeof(*s));
	unsigned prbs, k_bar;
	bool ok;

	if (!s)
		return NULL;
	s->plan = p;
	s->pusch_mu = pusch_mu;
	s->fft_size = fft_size;
	ok = phy_prach_blocks(p, pusch_mu, &prbs, &k_bar) && fft_size >= 64 && fft_size <= 8192;
	s->rate_hz = ok ? 15000.0 * (1u << pusch_mu) * fft_size : 1;
	s->n = (unsigned)(s->rate_hz / p->spacing_hz);
	ok = ok && s->n >= p->config.l_ra && s->n * (double)p->spacing_hz == s->rate_hz && split(s);
	if (ok) {
		s->cycle = phy_lines_new(s->n * sizeof(*s->cycle));
		s->in = phy_lines_new(3 * (size_t)s->part * sizeof(*s->in));
		s->out = s->in + s->part;
		s->work = s->out + s->part;
		prach_roots_of_unity(p->config.l_ra, s->unit);
		ok = s->cycle && s->in && phy_fft_init(&s->to_time, s->part, true) &&
		     phy_fft_init(&s->to_frequency, s->part, false);
	}
	if (ok)
		return s;
	phy_prach_signal_free(s);
	return NULL;
}

void phy_prach_signal_free(struct phy_prach_signal *s)
{
	if (!s)
		return;
	phy_fft_fini(&s->to_time);
	phy_fft_fini(&s->to_frequency);
	free(s->cycle);
	free(s->in);
	free(s);
}

/* The place of subcarrier 0 against the carrier's middle, in the PRACH's spacing: K k_1 + k_bar. */
static bool first_subcarrier(
	const struct phy_prach_signal *s, const struct phy_prach_place *place, int *first)
{
	unsigned prbs, k_bar;
	double middle;

	if (place->pusch_mu != s->pusch_mu || place->fft_size != s->fft_size ||
		!phy_prach_blocks(s->plan, s->pusch_mu, &prbs, &k_bar) || place->grid_prbs > 275 ||
		place->first_prb > 275 || place->first_prb + prbs > place->grid_prbs ||
		12 * place->grid_prbs >= s->fft_size || !(place->start >= 0 && place->start < 1e7) ||
		place->extra_tc > PHY_PRACH_TC_PER_SUBFRAME)
		return false;
	middle = (12.0 * place->first_prb - 6.0 * place->grid_prbs) * (15000u << s->pusch_mu) /
		 s->plan->spacing_hz;
	*first = (int)middle + (int)k_bar;
	return *first - (int)k_bar == middle; /* a carrier of 480 kHz may lie between two of the PRACH */
}

/* Samples before the first repetition. */
static double prefix_end(double rate_hz, const struct phy_prach *p, const struct phy_prach_place *place)
{
	return place->start +
	       (p->prefix_tc + place->extra_tc) * (rate_hz / (PHY_PRACH_TC_PER_SUBFRAME * 1e3));
}

size_t phy_prach_samples(const struct phy_prach *p, const struct phy_prach_place *place)
{
	double rate_hz = 15000.0 * (1u << place->pusch_mu) * place->fft_size;

	return (size_t)ceil(
		prefix_end(rate_hz, p, place) + p->repetitions * (rate_hz / p->spacing_hz) - 1e-6);
}

static unsigned bin_of(const struct phy_prach_signal *s, int first, unsigned k)
{
	int bin = (first + (int)k) % (int)s->n;

	return (unsigned)(bin < 0 ? bin + (int)s->n : bin);
}

static struct phy_cf turn(double turns)
{
	return phy_cf_unit((float)(2 * M_PI * (turns - floor(turns))));
}

bool phy_prach_send(struct phy_prach_signal *s, const struct kern *k, unsigned preamble,
	const struct phy_prach_place *place, struct phy_cf *out)
{
	unsigned l = s->plan->config.l_ra;
	double end = prefix_end(s->rate_hz, s->plan, place), whole = floor(end + 1e-9),
	       late = fmax(end - whole, 0);
	size_t count, begin;
	int first;

	if (preamble >= PHY_PRACH_PREAMBLES || !first_subcarrier(s, place, &first))
		return false;
	count = phy_prach_samples(s->plan, place);
	phy_prach_sequence(s->plan, preamble, s->sequence);
	for (unsigned r = 0; r < s->parts; r++) {
		float scale = 1 / sqrtf((float)l * (float)s->n);

		memset(s->in, 0, s->part * sizeof(*s->in));
		for (unsigned i = 0; i < l; i++) {
			struct phy_cf a =
				phy_cf_mul(s->sequence[i], turn((first + (int)i) * (r - late) / s->n));

			phy_cf_add(&s->in[bin_of(s, first, i) % s->part],
				(struct phy_cf){ a.re * scale, a.im * scale });
		}
		phy_fft_run(&s->to_time, k, s->out, s->in, s->work);
		for (unsigned i = 0; i < s->part; i++)
			s->cycle[i * s->parts + r] = s->out[i];
	}
	begin = (size_t)ceil(place->start - 1e-6);
	memset(out, 0, begin * sizeof(*out));
	for (size_t i = begin; i < count; i++)
		out[i] = s->cycle[(i + (size_t)s->n * (1 + (size_t)whole / s->n) - (size_t)whole) % s->n];
	return true;
}

/* A group of repetitions to its subcarriers. */
static void transform(
	struct phy_prach_signal *s, const struct kern *k, int first, double late, struct phy_cf *y)
{
	unsigned l = s->plan->config.l_ra;
	float scale = 1 / sqrtf((float)s->n);

	memset(y, 0, l * sizeof(*y));
	for (unsigned r = 0; r < s->parts; r++) {
		struct phy_cf at, step = turn((late - r) / s->n);

		for (unsigned i = 0; i < s->part; i++)
			s->in[i] = s->cycle[i * s->parts + r];
		phy_fft_run(&s->to_frequency, k, s->out, s->in, s->work);
		at = turn(first * (late - r) / s->n);
		at = (struct phy_cf){ at.re * scale, at.im * scale };
		for (unsigned i = 0; i < l; i++) {
			phy_cf_add(&y[i], phy_cf_mul(s->out[bin_of(s, first, i) % s->part], at));
			at = phy_cf_mul(at, step);
		}
	}
}

bool phy_prach_receive(struct phy_prach_signal *s, const struct kern *k, const struct phy_prach_place *place,
	const struct phy_cf *const *samples, unsigned antennas, struct phy_prach_received *out)
{
	double end = prefix_end(s->rate_hz, s->plan, place), whole = floor(end + 1e-9),
	       late = fmax(end - whole, 0);
	unsigned groups = prach_groups(s->plan), each = s->plan->repetitions / groups;
	int first;

	if (antennas < 1 || antennas > PHY_PRACH_ANTENNAS_MAX || !first_subcarrier(s, place, &first))
		return false;
	out->antennas = antennas;
	out->groups = groups;
	for (unsigned a = 0; a < antennas; a++) {
		const struct phy_cf *in = samples[a] + (size_t)whole;

		for (unsigned g = 0; g < groups; g++) {
			memset(s->cycle, 0, s->n * sizeof(*s->cycle));
			for (unsigned r = 0; r < each; r++, in += s->n) {
				for (unsigned i = 0; i < s->n; i++)
					phy_cf_add(&s->cycle[i], in[i]);
			}
			transform(s, k, first, late, out->y[a][g]);
		}
	}
	return true;
}
