/* Every operation through its HTTP form: the same struct comes out, and the body is as in the OpenAPI. */
#include "wire/sbi/json_facts_test.h"
#include "wire/sbi/json_generate_test.h"

#include "wire/sbi/multipart.h"

enum { ROUNDS = 60 };

static struct generator generator = { .state = 20240229, .most = 3, .binary_most = 200 };

/* The JSON text of a body; of a multipart its root. */
static struct bytes root_of(const struct sbi_http *http)
{
	struct json_parts parts;
	struct bytes text = http->body;

	if (sbi_is_multipart(http->content_type))
		assert_true(sbi_multipart_read(http->content_type, http->body, &text, &parts));
	return text;
}

static void request_round(enum sbi_op_id op, const void *req, struct arena *a)
{
	struct sbi_problem problem;
	struct sbi_http http;
	enum sbi_op_id found;
	void *out;

	if (!sbi_request_encode(op, req, a, &http))
		fail_msg("%s: the request cannot be encoded", sbi_ops[op].name);
	assert_string_equal(http.method, sbi_ops[op].method);
	if (http.body.len > 0)
		facts_check_body(sbi_ops[op].name, "req", root_of(&http), a);
	if (!sbi_request_decode(&http, a, &found, &out, &problem))
		fail_msg("%s: %s at %s", http.path, sbi_cause_name(problem.cause), problem.param);
	assert_int_equal(found, op);
	if (!sbi_request_equal(op, req, out))
		fail_msg("%s: another request came out", sbi_ops[op].name);
}

static void response_round(enum sbi_op_id op, const void *rsp, struct arena *a)
{
	struct sbi_problem problem;
	enum sbi_cause cause;
	struct sbi_http http;
	void *out;

	if (!sbi_response_encode(op, SBI_OK, rsp, a, &http))
		fail_msg("%s: the response cannot be encoded", sbi_ops[op].name);
	assert_int_equal(http.status, sbi_ops[op].success);
	if (http.body.len > 0)
		facts_check_body(sbi_ops[op].name, "rsp", root_of(&http), a);
	if (!sbi_response_decode(op, &http, a, &cause, &out, &problem))
		fail_msg("%s: %s at %s", sbi_ops[op].name, sbi_cause_name(problem.cause), problem.param);
	assert_int_equal(cause, SBI_OK);
	assert_int_equal(out != NULL, sbi_ops[op].rsp_size > 0);
	if (out)
		if (!sbi_response_equal(op, rsp, out))
			fail_msg("%s: another response came out", sbi_ops[op].name);
}

static void every_operation(void **state)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned op = 0; op < SBI_OP_COUNT; op++) {
			void *req, *rsp;
			struct arena a;

			arena_init(&a, NULL, 0, 1 << 24);
			gen_operation(&generator, &a, (enum sbi_op_id)op, &req, &rsp);
			request_round((enum sbi_op_id)op, req, &a);
			response_round((enum sbi_op_id)op, rsp, &a);
			arena_fini(&a);
		}
	}
}

static void every_cause(void **state)
{
	for (unsigned op = 0; op < SBI_OP_COUNT; op++) {
		for (unsigned c = SBI_OK + 1; c < SBI_CAUSE_COUNT; c++) {
			struct sbi_problem problem;
			enum sbi_cause cause;
			struct sbi_http http;
			struct arena a;
			void *out;

			arena_init(&a, NULL, 0, 1 << 24);
			assert_true(
				sbi_response_encode((enum sbi_op_id)op, (enum sbi_cause)c, NULL, &a, &http));
			assert_int_equal(http.status, sbi_cause_status((enum sbi_cause)c));
			if (strstr(http.content_type, "problem"))
				facts_check_body("problem", "err", http.body, &a);
			else
				facts_check_body(sbi_ops[op].name, "err", root_of(&http), &a);
			assert_true(
				sbi_response_decode((enum sbi_op_id)op, &http, &a, &cause, &out, &problem));
			assert_int_equal(cause, c);
			assert_null(out);
			arena_fini(&a);
		}
	}
}

