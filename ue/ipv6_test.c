/* IPv6 of a PDU session in the UE: RFC 4861 6.3, RFC 7559, what it takes and what it does not. */
#include "ue/ue_bed.h"
#include "wire/ip/nd.h"

#define PREFIX UINT64_C(0x20010db800450007)
#define IID    UINT64_C(0x0123456789abcdef)

enum { DRB = 7 };

/* A session of that type; asked for as both. */
static void session(struct bed *b, uint8_t type)
{
	struct nas_msg request, accept;
	struct nas_pdu_session_establishment_accept *a = &accept.pdu_session_establishment_accept;
	struct writer w = writer_of(a->pdu_address.interface_id, 8);

	bed_register(b);
	assert_int_equal(ue_session_establish_type(b->ue, "internet", NULL, NAS_PDU_IPV4V6), 1);
	request = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	assert_int_equal(request.pdu_session_establishment_request.pdu_session_type, NAS_PDU_IPV4V6);
	accept = bed_session_accept(b, &request);
	a->pdu_session_type = a->pdu_address.type = type;
	writer_u64(&w, IID);
	bed_send_sm(b, accept);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_UP);
	bed_forget(b);
}

static void bearer(struct bed *b)
{
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_BEARER_SETUP,
				.pdu_session_id = 1,
				.drb = DRB,
				.qfi_count = 1,
				.qfis = { 9 } });
	assert_true(bed_rrc(b, UU_RRC_BEARER_SETUP_RESPONSE).accepted);
	bed_forget(b);
}

static struct ue_session_info info_of(struct bed *b)
{
	struct ue_session_info info;

	assert_true(ue_session_info(b->ue, 1, &info));
	return info;
}

/* The next of the UE is a solicitation from its link-local address, on the session's bearer. */
static void solicits(struct bed *b)
{
	struct uu_pdu p;
	struct ip src;

	assert_true(bed_next(b, &p));
	assert_int_equal(p.bearer, UU_DRB_BASE + DRB);
	assert_int_equal(p.pdu.data[0], 9); /* the QFI of the default rule */
	assert_true(nd_solicitation_decode(bytes_of(p.pdu.data + 1, p.pdu.len - 1), &src));
	assert_true(ip_equal(src, nd_link_local(IID)));
}

static struct nd_advertisement usual(void)
{
	return (struct nd_advertisement){ .src = nd_link_local(1),
		.dst = ND_ALL_NODES,
		.lifetime_s = 1800,
		.prefix = { { PREFIX, 0 }, 64 },
		.autonomous = true,
		.valid_s = ND_FOREVER,
		.preferred_s = ND_FOREVER,
		.mtu = 1390,
		.dns_count = 1,
		.dns = { { PREFIX, 0x53 } } };
}

static void deliver(struct bed *b, const struct nd_advertisement *a, size_t spoilt_at)
{
	uint8_t datagram[UU_DATA_HEADER_LEN + ND_PACKET_MAX];
	struct writer w = writer_of(datagram + UU_DATA_HEADER_LEN, ND_PACKET_MAX);

	uu_data_header_write(datagram, b->index, DRB, 9);
	assert_true(nd_advertisement_encode(a, &w));
	if (spoilt_at)
		datagram[UU_DATA_HEADER_LEN + spoilt_at] ^= 1;
	bed_deliver(b, bytes_of(datagram, UU_DATA_HEADER_LEN + w.len));
}

static void tun_sends(struct bed *b, struct ip src)
{
	uint8_t p[48];
	struct writer w = writer_of(p, sizeof(p));
	struct room room = ue_host_room(b->host);
	struct msg m = { .kind = MSG_DATA, .port = UE_PORT_TUN, .data = BYTES(p) };

	memset(p, 0, sizeof(p));
	writer_u32(&w, UINT32_C(6) << 28);
	writer_u32(&w, 8 << 16 | 17 << 8 | 64);
	writer_u64(&w, src.high);
	writer_u64(&w, src.low);
	room.ops->on_msg(room.self, &m);
}

