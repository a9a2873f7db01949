/* For unit tests of what rooms count. */
#pragma once

#include "base/stats.h"
#include "base/test.h"

/* The sum of a figure's rows whose labels have these (a text as it stands between the braces); of a histogram
 * how many. Fails the test where there is no such figure. */
static inline uint64_t test_figure(const struct stats_list *l, const char *name, const char *labels)
{
	uint64_t sum = 0;
	bool found = false;

	for (size_t i = 0; i < l->count; i++) {
		const struct stats *s = &l->items[i];
		size_t width = s->group->bounds ? HISTOGRAM_WORDS : 1;

		for (size_t k = 0; k < s->group->count; k++) {
			if (strcmp(s->group->defs[k].name, name) != 0)
				continue;
			found = true;
			for (size_t row = 0; row < (s->rows ? s->rows : 1); row++) {
				const uint64_t *v = s->values + (row * s->group->count + k) * width;
				char text[512];
				struct writer w = writer_of(text, sizeof(text) - 1);

				if (s->rows && s->labels)
					s->labels(s->arg, row, &w);
				text[w.len] = '\0';
				if (strstr(text, labels))
					sum += s->group->bounds ? histogram_count(v) : *v;
			}
		}
	}
	if (!found)
		fail_msg("no figure %s", name);
	return sum;
}
