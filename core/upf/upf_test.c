/* N4 by bytes: every procedure and its causes. */
#include "base/test_stats.h"

#include "core/upf/internal.h"
#include "core/upf/upf_bed.h"

static struct bed bed;
static struct bed_session rules;

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	return bed.upf ? 0 : -1;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static struct bed_session_ids establish(void)
{
	struct bed_session_ids ids;

	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.response.seid, 0x77);
	assert_int_not_equal(ids.seid, 0);
	assert_int_not_equal(ids.teid, 0);
	return ids;
}

static void association(void **state)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_SETUP_REQUEST };

	m.association_setup_request.recovery_time_stamp = 1;
	assert_true(bed_request(&bed, &m));
	assert_true(bed.response.association_setup_response.up_function_features.bits & PFCP_UP_FTUP);
	assert_int_equal(upf_numbers(bed.upf).smfs_associated, 1);
	m = (struct pfcp_msg){ .type = PFCP_ASSOCIATION_RELEASE_REQUEST };
	assert_true(bed_request(&bed, &m));
	assert_int_equal(bed.response.association_release_response.cause, PFCP_CAUSE_ACCEPTED);
	m = (struct pfcp_msg){ .type = PFCP_ASSOCIATION_RELEASE_REQUEST };
	assert_true(bed_request(&bed, &m));
	assert_int_equal(bed.response.association_release_response.cause, PFCP_CAUSE_NO_ASSOCIATION);
	m = (struct pfcp_msg){ .type = PFCP_ASSOCIATION_UPDATE_REQUEST };
	assert_true(bed_request(&bed, &m));
	assert_int_equal(bed.response.association_update_response.cause, PFCP_CAUSE_NO_ASSOCIATION);
}

/* Without FTUP (29.244 8.2.25) each SMF has a half of the TEIDs, and chooses; whose they are not, cannot. */
static void teids_of_the_smf(void **state)
{
	struct upf_config c;
	struct bed_session_ids ids;
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_SETUP_REQUEST };
	const struct pfcp_association_setup_response *r = &bed.response.association_setup_response;
	struct pfcp_f_teid *f = &rules.pdr[0].pdi.local_f_teid;

	bed_fini(&bed);
	bed_config(&c);
	c.smf_teids = true;
	bed_init(&bed, &c);
	m.association_setup_request.recovery_time_stamp = 1;
	assert_true(bed_request(&bed, &m));
	assert_false(r->up_function_features.bits & PFCP_UP_FTUP);
	assert_int_equal(r->user_plane_resource_count, 1);
	assert_true(r->user_plane_resource[0].has_ipv4);
	assert_int_equal(gtpu_be32(r->user_plane_resource[0].ipv4), BED_UPF_N3);
	assert_int_equal(r->user_plane_resource[0].teid_range_bits, 1);
	assert_int_equal(r->user_plane_resource[0].teid_range, 0);
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_INVALID_F_TEID_ALLOCATION);
	*f = (struct pfcp_f_teid){ .has_ipv4 = true, .teid = 0x80000005, .ipv4 = { 10, 1, 0, 1 } };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_INVALID_F_TEID_ALLOCATION);
	f->teid = 0x7fffffff;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(ids.teid, 0); /* it was not chosen here: no Created PDR says so */
	assert_true(bed_associate_from(&bed, BED_SMF2, 1, false));
	assert_int_equal(r->user_plane_resource[0].teid_range, 1);
	rules.m.session_establishment_request.cp_f_seid.seid = 0x78;
	f->teid = 0x80000005; /* in restoration also what it had under another configuration */
	rules.m.session_establishment_request.has_sereq_flags = true;
	rules.m.session_establishment_request.sereq_flags = (struct tlv_flags){ PFCP_SEREQ_RESTI, 1 };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
}

static void stranger(void **state)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_SETUP_REQUEST };

	assert_false(bed_request_from(&bed, 0x0a0000ff, &m));
	assert_int_equal(bed.sent_count, 0);
	assert_int_equal(upf_numbers(bed.upf).smfs_associated, 1);
}

