/* Session establishment, each refusal of it, and what fails on the way. */
#include "base/test_stats.h"
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

static uint64_t figure(struct bed *b, const char *name, const char *labels)
{
	struct stats_list l = { 0 };

	smf_figures(b->smf, &l);
	return test_figure(&l, name, labels);
}

/* Nothing of any session is left anywhere. */
static void assert_nothing_left(struct bed *b)
{
	struct smf_numbers n = smf_numbers(b->smf);

	assert_int_equal(n.sessions, 0);
	assert_int_equal(n.active, 0);
	assert_int_equal(n.addresses, 0);
	assert_int_equal(b->session_count, 0);
	assert_int_equal(figure(b, "sm_session_nbr", ""), 0);
	assert_int_equal(b->registrations - (b->udm_registration_cause ? 1 : 0), b->deregistrations);
	assert_int_equal(b->policies - (b->pcf_cause ? 1 : 0), b->policies_deleted);
	assert_true(list_empty(&b->smf->sessions_to_store.due) && list_empty(&b->smf->sessions_to_store.put));
}

static void assert_refused(struct bed *b, enum sbi_cause cause, uint8_t gsm_cause)
{
	struct nas_msg m;

	assert_int_equal(b->answer.op, SBI_SMF_CREATE_SM_CONTEXT);
	assert_int_equal(b->answer.cause, cause);
	m = bed_nas(b, &b->answer.n1);
	assert_int_equal(m.type, NAS_PDU_SESSION_ESTABLISHMENT_REJECT);
	assert_int_equal(m.pdu_session_establishment_reject.cause, gsm_cause);
	assert_int_equal(b->transfer_count, 0);
	assert_nothing_left(b);
}

static void check_accept(struct bed *b, const struct bed_octets *n1)
{
	struct nas_msg m = bed_nas(b, n1);
	const struct nas_pdu_session_establishment_accept *a = &m.pdu_session_establishment_accept;

	assert_int_equal(m.type, NAS_PDU_SESSION_ESTABLISHMENT_ACCEPT);
	assert_int_equal(m.pti, 5);
	assert_int_equal(m.pdu_session_id, 1);
	assert_int_equal(a->pdu_session_type, NAS_PDU_IPV4);
	assert_int_equal(a->ssc_mode, NAS_SSC_1);
	assert_false(a->has_cause);
	assert_int_equal(a->qos_rules.count, 1);
	assert_true(a->qos_rules.items[0].is_default);
	assert_int_equal(a->qos_rules.items[0].qfi, SMF_DEFAULT_QFI);
	assert_int_equal(a->qos_rules.items[0].filters[0].components[0].type, NAS_FILTER_MATCH_ALL);
	assert_int_equal(nas_bit_rate_kbps(a->session_ambr.downlink), 100000);
	assert_int_equal(nas_bit_rate_kbps(a->session_ambr.uplink), 50000);
	assert_int_equal(v4_of(a->pdu_address.ipv4), 0x0a2d0002);
	assert_int_equal(a->s_nssai.snssai.sd, 0x010203);
	assert_int_equal(a->qos_flows.items[0].five_qi, 9);
	assert_string_equal(a->dnn, "internet");
	assert_int_equal(a->epco.count, 3);
	assert_int_equal(a->epco.items[0].id, NAS_PCO_DNS_IPV4);
	assert_int_equal(v4_of(a->epco.items[0].value.data), 0x08080808);
	assert_int_equal(v4_of(a->epco.items[1].value.data), 0x01010101);
	assert_int_equal(a->epco.items[2].id, NAS_PCO_IPV4_LINK_MTU);
	assert_int_equal(a->epco.items[2].value.data[0] << 8 | a->epco.items[2].value.data[1], SMF_MTU);
}

