/* PDU sessions of a UE: 24.501 6.3 and 6.4, their contents, their bearers. */
#include "ue/ue_bed.h"

#include "ue/internal.h"

/* More DNS servers than fit, and options of a wrong length: the first two good ones count, the rest does not.
 */
static void test_pco(void **state)
{
	struct bed *b = *state;
	struct nas_pco_item items[] = {
		{ NAS_PCO_P_CSCF_IPV4, bytes_of("\x0a\x2d\x00\x08", 4) },
		{ NAS_PCO_DNS_IPV4, bytes_of("\x08\x08", 2) },
		{ NAS_PCO_DNS_IPV4, bytes_of("\x08\x08\x08\x08\x08", 5) },
		{ NAS_PCO_DNS_IPV4, bytes_of("\x01\x02\x03\x04", 4) },
		{ NAS_PCO_IPV4_LINK_MTU, bytes_of("\x05", 1) },
		{ NAS_PCO_IPV4_LINK_MTU, bytes_of("\x05\x78\x01", 3) },
		{ NAS_PCO_DNS_IPV4, bytes_of("\x05\x06\x07\x08", 4) },
		{ NAS_PCO_DNS_IPV4, bytes_of("\x09\x0a\x0b\x0c", 4) },
		{ NAS_PCO_MSISDN, bytes_of("\x94\x71", 2) },
		{ NAS_PCO_MSISDN, bytes_of("\x9f\x71", 2) },
		{ NAS_PCO_DNS_IPV6, bytes_of("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\x07", 15) },
		{ NAS_PCO_DNS_IPV6, bytes_of("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x08", 16) },
		{ NAS_PCO_DNS_IPV6, bytes_of("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09", 16) },
		{ NAS_PCO_DNS_IPV6, bytes_of("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x0a", 16) },
		{ 0x1234, bytes_of("\x09", 1) },
		{ NAS_PCO_P_CSCF_IPV4, bytes_of("\x01\x02\x03", 3) },
		{ NAS_PCO_P_CSCF_IPV4, bytes_of("\x0a\x2d\x00\x09", 4) },
		{ NAS_PCO_P_CSCF_IPV6, bytes_of("\x0a\x2d\x00\x09", 4) },
		{ NAS_PCO_P_CSCF_IPV6, bytes_of("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16) },
	};
	struct ue_session_info info;
	struct nas_msg request, accept;
	char text[ADDR_STR_SIZE];

	bed_register(b);
	ue_session_establish(b->ue, NULL, NULL);
	request = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	accept = bed_session_accept(b, &request);
	accept.pdu_session_establishment_accept.has_epco = true;
	accept.pdu_session_establishment_accept.epco = (struct nas_pco){ ARRAY_LEN(items), items };
	bed_send_sm(b, accept);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_UP);
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_int_equal(info.dns_count, UE_DNS_MAX);
	assert_int_equal(info.dns[0], 0x01020304);
	assert_int_equal(info.dns[1], 0x05060708);
	assert_int_equal(info.dns6_count, UE_DNS_MAX);
	assert_int_equal(info.dns6[0].low, 8);
	assert_int_equal(info.dns6[1].low, 9);
	assert_int_equal(info.mtu, 0);
	assert_string_equal(info.msisdn, "");
	assert_int_equal(info.p_cscf_count, 3);
	assert_string_equal(addr_str(&info.p_cscfs[0], text), "10.45.0.8");
	assert_string_equal(addr_str(&info.p_cscfs[1], text), "10.45.0.9");
	assert_string_equal(addr_str(&info.p_cscfs[2], text), "2001:db8::1");
	assert_int_equal(info.qfi, 9);
	assert_int_equal(info.ipv4, 0x0a2d0001);
	assert_int_equal(info.ambr_uplink_kbps, 1000);
	assert_int_equal(info.ambr_downlink_kbps, 2000);
	assert_int_equal(info.rules, 1); /* the default one */
}

/* The options of a modification are instead of those before it. */
static void test_pco_again(void **state)
{
	struct bed *b = *state;
	struct nas_pco_item first[] = {
		{ NAS_PCO_DNS_IPV4, bytes_of("\x01\x02\x03\x04", 4) },
		{ NAS_PCO_DNS_IPV6, bytes_of("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x08", 16) },
		{ NAS_PCO_P_CSCF_IPV4, bytes_of("\x0a\x2d\x00\x08", 4) },
	};
	struct nas_pco_item second[] = {
		{ NAS_PCO_DNS_IPV4, bytes_of("\x05\x06\x07\x08", 4) },
		{ NAS_PCO_IPV4_LINK_MTU, bytes_of("\x05\x78", 2) },
		{ NAS_PCO_MSISDN, bytes_of("\x94\x71", 2) },
	};
	struct ue_session_info info;
	struct nas_msg m;

	bed_register(b);
	ue_session_establish(b->ue, NULL, NULL);
	m = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	m = bed_session_accept(b, &m);
	m.pdu_session_establishment_accept.has_epco = true;
	m.pdu_session_establishment_accept.epco = (struct nas_pco){ ARRAY_LEN(first), first };
	bed_send_sm(b, m);
	m = (struct nas_msg){ .type = NAS_PDU_SESSION_MODIFICATION_COMMAND, .pdu_session_id = 1 };
	m.pdu_session_modification_command.has_epco = true;
	m.pdu_session_modification_command.epco = (struct nas_pco){ ARRAY_LEN(second), second };
	bed_send_sm(b, m);
	bed_sm(b, NAS_PDU_SESSION_MODIFICATION_COMPLETE);
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_int_equal(info.dns_count, 1);
	assert_int_equal(info.dns[0], 0x05060708);
	assert_int_equal(info.dns6_count, 0);
	assert_int_equal(info.p_cscf_count, 0);
	assert_int_equal(info.mtu, 1400);
	assert_string_equal(info.msisdn, "4917");
}

/* The RQ timer comes with the accept (9.11.2.3: here 2 units of a minute), and a modification brings another;
 * without one nothing is derived. */
static void test_rq_timer(void **state)
{
	struct bed *b = *state;
	struct nas_msg request, m;

	bed_register(b);
	for (int with = 0; with <= 1; with++) {
		ue_session_establish(b->ue, NULL, NULL);
		request = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
		m = bed_session_accept(b, &request);
		m.pdu_session_establishment_accept.has_rq_timer = with;
		m.pdu_session_establishment_accept.rq_timer = 0x22;
		bed_send_sm(b, m);
		assert_int_equal(b->last.event, UE_EVENT_SESSION_UP);
		assert_int_equal(b->ue->sessions->rq_timer_s, with ? 120 : 0);
		if (!with)
			ue_session_free(b->ue->sessions);
	}
	m = (struct nas_msg){ .type = NAS_PDU_SESSION_MODIFICATION_COMMAND, .pdu_session_id = 1 };
	bed_send_sm(b, m); /* it says nothing of it */
	assert_int_equal(b->ue->sessions->rq_timer_s, 120);
	m.pdu_session_modification_command.has_rq_timer = true;
	m.pdu_session_modification_command.rq_timer = 0x21;
	bed_send_sm(b, m);
	assert_int_equal(b->ue->sessions->rq_timer_s, 60);
}

/* 6.4.1.3: what is accepted but cannot be used is released by the UE, with the cause. */
static void test_unusable(void **state)
{
	static const uint8_t causes[] = { NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE,
		NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE, NAS_5GSM_SEMANTIC_ERROR_IN_THE_QOS_OPERATION,
		NAS_5GSM_SYNTACTICAL_ERROR_IN_THE_QOS_OPERATION,
		NAS_5GSM_SEMANTIC_ERROR_IN_THE_QOS_OPERATION };
	struct bed *b = *state;

	bed_register(b);
	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		struct nas_msg m, accept;
		struct nas_pdu_session_establishment_accept *a = &accept.pdu_session_establishment_accept;
		struct nas_qos_rule rules[2];
		uint8_t psi = ue_session_establish(b->ue, NULL, NULL);

		assert_int_equal(psi, 1);
		m = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
		accept = bed_session_accept(b, &m);
		rules[0] = rules[1] = a->qos_rules.items[0];
		rules[1].id = 2;
		a->qos_rules.items = rules;
		if (i == 0)
			a->pdu_session_type = NAS_PDU_IPV6;
		a->has_pdu_address = i != 1;
		if (i == 2)
			a->qos_rules.count = 2; /* two default rules */
		rules[0].qfi = i == 3 ? 0 : 9;
		rules[0].is_default = i != 4;
		bed_send_sm(b, accept);
		m = bed_sm(b, NAS_PDU_SESSION_RELEASE_REQUEST);
		assert_int_equal(m.pdu_session_release_request.cause, causes[i]);
		assert_int_equal(b->last.event, UE_EVENT_SESSION_FAILED);
		m = (struct nas_msg){ .type = NAS_PDU_SESSION_RELEASE_COMMAND,
			.pdu_session_id = 1,
			.pti = m.pti,
			.pdu_session_release_command.cause = NAS_5GSM_REGULAR_DEACTIVATION };
		bed_send_sm(b, m);
		bed_sm(b, NAS_PDU_SESSION_RELEASE_COMPLETE);
	}
	assert_int_equal(bed_stat(b, "session_rejects"), ARRAY_LEN(causes));
	assert_int_equal(bed_stat(b, "sessions"), 0);
}

