/*
 * Calls of a whole network, the core over a store on disk, for bench_counting.py to count instructions of:
 * counting UES EVENTS_MAX TRACE_RING_MIB DIR [keep]. The same arguments give the same calls; keep: their
 * signalling is fetched all the while, as for the console's disk.
 */
#include "io/store/lmdb.h"
#include "tests/call_bed.h"

/* A page, and where the next one begins. */
static bool keep(struct call_bed *b, char place[24])
{
	char request[64];

	snprintf(request, sizeof(request), "trace keep\n%s", place);
	call_control(b, request);
	call_pass(b, 1);
	return sscanf(b->control, "ok\n%23[0-9]", place) == 1;
}

static void call_all(struct call_bed *b, unsigned ues, bool keeps)
{
	char place[24] = "";
	b->profile.auto_session = b->profile.auto_register = true;
	call_start(b);
	for (unsigned i = 0; i < ues; i++) {
		call_subscribe(b, i + 1);
		call_ue(b, i + 1);
	}
	call_pass(b, 1000);
	call_pass(b, keeps ? 2000 : 0);
	for (unsigned i = 0; keeps && i < ues && keep(b, place); i++)
		;
}

int main(int argc, char **argv)
{
	unsigned ues = argc >= 5 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	struct store_lmdb_config config = { .dir = argc >= 5 ? argv[4] : NULL, .map_size = 64 << 20 };
	enum store_lmdb_found found;
	struct call_bed *b;
	struct store *of_bed;
	char error[256];
	void *state;

	if (ues == 0 || call_setup(&state) != 0)
		return 2;
	b = state;
	of_bed = b->node[NODE_CORE].t.env.store;
	b->node[NODE_CORE].t.env.store = store_lmdb_open(&config, &found, error, sizeof(error));
	if (!b->node[NODE_CORE].t.env.store) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	b->core_config.events_max = (uint32_t)strtoul(argv[2], NULL, 10);
	b->core_config.trace_ring_mib = (uint32_t)strtoul(argv[3], NULL, 10);
	call_all(b, ues, argc == 6);
	printf("%u sessions\n", b->events[UE_EVENT_SESSION_UP]);
	may_fail(store_lmdb_close(b->node[NODE_CORE].t.env.store));
	b->node[NODE_CORE].t.env.store = of_bed;
	return b->events[UE_EVENT_SESSION_UP] == ues ? 0 : 1;
}
