/* Two PFCP nodes over a virtual link that loses, repeats and delays on demand. */
#include "base/test_env.h"

#include "proto/pfcp.h"

enum { PORT = 7, QUEUE_MAX = 64 };

struct end {
	struct test_env t;
	struct timers timers;
	struct pfcp_node *node;
	struct pfcp_peer *peer;
	struct addr addr;
	uint32_t requests, responses, failures, restarts, losses;
	uint32_t last_cause;
	bool mute; /* takes requests without answering */
	struct pfcp_token token;
	struct pfcp_origin origin;
};

static uint64_t now_ns = 1;
static struct end cp, up;
static uint32_t drop; /* bit n: drop the nth datagram from now */
static uint32_t carried;
static uint8_t n1; /* of the nodes started from now on; 0: the usual one */

static void on_request(void *owner, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	struct end *e = owner;

	e->requests++;
	e->origin = *from;
	if (!e->mute)
		pfcp_respond_cause(from, 0x77, PFCP_CAUSE_ACCEPTED, 0);
}

static void on_response(void *owner, struct pfcp_peer *peer, enum pfcp_msg_type request,
	struct pfcp_token token, const struct pfcp_msg *m)
{
	struct end *e = owner;

	e->token = token;
	if (!m) {
		e->failures++;
		return;
	}
	e->responses++;
	if (m->type == PFCP_SESSION_DELETION_RESPONSE)
		e->last_cause = m->session_deletion_response.cause;
}

static void on_peer(void *owner, struct pfcp_peer *peer, enum pfcp_peer_event event)
{
	struct end *e = owner;

	if (event == PFCP_PEER_RESTARTED)
		e->restarts++;
	else
		e->losses++;
}

static const struct pfcp_node_ops node_ops = { on_request, on_response, on_peer, NULL };

static void end_start(struct end *e, uint32_t recovery)
{
	struct pfcp_node_config config = {
		.port = PORT, .recovery = recovery, .heartbeat_ms = 5000, .n1 = n1
	};

	e->node = pfcp_node_new(&config, &node_ops, e, &e->t.env, &e->timers);
	assert_non_null(e->node);
	e->peer = pfcp_peer_add(e->node, e == &cp ? &up.addr : &cp.addr);
	assert_non_null(e->peer);
}

static void end_init(struct end *e, const char *ip)
{
	*e = (struct end){ 0 };
	assert_true(addr_parse(ip, &e->addr));
	e->addr.port = PFCP_UDP_PORT;
	test_env_init(&e->t, 0x5a, false);
	e->t.clock = &now_ns;
	timers_init(&e->timers, e);
}

static int setup(void **state)
{
	drop = carried = n1 = 0;
	end_init(&cp, "10.0.0.1");
	end_init(&up, "10.0.0.2");
	end_start(&cp, 100);
	end_start(&up, 200);
	return 0;
}

static int teardown(void **state)
{
	struct end *ends[] = { &cp, &up };

	for (int i = 0; i < 2; i++) {
		pfcp_node_free(ends[i]->node);
		test_env_fini(&ends[i]->t);
	}
	return 0;
}

/* Everything in from's outbox reaches to, but what is dropped. */
static bool carry(struct end *from, struct end *to)
{
	struct outbox_item *item = from->t.outbox.head;
	struct outbox taken = from->t.outbox;
	bool any = item != NULL;

	outbox_init(&from->t.outbox, 1 << 20);
	for (; item; item = item->next) {
		struct msg m = item->msg;

		carried++;
		m.peer = from->addr;
		assert_true(addr_same_host(&item->msg.peer, &to->addr));
		if (!(drop & 1))
			pfcp_receive(to->node, &m);
		drop >>= 1;
	}
	outbox_fini(&taken);
	return any;
}

static void settle(void)
{
	bool any = true;

	while (any) {
		any = carry(&cp, &up);
		any = carry(&up, &cp) || any;
	}
}

static void pass(uint32_t ms)
{
	for (; ms > 0; ms -= ms < 100 ? ms : 100) {
		now_ns += (uint64_t)(ms < 100 ? ms : 100) * NS_PER_MS;
		timers_run(&cp.timers, now_ns);
		timers_run(&up.timers, now_ns);
		settle();
	}
}

