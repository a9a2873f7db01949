/* Idle UEs for which somebody has something: paged, answered, given up. */
#include "core/amf/amf_bed.h"

#include "core/amf/paging.h"

enum { OTHER_ASSOC = 8 };

/* The failure's URI is one that the SMF gave out. */
static void wants(struct amf_bed *b, bool n1, bool n2, bool skip, uint8_t arp)
{
	char uri[SBI_URI_SIZE];
	struct n1_message_container n1_container = { .n1_message_class = N1_MESSAGE_CLASS_SM,
		.n1_message_content = bytes_of("\x2e\x01\x01\xc1", 4) };
	struct n2_info_content content = { .ngap_ie_type = N2_IE_PDU_RES_SETUP_REQ,
		.ngap_data = bytes_of("\x01\x02", 2) };
	struct n2_sm_information sm = { .pdu_session_id = 1, .n2_info_content = &content };
	struct n2_info_container n2_container = { .n2_information_class = N2_INFORMATION_CLASS_SM,
		.sm_info = &sm };
	struct arp priority = { arp, false, false };
	struct namf_n1n2_message_transfer_req req = { amf_bed_ue(b)->supi,
		{ .n1_message_container = n1 ? &n1_container : NULL,
			.n2_info_container = n2 ? &n2_container : NULL,
			.skip_ind = skip,
			.arp = arp ? &priority : NULL,
			.n1n2_failure_txf_notif_uri = uri,
			.pdu_session_id = 1 } };

	assert_true(sbi_callback_uri(b->smf, SBI_CALLBACK_N1N2_FAILURE, &(struct sbi_callback){ 1, 2 }, uri));
	sbi_call(b->smf, sbi_any(b->bus, NF_AMF), SBI_AMF_N1N2_MESSAGE_TRANSFER, &req,
		(struct sbi_token){ 0 });
	amf_bed_settle(b);
}

static void idle(struct amf_bed *b)
{
	amf_bed_register(b);
	amf_bed_session(b, 1);
	amf_bed_released(b);
	amf_bed_settle(b);
	b->read = b->sent_count;
}

static const struct ngap_paging *expect_page(struct amf_bed *b)
{
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PAGING);
	return pdu.u.paging;
}

static uint32_t failures(const struct amf_bed *b)
{
	return b->script[SBI_SMF_N1N2_TRANSFER_FAILURE_NOTIFY].requests;
}

/* 38.413 8.5.1, 9.2.4.1: who, where, and which attempt; then it is given up, and who wanted the UE hears it.
 */
static void test_nobody_answers(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_paging *m;
	struct cursor c;

	idle(b);
	wants(b, false, true, false, 0);
	assert_int_equal(b->transfer_cause, SBI_OK);
	for (int attempt = 1; attempt <= AMF_PAGING_ATTEMPTS; attempt++) {
		m = expect_page(b);
		assert_int_equal(m->ue_paging_identity.tag, NGAP_UE_PAGING_IDENTITY_TAG_FIVE_G_S_TMSI);
		c = cursor_of(m->ue_paging_identity.u.five_g_s_tmsi.five_g_tmsi);
		assert_int_equal(cursor_u32(&c), b->tmsi);
		assert_int_equal(m->tai_list_for_paging.count, 1);
		assert_false(m->has_paging_priority);
		assert_int_equal(
			m->assistance_data_for_paging->paging_attempt_information->paging_attempt_count,
			attempt);
		amf_bed_silent(b);
		assert_int_equal(failures(b), 0);
		amf_bed_pass(b, AMF_T3513_MS);
	}
	amf_bed_silent(b);
	assert_int_equal(failures(b), 1);
	assert_int_equal(b->amf->stat[AMF_STAT_PAGINGS], 1);
	assert_int_equal(b->amf->stat[AMF_STAT_PAGINGS_FAILED], 1);
	assert_int_equal(b->amf->stat[AMF_STAT_PAGINGS_ANSWERED], 0);
	assert_null(amf_bed_ue(b)->procedures);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
}

