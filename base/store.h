/*
 * The store: what survives the process. Keys and values are octets; tables are named by an enum.
 * All changes between two commits are one transaction: after a kill at any instruction the store
 * holds all of it or nothing. One process opens a store.
 */
#pragma once

#include "base/bytes.h"

/* Never renumber: the number is in the file. */
enum store_table {
	STORE_META = 1,       /* format version, identities, recovery time stamps */
	STORE_SUBSCRIBER = 2, /* UDR: subscription data, keys sealed */
	STORE_AUTH = 3,       /* UDR: SQN, changes with each authentication */
	STORE_AMF_UE = 4,     /* AMF: UE contexts */
	STORE_SMF_SESSION = 5,
	STORE_UDM_UECM = 6, /* UDM: serving AMF and SMF registrations */
	STORE_UPF_SESSION = 7,
};

enum { STORE_KEY_MAX = 64, STORE_VALUE_MAX = 65536 };

struct store;

/* Called in key order; returning false ends the scan. The views are valid during the call. */
typedef bool store_scan_fn(void *arg, struct bytes key, struct bytes value);

struct store_ops {
	bool (*get)(struct store *s, enum store_table t, struct bytes key, struct bytes *value);
	bool (*put)(struct store *s, enum store_table t, struct bytes key, struct bytes value);
	bool (*del)(struct store *s, enum store_table t, struct bytes key);
	bool (*scan)(struct store *s, enum store_table t, store_scan_fn *fn, void *arg);
	bool (*commit)(struct store *s);
	void (*rollback)(struct store *s);
};

struct store {
	const struct store_ops *ops;
};

/* True and *value, valid until the next change or commit, when the key exists. */
static inline bool store_get(struct store *s, enum store_table t, struct bytes key, struct bytes *value)
{
	return s->ops->get(s, t, key, value);
}

/* False when the store is full or failing: the caller answers with a temporary failure. */
static inline bool store_put(struct store *s, enum store_table t, struct bytes key, struct bytes value)
{
	return s->ops->put(s, t, key, value);
}

/* True also when there was no such key. */
static inline bool store_del(struct store *s, enum store_table t, struct bytes key)
{
	return s->ops->del(s, t, key);
}

static inline bool store_scan(struct store *s, enum store_table t, store_scan_fn *fn, void *arg)
{
	return s->ops->scan(s, t, fn, arg);
}

/* Ends the transaction; nothing changed is a cheap success. False: nothing of it was kept. */
static inline bool store_commit(struct store *s)
{
	return s->ops->commit(s);
}

static inline void store_rollback(struct store *s)
{
	s->ops->rollback(s);
}
