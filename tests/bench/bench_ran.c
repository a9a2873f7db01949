/*
 * What calls and user packets cost: prints `name value unit` lines. Calls: registration with SUCI Profile A
 * and a PDU session, CPU of each room by itself, for a crowd that comes at once. Packets: the gNB's bursts in
 * place.
 */
#include <time.h>

#include "radio/uu.h"
#include "tests/call_bed.h"
#include "wire/gtpu/gtpu.h"

enum { CROWD = 900, BURST = 32, ROUNDS = 40000, PACKET_MAX = 2048 };

static uint64_t cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static void bench_calls(struct call_bed *b)
{
	static const char *const names[] = { "core_call_cpu", "gnb_call_cpu", "ue_call_cpu" };

	b->profile.auto_session = b->profile.auto_register = true;
	call_start(b);
	for (unsigned i = 0; i < CROWD; i++) {
		call_subscribe(b, i + 1);
		call_ue(b, i + 1);
	}
	b->measured = true;
	call_pass(b, 1000);
	b->measured = false;
	if (b->events[UE_EVENT_SESSION_UP] != CROWD)
		return;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		printf("%s %.1f us\n", names[i], (double)b->cpu_ns[i] / CROWD / 1000);
}

/* The Uu message and the G-PDU of a packet of the last UE. */
struct sample {
	uint8_t octets[PACKET_MAX];
	size_t len;
	struct addr peer;
};

static void bench_burst(struct call_bed *b, const char *name,
	size_t (*burst)(struct gnb *, struct gnb_packet *, size_t), const struct sample *s)
{
	static uint8_t room[BURST][GNB_HEADROOM + PACKET_MAX];
	struct gnb_packet packets[BURST];
	uint64_t begin = cpu_now(), sent = 0;

	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < BURST; i++) {
			packets[i] = (struct gnb_packet){
				.data = room[i] + GNB_HEADROOM, .len = s->len, .peer = s->peer
			};
			bytes_copy(packets[i].data, 32,
				bytes_of(s->octets, 32)); /* the headers, which the burst replaces */
		}
		sent += burst(b->gnb, packets, BURST);
	}
	if (sent == (uint64_t)ROUNDS * BURST)
		printf("%s %.1f ns\n", name, (double)(cpu_now() - begin) / (double)sent);
}

static void bench_packets(struct call_bed *b)
{
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.teid = b->upf_dl_teid,
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = 1 } };
	struct sample up = { .len = UU_DATA_HEADER_LEN + 64, .peer = b->node[NODE_UES].addr };
	struct sample down = { .peer = b->node[NODE_UPF].addr };

	uu_data_header_write(up.octets, b->air_ue, 1, 1);
	bench_burst(b, "gnb_uplink_packet", gnb_uplink, &up);
	down.len = gtpu_header_encode(&h, 64, down.octets) + 64;
	bench_burst(b, "gnb_downlink_packet", gnb_downlink, &down);
}

int main(void)
{
	void *state;

	if (call_setup(&state))
		return 1;
	bench_calls(state);
	bench_packets(state);
	return call_teardown(&state);
}
