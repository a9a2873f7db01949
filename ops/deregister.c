/* freehold deregister, reauthenticate: a UE is to leave the network, or to register or authenticate again. */
#include <stdio.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] = "freehold deregister IMSI [--again] [-c network.yaml]\n\n"
			   "De-registers a UE of the running core: its sessions end, and it comes back when "
			   "it is switched on again or\n"
			   "after a while, as phones do. With --again it is told to register at once, which "
			   "takes over what has changed\n"
			   "for it (slices, names). An idle UE is paged first; one that does not answer is "
			   "de-registered without a word.\n"
			   "To keep a UE away, remove its subscriber.\n"
			   "Options: -c network.yaml (for core.control), or --control SOCKET\n";

int ops_deregister(struct options *args)
{
	struct control_place place;
	char line[40];
	const char *imsi;
	struct bytes body;
	bool again, ok;
	int fd;

	if (options_help(args, help))
		return 0;
	again = options_flag(args, "--again");
	place = control_take(args);
	if (!control_words(args, 2))
		return 2;
	imsi = control_imsi(args);
	if (!imsi)
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	snprintf(line, sizeof(line), "%.16s%s", imsi, again ? "\nagain" : "");
	ok = control_ask_line(fd, "deregister", line, &body);
	close(fd);
	return ok ? 0 : 1;
}

static const char help_keys[] = "freehold reauthenticate IMSI [-c network.yaml]\n\n"
				"Has a UE of the running core authenticate again, and gives it and its gNB "
				"new keys. An idle UE is paged first.\n"
				"freehold why IMSI has what became of it.\n"
				"Options: -c network.yaml (for core.control), or --control SOCKET\n";

int ops_reauthenticate(struct options *args)
{
	struct control_place place;
	const char *imsi;
	struct bytes body;
	bool ok;
	int fd;

	if (options_help(args, help_keys))
		return 0;
	place = control_take(args);
	if (!control_words(args, 2))
		return 2;
	imsi = control_imsi(args);
	if (!imsi)
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = control_ask_line(fd, "reauthenticate", imsi, &body);
	close(fd);
	return ok ? 0 : 1;
}
