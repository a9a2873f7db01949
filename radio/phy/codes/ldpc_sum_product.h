/* The sum-product decoder in floats, by which tests measure the decoder of the receiver. */
#pragma once

#include "radio/phy/codes/ldpc.h"

struct ldpc_sum_product {
	float word[LDPC_COLS_MAX * LDPC_Z_MAX];
	float messages[LDPC_EDGES_MAX][LDPC_Z_MAX];
	float values[LDPC_DEGREE_MAX][LDPC_Z_MAX]; /* of the check at hand */
	float tanhs[LDPC_DEGREE_MAX][LDPC_Z_MAX];
	float product[LDPC_Z_MAX];
};

/*
 * Layered, with the checks of the first `rows` rows and at most `iterations`. llrs holds d(0).. in nats, 0
 * where nothing was received; the block has no filler. True when the information bits are those of block.
 */
bool ldpc_sum_product(struct ldpc_sum_product *d, const struct ldpc_graph *g, unsigned rows,
	unsigned iterations, const float *llrs, const uint8_t *block);
