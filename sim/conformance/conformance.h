/*
 * The requirements of TS 38.104 clause 8, and of TS 38.101-4 clause 5 on UEs, as rows: each is a set of
 * conditions, a share of failures that is allowed, and the SNR at which it must be held. Rows of all channels
 * have one shape, so that one command runs them all.
 */
#pragma once

#include "base/bytes.h"

enum { CONFORMANCE_TEXT = 96 };

struct conformance_row {
	char text[CONFORMANCE_TEXT]; /* clause or table, and the conditions */
	double snr_db;               /* required */
	double allowed;              /* share of failures */
};

/* Failures among trials. */
struct conformance_count {
	uint64_t trials, failures;
};

/* A channel's rows. */
struct conformance_set {
	const char *name;
	unsigned slots; /* that show a row's share well enough */
	size_t (*rows)(void);
	bool (*row)(size_t i, struct conformance_row *row);
	/* `slots` more of row i at an SNR, of a seed; false when memory is out. */
	bool (*run)(size_t i, double snr_db, unsigned slots, uint64_t seed, struct conformance_count *count);
};

extern const struct conformance_set conformance_pucch, conformance_pusch, conformance_uci, conformance_prach;
/* Of UEs: TS 38.101-4 clause 5. */
extern const struct conformance_set conformance_ue_pdsch, conformance_ue_pdcch, conformance_ue_pbch;

/* What is required is no SNR, but a figure that must be reached at one. */
struct conformance_figure {
	char text[CONFORMANCE_TEXT];
	double least;
};

struct conformance_figures {
	const char *name;
	unsigned slots;
	size_t (*rows)(void);
	bool (*row)(size_t i, struct conformance_figure *row);
	bool (*measure)(size_t i, unsigned slots, uint64_t seed, double *ours); /* false when memory is out */
};

/* TS 38.101-4 6.2. */
extern const struct conformance_figures conformance_ue_cqi;

struct blocks_config;

/* So many blocks at an SNR, and how many of them are lost after all transmissions. False when memory is out,
 * or for a configuration that cannot be. */
bool conformance_blocks(
	const struct blocks_config *config, double snr_db, unsigned slots, struct conformance_count *count);

/*
 * Where the row's share of failures is held: the SNR between steps of half a dB, from what is lost around it,
 * with `slots` at each step, or as many as show such a share. False when memory is out, or it is not held
 * within 10 dB above what is required.
 */
bool conformance_reach(
	const struct conformance_set *set, size_t i, unsigned slots, uint64_t seed, double *snr_db);
