/* The parts of `freehold link`. */
#pragma once

#include "io/file.h"
#include "ops/options.h"
#include "sim/blocks/bound.h"
#include "sim/blocks/result.h"

enum { LINK_CURVES_MAX = 12, LINK_POINTS_MAX = 200, LINK_TEXT = 256 };

/* Points from `from` to `to`; not given: about where the bound lies. */
struct link_range {
	bool given;
	double from, step, to; /* dB */
};

struct link_options {
	struct blocks_config config;
	struct blocks_stop stop;
	struct link_range range;
	char text[LINK_TEXT]; /* what the configuration is, less what differs from curve to curve */
};

struct link_point {
	double snr_db, bound;
	struct blocks_count count;
	struct blocks_result result;
};

struct link_curve {
	char label[LINK_TEXT / 4]; /* what differs from the others; empty if it is the only one */
	struct link_options options;
	struct blocks *blocks;
	double full_rate; /* of share 1 */
	bool bounded;     /* the bound means something: no fading */
	unsigned points_n;
	struct link_point point[LINK_POINTS_MAX];
};

struct link_outputs {
	const char *csv, *svg; /* paths or NULL */
	struct file_stream csv_file, svg_file;
	bool quiet;
};

struct link {
	struct link_outputs out;
	unsigned curves_n;
	struct link_curve curve[LINK_CURVES_MAX];
};

/*
 * Everything from the arguments, with a message to stderr and false for what is refused. An option with a
 * list makes a curve of each item.
 */
bool link_take_options(struct link *l, struct options *args);

/* link_bound.c */
const char *link_kind_text(enum blocks_kind kind);
const char *link_rate_unit(enum blocks_kind kind);

/* The bound of all transmissions of a block together. */
double link_bound(const struct link_curve *c, double snr_db);
/* The SNR where it is `error`. */
double link_bound_snr_db(const struct link_curve *c, double error);

/* Where the work stands, for a terminal. */
struct link_progress {
	bool shown;
	uint64_t drawn_ns, point_ns;
	double blocks; /* of the points before */
};

void link_progress_begin(struct link_progress *p, bool quiet);
/* Draws now and then; left: blocks that are still to be sent, in all. */
void link_progress_show(
	struct link_progress *p, const char *label, const struct link_point *point, double left);
/* Makes room for other output; a point ends, of so many blocks. */
void link_progress_clear(struct link_progress *p, uint64_t blocks);

/* The table, in parts, to stdout. */
void link_print_head(const struct link_curve *c);
void link_print_point(const struct link_curve *c, const struct link_point *p);

/* Opens the files that are wanted, before there is anything to write; false with a message. */
bool link_open_files(struct link *l);

/* Writes the files; false with a message. */
bool link_write_csv(const struct link *l);
bool link_write_svg(const struct link *l);
