#include "radio/uu.h"
#include "tests/call_bed.h"

#include <stdlib.h>
#include <time.h>

static void leave(void *arg, struct outbox *o);

static void node_init(
	struct call_bed *b, enum bed_node_id id, const char *name, const char *ip, uint16_t port)
{
	struct bed_node *n = &b->node[id];

	n->bed = b;
	n->name = name;
	assert_true(addr_parse(ip, &n->addr));
	n->addr.port = port;
	test_env_init(&n->t, 42 + id, id == NODE_CORE);
	n->t.clock = &b->now_ns;
	turn_init(&n->turn, &n->t.env, leave, n);
}

/* A message between turns: copied, since the outbox it came from is emptied. */
struct queued {
	struct queued *next;
	enum bed_node_id to;
	struct msg m;
};

struct queue {
	struct arena arena;
	struct queued *head, **tail;
};

static void queue_put(struct queue *q, enum bed_node_id to, const struct msg *m)
{
	struct queued *e = arena_alloc(&q->arena, sizeof(*e));

	assert_non_null(e);
	e->to = to;
	e->m = *m;
	e->m.data = arena_bytes(&q->arena, m->data);
	*q->tail = e;
	q->tail = &e->next;
}

/* N2: the gNB associates, the core answers. Both ends use the same number. */
static void route_n2(struct call_bed *b, struct queue *q, enum bed_node_id from, struct msg m)
{
	enum bed_node_id other = from == NODE_CORE ? NODE_GNB : NODE_CORE;

	m.peer = b->node[from].addr;
	if (m.kind == MSG_UP) {
		if (b->n2_refused) {
			m.kind = MSG_DOWN;
			queue_put(q, from, &m);
			return;
		}
		b->assoc = m.assoc = ++b->next_assoc;
		m.in_streams = m.out_streams = 4;
		queue_put(q, other, &m);
		m.peer = b->node[other].addr;
		queue_put(q, from, &m);
		return;
	}
	if (m.assoc != b->assoc)
		return;
	if (m.kind == MSG_DOWN)
		b->assoc = 0;
	m.port = other == NODE_CORE ? (uint16_t)CORE_PORT_N2 : (uint16_t)GNB_PORT_N2;
	queue_put(q, other, &m);
}

static void route_air(struct call_bed *b, struct queue *q, enum bed_node_id from, struct msg m)
{
	uint8_t bearer;

	if (from == NODE_UES)
		uu_peek(m.data, &bearer, &b->air_ue);
	if (b->air_lost && --b->air_lost == 0)
		return;
	m.peer = b->node[from].addr;
	m.port = from == NODE_UES ? (uint16_t)GNB_PORT_AIR : (uint16_t)UE_PORT_AIR;
	queue_put(q, from == NODE_UES ? NODE_GNB : NODE_UES, &m);
}

static void keep(uint8_t *buf, size_t *len, struct bytes data)
{
	assert_true(bytes_copy(buf, 2048, data));
	*len = data.len;
}

static void route(struct call_bed *b, struct queue *q, enum bed_node_id from, const struct msg *m)
{
	struct msg n4 = *m;

	if (from == NODE_UPF) {
		n4.peer = b->node[NODE_UPF].addr;
		queue_put(q, NODE_CORE, &n4);
	} else if (from == NODE_CORE && m->port == CORE_PORT_N4) {
		b->n4_packets++;
		call_upf_receive(b, m);
	} else if (from == NODE_CORE && m->port == CORE_PORT_CONTROL) {
		assert_true(m->data.len < sizeof(b->control));
		bytes_copy(b->control, sizeof(b->control), m->data);
		b->control[m->data.len] = '\0';
		b->control_len = m->data.len;
	} else if (from == NODE_CORE || (from == NODE_GNB && m->port == GNB_PORT_N2)) {
		route_n2(b, q, from, *m);
	} else if (from == NODE_GNB && m->port == GNB_PORT_N3) {
		b->n3_packets++;
		b->n3_to = m->peer;
		keep(b->n3, &b->n3_len, m->data);
	} else if (from == NODE_UES && m->port == UE_PORT_TUN) {
		b->tun_packets++;
		keep(b->tun, &b->tun_len, m->data);
	} else {
		route_air(b, q, from, *m);
	}
}

