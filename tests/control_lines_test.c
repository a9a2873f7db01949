/* The core's control port, request by request: what is answered, to the last octet of a request. */
#include "base/test.h"

#include <string.h>

#include "base/text.h"
#include "core/internal.h"
#include "tests/call_bed.h"

#define IMSI1      "001010000000001"
#define IMSI9      "001010000000009"
#define KEYS       " k=00112233445566778899aabbccddeeff opc=00112233445566778899aabbccddeeff"
#define LINE9      "imsi=" IMSI9 KEYS
#define NO_IMSI    "error\nexpected an IMSI: 5 to 15 digits\n"
#define NO_ALARM   "error\nexpected the id of an alarm (freehold alarms)\n"
#define NO_REPORT  "error\nexpected a kind, an object, a severity and a detail, with tabs between\n"
#define NO_TRACE   "error\nexpected collector=ADDRESS and depth=minimum, medium or maximum\n"
#define NO_AREA    "error\narea: expected up to 16 tracking areas with follow\n"
#define NO_PLMNS   "error\nplmns: expected up to 16, as in 00101:nr+eutra,00102 (nr, eutra, utra, gsm)\n"
#define NO_WARNING "expected id, serial, text, repeat, count or area with its value\n"

static const char *ask(struct call_bed *b, const char *request)
{
	b->control[0] = '\0';
	call_control(b, request);
	call_run(b);
	return b->control;
}

struct exchange {
	const char *request, *answer;
};

static void all(struct call_bed *b, const struct exchange *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(ask(b, list[i].request), list[i].answer) != 0)
			fail_msg("\"%s\" is answered \"%s\"", list[i].request, b->control);
}

/* Each begins with "ok", or, negated, with "error". */
static void each(struct call_bed *b, bool good, const char *const *requests, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(ask(b, requests[i]), good ? "ok\n" : "error\n", good ? 3 : 6) != 0)
			fail_msg("\"%s\" is answered \"%s\"", requests[i], b->control);
}

/* A network with subscriber 1 on the air. */
static struct call_bed *with_ue(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	call_subscribe(b, 1);
	ue_register(call_ue(b, 1));
	call_pass(b, 2000);
	assert_int_equal(core_amf_numbers(b->core).registered, 1);
	return b;
}

static void test_subscribers(void **state)
{
	static const struct exchange list[] = {
		{ "nonsense", "error\nunknown command\n" },
		{ "", "error\nunknown command\n" },
		{ "subscriber add\n" LINE9 "\n\n\nx", "error\nline 4: expected key=value, got \"x\"\n" },
		{ "subscriber show\n" IMSI9, "error\nthere is no subscriber " IMSI9 "\n" },
		{ "subscriber check\n" LINE9, "ok\n1 good\n" },
		{ "subscriber show\n" IMSI9, "error\nthere is no subscriber " IMSI9 "\n" },
		{ "subscriber add\n\n" LINE9 " sqn=77\n", "ok\n1 added\n" },
		{ "subscriber add\n", "ok\n0 added\n" },
		{ "subscriber list\n" IMSI1, "ok\n" IMSI9 " milenage 1 slices\n" },
		{ "subscriber list\n0010", NO_IMSI },
		{ "subscriber export\n0010", NO_IMSI },
		{ "subscriber set\n" IMSI9 "\nx", "error\nexpected key=value, got \"x\"\n" },
		{ "subscriber set\n" IMSI9 "\nsqn=78", "ok\nchanged\n" },
		{ "subscriber room\n", "error\nexpected a number of octets\n" },
		{ "subscriber room\n1000", "ok\n" },
		{ "subscriber room\n9223372036854775808", "error\nexpected a number of octets\n" },
		{ "subscriber remove\n" IMSI9, "ok\nremoved\n" },
		{ "subscriber remove\n" IMSI9, "error\nthere is no subscriber " IMSI9 "\n" },
		{ "deregister\n" IMSI9, "error\nimsi-" IMSI9 " is not registered\n" },
		{ "deregister\n12345678901234567890123456789012", NO_IMSI },
		{ "deregister\n0010100000000011", NO_IMSI },
		{ "reauthenticate\n" IMSI9, "error\nimsi-" IMSI9 " is not registered\n" },
		{ "reauthenticate\nx", NO_IMSI },
		{ "relocate\n" IMSI1 "\n1", "error\nimsi-" IMSI1 " has no PDU session 1\n" },
		{ "relocate\n" IMSI1 "\n16", "error\nexpected a PDU session identity\n" },
		{ "relocate\n" IMSI1 "\n15", "error\nimsi-" IMSI1 " has no PDU session 15\n" },
		{ "relocate\nx\n1", NO_IMSI },
		{ "drain\nnone", "error\nthere is no UPF \"none\" (freehold upfs)\n" },
		{ "undrain\nnone", "error\nthere is no UPF \"none\" (freehold upfs)\n" },
		{ "checkpoint\n", "error\nexpected a token\n" },
		{ "checkpoint\nx", "ok\n" },
		{ "reauthenticate\n" IMSI1, "ok\n" },
		{ "deregister\n" IMSI1, "ok\n" },
	};
	char token[16 + CORE_CHECKPOINT_TOKEN_MAX] = "checkpoint\n";
	struct call_bed *b = with_ue(state);

	all(b, list, ARRAY_LEN(list));
	memset(token + 11, 't', CORE_CHECKPOINT_TOKEN_MAX);
	assert_string_equal(ask(b, token), "ok\n");
	token[11 + CORE_CHECKPOINT_TOKEN_MAX] = 't';
	assert_string_equal(ask(b, token), "error\nexpected a token\n");
}

