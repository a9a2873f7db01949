/* What the PCF keeps is read by later versions: tags, types and keys never change. Every field has a value of
 * its own. */
#include "core/pcf/internal.h"

#include <string.h>

#include "base/text.h"
#include "core/nf/nf_bed.h"

static struct nf_bed bed;
static struct pcf *pcf;

static int setup(void **state)
{
	static struct pcf_config config;

	nf_bed_init(&bed);
	config.plmn = bed.plmn;
	pcf = pcf_new(&config, &bed.t.env, bed.bus);
	return pcf ? 0 : -1;
}

static int teardown(void **state)
{
	pcf_free(pcf);
	nf_bed_fini(&bed);
	return 0;
}

static bool keep(void *arg, struct bytes key, struct bytes value)
{
	char *text = arg;
	struct writer w = writer_of(text, 2048);

	text_hex(&w, key);
	text_put(&w, " ");
	test_record_text(value, (const uint8_t[]){ 0 }, text + w.len, 2048 - w.len);
	return true;
}

static void test_association(void **state)
{
	static const char form[] =
		"00000eb28b0f401f05 1:303031303130303030303030303031 2:05 3:0b 4:64 5:0c 6:0d 7:63 8:73 "
		"9:"
		"005d01000166020001010300010e0400010905000110060001020700010108000101090001110a0001120b000113"
		"0c0001"
		"140d0001020e0001010f00010110000a0008010001740200010111000115120001161300011714000101150001"
		"18 10:01 11:01 12:1a 13:1b 14:08 15:1c 16:03 17:01 18:01 19:1d 20:1e 21:1f ";
	char text[2048];
	struct pcf_association again, a = { .supi = bed.supi,
		.pdu_session_id = 5,
		.instance = 11,
		.dnn = "d",
		.snssai = { 12, 13 },
		.callback = "c",
		.smf = "s",
		.has_ambr = true,
		.has_qos = true,
		.ambr = { 26, 27 },
		.qos = { .five_qi = 8, .priority_level = 28, .arp = { 3, true, true } },
		.ipv4.low = 29,
		.ipv6.high = 30,
		.applications = 31,
		.flow_count = 1,
		.flows = { { .name = "f",
			.origin = PCF_FROM_CONFIGURATION,
			.precedence = 14,
			.five_qi = 9,
			.priority_level = 16,
			.arp = { 2, true, true },
			.gbr = { 17, 18 },
			.mbr = { 19, 20 },
			.status = 2,
			.notify = true,
			.reflective = true,
			.application = 21,
			.component = 22,
			.sub = 23,
			.own_rate = true,
			.usage_threshold = 24,
			.filter_count = 1,
			.filters = { { "t", 1 } } } } };

	assert_true(pcf_association_put(pcf, &a));
	assert_true(store_scan(bed.t.env.store, STORE_PCF_POLICY, keep, text));
	assert_string_equal(text, form);
	assert_true(pcf_association_of(pcf, &bed.supi, 5, &again));
	assert_memory_equal(&again.flows[0].filters, &a.flows[0].filters, sizeof(a.flows[0].filters));
	assert_true(pcf_flow_same(&again.flows[0], &a.flows[0]));
	again.flows[0].usage_threshold++;
	assert_false(pcf_flow_same(&again.flows[0], &a.flows[0]));
}

static void test_application(void **state)
{
	static const char form[] =
		"00000eb28b0f401f0503 1:303031303130303030303030303031 2:05 3:03 4:0b 5:0c "
		"6:61 7:63 8:65 9:0d 10:0e ";
	char text[2048];
	struct pcf_application a = { .supi = bed.supi,
		.pdu_session_id = 5,
		.number = 3,
		.instance = 11,
		.events = 12,
		.af = "a",
		.callback = "c",
		.events_callback = "e",
		.usage_threshold = 13,
		.used = 14 };

	assert_true(pcf_application_put(pcf, &a));
	assert_true(store_scan(bed.t.env.store, STORE_PCF_APPLICATION, keep, text));
	assert_string_equal(text, form);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = { TEST(test_association), TEST(test_application) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
