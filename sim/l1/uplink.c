/*
 * The uplink as the gNB hears it. What several UEs send into one place is noise to one another: the strongest
 * is heard if it is strong enough (capture), else none.
 */
#include <math.h>

#include "sim/l1/parts.h"

enum { ACK_FORMAT = 2 /* HARQ-ACK on PUSCH is coded as on PUCCH format 2, and spread more */ };

/* What comes later than this, or earlier, is outside of the receiver's window: half of the cyclic prefix at
 * 15 kHz * 2^mu (38.211 5.3.1). */
static bool in_window(const struct l1_sent *t, unsigned mu)
{
	return fabs(t->late_s) < 144.0 / 2048 / 15e3 / (1 << mu) / 2;
}

static unsigned first_of(const struct phy_pusch_config *c)
{
	return c->bwp_start + c->prbs.at[0];
}

/* Resource blocks that two PUSCHs have in common. */
static unsigned overlap(const struct phy_pusch_config *a, const struct phy_pusch_config *b)
{
	unsigned first = first_of(a) > first_of(b) ? first_of(a) : first_of(b),
		 end_a = first_of(a) + a->prbs.n, end_b = first_of(b) + b->prbs.n,
		 end = end_a < end_b ? end_a : end_b;

	return end > first ? end - first : 0;
}

/* What the receiver must know for anything to come of it. */
static bool is_same(const struct phy_pusch_config *a, const struct phy_pusch_config *b)
{
	return a->rnti == b->rnti && a->n_id == b->n_id && a->mcs == b->mcs && a->rv == b->rv &&
	       a->mcs_table == b->mcs_table && a->transform_precoding == b->transform_precoding &&
	       a->time.s == b->time.s && a->time.l == b->time.l && first_of(a) == first_of(b) &&
	       a->prbs.n == b->prbs.n && a->uci.bits[PHY_PUSCH_ACK] == b->uci.bits[PHY_PUSCH_ACK] &&
	       a->uci.bits[PHY_PUSCH_CSI_1] == b->uci.bits[PHY_PUSCH_CSI_1];
}

/* Of those that match the strongest, with the ratio that it is heard at. */
static const struct l1_sent *pusch_of(
	const struct l1_sent *sent, size_t n, const struct phy_pusch_config *c, double *snr)
{
	const struct l1_sent *best = NULL;
	double others = 0;

	for (size_t i = 0; i < n; i++)
		if (sent[i].is_pusch && is_same(&sent[i].pusch, c) && in_window(&sent[i], c->mu) &&
			(!best || sent[i].snr > best->snr))
			best = &sent[i];
	for (size_t i = 0; i < n; i++)
		if (sent[i].is_pusch && &sent[i] != best)
			others += sent[i].snr * overlap(&sent[i].pusch, c) / c->prbs.n;
	*snr = best ? best->snr / (1 + others) : 0;
	return best;
}

static struct l1_soft *soft_of(struct l1_model *m, uint16_t rnti, uint8_t process)
{
	struct l1_soft *s = &m->gnb_soft[(rnti * 16u + process % 16u) % L1_GNB_SOFT];

	if (s->rnti != rnti || s->process != process)
		*s = (struct l1_soft){ .rnti = rnti, .process = process };
	return s;
}

static void receive_pusch(
	struct l1_model *m, const struct l1_sent *sent, size_t n, struct phy_ul_pusch_rx *rx)
{
	struct l1_soft *s = soft_of(m, rx->config.rnti, rx->harq_process);
	unsigned acks = rx->config.uci.bits[PHY_PUSCH_ACK], reports = rx->config.uci.bits[PHY_PUSCH_CSI_1];
	double snr;
	const struct l1_sent *t = pusch_of(sent, n, &rx->config, &snr);

	rx->result.ok = false;
	rx->result.uci[PHY_PUSCH_ACK].bits = rx->result.uci[PHY_PUSCH_CSI_1].bits = NULL;
	if (rx->new_data)
		s->receptions = 0;
	if (!t)
		return;
	rx->result.ok = l1_receive_block(m, s, rx->new_data, rx->config.mcs, rx->config.prbs.n, snr);
	rx->result.channel.channel.power = (float)snr;
	rx->result.channel.channel.noise = 1;
	rx->result.channel.channel.snr_db = (float)l1_db(snr);
	rx->result.channel.channel.delay_s = (float)t->late_s;
	rx->tb = t->tb;
	if (acks > 0 && l1_draw(m) >= l1_lost(m->curves, L1_PUCCH, ACK_FORMAT, acks, 1, l1_db(snr)))
		rx->result.uci[PHY_PUSCH_ACK].bits = t->uci;
	if (reports > 0 && l1_draw(m) >= l1_lost(m->curves, L1_PUCCH, ACK_FORMAT, reports, 1, l1_db(snr)))
		rx->result.uci[PHY_PUSCH_CSI_1] =
			(struct phy_pusch_uci_result){ .code.ok = true, .bits = t->csi };
}

/* No receiver can tell them apart. */
static bool meet(const struct phy_pucch_config *a, const struct phy_pucch_config *b)
{
	bool same =
		a->format == b->format && a->first_prb == b->first_prb && a->first_symbol == b->first_symbol;

	return same && (a->format == 2 || (a->initial_shift == b->initial_shift && a->occ == b->occ));
}

