/* network.yaml broken in every way: never a crash, and each refusal has file, line and key. */
#include "base/test.h"

#include <ctype.h>

#include "ops/network.h"

static const char whole[] = "plmn: \"00101\"\n"
			    "tacs: [1, 2]\n"
			    "slices: [1, 2-00000a]\n"
			    "dnns:\n"
			    "  - {name: internet, pool: 10.45.0.0/16, dns: [10.45.0.1], mtu: 1400}\n"
			    "  - {name: ims, pool: 10.46.0.0/16}\n"
			    "core:\n"
			    "  n4_address: 127.0.0.1\n"
			    "  amfs: [{name: east, set: 1, n2_address: 192.0.2.1}]\n"
			    "  home_network_keys:\n"
			    "    - {id: 1, profile: A, private_key: "
			    "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f}\n"
			    "upfs: [{n4_address: 127.0.0.2, n3_address: 192.0.2.1, nat: true}]\n"
			    "gnbs:\n"
			    "  - name: hill\n"
			    "    id: 77\n"
			    "    n3_address: 192.0.2.32\n"
			    "    ciphering: [nea2, nea1]\n"
			    "    cells: [{id: 7, tac: 2, air_address: 192.0.2.32}]\n"
			    "ues:\n"
			    "  - imsi: \"001010000000001\"\n"
			    "    k: 000102030405060708090a0b0c0d0e0f\n"
			    "    opc: 000102030405060708090a0b0c0d0e0f\n"
			    "    profile: \"null\"\n"
			    "    gnb: hill\n"
			    "air:\n"
			    "  gnb: {receive_port: 3000}\n"
			    "  ues: [{snr_db: -3.5, profile: tdl-a, delay_spread_ns: 30}, {cfo_hz: -200}]\n";

enum { LEN = sizeof(whole) - 1, SIZE = LEN + 128 };

static struct network n; /* too large for a stack */
static unsigned taken, refused;

/* "f:LINE: KEY: why", or "f:LINE: not YAML: why", of a line that the text has. */
static bool is_well_said(const char *error, struct bytes text)
{
	size_t lines = 1, line;
	char *end;

	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n';
	if (strncmp(error, "f:", 2) != 0 || !isdigit((unsigned char)error[2]))
		return false;
	line = strtoul(error + 2, &end, 10);
	if (line < 1 || line > lines || strncmp(end, ": ", 2) != 0)
		return false;
	end += 2;
	return strcmp(end, "the file is empty") == 0 || (strstr(end, ": ") && strstr(end, ": ") > end);
}

static void try_text(const void *octets, size_t len)
{
	struct bytes text = bytes_of(octets, len);
	char error[CONFIG_ERROR_SIZE] = "";

	if (network_load("f", text, &n, error)) {
		taken++;
		return;
	}
	refused++;
	if (!is_well_said(error, text))
		fail_msg("\"%s\" of:\n%.*s", error, (int)len, (const char *)octets);
}

static void test_whole(void **state)
{
	taken = refused = 0;
	try_text(whole, LEN);
	assert_int_equal(taken, 1);
}

static void test_cut(void **state)
{
	taken = refused = 0;
	for (size_t i = 0; i < LEN; i++)
		try_text(whole, i);
	assert_true(refused > LEN / 2);
}

/* Each octet in turn becomes each of these. */
static void test_octets(void **state)
{
	static const char other[] = "\0\n\t :-[{}]\"'#&*!|9z\x80\xff";
	char text[SIZE];

	taken = refused = 0;
	for (size_t i = 0; i < LEN; i++) {
		for (size_t k = 0; k < sizeof(other) - 1; k += 1 + (i + k) % 5) {
			memcpy(text, whole, LEN);
			text[i] = other[k];
			try_text(text, LEN);
		}
	}
	assert_true(taken > 0 && refused > LEN);
}

/* Octets that are no text at all have a line too. */
static void test_not_text(void **state)
{
	char text[SIZE], error[CONFIG_ERROR_SIZE], expected[16];
	size_t line = 1;

	for (size_t i = 0; i < LEN; i++) {
		memcpy(text, whole, LEN);
		text[i] = (char)0xff;
		assert_false(network_load("f", bytes_of(text, LEN), &n, error));
		snprintf(expected, sizeof(expected), "f:%zu: ", line);
		if (strncmp(error, expected, strlen(expected)) != 0)
			fail_msg("%s in line %zu", error, line);
		line += whole[i] == '\n';
	}
}

/* Each line is left out, or stands there twice. */
static void test_lines(void **state)
{
	size_t begin = 0;

	taken = refused = 0;
	while (begin < LEN) {
		size_t len = (size_t)(strchr(whole + begin, '\n') + 1 - (whole + begin));
		char text[2 * SIZE];

		memcpy(text, whole, begin);
		memcpy(text + begin, whole + begin + len, LEN - begin - len);
		try_text(text, LEN - len);
		memcpy(text, whole, begin + len);
		memcpy(text + begin + len, whole + begin, LEN - begin);
		try_text(text, LEN + len);
		begin += len;
	}
	assert_true(refused > 20);
}

/* Each word of a value becomes each of these. */
static void test_values(void **state)
{
	static const char *const other[] = { "", "-1", "18446744073709551616", "0x1", "~", "[]", "{}",
		"[[[]]]", "{a: {b: [c]}}", "256.1.1.1", "10.0.0.0/33", "::1", "\"\"", "*a", "&a x", "!!int x",
		"yes", "-",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
	char text[SIZE];

	taken = refused = 0;
	for (size_t i = 0; i < LEN; i++) {
		size_t end = i;

		while (end < LEN && !strchr(" ,[]{}\n:", whole[end]))
			end++;
		for (size_t k = 0; end > i && k < ARRAY_LEN(other); k++) {
			size_t len = strlen(other[k]);

			memcpy(text, whole, i);
			memcpy(text + i, other[k], len);
			memcpy(text + i + len, whole + end, LEN - end);
			try_text(text, i + len + LEN - end);
		}
		i = end;
	}
	assert_true(taken > 0 && refused > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_octets),
		cmocka_unit_test(test_not_text),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests_name("ops/network_sweep", tests, NULL, NULL);
}
