#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/commit.h"
#include "base/cursor.h"
#include "io/file.h"
#include "io/store/impl.h"

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

bool store_lmdb_key(enum store_table t, struct bytes key, struct store_lmdb_key *out)
{
	out->octets[0] = (uint8_t)t;
	out->len = key.len + 1;
	return bytes_copy(out->octets + 1, STORE_KEY_MAX, key);
}

MDB_txn *store_lmdb_view(struct store_lmdb *s)
{
	int rc = 0;

	if (s->write)
		return s->write;
	if (!s->read) {
		rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &s->read);
		if (rc != 0)
			s->read = NULL;
	} else if (!s->reading) {
		rc = mdb_txn_renew(s->read);
	}
	s->reading = rc == 0 && s->read;
	return s->reading ? s->read : NULL;
}

static void store_lmdb_end_view(struct store_lmdb *s)
{
	if (s->reading)
		mdb_txn_reset(s->read);
	s->reading = false;
}

static bool store_lmdb_begin(struct store_lmdb *s)
{
	if (s->write)
		return !s->broken;
	store_lmdb_make_room(s);
	store_lmdb_end_view(s);
	if (mdb_txn_begin(s->env, NULL, 0, &s->write) == 0)
		return true;
	s->write = NULL;
	return false;
}

/* A change failed inside LMDB: the transaction is of no use any more. */
static bool store_lmdb_break(struct store_lmdb *s)
{
	s->broken = true;
	return false;
}

static bool store_lmdb_get(struct store *store, enum store_table t, struct bytes key, struct bytes *value)
{
	struct store_lmdb *s = (struct store_lmdb *)store;
	MDB_txn *txn = store_lmdb_view(s);
	struct store_lmdb_key k;
	MDB_val mk, mv;
	int rc;

	if (!txn || !store_lmdb_key(t, key, &k))
		return false;
	mk = (MDB_val){ k.len, k.octets };
	rc = mdb_get(txn, s->dbi, &mk, &mv);
	if (rc == MDB_NOTFOUND)
		return false;
	return (rc == 0 && store_lmdb_value(&mk, &mv, value)) || store_lmdb_damage(s);
}

static bool store_lmdb_put(struct store *store, enum store_table t, struct bytes key, struct bytes value)
{
	struct store_lmdb *s = (struct store_lmdb *)store;
	struct store_lmdb_key k;
	struct writer w;
	MDB_val mk, mv;
	int rc;

	if (value.len > STORE_VALUE_MAX || !store_lmdb_key(t, key, &k) || !store_lmdb_begin(s) ||
		s->budget < k.len + value.len) {
		s->stats.puts_refused++;
		return false;
	}
	mk = (MDB_val){ k.len, k.octets };
	mv = (MDB_val){ value.len + STORE_LMDB_CRC_SIZE, NULL };
	rc = mdb_put(s->write, s->dbi, &mk, &mv, MDB_RESERVE);
	if (rc != 0) {
		s->stats.puts_refused++;
		return store_lmdb_break(s);
	}
	w = writer_of(mv.mv_data, mv.mv_size);
	writer_put(&w, value);
	writer_u32(&w, store_lmdb_crc(bytes_of(k.octets, k.len), value));
	s->budget -= k.len + value.len;
	s->stats.puts++;
	return true;
}

static bool store_lmdb_del(struct store *store, enum store_table t, struct bytes key)
{
	struct store_lmdb *s = (struct store_lmdb *)store;
	struct store_lmdb_key k;
	MDB_val mk;
	int rc;

	if (!store_lmdb_key(t, key, &k) || !store_lmdb_begin(s))
		return false;
	mk = (MDB_val){ k.len, k.octets };
	rc = mdb_del(s->write, s->dbi, &mk, NULL);
	return rc == 0 || rc == MDB_NOTFOUND || store_lmdb_break(s);
}

static bool store_lmdb_scan(
	struct store *store, enum store_table t, struct bytes after, store_scan_fn *fn, void *arg)
{
	struct store_lmdb *s = (struct store_lmdb *)store;
	MDB_txn *txn = store_lmdb_view(s);
	struct store_lmdb_key from;
	MDB_cursor *cursor;
	MDB_val key, value;
	int rc;

	if (!txn || !store_lmdb_key(t, after, &from) || mdb_cursor_open(txn, s->dbi, &cursor) != 0)
		return false;
	key = (MDB_val){ from.len, from.octets };
	for (rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE); rc == 0;
		rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
		const uint8_t *k = key.mv_data;
		struct bytes v, name = bytes_of(k + 1, key.mv_size - 1);

		if (k[0] != from.octets[0])
			break;
		if (!store_lmdb_value(&key, &value, &v))
			rc = MDB_CORRUPTED;
		if (rc != 0 || (!bytes_equal(name, after) && !fn(arg, name, v)))
			break;
	}
	mdb_cursor_close(cursor);
	return rc == 0 || rc == MDB_NOTFOUND || store_lmdb_damage(s);
}

/* Savepoints are nested transactions: changes go to the innermost. */
static bool store_lmdb_savepoint(struct store *store)
{
	struct store_lmdb *s = (struct store_lmdb *)store;
	MDB_txn *nested;

	if (!store_lmdb_begin(s) || mdb_txn_begin(s->env, s->write, 0, &nested) != 0)
		return false;
	s->outer[store->depth] = s->write;
	s->outer_budget[store->depth] = s->budget;
	s->write = nested;
	return true;
}

static void store_lmdb_release(struct store *store)
{
	struct store_lmdb *s = (struct store_lmdb *)store;

	if (mdb_txn_commit(s->write) != 0)
		s->broken = true;
	s->write = s->outer[store->depth - 1];
}

