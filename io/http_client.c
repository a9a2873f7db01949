#include "io/http_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "io/sockaddr.h"

static int connect_to(const struct addr *to)
{
	struct timeval limit = { .tv_sec = HTTP_CLIENT_S };
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(to, &sa);
	int fd = socket(sa.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0 &&
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) == 0 &&
		connect(fd, &sa.sa, len) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* All until the other end closes, with a zero behind it; NULL with errno. */
static char *read_all(int fd, size_t *len)
{
	size_t cap = 1 << 16;
	char *text = malloc(cap), *grown;
	ssize_t n = 0;

	*len = 0;
	while (text && (n = recv(fd, text + *len, cap - *len - 1, 0)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		*len += (size_t)n;
		if (*len + 1 < cap)
			continue;
		grown = cap < HTTP_DOCUMENT_MAX ? realloc(text, cap * 2) : NULL;
		if (!grown) {
			n = -1;
			errno = EFBIG;
			break;
		}
		text = grown;
		cap *= 2;
	}
	if (!text || n < 0) {
		free(text);
		return NULL;
	}
	text[*len] = '\0';
	return text;
}

/* Takes the head off, in place; false when it is none of HTTP, or of another status than 200. */
static bool take_body(char *text, size_t *len, char *error, size_t error_size)
{
	char *end = strstr(text, "\r\n\r\n");
	size_t head;

	if (!end || (strncmp(text, "HTTP/1.1 200 ", 13) != 0 && strncmp(text, "HTTP/1.0 200 ", 13) != 0)) {
		snprintf(error, error_size, "the answer is \"%.*s\"", (int)strcspn(text, "\r\n"), text);
		return false;
	}
	head = (size_t)(end + 4 - text);
	memmove(text, text + head, *len - head + 1);
	*len -= head;
	return true;
}

bool http_get(const struct addr *to, const char *path, struct bytes *body, char *error, size_t error_size)
{
	char request[512], text[ADDR_STR_SIZE], *answer = NULL;
	size_t len = (size_t)snprintf(
		request, sizeof(request), "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, addr_str(to, text));
	int fd = connect_to(to);

	*body = BYTES_NONE;
	if (fd >= 0 && send(fd, request, len, MSG_NOSIGNAL) == (ssize_t)len)
		answer = read_all(fd, &len);
	if (!answer)
		snprintf(error, error_size, "%m");
	if (fd >= 0)
		close(fd);
	if (!answer)
		return false;
	if (!take_body(answer, &len, error, error_size)) {
		free(answer);
		return false;
	}
	*body = bytes_of(answer, len);
	return true;
}
