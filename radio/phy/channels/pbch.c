#include "radio/phy/channels/pbch.h"

#include <math.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/crc.h"

enum {
	PAYLOAD_BITS = 32, /* A: 24 of the MIB, 8 of timing */
	CODED_BITS = 56,   /* with CRC */
	SFN_MSB_AT = 1,    /* the first of systemFrameNumber's six bits in BCCH-BCH-Message */
	TIMING_AT = 24,    /* the eight bits of 7.1.1 */
	LIST = 8,
	HALF_FRAMES_BITS = 11,
	CASES_MAX = 64, /* ways in which the payloads of a group of bursts may differ */
};

/* A random word that passes the CRC lies this far off: standard deviations of its sum with noise. See
 * accept(). */
static const float least_likeness = 10.0f;

/* Table 7.1.1-1, and where in it the kinds of bits begin. */
static const uint8_t g[PAYLOAD_BITS] = { 16, 23, 18, 17, 8, 30, 10, 6, 24, 7, 0, 5, 3, 2, 1, 4, 9, 11, 12, 13,
	14, 15, 19, 20, 21, 22, 25, 26, 27, 28, 29, 31 };
enum { G_SFN = 0, G_HALF_FRAME = 10, G_SSB = 11, G_OTHER = 14 };

unsigned phy_pbch_i_bar(unsigned l_max, unsigned ssb_index, bool half_frame)
{
	return l_max == 4 ? (ssb_index & 3) + 4 * half_frame : ssb_index & 7;
}

void phy_pbch_dmrs(struct phy_cf out[PHY_PBCH_DMRS], unsigned n_cell_id, unsigned i_bar)
{
	struct phy_gold gold;
	uint32_t c = 0;

	phy_gold_init(&gold, ((i_bar + 1) * (n_cell_id / 4 + 1) << 11) + ((i_bar + 1) << 6) + n_cell_id % 4);
	for (unsigned m = 0; m < PHY_PBCH_DMRS; m++) {
		if (m % 16 == 0)
			c = phy_gold_next(&gold);
		out[m].re = (float)(c & 1 ? -M_SQRT1_2 : M_SQRT1_2);
		out[m].im = (float)(c & 2 ? -M_SQRT1_2 : M_SQRT1_2);
		c >>= 2;
	}
}

void phy_pbch_init(struct phy_pbch *p)
{
	(void)phy_polar_init(&p->code, PHY_POLAR_DOWNLINK, CODED_BITS, PHY_PBCH_E);
}

/* a-bar of 7.1.1, one bit an octet. */
static void payload_bits(uint8_t a[PAYLOAD_BITS], const struct phy_pbch_payload *p, unsigned l_max)
{
	for (unsigned i = 0; i < TIMING_AT; i++)
		a[i] = (uint8_t)bits_get(p->mib, i);
	for (unsigned i = 0; i < 6; i++)
		a[SFN_MSB_AT + i] = p->sfn >> (9 - i) & 1;
	for (unsigned i = 0; i < 4; i++)
		a[TIMING_AT + i] = p->sfn >> (3 - i) & 1;
	a[TIMING_AT + 4] = p->half_frame;
	a[TIMING_AT + 5] = l_max == 64 ? p->ssb_index >> 5 & 1 : p->k_ssb_msb;
	a[TIMING_AT + 6] = l_max == 64 ? p->ssb_index >> 4 & 1 : 0;
	a[TIMING_AT + 7] = l_max == 64 ? p->ssb_index >> 3 & 1 : 0;
}

/* The place in a of bit i of a-bar, which has to be asked for in ascending order: next counts by kind. */
static unsigned place(unsigned i, unsigned next[4])
{
	unsigned kind = 3;

	if ((i >= SFN_MSB_AT && i < SFN_MSB_AT + 6) || (i >= TIMING_AT && i < TIMING_AT + 4))
		kind = 0;
	else if (i == TIMING_AT + 4)
		kind = 1;
	else if (i > TIMING_AT + 4) /* as for L_max 64, whatever these bits are */
		kind = 2;
	return g[next[kind]++];
}

static void start_places(unsigned next[4])
{
	next[0] = G_SFN;
	next[1] = G_HALF_FRAME;
	next[2] = G_SSB;
	next[3] = G_OTHER;
}

/*
 * Scrambles a in place by 7.1.2: all but the half frame bit, the 2nd and 3rd least significant bits of the
 * SFN, and for L_max 64 those of the SSB index. Once more undoes it, as those bits choose which part of the
 * sequence is taken.
 */
