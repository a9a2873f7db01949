/* What the store counts. */
#include "io/store/impl.h"

static const struct stat_def stat_defs[] = {
	{ "commits", "turns that it kept" },
	{ "commits_failed", "turns that it did not keep" },
	{ "puts", "entries put" },
	{ "puts_refused", "entries without room" },
	{ "checkpoints", "checkpoints made" },
	{ "checkpoints_failed", "checkpoints not made" },
	{ "damaged", "entries that were not as written" },
	{ "map_bytes", "address space of the file", NULL, STAT_GAUGE, "bytes" },
	{ "used_bytes", "of the file in use", NULL, STAT_GAUGE, "bytes" },
};
const struct stat_group store_lmdb_group = { "store", stat_defs, ARRAY_LEN(stat_defs) };
_Static_assert(sizeof(struct store_lmdb_stats) == sizeof(uint64_t) * ARRAY_LEN(stat_defs), "a row for each");

static const struct stat_def time_defs[] = {
	{ "commit_seconds", "from the end of a turn until the store has kept it", NULL, STAT_COUNTER,
		"seconds", 6 },
};
const struct stat_group store_lmdb_time_group = { "store", time_defs, ARRAY_LEN(time_defs), NULL,
	&histogram_turn_us };

void store_lmdb_figures(const struct store *store, struct stats_list *l)
{
	const struct store_lmdb *s = (const struct store_lmdb *)store;

	stats_add(l, (struct stats){ .group = &store_lmdb_group,
			     .values = (const uint64_t *)(const void *)&s->stats });
	stats_add(l, (struct stats){ .group = &store_lmdb_time_group, .values = s->commit_us.words });
}
