/* The UE's downlink: samples to what the slot was expected to hold. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/slot/end.h"
#include "radio/phy/slot/harqs.h"
#include "radio/phy/slot/slot_downlink.h"

/* What a worker works in. */
struct dl_worker {
	struct phy_pbch pbch;
	struct phy_ssb block[PHY_SSB_ANTENNAS_MAX];
	struct phy_pbch_burst bursts[PHY_PBCH_BURSTS_MAX];
	struct phy_pdcch_receiver *pdcch;
	struct phy_pdsch_receiver *pdsch;
	struct phy_csi_rs_work csi_rs;
};

struct phy_dl_receiver {
	struct slot_end end;
	struct phy_chest_filters *filters;
	struct slot_harqs *harqs;
	struct dl_worker workers[PHY_WORKERS_MAX];
	/* Of the slot at hand. */
	struct phy_dl_slot_rx *slot;
	struct phy_pdsch *pdsch;
	struct phy_csi_rs *csi_rs;
	int (*places)[PHY_CODEWORDS_MAX]; /* of soft buffers, of each PDSCH */
	uint8_t *tb;                      /* room of each codeword of each PDSCH */
	struct phy_cf *h;                 /* room of each CSI-RS and antenna */
};

enum {
	TAKEN_MAX = 4 * PHY_DL_FOUND_MAX,
	CSI_VALUES = PHY_CSI_RS_PORTS_MAX * PHY_PRB_MAX
}; /* of an antenna; those of 3 a block have one port */

void phy_dl_receiver_free(struct phy_dl_receiver *r)
{
	if (!r)
		return;
	for (unsigned w = 0; w < PHY_WORKERS_MAX; w++) {
		phy_pdcch_receiver_free(r->workers[w].pdcch);
		phy_pdsch_receiver_free(r->workers[w].pdsch);
	}
	phy_chest_filters_free(r->filters);
	slot_harqs_free(r->harqs);
	free(r->pdsch);
	free(r->csi_rs);
	free(r->places);
	free(r->tb);
	free(r->h);
	slot_end_free(r);
}

static bool make_workers(struct phy_dl_receiver *r)
{
	for (unsigned w = 0; w < slot_workers(&r->end.config); w++) {
		struct dl_worker *to = &r->workers[w];

		phy_pbch_init(&to->pbch);
		to->pdcch = phy_pdcch_receiver_new();
		to->pdsch = phy_pdsch_receiver_new(r->filters, r->end.config.antennas, r->end.config.layers);
		if (!to->pdcch || !to->pdsch || !phy_csi_rs_work_init(&to->csi_rs))
			return false;
	}
	return true;
}

static bool make(struct phy_dl_receiver *r)
{
	const struct phy_slot_config *c = &r->end.config;

	r->filters = phy_chest_filters_new();
	r->harqs = slot_harqs_new(c->harqs, c->tb_bits);
	r->pdsch = calloc(c->shared + 1u, sizeof(*r->pdsch));
	r->csi_rs = calloc(c->csi_rs + 1u, sizeof(*r->csi_rs));
	r->places = calloc(c->shared + 1u, sizeof(*r->places));
	r->tb = calloc(PHY_CODEWORDS_MAX * (c->shared + 1u), bits_octets(c->tb_bits));
	r->h = calloc((size_t)c->csi_rs * c->antennas + 1u, CSI_VALUES * sizeof(*r->h));
	return r->filters && r->harqs && r->pdsch && r->csi_rs && r->places && r->tb && r->h &&
	       make_workers(r);
}

struct phy_dl_receiver *phy_dl_receiver_new(const struct phy_slot_config *c)
{
	struct phy_dl_receiver *r = slot_end_new(sizeof(*r), c);

	if (!r || make(r))
		return r;
	phy_dl_receiver_free(r);
	return NULL;
}

static enum phy_slot_error check_ssb(
	const struct phy_dl_receiver *r, const struct phy_dl_ssb_rx *b, const char **why)
{
	const struct phy_pbch_payload expected = { .ssb_index = b->ssb_index };
	const struct phy_slot_carrier *c = &r->end.config.carrier;

	if (c->extended)
		return PHY_SLOT_NUMEROLOGY;
	if (!phy_pbch_legal(&expected, b->place.l_max, b->place.n_cell_id)) {
		*why = "index or cell identity that an SS/PBCH block cannot have";
		return PHY_SLOT_CHANNEL;
	}
	if (b->place.first_symbol + PHY_SSB_SYMBOLS > PHY_SYMBOLS_MAX ||
		b->place.first_sc + phy_ssb_width(b->place.punctured) > c->prbs * PHY_SC_PER_PRB)
		return PHY_SLOT_OUTSIDE;
	return PHY_SLOT_OK;
}

/* A soft buffer for each codeword, which count as processes of their own. */
static enum phy_slot_error check_harqs(struct phy_dl_receiver *r, unsigned i)
{
	const struct phy_dl_pdsch_rx *d = &r->slot->pdsch[i];

