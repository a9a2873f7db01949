/* The gNB's downlink: a described slot to samples. */
#include <math.h>
#include <stdlib.h>

#include "radio/phy/channels/ssb.h"
#include "radio/phy/codes/bits.h"
#include "radio/phy/slot/end.h"
#include "radio/phy/slot/slot_downlink.h"

struct phy_dl_sender {
	struct slot_end end;
	struct phy_pbch pbch;
	struct phy_polar_cache *codes;
	struct phy_csi_rs_work csi_rs_work;
	struct phy_pdsch_send_work *work[PHY_WORKERS_MAX];
	struct phy_pdsch_sending *sendings[UINT8_MAX]; /* of each PDSCH */
	/* Of the slot at hand. */
	const struct phy_dl_slot *slot;
	struct phy_ssb block; /* scratch of the one task that sends control */
	struct phy_pdsch *pdsch;
	struct phy_csi_rs *csi_rs;
};

void phy_dl_sender_free(struct phy_dl_sender *s)
{
	if (!s)
		return;
	phy_polar_cache_free(s->codes);
	for (unsigned w = 0; w < PHY_WORKERS_MAX; w++)
		phy_pdsch_send_work_free(s->work[w]);
	for (unsigned i = 0; i < s->end.config.shared; i++)
		phy_pdsch_sending_free(s->sendings[i]);
	free(s->pdsch);
	free(s->csi_rs);
	slot_end_free(s);
}

static bool make(struct phy_dl_sender *s)
{
	const struct phy_slot_config *c = &s->end.config;
	bool ok;

	phy_pbch_init(&s->pbch);
	s->codes = phy_polar_cache_new();
	s->pdsch = calloc(c->shared + 1u, sizeof(*s->pdsch));
	s->csi_rs = calloc(c->csi_rs + 1u, sizeof(*s->csi_rs));
	ok = s->codes && s->pdsch && s->csi_rs && phy_csi_rs_work_init(&s->csi_rs_work);
	for (unsigned w = 0; w < slot_workers(c); w++) {
		s->work[w] = phy_pdsch_send_work_new();
		ok = ok && s->work[w];
	}
	for (unsigned i = 0; i < c->shared; i++) {
		s->sendings[i] = phy_pdsch_sending_new();
		ok = ok && s->sendings[i];
	}
	return ok;
}

struct phy_dl_sender *phy_dl_sender_new(const struct phy_slot_config *c)
{
	struct phy_dl_sender *s = slot_end_new(sizeof(*s), c);

	if (!s || make(s))
		return s;
	phy_dl_sender_free(s);
	return NULL;
}

static enum phy_slot_error check_ssb(struct phy_dl_sender *s, const struct phy_dl_ssb *b, const char **why)
{
	if (b->antenna >= s->end.config.antennas)
		return PHY_SLOT_ANTENNA;
	if (s->end.config.carrier.extended)
		return PHY_SLOT_NUMEROLOGY;
	if (!isfinite(b->amplitude) || !isfinite(b->pss_gain) ||
		!phy_pbch_legal(&b->payload, b->place.l_max, b->place.n_cell_id)) {
		*why = "payload, amplitude or cell identity that an SS/PBCH block cannot have";
		return PHY_SLOT_CHANNEL;
	}
	return slot_take_ssb(&s->end.occupancy, b->place.first_symbol, b->place.first_sc,
		phy_ssb_width(b->place.punctured));
}

static enum phy_slot_error check_pdcch(
	struct phy_dl_sender *s, const struct phy_dl_pdcch *d, const char **why)
{
	const struct phy_coreset *c = d->occasion.coreset;
	uint16_t rb[PHY_PDCCH_RBS];

	if (d->antenna >= s->end.config.antennas)
		return PHY_SLOT_ANTENNA;
	if (!phy_coreset_fits(c, &s->end.grids.grid[0], d->occasion.first_symbol))
		return PHY_SLOT_OUTSIDE;
	if (!isfinite(d->amplitude) || phy_coreset_blocks(c, d->at.cce, d->at.al, rb) == 0 ||
		!phy_pdcch_codable(s->codes, d->bits, d->at.al)) {
		*why = "no such candidate in the CORESET, or no code for so many bits";
		return PHY_SLOT_CHANNEL;
	}
	return slot_take_pdcch(&s->end.occupancy, &d->occasion, d->at);
}

