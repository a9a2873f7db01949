/* freehold flow: QoS flows of sessions of the running core, by its control socket. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] =
	"freehold flow add IMSI KEY=VALUE...     give a session a QoS flow of its own, or change it\n"
	"freehold flow delete IMSI name=NAME     take it away\n\n"
	"Keys: 5qi filter [name=flow-PRECEDENCE] [dnn=DNN] [session=ID] [arp=8] [preempt=no] "
	"[preemptable=no]\n"
	"[gbr=RATE or UPLINK/DOWNLINK, where the 5QI is of the GBR type] [mbr=...] [precedence=100, the "
	"lowest\n"
	"first] [gate=open, closed, uplink or downlink] [notify=no] [reflective=no] [priority=...]\n"
	"A filter is an IPFilterRule towards the UE, like \"permit out 17 from 192.0.2.0/24 5060 to "
	"assigned\"; up to\n"
	"4 of them; uplink_filter and downlink_filter count in one direction only.\n"
	"Without dnn and session: the first session of the subscriber. freehold sessions shows what there "
	"is.\n\n"
	"freehold flow add 001010000000001 5qi=1 gbr=64Kbps 'filter=permit out 17 from 192.0.2.7 to "
	"assigned'\n\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

int ops_flow(struct options *args)
{
	const char *word, *imsi;
	struct control_place place;
	struct options rest;
	bool add, ok;
	int fd;

	if (options_help(args, help))
		return 0;
	place = control_take(args);
	word = args->argc > 1 ? args->argv[1] : "";
	add = !strcmp(word, "add");
	if ((!add && strcmp(word, "delete") != 0) || args->argc < 4) {
		fprintf(stderr,
			"freehold flow: expected add or delete, IMSI and KEY=VALUE... (see --help)\n");
		return 2;
	}
	rest = (struct options){ args->argc - 1, args->argv + 1, args->file };
	imsi = control_imsi(&rest);
	if (!imsi)
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = control_order(fd, args, "flow", word, imsi);
	close(fd);
	return ok ? 0 : 1;
}
