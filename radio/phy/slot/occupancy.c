#include "radio/phy/slot/occupancy.h"

#include "radio/phy/channels/ssb.h"

void slot_occupancy_init(struct slot_occupancy *o, const struct phy_slot_carrier *c, uint16_t symbols)
{
	uint16_t all = (uint16_t)((1u << (c->extended ? 12 : 14)) - 1);

	memset(o, 0, sizeof(*o));
	o->first_crb = c->first_crb;
	o->prbs = c->prbs;
	o->symbols = symbols ? symbols & all : all;
}

void slot_occupancy_next(struct slot_occupancy *o)
{
	for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++) {
		for (unsigned prb = 0; prb < o->prbs; prb++)
			o->others[l][prb] |= o->kin[l][prb];
	}
	memset(o->kin, 0, sizeof(o->kin));
}

enum phy_slot_error slot_take(
	struct slot_occupancy *o, unsigned l, unsigned crb, unsigned prbs, uint16_t mask, bool shares)
{
	unsigned first = crb - o->first_crb;

	if (crb < o->first_crb || first + prbs > o->prbs)
		return PHY_SLOT_OUTSIDE;
	if (!(o->symbols >> l & 1))
		return PHY_SLOT_DIRECTION;
	for (unsigned prb = first; prb < first + prbs; prb++) {
		if (mask & (o->others[l][prb] | (shares ? 0 : o->kin[l][prb])))
			return PHY_SLOT_OVERLAP;
		o->kin[l][prb] |= mask;
	}
	return PHY_SLOT_OK;
}

enum phy_slot_error slot_take_ssb(
	struct slot_occupancy *o, unsigned first_symbol, unsigned first_sc, unsigned width)
{
	enum phy_slot_error e = PHY_SLOT_OK;

	if (first_symbol + PHY_SSB_SYMBOLS > PHY_SYMBOLS_MAX)
		return PHY_SLOT_OUTSIDE;
	for (unsigned l = first_symbol; l < first_symbol + PHY_SSB_SYMBOLS; l++) {
		unsigned end = first_sc + width;

		for (unsigned sc = first_sc, n; sc < end && e == PHY_SLOT_OK; sc += n) {
			unsigned k = sc % PHY_SC_PER_PRB, behind = PHY_SC_PER_PRB;

			if (end - sc < PHY_SC_PER_PRB - k)
				behind = k + end - sc;
			n = behind - k;
			e = slot_take(o, l, o->first_crb + sc / PHY_SC_PER_PRB, 1,
				(uint16_t)((1u << behind) - (1u << k)), false);
		}
	}
	return e;
}

enum phy_slot_error slot_take_pdcch(
	struct slot_occupancy *o, const struct phy_pdcch_occasion *at, struct phy_candidate candidate)
{
	enum { DMRS = 0x222 }; /* 38.211 7.4.1.3.2 */
	const struct phy_coreset *c = at->coreset;
	enum phy_slot_error e = PHY_SLOT_OK;
	uint16_t rb[PHY_PDCCH_RBS];
	unsigned n = phy_coreset_blocks(c, candidate.cce, candidate.al, rb);

	while (n > 0 && rb[n - 1] >= phy_coreset_present(c))
		n--;
	for (unsigned l = at->first_symbol; l < (unsigned)at->first_symbol + c->n_symb; l++) {
		for (unsigned i = 0; i < n && e == PHY_SLOT_OK; i++)
			e = slot_take(o, l, phy_coreset_crb(c, rb[i]), 1, PHY_RE_ALL & ~DMRS, false);
		for (unsigned i = 0; i < n && e == PHY_SLOT_OK; i++)
			e = slot_take(o, l, phy_coreset_crb(c, rb[i]), 1, DMRS, c->wideband);
		/* that of a wideband CORESET may fill it all */
		for (unsigned i = 0; c->wideband && i < phy_coreset_present(c) && e == PHY_SLOT_OK; i++)
			e = slot_take(o, l, phy_coreset_crb(c, i), 1, DMRS, true);
	}
	return e;
}

/* Runs of data and, in symbols with DM-RS, the REs of these, whatever lies `shift` blocks off. */
static enum phy_slot_error take_symbol(
	struct slot_occupancy *o, const struct phy_re_plan *plan, unsigned l, int first_crb, uint16_t dmrs)
{
	enum phy_slot_error e = PHY_SLOT_OK;

