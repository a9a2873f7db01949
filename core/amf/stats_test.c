/* What the AMF counts of registrations: each once, by slice, outcome and cause. */
#include "base/test_stats.h"
#include "core/amf/amf_bed.h"

static uint64_t figure(struct amf_bed *b, const char *name, const char *labels)
{
	struct stats_list l = { 0 };

	amf_figures(b->amf, &l);
	return test_figure(&l, name, labels);
}

/* So many were decided, by slice 1 and others, and these of them well or badly. */
static void assert_initial(
	struct amf_bed *b, uint64_t of_slice, uint64_t of_others, uint64_t good, uint64_t bad)
{
	assert_int_equal(figure(b, "rm_reg_init_req", "snssai=\"1\""), of_slice);
	assert_int_equal(figure(b, "rm_reg_init_req", "snssai=\"other\""), of_others);
	assert_int_equal(figure(b, "rm_reg_init_succ", ""), good);
	assert_int_equal(figure(b, "rm_reg_init_fail", ""), bad);
}

static void test_accepted(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg complete = { .type = NAS_REGISTRATION_COMPLETE }, m;

	amf_bed_accept(b);
	assert_initial(b, 1, 0, 1, 0);
	assert_int_equal(figure(b, "rm_registered_sub_nbr", "snssai=\"1\""), 1);
	assert_int_equal(figure(b, "rm_reg_time_seconds", ""), 1);
	assert_int_equal(figure(b, "auth_req", ""), 1);
	amf_bed_say_protected(b, &complete);
	assert_initial(b, 1, 0, 1, 0);
	amf_bed_again(b, NAS_REGISTRATION_PERIODIC, b->tmsi);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	amf_bed_say_protected(b, &complete);
	assert_int_equal(figure(b, "rm_reg_period_req", "snssai=\"1\""), 1);
	assert_int_equal(figure(b, "rm_reg_period_succ", "snssai=\"1\""), 1);
	assert_int_equal(figure(b, "rm_reg_mob_req", ""), 0);
	assert_int_equal(figure(b, "auth_req", ""), 1); /* by its MAC */
	assert_initial(b, 1, 0, 1, 0);
}

/* Other allowed slices move a UE from one row to another; one of no configured slice is among the others. */
static void test_slices_change(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	amf_bed_register(b);
	b->allowed = (struct snssai){ 2, SNSSAI_NO_SD };
	amf_bed_again(b, NAS_REGISTRATION_MOBILITY, b->tmsi);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	assert_int_equal(figure(b, "rm_registered_sub_nbr", "snssai=\"1\""), 0);
	assert_int_equal(figure(b, "rm_registered_sub_nbr", "snssai=\"other\""), 1);
	assert_int_equal(figure(b, "rm_reg_mob_succ", "snssai=\"other\""), 1);
	assert_int_equal(figure(b, "rm_reg_mob_req", ""), 1);
	amf_bed_restart(b);
	assert_int_equal(figure(b, "rm_registered_sub_nbr", "snssai=\"other\""), 1);
	assert_int_equal(figure(b, "ues_registered", ""), 1);
}

static void test_refused(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	b->allowed.sst = 0;
	amf_bed_secure(b);
	amf_bed_complete_security(b);
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_initial(b, 0, 1, 0, 1);
	assert_int_equal(figure(b, "rm_reg_init_fail", "cause=\"62\",text=\""), 1);
	assert_int_equal(figure(b, "rm_registered_sub_nbr", ""), 0);
	assert_int_equal(figure(b, "rm_reg_time_seconds", ""), 0);
}

/* A UE that was registered is not any more. */
static void test_refused_later(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	amf_bed_register(b);
	b->script[SBI_UDM_AMF_REGISTRATION].cause = SBI_NF_CONGESTION;
	amf_bed_again(b, NAS_REGISTRATION_MOBILITY, b->tmsi);
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(figure(b, "rm_reg_mob_fail", "cause=\"22\""), 1);
	assert_int_equal(figure(b, "rm_reg_mob_req", "snssai=\"1\""), 1);
	assert_int_equal(figure(b, "rm_registered_sub_nbr", ""), 0);
}

/* The gNB goes: asked for, and neither. */
static void test_given_up(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_challenge(b);
	assert_initial(b, 0, 0, 0, 0);
	amf_bed_deliver(b, BED_ASSOC, MSG_DOWN, BYTES_NONE);
	assert_initial(b, 0, 1, 0, 0);
}

/* Refused before it has begun. */
static void test_no_room(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = amf_bed_request();

	b->amf->procedures[AMF_REGISTRATION].max = 0;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_initial(b, 0, 1, 0, 1);
	assert_int_equal(figure(b, "rm_reg_init_fail", "cause=\"22\""), 1);
}

static void test_authentication_failure(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_AUTHENTICATION_FAILURE,
		.authentication_failure.cause = NAS_5GMM_NON_5G_AUTHENTICATION_UNACCEPTABLE };

	amf_bed_challenge(b);
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_AUTHENTICATION_REJECT, &m);
	assert_int_equal(figure(b, "auth_fail", "cause=\"26\""), 1);
	assert_int_equal(figure(b, "auth_fail", ""), 1);
	assert_int_equal(figure(b, "auth_reject", ""), 1);
}

/* A UE may send any: what has no name shares a row. */
static void test_cause_without_a_name(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_AUTHENTICATION_FAILURE }, reject;

	for (unsigned cause = 200; cause < 250; cause += 49) {
		amf_bed_challenge(b);
		m.authentication_failure.cause = (uint8_t)cause;
		amf_bed_say(b, test_nas_plain(&b->nas, &m));
		amf_bed_expect(b, NAS_AUTHENTICATION_REJECT, &reject);
		b->ran_id++;
	}
	assert_int_equal(figure(b, "auth_fail", "cause=\"other\",text=\"not in the standard\""), 2);
	assert_int_equal(figure(b, "auth_fail", "cause=\"200\""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_accepted, amf_bed_setup, amf_bed_teardown),
		cmocka_unit_test_setup_teardown(test_slices_change, amf_bed_setup, amf_bed_teardown),
		cmocka_unit_test_setup_teardown(test_refused, amf_bed_setup, amf_bed_teardown),
		cmocka_unit_test_setup_teardown(test_refused_later, amf_bed_setup, amf_bed_teardown),
		cmocka_unit_test_setup_teardown(test_given_up, amf_bed_setup, amf_bed_teardown),
		cmocka_unit_test_setup_teardown(test_no_room, amf_bed_setup, amf_bed_teardown),
		cmocka_unit_test_setup_teardown(test_authentication_failure, amf_bed_setup, amf_bed_teardown),
		cmocka_unit_test_setup_teardown(test_cause_without_a_name, amf_bed_setup, amf_bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
