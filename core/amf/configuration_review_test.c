/* Slices and gNBs that the configuration has no more, names and time zone that are others. */
#include "core/amf/amf_bed.h"

static const struct snssai second = { 2, 0x010203 };

/* The UE is allowed the first slice and, where both is set, a second one. */
static void registered(struct amf_bed *b, bool both)
{
	struct nas_msg complete = { .type = NAS_REGISTRATION_COMPLETE };

	b->config.slices[1] = second;
	b->config.slice_count = 2;
	amf_take_config(b->amf, &b->config);
	amf_bed_settle(b);
	amf_bed_register(b);
	amf_bed_context_is_set_up(b);
	amf_bed_say_protected(b, &complete);
	if (both)
		amf_bed_ue(b)->allowed_nssai.items[amf_bed_ue(b)->allowed_nssai.count++] = second;
	b->read = b->sent_count;
}

static void take_away(struct amf_bed *b, uint8_t slice)
{
	b->config.slices[slice] = b->config.slices[1];
	b->config.slice_count = 1;
	amf_take_config(b->amf, &b->config);
	amf_bed_settle(b);
}

/* 24.501 5.4.4: told until it is acknowledged, its gNB with it; then it is allowed what is left. */
static void test_slice(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg complete = { .type = NAS_CONFIGURATION_UPDATE_COMPLETE }, m;
	const struct nas_configuration_update_command *c = &m.configuration_update_command;
	struct ngap_pdu pdu;
	struct snssai told;

	registered(b, true);
	take_away(b, 1);
	for (int sent = 0; sent < 2; sent++) {
		assert_true(amf_bed_sent(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &pdu));
		assert_non_null(pdu.u.downlink_nas_transport->allowed_nssai);
		assert_int_equal(pdu.u.downlink_nas_transport->allowed_nssai->count, 1);
		told = ngap_snssai(&pdu.u.downlink_nas_transport->allowed_nssai->items[0].s_nssai);
		assert_true(snssai_equal(&told, &b->config.slices[0]));
		b->read--;
		amf_bed_expect(b, NAS_CONFIGURATION_UPDATE_COMMAND, &m);
		assert_true(c->configuration_update_indication & NAS_UPDATE_ACKNOWLEDGE);
		assert_int_equal(c->allowed_nssai.count, 1);
		assert_true(snssai_equal(&c->allowed_nssai.items[0].snssai, &b->config.slices[0]));
		assert_int_equal(c->rejected_nssai.count, 1);
		assert_int_equal(c->rejected_nssai.items[0].cause, NAS_NSSAI_REJECTED_IN_PLMN);
		assert_true(snssai_equal(&c->rejected_nssai.items[0].snssai, &second));
		assert_int_equal(amf_bed_ue(b)->allowed_nssai.count, 2);
		amf_bed_pass(b, AMF_T3555_MS);
	}
	amf_bed_say_protected(b, &complete);
	assert_int_equal(amf_bed_ue(b)->allowed_nssai.count, 1);
	b->read = b->sent_count;
	amf_take_config(b->amf, &b->config);
	amf_bed_settle(b);
	amf_bed_silent(b);
}

/* One that comes back before the UE was told is as if it had never gone. */
static void test_slice_returns(void **state)
{
	struct amf_bed *b = *state;

	registered(b, true);
	amf_bed_released(b);
	take_away(b, 1);
	b->config.slices[1] = second;
	b->config.slice_count = 2;
	amf_take_config(b->amf, &b->config);
	amf_bed_settle(b);
	amf_bed_service(b);
	b->read = b->sent_count;
	amf_bed_pass(b, AMF_T3555_MS);
	assert_int_equal(amf_bed_ue(b)->allowed_nssai.count, 2);
}

/* No slice is left to it: it is to register again, and the NSSF decides (5.5.2.3.1). */
static void test_last_slice(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	registered(b, false);
	take_away(b, 0);
	amf_bed_pass(b, 100);
	amf_bed_expect(b, NAS_DEREGISTRATION_REQUEST_NETWORK, &m);
	assert_true(m.deregistration_request_network.deregistration_type & NAS_DEREGISTRATION_REREGISTER);
	assert_false(m.deregistration_request_network.has_cause);
}

/* What is counted by slice moves with it, and of what goes to all others. */
static void test_counts(void **state)
{
	struct amf_bed *b = *state;
	uint64_t(*rows)[AMF_SLICE_STAT_COUNT] = b->amf->figures.by_slice;

	registered(b, true);
	rows[0][AMF_SLICE_INIT_REQ] = 10;
	rows[1][AMF_SLICE_INIT_REQ] = 200;
	rows[2][AMF_SLICE_INIT_REQ] = 3000;
	take_away(b, 0);
	assert_int_equal(rows[0][AMF_SLICE_INIT_REQ], 200);
	assert_int_equal(rows[1][AMF_SLICE_INIT_REQ], 3010);
	assert_int_equal(rows[0][AMF_SLICE_REGISTERED], 1);
	assert_int_equal(rows[1][AMF_SLICE_REGISTERED], 1);
	assert_int_equal(amf_ues_of_slice(b->amf, bytes_of_str("2-010203")), 1);
}

/* Names and time zone are told to whoever is connected. */
static void test_names(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	registered(b, false);
	str_copy(b->config.full_name, sizeof(b->config.full_name), "Freehold");
	amf_take_config(b->amf, &b->config);
	amf_bed_settle(b);
	amf_bed_expect(b, NAS_CONFIGURATION_UPDATE_COMMAND, &m);
	assert_true(m.configuration_update_command.has_full_name);
	assert_false(m.configuration_update_command.has_configuration_update_indication);
	amf_take_config(b->amf, &b->config);
	amf_bed_settle(b);
	amf_bed_silent(b);
}

static void leave(struct amf_bed *b, const char *prefix)
{
	assert_true(prefix4_parse(prefix, &b->config.gnb_prefixes[0]));
	b->config.gnb_prefix_count = 1;
	amf_take_config(b->amf, &b->config);
	amf_bed_settle(b);
}

/* UEs are released first; the association ends when the gNB has confirmed, or has not for too long. */
static void test_gnb(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	registered(b, false);
	leave(b, "10.0.0.0/24");
	amf_bed_silent(b);
	assert_int_equal(amf_ues_not_of(b->amf, &(struct prefix4){ 0x0a010000, 24 }, 1), 1);
	leave(b, "10.1.0.0/24");
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(pdu.u.ue_context_release_command->cause.tag, NGAP_CAUSE_TAG_MISC);
	assert_int_equal(pdu.u.ue_context_release_command->cause.u.misc, NGAP_CAUSE_MISC_OM_INTERVENTION);
	assert_null(amf_bed_ue(b)->serving);
	assert_true(amf_bed_ue(b)->registered);
	assert_non_null(amf_gnb_find(b->amf, BED_ASSOC));
	amf_bed_pass(b, 4000);
	assert_null(amf_gnb_find(b->amf, BED_ASSOC));
	assert_int_equal(b->amf->gnbs.used, 0);
	assert_true(amf_bed_ue(b)->registered);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_slice), TEST(test_slice_returns), TEST(test_last_slice),
		TEST(test_counts), TEST(test_names), TEST(test_gnb) };

	return cmocka_run_group_tests_name("core/amf/configuration_review", tests, NULL, NULL);
}
