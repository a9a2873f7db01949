/* Downlink data for idle UEs: who is asked to reach them, and what the UPF does meanwhile. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

enum { NOTIFY = PFCP_APPLY_BUFF | PFCP_APPLY_NOCP };

static struct smf_session *idle(struct bed *b)
{
	bed_establish(b);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_DEACTIVATED);
	assert_int_equal(b->sessions[0].action, NOTIFY);
	b->transfer_count = 0;
	b->transfer_how = N1_N2_CAUSE_ATTEMPTING_TO_REACH_UE;
	return smf_session_by_seid(b->smf, b->sessions[0].cp_seid);
}

/* 29.244 7.5.8.2 */
static void packet_comes_with(struct bed *b, const struct pfcp_dl_data_service_information *info)
{
	static uint32_t sequence = 100;
	uint16_t pdr = 2;
	struct pfcp_msg m = { .type = PFCP_SESSION_REPORT_REQUEST, .sequence = ++sequence, .has_seid = true };
	struct pfcp_session_report_request *r = &m.session_report_request;

	r->report_type = (struct tlv_flags){ PFCP_REPORT_DLDR, 1 };
	r->has_downlink_data_report = true;
	r->downlink_data_report.pdr_id_count = 1;
	r->downlink_data_report.pdr_id = &pdr;
	r->downlink_data_report.has_downlink_data_service_information = info != NULL;
	if (info)
		r->downlink_data_report.downlink_data_service_information = *info;
	m.seid = b->sessions[0].cp_seid;
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(b->report_cause, PFCP_CAUSE_ACCEPTED);
}

static void packet_comes(struct bed *b)
{
	packet_comes_with(b, NULL);
}

static void was_not_reached(struct bed *b)
{
	struct namf_n1n2_transfer_failure_notify_req req = { b->failure,
		{ N1_N2_CAUSE_UE_NOT_RESPONDING, "/namf-comm/v1/ue-contexts/imsi-1/n1-n2-messages/1" } };

	sbi_call(b->amf, sbi_any(b->bus, NF_SMF), SBI_SMF_N1N2_TRANSFER_FAILURE_NOTIFY, &req,
		(struct sbi_token){ 0 });
	bed_run(b);
}

/* 23.502 4.2.3.3: asked once, however many packets come; the UE comes and has the AMF ask for the session. */
static void test_comes(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = idle(b);

	packet_comes(b);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_SETUP_REQ);
	assert_true(b->failure[0]);
	assert_int_equal(s->up, UP_PAGING);
	packet_comes(b);
	assert_int_equal(b->transfer_count, 1);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_SETUP_REQ);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x79));
	assert_true(b->sessions[0].forwards);
	assert_int_equal(b->sessions[0].dl_teid, 0x79);
	assert_int_equal(s->up, UP_ACTIVE);
	/* What is late changes nothing. */
	was_not_reached(b);
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_pass(b, 2 * SMF_PAGING_MS);
	assert_true(b->sessions[0].forwards);
	assert_int_equal(bed_stat(b, SMF_STAT_DOWNLINK_DATA), 1);
	assert_int_equal(bed_stat(b, SMF_STAT_UNREACHED), 0);
}

/* Step 3c: dropped for a while, then reported again. */
static void test_does_not_come(void **state)
{
	struct bed *b = *state;

	idle(b);
	packet_comes(b);
	was_not_reached(b);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_DROP);
	assert_int_equal(bed_stat(b, SMF_STAT_UNREACHED), 1);
	bed_pass(b, SMF_PAGING_PAUSE_MS - 1);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_DROP);
	bed_pass(b, 1);
	assert_int_equal(b->sessions[0].action, NOTIFY);
	packet_comes(b);
	assert_int_equal(b->transfer_count, 2);
	/* The AMF never says what became of it. */
	bed_pass(b, SMF_PAGING_MS);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_DROP);
	/* It comes by itself in between. */
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x79));
	bed_pass(b, SMF_PAGING_PAUSE_MS);
	assert_true(b->sessions[0].forwards);
}

/* A UPF that has reported reports no more until it was told to drop: that is not left out. */
static void test_upf_is_late(void **state)
{
	struct bed *b = *state;
	struct smf_session *s;
	uint32_t pause_ms = b->config.paging_pause_ms = PFCP_T1_MS;

	idle(b);
	bed_restart(b);
	s = smf_session_by_seid(b->smf, b->sessions[0].cp_seid);
	packet_comes(b);
	b->upf_off = true;
	was_not_reached(b);
	bed_pass(b, 2 * pause_ms);
	assert_int_equal(s->access, ACCESS_DROP);
	b->upf_off = false;
	for (uint32_t ms = 0; b->sessions[0].action != PFCP_APPLY_DROP && ms < PFCP_GIVE_UP_MS; ms++)
		bed_pass(b, 1);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_DROP);
	bed_pass(b, pause_ms);
	assert_int_equal(b->sessions[0].action, NOTIFY);
	packet_comes(b);
	assert_int_equal(b->transfer_count, 2);
}

