/* freehold ran-trace: gNBs are to trace a UE. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] =
	"freehold ran-trace IMSI --collector ADDRESS [--depth minimum|medium|maximum]\n"
	"freehold ran-trace IMSI --stop\n\n"
	"Has the gNBs of a UE trace it (3GPP TS 32.422), wherever it goes, until --stop or the end of its\n"
	"registration. What they record goes to a trace collection entity at the address, not to the core; "
	"freehold\n"
	"events IMSI tells of gNBs that do not. The core's own trace is freehold trace.\n"
	"Each use is written down in the core's log.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

int ops_ran_trace(struct options *args)
{
	static const char *const depths[] = { "minimum", "medium", "maximum" };
	const char *collector, *imsi;
	struct control_place place;
	unsigned depth = 1;
	struct bytes body;
	char line[160];
	bool stop, ok;
	int fd;

	if (options_help(args, help))
		return 0;
	stop = options_flag(args, "--stop");
	collector = options_text(args, "--collector");
	if (!options_word(args, "--depth", depths, 3, &depth))
		return 2;
	place = control_take(args);
	if (!control_words(args, 2))
		return 2;
	if (stop == (collector != NULL) || (collector && strlen(collector) > 63)) {
		fprintf(stderr, "freehold ran-trace: expected --collector ADDRESS, or --stop\n");
		return 2;
	}
	imsi = control_imsi(args);
	if (!imsi)
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	if (stop)
		snprintf(line, sizeof(line), "%.16s\nstop", imsi);
	else
		snprintf(line, sizeof(line), "%.16s\nstart\ncollector=%.63s\ndepth=%s", imsi, collector,
			depths[depth]);
	ok = control_ask_line(fd, "ran-trace", line, &body);
	close(fd);
	return ok ? 0 : 1;
}
