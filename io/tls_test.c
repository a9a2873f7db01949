/*
 * The server of TLS, by a client of OpenSSL's own in the same thread, and http_post() beside it in another.
 * Time passes by the linker's --wrap of clock_gettime().
 */
#include "base/test.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/room.h"
#include "base/url.h"
#include "io/http_post.h"
#include "io/sockaddr.h"
#include "io/tls.h"
#include "io/tls_identity.h"

enum { PORT = 18473, PLAIN_PORT = 18474, TURN_NS = 1000000, TURNS_MAX = 5000, CALLS = 16 };

int __real_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);

static _Atomic uint64_t passed_ns;

int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	int rc = __real_clock_gettime(id, t);
	uint64_t ns = (uint64_t)t->tv_nsec + passed_ns % NS_PER_S;

	t->tv_sec += (time_t)(passed_ns / NS_PER_S + ns / NS_PER_S);
	t->tv_nsec = (long)(ns % NS_PER_S);
	return rc;
}

static char directory[64];
static struct tls_identity id;
static struct loop *loop;
static struct tls_server *server;
static struct addr here;
static uint8_t big[TLS_WAITING_MAX + 1];

/* What the server's user has heard. */
static struct {
	unsigned ups, downs;
	uint64_t assoc, last_down;
	struct addr peer;
	uint8_t data[1 << 16];
	size_t len;
	const char *answer; /* to a whole request, which then is closed; NULL: none */
} heard;

static void on_up(void *arg, uint64_t assoc, const struct addr *peer)
{
	heard.ups++;
	heard.assoc = assoc;
	heard.peer = *peer;
}

static void on_data(void *arg, uint64_t assoc, struct bytes data)
{
	assert_true(data.len <= sizeof(heard.data) - 1 - heard.len);
	memcpy(heard.data + heard.len, data.data, data.len);
	heard.len += data.len;
	heard.data[heard.len] = '\0';
	if (heard.answer && strstr((char *)heard.data, "}")) {
		assert_true(tls_send(server, assoc, bytes_of_str(heard.answer)));
		tls_close(server, assoc);
	}
}

static void on_down(void *arg, uint64_t assoc)
{
	heard.downs++;
	heard.last_down = assoc;
}

static const struct tls_user user = { on_up, on_data, on_down, NULL };

static int begin(void **state)
{
	static const char *const names[] = { "127.0.0.1", "localhost" };
	char error[512];

	str_copy(directory, sizeof(directory), "/tmp/tls_XXXXXX");
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (uint8_t)(i * 7 + i / 251);
	return mkdtemp(directory) && tls_identity_make(directory, names, 2, &id, error, sizeof(error)) ? 0
												       : -1;
}

static int end(void **state)
{
	static const char *const files[] = { "ca.pem", "ca-key.pem", "certificate.pem",
		"certificate-key.pem" };
	char path[128];

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, files[i]);
		unlink(path);
	}
	return rmdir(directory);
}

static int setup(void **state)
{
	char error[512] = "";

	memset(&heard, 0, sizeof(heard));
	here = addr_from_v4(0x7f000001, PORT);
	loop = loop_new();
	server = loop ? tls_listen(loop, &here, id.certificate, id.key, &user, error, sizeof(error)) : NULL;
	if (!server)
		print_message("%s\n", error);
	return server ? 0 : -1;
}

static int teardown(void **state)
{
	tls_free(server);
	loop_free(loop);
	return 0;
}

static void turn(void)
{
	assert_true(loop_turn(loop, TURN_NS));
}

static void turns(int n)
{
	while (n-- > 0)
		assert_true(loop_turn(loop, 0));
}

/* A moment, for what is not due. */
static void pass(uint64_t ms)
{
	passed_ns += ms * NS_PER_MS;
	turns(3);
}

static uint64_t stat(enum tls_stat s)
{
	struct stats stats;

	tls_stats(server, &stats);
	assert_ptr_equal(stats.group, &tls_stat_group);
	return stats.values[s];
}

/* --- a client */

struct client {
	int fd;
	SSL_CTX *context;
	SSL *ssl;
};

static int reach(void)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(&here, &sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0 && (connect(fd, &sa.sa, len) == 0 || errno == EINPROGRESS));
	return fd;
}

static struct client client_of(int version, const char *protocols)
{
	struct client c = { .fd = reach(), .context = SSL_CTX_new(TLS_client_method()) };

