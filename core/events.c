/*
 * The events of subscribers, kept in the store as a ring of config.events_max records: the key is the number
 * of the event, and with each one kept the one that is so much older goes. They are put in the turn that they
 * belong to, behind a savepoint: a store that is full loses events, not registrations. What UEs claim that
 * have not proved who they are is kept, and their identity opened, only so often a second: so nobody unknown
 * pushes out the rest.
 */
#include <inttypes.h>

#include "core/internal.h"

enum { EVENT_RECORD_MAX = 512, UNPROVED_PER_S = 10, ROWS_LOOKED_AT = 16 };

_Static_assert(sizeof(struct event) + 3 * 16 <= EVENT_RECORD_MAX, "an event fits its record");

static const struct stat_def stat_defs[CORE_EVENT_STAT_COUNT] = {
	[CORE_EVENT_KEPT] = { "kept", "events of subscribers put to the store" },
	[CORE_EVENT_LOST] = { "lost", "events that the store did not take" },
	[CORE_EVENT_UNPROVED] = { "unproved_dropped",
		"events of UEs that have not proved who they are, above so many a second" },
};
const struct stat_group core_event_stat_group = { "events", stat_defs, CORE_EVENT_STAT_COUNT };

static struct bytes key_of(uint64_t number, uint8_t buf[8])
{
	struct writer w = writer_of(buf, 8);

	writer_u64(&w, number);
	return writer_bytes(&w);
}

static uint64_t number_of(struct bytes key)
{
	struct cursor c = cursor_of(key);

	return cursor_u64(&c);
}

static bool put(struct core_events *e, struct store *store, const struct event *event)
{
	uint8_t key[8], octets[EVENT_RECORD_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!record_encode(&event_def, event, &w) ||
		!store_put(store, STORE_EVENT, key_of(event->number, key), writer_bytes(&w)))
		return false;
	return event->number < e->max || store_del(store, STORE_EVENT, key_of(event->number - e->max, key));
}

static bool put_all(struct core_events *e, struct store *store)
{
	if (!store_savepoint(store))
		return false;
	for (uint32_t i = 0; i < e->count; i++) {
		if (put(e, store, &e->waiting[i]))
			continue;
		store_rollback_to(store);
		return false;
	}
	store_release(store);
	return true;
}

void core_events_store(struct core *core)
{
	struct core_events *e = &core->events;

	if (e->count == 0)
		return;
	e->stat[put_all(e, core->env->store) ? CORE_EVENT_KEPT : CORE_EVENT_LOST] += e->count;
	e->count = 0;
}

/* Whether one more of those who have proved nothing is kept in this second. */
static bool unproved_is_taken(struct core_events *e, uint64_t utc_ms)
{
	if (utc_ms / MS_PER_S != e->unproved_s) {
		e->unproved_s = utc_ms / MS_PER_S;
		e->unproved = 0;
	}
	if (e->unproved++ < UNPROVED_PER_S)
		return true;
	e->stat[CORE_EVENT_UNPROVED]++;
	return false;
}

/* What the function that raised it cannot know: of an SMF the gNB, of an AMF who a concealed identity is. */
static void complete(struct core *core, struct event *e)
{
	const char *gnb = NULL;

	e->claimed = e->given && udm_reveal(core->udm, e->given, &e->supi);
	e->given = NULL;
	if (e->gnb[0] || e->claimed)
		return;
	for (uint8_t i = 0; !gnb && i < core->config.amf_count; i++)
		gnb = amf_gnb_of(core->amfs[i], &e->supi);
	if (gnb)
		str_copy(e->gnb, sizeof(e->gnb), gnb);
}

static void take(void *arg, const struct event *event)
{
	struct core *core = arg;
	struct core_events *e = &core->events;
	uint64_t now_ms = env_utc_ms(core->env);
	struct event *kept;

	if ((event->given || supi_is_imei(&event->supi)) && !unproved_is_taken(e, now_ms))
		return;
	if (e->count == CORE_EVENTS_WAITING)
		core_events_store(core);
	kept = &e->waiting[e->count++];
	*kept = *event;
	complete(core, kept);
	kept->number = e->next++;
	kept->utc_ms = now_ms;
}

/* What is in the store: the last one's number, and those that a smaller ring does not have any more. */
struct restoring {
	struct core_events *events;
	uint64_t first, count;
	bool any;
};

static bool restore_one(void *arg, struct bytes key, struct bytes value)
{
	struct restoring *r = arg;

	if (!r->any)
		r->first = number_of(key);
	r->any = true;
	r->events->next = number_of(key) + 1;
	return true;
}

