/* PDU session modification: policy decisions to UPF, gNB and UE, and what each of them may do wrong. */
#include "core/smf/modification.h"
#include "core/smf/smf_bed.h"

#define VOICE      "permit out 17 from 192.0.2.0/24 5060 to assigned"
#define COMPLETE_0 "2e 01 00 cc"
#define REJECT_0   "2e 01 00 cd 2c"

/* A decision of one PCC rule; gbr 0: none is guaranteed. */
struct decided {
	struct sm_policy_decision d;
	struct flow_information filter;
	struct arp arp;
	const char *name;
	struct qos_data qos;
	struct pcc_rule rule;
	struct traffic_control_data gate;
	struct sm_policy_decision_pcc_rules_entry rules;
	struct sm_policy_decision_qos_decs_entry qos_entry;
	struct sm_policy_decision_traff_cont_decs_entry gate_entry;
};

static void decide(struct decided *x, const char *name, const char *filter, uint64_t gbr)
{
	*x = (struct decided){ .name = name };
	x->filter = (struct flow_information){ .flow_description = filter,
		.flow_direction = FLOW_DIRECTION_BIDIRECTIONAL };
	x->arp = (struct arp){ .priority_level = 3 };
	x->qos = (struct qos_data){ .qos_id = name,
		.five_qi = gbr ? 1 : 7,
		.has_gbr_ul = gbr != 0,
		.gbr_ul = gbr,
		.has_gbr_dl = gbr != 0,
		.gbr_dl = gbr,
		.has_maxbr_ul = gbr != 0,
		.maxbr_ul = gbr,
		.has_maxbr_dl = gbr != 0,
		.maxbr_dl = gbr,
		.arp = &x->arp };
	x->gate = (struct traffic_control_data){ name, FLOW_STATUS_ENABLED };
	x->rule = (struct pcc_rule){ .pcc_rule_id = name,
		.flow_infos = { 1, &x->filter },
		.has_precedence = true,
		.precedence = 10,
		.ref_qos_data = { 1, &x->name },
		.ref_tc_data = { 1, &x->name } };
	x->rules = (struct sm_policy_decision_pcc_rules_entry){ name, &x->rule };
	x->qos_entry = (struct sm_policy_decision_qos_decs_entry){ name, &x->qos };
	x->gate_entry = (struct sm_policy_decision_traff_cont_decs_entry){ name, &x->gate };
	x->d.pcc_rules.count = x->d.qos_decs.count = x->d.traff_cont_decs.count = 1;
	x->d.pcc_rules.entries = &x->rules;
	x->d.qos_decs.entries = &x->qos_entry;
	x->d.traff_cont_decs.entries = &x->gate_entry;
}

static void remove_rule(struct bed *b, const char *name)
{
	struct sm_policy_decision_pcc_rules_entry gone = { name, NULL };
	struct sm_policy_decision d = { .pcc_rules = { 1, &gone } };

	assert_int_equal(bed_policy_notify(b, &d), SBI_OK);
}

/* What the gNB answers: the flow was taken, or was not. */
static struct bytes modify_response(struct bed *b, uint8_t taken, uint8_t failed)
{
	static uint8_t octets[256];
	struct writer w = writer_of(octets, sizeof(octets));
	struct ngap_qos_flow_add_or_modify_response_item item = { .qos_flow_identifier = taken };
	struct ngap_qos_flow_add_or_modify_response_list list = { 1, &item };
	struct ngap_qos_flow_with_cause_item no = { failed,
		{ NGAP_CAUSE_TAG_RADIO_NETWORK,
			{ .radio_network = NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE } } };
	struct ngap_qos_flow_list_with_cause noes = { 1, &no };
	struct ngap_pdu_session_resource_modify_response_transfer t = {
		.qos_flow_add_or_modify_response_list = taken ? &list : NULL,
		.qos_flow_failed_to_add_or_modify_list = failed ? &noes : NULL,
	};

	assert_true(ngap_value_encode(&ngap_pdu_session_resource_modify_response_transfer_type, &t, &w));
	return writer_bytes(&w);
}

static struct bytes modify_failure(struct bed *b)
{
	static uint8_t octets[64];
	struct writer w = writer_of(octets, sizeof(octets));
	struct ngap_pdu_session_resource_modify_unsuccessful_transfer t = {
		.cause = { NGAP_CAUSE_TAG_RADIO_NETWORK,
			{ .radio_network = NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED } }
	};

	assert_true(ngap_value_encode(&ngap_pdu_session_resource_modify_unsuccessful_transfer_type, &t, &w));
	return writer_bytes(&w);
}

static struct smf_session *established(struct bed *b)
{
	bed_establish(b);
	b->transfer_count = 0;
	b->created = b->updated = b->removed = 0;
	return smf_session_by_ref(b->smf, b->ref);
}

static struct ngap_pdu_session_resource_modify_request_transfer n2_of(struct bed *b)
{
	const struct bed_delivery *d = bed_last_transfer(b);
	struct ngap_pdu_session_resource_modify_request_transfer t = { 0 };
	struct per_diag diag = { 0 };

	assert_int_equal(d->n2_type, N2_SM_PDU_RES_MOD_REQ);
	assert_true(ngap_value_decode(&ngap_pdu_session_resource_modify_request_transfer_type,
		bytes_of(d->n2.data, d->n2.len), &b->arena, &t, &diag));
	return t;
}

static void voice_is_there(struct bed *b, struct smf_session *s)
{
	struct decided x;

	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->md, MD_NONE);
	assert_int_equal(s->flows.count, 2);
}

