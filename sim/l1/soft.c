/* HARQ with soft combining: a block is decoded by all of its receptions together (38.214 5.1.2.1's versions
 * in their order, as the curves were measured). */
#include <math.h>

#include "sim/l1/parts.h"

enum { NEVER_DECODED = -1 /* less than any share of lost ones */ };

double l1_db(double ratio)
{
	return 10 * log10(ratio > 1e-30 ? ratio : 1e-30);
}

bool l1_receive_block(
	struct l1_model *m, struct l1_soft *s, bool new_data, unsigned mcs, unsigned prbs, double snr)
{
	if (new_data || s->receptions == 0) {
		s->receptions = 0;
		s->snr = 0;
		s->lot = l1_draw(m);
		if (++m->blocks == m->lose)
			s->lot = NEVER_DECODED;
	}
	s->receptions += s->receptions < UINT8_MAX;
	s->snr += snr;
	/* the curve of n receptions is of n alike */
	return s->lot >=
	       l1_lost(m->curves, L1_SHARED, mcs, prbs, s->receptions, l1_db(s->snr / s->receptions));
}
