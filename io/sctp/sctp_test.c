#include "base/test.h"

#include <signal.h>

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "io/netlink.h"
#include "io/sctp/impl.h"
#include "io/sctp/test_node.h"

/* Over raw sockets; where the kernel has SCTP (tests/end-to-end/guest.py), by that. */
static const struct io_sctp_config over_ip = {
	.mode = IO_SCTP_AUTO, .rto_initial_ms = 200, .rto_min_ms = 100
};
static const struct io_sctp_config udp_server = {
	.mode = IO_SCTP_UDP, .rto_initial_ms = 200, .rto_min_ms = 100
};
static const struct io_sctp_config *modes[] = { &over_ip, &udp_server };

static bool by_kernel;
static struct node node;
static pid_t servers[4];
static unsigned server_count;

static pid_t serve(const struct io_sctp_config *config, const char *host, uint16_t port)
{
	struct addr local = node_addr(host, port);
	pid_t pid = node_fork(config, &local, NULL);

	if (pid > 0)
		servers[server_count++ % ARRAY_LEN(servers)] = pid;
	return pid;
}

static bool is_kernel(const struct io_sctp_config *c)
{
	return by_kernel && c->mode == IO_SCTP_AUTO;
}

static void finish(void)
{
	if (node.loop)
		node_close(&node);
	node = (struct node){ 0 };
	while (server_count > 0)
		node_kill(servers[--server_count]);
}

static int teardown(void **state)
{
	finish();
	return 0;
}

static void connect_to(struct node *n, const char *peer, uint16_t port)
{
	struct addr to = node_addr(peer, port);
	unsigned ups = n->ups;

	assert_true(io_sctp_connect(n->sctp, NULL, &to, &n->user) != 0);
	assert_true(node_wait(n, &n->ups, ups + 1, 3000));
}

static void send_numbered(struct node *n, uint32_t number, uint16_t stream, size_t len)
{
	static uint8_t message[IO_SCTP_MSG_MAX];

	memcpy(message, &number, sizeof(number));
	assert_true(io_sctp_send(n->sctp, n->assoc, stream, IO_SCTP_PPID_NGAP, bytes_of(message, len)));
}

/* 1000 messages there and back over several streams, each stream in order. */
static void test_echo(void **state)
{
	for (size_t m = 0; m < ARRAY_LEN(modes); m++) {
		struct node *n = &node;

		assert_true(serve(modes[m], "127.0.0.1", 38412) > 0);
		assert_true(node_open(n, modes[m]));
		assert_int_equal(io_sctp_mode(n->sctp), modes[m]->mode != IO_SCTP_AUTO ? modes[m]->mode
							: by_kernel                    ? IO_SCTP_KERNEL
										       : IO_SCTP_RAW);
		connect_to(n, "127.0.0.1", 38412);
		assert_int_equal(n->up.out_streams, 16);
		assert_int_equal(n->up.in_streams, 16);
		assert_int_equal(n->up.peer.port, 38412);
		for (uint32_t i = 0; i < 1000; i++) {
			send_numbered(n, i / NODE_ECHO_STREAMS, i % NODE_ECHO_STREAMS, 100 + i % 50);
			if (i % 16 == 15)
				assert_true(node_wait(n, &n->messages, i - 14, 2000));
		}
		assert_true(node_wait(n, &n->messages, 1000, 3000));
		assert_int_equal(n->disorder, 0);
		assert_int_equal(n->ppid, IO_SCTP_PPID_NGAP);
		assert_false(io_sctp_send(n->sctp, n->assoc, 16, 0, bytes_of("x", 1)));
		io_sctp_shutdown(n->sctp, n->assoc);
		assert_true(node_wait(n, &n->downs, 1, 2000));
		assert_int_equal(n->why, IO_SCTP_DOWN_CLOSED);
		finish();
	}
}

