#include "air/conformance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "air/conformance_plot.h"
#include "sim/conformance/conformance.h"

enum { QUICK_ROWS = 4, QUICK_EACH = 7, QUICK_SLOTS = 60 };

static const struct conformance_set *const sets[] = { &conformance_pusch, &conformance_uci,
	&conformance_pucch, &conformance_prach, &conformance_ue_pdsch, &conformance_ue_pdcch,
	&conformance_ue_pbch };
static const double MARGIN_DB = 1; /* that the quick way asks for */

struct conformance {
	const volatile sig_atomic_t *interrupted;
	bool quick;
	const char *only;
	double slots, seed; /* slots 0: as many as the set says */
	FILE *csv, *svg;
	struct conformance_margins margins[ARRAY_LEN(sets)];
};

_Static_assert(ARRAY_LEN(sets) == CONFORMANCE_SERIES, "a colour each");

/* The quick way: is the share held a margin below the requirement? Chance is allowed two standard deviations.
 */
static double quick_reach(const struct conformance *c, const struct conformance_set *set, size_t i,
	const struct conformance_row *row)
{
	struct conformance_count n = { 0, 0 };
	double expected;

	if (!set->run(i, row->snr_db - MARGIN_DB, QUICK_SLOTS, (uint64_t)c->seed, &n) || n.trials == 0)
		return INFINITY;
	expected = row->allowed * (double)n.trials;
	return (double)n.failures <= expected + 2 * sqrt(expected) ? row->snr_db - MARGIN_DB : INFINITY;
}

/* Row i of sets[s]. False when it is missed. */
static bool run_row(struct conformance *c, size_t s, size_t i, const struct conformance_row *row)
{
	const struct conformance_set *set = sets[s];
	unsigned slots = c->slots > 0 ? (unsigned)c->slots : set->slots;
	double ours = INFINITY;

	if (c->quick)
		ours = quick_reach(c, set, i, row);
	else if (!conformance_reach(set, i, slots, (uint64_t)c->seed, &ours))
		ours = INFINITY;
	printf("%-82s %6.1f %6.1f %6.1f%s\n", row->text, row->snr_db, ours, row->snr_db - ours,
		ours > row->snr_db ? "  missed" : "");
	(void)fflush(stdout);
	if (c->csv)
		fprintf(c->csv, "\"%s\",%.1f,%.2f,%.2f\n", row->text, row->snr_db, ours, row->snr_db - ours);
	c->margins[s].db[c->margins[s].n++] = row->snr_db - ours;
	return ours <= row->snr_db;
}

/* What is no SNR, but a figure at one. */
static unsigned run_figures(struct conformance *c, const struct conformance_figures *set, unsigned *missed)
{
	unsigned slots = c->slots > 0 ? (unsigned)c->slots : set->slots, run = 0;

	for (size_t i = 0; i < set->rows() && !*c->interrupted; i++) {
		struct conformance_figure row;
		double ours = -INFINITY;

		if (!set->row(i, &row) || (c->only && !strstr(row.text, c->only)))
			continue;
		if (!set->measure(i, slots, (uint64_t)c->seed, &ours))
			ours = -INFINITY;
		printf("%-82s %6.2f %6.2f %6.2f%s\n", row.text, row.least, ours, ours - row.least,
			ours < row.least ? "  missed" : "");
		(void)fflush(stdout);
		if (c->csv)
			fprintf(c->csv, "\"%s\",%.2f,%.2f,%.2f\n", row.text, row.least, ours,
				ours - row.least);
		*missed += ours < row.least;
		run++;
	}
	return run;
}

/* Small ones, spread over layers and channels. */
static bool is_quick(const struct conformance_row *row, size_t i)
{
	return i % QUICK_EACH == 0 &&
	       (!strstr(row->text, " RB") || strstr(row->text, " 24 RB") || strstr(row->text, " 25 RB") ||
		       (strstr(row->text, " UE ") && !strstr(row->text, " 106 RB")));
}

static int run_all(struct conformance *c)
{
	unsigned run = 0, missed = 0;

	printf("%-82s requires   ours margin, dB\n", "TS 38.104, TS 38.101-4");
	for (size_t s = 0; s < ARRAY_LEN(sets); s++) {
		unsigned before = run;

		for (size_t i = 0; i < sets[s]->rows() && !*c->interrupted; i++) {
			struct conformance_row row;

			if (!sets[s]->row(i, &row) || (c->only && !strstr(row.text, c->only)) ||
				(c->quick && (run - before >= QUICK_ROWS || !is_quick(&row, i))))
				continue;
			missed += !run_row(c, s, i, &row);
			run++;
		}
	}
	if (!c->quick)
		run += run_figures(c, &conformance_ue_cqi, &missed);
	if (run == 0) {
		fprintf(stderr, "freehold link: --only %s: no such requirement\n", c->only ? c->only : "");
		return 2;
	}
	printf("%u requirements, %u missed\n", run, missed);
	return missed > 0 || *c->interrupted;
}

static bool open_margins(struct conformance *c)
{
	for (size_t s = 0; s < ARRAY_LEN(sets); s++) {
		c->margins[s].name = sets[s]->name;
		c->margins[s].db = calloc(sets[s]->rows(), sizeof(*c->margins[s].db));
		if (!c->margins[s].db)
			return false;
	}
	return true;
}

/* False with a message. No path: no file. */
static bool open_file(FILE **file, const char *path)
{
	*file = path ? fopen(path, "w") : NULL;
	if (path && !*file)
		fprintf(stderr, "freehold link: %s: cannot be written\n", path);
	return !path || *file;
}

static bool take_options(struct conformance *c, struct options *args)
{
	const char *csv = options_text(args, "--csv"), *svg = options_text(args, "--svg");

	c->quick = options_flag(args, "--quick");
	c->only = options_text(args, "--only");
	if (!options_number(args, "--blocks", 1, 1e6, &c->slots) ||
		!options_number(args, "--seed", 0, 9e15, &c->seed))
		return false;
	if (args->argc > 1) {
		fprintf(stderr, "freehold link: unknown argument \"%s\" (see --help)\n", args->argv[1]);
		return false;
	}
	return open_file(&c->csv, csv) && open_file(&c->svg, svg);
}

int conformance_run(struct options *args, const volatile sig_atomic_t *interrupted)
{
	struct conformance c = { .interrupted = interrupted, .seed = 1 };
	int status = 2;

	if (take_options(&c, args) && open_margins(&c)) {
		if (c.csv)
			fprintf(c.csv, "requirement,required_db,ours_db,margin_db\n");
		status = run_all(&c);
		if (c.svg && status < 2 && !conformance_plot(c.margins, c.svg))
			status = 2;
	}
	if (c.csv && fclose(c.csv) != 0)
		status = 2;
	if (c.svg && fclose(c.svg) != 0)
		status = 2;
	for (size_t s = 0; s < ARRAY_LEN(sets); s++)
		free(c.margins[s].db);
	return status;
}
