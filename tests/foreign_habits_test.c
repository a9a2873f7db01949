/* Habits of gNBs and UEs that no two vendors share, at N2: all are within the standard, or harmless. */
#include "tests/foreign_n2.h"

/* An NG Setup Request with two tracking areas of two PLMNs, of which one is ours. */
static void set_up(struct foreign *f, uint8_t id_bits, const char *name, bool retained)
{
	static const uint8_t ours[] = { 0x00, 0xf1, 0x10 }, others[] = { 0x62, 0xf2, 0x10 }, sst[] = { 1 };
	static const uint8_t tac[2][3] = { { 0, 0, 1 }, { 0, 0, 9 } }, id[4] = { 0xab, 0xcd, 0xef, 0x01 };
	struct ngap_slice_support_item slice = { .s_nssai = { .sst = BYTES(sst) } };
	struct ngap_broadcast_plmn_item plmns[2] = {
		{ .plmn_identity = BYTES(others), .tai_slice_support_list = { 1, &slice } },
		{ .plmn_identity = BYTES(ours), .tai_slice_support_list = { 1, &slice } },
	};
	struct ngap_supported_ta_item tas[2] = {
		{ .tac = BYTES(tac[1]), .broadcast_plmn_list = { 2, plmns } },
		{ .tac = BYTES(tac[0]), .broadcast_plmn_list = { 2, plmns } },
	};
	struct ngap_ng_setup_request m = { .supported_ta_list = { 2, tas },
		.has_ran_node_name = name != NULL,
		.has_ue_retention_information = retained };

	m.ran_node_name = name ? bytes_of_str(name) : BYTES_NONE;
	m.global_ran_node_id.tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID;
	m.global_ran_node_id.u.global_gnb_id.plmn_identity = BYTES(ours);
	m.global_ran_node_id.u.global_gnb_id.gnb_id.tag = NGAP_GNB_ID_TAG_GNB_ID;
	m.global_ran_node_id.u.global_gnb_id.gnb_id.u.gnb_id = (struct per_bits){ id, id_bits };
	foreign_give_pdu(f, NGAP_MSG_NG_SETUP_REQUEST, &m);
}

static void is_set_up(struct foreign *f)
{
	assert_int_equal(f->answer_count, 1);
	assert_int_equal(f->answers[0].message, NGAP_MSG_NG_SETUP_RESPONSE);
	/* The contexts are not kept, which a response without the element means (38.413 8.7.1.2). */
	assert_false(f->answers[0].u.ng_setup_response->has_ue_retention_information);
}

static void ng_setup(void **state)
{
	struct foreign *f = *state;

	foreign_network(f, "00101", (struct snssai){ 1, SNSSAI_NO_SD }, 1);
	for (uint8_t bits = 22; bits <= 32; bits++) {
		set_up(f, bits, NULL, bits & 1);
		is_set_up(f);
	}
	set_up(f, 22, "a name with all of PrintableString's '()+,-./:=?", true);
	is_set_up(f);
}

/* Names outside of PrintableString, an underscore the most usual of them. */
static void ran_node_name(void **state)
{
	struct foreign *f = *state;
	static const char *const names[] = { "gNB_Xaoi", "gNB@1\x01\x7f", "gN\xc3\x9f_012" };
	uint8_t octets[512];

	foreign_network(f, "00101", (struct snssai){ 1, SNSSAI_NO_SD }, 1);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct bytes in = foreign_message(
			"ngap_captures.txt", "ngap_attach_dlt152.pcap:1", 0, octets, sizeof(octets));
		uint8_t *name = memmem(octets, in.len, "srsgnb01", 8);

		assert_non_null(name);
		bytes_copy(name, 8, bytes_of_str(names[i]));
		foreign_give(f, MSG_DATA, 0, in);
		is_set_up(f);
	}
}

static void initial(struct foreign *f, uint32_t ran_ue_ngap_id, const char *nas,
	enum ngap_rrc_establishment_cause cause, bool s_tmsi)
{
	static const uint8_t plmn[] = { 0x00, 0xf1, 0x10 }, tac[] = { 0, 0, 1 }, pointer[] = { 0 },
			     tmsi[] = { 1, 2, 3, 4 };
	uint8_t octets[256];
	struct ngap_five_g_s_tmsi t = {
		.amf_set_id = 1, .amf_pointer = pointer[0], .five_g_tmsi = BYTES(tmsi)
	};
	struct ngap_initial_ue_message m = { .ran_ue_ngap_id = ran_ue_ngap_id,
		.rrc_establishment_cause = cause,
		.five_g_s_tmsi = s_tmsi ? &t : NULL,
		.has_selected_plmn_identity = s_tmsi,
		.selected_plmn_identity = BYTES(plmn) };
	struct ngap_user_location_information_nr *nr =
		&m.user_location_information.u.user_location_information_nr;

	m.nas_pdu = test_hex(nas, octets, sizeof(octets));
	m.user_location_information.tag = NGAP_USER_LOCATION_INFORMATION_TAG_USER_LOCATION_INFORMATION_NR;
	nr->nr_cgi.plmn_identity = nr->tai.plmn_identity = BYTES(plmn);
	nr->nr_cgi.nr_cell_identity = 0x123456789;
	nr->tai.tac = BYTES(tac);
	foreign_give_pdu(f, NGAP_MSG_INITIAL_UE_MESSAGE, &m);
}

static void answered(struct foreign *f, enum nas_msg_type type)
{
	assert_true(f->answer_count >= 1);
	assert_int_equal(foreign_nas_of(f, &f->answers[0]).type, type);
}

