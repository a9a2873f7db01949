/* What phones ask for in extended protocol configuration options, and get. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

static struct nas_msg accepted(struct bed *b, const char *request)
{
	struct nas_msg m;

	b->transfer_count = 0;
	bed_create(b, "internet", 1, request);
	assert_int_equal(b->answer.cause, SBI_OK);
	m = bed_nas(b, &b->transfers[0].n1);
	assert_int_equal(m.type, NAS_PDU_SESSION_ESTABLISHMENT_ACCEPT);
	return m;
}

/*
 * The request of a commercial phone (ngap_attach_dlt152.pcap, frame 11): IPv4v6, always-on, IPCP, P-CSCF and
 * DNS of both kinds. It gets what there is: IPv4, DNS both ways, not always-on.
 */
static void of_a_phone(void **state)
{
	static const uint8_t nak[] = { 3, 0, 0, 16, 129, 6, 8, 8, 8, 8, 131, 6, 1, 1, 1, 1 };
	struct bed *b = *state;
	struct nas_msg m = accepted(b, "2e0101c1ffff93b1 7b0026 80 8021 10 01000010 810600000000 "
				       "830600000000 000100 000300 000a00 000c00 "
				       "000d00 001100");
	const struct nas_pdu_session_establishment_accept *a = &m.pdu_session_establishment_accept;

	assert_int_equal(a->pdu_session_type, NAS_PDU_IPV4);
	assert_true(a->has_cause && a->cause == NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED);
	assert_true(a->has_always_on_indication && a->always_on_indication == 0);
	assert_int_equal(a->epco.count, 3);
	assert_int_equal(a->epco.items[0].id, NAS_PCO_IPCP);
	assert_true(bytes_equal(a->epco.items[0].value, BYTES(nak)));
	assert_int_equal(a->epco.items[1].id, NAS_PCO_DNS_IPV4);
}

static void damaged_ipcp(void **state)
{
	static const char *const requests[] = {
		"2e 01 05 c1 ff ff 91 7b 00 04 80 80 21 00",
		"2e 01 05 c1 ff ff 91 7b 00 08 80 80 21 04 01 07 00 04",
		"2e 01 05 c1 ff ff 91 7b 00 0a 80 80 21 06 01 07 00 04 81 00",
		"2e 01 05 c1 ff ff 91 7b 00 0a 80 80 21 06 01 07 00 04 81 09",
		"2e 01 05 c1 ff ff 91 7b 00 0e 80 80 21 0a 02 07 00 0a 81 06 00 00 00 00",
	};

	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		assert_false(accepted(*state, requests[i]).pdu_session_establishment_accept.has_epco);
}

/* Only the second DNS server is asked for, and there are two, one, or none. */
static void second_dns(void **state)
{
	static const uint8_t nak[] = { 3, 7, 0, 10, 131, 6, 1, 1, 1, 1 };
	static const char request[] =
		"2e 01 05 c1 ff ff 91 7b 00 0e 80 8021 0a 01 07 00 0a 83 06 00 00 00 00";
	struct bed *b = *state;
	struct nas_msg m = accepted(b, request);

	assert_int_equal(m.pdu_session_establishment_accept.epco.count, 1);
	assert_true(bytes_equal(m.pdu_session_establishment_accept.epco.items[0].value, BYTES(nak)));
	b->config.dnns[0].dns_count = 1;
	bed_restart(b);
	assert_false(accepted(b, request).pdu_session_establishment_accept.has_epco);
}

/* What UEs are told follows the configuration while the SMF runs; a data network that is not here is left
 * out. */
static void dns_taken_live(void **state)
{
	static const char request[] = "2e 01 05 c1 ff ff 91 7b 00 04 80 000d 00";
	struct bed *b = *state;
	struct smf_config now = b->config;
	struct nas_msg m = accepted(b, request);

	assert_int_equal(m.pdu_session_establishment_accept.epco.count, b->config.dnns[0].dns_count);
	now.dnns[0].dns_count = 1;
	now.dnns[0].dns[0] = 0x08080404;
	str_copy(now.dnns[1].dnn, DNN_STR_SIZE, "elsewhere");
	smf_take_config(b->smf, &now);
	m = accepted(b, request);
	assert_int_equal(m.pdu_session_establishment_accept.epco.count, 1);
	assert_true(bytes_equal(m.pdu_session_establishment_accept.epco.items[0].value,
		bytes_of((const uint8_t[]){ 8, 8, 4, 4 }, 4)));
}

