/* Ethernet sessions: learning, switching, flooding, VLANs, filters, reports (29.244 5.13, 23.501 5.8.2.5.3).
 */
#include "base/test.h"

#include "core/upf/upf_bed.h"

enum {
	FRAME_LEN = 60,
	HOST = 0x0a,
	C_TAG = 0x8100,
	LANS = 2,
	SESSIONS = 4,
	INACTIVITY_S = 30,
};

#define MAC(n)    (UINT64_C(0x020000000000) | (n))
#define BROADCAST UINT64_C(0xffffffffffff)

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids[SESSIONS];
static struct pfcp_ethernet_packet_filter filters[2];

static int setup_workers(uint8_t count)
{
	struct upf_config c;

	bed_config(&c);
	c.workers = count;
	c.lan_count = LANS;
	str_copy(c.lans[0], sizeof(c.lans[0]), "lan");
	str_copy(c.lans[1], sizeof(c.lans[1]), "plant");
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

static void fill(uint32_t n, const char *dnn)
{
	struct pfcp_session_establishment_request *r = &rules.m.session_establishment_request;

	bed_session_fill(&rules, BED_UE, BED_GNB_TEID + n, 0x70 + n);
	r->has_pdn_type = true;
	r->pdn_type = PFCP_PDN_ETHERNET;
	rules.pdr[0].pdi.has_ue_ip_address = rules.pdr[1].pdi.has_ue_ip_address = false;
	rules.pdr[1].pdi.has_ethernet_pdu_session_information = true;
	rules.pdr[1].pdi.ethernet_pdu_session_information = (struct tlv_flags){ 1, 1 };
	rules.pdr[1].pdi.has_network_instance = true;
	rules.pdr[1].pdi.network_instance = bytes_of_str(dnn);
	rules.urr[0].reporting_triggers.bits = PFCP_TRIGGER_MACAR;
	rules.urr[0].has_ethernet_inactivity_timer = true;
	rules.urr[0].ethernet_inactivity_timer = INACTIVITY_S;
}

static void establish(uint32_t n)
{
	fill(n, "lan");
	assert_int_equal(bed_establish(&bed, &rules, &ids[n]), PFCP_CAUSE_ACCEPTED);
}

static struct bytes frame(uint8_t buf[FRAME_LEN], uint64_t to, uint64_t from, uint16_t vid, uint8_t mark)
{
	struct writer w = writer_of(buf, FRAME_LEN);

	memset(buf, 0, FRAME_LEN);
	writer_uint(&w, to, 6);
	writer_uint(&w, from, 6);
	if (vid) {
		writer_u16(&w, C_TAG);
		writer_u16(&w, vid);
	}
	writer_u16(&w, 0x88b5); /* for experiments */
	writer_u8(&w, mark);
	return bytes_of(buf, FRAME_LEN);
}

static void from_ue(uint32_t n, uint64_t to, uint64_t from, uint16_t vid)
{
	uint8_t inner[FRAME_LEN], outer[FRAME_LEN + 64];

	bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT,
		bed_gpdu(outer, ids[n].teid, 9, frame(inner, to, from, vid, 7)));
}

static void from_host(uint64_t to, uint64_t from, uint16_t vid)
{
	uint8_t buf[FRAME_LEN];

	bed_give(&bed, UPF_PORT_LAN, 0, 0, frame(buf, to, from, vid, 7));
}

/* Where the last frame went: bit n: the nth session, bit HOST: N6. */
static uint32_t went(void)
{
	uint32_t to = 0;

	for (size_t i = 0; i < bed.sent_count; i++) {
		const struct bed_msg *m = &bed.sent[i];

		if (m->port == UPF_PORT_LAN) {
			assert_int_equal(m->len, FRAME_LEN);
			to |= 1u << HOST;
		} else if (m->port == UPF_PORT_N3) {
			uint32_t n = gtpu_be32(m->data + 4) - BED_GNB_TEID;

			assert_in_range(n, 0, SESSIONS - 1);
			assert_false(to >> n & 1); /* none twice */
			assert_true(m->len > FRAME_LEN);
			to |= 1u << n;
		} else {
			assert_int_equal(m->port, UPF_PORT_N4);
		}
	}
	return to;
}

