/* Router solicitations and advertisements: octets that another program made, each check of RFC 4861 6.1,
 * damage. */
#include "base/test.h"
#include "wire/ip/checksum.h"
#include "wire/ip/nd.h"

#define ADVERTISEMENT                                                                                        \
	"6000000000503afffe800000000000000000000000000001ff020000000000000000000000000001"                   \
	"86007ee14000fd200000000000000000"                                                                   \
	"0501000000000578"                                                                                   \
	"03044040ffffffffffffffff0000000020010db8004500010000000000000000"                                   \
	"190300000000fd2020010db8000000000000000000000053"
#define SOLICITATION                                                                                         \
	"6000000000083afffe80000000000000123456789abcdef0ff02000000000000000000000000000285009add00000000"

#define NEIGHBOR_SOLICITATION                                                                                \
	"6000000000183afffe80000000000000123456789abcdef0ff0200000000000000000001ff000001"                   \
	"87009b4a00000000fe800000000000000000000000000001"
#define NEIGHBOR_ADVERTISEMENT                                                                               \
	"6000000000183afffe800000000000000000000000000001fe80000000000000123456789abcdef0"                   \
	"8800b9cde0000000fe800000000000000000000000000001"

static const struct nd_advertisement wanted = { .src = { UINT64_C(0xfe80) << 48, 1 },
	.dst = ND_ALL_NODES,
	.hop_limit = 64,
	.lifetime_s = 64800,
	.prefix = { { UINT64_C(0x20010db800450001), 0 }, 64 },
	.autonomous = true,
	.valid_s = ND_FOREVER,
	.preferred_s = ND_FOREVER,
	.mtu = 1400,
	.dns_count = 1,
	.dns = { { UINT64_C(0x20010db800000000), 0x53 } },
	.dns_lifetime_s = 64800 };

enum { CHECKSUM_AT = 42, HOPS_AT = 7, CODE_AT = 41, SOURCE_AT = 8, OPTION_LENGTH_AT = 57 };

/* The checksum is made good again. */
static void seal(uint8_t *p, size_t len)
{
	struct ip src = ip_from_v6(p + SOURCE_AT), dst = ip_from_v6(p + 24);
	uint16_t sum;

	p[CHECKSUM_AT] = p[CHECKSUM_AT + 1] = 0;
	sum = ip6_checksum(src, dst, 58, bytes_of(p + 40, len - 40));
	p[CHECKSUM_AT] = (uint8_t)(sum >> 8);
	p[CHECKSUM_AT + 1] = (uint8_t)sum;
}

static void same_octets(void **state)
{
	uint8_t octets[ND_PACKET_MAX], made[ND_PACKET_MAX];
	struct bytes packet = test_hex(ADVERTISEMENT, octets, sizeof(octets));
	struct writer w = writer_of(made, sizeof(made));
	struct nd_advertisement a;
	struct ip src;

	assert_true(nd_advertisement_encode(&wanted, &w));
	assert_true(bytes_equal(writer_bytes(&w), packet));
	assert_true(nd_is_router_advertisement(packet));
	assert_true(nd_advertisement_decode(packet, &a));
	assert_true(ip_equal(a.src, wanted.src) && ip_equal(a.dst, wanted.dst));
	assert_true(ip_equal(a.prefix.ip, wanted.prefix.ip) && a.prefix.bits == 64);
	assert_true(a.autonomous && !a.on_link && !a.managed && !a.other);
	assert_int_equal(a.lifetime_s, 64800);
	assert_int_equal(a.mtu, 1400);
	assert_int_equal(a.dns_count, 1);
	assert_true(ip_equal(a.dns[0], wanted.dns[0]));
	packet = test_hex(SOLICITATION, octets, sizeof(octets));
	w = writer_of(made, sizeof(made));
	assert_true(nd_solicitation_encode(nd_link_local(UINT64_C(0x123456789abcdef0)), &w));
	assert_true(bytes_equal(writer_bytes(&w), packet));
	assert_true(nd_solicitation_decode(packet, &src));
	assert_true(ip_equal(src, nd_link_local(UINT64_C(0x123456789abcdef0))));
	assert_false(nd_advertisement_decode(packet, &a));
}

