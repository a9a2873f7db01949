/* PUSCHs of connected UEs, granted and taken, and what comes on PUCCH. */
#include "gnb/du/parts.h"

enum {
	BLIND_OCTETS = 128, /* for a UE that has asked and not said how much */
	REPORT_OCTETS = 12, /* subheaders and a buffer status report */
};

/* Power over noise of an element from which on a request, or an answer as a sign of life, is believed: the
 * receiver takes one silence of a hundred for one, which is much where a UE may ask 200 times a second.
 * Format 1 collects 21 dB. */
#define SURE_SNR_LEAST 0.15f

static bool is_sure(const struct phy_pucch_user *r)
{
	return r->detected && r->power > SURE_SNR_LEAST * r->noise;
}

static uint32_t waiting(const struct du_cell_ue *u)
{
	uint32_t wanted = du_uplink_wanted(u->mac), granted = 0;

	for (unsigned i = 0; i < DU_HARQ_PROCESSES; i++)
		granted += u->mac->uplink[i].busy ? (uint32_t)u->mac->uplink[i].octets : 0;
	if (wanted > 0)
		return wanted + REPORT_OCTETS > granted ? wanted + REPORT_OCTETS - granted : 0;
	return (u->wants_uplink || u->mac->wants_grant) && granted == 0 ? BLIND_OCTETS : 0;
}

/* Before grants for a slot. */
static void tell(struct du *d, const struct du_cell_ue *u, uint64_t then, struct sched_ue *s)
{
	s->has_again = s->may = false;
	s->waiting = 0;
	s->table = du_ul_table(d, u);
	s->cqi_table = du_cqi_table(s->table);
	if (du_report_is_alone(u, then) || !du_is_awake(d, u) || !du_is_aligned(d, u))
		return;
	for (uint8_t i = 0; i < DU_HARQ_PROCESSES && !s->has_again; i++)
		if (u->mac->uplink[i].busy && u->up[i].again) {
			s->has_again = true;
			s->again = (struct sched_again){ i, u->up[i].mcs, u->up[i].prbs,
				(uint32_t)u->mac->uplink[i].octets };
		}
	s->waiting = du_harq_free(u->mac->uplink) < DU_HARQ_PROCESSES ? waiting(u) : 0;
	s->may = s->waiting > 0;
}

/* The same PUSCH by DCI 0_1: port 0 with no data beside it (38.212 Table 7.3.1.1.2-8). */
static void dci_0_1(struct phy_dci *dci)
{
	dci->kind = PHY_DCI_0_1;
	dci->field[PHY_DCI_ANTENNA_PORTS] = 2;
	dci->field[PHY_DCI_UL_SCH] = 1;
}

/* A PUSCH that holds its block beside a report and all HARQ-ACKs that may come along. */
static bool has_room(const struct phy_pusch_config *p, const struct du_cell_ue *u)
{
	struct phy_pusch_config with = *p;
	struct phy_pusch plan;

	du_report_on_pusch(&with, u);
	with.uci.bits[PHY_PUSCH_ACK] = SERVED_CELL_ACKS_MAX;
	with.uci.beta[PHY_PUSCH_ACK] = cell_own_beta_ack(&u->own, 0, SERVED_CELL_ACKS_MAX);
	return phy_pusch_init(&plan, &with) == PHY_PUSCH_OK;
}