/* T3580: repeated four times, given up at the fifth expiry (6.4.1.6). */
static void test_no_answer(void **state)
{
	struct bed *b = *state;
	struct ue_session_info info;

	bed_register(b);
	ue_session_establish(b->ue, NULL, NULL);
	for (unsigned i = 0; i <= UE_SM_RETRIES_MAX; i++) {
		bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
		bed_pass(b, 15999);
		assert_null(test_env_next(&b->t, UE_PORT_AIR));
		bed_pass(b, 1);
	}
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(b->last.event, UE_EVENT_SESSION_FAILED);
	assert_false(ue_session_info(b->ue, 1, &info));
}

/* 7.3.1, 7.3.2: messages of no session, of another transaction, or not of the state. */
static void test_mismatch(void **state)
{
	static const uint8_t causes[] = { NAS_5GSM_INVALID_PDU_SESSION_IDENTITY, NAS_5GSM_PTI_MISMATCH,
		NAS_CAUSE_MESSAGE_NOT_COMPATIBLE, NAS_CAUSE_MESSAGE_UNKNOWN };
	struct bed *b = *state;

	bed_register(b);
	bed_session(b, 1);
	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		struct nas_msg m = { .type = NAS_PDU_SESSION_RELEASE_COMMAND,
			.pdu_session_id = i == 0 ? 5 : 1,
			.pti = i == 1 ? 200 : 0,
			.pdu_session_release_command.cause = NAS_5GSM_REGULAR_DEACTIVATION };

		if (i == 2)
			m = (struct nas_msg){ .type = NAS_PDU_SESSION_RELEASE_REJECT, .pdu_session_id = 1 };
		if (i == 3)
			m = (struct nas_msg){ .type = NAS_PDU_SESSION_RELEASE_COMPLETE, .pdu_session_id = 1 };
		bed_send_sm(b, m);
		m = bed_sm(b, NAS_GSM_STATUS);
		assert_int_equal(m.gsm_status.cause, causes[i]);
	}
	assert_int_equal(b->events[UE_EVENT_SESSION_DOWN], 0);
}

