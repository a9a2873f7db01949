/* Paging: 38.304 7.1, 38.331 5.3.2. One record a PDCCH, one PDCCH a paging occasion. */
#include "gnb/du/parts.h"

enum {
	P_RNTI = 0xfffe,
	PAGING_MCS = 0,
	PAGING_ONLY = 1,
	PAGING_AND_SHORT = 3 /* 38.212 Table 7.3.1.2.1-1 */
};

bool du_page(struct du *d, uint16_t ue_id, struct bytes pcch)
{
	struct du_page *p = &d->pages[d->pages_n];

	if (d->pages_n == DU_PAGES_MAX || pcch.len == 0 || !bytes_copy(p->pcch, sizeof(p->pcch), pcch)) {
		d->stat[DU_STAT_PAGINGS_REFUSED]++;
		return false;
	}
	p->ue_id = ue_id;
	p->octets = (uint8_t)pcch.len;
	d->pages_n++;
	return true;
}

uint32_t du_pages_next(const struct du *d, uint64_t from)
{
	uint32_t frame_slots = cell_frame_slots(&d->cell.cell);

	for (uint32_t k = 0; d->pages_n > 0 && k < frame_slots * d->cell.cell.pcch.cycle; k++) {
		uint64_t slot = (from + k) % (SLOT_SFNS * frame_slots);

		for (uint8_t i = 0; i < d->pages_n; i++)
			if (cell_is_paging_slot(&d->cell.cell, d->pages[i].ue_id,
				    (unsigned)(slot / frame_slots), (unsigned)(slot % frame_slots)))
				return k;
	}
	return UINT32_MAX;
}

static bool send_page(struct du *d, const struct du_page *page)
{
	const struct cell *c = &d->cell.cell;
	struct phy_dci dci = { .kind = PHY_DCI_1_0_P };
	struct cell_pdsch_grant grant;
	size_t octets = 0;
	int at;

	dci.field[PHY_DCI_SHORT_MESSAGES] = du_short_message(d);
	dci.field[PHY_DCI_SHORT_INDICATOR] =
		dci.field[PHY_DCI_SHORT_MESSAGES] ? PAGING_AND_SHORT : PAGING_ONLY;
	dci.field[PHY_DCI_MCS] = PAGING_MCS;
	for (unsigned prbs = 1; octets < page->octets; prbs++) {
		if (prbs > c->type0.table.n_rb ||
			!phy_dci_riv(&dci.field[PHY_DCI_FREQUENCY], 0, prbs, c->type0.table.n_rb) ||
			cell_pdsch_grant(&grant, c, NULL, &c->paging, P_RNTI, &dci) != PHY_PDSCH_OK)
			return false;
		octets = cell_pdsch_octets(&grant.config);
	}
	if (octets > sizeof(d->pcch))
		return false;
	at = du_dci_put(d, &c->paging, P_RNTI, &dci);
	if (at < 0 || du_pdsch_put(d, at, NULL, &c->paging, P_RNTI, &dci, &grant) == 0)
		return false;
	for (size_t i = 0; i < octets; i++) /* RRC's padding, 38.331 8.5 */
		d->pcch[i] = i < page->octets ? page->pcch[i] : 0;
	du_pdsch_fill(d, bytes_of(d->pcch, octets));
	d->short_message_sent = dci.field[PHY_DCI_SHORT_MESSAGES] != 0;
	return true;
}

void du_pages_send(struct du *d)
{
	for (uint8_t i = 0; i < d->pages_n && du_is_free_for_all(d); i++) {
		if (!cell_is_paging_slot(&d->cell.cell, d->pages[i].ue_id, d->now.sfn, d->now.slot))
			continue;
		if (!send_page(d, &d->pages[i]))
			return; /* in the next cycle */
		du_pdsch_is_common(d);
		d->stat[DU_STAT_PAGINGS]++;
		d->pages_n--;
		for (uint8_t k = i; k < d->pages_n; k++)
			d->pages[k] = d->pages[k + 1];
	}
}
