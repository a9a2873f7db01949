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
	bool known, clean, power;
	char boot[STORE_BOOT_SIZE];
};

const char *store_lmdb_found_name(enum store_lmdb_found found)
{
	static const char *const names[] = { "new", "clean", "recovered", "checked", "checkpoint", "lost" };
	_Static_assert(ARRAY_LEN(names) == STORE_LMDB_LOST + 1, "a name for each");

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
	snprintf(text, sizeof(text), "boot %s %s %s\n", boot, clean ? "closed" : "open",
		s->config.durability == STORE_LMDB_POWER ? "power" : "process");
	return file_write_atomic(s->paths[STORE_LMDB_STATE], bytes_of_str(text), 0600);
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
		state.power = strcmp(durability, "power") == 0;
	}
	file_free(&b);
	return state;
}

/* Reads every entry; 0 when all are whole. */
static int store_check_entries(MDB_txn *txn, MDB_dbi dbi)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	MDB_stat stat;
	size_t count = 0;
	int rc;

	if (mdb_stat(txn, dbi, &stat) != 0 || mdb_cursor_open(txn, dbi, &cursor) != 0)
		return 1;
	while ((rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		struct cursor c;
		struct bytes v;

		if (value.mv_size < STORE_LMDB_CRC_SIZE || key.mv_size < 1 ||
			key.mv_size > STORE_LMDB_KEY_SIZE)
			return 1;
		c = cursor_of(bytes_of(value.mv_data, value.mv_size));
		v = cursor_bytes(&c, value.mv_size - STORE_LMDB_CRC_SIZE);
		if (cursor_u32(&c) != store_lmdb_crc(bytes_of(key.mv_data, key.mv_size), v))
			return 1;
		count++;
	}
	return rc != MDB_NOTFOUND || count != stat.ms_entries;
}

static int store_check_file(const char *path, size_t map_size)
{
	MDB_env *env;
	MDB_dbi dbi;
	MDB_txn *txn;

	if (store_lmdb_env(path, map_size, MDB_RDONLY, &env, &dbi) != 0 ||
		mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) != 0)
		return 1;
	return store_check_entries(txn, dbi);
}

/* In a process of its own: LMDB trusts its file, so a damaged one may well crash it. */
static bool store_sound(const struct store_lmdb *s, enum store_lmdb_file file)
{
	struct stat st;
	int status = -1;
	pid_t pid;

	if (stat(s->paths[file], &st) != 0 || st.st_size == 0)
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
		_exit(store_check_file(s->paths[file], s->config.map_limit));
	}
	if (pid < 0)
		return false;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
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
	rc = store_lmdb_env(s->paths[STORE_LMDB_COPY], s->config.map_limit, MDB_RDONLY, &env, &dbi);
	if (rc != 0)
		return false;
	rc = mdb_env_copy2(env, temporary, 0);
	mdb_env_close(env);
	return rc == 0 && file_sync(temporary) && rename(temporary, s->paths[STORE_LMDB_MAIN]) == 0 &&
	       file_sync_parent(s->paths[STORE_LMDB_MAIN]);
}

/* The store is of no use: the checkpoint, or nothing. */
static enum store_lmdb_found store_fall_back(struct store_lmdb *s)
{
	rename(s->paths[STORE_LMDB_MAIN], s->paths[STORE_LMDB_DAMAGED]);
	if (store_sound(s, STORE_LMDB_COPY) && store_restore(s))
		return STORE_LMDB_CHECKPOINT;
	return STORE_LMDB_LOST;
}

static enum store_lmdb_found store_find(struct store_lmdb *s)
{
	struct store_state state = store_read_state(s);
	char boot[STORE_BOOT_SIZE];
	struct stat st;
	bool same_boot;

	store_boot_id(boot);
	same_boot = strcmp(boot, state.boot) == 0 && strcmp(boot, "none") != 0;
	if (stat(s->paths[STORE_LMDB_MAIN], &st) != 0 || st.st_size == 0)
		return access(s->paths[STORE_LMDB_COPY], F_OK) == 0 || (state.known && state.clean)
			       ? store_fall_back(s)
			       : STORE_LMDB_NEW;
	/* A kill leaves the kernel's pages as they were; only a dead machine loses writes. */
	if (state.known && (state.clean || same_boot || state.power)) {
		MDB_env *env;
		MDB_dbi dbi;

		if (store_lmdb_env(s->paths[STORE_LMDB_MAIN], s->config.map_limit, MDB_RDONLY, &env, &dbi) !=
			0)
			return store_fall_back(s);
		mdb_env_close(env);
		return state.clean ? STORE_LMDB_CLEAN : STORE_LMDB_RECOVERED;
	}
	return store_sound(s, STORE_LMDB_MAIN) ? STORE_LMDB_CHECKED : store_fall_back(s);
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
	*found = store_find(s);
	return true;
}
