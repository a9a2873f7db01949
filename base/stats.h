/*
 * Figures: what a room counts. A group is a table of figures that have the same labels; a room has an enum
 * and an array of values for each group, and gives them as a list when asked. `freehold status` prints the
 * list as lines, base/openmetrics.h as families for scrapers, `freehold help families` the tables.
 */
#pragma once

#include "base/cursor.h"

enum {
	STATS_LIST_MAX = 128,
	HISTOGRAM_BOUNDS_MAX = 16,
	HISTOGRAM_SUM = HISTOGRAM_BOUNDS_MAX + 1, /* place of the sum, behind the last bucket */
	HISTOGRAM_WORDS,
};

enum stat_type {
	STAT_COUNTER,
	STAT_GAUGE,
	STAT_INFO, /* always 1: its labels are what it tells */
};

struct stat_def {
	const char *name; /* snake_case, unit last: "nas_received" */
	const char *help;
	const char *measurement; /* of TS 28.552 with its clause, "RM.RegInitReq 5.2.2.1"; NULL: none */
	enum stat_type type;
	const char *unit; /* "bytes", "seconds", "ratio": the name ends with it; NULL: a plain number */
	uint8_t digits;   /* of the value, behind the point: 6 where microseconds are told as seconds */
};

/* Values up to which each bucket of a histogram goes, ascending, in the unit of the values. */
struct histogram_bounds {
	uint8_t count;
	uint64_t upper[HISTOGRAM_BOUNDS_MAX];
};

/* So many values in each bucket, the last one without a bound; and their sum. */
struct histogram {
	uint64_t words[HISTOGRAM_WORDS];
};

void histogram_add(struct histogram *h, const struct histogram_bounds *bounds, uint64_t value);
uint64_t histogram_count(const uint64_t words[HISTOGRAM_WORDS]);

/* 1 ms to 60 s, of procedures, in us. */
extern const struct histogram_bounds histogram_procedure_us;
/* 100 us to 1 s, of turns and what they wait for, in us. */
extern const struct histogram_bounds histogram_turn_us;

struct stat_group {
	const char *room; /* "amf" */
	const struct stat_def *defs;
	size_t count;
	const char *labels;                    /* their names, for help: "snssai, dnn"; NULL: none */
	const struct histogram_bounds *bounds; /* all are histograms; NULL: none is */
};

/* The labels of a row, by stat_label(). */
typedef void stat_labels_fn(const void *arg, size_t row, struct writer *w);

struct stats {
	const struct stat_group *group;
	const uint64_t *values; /* group->count of each row; of histograms HISTOGRAM_WORDS each */
	size_t rows;            /* 0: one, without labels */
	size_t shown; /* of them, so many stand in any case; a later one once something was counted */
	stat_labels_fn *labels;
	const void *arg;
	const char *label, *name; /* whose they are, where a process has several: "amf", "amf-2"; or NULL */
	uint8_t number;           /* among those, from 0 */
};

struct stats_list {
	size_t count;
	struct stats items[STATS_LIST_MAX];
};

/* More than there is room for are left out: assert that it does not come to that. */
void stats_add(struct stats_list *l, struct stats s);

/* One more label: name="value", as OpenMetrics has it; what is not printable ASCII becomes '?'. */
void stat_label(struct writer *w, const char *name, const char *value);

/* Causes come from peers: those that have no name in their standard (NULL) share a row. */
enum { STAT_CAUSES = UINT8_MAX + 1 };
uint8_t stat_cause_row(uint8_t cause, const char *name);
/* cause="22",text="Congestion", or cause="other". */
void stat_cause_label(struct writer *w, size_t row, const char *name);

/* The value of a figure, of several rows their sum, of a histogram how many. */
uint64_t stats_sum(const struct stats *s, size_t figure);

/* One line a figure, "room_name value": of several rows their sum, of a histogram how many. False when it
 * does not fit. */
MUST_USE bool stats_print(const struct stats *s, struct writer *w);