/* What is wrong with a request is reported by its place. */
static void problem_details(void **state)
{
	struct sbi_problem problem = { SBI_MANDATORY_IE_MISSING, "/supi" };
	struct sbi_http http;
	struct arena a;

	arena_init(&a, NULL, 0, 1 << 20);
	assert_true(sbi_problem_encode(&problem, &a, &http));
	assert_int_equal(http.status, 400);
	facts_check_body("problem", "err", http.body, &a);
	assert_true(bytes_equal(http.body,
		bytes_of_str(
			"{\"status\":400,\"cause\":\"MANDATORY_IE_MISSING\",\"invalidParams\":[{\"param\":"
			"\"/supi\"}]}")));
	arena_fini(&a);
}

/* Errors with all that they can carry are as in the OpenAPI. */
static void every_error(void **state)
{
	for (unsigned op = 0; op < SBI_OP_COUNT; op++) {
		const struct sbi_json *j = sbi_json_of((enum sbi_op_id)op);

		for (unsigned round = 0; j->error && round < ROUNDS; round++) {
			enum sbi_cause said = j->error_status == 409 ? SBI_UE_IN_CM_IDLE_STATE
								     : SBI_DNN_DENIED,
				       cause;
			struct sbi_problem problem;
			struct sbi_http http;
			struct arena a;
			void *rsp, *out;

			arena_init(&a, NULL, 0, 1 << 24);
			generator.arena = &a;
			rsp = gen_alloc(&generator, GEN_STRUCT_MAX);
			gen_field(&generator, j->error, rsp);
			assert_true(sbi_response_encode((enum sbi_op_id)op, said, rsp, &a, &http));
			facts_check_body(sbi_ops[op].name, "err", root_of(&http), &a);
			assert_true(
				sbi_response_decode((enum sbi_op_id)op, &http, &a, &cause, &out, &problem));
			assert_int_equal(cause, said);
			arena_fini(&a);
		}
	}
}

/* Errors that carry messages for UE and gNB. */
static void errors_with_more(void **state)
{
	static const enum sbi_op_id ops[] = { SBI_SMF_CREATE_SM_CONTEXT, SBI_SMF_UPDATE_SM_CONTEXT };
	uint8_t message[] = { 0x2e, 0x05, 0x01, 0xc3, 0x1a };

	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		struct nsmf_create_sm_context_rsp created = { .error.n1_sm_msg = BYTES(message) };
		struct nsmf_update_sm_context_rsp updated = { .error = {
								      .n1_sm_msg = BYTES(message),
								      .n2_sm_info_type =
									      N2_SM_PDU_RES_REL_CMD,
								      .n2_sm_info = BYTES(message),
								      .up_cnx_state = UP_CNX_DEACTIVATED,
							      } };
		const void *from = i ? (const void *)&updated : &created;
		struct sbi_problem problem;
		enum sbi_cause cause;
		struct sbi_http http;
		struct arena a;
		void *out;

		arena_init(&a, NULL, 0, 1 << 24);
		assert_true(sbi_response_encode(ops[i], SBI_DNN_DENIED, from, &a, &http));
		assert_int_equal(http.status, 403);
		facts_check_body(sbi_ops[ops[i]].name, "err", root_of(&http), &a);
		assert_true(sbi_response_decode(ops[i], &http, &a, &cause, &out, &problem));
		assert_int_equal(cause, SBI_DNN_DENIED);
		assert_true(sbi_response_equal(ops[i], from, out));
		arena_fini(&a);
	}
}

