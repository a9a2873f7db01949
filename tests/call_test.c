/* Calls from end to end: UE, gNB, AMF, AUSF, UDM, UDR, PCF, NSSF, NRF and SMF in one process. */
#include "tests/call_bed.h"
#include "wire/gtpu/gtpu.h"

static void test_ng_setup(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	assert_int_equal(gnb_numbers(b->gnb).amfs_ready, 1);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NG_SETUPS), 1);
	assert_int_equal(amf_numbers(core_amf(b->core)).gnbs, 1);
}

static struct ue *registered(struct call_bed *b, unsigned n)
{
	struct ue *ue;

	call_start(b);
	call_subscribe(b, n);
	ue = call_ue(b, n);
	assert_true(ue_register(ue));
	call_run(b);
	assert_true(call_state(ue).registered);
	return ue;
}

static void test_registration(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = registered(b, 1);
	struct ue_state s = call_state(ue);

	assert_true(s.connected && s.secured && s.has_guti);
	assert_int_equal(s.ea, 2);
	assert_int_equal(s.ia, 2);
	assert_int_equal(b->events[UE_EVENT_REGISTERED], 1);
	assert_true(test_env_logged(&b->node[NODE_CORE].t, " is registered"));
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, 1);
	assert_int_equal(gnb_numbers(b->gnb).contexts, 1);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NAS_INTEGRITY), 0);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NAS_UNEXPECTED), 0);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NGAP_UNEXPECTED), 0);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NGAP_REFUSED), 0);
}

static void test_deregistration(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = registered(b, 1);

	assert_true(ue_deregister(ue, false));
	call_run(b);
	assert_false(call_state(ue).registered);
	assert_false(call_state(ue).connected);
	assert_string_equal(call_state(ue).mm_state, "5GMM-DEREGISTERED");
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).connections, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	/* and once more, with the GUTI the AMF has forgotten */
	assert_true(ue_register(ue));
	call_run(b);
	assert_true(call_state(ue).registered);
}

static void test_switch_off(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = registered(b, 1);

	ue_deregister(ue, true);
	assert_false(call_state(ue).registered);
	call_run(b);
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
}

static struct ue *with_session(struct call_bed *b)
{
	struct ue *ue;

	b->profile.auto_session = true;
	ue = registered(b, 1);
	assert_int_equal(b->events[UE_EVENT_SESSION_UP], 1);
	return ue;
}

static void test_session(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = with_session(b);
	struct ue_session_info s;

	assert_true(ue_session_info(ue, 1, &s));
	assert_true(s.active && s.has_user_plane);
	assert_int_equal(s.ipv4 >> 16, 10 << 8 | 45);
	assert_int_equal(s.dns_count, 1);
	assert_int_equal(s.dns[0], 0x08080808);
	assert_int_equal(s.mtu, 1400);
	assert_int_equal(s.ambr_downlink_kbps, 100000);
	assert_string_equal(s.dnn, "internet");
	assert_int_equal(gnb_numbers(b->gnb).sessions, 1);
	assert_true(b->upf_forwards);
	assert_true(test_env_logged(&b->node[NODE_CORE].t, "PDU session 1 of DNN internet is up, 10.45."));
	assert_int_equal(b->upf_dl_ip, addr_v4(&b->node[NODE_GNB].addr));
	/* released by the user */
	assert_true(ue_session_release(ue, 1));
	call_run(b);
	assert_int_equal(b->events[UE_EVENT_SESSION_DOWN], 1);
	assert_int_equal(b->upf_sessions, 0);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).sessions, 0);
	/* and another one */
	assert_int_equal(ue_session_establish(ue, NULL, NULL), 1);
	call_run(b);
	assert_int_equal(b->events[UE_EVENT_SESSION_UP], 2);
	assert_true(ue_deregister(ue, false));
	call_run(b);
	assert_int_equal(b->upf_sessions, 0);
	assert_int_equal(smf_numbers(core_smf(b->core)).sessions, 0);
}

static void test_session_modification(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = with_session(b);

	assert_true(ue_session_modify(ue, 1));
	assert_false(ue_session_modify(ue, 1));
	call_run(b);
	assert_int_equal(b->events[UE_EVENT_SESSION_CHANGED], 1);
	assert_int_equal(call_state(ue).sessions, 1);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NAS_UNEXPECTED), 0);
}

/* An IPv4 packet of 28 octets. */
static struct bytes ip_packet(uint8_t *buf, uint32_t source, uint32_t destination)
{
	struct writer w = writer_of(buf, 28);

	writer_u32(&w, 0x4500001c);
	writer_u64(&w, 0x0000000040110000);
	writer_u32(&w, source);
	writer_u32(&w, destination);
	writer_u64(&w, 0x1234567800080000);
	return writer_bytes(&w);
}

static void test_user_data(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = with_session(b);
	struct ue_session_info s;
	struct msg m = { .kind = MSG_DATA, .port = UE_PORT_TUN, .assoc = ue_index(ue) };
	struct gtpu_header h = { .type = GTPU_G_PDU, .has_pdu_session = true };
	struct bytes payload = BYTES_NONE;
	uint8_t packet[28], g[128];
	size_t n;

	assert_true(ue_session_info(ue, 1, &s));
	m.data = ip_packet(packet, s.ipv4, 0x08080808);
	call_deliver(b, NODE_UES, &m);
	call_run(b);
	assert_int_equal(b->n3_packets, 1);
	assert_int_equal(gtpu_header_decode(bytes_of(b->n3, b->n3_len), &h, &payload), GTPU_OK);
	assert_int_equal(h.teid, b->upf_ul_teid);
	assert_int_equal(h.pdu_session.pdu_type, GTPU_PDU_UL);
	assert_int_equal(h.pdu_session.qfi, s.qfi);
	assert_true(bytes_equal(payload, m.data));
	assert_int_equal(b->n3_to.port, BED_N3_PORT);
	/* and back */
	h = (struct gtpu_header){ .type = GTPU_G_PDU,
		.teid = b->upf_dl_teid,
		.has_pdu_session = true,
		.pdu_session = { GTPU_PDU_DL, s.qfi, false, false, 0 } };
	m.data = ip_packet(packet, 0x08080808, s.ipv4);
	n = gtpu_header_encode(&h, m.data.len, g);
	bytes_copy(g + n, sizeof(g) - n, m.data);
	m = (struct msg){ .kind = MSG_DATA,
		.port = GNB_PORT_N3,
		.peer = b->node[NODE_UPF].addr,
		.data = bytes_of(g, n + m.data.len) };
	call_deliver(b, NODE_GNB, &m);
	call_run(b);
	assert_int_equal(b->tun_packets, 1);
	assert_true(bytes_equal(bytes_of(b->tun, b->tun_len), BYTES(packet)));
	/* a tunnel there is not */
	g[7] ^= 1;
	call_deliver(b, NODE_GNB, &m);
	call_run(b);
	assert_int_equal(b->n3[1], GTPU_ERROR_INDICATION);
	assert_int_equal(call_gnb_stat(b, GNB_STAT_N3_UNKNOWN_TEID), 1);
	/* another source than the UE's address goes nowhere */
	m = (struct msg){ .kind = MSG_DATA, .port = UE_PORT_TUN, .data = ip_packet(packet, 1, 2) };
	call_deliver(b, NODE_UES, &m);
	call_run(b);
	assert_int_equal(call_gnb_stat(b, GNB_STAT_UPLINK_PACKETS), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ng_setup, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_registration, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_deregistration, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_switch_off, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_session, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_session_modification, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_user_data, call_setup, call_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
