/* Pools of UE addresses, to their last address. */
#include "base/test.h"
#include "core/smf/internal.h"

static void pool_of(struct address_pool *p, const char *text)
{
	struct prefix prefix;

	assert_true(prefix_parse(text, &prefix));
	assert_true(smf_address_pool_init(p, &prefix, 0, 0));
}

/* All that a pool gives are count addresses from first on, each once; then none. */
static void gives(const char *text, uint32_t first, uint32_t count)
{
	struct address_pool p;
	struct smf_addresses a = { 0 };
	uint64_t sum = 0;

	pool_of(&p, text);
	for (uint32_t i = 0; i < count; i++) {
		assert_true(smf_address_pool_take(&p, NULL, 0, &a));
		assert_int_equal(a.ipv6_prefix, 0);
		assert_in_range(a.ipv4, first, first + count - 1);
		sum += a.ipv4 - first;
	}
	assert_int_equal(sum, (uint64_t)count * (count - 1) / 2);
	assert_int_equal(p.used, count);
	assert_false(smf_address_pool_take(&p, NULL, 0, &a)); /* one over */
	assert_int_equal(p.used, count);
	a.ipv4 = first + count - 1; /* the last one given back is the only one there is */
	smf_address_pool_give(&p, &a, 0);
	smf_address_pool_give(&p, &a, 0);
	assert_int_equal(p.used, count - 1);
	assert_true(smf_address_pool_take(&p, NULL, 0, &a));
	assert_int_equal(a.ipv4, first + count - 1);
	assert_false(smf_address_pool_take(&p, NULL, 0, &a));
	smf_address_pool_fini(&p);
}

/* Network, first and broadcast address are nobody's, but in prefixes that have none. */
static void to_the_last(void **state)
{
	gives("10.45.0.0/32", 0x0a2d0000, 1);
	gives("10.45.0.0/31", 0x0a2d0000, 2);
	gives("10.45.0.0/30", 0x0a2d0002, 1);
	gives("10.45.0.0/29", 0x0a2d0002, 5);
	gives("10.45.0.0/26", 0x0a2d0002, 61);
	gives("10.45.0.0/25", 0x0a2d0002, 125);
	gives("10.45.0.0/16", 0x0a2d0002, 65533);
}

static struct prefix prefix_of(const char *text)
{
	struct prefix p;

	assert_true(prefix_parse(text, &p));
	return p;
}

/* One in place of it, which has what it had of it. */
static void resize(struct address_pool *p, const char *text)
{
	struct address_pool other;

	pool_of(&other, text);
	assert_true(smf_address_pool_inherit(&other, p));
	smf_address_pool_fini(p);
	*p = other;
}

/* It has what it had, goes on behind it, and gives all of the rest, each once; the old one's own stay its
 * own. */
static void grows(void **state)
{
	struct address_pool p;
	struct smf_addresses a = { 0 }, first = { 0 };
	bool seen[256] = { false };
	uint32_t count = 0;

	pool_of(&p, "10.45.0.64/28");
	assert_true(smf_address_pool_take(&p, NULL, 0, &first));
	assert_int_equal(first.ipv4, 0x0a2d0042);
	resize(&p, "10.45.0.0/24");
	assert_int_equal(p.size, 256);
	assert_int_equal(p.used, 1);
	while (smf_address_pool_take(&p, NULL, 0, &a)) {
		assert_true(count > 0 || a.ipv4 == first.ipv4 + 1);
		assert_false(seen[a.ipv4 & 255]);
		seen[a.ipv4 & 255] = true;
		count++;
	}
	assert_int_equal(count, 256 - 3 - 3 - 1);
	assert_false(seen[0x40] || seen[0x41] || seen[0x4f] || seen[0] || seen[1] || seen[255] || seen[0x42]);
	smf_address_pool_give(&p, &first, 0);
	assert_true(smf_address_pool_take(&p, NULL, 0, &a));
	assert_int_equal(a.ipv4, first.ipv4);
	smf_address_pool_fini(&p);
	pool_of(&p, "2001:db8:45:80::/57");
	assert_true(smf_address_pool_take(&p, NULL, 0, &a));
	resize(&p, "2001:db8:45::/48");
	assert_true(smf_address_pool_has(&p, &a));
	assert_true(smf_address_pool_take(&p, NULL, 0, &first));
	assert_int_equal(first.ipv6_prefix, a.ipv6_prefix + 1);
	smf_address_pool_fini(&p);
}

/* What is out within what is left stays out; what has become its own is given to nobody when it comes back.
 */