static void restart_without_retention(void **state)
{
	establish();
	assert_true(bed_associate_from(&bed, BED_SMF, 2, false));
	assert_int_equal(upf_numbers(bed.upf).sessions, 0);
}

static void restart_with_retention(void **state)
{
	struct bed_session_ids ids = establish();
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .seid = ids.seid };

	assert_true(bed_associate_from(&bed, BED_SMF, 2, true));
	assert_true(bed.response.association_setup_response.asrsp_flags.bits & 1);
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
	assert_true(bed_request(&bed, &m));
	assert_int_equal(bed.response.session_deletion_response.cause, PFCP_CAUSE_ACCEPTED);
	assert_true(bed_associate_from(&bed, BED_SMF, 2, true));
	assert_false(bed.response.association_setup_response.asrsp_flags.bits & 1);
}

/* 29.244 6.2.6.3: it has started: each SMF hears of it once, unless it was first. */
static void announcement(void **state)
{
	struct upf_config config;
	struct test_env t;
	struct upf *upf;
	struct room room;
	struct arena arena;
	struct pfcp_msg m;
	struct tlv_fault fault;
	unsigned sent = 0;

	bed_config(&config);
	test_env_init(&t, 42, false);
	arena_init(&arena, NULL, 0, 1 << 16);
	upf = upf_new(&config, &t.env);
	assert_non_null(upf);
	room = upf_room(upf);
	room.ops->on_deadline(room.self, t.now_ns);
	for (struct outbox_item *i = t.outbox.head; i; i = i->next) {
		arena_reset(&arena);
		assert_true(pfcp_decode(i->msg.data, &arena, &m, &fault));
		assert_int_equal(m.type, PFCP_ASSOCIATION_SETUP_REQUEST);
		assert_true(m.association_setup_request.up_function_features.bits & PFCP_UP_FTUP);
		assert_int_equal(m.association_setup_request.recovery_time_stamp, pfcp_time(&t.env));
		assert_true(addr_same_host(&i->msg.peer, &config.smfs[sent]));
		sent++;
	}
	assert_int_equal(sent, 2);
	upf_free(upf);
	test_env_fini(&t);
	arena_fini(&arena);
}

static void no_association(void **state)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_RELEASE_REQUEST };
	struct bed_session_ids ids = establish();

	assert_true(bed_request(&bed, &m));
	assert_int_equal(upf_numbers(bed.upf).sessions, 0);
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_NO_ASSOCIATION);
	assert_int_equal(bed.response.seid, 0x77);
}

static void another_smf(void **state)
{
	struct bed_session_ids ids = establish();
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .seid = ids.seid };

	assert_true(bed_associate_from(&bed, BED_SMF2, 1, false));
	assert_true(bed_request_from(&bed, BED_SMF2, &m));
	assert_int_equal(bed.response.session_deletion_response.cause, PFCP_CAUSE_SESSION_NOT_FOUND);
	assert_int_equal(bed.response.seid, 0);
	/* Nor can it take the UE's address over. */
	assert_true(bed_request_from(&bed, BED_SMF2, &rules.m));
	assert_int_equal(bed.response.session_establishment_response.cause, PFCP_CAUSE_RULE_FAILURE);
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
}

/* Establishment refused with this cause, and nothing left behind. */
static void refused(uint8_t cause, uint16_t offending)
{
	const struct pfcp_session_establishment_response *r = &bed.response.session_establishment_response;
	struct bed_session_ids ids;

	assert_int_equal(bed_establish(&bed, &rules, &ids), cause);
	assert_int_equal(r->has_offending_ie ? r->offending_ie : 0, offending);
	assert_int_equal(r->has_failed_rule_id, cause == PFCP_CAUSE_RULE_FAILURE);
	assert_false(r->has_up_f_seid);
	assert_int_equal(upf_numbers(bed.upf).sessions, 0);
	assert_int_equal(bed.upf->urrs.used + bed.upf->meters.used, 0);
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
}

