/* Messages made from their tables: every element there is, with random simple values and samples of the
 * others. */
#pragma once

#include "base/test.h"

#include "wire/tlv/engine.h"

/* Octets of one value of a codec of functions; several samples for one codec are taken in turn. */
struct sample {
	const struct tlv_codec *codec;
	const char *hex;
};

struct generator {
	const struct sample *samples;
	size_t sample_count;
	uint32_t random; /* state of a small generator, so that runs repeat */
	unsigned optional_percent;
	unsigned list_most;
};

uint32_t generate_random(struct generator *gen);

void generate_octets(struct generator *gen, struct writer *w, size_t n);

void generate_pfcp(struct generator *gen, const struct tlv_group *g, struct writer *w);

void generate_nas(struct generator *gen, const struct tlv_group *g, struct writer *w);
