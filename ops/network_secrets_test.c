/* Keys of a text become tags and keys again, wherever they are moved to; nothing else of it changes. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "ops/network_secrets.h"

#define K   "465b5ce8b199b49faa5f0a2ee238a6bc"
#define OPC "e8ed289deba952e4283b54e88e6183ca"

static const char text[] =
	"# Größe, 大きさ: characters are no octets\r\n"
	"plmn: \"00101\"\n"
	"core: {home_network_keys: [{id: 1, profile: A, private_key: \"" OPC OPC "\"}]} # ü\n"
	"ues:\n"
	"  - {imsi: \"001010000000001\", k: " K ", opc: '" OPC "'}\n"
	"  - {imsi: \"001010000000002\", k: \"" OPC "\"} # "
	"é\n";

static struct writer masked_of(const char *of, char *out, size_t cap, char error[CONFIG_ERROR_SIZE])
{
	struct writer w = writer_of(out, cap - 1);

	if (!network_mask("f", bytes_of_str(of), &w, error))
		fail_msg("%s", error);
	out[w.len] = '\0';
	return w;
}

static void keys_go_and_come(void **state)
{
	char masked[1024], back[1024], error[CONFIG_ERROR_SIZE];
	struct writer m = masked_of(text, masked, sizeof(masked), error),
		      w = writer_of(back, sizeof(back) - 1);

	assert_true(m.len > 0);
	assert_null(strstr(masked, K));
	assert_null(strstr(masked, OPC));
	assert_non_null(strstr(masked, "# ü\n") && strstr(masked, "# é\n") ? masked : NULL);
	assert_true(network_unmask("f", writer_bytes(&m), bytes_of_str(text), &w, error));
	back[w.len] = '\0';
	assert_non_null(strstr(back, "k: '" K "', opc: '" OPC "'}\n"));
	assert_non_null(strstr(back, "private_key: '" OPC OPC "'}]} # ü\n"));
}

/* An alias of a key, or a key that is an alias, shows none. */
static void aliases_show_nothing(void **state)
{
	static const char file[] = "tacs: [&a " K "]\nues: [{k: *a, opc: &b " OPC "}, {opc: *b}]\n";
	char masked[512], error[CONFIG_ERROR_SIZE];

	masked_of(file, masked, sizeof(masked), error);
	assert_null(strstr(masked, K));
	assert_null(strstr(masked, OPC));
}

/* A UE that is removed takes its own keys with it, and nobody else's. */
static void tags_move(void **state)
{
	static const char file[] = "ues:\n- {k: 01}\n- {k: 02}\n- {k: 03, opc: 04}\n";
	char masked[512], back[512], error[CONFIG_ERROR_SIZE];
	struct writer m = masked_of(file, masked, sizeof(masked), error),
		      w = writer_of(back, sizeof(back) - 1);
	char *second = strstr(masked, "- {k"), *third;

	second = strstr(second + 1, "- {k");
	third = strstr(second + 1, "- {k");
	assert_true(m.len > 0 && third);
	memmove(second, third, strlen(third) + 1);
	assert_true(network_unmask("f", bytes_of_str(masked), bytes_of_str(file), &w, error));
	back[w.len] = '\0';
	assert_string_equal(back, "ues:\n- {k: '01'}\n- {k: '03', opc: '04'}\n");
}

static void strangers_are_refused(void **state)
{
	static const struct {
		const char *file, *error;
	} cases[] = {
		{ "a: [", "f:1: not YAML" },
		{ "ues:\n- k: '***010203040506'\n", "f:2: the file has no key ***010203040506 any more" },
		{ "ues: [{k: [1]}]", "no plain value" },
	};
	char error[CONFIG_ERROR_SIZE], out[512];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct writer w = writer_of(out, sizeof(out));

		assert_false(network_unmask(
			"f", bytes_of_str(cases[i].file), bytes_of_str("ues: [{k: 01}]"), &w, error));
		assert_non_null(strstr(error, cases[i].error));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_go_and_come),
		cmocka_unit_test(aliases_show_nothing),
		cmocka_unit_test(tags_move),
		cmocka_unit_test(strangers_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