static void tun_sends(struct bed *b, uint32_t source, size_t len)
{
	uint8_t packet[64] = { 0x45 };
	struct room r = ue_host_room(b->host);
	struct msg m = { .kind = MSG_DATA, .port = UE_PORT_TUN, .assoc = ue_index(b->ue) };
	struct writer w = writer_of(packet + 12, 4);

	writer_u32(&w, source);
	m.data = bytes_of(packet, len);
	r.ops->on_msg(r.self, &m);
}

/* User packets by the session's bearer, both ways; without one a Service Request is made. */
static void test_user_packets(void **state)
{
	struct bed *b = *state;
	uint8_t datagram[UU_DATA_HEADER_LEN + 4] = { 0 };
	const struct msg *m;
	struct uu_pdu p;

	bed_register(b);
	bed_session(b, 7);
	tun_sends(b, 0x0a2d0001, 20);
	assert_true(bed_next(b, &p));
	assert_int_equal(p.bearer, UU_DRB_BASE + 7);
	assert_int_equal(p.pdu.data[0], 9); /* the QFI of the default rule */
	assert_int_equal(p.pdu.len, 21);
	tun_sends(b, 0x0a2d0001, 19);
	tun_sends(b, 0x0a2d0002, 20);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(bed_stat(b, "packets_dropped"), 2);
	bed_forget(b);
	uu_data_header_write(datagram, b->index, 7, 9);
	bed_deliver(b, BYTES(datagram));
	m = test_env_next(&b->t, UE_PORT_TUN);
	assert_non_null(m);
	assert_int_equal(m->data.len, 4);
	uu_data_header_write(datagram, b->index, 6, 9);
	bed_deliver(b, BYTES(datagram));
	uu_data_header_write(datagram, b->index ^ 1u << UU_UE_BITS, 7, 9);
	bed_deliver(b, BYTES(datagram));
	assert_null(test_env_next(&b->t, UE_PORT_TUN));
	assert_int_equal(bed_stat(b, "packets_dropped"), 4);
	/* the bearer goes: a packet asks for another */
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_BEARER_RELEASE, .drb = 6 });
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_BEARER_RELEASE, .drb = 7 });
	bed_forget(b);
	tun_sends(b, 0x0a2d0001, 20);
	bed_nas(b, NAS_SERVICE_REQUEST);
	assert_true(bed_is(b, "5GMM-SERVICE-REQUEST-INITIATED"));
	bed_send(b, (struct nas_msg){ .type = NAS_SERVICE_ACCEPT });
	assert_true(bed_is(b, "5GMM-REGISTERED"));
}