static void shrinks(void **state)
{
	struct prefix half = prefix_of("10.45.0.8/29"), other = prefix_of("10.45.0.0/29");
	struct smf_addresses a[13], b;
	struct address_pool p, of, six;

	pool_of(&of, "10.45.0.0/28");
	for (size_t i = 0; i < ARRAY_LEN(a); i++)
		assert_true(smf_address_pool_take(&of, NULL, 0, &a[i]));
	assert_int_equal(smf_address_pool_used_in(&of, &half), 7); /* 8 to 14 */
	assert_int_equal(smf_address_pool_used_in(&of, &other), 6);
	pool_of(&p, "10.45.0.8/29");
	assert_true(smf_address_pool_inherit(&p, &of));
	assert_int_equal(p.used, 5);  /* 10 to 14 */
	assert_int_equal(of.used, 6); /* 2 to 7 */
	assert_true(smf_address_pool_keeps(&p, &a[7]) && a[7].ipv4 == 0x0a2d0009);
	assert_false(smf_address_pool_keeps(&p, &a[8]) || smf_address_pool_keeps(&p, &a[0]));
	assert_false(smf_address_pool_take(&p, NULL, 0, &b));
	smf_address_pool_give(&p, &a[7], 0);
	assert_false(smf_address_pool_take(&p, NULL, 0, &b));
	smf_address_pool_give(&p, &a[8], 0);
	assert_true(smf_address_pool_take(&p, NULL, 0, &b) && b.ipv4 == a[8].ipv4);
	smf_address_pool_fini(&p);
	smf_address_pool_fini(&of);
	half = prefix_of("2001:db8:45::/48"); /* prefixes of 56 bits are no /64 */
	pool_of(&six, "2001:db8:45::/48");
	assert_true(smf_address_pool_init(&p, &half, 56, 0));
	assert_false(smf_address_pool_inherit(&p, &six));
	smf_address_pool_fini(&p);
	smf_address_pool_fini(&six);
}

/* What rests goes on to rest. */
static void inherits_rest(void **state)
{
	struct prefix all = prefix_of("10.45.0.0/28"), part = prefix_of("10.45.0.0/29");
	struct address_pool p, of;
	struct smf_addresses a, b;

	assert_true(smf_address_pool_init(&of, &all, 0, 100) && smf_address_pool_init(&p, &part, 0, 100));
	assert_true(smf_address_pool_take(&of, NULL, 5, &a));
	smf_address_pool_give(&of, &a, 5);
	assert_true(smf_address_pool_inherit(&p, &of));
	for (int i = 0; i < 4; i++)
		assert_true(smf_address_pool_take(&p, NULL, 6, &b) && b.ipv4 != a.ipv4);
	assert_false(smf_address_pool_take(&p, NULL, 6, &b));
	assert_true(smf_address_pool_take(&p, NULL, 200, &b) && b.ipv4 == a.ipv4);
	smf_address_pool_fini(&p);
	smf_address_pool_fini(&of);
}

static bool is_odd(void *arg, struct ip ip)
{
	++*(unsigned *)arg;
	return ip.low & 1;
}

/* What is reserved is given to its owner alone. */
static void reserved(void **state)
{
	unsigned asked = 0;
	struct smf_reserved odd = { is_odd, &asked };
	struct smf_addresses a, own = { .ipv4 = 0x0a2d0005 };
	struct address_pool p;

	pool_of(&p, "10.45.0.0/28");
	for (unsigned i = 0; i < 7; i++) /* 2, 4, ... 14 */
		assert_true(smf_address_pool_take(&p, &odd, 0, &a) && a.ipv4 == 0x0a2d0002 + 2 * i);
	assert_false(smf_address_pool_take(&p, &odd, 0, &a));
	assert_true(asked >= 13);
	assert_true(smf_address_pool_take_static(&p, &own));
	assert_false(smf_address_pool_take_static(&p, &own));
	smf_address_pool_fini(&p);
}

static void statics(void **state)
{
	struct address_pool p;
	struct smf_addresses a = { .ipv4 = 0x0a2d0003 }, other;

	pool_of(&p, "10.45.0.0/29");
	assert_true(smf_address_pool_take_static(&p, &a));
	assert_false(smf_address_pool_take_static(&p, &a)); /* taken */
	for (int i = 0; i < 4; i++) {                       /* never given to another */
		assert_true(smf_address_pool_take(&p, NULL, 0, &other));
		assert_int_not_equal(other.ipv4, a.ipv4);
	}
	assert_false(smf_address_pool_take(&p, NULL, 0, &other));
	assert_false(smf_address_pool_take_static(&p, &other)); /* given */
	for (uint32_t reserved = 0; reserved < 8; reserved += reserved == 1 ? 6 : 1)
		assert_false(smf_address_pool_take_static(
			&p, &(struct smf_addresses){ .ipv4 = 0x0a2d0000 + reserved }));
	a.ipv4 = 0x0a2d0008; /* outside */
	assert_true(smf_address_pool_take_static(&p, &a));
	assert_int_equal(p.used, 5);
	smf_address_pool_give(&p, &a, 0);
	assert_int_equal(p.used, 5);
	smf_address_pool_fini(&p);
}

