#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/store_mem.h"
#include "io/bind.h"
#include "io/env.h"
#include "io/file.h"
#include "io/netlink.h"
#include "io/record.h"

enum { PORT_UDP = 1, PORT_SCTP_SERVER, PORT_SCTP_CLIENT, PORT_CUSTOM, PORT_UNIX };

/* A room that answers each datagram, keeps a count in its store, and records the rest. */
struct echo_room {
	struct env *env;
	unsigned got, ups, downs, deadlines;
	uint64_t server_assoc, client_assoc;
	uint32_t up_token, down_token;
	uint64_t deadline_ns;
	uint32_t uid, pid; /* of the last message */
	uint64_t down_assoc;
};

static void echo_on_msg(void *self, const struct msg *m)
{
	struct echo_room *r = self;
	uint32_t count = ++r->got;

	if (m->kind == MSG_UP) {
		r->ups++;
		*(m->port == PORT_SCTP_SERVER ? &r->server_assoc : &r->client_assoc) = m->assoc;
		if (m->port == PORT_SCTP_CLIENT) {
			r->up_token = m->token;
			assert_true(outbox_send(
				r->env->outbox, m->port, m->assoc, 1, bytes_of_str("to the server")));
		}
	} else if (m->kind == MSG_DOWN) {
		r->downs++;
		r->down_token = m->token;
		r->down_assoc = m->assoc;
	} else if (m->port == PORT_UNIX) {
		r->server_assoc = m->assoc;
		r->uid = m->uid;
		r->pid = m->pid;
		assert_true(outbox_send(r->env->outbox, m->port, m->assoc, 0, m->data));
	} else if (m->port == PORT_SCTP_SERVER) {
		assert_int_equal(m->stream, 1);
		assert_true(outbox_send(r->env->outbox, m->port, m->assoc, m->stream, m->data));
	} else if (m->port == PORT_UDP) {
		if (r->env->store)
			may_fail(store_put(r->env->store, STORE_META, bytes_of_str("count"),
				bytes_of(&count, sizeof(count)))); /* a refusal dooms the turn by itself */
		assert_true(outbox_send_to(r->env->outbox, PORT_UDP, &m->peer, m->data));
	}
}

static uint64_t echo_next_deadline_ns(void *self)
{
	return ((struct echo_room *)self)->deadline_ns;
}

static void echo_on_deadline(void *self, uint64_t now_ns)
{
	struct echo_room *r = self;

	r->deadlines++;
	r->deadline_ns = NEVER;
}

static const struct room_ops echo_ops = { echo_on_msg, echo_next_deadline_ns, echo_on_deadline };

static void no_sink(void *arg, enum log_level level, const char *room, const char *line)
{
}

static uint64_t no_clock(void *arg)
{
	return 0;
}

struct world {
	struct loop *loop;
	struct outbox outbox;
	struct log log;
	struct io_env env;
	struct echo_room echo;
	struct room room;
	struct bind *bind;
};

static void world_open(struct world *w, struct store *store)
{
	*w = (struct world){ .loop = loop_new() };
	assert_non_null(w->loop);
	outbox_init(&w->outbox, 1 << 20);
	log_init(&w->log, LOG_ERROR, no_sink, no_clock, NULL);
	io_env_init(&w->env, w->loop, store, &w->log, &w->outbox);
	w->echo = (struct echo_room){ .env = &w->env.env, .deadline_ns = NEVER };
	w->room = (struct room){ &echo_ops, &w->echo };
	w->bind = bind_new(w->loop, &w->env.env);
	assert_true(bind_room(w->bind, &w->room));
}

static void world_close(struct world *w)
{
	bind_free(w->bind);
	io_env_fini(&w->env);
	outbox_fini(&w->outbox);
	loop_free(w->loop);
}

static void turns(struct world *w, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		assert_true(loop_turn(w->loop, 20 * NS_PER_MS));
}

static struct addr local_addr(uint16_t port)
{
	return addr_from_v4(0x7f000001, port);
}