/* A bearer that another session has is refused, as is a session's before it is asked for. */
static void test_bearers(void **state)
{
	struct bed *b = *state;
	struct uu_rrc_msg m = { .type = UU_RRC_BEARER_SETUP, .drb = 3, .qfi_count = 1, .qfis = { 9 } };
	struct ue_session_info info;

	bed_register(b);
	bed_session(b, 3);
	m.pdu_session_id = 2;
	bed_send_rrc(b, m);
	assert_false(bed_rrc(b, UU_RRC_BEARER_SETUP_RESPONSE).accepted);
	ue_session_establish(b->ue, NULL, NULL);
	bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	bed_send_rrc(b, m);
	assert_false(bed_rrc(b, UU_RRC_BEARER_SETUP_RESPONSE).accepted);
	m.drb = 4;
	bed_send_rrc(b, m);
	assert_true(bed_rrc(b, UU_RRC_BEARER_SETUP_RESPONSE).accepted);
	m.pdu_session_id = 1; /* moved to another bearer */
	m.drb = 5;
	bed_send_rrc(b, m);
	assert_true(bed_rrc(b, UU_RRC_BEARER_SETUP_RESPONSE).accepted);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_false(info.has_user_plane);
}

/* 6.3.3.3: released with "reactivation requested", a session is asked for again; else it is not. */
static void test_reactivation(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_PDU_SESSION_RELEASE_COMMAND, .pdu_session_id = 1 };

	bed_register(b);
	bed_session(b, 1);
	m.pdu_session_release_command.cause = NAS_5GSM_REACTIVATION_REQUESTED;
	bed_send_sm(b, m);
	bed_sm(b, NAS_PDU_SESSION_RELEASE_COMPLETE);
	bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	assert_int_equal(b->events[UE_EVENT_SESSION_DOWN], 1);
}

