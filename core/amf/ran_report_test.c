/* What gNBs report, ask and have brought to others: 38.413 8.3.5, 8.3.9 to 8.3.12, 8.8, 8.14 to 8.16. */
#include "core/amf/amf_bed.h"

enum { OTHER_ASSOC = 8 };

static void registered(struct amf_bed *b)
{
	amf_bed_register(b);
	b->read = b->sent_count;
}

static struct ngap_global_ran_node_id node(struct amf_bed *b, uint32_t gnb_id)
{
	struct ngap_global_ran_node_id id = { .tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID };
	uint8_t *bits = arena_alloc(&b->arena, 3);
	struct writer w = writer_of(bits, 3);

	writer_u24(&w, gnb_id);
	id.u.global_gnb_id.plmn_identity = ngap_plmn_of(&b->config.guami.plmn, &b->arena);
	id.u.global_gnb_id.gnb_id =
		(struct ngap_gnb_id){ NGAP_GNB_ID_TAG_GNB_ID, { .gnb_id = { bits, 24 } } };
	return id;
}

static struct ngap_tai tai_one(struct amf_bed *b)
{
	struct tai tai = { b->config.guami.plmn, 1 };
	struct ngap_tai out;

	assert_true(ngap_tai_of(&tai, &b->arena, &out));
	return out;
}

static void give_son(struct amf_bed *b, uint32_t target)
{
	struct ngap_son_configuration_transfer son = { .target_ran_node_id_son = { node(b, target),
							       tai_one(b) },
		.source_ran_node_id = { node(b, 1), tai_one(b) },
		.son_information.tag = NGAP_SON_INFORMATION_TAG_SON_INFORMATION_REQUEST };
	struct ngap_uplink_ran_configuration_transfer m = { .son_configuration_transfer_ul = &son };

	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UPLINK_RAN_CONFIGURATION_TRANSFER, &m);
}

static void give_rim(struct amf_bed *b, uint32_t target)
{
	struct ngap_rim_information_transfer rim = { .target_ran_node_id_rim = { node(b, target),
							     tai_one(b) },
		.source_ran_node_id = { node(b, 1), tai_one(b) },
		.rim_information = { 77, NGAP_RIM_INFORMATION_RIM_RS_DETECTION_RS_DISAPPEARED } };
	struct ngap_uplink_rim_information_transfer m = { &rim };

	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UPLINK_RIM_INFORMATION_TRANSFER, &m);
}

/* As they are, to the gNB named and to no other; nowhere, if it is not set up or away. */
static void test_relays(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_son_configuration_transfer *son;
	struct ngap_pdu pdu;

	amf_bed_ng_setup(b, OTHER_ASSOC, 2);
	give_son(b, 2);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_DOWNLINK_RAN_CONFIGURATION_TRANSFER);
	assert_int_equal(b->sent_to[b->read - 1], OTHER_ASSOC);
	son = pdu.u.downlink_ran_configuration_transfer->son_configuration_transfer_dl;
	assert_int_equal(amf_node_id(&son->source_ran_node_id.global_ran_node_id) & 0xffffff, 1);
	give_rim(b, 2);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_DOWNLINK_RIM_INFORMATION_TRANSFER);
	assert_int_equal(b->sent_to[b->read - 1], OTHER_ASSOC);
	assert_int_equal(pdu.u.downlink_rim_information_transfer->rim_information_transfer->rim_information
				 .target_gnb_set_id,
		77);
	assert_int_equal(b->amf->stat[AMF_STAT_RELAYS], 2);
	give_son(b, 3);
	give_rim(b, 3);
	amf_bed_deliver(b, OTHER_ASSOC, MSG_DOWN, BYTES_NONE);
	give_son(b, 2);
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_RELAYS_LOST], 3);
}

