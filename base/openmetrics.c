#include "base/openmetrics.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"

enum { LABELS_MAX = 512 };

/* Where a part begins: a family, and in it somebody's row. Its description goes before the first row. */
struct place {
	uint16_t item; /* the first of the list that has the group */
	uint16_t figure;
	uint16_t of; /* the item whose rows are next; 0: the description */
	uint16_t row;
};

static struct place place_of(uint64_t packed)
{
	return (struct place){ (uint16_t)(packed >> 48), (uint16_t)(packed >> 32), (uint16_t)(packed >> 16),
		(uint16_t)packed };
}

static uint64_t place_pack(const struct place *p)
{
	return (uint64_t)p->item << 48 | (uint64_t)p->figure << 32 | (uint64_t)p->of << 16 | p->row;
}

const char *openmetrics_type(const struct stat_group *g, const struct stat_def *d)
{
	static const char *const names[] = {
		[STAT_COUNTER] = "counter", [STAT_GAUGE] = "gauge", [STAT_INFO] = "info"
	};

	return g->bounds ? "histogram" : names[d->type];
}

void openmetrics_family(
	const struct stat_group *g, const struct stat_def *d, char name[OPENMETRICS_NAME_SIZE])
{
	snprintf(name, OPENMETRICS_NAME_SIZE, "freehold_%s_%s", g->room, d->name);
}

/* A text after "# HELP name ". */
static void put_help(const struct stat_def *d, struct writer *w)
{
	for (const char *c = d->help; *c; c++)
		if (*c == '"' || *c == '\\')
			text_put(w, "\\%c", *c);
		else
			writer_u8(w, (uint8_t)*c);
	if (d->measurement)
		text_put(w, " (TS 28.552 %s)", d->measurement);
	writer_u8(w, '\n');
}

static void put_description(const struct stat_group *g, const struct stat_def *d, struct writer *w)
{
	char name[OPENMETRICS_NAME_SIZE];

	openmetrics_family(g, d, name);
	text_put(w, "# TYPE %s %s\n", name, openmetrics_type(g, d));
	if (d->unit)
		text_put(w, "# UNIT %s %s\n", name, d->unit);
	text_put(w, "# HELP %s ", name);
	put_help(d, w);
}

/* An integer whose last digits stand behind the point, without zeros that say nothing. */
static void put_value(uint64_t value, uint8_t digits, bool point, struct writer *w)
{
	uint64_t unit = 1, part;
	char text[24];
	int len;

	for (uint8_t i = 0; i < digits; i++)
		unit *= 10;
	part = value % unit;
	text_put(w, "%" PRIu64, value / unit);
	if (part == 0) {
		text_put(w, point ? ".0" : "");
		return;
	}
	len = snprintf(text, sizeof(text), ".%0*" PRIu64, digits, part);
	while (text[len - 1] == '0')
		len--;
	writer_put(w, bytes_of(text, (size_t)len));
}

/* "name_suffix{labels} ", and labels with one more. */
static void put_sample(const char *name, const char *suffix, struct bytes labels, struct writer *w)
{
	text_put(w, "%s%s", name, suffix);
	if (labels.len > 0) {
		writer_u8(w, '{');
		writer_put(w, labels);
		writer_u8(w, '}');
	}
	writer_u8(w, ' ');
}

static void put_histogram(const struct stat_group *g, const struct stat_def *d, const char *name,
	struct writer *labels, const uint64_t *words, struct writer *w)
{
	struct bytes of_row = writer_bytes(labels);
	uint64_t count = 0;

	for (uint8_t i = 0; i <= g->bounds->count; i++) {
		count += words[i];
		text_put(w, "%s_bucket{", name);
		writer_put(w, of_row);
		text_put(w, "%sle=\"", of_row.len > 0 ? "," : "");
		if (i < g->bounds->count)
			put_value(g->bounds->upper[i], d->digits, true, w);
		else
			text_put(w, "+Inf");
		text_put(w, "\"} %" PRIu64 "\n", count);
	}
	put_sample(name, "_count", of_row, w);
	text_put(w, "%" PRIu64 "\n", count);
	put_sample(name, "_sum", of_row, w);
	put_value(words[HISTOGRAM_SUM], d->digits, false, w);
	writer_u8(w, '\n');
}

