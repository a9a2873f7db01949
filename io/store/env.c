/* What the open store, its checkpoint and its recovery all use of LMDB. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cursor.h"
#include "io/sctp/crc32c.h"
#include "io/store/impl.h"

enum {
	STORE_LMDB_READERS_OCTETS = 64 << 10,
	STORE_LMDB_MAP_MIN = 256 << 20, /* octets of address space that a store needs */
};

uint32_t store_lmdb_crc(struct bytes key, struct bytes value)
{
	return crc32c(crc32c(0, key), value);
}

int store_lmdb_env(const char *path, size_t map_size, unsigned flags, MDB_env **env, MDB_dbi *dbi)
{
	MDB_txn *txn;
	int rc = mdb_env_create(env);

	if (rc != 0)
		return rc;
	rc = mdb_env_set_mapsize(*env, map_size);
	if (rc == 0)
		rc = mdb_env_open(*env, path, MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD | flags, 0600);
	if (rc == 0)
		rc = mdb_txn_begin(*env, NULL, flags & MDB_RDONLY, &txn);
	if (rc == 0) {
		rc = mdb_dbi_open(txn, NULL, 0, dbi);
		if (rc == 0)
			rc = mdb_txn_commit(txn);
		else
			mdb_txn_abort(txn);
	}
	if (rc != 0)
		mdb_env_close(*env);
	return rc;
}

bool store_lmdb_value(const MDB_val *key, const MDB_val *value, struct bytes *out)
{
	struct cursor c = cursor_of(bytes_of(value->mv_data, value->mv_size));

	if (value->mv_size < STORE_LMDB_CRC_SIZE)
		return false;
	*out = cursor_bytes(&c, value->mv_size - STORE_LMDB_CRC_SIZE);
	return cursor_u32(&c) == store_lmdb_crc(bytes_of(key->mv_data, key->mv_size), *out);
}

bool store_lmdb_damage(struct store_lmdb *s)
{
	s->stats.damaged++;
	s->store.changed = s->store.doomed = true;
	return false;
}

size_t store_lmdb_map_size(size_t wanted)
{
	for (; wanted > STORE_LMDB_MAP_MIN; wanted /= 2) {
		void *at =
			mmap(NULL, wanted * 2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (at != MAP_FAILED) {
			munmap(at, wanted * 2);
			break;
		}
	}
	return wanted;
}

bool store_lmdb_make_readers(const struct store_lmdb *s)
{
	int fd = open(s->paths[STORE_LMDB_READERS], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int rc = fd < 0 ? errno : posix_fallocate(fd, 0, STORE_LMDB_READERS_OCTETS);

	if (fd >= 0)
		close(fd);
	errno = rc;
	return rc == 0;
}
