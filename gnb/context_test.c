/* UE contexts of the gNB: AS security, K_gNB, signs of life, ids of the past. */
#include "gnb/gnb_bed.h"
#include "gnb/internal.h"

/* The gNB's own order of preference, among what the UE has; null integrity is never its choice. */
static void test_algorithms(void **state)
{
	struct bed *b = *state;
	struct uu_rrc_msg m;

	bed_connected(b);
	bed_ask_context(b, 7, 0x8000, 0x2000); /* EA1, IA3 */
	m = bed_ue_gets(b, UU_RRC_SECURITY_MODE_COMMAND);
	assert_int_equal(m.ea, 1);
	assert_int_equal(m.ia, 3);
	bed_ue_gets(b, UU_RRC_CAPABILITY_ENQUIRY);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_CAPABILITY });
	assert_null(bed_next(b, GNB_PORT_N2)); /* not before the UE has confirmed */
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_amf_gets(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE);
	assert_int_equal(gnb_numbers(b->gnb).contexts, 1);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE }); /* of nothing */
	assert_int_equal(bed_stat(b, GNB_STAT_AIR_REFUSED), 1);
	bed_ask_context(b, 7, 0x4000, 0);
	bed_amf_gets(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_FAILURE);
	bed_ask_context(b, 7, 0, 0xe000); /* EA0, IA2 */
	m = bed_ue_gets(b, UU_RRC_SECURITY_MODE_COMMAND);
	assert_int_equal(m.ea, 0);
	assert_int_equal(m.ia, 2);
}

/* 33.501 10.2.2.2, D.1: null integrity where the core wants nothing else of the UE, and the operator allows
 * it. */
static void test_null_integrity(void **state)
{
	struct bed *b = *state;
	struct uu_rrc_msg m;

	bed_connected(b);
	bed_ask_context(b, 7, 0, 0);
	bed_amf_gets(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_FAILURE);
	b->gnb->config.null_integrity = true;
	bed_ask_context(b, 7, 0xe000, 0); /* without integrity alone it is a mistake */
	bed_amf_gets(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_FAILURE);
	bed_ask_context(b, 7, 0, 0);
	m = bed_ue_gets(b, UU_RRC_SECURITY_MODE_COMMAND);
	assert_int_equal(m.ea, 0);
	assert_int_equal(m.ia, 0);
}

/* Without the UE's word there is no context. */
static void test_unconfirmed(void **state)
{
	struct bed *b = *state;

	bed_connected(b);
	bed_ask_context(b, 7, 0xe000, 0xe000);
	bed_pass(b, GNB_AIR_GUARD_MS - 1);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_pass(b, 1);
	bed_amf_gets(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_FAILURE);
	assert_int_equal(gnb_numbers(b->gnb).contexts, 0);
	assert_int_equal(bed_stat(b, GNB_STAT_CONTEXT_FAILURES), 1);
}

/* 38.413 8.3.4.2: the AMF's id of UE CONTEXT MODIFICATION REQUEST is that from then on; of its key see
 * key_change_test.c. */
static void test_modification(void **state)
{
	struct bed *b = *state;
	struct ngap_ue_aggregate_maximum_bit_rate ambr = { 5000, 6000 };
	struct ngap_ue_context_modification_request m = { .amf_ue_ngap_id = AMF_UE_ID };
	struct ngap_pdu pdu;

	bed_connected(b);
	bed_ask_context(b, 7, 0xe000, 0xe000);
	bed_forget(b);
	m.ran_ue_ngap_id = b->ran_ue_ngap_id;
	bed_amf_sends(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &m);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE);
	m.has_new_amf_ue_ngap_id = true;
	m.new_amf_ue_ngap_id = AMF_UE_ID + 1;
	m.ue_aggregate_maximum_bit_rate = &ambr;
	bed_amf_sends(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &m);
	pdu = bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE);
	assert_int_equal(pdu.u.ue_context_modification_response->amf_ue_ngap_id, AMF_UE_ID + 1);
	assert_int_equal(bed_ue(b)->ambr_dl_bps, 5000); /* goes to the next gNB by Xn */
	assert_int_equal(bed_ue(b)->ambr_ul_bps, 6000);
	/* by the old id it is nobody */
	bed_amf_sends(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &m);
	bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
}

