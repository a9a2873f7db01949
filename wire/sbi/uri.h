/* Paths and queries of the operations: templates (RFC 6570 level 1) with the fields of a table. */
#pragma once

#include "wire/sbi/tables.h"

/* The template with its variables replaced. Fails the writer when one cannot be encoded. */
void sbi_path_write(
	const char *template, const struct json_object *fields, const void *base, struct writer *w);

MUST_USE bool sbi_path_matches(const char *template, struct bytes path);

/* The variables of a path that matches. False with the problem. */
MUST_USE bool sbi_path_read(const char *template, const struct json_object *fields, struct bytes path,
	struct arena *arena, void *base, struct sbi_problem *problem);

/* "?name=value&..." or nothing. Objects and lists are JSON texts. */
void sbi_query_write(
	const struct json_object *fields, const void *base, struct arena *arena, struct writer *w);

/* Unknown parameters are skipped; a known one that stands twice is refused. False with the problem. */
MUST_USE bool sbi_query_read(const struct json_object *fields, struct bytes query, struct arena *arena,
	void *base, struct sbi_problem *problem);

/* Always false. */
bool sbi_problem_set(struct sbi_problem *problem, enum sbi_cause cause, struct bytes param);