static void put_labels(const struct stats *s, size_t row, struct writer *labels)
{
	if (s->label && s->name)
		stat_label(labels, s->label, s->name);
	if (s->rows > 0 && s->labels)
		s->labels(s->arg, row, labels);
}

static void put_row(const struct stats *s, size_t figure, size_t row, struct writer *w)
{
	const struct stat_group *g = s->group;
	const struct stat_def *d = &g->defs[figure];
	size_t width = g->bounds ? HISTOGRAM_WORDS : 1;
	const uint64_t *value = s->values + (row * g->count + figure) * width;
	char name[OPENMETRICS_NAME_SIZE];
	uint8_t text[LABELS_MAX];
	struct writer labels = writer_of(text, sizeof(text));

	if (s->rows > 0 && row >= s->shown && (g->bounds ? histogram_count(value) : *value) == 0)
		return;
	openmetrics_family(g, d, name);
	put_labels(s, row, &labels);
	if (g->bounds) {
		put_histogram(g, d, name, &labels, value, w);
		return;
	}
	put_sample(name,
		d->type == STAT_COUNTER ? "_total"
		: d->type == STAT_INFO  ? "_info"
					: "",
		writer_bytes(&labels), w);
	put_value(*value, d->digits, false, w);
	writer_u8(w, '\n');
}

static bool is_first(const struct stats_list *l, size_t item)
{
	for (size_t i = 0; i < item; i++)
		if (l->items[i].group == l->items[item].group)
			return false;
	return true;
}

/* From one piece to the next: description, rows of everybody who has the group, next figure, next group. */
static void step(const struct stats_list *l, struct place *p)
{
	const struct stats *s = p->of > 0 ? &l->items[p->of - 1] : NULL;

	if (s && p->row + 1u < s->rows) {
		p->row++;
		return;
	}
	p->row = 0;
	p->of = p->of > 0 ? p->of : p->item;
	while (p->of < l->count && l->items[p->of].group != l->items[p->item].group)
		p->of++;
	if (p->of++ < l->count)
		return;
	p->of = 0;
	if (++p->figure < l->items[p->item].group->count)
		return;
	p->figure = 0;
	do
		p->item++;
	while (p->item < l->count && !is_first(l, p->item));
}

static void put_piece(const struct stats_list *l, const struct place *p, struct writer *w)
{
	const struct stat_group *g = p->item < l->count ? l->items[p->item].group : NULL;

	if (!g)
		text_put(w, "# EOF\n");
	else if (p->of == 0)
		put_description(g, &g->defs[p->figure], w);
	else
		put_row(&l->items[p->of - 1], p->figure, p->row, w);
}

/* One of the list: it may come from who asks. */
static bool place_is_good(const struct stats_list *l, const struct place *p)
{
	const struct stats *s;

	if (p->item >= l->count)
		return p->item == l->count && p->figure == 0 && p->of == 0 && p->row == 0;
	if (!is_first(l, p->item) || p->figure >= l->items[p->item].group->count || p->of > l->count)
		return false;
	if (p->of == 0)
		return p->row == 0;
	s = &l->items[p->of - 1];
	return s->group == l->items[p->item].group && p->row < (s->rows ? s->rows : 1);
}

bool openmetrics_write(const struct stats_list *l, uint64_t *place, struct writer *w)
{
	struct place p = place_of(*place);

	if (!place_is_good(l, &p))
		return false;
	for (;;) {
		size_t len = w->len;

		put_piece(l, &p, w);
		if (w->failed) {
			w->len = len;
			w->failed = false;
			*place = place_pack(&p);
			return len > 0; /* else the writer is too small for anything */
		}
		if (p.item >= l->count)
			return false;
		step(l, &p);
	}
}
