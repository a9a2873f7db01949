/* Channel quality: what a CSI-RS shows, as a CQI of the band and of its subbands (38.214 5.2.2.1). */
#include "ue/phy/parts.h"

enum { PERIODIC, FRAMES = 1024, DELAY_MAX = 24 /* aperiodicTriggeringOffset */ };

_Static_assert(1 + (int)CELL_ASKED_MAX <= 8, "reports are bits of an octet");

static const struct cell_csi_report *report_of(const struct ue_phy *p, unsigned i)
{
	return i == PERIODIC ? &p->own.report : &p->own.asked[i - 1].report;
}

/* The first trigger that has it says what an aperiodic one measures before any has come. */
static uint8_t first_measured(const struct ue_phy *p, unsigned asked)
{
	for (unsigned i = 0; i < CELL_TRIGGERS_MAX; i++)
		for (unsigned k = 0; k < p->own.triggers[i].n; k++)
			if (p->own.triggers[i].report[k].asked == asked)
				return p->own.triggers[i].report[k].csi_rs;
	return 0;
}

void ue_phy_csi_begin(struct ue_phy *p)
{
	p->csi_ahead_n = 0;
	for (unsigned i = 0; i <= CELL_ASKED_MAX; i++) {
		bool aperiodic = i > PERIODIC && p->own.asked[i - 1].on == CELL_ASKED_APERIODIC;

		p->csi[i] = (struct ue_phy_csi){ .csi_rs = aperiodic ? first_measured(p, i - 1)
								     : report_of(p, i)->csi_rs };
	}
}

/* Reports that are made from this CSI-RS, as a mask. */
static uint8_t reports_of(const struct ue_phy *p, unsigned place)
{
	uint8_t mask = 0;

	for (unsigned i = 0; i <= CELL_ASKED_MAX; i++)
		if (report_of(p, i)->there && p->csi[i].csi_rs == place)
			mask |= (uint8_t)(1u << i);
	return mask;
}

/* What a trigger has announced for this slot. */
static bool is_announced(const struct ue_phy *p, unsigned place)
{
	for (unsigned i = 0; i < p->csi_ahead_n; i++)
		if (p->csi_ahead[i].slot == p->slots && p->csi_ahead[i].csi_rs == place)
			return true;
	return false;
}

static void forget_announced(struct ue_phy *p)
{
	uint64_t all = FRAMES * cell_frame_slots(p->cell);
	unsigned left = 0;

	for (unsigned i = 0; i < p->csi_ahead_n; i++) {
		uint64_t to_come = (p->csi_ahead[i].slot + all - p->slots) % all;

		if (to_come > 0 && to_come <= DELAY_MAX)
			p->csi_ahead[left++] = p->csi_ahead[i];
	}
	p->csi_ahead_n = (uint8_t)left;
}

static void expect(struct ue_phy *p, uint8_t place)
{
	const struct cell_csi_rs *rs = &p->own.csi_rs[place];

	if (p->csi_rs_n == UE_PHY_CSI_RS || !rs->there || rs->zero_power || reports_of(p, place) == 0)
		return;
	p->csi_rs_at[p->csi_rs_n] = place;
	p->csi_rs[p->csi_rs_n++] = (struct phy_dl_csi_rs_rx){ .config = rs->plan.config };
}

/* 38.321 5.7: periodic ones are measured, and reported, in Active Time alone. */
void ue_phy_csi_expect(struct ue_phy *p, struct phy_dl_slot_rx *slot)
{
	bool awake = ue_phy_is_awake(p, p->now_ns);

	p->csi_rs_n = 0;
	for (uint8_t i = 0; i < CELL_CSI_RS_MAX; i++) {
		const struct cell_csi_rs *rs = &p->own.csi_rs[i];

		if (rs->period > 0 && awake && p->slots % rs->period == rs->offset)
			expect(p, i);
	}
	slot->csi_rs = p->csi_rs;
	slot->csi_rs_n = p->csi_rs_n;
}

/* Once the DCIs of the slot are known: one that comes with its trigger is in the slot that is kept. */
void ue_phy_csi_announced(struct ue_phy *p, struct phy_dl_slot_rx *slot)
{
	p->csi_rs_n = 0;
	for (uint8_t i = 0; i < CELL_CSI_RS_MAX; i++)
		if (p->own.csi_rs[i].period == 0 && is_announced(p, i))
			expect(p, i);
	forget_announced(p);
	slot->csi_rs = p->csi_rs;
	slot->csi_rs_n = p->csi_rs_n;
}

/* The blocks of the part that are reported on, of all or of one subband. */
struct blocks {
	unsigned first[CELL_SUBBANDS_MAX], prbs[CELL_SUBBANDS_MAX], n;
};

/* The channel's values in a range of blocks; how many there are then. */
static size_t collect(struct phy_cf h[3 * PHY_PRB_MAX], size_t n, const struct phy_csi_rs *plan,
	const struct phy_cf *from, unsigned crb, unsigned prbs)
{
	size_t a_block = phy_csi_rs_values(plan) / plan->config.prbs;

	for (unsigned end = crb + prbs; crb < end; crb++) {
		if (crb < plan->config.first_crb ||
			crb >= (unsigned)plan->config.first_crb + plan->config.prbs)
			continue;
		for (size_t v = 0; v < a_block && n < (size_t)3 * PHY_PRB_MAX; v++)
			h[n++] = from[(crb - plan->config.first_crb) * a_block + v];
	}
	return n;
}

