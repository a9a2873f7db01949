/* XnAP PDUs that tshark reads, whole and damaged. */
#include "wire/xnap/xnap.h"

#include "wire/per/test_vectors.h"

static bool decode(struct bytes in, struct arena *arena, void **value, struct per_diag *diag)
{
	struct xnap_pdu *pdu = arena_alloc(arena, sizeof(*pdu));

	assert_non_null(pdu);
	*value = pdu;
	return xnap_decode(in, arena, pdu, diag);
}

static bool encode(const void *value, struct writer *w)
{
	const struct xnap_pdu *pdu = value;

	return xnap_encode(pdu->message, pdu->u.any, w);
}

static void print(const void *value, struct printer *p)
{
	xnap_print(value, p);
}

static const struct vector_codec codec = { decode, encode, print };

static void round_trip(const struct vector *v, const void *arg)
{
	static uint8_t memory[VECTOR_ARENA], out[VECTOR_MAX];
	struct writer w = writer_of(out, sizeof(out));
	struct per_diag diag;
	struct arena arena;
	struct xnap_pdu pdu;

	arena_init(&arena, memory, sizeof(memory), 0);
	if (!xnap_decode(v->octets, &arena, &pdu, &diag))
		fail_msg("%s: fault %d in %s", v->source, diag.fault, diag.where ? diag.where : "?");
	assert_memory_equal(
		v->source, xnap_message_name(pdu.message), strlen(xnap_message_name(pdu.message)));
	assert_true(xnap_encode(pdu.message, pdu.u.any, &w));
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
	assert_int_equal(vectors_each("xnap_pdu.txt", round_trip, NULL), 9);
}

static void test_damaged(void **state)
{
	vectors_each("xnap_pdu.txt", damage, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests_name("xnap", tests, NULL, NULL);
}
