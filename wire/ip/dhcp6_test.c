/* DHCPv6: octets that another program made, both ways; damage. */
#include "base/test.h"
#include "wire/ip/dhcp6.h"

#define SOLICIT                                                                                              \
	"60000000003c1140fe80000000000000123456789abcdef0ff02000000000000000000000001000202220223"           \
	"003cd922011234560001000a00030001020304050607000e000000080002000000060004001700430019000c"           \
	"000000070000000000000000"
#define REPLY                                                                                                \
	"60000000007b1140fe800000000000000000000000000001fe80000000000000123456789abcdef002230222"           \
	"007b47fc071234560001000a0003000102030405060700020012000411111111111111111111111111111111"           \
	"000e00000019002f00000007ffffffffffffffff001a001fffffffffffffffff3c20010db800450120000000"           \
	"00000000000043000240300017001020010db8000000000000000000000053"

#define CLIENT { 10, { 0, 3, 0, 1, 2, 3, 4, 5, 6, 7 } }

enum { ID = 0x123456, IA = 7, MESSAGE_AT = 48 };

static const struct ip client = { UINT64_C(0xfe80) << 48, UINT64_C(0x123456789abcdef0) };
static const struct ip router = { UINT64_C(0xfe80) << 48, 1 };

static struct dhcp6_message solicit(void)
{
	return (struct dhcp6_message){ .type = DHCP6_SOLICIT,
		.id = ID,
		.src = client,
		.dst = DHCP6_SERVERS,
		.client = CLIENT,
		.rapid_commit = true,
		.wants_dns = true,
		.wants_exclusion = true,
		.ia_count = 1,
		.ias = { { .id = IA } } };
}

static struct dhcp6_message reply(void)
{
	struct dhcp6_message m = { .type = DHCP6_REPLY,
		.id = ID,
		.src = router,
		.dst = client,
		.client = CLIENT,
		.server = { 18, { 0, 4 } },
		.rapid_commit = true,
		.ia_count = 1,
		.ias = { { .id = IA,
			.prefix = { { UINT64_C(0x20010db800450120), 0 }, 60 },
			.excluded = { { UINT64_C(0x20010db800450123), 0 }, 64 } } },
		.dns_count = 1,
		.dns = { { UINT64_C(0x20010db800000000), 0x53 } } };

	memset(m.server.octets + 2, 0x11, 16);
	return m;
}

static void encodes(const struct dhcp6_message *m, const char *hex)
{
	uint8_t octets[DHCP6_PACKET_MAX], expected[DHCP6_PACKET_MAX];
	struct bytes e = test_hex(hex, expected, sizeof(expected));
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(dhcp6_encode(m, &w));
	assert_int_equal(w.len, e.len);
	assert_memory_equal(octets, e.data, e.len);
	for (size_t cap = 0; cap < e.len; cap++) {
		w = writer_of(octets, cap);
		assert_false(dhcp6_encode(m, &w));
	}
}

static void decodes(const struct dhcp6_message *m, const char *hex)
{
	uint8_t octets[DHCP6_PACKET_MAX];
	struct bytes e = test_hex(hex, octets, sizeof(octets));
	struct dhcp6_message out;

	assert_true(dhcp6_decode(e, &out));
	assert_int_equal(out.type, m->type);
	assert_int_equal(out.id, m->id);
	assert_true(ip_equal(out.src, m->src) && ip_equal(out.dst, m->dst));
	assert_int_equal(out.client.len, m->client.len);
	assert_memory_equal(out.client.octets, m->client.octets, m->client.len);
	assert_int_equal(out.server.len, m->server.len);
	assert_memory_equal(out.server.octets, m->server.octets, m->server.len);
	assert_int_equal(out.rapid_commit, m->rapid_commit);
	assert_int_equal(out.wants_exclusion, m->wants_exclusion);
	assert_int_equal(out.wants_dns, m->wants_dns);
	assert_int_equal(out.ia_count, 1);
	assert_int_equal(out.ias[0].id, IA);
	assert_true(prefix_equal(&out.ias[0].prefix, &m->ias[0].prefix));
	assert_true(prefix_equal(&out.ias[0].excluded, &m->ias[0].excluded));
	assert_int_equal(out.dns_count, m->dns_count);
	for (size_t len = 0; len < e.len; len++)
		assert_false(dhcp6_decode(bytes_of(octets, len), &out));
	for (size_t i = MESSAGE_AT; i < e.len; i++) { /* of what the checksum covers */
		octets[i] ^= 0x40;
		assert_false(dhcp6_decode(e, &out));
		octets[i] ^= 0x40;
	}
}

static void both_ways(void **state)
{
	struct dhcp6_message s = solicit(), r = reply();

	encodes(&s, SOLICIT);
	decodes(&s, SOLICIT);
	encodes(&r, REPLY);
	decodes(&r, REPLY);
}

static struct dhcp6_message through(const struct dhcp6_message *m)
{
	uint8_t octets[DHCP6_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct dhcp6_message out;

	assert_true(dhcp6_encode(m, &w));
	assert_true(dhcp6_decode(writer_bytes(&w), &out));
	return out;
}

/* Each length of a delegated prefix and of one within it. */
static void exclusions(void **state)
{
	for (uint8_t bits = 40; bits < 64; bits++)
		for (uint8_t of = (uint8_t)(bits + 1); of <= 64; of++) {
			struct dhcp6_message m = reply(), out;

			m.ias[0].prefix = (struct prefix){ ip_masked(m.ias[0].excluded.ip, bits), bits };
			m.ias[0].excluded = (struct prefix){ ip_masked(m.ias[0].excluded.ip, of), of };
			out = through(&m);
			assert_true(prefix_equal(&out.ias[0].excluded, &m.ias[0].excluded));
			assert_true(prefix_equal(&out.ias[0].prefix, &m.ias[0].prefix));
		}
}

/* What is gone is no prefix to its reader, a status is told, and of too many associations some are left out.
 */
static void others(void **state)
{
	struct dhcp6_message m = reply(), out;
	uint8_t octets[DHCP6_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	m.ias[0].gone = m.ias[0].prefix;
	m.ias[0].prefix.bits = m.ias[0].excluded.bits = 0;
	m.ias[0].status = DHCP6_NO_PREFIX;
	m.ias[1] = (struct dhcp6_ia){ .of_addresses = true, .id = 9, .status = DHCP6_NO_ADDRESSES };
	m.ia_count = 2;
	out = through(&m);
	assert_int_equal(out.ia_count, 2);
	assert_int_equal(out.ias[0].prefix.bits, 0);
	assert_int_equal(out.ias[0].status, DHCP6_NO_PREFIX);
	assert_true(out.ias[1].of_addresses);
	assert_int_equal(out.ias[1].status, DHCP6_NO_ADDRESSES);
	m = solicit();
	m.type = 12; /* of a relay */
	assert_true(dhcp6_encode(&m, &w));
	assert_false(dhcp6_decode(writer_bytes(&w), &out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways),
		cmocka_unit_test(exclusions),
		cmocka_unit_test(others),
	};

	return cmocka_run_group_tests_name("dhcp6", tests, NULL, NULL);
}