/* What a node's turn wants sent, once it is kept. */
static void leave(void *arg, struct outbox *o)
{
	struct bed_node *n = arg;
	struct recording *recording = n == &n->bed->node[NODE_CORE] ? n->bed->recording : NULL;

	for (struct outbox_item *item = o->head; item && recording; item = item->next)
		recording_out(recording, &item->msg);
	for (struct outbox_item *item = o->head; item; item = item->next)
		route(n->bed, n->bed->leaving, (enum bed_node_id)(n - n->bed->node), &item->msg);
}

static uint64_t cpu_now(const struct call_bed *b)
{
	struct timespec t = { 0 };

	if (b->measured)
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

void call_deliver(struct call_bed *b, enum bed_node_id to, const struct msg *m)
{
	struct room r = b->node[to].room;
	uint64_t begin = cpu_now(b);

	b->inside = to + 1u;
	if (b->recording && to == NODE_CORE)
		recording_in(b->recording, b->now_ns, m);
	r.ops->on_msg(r.self, m);
	b->inside = 0;
	b->cpu_ns[to] += cpu_now(b) - begin;
}

/* One bit of every n-th message is wrong. */
static void damage(struct call_bed *b, struct msg *m)
{
	uint64_t chance;

	if (!b->damage_every || m->data.len == 0 || ++b->damage_next % b->damage_every)
		return;
	env_random(&b->node[NODE_CORE].t.env, &chance, sizeof(chance));
	((uint8_t *)m->data.data)[chance / 8 % m->data.len] ^= (uint8_t)(1u << chance % 8);
}

/* Takes what the rooms send to those it is for; false: they are silent. */
bool call_exchange(struct call_bed *b)
{
	struct queue q = { .head = NULL };
	uint32_t lost = b->turns_lost;
	bool any;

	arena_init(&q.arena, NULL, 0, 64 << 20);
	q.tail = &q.head;
	if (b->before_commit)
		b->before_commit(b);
	for (int i = 0; i < BED_NODES; i++) {
		uint64_t epoch = b->node[i].turn.epoch;
		bool kept;

		b->leaving = &q;
		kept = turn_end(&b->node[i].turn);
		b->turns_lost += !kept;
		if (b->recording && i == NODE_CORE && b->node[i].turn.epoch != epoch)
			recording_mark(b->recording, RECORD_TURN, kept);
	}
	any = q.head != NULL || b->turns_lost != lost;
	for (struct queued *e = q.head; e; e = e->next) {
		b->delivered++;
		damage(b, &e->m);
		call_deliver(b, e->to, &e->m);
	}
	arena_fini(&q.arena);
	return any;
}

void call_control(struct call_bed *b, const char *request)
{
	struct msg m = { .kind = MSG_DATA,
		.port = CORE_PORT_CONTROL,
		.assoc = 1,
		.uid = b->control_uid,
		.pid = 4711,
		.data = bytes_of_str(request) };

	call_deliver(b, NODE_CORE, &m);
}

static void start_core(struct call_bed *b)
{
	struct bed_node *n = &b->node[NODE_CORE];

	n->t.env.recording = b->recording;
	if (b->recording) {
		recording_head(b->recording, &(struct record_head){ .role = "core", .start_ns = b->now_ns });
		assert_true(recording_store(b->recording, n->t.env.store));
	}
	b->core = core_new(&b->core_config, false, &n->t.env);
	assert_non_null(b->core);
	if (b->recording)
		recording_mark(b->recording, RECORD_READY, 0);
	n->room = core_room(b->core);
	assert_true(turn_room_add(&n->turn, &n->room));
}

void call_core_restart(struct call_bed *b)
{
	struct bed_node *n = &b->node[NODE_CORE];
	struct store *kept = store_mem_clone(n->t.env.store);

	turn_kill(&n->turn);
	core_free(b->core);
	store_mem_free(n->t.env.store);
	n->t.env.store = kept;
	start_core(b);
}

void call_run(struct call_bed *b)
{
	for (int turns = 0;; turns++) {
		uint64_t begin;
		bool due = false;

		for (int i = 0; i < BED_NODES; i++) {
			struct room r = b->node[i].room;

			if (!r.ops || r.ops->next_deadline_ns(r.self) > b->now_ns)
				continue;
			begin = cpu_now(b);
			b->inside = (unsigned)i + 1;
			if (b->recording && i == NODE_CORE)
				recording_mark(b->recording, RECORD_DEADLINE, b->now_ns);
			r.ops->on_deadline(r.self, b->now_ns);
			b->inside = 0;
			b->cpu_ns[i] += cpu_now(b) - begin;
			due = true;
		}
		if (!call_exchange(b) && !due)
			return;
		assert_true(turns < 100000);
	}
}

void call_pass(struct call_bed *b, uint32_t ms)
{
	uint64_t end = b->now_ns + (uint64_t)ms * NS_PER_MS;

	call_run(b);
	while (b->now_ns < end) {
		uint64_t next = end;

		for (int i = 0; i < BED_NODES; i++) {
			struct room r = b->node[i].room;
			uint64_t t = r.ops ? r.ops->next_deadline_ns(r.self) : NEVER;

			if (t < next)
				next = t;
		}
		b->now_ns = next > b->now_ns ? next : b->now_ns;
		call_run(b);
	}
}

static void on_event(void *arg, struct ue *ue, const struct ue_event_info *e)
{
	struct call_bed *b = arg;

	b->event_count++;
	b->events[e->event]++;
	b->last_cause = e->cause;
	str_copy(b->last_text, sizeof(b->last_text), e->text);
}

/* CALL_LOG shows the NAS messages too. */
static void on_nas(void *arg, struct ue *ue, bool uplink, struct bytes plain)
{
	struct call_bed *b = arg;
	struct nas_msg m = { 0 }, inner;
	struct bytes container = BYTES_NONE;
	struct tlv_fault fault;
	struct arena arena;
	const char *name, *inner_name = NULL;

	arena_init(&arena, NULL, 0, 1 << 20);
	if (nas_decode(plain, &arena, &m, &fault) && m.type == NAS_UL_NAS_TRANSPORT)
		container = m.ul_nas_transport.payload_container;
	else if (m.type == NAS_DL_NAS_TRANSPORT)
		container = m.dl_nas_transport.payload_container;
	if (container.len > 0 && nas_decode(container, &arena, &inner, &fault))
		inner_name = nas_msg_name(inner.type);
	name = nas_msg_name(m.type);
	fprintf(stderr, "%10.3f       imsi-%s %s %s %s\n", (double)b->now_ns / 1e9, call_state(ue).supi.imsi,
		uplink ? ">" : "<", name ? name : "?", inner_name ? inner_name : "");
	arena_fini(&arena);
}

int call_setup(void **state)
{
	struct call_bed *b = calloc(1, sizeof(*b));

	if (!b)
		return -1;
	b->now_ns = NS_PER_S;
	node_init(b, NODE_CORE, "core", "127.0.0.2", BED_GNB_PORT);
	node_init(b, NODE_GNB, "gnb", "127.0.0.3", BED_AIR_PORT);
	node_init(b, NODE_UES, "ues", "127.0.0.4", BED_AIR_PORT);
	node_init(b, NODE_UPF, "upf", "127.0.0.8", 8805);
	b->upf_on = true;
	call_configure_core(b);
	call_configure_ran(b);
	*state = b;
	return 0;
}

int call_teardown(void **state)
{
	struct call_bed *b = *state;

	ue_host_free(b->ues);
	gnb_free(b->gnb);
	core_free(b->core);
	for (int i = 0; i < BED_NODES; i++) {
		turn_fini(&b->node[i].turn);
		test_env_fini(&b->node[i].t);
	}
	free(b);
	return 0;
}

void call_start(struct call_bed *b)
{
	start_core(b);
	b->gnb = gnb_new(&b->gnb_config, &b->node[NODE_GNB].t.env);
	assert_non_null(b->gnb);
	b->node[NODE_GNB].room = gnb_room(b->gnb);
	b->ues = ue_host_new(&b->node[NODE_UES].t.env, 1000);
	assert_non_null(b->ues);
	b->node[NODE_UES].room = ue_host_room(b->ues);
	ue_host_set_event(b->ues, on_event, b);
	if (getenv("CALL_LOG"))
		ue_host_set_nas_tap(b->ues, on_nas, b);
	call_run(b);
}

uint64_t call_gnb_stat(struct call_bed *b, enum gnb_stat s)
{
	struct stats stats;

	gnb_stats(b->gnb, &stats);
	return stats.values[s];
}

uint64_t call_amf_stat(struct call_bed *b, enum amf_stat s)
{
	struct stats stats;

	amf_stats(core_amf(b->core), &stats);
	return stats.values[s];
}

struct ue_state call_state(const struct ue *ue)
{
	struct ue_state s;

	ue_state(ue, &s);
	return s;
}
