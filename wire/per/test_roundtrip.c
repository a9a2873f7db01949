#include "wire/per/test_roundtrip.h"

void trip_decode(const struct per_type *type, enum per_rule rule, const char *hex)
{
	uint8_t octets[TRIP_MAX], out[TRIP_MAX], memory[TRIP_ARENA], value[1024];
	struct bytes in = test_hex(hex, octets, sizeof(octets));
	struct writer w = writer_of(out, sizeof(out));
	struct per_diag diag;
	struct arena arena;

	assert_true(per_size(type) <= sizeof(value));
	arena_init(&arena, memory, sizeof(memory), 0);
	if (!per_decode(type, rule, in, &arena, value, &diag))
		fail_msg("%s: fault %d in %s", hex, diag.fault, diag.where ? diag.where : "?");
	assert_true(per_encode(type, rule, value, &w));
	assert_int_equal(w.len, in.len);
	assert_memory_equal(out, in.data, in.len);
	arena_fini(&arena);
}

void round_trip(const struct per_type *type, const void *value, size_t size, const char *aligned,
	const char *unaligned)
{
	const char *expected[] = { [PER_ALIGNED] = aligned, [PER_UNALIGNED] = unaligned };

	assert_int_equal(size, per_size(type));
	for (enum per_rule rule = PER_ALIGNED; rule <= PER_UNALIGNED; rule++) {
		uint8_t octets[TRIP_MAX], out[TRIP_MAX];
		struct bytes want = test_hex(expected[rule], octets, sizeof(octets));
		struct writer w = writer_of(out, sizeof(out));

		assert_true(per_encode(type, rule, value, &w));
		if (w.len != want.len || memcmp(out, octets, w.len) != 0) {
			for (size_t i = 0; i < w.len; i++)
				print_message("%02x ", out[i]);
			fail_msg("is not %s", expected[rule]);
		}
		trip_decode(type, rule, expected[rule]);
		/* room for less is an error, not more */
		for (size_t cap = 0; cap < want.len; cap++) {
			w = writer_of(out, cap);
			assert_false(per_encode(type, rule, value, &w));
		}
	}
}

void refuse_encode(const struct per_type *type, const void *value)
{
	uint8_t out[TRIP_MAX];

	for (enum per_rule rule = PER_ALIGNED; rule <= PER_UNALIGNED; rule++) {
		struct writer w = writer_of(out, sizeof(out));

		assert_false(per_encode(type, rule, value, &w));
	}
}

void refuse_decode(const struct per_type *type, enum per_rule rule, const char *hex)
{
	uint8_t octets[TRIP_MAX], memory[TRIP_ARENA], value[1024];
	struct bytes in = test_hex(hex, octets, sizeof(octets));
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), 0);
	assert_false(per_decode(type, rule, in, &arena, value, &diag));
	assert_int_equal(diag.fault, PER_FAULT_TRANSFER_SYNTAX);
	assert_int_equal(diag.verdict, PER_REFUSE);
	arena_fini(&arena);
}
