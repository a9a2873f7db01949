/* The gNB's uplink: samples to what the slot was expected to hold. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/slot/end.h"
#include "radio/phy/slot/harqs.h"
#include "radio/phy/slot/ul_parts.h"

/* What a worker works in. */
struct ul_worker {
	struct phy_pusch_work *pusch;
	struct phy_pucch_work *pucch;
	struct phy_srs_work *srs;
	struct phy_pucch_user users[PHY_PUCCH_USERS_MAX];
	uint16_t user_at[PHY_PUCCH_USERS_MAX];
};

enum { PUSCH_PARTS = 8 }; /* in which its code blocks are decoded */

/* Where a hop of every PUSCH is received: tasks of one know which. */
struct ul_hop {
	struct phy_ul_receiver *r;
	unsigned hop;
};

struct phy_ul_receiver {
	struct slot_end end;
	struct phy_chest_filters *filters;
	struct phy_dfts *dfts;
	struct phy_pucch_tables *tables;
	struct slot_harqs *harqs;
	struct ul_occasions *occasions; /* NULL where there is no PRACH */
	struct ul_worker workers[PHY_WORKERS_MAX];
	/* Of the slot at hand. */
	struct phy_ul_slot_rx *slot;
	struct phy_pusch *pusch;
	struct phy_pucch *pucch;
	struct phy_srs *srs;
	int *places; /* of soft buffers, of each PUSCH */
	struct phy_pusch_reception *receptions[UINT8_MAX];
	uint8_t *tb;                      /* room of each PUSCH */
	uint8_t (*uci)[PHY_UCI_BITS_MAX]; /* of each PUCCH */
	struct ul_hop hops[PHY_PUSCH_HOPS];
};

void phy_ul_receiver_free(struct phy_ul_receiver *r)
{
	if (!r)
		return;
	for (unsigned w = 0; w < PHY_WORKERS_MAX; w++) {
		phy_pusch_work_free(r->workers[w].pusch);
		phy_pucch_work_free(r->workers[w].pucch);
		phy_srs_work_free(r->workers[w].srs);
	}
	for (unsigned i = 0; i < r->end.config.shared; i++)
		phy_pusch_reception_free(r->receptions[i]);
	phy_chest_filters_free(r->filters);
	phy_dfts_free(r->dfts);
	phy_pucch_tables_free(r->tables);
	slot_harqs_free(r->harqs);
	ul_occasions_free(r->occasions);
	free(r->pusch);
	free(r->pucch);
	free(r->srs);
	free(r->places);
	free(r->tb);
	free(r->uci);
	slot_end_free(r);
}

static bool make_workers(struct phy_ul_receiver *r)
{
	const struct phy_slot_config *c = &r->end.config;

	for (unsigned w = 0; w < slot_workers(c); w++) {
		struct ul_worker *to = &r->workers[w];

		to->pusch = phy_pusch_work_new(c->antennas, c->layers);
		to->pucch = phy_pucch_work_new(r->tables);
		to->srs = phy_srs_work_new();
		if (!to->pusch || !to->pucch || !to->srs)
			return false;
	}
	return true;
}

static bool make_room(struct phy_ul_receiver *r)
{
	const struct phy_slot_config *c = &r->end.config;

	r->harqs = slot_harqs_new(c->harqs, c->tb_bits);
	r->pusch = calloc(c->shared + 1u, sizeof(*r->pusch));
	r->pucch = calloc(c->pucch + 1u, sizeof(*r->pucch));
	r->srs = calloc(c->srs + 1u, sizeof(*r->srs));
	r->places = calloc(c->shared + 1u, sizeof(*r->places));
	r->tb = calloc(c->shared + 1u, bits_octets(c->tb_bits));
	r->uci = calloc(c->pucch + 1u, sizeof(*r->uci));
	for (unsigned i = 0; i < c->shared; i++) {
		r->receptions[i] = phy_pusch_reception_new(r->filters, r->dfts, c->antennas, c->layers);
		if (!r->receptions[i])
			return false;
	}
	for (unsigned h = 0; h < PHY_PUSCH_HOPS; h++)
		r->hops[h] = (struct ul_hop){ r, h };
	return r->harqs && r->pusch && r->pucch && r->srs && r->places && r->tb && r->uci;
}

