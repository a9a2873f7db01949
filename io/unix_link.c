#include "io/unix_link.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/room.h"

struct unix_link {
	struct loop *loop;
	struct loop_watch watch; /* fd -1: not connected */
	struct unix_link_user user;
	struct loop_hook hook;
	bool failed; /* the user is to hear of it */
	char path[108];
	uint8_t buf[UNIX_MSG_MAX];
};

static void link_ready(void *arg, uint32_t events)
{
	struct unix_link *u = arg;
	ssize_t n = recv(u->watch.fd, u->buf, sizeof(u->buf), MSG_DONTWAIT | MSG_TRUNC);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || (size_t)n > sizeof(u->buf)) {
		unix_link_close(u);
		u->user.closed(u->user.arg);
		return;
	}
	u->user.message(u->user.arg, bytes_of(u->buf, (size_t)n));
	explicit_bzero(u->buf, (size_t)n);
}

static uint64_t link_next_ns(void *arg)
{
	return ((struct unix_link *)arg)->failed ? 0 : NEVER;
}

static void link_due(void *arg, uint64_t now_ns)
{
	struct unix_link *u = arg;

	if (!u->failed)
		return;
	u->failed = false;
	u->user.closed(u->user.arg);
}

struct unix_link *unix_link_new(struct loop *l, const char *path, const struct unix_link_user *user)
{
	struct unix_link *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->loop = l;
	u->user = *user;
	u->watch = (struct loop_watch){ -1, EPOLLIN, link_ready, u };
	str_copy(u->path, sizeof(u->path), path);
	u->hook = (struct loop_hook){ .next_ns = link_next_ns, .due = link_due, .arg = u };
	loop_hook_add(l, &u->hook);
	return u;
}

struct unix_link *unix_link_on(struct loop *l, int fd, const struct unix_link_user *user)
{
	struct unix_link *u = unix_link_new(l, "", user);

	if (!u)
		return NULL;
	u->watch.fd = fd;
	if (loop_watch(l, &u->watch))
		return u;
	unix_link_free(u);
	return NULL;
}

void unix_link_free(struct unix_link *u)
{
	if (!u)
		return;
	unix_link_close(u);
	loop_hook_remove(u->loop, &u->hook);
	free(u);
}

void unix_link_close(struct unix_link *u)
{
	if (u->watch.fd < 0)
		return;
	loop_unwatch(u->loop, &u->watch);
	close(u->watch.fd);
	u->watch.fd = -1;
}

static bool link_open(struct unix_link *u)
{
	if (u->watch.fd >= 0)
		return true;
	if (!u->path[0])
		return false;
	u->watch.fd = unix_connect(u->path);
	if (u->watch.fd < 0)
		return false;
	if (loop_watch(u->loop, &u->watch))
		return true;
	close(u->watch.fd);
	u->watch.fd = -1;
	return false;
}

void unix_link_send(struct unix_link *u, struct bytes message)
{
	if (link_open(u) && send(u->watch.fd, message.data, message.len, MSG_DONTWAIT | MSG_NOSIGNAL) ==
				    (ssize_t)message.len)
		return;
	unix_link_close(u);
	u->failed = true;
}
