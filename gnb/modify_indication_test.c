/* PDU Session Resource Modify Indication at the gNB: which tunnel is heard when, whatever of the exchange is
 * lost. */
#include "gnb/gnb_bed.h"

#include "gnb/handover.h"

enum { PSI = 1, OTHER_UL_TEID = 0x5000 };

static struct gnb_session *served(struct bed *b)
{
	static const uint8_t psi = PSI;

	bed_connected(b);
	bed_ask_context(b, 1, 0xe000, 0xe000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_ask_sessions(b, &psi, 1);
	bed_bearer_answer(b, 1, true);
	bed_forget(b);
	assert_non_null(bed_ue(b)->sessions[PSI]);
	return bed_ue(b)->sessions[PSI];
}

static const char *move(struct bed *b)
{
	return gnb_tunnels_move(b->gnb, &b->ue, BED_UE_INDEX);
}

/* The TEID that the gNB indicates. */
static uint32_t indicated(struct bed *b)
{
	struct ngap_pdu pdu = bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_INDICATION);
	const struct ngap_pdu_session_resource_modify_list_mod_ind *list =
		&pdu.u.pdu_session_resource_modify_indication->pdu_session_resource_modify_list_mod_ind;
	struct ngap_pdu_session_resource_modify_indication_transfer t;
	const struct ngap_qos_flow_per_tnl_information *info = &t.dl_qos_flow_per_tnl_information;
	struct per_diag diag;
	struct addr us;
	uint32_t teid = 0;

	assert_int_equal(list->count, 1);
	assert_int_equal(list->items[0].pdu_session_id, PSI);
	assert_true(ngap_value_decode(&ngap_pdu_session_resource_modify_indication_transfer_type,
		list->items[0].pdu_session_resource_modify_indication_transfer, &b->arena, &t, &diag));
	assert_int_equal(info->associated_qos_flow_list.count, 1);
	us = addr_from_bytes(
		bytes_of(info->up_transport_layer_information.u.gtp_tunnel.transport_layer_address.data, 4),
		GTPU_UDP_PORT);
	assert_true(addr_same_host(&us, &b->gnb->config.n3_address));
	for (int i = 0; i < 4; i++)
		teid = teid << 8 | info->up_transport_layer_information.u.gtp_tunnel.gtp_teid.data[i];
	return teid;
}

/* taken: the session goes on by it; else it has failed. */
static void confirm(struct bed *b, bool taken)
{
	struct ngap_qos_flow_modify_confirm_item flow = { .qos_flow_identifier = 1 };
	struct ngap_pdu_session_resource_modify_confirm_transfer t = { .qos_flow_modify_confirm_list = {
									       1, &flow } };
	struct ngap_pdu_session_resource_modify_indication_unsuccessful_transfer no = { ngap_cause_radio(
		NGAP_CAUSE_RADIO_NETWORK_INTERACTION_WITH_OTHER_PROCEDURE) };
	struct ngap_pdu_session_resource_modify_item_mod_cfm done = { PSI, BYTES_NONE };
	struct ngap_pdu_session_resource_failed_to_modify_item_mod_cfm failed = { PSI, BYTES_NONE };
	struct ngap_pdu_session_resource_modify_list_mod_cfm done_list = { 1, &done };
	struct ngap_pdu_session_resource_failed_to_modify_list_mod_cfm failed_list = { 1, &failed };
	struct ngap_pdu_session_resource_modify_confirm m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id };
	struct ngap_gtp_tunnel *g = &t.ul_ngu_up_tnl_information.u.gtp_tunnel;

	t.ul_ngu_up_tnl_information.tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL;
	g->transport_layer_address = (struct per_bits){ b->upf.ip, 32 };
	g->gtp_teid = bytes_of("\x00\x00\x50\x00", 4);
	done.pdu_session_resource_modify_confirm_transfer =
		ngap_value_bytes(&ngap_pdu_session_resource_modify_confirm_transfer_type, &t, &b->arena);
	failed.pdu_session_resource_modify_indication_unsuccessful_transfer = ngap_value_bytes(
		&ngap_pdu_session_resource_modify_indication_unsuccessful_transfer_type, &no, &b->arena);
	m.pdu_session_resource_modify_list_mod_cfm = taken ? &done_list : NULL;
	m.pdu_session_resource_failed_to_modify_list_mod_cfm = taken ? NULL : &failed_list;
	bed_amf_sends(b, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_CONFIRM, &m);
}

static void n3_receives(struct bed *b, const struct addr *from, uint8_t type, uint32_t teid)
{
	struct gtpu_header h = { .type = type,
		.teid = teid,
		.has_pdu_session = type == GTPU_G_PDU,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = 1 } };
	uint8_t g[128] = { 0 };
	size_t len = type == GTPU_G_PDU ? 20 : 0;
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_N3, .peer = *from };

	m.data = bytes_of(g, gtpu_header_encode(&h, len, g) + len);
	bed_deliver(b, &m);
}

