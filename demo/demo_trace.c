#include "demo/demo_trace.h"

#include <stdlib.h>
#include <unistd.h>

#include "io/capture.h"
#include "io/netlink.h"
#include "ops/ladder.h"
#include "wire/nas/nas.h"

enum { TRACE_CORE, TRACE_UPF, TRACE_NAS };
enum { COLUMN_WIDTH = 14 };
enum { COLUMN_UE, COLUMN_GNB, COLUMN_CORE, COLUMN_UPF, COLUMNS };

static uint8_t packet_buffer[CAPTURE_PACKET_MAX], split_buffer[CAPTURE_PACKET_MAX];

bool demo_trace_open(struct demo_trace *t, const struct demo_network *n, const char *dir, const char *tap)
{
	static const char *const names[DEMO_TRACE_FDS] = { "N2 and N4", "N3", "NAS in plain" };
	char path[160];

	*t = (struct demo_trace){ .fds = { -1, -1, -1 } };
	if (netns_enter(n->host[DEMO_CORE]))
		t->fds[TRACE_CORE] = capture_open(DEMO_CORE_LINK);
	if (netns_enter(n->host[DEMO_UPF]))
		t->fds[TRACE_UPF] = capture_open(DEMO_UPF_LINK);
	t->fds[TRACE_NAS] = capture_tap_listen(tap);
	snprintf(path, sizeof(path), "%s/ladder.txt", dir);
	t->ladder = fopen(path, "we");
	snprintf(path, sizeof(path), "%s/trace.pcapng", dir);
	if (!netns_enter(n->outside) || t->fds[TRACE_CORE] < 0 || t->fds[TRACE_UPF] < 0 ||
		t->fds[TRACE_NAS] < 0 || !t->ladder || !pcapng_open(&t->file, path, "freehold demo")) {
		fprintf(stderr, "freehold demo: the trace cannot be made: %m\n");
		return false;
	}
	for (size_t i = 0; i < DEMO_TRACE_FDS; i++)
		t->interfaces[i] = pcapng_interface(
			&t->file, i == TRACE_NAS ? PCAPNG_LINK_UPPER_PDU : PCAPNG_LINK_RAW, names[i]);
	fprintf(t->ladder, "%12s%-14s%-14s%-14s%s\n", "ms  ", "UE", "gNB", "core", "UPF");
	return true;
}

static void add_step(struct demo_trace *t, uint64_t at_ns, size_t from, size_t to, const char *text)
{
	struct demo_step *s;

	if (t->step_count == t->step_cap) {
		size_t cap = t->step_cap ? t->step_cap * 2 : 256;
		struct demo_step *grown = realloc(t->steps, cap * sizeof(*grown));

		t->out_of_memory |= !grown;
		if (!grown)
			return;
		t->steps = grown;
		t->step_cap = cap;
	}
	s = &t->steps[t->step_count];
	*s = (struct demo_step){ at_ns, t->step_count++, (uint8_t)from, (uint8_t)to, "" };
	str_copy(s->text, sizeof(s->text), text);
}

