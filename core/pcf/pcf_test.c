/* The PCF: what its rules leave of a subscription, and the usage reported to it. */
#include "core/pcf/pcf.h"

#include "base/text.h"
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
			{ .max_session_ambr = { 0, 500 }, .ue_flows = true } } };

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

/* 29.507 4.2.2, 4.2.5: an association is the UE's, and nothing of what the AMF has is changed by it. */
static void test_am_policy(void **state)
{
	struct npcf_am_policy_create_req req = { { .supi = bed.supi, .supp_feat = "0" } };
	struct npcf_am_policy_delete_req end = { "am-001010000000001" };
	const struct npcf_am_policy_create_rsp *rsp;

	assert_int_equal(nf_bed_ask(&bed, SBI_PCF_AM_POLICY_CREATE, &req), SBI_OK);
	rsp = bed.body;
	assert_string_equal(rsp->policy_id, end.policy_id);
	assert_string_equal(rsp->data.supp_feat, "0");
	assert_int_equal(rsp->data.triggers.count, 0);
	assert_true(supi_parse("001010000000002", &req.data.supi));
	assert_int_equal(nf_bed_ask(&bed, SBI_PCF_AM_POLICY_CREATE, &req), SBI_OK);
	rsp = bed.body;
	assert_string_equal(rsp->policy_id, "am-001010000000002");
	assert_int_equal(nf_bed_ask(&bed, SBI_PCF_AM_POLICY_DELETE, &end), SBI_OK);
	assert_null(bed.body);
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

/* The SMF of a session, which hears of changes. */
static uint32_t notified;
static char changed[PCF_NAME_SIZE];
static bool removed;
static struct ambr told_gbr, told_mbr;

static void smf_request(void *self, const struct sbi_request *r)
{
	const struct npcf_sm_policy_notify_req *req = r->body;
	const struct sm_policy_decision *d = req->data.sm_policy_decision;

	assert_int_equal(r->op, SBI_SMF_SM_POLICY_NOTIFY);
	assert_string_equal(req->callback, "abc");
	notified++;
	str_copy(changed, sizeof(changed), d->pcc_rules.entries[0].key);
	removed = !d->pcc_rules.entries[0].value;
	if (d->qos_decs.count > 0) {
		const struct qos_data *q = d->qos_decs.entries[0].value;

		told_gbr = (struct ambr){ q->gbr_ul, q->gbr_dl };
		told_mbr = (struct ambr){ q->maxbr_ul, q->maxbr_dl };
	}
	sbi_answer(bed.bus, r->id, SBI_OK, NULL);
}

static void smf_answer(void *self, const struct sbi_answer *a)
{
	struct npcf_sm_policy_create_rsp *to = self;

	assert_int_equal(a->cause, SBI_OK);
	if (a->op == SBI_PCF_SM_POLICY_CREATE)
		str_copy((char *)to->policy_id, POLICY_ID_SIZE,
			((const struct npcf_sm_policy_create_rsp *)a->body)->policy_id);
}

/* A session of the SMF; its policy's name in id. */
static void session_begins(char id[POLICY_ID_SIZE])
{
	static const struct sbi_nf_ops ops = { smf_request, smf_answer };
	struct npcf_sm_policy_create_rsp to = { .policy_id = id };
	struct ambr ambr = { 1000, 1000 };
	struct npcf_sm_policy_create_req req = { { .supi = bed.supi,
		.pdu_session_id = 5,
		.dnn = "internet",
		.notification_uri = "/callback/sm-policy/abc",
		.subs_sess_ambr = &ambr } };
	struct sbi_nf *smf = sbi_attach(bed.bus, NF_SMF, "6b35ad7a-0000-4000-8000-000000000009", &ops, &to);

	assert_non_null(smf);
	notified = 0;
	sbi_call(smf, sbi_any(bed.bus, NF_PCF), SBI_PCF_SM_POLICY_CREATE, &req, (struct sbi_token){ 0 });
	sbi_run(bed.bus);
}

static bool order(bool add, const char *const *words, char error[PCF_ERROR_SIZE])
{
	struct pcf_order o;

	pcf_order_begin(&o, &bed.supi);
	for (; *words; words++)
		if (!pcf_order_take(&o, bytes_of_str(*words), error))
			return false;
	if (add && !pcf_order_complete(&o, error))
		return false;
	if (!(add ? pcf_flow_add(pcf, &o, error) : pcf_flow_remove(pcf, &o, error)))
		return false;
	sbi_run(bed.bus);
	return true;
}

#define FILTER "filter=permit out 17 from 192.0.2.0/24 5060 to assigned"

static void test_orders(void **state)
{
	static const char *const add[] = { "name=voice", "5qi=1", "gbr=64Kbps/128Kbps", FILTER, NULL };
	static const char *const gone[] = { "name=voice", NULL };
	char id[POLICY_ID_SIZE], error[PCF_ERROR_SIZE];
	struct rule_report report = { .rule_status = RULE_STATUS_INACTIVE };
	const char *name = "voice";
	struct npcf_sm_policy_update_req update = { id, { .rule_reports = { 1, &report } } };

	assert_false(order(true, add, error)); /* no session */
	session_begins(id);
	assert_true(order(true, add, error));
	assert_int_equal(notified, 1);
	assert_string_equal(changed, "voice");
	assert_false(removed);
	assert_true(order(true, add, error)); /* again: a change */
	assert_int_equal(notified, 2);
	assert_true(order(false, gone, error));
	assert_true(removed);
	assert_false(order(false, gone, error));
	assert_int_equal(notified, 3);
	/* what the SMF could not have is not there any more */
	assert_true(order(true, add, error));
	report.pcc_rule_ids = (struct text_list){ 1, &name };
	assert_int_equal(nf_bed_ask(&bed, SBI_PCF_SM_POLICY_UPDATE, &update), SBI_OK);
	assert_false(order(false, gone, error));
	/* nor of another association */
	id[strlen(id) - 1] ^= 1;
	assert_int_equal(nf_bed_ask(&bed, SBI_PCF_SM_POLICY_UPDATE, &update), SBI_CONTEXT_NOT_FOUND);
}

/* One rate is both ways'; of two the first is the uplink's. No MBR is the GBR. */
static void test_rates(void **state)
{
	static const struct {
		const char *words[5];
		struct ambr gbr, mbr;
	} rows[] = {
		{ { "gbr=64Kbps" }, { 64000, 64000 }, { 64000, 64000 } },
		{ { "gbr=64Kbps/128Kbps" }, { 64000, 128000 }, { 64000, 128000 } },
		{ { "gbr=64Kbps/128Kbps", "mbr=1Mbps" }, { 64000, 128000 }, { 1000000, 1000000 } },
		{ { "gbr=64Kbps", "mbr=1Mbps/64Kbps" }, { 64000, 64000 }, { 1000000, 64000 } },
	};
	char id[POLICY_ID_SIZE], error[PCF_ERROR_SIZE];

	session_begins(id);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *words[] = { "name=voice", "5qi=1", FILTER, rows[i].words[0], rows[i].words[1],
			NULL };

		assert_true(order(true, words, error));
		assert_memory_equal(&told_gbr, &rows[i].gbr, sizeof(told_gbr));
		assert_memory_equal(&told_mbr, &rows[i].mbr, sizeof(told_mbr));
	}
}