/* Have all ports an antenna? */
static bool antennas_fit(
	const struct phy_dl_sender *s, const struct phy_dl_pdsch *d, const struct phy_pdsch *p)
{
	unsigned ports = d->config.layers;

	for (unsigned i = 0; d->precoders && i < phy_pdsch_prgs(p); i++) {
		const struct phy_precoding *w = &d->precoders[i];

		if (w->layers != d->config.layers || w->ports < 1 || w->ports != d->precoders->ports)
			return false;
		ports = w->ports;
	}
	return d->antenna + ports <= s->end.config.antennas;
}

static enum phy_slot_error check_pdsch(
	struct phy_dl_sender *s, const struct phy_dl_pdsch *d, struct phy_pdsch *plan, const char **why)
{
	enum phy_slot_error e = slot_check_pdsch(&s->end, plan, &d->config, why);

	if (e != PHY_SLOT_OK)
		return e;
	if (!antennas_fit(s, d, plan))
		return PHY_SLOT_ANTENNA;
	for (unsigned q = 0; q < plan->codewords; q++) {
		if (plan->sch[q].a > s->end.config.tb_bits || d->tb[q].len != bits_octets(plan->sch[q].a))
			return PHY_SLOT_BLOCK;
	}
	return slot_take_pdsch(&s->end.occupancy, plan);
}

static enum phy_slot_error check_csi_rs(
	struct phy_dl_sender *s, const struct phy_dl_csi_rs *d, struct phy_csi_rs *plan, const char **why)
{
	enum phy_slot_error e = slot_check_csi_rs(&s->end, plan, &d->config, why);

	if (e != PHY_SLOT_OK)
		return e;
	return plan->ports > s->end.config.antennas ? PHY_SLOT_ANTENNA
						    : slot_take_csi_rs(&s->end.occupancy, plan);
}

/* Lays out all of the slot; nothing that is sent changes. */
static bool check(struct phy_dl_sender *s, const struct phy_dl_slot *d, struct phy_slot_refusal *r)
{
	const char *why = NULL;
	bool ok = true;

	if (!slot_end_begin(&s->end, &d->time, d->symbols, PHY_SLOT_SSB, r) ||
		!slot_fits(r, PHY_SLOT_PDSCH, d->pdsch_n, s->end.config.shared) ||
		!slot_fits(r, PHY_SLOT_CSI_RS, d->csi_rs_n, s->end.config.csi_rs))
		return false;
	for (unsigned i = 0; i < d->ssb_n && ok; i++)
		ok = slot_refuse(r, PHY_SLOT_SSB, i, check_ssb(s, &d->ssb[i], &why), &why);
	slot_occupancy_next(&s->end.occupancy);
	for (unsigned i = 0; i < d->pdcch_n && ok; i++)
		ok = slot_refuse(r, PHY_SLOT_PDCCH, i, check_pdcch(s, &d->pdcch[i], &why), &why);
	slot_occupancy_next(&s->end.occupancy);
	for (unsigned i = 0; i < d->csi_rs_n && ok; i++)
		ok = slot_refuse(
			r, PHY_SLOT_CSI_RS, i, check_csi_rs(s, &d->csi_rs[i], &s->csi_rs[i], &why), &why);
	slot_occupancy_next(&s->end.occupancy);
	for (unsigned i = 0; i < d->pdsch_n && ok; i++)
		ok = slot_refuse(
			r, PHY_SLOT_PDSCH, i, check_pdsch(s, &d->pdsch[i], &s->pdsch[i], &why), &why);
	return ok;
}

