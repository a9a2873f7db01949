/* UE parameters update through the AMF: to the UE and back, to one that is idle, and to one that is not
 * there. */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

enum { TIME = 1700000000 };

static const struct snssai slice = { 2, 3 };
static const struct upu_data data = { { 1, &slice }, NULL };

static struct upu_info info(void)
{
	return (struct upu_info){ .upu_data_list = { 1, &data },
		.upu_ack_ind = true,
		.has_upu_mac_iausf = true,
		.upu_mac_iausf = { 1, 2, 3 },
		.has_counter_upu = true,
		.counter_upu = { 0x12, 0x34 },
		.provisioning_time = TIME };
}

static enum sbi_cause notify(struct amf_bed *b, const char *path, const struct upu_info *what, uint32_t age)
{
	const struct amf_ue *ue = amf_bed_ue(b);
	char uri[SBI_URI_SIZE], callback[SBI_CALLBACK_SIZE];
	uint8_t json[512];
	struct writer w = writer_of(json, sizeof(json));
	struct change_item change = { .op = CHANGE_TYPE_REPLACE, .path = path };
	struct notify_item item = { "/nudm-sdm/v2/imsi-001010000000001/am-data", { 1, &change } };
	struct nudm_sdm_notify_req req = { callback, { { 1, &item } } };

	if (what)
		assert_true(nudm_upu_info_write(what, &w));
	else
		writer_put(&w, bytes_of_str("[1]"));
	change.new_value = writer_bytes(&w);
	assert_true(sbi_callback_uri(amf_nf(b->amf)->self, SBI_CALLBACK_DEREG_NOTIFY,
		&(struct sbi_callback){ supi_key(&ue->supi), ue->callback - age }, uri));
	assert_true(sbi_callback_segment(uri, callback));
	sbi_call(b->smf, sbi_any(b->bus, NF_AMF), SBI_AMF_SDM_NOTIFY, &req, (struct sbi_token){ 0 });
	amf_bed_settle(b);
	amf_bed_pass(b, 1);
	return b->transfer_cause;
}

static enum sbi_cause update(struct amf_bed *b)
{
	struct upu_info what = info();

	return notify(b, "/upuInfo", &what, 0);
}

/* 24.501 figures 9.11.3.53A.1, 2 and 6: ACK, MAC, counter, the default configured NSSAI. */
static void check_told(struct amf_bed *b)
{
	static const uint8_t wanted[] = { 0x02, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34,
		0x02, 0x00, 0x05, 0x04, 0x02, 0x00, 0x00, 0x03 };
	struct nas_msg m;

	amf_bed_expect(b, NAS_DL_NAS_TRANSPORT, &m);
	assert_int_equal(b->header, NAS_INTEGRITY_CIPHERED);
	assert_int_equal(m.dl_nas_transport.payload_container_type, NAS_PAYLOAD_UE_PARAMETERS);
	assert_true(bytes_equal(m.dl_nas_transport.payload_container, BYTES(wanted)));
}

static void answer(struct amf_bed *b, struct bytes container)
{
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT };

	m.ul_nas_transport.payload_container_type = NAS_PAYLOAD_UE_PARAMETERS;
	m.ul_nas_transport.payload_container = container;
	amf_bed_say_protected(b, &m);
}

static void registered(struct amf_bed *b)
{
	amf_bed_register(b);
	b->read = b->sent_count;
}

static uint32_t acks(const struct amf_bed *b)
{
	return b->script[SBI_UDM_UPU_ACK].requests;
}

static void test_acknowledged(void **state)
{
	static const uint8_t ack[17] = { 0x01, 9, 8, 7 }, wrong[] = { 0x00, 9, 8 };
	struct amf_bed *b = *state;

	registered(b);
	answer(b, BYTES(ack)); /* of nothing */
	assert_int_equal(acks(b), 0);
	assert_int_equal(update(b), SBI_OK);
	check_told(b);
	answer(b, BYTES(wrong));
	answer(b, bytes_of(ack, 16));
	assert_int_equal(acks(b), 0);
	answer(b, BYTES(ack));
	assert_int_equal(acks(b), 1);
	assert_memory_equal(b->sdm_ack.upu_mac_iue, ack + 1, 16);
	assert_true(b->sdm_ack.has_upu_mac_iue);
	assert_false(b->sdm_ack.ue_not_reachable);
	assert_int_equal(b->sdm_ack.provisioning_time, TIME);
	answer(b, BYTES(ack)); /* once */
	assert_int_equal(acks(b), 1);
	assert_null(amf_bed_ue(b)->procedures);
}