static void check_setup_request(struct bed *b, const struct bed_octets *n2)
{
	struct ngap_pdu_session_resource_setup_request_transfer t = { 0 };
	const struct ngap_gtp_tunnel *tunnel = &t.ul_ngu_up_tnl_information.u.gtp_tunnel;
	struct per_diag diag = { 0 };

	assert_true(ngap_value_decode(&ngap_pdu_session_resource_setup_request_transfer_type,
		bytes_of(n2->data, n2->len), &b->arena, &t, &diag));
	assert_int_equal(t.pdu_session_aggregate_maximum_bit_rate->pdu_session_aggregate_maximum_bit_rate_ul,
		50000000);
	assert_int_equal(t.pdu_session_type, NGAP_PDU_SESSION_TYPE_IPV4);
	assert_int_equal(tunnel->transport_layer_address.len_bits, 32);
	assert_int_equal(v4_of(tunnel->transport_layer_address.data), 0x0a030001);
	assert_int_equal(v4_of(tunnel->gtp_teid.data), b->sessions[0].teid);
	assert_int_equal(t.qos_flow_setup_request_list.count, 1);
	assert_int_equal(t.qos_flow_setup_request_list.items[0].qos_flow_identifier, SMF_DEFAULT_QFI);
}

static void establishes(void **state)
{
	struct bed *b = *state;

	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(b->transfers[0].n2_type, N2_SM_PDU_RES_SETUP_REQ);
	check_accept(b, &b->transfers[0].n1);
	check_setup_request(b, &b->transfers[0].n2);
	assert_int_equal(b->session_count, 1);
	assert_false(b->sessions[0].forwards);
	assert_int_equal(b->sessions[0].ue_ip, 0x0a2d0002);
	assert_int_equal(b->sessions[0].mbr_uplink_kbps, 50000);
	assert_int_equal(b->sessions[0].qfi, SMF_DEFAULT_QFI);
	assert_int_equal(
		b->sessions[0].action, PFCP_APPLY_BUFF); /* what comes before the gNB's tunnel waits */
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATED);
	assert_true(b->sessions[0].forwards);
	assert_int_equal(b->sessions[0].dl_teid, 0x77);
	assert_int_equal(b->sessions[0].dl_ip, 0x0a040001);
	assert_int_equal(bed_stat(b, SMF_STAT_ESTABLISHED), 1);
	assert_int_equal(figure(b, "sm_pdu_session_creation_req", "dnn=\"internet\""), 1);
	assert_int_equal(figure(b, "sm_pdu_session_creation_succ", "dnn=\"internet\""), 1);
	assert_int_equal(figure(b, "sm_session_nbr", "dnn=\"internet\""), 1);
	assert_int_equal(figure(b, "sm_session_nbr", ""), 1);
	assert_int_equal(figure(b, "pdu_session_creation_seconds", ""), 1);
	assert_int_equal(figure(b, "sm_n4_session_estab_req", ""), 1);
	bed_pass(b, 60000); /* nothing times out any more */
	bed_restart(b);
	assert_int_equal(figure(b, "sm_session_nbr", "dnn=\"internet\""), 1);
	assert_int_equal(figure(b, "sm_pdu_session_creation_req", ""), 0);
	assert_int_equal(smf_numbers(b->smf).active, 1);
	assert_true(store_mem_stats(b->store).octets < 600);
	assert_true(sizeof(struct smf_session) <= 704);
}

/* 23.501 5.10.3: what is asked of the gNB; what was left to it and is not done is counted. */
static void protection(void **state)
{
	enum {
		OPEN = SMF_PROTECTION_OPEN,
		MUST = SMF_PROTECTION_REQUIRED,
		MAY = SMF_PROTECTION_PREFERRED,
		NOT = SMF_PROTECTION_NOT_NEEDED
	};
	static const struct {
		uint8_t integrity, ciphering;
		bool is_sent, has_rates;
		int wants_integrity, wants_ciphering; /* 0: required, 1: preferred, 2: not needed */
		unsigned unprotected;                 /* of a gNB that does nothing of it */
	} cases[] = { { OPEN, OPEN, false }, { MUST, OPEN, true, true, 0, 1, 1 },
		{ MAY, NOT, true, true, 1, 2, 1 }, { NOT, MUST, true, false, 2, 0, 1 },
		{ OPEN, NOT, true, false, 2, 2, 0 } };
	struct bed *b = *state;
	uint64_t before = 0;

	for (uint8_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ngap_pdu_session_resource_setup_request_transfer t = { 0 };
		const struct ngap_security_indication *s;
		struct ngap_security_result none = { NGAP_INTEGRITY_PROTECTION_RESULT_NOT_PERFORMED,
			NGAP_CONFIDENTIALITY_PROTECTION_RESULT_NOT_PERFORMED };
		struct ngap_pdu_session_resource_setup_response_transfer answer;
		struct per_diag diag = { 0 };

		b->smf->config.dnns[0].integrity = cases[i].integrity;
		b->smf->config.dnns[0].ciphering = cases[i].ciphering;
		b->transfer_count = 0;
		bed_create(b, "internet", 1, BED_REQUEST);
		assert_int_equal(b->answer.cause, SBI_OK);
		assert_true(ngap_value_decode(&ngap_pdu_session_resource_setup_request_transfer_type,
			bytes_of(b->transfers[0].n2.data, b->transfers[0].n2.len), &b->arena, &t, &diag));
		s = t.security_indication;
		assert_int_equal(s != NULL, cases[i].is_sent);
		if (s) {
			assert_int_equal(s->integrity_protection_indication, cases[i].wants_integrity);
			assert_int_equal(s->confidentiality_protection_indication, cases[i].wants_ciphering);
			assert_int_equal(s->has_maximum_integrity_protected_data_rate_ul, cases[i].has_rates);
			assert_int_equal(s->ie_extensions != NULL, cases[i].has_rates);
		}
		assert_true(ngap_value_decode(&ngap_pdu_session_resource_setup_response_transfer_type,
			bed_setup_response(b, 0x0a040001, 0x77), &b->arena, &answer, &diag));
		answer.security_result = cases[i].is_sent ? &none : NULL;
		bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP,
			bed_n2(b, &ngap_pdu_session_resource_setup_response_transfer_type, &answer));
		assert_int_equal(bed_stat(b, SMF_STAT_UNPROTECTED) - before, cases[i].unprotected);
		before = bed_stat(b, SMF_STAT_UNPROTECTED);
	}
}

