/* Streams of samples between two ends of one loop, and what strangers do to them. */
#include "base/test.h"

#include <math.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/sockaddr.h"
#include "io/zmq/samples_end.h"
#include "io/zmq/zmtp.h"

static struct addr loopback(uint16_t port)
{
	return addr_from_v4(0x7f000001, port);
}

/* Two ends that ask each other: the first at a port of the kernel's choice, which it is told afterwards. */
struct pair {
	struct loop *loop;
	struct end a, b;
	struct samples_config of_a, of_b;
};

/* A port that nobody has at the moment. */
static uint16_t free_port(struct loop *l)
{
	struct end e = { 0 };
	struct samples_config c = { .transmit = loopback(0) };
	uint16_t port;

	assert_true(end_open(&e, l, &c));
	port = bind_local(e.bind, END_PORT).port;
	end_close(&e);
	return port;
}

static void pair_open(struct pair *p, size_t lead_a, size_t lead_b)
{
	*p = (struct pair){ .loop = loop_new() };
	assert_non_null(p->loop);
	p->a.lead = lead_a;
	p->b.lead = lead_b;
	p->of_a = (struct samples_config){ loopback(free_port(p->loop)), loopback(free_port(p->loop)) };
	p->of_b = (struct samples_config){ p->of_a.receive, p->of_a.transmit };
	assert_true(end_open(&p->a, p->loop, &p->of_a));
	assert_true(end_open(&p->b, p->loop, &p->of_b));
}

static void pair_close(struct pair *p)
{
	end_close(&p->a);
	end_close(&p->b);
	loop_free(p->loop);
}

static void assert_in_order(const struct pair *p)
{
	assert_int_equal(p->a.disorder + p->b.disorder, 0);
	assert_int_equal(p->a.misaligned + p->b.misaligned, 0);
}

static void test_lock_step(void **state)
{
	static const struct {
		size_t lead_a, lead_b;
	} leads[] = { { 1, 0 }, { 0, 3 }, { 31, 1 }, { 32, 0 }, { 1000, 24 }, { 32768, 1 },
		{ END_BLOCK_MAX, 5000 } };

	for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
		size_t want = 20 * (leads[i].lead_a + leads[i].lead_b);
		struct samples_stats a, b;
		struct pair p;

		pair_open(&p, leads[i].lead_a, leads[i].lead_b);
		assert_true(end_wait(p.loop, &p.a.heard, want));
		assert_true(end_wait(p.loop, &p.b.heard, want));
		assert_in_order(&p);
		/* Nobody is further ahead than both leads: that is what lock step means. */
		assert_true(p.a.heard <= p.b.sent && p.b.sent <= p.b.heard + leads[i].lead_b);
		a = end_stats(&p.a);
		b = end_stats(&p.b);
		assert_int_equal(a.in, p.a.heard);
		assert_true(a.in <= b.out && b.in <= a.out && a.blocks_in <= b.blocks_out);
		assert_int_equal(a.joined + b.joined, 2);
		assert_int_equal(a.clients + b.clients, 2);
		assert_int_equal(a.broken + a.malformed + a.timed_out + a.tamed + a.clients_refused, 0);
		assert_int_equal(bind_stats(p.a.bind).unsendable + bind_stats(p.b.bind).unsendable, 0);
		pair_close(&p);
	}
}

/* One end goes and comes again, several times, and the other then: both begin anew, and nothing of the old is
 * heard. */
static void test_ends_come_again(void **state)
{
	struct pair p;

	pair_open(&p, 700, 300);
	for (unsigned i = 0; i < 6; i++) {
		struct end *gone = i % 2 ? &p.a : &p.b, *stays = i % 2 ? &p.b : &p.a;
		size_t lead = gone->lead;
		uint64_t downs = stays->downs;

		assert_true(end_wait(p.loop, &p.a.heard, 20000));
		assert_true(end_wait(p.loop, &p.b.heard, 20000));
		assert_in_order(&p);
		end_close(gone);
		if (i < 4) /* else it is there again before the other end has noticed */
			assert_true(end_wait(p.loop, &stays->downs, downs + 1));
		*gone = (struct end){ .lead = lead };
		assert_true(end_open(gone, p.loop, i % 2 ? &p.of_a : &p.of_b));
		assert_true(end_wait(p.loop, &gone->ups, 1));
		assert_true(end_wait(p.loop, &stays->downs, downs + 1));
	}
	assert_true(end_wait(p.loop, &p.a.heard, 20000));
	assert_true(end_wait(p.loop, &p.b.heard, 20000));
	assert_in_order(&p);
	pair_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lock_step),
		cmocka_unit_test(test_ends_come_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
