/*
 * The tables of the core's functions, page by page: a request names a table and where the page begins, the
 * answer says where the next one does. So the core goes on between two pages, whatever the table's length.
 */
#include <inttypes.h>

#include "base/text.h"
#include "core/internal.h"

enum { PAGE_ROWS = 256, ROW_MAX = 1024 };

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

static bool ue_row(struct core *core, const struct supi *whose, uint64_t *at, struct writer *w)
{
	return each_amf(core, at, w, amf_ue_row);
}

static bool gnb_row(struct core *core, const struct supi *whose, uint64_t *at, struct writer *w)
{
	return each_amf(core, at, w, amf_gnb_row);
}

static bool warning_row(struct core *core, const struct supi *whose, uint64_t *at, struct writer *w)
{
	return each_amf(core, at, w, amf_warning_row);
}

static bool session_row(struct core *core, const struct supi *whose, uint64_t *at, struct writer *w)
{
	uint32_t index = (uint32_t)*at;
	bool found = smf_session_row(core->smf, &index, w);

	*at = index;
	return found;
}

static bool flow_row(struct core *core, const struct supi *whose, uint64_t *at, struct writer *w)
{
	return smf_flow_row(core->smf, at, w);
}

static bool upf_row(struct core *core, const struct supi *whose, uint64_t *at, struct writer *w)
{
	uint32_t index = (uint32_t)*at;
	bool found = smf_upf_row(core->smf, &index, w);

	*at = index;
	return found;
}

/* whose: of events those of one subscriber; NULL: everybody's. */
static const struct core_table {
	const struct table *table;
	bool (*row)(struct core *core, const struct supi *whose, uint64_t *at, struct writer *w);
} tables[] = {
	{ &amf_ue_table, ue_row },
	{ &smf_session_table, session_row },
	{ &smf_flow_table, flow_row },
	{ &amf_gnb_table, gnb_row },
	{ &smf_upf_table, upf_row },
	{ &core_event_table, core_event_row },
	{ &amf_warning_table, warning_row },
};

const struct table *core_table(size_t i)
{
	return i < ARRAY_LEN(tables) ? tables[i].table : NULL;
}

/* The rows that fit; *at is where the next page begins. */
static void put_page(struct core *core, const struct core_table *t, const struct supi *whose, uint64_t at,
	struct writer *w)
{
	struct writer rows = writer_of(core->rows, sizeof(core->rows));
	bool more = true;

	for (unsigned i = 0; more && i < PAGE_ROWS && rows.len + ROW_MAX < sizeof(core->rows); i++)
		more = t->row(core, whose, &at, &rows);
	if (more)
		text_put(w, "ok\n%" PRIu64 "\n", at);
	else
		text_put(w, "ok\nend\n");
	table_head(t->table, w);
	writer_u8(w, '\n');
	writer_put(w, writer_bytes(&rows));
}

void core_table_page(
	struct core *core, struct bytes name, struct bytes place, struct bytes imsi, struct writer *w)
{
	struct supi whose;
	uint64_t at = 0;

	if (place.len > 0 && !text_uint(place, UINT64_MAX, &at)) {
		text_put(w, "error\nexpected a place in the table\n");
		return;
	}
	if (imsi.len > 0 && !core_control_whose(imsi, &whose)) {
		text_put(w, "error\n" CORE_EXPECTED_WHOSE "\n");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		if (!bytes_equal(name, bytes_of_str(tables[i].table->name)))
			continue;
		put_page(core, &tables[i], imsi.len > 0 ? &whose : NULL, at, w);
		return;
	}
	text_put(w, "error\nthere is no such table\n");
}