static enum sbi_cause refused(
	const char *method, const char *path, const char *type, const char *body, char *param)
{
	struct sbi_http http = {
		.method = method, .path = path, .content_type = type, .body = bytes_of_str(body)
	};
	struct sbi_problem problem = { SBI_OK, "" };
	enum sbi_op_id op;
	struct arena a;
	void *out;

	arena_init(&a, NULL, 0, 1 << 20);
	if (sbi_request_decode(&http, &a, &op, &out, &problem))
		problem = (struct sbi_problem){ SBI_OK, "" };
	arena_fini(&a);
	str_copy(param, SBI_PARAM_SIZE, problem.param);
	return problem.cause;
}

#define AUTH "/nausf-auth/v1/ue-authentications"
#define SNN  "\"servingNetworkName\":\"5G:mnc001.mcc001.3gppnetwork.org\""
#define DISC "/nnrf-disc/v1/nf-instances?target-nf-type=SMF"

static void refusals(void **state)
{
	static const struct {
		const char *method, *path, *type, *body;
		enum sbi_cause cause;
		const char *param;
	} cases[] = {
		{ "POST", AUTH, "application/json", "{\"supiOrSuci\":\"imsi-00101\"," SNN "}", SBI_OK, "" },
		{ "POST", AUTH, "application/json; charset=utf-8", "{\"supiOrSuci\":\"x\"," SNN "}", SBI_OK,
			"" },
		{ "POST", AUTH, "application/json", "{" SNN "}", SBI_MANDATORY_IE_MISSING, "/supiOrSuci" },
		{ "POST", AUTH, "application/json", "{\"supiOrSuci\":1," SNN "}", SBI_MANDATORY_IE_INCORRECT,
			"/supiOrSuci" },
		{ "POST", AUTH, "application/json",
			"{\"supiOrSuci\":\"x\"," SNN ",\"resynchronizationInfo\":{}}",
			SBI_OPTIONAL_IE_INCORRECT, "/resynchronizationInfo/rand" },
		{ "POST", AUTH, "application/json", "{", SBI_INVALID_MSG_FORMAT, "" },
		{ "POST", AUTH, "application/json", "", SBI_MANDATORY_IE_MISSING, "/supiOrSuci" },
		{ "POST", AUTH, "text/plain", "{}", SBI_UNSUPPORTED_MEDIA_TYPE, "" },
		{ "POST", AUTH, NULL, "{}", SBI_UNSUPPORTED_MEDIA_TYPE, "" },
		{ "POST", AUTH, "multipart/related", "{}", SBI_INVALID_MSG_FORMAT, "" },
		{ "POST", AUTH, "multipart/related; boundary=a", "--a\r\n", SBI_INVALID_MSG_FORMAT, "" },
		{ "GET", AUTH, NULL, "", SBI_METHOD_NOT_ALLOWED, "" },
		{ "POST", AUTH "/", NULL, "", SBI_RESOURCE_URI_STRUCTURE_NOT_FOUND, "" },
		{ "POST", "", NULL, "", SBI_RESOURCE_URI_STRUCTURE_NOT_FOUND, "" },
		{ "GET", "/nudm-sdm/v2/imsi-00101/am-data", NULL, "", SBI_OK, "" },
		{ "GET", "/nudm-sdm/v2/nai-x/am-data", NULL, "", SBI_MANDATORY_IE_INCORRECT, "supi" },
		{ "GET", "/nudm-sdm/v2/imsi-0010%1/am-data", NULL, "", SBI_MANDATORY_IE_INCORRECT, "supi" },
		{ "GET", "/nudm-sdm/v2//am-data", NULL, "", SBI_RESOURCE_URI_STRUCTURE_NOT_FOUND, "" },
		{ "GET", "/nudm-sdm/v2/imsi-00101/am-data?plmn-id=%7B%7D", NULL, "",
			SBI_OPTIONAL_QUERY_PARAM_INCORRECT, "plmn-id" },
		{ "GET", "/nudm-sdm/v2/imsi-00101/sm-data?dnn=a", NULL, "", SBI_MANDATORY_QUERY_PARAM_MISSING,
			"single-nssai" },
		{ "GET", DISC "&requester-nf-type=AMF&other=1&&x", NULL, "", SBI_OK, "" },
		{ "GET", DISC, NULL, "", SBI_MANDATORY_QUERY_PARAM_MISSING, "requester-nf-type" },
		{ "GET", DISC "&requester-nf-type=amf", NULL, "", SBI_MANDATORY_QUERY_PARAM_INCORRECT,
			"requester-nf-type" },
		{ "GET", DISC "&target-nf-type=SMF", NULL, "", SBI_MANDATORY_QUERY_PARAM_INCORRECT,
			"target-nf-type" },
		{ "GET", DISC "&requester-nf-type=AMF&dnn=%", NULL, "", SBI_OPTIONAL_QUERY_PARAM_INCORRECT,
			"dnn" },
		{ "PATCH",
			"/nudr-dr/v2/subscription-data/imsi-00101/authentication-data/"
			"authentication-subscription",
			"application/json-patch+json", "[{\"op\":\"add\"}]", SBI_MANDATORY_IE_MISSING,
			"/0/path" },
	};
	char param[SBI_PARAM_SIZE];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum sbi_cause cause =
			refused(cases[i].method, cases[i].path, cases[i].type, cases[i].body, param);

		if (cause != cases[i].cause || strcmp(param, cases[i].param) != 0)
			fail_msg("%s %s %s: %s at \"%s\"", cases[i].method, cases[i].path, cases[i].body,
				sbi_cause_name(cause), param);
	}
}

