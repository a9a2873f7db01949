/* The data path packet by packet. */
#include "base/test_stats.h"

#include "core/upf/upf_bed.h"

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids;
static uint8_t inner[2048], outer[2048];
static uint8_t workers = 1;

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	c.workers = workers;
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 0x77);
	return 0;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static void establish(void)
{
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
}

static void from_gnb(uint32_t teid, struct bytes packet)
{
	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, bed_gpdu(outer, teid, 9, packet));
}

static struct bytes ue_packet(uint32_t dst)
{
	return bed_udp(inner, BED_UE, dst, 1000, 53, 100);
}

static struct bytes dn_packet(uint32_t dst)
{
	return bed_udp(inner, BED_DN, dst, 53, 1000, 100);
}

static uint64_t figure(const char *name, const char *labels)
{
	struct stats_list l = { 0 };

	upf_figures(bed.upf, &l);
	return test_figure(&l, name, labels);
}

/* Dropped, and among those of the reason. */
static void sent_nothing(enum upf_stat why)
{
	assert_int_equal(bed.sent_count, 0);
	assert_int_equal(bed_stat(&bed, why), 1);
	if (why >= UPF_STAT_DROPS)
		assert_int_equal(figure("dropped_packets", "reason=\""), 1);
}

static void sent_to_n6(struct bytes packet)
{
	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N6);
	assert_true(bytes_equal(packet, bytes_of(bed.sent[0].data, bed.sent[0].len)));
}

static void sent_to_gnb(uint32_t teid, struct bytes packet)
{
	struct gtpu_header h = { 0 };
	struct bytes payload = BYTES_NONE;

	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N3);
	assert_int_equal(addr_v4(&bed.sent[0].peer), BED_GNB);
	assert_int_equal(bed.sent[0].peer.port, GTPU_UDP_PORT);
	assert_int_equal(
		gtpu_header_decode(bytes_of(bed.sent[0].data, bed.sent[0].len), &h, &payload), GTPU_OK);
	assert_int_equal(h.type, GTPU_G_PDU);
	assert_int_equal(h.teid, teid);
	assert_true(h.has_pdu_session);
	assert_int_equal(h.pdu_session.pdu_type, GTPU_PDU_DL);
	assert_int_equal(h.pdu_session.qfi, 9);
	assert_true(bytes_equal(packet, payload));
}

static void both_ways(void **state)
{
	struct bytes p;

	establish();
	p = ue_packet(BED_DN);
	from_gnb(ids.teid, p);
	sent_to_n6(p);
	p = dn_packet(BED_UE);
	bed_give(&bed, UPF_PORT_N6, 0, 0, p);
	sent_to_gnb(BED_GNB_TEID, p);
	assert_int_equal(bed_stat(&bed, UPF_STAT_UL_OCTETS), 100);
	assert_int_equal(bed_stat(&bed, UPF_STAT_DL_OCTETS), 100);
	assert_int_equal(figure("gtp_in_data_pkt_n3_upf", ""), 1);
	assert_int_equal(figure("gtp_out_data_pkt_n3_upf", ""), 1);
	assert_int_equal(figure("n3_in_bytes", ""), 100);
	assert_int_equal(figure("gtp_in_data_volume_qos_level_n3_upf_bytes", "qfi=\"9\""), 100);
	assert_int_equal(figure("gtp_out_data_volume_qos_level_n3_upf_bytes", "qfi=\"9\""), 100);
	assert_int_equal(figure("gtp_in_data_volume_qos_level_n3_upf_bytes", ""), 100);
}

static void padding_is_cut(void **state)
{
	establish();
	ue_packet(BED_DN);
	from_gnb(ids.teid, bytes_of(inner, 110));
	assert_int_equal(bed.sent[0].len, 100);
}

static void foreign_gnb(void **state)
{
	establish();
	bed_give(&bed, UPF_PORT_N3, 0x0b000001, GTPU_UDP_PORT,
		bed_gpdu(outer, ids.teid, 9, ue_packet(BED_DN)));
	sent_nothing(UPF_STAT_FOREIGN);
}

/* A gNB that is not the one at the other end may have the UE by now; with no gNBs configured, one that nobody
 * has a tunnel to may not. */
