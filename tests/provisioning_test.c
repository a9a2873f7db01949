/* What an operator may subscribe: what this network serves, and addresses that are nobody else's. */
#include "base/test.h"

#include "base/text.h"
#include "tests/call_bed.h"

#define KEYS " k=00112233445566778899aabbccddeeff opc=00112233445566778899aabbccddeeff\n"

static void ask(struct call_bed *b, const char *request)
{
	b->control[0] = '\0';
	call_control(b, request);
	call_run(b);
}

static void test_refused_lines(void **state)
{
	static const struct {
		const char *line, *error;
	} lines[] = {
		{ "imsi=310410000000001",
			"imsi: 310410000000001 is not of this network, whose IMSIs begin with 00101" },
		{ "imsi=00101", "imsi: 00101 is not of this network, whose IMSIs begin with 00101" },
		{ "imsi=001010000000009 dnn=nosuch", "dnn: nosuch is in no slice of the network" },
		{ "imsi=001010000000009 dnn=internet dnn=nosuch",
			"dnn: nosuch is in no slice of the network" },
		{ "imsi=001010000000009 dnn=internet@7", "dnn: internet is not in slice 7 of the network" },
		{ "imsi=001010000000009 five_qi=1",
			"five_qi: 1 is of GBR flows; the default flow has a non-GBR one, like 9" },
		{ "imsi=001010000000009 five_qi=90",
			"five_qi: 90 is of GBR flows; the default flow has a non-GBR one, like 9" },
		{ "imsi=001010000000009 ip=10.46.0.5",
			"ip: 10.46.0.5 is in the pool of none of the subscriber's DNNs" },
		{ "imsi=001010000000009 ip=10.45.0.0", "ip: 10.45.0.0 is the network's own" },
		{ "imsi=001010000000009 ip=10.45.0.1", "ip: 10.45.0.1 is the gateway's" },
		{ "imsi=001010000000009 ip=10.45.255.255", "ip: 10.45.255.255 is broadcast" },
		{ "imsi=001010000000009 ip=10.45.0.5",
			"ip: 10.45.0.5 is the static address of imsi-001010000000008" },
	};
	struct call_bed *b = *state;
	char text[256];

	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 dnn=INTERNET ip=10.45.0.5 five_qi=91" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		snprintf(text, sizeof(text), "subscriber add\n%s" KEYS, lines[i].line);
		ask(b, text);
		snprintf(text, sizeof(text), "error\nline 1: %s\n", lines[i].error);
		assert_string_equal(b->control, text);
	}
}

/* Keys have the lengths of their algorithm, of which each is known by the name in its row. */
static void test_refused_keys(void **state)
{
	static const struct {
		const char *keys, *answer;
	} lines[] = {
		{ "algorithm=mystery k=00 opc=00", "error\nline 1: algorithm: expected " AKA_ALG_NAMES "\n" },
		{ "k=001122 opc=00112233445566778899aabbccddeeff",
			"error\nline 1: k of 6 and opc of 32 hexadecimal digits are not those of "
			"milenage\n" },
		{ "algorithm=tuak k=00112233445566778899aabbccddeeff op=00112233445566778899aabbccddeeff",
			"error\nline 1: k of 32 and op of 32 hexadecimal digits are not those of tuak\n" },
		{ "algorithm=tuak k=00112233445566778899aabbccddeeff op="
		  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
			"ok\n1 added\n" },
	};
	struct call_bed *b = *state;
	char text[256];

	call_start(b);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		snprintf(text, sizeof(text), "subscriber add\nimsi=001010000000008 %s\n", lines[i].keys);
		ask(b, text);
		assert_string_equal(b->control, lines[i].answer);
	}
	ask(b, "subscriber list\n");
	assert_non_null(strstr(b->control, "001010000000008 tuak "));
}

/* As many DNNs in a slice as a network may have; one more is refused, not left out. */
static void test_many_dnns(void **state)
{
	struct call_bed *b = *state;
	struct smf_config *c = &b->core_config.smf;
	char text[1024];
	struct writer w = writer_of(text, sizeof(text));

	for (uint8_t i = 1; i <= DNN_PER_SLICE_MAX; i++) {
		c->dnns[i] = c->dnns[0];
		snprintf(c->dnns[i].dnn, DNN_STR_SIZE, "net%u", i);
		c->dnns[i].pool.ip += (uint32_t)i << 16;
	}
	c->dnn_count = DNN_PER_SLICE_MAX + 1;
	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008" KEYS);
	assert_string_equal(b->control, "error\nline 1: dnn: at most 16 in a slice\n");
	text_put(&w, "subscriber add\nimsi=001010000000008");
	for (uint8_t i = 1; i <= DNN_PER_SLICE_MAX; i++)
		text_put(&w, " dnn=net%u", i);
	text_put(&w, " ip=10.61.0.9" KEYS);
	writer_u8(&w, 0);
	ask(b, text);
	assert_string_equal(b->control, "ok\n1 added\n");
}

