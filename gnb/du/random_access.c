/* Random access at the gNB (38.321 5.1, 38.213 8): preambles heard, responses, Msg3, contention resolution.
 */
#include <math.h>

#include "gnb/du/parts.h"
#include "radio/mac/pdu.h"

enum {
	MSG3_PRBS = 3, /* with MSG3_MCS room for a CCCH SDU of 6 or 8 octets and a report */
	MSG3_MCS = 3,
	MSG3_TRANSMISSIONS_MAX = 4,
	TPC_0_DB = 3, /* 38.213 Table 8.2-2 */
	MSG4_MCS = 2,
	MSG4_MCS_MAX = 9, /* QPSK */
	RAR_MCS = 2,
};

/* T_A of 38.213 4.2: 16 * 64 T_c at 15 kHz, half of it at the next spacing; rather a little late than early.
 */
static uint16_t advance_of(float delay_s, unsigned mu)
{
	double units = (double)delay_s * 480000.0 * 4096.0 / (16.0 * 64.0 / (1u << mu));
	long n = (long)floor(units);

	return (uint16_t)(n < 0 ? 0 : n > MAC_TIMING_ADVANCE_MAX ? MAC_TIMING_ADVANCE_MAX : n);
}

void du_preambles_take(struct du *d)
{
	const struct cell *c = &d->cell.cell;
	const struct phy_ul_slot_rx *s = &d->ul->slot;

	for (size_t i = 0; i < s->rach_n; i++)
		for (unsigned j = 0; j < s->rach[i].found_n; j++) {
			const struct phy_ul_rach *r = &s->rach[i];
			unsigned fdm = (unsigned)(r->place.first_prb - c->rach.first_prb) / c->rach.prbs;

			bool contends = r->found[j].preamble < c->access.preambles;
			uint16_t ue = contends ? DU_NO_UE : du_ordered_to(d, r->found[j].preamble);

			d->stat[DU_STAT_PREAMBLES]++;
			if (d->preambles_n == DU_PREAMBLES_MAX || (!contends && ue == DU_NO_UE)) {
				d->stat[DU_STAT_PREAMBLES_UNANSWERED]++;
				continue;
			}
			d->preambles[d->preambles_n++] = (struct du_preamble){
				.ra_rnti = (uint16_t)phy_rach_rnti(
					&c->rach, r->began.slot >> c->mu, &r->place.occasion, fdm),
				.ue = ue,
				.preamble = r->found[j].preamble,
				.timing_advance = advance_of(r->found[j].delay_s, c->mu),
				.until_ns = d->now_ns + c->access.response_window_slots * slot_ns(c->mu)
			};
		}
}

/* The blocks of Msg3 in the slot that this row of times leads to: beside PUCCH, the lowest that are free. */
static bool plan_msg3_in(struct du *d, struct du_cell_ue *u, struct mac_rar *rar, uint8_t row)
{
	const struct cell *c = &d->cell.cell;
	struct cell_pusch_grant g;
	struct du_due *in;
	uint16_t first, prbs;
	uint32_t riv;
	struct slot_time then;

	rar->grant = (struct mac_rar_grant){ .mcs = MSG3_MCS, .time_resource = row, .tpc = TPC_0_DB };
	if (!cell_msg3_grant(&g, c, u->c_rnti, &rar->grant) || g.k2 >= DU_RING)
		return false;
	in = du_due_in(d, g.k2);
	then = slot_time_of(c->mu, d->slots + g.k2);
	served_cell_pusch_prbs(&d->cell, then.sfn, then.slot, &first, &prbs);
	/* One a slot, before any other grant for it. */
	if (!cell_slot_is_uplink(c, then.sfn, then.slot) || in->pusch_n > 0 || prbs < MSG3_PRBS ||
		!phy_dci_riv(&riv, first, MSG3_PRBS, c->uplink.bwp_prbs))
		return false;
	rar->grant.frequency_resource = (uint16_t)riv;
	if (!cell_msg3_grant(&g, c, u->c_rnti, &rar->grant))
		return false;
	in->pusch[in->pusch_n++] = (struct du_due_pusch){
		.ue = du_place(d, u), .new_data = true, .msg3 = true, .config = g.config
	};
	may_fail(du_harq_begin(&u->mac->uplink[0], 0));
	return true;
}

