/*
 * The operator's port of a core that has a UE with a session: requests of any octets, those of every command
 * damaged, several clients, of users with and without rights, that come and go. Whatever is asked, nobody's
 * trace has what is another's, and the core serves on.
 */
#include "tests/fuzz/fuzz_bed.h"
#include "tests/trace_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OPS_MAX = 64, REQUEST_MAX = 512 };

#define ADD                                                                                                  \
	"subscriber add\nimsi=001010000000002 k=465b5ce8b199b49faa5f0a2ee238a6bc "                           \
	"opc=cd63cb71954a9f4e48a5994e37a02baf\n"

static const char *const requests[] = { "status", "keys", "table\nues\n\n",
	"table\nevents\n7\n001010000000001", "checkpoint\nx", "trace\n001010000000001\n",
	"trace\n001010000000001\n-600", "trace\n001010000000001\n1", "trace\n001010000000002\n99", (ADD),
	"subscriber set\nimsi=001010000000001 ambr_uplink=5Mbps\n", "subscriber show\n001010000000001\n",
	"subscriber list\n", "subscriber export\n", "subscriber remove\n001010000000002\n" };

/* A request as it is known, or of any octets, some of them changed. */
static struct bytes request(struct fuzz_in *in, uint8_t buf[REQUEST_MAX])
{
	uint8_t which = fuzz_u8(in);
	struct writer w = writer_of(buf, REQUEST_MAX);

	if (which < 128)
		writer_put(&w, bytes_of_str(requests[which % ARRAY_LEN(requests)]));
	else
		writer_put(&w, fuzz_octets(in));
	if (which % 4 == 1)
		fuzz_mutate(in, &(struct msg){ .data = writer_bytes(&w) });
	return writer_bytes(&w);
}

static void ask(struct scn *s, struct fuzz_in *in)
{
	uint8_t buf[REQUEST_MAX], client = fuzz_u8(in);
	struct msg m = {
		.port = CORE_PORT_CONTROL, .assoc = client % 20 + 1, .uid = client / 128, .pid = client
	};

	m.kind = client % 8 == 7 ? MSG_DOWN : MSG_DATA;
	if (m.kind == MSG_DATA)
		m.data = request(in, buf);
	sim_deliver(s->core_node, &m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_in in = fuzz_in_of(data, size);
	struct scn *s = fuzz_bed_new();
	const char *fault;

	for (unsigned i = 0; i < OPS_MAX && fuzz_more(&in); i++) {
		ask(s, &in);
		if (fuzz_u8(&in) % 4 == 0)
			fuzz_try(s, "wait 100ms");
	}
	fault = trace_check(s->core, true);
	fuzz_check(s, !fault, fault ? fault : "");
	fuzz_say(s, "subscriber 3");
	fuzz_say(s, "ue 3 subscriber=3 profile=null");
	fuzz_say(s, "ue 3 registers");
	fuzz_say(s, "expect ue 3 registered within 30s");
	fuzz_bed_free(s);
	return 0;
}