/* Longer than a packet, and as long as the buffers allow. */
static void test_long_messages(void **state)
{
	static const size_t lengths[] = { 4, 1500, 9000, 65536, 200000 };

	assert_true(serve(&over_ip, "127.0.0.1", 38412) > 0);
	assert_true(node_open(&node, &over_ip));
	connect_to(&node, "127.0.0.1", 38412);
	for (unsigned i = 0; i < ARRAY_LEN(lengths); i++) {
		send_numbered(&node, i, 0, lengths[i]);
		assert_true(node_wait(&node, &node.messages, i + 1, 5000));
		assert_int_equal(node.last_len, lengths[i]);
	}
	assert_int_equal(node.disorder, 0);
}

/* Packets that the kernel of this namespace had to cut, IPv4 and IPv6. */
static unsigned long fragments_made(void)
{
	unsigned long v4[19] = { 0 }, v6 = 0;
	FILE *f = fopen("/proc/net/snmp", "r");
	char line[512], name[64];
	unsigned n = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) && sscanf(line, "Ip: %lu", &v4[0]) != 1)
		continue;
	fclose(f);
	for (char *at = strchr(line, ' '); at && n < ARRAY_LEN(v4);)
		v4[n++] = strtoul(at, &at, 10);
	assert_int_equal(n, ARRAY_LEN(v4));
	f = fopen("/proc/net/snmp6", "r");
	assert_non_null(f);
	while (fscanf(f, "%63s %lu", name, &v6) == 2 && strcmp(name, "Ip6FragCreates") != 0)
		continue;
	fclose(f);
	return v4[18] + v6; /* FragCreates is the 19th of its line */
}

/* What a path carries, and how many packets of it were cut on the way. */
static unsigned long cut(const struct io_sctp_config *c, const char *host)
{
	static const size_t lengths[] = { 1000, 1500, 9000, 200000 };
	unsigned long before;

	assert_true(serve(c, host, 38412) > 0);
	assert_true(node_open(&node, c));
	connect_to(&node, host, 38412);
	before = fragments_made();
	for (unsigned i = 0; i < ARRAY_LEN(lengths); i++) {
		send_numbered(&node, i, 0, lengths[i]);
		assert_true(node_wait(&node, &node.messages, i + 1, 5000));
		assert_int_equal(node.last_len, lengths[i]);
	}
	assert_int_equal(node.disorder, 0);
	finish();
	return fragments_made() - before;
}

/*
 * RFC 6951 5.3, 5.7: DATA chunks fill a packet up to the path's MTU with all headers outside, those of UDP
 * and IPv6 too, so that none is cut. A path that takes less than was configured still carries all: IP cuts.
 */
static void test_path_mtu(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "::1" };

	for (size_t m = 0; m < ARRAY_LEN(modes); m++) {
		struct io_sctp_config small = *modes[m];

		small.mtu = 1300;
		for (size_t h = 0; h < ARRAY_LEN(hosts); h++) {
			assert_true(netlink_link_mtu("lo", 1500));
			assert_int_equal(cut(modes[m], hosts[h]), 0); /* 1500 where nothing is configured */
			assert_true(netlink_link_mtu("lo", 1300));
			assert_int_equal(cut(&small, hosts[h]), 0);
			if (!is_kernel(modes[m])) /* which learns the path's MTU */
				assert_true(cut(modes[m], hosts[h]) > 200000 / 1500);
			assert_true(netlink_link_mtu("lo", 65536));
		}
	}
}

