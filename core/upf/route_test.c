/* Framed routes and delegated prefixes: both ways, the longest first, whose they are, and what is refused. */
#include "base/test.h"

#include "core/upf/upf_bed.h"

enum { NET = 0xc0a80700, HOST = NET + 9, DEEPER = NET + 0x81, UE2 = BED_UE + 1, TEXTS = 20 };

#define UE_HIGH UINT64_C(0x20010db800450010)
#define SERVER  ((struct ip){ UINT64_C(0x20010db800080000), 0x53 })

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids[3];
static struct bytes routes[TEXTS];
static uint8_t inner[512], outer[600];

static int setup_workers(uint8_t workers)
{
	struct upf_config c;

	bed_config(&c);
	c.workers = workers;
	c.pools6[c.pool6_count++] = (struct prefix){ { UINT64_C(0x20010db800450000), 0 }, 48 };
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	return 0;
}

static int setup(void **state)
{
	return setup_workers(1);
}

static int setup_several(void **state)
{
	return setup_workers(3);
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static void fill(uint32_t n, const char *route)
{
	bed_session_fill(&rules, BED_UE + n, BED_GNB_TEID + n, 0x70 + n);
	if (!route)
		return;
	routes[0] = bytes_of_str(route);
	rules.pdr[1].pdi.framed_route = routes;
	rules.pdr[1].pdi.framed_route_count = 1;
}

static void establish(uint32_t n, const char *route)
{
	fill(n, route);
	assert_int_equal(bed_establish(&bed, &rules, &ids[n]), PFCP_CAUSE_ACCEPTED);
}

/* The session that the last packet went to; -1: to N6, -2: to none. */
static int went(void)
{
	for (size_t i = 0; i < bed.sent_count; i++) {
		if (bed.sent[i].port == UPF_PORT_N6)
			return -1;
		if (bed.sent[i].port == UPF_PORT_N3)
			return (int)(gtpu_be32(bed.sent[i].data + 4) - BED_GNB_TEID);
	}
	return -2;
}

static int down(uint32_t dst)
{
	bed_give(&bed, UPF_PORT_N6, 0, 0, bed_udp(inner, BED_DN, dst, 1, 2, 60));
	return went();
}

static int up(uint32_t n, uint32_t src, uint32_t dst)
{
	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT,
		bed_gpdu(outer, ids[n].teid, 9, bed_udp(inner, src, dst, 1, 2, 60)));
	return went();
}

static void both_ways(void **state)
{
	establish(0, "192.168.7.0/24 0.0.0.0 1");
	establish(1, NULL);
	assert_int_equal(down(HOST), 0);
	assert_int_equal(down(BED_UE), 0);
	assert_int_equal(down(NET + 0x100), -2);
	assert_int_equal(up(0, HOST, BED_DN), -1);
	assert_int_equal(up(0, BED_UE, BED_DN), -1);
	assert_int_equal(up(0, NET + 0x100, BED_DN), -2);
	assert_int_equal(up(1, HOST, BED_DN), -2); /* of another UE */
	assert_int_equal(bed_stat(&bed, UPF_STAT_SPOOFED), 2);
	assert_int_equal(up(1, UE2, HOST), 0); /* from UE to UE */
	assert_int_equal(up(0, HOST, UE2), 1);
}

/* The longest has it, whatever came first; it goes with its session. */
static void longest(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true };

	establish(0, "192.168.7.0/24");
	establish(1, "192.168.7.128/25");
	assert_int_equal(down(HOST), 0);
	assert_int_equal(down(DEEPER), 1);
	m.seid = ids[1].seid;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(down(DEEPER), 0);
	m.seid = ids[0].seid;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(down(HOST), -2);
	assert_int_equal(bed.upf->data.route_lengths[1] | bed.upf->data.route_lengths[0], 0);
	assert_int_equal(bed.upf->data.by_ue_ip.count, 0);
}

/* A modification keeps them, and one that names others has those alone. */
static void modified(void **state)
{
	struct pfcp_update_far far = {
		.far_id = 2, .has_apply_action = true, .apply_action.bits = PFCP_APPLY_DROP
	};
	struct pfcp_msg m = { .type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true };
	struct pfcp_update_pdr pdr = { .pdr_id = 2, .has_pdi = true };

	establish(0, "192.168.7.0/24");
	pdr.pdi = rules.pdr[1].pdi;
	m.seid = ids[0].seid;
	m.session_modification_request.update_far = &far;
	m.session_modification_request.update_far_count = 1;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(up(0, HOST, BED_DN), -1);
	routes[0] = bytes_of_str("192.168.9.0/24");
	m.session_modification_request.update_pdr = &pdr;
	m.session_modification_request.update_pdr_count = 1;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(bed.response.session_modification_response.cause, PFCP_CAUSE_ACCEPTED);
	assert_int_equal(up(0, HOST, BED_DN), -2);
	assert_int_equal(up(0, HOST + 0x200, BED_DN), -1);
}

