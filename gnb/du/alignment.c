/*
 * Uplink time alignment of UEs (38.321 5.2), where their timer is finite. Commands keep it running; it counts
 * from when a block with one was sent that is acknowledged, so it ends here no later than in the UE. A UE
 * whose timer has ended sends nothing but preambles: it is asked for nothing, and if there is something for
 * it a PDCCH orders it (38.213 8.1) to a preamble that no other UE has, out of those that are kept from
 * contention. Its response aligns it, and it is back once the PUSCH of that has come; each that is lost is
 * made good by the next order.
 */
#include "gnb/du/parts.h"

enum {
	MS = 1000000,
	ORDER_MS = 60,   /* until the next: a preamble each 10 ms, its response, and a PUSCH */
	ORDERS_MAX = 25, /* then it is not there any more */
	PREAMBLES = 64,
};

static uint64_t timer_ns(const struct du *d)
{
	return d->cell.config.alignment_ms * UINT64_C(1000000);
}

static void aligned(struct du *d, struct du_cell_ue *u, uint64_t from_ns)
{
	u->alignment = (struct du_alignment){ .until_ns = from_ns + timer_ns(d),
		.keep_ns = from_ns + timer_ns(d) / 2 };
}

void du_alignment_kept(struct du *d, struct du_cell_ue *u, uint64_t sent_ns)
{
	if (timer_ns(d) > 0 && du_is_aligned(d, u))
		aligned(d, u, sent_ns);
}

/* By random access of its own, which aligns it anew only if it was not: a command is to make sure. */
void du_alignment_returned(struct du *d, struct du_cell_ue *u)
{
	if (timer_ns(d) == 0 || du_is_aligned(d, u))
		return;
	aligned(d, u, d->now_ns - timer_ns(d) / 2);
}

/* The UE has emptied its HARQ buffers, and let go of its requests. */
static void ended(struct du *d, struct du_cell_ue *u)
{
	u->alignment.ended = true;
	u->mac->has_timing_advance = u->mac->wants_grant = u->wants_uplink = false;
	for (unsigned i = 0; i < DU_HARQ_PROCESSES; i++) {
		u->mac->uplink[i].busy = false;
		u->up[i].again = false;
	}
	u->silent_ns = 0;
	d->stat[DU_STAT_ALIGNMENTS_ENDED]++;
}

void du_alignment_run(struct du *d, struct du_cell_ue *u)
{
	struct du_alignment *a = &u->alignment;

	if (timer_ns(d) == 0 || !u->configured)
		return;
	if (!du_is_aligned(d, u)) {
		if (!a->ended)
			ended(d, u);
		return;
	}
	if (d->now_ns < a->keep_ns)
		return;
	a->keep_ns = d->now_ns + timer_ns(d) / 8;
	if (!u->mac->has_timing_advance)
		du_timing_advance(u->mac, (struct mac_timing_advance){ 0, 31 });
}

uint64_t du_alignment_deadline_ns(const struct du *d, const struct du_cell_ue *u)
{
	if (timer_ns(d) == 0 || u->state != DU_UE_CONNECTED || !u->configured || u->alignment.ended)
		return UINT64_MAX;
	return u->alignment.keep_ns;
}

/* A preamble that nobody has been ordered to lately; PREAMBLES: there is none. */
static uint8_t free_preamble(const struct du *d)
{
	uint8_t preamble = d->cell.cell.access.preambles;

	for (uint16_t i = 0; i < d->ues_end && preamble < PREAMBLES; i++)
		if (d->ues[i].alignment.preamble == preamble && d->now_ns < d->ues[i].alignment.order_ns) {
			preamble++;
			i = UINT16_MAX; /* from the first UE on once more */
		}
	return preamble;
}

static bool order(struct du *d, struct du_cell_ue *u)
{
	struct phy_dci dci = { .kind = PHY_DCI_1_0_ORDER };
	uint8_t preamble = free_preamble(d);

	if (preamble == PREAMBLES)
		return false;
	dci.field[PHY_DCI_PREAMBLE] = preamble;
	dci.field[PHY_DCI_SSB] = d->cell.cell.ssb_index;
	if (du_dci_put(d, &d->cell.cell.random_access, u->c_rnti, &dci) < 0)
		return false;
	u->alignment.preamble = preamble;
	u->alignment.order_ns = d->now_ns + ORDER_MS * (uint64_t)MS;
	u->alignment.orders++;
	d->stat[DU_STAT_ORDERS]++;
	return true;
}

void du_orders(struct du *d)
{
	for (uint16_t i = 0; i < d->ues_end && d->down; i++) {
		struct du_cell_ue *u = &d->ues[i];

		if (u->state != DU_UE_CONNECTED || !u->alignment.ended || u->lost ||
			d->now_ns < u->alignment.order_ns || !du_is_awake(d, u) ||
			du_downlink_wanted(u->mac, d->now_ns) == 0)
			continue;
		if (u->alignment.orders < ORDERS_MAX) {
			may_fail(order(d, u)); /* the next slot has room */
			continue;
		}
		u->lost = true;
		d->stat[DU_STAT_UES_LOST]++;
		d->upper.lost(d->upper.arg, i);
	}
}

uint16_t du_ordered_to(const struct du *d, uint8_t preamble)
{
	for (uint16_t i = 0; i < d->ues_end; i++)
		if (d->ues[i].state == DU_UE_CONNECTED && d->ues[i].alignment.ended &&
			d->ues[i].alignment.preamble == preamble && d->now_ns < d->ues[i].alignment.order_ns)
			return i;
	return DU_NO_UE;
}

void du_order_responded(struct du *d, struct du_cell_ue *u)
{
	u->alignment.responded_ns = d->now_ns;
	u->alignment.order_ns = d->now_ns + ORDER_MS / 2 * (uint64_t)MS;
}

void du_order_answered(struct du *d, struct du_cell_ue *u, const struct phy_ul_pusch_rx *rx)
{
	u->mac->uplink[0].busy = false;
	if (!rx->result.ok || u->alignment.responded_ns == 0)
		return; /* it may not have heard the response: it is ordered again */
	aligned(d, u, u->alignment.responded_ns);
	u->timing = (struct du_timing){ .late_s = 0 };
	u->wants_uplink = true; /* it has no scheduling requests */
	d->stat[DU_STAT_ORDERS_OBEYED]++;
	du_uplink_receive(u->mac, rx->tb, d->now_ns);
	du_ue_heard(d, u, true);
	if (u->configured && u->changing_ns == 0)
		d->upper.returned(d->upper.arg, du_place(d, u));
}