/* The server dies; its successor knows nothing of the association and answers so. */
static void test_server_restart(void **state)
{
	for (size_t m = 0; m < ARRAY_LEN(modes); m++) {
		pid_t server = serve(modes[m], "127.0.0.1", 38412);
		uint64_t old;

		assert_true(server > 0);
		assert_true(node_open(&node, modes[m]));
		connect_to(&node, "127.0.0.1", 38412);
		old = node.assoc;
		node_kill(server);
		server_count--;
		assert_true(serve(modes[m], "127.0.0.1", 38412) > 0);
		if (!is_kernel(
			    modes[m])) /* which itself says so at once: it knows that the process is gone */
			send_numbered(&node, 0, 0, 100);
		assert_true(node_wait(&node, &node.downs, 1, 2000));
		assert_int_equal(node.why, is_kernel(modes[m]) ? IO_SCTP_DOWN_CLOSED : IO_SCTP_DOWN_ABORTED);
		connect_to(&node, "127.0.0.1", 38412);
		/* The old handle stands for nothing, least of all for the new association in its place. */
		assert_int_not_equal(node.assoc, old);
		assert_false(io_sctp_send(node.sctp, old, 0, 60, BYTES("x")));
		io_sctp_shutdown(node.sctp, old);
		io_sctp_abort(node.sctp, old);
		send_numbered(&node, 0, 0, 100);
		assert_true(node_wait(&node, &node.messages, 1, 2000));
		assert_int_equal(node.downs, 1);
		finish();
	}
}

/* A client with a fixed port dies and comes back: down and up with a new handle (RFC 9260 clause 5.2). */
static void test_client_restart(void **state)
{
	struct addr local = node_addr("127.0.0.1", 38412);
	struct addr client_addr = node_addr("127.0.0.2", 36412);

	assert_true(node_open(&node, &over_ip));
	assert_true(io_sctp_listen(node.sctp, &local, 1, &node.user));
	for (unsigned round = 1; round <= 2; round++) {
		uint64_t old = node.assoc;
		pid_t client = node_fork(&over_ip, &client_addr, &local);

		assert_true(client > 0);
		assert_true(node_wait(&node, &node.ups, round, 3000));
		assert_int_not_equal(node.assoc, old);
		assert_int_equal(node.up.peer.port, 36412);
		node_kill(client);
	}
	if (by_kernel) { /* which ends the association of a process that is killed */
		assert_true(node_wait(&node, &node.downs, 2, 2000));
		assert_int_equal(node.why, IO_SCTP_DOWN_CLOSED);
		return;
	}
	assert_int_equal(node.downs, 1);
	assert_int_equal(node.why, IO_SCTP_DOWN_RESTART);
	assert_int_equal(io_sctp_stats(node.sctp).restarts, 1);
}

/* Two servers on one address: each keeps its own association while the other is up. */
static void test_two_servers(void **state)
{
	assert_true(serve(&over_ip, "127.0.0.1", 38412) > 0);
	assert_true(serve(&over_ip, "127.0.0.1", 38413) > 0);
	assert_int_equal(serve(&over_ip, "127.0.0.1", 38412), -1); /* the port is taken */
	assert_true(node_open(&node, &over_ip));
	connect_to(&node, "127.0.0.1", 38412);
	connect_to(&node, "127.0.0.1", 38413);
	for (uint32_t i = 0; i < 50; i++)
		send_numbered(&node, i, 0, 100);
	assert_true(node_wait(&node, &node.messages, 50, 2000));
	node_run(&node, 300);
	assert_int_equal(node.downs, 0);
	assert_int_equal(io_sctp_stats(node.sctp).assocs, 2);
}

/* A field of 0 takes the value of the header; another stays; more associations than handles have slots are
 * none. */