/* The SQN and the keys are those of whom is asked for, and the keys go to who asks for them alone. */
static void test_shown(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	ask(b, "subscriber add\n" LINE9 " sqn=77");
	ask(b, "subscriber show\n" IMSI9);
	assert_non_null(strstr(b->control, "imsi=" IMSI9));
	assert_non_null(strstr(b->control, " sqn=77"));
	assert_null(strstr(b->control, "aabbccddeeff"));
	ask(b, "subscriber export");
	assert_non_null(strstr(b->control, "imsi=" IMSI9));
	assert_null(strstr(b->control, "aabbccddeeff"));
	ask(b, "subscriber export keys");
	assert_non_null(strstr(b->control, "k=00112233445566778899aabbccddeeff"));
	assert_non_null(strstr(b->control, " sqn=77"));
	assert_string_equal(ask(b, "subscriber export\n" IMSI9), "ok\n");
}

static void test_alarms(void **state)
{
	static const struct exchange list[] = {
		{ "alarm report", "ok\n" },
		{ "alarm report\nx", NO_REPORT },
		{ "alarm report\ndisk\tcore.store\tmajor\tnearly full\nx", NO_REPORT },
		{ "alarm report\ndisk\tcore.store\tcleared\tnearly full", NO_REPORT },
		{ "alarm report\ndisk\t\tmajor\tnearly full", NO_REPORT },
		{ "alarm report\nwater\tcore.store\tmajor\tnearly full", NO_REPORT },
		{ "alarm report\ndisk\tcore.store\tmajors\tnearly full", NO_REPORT },
		{ "alarm report\ndisk\tdisk\tcritical\tfull\ncertificate\tcert\tminor\t10 days", "ok\n" },
		{ "alarm acknowledge\n", NO_ALARM },
		{ "alarm acknowledge\nx", NO_ALARM },
		{ "alarm acknowledge\n99", "error\nthere is no alarm 99 (freehold alarms)\n" },
		{ "alarm acknowledge\n1", "ok\n" },
		{ "alarm acknowledge\n2\nanna", "ok\n" },
		{ "alarm clear\n", NO_ALARM },
		{ "alarm clear\n1", "error\nalarm 1 is none of a gNB that is away: others are cleared when "
				    "they are over\n" },
	};
	static const struct {
		enum alarm_kind kind;
		enum alarm_severity severity;
		const char *object, *detail, *by;
	} alarms[] = { { ALARM_DISK, ALARM_MAJOR, "core.store", "nearly full", "uid 33" },
		{ ALARM_DISK, ALARM_CRITICAL, "disk", "full", "anna" },
		{ ALARM_CERTIFICATE, ALARM_MINOR, "cert", "10 days", "" } };
	char user[32 + ALARM_USER_SIZE] = "alarm acknowledge\n3\n";
	struct call_bed *b = *state;
	size_t head = strlen(user);

	call_start(b);
	b->control_uid = 33;
	all(b, list, ARRAY_LEN(list));
	for (size_t i = 0; i < ARRAY_LEN(alarms); i++) {
		const struct core_alarm *a = &b->core->alarms.list[i];

		assert_int_equal(a->id, i + 1);
		assert_int_equal(a->kind, alarms[i].kind);
		assert_int_equal(a->severity, alarms[i].severity);
		assert_string_equal(a->object, alarms[i].object);
		assert_string_equal(a->detail, alarms[i].detail);
		assert_string_equal(a->acknowledged_by, alarms[i].by);
	}
	memset(user + head, 'u', ALARM_USER_SIZE);
	assert_string_equal(ask(b, user), NO_ALARM);
	user[head + ALARM_USER_SIZE - 1] = '\0';
	assert_string_equal(ask(b, user), "ok\n");
	assert_string_equal(b->core->alarms.list[2].acknowledged_by, user + head);
}

