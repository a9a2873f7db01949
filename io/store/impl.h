/* Inside io/store: the open store, and how it is found at start. */
#pragma once

#include <limits.h>
#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>

#include "io/store/lmdb.h"

enum {
	STORE_LMDB_CRC_SIZE = 4,
	STORE_LMDB_KEY_SIZE = STORE_KEY_MAX + 1,
	STORE_LMDB_FILES = 6,
};

#define STORE_LMDB_MAP ((size_t)64 << 30) /* address space: nothing of it is used but what is written */

enum store_lmdb_file {
	STORE_LMDB_MAIN,
	STORE_LMDB_COPY,  /* the last checkpoint */
	STORE_LMDB_STATE, /* boot, and whether it was closed */
	STORE_LMDB_LOCK,
	STORE_LMDB_READERS, /* LMDB's own: who reads which snapshot */
	STORE_LMDB_DAMAGED, /* what was found unusable, kept for whoever wants to look */
};

/* done and give_up are all that both threads write while it runs; rc is the thread's until it is done. */
struct store_lmdb_checkpoint {
	pthread_t thread;
	bool running; /* to be joined */
	atomic_bool done, give_up;
	int rc; /* 0, errno or an error of LMDB's */
};

struct store_lmdb {
	struct store store;
	struct store_lmdb_config config; /* without zeros; dir not kept */
	MDB_env *env;
	MDB_dbi dbi;
	MDB_txn *write;                       /* changes since the last commit, or since the last savepoint */
	MDB_txn *outer[STORE_SAVEPOINTS_MAX]; /* those around it, outermost first */
	size_t outer_budget[STORE_SAVEPOINTS_MAX];
	MDB_txn *read; /* kept to be renewed */
	bool reading;  /* read is live */
	bool older;    /* it may be older than what was sent, and whoever opened it has kept nothing since */
	bool broken;   /* a change was lost: this transaction cannot be committed */
	size_t budget; /* octets that this transaction may still put */
	size_t ahead;  /* octets of the file that are written, or were before (room.c) */
	int lock_fd;
	struct store_lmdb_checkpoint checkpoint;
	struct store_lmdb_stats stats;
	struct histogram commit_us;
	char paths[STORE_LMDB_FILES][PATH_MAX];
};

struct store_lmdb_key {
	size_t len;
	uint8_t octets[STORE_LMDB_KEY_SIZE];
};

/* False when the key is too long. */
MUST_USE bool store_lmdb_key(enum store_table t, struct bytes key, struct store_lmdb_key *out);

/* Of the key and the value: a value that strayed to another key does not pass. */
uint32_t store_lmdb_crc(struct bytes key, struct bytes value);

/* The value behind its checksum; false: it is not as written. */
MUST_USE bool store_lmdb_value(const MDB_val *key, const MDB_val *value, struct bytes *out);

/* Opens LMDB's environment on a file. 0 or an error of LMDB's. */
int store_lmdb_env(const char *path, size_t map_size, unsigned flags, MDB_env **env, MDB_dbi *dbi);

/* Address space is not memory, so there is plenty from the start; a process that may not have as much takes
 * less. Twice it, for the copy's. */
size_t store_lmdb_map_size(size_t wanted);

/* LMDB maps its table of readers, which a full disk would not let it write to; so it has its pages from its
 * first start on. False: errno. */
MUST_USE bool store_lmdb_make_readers(const struct store_lmdb *s);

/* The transaction that sees what was changed and not yet committed. */
MDB_txn *store_lmdb_view(struct store_lmdb *s);

/*
 * Sees to it that a transaction has room before it starts: one may use half of what is free. In the last
 * quarter of the map a checkpoint is given up, because LMDB uses no page again that its snapshot may have.
 */
void store_lmdb_make_room(struct store_lmdb *s);

/* Before the end: of the file what no page is in. */
void store_lmdb_give_back(struct store_lmdb *s);

/*
 * Of the map what a transaction may use and no more; of the disk, blocks behind the file's end. Pages are
 * half full at least, and as many again are in use for the transaction before. A file system that cannot give
 * blocks ahead is not asked.
 */
MUST_USE bool store_lmdb_reserve(struct store *store, uint64_t octets);

/* What is read is not what was written: nothing that is built on it may be kept or leave, from here on.
 * False, for callers to return. */
bool store_lmdb_damage(struct store_lmdb *s);

/* Ends a checkpoint under way, and waits until it has. */
void store_lmdb_checkpoint_stop(struct store_lmdb *s);

/* Locks the directory and decides which file is the store; after it store_lmdb_env opens paths[MAIN]. */
MUST_USE bool store_lmdb_recover(struct store_lmdb *s, enum store_lmdb_found *found, char *error, size_t cap);

/* Writes into the state file that the store is in use, or was closed. */
MUST_USE bool store_lmdb_mark(struct store_lmdb *s, bool clean);
