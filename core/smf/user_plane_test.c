/* The user plane's coming and going, and what waits for the UPF: 23.502 4.2.3.2, 4.2.6; 29.244 6.2.6, 6.3.3.
 */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

static struct smf_session *session(struct bed *b)
{
	return smf_session_by_ref(b->smf, b->ref);
}

/* 23.502 4.2.6 step 7: the AMF hears of the deactivation when the UPF forwards no more, and not before. */
static void deactivation_waits_for_the_upf(void **state)
{
	struct bed *b = *state;
	uint32_t answers;

	bed_establish(b);
	answers = b->answers;
	b->upf_off = true;
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(b->answers, answers);
	assert_int_equal(session(b)->up, UP_DEACTIVATING);
	assert_int_equal(smf_numbers(b->smf).active, 0);
	assert_int_equal(bed_stat(b, SMF_STAT_DEACTIVATIONS), 1);
	b->upf_off = false;
	bed_pass(b, PFCP_T1_MS + 100);
	assert_int_equal(b->answers, answers + 1);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_DEACTIVATED);
	assert_int_equal(session(b)->up, UP_INACTIVE);
	assert_false(b->sessions[0].forwards);
	bed_update_cnx(b, UP_CNX_DEACTIVATED); /* it is: nothing to count */
	assert_int_equal(bed_stat(b, SMF_STAT_DEACTIVATIONS), 1);
}

/* A UPF that does not answer does not keep the AMF waiting for ever: the UE is idle all the same. */
static void deactivation_without_the_upf(void **state)
{
	struct bed *b = *state;
	uint32_t answers;

	bed_establish(b);
	answers = b->answers;
	b->upf_off = true;
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	bed_pass(b, 30000);
	assert_int_equal(b->answers, answers + 1);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_DEACTIVATED);
	assert_int_equal(session(b)->up, UP_INACTIVE);
	assert_true(b->sessions[0].forwards);
	b->upf_off = false; /* it hears of it when it is back, or nobody would be paged */
	bed_pass(b, 60000);
	assert_false(b->sessions[0].forwards);
	assert_false(b->sessions[0].restored);
}

/* The UPF does not answer, but is associated still. */
static void asked_again_without_an_answer(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->upf_off = true;
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	bed_pass(b, PFCP_GIVE_UP_MS);
	assert_int_equal(session(b)->up, UP_INACTIVE);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
	b->upf_off = false;
	bed_pass(b, b->smf->config.association_retry_ms + PFCP_T1_MAX_MS);
	assert_false(b->sessions[0].forwards);
}

/* The UE is back before the UPF has answered: it gets its user plane, whatever comes of the deactivation. */
static void activation_overtakes(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->upf_off = true;
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(session(b)->up, UP_DEACTIVATING);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATING);
	assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_SETUP_REQ);
	assert_int_equal(session(b)->up, UP_ACTIVATING);
	b->upf_off = false;
	bed_pass(b, PFCP_T1_MS + 100);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x78));
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATED);
	assert_true(b->sessions[0].forwards);
	assert_int_equal(b->sessions[0].dl_teid, 0x78);
	assert_int_equal(bed_stat(b, SMF_STAT_ACTIVATIONS), 1);
}

/* A gNB's answer to a release that nobody waits for changes nothing, nor does one to come. */
static void release_response_unasked(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->upf_off = true;
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(session(b)->up, UP_DEACTIVATING);
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(session(b)->up, UP_DEACTIVATING);
	b->upf_off = false;
	bed_pass(b, PFCP_T1_MS + 100);
	assert_int_equal(session(b)->up, UP_INACTIVE);
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(session(b)->up, UP_INACTIVE);
	assert_false(timer_is_set(&session(b)->timer));
	assert_int_equal(smf_numbers(b->smf).active, 0);
}

/* 23.502 4.3.4.2: each part of a release is answered; the UE's stays known over a restart before the gNB's.
 */
static void release_in_two_parts(void **state)
{
	struct bed *b = *state;
	uint32_t answers;

	bed_establish(b);
	bed_update_n1(b, "2e 01 09 d1");
	answers = b->answers;
	bed_update_n1(b, "2e 01 09 d4");
	assert_int_equal(b->answers, answers + 1);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.n1.len, 0);
	bed_restart(b);
	assert_int_equal(session(b)->state, SM_RELEASING);
	assert_true(session(b)->n1_done && !session(b)->n2_done);
	assert_true(timer_is_set(&session(b)->timer));
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
}

/* A COMPLETE of another transaction ends nothing (24.501 7.3.1). */
static void complete_of_another_transaction(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_establish(b);
	bed_update_n1(b, "2e 01 09 d1");
	bed_update_n1(b, "2e 01 08 d4");
	m = bed_nas(b, &b->answer.n1);
	assert_int_equal(m.type, NAS_GSM_STATUS);
	assert_int_equal(m.pti, 8);
	assert_int_equal(m.gsm_status.cause, NAS_5GSM_PTI_MISMATCH);
	assert_false(session(b)->n1_done);
	assert_int_equal(bed_stat(b, SMF_STAT_N1_REFUSED), 1);
}

