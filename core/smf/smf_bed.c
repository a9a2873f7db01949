#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"
#include "wire/sbi/sbi_json.h"

static void bed_copy(struct bed_octets *to, struct bytes from)
{
	assert_true(bytes_copy(to->data, sizeof(to->data), from));
	to->len = from.len;
}

/* The network functions. */

static void amf_on_request(void *self, const struct sbi_request *r)
{
	struct bed *b = self;
	const struct namf_n1n2_message_transfer_req *t = r->body;
	const struct nsmf_sm_context_status_notify_req *n = r->body;
	struct namf_n1n2_message_transfer_rsp rsp = {
		.data = { b->transfer_how ? b->transfer_how : N1_N2_CAUSE_N1_N2_TRANSFER_INITIATED }
	};
	const struct n1_message_container *n1 = NULL;
	const struct n2_info_content *n2 = NULL;
	struct bed_delivery *d;

	if (r->op == SBI_AMF_SM_CONTEXT_STATUS_NOTIFY) {
		b->notifications++;
		str_copy(b->notified, sizeof(b->notified), n->callback);
		sbi_answer(b->bus, r->id, SBI_OK, NULL);
		return;
	}
	assert_int_equal(r->op, SBI_AMF_N1N2_MESSAGE_TRANSFER);
	assert_true(b->transfer_count < BED_TRANSFERS);
	d = &b->transfers[b->transfer_count++];
	n1 = t->data.n1_message_container;
	n2 = t->data.n2_info_container ? t->data.n2_info_container->sm_info->n2_info_content : NULL;
	if (n2)
		d->n2_type = n2->ngap_ie_type == N2_IE_PDU_RES_SETUP_REQ ? N2_SM_PDU_RES_SETUP_REQ
			     : n2->ngap_ie_type == N2_IE_PDU_RES_MOD_REQ ? N2_SM_PDU_RES_MOD_REQ
									 : N2_SM_PDU_RES_REL_CMD;
	b->failure[0] = '\0';
	b->paged_arp = t->data.arp ? t->data.arp->priority_level : 0;
	b->paged_five_qi = t->data.five_qi;
	b->paged_ppi = t->data.has_ppi ? t->data.ppi : -1;
	if (t->data.n1n2_failure_txf_notif_uri)
		assert_true(sbi_callback_segment(t->data.n1n2_failure_txf_notif_uri, b->failure));
	bed_copy(&d->n1, n1 ? n1->n1_message_content : BYTES_NONE);
	bed_copy(&d->n2, n2 ? n2->ngap_data : BYTES_NONE);
	sbi_answer(b->bus, r->id, b->transfer_cause, &rsp);
}

static void amf_on_answer(void *self, const struct sbi_answer *a)
{
	struct bed *b = self;
	const struct nsmf_create_sm_context_rsp *created = a->body;
	const struct nsmf_update_sm_context_rsp *updated = a->body;

	b->answers++;
	b->answer = (struct bed_delivery){ .op = a->op, .cause = a->cause };
	if (a->op == SBI_SMF_CREATE_SM_CONTEXT && created) {
		bed_copy(&b->answer.n1, created->error.n1_sm_msg);
		if (a->cause == SBI_OK)
			str_copy(b->ref, sizeof(b->ref), created->sm_context_ref);
	} else if (a->op == SBI_SMF_UPDATE_SM_CONTEXT && updated) {
		bed_copy(&b->answer.n1, updated->data.n1_sm_msg);
		bed_copy(&b->answer.n2, updated->data.n2_sm_info);
		b->answer.n2_type = updated->data.n2_sm_info_type;
		b->answer.up_cnx_state = updated->data.up_cnx_state;
		b->answer.ho_state = updated->data.ho_state;
		if (a->cause != SBI_OK && updated->error.n2_sm_info_type) {
			b->answer.n2_type = updated->error.n2_sm_info_type;
			bed_copy(&b->answer.n2, updated->error.n2_sm_info);
		}
	}
}

void bed_udm_registered(struct bed *b, enum sbi_cause cause)
{
	struct nudm_smf_registration_rsp rsp = {
		{ "001010000000001" }, 1,
		{ .smf_instance_id = smf_nf(b->smf)->nf_instance_id, .pdu_session_id = 1, .dnn = "internet" }
	};

	sbi_answer(b->bus, b->held, cause, cause == SBI_OK ? &rsp : NULL);
}

