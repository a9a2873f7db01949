#include "ue/phy/stream.h"

#include <math.h>
#include <stdlib.h>

enum {
	TC_HZ_PER_KHZ = 480 * 4096, /* T_c of 38.211 4.1 in a millisecond */
	N_TA_OFFSET = 25600,        /* 38.133 Table 7.1.2-2, frequency range 1 without LTE beside it */
	FRAME_MS = 10,
	RING_SLOTS = 8, /* of uplink samples made and not sent */
	EARLY_PART = 4, /* the window begins so much of a prefix early: paths may come before the strongest */
	SSB_FFT = 240,  /* what the measured delay counts in */
	ROTATE_CHUNK = 4096,
};

struct ue_stream {
	struct ue_stream_config config;
	struct ue_stream_upper upper;
	struct kern kern;
	struct phy_cf *search; /* samples that are looked at, then a slot's */
	size_t search_samples, have;
	size_t pause;      /* the first of them that are not looked at */
	uint64_t position; /* of the sample that comes next */
	/* Of the cell. */
	bool tracking, given_up;
	struct ue_found found;
	struct ue_phy *ue;
	struct phy_dl_receiver *receiver;
	struct phy_ul_sender *sender;
	double origin;       /* the sample with which SFN 0 began, or would have */
	double cfo_hz, turn; /* turn: of the oscillator at the next sample, in turns */
	double up_turn;
	float snr_db;
	uint32_t advance_tc;
	uint64_t slot; /* the next to be received, counted from origin */
	size_t slot_samples, early;
	unsigned slots_ahead;
	struct phy_cf *down, *up, *ring;
	size_t ring_samples;
	struct phy_dl_ssb_rx ssb;
};

struct ue_stream *ue_stream_new(const struct ue_stream_config *c, const struct ue_stream_upper *upper)
{
	struct ue_stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->config = *c;
	s->upper = *upper;
	kern_init(&s->kern, KERN_LEVELS - 1);
	s->search_samples = (size_t)(c->rate_hz / 1000) * UE_STREAM_SEARCH_MS;
	s->search = calloc(s->search_samples, sizeof(*s->search));
	if (s->search)
		return s;
	free(s);
	return NULL;
}

static void leave(struct ue_stream *s)
{
	phy_dl_receiver_free(s->receiver);
	phy_ul_sender_free(s->sender);
	free(s->down);
	free(s->up);
	free(s->ring);
	s->receiver = NULL;
	s->sender = NULL;
	s->down = s->up = s->ring = NULL;
	s->tracking = s->given_up = false;
	s->ue = NULL;
	s->have = 0;
}

void ue_stream_search(struct ue_stream *s)
{
	s->ue = NULL;
	s->given_up = s->tracking; /* in the middle of a slot, it may be */
}

void ue_stream_free(struct ue_stream *s)
{
	if (!s)
		return;
	leave(s);
	free(s->search);
	free(s);
}

void ue_stream_advance(struct ue_stream *s, uint32_t tc)
{
	s->advance_tc = tc;
}

struct ue_stream_state ue_stream_state(const struct ue_stream *s)
{
	return (struct ue_stream_state){ s->tracking, s->snr_db, s->cfo_hz, s->advance_tc };
}

static double slot_start(const struct ue_stream *s, uint64_t slot)
{
	return s->origin + (double)slot * s->config.rate_hz / (1000u << s->found.cell.mu);
}

/* By the samples since there are any, so that it never turns back. */
static uint64_t slot_now_ns(const struct ue_stream *s, uint64_t slot)
{
	return (uint64_t)(slot_start(s, slot + 1) / s->config.rate_hz * 1e9);
}

/* What a slot's receiver says of its SS/PBCH block: frequency and timing are moved by a part of it. */
static void track(struct ue_stream *s, const struct slot_time *t)
{
	double symbol_s = (1 + 144.0 / 2048) / (15e3 * (1 << s->found.cell.mu));
	const struct phy_ssb_measure *m = &s->ssb.measure;
	double late =
		(double)m->delay_samples / SSB_FFT * s->config.rate_hz / (15e3 * (1 << s->found.cell.mu)) -
		(double)s->early;
	bool heard = s->ssb.ok && s->ssb.payload.sfn == t->sfn;

	if (heard) {
		s->snr_db = 10 * log10f(m->power / m->noise);
		s->cfo_hz += 0.2 * m->turn_rad / (2 * M_PI * symbol_s);
		s->origin += 0.2 * late;
	}
	s->upper.sync(s->upper.arg, heard ? &(struct ue_stream_block){ m->power, m->noise } : NULL);
}

