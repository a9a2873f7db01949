/* PDU sessions of IPv6: the choice of the type, addresses, and the SMF as the router of the UE's link. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"
#include "wire/ip/nd.h"

#define REQUEST_V6   "2e 01 05 c1 ff ff 92"
#define REQUEST_V4V6 "2e 01 05 c1 ff ff 93"
#define REQUEST_NONE "2e 01 05 c1 ff ff"
#define DNS6         ((struct ip){ UINT64_C(0x20010db800000000), 0x53 })

enum { UPF_N3 = 0x0a030001, GNB = 0x0a040001, GNB_TEID = 0x77 };
static const uint64_t pool_high = UINT64_C(0x20010db800450000);

/* The data network has a /62 too: of its four /64s three are for UEs. */
static struct bed *with_ipv6(void **state)
{
	struct bed *b = *state;
	struct smf_dnn *d = &b->config.dnns[0];

	assert_true(prefix_parse("2001:db8:45::/62", &d->pools[d->pool_count++]));
	d->dns6_count = 1;
	d->dns6[0] = DNS6;
	b->session_type = PDU_SESSION_IPV4V6;
	bed_restart(b);
	return b;
}

static struct smf_session *session_of(struct bed *b)
{
	struct supi supi = { "001010000000001" };

	return smf_session_find(b->smf, &supi, 1);
}

static struct nas_msg establish(struct bed *b, const char *request)
{
	struct nas_msg m;

	b->transfer_count = 0;
	bed_create(b, "internet", 1, request);
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, GNB, GNB_TEID));
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATED);
	m = bed_nas(b, &b->transfers[0].n1);
	assert_int_equal(m.type, NAS_PDU_SESSION_ESTABLISHMENT_ACCEPT);
	return m;
}

static struct nd_advertisement advertised(struct bed *b)
{
	struct nd_advertisement a;

	assert_true(nd_advertisement_decode(bytes_of(b->n4u.data, b->n4u.len), &a));
	assert_int_equal(b->n4u_teid, b->sessions[0].control_teid);
	return a;
}

static uint64_t identifier(const struct nas_msg *m)
{
	struct cursor c = cursor_of(BYTES(m->pdu_session_establishment_accept.pdu_address.interface_id));

	return cursor_u64(&c);
}

