/*
 * The room on a virtual clock, with the core played by the test: sessions that end, requests that come too
 * slowly, a core that is silent, and a store that refuses: what is not in the audit log is not done.
 */
#include "console/figures.h"

#include <inttypes.h>

#include "base/commit.h"
#include "base/store_mem.h"
#include "base/test_env.h"

enum { ASSOC = 7, OUT_SIZE = 1 << 18 };

#define PASSWORD "Correct-Horse-9"

static const struct table_column ue_columns[] = { { "imsi", TABLE_TEXT, "" }, { "cell", TABLE_TEXT, "" } };
static const struct table ue_table = { "ues", "", ue_columns, ARRAY_LEN(ue_columns) };
static const struct table *const tables[] = { &ue_table };

static struct bed {
	struct test_env t;
	struct console_config config;
	struct console_facts facts;
	struct console *console;
	struct room room;
	char out[OUT_SIZE], link[SECRET_SIZE], cookie[SECRET_SIZE], csrf[SECRET_SIZE];
} bed;

static int begin(void **state)
{
	test_env_init(&bed.t, 1, true);
	bed.config = (struct console_config){ .session_idle_s = 1800, .session_max_s = 43200 };
	bed.facts = (struct console_facts){ .tables = tables, .table_count = 1, .version = "test" };
	bed.console = console_new(&bed.config, &bed.facts, &bed.t.env);
	assert_non_null(bed.console);
	bed.room = console_room(bed.console);
	str_copy(bed.link, sizeof(bed.link), console_first_link(bed.console));
	return 0;
}

static int end(void **state)
{
	console_free(bed.console);
	test_env_fini(&bed.t);
	memset(&bed, 0, sizeof(bed));
	return 0;
}

static void hear(enum msg_kind kind, uint16_t port, uint64_t assoc, struct bytes data)
{
	struct msg m = { .kind = kind, .port = port, .assoc = assoc, .data = data };

	bed.room.ops->on_msg(bed.room.self, &m);
}

/* All that the console sent on the connection, terminated; whether it was closed too. */
static bool taken(uint64_t assoc)
{
	const struct msg *m;
	size_t len = 0;
	bool closed = false;

	while ((m = test_env_next(&bed.t, CONSOLE_PORT_HTTP))) {
		if (m->assoc == assoc && m->kind == MSG_DATA) {
			assert_true(bytes_copy(bed.out + len, OUT_SIZE - 1 - len, m->data));
			len += m->data.len;
		}
		closed |= m->assoc == assoc && m->kind == MSG_DOWN;
	}
	bed.out[len] = '\0';
	test_env_forget(&bed.t);
	return closed;
}

static int status_of(void)
{
	return strncmp(bed.out, "HTTP/1.1 ", 9) ? 0 : (int)strtol(bed.out + 9, NULL, 10);
}

static void copy_behind(const char *mark, char to[SECRET_SIZE])
{
	const char *at = strstr(bed.out, mark);

	assert_non_null(at);
	str_copy(to, SECRET_SIZE, at + strlen(mark));
}

static void send_request(const char *method, const char *path, const char *body)
{
	char text[4096];

	snprintf(text, sizeof(text),
		"%s /api/v1/%s HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nCookie: %s=%s\r\n"
		"X-CSRF-Token: %s\r\nContent-Length: %zu\r\n\r\n%s",
		method, path, session_cookie, bed.cookie, bed.csrf, strlen(body), body);
	hear(MSG_DATA, CONSOLE_PORT_HTTP, ASSOC, bytes_of_str(text));
}

static int ask(const char *method, const char *path, const char *body)
{
	send_request(method, path, body);
	taken(ASSOC);
	return status_of();
}

static void log_in(void)
{
	char body[256];

	hear(MSG_UP, CONSOLE_PORT_HTTP, ASSOC, BYTES_NONE);
	snprintf(body, sizeof(body), "{\"token\":\"%s\",\"name\":\"anna\",\"password\":\"" PASSWORD "\"}",
		bed.link);
	assert_int_equal(ask("POST", "first", body), 200);
	copy_behind("__Host-freehold=", bed.cookie);
	copy_behind("\"csrf\":\"", bed.csrf);
}

