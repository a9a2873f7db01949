#include "ops/alarm_outlet.h"

#include <errno.h>
#include <stdio.h>

#include "base/text.h"
#include "io/command.h"
#include "io/http_post.h"
#include "io/syslog.h"

enum { DATA_SIZE = 1024, TEXT_SIZE = 1536 };

/* RFC 5674 2: X.733's severities in syslog's, cleared first. */
static const unsigned severities[] = { 5, 4, 3, 2, 1 };

/* RFC 5424 6.3.3: of a value ", \ and ] are escaped. */
static void put_param(struct writer *w, const char *name, struct bytes value)
{
	text_put(w, " %s=\"", name);
	for (size_t i = 0; i < value.len; i++) {
		if (strchr("\"\\]", value.data[i]) && value.data[i])
			writer_u8(w, '\\');
		writer_u8(w, value.data[i]);
	}
	text_put(w, "\"");
}

/* RFC 5674 3 */
static void put_data(const struct notice *n, struct writer *w)
{
	text_put(w, "[alarm");
	put_param(w, "resource", n->cells[NOTICE_OBJECT]);
	put_param(w, "probableCause", n->cells[NOTICE_CAUSE]);
	put_param(w, "perceivedSeverity", n->cells[NOTICE_SEVERITY]);
	put_param(w, "eventType", n->cells[NOTICE_EVENT_TYPE]);
	text_put(w, "]");
}

static void put_cell(struct writer *w, const char *before, struct bytes cell)
{
	text_put(w, "%s%.*s", before, (int)cell.len, (const char *)cell.data);
}

/* For people: "alarm 3 raised: gnb gnb-1 (away): a gNB that was set up ...; what to do". */
static void put_text(const struct notice *n, struct writer *w)
{
	put_cell(w, "alarm ", n->cells[NOTICE_ID]);
	put_cell(w, " ", n->cells[NOTICE_CHANGE]);
	put_cell(w, ": ", n->cells[NOTICE_SEVERITY]);
	put_cell(w, ": ", n->cells[NOTICE_OBJECT]);
	put_cell(w, " (", n->cells[NOTICE_DETAIL]);
	put_cell(w, "): ", n->cells[NOTICE_PROBLEM]);
	put_cell(w, "; ", n->cells[NOTICE_REMEDY]);
}

static bool to_syslog(const struct notice_config *c, const struct notice *n, char *error, size_t error_size)
{
	char data[DATA_SIZE] = "", text[TEXT_SIZE] = "", line[SYSLOG_LINE_MAX];
	struct writer d = writer_of(data, sizeof(data) - 1), t = writer_of(text, sizeof(text) - 1);
	size_t severity = notice_severity(n->cells[NOTICE_SEVERITY]), len;
	struct addr to = c->syslog_address;
	bool ok;

	to.port = c->syslog_port;
	put_data(n, &d);
	put_text(n, &t);
	if (severity >= ARRAY_LEN(severities) || d.failed || t.failed) {
		snprintf(error, error_size, "the notice is too long");
		return false;
	}
	len = syslog_line(severities[severity], "ALARM", data, text, line);
	errno = EMSGSIZE;
	if (c->syslog_transport == SYSLOG_LOCAL)
		ok = syslog_send_local(severities[severity], text);
	else if (c->syslog_transport == SYSLOG_TCP)
		ok = len > 0 && syslog_send_tcp(&to, bytes_of(line, len));
	else
		ok = len > 0 && syslog_send_udp(&to, bytes_of(line, len));
	if (!ok)
		snprintf(error, error_size, "%m");
	return ok;
}

static bool to_command(const struct notice_config *c, struct bytes json, char *error, size_t error_size)
{
	char words[NOTICE_ARGS_MAX][NOTICE_ARG_SIZE], *argv[NOTICE_ARGS_MAX + 1] = { NULL };

	for (uint8_t i = 0; i < c->command_count; i++) {
		str_copy(words[i], sizeof(words[i]), c->command[i]);
		argv[i] = words[i];
	}
	return command_run(argv, json, error, error_size);
}

bool alarm_outlet_send(const struct notice_config *c, enum notice_outlet outlet, const struct notice *n,
	char *error, size_t error_size)
{
	uint8_t octets[NOTICE_JSON_SIZE];
	struct writer json = writer_of(octets, sizeof(octets));
	struct url url;

	error[0] = '\0';
	if (outlet == NOTICE_SYSLOG)
		return to_syslog(c, n, error, error_size);
	notice_json(n, &json);
	if (json.failed) {
		snprintf(error, error_size, "the notice is too long");
		return false;
	}
	if (outlet == NOTICE_COMMAND)
		return to_command(c, writer_bytes(&json), error, error_size);
	return url_read(c->webhook, &url) &&
	       http_post(&url, c->webhook_ca[0] ? c->webhook_ca : NULL,
		       c->webhook_token[0] ? c->webhook_token : NULL, writer_bytes(&json), error, error_size);
}
