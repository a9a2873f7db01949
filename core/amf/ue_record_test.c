/* What of a UE survives the AMF, and that nothing survives half. */
#include "core/amf/amf_bed.h"
#include "core/amf/mobility.h"
#include "core/amf/ue_order.h"
#include "core/amf/warning.h"

#include "wire/ngap/ngap.h"

static void test_all_of_it(void **state)
{
	struct amf_bed *b = *state;
	struct amf_ue *ue;

	amf_bed_register(b);
	amf_bed_session(b, 5);
	amf_bed_settle(b);
	amf_bed_restart(b);
	ue = amf_bed_ue(b);
	assert_non_null(ue);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_string_equal(ue->supi.imsi, "001010000000001");
	assert_true(plmn_equal(&ue->tai.plmn, &b->config.guami.plmn));
	assert_int_equal(ue->tai.tac, 1);
	assert_int_equal(ue->tmsi, b->tmsi);
	assert_true(ue->security.active);
	assert_int_equal(amf_session_status(ue), 1 << 5);
	assert_string_equal(ue->policy_id, "policy");
	assert_non_null(ue->pcf);
	assert_non_null(ue->sessions->smf);
	amf_bed_service(b); /* and the UE goes on with it */
}

/* A context without security is stored as one: the key that it does not have is no key. */
static void test_no_security(void **state)
{
	struct amf_bed *b = *state;
	struct amf_ue *ue;

	amf_bed_register(b);
	ue = amf_bed_ue(b);
	nas_security_clear(&ue->security);
	ue->k_amf_sealed = false;
	amf_ue_dirty(b->amf, ue);
	amf_bed_settle(b);
	amf_bed_restart(b);
	ue = amf_bed_ue(b);
	assert_non_null(ue);
	assert_false(ue->security.active);
}

/* Counts that may have been used are not used again: not at once, nor at a later start, which knows of no
 * loss. */
static void test_older_store(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_register(b);
	amf_bed_settle(b);
	amf_bed_restart_older(b);
	amf_bed_settle(b);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_false(amf_bed_ue(b)->security.active);
	amf_bed_restart(b);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_false(amf_bed_ue(b)->security.active);
}

/* The operator has changed the network's PLMN: what becomes of the UEs of the old one is said. */
static void test_another_plmn(void **state)
{
	struct amf_bed *b = *state;
	char plmn[PLMN_STR_SIZE];

	amf_bed_register(b);
	amf_bed_settle(b);
	amf_bed_restart(b);
	assert_false(test_env_logged(&b->t, "another PLMN"));
	assert_true(plmn_parse("00199", &b->amf->config.guami.plmn)); /* as it was before */
	amf_bed_ue(b)->tai = (struct tai){ b->amf->config.guami.plmn, 53 };
	amf_ue_dirty(b->amf, amf_bed_ue(b));
	amf_bed_settle(b);
	amf_bed_restart(b);
	assert_true(test_env_logged(&b->t, "1 of them registered in another PLMN than 00101"));
	assert_string_equal(plmn_str(&amf_bed_ue(b)->tai.plmn, plmn), "00199");
	assert_int_equal(amf_bed_ue(b)->tai.tac, 53);
}

struct spoil {
	struct amf_bed *b;
	struct bytes value;
	uint8_t key[8];
};

static bool take_record(void *arg, struct bytes key, struct bytes value)
{
	struct spoil *s = arg;

	s->value = arena_bytes(&s->b->arena, value);
	return bytes_copy(s->key, sizeof(s->key), key);
}

static bool take_connection(void *arg, struct bytes key, struct bytes value)
{
	struct spoil *s = arg;

	s->value = arena_bytes(&s->b->arena, value);
	return true;
}

/* A field changed in the store: {tag, length, value...} */
static void spoil_record(struct amf_bed *b, uint8_t tag, uint8_t value)
{
	struct spoil s = { .b = b };
	struct cursor c;
	uint8_t out[2048];
	struct writer w = writer_of(out, sizeof(out));

	assert_true(store_scan(b->t.env.store, STORE_AMF_UE, take_record, &s));
	c = cursor_of(s.value);
	while (cursor_left(&c)) {
		uint8_t t = cursor_u8(&c);
		uint16_t len = cursor_u16(&c);
		struct bytes v = cursor_bytes(&c, len);

		if (t == tag)
			v = bytes_of(&value, 1);
		writer_u8(&w, t);
		writer_u16(&w, (uint16_t)v.len);
		writer_put(&w, v);
	}
	assert_true(store_put(b->t.env.store, STORE_AMF_UE, BYTES(s.key), writer_bytes(&w)));
	assert_true(turn_end(&b->turn));
}

