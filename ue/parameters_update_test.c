/* UE parameters update at the UE: what is proved by K_AUSF and newer than all before, and nothing else. */
#include "ue/ue_bed.h"

#include "crypto/hmac.h"

/* 24.501 9.11.3.53A */
static const uint8_t routing_list[] = { 0x04, 0x00, 0x02, 0x21, 0xf3 };
static const uint8_t slice_list[] = { 0x02, 0x00, 0x02, 0x01, 0x05, 0x01, 0x00, 0x01, 0xff };

enum { ACKNOWLEDGE = 2, RE_REGISTER = 4 };

/* The low half of HMAC-SHA-256 over FC, P0, L0, P1 and L1 (33.501 A.19, A.20; 33.220 B.2). */
static void mac_of(const struct bed *b, uint8_t fc, struct bytes p0, uint16_t counter, uint8_t mac[16])
{
	uint8_t octets[64], full[32];
	struct writer w = writer_of(octets, sizeof(octets));
	struct bytes s;

	writer_u8(&w, fc);
	writer_put(&w, p0);
	writer_u16(&w, (uint16_t)p0.len);
	writer_u16(&w, counter);
	writer_u16(&w, 2);
	s = writer_bytes(&w);
	assert_true(hmac_sha256(BYTES(b->k_ausf), &s, 1, full));
	assert_true(bytes_copy(mac, 16, bytes_of(full + 16, 16)));
}

static void send(struct bed *b, uint8_t header, struct bytes list, uint16_t counter, uint8_t spoilt)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };
	uint8_t octets[64], mac[16];
	struct writer w = writer_of(octets, sizeof(octets));

	mac_of(b, 0x7b, list, counter, mac);
	mac[15] ^= spoilt;
	writer_u8(&w, header);
	writer_put(&w, BYTES(mac));
	writer_u16(&w, counter);
	writer_put(&w, list);
	m.dl_nas_transport.payload_container_type = NAS_PAYLOAD_UE_PARAMETERS;
	m.dl_nas_transport.payload_container = writer_bytes(&w);
	bed_send(b, m);
}

static void check_acknowledged(struct bed *b, uint16_t counter)
{
	static const uint8_t acknowledgement = 0x01;
	struct nas_msg m = bed_nas(b, NAS_UL_NAS_TRANSPORT);
	struct bytes got = m.ul_nas_transport.payload_container;
	uint8_t mac[16];

	mac_of(b, 0x7c, bytes_of(&acknowledgement, 1), counter, mac);
	assert_int_equal(m.ul_nas_transport.payload_container_type, NAS_PAYLOAD_UE_PARAMETERS);
	assert_int_equal(got.len, 17);
	assert_int_equal(got.data[0], 0x01);
	assert_memory_equal(got.data + 1, mac, 16);
}

static void check_silent(struct bed *b)
{
	struct uu_pdu pdu;

	assert_false(bed_next(b, &pdu));
}

static struct ue_parameters has(const struct bed *b)
{
	struct ue_state s;

	ue_state(b->ue, &s);
	return s.parameters;
}

static void test_taken(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	send(b, ACKNOWLEDGE, BYTES(routing_list), 1, 0);
	check_acknowledged(b, 1);
	assert_string_equal(has(b).routing_indicator, "123");
	assert_int_equal(has(b).default_nssai_count, 0);
	send(b, 0, BYTES(slice_list), 7, 0);
	check_silent(b); /* it was not asked to */
	assert_string_equal(has(b).routing_indicator, "123");
	assert_int_equal(has(b).default_nssai_count, 1);
	assert_int_equal(has(b).default_nssai[0].sst, 5);
	assert_int_equal(bed_stat(b, "parameters_updated"), 2);
}

/* 33.501 6.15.2.2 */
static void test_not_proved(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	send(b, ACKNOWLEDGE, BYTES(routing_list), 0, 0); /* no counter is 0 */
	send(b, ACKNOWLEDGE, BYTES(routing_list), 5, 1); /* another MAC; its counter does not count */
	assert_string_equal(has(b).routing_indicator, "");
	assert_int_equal(bed_stat(b, "parameters_refused"), 2);
	send(b, ACKNOWLEDGE, BYTES(routing_list), 4, 0);
	check_acknowledged(b, 4);
	send(b, ACKNOWLEDGE, BYTES(slice_list), 4, 0); /* again, and from before */
	send(b, ACKNOWLEDGE, BYTES(slice_list), 3, 0);
	send(b, 0x01, BYTES_NONE, 9, 0); /* an acknowledgement */
	check_silent(b);
	assert_int_equal(has(b).default_nssai_count, 0);
	assert_int_equal(bed_stat(b, "parameters_refused"), 5);
	send(b, ACKNOWLEDGE, BYTES(slice_list), 5, 0);
	check_acknowledged(b, 5);
}

/* A new K_AUSF counts from the security mode command on, and its counters begin again. */
static void test_next_key(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	send(b, ACKNOWLEDGE, BYTES(routing_list), 9, 0);
	check_acknowledged(b, 9);
	bed_secure_again(b);
	bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	send(b, ACKNOWLEDGE, BYTES(slice_list), 1, 0);
	check_acknowledged(b, 1);
	assert_int_equal(bed_stat(b, "parameters_refused"), 0);
}

/* A proved list that is none: nothing of it is taken, and it is not acknowledged. */
static void test_malformed_list(void **state)
{
	static const uint8_t list[] = { 0x04, 0x00, 0x02, 0x21, 0xf3, 0x02, 0x00, 0x09 };
	struct bed *b = *state;

	bed_register(b);
	send(b, ACKNOWLEDGE, BYTES(list), 1, 0);
	check_silent(b);
	assert_string_equal(has(b).routing_indicator, "");
}

/* 24.501 5.5.1.2.2: the default configured NSSAI is asked for where the UE has no other, and said to be it.
 */
static void test_re_registration(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_register(b);
	b->profile.slice_count = 0;
	send(b, RE_REGISTER, BYTES(slice_list), 1, 0);
	check_silent(b); /* once it is idle */
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
	m = bed_nas(b, NAS_REGISTRATION_REQUEST);
	assert_int_equal(m.registration_request.registration_type & 7, NAS_REGISTRATION_MOBILITY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_taken, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_not_proved, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_next_key, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_malformed_list, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_re_registration, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