static void establishment_missing(void **state)
{
	bed.hide = UPF_IE_CREATE_PDR;
	refused(PFCP_CAUSE_MANDATORY_IE_MISSING, UPF_IE_CREATE_PDR);
	bed.hide = 3;
	refused(PFCP_CAUSE_MANDATORY_IE_MISSING, 3);
	bed.hide = 0;
	rules.pdr[0].has_far_id = false;
	refused(PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_FAR_ID);
	rules.far[0].has_forwarding_parameters = false;
	refused(PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_FORWARDING_PARAMETERS);
	rules.pdr[0].pdi.has_local_f_teid = false;
	refused(PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_F_TEID);
	rules.urr[0].reporting_triggers.bits = PFCP_TRIGGER_VOLTH;
	refused(PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_VOLUME_THRESHOLD);
	rules.urr[0].reporting_triggers.bits = PFCP_TRIGGER_PERIO;
	refused(PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_MEASUREMENT_PERIOD);
}

/* What would narrow a rule and cannot be read refuses it: left out, the rule would match all. */
static void narrowing_not_read(void **state)
{
	static uint8_t qfi = 1;
	static const uint8_t longer[] = { 1, 0, 0, 99, 'p', 'e' }, one[] = { 1 }, f_teid[] = { 1 },
			     none[] = { 0 };
	struct pfcp_sdf_filter filter = { .has_flow_description = true,
		.flow_description = bytes_of_str("permit out ip from any to any") };
	const struct {
		uint16_t type;
		struct bytes value;
		uint8_t cause;
		uint16_t offending;
	} cases[] = {
		{ UPF_IE_SDF_FILTER, BYTES(longer), PFCP_CAUSE_RULE_FAILURE, 0 },
		{ UPF_IE_SDF_FILTER, BYTES_NONE, PFCP_CAUSE_RULE_FAILURE, 0 },
		{ UPF_IE_SDF_FILTER, BYTES(one), PFCP_CAUSE_RULE_FAILURE, 0 },
		{ UPF_IE_UE_IP_ADDRESS, BYTES_NONE, PFCP_CAUSE_RULE_FAILURE, 0 },
		{ UPF_IE_UE_IP_ADDRESS, BYTES(one), PFCP_CAUSE_RULE_FAILURE, 0 },
		{ 124 /* QFI */, BYTES_NONE, PFCP_CAUSE_RULE_FAILURE, 0 },
		{ UPF_IE_F_TEID, BYTES_NONE, PFCP_CAUSE_INVALID_LENGTH, UPF_IE_F_TEID },
		{ UPF_IE_F_TEID, BYTES(f_teid), PFCP_CAUSE_INVALID_LENGTH, UPF_IE_F_TEID },
		{ UPF_IE_F_TEID, BYTES(none), PFCP_CAUSE_INVALID_LENGTH, UPF_IE_F_TEID },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		rules.pdr[0].pdi.sdf_filter = &filter;
		rules.pdr[0].pdi.sdf_filter_count = 1;
		rules.pdr[0].pdi.qfi = &qfi;
		rules.pdr[0].pdi.qfi_count = 1;
		bed.spoil = cases[i].type;
		bed.spoilt = cases[i].value;
		refused(cases[i].cause, cases[i].offending);
		if (cases[i].cause == PFCP_CAUSE_RULE_FAILURE)
			assert_int_equal(bed.response.session_establishment_response.failed_rule_id.id,
				rules.pdr[0].pdr_id);
	}
	bed.spoil = 0;
	rules.pdr[0].has_deactivation_time = true;
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
}

/* A tunnel leads to another host: not back, not to a UE, not to everybody. */
static void tunnels_that_lead_nowhere(void **state)
{
	static const uint32_t ends[] = { BED_UPF_N3, BED_UPF_N4, 0x7f000001, 0xe0000001, 0xffffffff, 0, 1,
		BED_UE, BED_POOL + 1 };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct writer w = writer_of(rules.far[1].forwarding_parameters.outer_header_creation.ipv4, 4);

		writer_u32(&w, ends[i]);
		refused(PFCP_CAUSE_RULE_FAILURE, 0);
		assert_int_equal(
			bed.response.session_establishment_response.failed_rule_id.type, PFCP_RULE_FAR);
	}
}

