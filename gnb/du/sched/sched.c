#include "gnb/du/sched/sched.h"

enum { PRIORITY_NEUTRAL = 64, BLOCK_OCTETS_MIN = 8 };

bool sched_init(struct sched *s, const struct sched_cell *cell, uint32_t slots_s)
{
	*s = (struct sched){ .cell = *cell, .slots_s = slots_s };
	return cell->prbs > 0 && cell->prbs <= SCHED_PRBS_MAX && cell->given_max > 0 &&
	       cell->given_max <= SCHED_GIVEN_MAX && cell->block_error_percent >= 1 &&
	       cell->block_error_percent <= 50 && cell->average_slots > 0 && slots_s > 0 &&
	       sched_octets(cell, PHY_MCS_64QAM, cell->prbs, 0) > 0;
}

bool sched_ue_add(struct sched *s, uint16_t ue)
{
	if (ue >= SCHED_UES_MAX || s->ues[ue].there)
		return false;
	s->ues[ue] = (struct sched_ue){ .there = true, .priority = PRIORITY_NEUTRAL };
	if (ue >= s->count)
		s->count = (uint16_t)(ue + 1);
	return true;
}

void sched_ue_remove(struct sched *s, uint16_t ue)
{
	if (ue >= s->count)
		return;
	s->ues[ue] = (struct sched_ue){ .there = false };
	while (s->count > 0 && !s->ues[s->count - 1].there)
		s->count--;
}

uint32_t sched_octets(const struct sched_cell *cell, enum phy_mcs_table table, uint16_t prbs, uint8_t mcs)
{
	const struct phy_mcs *row = phy_mcs_row(table, mcs);
	struct phy_tbs t = {
		.prbs = prbs, .symbols = cell->symbols, .dmrs_re = cell->dmrs_re, .layers = cell->layers
	};

	if (!row || !row->rate_x2048)
		return 0;
	t.q_m = row->q_m;
	t.rate_x2048 = row->rate_x2048;
	return phy_tbs_bits(&t) / 8;
}

/* The fewest blocks, at most `most`, whose transport block has so many octets; `most` where none has. */
static uint16_t prbs_for(
	const struct sched_cell *cell, enum phy_mcs_table table, uint8_t mcs, uint32_t octets, uint16_t most)
{
	uint16_t low = 1, high = most;

	while (low < high) {
		uint16_t middle = (uint16_t)((low + high) / 2);

		if (sched_octets(cell, table, middle, mcs) >= octets)
			high = middle;
		else
			low = (uint16_t)(middle + 1);
	}
	return low;
}

/* A slot in the making. */
struct making {
	struct sched *s;
	struct sched_given *given;
	size_t count;
	uint16_t next_prb, left;
	bool had[SCHED_UES_MAX];
	uint32_t got[SCHED_UES_MAX];
};

static bool is_full(const struct making *m)
{
	return m->left == 0 || m->count == m->s->cell.given_max;
}

static void give(struct making *m, const struct sched_given *g)
{
	struct sched_given *out = &m->given[m->count++];

	*out = *g;
	out->first_prb = m->next_prb;
	m->next_prb = (uint16_t)(m->next_prb + g->prbs);
	m->left = (uint16_t)(m->left - g->prbs);
	m->had[g->ue] = true;
}

/* What was not decoded, those that wait longest in the turn first. One that is wider than what is left waits.
 */
static void give_again(struct making *m)
{
	struct sched *s = m->s;

	for (uint16_t i = 0; i < s->count && !is_full(m); i++) {
		uint16_t ue = (uint16_t)((s->turn + i) % s->count);
		const struct sched_ue *u = &s->ues[ue];

		if (u->there && u->has_again && u->again.prbs <= m->left)
			give(m, &(struct sched_given){ .ue = ue,
					.prbs = u->again.prbs,
					.mcs = u->again.mcs,
					.process = u->again.process,
					.octets = u->again.octets,
					.reason = SCHED_RETRANSMISSION });
	}
}

/*
 * What a UE would win by: what it is owed of its guarantee before all that have none, otherwise what a block
 * carries for it over what it has had on average. A priority level of 64 counts once, one of 1 twice that of
 * 127 about eight times.
 */
