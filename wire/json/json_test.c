/* The engine's rules: the grammar, and what tables make of a text. */
#include "base/test.h"

#include "wire/json/table.h"

struct inner {
	uint8_t level;
	const char *name;
};

struct inner_entry {
	const char *key;
	const struct inner *value;
};

struct outer {
	uint16_t number;
	bool flag;
	const char *text;
	uint8_t kind; /* 0: none */
	const struct inner *inner;
	struct {
		uint32_t count;
		const struct inner *items;
	} items;
	struct {
		uint32_t count;
		const struct inner_entry *entries;
	} entries;
	struct {
		uint32_t count;
		const uint8_t *items;
	} numbers;
	struct bytes binary, second;
	struct bytes any;
	const char *secret;
};

static const char *const kinds[] = { NULL, "RED", "GREEN", "OTHER" };

JSON_TABLE(inner_object, { JSON_V("level", json_uint, inner, level), JSON_RANGE(1, 9), .mandatory = true },
	{ JSON_V("name", json_text, inner, name) }, );
static const struct json_field inner_item = {
	.kind = JSON_OBJECT, .mandatory = true, .sub = &inner_object, .size = sizeof(struct inner)
};
static const struct json_field inner_value = { .kind = JSON_OBJECT,
	.mandatory = true,
	.pointer = true,
	.sub = &inner_object,
	.offset = offsetof(struct inner_entry, value),
	.size = sizeof(struct inner) };
static const struct json_field number_item = { .codec = &json_uint, .size = 1, .mandatory = true };

#define OCTETS "application/octet-stream"

JSON_TABLE(outer_object, { JSON_V("number", json_uint, outer, number), .mandatory = true },
	{ JSON_V("flag", json_bool, outer, flag) }, { JSON_V("text", json_text, outer, text), .most = 16 },
	{ JSON_E("kind", kinds, outer, kind), .other = 3 },
	{ .key = "inner",
		.kind = JSON_OBJECT,
		.pointer = true,
		.sub = &inner_object,
		.offset = offsetof(struct outer, inner),
		.size = sizeof(struct inner) },
	{ JSON_ITEMS("items", inner_item, outer, items) },
	{ .key = "entries",
		.kind = JSON_MAP,
		.item = &inner_value,
		.offset = offsetof(struct outer, entries),
		.size = sizeof(struct inner_entry) },
	{ JSON_ITEMS("numbers", number_item, outer, numbers) },
	{ .key = "binary",
		.kind = JSON_BINARY,
		.text = "part",
		.text2 = OCTETS,
		.offset = offsetof(struct outer, binary) },
	{ .key = "second",
		.kind = JSON_BINARY,
		.text = "part",
		.text2 = OCTETS,
		.offset = offsetof(struct outer, second) },
	{ JSON_V("any", json_any, outer, any) },
	{ JSON_V("secret", json_text, outer, secret), .secret = true }, );
static const struct json_field outer_root = { .kind = JSON_OBJECT, .mandatory = true, .sub = &outer_object };

static uint8_t store[1 << 16];

/* What is read lies in `store`, until the next text. */
static enum json_cause decode(const char *text, struct outer *out, struct json_fault *fault)
{
	static struct json_parts parts = { .count = 1 };
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
	static const struct json_field any = { .codec = &json_any };
	struct json_fault fault;
	struct bytes out;
	struct arena a;
	bool ok;

