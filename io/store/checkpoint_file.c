/* A checkpoint as a file on its own, for whoever is not the store. */
#include "io/store/impl.h"

static int store_file_entries(MDB_cursor *cursor, enum store_table t, store_scan_fn *fn, void *arg)
{
	uint8_t first = (uint8_t)t;
	MDB_val key = { 1, &first }, value;
	struct bytes v;
	int rc;

	for (rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE); rc == 0;
		rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
		const uint8_t *k = key.mv_data;

		if (k[0] != t)
			break;
		if (!store_lmdb_value(&key, &value, &v))
			return MDB_CORRUPTED;
		if (!fn(arg, bytes_of(k + 1, key.mv_size - 1), v))
			break;
	}
	return rc == MDB_NOTFOUND ? 0 : rc;
}

bool store_lmdb_file_scan(const char *path, enum store_table t, store_scan_fn *fn, void *arg)
{
	MDB_env *env;
	MDB_dbi dbi;
	MDB_txn *txn;
	MDB_cursor *cursor;
	int rc = store_lmdb_env(
		path, store_lmdb_map_size(STORE_LMDB_MAP), MDB_RDONLY | MDB_NOLOCK, &env, &dbi);

	if (rc != 0)
		return false;
	rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
	if (rc == 0) {
		rc = mdb_cursor_open(txn, dbi, &cursor);
		if (rc == 0) {
			rc = store_file_entries(cursor, t, fn, arg);
			mdb_cursor_close(cursor);
		}
		mdb_txn_abort(txn);
	}
	mdb_env_close(env);
	return rc == 0;
}