static bool make(struct phy_ul_receiver *r)
{
	r->filters = phy_chest_filters_new();
	r->dfts = phy_dfts_new();
	r->tables = phy_pucch_tables_new();
	if (!r->filters || !r->dfts || !r->tables || !make_room(r) || !make_workers(r))
		return false;
	if (r->end.config.prach > 0)
		r->occasions = ul_occasions_new(&r->end.config, &r->end.kern);
	return r->end.config.prach == 0 || r->occasions;
}

struct phy_ul_receiver *phy_ul_receiver_new(const struct phy_slot_config *c)
{
	struct phy_ul_receiver *r = slot_end_new(sizeof(*r), c);

	if (!r || make(r))
		return r;
	phy_ul_receiver_free(r);
	return NULL;
}

static enum phy_slot_error check_pusch(struct phy_ul_receiver *r, unsigned i, const char **why)
{
	const struct phy_ul_pusch_rx *d = &r->slot->pusch[i];
	struct phy_pusch *plan = &r->pusch[i];
	enum phy_slot_error e = slot_check_pusch(plan, &d->config, &r->end.config, why);

	if (e != PHY_SLOT_OK)
		return e;
	if (plan->config.layers > r->end.config.layers)
		return PHY_SLOT_ANTENNA;
	r->places[i] = slot_harqs_place(r->harqs, d->config.rnti, d->harq_process);
	return r->places[i] < 0 ? PHY_SLOT_HARQ
				: slot_take_pusch(&r->end.occupancy, plan, r->slot->time.slot);
}

/* Users before this one on its resource; those that cannot be received together are too many. */
static unsigned sharing(const struct phy_ul_receiver *r, unsigned index)
{
	unsigned n = 0;

	for (unsigned i = 0; i < index && r->pucch[index].config.format < 2; i++)
		n += phy_pucch_shares(&r->pucch[i].config, &r->pucch[index].config);
	return n;
}

static bool check_control(struct phy_ul_receiver *r, struct phy_slot_refusal *f)
{
	struct phy_ul_slot_rx *d = r->slot;
	const char *why = NULL;
	bool ok = true;

	for (unsigned i = 0; i < d->pucch_n && ok; i++) {
		enum phy_slot_error e =
			slot_check_pucch(&r->pucch[i], &d->pucch[i].config, &r->end.config, &why);

		if (e == PHY_SLOT_OK && sharing(r, i) >= PHY_PUCCH_USERS_MAX)
			e = PHY_SLOT_TOO_MANY;
		ok = slot_refuse(
			f, PHY_SLOT_PUCCH, i, e ? e : slot_take_pucch(&r->end.occupancy, &r->pucch[i]), &why);
	}
	slot_occupancy_next(&r->end.occupancy);
	for (unsigned i = 0; i < d->srs_n && ok; i++) {
		enum phy_slot_error e =
			slot_check_srs(&r->srs[i], &d->srs[i].config, &r->end.config, &d->time, &why);

		ok = slot_refuse(f, PHY_SLOT_SRS, i,
			e ? e : slot_take_srs(&r->end.occupancy, &r->srs[i], &d->time), &why);
	}
	return ok;
}

static bool check(struct phy_ul_receiver *r, struct phy_slot_refusal *f)
{
	const struct phy_ul_slot_rx *d = r->slot;
	const char *why = NULL;
	unsigned index = 0;
	bool ok = true;

	slot_harqs_begin(r->harqs);
	if (!slot_end_begin(&r->end, &d->time, d->symbols, PHY_SLOT_PUSCH, f) ||
		!slot_fits(f, PHY_SLOT_PUSCH, d->pusch_n, r->end.config.shared) ||
		!slot_fits(f, PHY_SLOT_PUCCH, d->pucch_n, r->end.config.pucch) ||
		!slot_fits(f, PHY_SLOT_SRS, d->srs_n, r->end.config.srs))
		return false;
	for (unsigned i = 0; i < d->pusch_n && ok; i++)
		ok = slot_refuse(f, PHY_SLOT_PUSCH, i, check_pusch(r, i, &why), &why);
	slot_occupancy_next(&r->end.occupancy);
	if (!ok || !check_control(r, f))
		return false;
	slot_occupancy_next(&r->end.occupancy);
	if (r->occasions) {
		enum phy_slot_error e = ul_occasions_check(r->occasions, d, &r->end.occupancy, &index, &why);

		return slot_refuse(f, PHY_SLOT_PRACH, index, e, &why);
	}
	return slot_refuse(f, PHY_SLOT_PRACH, 0, d->prach_n > 0 ? PHY_SLOT_TOO_MANY : PHY_SLOT_OK, NULL);
}

