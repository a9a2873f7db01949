/* The engine's rules: the grammar, and what tables make of a text. */
#include "base/test.h"

#include "wire/json/table.h"

struct inner {
	uint8_t level;
	char name[8];
};

struct outer {
	uint16_t number;
	bool flag;
	char text[16];
	uint8_t kind; /* 0: none */
	bool has_inner;
	struct inner inner;
	uint8_t item_count;
	struct inner items[2];
	uint8_t entry_count;
	struct inner entries[2];
	struct bytes binary;
	uint8_t one;
};

static const char *const kinds[] = { NULL, "RED", "GREEN" };

JSON_TABLE(inner_object, { JSON_V("level", json_uint, inner, level), JSON_RANGE(1, 9), .mandatory = true },
	{ JSON_V("name", json_str, inner, name) }, );
static const struct json_field inner_item = {
	.kind = JSON_OBJECT, .mandatory = true, .sub = &inner_object, .size = sizeof(struct inner)
};
static const struct json_field level_item = { .codec = &json_uint, .size = 1, .mandatory = true };
static const struct json_field name_key = { JSON_V("", json_str, inner, name) };

JSON_TABLE(group_object, { JSON_C("class", "SM"), .mandatory = true },
	{ JSON_E("kind", kinds, outer, kind), .mandatory = true }, );
static const struct json_field one_item = { JSON_V("", json_uint, outer, one), .mandatory = true };

JSON_TABLE(outer_object, { JSON_V("number", json_uint, outer, number), .mandatory = true },
	{ JSON_V("flag", json_bool, outer, flag) }, { JSON_V("text", json_str, outer, text) },
	{ JSON_GROUP("group", group_object), JSON_WHEN(outer, kind) },
	{ JSON_OBJ("inner", inner_object, outer, inner), JSON_HAS(outer, has_inner) },
	{ JSON_ITEMS("items", inner_item, outer, items, item_count) },
	{ .key = "entries",
		.kind = JSON_MAP,
		.item = &inner_item,
		.map_key = &name_key,
		JSON_AT(outer, entries[0]),
		.most = 2,
		JSON_COUNT(outer, entry_count),
		.cut = true },
	{ JSON_BIN("binary", "part", "application/octet-stream", outer, binary) },
	{ JSON_ONE("one", one_item) }, );
JSON_ROOT(outer_root, outer_object);

static uint8_t store[1 << 16];

static enum json_cause decode(const char *text, struct outer *out, struct json_fault *fault)
{
	struct json_parts parts = { 1, { { BYTES_NONE, BYTES_NONE, BYTES_NONE } } };
	struct arena a;
	bool ok;

	parts.items[0].id = bytes_of_str("part");
	parts.items[0].body = bytes_of_str("octets");
	*out = (struct outer){ 0 };
	arena_init(&a, store, sizeof(store), 0);
	ok = json_decode(&outer_root, bytes_of_str(text), &a, &parts, out, fault);
	assert_int_equal(ok, fault->cause == JSON_OK);
	arena_fini(&a);
	return fault->cause;
}

static bool is_json(struct bytes text)
{
	static const struct json_field any = { .codec = &json_emit };
	struct json_fault fault;
	struct arena a;
	bool ok;

	arena_init(&a, store, sizeof(store), 0);
	ok = json_decode(&any, text, &a, NULL, store, &fault);
	arena_fini(&a);
	assert_true(ok || fault.cause == JSON_INVALID_FORMAT);
	return ok;
}

