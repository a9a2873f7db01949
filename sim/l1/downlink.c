/* The downlink as a UE hears it: SS/PBCH blocks, PDCCHs among the candidates it looks at, PDSCHs it expects.
 */
#include <math.h>

#include "sim/l1/parts.h"

enum { SI_RNTI = 0xffff };

bool l1_hears_ssb(struct l1_model *m, double snr_db)
{
	return l1_draw(m) >= l1_lost(m->curves, L1_PBCH, 0, 1, 1, snr_db);
}

static bool hears_pdcch(struct l1_model *m, double snr_db, const struct phy_dl_pdcch *p)
{
	return l1_draw(m) >= l1_lost(m->curves, L1_PDCCH, p->at.al, p->bits, 1, snr_db);
}

static bool same_coreset(const struct phy_coreset *a, const struct phy_coreset *b)
{
	return a->groups == b->groups && a->first_crb == b->first_crb && a->n_symb == b->n_symb &&
	       a->dmrs_id == b->dmrs_id && a->n_shift == b->n_shift;
}

/* It is among what the UE tries. */
static bool is_sought(const struct phy_pdcch_search *s, const struct phy_dl_pdcch *p)
{
	bool size = false, rnti = false, place = false;

	for (unsigned i = 0; i < s->sizes; i++)
		size = size || s->size[i] == p->bits;
	for (unsigned i = 0; i < s->rntis; i++)
		rnti = rnti || s->rnti[i] == p->rnti;
	for (unsigned i = 0; size && rnti && i < s->candidates; i++)
		place = place || (s->candidate[i].cce == p->at.cce && s->candidate[i].al == p->at.al);
	return place && s->occasion.first_symbol == p->occasion.first_symbol &&
	       s->occasion.n_id == p->occasion.n_id && s->occasion.n_rnti == p->occasion.n_rnti &&
	       same_coreset(s->occasion.coreset, p->occasion.coreset);
}

static void receive_pdcch(
	struct l1_model *m, double snr_db, const struct phy_dl_slot *sent, struct phy_dl_pdcch_rx *rx)
{
	rx->found_n = 0;
	for (size_t k = 0; k < sent->pdcch_n && rx->found_n < PHY_DL_FOUND_MAX; k++) {
		const struct phy_dl_pdcch *p = &sent->pdcch[k];
		struct phy_pdcch_found *f = &rx->found[rx->found_n];

		if (!is_sought(&rx->search, p) || !hears_pdcch(m, snr_db, p))
			continue;
		*f = (struct phy_pdcch_found){
			.at = p->at, .rnti = p->rnti, .bits = p->bits, .quality = 1, .snr_db = (float)snr_db
		};
		(void)bytes_copy(f->dci, sizeof(f->dci), BYTES(p->dci));
		rx->found_n++;
	}
}

/* What the receiver must know for anything to come of it. */
static bool is_same(const struct phy_pdsch_config *a, const struct phy_pdsch_config *b)
{
	return a->rnti == b->rnti && a->n_id == b->n_id && a->mcs_table == b->mcs_table &&
	       a->codeword[0].mcs == b->codeword[0].mcs && a->codeword[0].rv == b->codeword[0].rv &&
	       a->time.s == b->time.s && a->time.l == b->time.l && a->prbs.n == b->prbs.n &&
	       a->prbs.at[0] + a->bwp_start == b->prbs.at[0] + b->bwp_start;
}

static void receive_pdsch(struct l1_model *m, struct l1_soft soft[L1_UE_SOFT], double snr_db,
	const struct phy_dl_slot *sent, struct phy_dl_pdsch_rx *rx)
{
	struct l1_soft *s = &soft[rx->harq_process % L1_UE_SOFT];
	const struct phy_pdsch_config *c = &rx->config;
	double snr = pow(10, snr_db / 10);

	rx->result.ok = rx->result.sch[0].ok = false;
	for (size_t k = 0; k < sent->pdsch_n; k++) {
		if (!is_same(&sent->pdsch[k].config, c))
			continue;
		rx->result.ok = rx->result.sch[0].ok =
			l1_receive_block(m, s, rx->new_data[0], c->codeword[0].mcs, c->prbs.n, snr);
		rx->result.channel.channel.power = (float)snr;
		rx->result.channel.channel.noise = 1;
		rx->tb[0] = sent->pdsch[k].tb[0];
		return;
	}
	if (rx->new_data[0])
		s->receptions = 0;
}

/* A channel without fading, each value of it in noise, as an estimate has it. */
static void show_channel(struct l1_model *m, double noise)
{
	for (unsigned i = 0; i < L1_CSI_VALUES; i++) {
		double size = sqrt(-noise * log(1 - l1_draw(m))), turn = 2 * M_PI * l1_draw(m);

		m->csi_rs[i] = (struct phy_cf){ (float)(1 + size * cos(turn)), (float)(size * sin(turn)) };
	}
}

static void receive_csi_rs(
	struct l1_model *m, double snr_db, const struct phy_dl_slot *sent, struct phy_dl_csi_rs_rx *rx)
{
	double snr;

	rx->ok = sent->csi_rs_n > 0;
	if (!rx->ok)
		return;
	snr = pow(10, snr_db / 10) * (double)sent->csi_rs[0].amplitude * (double)sent->csi_rs[0].amplitude;
	rx->measurement =
		(struct phy_csi_measurement){ .rsrp = 1, .sinr = (float)snr, .noise = (float)(1 / snr) };
	show_channel(m, 1 / snr);
	rx->h[0] = m->csi_rs;
}

void l1_downlink(struct l1_model *m, struct l1_soft soft[L1_UE_SOFT], double snr_db,
	const struct phy_dl_slot *sent, struct phy_dl_slot_rx *slot)
{
	for (size_t i = 0; i < slot->pdcch_n; i++)
		receive_pdcch(m, snr_db, sent, &slot->pdcch[i]);
	for (size_t i = 0; i < slot->csi_rs_n; i++)
		receive_csi_rs(m, snr_db, sent, &slot->csi_rs[i]);
	for (size_t i = 0; i < slot->pdsch_n; i++)
		receive_pdsch(m, soft, snr_db, sent, &slot->pdsch[i]);
}

struct bytes l1_hears_sib1(
	struct l1_model *m, struct l1_soft *s, double snr_db, const struct phy_dl_slot *sent)
{
	bool heard = false;

	for (size_t k = 0; k < sent->pdcch_n; k++)
		heard = heard || (sent->pdcch[k].rnti == SI_RNTI && hears_pdcch(m, snr_db, &sent->pdcch[k]));
	for (size_t i = 0; i < sent->pdsch_n && heard; i++) {
		const struct phy_dl_pdsch *p = &sent->pdsch[i];

		if (p->config.rnti == SI_RNTI && l1_receive_block(m, s, false, p->config.codeword[0].mcs,
							 p->config.prbs.n, pow(10, snr_db / 10)))
			return p->tb[0];
	}
	return BYTES_NONE;
}
