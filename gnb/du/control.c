/* PDCCHs of a slot, all of them in CORESET 0, and the PDSCHs that they schedule. */
#include "gnb/du/parts.h"

enum { AL = 4 }; /* 48 to 60 bits on 432: it is heard below 0 dB */

/* Of candidates on free CCEs that of AL, or else the largest below it. */
static bool choose(
	const struct du *d, const struct phy_candidate *list, unsigned n, struct phy_candidate *out)
{
	bool found = false;

	for (unsigned i = 0; i < n; i++) {
		uint64_t mask = ((UINT64_C(1) << list[i].al) - 1) << list[i].cce;

		if ((d->cces & mask) == 0 && list[i].al <= AL && (!found || list[i].al > out->al)) {
			*out = list[i];
			found = true;
		}
	}
	return found;
}

/* Its symbols are downlink in this slot. */
static bool has_coreset(const struct du *d, const struct cell_space *space)
{
	uint16_t symbols = (uint16_t)(((1u << d->cell.cell.type0.coreset.n_symb) - 1)
				      << __builtin_ctz(space->space.symbols));

	return (d->dl->slot.symbols & symbols) == symbols;
}

bool du_dci_fits(const struct du *d, const struct cell_space *space, uint16_t rnti)
{
	struct phy_candidate list[PHY_CANDIDATES_MAX], at;
	unsigned n = phy_search_space_candidates(
		&space->space, &d->cell.cell.type0.coreset, d->now.slot, rnti, list);

	return d->dl->slot.pdcch_n < L1_PDCCH_MAX && has_coreset(d, space) && choose(d, list, n, &at);
}

/* Where a common space has the same candidate and size, what comes there is taken for its own format (38.213
 * 10.1): such candidates are left out. */
static unsigned leave_common(const struct du *d, unsigned bits, struct phy_candidate *list, unsigned n)
{
	const struct cell *c = &d->cell.cell;
	struct phy_candidate common[PHY_CANDIDATES_MAX];
	struct phy_dci_layout l;
	unsigned m = phy_search_space_candidates(
			 &c->random_access.space, &c->type0.coreset, d->now.slot, 0, common),
		 kept = 0;

	if (!cell_dci_layout(&l, c, NULL, &c->random_access, PHY_DCI_1_0_C) || l.bits != bits)
		return n;
	for (unsigned i = 0; i < n; i++) {
		bool same = false;

		for (unsigned k = 0; k < m; k++)
			same = same || (common[k].cce == list[i].cce && common[k].al == list[i].al);
		if (!same)
			list[kept++] = list[i];
	}
	return kept;
}

int du_dci_put(struct du *d, const struct cell_own *own, const struct cell_space *space, uint16_t rnti,
	const struct phy_dci *dci)
{
	const struct cell *c = &d->cell.cell;
	const struct phy_search_space *s = space ? &space->space : &phy_type0_search_space;
	struct phy_candidate list[PHY_CANDIDATES_MAX];
	struct phy_dl_pdcch *p = &d->dl->pdcch[d->dl->slot.pdcch_n];
	struct phy_dci_layout layout;
	unsigned n;

	if (d->dl->slot.pdcch_n == L1_PDCCH_MAX || (space && !has_coreset(d, space)))
		return -1;
	n = phy_search_space_candidates(s, &c->type0.coreset, d->now.slot, rnti, list);
	*p = (struct phy_dl_pdcch){ .occasion = { .coreset = &d->cell.cell.type0.coreset,
					    .slot = d->now.slot,
					    .first_symbol =
						    space ? (uint8_t)__builtin_ctz(space->space.symbols)
							  : c->type0.occasions.first_symbol,
					    .n_id = c->pci },
		.rnti = rnti,
		.amplitude = 1 };
	if (!cell_dci_layout(&layout, c, own, space, dci->kind) || !phy_dci_pack(&layout, dci, p->dci))
		return -1;
	if (space && space->configured)
		n = leave_common(d, layout.bits, list, n);
	if (!choose(d, list, n, &p->at)) {
		d->stat[DU_STAT_NO_CCE]++;
		return -1;
	}
	p->bits = layout.bits;
	d->cces |= ((UINT64_C(1) << p->at.al) - 1) << p->at.cce;
	return (int)d->dl->slot.pdcch_n++;
}

static size_t put(struct du *d, int at, const struct cell_own *own, const struct cell_space *space,
	uint16_t rnti, const struct phy_dci *dci, const struct phy_pdsch_codeword *kept,
	struct cell_pdsch_grant *grant)
{
	struct phy_pdsch plan;
	bool ok = d->dl->slot.pdsch_n < L1_PDSCH_MAX &&
		  cell_pdsch_grant(grant, &d->cell.cell, own, space, rnti, dci) == PHY_PDSCH_OK;

	if (ok && kept) {
		grant->config.codeword[0].kept_tbs = kept->kept_tbs;
		grant->config.codeword[0].kept_rate_x2048 = kept->kept_rate_x2048;
	}
	if (ok && own && d->csi) {
		grant->config.reserved_n =
			cell_own_reserved(own, &d->cell.cell, d->now.sfn, d->now.slot, d->reserved);
		grant->config.reserved = d->reserved;
	}
	if (ok && phy_pdsch_init(&plan, &grant->config) == PHY_PDSCH_OK) {
		d->dl->pdsch[d->dl->slot.pdsch_n++] = (struct phy_dl_pdsch){ .config = grant->config };
		return plan.sch[0].a / 8;
	}
	d->dl->slot.pdcch_n = (size_t)at; /* it was the last */
	return 0;
}

size_t du_pdsch_put(struct du *d, int at, const struct cell_own *own, const struct cell_space *space,
	uint16_t rnti, const struct phy_dci *dci, struct cell_pdsch_grant *grant)
{
	return put(d, at, own, space, rnti, dci, NULL, grant);
}

size_t du_pdsch_put_kept(struct du *d, int at, const struct du_cell_ue *u, const struct cell_space *space,
	const struct phy_dci *dci, const struct phy_pdsch_codeword *kept)
{
	struct cell_pdsch_grant grant;

	return put(d, at, du_own(u), space, u->c_rnti, dci, kept, &grant);
}

void du_pdsch_fill(struct du *d, struct bytes tb)
{
	d->dl->pdsch[d->dl->slot.pdsch_n - 1].tb[0] = tb;
}

void du_pdsch_is_common(struct du *d)
{
	const struct phy_pdsch_config *p = &d->dl->pdsch[d->dl->slot.pdsch_n - 1].config;
	unsigned base = p->bwp_start - d->cell.cell.downlink.bwp_start;

	d->common = true;
	for (uint16_t i = 0; i < p->prbs.n; i++)
		if (base + p->prbs.at[i] >= d->free_prb)
			d->free_prb = (uint16_t)(base + p->prbs.at[i] + 1);
}
