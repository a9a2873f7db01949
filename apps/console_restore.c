#include "apps/console_restore.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/backup_file.h"
#include "apps/passphrase.h"
#include "base/text.h"
#include "io/file.h"
#include "io/store/lmdb.h"
#include "ops/children.h"

enum { PIECE_MAX = 30000, PATH_SIZE = NETWORK_PATH_SIZE + 64 };

static void refuse(struct writer *w, const char *why)
{
	text_put(w, "error\n%s\n", why);
}

void console_restore_folder(const char *backups, char *folder, size_t size)
{
	snprintf(folder, size, "%s/restoring", backups);
}

static void path_of(const struct console_files *f, const char *name, char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "%s/%s", f->backups, name);
}

static const char upload[] = "upload.fhb", checkpoint[] = "restoring/" STORE_LMDB_CHECKPOINT_FILE,
		  secrets[] = "restoring/secrets";

/* At that place, which is the file's end. */
static const char *append(const char *path, uint64_t place, struct bytes octets)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (place == 0 ? O_TRUNC : 0), 0600);
	const char *why = NULL;
	struct stat st;

	if (fd < 0)
		return "the file cannot be kept: is the disk of console.store full?";
	if (fstat(fd, &st) != 0 || (uint64_t)st.st_size != place)
		why = "another piece is expected";
	else if (place + octets.len > RESTORE_FILE_MAX)
		why = "the file is too large to be restored here";
	else if (pwrite(fd, octets.data, octets.len, (off_t)place) != (ssize_t)octets.len)
		why = "the file cannot be kept: is the disk of console.store full?";
	close(fd);
	return why;
}

void console_restore_put(struct console_files *f, struct cursor *in, struct writer *w)
{
	static uint8_t octets[PIECE_MAX];
	char path[PATH_SIZE];
	const char *why;
	uint64_t place;
	size_t len;

	if (!text_uint(console_files_line(in), RESTORE_FILE_MAX, &place) ||
		!text_unhex(cursor_rest(in), octets, sizeof(octets), &len)) {
		refuse(w, "expected a place, and octets in hexadecimal, 30000 at most");
		return;
	}
	path_of(f, upload, path);
	why = append(path, place, bytes_of(octets, len));
	if (why)
		refuse(w, why);
	else
		text_put(w, "ok\n%" PRIu64 "\n", place + len);
}

static void clear(const struct console_files *f)
{
	char path[PATH_SIZE];

	path_of(f, checkpoint, path);
	unlink(path);
	path_of(f, secrets, path);
	unlink(path);
}

/* The content is opened into the folder, and is a store of this network. NULL, or why not. */
static const char *open_file(const struct console_files *f, struct bytes passphrase, struct backup_head *head,
	char error[BACKUP_ERROR_SIZE])
{
	char from[PATH_SIZE], to[PATH_SIZE];

	path_of(f, upload, from);
	path_of(f, checkpoint, to);
	if (!backup_read(from, passphrase, head, to, error))
		return error;
	if (!plmn_equal(&head->plmn, &f->network->plmn))
		return "it is of another PLMN: freehold restore --other-plmn, on the host";
	if (!backup_fits(head->secrets, to)) /* each entry's checksum is for who puts it in place */
		return "the store in it is damaged";
	path_of(f, secrets, to);
	return file_write_atomic(to, BYTES(head->secrets), 0600) ? NULL
								 : "is the disk of console.store full?";
}

/* Whether the core's place is free for it, and somebody puts it there. */
static const char *hindered(const struct console_files *f)
{
	char before[PATH_SIZE];
	struct stat st;

	snprintf(before, sizeof(before), "%s.before", f->network->core.store);
	if (f->orders < 0)
		return "no freehold up runs the core here: freehold restore FILE, on the host";
	if (stat(before, &st) == 0)
		return "what was there before the last restore still is (core.store.before): move it away "
		       "first";
	return NULL;
}

void console_restore_run(struct console_files *f, struct cursor *in, struct writer *w)
{
	struct bytes what = console_files_line(in), passphrase = cursor_rest(in);
	char error[BACKUP_ERROR_SIZE] = "";
	struct backup_head head = { 0 };
	bool does = bytes_equal(what, bytes_of_str("do"));
	const char *why;

	if (passphrase.len < PASSPHRASE_MIN || passphrase.len >= PASSPHRASE_SIZE) {
		text_put(w, "error\na passphrase has %d to %d octets\n", PASSPHRASE_MIN, PASSPHRASE_SIZE - 1);
		return;
	}
	why = open_file(f, passphrase, &head, error);
	why = why ? why : hindered(f);
	if (!why && does && write(f->orders, &(char){ ORDER_RESTORE }, 1) != 1)
		why = "freehold up does not hear";
	if (why || !does)
		clear(f);
	if (why)
		refuse(w, why);
	else
		text_put(w, "ok\n%" PRIu64 "\n", head.made_ms / 1000);
	explicit_bzero(&head, sizeof(head));
}
