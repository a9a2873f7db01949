/* What a cell sends to all: SS/PBCH blocks with the MIB, SIB1 (38.213 4.1, 13; 38.331 5.2.1). */
#include "gnb/du/parts.h"

enum { SI_RNTI = 0xffff };

static void put_ssb(struct du *d, unsigned index, unsigned symbol)
{
	const struct cell *c = &d->cell.cell;
	struct phy_dl_ssb *s = &d->dl->ssb[d->dl->slot.ssb_n];
	struct phy_mib mib = d->cell.mib;
	unsigned below = (c->downlink.bwp_start - c->downlink.first_crb) * PHY_SC_PER_PRB;
	unsigned end = (c->ssb_first_sc + phy_ssb_width(c->ssb_punctured) - below + PHY_SC_PER_PRB - 1) /
		       PHY_SC_PER_PRB;

	mib.sfn = d->now.sfn;
	mib.half_frame = d->now.slot >= cell_frame_slots(c) / 2;
	*s = (struct phy_dl_ssb){ .place = { c->pci, c->l_max, (uint8_t)symbol, c->ssb_first_sc,
					  c->ssb_punctured },
		.amplitude = 1,
		.pss_gain = 1 };
	if (!phy_mib_encode(&mib, c->l_max, &s->payload))
		return;
	s->payload.ssb_index = (uint8_t)index;
	d->dl->slot.ssb_n++;
	if (end > d->free_prb)
		d->free_prb = (uint16_t)end;
}

static void put_sib1(struct du *d, const struct phy_sib1_sending *s)
{
	const struct phy_type0_pdcch *t = &d->cell.cell.type0;
	struct phy_dci dci = { .kind = PHY_DCI_1_0_SI };
	struct cell_pdsch_grant grant;
	int at;

	if (!phy_dci_riv(&dci.field[PHY_DCI_FREQUENCY], s->first_rb, s->rbs, t->table.n_rb))
		return;
	dci.field[PHY_DCI_TIME] = s->time;
	dci.field[PHY_DCI_MCS] = s->mcs;
	at = du_dci_put(d, NULL, SI_RNTI, &dci);
	if (at < 0 || du_pdsch_put(d, at, NULL, NULL, SI_RNTI, &dci, &grant) == 0)
		return;
	du_pdsch_fill(d, bytes_of(d->cell.sib1, s->octets));
	du_pdsch_is_common(d);
}

void du_broadcast(struct du *d)
{
	unsigned symbol;

	for (unsigned i = 0; i < d->cell.cell.l_max; i++)
		if (cell_ssb_in_slot(&d->cell.cell, i, d->now.sfn, d->now.slot, &symbol))
			put_ssb(d, i, symbol);
	for (unsigned i = 0; i < d->cell.schedule.n; i++) {
		const struct phy_sib1_sending *s = &d->cell.schedule.at[i];

		if (s->slot == d->now.slot && s->sfn_odd == d->now.sfn % 2 && s->allocation.k0 == 0)
			put_sib1(d, s);
	}
}
