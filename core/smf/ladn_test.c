/* Local area data networks: what the AMF knows of where the UE is decides. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

/* The DNN of the bed is one of them. */
static void restart_with_ladn(struct bed *b)
{
	for (uint8_t i = 0; i < b->config.dnn_count; i++)
		b->config.dnns[i].ladn = true;
	bed_restart(b);
	bed_run(b);
}

/* 23.501 5.6.5: without the indication the UE is outside. */
static void test_refused(void **state)
{
	static const enum presence_state outside[] = { PRESENCE_STATE_ABSENT, PRESENCE_STATE_OUT_OF_AREA,
		PRESENCE_STATE_UNKNOWN, PRESENCE_STATE_OTHER };
	struct bed *b = *state;
	struct nas_msg m;

	restart_with_ladn(b);
	for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
		b->presence = outside[i];
		bed_create(b, "internet", 1, BED_REQUEST);
		assert_int_equal(b->answer.cause, SBI_OUT_OF_LADN_SERVICE_AREA);
		m = bed_nas(b, &b->answer.n1);
		assert_int_equal(m.type, NAS_PDU_SESSION_ESTABLISHMENT_REJECT);
		assert_int_equal(m.pdu_session_establishment_reject.cause, NAS_5GSM_OUT_OF_LADN_SERVICE_AREA);
	}
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(b->registrations, 0);
}

static void test_user_plane(void **state)
{
	struct bed *b = *state;

	restart_with_ladn(b);
	b->presence = PRESENCE_STATE_IN_AREA;
	bed_establish(b);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	b->presence = PRESENCE_STATE_OUT_OF_AREA;
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	assert_int_equal(b->answer.cause, SBI_OUT_OF_LADN_SERVICE_AREA);
	assert_int_equal(b->answer.n2_type, N2_SM_ABSENT);
	b->presence = PRESENCE_STATE_IN_AREA;
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_SETUP_REQ);
}

/* It is released; one that is everywhere is not. */
static void test_left(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	restart_with_ladn(b);
	b->presence = PRESENCE_STATE_IN_AREA;
	bed_establish(b);
	bed_update_cnx(b, UP_CNX_ABSENT);
	assert_int_equal(b->answer.cause, SBI_OK);
	b->presence = PRESENCE_STATE_OUT_OF_AREA;
	bed_update_cnx(b, UP_CNX_ABSENT);
	assert_int_equal(b->answer.cause, SBI_OK);
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(m.type, NAS_PDU_SESSION_RELEASE_COMMAND);
	assert_int_equal(m.pdu_session_release_command.cause, NAS_5GSM_OUT_OF_LADN_SERVICE_AREA);
}

static void test_everywhere(void **state)
{
	struct bed *b = *state;
	uint32_t transfers;

	bed_establish(b);
	transfers = b->transfer_count;
	b->presence = PRESENCE_STATE_OUT_OF_AREA;
	bed_update_cnx(b, UP_CNX_ABSENT);
	assert_int_equal(b->transfer_count, transfers);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, bed_setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_refused), TEST(test_user_plane), TEST(test_left),
		TEST(test_everywhere) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
