/* freehold restore: a store of what `freehold backup` wrote. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "apps/app.h"
#include "apps/backup_file.h"
#include "apps/passphrase.h"
#include "io/file.h"
#include "io/store/lmdb.h"

static const char help[] =
	"freehold restore FILE [-c network.yaml] [--passphrase-file FILE] [--replace] [--other-plmn]\n\n"
	"Makes core.store of a file that `freehold backup` wrote, for a core that does not run: all of it, "
	"or "
	"nothing\n"
	"is changed. core.store must be empty, or not there; with --replace what is in it is kept beside it, "
	"with\n"
	".before at its name's end. A file that is damaged, of another format, or of another PLMN (without "
	"--other-plmn)\n"
	"is refused. Run it as the core's user, or as root: the files are then given to the owner of "
	"core.store.\n"
	"The core then has whom it had at the backup's moment; every UE authenticates again.\n";

enum { PATH_SIZE = NETWORK_PATH_SIZE + 48 };

struct restore {
	const char *file, *passphrase_file;
	const char *staged; /* a folder where the console's keeper has opened and checked one; NULL: none */
	bool replace, other_plmn;
	struct network *network;
	const char *store;                              /* its core.store */
	char staging[PATH_SIZE], before[PATH_SIZE];     /* beside it */
	char checkpoint[PATH_SIZE], secrets[PATH_SIZE]; /* in staging */
	bool exists, filled;                            /* core.store; with something in it */
	int lock;
	struct backup_head head;
};

static bool refuse(const char *path, const char *why)
{
	fprintf(stderr, "freehold restore: %s: %s\n", path, why);
	return false;
}

static void name_paths(struct restore *r)
{
	r->store = r->network->core.store;
	snprintf(r->staging, sizeof(r->staging), "%s.restoring", r->store);
	snprintf(r->before, sizeof(r->before), "%s.before", r->store);
	snprintf(r->checkpoint, sizeof(r->checkpoint), "%s.restoring/" STORE_LMDB_CHECKPOINT_FILE, r->store);
	snprintf(r->secrets, sizeof(r->secrets), "%s.restoring/secrets", r->store);
}

static bool is_filled(DIR *dir)
{
	const struct dirent *entry;

	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
			strcmp(entry->d_name, STORE_LMDB_LOCK_FILE) != 0)
			return true;
	return false;
}

/* No core has the store, and none begins while we hold its lock. */
static bool look_at_store(struct restore *r)
{
	DIR *dir = opendir(r->store);
	char path[PATH_SIZE];

	if (!dir)
		return errno == ENOENT || refuse(r->store, strerror(errno));
	r->exists = true;
	r->filled = is_filled(dir);
	closedir(dir);
	snprintf(path, sizeof(path), "%s/" STORE_LMDB_LOCK_FILE, r->store);
	r->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (r->lock < 0)
		return refuse(path, strerror(errno));
	if (flock(r->lock, LOCK_EX | LOCK_NB) != 0)
		return refuse(r->store, "a core is running with it: end it first");
	if (r->filled && !r->replace)
		return refuse(
			r->store, "is not empty (--replace keeps what is in it as the same with .before)");
	if (r->filled && access(r->before, F_OK) == 0)
		return refuse(r->before, "is there from a restore before: move it away first");
	return true;
}

static bool check_content(const struct restore *r)
{
	char ours[PLMN_STR_SIZE], theirs[PLMN_STR_SIZE], why[96];

	if (!r->other_plmn && !plmn_equal(&r->head.plmn, &r->network->plmn)) {
		snprintf(why, sizeof(why), "is of PLMN %s, the network is %s (--other-plmn takes it)",
			plmn_str(&r->head.plmn, theirs), plmn_str(&r->network->plmn, ours));
		return refuse(r->file, why);
	}
	if (!store_lmdb_file_sound(r->checkpoint) || !backup_fits(r->head.secrets, r->checkpoint))
		return refuse(r->file, "the store in it is damaged");
	return true;
}

/* Root gives it to whom the store was, or will be. */
static bool give_away(const struct restore *r)
{
	const char *const paths[] = { r->checkpoint, r->secrets, r->staging };
	char parent[PATH_SIZE];
	struct stat st, is;

	if (geteuid() != 0)
		return true;
	snprintf(parent, sizeof(parent), "%s/..", r->staging);
	if (stat(r->exists ? r->store : parent, &st) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		if (stat(paths[i], &is) != 0 || ((is.st_uid != st.st_uid || is.st_gid != st.st_gid) &&
							chown(paths[i], st.st_uid, st.st_gid) != 0))
			return refuse(paths[i], strerror(errno));
	return true;
}

static bool copy(const char *folder, const char *name, const char *to)
{
	struct file_stream out = FILE_STREAM_NONE;
	uint8_t octets[65536];
	char path[PATH_SIZE];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && file_stream_open(&out, to))
		while ((n = read(fd, octets, sizeof(octets))) > 0 &&
			file_stream_put(&out, bytes_of(octets, (size_t)n)))
			;
	explicit_bzero(octets, sizeof(octets));
	if (fd >= 0)
		close(fd);
	if (out.fd >= 0 && !file_stream_close(&out))
		n = -1;
	return n == 0 || refuse(path, strerror(errno));
}

