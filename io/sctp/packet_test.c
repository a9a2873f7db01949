/* Packets, the table of peers, the checksum, and what can be had of the kernel's SCTP without one. */
#include "base/test.h"

#include <errno.h>
#include <sys/socket.h>
#include <linux/sctp.h>

#include "io/sctp/crc32c.h"
#include "io/sctp/impl.h"
#include "io/sctp/kernel_sock.h"
#include "io/sctp/packet.h"
#include "io/sctp/peer.h"

/* RFC 3720 appendix B.4 */
static void test_crc32c(void **state)
{
	static const struct {
		const char *hex;
		uint32_t crc;
	} vectors[] = {
		{ "0000000000000000000000000000000000000000000000000000000000000000", 0x8a9136aa },
		{ "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 0x62a8ab43 },
		{ "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 0x46dd794e },
		{ "313233343536373839", 0xe3069283 },
	};
	uint8_t buf[64];

	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct bytes b = test_hex(vectors[i].hex, buf, sizeof(buf));

		assert_int_equal(crc32c(0, b), vectors[i].crc);
		assert_int_equal(crc32c_table(0, b), vectors[i].crc);
		assert_int_equal(crc32c(crc32c(0, bytes_of(b.data, 3)), bytes_of(b.data + 3, b.len - 3)),
			vectors[i].crc);
	}
}

static void test_parse(void **state)
{
	uint8_t buf[128];
	struct addr addrs[4];
	struct sctp_packet p;
	struct bytes init =
		test_hex("8e3a 960c 00000000 00000000 01000034 11223344 00010000 000a 000a 00000001"
			 "0005 0008 0a000001 000c 0006 0005 0000"
			 "0006 0014 20010db8000000000000000000000001",
			buf, sizeof(buf));

	buf[15] = 0x3c; /* the chunk's length */
	assert_int_equal(init.len, 12 + 20 + 8 + 8 + 20);
	buf[15] = (uint8_t)(init.len - 12);
	assert_true(sctp_packet_parse(init, &p));
	assert_int_equal(p.source_port, 36410);
	assert_int_equal(p.initiate_tag, 0x11223344);
	assert_int_equal(sctp_packet_addresses(&p, 9, addrs, 4), 2);
	assert_int_equal(addr_v4(&addrs[0]), 0x0a000001);
	assert_int_equal(addrs[1].len, 16);
	assert_int_equal(addrs[1].port, 9);
	for (size_t len = 0; len < init.len; len++)
		assert_false(sctp_packet_parse(bytes_of(init.data, len), &p));
	sctp_packet_set_checksum(buf, init.len);
	assert_true(sctp_packet_checksum_good(init));
	buf[20] ^= 1;
	assert_false(sctp_packet_checksum_good(init));
}

static struct addr peer_addr(uint32_t n)
{
	return addr_from_v4(0x0a000000 + n, 0);
}

static void test_peers(void **state)
{
	struct addr a = peer_addr(1), b = peer_addr(2), c = peer_addr(3);
	struct sctp_peer *p, *q, *r;
	struct sctp_peers t;

	assert_true(sctp_peers_init(&t, 6, 4, 42));
	p = sctp_peers_add(&t, SCTP_PEER_HALF_OPEN, &a, 5000, 38412);
	assert_non_null(p);
	p->pending[0] = b;
	p->pending_count = 1;
	p->offered_tag = 7;
	assert_null(sctp_peers_find(&t, &b, 5000, 38412, NULL));
	sctp_peers_promote(&t, p);
	assert_ptr_equal(sctp_peers_find(&t, &b, 5000, 38412, NULL), p);
	assert_null(sctp_peers_find(&t, &b, 5001, 38412, NULL));
	assert_ptr_equal(sctp_peers_find_tag(&t, 7, 5000, 38412), p);
	assert_null(sctp_peers_find_tag(&t, 7, 5000, 38413));
	q = sctp_peers_add(&t, SCTP_PEER_HALF_OPEN, &c, 5000, 38412);
	assert_null(sctp_peers_add_path(&t, q, &b)); /* the other's */
	assert_null(sctp_peers_add(&t, SCTP_PEER_HALF_OPEN, &a, 5000, 38412));
	/* The same end may have an association with each that listens on the port. */
	r = sctp_peers_add(&t, SCTP_PEER_HALF_OPEN, &a, 5000, 1 << 16 | 38412);
	assert_non_null(r);
	assert_ptr_equal(sctp_peers_find(&t, &a, 5000, 38412, NULL), p);
	assert_ptr_equal(sctp_peers_find(&t, &a, 5000, 1 << 16 | 38412, NULL), r);
	assert_null(sctp_peers_find_tag(&t, 7, 5000, 1 << 16 | 38412));
	sctp_peers_remove(&t, r);
	for (uint32_t i = 0; i < 100; i++) {
		struct addr x = peer_addr(100 + i);

		assert_non_null(sctp_peers_add(&t, SCTP_PEER_HALF_OPEN, &x, 5000, 38412));
	}
	assert_int_equal(t.half_open, 4);
	assert_int_equal(t.used, 5);
	assert_ptr_equal(sctp_peers_find(&t, &a, 5000, 38412, NULL), p);
	sctp_peers_leave(&t, p);
	sctp_peers_sweep(&t);
	assert_null(sctp_peers_find(&t, &a, 5000, 38412, NULL));
	assert_null(sctp_peers_find(&t, &b, 5000, 38412, NULL));
	sctp_peers_fini(&t);
}

static void test_kernel(void **state)
{
	struct sctp_assoc_change change = { .sac_type = SCTP_ASSOC_CHANGE,
		.sac_state = SCTP_RESTART,
		.sac_outbound_streams = 3,
		.sac_inbound_streams = 4 };
	static const struct io_sctp_config config = { .mode = IO_SCTP_KERNEL };
	struct sctp_kernel_message m = { SCTP_KERNEL_NONE };
	struct loop *l = loop_new();
	struct io_sctp *s;

	sctp_kernel_notification(bytes_of(&change, 4), &m);
	assert_int_equal(m.event, SCTP_KERNEL_NONE);
	sctp_kernel_notification(bytes_of(&change, sizeof(change)), &m);
	assert_int_equal(m.event, SCTP_KERNEL_RESTART);
	assert_int_equal(m.out_streams, 3);
	s = io_sctp_open(l, &config, NULL);
	assert_int_equal(s != NULL, sctp_kernel_present());
	assert_true(loop_out_of_room(EMFILE) && !loop_out_of_room(EAGAIN));
	if (!s)
		assert_int_equal(errno, EPROTONOSUPPORT);
	io_sctp_free(s);
	loop_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crc32c),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_kernel),
	};

	return cmocka_run_group_tests_name("io/sctp_packet", tests, NULL, NULL);
}
