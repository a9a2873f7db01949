#include "radio/phy/slot/harqs.h"

#include <stdlib.h>

struct owner {
	uint16_t rnti;
	uint8_t process;
};

struct soft {
	struct phy_harq *harq;
	uint64_t used_at; /* which slot; 0: free */
	struct owner owner;
	uint64_t asked_at; /* for whom, in which slot */
	struct owner asker;
};

struct slot_harqs {
	uint64_t slot;
	unsigned n;
	struct soft soft[];
};

struct slot_harqs *slot_harqs_new(unsigned n, uint32_t tb_bits)
{
	struct slot_harqs *h = calloc(1, sizeof(*h) + n * sizeof(*h->soft));

	if (!h)
		return NULL;
	for (; h->n < n; h->n++) {
		h->soft[h->n].harq = phy_harq_new(tb_bits);
		if (!h->soft[h->n].harq) {
			slot_harqs_free(h);
			return NULL;
		}
	}
	return h;
}

void slot_harqs_free(struct slot_harqs *h)
{
	if (!h)
		return;
	for (unsigned i = 0; i < h->n; i++)
		phy_harq_free(h->soft[i].harq);
	free(h);
}

void slot_harqs_begin(struct slot_harqs *h)
{
	h->slot++;
}

static bool same(struct owner a, struct owner b)
{
	return a.rnti == b.rnti && a.process == b.process;
}

int slot_harqs_place(struct slot_harqs *h, uint16_t rnti, uint8_t process)
{
	struct owner who = { rnti, process };
	int own = -1, oldest = -1;

	for (unsigned i = 0; i < h->n; i++) {
		const struct soft *s = &h->soft[i];

		if (s->asked_at == h->slot) {
			if (same(s->asker, who))
				return -1;
			continue;
		}
		if (s->used_at > 0 && same(s->owner, who))
			own = (int)i;
		if (oldest < 0 || s->used_at < h->soft[oldest].used_at)
			oldest = (int)i;
	}
	own = own >= 0 ? own : oldest;
	if (own >= 0) {
		h->soft[own].asked_at = h->slot;
		h->soft[own].asker = who;
	}
	return own;
}

struct phy_harq *slot_harqs_take(struct slot_harqs *h, int place, bool new_data)
{
	struct soft *s = &h->soft[place];

	if (new_data || s->used_at == 0 || !same(s->owner, s->asker))
		phy_harq_reset(s->harq);
	s->used_at = h->slot;
	s->owner = s->asker;
	return s->harq;
}

void slot_harqs_done(struct slot_harqs *h, int place)
{
	h->soft[place].used_at = 0;
}
