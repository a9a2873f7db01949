#include "tests/call_bed.h"

#include <stdlib.h>

static uint64_t bed_now(struct env *env)
{
	return container_of(env, struct bed_node, env)->bed->now_ns;
}

static uint64_t bed_utc(struct env *env)
{
	return UINT64_C(1700000000000) + bed_now(env) / NS_PER_MS;
}

/* splitmix64: the same run each time. */
static void bed_random(struct env *env, void *buf, size_t len)
{
	struct call_bed *b = container_of(env, struct bed_node, env)->bed;
	uint8_t *out = buf;

	for (size_t i = 0; i < len; i++) {
		uint64_t z = (b->seed += UINT64_C(0x9e3779b97f4a7c15));

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		out[i] = (uint8_t)(z >> 31);
	}
}

static void bed_log(void *arg, enum log_level level, const char *room, const char *line)
{
	struct bed_node *n = arg;

	if (getenv("CALL_LOG"))
		fprintf(stderr, "%10.3f %-5s %s: %s\n", (double)n->bed->now_ns / 1e9, log_level_name(level), room, line);
}

static uint64_t bed_log_now(void *arg)
{
	return ((struct bed_node *)arg)->bed->now_ns;
}

static void node_init(struct call_bed *b, enum bed_node_id id, const char *name, const char *ip, uint16_t port)
{
	static const struct env_ops ops = { bed_now, bed_utc, bed_random };
	struct bed_node *n = &b->node[id];

	n->bed = b;
	n->name = name;
	assert_true(addr_parse(ip, &n->addr));
	n->addr.port = port;
	log_init(&n->log, LOG_DEBUG, bed_log, bed_log_now, n);
	outbox_init(&n->outbox, 64 << 20);
	n->env = (struct env){ &ops, NULL, &n->log, &n->outbox };
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

void call_deliver(struct call_bed *b, enum bed_node_id to, const struct msg *m)
{
	struct room r = b->node[to].room;

	r.ops->on_msg(r.self, m);
}

/* One bit of every n-th message is wrong. */
static void damage(struct call_bed *b, struct msg *m)
{
	uint64_t chance;

	if (!b->damage_every || m->data.len == 0 || ++b->damage_next % b->damage_every)
		return;
	bed_random(&b->node[NODE_CORE].env, &chance, sizeof(chance));
	((uint8_t *)m->data.data)[chance / 8 % m->data.len] ^= (uint8_t)(1u << chance % 8);
}

/* Takes what the rooms have to say to those it is for; false: they are silent. */
static bool exchange(struct call_bed *b)
{
	struct queue q = { .head = NULL };
	bool any;

	arena_init(&q.arena, NULL, 0, 64 << 20);
	q.tail = &q.head;
	for (int i = 0; i < BED_NODES; i++) {
		struct outbox *o = &b->node[i].outbox;
		struct outbox_item *item = o->head;

		if (b->node[i].env.store)
			assert_true(store_commit(b->node[i].env.store));
		for (; item; item = item->next)
			route(b, &q, (enum bed_node_id)i, &item->msg);
		outbox_reset(o);
	}
	any = q.head != NULL;
	for (struct queued *e = q.head; e; e = e->next) {
		b->delivered++;
		damage(b, &e->m);
		call_deliver(b, e->to, &e->m);
	}
	arena_fini(&q.arena);
	return any;
}

void call_run(struct call_bed *b)
{
	for (int turns = 0;; turns++) {
		bool due = false;

		for (int i = 0; i < BED_NODES; i++) {
			struct room r = b->node[i].room;

			if (!r.ops || r.ops->next_deadline_ns(r.self) > b->now_ns)
				continue;
			r.ops->on_deadline(r.self, b->now_ns);
			due = true;
		}
		if (!exchange(b) && !due)
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

static void configure_core(struct call_bed *b)
{
	struct core_config *c = &b->core_config;
	struct amf_config *a = &c->amf;

	assert_true(plmn_parse("00101", &c->plmn));
	*a = (struct amf_config){ .guami = { c->plmn, 1, 1, 1 }, .relative_capacity = 255, .t3512_s = 3240,
		.t3550_ms = 6000, .t3560_ms = 6000, .t3522_ms = 6000 };
	str_copy(a->name, sizeof(a->name), "amf.test");
	a->tac_count = 1;
	a->tacs[0] = 1;
	a->slice_count = 1;
	a->slices[0] = (struct snssai){ 1, SNSSAI_NO_SD };
	a->ciphering_count = a->integrity_count = 2;
	a->ciphering_order[0] = a->integrity_order[0] = 2;
	a->ciphering_order[1] = a->integrity_order[1] = 1;
	c->udm.plmn = c->nssf.plmn = c->pcf.plmn = c->smf.plmn = c->plmn;
	c->udm.hn_key_count = 1;
	c->udm.hn_keys[0] = (struct udm_hn_key){ .id = 1, .scheme = SUCI_PROFILE_A, .private_key = { 0x5a, 1, 2, 3, 4, 5 } };
	c->nssf.slice_count = 1;
	c->nssf.slices[0].snssai = a->slices[0];
	c->smf.dnn_count = c->smf.upf_count = 1;
	str_copy(c->smf.dnns[0].dnn, DNN_STR_SIZE, "internet");
	c->smf.dnns[0].snssai = a->slices[0];
	assert_true(prefix4_parse("10.45.0.0/16", &c->smf.dnns[0].pool));
	c->smf.dnns[0].dns_count = 1;
	c->smf.dnns[0].dns[0] = 0x08080808;
	c->smf.dnns[0].mtu = 1400;
	assert_true(addr_parse("127.0.0.1", &c->smf.n4_address));
	assert_true(addr_parse("127.0.0.8", &c->smf.upfs[0].address));
}

static void configure_ran(struct call_bed *b)
{
	struct gnb_config *g = &b->gnb_config;
	struct suci_key *key;
	struct bytes public;

	*g = (struct gnb_config){ .gnb_id = 0x123456, .gnb_id_bits = 24, .cell_id = 1, .plmn = b->core_config.plmn };
	str_copy(g->name, sizeof(g->name), "gnb.test");
	g->tac_count = g->slice_count = g->amf_count = 1;
	g->tacs[0] = 1;
	g->slices[0] = (struct snssai){ 1, SNSSAI_NO_SD };
	g->amfs[0] = b->node[NODE_CORE].addr;
	g->n3_address = b->node[NODE_GNB].addr;
	b->profile = (struct ue_profile){ .home = b->core_config.plmn, .slice_count = 1 };
	b->profile.slices[0] = (struct snssai){ 1, SNSSAI_NO_SD };
	b->profile.suci = (struct usim_suci_profile){ .scheme = SUCI_PROFILE_A, .home_network_key_id = 1 };
	key = suci_key_new(SUCI_PROFILE_A, b->core_config.udm.hn_keys[0].private_key);
	assert_non_null(key);
	public = suci_key_public(key);
	assert_true(bytes_copy(b->profile.suci.home_network_key, SUCI_PUBLIC_MAX, public));
	b->profile.suci.home_network_key_len = (uint8_t)public.len;
	suci_key_free(key);
}

int call_setup(void **state)
{
	struct call_bed *b = calloc(1, sizeof(*b));

	if (!b)
		return -1;
	b->now_ns = NS_PER_S;
	b->seed = 42;
	node_init(b, NODE_CORE, "core", "127.0.0.2", BED_GNB_PORT);
	node_init(b, NODE_GNB, "gnb", "127.0.0.3", BED_AIR_PORT);
	node_init(b, NODE_UES, "ues", "127.0.0.4", BED_AIR_PORT);
	node_init(b, NODE_UPF, "upf", "127.0.0.8", 8805);
	b->upf_on = true;
	b->node[NODE_CORE].env.store = store_mem_new(0);
	configure_core(b);
	configure_ran(b);
	*state = b;
	return 0;
}

int call_teardown(void **state)
{
	struct call_bed *b = *state;

	ue_host_free(b->ues);
	gnb_free(b->gnb);
	core_free(b->core);
	store_mem_free(b->node[NODE_CORE].env.store);
	for (int i = 0; i < BED_NODES; i++)
		outbox_fini(&b->node[i].outbox);
	free(b);
	return 0;
}

void call_start(struct call_bed *b)
{
	b->core = core_new(&b->core_config, false, &b->node[NODE_CORE].env);
	assert_non_null(b->core);
	b->node[NODE_CORE].room = core_room(b->core);
	b->gnb = gnb_new(&b->gnb_config, &b->node[NODE_GNB].env);
	assert_non_null(b->gnb);
	b->node[NODE_GNB].room = gnb_room(b->gnb);
	b->ues = ue_host_new(&b->node[NODE_UES].env, 1000);
	assert_non_null(b->ues);
	b->node[NODE_UES].room = ue_host_room(b->ues);
	ue_host_set_event(b->ues, on_event, b);
	call_run(b);
}

static struct aka_key key_of(unsigned n)
{
	struct aka_key key = { .alg = AKA_MILENAGE, .k_len = 16 };

	bytes_copy(key.k, sizeof(key.k), BYTES(call_k));
	key.k[0] ^= (uint8_t)n;
	assert_true(aka_opc_derive(&key, BYTES(call_op)));
	return key;
}

void call_subscribe(struct call_bed *b, unsigned n)
{
	struct aka_key key = key_of(n);
	struct subscriber s = { .algorithm = AUTH_MILENAGE, .amf = { 0x80, 0 }, .slice_count = 1 };

	s.ambr_uplink_bps = s.ambr_downlink_bps = 1000000000;
	snprintf(s.imsi, sizeof(s.imsi), "001010000000%03u", n);
	s.slices[0] = (struct subscriber_slice){ .sst = 1, .sd = SNSSAI_NO_SD, .default_slice = true, .dnn_count = 1 };
	str_copy(s.slices[0].dnns[0].dnn, DNN_STR_SIZE, "internet");
	s.slices[0].dnns[0].default_dnn = true;
	s.slices[0].dnns[0].five_qi = 9;
	s.slices[0].dnns[0].arp_priority_level = 8;
	s.slices[0].dnns[0].ambr_uplink_bps = s.slices[0].dnns[0].ambr_downlink_bps = 100000000;
	assert_true(core_subscriber_add(b->core, &s, bytes_of(key.k, 16), bytes_of(key.opc, 16), 32));
}

struct ue *call_ue(struct call_bed *b, unsigned n)
{
	struct ue_config c = { .profile = &b->profile, .key = key_of(n), .imeisv = "4370816125816151",
		.gnb = b->node[NODE_GNB].addr };
	struct ue *ue;

	snprintf(c.supi.imsi, sizeof(c.supi.imsi), "001010000000%03u", n);
	ue = ue_new(b->ues, &c);
	assert_non_null(ue);
	return ue;
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
