#include "ue/phy/slots.h"

#include <math.h>

static void advance(void *self, uint32_t tc)
{
	struct ue_slots *s = self;

	s->advance_tc = tc;
}

static void search(void *self)
{
	struct ue_slots *s = self;

	s->ue = NULL;
}

static struct ue_stream_state state(void *self)
{
	const struct ue_slots *s = self;

	return (struct ue_stream_state){ s->ue != NULL, s->snr_db, 0, s->advance_tc };
}

void ue_slots_init(struct ue_slots *s, const struct l1_ue *l1, const struct ue_stream_upper *upper)
{
	*s = (struct ue_slots){ .l1 = *l1, .upper = *upper };
}

struct ue_phy_radio ue_slots_radio(struct ue_slots *s)
{
	return (struct ue_phy_radio){ s, s->l1, advance, search, state };
}

void ue_slots_found(struct ue_slots *s, const struct ue_found *f)
{
	if (!s->upper.suitable(s->upper.arg, f)) {
		s->upper.not_found(s->upper.arg, f);
		return;
	}
	s->advance_tc = 0;
	s->snr_db = f->snr_db;
	s->ue = s->upper.found(s->upper.arg, f);
}

void ue_slots_run(struct ue_slots *s, const struct slot_time *t, uint64_t now_ns)
{
	s->upper.slot(s->upper.arg, now_ns);
	if (s->ue && t)
		ue_phy_receive(s->ue, t, now_ns);
	s->upper.received(s->upper.arg);
	if (s->ue && t)
		ue_phy_send(s->ue, t, now_ns);
}

void ue_slots_sync(struct ue_slots *s, bool heard, float snr_db)
{
	const struct ue_stream_block block = { 1, powf(10, -snr_db / 10) };

	if (heard)
		s->snr_db = snr_db;
	s->upper.sync(s->upper.arg, heard ? &block : NULL);
}
