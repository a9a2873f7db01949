/* What events mean, in plain words (why_words.c), and how they are shown (why.c). */
#pragma once

#include "ops/control_client.h"

/* Words in braces stand for cells of the event: {imsi} {dnn} {slice} {session} {gnb}. */
struct why_words {
	const char *event, *reason, *cause; /* NULL: any; the cause as it begins */
	const char *words;
	const char *advice; /* NULL: there is nothing to do */
};

/* Never NULL. */
const struct why_words *why_words(const char *event, const char *reason, const char *cause);

/* Prints the last events and each that comes, those that filter leaves, until a signal ends it, also past the
 * end of the core, which is waited for; an exit status. filter false: there is no such column. Closes fd. */
int ops_follow(const struct control_place *place, int fd, bool json,
	bool (*filter)(void *arg, struct table_text *t), void *arg);
