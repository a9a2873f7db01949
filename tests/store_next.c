/* store_next DIR: makes a store (io/store/lmdb.h) one of the next version: a member that this version does
 * not know in every described record, an octet more of what the SMF knows of its UPFs, a table that it does
 * not have, a name in STORE_META that it never wrote. */
#include <stdio.h>
#include <stdlib.h>

#include "base/commit.h"
#include "base/cursor.h"
#include "io/store/lmdb.h"

enum { ENTRIES_MAX = 65536, UNKNOWN_TAG = 250 };

static const enum store_table tables[] = {
	STORE_SUBSCRIBER,
	STORE_AMF_UE,
	STORE_SMF_SESSION,
	STORE_UDM_UECM,
	STORE_AMF_CONNECTION,
	STORE_EVENT,
	STORE_PCF_POLICY,
	STORE_AMF_ORDER,
	STORE_AMF_WARNING,
	STORE_PCF_APPLICATION,
	STORE_AUSF_KEY,
	STORE_UDM_UPDATE,
	STORE_UDM_STEERING,
	STORE_ALARM,
	STORE_PROFILE,
	STORE_CONSOLE_USER,
	STORE_CONSOLE_TOKEN,
	STORE_CONSOLE_AUDIT,
	STORE_CONSOLE_NETWORK,
};

struct entry {
	size_t key_len, len;
	uint8_t key[STORE_KEY_MAX], *value;
};

struct found {
	struct entry *entries;
	size_t count;
};

/* Tag, length, value to the end (base/record.h). */
static bool is_record(struct bytes value)
{
	struct cursor c = cursor_of(value);

	while (cursor_left(&c) > 0 && !c.failed) {
		cursor_skip(&c, 1);
		cursor_skip(&c, cursor_u16(&c));
	}
	return !c.failed && value.len > 0;
}

static bool add(struct found *f, struct bytes key, struct bytes value, struct bytes more)
{
	struct entry *e = &f->entries[f->count];
	struct writer w;

	if (f->count == ENTRIES_MAX || !bytes_copy(e->key, sizeof(e->key), key))
		return false;
	e->value = malloc(value.len + more.len);
	if (!e->value)
		return false;
	w = writer_of(e->value, value.len + more.len);
	writer_put(&w, value);
	writer_put(&w, more);
	e->key_len = key.len;
	e->len = w.len;
	f->count++;
	return true;
}

static bool collect(void *arg, struct bytes key, struct bytes value)
{
	static const uint8_t member[] = { UNKNOWN_TAG, 0, 3, 'n', 'e', 'w' };

	return !is_record(value) || add(arg, key, value, BYTES(member));
}

static bool collect_upf(void *arg, struct bytes key, struct bytes value)
{
	static const char upf[] = "smf_upf/";

	return key.len < sizeof(upf) || memcmp(key.data, upf, sizeof(upf) - 1) != 0 ||
	       add(arg, key, value, bytes_of_str("n"));
}

static bool advance(struct store *s, enum store_table t, store_scan_fn *which, struct found *f)
{
	bool ok;

	f->count = 0;
	ok = store_scan(s, t, which, f);
	for (size_t i = 0; i < f->count; i++) {
		const struct entry *e = &f->entries[i];

		ok = ok && store_put(s, t, bytes_of(e->key, e->key_len), bytes_of(e->value, e->len));
		free(e->value);
	}
	printf("table %d: %zu records\n", (int)t, f->count);
	return ok;
}

int main(int argc, char **argv)
{
	struct store_lmdb_config config = { .dir = argc > 1 ? argv[1] : "" };
	struct found f = { calloc(ENTRIES_MAX, sizeof(struct entry)), 0 };
	enum store_lmdb_found found;
	char error[256] = "";
	struct store *s =
		f.entries && argc == 2 ? store_lmdb_open(&config, &found, error, sizeof(error)) : NULL;
	bool ok = s != NULL;

	if (!s)
		fprintf(stderr, "store_next DIR: %s\n", error);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		ok = ok && advance(s, tables[i], collect, &f);
	ok = ok && advance(s, STORE_META, collect_upf, &f);
	ok = ok && store_put(s, STORE_TABLE_LAST + 1, bytes_of_str("x"), bytes_of_str("y")) &&
	     store_put(s, STORE_META, bytes_of_str("of the next version"), bytes_of_str("y")) &&
	     store_commit(s, 1) == STORE_KEPT;
	if (s)
		ok = store_lmdb_close(s) && ok;
	free(f.entries);
	return ok ? 0 : 1;
}
