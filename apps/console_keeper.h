/*
 * The keeper: a child of the console that may read and write files of this host, and meets nobody but the
 * console. What browsers send is judged and answered by a process that has neither keys nor a right to write
 * here; what is to be read or written of network.yaml goes by requests, in text without keys.
 */
#pragma once

#include "ops/network.h"

struct console_keeper {
	int fd; /* requests and answers, a message each (SOCK_SEQPACKET); -1: there is none */
};

/* Before the console is confined; file is the configuration's. False with a message on stderr. */
MUST_USE bool console_keeper_begin(struct console_keeper *k, const struct network *n, const char *file);
