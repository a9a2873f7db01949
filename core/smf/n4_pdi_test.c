/* What a rule takes, as the UPF is told: 29.244 table 7.5.2.2-2, member by member. */
#include "base/test.h"
#include "core/smf/internal.h"

static struct arena arena;
static struct n4_rules wanted;
static struct smf_dnn dnn;

static int setup(void **state)
{
	arena_init(&arena, NULL, 0, 1 << 16);
	wanted = (struct n4_rules){ .count = { 0 } };
	dnn = (struct smf_dnn){ .vlan_count = 0 };
	return 0;
}

static int teardown(void **state)
{
	arena_fini(&arena);
	return 0;
}

static struct pfcp_pdi pdi_of(const struct n4_pdr *p)
{
	const struct n4_change c = { .wanted = &wanted, .dnn = &dnn, .network_instance = bytes_of("\1d", 2) };
	struct pfcp_pdi out = { .source_interface = 0 };

	assert_true(n4_message_pdi(&c, p, &arena, &out));
	return out;
}

/* Towards the UE, 29.212 5.4.2. */
static void test_filters(void **state)
{
	static const struct {
		struct smf_filter filter;
		const char *text;
	} rows[] = {
		{ { .id = 1 }, "permit out ip from any to assigned" },
		{ { .protocol = 17,
			  .remote_bits = 32,
			  .remote_low = 53,
			  .remote_high = 53,
			  .local_low = 1000,
			  .local_high = 2000 },
			"permit out 17 from 8.9.10.11/32 53 to assigned 1000-2000" },
		{ { .protocol = 6, .remote_low = 1, .remote_high = 65535, .local_low = 80, .local_high = 80 },
			"permit out 6 from any 1-65535 to assigned 80" },
		{ { .remote_bits = 127 },
			"permit out ip from 8001:8002:8003:8004:8005:8006:8007:8008/127 to assigned" },
		{ { .remote_low = 0, .remote_high = 1 }, "permit out ip from any 0-1 to assigned" },
	};
	struct smf_match match = { .filter_count = SMF_FILTERS_MAX };
	struct pfcp_pdi pdi;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		match.filters[SMF_FILTERS_MAX - 1] = rows[i].filter;
		if (rows[i].filter.remote_bits == 32)
			match.filters[SMF_FILTERS_MAX - 1].remote = ip_from_v4(0x08090a0b);
		if (rows[i].filter.remote_bits == 127)
			match.filters[SMF_FILTERS_MAX - 1].remote =
				(struct ip){ UINT64_C(0x8001800280038004), UINT64_C(0x8005800680078008) };
		pdi = pdi_of(&(struct n4_pdr){ .source = PFCP_INTERFACE_ACCESS, .match = &match });
		assert_int_equal(pdi.sdf_filter_count, SMF_FILTERS_MAX);
		for (size_t n = 0; n < pdi.sdf_filter_count; n++) {
			const char *text = n == SMF_FILTERS_MAX - 1 ? rows[i].text : rows[0].text;

			assert_true(pdi.sdf_filter[n].has_flow_description);
			assert_true(bytes_equal(pdi.sdf_filter[n].flow_description, bytes_of_str(text)));
		}
	}
	pdi = pdi_of(&(struct n4_pdr){ .source = PFCP_INTERFACE_ACCESS });
	assert_int_equal(pdi.sdf_filter_count, 0);
}

/* 8.2.62: IPv4, the /64 or a shorter prefix (IPv6D: by how many bits), a single address. */
static const struct {
	struct smf_addresses ue;
	bool unstructured;
	uint8_t source;
	bool there, v4, v6, destination, has_bits, has_length;
	uint8_t bits;
	const char *ipv6;
} ue_rows[] = {
	{ .ue = { .ipv4 = 0 }, .source = PFCP_INTERFACE_ACCESS },
	{ .ue = { .ipv4 = 0x0a2d0001 }, .source = PFCP_INTERFACE_ACCESS, .there = true, .v4 = true },
	{ .ue = { .ipv4 = 0x0a2d0001 },
		.source = PFCP_INTERFACE_CORE,
		.there = true,
		.v4 = true,
		.destination = true },
	{ .ue = { .ipv6_prefix = 1 },
		.source = PFCP_INTERFACE_CORE,
		.there = true,
		.v6 = true,
		.destination = true,
		.has_length = true,
		.ipv6 = "0000000000000001 0000000000000000" },
	{ .ue = { .ipv6_prefix = UINT64_C(0x20010db800000000), .prefix_bits = 64, .interface_id = 5 },
		.source = PFCP_INTERFACE_CORE,
		.there = true,
		.v6 = true,
		.destination = true,
		.has_length = true,
		.ipv6 = "20010db800000000 0000000000000000" },
	{ .ue = { .ipv6_prefix = UINT64_C(0x20010db800000000), .prefix_bits = 56 },
		.source = PFCP_INTERFACE_CORE,
		.there = true,
		.v6 = true,
		.destination = true,
		.has_bits = true,
		.bits = 8,
		.ipv6 = "20010db800000000 0000000000000000" },
	{ .ue = { .ipv4 = 0x0a2d0001, .ipv6_prefix = UINT64_C(0x20010db800000000), .prefix_bits = 63 },
		.source = PFCP_INTERFACE_CORE,
		.there = true,
		.v4 = true,
		.v6 = true,
		.destination = true,
		.has_bits = true,
		.bits = 1,
		.ipv6 = "20010db800000000 0000000000000000" },
	{ .ue = { .ipv6_prefix = UINT64_C(0x20010db800000000), .prefix_bits = 56, .interface_id = 5 },
		.unstructured = true,
		.source = PFCP_INTERFACE_CORE,
		.there = true,
		.v6 = true,
		.destination = true,
		.has_length = true,
		.ipv6 = "20010db800000000 0000000000000005" },
};