static void udm_on_request(void *self, const struct sbi_request *r)
{
	struct bed *b = self;
	const struct nudm_sm_data_req *ask = r->body;
	struct default_qos qos = { .five_qi = 9, .arp = { .priority_level = 8 } };
	struct ambr ambr = { 50000000, 100000000 };
	static const enum pdu_session_type ip[] = { PDU_SESSION_IPV4, PDU_SESSION_IPV6, PDU_SESSION_IPV4V6 };
	struct ip_address addresses[] = { { .ipv4_addr = b->static_ipv4 },
		{ .ipv6_prefix = b->static_ipv6 } };
	struct session_management_subscription_data_dnn_configurations_entry dnn = { NULL,
		{
			.pdu_session_types = { b->session_type ? b->session_type : PDU_SESSION_IPV4,
				{ b->session_type == PDU_SESSION_IPV4V6 ? ARRAY_LEN(ip) : 0, ip } },
			.ssc_modes = { .default_ssc_mode = SSC_MODE_SSC_MODE_1 },
			.five_g_qos_profile = &qos,
			.session_ambr = &ambr,
			.static_ip_address = { b->static_ipv6 ? 2 : b->static_ipv4 != 0, addresses },
		} };
	struct session_management_subscription_data slice = { .dnn_configurations = { 1, &dnn } };
	struct nudm_sm_data_rsp data = { { 1, &slice } };

	if (b->mute == NF_UDM)
		return;
	if (r->op == SBI_UDM_GET_SM_DATA) {
		slice.single_nssai = ask->single_nssai;
		dnn.key = ask->dnn;
		sbi_answer(b->bus, r->id, b->udm_data_cause, &data);
	} else if (r->op == SBI_UDM_SMF_REGISTRATION) {
		b->registrations++;
		b->held = r->id;
		if (!b->hold_registration)
			bed_udm_registered(b, b->udm_registration_cause);
	} else {
		assert_int_equal(r->op, SBI_UDM_SMF_DEREGISTRATION);
		b->deregistrations++;
		sbi_answer(b->bus, r->id, SBI_OK, NULL);
	}
}

static void pcf_on_update(struct bed *b, const struct sbi_request *r)
{
	const struct npcf_sm_policy_update_req *req = r->body;
	const struct rule_report_list *reports = &req->data.rule_reports;
	struct npcf_sm_policy_update_rsp rsp = { .data = { .sess_rules = { 0 } } };
	struct sbi_http http;

	b->policy_updates++;
	assert_true(sbi_request_encode(r->op, req, &b->arena, &http));
	assert_true(bytes_copy(b->policy_asked, sizeof(b->policy_asked) - 1, http.body));
	b->policy_asked[http.body.len] = '\0';
	str_copy(b->failed_rule, sizeof(b->failed_rule),
		reports->count > 0 ? reports->items[0].pcc_rule_ids.items[0] : "");
	if (b->policy_update)
		rsp.data = *b->policy_update;
	sbi_answer(b->bus, r->id, b->policy_update_cause, b->policy_update_cause ? NULL : &rsp);
}

static void pcf_on_request(void *self, const struct sbi_request *r)
{
	struct bed *b = self;
	const struct npcf_sm_policy_create_req *req = r->body;
	const struct npcf_sm_policy_delete_req *del = r->body;
	struct authorized_default_qos qos = { 0 };
	struct session_rule rule = { .sess_rule_id = "1", .auth_def_qos = &qos };
	struct sm_policy_decision_sess_rules_entry entry = { "1", &rule };
	struct npcf_sm_policy_create_rsp rsp = { "sm-1", { .sess_rules = { 1, &entry } } };

	if (b->mute == NF_PCF)
		return;
	if (r->op == SBI_PCF_SM_POLICY_CREATE) {
		b->policies++;
		assert_true(sbi_callback_segment(req->data.notification_uri, b->policy_callback));
		rule.auth_sess_ambr = req->data.subs_sess_ambr;
		qos.five_qi = req->data.subs_def_qos->five_qi;
		qos.arp = req->data.subs_def_qos->arp;
		sbi_answer(b->bus, r->id, b->pcf_cause, &rsp);
		return;
	}
	if (r->op == SBI_PCF_SM_POLICY_UPDATE) {
		pcf_on_update(b, r);
		return;
	}
	assert_int_equal(r->op, SBI_PCF_SM_POLICY_DELETE);
	assert_string_equal(del->policy_id, "sm-1");
	b->policies_deleted++;
	b->usage_uplink += del->data.accu_usage_reports.items[0].vol_usage_uplink;
	b->usage_downlink += del->data.accu_usage_reports.items[0].vol_usage_downlink;
	sbi_answer(b->bus, r->id, SBI_OK, NULL);
}

/* The bed. */