static int compare_steps(const void *a, const void *b)
{
	const struct demo_step *x = a, *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* All of it, in the order in which it happened. */
static bool write_ladder(struct demo_trace *t)
{
	char line[LADDER_LINE_SIZE];

	if (t->step_count > 0)
		qsort(t->steps, t->step_count, sizeof(*t->steps), compare_steps);
	for (size_t i = 0; i < t->step_count; i++) {
		const struct demo_step *s = &t->steps[i];

		ladder_line(line, (double)(s->at_ns - t->steps[0].at_ns) / 1e6, COLUMNS, COLUMN_WIDTH,
			s->from, s->to, s->text);
		fprintf(t->ladder, "%s\n", line);
	}
	free(t->steps);
	return fclose(t->ladder) == 0 && !t->out_of_memory;
}

static size_t column_of(const struct addr *a)
{
	char text[ADDR_STR_SIZE];

	addr_str(a, text);
	if (!strcmp(text, DEMO_CORE_ADDRESS))
		return COLUMN_CORE;
	return strcmp(text, DEMO_UPF_ADDRESS) != 0 ? COLUMN_GNB : COLUMN_UPF;
}

/* N2 and N4, at the core's link: all of it. */
static void trace_core(struct demo_trace *t, struct bytes ip, uint64_t at_ns)
{
	struct ladder_event events[LADDER_EVENTS_MAX];
	size_t count = ladder_events(ip, events);
	char text[LADDER_TEXT_SIZE + 16];

	may_fail(
		pcapng_packet(&t->file, t->interfaces[TRACE_CORE], at_ns, ip, NULL)); /* the file remembers */
	for (size_t i = 0; i < count; i++) {
		t->ngap += !strcmp(events[i].protocol, "NGAP");
		t->pfcp += !strcmp(events[i].protocol, "PFCP");
		snprintf(text, sizeof(text), "%s %s", events[i].protocol, events[i].text);
		add_step(t, at_ns, column_of(&events[i].from), column_of(&events[i].to), text);
	}
}

static bool is_gtpu(struct bytes ip)
{
	struct cursor c = cursor_of(ip);

	cursor_skip(&c, 9);
	if (cursor_u8(&c) != 17)
		return false;
	cursor_skip(&c, 12);
	return cursor_u16(&c) == 2152;
}

static void write_n3(void *arg, struct bytes ip)
{
	struct demo_trace *t = arg;

	t->n3_packets++;
	may_fail(pcapng_packet(
		&t->file, t->interfaces[TRACE_UPF], t->at_ns, ip, NULL)); /* the file remembers */
}

/* N3: the first packets; after them nobody needs more of the same. */
static void trace_n3(struct demo_trace *t, struct bytes ip, uint64_t at_ns)
{
	if (!is_gtpu(ip))
		return;
	t->at_ns = at_ns;
	ladder_split(ip, split_buffer, sizeof(split_buffer), write_n3, t);
	if (t->n3_packets < DEMO_N3_PACKETS_MAX)
		return;
	close(t->fds[TRACE_UPF]);
	t->fds[TRACE_UPF] = -1;
}

/* A ciphered message of N2 in plain, when the core had it: in the ladder under the NGAP message that brought
 * it, above the one that takes it away.
 */
static void trace_nas(struct demo_trace *t, bool uplink, struct bytes pdu, uint64_t at_ns)
{
	struct tlv_fault fault;
	struct arena arena;
	struct nas_msg msg;
	char text[80];

	arena_init(&arena, NULL, 0, 1 << 18);
	t->nas++;
	may_fail(pcapng_pdu(&t->file, t->interfaces[TRACE_NAS], at_ns, "nas-5gs", pdu,
		uplink ? "uplink, in plain" : "downlink, in plain")); /* the file remembers */
	snprintf(text, sizeof(text), "NAS %s",
		nas_decode(pdu, &arena, &msg, &fault) ? nas_msg_name(msg.type) : "(not decodable)");
	add_step(t, at_ns, uplink ? COLUMN_UE : COLUMN_CORE, uplink ? COLUMN_CORE : COLUMN_UE, text);
	arena_fini(&arena);
}

void demo_trace_read(struct demo_trace *t, size_t i)
{
	struct bytes data;
	uint64_t at_ns;
	uint8_t label;

	if (i == TRACE_NAS) {
		while (capture_tap_read(
			t->fds[i], packet_buffer, sizeof(packet_buffer), &label, &data, &at_ns))
			trace_nas(t, label, data, at_ns);
		return;
	}
	while (t->fds[i] >= 0 &&
		capture_read(t->fds[i], packet_buffer, sizeof(packet_buffer), &data, &at_ns)) {
		if (i == TRACE_CORE)
			trace_core(t, data, at_ns);
		else
			trace_n3(t, data, at_ns);
	}
}

bool demo_trace_close(struct demo_trace *t)
{
	bool ok;

	for (size_t i = 0; i < DEMO_TRACE_FDS; i++)
		if (t->fds[i] >= 0)
			demo_trace_read(t, i);
	for (size_t i = 0; i < DEMO_TRACE_FDS; i++)
		if (t->fds[i] >= 0)
			close(t->fds[i]);
	ok = pcapng_close(&t->file);
	return write_ladder(t) && ok;
}
