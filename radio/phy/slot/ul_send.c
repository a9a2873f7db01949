/* The UE's uplink: a described slot to samples. */
#include <math.h>
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/slot/ul_parts.h"

struct phy_ul_sender {
	struct phy_slot_config config;
	struct kern kern;
	struct slot_grids grids;
	struct slot_occupancy occupancy;
	struct phy_tasks tasks;
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
	slot_grids_fini(&s->grids);
	phy_dfts_free(s->dfts);
	phy_pucch_work_free(s->pucch_work);
	phy_pucch_tables_free(s->tables);
	for (unsigned w = 0; w < PHY_WORKERS_MAX; w++)
		phy_pusch_sender_free(s->senders[w]);
	ul_preamble_free(s->preamble);
	free(s->pusch);
	free(s->pucch);
	free(s->srs);
	free(s);
}

static bool make(struct phy_ul_sender *s)
{
	const struct phy_slot_config *c = &s->config;
	bool ok;

	s->dfts = phy_dfts_new();
	s->tables = phy_pucch_tables_new();
	ok = slot_grids_init(&s->grids, c, &s->kern);
	s->pucch_work = s->tables ? phy_pucch_work_new(s->tables) : NULL;
	s->pusch = calloc(c->shared + 1u, sizeof(*s->pusch));
	s->pucch = calloc(c->pucch + 1u, sizeof(*s->pucch));
	s->srs = calloc(c->srs + 1u, sizeof(*s->srs));
	ok = ok && s->dfts && s->pucch_work && s->pusch && s->pucch && s->srs;
	for (unsigned w = 0; ok && w < slot_workers(c); w++) {
		s->senders[w] = phy_pusch_sender_new(s->dfts);
		ok = s->senders[w];
	}
	if (ok && c->prach > 0)
		s->preamble = ul_preamble_new(c, &s->kern);
	return ok && (c->prach == 0 || s->preamble);
}

struct phy_ul_sender *phy_ul_sender_new(const struct phy_slot_config *c)
{
	struct phy_ul_sender *s;

	if (!slot_config_legal(c))
		return NULL;
	s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->config = *c;
	(void)kern_init(&s->kern, c->kern_level);
	if (make(s))
		return s;
	phy_ul_sender_free(s);
	return NULL;
}

static enum phy_slot_error check_pusch(struct phy_ul_sender *s, unsigned i, const char **why)
{
	const struct phy_ul_pusch *d = &s->slot->pusch[i];
	struct phy_pusch *plan = &s->pusch[i];
	enum phy_slot_error e = slot_check_pusch(plan, &d->config, &s->config, why);

	if (e != PHY_SLOT_OK)
		return e;
	if (plan->precoding.ports > s->config.antennas)
		return PHY_SLOT_ANTENNA;
	if (plan->sch.g > 0 && d->tb.len != bits_octets(plan->sch.a))
		return PHY_SLOT_BLOCK;
	for (unsigned u = 0; u < PHY_PUSCH_UCI_PARTS; u++) {
		if (plan->uci.used && plan->uci.code[u].e > 0 && !d->uci[u])
			return PHY_SLOT_BLOCK;
	}
	return slot_take_pusch(&s->occupancy, plan, s->slot->time.slot);
}

static bool check_control(struct phy_ul_sender *s, struct phy_slot_refusal *r)
{
	const struct phy_ul_slot *d = s->slot;
	const char *why = NULL;
	bool ok = true;

	for (unsigned i = 0; i < d->pucch_n && ok; i++) {
		enum phy_slot_error e = slot_check_pucch(&s->pucch[i], &d->pucch[i].config, &s->config, &why);

		if (e == PHY_SLOT_OK && d->pucch[i].config.bits > 0 && !d->pucch[i].uci)
			e = PHY_SLOT_BLOCK;
		ok = slot_refuse(
			r, PHY_SLOT_PUCCH, i, e ? e : slot_take_pucch(&s->occupancy, &s->pucch[i]), &why);
	}
	slot_occupancy_next(&s->occupancy);
	for (unsigned i = 0; i < d->srs_n && ok; i++) {
		enum phy_slot_error e = slot_check_srs(&s->srs[i], &d->srs[i], &s->config, &d->time, &why);

		if (e == PHY_SLOT_OK && s->srs[i].config.ports > s->config.antennas)
			e = PHY_SLOT_ANTENNA;
		ok = slot_refuse(
			r, PHY_SLOT_SRS, i, e ? e : slot_take_srs(&s->occupancy, &s->srs[i], &d->time), &why);
	}
	return ok;
}