	for (unsigned i = plan->start[l]; i < plan->start[l + 1] && e == PHY_SLOT_OK; i++)
		e = slot_take(o, l, (unsigned)(first_crb + plan->runs[i].prb), plan->runs[i].prbs,
			plan->runs[i].mask, false);
	for (unsigned b = 0; dmrs && b < plan->bands_n && e == PHY_SLOT_OK; b++)
		e = slot_take(
			o, l, (unsigned)(first_crb + plan->bands[b].first), plan->bands[b].n, dmrs, false);
	return e;
}

enum phy_slot_error slot_take_pdsch(struct slot_occupancy *o, const struct phy_pdsch *p)
{
	const uint16_t ptrs = (uint16_t)(1u << p->ptrs.subcarrier);
	enum phy_slot_error e = PHY_SLOT_OK;

	for (unsigned l = 0; l < PHY_SYMBOLS_MAX && e == PHY_SLOT_OK; l++) {
		e = take_symbol(
			o, &p->plan, l, p->config.bwp_start, p->dmrs_symbols >> l & 1 ? p->dmrs_re : 0);
		for (unsigned i = 0; i < p->ptrs.n[l] && e == PHY_SLOT_OK; i++)
			e = slot_take(o, l, p->config.bwp_start + p->ptrs.prb[l][i], 1, ptrs, false);
	}
	return e;
}

enum phy_slot_error slot_take_csi_rs(struct slot_occupancy *o, const struct phy_csi_rs *p)
{
	enum phy_slot_error e = PHY_SLOT_OK;

	for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++) {
		if (!(p->symbols >> l & 1))
			continue;
		for (unsigned crb = p->config.first_crb; crb < (unsigned)p->config.first_crb + p->config.prbs;
			crb++) {
			if (phy_csi_rs_in(p, crb) && e == PHY_SLOT_OK)
				e = slot_take(o, l, crb, 1, p->re[l], false);
		}
	}
	return e;
}

/* All blocks of the allocation, since sending writes zeros where it sends nothing. */
enum phy_slot_error slot_take_pusch(struct slot_occupancy *o, const struct phy_pusch *p, unsigned slot)
{
	const struct phy_pusch_config *c = &p->config;
	enum phy_slot_error e = PHY_SLOT_OK;

	for (unsigned l = c->time.s; l < (unsigned)c->time.s + c->time.l; l++) {
		int first = c->bwp_start + phy_pusch_shift(p, slot, l);

		for (unsigned b = 0; b < p->plan.bands_n && e == PHY_SLOT_OK; b++)
			e = slot_take(o, l, (unsigned)(first + p->plan.bands[b].first), p->plan.bands[b].n,
				PHY_RE_ALL, false);
	}
	return e;
}

enum phy_slot_error slot_take_pucch(struct slot_occupancy *o, const struct phy_pucch *p)
{
	const struct phy_pucch_config *c = &p->config;
	unsigned prbs = c->format == 2 || c->format == 3 ? c->prbs : 1;
	enum phy_slot_error e = PHY_SLOT_OK;

	for (unsigned l = 0; l < c->symbols && e == PHY_SLOT_OK; l++) {
		unsigned prb = l >= p->first_hop ? c->second_prb : c->first_prb;

		e = slot_take(o, c->first_symbol + l, c->bwp_start + prb, prbs, PHY_RE_ALL,
			c->format < 2 || c->format == 4);
	}
	return e;
}

/* The combs of a symbol, block by block. */
enum phy_slot_error slot_take_srs(
	struct slot_occupancy *o, const struct phy_srs *p, const struct slot_time *now)
{
	const struct phy_srs_config *c = &p->config;
	enum phy_slot_error e = PHY_SLOT_OK;

	for (unsigned l = 0; l < c->symbols; l++) {
		for (unsigned port = 0; port < c->ports; port++) {
			unsigned sc = phy_srs_first(p, now->sfn, now->slot, l, port);
			unsigned end = sc + p->length * c->comb;

			for (; sc < end && e == PHY_SLOT_OK; sc += c->comb)
				e = slot_take(o, p->first_symbol + l, sc / PHY_SC_PER_PRB, 1,
					(uint16_t)(1u << sc % PHY_SC_PER_PRB), true);
		}
	}
	return e;
}