/* A UE each of whose members has a value of its own. */
static void number(struct amf_bed *b, struct amf_ue *ue)
{
	struct amf_session *s;

	amf_bed_session(b, 5);
	s = ue->sessions;
	s->snssai = (struct snssai){ 41, 42 };
	assert_true(amf_session_set_dnn(b->amf, s, "d"));
	s->callback = 43;
	ue->tmsi = 44; /* the indexes are of no matter here */
	ue->old_tmsi = 45;
	ue->security.ngksi = 1;
	ue->security.count[NAS_UPLINK] = 46;
	ue->dl_count_reserved = 47;
	ue->kgnb_ul_count = 48;
	ue->capability = (struct nas_ue_security_capability){ 2, { 0xe1, 0xe2 } };
	ue->allowed_nssai.items[0] = (struct snssai){ 49, 50 };
	ue->ambr = (struct ambr){ 51, 52 };
	ue->tai.tac = 53;
	ue->callback = 54;
	ue->registered_s = 55;
	memset(ue->sealed_k_amf, 0x56, sizeof(ue->sealed_k_amf));
	ue->k_amf_sealed = true;
	ue->has_nh = true;
	ue->ncc = 7;
	ue->masked_imeisv = 56;
	ue->msisdn = 57;
	ue->ran = (struct amf_ue_ran){ 57, 58, AMF_VOICE_UNSUPPORTED };
	ue->secured_s = 63;
	ue->emergency = true;
	assert_non_null(amf_mobility_make(ue));
	*ue->mobility = (struct amf_mobility){ .mico_allowed = true,
		.nr_restricted = true,
		.core_restricted = true,
		.restriction = RESTRICTION_TYPE_ALLOWED_AREAS,
		.has_areas_max = true,
		.areas_max = 67,
		.subscribed_t3512_s = 68,
		.subscribed_active_s = 69,
		.areas = { 2, { 65, 66 } },
		.forbidden = { 1, { 70 } },
		.used = { 1, { 71 } },
		.ladns = 72,
		.areas_changed = true,
		.mico = AMF_MICO_ON,
		.has_edrx = true,
		.edrx = 73,
		.t3512_s = 64,
		.active_s = 74 };
	ue->drx = 4;
}

static void test_stored_form(void **state)
{
	static const char ue_form[] =
		"1:303031303130303030303030303031 2:2c 3:2d 4:01 5:02 6:02 8:2e 9:2f 10:30 11:02 "
		"12:e1e2000000000000 13:00080100013102000132 14:33 15:34 16:00f110 17:35 18:706f6c696379 "
		"19:002201000105020001290300012a0400016405000472656635060004322c2c2c0700012b "
		"20:5656565656565656565656565656565656565656565656565656565656565656565656565656565656565"
		"65656565656565656565656565656565656 21:372c2c2c 22:36 24:00f110 25:01 26:01 27:01 28:37 "
		"29:04 30:01 31:07 33:38 "
		"34:005d01000101020001010300010104000101050001010600014307000144080001450900"
		"0c0004010001410004010001420a00060004010001460b00060004010001470c0001010d00"
		"01010e0001490f0001401000014a1100010112000148 35:01 36:3f 37:39 "
		"60:010001390200013a03000102 ";
	struct amf_bed *b = *state;
	struct spoil s = { .b = b };
	char text[2048];

	amf_bed_register(b);
	number(b, amf_bed_ue(b));
	assert_true(amf_ue_put(b->amf, &amf_bed_ue(b)->mark));
	assert_true(store_scan(b->t.env.store, STORE_AMF_UE, take_record, &s));
	test_record_text(s.value, (const uint8_t[]){ 32, 0 }, text, sizeof(text)); /* sealed with a nonce */
	assert_string_equal(text, ue_form);
	s.value = BYTES_NONE;
	amf_bed_ue(b)->serving->location.ncgi.nci = 61;
	amf_bed_ue(b)->serving->location.tai.tac = 62;
	amf_connection_put(b->amf, amf_bed_ue(b)->serving);
	assert_true(store_scan(b->t.env.store, STORE_AMF_CONNECTION, take_connection, &s));
	test_record_text(s.value, (const uint8_t[]){ 1, 0 }, text, sizeof(text));
	assert_string_equal(text, "2:f1101800000001 3:01 4:04 5:0a000003000000000000000000000000 "
				  "6:303031303130303030303030303031 "
				  "7:00f110 8:3e 9:3d ");
}

