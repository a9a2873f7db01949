/* Bodies of HTTP messages: a JSON text, in a multipart when it refers to binaries. */
#pragma once

#include "wire/sbi/uri.h"

/* Sets body and content type. False when the arena or a limit is reached or the struct cannot be encoded. */
MUST_USE bool sbi_body_write(const struct json_field *root, const char *type, const void *from,
	struct arena *arena, struct sbi_http *out);

/* out must be zero. An empty body counts as an empty object. False with the problem. */
MUST_USE bool sbi_body_read(const struct json_field *root, const struct sbi_http *in, struct arena *arena,
	void *out, struct sbi_problem *problem);

/*
 * Terminated text in the arena: the template with its variables, then the query. NULL when it cannot be
 * encoded.
 */
const char *sbi_path_text(const char *template, const struct json_object *path,
	const struct json_object *query, const void *base, struct arena *arena);