static uint64_t stat_of(struct end *e, enum pfcp_stat s)
{
	struct stats stats;

	pfcp_stats(e->node, &stats);
	return stats.values[s];
}

static void ask(struct end *e)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .seid = 9 };

	assert_true(pfcp_request(e->peer, &m, (struct pfcp_token){ 11, 22, 33 }));
}

static void answers_once(void **state)
{
	ask(&cp);
	settle();
	assert_int_equal(up.requests, 1);
	assert_int_equal(cp.responses, 1);
	assert_int_equal(cp.last_cause, PFCP_CAUSE_ACCEPTED);
	assert_int_equal(cp.token.context, 11);
	assert_int_equal(cp.token.generation, 22);
	assert_int_equal(cp.token.step, 33);
	assert_int_equal(pfcp_pending(cp.node), 0);
	pass(20000);
	assert_int_equal(carried, 2);
}

static void lost_request_is_repeated(void **state)
{
	drop = 3; /* the request and its first repetition */
	ask(&cp);
	settle();
	pass(2500);
	assert_int_equal(up.requests, 1);
	assert_int_equal(cp.responses, 1);
	assert_int_equal(stat_of(&cp, PFCP_STAT_REPEATED), 2);
}

static void lost_response_is_sent_again(void **state)
{
	drop = 2;
	ask(&cp);
	settle();
	assert_int_equal(cp.responses, 0);
	pass(1500);
	assert_int_equal(cp.responses, 1);
	assert_int_equal(up.requests, 1); /* not handled twice */
	assert_int_equal(stat_of(&up, PFCP_STAT_DUPLICATES), 1);
}

static void gives_up_after_n1(void **state)
{
	drop = 0xffffffff;
	ask(&cp);
	settle();
	pass(200 + 400 + 14 * 500 - 100); /* T1 doubles, up to its bound */
	assert_int_equal(cp.failures, 0);
	pass(100);
	assert_int_equal(cp.failures, 1);
	assert_int_equal(carried, PFCP_N1);
	assert_int_equal(pfcp_pending(cp.node), 0);
	assert_int_equal(stat_of(&cp, PFCP_STAT_UNANSWERED), 1);
}

/* What is withdrawn is not repeated, and its failure is nobody's; what was asked otherwise goes on. */
static void withdrawn(void **state)
{
	drop = 0xff;
	ask(&cp);
	settle();
	pfcp_withdraw(cp.peer, PFCP_SESSION_MODIFICATION_REQUEST);
	assert_int_equal(pfcp_pending(cp.node), 1);
	pfcp_withdraw(cp.peer, PFCP_SESSION_DELETION_REQUEST);
	assert_int_equal(pfcp_pending(cp.node), 0);
	pass(10000);
	assert_int_equal(cp.failures, 0);
	assert_int_equal(carried, 1);
}

/* N1 is the number of sendings in all, each a T1 after the one before (29.244 6.4). */
static void exactly_n1_sendings(void **state)
{
	static const uint32_t t1_ms[] = { PFCP_T1_MS, 2 * PFCP_T1_MS, PFCP_T1_MAX_MS, PFCP_T1_MAX_MS };

	for (n1 = 1; n1 <= 4; n1++) {
		pfcp_node_free(cp.node);
		end_start(&cp, 100);
		cp.failures = carried = 0;
		drop = 0xffffffff;
		ask(&cp);
		settle();
		for (uint32_t sent = 1; sent <= n1; sent++) {
			assert_int_equal(carried, sent);
			now_ns += t1_ms[sent - 1] * (uint64_t)NS_PER_MS - 1;
			timers_run(&cp.timers, now_ns);
			settle();
			assert_int_equal(carried, sent);
			assert_int_equal(cp.failures, 0);
			now_ns++;
			timers_run(&cp.timers, now_ns);
			settle();
		}
		assert_int_equal(carried, n1);
		assert_int_equal(cp.failures, 1);
		assert_int_equal(stat_of(&cp, PFCP_STAT_REPEATED), n1 - 1);
	}
}