/* What was restored is stored again as it was, but for what is sealed and the counts that were reserved. */
static void test_stored_again(void **state)
{
	static const uint8_t changes[] = { 7, 8, 9, 20, 32, 0 };
	struct amf_bed *b = *state;
	struct spoil s = { .b = b };
	char before[2048], after[2048];
	struct amf_ue *ue;

	amf_bed_register(b);
	amf_bed_session(b, 5);
	ue = amf_bed_ue(b);
	ue->kgnb_ul_count = 48;
	ue->capability = (struct nas_ue_security_capability){ 3, { 0xe1, 0xe2, 0xe3 } };
	ue->allowed_nssai = (struct nssai){ 2, { { 49, 50 }, { 51, 52 } } };
	ue->ambr = (struct ambr){ 53, 54 };
	assert_true(plmn_parse("00199", &ue->tai.plmn));
	ue->tai.tac = 55;
	ue->serving->location.tai = ue->tai; /* by which both are known again */
	ue->serving->location.ncgi.nci = 60;
	amf_connection_put(b->amf, ue->serving);
	ue->registered_s = 56;
	ue->secured_s = 57;
	ue->masked_imeisv = 58;
	ue->msisdn = 59;
	ue->ran = (struct amf_ue_ran){ 60, 61, AMF_VOICE_UNSUPPORTED };
	ue->drx = 4;
	ue->emergency = true;
	assert_non_null(amf_mobility_make(ue));
	ue->mobility->areas_max = 62;
	ue->mobility->has_areas_max = true;
	amf_ue_dirty(b->amf, ue);
	amf_bed_settle(b);
	assert_true(store_scan(b->t.env.store, STORE_AMF_UE, take_record, &s));
	test_record_text(s.value, changes, before, sizeof(before));
	amf_bed_restart(b);
	amf_ue_dirty(b->amf, amf_bed_ue(b));
	amf_bed_settle(b);
	assert_true(store_scan(b->t.env.store, STORE_AMF_UE, take_record, &s));
	test_record_text(s.value, changes, after, sizeof(after));
	assert_string_equal(after, before);
}

static void test_stored_forms_of_orders(void **state)
{
	static const struct amf_order order = { .once = true,
		.follow = true,
		.area_count = 2,
		.area = { { 11 }, { 12 } },
		.traced = true,
		.depth = 13,
		.interfaces = 14,
		.trace_id = { 15 },
		.collector_len = 4,
		.collector = { 16 } };
	static const struct amf_warning warning = { .r = { .id = 17,
							    .serial = 18,
							    .repetition_s = 19,
							    .broadcasts = 20,
							    .begun_s = 21,
							    .cancelled_s = 22,
							    .area_count = 1,
							    .area = { { 23 } },
							    .dcs = 24,
							    .len = 1,
							    .contents = { 25 } } };
	struct amf_bed *b = *state;
	struct spoil s = { .b = b };
	struct amf_order again;
	char text[4 * WARNING_CONTENTS_MAX];

	amf_bed_register(b);
	amf_order_put(b->amf, amf_bed_ue(b), &order);
	assert_true(store_scan(b->t.env.store, STORE_AMF_ORDER, take_record, &s));
	test_record_text(s.value, (const uint8_t[]){ 0 }, text, sizeof(text));
	assert_string_equal(text,
		"1:01 2:01 3:00040100010b00040100010c 4:01 5:0d 6:0e 7:0f00000000000000 8:04 "
		"9:10000000000000000000000000000000 ");
	amf_order_get(b->amf, amf_bed_ue(b), &again);
	assert_memory_equal(&again, &order, sizeof(order));
	s.value = BYTES_NONE;
	amf_warning_put(b->amf, &warning);
	assert_true(store_scan(b->t.env.store, STORE_AMF_WARNING, take_record, &s));
	test_record_text(s.value, (const uint8_t[]){ 10, 0 }, text, sizeof(text));
	assert_string_equal(text, "1:11 2:12 3:13 4:14 5:15 6:16 7:000401000117 8:18 9:01 ");
	test_record_text(s.value, (const uint8_t[]){ 1, 2, 3, 4, 5, 6, 7, 8, 9, 0 }, text, sizeof(text));
	assert_memory_equal(text, "10:1900", 7);
}

static void assert_not_restored(struct amf_bed *b)
{
	amf_bed_restart(b);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	assert_int_equal(amf_numbers(b->amf).sessions, 0);
	assert_int_equal(b->amf->ues.used, 0);
	assert_int_equal(b->amf->ue_by_tmsi.count, 0);
	assert_int_equal(b->amf->ue_by_supi.count, 0);
	assert_int_equal(b->amf->stat[AMF_STAT_NOT_RESTORED], 1);
}