#define TO(n) (1u << (n))

static void answer(void)
{
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));
	struct pfcp_msg m = { .type = PFCP_SESSION_REPORT_RESPONSE,
		.has_seid = true,
		.sequence = bed.response.sequence,
		.session_report_response.cause = PFCP_CAUSE_ACCEPTED };

	assert_true(pfcp_encode(&m, &w));
	bed_give(&bed, UPF_PORT_N4, BED_SMF, PFCP_UDP_PORT, writer_bytes(&w));
}

/* The report that was sent for a session: addresses detected and removed. */
static const struct pfcp_ethernet_traffic_information *reported(uint64_t seid)
{
	for (size_t i = 0; i < bed.sent_count; i++) {
		const struct pfcp_session_report_request *r;

		if (bed.sent[i].port != UPF_PORT_N4 || !bed_decode(&bed, i) ||
			bed.response.type != PFCP_SESSION_REPORT_REQUEST || bed.response.seid != seid)
			continue;
		r = &bed.response.session_report_request;
		assert_true(r->report_type.bits & PFCP_REPORT_USAR);
		assert_int_equal(r->usage_report_count, 1);
		assert_true(r->usage_report[0].usage_report_trigger.bits & PFCP_USAGE_MACAR);
		assert_true(r->usage_report[0].has_ethernet_traffic_information);
		return &r->usage_report[0].ethernet_traffic_information;
	}
	return NULL;
}

static void three_and_a_host(void)
{
	for (uint32_t n = 0; n < 3; n++)
		establish(n);
}

/* Every frame of the four ends of a LAN, against what the clause has. */
static void switching(void **state)
{
	three_and_a_host();
	from_ue(0, BROADCAST, MAC(0), 0);
	assert_int_equal(went(), TO(1) | TO(2) | TO(HOST));
	from_ue(1, MAC(0), MAC(1), 0); /* the answer is for one alone */
	assert_int_equal(went(), TO(0));
	from_host(MAC(1), MAC(HOST), 0);
	assert_int_equal(went(), TO(1));
	from_ue(2, MAC(HOST), MAC(2), 0);
	assert_int_equal(went(), TO(HOST));
	from_host(BROADCAST, MAC(HOST), 0);
	assert_int_equal(went(), TO(0) | TO(1) | TO(2));
	from_ue(0, MAC(99), MAC(0), 0); /* not seen yet */
	assert_int_equal(went(), TO(1) | TO(2) | TO(HOST));
	from_host(MAC(99), MAC(HOST), 0);
	assert_int_equal(went(), TO(0) | TO(1) | TO(2));
	from_ue(0, UINT64_C(0x3333000000fb), MAC(0), 0); /* multicast */
	assert_int_equal(went(), TO(1) | TO(2) | TO(HOST));
	from_host(MAC(HOST + 1), MAC(HOST + 1), 0);
	from_host(MAC(HOST), MAC(HOST + 1), 0); /* both on N6 */
	assert_int_equal(went(), 0);
	from_ue(0, MAC(50), MAC(0), 0);
	from_ue(0, MAC(0), MAC(50), 0); /* both behind one UE */
	assert_int_equal(went(), 0);
	assert_true(bed_stat(&bed, UPF_STAT_LAN) >= 2);
	assert_true(bed_stat(&bed, UPF_STAT_FLOODED) >= 12);
}

