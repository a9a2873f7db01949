/* IPv6 in the data path: the UE's /64 both ways, what is of its link, the SMF's tunnels (29.244 5.3),
 * filters, and what nobody may reach. */
#include "base/test.h"

#include "core/upf/upf_bed.h"
#include "wire/ip/nd.h"

enum { SMF_N4U = BED_SMF, SMF_TEID = 0x5a5a, PDRS = 4, FARS = 3, UDP = 17 };

#define UE_HIGH UINT64_C(0x20010db800450007)
#define UE      ((struct ip){ UE_HIGH, 0x1234 })
#define SERVER  ((struct ip){ UINT64_C(0x20010db800080000), 0x53 })
#define SELF    ((struct ip){ UINT64_C(0x20010db800990000), 1 })
#define POOL    ((struct ip){ UINT64_C(0x20010db800450000), 0 })

static struct bed bed;
static struct bed_session rules;
static struct pfcp_create_pdr pdrs[PDRS];
static struct pfcp_create_far fars[FARS];
static struct pfcp_sdf_filter filters[2];
static struct bed_session_ids ids;
static uint32_t from_smf; /* the TEID for what the SMF sends */
static uint8_t inner[512], outer[600];

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	c.pools6[c.pool6_count++] = (struct prefix){ POOL, 48 };
	c.protected6[c.protected6_count++] = SELF;
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	return 0;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static void put_ip(uint8_t out[16], struct ip ip)
{
	struct writer w = writer_of(out, 16);

	writer_u64(&w, ip.high);
	writer_u64(&w, ip.low);
}

static void description(struct pfcp_sdf_filter *f, const char *text)
{
	*f = (struct pfcp_sdf_filter){ .has_flow_description = true, .flow_description = bytes_of_str(text) };
}

/* The usual session with a /64 too, and the SMF's two PDRs and FAR. */
static void fill(uint32_t ipv4, uint64_t prefix)
{
	struct pfcp_session_establishment_request *r = &rules.m.session_establishment_request;
	struct writer w;

	bed_session_fill(&rules, ipv4, BED_GNB_TEID, 0x77);
	for (int i = 0; i < 2; i++) {
		struct pfcp_ue_ip_address *a = &rules.pdr[i].pdi.ue_ip_address;

		a->has_ipv4 = ipv4 != 0;
		a->has_ipv6 = a->has_prefix_length = true;
		a->prefix_length = 64;
		put_ip(a->ipv6, (struct ip){ prefix, 0 });
		pdrs[i] = rules.pdr[i];
		fars[i] = rules.far[i];
	}
	description(&filters[0], "permit out 58 from ff02::2/128 to assigned");
	pdrs[0].pdi.local_f_teid.has_choose_id = true;
	pdrs[2] = (struct pfcp_create_pdr){
		.pdr_id = 201, .has_far_id = true, .far_id = 201, .pdi = pdrs[0].pdi
	};
	pdrs[2].pdi.has_ue_ip_address = false;
	pdrs[2].pdi.sdf_filter = filters;
	pdrs[2].pdi.sdf_filter_count = 1;
	pdrs[3] = (struct pfcp_create_pdr){ .pdr_id = 202,
		.has_far_id = true,
		.far_id = 2,
		.qer_id = &rules.qer_ids[1],
		.qer_id_count = 1,
		.pdi = { .source_interface = PFCP_INTERFACE_CP,
			.has_local_f_teid = true,
			.local_f_teid = { .has_ipv4 = true, .choose = true } } };
	fars[2] = (struct pfcp_create_far){ .far_id = 201,
		.apply_action.bits = PFCP_APPLY_FORW,
		.has_forwarding_parameters = true,
		.forwarding_parameters = { .destination_interface = PFCP_INTERFACE_CP,
			.has_outer_header_creation = true,
			.outer_header_creation = { .description = PFCP_OHC_GTPU_IPV4, .teid = SMF_TEID } } };
	w = writer_of(fars[2].forwarding_parameters.outer_header_creation.ipv4, 4);
	writer_u32(&w, SMF_N4U);
	r->create_pdr = pdrs;
	r->create_pdr_count = PDRS;
	r->create_far = fars;
	r->create_far_count = FARS;
	r->has_pdn_type = true;
	r->pdn_type = ipv4 ? PFCP_PDN_IPV4V6 : PFCP_PDN_IPV6;
}

