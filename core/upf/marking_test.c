/* DSCP of tunnels (29.244 8.2.12), and ECN through them both ways (RFC 6040). */
#include "base/test.h"

#include "core/upf/gso.h"
#include "core/upf/upf_bed.h"

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids;
static uint8_t inner[2048], outer[2048];

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	c.workers = 2;
	bed_init(&bed, &c);
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	rules.far[1].forwarding_parameters.has_transport_level_marking = true;
	rules.far[1].forwarding_parameters.transport_level_marking = 46 << 10 | 3 << 8 | 0xff;
	return bed_associate(&bed) && bed_establish(&bed, &rules, &ids) == PFCP_CAUSE_ACCEPTED ? 0 : -1;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static uint8_t owner(void)
{
	return (uint8_t)(ids.teid % 2);
}

static struct bytes with_tos(struct bytes packet, uint8_t tos)
{
	uint16_t check;

	inner[1] = tos;
	inner[10] = inner[11] = 0;
	check = (uint16_t)~upf_fold(upf_sum(inner, 20));
	__builtin_memcpy(inner + 10, &check, 2);
	return packet;
}

static struct upf_packet judged(bool n3, uint8_t inner_tos, uint8_t outer_tos)
{
	struct bytes packet = n3 ? bed_udp(inner, BED_UE, BED_DN, 1000, 53, 100)
				 : bed_udp(inner, BED_DN, BED_UE, 53, 1000, 100);
	struct upf_packet p = { .peer = ip_from_v4(BED_GNB), .peer_port = GTPU_UDP_PORT, .tos = outer_tos };

	with_tos(packet, inner_tos);
	if (n3)
		packet = bed_gpdu(outer, ids.teid, 9, packet);
	p.data = packet.data;
	p.len = p.linear = (uint32_t)packet.len;
	bed_burst(&bed, owner(), n3, &p, 1);
	return p;
}

/* The inner header stays as it is; the outer one has the FAR's DSCP and the packet's ECN. */
static void downlink(void **state)
{
	for (unsigned tos = 0; tos < 256; tos++) {
		struct upf_packet p = judged(false, (uint8_t)tos, 0);

		assert_int_equal(p.verdict, UPF_TO_N3);
		assert_int_equal(p.data[1], tos);
		assert_int_equal(p.tos, 46 << 2 | (tos & 3));
	}
}

/* RFC 6040 figure 4, without what changes nothing. */
static void uplink(void **state)
{
	for (unsigned in = 0; in < 256; in++) {
		for (unsigned out = 0; out < 256; out += 5) {
			bool congested = (out & 3) == UPF_ECN_CE;
			struct upf_packet p = judged(true, (uint8_t)in, (uint8_t)out);

			if (congested && (in & 3) == 0) {
				assert_int_equal(p.verdict, UPF_DROP);
				continue;
			}
			assert_int_equal(p.verdict, UPF_TO_N6);
			assert_int_equal(p.data[1], congested ? in | 3 : in);
			assert_int_equal(upf_fold(upf_sum(p.data, 20)), UINT16_MAX);
		}
	}
	assert_true(bed_stat(&bed, UPF_STAT_CONGESTION) > 0);
}

/* What another worker receives goes to the owner with its class. */
static void handed_over(void **state)
{
	struct bytes packet =
		bed_gpdu(outer, ids.teid, 9, with_tos(bed_udp(inner, BED_UE, BED_DN, 1000, 53, 100), 1));
	struct upf_packet p = { .data = packet.data,
		.len = (uint32_t)packet.len,
		.linear = (uint32_t)packet.len,
		.peer = ip_from_v4(BED_GNB),
		.peer_port = GTPU_UDP_PORT,
		.tos = 3 };
	struct upf_worker *w = upf_worker_at(bed.upf, owner());

	bed_burst(&bed, !owner(), true, &p, 1);
	upf_worker_begin(w, bed.t.now_ns);
	assert_int_equal(upf_worker_take(w, &p, 1), 1);
	assert_int_equal(p.verdict, UPF_TO_N6);
	assert_int_equal(p.data[1], 3);
	upf_worker_end(w);
}

/* An IPv6 packet's class straddles two octets. */
static void ipv6(void **state)
{
	struct upf_packet p = { .peer = ip_from_v4(BED_GNB), .peer_port = GTPU_UDP_PORT, .tos = 3 };
	struct bed_session_ids v6;
	struct bytes whole;
	uint8_t packet[48] = { 0x6a, 0x90, 0, 0, 0, 8, 17, 64, 0x20, 1, 0xd, 0xb8 };
	struct pfcp_ue_ip_address *ue[] = { &rules.pdr[0].pdi.ue_ip_address,
		&rules.pdr[1].pdi.ue_ip_address };

	bed_session_fill(&rules, BED_UE + 1, BED_GNB_TEID, 0x78);
	for (int i = 0; i < 2; i++) {
		ue[i]->has_ipv4 = false;
		ue[i]->has_ipv6 = true;
		bytes_copy(ue[i]->ipv6, 16, bytes_of(packet + 8, 16));
	}
	assert_int_equal(bed_establish(&bed, &rules, &v6), PFCP_CAUSE_ACCEPTED);
	packet[24] = 0x20;
	packet[39] = 1;
	packet[45] = 8;
	whole = bed_gpdu(outer, v6.teid, 9, BYTES(packet));
	p.data = whole.data;
	p.len = p.linear = (uint32_t)whole.len;
	bed_burst(&bed, (uint8_t)(v6.teid % 2), true, &p, 1);
	assert_int_equal(p.verdict, UPF_TO_N6);
	assert_int_equal(p.data[0], 0x6a); /* class 0xa9: DSCP 42, ECT(1) */
	assert_int_equal(p.data[1], 0xb0); /* 0xab: congestion */
}

/* A FAR's marking changes with an update, and stays where none is in it. */
static void updated(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true, .seid = ids.seid };
	struct pfcp_update_far u = { .far_id = 2, .has_update_forwarding_parameters = true };

	m.session_modification_request.update_far = &u;
	m.session_modification_request.update_far_count = 1;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(judged(false, 2, 0).tos, 46 << 2 | 2);
	u.update_forwarding_parameters.has_transport_level_marking = true;
	u.update_forwarding_parameters.transport_level_marking = 10 << 10 | 0xfc;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(judged(false, 2, 0).tos, 10 << 2 | 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(downlink), TEST(uplink), TEST(handed_over), TEST(ipv6),
		TEST(updated) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