static void ipv4v6_becomes_ipv4(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_create(b, "INTERNET", 1, "2e 01 05 c1 ff ff 93");
	assert_int_equal(b->answer.cause, SBI_OK);
	m = bed_nas(b, &b->transfers[0].n1);
	assert_true(m.pdu_session_establishment_accept.has_cause);
	assert_int_equal(
		m.pdu_session_establishment_accept.cause, NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED);
	assert_false(m.pdu_session_establishment_accept.has_epco);
}

static void refuses_what_the_request_says(void **state)
{
	static const struct {
		const char *dnn, *n1;
		uint8_t cause;
		enum sbi_cause sbi;
	} cases[] = {
		{ "internet", "2e 01 05 c1 ff ff 92", NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED,
			SBI_PDUTYPE_NOT_SUPPORTED },
		{ "internet", "2e 01 05 c1 ff ff 94", NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE,
			SBI_PDUTYPE_NOT_SUPPORTED },
		{ "internet", "2e 01 05 c1 ff ff 95", NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE,
			SBI_PDUTYPE_NOT_SUPPORTED },
		{ "internet", "2e 01 05 c1 ff ff 91 a2", NAS_5GSM_NOT_SUPPORTED_SSC_MODE,
			SBI_SSC_NOT_SUPPORTED },
		{ "nowhere", BED_REQUEST, NAS_5GSM_MISSING_OR_UNKNOWN_DNN, SBI_DNN_NOT_SUPPORTED },
		{ "ims", BED_REQUEST, NAS_5GSM_MISSING_OR_UNKNOWN_DNN_IN_A_SLICE, SBI_DNN_NOT_SUPPORTED },
		{ "internet", "2e 01 00 c1 ff ff 91", NAS_5GSM_INVALID_PTI_VALUE, SBI_N1_SM_ERROR },
		{ "internet", "2e 01 ff c1 ff ff 91", NAS_5GSM_INVALID_PTI_VALUE, SBI_N1_SM_ERROR },
		{ "internet", "2e 02 05 c1 ff ff 91", NAS_5GSM_INVALID_PDU_SESSION_IDENTITY,
			SBI_N1_SM_ERROR },
		{ "internet", "2e 01 05 c1 ff", NAS_CAUSE_INVALID_MANDATORY, SBI_N1_SM_ERROR },
		{ "internet", "2e 01 05 d1", NAS_CAUSE_MESSAGE_NOT_COMPATIBLE, SBI_N1_SM_ERROR },
	};
	struct bed *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bed_create(b, cases[i].dnn, 1, cases[i].n1);
		assert_refused(b, cases[i].sbi, cases[i].cause);
	}
	assert_int_equal(bed_stat(b, SMF_STAT_REJECTS), ARRAY_LEN(cases));
	assert_int_equal(figure(b, "sm_pdu_session_creation_fail", ""), ARRAY_LEN(cases));
	assert_int_equal(figure(b, "sm_pdu_session_creation_fail", "cause=\"27\""), 1);
	/* "nowhere", and "ims" in a slice that has it not */
	assert_int_equal(figure(b, "sm_pdu_session_creation_req", "dnn=\"other\""), 2);
	assert_int_equal(figure(b, "sm_pdu_session_creation_req", ""), ARRAY_LEN(cases));
}

