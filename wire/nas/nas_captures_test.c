/* NAS messages of the captures: decoded, re-encoded to the same octets, damaged in every small way. */
#include "wire/tlv/test_vectors.h"

#include "wire/nas/nas.h"

#define CAPTURES VECTORS "/nas_captures.txt"

static uint8_t store[65536], store2[65536];

static void round_trip(struct bytes octets, const char *source)
{
	struct arena arena;
	struct nas_msg msg;
	struct tlv_fault fault;
	uint8_t out[VECTOR_OCTETS_MAX];
	struct writer w = writer_of(out, sizeof(out));

	arena_init(&arena, store, sizeof(store), 0);
	if (!nas_decode(octets, &arena, &msg, &fault))
		fail_msg("%s: fault %d of %s (0x%x)", source, fault.kind, fault.ie_name ? fault.ie_name : "-",
			fault.ie);
	if (!nas_encode(&msg, &w) || !bytes_equal(writer_bytes(&w), octets)) {
		print_error("%s", source);
		for (size_t i = 0; i < w.len; i++)
			print_error("%02x", out[i]);
		print_error(" of\n");
		for (size_t i = 0; i < octets.len; i++)
			print_error("%02x", octets.data[i]);
		fail_msg("%s: not the same octets", source);
	}
	arena_fini(&arena);
}

static void same_octets(void **state)
{
	assert_true(vectors_each(CAPTURES, round_trip) > 200);
}

/* What can be encoded decodes again, to the same. */
static void settle(const struct nas_msg *msg)
{
	static uint8_t first[16384], second[16384];
	struct writer a = writer_of(first, sizeof(first)), b = writer_of(second, sizeof(second));
	struct arena arena;
	struct nas_msg again;
	struct tlv_fault fault;

	if (!nas_encode(msg, &a))
		return;
	arena_init(&arena, store2, sizeof(store2), 0);
	assert_true(nas_decode(writer_bytes(&a), &arena, &again, &fault));
	assert_true(nas_encode(&again, &b));
	assert_true(bytes_equal(writer_bytes(&a), writer_bytes(&b)));
	arena_fini(&arena);
}

/* Whatever arrives: a message, which can be printed, or a fault with its cause. */
static void survive(struct bytes octets)
{
	static char text[16384];
	struct arena arena;
	struct nas_msg msg;
	struct tlv_fault fault;
	struct printer p;
	struct writer w = writer_of(text, sizeof(text));

	arena_init(&arena, store, sizeof(store), 0);
	if (nas_decode(octets, &arena, &msg, &fault)) {
		assert_int_equal(fault.kind, TLV_OK);
		printer_init(&p, &w, PRINT_FULL, NULL);
		nas_print(&msg, &p);
		assert_false(w.failed);
		settle(&msg);
	} else {
		assert_int_not_equal(fault.kind, TLV_OK);
		assert_true(fault.kind == TLV_NO_MEMORY || fault.cause == NAS_CAUSE_INVALID_MANDATORY ||
			    fault.cause == NAS_CAUSE_MESSAGE_UNKNOWN ||
			    fault.cause == NAS_CAUSE_CONDITIONAL_IE ||
			    fault.cause == NAS_CAUSE_PROTOCOL_ERROR);
		assert_int_equal(fault.answer, fault.kind != TLV_TOO_SHORT && fault.kind != TLV_BAD_HEADER);
	}
	arena_fini(&arena);
}

static void damage(struct bytes octets, const char *source)
{
	vectors_damage(octets, survive);
}

static void every_damage(void **state)
{
	vectors_each(CAPTURES, damage);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(same_octets), cmocka_unit_test(every_damage) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