static void test_defaults(void **state)
{
	struct io_sctp_config c = { .mode = IO_SCTP_UDP, .rto_min_ms = 7, .assocs_max = 1 << 19 };
	const struct io_sctp_config *is;

	assert_true(node_open(&node, &c));
	is = &node.sctp->config;
	assert_int_equal(is->udp_peer_port, 9899);
	assert_int_equal(is->out_streams, 16);
	assert_int_equal(is->in_streams, 64);
	assert_int_equal(is->assoc_retrans_max, 5);
	assert_int_equal(is->init_retrans_max, 5);
	assert_int_equal(is->rto_initial_ms, 1000);
	assert_int_equal(is->rto_min_ms, 7);
	assert_int_equal(is->rto_max_ms, 10000);
	assert_int_equal(is->heartbeat_ms, 5000);
	assert_int_equal(is->mtu, 1500);
	assert_int_equal(is->send_buffer, 262144);
	assert_int_equal(is->recv_buffer, 262144);
	assert_int_equal(is->assocs_max, 1 << 19);
	assert_int_equal(is->half_open_max, 256);
	assert_int_equal(is->queue_max, 16 * 1024 * 1024);
	assert_int_equal(is->queues_max, 128 * 1024 * 1024);
	assert_int_equal(is->queue_ms, 10000);
	finish();
	c.assocs_max = (1 << 19) + 1;
	c.rto_min_ms = 0;
	assert_true(node_open(&node, &c));
	assert_int_equal(node.sctp->config.assocs_max, 1 << 19);
	assert_int_equal(node.sctp->config.rto_min_ms, 200);
	finish();
	c.assocs_max = 0;
	assert_true(node_open(&node, &c));
	assert_int_equal(node.sctp->config.assocs_max, 2048);
}

/* What cannot be listened on, connected to or sent is refused at once. */
static void test_refused_at_once(void **state)
{
	static const uint8_t octets[IO_SCTP_MSG_MAX + 1];
	struct addr local[IO_SCTP_ADDRS_MAX + 1], v6 = node_addr("::1", 40000), none = { .len = 0 };

	for (size_t i = 0; i < ARRAY_LEN(local); i++)
		local[i] = node_addr("127.0.0.1", 40000);
	assert_true(node_open(&node, &udp_server));
	for (int i = 0; i < 5; i++) {
		struct addr to = local[0];

		errno = 0;
		to.port = i == 0 ? 0 : to.port;
		assert_true(i == 0   ? !io_sctp_listen(node.sctp, &to, 1, &node.user)
			    : i == 1 ? !io_sctp_listen(node.sctp, local, 0, &node.user)
			    : i == 2 ? !io_sctp_listen(node.sctp, local, ARRAY_LEN(local), &node.user)
			    : i == 3 ? io_sctp_connect(node.sctp, &v6, &to, &node.user) == 0
				     : io_sctp_connect(node.sctp, NULL, &none, &node.user) == 0);
		assert_int_equal(errno, EINVAL);
	}
	local[0].port = 0;
	assert_int_equal(io_sctp_connect(node.sctp, NULL, &local[0], &node.user), 0);
	assert_false(io_sctp_send(node.sctp, 1, 0, IO_SCTP_PPID_NGAP, bytes_of(octets, 1)));
	finish();
	assert_true(serve(&over_ip, "127.0.0.1", 38412) > 0);
	assert_true(node_open(&node, &over_ip));
	connect_to(&node, "127.0.0.1", 38412);
	assert_false(io_sctp_send(node.sctp, node.assoc, 0, IO_SCTP_PPID_NGAP, bytes_of(octets, 0)));
	assert_false(
		io_sctp_send(node.sctp, node.assoc, 0, IO_SCTP_PPID_NGAP, bytes_of(octets, sizeof(octets))));
	assert_false(io_sctp_send(
		node.sctp, node.assoc, node.up.out_streams, IO_SCTP_PPID_NGAP, bytes_of(octets, 4)));
	assert_int_equal(io_sctp_stats(node.sctp).sends_refused, 3);
	assert_int_equal(io_sctp_stats(node.sctp).messages_out, 0);
	assert_true(io_sctp_send(
		node.sctp, node.assoc, 0, IO_SCTP_PPID_NGAP, bytes_of(octets, sizeof(octets) - 1)));
	assert_int_equal(io_sctp_stats(node.sctp).messages_out, 1);
	assert_string_equal(io_sctp_mode_name(IO_SCTP_UDP), "udp");
	assert_string_equal(io_sctp_mode_name((enum io_sctp_mode)(IO_SCTP_UDP + 1)), "unknown");
}