/* The longest object and detail that an alarm has room for, and one octet more. */
static void test_long_reports(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	for (int more = 0; more <= 1; more++) {
		char text[1024];
		struct writer w = writer_of((uint8_t *)text, sizeof(text));

		text_put(&w, "alarm report\ndisk\t%0*d\tminor\tx%c", ALARM_OBJECT_SIZE - 1 + more, 0, 0);
		assert_string_equal(ask(b, text), more ? NO_REPORT : "ok\n");
		w = writer_of((uint8_t *)text, sizeof(text));
		text_put(&w, "alarm report\ndisk\td\tminor\t%0*d%c", ALARM_DETAIL_SIZE - 1 + more, 0, 0);
		assert_string_equal(ask(b, text), more ? NO_REPORT : "ok\n");
	}
}

static void test_locate(void **state)
{
	static const char *const good[] = { "locate\n" IMSI1 "\nlast", "locate\n" IMSI1 "\nnow",
		"locate\n" IMSI1 "\npage", "locate\n" IMSI1 "\nfollow", "locate\n" IMSI1 "\nfollow\narea=1",
		"locate\n" IMSI1 "\nfollow\narea=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16777215",
		"locate\n" IMSI1 "\nstop", "ran-trace\n" IMSI1 "\nstart\ncollector=192.0.2.1",
		"ran-trace\n" IMSI1 "\nstart\ncollector=2001:db8::1\n\ndepth=maximum",
		"ran-trace\n" IMSI1 "\nstop" };
	static const struct exchange bad[] = {
		{ "locate\n" IMSI9 "\nlast", "error\nimsi-" IMSI9 " is not registered\n" },
		{ "locate\nx\nlast", NO_IMSI },
		{ "locate\n" IMSI1 "\nhere", "error\nexpected last, now, page, follow or stop\n" },
		{ "locate\n" IMSI1, "error\nexpected last, now, page, follow or stop\n" },
		{ "locate\n" IMSI1 "\nlast\narea=1", NO_AREA },
		{ "locate\n" IMSI1 "\nfollow\narea=", NO_AREA },
		{ "locate\n" IMSI1 "\nfollow\narea=1,", NO_AREA },
		{ "locate\n" IMSI1 "\nfollow\narea=16777216", NO_AREA },
		{ "locate\n" IMSI1 "\nfollow\narea=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", NO_AREA },
		{ "ran-trace\nx\nstop", NO_IMSI },
		{ "ran-trace\n" IMSI9 "\nstop", "error\nimsi-" IMSI9 " is not registered\n" },
		{ "ran-trace\n" IMSI1, "error\nexpected start or stop\n" },
		{ "ran-trace\n" IMSI1 "\nstart", "error\nexpected collector=ADDRESS\n" },
		{ "ran-trace\n" IMSI1 "\nstart\ndepth=medium", "error\nexpected collector=ADDRESS\n" },
		{ "ran-trace\n" IMSI1 "\nstart\ncollector=nowhere", NO_TRACE },
		{ "ran-trace\n" IMSI1 "\nstart\ncollector=192.0.2.1\ndepth=deep", NO_TRACE },
		{ "ran-trace\n" IMSI1 "\nstart\ncollector=192.0.2.1\nx", NO_TRACE },
	};
	struct call_bed *b = with_ue(state);

	all(b, bad, ARRAY_LEN(bad));
	each(b, true, good, ARRAY_LEN(good));
	ask(b, "locate\n" IMSI1 "\nlast");
	assert_non_null(strstr(b->control, " tac=1 age_s="));
	assert_non_null(strstr(b->control, " connection=connected awaited=no followed=no\n"));
	ask(b, "locate\n" IMSI1 "\nfollow");
	ask(b, "locate\n" IMSI1 "\nlast");
	assert_non_null(strstr(b->control, " followed=yes\n"));
}

