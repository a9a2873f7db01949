/* What operators see of UEs and gNBs (base/table.h). */
#include <inttypes.h>
#include <stdio.h>

#include "core/amf/internal.h"

static const struct table_column ue_columns[] = {
	{ "imsi", TABLE_TEXT, "SUPI, or imei-... of a UE without; empty until the UE has proven who it is" },
	{ "state", TABLE_TEXT, "registered, or the step of the procedure under way" },
	{ "connection", TABLE_TEXT, "connected, inactive (RRC), idle, or lost: its gNB is away" },
	{ "amf", TABLE_TEXT, "" },
	{ "gnb", TABLE_TEXT, "of the connection" },
	{ "cell", TABLE_TEXT, "NR Cell Identity, hexadecimal; of an idle UE the last one" },
	{ "tac", TABLE_NUMBER, "tracking area" },
	{ "located", TABLE_TIME, "when its gNB last reported the cell" },
	{ "since", TABLE_TIME, "of the registration" },
	{ "secured", TABLE_TIME, "when its keys were made, at its last authentication" },
	{ "tmsi", TABLE_TEXT, "5G-TMSI, hexadecimal" },
	{ "slices", TABLE_TEXT, "allowed S-NSSAIs" },
	{ "sessions", TABLE_NUMBER, "PDU sessions" },
	{ "release_cause", TABLE_TEXT, "of the last N2 connection" },
};
const struct table amf_ue_table = { "ues", "UEs that an AMF knows", ue_columns, ARRAY_LEN(ue_columns) };

static const struct table_column gnb_columns[] = {
	{ "name", TABLE_TEXT, "RAN node name" },
	{ "id", TABLE_TEXT, "Global RAN Node ID, hexadecimal" },
	{ "state", TABLE_TEXT, "up, connected (no NG Setup yet), or away (its UEs are kept for a while)" },
	{ "address", TABLE_TEXT, "of its N2" },
	{ "amf", TABLE_TEXT, "" },
	{ "tacs", TABLE_TEXT, "tracking areas" },
	{ "connected", TABLE_NUMBER, "UEs" },
	{ "since", TABLE_TIME, "of NG Setup" },
};
const struct table amf_gnb_table = { "gnbs", "gNBs of an AMF", gnb_columns, ARRAY_LEN(gnb_columns) };

/* Where the UE is; an idle one, where it was. */
static void put_location(const struct amf_ue *ue, struct table_row *r)
{
	const struct amf_connection *c = ue->serving;

	if (c)
		table_text(r, c->gnb->name);
	else
		table_none(r);
	if (c || ue->ran.nci)
		table_put(r, "%09" PRIx64, c ? c->location.ncgi.nci : ue->ran.nci);
	else
		table_none(r);
	table_number(r, c ? c->location.tai.tac : ue->tai.tac);
	table_time(r, ue->ran.located_s);
}

static void put_slices(const struct nssai *slices, struct table_row *r)
{
	char text[SNSSAI_MAX * (SNSSAI_STR_SIZE + 1)], one[SNSSAI_STR_SIZE];
	size_t at = 0;

	text[0] = '\0';
	for (uint8_t i = 0; i < slices->count; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", i ? "," : "",
			snssai_str(&slices->items[i], one));
	table_text(r, text);
}

/* States stand in capitals in logs. */
static void put_lower(const char *name, struct table_row *r)
{
	char text[48];
	size_t i;

	for (i = 0; name[i] && i + 1 < sizeof(text); i++)
		text[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
	text[i] = '\0';
	table_text(r, text);
}

static const char *connection_text(const struct amf_connection *c)
{
	if (!c)
		return "idle";
	if (c->gnb->absent)
		return "lost";
	return c->rrc_inactive ? "inactive" : "connected";
}

static void put_ue(const struct amf *amf, const struct amf_ue *ue, struct writer *w)
{
	struct table_row r = table_row_begin(&amf_ue_table, w);
	char cause[NGAP_CAUSE_TEXT_SIZE], supi[SUPI_STR_SIZE];
	struct ngap_cause released = event_ngap_cause_of(ue->release_cause);
	uint64_t sessions = 0;

	for (const struct amf_session *s = ue->sessions; s; s = s->next)
		sessions++;
	table_text(&r, supi_plain(&ue->supi, supi));
	put_lower(amf_mm_state_name(amf, ue->state), &r);
	table_text(&r, connection_text(ue->serving));
	table_text(&r, amf->config.name);
	put_location(ue, &r);
	table_time(&r, ue->registered ? ue->registered_s : 0);
	table_time(&r, ue->security.active ? ue->secured_s : 0);
	if (ue->tmsi)
		table_put(&r, "%08x", ue->tmsi);
	else
		table_none(&r);
	put_slices(&ue->allowed_nssai, &r);
	table_number(&r, sessions);
	if (released.tag != NGAP_CAUSE_TAG_NONE)
		table_text(&r, ngap_cause_text(&released, cause));
	else
		table_none(&r);
	table_row_end(&r);
}

bool amf_ue_row(const struct amf *amf, uint32_t *at, struct writer *w)
{
	const struct amf_ue *ue = pool_next(&amf->ues, at);

	while (ue && ue->gone) {
		++*at;
		ue = pool_next(&amf->ues, at);
	}
	if (!ue)
		return false;
	put_ue(amf, ue, w);
	++*at;
	return true;
}

static void put_tacs(const struct amf_gnb *gnb, struct table_row *r)
{
	enum { SHOWN = 16 };
	char text[SHOWN * 10 + 8];
	size_t at = 0;

	text[0] = '\0';
	for (uint16_t i = 0; i < gnb->tai_count && i < SHOWN; i++)
		at += (size_t)snprintf(
			text + at, sizeof(text) - at, "%s%" PRIu32, i ? "," : "", gnb->tais[i].tac);
	if (gnb->tai_count > SHOWN)
		snprintf(text + at, sizeof(text) - at, ",...");
	table_text(r, text);
}

bool amf_gnb_row(const struct amf *amf, uint32_t *at, struct writer *w)
{
	const struct amf_gnb *gnb = pool_next(&amf->gnbs, at);
	struct table_row r = table_row_begin(&amf_gnb_table, w);
	char text[ADDR_STR_SIZE];

	if (!gnb)
		return false;
	table_text(&r, gnb->name);
	if (gnb->node_id)
		table_put(&r, "%" PRIx64, gnb->node_id);
	else
		table_none(&r);
	table_text(&r, gnb->absent ? "away" : gnb->node_id ? "up" : "connected");
	table_text(&r, addr_str(&gnb->peer, text));
	table_text(&r, amf->config.name);
	put_tacs(gnb, &r);
	table_number(&r, gnb->connection_count);
	table_time(&r, gnb->setup_s);
	table_row_end(&r);
	++*at;
	return true;
}
