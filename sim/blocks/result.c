#include "sim/blocks/result.h"

#include <math.h>

enum { ALL_LOST = 40 };

/* The 97.5 % point of the normal distribution. */
static const double z95 = 1.959963984540054;

struct blocks_interval blocks_wilson(uint64_t hits, uint64_t trials)
{
	double n = (double)trials, p, middle, half;

	if (trials == 0)
		return (struct blocks_interval){ 0, 1 };
	p = (double)hits / n;
	middle = (p + z95 * z95 / (2 * n)) / (1 + z95 * z95 / n);
	half = z95 / (1 + z95 * z95 / n) * sqrt(p * (1 - p) / n + z95 * z95 / (4 * n * n));
	return (struct blocks_interval){ hits == 0 ? 0 : fmax(0, middle - half),
		hits == trials ? 1 : fmin(1, middle + half) };
}

/*
 * The interval of a ratio of two sums over blocks, those that came and the transmissions, by the delta
 * method; not narrower than the error rate's, since it would have no width where all blocks are alike.
 */
static struct blocks_interval share_95(const struct blocks_count *c, const struct blocks_result *r)
{
	double good = (double)(c->blocks - c->errors), sent = (double)c->sent,
	       scale = (double)c->blocks / sent;
	double squares =
		good - 2 * r->share * (double)c->sent_good + r->share * r->share * (double)c->sent_squared;
	double half = z95 * sqrt(fmax(0, squares)) / sent;

	return (struct blocks_interval){
		fmax(0, fmin(r->share - half, (1 - r->bler_95.high) * scale)),
		fmin(1, fmax(r->share + half, (1 - r->bler_95.low) * scale)),
	};
}

struct blocks_result blocks_result(const struct blocks_count *c)
{
	struct blocks_result r = { 0 };

	if (c->blocks == 0)
		return r;
	r.bler = (double)c->errors / (double)c->blocks;
	r.bler_95 = blocks_wilson(c->errors, c->blocks);
	r.share = (double)(c->blocks - c->errors) / (double)c->sent;
	r.share_95 = share_95(c, &r);
	return r;
}

double blocks_full_rate(enum blocks_kind kind, const struct blocks_size *s)
{
	return kind <= BLOCKS_PUSCH ? s->bits / s->slot_s / 1e6 : (double)s->bits / s->symbols;
}

bool blocks_enough(const struct blocks_count *c, const struct blocks_stop *stop)
{
	return c->blocks >= stop->blocks || c->errors >= stop->errors ||
	       (c->errors == c->blocks && c->blocks >= ALL_LOST) ||
	       blocks_wilson(c->errors, c->blocks).high < stop->floor;
}
