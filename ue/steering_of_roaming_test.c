/* Steering of roaming at the UE: what is proved by K_AUSF and newer than all before, and nothing else. */
#include "ue/ue_bed.h"

#include "crypto/hmac.h"

/* 24.501 figure 9.11.3.51.3: 001/02 by NR; 001/03 by E-UTRA */
static const uint8_t one[] = { 0x00, 0xf1, 0x20, 0x08, 0x00 };
static const uint8_t two[] = { 0x00, 0xf1, 0x30, 0x40, 0x00, 0x00, 0xf1, 0x20, 0x08, 0x00 };

enum { ACKNOWLEDGE = 0x08, LIST = 0x06, CONTAINER_MAX = 64 };

/* The low half of HMAC-SHA-256 over FC and the parameters with their lengths (33.501 A.17, A.18; 33.220 B.2).
 */
static void mac_of(
	const struct bed *b, uint8_t fc, uint8_t first, uint16_t counter, struct bytes list, uint8_t mac[16])
{
	uint8_t octets[64], full[32];
	struct writer w = writer_of(octets, sizeof(octets));
	struct bytes s;

	writer_u8(&w, fc);
	writer_u8(&w, first);
	writer_u16(&w, 1);
	writer_u16(&w, counter);
	writer_u16(&w, 2);
	if (list.len > 0) {
		writer_put(&w, list);
		writer_u16(&w, (uint16_t)list.len);
	}
	s = writer_bytes(&w);
	assert_true(hmac_sha256(BYTES(b->k_ausf), &s, 1, full));
	assert_true(bytes_copy(mac, 16, bytes_of(full + 16, 16)));
}

static struct bytes container(const struct bed *b, uint8_t header, struct bytes list, uint16_t counter,
	uint8_t spoilt, uint8_t octets[CONTAINER_MAX])
{
	uint8_t mac[16];
	struct writer w = writer_of(octets, CONTAINER_MAX);

	mac_of(b, 0x77, header, counter, list, mac);
	mac[15] ^= spoilt;
	writer_u8(&w, header);
	writer_put(&w, BYTES(mac));
	writer_u16(&w, counter);
	writer_put(&w, list);
	return writer_bytes(&w);
}

static void send(struct bed *b, uint8_t header, struct bytes list, uint16_t counter, uint8_t spoilt)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };
	uint8_t octets[CONTAINER_MAX];

	m.dl_nas_transport.payload_container_type = NAS_PAYLOAD_SOR;
	m.dl_nas_transport.payload_container = container(b, header, list, counter, spoilt, octets);
	bed_send(b, m);
}

static void check_mac(const struct bed *b, struct bytes got, uint16_t counter)
{
	uint8_t mac[16];

	mac_of(b, 0x78, 0x01, counter, BYTES_NONE, mac);
	assert_int_equal(got.len, 17);
	assert_int_equal(got.data[0], 0x01);
	assert_memory_equal(got.data + 1, mac, 16);
}

static void check_acknowledged(struct bed *b, uint16_t counter)
{
	struct nas_msg m = bed_nas(b, NAS_UL_NAS_TRANSPORT);

	assert_int_equal(m.ul_nas_transport.payload_container_type, NAS_PAYLOAD_SOR);
	check_mac(b, m.ul_nas_transport.payload_container, counter);
}

static void check_silent(struct bed *b)
{
	struct uu_pdu pdu;

	assert_false(bed_next(b, &pdu));
}

static void check_has(const struct bed *b, uint8_t count, const char *first, uint16_t access)
{
	struct ue_state s;
	char plmn[PLMN_STR_SIZE];

	ue_state(b->ue, &s);
	assert_int_equal(s.steering.count, count);
	assert_true(count == 0 || !strcmp(plmn_str(&s.steering.plmns[0].plmn, plmn), first));
	assert_true(count == 0 || s.steering.plmns[0].access == access);
}

static void test_taken(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	send(b, LIST | ACKNOWLEDGE, BYTES(one), 1, 0);
	check_acknowledged(b, 1);
	check_has(b, 1, "00102", 0x0800);
	send(b, LIST, BYTES(two), 7, 0);
	check_silent(b); /* it was not asked to */
	check_has(b, 2, "00103", 0x4000);
	send(b, ACKNOWLEDGE, BYTES_NONE, 8, 0); /* no change */
	check_acknowledged(b, 8);
	check_has(b, 2, "00103", 0x4000);
	assert_int_equal(bed_stat(b, "steered"), 3);
}

