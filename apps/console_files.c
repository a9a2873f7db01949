#include "apps/console_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "apps/console_backups.h"
#include "apps/console_restore.h"
#include "apps/console_signalling.h"
#include "base/text.h"
#include "crypto/password.h"
#include "io/file.h"
#include "io/unix_socket.h"
#include "ops/children.h"
#include "ops/network_change.h"
#include "ops/network_secrets.h"

enum { FILE_MAX = UNIX_MSG_MAX - 4096, VERSION_SIZE = 2 * TOKEN_DIGEST_LEN + 1 };

/* A version of the file is what is in it, keys too. */
static bool version_of(struct bytes text, char version[VERSION_SIZE])
{
	struct writer w = writer_of(version, VERSION_SIZE - 1);
	uint8_t digest[TOKEN_DIGEST_LEN];

	if (!token_digest(text, digest))
		return false;
	text_hex(&w, BYTES(digest));
	version[VERSION_SIZE - 1] = '\0';
	return true;
}

static void refuse(struct writer *w, const char *why)
{
	text_put(w, "error\n%s\n", why);
}

/* The file as it is; false, answered. */
static bool read_file(const struct console_files *f, struct bytes *text, struct writer *w)
{
	char why[128];

	if (file_read(f->file, FILE_MAX, text))
		return true;
	snprintf(why, sizeof(why), "the configuration cannot be read: %s",
		errno == EFBIG ? "it is too long to be edited here" : strerror(errno));
	refuse(w, why);
	return false;
}

static void network_read(struct console_files *f, struct cursor *in, struct writer *w)
{
	char error[CONFIG_ERROR_SIZE], version[VERSION_SIZE];
	struct bytes text;

	if (!read_file(f, &text, w))
		return;
	if (version_of(text, version)) {
		text_put(w, "ok\n%s\n", version);
		if (!network_mask(f->file, text, w, error)) {
			w->len = 0;
			w->failed = false;
			refuse(w, error);
		}
	} else {
		refuse(w, "libcrypto refuses");
	}
	file_free(&text);
}

struct edited {
	struct bytes was;
	uint8_t *octets; /* owned */
	struct writer is;
	struct network *old, *now;
};

static void edited_free(struct edited *e)
{
	file_free(&e->was);
	if (e->octets)
		explicit_bzero(e->octets, FILE_MAX);
	free(e->octets);
	if (e->old)
		explicit_bzero(e->old, sizeof(*e->old));
	free(e->old);
	if (e->now)
		explicit_bzero(e->now, sizeof(*e->now));
	free(e->now);
}

/* What a name in a message is worth: the file's own, without where it is. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The text with its keys, as the parser takes it, beside what the file has. False, answered. */
static bool edit(const struct console_files *f, struct bytes masked, struct edited *e, struct writer *w)
{
	const char *name = base_name(f->file);
	char error[CONFIG_ERROR_SIZE];

	*e = (struct edited){ 0 };
	if (!read_file(f, &e->was, w))
		return false;
	e->octets = malloc(FILE_MAX);
	e->old = calloc(1, sizeof(*e->old));
	e->now = calloc(1, sizeof(*e->now));
	if (!e->octets || !e->old || !e->now) {
		refuse(w, "memory is out");
		return false;
	}
	e->is = writer_of(e->octets, FILE_MAX);
	if (network_unmask(name, masked, e->was, &e->is, error) &&
		network_load(name, writer_bytes(&e->is), e->now, error))
		return true;
	refuse(w, error);
	return false;
}

/* A file that did not read before differs in all that is no default. */
static void put_changes(const struct console_files *f, struct edited *e, struct writer *w)
{
	char error[CONFIG_ERROR_SIZE];

	if (!network_load(f->file, e->was, e->old, error))
		config_defaults(&network_section, e->old, sizeof(*e->old));
	network_change_print(e->old, e->now, w);
}

static void network_check_text(struct console_files *f, struct cursor *in, struct writer *w)
{
	struct edited e;

	if (edit(f, cursor_rest(in), &e, w)) {
		text_put(w, "ok\n");
		put_changes(f, &e, w);
	}
	edited_free(&e);
}

/* All parts, where `freehold up` runs them. */
static bool order_all(const struct console_files *f)
{
	return f->orders >= 0 && write(f->orders, &(char){ ORDER_RELOAD }, 1) == 1;
}

static bool write_file(const struct console_files *f, struct bytes text, struct writer *w)
{
	struct stat st;
	char why[160];

	if (stat(f->file, &st) == 0 && file_write_atomic(f->file, text, st.st_mode & 0777))
		return true;
	snprintf(why, sizeof(why), "%s cannot be written: %s%s", base_name(f->file),
		errno == EEXIST ? "it is a link, which somebody else manages" : strerror(errno),
		errno == EACCES || errno == EROFS
			? " (the console's user must be able to write its directory)"
			: "");
	refuse(w, why);
	return false;
}

/* The version that the text was made of, then the text. */
static void network_write(struct console_files *f, struct cursor *in, struct writer *w)
{
	struct bytes base = console_files_line(in);
	char version[VERSION_SIZE];
	struct edited e;

	if (!edit(f, cursor_rest(in), &e, w)) {
		edited_free(&e);
		return;
	}
	if (!version_of(e.was, version) || !bytes_equal(base, bytes_of_str(version)))
		refuse(w, "changed: the file is another than the one that was edited; read it again");
	else if (!version_of(writer_bytes(&e.is), version))
		refuse(w, "libcrypto refuses");
	else if (write_file(f, writer_bytes(&e.is), w)) {
		text_put(w, "ok\n%s\n%s\n", version, order_all(f) ? "all" : "core");
		put_changes(f, &e, w);
	}
	edited_free(&e);
}

/* "NAME PERCENT" of each place that must not be full; what is not on this host is left out. */
static void disks(struct console_files *f, struct cursor *in, struct writer *w)
{
	const struct {
		const char *name, *path;
	} places[] = { { "core.store", f->network->core.store }, { "console.store", f->backups } };
	struct statvfs s;

	text_put(w, "ok\n");
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (statvfs(places[i].path, &s) != 0 || s.f_blocks == 0)
			continue;
		text_put(w, "%s %u\n", places[i].name, (unsigned)(100 - s.f_bavail * 100 / s.f_blocks));
	}
}

static const struct console_files_command commands[] = {
	{ "network read", network_read },
	{ "network check", network_check_text },
	{ "network write", network_write },
	{ "disks", disks },
	{ "backup make", console_backup_make },
	{ "backup list", console_backup_list },
	{ "backup read", console_backup_read },
	{ "backup remove", console_backup_remove },
	{ "restore put", console_restore_put },
	{ "restore", console_restore_run },
	{ "signalling keep", console_signalling_keep },
	{ "signalling find", console_signalling_find },
};

const struct console_files_command *console_files_commands(size_t *count)
{
	*count = ARRAY_LEN(commands);
	return commands;
}
