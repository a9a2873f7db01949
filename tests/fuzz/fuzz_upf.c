/*
 * libFuzzer: octets for N3, N6 and N4 of a UPF with two sessions, one of them unstructured. The input is a
 * row of messages: an octet that gives where to, two of length, then the message. To get past the identities,
 * which are random in life, one may ask for the session's to be put in place.
 */
#include "core/upf/upf_bed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WHERE = 3, FILL_IN = 4, OTHER_SMF = 8, PASS = 16, UNSTRUCTURED = 32, MESSAGE_MAX = 2048 };

static void put(uint8_t *p, size_t len, size_t at, uint64_t v, size_t octets)
{
	struct writer w = writer_of(p + at, octets);

	if (len >= at + octets)
		writer_uint(&w, v, octets);
}

static void give(struct bed *b, const struct bed_session_ids of[2], uint8_t what, uint8_t *p, size_t len)
{
	const struct bed_session_ids *ids = &of[(what & UNSTRUCTURED) != 0];

	switch (what & WHERE) {
	case 0:
		if (what & FILL_IN)
			put(p, len, 4, ids->teid, 4);
		bed_give(b, UPF_PORT_N3, BED_GNB, GTPU_UDP_PORT, bytes_of(p, len));
		break;
	case 1:
		if (what & FILL_IN)
			put(p, len, 16, what & UNSTRUCTURED ? BED_UE + 1 : BED_UE, 4);
		bed_give(b, UPF_PORT_N6, 0, 0, bytes_of(p, len));
		break;
	default:
		if (what & FILL_IN)
			put(p, len, 4, ids->seid, 8);
		bed_give(b, UPF_PORT_N4, what & OTHER_SMF ? BED_SMF2 : BED_SMF, PFCP_UDP_PORT,
			bytes_of(p, len));
	}
	if (what & PASS)
		bed_pass_ms(b, 700);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(bytes_of(data, size));
	static struct bed_session rules;
	static struct bed b;
	struct bed_session_ids ids[2];
	struct upf_config config;

	bed_config(&config);
	bed_init(&b, &config);
	bed_session_fill(&rules, BED_UE, BED_GNB_TEID, 7);
	if (!b.upf || !bed_associate(&b) || bed_establish(&b, &rules, &ids[0]) != PFCP_CAUSE_ACCEPTED)
		__builtin_trap();
	bed_session_unstructured(&rules, false, 8);
	for (int i = 0; i < 2; i++)
		put(rules.pdr[i].pdi.ue_ip_address.ipv4, 4, 0, BED_UE + 1, 4);
	if (bed_establish(&b, &rules, &ids[1]) != PFCP_CAUSE_ACCEPTED)
		__builtin_trap();
	while (!c.failed && cursor_left(&c) > 0) {
		uint8_t message[MESSAGE_MAX], what = cursor_u8(&c);
		struct bytes in = cursor_bytes(&c, cursor_u16(&c));

		if (!c.failed && bytes_copy(message, sizeof(message), in))
			give(&b, ids, what, message, in.len);
	}
	bed_fini(&b);
	return 0;
}
