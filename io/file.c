#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool file_fail(int fd, int error)
{
	if (fd >= 0)
		close(fd);
	errno = error;
	return false;
}

/* Reads up to cap octets, or to the end of the file; -1 with errno. */
ssize_t file_read_all(int fd, uint8_t *buf, size_t cap)
{
	size_t len = 0;

	while (len < cap) {
		ssize_t n = read(fd, buf + len, cap - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

bool file_read(const char *path, size_t limit, struct bytes *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t cap;
	uint8_t *buf;
	ssize_t len;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0 || S_ISDIR(st.st_mode))
		return file_fail(fd, EISDIR);
	/* Files of /proc have size 0: the limit is what counts. */
	cap = st.st_size > 0 && (uintmax_t)st.st_size < limit ? (size_t)st.st_size + 1 : limit + 1;
	buf = malloc(cap + 1);
	if (!buf)
		return file_fail(fd, ENOMEM);
	len = file_read_all(fd, buf, cap);
	if (len < 0 || (size_t)len > limit) {
		int error = len < 0 ? errno : EFBIG;

		free(buf);
		return file_fail(fd, error);
	}
	close(fd);
	buf[len] = '\0';
	*out = bytes_of(buf, (size_t)len);
	return true;
}

void file_free(struct bytes *b)
{
	if (b->data)
		explicit_bzero((void *)b->data, b->len);
	free((void *)b->data);
	*b = BYTES_NONE;
}

bool file_write_all(int fd, struct bytes content)
{
	while (content.len > 0) {
		ssize_t n = write(fd, content.data, content.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		content = bytes_of(content.data + n, content.len - (size_t)n);
	}
	return true;
}

static bool file_sync_flags(const char *path, int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);

	if (fd < 0)
		return false;
	if (fsync(fd) != 0)
		return file_fail(fd, errno);
	close(fd);
	return true;
}

bool file_sync(const char *path)
{
	return file_sync_flags(path, 0);
}

bool file_sync_dir(const char *path)
{
	return file_sync_flags(path, O_DIRECTORY);
}

bool file_sync_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	if (!slash)
		return file_sync_dir(".");
	str_copy(dir, (size_t)(slash - path) + 1 < sizeof(dir) ? (size_t)(slash - path) + 1 : sizeof(dir),
		path);
	return file_sync_dir(slash == path ? "/" : dir);
}

bool file_write_atomic(const char *path, struct bytes content, unsigned mode)
{
	char temporary[PATH_MAX];
	int n = snprintf(temporary, sizeof(temporary), "%s.tmp", path);
	struct stat st;
	int fd;

	if (lstat(path, &st) == 0 &&
		!S_ISREG(st.st_mode)) /* a rename would put a file where a device or a link is */
		return file_fail(-1, EEXIST);
	if (n < 0 || (size_t)n >= sizeof(temporary))
		return file_fail(-1, ENAMETOOLONG);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0)
		return false;
	if (!file_write_all(fd, content) || fsync(fd) != 0) {
		int error = errno;

		unlink(temporary);
		return file_fail(fd, error);
	}
	close(fd);
	if (rename(temporary, path) != 0) {
		int error = errno;

		unlink(temporary);
		return file_fail(-1, error);
	}
	return file_sync_parent(path);
}

bool file_make_dirs(const char *path)
{
	char partial[PATH_MAX];
	struct stat st;

	if (strlen(path) >= sizeof(partial))
		return file_fail(-1, ENAMETOOLONG);
	for (size_t i = 1; path[0] && i <= strlen(path); i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		str_copy(partial, i + 1, path);
		if (mkdir(partial, 0700) != 0 && errno != EEXIST)
			return false;
	}
	if (stat(path, &st) != 0)
		return false;
	return S_ISDIR(st.st_mode) || file_fail(-1, ENOTDIR);
}

bool file_write_existing(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, len) == (ssize_t)len;

	if (fd >= 0)
		close(fd);
	return ok;
}

bool file_stream_open(struct file_stream *s, const char *path)
{
	s->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return s->fd >= 0;
}

bool file_stream_put(struct file_stream *s, struct bytes octets)
{
	return file_write_all(s->fd, octets);
}

bool file_stream_close(struct file_stream *s)
{
	int error = errno; /* of a piece before, if one was not written */
	bool ok = close(s->fd) == 0;

	s->fd = -1;
	if (ok)
		errno = error;
	return ok;
}
