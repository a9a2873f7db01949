#include "console/change_lines.h"

#include "base/text.h"

static bool take_line(struct bytes *from, struct bytes *line)
{
	const uint8_t *end = from->len ? memchr(from->data, '\n', from->len) : NULL;

	if (!end)
		return false;
	*line = bytes_of(from->data, (size_t)(end - from->data));
	*from = bytes_of(end + 1, from->len - line->len - 1);
	return true;
}

static struct bytes take_field(struct bytes *line)
{
	const uint8_t *end = line->len ? memchr(line->data, '\t', line->len) : NULL;
	struct bytes f = end ? bytes_of(line->data, (size_t)(end - line->data)) : *line;

	*line = end ? bytes_of(end + 1, line->len - f.len - 1) : BYTES_NONE;
	return f;
}

static bool is_what_goes(struct bytes changes)
{
	return changes.len > 0 && changes.data[0] == '\t';
}

void change_question(struct bytes changes, struct writer *w)
{
	struct bytes line;

	while (take_line(&changes, &line))
		if (is_what_goes(line)) {
			if (w->len == 0)
				text_put(w, "interrupted\n");
			writer_put(w, bytes_of(line.data + 1, line.len - 1));
			text_put(w, "\n");
		}
}

bool change_next(struct bytes *changes, struct bytes *counts, struct change_line *out)
{
	struct bytes line, count;
	uint64_t ues, sessions;

	*out = (struct change_line){ 0 };
	if (!take_line(changes, &line))
		return false;
	out->key = take_field(&line);
	out->when = take_field(&line);
	out->parts = take_field(&line);
	out->interrupted = take_field(&line);
	while (is_what_goes(*changes) && take_line(changes, &line)) {
		if (!take_line(counts, &count) || !text_uint(take_field(&count), UINT64_MAX, &ues) ||
			!text_uint(take_field(&count), UINT64_MAX, &sessions))
			continue;
		out->counted = true;
		out->ues += ues;
		out->sessions += sessions;
	}
	return true;
}
