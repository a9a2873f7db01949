#include "console/internal.h"

const char *const notice_outlet_names[NOTICE_OUTLETS] = { "syslog", "webhook", "command" };

/* In the order of X.733's severities, as the table of alarms names them. */
static const char *const severities[] = { "cleared", "warning", "minor", "major", "critical" };

static const char *const cell_names[NOTICE_CELLS] = { "change", "id", "severity", "object", "detail",
	"problem", "remedy", "event_type", "cause", "raised", "time" };

bool notice_outlet_named(struct bytes name, enum notice_outlet *out)
{
	for (unsigned i = 0; i < NOTICE_OUTLETS; i++) {
		if (!bytes_equal(name, bytes_of_str(notice_outlet_names[i])))
			continue;
		*out = (enum notice_outlet)i;
		return true;
	}
	return false;
}

bool notice_outlet_is_set(const struct notice_config *c, enum notice_outlet outlet)
{
	const bool set[NOTICE_OUTLETS] = { c->syslog_transport != SYSLOG_NONE, c->webhook[0] != '\0',
		c->command_count > 0 };

	return set[outlet];
}

void notice_outlet_place(const struct notice_config *c, enum notice_outlet outlet, struct writer *w)
{
	struct addr to = c->syslog_address;
	char text[ADDR_STR_SIZE];
	struct url url;

	to.port = c->syslog_port;
	if (outlet == NOTICE_COMMAND)
		text_put(w, "%s", c->command[0]);
	else if (outlet == NOTICE_WEBHOOK && url_read(c->webhook, &url))
		text_put(w, "%s://%s:%u", url.tls ? "https" : "http", url.host, url.port);
	else if (outlet == NOTICE_SYSLOG && c->syslog_transport == SYSLOG_LOCAL)
		text_put(w, "this host");
	else if (outlet == NOTICE_SYSLOG)
		text_put(w, "%s by %s", addr_str(&to, text),
			c->syslog_transport == SYSLOG_UDP ? "UDP" : "TCP");
}

size_t notice_severity(struct bytes name)
{
	for (size_t i = 0; i < ARRAY_LEN(severities); i++)
		if (bytes_equal(name, bytes_of_str(severities[i])))
			return i;
	return SIZE_MAX;
}

bool notice_read(struct bytes line, struct notice *out)
{
	*out = (struct notice){ 0 };
	for (size_t i = 0; i < NOTICE_CELLS; i++) {
		const uint8_t *end = line.len ? memchr(line.data, '\t', line.len) : NULL;

		out->cells[i] = bytes_of(line.data, end ? (size_t)(end - line.data) : line.len);
		if (!end)
			return i + 1 == NOTICE_CELLS;
		line = bytes_of(end + 1, line.len - out->cells[i].len - 1);
	}
	return false;
}

void notice_put(const struct notice *n, struct writer *w)
{
	for (size_t i = 0; i < NOTICE_CELLS; i++) {
		if (i > 0)
			writer_u8(w, '\t');
		writer_put(w, n->cells[i]);
	}
}

struct notice notice_of_test(struct bytes utc_s)
{
	static const char *const cells[NOTICE_CELLS] = { "test", "0", "warning", "console", "no alarm",
		"an operator tries this outlet", "none", "processingErrorAlarm", "indeterminate" };
	struct notice n = { 0 };

	for (size_t i = 0; i < NOTICE_RAISED; i++)
		n.cells[i] = bytes_of_str(cells[i]);
	n.cells[NOTICE_RAISED] = n.cells[NOTICE_TIME] = utc_s;
	return n;
}

void notice_json(const struct notice *n, struct writer *w)
{
	uint64_t number;

	for (size_t i = 0; i < NOTICE_CELLS; i++) {
		bool time = i == NOTICE_RAISED || i == NOTICE_TIME;

		writer_u8(w, i == 0 ? '{' : ',');
		json_write_string(w, bytes_of_str(cell_names[i]));
		writer_u8(w, ':');
		if ((time || i == NOTICE_ID) && !text_uint(n->cells[i], UINT64_MAX, &number))
			text_put(w, "null");
		else if (time)
			json_time_s(w, number);
		else if (i == NOTICE_ID)
			writer_put(w, n->cells[i]);
		else
			json_text_of(w, n->cells[i]);
	}
	writer_u8(w, '}');
}