static void establishment_incorrect(void **state)
{
	struct bytes policy = BYTES("policy"), application = BYTES("app");

	rules.m.session_establishment_request.cp_f_seid.has_ipv4 = false;
	refused(PFCP_CAUSE_MANDATORY_IE_INCORRECT, UPF_IE_F_SEID);
	rules.far[0].forwarding_parameters.has_forwarding_policy = true;
	rules.far[0].forwarding_parameters.forwarding_policy = policy;
	refused(PFCP_CAUSE_INVALID_FORWARDING_POLICY, UPF_IE_FORWARDING_POLICY);
	rules.pdr[0].pdi.has_application_id = true;
	rules.pdr[0].pdi.application_id = application;
	refused(PFCP_CAUSE_UNKNOWN_APPLICATION_ID, UPF_IE_APPLICATION_ID);
	rules.pdr[0].activate_predefined_rules_count = 1;
	rules.pdr[0].activate_predefined_rules = &application;
	refused(PFCP_CAUSE_UNKNOWN_PREDEFINED_RULE, UPF_IE_PREDEFINED_RULES);
	rules.pdr[0].pdi.local_f_teid =
		(struct pfcp_f_teid){ .has_ipv4 = true, .teid = 5, .ipv4 = { 1, 2, 3, 4 } };
	refused(PFCP_CAUSE_INVALID_F_TEID_ALLOCATION, UPF_IE_F_TEID);
	rules.pdr[0].pdi.local_f_teid = (struct pfcp_f_teid){ .has_ipv6 = true, .choose = true };
	refused(PFCP_CAUSE_INVALID_F_TEID_ALLOCATION, UPF_IE_F_TEID);
	rules.m.session_establishment_request.has_pdn_type = true;
	rules.m.session_establishment_request.pdn_type = PFCP_PDN_ETHERNET + 1;
	refused(PFCP_CAUSE_SERVICE_NOT_SUPPORTED, UPF_IE_PDN_TYPE);
}

static void establishment_rule_failure(void **state)
{
	struct pfcp_sdf_filter filter = { .has_flow_description = true };

	rules.pdr[1].far_id = 9;
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	assert_int_equal(bed.response.session_establishment_response.failed_rule_id.type, PFCP_RULE_PDR);
	assert_int_equal(bed.response.session_establishment_response.failed_rule_id.id, 2);
	rules.qer_ids[1] = 9;
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	rules.urr_ids[0] = 9;
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	rules.pdr[1].pdr_id = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	rules.far[1].far_id = 1;
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	assert_int_equal(bed.response.session_establishment_response.failed_rule_id.type, PFCP_RULE_FAR);
	rules.far[0].apply_action.bits = PFCP_APPLY_FORW | PFCP_APPLY_DROP;
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	rules.qer[0].gate_status = 2;
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	rules.urr[0].measurement_method.bits = PFCP_MEASURE_EVENT;
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	rules.pdr[1].pdi.ue_ip_address.ipv4[3] = 77; /* two addresses in one session */
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	bed_session_fill(&rules, 0x01020304, BED_GNB_TEID, 0x77); /* not of the pool */
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	filter.flow_description = bytes_of_str("deny out ip from any to any");
	rules.pdr[1].pdi.sdf_filter_count = 1;
	rules.pdr[1].pdi.sdf_filter = &filter;
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
}

static void network_instance(void **state)
{
	rules.pdr[1].pdi.has_network_instance = true;
	rules.pdr[1].pdi.network_instance = bytes_of_str("other");
	refused(PFCP_CAUSE_RULE_FAILURE, 0);
	rules.pdr[1].pdi.has_network_instance = true;
	rules.pdr[1].pdi.network_instance = bytes_of_str("\x08internet");
	establish();
}

