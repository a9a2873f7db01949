/*
 * Columns are kept twice over, so that any rotation of one is a run of its bits and a check is the sum of a
 * few runs.
 */
#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/ldpc.h"

_Static_assert(
	(int)KERN_LDPC_TWICE >= 2 * (int)LDPC_Z_MAX / 8 + 1, "a column twice over, and an octet behind");

/* Makes column col from z bits of src at src_at. The columns of all large blocks are of one size. */
static void set_column(
	struct ldpc_encoder *e, const struct ldpc_graph *g, unsigned col, const uint8_t *src, size_t src_at)
{
	enum { OCTETS = LDPC_Z_MAX / 8 };

	if (g->z == LDPC_Z_MAX && src_at % 8 == 0) {
		(void)bytes_copy(e->twice[col], OCTETS, bytes_of(src + src_at / 8, OCTETS));
		(void)bytes_copy(e->twice[col] + OCTETS, OCTETS, bytes_of(src + src_at / 8, OCTETS));
		return;
	}
	bits_copy(e->twice[col], 0, src, src_at, g->z);
	bits_copy(e->twice[col], g->z, src, src_at, g->z);
}

/* To sum, the sum of row r over its edges in columns below cols: they stand first. */
static void sum_row(const struct kern *k, const struct ldpc_encoder *e, const struct ldpc_graph *g,
	unsigned r, unsigned cols, uint8_t *sum)
{
	const struct kern_ldpc_edge *edges = g->edges + g->start[r];
	size_t n = g->start[r + 1] - g->start[r];

	while (n > 0 && edges[n - 1].col >= cols)
		n--;
	k->ldpc_sum(sum, e->twice[0], edges, n, bits_octets(g->z));
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
	unsigned p = g->info_cols;
	struct kern_ldpc_edge turned = { (uint16_t)p, (uint16_t)((g->z - core_shift(g)) % g->z) };

	for (unsigned r = 0; r < 4; r++)
		sum_row(k, e, g, r, p, e->row[r]);
	for (unsigned i = 0; i < sizeof(e->row[0]); i++)
		e->row[0][i] ^= e->row[1][i] ^ e->row[2][i] ^ e->row[3][i];
	set_column(e, g, p, e->row[0], 0);
	k->ldpc_sum(e->row[0], e->twice[0], &turned, 1, bits_octets(g->z));
	set_column(e, g, p, e->row[0], 0);
}

/* Rows from 4 on each give a column of their own. */
static void extension(
	const struct kern *k, struct ldpc_encoder *e, const struct ldpc_graph *g, unsigned rows, uint8_t *out)
{
	size_t at = (g->info_cols + 2) * (size_t)g->z;

	for (unsigned r = 4; r < rows; r++, at += g->z) {
		if (g->z % 8 == 0) {
			sum_row(k, e, g, r, g->info_cols + 4, out + at / 8);
		} else {
			sum_row(k, e, g, r, g->info_cols + 4, e->row[0]);
			bits_copy(out, at, e->row[0], 0, g->z);
		}
	}
}

void ldpc_encode(const struct kern *k, struct ldpc_encoder *e, const struct ldpc_graph *g,
	const uint8_t *block, unsigned rows, uint8_t *out)
{
	size_t z = g->z;
	unsigned p = g->info_cols;
	size_t end = (p - 2 + rows) * z;

	for (unsigned col = 0; col < p; col++)
		set_column(e, g, col, block, col * z);
	first_parity(k, e, g);
	/* Row r of the core gives column r + 1 of its parity; the fourth adds nothing new. */
	for (unsigned r = 0; r < 3; r++) {
		sum_row(k, e, g, r, p + r + 1, e->row[0]);
		set_column(e, g, p + r + 1, e->row[0], 0);
	}
	bits_copy(out, 0, block, 2 * z, (p - 2) * z);
	for (unsigned r = 0; r < 4; r++)
		bits_copy(out, (p - 2 + r) * z, e->twice[p + r], 0, z);
	extension(k, e, g, rows, out);
	if (end % 8)
		out[end / 8] &= (uint8_t)(0xff00 >> end % 8);
}
