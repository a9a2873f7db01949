/* PDSCHs of connected UEs, and what they say of them (38.213 9.2.3: HARQ-ACK four slots on). */
#include "gnb/du/parts.h"

enum {
	CQI_BEGIN = 7,
	CSI_MCS_LESS =
		1, /* CSI-RS take 5 of 132 or more REs of a block, which the highest rate has not to spare */
};

/* Somebody else answers in that slot on the UE's resources. */
static bool is_taken(const struct du *d, const struct du_due *due, const struct du_cell_ue *u)
{
	for (uint8_t i = 0; i < due->ack_n; i++)
		if (due->ack[i].ue != du_place(d, u) && d->ues[due->ack[i].ue].configured && u->configured &&
			served_cell_same_answer(due->ack[i].ue, du_place(d, u)))
			return true;
	return false;
}

/* The UE's answers of a slot, with room for one more; NULL: there is none. */
static struct du_due_ack *acks_of(struct du *d, struct du_due *due, const struct du_cell_ue *u)
{
	for (uint8_t i = 0; i < due->ack_n; i++)
		if (due->ack[i].ue == du_place(d, u))
			return u->configured && due->ack[i].n < SERVED_CELL_ACKS_MAX ? &due->ack[i] : NULL;
	if (due->ack_n == L1_PUSCH_MAX || is_taken(d, due, u))
		return NULL;
	due->ack[due->ack_n] = (struct du_due_ack){ .ue = du_place(d, u) };
	return &due->ack[due->ack_n];
}

/* 38.213 9.2.1, 9.2.3. */
static bool answer_at(struct du *d, struct du_due_ack *ack, const struct du_cell_ue *u, int at)
{
	const struct cell *c = &d->cell.cell;

	if (!u->configured)
		return cell_pucch_common(&ack->config, c, 0, d->dl->pdcch[at].at.cce, c->type0.coreset.n_cce);
	ack->config = u->own.ack[0];
	return true;
}

/* The same PDSCH by DCI 1_1: port 1000 with no data beside it (38.212 Table 7.3.1.2.2-1). */
static void dci_1_1(struct phy_dci *dci)
{
	dci->kind = PHY_DCI_1_1;
	dci->field[PHY_DCI_ANTENNA_PORTS] = 3;
}

/* Rows without a rate say a modulation, from QPSK on (38.214 Table 5.1.3.1-2). */
enum { KEPT_FIRST_256QAM = 28 };

/*
 * The MCS of a block in the table that its DCI is read by. One that began by the 64QAM table has the row of
 * its modulation in that of 256QAM, and keeps size and rate. False: it cannot be.
 */
static bool block_mcs(struct phy_pdsch_codeword *w, const struct du_block *b, const struct du_harq *h,
	enum phy_mcs_table table)
{
	const struct phy_mcs *row = phy_mcs_row(b->table, b->mcs);

	*w = (struct phy_pdsch_codeword){ .mcs = b->mcs };
	if (b->table == table)
		return true;
	if (b->table != PHY_MCS_64QAM || table != PHY_MCS_256QAM)
		return false;
	*w = (struct phy_pdsch_codeword){ .mcs = (uint8_t)(KEPT_FIRST_256QAM + row->q_m / 2 - 1),
		.kept_tbs = (uint32_t)(8 * h->octets),
		.kept_rate_x2048 = row->rate_x2048 };
	return true;
}