/* A grant for the slot that this row of times leads to. */
static void grant(struct du *d, uint8_t row, const struct sched_given *g)
{
	const struct cell *c = &d->cell.cell;
	struct du_cell_ue *u = &d->ues[g->ue];
	struct du_due *in = du_due_in(d, c->pusch_times[row].k0);
	bool again = g->reason == SCHED_RETRANSMISSION;
	uint8_t process = again ? g->process : du_harq_free(u->mac->uplink);
	struct du_harq *h = &u->mac->uplink[process];
	struct phy_dci dci = { .kind = PHY_DCI_0_0 };
	const struct cell_space *space;
	enum phy_mcs_table table;
	struct cell_pusch_grant out;
	int at;

	if (u->unsure)
		u->configured = again && h->transmissions % 2 == 0;
	if (in->pusch_n == L1_PUSCH_MAX ||
		!phy_dci_riv(&dci.field[PHY_DCI_FREQUENCY], g->first_prb, g->prbs, c->uplink.bwp_prbs))
		return;
	dci.field[PHY_DCI_TIME] = row;
	dci.field[PHY_DCI_MCS] = g->mcs;
	dci.field[PHY_DCI_NDI] = again ? h->ndi : !h->ndi;
	dci.field[PHY_DCI_RV] = again ? du_harq_rv(h) : 0;
	dci.field[PHY_DCI_HARQ_PROCESS] = process;
	dci.field[PHY_DCI_TPC] = du_power_pusch_tpc(d, u);
	/* A block that began by another table than the UE has now: by DCI 0_0, which has its own. */
	table = again ? u->up[process].table : du_ul_table(d, u);
	space = table == du_ul_table(d, u) ? du_space(d, u) : &c->random_access;
	if (space->configured)
		dci_0_1(&dci);
	if (!cell_pusch_grant(&out, c, du_own(u), space, u->c_rnti, &dci) ||
		(du_report_is_due(u, d->slots + out.k2) && !has_room(&out.config, u)) ||
		cell_pusch_octets(&out.config) != g->octets || (at = du_dci_put_for(d, u, space, &dci)) < 0)
		return;
	d->counted |= (uint32_t)space->configured << at;
	if (!again) {
		may_fail(du_harq_begin(h, g->octets)); /* its NDI */
		mac_drx_new(&u->drx, d->now_ns);
	}
	if (!again)
		d->spread[DU_SPREAD_UL_MCS][g->mcs]++;
	d->stat[again ? DU_STAT_UL_RETRANSMISSIONS : DU_STAT_UL_BLOCKS]++;
	u->up[process] = (struct du_block){
		.first_prb = g->first_prb, .prbs = g->prbs, .table = table, .mcs = g->mcs
	};
	u->wants_uplink = false;
	in->pusch[in->pusch_n++] = (struct du_due_pusch){
		.ue = g->ue, .process = process, .new_data = !again, .config = out.config
	};
}

static void grant_slot(struct du *d, uint8_t row)
{
	unsigned k2 = d->cell.cell.pusch_times[row].k0;
	struct slot_time then = slot_time_of(d->cell.cell.mu, d->slots + k2);
	const struct du_due *in = du_due_in(d, k2);
	struct sched_given given[SCHED_GIVEN_MAX];
	uint16_t first, prbs;
	size_t n;

	for (uint16_t i = 0; i < d->ues_end; i++)
		if (d->ues[i].state == DU_UE_CONNECTED)
			tell(d, &d->ues[i], d->slots + k2, &d->uplink.ues[i]);
	if (du_is_kept_for_srs(d, d->slots + k2))
		return;
	served_cell_pusch_prbs(&d->cell, then.sfn, then.slot, &first, &prbs);
	for (uint8_t i = 0; i < in->pusch_n; i++) { /* Msg3, at the lower end */
		first = (uint16_t)(first + in->pusch[i].config.prbs.n);
		prbs = (uint16_t)(prbs - in->pusch[i].config.prbs.n);
	}
	du_msg3_again(d, row, &first, &prbs);
	n = sched_slot(&d->uplink, first, prbs, given);
	du_tell_given(d, true, &d->uplink, given, n);
	for (size_t i = 0; i < n; i++)
		grant(d, row, &given[i]);
}

void du_uplink(struct du *d)
{
	const struct cell *c = &d->cell.cell;

	for (uint8_t row = 0; row < c->pusch_times_n; row++)
		if (served_cell_grants(&d->cell, d->now.sfn, d->now.slot, c->pusch_times[row].k0))
			grant_slot(d, row);
}

/* 38.213 Table 9.1.3-2: how many PDSCHs are answered on it; 4 stands for none too. */
static void count(struct du *d, struct phy_dl_pdcch *p, const struct du_cell_ue *u)
{
	const struct cell *c = &d->cell.cell;
	const struct du_due_ack *ack;
	struct phy_dci_layout l;
	struct phy_dci dci;

	if (!cell_dci_layout(&l, c, &u->own, &u->own.spaces[0], PHY_DCI_0_1) ||
		!phy_dci_unpack(&l, p->dci, &dci))
		return;
	ack = du_acks_of(du_due_in(d, c->pusch_times[dci.field[PHY_DCI_TIME]].k0), du_place(d, u));
	dci.field[PHY_DCI_DAI] = (ack ? ack->n + 3u : 3u) % 4;
	may_fail(phy_dci_pack(&l, &dci, p->dci)); /* it was packed so */
}

void du_uplink_count(struct du *d)
{
	for (uint16_t i = 0; i < d->ues_end; i++)
		for (size_t k = 0; k < d->dl->slot.pdcch_n; k++)
			if ((d->counted >> k & 1) && d->dl->pdcch[k].rnti == d->ues[i].c_rnti)
				count(d, &d->dl->pdcch[k], &d->ues[i]);
}

