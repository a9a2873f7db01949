/* A request's head: its line and its fields, and how long its body is (RFC 9112 clauses 3, 5 and 6). */
#include "base/text.h"
#include "proto/http/internal.h"

/* What a head says of the body's length. */
struct framing {
	bool has_length;
	uint64_t length;
	unsigned hosts;
};

/* RFC 3986: what a target may have. */
static bool is_target(uint8_t c)
{
	return c > ' ' && c < 0x7f && !strchr("\"<>\\^`{|}#", c);
}

/* RFC 9110 5.5: visible characters, blanks and what is above ASCII. */
static bool is_value(uint8_t c)
{
	return c == '\t' || (c >= ' ' && c != 0x7f);
}

/* Octets of "https://" or "http://" before what it is about; 0: it is a path alone. */
static size_t scheme_len(struct bytes target)
{
	static const char *const schemes[] = { "https://", "http://" };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t len = strlen(schemes[i]);

		if (target.len > len && !strncasecmp((const char *)target.data, schemes[i], len))
			return len;
	}
	return 0;
}

/* "/path?query", or the absolute form, whose authority counts as the host (RFC 9112 3.2.2). */
static bool read_target(struct bytes target, struct http1_request *out)
{
	size_t scheme = scheme_len(target);
	struct bytes authority;

	if (scheme > 0) {
		target = bytes_of(target.data + scheme, target.len - scheme);
		authority = target;
		if (!http_split(&target, '/', &authority) || authority.len == 0)
			return false;
		target = bytes_of(target.data - 1, target.len + 1);
		out->host = authority;
	}
	if (target.len == 0 || target.data[0] != '/')
		return false;
	out->path = target;
	if (http_split(&target, '?', &out->path))
		out->query = target;
	return true;
}

static enum http_method method_of(struct bytes text)
{
	for (enum http_method m = 0; m < HTTP_OTHER; m++)
		if (bytes_equal(text, bytes_of_str(http_method_name(m))))
			return m;
	return HTTP_OTHER;
}

/* Method, target and version (RFC 9112 3). */
static enum http_code read_line(struct bytes line, struct http1_request *out)
{
	struct bytes method, target;

	if (!http_split(&line, ' ', &method) || !http_split(&line, ' ', &target) ||
		!http_all_are(method, http_is_token) || !http_all_are(target, is_target))
		return HTTP1_BAD_REQUEST;
	if (line.len != 8 || memcmp(line.data, "HTTP/", 5) != 0 || !http_is_digit(line.data[5]) ||
		line.data[6] != '.' || !http_is_digit(line.data[7]))
		return HTTP1_BAD_REQUEST;
	if (line.data[5] != '1' || line.data[7] > '1')
		return HTTP1_VERSION_NOT_SUPPORTED;
	if (target.len > HTTP1_TARGET_MAX)
		return HTTP1_TARGET_TOO_LONG;
	out->http10 = line.data[7] == '0';
	out->keep_alive = !out->http10;
	out->method = method_of(method);
	return read_target(target, out) ? HTTP1_OK : HTTP1_BAD_REQUEST;
}

static enum http_code read_length(struct bytes value, struct framing *f)
{
	/* Told twice, also the same: who stands before us may have taken the other. */
	if (f->has_length || !text_uint(value, UINT64_MAX, &f->length))
		return HTTP1_BAD_REQUEST;
	f->has_length = true;
	return HTTP1_OK;
}

static enum http_code read_coding(struct bytes value, bool http10, struct http1_request *out)
{
	if (out->chunked || http10)
		return HTTP1_BAD_REQUEST;
	if (!http_text_is(value, "chunked"))
		return HTTP1_NOT_IMPLEMENTED;
	out->chunked = true;
	return HTTP1_OK;
}

static bool list_has(struct bytes list, const char *word)
{
	struct bytes one;

	while (http_split(&list, ',', &one))
		if (http_text_is(http_trim(one), word))
			return true;
	return http_text_is(http_trim(list), word);
}

