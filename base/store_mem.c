#include "base/store_mem.h"

#include <stdlib.h>

#include "base/commit.h"

/*
 * A skip list: key order for scans, no rebalancing. Levels come from a generator with a fixed seed,
 * so a run replays; keys are the process's own choice, so nobody outside can unbalance it. */
enum { STORE_MEM_LEVELS = 20, STORE_MEM_KEY_MAX = STORE_KEY_MAX + 1 };

struct store_mem_node {
	uint8_t *value;
	uint32_t len;
	uint8_t levels, key_len;
	uint8_t key[STORE_MEM_KEY_MAX]; /* the table's number first */
	struct store_mem_node *next[];
};

/* What a key held before a change of this transaction. */
struct store_mem_undo {
	struct store_mem_undo *next;
	uint8_t key_len, key[STORE_MEM_KEY_MAX];
	uint8_t *value;
	uint32_t len;
	bool existed;
};

struct store_mem {
	struct store store;
	struct store_mem_node *head; /* of all levels, without a key */
	struct store_mem_undo *undo; /* newest first */
	struct store_mem_undo *saved[STORE_SAVEPOINTS_MAX];
	size_t limit;
	uint32_t fail_put, fail_commit;
	uint32_t random;
	struct store_mem_stats stats;
};

struct store_mem_key {
	uint8_t len;
	uint8_t octets[STORE_MEM_KEY_MAX];
};

static bool store_mem_key(enum store_table t, struct bytes key, struct store_mem_key *out)
{
	out->octets[0] = (uint8_t)t;
	out->len = (uint8_t)(key.len + 1);
	return key.len <= STORE_KEY_MAX && bytes_copy(out->octets + 1, STORE_KEY_MAX, key);
}

static int store_mem_compare(const struct store_mem_node *n, const uint8_t *key, size_t len)
{
	size_t shorter = n->key_len < len ? n->key_len : len;
	int c = memcmp(n->key, key, shorter);

	return c ? c : (n->key_len > len) - (n->key_len < len);
}

/* The first node not before the key; before[level] is the last one that is. */
static struct store_mem_node *store_mem_seek(
	struct store_mem *m, const uint8_t *key, size_t len, struct store_mem_node *before[STORE_MEM_LEVELS])
{
	struct store_mem_node *n = m->head;

	for (int level = STORE_MEM_LEVELS - 1; level >= 0; level--) {
		while (n->next[level] && store_mem_compare(n->next[level], key, len) < 0)
			n = n->next[level];
		if (before)
			before[level] = n;
	}
	return n->next[0];
}

static struct store_mem_node *store_mem_find(struct store_mem *m, const uint8_t *key, size_t len)
{
	struct store_mem_node *n = store_mem_seek(m, key, len, NULL);

	return n && store_mem_compare(n, key, len) == 0 ? n : NULL;
}

static void store_mem_remove(struct store_mem *m, const uint8_t *key, size_t len)
{
	struct store_mem_node *before[STORE_MEM_LEVELS];
	struct store_mem_node *n = store_mem_seek(m, key, len, before);

	if (!n || store_mem_compare(n, key, len) != 0)
		return;
	for (int level = 0; level < n->levels; level++)
		before[level]->next[level] = n->next[level];
	m->stats.entries--;
	m->stats.octets -= n->key_len + n->len;
	free(n->value);
	free(n);
}

/* A quarter of the nodes reaches the next level. */
static uint8_t store_mem_levels(struct store_mem *m)
{
	uint8_t levels = 1;

	do {
		m->random = m->random * 1664525 + 1013904223;
	} while (m->random >> 30 == 0 && ++levels < STORE_MEM_LEVELS);
	return levels;
}

/* Sets the key to a value that becomes the store's own. False when memory is out. */
static bool store_mem_set(
	struct store_mem *m, const uint8_t *key, size_t len, uint8_t *value, uint32_t value_len)
{
	struct store_mem_node *before[STORE_MEM_LEVELS];
	struct store_mem_node *n = store_mem_seek(m, key, len, before);
	uint8_t levels;