static void begin_pusch(struct phy_ul_receiver *r, unsigned index)
{
	const struct phy_ul_pusch_rx *d = &r->slot->pusch[index];
	const struct phy_pusch_input in = { &r->pusch[index], r->end.grids.grid, r->end.config.antennas,
		r->slot->time.slot, slot_harqs_take(r->harqs, r->places[index], d->new_data) };

	(void)phy_pusch_begin(r->receptions[index], &in);
}

/* The reception if its PUSCH has this hop. */
static struct phy_pusch_reception *reception_of(const struct ul_hop *h, unsigned index)
{
	return h->hop < phy_pusch_hops(&h->r->pusch[index]) ? h->r->receptions[index] : NULL;
}

/* A step of the estimate for a layer. */
static void estimate(void *arg, unsigned index, enum phy_array_step step)
{
	const struct ul_hop *h = arg;
	unsigned layers = h->r->end.config.layers, layer = index % layers;
	struct phy_pusch_reception *in = reception_of(h, index / layers);

	if (in && layer < h->r->pusch[index / layers].config.layers)
		phy_pusch_estimate(in, &h->r->end.kern, h->hop, step, layer);
}

static void look(void *arg, unsigned worker, unsigned index)
{
	(void)worker;
	estimate(arg, index, PHY_ARRAY_LOOK);
}

static void cancel(void *arg, unsigned worker, unsigned index)
{
	(void)worker;
	estimate(arg, index, PHY_ARRAY_CANCEL);
}

static void look_again(void *arg, unsigned worker, unsigned index)
{
	(void)worker;
	estimate(arg, index, PHY_ARRAY_AGAIN);
}

static void end_estimate(void *arg, unsigned worker, unsigned index)
{
	const struct ul_hop *h = arg;
	struct phy_pusch_reception *in = reception_of(h, index);

	if (in)
		phy_pusch_estimate_end(in, h->r->workers[worker].pusch, &h->r->end.kern, h->hop);
}

/* A symbol of one of them. */
static void demodulate_pusch(void *arg, unsigned worker, unsigned index)
{
	const struct ul_hop *h = arg;
	struct phy_pusch_reception *in = reception_of(h, index / PHY_SYMBOLS_MAX);

	if (in)
		phy_pusch_demodulate(
			in, h->r->workers[worker].pusch, &h->r->end.kern, h->hop, index % PHY_SYMBOLS_MAX);
}

static void soften_pusch(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_receiver *r = arg;

	(void)phy_pusch_soften(r->receptions[index], r->workers[worker].pusch, &r->end.kern);
}

/* Some code blocks of one of them. */
static void decode_pusch(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_receiver *r = arg;
	const struct phy_sch_part part = { index % PUSCH_PARTS, PUSCH_PARTS };

	phy_pusch_decode_part(
		r->receptions[index / PUSCH_PARTS], r->workers[worker].pusch, &r->end.kern, &part);
}

static void conclude_pusch(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_receiver *r = arg;
	struct phy_ul_pusch_rx *d = &r->slot->pusch[index];
	const struct phy_pusch *p = &r->pusch[index];
	uint8_t *tb = r->tb + index * bits_octets(r->end.config.tb_bits);

	(void)worker;
	d->tb = p->sch.g > 0 ? bytes_of(tb, bits_octets(p->sch.a)) : BYTES_NONE;
	phy_pusch_conclude(r->receptions[index], &r->end.kern, tb, &d->result);
	if (d->result.ok || p->sch.g == 0)
		slot_harqs_done(r->harqs, r->places[index]);
}

