/* The reference of scrambling. */
#include "radio/phy/kern/kern.h"

enum { CHUNK = 128 };

struct words {
	uint32_t x1[31 + CHUNK], x2[31 + CHUNK];
};

static void start(struct words *w, const struct kern_gold *g)
{
	for (unsigned i = 0; i < 31; i++) {
		w->x1[i] = g->x1[i];
		w->x2[i] = g->x2[i];
	}
}

/* c: the next CHUNK words of the sequence. */
static void next(struct words *w, uint32_t *c)
{
	for (unsigned i = 0; i < CHUNK; i++) {
		w->x1[i + 31] = w->x1[i + 3] ^ w->x1[i];
		w->x2[i + 31] = w->x2[i + 3] ^ w->x2[i + 2] ^ w->x2[i + 1] ^ w->x2[i];
		c[i] = w->x1[i] ^ w->x2[i];
	}
	for (unsigned i = 0; i < 31; i++) {
		w->x1[i] = w->x1[i + CHUNK];
		w->x2[i] = w->x2[i + CHUNK];
	}
}

static uint8_t reversed(uint32_t v)
{
	v = (v & 0xf0) >> 4 | (v & 0x0f) << 4;
	v = (v & 0xcc) >> 2 | (v & 0x33) << 2;
	return (uint8_t)((v & 0xaa) >> 1 | (v & 0x55) << 1);
}

static void gold_xor(uint8_t *data, size_t octets, const struct kern_gold *g)
{
	uint32_t c[CHUNK];
	struct words w;

	start(&w, g);
	for (size_t i = 0; i < octets; i++) {
		if (i % (4 * CHUNK) == 0)
			next(&w, c);
		data[i] ^= reversed(c[i / 4 % CHUNK] >> i % 4 * 8 & 0xff);
	}
}

static void gold_negate(int8_t *llr, size_t n, const struct kern_gold *g)
{
	uint32_t c[CHUNK];
	struct words w;

	start(&w, g);
	for (size_t i = 0; i < n; i++) {
		int mask;

		if (i % (32 * CHUNK) == 0)
			next(&w, c);
		mask = -(int)(c[i / 32 % CHUNK] >> i % 32 & 1);
		llr[i] = (int8_t)((llr[i] ^ mask) - mask);
	}
}

void kern_ref_gold(struct kern *k)
{
	k->gold_xor = gold_xor;
	k->gold_negate = gold_negate;
}
