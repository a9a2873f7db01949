#include "sim/l1/l1.h"

#include <math.h>
#include <stdlib.h>

#include "sim/l1/parts.h"

#define TC_S (1.0 / (480e3 * 4096)) /* T_c of 38.211 4.1 */

enum { P_RNTI = 0xfffe /* 38.321 Table 7.1-1 */ };

static uint64_t now_ns(const struct l1_air *a)
{
	return env_now_ns(a->config.env);
}

/* --- what is called by those who are joined */

static void wake(struct l1_air *a, uint64_t *next_ns)
{
	*next_ns = now_ns(a);
	if (*next_ns < a->next_ns)
		a->next_ns = *next_ns;
}

static void ue_wake(void *arg)
{
	struct l1_end *e = arg;

	wake(e->air, &e->next_ns);
}

static void gnb_wake(void *arg)
{
	struct l1_air *a = arg;

	wake(a, &a->gnb_next_ns);
}

static void hear_ssb(struct l1_end *e)
{
	struct l1_air *a = e->air;
	bool heard = a->on && !e->silent && a->dl.slot.ssb_n > 0 && l1_hears_ssb(&a->model, e->way.snr_db);

	ue_air_sync(e->host, heard, (float)e->way.snr_db);
}

static bool ue_receive(void *self, struct phy_dl_slot_rx *slot, bool again)
{
	static const struct phy_dl_slot nothing;
	struct l1_end *e = self;
	struct l1_air *a = e->air;
	const struct cell *c = l1_cell(a);
	unsigned symbol;

	if (!again && cell_ssb_in_slot(c, c->ssb_index, slot->time.sfn, slot->time.slot, &symbol))
		hear_ssb(e);
	l1_downlink(&a->model, e->soft, e->way.snr_db, a->on && !e->silent ? &a->dl.slot : &nothing, slot);
	return true;
}

static void copy_bits(uint8_t out[L1_UCI_PUSCH], const uint8_t *in, unsigned n)
{
	for (unsigned i = 0; i < n && i < L1_UCI_PUSCH; i++)
		out[i] = in[i];
}

/* Preambles go without timing advance (38.211 4.3.1). */
static void take(struct l1_end *e, struct l1_sent *t, const struct phy_ul_slot *slot)
{
	double gain = slot->gain > 0 ? (double)slot->gain : 1;

	*t = (struct l1_sent){ .snr = e->snr * gain * gain,
		.late_s = 2 * e->way.delay_s - e->advance_tc * TC_S };
	if (slot->prach) {
		t->is_prach = true;
		t->prach = *slot->prach;
		t->snr = e->snr * (double)slot->prach->amplitude * (double)slot->prach->amplitude;
		t->late_s = 2 * e->way.delay_s;
	} else if (slot->pusch_n > 0) {
		t->is_pusch = true;
		t->pusch = slot->pusch->config;
		t->tb = slot->pusch->tb;
		copy_bits(t->uci, slot->pusch->uci[PHY_PUSCH_ACK], t->pusch.uci.bits[PHY_PUSCH_ACK]);
		copy_bits(t->csi, slot->pusch->uci[PHY_PUSCH_CSI_1], t->pusch.uci.bits[PHY_PUSCH_CSI_1]);
	} else {
		t->is_pucch = true;
		t->pucch = slot->pucch->config;
		t->sr = slot->pucch->sr;
		copy_bits(t->uci, slot->pucch->uci, t->pucch.bits);
	}
}

static void take_srs(struct l1_end *e, struct l1_sent *t, const struct phy_ul_slot *slot)
{
	double gain = slot->srs_gain > 0 ? (double)slot->srs_gain : 1;

	*t = (struct l1_sent){ .snr = e->snr * gain * gain,
		.late_s = 2 * e->way.delay_s - e->advance_tc * TC_S,
		.is_srs = true,
		.srs = slot->srs[0] };
}

static bool ue_send(void *self, const struct phy_ul_slot *slot)
{
	struct l1_end *e = self;
	struct l1_air *a = e->air;

	bool other = slot->prach || slot->pusch_n > 0 || slot->pucch_n > 0;

	if (a->sent_n + other + (slot->srs_n > 0) > L1_SENT_MAX)
		return false;
	if (e->silent)
		return true;
	if (other)
		take(e, &a->sent[a->sent_n++], slot);
	if (slot->srs_n > 0)
		take_srs(e, &a->sent[a->sent_n++], slot);
	return true;
}

