/* PDU Session Resource Modify Indication (38.413 8.2.5): what of it goes on, what is refused, and beside
 * what. */
#include "core/amf/amf_bed.h"

static void ready(struct amf_bed *b)
{
	b->moves = true;
	amf_bed_register(b);
	amf_bed_session(b, 1);
	amf_bed_session(b, 2);
	amf_bed_settle(b);
	b->update_count = 0;
	b->read = b->sent_count;
}

static void indicate(struct amf_bed *b, const uint8_t *ids, size_t count)
{
	struct ngap_pdu_session_resource_modify_item_mod_ind items[4];
	struct ngap_pdu_session_resource_modify_indication m = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id,
		.pdu_session_resource_modify_list_mod_ind = { count, items } };

	for (size_t i = 0; i < count; i++)
		items[i] =
			(struct ngap_pdu_session_resource_modify_item_mod_ind){ ids[i], bytes_of("\x09", 1) };
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_INDICATION, &m);
}

/* The sessions of the answer, bits by identity. */
static void confirmed(struct amf_bed *b, unsigned done, unsigned failed)
{
	const struct ngap_pdu_session_resource_modify_confirm *m;
	unsigned there = 0, not_there = 0;
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_CONFIRM);
	m = pdu.u.pdu_session_resource_modify_confirm;
	assert_int_equal(m->amf_ue_ngap_id, b->amf_id);
	for (size_t i = 0; m->pdu_session_resource_modify_list_mod_cfm &&
			   i < m->pdu_session_resource_modify_list_mod_cfm->count;
		i++)
		there |= 1u << m->pdu_session_resource_modify_list_mod_cfm->items[i].pdu_session_id;
	for (size_t i = 0; m->pdu_session_resource_failed_to_modify_list_mod_cfm &&
			   i < m->pdu_session_resource_failed_to_modify_list_mod_cfm->count;
		i++)
		not_there |=
			1u << m->pdu_session_resource_failed_to_modify_list_mod_cfm->items[i].pdu_session_id;
	assert_int_equal(there, done);
	assert_int_equal(not_there, failed);
	assert_int_equal(b->amf->procedures[AMF_MODIFY_INDICATION].used, 0);
	amf_bed_silent(b);
}

/* Each session's part goes to its SMF, and one answer to the gNB. */
static void test_confirmed(void **state)
{
	struct amf_bed *b = *state;

	ready(b);
	indicate(b, (uint8_t[]){ 1, 2 }, 2);
	assert_int_equal(b->update_count, 2);
	assert_int_equal(b->updates[0].n2_sm_info_type, N2_SM_PDU_RES_MOD_IND);
	confirmed(b, 1 << 1 | 1 << 2, 0);
}

/* Of no session, refused by the SMF, or named twice (8.2.5.4). */
static void test_some_fail(void **state)
{
	struct amf_bed *b = *state;

	ready(b);
	b->smf_refuses = 1 << 2;
	indicate(b, (uint8_t[]){ 1, 2, 9 }, 3);
	confirmed(b, 1 << 1, 1 << 2 | 1 << 9);
	b->smf_refuses = 0;
	indicate(b, (uint8_t[]){ 1, 1, 2 }, 3);
	confirmed(b, 1 << 2, 1 << 1);
	indicate(b, (uint8_t[]){ 9 }, 1);
	amf_bed_pass(b, 1);
	confirmed(b, 0, 1 << 9);
	assert_int_equal(b->amf->stat[AMF_STAT_MODIFY_INDICATIONS_FAILED], 4);
}

/* An SMF that does not answer; and another indication beside it. */
static void test_silent_smf(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	ready(b);
	b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = true;
	indicate(b, (uint8_t[]){ 1 }, 1);
	amf_bed_silent(b);
	indicate(b, (uint8_t[]){ 2 }, 1);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(
		pdu.u.pdu_session_resource_modify_confirm->pdu_session_resource_failed_to_modify_list_mod_cfm
			->items[0]
			.pdu_session_id,
		2);
	amf_bed_pass(b, AMF_HANDOVER_SMF_MS);
	confirmed(b, 0, 1 << 1);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_confirmed),
		TEST(test_some_fail),
		TEST(test_silent_smf),
	};

	return cmocka_run_group_tests_name("core/amf_modify_indication", tests, NULL, NULL);
}
