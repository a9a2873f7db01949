/* The users of a test model (test_model.h) and their PDCCH in the grid. */
#include "radio/phy/waveform/waveform_parts.h"

enum { PN23_PDCCH = PHY_TEST_USERS_MAX, PDCCH_SYMBOLS = 2 };

/* One control channel element, which fills three blocks of two symbols (38.141-1 Table 4.9.2.2-3). */
static void put_pdcch(struct phy_waveform *w, unsigned slot, struct phy_grid *grid)
{
	struct phy_coreset coreset = { .groups = 1,
		.first_crb = w->config.first_crb,
		.dmrs_id = w->config.n_cell_id,
		.n_symb = PDCCH_SYMBOLS,
		.bundle = 6 };
	struct phy_pdcch_occasion o = {
		.coreset = &coreset, .slot = (uint16_t)slot, .n_id = w->config.n_cell_id
	};
	struct phy_pdcch_output to = { .amplitude = 1, .ports = grid };
	uint8_t packed[PHY_PDCCH_CCE_BITS / 8 + 1], bits[PHY_PDCCH_BITS];

	if (!phy_coreset_init(&coreset))
		return;
	phy_pn23_take(&w->pn23[PN23_PDCCH], packed, PHY_PDCCH_CCE_BITS);
	for (unsigned i = 0; i < PHY_PDCCH_CCE_BITS; i++)
		bits[i] = packed[i / 8] >> (7 - i % 8) & 1;
	if (phy_pdcch_transmit_bits(&o, (struct phy_candidate){ .cce = 0, .al = 1 }, bits, &to))
		phy_waveform_mark(w, slot & ((1u << w->config.mu) - 1), NULL, false);
}

/* As Table 4.9.2.2-3 has it: mapping type A, one additional DM-RS, with the power of data beside it. */
static bool plan_user(struct phy_waveform *w, const struct phy_test_user *u)
{
	const struct phy_waveform_config *c = &w->config;
	struct phy_reserved pdcch = { (1 << PDCCH_SYMBOLS) - 1, PHY_RE_ALL, c->first_crb,
		PHY_TEST_PDCCH_PRBS };
	struct phy_pdsch_config p = {
		.mu = c->mu,
		.bwp_start = c->first_crb,
		.bwp_prbs = c->prbs,
		.time = { .l = PHY_SYMBOLS_MAX },
		.prbs = { .n = u->n },
		.dmrs = { .additional = 1,
			.type_a_position = c->dmrs_type_a_position,
			.groups_without_data = 1,
			.n_id = { c->n_cell_id, c->n_cell_id } },
		.layers = 1,
		.rnti = u->rnti,
		.n_id = c->n_cell_id,
		.mcs_table = u->table,
		.codeword = { { .mcs = u->mcs } },
		.reserved = &pdcch,
		.reserved_n = 1,
	};

	for (unsigned i = 0; i < u->n; i++)
		p.prbs.at[i] = u->at[i];
	return phy_pdsch_init(&w->plan, &p) == PHY_PDSCH_OK;
}

void phy_waveform_put_model(
	struct phy_waveform *w, const struct kern *k, unsigned sfn, unsigned slot, struct phy_grid *grid)
{
	struct phy_test_user user[PHY_TEST_USERS_MAX];
	unsigned n = phy_test_model_users(user, w->config.model, w->config.prbs, slot);
	const uint8_t *bits = w->tb;

	for (unsigned i = 0; slot == 0 && i < ARRAY_LEN(w->pn23); i++)
		phy_pn23_init(&w->pn23[i]);
	if (!phy_waveform_all_downlink(&w->config, sfn, slot))
		return;
	put_pdcch(w, slot, grid);
	for (unsigned i = 0; i < n; i++) {
		struct phy_precoding power = {
			.ports = 1, .layers = 1, .w = { { { user[i].amplitude, 0 } } }
		};

		if (!plan_user(w, &user[i]))
			continue;
		phy_pn23_take(&w->pn23[user[i].rnti], w->tb, w->plan.sch[0].g);
		(void)phy_pdsch_send_bits(w->sender, k, &w->plan, slot, &bits, &power, grid);
		phy_waveform_mark(w, slot & ((1u << w->config.mu) - 1), &w->plan, user[i].balancing);
	}
}