static void scramble(uint8_t a[PAYLOAD_BITS], unsigned l_max, unsigned n_cell_id)
{
	unsigned m = l_max == 64 ? PAYLOAD_BITS - 6 : PAYLOAD_BITS - 3;
	unsigned third = g[G_SFN + 7], second = g[G_SFN + 8];
	unsigned skip = m * (2u * a[third] + a[second]), left = 0;
	struct phy_gold gold;
	uint32_t c = 0;

	phy_gold_init(&gold, n_cell_id);
	for (unsigned i = 0; i < PAYLOAD_BITS;) {
		bool kept = i == g[G_HALF_FRAME] || i == third || i == second ||
			    (l_max == 64 && (i == g[G_SSB] || i == g[G_SSB + 1] || i == g[G_SSB + 2]));

		if (left == 0) {
			c = phy_gold_next(&gold);
			left = 32;
		}
		if (skip > 0) {
			skip--;
		} else if (kept) {
			i++;
			continue;
		} else {
			a[i++] ^= c & 1;
		}
		c >>= 1;
		left--;
	}
}

/* a of 7.1.1 from what the payload holds. */
static void placed_bits(uint8_t a[PAYLOAD_BITS], const struct phy_pbch_payload *p, unsigned l_max)
{
	uint8_t plain[PAYLOAD_BITS];
	unsigned next[4];

	payload_bits(plain, p, l_max);
	start_places(next);
	for (unsigned i = 0; i < PAYLOAD_BITS; i++)
		a[place(i, next)] = plain[i];
}

/* The way back; ssb_index gets only the bits that the payload has. */
static void read_payload(
	struct phy_pbch_payload *p, uint8_t a[PAYLOAD_BITS], unsigned l_max, unsigned n_cell_id)
{
	uint8_t plain[PAYLOAD_BITS];
	unsigned next[4];

	scramble(a, l_max, n_cell_id);
	start_places(next);
	for (unsigned i = 0; i < PAYLOAD_BITS; i++)
		plain[i] = a[place(i, next)];
	*p = (struct phy_pbch_payload){ .half_frame = plain[TIMING_AT + 4] };
	for (unsigned i = 0; i < TIMING_AT; i++)
		bits_set(p->mib, i, plain[i]);
	for (unsigned i = 0; i < 6; i++)
		p->sfn = (uint16_t)(p->sfn << 1 | plain[SFN_MSB_AT + i]);
	for (unsigned i = 0; i < 4; i++)
		p->sfn = (uint16_t)(p->sfn << 1 | plain[TIMING_AT + i]);
	if (l_max == 64)
		p->ssb_index = (uint8_t)(plain[TIMING_AT + 5] << 5 | plain[TIMING_AT + 6] << 4 |
					 plain[TIMING_AT + 7] << 3);
	else
		p->k_ssb_msb = plain[TIMING_AT + 5];
}

/* The 864 coded bits of a', one an octet; the CRC is linear, so that differences may be coded too. */
static void encode(const struct phy_pbch *p, uint8_t out[PHY_PBCH_E], const uint8_t a[PAYLOAD_BITS])
{
	uint8_t packed[CODED_BITS / 8] = { 0 }, bits[CODED_BITS];

	for (unsigned i = 0; i < PAYLOAD_BITS; i++)
		bits_set(packed, i, a[i]);
	crc_append(CRC_24C, packed, PAYLOAD_BITS);
	for (unsigned i = 0; i < CODED_BITS; i++)
		bits[i] = (uint8_t)bits_get(packed, i);
	phy_polar_encode(&p->code, out, bits);
}

/* 38.211 7.3.3.1: the scrambling of the coded bits, one an octet, for the least significant bits of the SSB
 * index. */
static void scrambling(uint8_t out[PHY_PBCH_E], unsigned l_max, unsigned n_cell_id, unsigned i_bar)
{
	unsigned skip = PHY_PBCH_E * (l_max == 4 ? i_bar & 3 : i_bar);
	struct phy_gold gold;
	uint32_t c = 0;

	phy_gold_init(&gold, n_cell_id);
	for (unsigned i = 0; i < skip; i += 32) /* PHY_PBCH_E is 27 times 32 */
		c = phy_gold_next(&gold);
	for (unsigned i = 0; i < PHY_PBCH_E; i++, c >>= 1) {
		if (i % 32 == 0)
			c = phy_gold_next(&gold);
		out[i] = c & 1;
	}
}