/* What is staged is copied, and gone from there. */
static bool take_staged(struct restore *r)
{
	char path[PATH_SIZE];
	struct bytes file = BYTES_NONE;
	bool ok = copy(r->staged, STORE_LMDB_CHECKPOINT_FILE, r->checkpoint) &&
		  copy(r->staged, "secrets", r->secrets) && file_read(r->secrets, SECRETS_SIZE, &file) &&
		  bytes_copy(r->head.secrets, SECRETS_SIZE, file);

	file_free(&file);
	snprintf(path, sizeof(path), "%s/" STORE_LMDB_CHECKPOINT_FILE, r->staged);
	unlink(path);
	snprintf(path, sizeof(path), "%s/secrets", r->staged);
	unlink(path);
	r->head.plmn = r->network->plmn; /* the keeper has looked */
	return ok && check_content(r) && give_away(r) && file_sync_dir(r->staging);
}

static bool fill_staging(struct restore *r, struct bytes passphrase)
{
	char error[BACKUP_ERROR_SIZE];

	if (r->staged)
		return take_staged(r);
	if (!backup_read(r->file, passphrase, &r->head, r->checkpoint, error)) {
		fprintf(stderr, "freehold restore: %s\n", error);
		return false;
	}
	if (!check_content(r))
		return false;
	return (file_write_atomic(r->secrets, BYTES(r->head.secrets), 0600) && give_away(r) &&
		       file_sync_dir(r->staging)) ||
	       refuse(r->staging, strerror(errno));
}

/* One rename: at each moment core.store is the old one or the new one as a whole. False: the old one. */
static bool put_in_place(const struct restore *r)
{
	int rc = r->exists ? renameat2(AT_FDCWD, r->staging, AT_FDCWD, r->store, RENAME_EXCHANGE)
			   : rename(r->staging, r->store);

	return rc == 0 || refuse(r->store, errno == EBUSY ? "is a mount point: name a directory within it as "
							    "core.store"
							  : strerror(errno));
}

/* What was in core.store before stands in the staging directory's place. */
static void keep_old(const struct restore *r)
{
	char lock[PATH_SIZE];

	if (r->filled && rename(r->staging, r->before) != 0)
		fprintf(stderr, "freehold restore: what was there before is in %s: %m\n", r->staging);
	if (!r->exists || r->filled)
		return;
	snprintf(lock, sizeof(lock), "%s/" STORE_LMDB_LOCK_FILE, r->staging);
	unlink(lock);
	rmdir(r->staging);
}

static void clear_staging(const struct restore *r)
{
	unlink(r->checkpoint);
	unlink(r->secrets);
	rmdir(r->staging);
}

static bool restore(struct restore *r)
{
	char passphrase[PASSPHRASE_SIZE] = "";
	bool ok;

	if (!look_at_store(r) || (!r->staged && !passphrase_read(r->passphrase_file, false, passphrase)))
		return false;
	if (mkdir(r->staging, 0700) != 0) {
		explicit_bzero(passphrase, sizeof(passphrase));
		return refuse(r->staging, errno == EEXIST
						  ? "is there from a restore that was broken off: look "
						    "what is in it, and remove it"
						  : strerror(errno));
	}
	ok = fill_staging(r, bytes_of_str(passphrase)) && put_in_place(r);
	explicit_bzero(passphrase, sizeof(passphrase));
	if (!ok) {
		clear_staging(r);
		return false;
	}
	keep_old(r);
	return file_sync_parent(r->store) || refuse(r->store, strerror(errno));
}

static int run(struct restore *r)
{
	time_t made;
	struct tm tm;
	bool ok;

	umask(077);
	name_paths(r);
	r->lock = -1;
	ok = restore(r);
	if (r->lock >= 0)
		close(r->lock);
	made = (time_t)(r->head.made_ms / 1000);
	if (ok && r->staged)
		printf("%s is as the backup has it\n", r->store);
	else if (ok && gmtime_r(&made, &tm))
		printf("%s is as it was at %04d-%02d-%02dT%02d:%02d:%02dZ\n", r->store, tm.tm_year + 1900,
			tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return ok ? 0 : 1;
}

int app_restore(struct options *args)
{
	struct restore r = { 0 };
	int status = 2;

	if (options_help(args, help))
		return 0;
	options_network_file(args);
	r.passphrase_file = options_text(args, "--passphrase-file");
	r.replace = options_flag(args, "--replace");
	r.other_plmn = options_flag(args, "--other-plmn");
	r.staged = options_text(args, "--staged");
	r.file = r.staged ? r.staged : options_word_only(args, "FILE");
	if (!r.file)
		return 2;
	r.network = options_memory(sizeof(*r.network));
	if (!r.network)
		return 1;
	if (options_network(args, r.network))
		status = run(&r);
	explicit_bzero(r.network, sizeof(*r.network));
	free(r.network);
	explicit_bzero(&r.head, sizeof(r.head));
	return status;
}