static void bed_leave(void *arg, struct outbox *o)
{
	struct bed *b = arg;

	outbox_fini(&b->sent);
	outbox_move(&b->sent, o);
}

static void bed_on_committed(void *self, uint64_t epoch)
{
	smf_on_committed(((struct bed *)self)->smf, epoch);
}

void bed_run(struct bed *b)
{
	bool more = true;

	while (more) {
		struct outbox sent;

		sbi_run(b->bus);
		smf_store(b->smf);
		outbox_init(&b->sent, 1 << 20);
		may_fail(turn_end(&b->turn)); /* tests lose turns on purpose */
		sent = b->sent;
		more = sent.head != NULL;
		for (struct outbox_item *i = sent.head; i; i = i->next)
			i->msg.port == SMF_PORT_N4U ? bed_upf_packet(b, &i->msg)
						    : bed_upf_receive(b, &i->msg);
		outbox_fini(&sent);
	}
}

void bed_pass(struct bed *b, uint32_t ms)
{
	for (; ms > 0; ms -= ms < 100 ? ms : 100) {
		b->t.now_ns += (uint64_t)(ms < 100 ? ms : 100) * NS_PER_MS;
		timers_run(&smf_nf(b->smf)->timers, b->t.now_ns);
		sbi_on_deadline(b->bus, b->t.now_ns);
		bed_run(b);
	}
}

static void bed_start(struct bed *b)
{
	static const struct sbi_nf_ops amf = { amf_on_request, amf_on_answer },
				       udm = { udm_on_request, NULL }, pcf = { pcf_on_request, NULL };

	b->bus = sbi_bus_new(&b->t.env);
	b->amf = sbi_attach(b->bus, NF_AMF, "amf-1", &amf, b);
	assert_non_null(b->amf);
	assert_non_null(sbi_attach(b->bus, NF_UDM, "udm-1", &udm, b));
	assert_non_null(sbi_attach(b->bus, NF_PCF, "pcf-1", &pcf, b));
	b->t.env.store = b->store;
	b->smf = smf_new(&b->config, &b->t.env, b->bus);
	assert_non_null(b->smf);
	bed_pass(b, 100);
}

static void bed_configure(struct smf_config *c)
{
	struct smf_dnn internet = { .dnn = "internet",
		.snssai = { 1, 0x010203 },
		.dns_count = 2,
		.dns = { 0x08080808, 0x01010101 } },
		       ims = { .dnn = "ims", .snssai = { 2, SNSSAI_NO_SD } };

	assert_true(plmn_parse("00101", &c->plmn));
	assert_true(prefix_parse("10.45.0.0/29", &internet.pools[0]));
	internet.pool_count = ims.pool_count = 1;
	assert_true(prefix_parse("10.46.0.0/24", &ims.pools[0]));
	c->dnns[0] = internet;
	c->dnns[1] = ims;
	c->dnn_count = 2;
	c->upf_count = 1;
	assert_true(addr_parse("10.1.0.1", &c->n4_address));
	assert_true(addr_parse("10.1.0.2", &c->upfs[0].address));
}

struct bed *bed_new(void)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	test_env_init(&b->t, 1, false);
	b->t.now_ns = 1;
	b->mute = NF_TYPE_COUNT;
	b->upf_recovery = 5000;
	b->store = store_mem_new(0);
	arena_init(&b->arena, NULL, 0, 1 << 20);
	bed_configure(&b->config);
	b->upf_addr = b->config.upfs[0].address;
	b->upf_addr.port = PFCP_UDP_PORT;
	static const struct room_ops room_ops = { .on_committed = bed_on_committed };
	turn_init(&b->turn, &b->t.env, bed_leave, b);
	assert_true(turn_room_add(&b->turn, &(struct room){ &room_ops, b }));
	bed_start(b);
	return b;
}

static void bed_stop(struct bed *b)
{
	smf_free(b->smf);
	sbi_bus_free(b->bus);
	outbox_reset(&b->t.outbox);
}

void bed_free(struct bed *b)
{
	bed_stop(b);
	turn_fini(&b->turn);
	test_env_fini(&b->t);
	arena_fini(&b->arena);
	free(b);
}

int bed_setup(void **state)
{
	*state = bed_new();
	return 0;
}

int bed_teardown(void **state)
{
	bed_free(*state);
	return 0;
}

void bed_restart(struct bed *b)
{
	struct store *kept = store_mem_clone(b->store);

	bed_stop(b);
	store_mem_free(b->store);
	b->store = kept;
	bed_start(b);
}

void bed_upf_restart(struct bed *b)
{
	b->upf_recovery++;
	b->session_count = 0;
}