#define SUCI "000d 01 00f110 f0ff 00 00 1932547699"
#define GUTI "000b f2 62f210 020040 e0000001"

static void registration(void **state)
{
	struct foreign *f = *state;

	foreign_network(f, "00101", (struct snssai){ 1, SNSSAI_NO_SD }, 1);
	foreign_subscribe(f, "001019123456799");
	set_up(f, 24, "gnb", false);
	for (unsigned cause = 0; cause < NGAP_RRC_ESTABLISHMENT_CAUSE_N; cause++) {
		initial(f, cause, "7e0041 79" SUCI "2e02f0f0", cause, cause & 1);
		answered(f, NAS_AUTHENTICATION_REQUEST);
	}
	/* Capabilities of every length, follow-on, an unknown optional element. */
	initial(f, 20, "7e0041 71" SUCI "2e04f070f070", NGAP_RRC_ESTABLISHMENT_CAUSE_MO_DATA, false);
	answered(f, NAS_AUTHENTICATION_REQUEST);
	initial(f, 21, "7e0041 79" SUCI "2e08f070f07000000000", NGAP_RRC_ESTABLISHMENT_CAUSE_MO_DATA, false);
	answered(f, NAS_AUTHENTICATION_REQUEST);
	initial(f, 22, "7e0041 79" SUCI "2e03f07000 6b021234 b1", NGAP_RRC_ESTABLISHMENT_CAUSE_MO_DATA,
		false);
	answered(f, NAS_AUTHENTICATION_REQUEST);
	/* The unused registration type 0 is an initial registration (24.501 9.11.3.7). */
	initial(f, 23, "7e0041 78" SUCI "2e02f0f0", NGAP_RRC_ESTABLISHMENT_CAUSE_MO_DATA, false);
	answered(f, NAS_AUTHENTICATION_REQUEST);
	/* Another network's GUTI, and an additional one, under a security context that is not known here. */
	initial(f, 24, "7e01 12345678 05 7e0041 02" GUTI "2e04f070f070 7700 0bf262f210020040e0000002",
		NGAP_RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING, true);
	answered(f, NAS_IDENTITY_REQUEST);
	initial(f, 25, "7e01 12345678 05 7e0041 02" GUTI, NGAP_RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING, true);
	answered(f, NAS_REGISTRATION_REJECT); /* no capability: begin again */
	assert_int_equal(foreign_nas_of(f, &f->answers[0]).registration_reject.cause,
		NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK);
	/* A service request of a UE that is not known. */
	initial(f, 26, "7e01 12345678 05 7e004c 10 0007f4 0040 01020304",
		NGAP_RRC_ESTABLISHMENT_CAUSE_MT_ACCESS, true);
	answered(f, NAS_SERVICE_REJECT);
}

/* One stream each way: all goes on it. */
static void one_stream(void **state)
{
	struct foreign *f = *state;

	foreign_network(f, "00101", (struct snssai){ 1, SNSSAI_NO_SD }, 1);
	foreign_subscribe(f, "001019123456799");
	set_up(f, 24, "gnb", false);
	initial(f, 1, "7e0041 79" SUCI "2e02f0f0", NGAP_RRC_ESTABLISHMENT_CAUSE_MO_DATA, false);
	answered(f, NAS_AUTHENTICATION_REQUEST);
	assert_int_equal(f->stream, 0);
}

/* What is not known of a UE, and to be answered to a gNB that asks about it. */
static void unknown_ue(void **state)
{
	struct foreign *f = *state;
	struct ngap_ue_radio_capability_info_indication capability = {
		.amf_ue_ngap_id = 7, .ran_ue_ngap_id = 8, .ue_radio_capability = BYTES("x")
	};
	struct ngap_error_indication error = { .has_amf_ue_ngap_id = true,
		.amf_ue_ngap_id = 7,
		.has_ran_ue_ngap_id = true,
		.ran_ue_ngap_id = 8 };
	struct ngap_cause cause = { .tag = NGAP_CAUSE_TAG_RADIO_NETWORK,
		.u.radio_network = NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID };
	struct ngap_ue_associated_logical_ng_connection_item item = { .has_ran_ue_ngap_id = true,
		.ran_ue_ngap_id = 8 };
	struct ngap_ng_reset reset = { .cause = cause,
		.reset_type = { NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE,
			{ .part_of_ng_interface = { 1, &item } } } };

	foreign_network(f, "00101", (struct snssai){ 1, SNSSAI_NO_SD }, 2);
	set_up(f, 24, "gnb", false);
	foreign_give_pdu(f, NGAP_MSG_UE_RADIO_CAPABILITY_INFO_INDICATION, &capability);
	assert_int_equal(f->answer_count, 1);
	assert_int_equal(f->answers[0].message, NGAP_MSG_ERROR_INDICATION);
	error.cause = &cause;
	foreign_give_pdu(f, NGAP_MSG_ERROR_INDICATION, &error);
	assert_int_equal(f->answer_count, 0);
	foreign_give_pdu(f, NGAP_MSG_NG_RESET, &reset);
	assert_int_equal(f->answer_count, 1);
	assert_int_equal(f->answers[0].message, NGAP_MSG_NG_RESET_ACKNOWLEDGE);
	assert_int_equal(
		f->answers[0].u.ng_reset_acknowledge->ue_associated_logical_ng_connection_list->count, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, foreign_setup, foreign_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(ng_setup), TEST(ran_node_name), TEST(registration),
		TEST(one_stream), TEST(unknown_ue) };

	return cmocka_run_group_tests_name("habits", tests, NULL, NULL);
}
