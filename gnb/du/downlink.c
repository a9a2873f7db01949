/* PDSCHs of connected UEs, and what they say of them (38.213 9.2.3: HARQ-ACK four slots on). */
#include "gnb/du/parts.h"

enum { CQI_BEGIN = 7 };

bool du_block_send(struct du *d, struct du_cell_ue *u, uint8_t process)
{
	const struct cell *c = &d->cell.cell;
	const struct cell_own *own = du_own(u);
	const struct cell_space *space = du_space(d, u);
	const struct du_harq *h = &u->mac->downlink[process];
	struct du_block *b = &u->down[process];
	struct du_due *due = du_due_in(d, SERVED_CELL_K1);
	struct du_due_ack *ack = &due->ack[due->ack_n];
	struct phy_dci dci = { .kind = u->state == DU_UE_CONNECTED ? PHY_DCI_1_0_C : PHY_DCI_1_0_TC };
	struct cell_pdsch_grant grant;
	int at;

	if (due->ack_n == L1_PUSCH_MAX ||
		!cell_pdsch_riv(&dci.field[PHY_DCI_FREQUENCY], c, space, b->first_prb, b->prbs))
		return false;
	dci.field[PHY_DCI_MCS] = b->mcs;
	dci.field[PHY_DCI_NDI] = h->ndi;
	dci.field[PHY_DCI_RV] = du_harq_rv(h);
	dci.field[PHY_DCI_HARQ_PROCESS] = process;
	dci.field[PHY_DCI_TPC] = 1; /* 0 dB, 38.213 Table 7.2.1-1 */
	dci.field[PHY_DCI_HARQ_TIMING] = SERVED_CELL_K1 - 1;
	at = du_dci_put(d, space, u->c_rnti, &dci);
	if (at < 0)
		return false;
	*ack = (struct du_due_ack){ .ue = du_place(d, u), .process = process };
	if (own)
		ack->config = own->ack[0];
	else if (!cell_pucch_common(&ack->config, c, 0, d->dl->pdcch[at].at.cce, c->type0.coreset.n_cce))
		return false;
	if (du_pdsch_put(d, at, own, space, u->c_rnti, &dci, &grant) != h->octets)
		return false;
	du_pdsch_fill(d, bytes_of(h->pdu, h->octets));
	d->stat[h->transmissions > 1 ? DU_STAT_DL_RETRANSMISSIONS : DU_STAT_DL_BLOCKS]++;
	due->ack_n++;
	b->again = false;
	return true;
}

/* What the scheduler must know of a UE before the slot. */
static void tell(struct du *d, struct du_cell_ue *u, struct sched_ue *s)
{
	s->has_again = s->may = false;
	s->waiting = 0;
	if (!du_dci_fits(d, du_space(d, u), u->c_rnti))
		return;
	for (uint8_t i = 0; i < u->own.harqs && !s->has_again; i++)
		if (u->mac->downlink[i].busy && u->down[i].again) {
			s->has_again = true;
			s->again = (struct sched_again){ i, u->down[i].mcs, u->down[i].prbs,
				(uint32_t)u->mac->downlink[i].octets };
		}
	if (du_harq_free(u->mac->downlink) < u->own.harqs)
		s->waiting = (uint32_t)du_downlink_wanted(u->mac, d->now_ns);
	s->may = s->waiting > 0;
}

static void serve(struct du *d, const struct sched_given *g)
{
	struct du_cell_ue *u = &d->ues[g->ue];
	bool again = g->reason == SCHED_RETRANSMISSION;
	uint8_t process = again ? g->process : du_harq_free(u->mac->downlink);
	struct du_harq *h = &u->mac->downlink[process];

	if (!again) {
		if (!du_downlink_build(u->mac, BYTES_NONE, h->pdu, g->octets, d->now_ns))
			return;
		may_fail(du_harq_begin(h, g->octets)); /* its NDI */
	}
	u->down[process] = (struct du_block){ true, g->first_prb, g->prbs, g->mcs };
	may_fail(du_block_send(d, u, process)); /* it waits then */
}

void du_downlink(struct du *d)
{
	const struct cell *c = &d->cell.cell;
	struct sched_given given[SCHED_GIVEN_MAX];
	uint16_t first, end;
	bool all = true;
	size_t n;

	for (uint16_t i = 0; i < DU_UES_MAX; i++)
		if (d->ues[i].state == DU_UE_CONNECTED) {
			tell(d, &d->ues[i], &d->downlink.ues[i]);
			all = all && d->ues[i].configured;
		}
	cell_pdsch_range(c, all ? &d->space : &c->random_access, &first, &end);
	end = (uint16_t)(first + end);
	if (d->free_prb > first)
		first = d->free_prb < end ? d->free_prb : end;
	n = sched_slot(&d->downlink, first, (uint16_t)(end - first), given);
	for (size_t i = 0; i < n; i++)
		serve(d, &given[i]);
}

/* The UE has Msg4: what its CellGroupConfig says holds from now on. */
static void connected(struct du *d, struct du_cell_ue *u)
{
	uint16_t place = du_place(d, u);

	d->stat[DU_STAT_CONTENTIONS_RESOLVED]++;
	u->state = DU_UE_CONNECTED;
	u->configured = u->ccch_octets > 0;
	u->unsure = !u->configured;
	u->wants_uplink = u->unsure; /* for RRCReestablishmentComplete: it has no scheduling requests */
	if (!sched_ue_add(&d->downlink, place) || !sched_ue_add(&d->uplink, place))
		return;
	sched_cqi(&d->downlink.ues[place], CQI_BEGIN);
	sched_cqi(&d->uplink.ues[place], CQI_BEGIN);
	d->upper.configured(d->upper.arg, place);
}

void du_ack_take(struct du *d, uint16_t ue, uint8_t process, enum du_harq_answer answer)
{
	struct du_cell_ue *u = du_ue_at(d, ue);
	struct du_harq *h = u ? &u->mac->downlink[process] : NULL;

	if (!u || !h->busy)
		return;
	du_ue_answered(u, answer != DU_HARQ_DTX);
	if (h->transmissions == 1 && u->state == DU_UE_CONNECTED && answer != DU_HARQ_DTX)
		sched_first_transmission(&d->downlink.cell, &d->downlink.ues[ue], answer == DU_HARQ_ACK);
	switch (du_harq_answered(h, answer, DU_TRANSMISSIONS_MAX)) {
	case DU_HARQ_DONE:
		if (u->state == DU_UE_ANSWERED)
			connected(d, u);
		break;
	case DU_HARQ_AGAIN:
		u->down[process].again = true;
		u->mac->stats.dl_retransmissions++;
		break;
	case DU_HARQ_GIVEN_UP:
		d->stat[DU_STAT_DL_LOST]++;
		u->mac->stats.dl_given_up++;
		break;
	}
	du_ue_heard(d, u, answer != DU_HARQ_DTX);
}
