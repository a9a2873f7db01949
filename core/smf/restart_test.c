/* Restarts of UPF and SMF, the associations, reports, and a store that refuses. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

static void upf_restart_is_healed(void **state)
{
	struct bed *b = *state;
	uint32_t teid, ip;

	bed_establish(b);
	teid = b->sessions[0].teid;
	ip = b->sessions[0].ue_ip;
	bed_upf_restart(b);
	bed_pass(b, PFCP_HEARTBEAT_MS + 1000);
	assert_int_equal(bed_stat(b, SMF_STAT_UPF_RESTARTS), 1);
	assert_int_equal(bed_stat(b, SMF_STAT_RESTORED), 1);
	assert_int_equal(b->session_count, 1);
	assert_true(b->sessions[0].restored);
	assert_int_equal(b->sessions[0].teid, teid); /* the gNB need not know */
	assert_int_equal(b->sessions[0].ue_ip, ip);
	assert_true(b->sessions[0].forwards);
	assert_int_equal(b->sessions[0].dl_teid, 0x77);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_false(b->sessions[0].forwards);
	bed_release(b);
	assert_int_equal(b->session_count, 0);
}

static void many_sessions_in_batches(void **state)
{
	struct bed *b = *state;
	char n1[64];

	for (unsigned i = 1; i <= 5; i++) {
		snprintf(n1, sizeof(n1), "2e %02x 05 c1 ff ff 91", i);
		bed_create(b, "internet", (uint8_t)i, n1);
		bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x70 + i));
	}
	assert_int_equal(b->session_count, 5);
	bed_upf_restart(b);
	b->upf_drop = 0x5550; /* and the link is bad */
	bed_pass(b, PFCP_HEARTBEAT_MS + 6000);
	assert_int_equal(b->session_count, 5);
	assert_int_equal(smf_numbers(b->smf).sessions, 5);
	assert_int_equal(b->smf->upfs[0].restoring, 0);
}

static void upf_that_cannot_restore(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_establish(b);
	bed_upf_restart(b);
	b->upf_cause = 86; /* restoration failure, resource not available */
	bed_pass(b, PFCP_HEARTBEAT_MS + 1000);
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(m.type, NAS_PDU_SESSION_RELEASE_COMMAND);
	assert_int_equal(m.pdu_session_release_command.cause, NAS_5GSM_REACTIVATION_REQUESTED);
	bed_update_n1(b, "2e 01 00 d4");
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
}

static void one_session_lost_at_the_upf(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->session_count = 0;
	bed_update_cnx(b, UP_CNX_DEACTIVATED); /* session context not found */
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_pass(b, 200);
	assert_int_equal(b->session_count, 1);
	assert_false(b->sessions[0].forwards);
	assert_int_equal(bed_stat(b, SMF_STAT_RESTORED), 1);
}

static void smf_restart_keeps_sessions(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_establish(b);
	bed_restart(b);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	assert_int_equal(smf_numbers(b->smf).active, 1);
	assert_int_equal(smf_numbers(b->smf).addresses, 1);
	assert_true(b->retention_asked);
	assert_int_equal(bed_stat(b, SMF_STAT_UPF_RESTARTS), 0);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91"); /* not the same address */
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_not_equal(
		v4_of(m.pdu_session_establishment_accept.pdu_address.ipv4), b->sessions[0].ue_ip);
	bed_release(b);
	assert_int_equal(b->session_count, 1);
}

static void both_restart(void **state)
{
	struct bed *b = *state;
	uint32_t teid;

	bed_establish(b);
	teid = b->sessions[0].teid;
	bed_upf_restart(b);
	bed_restart(b); /* the UPF's stamp is known from before */
	assert_int_equal(bed_stat(b, SMF_STAT_RESTORED), 1);
	assert_int_equal(b->session_count, 1);
	assert_int_equal(b->sessions[0].teid, teid);
	assert_true(b->sessions[0].forwards);
}

