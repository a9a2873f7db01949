/* Lines of syslog, as RFC 5424 has them, and how they come to collectors: RFC 5426 (UDP), RFC 6587 3.4.1
 * (TCP). */
#include "base/test.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "io/sockaddr.h"
#include "io/syslog.h"

/* A socket of the kind on a port of its own. */
static int collector(int type, struct addr *at)
{
	union sockaddr_any sa;
	socklen_t len;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	assert_true(addr_parse("127.0.0.1", at));
	len = sockaddr_from(at, &sa);
	assert_int_equal(bind(fd, &sa.sa, len), 0);
	assert_int_equal(getsockname(fd, &sa.sa, &len), 0);
	*at = sockaddr_to(&sa);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void test_line(void **state)
{
	char line[SYSLOG_LINE_MAX], host[64], got[64], expected[256];
	struct tm tm = { 0 };
	unsigned priority, ms;
	size_t len;
	int rest;

	assert_int_equal(gethostname(host, sizeof(host)), 0);
	for (unsigned severity = 0; severity <= 7; severity++) {
		time_t before = time(NULL), said;

		len = syslog_line(severity, "ID47", "[a@1 b=\"c\"]", "what happened", line);
		assert_int_equal(len, strlen(line));
		assert_int_equal(sscanf(line, "<%u>1 %d-%d-%dT%d:%d:%d.%3uZ %63s %n", &priority, &tm.tm_year,
					 &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &ms,
					 got, &rest),
			9);
		assert_int_equal(priority, 16 * 8 + severity); /* local0 */
		tm.tm_year -= 1900;
		tm.tm_mon--;
		said = timegm(&tm);
		assert_in_range(said, before, time(NULL));
		assert_string_equal(got, host);
		snprintf(expected, sizeof(expected), "freehold %d ID47 [a@1 b=\"c\"] what happened",
			(int)getpid());
		assert_string_equal(line + rest, expected);
	}
}

/* A line that does not fit is none; one that fits to the last octet is whole. */
static void test_long_line(void **state)
{
	static char line[SYSLOG_LINE_MAX], text[SYSLOG_LINE_MAX];
	size_t head = syslog_line(0, "I", "-", "", line), room = SYSLOG_LINE_MAX - 1 - head;

	assert_true(head > 0);
	memset(text, 'x', room);
	assert_int_equal(syslog_line(0, "I", "-", text, line), SYSLOG_LINE_MAX - 1);
	text[room] = 'x';
	assert_int_equal(syslog_line(0, "I", "-", text, line), 0);
}

static void test_udp(void **state)
{
	struct addr to;
	int fd = collector(SOCK_DGRAM, &to);
	char got[64];

	assert_true(syslog_send_udp(&to, bytes_of_str("<130>1 a line")));
	assert_int_equal(recv(fd, got, sizeof(got), MSG_DONTWAIT), 13);
	assert_memory_equal(got, "<130>1 a line", 13);
	assert_true(recv(fd, got, sizeof(got), MSG_DONTWAIT) < 0);
	close(fd);
}

static void test_tcp(void **state)
{
	struct addr to;
	int fd = collector(SOCK_STREAM, &to), peer;
	char got[64];

	assert_true(syslog_send_tcp(&to, bytes_of_str("<130>1 a line")));
	peer = accept(fd, NULL, NULL);
	assert_true(peer >= 0);
	assert_int_equal(recv(peer, got, sizeof(got), MSG_WAITALL), 16); /* to the end: it was closed */
	assert_memory_equal(got, "13 <130>1 a line", 16);
	close(peer);
	close(fd);
	assert_false(syslog_send_tcp(&to, bytes_of_str("<130>1 a line")));
	assert_int_equal(errno, ECONNREFUSED);
}

/* Of an address that no socket here takes, and of a port that nobody reads. */
static void test_nowhere(void **state)
{
	struct addr to = { .len = 0 };
	char text[SYSLOG_LINE_MAX];

	assert_false(syslog_send_udp(&to, bytes_of_str("a")));
	assert_false(syslog_send_tcp(&to, bytes_of_str("a")));
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(syslog_send_local(0, text));
	assert_int_equal(errno, EMSGSIZE);
	if (access("/dev/log", F_OK) == 0)
		return;
	assert_false(syslog_send_local(0, "a"));
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