static bool plan_msg3(struct du *d, struct du_cell_ue *u, struct mac_rar *rar)
{
	bool planned = false;

	for (uint8_t row = 0; row < d->cell.cell.pusch_times_n && !planned; row++)
		planned = plan_msg3_in(d, u, rar, row);
	return planned;
}

/* 38.321 5.4.2.1: a Msg3 that was not decoded is asked for again by a DCI 0_0 for the Temporary C-RNTI, whose
 * HARQ process and NDI say nothing. */
static bool ask_again(struct du *d, struct du_cell_ue *u, uint8_t row, uint16_t first_prb)
{
	const struct cell *c = &d->cell.cell;
	struct du_due *in = du_due_in(d, c->pusch_times[row].k0);
	struct phy_dci dci = { .kind = PHY_DCI_0_0 };
	struct cell_pusch_grant g;

	dci.field[PHY_DCI_TIME] = row;
	dci.field[PHY_DCI_MCS] = MSG3_MCS;
	dci.field[PHY_DCI_RV] = du_harq_rv(&u->mac->uplink[0]);
	dci.field[PHY_DCI_TPC] = 1; /* 0 dB, 38.213 Table 7.1.1-1 */
	if (in->pusch_n == L1_PUSCH_MAX ||
		!phy_dci_riv(&dci.field[PHY_DCI_FREQUENCY], first_prb, MSG3_PRBS, c->uplink.bwp_prbs) ||
		!cell_pusch_grant(&g, c, NULL, &c->random_access, u->c_rnti, &dci) ||
		du_dci_put(d, &c->random_access, u->c_rnti, &dci) < 0)
		return false;
	in->pusch[in->pusch_n++] =
		(struct du_due_pusch){ .ue = du_place(d, u), .msg3 = true, .config = g.config };
	u->up[0].again = false;
	d->stat[DU_STAT_MSG3_RETRANSMISSIONS]++;
	return true;
}

void du_msg3_again(struct du *d, uint8_t row, uint16_t *first, uint16_t *prbs)
{
	for (uint16_t i = 0; i < d->ues_end && *prbs >= MSG3_PRBS; i++)
		if (d->ues[i].state == DU_UE_MSG3 && d->ues[i].up[0].again &&
			ask_again(d, &d->ues[i], row, *first)) {
			*first = (uint16_t)(*first + MSG3_PRBS);
			*prbs = (uint16_t)(*prbs - MSG3_PRBS);
		}
}

static bool respond(struct du *d, const struct du_preamble *p, const struct mac_rar *rar)
{
	const struct cell *c = &d->cell.cell;
	struct phy_dci dci = { .kind = PHY_DCI_1_0_RA };
	struct writer w = writer_of(d->rar, sizeof(d->rar));
	struct cell_pdsch_grant grant;
	size_t octets = 0;
	int at = -1;

	dci.field[PHY_DCI_MCS] = RAR_MCS;
	mac_rar_write(&w, rar, false);
	for (unsigned prbs = 1; octets < w.len && prbs <= c->type0.table.n_rb; prbs++) {
		if (at >= 0)
			return false;
		if (!phy_dci_riv(&dci.field[PHY_DCI_FREQUENCY], 0, prbs, c->type0.table.n_rb) ||
			cell_pdsch_grant(&grant, c, NULL, &c->random_access, p->ra_rnti, &dci) !=
				PHY_PDSCH_OK)
			return false;
		octets = cell_pdsch_octets(&grant.config);
	}
	at = du_dci_put(d, &c->random_access, p->ra_rnti, &dci);
	if (at < 0 || du_pdsch_put(d, at, NULL, &c->random_access, p->ra_rnti, &dci, &grant) == 0 ||
		octets > sizeof(d->rar))
		return false;
	while (w.len < octets)
		writer_u8(&w, 0); /* padding, which needs no subheader here (38.321 6.1.5) */
	du_pdsch_fill(d, bytes_of(d->rar, octets));
	du_pdsch_is_common(d);
	return true;
}

