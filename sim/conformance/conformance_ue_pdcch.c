/* PDCCH of a UE (38.101-4 5.3, 7.3.2.2): one of a hundred may be missed at a place that the UE knows. */
#include <stdio.h>

#include "sim/blocks/blocks.h"
#include "sim/conformance/conformance.h"
#include "sim/conformance/tables.h"

enum { SLOTS = 2000 };

static size_t rows(void)
{
	return conformance_ue_pdcch_requirements_n;
}

static bool row(size_t i, struct conformance_row *to)
{
	const struct conformance_ue_pdcch_row *r = &conformance_ue_pdcch_requirements[i];

	if (i >= rows())
		return false;
	*to = (struct conformance_row){ .snr_db = r->snr_db, .allowed = 0.01 };
	snprintf(to->text, sizeof(to->text), "%s UE %s, %s, %u kHz, %u CCEs, %u bits, %ux%u, %u Hz", r->table,
		r->test, r->reference, r->scs_khz, r->al, r->dci_bits, r->n_tx, r->n_rx, r->doppler_hz);
	return true;
}

static bool run(size_t i, double snr_db, unsigned slots, uint64_t seed, struct conformance_count *count)
{
	const struct conformance_ue_pdcch_row *r = &conformance_ue_pdcch_requirements[i];
	struct blocks_config config;

	if (i >= rows())
		return false;
	config = (struct blocks_config){ .kind = BLOCKS_PDCCH,
		.pdcch = { .mu = r->scs_khz == 120 ? 3 : r->scs_khz == 30,
			.n_symb = r->symbols,
			.al = r->al,
			.dci_bits = r->dci_bits,
			.interleaved = r->interleaved,
			.bundle = r->bundle,
			.interleaver = r->interleaver,
			.n_rb = r->n_rb },
		.ports = r->n_tx,
		.antennas = r->n_rx,
		.air = { .profile = r->profile, .correlation = r->correlation, .doppler_hz = r->doppler_hz },
		.transmissions = 1,
		.seed = seed };
	return conformance_blocks(&config, snr_db, slots, count);
}

const struct conformance_set conformance_ue_pdcch = { "PDCCH of UEs", SLOTS, rows, row, run };