	if (n && store_mem_compare(n, key, len) == 0) {
		m->stats.octets = m->stats.octets - n->len + value_len;
		free(n->value);
		n->value = value;
		n->len = value_len;
		return true;
	}
	levels = store_mem_levels(m);
	n = calloc(1, sizeof(*n) + levels * sizeof(struct store_mem_node *));
	if (!n)
		return false;
	n->value = value;
	n->len = value_len;
	n->levels = levels;
	n->key_len = (uint8_t)len;
	memcpy(n->key, key, len);
	for (int level = 0; level < levels; level++) {
		n->next[level] = before[level]->next[level];
		before[level]->next[level] = n;
	}
	m->stats.entries++; /* NOLINT(clang-analyzer-unix.Malloc): n hangs in the list, levels being 1 or more
			     */
	m->stats.octets += len + value_len;
	return true;
}

/* A copy that may be freed, also of nothing; NULL when memory is out. */
static uint8_t *store_mem_copy(struct bytes b)
{
	uint8_t *copy = malloc(b.len + 1);

	if (copy)
		bytes_copy(copy, b.len, b);
	return copy;
}

/* Keeps what the key holds, for a rollback. */
static bool store_mem_remember(struct store_mem *m, const struct store_mem_key *key)
{
	struct store_mem_node *n = store_mem_find(m, key->octets, key->len);
	struct store_mem_undo *u = calloc(1, sizeof(*u));

	if (!u)
		return false;
	u->existed = n != NULL;
	if (n) {
		u->len = n->len;
		u->value = store_mem_copy(bytes_of(n->value, n->len));
		if (!u->value) {
			free(u);
			return false;
		}
	}
	u->key_len = key->len;
	memcpy(u->key, key->octets, key->len);
	u->next = m->undo;
	m->undo = u;
	return true;
}

static bool store_mem_fails(uint32_t *countdown)
{
	return *countdown > 0 && --*countdown == 0;
}

static bool store_mem_get(struct store *s, enum store_table t, struct bytes key, struct bytes *value)
{
	struct store_mem_key k;
	struct store_mem_node *n;

	if (!store_mem_key(t, key, &k))
		return false;
	n = store_mem_find((struct store_mem *)s, k.octets, k.len);
	if (n)
		*value = bytes_of(n->value, n->len);
	return n != NULL;
}

static bool store_mem_put(struct store *s, enum store_table t, struct bytes key, struct bytes value)
{
	struct store_mem *m = (struct store_mem *)s;
	struct store_mem_key k;
	uint8_t *copy;

	if (!store_mem_key(t, key, &k) || value.len > STORE_VALUE_MAX || store_mem_fails(&m->fail_put) ||
		(m->limit && m->stats.octets + k.len + value.len > m->limit)) {
		m->stats.refused++;
		return false;
	}
	copy = store_mem_copy(value);
	if (!copy || !store_mem_remember(m, &k) ||
		!store_mem_set(m, k.octets, k.len, copy, (uint32_t)value.len)) {
		free(copy);
		m->stats.refused++;
		return false;
	}
	m->stats.puts++;
	return true;
}

static bool store_mem_del(struct store *s, enum store_table t, struct bytes key)
{
	struct store_mem *m = (struct store_mem *)s;
	struct store_mem_key k;

	if (!store_mem_key(t, key, &k) || store_mem_fails(&m->fail_put) || !store_mem_remember(m, &k)) {
		m->stats.refused++;
		return false;
	}
	store_mem_remove(m, k.octets, k.len);
	return true;
}

static bool store_mem_scan(
	struct store *s, enum store_table t, struct bytes after, store_scan_fn *fn, void *arg)
{
	uint8_t key[STORE_MEM_KEY_MAX] = { (uint8_t)t };
	bool ok = bytes_copy(key + 1, sizeof(key) - 1, after);
	struct store_mem_node *n =
		ok ? store_mem_seek((struct store_mem *)s, key, after.len + 1, NULL) : NULL;

	for (; n && n->key[0] == key[0]; n = n->next[0])
		if (!bytes_equal(bytes_of(n->key + 1, n->key_len - 1u), after) &&
			!fn(arg, bytes_of(n->key + 1, n->key_len - 1u), bytes_of(n->value, n->len)))
			break;
	return ok;
}

static void store_mem_forget_newest(struct store_mem *m)
{
	struct store_mem_undo *u = m->undo;

	m->undo = u->next;
	free(u->value);
	free(u);
}

