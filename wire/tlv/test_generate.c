#include "wire/tlv/test_generate.h"

uint32_t generate_random(struct generator *gen)
{
	gen->random = gen->random * 1664525 + 1013904223;
	return gen->random >> 8;
}

void generate_octets(struct generator *gen, struct writer *w, size_t n)
{
	while (n-- > 0)
		writer_u8(w, (uint8_t)generate_random(gen));
}

static void generate_sample(struct generator *gen, const struct tlv_ie *ie, struct writer *w)
{
	size_t fits = 0, pick;
	uint8_t buf[256];

	for (int pass = 0; pass < 2; pass++) {
		pick = pass && fits ? generate_random(gen) % fits : 0;
		for (size_t i = 0, k = 0; i < gen->sample_count; i++) {
			struct bytes b;

			if (gen->samples[i].codec != ie->codec)
				continue;
			b = test_hex(gen->samples[i].hex, buf, sizeof(buf));
			if (b.len < ie->min || b.len > ie->max)
				continue;
			if (!pass) {
				fits++;
			} else if (k++ == pick) {
				writer_put(w, b);
				return;
			}
		}
	}
	fail_msg("no sample for %s", ie->name);
}

static void generate_value(struct generator *gen, const struct tlv_ie *ie, struct writer *w)
{
	size_t n = ie->min;
	unsigned percent = gen->optional_percent;

	switch (ie->codec->kind) {
	case TLV_UINT:
		generate_octets(gen, w, ie->codec->octets);
		break;
	case TLV_FIXED:
		generate_octets(gen, w, ie->codec->size);
		break;
	case TLV_FLAGS:
		generate_octets(gen, w, n ? n : 1);
		break;
	case TLV_BYTES:
		n += generate_random(gen) % 20;
		generate_octets(gen, w, n < ie->max ? n : ie->max);
		break;
	case TLV_GROUP:
		gen->optional_percent = n ? 100 : percent; /* not empty, when that is demanded */
		generate_pfcp(gen, ie->codec->group, w);
		gen->optional_percent = percent;
		break;
	default:
		generate_sample(gen, ie, w);
	}
}

static void generate_sized(struct generator *gen, const struct tlv_ie *ie, struct writer *w, size_t n)
{
	size_t mark = n ? writer_mark(w, n) : 0;

	generate_value(gen, ie, w);
	if (n)
		writer_patch(w, mark, n);
}

static bool generate_wanted(struct generator *gen, const struct tlv_ie *ie)
{
	return ie->presence == TLV_MANDATORY || generate_random(gen) % 100 < gen->optional_percent;
}

void generate_pfcp(struct generator *gen, const struct tlv_group *g, struct writer *w)
{
	for (unsigned i = 0; i < g->ie_count; i++) {
		const struct tlv_ie *ie = &g->ies[i];
		unsigned n = ie->count == TLV_NO_OFFSET ? 1 : 1 + generate_random(gen) % gen->list_most;

		for (n = generate_wanted(gen, ie) ? n : 0; n > 0; n--) {
			writer_u16(w, ie->type);
			generate_sized(gen, ie, w, 2);
		}
	}
}

void generate_nas(struct generator *gen, const struct tlv_group *g, struct writer *w)
{
	bool second = false;

	for (unsigned i = 0; i < g->ie_count; i++) {
		const struct tlv_ie *ie = &g->ies[i];
		uint8_t half = ie->codec->kind == TLV_SPARE ? 0 : generate_random(gen) & 15;

		if (!generate_wanted(gen, ie))
			continue;
		if (ie->format == TLV_FMT_HALF && second)
			w->data[w->len - 1] |= (uint8_t)(half << 4);
		else if (ie->format == TLV_FMT_HALF || ie->format == TLV_FMT_TV1)
			writer_u8(w, (uint8_t)(ie->type | half));
		second = ie->format == TLV_FMT_HALF && !second;
		if (ie->format == TLV_FMT_TV || ie->format == TLV_FMT_TLV || ie->format == TLV_FMT_TLVE)
			writer_u8(w, (uint8_t)ie->type);
		if (ie->format == TLV_FMT_V || ie->format == TLV_FMT_TV)
			generate_sized(gen, ie, w, 0);
		else if (ie->format == TLV_FMT_LV || ie->format == TLV_FMT_TLV)
			generate_sized(gen, ie, w, 1);
		else if (ie->format == TLV_FMT_LVE || ie->format == TLV_FMT_TLVE)
			generate_sized(gen, ie, w, 2);
	}
}