static void test_orders_that_are_none(void **state)
{
	static const struct {
		const char *words[6];
		const char *error;
	} bad[] = {
		{ { "5qi=7" }, "filter: expected at least one" },
		{ { FILTER }, "5qi: expected a 5QI from 1 to 254" },
		{ { FILTER, "5qi=1" }, "gbr: expected a rate: the 5QI is of the GBR type" },
		{ { FILTER, "5qi=7", "gbr=1Mbps" }, "gbr: expected none: the 5QI is not of the GBR type" },
		{ { FILTER, "5qi=1", "gbr=1Mbps", "mbr=500Kbps" }, "mbr: expected no less than gbr" },
		{ { FILTER, "5qi=1", "gbr=1Mbps", "reflective=yes" },
			"reflective: expected a flow without GBR (23.501 5.7.5.1)" },
		{ { FILTER, "5qi=7", "notify=yes" }, "notify: expected a GBR flow" },
		{ { "5qi=255" }, "5qi: expected a 5QI from 1 to 254" },
		{ { "arp=16" }, "arp: expected a priority from 1 to 15" },
		{ { "gate=ajar" }, "gate: expected open, closed, uplink or downlink" },
		{ { "name=two words" }, "name: expected 1 to 31 letters, digits and \"-_.\"" },
		{ { "filter=permit out ip from any to 10.0.0.1" },
			"filter: expected \"assigned\" or \"any\" after \"to\": the UE's own address" },
		{ { FILTER, FILTER, FILTER, FILTER, FILTER }, "filter: expected at most 4 filters" },
		{ { "colour=red" }, NULL },
		{ { "5qi" }, "flow: expected words like 5qi=1" },
	};
	char id[POLICY_ID_SIZE], error[PCF_ERROR_SIZE];

	session_begins(id);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(order(true, bad[i].words, error));
		if (bad[i].error)
			assert_string_equal(error, bad[i].error);
	}
	assert_int_equal(notified, 0);
}

