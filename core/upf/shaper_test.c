/*
 * A maximum bit rate as TCP and UDP see it: senders with a round trip between them and the UPF, in simulated
 * time. TCP is Reno's (RFC 5681) with selective acknowledgements: slow start, one half on loss, a packet a
 * round trip, and a timeout.
 */
#include "base/test.h"

#include "core/upf/upf_bed.h"

enum {
	LEN = 1500,
	FLOWS_MAX = 8,
	WINDOW_MAX = 1 << 17, /* packets of one flow on their way */
	MARK_AT = 28,
	SLOTS = 100, /* of a second */
	DUPACKS = 3,
	TIMEOUT_MS = 1000,
};

enum state { UNKNOWN, ARRIVED };

struct flow {
	bool udp;
	uint32_t ue; /* which */
	uint64_t rtt_ns, octets;
	uint32_t next, head; /* numbers: to be sent; the oldest neither acknowledged nor lost */
	uint32_t got;        /* the last that left the UPF */
	uint32_t in_flight, recover, acks_head, acks_tail;
	double window, threshold;
	uint64_t send_at, heard_ns;
	struct {
		uint64_t at_ns;
		uint32_t number;
	} acks[WINDOW_MAX];
	uint8_t state[WINDOW_MAX];
};

struct meter {
	uint64_t slot, octets[SLOTS], window, most;
};

static struct bed bed;
static struct bed_session_ids ids[FLOWS_MAX];
static struct flow flows[FLOWS_MAX];
static struct meter meters[FLOWS_MAX]; /* of UEs */
static uint32_t flow_count;
static bool uplink;
static uint64_t start_ns, longest_ns;
static uint64_t sent_at[FLOWS_MAX][WINDOW_MAX];
static uint8_t packet_of[FLOWS_MAX][2048];
static uint64_t stray; /* packets out of order */

static void meter_count(struct meter *m, uint64_t len)
{
	uint64_t slot = (bed.t.now_ns - start_ns) / (NS_PER_S / SLOTS);

	for (; m->slot < slot; m->slot++) {
		m->window -= m->octets[(m->slot + 1) % SLOTS];
		m->octets[(m->slot + 1) % SLOTS] = 0;
	}
	m->octets[slot % SLOTS] += len;
	m->window += len;
	m->most = m->window > m->most ? m->window : m->most;
}

static void left(const struct upf_packet *p)
{
	uint32_t number = gtpu_be32(p->data + MARK_AT + 4);
	struct flow *f = &flows[gtpu_be32(p->data + MARK_AT)];
	uint64_t waited;

	if (p->verdict == UPF_DROP)
		return;
	waited = bed.t.now_ns - sent_at[f - flows][number % WINDOW_MAX];
	longest_ns = waited > longest_ns ? waited : longest_ns;
	stray += number <= f->got;
	f->got = number;
	f->octets += p->len;
	meter_count(&meters[f->ue], p->len);
	if (f->udp)
		return;
	f->acks[f->acks_tail % WINDOW_MAX].at_ns = bed.t.now_ns + f->rtt_ns;
	f->acks[f->acks_tail++ % WINDOW_MAX].number = number;
}

static void flow_send(struct flow *f)
{
	static uint8_t outer[2048];
	uint8_t *inner = packet_of[f - flows];
	uint32_t ue = BED_UE + f->ue;
	struct writer w = writer_of(inner + MARK_AT, 8);
	struct bytes data = bytes_of(inner, LEN);
	struct upf_packet p;

	if (!inner[0])
		bed_udp(inner, uplink ? ue : BED_DN, uplink ? BED_DN : ue, (uint16_t)(1000 + (f - flows)), 80,
			LEN);
	sent_at[f - flows][f->next % WINDOW_MAX] = bed.t.now_ns;
	f->state[f->next % WINDOW_MAX] = UNKNOWN;
	writer_u32(&w, (uint32_t)(f - flows));
	writer_u32(&w, f->next++);
	if (uplink)
		data = bed_gpdu(outer, ids[f->ue].teid, 9, data);
	p = (struct upf_packet){ .data = data.data,
		.len = (uint32_t)data.len,
		.linear = (uint32_t)data.len,
		.peer = ip_from_v4(BED_GNB) };
	bed_burst(&bed, 0, uplink, &p, 1);
	left(&p);
}