static void a_flow_comes_and_goes(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct ngap_pdu_session_resource_modify_request_transfer t;
	const struct nas_qos_rule *rule;
	struct decided x;
	struct nas_msg m;

	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(b->created, 0); /* the UPF gets it when the gNB has it */
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(m.type, NAS_PDU_SESSION_MODIFICATION_COMMAND);
	assert_int_equal(m.pti, 0);
	assert_int_equal(m.pdu_session_modification_command.qos_rules.count, 1);
	rule = &m.pdu_session_modification_command.qos_rules.items[0];
	assert_int_equal(rule->operation, NAS_QOS_RULE_CREATE);
	assert_int_equal(rule->qfi, 2);
	assert_int_equal(rule->precedence, 10);
	assert_int_equal(m.pdu_session_modification_command.qos_flows.items[0].five_qi, 1);
	t = n2_of(b);
	assert_int_equal(t.qos_flow_add_or_modify_request_list->count, 1);
	assert_int_equal(
		t.qos_flow_add_or_modify_request_list->items[0]
			.qos_flow_level_qos_parameters->gbr_qos_information->guaranteed_flow_bit_rate_dl,
		64000);
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->md, MD_COMMANDED);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	assert_int_equal(s->md, MD_NONE);
	assert_int_equal(b->created, 4); /* two PDRs, a QER and a URR */
	assert_string_equal(b->sdf_filter, VOICE);

	remove_rule(b, "voice");
	assert_int_equal(b->removed, 4); /* at once */
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(
		m.pdu_session_modification_command.qos_rules.items[0].operation, NAS_QOS_RULE_DELETE);
	assert_int_equal(
		m.pdu_session_modification_command.qos_flows.items[0].operation, NAS_QOS_FLOW_DELETE);
	assert_int_equal(n2_of(b).qos_flow_to_release_list->items[0].qos_flow_identifier, 2);
	assert_int_equal(s->flows.count, 2);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 0, 0));
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->flows.count, 1);
	assert_int_equal(s->md, MD_NONE);
	assert_int_equal(b->policy_updates, 0);
}

static void a_flow_changes(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x;
	struct nas_msg m;

	voice_is_there(b, s);
	b->transfer_count = 0;
	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	assert_int_equal(b->transfer_count, 0); /* nothing differs */
	x.gate.flow_status = FLOW_STATUS_DISABLED;
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	assert_int_equal(b->transfer_count, 0); /* the UPF's business alone */
	assert_true(b->updated > 0);
	assert_int_equal(smf_flows_of_rule(&s->flows, "voice")->match->gate,
		PFCP_GATE_UL_CLOSED | PFCP_GATE_DL_CLOSED);
	decide(&x, "voice", VOICE, 128000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(m.pdu_session_modification_command.qos_rules.items[0].operation,
		NAS_QOS_RULE_REPLACE_FILTERS);
	assert_int_equal(
		m.pdu_session_modification_command.qos_flows.items[0].operation, NAS_QOS_FLOW_MODIFY);
	assert_int_equal(
		nas_bit_rate_kbps(m.pdu_session_modification_command.qos_flows.items[0].gfbr_uplink), 128);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->md, MD_NONE);
}

/* A flow that the gNB does not take goes everywhere, and the PCF is told. */
static void gnb_refuses_a_flow(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x;
	struct nas_msg m;

	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 0, 2));
	assert_string_equal(b->failed_rule, "voice");
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->md, MD_COMMANDED); /* it goes at the UE */
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(
		m.pdu_session_modification_command.qos_rules.items[0].operation, NAS_QOS_RULE_DELETE);
	assert_int_equal(bed_last_transfer(b)->n2.len, 0);
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->flows.count, 1);
	assert_int_equal(b->created, 0);
	assert_int_equal(bed_stat(b, SMF_STAT_FLOWS_FAILED), 1);
}

static void gnb_refuses_all(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x;

	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	bed_update_n1(b, COMPLETE_0);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_FAIL, modify_failure(b));
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->flows.count, 1);
	assert_int_equal(s->md, MD_NONE);
}

/* ... nor does one that the UE does not take stay at the gNB. */
static void ue_refuses_a_flow(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x;

	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	bed_update_n1(b, REJECT_0);
	assert_string_equal(b->failed_rule, "voice");
	assert_int_equal(bed_last_transfer(b)->n1.len, 0);
	assert_int_equal(n2_of(b).qos_flow_to_release_list->count, 1);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 0, 0));
	assert_int_equal(s->flows.count, 1);
	assert_int_equal(s->md, MD_NONE);
	assert_int_equal(bed_stat(b, SMF_STAT_MODIFICATIONS_REJECTED), 1);
}

static void ue_has_no_such_session(void **state)
{
	static const char *const says[] = { "2e 01 00 cd 2b", "2e 01 00 d6 2b" }; /* REJECT, STATUS */

	for (size_t i = 0; i < ARRAY_LEN(says); i++) {
		struct bed *b = *state;
		struct smf_session *s = established(b);
		struct decided x;

		decide(&x, "voice", VOICE, 64000);
		assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
		assert_int_equal(s->md, MD_COMMANDED);
		bed_update_n1(b, says[i]);
		/* it is told nothing more, but the gNB */
		assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_REL_CMD);
		assert_int_equal(bed_last_transfer(b)->n1.len, 0);
		bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
		assert_int_equal(smf_numbers(b->smf).sessions, 0);
		assert_int_equal(b->notifications, 1);
		bed_teardown(state);
		bed_setup(state);
	}
}

