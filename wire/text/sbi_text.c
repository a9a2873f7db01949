/* Service operations, with the N1 and N2 messages that their bodies carry. */
#include "wire/text/internal.h"

static bool inside_sbi(struct printer *p, const char *name, const char *content, struct bytes octets)
{
	if (!content)
		return false;
	if (!strcmp(content, "application/vnd.3gpp.5gnas"))
		return nas_nested(p, name, octets);
	return ngap_transfer_nested(p, name, content, octets);
}

static const struct print_policy sbi_policy = { NULL, NULL, inside_sbi }; /* secrets: wire/sbi/members.txt */

bool sbi_text(enum print_form form, const struct sbi_http *request, struct writer *w)
{
	struct printer p;
	struct writer part;
	struct arena arena;
	struct sbi_problem problem = { 0 };
	enum sbi_op_id op;
	void *req;
	bool ok;

	arena_init(&arena, NULL, 0, TEXT_ARENA_MAX);
	text_start(&p, &part, w, form, &sbi_policy);
	ok = sbi_request_decode(request, &arena, &op, &req, &problem);
	if (ok) {
		sbi_request_print(op, req, &p);
	} else {
		print_begin(&p, "SBI malformed: %s%s%s", sbi_cause_name(problem.cause),
			problem.param[0] ? " at " : "", problem.param);
		print_end(&p);
	}
	text_finish(w, &part);
	arena_wipe(&arena);
	arena_fini(&arena);
	return ok;
}

void sbi_request_text(enum print_form form, enum sbi_op_id op, const void *req, struct writer *w)
{
	struct printer p;
	struct writer part;

	text_start(&p, &part, w, form, &sbi_policy);
	sbi_request_print(op, req, &p);
	text_finish(w, &part);
}

void sbi_response_text(
	enum print_form form, enum sbi_op_id op, enum sbi_cause cause, const void *rsp, struct writer *w)
{
	struct printer p;
	struct writer part;

	text_start(&p, &part, w, form, &sbi_policy);
	sbi_response_print(op, cause, rsp, &p);
	text_finish(w, &part);
}
