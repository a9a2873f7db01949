/* When what is read from a socket arrived at the kernel: how long it waited for us. */
#pragma once

#include <sys/socket.h>

#include "base/bytes.h"

enum { ARRIVAL_CONTROL = CMSG_SPACE(2 * sizeof(long)) }; /* octets that it takes of a message's control */

/* The kernel stamps what this socket receives from now on; where it cannot, everything counts as just
 * arrived. */
void arrival_ask(int fd);

/* How long m has waited up to now; 0 when it is not known. */
uint32_t arrival_waited_us(struct msghdr *m);