/* 6.5.3: a STATUS about the transaction under way refuses it; of another one, or another cause, nothing. */
static void ue_knows_no_transaction(void **state)
{
	static const struct {
		const char *n1;
		bool ends;
	} cases[] = {
		{ "2e 01 05 d6 2f", false },
		{ "2e 01 00 d6 60", false },
		{ "2e 01 00 d6 2f", true },
		{ "2e 01 00 d6 51", true },
		{ "2e 01 00 d6 61", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bed *b = *state;
		struct smf_session *s = established(b);
		struct decided x;
		uint32_t before;

		decide(&x, "voice", VOICE, 64000);
		assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
		bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
		before = b->transfer_count;
		bed_update_n1(b, cases[i].n1);
		assert_int_equal(b->answer.n1.len, 0); /* a STATUS is not answered */
		/* the UE may have the flow: it is told to give it up */
		assert_int_equal(b->transfer_count - before, cases[i].ends);
		assert_int_equal(smf_flows_find(&s->flows, 2)->leaving, cases[i].ends);
		assert_int_equal(bed_stat(b, SMF_STAT_MODIFICATIONS_REJECTED), cases[i].ends);
		assert_int_equal(smf_numbers(b->smf).sessions, 1);
		bed_teardown(state);
		bed_setup(state);
	}
}

/* T3591: the same command four times more, then the flow goes; what the UE has is not known, so it is told.
 */
static void ue_is_silent(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct bed_octets first;
	struct decided x;

	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	first = bed_last_transfer(b)->n1;
	for (uint32_t n = 1; n <= SMF_RETRIES_MAX; n++) {
		bed_pass(b, SMF_T3591_MS);
		assert_int_equal(b->transfer_count, 1 + n);
		assert_memory_equal(bed_last_transfer(b)->n1.data, first.data, first.len);
		assert_int_equal(bed_last_transfer(b)->n2.len, 0);
	}
	assert_string_equal(b->failed_rule, "");
	bed_pass(b, SMF_T3591_MS);
	assert_string_equal(b->failed_rule, "voice");
	assert_int_equal(bed_stat(b, SMF_STAT_T3591_EXPIRED), 1);
	assert_int_equal(n2_of(b).qos_flow_to_release_list->count, 1);
	assert_int_equal(bed_nas(b, &bed_last_transfer(b)->n1)
				 .pdu_session_modification_command.qos_rules.items[0]
				 .operation,
		NAS_QOS_RULE_DELETE);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 0, 0));
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->flows.count, 1);
}

/* A gNB that never answers has nobody knows what: the flow is released there. */
static void gnb_is_silent(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x;

	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	bed_update_n1(b, COMPLETE_0);
	bed_pass(b, SMF_T3591_MS);
	assert_string_equal(b->failed_rule, "voice");
	assert_int_equal(n2_of(b).qos_flow_to_release_list->count, 1);
	bed_update_n1(b, COMPLETE_0);
	bed_pass(b, SMF_T3591_MS);
	assert_int_equal(s->md, MD_NONE); /* and not for ever */
	assert_int_equal(b->created, 0);
}

/* What changes meanwhile waits, and a rule that goes before the UE has it goes all the same. */
static void changes_one_after_the_other(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x, y;

	decide(&x, "voice", VOICE, 64000);
	decide(&y, "video", "permit out 17 from 192.0.2.9 to assigned", 0);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	assert_int_equal(bed_policy_notify(b, &y.d), SBI_OK);
	remove_rule(b, "voice");
	assert_int_equal(s->flows.count, 3);
	assert_int_equal(b->transfer_count, 1);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(b->transfer_count, 2);
	assert_int_equal(n2_of(b).qos_flow_to_release_list->items[0].qos_flow_identifier, 2);
	assert_int_equal(n2_of(b).qos_flow_add_or_modify_request_list->items[0].qos_flow_identifier, 3);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 3, 0));
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->md, MD_NONE);
	assert_int_equal(s->flows.count, 2);
	assert_non_null(smf_flows_of_rule(&s->flows, "video"));
	assert_int_equal(smf_flow_at(&s->flows, 1)->precedence, 11); /* 10 was taken */
}

/* An idle UE is paged for a flow, and gets the command when it is there. */
static void ue_is_idle(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x;

	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	b->transfer_how = N1_N2_CAUSE_ATTEMPTING_TO_REACH_UE;
	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(b->transfers[0].n2_type, N2_SM_PDU_RES_SETUP_REQ);
	assert_int_equal(b->transfers[0].n1.len, 0);
	assert_int_equal(s->up, UP_PAGING);
	b->transfer_how = 0;
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	/* the bed's gNB takes the default flow only */
	assert_string_equal(b->failed_rule, "voice");
	assert_int_equal(s->flows.count, 1);
}

static void released_meanwhile(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x;

	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	bed_update_n1(b, "2e 01 07 d1"); /* PDU SESSION RELEASE REQUEST, 6.3.2.6 c */
	assert_int_equal(s->state, SM_RELEASING);
	assert_null(s->modification);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(b->answer.n1.len, 0);
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	bed_update_n1(b, "2e 01 07 d4");
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_CONTEXT_NOT_FOUND);
}

/* COMPLETE for nothing, or of another transaction. */
static void stray_answers(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x;

	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(bed_nas(b, &b->answer.n1).gsm_status.cause, NAS_5GSM_PTI_MISMATCH);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	bed_update_n1(b, "2e 01 09 cc");
	assert_int_equal(bed_nas(b, &b->answer.n1).gsm_status.cause, NAS_5GSM_PTI_MISMATCH);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, bytes_of("\xff\xff", 2));
	assert_string_equal(b->failed_rule, "voice");
	assert_int_equal(s->md, MD_COMMANDED);
}