/* The UDM repeats it; the AMF ends it without a word, also where something else ends meanwhile. */
static void test_no_answer(void **state)
{
	struct amf_bed *b = *state;

	registered(b);
	assert_int_equal(update(b), SBI_OK);
	check_told(b);
	amf_procedure_end(b->amf, amf_procedure_begin(b->amf, amf_bed_ue(b), AMF_PATH_SWITCH));
	amf_bed_pass(b, 1000);
	assert_non_null(amf_procedure_find(amf_bed_ue(b), AMF_PARAMETERS_UPDATE));
	assert_int_equal(update(b), SBI_OK); /* in its place */
	check_told(b);
	assert_int_equal(amf_procedure_count(amf_bed_ue(b), AMF_PARAMETERS_UPDATE), 1);
	amf_bed_pass(b, 30000);
	assert_null(amf_bed_ue(b)->procedures);
	assert_int_equal(acks(b), 0);
}

/* A handover goes first. */
static void test_waits(void **state)
{
	struct amf_bed *b = *state;
	struct amf_procedure *p;

	registered(b);
	p = amf_procedure_begin(b->amf, amf_bed_ue(b), AMF_PATH_SWITCH);
	assert_int_equal(update(b), SBI_OK);
	amf_bed_silent(b);
	amf_procedure_end(b->amf, p);
	amf_bed_pass(b, 1);
	check_told(b);
}

static void test_idle(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;
	struct nas_msg m;

	registered(b);
	amf_bed_released(b);
	assert_int_equal(update(b), SBI_OK);
	assert_true(amf_bed_sent(b, NGAP_MSG_PAGING, &pdu));
	amf_bed_service(b);
	amf_bed_context_is_set_up(b);
	amf_bed_pass(b, 1);
	amf_bed_expect(b, NAS_CONFIGURATION_UPDATE_COMMAND, &m); /* another 5G-GUTI */
	check_told(b);
}

static void test_unreachable(void **state)
{
	struct amf_bed *b = *state;

	registered(b);
	amf_bed_released(b);
	assert_int_equal(update(b), SBI_OK);
	amf_bed_pass(b, 60000);
	assert_int_equal(acks(b), 1);
	assert_true(b->sdm_ack.ue_not_reachable);
	assert_false(b->sdm_ack.has_upu_mac_iue);
	assert_int_equal(b->amf->stat[AMF_STAT_PAGINGS], 1); /* in vain once, and not again */
	assert_null(amf_bed_ue(b)->procedures);
}

static void test_refused(void **state)
{
	struct amf_bed *b = *state;
	struct upu_info what = info();
	struct snssai many[SNSSAI_MAX + 1] = { 0 };
	struct upu_data too_many = { { SNSSAI_MAX + 1, many }, NULL };

	registered(b);
	assert_int_equal(
		notify(b, "/upuInfo", &what, 1), SBI_CONTEXT_NOT_FOUND); /* an earlier registration */
	assert_int_equal(notify(b, "/upuInfo", NULL, 0), SBI_MANDATORY_IE_INCORRECT);
	assert_int_equal(notify(b, "/rfspIndex", &what, 0), SBI_OK); /* nothing of ours */
	what.has_upu_mac_iausf = false;
	assert_int_equal(notify(b, "/upuInfo", &what, 0), SBI_MANDATORY_IE_INCORRECT);
	what = info();
	what.upu_data_list.items = &too_many;
	assert_int_equal(notify(b, "/upuInfo", &what, 0), SBI_MANDATORY_IE_INCORRECT);
	amf_bed_silent(b);
	assert_null(amf_bed_ue(b)->procedures);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_acknowledged),
		TEST(test_no_answer),
		TEST(test_waits),
		TEST(test_idle),
		TEST(test_unreachable),
		TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
