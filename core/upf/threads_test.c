/*
 * Two data threads, and the control plane in a third: sessions come and go and change while packets of all of
 * them, wrong ones among them, reach either worker. Run it under ThreadSanitizer (`make test`, stage tsan):
 * there must be no data race. Order within a flow holds, and every octet that passed is in a usage report,
 * once.
 */
#include <pthread.h>
#include <sched.h>

#include "base/test.h"

#include "core/upf/upf_bed.h"

enum {
	WORKERS = 2,
	FLOWS = 16,  /* sessions that live to the end */
	TALKERS = 2, /* and those of UEs that send to the UEs of the former */
	LASTING = FLOWS + TALKERS,
	CHURN = 8,                                 /* addresses whose sessions come and go */
	METERED = 0,                               /* the flow with a maximum bit rate that matters */
	METERED_OCTETS = 1000 * UPF_BUCKET_MS / 8, /* each way, as the clock stands still */
	QUOTED = 1,                                /* the flow with a quota */
	QUOTA = 3000,
	ROUNDS = 2000, /* of each data thread */
	BURST = 32,
	PACKET = 100,
	MARK_AT = 28, /* of a packet: its UDP payload */
};

struct thread {
	pthread_t thread;
	struct upf_worker *worker;
	uint8_t index;
	uint32_t sent[UPF_DIRECTIONS][FLOWS];          /* packets of each flow received here */
	uint64_t octets, flow_octets[LASTING];         /* that left here, of all sessions and of these */
	uint32_t last[UPF_DIRECTIONS][WORKERS][FLOWS]; /* number of the last that left, by who received it */
	uint64_t disorder;
	struct upf_packet packets[BURST];
	uint8_t buffer[BURST][256];
};

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids lasting[LASTING], churn[CHURN];
static uint32_t churn_teid[CHURN]; /* for the data threads */
static struct thread threads[WORKERS];
static unsigned running;
static uint64_t reported[LASTING], reported_ul[LASTING]; /* octets in usage reports */

/* In the payload: who received it, and its number there in its flow. WORKERS: it has none. */
static void mark(uint8_t *packet, uint32_t receiver, uint32_t number)
{
	struct writer w = writer_of(packet + MARK_AT, 8);

	writer_u32(&w, receiver);
	writer_u32(&w, number);
}

/* What leaves is counted, and its number compared with the one before. */
static void left(struct thread *t, const struct upf_packet *p)
{
	enum upf_direction dir = p->verdict == UPF_TO_N3 ? UPF_DOWNLINK : UPF_UPLINK;
	uint32_t f = gtpu_be32(p->data + (dir == UPF_UPLINK ? 12 : 16)) - BED_UE, receiver, number;

	t->octets += p->len;
	if (f < LASTING)
		t->flow_octets[f] += p->len;
	if (f >= FLOWS || p->len != PACKET)
		return;
	receiver = gtpu_be32(p->data + MARK_AT);
	number = gtpu_be32(p->data + MARK_AT + 4);
	if (receiver >= WORKERS)
		return;
	t->disorder += number <= t->last[dir][receiver][f];
	t->last[dir][receiver][f] = number;
}

static void all_left(struct thread *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (t->packets[i].verdict != UPF_DROP && t->packets[i].len)
			left(t, &t->packets[i]);
}

static void set(struct upf_packet *p, struct bytes data)
{
	*p = (struct upf_packet){ .data = data.data,
		.len = (uint32_t)data.len,
		.linear = (uint32_t)data.len,
		.peer = ip_from_v4(BED_GNB),
		.peer_port = GTPU_UDP_PORT };
}

/* Four of eight are numbered packets of lasting flows. */
static struct bytes uplink(struct thread *t, uint8_t *buf, uint32_t round, uint32_t i)
{
	uint32_t f = (round + i) % FLOWS, ue = BED_UE + f, teid = lasting[f].teid, dst = BED_DN;
	uint8_t inner[PACKET];
	struct bytes p;