static enum sbi_cause ue_asks(const char *id, const struct ue_initiated_resource_request *r)
{
	struct npcf_sm_policy_update_req req = { id, { .ue_init_res_req = r } };

	return nf_bed_ask(&bed, SBI_PCF_SM_POLICY_UPDATE, &req);
}

static void test_ue_requests(void **state)
{
	struct packet_filter_info filter = { .pack_filt_id = "1",
		.pack_filt_cont = "permit out 17 from 192.0.2.9 to assigned",
		.flow_direction = FLOW_DIRECTION_BIDIRECTIONAL };
	struct requested_qos qos = { .five_qi = 7 };
	struct ue_initiated_resource_request r = {
		.rule_op = RULE_OPERATION_CREATE_PCC_RULE, .pack_filt_info = { 1, &filter }, .req_qos = &qos
	};
	static const char *const add[] = { "name=voice", "5qi=7", FILTER, NULL };
	char id[POLICY_ID_SIZE], error[PCF_ERROR_SIZE];
	const struct npcf_sm_policy_update_rsp *rsp;

	session_begins(id);
	assert_int_equal(ue_asks(id, &r), SBI_OK);
	rsp = bed.body;
	assert_string_equal(rsp->data.pcc_rules.entries[0].key, "ue-1");
	assert_int_equal(rsp->data.qos_decs.entries[0].value->five_qi, 7);
	qos = (struct requested_qos){
		.five_qi = 1, .has_gbr_ul = true, .gbr_ul = 10, .has_gbr_dl = true, .gbr_dl = 10
	};
	assert_int_equal(ue_asks(id, &r), SBI_REQUESTED_SERVICE_NOT_AUTHORIZED); /* no guarantee for UEs */
	filter.pack_filt_cont = "permit everything";
	assert_int_equal(ue_asks(id, &r), SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED);
	/* an operator's flow is not the UE's to change */
	assert_true(order(true, add, error));
	r = (struct ue_initiated_resource_request){ .rule_op = RULE_OPERATION_DELETE_PCC_RULE,
		.pcc_rule_id = "voice",
		.pack_filt_info = { 1, &filter } };
	assert_int_equal(ue_asks(id, &r), SBI_REQUESTED_SERVICE_NOT_AUTHORIZED);
	r.pcc_rule_id = "ue-1";
	assert_int_equal(ue_asks(id, &r), SBI_OK);
	assert_int_equal(ue_asks(id, &r), SBI_REQUESTED_SERVICE_NOT_AUTHORIZED); /* gone already */
}

static struct pcf_config with_rule(const char *name, uint8_t five_qi, const char *filter)
{
	struct pcf_config c = { .plmn = bed.plmn, .sm_rule_count = 1, .pcc_rule_count = 1 };
	struct pcf_flow *f = &c.pcc_rules[0].flow;

	*f = (struct pcf_flow){ .origin = PCF_FROM_CONFIGURATION,
		.precedence = PCF_PRECEDENCE,
		.five_qi = five_qi,
		.arp = { PCF_ARP, false, false },
		.status = FLOW_STATUS_ENABLED,
		.filter_count = 1 };
	str_copy(f->name, sizeof(f->name), name);
	str_copy(f->filters[0].text, sizeof(f->filters[0].text), filter);
	return c;
}

static void take(const struct pcf_config *c)
{
	pcf_take_config(pcf, c);
	for (int i = 0; i < 3; i++) {
		bed.t.now_ns += NS_PER_S;
		timers_run(&pcf_nf(pcf)->timers, bed.t.now_ns);
		sbi_run(bed.bus);
	}
}

/* The decision of the last answer, of one flow: "name precedence 5QI gbr/gbr mbr/mbr", and its filters. */
static const char *decided(void)
{
	static const char *const ways[] = { "", "down", "up", "both", "unspecified" };
	const struct npcf_sm_policy_update_rsp *rsp = bed.body;
	static char text[1024];
	struct writer w = writer_of(text, sizeof(text) - 1);
	const struct pcc_rule *rule;
	const struct qos_data *q;

	assert_int_equal(rsp->data.pcc_rules.count, 1);
	assert_int_equal(rsp->data.qos_decs.count, 1);
	rule = rsp->data.pcc_rules.entries[0].value;
	q = rsp->data.qos_decs.entries[0].value;
	text_put(&w, "%s %u %u %u/%u %u/%u", rsp->data.pcc_rules.entries[0].key, rule->precedence, q->five_qi,
		(unsigned)q->gbr_ul, (unsigned)q->gbr_dl, (unsigned)q->maxbr_ul, (unsigned)q->maxbr_dl);
	for (uint32_t i = 0; i < rule->flow_infos.count; i++)
		text_put(&w, "; %s %s", rule->flow_infos.items[i].flow_description,
			ways[rule->flow_infos.items[i].flow_direction]);
	text[w.len] = '\0';
	assert_int_equal(q->arp->priority_level, PCF_ARP);
	assert_true(q->arp->preemptable);
	return text;
}

