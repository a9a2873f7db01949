/* The client of a control socket that waits for nothing, and what ends it. */
#include "base/test.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/unix_link.h"

enum { TURN_NS = 1000000 };

static char path[64];
static struct loop *loop;
static struct unix_server *server;
static struct unix_link *link_;
static struct {
	unsigned requests, messages, closed, gone;
	char request[16], message[16];
	uint32_t client;
} seen;

static void keep(char out[16], struct bytes message)
{
	assert_true(message.len < 16 && bytes_copy(out, 16, message));
	out[message.len] = '\0';
}

static void on_request(void *arg, uint32_t client, struct bytes message)
{
	seen.requests++;
	seen.client = client;
	keep(seen.request, message);
}

static void on_gone(void *arg, uint32_t client)
{
	seen.gone++;
}

static void on_message(void *arg, struct bytes message)
{
	seen.messages++;
	keep(seen.message, message);
}

static void on_closed(void *arg)
{
	seen.closed++;
}

static const struct unix_user server_user = { on_request, on_gone, NULL };
static const struct unix_link_user user = { on_message, on_closed, NULL };

static int setup(void **state)
{
	memset(&seen, 0, sizeof(seen));
	snprintf(path, sizeof(path), "/tmp/freehold-link-%d", (int)getpid());
	loop = loop_new();
	server = NULL;
	link_ = loop ? unix_link_new(loop, path, &user) : NULL;
	return link_ ? 0 : -1;
}

static int teardown(void **state)
{
	unix_link_free(link_);
	unix_free(server);
	loop_free(loop);
	unlink(path);
	return 0;
}

static void turns(int n)
{
	while (n-- > 0)
		assert_true(loop_turn(loop, TURN_NS));
}

static void listen_here(void)
{
	server = unix_listen(loop, path, &server_user);
	assert_non_null(server);
}

static void asks_and_hears(void **state)
{
	listen_here();
	unix_link_send(link_, bytes_of_str("one"));
	turns(5);
	assert_string_equal(seen.request, "one");
	assert_true(unix_reply(server, seen.client, bytes_of_str("two")));
	turns(5);
	assert_string_equal(seen.message, "two");
	unix_link_send(link_, bytes_of_str("three"));
	turns(5);
	assert_int_equal(seen.requests, 2);
	assert_int_equal(seen.closed + seen.gone, 0);
	unix_drop(server, seen.client);
	turns(5);
	assert_int_equal(seen.closed, 1);
	unix_link_send(link_, bytes_of_str("four")); /* it connects again */
	turns(5);
	assert_string_equal(seen.request, "four");
	unix_link_close(link_);
	turns(5);
	assert_int_equal(seen.closed, 1); /* its own doing */
	unix_link_close(link_);
}

/* Nobody is there: that is told once, and not within the call. */
static void nobody_listens(void **state)
{
	unix_link_send(link_, bytes_of_str("one"));
	assert_int_equal(seen.closed, 0);
	turns(3);
	assert_int_equal(seen.closed, 1);
	listen_here();
	unix_link_send(link_, bytes_of_str("two"));
	turns(5);
	assert_string_equal(seen.request, "two");
	unix_free(server);
	server = NULL;
	turns(5);
	assert_int_equal(seen.closed, 2);
}

/* An end of a socketpair has no other path: what is closed stays closed. */
static void of_a_pair(void **state)
{
	struct unix_link *l;
	char text[16];
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), 0);
	l = unix_link_on(loop, fds[0], &user);
	assert_non_null(l);
	unix_link_send(l, bytes_of_str("one"));
	assert_int_equal(unix_recv(fds[1], text, sizeof(text), 100), 3);
	assert_true(unix_send(fds[1], bytes_of_str("two")));
	turns(3);
	assert_string_equal(seen.message, "two");
	close(fds[1]);
	turns(3);
	assert_int_equal(seen.closed, 1);
	unix_link_send(l, bytes_of_str("three"));
	turns(3);
	assert_int_equal(seen.closed, 2);
	unix_link_free(l);
}

/* A message that is longer than any is the end of the link. */
static void too_long(void **state)
{
	static char octets[UNIX_MSG_MAX + 1];
	struct unix_link *l;
	int fds[2], size = 4 * UNIX_MSG_MAX;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
	l = unix_link_on(loop, fds[0], &user);
	assert_non_null(l);
	assert_int_equal(send(fds[1], octets, sizeof(octets), 0), sizeof(octets));
	turns(3);
	assert_int_equal(seen.messages, 0);
	assert_int_equal(seen.closed, 1);
	close(fds[1]);
	unix_link_free(l);
}

/* A process without standard input may get its descriptor, which is one like others. */
static void descriptor_zero(void **state)
{
	int kept = dup(STDIN_FILENO);

	listen_here();
	close(STDIN_FILENO);
	unix_link_send(link_, bytes_of_str("one"));
	turns(5);
	assert_string_equal(seen.request, "one");
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
	unix_link_close(link_);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
	if (kept >= 0) {
		assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
		close(kept);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(asks_and_hears),
		TEST(nobody_listens),
		TEST(of_a_pair),
		TEST(too_long),
		TEST(descriptor_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
