#include "radio/phy/search/follow.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/search/ssb_bursts.h"

/* So much of what a block shows timing to be off is taken, and so much goes into the drift of the clock: a
 * loop of second order that is at rest after some twenty blocks. Frequency is the mean of the first, later of
 * as many. */
static const double TRACK = 0.3, DRIFT = 0.05, FREQUENCY = 0.15;

/* What a recording's clock may be off: more is a cell that plays with its timing. */
static const double CLOCK_MAX = 1e-3;

static const double PERIOD_S = PHY_SSB_PERIOD_MS / 1e3;

struct phy_follow {
	double rate_hz;
	struct phy_scan_cell found;
	struct phy_cell cell;  /* as it is now: the next block, were it sent */
	struct phy_cell heard; /* the last that was */
	double period;         /* samples from block to block */
	unsigned blocks;       /* that were heard */
	struct phy_pbch pbch;
	struct phy_sib1_reader *reader;
	struct phy_bursts bursts;
};

struct phy_follow *phy_follow_new(const struct phy_scan_cell *found, double rate_hz)
{
	struct phy_follow *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->rate_hz = rate_hz;
	f->found = *found;
	f->cell = f->heard = found->cell;
	f->period = PERIOD_S * rate_hz;
	phy_pbch_init(&f->pbch);
	f->reader = phy_sib1_reader_new();
	if (f->reader && phy_bursts_init(&f->bursts, rate_hz, found->cell.scs_hz)) {
		f->bursts.punctured = found->cell.punctured;
		return f;
	}
	phy_sib1_reader_free(f->reader);
	free(f);
	return NULL;
}

void phy_follow_free(struct phy_follow *f)
{
	if (!f)
		return;
	phy_bursts_fini(&f->bursts);
	phy_sib1_reader_free(f->reader);
	free(f);
}

/* From two symbols before the block to two behind it. */
void phy_follow_next(const struct phy_follow *f, uint64_t *first, size_t *count)
{
	double symbol = f->rate_hz / f->cell.scs_hz, at = f->cell.start - 2 * symbol;

	*first = at > 0 ? (uint64_t)at : 0;
	*count = (size_t)(f->cell.start + (2 * PHY_SSB_SYMBOLS + 2) * symbol - (double)*first);
}

static double cfo_of(const struct phy_follow *f, const struct phy_cell *c)
{
	return f->found.carrier.cfo_hz + c->frequency_hz - f->found.cell.frequency_hz;
}

/* Receives the block that should begin at f->cell.start; false if it was not decoded. */
static bool receive(struct phy_follow *f, const struct kern *k, const struct phy_recording *in,
	struct phy_pbch_payload *payload)
{
	const struct phy_cell *c = &f->cell;
	unsigned i_bar = phy_pbch_i_bar(c->l_max, c->payload.ssb_index, c->payload.half_frame);
	struct phy_burst *b = &f->bursts.burst[0];
	struct phy_pbch_burst coded = { .half_frames_on = 0 };

	phy_bursts_take(&f->bursts, k, in, c->frequency_hz);
	return phy_ssb_receive(&b->re, c->n_cell_id, i_bar, coded.llr, &b->measure) &&
	       phy_pbch_receive(&f->pbch, k, &coded, 1, c->l_max, c->n_cell_id, i_bar, payload) &&
	       payload->ssb_index == c->payload.ssb_index && payload->half_frame == c->payload.half_frame;
}

/* What a block that was decoded shows of timing and frequency. */
static void track(
	struct phy_follow *f, const struct kern *k, const struct phy_recording *in, struct phy_followed *out)
{
	struct phy_cell *c = &f->cell;
	const struct phy_bursts_sent sent = { &f->pbch, &c->payload, c->l_max, c->n_cell_id, c->punctured,
		1 };
	struct phy_bursts_verdict v;
	double late, nominal = PERIOD_S * f->rate_hz;

	phy_bursts_judge(&f->bursts, k, &sent, &v);
	late = phy_bursts_delay(&f->bursts, k, &sent) * in->rate_hz / (PHY_BURST_FFT * c->scs_hz);
	out->snr_db = (float)(10 * log10(v.power / v.noise));
	if (!(fabs(v.offset_hz) <= c->scs_hz && fabs(late) <= in->rate_hz / c->scs_hz)) /* or no numbers */
		return;
	c->frequency_hz += fmax(FREQUENCY, 1.0 / (1 + ++f->blocks)) * v.offset_hz;
	c->start += TRACK * late;
	f->period = fmax(1 - CLOCK_MAX, fmin(1 + CLOCK_MAX, (f->period + DRIFT * late) / nominal)) * nominal;
}

void phy_follow_block(struct phy_follow *f, const struct kern *k, const struct phy_recording *in,
	uint64_t first, struct phy_followed *out)
{
	struct phy_pbch_payload payload = f->cell.payload;

	*out = (struct phy_followed){ 0 };
	f->bursts.count = 1;
	f->bursts.burst[0].start = f->cell.start - (double)first;
	f->bursts.burst[0].period = 0;
	out->heard = receive(f, k, in, &payload);
	if (out->heard) {
		out->jumped = payload.sfn != f->cell.payload.sfn;
		f->cell.payload = payload;
		track(f, k, in, out);
		f->heard = f->cell;
	}
	out->start = f->cell.start;
	out->frequency_hz = f->cell.frequency_hz;
	out->cfo_hz = cfo_of(f, &f->cell);
	out->clock_ppm = (f->period / (PERIOD_S * f->rate_hz) - 1) * 1e6;
	out->sfn = f->cell.payload.sfn;
	f->cell.start += f->period;
	f->cell.payload.sfn = (uint16_t)((f->cell.payload.sfn + PHY_SSB_PERIOD_MS / 10) % 1024);
}

enum phy_sib1_outcome phy_follow_sib1(struct phy_follow *f, const struct kern *k,
	const struct phy_recording *in, uint64_t first, struct phy_sib1 *sib1)
{
	struct phy_cell cell = f->heard;
	struct phy_carrier carrier = f->found.carrier;
	const struct phy_sib1_place place = { &cell, &f->found.mib, &carrier, f->found.pattern,
		f->found.band };

	cell.start -= (double)first;
	carrier.cfo_hz = cfo_of(f, &cell);
	return phy_sib1_read(f->reader, k, in, &place, sib1);
}