#define TO_UE(address) "permit out 17 from " address " to assigned"

static const struct pcf_config ue_config = { .sm_rule_count = 1,
	.sm_rules = { { .ue_flows = true, .max_ue_gbr = { 10, 20 } } } };

static struct packet_filter_info filters[PCF_FILTERS_MAX + 1];

/* A session whose UE may have flows of its own, and its first one, with two filters. */
static void ue_begins(char id[POLICY_ID_SIZE], struct requested_qos *qos)
{
	static const char *const texts[] = { TO_UE("192.0.2.1"), TO_UE("192.0.2.2"), TO_UE("192.0.2.3"),
		TO_UE("192.0.2.4"), TO_UE("192.0.2.5") };
	struct pcf_config c = ue_config;
	struct ue_initiated_resource_request r = {
		.rule_op = RULE_OPERATION_CREATE_PCC_RULE, .pack_filt_info = { 2, filters }, .req_qos = qos
	};

	c.plmn = bed.plmn;
	*qos = (struct requested_qos){
		.five_qi = 1, .has_gbr_ul = true, .gbr_ul = 11, .has_gbr_dl = true, .gbr_dl = 20
	};
	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		filters[i] = (struct packet_filter_info){ .pack_filt_cont = texts[i],
			.flow_direction = i == 1 ? FLOW_DIRECTION_UPLINK : FLOW_DIRECTION_BIDIRECTIONAL };
	take(&c);
	session_begins(id);
	/* one bit more than the operator lets it have, either way */
	assert_int_equal(ue_asks(id, &r), SBI_REQUESTED_SERVICE_NOT_AUTHORIZED);
	qos->gbr_ul = 10;
	qos->gbr_dl = 21;
	assert_int_equal(ue_asks(id, &r), SBI_REQUESTED_SERVICE_NOT_AUTHORIZED);
	qos->gbr_dl = 20;
	assert_int_equal(ue_asks(id, &r), SBI_OK);
	assert_string_equal(
		decided(), "ue-1 100 1 10/20 10/20; " TO_UE("192.0.2.1") " both; " TO_UE("192.0.2.2") " up");
}

/* What a UE makes of its own flow, step by step; filters are named by their place. */
static void test_ue_filters(void **state)
{
	static const char *const none[] = { NULL, "0", "5", "x", "" };
	struct ue_initiated_resource_request r = {
		.rule_op = RULE_OPERATION_MODIFY_PCC_RULE_AND_ADD_PACKET_FILTERS,
		.pcc_rule_id = "ue-1",
		.pack_filt_info = { 2, filters + 2 },
		.has_precedence = true,
		.precedence = 7
	};
	struct requested_qos qos;
	char id[POLICY_ID_SIZE];

	ue_begins(id, &qos);
	assert_int_equal(ue_asks(id, &r), SBI_OK);
	assert_string_equal(decided(),
		"ue-1 7 1 10/20 10/20; " TO_UE("192.0.2.1") " both; " TO_UE("192.0.2.2") " up; " TO_UE(
			"192.0.2.3") " both; " TO_UE("192.0.2.4") " both");
	r.pack_filt_info.count = 1; /* a fifth */
	assert_int_equal(ue_asks(id, &r), SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED);
	r.rule_op = RULE_OPERATION_MODIFY__PCC_RULE_AND_DELETE_PACKET_FILTERS;
	r.pack_filt_info = (struct packet_filter_info_list){ 2, filters };
	filters[0].pack_filt_id = "1";
	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		filters[1].pack_filt_id = none[i];
		assert_int_equal(ue_asks(id, &r), SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED);
	}
	filters[1].pack_filt_id = "4";
	assert_int_equal(ue_asks(id, &r), SBI_OK);
	assert_string_equal(
		decided(), "ue-1 7 1 10/20 10/20; " TO_UE("192.0.2.2") " up; " TO_UE("192.0.2.3") " both");
	filters[1].pack_filt_id = "2"; /* and none would be left */
	assert_int_equal(ue_asks(id, &r), SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED);
	r.rule_op = RULE_OPERATION_MODIFY__PCC_RULE_AND_REPLACE_PACKET_FILTERS;
	r.pack_filt_info = (struct packet_filter_info_list){ 1, filters + 4 };
	r.has_precedence = false;
	assert_int_equal(ue_asks(id, &r), SBI_OK);
	assert_string_equal(decided(), "ue-1 7 1 10/20 10/20; " TO_UE("192.0.2.5") " both");
	r.rule_op = RULE_OPERATION_MODIFY_PCC_RULE_WITHOUT_MODIFY_PACKET_FILTERS;
	r.req_qos = &qos;
	qos = (struct requested_qos){ .five_qi = 7 };
	assert_int_equal(ue_asks(id, &r), SBI_OK);
	assert_string_equal(decided(), "ue-1 7 7 0/0 0/0; " TO_UE("192.0.2.5") " both");
	qos = (struct requested_qos){ .has_gbr_ul = true, .gbr_ul = 1 }; /* which 5QI 7 does not guarantee */
	assert_int_equal(ue_asks(id, &r), SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED);
}