/* One that is seen elsewhere has moved, and the SMF hears of both. */
static void moving(void **state)
{
	const struct pfcp_ethernet_traffic_information *e;

	three_and_a_host();
	from_ue(0, BROADCAST, MAC(7), 0);
	e = reported(0x70);
	assert_true(e && e->detected_count == 1 && e->removed_count == 0);
	assert_int_equal(e->detected[0].mac_count, 1);
	assert_true(e->detected[0].mac[0] == MAC(7));
	from_ue(0, BROADCAST, MAC(7), 0);
	answer();
	assert_null(reported(0x70)); /* once */
	from_ue(1, BROADCAST, MAC(7), 0);
	e = reported(0x70);
	assert_true(e && e->removed_count == 1 && e->removed[0].mac[0] == MAC(7));
	e = reported(0x71);
	assert_true(e && e->detected_count == 1 && e->detected[0].mac[0] == MAC(7));
	answer();
	from_ue(2, MAC(7), MAC(2), 0);
	assert_int_equal(went(), TO(1));
	from_host(BROADCAST, MAC(7), 0); /* and to N6 */
	e = reported(0x71);
	assert_true(e && e->removed_count == 1);
	from_ue(2, MAC(7), MAC(2), 0);
	assert_int_equal(went(), TO(HOST));
}

/* 29.244 6.4: what is not answered is repeated, so that it came could be heard after that it went. */
static void one_report_after_the_other(void **state)
{
	const struct pfcp_ethernet_traffic_information *e;

	three_and_a_host();
	from_ue(0, BROADCAST, MAC(7), 0);
	e = reported(0x70);
	assert_true(e && e->detected_count == 1);
	from_host(BROADCAST, MAC(7), 0);
	assert_null(reported(0x70));
	from_ue(0, BROADCAST, MAC(8), 0);
	assert_null(reported(0x70));
	bed_pass_ms(&bed, PFCP_T1_MS); /* the first one again */
	e = reported(0x70);
	assert_true(e && e->detected_count == 1 && e->removed_count == 0);
	answer();
	e = reported(0x70);
	assert_non_null(e);
	assert_int_equal(e->removed_count, 1);
	assert_int_equal(e->detected_count, 1);
	assert_true(e->detected[0].mac[0] == MAC(8) && e->removed[0].mac[0] == MAC(7));
	from_host(BROADCAST, MAC(8), 0);
	do { /* until the second is given up */
		bed_pass_ms(&bed, PFCP_T1_MAX_MS);
		e = reported(0x70);
		assert_non_null(e);
	} while (e->detected_count > 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_REPORTS_LOST), 1);
	assert_true(e->removed_count == 1 && e->removed[0].mac[0] == MAC(8));
}

/* An address that nothing is heard of is forgotten after the time that the SMF has said. */
static void ageing(void **state)
{
	const struct pfcp_ethernet_traffic_information *e = NULL;

	three_and_a_host();
	from_ue(0, BROADCAST, MAC(0), 0);
	from_ue(1, BROADCAST, MAC(1), 0);
	for (int s = 0; s < INACTIVITY_S + 5 && !e; s++) {
		from_ue(1, MAC(0), MAC(1), 0);
		bed_pass_ms(&bed, 1000);
		e = reported(0x71); /* perhaps once more that it is there, since nobody answers here */
		assert_true(!e || e->removed_count == 0);
		e = reported(0x70);
		e = e && e->removed_count ? e : NULL;
		assert_true(!e || s >= INACTIVITY_S - 2);
	}
	assert_true(e && e->removed[0].mac[0] == MAC(0));
	from_ue(1, MAC(0), MAC(1), 0);
	assert_int_equal(went(), TO(0) | TO(2) | TO(HOST));
}

/* VLANs are learnt apart: what was seen in one is not known in another. */
static void vlans(void **state)
{
	three_and_a_host();
	from_ue(0, BROADCAST, MAC(0), 10);
	assert_int_equal(went(), TO(1) | TO(2) | TO(HOST));
	from_ue(1, MAC(0), MAC(1), 10);
	assert_int_equal(went(), TO(0));
	from_ue(1, MAC(0), MAC(1), 20);
	assert_int_equal(went(), TO(0) | TO(2) | TO(HOST));
	from_ue(2, BROADCAST, MAC(0), 20); /* the same address in another VLAN is another one */
	from_ue(1, MAC(0), MAC(1), 20);
	assert_int_equal(went(), TO(2));
	from_ue(1, MAC(0), MAC(1), 10);
	assert_int_equal(went(), TO(0));
}