	arena_init(&a, store, sizeof(store), 0);
	ok = json_decode(&any, text, &a, NULL, &out, &fault);
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
		"-", "1e", "1e+", "0x1", "NaN", "Infinity", "True", "tru", "nul", "trux", "nulx", "falsy",
		"trueish", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"",
		"\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\n\"", "'a'", "{}{}", "[] x", "\"\xff\"",
		"\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"", "// c\n1", "[1}",
		"{\"a\":1]", "\xef\xbb\xbf{}" };
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
		       "\"kind\":\"GREEN\",\"inner\":{\"level\":9},\"items\":[{\"level\":1,\"name\":\"x\"}],"
		       "\"entries\":{\"k\":{\"level\":2},\"gone\":null,\"\\u006c\":{\"level\":3}},"
		       "\"binary\":{\"contentId\":\"part\"},\"numbers\":[7,8],\"any\":\"a\\n\"}",
			&o, &fault),
		JSON_OK);
	assert_int_equal(o.number, 65535);
	assert_true(o.flag);
	assert_string_equal(o.text, "a\xc3\xa9\n");
	assert_int_equal(o.kind, 2);
	assert_int_equal(o.inner->level, 9);
	assert_null(o.inner->name);
	assert_int_equal(o.items.count, 1);
	assert_string_equal(o.items.items[0].name, "x");
	assert_int_equal(o.entries.count, 3);
	assert_string_equal(o.entries.entries[0].key, "k");
	assert_int_equal(o.entries.entries[0].value->level, 2);
	assert_string_equal(o.entries.entries[1].key, "gone");
	assert_null(o.entries.entries[1].value);
	assert_string_equal(o.entries.entries[2].key, "l");
	assert_int_equal(o.binary.len, 6);
	assert_int_equal(o.numbers.count, 2);
	assert_int_equal(o.numbers.items[1], 8);
	assert_true(bytes_equal(o.any, bytes_of_str("\"a\\n\"")));
	assert_int_equal(
		decode("{\"number\":0,\"flag\":null,\"items\":null,\"kind\":\"BLUE\"}", &o, &fault), JSON_OK);
	assert_int_equal(o.items.count, 0);
	assert_int_equal(o.kind, 3);
	assert_int_equal(decode("{\"\\u006eumber\":3,\"any\":[1,{}]}", &o, &fault), JSON_OK);
	assert_int_equal(o.number, 3);
	assert_true(bytes_equal(o.any, bytes_of_str("[1,{}]")));
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
		{ "{\"number\":1,\"text\":\"seventeen octets.\"}", JSON_OPTIONAL_INCORRECT, "/text" },
		{ "{\"number\":1,\"text\":\"a\\u0000\"}", JSON_OPTIONAL_INCORRECT, "/text" },
		{ "{\"number\":1,\"inner\":{}}", JSON_OPTIONAL_INCORRECT, "/inner/level" },
		{ "{\"number\":1,\"inner\":{\"level\":10}}", JSON_OPTIONAL_INCORRECT, "/inner/level" },
		{ "{\"number\":1,\"inner\":{\"level\":0}}", JSON_OPTIONAL_INCORRECT, "/inner/level" },
		{ "{\"number\":1,\"items\":[{\"level\":1},{\"level\":\"2\"}]}", JSON_OPTIONAL_INCORRECT,
			"/items/1/level" },
		{ "{\"number\":1,\"items\":[null]}", JSON_OPTIONAL_INCORRECT, "/items/0" },
		{ "{\"number\":1,\"entries\":{\"a\\u0000\":{\"level\":1}}}", JSON_OPTIONAL_INCORRECT,
			"/entries/a\\u0000" },
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
	const char *text = "{\"number\":1,\"text\":\"\\u00e9\",\"inner\":{\"level\":1},\"any\":[1],"
			   "\"entries\":{\"a\":{\"level\":1}},\"items\":[{\"level\":1,\"name\":\"n\"}]}";
	struct json_fault fault;
	struct outer o;
	struct arena a;
	bool ok = false;

	for (size_t size = 0; size < 2048; size += 8) {
		o = (struct outer){ 0 };
		arena_init(&a, store, size, 0);
		ok = json_decode(&outer_root, bytes_of_str(text), &a, NULL, &o, &fault);
		arena_fini(&a);
		if (!ok && fault.cause != JSON_NO_MEMORY)
			fail_msg("%zu octets: cause %d at %s", size, fault.cause, fault.path);
	}
	assert_true(ok);
}

