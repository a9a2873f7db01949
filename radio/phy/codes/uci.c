#include "radio/phy/codes/uci.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/codes/crc.h"
#include "radio/phy/codes/polar_cache.h"
#include "radio/phy/codes/smallblock.h"

enum {
	BLOCK_MAX = 1012 + 11,           /* alone, when it has fewer than 1088 coded bits */
	POLAR_LEAST = PHY_SMALL_MAX + 1, /* bits, 6.3.1.2 */
	CRC_11_LEAST = 20,
	PARITY_CHECKS = 3, /* 5.3.1.2: with 18 to 25 bits, which are those with a CRC of 6 */
};

#define FALSE_ALARM 0.01

/* Of the root of all coded bits, which is what their correlation is when all agree: so few cannot show
 * silence. */
#define MOST_OF_ALL 0.8f

struct phy_uci_codec {
	struct phy_polar_cache *codes;
	struct phy_polar_decoder decoder;
	uint8_t block[BLOCK_MAX];
	uint8_t word[PHY_POLAR_E_MAX];
};

const char *phy_uci_error_text(enum phy_uci_error e)
{
	static const char *const texts[PHY_UCI_ERRORS] = {
		[PHY_UCI_OK] = "ok",
		[PHY_UCI_BITS] = "UCI has 1 to 1706 bits",
		[PHY_UCI_MODULATION] = "UCI is sent with 1, 2, 4, 6 or 8 bits a symbol",
		[PHY_UCI_ROOM] = "too few coded bits for the UCI",
		[PHY_UCI_TOO_LONG] = "too many coded bits for the code of the UCI",
	};

	return (unsigned)e < PHY_UCI_ERRORS ? texts[e] : "?";
}

struct phy_uci_codec *phy_uci_codec_new(void)
{
	struct phy_uci_codec *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->codes = phy_polar_cache_new();
	if (c->codes)
		return c;
	free(c);
	return NULL;
}

void phy_uci_codec_free(struct phy_uci_codec *c)
{
	if (c)
		phy_polar_cache_free(c->codes);
	free(c);
}

/*
 * By Mills' bound of the normal distribution's tail, exp(-t^2 / 2) / (t sqrt(2 pi)): a few per cent above it
 * where it matters.
 */
float phy_uci_sigmas_least(unsigned a, double false_alarm)
{
	double low = 0.1, high = 60, words = a * M_LN2 - log(false_alarm) - log(2 * M_PI) / 2;

	for (unsigned i = 0; i < 40; i++) {
		double t = (low + high) / 2;

		if (words - t * t / 2 - log(t) > 0)
			low = t;
		else
			high = t;
	}
	return (float)high;
}

enum phy_uci_error phy_uci_init(struct phy_uci *u, unsigned a, uint32_t e, unsigned q_m)
{
	bool split;
	float least;

	if (a < 1 || a > PHY_UCI_BITS_MAX)
		return PHY_UCI_BITS;
	if (q_m != 1 && q_m != 2 && q_m != 4 && q_m != 6 && q_m != 8)
		return PHY_UCI_MODULATION;
	least = fminf(phy_uci_sigmas_least(a, FALSE_ALARM), MOST_OF_ALL * sqrtf((float)e));
	*u = (struct phy_uci){ .e = e,
		.e_r = e,
		.a = (uint16_t)a,
		.a_r = (uint16_t)a,
		.crc = CRC_NONE,
		.q_m = (uint8_t)q_m,
		.sigmas_least = least };
	if (a < POLAR_LEAST) {
		if (e < a)
			return PHY_UCI_ROOM;
		return e > PHY_UCI_SMALL_E_MAX ? PHY_UCI_TOO_LONG : PHY_UCI_OK;
	}
	split = (a >= 360 && e >= 1088) || a >= 1013; /* I_seg of 6.3.1.2.1 */
	u->blocks = split ? 2 : 1;
	u->crc = a < CRC_11_LEAST ? CRC_6 : CRC_11;
	u->a_r = (uint16_t)((a + u->blocks - 1) / u->blocks);
	u->e_r = e / u->blocks;
	if (u->e_r < u->a_r + crc_length(u->crc) + (u->crc == CRC_6 ? PARITY_CHECKS : 0))
		return PHY_UCI_ROOM;
	return u->e_r > PHY_POLAR_E_MAX ? PHY_UCI_TOO_LONG : PHY_UCI_OK;
}

/* Filler zeros of 5.2.1, before the bits of the first block. */
static unsigned filler(const struct phy_uci *u)
{
	return (unsigned)u->blocks * u->a_r - u->a;
}

static const struct phy_polar *code_of(struct phy_uci_codec *c, const struct phy_uci *u)
{
	return phy_polar_cache_get(c->codes, PHY_POLAR_UPLINK, u->a_r + crc_length(u->crc), u->e_r);
}

