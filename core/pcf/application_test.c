/* N5: sessions of applications, bound by the UE's address; what becomes PCC rules, and what is told (29.514).
 */
#include "core/pcf/internal.h"

#include "core/nf/nf_bed.h"

static struct nf_bed bed;
static struct pcf *pcf;
static struct pcf_config config;

/* The SMF of the sessions, and the application: what they got last. */
static struct sbi_nf *smf, *af;
static struct {
	unsigned count, rules, removed, told;
	char names[2 * PCF_FLOWS_MAX][PCF_NAME_SIZE];
	struct qos_data qos[2 * PCF_FLOWS_MAX];
	struct arp arps[2 * PCF_FLOWS_MAX];
	enum flow_status gates[2 * PCF_FLOWS_MAX];
	unsigned filters[2 * PCF_FLOWS_MAX];
	uint64_t monitored[2 * PCF_FLOWS_MAX]; /* its threshold; 0: it is not */
	char filter[IP_FILTER_TEXT_MAX];
	enum flow_direction direction;
} decided;
static struct {
	unsigned events, ends;
	enum af_event event;
	enum qos_notif_type qos;
	enum termination_cause cause;
	uint32_t component, sub;
	uint64_t used;
	char callback[SBI_CALLBACK_SIZE];
} heard;
static char policy[POLICY_ID_SIZE], name[APP_SESSION_ID_SIZE];
static enum sbi_cause answered;

static void smf_request(void *self, const struct sbi_request *r)
{
	const struct npcf_sm_policy_notify_req *req = r->body;
	const struct sm_policy_decision *d = req->data.sm_policy_decision;

	assert_int_equal(r->op, SBI_SMF_SM_POLICY_NOTIFY);
	decided.count++;
	decided.rules = decided.removed = decided.told = 0;
	for (uint32_t i = 0; i < d->pcc_rules.count; i++) {
		const struct pcc_rule *rule = d->pcc_rules.entries[i].value;
		unsigned n = decided.rules;

		if (!rule) {
			decided.removed++;
			continue;
		}
		str_copy(decided.names[n], PCF_NAME_SIZE, rule->pcc_rule_id);
		decided.qos[n] = *d->qos_decs.entries[n].value;
		decided.arps[n] = *d->qos_decs.entries[n].value->arp;
		decided.gates[n] = d->traff_cont_decs.entries[n].value->flow_status;
		decided.filters[n] = rule->flow_infos.count;
		str_copy(decided.filter, sizeof(decided.filter), rule->flow_infos.items[0].flow_description);
		decided.monitored[n] = 0;
		for (uint32_t k = 0; rule->ref_um_data.count && k < d->um_decs.count; k++)
			if (!strcmp(d->um_decs.entries[k].key, rule->ref_um_data.items[0]))
				decided.monitored[n] = d->um_decs.entries[k].value->volume_threshold;
		decided.direction = rule->flow_infos.items[0].flow_direction;
		decided.rules++;
	}
	for (uint32_t i = 0; i < d->last_req_rule_data.count; i++)
		decided.told += d->last_req_rule_data.items[i].ref_pcc_rule_ids.count;
	sbi_answer(bed.bus, r->id, SBI_OK, NULL);
}

static void smf_answer(void *self, const struct sbi_answer *a)
{
	answered = a->cause;
	if (a->op == SBI_PCF_SM_POLICY_CREATE)
		str_copy(policy, sizeof(policy),
			((const struct npcf_sm_policy_create_rsp *)a->body)->policy_id);
}

static void take_report(const struct media_flows_list *flows)
{
	assert_int_equal(flows->count, 1);
	assert_int_equal(flows->items[0].f_nums.count, 1);
	heard.component = flows->items[0].med_comp_n;
	heard.sub = flows->items[0].f_nums.items[0];
}