/* CQI over some blocks of the CSI-RS; 0 where it has none of them. */
static unsigned cqi_of(const struct ue_phy *p, unsigned rx, enum phy_cqi_table table, const struct blocks *b)
{
	const struct phy_csi_rs *plan = &p->own.csi_rs[p->csi_rs_at[rx]].plan;
	struct phy_cf h[3 * PHY_PRB_MAX];
	struct phy_csi_channel c = { .ports = 1,
		.antennas = 1,
		.h = { h },
		.noise = p->csi_rs[rx].measurement.noise,
		.rank_max = 1,
		.table = table,
		.gap_db = PHY_CSI_GAP_DB };
	struct phy_csi csi;

	for (unsigned i = 0; i < b->n; i++)
		c.n = collect(h, c.n, plan, p->csi_rs[rx].h[0], p->cell->downlink.bwp_start + b->first[i],
			b->prbs[i]);
	return c.n > 0 && phy_csi_report(&csi, &c) ? csi.cqi : 0;
}

static void put(struct ue_phy_csi *out, unsigned value, unsigned width)
{
	while (width-- > 0)
		out->bits[out->n++] = value >> width & 1;
}

/* Table 5.2.2.1-1: how a subband differs from the band: 0, 1, 2 and more, less. */
static unsigned differential(unsigned subband, unsigned wideband)
{
	return subband < wideband ? 3 : subband - wideband > 2 ? 2 : subband - wideband;
}

/* 38.212 Tables 6.3.1.1.2-7 and 6.3.2.1.2-3: the band's CQI, then its subbands', the lowest first. */
static void fill(struct ue_phy *p, unsigned i, unsigned rx)
{
	const struct cell_asked *a = i == PERIODIC ? NULL : &p->own.asked[i - 1];
	enum phy_cqi_table table = report_of(p, i)->table;
	bool by_subbands = a && a->subband_prbs > 0;
	struct blocks all = { .prbs = { p->cell->downlink.bwp_prbs }, .n = !by_subbands };
	struct ue_phy_csi *out = &p->csi[i];
	unsigned wideband;

	for (unsigned k = 0; by_subbands && k < CELL_SUBBANDS_MAX; k++)
		if (a->subbands >> k & 1 && cell_subband(&p->cell->downlink, a->subband_prbs, k,
						    &all.first[all.n], &all.prbs[all.n]))
			all.n++;
	wideband = cqi_of(p, rx, table, &all);
	out->n = 0;
	out->has = true;
	put(out, wideband, CELL_CQI_BITS);
	for (unsigned k = 0; by_subbands && k < all.n; k++) {
		struct blocks one = { .first = { all.first[k] }, .prbs = { all.prbs[k] }, .n = 1 };

		put(out, differential(cqi_of(p, rx, table, &one), wideband), 2);
	}
	p->stat[UE_PHY_STAT_CQI] = wideband;
}

/* It is a report's until the next comes: uplink is made slots ahead, so none is of a later one than may be
 * (5.2.2.5). */
void ue_phy_csi_take(struct ue_phy *p)
{
	for (unsigned rx = 0; rx < p->csi_rs_n; rx++) {
		uint8_t reports = reports_of(p, p->csi_rs_at[rx]);

		for (unsigned i = 0; i <= CELL_ASKED_MAX && p->csi_rs[rx].ok; i++)
			if (reports >> i & 1)
				fill(p, i, rx);
	}
}

void ue_phy_csi_asked(struct ue_phy *p, struct ue_phy_due *due, const struct cell_trigger *t)
{
	uint64_t all = FRAMES * cell_frame_slots(p->cell);

	due->csi_n = 0;
	for (unsigned i = 0; i < t->n; i++) {
		unsigned place = t->report[i].csi_rs;
		struct ue_phy_csi *csi = &p->csi[1 + t->report[i].asked];
		bool aperiodic = p->own.csi_rs[place].period == 0;

		if (aperiodic || csi->csi_rs != place)
			csi->has = false; /* what comes is to be reported, not what was */
		csi->csi_rs = (uint8_t)place;
		if (aperiodic && p->csi_ahead_n < UE_PHY_AHEAD) {
			p->csi_ahead[p->csi_ahead_n].slot = (p->slots + t->report[i].delay) % all;
			p->csi_ahead[p->csi_ahead_n++].csi_rs = (uint8_t)place;
		}
		due->csi[due->csi_n++] = t->report[i].asked;
	}
}

/* Of semi-persistent ones and the periodic one the former goes (38.214 5.2.5). */
const struct ue_phy_csi *ue_phy_csi_on_pucch(const struct ue_phy *p, const struct phy_pucch_config **at)
{
	if (!ue_phy_is_awake(p, p->up_ns))
		return NULL;
	for (unsigned i = 0; i < CELL_ASKED_MAX; i++) {
		const struct cell_asked *a = &p->own.asked[i];

		*at = &a->report.at;
		if (a->report.there && a->on == CELL_ASKED_ON_PUCCH && p->csi[1 + i].has &&
			ue_phy_sp_is_on(p, i, p->up_ns) && p->up_slots % a->report.period == a->report.offset)
			return &p->csi[1 + i];
	}
	*at = &p->own.report.at;
	return p->csi[PERIODIC].has && cell_own_reports(&p->own, p->up_slots) ? &p->csi[PERIODIC] : NULL;
}

/* What was never measured is out of range: CQI 0. */
unsigned ue_phy_csi_join(struct ue_phy *p, const struct ue_phy_due *due)
{
	unsigned n = 0;

	for (unsigned i = 0; i < due->csi_n; i++) {
		const struct ue_phy_csi *csi = &p->csi[1 + due->csi[i]];
		unsigned bits = cell_asked_bits(&p->own.asked[due->csi[i]]);

		for (unsigned k = 0; k < bits; k++)
			p->csi_bits[n++] = csi->has && k < csi->n ? csi->bits[k] : 0;
	}
	return n;
}