/* Nobody listens, and no process reports it: the timers end it. */
static void test_connect_fails(void **state)
{
	struct addr to = node_addr("127.0.0.1", 40000);
	struct io_sctp_config quick = over_ip;

	quick.init_retrans_max = 2;
	assert_true(node_open(&node, &quick));
	assert_true(io_sctp_connect(node.sctp, NULL, &to, &node.user) != 0);
	assert_true(node_wait(&node, &node.downs, 1, 5000));
	assert_int_equal(node.why, IO_SCTP_DOWN_FAILED);
	assert_int_equal(node.ups, 0);
	node_run(&node, 50);
	assert_int_equal(io_sctp_stats(node.sctp).peers, 0);
}

/* A peer that stops reading: what is sent waits, up to a bound; then refusals, counted; an abort in the end.
 */
static void test_send_queue_bounded(void **state)
{
	static const uint8_t message[1000];
	struct io_sctp_config small = over_ip;
	pid_t server = serve(&over_ip, "127.0.0.1", 38412);
	unsigned sent = 0;

	small.send_buffer = 65536;
	small.queue_max = 100000;
	small.queue_ms = 500;
	assert_true(node_open(&node, &small));
	connect_to(&node, "127.0.0.1", 38412);
	kill(server, SIGSTOP);
	while (sent < 10000 && io_sctp_send(node.sctp, node.assoc, 0, 60, BYTES(message)))
		sent++;
	assert_true(sent > 100 &&
		    sent < (by_kernel ? 2000 : 200)); /* the kernel's buffers of both ends come first */
	for (int i = 0; i < 5000; i++)
		assert_false(io_sctp_send(node.sctp, node.assoc, 0, 60, BYTES(message)));
	assert_int_equal(io_sctp_stats(node.sctp).sends_refused, 5001);
	node_run(&node, 300);
	assert_int_equal(node.downs, 0);
	assert_true(node_wait(&node, &node.downs, 1, 1500));
	assert_int_equal(node.why, IO_SCTP_DOWN_ABORTED);
}

/* A burst of 20,000 messages in one turn, and a shutdown behind it: all arrive, in order. */
static void test_burst(void **state)
{
	for (size_t m = 0; m < ARRAY_LEN(modes); m++) {
		assert_true(serve(modes[m], "127.0.0.1", 38412) > 0);
		assert_true(node_open(&node, modes[m]));
		connect_to(&node, "127.0.0.1", 38412);
		for (uint32_t i = 0; i < 20000; i++)
			send_numbered(&node, i / NODE_ECHO_STREAMS, i % NODE_ECHO_STREAMS, 150);
		assert_true(node_wait(&node, &node.messages, 20000, 20000));
		assert_int_equal(node.disorder, 0);
		assert_int_equal(node.downs, 0);
		for (uint32_t i = 0; i < 5000; i++)
			send_numbered(&node, 2500 + i / NODE_ECHO_STREAMS, i % NODE_ECHO_STREAMS, 150);
		io_sctp_shutdown(node.sctp, node.assoc);
		assert_false(io_sctp_send(node.sctp, node.assoc, 0, 60, BYTES("x")));
		assert_true(node_wait(&node, &node.downs, 1, 10000));
		assert_int_equal(node.why, IO_SCTP_DOWN_CLOSED);
		finish();
	}
}