static float metric(const struct making *m, uint16_t ue, uint8_t mcs, enum sched_reason *reason)
{
	const struct sched *s = m->s;
	const struct sched_ue *u = &s->ues[ue];
	float weight = (float)(2 * PRIORITY_NEUTRAL) / (float)(u->priority + PRIORITY_NEUTRAL / 4);

	if (u->guaranteed_octets_s && u->owed > 0) {
		*reason = SCHED_GUARANTEE;
		return weight * u->owed * (float)s->slots_s / (float)u->guaranteed_octets_s;
	}
	*reason = SCHED_FAIRNESS;
	return weight * (float)sched_octets(&s->cell, u->table, s->cell.prbs, mcs) / (u->rate + 1.0f);
}

struct candidate {
	uint16_t ue;
	uint8_t mcs;
	enum sched_reason reason;
	float metric;
};

static bool is_better(const struct candidate *a, const struct candidate *b)
{
	if (a->reason != b->reason)
		return a->reason == SCHED_GUARANTEE;
	return a->metric > b->metric;
}

/* The best given_max of all that may and want, in order. */
static size_t choose(const struct making *m, struct candidate best[SCHED_GIVEN_MAX])
{
	const struct sched *s = m->s;
	size_t count = 0, most = s->cell.given_max - m->count;

	for (uint16_t i = 0; i < s->count; i++) {
		struct candidate c = { .ue = (uint16_t)((s->turn + i) % s->count) };
		const struct sched_ue *u = &s->ues[c.ue];
		size_t at;

		if (!u->there || !u->may || u->waiting == 0 || m->had[c.ue])
			continue;
		c.mcs = sched_mcs(&s->cell, u);
		c.metric = metric(m, c.ue, c.mcs, &c.reason);
		for (at = count < most ? count : most; at > 0 && is_better(&c, &best[at - 1]); at--)
			if (at < most)
				best[at] = best[at - 1];
		if (at < most) {
			best[at] = c;
			count += count < most;
		}
	}
	return count;
}

/* As many blocks as a UE has data for; for a guarantee no more than what it is owed, if others want the rest.
 */
static void give_new(struct making *m)
{
	struct candidate best[SCHED_GIVEN_MAX];
	size_t count = choose(m, best);

	for (size_t i = 0; i < count && !is_full(m); i++) {
		const struct sched_ue *u = &m->s->ues[best[i].ue];
		uint32_t wanted = u->waiting,
			 owed = (uint32_t)(u->owed > BLOCK_OCTETS_MIN ? u->owed : BLOCK_OCTETS_MIN);
		struct sched_given g = { .ue = best[i].ue,
			.mcs = best[i].mcs,
			.reason = best[i].reason,
			.metric = best[i].metric };

		if (g.reason == SCHED_GUARANTEE && i + 1 < count && owed < wanted)
			wanted = owed;
		g.prbs = prbs_for(&m->s->cell, u->table, g.mcs, wanted, m->left);
		g.octets = sched_octets(&m->s->cell, u->table, g.prbs, g.mcs);
		if (g.octets < BLOCK_OCTETS_MIN)
			continue;
		m->got[g.ue] = g.octets;
		give(m, &g);
	}
}

/* Averages and debts behind the slot. Nobody saves a guarantee up for when nothing waits. */
static void account(const struct making *m)
{
	struct sched *s = m->s;
	float share = 1.0f / s->cell.average_slots;

	for (uint16_t i = 0; i < s->count; i++) {
		struct sched_ue *u = &s->ues[i];
		float most = (float)u->guaranteed_octets_s / 10.0f; /* 100 ms */

		if (!u->there)
			continue;
		u->rate += share * ((float)m->got[i] - u->rate);
		u->owed += (float)u->guaranteed_octets_s / (float)s->slots_s - (float)m->got[i];
		if (u->waiting == 0 && u->owed > 0)
			u->owed = 0;
		u->owed = u->owed > most ? most : u->owed < -most ? -most : u->owed;
	}
	s->turn = s->count ? (uint16_t)((s->turn + 1) % s->count) : 0;
}

size_t sched_slot(
	struct sched *s, uint16_t first_prb, uint16_t prbs, struct sched_given given[SCHED_GIVEN_MAX])
{
	struct making m = { .s = s, .given = given, .next_prb = first_prb, .left = prbs };

	give_again(&m);
	if (!is_full(&m))
		give_new(&m);
	account(&m);
	return m.count;
}