/* One commit for what arrived together; answers after it; none when it fails. */
static void test_commit_then_speak(void **state)
{
	struct store *store = store_mem_new(0);
	struct addr any = local_addr(0);
	struct udp *client = udp_open(&any, NULL);
	struct udp_packet p[8];
	struct world w;

	world_open(&w, store);
	assert_true(bind_udp(w.bind, &w.room, PORT_UDP, &any, NULL));
	assert_false(bind_udp(w.bind, &w.room, PORT_UDP, &any, NULL));
	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		p[i] = (struct udp_packet){ bind_local(w.bind, PORT_UDP), BYTES_NONE, bytes_of_str("hello") };
	assert_int_equal(udp_send_burst(client, p, ARRAY_LEN(p)), ARRAY_LEN(p));
	turns(&w, 1);
	assert_int_equal(w.echo.got, 8);
	assert_int_equal(store_mem_stats(store).commits, 1);
	assert_int_equal(udp_recv_burst(client, p, ARRAY_LEN(p)), 8);
	assert_int_equal(bind_stats(w.bind).out, 8);

	store_mem_fail_commit(store, 1);
	p[0] = (struct udp_packet){ bind_local(w.bind, PORT_UDP), BYTES_NONE, bytes_of_str("hello") };
	assert_int_equal(udp_send_burst(client, p, 1), 1);
	turns(&w, 1);
	assert_int_equal(udp_recv_burst(client, p, ARRAY_LEN(p)), 0);
	assert_int_equal(bind_stats(w.bind).dropped, 1);
	assert_int_equal(bind_stats(w.bind).commits_failed, 1);
	world_close(&w);
	udp_free(client);
	store_mem_free(store);
}

/* A tap sees what comes and goes, and each turn in which there was something: whether it was kept. */
struct tapped {
	unsigned in, out, kept, lost, deadlines;
};

static void tap_msg(void *arg, bool in, const struct msg *m)
{
	struct tapped *t = arg;

	*(in ? &t->in : &t->out) += 1;
}

static void tap_deadline(void *arg, uint64_t now_ns)
{
	((struct tapped *)arg)->deadlines++;
}

static void tap_turn(void *arg, bool kept)
{
	struct tapped *t = arg;

	*(kept ? &t->kept : &t->lost) += 1;
}

static void test_taps(void **state)
{
	struct store *store = store_mem_new(0);
	struct addr any = local_addr(0);
	struct udp *client = udp_open(&any, NULL);
	struct tapped seen = { 0 }, other = { 0 };
	struct udp_packet p;
	struct world w;

	world_open(&w, store);
	assert_true(bind_udp(w.bind, &w.room, PORT_UDP, &any, NULL));
	assert_true(bind_tap_add(w.bind, &(struct bind_tap){ .msg = tap_msg, .arg = &other }));
	assert_true(bind_tap_add(w.bind, &(struct bind_tap){ tap_msg, tap_deadline, tap_turn, &seen }));
	turns(&w, 2);
	assert_int_equal(seen.in + seen.out + seen.kept + seen.lost, 0);
	p = (struct udp_packet){ bind_local(w.bind, PORT_UDP), BYTES_NONE, bytes_of_str("hello") };
	assert_int_equal(udp_send_burst(client, &p, 1), 1);
	turns(&w, 1);
	assert_true(seen.in == 1 && seen.out == 1 && seen.kept == 1 && seen.lost == 0);
	store_mem_fail_commit(store, 1);
	assert_int_equal(udp_recv_burst(client, &p, 1), 1);
	p = (struct udp_packet){ bind_local(w.bind, PORT_UDP), BYTES_NONE, bytes_of_str("hello") };
	assert_int_equal(udp_send_burst(client, &p, 1), 1);
	turns(&w, 1);
	assert_true(seen.in == 2 && seen.out == 1 && seen.kept == 1 && seen.lost == 1);
	w.echo.deadline_ns = loop_now_ns(w.loop);
	turns(&w, 2);
	assert_int_equal(seen.deadlines, 1);
	assert_true(other.in == 2 && other.out == 1);
	world_close(&w);
	udp_free(client);
	store_mem_free(store);
}