static void tcp_lost(struct flow *f, uint32_t number)
{
	f->in_flight--;
	if (number < f->recover)
		return;
	f->threshold = f->window / 2 > 2 ? f->window / 2 : 2;
	f->window = f->threshold;
	f->recover = f->next;
}

static void tcp_ack(struct flow *f, uint32_t number)
{
	f->heard_ns = bed.t.now_ns;
	if (number < f->head)
		return; /* given up at a timeout */
	f->in_flight--;
	f->state[number % WINDOW_MAX] = ARRIVED;
	if (number >= f->recover)
		f->window += f->window < f->threshold ? 1 : 1 / f->window;
	for (; f->head != f->next; f->head++) {
		bool arrived = f->state[f->head % WINDOW_MAX] == ARRIVED;

		if (!arrived && number < f->head + DUPACKS)
			break;
		if (!arrived)
			tcp_lost(f, f->head);
	}
}

static void tcp_timeout(struct flow *f)
{
	f->threshold = f->window / 2 > 2 ? f->window / 2 : 2;
	f->window = 1;
	f->in_flight = 0;
	f->head = f->recover = f->next;
	f->heard_ns = bed.t.now_ns;
}

static uint64_t flow_next_ns(const struct flow *f)
{
	uint64_t timeout = f->heard_ns + TIMEOUT_MS * NS_PER_MS, ack;

	if (f->udp)
		return f->send_at;
	ack = f->acks_head != f->acks_tail ? f->acks[f->acks_head % WINDOW_MAX].at_ns : NEVER;
	return ack < timeout ? ack : timeout;
}

static void flow_run(struct flow *f, uint64_t udp_step_ns)
{
	if (f->udp && f->send_at <= bed.t.now_ns) {
		flow_send(f);
		f->send_at += udp_step_ns;
	}
	if (f->udp)
		return;
	while (f->acks_head != f->acks_tail && f->acks[f->acks_head % WINDOW_MAX].at_ns <= bed.t.now_ns)
		tcp_ack(f, f->acks[f->acks_head++ % WINDOW_MAX].number);
	if (f->heard_ns + TIMEOUT_MS * NS_PER_MS <= bed.t.now_ns)
		tcp_timeout(f);
	for (; f->in_flight < f->window && f->in_flight < WINDOW_MAX / 2; f->in_flight++)
		flow_send(f);
}

/* Until then after the start. */
static void run_ms(uint64_t kbps, uint64_t until_ms)
{
	struct upf_packet packets[UPF_BURST_MAX];
	uint64_t next = 0, step_ns = UINT64_C(8000000) * LEN / (2 * kbps);

	while (next < start_ns + until_ms * NS_PER_MS) {
		bed.t.now_ns = next > bed.t.now_ns ? next : bed.t.now_ns;
		for (size_t n; (n = bed_due(&bed, 0, packets, UPF_BURST_MAX)) > 0;)
			for (size_t i = 0; i < n; i++)
				left(&packets[i]);
		for (uint32_t i = 0; i < flow_count; i++)
			flow_run(&flows[i], step_ns);
		next = upf_worker_next_ns(upf_worker_at(bed.upf, 0));
		for (uint32_t i = 0; i < flow_count; i++)
			next = flow_next_ns(&flows[i]) < next ? flow_next_ns(&flows[i]) : next;
	}
}

static struct flow *flow_add(uint32_t ue, bool udp, uint64_t rtt_us)
{
	struct flow *f = &flows[flow_count++];

	f->ue = ue;
	f->udp = udp;
	f->rtt_ns = rtt_us * 1000;
	f->window = 10;
	f->threshold = WINDOW_MAX;
	f->next = f->head = f->recover = 1;
	f->heard_ns = f->send_at = start_ns;
	return f;
}

static void begin(uint64_t kbps, uint32_t ues, bool up)
{
	struct bed_session rules;
	struct upf_config c;

	bed_config(&c);
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	for (uint32_t i = 0; i < ues; i++) {
		bed_session_fill(&rules, BED_UE + i, BED_GNB_TEID + i, 0x77 + i);
		rules.qer[0].mbr = (struct pfcp_bit_rate){ kbps, kbps };
		assert_int_equal(bed_establish(&bed, &rules, &ids[i]), PFCP_CAUSE_ACCEPTED);
	}
	memset(flows, 0, sizeof(flows));
	memset(packet_of, 0, sizeof(packet_of));
	memset(meters, 0, sizeof(meters));
	flow_count = 0;
	uplink = up;
	stray = longest_ns = 0;
	start_ns = bed.t.now_ns;
}

