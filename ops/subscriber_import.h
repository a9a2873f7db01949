/* freehold subscriber import: a file of subscribers, all or nothing. */
#pragma once

#include "base/bytes.h"

/* path "-" is stdin. False with a message on stderr. */
MUST_USE bool subscriber_import(int fd, const char *path);
