#include "gnb/du/du.h"

#include <stdlib.h>

#include "gnb/du/parts.h"

enum {
	GIVEN_MAX = 2,
	GIVEN_MAX_OF_ONE = 4, /* where a PDCCH may be a CCE */
	SOFT_BUFFERS = 256,   /* of blocks that wait to come again */
	BLOCK_ERROR_PERCENT = 10,
	AVERAGE_SLOTS = 100,
	MCS_LAST = 28,
	MCS_LAST_256QAM = 27
};

static uint8_t dmrs_re(const struct phy_dmrs *dmrs, uint16_t symbols)
{
	return (uint8_t)(phy_dmrs_groups_re(dmrs) * (unsigned)__builtin_popcount(symbols));
}

/* What the sizes of a UE's own transport blocks follow from, by a grant of one block. */
static bool downlink_sizes(struct du *d, struct sched_cell *s)
{
	const struct cell *c = &d->cell.cell;

	for (uint8_t row = c->pdsch_times_n; row-- > 0;) {
		struct phy_dci dci = { .kind = PHY_DCI_1_0_C };
		struct cell_pdsch_grant g;

		dci.field[PHY_DCI_TIME] = row;
		if (cell_pdsch_grant(&g, c, NULL, &d->space, 1, &dci) != PHY_PDSCH_OK)
			return false;
		d->pdsch[row].symbols = s->symbols = g.config.time.l;
		d->pdsch[row].dmrs_re = s->dmrs_re =
			dmrs_re(&g.config.dmrs, phy_dmrs_pdsch_symbols(&g.config.dmrs, &g.config.time));
	}
	s->prbs = c->downlink.bwp_prbs;
	return true;
}

static bool uplink_sizes(struct du *d, struct sched_cell *s)
{
	const struct cell *c = &d->cell.cell;
	struct phy_dci dci = { .kind = PHY_DCI_0_0 };
	struct cell_pusch_grant g;

	if (!cell_pusch_grant(&g, c, NULL, &d->space, 1, &dci))
		return false;
	s->prbs = c->uplink.bwp_prbs;
	s->symbols = g.config.time.l;
	s->dmrs_re = dmrs_re(
		&g.config.dmrs, phy_dmrs_pusch_symbols(&g.config.dmrs, &g.config.time, PHY_PUSCH_NO_HOPPING));
	return true;
}

static bool schedulers(struct du *d)
{
	struct sched_cell down = { .given_max = GIVEN_MAX,
		.layers = 1,
		.block_error_percent = BLOCK_ERROR_PERCENT,
		.average_slots = AVERAGE_SLOTS };
	struct sched_cell up = down;
	uint32_t slots_s = 1000u << d->cell.cell.mu, down_octets, up_octets;
	enum phy_mcs_table table;
	struct cell_own own;
	uint8_t mcs;

	if (!served_cell_own(&own, &d->cell, 0))
		return false;
	d->space = own.spaces[0];
	if (d->space.space.candidates[0] > 0)
		down.given_max = up.given_max = GIVEN_MAX_OF_ONE;
	if (!downlink_sizes(d, &down) || !uplink_sizes(d, &up) || !sched_init(&d->downlink, &down, slots_s) ||
		!sched_init(&d->uplink, &up, slots_s))
		return false;
	table = d->space.configured ? PHY_MCS_256QAM : PHY_MCS_64QAM;
	mcs = table == PHY_MCS_256QAM ? MCS_LAST_256QAM : MCS_LAST;
	down_octets = sched_octets(&down, table, down.prbs, mcs);
	up_octets = sched_octets(&up, table, up.prbs, mcs);
	d->block_octets = down_octets > up_octets ? down_octets : up_octets;
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
	*wrong = c->c_rnti_first < DU_C_RNTI_FIRST || c->c_rnti_first > DU_C_RNTI_LAST
			 ? "no C-RNTI beyond RA-RNTIs (38.321 5.1.3, 7.1)"
			 : served_cell_init(&d->cell, &c->cell);
	if (!*wrong && !schedulers(d))
		*wrong = "a carrier on which nothing can be scheduled";
	if (*wrong) {
		free(d);
		return NULL;
	}
	pool_init(&d->blocks, d->block_octets, DU_BLOCKS_MAX);
	if (!c->cell.sounding)
		return d;
	d->soundings = calloc(L1_SRS_MAX, sizeof(*d->soundings));
	if (d->soundings)
		return d;
	du_free(d);
	return NULL;
}

