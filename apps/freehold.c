/* freehold: one binary for the whole network. */
#include <stdio.h>
#include <stdlib.h>

#include "air/air.h"
#include "apps/app.h"
#include "apps/metrics.h"
#include "apps/version.h"
#include "crypto/memory.h"
#include "demo/demo.h"
#include "ops/ops.h"
#include "ops/reference.h"

static const struct command {
	const char *name, *help;
	int (*run)(struct options *args);
} commands[] = {
	{ "up", "run core and UPF of network.yaml until Ctrl-C", ops_up },
	{ "core", "run the core: AMF, SMF, AUSF, UDM, UDR, PCF, NSSF, NRF", app_core },
	{ "upf", "run the UPF", app_upf },
	{ "gnb", "run a gNB, by messages or by radio samples", app_gnb },
	{ "cucp", "run the CU-CP of a gNB that is split into processes", app_cucp },
	{ "cuup", "run a CU-UP of such a gNB", app_cuup },
	{ "du", "run the DU of one of its cells", app_du },
	{ "ue", "run a UE", app_ue },
	{ "air", "run the radio channel between gNB and UEs that are joined by samples", app_air },
	{ "console", "run the console: the network in a browser, and its API", app_console },
	{ "subscriber", "add, list, show, remove or import subscribers of the running core", ops_subscriber },
	{ "profile", "what many subscribers have in common: set, remove", ops_profile },
	{ "application", "ask for QoS of an application's flows, change it, or end it", ops_application },
	{ "flow", "give a session of the running core a QoS flow of its own, or take it away", ops_flow },
	{ "subscribers", "who may use the network, as a table", ops_table },
	{ "profiles", "what many of them have in common", ops_table },
	{ "ues", "the UEs of the running core: who, where, since when", ops_table },
	{ "sessions", "its PDU sessions", ops_table },
	{ "flows", "their PCC rules and QoS flows", ops_table },
	{ "gnbs", "its gNBs", ops_table },
	{ "upfs", "its UPFs", ops_table },
	{ "events", "what happened to its subscribers: registrations, sessions, refusals", ops_table },
	{ "alarms", "what stands in the way of the network, and what to do", ops_alarms },
	{ "why", "the last events of a subscriber in plain words, and what to do", ops_why },
	{ "trace", "the signalling of a subscriber as it happens, or of the last minutes", ops_trace },
	{ "drain", "keep new PDU sessions from a UPF", ops_drain },
	{ "undrain", "let it have them again", ops_drain },
	{ "relocate", "tell a UE to ask for another PDU session in place of one", ops_relocate },
	{ "deregister", "tell a UE to leave the network, or to register again", ops_deregister },
	{ "reauthenticate", "have a UE authenticate again, with new keys", ops_reauthenticate },
	{ "update", "give a UE other slices to ask for, another routing indicator", ops_update },
	{ "steer", "give a UE the networks that it is to prefer away from home", ops_steer },
	{ "locate", "in which cell a UE is, now or from now on", ops_locate },
	{ "ran-trace", "have gNBs trace a UE, for a trace collection entity", ops_ran_trace },
	{ "warning", "have gNBs broadcast a public warning, cancel it, list those there are", ops_warning },
	{ "handover", "hand a UE over to another gNB", ops_handover },
	{ "log", "what the running core logs, or from now on", ops_log },
	{ "status", "what the running core counts", ops_status },
	{ "metrics", "the figures of a running process, for scrapers", ops_metrics },
	{ "check", "what network.yaml makes, or what is wrong with it; an example of it", ops_check },
	{ "backup", "write all that the running core keeps into one sealed file", app_backup },
	{ "restore", "make a store of such a file", app_restore },
	{ "upgrade", "on the appliance: a new version from a signed file, and the way back", ops_upgrade },
	{ "sandbox", "what each process may still do after its start", ops_sandbox },
	{ "load", "register a crowd of UEs at an AMF and measure it", app_load },
	{ "scan", "find the cells in recorded radio samples", air_scan },
	{ "waveform", "write IQ samples of a cell into a file", air_waveform },
	{ "link", "block error rate and throughput of a channel over SNR", air_link },
	{ "replay", "run a recorded process again, and find where it differs", app_replay },
	{ "text", "what octets of NGAP, NAS, PFCP and others mean", app_text },
	{ "demo", "bring up a whole network in namespaces and move traffic through it", demo_run },
};

static int version(void)
{
	printf("freehold %s (commit %s; %s)\n", FREEHOLD_VERSION, FREEHOLD_COMMIT, FREEHOLD_BUILD);
	return 0;
}

static int usage(FILE *to)
{
	fprintf(to, "freehold: a 5G standalone network\n\nusage: freehold COMMAND [options]\n\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(to, "  %-16s%s\n", commands[i].name, commands[i].help);
	fprintf(to,
		"\nWithout -c FILE a command reads ./network.yaml or, where there is none, "
		"/etc/freehold/network.yaml.\n"
		"freehold COMMAND --help or freehold help COMMAND tells more, freehold help keys what "
		"network.yaml may\n"
		"hold, freehold help families what freehold metrics prints, freehold --version which one "
		"this is.\n\n"
		"Exit status: 0 done, 1 failed, 2 for what was asked wrongly: arguments, or network.yaml.\n");
	return to == stdout ? 0 : 2;
}

static const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	fprintf(stderr, "freehold: unknown command \"%s\"\n\n", name);
	return NULL;
}

/* freehold help [COMMAND | keys | families]: tools/manual.py makes the manual pages and completions of what
 * this prints.
 */
static int help(int argc, char **argv)
{
	char asked[] = "--help", *words[] = { argc > 0 ? argv[0] : NULL, asked, NULL };
	struct options args = { 2, words, NULL };
	const struct command *c;

	if (argc > 1)
		return usage(stderr);
	if (argc == 0)
		return usage(stdout);
	if (!strcmp(argv[0], "keys")) {
		reference_print(&network_section, stdout);
		return 0;
	}
	if (!strcmp(argv[0], "families")) {
		metrics_reference(stdout);
		return 0;
	}
	c = command_named(argv[0]);
	return c ? c->run(&args) : usage(stderr);
}

int main(int argc, char **argv)
{
	struct options args = { argc - 1, argv + 1, NULL };
	const struct command *c;

	if (!crypto_memory_begin())
		fprintf(stderr, "freehold: OpenSSL keeps its own memory: it may crash when there is none\n");
	if (argc < 2)
		return usage(stderr);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help(argc - 2, argv + 2);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "version"))
		return version();
	c = command_named(argv[1]);
	return c ? c->run(&args) : usage(stderr);
}
