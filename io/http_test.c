/* The HTTP server of one document, by a client of our own and by one that keeps to nothing. */
#include "base/test.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/room.h"
#include "io/http_client.h"
#include "io/http_server.h"
#include "io/sockaddr.h"

enum { PORT = 18471, TURN_NS = 1000000, TURNS_MAX = 10000, PART = 1000, PARTS = 1000 };

static struct loop *loop;
static struct http_server *server;
static struct addr here;

static uint64_t passed_ns = 1000 * NS_PER_S, parts;

int __real_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);

/* It stands still but for pass(). */
int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	if (id != CLOCK_MONOTONIC)
		return __real_clock_gettime(id, t);
	*t = (struct timespec){ (time_t)(passed_ns / NS_PER_S), (long)(passed_ns % NS_PER_S) };
	return 0;
}

/* A long document: PARTS parts, each of PART times the letter of its number. */
static bool part(void *arg, uint64_t *place, struct writer *w)
{
	while (*place < parts && w->cap - w->len >= PART) {
		uint8_t *octets = writer_reserve(w, PART);

		memset(octets, 'a' + (int)(*place)++ % 26, PART);
	}
	return *place < parts;
}

static int setup(void **state)
{
	static const struct http_document document = { "/doc", "text/plain", part, NULL };

	parts = PARTS;
	here = addr_from_v4(0x7f000001, PORT);
	loop = loop_new();
	server = loop ? http_listen(loop, &here, &document) : NULL;
	return server ? 0 : -1;
}

static int teardown(void **state)
{
	http_free(server);
	loop_free(loop);
	return 0;
}

static uint64_t stat(enum http_stat s)
{
	struct stats stats;

	http_stats(server, &stats);
	return stats.values[s];
}

static void turn(void)
{
	assert_true(loop_turn(loop, TURN_NS));
}

static int caller(void)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(&here, &sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0 && (connect(fd, &sa.sa, len) == 0 || errno == EINPROGRESS));
	turn();
	return fd;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Whatever is sent until the server closes its side: its length. */
static size_t hear(int fd, char *text, size_t size)
{
	size_t len = 0;

	for (int i = 0; i < TURNS_MAX; i++) {
		ssize_t n = recv(fd, text + len, size - 1 - len, 0);

		if (n == 0 || (n < 0 && errno != EAGAIN))
			break;
		len += n > 0 ? (size_t)n : 0;
		turn();
	}
	text[len] = '\0';
	return len;
}

static void assert_answer(const char *request, const char *head)
{
	char text[2048];
	int fd = caller();

	say(fd, request);
	hear(fd, text, sizeof(text));
	close(fd);
	if (strncmp(text, head, strlen(head)) != 0)
		fail_msg("\"%s\" is answered \"%s\"", request, text);
	turn();
}

static void refusals(void **state)
{
	char text[2048];
	int fd = caller();

	assert_answer("GET /other HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 404 ");
	assert_answer("POST /doc HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 405 ");
	assert_answer("nonsense\r\n\r\n", "HTTP/1.1 400 ");
	assert_int_equal(stat(HTTP_STAT_REFUSED), 3);
	say(fd, "DELETE /doc HTTP/1.1\r\nHost: a\r\n\r\n");
	hear(fd, text, sizeof(text));
	assert_non_null(strstr(text, "\r\nAllow: GET, HEAD\r\n"));
	assert_non_null(strstr(text, "\r\nConnection: close\r\n"));
	close(fd);
	assert_int_equal(stat(HTTP_STAT_ANSWERS), 0);
	assert_int_equal(stat(HTTP_STAT_CONNECTIONS), 4);
}