static const struct l1_sent *pucch_of(
	const struct l1_sent *sent, size_t n, const struct phy_pucch_config *c, double *snr)
{
	const struct l1_sent *best = NULL;
	double all = 0;

	for (size_t i = 0; i < n; i++) {
		if (!sent[i].is_pucch || !meet(&sent[i].pucch, c) || !in_window(&sent[i], c->mu))
			continue;
		all += sent[i].snr;
		if (!best || sent[i].snr > best->snr)
			best = &sent[i];
	}
	*snr = best ? best->snr / (1 + all - best->snr) : 0;
	return best;
}

/* A PUCCH that nobody sends is heard now and then, weak. */
static void hear_silence(struct l1_model *m, struct phy_ul_pucch_rx *rx)
{
	struct phy_pucch_user *r = &rx->result;

	r->detected = l1_draw(m) < m->silence;
	for (unsigned b = 0; r->detected && b < rx->config.bits; b++)
		r->uci[b] = l1_draw(m) < 0.5;
	r->sr = r->detected;
	r->power = 0;
	r->noise = 1;
}

static void receive_pucch(
	struct l1_model *m, const struct l1_sent *sent, size_t n, struct phy_ul_pucch_rx *rx)
{
	const struct phy_pucch_config *c = &rx->config;
	struct phy_pucch_user *r = &rx->result;
	double snr;
	const struct l1_sent *t = pucch_of(sent, n, c, &snr);

	if (!t) {
		hear_silence(m, rx);
		return;
	}
	/* of format 2 nothing can be read that has another size than it is expected to have */
	r->detected = (c->format < 2 || t->pucch.bits == c->bits) &&
		      l1_draw(m) >= l1_lost(m->curves, L1_PUCCH, c->format, c->bits > 0 ? c->bits : 1, 1,
					    l1_db(snr));
	for (unsigned b = 0; r->detected && b < c->bits; b++)
		r->uci[b] = b < t->pucch.bits ? t->uci[b] : 0;
	r->sr = r->detected && t->sr;
	r->delay_s = (float)t->late_s;
	r->power = (float)snr;
	r->noise = 1;
}

/* Of UEs with one preamble in one place the strongest is heard, and they do not know of each other. */
static void hear_preamble(struct l1_model *m, struct phy_ul_rach *rach, const struct l1_sent *t)
{
	struct phy_prach_found f = {
		.preamble = t->prach.preamble, .delay_s = (float)t->late_s, .snr = (float)t->snr
	};

	if ((m->preamble_s > 0 && t->late_s >= m->preamble_s) ||
		l1_draw(m) < l1_lost(m->curves, L1_PRACH, 0, 1, 1, l1_db(t->snr)))
		return;
	for (unsigned i = 0; i < rach->found_n; i++)
		if (rach->found[i].preamble == f.preamble) {
			if (f.snr > rach->found[i].snr)
				rach->found[i] = f;
			return;
		}
	rach->found[rach->found_n++] = f;
}

/* The curve is that of format 0; a preamble is told of in the slot that it begins in. */
static void receive_prach(
	struct l1_model *m, const struct l1_sent *sent, size_t n, struct phy_ul_slot_rx *slot)
{
	slot->rach = m->rach;
	slot->rach_n = 0;
	for (size_t i = 0; i < slot->prach_n; i++) {
		const struct phy_ul_prach_place *place = &slot->prach[i];
		struct phy_ul_rach *rach = &m->rach[slot->rach_n];

		rach->began = slot->time;
		rach->place = *place;
		rach->found_n = 0;
		for (size_t k = 0; k < n; k++)
			if (sent[k].is_prach && sent[k].prach.place.first_prb == place->first_prb &&
				sent[k].prach.place.occasion.symbol == place->occasion.symbol &&
				sent[k].prach.place.occasion.slot == place->occasion.slot)
				hear_preamble(m, rach, &sent[k]);
		slot->rach_n += rach->found_n > 0;
	}
}

/* Of those on one comb the strongest is what is heard, and the others are noise to it. */
static void receive_srs(const struct l1_sent *sent, size_t n, struct phy_ul_srs_rx *rx)
{
	struct phy_srs_estimate *e = rx->estimates;
	double all = 0, best = 0;

	*e = (struct phy_srs_estimate){ .noise = 1 };
	for (size_t i = 0; i < n; i++) {
		if (!sent[i].is_srs || sent[i].srs.comb_offset != rx->config.comb_offset ||
			!in_window(&sent[i], rx->config.mu))
			continue;
		all += sent[i].snr;
		if (sent[i].snr <= best)
			continue;
		best = sent[i].snr;
		e->delay_s = (float)sent[i].late_s;
	}
	e->power = (float)(best / (1 + all - best));
}

void l1_uplink(struct l1_model *m, const struct l1_sent *sent, size_t n, struct l1_uplink *ul)
{
	for (size_t i = 0; i < ul->slot.pusch_n; i++)
		receive_pusch(m, sent, n, &ul->pusch[i]);
	for (size_t i = 0; i < ul->slot.pucch_n; i++)
		receive_pucch(m, sent, n, &ul->pucch[i]);
	for (size_t i = 0; i < ul->slot.srs_n; i++)
		receive_srs(sent, n, &ul->srs[i]);
	receive_prach(m, sent, n, &ul->slot);
}