static bool transmit(struct du *d, struct du_cell_ue *u, uint8_t process)
{
	const struct cell *c = &d->cell.cell;
	const struct cell_space *space = du_space(d, u);
	const struct du_harq *h = &u->mac->downlink[process];
	struct du_block *b = &u->down[process];
	unsigned k1 = served_cell_k1(&d->cell, d->now.sfn, d->now.slot);
	struct du_due *due = du_due_in(d, k1);
	struct du_due_ack *ack = k1 > 0 ? acks_of(d, due, u) : NULL;
	struct phy_dci dci = { .kind = u->state == DU_UE_CONNECTED ? PHY_DCI_1_0_C : PHY_DCI_1_0_TC };
	struct phy_pdsch_codeword w;
	int at;

	if (!ack || !block_mcs(&w, b, h, space->configured ? u->own.pdsch.shared.mcs_table : PHY_MCS_64QAM) ||
		(d->csi && !u->configured) ||
		!cell_pdsch_riv(&dci.field[PHY_DCI_FREQUENCY], c, space, b->first_prb, b->prbs))
		return false;
	dci.field[PHY_DCI_TIME] = b->time;
	dci.field[PHY_DCI_MCS] = w.mcs;
	dci.field[PHY_DCI_NDI] = h->ndi;
	/* Where others begin depends on the soft buffer's size, and that on 256QAM (38.212 5.4.2.1). */
	dci.field[PHY_DCI_RV] = u->changing_ns ? 0 : du_harq_rv(h);
	dci.field[PHY_DCI_HARQ_PROCESS] = process;
	dci.field[PHY_DCI_DAI] = ack->n % 4u; /* 38.213 Table 9.1.3-1 */
	dci.field[PHY_DCI_TPC] = du_power_pucch_tpc(d, u);
	dci.field[PHY_DCI_HARQ_TIMING] = k1 - 1;
	if (space->configured)
		dci_1_1(&dci);
	at = du_dci_put_for(d, u, space, &dci);
	if (at < 0 || !answer_at(d, ack, u, at) || du_pdsch_put_kept(d, at, u, space, &dci, &w) != h->octets)
		return false;
	du_pdsch_fill(d, bytes_of(h->pdu, h->octets));
	if (h->transmissions == 1 && u->state == DU_UE_CONNECTED)
		mac_drx_new(&u->drx, d->now_ns);
	if (h->transmissions == 1)
		d->spread[DU_SPREAD_DL_MCS][b->mcs]++;
	d->stat[h->transmissions > 1 ? DU_STAT_DL_RETRANSMISSIONS : DU_STAT_DL_BLOCKS]++;
	due->ack_n = (uint8_t)(due->ack_n + (ack->n == 0));
	ack->process[ack->n++] = process;
	b->again = false;
	b->configured = u->configured;
	b->sent_ns = d->now_ns;
	return true;
}

bool du_block_send(struct du *d, struct du_cell_ue *u, uint8_t process)
{
	if (u->unsure)
		u->configured = u->mac->downlink[process].transmissions % 2 == 0;
	return transmit(d, u, process);
}

/* What the scheduler must know of a UE before the slot. */
static void tell(struct du *d, struct du_cell_ue *u, uint8_t row, struct sched_ue *s)
{
	s->has_again = s->may = false;
	s->waiting = 0;
	if ((d->csi && !u->configured) || !du_is_awake(d, u) || !du_is_aligned(d, u) ||
		du_report_is_alone(u, d->slots + served_cell_k1(&d->cell, d->now.sfn, d->now.slot)))
		return;
	s->table = du_dl_table(d, u);
	s->cqi_table = u->own.report.table;
	if (!du_dci_fits(d, u) ||
		is_taken(d, du_due_in(d, served_cell_k1(&d->cell, d->now.sfn, d->now.slot)), u))
		return;
	for (uint8_t i = 0; i < u->own.harqs && !s->has_again; i++)
		if (u->mac->downlink[i].busy && u->down[i].again && u->down[i].time == row) {
			s->has_again = true;
			s->again = (struct sched_again){ i, u->down[i].mcs, u->down[i].prbs,
				(uint32_t)u->mac->downlink[i].octets };
		}
	if (du_harq_free(u->mac->downlink) < u->own.harqs)
		s->waiting = (uint32_t)du_downlink_wanted(u->mac, d->now_ns);
	s->may = s->waiting > 0;
}

static void serve(struct du *d, uint8_t row, const struct sched_given *g)
{
	struct du_cell_ue *u = &d->ues[g->ue];
	bool again = g->reason == SCHED_RETRANSMISSION;
	uint8_t process = again ? g->process : du_harq_free(u->mac->downlink);
	struct du_harq *h = &u->mac->downlink[process];
	bool commanded = u->mac->has_timing_advance;

	if (!again) {
		if (!du_harq_room(h) ||
			!du_downlink_build(u->mac, BYTES_NONE, h->pdu, g->octets, d->now_ns)) {
			du_harq_room_back(h);
			return;
		}
		may_fail(du_harq_begin(h, g->octets)); /* its NDI */
	}
	u->down[process] = (struct du_block){ .again = true,
		.first_prb = g->first_prb,
		.prbs = g->prbs,
		.table = again ? u->down[process].table : du_dl_table(d, u),
		.mcs = g->mcs,
		.time = row,
		.aligns = again ? u->down[process].aligns : commanded && !u->mac->has_timing_advance };
	may_fail(du_block_send(d, u, process)); /* it waits then */
}

