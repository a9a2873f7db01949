#include "base/test.h"

#include "base/config.h"

struct inner {
	char name[8];
	uint16_t port;
};

struct outer {
	bool on;
	uint8_t number;
	struct addr address;
	struct prefix4 pool;
	uint64_t rate;
	struct inner sub;
	uint8_t inner_count;
	struct inner inners[2];
	uint8_t tac_count;
	uint32_t tacs[3];
};

static const struct config_field inner_fields[] = {
	{ "name", CONFIG_VALUE, true, CONFIG_AT(inner, name), 0, 0, config_read_str, 0, 0, NULL, NULL, "" },
	CONFIG_UINT(inner, port, 1, 65535, ""),
};
static const struct config_section inner_section = { inner_fields, ARRAY_LEN(inner_fields) };
static const struct config_field outer_fields[] = {
	CONFIG_BOOL(outer, on, ""),
	CONFIG_UINT(outer, number, 1, 200, ""),
	CONFIG_ADDR(outer, address, ""),
	CONFIG_PREFIX(outer, pool, ""),
	CONFIG_RATE(outer, rate, ""),
	CONFIG_SUB(outer, sub, &inner_section, ""),
	CONFIG_SUBS(outer, inners, inner_count, &inner_section, ""),
	CONFIG_VALUES(outer, tacs, tac_count, config_read_uint, 0, 0xffffff, NULL, ""),
};
static const struct config_section outer_section = { outer_fields, ARRAY_LEN(outer_fields) };

static void test_reads(void **state)
{
	const char *text = "on: yes\nnumber: 0x10\naddress: 10.0.0.1\npool: 10.45.0.0/16\nrate: 1.5 Gbps\n"
			   "sub: {name: abc, port: 80}\ninners:\n  - {name: a}\n  - name: b\n    port: "
			   "7\ntacs: [1, 2]\n";
	struct outer o = { .sub.port = 5 };
	char error[CONFIG_ERROR_SIZE];

	if (!config_load(&outer_section, "f", bytes_of_str(text), &o, error))
		fail_msg("%s", error);
	assert_true(o.on && o.number == 16 && addr_v4(&o.address) == 0x0a000001 && o.pool.bits == 16);
	assert_true(o.rate == 1500000000 && o.sub.port == 80 && o.inner_count == 2 && o.inners[1].port == 7);
	assert_true(o.tac_count == 2 && o.tacs[1] == 2);
	assert_string_equal(o.sub.name, "abc");
}

static void test_says_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "on: maybe", "f:1: on: expected true or false, got \"maybe\"" },
		{ "on: yes\nnumber: 201", "f:2: number: expected a number from 1 to 200, got \"201\"" },
		{ "number: -1", "f:1: number: expected a number from 1 to 200, got \"-1\"" },
		{ "nmber: 1", "f:1: top level: unknown key \"nmber\"; known here: on number address pool "
			      "rate sub inners tacs" },
		{ "sub: {name: abc, prt: 1}", "f:1: sub: unknown key \"prt\"; known here: name port" },
		{ "sub:\n  port: 1", "f:2: sub: the key \"name\" is missing" },
		{ "sub: {name: much too long}",
			"f:1: sub.name: expected a text of at most 7 characters, got \"much too long\"" },
		{ "on: yes\non: no", "f:2: on: the key stands twice" },
		{ "address: 10.0.0.256", "f:1: address: expected an IP address, got \"10.0.0.256\"" },
		{ "pool: 10.45.0.1/16",
			"f:1: pool: expected an IPv4 prefix like 10.45.0.0/16, got \"10.45.0.1/16\"" },
		{ "rate: 5 Qbps", "f:1: rate: expected a bit rate like 100 Mbps, got \"5 Qbps\"" },
		{ "tacs: [1, 2, 3, 4]", "f:1: tacs: expected at most 3 entries" },
		{ "tacs: 1", "f:1: tacs: expected a list: [a, b] or lines that begin with \"- \"" },
		{ "sub: 1", "f:1: sub: expected keys and values (key: value)" },
		{ "", "f:1: the file is empty" },
		{ "on: [", "f:2: not YAML: did not find expected node content" },
	};
	char error[CONFIG_ERROR_SIZE];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct outer o = { 0 };

		error[0] = '\0';
		assert_false(config_load(&outer_section, "f", bytes_of_str(cases[i].text), &o, error));
		if (strcmp(error, cases[i].error))
			fail_msg("case %zu: %s", i, error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