static void take_pusch(struct du *d, const struct phy_ul_pusch_rx *rx, const struct du_due_pusch *due)
{
	struct du_cell_ue *u = du_ue_at(d, due->ue);
	struct du_harq *h = u ? &u->mac->uplink[due->process] : NULL;
	bool ok = rx->result.ok;

	if (u && ok && rx->config.uci.bits[PHY_PUSCH_CSI_1] > 0)
		du_report_take(d, u, rx->result.uci[PHY_PUSCH_CSI_1].bits);
	if (!u || !h->busy)
		return;
	du_power_pusch_heard(d, u, rx);
	mac_drx_sent(&u->drx, due->process, du_up_end_ns(d));
	if (h->transmissions == 1) {
		d->stat[DU_STAT_UL_ERRORS] += !ok;
		sched_first_transmission(&d->uplink.cell, &d->uplink.ues[due->ue], ok);
	}
	switch (du_harq_answered(h, ok ? DU_HARQ_ACK : DU_HARQ_NACK, DU_TRANSMISSIONS_MAX)) {
	case DU_HARQ_DONE:
		du_uplink_receive(u->mac, rx->tb, d->now_ns);
		break;
	case DU_HARQ_AGAIN:
		u->up[due->process].again = true;
		u->mac->stats.ul_retransmissions++;
		break;
	case DU_HARQ_GIVEN_UP:
		d->stat[DU_STAT_UL_LOST]++;
		u->mac->stats.ul_given_up++;
		break;
	}
	du_ue_heard(d, u, ok);
}

static void take_ack_on_pusch(struct du *d, const struct du_due *due)
{
	static const uint8_t none[SERVED_CELL_ACKS_MAX];

	for (uint8_t i = 0; i < due->ack_n; i++) {
		const struct phy_ul_pusch_rx *p = du_pusch_of(d, due, due->ack[i].ue);
		const uint8_t *bits = p ? p->result.uci[PHY_PUSCH_ACK].bits : NULL;

		if (p)
			du_acks_take(d, &due->ack[i], bits ? bits : none, p->result.ok);
	}
}

/* The answer of a UE whose request would have taken it along: where it is heard louder. */
static const struct phy_pucch_user *louder(const struct du *d, size_t at)
{
	const struct phy_pucch_user *best = &d->ul->pucch[at].result;

	for (size_t i = 0; i < d->ul->slot.pucch_n; i++) {
		const struct phy_pucch_user *r = &d->ul->pucch[i].result;

		if (d->use[i].ue == d->use[at].ue && d->use[i].ack && r->detected &&
			(!best->detected || r->power > best->power))
			best = r;
	}
	return best;
}

/* Of several PUCCHs on which a UE may answer the first is what its answers are taken by. */
static void take_pucch(struct du *d, const struct du_due *due, size_t i)
{
	const struct phy_pucch_user *mine = &d->ul->pucch[i].result, *r = mine;
	const struct du_pucch_use *use = &d->use[i];
	const struct du_due_ack *ack = use->ack ? du_acks_of(due, use->ue) : NULL;
	bool small = ack && ack->n <= CELL_ACKS_SMALL && !use->csi;
	unsigned acks = ack ? ack->n : 0;
	bool asks = use->sr && is_sure(mine);

	if (small)
		r = louder(d, i);
	if (du_ue_at(d, use->ue) && (ack || use->csi))
		du_power_pucch_heard(&d->ues[use->ue], r);
	if (ack && !(small && use->sr))
		du_acks_take(d, ack, r->detected ? r->uci : NULL, is_sure(r));
	if (use->csi && du_ue_at(d, use->ue))
		du_report_take(d, &d->ues[use->ue], is_sure(mine) ? mine->uci + acks + use->sr : NULL);
	if ((ack && !small) || use->csi)
		asks = asks && mine->uci[acks];
	if (asks && r == mine && du_ue_at(d, use->ue)) {
		d->stat[DU_STAT_SCHEDULING_REQUESTS]++;
		d->ues[use->ue].wants_uplink = true;
	}
}

void du_uplink_take(struct du *d)
{
	const struct du_due *due = &d->taken;

	take_ack_on_pusch(d, due);
	for (size_t i = 0; i < d->ul->slot.pucch_n; i++)
		take_pucch(d, due, i);
	for (uint8_t i = 0; i < due->pusch_n; i++) {
		if (due->pusch[i].msg3)
			du_msg3_take(d, &d->ul->pusch[i], &due->pusch[i]);
		else
			take_pusch(d, &d->ul->pusch[i], &due->pusch[i]);
	}
}