/* 23.501 5.4.3.2: by the DSCP of the packet, and the flow it is of. */
static void test_paging_policy(void **state)
{
	static const struct smf_paging_policy policies[] = { { 46, 1 }, { 34, 6 } };
	struct bed *b = *state;
	struct smf_session *s;
	struct smf_match match = { .pcc_rule_id = "voice" };
	struct smf_flow voice = { .qfi = 2, .five_qi = 1, .arp = { .priority_level = 2 }, .match = &match };

	b->config.paging_policy_count = ARRAY_LEN(policies);
	b->config.paging_policies[0] = policies[0];
	b->config.paging_policies[1] = policies[1];
	bed_restart(b);
	s = idle(b);
	assert_true(smf_flows_add(&s->flows, &voice));
	packet_comes_with(b, &(struct pfcp_dl_data_service_information){ true, 34, true, 1 });
	assert_int_equal(b->paged_ppi, 6);
	assert_int_equal(b->paged_arp, s->flows.first.arp.priority_level);
	assert_int_equal(b->paged_five_qi, s->flows.first.five_qi);
	was_not_reached(b);
	bed_pass(b, SMF_PAGING_PAUSE_MS);
	packet_comes_with(b, &(struct pfcp_dl_data_service_information){ true, 0, true, 2 });
	assert_int_equal(b->paged_ppi, -1); /* not configured */
	assert_int_equal(b->paged_arp, 2);
	assert_int_equal(b->paged_five_qi, 1);
	was_not_reached(b);
	bed_pass(b, SMF_PAGING_PAUSE_MS);
	packet_comes_with(b, &(struct pfcp_dl_data_service_information){ true, 46, true, 63 });
	assert_int_equal(b->paged_ppi, 1); /* a flow that there is not */
	assert_int_equal(b->paged_five_qi, s->flows.first.five_qi);
}

/* The AMF cannot page it, or the notification names no session. */
static void test_refused(void **state)
{
	struct bed *b = *state;

	idle(b);
	b->transfer_cause = SBI_UE_NOT_REACHABLE;
	packet_comes(b);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_DROP);
	assert_int_equal(bed_stat(b, SMF_STAT_UNREACHED), 1);
	b->failure[0] = b->failure[0] == '0' ? '1' : '0';
	was_not_reached(b);
	assert_int_equal(b->answer.cause, SBI_CONTEXT_NOT_FOUND);
}

/* The UE is connected, without this session: the gNB is asked, and answers or does not. */
static void test_is_there(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = idle(b);

	b->transfer_how = 0;
	packet_comes(b);
	assert_int_equal(s->up, UP_ACTIVATING);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x79));
	assert_true(b->sessions[0].forwards);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	packet_comes(b);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_FAIL, bed_setup_failure(b));
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_DROP);
	assert_int_equal(s->up, UP_INACTIVE);
}

/* The UE came, and went before it had its user plane: the UPF, which has reported, must report again. */
static void test_goes_again(void **state)
{
	struct bed *b = *state;

	idle(b);
	packet_comes(b);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_DEACTIVATED);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_DROP);
	bed_pass(b, SMF_PAGING_PAUSE_MS);
	assert_int_equal(b->sessions[0].action, NOTIFY);
	/* Without a report there is nothing to change. */
	b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST] = 0;
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], 0);
	packet_comes(b);
	assert_int_equal(b->transfer_count, 2);
}

/* Whoever waited for the UE is gone: the next packet is reported again. */
static void test_restart(void **state)
{
	struct bed *b = *state;

	idle(b);
	packet_comes(b);
	bed_restart(b);
	assert_int_equal(smf_session_by_seid(b->smf, b->sessions[0].cp_seid)->up, UP_INACTIVE);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_DROP);
	bed_pass(b, SMF_PAGING_PAUSE_MS);
	assert_int_equal(b->sessions[0].action, NOTIFY);
	b->transfer_count = 0;
	packet_comes(b);
	assert_int_equal(b->transfer_count, 1);
	bed_release(b);
	assert_int_equal(b->session_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_comes), TEST(test_does_not_come),
		TEST(test_upf_is_late), TEST(test_refused), TEST(test_is_there), TEST(test_goes_again),
		TEST(test_restart), TEST(test_paging_policy) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