/* A session of some VLANs neither sends nor receives others' frames. */
static void allowed_vlans(void **state)
{
	establish(0);
	establish(1);
	fill(2, "lan");
	for (int i = 0; i < 2; i++) {
		filters[i] = (struct pfcp_ethernet_packet_filter){ .has_c_tag = true,
			.c_tag = { .has_vid = true, .vid = (uint16_t)(10 + i) } };
		rules.pdr[i].pdi.ethernet_packet_filter = filters;
		rules.pdr[i].pdi.ethernet_packet_filter_count = 2;
	}
	assert_int_equal(bed_establish(&bed, &rules, &ids[2]), PFCP_CAUSE_ACCEPTED);
	from_ue(0, BROADCAST, MAC(0), 11);
	assert_int_equal(went(), TO(1) | TO(2) | TO(HOST));
	from_ue(0, BROADCAST, MAC(0), 12);
	assert_int_equal(went(), TO(1) | TO(HOST));
	from_ue(0, BROADCAST, MAC(0), 0);
	assert_int_equal(went(), TO(1) | TO(HOST));
	from_ue(2, BROADCAST, MAC(2), 10);
	assert_int_equal(went(), TO(0) | TO(1) | TO(HOST));
	from_ue(2, BROADCAST, MAC(2), 12);
	assert_int_equal(went(), 0);
	from_ue(2, BROADCAST, MAC(2), 0);
	assert_int_equal(went(), 0);
	assert_true(bed_stat(&bed, UPF_STAT_NO_PDR) >= 4);
}

/* Addresses with ranges, Ethertype, priority; a bidirectional filter by its identity, ends exchanged. */
static void packet_filters(void **state)
{
	struct pfcp_mac_address from = { .has_destination = true,
		.destination = MAC(0x10),
		.has_destination_upper = true,
		.destination_upper = MAC(0x1f) };

	establish(1);
	fill(0, "lan");
	filters[0] = (struct pfcp_ethernet_packet_filter){ .has_filter_id = true,
		.filter_id = 5,
		.has_filter_properties = true,
		.filter_properties = { 1, 1 },
		.mac_address_count = 1,
		.mac_address = &from,
		.has_ethertype = true,
		.ethertype = 0x88b5 };
	filters[1] = (struct pfcp_ethernet_packet_filter){ .has_filter_id = true, .filter_id = 5 };
	rules.pdr[1].pdi.ethernet_packet_filter = &filters[0];
	rules.pdr[0].pdi.ethernet_packet_filter = &filters[1];
	rules.pdr[0].pdi.ethernet_packet_filter_count = rules.pdr[1].pdi.ethernet_packet_filter_count = 1;
	assert_int_equal(bed_establish(&bed, &rules, &ids[0]), PFCP_CAUSE_ACCEPTED);
	from_ue(0, BROADCAST, MAC(0x12), 0);
	assert_int_equal(went(), TO(1) | TO(HOST));
	from_ue(0, BROADCAST, MAC(0x20), 0);
	assert_int_equal(went(), 0);
	from_ue(1, MAC(0x12), MAC(1), 0);
	assert_int_equal(went(), TO(0));
	from_ue(1, MAC(0x20), MAC(1), 0);
	assert_int_equal(went(), TO(HOST));
	filters[1].filter_id = 6; /* nobody's */
	rules.m.session_establishment_request.cp_f_seid.seid = 0x99;
	assert_int_equal(bed_establish(&bed, &rules, &ids[3]), PFCP_CAUSE_RULE_FAILURE);
}

