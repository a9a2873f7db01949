/*
 * Many UEs, users and operators doing what they like at random, over a network that loses, damages and
 * breaks: nobody stops, and when quiet returns everybody is served. CHAOS_SEEDS=n runs n seeds, CHAOS_FIRST=n
 * from n.
 */
#include "tests/call_bed.h"

enum { CROWD = 12, STEPS = 400 };

struct chaos {
	struct call_bed *b;
	struct ue *ues[CROWD];
	uint64_t x;
};

static unsigned chance(struct chaos *c, unsigned n)
{
	c->x = c->x * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(c->x >> 33) % n;
}

static void n2_breaks(struct call_bed *b)
{
	struct msg down = { .kind = MSG_DOWN, .assoc = b->assoc };

	if (!b->assoc)
		return;
	down.port = CORE_PORT_N2;
	call_deliver(b, NODE_CORE, &down);
	down.port = GNB_PORT_N2;
	call_deliver(b, NODE_GNB, &down);
	b->assoc = 0;
}

static void user_data(struct chaos *c, unsigned n)
{
	struct call_bed *b = c->b;
	struct msg m = { .kind = MSG_DATA, .port = UE_PORT_TUN, .assoc = ue_index(c->ues[n]) };
	uint8_t packet[28] = { 0x45 };
	struct writer w = writer_of(packet + 12, 4);
	struct ue_session_info s;

	if (!ue_session_info(c->ues[n], 1, &s))
		return;
	writer_u32(&w, s.ipv4);
	m.data = BYTES(packet);
	call_deliver(b, NODE_UES, &m);
}

static void subscription(struct chaos *c, unsigned n)
{
	struct supi supi;
	struct ue_state s = call_state(c->ues[n]);

	supi = s.supi;
	if (chance(c, 2))
		may_fail(core_subscriber_remove(c->b->core, &supi)); /* it may be gone already */
	else
		call_subscribe(c->b, n + 1);
}

static void step(struct chaos *c)
{
	struct call_bed *b = c->b;
	unsigned n = chance(c, CROWD);

	switch (chance(c, 14)) {
	case 0:
	case 1:
		ue_register(c->ues[n]);
		break;
	case 2:
		ue_deregister(c->ues[n], chance(c, 2));
		break;
	case 3:
		ue_session_establish(c->ues[n], NULL, NULL);
		break;
	case 4:
		ue_session_release(c->ues[n], (uint8_t)(1 + chance(c, 3)));
		break;
	case 5:
		ue_session_modify(c->ues[n], 1);
		break;
	case 6:
	case 7:
		user_data(c, n);
		break;
	case 8:
		subscription(c, n);
		break;
	case 9:
		b->air_lost = 1 + chance(c, 8);
		break;
	case 10:
		b->node[NODE_UES].addr.port++; /* all UEs appear again */
		break;
	case 11:
		if (chance(c, 4) == 0)
			n2_breaks(b);
		break;
	case 12:
		b->damage_every = chance(c, 3) ? 0 : 3 + chance(c, 40);
		break;
	default:
		call_pass(b, chance(c, 30000));
	}
	if (chance(c, 2))
		call_pass(b, chance(c, 200));
}

static void run_seed(uint64_t seed)
{
	struct chaos c = { .x = seed };
	struct call_bed *b;
	void *state;

	assert_int_equal(call_setup(&state), 0);
	c.b = b = state;
	b->node[NODE_CORE].t.random = seed;
	b->profile.auto_session = b->profile.auto_register = true;
	b->profile.keepalive_ms = 5000;
	b->gnb_config.ue_lost_ms = 20000;
	b->gnb_config.inactivity_ms = 30000;
	call_start(b);
	for (unsigned i = 0; i < CROWD; i++) {
		call_subscribe(b, i + 1);
		c.ues[i] = call_ue(b, i + 1);
	}
	for (unsigned i = 0; i < STEPS; i++)
		step(&c);
	b->damage_every = 0;
	/* Damage on N2, which SCTP would have caught, leaves the two ends in disagreement: a new association
	 * ends it. */
	n2_breaks(b);
	for (unsigned i = 0; i < CROWD; i++)
		call_subscribe(b, i + 1);
	call_pass(b, 7200 * 1000);
	for (unsigned i = 0; i < CROWD; i++)
		ue_register(c.ues[i]);
	call_pass(b, 7200 * 1000);
	for (unsigned i = 0; i < CROWD; i++)
		if (!call_state(c.ues[i]).registered || call_state(c.ues[i]).sessions == 0)
			fail_msg("seed %u: UE %u is in %s with %u sessions", (unsigned)seed, i + 1,
				call_state(c.ues[i]).mm_state, call_state(c.ues[i]).sessions);
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, CROWD);
	for (unsigned i = 0; i < CROWD; i++)
		ue_deregister(c.ues[i], false);
	call_pass(b, 120 * 1000);
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).connections, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	assert_int_equal(smf_numbers(core_smf(b->core)).sessions, 0);
	call_teardown(&state);
}

static unsigned setting(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static void test_chaos(void **state)
{
	unsigned first = setting("CHAOS_FIRST", 1), count = setting("CHAOS_SEEDS", 4);

	for (unsigned i = first; i < first + count; i++)
		run_seed(i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chaos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