static void teids(void **state)
{
	struct bed_session_ids first = establish(), second;

	/* The same UE again: the forgotten session makes room. */
	second = establish();
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
	assert_int_not_equal(first.teid, second.teid);
	/* Restored with what it had (23.527 4.3). */
	assert_true(bed_associate_from(&bed, BED_SMF, 2, false));
	rules.pdr[0].pdi.local_f_teid =
		(struct pfcp_f_teid){ .has_ipv4 = true, .teid = first.teid, .ipv4 = { 10, 1, 0, 1 } };
	rules.m.session_establishment_request.has_sereq_flags = true;
	rules.m.session_establishment_request.sereq_flags.bits = PFCP_SEREQ_RESTI;
	assert_int_equal(bed_establish(&bed, &rules, &second), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(second.teid, 0); /* nothing was chosen */
	assert_ptr_equal(upf_table_find(&bed.upf->data.by_teid, upf_key_teid(first.teid)),
		upf_table_find(&bed.upf->data.by_ue_ip, upf_key_ip(ip_from_v4(BED_UE))));
	/* Another UE cannot have it. */
	bed_session_fill(&rules, BED_UE + 1, BED_GNB_TEID + 1, 0x78);
	rules.pdr[0].pdi.local_f_teid =
		(struct pfcp_f_teid){ .has_ipv4 = true, .teid = first.teid, .ipv4 = { 10, 1, 0, 1 } };
	assert_int_equal(bed_establish(&bed, &rules, &second), PFCP_CAUSE_RULE_FAILURE);
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
}

static void same_choose_id(void **state)
{
	struct pfcp_create_pdr pdr[3];
	struct bed_session_ids ids;

	pdr[0] = rules.pdr[0];
	pdr[1] = rules.pdr[1];
	pdr[0].pdi.local_f_teid.has_choose_id = true;
	pdr[0].pdi.local_f_teid.choose_id = 4;
	pdr[2] = pdr[0];
	pdr[2].pdr_id = 3;
	rules.m.session_establishment_request.create_pdr = pdr;
	rules.m.session_establishment_request.create_pdr_count = 3;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(bed.response.session_establishment_response.created_pdr_count, 2);
	assert_int_equal(
		bed.response.session_establishment_response.created_pdr[1].local_f_teid.teid, ids.teid);
}

static void many_sessions(void **state)
{
	struct bed_session_ids ids;
	struct upf_numbers n;

	for (uint32_t i = 0; i < 3000; i++) {
		bed_session_fill(&rules, BED_UE + i, BED_GNB_TEID + i, 0x1000 + i);
		assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	}
	n = upf_numbers(bed.upf);
	assert_int_equal(n.sessions, 3000);
	assert_in_range(n.session_octets / n.sessions, 300, 1128);
	assert_true(bed_associate_from(&bed, BED_SMF, 2, false));
	n = upf_numbers(bed.upf);
	assert_int_equal(n.sessions, 0);
	assert_int_equal(
		bed.upf->data.by_teid.count + bed.upf->data.by_ue_ip.count + bed.upf->data.by_tunnel.count,
		0);
}

static void exhausted(void **state)
{
	struct upf_config c;
	struct bed_session_ids ids;

	bed_fini(&bed);
	bed_config(&c);
	c.sessions_max = 1;
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	establish();
	bed_session_fill(&rules, BED_UE + 1, BED_GNB_TEID + 1, 0x78);
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_NO_RESOURCES);
}

static uint64_t figure(const char *name, const char *labels)
{
	struct stats_list l = { 0 };

	upf_figures(bed.upf, &l);
	return test_figure(&l, name, labels);
}