static void establish(void)
{
	const struct pfcp_session_establishment_response *r = &bed.response.session_establishment_response;

	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	from_smf = 0;
	for (size_t i = 0; i < r->created_pdr_count; i++) {
		if (r->created_pdr[i].pdr_id == 1)
			ids.teid = r->created_pdr[i].local_f_teid.teid;
		if (r->created_pdr[i].pdr_id == 202)
			from_smf = r->created_pdr[i].local_f_teid.teid;
	}
	assert_true(from_smf && ids.teid && from_smf != ids.teid);
}

/* Headers in front of a UDP header of those ports; next: what follows the fixed header. */
static struct bytes packet_with(
	struct ip src, struct ip dst, uint8_t next, struct bytes extensions, uint16_t port)
{
	struct writer w = writer_of(inner, sizeof(inner));

	writer_u32(&w, UINT32_C(6) << 28);
	writer_u16(&w, (uint16_t)(extensions.len + 16));
	writer_u8(&w, next);
	writer_u8(&w, 64);
	writer_u64(&w, src.high);
	writer_u64(&w, src.low);
	writer_u64(&w, dst.high);
	writer_u64(&w, dst.low);
	writer_put(&w, extensions);
	writer_u16(&w, 1000);
	writer_u16(&w, port);
	writer_u16(&w, 16);
	writer_u16(&w, 0);
	writer_u64(&w, 0);
	return writer_bytes(&w);
}

static struct bytes packet(struct ip src, struct ip dst)
{
	return packet_with(src, dst, UDP, BYTES_NONE, 53);
}

static void from_gnb(uint32_t teid, struct bytes p)
{
	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, bed_gpdu(outer, teid, 9, p));
}

static void dropped(enum upf_stat why)
{
	assert_int_equal(bed.sent_count, 0);
	assert_int_equal(bed_stat(&bed, why), 1);
	teardown(NULL); /* counts begin again */
	setup(NULL);
	fill(BED_UE, UE_HIGH);
	establish();
}

/* What left on N3: to whom, by what tunnel, with what QoS flow (UINT8_MAX: without container). */
static void sent_n3(uint32_t peer, uint32_t teid, uint8_t qfi, struct bytes p)
{
	struct gtpu_header h = { 0 };
	struct bytes payload = BYTES_NONE;

	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N3);
	assert_int_equal(addr_v4(&bed.sent[0].peer), peer);
	assert_int_equal(
		gtpu_header_decode(bytes_of(bed.sent[0].data, bed.sent[0].len), &h, &payload), GTPU_OK);
	assert_int_equal(h.teid, teid);
	assert_int_equal(h.has_pdu_session, qfi != UINT8_MAX);
	if (h.has_pdu_session)
		assert_int_equal(h.pdu_session.qfi, qfi);
	assert_true(bytes_equal(payload, p));
}

static void sent_n6(struct bytes p)
{
	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N6);
	assert_true(bytes_equal(bytes_of(bed.sent[0].data, bed.sent[0].len), p));
}

/* Any identifier of the /64, and IPv4 beside it; a session of IPv6 alone likewise. */
static void both_ways(void **state)
{
	for (int i = 0; i < 2; i++) {
		struct ip other = { UE_HIGH, UINT64_C(0xfeedfacecafebeef) };
		struct bytes p;

		fill(i == 0 ? BED_UE : 0, UE_HIGH);
		establish();
		p = packet(UE, SERVER);
		from_gnb(ids.teid, p);
		sent_n6(p);
		p = packet(other, SERVER);
		from_gnb(ids.teid, p);
		sent_n6(p);
		p = packet(SERVER, other);
		bed_give(&bed, UPF_PORT_N6, 0, 0, p);
		sent_n3(BED_GNB, BED_GNB_TEID, 9, p);
		bed_give(&bed, UPF_PORT_N6, 0, 0, packet(SERVER, (struct ip){ UE_HIGH + 1, 1 }));
		assert_int_equal(bed.sent_count, 0);
		p = bed_udp(inner, BED_UE, BED_DN, 1, 2, 100);
		from_gnb(ids.teid, p);
		assert_int_equal(bed.sent_count, i == 0);
	}
	assert_int_equal(bed_stat(&bed, UPF_STAT_NO_SESSION), 2);
	assert_int_equal(bed_stat(&bed, UPF_STAT_SPOOFED), 1);
}