/* A freed context's id names nobody, though its place in memory is used again. */
static void test_stale_id(void **state)
{
	static const uint8_t nas[] = { 0x7e, 0, 0x41 };
	struct bed *b = *state;
	struct ngap_ue_context_release_command release = { .cause = ngap_cause_of_nas(
								   NGAP_CAUSE_NAS_NORMAL_RELEASE) };
	struct ngap_downlink_nas_transport d = { .amf_ue_ngap_id = AMF_UE_ID, .nas_pdu = BYTES(nas) };
	uint32_t old;
	struct ngap_pdu pdu;

	bed_connected(b);
	old = b->ran_ue_ngap_id;
	release.ue_ngap_ids.tag = NGAP_UE_NGAP_IDS_TAG_UE_NGAP_ID_PAIR;
	release.ue_ngap_ids.u.ue_ngap_id_pair = (struct ngap_ue_ngap_id_pair){ AMF_UE_ID, old };
	bed_amf_sends(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &release);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE);
	bed_ue_gets(b, UU_RRC_RELEASE);
	bed_ue_sends(b, (struct uu_rrc_msg){
				.type = UU_RRC_SETUP_REQUEST, .cause = UU_RRC_MO_DATA, .nas = BYTES(nas) });
	pdu = bed_amf_gets(b, NGAP_MSG_INITIAL_UE_MESSAGE);
	assert_int_equal(pdu.u.initial_ue_message->rrc_establishment_cause, UU_RRC_MO_DATA);
	assert_int_equal(pdu.u.initial_ue_message->ran_ue_ngap_id & ((1u << GNB_UE_INDEX_BITS) - 1),
		old & ((1u << GNB_UE_INDEX_BITS) - 1));
	assert_int_not_equal(pdu.u.initial_ue_message->ran_ue_ngap_id, old);
	d.ran_ue_ngap_id = old;
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &d);
	bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_null(bed_next(b, GNB_PORT_AIR));
}

/* A UE that comes again is another context; the first's end is reported to the AMF. Late PDUs are refused.
 */
static void test_returned(void **state)
{
	static const uint8_t nas[] = { 0x7e, 0, 0x41 }, keepalive[] = { UU_LINK_KEEPALIVE };
	struct bed *b = *state;
	uint8_t pdu[16], datagram[32];
	struct uu_rrc_msg again = { .type = UU_RRC_SETUP_REQUEST, .nas = BYTES(nas) };
	struct writer w = writer_of(pdu, sizeof(pdu)), d = writer_of(datagram, sizeof(datagram));
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_AIR, .peer = b->ue };

	bed_connected(b);
	assert_true(uu_rrc_encode(&again, &w));
	assert_true(uu_encode(
		&(struct uu_pdu){ BED_UE_INDEX | 1u << UU_UE_BITS, UU_SRB0, writer_bytes(&w) }, &d));
	m.data = writer_bytes(&d);
	bed_deliver(b, &m);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
	bed_amf_gets(b, NGAP_MSG_INITIAL_UE_MESSAGE);
	assert_int_equal(gnb_numbers(b->gnb).ues, 2);
	bed_forget(b);
	bed_ue_sends_pdu(b, (struct uu_pdu){ BED_UE_INDEX, UU_LINK, BYTES(keepalive) });
	bed_ue_loses(b); /* of the first connection there is nothing any more */
	bed_ue_sends_pdu(b, (struct uu_pdu){ BED_UE_INDEX | 1u << UU_UE_BITS, UU_LINK, BYTES(keepalive) });
	assert_non_null(bed_next(b, GNB_PORT_AIR));
	bed_ue_leaves(b); /* that is never answered, or two would answer one another for ever */
	assert_null(bed_next(b, GNB_PORT_AIR));
	/* the AMF does not answer the request: the guard */
	bed_forget(b);
	bed_pass(b, GNB_RELEASE_GUARD_MS - 1);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_pass(b, 1);
	bed_amf_gets(b, NGAP_MSG_NG_RESET);
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
}

/* Silence, and inactivity, at their very times. */
static void test_watch(void **state)
{
	static const uint8_t keepalive[] = { UU_LINK_KEEPALIVE };
	struct bed *b = *state;

	b->gnb->config.ue_lost_ms = 3000;
	b->gnb->config.inactivity_ms = 5000;
	bed_connected(b);
	bed_pass(b, 2999);
	bed_ue_sends_pdu(b, (struct uu_pdu){ BED_UE_INDEX, UU_LINK, BYTES(keepalive) });
	bed_forget(b);
	bed_pass(b, 2000); /* 4999: active at 0, heard at 2999 */
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_pass(b, 1);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST); /* inactive, but heard */
	assert_int_equal(bed_stat(b, GNB_STAT_UES_LOST), 0);
	assert_null(bed_next(b, GNB_PORT_AIR));
}