/* Sessions by what their establishment names: a data network and slice that are configured, or others. */
static void figures(void **state)
{
	static const struct {
		const char *dnn;
		struct snssai snssai;
		uint64_t here, other;
	} cases[] = { { "internet", { 1, SNSSAI_NO_SD }, 1, 0 }, { "INTERNET", { 1, SNSSAI_NO_SD }, 1, 0 },
		{ NULL, { 1, SNSSAI_NO_SD }, 0, 1 }, { "internet", { 2, SNSSAI_NO_SD }, 0, 1 },
		{ "ims", { 1, SNSSAI_NO_SD }, 0, 1 } };
	struct pfcp_session_establishment_request *r = &rules.m.session_establishment_request;
	struct bed_session_ids ids;

	bed.upf->config.slices[bed.upf->config.slice_count++] = (struct snssai){ 1, SNSSAI_NO_SD };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true };

		r->has_dnn = cases[i].dnn != NULL;
		r->dnn = cases[i].dnn;
		r->has_s_nssai = true;
		r->s_nssai = cases[i].snssai;
		ids = establish();
		assert_int_equal(figure("session_nbr", "snssai=\"1\",dnn=\"internet\""), cases[i].here);
		assert_int_equal(figure("session_nbr", "snssai=\"other\",dnn=\"other\""), cases[i].other);
		assert_int_equal(figure("qos_flows", cases[i].here ? "internet" : "other"), 1);
		m.seid = ids.seid;
		assert_true(bed_request(&bed, &m));
		assert_int_equal(figure("qos_flows", ""), 0);
		assert_int_equal(figure("session_nbr", ""), 0);
	}
	assert_int_equal(figure("sm_n4_session_estab_req", ""), ARRAY_LEN(cases));
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	rules.pdr[0].far_id = 99;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_RULE_FAILURE);
	assert_int_equal(figure("sm_n4_session_estab_fail", "cause=\"73\""), 1);
	assert_int_equal(figure("sm_n4_session_estab_fail", ""), 1);
}

static bool is_usable(const struct upf_config *c)
{
	struct upf *upf = upf_new(c, &bed.t.env);

	upf_free(upf);
	return upf;
}

/* Each number up to its most, and not one more. */
static void unusable_configurations(void **state)
{
	struct upf_config c;

	bed_config(&c);
	c.smf_count = 0;
	assert_false(is_usable(&c));
	bed_config(&c);
	c.n3_address.len = 16;
	assert_false(is_usable(&c));
	bed_config(&c);
	c.n4_address.len = 16;
	assert_false(is_usable(&c));
#define UP_TO(member, most)                                                                                  \
	do {                                                                                                 \
		bed_config(&c);                                                                              \
		c.member = (most);                                                                           \
		assert_true(is_usable(&c));                                                                  \
		c.member++;                                                                                  \
		assert_false(is_usable(&c));                                                                 \
	} while (0)
	UP_TO(smf_count, UPF_SMFS_MAX);
	UP_TO(gnb_count, UPF_GNB_PREFIXES_MAX);
	UP_TO(pool_count, UPF_POOLS_MAX);
	UP_TO(pool6_count, UPF_POOLS_MAX);
	UP_TO(protected6_count, UPF_PROTECTED_MAX);
	UP_TO(dnn_count, UPF_DNNS_MAX);
	UP_TO(workers, UPF_WORKERS_MAX);
	UP_TO(protected_count, UPF_PROTECTED_MAX - 2 - UPF_SMFS_MAX);
	UP_TO(lan_count, UPF_LANS_MAX);
	UP_TO(sessions_max, UPF_SESSIONS_MAX);
	UP_TO(packet_max, UPF_PACKET_OCTETS_MAX);
	UP_TO(buffered_max, UPF_BUFFERED_PACKETS_MAX);
}

