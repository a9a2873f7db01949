/* The network at a glance: what `freehold status` counts. */
#include "console/operations.h"

/* "name value" lines into members. */
static void put_figures(struct bytes body, struct writer *w)
{
	struct cursor in = cursor_of(body);
	bool first = true;

	while (cursor_left(&in) > 0) {
		const uint8_t *end = memchr(in.at, '\n', cursor_left(&in));
		struct bytes name, value = cursor_bytes(&in, end ? (size_t)(end - in.at) : cursor_left(&in));
		const uint8_t *blank = value.len ? memchr(value.data, ' ', value.len) : NULL;
		uint64_t number;

		cursor_skip(&in, end ? 1 : 0);
		if (!blank)
			continue;
		name = bytes_of(value.data, (size_t)(blank - value.data));
		value = bytes_of(blank + 1, value.len - name.len - 1);
		if (!first)
			writer_u8(w, ',');
		first = false;
		json_text_of(w, name);
		writer_u8(w, ':');
		if (text_uint(value, UINT64_MAX, &number))
			writer_put(w, value);
		else
			json_text_of(w, value);
	}
}

static void heard(struct call *call, bool ok, struct bytes body)
{
	struct writer *w = call_json(call, 4 * body.len + 1024);

	text_put(w, "{\"version\":");
	json_text_of(w, bytes_of_str(call->console->facts->version));
	text_put(w, ",\"time_ms\":%llu,\"core\":\"%s\",\"figures\":{",
		(unsigned long long)env_utc_ms(call->console->env), ok ? "up" : "away");
	if (ok)
		put_figures(body, w);
	text_put(w, "}}");
	call_answer(call, HTTP1_OK);
}

void run_status(struct call *call)
{
	call_ask(call, bytes_of_str("status"), heard);
}
