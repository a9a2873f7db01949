/*
 * Figures as OpenMetrics 1.0 text, for scrapers: families named freehold_ROOM_NAME, counters with _total,
 * histograms with cumulative buckets. It is written part by part, so that whoever asks gets it in pieces of a
 * size that suits him, and no turn is long.
 */
#pragma once

#include "base/stats.h"

#define OPENMETRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

enum {
	OPENMETRICS_PART_MIN = 8192, /* of a writer: any piece that is not divided has room */
	OPENMETRICS_NAME_SIZE = 128,
};

/*
 * Writes what fits of the list's families from *place on (0: from the start), and moves *place on. False:
 * that was the end, with "# EOF". The list may be made again for each part, as long as it has the same
 * groups.
 */
bool openmetrics_write(const struct stats_list *l, uint64_t *place, struct writer *w);

/* The name of a family: "freehold_amf_nas_received". */
void openmetrics_family(
	const struct stat_group *g, const struct stat_def *d, char name[OPENMETRICS_NAME_SIZE]);
/* "counter", "gauge", "info", "histogram" */
const char *openmetrics_type(const struct stat_group *g, const struct stat_def *d);