/* It asks until it is answered: within a second, then after 4, 8, 16, ... seconds, an hour at most. */
static void asks_until_answered(void **state)
{
	struct bed *b = *state;
	struct nd_advertisement a = usual();
	struct ue_session_info info;
	uint32_t wait_ms = 4000;

	session(b, NAS_PDU_IPV4V6);
	bed_pass(b, 10000);
	assert_null(test_env_next(&b->t, UE_PORT_AIR)); /* not before there is a bearer */
	bearer(b);
	bed_pass(b, 1000);
	for (int i = 0; i < 13; i++, wait_ms = wait_ms * 2 > 3600000 ? 3600000 : wait_ms * 2) {
		solicits(b);
		bed_pass(b, wait_ms - 1000);
		assert_null(test_env_next(&b->t, UE_PORT_AIR));
		bed_pass(b, 1000);
	}
	solicits(b);
	deliver(b, &a, 0);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_ADDRESS);
	info = info_of(b);
	assert_true(ip_equal(info.ipv6, (struct ip){ PREFIX, IID }));
	assert_int_equal(info.mtu6, 1390);
	assert_int_equal(info.dns6_count, 1);
	assert_null(test_env_next(&b->t, UE_PORT_TUN)); /* it was the UE's own */
	bed_pass(b, 7200000);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(bed_stat(b, "router_solicitations"), 14);
}

/* An advertisement before the first solicitation makes that needless (RFC 4861 6.3.7). */
static void told_unasked(void **state)
{
	struct bed *b = *state;
	struct nd_advertisement a = usual();

	session(b, NAS_PDU_IPV6);
	bearer(b);
	deliver(b, &a, 0);
	bed_pass(b, 60000);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(info_of(b).ipv4, 0);
	deliver(b, &a, 0); /* the same again is nothing new */
	assert_int_equal(b->events[UE_EVENT_SESSION_ADDRESS], 1);
	a.prefix.ip.high++;
	deliver(b, &a, 0);
	assert_int_equal(b->events[UE_EVENT_SESSION_ADDRESS], 2);
	assert_int_equal(info_of(b).ipv6.high, PREFIX + 1);
}

/* What is not valid, and what is valid and gives no address. */
static void not_taken(void **state)
{
	struct bed *b = *state;
	struct nd_advertisement a;

	session(b, NAS_PDU_IPV6);
	bearer(b);
	a = usual();
	deliver(b, &a, 7); /* hop limit */
	deliver(b, &a, 42);
	a.src = (struct ip){ PREFIX, 1 };
	deliver(b, &a, 0);
	assert_int_equal(bed_stat(b, "router_advertisements_refused"), 3);
	a = usual();
	a.prefix.bits = 60;
	a.prefix.ip = ip_masked(a.prefix.ip, 60);
	deliver(b, &a, 0);
	a = usual();
	a.autonomous = false;
	deliver(b, &a, 0);
	a = usual();
	a.lifetime_s = 0;
	deliver(b, &a, 0);
	a = usual();
	a.valid_s = a.preferred_s = 0;
	deliver(b, &a, 0);
	assert_int_equal(b->events[UE_EVENT_SESSION_ADDRESS], 0);
	bed_pass(b, 1000);
	solicits(b);
}

/* Uplink by the source: any identifier of the /64, nothing else, and nothing before there is a prefix. */
static void packets_by_source(void **state)
{
	struct bed *b = *state;
	struct nd_advertisement a = usual();
	struct uu_pdu p;

	session(b, NAS_PDU_IPV6);
	bearer(b);
	tun_sends(b, (struct ip){ PREFIX, IID });
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	deliver(b, &a, 0);
	tun_sends(b, (struct ip){ PREFIX, 5 });
	assert_true(bed_next(b, &p));
	tun_sends(b, (struct ip){ PREFIX + 1, 5 });
	tun_sends(b, nd_link_local(5));
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(bed_stat(b, "packets_dropped"), 3);
}

/* A session of IPv4 asks nobody, and what looks like an advertisement is user data. */
static void of_ipv4(void **state)
{
	struct bed *b = *state;
	struct nd_advertisement a = usual();

	session(b, NAS_PDU_IPV4);
	bearer(b);
	bed_pass(b, 60000);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	deliver(b, &a, 0);
	assert_non_null(test_env_next(&b->t, UE_PORT_TUN));
	assert_true(ip_is_none(info_of(b).ipv6));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(asks_until_answered),
		TEST(told_unasked),
		TEST(not_taken),
		TEST(packets_by_source),
		TEST(of_ipv4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
