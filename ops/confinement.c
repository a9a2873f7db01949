#include "ops/confinement.h"

#include <linux/capability.h>
#include <stdio.h>

#include "io/syscalls.h"
#include "ops/network.h"
#include "ops/ops.h"

static const char help[] =
	"freehold sandbox\n\n"
	"Prints what each process may still do once it has started: capabilities, files, peers, system "
	"calls. "
	"All else is\n"
	"given up for good, by the kernel's means: capabilities, Landlock, seccomp. docs: apps/README.md.\n";

static const int net_admin[] = { CAP_NET_ADMIN };
/* What the parts need at their start: sockets, interfaces, a namespace, a steering program for TUN queues, a
 * radio's priority and memory, and files of whoever installed them. */
static const int supervisor[] = { CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE, CAP_SYS_ADMIN, CAP_BPF,
	CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_SETPCAP, CAP_SYS_RESOURCE, CAP_SYS_NICE, CAP_IPC_LOCK };

struct confinement {
	struct sandbox may;
	const char *files, *peers;
	uint32_t as_configured; /* what else it may where metrics_address is set, or its air is by samples */
};

/* Those that SIGHUP asks for. */
#define OWN_FILES "the directory of network.yaml to read, that of log_file to make files in"

#define SCRAPERS "; with metrics_address who connects there"

#define CAPS(list) .caps = (list), .cap_count = ARRAY_LEN(list)

static const struct confinement table[CONFINED_COUNT] = {
	[CONFINED_CORE] = { { .name = "core",
				    .may = SANDBOX_OPEN | SANDBOX_FILES | SANDBOX_ACCEPT | SANDBOX_THREADS },
		"core.store to write; " OWN_FILES,
		"gNBs that connect to N2, N4 peers, who opens core.control (its user and root); by sockets "
		"of its start" SCRAPERS },
	[CONFINED_UPF] = { { .name = "upf", .may = SANDBOX_OPEN | SANDBOX_THREADS }, OWN_FILES,
		"N3 and N4 peers and its interface tun; by sockets of its start" SCRAPERS, SANDBOX_ACCEPT },
	[CONFINED_UPF_HOST] = { { .name = "upf-host",
					CAPS(net_admin),
					.may = SANDBOX_PROGRAMS,
					.all_paths = true },
		"those of the program nft", "the kernel" },
	[CONFINED_UPF_FORWARDING] = { { .name = "upf-forwarding", CAPS(net_admin) },
		"net.ipv4.ip_forward or net.ipv6.conf.all.forwarding, which is open", "the UPF" },
	[CONFINED_GNB] = { { .name = "gnb", .may = SANDBOX_OPEN }, OWN_FILES,
		"AMFs, other gNBs, N3 peers and UEs, who opens its control (its user and root); by sockets "
		"of its start (with the "
		"kernel's SCTP: new ones of it)" SCRAPERS,
		SANDBOX_ACCEPT | SANDBOX_CONNECT },
	[CONFINED_CUCP] = { { .name = "cucp", .may = SANDBOX_OPEN }, OWN_FILES,
		"AMFs, other gNBs, DUs and CU-UPs, who opens its control (its user and root); by sockets of "
		"its start (with the "
		"kernel's SCTP: new ones of it)" SCRAPERS,
		SANDBOX_ACCEPT },
	[CONFINED_CUUP] = { { .name = "cuup", .may = SANDBOX_OPEN }, OWN_FILES,
		"its CU-CP, N3 peers and DUs; by sockets of its start (with the kernel's SCTP: new ones of "
		"it)" SCRAPERS,
		SANDBOX_ACCEPT },
	[CONFINED_DU] = { { .name = "du", .may = SANDBOX_OPEN | SANDBOX_ACCEPT | SANDBOX_CONNECT }, OWN_FILES,
		"its CU-CP and CU-UPs, who asks for samples, and whom it asks; by sockets of its start, of "
		"which that of samples "
		"connects again (with the kernel's SCTP: new ones of it)" SCRAPERS },
	[CONFINED_UE] = { { .name = "ue", .may = SANDBOX_OPEN }, OWN_FILES,
		"gNBs, its interface, and ue-interface; by sockets of its start",
		SANDBOX_ACCEPT | SANDBOX_CONNECT },
	[CONFINED_UE_INTERFACE] = { { .name = "ue-interface", CAPS(net_admin), .may = SANDBOX_NETLINK },
		"none", "the kernel, to set addresses and routes of the UEs' interfaces" },
	[CONFINED_LOAD] = { { .name = "load", .may = SANDBOX_OPEN }, OWN_FILES, "as gnb" },
	[CONFINED_CONSOLE] = { { .name = "console",
				       .may = SANDBOX_OPEN | SANDBOX_FILES | SANDBOX_ACCEPT |
					      SANDBOX_THREADS | SANDBOX_ASK },
		"console.store to write; " OWN_FILES,
		"browsers, by a socket of its start, and core.control" },
	[CONFINED_CONSOLE_KEEPER] = { { .name = "keeper", .may = SANDBOX_OPEN | SANDBOX_FILES | SANDBOX_ASK },
		"the directory of network.yaml, console.store/backups and console.store/signalling to write, "
		"core.store "
		"to read",
		"the console, and core.control for a backup" },
	[CONFINED_CONSOLE_SENDER] = { { .name = "sender", .may = SANDBOX_OPEN | SANDBOX_REACH },
		"/etc, /run/systemd/resolve, certificates of /usr/share and /usr/lib/ssl, webhook_ca to read",
		"the console; a collector of syslog, or the webhook and who knows its name" },
	[CONFINED_CONSOLE_RUNNER] = { { .name = "runner", .may = SANDBOX_PROGRAMS, .all_paths = true },
		"those of console.alarms.command, which has this user's rights",
		"the console, and whom that command asks" },
	[CONFINED_UP] = { { .name = "up", CAPS(supervisor), .may = SANDBOX_PROGRAMS, .all_paths = true },
		"all, for its children to open theirs", "its children, by signals" },
	[CONFINED_AIR] = { { .name = "air", .may = SANDBOX_OPEN | SANDBOX_ACCEPT | SANDBOX_CONNECT },
		OWN_FILES,
		"who asks for samples, and whom it asks; by sockets of its start, which connect "
		"again" SCRAPERS },
	[CONFINED_SCAN] = { { .name = "scan" }, "the recording, which is open", "none" },
};