/* RFC 4861 6.1.1: a solicitation from nobody says no link-layer address. */
static void solicitation_from_nobody(void **state)
{
	uint8_t octets[ND_PACKET_MAX];
	struct ip src;

	assert_false(nd_solicitation_decode(
		test_hex(
			"6000000000103aff00000000000000000000000000000000ff0200000000000000000000000000028500"
			"7aae000000000101000000000001",
			octets, sizeof(octets)),
		&src));
	assert_true(nd_solicitation_decode(
		test_hex(
			"6000000000103afffe800000000000000000000000000009ff0200000000000000000000000000028500"
			"7c24000000000101000000000001",
			octets, sizeof(octets)),
		&src));
}

/* RFC 4861 6.1.2: what a host does not take, each alone wrong in an advertisement whose checksum is good. */
static void advertisements_refused(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} wrong[] = { { HOPS_AT, 254 }, { CODE_AT, 1 }, { SOURCE_AT, 0x20 }, { OPTION_LENGTH_AT, 0 },
		{ OPTION_LENGTH_AT, 9 }, { 6, 17 }, { 0, 0x40 } };
	uint8_t octets[ND_PACKET_MAX];
	struct nd_advertisement a;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct bytes packet = test_hex(ADVERTISEMENT, octets, sizeof(octets));

		octets[wrong[i].at] = wrong[i].value;
		seal(octets, packet.len);
		if (nd_advertisement_decode(packet, &a))
			fail_msg("case %zu", i);
	}
}

/* RFC 4861 7.1.1; the octets are of another program. */
static void neighbors(void **state)
{
	uint8_t octets[ND_PACKET_MAX], made[ND_PACKET_MAX];
	struct ip router = nd_link_local(1), ue = nd_link_local(UINT64_C(0x123456789abcdef0)), src, target;
	struct bytes packet = test_hex(NEIGHBOR_SOLICITATION, octets, sizeof(octets));
	struct writer w = writer_of(made, sizeof(made));

	assert_true(nd_neighbor_solicitation_encode(ue, router, &w));
	assert_true(bytes_equal(writer_bytes(&w), packet));
	assert_true(nd_neighbor_solicitation_decode(packet, &src, &target));
	assert_true(ip_equal(src, ue) && ip_equal(target, router));
	octets[HOPS_AT] = 254;
	assert_false(nd_neighbor_solicitation_decode(packet, &src, &target));
	octets[HOPS_AT] = 255;
	octets[48] = 0xff; /* a multicast target */
	seal(octets, packet.len);
	assert_false(nd_neighbor_solicitation_decode(packet, &src, &target));
	w = writer_of(made, sizeof(made));
	assert_true(nd_neighbor_advertisement_encode(router, ue, &w));
	assert_true(bytes_equal(writer_bytes(&w), test_hex(NEIGHBOR_ADVERTISEMENT, octets, sizeof(octets))));
}

/* Whatever is cut off or turned over, nothing is read that is not there, and only what is whole is taken. */
static void damage(void **state)
{
	uint8_t octets[ND_PACKET_MAX];
	struct bytes packet = test_hex(ADVERTISEMENT, octets, sizeof(octets));
	struct nd_advertisement a;

	for (size_t len = 0; len < packet.len; len++) {
		uint8_t *exact = malloc(len ? len : 1);

		assert_true(bytes_copy(exact, len ? len : 1, bytes_of(octets, len)));
		assert_false(nd_advertisement_decode(bytes_of(exact, len), &a));
		free(exact);
	}
	for (size_t bit = 0; bit < 8 * packet.len; bit++) {
		bool counts = bit / 8 >= 4; /* version, traffic class and flow label are in no sum */

		octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (counts)
			assert_false(nd_advertisement_decode(packet, &a));
		octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_octets),
		cmocka_unit_test(solicitation_from_nobody),
		cmocka_unit_test(advertisements_refused),
		cmocka_unit_test(neighbors),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
