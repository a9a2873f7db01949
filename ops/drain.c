/* freehold drain, freehold undrain: whether a UPF gets new sessions. */
#include <stdio.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] =
	"freehold drain UPF [-c network.yaml], freehold undrain UPF\n\n"
	"From now on the UPF of that name or N4 address (freehold upfs) gets no new PDU sessions, and "
	"undrain ends that;\n"
	"the core keeps it over restarts. Sessions that it has go on; freehold relocate moves those of SSC "
	"modes 2 and 3.\n"
	"It is empty when freehold upfs shows sessions 0. Other UPFs of the data network (pools of upfs in "
	"network.yaml)\n"
	"get the new sessions; where there is none, they are refused.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

enum { UPF_NAME_MAX = 63 };

int ops_drain(struct options *args)
{
	struct control_place place;
	struct bytes body;
	char line[UPF_NAME_MAX + 1];
	bool ok;
	int fd;

	if (options_help(args, help))
		return 0;
	place = control_take(args);
	if (!control_words(args, 2))
		return 2;
	if (args->argc < 2 || args->argv[1][0] == '-' || strlen(args->argv[1]) > UPF_NAME_MAX) {
		fprintf(stderr, "freehold %s: expected the name or N4 address of a UPF\n", args->argv[0]);
		return 2;
	}
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	snprintf(line, sizeof(line), "%s", args->argv[1]);
	ok = control_ask_line(fd, args->argv[0], line, &body);
	close(fd);
	return ok ? 0 : 1;
}