struct sandbox confinement(enum confined who)
{
	return table[who].may;
}

struct sandbox confinement_by_sctp(enum confined who, enum io_sctp_mode mode)
{
	struct sandbox may = table[who].may;

	if (mode == IO_SCTP_KERNEL)
		may.may |= SANDBOX_SCTP;
	return may;
}

struct sandbox confinement_with_metrics(enum confined who, const struct network_metrics *metrics)
{
	struct sandbox may = table[who].may;

	if (metrics->address.len > 0)
		may.may |= SANDBOX_ACCEPT;
	return may;
}

static void print_caps(const struct sandbox *s)
{
	static const struct {
		int cap;
		const char *name;
	} names[] = {
		{ CAP_NET_ADMIN, "NET_ADMIN" },
		{ CAP_NET_RAW, "NET_RAW" },
		{ CAP_NET_BIND_SERVICE, "NET_BIND_SERVICE" },
		{ CAP_SYS_ADMIN, "SYS_ADMIN" },
		{ CAP_BPF, "BPF" },
		{ CAP_DAC_OVERRIDE, "DAC_OVERRIDE" },
		{ CAP_FOWNER, "FOWNER" },
		{ CAP_SETPCAP, "SETPCAP" },
		{ CAP_SYS_RESOURCE, "SYS_RESOURCE" },
		{ CAP_SYS_NICE, "SYS_NICE" },
		{ CAP_IPC_LOCK, "IPC_LOCK" },
	};

	printf("  capabilities:%s", s->cap_count ? "" : " none");
	for (size_t i = 0; i < s->cap_count; i++)
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (names[k].cap == s->caps[i])
				printf(" %s", names[k].name);
	printf("\n");
}

static const struct {
	uint32_t who;
	const char *name;
} groups[] = {
	{ SANDBOX_BASE, "base" },
	{ SANDBOX_OPEN, "open" },
	{ SANDBOX_FILES, "files" },
	{ SANDBOX_THREADS, "threads" },
	{ SANDBOX_ACCEPT, "accept" },
	{ SANDBOX_CONNECT, "connect" },
	{ SANDBOX_SCTP, "sctp" },
	{ SANDBOX_NETLINK, "netlink" },
	{ SANDBOX_ASK, "ask" },
	{ SANDBOX_REACH, "reach" },
	{ SANDBOX_DEVICE, "device" },
	{ SANDBOX_PROGRAMS, "programs" },
};

/* Those that it has where metrics_address is set, or its air is by samples, stand in brackets. */
static void print_groups(uint32_t may, uint32_t as_configured)
{
	printf("  system calls:");
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		if ((may | SANDBOX_BASE) & groups[i].who)
			printf(" %s", groups[i].name);
		else if (as_configured & groups[i].who)
			printf(" [%s]", groups[i].name);
	printf("\n");
}

static void print_calls(const char *name, uint32_t who)
{
	size_t count, column = 0;
	const struct syscall_rule *r = syscall_rules(&count);

	printf("%s:", name);
	for (size_t i = 0; i < count; i++)
		if (r[i].who & who)
			printf("%s%s%s%s%s", column++ % 8 ? " " : "\n  ", r[i].name, r[i].only ? "(" : "",
				r[i].only ? r[i].only : "", r[i].only ? ")" : "");
	printf("\n");
}

int ops_sandbox(struct options *args)
{
	if (options_help(args, help))
		return 0;
	if (args->argc > 1)
		return options_refuse(args, args->argv[1], "nothing", args->argv[1]) ? 0 : 2;
	for (size_t i = 0; i < CONFINED_COUNT; i++) {
		printf("%s\n", table[i].may.name);
		print_caps(&table[i].may);
		printf("  files: %s\n  peers: %s\n", table[i].files, table[i].peers);
		print_groups(table[i].may.may, table[i].as_configured);
	}
	printf("\n");
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		print_calls(groups[i].name, groups[i].who);
	return 0;
}
