/* The carrier of the whole radio. */
#include "gnb/du/cell/config.h"
#include "tests/scenario/scenario.h"

void scn_carrier(const struct scn *s, struct served_cell_config *c)
{
	static const char pattern[] = "DDDSU";
	bool narrow = s->samples_mhz == 3; /* which n28 has, and n3 has not */

	c->band = s->tdd ? 78 : narrow ? 28 : 3;
	c->arfcn = s->tdd ? 633334 : narrow ? 156100 : 368500;
	c->mu = s->tdd;
	c->bandwidth_mhz = s->samples_mhz;
	if (!s->tdd)
		return;
	str_copy(c->tdd_pattern, sizeof(c->tdd_pattern), pattern);
	c->tdd_downlink_symbols = 10;
	c->tdd_uplink_symbols = 2;
}