/* 6.3.2.3: another QFI of the default rule is taken; its deletion is refused, and changes nothing. */
static void test_modification(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_PDU_SESSION_MODIFICATION_COMMAND, .pdu_session_id = 1 };
	struct nas_qos_rule rule = { .id = 1,
		.operation = NAS_QOS_RULE_MODIFY,
		.is_default = true,
		.has_precedence = true,
		.has_qfi = true,
		.precedence = 255,
		.qfi = 5 };
	struct ue_session_info info;

	bed_register(b);
	bed_session(b, 1);
	m.pdu_session_modification_command.has_qos_rules = true;
	m.pdu_session_modification_command.qos_rules = (struct nas_qos_rules){ 1, &rule };
	bed_send_sm(b, m);
	bed_sm(b, NAS_PDU_SESSION_MODIFICATION_COMPLETE);
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_int_equal(info.qfi, 5);
	rule.operation = NAS_QOS_RULE_DELETE;
	rule.has_qfi = rule.has_precedence = false;
	bed_send_sm(b, m);
	m = bed_sm(b, NAS_PDU_SESSION_MODIFICATION_COMMAND_REJECT);
	assert_int_equal(m.pdu_session_modification_command_reject.cause,
		NAS_5GSM_SEMANTIC_ERROR_IN_THE_QOS_OPERATION);
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_int_equal(info.qfi, 5);
}

/* A second rule, of another flow: what is told of the session has both. */
static void test_rules_told(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_PDU_SESSION_MODIFICATION_COMMAND, .pdu_session_id = 1 };
	struct nas_filter_component udp = { NAS_FILTER_PROTOCOL, bytes_of("\x11", 1) };
	struct nas_packet_filter filter = {
		.id = 1, .direction = NAS_FILTER_BOTH, .component_count = 1, .components = &udp
	};
	struct nas_qos_rule rule = { .id = 2,
		.operation = NAS_QOS_RULE_CREATE,
		.has_precedence = true,
		.has_qfi = true,
		.precedence = 10,
		.qfi = 7,
		.filter_count = 1,
		.filters = &filter };
	struct ue_session_info info;

	bed_register(b);
	bed_session(b, 1);
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_int_equal(info.flows, 1 << 9);
	assert_true(info.has_user_plane);
	m.pdu_session_modification_command.has_qos_rules = true;
	m.pdu_session_modification_command.qos_rules = (struct nas_qos_rules){ 1, &rule };
	bed_send_sm(b, m);
	bed_sm(b, NAS_PDU_SESSION_MODIFICATION_COMPLETE);
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_int_equal(info.rules, 2);
	assert_int_equal(info.flows, 1 << 9 | 1 << 7);
}

/* 7.3.1: the command of a request that was taken, again: it is completed again, and no other one. */
static void test_command_again(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_register(b);
	bed_session(b, 1);
	assert_true(ue_session_modify(b->ue, 1));
	m = bed_sm(b, NAS_PDU_SESSION_MODIFICATION_REQUEST);
	m = (struct nas_msg){
		.type = NAS_PDU_SESSION_MODIFICATION_COMMAND, .pdu_session_id = 1, .pti = m.pti
	};
	for (int i = 0; i < 2; i++) {
		bed_send_sm(b, m);
		assert_int_equal(bed_sm(b, NAS_PDU_SESSION_MODIFICATION_COMPLETE).pti, m.pti);
	}
	m.pti++;
	bed_send_sm(b, m);
	assert_int_equal(bed_sm(b, NAS_GSM_STATUS).gsm_status.cause, NAS_5GSM_PTI_MISMATCH);
}

/* As many P-CSCFs as are kept, and one more; an MTU. */
static void test_full_pco(void **state)
{
	struct bed *b = *state;
	struct nas_pco_item items[UE_P_CSCF_MAX + 2] = { { NAS_PCO_IPV4_LINK_MTU, bytes_of("\x05\x78", 2) } };
	struct ue_session_info info;
	struct nas_msg request, accept;

	for (int i = 0; i < UE_P_CSCF_MAX + 1; i++)
		items[i + 1] = (struct nas_pco_item){ NAS_PCO_P_CSCF_IPV4, bytes_of("\x0a\x2d\x00\x08", 4) };
	bed_register(b);
	ue_session_establish(b->ue, NULL, NULL);
	request = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	accept = bed_session_accept(b, &request);
	accept.pdu_session_establishment_accept.has_epco = true;
	accept.pdu_session_establishment_accept.epco = (struct nas_pco){ ARRAY_LEN(items), items };
	bed_send_sm(b, accept);
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_int_equal(info.p_cscf_count, UE_P_CSCF_MAX);
	assert_int_equal(info.mtu, 1400);
	assert_int_equal(info.dns_count, 0);
}

