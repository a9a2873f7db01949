/* Unstructured sessions: payloads to and from a far end in UDP and IPv4 or IPv6, as octets, and what is none
 * of theirs. */
#include "base/test.h"

#include "core/upf/upf_bed.h"

enum { PORT = BED_FAR_END_PORT, PAYLOAD = 60, IP4 = 20, IP6 = 40, UDP = 8, PACKET_MAX = 600 };

#define POOL6 ((struct ip){ UINT64_C(0x20010db800450000), 0 })

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids;
static uint8_t payload[PAYLOAD];
static bool v6;

static int setup_workers(uint8_t count)
{
	struct upf_config c;

	bed_config(&c);
	c.workers = count;
	c.pools6[c.pool6_count++] = (struct prefix){ POOL6, 48 };
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	for (int i = 0; i < PAYLOAD; i++)
		payload[i] = (uint8_t)(0x45 + 3 * i); /* like IPv4 at first sight */
	return 0;
}

static int setup(void **state)
{
	v6 = false;
	return setup_workers(1);
}

static int setup6(void **state)
{
	v6 = true;
	return setup_workers(3);
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static void put_ip(struct writer *w, struct ip a)
{
	writer_u64(w, a.high);
	writer_u64(w, a.low);
}

static void fill(void)
{
	bed_session_unstructured(&rules, v6, 0x70);
}

static void establish(void)
{
	fill();
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
}

static void from_ue(void)
{
	uint8_t outer[PACKET_MAX];

	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, bed_gpdu(outer, ids.teid, 9, BYTES(payload)));
}

/* Of the standard's words, one after the other. */
static uint16_t checksum(const uint8_t *p, size_t len, uint64_t sum)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? p[i] : (uint64_t)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* From the far end, or whoever says so. */
static struct bytes datagram(uint8_t buf[PACKET_MAX], struct ip from, struct ip to, uint16_t port)
{
	struct writer w = writer_of(buf, PACKET_MAX);
	size_t header = v6 ? IP6 : IP4, addresses = v6 ? 8 : 12;
	uint16_t check;

	if (v6) {
		writer_u32(&w, UINT32_C(6) << 28);
		writer_u32(&w, (UDP + PAYLOAD) << 16 | 17 << 8 | 60);
		put_ip(&w, from);
		put_ip(&w, to);
	} else {
		writer_u32(&w, 0x45000000 | (IP4 + UDP + PAYLOAD));
		writer_u32(&w, 0x12340000);
		writer_u32(&w, 60u << 24 | 17u << 16);
		writer_u32(&w, ip_v4(from));
		writer_u32(&w, ip_v4(to));
	}
	writer_u16(&w, port);
	writer_u16(&w, PORT);
	writer_u32(&w, (UDP + PAYLOAD) << 16);
	writer_put(&w, BYTES(payload));
	check = checksum(buf + addresses, header - addresses + UDP + PAYLOAD, 17 + UDP + PAYLOAD);
	w = writer_of(buf + header + 6, 2);
	writer_u16(&w, check);
	return bytes_of(buf, header + UDP + PAYLOAD);
}

static struct bytes from_far_end(uint8_t buf[PACKET_MAX])
{
	return v6 ? datagram(buf, BED_FAR_END6, BED_UE6, PORT)
		  : datagram(buf, ip_from_v4(BED_FAR_END), ip_from_v4(BED_UE), PORT);
}

static void give(struct bytes packet)
{
	bed_give(&bed, UPF_PORT_N6, 0, 0, packet);
}

static void reached_the_ue(void)
{
	const struct bed_msg *m = &bed.sent[0];

	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(m->port, UPF_PORT_N3);
	assert_int_equal(gtpu_be32(m->data + 4), BED_GNB_TEID);
	assert_memory_equal(m->data + m->len - PAYLOAD, payload, PAYLOAD);
	assert_int_equal(
		gtpu_be16(m->data + 2), m->len - 8); /* GTP-U's length: container and payload alone */
	assert_int_equal(m->len, 16 + PAYLOAD);
}

static void dropped(enum upf_stat why)
{
	assert_int_equal(bed.sent_count, 0);
	assert_true(bed_stat(&bed, why) > 0);
}

static void up_and_down(void **state)
{
	const struct bed_msg *m = &bed.sent[0];
	size_t header = v6 ? IP6 : IP4, addresses = v6 ? 8 : 12;
	uint8_t buf[PACKET_MAX], session[16] = { 0 };
	struct writer w = writer_of(session, sizeof(session));

	establish();
	from_ue();
	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(m->port, UPF_PORT_N6);
	assert_int_equal(m->len, header + UDP + PAYLOAD);
	assert_memory_equal(m->data + header + UDP, payload, PAYLOAD);
	if (v6)
		put_ip(&w, BED_UE6);
	else
		writer_u32(&w, BED_UE);
	assert_memory_equal(m->data + addresses, session, v6 ? 16 : 4);
	assert_int_equal(gtpu_be16(m->data + header + 2), PORT);
	assert_int_equal(checksum(m->data + addresses, m->len - addresses, 17 + UDP + PAYLOAD), 0);
	assert_true(v6 || checksum(m->data, IP4, 0) == 0);
	give(from_far_end(buf));
	reached_the_ue();
	assert_int_equal(bed_stat(&bed, UPF_STAT_UL_OCTETS), PAYLOAD);
	assert_int_equal(bed_stat(&bed, UPF_STAT_DL_OCTETS), PAYLOAD);
}

