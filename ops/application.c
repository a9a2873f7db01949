/* freehold application: QoS for an application's flows, by the control socket of the running core. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] =
	"freehold application add IMSI KEY=VALUE...       ask for QoS of an application's flows; prints its "
	"NAME\n"
	"freehold application change NAME KEY=VALUE...    change what is named, or add another component\n"
	"freehold application delete NAME                 end it\n\n"
	"The same that an application asks the PCF for by N5 (TS 29.514). Keys: media=audio, video, data,\n"
	"application, control, text, message or other; filter, up to 4; [bandwidth=RATE or UPLINK/DOWNLINK, "
	"which\n"
	"audio and video need] [least=..., what of it is guaranteed] [gate=open, closed, uplink, downlink or "
	"removed]\n"
	"[priority=1 to 16, the highest] [preempt=no] [preemptable=yes] [component=1] [dnn=DNN] "
	"[session=ID]\n"
	"[usage=OCTETS: how much its flows have carried is told each time that it comes to so many; of a new "
	"one "
	"alone]\n"
	"A filter is an IPFilterRule towards the UE; it counts in both directions.\n"
	"freehold why IMSI has what became of it.\n\n"
	"freehold application add 001010000000001 media=audio bandwidth=64Kbps 'filter=permit out 17 from "
	"192.0.2.7 "
	"to assigned'\n\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

int ops_application(struct options *args)
{
	const char *word, *subject;
	struct control_place place;
	struct options rest;
	bool add, end, ok;
	int fd;

	if (options_help(args, help))
		return 0;
	place = control_take(args);
	word = args->argc > 1 ? args->argv[1] : "";
	add = !strcmp(word, "add");
	end = !strcmp(word, "delete");
	if ((!add && !end && strcmp(word, "change") != 0) || args->argc < (end ? 3 : 4)) {
		fprintf(stderr, "freehold application: expected add, change or delete (see --help)\n");
		return 2;
	}
	rest = (struct options){ args->argc - 1, args->argv + 1, args->file };
	subject = add ? control_imsi(&rest) : args->argv[2];
	if (!subject)
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = control_order(fd, args, "application", word, subject);
	close(fd);
	return ok ? 0 : 1;
}