	if (d->harq_process >= PHY_DL_HARQS_MAX)
		return PHY_SLOT_HARQ;
	for (unsigned q = 0; q < r->pdsch[i].codewords; q++) {
		uint8_t process = (uint8_t)(d->harq_process + q * PHY_DL_HARQS_MAX);

		if (r->pdsch[i].sch[q].a > r->end.config.tb_bits)
			return PHY_SLOT_BLOCK;
		r->places[i][q] = slot_harqs_place(r->harqs, d->config.rnti, process);
		if (r->places[i][q] < 0)
			return PHY_SLOT_HARQ;
	}
	return PHY_SLOT_OK;
}

static enum phy_slot_error check_pdsch(struct phy_dl_receiver *r, unsigned i, const char **why)
{
	const struct phy_dl_pdsch_rx *d = &r->slot->pdsch[i];
	enum phy_slot_error e = slot_check_pdsch(&r->end, &r->pdsch[i], &d->config, why);

	if (e != PHY_SLOT_OK)
		return e;
	if (d->config.layers > r->end.config.layers)
		return PHY_SLOT_ANTENNA;
	e = check_harqs(r, i);
	return e == PHY_SLOT_OK ? slot_take_pdsch(&r->end.occupancy, &r->pdsch[i]) : e;
}

static enum phy_slot_error check_csi_rs(struct phy_dl_receiver *r, unsigned i, const char **why)
{
	enum phy_slot_error e = slot_check_csi_rs(&r->end, &r->csi_rs[i], &r->slot->csi_rs[i].config, why);

	return e == PHY_SLOT_OK ? slot_take_csi_rs(&r->end.occupancy, &r->csi_rs[i]) : e;
}

static bool check(struct phy_dl_receiver *r, struct phy_slot_refusal *f)
{
	const struct phy_dl_slot_rx *d = r->slot;
	const char *why = NULL;
	bool ok = true;

	slot_harqs_begin(r->harqs);
	if (!slot_end_begin(&r->end, &d->time, d->symbols, PHY_SLOT_SSB, f) ||
		!slot_fits(f, PHY_SLOT_PDSCH, d->pdsch_n, r->end.config.shared) ||
		!slot_fits(f, PHY_SLOT_CSI_RS, d->csi_rs_n, r->end.config.csi_rs))
		return false;
	for (unsigned i = 0; i < d->ssb_n && ok; i++)
		ok = slot_refuse(f, PHY_SLOT_SSB, i, check_ssb(r, &d->ssb[i], &why), &why);
	for (unsigned i = 0; i < d->pdcch_n && ok; i++) {
		const struct phy_pdcch_occasion *o = &d->pdcch[i].search.occasion;
		bool fits = phy_coreset_fits(o->coreset, &r->end.grids.grid[0], o->first_symbol);

		ok = slot_refuse(f, PHY_SLOT_PDCCH, i, fits ? PHY_SLOT_OK : PHY_SLOT_OUTSIDE, NULL);
	}
	for (unsigned i = 0; i < d->csi_rs_n && ok; i++)
		ok = slot_refuse(f, PHY_SLOT_CSI_RS, i, check_csi_rs(r, i, &why), &why);
	slot_occupancy_next(&r->end.occupancy);
	for (unsigned i = 0; i < d->pdsch_n && ok; i++)
		ok = slot_refuse(f, PHY_SLOT_PDSCH, i, check_pdsch(r, i, &why), &why);
	return ok;
}

/* The block as each antenna has it, and the LLRs of those that hold it to the first bursts; returns how many.
 */
static unsigned hear_ssb(
	const struct phy_dl_receiver *r, struct dl_worker *w, struct phy_dl_ssb_rx *b, unsigned i_bar)
{
	const struct phy_ssb *rx[PHY_SSB_ANTENNAS_MAX];
	struct phy_ssb_measure m[PHY_SSB_ANTENNAS_MAX];
	float *llr[PHY_SSB_ANTENNAS_MAX];
	unsigned mask, heard = 0;

	for (unsigned a = 0; a < r->end.config.antennas; a++) {
		w->block[a] = (struct phy_ssb){ 0 };
		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++)
			(void)bytes_copy(&w->block[a].re[l][b->place.punctured ? PHY_SSB_KEPT_AT : 0],
				phy_ssb_width(b->place.punctured) * sizeof(struct phy_cf),
				bytes_of(phy_grid_at(&r->end.grids.grid[a], b->place.first_symbol + l,
						 b->place.first_sc),
					phy_ssb_width(b->place.punctured) * sizeof(struct phy_cf)));
		rx[a] = &w->block[a];
		llr[a] = w->bursts[a].llr;
	}
	mask = phy_ssb_receive_array(rx, r->end.config.antennas, b->place.n_cell_id, i_bar, llr, m);
	for (unsigned a = 0; a < r->end.config.antennas; a++) {
		if (!(mask >> a & 1))
			continue;
		if (heard == 0 || m[a].power * b->measure.noise > b->measure.power * m[a].noise)
			b->measure = m[a];
		if (heard != a)
			w->bursts[heard] = w->bursts[a];
		w->bursts[heard++].half_frames_on = 0;
	}
	return heard;
}

