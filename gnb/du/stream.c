#include "gnb/du/stream.h"

#include <math.h>
#include <stdlib.h>

enum {
	N_TA_OFFSET_TC = 25600, /* 38.133 Table 7.1.2-2: SIB1 has no n-TimingAdvanceOffset */
	TC_HZ_PER_KHZ = 480 * 4096,
};

struct du_stream {
	struct du *du;
	struct phy_dl_sender *sender;
	struct phy_ul_receiver *receiver;
	struct l1_downlink dl;
	struct l1_uplink ul;
	struct phy_cf *down, *up; /* a slot's */
	size_t slot_samples, offset_samples, down_at, up_at;
	uint64_t down_slot, up_slot; /* the next */
	uint64_t refused;
	struct phy_slot_refusal refusal;
};

void du_stream_free(struct du_stream *s)
{
	if (!s)
		return;
	phy_dl_sender_free(s->sender);
	phy_ul_receiver_free(s->receiver);
	free(s->down);
	free(s->up);
	free(s);
}

/* Uplink samples of slot 0 are missing at its beginning: so many are taken for silence. */
static size_t offset_samples(double rate_hz)
{
	return (size_t)lround(N_TA_OFFSET_TC * rate_hz / (TC_HZ_PER_KHZ * 1000.0));
}

struct du_stream *du_stream_new(struct du *d, double rate_hz)
{
	struct du_stream *s = calloc(1, sizeof(*s));
	struct phy_slot_config down = du_phy_downlink(d), up = du_phy_uplink(d);

	if (!s)
		return NULL;
	down.carrier.fft_size = up.carrier.fft_size =
		(uint16_t)lround(rate_hz / (15e3 * (1 << down.carrier.mu)));
	s->du = d;
	s->sender = phy_dl_sender_new(&down);
	s->receiver = phy_ul_receiver_new(&up);
	s->slot_samples = phy_slot_samples(&down.carrier, 0);
	s->down = calloc(s->slot_samples, sizeof(*s->down));
	s->up = calloc(s->slot_samples, sizeof(*s->up));
	s->down_at = s->slot_samples;
	s->up_at = s->offset_samples = offset_samples(rate_hz);
	if (s->sender && s->receiver && s->down && s->up)
		return s;
	du_stream_free(s);
	return NULL;
}

uint64_t du_stream_now_ns(const struct du_stream *s)
{
	return (s->down_slot + 1) * slot_ns(du_cell(s->du)->cell.mu);
}

uint64_t du_stream_refused(const struct du_stream *s, const struct phy_slot_refusal **last)
{
	*last = s->refused ? &s->refusal : NULL;
	return s->refused;
}

static void silence(struct phy_cf *samples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		samples[i] = (struct phy_cf){ 0, 0 };
}

static void copy(struct phy_cf *restrict to, const struct phy_cf *restrict from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[i];
}

/* A slot that is refused is silent. */
static void make_slot(struct du_stream *s)
{
	struct slot_time t = slot_time_of(du_cell(s->du)->cell.mu, s->down_slot);
	struct phy_cf *out[] = { s->down };

	du_slot_send(s->du, &t, du_stream_now_ns(s), &s->dl);
	if (!phy_dl_send(s->sender, &s->dl.slot, out, &s->refusal)) {
		s->refused++;
		silence(s->down, s->slot_samples);
	}
	s->down_slot++;
	s->down_at = 0;
}

void du_stream_send(struct du_stream *s, struct phy_cf *out, size_t n)
{
	for (size_t part; n > 0; n -= part, out += part) {
		if (s->down_at == s->slot_samples)
			make_slot(s);
		part = s->slot_samples - s->down_at;
		part = part < n ? part : n;
		copy(out, s->down + s->down_at, part);
		s->down_at += part;
	}
}

static void take_slot(struct du_stream *s)
{
	struct slot_time t = slot_time_of(du_cell(s->du)->cell.mu, s->up_slot);
	const struct phy_cf *in[] = { s->up };

	du_slot_expect(s->du, &t, &s->ul);
	if (!phy_ul_receive(s->receiver, &s->ul.slot, in, &s->refusal))
		s->refused++;
	du_slot_receive(s->du, &s->ul); /* of a slot that is refused nothing came */
	s->up_slot++;
	s->up_at = 0;
}

void du_stream_receive(struct du_stream *s, const struct phy_cf *in, size_t n)
{
	for (size_t part; n > 0; n -= part, in += part) {
		part = s->slot_samples - s->up_at;
		part = part < n ? part : n;
		copy(s->up + s->up_at, in, part);
		s->up_at += part;
		if (s->up_at == s->slot_samples)
			take_slot(s);
	}
}

void du_stream_restart(struct du_stream *s)
{
	while (s->up_slot < s->down_slot) {
		silence(s->up, s->slot_samples);
		take_slot(s);
	}
	silence(s->up, s->offset_samples);
	s->up_at = s->offset_samples;
	s->down_at = s->slot_samples;
}

size_t du_stream_slot_samples(const struct du_stream *s)
{
	return s->slot_samples;
}
