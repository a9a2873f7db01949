/*
 * The tables of the core's functions, page by page: a request names a table and where the page begins, the
 * answer says where the next one does. So the core goes on between two pages, whatever the table's length.
 */
#include <inttypes.h>

#include "base/text.h"
#include "core/internal.h"

enum { PAGE_ROWS = 256, ROW_MAX = 1536 };

/* Which rows of a table that has many. */
struct wish {
	const struct supi *whose; /* of events those of one subscriber; NULL: everybody's */
	struct bytes digits;      /* of subscribers those with them in their IMSI */
};

/* The AMFs one after the other: which one is in the upper half of the place. */
static bool each_amf(struct core *core, uint64_t *at, struct writer *w,
	bool (*row)(const struct amf *amf, uint32_t *at, struct writer *w))
{
	for (uint32_t i = (uint32_t)(*at >> 32); i < core->config.amf_count; i++) {
		uint32_t of_amf = i == *at >> 32 ? (uint32_t)*at : 0;
		bool found = row(core->amfs[i], &of_amf, w);

		*at = (uint64_t)i << 32 | of_amf;
		if (found)
			return true;
	}
	return false;
}

static bool ue_row(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w)
{
	return each_amf(core, at, w, amf_ue_row);
}

static bool gnb_row(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w)
{
	return each_amf(core, at, w, amf_gnb_row);
}

static bool warning_row(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w)
{
	return each_amf(core, at, w, amf_warning_row);
}

static bool session_row(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w)
{
	uint32_t index = (uint32_t)*at;
	bool found = smf_session_row(core->smf, &index, w);

	*at = index;
	return found;
}

static bool flow_row(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w)
{
	return smf_flow_row(core->smf, at, w);
}

static bool upf_row(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w)
{
	uint32_t index = (uint32_t)*at;
	bool found = smf_upf_row(core->smf, &index, w);

	*at = index;
	return found;
}

static bool event_row(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w)
{
	return core_event_row(core, wish->whose, at, w);
}

static bool alarm_row(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w)
{
	return core_alarm_row(core, at, w);
}

static bool profile_row(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w)
{
	return core_profile_row(core, at, w);
}

static bool subscriber_row(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w)
{
	return core_subscriber_row(core, wish->digits, at, w);
}

static const struct core_table {
	const struct table *table;
	bool (*row)(struct core *core, const struct wish *wish, uint64_t *at, struct writer *w);
} tables[] = {
	{ &amf_ue_table, ue_row },
	{ &smf_session_table, session_row },
	{ &smf_flow_table, flow_row },
	{ &amf_gnb_table, gnb_row },
	{ &smf_upf_table, upf_row },
	{ &core_event_table, event_row },
	{ &core_subscriber_table, subscriber_row },
	{ &amf_warning_table, warning_row },
	{ &core_alarm_table, alarm_row },
	{ &core_profile_table, profile_row },
};

const struct table *core_table(size_t i)
{
	return i < ARRAY_LEN(tables) ? tables[i].table : NULL;
}

/* The rows that fit; *at is where the next page begins. */
static void put_page(
	struct core *core, const struct core_table *t, const struct wish *wish, uint64_t at, struct writer *w)
{
	struct writer rows = writer_of(core->rows, sizeof(core->rows));
	bool more = true;

	for (unsigned i = 0; more && i < PAGE_ROWS && rows.len + ROW_MAX < sizeof(core->rows); i++)
		more = t->row(core, wish, &at, &rows);
	if (more)
		text_put(w, "ok\n%" PRIu64 "\n", at);
	else
		text_put(w, "ok\nend\n");
	table_head(t->table, w);
	writer_u8(w, '\n');
	writer_put(w, writer_bytes(&rows));
}

/* "-100" of events: the last hundred. */
static bool place_of(struct core *core, const struct core_table *t, struct bytes text, uint64_t *at)
{
	bool back = text.len > 0 && text.data[0] == '-' && t->table == &core_event_table;

	*at = 0;
	if (text.len > 0 && !text_uint(back ? bytes_of(text.data + 1, text.len - 1) : text, UINT64_MAX, at))
		return false;
	if (back)
		*at = core_events_back(core, *at);
	return true;
}

static bool wish_of(const struct core_table *t, struct bytes text, struct supi *whose, struct wish *wish)
{
	*wish = (struct wish){ .whose = text.len > 0 ? whose : NULL, .digits = text };
	if (t->table != &core_subscriber_table)
		return text.len == 0 || core_control_whose(text, whose);
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

void core_table_page(
	struct core *core, struct bytes name, struct bytes place, struct bytes which, struct writer *w)
{
	struct supi whose;
	struct wish wish;
	uint64_t at;

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		if (!bytes_equal(name, bytes_of_str(tables[i].table->name)))
			continue;
		if (!place_of(core, &tables[i], place, &at))
			text_put(w, "error\nexpected a place in the table\n");
		else if (!wish_of(&tables[i], which, &whose, &wish))
			text_put(w, "error\n" CORE_EXPECTED_WHOSE "\n");
		else
			put_page(core, &tables[i], &wish, at, w);
		return;
	}
	text_put(w, "error\nthere is no such table\n");
}
