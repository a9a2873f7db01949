/*
 * Subscribers as lines like those of `freehold subscriber export`, page by page. What the core is asked for
 * has no keys; nothing here asks for more.
 */
#include "console/operations.h"

struct exported {
	const char *text, *next;
};
BODY(export_table, { JSON_V("text", json_text, exported, text), .mandatory = true },
	{ JSON_V("next", json_text, exported, next) });

enum { IMSI_SIZE = 24 };

/* The IMSI of the last line, behind which the next page begins. */
static bool last_imsi(struct bytes lines, char imsi[IMSI_SIZE])
{
	static const char key[] = "imsi=";
	size_t start = lines.len - 1, len;

	while (start > 0 && lines.data[start - 1] != '\n')
		start--;
	start += sizeof(key) - 1;
	for (len = 0; start + len < lines.len && len + 1 < IMSI_SIZE; len++)
		if (lines.data[start + len] < '0' || lines.data[start + len] > '9')
			break;
	if (len > 0)
		str_copy(imsi, len + 1, (const char *)lines.data + start);
	return len > 0;
}

static void heard(struct call *call, bool ok, struct bytes body)
{
	struct writer *w;
	char imsi[IMSI_SIZE];

	if (!ok) {
		call_core_refuses(call, HTTP1_CONFLICT, body);
		return;
	}
	if (body.len > 0 && !last_imsi(body, imsi)) {
		call_refuse(call, HTTP1_BAD_GATEWAY, "the core is of another version");
		return;
	}
	w = call_json(call, 2 * body.len + 64);
	text_put(w, "{");
	json_key(w, "text", true);
	json_text_of(w, body);
	if (body.len > 0) {
		json_key(w, "next", false);
		json_text_of(w, bytes_of_str(imsi));
	}
	text_put(w, "}");
	audit_end(call, "done", BYTES_NONE);
	call_answer(call, HTTP1_OK);
}

void run_export(struct call *call)
{
	const char *after = call_query(call, "after");

	if (after && (after[0] == '\0' || after[strspn(after, "0123456789")] != '\0'))
		call_refuse(call, HTTP1_BAD_REQUEST, "after is what the last answer's next was");
	else
		call_ask_line(call, heard, "subscriber export", "%s", after ? after : "");
}
