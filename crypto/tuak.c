#include "crypto/tuak.h"

#include <endian.h>

#include "crypto/keccak.h"

/*
 * INOUT of clause 6.1 as octets. TUAK puts strings in bit-reversed ("INOUT[i] = TOP[255 - i]") while Keccak
 * numbers the bits of an octet from the least significant: together, octets in reverse order.
 */
enum {
	TUAK_AT_TOPC = 0, /* TOP or TOPc, 256 bits */
	TUAK_AT_INSTANCE = 32,
	TUAK_AT_ALGONAME = 33,
	TUAK_AT_RAND = 40,
	TUAK_AT_AMF = 56,
	TUAK_AT_SQN = 58,
	TUAK_AT_KEY = 64,
	TUAK_AT_PAD = 96,  /* bits 768 to 772 are 1 */
	TUAK_AT_END = 135, /* bit 1087 is 1 */
	TUAK_STATE = 200,

	TUAK_OUT_RES = 0, /* also MAC and TOPc */
	TUAK_OUT_CK = 32,
	TUAK_OUT_IK = 64,
	TUAK_OUT_AK = 96,
};

/* INSTANCE, clauses 6.2 to 6.6; its bit 0 is the most significant. */
enum {
	TUAK_F1 = 0x00,
	TUAK_F2345 = 0x40,
	TUAK_F1_STAR = 0x80,
	TUAK_F5_STAR = 0xc0,
	TUAK_CK_256 = 0x04,
	TUAK_IK_256 = 0x02,
	TUAK_K_256 = 0x01,
};

union tuak_state {
	uint8_t octet[TUAK_STATE]; /* little-endian lanes, FIPS 202 clause B.1 */
	uint64_t lane[TUAK_STATE / 8];
};

static void tuak_put(union tuak_state *s, size_t at, const uint8_t *src, size_t len)
{
	for (size_t i = 0; i < len; i++)
		s->octet[at + i] = src[len - 1 - i];
}

static void tuak_get(const union tuak_state *s, size_t at, uint8_t *dst, size_t len)
{
	for (size_t i = 0; i < len; i++)
		dst[len - 1 - i] = s->octet[at + i];
}

static void tuak_init(union tuak_state *s, const struct tuak_sizes *sizes, uint8_t instance, const uint8_t *k,
	const uint8_t topc[32], const uint8_t *rand)
{
	static const uint8_t algoname[7] = { 'T', 'U', 'A', 'K', '1', '.', '0' };

	memset(s, 0, sizeof(*s));
	tuak_put(s, TUAK_AT_TOPC, topc, 32);
	s->octet[TUAK_AT_INSTANCE] = (uint8_t)(instance | (sizes->k == 32 ? TUAK_K_256 : 0));
	tuak_put(s, TUAK_AT_ALGONAME, algoname, sizeof(algoname));
	if (rand)
		tuak_put(s, TUAK_AT_RAND, rand, 16);
	tuak_put(s, TUAK_AT_KEY, k, sizes->k);
	s->octet[TUAK_AT_PAD] = 0x1f;
	s->octet[TUAK_AT_END] = 0x80;
}

static void tuak_permute(union tuak_state *s, unsigned iterations)
{
	for (size_t i = 0; i < TUAK_STATE / 8; i++)
		s->lane[i] = le64toh(s->lane[i]);
	while (iterations-- > 0)
		keccak_f1600(s->lane);
	for (size_t i = 0; i < TUAK_STATE / 8; i++)
		s->lane[i] = htole64(s->lane[i]);
}

static bool tuak_size_is(uint8_t size, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return size == a || size == b || size == c || size == d;
}

static bool tuak_sizes_valid(const struct tuak_sizes *s)
{
	return tuak_size_is(s->k, 16, 32, 32, 32) && tuak_size_is(s->mac, 8, 16, 32, 32) &&
	       tuak_size_is(s->res, 4, 8, 16, 32) && tuak_size_is(s->ck, 16, 32, 32, 32) &&
	       tuak_size_is(s->ik, 16, 32, 32, 32) && s->iterations > 0;
}

/* INSTANCE[2..4]: 001 for 64 bits, 010 for 128, 100 for 256; 000 for RES of 32. */
static uint8_t tuak_len_bits(uint8_t octets)
{
	return octets == 4 ? 0 : octets;
}

bool tuak_topc(const struct tuak_sizes *sizes, const uint8_t *k, const uint8_t top[32], uint8_t topc[32])
{
	union tuak_state s;

	if (!tuak_sizes_valid(sizes))
		return false;
	tuak_init(&s, sizes, 0, k, top, NULL);
	tuak_permute(&s, sizes->iterations);
	tuak_get(&s, TUAK_OUT_RES, topc, 32);
	explicit_bzero(&s, sizeof(s));
	return true;
}

bool tuak_f1(const struct tuak_sizes *sizes, bool star, const uint8_t *k, const uint8_t topc[32],
	const uint8_t rand[16], const uint8_t sqn[6], const uint8_t amf[2], uint8_t *mac)
{
	union tuak_state s;

	if (!tuak_sizes_valid(sizes))
		return false;
	tuak_init(&s, sizes, (uint8_t)((star ? TUAK_F1_STAR : TUAK_F1) | tuak_len_bits(sizes->mac)), k, topc,
		rand);
	tuak_put(&s, TUAK_AT_AMF, amf, 2);
	tuak_put(&s, TUAK_AT_SQN, sqn, 6);
	tuak_permute(&s, sizes->iterations);
	tuak_get(&s, TUAK_OUT_RES, mac, sizes->mac);
	explicit_bzero(&s, sizeof(s));
	return true;
}

bool tuak_f2345(const struct tuak_sizes *sizes, const uint8_t *k, const uint8_t topc[32],
	const uint8_t rand[16], struct tuak *out)
{
	uint8_t instance = TUAK_F2345 | tuak_len_bits(sizes->res);
	union tuak_state s;

	if (!tuak_sizes_valid(sizes))
		return false;
	instance |= sizes->ck == 32 ? TUAK_CK_256 : 0;
	instance |= sizes->ik == 32 ? TUAK_IK_256 : 0;
	tuak_init(&s, sizes, instance, k, topc, rand);
	tuak_permute(&s, sizes->iterations);
	tuak_get(&s, TUAK_OUT_RES, out->res, sizes->res);
	tuak_get(&s, TUAK_OUT_CK, out->ck, sizes->ck);
	tuak_get(&s, TUAK_OUT_IK, out->ik, sizes->ik);
	tuak_get(&s, TUAK_OUT_AK, out->ak, 6);
	explicit_bzero(&s, sizeof(s));
	return true;
}

bool tuak_f5_star(const struct tuak_sizes *sizes, const uint8_t *k, const uint8_t topc[32],
	const uint8_t rand[16], uint8_t ak[6])
{
	union tuak_state s;

	if (!tuak_sizes_valid(sizes))
		return false;
	tuak_init(&s, sizes, TUAK_F5_STAR, k, topc, rand);
	tuak_permute(&s, sizes->iterations);
	tuak_get(&s, TUAK_OUT_AK, ak, 6);
	explicit_bzero(&s, sizeof(s));
	return true;
}
