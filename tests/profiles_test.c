/* Profiles of subscribers: what may be one, whom it changes and how far it goes, also past a restart. */
#include "base/test.h"

#include <string.h>

#include "base/text.h"
#include "core/internal.h"
#include "tests/call_bed.h"

#define KEYS    " k=00112233445566778899aabbccddeeff opc=00112233445566778899aabbccddeeff"
#define RANGE   "error\nip_pool: expected an IPv4 prefix of 8 to 30 bits\n"
#define NAME    "error\nexpected a name of at most 31 letters, digits, and -_.\n"
#define NO_NAME "error\nexpected the name of a profile\n"

static const char *ask(struct call_bed *b, const char *request)
{
	b->control[0] = '\0';
	call_control(b, request);
	call_run(b);
	return b->control;
}

static void expect(struct call_bed *b, const char *request, const char *answer)
{
	if (strcmp(ask(b, request), answer) != 0)
		fail_msg("\"%s\" is answered \"%s\"", request, b->control);
}

static bool shows(struct call_bed *b, unsigned n, const char *word)
{
	char text[64];

	snprintf(text, sizeof(text), "subscriber show\n001010000000%03u", n);
	return strstr(ask(b, text), word) != NULL;
}

static void test_what_may_be_one(void **state)
{
	static const struct {
		const char *request, *answer;
	} list[] = {
		{ "profile set\ngold\nambr_uplink=1Mbps ambr_downlink=2Mbps", "ok\n" },
		{ "profile set\ngold\n  ambr_uplink=3Mbps ambr_downlink=4Mbps  dnn=internet ", "ok\n" },
		{ "profile set\nA-b_c.9\ndnn=internet", "ok\n" },
		{ "profile set\na234567890123456789012345678901\ndnn=internet", "ok\n" },
		{ "profile set\na2345678901234567890123456789012\ndnn=internet", NO_NAME },
		{ "profile set\n\ndnn=internet", NO_NAME },
		{ "profile set\nno ne\ndnn=internet", NAME },
		{ "profile set\nnone\ndnn=internet", NAME },
		{ "profile set\ngold", "error\nexpected KEY=VALUE..., 1023 octets at most\n" },
		{ "profile set\ngold\nimsi=001010000000001", "error\nimsi: it is a subscriber's own\n" },
		{ "profile set\ngold\nk=00112233445566778899aabbccddeeff",
			"error\nk: it is a subscriber's own\n" },
		{ "profile set\ngold\ndnn=internet sqn=1", "error\nsqn: it is a subscriber's own\n" },
		{ "profile set\ngold\nip=10.45.0.9", "error\nip: it is a subscriber's own\n" },
		{ "profile set\ngold\nip_pool=", RANGE },
		{ "profile set\ngold\nip_pool=10.45.0.0/31", RANGE },
		{ "profile set\ngold\nip_pool=10.0.0.0/7", RANGE },
		{ "profile set\ngold\nip_pool=10.45.0.0", RANGE },
		{ "profile set\ngold\nip_pool=1234567890123456789012345678901234567890123456789/24", RANGE },
		{ "profile set\ngold\ndnn=internet ip_pool=10.45.1.0/30", "ok\n" },
		{ "profile remove\n", NO_NAME },
		{ "profile remove\nsilver", "error\nthere is no profile silver (freehold profiles)\n" },
		{ "profile remove\ngold", "ok\n" },
		{ "profile remove\ngold", "error\nthere is no profile gold (freehold profiles)\n" },
	};
	struct call_bed *b = *state;

	call_start(b);
	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		expect(b, list[i].request, list[i].answer);
	ask(b, "profile set\ngold\nnonsense");
	assert_memory_equal(b->control, "error\n", 6);
}

static void test_how_many(void **state)
{
	struct call_bed *b = *state;
	char text[64];

	call_start(b);
	for (unsigned i = 0; i < CORE_PROFILES_MAX; i++) {
		snprintf(text, sizeof(text), "profile set\np%u\ndnn=internet", i);
		expect(b, text, "ok\n");
	}
	expect(b, "profile set\nmore\ndnn=internet", "error\nthere are 64 profiles already\n");
	expect(b, "profile set\np7\ndnn=internet", "ok\n"); /* it is there */
	expect(b, "profile remove\np7", "ok\n");
	expect(b, "profile set\nmore\ndnn=internet", "ok\n");
}