	if (i % 8 == 4) { /* to another UE */
		dst = BED_UE + f;
		ue = BED_UE + FLOWS + round % TALKERS;
		teid = lasting[FLOWS + round % TALKERS].teid;
	} else if (i % 8 == 5) { /* of a session that may be gone */
		ue = BED_UE + LASTING + (round * 3 + i) % CHURN;
		teid = UPF_READ(churn_teid[(round * 3 + i) % CHURN]);
	} else if (i % 8 == 6) { /* of none */
		teid = 0xdead0000 + round;
	}
	p = bed_udp(inner, ue, dst, 1000, 53, PACKET);
	if (i % 8 < 4)
		mark(inner, t->index, ++t->sent[UPF_UPLINK][f]);
	else
		mark(inner, WORKERS, 0);
	p = bed_gpdu(buf, teid, 9, p);
	if (i % 8 == 7) /* damaged */
		buf[round % 40] ^= (uint8_t)(1 << i % 7);
	return p;
}

static struct bytes downlink(struct thread *t, uint8_t *buf, uint32_t round, uint32_t i)
{
	uint32_t f = (round * 5 + i) % (LASTING + CHURN);
	struct bytes p = bed_udp(buf, BED_DN, BED_UE + f, 53, 1000, PACKET);

	if (f < FLOWS)
		mark(buf, t->index, ++t->sent[UPF_DOWNLINK][f]);
	else
		mark(buf, WORKERS, 0);
	return p;
}

static struct bytes error_indication(uint8_t *buf, uint32_t round)
{
	struct writer w = writer_of(buf, 64);
	struct gtpu_msg m = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true },
		.error_indication = { .teid = BED_GNB_TEID + LASTING + round % CHURN,
			.peer = { .len = 4, .octets = { 10, 1, 0, 2 } } } };

	assert_true(gtpu_encode(&m, &w));
	return writer_bytes(&w);
}

static void one_round(struct thread *t, uint32_t round)
{
	struct upf_worker *w = t->worker;
	size_t n;

	for (uint32_t i = 0; i < BURST; i++)
		set(&t->packets[i], i == BURST - 1 ? error_indication(t->buffer[i], round)
						   : uplink(t, t->buffer[i], round, i));
	upf_worker_begin(w, bed.t.now_ns);
	upf_worker_n3(w, t->packets, BURST);
	all_left(t, BURST);
	upf_worker_end(w);
	for (uint32_t i = 0; i < BURST; i++)
		set(&t->packets[i], downlink(t, t->buffer[i], round, i));
	upf_worker_begin(w, bed.t.now_ns);
	upf_worker_n6(w, t->packets, BURST);
	all_left(t, BURST);
	upf_worker_end(w);
	do {
		upf_worker_begin(w, bed.t.now_ns);
		n = upf_worker_take(w, t->packets, BURST);
		all_left(t, n);
		upf_worker_end(w);
	} while (n);
	do {
		upf_worker_begin(w, bed.t.now_ns);
		n = upf_worker_release(w, t->packets, BURST);
		all_left(t, n);
		upf_worker_end(w);
	} while (n);
	upf_worker_handed(w);
	upf_worker_noted(w);
}

static void *data_thread(void *arg)
{
	struct thread *t = arg;

	for (uint32_t round = 1; round <= ROUNDS; round++) {
		one_round(t, round);
		if (round % 16 == 0)
			sched_yield();
	}
	__atomic_fetch_sub(&running, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* Adds up the usage reports that have left. */
static void reports(void)
{
	const struct pfcp_session_report_request *r = &bed.response.session_report_request;

	for (size_t i = 0; i < bed.sent_count; i++) {
		if (bed.sent[i].port != UPF_PORT_N4 || !bed_decode(&bed, i) ||
			bed.response.type != PFCP_SESSION_REPORT_REQUEST || bed.response.seid > LASTING)
			continue;
		for (size_t k = 0; k < r->usage_report_count; k++) {
			reported[bed.response.seid - 1] += r->usage_report[k].volume_measurement.total;
			reported_ul[bed.response.seid - 1] += r->usage_report[k].volume_measurement.uplink;
		}
	}
}

/* The address and the SMF's SEID of a session are by its number. */
static void establish(uint32_t n, struct bed_session_ids *ids)
{
	bed_session_fill(&rules, BED_UE + n, BED_GNB_TEID + n, n + 1);
	rules.qer[0].mbr = n == METERED ? (struct pfcp_bit_rate){ 1000, 1000 }
					: (struct pfcp_bit_rate){ 100000000, 100000000 };
	rules.urr[0].reporting_triggers.bits = PFCP_TRIGGER_VOLTH | PFCP_TRIGGER_VOLQU;
	rules.urr[0].has_volume_threshold = true;
	rules.urr[0].volume_threshold = (struct pfcp_volume){ .has_total = true, .total = 2000 };
	rules.urr[0].has_volume_quota = n == QUOTED;
	rules.urr[0].volume_quota = (struct pfcp_volume){ .has_total = true, .total = QUOTA };
	assert_int_equal(bed_establish(&bed, &rules, ids), PFCP_CAUSE_ACCEPTED);
}

/* The response may come later, when the workers have left what is taken away. */
static void ask(struct pfcp_msg *m)
{
	bool answered = bed_request(&bed, m);

	for (;;) {
		reports();
		answered = bed_answered(&bed, m);
		if (answered)
			return;
		sched_yield();
		upf_collect_notes(bed.upf);
		bed_collect(&bed);
	}
}

static const struct pfcp_volume *deleted(const struct bed_session_ids *ids)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .seid = ids->seid };
	const struct pfcp_session_deletion_response *r = &bed.response.session_deletion_response;

	ask(&m);
	assert_int_equal(r->cause, PFCP_CAUSE_ACCEPTED);
	assert_int_equal(r->usage_report_count, 1);
	return &r->usage_report[0].volume_measurement;
}

