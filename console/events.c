/* What happened to subscribers, each event in plain words and with what to do about it. */
#include "console/operations.h"
#include "console/rows.h"

static struct bytes cell(const struct row *row, const char *column)
{
	size_t i = rows_column(row->table, column);

	return i == SIZE_MAX ? BYTES_NONE : row->cells[i];
}

/* A cell as a terminated text of the call's. */
static const char *text_of(struct call *call, const struct row *row, const char *column)
{
	struct bytes b = cell(row, column);
	char *text = b.len < 256 ? arena_alloc(&call->arena, b.len + 1) : NULL;

	if (!text)
		return "";
	str_copy(text, b.len + 1, b.len ? (const char *)b.data : "");
	return text;
}

/* The words with {cells} in them; who it was is not told to those who may not know. */
static void put_words(struct call *call, const struct row *row, const char *words, struct writer *w)
{
	static const char *const cells[] = { "imsi", "dnn", "slice", "session", "gnb" };
	static const char *const none[] = { "IMSI", "the default one", "none", "?", "its gNB" };
	char text[1024];
	struct writer t = writer_of(text, sizeof(text));

	while (*words) {
		bool known = false;

		for (size_t i = 0; *words == '{' && i < ARRAY_LEN(cells) && !known; i++) {
			struct bytes b = cell(row, cells[i]);
			size_t len = strlen(cells[i]);

			known = !strncmp(words + 1, cells[i], len) && words[len + 1] == '}';
			if (!known)
				continue;
			words += len + 2;
			if (b.len == 0 || !call_sees_personal(call))
				b = bytes_of_str(none[i]);
			writer_put(&t, b);
		}
		if (!known)
			writer_u8(&t, (uint8_t)*words++);
	}
	json_text_of(w, bytes_of(text, t.len));
}

static void put_why(struct call *call, const struct row *row, struct writer *w)
{
	struct console_words why = call->console->facts->why(
		text_of(call, row, "event"), text_of(call, row, "reason"), text_of(call, row, "cause"));

	json_key(w, "words", false);
	put_words(call, row, why.words, w);
	json_key(w, "advice", false);
	if (why.advice)
		put_words(call, row, why.advice, w);
	else
		text_put(w, "null");
}

void run_events(struct call *call)
{
	struct rows *rows;

	if (!table_begin(call, "events", "", &rows) || !table_filter(call))
		return;
	rows->more = put_why;
	table_ask(call);
}

void run_subscriber_events(struct call *call)
{
	struct rows *rows;

	if (!subscriber_of_path(call) || !table_begin(call, "events", call->param, &rows))
		return;
	rows->more = put_why;
	table_ask(call);
}
