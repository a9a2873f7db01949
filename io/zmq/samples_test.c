/* Streams of samples between two ends of one loop, and what strangers do to them. */
#include "base/test.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/sockaddr.h"
#include "io/zmq/samples_end.h"

static struct addr at_host(const char *host, uint16_t port)
{
	struct addr a;

	assert_true(addr_parse(host, &a));
	a.port = port;
	return a;
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
	struct samples_config c = { .transmit = at_host("127.0.0.1", 0) };
	uint16_t port;

	assert_true(end_open(&e, l, &c));
	port = bind_local(e.bind, END_PORT).port;
	end_close(&e);
	return port;
}

static void pair_open(struct pair *p, const char *host, size_t lead_a, size_t lead_b)
{
	*p = (struct pair){ .loop = loop_new() };
	assert_non_null(p->loop);
	p->a.lead = lead_a;
	p->b.lead = lead_b;
	p->of_a = (struct samples_config){ at_host(host, free_port(p->loop)),
		at_host(host, free_port(p->loop)) };
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
		const char *host;
		size_t lead_a, lead_b;
	} leads[] = { { "127.0.0.1", 1, 0 }, { "127.0.0.1", 0, 3 }, { "127.0.0.1", 31, 1 }, { "::1", 32, 0 },
		{ "127.0.0.1", 1000, 24 }, { "127.0.0.1", 32768, 1 }, { "::1", END_BLOCK_MAX, 5000 } };

	for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
		size_t want = 20 * (leads[i].lead_a + leads[i].lead_b);
		struct samples_stats a, b;
		struct pair p;

		pair_open(&p, leads[i].host, leads[i].lead_a, leads[i].lead_b);
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

/* What was said before the room heard that nobody is there reaches nobody. */
static void assert_unsendable(struct loop *l, struct end *e)
{
	uint64_t before = bind_stats(e->bind).unsendable;

	end_send(e, 1);
	assert_true(loop_turn(l, 0));
	assert_int_equal(bind_stats(e->bind).unsendable, before + 1);
}

/* One end goes and comes again, several times, and the other then: both begin anew, and nothing of the old is
 * heard. */
static void test_ends_come_again(void **state)
{
	struct pair p;

	pair_open(&p, "127.0.0.1", 700, 300);
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
		if (i == 0)
			assert_unsendable(p.loop, stays);
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

/* What a stranger sends and hears, as octets on a socket of its own. */
#define GREETING                                                                                             \
	"ff 0000000000000001 7f 03 01 4e554c4c 00000000000000000000000000000000 00"                          \
	"00000000000000000000000000000000000000000000000000000000000000"
#define READY_REQ "04 19 05 5245414459 0b 536f636b65742d54797065 00000003 524551"
#define READY_REP "04 19 05 5245414459 0b 536f636b65742d54797065 00000003 524550"
#define REQUEST   "01 00 00 01 ff"

enum { GREETED_OCTETS = 64 + 27 }; /* our greeting and READY, as a REP */

static int stranger(const struct addr *to, int receive_buffer)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(to, &sa);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	if (receive_buffer)
		assert_int_equal(
			setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer)), 0);
	assert_int_equal(connect(fd, &sa.sa, len), 0);
	return fd;
}

static void say(int fd, const char *text)
{
	uint8_t buf[4096];
	struct bytes octets = test_hex(text, buf, sizeof(buf));

	assert_int_equal(send(fd, octets.data, octets.len, MSG_NOSIGNAL), octets.len);
}

/* The next len octets, while the loop turns; fewer where it is closed. */
static size_t take(struct loop *l, int fd, uint8_t *out, size_t len)
{
	uint64_t until_ns = loop_now_ns(l) + 5 * NS_PER_S;
	size_t got = 0;

	while (got < len && loop_now_ns(l) < until_ns) {
		ssize_t n = recv(fd, out + got, len - got, MSG_DONTWAIT);

		if (n == 0 || (n < 0 && errno == ECONNRESET))
			break;
		got += n > 0 ? (size_t)n : 0;
		assert_true(loop_turn(l, n > 0 ? 0 : NS_PER_MS));
	}
	return got;
}

