#include "wire/sbi/body.h"

#include "wire/sbi/multipart.h"

enum { BODY_FIRST = 2048, BODY_GROWTH = 8 };

static bool body_text(const struct json_field *root, const void *from, struct arena *arena,
	struct json_parts *parts, struct bytes *out)
{
	for (size_t cap = BODY_FIRST; cap <= SBI_HTTP_BODY_MAX; cap *= BODY_GROWTH) {
		uint8_t *buf = arena_alloc(arena, cap);
		struct writer w = writer_of(buf, buf ? cap : 0);

		json_encode(root, from, parts, &w);
		*out = writer_bytes(&w);
		if (!w.failed)
			return true;
		if (!buf)
			return false;
	}
	return false;
}

bool sbi_body_write(const struct json_field *root, const char *type, const void *from, struct arena *arena,
	struct sbi_http *out)
{
	struct json_parts parts;
	struct bytes text;

	if (!body_text(root, from, arena, &parts, &text))
		return false;
	if (parts.count > 0)
		return sbi_multipart_write(text, &parts, arena, &out->body, &out->content_type);
	out->body = text;
	out->content_type = type ? type : TYPE_JSON;
	return true;
}

static bool body_wrong(struct sbi_problem *problem, const struct json_fault *fault)
{
	static const enum sbi_cause causes[] = {
		[JSON_INVALID_FORMAT] = SBI_INVALID_MSG_FORMAT,
		[JSON_MANDATORY_MISSING] = SBI_MANDATORY_IE_MISSING,
		[JSON_MANDATORY_INCORRECT] = SBI_MANDATORY_IE_INCORRECT,
		[JSON_OPTIONAL_INCORRECT] = SBI_OPTIONAL_IE_INCORRECT,
		[JSON_NO_MEMORY] = SBI_INSUFFICIENT_RESOURCES,
	};

	return sbi_problem_set(problem, causes[fault->cause], bytes_of_str(fault->path));
}

bool sbi_body_read(const struct json_field *root, const struct sbi_http *in, struct arena *arena, void *out,
	struct sbi_problem *problem)
{
	struct json_parts parts = { 0 };
	struct json_fault fault;
	struct bytes text = in->body;

	if (sbi_is_multipart(in->content_type)) {
		if (!sbi_multipart_read(in->content_type, in->body, &text, &parts))
			return sbi_problem_set(problem, SBI_INVALID_MSG_FORMAT, BYTES_NONE);
	} else if (text.len == 0) {
		text = bytes_of_str("{}");
	} else if (!in->content_type || !strstr(in->content_type, "json")) {
		return sbi_problem_set(problem, SBI_UNSUPPORTED_MEDIA_TYPE, BYTES_NONE);
	}
	return json_decode(root, text, arena, &parts, out, &fault) || body_wrong(problem, &fault);
}

const char *sbi_path_text(const char *template, const struct json_object *path,
	const struct json_object *query, const void *base, struct arena *arena)
{
	char *text = arena_alloc(arena, SBI_PATH_MAX);
	struct writer w = writer_of(text, text ? SBI_PATH_MAX - 1 : 0);

	sbi_path_write(template, path, base, &w);
	sbi_query_write(query, base, arena, &w);
	return text && !w.failed ? text : NULL;
}
