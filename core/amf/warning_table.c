/* What operators see of public warnings (base/table.h). */
#include <stdio.h>

#include "core/amf/warning.h"

static const struct table_column columns[] = {
	{ "id", TABLE_NUMBER, "message identifier, 23.041 9.4.1.2.2" },
	{ "serial", TABLE_NUMBER, "serial number" },
	{ "state", TABLE_TEXT, "broadcast, or cancelled (and told to gNBs that come)" },
	{ "amf", TABLE_TEXT, "" },
	{ "area", TABLE_TEXT, "tracking areas; empty: everywhere" },
	{ "broadcasts", TABLE_NUMBER, "0: until it is cancelled" },
	{ "repetition", TABLE_NUMBER, "seconds between them" },
	{ "gnbs", TABLE_NUMBER, "that broadcast it" },
	{ "cells", TABLE_NUMBER, "" },
	{ "refused", TABLE_NUMBER, "gNBs that do in none of their cells" },
	{ "since", TABLE_TIME, "" },
	{ "text", TABLE_TEXT, "" },
};
const struct table amf_warning_table = { "warnings", "public warnings", columns, ARRAY_LEN(columns) };

enum { TEXT_SHOWN = 400 };

static void put_area(const struct amf_warning_record *r, struct table_row *row)
{
	char text[AMF_AREA_TACS_MAX * 9] = "";
	size_t at = 0;

	for (uint8_t i = 0; i < r->area_count; i++)
		at += (size_t)snprintf(
			text + at, sizeof(text) - at, "%s%u", i ? "," : "", (unsigned)r->area[i].tac);
	table_text(row, text);
}

static void put_text(const struct amf_warning_record *r, struct table_row *row)
{
	char text[WARNING_TEXT_SIZE];
	size_t n = TEXT_SHOWN;

	if (!warning_message_read(r->dcs, bytes_of(r->contents, r->len), text))
		text[0] = '\0';
	if (strlen(text) < n)
		n = strlen(text);
	while (n > 0 && ((uint8_t)text[n] & 0xc0) == 0x80) /* no part of a character */
		n--;
	text[n] = '\0';
	table_text(row, text);
}

bool amf_warning_row(const struct amf *amf, uint32_t *at, struct writer *w)
{
	const struct amf_warning *warning;
	struct table_row r;

	while (*at < AMF_WARNINGS_MAX && !amf->warnings[*at])
		++*at;
	if (*at >= AMF_WARNINGS_MAX)
		return false;
	warning = amf->warnings[(*at)++];
	r = table_row_begin(&amf_warning_table, w);
	table_number(&r, warning->r.id);
	table_number(&r, warning->r.serial);
	table_text(&r, warning->r.cancelled_s ? "cancelled" : "broadcast");
	table_text(&r, amf->config.name);
	put_area(&warning->r, &r);
	table_number(&r, warning->r.broadcasts);
	table_number(&r, warning->r.repetition_s);
	table_number(&r, warning->gnbs);
	table_number(&r, warning->cells);
	table_number(&r, warning->refused);
	table_time(&r, warning->r.begun_s);
	put_text(&warning->r, &r);
	table_row_end(&r);
	return true;
}
