/* UDP in bursts, TUN, rtnetlink and namespaces. */
#include "base/test.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cursor.h"
#include "io/netlink.h"
#include "io/sockaddr.h"
#include "io/tun.h"
#include "io/udp.h"

enum { DATAGRAMS = 200 };

static struct addr address(const char *text, uint16_t port)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	a.port = port;
	return a;
}

static size_t receive_all(struct udp *u, uint32_t *sum)
{
	struct pollfd p = { udp_fd(u), POLLIN, 0 };
	struct udp_packet packets[UDP_BURST];
	size_t total = 0, n;

	while (poll(&p, 1, 50) > 0)
		while ((n = udp_recv_burst(u, packets, UDP_BURST)) > 0)
			for (size_t i = 0; i < n; i++) {
				struct cursor c = cursor_of(packets[i].data);

				*sum += cursor_u32(&c) ^ (uint32_t)packets[i].data.len;
				total++;
			}
	return total;
}

/* Datagrams of a header and a body, of several lengths, all arrive, with and without offload. */
static void udp_exchange(const char *host, bool offload, bool join)
{
	struct udp_config config = { .offload = offload, .join = join };
	struct addr any = address(host, 0);
	struct udp *a = udp_open(&any, &config), *b = udp_open(&any, &config);
	static uint8_t heads[DATAGRAMS][4], body[1400];
	struct udp_packet packets[DATAGRAMS];
	uint32_t sum = 0, want = 0;

	assert_non_null(a);
	assert_non_null(b);
	for (uint32_t i = 0; i < DATAGRAMS; i++) {
		struct writer w = writer_of(heads[i], sizeof(heads[i]));
		size_t len = i % 30 == 29 ? 77 : 1000 + i / 50 * 100;

		writer_u32(&w, i);
		packets[i] = (struct udp_packet){ udp_local(b), writer_bytes(&w), bytes_of(body, len) };
		want += i ^ (uint32_t)(len + 4);
	}
	assert_int_equal(udp_send_burst(a, packets, DATAGRAMS), DATAGRAMS);
	assert_int_equal(receive_all(b, &sum), DATAGRAMS);
	assert_int_equal(sum, want);
	assert_int_equal(udp_stats(b).in, DATAGRAMS);
	assert_true(!(offload || join) || udp_has_gso(a));
	assert_true(!join || !udp_has_gro(b));
	packets[0].data = bytes_of(body, 1400);
	assert_null(udp_open(&(struct addr){ .ip = { 203, 0, 113, 1 }, .len = 4 }, NULL)); /* not ours */
	udp_free(a);
	udp_free(b);
}

static void test_udp(void **state)
{
	udp_exchange("127.0.0.1", false, false);
	udp_exchange("127.0.0.1", true, false);
	udp_exchange("127.0.0.1", false, true); /* some of them are too long to join others */
	udp_exchange("::1", true, false);
	udp_exchange("::1", false, true);
}

static bool wait_readable(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, 1000) == 1;
}

/* Each datagram has its traffic class, also those that leave and arrive as one message of the kernel's. */
static void udp_classes(const char *host, bool offload)
{
	struct udp_config config = { .offload = offload, .tos = true };
	struct addr any = address(host, 0);
	struct udp *a = udp_open(&any, &config), *b = udp_open(&any, &config);
	static uint8_t body[64][500];
	struct udp_packet p[64];
	size_t got = 0;

	for (int i = 0; i < 64; i++) {
		body[i][0] = (uint8_t)(i < 16 ? i * 16 + i % 4 : i / 8 * 32); /* alone, and in runs */
		p[i] = (struct udp_packet){ udp_local(b), BYTES_NONE, BYTES(body[i]), body[i][0] };
	}
	assert_int_equal(udp_send_burst(a, p, 64), 64);
	while (got < 64 && (udp_recv_pending(b) || wait_readable(udp_fd(b)))) {
		size_t n = udp_recv_burst(b, p, 64);

		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i].tos, p[i].data.data[0]);
		got += n;
	}
	assert_int_equal(got, 64);
	assert_false(udp_recv_pending(b));
	udp_free(a);
	udp_free(b);
}

static void test_classes(void **state)
{
	udp_classes("127.0.0.1", false);
	udp_classes("127.0.0.1", true);
	udp_classes("::1", false);
	udp_classes("::1", true);
}