/* RFC 9110 9.3.2: the fields of GET, and no content. */
static void head_has_no_body(void **state)
{
	char text[2048];
	int fd = caller();

	say(fd, "HEAD /doc HTTP/1.1\r\nHost: a\r\n\r\n");
	hear(fd, text, sizeof(text));
	assert_memory_equal(text, "HTTP/1.1 200 ", 13);
	assert_non_null(strstr(text, "\r\nTransfer-Encoding: chunked\r\n"));
	assert_string_equal(text + strlen(text) - 4, "\r\n\r\n");
	assert_null(strstr(text, "aaaa"));
	close(fd);
	fd = caller();
	say(fd, "HEAD /other HTTP/1.1\r\nHost: a\r\n\r\n");
	hear(fd, text, sizeof(text));
	assert_memory_equal(text, "HTTP/1.1 404 ", 13);
	assert_string_equal(text + strlen(text) - 4, "\r\n\r\n");
	close(fd);
	assert_int_equal(stat(HTTP_STAT_ANSWERS), 1);
}

static void assert_document(const char *text, size_t len)
{
	assert_int_equal(len, PARTS * PART);
	for (size_t i = 0; i < len; i++)
		if (text[i] != 'a' + (char)(i / PART % 26))
			fail_msg("octet %zu is %02x", i, (unsigned)text[i]);
}

/* RFC 9112 7.1: each part a chunk, none of them empty but the last. */
static void chunks(void **state)
{
	static char text[2 * PARTS * PART], joined[2 * PARTS * PART];
	char *at, *end;
	size_t len, n, all = 0;
	int fd = caller();

	say(fd, "GET /doc HTTP/1.1\r\nHost: a\r\n\r\n");
	len = hear(fd, text, sizeof(text));
	close(fd);
	at = strstr(text, "\r\n\r\n");
	assert_non_null(at);
	for (at += 4; (n = strtoul(at, &end, 16)) > 0; at = end + 2 + n + 2) {
		assert_memory_equal(end, "\r\n", 2);
		assert_memory_equal(end + 2 + n, "\r\n", 2);
		memcpy(joined + all, end + 2, n);
		all += n;
	}
	assert_string_equal(at, "0\r\n\r\n");
	assert_ptr_equal(at + 5, text + len);
	assert_document(joined, all);
}

static void *got(void *arg)
{
	char error[128];
	struct bytes *body = arg;

	return http_get(&here, "/doc", body, error, sizeof(error)) ? body : NULL;
}

static void *got_nothing(void *arg)
{
	char *error = arg;
	struct bytes body;

	return http_get(&here, "/nothing", &body, error, 128) ? arg : NULL;
}

static void our_own_client(void **state)
{
	struct bytes body;
	char error[128] = "";
	pthread_t thread;
	void *result;

	assert_int_equal(pthread_create(&thread, NULL, got, &body), 0);
	for (int i = 0; i < TURNS_MAX && pthread_tryjoin_np(thread, &result) != 0; i++)
		turn();
	assert_non_null(result);
	assert_document((const char *)body.data, body.len); /* more than its first room */
	free((void *)(uintptr_t)body.data);
	assert_int_equal(pthread_create(&thread, NULL, got_nothing, error), 0);
	for (int i = 0; i < TURNS_MAX && pthread_tryjoin_np(thread, &result) != 0; i++)
		turn();
	assert_null(result);
	assert_string_equal(error, "the answer is \"HTTP/1.1 404 Not Found\"");
	http_free(server);
	server = NULL;
	assert_null(got_nothing(error));
	assert_string_equal(error, strerror(ECONNREFUSED));
}

