/* PDSCH of a UE (38.101-4 5.2.1 to 5.2.4): of all that is sent, with HARQ, a share of the blocks comes. */
#include <stdio.h>

#include "sim/blocks/blocks.h"
#include "sim/conformance/conformance.h"
#include "sim/conformance/tables.h"

enum { SLOTS = 200 };

static size_t rows(void)
{
	return conformance_ue_pdsch_requirements_n;
}

static const struct conformance_ue_pdsch_row *row_of(size_t i)
{
	return i < rows() ? &conformance_ue_pdsch_requirements[i] : NULL;
}

static bool row(size_t i, struct conformance_row *to)
{
	const struct conformance_ue_pdsch_row *r = row_of(i);

	if (!r)
		return false;
	*to = (struct conformance_row){ .snr_db = r->snr_db, .allowed = 1 - r->share / 100.0 };
	snprintf(to->text, sizeof(to->text), "%s UE %s, %s, %u kHz, %u RB, %u layers, %ux%u, %u Hz", r->table,
		r->test, r->reference, r->scs_khz, r->n_rb, r->layers, r->n_tx, r->n_rx, r->doppler_hz);
	return true;
}

/* Those of enhanced receiver type 1 (38.101-4 3.1), which tells layers apart better than MMSE. */
static bool is_enhanced(const struct conformance_ue_pdsch_row *r)
{
	static const char *const tables[] = { "5.2.2.1.1-5", "5.2.2.2.1-5", "5.2.3.1.1-7", "5.2.3.2.1-7" };
	bool enhanced = false;

	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		enhanced = enhanced || !strcmp(r->table, tables[i]);
	return enhanced;
}

/* Table 5.2-1 and those of the clauses. */
static void config_of(const struct conformance_ue_pdsch_row *r, uint64_t seed, struct blocks_config *c)
{
	struct phy_pdsch_config *p = &c->pdsch;

	*c = (struct blocks_config){ .kind = BLOCKS_PDSCH,
		.pdsch = { .mu = r->scs_khz == 30,
			.bwp_prbs = r->carrier_rb,
			.time = { r->type_b, 0, r->start, r->symbols },
			.dmrs = { .additional = r->additional,
				.type_a_position = 2,
				.groups_without_data = r->groups },
			.layers = r->layers,
			.ports = { 0, 1, 2, 3 },
			.prg_prbs = r->prg,
			.rnti = 1,
			.mcs_table = r->mcs_table,
			.codeword = { { .mcs = r->mcs } } },
		.ports = r->n_tx,
		.antennas = r->n_rx,
		.air = { .profile = r->profile,
			.correlation = r->correlation,
			.doppler_hz = r->doppler_hz,
			.speed_kmh = r->speed_kmh },
		.search = is_enhanced(r),
		.transmissions = BLOCKS_TRANSMISSIONS_MAX,
		.seed = seed };
	for (p->prbs.n = 0; p->prbs.n < r->n_rb; p->prbs.n++)
		p->prbs.at[p->prbs.n] = (uint16_t)(r->first_rb + p->prbs.n);
}

static bool run(size_t i, double snr_db, unsigned slots, uint64_t seed, struct conformance_count *count)
{
	const struct conformance_ue_pdsch_row *r = row_of(i);
	struct blocks_config config;
	struct blocks *b;
	const char *why;
	bool ok;

	if (!r)
		return false;
	config_of(r, seed, &config);
	b = blocks_new(&config, &why);
	if (!b)
		return false;
	ok = blocks_size(b)->bits == r->payload && blocks_point(b, snr_db);
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

const struct conformance_set conformance_ue_pdsch = { "PDSCH of UEs", SLOTS, rows, row, run };
