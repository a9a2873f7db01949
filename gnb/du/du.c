#include "gnb/du/du.h"

#include <stdlib.h>

#include "gnb/du/parts.h"

enum { GIVEN_MAX = 2, BLOCK_ERROR_PERCENT = 10, AVERAGE_SLOTS = 100, C_RNTI_LAST = 65000, MCS_LAST = 28 };

/* What the sizes of a UE's own transport blocks follow from, by a grant of one block. */
static bool schedulers(struct du *d)
{
	const struct cell *c = &d->cell.cell;
	struct phy_dci down = { .kind = PHY_DCI_1_0_C }, up = { .kind = PHY_DCI_0_0 };
	struct sched_cell s = { .given_max = GIVEN_MAX,
		.table = PHY_MCS_64QAM,
		.layers = 1,
		.block_error_percent = BLOCK_ERROR_PERCENT,
		.average_slots = AVERAGE_SLOTS };
	uint32_t slots_s = 1000u << c->mu;
	struct cell_pdsch_grant pdsch;
	struct cell_pusch_grant pusch;
	struct cell_own own;

	if (!served_cell_own(&own, &d->cell, 0) ||
		cell_pdsch_grant(&pdsch, c, &own, &own.space, 1, &down) != PHY_PDSCH_OK ||
		!cell_pusch_grant(&pusch, c, &own, &own.space, 1, &up))
		return false;
	d->space = own.space;
	s.prbs = c->downlink.bwp_prbs;
	s.symbols = pdsch.config.time.l;
	s.dmrs_re = (uint8_t)(phy_dmrs_groups_re(&pdsch.config.dmrs) *
			      (unsigned)__builtin_popcount(
				      phy_dmrs_pdsch_symbols(&pdsch.config.dmrs, &pdsch.config.time)));
	if (!sched_init(&d->downlink, &s, slots_s))
		return false;
	d->block_octets = sched_octets(&s, s.prbs, MCS_LAST);
	s.prbs = c->uplink.bwp_prbs;
	s.symbols = pusch.config.time.l;
	s.dmrs_re = (uint8_t)(phy_dmrs_groups_re(&pusch.config.dmrs) *
			      (unsigned)__builtin_popcount(phy_dmrs_pusch_symbols(
				      &pusch.config.dmrs, &pusch.config.time, PHY_PUSCH_NO_HOPPING)));
	if (!sched_init(&d->uplink, &s, slots_s))
		return false;
	if (sched_octets(&s, s.prbs, MCS_LAST) > d->block_octets)
		d->block_octets = sched_octets(&s, s.prbs, MCS_LAST);
	return true;
}

struct du *du_new(const struct du_config *c, const struct du_upper *upper, const char **wrong)
{
	struct du *d = calloc(1, sizeof(*d));

	*wrong = NULL;
	if (!d)
		return NULL;
	d->upper = *upper;
	d->next_c_rnti = c->c_rnti_first;
	*wrong = c->c_rnti_first == 0 || c->c_rnti_first > C_RNTI_LAST ? "no C-RNTI (38.321 Table 7.1-1)"
								       : served_cell_init(&d->cell, &c->cell);
	if (!*wrong && !schedulers(d))
		*wrong = "a carrier on which nothing can be scheduled";
	if (*wrong) {
		free(d);
		return NULL;
	}
	return d;
}

void du_free(struct du *d)
{
	for (uint16_t i = 0; d && i < DU_UES_MAX; i++)
		du_ue_release(d, i);
	free(d);
}

const struct served_cell *du_cell(const struct du *d)
{
	return &d->cell;
}

uint64_t du_stat(const struct du *d, enum du_stat s)
{
	return d->stat[s];
}

static struct phy_slot_config phy_config(const struct du *d, const struct cell_carrier *c)
{
	return (struct phy_slot_config){ .carrier = { .mu = d->cell.cell.mu,
						 .first_crb = c->first_crb,
						 .prbs = c->prbs,
						 .fft_size = d->cell.broadcast.fft_size,
						 .carrier_hz = c->hz },
		.antennas = 1,
		.layers = 1,
		.shared = L1_PDSCH_MAX,
		.pucch = L1_PUCCH_MAX,
		.harqs = DU_UES_MAX * DU_HARQ_PROCESSES,
		.tb_bits = (uint32_t)(8 * d->block_octets) + 24,
		.kern_level = KERN_LEVELS - 1 };
}

struct phy_slot_config du_phy_downlink(const struct du *d)
{
	return phy_config(d, &d->cell.cell.downlink);
}

struct phy_slot_config du_phy_uplink(const struct du *d)
{
	struct phy_slot_config c = phy_config(d, &d->cell.cell.uplink);

	c.prach = L1_PRACH_MAX;
	c.preambles = d->cell.cell.rach.plan[0].config;
	return c;
}

static uint64_t count(const struct du *d, const struct slot_time *t)
{
	return (uint64_t)t->sfn * cell_frame_slots(&d->cell.cell) + t->slot;
}

void du_slot_send(struct du *d, const struct slot_time *t, uint64_t now_ns, struct l1_downlink *dl)
{
	d->now = *t;
	d->now_ns = now_ns;
	d->slots = count(d, t);
	d->dl = dl;
	d->cces = 0;
	d->common = false;
	d->free_prb = 0;
	dl->slot = (struct phy_dl_slot){ .time = *t, .ssb = dl->ssb, .pdcch = dl->pdcch, .pdsch = dl->pdsch };
	du_broadcast(d);
	du_pages_send(d);
	du_responses(d);
	du_msg4(d);
	du_uplink(d);
	du_downlink(d);
}

void du_slot_expect(struct du *d, const struct slot_time *t, struct l1_uplink *ul)
{
	d->up = *t;
	d->up_slots = count(d, t);
	d->ul = ul;
	ul->slot = (struct phy_ul_slot_rx){
		.time = *t, .pusch = ul->pusch, .pucch = ul->pucch, .prach = ul->prach
	};
	du_uplink_expect(d);
}

void du_slot_receive(struct du *d, const struct l1_uplink *ul)
{
	struct du_due *due = &d->due[d->up_slots % DU_RING];

	du_preambles_take(d);
	du_uplink_take(d);
	due->pusch_n = due->ack_n = 0;
}
