/* Which file is the store: after a clean end, a killed process, or a dead machine. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cursor.h"
#include "io/file.h"
#include "io/store/impl.h"

enum {
	STORE_STATE_MAX = 256,
	STORE_BOOT_SIZE = 64,
	STORE_CHECK_S = 600, /* a damaged tree may have a circle */
};

struct store_state {
	bool known, clean, power, older;
	char boot[STORE_BOOT_SIZE];
};

const char *store_lmdb_found_name(enum store_lmdb_found found)
{
	static const char *const names[] = { "new", "clean", "recovered", "checked", "checkpoint", "lost",
		"restored" };
	_Static_assert(ARRAY_LEN(names) == STORE_LMDB_RESTORED + 1, "a name for each");

	return (size_t)found < ARRAY_LEN(names) ? names[found] : "unknown";
}

/* Changes with each start of the machine. */
static void store_boot_id(char out[STORE_BOOT_SIZE])
{
	struct bytes b;

	str_copy(out, STORE_BOOT_SIZE, "none");
	if (!file_read("/proc/sys/kernel/random/boot_id", STORE_BOOT_SIZE - 1, &b))
		return;
	str_copy(out, STORE_BOOT_SIZE, (const char *)b.data);
	out[strcspn(out, "\n")] = '\0';
	file_free(&b);
}

bool store_lmdb_mark(struct store_lmdb *s, bool clean)
{
	char boot[STORE_BOOT_SIZE], text[STORE_STATE_MAX];

	store_boot_id(boot);
	/* Always as long: on a full disk it can still be written over what is there. */
	snprintf(text, sizeof(text), "boot %-36s %-6s %-7s\n", boot,
		s->older ? "older"
		: clean  ? "closed"
			 : "open",
		s->config.durability == STORE_LMDB_POWER ? "power" : "process");
	return file_write_atomic(s->paths[STORE_LMDB_STATE], bytes_of_str(text), 0600) ||
	       (errno == ENOSPC && file_write_existing(s->paths[STORE_LMDB_STATE], text) &&
		       file_sync(s->paths[STORE_LMDB_STATE]));
}

static struct store_state store_read_state(const struct store_lmdb *s)
{
	struct store_state state = { 0 };
	char closed[16], durability[16];
	struct bytes b;

	if (!file_read(s->paths[STORE_LMDB_STATE], STORE_STATE_MAX, &b))
		return state;
	if (sscanf((const char *)b.data, "boot %63s %15s %15s", state.boot, closed, durability) == 3) {
		state.known = true;
		state.clean = strcmp(closed, "closed") == 0;
		state.older = strcmp(closed, "older") == 0;
		state.power = strcmp(durability, "power") == 0;
	}
	file_free(&b);
	return state;
}

/* An entry is whole, behind the one before, and found by its key as well. */
static bool store_check_entry(
	MDB_txn *txn, MDB_dbi dbi, MDB_val *key, const MDB_val *value, const MDB_val *before)
{
	struct bytes v;
	MDB_val found;

	return key->mv_size >= 1 && key->mv_size <= STORE_LMDB_KEY_SIZE && store_lmdb_value(key, value, &v) &&
	       (!before->mv_size || mdb_cmp(txn, dbi, before, key) < 0) &&
	       mdb_get(txn, dbi, key, &found) == 0 && found.mv_data == value->mv_data &&
	       found.mv_size == value->mv_size;
}

/* Reads every entry; 0 when all are whole. */
static int store_check_entries(MDB_txn *txn, MDB_dbi dbi)
{
	MDB_val key, value, before = { 0 };
	MDB_cursor *cursor;
	MDB_stat stat;
	size_t count = 0;
	int rc;

	if (mdb_stat(txn, dbi, &stat) != 0 || mdb_cursor_open(txn, dbi, &cursor) != 0)
		return 1;
	for (; (rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0; count++) {
		if (!store_check_entry(txn, dbi, &key, &value, &before))
			return 1;
		before = key;
	}
	return rc != MDB_NOTFOUND || count != stat.ms_entries;
}

/* Table 0, the pages that LMDB may write to: each record is their number and they, descending. */
static int store_check_free(MDB_env *env, MDB_txn *txn)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	MDB_envinfo info;
	int rc;

	if (mdb_env_info(env, &info) != 0 || mdb_cursor_open(txn, 0, &cursor) != 0)
		return 1;
	while ((rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		size_t count, page, last = info.me_last_pgno + 1;

		if (value.mv_size < sizeof(count))
			return 1;
		memcpy(&count, value.mv_data, sizeof(count));
		if (count > value.mv_size / sizeof(count) - 1)
			return 1;
		for (size_t i = 1; i <= count; i++, last = page) {
			memcpy(&page, (const uint8_t *)value.mv_data + i * sizeof(page), sizeof(page));
			if (page >= last || page < 2)
				return 1;
		}
	}
	return rc != MDB_NOTFOUND;
}

/*
 * LMDB takes the newer of two heads, which have no checksum: were the newer one damaged, the older, with what
 * was current one commit before, would pass for it. Their numbers follow one another.
 */
static bool store_heads_follow(const char *path)
{
	enum { NUMBER_AT = 144 }; /* mm_txnid behind the page's header */
	uint64_t number[2] = { 0, UINT64_MAX };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0;

	for (int i = 0; i < 2; i++)
		ok = ok && pread(fd, &number[i], 8, i * sysconf(_SC_PAGESIZE) + NUMBER_AT) == 8;
	if (fd >= 0)
		close(fd);
	return ok && (number[0] > number[1] ? number[0] - number[1] : number[1] - number[0]) <= 1;
}

static int store_check_file(const char *path, size_t map_size)
{
	MDB_env *env;
	MDB_dbi dbi;
	MDB_txn *txn;

	if (!store_heads_follow(path) ||
		store_lmdb_env(path, map_size, MDB_RDONLY | MDB_NOLOCK, &env, &dbi) != 0 ||
		mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) != 0)
		return 1;
	return store_check_free(env, txn) || store_check_entries(txn, dbi);
}

