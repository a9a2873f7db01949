/* The tables against those of TS 29.244 clauses 7.4 and 7.5 (tests/vectors/pfcp_elements.csv). */
#include "base/test.h"

#include "wire/pfcp/groups.h"
#include "wire/pfcp/pfcp.h"

enum { FIELDS = 8, ELEMENT_TYPES = 400, USER_PLANE_RESOURCE = 116, FQ_CSID = 65 };
enum { MESSAGE, GROUP, ELEMENT, PRESENCE, TYPE, LEAST, FIXED, N4 };

static const struct tlv_group *grouped[ELEMENT_TYPES]; /* by the element's type, met in some table */
static bool seen_in_container[ELEMENT_TYPES];
static char container[32];
static unsigned rows_checked, rows_met;

/* Notes the grouped elements below a table, and checks what must hold of every row. */
static void walk(const struct tlv_group *g)
{
	assert_in_range(g->ie_count, g->size ? 1 : 0, 64);
	rows_met += g->ie_count;
	for (unsigned i = 0; i < g->ie_count; i++) {
		const struct tlv_ie *ie = &g->ies[i];

		assert_in_range(ie->type, 1, ELEMENT_TYPES - 1);
		assert_int_equal(ie->has == TLV_NO_OFFSET,
			ie->presence == TLV_MANDATORY || ie->count != TLV_NO_OFFSET);
		assert_true(ie->codec->size > 0 && ie->offset + sizeof(uint8_t) <= g->size);
		assert_true(ie->codec->kind != TLV_UINT || ie->min >= ie->codec->octets || ie->min == 1);
		for (unsigned k = 0; k < i; k++)
			assert_int_not_equal(g->ies[k].type, ie->type);
		if (ie->codec->kind == TLV_GROUP && !grouped[ie->type]) {
			grouped[ie->type] = ie->codec->group;
			walk(ie->codec->group);
		}
	}
}

static void every_table(void **state)
{
	for (unsigned type = 0; type < 256; type++)
		if (pfcp_group_of(type))
			walk(pfcp_group_of(type));
	assert_non_null(grouped[1]);
	assert_non_null(grouped[80]);
}

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

static unsigned number(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

/* Element types are unique in a table here: of those the standard repeats, the first row counts. */
static bool first_in_container(char **field, unsigned type)
{
	char key[sizeof(container)];
	bool first;

	snprintf(key, sizeof(key), "%s|%s", field[MESSAGE], field[GROUP]);
	if (strcmp(key, container) != 0)
		memset(seen_in_container, 0, sizeof(seen_in_container));
	str_copy(container, sizeof(container), key);
	first = !seen_in_container[type];
	seen_in_container[type] = true;
	return first;
}

static char presence_of(char **field)
{
	if (strcmp(field[PRESENCE], "M") == 0 && strcmp(field[N4], "0") == 0)
		return 'C'; /* mandatory on interfaces that are not N4 */
	if (strstr(field[ELEMENT], "for Redundant Transmission"))
		return 'C';
	return field[PRESENCE][0];
}

static void check(char **field)
{
	unsigned type = number(field[TYPE]), message = number(field[MESSAGE]);
	const struct tlv_group *g = message ? pfcp_group_of(message) : grouped[number(field[GROUP])];
	const struct tlv_ie *ie = NULL;

	if (type == 0)
		return;
	if (!g)
		fail_msg("no table for %s|%s", field[MESSAGE], field[GROUP]);
	if (!first_in_container(field, type))
		return;
	for (unsigned i = 0; i < g->ie_count; i++)
		if (g->ies[i].type == type)
			ie = &g->ies[i];
	if (!ie)
		fail_msg("%s has no row for %s", g->name, field[ELEMENT]);
	if ("MOC"[ie->presence] != presence_of(field) || ie->min != number(field[LEAST]))
		fail_msg("%s: %s", g->name, ie->name);
	if (number(field[FIXED]) && type != 257)
		assert_int_equal(ie->max, ie->min);
	rows_checked++;
}

static void every_element(void **state)
{
	char line[512], *field[FIELDS];
	FILE *f = fopen(VECTORS "/pfcp_elements.csv", "r");

	assert_non_null(f);
	while (f && fgets(line, sizeof(line), f))
		if (line[0] != '#') {
			assert_int_equal(split(line, field), FIELDS);
			check(field);
		}
	if (f)
		fclose(f);
	assert_true(rows_checked > 450);
	print_message("%u rows checked, %u in the tables\n", rows_checked, rows_met);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_table), cmocka_unit_test(every_element) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