static void send_ssb(struct phy_dl_sender *s, const struct phy_dl_ssb *b)
{
	const struct phy_grid *g = &s->end.grids.grid[b->antenna];

	(void)phy_ssb_transmit(
		&s->pbch, &s->block, &b->payload, b->place.l_max, b->place.n_cell_id, b->pss_gain);
	for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++)
		s->end.kern.cf_scale(&phy_grid_at(g, b->place.first_symbol + l, b->place.first_sc)->re,
			&s->block.re[l][b->place.punctured ? PHY_SSB_KEPT_AT : 0].re,
			phy_ssb_width(b->place.punctured), b->amplitude, 0);
}

/* What is small: all but PDSCH. */
static void send_control(void *arg, unsigned worker, unsigned index)
{
	struct phy_dl_sender *s = arg;
	const struct phy_dl_slot *d = s->slot;

	(void)worker;
	(void)index;
	for (size_t i = 0; i < d->ssb_n; i++)
		send_ssb(s, &d->ssb[i]);
	for (size_t i = 0; i < d->pdcch_n; i++) {
		const struct phy_dl_pdcch *p = &d->pdcch[i];
		struct phy_pdcch_occasion at = p->occasion;
		struct phy_pdcch_output to = { .amplitude = p->amplitude,
			.ports = &s->end.grids.grid[p->antenna] };

		at.slot = d->time.slot;
		(void)phy_pdcch_transmit(s->codes, &at, p->at, p->rnti, p->dci, p->bits, &to);
	}
	for (size_t i = 0; i < d->csi_rs_n; i++)
		(void)phy_csi_rs_send(&s->csi_rs_work, &s->end.kern, &s->csi_rs[i], d->time.slot,
			d->csi_rs[i].amplitude, s->end.grids.grid);
}

/* A codeword of one of them. */
static void encode_pdsch(void *arg, unsigned worker, unsigned index)
{
	struct phy_dl_sender *s = arg;
	unsigned i = index / PHY_CODEWORDS_MAX, q = index % PHY_CODEWORDS_MAX;

	(void)phy_pdsch_encode(
		s->sendings[i], s->work[worker], &s->end.kern, q, s->slot->pdsch[i].tb[q].data);
}

/* A symbol of one of them. */
static void send_pdsch(void *arg, unsigned worker, unsigned index)
{
	struct phy_dl_sender *s = arg;

	phy_pdsch_send_symbol(
		s->sendings[index / PHY_SYMBOLS_MAX], s->work[worker], &s->end.kern, index % PHY_SYMBOLS_MAX);
}

static uint32_t add_pdsch(struct phy_dl_sender *s)
{
	unsigned n = (unsigned)s->slot->pdsch_n;
	uint32_t encoded;

	for (unsigned i = 0; i < n; i++) {
		const struct phy_dl_pdsch *d = &s->slot->pdsch[i];
		const struct phy_pdsch_output what = { &s->pdsch[i], s->slot->time.slot, d->precoders,
			&s->end.grids.grid[d->antenna] };

		(void)phy_pdsch_send_begin(s->sendings[i], &what);
	}
	encoded = phy_tasks_add(&s->end.tasks, encode_pdsch, s, n * PHY_CODEWORDS_MAX, 0);
	return phy_tasks_add(&s->end.tasks, send_pdsch, s, n * PHY_SYMBOLS_MAX, encoded);
}

bool phy_dl_send(struct phy_dl_sender *s, const struct phy_dl_slot *slot, struct phy_cf *const *out,
	struct phy_slot_refusal *refusal)
{
	uint32_t shared, control;

	if (!check(s, slot, refusal))
		return false;
	s->slot = slot;
	slot_grids_begin(&s->end.grids, slot->time.slot, slot->symbols);
	s->end.grids.out = out;
	phy_tasks_init(&s->end.tasks, &s->end.config.workers);
	shared = add_pdsch(s);
	control = phy_tasks_add(&s->end.tasks, send_control, s, 1, 0);
	(void)phy_tasks_add(&s->end.tasks, slot_modulate, &s->end.grids, slot_grids_tasks(&s->end.grids),
		shared | control);
	phy_tasks_run(&s->end.tasks);
	return true;
}