static void store_mem_forget(struct store_mem *m)
{
	while (m->undo)
		store_mem_forget_newest(m);
}

/* Back to where `until` was the newest change. */
static void store_mem_undo_to(struct store_mem *m, const struct store_mem_undo *until)
{
	while (m->undo != until) {
		struct store_mem_undo *u = m->undo;

		if (!u->existed)
			store_mem_remove(m, u->key, u->key_len);
		else if (store_mem_set(m, u->key, u->key_len, u->value, u->len))
			u->value = NULL;
		store_mem_forget_newest(m);
	}
}

static bool store_mem_savepoint(struct store *s)
{
	struct store_mem *m = (struct store_mem *)s;

	m->saved[s->depth] = m->undo;
	return true;
}

static void store_mem_release(struct store *s)
{
}

static void store_mem_rollback_to(struct store *s)
{
	store_mem_undo_to((struct store_mem *)s, ((struct store_mem *)s)->saved[s->depth - 1]);
}

static void store_mem_rollback(struct store *s)
{
	store_mem_undo_to((struct store_mem *)s, NULL);
}

static enum store_verdict store_mem_commit(struct store *s, uint64_t epoch)
{
	struct store_mem *m = (struct store_mem *)s;

	if (!m->undo)
		return STORE_KEPT;
	if (store_mem_fails(&m->fail_commit)) {
		store_mem_rollback(s);
		return STORE_LOST;
	}
	m->stats.commits++;
	store_mem_forget(m);
	return STORE_KEPT;
}

static const struct store_ops store_mem_ops = {
	.get = store_mem_get,
	.put = store_mem_put,
	.del = store_mem_del,
	.scan = store_mem_scan,
	.savepoint = store_mem_savepoint,
	.release = store_mem_release,
	.rollback_to = store_mem_rollback_to,
};

static const struct store_end_ops store_mem_end = { store_mem_commit, store_mem_rollback };
struct store *store_mem_new(size_t limit)
{
	struct store_mem *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->head = calloc(1, sizeof(*m->head) + STORE_MEM_LEVELS * sizeof(struct store_mem_node *));
	if (!m->head) {
		free(m);
		return NULL;
	}
	m->store.ops = &store_mem_ops;
	m->store.end = &store_mem_end;
	m->limit = limit;
	m->random = 1;
	return &m->store;
}

void store_mem_free(struct store *s)
{
	struct store_mem *m = (struct store_mem *)s;
	struct store_mem_node *n, *next;

	if (!m)
		return;
	store_mem_forget(m);
	for (n = m->head; n; n = next) {
		next = n->next[0];
		free(n->value);
		free(n);
	}
	free(m);
}

struct store *store_mem_clone(const struct store *s)
{
	const struct store_mem *m = (const struct store_mem *)s;
	struct store *copy = store_mem_new(m->limit);
	struct store_mem *c = (struct store_mem *)copy;
	bool ok = copy;

	for (struct store_mem_node *n = m->head->next[0]; ok && n; n = n->next[0]) {
		uint8_t *value = store_mem_copy(bytes_of(n->value, n->len));

		ok = value && store_mem_set(c, n->key, n->key_len, value, n->len);
		if (!ok)
			free(value);
	}
	/* What is not committed goes: the oldest value of each key stands last in the list. */
	for (struct store_mem_undo *u = m->undo; ok && u; u = u->next) {
		uint8_t *value = u->existed ? store_mem_copy(bytes_of(u->value, u->len)) : NULL;

		if (!u->existed)
			store_mem_remove(c, u->key, u->key_len);
		else
			ok = value && store_mem_set(c, u->key, u->key_len, value, u->len);
		if (!ok)
			free(value);
	}
	if (!ok) {
		store_mem_free(copy);
		return NULL;
	}
	return copy;
}

void store_mem_fail_put(struct store *s, uint32_t nth)
{
	((struct store_mem *)s)->fail_put = nth;
}

void store_mem_fail_commit(struct store *s, uint32_t nth)
{
	((struct store_mem *)s)->fail_commit = nth;
}

struct store_mem_stats store_mem_stats(const struct store *s)
{
	return ((const struct store_mem *)s)->stats;
}