/* Only the far end, only to the session's own address, only whole and sound datagrams. */
static void none_of_theirs(void **state)
{
	struct ip far_end = v6 ? BED_FAR_END6 : ip_from_v4(BED_FAR_END),
		  to = v6 ? BED_UE6 : ip_from_v4(BED_UE);
	struct ip stranger = far_end;
	uint8_t buf[PACKET_MAX];
	struct bytes p;

	establish();
	stranger.low++;
	give(datagram(buf, stranger, to, PORT));
	dropped(UPF_STAT_NO_PDR);
	give(datagram(buf, far_end, to, PORT + 1));
	dropped(UPF_STAT_NO_PDR);
	p = from_far_end(buf);
	buf[p.len - 1] ^= 1;
	give(p);
	dropped(UPF_STAT_MALFORMED);
	p = from_far_end(buf);
	buf[(v6 ? IP6 : IP4) + 5] += 1; /* longer than its packet */
	give(p);
	dropped(UPF_STAT_MALFORMED);
	p = from_far_end(buf);
	if (v6) {
		to.low++;
		p = datagram(buf, far_end, to, PORT);
	} else {
		buf[6] = 0x20; /* more fragments */
	}
	give(p);
	assert_int_equal(bed_stat(&bed, UPF_STAT_MALFORMED), 3);
	give(from_far_end(buf));
	reached_the_ue();
}

/* What waits does so as it came: for its rate, and for a tunnel. */
static void waits(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true };
	struct pfcp_update_far u = { .far_id = 2, .has_apply_action = true };
	struct upf_packet out[4];
	uint8_t buf[PACKET_MAX];
	size_t n = 0;

	fill();
	rules.qer[0].mbr = (struct pfcp_bit_rate){ 8, 8 };
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	give(from_far_end(buf));
	reached_the_ue(); /* it is counted without its headers: the bucket was full */
	give(from_far_end(buf));
	assert_int_equal(bed.sent_count, 0);
	bed_pass_ms(&bed, PAYLOAD - 1);
	for (uint8_t w = 0; w < (v6 ? 3 : 1); w++)
		n += bed_due(&bed, w, out, ARRAY_LEN(out));
	for (size_t i = 0; i < bed.sent_count; i++)
		n += bed.sent[i].port == UPF_PORT_N3;
	assert_int_equal(n, 0);
	bed_pass_ms(&bed, 30);
	reached_the_ue();
	bed_pass_ms(&bed, 1000);
	m.seid = ids.seid;
	m.session_modification_request.update_far = &u;
	m.session_modification_request.update_far_count = 1;
	u.apply_action.bits = PFCP_APPLY_BUFF;
	assert_true(bed_request(&bed, &m));
	give(from_far_end(buf));
	dropped(UPF_STAT_BUFFERED);
	u.apply_action.bits = PFCP_APPLY_FORW;
	assert_true(bed_request(&bed, &m));
	for (size_t i = 0; i < bed.sent_count; i++)
		if (bed.sent[i].port == UPF_PORT_N3) {
			assert_memory_equal(bed.sent[i].data + bed.sent[i].len - PAYLOAD, payload, PAYLOAD);
			assert_int_equal(bed.sent[i].len, 16 + PAYLOAD);
			n++;
		}
	assert_int_equal(n, 1);
}

static void refused(void **state)
{
	fill();
	rules.pdr[1].has_outer_header_removal = false;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_CONDITIONAL_IE_MISSING);
	fill();
	rules.far[0].forwarding_parameters.has_outer_header_creation = false;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_CONDITIONAL_IE_MISSING);
	fill();
	rules.far[0].forwarding_parameters.outer_header_creation.port = 0;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_RULE_FAILURE);
	fill();
	rules.m.session_establishment_request.pdn_type = PFCP_PDN_IPV4; /* none of those has a far end */
	assert_int_not_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_ACCEPTED);
	fill();
	rules.pdr[1].pdi.has_ue_ip_address = false;
	assert_int_equal(bed_establish(&bed, &rules, &ids), PFCP_CAUSE_CONDITIONAL_IE_MISSING);
	establish();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(up_and_down, setup, teardown),
		cmocka_unit_test_setup_teardown(up_and_down, setup6, teardown),
		cmocka_unit_test_setup_teardown(none_of_theirs, setup, teardown),
		cmocka_unit_test_setup_teardown(none_of_theirs, setup6, teardown),
		cmocka_unit_test_setup_teardown(waits, setup, teardown),
		cmocka_unit_test_setup_teardown(waits, setup6, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup6, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
