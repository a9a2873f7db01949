/* libFuzzer: any octets as a PFCP message; what decodes is printed, encoded and decoded again. */
#include <stdlib.h>

#include "wire/pfcp/pfcp.h"
#include "wire/text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t first[1 << 16], second[1 << 16], octets[1 << 17];
	static char text[1 << 16];
	struct arena a, b;
	struct pfcp_msg msg, again;
	struct tlv_fault fault;
	struct writer t = writer_of(text, sizeof(text)), w = writer_of(octets, sizeof(octets));

	arena_init(&a, first, sizeof(first), 1 << 20);
	arena_init(&b, second, sizeof(second), 1 << 21);
	pfcp_text(PRINT_FULL, bytes_of(data, size), &t);
	t.len = 0;
	pfcp_text(PRINT_LINE, bytes_of(data, size), &t);
	if (pfcp_decode(bytes_of(data, size), &a, &msg, &fault)) {
		if (pfcp_encode(&msg, &w) && !pfcp_decode(writer_bytes(&w), &b, &again, &fault) &&
			fault.kind != TLV_NO_MEMORY)
			abort();
	}
	arena_fini(&a);
	arena_fini(&b);
	return 0;
}