/* The UPF is known to have lost the session, which it does not take back before the SMF restarts too. */
static void loss_survives_the_restart(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_upf_restart(b);
	b->upf_drop = ~UINT32_C(3); /* but the heartbeat, which shows it */
	bed_pass(b, PFCP_HEARTBEAT_MS + 1000);
	assert_int_equal(bed_stat(b, SMF_STAT_UPF_RESTARTS), 1);
	assert_int_equal(b->session_count, 0);
	b->upf_drop = 0;
	bed_restart(b);
	assert_int_equal(bed_stat(b, SMF_STAT_RESTORED), 1);
	assert_int_equal(b->session_count, 1);
	assert_true(b->sessions[0].restored);
}

static void upf_that_retains_nothing(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->session_count = 0;
	b->upf_not_retained = true;
	bed_restart(b);
	assert_int_equal(b->session_count, 1);
	assert_int_equal(bed_stat(b, SMF_STAT_RESTORED), 1);
}

static void release_survives_the_restart(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_n1(b, "2e 01 09 d1");
	b->transfer_count = 0;
	bed_restart(b);
	bed_pass(b, SMF_T3592_MS + 1000);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(bed_nas(b, &b->transfers[0].n1).pti, 9);
	bed_update_n1(b, "2e 01 09 d4");
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(b->notifications, 1);
}

static void deletion_survives_the_restart(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->upf_off = true;
	bed_release(b);
	bed_restart(b);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	b->upf_off = false;
	bed_pass(b, 20000);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(b->session_count, 0);
	assert_int_equal(b->usage_uplink, 1000);
}

static void connecting_survives_the_restart(void **state)
{
	struct bed *b = *state;

	bed_create(b, "internet", 1, BED_REQUEST);
	b->upf_off = true;
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	bed_restart(b);
	b->upf_off = false;
	bed_pass(b, 20000);
	assert_true(b->sessions[0].forwards);
	assert_int_equal(smf_numbers(b->smf).active, 1);
}

static void upf_that_chooses_no_teids(void **state)
{
	struct bed *b = *state;

	b->upf_no_ftup = true;
	bed_upf_restart(b);
	bed_pass(b, PFCP_HEARTBEAT_MS + 1000);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_PEER_NOT_RESPONDING);
}

/* The UPF's report of the gNB's tunnel that is no more. */
static void report_gone(struct bed *b, uint64_t seid, uint32_t sequence)
{
	struct pfcp_f_teid gone = { .has_ipv4 = true, .teid = 0x77, .ipv4 = { 10, 4, 0, 1 } };
	struct pfcp_msg m = {
		.type = PFCP_SESSION_REPORT_REQUEST, .sequence = sequence, .has_seid = true, .seid = seid
	};

	m.session_report_request.report_type = pfcp_flags(PFCP_REPORT_ERIR);
	m.session_report_request.has_error_indication_report = true;
	m.session_report_request.error_indication_report.remote_f_teid_count = 1;
	m.session_report_request.error_indication_report.remote_f_teid = &gone;
	bed_upf_send(b, &m);
	bed_run(b);
}

static void error_indication(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	report_gone(b, b->sessions[0].cp_seid, 1);
	assert_false(b->sessions[0].forwards);
	assert_int_equal(smf_numbers(b->smf).active, 0);
	/* 23.527 5.3.2.1: the gNB releases what it still has, and gets the session again. */
	assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_REL_CMD);
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_SETUP_REQ);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x78));
	assert_true(b->sessions[0].forwards);
	assert_int_equal(b->sessions[0].dl_teid, 0x78);
	report_gone(b, b->sessions[0].cp_seid + 1, 2); /* of no session */
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	assert_int_equal(b->upf_requests[PFCP_SESSION_REPORT_RESPONSE], 2);
}

