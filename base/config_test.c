#include "base/test.h"

#include "base/config.h"

struct inner {
	char name[8];
	uint16_t port;
};

struct more {
	uint8_t level, word_count;
	uint8_t words[3];
};

struct outer {
	bool on;
	uint8_t number;
	struct addr address;
	struct prefix4 pool;
	uint64_t rate;
	struct inner sub;
	struct more more;
	uint8_t inner_count;
	struct inner inners[2];
	uint8_t tac_count;
	uint32_t tacs[3];
};

static const struct config_field inner_fields[] = {
	{ CONFIG_STR("name", inner, name, NULL, ""), .required = true },
	{ CONFIG_UINT("port", inner, port, 1, 65535, "5", ""), .live = true },
};

/* Port 13 is nobody's. */
static bool check_inner(void *at, struct config_doubt *doubt)
{
	struct inner *in = at;

	if (in->port != 13)
		return true;
	*doubt = (struct config_doubt){ &in->port, "expected another port than 13" };
	return false;
}

static const struct config_section inner_section = { inner_fields, ARRAY_LEN(inner_fields), check_inner };
static const struct config_field more_fields[] = {
	{ CONFIG_UINT("level", more, level, 0, 9, "3", "how much") },
	{ CONFIG_VALUES("words", more, words, word_count, config_read_uint, "digits", "7 8", ""), .max = 9,
		.live = true },
};
static const struct config_section more_section = { more_fields, ARRAY_LEN(more_fields), NULL };

static const struct config_field outer_fields[] = {
	{ CONFIG_BOOL("on", outer, on, NULL, "") },
	{ CONFIG_UINT("number", outer, number, 1, 200, "1", "of things"), .live = true },
	{ CONFIG_ADDR("address", outer, address, "127.0.0.1", "") },
	{ CONFIG_PREFIX("pool", outer, pool, NULL, "") },
	{ CONFIG_RATE("rate", outer, rate, NULL, "") },
	{ CONFIG_SUB("sub", outer, sub, &inner_section, "") },
	{ CONFIG_KEYS_OF(outer, more, &more_section) },
	{ CONFIG_SUBS("inners", outer, inners, inner_count, &inner_section, "") },
	{ CONFIG_VALUES("tacs", outer, tacs, tac_count, config_read_uint, NULL, NULL, ""), .max = 0xffffff },
};

/* No two of one name. */
static bool check_outer(void *at, struct config_doubt *doubt)
{
	struct outer *o = at;

	if (o->inner_count < 2 || strcmp(o->inners[0].name, o->inners[1].name) != 0)
		return true;
	*doubt = (struct config_doubt){ &o->inners[1], "expected another name than the first has" };
	return false;
}

static const struct config_section outer_section = { outer_fields, ARRAY_LEN(outer_fields), check_outer };

static bool load(const char *text, struct outer *o, char error[CONFIG_ERROR_SIZE])
{
	return config_load(&outer_section, "f", bytes_of_str(text), o, sizeof(*o), error);
}

static void test_reads(void **state)
{
	const char *text = "on: yes\nnumber: 0x10\naddress: 10.0.0.1\npool: 10.45.0.0/16\nrate: 1.5 Gbps\n"
			   "sub: {name: abc, port: 80}\ninners:\n  - {name: a}\n  - name: b\n    port: "
			   "7\ntacs: [1, 2]\n";
	struct outer o;
	char error[CONFIG_ERROR_SIZE];

	if (!load(text, &o, error))
		fail_msg("%s", error);
	assert_true(o.on && o.number == 16 && addr_v4(&o.address) == 0x0a000001 && o.pool.bits == 16);
	assert_true(o.rate == 1500000000 && o.sub.port == 80 && o.inner_count == 2 && o.inners[1].port == 7);
	assert_true(o.tac_count == 2 && o.tacs[1] == 2);
	assert_string_equal(o.sub.name, "abc");
}

/* What is not given is the tables' default, in list elements too. */
static void test_defaults(void **state)
{
	struct outer o;
	char error[CONFIG_ERROR_SIZE];

	assert_true(load("inners: [{name: a}]\n", &o, error));
	assert_true(o.number == 1 && addr_v4(&o.address) == 0x7f000001 && o.sub.port == 5 &&
		    o.inners[0].port == 5);
	assert_true(
		o.more.level == 3 && o.more.word_count == 2 && o.more.words[0] == 7 && o.more.words[1] == 8);
	assert_true(load("words: [1]\nlevel: 0\n", &o, error));
	assert_true(o.more.level == 0 && o.more.word_count == 1 && o.more.words[0] == 1);
	assert_true(load("words: []\n", &o, error));
	assert_int_equal(o.more.word_count, 0);
}

