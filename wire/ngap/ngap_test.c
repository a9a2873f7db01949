/* NGAP PDUs of other implementations, whole and damaged. */
#include "wire/ngap/ngap.h"

#include "wire/per/test_vectors.h"

static bool decode(struct bytes in, struct arena *arena, void **value, struct per_diag *diag)
{
	struct ngap_pdu *pdu = arena_alloc(arena, sizeof(*pdu));

	assert_non_null(pdu);
	*value = pdu;
	return ngap_decode(in, arena, pdu, diag);
}

static bool encode(const void *value, struct writer *w)
{
	const struct ngap_pdu *pdu = value;

	return ngap_encode(pdu->message, pdu->u.any, w);
}

static void print(const void *value, struct printer *p)
{
	ngap_print(value, p);
}

static const struct vector_codec codec = { decode, encode, print };

/* Criticality is in the two high bits of an octet that is otherwise padding. */
static bool is_criticality(uint8_t octet)
{
	return (octet & 0x3f) == 0 && octet >> 6 <= PER_NOTIFY;
}

static void check_same(const struct vector *v, struct bytes again)
{
	size_t other = 0;

	assert_int_equal(v->octets.len, again.len);
	for (size_t i = 0; i < again.len; i++) {
		if (v->octets.data[i] == again.data[i])
			continue;
		other++;
		if (!is_criticality(v->octets.data[i]) || !is_criticality(again.data[i]))
			fail_msg("%s: octet %zu is %02x, not %02x", v->source, i, again.data[i],
				v->octets.data[i]);
	}
	assert_int_equal(other > 0, v->deviates);
}

static void round_trip(const struct vector *v, const void *arg)
{
	static uint8_t memory[VECTOR_ARENA], out[VECTOR_MAX], text[VECTOR_PRINTED];
	struct writer w = writer_of(out, sizeof(out)), printed = writer_of(text, sizeof(text));
	const char *name = arg;
	struct printer p;
	struct ngap_pdu pdu;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), 0);
	if (!ngap_decode(v->octets, &arena, &pdu, &diag))
		fail_msg("%s: fault %d in %s", v->source, diag.fault, diag.where ? diag.where : "?");
	assert_int_equal(diag.verdict, PER_PROCESS);
	assert_true(diag.has_procedure);
	assert_int_equal(diag.procedure_code, pdu.procedure_code);
	if (name && strncmp(v->source, ngap_message_name(pdu.message),
			    strlen(ngap_message_name(pdu.message))) != 0)
		fail_msg("%s is %s", v->source, ngap_message_name(pdu.message));
	assert_true(ngap_encode(pdu.message, pdu.u.any, &w));
	check_same(v, writer_bytes(&w));
	printer_init(&p, &printed, PRINT_FULL, NULL);
	ngap_print(&pdu, &p);
	assert_false(printed.failed);
	arena_fini(&arena);
}

static void damage(const struct vector *v, const void *arg)
{
	vector_mutate(&codec, v->octets, arg != NULL);
}

static void test_vectors(void **state)
{
	assert_int_equal(vectors_each("ngap_pdu.txt", round_trip, "named"), 62);
}

static void test_captures(void **state)
{
	assert_int_equal(vectors_each("ngap_captures.txt", round_trip, NULL), 1323);
}

static void test_damaged_vectors(void **state)
{
	vectors_each("ngap_pdu.txt", damage, "print");
}

static void test_damaged_captures(void **state)
{
	vectors_each("ngap_captures.txt", damage, NULL);
}

/* A full arena is exhaustion at whichever allocation it comes, and nothing worse. */
static void arena_limits(const struct vector *v, const void *arg)
{
	size_t limit = 0, refused = 0;
	bool accepted = false;

	while (!accepted) {
		uint8_t *memory = malloc(limit + 8);
		struct arena arena;
		struct ngap_pdu out;
		struct per_diag diag;

		assert_non_null(memory);
		arena_init(&arena, memory, limit, 0);
		accepted = ngap_decode(v->octets, &arena, &out, &diag);
		if (!accepted) {
			assert_int_equal(diag.fault, PER_FAULT_EXHAUSTED);
			assert_int_equal(diag.verdict, PER_REFUSE);
			refused++;
		}
		arena_fini(&arena);
		free(memory);
		limit += 8;
	}
	assert_true(refused > 0);
}

static void test_arena_limits(void **state)
{
	vectors_each("ngap_pdu.txt", arena_limits, NULL);
}

static void test_cause_text(void **state)
{
	struct ngap_cause c = { .tag = NGAP_CAUSE_TAG_MISC, .u.misc = NGAP_CAUSE_MISC_UNKNOWN_PLMN_OR_SNPN };
	char text[NGAP_CAUSE_TEXT_SIZE];

	assert_string_equal(ngap_cause_text(&c, text), "misc: unknown-PLMN-or-SNPN");
	c.u.misc = NGAP_CAUSE_MISC_N;
	assert_string_equal(ngap_cause_text(&c, text), "misc: unknown");
	c = (struct ngap_cause){ .tag = NGAP_CAUSE_TAG_RADIO_NETWORK };
	assert_string_equal(ngap_cause_text(&c, text), "radioNetwork: unspecified");
	c.tag = NGAP_CAUSE_TAG_CHOICE_EXTENSIONS;
	assert_string_equal(ngap_cause_text(&c, text), "none");
	assert_string_equal(ngap_cause_text(NULL, text), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_damaged_vectors),
		cmocka_unit_test(test_damaged_captures),
		cmocka_unit_test(test_arena_limits),
		cmocka_unit_test(test_cause_text),
	};

	return cmocka_run_group_tests_name("ngap", tests, NULL, NULL);
}