static struct bytes solicitation(struct ip src)
{
	static uint8_t octets[ND_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(nd_solicitation_encode(src, &w));
	return writer_bytes(&w);
}

/* Accept, setup request, PFCP rules and the first advertisement of a session of both families. */
static void of_both_families(void **state)
{
	struct bed *b = with_ipv6(state);
	struct nas_msg m = establish(b, REQUEST_V4V6);
	const struct nas_pdu_session_establishment_accept *a = &m.pdu_session_establishment_accept;
	struct nd_advertisement ra = advertised(b);

	assert_int_equal(a->pdu_session_type, NAS_PDU_IPV4V6);
	assert_int_equal(a->pdu_address.type, NAS_PDU_IPV4V6);
	assert_false(a->has_cause);
	assert_int_equal(v4_of(a->pdu_address.ipv4), 0x0a2d0002);
	assert_true(identifier(&m) > UINT32_MAX);
	assert_int_equal(identifier(&m) >> 57 & 1, 0); /* it names no device */
	assert_int_equal(b->sessions[0].ue_prefix, pool_high + 1);
	assert_string_equal(b->sessions[0].to_smf, "permit out 58 from ff02:0:0:0:0:0:0:0/16 to assigned;"
						   "permit out 58 from fe80:0:0:0:0:0:0:0/10 to assigned;");
	assert_int_equal(b->sessions[0].smf_ip, 0x0a010001);
	assert_int_equal(b->n4u_count, 1);
	assert_true(nd_is_link_local(ra.src) && ra.src.low != identifier(&m));
	assert_true(ip_equal(ra.dst, ND_ALL_NODES));
	assert_int_equal(ra.prefix.ip.high, pool_high + 1);
	assert_true(ra.prefix.bits == 64 && ra.autonomous && !ra.on_link && !ra.managed);
	assert_int_equal(ra.mtu, SMF_MTU);
	assert_true(ra.dns_count == 1 && ip_equal(ra.dns[0], DNS6));
	assert_int_equal(smf_numbers(b->smf).addresses, 1);
	assert_int_equal(smf_numbers(b->smf).prefixes, 1);
}

/* DNS of IPv6 is sent by the ePCO as well, once, and to whom it is of use. */
static void dns_by_the_request(void **state)
{
	struct bed *b = with_ipv6(state);
	struct nas_msg m = establish(b, "2e 01 05 c1 ff ff 92 7b 00 0a 80 0003 00 0003 00 1234 00");
	const struct nas_pco *pco = &m.pdu_session_establishment_accept.epco;

	assert_int_equal(pco->count, 1);
	assert_int_equal(pco->items[0].id, NAS_PCO_DNS_IPV6);
	assert_true(ip_equal(ip_from_v6(pco->items[0].value.data), DNS6));
	m = establish(b, "2e 01 05 c1 ff ff 91 7b 00 04 80 0003 00");
	assert_false(m.pdu_session_establishment_accept.has_epco);
}

static void of_ipv6_alone(void **state)
{
	struct bed *b = with_ipv6(state);
	struct nas_msg m = establish(b, REQUEST_V6);

	assert_int_equal(m.pdu_session_establishment_accept.pdu_session_type, NAS_PDU_IPV6);
	assert_int_equal(b->sessions[0].ue_ip, 0);
	assert_int_equal(b->sessions[0].ue_prefix, pool_high + 1);
	assert_int_equal(smf_numbers(b->smf).addresses, 0);
	bed_release(b);
	assert_int_equal(smf_numbers(b->smf).prefixes, 0);
	establish(b, "2e 01 05 c1 ff ff 91");
	assert_int_equal(b->sessions[0].smf_teid, 0); /* nothing of the SMF in a session of IPv4 */
}

/* One a second, of the session's UPF, at its TEID, and well-formed. */
static void solicitations(void **state)
{
	struct bed *b = with_ipv6(state);
	struct nas_msg m = establish(b, REQUEST_V6);
	struct ip src = nd_link_local(identifier(&m));
	uint32_t teid = b->sessions[0].smf_teid;

	bed_n4u(b, UPF_N3, teid, solicitation(src));
	assert_int_equal(b->n4u_count, 2);
	assert_true(ip_equal(advertised(b).dst, src));
	bed_n4u(b, UPF_N3, teid, solicitation(src));
	assert_int_equal(b->n4u_count, 2);
	bed_pass(b, 1000);
	bed_n4u(b, UPF_N3, teid, solicitation(IP_NONE));
	assert_true(ip_equal(advertised(b).dst, ND_ALL_NODES));
	assert_int_equal(b->n4u_count, 3);
	assert_int_equal(bed_stat(b, SMF_STAT_SOLICITATIONS), 3);
	bed_pass(b, 1000);
	bed_n4u(b, UPF_N3 + 1, teid, solicitation(src));
	bed_n4u(b, UPF_N3, teid + 1, solicitation(src));
	bed_n4u(b, UPF_N3, teid, bytes_of("x", 1));
	bed_n4u(b, UPF_N3, teid, BYTES_NONE);
	assert_int_equal(b->n4u_count, 3);
	assert_int_equal(bed_stat(b, SMF_STAT_N4U_REFUSED), 5);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	bed_n4u(b, UPF_N3, teid, solicitation(src)); /* nothing is sent to an idle UE */
	assert_int_equal(b->n4u_count, 3);
	bed_release(b);
	bed_n4u(b, UPF_N3, teid, solicitation(src));
	assert_int_equal(b->n4u_count, 3);
}

/* Is the router there (23.501 5.8.2.2.3)? It says so, of itself alone. */
static void neighbors(void **state)
{
	static const struct ip router = { UINT64_C(0xfe80) << 48, 1 };
	struct bed *b = with_ipv6(state);
	struct nas_msg m = establish(b, REQUEST_V6);
	const struct ip asking[] = { nd_link_local(identifier(&m)), { pool_high + 1, 7 }, IP_NONE };
	const struct ip others[] = { nd_link_local(2), { pool_high + 1, 7 } };
	uint8_t octets[ND_PACKET_MAX], wanted[ND_PACKET_MAX];

	for (size_t i = 0; i < ARRAY_LEN(asking); i++) {
		struct writer w = writer_of(octets, sizeof(octets)), x = writer_of(wanted, sizeof(wanted));

		assert_true(nd_neighbor_solicitation_encode(asking[i], router, &w));
		bed_n4u(b, UPF_N3, b->sessions[0].smf_teid, writer_bytes(&w));
		assert_int_equal(b->n4u_count, 2 + i);
		assert_true(nd_neighbor_advertisement_encode(router, asking[i], &x));
		assert_true(bytes_equal(bytes_of(b->n4u.data, b->n4u.len), writer_bytes(&x)));
	}
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct writer w = writer_of(octets, sizeof(octets));

		assert_true(nd_neighbor_solicitation_encode(asking[0], others[i], &w));
		bed_n4u(b, UPF_N3, b->sessions[0].smf_teid, writer_bytes(&w));
		assert_int_equal(b->n4u_count, 1 + ARRAY_LEN(asking));
	}
	assert_int_equal(bed_stat(b, SMF_STAT_N4U_REFUSED), ARRAY_LEN(others));
}