/* All antennas' LLRs are decoded together. */
static void receive_ssb(void *arg, unsigned worker, unsigned index)
{
	struct phy_dl_receiver *r = arg;
	struct dl_worker *w = &r->workers[worker];
	struct phy_dl_ssb_rx *b = &r->slot->ssb[index];
	unsigned i_bar = phy_pbch_i_bar(b->place.l_max, b->ssb_index, b->half_frame);
	unsigned heard = hear_ssb(r, w, b, i_bar);

	b->ok = heard > 0 && phy_pbch_receive(&w->pbch, &r->end.kern, w->bursts, heard, b->place.l_max,
				     b->place.n_cell_id, i_bar, &b->payload);
}

/* One after the other: what one has found spares the next. */
static void receive_pdcchs(void *arg, unsigned worker, unsigned index)
{
	struct phy_dl_receiver *r = arg;

	for (size_t i = 0; i < r->slot->pdcch_n; i++) {
		struct phy_dl_pdcch_rx *d = &r->slot->pdcch[i];
		struct phy_pdcch_search s = d->search;
		struct phy_pdcch_found taken[TAKEN_MAX];

		s.occasion.slot = r->slot->time.slot;
		s.taken = taken;
		for (const struct phy_dl_pdcch_rx *o = d->after; o; o = o->after)
			for (unsigned k = 0; k < o->found_n && s.taken_n < TAKEN_MAX; k++)
				taken[s.taken_n++] = o->found[k];
		d->found_n = phy_pdcch_find(r->workers[worker].pdcch, &r->end.kern, &s, r->end.grids.grid,
			r->end.config.antennas, d->found, PHY_DL_FOUND_MAX);
	}
}

static void receive_pdsch(void *arg, unsigned worker, unsigned index)
{
	struct phy_dl_receiver *r = arg;
	struct phy_dl_pdsch_rx *d = &r->slot->pdsch[index];
	const struct phy_pdsch *p = &r->pdsch[index];
	struct phy_harq *harq[PHY_CODEWORDS_MAX];
	uint8_t *tb[PHY_CODEWORDS_MAX];

	for (unsigned q = 0; q < p->codewords; q++) {
		tb[q] = r->tb + (index * PHY_CODEWORDS_MAX + q) * bits_octets(r->end.config.tb_bits);
		d->tb[q] = bytes_of(tb[q], bits_octets(p->sch[q].a));
		harq[q] = slot_harqs_take(r->harqs, r->places[index][q], d->new_data[q]);
	}
	(void)phy_pdsch_receive(r->workers[worker].pdsch, &r->end.kern, p, r->slot->time.slot,
		r->end.grids.grid, r->end.config.antennas, harq, tb, &d->result);
	for (unsigned q = 0; q < p->codewords; q++) {
		if (d->result.sch[q].ok)
			slot_harqs_done(r->harqs, r->places[index][q]);
	}
}

static void receive_csi_rs(void *arg, unsigned worker, unsigned index)
{
	struct phy_dl_receiver *r = arg;
	struct phy_dl_csi_rs_rx *d = &r->slot->csi_rs[index];
	double scs_hz = 15000u << r->end.config.carrier.mu;

	for (unsigned a = 0; a < r->end.config.antennas; a++) {
		struct phy_cf *h = r->h + ((size_t)index * r->end.config.antennas + a) * CSI_VALUES;

		(void)phy_csi_rs_receive(&r->workers[worker].csi_rs, &r->end.kern, &r->csi_rs[index],
			r->slot->time.slot, &r->end.grids.grid[a], h);
		d->h[a] = h;
	}
	d->ok = phy_csi_measure(
		&d->measurement, &r->csi_rs[index], scs_hz, r->end.grids.grid, d->h, r->end.config.antennas);
}

bool phy_dl_receive(struct phy_dl_receiver *r, struct phy_dl_slot_rx *slot, const struct phy_cf *const *in,
	struct phy_slot_refusal *refusal)
{
	uint32_t ofdm = 0;

	r->slot = slot;
	if (!check(r, refusal))
		return false;
	phy_tasks_init(&r->end.tasks, &r->end.config.workers);
	if (in) {
		slot_grids_begin(&r->end.grids, slot->time.slot, slot->symbols);
		r->end.grids.in = in;
		ofdm = phy_tasks_add(
			&r->end.tasks, slot_demodulate, &r->end.grids, slot_grids_tasks(&r->end.grids), 0);
	}
	(void)phy_tasks_add(&r->end.tasks, receive_pdsch, r, (unsigned)slot->pdsch_n, ofdm);
	(void)phy_tasks_add(&r->end.tasks, receive_pdcchs, r, slot->pdcch_n > 0, ofdm);
	(void)phy_tasks_add(&r->end.tasks, receive_ssb, r, (unsigned)slot->ssb_n, ofdm);
	(void)phy_tasks_add(&r->end.tasks, receive_csi_rs, r, (unsigned)slot->csi_rs_n, ofdm);
	phy_tasks_run(&r->end.tasks);
	return true;
}