static void first_link_is_good_once(void **state)
{
	char body[256];

	log_in();
	assert_null(console_first_link(bed.console));
	snprintf(body, sizeof(body), "{\"token\":\"%s\",\"name\":\"eve\",\"password\":\"" PASSWORD "\"}",
		bed.link);
	assert_int_equal(ask("POST", "first", body), 403);
	assert_int_equal(ask("GET", "session", ""), 200);
	assert_non_null(strstr(bed.out, "\"name\":\"anna\",\"role\":\"administrator\""));
}

/* Idle, and after so long in any case; what pages ask by themselves keeps nobody logged in. */
static void sessions_end(void **state)
{
	static const char background[] =
		"GET /api/v1/session HTTP/1.1\r\nHost: h\r\nX-Background: 1\r\nCookie: "
		"__Host-freehold=%s\r\n\r\n";
	char text[512];

	log_in();
	snprintf(text, sizeof(text), background, bed.cookie);
	for (int i = 0; i < 29; i++) {
		bed.t.now_ns += 60 * NS_PER_S;
		hear(MSG_DATA, CONSOLE_PORT_HTTP, ASSOC, bytes_of_str(text));
		taken(ASSOC);
		assert_int_equal(status_of(), 200);
	}
	bed.t.now_ns += 60 * NS_PER_S;
	assert_int_equal(ask("GET", "session", ""), 401);
	assert_int_equal(ask("POST", "session", "{\"name\":\"anna\",\"password\":\"" PASSWORD "\"}"), 200);
	copy_behind("__Host-freehold=", bed.cookie);
	copy_behind("\"csrf\":\"", bed.csrf);
	for (int i = 0; i < 43; i++) {
		bed.t.now_ns += 1000 * NS_PER_S;
		assert_int_equal(ask("GET", "session", ""), 200);
	}
	bed.t.now_ns += 200 * NS_PER_S;
	assert_int_equal(ask("GET", "session", ""), 401);
}

static void slow_requests_are_ended(void **state)
{
	static const char part[] = "GET / HTTP/1.1\r\nHost: h\r\nX";

	hear(MSG_UP, CONSOLE_PORT_HTTP, ASSOC, BYTES_NONE);
	for (size_t i = 0; i < sizeof(part) - 1; i++) { /* each octet in time, the request not */
		hear(MSG_DATA, CONSOLE_PORT_HTTP, ASSOC, bytes_of(part + i, 1));
		test_env_pass(&bed.t, bed.room, 300);
	}
	assert_false(taken(ASSOC));
	test_env_pass(&bed.t, bed.room, 2500);
	assert_true(taken(ASSOC));
	assert_int_equal(status_of(), 408);
	hear(MSG_UP, CONSOLE_PORT_HTTP, ASSOC + 1, BYTES_NONE);
	test_env_pass(&bed.t, bed.room, CONSOLE_REQUEST_S * MS_PER_S + 1);
	assert_true(taken(ASSOC + 1));
	assert_int_equal(bed.out[0], '\0');
}

/* Answered in order, a few a turn; the rest with the next deadline. */
static void requests_behind_one_another(void **state)
{
	enum { COUNT = 40 };
	static const char one[] = "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n";
	char all[COUNT * sizeof(one)] = "";
	struct writer w = writer_of(all, sizeof(all));
	unsigned answers = 0;

	hear(MSG_UP, CONSOLE_PORT_HTTP, ASSOC, BYTES_NONE);
	for (int i = 0; i < COUNT; i++)
		text_put(&w, "%s", one);
	hear(MSG_DATA, CONSOLE_PORT_HTTP, ASSOC, writer_bytes(&w));
	for (int turn = 0; turn < 3; turn++) {
		unsigned now = 0;

		taken(ASSOC);
		for (const char *at = bed.out; (at = strstr(at, "HTTP/1.1 404")); at++)
			now++;
		assert_true(now <= 16);
		answers += now;
		test_env_pass(&bed.t, bed.room, 1);
	}
	assert_int_equal(answers, COUNT);
}