/* A change goes round, a few at a time; those without it, or with another, are left alone. */
static void test_goes_round(void **state)
{
	enum { MANY = 2 * CORE_PROFILE_BATCH + 3 };
	struct call_bed *b = *state;
	struct core_profile p = { .pending = false };
	struct bytes value;
	char text[256];

	call_start(b);
	expect(b, "profile set\ngold\nambr_uplink=1Mbps ambr_downlink=2Mbps", "ok\n");
	expect(b, "profile set\niron\nambr_uplink=3Mbps ambr_downlink=3Mbps", "ok\n");
	for (unsigned n = 1; n <= MANY; n++) {
		snprintf(text, sizeof(text), "subscriber add\nimsi=001010000000%03u%s%s", n, KEYS,
			n == 2          ? " profile=iron"
			: n == MANY - 1 ? ""
					: " profile=gold");
		expect(b, text, "ok\n1 added\n");
	}
	assert_true(shows(b, 1, "ambr_uplink=1000000bps ambr_downlink=2000000bps") &&
		    shows(b, 2, "ambr_uplink=3000000bps ambr_downlink=3000000bps"));
	expect(b, "profile set\ngold\nambr_uplink=5Mbps ambr_downlink=6Mbps", "ok\n");
	call_pass(b, 10 * CORE_PROFILE_PAUSE_MS + 1000);
	assert_true(shows(b, 1, "ambr_uplink=5000000bps ambr_downlink=6000000bps") &&
		    shows(b, 2, "ambr_uplink=3000000bps ambr_downlink=3000000bps"));
	assert_true(shows(b, CORE_PROFILE_BATCH, "ambr_uplink=5000000bps ambr_downlink=6000000bps"));
	assert_true(shows(b, CORE_PROFILE_BATCH + 1, "ambr_uplink=5000000bps ambr_downlink=6000000bps"));
	assert_true(shows(b, MANY, "ambr_uplink=5000000bps ambr_downlink=6000000bps") &&
		    !shows(b, MANY - 1, "5000000bps"));
	assert_true(store_get(b->core->env->store, STORE_PROFILE, bytes_of_str("gold"), &value));
	assert_true(record_decode(&core_profile_def, value, &p));
	assert_false(p.pending);
	expect(b, "profile set\ngold\nambr_uplink=7Mbps ambr_downlink=8Mbps", "ok\n");
	call_core_restart(b); /* at once: it goes round all the same */
	call_pass(b, 10 * CORE_PROFILE_PAUSE_MS + 1000);
	assert_true(shows(b, 1, "ambr_uplink=7000000bps ambr_downlink=8000000bps") &&
		    shows(b, MANY, "ambr_uplink=7000000bps ambr_downlink=8000000bps"));
}

/* Addresses of a range: each its own, neither the first two nor the last, and whoever has one keeps it. */
static void test_addresses(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	expect(b, "profile set\nfixed\ndnn=internet ip_pool=10.45.7.0/29", "ok\n");
	for (unsigned n = 1; n <= 6; n++) {
		char text[256], ip[32];

		snprintf(text, sizeof(text),
			"subscriber add\nimsi=001010000000%03u%s dnn=internet profile=fixed", n, KEYS);
		snprintf(ip, sizeof(ip), "ip=10.45.7.%u", n + 1);
		if (n <= 5) {
			expect(b, text, "ok\n1 added\n");
			assert_true(shows(b, n, ip));
		} else {
			expect(b, text, "error\nline 1: profile: ip_pool: no address of it is left\n");
		}
	}
	expect(b,
		"profile set\nfixed\ndnn=internet ip_pool=10.45.7.0/29 ambr_uplink=1Mbps ambr_downlink=1Mbps",
		"ok\n");
	call_pass(b, 10 * CORE_PROFILE_PAUSE_MS + 1000);
	assert_true(shows(b, 1, "ip=10.45.7.2") && shows(b, 5, "ip=10.45.7.6") &&
		    shows(b, 3, "ambr_uplink=1000000bps"));
	expect(b, "subscriber add\nimsi=001010000000009" KEYS " profile=nosuch",
		"error\nline 1: profile: there is no such profile (freehold profiles)\n");
}

/* The form in the store, which later versions read; that of events likewise. */
static void test_stored_forms(void **state)
{
	static const struct core_profile profile = { .line = "l", .changed_ms = 11, .pending = true };
	static const struct event event = { .number = 12,
		.utc_ms = 13,
		.supi = { .imsi = "001" },
		.claimed = true,
		.kind = 14,
		.reason = 15,
		.cause_of = 16,
		.cause = 17,
		.pdu_session_id = 18,
		.snssai = { 19, 20 },
		.dnn = "d",
		.gnb = "g",
		.nci = 21,
		.tac = 22 };
	uint8_t octets[512];
	struct writer w = writer_of(octets, sizeof(octets));
	char text[512];

	assert_true(record_encode(&core_profile_def, &profile, &w));
	test_record_text(writer_bytes(&w), (const uint8_t[]){ 0 }, text, sizeof(text));
	assert_string_equal(text, "1:6c 2:0b 3:01 ");
	w = writer_of(octets, sizeof(octets));
	assert_true(record_encode(&event_def, &event, &w));
	test_record_text(writer_bytes(&w), (const uint8_t[]){ 0 }, text, sizeof(text));
	assert_string_equal(text,
		"1:0c 2:0d 3:303031 4:01 5:0e 6:0f 7:10 8:11 9:12 10:13 11:14 12:64 13:67 40:15 41:16 ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, call_setup, call_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_may_be_one),
		TEST(test_how_many),
		TEST(test_goes_round),
		TEST(test_addresses),
		TEST(test_stored_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