static void af_request(void *self, const struct sbi_request *r)
{
	const struct npcf_app_session_notify_req *notify = r->body;
	const struct npcf_app_session_terminate_req *end = r->body;
	char uri[160];

	if (r->op == SBI_AF_TERMINATE) {
		heard.ends++;
		heard.cause = end->data.term_cause;
		snprintf(uri, sizeof(uri), "/npcf-policyauthorization/v1/app-sessions/%s", name);
		assert_string_equal(end->data.res_uri, uri);
		str_copy(heard.callback, sizeof(heard.callback), end->callback);
	} else {
		assert_int_equal(r->op, SBI_AF_EVENT_NOTIFY);
		assert_int_equal(notify->data.ev_notifs.count, 1);
		heard.events++;
		heard.event = notify->data.ev_notifs.items[0].event;
		if (notify->data.usg_rep)
			heard.used = notify->data.usg_rep->total_volume;
		else
			take_report(&notify->data.ev_notifs.items[0].flows);
		if (notify->data.qnc_reports.count)
			heard.qos = notify->data.qnc_reports.items[0].notif_type;
		str_copy(heard.callback, sizeof(heard.callback), notify->callback);
	}
	sbi_answer(bed.bus, r->id, SBI_OK, NULL);
}

static void af_answer_taken(void *self, const struct sbi_answer *a)
{
	answered = a->cause;
	if (a->op == SBI_PCF_APP_SESSION_CREATE && a->cause == SBI_OK)
		str_copy(name, sizeof(name),
			((const struct npcf_app_session_create_rsp *)a->body)->app_session_id);
}

static enum sbi_cause ask(struct sbi_nf *from, enum sbi_op_id op, const void *req)
{
	answered = SBI_CAUSE_COUNT;
	sbi_call(from, sbi_any(bed.bus, NF_PCF), op, req, (struct sbi_token){ 0 });
	sbi_run(bed.bus);
	return answered;
}

static void session_begins(uint8_t id, const char *dnn, uint32_t ipv4, const char *prefix)
{
	struct npcf_sm_policy_create_req req = { { .supi = bed.supi,
		.pdu_session_id = id,
		.dnn = dnn,
		.slice_info = { .sst = 1, .sd = SNSSAI_NO_SD },
		.notification_uri = "/callback/sm-policy/abc",
		.ipv4_address = ipv4,
		.ipv6_address_prefix = prefix } };

	assert_int_equal(ask(smf, SBI_PCF_SM_POLICY_CREATE, &req), SBI_OK);
}

/* The PCF on a bus, with who asks it. */
static void begin(void)
{
	static const struct sbi_nf_ops smf_ops = { smf_request, smf_answer };
	static const struct sbi_nf_ops af_ops = { af_request, af_answer_taken };

	pcf = pcf_new(&config, &bed.t.env, bed.bus);
	smf = sbi_attach(bed.bus, NF_SMF, "6b35ad7a-0000-4000-8000-000000000009", &smf_ops, NULL);
	af = sbi_attach(bed.bus, NF_AF, "6b35ad7a-0000-4000-8000-00000000000a", &af_ops, NULL);
	assert_true(pcf && smf && af);
}

static int setup(void **state)
{
	nf_bed_init(&bed);
	config = (struct pcf_config){ .plmn = bed.plmn,
		.sm_rule_count = 1,
		.sm_rules = { { .max_application_gbr = { 1000000, 1000000 } } } };
	begin();
	memset(&decided, 0, sizeof(decided));
	memset(&heard, 0, sizeof(heard));
	session_begins(5, "internet", 0x0a2d0002, "2001:db8:45:1::/64");
	return 0;
}

static int teardown(void **state)
{
	pcf_free(pcf);
	nf_bed_fini(&bed);
	return 0;
}

/* What an application asks for: one component, of which a test changes what it is about. */
struct wish {
	struct app_session_context_req_data data;
	struct app_session_context_req_data_med_components_entry component;
	struct media_component_med_sub_comps_entry subs[9];
	const char *descriptions[9][2];
	struct af_event_subscription events[3];
	struct events_subsc_req_data subscription;
};

