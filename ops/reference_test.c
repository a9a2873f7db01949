/* The reference has every key, and the example is a configuration. */
#include "ops/reference.h"

#include <stdlib.h>

#include "base/test.h"
#include "ops/network.h"

static struct network n;

static void load_example(const struct reference_value *values, size_t count)
{
	char error[CONFIG_ERROR_SIZE], *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	reference_example(&network_section, values, count, f);
	assert_int_equal(fclose(f), 0);
	if (!network_load("example", bytes_of(text, len), &n, error))
		fail_msg("%s", error);
	free(text);
}

static void test_example(void **state)
{
	load_example(network_example, network_example_count);
	assert_int_equal(n.dnn_count, 1);
	assert_string_equal(n.dnns[0].name, "internet");
	assert_int_equal(n.core.amf_count, 1);
	assert_int_equal(n.upf_count, 1);
	assert_int_equal(addr_v4(&n.upfs[0].config.n3_address), 0x7f000002);
}

/* The section around the key stands in the example. */
static bool stands(const struct config_entry *e)
{
	size_t len = strlen(e->path) - strlen(e->key) - (e->list ? 2 : 0);

	for (size_t i = 0; i < network_example_count; i++)
		if (strncmp(network_example[i].path, e->path, len) == 0)
			return true;
	return false;
}

static bool is_given(const struct config_entry *e)
{
	for (size_t i = 0; i < network_example_count; i++)
		if (strcmp(network_example[i].path, e->path) == 0)
			return true;
	return false;
}

static void with_default(void *arg, const struct config_entry *e)
{
	struct reference_value values[32];
	size_t count = network_example_count;

	assert_true(count < ARRAY_LEN(values));
	if (e->section || e->list || !e->otherwise[0] || !stands(e) || is_given(e))
		return;
	memcpy(values, network_example, count * sizeof(values[0]));
	values[count++] = (struct reference_value){ e->path, e->otherwise };
	load_example(values, count);
	++*(unsigned *)arg;
}

/* Each key that is a comment may be one no longer: its default is read where it stands. */
static void test_example_comments(void **state)
{
	unsigned tried = 0;

	config_reference(&network_section, with_default, &tried);
	assert_true(tried > 30);
}

struct count {
	const char *text;
	unsigned keys;
};

static void is_in(void *arg, const struct config_entry *e)
{
	struct count *c = arg;
	char line[256];

	snprintf(line, sizeof(line), "\n%s\n%s%s%s", e->path, e->expected[0] ? "    " : "", e->expected,
		e->expected[0] ? "\n" : "");
	if (!strstr(c->text, line))
		fail_msg("%s is not in the reference", e->path);
	c->keys++;
}

static void test_reference(void **state)
{
	struct count c = { 0 };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	fputc('\n', f);
	reference_print(&network_section, f);
	assert_int_equal(fclose(f), 0);
	c.text = text;
	config_reference(&network_section, is_in, &c);
	assert_true(c.keys > 100);
	assert_non_null(strstr(text, "\nlog_level\n    error, warn, info or debug\n    lines to log\n"
				     "    default: info\n    a change is taken: live, by SIGHUP\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_example_comments),
		cmocka_unit_test(test_reference),
	};

	return cmocka_run_group_tests_name("ops/reference", tests, NULL, NULL);
}
