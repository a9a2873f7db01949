/* Options of commands: what is taken out of the arguments and turned into numbers and words, refused by name.
 */
#include "ops/options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/file.h"

#define NETWORK_FILE           "network.yaml"
#define NETWORK_FILE_INSTALLED "/etc/freehold/network.yaml"

enum { NETWORK_FILE_MAX = 1 << 20 };

/* Takes count arguments from i on out of the list. */
static void options_take(struct options *args, int i, int count)
{
	for (int k = i; k + count < args->argc; k++)
		args->argv[k] = args->argv[k + count];
	args->argc -= count;
}

const char *options_text(struct options *args, const char *name)
{
	for (int i = 1; i + 1 < args->argc; i++) {
		const char *value = args->argv[i + 1];

		if (strcmp(args->argv[i], name) != 0)
			continue;
		options_take(args, i, 2);
		return value;
	}
	return NULL;
}

bool options_flag(struct options *args, const char *name)
{
	for (int i = 1; i < args->argc; i++) {
		if (strcmp(args->argv[i], name) != 0)
			continue;
		options_take(args, i, 1);
		return true;
	}
	return false;
}

bool options_help(struct options *args, const char *text)
{
	if (!options_flag(args, "--help") && !options_flag(args, "-h"))
		return false;
	fputs(text, stdout);
	return true;
}

const char *options_network_default(void)
{
	return access(NETWORK_FILE, F_OK) != 0 && access(NETWORK_FILE_INSTALLED, F_OK) == 0
		       ? NETWORK_FILE_INSTALLED
		       : NETWORK_FILE;
}

const char *options_network_file(struct options *args)
{
	if (!args->file)
		args->file = options_text(args, "-c");
	return args->file ? args->file : options_network_default();
}

bool options_network(struct options *args, struct network *n)
{
	const char *file = options_network_file(args);
	char error[CONFIG_ERROR_SIZE];
	struct bytes text;
	bool ok;

	if (args->argc > 1) {
		fprintf(stderr, "freehold %s: unknown argument \"%s\" (see --help)\n", args->argv[0],
			args->argv[1]);
		return false;
	}
	if (!file_read(file, NETWORK_FILE_MAX, &text)) {
		fprintf(stderr, "freehold: %s: %m\n", file);
		return false;
	}
	ok = network_load(file, text, n, error);
	file_free(&text);
	if (!ok)
		fprintf(stderr, "freehold: %s\n", error);
	return ok;
}

bool options_refuse(const struct options *args, const char *option, const char *expected, const char *got)
{
	fprintf(stderr, "freehold %s: %s: expected %s, got \"%s\"\n", args->argv[0], option, expected, got);
	return false;
}

bool options_number(struct options *args, const char *name, double min, double max, double *out)
{
	const char *text = options_text(args, name);
	char *end, expected[80];
	double v;

	if (!text)
		return true;
	v = strtod(text, &end);
	if (end != text && *end == '\0' && v >= min && v <= max) {
		*out = v;
		return true;
	}
	snprintf(expected, sizeof(expected), "a number from %.10g to %.10g", min, max);
	return options_refuse(args, name, expected, text);
}

bool options_hz(struct options *args, const char *name, uint64_t max_hz, uint64_t *out)
{
	double v = (double)*out;

	if (!options_number(args, name, 0, (double)max_hz, &v))
		return false;
	*out = (uint64_t)llround(v);
	return true;
}

bool options_word(
	struct options *args, const char *name, const char *const *words, unsigned count, unsigned *out)
{
	const char *text = options_text(args, name);
	char expected[160] = "";

	if (!text)
		return true;
	for (unsigned i = 0; i < count; i++) {
		size_t len = strlen(expected);

		if (!strcmp(words[i], text)) {
			*out = i;
			return true;
		}
		snprintf(expected + len, sizeof(expected) - len, "%s%s",
			i == 0          ? ""
			: i + 1 < count ? ", "
					: " or ",
			words[i]);
	}
	return options_refuse(args, name, expected, text);
}

