/* Profiles for operators, as a table. */
#include "core/internal.h"

static const struct table_column columns[] = {
	{ "name", TABLE_TEXT, "" },
	{ "settings", TABLE_TEXT, "what its subscribers have, as freehold subscriber set takes it" },
	{ "changed", TABLE_TIME, "" },
	{ "pending", TABLE_TEXT, "yes: the change goes round" },
};
const struct table core_profile_table = { "profiles", "what many subscribers have in common", columns,
	ARRAY_LEN(columns) };

/* Places are numbers of their order. */
struct looking {
	uint64_t left;
	struct writer *w;
	bool found;
};

static bool put_row(void *arg, struct bytes key, struct bytes value)
{
	struct looking *l = arg;
	struct core_profile p = { 0 };
	struct table_row r;
	char name[SUBSCRIBER_PROFILE_SIZE];

	if (l->left-- > 0)
		return true;
	if (key.len < sizeof(name) && record_decode(&core_profile_def, value, &p)) {
		str_copy(name, key.len + 1, (const char *)key.data);
		r = table_row_begin(&core_profile_table, l->w);
		table_text(&r, name);
		table_text(&r, p.line);
		table_time(&r, p.changed_ms / MS_PER_S);
		table_text(&r, p.pending ? "yes" : "no");
		table_row_end(&r);
	}
	l->found = true;
	return false;
}

bool core_profile_row(struct core *core, uint64_t *at, struct writer *w)
{
	struct looking l = { .left = (*at)++, .w = w };

	return store_scan(core->env->store, STORE_PROFILE, put_row, &l) && l.found;
}