static void test_truncated(void **state)
{
	struct udp_config config = { .datagram_max = 100 };
	struct addr any = address("127.0.0.1", 0);
	struct udp *a = udp_open(&any, NULL), *b = udp_open(&any, &config);
	uint8_t body[200] = { 0 };
	struct udp_packet p[2] = { { udp_local(b), BYTES_NONE, bytes_of(body, 200) },
		{ udp_local(b), BYTES_NONE, bytes_of(body, 100) } };

	assert_int_equal(udp_send_burst(a, p, 2), 2);
	assert_int_equal(udp_recv_burst(b, p, 2), 1);
	assert_int_equal(p[0].data.len, 100);
	assert_int_equal(udp_stats(b).truncated, 1);
	udp_free(a);
	udp_free(b);
}

/* Without a limit of its own a socket takes whatever a datagram can hold. */
static void test_longest(void **state)
{
	static uint8_t body[UDP_DATAGRAM_MAX];
	struct addr any = address("127.0.0.1", 0);
	struct udp *a = udp_open(&any, NULL), *b = udp_open(&any, NULL);
	struct udp_packet p = { udp_local(b), BYTES_NONE, BYTES(body) };

	assert_int_equal(udp_send_burst(a, &p, 1), 1);
	assert_int_equal(udp_recv_burst(b, &p, 1), 1);
	assert_int_equal(p.data.len, UDP_DATAGRAM_MAX);
	udp_free(a);
	udp_free(b);
}

/* Sends until it arrives: the kernel drops what leaves an interface in the moments after it went up. */
static bool send_until_readable(struct udp *u, const struct addr *to, int fd)
{
	struct udp_packet packet = { *to, BYTES_NONE, bytes_of_str("out") };
	struct pollfd p = { fd, POLLIN, 0 };

	for (int i = 0; i < 60; i++) {
		udp_send_burst(u, &packet, 1);
		if (poll(&p, 1, 50) == 1)
			return true;
	}
	return false;
}

/* An IPv4 UDP packet without a UDP checksum. */
static struct bytes udp_packet_to(const char *from, const char *to, uint16_t port, uint8_t buf[64])
{
	struct addr a = address(from, 0), b = address(to, 0);
	struct writer w = writer_of(buf, 64);
	uint32_t sum = 0;

