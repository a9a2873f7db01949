#include "io/unix_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/room.h"

struct unix_client {
	struct unix_server *server;
	struct loop_watch watch;
	struct unix_peer peer;
	uint32_t id;       /* 0: free */
	uint64_t heard_ns; /* when it connected, asked, or was sent something last */
	bool leaving;      /* closed in the loop's next turn: nobody is called from within a reply */
};

struct unix_server {
	struct loop *loop;
	struct loop_watch watch;
	struct loop_hook hook;
	uint64_t listen_at_ns; /* when a listener that rests goes on; NEVER: it does not rest */
	struct unix_user user;
	struct sockaddr_un name;
	uid_t uid; /* ours; who is confined can no longer ask for it */
	uint32_t next_id;
	uint32_t leaving;
	struct unix_client clients[UNIX_CLIENTS_MAX];
	uint8_t buf[UNIX_MSG_MAX];
};

static bool unix_name(const char *path, struct sockaddr_un *out)
{
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(out->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	str_copy(out->sun_path, sizeof(out->sun_path), path);
	return true;
}

static void unix_client_close(struct unix_client *c)
{
	struct unix_server *s = c->server;
	uint32_t id = c->id;

	loop_unwatch(s->loop, &c->watch);
	close(c->watch.fd);
	s->leaving -= c->leaving;
	c->id = 0;
	if (s->user.closed)
		s->user.closed(s->user.arg, id);
}

static struct unix_client *unix_client_find(struct unix_server *s, uint32_t id)
{
	for (size_t i = 0; id != 0 && i < UNIX_CLIENTS_MAX; i++)
		if (s->clients[i].id == id && !s->clients[i].leaving)
			return &s->clients[i];
	return NULL;
}

struct unix_peer unix_client_peer(const struct unix_server *s, uint32_t client)
{
	for (size_t i = 0; i < UNIX_CLIENTS_MAX; i++)
		if (client != 0 && s->clients[i].id == client)
			return s->clients[i].peer;
	return (struct unix_peer){ UINT32_MAX, 0 }; /* nobody: no user has this uid */
}

static void unix_client_ready(void *arg, uint32_t events)
{
	struct unix_client *c = arg;
	struct unix_server *s = c->server;
	ssize_t n;

	if (c->leaving)
		return;
	n = recv(c->watch.fd, s->buf, sizeof(s->buf), MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || (size_t)n > sizeof(s->buf)) {
		unix_client_close(c);
		return;
	}
	c->heard_ns = loop_now_ns(s->loop);
	s->user.request(s->user.arg, c->id, bytes_of(s->buf, (size_t)n));
}

/* Only our own user and root are heard. */
static bool unix_peer_allowed(const struct unix_server *s, int fd, struct unix_peer *peer)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return false;
	*peer = (struct unix_peer){ cred.uid, (uint32_t)cred.pid };
	return cred.uid == 0 || cred.uid == s->uid;
}

/* The listener rests until then, or listens again (NEVER). */
static void unix_listen_again(struct unix_server *s, uint64_t at_ns)
{
	if (loop_rewatch(s->loop, &s->watch, at_ns == NEVER ? EPOLLIN : 0))
		s->listen_at_ns = at_ns;
}

static uint64_t unix_next_ns(void *arg)
{
	const struct unix_server *s = arg;

	return s->leaving > 0 ? 0 : s->listen_at_ns;
}

static void unix_due(void *arg, uint64_t now_ns)
{
	struct unix_server *s = arg;

	for (size_t i = 0; s->leaving > 0 && i < UNIX_CLIENTS_MAX; i++)
		if (s->clients[i].id != 0 && s->clients[i].leaving)
			unix_client_close(&s->clients[i]);
	if (s->listen_at_ns <= now_ns)
		unix_listen_again(s, NEVER);
}

static void unix_client_leaves(struct unix_client *c)
{
	c->leaving = true;
	c->server->leaving++;
}

/* A free place, or that of the client that has been silent longest, if for long enough. NULL: all work. */
static struct unix_client *unix_client_place(struct unix_server *s)
{
	struct unix_client *oldest = s->clients;

	for (size_t i = 0; i < UNIX_CLIENTS_MAX; i++) {
		if (s->clients[i].id == 0)
			return &s->clients[i];
		if (s->clients[i].heard_ns < oldest->heard_ns)
			oldest = &s->clients[i];
	}
	if (loop_now_ns(s->loop) - oldest->heard_ns < UNIX_SILENT_MS * (uint64_t)NS_PER_MS)
		return NULL;
	unix_client_close(oldest);
	return oldest;
}