void du_downlink(struct du *d)
{
	const struct cell *c = &d->cell.cell;
	struct sched_given given[SCHED_GIVEN_MAX];
	uint16_t first, end;
	bool all = true;
	uint8_t row;
	size_t n;

	if (!served_cell_pdsch_row(&d->cell, d->now.sfn, d->now.slot, &row) ||
		served_cell_k1(&d->cell, d->now.sfn, d->now.slot) == 0)
		return;
	for (uint16_t i = 0; i < d->ues_end; i++)
		if (d->ues[i].state == DU_UE_CONNECTED) {
			tell(d, &d->ues[i], row, &d->downlink.ues[i]);
			all = all && d->ues[i].configured && d->ues[i].changing_ns == 0;
		}
	cell_pdsch_range(c, all ? &d->space : &c->random_access, &first, &end);
	end = (uint16_t)(first + end);
	if (d->free_prb > first)
		first = d->free_prb < end ? d->free_prb : end;
	d->downlink.cell.symbols = d->pdsch[row].symbols;
	d->downlink.cell.dmrs_re = d->pdsch[row].dmrs_re;
	d->downlink.cell.mcs_less = d->csi ? CSI_MCS_LESS : 0;
	n = sched_slot(&d->downlink, first, (uint16_t)(end - first), given);
	du_tell_given(d, false, &d->downlink, given, n);
	for (size_t i = 0; i < n; i++)
		serve(d, row, &given[i]);
}

/* The UE has Msg4: what its CellGroupConfig says holds from now on. */
static void connected(struct du *d, struct du_cell_ue *u)
{
	uint16_t place = du_place(d, u);

	d->stat[DU_STAT_CONTENTIONS_RESOLVED]++;
	u->state = DU_UE_CONNECTED;
	u->configured = u->ccch_octets > 0;
	u->unsure = !u->configured;
	du_timing_alive(d, u);
	u->wants_uplink = u->unsure; /* for RRCReestablishmentComplete: it has no scheduling requests */
	if (!sched_ue_add(&d->downlink, place) || !sched_ue_add(&d->uplink, place))
		return;
	sched_cqi_guess(&d->downlink.ues[place], CQI_BEGIN);
	sched_cqi_guess(&d->uplink.ues[place], CQI_BEGIN);
	d->upper.configured(d->upper.arg, place);
}

static void ack_take(struct du *d, uint16_t ue, uint8_t process, enum du_harq_answer answer, bool sure)
{
	struct du_cell_ue *u = du_ue_at(d, ue);
	struct du_harq *h = u ? &u->mac->downlink[process] : NULL;

	if (!u || !h->busy)
		return;
	if (answer != DU_HARQ_DTX && u->down[process].configured)
		du_ue_configured(d, ue);
	if (h->transmissions == 1 && u->state == DU_UE_CONNECTED && answer != DU_HARQ_DTX) {
		d->stat[DU_STAT_DL_ERRORS] += answer != DU_HARQ_ACK;
		sched_first_transmission(&d->downlink.cell, &d->downlink.ues[ue], answer == DU_HARQ_ACK);
	}
	mac_drx_answered(&u->drx, process, answer != DU_HARQ_NACK, du_up_end_ns(d));
	if (answer == DU_HARQ_DTX)
		mac_drx_unsure(&u->drx);
	du_dci_heard(u, answer != DU_HARQ_DTX);
	switch (du_harq_answered(h, answer, DU_TRANSMISSIONS_MAX)) {
	case DU_HARQ_DONE:
		if (u->state == DU_UE_ANSWERED)
			connected(d, u);
		else if (u->down[process].aligns)
			du_alignment_kept(d, u, u->down[process].sent_ns);
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
	du_ue_heard(d, u, sure);
}

void du_acks_take(struct du *d, const struct du_due_ack *ack, const uint8_t *bits, bool sure)
{
	for (uint8_t i = 0; i < ack->n; i++)
		ack_take(d, ack->ue, ack->process[i],
			!bits     ? DU_HARQ_DTX
			: bits[i] ? DU_HARQ_ACK
				  : DU_HARQ_NACK,
			sure);
}
