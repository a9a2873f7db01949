/* The LDPC code of TS 38.212 5.3.2: the lifted graph and the encoder. */
#pragma once

#include "radio/phy/kern/kern.h"
#include "radio/phy/codes/segment.h"

enum {
	LDPC_ROWS_MAX = 46,
	LDPC_COLS_MAX = 68,
	LDPC_EDGES_MAX = 316,
	LDPC_DEGREE_MAX = 19,
	LDPC_CORE_COLS_MAX = 26, /* information columns and the four of the core parity */
};

/* A base graph lifted by z; edges of row r are [start[r], start[r + 1]), in ascending columns. */
struct ldpc_graph {
	enum ldpc_bg bg;
	uint16_t z;
	uint16_t rows;
	uint16_t cols;
	uint16_t info_cols; /* 22 or 10 */
	uint16_t start[LDPC_ROWS_MAX + 1];
	struct kern_ldpc_edge edges[LDPC_EDGES_MAX];
};

/* False when z is none of the 51 lifting sizes. */
bool ldpc_graph_init(struct ldpc_graph *g, enum ldpc_bg bg, unsigned z);

/* What the encoder works in; the caller's, one a thread, contents of no meaning between calls. */
struct ldpc_encoder {
	uint8_t twice[LDPC_CORE_COLS_MAX][KERN_LDPC_TWICE];
	uint8_t row[4][LDPC_Z_MAX / 8];
};

/*
 * Encodes a block of K packed bits (filler as zeros) into the packed bits d(0).. of 5.3.2, without the first
 * 2 * z bits. Only the first `rows` rows of parity are made, at least 4 and at most g->rows, so that out gets
 * (info_cols - 2 + rows) * z bits; the rest of its last octet is zero.
 */
void ldpc_encode(const struct kern *k, struct ldpc_encoder *e, const struct ldpc_graph *g,
	const uint8_t *block, unsigned rows, uint8_t *out);
