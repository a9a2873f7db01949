/*
 * libFuzzer: the first octet chooses an operation, the rest is the body (JSON, or a multipart of the boundary
 * "b") of its request and of its response. What is understood and can be encoded is understood again.
 */
#include <stdlib.h>

#include "base/cursor.h"
#include "wire/sbi/sbi_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A path of the operation's form whose variables are all one digit string, or an IMSI's. */
static void path_of(enum sbi_op_id op, char path[256])
{
	struct writer w = writer_of(path, 255);

	for (const char *at = sbi_ops[op].path; *at; at++) {
		bool is_supi = !strncmp(at, "{supi", 5) || !strncmp(at, "{ue", 3);

		if (*at != '{') {
			writer_u8(&w, (uint8_t)*at);
			continue;
		}
		writer_put(&w, bytes_of_str(is_supi ? "imsi-00101" : "00101"));
		at += strcspn(at, "}");
	}
	path[w.len] = '\0';
}

static void request(struct sbi_http *http, struct arena *arena)
{
	struct sbi_problem problem;
	struct sbi_http again;
	enum sbi_op_id op, second;
	void *out, *copy;

	if (!sbi_request_decode(http, arena, &op, &out, &problem) ||
		!sbi_request_encode(op, out, arena, &again))
		return;
	if ((!sbi_request_decode(&again, arena, &second, &copy, &problem) || second != op) &&
		problem.cause != SBI_INSUFFICIENT_RESOURCES)
		abort();
}

static void response(enum sbi_op_id op, struct sbi_http *http, struct arena *arena)
{
	struct sbi_problem problem;
	struct sbi_http again;
	enum sbi_cause cause, second;
	void *out, *copy;

	if (!sbi_response_decode(op, http, arena, &cause, &out, &problem) ||
		!sbi_response_encode(op, cause, out, arena, &again))
		return;
	if (!sbi_response_decode(op, &again, arena, &second, &copy, &problem) &&
		problem.cause != SBI_INSUFFICIENT_RESOURCES)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t statuses[] = { 200, 201, 403, 404 };
	struct sbi_http http = { 0 };
	char path[256];
	enum sbi_op_id op;
	struct arena arena;

	if (size < 2)
		return 0;
	op = (enum sbi_op_id)(data[0] % SBI_OP_COUNT);
	path_of(op, path);
	http.method = sbi_ops[op].method;
	http.path = path;
	http.location = "/nsmf-pdusession/v1/sm-contexts/1";
	http.status = statuses[data[1] >> 1 & 3];
	http.content_type = data[1] & 1 ? "multipart/related; boundary=b" : "application/json";
	http.body = bytes_of(data + 2, size - 2);
	arena_init(&arena, NULL, 0, 1 << 24);
	request(&http, &arena);
	response(op, &http, &arena);
	arena_fini(&arena);
	return 0;
}
