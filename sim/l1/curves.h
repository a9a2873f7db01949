/*
 * How often our own receivers lose a block in white noise, by SNR: measured (sim/blocks/l1_curves.c), and
 * read from curves.csv here.
 */
#pragma once

#include "base/bytes.h"

enum l1_channel {
	L1_SHARED, /* PDSCH and PUSCH of one layer: row is the MCS of 64QAM's table, width in resource blocks
		    */
	L1_PDCCH,  /* row is the aggregation level, width in bits of DCI */
	L1_PBCH,
	L1_PUCCH,         /* row is the format, width in bits of UCI */
	L1_PUCCH_SILENCE, /* nothing is sent, and a UE is heard */
	L1_PRACH,
	L1_CHANNELS,
};

enum { L1_TRANSMISSIONS_MAX = 4 };

struct l1_curves;

/* NULL: no memory. */
MUST_USE struct l1_curves *l1_curves_new(void);
void l1_curves_free(struct l1_curves *c);

/* The share of blocks that are lost after so many transmissions of the same SNR: of the next row below,
 * between the two widths beside it. */
double l1_lost(const struct l1_curves *c, enum l1_channel channel, unsigned row, unsigned width,
	unsigned transmissions, double snr_db);