/* 23.502 4.2.3.3 step 6: the session is activated though the UE does not ask, and its message goes to it. */
static void test_answered(void **state)
{
	struct amf_bed *b = *state;
	uint32_t updates;
	struct nas_msg complete = { .type = NAS_CONFIGURATION_UPDATE_COMPLETE }, m;

	idle(b);
	updates = b->script[SBI_SMF_UPDATE_SM_CONTEXT].requests;
	wants(b, true, true, false, 0);
	expect_page(b);
	amf_bed_service(b);
	assert_int_equal(b->script[SBI_SMF_UPDATE_SM_CONTEXT].requests, updates + 1);
	amf_bed_expect(b, NAS_CONFIGURATION_UPDATE_COMMAND, &m);
	amf_bed_context_is_set_up(b);
	amf_bed_settle(b);
	amf_bed_pass(b, 1);
	amf_bed_expect(b, NAS_DL_NAS_TRANSPORT, &m);
	assert_int_equal(m.dl_nas_transport.pdu_session_id, 1);
	amf_bed_say_protected(b, &complete);
	amf_bed_pass(b, 60000);
	assert_int_equal(failures(b), 0);
	assert_int_equal(b->amf->stat[AMF_STAT_PAGINGS_ANSWERED], 1);
	assert_int_equal(b->amf->stat[AMF_STAT_PAGINGS_FAILED], 0);
	assert_null(amf_bed_ue(b)->procedures);
}

/* 23.502 4.2.3.3 step 7: another 5G-GUTI, until the UE has acknowledged it beside the old one, by which it is
 * paged first. */
static void test_guti(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg complete = { .type = NAS_CONFIGURATION_UPDATE_COMPLETE }, m;
	uint32_t old, fresh;
	struct cursor c;

	idle(b);
	old = b->tmsi;
	wants(b, false, true, false, 0);
	expect_page(b);
	amf_bed_service(b);
	amf_bed_context_is_set_up(b);
	for (int sent = 0; sent <= AMF_RETRIES_MAX; sent++) {
		amf_bed_expect(b, NAS_CONFIGURATION_UPDATE_COMMAND, &m);
		assert_int_equal(b->header, NAS_INTEGRITY_CIPHERED);
		assert_int_equal(m.configuration_update_command.configuration_update_indication,
			NAS_UPDATE_ACKNOWLEDGE);
		fresh = m.configuration_update_command.guti.guti.tmsi;
		assert_int_not_equal(fresh, old);
		amf_bed_pass(b, AMF_T3555_MS);
	}
	amf_bed_silent(b);
	assert_true(amf_ue_has_tmsi(b->amf, old) && amf_ue_has_tmsi(b->amf, fresh));
	amf_bed_released(b);
	amf_bed_settle(b);
	b->read = b->sent_count;
	wants(b, false, true, false, 0);
	for (int attempt = 0; attempt < AMF_PAGING_ATTEMPTS; attempt++) {
		c = cursor_of(expect_page(b)->ue_paging_identity.u.five_g_s_tmsi.five_g_tmsi);
		assert_int_equal(cursor_u32(&c), attempt < AMF_PAGING_ATTEMPTS / 2 ? old : fresh);
		amf_bed_pass(b, AMF_T3513_MS);
	}
	wants(b, false, true, false, 0);
	expect_page(b);
	amf_bed_service(b);
	amf_bed_context_is_set_up(b);
	amf_bed_expect(b, NAS_CONFIGURATION_UPDATE_COMMAND, &m);
	amf_bed_say_protected(b, &complete);
	assert_false(amf_ue_has_tmsi(b->amf, old));
	assert_true(amf_ue_has_tmsi(b->amf, m.configuration_update_command.guti.guti.tmsi));
	assert_int_equal(b->amf->stat[AMF_STAT_CONF_UPDATES_COMPLETED], 1);
	amf_bed_say_protected(b, &complete); /* repeated: nothing */
	assert_null(amf_bed_ue(b)->procedures);
}

/* Of what the SMF says and the configuration has of it, the most urgent counts. */
static void test_priority(void **state)
{
	struct arp arp = { 5, false, false };
	struct n1_n2_message_transfer_req_data of = { .arp = &arp };
	struct amf_config c = { .paging_priority_count = 3,
		.paging_priorities = { { false, 1, 3 }, { true, 5, 2 }, { true, 9, 7 } } };

	assert_int_equal(amf_paging_priority(&c, &of), 5);
	of.five_qi = 9;
	assert_int_equal(amf_paging_priority(&c, &of), 5);
	of.has_ppi = true;
	of.ppi = 1;
	assert_int_equal(amf_paging_priority(&c, &of), 3);
	of.five_qi = 5;
	assert_int_equal(amf_paging_priority(&c, &of), 2);
	of = (struct n1_n2_message_transfer_req_data){ .five_qi = 9, .has_ppi = true };
	assert_int_equal(amf_paging_priority(&c, &of), 7);
	of.five_qi = 8;
	assert_int_equal(amf_paging_priority(&c, &of), 0);
}

/* The second attempt is in the tracking area where it was, a more urgent request at once where the first was.
 */
