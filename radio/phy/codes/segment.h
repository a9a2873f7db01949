/* How a transport block becomes code blocks: TS 38.212 5.2.2, 6.2.1 to 6.2.3, 7.2.1 to 7.2.3. */
#pragma once

#include "radio/phy/codes/crc.h"

enum ldpc_bg {
	LDPC_BG1 = 1,
	LDPC_BG2 = 2,
};

enum {
	SEGMENT_A_MAX = 1277992, /* the largest transport block, 38.214 5.1.3.2 with one codeword */
	SEGMENT_K_MAX = 8448,    /* bits of a code block */
	LDPC_Z_MAX = 384,
	LDPC_N_MAX = 66 * LDPC_Z_MAX,
};

struct segmentation {
	enum ldpc_bg bg;
	enum crc_kind tb_crc; /* behind the transport block */
	enum crc_kind cb_crc; /* behind each code block: CRC_24B, or CRC_NONE when there is one block */
	uint32_t a;           /* bits of the transport block */
	uint32_t b;           /* with its CRC */
	uint16_t blocks;      /* C */
	uint16_t z;           /* Z_c */
	uint16_t k;           /* bits of a code block: K, filler included */
	uint16_t k_prime;     /* K': without filler, with cb_crc */
	uint16_t filler;      /* F = K - K', zeros behind K' */
	uint16_t n;           /* bits of a coded block before rate matching */
};

/* The base graph for a transport block of a bits and a code rate of rate_x2048 / 2048 (7.2.2). */
enum ldpc_bg segment_base_graph(uint32_t a, unsigned rate_x2048);

/* False for a of 0, above SEGMENT_A_MAX, or that does not divide into equal blocks (no size of 38.214 does
 * so). */
bool segment_init(struct segmentation *s, enum ldpc_bg bg, uint32_t a);

/*
 * Code block r (from 0) of tb, which holds s->b bits with its CRC: K bits to out, with the block's CRC and
 * zeros for filler; out has room for bits_octets(K) octets.
 */
void segment_block(
	const struct kern *k, const struct segmentation *s, const uint8_t *tb, unsigned r, uint8_t *out);

/* Puts the payload of code block r in its place in tb. */
void segment_join(const struct segmentation *s, uint8_t *tb, unsigned r, const uint8_t *block);
