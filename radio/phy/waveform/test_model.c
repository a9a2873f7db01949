#include "radio/phy/waveform/test_model.h"

#include <math.h>

#include "radio/phy/mapping/pdsch_allocation.h"

enum shape {
	WHOLE,
	ONE_BLOCK, /* the lowest, the middle or the highest in turn */
	SHARED,    /* every other group is a user's, the rest another's */
};

static const struct model {
	enum shape shape;
	enum phy_mcs_table table; /* with mcs: the modulation of the user that is looked at */
	uint8_t mcs;
	uint8_t percent; /* of the blocks: the share of that user */
	float level_db;  /* its power; the others make up for it */
	bool balancing;
} models[PHY_TEST_MODELS] = {
	[PHY_TEST_MODEL_1_1] = { WHOLE, PHY_MCS_64QAM, 4, 100, 0, false },
	[PHY_TEST_MODEL_1_2] = { SHARED, PHY_MCS_64QAM, 4, 40, 3, false },
	[PHY_TEST_MODEL_2] = { ONE_BLOCK, PHY_MCS_64QAM, 20, 0, 0, false },
	[PHY_TEST_MODEL_2A] = { ONE_BLOCK, PHY_MCS_256QAM, 22, 0, 0, false },
	[PHY_TEST_MODEL_2B] = { ONE_BLOCK, PHY_MCS_1024QAM, 24, 0, 0, false },
	[PHY_TEST_MODEL_3_1] = { WHOLE, PHY_MCS_64QAM, 20, 100, 0, false },
	[PHY_TEST_MODEL_3_1A] = { WHOLE, PHY_MCS_256QAM, 22, 100, 0, false },
	[PHY_TEST_MODEL_3_1B] = { WHOLE, PHY_MCS_1024QAM, 24, 100, 0, false },
	[PHY_TEST_MODEL_3_2] = { SHARED, PHY_MCS_64QAM, 12, 60, -3, true },
	[PHY_TEST_MODEL_3_3] = { SHARED, PHY_MCS_64QAM, 4, 50, -6, true },
};

/* n_RNTI of the users; those whose blocks begin behind the PDCCH have one of their own. */
enum { RNTI_MAIN, RNTI_OTHER, RNTI_BEHIND_PDCCH };

static void begin(struct phy_test_user *u, const struct model *m, uint16_t rnti)
{
	*u = (struct phy_test_user){ .rnti = rnti, .table = m->table, .mcs = m->mcs, .amplitude = 1 };
}

static void add(struct phy_test_user *u, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		u->at[u->n++] = (uint16_t)i;
}

static unsigned whole(struct phy_test_user *user, const struct model *m, unsigned prbs)
{
	begin(&user[0], m, RNTI_BEHIND_PDCCH);
	add(&user[0], 0, PHY_TEST_PDCCH_PRBS);
	begin(&user[1], m, RNTI_MAIN);
	add(&user[1], PHY_TEST_PDCCH_PRBS, prbs);
	return 2;
}

static unsigned one_block(struct phy_test_user *user, const struct model *m, unsigned prbs, unsigned slot)
{
	unsigned at[] = { 0, prbs / 2, prbs - 1 }, prb = at[slot % 3];

	begin(&user[0], m, prb == 0 ? RNTI_BEHIND_PDCCH : RNTI_MAIN);
	add(&user[0], prb, prb + 1);
	return 1;
}

/*
 * Of the groups of configuration 1 (38.214 Table 5.1.2.2.1-1), counted from the carrier's first block, those
 * with even numbers from the lowest on and the highest, as many as the share allows.
 */
static bool is_main(const struct model *m, unsigned prbs, unsigned prb)
{
	unsigned size = phy_rbg_size(prbs, 1), groups = (prbs + size - 1) / size, group = prb / size;
	unsigned share = m->percent * prbs / (100 * size), even = (groups - 1) / 2 + 1;
	unsigned n = share < even ? share : even;

	return n > 0 && (group == groups - 1 || (group % 2 == 0 && group / 2 < n - 1));
}

static unsigned shared(struct phy_test_user *user, const struct model *m, unsigned prbs)
{
	double gain = pow(10, (double)m->level_db / 10), left;

	(void)whole(user, m, PHY_TEST_PDCCH_PRBS);
	begin(&user[2], &models[PHY_TEST_MODEL_1_1], RNTI_OTHER);
	for (unsigned prb = PHY_TEST_PDCCH_PRBS; prb < prbs; prb++)
		add(&user[is_main(m, prbs, prb) ? 1 : 2], prb, prb + 1);
	/* the carrier has the power of a full one of level 0 */
	left = (user[1].n + user[2].n - gain * user[1].n) / user[2].n;
	user[1].amplitude = (float)sqrt(gain);
	user[2].amplitude = (float)sqrt(left);
	user[2].balancing = m->balancing;
	return 3;
}

unsigned phy_test_model_users(struct phy_test_user user[PHY_TEST_USERS_MAX], enum phy_test_model model,
	unsigned prbs, unsigned slot)
{
	const struct model *m = &models[model];

	if (m->shape == ONE_BLOCK)
		return one_block(user, m, prbs, slot);
	return m->shape == WHOLE ? whole(user, m, prbs) : shared(user, m, prbs);
}

void phy_pn23_init(struct phy_pn23 *g)
{
	g->state = 0x7fffff;
}

/* The register's oldest bit is sent; the sum of the 18th and the 23rd comes in. */
void phy_pn23_take(struct phy_pn23 *g, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bit = g->state >> 22 & 1, in = (g->state >> 22 ^ g->state >> 17) & 1;

		if (i % 8 == 0)
			out[i / 8] = 0;
		out[i / 8] |= (uint8_t)(bit << (7 - i % 8));
		g->state = (g->state << 1 | in) & 0x7fffff;
	}
}