/* Sources that are not the UE's, and those of its link, which lead to the SMF or nowhere. */
static void sources(void **state)
{
	struct bytes p;

	fill(BED_UE, UE_HIGH);
	establish();
	from_gnb(ids.teid, packet((struct ip){ UE_HIGH + 1, 1 }, SERVER));
	dropped(UPF_STAT_SPOOFED);
	from_gnb(ids.teid, packet(nd_link_local(7), SERVER));
	dropped(UPF_STAT_LINK_LOCAL);
	from_gnb(ids.teid, packet(IP_NONE, SERVER));
	dropped(UPF_STAT_LINK_LOCAL);
	from_gnb(ids.teid, packet((struct ip){ 0, UINT64_C(0xffff0a2d0002) }, SERVER)); /* ::ffff:10.45.0.2 */
	dropped(UPF_STAT_LINK_LOCAL);
	p = packet_with(nd_link_local(7), ND_ALL_ROUTERS, 58, BYTES_NONE, 0);
	from_gnb(ids.teid, p);
	sent_n3(SMF_N4U, SMF_TEID, UINT8_MAX, p);
	p = packet_with(IP_NONE, ND_ALL_ROUTERS, 58, BYTES_NONE, 0);
	from_gnb(ids.teid, p);
	sent_n3(SMF_N4U, SMF_TEID, UINT8_MAX, p);
	from_gnb(ids.teid, packet((struct ip){ UE_HIGH + 1, 1 }, ND_ALL_ROUTERS)); /* not even to the SMF */
	dropped(UPF_STAT_SPOOFED);
}

/* The SMF's packets go the downlink's way, from its own end of its own tunnel alone. */
static void of_the_smf(void **state)
{
	struct gtpu_header h = { .type = GTPU_G_PDU };
	struct bytes p;
	size_t head;

	fill(BED_UE, UE_HIGH);
	establish();
	p = packet(nd_link_local(1), ND_ALL_NODES);
	h.teid = from_smf;
	head = gtpu_header_encode(&h, p.len, outer);
	assert_true(bytes_copy(outer + head, sizeof(outer) - head, p));
	bed_give(&bed, UPF_PORT_N3, SMF_N4U, GTPU_UDP_PORT, bytes_of(outer, head + p.len));
	sent_n3(BED_GNB, BED_GNB_TEID, 9, p);
	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, bytes_of(outer, head + p.len));
	dropped(UPF_STAT_FOREIGN);
	h.teid = from_smf;
	assert_int_equal(gtpu_header_encode(&h, p.len, outer), head);
	bed_give(&bed, UPF_PORT_N3, BED_CORE, GTPU_UDP_PORT, bytes_of(outer, head + p.len));
	dropped(UPF_STAT_FOREIGN);
	p = packet(UE, SERVER);
	bed_give(&bed, UPF_PORT_N3, SMF_N4U, GTPU_UDP_PORT, bed_gpdu(outer, ids.teid, 9, p));
	dropped(UPF_STAT_FOREIGN);
}

/* While the UE is idle the SMF has nothing to send it: what it sends is not kept. */
static void of_the_smf_to_an_idle_ue(void **state)
{
	struct gtpu_header h = { .type = GTPU_G_PDU };
	struct bytes p;
	size_t head;

	fill(BED_UE, UE_HIGH);
	fars[1].apply_action.bits = PFCP_APPLY_BUFF;
	fars[1].has_forwarding_parameters = false;
	establish();
	p = packet(nd_link_local(1), ND_ALL_NODES);
	h.teid = from_smf;
	head = gtpu_header_encode(&h, p.len, outer);
	assert_true(bytes_copy(outer + head, sizeof(outer) - head, p));
	bed_give(&bed, UPF_PORT_N3, SMF_N4U, GTPU_UDP_PORT, bytes_of(outer, head + p.len));
	assert_int_equal(bed.sent_count, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_NOT_BUFFERED), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFERED), 0);
}

