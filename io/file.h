/* Whole files. All return false with errno. */
#pragma once

#include <sys/types.h>

#include "base/bytes.h"

/* *out is allocated, one octet longer than out->len and zero-terminated; free it with file_free. EFBIG over
 * limit. */
MUST_USE bool file_read(const char *path, size_t limit, struct bytes *out);
/* Wipes and frees what file_read gave. */
void file_free(struct bytes *b);

/* Replaces path by the octets or leaves it as it was: temporary file, fsync, rename, fsync of the directory.
 * EEXIST where something stands that is no regular file. */
MUST_USE bool file_write_atomic(const char *path, struct bytes content, unsigned mode);

/* A file written in pieces from its beginning on. */
struct file_stream {
	int fd;
};

#define FILE_STREAM_NONE ((struct file_stream){ -1 })

/* Replaces what path has, or makes it with mode 0666 less the umask. */
MUST_USE bool file_stream_open(struct file_stream *s, const char *path);
MUST_USE bool file_stream_put(struct file_stream *s, struct bytes octets);
/* False if some of it may be missing. */
MUST_USE bool file_stream_close(struct file_stream *s);

/* From a descriptor, as much as there is up to cap octets; -1 with errno. */
MUST_USE ssize_t file_read_all(int fd, uint8_t *buf, size_t cap);
/* To a descriptor, all of it; false with errno. */
MUST_USE bool file_write_all(int fd, struct bytes content);

/* Writes text into a file that exists, in one write: for settings under /proc. */
MUST_USE bool file_write_existing(const char *path, const char *text);

/* Makes path and its missing parents with mode 0700; success if it is a directory already. */
MUST_USE bool file_make_dirs(const char *path);

/* What was written of the file, of the directory, or of the directory that path is in, is on the disk. */
MUST_USE bool file_sync(const char *path);
MUST_USE bool file_sync_dir(const char *path);
MUST_USE bool file_sync_parent(const char *path);