static const struct ngap_ue_information_transfer *ask(struct amf_bed *b, uint32_t tmsi, struct ngap_pdu *pdu)
{
	uint8_t octets[4];
	struct writer w = writer_of(octets, sizeof(octets));
	struct ngap_retrieve_ue_information m = { { b->config.guami.amf_set_id, b->config.guami.amf_pointer,
		BYTES(octets) } };

	writer_u32(&w, tmsi);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_RETRIEVE_UE_INFORMATION, &m);
	assert_true(amf_bed_next(b, pdu));
	assert_int_equal(pdu->message, NGAP_MSG_UE_INFORMATION_TRANSFER);
	assert_true(bytes_equal(pdu->u.ue_information_transfer->five_g_s_tmsi.five_g_tmsi, BYTES(octets)));
	return pdu->u.ue_information_transfer;
}

/* What there is of the UE; of one that is not known the answer is empty. */
static void test_ue_information(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_radio_capability_info_indication capability = { .ue_radio_capability =
									       bytes_of_str("radio") };
	const struct ngap_ue_information_transfer *m;
	struct ngap_pdu pdu;

	registered(b);
	capability.amf_ue_ngap_id = b->amf_id;
	capability.ran_ue_ngap_id = b->ran_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_RADIO_CAPABILITY_INFO_INDICATION, &capability);
	m = ask(b, b->tmsi, &pdu);
	assert_true(bytes_equal(m->ue_radio_capability, bytes_of_str("radio")));
	assert_int_equal(m->allowed_nssai->count, 1);
	assert_true(m->has_masked_imeisv);
	assert_true(m->masked_imeisv == amf_bed_ue(b)->masked_imeisv);
	m = ask(b, b->tmsi + 1, &pdu);
	assert_false(m->has_ue_radio_capability || m->has_masked_imeisv || m->allowed_nssai);
	amf_bed_ue(b)->registered = false; /* on its way out */
	m = ask(b, b->tmsi, &pdu);
	assert_false(m->has_ue_radio_capability || m->has_masked_imeisv || m->allowed_nssai);
	amf_bed_ue(b)->registered = true;
}

static void test_capability_id(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_ue_radio_capability_id_mapping_request m = { bytes_of_str("\1\2\3") };
	struct ngap_pdu pdu;

	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_RADIO_CAPABILITY_ID_MAPPING_REQUEST, &m);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_RADIO_CAPABILITY_ID_MAPPING_RESPONSE);
	assert_true(bytes_equal(pdu.u.ue_radio_capability_id_mapping_response->ue_radio_capability_id,
		bytes_of_str("\1\2\3")));
	assert_int_equal(pdu.u.ue_radio_capability_id_mapping_response->ue_radio_capability.len, 0);
}

/* 8.3.11.3: the UE stays connected; 8.3.12.3: the connection is gone, and nothing is released besides. */
static void test_suspend_and_resume(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_context_suspend_request suspend = { 0 };
	struct ngap_ue_context_resume_request resume = { 0 };
	struct ngap_pdu pdu;

	registered(b);
	suspend.amf_ue_ngap_id = resume.amf_ue_ngap_id = b->amf_id;
	suspend.ran_ue_ngap_id = resume.ran_ue_ngap_id = b->ran_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_SUSPEND_REQUEST, &suspend);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_SUSPEND_FAILURE);
	assert_int_equal(pdu.u.ue_context_suspend_failure->ran_ue_ngap_id, b->ran_id);
	assert_non_null(amf_bed_ue(b)->serving);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_RESUME_REQUEST, &resume);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_RESUME_FAILURE);
	amf_bed_silent(b);
	assert_null(amf_bed_ue(b)->serving);
	assert_int_equal(amf_numbers(b->amf).connections, 0);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_RESUME_REQUEST, &resume); /* of nobody: 10.6 */
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_ERROR_INDICATION);
}

static void give_rrc_state(struct amf_bed *b, enum ngap_rrc_state rrc_state, uint64_t nci)
{
	struct ngap_rrc_inactive_transition_report m = {
		.amf_ue_ngap_id = b->amf_id, .ran_ue_ngap_id = b->ran_id, .rrc_state = rrc_state
	};
	struct tai tai = { b->config.guami.plmn, 1 };
	struct ncgi ncgi = { b->config.guami.plmn, nci };

	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &m.user_location_information));
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_RRC_INACTIVE_TRANSITION_REPORT, &m);
}

