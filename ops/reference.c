#include "ops/reference.h"

#include <string.h>

static void print_entry(void *arg, const struct config_entry *e)
{
	FILE *to = arg;

	fprintf(to, "%s\n", e->path);
	if (e->expected[0])
		fprintf(to, "    %s\n", e->expected);
	if (e->help[0])
		fprintf(to, "    %s\n", e->help);
	if (e->required)
		fprintf(to, "    required\n");
	if (e->otherwise[0])
		fprintf(to, "    default: %s\n", e->otherwise);
	if (!e->section)
		fprintf(to, "    a change is taken: %s\n", e->live ? "live, by SIGHUP" : "at the next start");
}

void reference_print(const struct config_section *root, FILE *to)
{
	config_reference(root, print_entry, to);
}

enum { EXAMPLE_DEPTH = 8 };

struct example {
	const struct reference_value *values;
	size_t count;
	FILE *to;
	bool comment[EXAMPLE_DEPTH]; /* at a depth: the section is one */
	bool begins[EXAMPLE_DEPTH];  /* at a depth: the "- " of the list's element is not there yet */
};

/* The value of a key; of a section "", if a key within it has one. NULL: none. */
static const char *value_of(const struct example *x, const struct config_entry *e)
{
	size_t len = strlen(e->path);

	for (size_t i = 0; i < x->count; i++) {
		const char *path = x->values[i].path;

		if (strncmp(path, e->path, len) != 0)
			continue;
		if (path[len] == '\0')
			return x->values[i].value;
		if (e->section && path[len] == '.')
			return "";
	}
	return NULL;
}

static void print_words(FILE *to, const char *words)
{
	fputs(" [", to);
	for (; *words; words++)
		fputs(*words == ' ' ? ", " : (char[]){ *words, '\0' }, to);
	fputc(']', to);
}

static void print_help(const struct config_entry *e, int indent, FILE *to)
{
	const char *between = e->help[0] && e->expected[0] ? "; " : "";

	if (e->help[0] || e->expected[0])
		fprintf(to, "%*s# %s%s%s%s\n", indent, "", e->help, between, e->expected,
			e->live ? "; live" : "");
}

/* " value" behind the key; nothing where there is none. */
static void print_value(const struct config_entry *e, const char *value, FILE *to)
{
	if (value && value[0])
		fprintf(to, " %s", value);
	else if (!e->section && e->list)
		print_words(to, e->otherwise);
	else if (!e->section && e->otherwise[0])
		fprintf(to, " %s", e->otherwise);
	fputc('\n', to);
}

static void example_entry(void *arg, const struct config_entry *e)
{
	struct example *x = arg;
	const char *value = value_of(x, e);
	int indent = (int)e->depth * 4;
	/* The first key of an element: of those that stand, if the element does. */
	bool dash = x->begins[e->depth] && (value || x->comment[e->depth]);

	print_help(e, indent, x->to);
	if (dash)
		x->begins[e->depth] = false;
	if (!value)
		fputc('#', x->to);
	fprintf(x->to, "%*s%s%s:", dash ? indent - 2 : indent, "", dash ? "- " : "", e->key);
	print_value(e, value, x->to);
	if (!e->section)
		return;
	x->begins[e->depth + 1] = e->list;
	x->comment[e->depth + 1] = !value;
}

void reference_example(
	const struct config_section *root, const struct reference_value *values, size_t count, FILE *to)
{
	struct example x = { .values = values, .count = count, .to = to };

	config_reference(root, example_entry, &x);
}

/* The smallest network that can be tried on one machine. */
const struct reference_value network_example[] = {
	{ "plmn", "\"00101\"" },
	{ "tacs[]", "[1]" },
	{ "slices[]", "[1-010203]" },
	{ "dnns[].name", "internet" },
	{ "dnns[].pool[]", "[10.45.0.0/16, \"fd00:45::/48\"]" },
	{ "dnns[].dns[]", "[10.45.0.1]" },
	{ "core.n4_address", "127.0.0.1" },
	{ "core.amfs[].n2_address", "127.0.0.1" },
	{ "upfs[].n4_address", "127.0.0.2" },
	{ "upfs[].n3_address", "127.0.0.2" },
};
const size_t network_example_count = ARRAY_LEN(network_example);
