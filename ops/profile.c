/* freehold profile: what many subscribers have in common. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] = "freehold profile set NAME KEY=VALUE...\n"
			   "freehold profile remove NAME\n\n"
			   "A profile is what many subscribers have in common: keys of freehold subscriber "
			   "add but those that are a\n"
			   "subscriber's own (keys, addresses), and ip_pool=PREFIX: each has a static "
			   "address of it. A subscriber has it by\n"
			   "profile=NAME (freehold subscriber set), until profile=none. It is changed by the "
			   "profile's keys when it gets it, and\n"
			   "again whenever the profile changes, sessions included; what the profile does not "
			   "name is the subscriber's own. Those of\n"
			   "a profile that is removed keep what they have. freehold profiles lists them; "
			   "pending: a change goes round.\n"
			   "Options: -c network.yaml (for core.control), or --control SOCKET\n";

enum { LINE_SIZE = 1200 };

/* The name, then the words as a line. False: they are too many. */
static bool join(const struct options *args, char line[LINE_SIZE])
{
	size_t len = 0;

	for (int i = 2; i < args->argc; i++) {
		int n = snprintf(line + len, LINE_SIZE - len, "%s%s",
			i == 2   ? ""
			: i == 3 ? "\n"
				 : " ",
			args->argv[i]);

		if (n < 0 || (size_t)n >= LINE_SIZE - len)
			return false;
		len += (size_t)n;
	}
	return true;
}

int ops_profile(struct options *args)
{
	struct control_place place;
	struct bytes body;
	char line[LINE_SIZE] = "";
	bool set, ok;
	int fd;

	if (options_help(args, help))
		return 0;
	place = control_take(args);
	if (!control_words(args, INT_MAX))
		return 2;
	set = args->argc > 3 && !strcmp(args->argv[1], "set");
	if (!set && !(args->argc == 3 && !strcmp(args->argv[1], "remove"))) {
		fprintf(stderr,
			"freehold profile: expected set NAME KEY=VALUE..., or remove NAME (see --help)\n");
		return 2;
	}
	if (!join(args, line)) {
		fprintf(stderr, "freehold profile: that is more than a profile holds\n");
		return 2;
	}
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = control_ask_line(fd, set ? "profile set" : "profile remove", line, &body);
	close(fd);
	return ok ? 0 : 1;
}
