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
	STORE_STATIC_ADDRESS = 8, /* UDR: whose a static address is */
	STORE_AMF_RADIO_CAPABILITY = 9,
	STORE_AMF_SECURITY_CONTEXT = 10, /* AMF: of UEs that have left */
	STORE_AMF_CONNECTION = 11,       /* AMF: N2 connections whose gNB may have the UE's context */
	STORE_EVENT = 12,                /* what happened to subscribers, by its number */
	STORE_PCF_POLICY = 14,           /* PCF: SM policy associations */
	STORE_AMF_ORDER = 16,            /* AMF: what operators have gNBs do about UEs */
	STORE_AMF_WARNING = 17,          /* AMF: public warnings that are being broadcast */
	STORE_PCF_APPLICATION = 19,      /* PCF: sessions of applications, below that of the UE */
	STORE_AUSF_KEY = 20,             /* AUSF: K_AUSF of the last authentication, and its counters */
	STORE_UDM_UPDATE = 21,           /* UDM: UE parameters that are to be updated */
	STORE_UDM_STEERING = 23,         /* UDM: preferred PLMNs that UEs are to be told */
	STORE_ALARM = 24,                /* alarms, by their place in the list */
	STORE_PROFILE = 25,              /* profiles of subscribers, by their name */
	STORE_CONSOLE_USER = 32,         /* console, in a store of its own: users, by their name */
	STORE_CONSOLE_TOKEN = 33,        /* API tokens, by their digest */
	STORE_CONSOLE_AUDIT = 34,        /* the audit log, by the number of the entry */
	STORE_CONSOLE_NETWORK = 35,      /* versions of network.yaml, without keys, by their number */
	STORE_CONSOLE_FIGURES = 36,      /* figures over time, by step and place */
	STORE_CONSOLE_NOTICE = 37,       /* what was told of alarms, by their id */
	STORE_TABLE_LAST = STORE_CONSOLE_NOTICE,
};

enum { STORE_KEY_MAX = 96, STORE_VALUE_MAX = 65536 };

struct store;

/* Called in key order; returning false ends the scan. The views are valid during the call. */
typedef bool store_scan_fn(void *arg, struct bytes key, struct bytes value);

struct store_ops {
	bool (*get)(struct store *s, enum store_table t, struct bytes key, struct bytes *value);
	bool (*put)(struct store *s, enum store_table t, struct bytes key, struct bytes value);
	bool (*del)(struct store *s, enum store_table t, struct bytes key);
	bool (*scan)(struct store *s, enum store_table t, struct bytes after, store_scan_fn *fn, void *arg);
	bool (*reserve)(struct store *s, uint64_t octets); /* NULL: nothing can be kept ahead */
	bool (*savepoint)(struct store *s);
	void (*release)(struct store *s);
	void (*rollback_to)(struct store *s);
};

/* Savepoints within one another. */
enum { STORE_SAVEPOINTS_MAX = 4 };

struct store {
	const struct store_ops *ops;
	const struct store_end_ops *end; /* base/commit.h: not for rooms */
	bool changed;                    /* since the last commit */
	bool doomed;                     /* a change was refused: this transaction cannot be committed */
	uint8_t depth;                   /* open savepoints, and what `doomed` was before each */
	bool doomed_before[STORE_SAVEPOINTS_MAX];
};

/* True and *value, valid until the next change or commit, when the key exists. */
MUST_USE static inline bool store_get(
	struct store *s, enum store_table t, struct bytes key, struct bytes *value)
{
	return s->ops->get(s, t, key, value);
}

/* What should have been stored cannot be: nothing of the turn is kept, and nothing of it leaves. */
static inline void store_doom(struct store *s)
{
	s->doomed = true;
}

/*
 * False when the store is full or failing. The turn is doomed then, whatever the caller does, unless it
 * goes back to a savepoint.
 */
MUST_USE static inline bool store_put(
	struct store *s, enum store_table t, struct bytes key, struct bytes value)
{
	bool ok = s->ops->put(s, t, key, value);

	s->changed = true;
	s->doomed |= !ok;
	return ok;
}

/* True also when there was no such key. */
MUST_USE static inline bool store_del(struct store *s, enum store_table t, struct bytes key)
{
	bool ok = s->ops->del(s, t, key);

	s->changed = true;
	s->doomed |= !ok;
	return ok;
}

MUST_USE static inline bool store_scan(struct store *s, enum store_table t, store_scan_fn *fn, void *arg)
{
	return s->ops->scan(s, t, BYTES_NONE, fn, arg);
}

/* From the first key behind after, which need not be there. */
MUST_USE static inline bool store_scan_after(
	struct store *s, enum store_table t, struct bytes after, store_scan_fn *fn, void *arg)
{
	return s->ops->scan(s, t, after, fn, arg);
}

/*
 * Keys and values of so many octets will find room, as long as nobody else takes it: for changes that are too
 * many for one transaction, and all wanted or none. False: there is not so much.
 */
MUST_USE static inline bool store_reserve(struct store *s, uint64_t octets)
{
	return !s->ops->reserve || s->ops->reserve(s, octets);
}

/*
 * A part of the transaction that may fail alone: ended by store_release, which keeps its changes, or by
 * store_rollback_to, which undoes them, a refusal among them. False: not begun, nothing to end.
 */
MUST_USE static inline bool store_savepoint(struct store *s)
{
	if (s->depth == STORE_SAVEPOINTS_MAX || !s->ops->savepoint(s))
		return false;
	s->doomed_before[s->depth++] = s->doomed;
	return true;
}

static inline void store_release(struct store *s)
{
	s->ops->release(s);
	s->depth--;
}

static inline void store_rollback_to(struct store *s)
{
	s->ops->rollback_to(s);
	s->doomed = s->doomed_before[--s->depth];
}
