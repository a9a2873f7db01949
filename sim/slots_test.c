/* The slot clock, the simulated air, and what the contract of slot rooms promises. */
#include "base/test.h"

#include "base/room.h"
#include "sim/air.h"
#include "sim/sim.h"
#include "sim/slots.h"

static unsigned allocations; /* while a slot room runs */
static bool in_slot;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

void *__wrap_malloc(size_t n)
{
	allocations += in_slot;
	return __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	allocations += in_slot;
	return __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	allocations += in_slot;
	return __real_realloc(p, n);
}

void __wrap_free(void *p)
{
	allocations += in_slot;
	__real_free(p);
}

/* A room around another: watches its slots. */
struct watched {
	struct slot_room inner;
	size_t most_out, slots, last_in;
	struct slot_time last;
	bool allocates; /* itself, so that the watching is seen to work */
};

static void watched_run(
	void *room, const struct slot_time *now, const struct slot_box *in, struct slot_box *out)
{
	struct watched *w = room;
	size_t before = out->count;

	in_slot = true;
	if (w->allocates) {
		void *volatile p = malloc(16);

		free(p);
	}
	w->inner.ops->run(w->inner.self, now, in, out);
	in_slot = false;
	w->slots++;
	w->last = *now;
	w->last_in = in->count;
	if (out->count - before > w->most_out)
		w->most_out = out->count - before;
}

static bool watched_is_idle(const void *room)
{
	const struct watched *w = room;

	return w->inner.ops->is_idle(w->inner.self);
}

static struct slot_room watched_room(struct watched *w)
{
	static const struct slot_room_ops ops = { watched_run, watched_is_idle };

	return (struct slot_room){ &ops, w };
}

struct seen {
	size_t count;
	uint64_t tags[8192];
	uint64_t at_slot[8192], slot;
};

static void landed(void *arg, const struct slot_unit *u)
{
	struct seen *s = arg;

	assert_true(s->count < ARRAY_LEN(s->tags));
	s->tags[s->count] = u->tag;
	s->at_slot[s->count++] = s->slot;
}

struct bed {
	struct sim_air *air;
	struct watched watched;
	struct sim_slots *slots;
	struct seen seen;
};

static struct bed *bed_new(uint32_t delay, uint32_t per_slot)
{
	struct sim_air_config c = { delay, per_slot };
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->air = sim_air_new(&c);
	assert_non_null(b->air);
	b->watched.inner = sim_air_room(b->air);
	b->slots = sim_slots_new(1, landed, &b->seen);
	assert_non_null(b->slots);
	assert_int_equal(sim_slots_add(b->slots, watched_room(&b->watched)), 0);
	allocations = 0;
	return b;
}

static void bed_free(struct bed *b)
{
	sim_slots_free(b->slots);
	sim_air_free(b->air);
	free(b);
}

static void send(struct bed *b, uint64_t tag, size_t len)
{
	static const uint8_t octets[9000];
	struct slot_unit u = { .tag = tag, .data = bytes_of(octets, len) };

	assert_true(sim_slots_put(b->slots, 0, &u));
}

static void run_slot(struct bed *b)
{
	b->seen.slot++;
	sim_slots_run(b->slots, b->seen.slot * slot_ns(1));
}

static void test_time(void **state)
{
	struct slot_time t = slot_time_of(0, 10239);

	assert_int_equal(t.sfn, 1023);
	assert_int_equal(t.slot, 9);
	t = slot_time_of(3, 80 * 1024 + 81);
	assert_int_equal(t.sfn, 1);
	assert_int_equal(t.slot, 1);
	assert_int_equal(slot_ns(4), 62500);
	assert_null(sim_slots_new(5, landed, NULL));
}

/* Sent in slot n, there in slot n + k, in order; and slots in which nothing is on the air may be passed over.
 */
