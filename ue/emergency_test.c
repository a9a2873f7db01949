/* A UE that registers for emergency services without authentication, 24.501 5.4.2.3 and 5.5.1.2.2. */
#include "ue/internal.h"
#include "ue/ue_bed.h"

static void null_command(struct bed *b, uint8_t ngksi, uint8_t ea)
{
	static const uint8_t own[KDF_KEY_LEN] = { 7 };
	struct nas_msg m = { .type = NAS_SECURITY_MODE_COMMAND };

	nas_security_start(&b->nas.security, own, ngksi, ea, 0);
	m.security_mode_command.selected_algorithms = (struct nas_security_algorithms){ ea, 0 };
	m.security_mode_command.ngksi = ngksi;
	m.security_mode_command.replayed_ue_security_capability = ue_capability(b->ue);
	m.security_mode_command.has_imeisv_request = true;
	m.security_mode_command.imeisv_request = NAS_IMEISV_REQUESTED;
	bed_send_octets(b, test_nas_protected(&b->nas, NAS_INTEGRITY_NEW_CONTEXT, &m));
}

/* The UE of the bed without its USIM. */
static void without_usim(struct bed *b)
{
	ue_free(b->ue);
	assert_true(supi_of_imei(b->config.imeisv, &b->config.supi));
	b->ue = ue_new(b->host, &b->config);
	assert_non_null(b->ue);
}

/* By its PEI; the null context is taken, and gone with the registration. */
static void test_without_usim(void **state)
{
	struct bed *b = *state;
	struct nas_msg m, accept = { .type = NAS_REGISTRATION_ACCEPT };

	without_usim(b);
	assert_false(ue_register(b->ue)); /* there is nothing else for it */
	assert_true(ue_register_emergency(b->ue));
	m = bed_nas(b, NAS_REGISTRATION_REQUEST);
	assert_int_equal(m.registration_request.registration_type & NAS_REGISTRATION_TYPE_MASK,
		NAS_REGISTRATION_EMERGENCY);
	assert_int_equal(m.registration_request.mobile_identity.type, NAS_IDENTITY_IMEISV);
	assert_string_equal(m.registration_request.mobile_identity.imei, b->config.imeisv);
	assert_int_equal(m.registration_request.ngksi, NAS_KSI_NONE);
	null_command(b, 0, 0);
	m = bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	assert_string_equal(m.security_mode_complete.imeisv.imei, b->config.imeisv);
	assert_true(m.security_mode_complete.has_nas_message_container);
	assert_true(ue_emergency_is_unproved(b->ue));
	accept.registration_accept.registration_result = NAS_RESULT_3GPP | NAS_RESULT_EMERGENCY;
	bed_send(b, accept);
	assert_true(bed_is(b, "5GMM-REGISTERED"));
	/* the radio may have null integrity too */
	bed_forget(b);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMMAND });
	bed_rrc(b, UU_RRC_SECURITY_MODE_COMPLETE);
	ue_deregister(b->ue, true);
	assert_false(b->ue->security.active);
	assert_false(b->ue->has_guti);
}

/* By itself it does nothing but call for an emergency. */
static void test_by_itself(void **state)
{
	struct bed *b = *state;
	struct nas_msg m, accept = { .type = NAS_REGISTRATION_ACCEPT };

	b->profile.auto_register = b->profile.auto_session = true;
	without_usim(b);
	bed_pass(b, 0);
	m = bed_nas(b, NAS_REGISTRATION_REQUEST);
	assert_int_equal(m.registration_request.registration_type & NAS_REGISTRATION_TYPE_MASK,
		NAS_REGISTRATION_EMERGENCY);
	null_command(b, 0, 0);
	bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	accept.registration_accept.registration_result = NAS_RESULT_3GPP | NAS_RESULT_EMERGENCY;
	bed_send(b, accept);
	m = bed_nas(b, NAS_UL_NAS_TRANSPORT);
	assert_int_equal(m.ul_nas_transport.request_type, NAS_REQUEST_INITIAL_EMERGENCY);
}

/* It has no SUCI. */
static void test_identity(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_IDENTITY_REQUEST,
		.identity_request.identity_type = NAS_IDENTITY_SUCI };

	without_usim(b);
	assert_true(ue_register_emergency(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_send_plain(b, m);
	m = bed_nas(b, NAS_IDENTITY_RESPONSE);
	assert_int_equal(m.identity_response.mobile_identity.type, NAS_IDENTITY_NONE);
}

/* Null algorithms only as the standard has them: together, with key set 0, for an emergency registration. */
static void test_null_refused(void **state)
{
	struct bed *b = *state;
	struct test_nas before;

	assert_true(ue_register_emergency(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_secure(b);
	bed_forget(b);
	before = b->nas;
	null_command(b, BED_NGKSI, 0);
	b->nas = before;
	bed_nas(b, NAS_SECURITY_MODE_REJECT);
	assert_false(ue_emergency_is_unproved(b->ue));
	null_command(b, 0, 2);
	assert_false(ue_emergency_is_unproved(b->ue));
}

static void test_null_normal(void **state)
{
	struct bed *b = *state;

	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	null_command(b, 0, 0);
	assert_false(ue_emergency_is_unproved(b->ue));
	bed_forget(b);
	bed_pass(b, 1);
	bed_secure(b);
	assert_false(ue_emergency_is_unproved(b->ue));
}

/* A registered UE takes no null context, nor the radio null integrity beside a NAS that has its own. */
static void test_registered(void **state)
{
	struct bed *b = *state;
	struct test_nas before;
	struct uu_pdu p;

	bed_register(b);
	before = b->nas;
	null_command(b, 0, 0);
	b->nas = before;
	bed_forget(b);
	assert_int_equal(b->ue->security.ia, 2);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMMAND, .ea = 2 });
	assert_false(bed_next(b, &p));
	assert_int_equal(bed_stat(b, "air_refused"), 1);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMMAND, .ea = 2, .ia = 2 });
	bed_rrc(b, UU_RRC_SECURITY_MODE_COMPLETE);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, bed_setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_without_usim), TEST(test_by_itself),
		TEST(test_identity), TEST(test_null_refused), TEST(test_null_normal), TEST(test_registered) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
