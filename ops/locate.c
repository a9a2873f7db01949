/* freehold locate: in which cell a UE is. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] = "freehold locate IMSI [--page | --follow [--area TAC,...] | --stop]\n\n"
			   "Tells in which cell a UE of the running core is. The gNB of a UE that is "
			   "connected is asked; of one that\n"
			   "is idle the last cell is known, with its age, and --page wakes it up to ask. "
			   "With --follow its gNBs report\n"
			   "each change of its cell, with --area also when it comes into these tracking "
			   "areas or leaves them, until\n"
			   "--stop or the end of its registration: freehold events IMSI has the reports.\n"
			   "Each use is written down in the core's log.\n"
			   "Options: -c network.yaml (for core.control), or --control SOCKET\n";

enum { ASKED_MAX = 80, PAUSE_MS = 100 }; /* 8 s, as paging takes */

static bool is_awaited(struct bytes body)
{
	return memmem(body.data, body.len, "awaited=yes", strlen("awaited=yes")) != NULL;
}

static bool locate(int fd, const char *imsi, const char *how, const char *area)
{
	const struct timespec pause = { 0, PAUSE_MS * 1000000L };
	char line[256];
	struct bytes body;
	bool ok;

	snprintf(line, sizeof(line), "%.16s\n%s%s%s", imsi, how, area ? "\narea=" : "", area ? area : "");
	ok = control_ask_line(fd, "locate", line, &body);
	snprintf(line, sizeof(line), "%.16s\nlast", imsi);
	for (int i = 0; ok && is_awaited(body) && i < ASKED_MAX; i++) {
		nanosleep(&pause, NULL);
		ok = control_ask_line(fd, "locate", line, &body);
	}
	if (ok)
		fwrite(body.data, 1, body.len, stdout);
	return ok;
}

int ops_locate(struct options *args)
{
	struct control_place place;
	bool page, follow, stop, ok;
	const char *imsi, *area;
	int fd;

	if (options_help(args, help))
		return 0;
	page = options_flag(args, "--page");
	follow = options_flag(args, "--follow");
	stop = options_flag(args, "--stop");
	area = options_text(args, "--area");
	place = control_take(args);
	if (!control_words(args, 2))
		return 2;
	if (page + follow + stop > 1 || (area && !follow) || (area && strlen(area) > 200)) {
		fprintf(stderr,
			"freehold locate: expected --page, --follow with or without --area, or --stop\n");
		return 2;
	}
	imsi = control_imsi(args);
	if (!imsi)
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = locate(fd, imsi, page ? "page" : follow ? "follow" : stop ? "stop" : "now", area);
	close(fd);
	return ok ? 0 : 1;
}