/* No second had more than 102%, nothing waited longer than it may, nothing overtook. A flow that had the rate
 * alone may wait as often longer as there are flows now. */
static void end(uint64_t kbps, uint32_t ues)
{
	uint64_t wait_ns = UINT64_C(8000000) * (UPF_BACKLOG_OCTETS_MIN + 2 * LEN) / kbps;

	for (uint32_t i = 0; i < ues; i++)
		assert_in_range(meters[i].most, 0, kbps * 125 * 102 / 100);
	assert_true(longest_ns <= wait_ns ||
		    longest_ns <= (uint64_t)NS_PER_MS * UPF_BACKLOG_MS * 11 / 10 * flow_count);
	assert_int_equal(stray, 0);
	bed_fini(&bed);
}

static const uint64_t rates_kbps[] = { 500, 1000, 5000, 20000, 100000, 1000000 };
static const uint64_t rtts_us[] = { 500, 10000, 100000 };

static void one_flow(uint64_t kbps, uint64_t rtt_us, bool udp, bool up)
{
	uint64_t warm_ms = 3000, ms = kbps < 1000000 ? 10000 : 2000, octets;
	struct flow *f;

	begin(kbps, 1, up);
	f = flow_add(0, udp, rtt_us);
	run_ms(kbps, warm_ms);
	octets = f->octets;
	run_ms(kbps, warm_ms + ms);
	octets = f->octets - octets;
	print_message("%s %s %6lu kbit/s, %6lu us: %5.1f%%, most %5.1f%%, waits %.1f ms\n",
		udp ? "UDP" : "TCP", up ? "up  " : "down", kbps, rtt_us,
		(double)octets * 800 / (double)(kbps * ms), (double)meters[0].most * 0.8 / (double)kbps,
		(double)longest_ns / 1e6);
	assert_true(octets * 800 >= kbps * ms * (udp ? 97 : 90));
	end(kbps, 1);
}

static void tcp_gets_its_rate(void **state)
{
	for (size_t r = 0; r < ARRAY_LEN(rates_kbps); r++)
		for (size_t d = 0; d < ARRAY_LEN(rtts_us); d++)
			one_flow(rates_kbps[r], rtts_us[d], false, (r + d) % 2);
}

static void udp_gets_its_rate(void **state)
{
	for (size_t r = 0; r < ARRAY_LEN(rates_kbps); r++)
		one_flow(rates_kbps[r], 0, true, r % 2);
}

/* Four of TCP, each of another round trip, and one of UDP that sends twice the rate: a fifth each. */
static void flows_of_a_ue_share(void **state)
{
	enum { KBPS = 20000, MS = 20000 };
	uint64_t fifth = (uint64_t)KBPS * MS / 8 / 5;

	begin(KBPS, 1, false);
	for (int i = 0; i < 4; i++)
		flow_add(0, false, (const uint64_t[]){ 500, 10000, 30000, 100000 }[i]);
	flow_add(0, true, 0);
	run_ms(KBPS, MS);
	for (uint32_t i = 0; i < flow_count; i++) {
		print_message("flow %u: %5.1f%%\n", i, (double)flows[i].octets * 100 / (double)fifth);
		assert_in_range(flows[i].octets, fifth * 80 / 100, fifth * 120 / 100);
	}
	end(KBPS, 1);
}

/* Each has its own rate, whatever the others send. */
static void ues_share(void **state)
{
	enum { UES = 6, KBPS = 5000, MS = 10000 };

	begin(KBPS, UES, true);
	for (uint32_t i = 0; i < UES; i++)
		flow_add(i, i % 2, 10000);
	run_ms(KBPS, MS);
	for (uint32_t i = 0; i < UES; i++)
		assert_true(flows[i].octets * 800 >= (uint64_t)KBPS * MS * (flows[i].udp ? 97 : 90));
	end(KBPS, UES);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tcp_gets_its_rate),
		cmocka_unit_test(udp_gets_its_rate), cmocka_unit_test(flows_of_a_ue_share),
		cmocka_unit_test(ues_share) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