static void protected_addresses(void **state)
{
	static const struct ip nobodys[] = { { UINT64_C(0xff02000000000000), 1 },
		{ UINT64_C(0xff0e000000000000), 1 }, { UINT64_C(0xfe80000000000000), 1 },
		{ UINT64_C(0xfebf000000000000), 1 }, { 0, 1 }, { 0, 0 }, { 0, UINT64_C(0xffff08080808) },
		{ 0, UINT64_C(0x08080808) }, { UINT64_C(0x20010db800990000), 1 },
		{ UINT64_C(0x20010db800450000), 2 } };
	struct bytes p;

	fill(BED_UE, UE_HIGH);
	establish();
	for (size_t i = 0; i < ARRAY_LEN(nobodys); i++) {
		from_gnb(ids.teid, packet(UE, nobodys[i]));
		assert_int_equal(bed.sent_count, 0);
		assert_int_equal(bed_stat(&bed, UPF_STAT_PROTECTED), i + 1);
	}
	p = packet(UE, (struct ip){ POOL.high, 1 }); /* names are asked for at the gateway, port 53 */
	from_gnb(ids.teid, p);
	sent_n6(p);
	p = packet_with(UE, (struct ip){ POOL.high, 1 }, UDP, BYTES_NONE, 5353);
	from_gnb(ids.teid, p);
	assert_int_equal(bed_stat(&bed, UPF_STAT_PROTECTED), ARRAY_LEN(nobodys) + 1);
}

/* The transport header is found behind what RFC 8200 4.1 lets stand before it, and nowhere else. */
static void extension_headers(void **state)
{
	static const struct {
		uint8_t next;
		const char *hex;
		bool matches;
	} cases[] = {
		{ UDP, "", true }, { 0, "1100000000000000", true }, /* hop-by-hop */
		{ 60, "110100000000000000000000 00000000", true },  /* destination, 16 octets */
		{ 0, "2b00000000000000 3c00000000000000 1100000000000000", true }, /* three of them */
		{ 44, "1100000100000001", true },                                  /* a first fragment */
		{ 44, "1100000900000001", false },                                 /* a later one */
		{ 44, "0000000100000001 1100000000000000", true },
		{ 0, "1107000000000000", false }, /* it would end behind the packet */
		{ 59, "1100000000000000", false },
		{ 0,
			"0000000000000000 0000000000000000 0000000000000000 0000000000000000"
			"0000000000000000 0000000000000000 0000000000000000 0000000000000000 "
			"1100000000000000",
			false }, /* too many */
	};
	uint8_t octets[128];

	fill(BED_UE, UE_HIGH);
	description(&filters[0], "permit out 17 from 2001:db8:8::/48 53 to assigned 1000");
	establish(); /* what the filter matches goes to the SMF */
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes p = packet_with(
			UE, SERVER, cases[i].next, test_hex(cases[i].hex, octets, sizeof(octets)), 53);

		from_gnb(ids.teid, p);
		if (bed.sent_count != 1 || (bed.sent[0].port == UPF_PORT_N3) != cases[i].matches)
			fail_msg("case %zu", i);
		bed_pass_ms(&bed, 1000);
	}
}

static void not_well_formed(void **state)
{
	struct bytes p;

	fill(BED_UE, UE_HIGH);
	establish();
	p = packet(UE, SERVER);
	from_gnb(ids.teid, bytes_of(p.data, p.len - 1));
	dropped(UPF_STAT_MALFORMED);
	p = packet(UE, SERVER);
	from_gnb(ids.teid, bytes_of(p.data, 39));
	dropped(UPF_STAT_MALFORMED);
	p = packet(UE, SERVER);
	inner[7] = 0; /* hop limit */
	from_gnb(ids.teid, p);
	dropped(UPF_STAT_MALFORMED);
	p = packet(UE, SERVER);
	from_gnb(ids.teid, bytes_of(inner, p.len + 20)); /* octets behind the packet are none of its */
	sent_n6(p);
}

static void filters_read(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{ "permit out ip from 2001:db8::/32 to assigned", true },
		{ "permit out 6 from 2001:db8::1 80,443 to 2001:db8:45:7::/64 1000-2000", true },
		{ "permit out ip from ::/0 to any", true },
		{ "permit out ip from ::/0 to 10.0.0.0/8", false },
		{ "permit out ip from 2001::/0 to any", false },
		{ "permit out ip from 2001:db8::/129 to any", false },
		{ "permit out ip from 2001:db8::1/32 to any", false },
		{ "permit out ip from 2001:db8:: /32 to any", false },
		{ "permit out ip from 2001:zz::/32 to any", false },
		{ "permit out ip from ::ffff:10.0.0.0/104 to any", false },
		{ "permit out ip from :/0 to any", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct upf_filter f;

		description(&filters[0], cases[i].text);
		if (upf_filter_read(&filters[0], &f) != cases[i].good)
			fail_msg("%s", cases[i].text);
	}
}