static void grammar(void **state)
{
	static const char *const good[] = { "{}", "[]", " [ 1 , 2 ]\r\n\t", "0", "-0", "-1.5e+3", "1E9",
		"0.0", "true", "false", "null", "\"\"", "\"\\u00e9\\ud83d\\udce1\"",
		"\"\xc3\xa9\xf0\x9f\x93\xa1\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		"{\"a\":{\"b\":[{},[],null]},\"c\":1}", "\"\x7f\"", "[[],[[]]]" };
	static const char *const bad[] = { "", " ", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]",
		"{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{1:2}", "01", "1.", ".5", "+1",
		"-", "1e", "1e+", "0x1", "NaN", "Infinity", "True", "tru", "nul", "\"", "\"\\\"", "\"\\x\"",
		"\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\n\"",
		"'a'", "{}{}", "[] x", "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"",
		"\"\xe2\x82\"", "// c\n1", "[1}", "{\"a\":1]", "\xef\xbb\xbf{}" };
	static const char nul[] = "[1\0]", inside[] = "\"\0\"";

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!is_json(bytes_of_str(good[i])))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (is_json(bytes_of_str(bad[i])))
			fail_msg("accepted: %s", bad[i]);
	assert_false(is_json(bytes_of(nul, sizeof(nul) - 1)));
	assert_false(is_json(bytes_of(inside, sizeof(inside) - 1)));
}

static void depth(void **state)
{
	char text[2 * JSON_DEPTH_MAX + 2];

	memset(text, '[', JSON_DEPTH_MAX + 1);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	assert_true(is_json(bytes_of(text, 2 * JSON_DEPTH_MAX)));
	memset(text, '[', JSON_DEPTH_MAX + 1);
	memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
	assert_false(is_json(BYTES(text)));
}

static void values(void **state)
{
	struct json_fault fault;
	struct outer o;

	assert_int_equal(
		decode("{\"number\":65535,\"flag\":true,\"text\":\"a\\u00e9\\n\",\"later\":{\"x\":[1,{}]},"
		       "\"group\":{\"class\":\"SM\",\"kind\":\"GREEN\"},\"inner\":{\"level\":9},\"items\":[{"
		       "\"level\":1,\"name\":\"x\"}],"
		       "\"entries\":{\"k\":{\"level\":2}},\"binary\":{\"contentId\":\"part\"},\"one\":[7,8]}",
			&o, &fault),
		JSON_OK);
	assert_int_equal(o.number, 65535);
	assert_true(o.flag);
	assert_string_equal(o.text, "a\xc3\xa9\n");
	assert_int_equal(o.kind, 2);
	assert_true(o.has_inner);
	assert_int_equal(o.inner.level, 9);
	assert_int_equal(o.item_count, 1);
	assert_string_equal(o.items[0].name, "x");
	assert_int_equal(o.entry_count, 1);
	assert_string_equal(o.entries[0].name, "k");
	assert_int_equal(o.binary.len, 6);
	assert_int_equal(o.one, 7);
	assert_int_equal(decode("{\"number\":0,\"flag\":null,\"items\":null}", &o, &fault), JSON_OK);
	assert_int_equal(o.item_count, 0);
	/* A key may be escaped; lists marked so are cut. */
	assert_int_equal(
		decode("{\"\\u006eumber\":3,\"entries\":{\"a\":{\"level\":1},\"b\":{\"level\":2},\"c\":0}}",
			&o, &fault),
		JSON_OK);
	assert_int_equal(o.number, 3);
	assert_int_equal(o.entry_count, 2);
}

