/*
 * Fuzz target: the first octet chooses a type of message, the rest is one. What is accepted must
 * encode, and that must decode to what encodes to the same octets; what is refused must be safe to print.
 */
#include <stdlib.h>

#include "wire/rrc/rrc.h"

enum {
	INPUT_MAX = 65536,
	OUTPUT_MAX = 4 * INPUT_MAX,
	ARENA_LIMIT = 4 << 20,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct per_type *const types[] = {
	&rrc_ul_ccch_message_type,
	&rrc_ul_ccch1_message_type,
	&rrc_ul_dcch_message_type,
	&rrc_dl_ccch_message_type,
	&rrc_dl_dcch_message_type,
	&rrc_pcch_message_type,
	&rrc_bcch_bch_message_type,
	&rrc_bcch_dl_sch_message_type,
	&rrc_cell_group_config_type,
	&rrc_ue_nr_capability_type,
	&rrc_radio_bearer_config_type,
	&rrc_handover_preparation_information_type,
};

static uint8_t first[OUTPUT_MAX], second[OUTPUT_MAX], text[OUTPUT_MAX];

/* Encodes an accepted value, decodes that and encodes again. */
static void check_stable(const struct per_type *type, const void *value, struct arena *arena)
{
	struct writer w = writer_of(first, sizeof(first)), again = writer_of(second, sizeof(second));
	void *back = arena_alloc(arena, per_size(type));
	struct per_diag diag;

	if (!back || !rrc_encode(type, value, &w))
		abort();
	if (!rrc_decode(type, writer_bytes(&w), arena, back, &diag))
		abort();
	if (!rrc_encode(type, back, &again))
		abort();
	if (!bytes_equal(writer_bytes(&w), writer_bytes(&again)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writer printed = writer_of(text, sizeof(text));
	struct printer p;
	const struct per_type *type;
	struct arena arena, other;
	struct per_diag diag;
	void *value;

	if (size < 1 || size > INPUT_MAX)
		return 0;
	type = types[data[0] % ARRAY_LEN(types)];
	arena_init(&arena, NULL, 0, ARENA_LIMIT);
	arena_init(&other, NULL, 0, 2 * ARENA_LIMIT);
	value = arena_alloc(&arena, per_size(type));
	if (value) {
		if (rrc_decode(type, bytes_of(data + 1, size - 1), &arena, value, &diag))
			check_stable(type, value, &other);
		printer_init(&p, &printed, PRINT_FULL, NULL);
		rrc_print(type, value, &p);
	}
	arena_fini(&other);
	arena_fini(&arena);
	return 0;
}
