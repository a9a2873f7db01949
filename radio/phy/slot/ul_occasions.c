/* A gNB's PRACH occasions: recorded as long as any is under way, detected when one is over. */
#include <stdlib.h>

#include "radio/phy/slot/ul_parts.h"

struct occasion {
	struct slot_time began;
	struct phy_ul_prach_place place;
	struct phy_prach_place at; /* in the recording */
	size_t end;
};

/* What a worker works in. */
struct prach_worker {
	struct phy_prach_signal *signal;
	struct phy_prach_detector *detector;
	struct phy_prach_received received;
};

struct ul_occasions {
	const struct kern *kern;
	struct phy_slot_carrier carrier;
	unsigned antennas, max, workers_n;
	struct phy_prach plan;
	unsigned prbs; /* of an occasion */
	struct prach_worker *workers;
	struct phy_cf *record[PHY_SLOT_ANTENNAS_MAX];
	size_t recorded, record_max;
	struct slot_time last; /* recorded */
	unsigned n;            /* under way; those that end with this slot first */
	struct occasion *under_way, *checked;
	unsigned ending;
	struct phy_ul_rach *rach;
	/* Of the slot at hand. */
	const struct phy_cf *const *in;
	size_t in_n;
};

void ul_occasions_free(struct ul_occasions *o)
{
	if (!o)
		return;
	for (unsigned w = 0; o->workers && w < o->workers_n; w++) {
		phy_prach_signal_free(o->workers[w].signal);
		phy_prach_detector_free(o->workers[w].detector);
	}
	for (unsigned a = 0; a < o->antennas; a++)
		free(o->record[a]);
	free(o->workers);
	free(o->under_way);
	free(o->checked);
	free(o->rach);
	free(o);
}

/* Room for a preamble that begins while another is under way. */
static bool make(struct ul_occasions *o)
{
	o->record_max = 2 * slot_prach_samples(&o->plan, &o->carrier) + 2 * phy_slot_samples(&o->carrier, 0);
	o->workers = calloc(o->workers_n, sizeof(*o->workers));
	o->under_way = calloc(o->max, sizeof(*o->under_way));
	o->checked = calloc(o->max, sizeof(*o->checked));
	o->rach = calloc(o->max, sizeof(*o->rach));
	if (!o->workers || !o->under_way || !o->checked || !o->rach)
		return false;
	for (unsigned w = 0; w < o->workers_n; w++) {
		o->workers[w].signal = phy_prach_signal_new(&o->plan, o->carrier.mu, o->carrier.fft_size);
		o->workers[w].detector = phy_prach_detector_new(&o->plan);
		if (!o->workers[w].signal || !o->workers[w].detector)
			return false;
	}
	for (unsigned a = 0; a < o->antennas; a++) {
		o->record[a] = calloc(o->record_max, sizeof(*o->record[a]));
		if (!o->record[a])
			return false;
	}
	return true;
}

struct ul_occasions *ul_occasions_new(const struct phy_slot_config *c, const struct kern *k)
{
	struct ul_occasions *o = calloc(1, sizeof(*o));
	unsigned k_bar;

	if (!o)
		return NULL;
	o->kern = k;
	o->carrier = c->carrier;
	o->antennas = c->antennas;
	o->max = c->prach;
	o->workers_n = slot_workers(c);
	if (phy_prach_init(&o->plan, &c->preambles) == PHY_PRACH_OK &&
		phy_prach_blocks(&o->plan, c->carrier.mu, &o->prbs, &k_bar) && make(o))
		return o;
	ul_occasions_free(o);
	return NULL;
}

/* The REs of an occasion in a slot that begins `recorded` samples after the recording. */
static enum phy_slot_error take(const struct ul_occasions *o, struct slot_occupancy *occupancy,
	const struct occasion *at, unsigned slot, size_t recorded)
{
	const struct phy_ofdm ofdm = { .config = slot_ofdm(&o->carrier),
		.symbols = slot_symbols(&o->carrier) };
	enum phy_slot_error e = PHY_SLOT_OK;

	for (unsigned l = 0; l < ofdm.symbols && e == PHY_SLOT_OK; l++) {
		double begin = (double)(recorded + phy_ofdm_symbol_at(&ofdm, slot, l));
		double end = (double)(recorded + phy_ofdm_symbol_at(&ofdm, slot, l + 1));

		/* a sample's fraction is no overlap */
		if (at->at.start < end - 1 && begin < (double)at->end - 2)
			e = slot_take(occupancy, l, o->carrier.first_crb + at->place.first_prb, o->prbs,
				PHY_RE_ALL, false);
	}
	return e;
}