static void count_keys(void *arg, const struct config_entry *e)
{
	int *seen = arg;

	seen[0]++;
	seen[1] += !strcmp(e->path, "inners[].port") && !strcmp(e->otherwise, "5") && e->depth == 1;
	seen[2] += !strcmp(e->path, "level") && !strcmp(e->expected, "a number from 0 to 9") &&
		   !strcmp(e->help, "how much") && e->depth == 0 && !e->section;
}

static void test_reference(void **state)
{
	int seen[3] = { 0 };

	config_reference(&outer_section, count_keys, seen);
	assert_int_equal(seen[0], 14);
	assert_int_equal(seen[1], 1);
	assert_int_equal(seen[2], 1);
}

/* libyaml's time grows with the square of the depth: it is not asked. */
static void test_deep(void **state)
{
	static char text[200001];
	struct outer o;
	char error[CONFIG_ERROR_SIZE];

	memset(text, '[', sizeof(text) - 1);
	memcpy(text, "\n\na: ", 5);
	assert_false(load(text, &o, error));
	assert_string_equal(error, "f:3: brackets or lists within lists, deeper than any key");
}

static void assert_where(const char *text, size_t offset, const char *expected)
{
	char where[CONFIG_ERROR_SIZE];

	config_where(&outer_section, "f", bytes_of_str(text), sizeof(struct outer), offset, where);
	assert_string_equal(where, expected);
}

static void test_where(void **state)
{
	static const char text[] =
		"on: yes\naddress:\n  10.0.0.1\ninners:\n  - {name: a}\n  - name: b\n    port: 7\n";

	assert_where(text, offsetof(struct outer, address), "f:3: address");
	assert_where(text, offsetof(struct outer, inners[1].port), "f:7: inners[2].port");
	assert_where(text, offsetof(struct outer, inners[0].port), "f:5: inners[1]"); /* a default */
	assert_where(text, offsetof(struct outer, rate), "");
	assert_where("on: maybe", offsetof(struct outer, on), "");
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
			      "rate sub level words inners tacs" },
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
		{ "sub: {name: a, port: 13}", "f:1: sub.port: expected another port than 13" },
		{ "on: yes\ninners:\n  - {name: a}\n  - {name: b,\n     port: 13}",
			"f:5: inners[2].port: expected another port than 13" },
		{ "inners:\n  - {name: a}\n  - {name: a}",
			"f:3: inners[2].name: expected another name than the first has" },
		{ "level: 10", "f:1: level: expected a number from 0 to 9, got \"10\"" },
		{ "level: 1\nlevel: 1", "f:2: level: the key stands twice" },
		{ "words: [1, 12]", "f:1: words: expected digits, got \"12\"" },
		{ "inners: [{port: 1}]", "f:1: inners[1]: the key \"name\" is missing" },
		{ "", "f:1: the file is empty" },
		{ "on: [", "f:1: not YAML: did not find expected node content" },
	};
	char error[CONFIG_ERROR_SIZE];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct outer o;

		error[0] = '\0';
		assert_false(load(cases[i].text, &o, error));
		if (strcmp(error, cases[i].error) != 0)
			fail_msg("case %zu: %s", i, error);
	}
}

static void note_key(void *arg, const char *key, bool live)
{
	char *all = arg;
	size_t len = strlen(all);

	snprintf(all + len, 200 - len, "%s%s ", key, live ? "!" : "");
}

static void test_differences(void **state)
{
	struct outer a = { .number = 1, .inner_count = 1, .tac_count = 2 }, b = a;
	char all[200] = "";

	config_differences(&outer_section, &a, &b, note_key, all);
	assert_string_equal(all, "");
	b.number = 2;
	b.sub.port = 7;
	b.inners[0].port = 8;
	b.inners[1].port = 9; /* of no element */
	b.tac_count = 3;
	config_differences(&outer_section, &a, &b, note_key, all);
	assert_string_equal(all, "number! sub.port! inners[0].port! tacs ");
}

/* Live keys are taken, others not, elements only where there are as many. */
static void test_take_live(void **state)
{
	struct outer a = { .number = 1, .on = true, .inner_count = 1, .tac_count = 1 }, b = a;

	b.number = 2;
	b.on = false;
	b.sub.port = 7;
	b.inners[0].port = 8;
	str_copy(b.sub.name, sizeof(b.sub.name), "new");
	b.more.word_count = 2;
	b.more.words[1] = 9;
	b.tac_count = 2;
	config_take_live(&outer_section, &a, &b);
	assert_true(a.number == 2 && a.on && a.sub.port == 7 && a.inners[0].port == 8 && a.tac_count == 1);
	assert_string_equal(a.sub.name, "");
	assert_true(a.more.word_count == 2 && a.more.words[1] == 9);
	b.inner_count = 2;
	b.inners[0].port = 9;
	config_take_live(&outer_section, &a, &b);
	assert_true(a.inner_count == 1 && a.inners[0].port == 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take_live),
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_differences),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
