#include "ue/phy/ue_phy.h"

#include <stdlib.h>

#include "ue/phy/parts.h"

enum { RESPONSES_HARQ = 1 };

static void on_ccch(void *arg, struct bytes sdu)
{
	struct ue_phy *p = arg;

	p->upper.ccch(p->upper.arg, sdu);
}

/* 38.213 4.2: a command of 31 leaves it, each step is 16 64 / 2^mu T_c. */
static void on_timing_advance(void *arg, uint8_t command)
{
	struct ue_phy *p = arg;
	int64_t tc = p->advance_tc + ((int64_t)command - 31) * (1024 >> p->cell->mu);

	p->advance_tc = tc < 0 ? 0 : (uint32_t)tc;
	p->upper.timing_advance(p->upper.arg, p->advance_tc);
}

static void on_drx(void *arg, bool long_cycle)
{
	struct ue_phy *p = arg;

	mac_drx_command(&p->drx, long_cycle, p->now_ns);
}

static void on_sp_csi(void *arg, const struct mac_sp_csi *s)
{
	ue_phy_sp_command(arg, s);
}

struct ue_phy *ue_phy_new(
	const struct cell *c, const struct l1_ue *l1, const struct ue_phy_upper *upper, size_t block_octets)
{
	struct ue_phy *p = calloc(1, sizeof(*p));
	struct ue_mac_config none = { .sr_delay_ms = 0 };
	struct ue_ra_config access = ue_phy_access_config(c);

	if (!p)
		return NULL;
	p->home = c;
	p->cell = &p->active;
	cell_parts_init(&p->parts, c);
	cell_parts_join(&p->active, &p->own, &p->parts, 0, 0);
	p->ue_id = UE_PHY_NOT_PAGED;
	ue_power_init(&p->power);
	p->drx.slot_ns = slot_ns(c->mu);
	p->l1 = *l1;
	p->upper = *upper;
	p->mac = ue_mac_new(&none);
	if (!p->mac || !ue_harq_init(&p->harq, block_octets)) {
		ue_mac_free(p->mac);
		free(p);
		return NULL;
	}
	ue_downlink_init(&p->downlink,
		&(struct ue_downlink_upper){ p, on_ccch, on_timing_advance, on_drx, on_sp_csi }, 0,
		c->alignment_ms);
	ue_ra_init(&p->ra, &access);
	return p;
}

void ue_phy_free(struct ue_phy *p)
{
	if (!p)
		return;
	ue_harq_fini(&p->harq);
	ue_mac_free(p->mac);
	free(p);
}

static struct phy_slot_config phy_config(
	const struct cell *c, const struct cell_carrier *carrier, unsigned fft_size, size_t block_octets)
{
	return (struct phy_slot_config){ .carrier = { .mu = c->mu,
						 .first_crb = carrier->first_crb,
						 .prbs = carrier->prbs,
						 .fft_size = (uint16_t)fft_size,
						 .carrier_hz = carrier->hz },
		.antennas = 1,
		.layers = 1,
		.shared = UE_PHY_ASSIGNMENTS,
		.csi_rs = UE_PHY_CSI_RS,
		.pucch = 1,
		.harqs = UE_HARQ_PROCESSES + RESPONSES_HARQ,
		.tb_bits = (uint32_t)(8 * block_octets),
		.kern_level = KERN_LEVELS - 1 };
}

struct phy_slot_config ue_phy_downlink_config(const struct cell *c, unsigned fft_size, size_t block_octets)
{
	return phy_config(c, &c->downlink, fft_size, block_octets);
}

struct phy_slot_config ue_phy_uplink_config(const struct cell *c, unsigned fft_size, size_t block_octets)
{
	struct phy_slot_config s = phy_config(c, &c->uplink, fft_size, block_octets);

	s.prach = 1;
	s.srs = 1;
	s.preambles = c->rach.plan[0].config;
	return s;
}

void ue_phy_receive(struct ue_phy *p, const struct slot_time *t, uint64_t now_ns)
{
	struct phy_dl_slot_rx slot = {
		.time = *t, .symbols = cell_slot_format(p->cell, t->sfn, t->slot).downlink, .pdcch = p->pdcch
	};

	p->now = *t;
	p->now_ns = now_ns;
	p->slots = ue_phy_count(p, t);
	mac_drx_slot(&p->drx, t->sfn * 10u + (t->slot >> p->cell->mu), t->slot & ((1u << p->cell->mu) - 1),
		now_ns);
	ue_phy_access_run(p);
	ue_phy_part_run(p);
	if (slot.symbols == 0)
		return;
	slot.pdcch_n = ue_phy_monitor(p);
	ue_phy_csi_expect(p, &slot);
	if (!p->l1.receive(p->l1.self, &slot, false)) {
		p->stat[UE_PHY_STAT_SLOTS_REFUSED]++;
		return;
	}
	if (slot.ssb_n > 0 && slot.ssb[0].ok)
		ue_power_heard(&p->power, p->cell, slot.ssb[0].measure.power);
	if (slot.csi_rs_n > 0)
		ue_phy_csi_take(p);
	ue_phy_take_dcis(p, (unsigned)slot.pdcch_n);
	ue_phy_take_assignments(p);
}

