/* Questions to the running core, by its control socket. */
#pragma once

#include <signal.h>

#include "ops/options.h"
#include "ops/table_text.h"

/* Where the core is to be asked. */
struct control_place {
	const char *control, *file; /* of --control and -c; NULL: not given */
};

/* Takes --control and -c out of the arguments. */
struct control_place control_take(struct options *args);
/* False, with a message, when there are more than `max` words, the command's own among them. */
MUST_USE bool control_words(const struct options *args, int max);
/* The command's word, as the digits of "imsi-00101..." or "00101..."; NULL with a message. */
const char *control_imsi(const struct options *args);
/* Likewise, or a UE without SIM by its equipment, "imei-...". */
MUST_USE bool control_whose(const struct options *args, struct supi *out);
/* A descriptor, or -1 with a message on stderr. */
int control_connect(const struct control_place *place);
/* The same once the core, which has gone, is there again, unless *ended becomes true: then -1. Says so. */
int control_connect_again(const struct control_place *place, const volatile sig_atomic_t *ended);

/* Sends one request. True: done, with the answer's body, valid until the next call. False: refused with the
 * body as the reason, or, without an answer, a message on stderr. */
MUST_USE bool control_exchange(int fd, struct bytes request, bool *answered, struct bytes *body);

/* A request of a command and a line; a refusal is on stderr. */
MUST_USE bool control_ask_line(int fd, const char *command, const char *line, struct bytes *body);

/* All pages of the table, from a place on (empty: from the start), of events those of an IMSI (empty: all).
 */
MUST_USE bool control_ask_table(
	int fd, const char *name, const char *place, const char *imsi, struct table_text *t);

/* Sends "noun verb", what it is about, and the arguments from the fourth on, a line each; prints what is
 * answered. A refusal is on stderr. */
MUST_USE bool control_order(
	int fd, const struct options *args, const char *noun, const char *verb, const char *subject);