static void not_the_tunnels_end(void **state)
{
	struct upf_config c;

	establish();
	bed_give(&bed, UPF_PORT_N3, BED_GNB + 1, GTPU_UDP_PORT,
		bed_gpdu(outer, ids.teid, 9, ue_packet(BED_DN)));
	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N6);
	bed_fini(&bed);
	bed_config(&c);
	c.workers = workers;
	c.gnb_count = 0;
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	establish();
	bed_give(&bed, UPF_PORT_N3, 0x0b000001, GTPU_UDP_PORT,
		bed_gpdu(outer, ids.teid, 9, ue_packet(BED_DN)));
	sent_nothing(UPF_STAT_FOREIGN);
	from_gnb(ids.teid, ue_packet(BED_DN));
	assert_int_equal(bed.sent_count, 1);
}

/* Before the SMF has told of the tunnel, uplink comes from configured gNBs only. */
static void before_the_tunnel(void **state)
{
	for (uint8_t gnbs = 0; gnbs < 2; gnbs++) {
		struct upf_config c;

		bed_fini(&bed);
		bed_config(&c);
		c.workers = workers;
		c.gnb_count = gnbs;
		bed_init(&bed, &c);
		assert_true(bed_associate(&bed));
		rules.far[1].apply_action.bits = PFCP_APPLY_DROP;
		rules.far[1].has_forwarding_parameters = false;
		establish();
		from_gnb(ids.teid, ue_packet(BED_DN));
		assert_int_equal(bed.sent_count, gnbs);
		assert_int_equal(bed_stat(&bed, UPF_STAT_FOREIGN), 1 - gnbs);
	}
}

/* 38.415: uplink names an own QoS flow in an uplink container. */
static void pdu_session_container(void **state)
{
	struct gtpu_header h = { .type = GTPU_G_PDU, .has_pdu_session = true };
	const struct gtpu_pdu_session bad[] = { { GTPU_PDU_UL, 63, false, false, 0 },
		{ GTPU_PDU_DL, 9, false, false, 0 }, { 15, 9, false, false, 0 }, { 2, 9, false, false, 0 } };
	struct bytes p;
	size_t head;

	establish();
	p = ue_packet(BED_DN);
	h.teid = ids.teid;
	for (size_t i = 0; i <= ARRAY_LEN(bad); i++) {
		h.has_pdu_session = i < ARRAY_LEN(bad);
		if (h.has_pdu_session)
			h.pdu_session = bad[i];
		head = gtpu_header_encode(&h, p.len, outer);
		assert_true(bytes_copy(outer + head, sizeof(outer) - head, p));
		bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, bytes_of(outer, head + p.len));
		assert_int_equal(bed.sent_count, 0);
		assert_int_equal(bed_stat(&bed, UPF_STAT_CONTAINER), i + 1);
	}
}

static void spoofed(void **state)
{
	establish();
	from_gnb(ids.teid, bed_udp(inner, BED_UE + 1, BED_DN, 1, 2, 100));
	sent_nothing(UPF_STAT_SPOOFED);
	assert_int_equal(figure("dropped_packets", "reason=\"spoofed\""), 1);
}

static void protected_addresses(void **state)
{
	static const uint32_t own[] = { BED_UPF_N3, BED_UPF_N4, BED_CORE, 0x7f000001, 0xe0000001, 0xffffffff,
		0 };

	establish();
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		from_gnb(ids.teid, ue_packet(own[i]));
		assert_int_equal(bed.sent_count, 0);
		assert_int_equal(bed_stat(&bed, UPF_STAT_PROTECTED), i + 1);
	}
}

/* The first address of a pool is the host's: it answers pings and names there, and nothing else. */
static void gateway_of_a_pool(void **state)
{
	static const struct {
		uint8_t protocol;
		uint16_t port;
		bool passes;
	} cases[] = { { 17, 53, true }, { 6, 53, true }, { 1, 0x0800, true }, { 17, 2152, false },
		{ 6, 22, false }, { 17, 5353, false }, { 132, 53, false } };

	establish();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bed_udp(inner, BED_UE, BED_POOL + 1, 5000, cases[i].port, 100);
		inner[9] = cases[i].protocol;
		from_gnb(ids.teid, bytes_of(inner, 100));
		assert_int_equal(bed.sent_count, cases[i].passes);
	}
	assert_int_equal(bed_stat(&bed, UPF_STAT_PROTECTED), 4);
}