static const struct msg *question(const char *text)
{
	const struct msg *m = test_env_next(&bed.t, CONSOLE_PORT_CORE);

	assert_non_null(m);
	assert_true(m->data.len >= strlen(text));
	assert_memory_equal(m->data.data, text, strlen(text));
	return m;
}

static void core_says(const char *text)
{
	test_env_forget(&bed.t);
	hear(MSG_DATA, CONSOLE_PORT_CORE, 0, bytes_of_str(text));
}

static void rows_become_json(void **state)
{
	log_in();
	send_request("GET", "ues?cell=0*", "");
	question("table\nues\n\n");
	core_says("ok\n5\nimsi:s\tcell:s\n001010000000001\t01\n001010000000002\t11\n");
	question("table\nues\n5\n");
	core_says("ok\nend\nimsi:s\tcell:s\na\"\\\xff<\t0\n\t02\n");
	taken(ASSOC);
	assert_non_null(strstr(bed.out,
		"{\"rows\":[{\"imsi\":\"001010000000001\",\"cell\":\"01\"},{\"imsi\":"
		"\"a\\\"\\\\?<\",\"cell\":\"0\"},{\"imsi\":null,\"cell\":\"02\"}],\"next\":null}"));
	send_request("GET", "ues", "");
	core_says("ok\nend\nimsi:s\tother:s\n1\t2\n");
	taken(ASSOC);
	assert_int_equal(status_of(), 502);
}

/* Questions wait for one another; where there is no answer all hear of it, and the next is asked anew. */
static void core_that_is_silent(void **state)
{
	log_in();
	hear(MSG_UP, CONSOLE_PORT_HTTP, ASSOC + 1, BYTES_NONE);
	send_request("GET", "status", "");
	question("status");
	test_env_forget(&bed.t);
	test_env_pass(&bed.t, bed.room, CONSOLE_CORE_S * MS_PER_S - 1);
	assert_null(test_env_next(&bed.t, CONSOLE_PORT_HTTP));
	test_env_pass(&bed.t, bed.room, 1);
	taken(ASSOC);
	assert_int_equal(status_of(), 200);
	assert_non_null(strstr(bed.out, "\"core\":\"away\""));
	send_request("GET", "ues", "");
	test_env_forget(&bed.t);
	hear(MSG_DOWN, CONSOLE_PORT_CORE, 0, BYTES_NONE);
	taken(ASSOC);
	assert_int_equal(status_of(), 503);
	send_request("GET", "status", "");
	question("status");
	core_says("ok\ngnbs 3\nsome_ratio 0.5\n");
	taken(ASSOC);
	assert_non_null(strstr(bed.out, "\"figures\":{\"gnbs\":3,\"some_ratio\":\"0.5\"}"));
}

/* Whoever asked has gone: the answer is nobody's, and the next one's question is asked. */
static void browser_that_leaves(void **state)
{
	log_in();
	send_request("GET", "status", "");
	hear(MSG_DOWN, CONSOLE_PORT_HTTP, ASSOC, BYTES_NONE);
	hear(MSG_UP, CONSOLE_PORT_HTTP, ASSOC, BYTES_NONE);
	send_request("GET", "ues", "");
	core_says("ok\ngnbs 1\n");
	question("table\nues");
	core_says("ok\nend\nimsi:s\tcell:s\n");
	taken(ASSOC);
	assert_int_equal(status_of(), 200);
	assert_non_null(strstr(bed.out, "{\"rows\":[],\"next\":null}"));
}

