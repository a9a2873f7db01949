/* What the open store and its recovery both use of LMDB. */
#include "io/sctp/crc32c.h"
#include "io/store/impl.h"

uint32_t store_lmdb_crc(struct bytes key, struct bytes value)
{
	return crc32c(crc32c(0, key), value);
}

/* One process, one thread, flock: LMDB needs no lock file of its own. */
int store_lmdb_env(const char *path, size_t map_size, unsigned flags, MDB_env **env, MDB_dbi *dbi)
{
	MDB_txn *txn;
	int rc = mdb_env_create(env);

	if (rc != 0)
		return rc;
	rc = mdb_env_set_mapsize(*env, map_size);
	if (rc == 0)
		rc = mdb_env_open(
			*env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS | MDB_NORDAHEAD | flags, 0600);
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