static bool table_shows(struct amf_bed *b, const char *what)
{
	char row[1024] = "";
	struct writer w = writer_of(row, sizeof(row) - 1);
	uint32_t at = 0;

	assert_true(amf_ue_row(b->amf, &at, &w));
	row[w.len] = '\0';
	return strstr(row, what) != NULL;
}

static void test_rrc_inactive(void **state)
{
	struct amf_bed *b = *state;

	registered(b);
	assert_true(table_shows(b, "\tconnected\t"));
	give_rrc_state(b, NGAP_RRC_STATE_INACTIVE, 5);
	assert_true(table_shows(b, "\tinactive\t"));
	assert_true(table_shows(b, "\t000000005\t"));
	give_rrc_state(b, NGAP_RRC_STATE_CONNECTED, 6);
	assert_true(table_shows(b, "\tconnected\t"));
	amf_bed_released(b);
	assert_true(table_shows(b, "\tidle\t"));
	assert_true(table_shows(b, "\t000000006\t")); /* the last one */
	amf_bed_restart(b);
	assert_true(table_shows(b, "\t000000006\t"));
}

/* To the SMF of each session; of an unknown one it is counted. */
static void test_secondary_rat(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu_session_resource_secondary_rat_usage_item items[2] = { { 1, bytes_of("\1\2", 2) },
		{ 9, bytes_of("\1\2", 2) } };
	struct ngap_secondary_rat_data_usage_report m = { .pdu_session_resource_secondary_rat_usage_list = {
								  2, items } };
	uint64_t unexpected;

	registered(b);
	amf_bed_session(b, 1);
	m.amf_ue_ngap_id = b->amf_id;
	m.ran_ue_ngap_id = b->ran_id;
	unexpected = b->amf->stat[AMF_STAT_NGAP_UNEXPECTED];
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_SECONDARY_RAT_DATA_USAGE_REPORT, &m);
	assert_int_equal(b->update_count, 1);
	assert_int_equal(b->update_ids[0], 1);
	assert_int_equal(b->updated_type, N2_SM_SECONDARY_RAT_USAGE);
	assert_int_equal(b->amf->stat[AMF_STAT_NGAP_UNEXPECTED], unexpected + 1);
	amf_bed_silent(b);
}

/* 8.14.2: asked for where IMS voice is configured; what the gNB says counts from the next accept on. */
static void test_capability_check(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_radio_capability_check_response m = {
		.ims_voice_support_indicator = NGAP_IMS_VOICE_SUPPORT_INDICATOR_NOT_SUPPORTED
	};
	struct nas_msg accept;
	struct ngap_pdu pdu;

	b->amf->config.ims_voice = true;
	amf_bed_accept(b);
	amf_bed_context_is_set_up(b);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_RADIO_CAPABILITY_CHECK_REQUEST, &pdu));
	assert_false(pdu.u.ue_radio_capability_check_request->has_ue_radio_capability);
	amf_bed_say_protected(b, &(struct nas_msg){ .type = NAS_REGISTRATION_COMPLETE });
	m.amf_ue_ngap_id = b->amf_id;
	m.ran_ue_ngap_id = b->ran_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_RADIO_CAPABILITY_CHECK_RESPONSE, &m);
	assert_int_equal(amf_bed_ue(b)->ran.voice, AMF_VOICE_UNSUPPORTED);
	amf_bed_released(b);
	amf_bed_restart(b);
	b->amf->config.ims_voice = true;
	b->read = b->sent_count;
	amf_bed_again(b, NAS_REGISTRATION_PERIODIC, b->tmsi);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &accept);
	assert_int_equal(
		accept.registration_accept.network_feature_support.bits & NAS_FEATURE_IMS_VOPS_3GPP, 0);
	amf_bed_context_is_set_up(b);
	assert_false(amf_bed_sent(b, NGAP_MSG_UE_RADIO_CAPABILITY_CHECK_REQUEST, &pdu)); /* it is known */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_relays),
		TEST(test_ue_information),
		TEST(test_capability_id),
		TEST(test_suspend_and_resume),
		TEST(test_rrc_inactive),
		TEST(test_secondary_rat),
		TEST(test_capability_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
