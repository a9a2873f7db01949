/* A TCP socket that listens, for the servers of io/. */
#pragma once

#include "base/addr.h"

/* A descriptor that does not block, or -1 with errno. Of IPv6 it hears IPv6 alone. */
int stream_listen(const struct addr *local);