bool ue_phy_is_quiet(const struct ue_phy *p, uint64_t now_ns)
{
	if (p->si.wants_sib1 || p->si.sibs != 0)
		return false;
	if (p->ahead_n > 0 || p->part_until_ns > 0)
		return false;
	if ((p->ra.state != UE_RA_IDLE && p->ra.state != UE_RA_DONE) || !ue_mac_is_quiet(p->mac, now_ns))
		return false;
	for (unsigned i = 0; i < UE_PHY_RING; i++)
		if (p->due[i].pusch || p->due[i].acks.n > 0 || p->due[i].type1.n > 0)
			return false;
	return true;
}

void ue_phy_paged_as(struct ue_phy *p, uint16_t ue_id)
{
	p->ue_id = ue_id;
}

/* 38.321 5.18.6: what is configured anew is not active; nor is what was measured for it of use. */
static bool same_report(const struct cell_csi_report *a, const struct cell_csi_report *b)
{
	return a->there == b->there &&
	       (!a->there || (a->id == b->id && a->table == b->table && a->csi_rs == b->csi_rs &&
				     a->period == b->period && a->offset == b->offset));
}

static bool same_reports(const struct cell_own *a, const struct cell_own *b)
{
	bool same = same_report(&a->report, &b->report);

	for (unsigned i = 0; i < CELL_ASKED_MAX; i++)
		same = same && same_report(&a->asked[i].report, &b->asked[i].report) &&
		       a->asked[i].subbands == b->asked[i].subbands;
	return same;
}

void ue_phy_configure(struct ue_phy *p, const struct cell_parts *parts)
{
	unsigned downlink =
		parts->first_downlink == CELL_PART_STAYS ? p->downlink_part : parts->first_downlink;
	unsigned uplink = parts->first_uplink == CELL_PART_STAYS ? p->uplink_part : parts->first_uplink;
	struct cell_own before = p->own;
	const struct cell_power *old = &before.power, *new = &p->own.power;

	p->parts = *parts;
	ue_phy_part_activate(p, parts->downlinks >> downlink & 1 ? downlink : 0,
		parts->uplinks >> uplink & 1 ? uplink : 0);
	/* 38.213 7.1.1, 7.2.1: what the loops have found was on top of that. */
	if (before.there && (old->p0_pusch_db != new->p0_pusch_db || old->alpha_tenths != new->alpha_tenths))
		p->power.f_db = 0;
	if (before.there && old->p0_pucch_db != new->p0_pucch_db)
		p->power.g_db = 0;
	if (!same_reports(&before, &p->own)) {
		ue_phy_sp_forget(p);
		ue_phy_csi_begin(p);
	}
}

void ue_phy_alignment(struct ue_phy *p, uint32_t alignment_ms)
{
	ue_downlink_alignment(&p->downlink, alignment_ms);
}

void ue_phy_sleep(struct ue_phy *p, const struct mac_drx_config *drx)
{
	if (!mac_drx_same(&p->drx.config, drx))
		mac_drx_init(&p->drx, drx, slot_ns(p->cell->mu));
}

void ue_phy_reset(struct ue_phy *p)
{
	const struct mac_drx_config none = { .there = false };

	mac_drx_init(&p->drx, &none, slot_ns(p->cell->mu));
	ue_ra_stop(&p->ra);
	ue_harq_reset(&p->harq);
	ue_mac_reset(p->mac);
	ue_downlink_reset(&p->downlink);
	p->c_rnti = p->ra_rnti = 0;
	cell_parts_init(&p->parts, p->home);
	ue_phy_part_activate(p, 0, 0);
	p->part_until_ns = 0;
	p->ahead_n = 0;
	ue_phy_sp_forget(p);
	ue_phy_csi_begin(p);
	for (unsigned i = 0; i < UE_PHY_RING; i++)
		p->due[i] = (struct ue_phy_due){ .pusch = false };
}

struct ue_mac *ue_phy_mac(struct ue_phy *p)
{
	return p->mac;
}

struct ue_downlink *ue_phy_downlink(struct ue_phy *p)
{
	return &p->downlink;
}

uint16_t ue_phy_c_rnti(const struct ue_phy *p)
{
	return p->c_rnti;
}

uint64_t ue_phy_stat(const struct ue_phy *p, enum ue_phy_stat s)
{
	return p->stat[s];
}
