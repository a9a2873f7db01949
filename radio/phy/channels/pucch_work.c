/* What all PUCCH share, what each thread works in, and the way to the formats. */
#include "radio/phy/channels/pucch_parts.h"

#include <stdlib.h>

struct phy_pucch_tables *phy_pucch_tables_new(void)
{
	struct phy_pucch_tables *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	for (unsigned i = 0; i < PUCCH_SHIFTS; i++)
		t->turn[i] = phy_cf_unit((float)(2 * M_PI * i / PUCCH_SHIFTS));
	for (unsigned u = 0; u < PHY_LOW_PAPR_GROUPS; u++)
		(void)phy_low_papr(t->base[u], PHY_SC_PER_PRB, u, 0);
	(void)phy_constellation_init(&t->qpsk, PHY_QPSK);
	(void)phy_constellation_init(&t->bpsk, PHY_BPSK);
	(void)phy_constellation_init(&t->pi2_bpsk, PHY_PI2_BPSK);
	t->filters = pucch_filters_new();
	t->dfts = phy_dfts_new();
	if (t->filters && t->dfts)
		return t;
	phy_pucch_tables_free(t);
	return NULL;
}

void phy_pucch_tables_free(struct phy_pucch_tables *t)
{
	if (!t)
		return;
	pucch_filters_free(t->filters);
	phy_dfts_free(t->dfts);
	free(t);
}

struct phy_pucch_work *phy_pucch_work_new(const struct phy_pucch_tables *tables)
{
	struct phy_pucch_work *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->tables = tables;
	w->codec = phy_uci_codec_new();
	if (w->codec)
		return w;
	free(w);
	return NULL;
}

void phy_pucch_work_free(struct phy_pucch_work *w)
{
	if (w)
		phy_uci_codec_free(w->codec);
	free(w);
}

static bool fits(const struct phy_pucch *p, unsigned slot, const struct phy_grid *g)
{
	const struct phy_pucch_config *c = &p->config;

	return g->symbols == (c->extended ? 12 : 14) && c->bwp_start >= g->first_crb &&
	       g->prbs <= PHY_PRB_MAX && c->bwp_start - g->first_crb + c->bwp_prbs <= g->prbs &&
	       slot < 10u << c->mu;
}

bool phy_pucch_send(struct phy_pucch_work *w, const struct kern *k, const struct phy_pucch *p, unsigned slot,
	const uint8_t *uci, bool sr, struct phy_grid *grid)
{
	const struct phy_pucch_config *c = &p->config;

	if (!fits(p, slot, grid))
		return false;
	if (c->format < 2) {
		if (c->bits == 0 && !sr)
			return true; /* 38.213 9.2.4: a negative request is silence */
		if (c->format == 0)
			pucch_send_0(w, p, slot, uci, sr, grid);
		else
			pucch_send_1(w, p, slot, uci, grid);
		return true;
	}
	phy_uci_encode(w->codec, &p->uci, uci, w->bits);
	phy_scramble(w->bits, p->uci.e, pucch_c_init(c));
	if (c->format == 2)
		pucch_send_2(w, k, p, slot, grid);
	else
		pucch_send_34(w, p, slot, grid);
	return true;
}

bool phy_pucch_shares(const struct phy_pucch_config *a, const struct phy_pucch_config *b)
{
	return a->format == b->format && a->mu == b->mu && a->extended == b->extended &&
	       a->bwp_start == b->bwp_start && a->first_prb == b->first_prb && a->hopping == b->hopping &&
	       (!a->hopping || a->second_prb == b->second_prb) && a->first_symbol == b->first_symbol &&
	       a->symbols == b->symbols && a->groups == b->groups && a->hopping_id == b->hopping_id;
}

static bool receivable(unsigned slot, const struct phy_grid *grids, unsigned antennas,
	const struct phy_pucch_user *users, unsigned count)
{
	if (antennas < 1 || antennas > PHY_PUCCH_ANTENNAS_MAX || count < 1 || count > PHY_PUCCH_USERS_MAX)
		return false;
	for (unsigned u = 0; u < count; u++) {
		for (unsigned a = 0; a < antennas; a++) {
			if (!fits(users[u].pucch, slot, &grids[a]))
				return false;
		}
		if (users[0].pucch->config.format != users[u].pucch->config.format ||
			(users[0].pucch->config.format < 2 &&
				!phy_pucch_shares(&users[0].pucch->config, &users[u].pucch->config)))
			return false;
	}
	return true;
}

bool phy_pucch_receive(struct phy_pucch_work *w, const struct kern *k, unsigned slot,
	const struct phy_grid *grids, unsigned antennas, struct phy_pucch_user *users, unsigned count)
{
	if (!receivable(slot, grids, antennas, users, count))
		return false;
	if (users[0].pucch->config.format < 2) {
		pucch_receive_01(w, slot, grids, antennas, users, count);
		return true;
	}
	for (struct phy_pucch_user *u = users; u < users + count; u++) {
		const struct phy_pucch *p = u->pucch;
		struct phy_uci_result r;

		if (p->config.format == 2)
			pucch_receive_2(w, k, slot, grids, antennas, u);
		else
			pucch_receive_34(w, k, slot, grids, antennas, u);
		phy_descramble_llr(k, w->llr, p->uci.e, pucch_c_init(&p->config));
		r = phy_uci_decode(w->codec, k, &p->uci, w->llr, u->uci);
		u->detected = r.ok;
		u->sigmas = r.sigmas;
		u->sr = false;
		u->delay_s = r.ok ? u->delay_s : 0;
	}
	return true;
}