static void refuses_what_the_functions_refuse(void **state)
{
	struct bed *b = *state;

	b->udm_data_cause = SBI_DATA_NOT_FOUND;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_refused(b, SBI_DNN_DENIED, NAS_5GSM_REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED);
	b->udm_data_cause = SBI_OK;
	b->udm_registration_cause = SBI_NF_CONGESTION;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_refused(b, SBI_NETWORK_FAILURE, NAS_5GSM_NETWORK_FAILURE);
	b->udm_registration_cause = SBI_OK;
	b->registrations = b->deregistrations = 0;
	b->pcf_cause = SBI_USER_NOT_FOUND;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_refused(b, SBI_NETWORK_FAILURE, NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED);
}

/* Each cause of the functions becomes the UE's and the AMF's. */
static void causes(void **state)
{
	static const struct {
		enum sbi_cause udm_data, udm_registration, pcf, sbi;
		uint8_t cause;
	} cases[] = {
		{ SBI_USER_NOT_FOUND, SBI_OK, SBI_OK, SBI_DNN_DENIED,
			NAS_5GSM_REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED },
		{ SBI_DATA_NOT_FOUND, SBI_OK, SBI_OK, SBI_DNN_DENIED,
			NAS_5GSM_REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED },
		{ SBI_DNN_DENIED, SBI_OK, SBI_OK, SBI_DNN_DENIED,
			NAS_5GSM_REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED },
		{ SBI_NF_CONGESTION, SBI_OK, SBI_OK, SBI_NETWORK_FAILURE, NAS_5GSM_NETWORK_FAILURE },
		{ SBI_TIMED_OUT_REQUEST, SBI_OK, SBI_OK, SBI_NETWORK_FAILURE, NAS_5GSM_NETWORK_FAILURE },
		{ SBI_OK, SBI_USER_NOT_FOUND, SBI_OK, SBI_NETWORK_FAILURE, NAS_5GSM_NETWORK_FAILURE },
		{ SBI_OK, SBI_TIMED_OUT_REQUEST, SBI_OK, SBI_NETWORK_FAILURE, NAS_5GSM_NETWORK_FAILURE },
		{ SBI_OK, SBI_OK, SBI_NF_CONGESTION, SBI_NETWORK_FAILURE,
			NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED },
		{ SBI_OK, SBI_OK, SBI_TIMED_OUT_REQUEST, SBI_NETWORK_FAILURE,
			NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED },
	};
	struct bed *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		b->udm_data_cause = cases[i].udm_data;
		b->udm_registration_cause = cases[i].udm_registration;
		b->pcf_cause = cases[i].pcf;
		b->registrations = b->deregistrations = b->policies = 0;
		bed_create(b, "internet", 1, BED_REQUEST);
		assert_refused(b, cases[i].sbi, cases[i].cause);
	}
}

static void silent_functions_time_out(void **state)
{
	struct bed *b = *state;

	b->mute = NF_UDM;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.op, SBI_OP_COUNT);
	bed_pass(b, SBI_TIMEOUT_MS - 1000);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	b->mute = NF_TYPE_COUNT;
	bed_pass(b, 2000);
	/* The AMF's own question timed out in the same moment; nothing is left. */
	assert_int_equal(b->answer.cause, SBI_TIMED_OUT_REQUEST);
	assert_nothing_left(b);
}

