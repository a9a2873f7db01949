/* NAS values: identities, areas, QoS, timers, options; and what cannot be encoded. */
#include "base/test.h"

#include "wire/nas/nas.h"

static uint8_t store[8192];
static struct nas_msg msg;
static struct tlv_fault fault;
static struct arena arena;

static void decoded(const char *hex)
{
	static uint8_t buf[512];

	arena_init(&arena, store, sizeof(store), 0);
	if (!nas_decode(test_hex(hex, buf, sizeof(buf)), &arena, &msg, &fault))
		fail_msg("fault %d at %s (0x%x)", fault.kind, fault.ie_name ? fault.ie_name : "-", fault.ie);
}

static bool encodes(const struct nas_msg *m)
{
	uint8_t out[2048];
	struct writer w = writer_of(out, sizeof(out));

	return nas_encode(m, &w);
}

static void suci(void **state)
{
	char mcc[4], mnc[4], msin[11];
	const struct nas_suci *s = &msg.registration_request.mobile_identity.suci;
	uint8_t buf[8];

	decoded("7e004179 000d 01 00f110 f0ff 00 00 1032547698 2e02f0f0");
	assert_int_equal(msg.type, NAS_REGISTRATION_REQUEST);
	assert_int_equal(msg.registration_request.registration_type & NAS_REGISTRATION_TYPE_MASK,
		NAS_REGISTRATION_INITIAL);
	assert_int_equal(msg.registration_request.ngksi, NAS_KSI_NONE);
	assert_int_equal(msg.registration_request.mobile_identity.type, NAS_IDENTITY_SUCI);
	plmn_digits(&s->plmn, mcc, mnc);
	assert_string_equal(mcc, "001");
	assert_string_equal(mnc, "01");
	assert_string_equal(s->routing_indicator, "0");
	assert_true(nas_suci_msin(s, msin, sizeof(msin)));
	assert_string_equal(msin, "0123456789");
	assert_true(bytes_equal(nas_bcd("0123456789", buf, sizeof(buf)), s->scheme_output));
	assert_true(bytes_equal(nas_bcd("123", buf, sizeof(buf)), bytes_of("\x21\xf3", 2)));
	assert_false(nas_suci_msin(s, msin, 10));
	decoded("7e005c 0017 01 214365 2143 01 1b 000102030405060708090a0b0c0d0e");
	assert_string_equal(msg.identity_response.mobile_identity.suci.routing_indicator, "1234");
	assert_int_equal(msg.identity_response.mobile_identity.suci.protection_scheme, NAS_SUCI_PROFILE_A);
	assert_int_equal(msg.identity_response.mobile_identity.suci.home_network_key_id, 27);
	assert_int_equal(msg.identity_response.mobile_identity.suci.scheme_output.len, 15);
	assert_false(nas_suci_msin(&msg.identity_response.mobile_identity.suci, msin, sizeof(msin)));
}

static void other_identities(void **state)
{
	const struct nas_mobile_identity *id = &msg.identity_response.mobile_identity;

	decoded("7e005c 000b f2 00f110 ca 3fc1 e2000001");
	assert_int_equal(id->guti.guami.amf_region_id, 0xca);
	assert_int_equal(id->guti.guami.amf_set_id, 0xff);
	assert_int_equal(id->guti.guami.amf_pointer, 1);
	assert_int_equal(id->guti.tmsi, 0xe2000001);
	decoded("7e005c 0007 f4 3fc1 e2000001");
	assert_int_equal(id->type, NAS_IDENTITY_5G_S_TMSI);
	assert_int_equal(id->s_tmsi.amf_set_id, 0xff);
	decoded("7e005c 0008 4b 19785230092143");
	assert_int_equal(id->type, NAS_IDENTITY_IMEI);
	decoded("7e005c 0009 45 73806121856151f1");
	assert_int_equal(id->type, NAS_IDENTITY_IMEISV);
	assert_string_equal(id->imei, "4370816125816151");
	decoded("7e005c 0001 00");
	assert_int_equal(id->type, NAS_IDENTITY_NONE);
}

static void tai_lists(void **state)
{
	const struct nas_registration_accept *a = &msg.registration_accept;

	decoded("7e0042 0101 54 0e 00 00f110 000001 21 00f110 000005"
		" 15 05 04 01 010203");
	assert_int_equal(a->tai_list.count, 2);
	assert_int_equal(a->tai_list.items[0].tais[0].tac, 1);
	assert_int_equal(a->tai_list.items[1].type, NAS_TAI_LIST_CONSECUTIVE);
	assert_int_equal(a->tai_list.items[1].count, 2);
	assert_int_equal(a->tai_list.items[1].tais[1].tac, 6);
	assert_int_equal(a->allowed_nssai.count, 1);
	assert_int_equal(a->allowed_nssai.items[0].snssai.sst, 1);
	assert_int_equal(a->allowed_nssai.items[0].snssai.sd, 0x010203);
	assert_false(a->allowed_nssai.items[0].has_mapped);
	assert_true(encodes(&msg));
	a->tai_list.items[0].count = 0;
	assert_false(encodes(&msg));
	a->tai_list.items[0].count = 17;
	assert_false(encodes(&msg));
}

