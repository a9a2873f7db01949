/* PBCH of a UE (38.101-4 5.4, 7.4): one MIB of a hundred may be missed, of the four blocks of its 80 ms. */
#include <stdio.h>

#include "sim/blocks/blocks.h"
#include "sim/conformance/conformance.h"
#include "sim/conformance/tables.h"

enum { SLOTS = 1000, BLOCKS_OF_A_MIB = 4 };

static size_t rows(void)
{
	return conformance_ue_pbch_requirements_n;
}

static bool row(size_t i, struct conformance_row *to)
{
	const struct conformance_ue_pbch_row *r = &conformance_ue_pbch_requirements[i];

	if (i >= rows())
		return false;
	*to = (struct conformance_row){ .snr_db = r->snr_db, .allowed = 0.01 };
	snprintf(to->text, sizeof(to->text), "%s UE %s, PBCH, %u kHz, index %sknown, 1x%u, %u Hz", r->table,
		r->test, r->scs_khz, r->known ? "" : "not ", r->n_rx, r->doppler_hz);
	return true;
}

static bool run(size_t i, double snr_db, unsigned slots, uint64_t seed, struct conformance_count *count)
{
	const struct conformance_ue_pbch_row *r = &conformance_ue_pbch_requirements[i];
	struct blocks_config config;

	if (i >= rows())
		return false;
	config = (struct blocks_config){ .kind = BLOCKS_PBCH,
		.pbch_mu = r->scs_khz == 120 ? 3 : r->scs_khz == 30,
		.pbch_known = r->known,
		.antennas = r->n_rx,
		.air = { .profile = r->profile, .doppler_hz = r->doppler_hz },
		.transmissions = BLOCKS_OF_A_MIB,
		.seed = seed };
	return conformance_blocks(&config, snr_db, slots, count);
}

const struct conformance_set conformance_ue_pbch = { "PBCH of UEs", SLOTS, rows, row, run };