static void read_recording(struct cursor *c, const uint8_t random[4], bool seen[RECORD_END + 1])
{
	struct record_item item;

	for (size_t n = 0; recording_next(c, &item); n++) {
		seen[item.kind] = true;
		if (n == 0 && item.kind == RECORD_HEAD)
			assert_true(item.head.part == 3 && item.head.start_ns == 5);
		if (item.kind == RECORD_IN)
			assert_true(bytes_equal(item.msg.data, bytes_of_str("hello")) &&
				    item.msg.port == PORT_UDP && item.now_ns > 0);
		if (item.kind == RECORD_OUT)
			assert_true(bytes_equal(item.msg.data, bytes_of_str("hello")));
		if (item.kind == RECORD_TURN)
			assert_int_equal(item.number, 1);
		if (item.kind == RECORD_RANDOM)
			assert_memory_equal(item.value.data, random, 4);
		if (item.kind == RECORD_DEADLINE)
			assert_true(item.now_ns > 0);
	}
}

/* What passes a binding, in a file that holds it in order: up to its end, and not what comes after. */
static void test_recorder(void **state)
{
	static const enum record_kind kinds[] = { RECORD_HEAD, RECORD_ENTRY, RECORD_READY, RECORD_IN,
		RECORD_RANDOM, RECORD_TURN, RECORD_OUT, RECORD_DEADLINE, RECORD_TURN, RECORD_END };
	struct store *store = store_mem_new(0);
	struct addr any = local_addr(0);
	struct udp *client = udp_open(&any, NULL);
	char path[] = "/tmp/recorder_XXXXXX";
	struct record_head head = { .role = "gnb", .start_ns = 5, .part = 3 };
	bool seen[RECORD_END + 1] = { false };
	struct recorder r, other;
	struct bytes file;
	struct udp_packet p;
	struct cursor c;
	struct stat st;
	struct world w;
	char name[64];
	uint8_t octets[4];

	world_open(&w, store);
	assert_true(store_put(store, STORE_META, bytes_of_str("key"), bytes_of_str("value")));
	assert_non_null(mkdtemp(path));
	snprintf(name, sizeof(name), "%s/r", path);
	assert_true(recorder_open(&r, name, w.loop, &w.env.env));
	assert_false(recorder_open(&other, name, w.loop, &w.env.env));
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(recorder_begin(&r, w.bind, &head));
	assert_true(bind_udp(w.bind, &w.room, PORT_UDP, &any, NULL));
	recorder_ready(&r);
	p = (struct udp_packet){ bind_local(w.bind, PORT_UDP), BYTES_NONE, bytes_of_str("hello") };
	assert_int_equal(udp_send_burst(client, &p, 1), 1);
	turns(&w, 2);
	env_random(&w.env.env, octets, sizeof(octets));
	w.echo.deadline_ns = loop_now_ns(w.loop);
	turns(&w, 2);
	recorder_end(&r);
	recorder_end(&r);
	assert_null(w.env.env.recording);
	p = (struct udp_packet){ bind_local(w.bind, PORT_UDP), BYTES_NONE, bytes_of_str("late") };
	assert_int_equal(udp_send_burst(client, &p, 1), 1);
	turns(&w, 2);
	assert_true(file_read(name, 1 << 20, &file));
	c = cursor_of(file);
	assert_true(recording_begins(&c));
	read_recording(&c, octets, seen);
	assert_false(c.failed);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!seen[kinds[i]])
			fail_msg("no record of kind %d", kinds[i]);
	file_free(&file);
	unlink(name);
	rmdir(path);
	world_close(&w);
	udp_free(client);
	store_mem_free(store);
}

static void test_deadline(void **state)
{
	struct world w;

	world_open(&w, NULL);
	w.echo.deadline_ns = loop_now_ns(w.loop) + 10 * NS_PER_MS;
	turns(&w, 2);
	assert_int_equal(w.echo.deadlines, 1);
	assert_true(loop_now_ns(w.loop) >= 10 * NS_PER_MS);
	world_close(&w);
}