static void test_ue_addresses(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(ue_rows); i++) {
		struct pfcp_pdi pdi = pdi_of(&(struct n4_pdr){ .source = ue_rows[i].source,
			.ue = ue_rows[i].ue,
			.unstructured = ue_rows[i].unstructured });
		const struct pfcp_ue_ip_address *a = &pdi.ue_ip_address;
		uint8_t ipv6[16];

		assert_int_equal(pdi.source_interface, ue_rows[i].source);
		assert_int_equal(pdi.has_ue_ip_address, ue_rows[i].there);
		if (!ue_rows[i].there)
			continue;
		assert_int_equal(a->has_ipv4, ue_rows[i].v4);
		assert_int_equal(a->has_ipv6, ue_rows[i].v6);
		assert_int_equal(a->is_destination, ue_rows[i].destination);
		assert_false(a->choose_ipv4 || a->choose_ipv6);
		assert_int_equal(a->has_prefix_delegation_bits, ue_rows[i].has_bits);
		assert_int_equal(a->has_prefix_length, ue_rows[i].has_length);
		if (ue_rows[i].v4)
			assert_memory_equal(a->ipv4, "\x0a\x2d\x00\x01", 4);
		if (ue_rows[i].has_bits)
			assert_int_equal(a->prefix_delegation_bits, ue_rows[i].bits);
		if (ue_rows[i].has_length)
			assert_int_equal(a->prefix_length, 64);
		if (ue_rows[i].v6)
			assert_memory_equal(a->ipv6, test_hex(ue_rows[i].ipv6, ipv6, sizeof(ipv6)).data, 16);
	}
}

