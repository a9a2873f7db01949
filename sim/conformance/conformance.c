#include "sim/conformance/conformance.h"

#include <math.h>

#include "sim/blocks/blocks.h"

#define STEP_DB 0.5
#define SPAN_DB 10.0

/* Of failures, never none: so that the logarithm has a value. */
static double share(const struct conformance_count *c)
{
	return ((double)c->failures + 0.5) / ((double)c->trials + 1);
}

bool conformance_blocks(
	const struct blocks_config *config, double snr_db, unsigned slots, struct conformance_count *count)
{
	const char *why;
	struct blocks *b = blocks_new(config, &why);
	bool ok = b && blocks_point(b, snr_db);

	if (ok) {
		blocks_run(b, slots);
		count->trials += blocks_counts(b)->blocks;
		count->failures += blocks_counts(b)->errors;
	}
	blocks_free(b);
	return ok;
}

bool conformance_reach(
	const struct conformance_set *set, size_t i, unsigned slots, uint64_t seed, double *snr_db)
{
	struct conformance_row row;
	double before = 0, now;
	int step;

	if (!set->row(i, &row))
		return false;
	/* fewer show no share as small as this, even where nothing fails */
	if (slots < 1 / row.allowed)
		slots = (unsigned)ceil(1 / row.allowed);
	/* down from 2 dB above the requirement until it is missed; up if it is missed there already */
	for (step = 4; step * STEP_DB <= SPAN_DB && step * STEP_DB >= -SPAN_DB;) {
		struct conformance_count c = { 0, 0 };
		bool first = before == 0, met;

		if (!set->run(i, row.snr_db + step * STEP_DB, slots, seed, &c) || c.trials == 0)
			return false;
		now = share(&c);
		met = now <= row.allowed;
		if (!first && met != (before <= row.allowed)) {
			double lost = met ? before : now, held = met ? now : before;
			double part = log(row.allowed / held) / log(lost / held);

			*snr_db = row.snr_db + (step + (met ? 0 : 1) - part) * STEP_DB;
			return true;
		}
		before = now;
		step += met ? -1 : 1;
	}
	if (!(before <= row.allowed))
		return false;
	*snr_db = row.snr_db - SPAN_DB;
	return true;
}