static void round_robin(void **state)
{
	struct address_pool p;
	struct smf_addresses a, b;

	pool_of(&p, "10.45.0.0/24");
	assert_true(smf_address_pool_take(&p, NULL, 0, &a));
	smf_address_pool_give(&p, &a, 0);
	assert_true(smf_address_pool_take(&p, NULL, 0, &b));
	assert_int_equal(b.ipv4, a.ipv4 + 1); /* the one given back rests */
	smf_address_pool_fini(&p);
}

static void too_large_or_small(void **state)
{
	struct address_pool p;

	assert_false(smf_address_pool_init(&p, &(struct prefix){ ip_from_v4(0x0a000000), 7 }, 0, 0));
	assert_false(smf_address_pool_init(&p, &(struct prefix){ ip_from_v4(0x0a000000), 33 }, 0, 0));
	pool_of(&p, "10.0.0.0/8");
	assert_int_equal(p.size, 1 << 24);
	smf_address_pool_fini(&p);
}

/* An address that was given back rests for its time; its owner's, if it is static, need not. */
static void rest(void **state)
{
	struct prefix prefix;
	struct address_pool p;
	struct smf_addresses a, b, c;

	assert_true(prefix_parse("10.45.0.0/29", &prefix));
	assert_true(smf_address_pool_init(&p, &prefix, 0, 10));
	for (unsigned i = 0; i < 5; i++)
		assert_true(smf_address_pool_take(&p, NULL, 100, i == 0 ? &a : i == 1 ? &b : &c));
	smf_address_pool_give(&p, &a, 100);
	smf_address_pool_give(&p, &b, 105);
	assert_int_equal(p.used, 3);
	assert_false(smf_address_pool_take(&p, NULL, 110, &c));
	assert_true(smf_address_pool_take(&p, NULL, 111, &c));
	assert_int_equal(c.ipv4, a.ipv4);
	assert_false(smf_address_pool_take(&p, NULL, 111, &c));
	assert_true(smf_address_pool_take_static(&p, &b));
	smf_address_pool_give(&p, &b, 112);
	assert_false(smf_address_pool_take(&p, NULL, 122, &c));
	assert_true(smf_address_pool_take(&p, NULL, 123, &c));
	smf_address_pool_fini(&p);
}

static bool one_is(void *arg, struct ip ip)
{
	return ip.high == *(const uint64_t *)arg;
}

/* Prefixes of 60 bits: the first stays, one with a subscriber's /64 in it is not given, each /64 stands for
 * its own. */
static void shorter(void **state)
{
	const uint64_t base = UINT64_C(0x20010db800450000);
	uint64_t owned = base + 0x25;
	struct smf_reserved reserved = { one_is, &owned };
	struct smf_addresses a, b = { .ipv6_prefix = owned };
	struct address_pool p;

	assert_true(smf_address_pool_init(&p, &(struct prefix){ { base, 0 }, 56 }, 60, 0));
	assert_int_equal(p.size, 16);
	for (uint64_t n = 1; n < 16; n++) {
		if (n == 2)
			continue;
		assert_true(smf_address_pool_take(&p, &reserved, 0, &a));
		assert_true(a.ipv6_prefix == base + 16 * n);
		assert_int_equal(a.prefix_bits, 60);
	}
	assert_false(smf_address_pool_take(&p, &reserved, 0, &a));
	assert_true(smf_address_pool_take_static(&p, &b));
	b.ipv6_prefix++; /* of the same */
	assert_false(smf_address_pool_take_static(&p, &b));
	smf_address_pool_give(&p, &b, 0);
	assert_int_equal(p.used, 14);
	smf_address_pool_fini(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_the_last),
		cmocka_unit_test(grows),
		cmocka_unit_test(shrinks),
		cmocka_unit_test(inherits_rest),
		cmocka_unit_test(rest),
		cmocka_unit_test(shorter),
		cmocka_unit_test(statics),
		cmocka_unit_test(reserved),
		cmocka_unit_test(round_robin),
		cmocka_unit_test(too_large_or_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