/* LANs are apart, and a session that goes takes its addresses with it. */
static void apart(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true };

	establish(0);
	establish(1);
	fill(2, "plant");
	assert_int_equal(bed_establish(&bed, &rules, &ids[2]), PFCP_CAUSE_ACCEPTED);
	from_ue(0, BROADCAST, MAC(0), 0);
	assert_int_equal(went(), TO(1) | TO(HOST));
	m.seid = ids[0].seid;
	assert_true(bed_request(&bed, &m));
	from_ue(1, MAC(0), MAC(1), 0);
	assert_int_equal(went(), TO(HOST));
	bed_pass_ms(&bed, 1000);
	assert_int_equal(bed.upf->macs.used, 1);
	fill(3, "elsewhere");
	assert_int_equal(bed_establish(&bed, &rules, &ids[3]), PFCP_CAUSE_RULE_FAILURE);
	fill(3, "lan");
	rules.pdr[1].pdi.has_ue_ip_address = true;
	assert_int_equal(bed_establish(&bed, &rules, &ids[3]), PFCP_CAUSE_RULE_FAILURE);
	fill(3, "lan");
	rules.m.session_establishment_request.has_pdn_type = false; /* then it is of IP */
	assert_int_equal(bed_establish(&bed, &rules, &ids[3]), PFCP_CAUSE_RULE_FAILURE);
}

/* So many addresses, and not one more; from no single address and to short for a frame, none. */
static void limits(void **state)
{
	uint8_t outer[128];

	three_and_a_host();
	for (uint32_t i = 0; i < UPF_SESSION_MACS_MAX; i++) {
		from_ue(0, BROADCAST, MAC(0x100 + i), 0);
		assert_int_equal(went(), TO(1) | TO(2) | TO(HOST));
	}
	from_ue(0, BROADCAST, MAC(0xfff), 0);
	assert_int_equal(went(), 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_MACS_OUT), 1);
	from_ue(0, BROADCAST, MAC(0x100), 0); /* those that are known go on */
	assert_int_equal(went(), TO(1) | TO(2) | TO(HOST));
	from_ue(1, BROADCAST, BROADCAST, 0);
	assert_int_equal(went(), 0);
	for (size_t len = 1; len < 14; len++)
		bed_give(&bed, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT,
			bed_gpdu(outer, ids[1].teid, 9, bytes_of("\2\2\2\2\2\2\2\2\2\2\2\2\x81\0", len)));
	assert_int_equal(bed_stat(&bed, UPF_STAT_MALFORMED), 13);
}

/* Frames for an idle UE wait for its tunnel like packets. */
static void waiting(void **state)
{
	struct pfcp_update_far far = {
		.far_id = 2, .has_apply_action = true, .apply_action.bits = PFCP_APPLY_BUFF | PFCP_APPLY_NOCP
	};
	struct pfcp_msg m = { .type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true };

	three_and_a_host();
	from_ue(1, BROADCAST, MAC(1), 0);
	m.seid = ids[1].seid;
	m.session_modification_request.update_far = &far;
	m.session_modification_request.update_far_count = 1;
	assert_true(bed_request(&bed, &m));
	from_host(MAC(1), MAC(HOST), 0);
	assert_int_equal(went(), 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFERED), 1);
	far.apply_action.bits = PFCP_APPLY_FORW;
	assert_true(bed_request(&bed, &m));
	assert_int_equal(went(), TO(1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(switching, setup, teardown),
		cmocka_unit_test_setup_teardown(switching, setup_several, teardown),
		cmocka_unit_test_setup_teardown(moving, setup, teardown),
		cmocka_unit_test_setup_teardown(moving, setup_several, teardown),
		cmocka_unit_test_setup_teardown(one_report_after_the_other, setup, teardown),
		cmocka_unit_test_setup_teardown(ageing, setup, teardown),
		cmocka_unit_test_setup_teardown(vlans, setup, teardown),
		cmocka_unit_test_setup_teardown(vlans, setup_several, teardown),
		cmocka_unit_test_setup_teardown(allowed_vlans, setup, teardown),
		cmocka_unit_test_setup_teardown(packet_filters, setup, teardown),
		cmocka_unit_test_setup_teardown(apart, setup, teardown),
		cmocka_unit_test_setup_teardown(limits, setup, teardown),
		cmocka_unit_test_setup_teardown(waiting, setup, teardown),
		cmocka_unit_test_setup_teardown(waiting, setup_several, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
