/* Two entities over a link that loses, delays and reorders; every PDU has the size that the moment gives it.
 */
#include "base/test.h"

#include "radio/rlc/rlc.h"

enum { SDUS = 6000, IN_FLIGHT_MAX = 512, TICK_NS = 1000000 };

struct flight {
	uint64_t at_ns;
	size_t len;
	uint8_t octets[3000];
};

struct end {
	struct rlc *rlc;
	struct end *peer;
	uint32_t sent, delivered, acknowledged, failures;
	uint8_t got[SDUS], acked[SDUS]; /* how often the SDU of that number */
	struct flight flights[IN_FLIGHT_MAX];
};

struct bed {
	struct rlc_memory memory;
	struct end a, b;
	uint64_t now_ns, chance;
	uint32_t loss_percent, room_max, delay_max_ms;
	bool hostile; /* whatever is delivered may be */
};

static uint32_t chance(struct bed *b, uint32_t below)
{
	b->chance = b->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((b->chance >> 33) % below);
}

static struct bed *bed; /* of the test that runs */

static uint32_t len_of(uint32_t number)
{
	return 5 + (number * 2654435761u >> 16) % (number % 50 == 7 ? 8990 : 1496);
}

static uint8_t octet_of(uint32_t number, uint32_t at)
{
	return (uint8_t)(number * 31 + at * 7 + (at >> 8));
}

static void deliver(void *arg, struct sdu *s)
{
	struct end *e = arg;
	uint32_t number = 0;

	if (bed->hostile) {
		sdu_free(&bed->memory.sdus, s);
		return;
	}
	assert_true(s->len >= 5);
	for (uint32_t i = 0; i < 4; i++)
		number = number << 8 | s->data[i];
	assert_in_range(number, 0, SDUS - 1);
	assert_int_equal(s->len, len_of(number));
	for (uint32_t i = 4; i < s->len; i++)
		assert_int_equal(s->data[i], octet_of(number, i));
	e->got[number]++;
	e->delivered++;
	sdu_free(&bed->memory.sdus, s);
}

static void delivered(void *arg, uint64_t tag)
{
	struct end *e = arg;

	assert_in_range(tag, 0, SDUS - 1);
	e->acked[tag]++;
	e->acknowledged++;
}

static void max_retx_reached(void *arg)
{
	((struct end *)arg)->failures++;
}

static void end_init(struct end *e, struct end *peer, const struct rlc_config *c)
{
	struct rlc_upper upper = { e, deliver, delivered, max_retx_reached };

	e->peer = peer;
	e->rlc = rlc_new(c, &upper, &bed->memory);
	assert_non_null(e->rlc);
}

static void bed_init(
	const struct rlc_config *c, uint32_t loss_percent, uint32_t delay_max_ms, uint32_t room_max)
{
	bed = calloc(1, sizeof(*bed));
	assert_non_null(bed);
	rlc_memory_init(&bed->memory, 20000, 2000, 4000);
	bed->chance = loss_percent * 977 + room_max + c->tx_sn_bits;
	bed->loss_percent = loss_percent;
	bed->room_max = room_max;
	bed->delay_max_ms = delay_max_ms;
	end_init(&bed->a, &bed->b, c);
	end_init(&bed->b, &bed->a, c);
}

static void bed_fini(void)
{
	rlc_free(bed->a.rlc);
	rlc_free(bed->b.rlc);
	assert_int_equal(bed->memory.sdus.small.used, 0);
	assert_int_equal(bed->memory.sdus.large.used, 0);
	assert_int_equal(bed->memory.holes.used, 0);
	rlc_memory_fini(&bed->memory);
	free(bed);
}

static void send_next(struct end *e)
{
	uint32_t number = e->sent++, len = len_of(number);
	struct sdu *s = sdu_new(&bed->memory.sdus, len);
	uint8_t *at;

	assert_non_null(s);
	at = sdu_append(s, len);
	for (uint32_t i = 0; i < len; i++)
		at[i] = i < 4 ? (uint8_t)(number >> (24 - 8 * i)) : octet_of(number, i);
	s->tag = number;
	assert_true(rlc_send(e->rlc, s));
}

static void transmit(struct end *e)
{
	for (uint32_t n = 1 + chance(bed, 4); n > 0; n--) {
		struct flight *f = NULL;

		for (size_t i = 0; i < IN_FLIGHT_MAX && !f; i++)
			f = e->flights[i].len == 0 ? &e->flights[i] : NULL;
		assert_non_null(f);
		f->len = rlc_pull(e->rlc, f->octets, 1 + chance(bed, bed->room_max), bed->now_ns);
		f->at_ns = bed->now_ns + chance(bed, bed->delay_max_ms + 1) * (uint64_t)TICK_NS;
		if (chance(bed, 100) < bed->loss_percent)
			f->len = 0;
	}
}