static void refused(const char *hex, enum tlv_fault_kind kind)
{
	uint8_t buf[512];

	arena_init(&arena, store, sizeof(store), 0);
	assert_false(nas_decode(test_hex(hex, buf, sizeof(buf)), &arena, &msg, &fault));
	assert_int_equal(fault.kind, kind);
}

/* Packet filter components of no known type, or not whole: the rule cannot be understood (9.11.4.13). */
static void packet_filters(void **state)
{
#define ACCEPT(filter) "2e0501c2 11 " filter " 06 06 03e8 0b 0001"

	decoded(ACCEPT("0009 01 0006 31 31 01 01 ff 09"));
	refused(ACCEPT("0009 01 0006 31 31 01 02 ff 09"), TLV_BAD_MANDATORY);
	refused(ACCEPT("0009 01 0006 31 31 01 00 ff 09"), TLV_BAD_MANDATORY);
	refused(ACCEPT("0009 01 0006 31 31 01 10 ff 09"), TLV_BAD_MANDATORY);
	/* a known one before it does not help */
	refused(ACCEPT("000b 01 0008 31 31 03 30 11 02 ff 09"), TLV_BAD_MANDATORY);
	decoded(ACCEPT("000a 01 0007 31 31 02 30 11 ff 09"));
	assert_int_equal(
		msg.pdu_session_establishment_accept.qos_rules.items[0].filters[0].components[0].type,
		NAS_FILTER_PROTOCOL);
}

/* 24.007 11.4.2: octets beyond an element's maximum are of a later release, and left out. */
static void longer_than_known(void **state)
{
	decoded("7e0044 6f 5f 01 21 16 01 33");
	assert_int_equal(msg.registration_reject.t3346, 0x21);
	assert_int_equal(msg.registration_reject.t3502, 0x33);
	decoded("7e0044 6f 5f 03 21 ff ee 16 02 33 dd");
	assert_int_equal(msg.registration_reject.t3346, 0x21);
	assert_int_equal(msg.registration_reject.t3502, 0x33);
	/* and below its minimum an optional element is left out */
	decoded("7e0044 6f 5f 00 16 01 33");
	assert_false(msg.registration_reject.has_t3346);
	assert_int_equal(msg.registration_reject.t3502, 0x33);
}

static void session_accept(void **state)
{
	const struct nas_pdu_session_establishment_accept *a = &msg.pdu_session_establishment_accept;
	const struct nas_pco_item *dns;

	decoded("2e0501c2 11 0009 01 0006 31 31 01 01 ff 09 06 06 03e8 0b 0001 29 05 01 0a2d0002 22 04 01 "
		"010203"
		" 79 0006 09 20 41 01 01 09 7b 000d 80 000d 04 08080808 0010 02 0578 25 09 08 "
		"696e7465726e6574");
	assert_int_equal(msg.pdu_session_id, 5);
	assert_int_equal(a->pdu_session_type, NAS_PDU_IPV4);
	assert_int_equal(a->ssc_mode, NAS_SSC_1);
	assert_int_equal(a->qos_rules.count, 1);
	assert_true(a->qos_rules.items[0].is_default);
	assert_int_equal(a->qos_rules.items[0].filters[0].direction, NAS_FILTER_BOTH);
	assert_int_equal(a->qos_rules.items[0].filters[0].components[0].type, NAS_FILTER_MATCH_ALL);
	assert_int_equal(a->qos_rules.items[0].precedence, 255);
	assert_int_equal(a->qos_rules.items[0].qfi, 9);
	assert_int_equal(nas_bit_rate_kbps(a->session_ambr.downlink), 1000000);
	assert_int_equal(nas_bit_rate_kbps(a->session_ambr.uplink), 1000000);
	assert_memory_equal(a->pdu_address.ipv4, "\x0a\x2d\x00\x02", 4);
	assert_int_equal(a->qos_flows.items[0].five_qi, 9);
	assert_true(a->qos_flows.items[0].replaces);
	assert_string_equal(a->dnn, "internet");
	dns = nas_pco_find(&a->epco, NAS_PCO_DNS_IPV4);
	assert_non_null(dns);
	assert_int_equal(dns->value.len, 4);
	assert_null(nas_pco_find(&a->epco, NAS_PCO_DNS_IPV6));
}