/* A prefix as long as all is of its family alone. */
static void filters_by_family(void **state)
{
	static const char *const texts[] = { "permit out ip from ::/0 to assigned",
		"permit out ip from 0.0.0.0/0 to assigned", "permit out ip from any to assigned" };
	static const bool to_smf[][2] = { { true, false }, { false, true }, { true, true } };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		fill(BED_UE, UE_HIGH);
		description(&filters[0], texts[i]);
		establish(); /* what the filter matches goes to the SMF */
		from_gnb(ids.teid, packet(UE, SERVER));
		assert_int_equal(bed.sent_count, 1);
		assert_int_equal(bed.sent[0].port == UPF_PORT_N3, to_smf[i][0]);
		from_gnb(ids.teid, bed_udp(inner, BED_UE, BED_DN, 1, 2, 100));
		assert_int_equal(bed.sent_count, 1);
		assert_int_equal(bed.sent[0].port == UPF_PORT_N3, to_smf[i][1]);
	}
}

/* A /64 is one session's: the same SMF's other one replaces it, another SMF's is refused. */
static void one_session_a_prefix(void **state)
{
	struct pfcp_msg *m = &rules.m;
	struct bytes p;

	fill(BED_UE, UE_HIGH);
	establish();
	fill(BED_UE + 1, UE_HIGH); /* whose IPv4 address is another */
	establish();
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
	p = packet(SERVER, UE);
	bed_give(&bed, UPF_PORT_N6, 0, 0, p);
	sent_n3(BED_GNB, BED_GNB_TEID, 9, p);
	assert_true(bed_associate_from(&bed, BED_SMF2, 1, false));
	fill(BED_UE + 2, UE_HIGH);
	assert_true(bed_request_from(&bed, BED_SMF2, m));
	assert_int_equal(bed.response.session_establishment_response.cause, PFCP_CAUSE_RULE_FAILURE);
	fill(BED_UE + 2,
		UE_HIGH + 1); /* of both addresses of one that has them: the two that were there go */
	establish();
	assert_int_equal(upf_numbers(bed.upf).sessions, 2);
	fill(BED_UE + 1, UE_HIGH + 1);
	establish();
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
}

static void addresses_refused(void **state)
{
	for (int i = 0; i < 5; i++) {
		struct pfcp_ue_ip_address *a;

		fill(BED_UE, i == 0 ? UE_HIGH + (UINT64_C(1) << 32) : UE_HIGH); /* 0: outside the pool */
		for (int k = 0; k < 2; k++) {
			a = &pdrs[k].pdi.ue_ip_address;
			a->prefix_length = i == 1 ? 40 : 64;
			a->choose_ipv6 = i == 2;
			if (i == 3)
				put_ip(a->ipv6, (struct ip){ 0, UINT64_C(0xffff0a2d0002) });
		}
		if (i == 4) /* two prefixes in one session */
			put_ip(pdrs[1].pdi.ue_ip_address.ipv6, (struct ip){ UE_HIGH + 1, 0 });
		assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_RULE_FAILURE);
	}
}

/* From UE to UE by IPv6, without leaving on N6. */
static void between_ues(void **state)
{
	struct bytes p;

	fill(0, UE_HIGH + 1);
	rules.m.session_establishment_request.cp_f_seid.seid = 0x78;
	establish();
	fill(BED_UE, UE_HIGH);
	establish();
	p = packet(UE, (struct ip){ UE_HIGH + 1, 9 });
	from_gnb(ids.teid, p);
	sent_n3(BED_GNB, BED_GNB_TEID, 9, p);
	assert_int_equal(bed_stat(&bed, UPF_STAT_HAIRPIN), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(both_ways),
		TEST(sources),
		TEST(of_the_smf),
		TEST(of_the_smf_to_an_idle_ue),
		TEST(protected_addresses),
		TEST(extension_headers),
		TEST(not_well_formed),
		TEST(filters_read),
		TEST(filters_by_family),
		TEST(one_session_a_prefix),
		TEST(addresses_refused),
		TEST(between_ues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