/* With the user plane an advertisement comes again once the last is six hours old. */
static void advertised_again(void **state)
{
	struct bed *b = with_ipv6(state);

	establish(b, REQUEST_V6);
	for (int i = 0; i < 2; i++) {
		bed_update_cnx(b, UP_CNX_DEACTIVATED);
		b->t.now_ns += i * UINT64_C(21600) * NS_PER_S;
		bed_update_cnx(b, UP_CNX_ACTIVATING);
		bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, GNB, GNB_TEID));
		assert_int_equal(b->n4u_count, 1 + i);
	}
}

/* A UE that stays connected is sent one every six hours; one that stays idle is paged for it before its
 * router's lifetime ends. */
static void advertised_in_time(void **state)
{
	struct bed *b = with_ipv6(state);

	establish(b, REQUEST_V6);
	b->t.now_ns += UINT64_C(21000) * NS_PER_S;
	bed_pass(b, 20000);
	assert_int_equal(b->n4u_count, 1);
	b->t.now_ns += UINT64_C(600) * NS_PER_S;
	bed_pass(b, 20000);
	assert_int_equal(b->n4u_count, 2);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	b->transfer_count = 0;
	b->t.now_ns += UINT64_C(53000) * NS_PER_S;
	bed_pass(b, 20000);
	assert_int_equal(b->transfer_count, 0);
	b->t.now_ns += UINT64_C(1000) * NS_PER_S;
	bed_pass(b, 11000);
	assert_int_equal(b->transfer_count, 1); /* a page */
	assert_int_equal(b->transfers[0].n2_type, N2_SM_PDU_RES_SETUP_REQ);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, GNB, GNB_TEID));
	assert_int_equal(b->n4u_count, 3);
}

