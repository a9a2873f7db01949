/* Handover between two cells of the gNB, 38.300 9.2.3.1, 33.501 6.9.2.3.2. */
#include "gnb/gnb_bed.h"

#include "gnb/handover.h"
#include "radio/uu_security.h"
#include "wire/rrc/rrc.h"

enum { PCI_0 = 100, PCI_1 = 200, KEY = 0x42 };

static int setup(void **state)
{
	return bed_setup_two_cells(state, PCI_0, PCI_1);
}

static void served(struct bed *b)
{
	static const uint8_t psi = 1;

	bed_connected(b);
	bed_ask_context(b, KEY, 0xe000, 0xe000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_ask_sessions(b, &psi, 1);
	bed_bearer_answer(b, 1, true);
	bed_forget(b);
}

static const char *change(struct bed *b, uint16_t cell)
{
	return gnb_handover_begin(b->gnb,
		&(struct gnb_handover_order){ .ue = b->ue, .any_index = true, .gnb = "g", .cell = cell });
}

/* The C-RNTI of the new cell, from what the UE is told; and the chaining count. */
static uint16_t told(struct bed *b, uint8_t *ncc)
{
	struct uu_rrc_msg m = bed_ue_gets(b, UU_RRC_RECONFIGURATION);
	const struct rrc_rrc_reconfiguration_v1530_ies *more;
	struct rrc_cell_group_config group;
	struct rrc_rrc_reconfiguration r;
	struct per_diag diag;

	assert_true(rrc_decode(&rrc_rrc_reconfiguration_type, m.rrc, &b->arena, &r, &diag));
	more = r.critical_extensions.u.rrc_reconfiguration.non_critical_extension;
	*ncc = more->master_key_update->next_hop_chaining_count;
	assert_true(
		rrc_decode(&rrc_cell_group_config_type, more->master_cell_group, &b->arena, &group, &diag));
	assert_int_equal(
		group.sp_cell_config->reconfiguration_with_sync->sp_cell_config_common->phys_cell_id, PCI_1);
	return (uint16_t)group.sp_cell_config->reconfiguration_with_sync->new_ue_identity;
}

static void arrives(struct bed *b, uint16_t c_rnti, const uint8_t key[32])
{
	struct uu_rrc_msg m = { .type = UU_RRC_RECONFIGURATION_COMPLETE, .c_rnti = c_rnti };
	uint8_t octets[64], air[96];
	struct writer w = writer_of(octets, sizeof(octets)), out = writer_of(air, sizeof(air));
	struct msg at = { .kind = MSG_DATA, .port = GNB_PORT_AIR + 1, .peer = b->ue };

	assert_true(uu_mac_i(key, 2, (uint8_t)m.type, m.c_rnti, &m.mac));
	assert_true(uu_rrc_encode(&m, &w));
	assert_true(uu_encode(
		&(struct uu_pdu){ 1 << UU_UE_BITS | BED_UE_INDEX, uu_rrc_srb(m.type), writer_bytes(&w) },
		&out));
	at.data = writer_bytes(&out);
	bed_deliver(b, &at);
}

static void key_star(const uint8_t from[32], uint8_t out[32])
{
	assert_true(kdf_k_ngran_star(from, PCI_1, UU_SSB_ARFCN, out));
}

/* The horizontal key; not a word to the AMF, but where the UE is in the next message. */
static void test_horizontal(void **state)
{
	static const uint8_t nas[] = { 0x7e, 0, 0x41 };
	struct bed *b = *state;
	uint8_t before[32], key[32], ncc;
	const struct ngap_uplink_nas_transport *m;
	uint16_t c_rnti;
	struct tai tai;
	struct ncgi ncgi;

	served(b);
	assert_string_equal(change(b, b->config.cells[0].id), "the UE is in that cell");
	assert_non_null(change(b, 99));
	bytes_copy(before, 32, BYTES(bed_ue(b)->k_gnb));
	assert_null(change(b, 1));
	c_rnti = told(b, &ncc);
	assert_int_equal(ncc, 0);
	key_star(before, key);
	arrives(b, c_rnti, before); /* the wrong key */
	assert_non_null(bed_ue(b)->handover);
	assert_null(bed_next(b, GNB_PORT_N2));
	arrives(b, c_rnti, key);
	assert_null(bed_ue(b)->handover);
	assert_int_equal(bed_ue(b)->radio.cell, 1);
	assert_memory_equal(bed_ue(b)->k_gnb, key, 32);
	assert_non_null(bed_ue(b)->sessions[1]);
	assert_int_equal(bed_stat(b, GNB_STAT_CELL_CHANGES), 1);
	assert_int_equal(bed_stat(b, GNB_STAT_HO_PREP_REQ), 0);
	bed_forget(b);
	gnb_uplink_nas_transport(b->gnb, bed_ue(b), BYTES(nas));
	m = bed_amf_gets(b, NGAP_MSG_UPLINK_NAS_TRANSPORT).u.uplink_nas_transport;
	assert_true(ngap_nr_location(&m->user_location_information, &tai, &ncgi));
	assert_true(tai.tac == 2 && ncgi.nci == b->gnb->places[1].ncgi.nci);
}

/* An NH that is not in use yet is what the key is made of, once. */
static void test_vertical(void **state)
{
	struct bed *b = *state;
	uint8_t nh[32], key[32], ncc;
	uint16_t c_rnti;

	served(b);
	memset(nh, 0x77, sizeof(nh));
	bed_ue(b)->has_nh = true;
	bed_ue(b)->nh_ncc = 3;
	bytes_copy(bed_ue(b)->nh, 32, BYTES(nh));
	assert_null(change(b, 1));
	c_rnti = told(b, &ncc);
	assert_int_equal(ncc, 3);
	key_star(nh, key);
	arrives(b, c_rnti, key);
	assert_int_equal(bed_ue(b)->radio.cell, 1);
	assert_false(bed_ue(b)->has_nh);
}

/* An AMF that follows it hears of the other cell at once. */
static void test_followed(void **state)
{
	struct bed *b = *state;
	struct ngap_location_reporting_control follow = { .amf_ue_ngap_id = AMF_UE_ID,
		.location_reporting_request_type = {
			NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL, NGAP_REPORT_AREA_CELL } };
	uint8_t key[32], ncc;
	uint16_t c_rnti;

	served(b);
	follow.ran_ue_ngap_id = b->ran_ue_ngap_id;
	bed_amf_sends(b, NGAP_MSG_LOCATION_REPORTING_CONTROL, &follow);
	bed_forget(b);
	key_star(bed_ue(b)->k_gnb, key);
	assert_null(change(b, 1));
	c_rnti = told(b, &ncc);
	arrives(b, c_rnti, key);
	bed_amf_gets(b, NGAP_MSG_LOCATION_REPORT);
}

/* It comes back to its cell, by the key that it had there; the NH is unused again. */
static void test_return(void **state)
{
	struct bed *b = *state;
	struct uu_rrc_msg m = { .type = UU_RRC_REESTABLISHMENT_REQUEST, .pci = PCI_0 };
	uint8_t before[32];

	served(b);
	bed_ue(b)->has_nh = true;
	m.c_rnti = bed_ue(b)->c_rnti;
	bytes_copy(before, 32, BYTES(bed_ue(b)->k_gnb));
	assert_null(change(b, 1));
	bed_forget(b);
	assert_true(uu_short_mac_i(
		before, bed_ue(b)->ia, PCI_0, m.c_rnti, b->gnb->places[0].ncgi.nci, &m.short_mac));
	bed_ue_sends(b, m);
	bed_ue_gets(b, UU_RRC_REESTABLISHMENT);
	assert_null(bed_ue(b)->handover);
	assert_true(bed_ue(b)->has_nh);
	assert_int_equal(bed_ue(b)->radio.cell, 0);
	assert_int_equal(bed_ue(b)->c_rnti, m.c_rnti);
	assert_null(bed_next(b, GNB_PORT_N2));
}

/* The next user packet in that cell; -1: none. */
static int packet_in(struct bed *b, uint8_t cell)
{
	const struct msg *m = bed_next(b, GNB_PORT_AIR + cell);
	struct uu_pdu p;

	if (!m)
		return -1;
	assert_true(uu_decode(m->data, &p));
	return uu_is_drb(p.bearer) ? p.pdu.data[2] : packet_in(b, cell);
}

static void nothing_is_held(struct bed *b)
{
	assert_int_equal(b->gnb->receptions.used + b->gnb->held.used, 0);
	assert_int_equal(bed_stat(b, GNB_STAT_DOWNLINK_DROPPED), 0);
}

/* No packet is lost on the way, and none overtakes. */
static void test_packets(void **state)
{
	struct bed *b = *state;
	uint8_t key[32], ncc;
	uint16_t c_rnti;

	served(b);
	bed_upf_sends(b, GTPU_G_PDU, bed_ue(b)->sessions[1]->dl_teid, 1);
	assert_int_equal(packet_in(b, 0), 1);
	key_star(bed_ue(b)->k_gnb, key);
	assert_null(change(b, 1));
	c_rnti = told(b, &ncc);
	bed_upf_sends(b, GTPU_G_PDU, bed_ue(b)->sessions[1]->dl_teid, 2);
	bed_upf_sends(b, GTPU_G_PDU, bed_ue(b)->sessions[1]->dl_teid, 3);
	assert_int_equal(packet_in(b, 0), -1);
	assert_int_equal(bed_stat(b, GNB_STAT_HELD), 2);
	arrives(b, c_rnti, key);
	bed_upf_sends(b, GTPU_G_PDU, bed_ue(b)->sessions[1]->dl_teid, 4);
	for (int i = 2; i <= 4; i++)
		assert_int_equal(packet_in(b, 1), i);
	nothing_is_held(b);
}

/* Likewise in the cell that it comes back to. */
static void test_packets_of_a_return(void **state)
{
	struct bed *b = *state;
	struct uu_rrc_msg m = { .type = UU_RRC_REESTABLISHMENT_REQUEST, .pci = PCI_0 };

	served(b);
	m.c_rnti = bed_ue(b)->c_rnti;
	assert_true(uu_short_mac_i(
		bed_ue(b)->k_gnb, bed_ue(b)->ia, PCI_0, m.c_rnti, b->gnb->places[0].ncgi.nci, &m.short_mac));
	assert_null(change(b, 1));
	bed_upf_sends(b, GTPU_G_PDU, bed_ue(b)->sessions[1]->dl_teid, 2);
	bed_forget(b);
	bed_ue_sends(b, m);
	assert_int_equal(packet_in(b, 0), 2);
	nothing_is_held(b);
}

/* It comes nowhere: the AMF is asked to release it. */
static void test_lost(void **state)
{
	struct bed *b = *state;

	served(b);
	assert_null(change(b, 1));
	bed_forget(b);
	bed_pass(b, GNB_RELOCATION_MS);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_horizontal),
		TEST(test_vertical),
		TEST(test_followed),
		TEST(test_return),
		TEST(test_lost),
		TEST(test_packets),
		TEST(test_packets_of_a_return),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
