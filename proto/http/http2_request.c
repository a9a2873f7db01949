/* Fields of a head of HTTP/2 as a request of http.h. */
#include "base/text.h"
#include "proto/http/http2_internal.h"
#include "proto/http/internal.h"

/* Where the octets stand in the head; false: there is no more room. */
static bool keep(struct stream *s, struct bytes text, uint16_t *at, uint16_t *len)
{
	if (text.len > HTTP1_HEAD_MAX - s->head_len)
		return false;
	*at = (uint16_t)s->head_len;
	*len = (uint16_t)text.len;
	bytes_copy(s->head + s->head_len, HTTP1_HEAD_MAX - s->head_len, text);
	s->head_len += text.len;
	return true;
}

/* Cookies come one by one, and are one field (RFC 9113 8.2.3), as long as nothing stands between them. */
static bool is_crumb(const struct stream *s, struct bytes name)
{
	static const char cookie[] = "cookie";
	size_t last = s->field_count - 1;

	return s->field_count > 0 && bytes_equal(name, bytes_of_str(cookie)) &&
	       bytes_equal(name, bytes_of(s->head + s->names[last], s->name_lens[last])) &&
	       (size_t)s->values[last] + s->value_lens[last] == s->head_len;
}

static bool join(struct stream *s, struct bytes crumb)
{
	uint16_t at, between, len;

	if (!keep(s, bytes_of_str("; "), &at, &between) || !keep(s, crumb, &at, &len))
		return false;
	s->value_lens[s->field_count - 1] = (uint16_t)(s->value_lens[s->field_count - 1] + between + len);
	return true;
}

bool http2_keep_field(struct stream *s, struct bytes name, struct bytes value)
{
	size_t i = s->field_count;

	if (is_crumb(s, name))
		return join(s, value);
	if (i == HTTP1_FIELDS_MAX || !keep(s, name, &s->names[i], &s->name_lens[i]) ||
		!keep(s, value, &s->values[i], &s->value_lens[i]))
		return false;
	s->field_count++;
	return true;
}

static bool is_target(uint8_t c)
{
	return c > ' ' && c < 0x7f;
}

/* ":path" and the others that HTTP/1.1 has in its first line (RFC 9113 8.3.1). */
static bool take_pseudo(struct bytes name, struct bytes value, struct http1_request *r)
{
	if (bytes_equal(name, bytes_of_str(":path"))) {
		if (value.len == 0 || value.data[0] != '/' || value.len > HTTP1_TARGET_MAX ||
			!http_all_are(value, is_target))
			return false;
		r->path = value;
		if (http_split(&value, '?', &r->path))
			r->query = value;
	} else if (bytes_equal(name, bytes_of_str(":method"))) {
		for (enum http_method m = 0; m < HTTP_OTHER; m++)
			if (bytes_equal(value, bytes_of_str(http_method_name(m))))
				r->method = m;
	} else if (bytes_equal(name, bytes_of_str(":authority"))) {
		r->host = value;
	}
	return true;
}

/* nghttp2 has looked at names and values (RFC 9113 8.2); what is left is what a request needs here. */
bool http2_take_request(const struct stream *s, struct http1_request *r)
{
	*r = (struct http1_request){ .method = HTTP_OTHER, .keep_alive = true };
	for (size_t i = 0; i < s->field_count; i++) {
		struct bytes name = bytes_of(s->head + s->names[i], s->name_lens[i]);
		struct bytes value = bytes_of(s->head + s->values[i], s->value_lens[i]);

		if (name.len > 0 && name.data[0] == ':') {
			if (!take_pseudo(name, value, r))
				return false;
			continue;
		}
		if (bytes_equal(name, bytes_of_str("host")) && r->host.len == 0)
			r->host = value;
		r->fields[r->field_count++] = (struct http1_field){ name, value };
	}
	r->content = bytes_of(s->in.octets, s->in.len);
	return !s->bad && r->path.len > 0;
}
