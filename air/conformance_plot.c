#include "air/conformance_plot.h"

#include <math.h>
#include <stdlib.h>

#include "air/plot.h"

enum { HEIGHT = 360 };

#define WIDEST_DB 10.0 /* that a margin is drawn at */

/* One more or less than the margins, and 0 in any case. */
static void range_of(const struct conformance_margins *kinds, struct plot_panel *panel)
{
	double low = 0, high = 0;

	for (unsigned k = 0; k < CONFORMANCE_SERIES; k++) {
		for (size_t i = 0; i < kinds[k].n; i++) {
			if (!isfinite(kinds[k].db[i]))
				continue;
			low = fmin(low, kinds[k].db[i]);
			high = fmax(high, kinds[k].db[i]);
		}
	}
	panel->y_min = floor(fmax(low, -WIDEST_DB)) - 1;
	panel->y_max = ceil(fmin(high, WIDEST_DB)) + 1;
}

/* What was not reached at all is drawn as below the requirement, no more being known. */
static struct plot_point point_of(double x, double db)
{
	bool reached = isfinite(db);
	double y = fmax(fmin(db, WIDEST_DB), -WIDEST_DB);

	return (struct plot_point){ x, reached ? y : 0, reached ? y : 0, reached ? y : 0, !reached };
}

bool conformance_plot(const struct conformance_margins kinds[CONFORMANCE_SERIES], FILE *to)
{
	struct plot plot = { .title = "Margins to TS 38.104 clause 8 and TS 38.101-4 clause 5",
		.caption = { "Required SNR less the one at which the share of failures is held." },
		.x_label = "requirement",
		.dashed_label = "required",
		.panels_n = 1,
		.panel = { { .y_label = "margin, dB", .height = HEIGHT } } };
	struct plot_point *points;
	struct plot_xy required[2];
	size_t total = 0;
	bool ok;

	for (unsigned k = 0; k < CONFORMANCE_SERIES; k++)
		total += kinds[k].n;
	points = total > 0 ? calloc(total, sizeof(*points)) : NULL;
	if (!points)
		return false;
	plot.x_max = (double)total + 1;
	required[0] = (struct plot_xy){ 0, 0 };
	required[1] = (struct plot_xy){ plot.x_max, 0 };
	range_of(kinds, &plot.panel[0]);
	for (unsigned k = 0, at = 0; k < CONFORMANCE_SERIES; k++) {
		struct plot_line *line = &plot.panel[0].line[plot.series_n];

		if (kinds[k].n == 0)
			continue;
		*line = (struct plot_line){ .points = points + at, .points_n = kinds[k].n, .apart = true };
		if (plot.series_n == 0) {
			line->dashed = required;
			line->dashed_n = 2;
		}
		plot.series[plot.series_n++] = kinds[k].name;
		for (size_t i = 0; i < kinds[k].n; i++, at++)
			points[at] = point_of(at + 1, kinds[k].db[i]);
	}
	ok = plot_svg(&plot, to);
	free(points);
	return ok;
}
