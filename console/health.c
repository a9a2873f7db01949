/* What only this host's processes see is reported to the core once a minute, which makes alarms of it: disks
 * near full, the console's certificate near its end. What is reported no more is cleared there. */
#include <inttypes.h>

#include "console/operations.h"

enum {
	HEALTH_S = 60,
	DAY_S = 86400,
	CERTIFICATE_DAYS = 30,
	CERTIFICATE_LAST_DAYS = 7,
	DISK_PERCENT = 90,
	DISK_LAST_PERCENT = 97
};

/* A line of "alarm report". */
static void put_line(struct writer *w, const char *kind, const char *object, const char *severity)
{
	text_put(w, "%s\t%s\t%s\t", kind, object, severity);
}

static void put_certificate(struct console *c, struct writer *w)
{
	uint64_t now_s = env_utc_ms(c->env) / 1000, end_s = c->facts->certificate_until_s;
	uint64_t days = end_s > now_s ? (end_s - now_s) / DAY_S : 0;

	if (end_s == 0 || days >= CERTIFICATE_DAYS)
		return;
	put_line(w, "certificate", "console",
		end_s <= now_s                 ? "critical"
		: days < CERTIFICATE_LAST_DAYS ? "major"
					       : "minor");
	text_put(w, end_s <= now_s ? "it has ended\n" : "%" PRIu64 " days left\n", days);
}

/* "NAME PERCENT" lines of the keeper. */
static void put_disks(struct bytes body, struct writer *w)
{
	struct cursor in = cursor_of(body);

	while (cursor_left(&in) > 0) {
		const uint8_t *end = memchr(in.at, '\n', cursor_left(&in)), *blank;
		struct bytes line = cursor_bytes(&in, end ? (size_t)(end - in.at) : cursor_left(&in));
		uint64_t percent;
		char name[64];
		size_t len;

		cursor_skip(&in, end ? 1 : 0);
		blank = line.len ? memchr(line.data, ' ', line.len) : NULL;
		len = blank ? (size_t)(blank - line.data) : 0;
		if (!blank || len >= sizeof(name) ||
			!text_uint(bytes_of(blank + 1, line.len - len - 1), 100, &percent) ||
			percent < DISK_PERCENT)
			continue;
		str_copy(name, len + 1, (const char *)line.data);
		put_line(w, "disk", name, percent < DISK_LAST_PERCENT ? "major" : "critical");
		text_put(w, "%" PRIu64 " percent full\n", percent);
	}
}

static void reported(struct call *call, bool ok, struct bytes body)
{
	call_answer(call, HTTP1_NO_CONTENT); /* it is the console's own */
}

static void heard(struct call *call, bool ok, struct bytes body)
{
	char text[1024];
	struct writer w = writer_of(text, sizeof(text) - 1);

	put_certificate(call->console, &w);
	if (ok)
		put_disks(body, &w);
	call_ask_lines(call, reported, "alarm report", writer_bytes(&w));
}

void health_due(struct console *c, uint64_t now_ns)
{
	struct call *call;

	if (c->health_next_ns > now_ns)
		return;
	c->health_next_ns = now_ns + HEALTH_S * NS_PER_S;
	call = call_own(c);
	if (call)
		call_ask_keeper(call, heard, "disks", BYTES_NONE);
}