/* Where tunnels end, and whence gNBs come, without being listed; again reachable when no tunnel ends there.
 */
static void n3_peers_are_protected(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true };
	const uint32_t far = 0x0b000001;
	struct bed_session other;
	struct bed_session_ids there;
	struct writer w;

	establish();
	from_gnb(ids.teid, ue_packet(BED_GNB + 9)); /* of the configured prefix */
	from_gnb(ids.teid, ue_packet(BED_SMF));
	assert_int_equal(bed_stat(&bed, UPF_STAT_PROTECTED), 2);
	from_gnb(ids.teid, ue_packet(far));
	assert_int_equal(bed.sent_count, 1);
	bed_session_fill(&other, BED_UE + 1, 0x2000, 0x78);
	w = writer_of(other.far[1].forwarding_parameters.outer_header_creation.ipv4, 4);
	writer_u32(&w, far);
	assert_int_equal(bed_establish(&bed, &other, &there), PFCP_CAUSE_ACCEPTED);
	from_gnb(ids.teid, ue_packet(far));
	assert_int_equal(bed.sent_count, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_PROTECTED), 3);
	m.seid = there.seid;
	assert_true(bed_request(&bed, &m));
	from_gnb(ids.teid, ue_packet(far));
	assert_int_equal(bed.sent_count, 1);
}

static void time_to_live_is_over(void **state)
{
	establish();
	ue_packet(BED_DN);
	inner[8] = 0;
	from_gnb(ids.teid, bytes_of(inner, 100));
	sent_nothing(UPF_STAT_MALFORMED);
}

static void not_ipv4(void **state)
{
	establish();
	ue_packet(BED_DN);
	inner[0] = 0x60;
	from_gnb(ids.teid, bytes_of(inner, 100));
	sent_nothing(UPF_STAT_MALFORMED);
}

static void unknown_teid(void **state)
{
	uint8_t store[256];
	struct arena arena;
	struct gtpu_msg m;
	struct tlv_fault fault;

	establish();
	from_gnb(ids.teid + 1, ue_packet(BED_DN));
	assert_int_equal(bed_stat(&bed, UPF_STAT_UNKNOWN_TEID), 1);
	assert_int_equal(bed.sent_count, 1);
	arena_init(&arena, store, sizeof(store), 0);
	assert_true(gtpu_decode(bytes_of(bed.sent[0].data, bed.sent[0].len), &arena, &m, &fault));
	assert_int_equal(m.header.type, GTPU_ERROR_INDICATION);
	assert_int_equal(m.error_indication.teid, ids.teid + 1);
	for (int i = 0; i < 1000; i++)
		from_gnb(ids.teid + 1, ue_packet(BED_DN));
	assert_int_equal(bed_stat(&bed, UPF_STAT_ERROR_INDICATIONS_OUT),
		UPF_ERROR_INDICATIONS_MAX / workers * workers);
	bed_pass_ms(&bed, 1000); /* and as many in the next second */
	for (int i = 0; i < 1000; i++)
		from_gnb(ids.teid + 1, ue_packet(BED_DN));
	assert_int_equal(bed_stat(&bed, UPF_STAT_ERROR_INDICATIONS_OUT),
		2 * (UPF_ERROR_INDICATIONS_MAX / workers * workers));
}

static void echo(void **state)
{
	static const uint8_t request[] = { 0x32, 1, 0, 4, 0, 0, 0, 0, 0x12, 0x34, 0, 0 };

	bed_give(&bed, UPF_PORT_N3, BED_GNB, 3333, BYTES(request));
	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].peer.port, 3333);
	assert_int_equal(bed.sent[0].data[1], GTPU_ECHO_RESPONSE);
	assert_int_equal(gtpu_be16(bed.sent[0].data + 8), 0x1234);
	for (int i = 0; i < 1000; i++)
		bed_give(&bed, UPF_PORT_N3, BED_GNB, 3333, BYTES(request));
	assert_int_equal(bed_stat(&bed, UPF_STAT_ECHOES), UPF_ECHOES_MAX / workers * workers);
	bed_pass_ms(&bed, 1000);
	for (int i = 0; i < 1000; i++)
		bed_give(&bed, UPF_PORT_N3, BED_GNB, 3333, BYTES(request));
	assert_int_equal(bed_stat(&bed, UPF_STAT_ECHOES), 2 * (UPF_ECHOES_MAX / workers * workers));
}