/* A room's own association: its token comes back, also when it cannot be opened. */
static void test_sctp(void **state)
{
	static const struct io_sctp_config config = { .mode = IO_SCTP_RAW };
	struct addr server = addr_from_v4(0x7f000001, 38412), client = addr_from_v4(0x7f000001, 0);
	struct msg up = { .kind = MSG_UP, .port = PORT_SCTP_CLIENT, .token = 77, .peer = server };
	struct io_sctp *sctp;
	struct world w;

	world_open(&w, NULL);
	sctp = io_sctp_open(w.loop, &config, &w.log);
	if (!sctp)
		skip();
	assert_true(bind_sctp_server(w.bind, &w.room, PORT_SCTP_SERVER, sctp, &server, 1, IO_SCTP_PPID_NGAP));
	assert_true(bind_sctp_client(w.bind, &w.room, PORT_SCTP_CLIENT, sctp, &client, 2, IO_SCTP_PPID_NGAP));
	assert_true(outbox_put(&w.outbox, &up));
	turns(&w, 30);
	assert_int_equal(w.echo.ups, 2);
	assert_int_equal(w.echo.up_token, 77);
	assert_int_equal(w.echo.got, 4); /* two ups, the message, its echo */

	/* 38.412 7: of another payload protocol, or of none, nothing is NGAP, at either end. */
	assert_true(io_sctp_send(sctp, w.echo.client_assoc, 1, 0, bytes_of_str("to the server")));
	assert_true(io_sctp_send(sctp, w.echo.client_assoc, 1, 66, bytes_of_str("to the server")));
	assert_true(io_sctp_send(sctp, w.echo.server_assoc, 1, 61, bytes_of_str("to the client")));
	turns(&w, 10);
	assert_int_equal(w.echo.got, 4);
	assert_int_equal(bind_stats(w.bind).foreign_ppid, 3);

	up.peer.port = 0; /* cannot even be tried */
	up.token = 78;
	assert_true(outbox_put(&w.outbox, &up));
	turns(&w, 3);
	assert_int_equal(w.echo.downs, 1);
	assert_int_equal(w.echo.down_token, 78);
	up = (struct msg){ .kind = MSG_DOWN, .port = PORT_SCTP_CLIENT, .assoc = w.echo.client_assoc };
	assert_true(outbox_put(&w.outbox, &up));
	turns(&w, 10);
	assert_int_equal(w.echo.downs, 3);
	io_sctp_free(sctp);
	world_close(&w);
}

static bool custom_send(void *arg, const struct msg *m)
{
	unsigned *sent = arg;

	return ++*sent < 2;
}

static void test_custom(void **state)
{
	unsigned sent = 0;
	struct msg m = { .kind = MSG_DATA, .port = PORT_CUSTOM, .data = bytes_of_str("x") };
	struct world w;

	world_open(&w, NULL);
	assert_true(bind_custom(w.bind, &w.room, PORT_CUSTOM, custom_send, &sent));
	bind_deliver(w.bind, &m);
	assert_int_equal(w.echo.got, 1);
	assert_true(outbox_put(&w.outbox, &m));
	assert_true(outbox_put(&w.outbox, &m));
	m.port = 99;
	assert_true(outbox_put(&w.outbox, &m));
	turns(&w, 1);
	assert_int_equal(sent, 2);
	assert_int_equal(bind_stats(w.bind).out, 1);
	assert_int_equal(bind_stats(w.bind).unsendable, 2);
	world_close(&w);
}

/* Who a client is comes with its message, and that it is gone: also one that does not read, a turn later. */
static void test_unix(void **state)
{
	static uint8_t large[32768];
	char dir[] = "/tmp/freehold-bind-XXXXXX", path[64], answer[8];
	uint64_t first;
	struct world w;
	int fd, other;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/socket", dir);
	world_open(&w, NULL);
	assert_true(bind_unix(w.bind, &w.room, PORT_UNIX, path));
	fd = unix_connect(path);
	other = unix_connect(path);
	assert_true(fd >= 0 && other >= 0 && unix_send(fd, bytes_of_str("who")));
	turns(&w, 3);
	assert_int_equal(unix_recv(fd, answer, sizeof(answer), 100), 3);
	assert_int_equal(w.echo.uid, geteuid());
	assert_int_equal(w.echo.pid, getpid());
	first = w.echo.server_assoc;
	close(fd);
	turns(&w, 2);
	assert_int_equal(w.echo.downs, 1);
	assert_int_equal(w.echo.down_assoc, first);
	for (int i = 0; i < 100 && w.echo.downs == 1; i++) {
		may_fail(unix_send(other, BYTES(large)));
		turns(&w, 1);
	}
	turns(&w, 1);
	assert_int_equal(w.echo.downs, 2);
	assert_int_equal(w.echo.down_assoc, w.echo.server_assoc);
	assert_true(w.echo.server_assoc != first);
	close(other);
	world_close(&w);
	unlink(path);
	rmdir(dir);
}