static void come_as_client(struct loop *l, int fd)
{
	uint8_t octets[GREETED_OCTETS];

	say(fd, GREETING READY_REQ);
	assert_int_equal(take(l, fd, octets, sizeof(octets)), sizeof(octets));
}

/* A REP that nobody is to be heard by but who speaks its language: each stranger is sent away, and the next
 * may come. */
static void test_hostile_clients(void **state)
{
	static const char *const hostile[] = {
		"47",
		"ff00000000000000017f01",
		GREETING READY_REP,
		GREETING READY_REQ "00 01 ff",
		GREETING READY_REQ REQUEST REQUEST,
		GREETING READY_REQ "01 00 02 7fffffffffffffff",
		GREETING READY_REQ "01 00 02 0000000000000101",
		GREETING "06 ffffffffffffffff",
		GREETING READY_REQ "f800",
	};
	struct end e = { 0 };
	struct samples_config c = { .transmit = at_host("127.0.0.1", 0) };
	struct loop *l = loop_new();
	uint8_t octets[256];
	struct addr at;
	int fd;

	assert_true(end_open(&e, l, &c));
	at = bind_local(e.bind, END_PORT);
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		fd = stranger(&at, 0);
		say(fd, hostile[i]);
		assert_true(take(l, fd, octets, sizeof(octets)) < sizeof(octets));
		assert_int_equal(end_stats(&e).malformed, i + 1);
		close(fd);
	}
	fd = stranger(&at, 0);
	come_as_client(l, fd);
	say(fd, REQUEST);
	end_send(&e, 1);
	assert_int_equal(take(l, fd, octets, 2 + 2 + 8), 2 + 2 + 8);
	assert_int_equal(octets[2], 0);
	assert_int_equal(octets[3], 8);
	close(fd);
	end_close(&e);
	loop_free(l);
}

