/* Questions to the running core, by its control socket. */
#pragma once

#include "ops/options.h"

/*
 * Takes --control and -c out of the arguments and connects: a descriptor, or the negative exit status with a
 * message on stderr. More than `max` words are refused.
 */
int control_connect(struct options *args, int max);

/* Sends one request. True: done, with the answer's body, valid until the next call. False: refused with the
 * body as the reason, or, without an answer, a message on stderr. */
MUST_USE bool control_exchange(int fd, struct bytes request, bool *answered, struct bytes *body);

/* A request of a command and a line; a refusal is on stderr. */
MUST_USE bool control_ask_line(int fd, const char *command, const char *line, struct bytes *body);