/* The AMF gives a request back (5.4.5.3.1 c): the message that carries it, and why. */
static void give_back(struct bed *b, uint8_t psi, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };

	m.dl_nas_transport.payload_container_type = NAS_PAYLOAD_N1_SM;
	m.dl_nas_transport.payload_container = bytes_of("\x2e\x01\x01\xc1", 4);
	m.dl_nas_transport.has_pdu_session_id = true;
	m.dl_nas_transport.pdu_session_id = psi;
	m.dl_nas_transport.has_cause = true;
	m.dl_nas_transport.cause = cause;
	bed_send(b, m);
}

/* 5.4.5.3.3, 6.4.1.6, 6.4.2.5, 6.4.3.5: what was not forwarded is over: no session, the session as it was,
 * none. */
static void test_not_forwarded(void **state)
{
	struct bed *b = *state;
	struct ue_session_info info;

	bed_register(b);
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 1);
	bed_forget(b);
	give_back(b, 2, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED); /* no session of ours */
	assert_true(ue_session_info(b->ue, 1, &info));
	give_back(b, 1, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
	assert_false(ue_session_info(b->ue, 1, &info));
	assert_int_equal(b->last.event, UE_EVENT_SESSION_FAILED);
	assert_int_equal(b->last.cause, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
	assert_int_equal(bed_stat(b, "session_rejects"), 1);
	bed_pass(b, 120000); /* T3580 has ended */
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	bed_session(b, 1);
	assert_true(ue_session_modify(b->ue, 1));
	bed_forget(b);
	give_back(b, 1, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_CHANGED);
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_true(info.active);
	assert_true(ue_session_release(b->ue, 1));
	bed_forget(b);
	give_back(b, 1, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_DOWN);
	assert_int_equal(b->last.cause, NAS_5GSM_REGULAR_DEACTIVATION);
	assert_false(ue_session_info(b->ue, 1, &info));
	bed_pass(b, 120000);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
}

/* Payloads that are none of a session, or cannot be read: counted, and answered where there is somebody to.
 */
static void test_bad_payloads(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT }, mm = { .type = NAS_GMM_STATUS };
	uint8_t type = NAS_PAYLOAD_N1_SM + 1;

	bed_register(b);
	m.dl_nas_transport.payload_container_type = type;
	m.dl_nas_transport.payload_container = bytes_of("x", 1);
	bed_send(b, m);
	assert_int_equal(bed_stat(b, "nas_unexpected"), 1);
	m.dl_nas_transport.payload_container_type = NAS_PAYLOAD_N1_SM;
	m.dl_nas_transport.payload_container = test_nas_plain(&b->nas, &mm); /* 5GMM in a 5GSM container */
	bed_send(b, m);
	assert_int_equal(bed_stat(b, "nas_refused"), 1);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	m.dl_nas_transport.payload_container = bytes_of("\x2e\x01\x05\xff", 4); /* of an unknown type */
	bed_send(b, m);
	assert_int_equal(bed_stat(b, "nas_refused"), 2);
	m = bed_sm(b, NAS_GSM_STATUS);
	assert_int_equal(m.gsm_status.cause, NAS_CAUSE_MESSAGE_UNKNOWN);
	assert_int_equal(m.pti, 5);
	assert_int_equal(m.pdu_session_id, 1);
}

/* User data in idle mode: a connection for data, by the 5G-S-TMSI, its first message protected and in the
 * clear. */
static void test_service_from_idle(void **state)
{
	struct bed *b = *state;
	struct uu_rrc_msg m;
	uint8_t type;

	bed_register(b);
	bed_session(b, 1);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
	tun_sends(b, 0x0a2d0001, 20);
	m = bed_rrc(b, UU_RRC_SETUP_REQUEST);
	assert_int_equal(m.cause, UU_RRC_MO_DATA);
	assert_true(m.has_s_tmsi);
	assert_int_equal(m.s_tmsi.tmsi, BED_TMSI);
	assert_int_equal(
		test_nas_open(&b->nas, arena_bytes(&b->arena, m.nas), &type).type, NAS_SERVICE_REQUEST);
	assert_int_equal(type, NAS_INTEGRITY);
	/* T3517: nobody answers */
	bed_pass(b, 14999);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	bed_pass(b, 1);
	bed_left(b);
	assert_true(bed_is(b, "5GMM-REGISTERED"));
}