static void faults(void **state)
{
	static const struct {
		const char *text;
		enum json_cause cause;
		const char *path;
	} cases[] = {
		{ "{}", JSON_MANDATORY_MISSING, "/number" },
		{ "[]", JSON_MANDATORY_INCORRECT, "" },
		{ "{\"number\":\"1\"}", JSON_MANDATORY_INCORRECT, "/number" },
		{ "{\"number\":null}", JSON_MANDATORY_INCORRECT, "/number" },
		{ "{\"number\":65536}", JSON_MANDATORY_INCORRECT, "/number" },
		{ "{\"number\":-1}", JSON_MANDATORY_INCORRECT, "/number" },
		{ "{\"number\":1.5}", JSON_MANDATORY_INCORRECT, "/number" },
		{ "{\"number\":1,\"number\":1}", JSON_INVALID_FORMAT, "/number" },
		{ "{\"number\":1,\"flag\":1}", JSON_OPTIONAL_INCORRECT, "/flag" },
		{ "{\"number\":1,\"text\":\"sixteen octets..\"}", JSON_OPTIONAL_INCORRECT, "/text" },
		{ "{\"number\":1,\"text\":\"a\\u0000\"}", JSON_OPTIONAL_INCORRECT, "/text" },
		{ "{\"number\":1,\"inner\":{}}", JSON_OPTIONAL_INCORRECT, "/inner/level" },
		{ "{\"number\":1,\"inner\":{\"level\":10}}", JSON_OPTIONAL_INCORRECT, "/inner/level" },
		{ "{\"number\":1,\"inner\":{\"level\":0}}", JSON_OPTIONAL_INCORRECT, "/inner/level" },
		{ "{\"number\":1,\"group\":{\"class\":\"LPP\",\"kind\":\"RED\"}}", JSON_OPTIONAL_INCORRECT,
			"/group/class" },
		{ "{\"number\":1,\"group\":{\"class\":\"SM\",\"kind\":\"BLUE\"}}", JSON_OPTIONAL_INCORRECT,
			"/group/kind" },
		{ "{\"number\":1,\"items\":[{\"level\":1},{\"level\":\"2\"}]}", JSON_OPTIONAL_INCORRECT,
			"/items/1/level" },
		{ "{\"number\":1,\"items\":[{\"level\":1},{\"level\":1},{\"level\":1}]}",
			JSON_OPTIONAL_INCORRECT, "/items/2" },
		{ "{\"number\":1,\"entries\":{\"a/b~c\":[]}}", JSON_OPTIONAL_INCORRECT, "/entries/a~1b~0c" },
		{ "{\"number\":1,\"binary\":{\"contentId\":\"other\"}}", JSON_OPTIONAL_INCORRECT, "/binary" },
		{ "{\"number\":1,\"binary\":{}}", JSON_OPTIONAL_INCORRECT, "/binary" },
		{ "{\"number\":1", JSON_INVALID_FORMAT, "" },
	};
	struct json_fault fault;
	struct outer o;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (decode(cases[i].text, &o, &fault) != cases[i].cause)
			fail_msg("%s: cause %d", cases[i].text, fault.cause);
		assert_string_equal(fault.path, cases[i].path);
	}
}

/* At every limit of the arena there is a fault, or the value. */
static void exhaustion(void **state)
{
	const char *text = "{\"number\":1,\"text\":\"\\u00e9\",\"items\":[{\"level\":1},{\"level\":2}]}";
	struct json_fault fault;
	struct outer o;
	struct arena a;
	bool ok = false;

	for (size_t size = 0; size < 1024; size += 8) {
		o = (struct outer){ 0 };
		arena_init(&a, store, size, 0);
		ok = json_decode(&outer_root, bytes_of_str(text), &a, NULL, &o, &fault);
		arena_fini(&a);
		assert_true(ok || fault.cause == JSON_NO_MEMORY);
	}
	assert_true(ok);
}

static void encoding(void **state)
{
	struct outer o = { .number = 5,
		.text = "\"\\\x01\xc3\xa9",
		.kind = 1,
		.has_inner = true,
		.inner = { 3, "" },
		.item_count = 1,
		.items = { { 4, "z" } },
		.entry_count = 1,
		.entries = { { 6, "k" } } };
	const char *expected =
		"{\"number\":5,\"text\":\"\\\"\\\\\\u0001\xc3\xa9\",\"group\":{\"class\":\"SM\",\"kind\":"
		"\"RED\"},"
		"\"inner\":{\"level\":3},\"items\":[{\"level\":4,\"name\":\"z\"}],"
		"\"entries\":{\"k\":{\"level\":6,\"name\":\"k\"}},\"binary\":{\"contentId\":\"part\"}}";
	struct json_parts parts;
	struct arena a;
	char buf[512];
	struct writer w = writer_of(buf, sizeof(buf));

	o.binary = bytes_of_str("xyz");
	arena_init(&a, store, sizeof(store), 0);
	json_encode(&outer_root, &o, &a, &parts, &w);
	assert_true(bytes_equal(writer_bytes(&w), bytes_of_str(expected)));
	assert_int_equal(parts.count, 1);
	assert_true(bytes_equal(parts.items[0].body, o.binary));
	for (size_t cap = 0; cap < strlen(expected); cap++) {
		w = writer_of(buf, cap);
		json_encode(&outer_root, &o, &a, &parts, &w);
		assert_true(w.failed);
	}
	arena_fini(&a);
}

