/* multipart/related of TS 29.502 6.1.2.4: the JSON text, then the binaries it refers to by Content-Id. */
#pragma once

#include "wire/json/json.h"

/* Body and Content-Type in the arena; false when it refuses. */
MUST_USE bool sbi_multipart_write(struct bytes json, const struct json_parts *parts, struct arena *arena,
	struct bytes *body, const char **content_type);

bool sbi_is_multipart(const char *content_type);

/* Views of body. parts is in the order of the body, without the first part, which is the root. */
MUST_USE bool sbi_multipart_read(
	const char *content_type, struct bytes body, struct bytes *json, struct json_parts *parts);