/* IPv6, several addresses of a server, and any address: answers come from the one that was called. */
static void test_addresses(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "127.0.0.7", "::1" };
	struct addr second = node_addr(hosts[1], 0);

	assert_true(netlink_addr_add(
		"lo", &second, 32)); /* the kernel's SCTP answers from what is listed alone */
	for (size_t m = 0; m < ARRAY_LEN(modes); m++) {
		assert_true(serve(modes[m], "0.0.0.0", 38412) > 0);
		assert_true(serve(modes[m], "::", 38412) > 0);
		assert_true(node_open(&node, modes[m]));
		for (unsigned i = 0; i < ARRAY_LEN(hosts); i++) {
			connect_to(&node, hosts[i], 38412);
			send_numbered(&node, 0, 0, 1200);
			assert_true(node_wait(&node, &node.messages, i + 1, 2000));
		}
		finish();
	}
}

static void test_two_local_addresses(void **state)
{
	struct addr local[2] = { node_addr("127.0.0.1", 38412), node_addr("127.0.0.9", 0) };
	struct addr from = node_addr("127.0.0.3", 0);

	assert_true(node_open(&node, &over_ip));
	assert_true(io_sctp_listen(node.sctp, local, 2, &node.user));
	local[1].port = 38412;
	for (unsigned i = 0; i < 2; i++) {
		pid_t pid = node_fork(&over_ip, &from, &local[i]);

		assert_true(pid > 0);
		assert_true(node_wait(&node, &node.ups, i + 1, 2000));
		node_kill(pid);
	}
}

/* As many addresses of one end as there may be, and one more; none. */
static void test_addresses_max(void **state)
{
	struct addr local[IO_SCTP_ADDRS_MAX + 1];
	char host[16];

	for (unsigned i = 0; i < ARRAY_LEN(local); i++) {
		snprintf(host, sizeof(host), "127.0.0.%u", 20 + i);
		local[i] = node_addr(host, 38412);
	}
	assert_true(node_open(&node, &udp_server));
	assert_false(io_sctp_listen(node.sctp, local, IO_SCTP_ADDRS_MAX + 1, &node.user));
	assert_false(io_sctp_listen(node.sctp, local, 0, &node.user));
	assert_true(io_sctp_listen(node.sctp, local, IO_SCTP_ADDRS_MAX, &node.user));
}

/* Two that listen on one port, each at its address: each hears of its own peers only. */
static void test_two_listeners_of_a_port(void **state)
{
	for (size_t m = 0; m < ARRAY_LEN(modes); m++) {
		struct addr at[2] = { node_addr("127.0.0.1", 38412), node_addr("127.0.0.9", 38412) };
		struct addr from[2] = { node_addr("127.0.0.3", 0), node_addr("127.0.0.4", 0) };
		struct node other, *nodes[2] = { &node, &other };

		assert_true(node_open(&node, modes[m]));
		other = node;
		other.user.arg = &other;
		assert_true(io_sctp_listen(node.sctp, &at[0], 1, &node.user));
		assert_true(io_sctp_listen(node.sctp, &at[1], 1, &other.user));
		assert_false(io_sctp_listen(node.sctp, &at[1], 1, &other.user));
		for (unsigned i = 2; i-- > 0;) { /* the one that came second first */
			servers[server_count++] = node_fork(modes[m], &from[i], &at[i]);
			assert_true(node_wait(&node, &nodes[i]->ups, 1, 3000));
			assert_true(addr_same_host(&nodes[i]->up.peer, &from[i]));
			send_numbered(nodes[i], 0, 0, 100);
			assert_true(node_wait(&node, &nodes[i]->messages, 1, 2000));
		}
		io_sctp_abort(node.sctp, other.assoc);
		assert_true(node_wait(&node, &other.downs, 1, 2000));
		assert_int_equal(node.ups + node.messages, 2);
		assert_int_equal(node.downs, 0);
		finish();
	}
}

