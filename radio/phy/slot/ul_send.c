/* The UE's uplink: a described slot to samples. */
#include <math.h>
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/slot/end.h"
#include "radio/phy/slot/ul_parts.h"

struct phy_ul_sender {
	struct slot_end end;
	struct phy_dfts *dfts;
	struct phy_pucch_tables *tables;
	struct phy_pucch_work *pucch_work;
	struct phy_pusch_sender *senders[PHY_WORKERS_MAX];
	struct ul_preamble *preamble; /* NULL where there is no PRACH */
	/* Of the slot at hand. */
	const struct phy_ul_slot *slot;
	struct phy_pusch *pusch;
	struct phy_pucch *pucch;
	struct phy_srs *srs;
};

void phy_ul_sender_free(struct phy_ul_sender *s)
{
	if (!s)
		return;
	phy_dfts_free(s->dfts);
	phy_pucch_work_free(s->pucch_work);
	phy_pucch_tables_free(s->tables);
	for (unsigned w = 0; w < PHY_WORKERS_MAX; w++)
		phy_pusch_sender_free(s->senders[w]);
	ul_preamble_free(s->preamble);
	free(s->pusch);
	free(s->pucch);
	free(s->srs);
	slot_end_free(s);
}

static bool make(struct phy_ul_sender *s)
{
	const struct phy_slot_config *c = &s->end.config;
	bool ok;

	s->dfts = phy_dfts_new();
	s->tables = phy_pucch_tables_new();
	s->pucch_work = s->tables ? phy_pucch_work_new(s->tables) : NULL;
	s->pusch = calloc(c->shared + 1u, sizeof(*s->pusch));
	s->pucch = calloc(c->pucch + 1u, sizeof(*s->pucch));
	s->srs = calloc(c->srs + 1u, sizeof(*s->srs));
	ok = s->dfts && s->pucch_work && s->pusch && s->pucch && s->srs;
	for (unsigned w = 0; ok && w < slot_workers(c); w++) {
		s->senders[w] = phy_pusch_sender_new(s->dfts);
		ok = s->senders[w];
	}
	if (ok && c->prach > 0)
		s->preamble = ul_preamble_new(c, &s->end.kern);
	return ok && (c->prach == 0 || s->preamble);
}

struct phy_ul_sender *phy_ul_sender_new(const struct phy_slot_config *c)
{
	struct phy_ul_sender *s = slot_end_new(sizeof(*s), c);

	if (!s || make(s))
		return s;
	phy_ul_sender_free(s);
	return NULL;
}

static enum phy_slot_error check_pusch(struct phy_ul_sender *s, unsigned i, const char **why)
{
	const struct phy_ul_pusch *d = &s->slot->pusch[i];
	struct phy_pusch *plan = &s->pusch[i];
	enum phy_slot_error e = slot_check_pusch(plan, &d->config, &s->end.config, why);

	if (e != PHY_SLOT_OK)
		return e;
	if (plan->precoding.ports > s->end.config.antennas)
		return PHY_SLOT_ANTENNA;
	if (plan->sch.g > 0 && d->tb.len != bits_octets(plan->sch.a))
		return PHY_SLOT_BLOCK;
	for (unsigned u = 0; u < PHY_PUSCH_UCI_PARTS; u++) {
		if (plan->uci.used && plan->uci.code[u].e > 0 && !d->uci[u])
			return PHY_SLOT_BLOCK;
	}
	return slot_take_pusch(&s->end.occupancy, plan, s->slot->time.slot);
}

static bool check_control(struct phy_ul_sender *s, struct phy_slot_refusal *r)
{
	const struct phy_ul_slot *d = s->slot;
	const char *why = NULL;
	bool ok = true;

	for (unsigned i = 0; i < d->pucch_n && ok; i++) {
		enum phy_slot_error e =
			slot_check_pucch(&s->pucch[i], &d->pucch[i].config, &s->end.config, &why);

		if (e == PHY_SLOT_OK && d->pucch[i].config.bits > 0 && !d->pucch[i].uci)
			e = PHY_SLOT_BLOCK;
		ok = slot_refuse(
			r, PHY_SLOT_PUCCH, i, e ? e : slot_take_pucch(&s->end.occupancy, &s->pucch[i]), &why);
	}
	slot_occupancy_next(&s->end.occupancy);
	for (unsigned i = 0; i < d->srs_n && ok; i++) {
		enum phy_slot_error e =
			slot_check_srs(&s->srs[i], &d->srs[i], &s->end.config, &d->time, &why);

		if (e == PHY_SLOT_OK && s->srs[i].config.ports > s->end.config.antennas)
			e = PHY_SLOT_ANTENNA;
		ok = slot_refuse(r, PHY_SLOT_SRS, i,
			e ? e : slot_take_srs(&s->end.occupancy, &s->srs[i], &d->time), &why);
	}
	return ok;
}