static void command_eap(struct bed *b, uint8_t psi, struct bytes eap)
{
	struct nas_msg m = { .type = NAS_PDU_SESSION_AUTHENTICATION_COMMAND, .pdu_session_id = psi };

	m.pdu_session_authentication_command.eap_message = eap;
	bed_send_sm(b, m);
}

/* 6.3.1: while a session is asked for, and later, the UE says by EAP that it cannot, and is refused for it.
 */
static void test_authentication(void **state)
{
	static const struct {
		const char *request;
		size_t request_len;
		const char *response;
		size_t response_len;
	} cases[] = {
		{ "\x01\x07\x00\x05\x01", 5, "\x02\x07\x00\x05\x01", 5 },          /* Identity */
		{ "\x01\x08\x00\x07\x02hi", 7, "\x02\x08\x00\x05\x02", 5 },        /* Notification */
		{ "\x01\x09\x00\x07\x04\x01x", 7, "\x02\x09\x00\x06\x03\x00", 6 }, /* MD5: Nak */
		{ "\x01\x0a\x00\x06\x32\x01", 6, "", 0 }, /* AKA' without its reserved octets */
		{ "\x03\x0a\x00\x04", 4, "", 0 },         /* Success is no request */
	};
	struct bed *b = *state;
	struct nas_msg request, m;

	bed_register(b);
	assert_int_equal(ue_session_establish(b->ue, "internet", NULL), 1);
	request = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		command_eap(b, 1, bytes_of(cases[i].request, cases[i].request_len));
		if (cases[i].response_len == 0) {
			assert_null(test_env_next(&b->t, UE_PORT_AIR));
			continue;
		}
		m = bed_sm(b, NAS_PDU_SESSION_AUTHENTICATION_COMPLETE);
		assert_true(bytes_equal(m.pdu_session_authentication_complete.eap_message,
			bytes_of(cases[i].response, cases[i].response_len)));
	}
	m = (struct nas_msg){
		.type = NAS_PDU_SESSION_ESTABLISHMENT_REJECT, .pdu_session_id = 1, .pti = request.pti
	};
	m.pdu_session_establishment_reject.cause = NAS_5GSM_USER_AUTHENTICATION_OR_AUTHORIZATION_FAILED;
	m.pdu_session_establishment_reject.has_eap_message = true;
	m.pdu_session_establishment_reject.eap_message = bytes_of("\x04\x0b\x00\x04", 4);
	bed_send_sm(b, m);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_FAILED);
	assert_int_equal(b->last.cause, NAS_5GSM_USER_AUTHENTICATION_OR_AUTHORIZATION_FAILED);
	command_eap(b, 1, bytes_of(cases[0].request, 5)); /* of no session (7.3.2) */
	m = bed_sm(b, NAS_GSM_STATUS);
	assert_int_equal(m.gsm_status.cause, NAS_5GSM_INVALID_PDU_SESSION_IDENTITY);
}

/* Of a session that is there it is answered too, but not while it ends; a result needs no answer. */
static void test_authentication_later(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_PDU_SESSION_AUTHENTICATION_RESULT, .pdu_session_id = 1 };

	bed_register(b);
	bed_session(b, 1);
	command_eap(b, 1, bytes_of("\x01\x07\x00\x05\x01", 5));
	bed_sm(b, NAS_PDU_SESSION_AUTHENTICATION_COMPLETE);
	m.pdu_session_authentication_result.has_eap_message = true;
	m.pdu_session_authentication_result.eap_message = bytes_of("\x03\x08\x00\x04", 4);
	bed_send_sm(b, m);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_true(ue_session_release(b->ue, 1));
	bed_forget(b);
	command_eap(b, 1, bytes_of("\x01\x07\x00\x05\x01", 5));
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pco, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_pco_again, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_rq_timer, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_full_pco, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_not_forwarded, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_bad_payloads, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_unusable, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_no_answer, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_mismatch, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_user_packets, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_bearers, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_reactivation, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_modification, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_rules_told, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_command_again, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_authentication, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_authentication_later, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_service_from_idle, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