static void extension_not_comprehended(void **state)
{
	static const uint8_t packet[] = { 0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0xc5, 1, 0, 0, 0 };

	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, BYTES(packet));
	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].data[1], GTPU_SUPPORTED_EXTENSION_HEADERS);
}

static void no_session(void **state)
{
	bed_give(&bed, UPF_PORT_N6, 0, 0, dn_packet(BED_UE));
	sent_nothing(UPF_STAT_NO_SESSION);
}

static void hairpin(void **state)
{
	struct bed_session other;
	struct bed_session_ids other_ids;
	struct bytes p;

	establish();
	from_gnb(ids.teid, ue_packet(BED_UE + 1));
	sent_nothing(UPF_STAT_NO_SESSION);
	bed_session_fill(&other, BED_UE + 1, 0x2000, 0x78);
	assert_int_equal(bed_establish(&bed, &other, &other_ids), PFCP_CAUSE_ACCEPTED);
	p = ue_packet(BED_UE + 1);
	from_gnb(ids.teid, p);
	sent_to_gnb(0x2000, p);
	assert_int_equal(bed_stat(&bed, UPF_STAT_HAIRPIN), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_DL_PACKETS), 1);
	from_gnb(ids.teid, ue_packet(BED_POOL + 1)); /* the UPF's own address on N6 */
	assert_int_equal(bed.sent[0].port, UPF_PORT_N6);
}

/* 29.244 5.2.1: what comes before the tunnel is known waits, so many packets, and leaves in order with it. */
static void waits_for_the_tunnel(uint16_t action)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true };
	struct pfcp_update_far u = {
		.far_id = 2, .has_apply_action = true, .has_update_forwarding_parameters = true
	};
	struct pfcp_outer_header_creation tunnel = rules.far[1].forwarding_parameters.outer_header_creation;
	uint16_t next = 1004;

	rules.far[1].apply_action.bits = action;
	rules.far[1].forwarding_parameters.destination_interface = PFCP_INTERFACE_ACCESS;
	rules.far[1].forwarding_parameters.has_outer_header_creation = false;
	establish();
	for (uint16_t i = 0; i < UPF_BUFFERED_SESSION + 4; i++) {
		bed_give(&bed, UPF_PORT_N6, 0, 0,
			bed_udp(inner, BED_DN, BED_UE, 53, (uint16_t)(1000 + i), 100));
		assert_int_equal(bed.sent_count, 0);
	}
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFERED), UPF_BUFFERED_SESSION + 4);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFER_FULL), 4); /* the oldest */
	u.apply_action.bits = PFCP_APPLY_FORW;
	u.update_forwarding_parameters.has_outer_header_creation = true;
	u.update_forwarding_parameters.outer_header_creation = tunnel;
	m.seid = ids.seid;
	m.session_modification_request.update_far = &u;
	m.session_modification_request.update_far_count = 1;
	assert_true(bed_request(&bed, &m));
	for (size_t i = 0; i < bed.sent_count; i++)
		if (bed.sent[i].port == UPF_PORT_N3)
			assert_int_equal(gtpu_be16(bed.sent[i].data + 16 + 22), next++);
	assert_int_equal(next, 1004 + UPF_BUFFERED_SESSION);
	bed_give(&bed, UPF_PORT_N6, 0, 0, dn_packet(BED_UE));
	assert_int_equal(bed.sent_count, 1);
}

static void buffered(void **state)
{
	waits_for_the_tunnel(PFCP_APPLY_BUFF);
}

static void buffered_by_default(void **state)
{
	waits_for_the_tunnel(PFCP_APPLY_FORW);
}

/* The structs of a burst are used again: a packet waits, whatever the one before it in its struct did. */
static void buffered_in_used_structs(void **state)
{
	struct bytes ip = dn_packet(BED_UE);
	struct upf_packet p;

	rules.far[1].apply_action.bits = PFCP_APPLY_BUFF;
	establish();
	memset(&p, 1, sizeof(p));
	p.data = ip.data;
	p.len = p.linear = (uint32_t)ip.len;
	bed_burst(&bed, (uint8_t)(ids.teid % workers), false, &p, 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFERED), 1);
}

