/* What the console's keeper does with files of this host. Requests and answers are as those of the core's
 * control socket: a command, lines; "ok" or "error", lines. */
#pragma once

#include "base/cursor.h"
#include "ops/network.h"

struct console_files {
	const char *file;    /* network.yaml */
	const char *backups; /* a folder */
	const struct network *network;
	int orders; /* to `freehold up`, an octet each (ops/children.h); -1: nobody hears */
};

struct console_files_command {
	const char *name;
	void (*run)(struct console_files *f, struct cursor *in, struct writer *w);
};
/* The request's next line. */
struct bytes console_files_line(struct cursor *in);

const struct console_files_command *console_files_commands(size_t *count);