/* What has ended for UE and gNB is active for nobody, however long its UPF takes. */
static void released_before_the_upf_knows(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->upf_off = true;
	bed_release(b);
	assert_int_equal(smf_numbers(b->smf).active, 0);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	assert_int_equal(session(b)->state, SM_DELETING);
	assert_null(smf_session_find(b->smf, &session(b)->supi, 1));
	assert_int_equal(b->deregistrations, 1);
}

/* After a restart each session is what UE, gNB and UPF can agree on (session_record.c). */
static void restored_states(void **state)
{
	static const struct {
		uint8_t up, access, up_then, access_then;
		bool again; /* the UPF must hear of it */
	} cases[] = {
		{ UP_ACTIVE, ACCESS_FORWARD, UP_ACTIVE, ACCESS_FORWARD, false },
		{ UP_INACTIVE, ACCESS_NOTIFY, UP_INACTIVE, ACCESS_NOTIFY, false },
		{ UP_INACTIVE, ACCESS_DROP, UP_INACTIVE, ACCESS_NOTIFY, true },
		{ UP_INACTIVE, ACCESS_FORWARD, UP_INACTIVE, ACCESS_NOTIFY, true },
		{ UP_PAGING, ACCESS_NOTIFY, UP_INACTIVE, ACCESS_DROP, true },
		{ UP_ACTIVATING, ACCESS_NOTIFY, UP_INACTIVE, ACCESS_DROP, true },
		{ UP_CONNECTING, ACCESS_FORWARD, UP_CONNECTING, ACCESS_FORWARD, true },
		{ UP_DEACTIVATING, ACCESS_NOTIFY, UP_DEACTIVATING, ACCESS_NOTIFY, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bed *b = bed_new();
		struct smf_session *s;

		bed_establish(b);
		s = session(b);
		smf_session_set_access(b->smf, s, cases[i].access);
		s->up = cases[i].up;
		smf_session_dirty(b->smf, s);
		bed_run(b);
		b->upf_off = true;
		bed_restart(b);
		s = session(b);
		assert_non_null(s);
		assert_int_equal(s->state, SM_ESTABLISHED);
		assert_int_equal(s->up, cases[i].up_then);
		assert_int_equal(s->access, cases[i].access_then);
		assert_int_equal(s->n4_again, cases[i].again);
		assert_int_equal(smf_numbers(b->smf).active, cases[i].access_then == ACCESS_FORWARD);
		assert_ptr_equal(smf_session_find(b->smf, &s->supi, 1), s);
		bed_free(b);
	}
}

/* The sessions that need nothing do not keep the others waiting. */
static void only_what_was_lost(void **state)
{
	struct bed *b = *state;
	struct smf_session *first;

	bed_establish(b);
	first = session(b);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x78));
	b->upf_requests[PFCP_SESSION_ESTABLISHMENT_REQUEST] = 0;
	session(b)->association = 0;
	b->session_count--;
	smf_upf_restore_later(b->smf, &b->smf->upfs[0], 0);
	bed_pass(b, 100);
	assert_int_equal(bed_stat(b, SMF_STAT_RESTORED), 1);
	assert_int_equal(b->upf_requests[PFCP_SESSION_ESTABLISHMENT_REQUEST], 1);
	assert_false(smf_session_is_lost(b->smf, session(b)) || smf_session_is_lost(b->smf, first));
	assert_false(b->smf->upfs[0].restore);
}

/* 29.244 8.2.25: a UPF that chooses no F-TEIDs is answered so, and is none of ours. */
static void upf_without_ftup_asks(void **state)
{
	struct bed *b = *state;
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_SETUP_REQUEST, .sequence = 1 };
	uint32_t asked;

	bed_establish(b);
	asked = b->upf_requests[PFCP_ASSOCIATION_SETUP_REQUEST];
	m.association_setup_request.recovery_time_stamp = b->upf_recovery;
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(b->setup_cause, PFCP_CAUSE_SERVICE_NOT_SUPPORTED);
	assert_int_equal(b->upf_requests[PFCP_ASSOCIATION_SETUP_REQUEST], asked);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1); /* as it was */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(deactivation_waits_for_the_upf),
		TEST(deactivation_without_the_upf),
		TEST(asked_again_without_an_answer),
		TEST(activation_overtakes),
		TEST(release_response_unasked),
		TEST(release_in_two_parts),
		TEST(complete_of_another_transaction),
		TEST(released_before_the_upf_knows),
		cmocka_unit_test(restored_states),
		TEST(only_what_was_lost),
		TEST(upf_without_ftup_asks),
	};

	return cmocka_run_group_tests_name("core/smf user plane", tests, NULL, NULL);
}
