/*
 * Who sends alarms on (console.alarms): a child of the console for each outlet, so that none waits for
 * another and the process that meets browsers opens no sockets and runs nothing. Each has a queue with a
 * limit: what is not taken is sent again, later each time, and given up in the end; where too much waits the
 * oldest goes. Both are counted, and told to the console.
 */
#pragma once

#include "base/cursor.h"
#include "console/notice.h"

struct console_outlets {
	int fds[NOTICE_OUTLETS]; /* notices, and what became of them, a message each (SOCK_SEQPACKET); -1:
				    none */
};

#define CONSOLE_OUTLETS_NONE ((struct console_outlets){ { -1, -1, -1 } })

/* Before the console is confined. False with a message on stderr. */
MUST_USE bool console_outlets_begin(struct console_outlets *o, const struct notice_config *c);
/* A line of a notice, to the outlet `only` - 1, with 0 to all. False: one of them takes no more. */
MUST_USE bool console_outlets_send(const struct console_outlets *o, uint64_t only, struct bytes line);
