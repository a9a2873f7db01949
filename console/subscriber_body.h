/* A subscriber as JSON: the words of the core's line (core/subscriber_line.h) as members. Inside console/. */
#pragma once

#include "console/operations.h"

/* One member a key of the line; those that may stand several times are lists. */
enum { SUBSCRIBER_WORDS = 28 };

struct subscriber_texts {
	uint32_t count;
	const char **items;
};

struct subscriber_body {
	const char *words[SUBSCRIBER_WORDS];
	struct subscriber_texts dnns, more_dnns;
};

/* "key=value key=value", without what is not given; from the second member on where imsi stands elsewhere.
 * False: a value has a blank or what else would begin another word. */
MUST_USE bool subscriber_line_of(const struct subscriber_body *b, struct writer *w);

/* A line of the core as an object; of keys (k, opc) nothing is in it. */
void subscriber_json_of(struct bytes line, struct writer *w);
