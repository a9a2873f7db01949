/*
 * Charts as SVG, readable at a glance: panels one above the other that share an x axis, a series of points
 * with intervals for each colour, and a dashed line that goes with it. Numbers only; what they are is the
 * caller's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { PLOT_SERIES_MAX = 12, PLOT_PANELS_MAX = 2, PLOT_CAPTION_LINES = 3 };

struct plot_point {
	double x, y;
	double low, high; /* the interval */
	bool at_most;     /* nothing was seen: y is unknown, at most high */
};

struct plot_xy {
	double x, y;
};

struct plot_line {
	const struct plot_point *points; /* x ascending */
	size_t points_n;
	const struct plot_xy *dashed; /* x ascending */
	size_t dashed_n;
	bool apart; /* points are of no curve */
	bool solid; /* what is called dashed is a curve of very many points without intervals */
};

struct plot_panel {
	const char *y_label;
	bool log; /* y from 10^n to 10^m */
	double y_min, y_max;
	unsigned height; /* of the axes */
	struct plot_line line[PLOT_SERIES_MAX];
};

struct plot {
	const char *title;
	const char *caption[PLOT_CAPTION_LINES]; /* NULL: no more */
	const char *x_label;
	double x_min, x_max;
	const char *dashed_label; /* of all dashed lines, NULL if there is none */
	unsigned series_n;
	const char *series[PLOT_SERIES_MAX]; /* their labels */
	unsigned panels_n;
	struct plot_panel panel[PLOT_PANELS_MAX];
};

/* What is not finite or outside the axes is left out. False for axes of nonsense or when writing fails. */
bool plot_svg(const struct plot *p, FILE *to);

/* The step of about `most` round ticks (1, 2 or 5 times a power of ten) over a range above 0. */
double plot_step(double range, unsigned most);