/* A field that says how the message is to be read. */
static enum http_code take_field(
	const struct http1_field *field, bool http10, struct http1_request *out, struct framing *f)
{
	if (http_text_is(field->name, "content-length"))
		return read_length(field->value, f);
	if (http_text_is(field->name, "transfer-encoding"))
		return read_coding(field->value, http10, out);
	if (http_text_is(field->name, "host")) {
		f->hosts++;
		if (out->host.len == 0)
			out->host = field->value;
		return field->value.len > 0 && !memchr(field->value.data, ' ', field->value.len)
			       ? HTTP1_OK
			       : HTTP1_BAD_REQUEST;
	}
	if (http_text_is(field->name, "connection"))
		out->keep_alive = out->keep_alive && !list_has(field->value, "close");
	if (http_text_is(field->name, "expect") && !http10) {
		out->expects = http_text_is(field->value, "100-continue");
		return out->expects ? HTTP1_OK : HTTP1_EXPECTATION_FAILED;
	}
	return HTTP1_OK;
}

/* RFC 9112 5: nothing stands before the colon, and lines are not continued (5.2). */
static enum http_code read_field(struct bytes line, bool http10, struct http1_request *out, struct framing *f)
{
	struct http1_field *field = &out->fields[out->field_count];

	if (out->field_count == HTTP1_FIELDS_MAX)
		return HTTP1_FIELDS_TOO_LARGE;
	if (!http_split(&line, ':', &field->name) || !http_all_are(field->name, http_is_token))
		return HTTP1_BAD_REQUEST;
	field->value = http_trim(line);
	if (field->value.len > 0 && !http_all_are(field->value, is_value))
		return HTTP1_BAD_REQUEST;
	out->field_count++;
	return take_field(field, http10, out, f);
}

static enum http_code read_fields(struct bytes *in, struct http1_request *out, struct framing *f)
{
	bool http10 = !out->keep_alive;
	struct bytes line;

	for (;;) {
		enum http_code code;
		enum http_line is = http_next_line(in, &line);

		if (is != HTTP_LINE)
			return is == HTTP_LINE_MORE ? HTTP1_MORE : HTTP1_BAD_REQUEST;
		if (line.len == 0)
			break;
		code = read_field(line, http10, out, f);
		if (code != HTTP1_OK)
			return code;
	}
	if ((out->chunked && f->has_length) || f->hosts > 1 || (f->hosts == 0 && !http10))
		return HTTP1_BAD_REQUEST;
	return HTTP1_OK;
}

static enum http_code read_head(struct bytes *in, struct http1_request *out, struct framing *f)
{
	struct bytes line = BYTES_NONE;
	enum http_line is = http_next_line(in, &line);
	enum http_code code;

	if (is == HTTP_LINE && line.len == 0) /* an empty line before it, RFC 9112 2.2 */
		is = http_next_line(in, &line);
	if (is != HTTP_LINE)
		return is == HTTP_LINE_BAD ? HTTP1_BAD_REQUEST : HTTP1_MORE;
	code = read_line(line, out);
	return code == HTTP1_OK ? read_fields(in, out, f) : code;
}

static enum http_code read_content(
	struct bytes rest, size_t body_max, const struct framing *f, struct http1_request *out)
{
	size_t used = 0;
	enum http_code code;

	if (out->chunked) {
		code = http1_chunks(rest, body_max, &used, NULL);
		if (code != HTTP1_OK)
			return code;
	} else if (f->length > body_max) {
		return HTTP1_CONTENT_TOO_LARGE;
	} else if (f->length > rest.len) {
		return HTTP1_MORE;
	} else {
		used = (size_t)f->length;
	}
	out->content = bytes_of(rest.data, used);
	out->octets = out->head_len + used;
	return HTTP1_OK;
}

enum http_code http1_request_read(struct bytes in, size_t body_max, struct http1_request *out)
{
	struct bytes rest = bytes_of(in.data, in.len < HTTP1_HEAD_MAX ? in.len : HTTP1_HEAD_MAX);
	struct framing f = { 0 };
	enum http_code code;

	*out = (struct http1_request){ .method = HTTP_OTHER };
	code = read_head(&rest, out, &f);
	if (code == HTTP1_MORE && in.len >= HTTP1_HEAD_MAX)
		return out->path.len > 0 ? HTTP1_FIELDS_TOO_LARGE : HTTP1_TARGET_TOO_LONG;
	if (code != HTTP1_OK)
		return code;
	out->head_len = (size_t)(rest.data - in.data);
	return read_content(bytes_of(rest.data, in.len - out->head_len), body_max, &f, out);
}

struct bytes http1_field(const struct http1_request *r, const char *name)
{
	for (size_t i = 0; i < r->field_count; i++)
		if (http_text_is(r->fields[i].name, name))
			return r->fields[i].value;
	return BYTES_NONE;
}