/* A list may be as long as the arena has room for; what is longer is refused whole. */
static void long_list(void **state)
{
	static char text[20000];
	struct writer w = writer_of(text, sizeof(text));
	struct json_fault fault;
	struct outer o = { 0 };
	struct arena a;

	writer_put(&w, bytes_of_str("{\"number\":1,\"numbers\":[0"));
	for (unsigned i = 1; i < 9000; i++)
		writer_put(&w, bytes_of_str(",1"));
	writer_put(&w, bytes_of_str("]}"));
	assert_false(w.failed);
	arena_init(&a, NULL, 0, 1 << 20);
	assert_true(json_decode(&outer_root, writer_bytes(&w), &a, NULL, &o, &fault));
	assert_int_equal(o.numbers.count, 9000);
	assert_int_equal(o.numbers.items[8999], 1);
	arena_fini(&a);
	arena_init(&a, NULL, 0, 1 << 17);
	assert_false(json_decode(&outer_root, writer_bytes(&w), &a, NULL, &o, &fault));
	assert_int_equal(fault.cause, JSON_NO_MEMORY);
	arena_fini(&a);
}

static const struct inner inner_of_example = { 3, "n" };
static const struct inner items_of_example[] = { { 4, "z" }, { 5, NULL } };
static const struct inner_entry entries_of_example[] = { { "k", &items_of_example[0] }, { "gone", NULL } };
static const uint8_t numbers_of_example[] = { 1, 2, 3 };

static struct outer example(void)
{
	return (struct outer){ .number = 5,
		.text = "\"\\\x01\xc3\xa9",
		.kind = 1,
		.inner = &inner_of_example,
		.items = { 2, items_of_example },
		.entries = { 2, entries_of_example },
		.numbers = { 3, numbers_of_example },
		.binary = bytes_of_str("xyz"),
		.second = bytes_of_str("w"),
		.any = bytes_of_str("[null]"),
		.secret = "key" };
}

#define BEGINNING                                                                                            \
	"{\"number\":5,\"text\":\"\\\"\\\\\\u0001\xc3\xa9\",\"kind\":\"RED\","                               \
	"\"inner\":{\"level\":3,\"name\":\"n\"},\"items\":[{\"level\":4,\"name\":\"z\"},{\"level\":5}],"     \
	"\"entries\":{\"k\":{\"level\":4,\"name\":\"z\"},\"gone\":null},\"numbers\":[1,2,3],"

static void encoding(void **state)
{
	const char *expected =
		BEGINNING "\"binary\":{\"contentId\":\"part\"},\"second\":{\"contentId\":\"part-2\"},"
			  "\"any\":[null],\"secret\":\"key\"}";
	static struct json_parts parts;
	struct outer o = example();
	char buf[512];
	struct writer w = writer_of(buf, sizeof(buf));

	json_encode(&outer_root, &o, &parts, &w);
	assert_true(bytes_equal(writer_bytes(&w), bytes_of_str(expected)));
	assert_int_equal(parts.count, 2);
	assert_true(bytes_equal(parts.items[0].body, o.binary));
	assert_true(bytes_equal(parts.items[1].body, o.second));
	for (size_t cap = 0; cap < strlen(expected); cap++) {
		w = writer_of(buf, cap);
		json_encode(&outer_root, &o, &parts, &w);
		assert_true(w.failed);
	}
}

static void printing(void **state)
{
	struct outer o = example();
	char buf[1024];
	struct printer p;
	struct writer w = writer_of(buf, sizeof(buf) - 1);

	printer_init(&p, &w, PRINT_LINE, NULL);
	json_print(&outer_root, &o, &p);
	buf[w.len] = '\0';
	assert_string_equal(buf,
		"number=5 text=\"\\x22\\x5c\\x01\\xc3\\xa9\" kind=RED inner{level=3 name=\"n\"} "
		"items{0{level=4 "
		"name=\"z\"} 1{level=5}} entries{k{level=4 name=\"z\"} gone=null} numbers{0=1 1=2 2=3} "
		"binary=78797a second=77 any=\"[null]\" secret=***");
}

