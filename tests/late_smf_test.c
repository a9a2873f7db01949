/* A second SMF that answers when the test wants: the one discovered is the one used, and what it makes too
 * late goes. */
#include "core/internal.h"
#include "tests/call_bed.h"

struct late_smf {
	struct sbi_bus *bus;
	struct sbi_nf *nf;
	uint64_t create_id;
	unsigned creates, updates, releases;
	char released[SM_CONTEXT_REF_SIZE];
	char status_uri[SBI_URI_SIZE];
	const struct sbi_peer *amf;
};

static void on_request(void *self, const struct sbi_request *r)
{
	struct late_smf *l = self;
	const struct nsmf_create_sm_context_req *create = r->body;
	const struct nsmf_release_sm_context_req *release = r->body;

	switch (r->op) {
	case SBI_SMF_CREATE_SM_CONTEXT:
		l->creates++;
		l->create_id = r->id;
		l->amf = r->from;
		str_copy(l->status_uri, sizeof(l->status_uri), create->data.sm_context_status_uri);
		return;
	case SBI_SMF_RELEASE_SM_CONTEXT:
		l->releases++;
		str_copy(l->released, sizeof(l->released), release->sm_context_ref);
		break;
	default:
		l->updates++;
	}
	sbi_answer(l->bus, r->id, SBI_OK, NULL);
}

static void on_answer(void *self, const struct sbi_answer *a)
{
}

/* The built-in SMF leaves the NRF, this one comes. */
static void late_smf_start(struct call_bed *b, struct late_smf *l)
{
	static const struct sbi_nf_ops ops = { on_request, on_answer };
	static const char instance_id[] = "11111111-2222-4333-8444-555555555555";
	struct nnrf_nf_register_req req = { instance_id, smf_nf(b->core->smf)->profile };

	*l = (struct late_smf){ .bus = b->core->bus };
	nf_stop(smf_nf(b->core->smf));
	req.data.nf_instance_id = instance_id;
	l->nf = sbi_attach(l->bus, NF_SMF, instance_id, &ops, l);
	assert_non_null(l->nf);
	sbi_call(l->nf, sbi_any(l->bus, NF_NRF), SBI_NRF_NF_REGISTER, &req, (struct sbi_token){ 0 });
	sbi_run(l->bus);
}

static void answer(struct call_bed *b, struct late_smf *l, const char *ref)
{
	struct nsmf_create_sm_context_rsp rsp = { .sm_context_ref = ref };

	sbi_answer(l->bus, l->create_id, SBI_OK, &rsp);
	sbi_run(l->bus);
	call_run(b);
}

static struct ue *asking(struct call_bed *b, struct late_smf *l)
{
	struct ue *ue;

	b->profile.auto_session = true;
	call_start(b);
	call_subscribe(b, 1);
	late_smf_start(b, l);
	ue = call_ue(b, 1);
	assert_true(ue_register(ue));
	call_run(b);
	assert_int_equal(l->creates, 1);
	assert_int_equal(smf_numbers(b->core->smf).sessions, 0);
	return ue;
}

static uint32_t sessions(struct call_bed *b)
{
	return amf_numbers(core_amf(b->core)).sessions;
}

static void test_discovered_is_used(void **state)
{
	struct call_bed *b = *state;
	struct late_smf l;
	struct ue *ue = asking(b, &l);
	char callback[SBI_CALLBACK_SIZE];
	struct nsmf_sm_context_status_notify_req gone = { callback,
		{ .status_info = { .resource_status = RESOURCE_STATUS_RELEASED } } };

	answer(b, &l, "ref-1");
	assert_int_equal(sessions(b), 1);
	/* its end, reported to the URI that the AMF gave; a forged one does nothing */
	assert_true(sbi_callback_segment(l.status_uri, callback));
	callback[10] ^= 1;
	sbi_call(l.nf, l.amf, SBI_AMF_SM_CONTEXT_STATUS_NOTIFY, &gone, (struct sbi_token){ 0 });
	sbi_run(l.bus);
	assert_int_equal(sessions(b), 1);
	callback[10] ^= 1;
	sbi_call(l.nf, l.amf, SBI_AMF_SM_CONTEXT_STATUS_NOTIFY, &gone, (struct sbi_token){ 0 });
	sbi_run(l.bus);
	assert_int_equal(sessions(b), 0);
	assert_true(ue_deregister(ue, false));
	call_run(b);
}

/* The UE is gone before the SMF answers. */
static void test_late_context_is_released(void **state)
{
	struct call_bed *b = *state;
	struct late_smf l;
	struct ue *ue = asking(b, &l);

	ue_deregister(ue, true);
	call_run(b);
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	answer(b, &l, "ref-2");
	assert_int_equal(l.releases, 1);
	assert_string_equal(l.released, "ref-2");
}

/* The session of the same identity that came after is not driven by the answer for the one before. */
static void test_late_context_is_not_the_successors(void **state)
{
	struct call_bed *b = *state;
	struct late_smf l;
	struct ue *ue = asking(b, &l);
	uint64_t first = l.create_id, second;

	ue_deregister(ue, true);
	call_run(b);
	assert_true(ue_register(ue));
	call_run(b);
	assert_int_equal(l.creates, 2);
	second = l.create_id;
	l.create_id = first;
	answer(b, &l, "ref-old");
	assert_int_equal(l.releases, 1);
	assert_string_equal(l.released, "ref-old");
	l.create_id = second;
	answer(b, &l, "ref-new");
	assert_int_equal(l.releases, 1);
	ue_deregister(ue, true);
	call_run(b);
	assert_int_equal(l.releases, 2);
	assert_string_equal(l.released, "ref-new");
}

/* After the bus reported a time-out. */
static void test_context_after_time_out(void **state)
{
	struct call_bed *b = *state;
	struct late_smf l;

	asking(b, &l);
	call_pass(b, SBI_TIMEOUT_MS + 100);
	assert_int_equal(l.creates, 1);
	assert_int_equal(sessions(b), 0);
	answer(b, &l, "ref-3");
	assert_int_equal(l.releases, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_discovered_is_used, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_late_context_is_released, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(
			test_late_context_is_not_the_successors, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_context_after_time_out, call_setup, call_teardown),
	};

	return cmocka_run_group_tests_name("tests/late_smf", tests, NULL, NULL);
}
