#include "tests/e1_line_internal.h"

enum { TICK_MS = 5, IDLE_TICK_MS = 100, CONTEXTS_MAX = 8 };

static const struct plmn plmn = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };
static const struct plmn other_plmn = { { 0, 0, 2 }, { 0, 1, PLMN_NO_DIGIT } };
static const struct snssai slice = { 1, SNSSAI_NO_SD };

static void cp_send(void *arg, uint32_t up, struct bytes pdu)
{
	e1_line_put(arg, E1_DOWN, up, pdu);
}

/* A CU-UP knows the line by where it stands in it. */
struct node_at {
	struct e1_line *l;
	unsigned i;
};

static struct node_at places[E1_UPS];

static void up_e1ap(void *arg, struct bytes pdu)
{
	const struct node_at *at = arg;

	e1_line_put(at->l, E1_UP, at->i, pdu);
}

static void up_n3(void *arg, const struct addr *to, struct bytes datagram)
{
	const struct node_at *at = arg;

	assert_true(at->l->foreign || addr_v4(to) == E1_UPF_IP);
	e1_line_put(at->l, E1_N3_UP, at->i, datagram);
}

static void up_f1u(void *arg, const struct addr *to, struct bytes datagram)
{
	const struct node_at *at = arg;

	assert_true(at->l->foreign || addr_v4(to) == E1_DU_IP);
	e1_line_put(at->l, E1_F1U_DOWN, at->i, datagram);
}

static void du_send(void *arg, const struct addr *to, struct bytes datagram)
{
	uint32_t i = addr_v4(to) - E1_CUUP_F1U_IP;

	e1_line_put(arg, E1_F1U_UP, i < E1_UPS ? i : 0, datagram);
}

static void upf_send(void *arg, const struct addr *to, struct bytes datagram)
{
	uint32_t i = addr_v4(to) - E1_CUUP_N3_IP;

	e1_line_put(arg, E1_N3_DOWN, i < E1_UPS ? i : 0, datagram);
}

static void up_released(void *arg)
{
	const struct node_at *at = arg;

	at->l->up_released++;
}

static void cp_released(void *arg, uint32_t up)
{
	struct e1_line *l = arg;

	l->cp_released++;
}

static void node_new(struct e1_line *l, unsigned i)
{
	struct cuup_node_config c = { .env = &l->env.env,
		.id = l->second_is_first ? 1 : i + 1,
		.name = "up",
		.plmns = l->elsewhere ? &other_plmn : &plmn,
		.plmn_count = 1,
		.slices = &slice,
		.slice_count = 1,
		.capacity = 100,
		.contexts_max = CONTEXTS_MAX,
		.n3 = addr_from_v4(E1_CUUP_N3_IP + i, 0),
		.f1u = addr_from_v4(E1_CUUP_F1U_IP + i, 0),
		.usage_every_s = l->usage_every_s,
		.arg = &places[i],
		.e1ap_send = up_e1ap,
		.n3_send = up_n3,
		.f1u_send = up_f1u,
		.e1_released = up_released };

	places[i] = (struct node_at){ l, i };
	l->nodes[i] = cuup_node_new(&c);
	assert_non_null(l->nodes[i]);
}

void e1_line_begin(struct e1_line *l, uint64_t seed)
{
	static const uint8_t known[] = { GTPU_EXT_PDU_SESSION_CONTAINER };
	struct cucp_e1ap_config cp = { .name = "cp",
		.plmns = &plmn,
		.plmn_count = 1,
		.contexts_max = CONTEXTS_MAX + 1,
		.ups_max = E1_UPS,
		.upper = e1_line_upper,
		.arg = l,
		.send = cp_send,
		.released = cp_released };
	struct du_f1u_config du = { .own = addr_from_v4(E1_DU_IP, 0),
		.bearers_max = 2 * CONTEXTS_MAX,
		.buffer_octets = E1_BUFFER,
		.lower = e1_line_rlc,
		.arg = l,
		.send = du_send };

	*l = (struct e1_line){
		.cp.keys = { NEA2, NIA2, { 1, 2 }, { 3, 4 } }, .discard_ms = PDCP_INFINITY, .slice = slice
	};
	test_env_init(&l->env, seed, false);
	sdu_pool_init(&l->pool, 8192, 50);
	l->engine = burst_new(true);
	cp.env = du.env = &l->env.env;
	cp.upper.arg = du.lower.arg = l;
	l->e1ap = cucp_e1ap_new(&cp);
	l->f1u = du_f1u_new(&du);
	l->upf = (struct gtpu_path){ .env = &l->env.env,
		.own = addr_from_v4(E1_UPF_IP, 0),
		.arg = l,
		.send = upf_send,
		.extensions = BYTES(known) };
	assert_true(l->engine && l->e1ap && l->f1u);
	node_new(l, 0);
}

void e1_line_node_begin(struct e1_line *l, unsigned i)
{
	if (!l->nodes[i])
		node_new(l, i);
	cuup_node_begin(l->nodes[i]);
}

