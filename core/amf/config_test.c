/* The AMF's keys in network.yaml, each value to its edges. */
#include "base/test.h"

#include <string.h>

#include "core/amf/amf.h"

static struct amf_config config;

static bool reads(const char *line)
{
	char error[CONFIG_ERROR_SIZE];

	return config_load(&amf_config_section, "test", bytes_of_str(line), &config, sizeof(config), error);
}

static void all(bool good, const char *const *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (reads(lines[i]) != good)
			fail_msg("%s", lines[i]);
}

/* 24.501 5.5.1.2.5: causes that leave a phone as it should be left. */
static void test_causes(void **state)
{
	for (unsigned v = 0; v <= 256; v++) {
		char line[64];

		snprintf(line, sizeof(line), "cause_unknown: %u\n", v);
		assert_int_equal(
			reads(line), v == 3 || v == 6 || v == 7 || v == 11 || v == 15 || v == 22 || v == 27);
		assert_true(!reads(line) || config.cause_unknown == v);
		snprintf(line, sizeof(line), "cause_forbidden_area: %u\n", v);
		assert_int_equal(reads(line), v == 12 || v == 13 || v == 15);
		assert_true(!reads(line) || config.cause_forbidden_area == v);
		snprintf(line, sizeof(line), "cause_fault: %u\n", v);
		assert_int_equal(reads(line), v == 15 || v == 22);
		assert_true(!reads(line) || config.cause_fault == v);
	}
	assert_false(reads("cause_unknown: seven\n"));
	assert_true(reads("region: 1\n"));
	assert_true(
		config.cause_unknown == 7 && config.cause_forbidden_area == 15 && config.cause_fault == 22);
}

static void test_time_zone(void **state)
{
	static const char *const bad[] = { "time_zone: \"+5:45\"\n", "time_zone: \"05:45\"\n",
		"time_zone: \"+05:40\"\n", "time_zone: \"+15:00\"\n", "time_zone: \"+05-45\"\n",
		"time_zone: \"+05:60\"\n", "time_zone: \"+05:450\"\n", "time_zone: \"*05:45\"\n",
		"time_zone: \"+x5:45\"\n", "time_zone: \"+05:x5\"\n" };

	all(false, bad, ARRAY_LEN(bad));
	assert_true(reads("time_zone: \"+05:45\"\n"));
	assert_true(config.time_zone.known && config.time_zone.quarters == 23);
	assert_true(reads("time_zone: \"-14:15\"\n"));
	assert_int_equal(config.time_zone.quarters, -57);
	assert_true(reads("time_zone: \"-00:00\"\n"));
	assert_int_equal(config.time_zone.quarters, 0);
	assert_true(reads("region: 1\n"));
	assert_false(config.time_zone.known);
}

static void test_paging_priorities(void **state)
{
	static const char *const bad[] = { "paging_priorities: [ppi-8=1]\n", "paging_priorities: [ppi-1=0]\n",
		"paging_priorities: [ppi-1=9]\n", "paging_priorities: [ppi-=1]\n",
		"paging_priorities: [ppi-1]\n", "paging_priorities: [5qi-256=1]\n",
		"paging_priorities: [arp-1=1]\n", "paging_priorities: [p=1]\n",
		"paging_priorities: [ppi=1]\n", "paging_priorities: [ppi-1=x]\n" };

	all(false, bad, ARRAY_LEN(bad));
	assert_true(reads("paging_priorities: [ppi-7=1, 5qi-255=8, ppi-0=3]\n"));
	assert_int_equal(config.paging_priority_count, 3);
	assert_true(!config.paging_priorities[0].of_five_qi && config.paging_priorities[0].value == 7 &&
		    config.paging_priorities[0].priority == 1);
	assert_true(config.paging_priorities[1].of_five_qi && config.paging_priorities[1].value == 255 &&
		    config.paging_priorities[1].priority == 8);
}

static void test_emergency(void **state)
{
	static const char *const good[] = { "emergency: no\n", "emergency: valid\n",
		"emergency: authenticated\n", "emergency: all\n",
		"emergency_numbers: [\"1\", \"12345678\"]\n", "full_name: \"A\"\n" };
	static const char *const bad[] = { "emergency: some\n", "emergency_numbers: [\"123456789\"]\n",
		"emergency_numbers: [\"\"]\n", "emergency_numbers: [\"11a\"]\n", "full_name: \"\"\n",
		"full_name: \"1234567890123456789012345678901234567890123456789012345678901\"\n" };

	all(true, good, ARRAY_LEN(good));
	all(false, bad, ARRAY_LEN(bad));
	assert_true(reads("emergency: authenticated\nemergency_numbers: [\"12345678\"]\n"));
	assert_int_equal(config.emergency, AMF_EMERGENCY_AUTHENTICATED);
	assert_int_equal(config.emergency_number_count, 1);
}

/* Numbers: the least, the most, and one beyond either; and what holds without the key. */
static void test_numbers(void **state)
{
	static const struct {
		const char *key;
		unsigned long least, most;
	} numbers[] = { { "region", 0, 255 }, { "set", 0, 1023 }, { "pointer", 0, 63 },
		{ "capacity", 0, 255 }, { "reauthenticate_h", 0, 8760 }, { "daylight_saving_h", 0, 2 },
		{ "ng_setup_s", 1, 3600 }, { "overload_age_ms", 10, 60000 },
		{ "overload_cpu_percent", 1, 100 }, { "overload_backlog_ms", 10, 60000 },
		{ "ues_max", 1, AMF_UES_MAX }, { "t3513_ms", 100, 60000 }, { "paging_attempts", 1, 16 },
		{ "t3512_s", 0, 1116000 }, { "t3522_ms", 100, 60000 }, { "t3550_ms", 100, 60000 },
		{ "t3560_ms", 100, 60000 } };
	char line[64];

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		snprintf(line, sizeof(line), "%s: %lu\n", numbers[i].key, numbers[i].least);
		assert_true(reads(line));
		snprintf(line, sizeof(line), "%s: %lu\n", numbers[i].key, numbers[i].most);
		assert_true(reads(line));
		snprintf(line, sizeof(line), "%s: %lu\n", numbers[i].key, numbers[i].most + 1);
		assert_false(reads(line));
		snprintf(line, sizeof(line), "%s: %ld\n", numbers[i].key, (long)numbers[i].least - 1);
		assert_false(reads(line));
	}
	assert_true(reads("name: amf\n"));
	assert_true(config.guami.amf_region_id == 1 && config.guami.amf_set_id == 1 &&
		    config.guami.amf_pointer == 0);
	assert_true(
		config.relative_capacity == 255 && config.reauthenticate_h == 0 && config.ng_setup_s == 10);
	assert_true(config.overload_age_ms == 150 && config.overload_cpu_percent == 95 &&
		    config.overload_backlog_ms == 900);
	assert_true(config.t3513_ms == 2000 && config.paging_attempts == 4 && config.t3512_s == 3240);
	assert_true(config.t3522_ms == 6000 && config.t3550_ms == 6000 && config.t3560_ms == 6000);
	assert_true(config.ciphering_count == 3 && config.ciphering_order[0] == 2 &&
		    config.ciphering_order[1] == 1 && config.ciphering_order[2] == 3);
	assert_true(config.integrity_count == 3 && config.integrity_order[0] == 2);
	assert_true(!config.ims_voice && config.emergency == AMF_EMERGENCY_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_causes),
		cmocka_unit_test(test_time_zone),
		cmocka_unit_test(test_paging_priorities),
		cmocka_unit_test(test_emergency),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