/* Its PUSCH is not asked for. */
static void forget_msg3(struct du *d, uint16_t ue)
{
	for (unsigned i = 0; i < DU_RING; i++) {
		struct du_due *due = &d->due[i];

		if (due->pusch_n > 0 && due->pusch[due->pusch_n - 1].msg3 &&
			due->pusch[due->pusch_n - 1].ue == ue)
			due->pusch_n--;
	}
}

/* To a UE that was ordered: its own C-RNTI stands where a new UE's would. */
static bool respond_to_ordered(struct du *d, const struct du_preamble *p, struct mac_rar *rar)
{
	struct du_cell_ue *u = du_ue_at(d, p->ue);
	bool sent;

	if (!u || u->state != DU_UE_CONNECTED || u->mac->uplink[0].busy)
		return false;
	rar->temporary_c_rnti = u->c_rnti;
	sent = plan_msg3(d, u, rar) && respond(d, p, rar);
	if (sent) {
		du_order_responded(d, u);
	} else {
		u->mac->uplink[0].busy = false;
		forget_msg3(d, p->ue);
	}
	return sent;
}

/* *again: the next slot may have room. */
static bool respond_to_new(struct du *d, const struct du_preamble *p, struct mac_rar *rar, bool *again)
{
	struct du_cell_ue *u = du_ue_begin(d);
	bool sent;

	*again = u != NULL;
	if (!u)
		return false;
	rar->temporary_c_rnti = u->c_rnti;
	u->until_ns = d->now_ns + UINT64_C(1000000) * DU_CONTENTION_MS;
	sent = plan_msg3(d, u, rar) && respond(d, p, rar);
	if (!sent) {
		d->next_c_rnti = u->c_rnti;
		du_ue_release(d, du_place(d, u));
	}
	return sent;
}

/* One response a slot, the oldest first. */
void du_responses(struct du *d)
{
	while (d->preambles_n > 0 && du_is_free_for_all(d)) {
		struct du_preamble p = d->preambles[0];
		struct mac_rar rar = { .rapid = p.preamble, .timing_advance = p.timing_advance };
		bool in_time = d->now_ns < p.until_ns, again = in_time, sent = false;

		if (in_time)
			sent = p.ue == DU_NO_UE ? respond_to_new(d, &p, &rar, &again)
						: respond_to_ordered(d, &p, &rar);
		if (!sent && again)
			return;
		d->stat[sent ? DU_STAT_RESPONSES : DU_STAT_PREAMBLES_UNANSWERED]++;
		d->preambles_n--;
		for (uint8_t i = 0; i < d->preambles_n; i++)
			d->preambles[i] = d->preambles[i + 1];
	}
}

/* 38.321 5.1.5: a UE that has a C-RNTI wants uplink, and has won with the first grant for it. What else is in
 * Msg3 is that UE's. */
static void returned(struct du *d, uint16_t c_rnti, struct bytes msg3)
{
	for (uint16_t i = 0; i < d->ues_end; i++) {
		struct du_cell_ue *u = &d->ues[i];

		if (u->state != DU_UE_CONNECTED || u->c_rnti != c_rnti)
			continue;
		d->stat[DU_STAT_MSG3]++;
		u->wants_uplink = true;
		du_alignment_returned(d, u);
		du_uplink_receive(u->mac, msg3, d->now_ns);
		du_ue_heard(d, u, true);
		d->stat[DU_STAT_RETURNS]++;
		if (u->configured && u->changing_ns == 0)
			d->upper.returned(d->upper.arg, i);
	}
}

void du_msg3_take(struct du *d, const struct phy_ul_pusch_rx *rx, const struct du_due_pusch *due)
{
	struct du_cell_ue *u = du_ue_at(d, due->ue);

	if (u && u->state == DU_UE_CONNECTED)
		du_order_answered(d, u, rx);
	if (!u || u->state != DU_UE_MSG3)
		return;
	u->until_ns = d->now_ns + UINT64_C(1000000) * DU_CONTENTION_MS; /* as the UE's timer begins again */
	switch (du_harq_answered(
		&u->mac->uplink[0], rx->result.ok ? DU_HARQ_ACK : DU_HARQ_NACK, MSG3_TRANSMISSIONS_MAX)) {
	case DU_HARQ_AGAIN:
		u->up[0].again = true;
		return;
	case DU_HARQ_GIVEN_UP:
		d->stat[DU_STAT_MSG3_LOST]++;
		du_ue_release(d, due->ue); /* the UE begins again when its timer is over */
		return;
	case DU_HARQ_DONE:
		break;
	}
	du_uplink_receive(u->mac, rx->tb, d->now_ns);
	if (u->state != DU_UE_CONTENTION) {
		returned(d, u->returns, rx->tb);
		du_ue_release(d, due->ue);
		return;
	}
	d->stat[DU_STAT_MSG3]++;
	du_contention_resolved(u->mac, u->heard.data);
	d->upper.ccch(d->upper.arg, due->ue, u->c_rnti, u->heard);
}