/* The UPF is gone too when the gNB has released it: nothing is set up again. */
static void error_indication_without_upf(void **state)
{
	struct bed *b = *state;
	const struct smf_session *s;

	bed_establish(b);
	report_gone(b, b->sessions[0].cp_seid, 1);
	assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_REL_CMD);
	b->upf_off = true;
	bed_pass(b, 20000);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	b->transfer_count = 0;
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->transfer_count, 0);
	s = smf_session_by_ref(b->smf, b->ref);
	assert_int_equal(s->up, UP_INACTIVE);
	assert_false(s->reactivate);
	assert_false(timer_is_set(&s->timer));
}

/* What a report announces and does not hold is missed; of another tunnel it changes nothing. */
static void reports_without_their_part(void **state)
{
	static const uint8_t types[] = { PFCP_REPORT_DLDR, PFCP_REPORT_USAR, PFCP_REPORT_ERIR };
	struct bed *b = *state;
	struct pfcp_msg m = { .type = PFCP_SESSION_REPORT_REQUEST, .has_seid = true };
	struct pfcp_f_teid other = { .has_ipv4 = true, .teid = 0x78, .ipv4 = { 10, 4, 0, 1 } };

	bed_establish(b);
	m.seid = b->sessions[0].cp_seid;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		m.sequence = (uint32_t)i + 1;
		m.session_report_request.report_type = pfcp_flags(types[i]);
		bed_upf_send(b, &m);
		bed_run(b);
		assert_int_equal(b->report_cause, PFCP_CAUSE_CONDITIONAL_IE_MISSING);
		assert_true(b->sessions[0].forwards);
	}
	m.sequence++;
	m.session_report_request.has_error_indication_report = true;
	m.session_report_request.error_indication_report.remote_f_teid_count = 1;
	m.session_report_request.error_indication_report.remote_f_teid = &other;
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(b->report_cause, PFCP_CAUSE_ACCEPTED);
	assert_int_equal(smf_numbers(b->smf).active, 1);
}

static void foreign_upf_changes_nothing(void **state)
{
	struct bed *b = *state;
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_RELEASE_REQUEST, .sequence = 1 };

	bed_establish(b);
	b->upf_addr.ip[3] = 99;
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
	assert_int_equal(b->upf_requests[PFCP_ASSOCIATION_RELEASE_RESPONSE], 0);
}

static void upf_leaves_and_comes_back(void **state)
{
	struct bed *b = *state;
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_RELEASE_REQUEST, .sequence = 1 };

	bed_establish(b);
	b->session_count = 0;
	bed_upf_send(b, &m);
	bed_run(b);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	bed_pass(b, SMF_ASSOCIATION_RETRY_MS + 1000);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
	assert_int_equal(b->session_count, 1);
}

static void upf_announces(struct bed *b, uint32_t sequence)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_SETUP_REQUEST, .sequence = sequence };

	m.association_setup_request.recovery_time_stamp = b->upf_recovery;
	m.association_setup_request.has_up_function_features = true;
	m.association_setup_request.up_function_features = (struct tlv_flags){ PFCP_UP_FTUP, 2 };
	bed_upf_send(b, &m);
	bed_run(b);
}

/* 29.244 6.2.6.3: a UPF that starts has its sessions at once, whatever its stamp is; and one that repeats
 * itself keeps them. */
static void upf_asks(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->upf_not_retained = true;
	for (int32_t step = -1; step <= 1; step++) { /* an older stamp, an equal one, a newer one */
		b->upf_recovery += (uint32_t)step;
		b->session_count = 0;
		upf_announces(b, (uint32_t)(10 + step));
		assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
		assert_int_equal(b->session_count, 1);
		assert_true(b->sessions[0].restored);
	}
	b->upf_not_retained = false;
	b->session_count = 0;
	upf_announces(b, 20);
	assert_true(b->retention_asked);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
	assert_int_equal(b->session_count, 0);
}

static void upf_restarts_while_asked(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	b->upf_off = true;
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x78));
	assert_int_equal(b->answer.op, SBI_OP_COUNT); /* waits for the UPF ... */
	bed_upf_restart(b);
	b->upf_off = false;
	bed_pass(b, PFCP_HEARTBEAT_MS + 1000);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATED);
	assert_int_equal(b->session_count, 1);
	assert_true(b->sessions[0].forwards);
	assert_int_equal(b->sessions[0].dl_teid, 0x78);
}