static bool stream_receive(void *self, struct phy_dl_slot_rx *slot, bool again)
{
	struct ue_stream *s = self;
	const struct cell *c = &s->found.cell;
	const struct phy_cf *in[] = { s->down };
	struct phy_slot_refusal refusal;
	unsigned symbol;
	bool ok;

	if (again)
		return phy_dl_receive(s->receiver, slot, NULL, &refusal);
	slot->ssb_n = 0;
	if (cell_ssb_in_slot(c, c->ssb_index, slot->time.sfn, slot->time.slot, &symbol)) {
		s->ssb = (struct phy_dl_ssb_rx){ .place = { c->pci, c->l_max, (uint8_t)symbol,
							 c->ssb_first_sc, c->ssb_punctured },
			.ssb_index = c->ssb_index,
			.half_frame = slot->time.slot >= cell_frame_slots(c) / 2 };
		slot->ssb = &s->ssb;
		slot->ssb_n = 1;
	}
	/* A UE that looks for nothing, and has nothing to follow in it, leaves the slot out. */
	ok = slot->ssb_n + slot->pdcch_n + slot->csi_rs_n == 0 ||
	     phy_dl_receive(s->receiver, slot, in, &refusal);
	if (slot->ssb_n > 0)
		track(s, &slot->time);
	return ok;
}

static bool stream_send(void *self, const struct phy_ul_slot *slot)
{
	struct ue_stream *s = self;
	struct phy_cf *out[] = { s->up };
	struct phy_slot_refusal refusal;

	return phy_ul_send(s->sender, slot, out, &refusal);
}

struct l1_ue ue_stream_l1(struct ue_stream *s)
{
	return (struct l1_ue){ s, stream_receive, stream_send };
}

static void radio_advance(void *self, uint32_t tc)
{
	ue_stream_advance(self, tc);
}

static void radio_search(void *self)
{
	ue_stream_search(self);
}

static struct ue_stream_state radio_state(void *self)
{
	return ue_stream_state(self);
}

struct ue_phy_radio ue_stream_radio(struct ue_stream *s)
{
	return (struct ue_phy_radio){ s, ue_stream_l1(s), radio_advance, radio_search, radio_state };
}

/* Multiplies by exp(j 2 pi (turn + turns_a_sample i)); the turn of the sample behind. */
static double rotate(const struct kern *k, struct phy_cf *out, const struct phy_cf *in, size_t n, double turn,
	double turns_a_sample)
{
	for (size_t i = 0, m; i < n; i += m) {
		double at = turn + turns_a_sample * (double)i;

		m = n - i < ROTATE_CHUNK ? n - i : ROTATE_CHUNK;
		k->cf_ramp(&out[i].re, &in[i].re, m, (float)(2 * M_PI * (at - floor(at))),
			(float)(2 * M_PI * turns_a_sample));
	}
	turn += turns_a_sample * (double)n;
	return turn - floor(turn);
}

/* The receiver and sender of the cell that was found. */
static bool begin(struct ue_stream *s)
{
	const struct cell *c = &s->found.cell;
	unsigned fft = (unsigned)lround(s->config.rate_hz / (15e3 * (1 << c->mu)));
	size_t octets = UE_STREAM_BLOCK_OCTETS;
	struct phy_slot_config down = ue_phy_downlink_config(c, fft, octets),
			       up = ue_phy_uplink_config(c, fft, octets);

	s->slot_samples = phy_slot_samples(&down.carrier, 0);
	s->early = fft * 144 / 2048 / EARLY_PART;
	s->slots_ahead = (unsigned)(s->config.ahead / s->slot_samples) + 2;
	s->slots_ahead = s->slots_ahead < UE_STREAM_AHEAD ? UE_STREAM_AHEAD : s->slots_ahead;
	s->ring_samples = s->slot_samples * RING_SLOTS;
	s->receiver = phy_dl_receiver_new(&down);
	s->sender = phy_ul_sender_new(&up);
	s->down = calloc(s->slot_samples + 1, sizeof(*s->down));
	s->up = calloc(s->slot_samples + 1, sizeof(*s->up));
	s->ring = calloc(s->ring_samples, sizeof(*s->ring));
	return s->receiver && s->sender && s->down && s->up && s->ring;
}

/* All samples for a search have come. */
static void search(struct ue_stream *s)
{
	uint64_t first = s->position - s->search_samples;
	unsigned per_frame;

	s->have = s->pause = 0;
	if (!ue_cell_search(&s->found, &s->kern, s->search, s->search_samples, s->config.rate_hz,
		    (double)s->config.downlink_hz, s->upper.suitable, s->upper.arg)) {
		s->pause = (size_t)(s->config.rate_hz / 1000) * UE_STREAM_PAUSE_MS;
		s->upper.not_found(s->upper.arg, &s->found);
		return;
	}
	if (!begin(s)) {
		leave(s);
		return;
	}
	per_frame = cell_frame_slots(&s->found.cell);
	s->cfo_hz = s->found.cfo_hz;
	s->advance_tc = 0;
	s->snr_db = s->found.snr_db;
	s->origin = (double)first + s->found.frame_start - s->found.sfn * s->config.rate_hz * FRAME_MS / 1000;
	s->slot = (uint64_t)ceil(((double)s->position - s->origin) * (1000u << s->found.cell.mu) /
				 s->config.rate_hz) +
		  1;
	s->slot += (uint64_t)per_frame * SLOT_SFNS; /* never below 0 when timing moves */
	s->origin -= (double)SLOT_SFNS * FRAME_MS / 1000 * s->config.rate_hz;
	s->tracking = true;
	s->ue = s->upper.found(s->upper.arg, &s->found);
}

