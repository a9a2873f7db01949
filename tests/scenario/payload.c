/* What unstructured sessions carry: each payload has a number where a frame has it, and is nothing else. */
#include "base/cursor.h"
#include "tests/scenario/scenario.h"

enum { PAYLOAD_LEN = 60, PAYLOAD_MS = 300, NUMBER_AT = 12, IP4_SOURCE_END = 15, IP6_SOURCE_END = 23 };

static void payload_make(uint8_t p[PAYLOAD_LEN], uint32_t number)
{
	struct writer w = writer_of(p + NUMBER_AT, PAYLOAD_LEN - NUMBER_AT);

	memset(p, 0x45, PAYLOAD_LEN);
	writer_u16(&w, SCN_ETHERTYPE);
	writer_u32(&w, number);
}

bool scn_payload(struct scn *s, const struct scn_args *a)
{
	struct scn_ue *u = &s->ues[a->n[0] <= SCN_UES_MAX ? a->n[0] : 0];
	uint8_t p[PAYLOAD_LEN] = { 0 };
	struct msg m = { .kind = MSG_DATA, .port = UE_PORT_LINK, .data = bytes_of(p, sizeof(p)) };

	if (!u->ue)
		return scn_fail(s, "there is no such UE");
	m.assoc = ue_index(u->ue);
	for (uint64_t i = 0; i <= a->n[1] / PAYLOAD_MS; i++) {
		payload_make(p, ++s->frames);
		sim_deliver(u->node, &m);
		if (!scn_run(s, NULL, NULL, PAYLOAD_MS))
			return false;
		if (u->frame == s->frames)
			return true;
	}
	return scn_fail(s, "it did not come back");
}

/* The last packet that came back from the far end, once more. */
static bool payload_again(struct scn *s, uint64_t n, uint64_t ms, bool *arrived)
{
	struct msg m = { .kind = MSG_DATA, .port = UPF_PORT_N6, .data = bytes_of(s->n6, s->n6_len) };
	struct scn_ue *u = &s->ues[n <= SCN_UES_MAX ? n : 0];

	*arrived = false;
	if (!u->ue || !s->n6_len)
		return scn_fail(s, "the UE has sent nothing yet");
	u->frame = 0;
	sim_deliver(s->upf_node, &m);
	for (uint64_t i = 0; i <= ms / PAYLOAD_MS && u->frame != s->frames; i++)
		if (!scn_run(s, NULL, NULL, PAYLOAD_MS))
			return false;
	*arrived = u->frame == s->frames;
	return true;
}

bool scn_payload_down(struct scn *s, const struct scn_args *a)
{
	bool arrived;

	return payload_again(s, a->n[0], a->n[1], &arrived) && (arrived || scn_fail(s, "it did not arrive"));
}

bool scn_payload_foreign(struct scn *s, const struct scn_args *a)
{
	uint8_t *octet = &s->n6[s->n6[0] >> 4 == 6 ? IP6_SOURCE_END : IP4_SOURCE_END];
	bool arrived;

	*octet ^= 1;
	if (!payload_again(s, a->n[0], PAYLOAD_MS, &arrived))
		return false;
	*octet ^= 1;
	return !arrived || scn_fail(s, "it arrived");
}
