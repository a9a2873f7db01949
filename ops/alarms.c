/* freehold alarms: what stands in the way, and that somebody looks after it. */
#include <stdio.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] =
	"freehold alarms [COLUMN=PATTERN]... [--sort COLUMN] [--columns A,B,...] [--json | --csv] [--watch "
	"SECONDS]\n"
	"freehold alarms --acknowledge ID\n"
	"freehold alarms --clear ID\n\n"
	"What stands in the way of the network, and what to do about it: a UPF or gNB that is away, a pool "
	"of "
	"addresses\n"
	"that is nearly used up, a store that keeps no changes, overload, a function that does not answer, a "
	"clock that is wrong, and,\nwhere a console runs, a disk or its certificate. "
	"An "
	"alarm that is\n"
	"over is cleared by itself, and stays in the list until others need its place; --acknowledge notes "
	"that somebody\n"
	"looks after it, --clear that a gNB will not come again. Severity and causes are those of ITU-T "
	"X.733. All of it is kept over restarts.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

static int order(struct options *args, const char *command, const char *id)
{
	struct control_place place = control_take(args);
	struct bytes body;
	char line[24];
	bool ok;
	int fd;

	if (!control_words(args, 1))
		return 2;
	if (id[0] == '\0' || id[strspn(id, "0123456789")] != '\0' || strlen(id) >= sizeof(line)) {
		fprintf(stderr, "freehold alarms: expected the id of an alarm, got \"%s\"\n", id);
		return 2;
	}
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	snprintf(line, sizeof(line), "%s", id);
	ok = control_ask_line(fd, command, line, &body);
	close(fd);
	return ok ? 0 : 1;
}

int ops_alarms(struct options *args)
{
	const char *id, *over;

	if (options_help(args, help))
		return 0;
	id = options_text(args, "--acknowledge");
	over = options_text(args, "--clear");
	return id     ? order(args, "alarm acknowledge", id)
	       : over ? order(args, "alarm clear", over)
		      : ops_table(args);
}
