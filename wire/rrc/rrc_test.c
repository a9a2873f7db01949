/* NR RRC messages of other implementations, whole and damaged. */
#include "wire/rrc/rrc.h"

#include "wire/per/test_vectors.h"

static const struct {
	const char *name;
	const struct per_type *type;
} types[] = {
	{ "UL-CCCH-Message", &rrc_ul_ccch_message_type },
	{ "UL-DCCH-Message", &rrc_ul_dcch_message_type },
	{ "DL-DCCH-Message", &rrc_dl_dcch_message_type },
	{ "RRCReconfiguration", &rrc_rrc_reconfiguration_type },
	{ "RadioBearerConfig", &rrc_radio_bearer_config_type },
	{ "CellGroupConfig", &rrc_cell_group_config_type },
};

static const struct per_type *now; /* of the vector under test */

static const struct per_type *type_of(const char *source)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		size_t n = strlen(types[i].name);

		if (strncmp(source, types[i].name, n) == 0 && source[n] == ':')
			return types[i].type;
	}
	fail_msg("no type for %s", source);
	return NULL;
}

static bool decode(struct bytes in, struct arena *arena, void **value, struct per_diag *diag)
{
	*value = arena_alloc(arena, per_size(now));
	assert_non_null(*value);
	return rrc_decode(now, in, arena, *value, diag);
}

static bool encode(const void *value, struct writer *w)
{
	return rrc_encode(now, value, w);
}

static void print(const void *value, struct printer *p)
{
	rrc_print(now, value, p);
}

static const struct vector_codec codec = { decode, encode, print };

static void round_trip(const struct vector *v, const void *arg)
{
	static uint8_t memory[VECTOR_ARENA], out[VECTOR_MAX], text[VECTOR_PRINTED];
	struct writer w = writer_of(out, sizeof(out)), printed = writer_of(text, sizeof(text));
	struct per_diag diag;
	struct arena arena;
	struct printer p;
	void *value;

	now = type_of(v->source);
	arena_init(&arena, memory, sizeof(memory), 0);
	if (!decode(v->octets, &arena, &value, &diag))
		fail_msg("%s: fault %d in %s", v->source, diag.fault, diag.where ? diag.where : "?");
	assert_true(rrc_encode(now, value, &w));
	if (w.len != v->octets.len || memcmp(out, v->octets.data, w.len) != 0)
		fail_msg("%s: encodes to %zu other octets", v->source, w.len);
	printer_init(&p, &printed, PRINT_FULL, NULL);
	rrc_print(now, value, &p);
	assert_false(printed.failed);
	arena_fini(&arena);
}

static void damage(const struct vector *v, const void *arg)
{
	now = type_of(v->source);
	vector_mutate(&codec, v->octets, true);
}

static void test_vectors(void **state)
{
	assert_int_equal(vectors_each("nr_rrc.txt", round_trip, NULL), 33);
}

static void test_damaged(void **state)
{
	vectors_each("nr_rrc.txt", damage, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests_name("rrc", tests, NULL, NULL);
}
