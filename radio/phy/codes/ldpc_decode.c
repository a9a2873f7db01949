#include "radio/phy/codes/ldpc_decode.h"

#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/ratematch.h"

_Static_assert((int)KERN_LDPC_DEGREE == (int)LDPC_DEGREE_MAX, "the kernel takes the largest check");
_Static_assert((int)KERN_LDPC_COLUMN >= (int)LDPC_Z_MAX + (int)KERN_LDPC_MORE,
	"the kernel takes the largest column");

enum {
	/* A column of one edge hears no other: a message must be able to overrule what was received. */
	LONE_MAX = KERN_LDPC_MESSAGE_MAX - 7,
	/*
	 * The first iterations take the kernel's quick rule: blocks that come out at once need no better, and
	 * the others lose next to nothing. So do checks of many edges where the code has no more checks than
	 * this (rates of 3/4 and more), as nearly all the work is theirs, for little.
	 */
	QUICK_ITERATIONS = 7,
	QUICK_ROWS = 10,
	QUICK_EDGES = 11,
	/* One check of so many, and no more, does not hold: see halve(). */
	FEW = 128,
};

static size_t message_stride(const struct ldpc_graph *g)
{
	return (g->z + KERN_LDPC_MORE - 1u) / KERN_LDPC_MORE * KERN_LDPC_MORE;
}

/* Column c as it was received. */
static void load_column(
	const struct kern *k, const struct ldpc_decode_args *a, unsigned c, const int8_t *soft, int8_t *col)
{
	unsigned z = a->graph->z, info = a->graph->info_cols;
	unsigned known = a->k_prime > c * z ? a->k_prime - c * z : 0;

	if (c < 2)
		memset(col, 0, z); /* never sent */
	else if (c < info + 4)
		bytes_copy(col, z, bytes_of(soft + (c - 2) * z, z));
	else
		k->llr_clip(col, soft + (c - 2) * z, z, LONE_MAX);
	if (c < info && known < z)
		memset(col + known, LLR_KNOWN_ZERO, z - known);
	bytes_copy(col + z, KERN_LDPC_MORE, bytes_of(col, z < KERN_LDPC_MORE ? z : KERN_LDPC_MORE));
}

static void load_columns(
	const struct kern *k, struct ldpc_decoder *d, const struct ldpc_decode_args *a, const int8_t *soft)
{
	const struct ldpc_graph *g = a->graph;

	for (unsigned c = 0; c < g->info_cols + a->rows; c++) {
		load_column(k, a, c, soft, d->columns[0][c]);
		d->turn[c] = 0;
		d->place[c] = 0;
	}
}

/* Check row r: returns how many of its lanes did not hold before it changed them. */
static size_t update_row(const struct kern *k, struct ldpc_decoder *d, const struct ldpc_decode_args *a,
	unsigned r, unsigned iteration)
{
	const struct ldpc_graph *g = a->graph;
	const struct kern_ldpc_edge *edges = g->edges + g->start[r];
	struct kern_ldpc_row row = { .n = g->start[r + 1] - g->start[r], .z = g->z };

	row.rule = iteration == 0 ? KERN_LDPC_FIRST : KERN_LDPC_QUICK;
	if (iteration >= QUICK_ITERATIONS && (row.n < QUICK_EDGES || a->rows > QUICK_ROWS))
		row.rule = KERN_LDPC_FULL;
	row.messages = d->messages + g->start[r] * message_stride(g);
	for (unsigned i = 0; i < row.n; i++) {
		unsigned c = edges[i].col;
		unsigned turn = edges[i].shift + g->z - d->turn[c];

		row.in[i] = d->columns[d->place[c]][c];
		d->place[c] ^= 1;
		row.out[i] = d->columns[d->place[c]][c];
		row.turn[i] = (uint16_t)(turn >= g->z ? turn - g->z : turn);
		d->turn[c] = edges[i].shift;
	}
	return k->ldpc_row(&row);
}

static void halve_all(int8_t *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		values[i] = (int8_t)(values[i] / 2);
}

/*
 * From here on a number means twice as much. Where few bits of a sparse code are wrong but sure of each
 * other, nearly all messages are at their limit and too weak together to turn them; with twice the range most
 * such blocks come out. While many checks fail it would only cost resolution.
 */
static void halve(struct ldpc_decoder *d, const struct ldpc_decode_args *a)
{
	const struct ldpc_graph *g = a->graph;
	size_t column = g->z + (g->z < KERN_LDPC_MORE ? g->z : KERN_LDPC_MORE);

	for (unsigned c = 0; c < g->info_cols + a->rows; c++)
		halve_all(d->columns[d->place[c]][c], column);
	halve_all(d->messages, g->start[a->rows] * message_stride(g));
}

static void decide(const struct kern *k, struct ldpc_decoder *d, const struct ldpc_graph *g, uint8_t *block)
{
	unsigned z = g->z;

	for (unsigned c = 0; c < g->info_cols; c++) {
		const int8_t *col = d->columns[d->place[c]][c];
		unsigned turn = d->turn[c];

		bytes_copy(d->hard + c * z, turn, bytes_of(col + z - turn, turn));
		bytes_copy(d->hard + c * z + turn, z - turn, bytes_of(col, z - turn));
	}
	k->llr_signs(block, d->hard, g->info_cols * z);
}

struct ldpc_decode_result ldpc_decode(const struct kern *k, struct ldpc_decoder *d,
	const struct ldpc_decode_args *a, const int8_t *soft, uint8_t *block)
{
	struct ldpc_decode_result result = { false, 0 };
	bool long_crc = crc_length(a->crc) == 24, halved = false;
	size_t checks = (size_t)a->rows * a->graph->z, failed = checks;

	load_columns(k, d, a, soft);
	while (result.iterations < a->iterations && failed > 0 && !result.ok) {
		failed = 0;
		for (unsigned r = 0; r < a->rows; r++)
			failed += update_row(k, d, a, r, result.iterations);
		result.iterations++;
		/* Only the first iteration can put right so much that more checks than this had failed. */
		if (long_crc && (failed < checks / 8 || result.iterations == 1)) {
			decide(k, d, a->graph, block);
			result.ok = crc_of_long(k, a->crc, block, a->k_prime) == 0;
		}
		if (!halved && !result.ok && failed > 0 && failed < checks / FEW) {
			halve(d, a);
			halved = true;
		}
	}
	if (!result.ok) {
		decide(k, d, a->graph, block);
		result.ok = failed == 0 && crc_of_long(k, a->crc, block, a->k_prime) == 0;
	}
	return result;
}
