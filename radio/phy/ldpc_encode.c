/*
 * Columns are kept twice over and shifted left by 0 to 7 bits, so that any rotation of one is a run of octets
 * and a check is the XOR of a few runs.
 */
#include "radio/phy/bits.h"
#include "radio/phy/ldpc.h"

/* Makes column col from z bits of src at src_at. */
static void spread_column(const struct kern *k, struct ldpc_encoder *e, const struct ldpc_graph *g,
	unsigned col, const uint8_t *src, size_t src_at)
{
	uint8_t twice[LDPC_TWICE_OCTETS] = { 0 };

	bits_copy(twice, 0, src, src_at, g->z);
	bits_copy(twice, g->z, src, src_at, g->z);
	k->bits_spread(e->spread[col][0], LDPC_TWICE_OCTETS, twice, bits_octets(2 * g->z));
}

static const uint8_t *rotated(const struct ldpc_encoder *e, unsigned col, unsigned shift)
{
	return e->spread[col][shift % 8] + shift / 8;
}

/* e->row = the sum of row r over its edges in columns below cols. */
static void sum_row(
	const struct kern *k, struct ldpc_encoder *e, const struct ldpc_graph *g, unsigned r, unsigned cols)
{
	const uint8_t *in[LDPC_DEGREE_MAX];
	size_t n = 0;

	for (unsigned i = g->start[r]; i < g->start[r + 1]; i++) {
		if (g->edges[i].col < cols)
			in[n++] = rotated(e, g->edges[i].col, g->edges[i].shift);
	}
	k->xor_rows(e->row, in, n, bits_octets(g->z));
}

/*
 * In the sum of the four core rows all parity columns but the first cancel, and of the first one edge is
 * left, the one whose shift stands alone among its three.
 */
static unsigned core_shift(const struct ldpc_graph *g)
{
	unsigned shift[3] = { 0 };
	unsigned n = 0;

	for (unsigned i = 0; i < g->start[4]; i++) {
		if (g->edges[i].col == g->info_cols && n < 3)
			shift[n++] = g->edges[i].shift;
	}
	if (shift[0] == shift[1])
		return shift[2];
	return shift[0] == shift[2] ? shift[1] : shift[0];
}

/* The first core parity column. */
static void first_parity(const struct kern *k, struct ldpc_encoder *e, const struct ldpc_graph *g)
{
	uint8_t sum[4][LDPC_Z_MAX / 8];
	uint8_t twice[LDPC_TWICE_OCTETS] = { 0 };
	const uint8_t *in[4];

	for (unsigned r = 0; r < 4; r++) {
		sum_row(k, e, g, r, g->info_cols);
		bytes_copy(sum[r], sizeof(sum[r]), BYTES(e->row));
		in[r] = sum[r];
	}
	k->xor_rows(e->row, in, 4, bits_octets(g->z));
	bits_copy(twice, 0, e->row, 0, g->z);
	bits_copy(twice, g->z, e->row, 0, g->z);
	spread_column(k, e, g, g->info_cols, twice, (g->z - core_shift(g)) % g->z);
}

void ldpc_encode(const struct kern *k, struct ldpc_encoder *e, const struct ldpc_graph *g,
	const uint8_t *block, unsigned rows, uint8_t *out)
{
	size_t z = g->z;
	size_t at = (g->info_cols - 2) * z;
	size_t end = at + rows * z;

	for (unsigned col = 0; col < g->info_cols; col++)
		spread_column(k, e, g, col, block, col * z);
	bits_copy(out, 0, block, 2 * z, at);
	first_parity(k, e, g);
	bits_copy(out, at, e->spread[g->info_cols][0], 0, z);
	for (unsigned r = 0; r < rows; r++) {
		/* Row r of the core gives column r + 1 of its parity; the fourth says nothing new. */
		if (r == 3)
			continue;
		sum_row(k, e, g, r, r < 3 ? g->info_cols + r + 1 : g->info_cols + 4);
		if (r < 3)
			spread_column(k, e, g, g->info_cols + r + 1, e->row, 0);
		bits_copy(out, at + (r < 3 ? r + 1 : r) * z, e->row, 0, z);
	}
	if (end % 8)
		out[end / 8] &= (uint8_t)(0xff00 >> end % 8);
}
