/* Steering of roaming through the AMF: with REGISTRATION ACCEPT and COMPLETE, and later; what it shares with
 * UE parameters updates is in parameters_update_test.c. */
#include "core/amf/amf_bed.h"

enum { TIME = 1700000000 };

#define LIST "[{\"plmnId\":{\"mcc\":\"001\",\"mnc\":\"02\"},\"accessTechList\":[\"NR\"]}]"

/* 24.501 figures 9.11.3.51.2 and 5: the header, MAC, counter, 001/02 by NR. */
static const uint8_t container[] = { 0x0e, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34, 0x00,
	0xf1, 0x20, 0x08, 0x00 };
static const uint8_t ack[17] = { 0x01, 9, 8, 7 };

static struct sor_info info(void)
{
	return (struct sor_info){ .steering_container = bytes_of_str(LIST),
		.ack_ind = true,
		.has_sor_mac_iausf = true,
		.sor_mac_iausf = { 1, 2, 3 },
		.has_countersor = true,
		.countersor = { 0x12, 0x34 },
		.provisioning_time = TIME };
}

static enum sbi_cause notify(struct amf_bed *b, const struct sor_info *what)
{
	const struct amf_ue *ue = amf_bed_ue(b);
	char uri[SBI_URI_SIZE], callback[SBI_CALLBACK_SIZE];
	uint8_t json[512];
	struct writer w = writer_of(json, sizeof(json));
	struct change_item change = { .op = CHANGE_TYPE_ADD, .path = "/sorInfo" };
	struct notify_item item = { "/nudm-sdm/v2/imsi-001010000000001/am-data", { 1, &change } };
	struct nudm_sdm_notify_req req = { callback, { { 1, &item } } };

	assert_true(nudm_sor_info_write(what, &w));
	change.new_value = writer_bytes(&w);
	assert_true(sbi_callback_uri(amf_nf(b->amf)->self, SBI_CALLBACK_DEREG_NOTIFY,
		&(struct sbi_callback){ supi_key(&ue->supi), ue->callback }, uri));
	assert_true(sbi_callback_segment(uri, callback));
	sbi_call(b->smf, sbi_any(b->bus, NF_AMF), SBI_AMF_SDM_NOTIFY, &req, (struct sbi_token){ 0 });
	amf_bed_settle(b);
	amf_bed_pass(b, 1);
	return b->transfer_cause;
}

static void complete(struct amf_bed *b, struct bytes sor)
{
	struct nas_msg m = { .type = NAS_REGISTRATION_COMPLETE };

	m.registration_complete.has_sor_transparent_container = sor.len > 0;
	m.registration_complete.sor_transparent_container = sor;
	amf_bed_say_protected(b, &m);
}

static uint32_t acks(const struct amf_bed *b)
{
	return b->script[SBI_UDM_SOR_ACK].requests;
}

static void check_acknowledged(struct amf_bed *b)
{
	assert_int_equal(acks(b), 1);
	assert_true(b->sdm_ack.has_sor_mac_iue && !b->sdm_ack.has_upu_mac_iue);
	assert_memory_equal(b->sdm_ack.sor_mac_iue, ack + 1, 16);
	assert_int_equal(b->sdm_ack.provisioning_time, TIME);
	assert_false(b->sdm_ack.ue_not_reachable);
	assert_null(amf_bed_ue(b)->procedures);
}

/* What the accept has of it: the length of its container. */
static size_t accepted(struct amf_bed *b, const struct sor_info *what)
{
	struct nas_msg m;
	struct nas_registration_accept *a = &m.registration_accept;

	b->am.sor_info = what;
	amf_bed_secure(b);
	amf_bed_complete_security(b);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	amf_bed_context_is_set_up(b);
	if (!a->has_sor_transparent_container)
		return 0;
	assert_true(bytes_equal(a->sor_transparent_container, BYTES(container)));
	return a->sor_transparent_container.len;
}

static void test_in_the_accept(void **state)
{
	struct amf_bed *b = *state;
	struct sor_info what = info();

	assert_int_equal(accepted(b, &what), sizeof(container));
	assert_int_equal(acks(b), 0);
	complete(b, BYTES(ack));
	check_acknowledged(b);
	assert_int_equal(b->amf->stat[AMF_STAT_STEERINGS], 1);
	amf_bed_silent(b); /* once */
}