/* What the client sends behind its request is read, to a limit, so that closing resets nothing. */
static void more_behind_the_request(void **state)
{
	static char much[HTTP_LINGER_MAX];
	char text[2048], end;
	size_t sent = 0;
	int fd = caller();
	struct pollfd reset = { fd, 0, 0 };

	say(fd, "GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
	hear(fd, text, sizeof(text));
	for (int i = 0; i < TURNS_MAX && sent < sizeof(much); i++) {
		ssize_t n = send(fd, much, sizeof(much) - sent, MSG_NOSIGNAL);

		sent += n > 0 ? (size_t)n : 0;
		turn();
	}
	for (int i = 0; i < 50; i++)
		turn();
	assert_int_equal(sent, sizeof(much));
	assert_int_equal(poll(&reset, 1, 0), 0);
	assert_int_equal(recv(fd, &end, 1, 0), 0);
	assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), 1);
	for (int i = 0; i < 20; i++)
		turn();
	assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), 1); /* it is closed: a reset answers */
	assert_int_equal(poll(&reset, 1, 1000), 1);
	assert_int_equal(reset.revents & (POLLERR | POLLHUP), POLLERR | POLLHUP);
	close(fd);
}

/* Where all places are taken, that of who has waited longest for its own request. */
static void the_oldest_gives_way(void **state)
{
	int fds[HTTP_CLIENTS_MAX], late;
	char text[2048];

	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++)
		fds[i] = caller();
	for (int i = 0; i < 20; i++)
		turn();
	assert_int_equal(stat(HTTP_STAT_CONNECTIONS), HTTP_CLIENTS_MAX);
	assert_int_equal(stat(HTTP_STAT_YIELDED), 0);
	late = caller();
	for (int i = 0; i < 20; i++)
		turn();
	assert_int_equal(stat(HTTP_STAT_YIELDED), 1);
	assert_int_equal(recv(fds[0], text, 1, 0), 0);
	assert_int_equal(recv(fds[1], text, 1, 0), -1);
	say(late, "HEAD /doc HTTP/1.0\r\n\r\n");
	hear(late, text, sizeof(text));
	assert_memory_equal(text, "HTTP/1.1 200 ", 13);
	assert_null(strstr(text, "chunked")); /* RFC 9112 6.1 */
	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++)
		close(fds[i]);
	close(late);
}

static void turns(int n)
{
	while (n-- > 0)
		turn();
}

/* Time passes, and what is due then is done. */
static void pass(uint64_t ms)
{
	passed_ns += ms * NS_PER_MS;
	turns(5);
}

static bool is_open(int fd)
{
	char octet;

	return recv(fd, &octet, 1, MSG_PEEK) < 0 && errno == EAGAIN;
}

/* Who sends no request is not waited for, nor who sends half of one, which is answered. */
static void requests_that_do_not_come(void **state)
{
	char text[2048];
	int silent = caller(), half = caller();

	say(half, "GET /doc HTTP/1.1\r\n");
	turns(5);
	pass(HTTP_REQUEST_S * 1000 - 1);
	assert_true(is_open(silent) && is_open(half));
	assert_int_equal(stat(HTTP_STAT_TIMED_OUT), 0);
	pass(1);
	assert_false(is_open(silent));
	assert_int_equal(stat(HTTP_STAT_TIMED_OUT), 2);
	assert_int_equal(stat(HTTP_STAT_REFUSED), 1);
	assert_int_equal(recv(silent, text, 1, 0), 0);
	hear(half, text, sizeof(text));
	assert_memory_equal(text, "HTTP/1.1 408 ", 13);
	close(silent);
	close(half);
}

/* Takes what has come. */
static void take(int fd)
{
	static char octets[1 << 20];

	while (recv(fd, octets, sizeof(octets), 0) > 0)
		turn();
}