/* Uplink of a slot goes into the ring where its samples are to be sent. */
static void make_uplink(struct ue_stream *s, uint64_t slot)
{
	struct slot_time t = slot_time_of(s->found.cell.mu, slot);
	double advance = (double)(s->advance_tc + N_TA_OFFSET) * s->config.rate_hz / (TC_HZ_PER_KHZ * 1000.0);
	uint64_t at = (uint64_t)llround(slot_start(s, slot) - advance), gone = s->position + s->config.ahead;
	double up_turns = s->cfo_hz / s->config.rate_hz * (double)s->found.cell.uplink.hz /
			  (double)s->found.cell.downlink.hz;

	ue_phy_send(s->ue, &t, slot_now_ns(s, slot));
	for (size_t i = at < gone ? gone - at : 0, n; i < s->slot_samples; i += n) {
		size_t to = (at + i) % s->ring_samples;

		n = s->slot_samples - i < s->ring_samples - to ? s->slot_samples - i : s->ring_samples - to;
		(void)rotate(
			&s->kern, s->ring + to, s->up + i, n, s->up_turn + up_turns * (double)i, up_turns);
	}
	s->up_turn += up_turns * (double)s->slot_samples;
	s->up_turn -= floor(s->up_turn);
}

/* A whole slot has come. */
static void receive_slot(struct ue_stream *s)
{
	struct slot_time t = slot_time_of(s->found.cell.mu, s->slot);

	s->upper.slot(s->upper.arg, slot_now_ns(s, s->slot));
	if (s->ue)
		ue_phy_receive(s->ue, &t, slot_now_ns(s, s->slot));
	s->upper.received(s->upper.arg);
	if (s->ue)
		make_uplink(s, s->slot + s->slots_ahead);
	s->slot++;
	s->have = 0;
}

/* A slot begins before the samples at hand where the timing has become earlier: it shares those with the slot
 * before it, whose last ones are still there. */
static void take_again(struct ue_stream *s, size_t n)
{
	n = n < s->slot_samples / 2 ? n : s->slot_samples / 2;
	for (size_t i = 0; i < n; i++)
		s->down[i] = s->down[s->slot_samples - n + i];
	s->have = n;
}

/* As many samples as go to the slot at hand, or to none before it; they are used up. */
static size_t take_some(struct ue_stream *s, const struct phy_cf *in, size_t n)
{
	uint64_t at = (uint64_t)llround(slot_start(s, s->slot)) - s->early;
	size_t room;

	if (s->have == 0 && s->position < at) {
		s->turn += -s->cfo_hz / s->config.rate_hz *
			   (double)(at - s->position < n ? at - s->position : n);
		return at - s->position < n ? (size_t)(at - s->position) : n;
	}
	if (s->have == 0 && s->position > at)
		take_again(s, (size_t)(s->position - at));
	room = s->slot_samples - s->have;
	n = n < room ? n : room;
	s->turn = rotate(&s->kern, s->down + s->have, in, n, s->turn, -s->cfo_hz / s->config.rate_hz);
	s->have += n;
	return n;
}

/* What was made of uplink for these samples; its place is silent then. */
static void give(struct ue_stream *s, struct phy_cf *out, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t at = (s->position + s->config.ahead + i) % s->ring_samples;
		size_t end = s->ring_samples - at < n - i ? s->ring_samples : at + n - i;

		for (; at < end; at++, i++) {
			out[i] = s->ring[at];
			s->ring[at] = (struct phy_cf){ 0, 0 };
		}
	}
}

/* As many samples as complete a millisecond, or fewer; none is answered. */
static size_t search_some(struct ue_stream *s, const struct phy_cf *in, struct phy_cf *out, size_t n)
{
	size_t ms = (size_t)(s->config.rate_hz / 1000), room = ms - s->have % ms;

	n = n < room ? n : room;
	for (size_t i = 0; i < n; i++, s->have++, s->position++) {
		if (s->have >= s->pause)
			s->search[s->have - s->pause] = in[i];
		out[i] = (struct phy_cf){ 0, 0 };
	}
	if (s->have % ms == 0)
		s->upper.slot(s->upper.arg, (uint64_t)((double)s->position / s->config.rate_hz * 1e9));
	if (s->have == s->pause + s->search_samples)
		search(s);
	return n;
}

void ue_stream_run(struct ue_stream *s, const struct phy_cf *in, struct phy_cf *out, size_t n)
{
	for (size_t done = 0, some; done < n; done += some) {
		if (s->given_up)
			leave(s);
		if (!s->tracking) {
			some = search_some(s, in + done, out + done, n - done);
			continue;
		}
		some = take_some(s, in + done, n - done);
		give(s, out + done, some);
		s->position += some;
		if (s->have == s->slot_samples)
			receive_slot(s);
	}
}