/* 8.2.3: chosen by the UPF, together for all uplink rules of a session with dedicated flows; or the SMF's. */
static void test_f_teids(void **state)
{
	static const struct {
		struct n4_pdr pdr;
		uint8_t pdrs;
		bool there, choose, shared;
	} rows[] = {
		{ { .id = 1, .source = PFCP_INTERFACE_ACCESS }, 2, true, true, false },
		{ { .id = 1, .source = PFCP_INTERFACE_ACCESS }, 3, true, true, true },
		{ { .id = PDR_FORWARDING, .source = PFCP_INTERFACE_ACCESS }, 3, true, true, false },
		{ { .id = 5, .source = PFCP_INTERFACE_CP }, 3, true, true, false },
		{ { .id = 2, .source = PFCP_INTERFACE_CORE }, 3, false, false, false },
		{ { .id = 1, .source = PFCP_INTERFACE_ACCESS, .local.teid = 7 }, 3, true, false, false },
	};
	struct pfcp_pdi pdi;
	struct n4_pdr v6 = { .source = PFCP_INTERFACE_ACCESS,
		.local = { .teid = 7, .ip = { UINT64_C(0x20010db8) << 32, 9 } } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct n4_pdr p = rows[i].pdr;

		wanted.count[N4_PDR] = rows[i].pdrs;
		p.local.ip = ip_from_v4(0x0a000001);
		pdi = pdi_of(&p);
		assert_int_equal(pdi.has_local_f_teid, rows[i].there);
		assert_int_equal(pdi.has_network_instance, !rows[i].there);
		if (!rows[i].there)
			continue;
		assert_true(pdi.local_f_teid.has_ipv4 && !pdi.local_f_teid.has_ipv6);
		assert_int_equal(pdi.local_f_teid.choose, rows[i].choose);
		assert_int_equal(pdi.local_f_teid.has_choose_id, rows[i].shared);
		assert_int_equal(pdi.local_f_teid.teid, p.local.teid);
		assert_memory_equal(pdi.local_f_teid.ipv4, "\x0a\x00\x00\x01", 4);
	}
	pdi = pdi_of(&v6);
	assert_true(pdi.local_f_teid.has_ipv6 && !pdi.local_f_teid.has_ipv4);
	assert_memory_equal(pdi.local_f_teid.ipv6, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09", 16);
}

/* Frames: all of the session's on N6; or of some VLANs, by the outer tag of either kind; flows by their own.
 */
static void test_frames(void **state)
{
	struct n4_pdr down = { .source = PFCP_INTERFACE_CORE, .ethernet = true, .qfi = 9 };
	struct n4_pdr up = { .source = PFCP_INTERFACE_ACCESS, .ethernet = true };
	struct smf_match match = { .filter_count = 1 };
	struct pfcp_pdi pdi = pdi_of(&down);

	assert_true(pdi.has_ethernet_pdu_session_information);
	assert_int_equal(pdi.ethernet_pdu_session_information.bits, PFCP_ETHERNET_ETHI);
	assert_int_equal(pdi.ethernet_pdu_session_information.octets, 1);
	assert_int_equal(pdi.qfi_count, 1);
	assert_int_equal(pdi.qfi[0], 9);
	assert_int_equal(pdi.ethernet_packet_filter_count, 0);
	pdi = pdi_of(&up);
	assert_false(pdi.has_ethernet_pdu_session_information);
	assert_int_equal(pdi.qfi_count, 0);
	dnn.vlan_count = SMF_VLANS_MAX;
	for (uint8_t i = 0; i < SMF_VLANS_MAX; i++)
		dnn.vlans[i] = (uint16_t)(100 + i);
	pdi = pdi_of(&up);
	assert_int_equal(pdi.ethernet_packet_filter_count, 2 * SMF_VLANS_MAX);
	for (size_t i = 0; i < pdi.ethernet_packet_filter_count; i++) {
		const struct pfcp_ethernet_packet_filter *f = &pdi.ethernet_packet_filter[i];
		const struct pfcp_vlan_tag *tag = i % 2 ? &f->s_tag : &f->c_tag;

		assert_int_equal(f->has_c_tag, i % 2 == 0);
		assert_int_equal(f->has_s_tag, i % 2 == 1);
		assert_true(tag->has_vid);
		assert_int_equal(tag->vid, 100 + i / 2);
	}
	up.match = &match;
	assert_int_equal(pdi_of(&up).ethernet_packet_filter_count, 0);
	up = (struct n4_pdr){ .source = PFCP_INTERFACE_ACCESS };
	assert_int_equal(pdi_of(&up).ethernet_packet_filter_count, 0);
}

/* 8.2.109, 8.2.111: each family in its list, in order. */
static void test_routes(void **state)
{
	struct smf_routes routes = { .count = 4 };
	static const char *const texts[] = { "10.1.0.0/16", "2001:db8::/32", "10.2.3.4/32",
		"2001:db8:1::/48" };
	struct pfcp_pdi pdi;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_true(prefix_parse(texts[i], &routes.list[i]));
	pdi = pdi_of(&(struct n4_pdr){ .source = PFCP_INTERFACE_CORE, .routes = &routes });
	assert_int_equal(pdi.framed_route_count, 2);
	assert_int_equal(pdi.framed_ipv6_route_count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_true(bytes_equal(pdi.framed_route[i], bytes_of_str(texts[2 * i])));
		assert_true(bytes_equal(pdi.framed_ipv6_route[i], bytes_of_str(texts[2 * i + 1])));
	}
}

/* Each list refused its memory in turn. */
static void test_without_memory(void **state)
{
	struct smf_match match = { .filter_count = SMF_FILTERS_MAX };
	struct smf_routes routes = { .count = 2 };
	const struct n4_change c = { .wanted = &wanted, .dnn = &dnn };
	const struct n4_pdr pdrs[] = {
		{ .source = PFCP_INTERFACE_ACCESS, .qfi = 1 },
		{ .source = PFCP_INTERFACE_ACCESS, .match = &match },
		{ .source = PFCP_INTERFACE_CORE, .routes = &routes },
		{ .source = PFCP_INTERFACE_ACCESS, .ethernet = true },
	};
	static uint8_t memory[1 << 14];

	dnn.vlan_count = 2;
	assert_true(prefix_parse("10.1.0.0/16", &routes.list[0]));
	assert_true(prefix_parse("2001:db8::/32", &routes.list[1]));
	for (size_t i = 0; i < ARRAY_LEN(pdrs); i++) {
		bool done = false;

		for (size_t size = 0; size <= sizeof(memory); size += 8) {
			struct pfcp_pdi out = { .source_interface = 0 };
			struct arena small;
			bool now;

			arena_init(&small, memory, size, 0);
			now = n4_message_pdi(&c, &pdrs[i], &small, &out);
			arena_fini(&small);
			assert_true(now || !done);
			assert_true(size > 0 || !now);
			done = now;
		}
		assert_true(done);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_filters, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ue_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_f_teids, setup, teardown),
		cmocka_unit_test_setup_teardown(test_frames, setup, teardown),
		cmocka_unit_test_setup_teardown(test_routes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_memory, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