/* Who does not read the answer is given up, and who reads it for ever; one that reads goes on until then. */
static void answers_that_are_not_read(void **state)
{
	int stalled, slow;

	parts = UINT64_MAX;
	stalled = caller();
	slow = caller();
	say(stalled, "GET /doc HTTP/1.1\r\nHost: a\r\n\r\n");
	say(slow, "GET /doc HTTP/1.1\r\nHost: a\r\n\r\n");
	turns(400); /* until no buffer takes more */
	assert_int_equal(stat(HTTP_STAT_ANSWERS), 2);
	pass(HTTP_STALLED_S * 1000 - 1);
	assert_int_equal(stat(HTTP_STAT_TIMED_OUT), 0);
	for (int i = 0; i < 100; i++) {
		char some[1 << 16];

		assert_true(recv(slow, some, sizeof(some), 0) != 0);
		turn();
	}
	pass(1);
	assert_int_equal(stat(HTTP_STAT_TIMED_OUT), 1);
	for (int round = 0; round < HTTP_ANSWER_S / HTTP_STALLED_S - 2; round++) {
		char some[1 << 16];

		for (int i = 0; i < 100; i++) {
			assert_true(recv(slow, some, sizeof(some), 0) != 0);
			turn();
		}
		pass(HTTP_STALLED_S * 1000 - 1);
		assert_int_equal(stat(HTTP_STAT_TIMED_OUT), 1);
	}
	pass(HTTP_ANSWER_S * 1000);
	assert_int_equal(stat(HTTP_STAT_TIMED_OUT), 2);
	take(stalled);
	close(stalled);
	close(slow);
}

/* Who has its answer and does not close is closed after a while: that is nobody's fault. */
static void who_lingers(void **state)
{
	char text[2048];
	int fd = caller();
	struct pollfd reset = { fd, 0, 0 };

	say(fd, "HEAD /doc HTTP/1.1\r\nHost: a\r\n\r\n");
	hear(fd, text, sizeof(text));
	pass(HTTP_LINGER_S * 1000 - 1);
	assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), 1);
	pass(1);
	assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), 1);
	assert_int_equal(poll(&reset, 1, 1000), 1); /* which a reset answers */
	assert_int_equal(reset.revents & (POLLERR | POLLHUP), POLLERR | POLLHUP);
	assert_int_equal(stat(HTTP_STAT_TIMED_OUT), 0);
	close(fd);
}

/* Where all are being answered, one more is not. */
static void no_place(void **state)
{
	int fds[HTTP_CLIENTS_MAX], late;
	char octet;

	parts = UINT64_MAX;
	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++) {
		fds[i] = caller();
		say(fds[i], "GET /doc HTTP/1.1\r\nHost: a\r\n\r\n");
		turns(5);
	}
	turns(20);
	assert_int_equal(stat(HTTP_STAT_ANSWERS), HTTP_CLIENTS_MAX);
	late = caller();
	turns(20);
	assert_int_equal(recv(late, &octet, 1, 0), 0);
	assert_int_equal(stat(HTTP_STAT_YIELDED), 1);
	assert_int_equal(stat(HTTP_STAT_CONNECTIONS), HTTP_CLIENTS_MAX + 1);
	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++)
		close(fds[i]);
	close(late);
}

/* A process that has no descriptor left listens again a little later. */
static void no_descriptor(void **state)
{
	struct rlimit was, none;
	char text[2048];
	int fd;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	close(fd);
	none = (struct rlimit){ (rlim_t)fd + 1, was.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	fd = caller();
	turns(20);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_int_equal(stat(HTTP_STAT_CONNECTIONS), 0);
	turns(5);
	assert_int_equal(stat(HTTP_STAT_CONNECTIONS), 0); /* it rests */
	pass(LOOP_REST_NS / NS_PER_MS);
	assert_int_equal(stat(HTTP_STAT_CONNECTIONS), 1);
	say(fd, "HEAD /doc HTTP/1.1\r\nHost: a\r\n\r\n");
	hear(fd, text, sizeof(text));
	assert_memory_equal(text, "HTTP/1.1 200 ", 13);
	close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(refusals),
		TEST(head_has_no_body),
		TEST(chunks),
		TEST(our_own_client),
		TEST(more_behind_the_request),
		TEST(the_oldest_gives_way),
		TEST(requests_that_do_not_come),
		TEST(answers_that_are_not_read),
		TEST(who_lingers),
		TEST(no_place),
		TEST(no_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