/* What the PCF asks for and nobody could do is reported, each with its name. */
static void rules_that_are_none(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	static const char *const bad[] = { "permit in ip from any to assigned",
		"permit out ip from any to 10.0.0.1", "permit out 6 from any 1,2 to assigned", "" };
	struct decided x;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		decide(&x, "bad", bad[i], 64000);
		b->failed_rule[0] = '\0';
		assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
		assert_string_equal(b->failed_rule, "bad");
	}
	decide(&x, "gbr", VOICE, 0);
	x.qos.five_qi = 1; /* of the GBR type, without a rate */
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	assert_string_equal(b->failed_rule, "gbr");
	decide(&x, "no-qos", VOICE, 0);
	x.d.qos_decs.count = 0;
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	assert_string_equal(b->failed_rule, "no-qos");
	assert_int_equal(b->transfer_count, 0);
	assert_int_equal(s->flows.count, 1);
}

static void as_many_as_can_be(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	char name[8];
	struct decided x;

	for (unsigned i = 1; i < SMF_FLOWS_MAX; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		decide(&x, name, VOICE, 0);
		assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	}
	assert_string_equal(b->failed_rule, "");
	decide(&x, "over", VOICE, 0);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	assert_string_equal(b->failed_rule, "over");
	assert_int_equal(s->flows.count, SMF_FLOWS_MAX);
	assert_int_equal(bed_stat(b, SMF_STAT_FLOWS_REFUSED), 1);
}

/* A process that dies with the command out begins again. */
static void the_smf_restarts(void **state)
{
	struct bed *b = *state;
	struct smf_session *s;
	struct decided x;

	established(b);
	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	bed_restart(b);
	s = smf_session_by_ref(b->smf, b->ref);
	b->transfer_count = 0;
	bed_pass(b, 1000);
	assert_int_equal(s->flows.count, 2);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(s->md, MD_COMMANDED);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->md, MD_NONE);
	assert_true(smf_flows_of_rule(&s->flows, "voice")->at & FLOW_AT_UPF);
}

/* The UPF does not take the flow. */
static void upf_refuses_a_flow(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x;

	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	b->upf_cause = PFCP_CAUSE_NO_RESOURCES;
	bed_update_n1(b, COMPLETE_0);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	assert_string_equal(b->failed_rule, "voice");
	b->upf_cause = 0;
	assert_int_equal(n2_of(b).qos_flow_to_release_list->count, 1);
	bed_update_n1(b, COMPLETE_0);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 0, 0));
	assert_int_equal(s->flows.count, 1);
	assert_int_equal(s->md, MD_NONE);
}

/* 29.244 8.2.12: each flow by its 5QI, in a FAR of its own; also after a restart, and when the 5QI changes.
 */
static void marked_by_five_qi(void **state)
{
	struct bed *b = *state;
	struct smf_session *s;
	struct decided voice;
	struct authorized_default_qos qos = { .five_qi = 7, .arp = { .priority_level = 8 } };
	struct session_rule rule = { .sess_rule_id = "1", .auth_def_qos = &qos };
	struct sm_policy_decision_sess_rules_entry entry = { "1", &rule };
	struct sm_policy_decision d = { .sess_rules = { 1, &entry } };

	b->config.marking_count = 2;
	b->config.markings[0] = (struct smf_marking){ 1, 46 };
	b->config.markings[1] = (struct smf_marking){ 7, 10 };
	b->config.suggested_packets = 9;
	b->upf_features = PFCP_UP_UDBC;
	bed_restart(b);
	s = established(b);
	assert_int_equal(b->suggested, 9);
	assert_int_equal(s->flows.first.dscp, 0);
	assert_int_equal(b->marking[FAR_DOWNLINK], 0xfc);
	decide(&voice, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &voice.d), SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(b->created, 5); /* two PDRs, a QER, a URR and a FAR */
	assert_int_equal(b->marking[n4_far_flow(2)], 46 << 10 | 0xfc);
	bed_restart(b);
	s = smf_session_by_ref(b->smf, b->ref);
	assert_int_equal(smf_flows_find(&s->flows, 2)->dscp, 46);
	b->marking[n4_far_flow(2)] = 0;
	b->marking[FAR_DOWNLINK] = 0;
	assert_true(smf_policy_take(b->smf, s, &d));
	smf_session_event(b->smf, s, SM_EV_MODIFY, NULL);
	bed_run(b);
	assert_int_equal(b->marking[FAR_DOWNLINK], 10 << 10 | 0xfc);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 1, 0));
	bed_update_n1(b, COMPLETE_0);
	b->marking[n4_far_flow(2)] = 1;
	voice.qos.five_qi = 2;
	assert_true(smf_policy_take(b->smf, s, &voice.d));
	smf_session_event(b->smf, s, SM_EV_MODIFY, NULL);
	bed_run(b);
	assert_int_equal(b->marking[n4_far_flow(2)], 0xfc);
}

/* 23.501 5.7.5: only where the UE can, and no longer than it can (24.501 6.4.2.2). */
static void reflective(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided video;
	struct n4_rules rules;
	struct nas_msg m;

	decide(&video, "video", VOICE, 0);
	video.qos.reflective_qos = true;
	assert_int_equal(bed_policy_notify(b, &video.d), SBI_OK);
	assert_false(smf_flows_find(&s->flows, 2)->match->reflective);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	bed_update_n1(b, COMPLETE_0);
	s->reflective = true;
	assert_int_equal(bed_policy_notify(b, &video.d), SBI_OK);
	smf_rules_of(s, &rules);
	assert_true(rules.qer[2].rqi && !rules.qer[1].rqi);
	assert_true(
		n2_of(b).qos_flow_add_or_modify_request_list->items[0]
			.qos_flow_level_qos_parameters->has_reflective_qos_attribute);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	remove_rule(b, "video");
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_true(m.pdu_session_modification_command.has_rq_timer);
	assert_int_equal(nas_timer2_s(m.pdu_session_modification_command.rq_timer), SMF_RQ_TIMER_S);
}