/* Of an arena of every size: a copy that holds the same, or none. */
static void copy_rounds(enum sbi_op_id op, const void *req, const void *rsp)
{
	static uint8_t store[1 << 17];
	bool req_done = false, rsp_done = false;

	for (size_t size = 0; !(req_done && rsp_done) && size < sizeof(store); size += 8 + size / 8) {
		struct arena a, b;
		void *one, *other;

		arena_init(&a, store, size, 0);
		arena_init(&b, NULL, 0, 1 << 20);
		one = sbi_request_copy(op, req, &a);
		req_done = one != NULL;
		assert_true(!one || sbi_request_equal(op, req, one));
		/* It shares nothing with the first copy, which is overwritten here. */
		other = one ? sbi_request_copy(op, one, &b) : NULL;
		memset(store, 0xa5, sizeof(store));
		assert_true(!one || (other && sbi_request_equal(op, req, other)));
		arena_fini(&a);
		arena_init(&a, store, size, 0);
		if (sbi_ops[op].rsp_size > 0)
			one = sbi_response_copy(op, rsp, &a);
		rsp_done = sbi_ops[op].rsp_size == 0 || one != NULL;
		assert_true(sbi_ops[op].rsp_size == 0 || !one || sbi_response_equal(op, rsp, one));
		arena_fini(&a);
		arena_fini(&b);
	}
	assert_true(req_done && rsp_done);
}

/* A copy that lay in one piece is the same elsewhere, once its place of before is overwritten; cut, it is
 * none. */
static void move_rounds(enum sbi_op_id op, const void *req, const void *rsp)
{
	static uint8_t store[1 << 17], elsewhere[1 << 17];
	struct arena a;
	void *one;
	size_t octets;

	arena_init(&a, store, sizeof(store), 0);
	one = sbi_request_copy(op, req, &a);
	assert_non_null(one);
	octets = (size_t)(a.at - (uint8_t *)one);
	bytes_copy(elsewhere, sizeof(elsewhere), bytes_of(one, octets));
	memset(store, 0xa5, sizeof(store));
	assert_false(sbi_request_move(op, elsewhere, one, sbi_ops[op].req_size - 1));
	assert_true(sbi_request_move(op, elsewhere, one, octets));
	assert_true(sbi_request_equal(op, req, elsewhere));
	arena_fini(&a);
	if (sbi_ops[op].rsp_size == 0)
		return;
	arena_init(&a, store, sizeof(store), 0);
	one = sbi_response_copy(op, rsp, &a);
	assert_non_null(one);
	octets = (size_t)(a.at - (uint8_t *)one);
	bytes_copy(elsewhere, sizeof(elsewhere), bytes_of(one, octets));
	memset(store, 0xa5, sizeof(store));
	assert_true(sbi_response_move(op, elsewhere, one, octets));
	assert_true(sbi_response_equal(op, rsp, elsewhere));
	arena_fini(&a);
}

