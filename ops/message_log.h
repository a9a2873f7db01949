/* Messages as lines of the log at level debug: one call site an interface, so bounded as all the log is. */
#pragma once

#include "base/room.h"
#include "io/bind.h"
#include "wire/text/text.h"

/* What ports of a room carry. */
struct port_text {
	uint16_t first, last;
	const char *name; /* "N2" */
	text_fn *fn;
};

/* A table that ends with a NULL name. */
const struct port_text *port_text_find(const struct port_text *ports, uint16_t port);

struct message_log {
	struct log *log;
	const struct port_text *ports;
};

/* From now on, while the room msg logs at debug; else next to nothing is done. m and ports are kept. */
bool message_log_begin(struct message_log *m, struct bind *b, struct log *log, const struct port_text *ports);

/* A NAS message in plain (N1), from the taps of AMF and UE. */
void message_log_nas(struct log *log, bool uplink, struct bytes plain);
