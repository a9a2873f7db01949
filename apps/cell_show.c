#include "apps/cell_show.h"

#include <stdio.h>
#include <stdlib.h>

#include "gnb/du/du.h"
#include "radio/cell/grant.h"
#include "radio/phy/search/band.h"

enum { MCS_LAST = 28 };

static void show_carrier(const char *name, const struct cell_carrier *c, unsigned mu)
{
	uint64_t scs = UINT64_C(15000) << mu, point_a = c->hz - (c->first_crb * 12u + c->prbs * 6u) * scs;

	printf("%-18s %.3f MHz (ARFCN %u), %u PRB from CRB %u, point A %.3f MHz (ARFCN %u)\n", name,
		(double)c->hz / 1e6, phy_arfcn_near(c->hz), c->prbs, c->first_crb, (double)point_a / 1e6,
		phy_arfcn_near(point_a));
}

static void show_broadcast(const struct served_cell *s)
{
	double ssb_hz = (double)s->broadcast.carrier_hz + (double)s->broadcast.ssb_offset_hz;

	printf("SS/PBCH block      GSCN %u, %.3f MHz (ARFCN %u), case %c, k_SSB %u, offsetToPointA %u, every "
	       "%u ms\n",
		phy_gscn_near(ssb_hz), ssb_hz / 1e6, phy_arfcn_near((uint64_t)ssb_hz),
		'A' + s->broadcast.pattern, s->place.k_ssb, s->place.offset_to_point_a,
		s->cell.ssb_period_ms);
	printf("CORESET 0          index %u: %u PRB from CRB %u, %u symbols, %u CCE; search space 0 index "
	       "%u\n",
		s->broadcast.coreset_zero, s->cell.type0.table.n_rb, s->cell.type0.coreset.first_crb,
		s->cell.type0.coreset.n_symb, s->cell.type0.coreset.n_cce, s->broadcast.search_space_zero);
	printf("search space 2     %s, in CORESET 0\n",
		s->config.space == SERVED_CELL_SPACE_COMMON ? "common" : "UE-specific");
	printf("SIB1               %u octets, slot %u of %s frames, MCS %u on %u PRB\n", s->sib1_octets,
		s->schedule.at[0].slot, s->schedule.at[0].sfn_odd ? "odd" : "even", s->schedule.at[0].mcs,
		s->schedule.at[0].rbs);
}

static void show_access(const struct cell *c)
{
	printf("random access      configuration %u, format %s, PRB %u to %u, root %u, zone %u, %u "
	       "preambles; "
	       "slots of a frame:",
		c->rach.index, c->rach.plan[0].config.format == PHY_PRACH_0 ? "0" : "short",
		c->rach.first_prb, c->rach.first_prb + c->rach.prbs * c->rach.fdm - 1,
		c->rach.plan[0].config.root_index, c->rach.plan[0].config.zone, c->access.preambles);
	for (unsigned slot = 0; slot < c->rach.slots; slot++) {
		struct phy_prach_occasion at[PHY_PRACH_OCCASIONS_MAX];

		if (phy_rach_occasions(&c->rach, 0, slot, at) > 0)
			printf(" %u", slot);
	}
	printf("\npaging             cycle %u frames, %u paging frames in it, from slot %u\n", c->pcch.cycle,
		c->pcch.frames, c->pcch.first[0]);
}

/* The largest transport blocks of a UE, and what a second of them carries. */
static void show_peaks(const struct served_cell *s)
{
	const struct cell *c = &s->cell;
	struct phy_dci down = { .kind = PHY_DCI_1_0_C }, up = { .kind = PHY_DCI_0_0 };
	struct cell_pdsch_grant pdsch;
	struct cell_pusch_grant pusch;
	struct cell_own own;
	uint16_t first, prbs, dl_first, dl_prbs;
	size_t dl, ul;

	if (!served_cell_own(&own, s, 0))
		return;
	cell_pdsch_range(c, &own.space, &dl_first, &dl_prbs);
	served_cell_pusch_prbs(s, 0, 0, &first, &prbs);
	if (!cell_pdsch_riv(&down.field[PHY_DCI_FREQUENCY], c, &own.space, dl_first, dl_prbs) ||
		!phy_dci_riv(&up.field[PHY_DCI_FREQUENCY], first, prbs, c->uplink.bwp_prbs))
		return;
	down.field[PHY_DCI_MCS] = up.field[PHY_DCI_MCS] = MCS_LAST;
	if (cell_pdsch_grant(&pdsch, c, &own, &own.space, 1, &down) != PHY_PDSCH_OK ||
		!cell_pusch_grant(&pusch, c, &own, &own.space, 1, &up))
		return;
	dl = cell_pdsch_octets(&pdsch.config);
	ul = cell_pusch_octets(&pusch.config);
	printf("transport blocks   at most %zu bits down (%.1f Mb/s), %zu up (%.1f Mb/s)\n", 8 * dl,
		(double)dl * 8e-3 * (1 << c->mu), 8 * ul, (double)ul * 8e-3 * (1 << c->mu));
}

bool cell_show(const struct network_gnb *g, const struct network_cell *cell)
{
	const struct served_cell_config c = cell->radio;
	struct served_cell *s = cell->radio.band ? malloc(sizeof(*s)) : NULL;
	const char *wrong = !cell->radio.band ? "it has no band, arfcn and bandwidth_mhz"
			    : !s              ? "memory is out"
					      : served_cell_init(s, &c);

	if (wrong) {
		fprintf(stderr, "freehold gnb: cell %u of %s: %s\n", cell->config.id, g->config.name, wrong);
		free(s);
		return false;
	}
	printf("cell %u of %s: n%u, %u MHz, %u kHz, PCI %u, identity 0x%09llx, TAC %u\n", cell->config.id,
		g->config.name, c.band, c.bandwidth_mhz, 15u << c.mu, c.pci,
		(unsigned long long)c.cell_identity, c.tac);
	show_carrier("downlink", &s->cell.downlink, c.mu);
	show_carrier("uplink", &s->cell.uplink, c.mu);
	show_broadcast(s);
	show_access(&s->cell);
	show_peaks(s);
	printf("UEs                at most %u, PUCCH in %u PRB at each edge, scheduling requests every %u "
	       "slots\n",
		SERVED_CELL_UES_MAX, SERVED_CELL_PUCCH_PRBS, SERVED_CELL_SR_PERIOD);
	free(s);
	return true;
}