static void copies(void **state)
{
	for (unsigned op = 0; op < SBI_OP_COUNT; op++) {
		for (unsigned round = 0; round < 5; round++) {
			void *req, *rsp;
			struct arena a;

			arena_init(&a, NULL, 0, 1 << 24);
			gen_operation(&generator, &a, (enum sbi_op_id)op, &req, &rsp);
			copy_rounds((enum sbi_op_id)op, req, rsp);
			move_rounds((enum sbi_op_id)op, req, rsp);
			arena_fini(&a);
		}
	}
}

/* Lists of dozens and binaries of tens of thousands of octets come through as well. */
static void large(void **state)
{
	static const enum sbi_op_id ops[] = { SBI_AMF_N1N2_MESSAGE_TRANSFER, SBI_SMF_UPDATE_SM_CONTEXT,
		SBI_UDM_GET_AM_DATA };
	struct generator g = { .state = 7, .most = 60, .binary_most = 60000 };

	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		void *req, *rsp;
		struct arena a;

		arena_init(&a, NULL, 0, 1 << 26);
		gen_operation(&g, &a, ops[i], &req, &rsp);
		request_round(ops[i], req, &a);
		response_round(ops[i], rsp, &a);
		arena_fini(&a);
	}
}

/* What is printed has no secret. */
static void printed(void **state)
{
	struct nausf_5g_aka_confirm_rsp rsp = { { .auth_result = AUTH_RESULT_AUTHENTICATION_SUCCESS,
		.supi = { "001010000000001" },
		.has_kseaf = true,
		.kseaf = { 0xde, 0xad } } };
	struct nsmf_update_sm_context_req req = { "7", { .n1_sm_msg = { (const uint8_t *)"abc", 3 } } };
	char buf[512];
	struct writer w = writer_of(buf, sizeof(buf));
	struct printer p;

	printer_init(&p, &w, PRINT_LINE, NULL);
	sbi_response_print(SBI_AUSF_5G_AKA_CONFIRM, SBI_OK, &rsp, &p);
	assert_true(bytes_equal(writer_bytes(&w),
		bytes_of_str("Nausf_UEAuthentication_5gAkaConfirmation OK authResult=AUTHENTICATION_SUCCESS "
			     "supi=imsi-001010000000001 kseaf=***")));
	w = writer_of(buf, sizeof(buf));
	printer_init(&p, &w, PRINT_LINE, NULL);
	sbi_request_print(SBI_SMF_UPDATE_SM_CONTEXT, &req, &p);
	assert_true(bytes_equal(writer_bytes(&w),
		bytes_of_str("Nsmf_PDUSession_UpdateSMContext smContextRef=\"7\" n1SmMsg=616263")));
}

