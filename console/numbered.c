#include "console/numbered.h"

#include "base/cursor.h"

static struct bytes key_of(uint64_t number, uint8_t buf[8])
{
	struct writer w = writer_of(buf, 8);

	writer_u64(&w, number);
	return writer_bytes(&w);
}

static bool restore_one(void *arg, struct bytes key, struct bytes value)
{
	struct numbered *n = arg;
	struct cursor in = cursor_of(key);
	uint64_t number = cursor_u64(&in);

	if (n->next == 1)
		n->first = number;
	n->next = number + 1;
	return true;
}

bool numbered_restore(struct numbered *n, struct store *store, uint8_t table, uint64_t max)
{
	*n = (struct numbered){ .first = 1, .next = 1, .max = max, .table = table };
	return store_scan(store, table, restore_one, n);
}

bool numbered_get(const struct numbered *n, struct store *store, uint64_t number, struct bytes *value)
{
	uint8_t key[8];

	return store_get(store, n->table, key_of(number, key), value);
}

bool numbered_put(struct numbered *n, struct store *store, uint64_t number, struct bytes value)
{
	bool full = number >= n->first + n->max;
	uint8_t key[8];

	if (!store_savepoint(store))
		return false;
	if (!store_put(store, n->table, key_of(number, key), value) ||
		(full && !store_del(store, n->table, key_of(n->first, key)))) {
		store_rollback_to(store);
		return false;
	}
	store_release(store);
	n->first += full;
	n->next += number == n->next;
	return true;
}
