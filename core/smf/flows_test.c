/* Sessions of several flows: the set, and what is sent of it to UPF, UE and gNB. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

static const struct smf_match voice = { .pcc_rule_id = "voice",
	.gbr = { 64000, 64000 },
	.mbr = { 128000, 128000 },
	.filter_count = 1,
	.filters = { { .id = 1,
		.direction = NAS_FILTER_BOTH,
		.protocol = 17,
		.remote = { 0, UINT64_C(0xffff) << 32 | 0x08080800 },
		.remote_bits = 24,
		.remote_low = 5060,
		.remote_high = 5060,
		.local_low = 1000,
		.local_high = 2000 } } };

static struct smf_flow flow_of(uint8_t qfi)
{
	return (struct smf_flow){ .qfi = qfi,
		.rule_id = qfi,
		.precedence = qfi,
		.five_qi = 1,
		.arp = { .priority_level = 2 },
		.match = (struct smf_match *)&voice };
}

static void the_set(void **state)
{
	struct smf_flows f = { 0 };
	struct smf_flow flow = flow_of(2);

	assert_false(smf_flows_add(&f, &flow)); /* no dedicated flow without a default one */
	smf_flows_begin(&f, &(struct default_qos){ .five_qi = 9 });
	assert_null(f.more); /* nor memory for it */
	flow.qfi = SMF_DEFAULT_QFI;
	assert_false(smf_flows_add(&f, &flow));
	for (uint8_t qfi = 2; qfi <= SMF_FLOWS_MAX; qfi++) {
		flow = flow_of(qfi);
		assert_true(smf_flows_add(&f, &flow));
	}
	flow = flow_of(60);
	assert_false(smf_flows_add(&f, &flow)); /* one over */
	assert_ptr_not_equal(smf_flows_find(&f, 2)->match, &voice);
	smf_flows_find(&f, 3)->leaving = smf_flows_find(&f, 5)->leaving = true;
	smf_flows_find(&f, 5)->at = FLOW_AT_UPF;
	smf_flows_purge(&f);
	assert_int_equal(f.count, SMF_FLOWS_MAX - 1);
	assert_null(smf_flows_find(&f, 3));
	assert_int_equal(smf_flows_find(&f, 5)->qfi, 5); /* the UPF has it still */
	assert_string_equal(smf_flows_find(&f, SMF_FLOWS_MAX)->match->pcc_rule_id, "voice");
	smf_flows_fini(&f);
	assert_int_equal(f.count, 0);
}

static struct smf_session *established(struct bed *b)
{
	struct smf_session *s;

	bed_establish(b);
	s = smf_session_by_ref(b->smf, b->ref);
	assert_non_null(s);
	return s;
}

static void n4_gets_the_difference(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct smf_flow flow = flow_of(2);

	assert_int_equal(b->updated, 1); /* the downlink FAR, and nothing else */
	assert_int_equal(b->created + b->removed, 0);
	assert_true(smf_flows_add(&s->flows, &flow));
	assert_true(smf_n4_modify(b->smf, s));
	bed_run(b);
	assert_int_equal(b->created, 4); /* two PDRs, a QER and a URR */
	assert_int_equal(b->updated + b->removed, 0);
	assert_string_equal(b->sdf_filter, "permit out 17 from 8.8.8.0/24 5060 to assigned 1000-2000");
	assert_true(smf_flows_find(&s->flows, 2)->at & FLOW_AT_UPF);

	b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST] = 0;
	assert_true(smf_n4_modify(b->smf, s)); /* nothing differs: nothing is sent */
	bed_run(b);
	assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], 0);

	s->ambr.uplink_bps *= 2;
	smf_flows_find(&s->flows, 2)->leaving = true;
	assert_true(smf_n4_modify(b->smf, s));
	bed_run(b);
	assert_int_equal(b->removed, 4);
	assert_int_equal(b->updated, 1); /* the session's QER */
	assert_int_equal(b->created, 0);
	assert_int_equal(s->flows.count, 1);
}