static void wish_begin(struct wish *w)
{
	*w = (struct wish){
		.data = { .notif_uri = "/callback/app-session/def", .supp_feat = "0", .ue_ipv4 = 0x0a2d0002 },
		.events = { { AF_EVENT_QOS_NOTIF, 0 }, { AF_EVENT_FAILED_RESOURCES_ALLOCATION, 0 },
			{ AF_EVENT_SUCCESSFUL_RESOURCES_ALLOCATION, 0 } },
		.descriptions = { { "permit out 17 from 192.0.2.7 5060 to 10.45.0.2 4000",
			"permit in 17 from 10.45.0.2 4000 to 192.0.2.7 5060" } }
	};
	w->component = (struct app_session_context_req_data_med_components_entry){ "1",
		{ .med_comp_n = 1,
			.med_type = MEDIA_TYPE_AUDIO,
			.has_mar_bw_ul = true,
			.mar_bw_ul = 64000,
			.has_mar_bw_dl = true,
			.mar_bw_dl = 128000,
			.med_sub_comps = { 1, w->subs } } };
	for (unsigned i = 0; i < 9; i++)
		w->subs[i] = (struct media_component_med_sub_comps_entry){ "1",
			{ .f_num = i + 1, .f_descs = { 2, w->descriptions[i] } } };
	for (unsigned i = 1; i < 9; i++) {
		static const char *const ports[] = { "permit out 17 from 192.0.2.7 5061 to assigned",
			"permit out 17 from 192.0.2.7 5062 to assigned",
			"permit out 17 from 192.0.2.7 5063 to assigned",
			"permit out 17 from 192.0.2.7 5064 to assigned",
			"permit out 17 from 192.0.2.7 5065 to assigned",
			"permit out 17 from 192.0.2.7 5066 to assigned",
			"permit out 17 from 192.0.2.7 5067 to assigned",
			"permit out 17 from 192.0.2.7 5068 to assigned" };

		w->descriptions[i][0] = ports[i - 1];
		w->subs[i].value.f_descs.count = 1;
	}
	w->data.med_components.count = 1;
	w->data.med_components.entries = &w->component;
	w->subscription = (struct events_subsc_req_data){ .events = { 3, w->events } };
	w->data.ev_subsc = &w->subscription;
}

static enum sbi_cause make(struct wish *w)
{
	struct npcf_app_session_create_req req = { { .asc_req_data = &w->data } };

	return ask(af, SBI_PCF_APP_SESSION_CREATE, &req);
}

static void test_binding(void **state)
{
	static const struct snssai other = { .sst = 2, .sd = SNSSAI_NO_SD };
	struct wish w;

	wish_begin(&w);
	w.data.ue_ipv4 = 0x0a2d0003;
	assert_int_equal(make(&w), SBI_PDU_SESSION_NOT_AVAILABLE);
	w.data.ue_ipv4 = 0;
	w.data.ue_ipv6 = "2001:db8:45:1::99"; /* any interface identifier of the UE */
	w.descriptions[0][0] = "permit out 17 from 2001:db8::7 to 2001:db8:45:1::99";
	w.descriptions[0][1] = "permit in 17 from 2001:db8:45:1::99 to 2001:db8::7";
	assert_int_equal(make(&w), SBI_OK);
	w.data.ue_ipv6 = "2001:db8:45:2::99";
	assert_int_equal(make(&w), SBI_PDU_SESSION_NOT_AVAILABLE);
	w.data.ue_ipv6 = "10.45.0.2"; /* no address of that family */
	assert_int_equal(make(&w), SBI_PDU_SESSION_NOT_AVAILABLE);
	wish_begin(&w);
	w.data.dnn = "ims";
	assert_int_equal(make(&w), SBI_PDU_SESSION_NOT_AVAILABLE);
	w.data.dnn = "internet";
	w.data.slice_info = &other;
	assert_int_equal(make(&w), SBI_PDU_SESSION_NOT_AVAILABLE);
	w.data.slice_info = NULL;
	assert_int_equal(make(&w), SBI_OK);
	/* two networks with one address: the DNN says which */
	session_begins(6, "ims", 0x0a2d0002, NULL);
	w.data.dnn = NULL;
	assert_int_equal(make(&w), SBI_PDU_SESSION_NOT_AVAILABLE);
	w.data.dnn = "ims";
	assert_int_equal(make(&w), SBI_OK);
	assert_memory_equal(name, "app-001010000000001-6-1-", 24);
}