static void test_updates(void **state)
{
	static const struct exchange list[] = {
		{ "update\nx", NO_IMSI },
		{ "update\n" IMSI9, "error\nthere is no subscriber " IMSI9 "\n" },
		{ "update\n" IMSI1, "ok\nnothing is pending\n" },
		{ "update\n" IMSI1 "\ncancel", "error\nnothing is pending for imsi-" IMSI1 "\n" },
		{ "update\n" IMSI1 "\nagain", "error\nnothing is pending for imsi-" IMSI1 "\n" },
		{ "update\n" IMSI1 "\nregister", "error\nexpected slices=, routing= or both\n" },
		{ "update\n" IMSI1 "\nrouting=12\nx",
			"error\nexpected slices=, routing=, register, again or cancel\n" },
		{ "steer\n" IMSI1 "\nplmns=", "error\nexpected plmns=, no-change, again or cancel\n" },
		{ "steer\n" IMSI1 "\nplmns=0010", NO_PLMNS },
		{ "steer\n" IMSI1 "\nplmns=00101:", NO_PLMNS },
		{ "steer\n" IMSI1 "\nplmns=00101:nr+", NO_PLMNS },
		{ "steer\n" IMSI1 "\nplmns=00101:wifi", NO_PLMNS },
		{ "steer\n" IMSI1 "\nplmns=00101,", NO_PLMNS },
		{ "steer\n" IMSI1 "\nx", "error\nexpected plmns=, no-change, again or cancel\n" },
		{ "steer\n" IMSI9 "\nno-change", "error\nthere is no subscriber " IMSI9 "\n" },
	};
	char many[256];
	struct writer w = writer_of((uint8_t *)many, sizeof(many));
	struct call_bed *b = *state;

	call_start(b);
	call_subscribe(b, 1);
	all(b, list, ARRAY_LEN(list));
	assert_string_equal(ask(b, "steer\n" IMSI1 "\nplmns=00101:gsm+utra,310410,00102:eutra+nr"), "ok\n");
	assert_string_equal(
		ask(b, "steer\n" IMSI1), "ok\npending plmns=00101:utra+gsm,310410:nr,00102:nr+eutra\n");
	assert_string_equal(ask(b, "steer\n" IMSI1 "\nagain"), "ok\n");
	assert_string_equal(ask(b, "steer\n" IMSI1 "\ncancel"), "ok\n");
	assert_string_equal(ask(b, "steer\n" IMSI1), "ok\nnothing is pending\n");
	assert_string_equal(ask(b, "steer\n" IMSI1 "\nno-change"), "ok\n");
	assert_string_equal(ask(b, "steer\n" IMSI1), "ok\npending no-change\n");
	text_put(&w, "steer\n" IMSI1 "\nplmns=00101");
	for (int i = 1; i < NAS_STEERING_MAX; i++)
		text_put(&w, ",00101");
	many[w.len] = '\0';
	assert_string_equal(ask(b, many), "ok\n");
	text_put(&w, ",00101%c", 0);
	assert_string_equal(ask(b, many), NO_PLMNS);
	assert_string_equal(ask(b, "update\n" IMSI1 "\nslices=1,2-0000ab\nrouting=1234\nregister"), "ok\n");
	ask(b, "update\n" IMSI1);
	assert_non_null(strstr(b->control, " routing=1234 register\n"));
}

static void test_warnings(void **state)
{
	static const struct exchange list[] = {
		{ "warning send\nid=4370\ntext=x", "error\nexpected id and serial, 0 to 65535\n" },
		{ "warning send\nserial=1\ntext=x", "error\nexpected id and serial, 0 to 65535\n" },
		{ "warning send\nid=65536", "error\nid=65536: " NO_WARNING },
		{ "warning send\nrepeat=0", "error\nrepeat=0: " NO_WARNING },
		{ "warning send\ncount=65536", "error\ncount=65536: " NO_WARNING },
		{ "warning send\narea=1,x", "error\narea=1,x: " NO_WARNING },
		{ "warning send\nid=4370\nserial=1\nx", "error\nx: " NO_WARNING },
		{ "warning send\nx234567890123456789012345678901234567890123",
			"error\nx234567890123456789012345678901234567890: " NO_WARNING },
		{ "warning cancel\nid=4370\nserial=1", "error\nthere is no such warning\n" },
		{ "warning send\nid=4370\nserial=1\n\nrepeat=65535\ncount=65535\narea=1\ntext=Storm",
			"ok\n" },
		{ "warning cancel\nid=4370\nserial=2", "error\nthere is no such warning\n" },
		{ "warning cancel\nid=4370\nserial=1", "ok\n" },
	};
	struct call_bed *b = *state;

	call_start(b);
	call_pass(b, 2000);
	all(b, list, ARRAY_LEN(list));
}

