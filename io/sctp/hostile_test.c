/* What comes from the wire by hand: packets of no association, floods, garbage, a peer with two addresses. */
#include "base/test.h"

#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/cursor.h"
#include "io/netlink.h"
#include "io/sctp/packet.h"
#include "io/sctp/test_node.h"
#include "io/sockaddr.h"

enum { SERVER_PORT = 38412, PEER_PORT = 5000, PEER_TAG = 0x11223344 };

static struct node node;
static int raw_fd[2]; /* of 127.0.0.2 and 127.0.0.3 */

static int open_raw(const char *address)
{
	struct addr a = node_addr(address, 0);
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(&a, &sa);
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_SCTP);

	return fd >= 0 && bind(fd, &sa.sa, len) == 0 ? fd : -1;
}

static int setup(void **state)
{
	static const struct io_sctp_config config = {
		.mode = IO_SCTP_RAW, .half_open_max = 16, .assocs_max = 4
	};
	struct addr local = node_addr("127.0.0.1", SERVER_PORT);

	if (!node_open(&node, &config) || !io_sctp_listen(node.sctp, &local, 1, &node.user))
		return -1;
	raw_fd[0] = open_raw("127.0.0.2");
	raw_fd[1] = open_raw("127.0.0.3");
	return raw_fd[0] >= 0 && raw_fd[1] >= 0 ? 0 : -1;
}

static int teardown(void **state)
{
	node_close(&node);
	close(raw_fd[0]);
	close(raw_fd[1]);
	return 0;
}

static void send_raw(int fd, struct bytes packet)
{
	struct addr to = node_addr("127.0.0.1", 0);
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(&to, &sa);

	assert_int_equal(sendto(fd, packet.data, packet.len, 0, &sa.sa, len), packet.len);
}

/* A packet with one chunk of that body. */
static void send_chunk(
	int fd, uint16_t from_port, uint16_t to_port, uint32_t tag, uint8_t type, struct bytes body)
{
	uint8_t buf[2048];
	struct writer w = writer_of(buf, sizeof(buf));

	writer_u16(&w, from_port);
	writer_u16(&w, to_port);
	writer_u32(&w, tag);
	writer_u32(&w, 0);
	writer_u8(&w, type);
	writer_u8(&w, type == SCTP_CHUNK_DATA ? 3 : 0); /* DATA: one whole message */
	writer_u16(&w, (uint16_t)(4 + body.len));
	writer_put(&w, body);
	while (w.len % 4)
		writer_u8(&w, 0);
	sctp_packet_set_checksum(buf, w.len);
	send_raw(fd, writer_bytes(&w));
}

/* The next packet of the server's to fd; parsed into out, its octets in a static buffer. False: none came. */
static bool receive(int fd, struct sctp_packet *out)
{
	static uint8_t buf[4096];
	ssize_t n;

	for (int i = 0; i < 20; i++) {
		node_run(&node, 5);
		/* Raw sockets see also what is sent from the same address; only the server's port counts. */
		while ((n = recv(fd, buf, sizeof(buf), 0)) > 20)
			if (sctp_packet_parse(bytes_of(buf + 20, (size_t)n - 20), out) &&
				out->source_port == SERVER_PORT) {
				assert_true(sctp_packet_checksum_good(bytes_of(buf + 20, (size_t)n - 20)));
				return true;
			}
	}
	return false;
}

static struct bytes init_body(uint8_t buf[64], bool two_addresses)
{
	struct writer w = writer_of(buf, 64);

	writer_u32(&w, PEER_TAG);
	writer_u32(&w, 65536); /* a_rwnd */
	writer_u16(&w, 10);
	writer_u16(&w, 10);
	writer_u32(&w, 1); /* initial TSN */
	for (uint8_t i = 2; two_addresses && i <= 3; i++) {
		writer_u16(&w, 5);
		writer_u16(&w, 8);
		writer_u32(&w, 0x7f000000u + i);
	}
	return writer_bytes(&w);
}

static struct bytes data_body(uint8_t buf[64], uint32_t tsn, uint16_t sequence)
{
	struct writer w = writer_of(buf, 64);

	writer_u32(&w, tsn);
	writer_u16(&w, 0);
	writer_u16(&w, sequence);
	writer_u32(&w, IO_SCTP_PPID_NGAP);
	writer_u32(&w, 0);
	return writer_bytes(&w);
}