/* Zeros for what is secret in a copy; the rest, and the original, stay. */
static void blanked(void **state)
{
	static const uint8_t key[4] = { 0xde, 0xad, 0xde, 0xad };
	struct nausf_5g_aka_confirm_rsp rsp = { { .supi = { "seen" }, .kseaf = { 0xde, 0xad } } };
	struct nausf_5g_aka_confirm_req req = { "seen", { .res_star = { 0xde, 0xad } } };
	struct nudm_generate_auth_data_rsp vector = { .data = { .authentication_vector = {
									.rand = { 's', 'e', 'e', 'n' },
									.xres_star = { 0xde, 0xad },
									.kausf = { 0xde, 0xad } } } };
	struct nudr_auth_subscription_rsp subscription = { .data = { .enc_permanent_key = BYTES(key),
								   .enc_opc_key = BYTES(key),
								   .protection_parameter_id = "seen" } };
	const struct {
		enum sbi_op_id op;
		bool request;
		const void *body;
	} cases[] = {
		{ SBI_AUSF_5G_AKA_CONFIRM, false, &rsp },
		{ SBI_AUSF_5G_AKA_CONFIRM, true, &req },
		{ SBI_UDM_GENERATE_AUTH_DATA, false, &vector },
		{ SBI_UDR_GET_AUTH_SUBSCRIPTION, false, &subscription },
	};
	static uint8_t store[4096];
	struct arena a;
	uint8_t *copy;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum sbi_op_id op = cases[i].op;
		bool request = cases[i].request;

		arena_init(&a, store, sizeof(store), 0);
		assert_true(request ? sbi_request_has_secret(op) : sbi_response_has_secret(op));
		copy = request ? sbi_request_copy(op, cases[i].body, &a)
			       : sbi_response_copy(op, cases[i].body, &a);
		assert_non_null(memmem(copy, (size_t)(a.at - copy), key, 2));
		if (request)
			sbi_request_blank(op, copy);
		else
			sbi_response_blank(op, copy);
		assert_null(memmem(copy, (size_t)(a.at - copy), key, 2));
		assert_non_null(memmem(copy, (size_t)(a.at - copy), "seen", 4));
		arena_fini(&a);
	}
	assert_int_equal(rsp.data.kseaf[0], 0xde);
	assert_false(sbi_request_has_secret(SBI_SMF_CREATE_SM_CONTEXT));
	assert_false(sbi_response_has_secret(SBI_UDM_GET_AM_DATA));
}

/* A consumer that was promised a struct never gets success without one. */
static void responses_without_body(void **state)
{
	for (unsigned op = 0; op < SBI_OP_COUNT; op++) {
		struct sbi_http http = { .status = 204 };
		struct sbi_problem problem;
		enum sbi_cause cause;
		struct arena a;
		void *out;
		bool ok;

		arena_init(&a, NULL, 0, 1 << 20);
		ok = sbi_response_decode((enum sbi_op_id)op, &http, &a, &cause, &out, &problem);
		if (ok && sbi_ops[op].rsp_size > 0 && !sbi_json_of((enum sbi_op_id)op)->may_be_empty)
			assert_non_null(out);
		http.status = 418;
		assert_true(sbi_response_decode((enum sbi_op_id)op, &http, &a, &cause, &out, &problem));
		assert_int_equal(cause, SBI_UNSPECIFIED_MSG_FAILURE);
		arena_fini(&a);
	}
}

static void multipart_forms(void **state)
{
	const char *text =
		"preamble\r\n--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b\r\ncontent-id: <n1>\r\n"
		"CONTENT-TYPE:x/y\r\n\r\n\r\n--c\r\n--b--\r\nepilogue";
	struct json_parts parts;
	struct bytes json;

	assert_true(sbi_multipart_read(
		"Multipart/Related; type=x; boundary=\"b\"", bytes_of_str(text), &json, &parts));
	assert_true(bytes_equal(json, bytes_of_str("{}")));
	assert_int_equal(parts.count, 1);
	assert_true(bytes_equal(parts.items[0].id, bytes_of_str("n1")));
	assert_true(bytes_equal(parts.items[0].body, bytes_of_str("\r\n--c")));
	for (size_t cut = 0; cut < strlen(text) - 10; cut++)
		assert_false(sbi_multipart_read(
			"multipart/related;boundary=b", bytes_of(text, cut), &json, &parts));
}

