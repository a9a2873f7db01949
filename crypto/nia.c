#include "crypto/nia.h"

#include "base/cursor.h"
#include "crypto/aes.h"
#include "crypto/equal.h"
#include "crypto/snow3g.h"
#include "crypto/zuc.h"

enum { NIA_CHUNK_WORDS = 64 };

/* Multiplication by a fixed element of GF(2^64) with x^64 + x^4 + x^3 + x + 1, four bits at a time. */
struct gf64 {
	uint64_t multiple[16]; /* n times the element, n a polynomial of four bits */
};

/* What the four bits shifted out of the top reduce to: n times 0x1b. */
static const uint8_t gf64_reduce[16] = { 0x00, 0x1b, 0x36, 0x2d, 0x6c, 0x77, 0x5a, 0x41, 0xd8, 0xc3, 0xee,
	0xf5, 0xb4, 0xaf, 0x82, 0x99 };

static void gf64_init(struct gf64 *g, uint64_t v)
{
	g->multiple[0] = 0;
	g->multiple[1] = v;
	for (int n = 2; n < 16; n += 2) {
		uint64_t half = g->multiple[n / 2];

		g->multiple[n] = half << 1 ^ (half >> 63) * 0x1b;
		g->multiple[n + 1] = g->multiple[n] ^ v;
	}
}

static uint64_t gf64_mul(const struct gf64 *g, uint64_t v)
{
	uint64_t r = 0;

	for (int shift = 60; shift >= 0; shift -= 4)
		r = r << 4 ^ gf64_reduce[r >> 60] ^ g->multiple[v >> shift & 15];
	return r;
}

/* The next n octets (1 to 8) as the high octets of a 64-bit block. */
static uint64_t block64(struct cursor *c, size_t n)
{
	return cursor_uint(c, n) << (64 - 8 * n);
}

/* 128-NIA1 is UIA2 with FRESH = BEARER || 0 (TS 33.401 B.2.2, TS 35.215 clause 4.4). */
static bool nia1(const uint8_t key[16], uint32_t count, uint32_t bearer, uint32_t direction,
	const uint8_t *msg, size_t len_bits, uint32_t *mac)
{
	uint32_t fresh = bearer << 27, k[4], z[5];
	const uint32_t iv[4] = { fresh ^ direction << 15, count ^ direction << 31, fresh, count };
	struct cursor c = cursor_of(bytes_of(key, 16));
	size_t tail = len_bits % 64;
	struct snow3g s;
	struct gf64 p;
	uint64_t eval = 0;

	for (int i = 3; i >= 0; i--)
		k[i] = cursor_u32(&c);
	snow3g_init(&s, k, iv);
	snow3g_words(&s, z, 5);
	gf64_init(&p, (uint64_t)z[0] << 32 | z[1]);
	c = cursor_of(bytes_of(msg, len_bits / 8 + (len_bits % 8 != 0)));
	for (size_t i = len_bits / 64; i > 0; i--)
		eval = gf64_mul(&p, eval ^ block64(&c, 8));
	if (tail > 0)
		eval = gf64_mul(&p, eval ^ (block64(&c, (tail + 7) / 8) & ~(uint64_t)0 << (64 - tail)));
	gf64_init(&p, (uint64_t)z[2] << 32 | z[3]);
	eval = gf64_mul(&p, eval ^ len_bits);
	*mac = (uint32_t)(eval >> 32) ^ z[4];
	explicit_bzero(&s, sizeof(s));
	explicit_bzero(&p, sizeof(p));
	explicit_bzero(k, sizeof(k));
	explicit_bzero(z, sizeof(z));
	return true;
}

/* 128-NIA2 is AES-CMAC of COUNT || BEARER || DIRECTION || 0 || message (TS 33.401 B.2.3). */
static bool nia2(const uint8_t key[16], uint32_t count, uint32_t bearer, uint32_t direction,
	const uint8_t *msg, size_t len_bits, uint32_t *mac)
{
	uint8_t prefix[8], full[AES_BLOCK] = { 0 };
	struct writer w = writer_of(prefix, sizeof(prefix));
	struct cursor c = cursor_of(BYTES(full));
	bool ok;

	writer_u32(&w, count);
	writer_u32(&w, bearer << 27 | direction << 26);
	ok = aes_cmac(key, prefix, msg, len_bits, full);
	*mac = cursor_u32(&c);
	explicit_bzero(full, sizeof(full));
	return ok;
}