/* While a change of the rules is not answered, another waits for it. */
static void changes_of_rules_one_after_the_other(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct smf_flow flow = flow_of(2);

	b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST] = 0;
	b->upf_drop = 1;
	assert_true(smf_flows_add(&s->flows, &flow));
	assert_true(smf_n4_modify(b->smf, s));
	bed_run(b);
	flow = flow_of(3);
	assert_true(smf_flows_add(&s->flows, &flow));
	assert_true(smf_n4_modify(b->smf, s));
	bed_run(b);
	assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], 1);
	assert_false(smf_flows_find(&s->flows, 2)->at & FLOW_AT_UPF);
	bed_pass(b, PFCP_T1_MS + 100); /* repeated, answered, and then the other */
	assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], 3);
	assert_int_equal(b->created, 4);
	assert_true(smf_flows_find(&s->flows, 3)->at & FLOW_AT_UPF);
}

/* A UPF that never answers a change of rules has nobody knows what: it gets the session whole. */
static void unanswered_change_of_rules(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct smf_flow flow = flow_of(2);

	b->upf_off = true;
	assert_true(smf_flows_add(&s->flows, &flow));
	assert_true(smf_n4_modify(b->smf, s));
	bed_run(b);
	bed_pass(b, PFCP_GIVE_UP_MS);
	assert_true(smf_session_is_lost(b->smf, s));
	b->upf_off = false;
	bed_pass(b, SMF_ASSOCIATION_RETRY_MS + 1000);
	assert_false(smf_session_is_lost(b->smf, s));
	assert_int_equal(b->created, 4 + 2 + 3 + 2);
	assert_true(smf_flows_find(&s->flows, 2)->at & FLOW_AT_UPF);
	assert_int_equal(bed_stat(b, SMF_STAT_RESTORED), 1);
}

static void told_to_ue_and_gnb(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct smf_flow flow = flow_of(2);
	struct ngap_pdu_session_resource_setup_request_transfer t = { 0 };
	const struct ngap_gbr_qos_information *gbr;
	struct per_diag diag = { 0 };
	struct bed_octets n1;
	struct nas_msg m;
	const struct nas_qos_rule *rule;
	struct bytes octets;

	assert_true(smf_flows_add(&s->flows, &flow));
	octets = smf_nas_sm_accept(b->smf, s);
	assert_true(bytes_copy(n1.data, sizeof(n1.data), octets));
	n1.len = octets.len;
	m = bed_nas(b, &n1);
	assert_int_equal(m.pdu_session_establishment_accept.qos_rules.count, 2);
	assert_int_equal(m.pdu_session_establishment_accept.qos_flows.count, 2);
	rule = &m.pdu_session_establishment_accept.qos_rules.items[1];
	assert_false(rule->is_default);
	assert_int_equal(rule->qfi, 2);
	assert_int_equal(rule->filter_count, 1);
	assert_int_equal(rule->filters[0].component_count, 4);
	assert_int_equal(rule->filters[0].components[0].type, NAS_FILTER_IPV4_REMOTE);
	assert_int_equal(rule->filters[0].components[2].type, NAS_FILTER_LOCAL_PORT_RANGE);
	assert_int_equal(rule->filters[0].components[3].type, NAS_FILTER_REMOTE_PORT);
	assert_int_equal(
		nas_bit_rate_kbps(m.pdu_session_establishment_accept.qos_flows.items[1].gfbr_uplink), 64);
	assert_false(m.pdu_session_establishment_accept.qos_flows.items[0].has_gfbr_uplink);

	arena_reset(&b->arena);
	assert_true(ngap_value_decode(&ngap_pdu_session_resource_setup_request_transfer_type,
		smf_n2_sm_setup_request(b->smf, s), &b->arena, &t, &diag));
	assert_int_equal(t.qos_flow_setup_request_list.count, 2);
	assert_null(t.qos_flow_setup_request_list.items[0].qos_flow_level_qos_parameters.gbr_qos_information);
	gbr = t.qos_flow_setup_request_list.items[1].qos_flow_level_qos_parameters.gbr_qos_information;
	assert_int_equal(gbr->maximum_flow_bit_rate_dl, 128000);
	assert_int_equal(gbr->guaranteed_flow_bit_rate_ul, 64000);
}