void du_free(struct du *d)
{
	for (uint16_t i = 0; d && i < DU_UES_MAX; i++)
		du_ue_release(d, i);
	if (d)
		du_warn_end_all(d);
	if (d) {
		pool_fini(&d->blocks);
		free(d->soundings);
	}
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

uint64_t du_spread(const struct du *d, enum du_spread s, unsigned row)
{
	return row < PHY_MCS_ROWS ? d->spread[s][row] : 0;
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
		.csi_rs = L1_CSI_RS_MAX,
		.pucch = L1_PUCCH_MAX,
		.harqs = SOFT_BUFFERS,
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
	c.srs = d->cell.config.sounding ? L1_SRS_MAX : 0;
	c.preambles = d->cell.cell.rach.plan[0].config;
	return c;
}

static uint64_t count(const struct du *d, const struct slot_time *t)
{
	return (uint64_t)t->sfn * cell_frame_slots(&d->cell.cell) + t->slot;
}

void du_slot_send(struct du *d, const struct slot_time *t, uint64_t now_ns, struct l1_downlink *dl)
{
	const struct cell *c = &d->cell.cell;

	d->now = *t;
	d->now_ns = now_ns;
	d->slots = count(d, t);
	d->dl = dl;
	d->cces = 0;
	d->counted = 0;
	d->common = false;
	d->down = cell_slot_is_downlink(c, t->sfn, t->slot);
	d->free_prb = 0;
	d->short_message_sent = false;
	dl->slot = (struct phy_dl_slot){ .time = *t,
		.symbols = cell_slot_format(c, t->sfn, t->slot).downlink,
		.ssb = dl->ssb,
		.pdcch = dl->pdcch,
		.pdsch = dl->pdsch,
		.csi_rs = dl->csi_rs };
	for (uint16_t i = 0; i < d->ues_end; i++)
		if (d->ues[i].state == DU_UE_CONNECTED) {
			du_alignment_run(d, &d->ues[i]);
			du_ue_run(d, &d->ues[i]);
		}
	if (dl->slot.symbols == 0)
		return;
	du_csi_rs_send(d);
	du_broadcast(d);
	du_pages_send(d);
	du_warnings_send(d);
	du_responses(d);
	du_orders(d);
	du_msg4(d);
	du_uplink(d);
	du_downlink(d);
	du_uplink_count(d);
	if (d->tap.sent)
		d->tap.sent(d->tap.arg, t, dl);
}

void du_set_tap(struct du *d, const struct du_tap *tap)
{
	d->tap = *tap;
}

void du_slot_expect(struct du *d, const struct slot_time *t, struct l1_uplink *ul)
{
	d->up = *t;
	d->up_slots = count(d, t);
	d->ul = ul;
	ul->slot = (struct phy_ul_slot_rx){
		.time = *t, .pusch = ul->pusch, .pucch = ul->pucch, .prach = ul->prach, .srs = ul->srs
	};
	if (cell_slot_is_uplink(&d->cell.cell, t->sfn, t->slot))
		du_uplink_expect(d);
	ul->slot.symbols = cell_slot_format(&d->cell.cell, t->sfn, t->slot).uplink;
	if (ul->slot.symbols != 0)
		du_srs_expect(d);
}

void du_slot_receive(struct du *d, const struct l1_uplink *ul)
{
	struct du_due *due = &d->due[d->up_slots % DU_RING];

	if (d->tap.received)
		d->tap.received(d->tap.arg, &d->up, ul);
	d->taken = *due;
	due->pusch_n = due->ack_n = 0;
	du_preambles_take(d);
	du_uplink_take(d);
	du_srs_take(d);
}