static void test_delay(void **state)
{
	for (uint32_t k = 1; k <= 9; k += 4) {
		struct bed *b = bed_new(k, 8);

		assert_true(sim_slots_next_ns(b->slots, 1) == NEVER);
		run_slot(b);
		send(b, 1, 10);
		send(b, 2, 0x300);
		assert_int_equal(sim_slots_next_ns(b->slots, slot_ns(1) + 1), 2 * slot_ns(1));
		run_slot(b);
		send(b, 3, 1);
		while (b->seen.count < 3)
			run_slot(b);
		assert_int_equal(b->seen.at_slot[0], 1 + k);
		assert_int_equal(b->seen.at_slot[1], 1 + k);
		assert_int_equal(b->seen.at_slot[2], 2 + k);
		assert_int_equal(b->seen.tags[2], 3);
		assert_true(sim_slots_next_ns(b->slots, 1) == NEVER);
		assert_int_equal(b->watched.last.numerology, 1);
		bed_free(b);
	}
}

/* However much comes: so much a slot and no more, nothing allocated, what does not fit counted. */
static void test_bounded(void **state)
{
	struct bed *b = bed_new(3, 5);
	uint64_t sent = 0;

	for (unsigned slot = 0; slot < 20; slot++) {
		for (unsigned i = 0; i < 500; i++)
			send(b, sent++, 1 + i * 3 % 1500);
		run_slot(b);
	}
	assert_true(sim_air_lost(b->air) > 0);
	for (unsigned slot = 0; slot < 3000 && !sim_air_room(b->air).ops->is_idle(b->air); slot++)
		run_slot(b);
	assert_int_equal(b->watched.most_out, 5);
	assert_int_equal(b->seen.count + sim_air_lost(b->air), sent);
	for (size_t i = 1; i < b->seen.count; i++)
		assert_true(b->seen.tags[i] > b->seen.tags[i - 1]);
	assert_int_equal(allocations, 0);
	b->watched.allocates = true;
	run_slot(b);
	assert_int_equal(allocations, 2);
	bed_free(b);
}

/* The octets on the air, around the end of their memory many times. */
static void test_octets(void **state)
{
	struct bed *b = bed_new(4, 256);
	uint64_t sent = 0;

	for (unsigned slot = 0; slot < 400; slot++) {
		for (unsigned i = 0; i < 1 + slot % 30; i++)
			send(b, sent++, 1 + (slot * 37 + i * 1013) % 9000);
		run_slot(b);
	}
	for (unsigned slot = 0; slot < 4; slot++)
		run_slot(b);
	assert_int_equal(sim_air_lost(b->air), 0);
	assert_int_equal(b->seen.count, sent);
	/* more than there is memory for: what fits comes, the rest is lost */
	for (unsigned i = 0; i < 8; i++) {
		for (unsigned j = 0; j < 110; j++)
			send(b, sent++, 9000);
		run_slot(b);
	}
	assert_true(b->seen.count < sent);
	for (unsigned slot = 0; slot < 8; slot++)
		run_slot(b);
	assert_int_equal(b->seen.count + sim_air_lost(b->air), sent);
	bed_free(b);
}

static void test_full(void **state)
{
	struct bed *b = bed_new(1, 1);
	struct slot_unit u = { .tag = 1 };
	static const struct sim_air_config bad[] = { { 0, 1 }, { SIM_AIR_DELAY_MAX + 1, 1 }, { 1, 0 },
		{ 1, SIM_AIR_PER_SLOT_MAX + 1 } };

	for (size_t i = 0; i < SIM_SLOT_UNITS; i++)
		assert_true(sim_slots_put(b->slots, 0, &u));
	assert_false(sim_slots_put(b->slots, 0, &u));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_null(sim_air_new(&bad[i]));
	for (int i = 1; i < SIM_SLOT_ROOMS_MAX; i++)
		assert_int_equal(sim_slots_add(b->slots, watched_room(&b->watched)), i);
	assert_int_equal(sim_slots_add(b->slots, watched_room(&b->watched)), -1);
	bed_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_octets),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