/* An order leaves in the turn that keeps its entry in the audit log, and else not at all. */
static void no_order_without_its_entry(void **state)
{
	static const char path[] = "subscribers/001010000000001/reauthenticate";

	log_in();
	assert_int_equal(store_commit(bed.t.env.store, 1), STORE_KEPT);
	store_mem_fail_put(bed.t.env.store, 1);
	send_request("POST", path, "");
	assert_null(test_env_next(&bed.t, CONSOLE_PORT_CORE));
	test_env_forget(&bed.t);
	assert_int_equal(store_commit(bed.t.env.store, 2), STORE_KEPT);
	send_request("POST", path, "");
	question("reauthenticate\n001010000000001");
	core_says("ok\n");
	taken(ASSOC);
	assert_int_equal(status_of(), 204);
	assert_int_equal(ask("GET", "audit?limit=1", ""), 200);
	assert_non_null(strstr(bed.out, "\"who\":\"anna\""));
	assert_non_null(strstr(bed.out, "\"action\":\"reauthenticate\",\"subject\":\"001010000000001\","
					"\"outcome\":\"done\""));
}

/* How it was and how it is stand in one entry; of what the core refuses the reason does. */
static void changes_are_written_down(void **state)
{
	log_in();
	send_request("PATCH", "subscribers/001010000000001", "{\"ambr_uplink\":\"5 Mbps\",\"k\":\"00ff\"}");
	question("subscriber show\n001010000000001");
	core_says("ok\nimsi=001010000000001 ambr_uplink=1bps\n");
	question("subscriber set\n001010000000001\nk=00ff ambr_uplink=5Mbps");
	core_says("ok\nchanged\n");
	question("subscriber show\n001010000000001");
	core_says("ok\nimsi=001010000000001 k=00ff ambr_uplink=5bps dnn=a dnn=b\n");
	taken(ASSOC);
	assert_non_null(strstr(
		bed.out, "{\"imsi\":\"001010000000001\",\"ambr_uplink\":\"5bps\",\"dnn\":[\"a\",\"b\"]}"));
	send_request("DELETE", "subscribers/001010000000001", "");
	core_says("ok\nimsi=001010000000001\n");
	question("subscriber remove\n001010000000001");
	core_says("error\nthe store refuses the change: is the disk full?\n");
	taken(ASSOC);
	assert_int_equal(status_of(), 400);
	assert_int_equal(ask("GET", "audit?limit=2", ""), 200);
	assert_non_null(strstr(
		bed.out, "\"outcome\":\"changed\",\"before\":\"imsi=001010000000001 ambr_uplink=1bps\""));
	assert_non_null(strstr(bed.out, "\"outcome\":\"the store refuses the change: is the disk full?\""));
}

static enum password_verdict try(const char *name, const char *password)
{
	struct user u;
	unsigned wait_s;

	return password_check(bed.console, name, password, &u, &wait_s);
}

/* A name rests longer each time, until the right password; one that nobody has just so. */
static void wrong_passwords_take_longer(void **state)
{
	static const char *const names[] = { "anna", "nobody" };

	log_in();
	for (size_t n = 0; n < ARRAY_LEN(names); n++) {
		uint64_t rest_s = 30;

		for (int i = 0; i < 5; i++) {
			assert_int_equal(try(names[n], "wrong"), PASSWORD_WRONG);
			bed.t.now_ns += NS_PER_S;
		}
		for (int i = 0; i < 2; i++) {
			bed.t.now_ns += (rest_s - 3) * NS_PER_S;
			assert_int_equal(try(names[n], PASSWORD), PASSWORD_BLOCKED);
			bed.t.now_ns += 3 * NS_PER_S;
			assert_int_equal(try(names[n], "wrong"), PASSWORD_WRONG);
			rest_s *= 2;
		}
		bed.t.now_ns += (rest_s + 1) * NS_PER_S;
		assert_int_equal(try(names[n], PASSWORD), n == 0 ? PASSWORD_RIGHT : PASSWORD_WRONG);
	}
	bed.t.now_ns += NS_PER_S;
	for (int i = 0; i < 8; i++)
		assert_int_equal(try((char[]){ (char)('a' + i), '\0' }, "wrong"), PASSWORD_WRONG);
	assert_int_equal(try("another", "wrong"), PASSWORD_BUSY);
}