/* The fewest blocks of CORESET 0's at a robust MCS that hold so many octets, at a higher one where all do
 * not. */
static size_t msg4_size(const struct du *d, const struct du_cell_ue *u, size_t wanted, struct du_block *b)
{
	const struct cell *c = &d->cell.cell;
	struct phy_dci dci = { .kind = PHY_DCI_1_0_TC };
	struct cell_pdsch_grant grant;
	uint16_t first, all;

	for (uint8_t mcs = MSG4_MCS; mcs <= MSG4_MCS_MAX; mcs++)
		for (uint16_t prbs = 1; prbs <= c->type0.table.n_rb; prbs++) {
			dci.field[PHY_DCI_MCS] = mcs;
			if (!phy_dci_riv(&dci.field[PHY_DCI_FREQUENCY], 0, prbs, c->type0.table.n_rb) ||
				cell_pdsch_grant(&grant, c, NULL, &c->random_access, u->c_rnti, &dci) !=
					PHY_PDSCH_OK)
				return 0;
			if (cell_pdsch_octets(&grant.config) < wanted)
				continue;
			cell_pdsch_range(c, &c->random_access, &first, &all);
			*b = (struct du_block){ .again = true, .first_prb = first, .prbs = prbs, .mcs = mcs };
			return cell_pdsch_octets(&grant.config);
		}
	return 0;
}

/* There is an SDU of SRB0, or of SRB1 for a UE that is re-established (38.331 5.3.7.2). */
static bool has_answer(const struct du *d, const struct du_cell_ue *u)
{
	return u->ccch_octets > 0 || du_downlink_wanted(u->mac, d->now_ns) >
					     mac_subpdu_size(MAC_DL_SCH, MAC_DL_CONTENTION_RESOLUTION,
						     MAC_CONTENTION_RESOLUTION_LEN);
}

/* Contention resolution with it (38.321 5.1.5). */
static bool make_msg4(struct du *d, struct du_cell_ue *u)
{
	size_t wanted = u->ccch_octets > 0 ? u->ccch_octets + 3u + 1 + MAC_CONTENTION_RESOLUTION_LEN
					   : du_downlink_wanted(u->mac, d->now_ns);
	size_t octets = msg4_size(d, u, wanted, &u->down[0]);

	if (octets == 0 || !du_harq_room(&u->mac->downlink[0]))
		return false;
	may_fail(du_harq_begin(&u->mac->downlink[0], octets)); /* its NDI */
	u->state = DU_UE_ANSWERED;
	u->unsure = u->ccch_octets > 0; /* it has RRCSetup, or not */
	return du_downlink_build(
		u->mac, bytes_of(u->ccch, u->ccch_octets), u->mac->downlink[0].pdu, octets, d->now_ns);
}

void du_msg4(struct du *d)
{
	for (uint16_t i = 0; i < d->ues_end; i++) {
		struct du_cell_ue *u = &d->ues[i];

		if (u->state == DU_UE_NONE || u->state == DU_UE_CONNECTED)
			continue;
		if (d->now_ns >= u->until_ns ||
			(u->state == DU_UE_CONTENTION && has_answer(d, u) && !make_msg4(d, u))) {
			d->stat[DU_STAT_UES_LOST]++;
			d->upper.lost(d->upper.arg, i);
			du_ue_release(d, i);
		} else if (du_is_free_for_all(d) && u->down[0].again && du_block_send(d, u, 0)) {
			du_pdsch_is_common(d);
		}
	}
}