/* T3550 repeats it, with its container, and the UE answers the second. */
static void test_repeated(void **state)
{
	struct amf_bed *b = *state;
	struct sor_info what = info();
	struct nas_msg m;

	assert_int_equal(accepted(b, &what), sizeof(container));
	b->read = b->sent_count;
	amf_bed_pass(b, 6001);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	assert_true(bytes_equal(m.registration_accept.sor_transparent_container, BYTES(container)));
	complete(b, BYTES(ack));
	check_acknowledged(b);
}

/* The UDM repeats what a UE does not acknowledge. */
static void test_not_acknowledged(void **state)
{
	static const uint8_t wrong[17] = { 0x00 };
	struct amf_bed *b = *state;
	struct sor_info what = info();

	accepted(b, &what);
	complete(b, BYTES(wrong));
	assert_int_equal(amf_bed_ue(b)->state, MM_REGISTERED);
	amf_bed_pass(b, 30000);
	assert_int_equal(acks(b), 0);
	assert_null(amf_bed_ue(b)->procedures);
}

static void test_no_answer_wanted(void **state)
{
	struct amf_bed *b = *state;
	struct sor_info what = info();

	b->am.sor_info = &what;
	what.ack_ind = false;
	amf_bed_register(b);
	amf_bed_pass(b, 30000);
	assert_int_equal(acks(b), 0);
	assert_int_equal(b->amf->stat[AMF_STAT_STEERINGS], 1);
}

/* What cannot be taken does not stop the registration. */
static void test_not_taken(void **state)
{
	struct amf_bed *b = *state;
	struct sor_info what = info();

	what.steering_container = bytes_of_str("\"c2VjcmV0\""); /* a secured packet */
	assert_int_equal(accepted(b, &what), 0);
	complete(b, BYTES(ack)); /* of nothing */
	assert_int_equal(acks(b), 0);
	assert_int_equal(amf_bed_ue(b)->state, MM_REGISTERED);
}

static void test_later(void **state)
{
	struct amf_bed *b = *state;
	struct sor_info what = info();
	struct nas_msg m, up = { .type = NAS_UL_NAS_TRANSPORT };

	amf_bed_register(b);
	b->read = b->sent_count;
	assert_int_equal(notify(b, &what), SBI_OK);
	amf_bed_expect(b, NAS_DL_NAS_TRANSPORT, &m);
	assert_int_equal(b->header, NAS_INTEGRITY_CIPHERED);
	assert_int_equal(m.dl_nas_transport.payload_container_type, NAS_PAYLOAD_SOR);
	assert_true(bytes_equal(m.dl_nas_transport.payload_container, BYTES(container)));
	up.ul_nas_transport.payload_container_type = NAS_PAYLOAD_UE_PARAMETERS;
	up.ul_nas_transport.payload_container = BYTES(ack);
	amf_bed_say_protected(b, &up); /* of the other service */
	assert_int_equal(acks(b) + b->script[SBI_UDM_UPU_ACK].requests, 0);
	up.ul_nas_transport.payload_container_type = NAS_PAYLOAD_SOR;
	amf_bed_say_protected(b, &up);
	check_acknowledged(b);
}

/* The UE registers while it was to be told: the accept takes it along. */
static void test_later_by_an_accept(void **state)
{
	struct amf_bed *b = *state;
	struct sor_info what = info();
	struct nas_msg m;

	amf_bed_register(b);
	amf_bed_released(b);
	b->read = b->sent_count;
	assert_int_equal(notify(b, &what), SBI_OK); /* it is paged */
	b->read = b->sent_count;
	amf_bed_again(b, NAS_REGISTRATION_MOBILITY, b->tmsi);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	assert_true(bytes_equal(m.registration_accept.sor_transparent_container, BYTES(container)));
	amf_bed_context_is_set_up(b);
	complete(b, BYTES(ack));
	assert_int_equal(acks(b), 1);
}

static void test_refused(void **state)
{
	struct amf_bed *b = *state;
	struct sor_info what = info();

	amf_bed_register(b);
	b->read = b->sent_count;
	what.has_countersor = false;
	assert_int_equal(notify(b, &what), SBI_MANDATORY_IE_INCORRECT);
	what = info();
	what.has_sor_mac_iausf = false;
	assert_int_equal(notify(b, &what), SBI_MANDATORY_IE_INCORRECT);
	what = info();
	what.steering_container = bytes_of_str("{}");
	assert_int_equal(notify(b, &what), SBI_MANDATORY_IE_INCORRECT);
	amf_bed_silent(b);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_in_the_accept),
		TEST(test_repeated),
		TEST(test_not_acknowledged),
		TEST(test_no_answer_wanted),
		TEST(test_not_taken),
		TEST(test_later),
		TEST(test_later_by_an_accept),
		TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