/* 33.501 6.14.2.3 */
static void test_not_proved(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	send(b, LIST | ACKNOWLEDGE, BYTES(one), 0, 0); /* no counter is 0 */
	send(b, LIST | ACKNOWLEDGE, BYTES(one), 5, 1); /* another MAC; its counter does not count */
	check_has(b, 0, NULL, 0);
	assert_int_equal(bed_stat(b, "steering_refused"), 2);
	send(b, LIST | ACKNOWLEDGE, BYTES(one), 4, 0);
	check_acknowledged(b, 4);
	send(b, LIST | ACKNOWLEDGE, BYTES(two), 4, 0); /* again, and from before */
	send(b, LIST | ACKNOWLEDGE, BYTES(two), 3, 0);
	send(b, 0x01, BYTES_NONE, 9, 0); /* an acknowledgement */
	check_silent(b);
	check_has(b, 1, "00102", 0x0800);
	assert_int_equal(bed_stat(b, "steering_refused"), 5);
}

/* The header is under the MAC, too: nobody can take the list out. */
static void test_header(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };
	uint8_t octets[CONTAINER_MAX];

	bed_register(b);
	m.dl_nas_transport.payload_container_type = NAS_PAYLOAD_SOR;
	m.dl_nas_transport.payload_container = container(b, LIST | ACKNOWLEDGE, BYTES(one), 1, 0, octets);
	octets[0] = LIST;
	bed_send(b, m);
	check_has(b, 0, NULL, 0);
	assert_int_equal(bed_stat(b, "steering_refused"), 1);
}

/* A proved list that is none, and one for the USIM: nothing of it is taken, and it is not acknowledged. */
static void test_not_readable(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	send(b, LIST | ACKNOWLEDGE, bytes_of(one, 4), 1, 0);
	send(b, 0x02 | ACKNOWLEDGE, BYTES(one), 2, 0);
	check_silent(b);
	check_has(b, 0, NULL, 0);
}

/* A new K_AUSF counts from the security mode command on, and its counters begin again. */
static void test_next_key(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	send(b, LIST | ACKNOWLEDGE, BYTES(one), 9, 0);
	check_acknowledged(b, 9);
	bed_secure_again(b);
	bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	send(b, LIST | ACKNOWLEDGE, BYTES(two), 1, 0);
	check_acknowledged(b, 1);
}

static void accept(struct bed *b, uint16_t counter, uint8_t spoilt)
{
	struct nas_msg m = { .type = NAS_REGISTRATION_ACCEPT };
	struct nas_registration_accept *a = &m.registration_accept;
	uint8_t octets[CONTAINER_MAX];

	a->registration_result = 1;
	a->has_guti = true;
	a->guti.type = NAS_IDENTITY_5G_GUTI;
	a->guti.guti = (struct guti){ { b->profile.home, 1, 2, 3 }, BED_TMSI };
	a->has_sor_transparent_container = true;
	a->sor_transparent_container = container(b, LIST | ACKNOWLEDGE, BYTES(one), counter, spoilt, octets);
	bed_send(b, m);
}

static struct nas_registration_complete completes(struct bed *b)
{
	return bed_nas(b, NAS_REGISTRATION_COMPLETE).registration_complete;
}

/* 24.501 5.5.1.2.4: the acknowledgement comes with REGISTRATION COMPLETE, and again where the accept does. */
static void test_in_the_accept(void **state)
{
	struct bed *b = *state;
	struct nas_registration_complete c;

	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_secure(b);
	bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	accept(b, 1, 0);
	for (int i = 0; i < 2; i++) {
		c = completes(b);
		assert_true(c.has_sor_transparent_container);
		check_mac(b, c.sor_transparent_container, 1);
		if (i == 0)
			accept(b, 1, 0);
	}
	check_has(b, 1, "00102", 0x0800);
	assert_int_equal(bed_stat(b, "steered"), 1);
	accept(b, 1, 1);
	assert_false(completes(b).has_sor_transparent_container);
	assert_int_equal(bed_stat(b, "steering_refused"), 1);
}

/* At home a list that is not proved is ignored (23.122 C.2). */
static void test_not_proved_in_the_accept(void **state)
{
	struct bed *b = *state;

	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_secure(b);
	bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	accept(b, 1, 1);
	assert_false(completes(b).has_sor_transparent_container);
	assert_int_equal(b->events[UE_EVENT_REGISTERED], 1);
	check_has(b, 0, NULL, 0);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_taken),
		TEST(test_not_proved),
		TEST(test_header),
		TEST(test_not_readable),
		TEST(test_next_key),
		TEST(test_in_the_accept),
		TEST(test_not_proved_in_the_accept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
