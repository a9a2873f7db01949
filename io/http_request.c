#include "io/http_request.h"

#include <strings.h>

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* RFC 9110 5.6.2 */
static bool is_token(uint8_t c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != 0 && strchr("!#$%&'*+-.^_`|~", c));
}

static bool all_are(struct bytes text, bool (*is)(uint8_t c))
{
	for (size_t i = 0; i < text.len; i++)
		if (!is(text.data[i]))
			return false;
	return text.len > 0;
}

/* RFC 3986: what a target may have, the query too. */
static bool is_target(uint8_t c)
{
	return c > ' ' && c < 0x7f && !strchr("\"<>\\^`{|}#", c);
}

/* RFC 9110 5.5: visible characters, blanks and what is above ASCII. */
static bool is_value(uint8_t c)
{
	return c == '\t' || (c >= ' ' && c != 0x7f);
}

/* The next line without its end, which may be a newline alone (RFC 9112 2.2); false: there is no end yet. */
static bool next_line(struct bytes *in, struct bytes *line)
{
	const uint8_t *end = in->len > 0 ? memchr(in->data, '\n', in->len) : NULL;
	size_t len;

	if (!end)
		return false;
	len = (size_t)(end - in->data);
	*line = bytes_of(in->data, len > 0 && end[-1] == '\r' ? len - 1 : len);
	*in = bytes_of(end + 1, in->len - len - 1);
	return true;
}

/* What stands before the first c; the rest is behind it. False: there is none. */
static bool split(struct bytes *rest, char c, struct bytes *first)
{
	const uint8_t *at = rest->len > 0 ? memchr(rest->data, c, rest->len) : NULL;
	size_t len = at ? (size_t)(at - rest->data) : 0;

	if (!at)
		return false;
	*first = bytes_of(rest->data, len);
	*rest = bytes_of(at + 1, rest->len - len - 1);
	return true;
}

static bool text_is(struct bytes text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

/* The path of a target, "/metrics?x" or "http://host/metrics" (RFC 9112 3.2); empty: it has none. */
static struct bytes path_of(struct bytes target)
{
	static const char scheme[] = "http://";
	const uint8_t *end;

	if (target.len > sizeof(scheme) - 1 &&
		!strncasecmp((const char *)target.data, scheme, sizeof(scheme) - 1)) {
		const uint8_t *host = target.data + sizeof(scheme) - 1;
		size_t left = target.len - (sizeof(scheme) - 1);
		const uint8_t *slash = memchr(host, '/', left);

		target = slash ? bytes_of(slash, left - (size_t)(slash - host)) : BYTES_NONE;
	}
	end = target.len > 0 ? memchr(target.data, '?', target.len) : NULL;
	return end ? bytes_of(target.data, (size_t)(end - target.data)) : target;
}

/* Method, target and version; a fault of the line comes before what it asks for. */
static enum http_status read_line(struct bytes line, const char *path, struct http_request *out)
{
	struct bytes method, target;

	if (!split(&line, ' ', &method) || !split(&line, ' ', &target) || !all_are(method, is_token) ||
		!all_are(target, is_target))
		return HTTP_BAD_REQUEST;
	if (line.len != 8 || memcmp(line.data, "HTTP/", 5) != 0 || !is_digit(line.data[5]) ||
		line.data[6] != '.' || !is_digit(line.data[7]))
		return HTTP_BAD_REQUEST;
	if (line.data[5] != '1')
		return HTTP_VERSION_NOT_SUPPORTED;
	out->http10 = line.data[7] == '0';
	out->head = text_is(method, "HEAD");
	if (target.len > HTTP_PATH_MAX)
		return HTTP_URI_TOO_LONG;
	if (!text_is(path_of(target), path))
		return HTTP_NOT_FOUND;
	return out->head || text_is(method, "GET") ? HTTP_OK : HTTP_METHOD_NOT_ALLOWED;
}

/* A field, RFC 9112 5; lines are not continued (5.2), and nothing stands before the colon. */
static bool read_field(struct bytes line, unsigned *hosts)
{
	struct bytes name;

	if (!split(&line, ':', &name) || !all_are(name, is_token))
		return false;
	*hosts += name.len == 4 && !strncasecmp((const char *)name.data, "host", 4);
	return line.len == 0 || all_are(line, is_value);
}

enum http_status http_request_read(struct bytes in, const char *path, struct http_request *out)
{
	enum http_status status;
	struct bytes line = BYTES_NONE;
	unsigned hosts = 0;
	bool good = true, first = true, full = in.len >= HTTP_REQUEST_MAX;

	*out = (struct http_request){ 0 };
	do { /* empty lines before it, RFC 9112 2.2 */
		if (!next_line(&in, &line))
			return !full ? HTTP_MORE : first ? HTTP_URI_TOO_LONG : HTTP_BAD_REQUEST;
		first = false;
	} while (line.len == 0);
	status = read_line(line, path, out);
	if (status == HTTP_BAD_REQUEST || status == HTTP_VERSION_NOT_SUPPORTED)
		return status; /* what follows is nobody's to guess */
	for (;;) {
		if (!next_line(&in, &line))
			return full ? HTTP_FIELDS_TOO_LARGE : HTTP_MORE;
		if (line.len == 0)
			break;
		good = good && read_field(line, &hosts);
	}
	if (!good || hosts > 1 || (hosts == 0 && !out->http10))
		return HTTP_BAD_REQUEST;
	return status;
}

const char *http_status_text(enum http_status status)
{
	switch (status) {
	case HTTP_OK:
		return "200 OK";
	case HTTP_NOT_FOUND:
		return "404 Not Found";
	case HTTP_METHOD_NOT_ALLOWED:
		return "405 Method Not Allowed";
	case HTTP_REQUEST_TIMEOUT:
		return "408 Request Timeout";
	case HTTP_URI_TOO_LONG:
		return "414 URI Too Long";
	case HTTP_FIELDS_TOO_LARGE:
		return "431 Request Header Fields Too Large";
	case HTTP_VERSION_NOT_SUPPORTED:
		return "505 HTTP Version Not Supported";
	default:
		return "400 Bad Request";
	}
}