static void printed(void **state)
{
	char text[2048];
	struct printer p;
	struct writer w = writer_of(text, sizeof(text));

	decoded("7e0067 01 0004 2e050101 12 05 81 22 04 01 010203 25 09 08 696e7465726e6574");
	printer_init(&p, &w, PRINT_FULL, NULL);
	nas_print(&msg, &p);
	writer_u8(&w, 0);
	assert_string_equal(text,
		"UL NAS TRANSPORT\n  payload_container_type: 1\n  payload_container: 2e050101\n"
		"  pdu_session_id: 5\n  request_type: 1\n  s_nssai:\n    snssai:\n      sst: 1\n      sd: "
		"66051\n"
		"  dnn: \"internet\"\n");
}

static void timers(void **state)
{
	assert_int_equal(nas_timer3_s(0x21), 3600);
	assert_int_equal(nas_timer3_s(0x06), 3600);
	assert_int_equal(nas_timer3_s(0xe0), NAS_TIMER_DEACTIVATED);
	assert_int_equal(nas_timer2_s(0x1e), 60);
	assert_int_equal(nas_timer2_s(0x49), 9 * 360);
	assert_int_equal(nas_timer3_of(NAS_TIMER_DEACTIVATED), 0xe0);
	for (uint32_t s = 0; s < 40000; s++) {
		uint32_t two = nas_timer2_s(nas_timer2_of(s)), three = nas_timer3_s(nas_timer3_of(s));

		assert_true(three >= s && three <= s + 3600);
		assert_true(two >= s || (s > 31 * 360 && two == 31 * 360));
	}
	for (unsigned v = 0; v < 0xe0; v++) {
		assert_int_equal(
			nas_timer3_s(nas_timer3_of(nas_timer3_s((uint8_t)v))), nas_timer3_s((uint8_t)v));
		assert_int_equal(
			nas_timer2_s(nas_timer2_of(nas_timer2_s((uint8_t)v))), nas_timer2_s((uint8_t)v));
	}
	assert_int_equal(nas_timer3_s(nas_timer3_of(UINT32_MAX - 1)), 31 * 1152000);
}

static void bit_rates(void **state)
{
	static const uint64_t exact[] = { 1, 64, 1000, 65535, 65536, 1000000, 2500000, 10000000,
		1000000000000 };

	for (size_t i = 0; i < ARRAY_LEN(exact); i++)
		assert_int_equal(nas_bit_rate_kbps(nas_bit_rate_of(exact[i])), exact[i]);
	assert_int_equal(nas_bit_rate_of(1000000).unit, 11);
	assert_int_equal(nas_bit_rate_of(1000000).value, 1);
	assert_int_equal(nas_bit_rate_kbps(nas_bit_rate_of(65537)), 65540);
	assert_int_equal(nas_bit_rate_kbps(nas_bit_rate_of(0)), 0);
	assert_int_equal(nas_bit_rate_kbps((struct nas_bit_rate){ 0, 7 }), 0);
	assert_int_equal(nas_bit_rate_kbps((struct nas_bit_rate){ 200, 1 }),
		nas_bit_rate_kbps((struct nas_bit_rate){ 25, 1 }));
}

static void not_encodable(void **state)
{
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT };

	assert_false(encodes(&m)); /* empty payload container */
	m.ul_nas_transport.payload_container = bytes_of("x", 1);
	assert_true(encodes(&m));
	m.ul_nas_transport.payload_container_type = 16;
	assert_false(encodes(&m));
	m.ul_nas_transport.payload_container_type = 1;
	m.ul_nas_transport.has_dnn = true;
	assert_false(encodes(&m));
	m.ul_nas_transport.dnn = "a..b";
	assert_false(encodes(&m));
	m.ul_nas_transport.dnn = "ims.mnc001";
	assert_true(encodes(&m));
	m = (struct nas_msg){ .type = 0 };
	assert_false(encodes(&m));
	m.type = 0x1041;
	assert_false(encodes(&m));
}

static void names(void **state)
{
	assert_string_equal(nas_msg_name(NAS_REGISTRATION_REQUEST), "REGISTRATION REQUEST");
	assert_null(nas_msg_name(0));
	assert_string_equal(nas_5gmm_cause_name(NAS_5GMM_SYNCH_FAILURE), "Synch failure");
	assert_string_equal(nas_5gsm_cause_name(NAS_5GSM_REGULAR_DEACTIVATION), "Regular deactivation");
	assert_null(nas_5gsm_cause_name(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suci),
		cmocka_unit_test(other_identities),
		cmocka_unit_test(tai_lists),
		cmocka_unit_test(packet_filters),
		cmocka_unit_test(longer_than_known),
		cmocka_unit_test(session_accept),
		cmocka_unit_test(printed),
		cmocka_unit_test(timers),
		cmocka_unit_test(bit_rates),
		cmocka_unit_test(not_encodable),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