static void test_restart(void **state)
{
	struct npcf_app_session_delete_req end = { name };
	struct wish w;

	wish_begin(&w);
	assert_int_equal(make(&w), SBI_OK);
	pcf_free(pcf);
	sbi_bus_free(bed.bus);
	bed.bus = sbi_bus_new(&bed.t.env);
	begin();
	assert_int_equal(ask(af, SBI_PCF_APP_SESSION_DELETE, &end), SBI_OK);
	assert_int_equal(decided.removed, 1);
	assert_int_equal(make(&w), SBI_OK); /* by the same address */
}

static void test_media(void **state)
{
	struct wish w;

	wish_begin(&w);
	w.component.value.has_mir_bw_ul = true;
	w.component.value.mir_bw_ul = 32000;
	w.component.value.res_prio = RESERV_PRIORITY_PRIO_16;
	w.component.value.preempt_cap = PREEMPTION_CAPABILITY_MAY_PREEMPT;
	w.component.value.preempt_vuln = PREEMPTION_VULNERABILITY_NOT_PREEMPTABLE;
	w.component.value.med_sub_comps.count = 2;
	w.subs[1].value.has_mar_bw_ul = w.subs[1].value.has_mar_bw_dl = true;
	w.subs[1].value.mar_bw_ul = w.subs[1].value.mar_bw_dl = 5000;
	w.subs[1].value.f_status = FLOW_STATUS_DISABLED;
	assert_int_equal(make(&w), SBI_OK);
	assert_int_equal(decided.rules, 2);
	assert_int_equal(decided.told, 2);
	assert_string_equal(decided.names[0], "app-1-1-1");
	assert_int_equal(decided.qos[0].five_qi, 1);
	assert_int_equal(decided.qos[0].gbr_ul, 32000); /* the least that is wanted */
	assert_int_equal(decided.qos[0].maxbr_ul, 64000);
	assert_int_equal(decided.qos[0].gbr_dl, 128000); /* all */
	assert_int_equal(decided.filters[0], 1);         /* both directions of it */
	assert_int_equal(
		decided.arps[0].priority_level, 8); /* no application has the operator's own levels */
	assert_true(decided.arps[0].may_preempt);
	assert_false(decided.arps[0].preemptable);
	assert_int_equal(decided.gates[0], FLOW_STATUS_ENABLED);
	assert_int_equal(decided.qos[1].gbr_ul, 5000); /* its own */
	assert_int_equal(decided.gates[1], FLOW_STATUS_DISABLED);
	assert_int_equal(decided.direction, FLOW_DIRECTION_DOWNLINK);
	/* another kind, without a guarantee */
	wish_begin(&w);
	w.component.value.med_type = MEDIA_TYPE_CONTROL;
	assert_int_equal(make(&w), SBI_OK);
	assert_int_equal(decided.qos[0].five_qi, 5);
	assert_int_equal(decided.qos[0].gbr_ul, 0);
	assert_int_equal(decided.direction, FLOW_DIRECTION_BIDIRECTIONAL);
	assert_string_equal(decided.filter, "permit out 17 from 192.0.2.7 5060 to assigned 4000");
}