/* Who is silent keeps no place from others, and not its own for ever; nor does a server that we ask. */
static void test_silence(void **state)
{
	struct end e = { 0 };
	struct loop *l = loop_new();
	struct samples_config c = { at_host("127.0.0.1", 0), at_host("127.0.0.1", free_port(l)) };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), silent[8], fd;
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(&c.receive, &sa);
	struct addr at;
	uint64_t timed_out = 0;

	assert_true(listener >= 0);
	assert_int_equal(bind(listener, &sa.sa, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_true(end_open(&e, l, &c));
	at = bind_local(e.bind, END_PORT);
	for (size_t i = 0; i < ARRAY_LEN(silent); i++) {
		silent[i] = stranger(&at, 0);
		assert_true(loop_turn(l, NS_PER_MS));
	}
	fd = stranger(&at, 0);
	come_as_client(l, fd);
	for (unsigned i = 0; i < 500 && timed_out < 4; i++) {
		assert_true(loop_turn(l, 10 * NS_PER_MS));
		timed_out = end_stats(&e).timed_out;
	}
	assert_int_equal(timed_out, 4); /* three clients, and the server */
	assert_int_equal(end_stats(&e).clients, 1);
	for (size_t i = 0; i < ARRAY_LEN(silent); i++)
		close(silent[i]);
	close(fd);
	close(listener);
	end_close(&e);
	loop_free(l);
}

/* A server that answers and answers, and never reads what it is asked: it is left as soon as the kernel takes
 * no more. */
static void test_hostile_server(void **state)
{
	enum { WHOLE = 12 * 5000 };
	static uint8_t replies[WHOLE];
	struct end e = { 0 };
	struct loop *l = loop_new();
	struct samples_config c = { .receive = at_host("127.0.0.1", free_port(l)) };
	int listener = socket(AF_INET, SOCK_STREAM, 0), small = 4096, fd;
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(&c.receive, &sa);
	size_t sent = 0;

	for (size_t i = 0; i < WHOLE; i++) /* of one sample each, whose head is 01 00 00 08 */
		replies[i] = i % 12 == 0 ? 1 : i % 12 == 3 ? 8 : 0;
	assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	assert_int_equal(bind(listener, &sa.sa, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_true(end_open(&e, l, &c));
	assert_true(loop_turn(l, NS_PER_MS));
	fd = accept(listener, NULL, NULL);
	assert_true(fd >= 0);
	say(fd, GREETING READY_REP);
	assert_true(end_wait(l, &e.ups, 1));
	for (unsigned i = 0; i < 10000 && e.downs == 0; i++) {
		ssize_t n = send(fd, replies + sent % 12, WHOLE - sent % 12, MSG_DONTWAIT | MSG_NOSIGNAL);

		sent += n > 0 ? (size_t)n : 0;
		assert_true(loop_turn(l, NS_PER_MS));
	}
	assert_int_equal(e.downs, 1);
	assert_int_equal(end_stats(&e).malformed, 1);
	close(fd);
	close(listener);
	end_close(&e);
	loop_free(l);
}

/* A block's samples, from a number on. */
static void assert_numbered(const uint8_t *octets, size_t count, size_t first)
{
	for (size_t i = 0; i < count; i++) {
		float iq[2];

		memcpy(iq, octets + i * SAMPLES_OCTETS, SAMPLES_OCTETS);
		assert_true(iq[0] == (float)((first + i) % END_NUMBERS) && iq[1] == -iq[0]);
	}
}

/* Nobody asks: what waits is bounded. Then somebody does, who reads slowly. */
static void test_what_waits(void **state)
{
	enum { CHUNK = 4096, CHUNKS = 5 * (1 << 20) / (CHUNK * SAMPLES_OCTETS), HEAD = 2 + 9 };
	static uint8_t block[HEAD + SAMPLES_ANSWER_MAX];
	struct end e = { 0 };
	struct samples_config c = { .transmit = at_host("127.0.0.1", 0) };
	struct loop *l = loop_new();
	size_t first = 0;
	struct addr at;
	int fd;

	assert_true(end_open(&e, l, &c));
	at = bind_local(e.bind, END_PORT);
	for (unsigned i = 0; i < CHUNKS; i++) {
		end_send(&e, CHUNK);
		assert_true(loop_turn(l, 0));
	}
	assert_int_equal(
		bind_stats(e.bind).unsendable, CHUNKS - SAMPLES_QUEUE_MAX / (CHUNK * SAMPLES_OCTETS));
	fd = stranger(&at, 4096);
	come_as_client(l, fd);
	for (unsigned i = 0; i < SAMPLES_QUEUE_MAX / SAMPLES_ANSWER_MAX; i++) {
		say(fd, REQUEST);
		assert_int_equal(take(l, fd, block, sizeof(block)), sizeof(block));
		assert_numbered(block + HEAD, SAMPLES_ANSWER_MAX / SAMPLES_OCTETS, first);
		first += SAMPLES_ANSWER_MAX / SAMPLES_OCTETS;
	}
	say(fd, REQUEST "04 07 0450494e47 0000");
	assert_true(loop_turn(l, 10 * NS_PER_MS));
	e.sent = first;
	end_send(&e, 1); /* straight to who waits, behind the PONG */
	assert_int_equal(take(l, fd, block, 7 + 4 + 8), 7 + 4 + 8);
	assert_numbered(block + 7 + 4, 1, first);
	assert_int_equal(end_stats(&e).out, first + 1);
	close(fd);
	end_close(&e);
	loop_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lock_step),
		cmocka_unit_test(test_ends_come_again),
		cmocka_unit_test(test_hostile_clients),
		cmocka_unit_test(test_hostile_server),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