/* The copy holds the same, and still does when all that the original pointed to is gone. */
static void copying(void **state)
{
	struct outer first = example(), copy, second;
	struct arena a, b;

	arena_init(&a, NULL, 0, 1 << 20);
	arena_init(&b, NULL, 0, 1 << 20);
	copy = first;
	assert_true(json_copy(&outer_root, &a, &copy));
	assert_true(json_equal(&outer_root, &first, &copy));
	second = copy;
	assert_true(json_copy(&outer_root, &b, &second));
	arena_wipe(&a);
	arena_fini(&a);
	assert_true(json_equal(&outer_root, &first, &second));
	arena_fini(&b);
}

/* Every difference counts. */
static void unequal(void **state)
{
	struct outer o = example(), others[12];
	struct inner inner = { 3, "m" };
	struct inner_entry entries[2] = { { "k", &inner }, { "gone", NULL } };

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		others[i] = o;
	others[0].number = 6;
	others[1].flag = true;
	others[2].text = "x";
	others[3].kind = 2;
	others[4].inner = &inner;
	others[5].inner = NULL;
	others[6].items.count = 1;
	others[7].entries.entries = entries;
	others[8].numbers.items = (const uint8_t *)"\1\2\4";
	others[9].binary = bytes_of_str("xyw");
	others[10].any = BYTES_NONE;
	others[11].secret = NULL;
	assert_true(json_equal(&outer_root, &o, &o));
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(json_equal(&outer_root, &o, &others[i]));
}

/* The n-th allocation fails: no copy, and nothing lost. */
static void copy_exhaustion(void **state)
{
	bool ok = false;

	for (size_t size = 0; size < 1024; size += 8) {
		struct outer copy = example();
		struct arena a;

		arena_init(&a, store, size, 0);
		ok = json_copy(&outer_root, &a, &copy);
		arena_fini(&a);
	}
	assert_true(ok);
}

/* What cannot be encoded is refused: our bugs stay here. */
static void unsayable(void **state)
{
	static const struct inner zero, list[] = { { 10, NULL } };
	static const struct inner_entry entry = { "\xff", NULL };
	struct outer cases[] = {
		{ .kind = 4 },                             /* no such enum value */
		{ .inner = &zero },                        /* a level of 0 */
		{ .items = { 1, list } },                  /* one of 10 */
		{ .entries = { 1, &entry } },              /* a key that is not UTF-8 */
		{ .text = "\xff" },                        /* the same of a text */
		{ .text = "seventeen octets." },           /* too long */
		{ .binary = { (const uint8_t *)"x", 1 } }, /* and nowhere to put it */
	};
	char buf[512];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct writer w = writer_of(buf, sizeof(buf));

		json_encode(&outer_root, &cases[i], NULL, &w);
		assert_true(w.failed);
	}
}

struct either {
	const char *text;
	uint8_t level;
};

struct either_outer {
	struct either in_place;
	const struct either *pointed;
};

static const struct json_field either_fields[] = { { JSON_V("text", json_text, either, text) },
	{ JSON_V("level", json_uint, either, level) } };
static const struct json_object either_object = { either_fields, ARRAY_LEN(either_fields), true };
JSON_TABLE(either_outer_object,
	{ JSON_OBJ("inPlace", either_object, either_outer, in_place), .mandatory = true },
	{ .key = "pointed",
		.kind = JSON_OBJECT,
		.pointer = true,
		.sub = &either_object,
		.offset = offsetof(struct either_outer, pointed),
		.size = sizeof(struct either) }, );
static const struct json_field either_root = { .kind = JSON_OBJECT,
	.mandatory = true,
	.sub = &either_outer_object,
	.size = sizeof(struct either_outer) };