static void test_lost(void **state)
{
	struct bed *b = *state;

	b->gnb->config.ue_lost_ms = 3000;
	bed_connected(b);
	bed_pass(b, 2999);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_pass(b, 1);
	bed_ue_loses(b);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
	assert_int_equal(bed_stat(b, GNB_STAT_UES_LOST), 1);
}

/* Downlink NAS that cannot be delivered goes back (8.6.4); before the AMF's first word uplink NAS waits. */
static void test_nas(void **state)
{
	static const uint8_t nas[] = { 0x7e, 0, 0x41 };
	struct bed *b = *state;
	struct ngap_downlink_nas_transport d = { .amf_ue_ngap_id = AMF_UE_ID, .nas_pdu = BYTES(nas) };
	struct uu_rrc_msg up = { .type = UU_RRC_UPLINK_NAS, .nas = BYTES(nas) };

	bed_connected(b);
	bed_ue_sends(b, up);
	bed_amf_gets(b, NGAP_MSG_UPLINK_NAS_TRANSPORT);
	bed_ue_leaves(b);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
	d.ran_ue_ngap_id = b->ran_ue_ngap_id;
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &d);
	bed_amf_gets(b, NGAP_MSG_NAS_NON_DELIVERY_INDICATION);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SETUP_REQUEST, .nas = BYTES(nas) });
	bed_amf_gets(b, NGAP_MSG_INITIAL_UE_MESSAGE);
	bed_ue_sends(b, up);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE }); /* not a UE's word */
	assert_int_equal(bed_stat(b, GNB_STAT_AIR_REFUSED), 2);
}

/* User packets: the bearer, the flow and the direction must be right. */
static void test_data(void **state)
{
	static const uint8_t psi = 4;
	struct bed *b = *state;
	struct gtpu_header h = { .type = GTPU_G_PDU, .has_pdu_session = true, .pdu_session = { .qfi = 1 } };
	uint8_t datagram[128] = { 0 };
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_AIR, .peer = b->ue };
	struct gtpu_header out;
	struct bytes payload;
	size_t n;

	bed_connected(b);
	bed_ask_sessions(b, &psi, 1);
	bed_bearer_answer(b, 1, true);
	bed_forget(b);
	for (unsigned i = 0; i < 4; i++) {
		/* good; another flow; another bearer; more bearers than there may be */
		uu_data_header_write(datagram, BED_UE_INDEX, i == 2 ? 2 : i == 3 ? 16 : 1, i == 1 ? 2 : 1);
		m.data = bytes_of(datagram, UU_DATA_HEADER_LEN + 20);
		bed_deliver(b, &m);
	}
	assert_int_equal(bed_stat(b, GNB_STAT_UPLINK_PACKETS), 1);
	assert_int_equal(bed_stat(b, GNB_STAT_UPLINK_DROPPED), 3);
	assert_int_equal(gtpu_header_decode(bed_next(b, GNB_PORT_N3)->data, &out, &payload), GTPU_OK);
	assert_int_equal(out.teid, UL_TEID);
	assert_int_equal(out.pdu_session.pdu_type, GTPU_PDU_UL);
	assert_int_equal(out.pdu_session.qfi, 1);
	assert_int_equal(payload.len, 20);
	m.port = GNB_PORT_N3;
	m.peer = b->upf;
	h.teid = bed_ue(b)->sessions[4]->dl_teid;
	for (unsigned i = 0; i < 4; i++) {
		/* good; another flow; uplink's PDU type; nothing in it */
		h.pdu_session.qfi = i == 1 ? 2 : 1;
		h.pdu_session.pdu_type = i == 2 ? GTPU_PDU_UL : GTPU_PDU_DL;
		n = gtpu_header_encode(&h, i == 3 ? 0 : 20, datagram);
		m.data = bytes_of(datagram, n + (i == 3 ? 0 : 20));
		bed_deliver(b, &m);
	}
	assert_int_equal(bed_stat(b, GNB_STAT_DOWNLINK_PACKETS), 1);
	assert_int_equal(bed_stat(b, GNB_STAT_DOWNLINK_DROPPED), 3);
	h.teid++;
	n = gtpu_header_encode(&h, 20, datagram);
	m.data = bytes_of(datagram, n + 20);
	bed_deliver(b, &m);
	assert_int_equal(bed_stat(b, GNB_STAT_N3_UNKNOWN_TEID), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_algorithms, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_null_integrity, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_unconfirmed, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_modification, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_stale_id, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_returned, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_watch, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_lost, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_nas, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_data, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