/* RFC 2046 5.1.1: a boundary has at most 70 characters, and one at least. */
static void multipart_boundary_length(void **state)
{
	for (int length = 69; length <= 71; length++) {
		char boundary[72], type[128], text[512];
		struct json_parts parts;
		struct bytes json;

		memset(boundary, 'b', sizeof(boundary));
		boundary[length] = '\0';
		snprintf(type, sizeof(type), "multipart/related; boundary=%s", boundary);
		snprintf(text, sizeof(text), "--%s\r\nContent-Type: application/json\r\n\r\n{}\r\n--%s--\r\n",
			boundary, boundary);
		assert_int_equal(sbi_multipart_read(type, bytes_of_str(text), &json, &parts), length <= 70);
		assert_false(sbi_multipart_read(type, BYTES_NONE, &json, &parts));
		assert_false(sbi_multipart_read(
			"multipart/related; boundary=", bytes_of_str(text), &json, &parts));
	}
}

/* A binary may hold anything, also what looks like our boundary. */
static void multipart_boundary(void **state)
{
	const char *nasty = "\r\n--freehold-part-0\r\n--freehold-part-1--\r\n";
	struct nsmf_update_sm_context_req in = { .sm_context_ref = "1",
		.data.n1_sm_msg = bytes_of_str(nasty) };
	struct sbi_problem problem;
	struct sbi_http http;
	enum sbi_op_id op;
	struct arena a;
	void *out;

	arena_init(&a, NULL, 0, 1 << 20);
	assert_true(sbi_request_encode(SBI_SMF_UPDATE_SM_CONTEXT, &in, &a, &http));
	assert_true(sbi_request_decode(&http, &a, &op, &out, &problem));
	assert_true(
		bytes_equal(((struct nsmf_update_sm_context_req *)out)->data.n1_sm_msg, bytes_of_str(nasty)));
	arena_fini(&a);
}

/* One octet of the body, or of the path, is another: read or refused, and what is read can be encoded. */
static void damage_one(enum sbi_op_id op, struct generator *g)
{
	struct sbi_problem problem;
	struct sbi_http http;
	enum sbi_op_id found;
	struct arena a;
	uint8_t *body;
	char *path;
	void *req, *rsp, *out;

	arena_init(&a, NULL, 0, 1 << 24);
	gen_operation(g, &a, op, &req, &rsp);
	assert_true(sbi_request_encode(op, req, &a, &http));
	path = arena_str(&a, http.path);
	for (unsigned i = 0; i < 100; i++) {
		struct sbi_http damaged = http;
		char was = path[i % strlen(path)];

		body = (uint8_t *)arena_bytes(&a, http.body).data;
		if (body)
			body[gen_range(g, 0, http.body.len - 1)] ^= (uint8_t)(1u << gen_range(g, 0, 7));
		damaged.body = bytes_of(body, http.body.len);
		if (gen_range(g, 0, 3) == 0)
			damaged.body.len = gen_range(g, 0, http.body.len);
		path[i % strlen(path)] = (char)gen_range(g, 1, 255);
		damaged.path = i & 1 ? path : http.path;
		may_fail(sbi_request_decode(&damaged, &a, &found, &out, &problem));
		path[i % strlen(http.path)] = was;
	}
	arena_fini(&a);
}

static void damage(void **state)
{
	for (unsigned op = 0; op < SBI_OP_COUNT; op++)
		for (unsigned i = 0; i < 5; i++)
			damage_one((enum sbi_op_id)op, &generator);
}

/* All of the facts were seen above. */
static void every_fact(void **state)
{
	facts_check_seen();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operation),
		cmocka_unit_test(copies),
		cmocka_unit_test(large),
		cmocka_unit_test(printed),
		cmocka_unit_test(blanked),
		cmocka_unit_test(every_cause),
		cmocka_unit_test(problem_details),
		cmocka_unit_test(every_error),
		cmocka_unit_test(errors_with_more),
		cmocka_unit_test(refusals),
		cmocka_unit_test(responses_without_body),
		cmocka_unit_test(multipart_forms),
		cmocka_unit_test(multipart_boundary_length),
		cmocka_unit_test(multipart_boundary),
		cmocka_unit_test(damage),
		cmocka_unit_test(every_fact),
	};
	int failed;

	facts_load(VECTORS "/sbi_required.txt");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	facts_free();
	return failed;
}
