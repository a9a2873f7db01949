#include "io/arrival.h"

#include <time.h>

#include "base/room.h"

_Static_assert(sizeof(struct timespec) == 2 * sizeof(long), "as the kernel writes it");

void arrival_ask(int fd)
{
	int yes = 1;

	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof(yes));
}

static uint64_t ns_of(const struct timespec *t)
{
	return (uint64_t)t->tv_sec * NS_PER_S + (uint64_t)t->tv_nsec;
}

/* A clock that was set meanwhile shows ages that there are not: one of more than a minute is none. */
uint32_t arrival_waited_us(struct msghdr *m)
{
	struct timespec now, at;

	clock_gettime(CLOCK_REALTIME, &now);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_TIMESTAMPNS)
			continue;
		memcpy(&at, CMSG_DATA(c), sizeof(at));
		if (ns_of(&at) < ns_of(&now) && ns_of(&now) - ns_of(&at) < 60 * NS_PER_S)
			return (uint32_t)((ns_of(&now) - ns_of(&at)) / 1000);
	}
	return 0;
}
