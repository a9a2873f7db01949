#include <math.h>
#include <stdlib.h>

#include "sim/blocks/parts.h"

static const struct blocks_kind_ops *const kinds[BLOCKS_KINDS] = {
	[BLOCKS_PDSCH] = &blocks_pdsch,
	[BLOCKS_PUSCH] = &blocks_pusch,
	[BLOCKS_PUCCH] = &blocks_pucch,
	[BLOCKS_PDCCH] = &blocks_pdcch,
	[BLOCKS_PBCH] = &blocks_pbch,
	[BLOCKS_LDPC] = &blocks_ldpc,
	[BLOCKS_POLAR] = &blocks_polar,
};

enum { WAIT_SLOTS = 7 }; /* so that transmissions begin eight slots apart */

struct blocks *blocks_new(const struct blocks_config *c, const char **why)
{
	struct blocks *b = calloc(1, sizeof(*b));

	*why = "out of memory";
	if (!b)
		return NULL;
	b->config = *c;
	kern_init(&b->kern, KERN_LEVELS - 1);
	if ((unsigned)c->kind >= BLOCKS_KINDS) {
		*why = "no such channel";
	} else if (c->transmissions < 1 || c->transmissions > BLOCKS_TRANSMISSIONS_MAX) {
		*why = "a block is sent 1 to 4 times at most";
	} else {
		b->ops = kinds[c->kind];
		if (b->ops->open(b, why))
			return b;
	}
	blocks_free(b);
	return NULL;
}

void blocks_free(struct blocks *b)
{
	if (!b)
		return;
	if (b->ops)
		b->ops->close(b);
	air_free(b->air);
	free(b);
}

const struct blocks_size *blocks_size(const struct blocks *b)
{
	return &b->size;
}

const struct blocks_count *blocks_counts(const struct blocks *b)
{
	return &b->count;
}

bool blocks_point(struct blocks *b, double snr_db)
{
	uint64_t state;

	b->count = (struct blocks_count){ 0 };
	if (!(fabs(snr_db) <= 100))
		return false;
	/* a stream of its own for each thousandth of a dB, so that a point does not depend on the others */
	state = b->config.seed + (uint64_t)(int64_t)lrint(snr_db * 1000) * 0xd1342543de82ef95u;
	b->random = blocks_draw(&state);
	b->noise = pow(10, -snr_db / 10);
	return air_point(b->air, snr_db, blocks_draw(&b->random));
}

static void run_one(struct blocks *b)
{
	double wait_s = b->ops->wait_s > 0 ? b->ops->wait_s : WAIT_SLOTS * b->size.slot_s;
	unsigned sent = 0;
	bool came = false;

	if (!air_block(b->air, blocks_draw(&b->random)))
		return;
	b->ops->begin(b);
	while (!came && sent < b->config.transmissions) {
		if (sent > 0)
			air_wait(b->air, wait_s);
		came = b->ops->send(b, sent++);
	}
	b->count.blocks++;
	b->count.errors += !came;
	b->count.sent += sent;
	b->count.sent_squared += (uint64_t)sent * sent;
	b->count.sent_good += came ? sent : 0;
}

void blocks_run(struct blocks *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		run_one(b);
}