/* The UE says what it can: with reflective QoS nothing changes, without it UPF and gNB are told of each flow.
 */
static void reflective_no_more(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided video, audio;
	struct n4_rules rules;

	s->reflective = true;
	decide(&video, "video", VOICE, 0);
	video.qos.reflective_qos = true;
	assert_int_equal(bed_policy_notify(b, &video.d), SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	bed_update_n1(b, COMPLETE_0);
	decide(&audio, "audio", VOICE, 0);
	audio.qos.five_qi = 6;
	assert_int_equal(bed_policy_notify(b, &audio.d), SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 3, 0));
	bed_update_n1(b, COMPLETE_0);
	assert_true(smf_flows_find(&s->flows, 2)->match->reflective);
	assert_false(smf_flows_find(&s->flows, 3)->match->reflective);
	bed_update_n1(b, "2e 01 09 c9 28 01 01");
	bed_update_n1(b, "2e 01 09 cc");
	assert_true(s->reflective && smf_flows_find(&s->flows, 2)->match->reflective);
	smf_rules_of(s, &rules);
	assert_true(rules.qer[2].rqi);
	b->transfer_count = 0;
	bed_update_n1(b, "2e 01 0a c9 28 01 00");
	assert_false(s->reflective || smf_flows_find(&s->flows, 2)->match->reflective);
	smf_rules_of(s, &rules);
	assert_false(rules.qer[2].rqi);
	assert_int_equal(b->updated, 5); /* its PDRs, FARs and QER, and nothing of the others */
	assert_int_equal(n2_of(b).qos_flow_add_or_modify_request_list->count, 1);
	assert_int_equal(n2_of(b).qos_flow_add_or_modify_request_list->items[0].qos_flow_identifier, 2);
	assert_false(
		n2_of(b).qos_flow_add_or_modify_request_list->items[0]
			.qos_flow_level_qos_parameters->has_reflective_qos_attribute);
}

/* A rule for all packets, with a flow of 5QI 7. */
#define REQUEST_9 "2e 01 09 c9 7a 00 09 00 00 06 21 30 01 01 46 00 79 00 06 00 20 41 01 01 07"

static void ue_asks(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct decided x;
	struct nas_msg m;

	bed_update_n1(b, "2e 01 09 c9"); /* nothing in particular */
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(m.type, NAS_PDU_SESSION_MODIFICATION_COMMAND);
	assert_int_equal(m.pti, 9);
	bed_update_n1(b, "2e 01 09 cc");
	assert_int_equal(s->md, MD_NONE);
	assert_int_equal(b->policy_updates, 0);

	decide(&x, "ue-1", VOICE, 0);
	b->policy_update = &x.d;
	bed_update_n1(b, REQUEST_9);
	assert_int_equal(b->policy_updates, 1);
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(m.type, NAS_PDU_SESSION_MODIFICATION_COMMAND);
	assert_int_equal(m.pti, 9);
	assert_int_equal(
		m.pdu_session_modification_command.qos_rules.items[0].operation, NAS_QOS_RULE_CREATE);
	bed_update_n1(b, REQUEST_9); /* again, or another: this one goes on (6.3.2.6) */
	assert_int_equal(bed_stat(b, SMF_STAT_MODIFICATION_COLLISIONS), 1);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 2, 0));
	bed_update_n1(b, "2e 01 09 cc");
	assert_int_equal(s->md, MD_NONE);
	assert_int_equal(s->flows.count, 2);
}

/* A rule with one filter of those components, both ways, and a flow of 5QI 7. */
static void ask_for_filter(struct bed *b, const char *components)
{
	uint8_t octets[64], n = (uint8_t)test_hex(components, octets, sizeof(octets)).len;
	char hex[512];

	snprintf(hex, sizeof(hex),
		"2e 01 09 c9 7a 00 %02x 00 00 %02x 21 30 %02x %s 46 00 79 00 06 00 20 41 01 01 07", n + 8,
		n + 5, n, components);
	bed_update_n1(b, hex);
}

#define ASKED(request) "{\"repPolicyCtrlReqTriggers\":[\"RES_MO_RE\"],\"ueInitResReq\":{" request "}}"