static int setup(void **state)
{
	may_fail(netns_unshare()); /* without it only the SCTP test skips */
	return 0;
}

/* A room that notes what it hears. */
struct ear {
	struct msg last[4];
	char text[4][16];
	unsigned n;
};

static void ear_on_msg(void *self, const struct msg *m)
{
	struct ear *e = self;
	unsigned i = e->n++ % ARRAY_LEN(e->last);

	e->last[i] = *m;
	str_copy(e->text[i], sizeof(e->text[i]), "");
	assert_true(bytes_copy((uint8_t *)e->text[i], sizeof(e->text[i]) - 1, m->data));
}

static uint64_t ear_next_deadline_ns(void *self)
{
	return NEVER;
}

static void ear_on_deadline(void *self, uint64_t now_ns)
{
}

static const struct room_ops ear_ops = { ear_on_msg, ear_next_deadline_ns, ear_on_deadline };

enum { WIRE_SERVER = 20, WIRE_A, WIRE_B };

/* Two rooms joined to a third: an association has the name of who opened it, datagrams go by address. */
static void test_wire(void **state)
{
	struct ear server = { .n = 0 }, a = { .n = 0 }, b = { .n = 0 };
	const struct bind_wire_end to = { { &ear_ops, &server }, WIRE_SERVER, local_addr(1) },
				   from_a = { { &ear_ops, &a }, WIRE_A, addr_from_v4(0x7f010001, 1) },
				   from_b = { { &ear_ops, &b }, WIRE_B, addr_from_v4(0x7f010002, 1) };
	struct world w;

	world_open(&w, NULL);
	assert_true(bind_wire(w.bind, &from_a, &to) && bind_wire(w.bind, &from_b, &to));
	assert_false(bind_wire(w.bind, &from_b, &to));
	assert_true(outbox_put(&w.outbox, &(struct msg){ .kind = MSG_UP, .port = WIRE_B, .token = 7 }));
	turns(&w, 1);
	assert_int_equal(server.n + b.n, 0); /* not in the turn that said it */
	turns(&w, 1);
	assert_true(server.n == 1 && server.last[0].kind == MSG_UP && server.last[0].assoc == WIRE_B &&
		    server.last[0].token == 0 && server.last[0].port == WIRE_SERVER);
	assert_true(b.n == 1 && b.last[0].kind == MSG_UP && b.last[0].token == 7 && a.n == 0);
	assert_true(outbox_send(&w.outbox, WIRE_SERVER, WIRE_B, 0, bytes_of_str("down")) &&
		    outbox_send(&w.outbox, WIRE_B, b.last[0].assoc, 0, bytes_of_str("up")) &&
		    outbox_send_to(&w.outbox, WIRE_SERVER, &from_a.local, bytes_of_str("to a")) &&
		    outbox_send_to(&w.outbox, WIRE_A, &to.local, bytes_of_str("of a")) &&
		    outbox_send_to(&w.outbox, WIRE_SERVER, &to.local, bytes_of_str("nobody")));
	turns(&w, 2);
	assert_true(b.n == 2 && strcmp(b.text[1], "down") == 0 && b.last[1].assoc == WIRE_B);
	assert_true(a.n == 1 && strcmp(a.text[0], "to a") == 0 && addr_same_host(&a.last[0].peer, &to.local));
	assert_true(server.n == 3 && strcmp(server.text[1], "up") == 0 &&
		    strcmp(server.text[2], "of a") == 0 &&
		    addr_same_host(&server.last[2].peer, &from_a.local));
	assert_int_equal(bind_stats(w.bind).unsendable, 1);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commit_then_speak),
		cmocka_unit_test(test_taps),
		cmocka_unit_test(test_recorder),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_sctp),
		cmocka_unit_test(test_custom),
		cmocka_unit_test(test_unix),
		cmocka_unit_test(test_wire),
	};

	return cmocka_run_group_tests_name("io/bind", tests, setup, NULL);
}
