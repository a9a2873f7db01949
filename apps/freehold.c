/* freehold: one binary for the whole network. */
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "io/file.h"

enum { NETWORK_FILE_MAX = 1 << 20 };

static const struct command {
	const char *name, *help;
	int (*run)(struct app_args *args);
} commands[] = {
	{ "up", "run core and UPF of network.yaml until Ctrl-C", app_up },
	{ "core", "run the core: AMF, SMF, AUSF, UDM, UDR, PCF, NSSF, NRF", app_core },
	{ "upf", "run the UPF", app_upf },
	{ "gnb", "run a gNB (its air is simulated)", app_gnb },
	{ "ue", "run a UE", app_ue },
	{ "subscriber", "add, list, show, remove or import subscribers of the running core", app_subscriber },
	{ "status", "what the running core counts", app_status },
	{ "load", "register a crowd of UEs at an AMF and measure it", app_load },
	{ "scan", "find the cells in recorded radio samples", app_scan },
	{ "waveform", "write IQ samples of a cell into a file", app_waveform },
	{ "link", "block error rate and throughput of a channel over SNR", app_link },
	{ "demo", "bring up a whole network in namespaces and move traffic through it", app_demo },
};

static int usage(FILE *to)
{
	fprintf(to, "freehold: a 5G standalone network\n\nusage: freehold COMMAND [options]\n\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(to, "  %-12s%s\n", commands[i].name, commands[i].help);
	fprintf(to, "\nfreehold COMMAND --help tells more.\n");
	return to == stdout ? 0 : 2;
}

/* Takes count arguments from i on out of the list. */
static void args_take(struct app_args *args, int i, int count)
{
	for (int k = i; k + count < args->argc; k++)
		args->argv[k] = args->argv[k + count];
	args->argc -= count;
}

const char *app_option(struct app_args *args, const char *name)
{
	for (int i = 1; i + 1 < args->argc; i++) {
		const char *value = args->argv[i + 1];

		if (strcmp(args->argv[i], name))
			continue;
		args_take(args, i, 2);
		return value;
	}
	return NULL;
}

bool app_flag(struct app_args *args, const char *name)
{
	for (int i = 1; i < args->argc; i++) {
		if (strcmp(args->argv[i], name))
			continue;
		args_take(args, i, 1);
		return true;
	}
	return false;
}

bool app_help(struct app_args *args, const char *text)
{
	if (!app_flag(args, "--help") && !app_flag(args, "-h"))
		return false;
	fputs(text, stdout);
	return true;
}

const char *app_file(struct app_args *args)
{
	if (!args->file)
		args->file = app_option(args, "-c");
	return args->file ? args->file : "network.yaml";
}

bool app_network(struct app_args *args, struct network *n)
{
	const char *file = app_file(args);
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

int main(int argc, char **argv)
{
	struct app_args args = { argc - 1, argv + 1, NULL };

	if (argc < 2)
		return usage(stderr);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return usage(stdout);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(&args);
	fprintf(stderr, "freehold: unknown command \"%s\"\n\n", argv[1]);
	return usage(stderr);
}