/* What cannot be said is refused: our bugs stay here. */
static void unsayable(void **state)
{
	struct outer cases[] = {
		{ .kind = 3 },                             /* no such enum value */
		{ .has_inner = true },                     /* a level of 0 */
		{ .item_count = 3 },                       /* more than the array */
		{ .text = "\xff" },                        /* not UTF-8 */
		{ .binary = { (const uint8_t *)"x", 1 } }, /* and nowhere to put it */
	};
	struct arena a;
	char buf[512];

	arena_init(&a, store, sizeof(store), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct writer w = writer_of(buf, sizeof(buf));

		json_encode(&outer_root, &cases[i], &a, NULL, &w);
		assert_true(w.failed);
	}
	arena_fini(&a);
}

static void percent(void **state)
{
	static const char *const bad[] = { "%", "%4", "%4g", "a%", "%ff", "%c3%28" };
	struct bytes out;
	struct arena a;
	char buf[64];
	struct writer w = writer_of(buf, sizeof(buf));

	arena_init(&a, store, sizeof(store), 0);
	json_percent_write(&w, bytes_of_str("a-Z0._~ {\"/\xc3\xa9"));
	assert_true(bytes_equal(writer_bytes(&w), bytes_of_str("a-Z0._~%20%7B%22%2F%C3%A9")));
	assert_true(json_percent_read(writer_bytes(&w), &a, &out));
	assert_true(bytes_equal(out, bytes_of_str("a-Z0._~ {\"/\xc3\xa9")));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(json_percent_read(bytes_of_str(bad[i]), &a, &out));
	arena_fini(&a);
}

/* Every text near a good one is read or refused; the sanitizers watch. */
static void damage(void **state)
{
	const char *text = "{\"number\":65535,\"text\":\"a\\u00e9\\ud83d\\udce1\",\"inner\":{\"level\":9,"
			   "\"name\":\"\xc3\xa9\"},"
			   "\"items\":[{\"level\":1}],\"entries\":{\"k\":{\"level\":2}},\"binary\":{"
			   "\"contentId\":\"part\"},\"one\":[7e1]}";
	size_t len = strlen(text);
	struct json_fault fault;
	char copy[256];
	struct outer o;

	assert_true(len < sizeof(copy));
	for (size_t cut = 0; cut < len; cut++) {
		str_copy(copy, cut + 1, text);
		assert_int_equal(decode(copy, &o, &fault), JSON_INVALID_FORMAT);
	}
	for (size_t bit = 0; bit < 8 * len; bit++) {
		str_copy(copy, sizeof(copy), text);
		copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
		decode(copy, &o, &fault);
	}
}

static void plain_items(void **state)
{
	static const struct json_field list = { .kind = JSON_LIST,
		.mandatory = true,
		.item = &level_item,
		.offset = 1,
		.size = 1,
		.count = 1,
		.most = 3 };
	struct json_fault fault;
	uint8_t out[4] = { 0 };
	struct arena a;

	arena_init(&a, store, sizeof(store), 0);
	assert_true(json_decode(&list, bytes_of_str("[5,6,7]"), &a, NULL, out, &fault));
	assert_memory_equal(out, "\3\5\6\7", 4);
	assert_false(json_decode(&list, bytes_of_str("[5,6,7,8]"), &a, NULL, out, &fault));
	assert_int_equal(fault.cause, JSON_MANDATORY_INCORRECT);
	assert_string_equal(fault.path, "/3");
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grammar),
		cmocka_unit_test(depth),
		cmocka_unit_test(values),
		cmocka_unit_test(faults),
		cmocka_unit_test(exhaustion),
		cmocka_unit_test(encoding),
		cmocka_unit_test(unsayable),
		cmocka_unit_test(percent),
		cmocka_unit_test(damage),
		cmocka_unit_test(plain_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