static bool l_max_legal(unsigned l_max)
{
	return l_max == 4 || l_max == 8 || l_max == 64;
}

bool phy_pbch_legal(const struct phy_pbch_payload *payload, unsigned l_max, unsigned n_cell_id)
{
	return l_max_legal(l_max) && n_cell_id < 1008 && payload->ssb_index < l_max && payload->sfn <= 1023 &&
	       !(l_max == 64 && payload->k_ssb_msb);
}

bool phy_pbch_transmit(const struct phy_pbch *p, struct phy_cf out[PHY_PBCH_SYMBOLS],
	const struct phy_pbch_payload *payload, unsigned l_max, unsigned n_cell_id)
{
	uint8_t a[PAYLOAD_BITS], bits[PHY_PBCH_E], c[PHY_PBCH_E];

	if (!phy_pbch_legal(payload, l_max, n_cell_id))
		return false;
	placed_bits(a, payload, l_max);
	scramble(a, l_max, n_cell_id);
	encode(p, bits, a);
	scrambling(c, l_max, n_cell_id, payload->ssb_index & 7);
	for (unsigned i = 0; i < PHY_PBCH_SYMBOLS; i++) {
		out[i].re = (float)(bits[2 * i] ^ c[2 * i] ? -M_SQRT1_2 : M_SQRT1_2);
		out[i].im = (float)(bits[2 * i + 1] ^ c[2 * i + 1] ? -M_SQRT1_2 : M_SQRT1_2);
	}
	return true;
}

/* The bursts whose LLRs are added up, and how their a' differ from that of the first, packed, in one case. */
struct group {
	const struct phy_pbch_burst *bursts;
	unsigned count, l_max, n_cell_id;
	uint32_t scrambling[4];          /* of a', packed, by the two bits of the SFN that choose it */
	uint32_t time[HALF_FRAMES_BITS]; /* what each bit of the number of a half frame is in a, packed */
	uint32_t difference[PHY_PBCH_BURSTS_MAX];
};

static uint32_t packed(const uint8_t a[PAYLOAD_BITS])
{
	uint32_t v = 0;

	for (unsigned i = 0; i < PAYLOAD_BITS; i++)
		v = v << 1 | a[i];
	return v;
}

static void take_scrambling(struct group *b)
{
	for (unsigned i = 0; i < ARRAY_LEN(b->scrambling); i++) {
		uint8_t a[PAYLOAD_BITS] = { 0 };
		uint32_t plain;

		a[g[G_SFN + 7]] = i >> 1 & 1;
		a[g[G_SFN + 8]] = i & 1;
		plain = packed(a);
		scramble(a, b->l_max, b->n_cell_id);
		b->scrambling[i] = packed(a) ^ plain;
	}
	for (unsigned i = 0; i < HALF_FRAMES_BITS; i++) {
		unsigned at = 1u << i;
		struct phy_pbch_payload p = { .sfn = (uint16_t)(at / 2), .half_frame = at % 2 };
		uint8_t a[PAYLOAD_BITS];

		placed_bits(a, &p, b->l_max);
		b->time[i] = packed(a);
	}
}

/* How a' differs when the first burst is in half frame `start` of 2048. */
static void differences(struct group *b, unsigned start)
{
	uint32_t first = 0;

	for (unsigned i = 0; i < b->count; i++) {
		unsigned at = (start + b->bursts[i].half_frames_on) % 2048;
		uint32_t word = b->scrambling[at >> 2 & 3];

		for (unsigned n = 0; n < HALF_FRAMES_BITS; n++)
			word ^= at >> n & 1 ? b->time[n] : 0;
		if (i == 0)
			first = word;
		b->difference[i] = word ^ first;
	}
}

/* The sum of the bursts' LLRs as of the first burst's word, without the scrambling c. */
static void sum_up(const struct phy_pbch *p, const struct group *b, const uint8_t *c, float sum[PHY_PBCH_E])
{
	memset(sum, 0, PHY_PBCH_E * sizeof(*sum));
	for (unsigned n = 0; n < b->count; n++) {
		uint8_t a[PAYLOAD_BITS], word[PHY_PBCH_E];

		for (unsigned i = 0; i < PAYLOAD_BITS; i++)
			a[i] = b->difference[n] >> (PAYLOAD_BITS - 1 - i) & 1;
		encode(p, word, a);
		for (unsigned i = 0; i < PHY_PBCH_E; i++)
			sum[i] += word[i] ^ c[i] ? -b->bursts[n].llr[i] : b->bursts[n].llr[i];
	}
}