static void addresses_run_out(void **state)
{
	struct bed *b = *state;
	char n1[64];

	for (unsigned i = 1; i <= 5; i++) { /* 8 addresses but network, first and broadcast */
		snprintf(n1, sizeof(n1), "2e %02x 05 c1 ff ff 91", i);
		bed_create(b, "internet", (uint8_t)i, n1);
		assert_int_equal(b->answer.cause, SBI_OK);
	}
	bed_create(b, "internet", 6, "2e 06 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(bed_stat(b, SMF_STAT_ADDRESSES_OUT), 1);
	assert_int_equal(smf_numbers(b->smf).sessions, 5);
	bed_release(b); /* the fifth */
	bed_create(b, "internet", 6, "2e 06 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_OK);
}

/* The turn in which a session ends is lost: its address is nobody else's before its record is deleted, which
 * is tried again without anybody asking. */
static void address_of_a_stored_session(void **state)
{
	struct bed *b = *state;
	char n1[64];

	for (unsigned i = 1; i <= 5; i++) {
		snprintf(n1, sizeof(n1), "2e %02x 05 c1 ff ff 91", i);
		bed_create(b, "internet", (uint8_t)i, n1);
		assert_int_equal(b->answer.cause, SBI_OK);
	}
	store_mem_fail_commit(b->store, 2); /* N4 first, then what the UPF answers */
	bed_release(b);
	assert_int_equal(b->turn.stats.lost, 1);
	assert_int_equal(smf_numbers(b->smf).sessions, 4);
	bed_create(b, "internet", 6, "2e 06 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	bed_pass(b, 2 * TURN_RETRY_MS);
	bed_create(b, "internet", 6, "2e 06 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_restart(b);
	assert_int_equal(smf_numbers(b->smf).sessions, 5);
}

/* As many sessions as configured; one that ends makes room. */
static void sessions_run_out(void **state)
{
	struct bed *b = *state;

	b->config.sessions_max = 1;
	bed_restart(b);
	bed_create(b, "internet", 1, "2e 01 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(bed_stat(b, SMF_STAT_EXHAUSTED), 1);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
}

/* A DNN in two slices has one pool; half of another's pool is none. */
static void pools_are_shared(void **state)
{
	struct bed *b = *state;
	struct smf_config config = b->config;
	struct smf *smf;

	config.dnns[1].pools[0] = config.dnns[0].pools[0];
	smf = smf_new(&config, &b->t.env, b->bus);
	assert_non_null(smf);
	assert_int_equal(smf->pool_of[1][0], 0);
	assert_int_equal(smf->pool_count, 1);
	smf_free(smf);
	config.dnns[1].pools[0].bits = 30;
	assert_null(smf_new(&config, &b->t.env, b->bus));
	config = b->config;
	config.n4_address.len = 16;
	assert_null(smf_new(&config, &b->t.env, b->bus));
}

static bool usable(struct bed *b, const struct smf_config *config)
{
	struct smf *smf = smf_new(config, &b->t.env, b->bus);

	smf_free(smf);
	return smf != NULL;
}

/* As many of each as there may be, and one more. */
static void limits_of_the_configuration(void **state)
{
	struct bed *b = *state;
	struct smf_config config = b->config;

	for (uint8_t i = 0; i < SMF_DNNS_MAX; i++) {
		config.dnns[i] = b->config.dnns[0];
		config.dnns[i].snssai.sd = i;
		config.dnns[i].pools[0].ip.low += (uint32_t)i << 8;
		config.dnns[i].dns_count = SMF_DNS_MAX;
	}
	for (uint8_t i = 0; i < SMF_UPFS_MAX; i++) {
		config.upfs[i].address = b->config.upfs[0].address;
		config.upfs[i].address.ip[3] = (uint8_t)(10 + i);
		config.upfs[i].dnn_count = SMF_UPF_DNNS_MAX;
	}
	config.dnn_count = SMF_DNNS_MAX;
	config.upf_count = SMF_UPFS_MAX;
	assert_true(usable(b, &config));
	config.dnn_count = SMF_DNNS_MAX + 1;
	assert_false(usable(b, &config));
	config.dnn_count = SMF_DNNS_MAX;
	config.upf_count = SMF_UPFS_MAX + 1;
	assert_false(usable(b, &config));
	config.upf_count = SMF_UPFS_MAX;
	config.dnns[SMF_DNNS_MAX - 1].dns_count = SMF_DNS_MAX + 1;
	assert_false(usable(b, &config));
	config.dnns[SMF_DNNS_MAX - 1].dns_count = 0;
	config.upfs[SMF_UPFS_MAX - 1].dnn_count = SMF_UPF_DNNS_MAX + 1;
	assert_false(usable(b, &config));
	config.upfs[SMF_UPFS_MAX - 1].dnn_count = 0;
	config.upfs[SMF_UPFS_MAX - 1].address.len = 16;
	assert_false(usable(b, &config));
	config.upfs[SMF_UPFS_MAX - 1].address.len = 4;
	assert_true(usable(b, &config));
}

/* What is not given has the value of the standard, or ours; what is given stays. */
static void defaults(void **state)
{
	struct bed *b = *state;
	struct smf_config config = b->config;
	struct smf *smf;

	assert_int_equal(b->smf->config.t3592_ms, SMF_T3592_MS);
	assert_int_equal(b->smf->config.setup_guard_ms, SMF_SETUP_GUARD_MS);
	assert_int_equal(b->smf->config.association_retry_ms, SMF_ASSOCIATION_RETRY_MS);
	assert_int_equal(b->smf->config.dnns[0].mtu, SMF_MTU);
	assert_int_equal(b->smf->sessions.max, SMF_SESSIONS);
	config.t3592_ms = 1;
	config.setup_guard_ms = 2;
	config.association_retry_ms = 3;
	config.dnns[0].mtu = 1300;
	config.sessions_max = 4;
	smf = smf_new(&config, &b->t.env, b->bus);
	assert_int_equal(smf->config.t3592_ms, 1);
	assert_int_equal(smf->config.setup_guard_ms, 2);
	assert_int_equal(smf->config.association_retry_ms, 3);
	assert_int_equal(smf->config.dnns[0].mtu, 1300);
	assert_int_equal(smf->config.dnns[1].mtu, SMF_MTU);
	assert_int_equal(smf->sessions.max, 4);
	smf_free(smf);
}

/* 29.510 6.1.6.2.12: each slice once, with all of its DNNs. */
static void profile_at_the_nrf(void **state)
{
	struct bed *b = *state;
	struct smf_config config = b->config;
	const struct smf_info *info;
	struct smf *smf;

	config.dnns[2] = config.dnns[0];
	str_copy(config.dnns[2].dnn, DNN_STR_SIZE, "third");
	config.dnn_count = 3;
	smf = smf_new(&config, &b->t.env, b->bus);
	info = smf_nf(smf)->profile.smf_info;
	assert_int_equal(info->s_nssai_smf_info_list.count, 2);
	assert_int_equal(smf_nf(smf)->profile.s_nssais.count, 2);
	for (uint32_t i = 0; i < 2; i++) {
		const struct snssai_smf_info_item *slice = &info->s_nssai_smf_info_list.items[i];

		assert_true(snssai_equal(&slice->s_nssai, &config.dnns[i].snssai));
		assert_true(snssai_equal(&smf_nf(smf)->profile.s_nssais.items[i], &config.dnns[i].snssai));
		assert_int_equal(slice->dnn_smf_info_list.count, i == 0 ? 2 : 1);
		assert_string_equal(slice->dnn_smf_info_list.items[0].dnn, config.dnns[i].dnn);
	}
	assert_string_equal(info->s_nssai_smf_info_list.items[0].dnn_smf_info_list.items[1].dnn, "third");
	smf_free(smf);
	config.dnn_count = 0;
	smf = smf_new(&config, &b->t.env, b->bus);
	assert_null(smf_nf(smf)->profile.smf_info);
	smf_free(smf);
}

static void static_addresses(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	b->static_ipv4 = 0x0a2d0005;
	bed_create(b, "internet", 1, BED_REQUEST);
	m = bed_nas(b, &b->transfers[0].n1);
	assert_int_equal(v4_of(m.pdu_session_establishment_accept.pdu_address.ipv4), 0x0a2d0005);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91"); /* taken */
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	bed_create(b, "internet", 1, BED_REQUEST); /* replaced by the same: its own again */
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	assert_int_equal(smf_numbers(b->smf).addresses, 1);
}

/* After a restart the pool goes on behind the last one that it gave: a static one was not its choice. */
static void static_address_and_the_next(void **state)
{
	struct bed *b = *state;

	b->static_ipv4 = 0x0a2d0004;
	bed_establish(b);
	bed_restart(b);
	b->static_ipv4 = 0;
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(smf_session_by_ref(b->smf, b->ref)->ue.ipv4, 0x0a2d0002);
}

/* Outside the pool they are the subscriber's, and no pool's; those of the network itself are nobody's. */
static void static_addresses_elsewhere(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	b->static_ipv4 = 0x0a630001;
	bed_create(b, "internet", 1, BED_REQUEST);
	m = bed_nas(b, &b->transfers[0].n1);
	assert_int_equal(v4_of(m.pdu_session_establishment_accept.pdu_address.ipv4), 0x0a630001);
	assert_int_equal(smf_numbers(b->smf).addresses, 0);
	bed_release(b);
	for (uint32_t reserved = 0; reserved < 8; reserved += reserved == 1 ? 6 : 1) {
		b->static_ipv4 = 0x0a2d0000 + reserved;
		if (reserved == 0)
			continue;
		bed_create(b, "internet", 1, BED_REQUEST);
		assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	}
	b->static_ipv4 = 0;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->sessions[0].ue_ip, 0x0a2d0002);
	b->static_ipv4 = 0x0a2d0002; /* given to another meanwhile */
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(bed_stat(b, SMF_STAT_ADDRESSES_OUT), 3);
}

static void a_second_establishment_replaces(void **state)
{
	struct bed *b = *state;
	char first[SM_CONTEXT_REF_SIZE];

	bed_establish(b);
	str_copy(first, sizeof(first), b->ref);
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_string_not_equal(first, b->ref);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	assert_int_equal(b->session_count, 1);
	assert_int_equal(b->notifications, 0);
	assert_int_equal(b->deregistrations, 1);
	assert_int_equal(b->policies_deleted, 1);
}

static void upf_refuses(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	b->upf_cause = PFCP_CAUSE_NO_RESOURCES;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	m = bed_nas(b, &bed_last_transfer(b)->n1);
	assert_int_equal(m.type, NAS_PDU_SESSION_ESTABLISHMENT_REJECT);
	assert_int_equal(m.pti, 5);
	assert_int_equal(m.pdu_session_establishment_reject.cause, NAS_5GSM_INSUFFICIENT_RESOURCES);
	assert_false(m.pdu_session_establishment_reject.has_backoff_timer);
	assert_int_equal(b->notifications, 1);
	assert_int_equal(strtoul(b->notified, NULL, 16), 1);
	assert_int_equal(figure(b, "sm_n4_session_estab_fail", "cause=\"75\""), 1);
	assert_int_equal(figure(b, "sm_pdu_session_creation_fail", "cause=\"26\""), 1);
	assert_nothing_left(b);
}

/* 24.501 6.4.1.4.1: with #26 a UE is told how long to stay away, each another time; with no other cause. */
static void told_to_stay_away(void **state)
{
	struct bed *b = *state;
	bool differ = false;
	uint8_t first = 0;
	struct nas_msg m;

	b->config.backoff_s = 120;
	bed_restart(b);
	b->upf_cause = PFCP_CAUSE_NO_RESOURCES;
	for (int i = 0; i < 8; i++) {
		bed_create(b, "internet", 1, BED_REQUEST);
		m = bed_nas(b, &bed_last_transfer(b)->n1);
		assert_true(m.pdu_session_establishment_reject.has_backoff_timer);
		assert_in_range(nas_timer3_s(m.pdu_session_establishment_reject.backoff_timer), 120, 180);
		first = i ? first : m.pdu_session_establishment_reject.backoff_timer;
		differ |= m.pdu_session_establishment_reject.backoff_timer != first;
	}
	assert_true(differ);
	bed_create(b, "nowhere", 1, BED_REQUEST);
	m = bed_nas(b, &b->answer.n1);
	assert_int_equal(m.pdu_session_establishment_reject.cause, NAS_5GSM_MISSING_OR_UNKNOWN_DNN);
	assert_false(m.pdu_session_establishment_reject.has_backoff_timer);
}

static void upf_silent(void **state)
{
	struct bed *b = *state;

	b->upf_off = true;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->transfer_count, 0);
	bed_pass(b, PFCP_GIVE_UP_MS);
	assert_int_equal(b->upf_requests[PFCP_SESSION_ESTABLISHMENT_REQUEST], PFCP_N1);
	assert_int_equal(bed_nas(b, &bed_last_transfer(b)->n1).type, NAS_PDU_SESSION_ESTABLISHMENT_REJECT);
	assert_int_equal(b->notifications, 1);
	assert_nothing_left(b);
	bed_pass(b, 20000); /* the heart-beat finds it gone: refused at once */
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	b->transfer_count = 0;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_refused(b, SBI_PEER_NOT_RESPONDING, NAS_5GSM_INSUFFICIENT_RESOURCES);
	b->upf_off = false;
	bed_pass(b, 60000);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
	bed_establish(b);
}

static void amf_cannot_deliver(void **state)
{
	struct bed *b = *state;

	b->transfer_cause = SBI_UE_IN_CM_IDLE_STATE;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->notifications, 1);
	assert_nothing_left(b);
}

/* A reject, for a UE that has not got the accept, then a release, for one that has: this one has not. */
static void assert_withdrawn(struct bed *b, enum n2_sm_info_type n2_type)
{
	assert_int_equal(bed_nas(b, &b->transfers[b->transfer_count - 2].n1).type,
		NAS_PDU_SESSION_ESTABLISHMENT_REJECT);
	assert_int_equal(bed_nas(b, &bed_last_transfer(b)->n1).type, NAS_PDU_SESSION_RELEASE_COMMAND);
	assert_int_equal(bed_last_transfer(b)->n2_type, n2_type);
	bed_update_n1(b, "2e 01 00 d6 2b"); /* 5GSM STATUS, invalid PDU session identity */
	if (n2_type != N2_SM_ABSENT)
		bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
}

static void gnb_refuses(void **state)
{
	struct bed *b = *state;

	bed_create(b, "internet", 1, BED_REQUEST);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_FAIL, bed_setup_failure(b));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_withdrawn(b, N2_SM_ABSENT);
	assert_int_equal(b->notifications, 1);
	assert_nothing_left(b);
}

static void gnb_says_nonsense_or_nothing(void **state)
{
	struct bed *b = *state;

	bed_create(b, "internet", 1, BED_REQUEST);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bytes_of("\xff\xff", 2));
	assert_int_equal(bed_stat(b, SMF_STAT_N2_REFUSED), 1);
	assert_withdrawn(b, N2_SM_ABSENT);
	assert_nothing_left(b);
	bed_create(b, "internet", 1, BED_REQUEST);
	bed_pass(b, SMF_SETUP_GUARD_MS + 1000);
	assert_withdrawn(b, N2_SM_PDU_RES_REL_CMD);
	assert_nothing_left(b);
}