static void test_out_of_the_blue(void **state)
{
	struct sctp_packet p;
	uint8_t buf[64];

	send_chunk(raw_fd[0], PEER_PORT, SERVER_PORT, 77, SCTP_CHUNK_DATA, data_body(buf, 1, 0));
	assert_true(receive(raw_fd[0], &p));
	assert_int_equal(p.chunk, SCTP_CHUNK_ABORT);
	assert_int_equal(p.flags, 1);
	assert_int_equal(p.tag, 77);
	send_chunk(raw_fd[0], PEER_PORT, SERVER_PORT, 78, SCTP_CHUNK_SHUTDOWN_ACK, BYTES_NONE);
	assert_true(receive(raw_fd[0], &p));
	assert_int_equal(p.chunk, SCTP_CHUNK_SHUTDOWN_COMPLETE);
	assert_int_equal(p.tag, 78);
	send_chunk(raw_fd[0], PEER_PORT, SERVER_PORT, 79, SCTP_CHUNK_ABORT, BYTES_NONE);
	send_chunk(raw_fd[0], PEER_PORT, SERVER_PORT, 79, SCTP_CHUNK_COOKIE_ACK, BYTES_NONE);
	send_chunk(raw_fd[0], PEER_PORT, SERVER_PORT, 79, SCTP_CHUNK_COOKIE_ECHO, bytes_of("none", 4));
	send_chunk(raw_fd[0], PEER_PORT, SERVER_PORT + 1, 79, SCTP_CHUNK_DATA, data_body(buf, 1, 0));
	assert_false(receive(raw_fd[0], &p));
	assert_int_equal(io_sctp_stats(node.sctp).out_of_the_blue, 5);
	assert_int_equal(io_sctp_stats(node.sctp).peers, 0);
}

/* Many INITs: few are remembered, and who comes after the flood is served. */
static void test_init_flood(void **state)
{
	static const struct io_sctp_config client = { .mode = IO_SCTP_RAW };
	struct addr from = node_addr("127.0.0.4", 0);
	struct addr to = node_addr("127.0.0.1", SERVER_PORT);
	uint8_t buf[64];
	pid_t pid;

	for (uint16_t i = 0; i < 1000; i++) {
		send_chunk(raw_fd[0], 10000 + i, SERVER_PORT, 0, SCTP_CHUNK_INIT, init_body(buf, true));
		if (i % 50 == 0)
			node_run(&node, 2);
	}
	node_run(&node, 50);
	assert_true(io_sctp_stats(node.sctp).peers <= 16);
	assert_true(io_sctp_stats(node.sctp).half_open_recycled >= 900);
	pid = node_fork(&client, &from, &to);
	assert_true(node_wait(&node, &node.ups, 1, 3000));
	node_kill(pid);
}

/* No more associations than configured: further ones are aborted, and their user hears nothing of it. */
static void test_assocs_bounded(void **state)
{
	static const struct io_sctp_config client = { .mode = IO_SCTP_RAW };
	struct addr from = node_addr("127.0.0.4", 0);
	struct addr to = node_addr("127.0.0.1", SERVER_PORT);
	pid_t pids[6];

	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		pids[i] = node_fork(&client, &from, &to);
		node_run(&node, 50);
	}
	assert_int_equal(node.ups, 4);
	assert_int_equal(node.downs, 0);
	assert_int_equal(io_sctp_stats(node.sctp).assocs, 4);
	assert_true(io_sctp_stats(node.sctp).assocs_refused >= 2);
	for (size_t i = 0; i < ARRAY_LEN(pids); i++)
		node_kill(pids[i]);
}

static void test_garbage(void **state)
{
	uint8_t buf[1500];
	uint32_t seed = 1;

	for (int i = 0; i < 3000; i++) {
		size_t len = 12 + (seed >> 8) % 300;

		for (size_t k = 0; k < len; k++) {
			seed = seed * 1664525 + 1013904223;
			buf[k] = (uint8_t)(seed >> 24);
		}
		buf[0] = PEER_PORT >> 8;
		buf[1] = PEER_PORT & 255;
		buf[2] = SERVER_PORT >> 8;
		buf[3] = SERVER_PORT & 255;
		buf[12] = (uint8_t)(i % 20); /* chunk types that are in use */
		if (i % 3 == 0) {
			buf[14] = (uint8_t)((len - 12) >> 8);
			buf[15] = (uint8_t)(len - 12);
		}
		if (i % 2 == 0)
			memset(buf + 4, 0, 4);
		if (i % 10 != 0)
			sctp_packet_set_checksum(buf, len);
		send_raw(raw_fd[0], bytes_of(buf, len));
		if (i % 50 == 0)
			node_run(&node, 2);
	}
	node_run(&node, 50);
	assert_true(io_sctp_stats(node.sctp).bad_checksums > 50);
	assert_true(io_sctp_stats(node.sctp).bad_packets > 500);
	assert_int_equal(node.ups, 0);
	assert_true(io_sctp_stats(node.sctp).peers <= 16);
}