static void test_where(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_paging *m;

	amf_bed_ng_setup(b, OTHER_ASSOC, 2);
	idle(b);
	wants(b, false, true, false, 9);
	assert_false(expect_page(b)->has_paging_priority);
	amf_bed_silent(b);
	wants(b, false, true, false, 8);
	m = expect_page(b);
	assert_true(m->has_paging_priority);
	assert_int_equal(m->paging_priority, NGAP_PAGING_PRIORITY_PRIOLEVEL8);
	wants(b, false, true, false, 8);
	amf_bed_silent(b);
	amf_bed_pass(b, AMF_T3513_MS);
	expect_page(b);
	expect_page(b);
	amf_bed_silent(b);
	/* The gNB where it was leaves: the others are asked at once. */
	amf_bed_pass(b, AMF_T3513_MS * AMF_PAGING_ATTEMPTS);
	assert_int_equal(failures(b), 3);
	b->read = b->sent_count;
	amf_bed_deliver(b, BED_ASSOC, MSG_DOWN, BYTES_NONE);
	wants(b, false, true, false, 0);
	expect_page(b);
	amf_bed_silent(b);
}

/* From the third attempt on all tracking areas that the UE may be in are asked, by their list. */
static void test_registration_area(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_paging *m;

	b->amf->config.tac_count = 2;
	b->amf->config.tacs[1] = 0x010203;
	idle(b);
	b->gnb_tac = 0x010203;
	amf_bed_ng_setup(b, OTHER_ASSOC, 2);
	b->read = b->sent_count;
	wants(b, false, true, false, 9);
	assert_int_equal(expect_page(b)->tai_list_for_paging.count, 1);
	amf_bed_silent(b);
	amf_bed_pass(b, AMF_T3513_MS);
	expect_page(b);
	amf_bed_silent(b);
	amf_bed_pass(b, AMF_T3513_MS);
	for (int i = 0; i < 2; i++) {
		m = expect_page(b);
		assert_int_equal(m->tai_list_for_paging.count, 2);
		assert_int_equal(ngap_tai(&m->tai_list_for_paging.items[0].tai).tac, 1);
		assert_int_equal(ngap_tai(&m->tai_list_for_paging.items[1].tai).tac, 0x010203);
	}
	amf_bed_silent(b);
	/* Where it was nobody is left: the whole area at once. */
	amf_bed_pass(b, AMF_T3513_MS * AMF_PAGING_ATTEMPTS);
	amf_bed_deliver(b, BED_ASSOC, MSG_DOWN, BYTES_NONE);
	b->read = b->sent_count;
	wants(b, false, true, false, 0);
	assert_int_equal(expect_page(b)->tai_list_for_paging.count, 2);
	amf_bed_silent(b);
}

/* The negotiated cycle, also after a restart (24.501 9.11.3.2A, 38.413 9.3.1.90). */
static void test_drx(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_paging *m;

	idle(b);
	amf_bed_ue(b)->drx = 2;
	amf_ue_dirty(b->amf, amf_bed_ue(b));
	amf_bed_settle(b);
	amf_bed_restart(b);
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	b->read = b->sent_count;
	amf_bed_session(b, 1);
	wants(b, false, true, false, 0);
	m = expect_page(b);
	assert_true(m->has_paging_drx);
	assert_int_equal(m->paging_drx, NGAP_PAGING_DRX_V64);
}

/* 24.501 5.3.7: once the mobile reachable timer has expired it is not looked for; 29.518: nor for what may be
 * skipped. */
static void test_not_paged(void **state)
{
	struct amf_bed *b = *state;

	idle(b);
	wants(b, true, false, true, 0);
	assert_int_equal(b->transfer_cause, SBI_OK);
	amf_bed_silent(b);
	amf_bed_pass(b, (b->config.t3512_s + AMF_MOBILE_REACHABLE_S) * 1000 + 1000);
	wants(b, false, true, false, 0);
	assert_int_equal(b->transfer_cause, SBI_UE_NOT_REACHABLE);
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_PAGINGS], 0);
	assert_null(amf_bed_ue(b)->procedures);
}

/* The subscription ends meanwhile: who wanted the UE hears it, and nobody is paged any more. */
static void test_ue_ends(void **state)
{
	struct amf_bed *b = *state;

	idle(b);
	wants(b, false, true, false, 0);
	expect_page(b);
	amf_ue_free(b->amf, amf_bed_ue(b));
	amf_bed_settle(b);
	assert_int_equal(failures(b), 1);
	b->read = b->sent_count;
	amf_bed_pass(b, AMF_T3513_MS * AMF_PAGING_ATTEMPTS);
	amf_bed_silent(b);
	assert_int_equal(b->amf->procedures[AMF_PAGING].used, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_nobody_answers), TEST(test_answered), TEST(test_guti),
		TEST(test_priority), TEST(test_where), TEST(test_registration_area), TEST(test_drx),
		TEST(test_not_paged), TEST(test_ue_ends) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
