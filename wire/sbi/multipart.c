#include "wire/sbi/multipart.h"

#include <strings.h>

#include "base/text.h"

enum { BOUNDARY_SIZE = 32, BOUNDARY_MAX = 70, BOUNDARIES_MAX = 1000, HEADERS_SIZE = 256, TYPE_SIZE = 128 };

static const char related[] = "multipart/related";

static bool has_text(struct bytes in, struct bytes text)
{
	return text.len > 0 && in.len >= text.len && memmem(in.data, in.len, text.data, text.len);
}

/* A boundary that stands in no part (RFC 2046 5.1.1), the same for the same parts. */
static bool boundary_choose(struct bytes json, const struct json_parts *parts, char out[BOUNDARY_SIZE])
{
	for (unsigned n = 0; n < BOUNDARIES_MAX; n++) {
		struct writer w = writer_of(out, BOUNDARY_SIZE - 1);
		bool found;

		text_put(&w, "freehold-part-%u", n);
		out[w.len] = '\0';
		found = has_text(json, writer_bytes(&w));
		for (uint8_t i = 0; i < parts->count; i++)
			found |= has_text(parts->items[i].body, writer_bytes(&w));
		if (!found)
			return true;
	}
	return false;
}

static void part_write(
	struct writer *w, const char *boundary, struct bytes type, struct bytes id, struct bytes body)
{
	text_put(w, "--%s\r\nContent-Type: ", boundary);
	writer_put(w, type);
	if (id.len > 0) {
		writer_put(w, bytes_of_str("\r\nContent-Id: "));
		writer_put(w, id);
	}
	writer_put(w, bytes_of_str("\r\n\r\n"));
	writer_put(w, body);
	writer_put(w, bytes_of_str("\r\n"));
}

bool sbi_multipart_write(struct bytes json, const struct json_parts *parts, struct arena *arena,
	struct bytes *body, const char **content_type)
{
	char boundary[BOUNDARY_SIZE];
	size_t size = json.len + 2 * HEADERS_SIZE;
	char *type = arena_alloc(arena, TYPE_SIZE);
	struct writer w, t = writer_of(type, type ? TYPE_SIZE - 1 : 0);
	uint8_t *buf;

	for (uint8_t i = 0; i < parts->count; i++)
		size += parts->items[i].body.len + HEADERS_SIZE;
	buf = arena_alloc(arena, size);
	if (!buf || !type || !boundary_choose(json, parts, boundary))
		return false;
	w = writer_of(buf, size);
	part_write(&w, boundary, bytes_of_str("application/json"), BYTES_NONE, json);
	for (uint8_t i = 0; i < parts->count; i++)
		part_write(&w, boundary, parts->items[i].type, parts->items[i].id, parts->items[i].body);
	text_put(&w, "--%s--\r\n", boundary);
	text_put(&t, "%s; boundary=%s; type=\"application/json\"", related, boundary);
	*body = writer_bytes(&w);
	*content_type = type;
	return !w.failed && !t.failed;
}

bool sbi_is_multipart(const char *content_type)
{
	return content_type && !strncasecmp(content_type, related, sizeof(related) - 1);
}

/* The boundary parameter, quoted or not; a view of content_type. */
static struct bytes boundary_find(const char *content_type)
{
	for (const char *at = strchr(content_type, ';'); at; at = strchr(at, ';')) {
		const char *value;

		at += 1 + strspn(at + 1, " \t");
		if (strncasecmp(at, "boundary=", 9) != 0)
			continue;
		value = at + 9;
		if (*value == '"')
			return bytes_of(value + 1, strcspn(value + 1, "\""));
		return bytes_of(value, strcspn(value, "; \t"));
	}
	return BYTES_NONE;
}

static struct bytes skip(struct bytes b, size_t n)
{
	return n <= b.len ? bytes_of(b.data + n, b.len - n) : BYTES_NONE;
}

static bool starts_with(struct bytes b, const char *text)
{
	size_t len = strlen(text);

	return b.len >= len && !strncasecmp((const char *)b.data, text, len);
}

static struct bytes trim(struct bytes b, const char *also)
{
	while (b.len > 0 && (b.data[0] == ' ' || b.data[0] == '\t' || strchr(also, b.data[0])))
		b = skip(b, 1);
	while (b.len > 0 &&
		(b.data[b.len - 1] == ' ' || b.data[b.len - 1] == '\t' || strchr(also, b.data[b.len - 1])))
		b.len--;
	return b;
}

/* Header lines, an empty one, then the body. */
static bool part_read(struct bytes octets, struct json_part *out)
{
	*out = (struct json_part){ 0 };
	for (;;) {
		const uint8_t *end = octets.len > 0 ? memmem(octets.data, octets.len, "\r\n", 2) : NULL;
		struct bytes line;

		if (!end)
			return false;
		line = bytes_of(octets.data, (size_t)(end - octets.data));
		octets = skip(octets, line.len + 2);
		if (line.len == 0)
			break;
		if (starts_with(line, "content-id:"))
			out->id = trim(skip(line, 11), "<>");
		else if (starts_with(line, "content-type:"))
			out->type = trim(skip(line, 13), "");
	}
	out->body = octets;
	return true;
}

/* Where the next "--boundary" stands; NULL when there is none. */
static const uint8_t *delimiter(struct bytes text, struct bytes boundary)
{
	struct bytes left = text;

	while (left.len >= boundary.len + 2) {
		const uint8_t *at = memmem(left.data, left.len, boundary.data, boundary.len);

		if (!at)
			return NULL;
		if (at >= text.data + 2 && at[-1] == '-' && at[-2] == '-' &&
			(at == text.data + 2 || (at >= text.data + 4 && at[-3] == '\n' && at[-4] == '\r')))
			return at - 2;
		left = skip(left, (size_t)(at - left.data) + 1);
	}
	return NULL;
}

bool sbi_multipart_read(
	const char *content_type, struct bytes body, struct bytes *json, struct json_parts *parts)
{
	struct bytes boundary = boundary_find(content_type);
	const uint8_t *at;
	unsigned n = 0;

	parts->count = 0;
	if (boundary.len == 0 || boundary.len > BOUNDARY_MAX || body.len == 0)
		return false;
	for (at = delimiter(body, boundary); at; n++) {
		struct bytes rest = skip(body, (size_t)(at - body.data) + 2 + boundary.len);
		struct json_part part;

		if (starts_with(rest, "--"))
			return n > 0;
		if (!starts_with(rest, "\r\n"))
			return false;
		at = delimiter(rest, boundary);
		if (!at || at < rest.data + 4 || n > JSON_PARTS_MAX)
			return false;
		if (!part_read(bytes_of(rest.data + 2, (size_t)(at - rest.data) - 4), &part))
			return false;
		if (n == 0)
			*json = part.body;
		else
			parts->items[parts->count++] = part;
	}
	return false;
}