/* A lasting session is changed, and one that is not lasting ends or begins. */
static void churn_once(uint32_t n)
{
	struct pfcp_update_qer qer = { .qer_id = 1, .has_gate_status = true };
	struct pfcp_msg m = {
		.type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true, .seid = lasting[n % LASTING].seid
	};
	struct bed_session_ids *ids = &churn[n % CHURN];

	m.session_modification_request.update_qer = &qer;
	m.session_modification_request.update_qer_count = 1;
	ask(&m);
	assert_int_equal(bed.response.session_modification_response.cause, PFCP_CAUSE_ACCEPTED);
	if (ids->seid) {
		deleted(ids);
		*ids = (struct bed_session_ids){ 0 };
	} else {
		establish(LASTING + n % CHURN, ids);
		UPF_WRITE(churn_teid[n % CHURN], ids->teid);
	}
	upf_collect_notes(bed.upf);
	bed_collect(&bed);
	reports();
}

static void run_threads(void)
{
	uint32_t n = 0;

	running = WORKERS;
	for (uint8_t i = 0; i < WORKERS; i++) {
		threads[i] = (struct thread){ .index = i, .worker = upf_worker_at(bed.upf, i) };
		assert_int_equal(pthread_create(&threads[i].thread, NULL, data_thread, &threads[i]), 0);
	}
	for (; __atomic_load_n(&running, __ATOMIC_ACQUIRE); n++) {
		churn_once(n);
		sched_yield();
	}
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i].thread, NULL);
	assert_true(n > CHURN);
	/* What is still on its way between them. */
	for (int i = 0; i < 2 * WORKERS; i++)
		one_round(&threads[i % WORKERS], ROUNDS + 1);
	upf_collect_notes(bed.upf);
	bed_collect(&bed);
	reports();
}

static void hostile_mix(void **state)
{
	uint64_t octets = 0, flow_octets[LASTING] = { 0 };
	struct upf_config c;

	bed_config(&c);
	c.workers = WORKERS;
	bed_init(&bed, &c);
	upf_set_threaded(bed.upf);
	assert_true(bed_associate(&bed));
	for (uint32_t f = 0; f < LASTING; f++)
		establish(f, &lasting[f]);
	run_threads();
	for (int i = 0; i < WORKERS; i++) {
		assert_int_equal(threads[i].disorder, 0);
		octets += threads[i].octets;
		for (int f = 0; f < LASTING; f++)
			flow_octets[f] += threads[i].flow_octets[f];
	}
	assert_true(bed_stat(&bed, UPF_STAT_HANDED_OVER) > 100);
	assert_true(bed_stat(&bed, UPF_STAT_HAIRPIN) > 10);
	for (uint32_t f = 0; f < LASTING; f++) {
		const struct pfcp_volume *v = deleted(&lasting[f]);

		if (f < FLOWS)
			assert_int_equal(reported[f] + v->total, flow_octets[f]);
		else /* both sides of a packet from UE to UE are counted, and it leaves once */
			octets += reported_ul[f] + v->uplink;
	}
	assert_int_equal(bed_stat(&bed, UPF_STAT_UL_OCTETS) + bed_stat(&bed, UPF_STAT_DL_OCTETS), octets);
	assert_int_equal(flow_octets[METERED], 2 * METERED_OCTETS);
	assert_int_equal(flow_octets[QUOTED], QUOTA);
	bed_fini(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hostile_mix) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