/* An address is its owner's until the owner goes, or gets another. */
static void test_address_passes_on(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 ip=10.45.0.5" KEYS);
	ask(b, "subscriber add\nimsi=001010000000008 ip=10.45.0.6" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
	ask(b, "subscriber add\nimsi=001010000000009 ip=10.45.0.5" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
	ask(b, "subscriber add\nimsi=001010000000007 ip=10.45.0.6" KEYS);
	assert_string_equal(
		b->control, "error\nline 1: ip: 10.45.0.6 is the static address of imsi-001010000000008\n");
	ask(b, "subscriber remove\n001010000000008");
	ask(b, "subscriber add\nimsi=001010000000007 ip=10.45.0.6" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
	call_core_restart(b);
	ask(b, "subscriber add\nimsi=001010000000008 ip=10.45.0.6" KEYS);
	assert_string_equal(
		b->control, "error\nline 1: ip: 10.45.0.6 is the static address of imsi-001010000000007\n");
	/* Within one batch too, of which nothing stays. */
	ask(b, "subscriber add\nimsi=001010000000001 ip=10.45.0.9" KEYS
	       "imsi=001010000000002 ip=10.45.0.9" KEYS);
	assert_string_equal(
		b->control, "error\nline 2: ip: 10.45.0.9 is the static address of imsi-001010000000001\n");
	ask(b, "subscriber add\nimsi=001010000000002 ip=10.45.0.9" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
}

/* The line of subscriber n, with a static address. */
static void subscribe_with(struct call_bed *b, unsigned n, const char *ip)
{
	char text[256];
	struct writer w = writer_of(text, sizeof(text) - 1);

	call_subscriber_line(n, &w);
	assert_false(w.failed);
	text[w.len - 1] = '\0'; /* the end of the line */
	w.len--;
	text_put(&w, " ip=%s\n", ip);
	text[w.len] = '\0';
	ask(b, text);
	assert_string_equal(b->control, "ok\n1 added\n");
}

static uint32_t address_of(struct call_bed *b, unsigned n, struct ue **ue)
{
	struct ue_session_info info;

	*ue = call_ue(b, n);
	assert_true(ue_register(*ue));
	call_run(b);
	assert_true(call_state(*ue).registered);
	call_pass(b, 2000);
	assert_true(ue_session_info(*ue, 1, &info));
	return info.ipv4;
}

/* No pool gives what is static, whoever comes first. */
static void test_static_is_not_given(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue[3];

	b->upf_on = b->profile.auto_session = true;
	call_start(b);
	subscribe_with(b, 1, "10.45.0.3");
	call_subscribe(b, 2);
	call_subscribe(b, 3);
	call_pass(b, 1000);
	assert_int_equal(address_of(b, 2, &ue[0]), 0x0a2d0002);
	assert_int_equal(address_of(b, 3, &ue[1]), 0x0a2d0004);
	assert_int_equal(address_of(b, 1, &ue[2]), 0x0a2d0003);
}

/* A session that has had the address since before it became static makes way for the owner. */
static void test_static_is_reclaimed(void **state)
{
	struct call_bed *b = *state;
	struct ue *other, *owner;
	struct ue_session_info info;

	b->upf_on = b->profile.auto_session = true;
	call_start(b);
	call_subscribe(b, 2);
	call_pass(b, 1000);
	assert_int_equal(address_of(b, 2, &other), 0x0a2d0002);
	subscribe_with(b, 1, "10.45.0.2");
	owner = call_ue(b, 1);
	assert_true(ue_register(owner));
	call_pass(b, 5000);
	for (unsigned i = 0; i < 20 && !(ue_session_info(owner, 1, &info) && info.active); i++) {
		ue_session_establish(owner, NULL, NULL);
		call_pass(b, 5000);
	}
	assert_true(ue_session_info(owner, 1, &info) && info.active);
	assert_int_equal(info.ipv4, 0x0a2d0002);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, call_setup, call_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_refused_lines), TEST(test_refused_keys),
		TEST(test_many_dnns), TEST(test_address_passes_on), TEST(test_static_is_not_given),
		TEST(test_static_is_reclaimed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