static void test_refusals(void **state)
{
	struct wish w;

	wish_begin(&w);
	w.descriptions[0][0] = "permit out 17 from 192.0.2.7 to 10.45.0.9"; /* another UE's packets */
	assert_int_equal(make(&w), SBI_FILTER_RESTRICTIONS);
	w.descriptions[0][0] = "permit out 17 from 192.0.2.7 to 10.45.0.0/16";
	assert_int_equal(make(&w), SBI_FILTER_RESTRICTIONS);
	w.descriptions[0][0] = "deny out 17 from any to assigned";
	assert_int_equal(make(&w), SBI_FILTER_RESTRICTIONS);
	wish_begin(&w);
	w.component.value.has_mar_bw_ul = w.component.value.has_mar_bw_dl = false;
	assert_int_equal(make(&w), SBI_INVALID_SERVICE_INFORMATION);
	wish_begin(&w);
	w.component.value.mar_bw_dl = 1000001;
	assert_int_equal(make(&w), SBI_REQUESTED_SERVICE_NOT_AUTHORIZED);
	wish_begin(&w);
	w.component.value.med_sub_comps.count = 0;
	assert_int_equal(make(&w), SBI_INVALID_SERVICE_INFORMATION);
	w.data.med_components.count = 0;
	assert_int_equal(make(&w), SBI_INVALID_SERVICE_INFORMATION);
	wish_begin(&w);
	w.component.value.med_comp_n = 65536;
	assert_int_equal(make(&w), SBI_INVALID_SERVICE_INFORMATION);
	wish_begin(&w);
	w.component.value.med_sub_comps.count = PCF_FLOWS_MAX + 1;
	assert_int_equal(make(&w), SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(decided.count, 0); /* none of them has changed anything */
	wish_begin(&w);
	for (unsigned i = 0; i < PCF_APPLICATIONS_MAX; i++)
		assert_int_equal(make(&w), SBI_OK);
	assert_int_equal(make(&w), SBI_INSUFFICIENT_RESOURCES);
}

static enum sbi_cause change(const char *key, const struct media_component_rm *m)
{
	struct app_session_context_update_data_med_components_entry entry = { key, m };
	struct app_session_context_update_data data = { .med_components = { 1, &entry } };
	struct npcf_app_session_update_req req = { name, { &data } };

	return ask(af, SBI_PCF_APP_SESSION_UPDATE, &req);
}

static void test_update(void **state)
{
	struct media_sub_component_rm sub = { .f_num = 2, .f_status = FLOW_STATUS_REMOVED };
	struct media_component_rm_med_sub_comps_entry subs[PCF_FLOWS_MAX + 2] = { { "2", &sub } };
	struct media_component_rm m = { .med_comp_n = 1, .has_mar_bw_ul = true, .mar_bw_ul = 96000 };
	struct media_sub_component_rm many[PCF_FLOWS_MAX + 2];
	struct wish w;

	wish_begin(&w);
	w.component.value.med_sub_comps.count = 2;
	w.subs[1].value.has_mar_bw_ul = w.subs[1].value.has_mar_bw_dl = true;
	w.subs[1].value.mar_bw_ul = w.subs[1].value.mar_bw_dl = 5000;
	assert_int_equal(make(&w), SBI_OK);
	/* the component's bandwidth is that of its flows without their own */
	assert_int_equal(change("1", &m), SBI_OK);
	assert_int_equal(decided.rules, 2);
	assert_int_equal(decided.qos[0].maxbr_ul, 96000);
	assert_int_equal(decided.qos[0].maxbr_dl, 128000);
	assert_int_equal(decided.qos[1].maxbr_ul, 5000);
	/* one of its sets of flows goes */
	m = (struct media_component_rm){ .med_comp_n = 1, .med_sub_comps = { 1, subs } };
	assert_int_equal(change("1", &m), SBI_OK);
	assert_int_equal(decided.removed, 1);
	/* a component that is not there, and none */
	m.med_comp_n = 3;
	m.med_sub_comps.count = 0;
	assert_int_equal(change("3", &m), SBI_INVALID_SERVICE_INFORMATION);
	assert_int_equal(change("none", NULL), SBI_INVALID_SERVICE_INFORMATION);
	/* more than may be at once, by sets that come and go in one request: nothing is changed */
	for (unsigned i = 0; i < ARRAY_LEN(many); i++) {
		many[i] = (struct media_sub_component_rm){
			.f_num = 10 + i, .f_descs = { 1, w.descriptions[1] }, .f_status = FLOW_STATUS_ENABLED
		};
		subs[i] = (struct media_component_rm_med_sub_comps_entry){ "x", &many[i] };
	}
	m = (struct media_component_rm){ .med_comp_n = 1, .med_sub_comps = { ARRAY_LEN(many), subs } };
	assert_int_equal(change("1", &m), SBI_INSUFFICIENT_RESOURCES);
	/* null takes it away */
	assert_int_equal(change("1", NULL), SBI_OK);
	assert_int_equal(decided.removed, 1);
	assert_int_equal(decided.rules, 0);
	name[strlen(name) - 1] ^= 1;
	assert_int_equal(change("1", NULL), SBI_APPLICATION_SESSION_CONTEXT_NOT_FOUND);
}

static void report(const char *rule, enum rule_status status)
{
	struct rule_report r = { .pcc_rule_ids = { 1, &rule }, .rule_status = status };
	struct npcf_sm_policy_update_req req = { policy, { .rule_reports = { 1, &r } } };

	assert_int_equal(ask(smf, SBI_PCF_SM_POLICY_UPDATE, &req), SBI_OK);
}

static void test_events(void **state)
{
	const char *rule = "app-1-1-2";
	struct qos_notification_control_info info = { { 1, &rule }, QOS_NOTIF_TYPE_NOT_GUARANTEED };
	struct npcf_sm_policy_update_req notice = { policy, { .qnc_reports = { 1, &info } } };
	struct npcf_app_session_unsubscribe_req no_more = { name };
	struct npcf_app_session_subscribe_req again = { name, { .notif_uri = "/callback/app-session/ghi" } };
	struct wish w;

	wish_begin(&w);
	w.component.value.med_sub_comps.count = 2;
	assert_int_equal(make(&w), SBI_OK);
	report("app-1-1-1", RULE_STATUS_ACTIVE);
	assert_int_equal(heard.event, AF_EVENT_SUCCESSFUL_RESOURCES_ALLOCATION);
	assert_int_equal(heard.sub, 1);
	assert_string_equal(heard.callback, "def");
	assert_int_equal(ask(smf, SBI_PCF_SM_POLICY_UPDATE, &notice), SBI_OK);
	assert_int_equal(heard.event, AF_EVENT_QOS_NOTIF);
	assert_int_equal(heard.qos, QOS_NOTIF_TYPE_NOT_GUARANTEED);
	assert_int_equal(heard.sub, 2);
	assert_int_equal(heard.events, 2);
	assert_int_equal(ask(af, SBI_PCF_APP_SESSION_UNSUBSCRIBE, &no_more), SBI_OK);
	assert_int_equal(ask(smf, SBI_PCF_SM_POLICY_UPDATE, &notice), SBI_OK);
	assert_int_equal(heard.events, 2);
	again.data.events = (struct af_event_subscription_list){ 2, w.events };
	assert_int_equal(ask(af, SBI_PCF_APP_SESSION_SUBSCRIBE, &again), SBI_OK);
	report("app-1-1-1", RULE_STATUS_INACTIVE);
	assert_int_equal(heard.event, AF_EVENT_FAILED_RESOURCES_ALLOCATION);
	assert_int_equal(heard.component, 1);
	assert_string_equal(heard.callback, "ghi");
	assert_int_equal(heard.ends, 0); /* there is another */
	report("nothing", RULE_STATUS_INACTIVE);
	assert_int_equal(heard.events, 3);
	report("app-1-1-2", RULE_STATUS_INACTIVE);
	assert_int_equal(heard.ends, 1);
	assert_int_equal(heard.cause, TERMINATION_CAUSE_INSUFFICIENT_QOS_FLOW_RESOURCES);
	assert_string_equal(heard.callback, "def");
	assert_int_equal(ask(af, SBI_PCF_APP_SESSION_DELETE, &(struct npcf_app_session_delete_req){ name }),
		SBI_APPLICATION_SESSION_CONTEXT_NOT_FOUND);
}

/* Operators do not change what an application has; they may take it away, which it hears. */
static void test_operator(void **state)
{
	struct pcf_order o;
	char error[PCF_ERROR_SIZE];
	struct wish w;

	wish_begin(&w);
	assert_int_equal(make(&w), SBI_OK);
	pcf_order_begin(&o, &bed.supi);
	assert_true(pcf_order_take(&o, bytes_of_str("name=app-1-1-1"), error));
	assert_true(pcf_order_take(&o, bytes_of_str("5qi=7"), error));
	assert_true(
		pcf_order_take(&o, bytes_of_str("filter=permit out 17 from 192.0.2.9 to assigned"), error));
	assert_false(pcf_flow_add(pcf, &o, error));
	assert_int_equal(heard.ends, 0);
	assert_true(pcf_flow_remove(pcf, &o, error));
	sbi_run(bed.bus);
	assert_int_equal(heard.ends, 1);
	assert_int_equal(decided.removed, 1);
}

static void test_end(void **state)
{
	struct npcf_sm_policy_delete_req gone = { policy, { 0 } };
	struct wish w;

	wish_begin(&w);
	assert_int_equal(make(&w), SBI_OK);
	assert_int_equal(ask(smf, SBI_PCF_SM_POLICY_DELETE, &gone), SBI_OK);
	assert_int_equal(heard.ends, 1);
	assert_int_equal(heard.cause, TERMINATION_CAUSE_PDU_SESSION_TERMINATION);
	assert_int_equal(make(&w), SBI_PDU_SESSION_NOT_AVAILABLE);
	/* likewise where another session has taken its place */
	session_begins(5, "internet", 0x0a2d0002, NULL);
	assert_int_equal(make(&w), SBI_OK);
	session_begins(5, "internet", 0x0a2d0009, NULL);
	assert_int_equal(heard.ends, 2);
	assert_int_equal(make(&w), SBI_PDU_SESSION_NOT_AVAILABLE);
}

static void used(const char *rule, uint64_t octets)
{
	struct accu_usage_report r = { .ref_um_ids = rule, .has_vol_usage = true, .vol_usage = octets };
	struct npcf_sm_policy_update_req req = { policy, { .accu_usage_reports = { 1, &r } } };

	assert_int_equal(ask(smf, SBI_PCF_SM_POLICY_UPDATE, &req), SBI_OK);
}

/* 4.2.5, 4.2.6: two flows have the threshold between them; what both have carried is told, and counts anew.
 */
static void test_usage(void **state)
{
	const struct usage_threshold threshold = { .has_total_volume = true, .total_volume = 1001 };
	const struct af_event_subscription usage = { AF_EVENT_USAGE_REPORT, 0 };
	struct npcf_app_session_unsubscribe_req no_more = { name };
	struct wish w;

	wish_begin(&w);
	w.component.value.med_sub_comps.count = 2;
	w.events[0] = usage;
	w.subscription.events.count = 1;
	w.subscription.usg_thres = &threshold;
	assert_int_equal(make(&w), SBI_OK);
	assert_int_equal(decided.rules, 2);
	assert_int_equal(decided.monitored[0], 501);
	assert_int_equal(decided.monitored[1], 501);
	used("app-1-1-1", 501);
	used("nobody", 5000);
	assert_int_equal(heard.events, 0);
	pcf_free(pcf);
	sbi_bus_free(bed.bus);
	bed.bus = sbi_bus_new(&bed.t.env);
	begin();
	used("app-1-1-2", 505);
	assert_int_equal(heard.events, 1);
	assert_int_equal(heard.event, AF_EVENT_USAGE_REPORT);
	assert_int_equal(heard.used, 1006);
	used("app-1-1-1", 1000);
	assert_int_equal(heard.events, 1);
	used("app-1-1-1", 1);
	assert_int_equal(heard.events, 2);
	/* without the subscription nothing is monitored */
	assert_int_equal(ask(af, SBI_PCF_APP_SESSION_UNSUBSCRIBE, &no_more), SBI_OK);
	assert_int_equal(decided.rules, 2);
	assert_int_equal(decided.monitored[0] + decided.monitored[1], 0);
	used("app-1-1-1", 2000);
	assert_int_equal(heard.events, 2);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_binding),
		TEST(test_restart),
		TEST(test_media),
		TEST(test_refusals),
		TEST(test_update),
		TEST(test_events),
		TEST(test_usage),
		TEST(test_operator),
		TEST(test_end),
	};

	return cmocka_run_group_tests_name("core/pcf_application", tests, NULL, NULL);
}
