/* Two entities over a link that loses, repeats and reorders, and their PDUs octet by octet. */
#include "base/test.h"

#include "base/cursor.h"
#include "radio/pdcp/pdcp.h"

enum { SDUS = 12000, FLIGHT_MAX = 200, MS = 1000000 };

static struct sdu_pool pool;
static struct burst *engine;

struct end {
	struct pdcp *pdcp;
	struct end *peer;
	struct sdu *flight[FLIGHT_MAX]; /* PDUs on their way to the peer */
	size_t flying;
	uint32_t sent, delivered, last, discards, failures, disorder;
	uint8_t got[SDUS];
	struct sdu *caught; /* the last that was submitted or delivered, where nobody takes it on */
	uint64_t tags[64];
	bool holds;
};

static struct end a, b;
static uint64_t now_ns, seed;

static uint32_t chance(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

static void submit(void *arg, struct sdu *pdu)
{
	struct end *e = arg;

	if (e->holds) {
		sdu_free(&pool, e->caught);
		e->caught = pdu;
		return;
	}
	assert_true(e->flying < FLIGHT_MAX);
	e->flight[e->flying++] = pdu;
}

static void discard(void *arg, uint64_t tag)
{
	struct end *e = arg;

	e->tags[e->discards++ % 64] = tag;
}

static void deliver(void *arg, struct sdu *s)
{
	struct end *e = arg;
	uint32_t number;

	if (e->holds) {
		sdu_free(&pool, e->caught);
		e->caught = s;
		return;
	}
	assert_true(s->len >= 6);
	number = (uint32_t)s->data[1] << 16 | (uint32_t)s->data[2] << 8 | s->data[3];
	assert_in_range(number, 0, SDUS - 1);
	for (uint32_t i = 4; i < s->len; i++)
		assert_int_equal(s->data[i], (uint8_t)(number + i));
	e->got[number]++;
	e->disorder += e->delivered > 0 && number < e->last;
	e->last = number;
	e->delivered++;
	sdu_free(&pool, s);
}

static void integrity_failure(void *arg)
{
	((struct end *)arg)->failures++;
}

static const struct pdcp_security keys = { NEA2, NIA2, { 1, 2, 3 }, { 4, 5, 6 } };

static struct pdcp_config drb(enum pdcp_bearer bearer, uint8_t bits)
{
	return (struct pdcp_config){ .bearer = bearer,
		.rb_id = 5,
		.tx_sn_bits = bits,
		.rx_sn_bits = bits,
		.integrity = true,
		.tx_sdap = true,
		.rx_sdap = true,
		.discard_ms = PDCP_INFINITY,
		.reordering_ms = 20 }; /* half of 4,096 numbers take longer */
}

static void begin(struct pdcp_config c)
{
	struct pdcp_neighbours n = { &a, submit, discard, deliver, integrity_failure };

	sdu_pool_init(&pool, 20000, 10);
	engine = burst_new(false);
	assert_non_null(engine);
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	a.peer = &b;
	b.peer = &a;
	now_ns = 0;
	seed = c.tx_sn_bits + 100 * c.bearer;
	a.pdcp = pdcp_new(&c, &n, &pool, engine);
	c.tx_direction = 1;
	n.arg = &b;
	b.pdcp = pdcp_new(&c, &n, &pool, engine);
	assert_non_null(a.pdcp);
	assert_non_null(b.pdcp);
}

static void end(void)
{
	pdcp_free(a.pdcp);
	pdcp_free(b.pdcp);
	sdu_free(&pool, a.caught);
	sdu_free(&pool, b.caught);
	for (size_t i = 0; i < a.flying; i++)
		sdu_free(&pool, a.flight[i]);
	assert_int_equal(pool.small.used + pool.large.used, 0);
	sdu_pool_fini(&pool);
	burst_free(engine);
}

static bool send_next(struct end *e)
{
	uint32_t number = e->sent++, len = 6 + number % 90;
	struct sdu *s = sdu_new(&pool, len);
	uint8_t *at = sdu_append(s, len);

	at[0] = 9; /* SDAP */
	for (uint32_t i = 1; i < len; i++)
		at[i] = i < 4 ? (uint8_t)(number >> (24 - 8 * i)) : (uint8_t)(number + i);
	return pdcp_send(e->pdcp, s, now_ns);
}

static struct sdu *copy_of(const struct sdu *s)
{
	struct sdu *copy = sdu_of(&pool, sdu_bytes(s));

	copy->tag = s->tag;
	return copy;
}

/* One PDU arrives, or is lost; in AM it is acknowledged as well. */
static void arrive(struct end *e, size_t at, bool lost, bool acknowledged)
{
	struct sdu *pdu = e->flight[at];
	uint64_t tag = pdu->tag;

	e->flying--;
	memmove(&e->flight[at], &e->flight[at + 1], (e->flying - at) * sizeof(e->flight[0]));
	if (lost) {
		sdu_free(&pool, pdu);
		return;
	}
	pdcp_receive(e->peer->pdcp, pdu, now_ns);
	if (acknowledged)
		pdcp_delivered(e->pdcp, tag);
}

static void reordered(struct pdcp_config c, uint32_t loss_percent)
{
	uint32_t most = SDUS, lost = 0;

	begin(c);
	assert_true(pdcp_secure(a.pdcp, &keys, PDCP_ALL_SECURITY));
	assert_true(pdcp_secure(b.pdcp, &keys, PDCP_ALL_SECURITY));
	while (a.sent < most || a.flying > 0) {
		now_ns += MS;
		while (a.sent < most && a.flying < FLIGHT_MAX / 2)
			assert_true(send_next(&a));
		if (chance(2) == 0) { /* RLC of a bearer that was re-established may bring it twice */
			a.flight[a.flying] = copy_of(a.flight[chance((uint32_t)a.flying)]);
			a.flying++;
		}
		for (size_t n = chance(60); n > 0 && a.flying > 0; n--) {
			bool gone = a.sent < most && chance(100) < loss_percent;

			lost += gone;
			arrive(&a, chance((uint32_t)(a.flying < 40 ? a.flying : 40)), gone,
				!gone && c.bearer == PDCP_AM_DRB);
		}
		if (pdcp_deadline_ns(b.pdcp) <= now_ns)
			pdcp_run(b.pdcp, now_ns);
	}
	while (pdcp_deadline_ns(b.pdcp) != UINT64_MAX) {
		now_ns = pdcp_deadline_ns(b.pdcp);
		pdcp_run(b.pdcp, now_ns);
	}
	for (uint32_t i = 0; i < most; i++)
		assert_in_range(b.got[i], loss_percent ? 0 : 1, 1);
	assert_true(b.delivered >= most - lost);
	assert_int_equal(b.disorder > 0, c.out_of_order_delivery);
	assert_int_equal(b.failures + pdcp_stats(b.pdcp).rx_invalid, 0);
	assert_true(pdcp_stats(b.pdcp).rx_duplicates > 100);
	assert_int_equal(pdcp_rx_deliv(b.pdcp), pdcp_tx_next(a.pdcp));
	assert_int_equal(pdcp_stats(b.pdcp).rx_lost, most - b.delivered);
	end();
}

static void test_in_order(void **state)
{
	struct pdcp_config c = drb(PDCP_UM_DRB, 12);

	reordered(drb(PDCP_AM_DRB, 12), 0);
	reordered(drb(PDCP_AM_DRB, 18), 0);
	reordered(drb(PDCP_UM_DRB, 12), 5);
	c.out_of_order_delivery = true;
	reordered(c, 5);
}

/* The PDU of COUNT 0x1003 (SN 3 of 12 bits, HFN 1) as the clauses have it, made with the algorithms alone. */
static void test_octets(void **state)
{
	struct pdcp_config c = drb(PDCP_AM_DRB, 12);
	uint8_t expected[64] = { 0x80, 0x03, 9 }, mac[4];

	begin(c);
	a.holds = true;
	assert_true(pdcp_secure(a.pdcp, &keys, PDCP_TX_INTEGRITY | PDCP_TX_CIPHERING));
	pdcp_continue(a.pdcp, 0x1003, 0, 0);
	assert_true(send_next(&a));
	for (uint32_t i = 4; i < 6; i++)
		expected[2 + i] = (uint8_t)i;
	assert_true(nia_mac(NIA2, keys.k_int, 0x1003, 4, 0, expected, 8 * 8, mac));
	bytes_copy(expected + 8, 4, BYTES(mac));
	assert_true(
		nea_crypt(NEA2, keys.k_enc, 0x1003, 4, 0, expected + 3, 9 * 8)); /* all but the SDAP header */
	assert_int_equal(a.caught->len, 12);
	assert_memory_equal(a.caught->data, expected, 12);
	assert_int_equal(a.caught->tag, 0x1003);
	/* The peer takes it only where its window is. */
	assert_true(pdcp_secure(b.pdcp, &keys, PDCP_RX_INTEGRITY | PDCP_RX_CIPHERING));
	pdcp_receive(b.pdcp, copy_of(a.caught), 0);
	assert_int_equal(b.failures, 1);
	pdcp_continue(b.pdcp, 0, 0x1003, 0x1003);
	pdcp_receive(b.pdcp, copy_of(a.caught), 0);
	assert_int_equal(b.delivered, 1);
	pdcp_receive(b.pdcp, copy_of(a.caught), 0);
	assert_int_equal(pdcp_stats(b.pdcp).rx_duplicates, 1);
	end();
	c = drb(PDCP_UM_DRB, 18);
	c.integrity = c.tx_sdap = c.rx_sdap = false;
	begin(c);
	a.holds = true;
	pdcp_continue(a.pdcp, 0x75555, 0, 0);
	assert_true(send_next(&a));
	assert_memory_equal(a.caught->data, "\x83\x55\x55\x09\x00\x00\x00\x04\x05", 9);
	assert_int_equal(a.caught->len, 9);
	end();
	/* An end marker of SDAP is a header and nothing else: in the clear, its MAC-I not. */
	begin(drb(PDCP_UM_DRB, 12));
	a.holds = b.holds = true;
	assert_true(pdcp_secure(a.pdcp, &keys, PDCP_ALL_SECURITY) &&
		    pdcp_secure(b.pdcp, &keys, PDCP_ALL_SECURITY));
	assert_true(pdcp_send(a.pdcp, sdu_of(&pool, bytes_of("\x05", 1)), 0));
	assert_true(a.caught->len == 2 + 1 + 4 && a.caught->data[2] == 5);
	pdcp_receive(b.pdcp, copy_of(a.caught), 0);
	assert_true(b.caught->len == 1 && b.caught->data[0] == 5);
	end();
}

/* 38.331 5.3.4.3 at the UE: the message is not protected for it yet; it has the key, looks, and turns it on.
 */
static void test_security_mode(void **state)
{
	struct pdcp_config c = { .bearer = PDCP_SRB,
		.rb_id = 1,
		.tx_sn_bits = 12,
		.rx_sn_bits = 12,
		.discard_ms = PDCP_INFINITY,
		.reordering_ms = PDCP_INFINITY };
	struct pdcp_security wrong = keys;

	begin(c);
	a.holds = b.holds = true;
	assert_true(send_next(&b)); /* before: zeros for a MAC-I, no D/C bit */
	assert_memory_equal(b.caught->data, "\x00\x00\x09", 3);
	assert_memory_equal(b.caught->data + b.caught->len - 4, "\0\0\0\0", 4);
	pdcp_receive(a.pdcp, copy_of(b.caught), 0);
	assert_non_null(a.caught);
	assert_true(pdcp_secure(b.pdcp, &keys, PDCP_TX_INTEGRITY | PDCP_RX_INTEGRITY));
	assert_true(send_next(&b));
	pdcp_receive(a.pdcp, copy_of(b.caught), 0);
	wrong.k_int[0] ^= 1;
	assert_false(pdcp_verify(a.pdcp, &wrong, a.caught));
	assert_true(pdcp_verify(a.pdcp, &keys, a.caught));
	assert_true(pdcp_secure(a.pdcp, &keys, PDCP_TX_INTEGRITY | PDCP_RX_INTEGRITY));
	sdu_free(&pool, b.caught);
	b.caught = NULL;
	assert_true(send_next(&a)); /* the answer: protected, in the clear */
	assert_int_equal(a.caught->data[2], 9);
	pdcp_receive(b.pdcp, copy_of(a.caught), 0);
	assert_non_null(b.caught);
	assert_int_equal(b.failures + a.failures, 0);
	a.caught->data[5] ^= 1;
	a.caught->data[1]++;
	pdcp_receive(b.pdcp, copy_of(a.caught), 0);
	assert_int_equal(b.failures, 1);
	end();
}

/* A new key: of an AM DRB the peer gets what it has not, under the old COUNTs and the new key, and says what
 * it has. */
static void test_reestablishment(void **state)
{
	struct pdcp_config c = drb(PDCP_AM_DRB, 12);
	struct pdcp_security next = keys;

	c.status_report_required = true;
	next.k_enc[0] = next.k_int[0] = 77;
	begin(c);
	assert_true(pdcp_secure(a.pdcp, &keys, PDCP_ALL_SECURITY));
	assert_true(pdcp_secure(b.pdcp, &keys, PDCP_ALL_SECURITY));
	for (int i = 0; i < 8; i++)
		send_next(&a);
	while (a.flying > 0) /* 1, 4 and 6 are lost; of 7 the acknowledgement is */
		arrive(&a, 0, a.flight[0]->tag == 1 || a.flight[0]->tag == 4 || a.flight[0]->tag == 6,
			a.flight[0]->tag != 7);
	assert_int_equal(b.delivered, 1);
	assert_true(pdcp_reestablish(b.pdcp, &next, PDCP_ALL_SECURITY, now_ns));
	assert_int_equal(b.flying, 1);
	assert_memory_equal(
		b.flight[0]->data, "\x00\x00\x00\x00\x01\xd4", 6); /* FMC 1; 2, 3, 5 and 7 have come */
	assert_int_equal(b.flight[0]->len, 6);
	pdcp_receive(a.pdcp, copy_of(b.flight[0]), now_ns);
	arrive(&b, 0, true, false);
	assert_int_equal(a.discards, 1);
	assert_int_equal(a.tags[0], 7);
	assert_true(pdcp_reestablish(a.pdcp, &next, PDCP_ALL_SECURITY, now_ns));
	assert_int_equal(a.flying, 4); /* its own report, 1, 4, 6 */
	while (a.flying > 0)
		arrive(&a, 0, false, a.flight[0]->tag != PDCP_CONTROL_TAG);
	assert_int_equal(b.delivered, 8);
	assert_int_equal(b.disorder + b.failures, 0);
	pdcp_recover(a.pdcp);
	assert_int_equal(a.flying, 1); /* nothing is missing any more */
	end();
}

static void test_discard(void **state)
{
	struct pdcp_config c = drb(PDCP_AM_DRB, 12);

	c.discard_ms = 50;
	c.kept_max = 3;
	begin(c);
	for (int i = 0; i < 3; i++) {
		assert_true(send_next(&a));
		now_ns += 10 * MS;
	}
	assert_false(send_next(&a));
	assert_int_equal(pdcp_stats(a.pdcp).tx_refused, 1);
	assert_int_equal(pdcp_tx_next(a.pdcp), 3);
	assert_true(pdcp_deadline_ns(a.pdcp) == 50 * MS);
	pdcp_delivered(a.pdcp, 0);
	assert_true(pdcp_deadline_ns(a.pdcp) == 60 * MS);
	pdcp_run(a.pdcp, 60 * MS);
	assert_int_equal(a.discards, 1);
	assert_int_equal(a.tags[0], 1);
	assert_true(send_next(&a));
	pdcp_continue(a.pdcp, UINT32_MAX, 0, 0);
	assert_false(send_next(&a)); /* COUNT does not wrap */
	end();
}

/* A peer that leaves gaps on purpose: what waits is bounded. */
static void test_bounded(void **state)
{
	struct pdcp_config c = drb(PDCP_UM_DRB, 12);

	c.integrity = c.tx_sdap = c.rx_sdap = false;
	c.waiting_max = 10;
	begin(c);
	for (uint32_t i = 0; i < 100; i++) {
		uint8_t pdu[] = { (uint8_t)(0x80 | i * 2 >> 8), (uint8_t)(i * 2 + 1), 9, 0, 0, 0, 4, 5 };

		pdcp_receive(b.pdcp, sdu_of(&pool, BYTES(pdu)), now_ns);
		assert_in_range(pool.small.used, 0, 11);
	}
	assert_true(b.delivered >= 89);
	for (uint32_t i = 0; i < 20000; i++) {
		uint8_t octets[24];
		size_t len = chance(sizeof(octets));

		b.holds = true;
		for (size_t at = 0; at < len; at++)
			octets[at] = (uint8_t)chance(256);
		now_ns += MS;
		pdcp_receive(b.pdcp, sdu_of(&pool, bytes_of(octets, len)), now_ns);
		pdcp_run(b.pdcp, now_ns);
	}
	assert_true(pdcp_stats(b.pdcp).rx_invalid > 1000);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_octets),
		cmocka_unit_test(test_security_mode),
		cmocka_unit_test(test_reestablishment),
		cmocka_unit_test(test_discard),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
