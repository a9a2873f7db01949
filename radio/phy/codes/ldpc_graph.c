#include "radio/phy/codes/ldpc.h"
#include "radio/phy/codes/tables.h"

bool ldpc_graph_init(struct ldpc_graph *g, enum ldpc_bg bg, unsigned z)
{
	const struct ldpc_entry *entries = bg == LDPC_BG1 ? ldpc_bg1_entries : ldpc_bg2_entries;
	unsigned count = bg == LDPC_BG1 ? LDPC_BG1_ENTRIES : LDPC_BG2_ENTRIES;
	unsigned size = 0;

	while (size < LDPC_SIZES && ldpc_z[size] != z)
		size++;
	if (size == LDPC_SIZES)
		return false;
	*g = (struct ldpc_graph){ .bg = bg, .z = (uint16_t)z };
	g->info_cols = bg == LDPC_BG1 ? 22 : 10;
	g->rows = bg == LDPC_BG1 ? 46 : 42;
	g->cols = (uint16_t)(g->info_cols + g->rows);
	for (unsigned i = 0; i < count; i++) { /* the tables are in the order of rows, then columns */
		g->edges[i].col = entries[i].col;
		g->edges[i].shift = (uint16_t)(entries[i].shift[ldpc_z_set[size]] % z);
		g->start[entries[i].row + 1] = (uint16_t)(i + 1);
	}
	return true;
}