/* What a plan says line by line; the lines after it find nothing kept. */
static void test_plan(void **state)
{
	static const struct exchange list[] = {
		{ "subscriber add\n" LINE9 " dnn=internet ip=10.45.0.5", "ok\n1 added\n" },
		{ "subscriber plan\n" LINE9 " dnn=internet ip=10.45.0.5", "ok\n1\tsame\t" IMSI9 "\t\n" },
		{ "subscriber plan\nimsi=001010000000008" KEYS " ip=10.45.0.5\nimsi=001010000000008" KEYS
		  "\nx",
			"ok\n1\trefuse\t001010000000008\tip: 10.45.0.5 is the static address of imsi-" IMSI9
			"\n2\tadd\t001010000000008\t\n3\trefuse\t\texpected key=value, got \"x\"\n" },
		{ "subscriber show\n001010000000008", "error\nthere is no subscriber 001010000000008\n" },
	};
	struct call_bed *b = *state;

	call_start(b);
	all(b, list, ARRAY_LEN(list));
	ask(b, "subscriber plan\nimsi=" IMSI9 " dnn=internet ip=10.45.0.6 k=ff112233445566778899aabbccddeeff"
	       " opc=00112233445566778899aabbccddeeff");
	assert_non_null(strstr(b->control, "ok\n1\tchange\t" IMSI9 "\tkeys "));
	assert_non_null(strstr(b->control, "ip=10.45.0.6"));
	assert_non_null(strstr(b->control, " -"));
}

static unsigned count_of(const char *from, const char *to, char c)
{
	unsigned n = 0;

	for (; from < to; from++)
		n += *from == c;
	return n;
}

/* The rows of a page, each of as many columns as its head; so many rows, or -1 for any number. */
static void expect_page(struct call_bed *b, const char *name, const char *place, int rows)
{
	char text[64];
	const char *head, *line, *end;
	int n = 0;

	snprintf(text, sizeof(text), "table\n%s\n%s", name, place);
	ask(b, text);
	assert_memory_equal(b->control, "ok\n", 3);
	head = strchr(b->control + 3, '\n') + 1;
	end = strchr(head, '\n');
	for (line = end + 1; *line; line = strchr(line, '\n') + 1, n++) {
		assert_non_null(strchr(line, '\n'));
		assert_int_equal(count_of(line, strchr(line, '\n'), '\t'), count_of(head, end, '\t'));
	}
	if (rows >= 0 && n != rows)
		fail_msg("%s: %d rows", name, n);
}

static void test_tables(void **state)
{
	static const struct exchange wrong[] = {
		{ "table\nnone", "error\nthere is no such table\n" },
		{ "table\nues\nx", "error\nexpected a place in the table\n" },
		{ "table\nues\n-1", "error\nexpected a place in the table\n" },
	};
	struct call_bed *b = with_ue(state);

	ask(b, "alarm report\ndisk\tcore.store\tmajor\tnearly full\ncertificate\tcert\tminor\t10 days");
	ask(b, "profile set\ngold\ndnn=internet");
	ask(b, "warning send\nid=4370\nserial=1\ntext=Storm");
	ask(b, "subscriber add\n" LINE9);
	all(b, wrong, ARRAY_LEN(wrong));
	expect_page(b, "alarms", "", 2);
	expect_page(b, "profiles", "", 1);
	expect_page(b, "warnings", "", 1);
	expect_page(b, "subscribers", "", 2);
	expect_page(b, "subscribers", "\n0009", 1);
	expect_page(b, "ues", "", 1);
	expect_page(b, "gnbs", "", 1);
	expect_page(b, "upfs", "", 1);
	expect_page(b, "sessions", "", -1);
	expect_page(b, "flows", "", -1);
	expect_page(b, "events", "", -1);
	expect_page(b, "alarms", "1", 1);
	for (size_t i = 0; core_table(i); i++)
		expect_page(b, core_table(i)->name, "4294967295", -1);
}

