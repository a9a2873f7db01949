#include "io/syslog.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "io/sockaddr.h"

enum { FACILITY = 16 /* local0 */, HOST_SIZE = 64, TIME_SIZE = 32 };

static unsigned priority(unsigned severity)
{
	return FACILITY * 8 + severity;
}

size_t syslog_line(
	unsigned severity, const char *id, const char *data, const char *text, char line[SYSLOG_LINE_MAX])
{
	char host[HOST_SIZE] = "", when[TIME_SIZE];
	struct timespec now;
	struct tm tm;
	int len;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	if (gethostname(host, sizeof(host) - 1) != 0 || !host[0])
		str_copy(host, sizeof(host), "-");
	len = snprintf(line, SYSLOG_LINE_MAX, "<%u>1 %s.%03ldZ %s freehold %d %s %s %s", priority(severity),
		when, now.tv_nsec / 1000000, host, (int)getpid(), id, data, text);
	return len > 0 && len < SYSLOG_LINE_MAX ? (size_t)len : 0;
}

static bool send_all(int fd, struct bytes b)
{
	while (b.len > 0) {
		ssize_t n = send(fd, b.data, b.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		b = bytes_of(b.data + n, b.len - (size_t)n);
	}
	return true;
}

static int open_to(const struct sockaddr *to, socklen_t len, int type)
{
	struct timeval limit = { .tv_sec = SYSLOG_S };
	int fd = socket(to->sa_family, type | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) == 0 && connect(fd, to, len) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error == EINPROGRESS ? ETIMEDOUT : error;
	return -1;
}

static bool end(int fd, bool ok)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return ok;
}

bool syslog_send_udp(const struct addr *to, struct bytes line)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(to, &sa);
	int fd = open_to(&sa.sa, len, SOCK_DGRAM);

	return end(fd, fd >= 0 && send_all(fd, line));
}

bool syslog_send_tcp(const struct addr *to, struct bytes line)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(to, &sa);
	char head[16];
	int head_len = snprintf(head, sizeof(head), "%zu ", line.len), fd = open_to(&sa.sa, len, SOCK_STREAM);

	return end(fd, fd >= 0 && send_all(fd, bytes_of(head, (size_t)head_len)) && send_all(fd, line));
}

bool syslog_send_local(unsigned severity, const char *text)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	char line[SYSLOG_LINE_MAX], when[TIME_SIZE];
	time_t now = time(NULL);
	struct tm tm;
	int len, fd;

	localtime_r(&now, &tm);
	strftime(when, sizeof(when), "%b %e %H:%M:%S", &tm);
	len = snprintf(line, sizeof(line), "<%u>%s freehold: %s", priority(severity), when, text);
	if (len < 0 || (size_t)len >= sizeof(line)) {
		errno = EMSGSIZE;
		return false;
	}
	fd = open_to((const struct sockaddr *)(const void *)&to, sizeof(to), SOCK_DGRAM);
	return end(fd, fd >= 0 && send_all(fd, bytes_of(line, (size_t)len)));
}
