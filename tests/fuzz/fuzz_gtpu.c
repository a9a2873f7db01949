/* libFuzzer: any octets as a GTP-U packet; what decodes is printed, encoded and decoded again. */
#include <stdlib.h>

#include "wire/gtpu/gtpu.h"
#include "wire/gtpu/nr_up.h"
#include "wire/text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What stands in an NR RAN Container encodes to what decodes again. */
static void container(struct bytes octets)
{
	uint8_t out[2048];
	struct writer w = writer_of(out, sizeof(out));
	struct nr_up_pdu p, again;

	if (nr_up_decode(octets, &p) && (!nr_up_encode(&p, &w) || !nr_up_decode(writer_bytes(&w), &again)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t octets[1 << 17];
	static char text[1 << 16];
	struct arena arena;
	struct gtpu_msg msg, again;
	struct tlv_fault fault;
	struct writer t = writer_of(text, sizeof(text)), w = writer_of(octets, sizeof(octets));

	arena_init(&arena, NULL, 0, 1 << 16);
	gtpu_text(PRINT_FULL, bytes_of(data, size), &t);
	t.len = 0;
	gtpu_text(PRINT_LINE, bytes_of(data, size), &t);
	if (gtpu_decode(bytes_of(data, size), &arena, &msg, &fault)) {
		container(msg.header.nr_ran_container);
		if (gtpu_encode(&msg, &w) && !gtpu_decode(writer_bytes(&w), &arena, &again, &fault))
			abort();
	}
	arena_fini(&arena);
	return 0;
}