#define FILTER  "\nfilter=permit out 17 from 192.0.2.7 5060 to "
#define NO_WORD "error\napplication: expected words like media=audio\n"
#define NO_IP   "error\nthe subscriber has no such session of IP\n"
#define NO_APP  "error\nthere is no such application session (any more)\n"
#define NO_MEDIA                                                                                             \
	"error\nfilter and media are needed; audio and video need bandwidth, of which least is a part\n"
#define NO_FLOW "error\nno session of the subscriber has a flow of that name\n"

/* One session, and what its PCF and SMF make of operators' flows. */
static struct call_bed *with_session(void **state)
{
	struct call_bed *b = *state;

	b->profile.auto_session = true;
	with_ue(state);
	assert_int_equal(core_amf_numbers(b->core).sessions, 1);
	return b;
}

/* As the UE has them. */
static int flows_of(struct call_bed *b)
{
	struct ue_session_info s;

	assert_true(ue_session_info(ue_at(b->ues, 0), 1, &s));
	return __builtin_popcountll(s.flows);
}

static void test_flows(void **state)
{
	static const struct exchange list[] = {
		{ "flow add\nx", NO_IMSI },
		{ "flow add\n" IMSI9 "\nname=a" FILTER "assigned",
			"error\n5qi: expected a 5QI from 1 to 254\n" },
		{ "flow add\n" IMSI1, "error\nfilter: expected at least one\n" },
		{ "flow add\n" IMSI1 "\nx", "error\nflow: expected words like 5qi=1\n" },
		{ "flow add\n" IMSI1 "\nname=voice\n5qi=2" FILTER "assigned",
			"error\ngbr: expected a rate: the 5QI is of the GBR type\n" },
		{ "flow delete\n" IMSI1 "\nname=voice", NO_FLOW },
		{ "flow add\n" IMSI1 "\n\nname=voice\n5qi=7" FILTER "assigned", "ok\nflow voice\n" },
		{ "flow delete\nx\nname=voice", NO_IMSI },
		{ "flow delete\n" IMSI1, "error\nname: expected the name of the flow\n" },
		{ "flow delete\n" IMSI1 "\nx", "error\nflow: expected words like 5qi=1\n" },
		{ "flow delete\n" IMSI1 "\nname=voices", NO_FLOW },
	};
	struct call_bed *b = with_session(state);

	all(b, list, ARRAY_LEN(list));
	call_pass(b, 1000);
	assert_int_equal(flows_of(b), 2);
	assert_string_equal(ask(b, "flow delete\n" IMSI1 "\n\nname=voice"), "ok\nflow voice\n");
	call_pass(b, 1000);
	assert_int_equal(flows_of(b), 1);
	assert_string_equal(ask(b, "flow delete\n" IMSI1 "\nname=voice"), NO_FLOW);
	assert_true(core_flow(
		b->core, true, &(struct supi){ IMSI1 }, bytes_of_str("name=data\n5qi=7" FILTER "assigned")));
	assert_false(core_flow(b->core, true, &(struct supi){ IMSI1 }, bytes_of_str("name=data\nx")));
	assert_false(core_flow(b->core, false, &(struct supi){ IMSI1 }, bytes_of_str("name=date")));
	assert_true(core_flow(b->core, false, &(struct supi){ IMSI1 }, bytes_of_str("name=data")));
}

