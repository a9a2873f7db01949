#include "base/stats.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"

const struct histogram_bounds histogram_procedure_us = { 14,
	{ 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000, 2000000, 5000000, 15000000,
		60000000 } };
const struct histogram_bounds histogram_turn_us = { 12,
	{ 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 1000000 } };

void histogram_add(struct histogram *h, const struct histogram_bounds *bounds, uint64_t value)
{
	uint8_t i = 0;

	while (i < bounds->count && value > bounds->upper[i])
		i++;
	h->words[i]++;
	h->words[HISTOGRAM_SUM] += value;
}

uint64_t histogram_count(const uint64_t words[HISTOGRAM_WORDS])
{
	uint64_t count = 0;

	for (size_t i = 0; i < HISTOGRAM_SUM; i++)
		count += words[i];
	return count;
}

void stats_add(struct stats_list *l, struct stats s)
{
	assert(l->count < STATS_LIST_MAX);
	if (l->count < STATS_LIST_MAX)
		l->items[l->count++] = s;
}

void stat_label(struct writer *w, const char *name, const char *value)
{
	text_put(w, "%s%s=\"", w->len > 0 ? "," : "", name);
	for (; *value; value++) {
		if (*value == '\n')
			text_put(w, "\\n");
		else if (*value == '"' || *value == '\\')
			text_put(w, "\\%c", *value);
		else
			writer_u8(w, *value >= ' ' && *value < 0x7f ? (uint8_t)*value : '?');
	}
	writer_u8(w, '"');
}

uint8_t stat_cause_row(uint8_t cause, const char *name)
{
	return name ? cause : UINT8_MAX;
}

void stat_cause_label(struct writer *w, size_t row, const char *name)
{
	char number[8];

	snprintf(number, sizeof(number), "%zu", row);
	stat_label(w, "cause", name ? number : "other");
	stat_label(w, "text", name ? name : "not in the standard");
}

uint64_t stats_sum(const struct stats *s, size_t figure)
{
	size_t width = s->group->bounds ? HISTOGRAM_WORDS : 1, row_len = s->group->count * width;
	uint64_t sum = 0;

	for (size_t row = 0; row < (s->rows ? s->rows : 1); row++) {
		const uint64_t *v = s->values + row * row_len + figure * width;

		sum += s->group->bounds ? histogram_count(v) : *v;
	}
	return sum;
}

/* Of all values together, in the unit of the bounds: microseconds. */
static uint64_t histogram_total(const struct stats *s, size_t figure)
{
	uint64_t sum = 0;

	for (size_t row = 0; row < (s->rows ? s->rows : 1); row++)
		sum += s->values[(row * s->group->count + figure) * HISTOGRAM_WORDS + HISTOGRAM_SUM];
	return sum;
}

bool stats_print(const struct stats *s, struct writer *w)
{
	char number[4] = "";

	if (s->number > 0)
		snprintf(number, sizeof(number), "%u", s->number + 1u);
	for (size_t i = 0; i < s->group->count; i++) {
		const char *name = s->group->defs[i].name;

		if (s->group->defs[i].type == STAT_INFO)
			continue;
		text_put(w, "%s%s_%s %" PRIu64 "\n", s->group->room, number, name, stats_sum(s, i));
		if (s->group->bounds)
			text_put(w, "%s%s_%s_sum_us %" PRIu64 "\n", s->group->room, number, name,
				histogram_total(s, i));
	}
	return !w->failed;
}