	assert_int_equal(SSL_CTX_set_max_proto_version(c.context, version), 1);
	assert_int_equal(SSL_CTX_load_verify_file(c.context, id.authority), 1);
	SSL_CTX_set_verify(c.context, SSL_VERIFY_PEER, NULL);
	c.ssl = SSL_new(c.context);
	if (protocols)
		assert_int_equal(SSL_set_alpn_protos(c.ssl, (const unsigned char *)protocols,
					 (unsigned)strlen(protocols)),
			0);
	assert_int_equal(SSL_set_fd(c.ssl, c.fd), 1);
	return c;
}

static void client_end(struct client *c)
{
	SSL_free(c->ssl);
	SSL_CTX_free(c->context);
	close(c->fd);
	ERR_clear_error();
}

static bool shakes(struct client *c)
{
	for (int i = 0; i < TURNS_MAX; i++) {
		int ok = SSL_connect(c->ssl), why = SSL_get_error(c->ssl, ok);

		if (ok == 1)
			return true;
		if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
			return false;
		turn();
	}
	return false;
}

static struct client connected(void)
{
	struct client c = client_of(TLS1_3_VERSION, NULL);
	unsigned before = heard.ups;

	assert_true(shakes(&c));
	for (int i = 0; i < TURNS_MAX && heard.ups == before; i++)
		turn();
	assert_int_equal(heard.ups, before + 1);
	return c;
}

static void says(struct client *c, const void *octets, size_t len)
{
	size_t n = 0;

	assert_true(SSL_write_ex(c->ssl, octets, len, &n) && n == len);
}

/* What comes until len octets, or the end. */
static size_t hears(struct client *c, uint8_t *out, size_t len)
{
	size_t at = 0;

	for (int i = 0; i < TURNS_MAX && at < len; i++) {
		size_t n = 0;
		int ok = SSL_read_ex(c->ssl, out + at, len - at, &n);

		at += ok ? n : 0;
		if (!ok && SSL_get_error(c->ssl, ok) != SSL_ERROR_WANT_READ)
			break;
		turn();
	}
	return at;
}

static bool is_closed(struct client *c)
{
	uint8_t octet;

	return hears(c, &octet, 1) == 0 && SSL_get_shutdown(c->ssl) == SSL_RECEIVED_SHUTDOWN;
}

/* --- the server */

static void octets_both_ways(void **state)
{
	static uint8_t got[sizeof(big)];
	struct client c = connected(), d;
	union sockaddr_any sa;
	socklen_t len = sizeof(sa);
	struct addr own;
	uint64_t first = heard.assoc;

	assert_int_equal(getsockname(c.fd, &sa.sa, &len), 0);
	own = sockaddr_to(&sa);
	assert_memory_equal(&heard.peer, &own, sizeof(own));
	says(&c, "one", 3);
	says(&c, big, 40000);
	for (int i = 0; i < 100 && heard.len < 40003; i++)
		turn();
	assert_int_equal(heard.len, 40003);
	assert_memory_equal(heard.data, "one", 3);
	assert_memory_equal(heard.data + 3, big, 40000);
	assert_true(tls_send(server, first, bytes_of(big, 1000)));
	assert_true(tls_send(server, first, bytes_of(big + 1000, TLS_WAITING_MAX - 1000)));
	assert_int_equal(hears(&c, got, TLS_WAITING_MAX), TLS_WAITING_MAX);
	assert_memory_equal(got, big, TLS_WAITING_MAX);
	assert_true(tls_send(server, first, bytes_of_str("again")));
	assert_int_equal(hears(&c, got, 5), 5);
	assert_memory_equal(got, "again", 5);
	/* All was taken: nobody is waited for. */
	pass(1000 * TLS_STALLED_S + 1);
	assert_int_equal(heard.downs, 0);
	d = connected();
	assert_true(heard.assoc != first);
	assert_false(tls_send(server, first + 1, bytes_of_str("x")));
	assert_false(tls_send(server, heard.assoc + (1 << 16), bytes_of_str("x")));
	client_end(&c);
	for (int i = 0; i < 100 && !heard.downs; i++)
		turn();
	assert_int_equal(heard.downs, 1);
	assert_true(heard.last_down == first);
	assert_false(tls_send(server, first, bytes_of_str("x")));
	assert_int_equal(stat(TLS_STAT_CONNECTIONS), 2);
	assert_int_equal(
		stat(TLS_STAT_HANDSHAKES_FAILED) + stat(TLS_STAT_YIELDED) + stat(TLS_STAT_TIMED_OUT), 0);
	client_end(&d);
}