/* How many go on in this slot: none when the one before it is missing. */
static unsigned going_on(const struct ul_occasions *o, const struct slot_time *now)
{
	return o->n > 0 && slot_time_follows(&o->last, now) ? o->n : 0;
}

enum phy_slot_error ul_occasions_check(struct ul_occasions *o, const struct phy_ul_slot_rx *slot,
	struct slot_occupancy *occupancy, unsigned *index, const char **why)
{
	enum phy_slot_error e = PHY_SLOT_OK;
	unsigned n = going_on(o, &slot->time);
	size_t recorded = n > 0 ? o->recorded : 0;

	*index = 0;
	if (slot->prach_n > o->max - n)
		return PHY_SLOT_TOO_MANY;
	for (unsigned i = 0; i < n && e == PHY_SLOT_OK; i++)
		e = take(o, occupancy, &o->under_way[i], slot->time.slot, recorded);
	for (unsigned i = 0; i < slot->prach_n && e == PHY_SLOT_OK; i++) {
		struct occasion *to = &o->checked[i];

		*index = i;
		*to = (struct occasion){ .began = slot->time, .place = slot->prach[i] };
		e = slot_prach_place(&to->at, &o->plan, &o->carrier, &slot->time, &slot->prach[i], why);
		if (e != PHY_SLOT_OK)
			break;
		to->at.start += (double)recorded;
		to->end = phy_prach_samples(&o->plan, &to->at);
		e = to->end > o->record_max - phy_slot_samples(&o->carrier, 0)
			    ? PHY_SLOT_TOO_MANY
			    : take(o, occupancy, to, slot->time.slot, recorded);
	}
	return e;
}

/* Those that end within what is recorded with this slot come first. */
static void sort_ending(struct ul_occasions *o, size_t recorded)
{
	o->ending = 0;
	for (unsigned i = 0; i < o->n; i++) {
		struct occasion it = o->under_way[i];

		if (it.end > recorded)
			continue;
		o->under_way[i] = o->under_way[o->ending];
		o->under_way[o->ending++] = it;
	}
}

void ul_occasions_begin(
	struct ul_occasions *o, const struct phy_ul_slot_rx *slot, const struct phy_cf *const *in)
{
	o->n = going_on(o, &slot->time);
	if (o->n == 0)
		o->recorded = 0;
	o->last = slot->time;
	for (unsigned i = 0; i < slot->prach_n; i++)
		o->under_way[o->n++] = o->checked[i];
	o->in = in;
	o->in_n = phy_slot_samples(&o->carrier, slot->time.slot);
	sort_ending(o, o->recorded + o->in_n);
}

unsigned ul_occasions_records(const struct ul_occasions *o)
{
	return o->n > 0 ? o->antennas : 0;
}

unsigned ul_occasions_ending(const struct ul_occasions *o)
{
	return o->ending;
}

void ul_occasions_record(void *arg, unsigned worker, unsigned index)
{
	struct ul_occasions *o = arg;

	(void)worker;
	(void)bytes_copy(o->record[index] + o->recorded,
		(o->record_max - o->recorded) * sizeof(struct phy_cf),
		bytes_of(o->in[index], o->in_n * sizeof(struct phy_cf)));
}

void ul_occasions_detect(void *arg, unsigned worker, unsigned index)
{
	struct ul_occasions *o = arg;
	struct prach_worker *w = &o->workers[worker];
	const struct occasion *it = &o->under_way[index];
	struct phy_ul_rach *rach = &o->rach[index];

	rach->began = it->began;
	rach->place = it->place;
	rach->found_n = 0;
	if (phy_prach_receive(w->signal, o->kern, &it->at, (const struct phy_cf *const *)o->record,
		    o->antennas, &w->received))
		rach->found_n = phy_prach_detect(w->detector, o->kern, &w->received, rach->found);
}

const struct phy_ul_rach *ul_occasions_end(struct ul_occasions *o, size_t *n)
{
	*n = o->ending;
	o->recorded += o->in_n;
	o->n -= o->ending;
	for (unsigned i = 0; i < o->n; i++)
		o->under_way[i] = o->under_way[o->ending + i];
	o->ending = 0;
	return o->rach;
}
