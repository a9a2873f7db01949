#include "io/stream_listener.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/sockaddr.h"

enum { BACKLOG = 64 };

int stream_listen(const struct addr *local)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(local, &sa);
	int yes = 1, error;
	int fd = socket(sa.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
		(local->len == 4 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes)) == 0) &&
		bind(fd, &sa.sa, len) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}