/* A minute passes, and the core has these counts since it began. */
static void minute(uint64_t registrations, uint64_t requests, unsigned ues)
{
	static uint64_t epoch = 100;
	char text[512];

	bed.t.now_ns += 60 * NS_PER_S;
	bed.room.ops->on_deadline(bed.room.self, bed.t.now_ns);
	question("status");
	snprintf(text, sizeof(text),
		"ok\nues_registered %u\nconnections %u\nsessions 3\nsmf_addresses 1000\nsmf_addresses_in_use "
		"250\n"
		"amf_rm_reg_init_req %" PRIu64 "\namf_rm_reg_init_succ %" PRIu64
		"\namf_rm_reg_time_seconds %" PRIu64 "\namf_rm_reg_time_seconds_sum_us %" PRIu64
		"\namf_handovers %" PRIu64 "\namf_handovers_done %" PRIu64 "\n",
		ues, ues / 2, requests, registrations, registrations, registrations * 4000, requests,
		registrations);
	core_says(text);
	test_env_forget(&bed.t);
	hear(MSG_DATA, CONSOLE_PORT_KEEPER, 0, bytes_of_str("ok\ncore.store 12\n"));
	question("alarm report\n");
	core_says("ok\n");
	test_env_forget(&bed.t);
	assert_int_equal(store_commit(bed.t.env.store, ++epoch), STORE_KEPT);
}

/* After so long nobody is logged in, and the connection is closed. */
static void come_again(void)
{
	hear(MSG_DOWN, CONSOLE_PORT_HTTP, ASSOC, BYTES_NONE);
	hear(MSG_UP, CONSOLE_PORT_HTTP, ASSOC, BYTES_NONE);
	assert_int_equal(ask("POST", "session", "{\"name\":\"anna\",\"password\":\"" PASSWORD "\"}"), 200);
	copy_behind("__Host-freehold=", bed.cookie);
	copy_behind("\"csrf\":\"", bed.csrf);
}

static unsigned points(const char *range)
{
	char path[64];
	unsigned count = 0;

	snprintf(path, sizeof(path), "figures?range=%s", range);
	assert_int_equal(ask("GET", path, ""), 200);
	for (const char *at = bed.out; (at = strstr(at, "{\"time\"")); at++)
		count++;
	return count;
}

/* By the minute, by ten and by the hour; the oldest are dropped; a core that begins anew counts from zero. */
static void figures_over_time(void **state)
{
	log_in();
	for (uint64_t i = 0; i < 27 * 60; i++)
		minute(100 + 9 * i, 500 + 10 * i, 40);
	come_again();
	assert_int_equal(points("hour"), 60);
	assert_non_null(
		strstr(bed.out, "\"seconds\":60,\"registration_requests\":10,\"registrations\":9,"
				"\"registration_success_permille\":900,"
				"\"registration_mean_us\":4000,\"session_requests\":0,\"sessions_"
				"created\":0,\"mobility_requests\":0,\"periodic_updates\":0,\"handovers\":10,"
				"\"handover_success_permille\":900,\"ues_registered\":40,"
				"\"ues_connected\":20,\"sessions\":3,\"addresses_in_use\":250,"
				"\"address_use_permille\":250}"));
	assert_int_equal(points("day"), 144);
	assert_non_null(
		strstr(bed.out, "\"seconds\":600,\"registration_requests\":100,\"registrations\":90,"));
	assert_in_range(points("month"), 9, 11);
	assert_in_range(points("year"), 2, 3);
	assert_int_equal(ask("GET", "figures?range=age", ""), 400);
	minute(7, 7, 1);
	assert_int_equal(points("hour"), 60);
	assert_non_null(strstr(bed.out, "\"registration_requests\":7,\"registrations\":7,"));
	for (unsigned day = 0; day < 500; day++) { /* the first are gone, and what is left is 15 months */
		bed.t.now_ns += 86400 * NS_PER_S;
		minute(7 + day, 7 + day, 1);
	}
	come_again();
	assert_in_range(points("year"), 455, 456);
	assert_null(strstr(bed.out, "\"ues_registered\":40"));
}

