/* A core whose store fails: what leaves is what the store has, and memory and store come together again. */
#include "core/amf/internal.h"
#include "tests/call_bed.h"

#define KEYS "k=00112233445566778899aabbccddeeff opc=00112233445566778899aabbccddeeff\n"

static uint32_t registered(struct call_bed *b)
{
	return amf_numbers(core_amf(b->core)).registered;
}

static struct store *core_store(struct call_bed *b)
{
	return b->node[NODE_CORE].t.env.store;
}

static struct ue *ready(struct call_bed *b)
{
	call_start(b);
	call_subscribe(b, 1);
	call_run(b);
	return call_ue(b, 1);
}

/* Of a UE that believes itself registered the store has the context, whatever turn was lost. */
static void check_agreement(struct call_bed *b, struct ue *ue, uint32_t nth)
{
	bool believed = call_state(ue).registered;

	call_core_restart(b);
	if (believed && registered(b) != 1)
		fail_msg("fault %u: the UE is registered, the store has no context", nth);
}

/* The n-th put fails once, or all from the n-th on do for a while. */
static void test_registration_while_puts_fail(void **state)
{
	for (uint32_t nth = 1; nth <= 8; nth++) {
		struct call_bed *b;
		struct ue *ue;
		void *fresh;

		assert_int_equal(call_setup(&fresh), 0);
		b = fresh;
		ue = ready(b);
		store_mem_fail_put(core_store(b), nth);
		assert_true(ue_register(ue));
		call_run(b);
		check_agreement(b, ue, nth);
		call_teardown(&fresh);
	}
}

/* A lost commit: the ACCEPT stays away, and comes with the context when T3550 repeats it. */
static void test_registration_while_commits_fail(void **state)
{
	uint32_t lost = 0;

	for (uint32_t nth = 1; nth <= 8; nth++) {
		struct call_bed *b;
		struct ue *ue;
		void *fresh;

		assert_int_equal(call_setup(&fresh), 0);
		b = fresh;
		ue = ready(b);
		store_mem_fail_commit(core_store(b), nth);
		assert_true(ue_register(ue));
		call_run(b);
		lost += b->turns_lost;
		call_pass(b, 60000);
		assert_true(call_state(ue).registered);
		assert_int_equal(registered(b), 1);
		check_agreement(b, ue, nth);
		call_teardown(&fresh);
	}
	assert_true(lost >= 2);
}

/* The marks of a lost turn are stored again without anybody speaking of the UE: here its end. */
static void test_deregistration_while_commit_fails(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = ready(b);

	assert_true(ue_register(ue));
	call_run(b);
	assert_int_equal(registered(b), 1);
	store_mem_fail_commit(core_store(b), 1);
	ue_deregister(ue, true);
	call_run(b);
	assert_int_equal(b->turns_lost, 1);
	assert_int_equal(registered(b), 0);
	call_pass(b, 2000);
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	call_core_restart(b);
	assert_int_equal(registered(b), 0);
}

static bool count_record(void *arg, struct bytes key, struct bytes value)
{
	++*(unsigned *)arg;
	return true;
}

static unsigned records(struct call_bed *b, enum store_table t)
{
	unsigned count = 0;

	assert_true(store_scan(core_store(b), t, count_record, &count));
	return count;
}

static void lose_every_commit(struct call_bed *b)
{
	store_mem_fail_commit(core_store(b), 1);
}

/* A disk that is full while the UE leaves and its connection is given up: all that it had is deleted
 * afterwards. */
static void test_deletions_are_repeated(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = ready(b);

	assert_true(ue_register(ue));
	call_run(b);
	assert_int_equal(records(b, STORE_AMF_CONNECTION), 1);
	assert_int_equal(records(b, STORE_AMF_UE), 1);
	b->before_commit = lose_every_commit;
	ue_deregister(ue, true);
	call_pass(b, (AMF_RELEASE_GUARD_S + 5) * 1000);
	assert_true(b->turns_lost > 1);
	b->before_commit = NULL;
	store_mem_fail_commit(core_store(b), 0);
	call_pass(b, 3 * TURN_RETRY_MS);
	assert_int_equal(records(b, STORE_AMF_CONNECTION), 0);
	assert_int_equal(records(b, STORE_AMF_UE), 0);
	assert_int_equal(records(b, STORE_SMF_SESSION), 0);
}