static bool check(struct phy_ul_sender *s, struct phy_slot_refusal *r)
{
	const struct phy_ul_slot *d = s->slot;
	const char *why = NULL;
	bool ok = true;

	if (!slot_end_begin(&s->end, &d->time, d->symbols, PHY_SLOT_PUSCH, r) ||
		!slot_fits(r, PHY_SLOT_PUSCH, d->pusch_n, s->end.config.shared) ||
		!slot_fits(r, PHY_SLOT_PUCCH, d->pucch_n, s->end.config.pucch) ||
		!slot_fits(r, PHY_SLOT_SRS, d->srs_n, s->end.config.srs))
		return false;
	for (unsigned i = 0; i < d->pusch_n && ok; i++)
		ok = slot_refuse(r, PHY_SLOT_PUSCH, i, check_pusch(s, i, &why), &why);
	slot_occupancy_next(&s->end.occupancy);
	if (!ok || !check_control(s, r))
		return false;
	if (d->prach)
		return slot_refuse(r, PHY_SLOT_PRACH, 0,
			s->preamble ? ul_preamble_begin(s->preamble, &d->time, d->prach, &why)
				    : PHY_SLOT_TOO_MANY,
			&why);
	return true;
}

static void send_pusch(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_sender *s = arg;
	const struct phy_ul_pusch *d = &s->slot->pusch[index];

	(void)phy_pusch_send_uci(s->senders[worker], &s->end.kern, &s->pusch[index], s->slot->time.slot,
		d->tb.data, d->uci, s->end.grids.grid);
}

/* Before the whole slot is scaled by the gain of the rest. */
static void scale_srs(struct phy_ul_sender *s, const struct phy_srs *p)
{
	float rest = s->slot->gain != 0 ? s->slot->gain : 1;
	float gain = (s->slot->srs_gain != 0 ? s->slot->srs_gain : 1) / rest;

	for (unsigned a = 0; a < s->end.config.antennas && gain != 1; a++)
		for (unsigned l = p->first_symbol; l < p->first_symbol + p->config.symbols; l++) {
			const struct phy_grid *g = &s->end.grids.grid[a];
			float *row = &phy_grid_at(g, l, 0)->re;

			s->end.kern.cf_scale(row, row, (size_t)g->prbs * PHY_SC_PER_PRB, gain, 0);
		}
}

static void send_control(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_sender *s = arg;
	const struct phy_ul_slot *d = s->slot;

	(void)worker;
	(void)index;
	for (size_t i = 0; i < d->pucch_n; i++)
		(void)phy_pucch_send(s->pucch_work, &s->end.kern, &s->pucch[i], d->time.slot, d->pucch[i].uci,
			d->pucch[i].sr, &s->end.grids.grid[0]);
	for (size_t i = 0; i < d->srs_n; i++) {
		(void)phy_srs_send(&s->srs[i], d->time.sfn, d->time.slot, s->end.grids.grid);
		scale_srs(s, &s->srs[i]);
	}
}

static void scale(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_sender *s = arg;
	float *out = &s->end.grids.out[index]->re;

	(void)worker;
	s->end.kern.cf_scale(
		out, out, phy_slot_samples(&s->end.config.carrier, s->slot->time.slot), s->slot->gain, 0);
}

static void add_preamble(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_sender *s = arg;

	(void)worker;
	(void)index;
	ul_preamble_add(s->preamble, &s->slot->time, s->end.grids.out[0],
		phy_slot_samples(&s->end.config.carrier, s->slot->time.slot));
}

bool phy_ul_send(struct phy_ul_sender *s, const struct phy_ul_slot *slot, struct phy_cf *const *out,
	struct phy_slot_refusal *refusal)
{
	uint32_t shared, control, ofdm, scaled;

	s->slot = slot;
	if (!check(s, refusal))
		return false;
	slot_grids_begin(&s->end.grids, slot->time.slot, slot->symbols);
	s->end.grids.out = out;
	phy_tasks_init(&s->end.tasks, &s->end.config.workers);
	shared = phy_tasks_add(&s->end.tasks, send_pusch, s, (unsigned)slot->pusch_n, 0);
	control = phy_tasks_add(&s->end.tasks, send_control, s, 1, 0);
	ofdm = phy_tasks_add(&s->end.tasks, slot_modulate, &s->end.grids, slot_grids_tasks(&s->end.grids),
		shared | control);
	scaled = phy_tasks_add(&s->end.tasks, scale, s, slot->gain != 0 ? s->end.config.antennas : 0, ofdm);
	(void)phy_tasks_add(&s->end.tasks, add_preamble, s, s->preamble != NULL, ofdm | scaled);
	phy_tasks_run(&s->end.tasks);
	return true;
}