/* Each component as TS 29.212 5.4.2 writes it; without text: none that can be, or is (#44, #45). */
static void filters_that_ues_ask_for(void **state)
{
	static const struct {
		const char *components, *text;
		uint8_t cause;
	} cases[] = {
		{ "01", "permit out ip from any to assigned", 0 },
		{ "10 0a010203 ffffffff", "permit out ip from 10.1.2.3 to assigned", 0 },
		{ "10 0a010203 ff000000", "permit out ip from 10.0.0.0/8 to assigned", 0 },
		{ "10 0a010203 80000000", "permit out ip from 0.0.0.0/1 to assigned", 0 },
		{ "10 0a010203 00000000", "permit out ip from any to assigned", 0 },
		{ "10 0a010203 ff00ff00", NULL, NAS_5GSM_SYNTACTICAL_ERROR_IN_PACKET_FILTER_S },
		{ "21 20010db8 00000000 00000000 00000001 80", "permit out ip from 2001:db8::1 to assigned",
			0 },
		{ "21 20010db8 00000000 00000000 00000000 20", "permit out ip from 2001:db8::/32 to assigned",
			0 },
		{ "21 20010db8 00000000 00000000 00000001 81", NULL,
			NAS_5GSM_SYNTACTICAL_ERROR_IN_PACKET_FILTER_S },
		{ "21 00000000 00000000 00000000 00000000 00", "permit out ip from any to assigned", 0 },
		{ "21 00000000 00000000 0000ffff 01020304 80", NULL,
			NAS_5GSM_SYNTACTICAL_ERROR_IN_PACKET_FILTER_S },
		{ "30 11", "permit out 17 from any to assigned", 0 },
		{ "30 11 30 11", NULL, NAS_5GSM_SYNTACTICAL_ERROR_IN_PACKET_FILTER_S },
		{ "30 06 40 1234", "permit out 6 from any to assigned 4660", 0 },
		{ "30 06 41 1000 1000", "permit out 6 from any to assigned 4096", 0 },
		{ "30 06 41 1000 1001", "permit out 6 from any to assigned 4096-4097", 0 },
		{ "30 06 41 1001 1000", NULL, NAS_5GSM_SYNTACTICAL_ERROR_IN_PACKET_FILTER_S },
		{ "30 06 40 0001 40 0002", NULL, NAS_5GSM_SYNTACTICAL_ERROR_IN_PACKET_FILTER_S },
		{ "30 11 10 0a010203 ffffffff 50 0050 40 0051",
			"permit out 17 from 10.1.2.3 80 to assigned 81", 0 },
		{ "30 11 51 0050 0051", "permit out 17 from any 80-81 to assigned", 0 },
		{ "60 01020304", NULL, NAS_5GSM_SEMANTIC_ERRORS_IN_PACKET_FILTER_S },
	};
	struct bed *b = *state;

	established(b);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char expected[512];
		struct nas_msg m;

		b->policy_asked[0] = '\0';
		b->policy_update_cause = SBI_NF_CONGESTION;
		ask_for_filter(b, cases[i].components);
		m = bed_nas(b, &bed_last_transfer(b)->n1);
		assert_int_equal(m.type, NAS_PDU_SESSION_MODIFICATION_REJECT);
		assert_int_equal(m.pdu_session_modification_reject.cause,
			cases[i].text ? NAS_5GSM_NETWORK_FAILURE : cases[i].cause);
		snprintf(expected, sizeof(expected),
			ASKED("\"ruleOp\":\"CREATE_PCC_RULE\",\"precedence\":70,\"packFiltInfo\":[{"
			      "\"packFiltId\":\"0\",\"packFiltCont\":\"%s\",\"flowDirection\":"
			      "\"BIDIRECTIONAL\"}],"
			      "\"reqQos\":{\"5qi\":7}"),
			cases[i].text ? cases[i].text : "");
		assert_string_equal(b->policy_asked, cases[i].text ? expected : "");
	}
}

#define FLOW         " 79 00 06 00 20 41 01 01 07"
#define OF_VOICE(op) "\"pccRuleId\":\"voice\",\"ruleOp\":\"" op "\","
#define FIRST        "\"precedence\":70,"
#define PLAIN(list)  "\"packFiltInfo\":[" list "]"
#define FILTER(id, direction)                                                                                \
	"{\"packFiltId\":\"" id                                                                              \
	"\",\"packFiltCont\":\"permit out ip from any to assigned\",\"flowDirection\":\"" direction "\"}"

/* Of a rule that there is: each operation, with as many filters as there can be and one more, each way. */
static void rules_that_ues_change(void **state)
{
	static const struct {
		const char *rule, *asked;
		uint8_t cause;
	} cases[] = {
		{ "7a 00 04 02 00 01 40", ASKED(OF_VOICE("DELETE_PCC_RULE") PLAIN("")), 0 },
		{ "7a 00 04 02 00 01 40" FLOW, ASKED(OF_VOICE("DELETE_PCC_RULE") PLAIN("")), 0 },
		{ "7a 00 06 02 00 03 c0 46 00",
			ASKED(OF_VOICE("MODIFY_PCC_RULE_WITHOUT_MODIFY_PACKET_FILTERS") FIRST PLAIN("")), 0 },
		{ "7a 00 06 02 00 03 c0 46 00 79 00 10 00 20 43 01 01 01 02 03 01 0040 03 03 06 0002",
			ASKED(OF_VOICE("MODIFY_PCC_RULE_WITHOUT_MODIFY_PACKET_FILTERS") FIRST PLAIN(
				"") ",\"reqQos\":{\"5qi\":1,\"gbrUl\":\"64 Kbps\",\"gbrDl\":\"2 Mbps\"}"),
			0 },
		{ "7a 00 0c 02 00 09 62 20 01 01 11 01 01 46 00",
			ASKED(OF_VOICE("MODIFY_PCC_RULE_AND_ADD_PACKET_FILTERS")
					FIRST PLAIN(FILTER("0", "UPLINK") "," FILTER("1", "DOWNLINK"))),
			0 },
		{ "7a 00 09 02 00 06 81 3f 01 01 46 00",
			ASKED(OF_VOICE("MODIFY_ PCC_RULE_AND_REPLACE_PACKET_FILTERS")
					FIRST PLAIN(FILTER("15", "BIDIRECTIONAL"))),
			0 },
		{ "7a 00 08 02 00 05 a2 00 0f 46 00",
			ASKED(OF_VOICE("MODIFY_ PCC_RULE_AND_DELETE_PACKET_FILTERS")
					FIRST PLAIN("{\"packFiltId\":\"0\"},{\"packFiltId\":\"15\"}")),
			0 },
		{ "7a 00 12 02 00 0f 64 30 01 01 31 01 01 32 01 01 33 01 01 46 00",
			ASKED(OF_VOICE("MODIFY_PCC_RULE_AND_ADD_PACKET_FILTERS") FIRST PLAIN(
				FILTER("0", "BIDIRECTIONAL") "," FILTER("1", "BIDIRECTIONAL") "," FILTER(
					"2", "BIDIRECTIONAL") "," FILTER("3", "BIDIRECTIONAL"))),
			0 },
		{ "7a 00 15 02 00 12 65 30 01 01 31 01 01 32 01 01 33 01 01 34 01 01 46 00", "",
			NAS_5GSM_INSUFFICIENT_RESOURCES },
		{ "7a 00 06 02 00 03 d0 46 00", "", NAS_5GSM_SEMANTIC_ERROR_IN_THE_QOS_OPERATION },
		{ "7a 00 06 02 00 03 a0 46 00", "", NAS_5GSM_SYNTACTICAL_ERROR_IN_THE_QOS_OPERATION },
		{ "7a 00 08 02 00 01 40 03 00 01 40", "", NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED },
		{ "7a 00 04 02 00 01 40 79 00 0c 00 20 41 01 01 07 01 20 41 01 01 07", "",
			NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED },
		{ FLOW, "", NAS_5GSM_SEMANTIC_ERROR_IN_THE_QOS_OPERATION },
	};
	struct bed *b = *state;

	voice_is_there(b, established(b));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg m;
		char hex[256];

		b->policy_asked[0] = '\0';
		b->policy_update_cause = SBI_NF_CONGESTION;
		snprintf(hex, sizeof(hex), "2e 01 09 c9 %s", cases[i].rule);
		bed_update_n1(b, hex);
		m = bed_nas(b, &bed_last_transfer(b)->n1);
		assert_int_equal(m.type, NAS_PDU_SESSION_MODIFICATION_REJECT);
		assert_int_equal(m.pdu_session_modification_reject.cause,
			cases[i].cause ? cases[i].cause : NAS_5GSM_NETWORK_FAILURE);
		assert_string_equal(b->policy_asked, cases[i].asked);
	}
}