/* --- making and joining */

struct l1_air *l1_air_new(const struct l1_air_config *c)
{
	struct l1_air *a =
		c->ues_max <= L1_UES_MAX ? calloc(1, sizeof(*a) + c->ues_max * sizeof(struct l1_end)) : NULL;

	if (!a)
		return NULL;
	a->config = *c;
	a->next_ns = a->gnb_next_ns = NEVER;
	a->model.chance = c->seed;
	a->model.curves = l1_curves_new();
	if (!a->model.curves) {
		free(a);
		return NULL;
	}
	a->model.silence = l1_lost(a->model.curves, L1_PUCCH_SILENCE, 1, 1, 1, 0);
	for (uint32_t i = 0; i < c->ues_max; i++) {
		a->ends[i].air = a;
		a->ends[i].next_ns = NEVER;
	}
	return a;
}

void l1_air_free(struct l1_air *a)
{
	if (!a)
		return;
	l1_curves_free(a->model.curves);
	free(a);
}

void l1_air_gnb(struct l1_air *a, struct du_room_config *c)
{
	c->by_slots = true;
	c->l1_arg = a;
	c->l1_wake = gnb_wake;
}

void l1_air_set_way(struct l1_air *a, uint32_t ue, const struct l1_way *way)
{
	struct l1_end *e = &a->ends[ue];

	e->way = *way;
	e->snr = pow(10, way->snr_db / 10);
	e->sure = l1_lost(a->model.curves, L1_PBCH, 0, 1, 1, way->snr_db) <= 0;
	ue_wake(e);
}

void l1_air_ue(struct l1_air *a, uint32_t ue, const struct l1_way *way, struct ue_air_config *c)
{
	struct l1_end *e = &a->ends[ue];

	l1_air_set_way(a, ue, way);
	c->l1 = (struct l1_ue){ e, ue_receive, ue_send };
	c->l1_arg = e;
	c->l1_wake = ue_wake;
}

/* 38.211 6.3.3.1: preambles of a root are N_CS apart. */
void l1_air_join_gnb(struct l1_air *a, struct du_room *du)
{
	const struct phy_prach *plan = &du_cell(du_node_mac(du_room_node(du)))->cell.rach.plan[0];

	a->du = du;
	a->model.preamble_s = plan->n_cs / ((double)plan->config.l_ra * plan->spacing_hz);
	gnb_wake(a);
}

void l1_air_join_ue(struct l1_air *a, uint32_t ue, struct ue_host *host)
{
	a->ends[ue].host = host;
	a->ends[ue].give_up_ns = now_ns(a) + (uint64_t)L1_NOT_FOUND_MS * NS_PER_MS;
	ue_wake(&a->ends[ue]);
}

void l1_air_set_silent(struct l1_air *a, uint32_t ue, bool silent)
{
	a->ends[ue].silent = silent;
	ue_wake(&a->ends[ue]);
}

void l1_air_lose(struct l1_air *a, uint32_t nth)
{
	a->model.lose = a->model.blocks + nth;
}

uint64_t l1_air_stat(const struct l1_air *a, enum l1_stat s)
{
	return s == L1_STAT_BLOCKS ? a->model.blocks : a->stat[s];
}

/* --- slots */

/* When the next SS/PBCH block is, from the slot behind this one on. */
static uint64_t next_ssb_ns(const struct l1_air *a, uint64_t at_ns)
{
	const struct cell *c = l1_cell(a);
	uint64_t ns = slot_ns(c->mu), slot = at_ns / ns + 1;
	unsigned symbol;

	for (;; slot++) {
		struct slot_time t = slot_time_of(c->mu, slot);

		if (cell_ssb_in_slot(c, c->ssb_index, t.sfn, t.slot, &symbol))
			return slot * ns;
	}
}