static void refused_line(struct call_bed *b)
{
	call_control(b, "subscriber add\nimsi=001010000000002 k=00 opc=00\n");
}

/* An operator's refused line in the very turn in which the AMF reserves COUNTs takes nothing with it. */
static void test_refused_operator_line(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = ready(b);

	b->before_commit = refused_line;
	assert_true(ue_register(ue));
	/* not call_run(): the operator never falls silent */
	for (int i = 0; i < 20; i++)
		call_exchange(b);
	b->before_commit = NULL;
	call_run(b);
	assert_memory_equal(b->control, "error\nline 1", 12);
	assert_true(call_state(ue).registered);
	call_core_restart(b);
	assert_int_equal(registered(b), 1);
}

/* A batch is all or nothing, and the operator hears of a commit that failed. */
static void test_operator_batch(void **state)
{
	static const char batch[] = "subscriber add\n"
				    "imsi=001010000000007 " KEYS "imsi=001010000000008 " KEYS;
	struct call_bed *b = *state;

	ready(b);
	store_mem_fail_put(core_store(b), 3);
	call_control(b, batch);
	call_run(b);
	assert_memory_equal(b->control, "error\nline 2", 12);
	call_control(b, "subscriber show\n001010000000007\n");
	call_run(b);
	assert_string_equal(b->control, "error\nthere is no subscriber 001010000000007\n");
	assert_int_equal(b->turns_lost, 0);
	core_take_provisioned(b->core);

	store_mem_fail_commit(core_store(b), 1);
	b->control[0] = '\0';
	call_control(b, batch);
	call_run(b);
	assert_int_equal(b->turns_lost, 1);
	assert_string_equal(b->control, "error\nthe store did not take the change: is the disk full?\n");
	assert_false(core_take_provisioned(b->core));

	call_control(b, batch);
	call_run(b);
	assert_string_equal(b->control, "ok\n2 added\n");
	assert_true(core_take_provisioned(b->core));
	call_core_restart(b);
	call_control(b, "subscriber remove\n001010000000008\n");
	call_run(b);
	assert_string_equal(b->control, "ok\nremoved\n");
}

/* K_AMF is not in the store in the clear. */
static bool has_octets(void *arg, struct bytes key, struct bytes value)
{
	const struct bytes *what = arg;

	assert_null(memmem(value.data, value.len, what->data, what->len));
	return true;
}

static void test_store_has_no_key(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = ready(b);
	const struct amf_ue *context;
	struct bytes what;
	struct supi supi;

	assert_true(ue_register(ue));
	call_run(b);
	assert_true(supi_parse("001010000000001", &supi));
	context = amf_ue_by_supi(core_amf(b->core), &supi);
	assert_true(context && context->security.active);
	what = BYTES(context->security.k_amf);
	assert_true(store_scan(core_store(b), STORE_AMF_UE, has_octets, &what));
	/* A context sealed with another key is not restored by half. */
	b->core_config.amfs[0].seal_key[0] ^= 1;
	call_core_restart(b);
	assert_int_equal(registered(b), 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).sessions, 0);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NOT_RESTORED), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registration_while_puts_fail),
		cmocka_unit_test(test_registration_while_commits_fail),
		cmocka_unit_test_setup_teardown(
			test_deregistration_while_commit_fails, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_deletions_are_repeated, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_refused_operator_line, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_operator_batch, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_store_has_no_key, call_setup, call_teardown),
	};

	return cmocka_run_group_tests_name("tests/store_faults", tests, NULL, NULL);
}
