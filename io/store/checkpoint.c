/*
 * The checkpoint: a thread of its own copies the entries of one snapshot (a read transaction of LMDB's, which
 * the loop's changes leave alone) into a second file, so the loop goes on however long the disk takes.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "io/file.h"
#include "io/store/impl.h"

enum { STORE_BATCH_MAX = 1000 }; /* entries written in one transaction of the copy: they stand in memory */

struct store_copy {
	struct store_lmdb *store;
	MDB_env *env;
	MDB_dbi dbi;
	MDB_txn *txn; /* of the batch under way */
	unsigned batched;
};

static int store_copy_commit(struct store_copy *c)
{
	int rc = c->txn ? mdb_txn_commit(c->txn) : 0;

	c->txn = NULL;
	c->batched = 0;
	return rc;
}

/* Keys come in order: each goes behind the last. A damaged entry is not passed on. */
static int store_copy_entry(struct store_copy *c, MDB_val *key, MDB_val *value)
{
	struct bytes v;
	int rc = store_lmdb_value(key, value, &v) ? 0 : MDB_CORRUPTED;

	if (rc == 0 && !c->txn)
		rc = mdb_txn_begin(c->env, NULL, 0, &c->txn);
	if (rc == 0)
		rc = mdb_put(c->txn, c->dbi, key, value, MDB_APPEND);
	if (rc == 0 && ++c->batched == STORE_BATCH_MAX)
		rc = store_copy_commit(c);
	return rc;
}

static int store_copy_entries(struct store_copy *c, MDB_txn *snapshot)
{
	MDB_val key, value;
	MDB_cursor *cursor;
	int rc = mdb_cursor_open(snapshot, c->store->dbi, &cursor);

	if (rc != 0)
		return rc;
	while ((rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		rc = c->store->checkpoint.give_up ? ECANCELED : store_copy_entry(c, &key, &value);
		if (rc != 0)
			break;
	}
	mdb_cursor_close(cursor);
	if (rc == MDB_NOTFOUND)
		return store_copy_commit(c);
	if (c->txn)
		mdb_txn_abort(c->txn);
	return rc;
}

/* The snapshot ends before the disk is waited for: while it lasts LMDB uses no page again. */
static int store_copy(struct store_lmdb *s, const char *path)
{
	struct store_copy c = { .store = s };
	MDB_txn *snapshot;
	int rc = store_lmdb_env(path, s->stats.map_size, MDB_NOLOCK | MDB_NOSYNC, &c.env, &c.dbi);

	if (rc != 0)
		return rc;
	rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &snapshot);
	if (rc == 0) {
		rc = store_copy_entries(&c, snapshot);
		mdb_txn_abort(snapshot);
	}
	if (rc == 0)
		rc = mdb_env_sync(c.env, 1);
	mdb_env_close(c.env);
	return rc;
}

static int store_checkpoint(struct store_lmdb *s)
{
	char temporary[PATH_MAX + 8];
	const char *path = s->paths[STORE_LMDB_COPY];
	int rc;

	snprintf(temporary, sizeof(temporary), "%s.tmp", path);
	unlink(temporary);
	rc = store_copy(s, temporary);
	if (rc == 0 && (!file_sync(temporary) || rename(temporary, path) != 0 || !file_sync_parent(path)))
		rc = errno;
	if (rc != 0)
		unlink(temporary);
	return rc;
}

static void *store_checkpoint_thread(void *arg)
{
	struct store_lmdb *s = arg;

	s->checkpoint.rc = store_checkpoint(s);
	s->checkpoint.done = true;
	return NULL;
}

bool store_lmdb_checkpoint_begin(struct store *store)
{
	struct store_lmdb *s = (struct store_lmdb *)store;
	struct store_lmdb_checkpoint *c = &s->checkpoint;
	int rc;

	if (c->running)
		return false;
	c->done = c->give_up = false;
	rc = pthread_create(&c->thread, NULL, store_checkpoint_thread, s);
	c->running = rc == 0;
	errno = rc;
	return c->running;
}

static bool store_checkpoint_result(struct store_lmdb *s, int rc)
{
	if (rc == MDB_CORRUPTED)
		store_lmdb_damage(s);
	errno = rc == 0 || rc > 0 ? rc : rc == MDB_MAP_FULL ? ENOSPC : EIO;
	s->stats.checkpoints += rc == 0;
	s->stats.checkpoints_failed += rc != 0;
	return rc == 0;
}

enum store_lmdb_progress store_lmdb_checkpoint_end(struct store *store)
{
	struct store_lmdb *s = (struct store_lmdb *)store;
	struct store_lmdb_checkpoint *c = &s->checkpoint;

	if (!c->running)
		return STORE_LMDB_IDLE;
	if (!c->done)
		return STORE_LMDB_UNDER_WAY;
	pthread_join(c->thread, NULL);
	c->running = false;
	return store_checkpoint_result(s, c->rc) ? STORE_LMDB_DONE : STORE_LMDB_FAILED;
}

void store_lmdb_checkpoint_stop(struct store_lmdb *s)
{
	struct store_lmdb_checkpoint *c = &s->checkpoint;

	if (!c->running)
		return;
	c->give_up = true;
	pthread_join(c->thread, NULL);
	c->running = false;
}

bool store_lmdb_checkpoint(struct store *store)
{
	struct store_lmdb *s = (struct store_lmdb *)store;

	store_lmdb_checkpoint_stop(s);
	s->checkpoint.give_up = false;
	return store_checkpoint_result(s, store_checkpoint(s));
}
