#include "wire/sbi/uri.h"

bool sbi_problem_set(struct sbi_problem *problem, enum sbi_cause cause, struct bytes param)
{
	*problem = (struct sbi_problem){ .cause = cause };
	param.len = param.len < SBI_PARAM_SIZE ? param.len : 0;
	bytes_copy(problem->param, SBI_PARAM_SIZE - 1, param);
	return false;
}

static const struct json_field *field_named(const struct json_object *fields, struct bytes name)
{
	for (unsigned i = 0; fields && i < fields->count; i++)
		if (bytes_equal(bytes_of_str(fields->fields[i].key), name))
			return &fields->fields[i];
	return NULL;
}

static void scalar_write(const struct json_field *f, const void *base, struct writer *w)
{
	char buf[JSON_SCALAR_MAX];
	struct writer text = writer_of(buf, sizeof(buf));

	json_scalar_write(f, base, &text);
	w->failed |= text.failed;
	json_percent_write(w, writer_bytes(&text));
}

/* The name after a '{'. */
static struct bytes variable_at(const char *at)
{
	return bytes_of(at, strcspn(at, "}"));
}

void sbi_path_write(
	const char *template, const struct json_object *fields, const void *base, struct writer *w)
{
	for (const char *at = template; *at; at++) {
		const struct json_field *f;
		struct bytes name;
		size_t before = w->len;

		if (*at != '{') {
			writer_u8(w, (uint8_t)*at);
			continue;
		}
		name = variable_at(at + 1);
		f = field_named(fields, name);
		if (f)
			scalar_write(f, base, w);
		w->failed |= !f || w->len == before; /* an empty segment would be another path */
		at += 1 + name.len;
	}
}

/* The segment at the start of path, which is then behind it. */
static struct bytes take_segment(struct bytes *path)
{
	const uint8_t *slash = path->len > 0 ? memchr(path->data, '/', path->len) : NULL;
	size_t len = slash ? (size_t)(slash - path->data) : path->len;
	struct bytes segment = bytes_of(path->data, len);

	*path = bytes_of(path->data + len, path->len - len);
	return segment;
}

static bool read_segment(const struct json_field *f, struct bytes segment, struct arena *arena, void *base)
{
	struct bytes text;

	return f && json_percent_read(segment, arena, &text) && json_scalar_read(f, text, arena, base);
}

/* fields NULL: only whether it matches. */
static bool path_walk(const char *template, const struct json_object *fields, struct bytes path,
	struct arena *arena, void *base, struct sbi_problem *problem)
{
	for (const char *at = template; *at; at++) {
		struct bytes name, segment;

		if (*at != '{') {
			if (path.len == 0 || path.data[0] != (uint8_t)*at)
				return false;
			path = bytes_of(path.data + 1, path.len - 1);
			continue;
		}
		name = variable_at(at + 1);
		segment = take_segment(&path);
		if (segment.len == 0)
			return false;
		if (fields && !read_segment(field_named(fields, name), segment, arena, base))
			return sbi_problem_set(problem, SBI_MANDATORY_IE_INCORRECT, name);
		at += 1 + name.len;
	}
	return path.len == 0;
}

bool sbi_path_matches(const char *template, struct bytes path)
{
	return path_walk(template, NULL, path, NULL, NULL, NULL);
}

bool sbi_path_read(const char *template, const struct json_object *fields, struct bytes path,
	struct arena *arena, void *base, struct sbi_problem *problem)
{
	sbi_problem_set(problem, SBI_RESOURCE_URI_STRUCTURE_NOT_FOUND, BYTES_NONE);
	return path_walk(template, fields, path, arena, base, problem);
}

static void query_value(const struct json_field *f, const void *base, struct arena *arena, struct writer *w)
{
	struct writer json;
	uint8_t *buf;

	if (f->kind == JSON_VALUE) {
		scalar_write(f, base, w);
		return;
	}
	buf = arena_alloc(arena, SBI_PATH_MAX);
	json = writer_of(buf, buf ? SBI_PATH_MAX : 0);
	json_encode(f, base, NULL, &json);
	w->failed |= json.failed;
	json_percent_write(w, writer_bytes(&json));
}

void sbi_query_write(
	const struct json_object *fields, const void *base, struct arena *arena, struct writer *w)
{
	char mark = '?';

	for (unsigned i = 0; fields && i < fields->count; i++) {
		const struct json_field *f = &fields->fields[i];

		if (!f->mandatory && !json_is_filled(f, base))
			continue;
		writer_u8(w, (uint8_t)mark);
		writer_put(w, bytes_of_str(f->key));
		writer_u8(w, '=');
		query_value(f, base, arena, w);
		mark = '&';
	}
}

static bool query_wrong(struct sbi_problem *problem, const struct json_field *f)
{
	return sbi_problem_set(problem,
		f->mandatory ? SBI_MANDATORY_QUERY_PARAM_INCORRECT : SBI_OPTIONAL_QUERY_PARAM_INCORRECT,
		bytes_of_str(f->key));
}

static bool query_read_one(const struct json_field *f, struct bytes value, struct arena *arena, void *base,
	struct sbi_problem *problem)
{
	struct json_fault fault;
	struct bytes text;

	if (!json_percent_read(value, arena, &text))
		return query_wrong(problem, f);
	if (f->kind == JSON_VALUE)
		return json_scalar_read(f, text, arena, base) || query_wrong(problem, f);
	return json_decode(f, text, arena, NULL, base, &fault) || query_wrong(problem, f);
}

/* The octets before `mark`, with which text begins; text is then what follows it. */
static struct bytes take_until(struct bytes *text, char mark)
{
	const uint8_t *at = text->len > 0 ? memchr(text->data, mark, text->len) : NULL;
	struct bytes taken = bytes_of(text->data, at ? (size_t)(at - text->data) : text->len);

	*text = at ? bytes_of(at + 1, text->len - taken.len - 1) : BYTES_NONE;
	return taken;
}

static bool query_missing(
	const struct json_object *fields, uint64_t seen, void *base, struct sbi_problem *problem)
{
	for (unsigned i = 0; i < fields->count; i++) {
		const struct json_field *f = &fields->fields[i];

		if (seen >> i & 1)
			continue;
		if (f->mandatory)
			return sbi_problem_set(
				problem, SBI_MANDATORY_QUERY_PARAM_MISSING, bytes_of_str(f->key));
		if (f->kind == JSON_VALUE && f->codec->absent)
			f->codec->absent(f, base);
	}
	return true;
}

bool sbi_query_read(const struct json_object *fields, struct bytes query, struct arena *arena, void *base,
	struct sbi_problem *problem)
{
	uint64_t seen = 0;

	while (query.len > 0) {
		struct bytes value = take_until(&query, '&'), name = take_until(&value, '=');
		const struct json_field *f = field_named(fields, name);
		unsigned index = f ? (unsigned)(f - fields->fields) : 0;

		if (!f)
			continue;
		if (seen >> index & 1)
			return query_wrong(problem, f);
		seen |= UINT64_C(1) << index;
		if (!query_read_one(f, value, arena, base, problem))
			return false;
	}
	return !fields || query_missing(fields, seen, base, problem);
}