/* Only a transaction that was whole can have a savepoint. */
static void store_lmdb_rollback_to(struct store *store)
{
	struct store_lmdb *s = (struct store_lmdb *)store;

	mdb_txn_abort(s->write);
	s->write = s->outer[store->depth - 1];
	s->budget = s->outer_budget[store->depth - 1];
	s->broken = false;
}

/* With the outermost transaction go those within it. */
static void store_lmdb_rollback(struct store *store)
{
	struct store_lmdb *s = (struct store_lmdb *)store;

	if (store->depth > 0)
		s->write = s->outer[0];
	if (s->write)
		mdb_txn_abort(s->write);
	s->write = NULL;
	s->broken = false;
}

static enum store_verdict store_lmdb_commit(struct store *store, uint64_t epoch)
{
	struct store_lmdb *s = (struct store_lmdb *)store;
	uint64_t began_ns;
	int rc;

	store_lmdb_end_view(s);
	if (s->stats.damaged) {
		store_lmdb_rollback(store);
		return STORE_LOST;
	}
	if (!s->write)
		return STORE_KEPT;
	if (s->broken) {
		store_lmdb_rollback(store);
		s->stats.commits_failed++;
		return STORE_LOST;
	}
	began_ns = clock_ns();
	rc = mdb_txn_commit(s->write);
	histogram_add(&s->commit_us, store_lmdb_time_group.bounds, (clock_ns() - began_ns) / 1000);
	s->write = NULL;
	if (rc != 0) {
		s->stats.commits_failed++;
		return STORE_LOST;
	}
	s->stats.commits++;
	if (s->older) {
		s->older = false;
		may_fail(store_lmdb_mark(s, false)); /* if not, the next start takes it for older once more */
	}
	return STORE_KEPT;
}

static const struct store_ops store_lmdb_ops = {
	.get = store_lmdb_get,
	.put = store_lmdb_put,
	.del = store_lmdb_del,
	.scan = store_lmdb_scan,
	.reserve = store_lmdb_reserve,
	.savepoint = store_lmdb_savepoint,
	.release = store_lmdb_release,
	.rollback_to = store_lmdb_rollback_to,
};

static const struct store_end_ops store_lmdb_end = { store_lmdb_commit, store_lmdb_rollback };

static void store_lmdb_free(struct store_lmdb *s)
{
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	free(s);
}

static bool store_lmdb_map(struct store_lmdb *s, char *error, size_t cap)
{
	const char *path = s->paths[STORE_LMDB_READERS];
	int rc = 0;

	if (!store_lmdb_make_readers(s)) {
		snprintf(error, cap, "store %s: %s", path, strerror(errno));
		return false;
	}
	path = s->paths[STORE_LMDB_MAIN];
	rc = store_lmdb_env(path, s->stats.map_size,
		s->config.durability == STORE_LMDB_POWER ? 0 : MDB_NOSYNC, &s->env, &s->dbi);
	if (rc == 0 && store_lmdb_mark(s, false))
		return true;
	snprintf(error, cap, "store %s: %s", path, rc ? mdb_strerror(rc) : strerror(errno));
	if (rc == 0)
		mdb_env_close(s->env);
	return false;
}

struct store *store_lmdb_open(
	const struct store_lmdb_config *config, enum store_lmdb_found *found, char *error, size_t cap)
{
	static const char *const names[] = { "store.mdb", STORE_LMDB_CHECKPOINT_FILE, "store.state",
		STORE_LMDB_LOCK_FILE, "store.mdb-lock", "store.damaged" };
	_Static_assert(ARRAY_LEN(names) == STORE_LMDB_FILES, "a name for each");
	struct store_lmdb *s = calloc(1, sizeof(*s));

	if (!s) {
		snprintf(error, cap, "store %s: memory is out", config->dir);
		return NULL;
	}
	s->store.ops = &store_lmdb_ops;
	s->store.end = &store_lmdb_end;
	s->config = *config;
	s->config.dir = NULL;
	s->config.map_size = store_lmdb_map_size(config->map_size ? config->map_size : STORE_LMDB_MAP);
	s->lock_fd = -1;
	for (int i = 0; i < STORE_LMDB_FILES; i++)
		if (snprintf(s->paths[i], PATH_MAX, "%s/%s", config->dir, names[i]) >= PATH_MAX)
			s->paths[i][0] = '\0';
	if (!file_make_dirs(config->dir)) {
		snprintf(error, cap, "store directory %s: %s", config->dir, strerror(errno));
		store_lmdb_free(s);
		return NULL;
	}
	if (!store_lmdb_recover(s, found, error, cap)) {
		store_lmdb_free(s);
		return NULL;
	}
	s->older = *found == STORE_LMDB_CHECKED || *found == STORE_LMDB_CHECKPOINT ||
		   *found == STORE_LMDB_RESTORED;
	s->stats.map_size = s->config.map_size;
	if (store_lmdb_map(s, error, cap))
		return &s->store;
	store_lmdb_free(s);
	return NULL;
}

bool store_lmdb_close(struct store *store)
{
	struct store_lmdb *s = (struct store_lmdb *)store;
	bool ok;

	if (!s)
		return true;
	store_lmdb_checkpoint_stop(s);
	store_rollback(store);
	store_lmdb_end_view(s);
	if (s->read)
		mdb_txn_abort(s->read);
	s->read = NULL;
	store_lmdb_give_back(s);
	ok = !s->stats.damaged && store_lmdb_checkpoint(store) && mdb_env_sync(s->env, 1) == 0;
	mdb_env_close(s->env);
	ok = ok && store_lmdb_mark(s, true);
	store_lmdb_free(s);
	return ok;
}

struct store_lmdb_stats store_lmdb_stats(const struct store *s)
{
	return ((const struct store_lmdb *)s)->stats;
}