/* What comes to a configuration: once each, behind what there is, up to the most. */
static void configuration_grows(void **state)
{
	const struct upf_config *is = &bed.upf->config;
	struct upf_config was = *is, more = was;

	more.pool_count = 3;
	more.pools[1] = (struct prefix4){ 0x0a800000, 16 };
	more.pools[2] = (struct prefix4){ 0x0a800000, 17 };
	more.pool6_count = 2;
	more.pools6[0] = (struct prefix){ { 0x20010db800000000, 0 }, 48 };
	more.pools6[1] = (struct prefix){ { 0x20010db800010000, 0 }, 48 };
	more.slice_count = (uint8_t)(was.slice_count + 1);
	more.slices[was.slice_count] = (struct snssai){ 77, 5 };
	more.dnn_count = 2;
	str_copy(more.dnns[0], DNN_STR_SIZE, "INTERNET");
	str_copy(more.dnns[1], DNN_STR_SIZE, "plant");
	for (int again = 0; again < 2; again++) {
		upf_take_config(bed.upf, &more);
		assert_int_equal(is->pool_count, 3);
		assert_memory_equal(is->pools, more.pools, 3 * sizeof(more.pools[0]));
		assert_int_equal(is->pool6_count, was.pool6_count + 2);
		assert_memory_equal(&is->pools6[was.pool6_count], more.pools6, 2 * sizeof(more.pools6[0]));
		assert_int_equal(is->slice_count, was.slice_count + 1);
		assert_int_equal(is->slices[was.slice_count].sst, 77);
		assert_int_equal(is->dnn_count, was.dnn_count + 1);
		assert_string_equal(is->dnns[0], "internet");
		assert_string_equal(is->dnns[was.dnn_count], "plant");
	}
	for (unsigned i = 0; i < 2 * UPF_POOLS_MAX; i++) {
		more.pools[0].ip = 0x0b000000 + i;
		more.pools6[0].ip.high += 1;
		snprintf(more.dnns[0], DNN_STR_SIZE, "dnn%u", i);
		upf_take_config(bed.upf, &more);
	}
	assert_int_equal(is->pool_count, UPF_POOLS_MAX);
	assert_int_equal(is->pools[UPF_POOLS_MAX - 1].ip, 0x0b000000 + UPF_POOLS_MAX - 4);
	assert_int_equal(is->pool6_count, UPF_POOLS_MAX);
	assert_int_equal(is->dnn_count, UPF_DNNS_MAX);
	assert_int_equal(is->gnb_count, was.gnb_count);
	assert_int_equal(is->smf_count, was.smf_count);
}

/* Of what goes, the places are known: what is not wholly in one that is wanted. */
static void configuration_shrinks(void **state)
{
	const struct upf_config *is = &bed.upf->config;
	struct upf_config all = *is, wanted;

	all.pool_count = all.pool6_count = 4;
	for (uint8_t i = 0; i < 4; i++) {
		all.pools[i] = (struct prefix4){ 0x0a000000 + (i << 16), 16 };
		all.pools6[i] = (struct prefix){ { 0x20010db800000000 + ((uint64_t)i << 16), 0 }, 48 };
	}
	*(struct upf_config *)(uintptr_t)is = all;
	upf_take_config(bed.upf, &all);
	assert_int_equal(is->pools_gone | is->pools6_gone, 0);
	wanted = all;
	wanted.pool_count = wanted.pool6_count = 2;
	wanted.pools[0] = (struct prefix4){ 0x0a018000, 17 }; /* half of the second */
	wanted.pools[1] = (struct prefix4){ 0x0a020000, 15 }; /* around the last two */
	wanted.pools6[0] = all.pools6[1];
	wanted.pools6[1] = all.pools6[2];
	upf_take_config(bed.upf, &wanted);
	assert_int_equal(is->pools_gone, 1 << 0 | 1 << 1);
	assert_int_equal(is->pools6_gone, 1 << 0 | 1 << 3);
	upf_take_config(bed.upf, &all);
	assert_int_equal(
		is->pools_gone, 1 << 5); /* that which was around two, and came behind the first half */
	assert_int_equal(is->pools6_gone, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(association), TEST(teids_of_the_smf), TEST(stranger),
		TEST(restart_without_retention), TEST(restart_with_retention), TEST(no_association),
		TEST(announcement), TEST(another_smf), TEST(establishment_missing), TEST(narrowing_not_read),
		TEST(tunnels_that_lead_nowhere), TEST(establishment_incorrect),
		TEST(establishment_rule_failure), TEST(network_instance), TEST(teids), TEST(same_choose_id),
		TEST(many_sessions), TEST(exhausted), TEST(figures), TEST(unusable_configurations),
		TEST(configuration_grows), TEST(configuration_shrinks) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