/* All that waits is sent; then the peer has time to close. */
static void closing(void **state)
{
	static uint8_t got[100000];
	struct client c = connected();

	assert_true(tls_send(server, heard.assoc, bytes_of(big, 100000)));
	tls_close(server, heard.assoc);
	tls_close(server, heard.assoc);
	assert_false(tls_send(server, heard.assoc, bytes_of_str("x")));
	assert_int_equal(hears(&c, got, sizeof(got)), sizeof(got));
	assert_memory_equal(got, big, sizeof(got));
	assert_true(is_closed(&c));
	assert_int_equal(heard.downs, 0);
	says(&c, "late", 4);
	turns(5);
	assert_int_equal(heard.len, 0);
	client_end(&c);
	for (int i = 0; i < 100 && !heard.downs; i++)
		turn();
	assert_int_equal(heard.downs, 1);

	c = connected(); /* which does not close */
	tls_close(server, heard.assoc);
	assert_true(is_closed(&c));
	pass(1000 * TLS_LINGER_S - 500);
	assert_int_equal(heard.downs, 1);
	pass(500);
	assert_int_equal(heard.downs, 2);
	assert_int_equal(stat(TLS_STAT_TIMED_OUT), 0);
	client_end(&c);

	c = connected(); /* which goes on and on */
	tls_close(server, heard.assoc);
	assert_true(is_closed(&c));
	for (int i = 0; i < TURNS_MAX && heard.downs == 2; i++) {
		may_fail(send(c.fd, big, 65536, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0);
		turns(1);
	}
	assert_int_equal(heard.downs, 3);
	client_end(&c);
}

/* Who does not read: as much waits as may, for as long as it may. */
static void stalled(void **state)
{
	struct client c = connected();
	int small = 4096;

	assert_int_equal(setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	assert_true(tls_send(server, heard.assoc, bytes_of(big, TLS_WAITING_MAX)));
	for (int i = 0; i < 50; i++) /* the kernel's buffers fill */
		turn();
	pass(1000 * TLS_STALLED_S - 500);
	assert_int_equal(heard.downs, 0);
	pass(1000);
	assert_int_equal(heard.downs, 1);
	assert_int_equal(stat(TLS_STAT_TIMED_OUT), 1);
	client_end(&c);

	c = connected();
	assert_false(tls_send(server, heard.assoc, bytes_of(big, TLS_WAITING_MAX + 1)));
	assert_int_equal(heard.downs, 1); /* nobody is called within a send */
	turns(3);
	assert_int_equal(heard.downs, 2);
	client_end(&c);
}

static void handshakes(void **state)
{
	struct client c;
	const unsigned char *protocol;
	unsigned len;
	uint8_t octet;
	int fd = reach();

	for (int i = 0; i < 5; i++)
		turn();
	pass(1000 * TLS_HANDSHAKE_S - 500);
	assert_int_equal(recv(fd, &octet, 1, 0), -1);
	pass(500);
	assert_int_equal(recv(fd, &octet, 1, 0), 0);
	close(fd);
	assert_int_equal(stat(TLS_STAT_TIMED_OUT), 1);
	fd = reach();
	assert_int_equal(send(fd, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL), 18);
	for (int i = 0; i < 20; i++)
		turn();
	assert_int_equal(stat(TLS_STAT_HANDSHAKES_FAILED), 1);
	close(fd);
	c = client_of(TLS1_2_VERSION, NULL);
	assert_false(shakes(&c));
	client_end(&c);
	c = client_of(TLS1_3_VERSION, "\x04spdy");
	assert_false(shakes(&c));
	client_end(&c);
	for (int i = 0; i < 20; i++)
		turn();
	assert_int_equal(stat(TLS_STAT_HANDSHAKES_FAILED), 3);
	assert_int_equal(heard.ups + heard.downs, 0);
	c = client_of(TLS1_3_VERSION, "\x08http/1.1");
	assert_true(shakes(&c));
	SSL_get0_alpn_selected(c.ssl, &protocol, &len);
	assert_int_equal(len, 8);
	client_end(&c);
	c = client_of(TLS1_3_VERSION, "\x08http/1.1\x02h2");
	assert_true(shakes(&c));
	SSL_get0_alpn_selected(c.ssl, &protocol, &len);
	assert_int_equal(len, 2);
	assert_int_equal(SSL_session_reused(c.ssl), 0);
	client_end(&c);
	assert_int_equal(stat(TLS_STAT_CONNECTIONS), 6);
}

/* Where all places are taken, who has been silent longest gives way. */
static void full(void **state)
{
	static int fds[TLS_CLIENTS_MAX + 1];
	struct rlimit limit;
	struct client old = connected();
	uint64_t first = heard.assoc;
	uint8_t octet;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (int i = 0; i < TLS_CLIENTS_MAX - 1; i++) {
		fds[i] = reach();
		turns(2);
	}
	says(&old, "x", 1); /* so it is not the one */
	for (int i = 0; i < 50 && !heard.len; i++)
		turn();
	assert_int_equal(stat(TLS_STAT_YIELDED), 0);
	assert_int_equal(stat(TLS_STAT_CONNECTIONS), TLS_CLIENTS_MAX);
	fds[TLS_CLIENTS_MAX - 1] = reach();
	for (int i = 0; i < 10; i++)
		turn();
	assert_int_equal(stat(TLS_STAT_YIELDED), 1);
	assert_int_equal(recv(fds[0], &octet, 1, 0), 0);
	assert_int_equal(recv(fds[1], &octet, 1, 0), -1);
	assert_true(tls_send(server, first, bytes_of_str("y")));
	assert_int_equal(hears(&old, &octet, 1), 1);
	for (int i = 0; i < TLS_CLIENTS_MAX; i++)
		close(fds[i]);
	client_end(&old);
}

static void not_opened(void **state)
{
	char error[512], missing[128];

	snprintf(missing, sizeof(missing), "%s/none.pem", directory);
	assert_null(tls_listen(loop, &here, missing, id.key, &user, error, sizeof(error)));
	assert_non_null(strstr(error, "none.pem: No such file"));
	assert_null(tls_listen(loop, &here, id.certificate, missing, &user, error, sizeof(error)));
	assert_non_null(strstr(error, "none.pem: No such file"));
	snprintf(missing, sizeof(missing), "%s/ca-key.pem", directory);
	assert_null(tls_listen(loop, &here, id.certificate, missing, &user, error, sizeof(error)));
	assert_non_null(strstr(error, "ca-key.pem: "));
	assert_null(tls_listen(loop, &here, id.certificate, id.key, &user, error, sizeof(error)));
	assert_string_equal(error, "127.0.0.1:18473: Address already in use");
}

/* --- http_post() */

struct post {
	const char *url, *ca, *token;
	bool ok;
	_Atomic bool ended;
	char error[256];
	size_t error_size;
};

static void *post(void *arg)
{
	struct post *p = arg;
	struct url to;

	p->ok = url_read(p->url, &to) && http_post(&to, p->ca, p->token, bytes_of_str("{\"a\":1}"), p->error,
						 p->error_size ? p->error_size : sizeof(p->error));
	p->ended = true;
	return NULL;
}

/* While the loop turns. */
static bool posts(struct post *p)
{
	pthread_t thread;

	heard.len = 0;
	p->ended = false;
	p->error[0] = '\0';
	assert_int_equal(pthread_create(&thread, NULL, post, p), 0);
	while (!p->ended)
		turn();
	pthread_join(thread, NULL);
	return p->ok;
}

static void posts_by_tls(void **state)
{
	struct post p = { .url = "https://127.0.0.1:18473/alarms?x=1", .ca = id.authority };
	char none[128];

	http_post_prepare();
	heard.answer = "HTTP/1.1 204 No Content\r\n\r\n";
	if (!posts(&p))
		fail_msg("%s", p.error);
	assert_string_equal((char *)heard.data, "POST /alarms?x=1 HTTP/1.1\r\nHost: 127.0.0.1:18473\r\n"
						"Content-Type: application/json\r\nContent-Length: 7\r\n"
						"Connection: close\r\n\r\n{\"a\":1}");
	p.url = "https://localhost:18473";
	p.token = "secret";
	if (!posts(&p))
		fail_msg("%s", p.error);
	assert_string_equal((char *)heard.data,
		"POST / HTTP/1.1\r\nHost: localhost:18473\r\n"
		"Content-Type: application/json\r\nContent-Length: 7\r\n"
		"Connection: close\r\nAuthorization: Bearer secret\r\n\r\n{\"a\":1}");
	heard.answer = "HTTP/1.1 500 Broken\r\n\r\n";
	assert_false(posts(&p));
	assert_string_equal(p.error, "answers: HTTP/1.1 500 Broken");
	p.ca = NULL;
	assert_false(posts(&p));
	assert_non_null(strstr(p.error, "localhost: "));
	assert_non_null(strstr(p.error, "certificate"));
	snprintf(none, sizeof(none), "%s/none.pem", directory);
	p.ca = none;
	assert_false(posts(&p));
	assert_memory_equal(p.error, none, strlen(none));
	p.ca = id.authority;
	p.url = "https://127.0.0.2:18473";
	assert_false(posts(&p)); /* nobody listens there */
	assert_string_equal(p.error, "127.0.0.2: Connection refused");
}

/* A server that says what it is told to, in so many pieces, once it has heard the request. */
struct speaker {
	int fd;
	const char *answer;
	size_t piece;
	bool slow; /* ten seconds pass after the first piece */
	char request[512];
};

static void *speak(void *arg)
{
	struct speaker *s = arg;
	int fd = accept(s->fd, NULL, NULL);
	size_t len = 0, at = 0, whole = s->answer ? strlen(s->answer) : 0;

	assert_true(fd >= 0);
	while (len < sizeof(s->request) - 1 && !memchr(s->request, '}', len)) {
		ssize_t n = recv(fd, s->request + len, sizeof(s->request) - 1 - len, 0);

		if (n <= 0)
			break;
		len += (size_t)n;
	}
	s->request[len] = '\0';
	while (at < whole) {
		size_t n = whole - at < s->piece ? whole - at : s->piece;

		if (send(fd, s->answer + at, n, MSG_NOSIGNAL) < 0)
			break;
		at += n;
		if (s->slow)
			passed_ns += 11 * NS_PER_S;
		poll(NULL, 0, 2);
	}
	close(fd);
	return NULL;
}

static void answered(const char *answer, size_t piece, bool slow, bool ok, const char *error)
{
	struct addr plain = addr_from_v4(0x7f000001, PLAIN_PORT);
	struct speaker s = { .answer = answer, .piece = piece, .slow = slow };
	struct post p = { .url = "http://127.0.0.1:18474/x" };
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(&plain, &sa);
	pthread_t thread;
	int on = 1;

	s.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(s.fd >= 0);
	assert_int_equal(setsockopt(s.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
	assert_true(bind(s.fd, &sa.sa, len) == 0 && listen(s.fd, 1) == 0);
	assert_int_equal(pthread_create(&thread, NULL, speak, &s), 0);
	post(&p);
	pthread_join(thread, NULL);
	close(s.fd);
	assert_memory_equal(s.request, "POST /x HTTP/1.1\r\nHost: 127.0.0.1:18474\r\n", 41);
	if (p.ok != ok || strcmp(p.error, error) != 0)
		fail_msg("\"%s\": \"%s\"", answer ? answer : "", p.error);
}

static void posts_in_plain(void **state)
{
	char longest[200];
	struct post p = { .url = "http://127.0.0.1:18474/x" };
	static char token[1000];

	answered("HTTP/1.1 200 OK\r\n\r\n", 100, false, true, "");
	answered("HTTP/1.0 202 \n", 1, false, true, "");
	answered("HTTP/1.1 302 Found\r\n", 5, false, false, "answers: HTTP/1.1 302 Found");
	answered("HTTP/2.0 200 OK\r\n", 100, false, false, "answers: HTTP/2.0 200 OK");
	answered("HTTP/1.1 \x01 \x7f~ 200\r\n", 100, false, false, "answers: HTTP/1.1 ? ?~ 200");
	answered(NULL, 1, false, false, "127.0.0.1: closed without an answer");
	answered("HTTP/1.1 200", 100, false, false, "127.0.0.1: closed without an answer");
	answered("HTTP/1.1 200 OK\r\n", 1, true, false, "127.0.0.1: the answer takes too long");
	/* A line without an end is judged by what fits. */
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memcpy(longest, "HTTP/1.1 200 ", 13);
	answered(longest, 200, false, true, "");
	post(&p);
	assert_false(p.ok);
	assert_string_equal(p.error, "127.0.0.1: Connection refused");
	p.url = "https://127.0.0.1:18473";
	p.ca = id.authority;
	memset(token, 't', sizeof(token) - 1);
	p.token = token;
	assert_false(posts(&p));
	assert_string_equal(p.error, "127.0.0.1: the request is too long");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(octets_both_ways), TEST(closing), TEST(stalled),
		TEST(handshakes), TEST(full), TEST(not_opened), TEST(posts_by_tls), TEST(posts_in_plain) };

	return cmocka_run_group_tests(tests, begin, end);
}