/* The last look of a version that knew fewer figures: what those were then is not known. */
static void figures_of_before(void **state)
{
	static const uint8_t key[] = { FIGURE_RINGS, 0, 0, 0, 0 };
	uint8_t octets[12 + 8 * (FIGURE_ADDRESSES + 1)];
	struct bytes value;

	log_in();
	minute(100, 500, 40);
	assert_true(store_get(bed.t.env.store, STORE_CONSOLE_FIGURES, BYTES(key), &value));
	assert_true(value.len > sizeof(octets));
	bytes_copy(octets, sizeof(octets), bytes_of(value.data, sizeof(octets)));
	assert_true(store_put(bed.t.env.store, STORE_CONSOLE_FIGURES, BYTES(key), BYTES(octets)));
	minute(109, 510, 40);
	come_again();
	assert_int_equal(points("hour"), 2);
	assert_non_null(strstr(bed.out, "\"registration_requests\":10,\"registrations\":9,"));
	assert_null(strstr(bed.out, "\"handovers\":510"));
	minute(118, 520, 40);
	come_again();
	assert_int_equal(points("hour"), 3);
	assert_non_null(strstr(bed.out, "\"handovers\":10,\"handover_success_permille\":900"));
}

/* A disk near full and a certificate near its end are reported once a minute, in the words of the core. */
static void health_is_reported(void **state)
{
	static const struct {
		const char *disks, *lines;
		uint64_t days;
	} cases[] = {
		{ "ok\ncore.store 89\nconsole.store 12\n", "", 31 },
		{ "ok\ncore.store 90\nconsole.store 97\nx\n",
			"disk\tcore.store\tmajor\t90 percent full\ndisk\tconsole.store\tcritical\t97 percent "
			"full\n",
			31 },
		{ "error\nx\n", "certificate\tconsole\tminor\t29 days left\n", 29 },
		{ "ok\n", "certificate\tconsole\tmajor\t6 days left\n", 6 },
		{ "ok\n", "certificate\tconsole\tcritical\tit has ended\n", 0 },
	};
	char text[512];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bed.t.now_ns += 60 * NS_PER_S;
		bed.facts.certificate_until_s = UINT64_C(1700000000) + bed.t.now_ns / NS_PER_S +
						cases[i].days * 86400 + (cases[i].days > 0 ? 60 : 0);
		bed.room.ops->on_deadline(bed.room.self, bed.t.now_ns);
		core_says("ok\n");
		test_env_forget(&bed.t);
		hear(MSG_DATA, CONSOLE_PORT_KEEPER, 0, bytes_of_str(cases[i].disks));
		snprintf(text, sizeof(text), "alarm report\n%s", cases[i].lines);
		question(text);
		core_says("ok\n");
		test_env_forget(&bed.t);
	}
}

static const struct table_column alarm_columns[] = { { "id", TABLE_NUMBER, "" },
	{ "severity", TABLE_TEXT, "" }, { "object", TABLE_TEXT, "" }, { "detail", TABLE_TEXT, "" },
	{ "problem", TABLE_TEXT, "" }, { "remedy", TABLE_TEXT, "" }, { "event_type", TABLE_TEXT, "" },
	{ "cause", TABLE_TEXT, "" }, { "raised", TABLE_TIME, "" } };
static const struct table alarm_table = { "alarms", "", alarm_columns, ARRAY_LEN(alarm_columns) };

/* The console looks; of so many alarms each is at that severity, raised at that time. How many notices left.
 */