static bool check(struct phy_ul_sender *s, struct phy_slot_refusal *r)
{
	const struct phy_ul_slot *d = s->slot;
	const char *why = NULL;
	bool ok = true;

	slot_occupancy_init(&s->occupancy, &s->config.carrier, d->symbols);
	if (!slot_time_legal(&s->config.carrier, &d->time))
		return slot_refuse(r, PHY_SLOT_PUSCH, 0, PHY_SLOT_TIME, NULL);
	if (d->pusch_n > s->config.shared)
		return slot_refuse(r, PHY_SLOT_PUSCH, s->config.shared, PHY_SLOT_TOO_MANY, NULL);
	if (d->pucch_n > s->config.pucch)
		return slot_refuse(r, PHY_SLOT_PUCCH, s->config.pucch, PHY_SLOT_TOO_MANY, NULL);
	if (d->srs_n > s->config.srs)
		return slot_refuse(r, PHY_SLOT_SRS, s->config.srs, PHY_SLOT_TOO_MANY, NULL);
	for (unsigned i = 0; i < d->pusch_n && ok; i++)
		ok = slot_refuse(r, PHY_SLOT_PUSCH, i, check_pusch(s, i, &why), &why);
	slot_occupancy_next(&s->occupancy);
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

	(void)phy_pusch_send_uci(s->senders[worker], &s->kern, &s->pusch[index], s->slot->time.slot,
		d->tb.data, d->uci, s->grids.grid);
}

static void send_control(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_sender *s = arg;
	const struct phy_ul_slot *d = s->slot;

	(void)worker;
	(void)index;
	for (size_t i = 0; i < d->pucch_n; i++)
		(void)phy_pucch_send(s->pucch_work, &s->kern, &s->pucch[i], d->time.slot, d->pucch[i].uci,
			d->pucch[i].sr, &s->grids.grid[0]);
	for (size_t i = 0; i < d->srs_n; i++)
		(void)phy_srs_send(&s->srs[i], d->time.sfn, d->time.slot, s->grids.grid);
}

static void add_preamble(void *arg, unsigned worker, unsigned index)
{
	struct phy_ul_sender *s = arg;

	(void)worker;
	(void)index;
	ul_preamble_add(s->preamble, &s->slot->time, s->grids.out[0],
		phy_slot_samples(&s->config.carrier, s->slot->time.slot));
}

bool phy_ul_send(struct phy_ul_sender *s, const struct phy_ul_slot *slot, struct phy_cf *const *out,
	struct phy_slot_refusal *refusal)
{
	uint32_t shared, control, ofdm;

	s->slot = slot;
	if (!check(s, refusal))
		return false;
	slot_grids_begin(&s->grids, slot->time.slot, slot->symbols);
	s->grids.out = out;
	phy_tasks_init(&s->tasks, &s->config.workers);
	shared = phy_tasks_add(&s->tasks, send_pusch, s, (unsigned)slot->pusch_n, 0);
	control = phy_tasks_add(&s->tasks, send_control, s, 1, 0);
	ofdm = phy_tasks_add(
		&s->tasks, slot_modulate, &s->grids, slot_grids_tasks(&s->grids), shared | control);
	(void)phy_tasks_add(&s->tasks, add_preamble, s, s->preamble != NULL, ofdm);
	phy_tasks_run(&s->tasks);
	return true;
}