	writer_u16(&w, 0x4500);
	writer_u16(&w, 32);
	writer_u32(&w, 0);
	writer_u16(&w, 0x4011); /* TTL 64, UDP */
	writer_u16(&w, 0);
	writer_put(&w, bytes_of(a.ip, 4));
	writer_put(&w, bytes_of(b.ip, 4));
	for (size_t i = 0; i < 20; i += 2)
		sum += (uint32_t)buf[i] << 8 | buf[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	buf[10] = (uint8_t)(sum >> 8);
	buf[11] = (uint8_t)sum;
	writer_u16(&w, 9);
	writer_u16(&w, port);
	writer_u16(&w, 12);
	writer_u16(&w, 0);
	writer_u32(&w, 0xabcdef01);
	return writer_bytes(&w);
}

static void tun_exchange(const struct tun_config *config)
{
	struct addr local = address("10.45.0.1", 0), other = address("10.45.0.2", 7777);
	struct tun_packet packets[8];
	static uint8_t buf[1 << 18];
	uint8_t out[64];
	struct udp_packet p;
	struct ifreq queue = { 0 };
	struct udp *u;
	struct tun t;
	size_t n;

	assert_true(tun_open(&t, config));
	assert_true(netlink_link_mtu(t.name, 1400) && netlink_link_queue(t.name, 4321));
	assert_true(netlink_addr_add(t.name, &local, 24));
	assert_true(netlink_addr_add(t.name, &local, 24));
	assert_true(netlink_link_up(t.name));
	u = udp_open(&local, NULL);
	assert_non_null(u);
	str_copy(queue.ifr_name, sizeof(queue.ifr_name), t.name);
	assert_int_equal(ioctl(udp_fd(u), SIOCGIFTXQLEN, &queue), 0);
	assert_int_equal(queue.ifr_qlen, 4321);
	do { /* the kernel sends other things on a new interface too */
		assert_true(send_until_readable(u, &other, t.fd));
		n = tun_read_burst(&t, buf, sizeof(buf), 1400, packets, 8);
	} while (n == 0 || packets[n - 1].data.data[0] != 0x45 || packets[n - 1].data.data[9] != IPPROTO_UDP);
	assert_int_equal(packets[n - 1].data.len, 31);
	assert_true(tun_write(&t, NULL, udp_packet_to("10.45.0.2", "10.45.0.1", udp_local(u).port, out)));
	assert_true(wait_readable(udp_fd(u)));
	assert_int_equal(udp_recv_burst(u, &p, 1), 1);
	assert_int_equal(p.data.len, 4);
	assert_int_equal(p.peer.port, 9);
	udp_free(u);
	tun_close(&t);
}

static void test_tun(void **state)
{
	static const struct tun_config plain = { .name = "fhtest0" };
	static const struct tun_config offload = { .name = "fhtest%d", .offload = true };
	struct tun t;

	if (access("/dev/net/tun", R_OK | W_OK) != 0)
		skip();
	tun_exchange(&plain);
	tun_exchange(&offload);
	assert_true(tun_open(&t, &offload));
	assert_true(t.tso && t.vnet_hdr);
	tun_close(&t);
}

/* Of an interface that there is not nothing is done. */
static void test_no_interface(void **state)
{
	struct addr a = address("10.9.0.1", 0);

	assert_false(netlink_link_up("fhnone"));
	assert_false(netlink_link_running("fhnone"));
	assert_false(netlink_link_mtu("fhnone", 1400));
	assert_false(netlink_link_queue("fhnone", 100));
	assert_false(netlink_link_delete("fhnone"));
	assert_false(netlink_link_to_netns("fhnone", 0));
	assert_false(netlink_link_to_bridge("fhnone", "lo"));
	assert_false(netlink_link_to_bridge("lo", "fhnone"));
	assert_false(netlink_addr_add("fhnone", &a, 24));
	assert_false(netlink_addr_del("fhnone", &a, 24));
}

/* Two namespaces joined by a pair of interfaces, a route between them. */
static void test_netns(void **state)
{
	struct addr here = address("10.9.0.1", 5000), there = address("10.9.0.2", 6000);
	struct addr far = address("10.77.0.1", 6000), net = address("10.77.0.0", 0), source;
	struct udp *a, *b;
	struct udp_packet p;
	int old = netns_current(), other = netns_create(NULL);

	assert_true(old >= 0 && other >= 0);
	assert_true(netlink_veth_create("fh0", "fh1"));
	assert_false(netlink_veth_create("fh0", "fh2"));
	assert_true(netlink_link_to_netns("fh1", other));
	assert_true(netlink_addr_add("fh0", &here, 24));
	assert_true(netlink_link_up("fh0"));
	assert_true(netlink_route_add(&net, 16, &there, "fh0"));
	assert_false(netlink_link_up("fh1"));
	assert_true(netns_enter(other));
	assert_true(netlink_addr_add("fh1", &there, 24));
	assert_true(netlink_addr_add("lo", &far, 32));
	assert_true(netlink_link_up("fh1"));
	b = udp_open(&far, NULL);
	assert_true(netns_enter(old));
	a = udp_open(&here, NULL);
	assert_non_null(a);
	assert_non_null(b);
	assert_true(udp_route_source(&far, &source));
	assert_true(addr_same_host(&source, &here));
	assert_true(send_until_readable(a, &far, udp_fd(b)));
	assert_int_equal(udp_recv_burst(b, &p, 1), 1);
	assert_true(addr_equal(&p.peer, &here));
	udp_free(a);
	udp_free(b);
	assert_true(netlink_bridge_create("fhbr"));
	assert_true(netlink_link_to_bridge("fh0", "fhbr"));
	assert_true(netlink_link_delete("fh0"));
	assert_true(netlink_link_delete("fhbr"));
	close(other);
	close(old);
}

/* Two sockets of one address: a word of the datagram says whose it is; one too short for it is the first's.
 */
static void test_steer(void **state)
{
	struct udp_config config = { .reuse_port = true };
	struct addr any = address("127.0.0.1", 0), shared;
	struct udp *first = udp_open(&any, &config), *second, *from;
	uint8_t datagram[] = { 9, 9, 9, 9, 0, 0, 0, 0 };
	uint32_t sum = 0;

	assert_non_null(first);
	shared = udp_local(first);
	second = udp_open(&shared, &config);
	config.reuse_port = false;
	from = udp_open(&any, &config);
	assert_true(second && from);
	assert_true(udp_steer(first, 4, 2));
	for (uint8_t i = 0; i < 30; i++) {
		datagram[7] = i % 3;
		assert_true(udp_send_one(from, &shared, BYTES(datagram)));
	}
	assert_int_equal(receive_all(first, &sum), 20);
	assert_int_equal(receive_all(second, &sum), 10);
	assert_true(udp_send_one(from, &shared, bytes_of(datagram, 3)));
	assert_int_equal(receive_all(first, &sum), 1);
	assert_false(udp_steer(first, 4, 0)); /* nothing is divided by 0 */
	udp_free(first);
	udp_free(second);
	udp_free(from);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steer),
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_tun),
		cmocka_unit_test(test_no_interface),
		cmocka_unit_test(test_netns),
	};

	if (!netns_unshare())
		return 77; /* skipped: this user may not make a network namespace */
	return cmocka_run_group_tests_name("io/net", tests, NULL, NULL);
}