/* Octets that nobody should send change nothing that counts. */
static void noise(void **state)
{
	struct bed *b = *state;
	uint8_t octets[128];
	char hex[2 * sizeof(octets) + 1];

	bed_establish(b);
	for (unsigned i = 0; i < 20000; i++) {
		struct msg m = { .kind = MSG_DATA, .port = SMF_PORT_N4, .peer = b->upf_addr };
		uint32_t len = 1 + env_random_u32(&b->t.env) % (sizeof(octets) - 1);

		env_random(&b->t.env, octets, len);
		if (i % 2) { /* with a good beginning */
			octets[0] = 0x21;
			octets[1] = (uint8_t)(i / 2 % 64);
			octets[2] = 0;
			octets[3] = (uint8_t)(len - 4);
		}
		m.data = bytes_of(octets, len);
		smf_on_n4(b->smf, &m);
		octets[0] = 0x2e;
		octets[1] = 1;
		octets[3] = (uint8_t)(0xc1 + i % 27);
		for (uint32_t n = 0; n < len; n++)
			snprintf(hex + 2 * (size_t)n, 3, "%02x", octets[n]);
		if (octets[3] != NAS_PDU_SESSION_RELEASE_REQUEST && octets[3] != NAS_GSM_STATUS)
			bed_update_n1(b, hex);
		bed_update_n2(b, (enum n2_sm_info_type)(1 + i % 20), bytes_of(octets, len));
		b->transfer_count = 0; /* refusals of what UEs ask for */
		outbox_reset(&b->t.outbox);
	}
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
}

static void upf_that_forgot_the_association(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->upf_cause = PFCP_CAUSE_NO_ASSOCIATION;
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	b->upf_cause = 0;
	b->session_count = 0;
	bed_pass(b, SMF_ASSOCIATION_RETRY_MS + 1000);
	assert_int_equal(b->session_count, 1);
	assert_false(b->sessions[0].forwards);
}

static void store_refuses(void **state)
{
	struct bed *b = *state;

	store_mem_fail_put(b->store, 1);
	bed_create(b, "internet", 1, BED_REQUEST);
	bed_pass(b, 3000); /* kept with the next turn */
	assert_int_equal(store_mem_stats(b->store).entries, 4);
	bed_restart(b);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
}

/* 29.244 7.5.5: it refuses to change a rule that it has confirmed. It is asked once, and given the session
 * anew. */
static void upf_lacks_a_rule(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST] = 0;
	b->upf_requests[PFCP_SESSION_ESTABLISHMENT_REQUEST] = 0;
	b->upf_lacks = FAR_DOWNLINK;
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_DEACTIVATED);
	bed_pass(b, 10000);
	assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], 1);
	assert_int_equal(b->upf_requests[PFCP_SESSION_ESTABLISHMENT_REQUEST], 1);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_BUFF | PFCP_APPLY_NOCP);
	assert_int_equal(b->session_count, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(upf_restart_is_healed),
		TEST(many_sessions_in_batches),
		TEST(upf_that_cannot_restore),
		TEST(one_session_lost_at_the_upf),
		TEST(smf_restart_keeps_sessions),
		TEST(both_restart),
		TEST(loss_survives_the_restart),
		TEST(upf_that_retains_nothing),
		TEST(release_survives_the_restart),
		TEST(deletion_survives_the_restart),
		TEST(connecting_survives_the_restart),
		TEST(upf_that_chooses_no_teids),
		TEST(reports_without_their_part),
		TEST(error_indication),
		TEST(error_indication_without_upf),
		TEST(foreign_upf_changes_nothing),
		TEST(upf_leaves_and_comes_back),
		TEST(upf_asks),
		TEST(upf_restarts_while_asked),
		TEST(noise),
		TEST(upf_that_forgot_the_association),
		TEST(store_refuses),
		TEST(upf_lacks_a_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