static unsigned look(unsigned count, const char *severity, unsigned raised)
{
	static char text[32768];
	unsigned notices = 0;
	bool asked = true;

	bed.t.now_ns += 2 * NS_PER_S;
	bed.room.ops->on_deadline(bed.room.self, bed.t.now_ns);
	while (asked) {
		struct writer w = writer_of(text, sizeof(text) - 1);

		asked = false;
		for (const struct outbox_item *o = bed.t.outbox.head; o; o = o->next) {
			notices += o->msg.port == CONSOLE_PORT_NOTICES;
			if (o->msg.port != CONSOLE_PORT_CORE)
				continue;
			asked = true;
			text_put(&w, "ok\n");
			if (o->msg.data.len < 12 || memcmp(o->msg.data.data, "table\nalarms", 12) != 0)
				continue;
			text_put(&w, "end\n");
			table_head(&alarm_table, &w);
			text_put(&w, "\n");
			for (unsigned k = 1; k <= count; k++)
				text_put(
					&w, "%u\t%s\tgNB gnb-%u\t\tp\tr\te\tc\t%u\n", k, severity, k, raised);
		}
		test_env_forget(&bed.t);
		if (asked)
			hear(MSG_DATA, CONSOLE_PORT_CORE, 0, writer_bytes(&w));
	}
	hear(MSG_DATA, CONSOLE_PORT_KEEPER, 0, bytes_of_str("ok\n"));
	for (const struct outbox_item *o = bed.t.outbox.head; o; o = o->next)
		if (o->msg.port == CONSOLE_PORT_CORE)
			asked = true;
	test_env_forget(&bed.t);
	if (asked)
		hear(MSG_DATA, CONSOLE_PORT_CORE, 0, bytes_of_str("ok\n"));
	test_env_forget(&bed.t);
	return notices;
}

/* Each change once; a hundred alarms that flap are a minute's budget and then as much as time brings, and in
 * the end what is so was told. */
static void notices_are_bounded(void **state)
{
	static const struct table *const two[] = { &ue_table, &alarm_table };
	unsigned flood = 0, rest = 0;

	console_free(bed.console);
	bed.config.alarms = (struct notice_config){ .least = 2, .command_count = 1, .command = { "/x" } };
	bed.facts.tables = two;
	bed.facts.table_count = 2;
	bed.console = console_new(&bed.config, &bed.facts, &bed.t.env);
	bed.room = console_room(bed.console);
	assert_int_equal(look(1, "major", 5), 1);
	assert_int_equal(look(1, "major", 5), 0);
	assert_int_equal(look(1, "critical", 5), 1);
	assert_int_equal(look(1, "cleared", 5), 1);
	assert_int_equal(look(1, "cleared", 5), 0);
	assert_int_equal(look(1, "warning", 6), 0); /* below what goes out */
	assert_int_equal(look(1, "major", 7), 1);
	assert_int_equal(look(1, "major", 8), 1); /* over and there again, between two looks */
	assert_int_equal(look(0, "", 0), 0);
	for (unsigned i = 0; i < 60; i++) /* two minutes */
		flood += look(100, i % 2 ? "cleared" : "major", 100 + i);
	assert_in_range(flood, 60, 60 + 120);
	for (unsigned i = 0; i < 120; i++)
		rest += look(100, "major", 1000);
	assert_in_range(rest, 1, 100 + 60);
	assert_int_equal(look(100, "major", 1000), 0);
}

/* Each operation can be told from each other, and none that changes something is open to all roles but one's
 * own. */
static void operations_are_a_table(void **state)
{
	for (size_t i = 0; i < operation_count; i++) {
		const struct operation *op = &operations[i];
		struct bytes param;
		char allow[64];

		assert_ptr_equal(operation_find(op->method, bytes_of_str(op->path), &param, allow), op);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(op->id, operations[k].id);
		if (op->who == OPEN)
			assert_true(op->run == run_first || op->run == run_login);
		if (op->who == VIEWERS && op->method != HTTP_GET)
			assert_true(op->run == run_logout || op->run == run_password ||
				    op->run == run_token_add || op->run == run_token_remove);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(first_link_is_good_once),
		TEST(sessions_end),
		TEST(slow_requests_are_ended),
		TEST(requests_behind_one_another),
		TEST(rows_become_json),
		TEST(core_that_is_silent),
		TEST(browser_that_leaves),
		TEST(no_order_without_its_entry),
		TEST(changes_are_written_down),
		TEST(wrong_passwords_take_longer),
		TEST(figures_over_time),
		TEST(figures_of_before),
		TEST(health_is_reported),
		TEST(notices_are_bounded),
		TEST(operations_are_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