/* Brings an association up from 127.0.0.2 by hand; the server's tag. */
static uint32_t shake_hands(bool two_addresses)
{
	uint8_t buf[64], cookie[2048];
	size_t cookie_len = 0;
	struct sctp_packet p;
	struct cursor c;
	uint32_t tag;

	send_chunk(raw_fd[0], PEER_PORT, SERVER_PORT, 0, SCTP_CHUNK_INIT, init_body(buf, two_addresses));
	assert_true(receive(raw_fd[0], &p));
	assert_int_equal(p.chunk, SCTP_CHUNK_INIT_ACK);
	assert_int_equal(p.tag, PEER_TAG);
	tag = p.initiate_tag;
	c = cursor_of(p.body);
	cursor_skip(&c, 16);
	while (cursor_left(&c) >= 4 && !cookie_len) {
		uint16_t type = cursor_u16(&c);
		uint16_t len = cursor_u16(&c);
		struct bytes value = cursor_bytes(&c, len - 4u);

		cursor_skip(&c, (4 - len % 4) % 4);
		if (type == 7 && bytes_copy(cookie, sizeof(cookie), value)) /* State Cookie */
			cookie_len = value.len;
	}
	assert_true(cookie_len > 0);
	send_chunk(
		raw_fd[0], PEER_PORT, SERVER_PORT, tag, SCTP_CHUNK_COOKIE_ECHO, bytes_of(cookie, cookie_len));
	assert_true(receive(raw_fd[0], &p));
	assert_int_equal(p.chunk, SCTP_CHUNK_COOKIE_ACK);
	assert_int_equal(node.ups, 1);
	return tag;
}

/* The second address of the INIT is heard, and answered to; and by the tag also one that was not listed. */
static void test_two_addresses(void **state)
{
	for (int told = 1; told >= 0; told--) {
		struct sctp_packet p;
		uint8_t buf[64];
		uint32_t tag = shake_hands(told);

		assert_int_equal(node.up.peer.ip[3], 2);
		send_chunk(raw_fd[0], PEER_PORT, SERVER_PORT, tag, SCTP_CHUNK_DATA, data_body(buf, 1, 0));
		assert_true(receive(raw_fd[0], &p));
		assert_int_equal(p.chunk, SCTP_CHUNK_SACK);
		send_chunk(raw_fd[1], PEER_PORT, SERVER_PORT, tag, SCTP_CHUNK_DATA, data_body(buf, 2, 1));
		assert_true(receive(raw_fd[1], &p));
		assert_int_equal(p.chunk, SCTP_CHUNK_SACK);
		assert_int_equal(node.messages, 2);
		assert_int_equal(node.moves, 1);
		assert_int_equal(node.moved_to.ip[3], 3);
		assert_int_equal(node.moved_to.port, PEER_PORT);
		/* A wrong tag moves nothing. */
		send_chunk(raw_fd[0], PEER_PORT, SERVER_PORT, tag + 1, SCTP_CHUNK_DATA, data_body(buf, 3, 2));
		node_run(&node, 20);
		assert_int_equal(node.messages, 2);
		assert_int_equal(node.moves, 1);
		teardown(state);
		assert_int_equal(setup(state), 0);
	}
}

/* An abort and a new association from the same address and ports in one burst of packets. */
static void test_quick_return(void **state)
{
	uint32_t tag = shake_hands(false);

	send_chunk(raw_fd[0], PEER_PORT, SERVER_PORT, tag, SCTP_CHUNK_ABORT, BYTES_NONE);
	node.ups = 0;
	shake_hands(false);
	assert_int_equal(node.downs, 1);
	assert_int_equal(node.why, IO_SCTP_DOWN_ABORTED);
	assert_int_equal(io_sctp_stats(node.sctp).assocs, 1);
}

static int group_setup(void **state)
{
	return node_zygote_start() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_out_of_the_blue, setup, teardown),
		cmocka_unit_test_setup_teardown(test_init_flood, setup, teardown),
		cmocka_unit_test_setup_teardown(test_assocs_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_garbage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_quick_return, setup, teardown),
	};

	if (!netns_unshare())
		return 77; /* skipped: this user may not make a network namespace */
	return cmocka_run_group_tests_name("io/sctp_hostile", tests, group_setup, NULL);
}