static uint8_t refusal(void)
{
	return bed_establish(&bed, &rules, &ids[2]);
}

static void refused(void **state)
{
	static const char *const bad[] = { "", " ", "192.168.7.0", "192.168.7.1/24", "192.168.7.0/33",
		"2001:db8::/48", "0.0.0.0/0", "a network of which nobody knows the length in octets" };
	char texts[TEXTS][20];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		fill(0, bad[i]);
		assert_int_equal(refusal(), PFCP_CAUSE_RULE_FAILURE);
	}
	fill(0, "192.168.7.0/24");
	rules.pdr[0].pdi.framed_route = routes; /* the uplink has none */
	rules.pdr[0].pdi.framed_route_count = 1;
	assert_int_equal(refusal(), PFCP_CAUSE_RULE_FAILURE);
	fill(0, "192.168.7.0/24");
	for (unsigned i = 0; i <= UPF_ROUTES_MAX; i++) {
		snprintf(texts[i], sizeof(texts[i]), "192.168.%u.0/24", i);
		routes[i] = bytes_of_str(texts[i]);
	}
	rules.pdr[1].pdi.framed_route_count = UPF_ROUTES_MAX + 1;
	assert_int_equal(refusal(), PFCP_CAUSE_NO_RESOURCES);
	fill(0, "192.168.7.0/24");
	rules.pdr[1].pdi.framed_route_count = UPF_ROUTES_MAX;
	assert_int_equal(refusal(), PFCP_CAUSE_ACCEPTED);
	/* Another SMF's stays where it is; the same one's goes over. */
	assert_true(bed_associate_from(&bed, BED_SMF2, 7, false));
	fill(1, "192.168.7.0/24");
	rules.m.session_establishment_request.node_id.ipv4[3] = BED_SMF2 & 255;
	assert_true(bed_request_from(&bed, BED_SMF2, &rules.m));
	assert_int_equal(bed.response.session_establishment_response.cause, PFCP_CAUSE_RULE_FAILURE);
	assert_int_equal(down(HOST), 0);
	establish(1, "192.168.7.0/24");
	assert_int_equal(down(HOST), 1);
}

static struct bytes packet6(struct ip src, struct ip dst)
{
	struct writer w = writer_of(inner, sizeof(inner));

	writer_u32(&w, UINT32_C(6) << 28);
	writer_u32(&w, 16u << 16 | 17u << 8 | 64);
	writer_u64(&w, src.high);
	writer_u64(&w, src.low);
	writer_u64(&w, dst.high);
	writer_u64(&w, dst.low);
	for (int i = 0; i < 4; i++)
		writer_u32(&w, 0x00010001);
	return writer_bytes(&w);
}

static int down6(uint64_t high)
{
	bed_give(&bed, UPF_PORT_N6, 0, 0, packet6(SERVER, (struct ip){ high, 5 }));
	return went();
}

static int up6(uint64_t high)
{
	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT,
		bed_gpdu(outer, ids[0].teid, 9, packet6((struct ip){ high, 5 }, SERVER)));
	return went();
}

/* A /60: the first /64 is the UE's, the others are behind it. bits or length say so (29.244 8.2.62). */
static void delegated(void **state)
{
	for (int way = 0; way < 2; way++) {
		fill(0, NULL);
		for (int i = 0; i < 2; i++) {
			struct pfcp_ue_ip_address *a = &rules.pdr[i].pdi.ue_ip_address;
			struct writer w = writer_of(a->ipv6, 16);

			a->has_ipv6 = true;
			writer_u64(&w, UE_HIGH);
			a->has_prefix_delegation_bits = way == 0;
			a->prefix_delegation_bits = 4;
			a->has_prefix_length = way == 1;
			a->prefix_length = 60;
		}
		assert_int_equal(bed_establish(&bed, &rules, &ids[0]), PFCP_CAUSE_ACCEPTED);
		for (uint64_t n = 0; n < 16; n++) {
			assert_int_equal(down6(UE_HIGH + n), 0);
			assert_int_equal(up6(UE_HIGH + n), -1);
		}
		assert_int_equal(down6(UE_HIGH + 16), -2);
		assert_int_equal(down6(UE_HIGH - 1), -2);
		assert_int_equal(up6(UE_HIGH + 16), -2);
	}
	rules.pdr[1].pdi.ue_ip_address.prefix_length = 40; /* more than anybody gets */
	assert_int_equal(refusal(), PFCP_CAUSE_RULE_FAILURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(both_ways, setup, teardown),
		cmocka_unit_test_setup_teardown(both_ways, setup_several, teardown),
		cmocka_unit_test_setup_teardown(longest, setup, teardown),
		cmocka_unit_test_setup_teardown(longest, setup_several, teardown),
		cmocka_unit_test_setup_teardown(modified, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(delegated, setup, teardown),
		cmocka_unit_test_setup_teardown(delegated, setup_several, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