/* As many flows as there can be, each with a name of its own; an old name comes again. */
static void test_ue_names(void **state)
{
	struct requested_qos qos;
	struct ue_initiated_resource_request r = {
		.rule_op = RULE_OPERATION_CREATE_PCC_RULE, .pack_filt_info = { 1, filters }, .req_qos = &qos
	};
	char id[POLICY_ID_SIZE];

	ue_begins(id, &qos);
	for (unsigned n = 2; n <= PCF_FLOWS_MAX; n++) {
		char name[8];

		snprintf(name, sizeof(name), "ue-%u ", n);
		assert_int_equal(ue_asks(id, &r), SBI_OK);
		assert_memory_equal(decided(), name, strlen(name));
	}
	assert_int_equal(ue_asks(id, &r), SBI_INSUFFICIENT_RESOURCES);
	r.rule_op = RULE_OPERATION_DELETE_PCC_RULE;
	r.pcc_rule_id = "ue-3";
	assert_int_equal(ue_asks(id, &r), SBI_OK);
	r.rule_op = RULE_OPERATION_CREATE_PCC_RULE;
	r.pcc_rule_id = NULL;
	assert_int_equal(ue_asks(id, &r), SBI_OK);
	assert_memory_equal(decided(), "ue-3 ", 5);
	/* of a flow that there is not, or of none */
	r.rule_op = RULE_OPERATION_MODIFY_PCC_RULE_WITHOUT_MODIFY_PACKET_FILTERS;
	assert_int_equal(ue_asks(id, &r), SBI_REQUESTED_SERVICE_NOT_AUTHORIZED);
	r.pcc_rule_id = "ue-8";
	assert_int_equal(ue_asks(id, &r), SBI_REQUESTED_SERVICE_NOT_AUTHORIZED);
}

/* Sessions that there are follow the configuration: its rules come, change and go; an operator's stays. */
static void test_another_configuration(void **state)
{
	static const char *const add[] = { "name=voice", "5qi=1", "gbr=64Kbps/128Kbps", FILTER, NULL };
	static const char filter[] = "permit out 17 from 192.0.2.0/24 5060 to assigned";
	char id[POLICY_ID_SIZE], error[PCF_ERROR_SIZE];
	struct pcf_config c = with_rule("video", 7, filter);

	session_begins(id);
	take(&c);
	assert_int_equal(notified, 1);
	assert_string_equal(changed, "video");
	assert_false(removed);
	take(&c);
	assert_int_equal(notified, 1);
	assert_true(order(true, add, error));
	c.pcc_rules[0].flow.five_qi = 8;
	take(&c);
	assert_int_equal(notified, 3);
	assert_string_equal(changed, "video");
	c.pcc_rule_count = 0;
	take(&c);
	assert_int_equal(notified, 4);
	assert_string_equal(changed, "video");
	assert_true(removed);
	take(&c);
	assert_int_equal(notified, 4);
	c = with_rule("voice", 7, filter); /* a name that an operator has taken */
	take(&c);
	assert_int_equal(notified, 4);
	str_copy(c.pcc_rules[0].flow.name, PCF_NAME_SIZE, "video");
	str_copy(c.pcc_rules[0].dnn, DNN_STR_SIZE, "elsewhere");
	take(&c);
	assert_int_equal(notified, 4);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_rules),
		TEST(test_am_policy),
		TEST(test_usage),
		TEST(test_orders),
		TEST(test_rates),
		TEST(test_orders_that_are_none),
		TEST(test_ue_requests),
		TEST(test_ue_filters),
		TEST(test_ue_names),
		TEST(test_another_configuration),
	};

	return cmocka_run_group_tests_name("core/pcf", tests, NULL, NULL);
}
