/* libFuzzer: any octets as a NAS message; what decodes is printed, encoded and decoded again. */
#include <stdlib.h>

#include "wire/nas/nas.h"
#include "wire/text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_parameters(struct bytes list, struct arena *arena, struct arena *second)
{
	static uint8_t octets[1 << 16];
	struct writer w = writer_of(octets, sizeof(octets));
	struct nas_ue_parameters p, same;

	if (nas_ue_parameters_decode(list, arena, &p) &&
		(!nas_ue_parameters_encode(&p, &w) ||
			!nas_ue_parameters_decode(writer_bytes(&w), second, &same) ||
			same.default_nssai_count != p.default_nssai_count ||
			strcmp(same.routing_indicator, p.routing_indicator) != 0))
		abort();
}

static void check_steering(uint8_t header, struct bytes list)
{
	static uint8_t octets[1 << 16];
	struct writer w = writer_of(octets, sizeof(octets));
	struct nas_steering s, same;

	if (nas_steering_decode(header, list, &s) &&
		(!nas_steering_encode(&s, &w) ||
			!nas_steering_decode(NAS_SOR_LIST | NAS_SOR_PLMNS, writer_bytes(&w), &same) ||
			same.count != s.count ||
			memcmp(same.plmns, s.plmns, s.count * sizeof(s.plmns[0])) != 0))
		abort();
}

/* A payload container that is one of the home network: what is read is written, and read the same. */
static void check_home(struct bytes container, struct arena *arena, struct arena *second)
{
	static uint8_t octets[1 << 16];
	struct writer w = writer_of(octets, sizeof(octets));
	struct nas_home_container h, again;

	if (!nas_home_container_decode(container, &h))
		return;
	if (!nas_home_container_encode(&h, &w) || !nas_home_container_decode(writer_bytes(&w), &again) ||
		!bytes_equal(h.list, again.list))
		abort();
	check_parameters(h.list, arena, second);
	check_steering(h.header, h.list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t first[1 << 16], second[1 << 16], octets[1 << 17];
	static char text[1 << 16];
	struct arena a, b;
	struct nas_msg msg, again;
	struct tlv_fault fault;
	struct writer t = writer_of(text, sizeof(text)), w = writer_of(octets, sizeof(octets));

	arena_init(&a, first, sizeof(first), 1 << 20);
	arena_init(&b, second, sizeof(second), 1 << 21);
	nas_text(PRINT_FULL, bytes_of(data, size), &t);
	t.len = 0;
	nas_text(PRINT_LINE, bytes_of(data, size), &t);
	if (nas_decode(bytes_of(data, size), &a, &msg, &fault)) {
		if (nas_encode(&msg, &w) && !nas_decode(writer_bytes(&w), &b, &again, &fault) &&
			fault.kind != TLV_NO_MEMORY)
			abort();
		if (msg.type == NAS_DL_NAS_TRANSPORT)
			check_home(msg.dl_nas_transport.payload_container, &a, &b);
	}
	arena_fini(&a);
	arena_fini(&b);
	return 0;
}