static void ue_asks_in_vain(void **state)
{
	static const struct {
		const char *n1;
		enum sbi_cause cause;
		uint8_t gsm;
	} cases[] = {
		{ REQUEST_9, SBI_REQUESTED_SERVICE_NOT_AUTHORIZED,
			NAS_5GSM_REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED },
		{ REQUEST_9, SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED, 44 },
		{ REQUEST_9, SBI_INSUFFICIENT_RESOURCES, 26 },
		{ REQUEST_9, SBI_CONTEXT_NOT_FOUND, 31 },
		{ REQUEST_9, SBI_NF_CONGESTION, 38 },
		/* the default rule; a rule that there is not; filters where there are none, and none */
		{ "2e 01 09 c9 7a 00 04 01 00 01 40", SBI_OK, 83 },
		{ "2e 01 09 c9 7a 00 04 07 00 01 40", SBI_OK, 83 },
		{ "2e 01 09 c9 7a 00 06 00 00 03 20 46 00", SBI_OK, 84 },
		/* an IPsec filter; a mask with holes; no component */
		{ "2e 01 09 c9 7a 00 0d 00 00 0a 21 30 05 60 01 02 03 04 46 00", SBI_OK, 44 },
		{ "2e 01 09 c9 7a 00 11 00 00 0e 21 30 09 10 0a 00 00 00 ff 00 ff 00 46 00", SBI_OK, 45 },
		{ "2e 01 09 c9 7a 00 08 00 00 05 21 30 00 46 00", SBI_OK, 45 },
		/* a rule without a flow */
		{ "2e 01 09 c9 7a 00 09 00 00 06 21 30 01 01 46 00", SBI_OK, 83 },
	};
	struct bed *b = *state;
	struct smf_session *s = established(b);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg m;

		b->policy_update_cause = cases[i].cause;
		bed_update_n1(b, cases[i].n1);
		m = bed_nas(b, &bed_last_transfer(b)->n1);
		assert_int_equal(m.type, NAS_PDU_SESSION_MODIFICATION_REJECT);
		assert_int_equal(m.pti, 9);
		assert_int_equal(m.pdu_session_modification_reject.cause, cases[i].gsm);
		assert_int_equal(s->md, MD_NONE);
	}
	assert_int_equal(s->flows.count, 1);
}

/* The gNB gives a flow up by itself (38.413 8.2.4). */
static void gnb_gives_a_flow_up(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct ngap_qos_flow_with_cause_item gone = { 2,
		{ NGAP_CAUSE_TAG_RADIO_NETWORK,
			{ .radio_network = NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE } } };
	struct ngap_qos_flow_list_with_cause goes = { 1, &gone };
	struct ngap_pdu_session_resource_notify_transfer t = { .qos_flow_released_list = &goes };
	uint8_t octets[64];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(ngap_value_encode(&ngap_pdu_session_resource_notify_transfer_type, &t, &w));
	voice_is_there(b, s);
	bed_update_n2(b, N2_SM_PDU_RES_NTY, writer_bytes(&w));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_string_equal(b->failed_rule, "voice");
	assert_int_equal(b->removed, 4);
	assert_int_equal(bed_nas(b, &bed_last_transfer(b)->n1)
				 .pdu_session_modification_command.qos_rules.items[0]
				 .operation,
		NAS_QOS_RULE_DELETE);
	assert_int_equal(bed_last_transfer(b)->n2.len, 0);
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->flows.count, 1);
	bed_update_n2(b, N2_SM_PDU_RES_NTY, bytes_of("\xff", 1));
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
}

