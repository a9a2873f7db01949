/* The bound beside a curve, and the words and units of its channel. */
#include <math.h>

#include "air/link.h"

const char *link_kind_text(enum blocks_kind kind)
{
	static const char *const texts[BLOCKS_KINDS] = { "PDSCH", "PUSCH", "PUCCH", "PDCCH", "PBCH",
		"LDPC code", "polar code" };

	return texts[kind];
}

const char *link_rate_unit(enum blocks_kind kind)
{
	return kind <= BLOCKS_PUSCH ? "Mb/s" : "bit/symbol";
}

double link_bound(const struct link_curve *c, double snr_db)
{
	const struct blocks_size *s = blocks_size(c->blocks);
	struct bound_channel channel;

	if (!c->bounded || !bound_channel(&channel, s->modulation, snr_db))
		return NAN;
	return bound_error(&channel, (double)s->symbols * c->options.config.transmissions, s->coded);
}

double link_bound_snr_db(const struct link_curve *c, double error)
{
	const struct blocks_size *s = blocks_size(c->blocks);

	return bound_snr_db(
		s->modulation, (double)s->symbols * c->options.config.transmissions, s->coded, error);
}