/* From the grids to transport blocks. A hop comes after the one before, whose channel's room it takes. */
static void add_pusch(struct phy_ul_receiver *r, uint32_t ofdm)
{
	struct phy_tasks *t = &r->end.tasks;
	unsigned n = (unsigned)r->slot->pusch_n, ports = n * r->end.config.layers, hops = 1;
	uint32_t after = ofdm;

	for (unsigned i = 0; i < n; i++) {
		begin_pusch(r, i);
		hops = phy_pusch_hops(&r->pusch[i]) > hops ? phy_pusch_hops(&r->pusch[i]) : hops;
	}
	for (unsigned i = 0; i < hops; i++) {
		struct ul_hop *h = &r->hops[i];

		after = phy_tasks_add(t, look, h, ports, after);
		after = phy_tasks_add(t, cancel, h, ports, after);
		after = phy_tasks_add(t, look_again, h, ports, after);
		after = phy_tasks_add(t, end_estimate, h, n, after);
		after = phy_tasks_add(t, demodulate_pusch, h, n * PHY_SYMBOLS_MAX, after);
	}
	after = phy_tasks_add(t, soften_pusch, r, n, after);
	after = phy_tasks_add(t, decode_pusch, r, n * PUSCH_PARTS, after);
	(void)phy_tasks_add(t, conclude_pusch, r, n, after);
}

/* The user and all that share its resource with it, if it is the first; formats 2 to 4 each on its own. */
static void receive_pucch(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_receiver *r = arg;
	struct ul_worker *w = &r->workers[worker];
	unsigned n = 0;

	if (sharing(r, index) > 0)
		return;
	for (unsigned i = index; i < r->slot->pucch_n; i++) {
		const struct phy_pucch *p = &r->pucch[i];

		if (i != index &&
			(p->config.format >= 2 || !phy_pucch_shares(&r->pucch[index].config, &p->config)))
			continue;
		w->user_at[n] = (uint16_t)i;
		w->users[n++] = (struct phy_pucch_user){ .pucch = p, .uci = r->uci[i] };
	}
	(void)phy_pucch_receive(w->pucch, &r->end.kern, r->slot->time.slot, r->end.grids.grid,
		r->end.config.antennas, w->users, n);
	for (unsigned i = 0; i < n; i++)
		r->slot->pucch[w->user_at[i]].result = w->users[i];
}

static void receive_srs(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_receiver *r = arg;
	struct phy_ul_srs_rx *d = &r->slot->srs[index];

	for (unsigned l = 0; l < d->config.symbols; l++)
		(void)phy_srs_receive(r->workers[worker].srs, &r->end.kern, &r->srs[index], r->slot->time.sfn,
			r->slot->time.slot, l, r->end.grids.grid, r->end.config.antennas, &d->estimates[l]);
}

/* PRACH needs samples only, and so goes beside the rest. */
static void add_prach(struct phy_ul_receiver *r, const struct phy_cf *const *in)
{
	uint32_t record;

	if (!r->occasions)
		return;
	ul_occasions_begin(r->occasions, r->slot, in);
	record = phy_tasks_add(
		&r->end.tasks, ul_occasions_record, r->occasions, ul_occasions_records(r->occasions), 0);
	(void)phy_tasks_add(
		&r->end.tasks, ul_occasions_detect, r->occasions, ul_occasions_ending(r->occasions), record);
}

bool phy_ul_receive(struct phy_ul_receiver *r, struct phy_ul_slot_rx *slot, const struct phy_cf *const *in,
	struct phy_slot_refusal *refusal)
{
	uint32_t ofdm;

	r->slot = slot;
	if (!check(r, refusal))
		return false;
	slot_grids_begin(&r->end.grids, slot->time.slot, slot->symbols);
	r->end.grids.in = in;
	phy_tasks_init(&r->end.tasks, &r->end.config.workers);
	ofdm = phy_tasks_add(
		&r->end.tasks, slot_demodulate, &r->end.grids, slot_grids_tasks(&r->end.grids), 0);
	add_pusch(r, ofdm);
	(void)phy_tasks_add(&r->end.tasks, receive_pucch, r, (unsigned)slot->pucch_n, ofdm);
	(void)phy_tasks_add(&r->end.tasks, receive_srs, r, (unsigned)slot->srs_n, ofdm);
	add_prach(r, in);
	phy_tasks_run(&r->end.tasks);
	slot->rach = NULL;
	slot->rach_n = 0;
	if (r->occasions)
		slot->rach = ul_occasions_end(r->occasions, &slot->rach_n);
	return true;
}