/* In a process of its own: LMDB trusts its file, so a damaged one may well crash it. */
static bool store_path_sound(const char *path, size_t map_size)
{
	struct stat st;
	int status = -1;
	pid_t pid;

	if (stat(path, &st) != 0 || st.st_size == 0)
		return false;
	pid = fork();
	if (pid == 0) {
		struct rlimit no_core = { 0, 0 };

		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		signal(SIGABRT, SIG_DFL);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		alarm(STORE_CHECK_S);
		_exit(store_check_file(path, map_size));
	}
	if (pid < 0)
		return false;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool store_lmdb_file_sound(const char *path)
{
	return store_path_sound(path, store_lmdb_map_size(STORE_LMDB_MAP));
}

static bool store_sound(const struct store_lmdb *s, enum store_lmdb_file file)
{
	return store_path_sound(s->paths[file], s->config.map_size);
}

/* Puts a copy of the checkpoint, which stays, in the place of the store. */
static bool store_restore(struct store_lmdb *s)
{
	char temporary[PATH_MAX + 8];
	MDB_env *env;
	MDB_dbi dbi;
	int rc;

	snprintf(temporary, sizeof(temporary), "%s.tmp", s->paths[STORE_LMDB_MAIN]);
	unlink(temporary);
	rc = store_lmdb_env(
		s->paths[STORE_LMDB_COPY], s->config.map_size, MDB_RDONLY | MDB_NOLOCK, &env, &dbi);
	if (rc != 0)
		return false;
	rc = mdb_env_copy2(env, temporary, 0);
	mdb_env_close(env);
	return rc == 0 && file_sync(temporary) && rename(temporary, s->paths[STORE_LMDB_MAIN]) == 0 &&
	       file_sync_parent(s->paths[STORE_LMDB_MAIN]);
}

/* The store is of no use: the checkpoint, or nothing. A refused start leaves all as it was found. */
static bool store_fall_back(struct store_lmdb *s, enum store_lmdb_found *found)
{
	bool sound = store_sound(s, STORE_LMDB_COPY);

	*found = sound ? STORE_LMDB_CHECKPOINT : STORE_LMDB_LOST;
	if (!sound && !s->config.may_be_lost)
		return false;
	rename(s->paths[STORE_LMDB_MAIN], s->paths[STORE_LMDB_DAMAGED]);
	return !sound || store_restore(s);
}

static bool store_find(struct store_lmdb *s, enum store_lmdb_found *found)
{
	struct store_state state = store_read_state(s);
	char boot[STORE_BOOT_SIZE];
	struct stat st;
	bool same_boot;

	store_boot_id(boot);
	same_boot = strcmp(boot, state.boot) == 0 && strcmp(boot, "none") != 0;
	*found = STORE_LMDB_NEW;
	if (stat(s->paths[STORE_LMDB_MAIN], &st) != 0 && !state.known) {
		if (access(s->paths[STORE_LMDB_COPY], F_OK) != 0)
			return true;
		*found = store_sound(s, STORE_LMDB_COPY) ? STORE_LMDB_RESTORED : STORE_LMDB_LOST;
		return *found == STORE_LMDB_RESTORED ? store_restore(s) : s->config.may_be_lost;
	}
	if (!store_sound(s, STORE_LMDB_MAIN))
		return store_fall_back(s, found);
	/* A kill leaves the kernel's pages as they were; only a dead machine loses writes. */
	*found = !state.known || state.older ? STORE_LMDB_CHECKED
		 : state.clean               ? STORE_LMDB_CLEAN
		 : same_boot || state.power  ? STORE_LMDB_RECOVERED
					     : STORE_LMDB_CHECKED;
	return true;
}

bool store_lmdb_recover(struct store_lmdb *s, enum store_lmdb_found *found, char *error, size_t cap)
{
	s->lock_fd = open(s->paths[STORE_LMDB_LOCK], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock_fd < 0) {
		snprintf(error, cap, "%s: %s", s->paths[STORE_LMDB_LOCK], strerror(errno));
		return false;
	}
	if (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		snprintf(error, cap, "store %s is in use by another process", s->paths[STORE_LMDB_MAIN]);
		return false;
	}
	if (store_find(s, found))
		return true;
	if (*found == STORE_LMDB_LOST)
		snprintf(error, cap,
			"store %s is damaged and has no sound checkpoint: restore it from a backup, or begin "
			"without subscribers (--empty-store)",
			s->paths[STORE_LMDB_MAIN]);
	else
		snprintf(error, cap,
			"store %s is damaged, and its checkpoint cannot be put in its place (%s): is the "
			"disk full?",
			s->paths[STORE_LMDB_MAIN], strerror(errno));
	return false;
}
