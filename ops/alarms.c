/* freehold alarms: what stands in the way, and that somebody looks after it. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ops/alarm_outlet.h"
#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] =
	"freehold alarms [COLUMN=PATTERN]... [--sort COLUMN] [--columns A,B,...] [--json | --csv] [--watch "
	"SECONDS]\n"
	"freehold alarms --acknowledge ID\n"
	"freehold alarms --clear ID\n"
	"freehold alarms --test syslog|webhook|command\n\n"
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
	"Where console.alarms says so the console sends them to syslog, a webhook or a command; --test sends "
	"a notice\n"
	"there that is no alarm, and says whether it was taken.\n"
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

/* From here: what it says is so for the console's user where that is this one. */
static int test(struct options *args, const char *name)
{
	struct network *n = options_memory(sizeof(*n));
	char error[256] = "", time_text[24];
	enum notice_outlet outlet;
	struct notice notice;
	int code = 2;

	if (!n || !options_network(args, n)) {
		free(n);
		return 2;
	}
	snprintf(time_text, sizeof(time_text), "%lld", (long long)time(NULL));
	notice = notice_of_test(bytes_of_str(time_text));
	if (!notice_outlet_named(bytes_of_str(name), &outlet))
		options_refuse(args, "--test", "syslog, webhook or command", name);
	else if (!notice_outlet_is_set(&n->console.config.alarms, outlet))
		fprintf(stderr, "freehold alarms: network.yaml has no console: alarms: %s\n", name);
	else
		code = alarm_outlet_send(&n->console.config.alarms, outlet, &notice, error, sizeof(error))
			       ? 0
			       : 1;
	if (code == 1)
		fprintf(stderr, "freehold alarms: %s: %s\n", name, error);
	explicit_bzero(n, sizeof(*n));
	free(n);
	return code;
}

int ops_alarms(struct options *args)
{
	const char *id, *over, *outlet;

	if (options_help(args, help))
		return 0;
	id = options_text(args, "--acknowledge");
	over = options_text(args, "--clear");
	outlet = options_text(args, "--test");
	if (outlet)
		return test(args, outlet);
	return id     ? order(args, "alarm acknowledge", id)
	       : over ? order(args, "alarm clear", over)
		      : ops_table(args);
}