static void gates(void **state)
{
	rules.qer[0].gate_status = PFCP_GATE_UL_CLOSED;
	establish();
	from_gnb(ids.teid, ue_packet(BED_DN));
	sent_nothing(UPF_STAT_GATED);
	bed_give(&bed, UPF_PORT_N6, 0, 0, dn_packet(BED_UE));
	assert_int_equal(bed.sent_count, 1);
	rules.qer[0].gate_status = PFCP_GATE_DL_CLOSED;
	establish();
	bed_give(&bed, UPF_PORT_N6, 0, 0, dn_packet(BED_UE));
	assert_int_equal(bed.sent_count, 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_GATED), 2);
}

/* Seconds of three times the rate, in batches of one instant: what passes is the rate. */
static void rate(uint64_t kbps, uint32_t len, unsigned batch, bool up, uint64_t seconds)
{
	uint64_t total = 0, want = kbps * 1000 / 8 * seconds,
		 step_ns = (uint64_t)len * batch * 8 * 1000000 / (3 * kbps);
	struct upf_packet packets[UPF_BURST_MAX];
	struct bytes p;

	rules.qer[0].mbr = up ? (struct pfcp_bit_rate){ kbps, 1 } : (struct pfcp_bit_rate){ 1, kbps };
	establish();
	p = up ? bed_gpdu(outer, ids.teid, 9, bed_udp(inner, BED_UE, BED_DN, 1, 2, len))
	       : bed_udp(inner, BED_DN, BED_UE, 1, 2, len);
	for (uint64_t t = 0; t < seconds * NS_PER_S; t += step_ns) {
		bed.t.now_ns += step_ns;
		for (unsigned i = 0; i < batch; i++)
			packets[i] = (struct upf_packet){ .data = p.data,
				.len = (uint32_t)p.len,
				.linear = (uint32_t)p.len,
				.peer = ip_from_v4(BED_GNB) };
		bed_burst(&bed, (uint8_t)(ids.teid % workers), up, packets, batch);
		for (size_t n = batch; n; n = bed_due(&bed, (uint8_t)(ids.teid % workers), packets, batch))
			for (size_t i = 0; i < n; i++)
				total += packets[i].verdict != UPF_DROP ? len : 0;
	}
	assert_in_range(total, want * 98 / 100, want * 102 / 100);
}

static void maximum_bit_rate(void **state)
{
	rate(1000, 1400, 1, true, 10);
	rate(1000, 100, 1, false, 10);
	rate(50000, 1400, 1, true, 10);
	rate(1000000, 1400, 1, false, 2);
	rate(1000000, 1400, 44, false, 2);
	rate(50000, 1400, 44, true, 10);
}

static void volumes(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true };
	const struct pfcp_session_deletion_response *r = &bed.response.session_deletion_response;
	const struct pfcp_volume *v;

	establish();
	for (int i = 0; i < 7; i++)
		from_gnb(ids.teid, ue_packet(BED_DN));
	for (int i = 0; i < 3; i++)
		bed_give(&bed, UPF_PORT_N6, 0, 0, bed_udp(inner, BED_DN, BED_UE, 1, 2, 1300));
	from_gnb(ids.teid, ue_packet(BED_CORE)); /* dropped: not counted */
	m.seid = ids.seid;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(r->cause, PFCP_CAUSE_ACCEPTED);
	assert_int_equal(r->usage_report_count, 1);
	assert_true(r->usage_report[0].usage_report_trigger.bits & PFCP_USAGE_TERMR);
	v = &r->usage_report[0].volume_measurement;
	assert_int_equal(v->uplink, 700);
	assert_int_equal(v->downlink, 3900);
	assert_int_equal(v->total, 4600);
	assert_int_equal(v->uplink_packets, 7);
	assert_int_equal(v->downlink_packets, 3);
	from_gnb(ids.teid, ue_packet(BED_DN));
	assert_int_equal(bed_stat(&bed, UPF_STAT_UNKNOWN_TEID), 1);
}