/* T1 follows the round trip, within its bounds; one of a repeated request tells nothing (RFC 6298 clause 3).
 */
static void t1_follows_round_trip(void **state)
{
	static const struct {
		uint32_t rtt_ms, t1_ms;
	} cases[] = { { 1, PFCP_T1_MIN_MS }, { 40, 120 }, { 100, 300 }, { 400, PFCP_T1_MAX_MS } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pfcp_peer *p = cp.peer;
		uint64_t repeated;

		p->rtt_us = 0;
		ask(&cp);
		now_ns += cases[i].rtt_ms * (uint64_t)NS_PER_MS;
		settle();
		assert_int_equal(p->rtt_us, cases[i].rtt_ms * 1000);
		repeated = stat_of(&cp, PFCP_STAT_REPEATED);
		drop = 1;
		ask(&cp);
		settle();
		now_ns += cases[i].t1_ms * (uint64_t)NS_PER_MS - 1;
		timers_run(&cp.timers, now_ns);
		assert_int_equal(stat_of(&cp, PFCP_STAT_REPEATED), repeated);
		now_ns++;
		timers_run(&cp.timers, now_ns);
		assert_int_equal(stat_of(&cp, PFCP_STAT_REPEATED), repeated + 1);
		settle();
		assert_int_equal(p->rtt_us, cases[i].rtt_ms * 1000);
	}
}

/* A peer is lost after two heart-beats without an answer, and not while it answers anything. */
static void one_lost_heartbeat_is_none(void **state)
{
	n1 = PFCP_N1;
	pfcp_node_free(cp.node);
	end_start(&cp, 100);
	pfcp_heartbeat_start(cp.peer);
	pass(5000 - 100);
	drop = 0xff; /* all sendings of one */
	pass(100 + 3600);
	assert_int_equal(carried, PFCP_HEARTBEAT_N1 + 2); /* the second has its answer */
	assert_int_equal(cp.losses, 0);
	pass(5000 - 100);
	drop = 0xff;
	pass(1000);
	drop = 0; /* another request gets through */
	ask(&cp);
	settle();
	drop = 0xffff;
	pass(3000);
	drop = 0;
	pass(1000);
	assert_int_equal(cp.losses, 0);
	pass(5000);
	drop = 0xffffffff;
	pass(6400 + 5000);
	assert_int_equal(cp.losses, 1);
}

/* The answer to the last sending counts. */
static void last_sending_is_answered(void **state)
{
	drop = 3;
	ask(&cp);
	settle();
	pass(2000);
	assert_int_equal(cp.responses, 1);
	pass(5000);
	assert_int_equal(cp.failures, 0);
}

static void requests_to_the_limit(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .seid = 9 };

	for (uint32_t i = 0; i < PFCP_REQUESTS_MAX; i++) {
		ask(&cp);
		outbox_reset(&cp.t.outbox);
	}
	assert_int_equal(stat_of(&cp, PFCP_STAT_EXHAUSTED), 0);
	assert_false(pfcp_request(cp.peer, &m, (struct pfcp_token){ 0 }));
	assert_int_equal(cp.t.outbox.count, 0);
	assert_int_equal(stat_of(&cp, PFCP_STAT_EXHAUSTED), 1);
	assert_int_equal(pfcp_pending(cp.node), PFCP_REQUESTS_MAX);
}

static void peers_to_the_limit(void **state)
{
	struct addr a = addr_from_v4(0x0a000100, 0);

	for (uint32_t i = 1; i < PFCP_PEERS_MAX; i++)
		assert_non_null(pfcp_peer_add(cp.node, &a));
	assert_null(pfcp_peer_add(cp.node, &a));
	assert_non_null(pfcp_peer_at(cp.node, PFCP_PEERS_MAX - 1));
	assert_null(pfcp_peer_at(cp.node, PFCP_PEERS_MAX));
}

