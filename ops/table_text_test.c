#include "base/test.h"

#include <stdlib.h>

#include "base/table.h"
#include "ops/table_text.h"

static const struct table_column columns[] = {
	{ "name", TABLE_TEXT, "" },
	{ "octets", TABLE_NUMBER, "" },
	{ "since", TABLE_TIME, "" },
};
static const struct table table = { "things", "", columns, ARRAY_LEN(columns) };

static struct table_text t;

static void put_row(struct writer *w, const char *name, uint64_t octets, uint64_t since)
{
	struct table_row r = table_row_begin(&table, w);

	table_text(&r, name);
	table_number(&r, octets);
	table_time(&r, since);
	table_row_end(&r);
}

/* Two pages as a core sends them. */
static void fill(void)
{
	static const struct {
		const char *name;
		uint64_t octets, since;
	} rows[] = { { "beta", 9, 0 }, { "a\tl\nfa", 10, 1000000000 }, { "say \"x\", y", 9, 1 } };

	t = (struct table_text){ 0 };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint8_t page[256];
		struct writer w = writer_of(page, sizeof(page));

		table_head(&table, &w);
		writer_u8(&w, '\n');
		put_row(&w, rows[i].name, rows[i].octets, rows[i].since);
		assert_false(w.failed);
		assert_true(table_text_add(&t, writer_bytes(&w)));
	}
	assert_int_equal(t.row_count, 3);
}

static char *printed(enum table_format format, const int *chosen, size_t count)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	assert_non_null(f);
	table_text_print(&t, format, chosen, count, f);
	fclose(f);
	return out;
}

static void check(enum table_format format, const int *chosen, size_t count, const char *expected)
{
	char *out = printed(format, chosen, count);

	assert_string_equal(out, expected);
	free(out);
}

static void test_formats(void **state)
{
	static const int all[] = { 0, 1, 2 }, some[] = { 1, 0 };

	fill();
	/* What would break the lines of a terminal is no part of a cell. */
	check(TABLE_AS_TEXT, all, 3,
		"name        octets  since\n"
		"beta        9       -\n"
		"a?l?fa      10      2001-09-09T01:46:40Z\n"
		"say \"x\", y  9       1970-01-01T00:00:01Z\n");
	check(TABLE_AS_JSON, all, 3,
		"[{\"name\":\"beta\",\"octets\":9,\"since\":null},\n"
		"{\"name\":\"a?l?fa\",\"octets\":10,\"since\":\"2001-09-09T01:46:40Z\"},\n"
		"{\"name\":\"say \\\"x\\\", y\",\"octets\":9,\"since\":\"1970-01-01T00:00:01Z\"}]\n");
	check(TABLE_AS_CSV, some, 2, "octets,name\r\n9,beta\r\n10,a?l?fa\r\n9,\"say \"\"x\"\", y\"\r\n");
	table_text_fini(&t);
}

static void test_sort_and_filter(void **state)
{
	static const int name[] = { 0 };

	fill();
	assert_int_equal(table_text_column(&t, "octets", 6), 1);
	assert_int_equal(table_text_column(&t, "octet", 5), -1);
	table_text_sort(&t, 1, true); /* as numbers: 10 before 9; equal ones as they came */
	check(TABLE_AS_CSV, name, 1, "name\r\na?l?fa\r\nbeta\r\n\"say \"\"x\"\", y\"\r\n");
	table_text_sort(&t, 0, false);
	check(TABLE_AS_CSV, name, 1, "name\r\na?l?fa\r\nbeta\r\n\"say \"\"x\"\", y\"\r\n");
	table_text_sort(&t, 0, true);
	check(TABLE_AS_CSV, name, 1, "name\r\n\"say \"\"x\"\", y\"\r\nbeta\r\na?l?fa\r\n");
	table_text_filter(&t, 0, "*a");
	check(TABLE_AS_CSV, name, 1, "name\r\nbeta\r\na?l?fa\r\n");
	table_text_filter(&t, 1, "10");
	check(TABLE_AS_CSV, name, 1, "name\r\na?l?fa\r\n");
	table_text_filter(&t, 1, "9");
	check(TABLE_AS_JSON, name, 1, "[]\n");
	table_text_fini(&t);
}

/* A page that is none is refused, whatever it is; nothing is read beyond it. */
static void test_no_table(void **state)
{
	static const char *const pages[] = { "name", "\n", "a:s\tb\n", "a:s\tb:n\nx\n", "a:s\nx\ty\n" };

	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		t = (struct table_text){ 0 };
		assert_false(table_text_add(&t, bytes_of_str(pages[i])));
		table_text_fini(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_sort_and_filter),
		cmocka_unit_test(test_no_table),
	};

	return cmocka_run_group_tests_name("ops/table_text", tests, NULL, NULL);
}
