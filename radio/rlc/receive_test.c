/*
 * The receiving side of acknowledged mode against a second one, written down from 5.2.3.2 with an octet map
 * for each SDU and SNs that wrap as the clause has them: after each PDU, and each expiry of t-Reassembly, all
 * state variables must agree, and a STATUS PDU must miss exactly what is missing.
 */
#include "base/test.h"

#include "radio/rlc/entity.h"

enum { BITS = 12, MODULUS = 1 << BITS, WINDOW = MODULUS / 2, LEN_MAX = 60, REASSEMBLY_MS = 10 };

struct sdu_map {
	bool octets[LEN_MAX];
	uint8_t end; /* 0: not known */
	bool some, whole;
};

struct model {
	struct sdu_map sdus[MODULUS];
	uint32_t next, next_highest, highest_status, trigger;
	bool running;
};

static uint32_t delivered;
static uint64_t seed = 1;

static uint32_t chance(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

static void deliver(void *arg, struct sdu *s)
{
	delivered++;
	sdu_free(&((struct rlc_memory *)arg)->sdus, s);
}

/* 7.1: RX_Next is the modulus base. */
static uint32_t rel(const struct model *m, uint32_t sn)
{
	return (sn - m->next) % MODULUS;
}

static bool gap(const struct sdu_map *s)
{
	bool missing = false;

	for (int i = 0; i < LEN_MAX; i++) {
		if (s->octets[i] && missing)
			return true;
		missing |= !s->octets[i];
	}
	return false;
}

static uint32_t first_not_whole(const struct model *m, uint32_t sn)
{
	while (m->sdus[sn % MODULUS].whole)
		sn++;
	return sn % MODULUS;
}

static bool awaits(const struct model *m, uint32_t from)
{
	uint32_t ahead = (m->next_highest - from) % MODULUS;

	return ahead > 1 || (ahead == 1 && gap(&m->sdus[from]));
}

static void leave_window(struct model *m, uint32_t before)
{
	for (uint32_t sn = before; sn != m->next; sn = (sn + 1) % MODULUS)
		m->sdus[(sn + WINDOW) % MODULUS] = (struct sdu_map){ 0 };
}

/* 5.2.3.2.2 and 5.2.3.2.3; whether it was kept. */
static bool model_receive(struct model *m, uint32_t x, uint32_t from, uint32_t to, bool last)
{
	struct sdu_map *s = &m->sdus[x];
	uint32_t next = m->next;
	bool fresh = last && !s->end;

	if (rel(m, x) >= WINDOW || s->whole)
		return false;
	for (uint32_t i = from; i < to; i++)
		fresh |= !s->octets[i];
	if (!fresh)
		return false;
	for (uint32_t i = from; i < to; i++)
		s->octets[i] = true;
	s->some = true;
	if (last)
		s->end = (uint8_t)to;
	s->whole = s->end > 0;
	for (uint32_t i = 0; i < s->end; i++)
		s->whole &= s->octets[i];
	if (rel(m, x) >= rel(m, m->next_highest))
		m->next_highest = (x + 1) % MODULUS;
	if (s->whole && x == m->highest_status)
		m->highest_status = first_not_whole(m, x);
	if (s->whole && x == m->next)
		m->next = first_not_whole(m, x);
	leave_window(m, next);
	if (m->running &&
		(m->trigger == m->next ||
			(m->trigger == (m->next + 1) % MODULUS && !gap(&m->sdus[m->next])) ||
			(rel(m, m->trigger) >= WINDOW && m->trigger != (m->next + WINDOW) % MODULUS)))
		m->running = false;
	if (!m->running && awaits(m, m->next)) {
		m->running = true;
		m->trigger = m->next_highest;
	}
	return true;
}

static void model_expire(struct model *m)
{
	m->highest_status = first_not_whole(m, m->trigger);
	m->running = awaits(m, m->highest_status);
	if (m->running)
		m->trigger = m->next_highest;
}

static void compare(const struct rlc *r, const struct model *m)
{
	assert_int_equal(r->rx.next % MODULUS, m->next);
	assert_int_equal(r->rx.set.highest % MODULUS, m->next_highest);
	assert_int_equal(r->rx.highest_status % MODULUS, m->highest_status);
	assert_int_equal(r->rx.t_reassembly_ns != RLC_NEVER, m->running);
	if (m->running)
		assert_int_equal(r->rx.trigger % MODULUS, m->trigger);
}

/* Marks what the sets of a STATUS PDU name; ACK_SN. */
static uint32_t status_of(struct bytes pdu, bool (*missing)[LEN_MAX])
{
	struct cursor c = cursor_of(pdu);
	struct rlc_nack n;
	uint32_t ack_sn;
	bool more;

	assert_true(rlc_status_read(&c, BITS, &ack_sn, &more));
	while (more) {
		assert_true(rlc_nack_read(&c, BITS, &n, &more));
		for (uint32_t i = 0; i < n.range; i++)
			for (uint32_t at = 0; at < LEN_MAX; at++)
				if (!n.has_so || (at >= n.so_start && at <= n.so_end))
					missing[(n.sn + i) % MODULUS][at] = true;
	}
	assert_int_equal(cursor_left(&c), 0);
	return ack_sn;
}

/* With room for all, and with room for some, where ACK_SN is the first that is not named. */
static void compare_status(struct rlc *r, const struct model *m, size_t room, uint64_t now_ns)
{
	static bool missing[MODULUS][LEN_MAX];
	uint8_t out[9000];
	size_t n;
	uint32_t ack_sn;

	r->rx.status_due = true;
	r->rx.t_status_prohibit_ns = RLC_NEVER;
	n = rlc_pull(r, out, room, now_ns);
	assert_in_range(n, RLC_STATUS_SIZE, room);
	memset(missing, 0, sizeof(missing));
	ack_sn = status_of(bytes_of(out, n), missing);
	assert_true(rel(m, ack_sn) <= rel(m, m->highest_status));
	if (room > 4000 && r->rx.set.holes < 100)
		assert_int_equal(ack_sn, m->highest_status);
	for (uint32_t sn = m->next; sn != ack_sn; sn = (sn + 1) % MODULUS) {
		const struct sdu_map *s = &m->sdus[sn];
		uint32_t end = s->end ? s->end : LEN_MAX;

		for (uint32_t at = 0; at < end; at++)
			assert_true(missing[sn][at] == !s->octets[at] || (missing[sn][at] && room < 100));
	}
}

static void one_pdu(struct rlc *r, struct model *m, uint32_t sn, uint64_t now_ns)
{
	uint32_t len = 1 + (sn * 7919u) % (LEN_MAX - 1), from = chance(2) ? 0 : chance(len),
		 to = from + 1 + chance(len - from);
	uint64_t kept = rlc_stats(r).rx_duplicates;
	uint8_t octets[LEN_MAX + 8] = { 0 };
	struct writer w = writer_of(octets, sizeof(octets));
	struct rlc_header h = { .sn = sn, .so = (uint16_t)from };

	if (chance(3) == 0) {
		from = h.so = 0;
		to = len;
	}
	h.si = rlc_si_of(from, to, len);
	rlc_amd_write(&w, BITS, &h);
	rlc_receive(r, bytes_of(octets, w.len + to - from), now_ns);
	kept = rlc_stats(r).rx_duplicates == kept;
	assert_int_equal(model_receive(m, sn, from, to, to == len), kept);
	assert_int_equal(rlc_stats(r).rx_invalid + rlc_stats(r).rx_refused, 0);
}

static void against_the_model(void **state)
{
	static struct model m;
	struct rlc_config config = { .mode = RLC_AM,
		.tx_sn_bits = BITS,
		.rx_sn_bits = BITS,
		.t_poll_retransmit_ms = 45,
		.t_reassembly_ms = REASSEMBLY_MS,
		.max_retx_threshold = 4 };
	struct rlc_memory memory;
	struct rlc_upper upper = { .arg = &memory, .deliver = deliver };
	struct rlc *r;

	rlc_memory_init(&memory, 1000, 10, 1000);
	r = rlc_new(&config, &upper, &memory);
	assert_non_null(r);
	for (uint32_t i = 0; i < 120000; i++) {
		uint64_t now_ns = i * UINT64_C(250000);
		uint32_t ahead = chance(10) ? chance(12) : chance(24) + (chance(200) ? 0 : WINDOW - 20);

		one_pdu(r, &m, (m.next + (i % 2000 < 1900 ? ahead : chance(3))) % MODULUS, now_ns);
		compare(r, &m);
		if (rlc_deadline_ns(r) <= now_ns) {
			if (r->rx.t_reassembly_ns <= now_ns)
				model_expire(&m);
			rlc_run(r, now_ns);
			compare(r, &m);
		}
		if (i % 100 == 0)
			compare_status(r, &m, i % 200 ? 9000 : 3 + chance(60), now_ns);
	}
	assert_true(delivered > MODULUS * 2); /* the numbers went round */
	rlc_free(r);
	rlc_memory_fini(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(against_the_model) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
