/* The message tables against the tables of TS 24.501 clause 8 (tests/vectors/nas_messages.csv). */
#include "base/test.h"

#include "wire/nas/groups.h"
#include "wire/nas/nas.h"

enum { FIELDS = 9, HEAD_ROWS = 4 };
enum { PROTOCOL, TYPE, ORDER, IEI, ELEMENT, CLAUSE, PRESENCE, FORMAT, LENGTH };

static unsigned rows_checked;

/* Splits at '|' in place. */
static unsigned split(char *line, char **field)
{
	unsigned n = 0;

	line[strcspn(line, "\n")] = '\0';
	while (n < FIELDS) {
		field[n++] = line;
		line = strchr(line, '|');
		if (!line)
			break;
		*line++ = '\0';
	}
	return n;
}

/* Where the published tables are in error, what is in the tables here (see README.md). */
static void correct(char **field)
{
	if (strcmp(field[TYPE], "105") == 0 && strcmp(field[ORDER], "6") == 0) /* a length over 255 in LV */
		field[FORMAT] = (char *)(uintptr_t)"LV-E";
	if (strcmp(field[TYPE], "107") == 0 &&
		strcmp(field[ORDER], "6") == 0) { /* an optional LV-E with an IEI */
		field[FORMAT] = (char *)(uintptr_t)"TLV-E";
		field[LENGTH] = (char *)(uintptr_t)"7-1503";
	}
	if (strcmp(field[TYPE], "108") == 0 &&
		strcmp(field[ORDER], "6") == 0) /* LV-E with the length of TLV-E */
		field[LENGTH] = (char *)(uintptr_t)"6-1502";
}

static enum tlv_format format_of(char **field)
{
	static const struct {
		const char *name;
		enum tlv_format format;
	} formats[] = { { "V", TLV_FMT_V }, { "TV", TLV_FMT_TV }, { "LV", TLV_FMT_LV },
		{ "TLV", TLV_FMT_TLV }, { "LV-E", TLV_FMT_LVE }, { "TLV-E", TLV_FMT_TLVE } };

	if (strcmp(field[LENGTH], "1/2") == 0)
		return TLV_FMT_HALF;
	if (strcmp(field[FORMAT], "TV") == 0 && strcmp(field[LENGTH], "1") == 0)
		return TLV_FMT_TV1;
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (strcmp(field[FORMAT], formats[i].name) == 0)
			return formats[i].format;
	fail_msg("format %s", field[FORMAT]);
	return 0;
}

/* Octets of identifier and length. */
static unsigned overhead(enum tlv_format format)
{
	static const uint8_t octets[] = { [TLV_FMT_V] = 0,
		[TLV_FMT_TV] = 1,
		[TLV_FMT_LV] = 1,
		[TLV_FMT_TLV] = 2,
		[TLV_FMT_LVE] = 2,
		[TLV_FMT_TLVE] = 3 };

	return octets[format];
}

static void check_length(const struct tlv_ie *ie, char **field)
{
	unsigned least = 0, most = 0, over,
		 limit = ie->format == TLV_FMT_LVE || ie->format == TLV_FMT_TLVE ? 65535 : 255;

	if (ie->format == TLV_FMT_HALF || ie->format == TLV_FMT_TV1)
		return;
	over = overhead(ie->format);
	if (sscanf(field[LENGTH], "%u-%u", &least, &most) == 1)
		most = strchr(field[LENGTH], 'n') ? limit + over : least;
	assert_int_equal(ie->min, least - over);
	assert_int_equal(ie->max, most - over < limit ? most - over : limit);
}

static void check_row(char **field)
{
	const struct tlv_group *g = nas_group_of((unsigned)strtoul(field[TYPE], NULL, 10));
	unsigned order = (unsigned)strtoul(field[ORDER], NULL, 10);
	const struct tlv_ie *ie;

	assert_non_null(g);
	if (order <= HEAD_ROWS)
		return;
	correct(field);
	order -= HEAD_ROWS + 1;
	if (g->ie_count <= order)
		fail_msg("%s has no row for %s", g->name, field[ELEMENT]);
	ie = &g->ies[order];
	if (ie->type != (field[IEI][0] ? strtoul(field[IEI], NULL, 16) << (field[IEI][1] == '-' ? 4 : 0)
				       : 0) ||
		ie->format != format_of(field) || "MOC"[ie->presence] != field[PRESENCE][0])
		fail_msg("%s: %s (%s)", g->name, ie->name, field[ELEMENT]);
	if (ie->codec->kind != TLV_SPARE)
		assert_string_equal(ie->clause, field[CLAUSE]);
	check_length(ie, field);
	rows_checked++;
}

static void every_row(void **state)
{
	char line[512], *field[FIELDS];
	FILE *f = fopen(VECTORS "/nas_messages.csv", "r");

	assert_non_null(f);
	while (f && fgets(line, sizeof(line), f))
		if (line[0] != '#') {
			assert_int_equal(split(line, field), FIELDS);
			check_row(field);
		}
	if (f)
		fclose(f);
}

/* No row but those of the standard; offsets within the struct; a bool for what may be absent. */
static void nothing_else(void **state)
{
	unsigned rows = 0;

	for (unsigned type = 0; type < 256; type++) {
		const struct tlv_group *g = nas_group_of(type);

		for (unsigned i = 0; g && i < g->ie_count; i++) {
			const struct tlv_ie *ie = &g->ies[i];

			rows++;
			assert_true(ie->codec->kind == TLV_SPARE || ie->offset + ie->codec->size <= g->size);
			assert_int_equal(ie->has == TLV_NO_OFFSET, ie->presence == TLV_MANDATORY);
			assert_true(
				ie->codec->kind != TLV_UINT || ie->max == ie->codec->octets || ie->max == 0);
			assert_true(ie->codec->kind != TLV_FIXED || ie->max == ie->codec->size);
		}
	}
	assert_true(rows > 350);
	assert_int_equal(rows, rows_checked);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_row), cmocka_unit_test(nothing_else) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
