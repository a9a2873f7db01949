/* PDCCHs of a slot, all of them in CORESET 0, and the PDSCHs that they schedule. */
#include "gnb/du/parts.h"

enum {
	AL = 4,       /* 48 to 60 bits on 432: it is heard below 0 dB */
	HEARD_CB = 2, /* in balance where one of a hundred is not */
	MISSED_CB = 99 * HEARD_CB,
	LEAST_CB = -2000,
};

/* What an aggregation level needs, in what sched_cqi_cb() counts: 38.212's code over two paths, some dB to
 * spare. */
static const struct {
	uint8_t al;
	int16_t least_cb;
} levels[] = { { 1, 1200 }, { 2, 700 }, { 4, -300 } };

static unsigned level_of(const struct du *d, const struct du_cell_ue *u)
{
	const struct sched_ue *s = &d->downlink.ues[du_place(d, u)];

	if (u->state != DU_UE_CONNECTED || !s->reported)
		return AL;
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if (sched_cqi_cb(s) + (float)u->pdcch_cb >= levels[i].least_cb)
			return levels[i].al;
	return 8;
}

void du_dci_heard(struct du_cell_ue *u, bool heard)
{
	int cb = u->pdcch_cb + (heard ? HEARD_CB : -MISSED_CB);

	u->pdcch_cb = (int16_t)(cb > 0 ? 0 : cb < LEAST_CB ? LEAST_CB : cb);
}

/* Of candidates on free CCEs the smallest that is enough, or else the largest, of half of that or more. */
static bool choose(const struct du *d, const struct phy_candidate *list, unsigned n, unsigned al,
	struct phy_candidate *out)
{
	bool found = false;

	for (unsigned i = 0; i < n; i++) {
		uint64_t mask = ((UINT64_C(1) << list[i].al) - 1) << list[i].cce;
		bool enough = list[i].al >= al;

		if ((d->cces & mask) != 0 || 2 * list[i].al < al)
			continue;
		if (!found || (enough ? out->al < al || list[i].al < out->al : list[i].al > out->al))
			*out = list[i];
		found = true;
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

bool du_dci_fits(const struct du *d, const struct du_cell_ue *u)
{
	const struct cell_space *space = du_space(d, u);
	struct phy_candidate list[PHY_CANDIDATES_MAX], at;
	unsigned n = phy_search_space_candidates(
		&space->space, &d->cell.cell.type0.coreset, d->now.slot, u->c_rnti, list);

	return d->dl->slot.pdcch_n < L1_PDCCH_MAX && has_coreset(d, space) &&
	       choose(d, list, n, level_of(d, u), &at);
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

/* own NULL: of a UE that has nothing yet, or of all. */
static int put_dci(struct du *d, const struct cell_own *own, const struct cell_space *space, uint16_t rnti,
	unsigned al, const struct phy_dci *dci)
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
	if (!choose(d, list, n, al, &p->at)) {
		d->stat[DU_STAT_NO_CCE]++;
		return -1;
	}
	p->bits = layout.bits;
	d->cces |= ((UINT64_C(1) << p->at.al) - 1) << p->at.cce;
	return (int)d->dl->slot.pdcch_n++;
}

int du_dci_put(struct du *d, const struct cell_space *space, uint16_t rnti, const struct phy_dci *dci)
{
	return put_dci(d, NULL, space, rnti, AL, dci);
}

int du_dci_put_for(
	struct du *d, const struct du_cell_ue *u, const struct cell_space *space, const struct phy_dci *dci)
{
	return put_dci(d, du_own(u), space, u->c_rnti, level_of(d, u), dci);
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