/* In 8 bits, the usual size at 32. False for silence, and for what is no number. */
static bool quantize(int8_t out[PHY_PBCH_E], const float sum[PHY_PBCH_E])
{
	float power = 0, scale;

	for (unsigned i = 0; i < PHY_PBCH_E; i++)
		power += sum[i] * sum[i];
	if (!(power > 0 && power < INFINITY))
		return false;
	scale = 32 / sqrtf(power / PHY_PBCH_E);
	for (unsigned i = 0; i < PHY_PBCH_E; i++) {
		float v = sum[i] * scale;

		out[i] = (int8_t)(v > 127 ? 127 : v > -127 ? v : -127);
	}
	return true;
}

struct candidate {
	const struct phy_pbch *pbch;
	const int8_t *llr;
};

/*
 * The CRC agrees, and the word is like what was received: its sum with the LLRs over the root of their power,
 * which is about 1 for a word that has nothing to do with them, 9 for the likeliest of 2^56, and 15 at an SNR
 * of -6 dB.
 */
static bool accept(const void *arg, const uint8_t *bits, unsigned k)
{
	const struct candidate *c = arg;
	uint8_t octets[CODED_BITS / 8] = { 0 }, word[PHY_PBCH_E];
	float sum = 0, power = 0;

	for (unsigned i = 0; i < k; i++)
		bits_set(octets, i, bits[i]);
	if (!crc_agrees(CRC_24C, octets, k))
		return false;
	phy_polar_encode(&c->pbch->code, word, bits);
	for (unsigned i = 0; i < PHY_PBCH_E; i++) {
		sum += (float)(word[i] ? -c->llr[i] : c->llr[i]);
		power += (float)(c->llr[i] * c->llr[i]);
	}
	return sum > least_likeness * sqrtf(power);
}

static bool decode_case(struct phy_pbch *p, const struct kern *k, const struct group *b, const uint8_t *c,
	struct phy_pbch_payload *payload)
{
	struct group meant = *b;
	float sum[PHY_PBCH_E];
	int8_t llr[PHY_PBCH_E];
	uint8_t bits[CODED_BITS];
	struct candidate candidate = { p, llr };

	sum_up(p, b, c, sum);
	if (!quantize(llr, sum) ||
		!phy_polar_decode(&p->decoder, &p->code, k, bits, llr, LIST, accept, &candidate, NULL))
		return false;
	read_payload(payload, bits, b->l_max, b->n_cell_id);
	/* Of several bursts most may agree in a case that is not theirs: the frame number must be one of this
	 * case. */
	differences(&meant, payload->sfn * 2u + payload->half_frame);
	return memcmp(meant.difference, b->difference, b->count * sizeof(uint32_t)) == 0;
}

bool phy_pbch_receive(struct phy_pbch *p, const struct kern *k, const struct phy_pbch_burst *bursts,
	unsigned count, unsigned l_max, unsigned n_cell_id, unsigned i_bar, struct phy_pbch_payload *payload)
{
	struct group b = { .bursts = bursts, .count = count, .l_max = l_max, .n_cell_id = n_cell_id };
	uint32_t tried[CASES_MAX][PHY_PBCH_BURSTS_MAX];
	uint8_t c[PHY_PBCH_E];
	unsigned cases = 0;

	if (count == 0 || count > PHY_PBCH_BURSTS_MAX || !l_max_legal(l_max) || n_cell_id >= 1008 ||
		i_bar > 7)
		return false;
	scrambling(c, l_max, n_cell_id, i_bar);
	take_scrambling(&b);
	/* one burst alone differs in no way */
	for (unsigned start = 0; start < (count > 1 ? 2048 : 1) && cases < CASES_MAX; start++) {
		unsigned seen = 0;

		differences(&b, start);
		while (seen < cases && memcmp(tried[seen], b.difference, count * sizeof(uint32_t)) != 0)
			seen++;
		if (seen < cases)
			continue;
		(void)bytes_copy(
			tried[cases++], sizeof(tried[0]), bytes_of(b.difference, count * sizeof(uint32_t)));
		if (!decode_case(p, k, &b, c, payload))
			continue;
		if (l_max == 4 && payload->half_frame != (i_bar >= 4))
			continue;
		payload->ssb_index = (uint8_t)(payload->ssb_index | (l_max == 4 ? i_bar & 3 : i_bar));
		return true;
	}
	return false;
}
