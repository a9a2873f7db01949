/* Cell search (38.213 4.1): an SS/PBCH block, then SIB1 by what its MIB says. */
#include <stdlib.h>

#include "sim/l1/parts.h"

static void search_ssb(struct l1_end *e)
{
	const struct l1_downlink *dl = &e->air->dl;
	const struct phy_dl_ssb *s = &dl->ssb[0];
	const struct cell *c = l1_cell(e->air);

	if (dl->slot.ssb_n == 0 || !l1_hears_ssb(&e->air->model, e->way.snr_db))
		return;
	e->found = (struct cell_found){ .pci = s->place.n_cell_id,
		.mu = c->mu,
		.l_max = s->place.l_max,
		.ssb_index = s->payload.ssb_index,
		.ssb_punctured = s->place.punctured,
		.ssb_hz = (uint64_t)((int64_t)c->downlink.hz +
				     ((int64_t)s->place.first_sc + phy_ssb_width(s->place.punctured) / 2 -
					     (int64_t)c->downlink.prbs * PHY_SC_PER_PRB / 2) *
					     (15000 << c->mu)) };
	e->has_mib = phy_mib_decode(&e->found.mib, &s->payload) && !e->found.mib.cell_barred;
	e->sfn = e->found.mib.sfn;
}

static void search_sib1(struct l1_end *e)
{
	struct ue_found *f = NULL;
	struct bytes sib1 = e->has_mib
				    ? l1_hears_sib1(&e->air->model, &e->sib1, e->way.snr_db, &e->air->dl.slot)
				    : BYTES_NONE;

	if (sib1.len > 0)
		f = calloc(1, sizeof(*f));
	if (!f)
		return;
	f->found = e->found;
	f->sfn = e->sfn;
	f->snr_db = (float)e->way.snr_db;
	f->sib1_octets = (uint16_t)sib1.len;
	e->sib1.receptions = 0;
	if (bytes_copy(f->sib1, sizeof(f->sib1), sib1) && cell_read(&f->cell, &f->found, sib1) == CELL_OK)
		ue_air_found(e->host, f);
	free(f);
}

void l1_search(struct l1_end *e, uint64_t at_ns)
{
	if (e->air->on && !e->silent) {
		search_ssb(e);
		search_sib1(e);
	}
	if (at_ns < e->give_up_ns)
		return;
	e->give_up_ns = at_ns + (uint64_t)L1_NOT_FOUND_MS * NS_PER_MS;
	e->sib1.receptions = 0;
	ue_air_not_found(e->host);
}