static void upf_refuses_the_tunnel(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_create(b, "internet", 1, BED_REQUEST);
	b->upf_cause = PFCP_CAUSE_RULE_FAILURE;
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_int_equal(b->answer.cause, SBI_PEER_NOT_RESPONDING);
	m = bed_nas(b, &bed_last_transfer(b)->n1); /* the UE has the session: its end must be sent to it */
	assert_int_equal(m.type, NAS_PDU_SESSION_RELEASE_COMMAND);
	assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_REL_CMD);
	b->upf_cause = 0;
	bed_update_n1(b, "2e 01 00 d4");
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(b->notifications, 1);
	assert_nothing_left(b);
}

static void lost_n4_messages_are_repeated(void **state)
{
	for (unsigned lost = 0; lost < 6; lost++) {
		struct bed *b = bed_new();

		b->upf_drop = 1u << lost;
		bed_create(b, "internet", 1, BED_REQUEST);
		bed_pass(b, 2000);
		assert_int_equal(b->transfer_count, 1);
		bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
		bed_pass(b, 2000);
		assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATED);
		assert_true(smf_numbers(b->smf).active == 1);
		bed_release(b);
		bed_pass(b, 2000);
		assert_int_equal(smf_numbers(b->smf).sessions, 0);
		bed_free(b);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(establishes),
		TEST(protection),
		TEST(ipv4v6_becomes_ipv4),
		TEST(refuses_what_the_request_says),
		TEST(refuses_what_the_functions_refuse),
		TEST(causes),
		TEST(silent_functions_time_out),
		TEST(addresses_run_out),
		TEST(address_of_a_stored_session),
		TEST(sessions_run_out),
		TEST(pools_are_shared),
		TEST(limits_of_the_configuration),
		TEST(defaults),
		TEST(profile_at_the_nrf),
		TEST(static_addresses),
		TEST(static_address_and_the_next),
		TEST(static_addresses_elsewhere),
		TEST(a_second_establishment_replaces),
		TEST(upf_refuses),
		TEST(told_to_stay_away),
		TEST(upf_silent),
		TEST(amf_cannot_deliver),
		TEST(gnb_refuses),
		TEST(gnb_says_nonsense_or_nothing),
		TEST(upf_refuses_the_tunnel),
		cmocka_unit_test(lost_n4_messages_are_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
