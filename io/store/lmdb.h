/*
 * The store on disk, by LMDB. Changes gather in one write transaction that store_commit ends, so a
 * loop turn costs one commit however many messages it handled. Keys are the table's number and the
 * key; values carry a CRC32C.
 */
#pragma once

#include "base/stats.h"
#include "base/store.h"

enum store_lmdb_durability {
	STORE_LMDB_PROCESS, /* survives kill -9 at any instruction; a power loss may cost what came after the
			       checkpoint */
	STORE_LMDB_POWER,   /* survives power loss: fsync at each commit */
};

/* A field of 0 takes the value in brackets. */
struct store_lmdb_config {
	const char *dir; /* made 0700 if missing */
	enum store_lmdb_durability durability;
	size_t map_size; /* octets that it may take [64 GiB, or what address space there is]; behind them puts
			    are refused */
	bool may_be_lost; /* a damaged store without a sound checkpoint begins empty, and is not refused */
};

/* What the store was found to be. After STORE_LMDB_CHECKPOINT and _RESTORED what it holds is older than what
 * was sent. */
enum store_lmdb_found {
	STORE_LMDB_NEW,
	STORE_LMDB_CLEAN,      /* closed properly */
	STORE_LMDB_RECOVERED,  /* the process had died: every commit is there */
	STORE_LMDB_CHECKED,    /* the machine had died: commits may be missing, what is there is sound */
	STORE_LMDB_CHECKPOINT, /* the store is damaged: the last checkpoint is in use */
	STORE_LMDB_LOST,     /* the same, and there was no sound checkpoint: the store is empty, as allowed */
	STORE_LMDB_RESTORED, /* a backup's checkpoint was put into an empty directory: it is in use */
};

struct store_lmdb_stats { /* the figures of store_lmdb_group, in their order */
	uint64_t commits, commits_failed, puts, puts_refused;
	uint64_t checkpoints, checkpoints_failed;
	uint64_t damaged; /* entries that were not as written: nothing is kept any more, end the process */
	uint64_t map_size, used; /* octets of address space, of the file in use */
};

/* The file is read through first. NULL with a message in error (of cap octets) when another process has it
 * open, the disk refuses, or it is damaged without a sound checkpoint and may not be lost. */
MUST_USE struct store *store_lmdb_open(
	const struct store_lmdb_config *config, enum store_lmdb_found *found, char *error, size_t cap);

/* Rolls back what is not committed, makes a checkpoint and marks the store clean. False: not marked. */
MUST_USE bool store_lmdb_close(struct store *s);

/* Writes a copy of what is committed beside the store and puts it in the place of the last; blocks meanwhile.
 * False: errno. */
MUST_USE bool store_lmdb_checkpoint(struct store *s);

/* The same by a thread that lives as long as it takes. False: none could be started (errno), or one is under
 * way. Its end is asked for: DONE and FAILED (errno) are told once. */
enum store_lmdb_progress {
	STORE_LMDB_IDLE,
	STORE_LMDB_UNDER_WAY,
	STORE_LMDB_DONE,
	STORE_LMDB_FAILED,
};
MUST_USE bool store_lmdb_checkpoint_begin(struct store *s);
enum store_lmdb_progress store_lmdb_checkpoint_end(struct store *s);

struct store_lmdb_stats store_lmdb_stats(const struct store *s);
extern const struct stat_group store_lmdb_group, store_lmdb_time_group;
void store_lmdb_figures(const struct store *s, struct stats_list *l);
const char *store_lmdb_found_name(enum store_lmdb_found found);

/*
 * For `freehold backup` and `restore`: a checkpoint, a file on its own, is all of a store, and what the next
 * open begins with when it stands alone in the directory.
 */
#define STORE_LMDB_CHECKPOINT_FILE "store.checkpoint"
#define STORE_LMDB_LOCK_FILE       "store.lock" /* flock: whoever has it has the store */

/* Reads all of the checkpoint at path, in a child process. */
MUST_USE bool store_lmdb_file_sound(const char *path);

/* Calls fn for the entries of a table in it; false: one is not whole, or the file is none. */
MUST_USE bool store_lmdb_file_scan(const char *path, enum store_table t, store_scan_fn *fn, void *arg);
