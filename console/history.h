/* The versions that network.yaml has had, as the console has seen them: texts without keys. Inside console/.
 */
#pragma once

#include "console/operations.h"

enum { VERSION_SIZE = 65, HISTORY_TEXT_MAX = 61440 };

struct version {
	uint64_t number, utc_ms;
	char who[USER_NAME_SIZE], version[VERSION_SIZE];
	char text[HISTORY_TEXT_MAX];
};
extern const struct record_def version_def;

/* False: the store does not read. */
MUST_USE bool history_restore(struct console *c);
/* The entry, valid until the next call here; NULL: there is none. */
const struct version *history_get(struct console *c, uint64_t number);
/* Keeps what the file is now, unless the newest entry is that version; a hundred are kept. who NULL: somebody
 * who was not seen here. False: the store does not take it. */
MUST_USE bool history_put(struct console *c, const char *who, const char *version, struct bytes text);