static void arrive(struct end *e)
{
	for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
		struct flight *f = &e->flights[i];

		if (f->len == 0 || f->at_ns > bed->now_ns)
			continue;
		rlc_receive(e->peer->rlc, bytes_of(f->octets, f->len), bed->now_ns);
		f->len = 0;
	}
}

static void tick(uint32_t sdus)
{
	struct end *ends[] = { &bed->a, &bed->b };

	bed->now_ns += TICK_NS;
	for (size_t i = 0; i < 2; i++) {
		while (ends[i]->sent < sdus && rlc_data_volume(ends[i]->rlc, bed->now_ns) < 20000)
			send_next(ends[i]);
		transmit(ends[i]);
		arrive(ends[i]);
	}
	for (size_t i = 0; i < 2; i++)
		if (rlc_deadline_ns(ends[i]->rlc) <= bed->now_ns)
			rlc_run(ends[i]->rlc, bed->now_ns);
}

static struct rlc_config am(uint8_t bits)
{
	return (struct rlc_config){ .mode = RLC_AM,
		.tx_sn_bits = bits,
		.rx_sn_bits = bits,
		.t_poll_retransmit_ms = 45,
		.t_reassembly_ms = 20,
		.t_status_prohibit_ms = 10,
		.poll_pdu = 16,
		.poll_byte = 25000,
		.max_retx_threshold = 32 };
}

/* All arrive, each once, and each is acknowledged once; sequence numbers of 12 bits go round. */
static void am_delivers(
	uint8_t bits, uint32_t loss_percent, uint32_t delay_max_ms, uint32_t room_max, uint32_t sdus)
{
	struct rlc_config c = am(bits);
	uint32_t ticks = 0;

	bed_init(&c, loss_percent, delay_max_ms, room_max);
	while ((bed->a.acknowledged < sdus || bed->b.acknowledged < sdus) && ++ticks < 200000)
		tick(sdus);
	for (uint32_t i = 0; i < sdus; i++) {
		assert_int_equal(bed->a.got[i], 1);
		assert_int_equal(bed->b.got[i], 1);
		assert_int_equal(bed->a.acked[i], 1);
		assert_int_equal(bed->b.acked[i], 1);
	}
	assert_int_equal(bed->a.failures + bed->b.failures, 0);
	for (int i = 0; i < 200; i++)
		tick(sdus);
	assert_int_equal(rlc_data_volume(bed->a.rlc, bed->now_ns), 0);
	assert_true(rlc_deadline_ns(bed->a.rlc) == UINT64_MAX);
	assert_int_equal(rlc_stats(bed->a.rlc).rx_invalid + rlc_stats(bed->b.rlc).rx_invalid, 0);
	if (loss_percent == 0 && delay_max_ms == 0)
		assert_int_equal(rlc_stats(bed->a.rlc).retx_pdus, 0);
	bed_fini();
}

static void test_am_12(void **state)
{
	am_delivers(12, 0, 0, 3000, SDUS);
	am_delivers(12, 10, 6, 3000, SDUS);
	am_delivers(12, 30, 12, 600, 600);
}

static void test_am_18(void **state)
{
	am_delivers(18, 5, 8, 2500, 2000);
	am_delivers(18, 20, 0, 100, 200);
}

static struct rlc_config um(uint8_t bits)
{
	return (struct rlc_config){
		.mode = RLC_UM, .tx_sn_bits = bits, .rx_sn_bits = bits, .t_reassembly_ms = 20
	};
}

/* What arrives is whole and comes once; without loss all of it. */
static void um_delivers(uint8_t bits, uint32_t loss_percent, uint32_t delay_max_ms)
{
	struct rlc_config c = um(bits);
	uint32_t sdus = 3000, least = loss_percent ? sdus / 2 : sdus;

	bed_init(&c, loss_percent, delay_max_ms, 3000);
	for (int i = 0; i < 20000 && (bed->a.sent < sdus || rlc_data_volume(bed->a.rlc, 0) > 0 || i % 100);
		i++)
		tick(sdus);
	for (uint32_t i = 0; i < sdus; i++)
		assert_in_range(bed->b.got[i], 0, 1);
	assert_in_range(bed->b.delivered, least, sdus);
	assert_int_equal(rlc_stats(bed->b.rlc).rx_invalid, 0);
	assert_true((rlc_stats(bed->b.rlc).rx_lost > 0) == (loss_percent > 0));
	bed_fini();
}

