/* freehold log: what a running process logs. */
#include <stdio.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] =
	"freehold log [ROOM LEVEL] [-c network.yaml]\n\n"
	"Prints the rooms of the running core with what they log: error, warn, info or debug; or has a room "
	"(all: every\n"
	"room) log at another level from now on, until the core is restarted or reads network.yaml again, "
	"where log_level\n"
	"and log_levels are what lasts. The rooms msg and sbi have a line for each message at debug.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET (a gNB's too)\n";

int ops_log(struct options *args)
{
	struct control_place place;
	struct bytes body;
	char line[64] = "";
	bool ok;
	int fd;

	if (options_help(args, help))
		return 0;
	place = control_take(args);
	if (!control_words(args, 3))
		return 2;
	if (args->argc == 2) {
		fprintf(stderr, "freehold log: expected ROOM LEVEL\n");
		return 2;
	}
	if (args->argc == 3 &&
		(size_t)snprintf(line, sizeof(line), "%s %s", args->argv[1], args->argv[2]) >= sizeof(line)) {
		fprintf(stderr, "freehold log: there is no room of that name\n");
		return 2;
	}
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = control_ask_line(fd, "log", line, &body);
	if (ok)
		fwrite(body.data, 1, body.len, stdout);
	close(fd);
	return ok ? 0 : 1;
}