static void late_answers_are_answered_later(void **state)
{
	up.mute = true;
	ask(&cp);
	settle();
	pass(1500); /* a duplicate of a request that is being handled: dropped */
	assert_int_equal(up.requests, 1);
	pfcp_respond_cause(&up.origin, 0x77, PFCP_CAUSE_SESSION_NOT_FOUND, 0);
	settle();
	assert_int_equal(cp.responses, 1);
	assert_int_equal(cp.last_cause, PFCP_CAUSE_SESSION_NOT_FOUND);
}

/* The value of an element of a message at its first level; NULL: it is not there. */
static const uint8_t *element(struct bytes datagram, uint16_t wanted)
{
	struct cursor c = cursor_of(datagram);
	bool has_seid = cursor_u8(&c) & 1;

	cursor_skip(&c, has_seid ? 15 : 7);
	while (cursor_left(&c) > 0) {
		uint16_t type = cursor_u16(&c);
		struct bytes value = cursor_bytes(&c, cursor_u16(&c));

		if (type == wanted)
			return value.data;
	}
	assert_false(c.failed);
	return NULL;
}

/* 7.4, 7.5: a response has its cause, those of nodes their identity too, in every message that is one. */
static void cause_of_each_response(void **state)
{
	static const struct {
		uint8_t type;
		bool names_node;
	} cases[] = {
		{ PFCP_PFD_MANAGEMENT_REQUEST, false },
		{ PFCP_ASSOCIATION_SETUP_REQUEST, true },
		{ PFCP_ASSOCIATION_UPDATE_REQUEST, true },
		{ PFCP_ASSOCIATION_RELEASE_REQUEST, true },
		{ PFCP_NODE_REPORT_REQUEST, true },
		{ PFCP_SESSION_SET_DELETION_REQUEST, true },
		{ PFCP_SESSION_SET_MODIFICATION_REQUEST, true },
		{ PFCP_SESSION_ESTABLISHMENT_REQUEST, true },
		{ PFCP_SESSION_MODIFICATION_REQUEST, false },
		{ PFCP_SESSION_DELETION_REQUEST, false },
		{ PFCP_SESSION_REPORT_REQUEST, false },
	};
	enum { CAUSE = 19, NODE_ID = 60, OFFENDING = 40 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pfcp_origin from = { up.peer, 1000 + (uint32_t)i, PFCP_UDP_PORT, cases[i].type };
		const struct msg *m;

		test_env_forget(&up.t);
		pfcp_respond_cause(&from, 0x77, PFCP_CAUSE_RULE_FAILURE, 0);
		m = test_env_next(&up.t, PORT);
		assert_non_null(m);
		assert_int_equal(m->data.data[1], cases[i].type + 1);
		assert_non_null(element(m->data, CAUSE));
		assert_int_equal(*element(m->data, CAUSE), PFCP_CAUSE_RULE_FAILURE);
		assert_int_equal(element(m->data, NODE_ID) != NULL, cases[i].names_node);
		assert_null(element(m->data, OFFENDING));
		assert_int_equal(m->data.data[0] & 1, cases[i].type >= PFCP_SESSION_ESTABLISHMENT_REQUEST);
	}
}

static void give(struct end *e, const char *from_ip, struct pfcp_msg *m)
{
	uint8_t buf[512];
	struct writer w = writer_of(buf, sizeof(buf));
	struct msg dgram = { .kind = MSG_DATA, .port = PORT };

	assert_true(pfcp_encode(m, &w));
	assert_true(addr_parse(from_ip, &dgram.peer));
	dgram.peer.port = PFCP_UDP_PORT;
	dgram.data = writer_bytes(&w);
	pfcp_receive(e->node, &dgram);
}

