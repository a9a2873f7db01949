/* The decoder of the LDPC code: layered, corrected min-sum on LLRs of 8 bits. */
#pragma once

#include "radio/phy/codes/ldpc.h"

enum {
	/* The most that a block is worth: where one of a hundred fails they take 9 to 20 on the average. */
	LDPC_ITERATIONS = 50,
};

/*
 * What the decoder works in; the caller's, one a thread, contents of no meaning between calls. A column
 * stands rotated as the last check that used it wanted it, and moves between two places as checks rewrite it.
 * Aligned so that what is written stays within lines of the cache.
 */
struct ldpc_decoder {
	_Alignas(64) int8_t columns[2][LDPC_COLS_MAX][KERN_LDPC_COLUMN];
	_Alignas(64) int8_t messages[LDPC_EDGES_MAX * LDPC_Z_MAX];
	int8_t hard[SEGMENT_K_MAX];
	uint16_t turn[LDPC_COLS_MAX]; /* lane j of a column is bit (j + turn) mod z */
	uint8_t place[LDPC_COLS_MAX];
};

struct ldpc_decode_args {
	const struct ldpc_graph *graph;
	uint16_t rows;       /* checks to use, from 4: rate_match_rows(), the most of all transmissions */
	uint16_t k_prime;    /* bits of the block without filler */
	uint16_t iterations; /* at most; 1 or more */
	enum crc_kind crc;   /* behind the block; CRC_NONE: only the checks of the code count */
};

struct ldpc_decode_result {
	bool ok; /* the CRC agrees; without one, all checks held over a whole iteration */
	uint16_t iterations;
};

/*
 * soft holds d(0).. as rate_dematch leaves them, an LLR of about 4 a nat. Writes K bits, filler included, to
 * block whatever the result. A CRC of 24 bits ends the work at the first iteration that makes it agree; a
 * shorter one is asked when all checks held, since it would agree by chance too often.
 */
struct ldpc_decode_result ldpc_decode(const struct kern *k, struct ldpc_decoder *d,
	const struct ldpc_decode_args *a, const int8_t *soft, uint8_t *block);