static const struct ngap_qos_flow_level_qos_parameters *only_flow(
	const struct ngap_pdu_session_resource_modify_request_transfer *t, uint8_t qfi)
{
	assert_int_equal(t->qos_flow_add_or_modify_request_list->count, 1);
	assert_int_equal(t->qos_flow_add_or_modify_request_list->items[0].qos_flow_identifier, qfi);
	return t->qos_flow_add_or_modify_request_list->items[0].qos_flow_level_qos_parameters;
}

static void is_done(struct bed *b, struct smf_session *s, uint8_t qfi)
{
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, qfi, 0));
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->md, MD_NONE);
}

/* The command: one rule of this operation, one flow of that, with so much guaranteed. */
static void command_is(struct bed *b, uint8_t rule_operation, uint8_t flow_operation, unsigned kbps)
{
	struct nas_msg m = bed_nas(b, &bed_last_transfer(b)->n1);
	const struct nas_pdu_session_modification_command *c = &m.pdu_session_modification_command;

	assert_int_equal(c->qos_rules.count, 1);
	assert_int_equal(c->qos_rules.items[0].operation, rule_operation);
	assert_int_equal(c->qos_flows.count, 1);
	assert_int_equal(c->qos_flows.items[0].operation, flow_operation);
	assert_int_equal(c->qos_flows.items[0].qfi, 2);
	if (kbps)
		assert_int_equal(nas_bit_rate_kbps(c->qos_flows.items[0].gfbr_uplink), kbps);
}

/* 23.503 6.1.3.2.4: one flow at gNB and UE, with what both guarantee; the UPF has each. */
static void rules_of_one_qos(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct ngap_pdu_session_resource_modify_request_transfer t;
	struct decided x;

	voice_is_there(b, s);
	b->created = b->removed = 0;
	decide(&x, "control", "permit out 17 from 192.0.2.0/24 5061 to assigned", 5000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	t = n2_of(b);
	assert_int_equal(only_flow(&t, 2)->gbr_qos_information->guaranteed_flow_bit_rate_dl, 69000);
	command_is(b, NAS_QOS_RULE_CREATE, NAS_QOS_FLOW_MODIFY, 69);
	is_done(b, s, 2);
	assert_int_equal(b->created, 4);
	/* the first goes, its flow stays */
	remove_rule(b, "voice");
	assert_int_equal(b->removed, 4);
	t = n2_of(b);
	assert_null(t.qos_flow_to_release_list);
	assert_int_equal(only_flow(&t, 2)->gbr_qos_information->guaranteed_flow_bit_rate_dl, 5000);
	command_is(b, NAS_QOS_RULE_DELETE, NAS_QOS_FLOW_MODIFY, 5);
	is_done(b, s, 2);
	assert_int_equal(s->flows.count, 2);
	/* what the gNB does not take goes alone */
	decide(&x, "voice", VOICE, 64000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_MOD_RSP, modify_response(b, 0, 2));
	assert_string_equal(b->failed_rule, "voice");
	bed_update_n1(b, COMPLETE_0);
	command_is(b, NAS_QOS_RULE_DELETE, NAS_QOS_FLOW_MODIFY, 5);
	bed_update_n1(b, COMPLETE_0);
	assert_int_equal(s->flows.count, 2);
	/* of another priority it is in a flow of its own, and the last of a flow takes it along */
	x.arp.priority_level = 5;
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	t = n2_of(b);
	assert_int_equal(only_flow(&t, 4)->gbr_qos_information->guaranteed_flow_bit_rate_dl, 64000);
	is_done(b, s, 4);
	remove_rule(b, "control");
	command_is(b, NAS_QOS_RULE_DELETE, NAS_QOS_FLOW_DELETE, 0);
	t = n2_of(b);
	assert_int_equal(t.qos_flow_to_release_list->items[0].qos_flow_identifier, 2);
}

/* One that changes its QoS leaves the flow that it shares. */
static void a_rule_changes_its_flow(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct ngap_pdu_session_resource_modify_request_transfer t;
	struct decided x;

	voice_is_there(b, s);
	decide(&x, "control", "permit out 17 from 192.0.2.0/24 5061 to assigned", 5000);
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	is_done(b, s, 2);
	x.arp.priority_level = 5;
	assert_int_equal(bed_policy_notify(b, &x.d), SBI_OK);
	t = n2_of(b);
	assert_int_equal(t.qos_flow_add_or_modify_request_list->count, 2);
	assert_null(t.qos_flow_to_release_list);
	is_done(b, s, 4);
	assert_int_equal(smf_flows_of_rule(&s->flows, "control")->qfi, 4);
	assert_int_equal(smf_flows_rates(&s->flows, 2).gbr.uplink_bps, 64000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_flow_comes_and_goes),
		TEST(a_flow_changes),
		TEST(gnb_refuses_a_flow),
		TEST(gnb_refuses_all),
		TEST(ue_refuses_a_flow),
		TEST(ue_has_no_such_session),
		TEST(ue_knows_no_transaction),
		TEST(ue_is_silent),
		TEST(gnb_is_silent),
		TEST(changes_one_after_the_other),
		TEST(ue_is_idle),
		TEST(released_meanwhile),
		TEST(stray_answers),
		TEST(rules_that_are_none),
		TEST(marked_by_five_qi),
		TEST(reflective),
		TEST(reflective_no_more),
		TEST(as_many_as_can_be),
		TEST(the_smf_restarts),
		TEST(upf_refuses_a_flow),
		TEST(ue_asks),
		TEST(ue_asks_in_vain),
		TEST(filters_that_ues_ask_for),
		TEST(rules_that_ues_change),
		TEST(gnb_gives_a_flow_up),
		TEST(rules_of_one_qos),
		TEST(a_rule_changes_its_flow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
