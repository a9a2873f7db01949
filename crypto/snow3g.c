#include "crypto/snow3g.h"

#include "crypto/snow3g_tables.h"

static inline uint32_t rotr(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static inline uint32_t snow3g_sbox(const uint32_t table[256], uint32_t w)
{
	return table[w >> 24] ^ rotr(table[w >> 16 & 0xff], 8) ^ rotr(table[w >> 8 & 0xff], 16) ^
	       rotr(table[w & 0xff], 24);
}

/* Clocks the FSM (clause 3.4.6) and returns F. */
static inline uint32_t snow3g_fsm(struct snow3g *g)
{
	const uint32_t *s = g->s + g->at;
	uint32_t f = (s[15] + g->r1) ^ g->r2;
	uint32_t r = g->r2 + (g->r3 ^ s[5]);

	g->r3 = snow3g_sbox(snow3g_s2, g->r2);
	g->r2 = snow3g_sbox(snow3g_s1, g->r1);
	g->r1 = r;
	return f;
}

/* Clocks the LFSR: f is F in initialisation mode (clause 3.4.4), 0 in keystream mode (clause 3.4.5). */
static inline void snow3g_lfsr(struct snow3g *g, uint32_t f)
{
	uint32_t *s = g->s + g->at;
	uint32_t v = s[0] << 8 ^ snow3g_mul_alpha[s[0] >> 24] ^ s[2] ^ s[11] >> 8 ^
		     snow3g_div_alpha[s[11] & 0xff] ^ f;

	s[0] = v;
	s[16] = v;
	g->at = (g->at + 1) & 15;
}

void snow3g_init(struct snow3g *g, const uint32_t key[4], const uint32_t iv[4])
{
	*g = (struct snow3g){ 0 };
	for (int i = 0; i < 4; i++) {
		g->s[i] = ~key[i];
		g->s[i + 4] = key[i];
		g->s[i + 8] = ~key[i];
		g->s[i + 12] = key[i];
	}
	g->s[15] ^= iv[0];
	g->s[12] ^= iv[1];
	g->s[10] ^= iv[2];
	g->s[9] ^= iv[3];
	memcpy(g->s + 16, g->s, sizeof(g->s) / 2);
	for (int i = 0; i < 32; i++)
		snow3g_lfsr(g, snow3g_fsm(g));
	(void)snow3g_fsm(g); /* clause 4.2: the first output is discarded */
	snow3g_lfsr(g, 0);
}

void snow3g_words(struct snow3g *g, uint32_t *out, size_t count)
{
	struct snow3g w = *g; /* in registers rather than behind a pointer that out might alias */

	for (size_t i = 0; i < count; i++) {
		uint32_t f = snow3g_fsm(&w);

		out[i] = f ^ w.s[w.at];
		snow3g_lfsr(&w, 0);
	}
	*g = w;
	explicit_bzero(&w, sizeof(w));
}
