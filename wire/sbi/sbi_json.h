/*
 * The service operations as HTTP messages with JSON bodies (TS 29.500, 29.501), both ways, by tables.
 * Pure: what is variable goes to the caller's arena, and views point into it or into the input.
 */
#pragma once

#include "base/arena.h"
#include "wire/sbi/sbi.h"

enum sbi_json_limit {
	SBI_HTTP_BODY_MAX = 1 << 20, /* octets of a body that is encoded */
	SBI_PATH_MAX = 8192,         /* octets of a path with its query */
	SBI_PARAM_SIZE = 128,
};

/* A request has method and path, a response status and perhaps location. Texts are terminated; NULL: none. */
struct sbi_http {
	const char *method;
	const char *path; /* with the query; location and links are paths, too */
	uint16_t status;
	const char *location;
	const char *content_type;
	struct bytes body;
};

/* Why a message was not understood: what a ProblemDetails (29.571 5.2.4.1) reports to the peer. */
struct sbi_problem {
	enum sbi_cause cause;
	char param[SBI_PARAM_SIZE]; /* invalidParams: a JSON pointer or a parameter; empty: none */
};

/*
 * Bodies by walking their tables. A copy shares no memory with the original; NULL when the arena refuses.
 * Printing is for people (base/printer.h): secrets are ***.
 */
void *sbi_request_copy(enum sbi_op_id op, const void *req, struct arena *arena);
void *sbi_response_copy(enum sbi_op_id op, const void *rsp, struct arena *arena);
/*
 * A copy whose first octet was at `from`, and that lay in so many octets from there on with all that it
 * points to, lies at `at` now: its pointers are put right. False: it was none.
 */
MUST_USE bool sbi_request_move(enum sbi_op_id op, void *at, const void *from, size_t octets);
MUST_USE bool sbi_response_move(enum sbi_op_id op, void *at, const void *from, size_t octets);
/* Zeros in place of the secrets in a copy; whether a body of the operation can hold any. */
void sbi_request_blank(enum sbi_op_id op, void *copy);
void sbi_response_blank(enum sbi_op_id op, void *copy);
bool sbi_request_has_secret(enum sbi_op_id op);
bool sbi_response_has_secret(enum sbi_op_id op);
/* The SUPI in the path of a request; false: there is none. */
bool sbi_request_supi(enum sbi_op_id op, const void *req, struct supi *out);
bool sbi_request_equal(enum sbi_op_id op, const void *a, const void *b);
bool sbi_response_equal(enum sbi_op_id op, const void *a, const void *b);
void sbi_request_print(enum sbi_op_id op, const void *req, struct printer *p);
void sbi_response_print(enum sbi_op_id op, enum sbi_cause cause, const void *rsp, struct printer *p);

/* False when the arena or a limit is reached, or the struct holds what cannot be encoded: our bug. */
MUST_USE bool sbi_request_encode(
	enum sbi_op_id op, const void *req, struct arena *arena, struct sbi_http *out);

/* cause SBI_OK with rsp, or another one; then rsp is encoded where the operation's error has room for it. */
MUST_USE bool sbi_response_encode(
	enum sbi_op_id op, enum sbi_cause cause, const void *rsp, struct arena *arena, struct sbi_http *out);

/* What to answer to a request that was refused by sbi_request_decode. */
MUST_USE bool sbi_problem_encode(
	const struct sbi_problem *problem, struct arena *arena, struct sbi_http *out);

/* Finds the operation by method and path. *req is its struct, in the arena. False with the problem. */
MUST_USE bool sbi_request_decode(const struct sbi_http *in, struct arena *arena, enum sbi_op_id *op,
	void **req, struct sbi_problem *problem);

/*
 * *cause is that of the answer, SBI_OK for success; *rsp the struct, NULL when there is none. False, with
 * the problem, when it is no answer to the operation.
 */
MUST_USE bool sbi_response_decode(enum sbi_op_id op, const struct sbi_http *in, struct arena *arena,
	enum sbi_cause *cause, void **rsp, struct sbi_problem *problem);
