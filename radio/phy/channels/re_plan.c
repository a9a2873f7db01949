#include "radio/phy/channels/re_plan.h"

enum { TELLING = 64 };

void phy_re_plan_symbol(struct phy_re_plan *p, unsigned l)
{
	if (l == 0)
		p->re = p->start[0] = 0;
	else
		p->re += p->symbol_re[l - 1];
	if (l == PHY_SYMBOLS_MAX)
		return;
	p->symbol_re[l] = 0;
	p->start[l + 1] = p->start[l];
}

void phy_re_plan_add(struct phy_re_plan *p, unsigned l, unsigned prb, uint16_t mask)
{
	uint16_t *end = &p->start[l + 1];
	struct phy_re_run *last = *end > p->start[l] ? &p->runs[*end - 1] : NULL;

	if (mask == 0)
		return;
	if (last && last->prb + last->prbs == prb && last->mask == mask)
		last->prbs++;
	else
		p->runs[(*end)++] = (struct phy_re_run){ (uint16_t)prb, 1, mask };
	p->symbol_re[l] = (uint16_t)(p->symbol_re[l] + __builtin_popcount(mask));
}

void phy_re_plan_less(struct phy_re_plan *p, unsigned l, unsigned n)
{
	p->symbol_re[l] = (uint16_t)(p->symbol_re[l] - n);
}

void phy_re_plan_bands(
	struct phy_re_plan *p, const struct phy_prbs *prbs, unsigned prg_prbs, unsigned bwp_start)
{
	bool taken[PHY_PRB_MAX + 1] = { false };

	for (unsigned i = 0; i < prbs->n; i++)
		taken[prbs->at[i]] = true;
	p->bands_n = 0;
	for (unsigned i = 0, n; i < PHY_PRB_MAX; i += n > 0 ? n : 1) {
		unsigned end = phy_prg_end(prg_prbs, bwp_start, i);

		for (n = 0; i + n < end && taken[i + n]; n++)
			;
		if (n > 0)
			p->bands[p->bands_n++] = (struct phy_prb_run){ (uint16_t)i, (uint16_t)n };
	}
}

void phy_re_scatter(const struct phy_re_plan *p, unsigned l, const struct phy_cf *from, struct phy_cf *row)
{
	for (unsigned i = p->start[l]; i < p->start[l + 1]; i++) {
		const struct phy_re_run *run = &p->runs[i];
		struct phy_cf *to = row + run->prb * PHY_SC_PER_PRB;

		if (run->mask == PHY_RE_ALL) {
			size_t n = (size_t)run->prbs * PHY_SC_PER_PRB;

			(void)bytes_copy(to, n * sizeof(*to), bytes_of(from, n * sizeof(*to)));
			from += n;
			continue;
		}
		for (unsigned prb = 0; prb < run->prbs; prb++, to += PHY_SC_PER_PRB) {
			for (unsigned m = run->mask; m; m &= m - 1)
				to[__builtin_ctz(m)] = *from++;
		}
	}
}

size_t phy_re_gather(const struct phy_re_run *run, const struct phy_cf *row, struct phy_cf *to)
{
	size_t n = 0;

	row += run->prb * PHY_SC_PER_PRB;
	for (unsigned prb = 0; prb < run->prbs; prb++, row += PHY_SC_PER_PRB) {
		for (unsigned m = run->mask; m; m &= m - 1)
			to[n++] = row[__builtin_ctz(m)];
	}
	return n;
}

bool phy_llr_tell(const int8_t *llr, uint32_t n)
{
	uint32_t left = n / 2 < TELLING ? n / 2 : TELLING;

	for (uint32_t i = 0; i < n && left > 0; i++)
		left -= llr[i] != 0;
	return left == 0;
}
