/* freehold relocate: a UE is to ask for another PDU session in place of one. */
#include <stdio.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] =
	"freehold relocate IMSI SESSION [-c network.yaml]\n\n"
	"Tells a UE of the running core to ask for another PDU session in place of this one, "
	"which may come to another\n"
	"UPF. A session of SSC mode 2 is released first; one of mode 3 lasts a minute longer, "
	"beside the other; one of\n"
	"mode 1 stays (subscribers' ssc=, freehold sessions). An idle UE is paged.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

int ops_relocate(struct options *args)
{
	struct control_place place;
	const char *imsi, *session;
	struct bytes body;
	char line[40];
	bool ok;
	int fd;

	if (options_help(args, help))
		return 0;
	place = control_take(args);
	if (!control_words(args, 3))
		return 2;
	imsi = control_imsi(args);
	if (!imsi)
		return 2;
	session = args->argc > 2 ? args->argv[2] : NULL;
	if (!session) {
		fprintf(stderr, "freehold relocate: expected IMSI SESSION\n");
		return 2;
	}
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	snprintf(line, sizeof(line), "%.16s\n%.8s", imsi, session);
	ok = control_ask_line(fd, "relocate", line, &body);
	close(fd);
	return ok ? 0 : 1;
}