/* The types of 24.501 9.11.4.11 as bits, and what follows from each request. */
static void types(void **state)
{
	enum { V4 = 1 << 1, V6 = 1 << 2, BOTH = 1 << 3, UNSTRUCTURED = 1 << 4, ETHERNET = 1 << 5 };
	static const struct {
		uint8_t asked, allowed, otherwise, type, cause;
	} cases[] = {
		{ NAS_PDU_IPV4, V4 | V6 | BOTH, 0, NAS_PDU_IPV4, 0 },
		{ NAS_PDU_IPV6, V4 | V6 | BOTH, 0, NAS_PDU_IPV6, 0 },
		{ NAS_PDU_IPV4V6, V4 | V6 | BOTH, 0, NAS_PDU_IPV4V6, 0 },
		{ NAS_PDU_IPV4V6, V4, 0, NAS_PDU_IPV4, NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED },
		{ NAS_PDU_IPV4V6, V6, 0, NAS_PDU_IPV6, NAS_5GSM_PDU_SESSION_TYPE_IPV6_ONLY_ALLOWED },
		{ NAS_PDU_IPV4V6, V4 | V6, NAS_PDU_IPV6, NAS_PDU_IPV6,
			NAS_5GSM_PDU_SESSION_TYPE_IPV6_ONLY_ALLOWED },
		{ NAS_PDU_IPV6, V4, 0, 0, NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED },
		{ NAS_PDU_IPV4, V6, 0, 0, NAS_5GSM_PDU_SESSION_TYPE_IPV6_ONLY_ALLOWED },
		{ NAS_PDU_IPV4, BOTH, 0, 0, NAS_5GSM_PDU_SESSION_TYPE_IPV4V6_ONLY_ALLOWED },
		{ NAS_PDU_IPV4, 0, 0, 0, NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE },
		{ NAS_PDU_ETHERNET, V4 | V6 | BOTH, 0, 0, NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE },
		{ NAS_PDU_UNSTRUCTURED, V4, 0, 0, NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE },
		{ 7, V4, 0, 0, NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE },
		{ NAS_PDU_ETHERNET, V4 | ETHERNET, 0, NAS_PDU_ETHERNET, 0 },
		{ NAS_PDU_ETHERNET, UNSTRUCTURED, 0, 0, NAS_5GSM_PDU_SESSION_TYPE_UNSTRUCTURED_ONLY_ALLOWED },
		{ NAS_PDU_UNSTRUCTURED, UNSTRUCTURED, 0, NAS_PDU_UNSTRUCTURED, 0 },
		{ NAS_PDU_IPV4, ETHERNET, 0, 0, NAS_5GSM_PDU_SESSION_TYPE_ETHERNET_ONLY_ALLOWED },
		{ NAS_PDU_IPV4V6, ETHERNET, 0, 0, NAS_5GSM_PDU_SESSION_TYPE_ETHERNET_ONLY_ALLOWED },
		{ NAS_PDU_IPV6, V4 | ETHERNET, 0, 0, NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED },
		{ 0, ETHERNET, NAS_PDU_IPV4V6, NAS_PDU_ETHERNET, 0 },
		{ 0, UNSTRUCTURED, 0, NAS_PDU_UNSTRUCTURED, 0 },
		{ 0, V4 | ETHERNET, NAS_PDU_ETHERNET, NAS_PDU_ETHERNET, 0 },
		{ 0, V4 | ETHERNET, 0, NAS_PDU_IPV4, 0 },
		{ 0, V4 | V6 | BOTH, NAS_PDU_IPV6, NAS_PDU_IPV6, 0 },
		{ 0, V4 | V6 | BOTH, 0, NAS_PDU_IPV4V6, 0 },
		{ 0, V4, NAS_PDU_IPV4V6, NAS_PDU_IPV4, 0 },
		{ 0, V6, NAS_PDU_IPV4, NAS_PDU_IPV6, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t type, cause;
		bool good =
			smf_type_select(cases[i].asked, cases[i].allowed, cases[i].otherwise, &type, &cause);

		if (good != (cases[i].type != 0) || (good && type != cases[i].type) ||
			cause != cases[i].cause)
			fail_msg("case %zu: type %u, cause %u", i, type, cause);
	}
}

/* What is subscribed counts too, at its own time: nothing is left of what was refused. */
static void types_subscribed(void **state)
{
	struct bed *b = with_ipv6(state);
	struct nas_msg m;

	b->session_type = PDU_SESSION_IPV4;
	bed_create(b, "internet", 1, REQUEST_V6);
	assert_int_equal(b->answer.cause, SBI_PDUTYPE_NOT_SUPPORTED);
	m = bed_nas(b, &b->answer.n1);
	assert_int_equal(
		m.pdu_session_establishment_reject.cause, NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	m = establish(b, REQUEST_V4V6);
	assert_int_equal(m.pdu_session_establishment_accept.pdu_session_type, NAS_PDU_IPV4);
	assert_int_equal(
		m.pdu_session_establishment_accept.cause, NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED);
	m = establish(b, REQUEST_NONE);
	assert_int_equal(m.pdu_session_establishment_accept.pdu_session_type, NAS_PDU_IPV4);
	assert_false(m.pdu_session_establishment_accept.has_cause);
}

/* Three /64s, then none: what had an IPv4 address already gives it back. */
static void prefixes_used_up(void **state)
{
	struct bed *b = with_ipv6(state);
	char request[] = REQUEST_V4V6;

	for (uint8_t id = 1; id <= 4; id++) {
		request[4] = (char)('0' + id);
		bed_create(b, "internet", id, request);
		assert_int_equal(b->answer.cause, id <= 3 ? SBI_OK : SBI_INSUFFICIENT_RESOURCES);
	}
	assert_int_equal(smf_numbers(b->smf).prefixes, 3);
	assert_int_equal(smf_numbers(b->smf).addresses, 3);
	assert_int_equal(bed_stat(b, SMF_STAT_ADDRESSES_OUT), 1);
}

static void static_prefix(void **state)
{
	struct bed *b = with_ipv6(state);

	b->static_ipv4 = 0x0a2d0005;
	b->static_ipv6 = "2001:db8:45:3::/64";
	establish(b, REQUEST_V4V6);
	assert_int_equal(b->sessions[0].ue_prefix, pool_high + 3);
	assert_int_equal(b->sessions[0].ue_ip, 0x0a2d0005);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 92"); /* taken */
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	establish(b, "2e 01 05 c1 ff ff 91"); /* a session of IPv4 has no use for the prefix */
	assert_int_equal(smf_numbers(b->smf).prefixes, 0);
	assert_int_equal(smf_numbers(b->smf).addresses, 1);
}

/* A process that begins again has type, prefix and tunnels, and answers; so has a UPF. */
static void over_restarts(void **state)
{
	struct bed *b = with_ipv6(state);
	struct nas_msg m = establish(b, REQUEST_V4V6);
	struct ip src = nd_link_local(identifier(&m));
	uint32_t teid = b->sessions[0].smf_teid, control = b->sessions[0].control_teid;

	bed_restart(b);
	assert_int_equal(session_of(b)->type, NAS_PDU_IPV4V6);
	assert_int_equal(smf_numbers(b->smf).prefixes, 1);
	bed_n4u(b, UPF_N3, teid, solicitation(src));
	assert_int_equal(advertised(b).prefix.ip.high, pool_high + 1);
	bed_upf_restart(b);
	bed_pass(b, 60000);
	assert_int_equal(b->session_count, 1);
	assert_int_equal(b->sessions[0].control_teid, control);
	assert_int_equal(b->sessions[0].smf_teid, teid);
	assert_int_equal(b->sessions[0].ue_prefix, pool_high + 1);
	bed_n4u(b, UPF_N3, teid, solicitation(src));
	assert_int_equal(b->n4u_count, 3);
}

/* What was given last is not given first again, though the process has begun anew meanwhile. */
static void the_pool_goes_on(void **state)
{
	struct bed *b = with_ipv6(state);

	establish(b, REQUEST_V6);
	b->t.now_ns += NS_PER_S;
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 92");
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, GNB, GNB_TEID + 1));
	bed_restart(b);
	bed_release(b);
	bed_create(b, "internet", 3, "2e 03 05 c1 ff ff 92");
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->sessions[1].ue_prefix, pool_high + 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(of_both_families),
		TEST(dns_by_the_request),
		TEST(of_ipv6_alone),
		TEST(solicitations),
		TEST(neighbors),
		TEST(advertised_again),
		TEST(advertised_in_time),
		TEST(types),
		TEST(types_subscribed),
		TEST(prefixes_used_up),
		TEST(static_prefix),
		TEST(over_restarts),
		TEST(the_pool_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
