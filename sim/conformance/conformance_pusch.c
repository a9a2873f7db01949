/* PUSCH (38.104 8.2.1, 8.2.2, and 11.2.2.1, 11.2.2.2 in FR2): of all that is sent, with HARQ, 70% of the
 * blocks that could come do come. */
#include <stdio.h>

#include "sim/blocks/blocks.h"
#include "sim/conformance/conformance.h"
#include "sim/conformance/tables.h"

enum { SLOTS = 200 };

static const double LOST = 0.3;

static size_t rows(void)
{
	return conformance_pusch_requirements_n;
}

static const struct conformance_pusch_row *row_of(size_t i)
{
	return i < rows() ? &conformance_pusch_requirements[i] : NULL;
}

static bool row(size_t i, struct conformance_row *to)
{
	const struct conformance_pusch_row *r = row_of(i);

	if (!r)
		return false;
	*to = (struct conformance_row){ .snr_db = r->snr_db, .allowed = LOST };
	snprintf(to->text, sizeof(to->text), "%s PUSCH mapping %c, %s, %u kHz, %u RB, %ux%u, %u Hz%s",
		r->table, r->type_b ? 'B' : 'A', r->frc, r->scs_khz, r->n_rb, r->n_tx, r->n_rx, r->doppler_hz,
		r->ptrs ? ", PT-RS" : "");
	return true;
}

/* The row of an MCS table that has the modulation and rate of a reference channel. */
static bool mcs_of(const struct conformance_pusch_row *r, enum phy_mcs_table table, uint8_t *mcs)
{
	for (unsigned i = 0; i < PHY_MCS_ROWS; i++) {
		const struct phy_mcs *m = phy_mcs_row(table, i);

		*mcs = (uint8_t)i;
		if (m->q_m == r->q_m && m->rate_x2048 == r->rate_x2048)
			return true;
	}
	return false;
}

/* The reference channels of Annex A.3 to A.9 on the channel of Annex G, TPMI 0. */
static bool config_of(const struct conformance_pusch_row *r, uint64_t seed, struct blocks_config *c)
{
	struct phy_pusch_config *p = &c->pusch;

	*c = (struct blocks_config){ .kind = BLOCKS_PUSCH,
		.pusch = { .bwp_prbs = r->n_rb,
			.time = { r->type_b, 0, 0, r->symbols },
			.dmrs = { .additional = r->additional,
				.type_a_position = 2,
				.groups_without_data = 2 },
			.layers = r->layers,
			.ports = { 0, 1, 2, 3 },
			.codebook = r->n_tx > 1,
			.antenna_ports = r->n_tx,
			.transform_precoding = r->transform_precoding,
			.rnti = 1 },
		.antennas = r->n_rx,
		.air = { .profile = r->profile, .uplink = true, .doppler_hz = r->doppler_hz },
		.transmissions = BLOCKS_TRANSMISSIONS_MAX,
		.seed = seed };
	if (r->ptrs) /* 11.2.2.1.1 */
		p->ptrs = (struct phy_ptrs_config){ .time_density = 1, .frequency_density = 2 };
	p->mcs_table = r->transform_precoding ? PHY_MCS_TP_64QAM
		       : r->q_m == 8          ? PHY_MCS_256QAM
					      : PHY_MCS_64QAM;
	while (15u << p->mu < r->scs_khz)
		p->mu++;
	for (p->prbs.n = 0; p->prbs.n < r->n_rb; p->prbs.n++)
		p->prbs.at[p->prbs.n] = p->prbs.n;
	return mcs_of(r, p->mcs_table, &p->mcs);
}

static bool run(size_t i, double snr_db, unsigned slots, uint64_t seed, struct conformance_count *count)
{
	const struct conformance_pusch_row *r = row_of(i);
	struct blocks_config config;
	struct blocks *b;
	const char *why;
	bool ok;

	if (!r || !config_of(r, seed, &config))
		return false;
	b = blocks_new(&config, &why);
	if (!b)
		return false;
	ok = blocks_point(b, snr_db);
	while (ok && blocks_counts(b)->sent < slots) {
		uint64_t before = blocks_counts(b)->sent;

		blocks_run(b, 1);
		ok = blocks_counts(b)->sent > before;
	}
	count->trials += blocks_counts(b)->sent;
	count->failures += blocks_counts(b)->sent - (blocks_counts(b)->blocks - blocks_counts(b)->errors);
	blocks_free(b);
	return ok;
}

const struct conformance_set conformance_pusch = { "PUSCH", SLOTS, rows, row, run };