/* The parity of n bits that are one an octet. */
static uint32_t parity(enum crc_kind kind, const uint8_t *bits, unsigned n)
{
	uint8_t packed[(BLOCK_MAX + 7) / 8] = { 0 };

	for (unsigned i = 0; i < n; i++)
		packed[i / 8] |= (uint8_t)((bits[i] & 1) << (7 - i % 8));
	return crc_of(kind, packed, n);
}

static uint32_t message_of(const uint8_t *bits, unsigned a)
{
	uint32_t msg = 0;

	for (unsigned i = 0; i < a; i++)
		msg |= (uint32_t)(bits[i] & 1) << i;
	return msg;
}

void phy_uci_encode(struct phy_uci_codec *c, const struct phy_uci *u, const uint8_t *bits, uint8_t *out)
{
	unsigned l = crc_length(u->crc), skip = filler(u);

	if (u->blocks == 0) {
		(void)phy_small_encode(out, u->e, u->a, u->q_m, message_of(bits, u->a));
		return;
	}
	for (unsigned r = 0; r < u->blocks; r++, skip = 0) {
		uint32_t p;

		memset(c->block, 0, skip);
		for (unsigned i = skip; i < u->a_r; i++)
			c->block[i] = *bits++ & 1;
		p = parity(u->crc, c->block, u->a_r);
		for (unsigned i = 0; i < l; i++)
			c->block[u->a_r + i] = p >> (l - 1 - i) & 1;
		phy_polar_encode(code_of(c, u), out + r * u->e_r, c->block);
	}
	if (u->blocks * u->e_r < u->e) /* 6.3.1.5 */
		out[u->e - 1] = 0;
}

/* What phy_polar_decode asks; the filler of the first block is zero too. */
struct expected {
	const struct phy_uci *u;
	unsigned zeros;
};

static bool agrees(const void *arg, const uint8_t *bits, unsigned k)
{
	const struct expected *e = arg;

	for (unsigned i = 0; i < e->zeros; i++) {
		if (bits[i])
			return false;
	}
	return parity(e->u->crc, bits, k) == 0;
}

/* A correlation and what it is measured by. */
struct likeness {
	int64_t sum, squares;
};

static void compare(struct likeness *l, const uint8_t *word, const int8_t *llr, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (word[i] > 1)
			continue; /* a placeholder */
		l->sum += word[i] ? -llr[i] : llr[i];
		l->squares += llr[i] * llr[i];
	}
}

static float sigmas_of(const struct likeness *l)
{
	return l->squares > 0 ? (float)((double)l->sum / sqrt((double)l->squares)) : 0;
}

static void decode_small(const struct phy_uci *u, const int8_t *llr, uint8_t *bits, struct likeness *l)
{
	struct phy_small_result small = { 0 };
	uint8_t word[32 * 3 * 8];

	(void)phy_small_decode(&small, llr, u->e, u->a, u->q_m);
	for (unsigned i = 0; i < u->a; i++)
		bits[i] = small.msg >> i & 1;
	/* the word has a period that divides this: 32, or 3 symbols of 2, 4, 6 or 8 bits */
	(void)phy_small_encode(word, sizeof(word), u->a, u->q_m, small.msg);
	for (size_t at = 0; at < u->e; at += sizeof(word))
		compare(l, word, llr + at, u->e - at < sizeof(word) ? u->e - at : sizeof(word));
}

/* Whether all blocks agree. */
static bool decode_blocks(struct phy_uci_codec *c, const struct kern *k, const struct phy_uci *u,
	const int8_t *llr, uint8_t *bits, struct likeness *l)
{
	struct expected e = { u, filler(u) };
	bool ok = true;

	for (unsigned r = 0; r < u->blocks; r++, e.zeros = 0) {
		const struct phy_polar *code = code_of(c, u);

		ok &= phy_polar_decode(&c->decoder, code, k, c->block, llr + r * u->e_r, PHY_POLAR_LIST_MAX,
			agrees, &e, NULL);
		phy_polar_encode(code, c->word, c->block);
		compare(l, c->word, llr + r * u->e_r, u->e_r);
		for (unsigned i = e.zeros; i < u->a_r; i++)
			*bits++ = c->block[i];
	}
	return ok;
}

struct phy_uci_result phy_uci_decode(struct phy_uci_codec *c, const struct kern *k, const struct phy_uci *u,
	const int8_t *llr, uint8_t *bits)
{
	struct phy_uci_result r = { .crc_ok = true };
	struct likeness l = { 0, 0 };

	if (u->blocks == 0)
		decode_small(u, llr, bits, &l);
	else
		r.crc_ok = decode_blocks(c, k, u, llr, bits, &l);
	r.sigmas = sigmas_of(&l);
	/* eight candidates and a CRC of 11 bits: noise comes through once in 256 times as it is */
	r.ok = r.crc_ok && r.sigmas > 0 && (u->crc == CRC_11 || r.sigmas >= u->sigmas_least);
	return r;
}