static void foreign_messages_change_nothing(void **state)
{
	struct pfcp_msg request = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .sequence = 5 };
	struct pfcp_msg response = { .type = PFCP_SESSION_DELETION_RESPONSE, .has_seid = true };

	give(&up, "10.0.0.9", &request);
	assert_int_equal(up.requests, 0);
	assert_int_equal(up.t.outbox.count, 0);
	assert_int_equal(stat_of(&up, PFCP_STAT_FOREIGN), 1);

	ask(&cp);
	response.session_deletion_response.cause = PFCP_CAUSE_ACCEPTED;
	response.sequence = 0x123456; /* another sequence number */
	give(&cp, "10.0.0.2", &response);
	assert_int_equal(cp.responses, 0);
	response.type = PFCP_SESSION_REPORT_RESPONSE;
	response.session_report_response =
		(struct pfcp_session_report_response){ .cause = PFCP_CAUSE_ACCEPTED };
	response.sequence = (0x5a5a5a + 1) & PFCP_SEQUENCE_MAX; /* the right one, another type */
	give(&cp, "10.0.0.2", &response);
	assert_int_equal(cp.responses, 0);
	assert_int_equal(stat_of(&cp, PFCP_STAT_UNMATCHED), 2);
	settle();
	assert_int_equal(cp.responses, 1);
}

static void same_sequence_other_request(void **state)
{
	struct pfcp_msg m = {
		.type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .seid = 1, .sequence = 5
	};

	give(&up, "10.0.0.1", &m);
	give(&up, "10.0.0.1", &m);
	assert_int_equal(up.requests, 1);
	m.seid = 2;
	give(&up, "10.0.0.1", &m);
	assert_int_equal(up.requests, 2);
	pass(11000); /* and the same again when the response is no longer kept */
	give(&up, "10.0.0.1", &m);
	assert_int_equal(up.requests, 3);
}

static void heartbeats_find_restarts(void **state)
{
	pfcp_heartbeat_start(cp.peer);
	pass(12000);
	assert_true(cp.peer->has_recovery);
	assert_int_equal(cp.peer->recovery, 200);
	assert_true(up.peer->has_recovery == true && up.peer->recovery == 100);
	assert_int_equal(cp.restarts, 0);
	pfcp_node_free(up.node);
	end_start(&up, 300);
	pass(6000);
	assert_int_equal(cp.restarts, 1);
	assert_int_equal(cp.peer->recovery, 300);
	assert_int_equal(cp.losses, 0);
	drop = 0xffffffff;
	pass(9000);
	assert_int_equal(cp.losses, 1);
	assert_false(cp.peer->alive);
}

/* 29.244 6.2.2.2: whoever asks gets an answer, so often; other requests of strangers none. */
static void heartbeats_of_strangers(void **state)
{
	uint8_t buf[64];
	struct msg m = { .kind = MSG_DATA, .port = PORT };
	struct outbox_item *sent;

	m.peer = addr_from_v4(0xc0000263, 9000);
	m.data = test_hex("2001000c0000040000600004e81fe7b4", buf, sizeof(buf));
	outbox_reset(&up.t.outbox);
	for (int i = 0; i < 3 * PFCP_STRANGERS_PER_S; i++)
		pfcp_receive(up.node, &m);
	sent = up.t.outbox.head;
	assert_true(addr_equal(&sent->msg.peer, &m.peer));
	assert_true(bytes_equal(bytes_of(sent->msg.data.data, 7), test_hex("2002000c000004", buf + 32, 16)));
	for (int i = 1; i < PFCP_STRANGERS_PER_S; i++)
		sent = sent->next;
	assert_null(sent->next);
	m.data = test_hex("2005000c0000040000600004e81fe7b4", buf, sizeof(buf));
	outbox_reset(&up.t.outbox);
	pfcp_receive(up.node, &m);
	assert_null(up.t.outbox.head);
}

static void older_stamps_in_heartbeats_are_stragglers(void **state)
{
	struct pfcp_msg m = { .type = PFCP_HEARTBEAT_REQUEST, .sequence = 1 };

	m.heartbeat_request.recovery_time_stamp = 200;
	give(&cp, "10.0.0.2", &m);
	m.heartbeat_request.recovery_time_stamp = 150;
	give(&cp, "10.0.0.2", &m);
	assert_int_equal(cp.restarts, 0);
	assert_int_equal(cp.peer->recovery, 200);
	m.heartbeat_request.recovery_time_stamp = 201;
	give(&cp, "10.0.0.2", &m);
	assert_int_equal(cp.restarts, 1);
}

static void give_octets(struct end *e, const char *hex)
{
	uint8_t buf[256];
	struct msg dgram = { .kind = MSG_DATA, .port = PORT, .peer = e == &cp ? up.addr : cp.addr };

	dgram.data = test_hex(hex, buf, sizeof(buf));
	pfcp_receive(e->node, &dgram);
}