static void test_a_policy_without_its_pcf(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_register(b);
	amf_bed_session(b, 5);
	amf_bed_settle(b);
	spoil_record(b, 21, 'x');
	assert_not_restored(b);
}

static void test_a_key_that_is_not_sealed(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_register(b);
	amf_bed_session(b, 5);
	amf_bed_settle(b);
	b->config.seal_key[0] ^= 1;
	assert_not_restored(b);
}

static struct guami guami_of(const struct amf_bed *b, uint8_t pointer)
{
	return (struct guami){ b->config.guami.plmn, 1, 1, pointer };
}

/* The bed's AMF becomes another one over the same store: the number-th, beside one with pointer. */
static void become(struct amf_bed *b, uint8_t number, uint8_t own_pointer, uint8_t other_pointer)
{
	b->config.number = number;
	b->config.guami = guami_of(b, own_pointer);
	b->config.other_count = 1;
	b->config.others[0] = guami_of(b, other_pointer);
	amf_bed_restart(b);
}

static unsigned records(struct amf_bed *b)
{
	struct spoil s = { .b = b };

	assert_true(store_scan(b->t.env.store, STORE_AMF_UE, take_record, &s));
	return s.value.len > 0;
}

/* Each AMF restores its own UEs and leaves the others'; the first takes those of no AMF that there is. */
static void test_whose_it_is(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_register(b);
	become(b, 1, 2, 1);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	become(b, 0, 2, 1);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	assert_int_equal(b->amf->stat[AMF_STAT_NOT_RESTORED], 0);
	become(b, 1, 2, 3);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	become(b, 1, 1, 2);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	become(b, 0, 2, 3);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_int_equal(amf_bed_ue(b)->tmsi, b->tmsi);
}

/* What another AMF stored since is not deleted by the one that forgets the UE. */
static void test_record_of_another(void **state)
{
	struct amf_bed *b = *state;
	struct amf_ue *ue;

	b->config.other_count = 1;
	b->config.others[0] = guami_of(b, 2);
	amf_bed_restart(b);
	amf_bed_register(b);
	ue = amf_bed_ue(b);
	spoil_record(b, 27, 2);
	amf_ue_free(b->amf, ue);
	amf_bed_ng_setup(b, BED_ASSOC + 1, 2); /* a turn that has something to say */
	assert_int_equal(b->amf->ues.used, 0);
	assert_int_equal(records(b), 1);
	become(b, 1, 2, 1);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	amf_ue_free(b->amf, amf_bed_ue(b));
	amf_bed_settle(b);
	assert_int_equal(records(b), 0);
}

/* Octets that are no record are counted once. */
static void test_unreadable(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_register(b);
	spoil_record(b, 1, 0xff);
	become(b, 1, 2, 1);
	assert_int_equal(b->amf->stat[AMF_STAT_NOT_RESTORED], 0);
	become(b, 0, 1, 2);
	assert_int_equal(b->amf->stat[AMF_STAT_NOT_RESTORED], 1);
}

static void instance_of(struct amf_bed *b, char out[UUID_STR_SIZE])
{
	amf_bed_restart(b);
	str_copy(out, UUID_STR_SIZE, amf_nf(b->amf)->nf_instance_id);
}

/* An instance id of its own for each, which stays; the longest name has room. */
static void test_instance_ids(void **state)
{
	struct amf_bed *b = *state;
	char first[UUID_STR_SIZE], second[UUID_STR_SIZE], third[UUID_STR_SIZE], again[UUID_STR_SIZE];

	instance_of(b, first);
	b->config.number = 1;
	memset(b->config.name, 'n', sizeof(b->config.name) - 1);
	instance_of(b, second);
	b->config.name[sizeof(b->config.name) - 2] = 'm';
	instance_of(b, third);
	assert_string_not_equal(first, second);
	assert_string_not_equal(second, third);
	instance_of(b, again);
	assert_string_equal(again, third);
	b->config.number = 0;
	instance_of(b, again);
	assert_string_equal(again, first);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_of_it),
		TEST(test_stored_form),
		TEST(test_stored_again),
		TEST(test_stored_forms_of_orders),
		TEST(test_no_security),
		TEST(test_older_store),
		TEST(test_another_plmn),
		TEST(test_a_policy_without_its_pcf),
		TEST(test_a_key_that_is_not_sealed),
		TEST(test_whose_it_is),
		TEST(test_record_of_another),
		TEST(test_unreadable),
		TEST(test_instance_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