/* Adds to t the keystream window at each set bit of m, the window at bit 0 being the high half of z. */
static inline uint32_t nia3_word(uint32_t t, uint32_t m, uint64_t z)
{
	for (int i = 0; i < 32; i++)
		t ^= (uint32_t)(z >> (32 - i)) & -(m >> (31 - i) & 1);
	return t;
}

/* The 128-EIA3 IV of TS 35.221 clause 4.3. */
static void nia3_iv(uint8_t iv[16], uint32_t count, uint32_t bearer, uint32_t direction)
{
	struct writer w = writer_of(iv, 16);

	for (int i = 0; i < 2; i++) {
		writer_u32(&w, count);
		writer_u32(&w, bearer << 27);
	}
	iv[8] ^= (uint8_t)(direction << 7);
	iv[14] ^= (uint8_t)(direction << 7);
}

/* 128-NIA3 is 128-EIA3 (TS 33.401 B.2.4, TS 35.221 clause 4.4): message words by chunks, z carrying
 * the keystream window from one to the next. */
static bool nia3(const uint8_t key[16], uint32_t count, uint32_t bearer, uint32_t direction,
	const uint8_t *msg, size_t len_bits, uint32_t *mac)
{
	struct cursor c = cursor_of(bytes_of(msg, len_bits / 8 + (len_bits % 8 != 0)));
	size_t words = len_bits / 32, tail = len_bits % 32;
	uint32_t ks[NIA_CHUNK_WORDS], t = 0;
	struct zuc g;
	uint8_t iv[16];
	uint64_t z;

	nia3_iv(iv, count, bearer, direction);
	zuc_init(&g, key, iv);
	zuc_words(&g, ks, 1);
	z = ks[0];
	for (size_t n; words > 0; words -= n) {
		n = words < NIA_CHUNK_WORDS ? words : NIA_CHUNK_WORDS;
		zuc_words(&g, ks, n);
		for (size_t i = 0; i < n; i++) {
			z = z << 32 | ks[i];
			t = nia3_word(t, cursor_u32(&c), z);
		}
	}
	zuc_words(&g, ks, 2);
	z = z << 32 | ks[0];
	if (tail > 0) {
		size_t octets = (tail + 7) / 8;
		uint32_t m = (uint32_t)(cursor_uint(&c, octets) << (32 - 8 * octets));

		t = nia3_word(t, m & ~(uint32_t)0 << (32 - tail), z);
	}
	t ^= (uint32_t)(z >> (32 - tail)); /* the window at LENGTH, then the last keystream word */
	*mac = t ^ (tail > 0 ? ks[1] : ks[0]);
	explicit_bzero(&g, sizeof(g));
	explicit_bzero(ks, sizeof(ks));
	explicit_bzero(&z, sizeof(z));
	return true;
}

/* An algorithm sets *mac; NIA0 has no function, its MAC is 0. */
typedef bool nia_function(const uint8_t key[16], uint32_t count, uint32_t bearer, uint32_t direction,
	const uint8_t *msg, size_t len_bits, uint32_t *mac);

static nia_function *const nia_functions[NIA_ALG_COUNT] = { [NIA1] = nia1, [NIA2] = nia2, [NIA3] = nia3 };

bool nia_mac(enum nia_alg alg, const uint8_t key[16], uint32_t count, uint8_t bearer, uint8_t direction,
	const uint8_t *msg, size_t len_bits, uint8_t mac[NIA_MAC_LEN])
{
	struct writer w = writer_of(mac, NIA_MAC_LEN);
	uint32_t v = 0;
	bool ok = bearer <= 31 && direction <= 1 && alg < NIA_ALG_COUNT;

	if (ok && alg != NIA0)
		ok = nia_functions[alg](key, count, bearer, direction, msg, len_bits, &v);
	writer_u32(&w, ok ? v : 0);
	return ok;
}

bool nia_verify(enum nia_alg alg, const uint8_t key[16], uint32_t count, uint8_t bearer, uint8_t direction,
	struct bytes msg, const uint8_t mac[NIA_MAC_LEN])
{
	uint8_t expected[NIA_MAC_LEN];
	bool ok = msg.len <= SIZE_MAX / 8 &&
		  nia_mac(alg, key, count, bearer, direction, msg.data, msg.len * 8, expected);

	ok = ok && crypto_equal(BYTES(expected), bytes_of(mac, NIA_MAC_LEN));
	explicit_bzero(expected, sizeof(expected));
	return ok;
}