/* As many flows and filters as there may be, as long as they can be encoded: each message has room. */
static void as_many_as_can_be(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct smf_match match = voice;
	char dnn[DNN_STR_SIZE];

	memset(dnn, 'd', sizeof(dnn));
	dnn[60] = '.';
	dnn[sizeof(dnn) - 2] = '\0'; /* in labels one octet more: 100 */
	str_copy(b->smf->config.dnns[0].dnn, DNN_STR_SIZE, dnn);
	match.filter_count = SMF_FILTERS_MAX;
	for (int i = 0; i < SMF_FILTERS_MAX; i++)
		match.filters[i] = (struct smf_filter){ .id = (uint8_t)(i + 1),
			.direction = NAS_FILTER_BOTH,
			.protocol = 255,
			.remote = { UINT64_MAX, UINT64_MAX },
			.remote_bits = 128,
			.remote_low = 60000,
			.remote_high = 65535,
			.local_low = 60000,
			.local_high = 65535 };
	for (uint8_t qfi = 64 - SMF_FLOWS_MAX + 1; qfi < 64; qfi++) {
		struct smf_flow flow = flow_of(qfi);

		flow.match = &match;
		assert_true(smf_flows_add(&s->flows, &flow));
	}
	assert_true(smf_nas_sm_accept(b->smf, s).len > 0);
	assert_true(smf_n2_sm_setup_request(b->smf, s).len > 0);
	assert_true(smf_n4_modify(b->smf, s));
	assert_true(smf_n4_establish(b->smf, s));
	outbox_reset(&b->t.outbox);
}

/* A dedicated flow that the gNB does not take goes, at the UPF too; without the default flow nothing is set
 * up. */
static void gnb_takes_some(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct smf_flow flow = flow_of(2);

	assert_true(smf_flows_add(&s->flows, &flow));
	assert_true(smf_n4_modify(b->smf, s));
	bed_run(b);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040002, 0x78));
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATED);
	assert_int_equal(s->flows.count, 1);
	assert_int_equal(b->removed, 4);
	assert_int_equal(b->updated, 1);
	assert_int_equal(b->sessions[0].dl_teid, 0x78);
	assert_int_equal(s->flows.first.at & ~FLOW_ASKED, FLOW_AT_UPF | FLOW_AT_GNB | FLOW_AT_UE);
}

/* All of them outlive both restarts, and a choice of F-TEID is one for all. */
static void flows_survive(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = established(b);
	struct smf_flow flow = flow_of(2);
	struct n4_rules rules, after;
	struct n4_delta d;

	assert_true(smf_flows_add(&s->flows, &flow));
	assert_true(smf_n4_modify(b->smf, s));
	smf_session_dirty(b->smf, s);
	bed_run(b);
	bed_upf_restart(b);
	bed_restart(b);
	s = smf_session_by_ref(b->smf, b->ref);
	assert_int_equal(s->flows.count, 2);
	assert_int_equal(b->created, 4 + 2 + 3 + 2);
	assert_false(b->chose_once); /* the old one */
	assert_true(smf_match_equal(smf_flows_find(&s->flows, 2)->match, &voice));
	smf_rules_of(s, &rules);
	smf_rules_confirmed(s, &after);
	n4_diff(&after, &rules, &d);
	assert_true(n4_delta_is_empty(&d));
	s->uplink = (struct smf_tunnel){ 0 };
	assert_true(smf_n4_establish(b->smf, s));
	bed_run(b);
	assert_true(b->chose_once);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_set),
		TEST(n4_gets_the_difference),
		TEST(changes_of_rules_one_after_the_other),
		TEST(unanswered_change_of_rules),
		TEST(told_to_ue_and_gnb),
		TEST(as_many_as_can_be),
		TEST(gnb_takes_some),
		TEST(flows_survive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