static void test_applications(void **state)
{
	static const struct exchange list[] = {
		{ "application add\nx", NO_IMSI },
		{ "application add\n" IMSI9 "\nmedia=audio", NO_IP },
		{ "application add\n" IMSI1 "\nsession=2\nmedia=data" FILTER "assigned", NO_IP },
		{ "application add\n" IMSI1 "\nx", NO_WORD },
		{ "application add\n" IMSI1 "\nmedia=smell",
			"error\nmedia: expected audio, video, data, application, control, text, message or "
			"other\n" },
		{ "application add\n" IMSI1 "\nmedia=audio", NO_MEDIA },
		{ "application add\n" IMSI1 "\nmedia=audio\nbandwidth=64Kbps" FILTER "10.9.9.9",
			"error\nfilter: the address after \"to\" must be the UE's own, \"assigned\" or "
			"\"any\"\n" },
		{ "application change\n", NO_APP },
		{ "application change\nnone\ngate=closed", NO_APP },
		{ "application change\nnone\nx", NO_WORD },
		{ "application delete\n", NO_APP },
		{ "application delete\nnone", NO_APP },
	};
	static const char head[] = "ok\napplication app-" IMSI1 "-1-1-";
	char name[64], request[128];
	struct call_bed *b = with_session(state);

	all(b, list, ARRAY_LEN(list));
	ask(b, "application add\n" IMSI1 "\n\nmedia=audio\nbandwidth=64Kbps" FILTER "assigned");
	assert_memory_equal(b->control, head, sizeof(head) - 1);
	str_copy(name, sizeof(name), b->control + strlen("ok\napplication "));
	name[strcspn(name, "\n")] = '\0';
	call_pass(b, 1000);
	assert_int_equal(flows_of(b), 2);
	snprintf(request, sizeof(request), "application change\n%s\n\ngate=closed", name);
	assert_memory_equal(ask(b, request), head, sizeof(head) - 1);
	snprintf(request, sizeof(request), "application delete\n%s", name);
	assert_memory_equal(ask(b, request), head, sizeof(head) - 1);
	call_pass(b, 1000);
	assert_int_equal(flows_of(b), 1);
	assert_string_equal(ask(b, request), NO_APP);
	name[0] = '\0';
	assert_int_equal(core_application(b->core, &(struct supi){ IMSI9 }, name, false,
				 bytes_of_str("media=data" FILTER "assigned")),
		SBI_PDU_SESSION_NOT_AVAILABLE);
	assert_int_equal(core_application(b->core, &(struct supi){ IMSI1 }, name, false, bytes_of_str("x")),
		SBI_INVALID_SERVICE_INFORMATION);
}

/* Pages of all signalling: who may have them, of what age, and from which message on. */
static void test_keeping(void **state)
{
	struct call_bed *b = *state;
	unsigned long long next, lost, again;
	char request[64], nothing[64];

	b->core_config.trace_ring_mib = 1;
	b->core_config.trace_user_count = 1;
	b->core_config.trace_users[0] = 33;
	with_ue(state);
	b->control_uid = 34;
	assert_string_equal(ask(b, "trace keep\n"),
		"error\nuser 34 may not trace subscribers: name it in "
		"core.trace_users of network.yaml and restart the core\n");
	b->control_uid = 33;
	assert_string_equal(ask(b, "trace keep\nx"), "error\nexpected the number of a message\n");
	call_pass(b, 2000);
	ask(b, "trace keep\n");
	assert_int_equal(sscanf(b->control, "ok\n%llu %llu\n", &next, &lost), 2);
	assert_true(next > 10 && lost == 0);
	assert_true(b->control_len > 1000);
	snprintf(request, sizeof(request), "trace keep\n%llu", next);
	snprintf(nothing, sizeof(nothing), "ok\n%llu 0\n", next);
	assert_string_equal(ask(b, request), nothing);
	/* What is younger than a moment waits. */
	assert_string_equal(ask(b, "deregister\n" IMSI1), "ok\n");
	assert_string_equal(ask(b, request), nothing);
	call_pass(b, 1400);
	assert_string_equal(ask(b, request), nothing);
	call_pass(b, 200);
	ask(b, request);
	assert_int_equal(sscanf(b->control, "ok\n%llu %llu\n", &again, &lost), 2);
	assert_true(again > next && lost == 0 && b->control_len > strlen(nothing));
	/* A number of another core's life: from the oldest. */
	snprintf(request, sizeof(request), "trace keep\n%llu", again + 1000);
	ask(b, request);
	assert_int_equal(sscanf(b->control, "ok\n%llu %llu\n", &next, &lost), 2);
	assert_true(next == again && lost == 0 && b->control_len > 1000);
}

static void test_keeping_nothing(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	assert_string_equal(
		ask(b, "trace keep\n"), "error\nthe core keeps no signalling: core.trace_ring_mib is 0\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, call_setup, call_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_subscribers),
		TEST(test_shown),
		TEST(test_alarms),
		TEST(test_long_reports),
		TEST(test_locate),
		TEST(test_updates),
		TEST(test_warnings),
		TEST(test_plan),
		TEST(test_tables),
		TEST(test_flows),
		TEST(test_applications),
		TEST(test_keeping),
		TEST(test_keeping_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