/* What the UE says, and what it must hear: SS/PBCH blocks that may be lost, or any while it searches. */
static void plan_ue(struct l1_end *e, uint64_t at_ns)
{
	uint64_t hear_ns = NEVER;
	bool was = e->in_cell;

	e->in_cell = ue_air_is_in_cell(e->host, &e->c_rnti, &e->advance_tc);
	if (was && !e->in_cell) {
		e->has_mib = false;
		e->give_up_ns = at_ns + (uint64_t)L1_NOT_FOUND_MS * NS_PER_MS;
	}
	e->next_ns = ue_air_deadline_ns(e->host);
	if (e->in_cell && (e->silent || !e->sure || !e->air->on))
		hear_ns = next_ssb_ns(e->air, at_ns);
	else if (!e->in_cell)
		hear_ns = e->air->on && !e->silent ? at_ns : e->give_up_ns;
	if (hear_ns < e->next_ns)
		e->next_ns = hear_ns;
	if (e->next_ns <= at_ns)
		e->next_ns = at_ns + 1;
}

static void run_ue(struct l1_end *e, uint64_t at_ns)
{
	struct l1_air *a = e->air;

	if (e->ran)
		return;
	e->ran = true;
	ue_air_slot(e->host, e->in_cell ? &a->now : NULL);
	if (!e->in_cell)
		l1_search(e, at_ns);
	a->stat[L1_STAT_UE_SLOTS]++;
	plan_ue(e, at_ns);
	if (a->config.ran)
		a->config.ran(a->config.arg, (uint32_t)(e - a->ends));
}

/* There is something for it in the slot. */
static bool is_called(const struct l1_end *e)
{
	const struct phy_dl_slot *s = &e->air->dl.slot;

	for (size_t i = 0; i < s->pdcch_n; i++)
		if (e->in_cell &&
			((e->c_rnti != 0 && s->pdcch[i].rnti == e->c_rnti) || s->pdcch[i].rnti == P_RNTI))
			return true;
	return false;
}

static void run_ues(struct l1_air *a, uint64_t at_ns)
{
	for (uint32_t i = 0; i < a->config.ues_max; i++) {
		struct l1_end *e = &a->ends[i];

		if (e->host && (e->next_ns <= at_ns || (a->on && is_called(e))))
			run_ue(e, at_ns);
	}
}

static void run_gnb_uplink(struct l1_air *a)
{
	struct du *du = du_node_mac(du_room_node(a->du));

	du_slot_expect(du, &a->now, &a->ul);
	l1_uplink(&a->model, a->sent, a->sent_n, &a->ul);
	du_slot_receive(du, &a->ul);
}

static void plan(struct l1_air *a, uint64_t at_ns)
{
	a->gnb_next_ns = du_room_slots_next_ns(a->du);
	if (a->gnb_next_ns <= now_ns(a)) /* which may be later than the slot */
		a->gnb_next_ns = at_ns + 1;
	a->next_ns = a->gnb_next_ns;
	for (uint32_t i = 0; i < a->config.ues_max; i++)
		if (a->ends[i].host && a->ends[i].next_ns < a->next_ns)
			a->next_ns = a->ends[i].next_ns;
}

uint64_t l1_air_next_ns(const struct l1_air *a)
{
	uint64_t ns = a->du ? slot_ns(l1_cell(a)->mu) : 0, next_ns;

	if (!a->du || a->next_ns == NEVER)
		return NEVER;
	next_ns = (a->next_ns + ns - 1) / ns * ns;
	return next_ns > a->last_ns ? next_ns : a->last_ns + ns;
}

void l1_air_run(struct l1_air *a)
{
	uint64_t at_ns = l1_air_next_ns(a);
	struct du *du = du_node_mac(du_room_node(a->du));
	bool was;

	a->now = slot_time_of(l1_cell(a)->mu, at_ns / slot_ns(l1_cell(a)->mu));
	a->last_ns = at_ns;
	a->stat[L1_STAT_SLOTS]++;
	a->sent_n = 0;
	was = a->on;
	a->on = du_room_slot(a->du);
	for (uint32_t i = 0; was != a->on && i < a->config.ues_max; i++)
		a->ends[i].next_ns = at_ns; /* all notice */
	if (a->on)
		du_slot_send(du, &a->now, at_ns, &a->dl);
	for (uint32_t i = 0; i < a->config.ues_max; i++)
		a->ends[i].ran = false;
	run_ues(a, at_ns);
	if (a->on)
		run_gnb_uplink(a);
	plan(a, at_ns);
	if (a->config.ran)
		a->config.ran(a->config.arg, L1_GNB);
}