static void unix_server_ready(void *arg, uint32_t events)
{
	struct unix_server *s = arg;
	int fd = accept4(s->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct unix_client *c;
	struct unix_peer peer;

	if (fd < 0) {
		if (loop_out_of_room(errno))
			unix_listen_again(s, loop_now_ns(s->loop) + LOOP_REST_NS);
		return;
	}
	c = unix_peer_allowed(s, fd, &peer) ? unix_client_place(s) : NULL;
	if (!c) {
		close(fd);
		return;
	}
	*c = (struct unix_client){ .server = s,
		.watch = { fd, EPOLLIN, unix_client_ready, c },
		.peer = peer,
		.heard_ns = loop_now_ns(s->loop) };
	if (!loop_watch(s->loop, &c->watch)) {
		close(fd);
		return;
	}
	c->id = ++s->next_id ? s->next_id : ++s->next_id;
}

/* Removes what a dead process left; EADDRINUSE when somebody answers there. */
static bool unix_clear_path(const struct sockaddr_un *name)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	bool alive = fd >= 0 && connect(fd, (const struct sockaddr *)name, sizeof(*name)) == 0;
	struct stat st;

	if (fd >= 0)
		close(fd);
	if (alive) {
		errno = EADDRINUSE;
		return false;
	}
	if (lstat(name->sun_path, &st) != 0)
		return errno == ENOENT;
	if (!S_ISSOCK(st.st_mode)) {
		errno = EEXIST;
		return false;
	}
	return unlink(name->sun_path) == 0;
}

/* Bound with mode 0600 from its first moment. */
static int unix_bind(const struct sockaddr_un *name)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	mode_t old = umask(0177);
	bool ok = fd >= 0 && bind(fd, (const struct sockaddr *)name, sizeof(*name)) == 0 &&
		  listen(fd, UNIX_CLIENTS_MAX) == 0;
	int error = errno;

	umask(old);
	if (ok)
		return fd;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

struct unix_server *unix_listen(struct loop *l, const char *path, const struct unix_user *user)
{
	struct unix_server *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->loop = l;
	s->user = *user;
	s->uid = geteuid();
	s->watch = (struct loop_watch){ -1, EPOLLIN, unix_server_ready, s };
	if (unix_name(path, &s->name) && unix_clear_path(&s->name))
		s->watch.fd = unix_bind(&s->name);
	if (s->watch.fd >= 0 && loop_watch(l, &s->watch)) {
		s->listen_at_ns = NEVER;
		s->hook = (struct loop_hook){ .next_ns = unix_next_ns, .due = unix_due, .arg = s };
		loop_hook_add(l, &s->hook);
		return s;
	}
	if (s->watch.fd >= 0)
		close(s->watch.fd);
	free(s);
	return NULL;
}

void unix_free(struct unix_server *s)
{
	if (!s)
		return;
	s->user.closed = NULL;
	for (size_t i = 0; i < UNIX_CLIENTS_MAX; i++)
		if (s->clients[i].id != 0)
			unix_client_close(&s->clients[i]);
	loop_hook_remove(s->loop, &s->hook);
	loop_unwatch(s->loop, &s->watch);
	close(s->watch.fd); /* its name stays: nobody answers there, and the next takes it */
	free(s);
}

bool unix_reply(struct unix_server *s, uint32_t client, struct bytes message)
{
	struct unix_client *c = unix_client_find(s, client);

	if (!c)
		return false;
	if (send(c->watch.fd, message.data, message.len, MSG_DONTWAIT | MSG_NOSIGNAL) ==
		(ssize_t)message.len) {
		c->heard_ns = loop_now_ns(s->loop);
		return true;
	}
	unix_client_leaves(c);
	return false;
}

void unix_drop(struct unix_server *s, uint32_t client)
{
	struct unix_client *c = unix_client_find(s, client);

	if (c)
		unix_client_leaves(c);
}

int unix_connect(const char *path)
{
	struct sockaddr_un name;
	int fd, error;

	if (!unix_name(path, &name))
		return -1;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&name, sizeof(name)) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

bool unix_send(int fd, struct bytes message)
{
	return send(fd, message.data, message.len, MSG_NOSIGNAL) == (ssize_t)message.len;
}

int64_t unix_recv(int fd, void *buf, size_t cap, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, timeout_ms) <= 0)
		return -1;
	n = recv(fd, buf, cap, MSG_TRUNC);
	if (n >= 0 && (size_t)n <= cap)
		return n;
	if (n > 0)
		errno = EMSGSIZE;
	return -1;
}
