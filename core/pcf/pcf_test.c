/* The PCF: what its rules leave of a subscription, and the usage reported to it. */
#include "core/pcf/pcf.h"

#include "core/nf/nf_bed.h"

static struct nf_bed bed;
static struct pcf *pcf;

static int setup(void **state)
{
	struct pcf_config config = { .sm_rule_count = 2,
		.sm_rules = { { .dnn = "slow",
				      .max_session_ambr = { 100, 0 },
				      .five_qi = 7,
				      .arp_priority_level = 2 },
			{ .max_session_ambr = { 0, 500 } } } };

	nf_bed_init(&bed);
	config.plmn = bed.plmn;
	pcf = pcf_new(&config, &bed.t.env, bed.bus);
	assert_non_null(pcf);
	return 0;
}

static int teardown(void **state)
{
	pcf_free(pcf);
	nf_bed_fini(&bed);
	return 0;
}

static const struct session_rule *rule_for(const char *dnn, struct ambr *ambr, struct default_qos *qos)
{
	struct npcf_sm_policy_create_req req = { { .supi = bed.supi,
		.pdu_session_id = 5,
		.dnn = dnn,
		.subs_sess_ambr = ambr,
		.subs_def_qos = qos } };
	const struct npcf_sm_policy_create_rsp *rsp;

	assert_int_equal(nf_bed_ask(&bed, SBI_PCF_SM_POLICY_CREATE, &req), SBI_OK);
	rsp = bed.body;
	assert_memory_equal(rsp->policy_id, "sm-001010000000001-5-", 21);
	assert_int_equal(rsp->data.sess_rules.count, 1);
	return rsp->data.sess_rules.entries[0].value;
}

static void test_rules(void **state)
{
	struct ambr ambr = { 1000, 1000 };
	struct default_qos qos = { .five_qi = 9, .arp = { 8, true, false } };
	const struct session_rule *r = rule_for("slow", &ambr, &qos);

	assert_int_equal(r->auth_sess_ambr->uplink_bps, 100);
	assert_int_equal(r->auth_sess_ambr->downlink_bps, 1000);
	assert_int_equal(r->auth_def_qos->five_qi, 7);
	assert_int_equal(r->auth_def_qos->arp.priority_level, 2);
	assert_true(r->auth_def_qos->arp.may_preempt);
	r = rule_for("internet", &ambr, &qos);
	assert_int_equal(r->auth_sess_ambr->uplink_bps, 1000);
	assert_int_equal(r->auth_sess_ambr->downlink_bps, 500);
	assert_int_equal(r->auth_def_qos->five_qi, 9);
	assert_int_equal(r->auth_def_qos->arp.priority_level, 8);
	/* never more than was subscribed */
	ambr = (struct ambr){ 50, 60 };
	r = rule_for("slow", &ambr, &qos);
	assert_int_equal(r->auth_sess_ambr->uplink_bps, 50);
	assert_int_equal(r->auth_sess_ambr->downlink_bps, 60);
	/* what was not subscribed is not authorized */
	r = rule_for("slow", NULL, NULL);
	assert_null(r->auth_sess_ambr);
	assert_null(r->auth_def_qos);
}

static void test_usage(void **state)
{
	static const struct accu_usage_report reports[] = {
		{ .ref_um_ids = "1",
			.has_vol_usage_uplink = true,
			.vol_usage_uplink = 10,
			.has_vol_usage_downlink = true,
			.vol_usage_downlink = 20 },
		{ .ref_um_ids = "2", .has_vol_usage_uplink = true, .vol_usage_uplink = 1 },
	};
	struct npcf_sm_policy_delete_req req = { "sm-001010000000001-5",
		{ .accu_usage_reports = { 2, reports } } };
	uint64_t up, down;

	assert_int_equal(nf_bed_ask(&bed, SBI_PCF_SM_POLICY_DELETE, &req), SBI_OK);
	assert_int_equal(nf_bed_ask(&bed, SBI_PCF_SM_POLICY_DELETE, &req), SBI_OK);
	pcf_usage(pcf, &up, &down);
	assert_int_equal(up, 22);
	assert_int_equal(down, 40);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_rules),
		TEST(test_usage),
	};

	return cmocka_run_group_tests_name("core/pcf", tests, NULL, NULL);
}
