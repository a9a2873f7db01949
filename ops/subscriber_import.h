/* freehold subscriber import: a file of subscribers, all or nothing. */
#pragma once

#include "base/bytes.h"

/* path "-" is stdin. dry_run: line by line what it would do, and nothing of it is done. False with a message
 * on stderr, or where a line would be refused. */
MUST_USE bool subscriber_import(int fd, const char *path, bool dry_run);
