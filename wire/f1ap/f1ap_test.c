/* F1AP PDUs of other implementations, whole and damaged. */
#include "wire/f1ap/f1ap.h"

#include "wire/per/test_vectors.h"

static bool decode(struct bytes in, struct arena *arena, void **value, struct per_diag *diag)
{
	struct f1ap_pdu *pdu = arena_alloc(arena, sizeof(*pdu));

	assert_non_null(pdu);
	*value = pdu;
	return f1ap_decode(in, arena, pdu, diag);
}

static bool encode(const void *value, struct writer *w)
{
	const struct f1ap_pdu *pdu = value;

	return f1ap_encode(pdu->message, pdu->u.any, w);
}

static void print(const void *value, struct printer *p)
{
	f1ap_print(value, p);
}

static const struct vector_codec codec = { decode, encode, print };

static void round_trip(const struct vector *v, const void *arg)
{
	static uint8_t memory[VECTOR_ARENA], out[VECTOR_MAX];
	struct writer w = writer_of(out, sizeof(out));
	struct per_diag diag;
	struct arena arena;
	struct f1ap_pdu pdu;

	arena_init(&arena, memory, sizeof(memory), 0);
	if (!f1ap_decode(v->octets, &arena, &pdu, &diag))
		fail_msg("%s: fault %d in %s", v->source, diag.fault, diag.where ? diag.where : "?");
	assert_memory_equal(
		v->source, f1ap_message_name(pdu.message), strlen(f1ap_message_name(pdu.message)));
	assert_true(f1ap_encode(pdu.message, pdu.u.any, &w));
	assert_int_equal(w.len, v->octets.len);
	assert_memory_equal(out, v->octets.data, w.len);
	arena_fini(&arena);
}

static void damage(const struct vector *v, const void *arg)
{
	vector_mutate(&codec, v->octets, true);
}

static void test_vectors(void **state)
{
	assert_int_equal(vectors_each("f1ap_pdu.txt", round_trip, NULL), 2);
}

static void test_damaged(void **state)
{
	vectors_each("f1ap_pdu.txt", damage, NULL);
}

/* F1AP-PDU has four alternatives and no extension marker (38.473 9.4.3): the kind is the first two bits. */
static void test_kinds(void **state)
{
	static const struct f1ap_reset_acknowledge outcome = { .transaction_id = 1 };
	static const struct f1ap_f1_setup_failure refusal = { .transaction_id = 1,
		.cause = { .tag = F1AP_CAUSE_TAG_MISC, .u.misc = F1AP_CAUSE_MISC_UNSPECIFIED } };
	static uint8_t memory[4096], octets[64];
	struct writer w = writer_of(octets, sizeof(octets));
	struct per_diag diag;
	struct f1ap_pdu pdu;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), sizeof(memory));
	assert_true(f1ap_encode(F1AP_MSG_RESET_ACKNOWLEDGE, &outcome, &w));
	assert_int_equal(octets[0], 0x40);
	assert_true(f1ap_decode(writer_bytes(&w), &arena, &pdu, &diag) && pdu.kind == PER_SUCCESSFUL);
	octets[0] = 0xc0; /* choice-extension */
	assert_false(f1ap_decode(writer_bytes(&w), &arena, &pdu, &diag));
	w = writer_of(octets, sizeof(octets));
	assert_true(f1ap_encode(F1AP_MSG_F1_SETUP_FAILURE, &refusal, &w));
	assert_int_equal(octets[0], 0x80);
	assert_true(f1ap_decode(writer_bytes(&w), &arena, &pdu, &diag) && pdu.kind == PER_UNSUCCESSFUL);
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests_name("f1ap", tests, NULL, NULL);
}
