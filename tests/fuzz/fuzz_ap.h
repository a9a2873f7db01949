/*
 * Body of a fuzz target of an AP: octets as a PDU. What is accepted must encode, and that must decode to what
 * encodes to the same octets; what is refused must be safe to print. Who includes it defines AP(name) and
 * AP_PRIVATE_MESSAGE.
 */
#pragma once

#include <stdlib.h>

#include "wire/text/text.h"

enum {
	INPUT_MAX = 65536,
	OUTPUT_MAX = 4 * INPUT_MAX,
	ARENA_LIMIT = 4 << 20,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t first[OUTPUT_MAX], second[OUTPUT_MAX], text[OUTPUT_MAX];

/* Encodes an accepted PDU, decodes that and encodes again. */
static void check_stable(const struct AP(pdu) * pdu, struct arena *arena)
{
	struct writer w = writer_of(first, sizeof(first)), again = writer_of(second, sizeof(second));
	struct AP(pdu) back;
	struct per_diag diag;

	if (!AP(encode)(pdu->message, pdu->u.any, &w))
		abort();
	if (!AP(decode)(writer_bytes(&w), arena, &back, &diag))
		abort();
	if (!AP(encode)(back.message, back.u.any, &again))
		abort();
	if (!bytes_equal(writer_bytes(&w), writer_bytes(&again)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writer printed = writer_of(text, sizeof(text));
	struct arena arena, other;
	struct AP(pdu) pdu;
	struct per_diag diag;

	if (size > INPUT_MAX)
		return 0;
	arena_init(&arena, NULL, 0, ARENA_LIMIT);
	arena_init(&other, NULL, 0, 2 * ARENA_LIMIT);
	/* of a private message nothing is kept: all its IEs are unknown */
	if (AP(decode)(bytes_of(data, size), &arena, &pdu, &diag) && pdu.message != AP_PRIVATE_MESSAGE)
		check_stable(&pdu, &other);
	AP(text)(PRINT_FULL, bytes_of(data, size), &printed);
	printed.len = 0;
	AP(text)(PRINT_LINE, bytes_of(data, size), &printed);
	arena_fini(&other);
	arena_fini(&arena);
	return 0;
}
