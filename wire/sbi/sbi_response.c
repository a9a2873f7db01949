/* Responses as HTTP messages: success, ProblemDetails (29.500 5.2.7.2), and errors that carry more. */
#include "wire/sbi/body.h"

JSON_ROOT(problem_root, sbi_problem_object);

static void problem_fill(const struct sbi_problem *problem, struct sbi_problem_details *out)
{
	*out = (struct sbi_problem_details){ .status = sbi_cause_status(problem->cause) };
	str_copy(out->cause, sizeof(out->cause), sbi_cause_name(problem->cause));
	if (problem->param[0])
		str_copy(out->params[out->param_count++].param, SBI_PARAM_SIZE, problem->param);
}

bool sbi_problem_encode(const struct sbi_problem *problem, struct arena *arena, struct sbi_http *out)
{
	struct sbi_problem_details details;

	problem_fill(problem, &details);
	*out = (struct sbi_http){ .status = details.status };
	return sbi_body_write(&problem_root, TYPE_PROBLEM, &details, arena, out);
}

static bool error_is_for(const struct sbi_error_json *error, uint16_t status)
{
	return error && (error->only_status == 0 || error->only_status == status);
}

static bool error_encode(
	enum sbi_op_id op, enum sbi_cause cause, const void *rsp, struct arena *arena, struct sbi_http *out)
{
	const struct sbi_error_json *error = sbi_json_of(op)->error;
	struct sbi_problem problem = { .cause = cause };
	uint8_t *view;

	if (!error_is_for(error, sbi_cause_status(cause)))
		return sbi_problem_encode(&problem, arena, out);
	view = arena_alloc(arena, error->size);
	if (!view)
		return false;
	problem_fill(&problem, (struct sbi_problem_details *)view);
	if (error->rsp && rsp)
		bytes_copy(view + error->rsp, sbi_ops[op].rsp.size, bytes_of(rsp, sbi_ops[op].rsp.size));
	out->status = sbi_cause_status(cause);
	return sbi_body_write(error->root, TYPE_JSON, view, arena, out);
}

bool sbi_response_encode(
	enum sbi_op_id op, enum sbi_cause cause, const void *rsp, struct arena *arena, struct sbi_http *out)
{
	const struct sbi_json *j = sbi_json_of(op);

	*out = (struct sbi_http){ .status = sbi_ops[op].success };
	if (cause != SBI_OK)
		return error_encode(op, cause, rsp, arena, out);
	if (!j->rsp)
		return true;
	if (!rsp) {
		out->status = 204;
		return j->may_be_empty;
	}
	if (j->location) {
		out->location = sbi_path_text(j->location, j->location_fields, NULL, rsp, arena);
		if (!out->location)
			return false;
	}
	return sbi_body_write(j->rsp, j->rsp_type, rsp, arena, out);
}

/* The path of an absolute or relative reference, found by the template's shape behind any deployment prefix.
 */
static bool location_read(const struct sbi_json *j, const char *location, struct arena *arena, void *rsp,
	struct sbi_problem *problem)
{
	for (const char *at = strchr(location, '/'); at; at = strchr(at + 1, '/'))
		if (sbi_path_matches(j->location, bytes_of_str(at)))
			return sbi_path_read(
				j->location, j->location_fields, bytes_of_str(at), arena, rsp, problem);
	return sbi_problem_set(problem, SBI_MANDATORY_IE_INCORRECT, bytes_of_str("Location"));
}

static bool success_decode(enum sbi_op_id op, const struct sbi_http *in, struct arena *arena, void **rsp,
	struct sbi_problem *problem)
{
	const struct sbi_json *j = sbi_json_of(op);

	if (!j->rsp || (in->status == 204 && j->may_be_empty))
		return true;
	*rsp = arena_alloc(arena, sbi_ops[op].rsp.size);
	if (!*rsp)
		return sbi_problem_set(problem, SBI_INSUFFICIENT_RESOURCES, BYTES_NONE);
	if (!sbi_body_read(j->rsp, in, arena, *rsp, problem))
		return false;
	if (!j->location || (!in->location && in->status == 200))
		return true;
	if (!in->location)
		return sbi_problem_set(problem, SBI_MANDATORY_IE_MISSING, bytes_of_str("Location"));
	return location_read(j, in->location, arena, *rsp, problem);
}

/* A cause of others' is taken for what its status says. */
static enum sbi_cause cause_of(const char *name, uint16_t status)
{
	for (unsigned i = SBI_OK + 1; i < SBI_CAUSE_COUNT; i++)
		if (!strcmp(sbi_cause_name((enum sbi_cause)i), name))
			return (enum sbi_cause)i;
	switch (status) {
	case 404:
		return SBI_CONTEXT_NOT_FOUND;
	case 503:
		return SBI_NF_CONGESTION;
	case 504:
		return SBI_TIMED_OUT_REQUEST;
	default:
		return status / 100 == 4 ? SBI_UNSPECIFIED_MSG_FAILURE : SBI_UNSPECIFIED_NF_FAILURE;
	}
}

static bool is_zero(const uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

/* Whatever the body is, the status says that it is an error. */
static enum sbi_cause error_decode(
	enum sbi_op_id op, const struct sbi_http *in, struct arena *arena, void **rsp)
{
	const struct sbi_error_json *error = sbi_json_of(op)->error;
	struct sbi_problem_details details = { 0 };
	struct sbi_problem ignored;
	uint8_t *view = error ? arena_alloc(arena, error->size) : NULL;
	bool plain = !view || (in->content_type && strstr(in->content_type, "problem"));

	if (plain)
		return sbi_body_read(&problem_root, in, arena, &details, &ignored)
			       ? cause_of(details.cause, in->status)
			       : cause_of("", in->status);
	if (!sbi_body_read(error->root, in, arena, view, &ignored))
		return cause_of("", in->status);
	if (error->rsp && !is_zero(view + error->rsp, sbi_ops[op].rsp.size))
		*rsp = view + error->rsp;
	return cause_of(((struct sbi_problem_details *)view)->cause, in->status);
}

bool sbi_response_decode(enum sbi_op_id op, const struct sbi_http *in, struct arena *arena,
	enum sbi_cause *cause, void **rsp, struct sbi_problem *problem)
{
	*rsp = NULL;
	*cause = SBI_OK;
	if (in->status / 100 == 2)
		return success_decode(op, in, arena, rsp, problem);
	*cause = error_decode(op, in, arena, rsp);
	return true;
}