/* An object in whose place a string may stand: read, copied and written as what it was. */
static void object_or_text(void **state)
{
	static const char *const texts[] = { "{\"inPlace\":\"a\\\"b\"}", "{\"inPlace\":{\"level\":3}}",
		"{\"inPlace\":{\"level\":3},\"pointed\":\"x\"}",
		"{\"inPlace\":\"y\",\"pointed\":{\"level\":4}}" };
	static const char *const refused[] = { "{\"inPlace\":3}", "{\"inPlace\":[\"a\"]}",
		"{\"inPlace\":null}", "{\"inPlace\":true}", "{}" };
	struct json_fault fault;
	struct arena a;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct either_outer out = { 0 }, copy;
		uint8_t octets[128];
		struct writer w = writer_of(octets, sizeof(octets));

		arena_init(&a, store, sizeof(store), 0);
		assert_true(json_decode(&either_root, bytes_of_str(texts[i]), &a, NULL, &out, &fault));
		copy = out;
		assert_true(json_copy(&either_root, &a, &copy));
		assert_true(json_equal(&either_root, &out, &copy));
		json_encode(&either_root, &copy, NULL, &w);
		assert_true(bytes_equal(writer_bytes(&w), bytes_of_str(texts[i])));
	}
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct either_outer out = { 0 };

		arena_init(&a, store, sizeof(store), 0);
		assert_false(json_decode(&either_root, bytes_of_str(refused[i]), &a, NULL, &out, &fault));
	}
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
	/* what stands behind the text is none of it */
	assert_false(json_percent_read(bytes_of("%41", 2), &a, &out));
	assert_false(json_percent_read(bytes_of("%41", 1), &a, &out));
	assert_true(json_percent_read(bytes_of("%411", 3), &a, &out));
	assert_true(bytes_equal(out, bytes_of_str("A")));
	arena_fini(&a);
}

/* RFC 8259 7, RFC 3629 3: escapes become UTF-8, at each end of each length. */
static void escapes(void **state)
{
	static const struct {
		const char *json, *utf8;
	} cases[] = {
		{ "\\u0041", "A" },
		{ "\\u007f", "\x7f" },
		{ "\\u0080", "\xc2\x80" },
		{ "\\u07FF", "\xdf\xbf" },
		{ "\\u0800", "\xe0\xa0\x80" },
		{ "\\u20ac", "\xe2\x82\xac" },
		{ "\\uffff", "\xef\xbf\xbf" },
		{ "\\ud800\\udc00", "\xf0\x90\x80\x80" },
		{ "\\ud83d\\udce1", "\xf0\x9f\x93\xa1" },
		{ "\\uDBFF\\uDFFF", "\xf4\x8f\xbf\xbf" },
		{ "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t" },
	};
	struct json_fault fault;
	char text[64];
	struct outer o;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(text, sizeof(text), "{\"number\":1,\"text\":\"%s\"}", cases[i].json);
		assert_int_equal(decode(text, &o, &fault), JSON_OK);
		assert_string_equal(o.text, cases[i].utf8);
	}
}

/* Every text near a good one is read or refused; the sanitizers watch. */
static void damage(void **state)
{
	const char *text = "{\"number\":65535,\"text\":\"a\\u00e9\\ud83d\\udce1\",\"inner\":{\"level\":9,"
			   "\"name\":\"\xc3\xa9\"},"
			   "\"items\":[{\"level\":1}],\"entries\":{\"k\":{\"level\":2}},\"binary\":{"
			   "\"contentId\":\"part\"},\"any\":[7e1]}";
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grammar),
		cmocka_unit_test(depth),
		cmocka_unit_test(values),
		cmocka_unit_test(faults),
		cmocka_unit_test(exhaustion),
		cmocka_unit_test(long_list),
		cmocka_unit_test(encoding),
		cmocka_unit_test(printing),
		cmocka_unit_test(copying),
		cmocka_unit_test(copy_exhaustion),
		cmocka_unit_test(unequal),
		cmocka_unit_test(unsayable),
		cmocka_unit_test(object_or_text),
		cmocka_unit_test(percent),
		cmocka_unit_test(escapes),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
