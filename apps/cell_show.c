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
		phy_gscn_near(ssb_hz, s->cell.ssb_punctured), ssb_hz / 1e6, phy_arfcn_near((uint64_t)ssb_hz),
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
	printf("random access      configuration %u, format %s, PRB %u to %u, roots %u to %u, zone %u (UEs "
	       "up to %u m "
	       "away), %u preambles; slots of a frame:",
		c->rach.index, c->rach.plan[0].config.format == PHY_PRACH_0 ? "0" : "short",
		c->rach.first_prb, c->rach.first_prb + c->rach.prbs * c->rach.fdm - 1,
		c->rach.plan[0].config.root_index,
		c->rach.plan[0].config.root_index + c->rach.plan[0].roots_n - 1u, c->rach.plan[0].config.zone,
		phy_prach_reach_m(&c->rach.plan[0]), c->access.preambles);
	for (unsigned slot = 0; slot < cell_frame_slots(c); slot++) {
		struct phy_prach_occasion at[PHY_PRACH_OCCASIONS_MAX];

		if (cell_rach_occasions(c, 0, slot, at) > 0)
			printf(" %u", slot);
	}
	printf("\npaging             cycle %u frames, %u paging frames in it, monitoring occasion %u\n",
		c->pcch.cycle, c->pcch.frames, c->pcch.first[0]);
}

static void show_times(const struct served_cell *s)
{
	const struct cell *c = &s->cell;

	if (!c->paired)
		printf("TDD                %s, S of %u symbols down and %u up\n", s->config.tdd_pattern,
			s->broadcast.tdd.dl_symbols, s->broadcast.tdd.ul_symbols);
	printf("times              PDSCH");
	for (uint8_t i = 0; i < c->pdsch_times_n; i++)
		printf(" %u+%u", c->pdsch_times[i].s, c->pdsch_times[i].l);
	printf(" symbols, K1 %u to %u; PUSCH %u+%u, K2", served_cell_k_min(s), SERVED_CELL_K1_MAX,
		c->pusch_times[0].s, c->pusch_times[0].l);
	for (uint8_t i = 0; i < c->pusch_times_n; i++)
		printf(" %u", c->pusch_times[i].k0);
	printf("\n");
}

/* Octets of the largest transport blocks of a UE in a slot; 0: it has none. */
static size_t downlink_octets(const struct served_cell *s, const struct cell_own *own, unsigned slot)
{
	const struct cell *c = &s->cell;
	struct phy_dci dci = { .kind = PHY_DCI_1_0_C };
	struct cell_pdsch_grant g;
	uint16_t first, prbs;
	uint8_t row;

	cell_pdsch_range(c, &own->spaces[0], &first, &prbs);
	if (!served_cell_pdsch_row(s, 0, slot, &row) ||
		!cell_pdsch_riv(&dci.field[PHY_DCI_FREQUENCY], c, &own->spaces[0], first, prbs))
		return 0;
	dci.field[PHY_DCI_TIME] = row;
	dci.field[PHY_DCI_MCS] = MCS_LAST;
	return cell_pdsch_grant(&g, c, own, &own->spaces[0], 1, &dci) == PHY_PDSCH_OK
		       ? cell_pdsch_octets(&g.config)
		       : 0;
}

static size_t uplink_octets(const struct served_cell *s, const struct cell_own *own, unsigned slot)
{
	const struct cell *c = &s->cell;
	struct phy_dci dci = { .kind = PHY_DCI_0_0 };
	struct cell_pusch_grant g;
	uint16_t first, prbs;

	served_cell_pusch_prbs(s, 0, slot, &first, &prbs);
	dci.field[PHY_DCI_MCS] = MCS_LAST;
	return cell_slot_is_uplink(c, 0, slot) &&
			       phy_dci_riv(&dci.field[PHY_DCI_FREQUENCY], first, prbs, c->uplink.bwp_prbs) &&
			       cell_pusch_grant(&g, c, own, &own->spaces[0], 1, &dci)
		       ? cell_pusch_octets(&g.config)
		       : 0;
}

/* Those blocks, and what all of a frame carry in a second. */
static void show_peaks(const struct served_cell *s)
{
	size_t down = 0, up = 0, all_down = 0, all_up = 0;
	struct cell_own own;

	for (unsigned slot = 0; served_cell_own(&own, s, 0) && slot < cell_frame_slots(&s->cell); slot++) {
		size_t d = downlink_octets(s, &own, slot), u = uplink_octets(s, &own, slot);

		down = d > down ? d : down;
		up = u > up ? u : up;
		all_down += d;
		all_up += u;
	}
	printf("transport blocks   at most %zu bits down (%.1f Mb/s), %zu up (%.1f Mb/s)\n", 8 * down,
		(double)all_down * 8e-4, 8 * up, (double)all_up * 8e-4);
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
	show_times(s);
	show_peaks(s);
	printf("UEs                at most %u, PUCCH in %u PRB at each edge, scheduling requests every %u "
	       "slots\n",
		s->config.ues_max, SERVED_CELL_PUCCH_PRBS, served_cell_sr_period(s));
	free(s);
	return true;
}