static void test_um(void **state)
{
	um_delivers(12, 0, 0);
	um_delivers(12, 0, 8);
	um_delivers(12, 10, 8);
	um_delivers(6, 0, 2);
	um_delivers(6, 10, 2);
}

static void test_tm(void **state)
{
	struct rlc_config c = { .mode = RLC_TM };
	uint8_t out[3000];

	bed_init(&c, 0, 0, 3000);
	send_next(&bed->a);
	assert_int_equal(rlc_pull(bed->a.rlc, out, len_of(0) - 1, 0), 0);
	assert_int_equal(rlc_pull(bed->a.rlc, out, sizeof(out), 0), len_of(0));
	rlc_receive(bed->b.rlc, bytes_of(out, len_of(0)), 0);
	assert_int_equal(bed->b.delivered, 1);
	bed_fini();
}

/* A peer that answers nothing: after maxRetxThreshold the layer above hears of it, once. */
static void test_max_retx(void **state)
{
	struct rlc_config c = am(12);
	uint8_t out[3000];
	uint32_t polls = 0;

	c.max_retx_threshold = 4;
	bed_init(&c, 0, 0, 3000);
	send_next(&bed->a);
	for (uint64_t now = 0; now < 1000; now++) {
		polls += rlc_pull(bed->a.rlc, out, sizeof(out), now * TICK_NS) > 0;
		rlc_run(bed->a.rlc, now * TICK_NS);
		if (bed->a.failures == 1 && polls == 5)
			polls += 100; /* the first, and four times again before RETX_COUNT is 4: 0, 1, 2, 3 */
	}
	assert_int_equal(bed->a.failures, 1);
	assert_in_range(polls, 106, 200);
	bed_fini();
}

static void test_discard_and_reestablish(void **state)
{
	struct rlc_config c = am(12);
	uint8_t out[3000];
	size_t n;

	bed_init(&c, 0, 0, 3000);
	bed->a.sent = 1;
	for (int i = 0; i < 3; i++)
		send_next(&bed->a);
	n = rlc_pull(bed->a.rlc, out, 100, 0);
	assert_int_equal(n, 100);
	assert_false(rlc_discard(bed->a.rlc, 1)); /* a part was sent */
	assert_true(rlc_discard(bed->a.rlc, 2));
	assert_false(rlc_discard(bed->a.rlc, 2));
	rlc_receive(bed->b.rlc, bytes_of(out, n), 0);
	rlc_reestablish(bed->a.rlc);
	rlc_reestablish(bed->b.rlc);
	assert_int_equal(rlc_data_volume(bed->a.rlc, 0), 0);
	assert_int_equal(bed->memory.sdus.small.used + bed->memory.sdus.large.used, 0);
	send_next(&bed->a);
	n = rlc_pull(bed->a.rlc, out, sizeof(out), 0);
	assert_int_equal(out[0] & 0xf, 0); /* SN 0 once more */
	assert_int_equal(out[1], 0);
	rlc_receive(bed->b.rlc, bytes_of(out, n), 0);
	assert_int_equal(bed->b.got[4], 1);
	bed_fini();
}

/* Octets of a stranger, many of them near where the windows are: each is an SDU, waits, or is refused and
 * counted. */
static void test_hostile(void **state)
{
	const struct rlc_config configs[] = { am(12), am(18), um(6), um(12) };

	for (size_t k = 0; k < ARRAY_LEN(configs); k++) {
		bed_init(&configs[k], 0, 0, 3000);
		bed->hostile = true;
		for (uint32_t i = 0; i < 60; i++)
			send_next(&bed->a);
		for (uint32_t i = 0; i < 60000; i++) {
			uint8_t octets[64], out[100];
			size_t len = 1 + chance(bed, sizeof(octets) - 1);

			for (size_t at = 0; at < len; at++)
				octets[at] = (uint8_t)chance(bed, 256);
			if (chance(bed, 2))
				octets[0] &= 0xf0;
			bed->now_ns += TICK_NS / 4;
			rlc_receive(bed->a.rlc, bytes_of(octets, len), bed->now_ns);
			if (i % 16 == 0)
				may_fail(rlc_pull(bed->a.rlc, out, sizeof(out), bed->now_ns) > 0);
			rlc_run(bed->a.rlc, bed->now_ns);
		}
		assert_true(rlc_stats(bed->a.rlc).rx_invalid > 100);
		bed_fini();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_am_12),
		cmocka_unit_test(test_am_18),
		cmocka_unit_test(test_um),
		cmocka_unit_test(test_tm),
		cmocka_unit_test(test_max_retx),
		cmocka_unit_test(test_discard_and_reestablish),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