static void error_indication(void **state)
{
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));
	struct gtpu_msg m = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true },
		.error_indication = {
			.teid = BED_GNB_TEID, .peer = { .len = 4, .octets = { 10, 1, 0, 2 } } } };
	const struct pfcp_session_report_request *r = &bed.response.session_report_request;

	establish();
	assert_true(gtpu_encode(&m, &w));
	bed_give(&bed, UPF_PORT_N3, BED_GNB + 1, GTPU_UDP_PORT, writer_bytes(&w)); /* not the tunnel's end */
	assert_int_equal(bed.sent_count, 0);
	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, writer_bytes(&w));
	assert_true(bed_decode(&bed, 0));
	assert_int_equal(bed.response.type, PFCP_SESSION_REPORT_REQUEST);
	assert_int_equal(bed.response.seid, 0x77);
	assert_true(r->report_type.bits & PFCP_REPORT_ERIR);
	assert_int_equal(r->error_indication_report.remote_f_teid[0].teid, BED_GNB_TEID);
	bed_give(&bed, UPF_PORT_N6, 0, 0, dn_packet(BED_UE));
	sent_nothing(UPF_STAT_DISCARDED);
	from_gnb(ids.teid, ue_packet(BED_DN));
	assert_int_equal(bed.sent_count, 1);
}

/* The gNB has let its tunnel go, as the SMF has told meanwhile: what comes is kept and reported, as it has
 * said. */
static void error_indication_of_idle(void **state)
{
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));
	struct gtpu_msg e = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true },
		.error_indication = {
			.teid = BED_GNB_TEID, .peer = { .len = 4, .octets = { 10, 1, 0, 2 } } } };
	struct pfcp_msg m = { .type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true };
	struct pfcp_update_far u = {
		.far_id = 2, .has_apply_action = true, .apply_action.bits = PFCP_APPLY_BUFF | PFCP_APPLY_NOCP
	};

	establish();
	m.seid = ids.seid;
	m.session_modification_request.update_far = &u;
	m.session_modification_request.update_far_count = 1;
	assert_true(bed_request(&bed, &m));
	assert_true(gtpu_encode(&e, &w));
	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, writer_bytes(&w));
	bed_give(&bed, UPF_PORT_N6, 0, 0, dn_packet(BED_UE));
	assert_true(bed_decode(&bed, 0));
	assert_int_equal(bed.response.type, PFCP_SESSION_REPORT_REQUEST);
	assert_true(bed.response.session_report_request.report_type.bits & PFCP_REPORT_DLDR);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFERED), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_DISCARDED), 0);
}

/* Whatever comes on N3 and N6, nothing breaks; run it with sanitizers. */
static void damage(void **state)
{
	uint8_t copy[256];
	struct bytes p;

	establish();
	p = bed_gpdu(outer, ids.teid, 9, ue_packet(BED_DN));
	for (size_t len = 0; len <= p.len; len++)
		bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, bytes_of(p.data, len));
	for (size_t bit = 0; bit < p.len * 8; bit++) {
		bytes_copy(copy, sizeof(copy), p);
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, bytes_of(copy, p.len));
	}
	p = dn_packet(BED_UE);
	for (size_t len = 0; len <= p.len; len++)
		bed_give(&bed, UPF_PORT_N6, 0, 0, bytes_of(p.data, len));
	for (size_t bit = 0; bit < p.len * 8; bit++) {
		bytes_copy(copy, sizeof(copy), p);
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		bed_give(&bed, UPF_PORT_N6, 0, 0, bytes_of(copy, p.len));
	}
	p = ue_packet(BED_DN);
	from_gnb(ids.teid, p);
	sent_to_n6(p);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(both_ways), TEST(padding_is_cut), TEST(foreign_gnb),
		TEST(not_the_tunnels_end), TEST(before_the_tunnel), TEST(pdu_session_container),
		TEST(spoofed), TEST(protected_addresses), TEST(gateway_of_a_pool),
		TEST(n3_peers_are_protected), TEST(time_to_live_is_over), TEST(not_ipv4), TEST(unknown_teid),
		TEST(echo), TEST(extension_not_comprehended), TEST(no_session), TEST(hairpin), TEST(buffered),
		TEST(buffered_in_used_structs), TEST(buffered_by_default), TEST(gates),
		TEST(maximum_bit_rate), TEST(volumes), TEST(error_indication), TEST(error_indication_of_idle),
		TEST(damage) };

	/* Again with three: every packet comes to the next of them, and goes to its owner from there. */
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	workers = 3;
	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
