#include "ue/phy/type1_codebook.h"

#include "radio/cell/grant.h"

enum { K1S = 16, FALLBACK_K1 = 8, FRAMES = 1024 };

void ue_type1_add(struct ue_type1 *t, unsigned k1, bool ack, bool by_itself, bool late)
{
	uint16_t bit = (uint16_t)(1u << k1 % K1S);

	ack = ack && (!(t->heard & bit) || (t->acked & bit)); /* two in a slot share a bit */
	t->acked = (uint16_t)((t->acked & ~bit) | (ack ? bit : 0));
	t->heard |= bit;
	t->late |= late ? bit : 0;
	t->by_itself = by_itself;
	t->n++;
}

/* Whether there is DCI 1_1 to look for. */
static bool has_configured(const struct cell_own *o)
{
	for (unsigned i = 0; i < CELL_SPACES_MAX; i++)
		if (o->spaces[i].there && o->spaces[i].configured)
			return true;
	return false;
}

/* 9.1.2.1 a): of DCI 1_0 alone K1 is 1 to 8. */
static uint16_t timings(const struct cell_own *o)
{
	uint16_t set = 0;

	if (!has_configured(o))
		return ((1u << FALLBACK_K1) - 1) << 1;
	for (unsigned i = 0; i < o->pdsch.k1_n; i++)
		set |= (uint16_t)(1u << o->pdsch.k1[i] % K1S);
	return set;
}

/* b) and d): a row of the lists of any DCI that has no symbol of uplink in that slot. */
static bool has_row(const struct cell *c, const struct cell_own *o, uint16_t uplink)
{
	struct phy_time_domain t;

	for (unsigned list = 0; list < 2; list++)
		for (unsigned row = 0; row < CELL_TIMES_MAX; row++)
			if (cell_pdsch_time(c, list == 0 ? o : NULL, row, &t) &&
				!((((1u << t.l) - 1) << t.s) & uplink))
				return true;
	return false;
}

static bool is_candidate(
	const struct cell *c, const struct cell_own *o, const struct slot_time *up, unsigned k1)
{
	unsigned per_frame = cell_frame_slots(c), all = FRAMES * per_frame;
	unsigned slot = (up->sfn * per_frame + up->slot + all - k1) % all;

	return c->paired || has_row(c, o, cell_slot_format(c, slot / per_frame, slot % per_frame).uplink);
}

static bool is_alone(const struct ue_type1 *t)
{
	return t->n == 1 && t->by_itself;
}

void ue_type1_codebook(struct ue_acks *out, const struct ue_type1 *t, const struct cell *c,
	const struct cell_own *o, const struct ue_type1_slot *in)
{
	bool on_pusch = in->on_pusch;
	uint16_t acked = on_pusch ? t->acked & (uint16_t)~t->late : t->acked, set = timings(o);
	bool two = o->pdsch.two_codewords && !(on_pusch ? o->bundled_on_pusch : o->bundled_on_pucch);

	*out = (struct ue_acks){ .n = 0 };
	if (is_alone(t)) {
		out->bits[out->n++] = acked != 0;
		return;
	}
	for (unsigned k1 = K1S; k1-- > 0;) {
		if (!(set >> k1 & 1) || k1 > in->since || !is_candidate(c, o, &in->up, k1) ||
			out->n + two >= UE_ACKS_MAX)
			continue;
		out->bits[out->n++] = acked >> k1 & 1;
		if (two) /* one block was received at most */
			out->bits[out->n++] = 0;
	}
}

bool ue_type1_goes_on_pusch(const struct ue_type1 *t, unsigned dai)
{
	return dai == 0 ? t->n > 0 : dai > 1 || is_alone(t);
}

uint8_t ue_type1_silent(const struct ue_type1 *t, const struct ue_acks *codebook)
{
	unsigned received = (unsigned)__builtin_popcount(t->heard);

	return codebook->n > received ? (uint8_t)(codebook->n - received) : 0;
}
