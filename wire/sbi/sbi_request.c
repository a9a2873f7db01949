/* Requests as HTTP messages, and the operation that a request is for. */
#include "wire/sbi/body.h"

bool sbi_request_encode(enum sbi_op_id op, const void *req, struct arena *arena, struct sbi_http *out)
{
	const struct sbi_json *j = sbi_json_of(op);

	*out = (struct sbi_http){ .method = sbi_ops[op].method };
	out->path = sbi_path_text(sbi_ops[op].path, j->path, j->query, req, arena);
	return out->path && (!j->req || sbi_body_write(j->req, j->req_type, req, arena, out));
}

static void path_split(const char *text, struct bytes *path, struct bytes *query)
{
	size_t len = strcspn(text, "?#");

	*path = bytes_of(text, len);
	*query = text[len] == '?' ? bytes_of(text + len + 1, strcspn(text + len + 1, "#")) : BYTES_NONE;
}

static bool find_operation(
	const char *method, struct bytes path, enum sbi_op_id *op, struct sbi_problem *problem)
{
	enum sbi_cause cause = SBI_RESOURCE_URI_STRUCTURE_NOT_FOUND;

	for (unsigned i = 0; i < SBI_OP_COUNT; i++) {
		if (!sbi_path_matches(sbi_ops[i].path, path))
			continue;
		if (!strcmp(sbi_ops[i].method, method)) {
			*op = (enum sbi_op_id)i;
			return true;
		}
		cause = SBI_METHOD_NOT_ALLOWED;
	}
	return sbi_problem_set(problem, cause, BYTES_NONE);
}

bool sbi_request_decode(const struct sbi_http *in, struct arena *arena, enum sbi_op_id *op, void **req,
	struct sbi_problem *problem)
{
	const struct sbi_json *j;
	struct bytes path, query;

	path_split(in->path, &path, &query);
	if (!find_operation(in->method, path, op, problem))
		return false;
	j = sbi_json_of(*op);
	*req = arena_alloc(arena, sbi_ops[*op].req_size);
	if (!*req)
		return sbi_problem_set(problem, SBI_INSUFFICIENT_RESOURCES, BYTES_NONE);
	/* The body first: where both have a value, the path's stands. */
	if (j->req && !sbi_body_read(j->req, in, arena, *req, problem))
		return false;
	return sbi_path_read(sbi_ops[*op].path, j->path, path, arena, *req, problem) &&
	       sbi_query_read(j->query, query, arena, *req, problem);
}
