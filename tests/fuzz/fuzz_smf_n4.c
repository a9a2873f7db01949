/*
 * A hostile UPF on N4: the real one, whose messages are garbled, lost, repeated or invented, while the UE
 * makes and releases sessions. Whatever it does, the UE stays registered, and once an honest UPF is back no
 * session or address is lost for good.
 */
#include <stdlib.h>

#include "core/smf/internal.h"
#include "tests/fuzz/fuzz_bed.h"
#include "wire/pfcp/pfcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OPS_MAX = 48, LAST_MAX = 4, N4_PORT = 8805, UPF_IP = 0x0a000002 };

struct hostile {
	struct scn *s;
	struct fuzz_in in;
	unsigned garble;
	unsigned count;
	struct {
		uint8_t octets[2048];
		size_t len;
	} last[LAST_MAX]; /* of the UPF, to be repeated */
};

/* What the UPF sends on N4. */
static bool filter(void *arg, struct sim_node *from, const struct msg *m)
{
	struct hostile *h = arg;

	if (from != h->s->upf_node || m->port != UPF_PORT_N4 || m->kind != MSG_DATA)
		return true;
	if (bytes_copy(h->last[h->count % LAST_MAX].octets, sizeof(h->last[0].octets), m->data))
		h->last[h->count++ % LAST_MAX].len = m->data.len;
	if (!h->garble || !fuzz_more(&h->in))
		return true;
	h->garble--;
	if (fuzz_u8(&h->in) % 8 == 0)
		return false;
	fuzz_mutate(&h->in, m);
	return true;
}

/* To the SMF, as of the UPF. */
static void n4_deliver(struct hostile *h, struct bytes data)
{
	struct msg m = {
		.kind = MSG_DATA, .port = CORE_PORT_N4, .peer = addr_from_v4(UPF_IP, N4_PORT), .data = data
	};

	sim_deliver(h->s->core_node, &m);
}

static void op_repeat(struct hostile *h)
{
	unsigned which = fuzz_u8(&h->in) % LAST_MAX;
	struct msg m = { .data = bytes_of(h->last[which].octets, h->last[which].len) };

	if (fuzz_u8(&h->in) & 1)
		fuzz_mutate(&h->in, &m);
	if (m.data.len > 0)
		n4_deliver(h, m.data);
}

/* A message of its own: the header sound, the rest as it comes. */
static void op_invent(struct hostile *h)
{
	static const uint8_t types[] = { 1, 2, 5, 6, 7, 8, 9, 10, 11, 50, 51, 52, 53, 54, 55, 56, 57 };
	uint8_t octets[512], type = types[fuzz_u8(&h->in) % ARRAY_LEN(types)];
	struct writer w = writer_of(octets, sizeof(octets));
	struct bytes body;

	writer_u8(&w, type >= 50 ? 0x21 : 0x20);
	writer_u8(&w, type);
	writer_u16(&w, 0);
	if (type >= 50) {
		writer_u32(&w, fuzz_u8(&h->in) >> 6);
		writer_u32(&w, fuzz_u8(&h->in) & 15);
	}
	writer_u24(&w, fuzz_u8(&h->in) & 63);
	writer_u8(&w, 0);
	body = fuzz_octets(&h->in);
	writer_put(&w, body);
	octets[2] = (uint8_t)((w.len - 4) >> 8);
	octets[3] = (uint8_t)(w.len - 4);
	n4_deliver(h, writer_bytes(&w));
}

static void op_network(struct hostile *h)
{
	static const char *const lines[] = { "ue 1 establishes", "ue 1 establishes", "ue 1 releases 1",
		"ue 1 releases 2", "operator releases session 1 of subscriber 1", "break n2 of gnb 1" };
	uint8_t which = fuzz_u8(&h->in) % 8;

	if (which < ARRAY_LEN(lines)) {
		fuzz_try(h->s, lines[which]);
	} else if (which == 6) {
		fuzz_try(h->s, h->s->upf ? "kill upf" : "start upf");
	} else {
		fuzz_try(h->s, "kill core keep");
		fuzz_try(h->s, "start core");
	}
}

static void op(struct hostile *h)
{
	switch (fuzz_u8(&h->in) % 6) {
	case 0:
		op_repeat(h);
		break;
	case 1:
		op_invent(h);
		break;
	case 2:
		n4_deliver(h, fuzz_octets(&h->in));
		break;
	case 3:
		h->garble = fuzz_u8(&h->in) & 7;
		break;
	case 4:
		op_network(h);
		break;
	default:
		scn_run(h->s, NULL, NULL, (uint64_t)fuzz_u8(&h->in) * fuzz_u8(&h->in));
	}
	scn_run(h->s, NULL, NULL, 5);
}

static void end(struct hostile *h)
{
	struct scn *s = h->s;
	static const char *const lines[] = { "expect core upfs 1 within 5min",
		"expect core gnbs 1 within 2min", "expect ue 1 registered within 2min", "wait 3min",
		"ue 1 deregisters", "expect ue 1 deregistered within 2min",
		"expect core ues 0 sessions 0 amf-sessions 0 active 0 addresses 0 within 5min",
		"expect upf sessions 0 within 1min" };

	h->garble = 0;
	if (s->upf)
		fuzz_say(s, "kill upf");
	fuzz_say(s, "start upf");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		fuzz_say(s, lines[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hostile h;

	h = (struct hostile){ .in = fuzz_in_of(data, size), .s = fuzz_bed_new() };
	sim_set_filter(h.s->sim, filter, &h);
	for (int i = 0; i < OPS_MAX && fuzz_more(&h.in); i++)
		op(&h);
	end(&h);
	fuzz_bed_free(h.s);
	return 0;
}