static void malformed_messages(void **state)
{
	give_octets(&up, "40 05 00 04 00 00 07 00"); /* version 2 */
	assert_int_equal(up.t.outbox.count, 1);
	assert_int_equal(up.t.outbox.head->msg.data.data[1], PFCP_VERSION_NOT_SUPPORTED_RESPONSE);
	assert_int_equal(up.t.outbox.head->msg.data.data[6], 7);
	outbox_reset(&up.t.outbox);
	give_octets(&up, "40 0b 00 04 00 00 07 00"); /* never answer an answer */
	give_octets(&up, "20");
	give_octets(&up, "");
	give_octets(&up, "20 63 00 04 00 00 07 00"); /* no such type */
	assert_int_equal(up.t.outbox.count, 0);
	give_octets(&up, "20 05 00 04 00 00 08 00"); /* association setup without its elements */
	assert_int_equal(up.t.outbox.count, 1);
	settle();
	assert_int_equal(up.requests, 0);
	assert_int_equal(stat_of(&cp, PFCP_STAT_UNMATCHED), 1);
}

static void bundles(void **state)
{
	/* two heart-beat requests in one datagram */
	give_octets(&up, "24 01 00 0c 00 00 01 00 00 60 00 04 00 00 00 64"
			 "20 01 00 0c 00 00 02 00 00 60 00 04 00 00 00 64");
	assert_int_equal(up.t.outbox.count, 2);
}

/* So many messages of a datagram are taken, not one more. */
static void bundle_to_the_limit(void **state)
{
	static const uint8_t heartbeat[] = { 0x24, 1, 0, 12, 0, 0, 1, 0, 0, 0x60, 0, 4, 0, 0, 0, 0x64 };
	static uint8_t buf[(PFCP_MSGS_PER_DATAGRAM_MAX + 1) * sizeof(heartbeat)];
	struct msg dgram = { .kind = MSG_DATA, .port = PORT, .peer = cp.addr };

	for (size_t at = 0; at < sizeof(buf); at += sizeof(heartbeat))
		bytes_copy(buf + at, sizeof(heartbeat), BYTES(heartbeat));
	buf[sizeof(buf) - sizeof(heartbeat)] = 0x20; /* nothing follows the last */
	dgram.data = BYTES(buf);
	pfcp_receive(up.node, &dgram);
	assert_int_equal(up.t.outbox.count, PFCP_MSGS_PER_DATAGRAM_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(answers_once, setup, teardown),
		cmocka_unit_test_setup_teardown(lost_request_is_repeated, setup, teardown),
		cmocka_unit_test_setup_teardown(lost_response_is_sent_again, setup, teardown),
		cmocka_unit_test_setup_teardown(gives_up_after_n1, setup, teardown),
		cmocka_unit_test_setup_teardown(cause_of_each_response, setup, teardown),
		cmocka_unit_test_setup_teardown(late_answers_are_answered_later, setup, teardown),
		cmocka_unit_test_setup_teardown(foreign_messages_change_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(same_sequence_other_request, setup, teardown),
		cmocka_unit_test_setup_teardown(heartbeats_find_restarts, setup, teardown),
		cmocka_unit_test_setup_teardown(heartbeats_of_strangers, setup, teardown),
		cmocka_unit_test_setup_teardown(older_stamps_in_heartbeats_are_stragglers, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed_messages, setup, teardown),
		cmocka_unit_test_setup_teardown(bundles, setup, teardown),
		cmocka_unit_test_setup_teardown(bundle_to_the_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(t1_follows_round_trip, setup, teardown),
		cmocka_unit_test_setup_teardown(one_lost_heartbeat_is_none, setup, teardown),
		cmocka_unit_test_setup_teardown(exactly_n1_sendings, setup, teardown),
		cmocka_unit_test_setup_teardown(withdrawn, setup, teardown),
		cmocka_unit_test_setup_teardown(last_sending_is_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(requests_to_the_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(peers_to_the_limit, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
