/* The bus with its bodies as copies and as HTTP messages: the same for both ends. */
#include "base/test_env.h"

#include "proto/sbi.h"

struct bed {
	struct test_env t;
	struct sbi_bus *bus;
	struct sbi_nf *amf, *smf;
	char asked_ref[8];
	enum n2_sm_info_type asked_type;
	uint8_t asked_n2[8];
	struct nsmf_update_sm_context_rsp rsp; /* what the producer answers, and the cause */
	enum sbi_cause cause;
	unsigned answers;
	enum sbi_cause got;
	bool got_body;
	uint8_t got_n1[8];
	enum n2_sm_info_type got_type;
};

static void on_request(void *self, const struct sbi_request *r)
{
	struct bed *b = self;

	const struct nsmf_update_sm_context_req *asked = r->body;

	str_copy(b->asked_ref, sizeof(b->asked_ref), asked->sm_context_ref);
	b->asked_type = asked->data.n2_sm_info_type;
	assert_true(bytes_copy(b->asked_n2, sizeof(b->asked_n2), asked->data.n2_sm_info));
	sbi_answer(b->bus, r->id, b->cause, b->got_body ? &b->rsp : NULL);
	b->got_body = false;
}

static void on_answer(void *self, const struct sbi_answer *a)
{
	struct bed *b = self;
	const struct nsmf_update_sm_context_rsp *rsp = a->body;

	b->answers++;
	b->got = a->cause;
	b->got_body = rsp != NULL;
	if (!rsp)
		return;
	b->got_type = a->cause == SBI_OK ? rsp->data.n2_sm_info_type : rsp->error.n2_sm_info_type;
	assert_true(bytes_copy(b->got_n1, sizeof(b->got_n1),
		a->cause == SBI_OK ? rsp->data.n1_sm_msg : rsp->error.n1_sm_msg));
}

static uint64_t wire_errors(const struct bed *b)
{
	struct stats s;

	sbi_stats(b->bus, &s);
	return s.values[SBI_STAT_WIRE_ERRORS];
}

static void bed_make(struct bed *b, bool wire)
{
	static const struct sbi_nf_ops ops = { on_request, on_answer };

	*b = (struct bed){ 0 };
	test_env_init(&b->t, 1, false);
	b->t.log.level = LOG_ERROR;
	b->bus = sbi_bus_new(&b->t.env);
	assert_non_null(b->bus);
	sbi_bus_set_wire(b->bus, wire);
	b->smf = sbi_attach(b->bus, NF_SMF, "smf-1", &ops, b);
	b->amf = sbi_attach(b->bus, NF_AMF, "amf-1", &ops, b);
	assert_true(b->smf && b->amf);
}

static void bed_free(struct bed *b)
{
	sbi_bus_free(b->bus);
	test_env_fini(&b->t);
}

static void call(struct bed *b, const struct nsmf_update_sm_context_req *req, bool with_body)
{
	b->got_body = with_body;
	sbi_call(b->amf, sbi_any(b->bus, NF_SMF), SBI_SMF_UPDATE_SM_CONTEXT, req, (struct sbi_token){ 0 });
	sbi_run(b->bus);
}

static void bodies(void **state)
{
	static const uint8_t n1[] = { 1, 2, 3 }, n2[] = { 0, 13, 10, 255 };

	for (int wire = 0; wire < 2; wire++) {
		struct nsmf_update_sm_context_req req = { "7",
			{ .n2_sm_info_type = N2_SM_PDU_RES_SETUP_RSP, .n2_sm_info = BYTES(n2) } };
		struct bed b;

		bed_make(&b, wire);
		b.rsp = (struct nsmf_update_sm_context_rsp){
			.data = { .n1_sm_msg = BYTES(n1),
				.n2_sm_info_type = N2_SM_PDU_RES_REL_CMD,
				.n2_sm_info = BYTES(n2) },
			.error = { .n1_sm_msg = BYTES(n1) },
		};
		call(&b, &req, true);
		assert_string_equal(b.asked_ref, "7");
		assert_int_equal(b.asked_type, N2_SM_PDU_RES_SETUP_RSP);
		assert_memory_equal(b.asked_n2, n2, sizeof(n2));
		assert_int_equal(b.got, SBI_OK);
		assert_true(b.got_body);
		assert_memory_equal(b.got_n1, n1, sizeof(n1));
		assert_int_equal(b.got_type, N2_SM_PDU_RES_REL_CMD);
		call(&b, &req, false);
		assert_false(b.got_body);
		b.cause = SBI_DNN_DENIED;
		call(&b, &req, true);
		assert_int_equal(b.got, SBI_DNN_DENIED);
		assert_true(b.got_body);
		assert_memory_equal(b.got_n1, n1, sizeof(n1));
		assert_int_equal(b.answers, 3);
		assert_int_equal(wire_errors(&b), 0);
		bed_free(&b);
	}
}

/* What has no HTTP form is counted, and handed over all the same. */
static void no_form(void **state)
{
	struct nsmf_update_sm_context_req req = { "7", { .n2_sm_info_type = N2_SM_COUNT } };
	struct bed b;

	bed_make(&b, true);
	call(&b, &req, false);
	assert_int_equal(b.asked_type, N2_SM_COUNT);
	assert_int_equal(b.answers, 1);
	assert_int_equal(wire_errors(&b), 1);
	assert_int_equal(log_lines(&b.t.log), 1);
	bed_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(bodies), cmocka_unit_test(no_form) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
