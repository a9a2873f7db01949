/* The gNB's uplink: samples to what the slot was expected to hold. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/slot/end.h"
#include "radio/phy/slot/harqs.h"
#include "radio/phy/slot/ul_parts.h"

/* What a worker works in. */
struct ul_worker {
	struct phy_pusch_receiver *pusch;
	struct phy_pucch_work *pucch;
	struct phy_srs_work *srs;
	struct phy_pucch_user users[PHY_PUCCH_USERS_MAX];
	uint16_t user_at[PHY_PUCCH_USERS_MAX];
};

enum { PUSCH_PARTS = 8 }; /* in which its code blocks are decoded */

/* UCI of a PUSCH, one bit an octet. */
struct ul_uci {
	uint8_t bits[PHY_PUSCH_UCI_PARTS][PHY_UCI_BITS_MAX];
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
	int *places;                   /* of soft buffers, of each PUSCH */
	struct phy_pusch_steps *steps; /* of each PUSCH */
	int8_t *llr;                   /* room of each PUSCH */
	uint8_t *tb;                   /* the same */
	struct ul_uci *uci;            /* of each PUSCH, and of each PUCCH its first part */
};

void phy_ul_receiver_free(struct phy_ul_receiver *r)
{
	if (!r)
		return;
	for (unsigned w = 0; w < PHY_WORKERS_MAX; w++) {
		phy_pusch_receiver_free(r->workers[w].pusch);
		phy_pucch_work_free(r->workers[w].pucch);
		phy_srs_work_free(r->workers[w].srs);
	}
	phy_chest_filters_free(r->filters);
	phy_dfts_free(r->dfts);
	phy_pucch_tables_free(r->tables);
	slot_harqs_free(r->harqs);
	ul_occasions_free(r->occasions);
	free(r->pusch);
	free(r->pucch);
	free(r->srs);
	free(r->places);
	free(r->steps);
	free(r->llr);
	free(r->tb);
	free(r->uci);
	slot_end_free(r);
}

static bool make_workers(struct phy_ul_receiver *r)
{
	const struct phy_slot_config *c = &r->end.config;

	for (unsigned w = 0; w < slot_workers(c); w++) {
		struct ul_worker *to = &r->workers[w];

		to->pusch = phy_pusch_receiver_new(r->filters, r->dfts, c->antennas, c->layers);
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
	r->steps = calloc(c->shared + 1u, sizeof(*r->steps));
	r->llr = calloc(c->shared + 1u, phy_pusch_llrs(c->layers));
	r->tb = calloc(c->shared + 1u, bits_octets(c->tb_bits));
	r->uci = calloc((size_t)c->shared + c->pucch + 1u, sizeof(*r->uci));
	return r->harqs && r->pusch && r->pucch && r->srs && r->places && r->steps && r->llr && r->tb &&
	       r->uci;
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

/* To LLRs; UCI is done with. */
static void demodulate_pusch(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_receiver *r = arg;
	struct phy_ul_pusch_rx *d = &r->slot->pusch[index];
	const struct phy_pusch *p = &r->pusch[index];
	struct phy_pusch_steps *steps = &r->steps[index];

	*steps = (struct phy_pusch_steps){ p, slot_harqs_take(r->harqs, r->places[index], d->new_data),
		r->llr + index * phy_pusch_llrs(r->end.config.layers), false };
	(void)phy_pusch_demodulate(r->workers[worker].pusch, &r->end.kern, steps, r->slot->time.slot,
		r->end.grids.grid, r->end.config.antennas, &d->result);
	for (unsigned u = 0; u < PHY_PUSCH_UCI_PARTS; u++) {
		struct phy_pusch_uci_result *uci = &d->result.uci[u];
		uint8_t *to = r->uci[index].bits[u];

		if (!uci->bits)
			continue;
		(void)bytes_copy(to, PHY_UCI_BITS_MAX, bytes_of(uci->bits, p->config.uci.bits[u]));
		uci->bits = to;
	}
}

/* Some code blocks of one of them. */
static void decode_pusch(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_receiver *r = arg;
	const struct phy_sch_part part = { index % PUSCH_PARTS, PUSCH_PARTS };

	phy_pusch_decode_part(r->workers[worker].pusch, &r->end.kern, &r->steps[index / PUSCH_PARTS], &part);
}

static void conclude_pusch(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_receiver *r = arg;
	struct phy_ul_pusch_rx *d = &r->slot->pusch[index];
	const struct phy_pusch *p = &r->pusch[index];
	uint8_t *tb = r->tb + index * bits_octets(r->end.config.tb_bits);

	(void)worker;
	d->tb = p->sch.g > 0 ? bytes_of(tb, bits_octets(p->sch.a)) : BYTES_NONE;
	phy_pusch_conclude(&r->end.kern, &r->steps[index], tb, &d->result);
	if (d->result.ok || p->sch.g == 0)
		slot_harqs_done(r->harqs, r->places[index]);
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
		w->users[n++] = (struct phy_pucch_user){ .pucch = p,
			.uci = r->uci[r->end.config.shared + i].bits[0] };
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
	uint32_t ofdm, soft, decoded;

	r->slot = slot;
	if (!check(r, refusal))
		return false;
	slot_grids_begin(&r->end.grids, slot->time.slot, slot->symbols);
	r->end.grids.in = in;
	phy_tasks_init(&r->end.tasks, &r->end.config.workers);
	ofdm = phy_tasks_add(
		&r->end.tasks, slot_demodulate, &r->end.grids, slot_grids_tasks(&r->end.grids), 0);
	soft = phy_tasks_add(&r->end.tasks, demodulate_pusch, r, (unsigned)slot->pusch_n, ofdm);
	decoded = phy_tasks_add(&r->end.tasks, decode_pusch, r, (unsigned)slot->pusch_n * PUSCH_PARTS, soft);
	(void)phy_tasks_add(&r->end.tasks, conclude_pusch, r, (unsigned)slot->pusch_n, decoded);
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