/* A silent death of the other end is noticed by heartbeats, without anything being sent. */
static void test_silent_death(void **state)
{
	struct io_sctp_config quick = over_ip;
	struct addr host = node_addr("10.9.1.1", 0);
	pid_t server;

	assert_true(netlink_addr_add("lo", &host, 32));
	server = serve(&over_ip, "10.9.1.1", 38412);
	quick.heartbeat_ms = 100;
	quick.rto_max_ms = 200;
	quick.assoc_retrans_max = 2;
	assert_true(node_open(&node, &quick));
	connect_to(&node, "10.9.1.1", 38412);
	node_run(&node, 1500);
	assert_int_equal(node.downs, 0); /* while it lives, they are answered */
	kill(server, SIGSTOP);
	if (by_kernel) { /* which answers for a stopped process, until its host is gone */
		node_run(&node, 1500);
		assert_int_equal(node.downs, 0);
		assert_true(netlink_addr_del("lo", &host, 32));
	}
	assert_true(node_wait(&node, &node.downs, 1, 10000));
	assert_int_equal(node.why, IO_SCTP_DOWN_LOST);
}

/*
 * The kernel's SCTP alone: a server of two addresses loses the one that the client called. What is sent goes
 * on by the other, and nothing is lost. (libusrsctp follows a peer that changes, but tries no other address
 * itself.)
 */
static void test_path_fails(void **state)
{
	struct addr local[2] = { node_addr("10.9.0.1", 38412), node_addr("10.9.0.2", 0) };
	struct addr from = node_addr("10.9.0.3", 0);

	for (unsigned i = 0; i < 2; i++)
		assert_true(netlink_addr_add("lo", &local[i], 32));
	assert_true(netlink_addr_add("lo", &from, 32));
	assert_true(node_open(&node, &over_ip));
	assert_true(io_sctp_listen(node.sctp, local, 2, &node.user));
	servers[server_count++] = node_fork(&over_ip, &from, &local[0]);
	assert_true(node_wait(&node, &node.ups, 1, 3000));
	for (uint32_t i = 0; i < 10; i++)
		send_numbered(&node, i, 0, 100);
	assert_true(node_wait(&node, &node.messages, 10, 2000));
	assert_true(netlink_addr_del("lo", &local[0], 32));
	for (uint32_t i = 10; i < 200; i++)
		send_numbered(&node, i, 0, 1000);
	assert_true(node_wait(&node, &node.messages, 200, 15000));
	assert_int_equal(node.disorder, 0);
	assert_int_equal(node.downs, 0);
}

static int setup(void **state)
{
	return node_zygote_start() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_echo, teardown),
		cmocka_unit_test_teardown(test_long_messages, teardown),
		cmocka_unit_test_teardown(test_path_mtu, teardown),
		cmocka_unit_test_teardown(test_server_restart, teardown),
		cmocka_unit_test_teardown(test_client_restart, teardown),
		cmocka_unit_test_teardown(test_two_servers, teardown),
		cmocka_unit_test_teardown(test_defaults, teardown),
		cmocka_unit_test_teardown(test_refused_at_once, teardown),
		cmocka_unit_test_teardown(test_connect_fails, teardown),
		cmocka_unit_test_teardown(test_send_queue_bounded, teardown),
		cmocka_unit_test_teardown(test_burst, teardown),
		cmocka_unit_test_teardown(test_addresses, teardown),
		cmocka_unit_test_teardown(test_silent_death, teardown),
		cmocka_unit_test_teardown(test_two_local_addresses, teardown),
		cmocka_unit_test_teardown(test_addresses_max, teardown),
		cmocka_unit_test_teardown(test_two_listeners_of_a_port, teardown),
	};
	const struct CMUnitTest kernel_tests[] = { cmocka_unit_test_teardown(test_path_fails, teardown) };
	int failed;

	if (!netns_unshare())
		return 77; /* skipped: this user may not make a network namespace */
	by_kernel = sctp_kernel_present();
	failed = cmocka_run_group_tests_name("io/sctp", tests, setup, NULL);
	if (by_kernel)
		failed += cmocka_run_group_tests_name("io/sctp by the kernel", kernel_tests, NULL, NULL);
	return failed;
}