void e1_line_end(struct e1_line *l)
{
	for (struct e1_message *m; (m = l->first);) {
		l->first = m->next;
		free(m);
	}
	for (uint8_t d = 1; d <= E1_DRBS; d++)
		e1_line_drb_end(l, d);
	for (unsigned i = 0; i < E1_UPS; i++)
		cuup_node_free(l->nodes[i]);
	cucp_e1ap_free(l->e1ap);
	du_f1u_free(l->f1u);
	for (struct e1_message *m; (m = l->first);) { /* last reports of DRBs */
		l->first = m->next;
		free(m);
	}
	assert_int_equal(l->pool.small.used + l->pool.large.used, 0);
	sdu_pool_fini(&l->pool);
	burst_free(l->engine);
	test_env_fini(&l->env);
}

static void deliver(struct e1_line *l, const struct e1_message *m)
{
	struct addr upf = addr_from_v4(E1_UPF_IP, GTPU_UDP_PORT), du = addr_from_v4(E1_DU_IP, GTPU_UDP_PORT),
		    up = addr_from_v4(E1_CUUP_F1U_IP + m->node, GTPU_UDP_PORT);
	struct bytes octets = bytes_of(m->octets, m->len);

	if (!l->nodes[m->node])
		return;
	switch (m->kind) {
	case E1_UP:
		cucp_e1ap_received(l->e1ap, m->node, octets);
		break;
	case E1_DOWN:
		cuup_node_e1ap_received(l->nodes[m->node], octets);
		break;
	case E1_N3_UP:
		e1_line_upf_received(l, octets);
		break;
	case E1_N3_DOWN:
		cuup_node_n3_received(l->nodes[m->node], &upf, octets);
		break;
	case E1_F1U_UP:
		cuup_node_f1u_received(l->nodes[m->node], &du, octets);
		break;
	default:
		du_f1u_received(l->f1u, &up, octets);
	}
}

/* What was on its way on E1 is gone with it. */
static void e1_break(struct e1_line *l)
{
	for (struct e1_message **at = &l->first; *at;) {
		struct e1_message *m = *at;

		if (m->kind > E1_DOWN) {
			at = &m->next;
			continue;
		}
		*at = m->next;
		free(m);
	}
	if (l->restarts) {
		cuup_node_free(l->nodes[0]);
		node_new(l, 0);
	}
	l->breaks = l->restarts = false;
	cucp_e1_lost(l->e1ap, 0);
	cuup_node_begin(l->nodes[0]);
}

static void one_moment(struct e1_line *l)
{
	struct e1_message *m;

	if (l->breaks || l->restarts)
		e1_break(l);
	while ((m = l->first) && m->due_ns <= l->env.now_ns) {
		l->first = m->next;
		deliver(l, m);
		free(m);
	}
	e1_line_air_run(l);
	for (unsigned i = 0; i < E1_UPS; i++)
		if (l->nodes[i])
			cuup_node_run(l->nodes[i]);
	du_f1u_run(l->f1u);
	cucp_e1ap_run(l->e1ap);
}

void e1_line_run(struct e1_line *l, uint32_t ms)
{
	uint64_t until_ns = l->env.now_ns + ms * (uint64_t)NS_PER_MS, next_ns;

	for (one_moment(l); l->env.now_ns < until_ns; one_moment(l)) {
		next_ns = l->env.now_ns + (l->drbs[1].there || l->drbs[2].there ? TICK_MS : IDLE_TICK_MS) *
						  (uint64_t)NS_PER_MS;
		if (l->first && l->first->due_ns < next_ns)
			next_ns = l->first->due_ns;
		if (cucp_e1ap_deadline_ns(l->e1ap) < next_ns)
			next_ns = cucp_e1ap_deadline_ns(l->e1ap);
		if (e1_line_air_due_ns(l) < next_ns)
			next_ns = e1_line_air_due_ns(l);
		l->env.now_ns = next_ns < until_ns ? next_ns : until_ns;
	}
}

void e1_line_set_up(struct e1_line *l)
{
	e1_line_node_begin(l, 0);
	e1_line_run(l, 50);
}

bool e1_line_is_down(const struct e1_line *l)
{
	bool down = cucp_e1_contexts(l->e1ap) == 0 && l->pool.small.used + l->pool.large.used == 0;

	for (unsigned i = 0; i < E1_UPS; i++)
		down = down && (!l->nodes[i] || cuup_node_contexts(l->nodes[i]) == 0);
	return down;
}

void e1_line_e1ap(struct e1_line *l, bool up, enum e1ap_message message, const void *body)
{
	uint8_t octets[2048];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(e1ap_encode(message, body, &w));
	e1_line_put(l, up ? E1_UP : E1_DOWN, 0, writer_bytes(&w));
}

void e1_line_datagram(struct e1_line *l, enum e1_kind kind, struct bytes octets)
{
	e1_line_put(l, kind, 0, octets);
}
