/* Responses as HTTP messages: success, ProblemDetails (29.500 5.2.7.2), and errors that carry more. */
#include "wire/sbi/body.h"

static const struct json_field problem_root = { .kind = JSON_OBJECT,
	.sub = &problem_details_json,
	.mandatory = true,
	.size = sizeof(struct problem_details) };

/* param lies as long as *problem does. */
static void problem_fill(
	const struct sbi_problem *problem, struct problem_details *out, struct invalid_param *param)
{
	out->has_status = true;
	out->status = sbi_cause_status(problem->cause);
	out->cause = sbi_cause_name(problem->cause);
	if (!problem->param[0])
		return;
	param->param = problem->param;
	out->invalid_params = (struct invalid_param_list){ 1, param };
}

bool sbi_problem_encode(const struct sbi_problem *problem, struct arena *arena, struct sbi_http *out)
{
	struct problem_details details = { 0 };
	struct invalid_param param = { 0 };

	problem_fill(problem, &details, &param);
	*out = (struct sbi_http){ .status = sbi_cause_status(problem->cause) };
	return sbi_body_write(&problem_root, TYPE_PROBLEM, &details, arena, out);
}

static bool error_is_for(const struct sbi_json *j, uint16_t status)
{
	return j->error && (j->error_status == 0 || j->error_status == status);
}

/* The error begins with its ProblemDetails, in which the bus puts the cause. */
static struct problem_details *problem_of(const struct sbi_json *j, void *rsp)
{
	return (struct problem_details *)((uint8_t *)rsp + j->error->offset);
}

static bool error_encode(
	enum sbi_op_id op, enum sbi_cause cause, const void *rsp, struct arena *arena, struct sbi_http *out)
{
	const struct sbi_json *j = sbi_json_of(op);
	struct sbi_problem problem = { .cause = cause };
	struct invalid_param param = { 0 };
	uint8_t *with_cause;

	if (!error_is_for(j, sbi_cause_status(cause)))
		return sbi_problem_encode(&problem, arena, out);
	with_cause = arena_alloc(arena, sbi_ops[op].rsp_size);
	if (!with_cause)
		return false;
	if (rsp)
		bytes_copy(with_cause, sbi_ops[op].rsp_size, bytes_of(rsp, sbi_ops[op].rsp_size));
	problem_fill(&problem, problem_of(j, with_cause), &param);
	out->status = sbi_cause_status(cause);
	return sbi_body_write(j->error, TYPE_JSON, with_cause, arena, out);
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
	*rsp = arena_alloc(arena, sbi_ops[op].rsp_size);
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

/* A cause of others' is taken for what its status means. */
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

/*
 * Whatever the body is, the status makes it an error. What ProblemDetails hold is in the cause; the
 * body is what an error has besides, if anything.
 */
static enum sbi_cause error_decode(
	enum sbi_op_id op, const struct sbi_http *in, struct arena *arena, void **rsp)
{
	const struct sbi_json *j = sbi_json_of(op);
	struct problem_details details = { 0 }, *said = &details;
	struct sbi_problem ignored;
	uint8_t *body = j->error ? arena_alloc(arena, sbi_ops[op].rsp_size) : NULL;
	const struct json_field *root = j->error;
	enum sbi_cause cause;

	if (!body || (in->content_type && strstr(in->content_type, "problem")))
		root = &problem_root;
	else
		said = problem_of(j, body);
	if (!sbi_body_read(root, in, arena, root == j->error ? (void *)body : &details, &ignored))
		return cause_of("", in->status);
	cause = cause_of(said->cause ? said->cause : "", in->status);
	*said = (struct problem_details){ 0 };
	if (root == j->error && !is_zero(body, sbi_ops[op].rsp_size))
		*rsp = body;
	return cause;
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