/* Whether a packet of the UPF gets to the UE; one that does not is reported. */
static bool is_heard(struct bed *b, uint32_t teid)
{
	uint64_t unknown = bed_stat(b, GNB_STAT_N3_UNKNOWN_TEID),
		 down = bed_stat(b, GNB_STAT_DOWNLINK_PACKETS);

	n3_receives(b, &b->upf, GTPU_G_PDU, teid);
	assert_int_equal(bed_stat(b, GNB_STAT_N3_UNKNOWN_TEID) - unknown +
				 bed_stat(b, GNB_STAT_DOWNLINK_PACKETS) - down,
		1);
	bed_forget(b);
	return bed_stat(b, GNB_STAT_DOWNLINK_PACKETS) > down;
}

/* 29.281 7.3.2: the tunnel before is there until its end marker. */
static void test_confirmed(void **state)
{
	struct bed *b = *state;
	struct gnb_session *s = served(b);
	uint32_t before = s->dl_teid, now;

	assert_null(move(b));
	now = indicated(b);
	assert_int_not_equal(now, before);
	assert_int_equal(s->dl_teid, before); /* not yet */
	confirm(b, true);
	assert_int_equal(s->dl_teid, now);
	assert_int_equal(s->ul_teid, OTHER_UL_TEID);
	assert_int_equal(bed_stat(b, GNB_STAT_TUNNELS_MOVED), 1);
	assert_true(is_heard(b, before)); /* on its way */
	assert_true(is_heard(b, now));
	n3_receives(b, &b->upf, GTPU_END_MARKER, before);
	assert_false(is_heard(b, before));
	assert_true(is_heard(b, now));
	confirm(b, true); /* of nothing */
	assert_int_equal(s->dl_teid, now);
	assert_int_equal(bed_stat(b, GNB_STAT_TUNNELS_MOVED), 1);
}

/* The confirmation is lost: what comes by the other tunnel, or no more by the one before, says the same. */
static void test_confirmation_lost(void **state)
{
	struct bed *b = *state;
	struct gnb_session *s = served(b);
	uint32_t before = s->dl_teid, now;

	assert_null(move(b));
	now = indicated(b);
	assert_true(is_heard(b, before));
	assert_true(is_heard(b, now));
	assert_int_equal(s->dl_teid, now);
	assert_true(is_heard(b, before));
	assert_null(move(b));
	before = now;
	now = indicated(b);
	n3_receives(b, &b->upf, GTPU_END_MARKER, before);
	assert_int_equal(s->dl_teid, now);
	assert_false(is_heard(b, before));
	assert_int_equal(bed_stat(b, GNB_STAT_TUNNELS_MOVED), 2);
}

/* 8.2.5.2: the session goes on as it was; where the SMF did it all the same, by the other one. Asked again it
 * is the same tunnel. */
static void test_failed(void **state)
{
	struct bed *b = *state;
	struct gnb_session *s = served(b);
	uint32_t before = s->dl_teid, other;

	assert_null(move(b));
	other = indicated(b);
	confirm(b, false);
	assert_int_equal(s->dl_teid, before);
	assert_true(is_heard(b, before));
	assert_null(move(b));
	assert_int_equal(indicated(b), other);
	assert_true(is_heard(b, other));
	assert_int_equal(s->dl_teid, other);
}

/* Nobody else moves a tunnel, or ends one. */
static void test_foreign(void **state)
{
	struct bed *b = *state;
	struct gnb_session *s = served(b);
	struct addr other = addr_from_v4(0x0a0000fe, GTPU_UDP_PORT);
	uint32_t before = s->dl_teid, now;

	assert_null(move(b));
	now = indicated(b);
	n3_receives(b, &other, GTPU_G_PDU, now);
	n3_receives(b, &other, GTPU_END_MARKER, before);
	assert_int_equal(s->dl_teid, before);
	assert_int_equal(bed_stat(b, GNB_STAT_DOWNLINK_PACKETS), 0);
	confirm(b, true);
	n3_receives(b, &other, GTPU_END_MARKER, before);
	assert_true(is_heard(b, before));
}

static void test_refused(void **state)
{
	struct bed *b = *state;
	struct addr nobody = addr_from_v4(1, 1);

	bed_connected(b);
	assert_non_null(gnb_tunnels_move(b->gnb, &nobody, 0));
	assert_non_null(move(b)); /* no context */
	bed_ask_context(b, 1, 0xe000, 0xe000);
	assert_non_null(move(b)); /* something is under way */
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_forget(b);
	assert_non_null(move(b)); /* no session */
	assert_null(bed_next(b, GNB_PORT_N2));
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_confirmed),
		TEST(test_confirmation_lost),
		TEST(test_failed),
		TEST(test_foreign),
		TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