bool core_events_restore(struct core *core, uint32_t max)
{
	struct restoring r = { .events = &core->events };
	uint8_t key[8];

	core->events.max = max;
	core->events.sink = (struct event_sink){ take, core };
	if (!store_scan(core->env->store, STORE_EVENT, restore_one, &r))
		return false;
	for (uint64_t n = r.first; r.any && n + max < core->events.next; n++)
		if (!store_del(core->env->store, STORE_EVENT, key_of(n, key)))
			return false;
	return true;
}

static const struct table_column columns[] = {
	{ "number", TABLE_NUMBER, "ascending" },
	{ "time", TABLE_TIME, "" },
	{ "imsi", TABLE_TEXT, "SUPI, or imei-... of a UE without; empty: concealed, and not known" },
	{ "proved", TABLE_TEXT, "no: the UE has not proved that the SUPI is its own" },
	{ "event", TABLE_TEXT, "" },
	{ "reason", TABLE_TEXT, "" },
	{ "cause", TABLE_TEXT, "as it was sent: 5GMM, 5GSM or NGAP" },
	{ "session", TABLE_NUMBER, "PDU session identity" },
	{ "dnn", TABLE_TEXT, "data network" },
	{ "slice", TABLE_TEXT, "S-NSSAI" },
	{ "gnb", TABLE_TEXT, "" },
	{ "cell", TABLE_TEXT, "NR Cell Identity, hexadecimal, where it was reported" },
	{ "tac", TABLE_NUMBER, "its tracking area" },
};
const struct table core_event_table = { "events", "what happened to subscribers", columns,
	ARRAY_LEN(columns) };

static void text_or_none(struct table_row *r, const char *text)
{
	if (text[0])
		table_text(r, text);
	else
		table_none(r);
}

static void put_cell(const struct event *e, struct table_row *r)
{
	if (e->nci) {
		table_put(r, "%09" PRIx64, e->nci);
		table_number(r, e->tac);
	} else {
		table_none(r);
		table_none(r);
	}
}

static void put_row(const struct event *e, struct writer *w)
{
	struct table_row r = table_row_begin(&core_event_table, w);
	char cause[EVENT_CAUSE_SIZE], slice[SNSSAI_STR_SIZE], supi[SUPI_STR_SIZE];

	table_number(&r, e->number);
	table_time(&r, e->utc_ms / MS_PER_S);
	text_or_none(&r, supi_plain(&e->supi, supi));
	table_text(&r, e->claimed || !e->supi.imsi[0] ? "no" : "yes");
	table_text(&r, event_kind_name(e->kind));
	text_or_none(&r, event_reason_name(e->reason));
	text_or_none(&r, event_cause_text(e, cause));
	if (e->pdu_session_id)
		table_number(&r, e->pdu_session_id);
	else
		table_none(&r);
	text_or_none(&r, e->dnn);
	text_or_none(&r, e->snssai.sst ? snssai_str(&e->snssai, slice) : "");
	text_or_none(&r, e->gnb);
	put_cell(e, &r);
	table_row_end(&r);
}

struct looking {
	const struct supi *whose; /* NULL: everybody's */
	uint64_t *at;
	struct writer *w;
	unsigned looked;
	bool found;
};

static bool look_at(void *arg, struct bytes key, struct bytes value)
{
	struct looking *l = arg;
	struct event e = { 0 };

	*l->at = number_of(key) + 1;
	l->looked++;
	if (record_decode(&event_def, value, &e) && (!l->whose || !strcmp(l->whose->imsi, e.supi.imsi))) {
		put_row(&e, l->w);
		l->found = true;
	}
	return !l->found && l->looked < ROWS_LOOKED_AT;
}

bool core_event_row(struct core *core, const struct supi *whose, uint64_t *at, struct writer *w)
{
	struct looking l = { .whose = whose, .at = at, .w = w };
	uint8_t key[8];
	struct bytes after = *at == 0 ? BYTES_NONE : key_of(*at - 1, key);

	return store_scan_after(core->env->store, STORE_EVENT, after, look_at, &l) && l.looked > 0;
}

uint64_t core_events_back(const struct core *core, uint64_t count)
{
	return core->events.next > count ? core->events.next - count : 0;
}

void core_event_stats(const struct core *core, struct stats *out)
{
	*out = (struct stats){ &core_event_stat_group, core->events.stat };
}
