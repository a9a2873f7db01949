#include "apps/console_backups.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/backup.h"
#include "apps/passphrase.h"
#include "base/text.h"

enum {
	WAIT_S = 50,
	NAME_SIZE = 40,
	PIECE = 30000,
	LISTED_MAX = 64,
	PATH_SIZE = NETWORK_PATH_SIZE + NAME_SIZE + 2
};

static void refuse(struct writer *w, const char *why)
{
	text_put(w, "error\n%s\n", why);
}

/* There are so many places, and so no folder needs to be looked through. */
static void name_of(unsigned place, char name[NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "backup-%02u.fhb", place + 1);
}

static void path_of(const struct console_files *f, const char *name, char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "%s/%s", f->backups, name);
}

/* False: the place is free. */
static bool look_at(const struct console_files *f, unsigned place, char name[NAME_SIZE], struct stat *st)
{
	char path[PATH_SIZE];

	name_of(place, name);
	path_of(f, name, path);
	return stat(path, st) == 0;
}

/* A free place, else that of the oldest, which goes. */
static unsigned place_for(const struct console_files *f)
{
	char name[NAME_SIZE];
	unsigned oldest = 0;
	time_t since = 0;
	struct stat st;

	for (unsigned i = 0; i < BACKUPS_MAX; i++) {
		if (!look_at(f, i, name, &st))
			return i;
		if (i > 0 && st.st_mtime >= since)
			continue;
		oldest = i;
		since = st.st_mtime;
	}
	return oldest;
}

void console_backup_make(struct console_files *f, struct cursor *in, struct writer *w)
{
	struct bytes passphrase = cursor_rest(in);
	char name[NAME_SIZE], path[PATH_SIZE];

	if (passphrase.len < PASSPHRASE_MIN || passphrase.len >= PASSPHRASE_SIZE) {
		text_put(w, "error\na passphrase has %d to %d octets\n", PASSPHRASE_MIN, PASSPHRASE_SIZE - 1);
		return;
	}
	name_of(place_for(f), name);
	path_of(f, name, path);
	if (!backup_make(f->network, f->file, path, passphrase, WAIT_S)) {
		refuse(w, "no backup is made; the console's log says why");
		return;
	}
	text_put(w, "ok\n%s\n", name);
}

/* "name size time" a line. */
void console_backup_list(struct console_files *f, struct cursor *in, struct writer *w)
{
	char name[NAME_SIZE];
	struct stat st;

	text_put(w, "ok\n");
	for (unsigned i = 0; i < BACKUPS_MAX; i++)
		if (look_at(f, i, name, &st))
			text_put(w, "%s %" PRIu64 " %" PRIu64 "\n", name, (uint64_t)st.st_size,
				(uint64_t)st.st_mtime);
}

static bool is_name(struct bytes line)
{
	char name[NAME_SIZE];

	for (unsigned i = 0; i < BACKUPS_MAX; i++) {
		name_of(i, name);
		if (bytes_equal(line, bytes_of_str(name)))
			return true;
	}
	return false;
}

/* The name on the request's next line, as a path of the folder. False, answered. */
static bool take_path(
	const struct console_files *f, struct cursor *in, char path[PATH_SIZE], struct writer *w)
{
	struct bytes line = console_files_line(in);
	char name[NAME_SIZE];

	if (!is_name(line)) {
		refuse(w, "there is no such backup");
		return false;
	}
	str_copy(name, line.len + 1, (const char *)line.data);
	path_of(f, name, path);
	return true;
}

void console_backup_read(struct console_files *f, struct cursor *in, struct writer *w)
{
	static uint8_t octets[PIECE];
	char path[PATH_SIZE];
	uint64_t at = 0;
	ssize_t n;
	int fd;

	if (!take_path(f, in, path, w))
		return;
	if (!text_uint(console_files_line(in), INT64_MAX - PIECE, &at)) {
		refuse(w, "expected a place in the file");
		return;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : pread(fd, octets, sizeof(octets), (off_t)at);
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		refuse(w, "there is no such backup");
		return;
	}
	if ((size_t)n < sizeof(octets))
		text_put(w, "ok\nend\n");
	else
		text_put(w, "ok\n%" PRIu64 "\n", at + (uint64_t)n);
	text_hex(w, bytes_of(octets, (size_t)n));
}

void console_backup_remove(struct console_files *f, struct cursor *in, struct writer *w)
{
	char path[PATH_SIZE];

	if (!take_path(f, in, path, w))
		return;
	if (unlink(path) == 0)
		text_put(w, "ok\n");
	else
		refuse(w, "there is no such backup");
}