/* The argument that is no option, if there is one. */
static const char *take_name(struct options *args)
{
	const char *name;

	for (int i = 1; i < args->argc; i++) {
		if (args->argv[i][0] == '-') {
			i += !strcmp(args->argv[i], "-c");
			continue;
		}
		name = args->argv[i];
		options_take(args, i, 1);
		return name;
	}
	return NULL;
}

const char *options_word_only(struct options *args, const char *what)
{
	const char *word = args->argc > 1 && args->argv[1][0] != '-' ? args->argv[1] : NULL;

	if (word)
		options_take(args, 1, 1);
	else
		fprintf(stderr, "freehold %s: expected %s, got \"%s\" (see --help)\n", args->argv[0], what,
			args->argc > 1 ? args->argv[1] : "");
	return word;
}

/* The parts of a kind in a network. */
struct parts {
	const char *key;
	const char *at; /* the first */
	size_t count, size, name;
};

static struct parts parts_of(const struct network *n, enum network_part part)
{
	switch (part) {
	case NETWORK_UPF:
		return (struct parts){ "upfs", (const char *)n->upfs, n->upf_count, sizeof(n->upfs[0]),
			offsetof(struct network_upf, name) };
	case NETWORK_GNB:
		return (struct parts){ "gnbs", (const char *)n->gnbs, n->gnb_count, sizeof(n->gnbs[0]),
			offsetof(struct network_gnb, config.name) };
	case NETWORK_CUUP:
		return (struct parts){ "cuups", (const char *)n->cuups, n->cuup_count, sizeof(n->cuups[0]),
			offsetof(struct network_cuup, name) };
	case NETWORK_DU:
		return (struct parts){ "dus", (const char *)n->dus, n->du_count, sizeof(n->dus[0]),
			offsetof(struct network_du, name) };
	case NETWORK_UE:
		break;
	}
	return (struct parts){ "ues", (const char *)n->ues, n->ue_count, sizeof(n->ues[0]),
		offsetof(struct network_ue, name) };
}

static const void *part_named(const struct parts *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->at + i * p->size + p->name, name))
			return p->at + i * p->size;
	return NULL;
}

static void refuse_name(struct options *args, const struct parts *p, const char *name)
{
	fprintf(stderr, "freehold %s: %s: %s has ", args->argv[0], options_network_file(args), p->key);
	for (size_t i = 0; i < p->count; i++)
		fprintf(stderr, "%s%s", i ? ", " : "", p->at + i * p->size + p->name);
	if (p->count == 0)
		fprintf(stderr, "no entry");
	if (name)
		fprintf(stderr, ", not \"%s\"", name);
	fprintf(stderr, "%s\n", name || p->count == 0 ? "" : "; which one?");
}

const void *options_network_parts(
	struct options *args, struct network *n, enum network_part part, size_t *count)
{
	const char *name;
	struct parts p;
	const void *found;

	options_network_file(args);
	name = take_name(args);
	if (!options_network(args, n))
		return NULL;
	p = parts_of(n, part);
	found = name ? part_named(&p, name) : p.count ? p.at : NULL;
	*count = name ? 1 : p.count;
	if (!found)
		refuse_name(args, &p, name);
	return found;
}

const void *options_network_part(struct options *args, struct network *n, enum network_part part)
{
	size_t count;
	const void *found = options_network_parts(args, n, part, &count);
	struct parts p = parts_of(n, part);

	if (!found || count == 1)
		return found;
	refuse_name(args, &p, NULL);
	return NULL;
}

bool options_air_of_processes(const struct options *args, const struct network *n)
{
	if (n->radio.air != NETWORK_AIR_MAC)
		return true;
	fprintf(stderr,
		"freehold %s: radio: {air: mac} is within one process, freehold load; between gNB and UE "
		"processes "
		"go messages or samples\n",
		args->argv[0]);
	return false;
}

void *options_memory(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		fprintf(stderr, "freehold: memory is out\n");
	return memory;
}