/* P-CSCFs of the families asked for, in the operator's order (24.008 10.5.6.3). */
static void p_cscfs(void **state)
{
	static const struct {
		const char *request;
		size_t count;
		uint16_t first, last;
	} cases[] = {
		{ "2e 01 05 c1 ff ff 91 7b 00 04 80 000c 00", 2, NAS_PCO_P_CSCF_IPV4, NAS_PCO_P_CSCF_IPV4 },
		{ "2e 01 05 c1 ff ff 91 7b 00 04 80 0001 00", 1, NAS_PCO_P_CSCF_IPV6, NAS_PCO_P_CSCF_IPV6 },
		{ "2e 01 05 c1 ff ff 91 7b 00 07 80 000c 00 0001 00", 3, NAS_PCO_P_CSCF_IPV4,
			NAS_PCO_P_CSCF_IPV4 },
	};
	struct bed *b = *state;
	struct smf_dnn *dnn = &b->config.dnns[0];

	for (; dnn->p_cscf_count < 3; dnn->p_cscf_count++)
		assert_true(addr_parse(dnn->p_cscf_count == 1 ? "2001:db8::9" : "192.0.2.9",
			&dnn->p_cscfs[dnn->p_cscf_count]));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg m;
		const struct nas_pco *epco;

		bed_restart(b);
		m = accepted(b, cases[i].request);
		epco = &m.pdu_session_establishment_accept.epco;
		assert_int_equal(epco->count, cases[i].count);
		assert_int_equal(epco->items[0].id, cases[i].first);
		assert_int_equal(epco->items[epco->count - 1].id, cases[i].last);
		for (size_t k = 0; k < epco->count; k++)
			assert_true(bytes_equal(epco->items[k].value,
				epco->items[k].id == NAS_PCO_P_CSCF_IPV4 ? bytes_of(dnn->p_cscfs[0].ip, 4)
									 : bytes_of(dnn->p_cscfs[1].ip, 16)));
	}
}

/* Each link MTU is of sessions of its type, and answered once however often it is asked for. */
static void mtus(void **state)
{
	static const struct {
		char type; /* of the request's IE 9- */
		enum pdu_session_type subscribed;
		uint16_t id, mtu;
	} cases[] = {
		{ '1', PDU_SESSION_IPV4, NAS_PCO_IPV4_LINK_MTU, 1380 },
		{ '5', PDU_SESSION_ETHERNET, NAS_PCO_ETHERNET_MTU, 1380 },
		/* without the headers of its tunnel on N6 */
		{ '4', PDU_SESSION_UNSTRUCTURED, NAS_PCO_UNSTRUCTURED_MTU, 1380 - 28 },
	};
	struct bed *b = *state;

	b->config.dnns[0].mtu = 1380;
	b->config.dnns[0].ethernet = true;
	b->config.dnns[0].far_end = addr_from_v4(0x0a630001, 7000);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char request[] =
			"2e 01 05 c1 ff ff 9? 7b 00 13 80 0010 00 0020 00 0021 00 0015 00 0010 00 0020 00";
		const struct nas_pco *epco;
		struct nas_msg m;

		*strchr(request, '?') = cases[i].type;
		b->session_type = cases[i].subscribed;
		bed_restart(b);
		m = accepted(b, request);
		epco = &m.pdu_session_establishment_accept.epco;
		assert_int_equal(epco->count, cases[i].type == '4' ? 2 : 1); /* that of non-IP too */
		assert_int_equal(epco->items[0].id, cases[i].id);
		assert_int_equal(epco->items[0].value.len, 2);
		assert_int_equal(
			epco->items[0].value.data[0] << 8 | epco->items[0].value.data[1], cases[i].mtu);
		assert_int_equal(m.pdu_session_establishment_accept.qos_rules.items[0].filter_count,
			cases[i].type != '4'); /* 23.501 5.7.1.4 */
		bed_release(b);
	}
}

/* 24.008 10.5.6.3 000EH, as tshark reads it too: digits two an octet, the first low. Without a number, or one
 * asked for twice, there is none, or one. */
static void msisdn(void **state)
{
	static const char request[] = "2e 01 05 c1 ff ff 91 7b 00 07 80 000e 00 000e 00";
	static const struct {
		const char *gpsi, *octets;
		size_t len;
	} cases[] = {
		{ "msisdn-491720400305", "\x94\x71\x02\x04\x30\x50", 6 },
		{ "msisdn-4917204003059", "\x94\x71\x02\x04\x30\x50\xf9", 7 },
		{ "msisdn-00001", "\x00\x00\xf1", 3 },
		{ "msisdn-123456789012345", "\x21\x43\x65\x87\x09\x21\x43\xf5", 8 },
		{ NULL, NULL, 0 },
		{ "extid-a@b", NULL, 0 },
		{ "msisdn-1234", NULL, 0 },
		{ "msisdn-1234567890123456", NULL, 0 },
		{ "msisdn-49172x", NULL, 0 },
	};
	struct bed *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg m;
		const struct nas_pco *epco = &m.pdu_session_establishment_accept.epco;

		b->gpsi = cases[i].gpsi;
		m = accepted(b, request);
		assert_int_equal(
			m.pdu_session_establishment_accept.has_epco ? epco->count : 0, cases[i].len > 0);
		if (!cases[i].len)
			continue;
		assert_int_equal(epco->items[0].id, NAS_PCO_MSISDN);
		assert_true(bytes_equal(epco->items[0].value, bytes_of(cases[i].octets, cases[i].len)));
		assert_false(accepted(b, "2e 01 05 c1 ff ff 91").pdu_session_establishment_accept.has_epco);
	}
}

/* 9.11.4.1: the 5GSM capability is of the session (6.4.1.2). */
static void reflective(void **state)
{
	struct nas_msg m = accepted(*state, "2e 01 05 c1 ff ff 91 28 01 01");

	assert_true(m.pdu_session_establishment_accept.has_rq_timer);
	m = accepted(*state, "2e 01 05 c1 ff ff 91 28 01 02");
	assert_false(m.pdu_session_establishment_accept.has_rq_timer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(of_a_phone, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(damaged_ipcp, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(second_dns, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(dns_taken_live, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(mtus, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(msisdn, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(reflective, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(p_cscfs, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests_name("epco", tests, NULL, NULL);
}
