/* What room the store has, in its map and on the disk. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io/store/impl.h"

enum {
	STORE_LMDB_SPARE = 256 << 10, /* octets left free for deletions and LMDB's own pages */
	STORE_LMDB_AHEAD =
		8 << 20, /* octets at most behind the last page that are written, with nothing ... */
	STORE_LMDB_STEP = 64 << 10, /* ... when so many are missing */
	STORE_LMDB_PAGE_MAX = 1 << 16,
	STORE_LMDB_PAGES_PER_OCTET = 3, /* octets of pages that an octet of keys and values may take */
};

/* Octets of pages that LMDB will use again; looked up only when the map is nearly full. */
static size_t store_lmdb_free_octets(struct store_lmdb *s, size_t page)
{
	MDB_txn *txn = store_lmdb_view(s);
	MDB_cursor *cursor;
	MDB_val key, value;
	size_t pages = 0;

	/* Table 0 is LMDB's list of free pages: each value starts with their number. */
	if (!txn || mdb_cursor_open(txn, 0, &cursor) != 0)
		return 0;
	while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
		size_t n = 0;

		if (value.mv_size >= sizeof(n))
			memcpy(&n, value.mv_data, sizeof(n));
		pages += n;
	}
	mdb_cursor_close(cursor);
	return pages * page;
}

/*
 * Pages come into being one by one, before LMDB writes them, many at once: a file system with large folios
 * (ext4 from Linux 6.16 on) would else keep as many in one piece, and go through all of it at each later
 * write of a page of it.
 */
static void store_lmdb_write_ahead(struct store_lmdb *s, size_t page)
{
	static const uint8_t zeros[STORE_LMDB_PAGE_MAX];
	size_t used = s->stats.used, at = s->ahead > used ? s->ahead : used;
	size_t wanted = used + (used / 8 < STORE_LMDB_AHEAD ? used / 8 : STORE_LMDB_AHEAD);
	mdb_filehandle_t fd;

	if (at + STORE_LMDB_STEP > wanted || page > sizeof(zeros) || mdb_env_get_fd(s->env, &fd) != 0)
		return;
	while (at < wanted && pwrite(fd, zeros, page, (off_t)at) == (ssize_t)page)
		at += page;
	s->ahead = at;
}

static size_t store_lmdb_used(const struct store_lmdb *s, size_t *page)
{
	MDB_envinfo info;
	MDB_stat stat;

	mdb_env_info(s->env, &info);
	mdb_env_stat(s->env, &stat);
	*page = stat.ms_psize;
	return (info.me_last_pgno + 1) * stat.ms_psize;
}

void store_lmdb_give_back(struct store_lmdb *s)
{
	size_t page, used = store_lmdb_used(s, &page);
	mdb_filehandle_t fd;

	if (s->ahead > used && mdb_env_get_fd(s->env, &fd) == 0)
		may_fail(ftruncate(fd, (off_t)used) == 0); /* it is only longer than it need be */
	s->ahead = 0;
}

void store_lmdb_make_room(struct store_lmdb *s)
{
	size_t left, page;

	s->stats.used = store_lmdb_used(s, &page);
	store_lmdb_write_ahead(s, page);
	left = s->stats.map_size > s->stats.used ? s->stats.map_size - s->stats.used : 0;
	if (left < s->stats.map_size / 4) {
		s->checkpoint.give_up = true;
		left += store_lmdb_free_octets(s, page);
	}
	s->budget = left > STORE_LMDB_SPARE ? (left - STORE_LMDB_SPARE) / 2 : 0;
}

bool store_lmdb_reserve(struct store *store, uint64_t octets)
{
	struct store_lmdb *s = (struct store_lmdb *)store;
	mdb_filehandle_t fd;

	if (!s->write) /* one that is under way has its budget */
		store_lmdb_make_room(s);
	if (octets > SIZE_MAX / STORE_LMDB_PAGES_PER_OCTET ||
		s->budget < STORE_LMDB_PAGES_PER_OCTET * octets || mdb_env_get_fd(s->env, &fd) != 0)
		return false;
	return fallocate(fd, FALLOC_FL_KEEP_SIZE, (off_t)s->stats.used,
		       (off_t)(STORE_LMDB_PAGES_PER_OCTET * octets + STORE_LMDB_SPARE)) == 0 ||
	       errno == EOPNOTSUPP || errno == ENOSYS;
}
